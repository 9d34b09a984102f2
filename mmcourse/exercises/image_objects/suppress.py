"""Exercise `image_objects.suppress`: non-maximum suppression that forgets what it dropped."""

import numpy as np

from mmcourse.exercises import Exercise, case

suppress = Exercise(
    "image_objects.suppress",
    kind="find the bug",
    title="Who may drop whom?",
    returns="the places, by falling score, of all boxes that are near none of those kept before them",
    otherwise=(
        "These are not the boxes that stay: visited by falling score, each that is near none of those kept before it."
    ),
    minutes=10,
    difficulty=2,
    importance=3,
    task=(
        "`keep_best(near, scores)` should do non-maximum suppression: take the box with the best score, drop those "
        "that are near it, go on with the best of the rest. `near` is a boolean array `(n, n)`, True where two boxes "
        "overlap too much (a box is near itself); `scores` has the shape `(n,)`, real numbers, without ties. It "
        "returns the places of the kept boxes in `scores`, best first. It runs without complaint. Put it right."
    ),
    hints=(
        "Three boxes in a row: the first is near the second, the second near the third, the first not near the third. "
        "The scores fall from left to right. Which two must stay?",
        "There are two faults: the order in which boxes are visited, and that a box which was dropped still drops "
        "others. Compare with the boxes that were *kept*.",
    ),
    plan=(
        "Visit the boxes by falling score.",
        "Keep a box if it is near none of those that were kept before.",
        "Forget the others: what was dropped drops nobody.",
    ),
)


@suppress.solved_by
def keep_best(near, scores):
    """Overlaps bool (n, n) and scores (n,) -> places of the kept boxes, best first, integers (k,)."""
    kept = []
    for i in np.argsort(-scores):
        if not any(near[i, j] for j in kept):
            kept.append(i)
    return np.array(kept, dtype=int)


@suppress.given
def given_keep(near, scores):
    """Overlaps bool (n, n) and scores (n,) -> places of the kept boxes, best first, integers (k,)."""
    kept, seen = [], []
    for i in np.argsort(scores):
        if not any(near[i, j] for j in seen):
            kept.append(i)
        seen.append(i)
    return np.array(kept, dtype=int)


def _boxes(rng, n, pairs, low=0.0, high=1.0):
    """``near`` and ``scores`` of n boxes in any order. ``pairs`` names those that are near each other by rank, 0 the
    best."""
    near = np.eye(n, dtype=bool)
    for one, other in pairs:
        near[one, other] = near[other, one] = True
    falling = low + (high - low) * (n - np.arange(n) - rng.uniform(0.1, 0.9, n)) / n
    order = rng.permutation(n)
    return near[np.ix_(order, order)], falling[order]


CHAIN = ((0, 1), (1, 2))


@suppress.cases
def _(rng):
    for n in (7, 9, 12):
        extra = [tuple(rng.choice(np.arange(3, n), 2, replace=False)) for _ in range(n // 2)]
        yield case(*_boxes(rng, n, [*CHAIN, *extra]))
    # 0 drops 2, which would drop 5, which would drop 6. And 7 is linked with 1, but only through the worse 9.
    yield case(*_boxes(rng, 10, [(0, 2), (1, 3), (3, 4), (2, 5), (5, 6), (1, 9), (7, 9)]))
    chain = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1]], bool)
    yield case(chain, np.array([0.9, 0.8, 0.7]), when="in a chain of three boxes")
    yield case(chain, np.array([0.6, 0.7, 0.5]), when="where the middle one of three boxes is the best")
    yield case(*_boxes(rng, 6, [*CHAIN, (3, 5)], -9, -1), when="where scores are negative")
    yield case(*_boxes(rng, 5, ()), when="where no two boxes are near each other")
    yield case(np.ones((6, 6), bool), rng.permutation(6) + 0.5, when="where all boxes are near one another")
    yield case(np.ones((1, 1), bool), np.array([0.3]), when="where there is one box")


@suppress.oracle
def _(near, scores):
    left, kept = set(range(len(scores))), []
    while left:
        best = max(left, key=lambda i: scores[i])
        kept.append(best)
        left = {i for i in left if not near[best, i]}
    return np.array(kept)
