"""What goes wrong in `vqa.how_many`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.vqa.how_many import how_many, share

BEST = np.log(63 * 31) / 2  # where the difference of one and two is largest


@how_many.mistake(
    "Looking everywhere alike, one star is a 64th of what is seen and two are two: they differ, but by little."
)
def alike():
    return 0


@how_many.mistake(
    "So sharp a look sees nothing but star, whether there is one or two: the shares are nearly 1, and the number is "
    "gone."
)
def sharpest():
    return 8


@how_many.mistake("This is the exponential of the score. Asked is the score itself.")
def exponential():
    return np.exp(BEST)


@how_many.mistake("This is how far the two shares differ there. Asked is the score at which they do.")
def difference():
    return share(2, BEST) - share(1, BEST)


@how_many.mistake("This is the share of *one* star there. Asked is the score.")
def share_of_one():
    return share(1, BEST)


@how_many.mistake("This is the share of *two* stars there. Asked is the score.")
def share_of_two():
    return share(2, BEST)


@how_many.mistake("This is where a *single* star has half of the weight. Where do one and two differ most?")
def half_for_one():
    return np.log(63)


@how_many.mistake("This is where *two* stars have half of the weight. Where do one and two differ most?")
def half_for_two():
    return np.log(31)


@how_many.mistake("This is where two stars and three differ most. Asked are one and two.")
def two_and_three():
    return np.log(31 * 61 / 3) / 2


@how_many.mistake("This is the place in a list of scores. Asked is the score that stands there.")
def place():
    return 379


@how_many.mistake("This is where the *ratio* of the shares is largest, which is 2 there. Asked is their difference.")
def ratio():
    return 0.01


@how_many.mistake("The logarithm is halved once too often, or the root was taken twice.")
def halved():
    return BEST / 2


@how_many.mistake("You took the logarithm of 63 · 31, and not of its root.")
def not_halved():
    return 2 * BEST
