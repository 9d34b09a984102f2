"""Does attention point at the right thing? Weights over cells, scored against the cells that are right."""

import numpy as np

from mmcourse._machinery.checks import as_numbers, check_number, check_one_of, check_whole

TIES = ("worst", "shared")


def pointing(weights, right, ties="worst"):
    """Whether the cell with the largest weight is right (the pointing game of Zhang et al., 2016, "Top-down neural
    attention by excitation backprop") -> float64 (n,), 1 or 0 for each query, or a share where ties are shared.

    Args:
        weights: (n, m), not negative: how much each query looks at each cell. right: bool (n, m), the right cells.
        ties: what it means that several cells have the largest weight, up to rounding (1e-6 of it). "worst": it counts
            only if all of them are right, so that a model that looks everywhere alike gets nothing by luck. "shared":
            the share of them that is right, which is what a draw among them gets; equal weights get chance.
    Raises:
        ValueError: shapes that differ, no cells, weights that are negative or not finite, an unknown ``ties``.
    """
    weights, right = _checked(weights, right)
    check_one_of(TIES, ties=ties)
    largest = weights >= weights.max(axis=1, keepdims=True) * (1 - 1e-6)
    share = (largest & right).sum(axis=1) / largest.sum(axis=1)
    return np.floor(share) if ties == "worst" else share


def attention_mass(weights, right):
    """The share of each query's weight that lies on the right cells, float64 (n,); 0 where there is no weight at all.
    Arguments and errors as of ``pointing``."""
    weights, right = _checked(weights, right)
    total = weights.sum(axis=1)
    return np.divide((weights * right).sum(axis=1), total, out=np.zeros(len(weights)), where=total > 0)


def centre_prior(rows, columns, width=0.25):
    """Weights of one who always looks at the middle, as photographers and viewers do: a Gaussian over the cells'
    centres, float64 (rows, columns), sum 1. ``width``: its standard deviation, as a share of the picture's sides.

    Of an even number of cells the middle ones tie: score it with ``ties="shared"``, or it is punished for that.
    """
    check_whole(rows=rows, columns=columns)
    check_number("above 0", above=0, width=width)
    down, across = (np.exp(-0.5 * (((np.arange(n) + 0.5) / n - 0.5) / width) ** 2) for n in (rows, columns))
    prior = down[:, None] * across
    return prior / prior.sum()


def _checked(weights, right):
    weights = as_numbers("weights", weights, empty=True).astype("float64")
    right = as_numbers("right", right, empty=True)
    if weights.ndim != 2 or weights.shape != right.shape or not weights.shape[1]:
        raise ValueError(
            f"Received: weights of shape {weights.shape}, right of shape {right.shape}. Allowed: both (n, m), m >= 1."
        )
    if right.dtype != bool:
        raise ValueError(f"Received: right of dtype {right.dtype}. Allowed: bool.")
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError("Weights are finite and not negative. Received: some that are not.")
    return weights, right
