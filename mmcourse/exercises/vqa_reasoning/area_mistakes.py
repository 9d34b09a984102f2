"""What goes wrong in `vqa_reasoning.area`: planted mistakes with their messages."""

import functools

import numpy as np

from mmcourse.exercises.vqa_reasoning.area import area
from mmcourse.scenes import Scenes
from mmcourse.scenes.alignment import thing_cells

SCALES = np.linspace(0.5, 12, 231)


@functools.cache
def _sums():
    """How many things each scene has, and how many cells they cover."""
    truths = Scenes("dev", n=400).truths()
    return np.array([len(s) for s in truths]), np.array([thing_cells(s).any(axis=0).sum() for s in truths])


def _shares(read=np.round):
    number, covered = _sums()
    return np.array([(read(covered / c) == number).mean() for c in SCALES])


@area.mistake("This is the best `c`. Asked is the share of scenes that it counts rightly.")
def scale():
    return SCALES[_shares().argmax()]


@area.mistake("This is the place of the best `c` in the list. Asked is the share that it counts rightly.")
def place():
    return int(_shares().argmax())


@area.mistake("This is the share that is counted *wrongly*.")
def wrong_share():
    return 1 - _shares().max()


@area.mistake("This is the share of the commonest number, which needs no picture. What does the best `c` reach?")
def commonest():
    return np.bincount(_sums()[0]).max() / len(_sums()[0])


@area.mistake("You divide by the mean number of cells of a thing. Another `c` counts better: try all.")
def mean_cells():
    number, covered = _sums()
    return (np.round(covered / (covered.sum() / number.sum())) == number).mean()


@area.mistake("You took the mean over all values of `c`. Take the largest share.")
def mean_of_all():
    return _shares().mean()


@area.mistake("You round up. `np.round` goes to the nearest whole number.")
def rounded_up():
    return _shares(np.ceil).max()


@area.mistake("You round down. `np.round` goes to the nearest whole number.")
def rounded_down():
    return _shares(np.floor).max()


@area.mistake("You fitted a line with an intercept. Asked is the best `c`, a scale alone.")
def line():
    number, covered = _sums()
    return (np.round(np.polyval(np.polyfit(covered, number, 1), covered)) == number).mean()


@area.mistake("This is what a table of the commonest number for each sum would get right. Asked is the best scale `c`.")
def table():
    number, covered = _sums()
    return sum(np.bincount(number[covered == v]).max() for v in np.unique(covered)) / len(number)


@area.mistake("This is the correlation of sum and number. Asked is the share of right counts.")
def correlation():
    return np.corrcoef(*_sums())[0, 1]


@area.mistake("This is the number of scenes. Asked is their share, of 400.")
def scenes_right():
    return round(400 * _shares().max())


@area.mistake("The first `c` that comes to mind, 1, counts cells and not things.")
def cells_counted():
    number, covered = _sums()
    return (covered == number).mean()
