"""Exercise `product_search.lot`: how much must be shown by lot."""

import numpy as np

from mmcourse.exercises import Exercise, expect

lot = Exercise(
    "product_search.lot",
    kind="experiment and explain",
    title="How much by lot?",
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
    for explore in (0.0, 0.5, 1.0):
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


@lot.check
def _(answer, rng):
    got = expect.number(answer, "a number, the share by lot")
    right = 5 / 9
    for value, message in (
        (0.5, "Half by lot leaves the ten 55 %: of what is drawn by lot, a tenth falls on them too."),
        (4 / 9, "This is the share of purchases from the *list*. Asked for is the share by lot."),
        (0.45, "There the ten have more than half: 1 - 0.9 · 0.45. The lot takes from them, so it must be larger."),
        (1.0, "All by lot: then the ten have about a tenth."),
        (100 * right, "This is in percent. Asked for is a share between 0 and 1."),
    ):
        expect.true(not abs(got - value) < 0.005 * max(1, value), message)
    expect.true(0 <= got <= 1, "A share lies between 0 and 1.")
    expect.true(got >= right - 0.02, "With so little by lot the ten still have more than half.")
    expect.true(got <= right + 0.02, "With so much by lot the ten have less than half.")


@lot.mistake("a tenth falls on them too")
def one_half():
    return 0.5


@lot.mistake("from the *list*")
def list_share():
    return 0.4444


@lot.mistake("it must be larger")
def the_wrong_way():
    return 0.45


@lot.mistake("in percent")
def percent():
    return 55.6


@lot.mistake("less than half")
def too_much():
    return 0.7
