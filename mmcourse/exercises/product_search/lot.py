"""Exercise `product_search.lot`: how much must be shown by lot."""

import numpy as np

from mmcourse.exercises import Exercise, expect

lot = Exercise(
    "product_search.lot",
    kind="experiment and explain",
    title="How much by lot?",
    returns="a number, the share by lot",
    within=0.036,  # 0.02 on either side
    task=(
        "A hundred toys of equal worth. `top_share(explore)` sells 20,000 of them: a share `explore` of the purchases "
        "falls on a toy drawn by lot from all, the rest on one of the ten best-selling. It returns the ten's share of "
        "all sales. **Which `explore` would give the ten just half of all sales in the long run?** Not one half! Why? "
        "Answer with a number, within 0.02."
    ),
    hints=(
        "Print `top_share` for several values from 0 to 1 and see where it crosses one half. Then write down what the "
        "ten get: all of one part, and which part of the other?",
        "The ten get (1 − e) from the list, and a tenth of the e that are drawn by lot: (1 − e) + e / 10 = 1/2.",
    ),
    level="stretch",
    plan=(
        "Print the ten's share for several shares by lot, and see where it crosses one half.",
        "Write down what the ten get from the list, and what from the lot.",
        "Set the sum to one half, and solve it.",
    ),
    minutes=8,
    difficulty=2,
    importance=1,
)


def top_share(explore, purchases=20000, seed=0):
    """The share of all sales that falls on ten best-selling toys of a hundred."""
    rng = np.random.default_rng(seed)
    sold = 0.01 * rng.random(100)
    for _ in range(purchases // 100):  # the list is made anew after each hundred
        best = np.argsort(-sold)[:10]
        toys = np.where(rng.random(100) < explore, rng.integers(100, size=100), rng.choice(best, 100))
        sold += np.bincount(toys, minlength=100)
    return float(np.sort(sold)[-10:].sum() / sold.sum())


@lot.given
def _first_look():
    for explore in (0.0, 0.3, 1.0):
        print(explore, round(top_share(explore), 3))


@lot.solved_by
def half():
    """Where the ten have half of all sales."""
    e = 0.5 / 0.9
    assert abs(top_share(e) - 0.5) < 0.02
    # What is drawn by lot falls on the ten as well, a tenth of it: they get
    # 1 - e + e / 10 = 1 - 0.9 e. Even with all by lot they have a tenth. So
    # half by lot is not enough to leave the others half: that takes 5/9.
    return e


RIGHT = 0.5 / 0.9


@lot.also
def _(value):
    expect.true(0 <= value <= 1, "A share lies between 0 and 1.")
    # Closer to each other than the tolerance: told apart here.
    expect.true(
        abs(value - list_share()) > 0.0025,
        "This is the share of purchases from the *list*. Asked for is the share by lot.",
    )
    expect.true(
        abs(value - the_wrong_way()) > 0.0025,
        "There the ten have 1 - 0.9 · 0.45, more than half. The lot takes from them, so it must be larger.",
    )
    expect.true(
        abs(value - as_printed()) > 0.005,
        "That is what the cell prints: the share of the ten where three tenths are drawn by lot. Asked for is the lot.",
    )
    expect.true(value >= RIGHT, "With so little by lot the ten still have more than half.")
    expect.true(value <= RIGHT, "With so much by lot the ten have less than half.")


@lot.mistake(said="from the *list*")
def list_share():
    return 4 / 9


@lot.mistake(said="it must be larger")
def the_wrong_way():
    return 0.9 * 0.5


@lot.mistake(said="what the cell prints")
def as_printed():
    return 1 - 0.9 * 0.3
