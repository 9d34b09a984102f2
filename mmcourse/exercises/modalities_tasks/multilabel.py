"""Exercise `modalities_tasks.multilabel`: the loss of several yes-or-no answers at once."""

import math

import numpy as np

from mmcourse.exercises import Exercise, case

multilabel = Exercise(
    "modalities_tasks.multilabel",
    kind="implement",
    title="Several answers at once",
    returns="one number, the loss of the whole batch",
    otherwise="This is not the mean of minus the logarithm of the right answers' probabilities.",
    task=(
        "Write `multilabel_loss(logits, targets)` in NumPy, both of shape `(n, k)`: each of the `k` outputs is a "
        "question of its own, answered yes with the probability sigmoid(logit), and `targets` holds 1 for yes and 0 "
        "for no. The loss is the mean of minus the logarithm of the probability of the right answer, over all items "
        "**and** all questions, in nats. It must stay finite, and exact, for large logits."
    ),
    hints=(
        "For the answer yes the loss is -log sigmoid(s) = log(1 + exp(-s)), for no it is log(1 + exp(s)). What does "
        "`np.logaddexp(0, s)` compute?",
        "`np.logaddexp(0, s) - targets * s` is the loss of each answer: for no the first term alone, for yes "
        "log(1 + exp(s)) - s = log(1 + exp(-s)). Take the mean.",
    ),
    plan=(
        "Write the loss of one answer, yes or no, as the logarithm of 1 plus an exponential.",
        "Compute it for all logits at once, with a function that does not overflow.",
        "Take the mean over all items and questions.",
    ),
    minutes=8,
    difficulty=2,
    importance=3,
)


@multilabel.solved_by
def multilabel_loss(logits, targets):
    """Logits (n, k) and targets (n, k) of 0 and 1 -> a number, in nats per question."""
    # log(1 + exp(s)), without ever computing the exponential of a large s.
    each = np.logaddexp(0, logits) - targets * logits
    return each.mean()


def _drawn(rng, n, k, yes=0.4):
    """Logits and targets that agree in some places and not in others; the first item has both answers, if it can."""
    targets = (rng.random((n, k)) < yes).astype("int64")
    targets[0, :2] = [0, 1][:k]
    return 2 * rng.normal(size=(n, k)) + 0.3, targets


LARGE = "where logits are large"


@multilabel.cases
def _(rng):
    for n, k in ((7, 4), (3, 5), (8, 2)):
        yield case(*_drawn(rng, n, k))
    logits, targets = _drawn(rng, 5, 3, yes=0.7)
    yield case(logits, targets.astype("float64"))
    yield case(*_drawn(rng, 1, 6), when="with one item")
    yield case(*_drawn(rng, 6, 1), when="with one question")
    yield case(2 * rng.normal(size=(4, 3)), np.zeros((4, 3), "int64"), when="where every right answer is no")
    yield case(2 * rng.normal(size=(3, 4)), np.ones((3, 4), "int64"), when="where every right answer is yes")
    logits = np.where(rng.random((4, 5)) < 0.5, 1, -1) * rng.uniform(6.34, 6.36, (4, 5))
    yield case(logits, (logits > 0).astype("int64"), when="where all answers are right and sure, and the loss is small")
    # Up to 60 no exponential overflows, but 1 - sigmoid is rounded to 0; beyond 710 the exponential is infinite.
    for size, n, k in ((45.0, 4, 3), (900.0, 3, 4)):
        sign = np.where(np.arange(n * k).reshape(n, k) % 2, 1, -1)
        logits = sign * size * rng.uniform(0.9, 1.3, (n, k))
        targets = (logits > 0).astype("int64")
        yield case(logits, targets, when=LARGE)
        missed = targets.copy()
        missed[0] = 1 - missed[0]
        yield case(logits, missed, when=LARGE)


@multilabel.oracle
def _(logits, targets):
    losses = []
    for s, t in zip(logits.ravel().tolist(), targets.ravel().tolist(), strict=True):
        s = s if t else -s  # the logit of the right answer
        losses.append(math.log1p(math.exp(-s)) if s > 0 else math.log1p(math.exp(s)) - s)
    return math.fsum(losses) / len(losses)
