"""Exercise `captioning.loss`: cross-entropy over real tokens."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.exercises.captioning.shift import padded_captions
from mmcourse.exercises.numeric import log_softmax, softmax
from mmcourse.text import PAD

loss = Exercise(
    "captioning.loss",
    kind="implement",
    title="The loss per real token",
    task=(
        "Write `caption_loss(logits, targets)` in NumPy: the cross-entropy of a batch of captions, "
        "in nats, **per real token**. `logits` has the shape `(b, L, V)` (one row of scores for "
        "each step), `targets` the shape `(b, L)`; positions whose target is 0 are padding and count "
        "neither in the sum nor in the number that you divide by. It must stay finite for large logits."
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


def _each(logits, targets):
    return -np.take_along_axis(log_softmax(logits), targets[..., None], axis=-1)[..., 0]


def _wrong(logits, targets):
    """What the usual mistakes compute, as (value, diagnosis)."""
    real, each = targets != PAD, _each(logits, targets)
    yield each.mean(), "Padding is counted: the loss must not see positions whose target is 0."
    yield (
        each[real].sum() / real.size,
        "The sum is right, but you divided by all positions, "
        "padding included: more padding would make the loss smaller.",
    )
    yield (
        each[real].sum() / len(targets),
        "You divided by the batch size: this is the loss per caption, not per real token.",
    )
    yield each[real].sum(), "This is the sum over all tokens. Divide it by the number of real tokens."
    yield (
        np.mean([e[r].mean() for e, r in zip(each, real, strict=True)]),
        "You averaged each caption first, then the captions: a "
        "token of a short caption weighs more than one of a long one.",
    )
    yield each[real].mean() / np.log(2), "This is in bits. Use the natural logarithm."
    picked = np.take_along_axis(logits, targets[..., None], -1)[..., 0]
    yield (
        -picked[real].mean(),
        "You averaged the logits themselves: they are no log-probabilities before the softmax.",
    )
    for axis, name in ((1, "positions"), (0, "captions of the batch")):
        over = -np.take_along_axis(log_softmax(logits, axis), targets[..., None], -1)[..., 0]
        yield over[real].mean(), f"Your softmax runs over the {name}. It must run over the words, the last axis."


@loss.check
def _(answer, rng):
    b, length, words, known = 4, 8, 31, [(0, ""), (0, "")]
    while not expect.apart([value for value, _ in known]):  # each mistake has a value of its own
        targets = padded_captions(rng, b, length + 1)[:, 1:]
        logits = 2 * rng.normal(size=(b, length, words))
        logp = np.stack([[log_softmax(step) for step in row] for row in logits])
        real = targets != PAD
        expected = np.mean([-logp[i, t, targets[i, t]] for i in range(b) for t in range(length) if real[i, t]])
        known = [(expected, ""), *_wrong(logits, targets)]
    got = expect.number(expect.pure(answer, logits, targets), "one number, the loss of the whole batch")
    if np.isfinite(got):
        expect.true(
            not np.isclose(got, -expected, rtol=1e-4),
            "The sign is the wrong way round: the loss is *minus* the log-likelihood.",
        )
    for value, message in known[1:]:
        expect.differs(got, value, message)
    expect.close(got, expected, "This is not the mean negative log-probability of the real targets.")
    longer = np.concatenate([logits, rng.normal(size=(b, 3, words))], 1), np.pad(targets, ((0, 0), (0, 3)))
    expect.close(answer(*longer), expected, "Three more columns of padding change the loss. They must not.")
    big = 1e3 * logits
    logp = np.stack([[log_softmax(step) for step in row] for row in big])
    large = -np.take_along_axis(logp, targets[..., None], -1)[..., 0][real].mean()
    expect.close(
        answer(big, targets),
        large,
        "Large logits overflow or underflow. Subtract each row's maximum first, and "
        "stay in logarithms: log(softmax) loses what the softmax rounded to zero.",
    )


@loss.mistake("Padding is counted")
def padding_counted(logits, targets):
    return _each(logits, targets).mean()


@loss.mistake("divided by all positions")
def divided_by_positions(logits, targets):
    return (_each(logits, targets) * (targets != PAD)).mean()


@loss.mistake("divided by the batch size")
def divided_by_batch(logits, targets):
    return (_each(logits, targets) * (targets != PAD)).sum() / len(targets)


@loss.mistake("averaged each caption first")
def mean_of_means(logits, targets):
    real = targets != PAD
    return ((_each(logits, targets) * real).sum(1) / real.sum(1)).mean()


@loss.mistake("no log-probabilities before the softmax")
def no_softmax(logits, targets):
    picked = np.take_along_axis(logits, targets[..., None], axis=-1)[..., 0]
    return -picked[targets != PAD].mean()


@loss.mistake("over the positions")
def softmax_over_positions(logits, targets):
    picked = np.take_along_axis(log_softmax(logits, axis=1), targets[..., None], axis=-1)[..., 0]
    return -picked[targets != PAD].mean()


@loss.mistake("overflow")
def overflows(logits, targets):
    e = np.exp(logits)
    p = np.take_along_axis(e / e.sum(-1, keepdims=True), targets[..., None], axis=-1)[..., 0]
    return -np.log(p[targets != PAD]).mean()


@loss.mistake("overflow")
def log_of_softmax(logits, targets):
    p = np.take_along_axis(softmax(logits), targets[..., None], axis=-1)[..., 0]
    return -np.log(p[targets != PAD]).mean()


@loss.mistake("sign")
def log_likelihood(logits, targets):
    return -_each(logits, targets)[targets != PAD].mean()


@loss.mistake("one number")
def one_per_caption(logits, targets):
    real = targets != PAD
    return (_each(logits, targets) * real).sum(1) / real.sum(1)
