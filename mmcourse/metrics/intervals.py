"""How far a mean could have been another if other examples had been drawn."""

import numpy as np

from mmcourse._machinery.checks import as_numbers, check_finite, check_number, check_whole, generator


def mean_interval(values, groups=None, resamples=1000, seed=0, level=0.95):
    """The bootstrap interval of a mean (Efron, 1979, "Bootstrap methods: another look at the jackknife").

    Examples are drawn with replacement, as many as there are; the interval holds the middle share ``level`` of the
    means of such draws. Examples that belong together are drawn together: the five captions of one picture are no five
    independent witnesses, and an interval that takes them for such is too narrow.

    Args:
        values: (n,), numbers or bool, one score an example.
        groups: (n,), what each example belongs to, say its picture; None: each to itself.
        resamples: how many draws. seed: of the draws. level: between 0 and 1.
    Returns:
        (low, high), floats. (Resampling tells of the choice of examples only, not of other seeds in training.)
    Raises:
        ValueError: no values, not one axis, NaN, not one group for each; resamples or a level out of range.
    """
    check_whole(resamples=resamples)
    check_number("between 0 and 1", above=0, at_most=1 - 1e-12, level=level)
    values = as_numbers("values", values, "n", finite=True).astype("float64")
    totals, sizes = values, np.ones(len(values))
    if groups is not None:
        groups = np.asarray(groups)
        if groups.ndim != 1 or len(groups) != len(values):
            many = f"{len(groups)} groups" if groups.ndim == 1 else f"groups of shape {groups.shape}"
            raise ValueError(f"Received: {many} for {len(values)} values. Allowed: one for each.")
        if groups.dtype.kind == "f":
            check_finite(groups=groups)
        try:
            _, place = np.unique(groups, return_inverse=True)
        except TypeError:
            raise ValueError("Received: groups of several kinds. Allowed: all str, or all numbers.") from None
        totals, sizes = np.bincount(place, values), np.bincount(place)
    rng, n = generator(seed), len(totals)
    means, block = np.empty(resamples), max(1, 65536 // n)  # draws at a time, so that memory does not grow with them
    for first in range(0, resamples, block):
        chosen = rng.integers(n, size=(min(block, resamples - first), n))
        means[first : first + block] = totals[chosen].sum(1) / sizes[chosen].sum(1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
