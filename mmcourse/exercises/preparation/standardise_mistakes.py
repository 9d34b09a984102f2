"""What goes wrong in `preparation.standardise`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.preparation.standardise import standardise, standardise_both


def _scaled(x, mean, sd):
    return (x - mean) / np.where(sd == 0, 1, sd)


def _divided(x, mean, sd):
    with np.errstate(all="ignore"):
        return (x - mean) / sd


def _planted(name, message, mistaken):
    """Plants ``mistaken(train, test, scaled)`` twice: with care for constant columns, and without."""
    for function, scaled in ((name, _scaled), (f"{name}_unguarded", _divided)):

        def wrong(train, test, scaled=scaled):
            with np.errstate(all="ignore"):
                return mistaken(train, test, scaled)

        wrong.__name__ = function
        standardise.mistake(message)(wrong)


def _of(learnt):
    """A mistake that puts both arrays on the scale ``learnt(train, test)``."""
    return lambda train, test, scaled: tuple(scaled(x, *learnt(train, test)) for x in (train, test))


def _all(train, test):
    return np.concatenate([train, test])


_planted(
    "fitted_on_all",
    "Mean and deviation were computed from both arrays together: the test rows leak into the scale. Fit on train.",
    _of(lambda train, test: (_all(train, test).mean(0), _all(train, test).std(0))),
)
_planted(
    "each_by_itself",
    "The test rows were standardised by their own mean and deviation. So a test set of loud voices and one of quiet "
    "voices look the same, and a single row becomes 0. Use the numbers learnt from train.",
    lambda train, test, scaled: tuple(scaled(x, x.mean(0), x.std(0)) for x in (train, test)),
)
_planted(
    "fitted_on_test",
    "Mean and deviation come from the test rows, for both arrays. What is learnt comes from train.",
    _of(lambda train, test: (test.mean(0), test.std(0))),
)
_planted(
    "own_mean",
    "The test rows are centred by their own mean. Subtract the mean of the training rows.",
    lambda train, test, scaled: tuple(scaled(x, x.mean(0), train.std(0)) for x in (train, test)),
)
_planted(
    "own_deviation",
    "The test rows are divided by their own deviation. Divide by that of the training rows.",
    lambda train, test, scaled: tuple(scaled(x, train.mean(0), x.std(0)) for x in (train, test)),
)
_planted(
    "row_by_row",
    "You standardised each row: hertz, seconds and decibels of one person were averaged with each other. A scale "
    "belongs to a column (axis=0).",
    lambda train, test, scaled: tuple(
        scaled(x, x.mean(1, keepdims=True), x.std(1, keepdims=True)) for x in (train, test)
    ),
)
_planted(
    "one_number_for_all",
    "One mean for the whole array: the columns keep their different sizes, which scaling should remove. Use axis=0.",
    lambda train, test, scaled: tuple((x - train.mean()) / train.std() for x in (train, test)),
)
_planted(
    "one_mean",
    "One mean for the whole array: each column has a mean of its own. Use axis=0.",
    _of(lambda train, test: (train.mean(), train.std(0))),
)
_planted(
    "one_deviation",
    "One deviation for the whole array: each column has one of its own. Use axis=0.",
    _of(lambda train, test: (train.mean(0), train.std())),
)
_planted(
    "variance",
    "You divided by the variance. The standard deviation is its square root.",
    _of(lambda train, test: (train.mean(0), train.var(0))),
)
_planted(
    "as_pandas_does",
    "You divided by n - 1 in the variance (ddof=1). pandas' `std` does that; the task, and scikit-learn, divide by n.",
    _of(lambda train, test: (train.mean(0), train.std(0, ddof=1))),
)
_planted(
    "standard_error",
    "You divided by the standard error, the deviation over the root of n. Divide by the standard deviation.",
    _of(lambda train, test: (train.mean(0), train.std(0) / np.sqrt(len(train)))),
)
_planted(
    "range_instead",
    "This is min-max normalisation to 0 … 1, not standardisation.",
    _of(lambda train, test: (train.min(0), np.ptp(train, axis=0))),
)
_planted(
    "median",
    "You subtracted the median. Standardised columns have *mean* 0.",
    _of(lambda train, test: (np.median(train, 0), train.std(0))),
)
_planted(
    "robust",
    "This is the median and the distance between the quartiles. Take the mean and the standard deviation.",
    _of(lambda train, test: (np.median(train, 0), np.subtract(*np.percentile(train, [75, 25], axis=0)))),
)
_planted(
    "by_length",
    "You divided by the length of the centred column. Its standard deviation is that over the root of n.",
    _of(lambda train, test: (train.mean(0), np.linalg.norm(train - train.mean(0), axis=0))),
)
_planted(
    "by_largest",
    "You divided by the largest deviation from the mean. Divide by the standard deviation.",
    _of(lambda train, test: (train.mean(0), np.abs(train - train.mean(0)).max(0))),
)
_planted(
    "absolute_deviation",
    "You divided by the mean absolute deviation. The standard deviation is the root of the mean square.",
    _of(lambda train, test: (train.mean(0), np.abs(train - train.mean(0)).mean(0))),
)
_planted(
    "root_mean_square",
    "You divided by the root of the mean square of the column itself. Subtract the mean before you square.",
    _of(lambda train, test: (train.mean(0), np.sqrt((train**2).mean(0)))),
)
_planted(
    "only_divided",
    "You divided by the deviation, but the mean is not subtracted.",
    _of(lambda train, test: (0, train.std(0))),
)
_planted(
    "divided_first",
    "The mean is subtracted after the division. Subtract first: (x - mean) / deviation.",
    lambda train, test, scaled: tuple(scaled(x, 0, train.std(0)) - train.mean(0) for x in (train, test)),
)
_planted(
    "multiplied",
    "You multiplied by the deviation. Divide by it.",
    lambda train, test, scaled: tuple((x - train.mean(0)) * train.std(0) for x in (train, test)),
)
_planted(
    "mean_added",
    "The mean is added. Subtract it.",
    _of(lambda train, test: (-train.mean(0), train.std(0))),
)
_planted(
    "test_as_it_was",
    "The training rows are right, but the test rows come back as they came. Were mean and deviation computed *before* "
    "`train` was overwritten?",
    lambda train, test, scaled: (scaled(train, train.mean(0), train.std(0)), test),
)
_planted(
    "test_centred",
    "The training rows are right, but the test rows are only centred. Divide them by the deviation, too.",
    lambda train, test, scaled: (scaled(train, train.mean(0), train.std(0)), test - train.mean(0)),
)
_planted(
    "test_divided",
    "The training rows are right, but from the test rows the mean is not subtracted.",
    lambda train, test, scaled: tuple(scaled(x, mean, train.std(0)) for x, mean in ((train, train.mean(0)), (test, 0))),
)


@standardise.mistake("The mean is subtracted, but nothing is divided by the deviation.")
def only_centred(train, test):
    return train - train.mean(0), test - train.mean(0)


@standardise.mistake(
    "A column is constant in training, so its deviation is 0, and you divide by it. Divide by 1 there."
)
def divides_by_zero(train, test):
    return tuple(_divided(x, train.mean(0), train.std(0)) for x in (train, test))


EPSILON = (
    "A small number is added to the deviation, or stands in its place where it is 0: a test row that differs in a "
    "constant column becomes huge. Divide by 1 there."
)


@standardise.mistake(EPSILON)
def epsilon_added(train, test, epsilon=1e-8):
    return tuple((x - train.mean(0)) / (train.std(0) + epsilon) for x in (train, test))


for power in (1, 2, 3, 4, 5, 6, 7, 9, 10, 12):

    def epsilon_of(train, test, epsilon=10.0**-power):
        return epsilon_added(train, test, epsilon)

    def epsilon_at_least(train, test, epsilon=10.0**-power):
        return tuple((x - train.mean(0)) / np.maximum(train.std(0), epsilon) for x in (train, test))

    def epsilon_in_root(train, test, epsilon=10.0**-power):
        return tuple((x - train.mean(0)) / np.sqrt(train.var(0) + epsilon) for x in (train, test))

    # Where it is smaller still, all give the same, but the root: its number is that of half the power.
    for mistaken in (epsilon_of, epsilon_at_least, epsilon_in_root)[: 3 if power < 7 else 1]:
        mistaken.__name__ += f"_{power}"
        standardise.mistake(EPSILON)(mistaken)


@standardise.mistake(
    "A column that is constant in training is only centred, in the test rows as well. You set it to 0."
)
def constant_set_to_zero(train, test):
    live = train.std(0) > 0
    return tuple(_scaled(x, train.mean(0), train.std(0)) * live for x in (train, test))


@standardise.mistake("A column that is constant in training is left as it was. Subtract its mean, too.")
def constant_left(train, test):
    return tuple(np.where(train.std(0) > 0, _scaled(x, train.mean(0), train.std(0)), x) for x in (train, test))


@standardise.mistake("A column that is constant in training is taken out. Keep it, centred.")
def constant_dropped(train, test):
    live = train.std(0) > 0
    return tuple(_scaled(x, train.mean(0), train.std(0))[:, live] for x in (train, test))


@standardise.mistake("A small deviation is taken for 0. Only a column that is constant has the deviation 0.")
def small_as_constant(train, test):
    sd = train.std(0)
    return tuple(_scaled(x, train.mean(0), np.where(sd < 0.01, 0, sd)) for x in (train, test))


@standardise.mistake(said="changes its input")
def in_place(train, test):
    mean, sd = train.mean(0), train.std(0)
    train -= mean
    train /= np.where(sd == 0, 1, sd)
    return train, _scaled(test, mean, sd)


@standardise.mistake(said="in another order")
def exchanged(train, test):
    return standardise_both(train, test)[::-1]


@standardise.mistake("The mean comes from both arrays together. It is that of the training rows.")
def mean_of_both(train, test):
    mean, sd = np.concatenate([train, test]).mean(axis=0), train.std(axis=0)
    return _scaled(train, mean, sd), _scaled(test, mean, sd)


@standardise.mistake(
    "Where a column is constant in training, the test rows are centred by their own mean. Subtract that of training."
)
def constant_by_its_own_mean(train, test):
    one, other = standardise_both(train, test)
    return one, np.where(train.std(0) > 0, other, test - test.mean(0))


@standardise.mistake(
    "The test rows are only centred where a column is constant in *them*. Only a column that is constant in training "
    "is not divided."
)
def constant_in_test(train, test):
    sd = train.std(0)
    return _scaled(train, train.mean(0), sd), _scaled(test, train.mean(0), np.where(test.std(0) == 0, 0, sd))


@standardise.mistake("The test rows are cut off at three deviations. Leave them as far out as they are.")
def test_cut_off(train, test):
    one, other = standardise_both(train, test)
    return one, np.clip(other, -3, 3)
