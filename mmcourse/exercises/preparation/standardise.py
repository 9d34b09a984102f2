"""Exercise `preparation.standardise`: a scale learnt from training rows only."""

import math

import numpy as np

from mmcourse.exercises import Exercise, case

standardise = Exercise(
    "preparation.standardise",
    kind="implement",
    title="The scale belongs to the training rows",
    returns=("train", "test"),
    otherwise=(
        "From each column, in both arrays, subtract the mean of its training rows, and divide by their standard "
        "deviation, or by 1 where that is 0."
    ),
    task=(
        "Write `standardise_both(train, test)` in NumPy, which returns both arrays standardised, column by column. "
        "The training rows get mean 0 and standard deviation 1 (divide by the number of rows, as "
        "scikit-learn does). The test rows are put on **the same scale**. A column that is constant "
        "in training holds no information: there, only subtract the mean, in both arrays. Change neither input."
    ),
    hints=(
        "How many means are there for an array of 30 rows and 4 columns? And from which of the two arrays do "
        "they come?",
        "`mean, sd = train.mean(axis=0), train.std(axis=0)` is all that is learnt. Replace each deviation that is 0 "
        "by 1 (`np.where`), then use the same two rows of numbers on both arrays.",
    ),
    plan=(
        "Compute a mean and a standard deviation for each column, from the training rows.",
        "Replace a deviation of 0 by 1.",
        "Subtract the means from both arrays and divide both by the deviations.",
    ),
    minutes=6,
    difficulty=1,
    importance=3,
)


@standardise.solved_by
def standardise_both(train, test):
    """Train (n, d) and test (k, d) -> both on the scale of train.

    A constant column is only centred.
    """
    mean, sd = train.mean(axis=0), train.std(axis=0)
    sd = np.where(sd == 0, 1, sd)
    return (train - mean) / sd, (test - mean) / sd


def _tables(rng, n, k, d):
    """Training and test rows whose columns differ in centre and spread; the test rows come from somewhere else."""
    centre, spread = rng.uniform(-80, 300, d), rng.uniform(2, 40, d)
    train = rng.normal(centre, spread, (n, d))
    return train, rng.normal(centre + 3 * spread, 2 * spread, (k, d))


CONSTANT = "where a column is constant in training"


@standardise.cases
def _(rng):
    for n, k, d in ((9, 4, 3), (6, 7, 5), (12, 5, 4), (5, 6, 1)):
        yield case(*_tables(rng, n, k, d))
    train, test = _tables(rng, 8, 5, 4)
    train[:, 1], test[:, 1] = 0.003 * rng.normal(size=8), 0.004 * rng.normal(size=5) + 0.002
    yield case(train, test, when="where a column has a small deviation, 0.003, that is not 0")
    yield case(*_tables(rng, 7, 1, 3), when="with one test row")
    # Whole numbers and powers of 2 as numbers of rows: mean and deviation of a constant column are exact.
    for constant, other in ((140.0, None), (0.0, None), (-3.0, 2.5)):
        train, test = _tables(rng, 8, 6, 4)
        column = int(rng.integers(4))
        train[:, column] = constant
        test[:, column] = test[:, column] if other is None else other
        yield case(train, test, when=CONSTANT)
    train, test = _tables(rng, 8, 4, 3)
    test[:, 2] = 60.0
    yield case(train, test, when="where a column is constant in the test rows only")
    train, test = _tables(rng, 1, 4, 3)
    yield case(np.round(train), test, when=CONSTANT)  # all columns of a single row are


@standardise.oracle
def _(train, test):
    results = [[[0.0] * train.shape[1] for _ in rows] for rows in (train, test)]
    for j, column in enumerate(train.T.tolist()):
        mean = math.fsum(column) / len(column)
        sd = math.sqrt(math.fsum((x - mean) ** 2 for x in column) / len(column))
        for rows, result in zip((train, test), results, strict=True):
            for i, x in enumerate(rows[:, j].tolist()):
                result[i][j] = (x - mean) / (1 if min(column) == max(column) else sd)
    return tuple(map(np.array, results))
