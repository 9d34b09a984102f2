"""What a cloud of vectors is like: are pairs near, is the space used, has it collapsed?"""

import numpy as np

from mmcourse._machinery.checks import as_numbers


def alignment(a, b):
    """The mean squared distance of pairs, unit vectors (n, d) and (n, d) -> a float, 0 the best, 4 the worst (Wang and
    Isola, 2020, "Understanding contrastive representation learning through alignment and uniformity on the
    hypersphere", with exponent 2). Vectors are normalised first."""
    a, b = _unit(a), _unit(b)
    if a.shape != b.shape:
        raise ValueError(f"Pairs have equal shapes. Received: {a.shape} and {b.shape}.")
    return float(np.mean(np.sum((a - b) ** 2, axis=1)))


def uniformity(x):
    """ln of the mean of exp(-2 D²) over all pairs of different rows of (n, d), D their distance as unit vectors (Wang
    and Isola, 2020): 0 where all are equal, lower the more evenly they cover the sphere. At least two rows."""
    x = _unit(x)
    if len(x) < 2:
        raise ValueError(f"Received: {len(x)} vectors. Allowed: two or more.")
    squared = np.maximum(2 - 2 * x @ x.T, 0)[~np.eye(len(x), dtype=bool)]
    return float(np.log(np.mean(np.exp(-2 * squared))))


def effective_rank(x):
    """How many directions a cloud (n, d) of unit vectors uses: e to the entropy of its singular values as shares of
    their sum (Roy and Vetterli, 2007, "The effective rank: a measure of effective dimensionality"). Between 1, where
    all vectors lie on one line, and min(n, d). Vectors are normalised first; 0.0 where all are zero."""
    values = np.linalg.svd(_unit(x), compute_uv=False)
    if not values.any():
        return 0.0
    share = values[values > 0] / values.sum()
    return float(np.exp(-np.sum(share * np.log(share))))


def _unit(x):
    x = as_numbers("vectors", x, "n d", finite=True).astype("float64")
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
