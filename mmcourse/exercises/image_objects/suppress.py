"""Exercise `image_objects.suppress`: non-maximum suppression that forgets what it dropped."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.metrics import iou

suppress = Exercise(
    "image_objects.suppress",
    kind="find the bug",
    title="Who may drop whom?",
    task=(
        "`keep_best(near, scores)` should do non-maximum suppression: take the box with the best score, drop "
        "those that "
        "are near it, go on with the best of the rest. `near` is a boolean array `(n, n)`, True where two boxes "
        "overlap "
        "too much (a box is near itself); `scores` has the shape `(n,)`, without ties. It returns the places of "
        "the kept "
        "boxes, best first. It works on most pictures. Put it right."
    ),
    hints=(
        "Three boxes in a row: the first is near the second, the second near the third, the first not near the third. "
        "The scores fall from left to right. Which two must stay?",
        "There are two faults: the order in which boxes are visited, and that a box which was dropped still drops "
        "others. "
        "Compare with the boxes that were *kept*.",
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
def _given_keep(near, scores):
    """Overlaps bool (n, n) and scores (n,) -> places of the kept boxes, best first, integers (k,)."""
    kept, seen = [], []
    for i in np.argsort(scores):
        if not any(near[i, j] for j in seen):
            kept.append(i)
        seen.append(i)
    return np.array(kept, dtype=int)


def _boxes_in_a_row(rng):
    """Six boxes: a chain of three, in which each is near the next, a pair, and one alone; shuffled."""
    start = np.array([0.0, 2.0, 4.0, 20.0, 21.0, 40.0])
    boxes = np.stack([start, np.zeros(6), start + 5, np.full(6, 5.0)], axis=1)
    scores = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4]) + rng.uniform(0, 0.05, 6)
    while True:
        order = rng.permutation(6)
        near, shuffled = iou(boxes, boxes)[np.ix_(order, order)] > 0.4, scores[order]
        if (np.diff(keep_best(near, shuffled)) < 0).any():  # the best first is not just from left to right
            return near, shuffled


def _greedy(near, scores, order, dropped_too=False):
    kept, seen = [], []
    for i in order:
        if not any(near[i, j] for j in (seen if dropped_too else kept)):
            kept.append(i)
        seen.append(i)
    return np.array(kept)


@suppress.check
def _(answer, rng):
    near, scores = _boxes_in_a_row(rng)
    best_first = np.argsort(-scores)
    wanted = _greedy(near, scores, best_first)
    kept = expect.array(expect.pure(answer, near, scores), (None,), "the places of the boxes that stay", kind="number")
    kept = kept.astype(int)
    both = _greedy(near, scores, best_first[::-1], dropped_too=True)
    expect.true(
        not np.array_equal(kept, both),
        "Both faults are still there: the worst box is visited first, and boxes that were dropped still drop others.",
    )
    expect.true(
        not np.array_equal(np.sort(kept), np.sort(_greedy(near, scores, best_first[::-1]))) or len(kept) == 6,
        "The box with the *worst* score was taken first: `argsort` sorts upwards.",
    )
    expect.true(
        not np.array_equal(kept, _greedy(near, scores, best_first, dropped_too=True)),
        "A box that was itself dropped still drops others. In a chain of three the third must stay: its only neighbour "
        "is gone.",
    )
    expect.true(len(kept) < 6, "Nothing was dropped: boxes that are near a kept one must go.")
    expect.true(len(kept) > 0, "Nothing was kept. A box is near itself: compare it with boxes kept *before*.")
    expect.true(len(kept) > 1, "Only one box stayed. Suppression drops duplicates of one thing, not other things.")
    expect.true(
        not (np.array_equal(np.sort(kept), np.sort(wanted)) and not np.array_equal(kept, wanted)),
        "The right boxes, in another order: the best comes first.",
    )
    expect.equal(kept, wanted, "These are not the boxes that stay.")


@suppress.mistake("sorts upwards")
def worst_first(near, scores):
    return _greedy(near, scores, np.argsort(scores))


@suppress.mistake("itself dropped still drops")
def dropped_ones_count(near, scores):
    return _greedy(near, scores, np.argsort(-scores), dropped_too=True)


@suppress.mistake("Nothing was dropped")
def all_kept(near, scores):
    return np.argsort(-scores)


@suppress.mistake("Nothing was kept")
def near_itself(near, scores):
    return np.array([i for i in np.argsort(-scores) if not near[i].any()], dtype=int)


@suppress.mistake("Only one box stayed")
def only_the_best(near, scores):
    return np.argsort(-scores)[:1]


@suppress.mistake("in another order")
def sorted_by_place(near, scores):
    return np.sort(keep_best(near, scores))
