"""Exercise `preparation.selection`: columns chosen before cross-validation."""

import numpy as np
from sklearn.feature_selection import SelectKBest
from sklearn.model_selection import KFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

from mmcourse.exercises import Exercise, expect

selection = Exercise(
    "preparation.selection",
    kind="find the bug",
    title="Eighty percent out of coins",
    task=(
        "`validated(x, y, folds)` scales, keeps the ten columns that go best with the labels, and returns the mean "
        "accuracy of nearest neighbours over the folds. On rows of pure noise with labels from a "
        "coin it reports far more than one half. Put it right. The folds, the scaler, the "
        "number of columns and the classifier stay as they are."
    ),
    hints=(
        "Give it noise: `x = rng.normal(size=(40, 500))` and random labels. Which line has already seen the labels of "
        "the rows that are scored later?",
        "Everything that has a `fit` belongs into the loop, behind the split, and is fitted on the rows `train` only. "
        "On the rows `test` only `transform` is called.",
    ),
)


@selection.solved_by
def validated(x, y, folds):
    """Rows x (n, d), labels y (n,) -> mean accuracy over the folds."""
    scores = []
    for train, test in KFold(folds).split(x):
        scaler = StandardScaler().fit(x[train])
        a, b = scaler.transform(x[train]), scaler.transform(x[test])
        best = SelectKBest(k=10).fit(a, y[train])
        model = KNeighborsClassifier(3).fit(best.transform(a), y[train])
        scores.append(model.score(best.transform(b), y[test]))
    return np.mean(scores)


@selection.given
def _given_validated(x, y, folds):
    """Rows x (n, d), labels y (n,) -> mean accuracy over the folds."""
    x = StandardScaler().fit_transform(x)
    x = SelectKBest(k=10).fit_transform(x, y)
    scores = []
    for train, test in KFold(folds).split(x):
        model = KNeighborsClassifier(3).fit(x[train], y[train])
        scores.append(model.score(x[test], y[test]))
    return np.mean(scores)


def _separation(x, y):
    """How well each column of x (n, d) tells the two labels y (n,) apart: the F statistic, up to a factor, (d,)."""
    groups = [x[y == label] for label in (0, 1)]
    between = sum(len(g) * (g.mean(0) - x.mean(0)) ** 2 for g in groups)
    return between / sum(((g - g.mean(0)) ** 2).sum(0) for g in groups)


def _variant(x, y, folds, scale="train", choose="train", score="test", k=10, near=3):
    """The oracle, without scikit-learn (a check draws many inputs); its switches are the mistakes."""
    scores, n = [], len(x)
    for train, test in KFold(folds).split(x):
        rows = {"train": train, "all": np.arange(n), "test": test}
        z = (x - x[rows[scale]].mean(0)) / x[rows[scale]].std(0)
        best = np.argsort(-_separation(z[rows[choose]], y[rows[choose]]))[:k]
        known, asked = z[train][:, best], z[rows[score]][:, best]
        distance = ((asked[:, None] - known) ** 2).sum(-1)  # (asked, known)
        votes = y[train][np.argsort(distance, axis=1)[:, :near]].mean(1) > 0.5
        scores.append(np.mean(votes == y[rows[score]]))
    return float(np.mean(scores))


_WRONG = (
    ({"scale": "all", "choose": "all"},
     "The columns are still chosen with the labels of all rows, those that are scored later among them. "
     "Choose inside the loop, from the training rows."),
    ({"choose": "all"},
     "The scale is right now, but the columns are still chosen with the labels of all rows: that is the grave leak."),
    ({"scale": "all"},
     "The choice is right now, but the scaler still sees all rows. It matters little, and is wrong all the same."),
    ({"scale": "test"},
     "Scaler: fitted on the test rows. What is learnt comes from the training rows, for the test rows as well."),
    ({"choose": "test"},
     "Columns: chosen on the test rows. That is worse than before: the examination chooses its own questions."),
    ({"score": "train"},
     "You score the training rows. A nearest neighbour of a row that was learnt is the row itself."),
)  # fmt: skip


@selection.check
def _(answer, rng):
    n, d, folds = int(rng.integers(30, 40)), 120, 5
    for _attempt in range(200):  # inputs on which each mistake has a score of its own
        x = rng.normal(size=(n, d)) * rng.uniform(0.2, 30, d) + rng.normal(0, 20, d)
        x[rng.integers(n, size=6), rng.integers(d, size=6)] += 400
        y = rng.permutation(np.arange(n) % 2)
        x[:, :3] += 1.5 * x[:, :3].std(0) * y[:, None]
        if any(len(set(y[test])) < 2 for _, test in KFold(folds).split(x)):
            continue  # columns cannot be chosen on rows of one label
        values = [_variant(x, y, folds), *(_variant(x, y, folds, **how) for how, _ in _WRONG)]
        other = _variant(x, y, folds, k=d, near=5)  # nor shall another classifier be taken for one of them
        if expect.apart([*values, other], 0.002):
            break
    wanted = values[0]
    got = expect.number(expect.pure(answer, x, y, folds), "one number, the mean accuracy over the folds")
    for value, (_, message) in zip(values[1:], _WRONG, strict=True):
        if not np.isclose(value, wanted, atol=1e-6):
            expect.differs(got, value, message)
    expect.true(0 <= got <= 1, f"An accuracy lies between 0 and 1; got {got:.4g}. Is it a mean over the folds?")
    expect.close(
        got, wanted,
        "This is not the mean accuracy of the same scaler, ten columns and three neighbours, fitted on each fold's "
        "training rows. Leave folds and classifier as they are.",
    )  # fmt: skip


@selection.mistake("grave leak")
def scaler_moved_only(x, y, folds):
    return _variant(x, y, folds, choose="all")


@selection.mistake("matters little")
def choice_moved_only(x, y, folds):
    return _variant(x, y, folds, scale="all")


@selection.mistake("fitted on the test rows")
def scaler_fitted_twice(x, y, folds):
    scores = []
    for train, test in KFold(folds).split(x):
        a = StandardScaler().fit_transform(x[train])
        best = SelectKBest(k=10).fit(StandardScaler().fit(x[test]).transform(x[train]), y[train])
        z = StandardScaler().fit(x[test]).transform(x)
        assert len(a) == len(train)
        model = KNeighborsClassifier(3).fit(best.transform(z[train]), y[train])
        scores.append(model.score(best.transform(z[test]), y[test]))
    return np.mean(scores)


@selection.mistake("chosen on the test rows")
def chosen_on_test(x, y, folds):
    return _variant(x, y, folds, choose="test")


@selection.mistake("score the training rows")
def scored_on_training(x, y, folds):
    return _variant(x, y, folds, score="train")


@selection.mistake("one number")
def all_folds_returned(x, y, folds):
    return np.array([_variant(x, y, folds)] * folds)


@selection.mistake("between 0 and 1")
def sum_of_folds(x, y, folds):
    return 1 + _variant(x, y, folds) * folds


@selection.mistake("Leave folds and classifier")
def no_choice(x, y, folds):
    return _variant(x, y, folds, k=x.shape[1], near=5)
