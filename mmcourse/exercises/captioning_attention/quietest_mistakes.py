"""What goes wrong in `captioning_attention.quietest`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.captioning_attention.quietest import least_noise, quietest

A, REWARD = np.array([0.6, 0.3, 0.1]), np.array([2.0, 5.0, 1.0])
LENGTH = ((np.eye(3) - A) ** 2).sum(axis=1)


def _variance(b):
    each = (REWARD - b)[:, None] * (np.eye(3) - A)
    return float(A @ ((each - A @ each) ** 2).sum(axis=1))


def _plant(message, **values):
    for name, value in values.items():

        def function(value=value):
            return float(value)

        function.__name__ = name
        quietest.mistake(message)(function)


_plant(
    "That is the mean reward, 0.6 · 2 + 0.3 · 5 + 0.1 · 1. It is a good baseline, and the one that everybody takes, "
    "but look at its neighbours: the variance is not least there.",
    mean_reward=A @ REWARD,
)
_plant("That is the mean of the three rewards. They are not drawn equally often.", plain_mean=REWARD.mean())
_plant(
    "That is the reward of the likeliest region, or the median. The variance is least elsewhere: try its neighbours.",
    likeliest=2,
)
_plant("That is the highest reward. Then every other draw is punished, and the estimate is noisy.", highest=5)
_plant("That is the lowest reward. Try baselines above it.", lowest=1)
_plant("With 0 there is no baseline: the variance is more than six times the least.", none=0)
_plant(
    "You weighted the rewards by the squared lengths alone. A draw counts as often as it is made: multiply by its "
    "weight, too.",
    lengths_alone=(LENGTH * REWARD).sum() / LENGTH.sum(),
)
_plant(
    "You weighted the rewards by a and by the *lengths*. The mean square has their squares.",
    not_squared=(A * np.sqrt(LENGTH) * REWARD).sum() / (A * np.sqrt(LENGTH)).sum(),
)
_plant(
    "You weighted the rewards by 1 - a. Each draw counts by its weight a and by the squared length of its gradient.",
    others=((1 - A) * REWARD).sum() / (1 - A).sum(),
)
_plant("That is the variance at the best baseline. Asked for is the baseline itself.", least=_variance(least_noise()))
_plant("That is the variance at the mean reward. Asked for is a baseline.", at_mean=_variance(A @ REWARD))
_plant(
    "That is the ratio of two variances. Asked for is the baseline where the variance is least.",
    ratio=_variance(0) / _variance(least_noise()),
    ratio_to_mean=_variance(0) / _variance(A @ REWARD),
    mean_to_best=_variance(A @ REWARD) / _variance(least_noise()),
)
_plant(
    "That is the standard deviation, or the mean square, of the estimate. Asked for is the baseline.",
    deviation=np.sqrt(_variance(least_noise())),
    square=(A * LENGTH * (REWARD - least_noise()) ** 2).sum(),
)


@quietest.mistake(said="near, but not within 1 %")
def coarse():
    return 3.0


@quietest.mistake(said="near, but not within 1 %")
def of_the_drawn_score():
    weight = A * (1 - A) ** 2
    return float((weight * REWARD).sum() / weight.sum())


@quietest.mistake(said="more than any draw pays")
def too_high():
    return 7.0


@quietest.mistake(said="so is the best baseline")
def negative():
    return -least_noise()
