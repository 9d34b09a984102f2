"""What goes wrong in `vqa.commonest`: planted mistakes with their messages."""

from collections import Counter

import numpy as np

from mmcourse.exercises.vqa.commonest import commonest, guess


def _each(families, answers, asked, choose, otherwise=None):
    """For each question asked ``choose`` of the answers of its family, or ``otherwise`` of all answers."""
    otherwise = choose if otherwise is None else otherwise
    found = [
        choose(answers[families == f]) if (families == f).any() else otherwise(answers)
        for f in np.asarray(asked).tolist()
    ]
    return np.array(found)


def _first_of_largest(a):
    return np.bincount(a).argmax()


def _last_of_largest(a):
    counts = np.bincount(a)
    return len(counts) - 1 - counts[::-1].argmax()


@commonest.mistake("Every question gets the commonest answer of *all*. Each family has its own.")
def of_all(families, answers, asked):
    return np.full(len(asked), _first_of_largest(answers))


@commonest.mistake("Every question gets the commonest answer of *all*. Each family has its own.")
def of_all_as_met(families, answers, asked):
    return np.full(len(asked), Counter(answers.tolist()).most_common(1)[0][0])


@commonest.mistake("Of equally common answers you take the largest. Take the smallest.")
def ties_up(families, answers, asked):
    return _each(families, answers, asked, _last_of_largest)


@commonest.mistake(
    "Of equally common answers you take the one that came first in the data, as `Counter.most_common` does. Take the "
    "smallest."
)
def ties_as_met(families, answers, asked):
    return _each(families, answers, asked, lambda a: Counter(a.tolist()).most_common(1)[0][0])


@commonest.mistake("Of equally common answers you take the one that was met last. Take the smallest.")
def ties_last_met(families, answers, asked):
    return _each(families, answers, asked, lambda a: Counter(a[::-1].tolist()).most_common(1)[0][0])


@commonest.mistake("Ties within a family are right, but of all answers that are equally common you take the largest.")
def ties_up_of_all(families, answers, asked):
    return _each(families, answers, asked, _first_of_largest, _last_of_largest)


@commonest.mistake("Ties within a family go to the largest answer. Take the smallest, as you do of all answers.")
def ties_up_within(families, answers, asked):
    return _each(families, answers, asked, _last_of_largest, _first_of_largest)


@commonest.mistake("A family that training does not have gets the answer 0. It gets the commonest answer of all.")
def unknown_zero(families, answers, asked):
    return _each(families, answers, asked, _first_of_largest, lambda a: 0)


@commonest.mistake("A family that training does not have gets -1. It gets the commonest answer of all.")
def unknown_minus(families, answers, asked):
    return _each(families, answers, asked, _first_of_largest, lambda a: -1)


@commonest.mistake(
    "A family that training does not have gets the commonest among the *families'* answers. Count questions, not "
    "families."
)
def unknown_of_families(families, answers, asked):
    bests = [_first_of_largest(answers[families == f]) for f in np.unique(families)]
    return _each(families, answers, asked, _first_of_largest, lambda a: _first_of_largest(np.array(bests)))


@commonest.mistake("A family that training does not have gets the answer of the nearest one. It gets that of all.")
def unknown_nearest(families, answers, asked):
    known = np.unique(families)
    nearest = known[np.abs(known - np.asarray(asked)[:, None]).argmin(axis=1)]
    return guess(families, answers, nearest)


@commonest.mistake("You return how often the commonest answer occurs. Return the answer itself: `argmax`, not `max`.")
def how_often(families, answers, asked):
    return _each(families, answers, asked, lambda a: np.bincount(a).max())


@commonest.mistake("You take the rarest answer of each family. Take the commonest.")
def rarest(families, answers, asked):
    return _each(families, answers, asked, lambda a: np.bincount(a).argmin())


@commonest.mistake("You take the rarest of the answers that a family has. Take the commonest.")
def rarest_there(families, answers, asked):
    return _each(families, answers, asked, lambda a: min(sorted(set(a.tolist())), key=a.tolist().count))


@commonest.mistake("You take the smallest answer of each family. Smallest is only the rule for ties.")
def smallest(families, answers, asked):
    return _each(families, answers, asked, np.min)


@commonest.mistake("You take the largest answer of each family. Take the commonest.")
def largest(families, answers, asked):
    return _each(families, answers, asked, np.max)


@commonest.mistake("You average the answers of a family. They are names of classes: the mean of two means nothing.")
def mean(families, answers, asked):
    return _each(families, answers, asked, np.mean)


@commonest.mistake("You average the answers of a family. They are names of classes: the mean of two means nothing.")
def rounded_mean(families, answers, asked):
    return _each(families, answers, asked, lambda a: round(a.mean()))


@commonest.mistake("You take the median of the answers. They are names of classes, which have no middle.")
def median(families, answers, asked):
    return _each(families, answers, asked, np.median)


@commonest.mistake("Each family gets the first of its answers in training. Take the commonest.")
def first_met(families, answers, asked):
    return _each(families, answers, asked, lambda a: a[0])


@commonest.mistake("Each family gets the last of its answers in training: a dict keeps what was written last.")
def last_met(families, answers, asked):
    return _each(families, answers, asked, lambda a: a[-1])


@commonest.mistake("Counts begin at answer 1 here. `bincount` counts from 0 on, so its place *is* the answer.")
def one_more(families, answers, asked):
    return guess(families, answers, asked) + 1


@commonest.mistake("You return the family in which an answer is commonest. Wanted is an answer for each family.")
def turned_round(families, answers, asked):
    return np.array([_first_of_largest(families[answers == f]) if (answers == f).any() else 0 for f in asked])


@commonest.mistake("You return one answer for each family of training. Return one for each question that is asked.")
def of_families(families, answers, asked):
    return guess(families, answers, np.unique(families))


@commonest.mistake("You answer the training questions. Answer those of `asked`.")
def of_training(families, answers, asked):
    return guess(families, answers, families)
