"""Exercise `modalities_tasks.constant`: which constant a loss asks for."""

import math

import numpy as np

from mmcourse.exercises import Exercise, expect

constant = Exercise(
    "modalities_tasks.constant",
    kind="experiment and explain",
    title="What a blind model answers",
    task=(
        "Ten things lie at the places `x`, in centimetres. One of them was written down in millimetres. A blind model "
        "gives the same number for all of them. With the squared error its best answer is the mean. Let `mistake(c)` "
        "be the mean **absolute** error of the answer `c` against `x` as it was written down. **Which `c` makes it "
        "smallest?** Answer with a number, within 1 %. Then put the wrong value right, and see how far the best answer "
        "of either loss moves."
    ),
    hints=(
        "Compute `mistake(c)` for c from 0 to 100 in small steps. Where is it lowest, and what of `x` stands there?",
        "A step to the right makes the error to all values on the left larger and to all on the right smaller. It is "
        "lowest where as many lie on one side as on the other; here that holds along a small stretch.",
    ),
)

PLACES = (2.1, 3.0, 3.4, 3.9, 4.2, 4.25, 5.9, 6.3, 7.1, 80.0)


@constant.given
def _first_look():
    x = np.array([2.1, 3.0, 3.4, 3.9, 4.2, 4.25, 5.9, 6.3, 7.1, 80.0])

    def mistake(c):
        return np.abs(x - c).mean()

    print(mistake(x.mean()))


@constant.solved_by
def middle():
    """The median: as many lie on one side as on the other."""
    x = np.array([2.1, 3.0, 3.4, 3.9, 4.2, 4.25, 5.9, 6.3, 7.1, 80.0])
    c = float(np.median(x))
    mended = np.where(x == 80, 8.0, x)
    # Put right, the median stays where it was; the mean moves by 7.2.
    assert np.median(mended) == c
    assert x.mean() - mended.mean() > 7
    return c


@constant.check
def _(answer, rng):
    got = expect.number(answer, "a number, a place in centimetres")
    x = np.array(PLACES)
    known = (
        (
            x.mean(),
            "This is the mean, the best answer for the *squared* error. One wrong value in ten has pulled it away "
            "from all the others.",
        ),
        (np.where(x == 80, 8, x).mean(), "This is the mean after the value was put right. Take `x` as it is."),
        (
            (x.min() + x.max()) / 2,
            "This is the middle between the smallest and the largest: best for the *largest* error, and at the mercy "
            "of a single value.",
        ),
        (np.abs(x - np.median(x)).mean(), "This is how large the error is at its lowest. Asked for is the place `c`."),
        (0.0, "At 0 all values lie on one side: each step to the right makes the error smaller."),
    )
    for value, message in known:
        expect.true(not math.isclose(got, value, rel_tol=0.01, abs_tol=1e-3), message)
    low, high = 4.2, 4.25
    side = "Fewer than half of the values lie to the left of it: a step to the right makes the error smaller."
    expect.true(got >= 0.99 * low, side)
    expect.true(
        got <= 1.01 * high,
        "More than half of the values lie to the left of it: a step to the left makes the error smaller.",
    )


@constant.mistake("*squared* error")
def mean():
    return float(np.mean(PLACES))


@constant.mistake("after the value was put right")
def mended_mean():
    return float((np.sum(PLACES) - 72) / 10)


@constant.mistake("smallest and the largest")
def mid_range():
    return (2.1 + 80) / 2


@constant.mistake("how large the error is")
def error_itself():
    return float(np.abs(np.array(PLACES) - 4.225).mean())


@constant.mistake("a step to the left")
def too_large():
    return 6.3


@constant.mistake("a step to the right")
def too_small():
    return 3.4
