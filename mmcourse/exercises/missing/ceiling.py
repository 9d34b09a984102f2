"""Exercise `missing.ceiling`: what can be reached when either of two modalities may be missing."""

import numpy as np

from mmcourse.exercises import Exercise, case

ceiling = Exercise(
    "missing.ceiling",
    kind="implement",
    title="A ceiling with holes",
    returns="one number, the best accuracy",
    otherwise=(
        "This is not the highest accuracy: over the four cases, how likely each is, times what can be reached in it. "
        "With 0 and 1 for `first` and `second` a single case is left: try each."
    ),
    task=(
        "Write `ceiling_with_holes(p, first, second)`. The table `p` of shape `(a, b, c)` holds the probabilities "
        "that the first modality shows `i`, the second `j`, and the label is `k`; all its entries sum to one. The "
        "first modality is missing with the probability `first`, the second with the probability `second`, "
        "independently of each other and of everything else, so that now and then **both** are. Return the highest "
        "accuracy that can be reached, one number."
    ),
    hints=(
        "There are four cases: both are there, one of them, the other, none. How likely is each? What can be reached "
        "in each?",
        "With both missing the commonest label is left: `p.sum(axis=(0, 1)).max()`. With the second missing sum it "
        "away first: `p.sum(axis=1).max(axis=-1).sum()`. Weigh the four, such as (1 - first) · second for the case in "
        "which only the first is there.",
    ),
    plan=(
        "Say what can be reached in each of four cases: both are there, only the first, only the second, none.",
        "Say how likely each of the four is; these weights add up to one.",
        "Add the four, each times its weight.",
    ),
    minutes=15,
    difficulty=3,
    importance=2,
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


def _table(rng, a, b, c):
    """A joint table of which the better modality and the commonest label are not always the same."""
    return rng.dirichlet(np.full(a * b * c, 0.3)).reshape(a, b, c)


def _irony(flip=0.0):
    """The label says whether the two differ: each alone is a coin, both together are right but for a share ``flip``."""
    p = np.full((2, 2, 2), flip / 4)
    p[[0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0]] = (1 - flip) / 4
    return p


@ceiling.cases
def _(rng):
    for a, b, c in ((3, 4, 3), (5, 2, 2)):
        yield case(_table(rng, a, b, c), rng.uniform(0.1, 0.3), rng.uniform(0.35, 0.6))
    p = _table(rng, 4, 4, 4)
    p = p[..., p.sum((0, 1)).argsort()[[0, 1, 3, 2]]]  # the commonest label is the third
    yield case(p, rng.uniform(0.1, 0.3), rng.uniform(0.35, 0.6))
    first_tells, second_tells = _table(rng, 4, 3, 3), _table(rng, 3, 4, 3)
    first_tells[:3] = first_tells[:3] * 0.2 + 0.8 / 9 * np.eye(3)[:, None, :]  # who sees the first knows nearly all
    second_tells[:, :3] = second_tells[:, :3] * 0.2 + 0.8 / 9 * np.eye(3)[None, :, :]
    for p in (first_tells, second_tells):  # the better one is missing more often, then more rarely
        p /= p.sum()
        yield case(p, rng.uniform(0.5, 0.7), rng.uniform(0.15, 0.4))
        yield case(p, rng.uniform(0.1, 0.3), rng.uniform(0.6, 0.8))
    p = _table(rng, 3, 2, 4)
    p = p[..., p.sum((0, 1)).argsort()]  # here it is the last
    yield case(p, 0.0, 0.0, when="where nothing is ever missing")
    yield case(p, 1.0, 1.0, when="where both are always missing")
    yield case(p, 0.0, rng.uniform(0.3, 0.7), when="where only the second may be missing")
    yield case(p, rng.uniform(0.3, 0.7), 0.0, when="where only the first may be missing")
    yield case(p, 1.0, rng.uniform(0.3, 0.7), when="where the first is always missing")
    yield case(
        _irony(rng.uniform(0, 0.2)), 0.5, 0.25, when="where each alone says nothing and both together nearly all"
    )


@ceiling.oracle
def _(p, first, second):
    right = 0.0
    for sees_first in (True, False):  # every way of seeing, every view, one at a time
        for sees_second in (True, False):
            weight = ((1 - first) if sees_first else first) * ((1 - second) if sees_second else second)
            views = {}
            for i, j, k in np.ndindex(*p.shape):
                view = views.setdefault((i if sees_first else None, j if sees_second else None), [0.0] * p.shape[2])
                view[k] += float(p[i, j, k])
            right += weight * sum(max(view) for view in views.values())
    return right
