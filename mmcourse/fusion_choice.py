"""Choosing a method by experiment: one network trained again and again, and differences of paired runs."""

import math

from scipy.stats import t as student

from mmcourse._machinery.checks import as_numbers, check_number
from mmcourse._machinery.repeated import Repeated, take

__all__ = ["Repeated", "interval", "paired_difference", "seeds_needed", "take"]

MOST = 1_000_000  # runs


def paired_difference(first, second, confidence=0.95):
    """How much better ``first`` is than ``second``, run by run: the mean difference, and the ends of its interval.

        d̄ ± t · s / √n,   s² = Σᵢ (dᵢ − d̄)² / (n − 1)

    with t the quantile of Student's distribution with n − 1 degrees of freedom (Student, 1908, "The probable error of a
    mean"). Whatever both runs of a pair share (items, draws, luck) is gone from d.

    Args:
        first, second: scores (n,); entry i of both comes from the same draw of items and the same seed.
        confidence: between 0 and 1.
    Returns:
        mean, low, high, floats.
    Raises ValueError for scores that are not paired, or fewer than two.
    """
    first, second = (
        as_numbers(name, x, finite=True, empty=True).astype("float64")
        for name, x in (("first", first), ("second", second))
    )
    if first.shape != second.shape or first.ndim != 1 or len(first) < 2:
        raise ValueError(
            f"Received: scores of shapes {first.shape} and {second.shape}. Allowed: both (n,), n two or more."
        )
    return interval(first - second, confidence)


def interval(values, confidence=0.95):
    """The mean of ``values`` (n,), n two or more, and the ends of its interval by Student's t: three floats. Raises
    ValueError for other shapes, what is not finite, and a confidence that is not between 0 and 1."""
    values = as_numbers("values", values, "n", finite=True).astype("float64")
    _check_confidence(confidence)
    if len(values) < 2:
        raise ValueError(f"Received: values of shape {values.shape}. Allowed: (n,), n two or more.")
    n, mean = len(values), values.mean()
    half = student.ppf((1 + confidence) / 2, n - 1) * values.std(ddof=1) / math.sqrt(n)
    return float(mean), float(mean - half), float(mean + half)


def _check_confidence(confidence):
    check_number("between 0 and 1", above=0, at_most=1 - 1e-12, confidence=confidence)


def seeds_needed(deviation, difference, confidence=0.95):
    """The fewest runs n for which t · s / √n, with t of n − 1 degrees of freedom, is no more than a difference.

    Args:
        deviation: s, of the (paired) differences of a few first runs. difference: the half width of their
            interval that is wanted. A true difference of that size is told from zero in only half of all contests.
    Raises ValueError unless both are positive, for a confidence that is not between 0 and 1, and where more than a
    million runs would be needed.
    """
    check_number("positive numbers", above=0, deviation=deviation, difference=difference)
    _check_confidence(confidence)
    if student.ppf((1 + confidence) / 2, MOST - 1) * deviation / math.sqrt(MOST) > difference:
        raise ValueError(
            f"Received: deviation={deviation}, difference={difference}. Allowed: a difference for which "
            f"{MOST:,} runs are enough."
        )
    n = 2
    while student.ppf((1 + confidence) / 2, n - 1) * deviation / math.sqrt(n) > difference:
        n += 1
    return n
