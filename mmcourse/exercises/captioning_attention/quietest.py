"""Exercise `captioning_attention.quietest`: which baseline leaves the least noise."""

import numpy as np

from mmcourse.exercises import Exercise, expect

quietest = Exercise(
    "captioning_attention.quietest",
    kind="experiment and explain",
    title="The quietest baseline",
    returns="a number, the baseline",
    within=0.01,
    otherwise=(
        "Compute the variance for many baselines, close to each other, and take the one where it is least. Or write "
        "it as a parabola in the baseline: where is its lowest point?"
    ),
    minutes=12,
    difficulty=2,
    importance=2,
    task=(
        "Three regions are drawn with the weights 0.6, 0.3 and 0.1, and pay the rewards 2, 5 and 1. For one draw, "
        "REINFORCE estimates the gradient in the three scores as (reward - baseline) · (one-hot vector of the draw - "
        "weights). `variance(baseline)` is the variance of this estimate, summed over the three scores. **For which "
        "number as baseline is it least?** Answer with that number, within 1 %. Then compare its variance with that "
        "of the *mean reward*, and with that of no baseline: why does everybody take the mean reward?"
    ),
    hints=(
        "Try the baselines 0, 1, 2, …, then finer steps where the variance is small. Is it the mean reward, 2.8?",
        "The mean of the estimate does not depend on the baseline, so the mean square alone must be least. It is "
        "Σ a · |one-hot - a|² · (reward - baseline)²: a mean of squared distances from the rewards, each with a "
        "weight of its own.",
    ),
    plan=(
        "Compute the variance for a grid of baselines.",
        "Write the mean square of the estimate as a sum over the three draws.",
        "Set its derivative in the baseline to 0: a weighted mean of the rewards comes out.",
    ),
)


@quietest.given
def _variance():
    a, reward = np.array([0.6, 0.3, 0.1]), np.array([2.0, 5.0, 1.0])

    def variance(baseline):
        each = (reward - baseline)[:, None] * (np.eye(3) - a)  # a row for each draw
        mean = a @ each
        return a @ ((each - mean) ** 2).sum(axis=1)

    print(variance(0.0))
    return variance  # the body alone, without this line, stands in the student's cell


@quietest.solved_by
def least_noise():
    """The rewards' mean, weighted by a and by the squared length of each draw's gradient."""
    a, reward = np.array([0.6, 0.3, 0.1]), np.array([2.0, 5.0, 1.0])
    length = ((np.eye(3) - a) ** 2).sum(axis=1)  # of the gradient of ln a, squared
    best = (a * length * reward).sum() / (a * length).sum()

    def variance(baseline):
        each = (reward - baseline)[:, None] * (np.eye(3) - a)
        return a @ ((each - a @ each) ** 2).sum(axis=1)

    # A little to either side it is larger. The mean reward, 2.8, has about a
    # tenth more, no baseline more than six times as much: it is good enough,
    # and a moving average of past rewards is all that it takes.
    assert variance(best) < min(variance(0.99 * best), variance(1.01 * best))
    assert variance(best) < variance(a @ reward) < variance(0.0) / 6
    return float(best)


@quietest.also
def _(value):
    expect.true(value >= 0, "All rewards are above 0, and so is the best baseline.")
    expect.true(value <= 5, "That is more than any draw pays.")
    expect.true(
        abs(value - least_noise()) > 0.07 * least_noise(),
        "That is near, but not within 1 %. Was the grid too coarse, or was the gradient of the drawn score alone "
        "looked at? All three scores have one.",
    )
