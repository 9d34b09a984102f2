"""Exercise `retrieval_index.cells`: how many cells."""

from mmcourse.exercises import Exercise, expect

how_many = Exercise(
    "retrieval_index.cells",
    kind="experiment and explain",
    title="How many cells?",
    returns="a number of cells",
    within=0.02,
    minutes=10,
    difficulty=2,
    importance=2,
    task=(
        "A million vectors lie in equally full cells. A query first meets the *centres* of all cells, then all vectors "
        "in the 9 nearest cells. `looks(cells)` counts both. With few cells the lists are long; with many, there are "
        "many centres. **How many cells make the fewest looks?** Find it by trying, then write down why. Answer with a "
        "number; within two in a hundred is near enough."
    ),
    hints=(
        "Print `looks` for 10, 100, 1,000, 10,000 and 100,000 cells, then more finely around the least. How large is "
        "each of the two parts there?",
        "The looks are c + 9 · 1,000,000 / c. Where that is least, its derivative 1 − 9 · 1,000,000 / c² is zero: both "
        "parts are equal.",
    ),
    plan=(
        "Print the looks for numbers of cells that are ten times apart, and find the least.",
        "Try more finely around it.",
        "Compare the two parts there: the centres, and the vectors in the cells.",
    ),
)


def looks(cells, vectors=1_000_000, probes=9):
    """Comparisons of one query: with every centre, and with the vectors in the nearest cells."""
    return cells + probes * vectors / cells


@how_many.given
def _first_look():
    for count in (10, 100, 1000, 10_000, 100_000):
        print(f"{count:>7,} cells: {looks(count):>11,.0f} looks")


@how_many.solved_by
def fewest():
    """The number of cells with the fewest looks."""
    best = min(range(100, 20_000), key=looks)
    # c + 9 m / c is least where both parts are equal: c = root of 9 m, three
    # times the root of a million. There a query meets 3,000 centres and 3,000
    # vectors: 6,000 of a million. So the best number grows like the root of
    # the number of vectors.
    assert best == 3000 and looks(best) == 6000
    return best


@how_many.also
def _(value):
    expect.true(value >= 1, "There is at least one cell.")
    expect.true(value <= VECTORS, "More cells than vectors?")
    expect.true(value > fewest(), "With so few cells the lists are long: the vectors outweigh the centres.")
    expect.true(value < fewest(), "With so many cells the centres outweigh the vectors in the lists.")


VECTORS, PROBES = 1_000_000, 9
