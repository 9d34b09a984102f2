"""A grid of regions whose neighbours agree: the Potts field, and three ways to label it.

    score(y) = sum_cells unary[cell, y_cell] + strength · (number of neighbouring cells with the same label)
    p(y) = exp(score(y)) / (the sum of this over all labellings)

Exact inference fails on large grids: elimination builds tables over a whole row. The three ways look at one cell at a
time, its neighbours held fixed, and differ in what they do then: ``icm`` takes the best label, ``gibbs`` draws one,
``mean_field`` keeps the whole distribution. Cells are updated like the squares of a chessboard, first the white ones,
then the black: no two of one colour are neighbours.

Sources: Geman and Geman (1984), "Stochastic relaxation, Gibbs distributions, and the Bayesian restoration of images";
Besag (1986), "On the statistical analysis of dirty pictures".
"""

from functools import partial

import numpy as np
from scipy.special import softmax

from mmcourse._machinery.checks import as_numbers, check_number, check_type, check_whole
from mmcourse.graphical.chain import logarithms
from mmcourse.graphical.factor import Factor


def _neighbours(values):
    """The sum of ``values`` (..., rows, columns, k) over the up to four neighbours of each cell."""
    total = np.zeros_like(values)
    total[..., 1:, :, :] += values[..., :-1, :, :]
    total[..., :-1, :, :] += values[..., 1:, :, :]
    total[..., 1:, :] += values[..., :-1, :]
    total[..., :-1, :] += values[..., 1:, :]
    return total


def _one_hot(labels, k):
    return np.eye(k)[labels]


_softmax = partial(softmax, axis=-1)  # over the labels


def _checked(unary, strength, **counts):
    """The log-potentials as an array, after all was checked; ``counts``: sweeps, from 1."""
    check_number("a finite number", strength=strength)
    check_whole(**counts)
    unary = logarithms("unary", unary, 3)
    if not unary.shape[-1] or not (unary > -np.inf).any(axis=-1).all():
        raise ValueError(f"Received: unary of shape {unary.shape}, a cell without any label. Allowed: one that can be.")
    return unary


def _checked_labels(labels, shape, k):
    labels = as_numbers("labels", labels, whole=True, empty=True)
    if labels.shape != shape or not ((labels >= 0) & (labels < k)).all():
        ends = f", from {labels.min()} to {labels.max()}" if labels.size else ""
        raise ValueError(f"Received: labels of shape {labels.shape}{ends}. Allowed: {shape}, 0 to {k - 1}.")
    return labels


def _sweeps(unary, strength, belief, update, sweeps):
    """Yields the belief (..., rows, columns, k) after each sweep; ``update``: log-potentials -> new beliefs."""
    rows, columns = unary.shape[-3:-1]
    white = np.add.outer(np.arange(rows), np.arange(columns)) % 2 == 0
    for _ in range(sweeps):
        belief = belief.copy()
        for turn in (white, ~white):
            score = unary + strength * _neighbours(belief)
            belief[..., turn, :] = update(score[..., turn, :])
        yield belief


def icm(unary, strength, sweeps=10):
    """Iterated conditional modes: every cell takes its best label, given its neighbours -> labels, int64
    (..., rows, columns).

    Starts from the best label of each cell alone. No sweep lowers the score, so it ends on a hilltop, not necessarily
    the highest. ``unary``: log-potentials (..., rows, columns, labels); ``strength``: a float. Raises ValueError for
    fewer axes, NaN or +inf (-inf: this label cannot be), and sweeps below 1. Source: Besag (1986).
    """
    unary = _checked(unary, strength, sweeps=sweeps)
    k = unary.shape[-1]
    belief = _one_hot(unary.argmax(axis=-1), k)
    for after in _sweeps(unary, strength, belief, lambda score: _one_hot(score.argmax(axis=-1), k), sweeps):
        if np.array_equal(after, belief):
            break
        belief = after
    return belief.argmax(axis=-1)


def mean_field(unary, strength, sweeps=20):
    """The closest product of independent distributions, one for each cell -> float64 (..., rows, columns, labels).

        q_cell(y) ∝ exp(unary[cell, y] + strength · sum of q_neighbour(y))

    Each update lowers the Kullback-Leibler divergence from q to p; it is too sure of itself where cells depend
    strongly. Arguments as for ``icm``. Source: Koller and Friedman (2009), section 11.5.
    """
    unary = _checked(unary, strength, sweeps=sweeps)
    *_, belief = _sweeps(unary, strength, _softmax(unary), _softmax, sweeps)
    return belief


def gibbs(unary, strength, rng, sweeps=200, burn_in=50):
    """Marginals by drawing: every cell's label is drawn given its neighbours, again and again -> float64
    (..., rows, columns, labels), shares that sum to one.

    Right in the limit of many sweeps; the first ``burn_in`` are thrown away. Counted is each draw's *distribution*
    rather than the label drawn, which has the same mean and varies less. ``rng``: a NumPy generator; the rest as for
    ``icm``. Source: Geman and Geman (1984).
    """
    unary = _checked(unary, strength, sweeps=sweeps)
    check_whole(0, burn_in=burn_in)
    check_type(np.random.Generator, "a NumPy generator, such as np.random.default_rng(0)", rng=rng)
    k, total = unary.shape[-1], np.zeros(unary.shape)

    def draw(score):
        edges = np.cumsum(_softmax(score), axis=-1)
        chosen = (rng.random((*score.shape[:-1], 1)) >= edges).sum(axis=-1)
        return _one_hot(np.minimum(chosen, k - 1), k)

    start = draw(unary)
    for sweep, belief in enumerate(_sweeps(unary, strength, start, draw, burn_in + sweeps)):
        if sweep >= burn_in:
            total += _softmax(unary + strength * _neighbours(belief))
    return total / sweeps


def grid_score(unary, strength, labels):
    """The score of labels (..., rows, columns), as above -> float64 (...). Raises ValueError for other labels than the
    grid has, and as ``icm``."""
    unary = _checked(unary, strength)
    labels = _checked_labels(labels, unary.shape[:-1], unary.shape[-1])
    own = np.take_along_axis(unary, labels[..., None], axis=-1)[..., 0].sum(axis=(-2, -1))
    same = (labels[..., 1:, :] == labels[..., :-1, :]).sum(axis=(-2, -1))
    same = same + (labels[..., 1:] == labels[..., :-1]).sum(axis=(-2, -1))
    return own + strength * same


def grid_factors(unary, strength):
    """One grid as a list of ``Factor``, its cells named "row,column", for exact inference where it is small.

    ``unary``: (rows, columns, labels).
    """
    unary = _checked(unary, strength)
    if unary.ndim != 3:
        raise ValueError(f"Received: unary of shape {unary.shape}. Allowed: (rows, columns, labels), one grid.")
    rows, columns, k = unary.shape
    agree = np.exp(strength * np.eye(k))
    factors = []
    for i, j in np.ndindex(rows, columns):
        factors.append(Factor((f"{i},{j}",), np.exp(unary[i, j] - unary[i, j].max())))
        factors += [
            Factor((f"{i},{j}", f"{a},{b}"), agree) for a, b in ((i + 1, j), (i, j + 1)) if a < rows and b < columns
        ]
    return factors


def learn_grid(labels, features, neighbours=True, steps=50, penalty=1e-4):
    """Learns a grid's weights from labelled pictures, all of them together: (weights (f,), strength).

        unary[cell, y] = sum_k weight_k · features[cell, y, k]

    The likelihood of a whole grid needs a sum over all labellings. The *pseudo-likelihood* is the product, over the
    cells, of p(label of the cell | labels of its neighbours), which needs a sum over the labels of one cell only. Its
    gradient is once more, for each feature and for the number of neighbours that agree, what is observed less what is
    expected, here given the neighbours.

    - ``labels``: int (n, rows, columns); ``features``: (n, rows, columns, labels, f);
    - ``neighbours``: False leaves them out, for a model of single cells; the strength is then 0;
    - ``steps``, ``penalty``: of Newton's method at most, and the weight of half the sum of squared weights.

    Returns (float64 (f,), float). Source: Besag (1975), "Statistical analysis of non-lattice data". Raises ValueError
    for shapes that do not fit, features that are not finite, labels out of range, and steps or a penalty below 0.
    """
    check_whole(steps=steps)
    check_number("0 or more", at_least=0, penalty=penalty)
    features = as_numbers("features", features, "n rows columns labels f", finite=True).astype("float64")
    shape = np.shape(labels)  # one set of features, of length 1 along an axis, may stand for all cells
    fits = len(shape) == 3 and all(a in (1, b) for a, b in zip(features.shape, shape, strict=False))
    labels = _checked_labels(labels, shape if fits else features.shape[:-2], features.shape[-2])
    agree = neighbours * _neighbours(_one_hot(labels, features.shape[-2]))[..., None]
    x = np.concatenate([np.broadcast_to(features, (*agree.shape[:-1], features.shape[-1])), agree], axis=-1)
    x = x.reshape(-1, *x.shape[-2:])  # (cells, labels, f + 1)
    # A cell counts through what differs between its labels; equal cells are counted together.
    x, y = x - x[:, :1], labels.reshape(-1)
    rows, counts = np.unique(np.concatenate([x.reshape(len(x), -1), y[:, None]], axis=1), axis=0, return_counts=True)
    x, y, share = rows[:, :-1].reshape(len(rows), *x.shape[1:]), rows[:, -1].astype(int), counts / counts.sum()
    observed = share @ x[np.arange(len(y)), y]

    def height(weights):
        score = x @ weights
        top = score.max(axis=1)
        log_sum = top + np.log(np.exp(score - top[:, None]).sum(axis=1))
        return observed @ weights - share @ log_sum - penalty / 2 * weights @ weights

    weights = np.zeros(x.shape[-1])
    for _ in range(steps):  # concave, with few weights: Newton's method, each step halved until it does not go down
        p = _softmax(x @ weights)
        expected = np.einsum("i,il,ilf->f", share, p, x)
        within = x - np.einsum("il,ilf->if", p, x)[:, None]
        curve = np.einsum("i,il,ilf,ilg->fg", share, p, within, within) + penalty * np.eye(len(weights))
        step = np.linalg.solve(curve, observed - expected - penalty * weights)
        while np.abs(step).max() > 1e-9 and height(weights + step) < height(weights):
            step = step / 2
        if np.abs(step).max() <= 1e-9:
            break
        weights = weights + step
    return weights[:-1], float(weights[-1])
