"""Exercise `modalities_challenges.bridge`: a linear map from one space to another, with its intercept."""

import numpy as np

from mmcourse.exercises import Exercise, case

bridge = Exercise(
    "modalities_challenges.bridge",
    kind="implement",
    title="A bridge that needs no centring",
    returns=("W", "b"),
    otherwise=(
        "These do not make the sum of squares with its penalty as small as possible: there the columns of "
        "`x @ W + b - z` have the mean 0, and `x.T @ (x @ W + b - z)` is `-penalty * W`."
    ),
    task=(
        "Write `build_bridge(x, z, penalty)`: from `n` pairs, the rows of `x` `(n, d)` and `z` `(n, c)`, learn the "
        "matrix `W` `(d, c)` and the vector `b` `(c,)` that make the sum of squares of `x @ W + b - z`, plus `penalty` "
        "times the sum of squares of `W`, as small as possible. The data are **not** centred, and `b` is not "
        "penalised. Return `W` and `b`."
    ),
    hints=(
        "For whatever `W`, which `b` is best? It makes the mean of `x @ W + b` equal to the mean of `z`. So what "
        "remains to be learned about `W` concerns the centred data only.",
        "Subtract the means of `x` and `z`, solve `(x.T @ x + penalty * I) W = x.T @ z` for the centred data with "
        "`np.linalg.solve`, and set `b` to mean of `z` minus mean of `x` times `W`.",
    ),
    plan=(
        "Subtract from `x` and from `z` their means, column by column.",
        "Solve the linear equations of the penalised least squares for the centred data: that is `W`.",
        "Choose `b` so that the mean of `x`, mapped, is the mean of `z`.",
    ),
    minutes=12,
    difficulty=3,
    importance=2,
)


@bridge.solved_by
def build_bridge(x, z, penalty):
    """Pairs (n, d) and (n, c) -> matrix W (d, c) and intercept b (c,)."""
    x_mean, z_mean = x.mean(axis=0), z.mean(axis=0)
    xc, zc = x - x_mean, z - z_mean
    W = np.linalg.solve(xc.T @ xc + penalty * np.eye(x.shape[1]), xc.T @ zc)
    return W, z_mean - x_mean @ W


def _pairs(rng, n, d, c):
    """Pairs whose means are far from 0, and whose columns spread differently."""
    x = rng.normal(size=(n, d)) * rng.uniform(0.5, 2, d) + 3 * rng.choice([-1, 1], d) * rng.uniform(0.5, 1.5, d)
    z = x @ rng.normal(size=(d, c)) + 5 * rng.choice([-1, 1], c) * rng.uniform(0.5, 1.5, c)
    return x, z + 0.3 * rng.normal(size=(n, c))


@bridge.cases
def _(rng):
    for n, d, c, low, high in ((23, 5, 3, 2, 6), (12, 2, 4, 0.2, 0.7), (31, 4, 2, 20, 60)):
        yield case(*_pairs(rng, n, d, c), rng.uniform(low, high))
    yield case(*_pairs(rng, 9, 3, 3), rng.uniform(2, 4), when="where both spaces have the same size")
    yield case(*_pairs(rng, 10, 1, 1), rng.uniform(1, 3), when="where each vector is one number")
    x, z = _pairs(rng, 14, 3, 2)
    yield case(x, z, 0.0, when="where the penalty is 0")


@bridge.oracle
def _(x, z, penalty):
    """By least squares, another way to the same minimum: a column of ones for the intercept, rows for the penalty."""
    return stacked(x, z, penalty, 0)


def stacked(x, z, penalty, on_intercept):
    d = x.shape[1]
    rows = np.sqrt(penalty) * np.eye(d + 1)
    rows[d, d] *= on_intercept
    a = np.vstack([np.c_[x, np.ones(len(x))], rows])
    found = np.linalg.lstsq(a, np.vstack([z, np.zeros((d + 1, z.shape[1]))]), rcond=None)[0]
    return found[:d], found[d]
