"""Exercise `modalities_tasks.constant`: which constant a loss asks for."""

import numpy as np

from mmcourse.exercises import Exercise, expect

constant = Exercise(
    "modalities_tasks.constant",
    kind="experiment and explain",
    returns="a number, a place in centimetres",
    within=0.016,  # 1 % on either side of the stretch from 4.2 to 4.25, along which the error is lowest
    otherwise="There the mean absolute error is not at its lowest. Compute it for c from 0 to 100 in small steps.",
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
    plan=(
        "Compute the mean absolute error for many constants.",
        "Find the constant at which it is lowest, and what place that is among the ten.",
        "Put the wrong value right, and do it again.",
    ),
    minutes=6,
    difficulty=1,
    importance=2,
)

PLACES = np.array([2.1, 3.0, 3.4, 3.9, 4.2, 4.25, 5.9, 6.3, 7.1, 80.0])


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


@constant.also
def _(value):
    low, high = np.sort(PLACES)[len(PLACES) // 2 - 1 : len(PLACES) // 2 + 1]
    side = "than half of the values lie to the left of it: a step to the"
    expect.true(value >= low, f"Fewer {side} right makes the error smaller.")
    expect.true(value <= high, f"More {side} left makes the error smaller.")


def _error(c):
    return float(np.abs(PLACES - c).mean())


@constant.mistake(
    "This is the mean, the best answer for the *squared* error. One wrong value in ten has pulled it away from all the "
    "others."
)
def mean():
    return float(PLACES.mean())


@constant.mistake(
    "This is what the cell prints: how large the error of the *mean* is. Asked for is the place of the smallest."
)
def error_of_mean():
    return _error(PLACES.mean())


@constant.mistake("This is the mean after the value was put right. Take `x` as it is.")
def mended_mean():
    return float((PLACES.sum() - 72) / 10)


@constant.mistake(
    "This is the mean without the wrong value. Take `x` as it is, and look for the lowest absolute error."
)
def mean_of_nine():
    return float(PLACES[:-1].mean())


@constant.mistake(
    "This is the middle between the smallest and the largest: best for the *largest* error, and at the mercy of a "
    "single value."
)
def mid_range():
    return float((PLACES.min() + PLACES.max()) / 2)


@constant.mistake("This is how large the error is at its lowest. Asked for is the place `c`.")
def error_itself():
    return _error(np.median(PLACES))


@constant.mistake(
    "This is how large the error is at its lowest once the value is put right. Asked for is the place `c`."
)
def error_mended():
    return float(np.abs(np.where(PLACES == 80, 8.0, PLACES) - np.median(PLACES)).mean())


@constant.mistake("At 0 all values lie on one side: each step to the right makes the error smaller.")
def zero():
    return 0.0


@constant.mistake("That is the largest value: nine of ten lie to the left of it.")
def largest():
    return 80.0


@constant.mistake(
    "This is the geometric mean. A far value pulls it less, but the absolute error asks for another middle."
)
def geometric():
    return float(np.exp(np.log(PLACES).mean()))


@constant.mistake("This is the standard deviation of `x`. Asked for is a place.")
def deviation():
    return float(PLACES.std())


@constant.mistake("This is the standard deviation of `x`, divided by n - 1. Asked for is a place.")
def sample_deviation():
    return float(PLACES.std(ddof=1))


@constant.mistake(
    "This is ten times too large: in millimetres, or the number of a step? Answer with `c` in centimetres."
)
def tenfold():
    return 10 * middle()


@constant.mistake(
    "This is a hundred times too large. Is it the number of a step? Answer with `c` itself, in centimetres."
)
def hundredfold():
    return 100 * middle()


@constant.mistake(said="a step to the left")
def too_large():
    return 6.3


@constant.mistake(said="a step to the right")
def too_small():
    return 3.4
