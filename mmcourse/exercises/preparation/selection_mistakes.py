"""What goes wrong in `preparation.selection`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.preparation.selection import accuracy, blocks, scale_of, selection, ten_best, validated


def _strided(n, folds):
    for fold in range(folds):
        yield np.flatnonzero(np.arange(n) % folds != fold), np.flatnonzero(np.arange(n) % folds == fold)


def _turned(n, folds):
    return ((test, train) for train, test in blocks(n, folds))


def _scores(x, y, folds, scale="train", choose="train", score="test", split=blocks, pick=ten_best, near=3, scaled=True):
    """The accuracies of the folds; the switches are the mistakes."""
    for train, test in split(len(x), folds):
        rows = {"train": train, "all": np.arange(len(x)), "test": test}
        mean, sd = scale_of(x[rows[scale]])
        z = (x - mean) / (sd if scaled else 1)
        best = pick(z[rows[choose]], y[rows[choose]])
        known, asked = z[train][:, best], z[rows[score]][:, best]
        distance = ((asked[:, None] - known) ** 2).sum(axis=2)
        votes = y[train][np.argsort(distance, axis=1)[:, :near]].mean(axis=1)
        yield np.mean((votes > 0.5) == y[rows[score]])


def _mean(*arguments, **switches):
    return np.mean(list(_scores(*arguments, **switches)))


@selection.mistake(
    "The columns are still chosen with the labels of all rows, those that are scored later among them. Choose inside "
    "the loop, from the training rows."
)
def as_given(x, y, folds):
    return _mean(x, y, folds, scale="all", choose="all")


GRAVE = "The scale is right now, but the columns are still chosen with the labels of all rows: that is the grave leak."


@selection.mistake(GRAVE)
def scaler_moved_only(x, y, folds):
    return _mean(x, y, folds, choose="all")


@selection.mistake(GRAVE)
def choice_left_outside(x, y, folds):
    best = ten_best((x - x.mean(0)) / x.std(0), y)
    return _mean(x, y, folds, pick=lambda *_: best)


@selection.mistake(GRAVE)
def choice_left_outside_unscaled(x, y, folds):
    best = ten_best(x, y)
    return _mean(x, y, folds, pick=lambda *_: best)


@selection.mistake(
    "The choice is right now, but the scaler still sees all rows. It matters little, and is wrong all the same."
)
def choice_moved_only(x, y, folds):
    return _mean(x, y, folds, scale="all")


@selection.mistake(
    "Scaler: fitted on the test rows. What is learnt comes from the training rows, for the test rows as well."
)
def scaler_fitted_twice(x, y, folds):
    return _mean(x, y, folds, scale="test")


@selection.mistake(
    "The test rows are scaled by their own mean and deviation. Scale them by those of the training rows."
)
def test_scaled_by_itself(x, y, folds):
    scores = []
    for train, test in blocks(len(x), folds):
        a, b = ((x[rows] - x[rows].mean(0)) / x[rows].std(0) for rows in (train, test))
        best = ten_best(a, y[train])
        scores.append(accuracy(a[:, best], y[train], b[:, best], y[test]))
    return np.mean(scores)


@selection.mistake("The test rows are not scaled. Put them on the scale of the training rows.")
def test_not_scaled(x, y, folds):
    scores = []
    for train, test in blocks(len(x), folds):
        a = (x[train] - x[train].mean(0)) / x[train].std(0)
        best = ten_best(a, y[train])
        scores.append(accuracy(a[:, best], y[train], x[test][:, best], y[test]))
    return np.mean(scores)


@selection.mistake(
    "Columns: chosen on the test rows. That is worse than before: the examination chooses its own questions."
)
def chosen_on_test(x, y, folds):
    return _mean(x, y, folds, choose="test")


@selection.mistake(
    "The test rows keep other columns than the training rows. Choose once in a fold, from the training rows."
)
def chosen_twice(x, y, folds):
    scores = []
    for train, test in blocks(len(x), folds):
        mean, sd = scale_of(x[train])
        a, b = (x[train] - mean) / sd, (x[test] - mean) / sd
        scores.append(accuracy(a[:, ten_best(a, y[train])], y[train], b[:, ten_best(b, y[test])], y[test]))
    return np.mean(scores)


@selection.mistake("The columns are chosen before they are scaled: then those with large numbers win. Scale first.")
def chosen_unscaled(x, y, folds):
    scores = []
    for train, test in blocks(len(x), folds):
        best = ten_best(x[train], y[train])
        mean, sd = scale_of(x[train][:, best])
        scores.append(accuracy((x[train][:, best] - mean) / sd, y[train], (x[test][:, best] - mean) / sd, y[test]))
    return np.mean(scores)


@selection.mistake("You took the scaler out. Columns with large numbers then decide who is near.")
def not_scaled(x, y, folds):
    return _mean(x, y, folds, scaled=False)


@selection.mistake("You score the training rows. A nearest neighbour of a row that was learnt is the row itself.")
def scored_on_training(x, y, folds):
    return _mean(x, y, folds, score="train")


@selection.mistake(
    "You score all rows. Those that were learnt are their own nearest neighbours: score the test rows only."
)
def scored_on_all(x, y, folds):
    return _mean(x, y, folds, score="all")


@selection.mistake("Train and test are exchanged. Learn from the large part of each fold, and score the small one.")
def exchanged(x, y, folds):
    return _mean(x, y, folds, split=_turned)


@selection.mistake("You return one number for each fold. Return their mean.")
def all_folds_returned(x, y, folds):
    return np.array(list(_scores(x, y, folds)))


@selection.mistake("You return the sum over the folds. An accuracy lies between 0 and 1: return the mean.")
def sum_of_folds(x, y, folds):
    return sum(_scores(x, y, folds))


@selection.mistake("You return the accuracy of the last fold. Collect all of them, and return their mean.")
def last_fold(x, y, folds):
    return list(_scores(x, y, folds))[-1]


@selection.mistake("You return the accuracy of the first fold: the `return` stands inside the loop.")
def first_fold(x, y, folds):
    return next(_scores(x, y, folds))


@selection.mistake("You return the best of the folds. Return their mean.")
def best_fold(x, y, folds):
    return max(_scores(x, y, folds))


@selection.mistake(
    "You return the accuracy over all rows. The blocks are not equally long: return the mean over the folds."
)
def pooled(x, y, folds):
    sizes = [len(test) for _, test in blocks(len(x), folds)]
    return np.average(list(_scores(x, y, folds)), weights=sizes)


@selection.mistake("All columns are kept. Keep the ten that go best with the labels.")
def no_choice(x, y, folds):
    return _mean(x, y, folds, pick=lambda x, y: np.arange(x.shape[1]))


@selection.mistake("Other folds: the test rows are blocks, one after the other, as `blocks` gives them.")
def strided(x, y, folds):
    return _mean(x, y, folds, split=_strided)


@selection.mistake("Another classifier: it asks three neighbours, and yours asks one. Leave it as it is.")
def one_neighbour(x, y, folds):
    return _mean(x, y, folds, near=1)


@selection.mistake("Another classifier: it asks three neighbours, and yours asks five. Leave it as it is.")
def five_neighbours(x, y, folds):
    return _mean(x, y, folds, near=5)


@selection.mistake("The training rows hold the test rows as well. Then a row's nearest neighbour is the row itself.")
def trained_on_all(x, y, folds):
    return _mean(x, y, folds, split=lambda n, folds: ((np.arange(n), test) for _, test in blocks(n, folds)))


@selection.mistake(
    "The columns are chosen once, from the training rows of the first fold. The other folds' test rows are among them: "
    "choose anew in each fold."
)
def chosen_in_first_fold(x, y, folds):
    train, _ = next(blocks(len(x), folds))
    first = (x[train] - x[train].mean(0)) / x[train].std(0)
    return _mean(x, y, folds, pick=lambda *_: ten_best(first, y[train]))


@selection.mistake("You return the median of the folds. Return their mean.")
def median_of_folds(x, y, folds):
    return np.median(list(_scores(x, y, folds)))


@selection.mistake(
    "The rows that are scored are among the known ones, so that each finds itself. Know the training rows."
)
def knows_the_test(x, y, folds):
    scores = []
    for train, test in blocks(len(x), folds):
        mean, sd = scale_of(x[train])
        z = (x - mean) / sd
        z = z[:, ten_best(z[train], y[train])]
        scores.append(accuracy(z, y, z[test], y[test]))
    return np.mean(scores)


@selection.mistake(
    "These are the ten columns that differ *least* between the labels. `ten_best` has those that differ most."
)
def ten_worst(x, y, folds):
    def pick(z, labels):
        return np.argsort(np.abs(z[labels == 1].mean(axis=0) - z[labels == 0].mean(axis=0)))[:10]

    return _mean(x, y, folds, pick=pick)


@selection.mistake("The first ten columns are kept, whatever the labels are. Keep those that go best with the labels.")
def first_ten(x, y, folds):
    return _mean(x, y, folds, pick=lambda *_: np.arange(10))


@selection.mistake("You keep five columns. Keep ten.")
def five_best(x, y, folds):
    return _mean(x, y, folds, pick=lambda z, labels: ten_best(z, labels)[:5])


@selection.mistake(
    "Known rows and rows asked for are exchanged when you call `accuracy`: the training rows are known, the test rows "
    "are asked for."
)
def arguments_exchanged(x, y, folds):
    scores = []
    for train, test in blocks(len(x), folds):
        z = (x - x[train].mean(0)) / x[train].std(0)
        z = z[:, ten_best(z[train], y[train])]
        scores.append(accuracy(z[test], y[test], z[train], y[train]))
    return np.mean(scores)


@selection.mistake("You keep nine columns. Keep ten.")
def nine_best(x, y, folds):
    return _mean(x, y, folds, pick=lambda z, labels: ten_best(z, labels)[:9])


@selection.mistake("The test rows are only centred. Divide them by the deviation of the training rows, too.")
def test_only_centred(x, y, folds):
    scores = []
    for train, test in blocks(len(x), folds):
        mean, sd = scale_of(x[train])
        a, b = (x[train] - mean) / sd, x[test] - mean
        best = ten_best(a, y[train])
        scores.append(accuracy(a[:, best], y[train], b[:, best], y[test]))
    return np.mean(scores)


@selection.mistake("The rows are shuffled. The folds stay as they are: blocks, one after the other.")
def shuffled(x, y, folds):
    order = np.random.default_rng(0).permutation(len(x))
    return validated(x[order], y[order], folds)


@selection.mistake("You keep eleven columns. Keep ten.")
def eleven_best(x, y, folds):
    def pick(z, labels):
        return np.argsort(-np.abs(z[labels == 1].mean(axis=0) - z[labels == 0].mean(axis=0)))[:11]

    return _mean(x, y, folds, pick=pick)


@selection.mistake("You return the worst of the folds. Return their mean.")
def worst_fold(x, y, folds):
    return min(_scores(x, y, folds))


@selection.mistake("There are always five folds. Their number is handed in.")
def always_five_folds(x, y, folds):
    return _mean(x, y, 5)


@selection.mistake("The labels of the known rows are the first of all: cut them by `train`, as the rows are.")
def labels_not_cut(x, y, folds):
    scores = []
    for train, test in blocks(len(x), folds):
        z = (x - x[train].mean(0)) / x[train].std(0)
        z = z[:, ten_best(z[train], y[train])]
        scores.append(accuracy(z[train], y[: len(train)], z[test], y[test]))
    return np.mean(scores)
