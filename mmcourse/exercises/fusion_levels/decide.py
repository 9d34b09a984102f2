"""Exercise `fusion_levels.decide`: decisions of several modalities joined, of which some may be missing."""

import numpy as np

from mmcourse.exercises import Exercise, case
from mmcourse.exercises.numeric import softmax

decide = Exercise(
    "fusion_levels.decide",
    kind="implement",
    title="Who is there decides",
    returns="one probability for each class of each item",
    otherwise="This is not, for each item, the mean of the softmaxes of the modalities that it has.",
    minutes=12,
    difficulty=2,
    importance=3,
    task=(
        "Write `decide_jointly(logits, there)`. `logits` `(m, n, k)` holds the scores that each of `m` modalities "
        "gives to `k` classes for `n` items, before the softmax; `there` `(m, n)` is True where the item has it. "
        "Return the joined probabilities `(n, k)`: the **mean of the probabilities** of the modalities that are there. "
        "Scores may be as large as 1,000, too large for `np.exp` as they stand. "
        "Where a modality is missing its scores may be anything, even NaN, and count for nothing; where all are "
        "missing, all classes are equally likely."
    ),
    hints=(
        "First turn scores into probabilities: along which axis does a softmax sum to one? Then what does each item "
        "divide by: the number of modalities, or the number of those that it has?",
        "NaN times zero is NaN, so replace what is missing before you compute with it: `np.where(there[:, :, None], "
        "logits, 0)`. Then sum the probabilities times `there[:, :, None]` and divide by `there.sum(axis=0)`.",
    ),
    plan=(
        "Replace the scores of missing modalities by harmless ones.",
        "Turn the scores of each modality and item into probabilities over the classes.",
        "Sum those that are there, and divide by how many are there.",
        "Give an item without any modality the same probability for every class.",
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


def _scores(rng, m, n, k):
    return rng.normal(0, 3, (m, n, k))


@decide.cases
def _(rng):
    for m, n, k in ((3, 7, 4), (2, 5, 6), (4, 4, 4), (1, 3, 2)):
        yield case(_scores(rng, m, n, k), np.ones((m, n), bool))
    large = _scores(rng, 3, 6, 5)
    large += 1000 * np.array([1, -1, 0, 0.7, 0, 0])[:, None]  # one item's scores lie far above another's
    large[:, 2] += [-900, 0, 0, 0, 0]  # and one class far below the others, or far above
    large[:, 4] += [0, 980, 0, 0, 0]
    yield case(large, np.ones((3, 6), bool), when="where scores are in the hundreds")
    some = np.array([[1, 0, 1, 1, 0, 1], [1, 1, 0, 0, 0, 0], [0, 1, 1, 1, 1, 1]], bool)
    yield case(_scores(rng, 3, 6, 4), some, when="where an item lacks a modality")
    some = np.array([[1, 1, 0, 0, 1], [1, 0, 1, 0, 1], [0, 1, 1, 1, 1], [1, 1, 1, 0, 1]], bool)
    nothing = np.array([np.nan, np.inf, -np.inf, np.nan])[:, None, None]
    for filler in (np.nan, nothing):
        logits = np.where(some[:, :, None], _scores(rng, 4, 5, 3), filler)
        yield case(logits, some, when="where the scores of a missing modality are NaN or infinite")
    nobody = np.ones((2, 5), bool)
    nobody[:, [0, 3]] = False
    yield case(_scores(rng, 2, 5, 3), nobody, when="where an item has no modality at all")
    nobody = np.concatenate([nobody, nobody[:1]])
    logits = np.where(nobody[:, :, None], _scores(rng, 3, 5, 4), np.nan)
    yield case(logits, nobody, when="where an item has no modality at all")


@decide.oracle
def _(logits, there):
    m, n, k = logits.shape
    joined = np.full((n, k), 1 / k)
    for item in range(n):
        said = [softmax(logits[one, item]) for one in range(m) if there[one, item]]
        if said:
            joined[item] = sum(said) / len(said)
    return joined
