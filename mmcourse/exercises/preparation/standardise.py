"""Exercise `preparation.standardise`: a scale learnt from training rows only."""

import numpy as np

from mmcourse.exercises import Exercise, expect

standardise = Exercise(
    "preparation.standardise",
    kind="implement",
    title="The scale belongs to the training rows",
    task=(
        "Write `standardise_both(train, test)` in NumPy, which returns both arrays standardised, column by column. "
        "The training rows get mean 0 and standard deviation 1 (divide by the number of rows, as "
        "scikit-learn does). The test rows are put on **the same scale**. A column that is constant "
        "in training holds no information: there, only subtract the mean. Change neither input."
    ),
    hints=(
        "How many means are there for an array of 30 rows and 4 columns? And from which of the two arrays do "
        "they come?",
        "`mean, sd = train.mean(axis=0), train.std(axis=0)` is all that is learnt. Replace each deviation that is 0 "
        "by 1 (`np.where`), then use the same two rows of numbers on both arrays.",
    ),
)


@standardise.solved_by
def standardise_both(train, test):
    """Train (n, d) and test (k, d) -> both on the scale of train.

    A constant column is only centred.
    """
    mean, sd = train.mean(axis=0), train.std(axis=0)
    sd = np.where(sd == 0, 1, sd)
    return (train - mean) / sd, (test - mean) / sd


def _scaled(x, mean, sd):
    return (x - mean) / np.where(sd == 0, 1, sd)


@standardise.check
def _(answer, rng):
    n, k, d = int(rng.integers(7, 13)), int(rng.integers(4, 7)), int(rng.integers(3, 6))
    centre, spread = rng.uniform(50, 300, d), rng.uniform(2, 40, d)
    train = rng.normal(centre, spread, (n, d))
    test = rng.normal(centre + 3 * spread, 2 * spread, (k, d))  # the test rows come from somewhere else
    wanted = [np.array([[(row[j] - np.mean(train[:, j])) / np.sqrt(np.mean((train[:, j] - np.mean(train[:, j])) ** 2))
                         for j in range(d)] for row in rows]) for rows in (train, test)]  # fmt: skip
    got = expect.parts(expect.pure(answer, train, test), ("train", "test"))
    a = expect.array(got[0], (n, d), "the training rows")
    b = expect.array(got[1], (k, d), "the test rows")
    mean, sd = train.mean(0), train.std(0)
    both = np.concatenate([train, test])
    expect.differs(
        a, _scaled(train, both.mean(0), both.std(0)),
        "Mean and deviation were computed from both arrays together: the test rows leak into the scale. Fit on train.",
    )  # fmt: skip
    expect.differs(
        a, (train - train.mean(1, keepdims=True)) / train.std(1, keepdims=True),
        "You standardised each row: hertz, seconds and decibels of one person were averaged with each other. "
        "A scale belongs to a column (axis=0).",
    )  # fmt: skip
    expect.differs(
        a, (train - train.mean()) / train.std(),
        "One mean for the whole array: the columns keep their different sizes, which scaling should remove. "
        "Use axis=0.",
    )  # fmt: skip
    expect.differs(a, (train - mean) / sd**2, "You divided by the variance. The standard deviation is its square root.")
    expect.differs(
        a, _scaled(train, mean, train.std(0, ddof=1)),
        "You divided by n - 1 in the variance (ddof=1). pandas' `std` does that; the task, and scikit-learn, divide "
        "by n.",
    )  # fmt: skip
    expect.differs(
        a, (train - train.min(0)) / np.ptp(train, axis=0),
        "This is min-max normalisation to 0 … 1, not standardisation.",
    )  # fmt: skip
    expect.close(a, wanted[0], "The training rows have not mean 0 and deviation 1 in each column.")
    expect.differs(
        b, _scaled(test, test.mean(0), test.std(0)),
        "The test rows were standardised by their own mean and deviation. So a test set of loud voices and one of "
        "quiet voices look the same, and a single row becomes 0. Use the numbers learnt from train.",
    )  # fmt: skip
    expect.close(b, wanted[1], "The test rows are not on the scale of the training rows.")
    constant, other = train.copy(), test.copy()
    constant[:, 0] = np.round(centre[0])
    again = expect.parts(answer(constant, other), ("train", "test"))
    a, b = expect.array(again[0], (n, d), "the training rows"), expect.array(again[1], (k, d), "the test rows")
    why = "A column is constant in training, so its deviation is 0, and you divide by it. Divide by 1 there."
    expect.true(np.isfinite(a).all() and np.isfinite(b).all(), why)
    expect.close(a[:, 0], 0.0, why)
    expect.close(
        b[:, 0], other[:, 0] - np.round(centre[0]),
        "A column that is constant in training is only centred, in the test rows as well.",
    )  # fmt: skip


@standardise.mistake("leak into the scale")
def fitted_on_all(train, test):
    both = np.concatenate([train, test])
    return _scaled(train, both.mean(0), both.std(0)), _scaled(test, both.mean(0), both.std(0))


@standardise.mistake("by their own mean and deviation")
def each_by_itself(train, test):
    return _scaled(train, train.mean(0), train.std(0)), _scaled(test, test.mean(0), test.std(0))


@standardise.mistake("each row")
def row_by_row(train, test):
    return tuple((x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True) for x in (train, test))


@standardise.mistake("One mean for the whole array")
def one_number_for_all(train, test):
    return tuple((x - train.mean()) / train.std() for x in (train, test))


@standardise.mistake("by the variance")
def variance(train, test):
    return tuple((x - train.mean(0)) / train.var(0) for x in (train, test))


@standardise.mistake("ddof=1")
def as_pandas_does(train, test):
    return tuple(_scaled(x, train.mean(0), train.std(0, ddof=1)) for x in (train, test))


@standardise.mistake("min-max")
def range_instead(train, test):
    return tuple((x - train.min(0)) / np.ptp(train, axis=0) for x in (train, test))


@standardise.mistake("you divide by it")
def divides_by_zero(train, test):
    with np.errstate(divide="ignore", invalid="ignore"):
        return tuple((x - train.mean(0)) / train.std(0) for x in (train, test))


@standardise.mistake("is only centred")
def constant_set_to_zero(train, test):
    live = train.std(0) > 0
    return tuple(_scaled(x, train.mean(0), train.std(0)) * live for x in (train, test))


@standardise.mistake("changes its input")
def in_place(train, test):
    mean, sd = train.mean(0), train.std(0)
    train -= mean
    train /= np.where(sd == 0, 1, sd)
    return train, _scaled(test, mean, sd)
