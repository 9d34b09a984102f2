"""What goes wrong in `modalities_tasks.constant`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.modalities_tasks.constant import PLACES, constant, middle


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
