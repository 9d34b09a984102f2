"""Exercise `modalities_tasks.choose`: a test score that helped to choose."""

import numpy as np

from mmcourse.exercises import Exercise, case
from mmcourse.exercises.modalities_tasks._inputs import settings

choose = Exercise(
    "modalities_tasks.choose",
    kind="find the bug",
    title="The score that chose itself",
    returns=("chosen", "score"),
    otherwise=(
        "The place is that of the highest score on dev, and among equals of the fewest weights; the score to print is "
        "that setting's on test."
    ),
    task=(
        "`report(dev_scores, test_scores, sizes)` gets, for each setting that was tried, its score on dev, its score "
        "on test (the higher, the better) and the number of weights of its model. It should return the place of the "
        "chosen setting, counted from 0, and the score to print in the paper. Choose the best setting, and of several "
        "equally good ones the one with the fewest weights. What it prints is too good to be true. Put it right."
    ),
    hints=(
        "On which scores does the choice depend? What are the test items for, and what are they worth once they have "
        "been used to choose?",
        "Find the highest *dev* score, among the settings that have it the smallest size, and print that setting's "
        "*test* score, whatever it is.",
    ),
    plan=(
        "Find the places of all settings with the highest dev score.",
        "Among these places take the one with the fewest weights.",
        "Return this place, and the test score that stands there.",
    ),
    minutes=5,
    difficulty=1,
    importance=3,
)


@choose.solved_by
def report(dev_scores, test_scores, sizes):
    """Scores and sizes, each (k,) -> the chosen place, the score to print."""
    best = np.flatnonzero(dev_scores == dev_scores.max())
    chosen = best[np.argmin(sizes[best])]
    return int(chosen), float(test_scores[chosen])


@choose.given
def _given(dev_scores, test_scores, sizes):
    """Scores and sizes, each (k,) -> the chosen place, the score to print."""
    best = np.flatnonzero(test_scores == test_scores.max())
    chosen = best[np.argmin(sizes[best])]
    return int(chosen), float(test_scores[chosen])


@choose.cases
def _(rng):
    for k, sign in ((6, 1), (9, -1), (5, 1), (13, 1)):
        yield case(*settings(rng, k, 1, sign))
    for k, tied, sign in ((13, 6, 1), (10, 6, -1), (17, 7, 1)):
        yield case(*settings(rng, k, tied, sign), when="where several settings are equally good on dev")
    dev, test, sizes = settings(rng, 8, 3)
    dev[:], sizes[3], test[3] = 0.5, 50, 0.3
    yield case(dev, test, sizes, when="where all settings are equally good on dev")
    dev, test, sizes = settings(rng, 7, 1)
    yield case(dev, np.round(test + 0.2, 4), sizes, when="where the score on test is higher than on dev")
    dev, test, sizes = settings(rng, 9, 1)
    dev[sizes == 200], sizes[np.argmax(dev)] = np.round(dev.max() - 0.0001, 4), 2000
    yield case(dev, test, sizes, when="where a smaller model is nearly as good on dev")
    yield case(np.array([0.61]), np.array([0.57]), np.array([1200]), when="where only one setting was tried")


@choose.oracle
def _(dev_scores, test_scores, sizes):
    chosen = 0
    for place in range(1, len(dev_scores)):
        better = dev_scores[place] > dev_scores[chosen]
        as_good = dev_scores[place] == dev_scores[chosen]
        if better or (as_good and sizes[place] < sizes[chosen]):
            chosen = place
    return chosen, float(test_scores[chosen])
