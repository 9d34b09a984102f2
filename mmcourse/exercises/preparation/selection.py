"""Exercise `preparation.selection`: columns chosen before cross-validation."""

import numpy as np

from mmcourse.exercises import Exercise, case
from mmcourse.exercises.preparation._inputs import f_statistic, telling_table

selection = Exercise(
    "preparation.selection",
    kind="find the bug",
    title="Eighty percent out of coins",
    returns="one number, the mean accuracy over the folds",
    otherwise=(
        "This is not the mean accuracy of the same scaler, ten columns and three neighbours, learnt from each fold's "
        "training rows. Leave folds and helper functions as they are."
    ),
    task=(
        "`validated(x, y, folds)` scales, keeps the ten columns that go best with the labels, 0 and 1, and returns the "
        "mean accuracy of nearest neighbours over the folds. On rows of pure noise with labels from a "
        "coin it reports far more than one half. Put it right. The folds, the scaler, the "
        "number of columns and the classifier, that is the helper functions above it, stay as they are."
    ),
    hints=(
        "Give it noise: `x = rng.normal(size=(40, 500))` and random labels. Which line has already seen the labels of "
        "the rows that are scored later?",
        "Everything that is learnt, a mean, a deviation, which columns are best, belongs into the loop, behind the "
        "split, and is learnt from the rows `train` only. The rows `test` are only scaled and cut by it.",
    ),
    plan=(
        "Split first: everything else happens inside the loop over the folds.",
        "Learn mean and deviation from the training rows, and scale both parts with them.",
        "Choose the ten columns from the scaled training rows and their labels, and keep these in both parts.",
        "Score the test rows, and return the mean over the folds.",
    ),
    minutes=10,
    difficulty=2,
    importance=3,
)


def blocks(n, folds):
    """The rows of each fold, (train, test): the test rows are blocks, one after the other, not shuffled."""
    for test in np.array_split(np.arange(n), folds):
        yield np.setdiff1d(np.arange(n), test), test


def scale_of(x):
    """What a scaler learns from rows x (n, d): mean and deviation of each column."""
    return x.mean(axis=0), x.std(axis=0)


def ten_best(x, y):
    """The ten columns of scaled rows x (n, d) whose means differ most between the labels 0 and 1."""
    apart = np.abs(x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0))
    return np.argsort(-apart)[:10]


def accuracy(known, labels, asked, right):
    """How often the majority of the three nearest known rows is right about the rows asked for."""
    distance = ((asked[:, None] - known) ** 2).sum(axis=2)  # (asked, known)
    votes = labels[np.argsort(distance, axis=1)[:, :3]].mean(axis=1)
    return np.mean((votes > 0.5) == right)


@selection.solved_by
def validated(x, y, folds):
    """Rows x (n, d), labels y (n,) -> mean accuracy over the folds."""
    scores = []
    for train, test in blocks(len(x), folds):
        mean, sd = scale_of(x[train])
        a, b = (x[train] - mean) / sd, (x[test] - mean) / sd
        best = ten_best(a, y[train])
        scores.append(accuracy(a[:, best], y[train], b[:, best], y[test]))
    return np.mean(scores)


@selection.given
def _given_validated(x, y, folds):
    """Rows x (n, d), labels y (n,) -> mean accuracy over the folds."""
    mean, sd = scale_of(x)
    x = (x - mean) / sd
    x = x[:, ten_best(x, y)]
    scores = []
    for train, test in blocks(len(x), folds):
        scores.append(accuracy(x[train], y[train], x[test], y[test]))
    return np.mean(scores)


@selection.cases
def _(rng):
    for n, d, folds, telling in ((37, 60, 5, 6), (40, 90, 4, 8), (34, 70, 6, 9), (29, 50, 2, 5)):
        yield case(*telling_table(rng, n, d, folds, telling), folds)
    yield case(*telling_table(rng, 36, 66, 3, 7, balanced=True), 3)
    for n, d, folds in ((40, 110, 5), (38, 80, 7)):
        yield case(*telling_table(rng, n, d, folds, 0, balanced=n == 40), folds, when="where all columns are noise")


@selection.oracle
def _(x, y, folds):
    scores, start, n = [], 0, len(x)
    for fold in range(folds):
        end = start + n // folds + (fold < n % folds)
        train = [row for row in range(n) if not start <= row < end]
        known, labels = x[train], y[train]
        best = sorted(range(x.shape[1]), key=list(-f_statistic(known, labels)).__getitem__)[:10]
        spread = known[:, best].std(0)
        hits = 0
        for row in range(start, end):
            distance = (np.abs(known[:, best] - x[row, best]) / spread) ** 2
            near = sorted(range(len(train)), key=distance.sum(1).tolist().__getitem__)[:3]
            hits += (sum(int(labels[i]) for i in near) >= 2) == bool(y[row])
        scores.append(hits / (end - start))
        start = end
    return sum(scores) / folds
