"""What goes wrong in `fusion_choice.winner`: planted mistakes with their messages."""

import functools

import numpy as np

from mmcourse.exercises.fusion_choice.winner import contest, winner

DEVIATION = 100 * np.sqrt(0.8 * 0.2 / 200)  # of one score, in points


@functools.cache
def _played(items=200, methods=13):
    """The scores of many rounds, sorted in each, in points above the truth."""
    rng = np.random.default_rng(1)
    return np.sort(100 * (rng.binomial(items, 0.8, size=(5000, methods)) / items - 0.8), axis=1)


@functools.cache
def _best():
    return _played()[:, -1].mean()


@winner.mistake("About nothing: that holds for one method chosen beforehand. The winner was chosen for its high score.")
def nothing():
    return 0.0


@winner.mistake("This is the winner's score. By how much is it better than the truth, 80?")
def score():
    return 80 + _best()


@winner.mistake("This is a winner's score, as a share. By how many percentage points is it better than the truth?")
def score_as_a_share():
    return 0.8 + _best() / 100


@winner.mistake("This is about how good each of them is, in truth. By how much does the winner's score lie above it?")
def truth():
    return 80.0


EITHER = (
    "0.8 is how good each of them is, as a share, and also about the error of the *mean* of thirteen scores, in "
    "points. The winner is the largest of them: by how many points does it lie above the truth?"
)


@winner.mistake(EITHER)
def truth_as_a_share():
    return 0.8


@winner.mistake(EITHER)
def error_of_mean():
    return DEVIATION / np.sqrt(13)


@winner.mistake("That is a share. Answer in percentage points.")
def share():
    return _best() / 100


@winner.mistake("The size is right, the sign is not: the winner looks better than it is.")
def minus():
    return -_best()


@winner.mistake("This is the standard deviation of one score. The best of thirteen lies further above the mean.")
def deviation_of_one():
    return DEVIATION


@winner.mistake("This is the standard deviation of one score, as a share. Asked is the winner's lead, in points.")
def deviation_as_a_share():
    return DEVIATION / 100


@winner.mistake(
    "Too much. Two standard deviations of one score are about this (one score in forty lies so far out), and also the "
    "lead in percent *of the 80*. Asked are percentage points, on average."
)
def two_deviations():
    return 2 * DEVIATION


@winner.mistake("Too much. Take the mean over many rounds, not the luckiest round.")
def luckiest_round():
    return _played()[:, -1].max()


@winner.mistake("This is about the mean of the five rounds that the code prints: far too few. Play a few thousand.")
def five_rounds():
    rng = np.random.default_rng(0)
    return 100 * (np.mean([contest(rng) for _ in range(5)]) - 0.8)


@winner.mistake("Too much: about so far the best lies above the *worst*. Asked is how far it lies above the truth.")
def above_the_worst():
    return (_played()[:, -1] - _played()[:, 0]).mean()


@winner.mistake("This is about how far the best lies above the *second*. Asked is how far it lies above the truth.")
def above_the_second():
    return (_played()[:, -1] - _played()[:, -2]).mean()


@winner.mistake("Too little: about so far the *second* best lies above the truth. The best one wins.")
def second_best():
    return _played()[:, -2].mean()


@winner.mistake(
    "Too much: about the bound √(2 ln 13) times the standard deviation, which the mean stays below, and about what 100 "
    "items a score would give. Play, with 200."
)
def bound():
    return np.sqrt(2 * np.log(13)) * DEVIATION


@winner.mistake("Three standard deviations of one score: far more than the best of thirteen reaches on average.")
def three_deviations():
    return 3 * DEVIATION


@winner.mistake("This is about the variance of one score, in squared points. Asked is the mean lead of the best.")
def variance():
    return DEVIATION**2


@winner.mistake(said="That is too little.")
def too_little():
    return 3.6


@winner.mistake(said="That is too much.")
def too_much():
    return 13.0


@winner.mistake(
    "That is too little. By about so many *standard deviations* the largest of thirteen lies above the mean. Asked are "
    "percentage points."
)
def in_deviations():
    return _best() / DEVIATION


OF_THE_TRUTH = "This is the winner's score divided by the truth. Asked is the difference, in percentage points."


@winner.mistake(OF_THE_TRUTH)
def to_the_truth():
    return 1 + _best() / 80


@winner.mistake(OF_THE_TRUTH)
def to_the_truth_in_percent():
    return 100 + _best() / 0.8


@winner.mistake("That is ten times too much. A share of 0.01 is one percentage point: times 100.")
def ten_times():
    return 10 * _best()


@winner.mistake(said="whole points are too coarse")
def rounded():
    return float(round(_best()))
