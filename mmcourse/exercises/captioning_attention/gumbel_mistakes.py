"""What goes wrong in `captioning_attention.gumbel`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.captioning_attention.gumbel import gumbel, straight_through
from mmcourse.exercises.numeric import softmax


def _back(y, slope, tau):
    """The slope, through a softmax whose input was divided by tau."""
    return y * (slope - (y * slope).sum(-1, keepdims=True)) / tau


def _y(scores, noise, tau):
    return softmax((scores + noise) / tau)


def _drawn(scores, noise):
    return (scores + noise).argmax(-1)


def _one_hot(scores, noise):
    return np.eye(scores.shape[1])[_drawn(scores, noise)]


def _plant(message, **functions):
    for name, function in functions.items():
        function.__name__ = name
        gumbel.mistake(message)(function)


def _with(gradient):
    """A function whose draw is right, and whose gradient is that of ``gradient``."""
    return lambda scores, noise, slope, tau: (_drawn(scores, noise), gradient(scores, noise, slope, tau))


_plant(
    "The draw is right. In the gradient the division by tau is missing: the softmax's input was divided, so its "
    "derivative is, too.",
    tau_forgotten=_with(lambda s, g, slope, tau: _back(_y(s, g, tau), slope, 1)),
)
_plant(
    "The gradient is multiplied by tau. The softmax's input was *divided* by it, so its derivative is divided as well.",
    times_tau=_with(lambda s, g, slope, tau: _back(_y(s, g, tau), slope, 1 / tau)),
)
_plant(
    "The gradient is divided by tau twice.",
    tau_twice=_with(lambda s, g, slope, tau: _back(_y(s, g, tau), slope, tau**2)),
)
_plant(
    "tau is not used at all, neither inside the softmax nor in its derivative.",
    no_tau=_with(lambda s, g, slope, tau: _back(_y(s, g, 1), slope, 1)),
)
_plant(
    "Inside the softmax tau is missing: (score + noise) is divided by it.",
    no_tau_inside=_with(lambda s, g, slope, tau: _back(_y(s, g, 1), slope, tau)),
)
_plant(
    "The softmax takes (score + noise) times tau. Divide by it: a small tau makes it harder.",
    hot_inside=_with(lambda s, g, slope, tau: _back(_y(s, g, 1 / tau), slope, tau)),
    hot_everywhere=_with(lambda s, g, slope, tau: _back(_y(s, g, 1 / tau), slope, 1 / tau)),
)
_plant(
    "Only the scores are divided by tau. The noise is a part of what is drawn from: divide their sum.",
    noise_not_divided=_with(lambda s, g, slope, tau: _back(softmax(s / tau + g), slope, tau)),
)
_plant(
    "Only the noise is divided by tau. Divide the sum of scores and noise.",
    scores_not_divided=_with(lambda s, g, slope, tau: _back(softmax(s + g / tau), slope, tau)),
)
_plant(
    "The gradient is that of the weights without noise. What was nearly drawn must learn, too: the noise stays in the "
    "softmax.",
    without_noise=_with(lambda s, g, slope, tau: _back(softmax(s / tau), slope, tau)),
    plain_weights=_with(lambda s, g, slope, tau: _back(softmax(s), slope, 1)),
)
_plant(
    "The draw is the region of the largest *weight*: the noise is missing, so nothing is drawn.",
    likeliest=lambda s, g, slope, tau: (s.argmax(-1), straight_through(s, g, slope, tau)[1]),
)
_plant(
    "The noise is in neither of the two: this is an argmax with the gradient of the weights.",
    nothing_drawn=lambda s, g, slope, tau: (s.argmax(-1), _back(softmax(s / tau), slope, tau)),
)
_plant(
    "The noise is subtracted. Add it: the largest of score + noise is a draw by the weights.",
    noise_subtracted=lambda s, g, slope, tau: straight_through(s, -g, slope, tau),
)
_plant(
    "The noise multiplies the scores. It is added to them.",
    noise_times=lambda s, g, slope, tau: ((s * g).argmax(-1), _back(softmax(s * g / tau), slope, tau)),
)
_plant(
    "The softmax's derivative is missing: you pass the slope on as it is. Scores are not what is seen.",
    identity=_with(lambda s, g, slope, tau: slope),
    identity_by_tau=_with(lambda s, g, slope, tau: slope / tau),
)
_plant(
    "You multiplied the slope by y. A softmax shares: where one entry grows, the others shrink. Subtract the mean of "
    "the slopes first, Σ y · slope.",
    times_y=_with(lambda s, g, slope, tau: _y(s, g, tau) * slope / tau),
    times_y_without_tau=_with(lambda s, g, slope, tau: _y(s, g, tau) * slope),
)
_plant(
    "Each entry's own derivative is y (1 - y), but every score moves the other entries as well.",
    diagonal=_with(lambda s, g, slope, tau: _y(s, g, tau) * (1 - _y(s, g, tau)) * slope / tau),
    diagonal_without_tau=_with(lambda s, g, slope, tau: _y(s, g, tau) * (1 - _y(s, g, tau)) * slope),
)
_plant(
    "The mean of the slopes takes all regions alike. It is weighted by y: Σ y · slope.",
    plain_mean=_with(lambda s, g, slope, tau: _y(s, g, tau) * (slope - slope.mean(-1, keepdims=True)) / tau),
)
_plant(
    "You subtracted the plain sum of the slopes. It is weighted by y: Σ y · slope.",
    plain_sum=_with(lambda s, g, slope, tau: _y(s, g, tau) * (slope - slope.sum(-1, keepdims=True)) / tau),
)
_plant(
    "You subtracted the slope of the drawn region. It is their mean, weighted by y.",
    less_the_drawn=_with(
        lambda s, g, slope, tau: _y(s, g, tau) * (slope - (_one_hot(s, g) * slope).sum(-1, keepdims=True)) / tau
    ),
)
_plant(
    "The mean of the slopes runs over the words. It runs over the regions of one word.",
    mean_over_words=_with(
        lambda s, g, slope, tau: _y(s, g, tau) * (slope - (_y(s, g, tau) * slope).sum(0, keepdims=True)) / tau
    ),
)
_plant(
    "The mean of the slopes runs over all words together. Each word has a mean of its own.",
    mean_over_all=_with(lambda s, g, slope, tau: _y(s, g, tau) * (slope - (_y(s, g, tau) * slope).sum()) / tau),
)
_plant(
    "The product with y is missing in front: it is y · (slope - Σ y · slope).",
    no_y_in_front=_with(lambda s, g, slope, tau: (slope - (_y(s, g, tau) * slope).sum(-1, keepdims=True)) / tau),
)
_plant(
    "The gradient is 0 everywhere, that of an argmax. On the way back the softmax stands in its place.",
    of_the_argmax=_with(lambda s, g, slope, tau: np.zeros_like(s)),
)
_plant(
    "The sign is turned round: this is minus the gradient of the loss.",
    turned_round=_with(lambda s, g, slope, tau: -_back(_y(s, g, tau), slope, tau)),
)
_plant(
    "This is REINFORCE's gradient of ln a of the drawn region. Asked for is the slope, sent back through the softmax.",
    reinforce=_with(
        lambda s, g, slope, tau: (_one_hot(s, g) - softmax(s)) * (_one_hot(s, g) * slope).sum(-1, keepdims=True)
    ),
)
_plant(
    "You averaged over the words. `slope` is that of the loss already: divide by nothing but tau.",
    by_words=_with(lambda s, g, slope, tau: _back(_y(s, g, tau), slope, tau) / len(s)),
)
_plant(
    "You added up the words. Each has scores of its own, so the gradient has a row for each.",
    added_up=_with(lambda s, g, slope, tau: _back(_y(s, g, tau), slope, tau).sum(0)),
)
_plant(
    "The softmax runs over the words. The weights of one word sum to one over its regions.",
    over_words=_with(lambda s, g, slope, tau: _back(softmax((s + g) / tau, axis=0), slope, tau)),
)
_plant(
    "`drawn` is a one-hot vector. Asked for is the number of the region.",
    one_hot=lambda s, g, slope, tau: (_one_hot(s, g), straight_through(s, g, slope, tau)[1]),
)
_plant(
    "`drawn` is the softened draw. What comes out is one region: its number.",
    softened=lambda s, g, slope, tau: (_y(s, g, tau), straight_through(s, g, slope, tau)[1]),
)
_plant(
    "`drawn` counts from 1. Regions are counted from 0.",
    from_one=lambda s, g, slope, tau: (_drawn(s, g) + 1, straight_through(s, g, slope, tau)[1]),
)
_plant(
    "`drawn` is a place among all words' regions. Take the argmax of each row.",
    over_all=lambda s, g, slope, tau: ((s + g).argmax(), straight_through(s, g, slope, tau)[1]),
)
_plant(
    "You took the region of the *smallest* score + noise.",
    smallest=lambda s, g, slope, tau: ((s + g).argmin(-1), straight_through(s, g, slope, tau)[1]),
)


def _raw(x):
    e = np.exp(x)
    return e / e.sum(-1, keepdims=True)


_plant(
    "Right for small scores, but large ones overflow: subtract each row's maximum before the exponential.",
    overflowing=_with(lambda s, g, slope, tau: _back(_raw((s + g) / tau), slope, tau)),
)
_plant(
    "You added the noise to the weights themselves. It belongs to their logarithms, or to the scores.",
    noise_on_weights=lambda s, g, slope, tau: (
        (softmax(s) + g).argmax(-1),
        _back(softmax((softmax(s) + g) / tau), slope, tau),
    ),
)
_plant(
    "This is the loss's slope times the change of ln y, not of y: the gradient of a logarithm slipped in.",
    of_log_y=_with(lambda s, g, slope, tau: (slope - _y(s, g, tau) * slope.sum(-1, keepdims=True)) / tau),
)
