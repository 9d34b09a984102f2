"""Exercise `image_objects.overlap`: intersection over union of many boxes."""

import numpy as np

from mmcourse.exercises import Exercise, expect

overlap = Exercise(
    "image_objects.overlap",
    kind="implement",
    title="Overlap of all boxes with all boxes",
    task=(
        "Write `overlaps(a, b)` in NumPy: the intersection over union of every box of `a`, shape `(n, 4)`, with "
        "every box "
        "of `b`, shape `(m, 4)`, as an array of shape `(n, m)`. A box is `x0, y0, x1, y1`: its edges, so that its "
        "width "
        "is `x1 - x0`. All boxes have an area above zero."
    ),
    hints=(
        "Draw two boxes that overlap. Where is the left edge of what both cover? Where is it for two boxes apart?",
        "`np.maximum(a[:, None, :2], b[None, :, :2])` has the shape (n, m, 2). Widths and heights below zero become "
        "zero *before* they are multiplied. The union counts what both cover only once.",
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


def _one(p, q, more=0, clip=True, union=True):
    w, h = min(p[2], q[2]) - max(p[0], q[0]) + more, min(p[3], q[3]) - max(p[1], q[1]) + more
    both = max(w, 0) * max(h, 0) if clip else w * h
    area = [(r[2] - r[0] + more) * (r[3] - r[1] + more) for r in (p, q)]
    return both / (sum(area) - union * both)


def _all(a, b, **how):
    return np.array([[_one(p, q, **how) for q in b] for p in a])


def random_boxes(rng, n):
    """``n`` boxes, float64 (n, 4), some of which overlap; sides of whole numbers from 2 to 6."""
    corner = rng.integers(0, 9, (n, 2)).astype(float)
    return np.concatenate([corner, corner + rng.integers(2, 7, (n, 2))], axis=1)


@overlap.check
def _(answer, rng):
    # The first two of b lie diagonally away from the first of a, so that both differences are negative.
    a = np.concatenate([[[10.0, 10.0, 14.0, 13.0]], random_boxes(rng, 2)])
    b = np.concatenate([[[0.0, 0.0, 3.0, 4.0], [11.0, 9.0, 15.0, 12.0]], random_boxes(rng, 3)])
    wanted = _all(a, b)
    got = expect.array(expect.pure(answer, a, b))
    expect.true(got.shape != (5, 3), "Rows and columns are swapped: a row for each box of a, a column for each of b.")
    got = expect.array(got, (3, 5), "a row for each box of a and a column for each box of b")
    expect.differs(
        got,
        _all(a, b, union=False),
        "The intersection was counted twice in the union: take it away once from the sum of the areas.",
    )
    expect.differs(
        got, _all(a, b, more=1), "Widths are one too large. That rule is for pixel numbers; these are edges: x1 - x0."
    )
    expect.true(
        not np.isclose(got[0, 0], _one(a[0], b[0], clip=False)),
        "Two boxes that lie apart along both axes have a positive overlap: two negative sides were multiplied. Cut "
        "sides off at zero before you multiply.",
    )
    area = np.minimum(*np.meshgrid(*[(r[:, 2] - r[:, 0]) * (r[:, 3] - r[:, 1]) for r in (a, b)], indexing="ij"))
    both = wanted / (1 + wanted) * np.add.outer(*[(r[:, 2] - r[:, 0]) * (r[:, 3] - r[:, 1]) for r in (a, b)])
    expect.differs(got, both / area, "You divided by the smaller area: then a small box inside a large one scores 1.")
    expect.differs(got, both, "That is the area of the intersection. Divide it by the area of the union.")
    expect.close(got, wanted, "Not the intersection over the union.")


@overlap.mistake("counted twice")
def union_not_subtracted(a, b):
    return _all(a, b, union=False)


@overlap.mistake("one too large")
def pixel_rule(a, b):
    return _all(a, b, more=1)


@overlap.mistake("two negative sides")
def not_cut_off(a, b):
    return _all(a, b, clip=False)


@overlap.mistake("smaller area")
def over_the_smaller(a, b):
    areas = [(r[:, 2] - r[:, 0]) * (r[:, 3] - r[:, 1]) for r in (a, b)]
    iou = overlaps(a, b)
    return iou / (1 + iou) * np.add.outer(*areas) / np.minimum(areas[0][:, None], areas[1])


@overlap.mistake("area of the intersection")
def only_the_intersection(a, b):
    iou = overlaps(a, b)
    return iou / (1 + iou) * np.add.outer(*[(r[:, 2] - r[:, 0]) * (r[:, 3] - r[:, 1]) for r in (a, b)])


@overlap.mistake("swapped")
def other_way_round(a, b):
    return overlaps(b, a)
