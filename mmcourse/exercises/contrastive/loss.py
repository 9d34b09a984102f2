"""Exercise `contrastive.loss`: InfoNCE with several right answers."""

import math

import numpy as np

from mmcourse.exercises import Exercise, case

loss = Exercise(
    "contrastive.loss",
    kind="implement",
    title="Which of them is it?",
    returns="one number, the loss of the batch",
    otherwise="This is not minus the mean, over the rows, of the mean log-softmax at the row's positives.",
    minutes=15,
    difficulty=2,
    importance=3,
    plan=(
        "Turn each row of logits into log-probabilities, without overflow.",
        "Share out each row's target equally among its positives.",
        "Sum targets times log-probabilities in each row; take minus the mean over the rows.",
    ),
    task=(
        "Write `row_loss(logits, positives)` in NumPy: InfoNCE in one direction, as in {eq}`eq-contrastive-infonce` "
        "before the two directions are averaged. `logits` `(n, m)` are similarities, already divided by the "
        "temperature, and may be as large as 10,000 or as low as -10,000. `positives` `(n, m)` holds True where row "
        "and column belong together, at least once in each row. The targets of a row are equal for its positives and "
        "sum to one. Return the mean over the rows, in nats."
    ),
    hints=(
        "Begin with the logarithm of the softmax, by subtracting from each row its maximum and then the logarithm of a "
        "sum. Which axis is a row's?",
        "`log_p = s - np.log(np.exp(s).sum(1, keepdims=True))`, with `s` the logits minus their row's maximum. "
        "`targets = positives / positives.sum(1, keepdims=True)`. The loss is minus the mean over rows of "
        "`(targets * log_p).sum(1)`.",
    ),
)


@loss.solved_by
def row_loss(logits, positives):
    """Logits (n, m) and bool (n, m) -> a number, in nats."""
    s = logits - logits.max(axis=1, keepdims=True)  # exp cannot overflow
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    targets = positives / positives.sum(axis=1, keepdims=True)
    return -(targets * log_p).sum(axis=1).mean()


def _batch(rng, n, m, share=0.3):
    """Logits, and positives: one to all in a row, at least two in the first, at least one off the diagonal in each."""
    logits, positives = rng.normal(0, 2, (n, m)) - 1, rng.random((n, m)) < share
    for row in range(n):
        positives[row, (row + 1) % m] = True
    positives[0, :2] = True
    positives[0, 2:], positives[-1, :-1] = False, False
    positives[-1, -1] = True
    return logits, positives


@loss.cases
def _(rng):
    for n, m in ((5, 7), (6, 4), (3, 8), (4, 4)):
        yield case(*_batch(rng, n, m))
    yield case(*_batch(rng, 1, 5), when="with one row")
    logits, _ = _batch(rng, 4, 4)
    yield case(logits, np.eye(4, dtype=bool), when="where each row has one positive, on the diagonal")
    logits, positives = _batch(rng, 3, 5)
    positives[1] = True
    yield case(logits, positives, when="where all columns of a row are positives")
    logits, positives = _batch(rng, 4, 6)
    logits = np.clip(2500 * logits, -10_000, 10_000)
    logits[0, :2] = 10_000, -10_000  # both positive: the second has the probability exp(-20,000)
    yield case(logits, positives, when="where the logits are large")
    logits, positives = _batch(rng, 3, 4)
    logits = np.round(64 * logits) / 64  # so that their differences are the same in float32
    yield case(logits - 9_000, positives, when="where all logits are far below zero")
    logits, positives = _batch(rng, 3, 5)
    logits = np.round(64 * logits) / 64
    logits[1] -= 5_000
    yield case(logits, positives, when="where one row's logits lie far below the others'")


@loss.oracle
def _(logits, positives):
    costs = []
    for row, right in zip(logits.tolist(), positives.tolist(), strict=True):
        total = max(row) + math.log(sum(math.exp(value - max(row)) for value in row))
        of_row = [total - value for value, positive in zip(row, right, strict=True) if positive]
        costs.append(sum(of_row) / len(of_row))
    return sum(costs) / len(costs)
