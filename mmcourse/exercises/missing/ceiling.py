"""Exercise `missing.ceiling`: what can be reached when either of two modalities may be missing."""

import numpy as np

from mmcourse.exercises import Exercise, expect

ceiling = Exercise(
    "missing.ceiling",
    kind="implement",
    title="A ceiling with holes",
    task=(
        "Write `ceiling_with_holes(p, first, second)`. The table `p` of shape `(a, b, c)` holds the probabilities "
        "that the first modality shows `i`, the second `j`, and the label is `k`. The first modality is missing "
        "with the probability `first`, the second with the probability `second`, independently of each other and "
        "of everything else, so that now and then **both** are. Return the highest accuracy that can be reached, "
        "one number."
    ),
    hints=(
        "There are four cases: both are there, one of them, the other, none. How likely is each? What can be reached "
        "in each?",
        "With both missing the commonest label is left: `p.sum(axis=(0, 1)).max()`. With the second missing sum it "
        "away first: `p.sum(axis=1).max(axis=-1).sum()`. Weigh the four, such as (1 - first) · second for the case in "
        "which only the first is there.",
    ),
    level="stretch",
)


@ceiling.solved_by
def ceiling_with_holes(p, first, second):
    """Joint table (a, b, c), two probabilities -> the best accuracy."""
    both = p.max(axis=-1).sum()
    only_first = p.sum(axis=1).max(axis=-1).sum()
    only_second = p.sum(axis=0).max(axis=-1).sum()
    none = p.sum(axis=(0, 1)).max()
    one = (1 - first) * second * only_first
    other = first * (1 - second) * only_second
    whole = (1 - first) * (1 - second) * both
    return whole + one + other + first * second * none


def _four(p):
    return p.max(-1).sum(), p.sum(1).max(-1).sum(), p.sum(0).max(-1).sum(), p.sum((0, 1)).max()


def _exchanged(p, first, second):
    return ceiling_with_holes(p, second, first)


def _nothing_is_wrong(p, first, second):
    both, one, other, _ = _four(p)
    return (1 - first) * (1 - second) * both + (1 - first) * second * one + first * (1 - second) * other


def _there_for_missing(p, first, second):
    return ceiling_with_holes(p, 1 - first, 1 - second)


def _adds(p, first, second):
    both, one, other, _ = _four(p)
    return (1 - first - second) * both + second * one + first * other


def _coin(p, first, second):
    return _nothing_is_wrong(p, first, second) + first * second / p.shape[-1]


def _whole(p, first, second):
    return _four(p)[0]


def _better(p, first, second):
    both, one, other, none = _four(p)
    some = first + second - 2 * first * second
    return (1 - first) * (1 - second) * both + some * max(one, other) + first * second * none


MISTAKES = (
    (
        _exchanged,
        "The two probabilities",
        "The two probabilities are exchanged. Where the *first* is missing, the second is seen.",
    ),
    (
        _nothing_is_wrong,
        "counts as wrong",
        "Where both are missing, every answer counts as wrong with you. The commonest label is still right at times.",
    ),
    (
        _there_for_missing,
        "are *missing*",
        "You took the probabilities for those of being there. They say how often the modalities are *missing*.",
    ),
    (
        _adds,
        "four cases",
        "You left out that both may be missing: there are four cases, and their weights add up to one.",
    ),
    (
        _coin,
        "not equally common",
        "Where both are missing you toss a coin. The labels are not equally common: answer the commonest.",
    ),
    (_whole, "no holes", "That is the ceiling with no holes at all."),
    (
        _better,
        "You cannot choose",
        "You cannot choose which of the two is left: where the better one is missing, the other has to do.",
    ),
)


@ceiling.check
def _(answer, rng):
    known = [0.0, 0.0]
    while not expect.apart(known, 0.004):  # each mistake has a value of its own
        p = rng.dirichlet(np.full(36, 0.3)).reshape(3, 4, 3)
        first, second = rng.uniform(0.15, 0.3), rng.uniform(0.35, 0.45)
        right = 0.0
        for sees_first in (True, False):  # the oracle: every way of seeing, every view, one at a time
            for sees_second in (True, False):
                weight = ((1 - first) if sees_first else first) * ((1 - second) if sees_second else second)
                views = {}
                for i, j, k in np.ndindex(*p.shape):
                    view = views.setdefault((i if sees_first else None, j if sees_second else None), np.zeros(3))
                    view[k] += p[i, j, k]
                right += weight * sum(view.max() for view in views.values())
        known = [right, *(function(p, first, second) for function, _, _ in MISTAKES)]
    got = expect.number(expect.pure(answer, p, first, second), "one number")
    for function, _, message in MISTAKES:
        expect.differs(got, function(p, first, second), message)
    expect.close(got, right, "Weigh the ceilings of the four cases by how likely the cases are.")
    expect.close(answer(p, 0.0, 0.0), p.max(-1).sum(), "With nothing missing the ceiling is that of both.")


for _function, _diagnosis, _ in MISTAKES:
    ceiling.mistake(_diagnosis)(_function)
