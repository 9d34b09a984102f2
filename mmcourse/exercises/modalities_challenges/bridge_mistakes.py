"""What goes wrong in `modalities_challenges.bridge`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.modalities_challenges.bridge import bridge, build_bridge, stacked


def _ridge(x, z, penalty):
    """The bridge through the origin. ``penalty`` may be a matrix."""
    return np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ z)


def _best(x, z, W):
    """With the intercept that suits this matrix."""
    return W, z.mean(0) - x.mean(0) @ W


@bridge.mistake(
    "The data were not centred, so that the map has to spend its matrix on the distance between the means: this is the "
    "bridge through the origin."
)
def not_centred(x, z, penalty):
    return _ridge(x, z, penalty), np.zeros(z.shape[1])


@bridge.mistake(
    "`W` is made of data that are not centred, so that it has to bridge the distance between the means as well. A good "
    "`b` cannot repair that."
)
def not_centred_but_shifted(x, z, penalty):
    return _best(x, z, _ridge(x, z, penalty))


@bridge.mistake("Only `z` is centred. Take the mean away from `x` as well.")
def only_z_centred(x, z, penalty):
    return _best(x, z, _ridge(x, z - z.mean(0), penalty))


@bridge.mistake("You took one number away from all columns. Each column has a mean of its own: `axis=0`.")
def one_mean(x, z, penalty):
    return _best(x, z, _ridge(x - x.mean(), z - z.mean(), penalty))


@bridge.mistake("You centred each *row*. A mean over the pairs is taken away from each column: `axis=0`.")
def rows_centred(x, z, penalty):
    return _best(x, z, _ridge(x - x.mean(1, keepdims=True), z - z.mean(1, keepdims=True), penalty))


@bridge.mistake("`W` is transposed: rows of `x` are multiplied from the left, so it has the shape (d, c).")
def transposed(x, z, penalty):
    W, b = build_bridge(x, z, penalty)
    return W.T, b


@bridge.mistake("This bridge leads from `z` to `x`. Asked is the way from `x` to `z`.")
def other_way(x, z, penalty):
    return build_bridge(z, x, penalty)


@bridge.mistake("The intercept is penalised, too: it is pulled towards zero.")
def intercept_penalised(x, z, penalty):
    return stacked(x, z, penalty, 1)


@bridge.mistake("The penalty is missing: this is plain least squares.")
def no_penalty(x, z, penalty):
    return build_bridge(x, z, 0)


@bridge.mistake("The penalty is n times too strong. The sum of squares here is a sum over pairs, not a mean.")
def times_n(x, z, penalty):
    return build_bridge(x, z, len(x) * penalty)


@bridge.mistake(
    "The penalty is n - 1 times too strong, as with `np.cov`. The sum of squares here is a sum over pairs, not a mean."
)
def times_n_less_one(x, z, penalty):
    return build_bridge(x, z, (len(x) - 1) * penalty)


@bridge.mistake("The penalty is divided by n. It is multiplied as it is: both sums are sums.")
def divided_by_n(x, z, penalty):
    return build_bridge(x, z, penalty / len(x))


@bridge.mistake("The sign of the penalty is wrong: it rewards large matrices.")
def wrong_sign(x, z, penalty):
    return build_bridge(x, z, -penalty)


@bridge.mistake("You squared the penalty. It is multiplied as it is.")
def squared(x, z, penalty):
    return build_bridge(x, z, penalty**2)


@bridge.mistake("You took the root of the penalty. That is right for rows added to the data, not for `x.T @ x`.")
def root(x, z, penalty):
    return build_bridge(x, z, np.sqrt(penalty))


@bridge.mistake("The penalty is twice too strong: where a derivative has a 2, both sums have it.")
def twice(x, z, penalty):
    return build_bridge(x, z, 2 * penalty)


@bridge.mistake("The penalty is half as strong as asked for: where a derivative has a 2, both sums have it.")
def half(x, z, penalty):
    return build_bridge(x, z, penalty / 2)


@bridge.mistake("The penalty is 1, whatever was asked for. Use `penalty`.")
def one(x, z, penalty):
    return build_bridge(x, z, 1.0)


@bridge.mistake("You added the penalty to every entry of `x.T @ x`. It belongs on the diagonal: times `np.eye`.")
def everywhere(x, z, penalty):
    xc = x - x.mean(0)
    return _best(x, z, np.linalg.solve(xc.T @ xc + penalty, xc.T @ z))


@bridge.mistake("You scaled the columns of `x` to the deviation 1. Then the penalty weighs another matrix.")
def standardised(x, z, penalty):
    deviation = x.std(0)
    return _best(x, z, _ridge((x - x.mean(0)) / deviation, z - z.mean(0), penalty) / deviation[:, None])


@bridge.mistake(
    "You scaled the columns of `x` to the deviation 1, and your `W` is for the scaled `x`. It is for `x` as it comes."
)
def for_scaled(x, z, penalty):
    return _best(x, z, _ridge((x - x.mean(0)) / x.std(0), z - z.mean(0), penalty))


@bridge.mistake("The data are not centred, and the penalty is missing: plain least squares through the origin.")
def plain_through_the_origin(x, z, penalty):
    return _ridge(x, z, 0), np.zeros(z.shape[1])


@bridge.mistake(
    "You scaled the columns of `x` to the deviation 1, and `W` and `b` are for the scaled `x`, not for `x` as it comes."
)
def for_scaled_with_its_b(x, z, penalty):
    return build_bridge((x - x.mean(0)) / x.std(0), z, penalty)


@bridge.mistake(
    "`W` comes from `x` as it is, without a penalty. Centre the data and add the penalty; `b` cannot repair that."
)
def plain_but_shifted(x, z, penalty):
    return _best(x, z, _ridge(x, z, 0))


@bridge.mistake("The penalty is missing, and `b` is zero.")
def no_penalty_no_b(x, z, penalty):
    return build_bridge(x, z, 0)[0], np.zeros(z.shape[1])


@bridge.mistake("`x.T @ x` is of the centred data, `x.T @ z` is not. Centre both.")
def right_side_not_centred(x, z, penalty):
    xc = x - x.mean(0)
    return _best(x, z, np.linalg.solve(xc.T @ xc + penalty * np.eye(x.shape[1]), x.T @ z))


@bridge.mistake("You shrink plain least squares by 1 + penalty. That is the same only where `x.T @ x` is the identity.")
def shrunk(x, z, penalty):
    return _best(x, z, build_bridge(x, z, 0)[0] / (1 + penalty))


@bridge.mistake("You divide `x.T @ x` by n, but not `x.T @ z`. Divide neither: these are sums over pairs.")
def half_divided(x, z, penalty):
    xc = x - x.mean(0)
    return _best(x, z, np.linalg.solve(xc.T @ xc / len(x) + penalty * np.eye(x.shape[1]), xc.T @ z))


@bridge.mistake(
    "You scaled `z` to the deviation 1, and your bridge leads to the scaled `z`. It leads to `z` as it comes."
)
def to_scaled(x, z, penalty):
    return build_bridge(x, (z - z.mean(0)) / z.std(0), penalty)


@bridge.mistake("You allow rotations only. Any matrix may be `W`; what holds it back is the penalty.")
def rotation(x, z, penalty):
    u, _, v = np.linalg.svd((x - x.mean(0)).T @ (z - z.mean(0)), full_matrices=False)
    return _best(x, z, u @ v)


@bridge.mistake("You took away the first pair. Take away the *means*.")
def first_pair_taken_away(x, z, penalty):
    W = _ridge(x - x[0], z - z[0], penalty)
    return W, z[0] - x[0] @ W


@bridge.mistake("You took away the medians. Take away the *means*.")
def medians(x, z, penalty):
    return _best(x, z, _ridge(x - np.median(x, 0), z - np.median(z, 0), penalty))


@bridge.mistake("The penalty is d times too strong: it weighs the sum of squares of `W`, not its mean over rows.")
def times_d(x, z, penalty):
    return build_bridge(x, z, x.shape[1] * penalty)


@bridge.mistake("The penalty is divided by the number of columns of `z`. It is multiplied as it is.")
def divided_by_c(x, z, penalty):
    return build_bridge(x, z, penalty / z.shape[1])


@bridge.mistake("`b` is the median of what is left. The sum of squares is least for its *mean*.")
def median_of_what_is_left(x, z, penalty):
    W, _ = build_bridge(x, z, penalty)
    return W, np.median(z - x @ W, axis=0)


@bridge.mistake("You return `x.T @ z` for the centred data. The equations are still to be solved.")
def not_solved(x, z, penalty):
    return _best(x, z, (x - x.mean(0)).T @ (z - z.mean(0)))


@bridge.mistake("You multiply by the matrix that has to be inverted: solve the equations, `np.linalg.solve`.")
def not_inverted(x, z, penalty):
    xc = x - x.mean(0)
    return _best(x, z, (xc.T @ xc + penalty * np.eye(x.shape[1])) @ xc.T @ z)


@bridge.mistake(
    "`b` is the mean of `z`. That is right for a centred `x`; for `x` as it comes, take away what `W` makes of its "
    "mean."
)
def mean_of_z(x, z, penalty):
    return build_bridge(x, z, penalty)[0], z.mean(0)


@bridge.mistake("`b` is zero. That is right where both are centred, and these data are not.")
def zero(x, z, penalty):
    return build_bridge(x, z, penalty)[0], np.zeros(z.shape[1])


@bridge.mistake("`b` has the wrong sign: what `W` makes of the mean of `x` is taken away from the mean of `z`.")
def minus(x, z, penalty):
    W, b = build_bridge(x, z, penalty)
    return W, -b


@bridge.mistake("You add what `W` makes of the mean of `x`. It is taken away from the mean of `z`.")
def added(x, z, penalty):
    W, _ = build_bridge(x, z, penalty)
    return W, z.mean(0) + x.mean(0) @ W


@bridge.mistake("`b` is what `W` makes of the mean of `x`. Take it away from the mean of `z`.")
def image_of_the_mean(x, z, penalty):
    W, _ = build_bridge(x, z, penalty)
    return W, x.mean(0) @ W


@bridge.mistake("`b` lacks the mean of `z`: take what `W` makes of the mean of `x` away from it.")
def without_mean_of_z(x, z, penalty):
    W, _ = build_bridge(x, z, penalty)
    return W, -x.mean(0) @ W


@bridge.mistake("In `b` the mean of `x` is one number over all columns. Each column has its own mean: `axis=0`.")
def one_mean_in_b(x, z, penalty):
    W, _ = build_bridge(x, z, penalty)
    return W, z.mean(0) - x.mean() * W.sum(0)


@bridge.mistake("The mean of `z` is in your `b` twice. It is there once, less what `W` makes of the mean of `x`.")
def mean_of_z_twice(x, z, penalty):
    W, b = build_bridge(x, z, penalty)
    return W, b + z.mean(0)


@bridge.mistake("`b` is what is left for the first pair. It makes the *mean* over all pairs right.")
def first_pair(x, z, penalty):
    W, _ = build_bridge(x, z, penalty)
    return W, z[0] - x[0] @ W


@bridge.mistake("You return what is left for each pair. `b` is one vector for all: its mean over the pairs.")
def residuals(x, z, penalty):
    W, _ = build_bridge(x, z, penalty)
    return W, z - x @ W


@bridge.mistake("`b` is one number, a mean over the columns too. Each column of `z` has a number of its own.")
def one_intercept(x, z, penalty):
    W, b = build_bridge(x, z, penalty)
    return W, b.mean()


@bridge.mistake(
    "What `W` makes of `x` is averaged over its columns as well. Each column of `z` has a number of its own."
)
def one_image(x, z, penalty):
    W, _ = build_bridge(x, z, penalty)
    return W, z.mean(0) - (x @ W).mean()


@bridge.mistake("`b` is a sum over the pairs. It is n times too large: take the mean.")
def summed(x, z, penalty):
    W, b = build_bridge(x, z, penalty)
    return W, len(x) * b


@bridge.mistake(said="in another order")
def b_first(x, z, penalty):
    return build_bridge(x, z, penalty)[::-1]


@bridge.mistake(said="Your function changes its input `x`.")
def in_place(x, z, penalty):
    x -= x.mean(axis=0)
    return _ridge(x, z, penalty), z.mean(axis=0)


@bridge.mistake("Each row of `x` was divided by its length. The bridge is for `x` as it comes.")
def rows_of_length_one(x, z, penalty):
    return build_bridge(x / np.linalg.norm(x, axis=1, keepdims=True), z, penalty)


@bridge.mistake(
    "The last row of `W` is not penalised. All of `W` is; `b` alone is free, and no column of `x` is made of ones."
)
def last_row_free(x, z, penalty):
    d = x.shape[1]
    return _best(x, z, _ridge(x - x.mean(0), z - z.mean(0), penalty * np.diag(np.arange(d) < d - 1)))


@bridge.mistake("`b` belongs to plain least squares, without a penalty. It has to suit your `W`.")
def b_of_plain(x, z, penalty):
    return build_bridge(x, z, penalty)[0], build_bridge(x, z, 0)[1]


@bridge.mistake("`b` is one number, a mean over the columns too. Each column of `z` has a number of its own.")
def one_intercept_repeated(x, z, penalty):
    W, b = build_bridge(x, z, penalty)
    return W, np.full_like(b, b.mean())


def _with_ones(x, z, penalty, first, free):
    """Solved with a column of ones, the first or the last; the entry ``free`` is not penalised."""
    a = np.c_[np.ones(len(x)), x] if first else np.c_[x, np.ones(len(x))]
    rows = penalty * np.eye(a.shape[1])
    rows[free, free] = 0
    return np.linalg.solve(a.T @ a + rows, a.T @ z)


OTHER_FREE = (
    "The wrong place of the diagonal is free of the penalty. It is the place of the column of ones that is free, and "
    "no other: then `b` alone is not penalised."
)


@bridge.mistake(OTHER_FREE)
def last_free_ones_first(x, z, penalty):
    found = _with_ones(x, z, penalty, True, -1)
    return found[1:], found[0]


@bridge.mistake(OTHER_FREE)
def first_free_ones_last(x, z, penalty):
    found = _with_ones(x, z, penalty, False, 0)
    return found[:-1], found[-1]


TAKEN = (
    "You take `b` from the wrong end: where the column of ones comes first, `b` is the first row of what you solve "
    "for, and where it comes last the last one."
)


@bridge.mistake(TAKEN)
def last_row_for_b(x, z, penalty):
    found = _with_ones(x, z, penalty, True, 0)
    return found[:-1], found[-1]


@bridge.mistake(TAKEN)
def first_row_for_b(x, z, penalty):
    found = _with_ones(x, z, penalty, False, -1)
    return found[1:], found[0]


@bridge.mistake("You return `x`, mapped, in the place of the matrix that maps it. `W` has the shape (d, c).")
def mapped(x, z, penalty):
    W, b = build_bridge(x, z, penalty)
    return x @ W + b, b


@bridge.mistake("You return `x`, mapped, in the place of the matrix that maps it. `W` has the shape (d, c).")
def mapped_without_b(x, z, penalty):
    W, b = build_bridge(x, z, penalty)
    return x @ W, b


@bridge.mistake("The penalty is added after `x.T @ x` is inverted. It belongs inside: on the diagonal of `x.T @ x`.")
def added_after(x, z, penalty):
    xc = x - x.mean(0)
    return _best(x, z, (np.linalg.inv(xc.T @ xc) + penalty * np.eye(x.shape[1])) @ xc.T @ z)


@bridge.mistake(
    "You scaled `x` and `z` to the deviation 1, and your bridge is for the scaled ones. It is for both as they come."
)
def both_scaled(x, z, penalty):
    W = _ridge((x - x.mean(0)) / x.std(0), (z - z.mean(0)) / z.std(0), penalty)
    return W, np.zeros(z.shape[1])


@bridge.mistake("You take the first column of `z` for all. Every column has a map of its own.")
def first_column(x, z, penalty):
    W, b = build_bridge(x, z, penalty)
    return W[:, :1], b[:1]


@bridge.mistake("The penalty is never below a small number with you. Where it is 0, nothing is penalised.")
def hundredth_at_least(x, z, penalty):
    return build_bridge(x, z, max(penalty, 0.01))


@bridge.mistake("You add the penalty to `x` itself. It belongs on the diagonal of `x.T @ x`.")
def added_to_x(x, z, penalty):
    xc = x - x.mean(0)
    return _best(x, z, np.linalg.pinv(xc + penalty * np.eye(*x.shape)) @ (z - z.mean(0)))


@bridge.mistake(
    "The singular values are divided wrongly: each s becomes 1 / (s + penalty) with you, and s / (s² + penalty) is "
    "right."
)
def singular_values(x, z, penalty):
    u, s, v = np.linalg.svd(x - x.mean(0), full_matrices=False)
    return _best(x, z, (v.T / (s + penalty)) @ u.T @ (z - z.mean(0)))


@bridge.mistake(
    "You look at each column of `x` alone, the diagonal of `x.T @ x`. The columns go together: solve the equations."
)
def each_column_alone(x, z, penalty):
    xc = x - x.mean(0)
    return _best(x, z, xc.T @ (z - z.mean(0)) / ((xc**2).sum(0) + penalty)[:, None])


@bridge.mistake("The penalty is multiplied by the mean of the diagonal of `x.T @ x`. It is added as it is.")
def relative_penalty(x, z, penalty):
    xc = x - x.mean(0)
    return build_bridge(x, z, penalty * (xc**2).sum() / x.shape[1])


@bridge.mistake("The penalty is multiplied by n and divided by d. It is added as it is.")
def times_n_over_d(x, z, penalty):
    return build_bridge(x, z, penalty * len(x) / x.shape[1])


@bridge.mistake("The penalty is divided by d. It is added as it is.")
def divided_by_d(x, z, penalty):
    return build_bridge(x, z, penalty / x.shape[1])


@bridge.mistake("The penalty is multiplied by the number of columns of `z`. It is added as it is.")
def times_c(x, z, penalty):
    return build_bridge(x, z, penalty * z.shape[1])


@bridge.mistake("In `b` the median of `x` stands for its mean.")
def median_in_b(x, z, penalty):
    W, _ = build_bridge(x, z, penalty)
    return W, z.mean(0) - np.median(x, axis=0) @ W


@bridge.mistake("In `b` the medians stand for the means.")
def medians_in_b(x, z, penalty):
    W, _ = build_bridge(x, z, penalty)
    return W, np.median(z, axis=0) - np.median(x, axis=0) @ W


@bridge.mistake("You learn from half of the pairs only. All of them count.")
def first_half(x, z, penalty):
    return build_bridge(x[: len(x) // 2], z[: len(x) // 2], penalty)


@bridge.mistake("You learn from all pairs but the last one. All of them count.")
def all_but_the_last(x, z, penalty):
    return build_bridge(x[:-1], z[:-1], penalty)


@bridge.mistake("You penalise `b` and leave `W` free. It is the other way round.")
def only_b_penalised(x, z, penalty):
    d = x.shape[1]
    a = np.c_[x, np.ones(len(x))]
    found = np.linalg.solve(a.T @ a + np.diag([0] * d + [penalty]), a.T @ z)
    return found[:d], found[d]


@bridge.mistake("The first row of `W` is not penalised. All of `W` is; `b` alone is free.")
def first_row_free(x, z, penalty):
    return _best(x, z, _ridge(x - x.mean(0), z - z.mean(0), penalty * np.diag(np.arange(x.shape[1]) > 0)))


@bridge.mistake(
    "From `x` you take one number away, from `z` the mean of each column. Each column of `x` has its own mean, too."
)
def one_mean_of_x(x, z, penalty):
    return _best(x, z, _ridge(x - x.mean(), z - z.mean(0), penalty))


@bridge.mistake("You divide `x.T @ x` by n - 1, but not `x.T @ z`. Divide neither: these are sums over pairs.")
def half_divided_by_one_less(x, z, penalty):
    xc = x - x.mean(0)
    return _best(x, z, np.linalg.solve(xc.T @ xc / (len(x) - 1) + penalty * np.eye(x.shape[1]), xc.T @ z))


@bridge.mistake("You divide `x.T @ z` by n, but not `x.T @ x`. Divide neither: these are sums over pairs.")
def other_half_divided(x, z, penalty):
    W, _ = build_bridge(x, z, penalty)
    return _best(x, z, W / len(x))


@bridge.mistake("Your `W` has a row too many, that of the column of ones. This row is `b`, and not a part of `W`.")
def row_too_many(x, z, penalty):
    found = _with_ones(x, z, penalty, False, -1)
    return found, found[-1]


@bridge.mistake("Your `W` has a row too many, that of the column of ones. This row is `b`, and not a part of `W`.")
def first_row_too_many(x, z, penalty):
    found = _with_ones(x, z, penalty, True, 0)
    return found, found[0]


@bridge.mistake("`b` is the sum of what is left, divided by d. Divide by the number of pairs.")
def divided_by_columns(x, z, penalty):
    W, b = build_bridge(x, z, penalty)
    return W, len(x) * b / x.shape[1]
