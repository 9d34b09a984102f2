"""Exercise `fusion_levels.decide`: decisions of several modalities joined, of which some may be missing."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.exercises.numeric import softmax

decide = Exercise(
    "fusion_levels.decide",
    kind="implement",
    title="Who is there decides",
    task=(
        "Write `decide_jointly(logits, there)`. `logits` `(m, n, k)` holds the scores that each of `m` modalities "
        "gives to `k` classes for `n` items, before the softmax; `there` `(m, n)` is True where the item has it. "
        "Return the joined probabilities `(n, k)`: the **mean of the probabilities** of the modalities that are there. "
        "Where a modality is missing its scores may be anything, even NaN, and count for nothing; where all are "
        "missing, all classes are equally likely."
    ),
    hints=(
        "First turn scores into probabilities: along which axis does a softmax sum to one? Then what does each item "
        "divide by: the number of modalities, or the number of those that it has?",
        "NaN times zero is NaN, so replace what is missing before you compute with it: `np.where(there[:, :, None], "
        "logits, 0)`. Then sum the probabilities times `there[:, :, None]` and divide by `there.sum(axis=0)`.",
    ),
)


@decide.solved_by
def decide_jointly(logits, there):
    """Logits (m, n, k), there (m, n) -> probabilities (n, k)."""
    keep = there[:, :, None]
    x = np.where(keep, logits, 0.0)  # not a product: 0 * NaN is NaN
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)  # (m, n, k)
    keep = np.where(there.any(axis=0)[None, :, None], keep, True)
    # Where nobody is there, every x is 0 and all say 1 / k.
    return (p * keep).sum(axis=0) / keep.sum(axis=0)


def _mean(p, keep):
    return (p * keep[:, :, None]).sum(0) / keep.sum(0)[:, None]


@decide.check
def _(answer, rng):
    m, n, k = 3, 11, 4
    logits = rng.normal(0, 3, (m, n, k))
    there = rng.random((m, n)) < 0.6
    there[1] |= ~there.any(axis=0)
    there[:, 0], there[:, 1], there[:, 2] = False, True, [True, False, True]
    wanted = np.full((n, k), 1 / k)
    for i in range(n):  # the oracle: one item at a time, only those that are there
        said = [softmax(logits[j, i]) for j in range(m) if there[j, i]]
        if said:
            wanted[i] = np.mean(said, axis=0)
    why = "one probability for each class of each item"
    whole = np.ones((m, n), bool)
    full = expect.array(expect.pure(answer, logits, whole), (n, k), why)
    expect.differs(
        full,
        softmax(logits.mean(0)),
        "You took the mean of the *scores*. That is the product of the decisions, brought to sum one; asked for is the "
        "mean of the probabilities.",
    )
    expect.differs(
        full, softmax(logits, axis=0).mean(0), "Your softmax runs over the modalities. It must run over the classes."
    )
    expect.differs(full, softmax(logits).sum(0), "This is the sum: with three modalities it adds up to three.")
    expect.close(full, softmax(logits).mean(0), "With all modalities there, this is not the mean of their decisions.")
    some = expect.array(answer(logits, there), (n, k), why)
    zeroed = softmax(np.where(there[:, :, None], logits, 0)).mean(0)
    expect.differs(
        some[1:],
        zeroed[1:],
        "A missing modality votes: scores of 0 say that all classes are equally likely, and you count that. "
        "Leave it out.",
    )
    divided = (softmax(logits) * there[:, :, None]).sum(0) / m
    expect.differs(some[1:], divided[1:], "You divide by the number of all modalities. Divide by those that are there.")
    poisoned = np.where(there[:, :, None], logits, np.nan)
    bad = expect.array(answer(poisoned, there), (n, k), why)
    expect.true(
        not np.isnan(bad[1:]).any(),
        "NaN in a missing modality spreads: NaN times zero is NaN. Replace it before you compute with it.",
    )
    expect.true(np.isfinite(bad[0]).all(), "An item without any modality divides by zero. Then all are equally likely.")
    expect.close(bad, wanted, "The mean is over the modalities that the item has; without any, all are equally likely.")


def _probabilities(logits, there):
    return softmax(np.where(there[:, :, None], logits, 0))


@decide.mistake("mean of the *scores*")
def mean_of_scores(logits, there):
    return softmax((np.where(there[:, :, None], logits, 0)).sum(0) / np.maximum(there.sum(0), 1)[:, None])


@decide.mistake("over the modalities")
def wrong_axis(logits, there):
    return softmax(np.where(there[:, :, None], logits, 0), axis=0).mean(0)


@decide.mistake("This is the sum")
def only_summed(logits, there):
    return (_probabilities(logits, there) * there[:, :, None]).sum(0)


@decide.mistake("A missing modality votes")
def missing_votes(logits, there):
    return _probabilities(logits, there).mean(0)


@decide.mistake("number of all modalities")
def divided_by_all(logits, there):
    return (_probabilities(logits, there) * there[:, :, None]).mean(0)


@decide.mistake("NaN times zero")
def multiplied(logits, there):
    count = np.maximum(there.sum(0), 1)[:, None]
    return (softmax(logits) * there[:, :, None]).sum(0) / count


@decide.mistake("divides by zero")
def nobody_there(logits, there):
    with np.errstate(all="ignore"):
        return _mean(_probabilities(logits, there), there)
