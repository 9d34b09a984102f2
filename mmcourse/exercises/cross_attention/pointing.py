"""Exercise `cross_attention.pointing`: the pointing game, with ties against the model."""

import numpy as np

from mmcourse.exercises import Exercise, expect

pointing = Exercise(
    "cross_attention.pointing",
    kind="implement",
    title="Does it point at the right thing?",
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
)


@pointing.solved_by
def points_rightly(weights, right):
    """Weights (n, m) and bool (n, m) -> the share of words that point at a right region."""
    largest = weights == weights.max(axis=1, keepdims=True)
    return (~(largest & ~right).any(axis=1)).mean()


def _draw(rng):
    """Words of all kinds: clearly right, clearly wrong, and ties of each kind."""
    n, m = 23, 6
    weights = rng.permutation(np.arange(1, n * m + 1)).reshape(n, m) / 256.0
    right = rng.random((n, m)) < 0.35
    for row in range(10):  # two largest: one right and one wrong, in both orders
        a, b = rng.permutation(m)[:2]
        a, b = (min(a, b), max(a, b)) if row < 7 else (max(a, b), min(a, b))
        weights[row, [a, b]] = 2.0
        right[row, a], right[row, b] = True, False
    weights[10, :2] = weights[11, 2:4] = 2.0  # two largest, both right
    right[10, :2] = right[11, 2:4] = True
    weights[12] = 0.5  # everywhere alike
    right[12] = np.arange(m) == 0
    return weights, right


@pointing.check
def _(answer, rng):
    known = [0.0, 0.0]
    while not expect.apart(known):  # each mistake has a value of its own
        weights, right = _draw(rng)
        hits = []
        for w, r in zip(weights, right, strict=True):  # the oracle, word by word
            best = max(w)
            hits.append(all(ok for value, ok in zip(w, r, strict=True) if value == best))
        rows = np.arange(len(weights))
        largest = weights == weights.max(1, keepdims=True)
        known = [
            np.mean(hits),
            right[rows, weights.argmax(1)].mean(),
            (largest & right).any(1).mean(),
            ((largest & right).sum(1) / largest.sum(1)).mean(),
            (weights * right).sum(1).mean(),
            ((weights * right).sum(1) / weights.sum(1)).mean(),
            right[rows, weights.argmin(1)].mean(),
            right[weights.argmax(0), np.arange(weights.shape[1])].mean(),
            sum(hits),
        ]
    got = expect.number(expect.pure(answer, weights, right), "a number, a share")
    for value, message in (
        (known[1], "Of equal weights you take the first, and it happens to be right more often than not here. Luck."),
        (known[2], "You count a word if *any* of its largest weights is right: ties go in favour of the model."),
        (known[3], "You share ties out, as a draw would. Asked for is the pessimistic way: all or none."),
        (known[4], "This is the weight on the right regions, not even as a share. Pointing asks for the largest only."),
        (known[5], "This is the mass on the right regions. Pointing asks only where the *largest* weight lies."),
        (known[6], "This is where the *smallest* weight lies."),
        (known[7], "For each *region* the word that looks at it most. Each word's largest weight runs along axis 1."),
        (known[8], "This is how many words are right. Asked for is their share."),
    ):
        expect.true(not np.isclose(got, value, rtol=1e-6) or np.isclose(value, known[0]), message)
    expect.close(got, known[0], "The share of words all of whose largest weights lie on right regions.")


@pointing.mistake("take the first")
def first(weights, right):
    return right[np.arange(len(weights)), weights.argmax(1)].mean()


@pointing.mistake("in favour of the model")
def any_of_them(weights, right):
    return ((weights == weights.max(1, keepdims=True)) & right).any(1).mean()


@pointing.mistake("share ties out")
def shared(weights, right):
    largest = weights == weights.max(1, keepdims=True)
    return ((largest & right).sum(1) / largest.sum(1)).mean()


@pointing.mistake("This is the mass")
def mass(weights, right):
    return ((weights * right).sum(1) / weights.sum(1)).mean()


@pointing.mistake("For each *region*")
def by_region(weights, right):
    return right[weights.argmax(0), np.arange(weights.shape[1])].mean()


@pointing.mistake("how many words")
def number(weights, right):
    return ((weights == weights.max(1, keepdims=True)) <= right).all(1).sum()
