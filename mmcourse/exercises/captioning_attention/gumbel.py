"""Exercise `captioning_attention.gumbel`: a draw that is hard on the way out and soft on the way back."""

import numpy as np

from mmcourse.exercises import Exercise, case

gumbel = Exercise(
    "captioning_attention.gumbel",
    kind="implement",
    title="Out hard, back soft",
    returns=("drawn", "gradient"),
    otherwise=(
        "The draw is the largest of score + noise; the gradient is that of the softmax of (score + noise) / tau, "
        "applied to the slope."
    ),
    task=(
        "`scores` `(n, m)` are the scores of `m` regions for `n` words, whose softmax are the weights, and `noise` "
        "`(n, m)` is Gumbel noise. `slope` `(n, m)` says how the loss changes when a little more of each region is "
        "seen, at what was drawn. Write `straight_through(scores, noise, slope, tau)`. It returns `drawn` `(n,)`, the "
        "number of the region drawn for each word (from 0 on), and `gradient` `(n, m)`: the gradient of the loss in "
        "the scores, **as if the softmax of (ln weight + noise) / tau had been seen** in place of the draw. Scores may "
        "be in the thousands and must not overflow."
    ),
    hints=(
        "How does ln of a weight differ from its score? Does that difference change a softmax over the regions? "
        "And how does the entry j of a softmax y change with the input i?",
        "ln weight is the score less a number that all regions share, so `scores + noise` will do. With y the softmax "
        "and s the slope, the gradient in its input is y · (s - Σ y s); the input was divided by tau.",
    ),
    level="stretch",
    plan=(
        "Add the noise; the largest is drawn.",
        "Take the softmax of the same sums divided by tau, safely.",
        "Send the slope back through that softmax, and through the division by tau.",
    ),
    minutes=15,
    difficulty=3,
    importance=2,
)


@gumbel.solved_by
def straight_through(scores, noise, slope, tau):
    """Scores, noise and slope (n, m), a number -> drawn (n,), gradient (n, m)."""
    noisy = scores + noise
    e = np.exp((noisy - noisy.max(axis=-1, keepdims=True)) / tau)
    y = e / e.sum(axis=-1, keepdims=True)
    gradient = y * (slope - (y * slope).sum(axis=-1, keepdims=True)) / tau
    return noisy.argmax(axis=-1), gradient


@gumbel.cases
def _(rng):
    for n, m, tau in ((4, 6, 0.7), (3, 5, 1.6), (5, 2, 0.4), (6, 4, 2.3)):
        scores, noise = rng.normal(0, 1.5, (n, m)), rng.gumbel(size=(n, m))
        noise[0, scores[0].argmin()] = 6 - scores[0].min()  # the least likely region is drawn
        yield case(scores, noise, rng.normal(size=(n, m)), tau)
    yield case(*rng.normal(size=(3, 4, 4)), 0.8, when="with as many words as regions")
    yield case(*rng.normal(size=(3, 2, 3)), 1.0, when="where tau is 1")
    yield case(*rng.normal(size=(3, 1, 5)), 0.6, when="with one word")
    yield case(*rng.normal(size=(3, 4, 1)), 0.6, when="with one region")
    scores, noise, slope = rng.normal(size=(3, 2, 4))
    yield case(scores, 0 * noise, slope, 0.5, when="where the noise is 0")
    # Scores in the thousands, far apart or equal, and a row far below 0.
    scores = 1000.0 * np.array([[3, 1, 3, 0], [-6, -4, -5, -4], [2, -1, 2, 2]])
    noise, slope = rng.normal(0, 0.3, (3, 4)), rng.normal(0, 2, (3, 4))
    yield case(scores, noise, slope, 0.9, when="where scores are in the thousands")


@gumbel.oracle
def _(scores, noise, slope, tau):
    """The table of derivatives of the softmax, entry by entry."""
    n, m = scores.shape
    drawn, gradient = [], np.zeros((n, m))
    for i in range(n):
        noisy = [scores[i, j] + noise[i, j] for j in range(m)]
        drawn.append(max(range(m), key=noisy.__getitem__))
        top = noisy[drawn[-1]]
        y = np.array([np.exp((value - top) / tau) for value in noisy])
        y /= y.sum()
        for j in range(m):  # the score
            for k in range(m):  # the entry of y
                gradient[i, j] += slope[i, k] * y[k] * ((j == k) - y[j]) / tau
    return np.array(drawn), gradient
