"""Exercise `cross_attention.pointing`: the pointing game, with ties against the model."""

import numpy as np

from mmcourse.exercises import Exercise, case

pointing = Exercise(
    "cross_attention.pointing",
    kind="implement",
    title="Does it point at the right thing?",
    returns="a number, the share of the words",
    otherwise="This is not the share of words of which no wrong region has the largest weight.",
    task=(
        "Write `points_rightly(weights, right)`. `weights` `(n, m)` are attention weights of `n` words over `m` "
        "regions, `right` bool `(n, m)` says which regions show what the word names. Return the share of words whose "
        "**largest** weight lies on a right region, a number. Where several regions share the largest weight exactly, "
        "the word counts only if **all** of them are right: a model that looks everywhere alike has chosen nothing."
    ),
    hints=(
        "`argmax` takes the first of equal ones, which is luck. Compare instead: which regions *have* the largest "
        "weight?",
        "`largest = weights == weights.max(axis=1, keepdims=True)`. A word is right if no region is in `largest` and "
        "not in `right`.",
    ),
    plan=(
        "Mark, for each word, all regions that have its largest weight.",
        "A word counts if none of these is wrong.",
        "Take the mean over the words.",
    ),
    minutes=8,
    difficulty=2,
    importance=2,
)


@pointing.solved_by
def points_rightly(weights, right):
    """Weights (n, m) and bool (n, m) -> the share of words that point at a right region."""
    largest = weights == weights.max(axis=1, keepdims=True)
    return (~(largest & ~right).any(axis=1)).mean()


def _word(rng, m, marks, share=0.4):
    """A word's weights over m regions, and which are right. ``marks`` says, from left to right, which of the regions
    that share the largest weight are right; of the others about ``share`` are."""
    places = np.sort(rng.permutation(m)[: len(marks)])
    top = int(rng.integers(m + 2, 4 * m + 9))
    weights = rng.permutation(np.arange(1, top))[:m].astype("float64")
    right = rng.random(m) < share
    weights[places], right[places] = top, marks
    return weights / weights.sum(), right


def _words(rng, m, *kinds, share=0.4):
    """Words of these kinds, shuffled."""
    drawn = [_word(rng, m, kinds[i], share) for i in rng.permutation(len(kinds))]
    return np.array([weights for weights, _ in drawn]), np.array([right for _, right in drawn])


YES, NO = (True,), (False,)


@pointing.cases
def _(rng):
    for n, m in ((7, 5), (4, 9), (6, 6), (11, 3)):
        hits = int(rng.integers(1, n))
        yield case(*_words(rng, m, *[YES] * hits, *[NO] * (n - hits)))
    for n, m in ((3, 4), (5, 6), (2, 5), (8, 4)):
        hits = int(rng.integers(1, n))
        yield case(*_words(rng, m, *[YES] * hits, *[NO] * (n - hits)))
    # So many that another count hardly gives the same share.
    yield case(*_words(rng, 7, *[YES] * 17, *[NO] * 24))
    yield case(*_words(rng, 8, *[YES] * 13, *[NO] * 40, share=0.15))
    yield case(*_words(rng, 4, YES), when="with a single word")
    shared = "where a right and a wrong region share the largest weight"
    yield case(*_words(rng, 5, YES, YES, NO, *[(True, False)] * 4), when=shared)
    yield case(*_words(rng, 6, YES, NO, *[(False, True)] * 3), when=shared)
    yield case(*_words(rng, 7, NO, NO, YES, (True, True, False), (False, True, True), (True, False, True)), when=shared)
    yield case(*_words(rng, 6, YES, YES, NO, *[(True, True, False)] * 3, *[(False, True, True)] * 2), when=shared)
    several = "where all regions that share the largest weight are right"
    yield case(*_words(rng, 5, NO, NO, *[(True, True)] * 2, (True,) * 3), when=several)
    yield case(*_words(rng, 4, YES, *[(False, False)] * 3, (False,) * 3), when="where all that share it are wrong")
    weights, right = _words(rng, 3, YES, *[NO] * 4)
    right[rng.permutation(np.flatnonzero(~right.all(axis=1)))[:2]] = False
    yield case(weights, right, when="where no region shows what a word names")
    weights = np.full((5, 3), 1 / 3)
    right = np.array([[True] * 3, [True, False, False], [False] * 3, [False, True, True], [True, True, False]])
    weights, right = (np.concatenate(both) for both in zip((weights, right), _words(rng, 3, YES, NO), strict=True))
    order = rng.permutation(7)
    yield case(weights[order], right[order], when="where all weights of a word are equal")
    weights, right = _words(rng, 5, NO, *[(True, False)] * 2, *[(False, True)] * 3)
    weights[(weights == weights.max(axis=1, keepdims=True)) & ~right] *= 1 - 2**-19  # float32 still tells them apart
    yield case(weights, right, when="where two weights are nearly equal, but not exactly")


@pointing.oracle
def _(weights, right):
    hits = 0
    for w, r in zip(weights.tolist(), right.tolist(), strict=True):  # word by word
        best = max(w)
        hits += all(ok for value, ok in zip(w, r, strict=True) if value == best)
    return hits / len(weights)
