"""Exercise `autoencoder.line`: the best autoencoder without a bend."""

import numpy as np

from mmcourse.exercises import Exercise, case

line = Exercise(
    "autoencoder.line",
    kind="implement",
    title="The best autoencoder without a bend",
    level="stretch",
    returns="as many rows and columns as `test`",
    otherwise="This is not `test`, rebuilt from the leading principal components of `train`.",
    task=(
        "An autoencoder whose encoder and decoder are linear needs no training: with a code of `d` numbers, the "
        "smallest squared error is that of the `d` leading principal components. Write `rebuild(train, test, d)`, "
        "in NumPy: fit on `train` `(n, k)`, pass `test` `(m, k)` through a code of `d` numbers, and return it rebuilt, "
        "`(m, k)`. Mean and components come from `train` alone, and columns are not divided by their standard "
        "deviations. `d` is at most `k`, and `n` is larger than `k`."
    ),
    hints=(
        "Take the mean off, and `np.linalg.svd(..., full_matrices=False)` gives the directions, sorted by how much "
        "they hold. In which of its three results, and along which axis?",
        "`axes = np.linalg.svd(train - mean, full_matrices=False)[2][:d]`, shape `(d, k)`. The code is "
        "`(test - mean) @ axes.T`; rebuilt it is `code @ axes + mean`.",
    ),
    plan=(
        "Take the mean of `train`, column by column, off both.",
        "Find the `d` directions that hold most of `train`.",
        "Multiply `test` by them: that is the code.",
        "Go back with the same directions, and add the mean.",
    ),
    minutes=12,
    difficulty=2,
    importance=2,
)


@line.solved_by
def rebuild(train, test, d):
    """(n, k), (m, k) and a length of code -> (m, k)."""
    mean = train.mean(axis=0)
    axes = np.linalg.svd(train - mean, full_matrices=False)[2][:d]  # (d, k)
    code = (test - mean) @ axes.T  # (m, d)
    return code @ axes + mean


@line.cases
def _(rng):
    def rows(n, k, d, m, when=""):
        """The spread of `train` along its directions is fixed, so that no two of them hold nearly the same."""
        turn, spread = np.linalg.qr(rng.normal(size=(k, k)))[0], 5 * 0.65 ** np.arange(k)
        drawn = rng.normal(size=(n, k))
        apart = np.linalg.qr(drawn - drawn.mean(axis=0))[0] * np.sqrt(n)  # mean 0, variance 1, no correlation
        offset = rng.choice([-1, 1], k) * rng.uniform(2, 5, k)
        train = apart * spread @ turn + offset
        test = rng.normal(size=(m, k)) * spread @ turn + offset + rng.normal(0, 2, k)
        return case(train, test, d, when=when)

    yield rows(40, 6, 2, 9)
    yield rows(23, 5, 3, 4)
    yield rows(31, 7, 4, 12)
    yield rows(15, 4, 1, 6)
    yield rows(12, 4, 4, 5, when="where the code is as long as a row")
    yield rows(20, 5, 2, 1, when="with one row to rebuild")
    yield rows(6, 5, 3, 7, when="with one row of `train` more than columns")
    yield rows(25, 6, 4, 2, when="with fewer rows to rebuild than numbers in the code")

    drawn = rng.normal(size=(18, 4))
    apart = np.linalg.qr(drawn - drawn.mean(axis=0))[0]
    later = apart * [1, 2, 4, 8] + rng.uniform(2, 5, 4)
    yield case(later, later[:5] + rng.normal(size=(5, 4)), 2, when="where the last columns vary most")


@line.oracle
def _(train, test, d):
    """By the eigenvectors of the covariance, one direction after the other."""
    mean = train.sum(axis=0) / len(train)
    left = sum(np.outer(row - mean, row - mean) for row in train)
    rebuilt = np.tile(mean, (len(test), 1))
    for _ in range(d):
        values, vectors = np.linalg.eigh(left)
        direction = vectors[:, values.argmax()]
        left = left - values.max() * np.outer(direction, direction)
        rebuilt += np.outer((test - mean) @ direction, direction)
    return rebuilt
