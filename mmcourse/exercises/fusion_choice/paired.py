"""Exercise `fusion_choice.paired`: the interval of a paired difference."""

import math

import numpy as np

from mmcourse.exercises import Exercise, expect

paired = Exercise(
    "fusion_choice.paired",
    kind="implement",
    title="Better by how much?",
    task=(
        "Write `gain(first, second, quantile)` for two arrays `(n,)` of accuracies, entry i of both from the same seed "
        "and the same items. Return the **mean** difference, first minus second, and the **low** and **high** end of "
        "its interval: the mean, plus and minus the quantile times the standard error of the mean of the differences."
    ),
    hints=(
        "One number a run: the difference. From then on there is a single array. Which standard deviation is that of a "
        "sample?",
        "The standard error is the standard deviation, with n - 1 below the line (`ddof=1`), over the root of n.",
    ),
)


@paired.solved_by
def gain(first, second, quantile):
    """Accuracies (n,), (n,), a number -> mean, low, high."""
    difference = first - second
    n = len(difference)
    half = quantile * difference.std(ddof=1) / np.sqrt(n)
    return difference.mean(), difference.mean() - half, difference.mean() + half


def _halves(first, second, quantile):
    """The half widths that mistakes lead to, in float64."""
    d, n = first - second, len(first)
    return {
        "apart": quantile * math.sqrt((first.var(ddof=1) + second.var(ddof=1)) / n),
        "n": quantile * d.std() / math.sqrt(n),
        "no root": quantile * d.std(ddof=1),
        "by n": quantile * d.std(ddof=1) / n,
        "fixed": 1.96 * d.std(ddof=1) / math.sqrt(n),
    }


@paired.check
def _(answer, rng):
    n = int(rng.integers(4, 8))
    quantile = float(rng.uniform(2.4, 3.5))
    half, wrong = 0.0, {"drawn": 0.0}
    while not expect.apart([half, *wrong.values()]):
        luck = rng.normal(0, 0.05, n)  # what both runs of a pair share
        first = 0.8 + luck + rng.normal(0, 0.01, n)
        second = 0.75 + luck + rng.normal(0, 0.01, n)
        d = [float(a) - float(b) for a, b in zip(first, second, strict=True)]
        mean = sum(d) / n
        half = quantile * math.sqrt(sum((v - mean) ** 2 for v in d) / (n - 1) / n)
        wrong = _halves(first, second, quantile)
    parts = expect.parts(expect.pure(answer, first, second, quantile), ("mean", "low", "high"))
    got, low, high = (expect.number(part, "a number for each of the three") for part in parts)
    expect.differs(got, -mean, "The sign is turned round: asked for is first minus second.")
    expect.close(got, mean, "The mean of the differences, first minus second.")
    width = (high - low) / 2
    expect.differs(
        width, wrong["apart"],
        "You gave each method its own standard deviation, as if the runs were not paired. What both runs share (items, "
        "seed) is then counted as if it were a difference. Take the standard deviation of the differences.",
    )  # fmt: skip
    expect.differs(width, wrong["n"], "Divide by n - 1, not by n: `std(ddof=1)`. With five runs it matters.")
    expect.differs(
        width, wrong["no root"],
        "This is how far single runs scatter. The mean of n runs scatters less: divide by the root of n.",
    )  # fmt: skip
    expect.differs(width, wrong["by n"], "You divided by n. The error of a mean falls with the root of n.")
    expect.differs(
        width, wrong["fixed"],
        "You took 1.96 whatever the quantile says. That is right for very many runs; few need a wider interval.",
    )  # fmt: skip
    expect.close(np.array([low, high]), [mean - half, mean + half], "Mean, minus and plus quantile times error.")


def _with(name):
    def answer(first, second, quantile):
        mean, half = np.mean(first - second), _halves(first, second, quantile)[name]
        return mean, mean - half, mean + half

    return answer


@paired.mistake("as if the runs were not paired")
def unpaired(first, second, quantile):
    return _with("apart")(first, second, quantile)


@paired.mistake("not by n: `std")
def population(first, second, quantile):
    return _with("n")(first, second, quantile)


@paired.mistake("how far single runs scatter")
def scatter(first, second, quantile):
    return _with("no root")(first, second, quantile)


@paired.mistake("falls with the root of n")
def by_n(first, second, quantile):
    return _with("by n")(first, second, quantile)


@paired.mistake("1.96 whatever")
def normal(first, second, quantile):
    return _with("fixed")(first, second, quantile)


@paired.mistake("sign is turned round")
def turned(first, second, quantile):
    mean, low, high = gain(first, second, quantile)
    return -mean, -high, -low
