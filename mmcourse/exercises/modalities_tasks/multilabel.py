"""Exercise `modalities_tasks.multilabel`: the loss of several yes-or-no answers at once."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.exercises.numeric import log_softmax

multilabel = Exercise(
    "modalities_tasks.multilabel",
    kind="implement",
    title="Several answers at once",
    task=(
        "Write `multilabel_loss(logits, targets)` in NumPy, both of shape `(n, k)`: each of the `k` outputs is a "
        "question of its own, answered yes with the probability sigmoid(logit), and `targets` holds 1 for yes and 0 "
        "for no. The loss is the mean of minus the logarithm of the probability of the right answer, over all items "
        "**and** all questions, in nats. It must stay finite for large logits."
    ),
    hints=(
        "For the answer yes the loss is -log sigmoid(s) = log(1 + exp(-s)), for no it is log(1 + exp(s)). What does "
        "`np.logaddexp(0, s)` compute?",
        "`np.logaddexp(0, s) - targets * s` is the loss of each answer: for no the first term alone, for yes "
        "log(1 + exp(s)) - s = log(1 + exp(-s)). Take the mean.",
    ),
)


@multilabel.solved_by
def multilabel_loss(logits, targets):
    """Logits (n, k) and targets (n, k) of 0 and 1 -> a number, in nats per question."""
    # log(1 + exp(s)), without ever computing the exponential of a large s.
    each = np.logaddexp(0, logits) - targets * logits
    return each.mean()


def _each(logits, targets):
    return np.logaddexp(0, logits) - targets * logits


def _softmax_loss(logits, targets):
    return -(targets * log_softmax(logits)).sum(1).mean()


@multilabel.check
def _(answer, rng):
    n, k, values = 7, 4, [0.0, 0.0]
    while not expect.apart(values):  # each mistake has a value of its own
        logits, targets = 2 * rng.normal(size=(n, k)), rng.integers(0, 2, (n, k))
        losses = []
        for s, t in zip(logits.ravel(), targets.ravel(), strict=True):  # the oracle: one question at a time
            p = 1 / (1 + np.exp(-s))
            losses.append(-np.log(p if t else 1 - p))
        right = float(np.mean(losses))
        each = _each(logits, targets)
        values = [
            right, _softmax_loss(logits, targets), each.sum(1).mean(), each.sum(), (each * targets).mean(),
            right / np.log(2), ((1 / (1 + np.exp(-logits)) - targets) ** 2).mean(), _each(-logits, targets).mean(),
        ]  # fmt: skip
    got = expect.number(expect.pure(answer, logits, targets), "one number, the loss of the whole batch")
    said = (
        "This is the cross-entropy of a softmax: the answers share one probability and compete. Here several may be "
        "yes at once, so each has a sigmoid of its own.",
        "You summed over the questions. Take the mean over them, too.",
        "This is the sum over all answers. Divide it by how many there are.",
        "Only the answers *yes* count in your loss. A model that says yes to everything would be perfect.",
        "This is in bits. Use the natural logarithm.",
        "This is the squared error of the probabilities. A sure and wrong answer costs at most 1 then; asked for is "
        "minus the logarithm.",
        "Yes and no are exchanged: a large logit means yes.",
    )
    for value, message in zip(values[1:], said, strict=True):
        expect.differs(got, value, message)
    expect.close(got, right, "This is not the mean of minus the logarithm of the right answers' probabilities.")
    big = 1e3 * logits
    wanted = np.mean([abs(s) if (s > 0) != bool(t) else 0.0 for s, t in zip(big.ravel(), targets.ravel(), strict=True)])
    expect.close(
        answer(big, targets),
        wanted,
        "Large logits overflow, or the logarithm of a rounded 0 is infinite. Do not compute the probability first: "
        "`np.logaddexp(0, s)` is log(1 + exp(s)) for any s.",
    )


@multilabel.mistake("cross-entropy of a softmax")
def softmax_loss(logits, targets):
    return _softmax_loss(logits, targets)


@multilabel.mistake("You summed over the questions")
def summed_over_questions(logits, targets):
    return _each(logits, targets).sum(1).mean()


@multilabel.mistake("Only the answers *yes*")
def only_yes(logits, targets):
    return (_each(logits, targets) * targets).mean()


@multilabel.mistake("squared error")
def squared(logits, targets):
    return ((1 / (1 + np.exp(-logits)) - targets) ** 2).mean()


@multilabel.mistake("Yes and no are exchanged")
def exchanged(logits, targets):
    return _each(-logits, targets).mean()


@multilabel.mistake("Large logits overflow")
def overflows(logits, targets):
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-logits))
        return -(targets * np.log(p) + (1 - targets) * np.log(1 - p)).mean()
