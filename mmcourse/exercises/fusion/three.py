"""Exercise `fusion.three`: what products of pairs leave out."""

import numpy as np

from mmcourse.exercises import Exercise, expect

three = Exercise(
    "fusion.three",
    kind="experiment and explain",
    title="Three witnesses, and products of two",
    returns="a number of cases, 0 to 8",
    within=0.001,
    otherwise="Not so. Run `most_right` with six columns: the three modalities and the three products of pairs.",
    task=(
        "Three modalities each say yes (1) or no (−1), in all eight combinations. The label is yes where the *product* "
        "of the three is positive: XOR for three. `most_right(columns)` looks for the linear rule on the given columns "
        "that gets most of the eight cases right. The given code asks it for the three modalities alone. Add the "
        "products that `BilinearFusion` makes, then the one that only `TensorFusion` and `LowRankFusion` have. **With "
        "products of pairs, but not of all three, how many of the eight cases can a linear rule get right?** Answer "
        "with a whole number."
    ),
    hints=(
        "The products of pairs are three more columns: x1·x2, x1·x3 and x2·x3. Run the search with six columns.",
        "Write p for the product of all three. Over the eight cases, p times any of the six columns (and p itself) "
        "sums to 0. What does that say about a rule whose score has the sign of p *everywhere*?",
    ),
    plan=(
        "Make the three products of pairs, each a column of eight numbers.",
        "Ask `most_right` for the three modalities and these three.",
        "Add the product of all three as well, and see what changes.",
    ),
    minutes=8,
    difficulty=2,
    importance=1,
    level="stretch",
)


def most_right(columns, tries=50_000):
    """Cases that the best of many random linear rules gets right."""
    x = np.column_stack([np.ones(8), *columns])
    cases = 2 * np.array(list(np.ndindex(2, 2, 2))) - 1
    label = np.prod(cases, axis=1) > 0
    rules = np.random.default_rng(0).normal(size=(tries, x.shape[1]))
    return int(((rules @ x.T > 0) == label).sum(axis=1).max())


@three.given
def _first_look():
    x1, x2, x3 = 2 * np.array(list(np.ndindex(2, 2, 2))).T - 1
    print(most_right([x1, x2, x3]))


@three.solved_by
def with_pairs():
    """Six columns: each modality, and each pair."""
    x1, x2, x3 = 2 * np.array(list(np.ndindex(2, 2, 2))).T - 1
    pairs = [x1 * x2, x1 * x3, x2 * x3]
    assert most_right([x1, x2, x3]) == 6
    assert most_right([x1, x2, x3, *pairs, x1 * x2 * x3]) == 8
    # Times the label (the product of all three), each of the six columns
    # and the constant sum to 0 over the eight cases, and so does every
    # score made of them. A score that had the label's sign everywhere
    # would have a positive sum. So at least one case is wrong, and a rule
    # with just one wrong exists. Its log-loss still cannot go below ln 2:
    # for three at once, a product of three (or a second layer) is needed.
    return most_right([x1, x2, x3, *pairs])


@three.also
def _(value):
    expect.true(0 <= value <= 8 and value == round(value), "There are eight cases: answer with a whole number, 0 to 8.")
