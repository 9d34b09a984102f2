"""Exercise `fusion.three`: what products of pairs leave out."""

import math

import numpy as np

from mmcourse.exercises import Exercise, expect

three = Exercise(
    "fusion.three",
    kind="experiment and explain",
    title="Three witnesses, and products of two",
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
    level="stretch",
)


def most_right(columns, tries=200_000):
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


@three.check
def _(answer, rng):
    got = expect.number(answer, "a whole number of cases, 0 to 8")
    known = (
        (8, "All eight needs the product of all three, which pairs do not make. Leave out that column."),
        (6, "That is what the three modalities alone reach. Add the products of pairs: three more columns."),
        (4, "Four is a coin, the floor. A rule can do better on some cases by giving up others."),
        (3, "Three of *four* was for two modalities. Here there are eight cases."),
        (7 / 8, "That is a share. Answer with the number of cases."),
        (5, "A rule with more right exists: search longer, or with all three pairs at once."),
    )
    for value, message in known:
        expect.true(not math.isclose(got, value), message)
    if math.isclose(got, math.log(2), abs_tol=0.001):
        expect.true(False, "That is the best log-loss. The question is for the number of cases that a rule gets right.")
    expect.true(0 <= got <= 8 and got == round(got), "There are eight cases: a whole number from 0 to 8.")
    expect.close(got, 7, "Run `most_right` with the three modalities and the three products of pairs.")


@three.mistake("Leave out that column")
def all_eight():
    return 8


@three.mistake("what the three modalities alone reach")
def alone():
    return 6


@three.mistake("Four is a coin")
def coin():
    return 4


@three.mistake("for two modalities")
def three_of_four():
    return 3


@three.mistake("That is a share")
def share():
    return 0.875


@three.mistake("best log-loss")
def log_loss():
    return math.log(2)
