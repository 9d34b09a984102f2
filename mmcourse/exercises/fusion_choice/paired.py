"""Exercise `fusion_choice.paired`: the interval of a paired difference."""

import numpy as np

from mmcourse.exercises import Exercise, case

paired = Exercise(
    "fusion_choice.paired",
    kind="implement",
    title="Better by how much?",
    returns=("mean", "low", "high"),
    otherwise=(
        "These are not the mean of the differences and, below and above it, the quantile times s / √n, with s their "
        "standard deviation."
    ),
    task=(
        "Write `gain(first, second, quantile)` for two arrays `(n,)` of accuracies, entry i of both from the same seed "
        "and the same items. Return the **mean** difference, first minus second, and the **low** and **high** end of "
        "its interval: the mean, minus and plus the quantile times the standard error of the mean of the differences, "
        "with the standard deviation of a sample (n - 1)."
    ),
    hints=(
        "One number a run: the difference. From then on there is a single array. Which standard deviation is that of a "
        "sample?",
        "The standard error is the standard deviation, with n - 1 below the line (`ddof=1`), over the root of n.",
    ),
    plan=(
        "Subtract, run by run.",
        "Find the mean of the differences, and its standard error.",
        "Go the quantile times the standard error down, and up.",
    ),
    minutes=8,
    difficulty=2,
    importance=3,
)


@paired.solved_by
def gain(first, second, quantile):
    """Accuracies (n,), (n,), a number -> mean, low, high."""
    difference = first - second
    n = len(difference)
    half = quantile * difference.std(ddof=1) / np.sqrt(n)
    return difference.mean(), difference.mean() - half, difference.mean() + half


def _runs(rng, n, better, noise=0.03):
    """Accuracies that share their luck; the first are ``better`` on average, though not in every run."""
    luck = rng.normal(0, 0.08, n)
    apart = rng.normal(size=n)
    apart = better + noise * (apart - apart.mean()) / apart.std()  # so that no draw is without scatter
    second = 0.6 + luck
    return second + apart, second


@paired.cases
def _(rng):
    for n in (5, 8, 3):
        yield case(*_runs(rng, n, rng.uniform(0.05, 0.1)), float(rng.uniform(2.3, 4.5)))
    yield case(*_runs(rng, 6, -0.07), 2.571, when="where the second is better")
    mixed = "where the first is better in some runs only"
    yield case(*_runs(rng, 5, 0.01, 0.05), float(rng.uniform(1.1, 1.9)), when=mixed)
    yield case(*_runs(rng, 7, -0.005, 0.06), 2.447, when=mixed)
    yield case(*_runs(rng, 2, 0.04, 0.15), 12.706, when="with two runs")
    second = rng.integers(16, 48, 4) / 64
    yield case(second + 3 / 64, second, 3.182, when="where all differences are equal")


@paired.oracle
def _(first, second, quantile):
    differences = [a - b for a, b in zip(first.tolist(), second.tolist(), strict=True)]
    n = len(differences)
    mean = sum(differences) / n
    variance = sum((d - mean) ** 2 for d in differences) / (n - 1)
    half = quantile * (variance / n) ** 0.5
    return mean, mean - half, mean + half
