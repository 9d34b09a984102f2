"""Exercise `modalities_challenges.bridge`: a linear map from one space to another, with its intercept."""

import numpy as np

from mmcourse.exercises import Exercise, expect

bridge = Exercise(
    "modalities_challenges.bridge",
    kind="implement",
    title="A bridge that needs no centring",
    task=(
        "Write `build_bridge(x, z, penalty)`: from `n` pairs, the rows of `x` `(n, d)` and `z` `(n, c)`, learn the "
        "matrix `W` `(d, c)` and the vector `b` `(c,)` that make the sum of squares of `x @ W + b - z`, plus `penalty` "
        "times the sum of squares of `W`, as small as possible. The data are **not** centred, and `b` is not penalised."
    ),
    hints=(
        "For whatever `W`, which `b` is best? It makes the mean of `x @ W + b` equal to the mean of `z`. So what "
        "remains to be learned about `W` concerns the centred data only.",
        "Subtract the means of `x` and `z`, solve `(x.T @ x + penalty * I) W = x.T @ z` for the centred data with "
        "`np.linalg.solve`, and set `b` to mean of `z` minus mean of `x` times `W`.",
    ),
)


@bridge.solved_by
def build_bridge(x, z, penalty):
    """Pairs (n, d) and (n, c) -> matrix W (d, c) and intercept b (c,)."""
    x_mean, z_mean = x.mean(axis=0), z.mean(axis=0)
    xc, zc = x - x_mean, z - z_mean
    W = np.linalg.solve(xc.T @ xc + penalty * np.eye(x.shape[1]), xc.T @ zc)
    return W, z_mean - x_mean @ W


def _ridge(x, z, penalty):
    return np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ z)


def _stacked(x, z, penalty, on_intercept):
    """By least squares on data with rows added for the penalty; a column of ones for the intercept."""
    d = x.shape[1]
    rows = np.sqrt(penalty) * np.eye(d + 1)
    rows[d, d] *= on_intercept
    a = np.vstack([np.c_[x, np.ones(len(x))], rows])
    found = np.linalg.lstsq(a, np.vstack([z, np.zeros((d + 1, z.shape[1]))]), rcond=None)[0]
    return found[:d], found[d]


@bridge.check
def _(answer, rng):
    n, d, c, penalty = 23, 5, 3, 4.0
    x = rng.normal(size=(n, d)) + 3 * rng.normal(size=d)
    z = x @ rng.normal(size=(d, c)) + 5 * rng.normal(size=c) + 0.3 * rng.normal(size=(n, c))
    W, b = _stacked(x, z, penalty, 0)  # the oracle: another way to the same minimum
    got, intercept = expect.parts(expect.pure(answer, x, z, penalty), ("W", "b"))
    if expect.shape(got) == (c, d):
        expect.true(False, "`W` is transposed: rows of `x` are multiplied from the left, so it has the shape (d, c).")
    got = expect.array(got, (d, c), "from the d numbers of x to the c of z")
    intercept = expect.array(intercept, (c,), "one number for each column of z")
    expect.differs(
        got,
        _ridge(x, z, penalty),
        "The data were not centred, so that the map has to spend its matrix on the distance between the means: "
        "this is the bridge through the origin.",
    )
    expect.differs(got, _stacked(x, z, penalty, 1)[0], "The intercept is penalised, too: it is pulled towards zero.")
    xc, zc = x - x.mean(0), z - z.mean(0)
    expect.differs(got, _ridge(xc, zc, 0), "The penalty is missing: this is plain least squares.")
    expect.differs(
        got,
        _ridge(xc, zc, n * penalty),
        "The penalty is n times too strong. The sum of squares here is a sum over pairs, not a mean.",
    )
    expect.differs(got, _ridge(xc, zc, -penalty), "The sign of the penalty is wrong: it rewards large matrices.")
    expect.differs(got, _ridge(xc, zc, penalty**2), "You squared the penalty. It is multiplied as it is.")
    expect.close(got, W, "This `W` does not make the sum of squares with its penalty as small as possible.")
    expect.true(
        not np.allclose(intercept, z.mean(0)),
        "`b` is the mean of `z`. That is right for a centred `x`; for `x` as it comes, take away what `W` makes of "
        "its mean.",
    )
    expect.close(intercept, b, "`b` must make the mean of `x @ W + b` equal to the mean of `z`.")


@bridge.mistake("through the origin")
def not_centred(x, z, penalty):
    return _ridge(x, z, penalty), np.zeros(z.shape[1])


@bridge.mistake("W` is transposed")
def transposed(x, z, penalty):
    W, b = build_bridge(x, z, penalty)
    return W.T, b


@bridge.mistake("pulled towards zero")
def intercept_penalised(x, z, penalty):
    return _stacked(x, z, penalty, 1)


@bridge.mistake("plain least squares")
def no_penalty(x, z, penalty):
    return build_bridge(x, z, 0)


@bridge.mistake("n times too strong")
def times_n(x, z, penalty):
    return build_bridge(x, z, len(x) * penalty)


@bridge.mistake("rewards large matrices")
def wrong_sign(x, z, penalty):
    return build_bridge(x, z, -penalty)


@bridge.mistake("`b` is the mean of `z`")
def mean_of_z(x, z, penalty):
    return build_bridge(x, z, penalty)[0], z.mean(0)
