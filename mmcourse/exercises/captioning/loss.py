"""Exercise `captioning.loss`: cross-entropy over real tokens."""

import math

import numpy as np

from mmcourse.exercises import Exercise, case
from mmcourse.text import END, PAD

loss = Exercise(
    "captioning.loss",
    kind="implement",
    title="The loss per real token",
    returns="one number, the loss of the whole batch",
    otherwise=(
        "This is not minus the mean, over the real tokens of the batch, of the log-probability of each target, which "
        "is its logit less the logarithm of the sum of the row's exponentials."
    ),
    minutes=12,
    difficulty=2,
    importance=3,
    plan=(
        "Turn the logits of each step into log-probabilities of all words, without overflow.",
        "Pick the log-probability of each target.",
        "Take minus the mean of those that are real.",
    ),
    task=(
        "Write `caption_loss(logits, targets)` in NumPy: the cross-entropy of a batch of captions, "
        "in nats, **per real token**. `logits` has the shape `(b, L, V)` (one row of scores for "
        "each step), `targets` the shape `(b, L)`; positions whose target is 0 are padding and count "
        "neither in the sum nor in the number that you divide by. The logits may be large, say 1,000 or "
        "-1,000: the result must be right for them, too."
    ),
    hints=(
        "Three steps: log-probabilities of all words, the log-probability "
        "of each target, a mean. Over which positions is the mean?",
        "Subtract each row's maximum from the logits, then the log of the sum of exponentials: "
        "these are log-probabilities. `np.take_along_axis(logp, targets[..., None], axis=-1)` "
        "picks the targets'. Sum them where the target is real, and divide by how many those are.",
    ),
)


@loss.solved_by
def caption_loss(logits, targets):
    """Logits (b, L, V) and targets (b, L), 0 for padding -> a number.

    The mean negative log-likelihood of the real targets.
    """
    # With the largest at 0, no exponential overflows.
    shifted = logits - logits.max(axis=-1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    of_targets = np.take_along_axis(logp, targets[..., None], axis=-1)
    of_targets = of_targets[..., 0]  # (b, L)
    real = targets != 0
    return -of_targets[real].sum() / real.sum()


def _batch(rng, b, length, words):
    """Logits and targets: captions of different lengths, the first the shortest, the last without padding."""
    counts = rng.integers(2, length, size=b)
    counts[0], counts[-1] = 2, length
    targets = np.full((b, length), PAD, dtype="int32")
    for row, count in zip(targets, counts, strict=True):
        row[: count - 1] = rng.integers(3, words, size=count - 1)
        row[count - 1] = END
    return 2 * rng.normal(size=(b, length, words)) + rng.normal(size=(b, length, 1)), targets


@loss.cases
def _(rng):
    for b, length, words in ((4, 8, 31), (3, 5, 12), (1, 6, 9), (2, 7, 5)):
        logits, targets = _batch(rng, b, length, words)
        targets[0, 2:] = PAD
        yield case(logits, targets)
    logits, targets = _batch(rng, 3, 4, 11)
    targets[:] = rng.integers(3, 11, size=targets.shape)
    yield case(logits, targets, when="where no target is padding")
    logits, targets = _batch(rng, 4, 6, 13)
    targets[1] = PAD
    yield case(logits, targets, when="where one caption of the batch is padding alone")
    logits, targets = _batch(rng, 3, 6, 14)
    logits *= 300
    logits[0, 0], logits[0, 1] = -900, 0
    logits[0, 0, targets[0, 0]] = 900
    logits[0, 1, 0] = 1000  # and the target, which is no padding, has the probability exp(-1000)
    yield case(logits, targets, when="where the logits are large")
    logits, targets = _batch(rng, 3, 5, 10)
    logits = np.round(64 * logits) / 64  # so that their differences are the same in float32
    yield case(logits - 2000, targets, when="where all logits are far below zero")
    logits, targets = _batch(rng, 2, 5, 8)
    logits = np.round(64 * logits) / 64
    logits[0, 0] -= 2000
    yield case(logits, targets, when="where one step's logits lie far below the others'")

    logits, targets = _batch(rng, 3, 6, 9)
    targets[targets > END] = rng.integers(1, 9, size=(targets > END).sum())
    targets[:, 0] = 1
    yield case(logits, targets, when="where a target is 1, which is no padding")
    logits, targets = _batch(rng, 4, 7, 12)
    yield case(logits, targets[:, ::-1], when="where padding stands before the words")


@loss.oracle
def _(logits, targets):
    costs = []
    for row, wanted in zip(logits.tolist(), targets.tolist(), strict=True):
        for scores, target in zip(row, wanted, strict=True):
            if target != PAD:
                top = max(scores)
                costs.append(top + math.log(sum(math.exp(score - top) for score in scores)) - scores[target])
    return sum(costs) / len(costs)
