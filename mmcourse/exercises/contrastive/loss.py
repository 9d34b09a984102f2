"""Exercise `contrastive.loss`: InfoNCE with several right answers."""

import math

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.exercises.numeric import log_softmax

loss = Exercise(
    "contrastive.loss",
    kind="implement",
    title="Which of them is it?",
    task=(
        "Write `row_loss(logits, positives)` in NumPy: InfoNCE in one direction, as in {eq}`eq-contrastive-infonce` "
        "before the two directions are averaged. `logits` `(n, m)` are similarities, already divided by the "
        "temperature, and may be as large as 10,000. `positives` `(n, m)` holds True where row and column belong "
        "together, at least once in each row. The targets of a row are equal for its positives and sum to one. Return "
        "the mean over the rows, in nats."
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


@loss.check
def _(answer, rng):
    known = [0.0, 0.0]
    while not expect.apart(known):  # each mistake has a value of its own
        s = rng.normal(0, 2, (5, 7))
        right = rng.random((5, 7)) < 0.3
        right[np.arange(5), np.arange(5)] = True
        right[0, 5] = right[1, 6] = True
        rows = []
        for i in range(5):  # the oracle, row by row
            total = math.log(sum(math.exp(v) for v in s[i]))
            of_row = [total - s[i, j] for j in range(7) if right[i, j]]
            rows.append(sum(of_row) / len(of_row))
        wanted, log_p = sum(rows) / 5, log_softmax(s)
        columns = -(right / right.sum(0).clip(1) * log_softmax(s, 0)).sum(0).mean()
        known = [
            wanted, -wanted, 5 * wanted, wanted / math.log(2), columns, -(right * log_p).sum(1).mean(),
            -np.diag(log_p).mean(), -np.log((right * np.exp(log_p)).sum(1)).mean(), -log_p[right].mean(),
            -(right / right.sum(1, keepdims=True) * log_softmax(s, 0)).sum(1).mean(), -(right * log_p).mean(),
        ]  # fmt: skip
    got = expect.number(expect.pure(answer, s, right), finite=False)
    for value, message in (
        (known[1], "The sign: log-probabilities are negative, and a loss is minus their mean."),
        (known[2], "This is the sum over the rows; a mean does not depend on how many there are."),
        (known[5], "The targets do not sum to one: a row with two right answers counts twice. Divide by their number."),
        (known[6], "Only the diagonal counts here. Other columns are right, too: `positives` says which."),
        (
            known[7],
            "You took the logarithm of the *summed* probability of the right ones. Then one of them may take all of "
            "it. Asked for is the mean of their log-probabilities.",
        ),
        (known[8], "This is a mean over all positives, so a row with more of them weighs more. Mean by row first."),
        (known[4], "You worked down the columns. A row asks which *column* is right: the softmax runs along axis 1."),
        (known[9], "Your softmax runs over the wrong axis: the probabilities of each *row* must sum to one."),
        (known[10], "This is a mean over all entries, wrong ones too. Sum along each row, then take the mean."),
        (known[3], "These are bits. Nats want the natural logarithm."),
    ):
        expect.differs(got, value, message)
    expect.close(got, wanted, "Minus the mean over rows of Σ targets · log softmax.")
    with np.errstate(all="ignore"):
        large = expect.number(answer(5000 * s, right), finite=False)
    expect.true(
        math.isfinite(large),
        "With large logits the result is not finite: exp(10,000) does not fit into a number, and log(0) is minus "
        "infinity. Subtract each row's maximum first, and never take the logarithm of a finished softmax.",
    )
    targets = right / right.sum(1, keepdims=True)
    expect.close(large, -(targets * log_softmax(5000 * s)).sum(1).mean(), "With large logits the result is wrong.")


@loss.mistake("does not fit into a number")
def exp_then_log(logits, positives):
    e = np.exp(logits)
    targets = positives / positives.sum(axis=1, keepdims=True)
    return -(targets * np.log(e / e.sum(axis=1, keepdims=True))).sum(axis=1).mean()


@loss.mistake("counts twice")
def targets_not_shared(logits, positives):
    return -(positives * log_softmax(logits)).sum(axis=1).mean()


@loss.mistake("Only the diagonal")
def diagonal(logits, positives):
    return -np.diag(log_softmax(logits)).mean()


@loss.mistake("*summed* probability")
def log_of_sum(logits, positives):
    return -np.log((positives * np.exp(log_softmax(logits))).sum(axis=1)).mean()


@loss.mistake("over the wrong axis")
def wrong_axis(logits, positives):
    targets = positives / positives.sum(axis=1, keepdims=True)
    return -(targets * log_softmax(logits, 0)).sum(axis=1).mean()


@loss.mistake("weighs more")
def mean_over_positives(logits, positives):
    return -log_softmax(logits)[positives].mean()


@loss.mistake("The sign")
def sign(logits, positives):
    return -row_loss(logits, positives)
