"""Exercise `image_objects.overlap`: intersection over union of many boxes."""

import numpy as np

from mmcourse.exercises import Exercise, case

overlap = Exercise(
    "image_objects.overlap",
    kind="implement",
    title="Overlap of all boxes with all boxes",
    returns="a row for each box of a and a column for each box of b",
    otherwise=(
        "This is not, for each pair of boxes, the area that both cover, divided by the area that one or both cover."
    ),
    minutes=12,
    difficulty=2,
    importance=3,
    task=(
        "Write `overlaps(a, b)` in NumPy: the intersection over union of every box of `a`, shape `(n, 4)`, with every "
        "box of `b`, shape `(m, 4)`, as an array of shape `(n, m)`. A box is `x0, y0, x1, y1`: its edges, real "
        "numbers that may be negative, so that its width is `x1 - x0`. All boxes have an area above zero."
    ),
    hints=(
        "Draw two boxes that overlap. Where is the left edge of what both cover? Where is it for two boxes apart?",
        "`np.maximum(a[:, None, :2], b[None, :, :2])` has the shape (n, m, 2). Widths and heights below zero become "
        "zero *before* they are multiplied. The union counts what both cover only once.",
    ),
    plan=(
        "Find the corners of what each pair of boxes covers together.",
        "Take its width and height, zero where they are negative, and multiply them.",
        "Divide by the area of the union: the two areas, less what was counted twice.",
    ),
)


@overlap.solved_by
def overlaps(a, b):
    """Boxes (n, 4) and (m, 4) -> IoU (n, m), each number in [0, 1]."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    both = np.prod(np.maximum(high - low, 0), axis=-1)  # (n, m)
    area_a, area_b = np.prod(a[:, 2:] - a[:, :2], axis=1), np.prod(b[:, 2:] - b[:, :2], axis=1)
    return both / (area_a[:, None] + area_b - both)


def _boxes(rng, n, size=4.0, at=0.0):
    """``n`` boxes, most of which overlap: corners near ``at``, sides from half of ``size`` to three halves."""
    corner = at + rng.uniform(-0.6, 0.6, (n, 2)) * size
    return np.concatenate([corner, corner + rng.uniform(0.5, 1.5, (n, 2)) * size], axis=1)


def _move(box, right, down):
    return box + np.array([right, down, right, down])


@overlap.cases
def _(rng):
    for n, m, size, at in ((3, 5, 4, 20), (4, 2, 30, 100), (3, 3, 0.4, 1), (2, 4, 5, 7)):
        yield case(_boxes(rng, n, size, at), _boxes(rng, m, size, at))
    yield case(_boxes(rng, 1, 3, 10), _boxes(rng, 1, 3, 10), when="where there is one box on each side")
    yield case(_boxes(rng, 3, 4, -20), _boxes(rng, 2, 4, -20), when="where coordinates are negative")
    a = _boxes(rng, 2, 4, 30)
    beyond = np.c_[a[:, 2:] + [0.5, 0.8], a[:, 2:] + [3, 4]]  # a little below and to the right
    apart = np.concatenate([_move(a, -12, 14), beyond, _boxes(rng, 1, 4, 30)])
    yield case(a, apart, when="where two boxes lie apart along both axes")
    apart = np.concatenate([_move(a[:1], 11, 0.5), _move(a[:1], 0.5, -12), _boxes(rng, 1, 4, 30)])
    yield case(a[:1], apart, when="where two boxes lie apart along one axis")
    box = np.array([[2.0, 3.0, 6.0, 5.0]]) + rng.integers(0, 5)
    touching = np.concatenate([_move(box, 4, 0), _move(box, 0, -2), _move(box, -4, 2), _move(box, 1, 0.5)])
    yield case(box, touching, when="where two boxes only touch")
    outer = _boxes(rng, 1, 10, 40)
    inner = np.concatenate([outer * 0.7 + (outer[:, :2] + outer[:, 2:]).repeat(2, 0).reshape(1, 4) * 0.15, outer])
    low = 30 + rng.integers(0, 5)
    bar = low + np.array([[0.0, 2.0, 7.0, 3.5], [2.0, 0.0, 4.0, 7.0]])  # a lying one and a standing one
    bars = low + np.array([[3.0, 1.0, 4.5, 6.0], [-1.0, 4.0, 5.0, 6.0], [0.5, 3.0, 3.0, 9.0]])
    yield case(bar, bars, when="where two boxes cross like a plus sign, no corner of one in the other")
    yield case(
        inner, np.concatenate([outer, inner[:1]]), when="where one box lies inside the other, or they are the same"
    )


@overlap.oracle
def _(a, b):
    def one(p, q):
        width = min(p[2], q[2]) - max(p[0], q[0])
        height = min(p[3], q[3]) - max(p[1], q[1])
        both = width * height if width > 0 and height > 0 else 0.0
        return both / ((p[2] - p[0]) * (p[3] - p[1]) + (q[2] - q[0]) * (q[3] - q[1]) - both)

    return np.array([[one(p, q) for q in b.tolist()] for p in a.tolist()])
