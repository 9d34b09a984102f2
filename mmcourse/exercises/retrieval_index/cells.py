"""Exercise `retrieval_index.cells`: how many cells."""

from mmcourse.exercises import Exercise, expect

how_many = Exercise(
    "retrieval_index.cells",
    kind="experiment and explain",
    title="How many cells?",
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
    # vectors: 6,000 of a million. That is why the root of the number of
    # vectors is a usual number of cells.
    assert best == 3000 and looks(best) == 6000
    return best


@how_many.check
def _(answer, rng):
    got = expect.number(answer, "a number of cells")
    for value, message in (
        (
            1000,
            "The root of a million is best for *one* cell looked into. Here it is nine, so the lists weigh more.",
        ),
        (
            6000,
            "That is how many looks there are at the best place, centres and vectors together. Asked for is the number "
            "of cells.",
        ),
        (9000, "Nine times the root: the nine stands inside the root, too."),
        (10_000, "This is the best of the powers of ten. Try more finely between them."),
        (
            333,
            "You divide by three: with *more* cells to look into, the lists weigh more, and shorter ones are better.",
        ),
    ):
        expect.true(not abs(got - value) < 0.02 * value, message)
    expect.true(got >= 1, "There is at least one cell.")
    expect.true(got <= 1_000_000, "More cells than vectors?")
    expect.true(got >= 3000 * 0.98, "With so few cells the lists are long: the vectors outweigh the centres.")
    expect.true(got <= 3000 * 1.02, "With so many cells the centres outweigh the vectors in the lists.")


@how_many.mistake("best for *one* cell")
def root():
    return 1000


@how_many.mistake("how many looks there are")
def value():
    return 6000.0


@how_many.mistake("best of the powers of ten")
def coarse():
    return 10_000


@how_many.mistake("inside the root")
def nine_roots():
    return 9000


@how_many.mistake("centres outweigh")
def many():
    return 100_000


@how_many.mistake("lists are long")
def few():
    return 100


@how_many.mistake("You divide by three")
def wrong_way():
    return 333
