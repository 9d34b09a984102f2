"""Exercise `scenes.boxes`: the box around each mask."""

import numpy as np

from mmcourse.exercises import Exercise, expect

boxes = Exercise(
    "scenes.boxes",
    kind="implement",
    title="From masks to boxes",
    task=(
        "Write `boxes_from_masks(masks)`. `masks` is an array of booleans `(n, h, w)`: for each thing, which pixels "
        "show it. Return an array `(n, 4)` with `x0, y0, x1, y1` for each thing: the edges of the smallest box that "
        "holds all of its pixels. Edges lie *between* pixels: a thing that is only the pixel in row 0 and column 0 has "
        "the box `0, 0, 1, 1`, and `x1 - x0` is the width. A thing without any pixel has the box `0, 0, 0, 0`."
    ),
    hints=(
        "Which axis of the array is x, and which is y? A picture's rows are counted downwards, so the row number is y.",
        "`mask.any(axis=0)` says for each column whether it holds a pixel. `np.flatnonzero` of that gives the columns; "
        "the box begins at the first and ends one after the last.",
    ),
)


@boxes.solved_by
def boxes_from_masks(masks):
    """Masks (n, h, w), boolean -> boxes (n, 4): x0, y0, x1, y1."""
    found = np.zeros((len(masks), 4))
    for k, mask in enumerate(masks):
        columns = np.flatnonzero(mask.any(axis=0))
        rows = np.flatnonzero(mask.any(axis=1))
        if len(rows):
            found[k] = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    return found


def _drawn(rng, n=5, h=9, w=14):
    """Masks with scattered pixels, and their boxes: the corners are drawn first. No two edges of a box are equal."""
    masks, wanted = np.zeros((n, h, w), bool), np.zeros((n, 4))
    for k in range(n):
        x0, y0 = rng.integers(1, 4), rng.integers(4, 6)
        x1, y1 = rng.integers(8, w), rng.integers(7, h)
        inside = rng.random((y1 - y0, x1 - x0)) < 0.4
        # One pixel on each side, in places of their own, so that no single row or column is full.
        inside[0, 1] = inside[-1, 2] = inside[1, 0] = inside[0, -1] = True
        masks[k, y0:y1, x0:x1] = inside
        wanted[k] = x0, y0, x1, y1
    return masks, wanted


@boxes.check
def _(answer, rng):
    masks, wanted = _drawn(rng)
    n = len(masks)
    got = expect.array(expect.pure(answer, masks), (n, 4), "one box for each thing, of four numbers each")
    x0, y0, x1, y1 = wanted.T
    for mistaken, message in (
        (np.stack([y0, x0, y1, x1], 1), "x and y are swapped: the number of a row is y, the number of a column is x."),
        (
            np.stack([x0, y0, x1 - 1, y1 - 1], 1),
            "Each box ends one pixel too early. Edges lie between pixels: the last pixel belongs to the box, so "
            "it ends "
            "one after it, and a single pixel has the width 1, not 0.",
        ),
        (
            np.stack([x0, y0, x1 - x0, y1 - y0], 1),
            "These are corner, width and height. That format exists (COCO has it), but here the last two are x1 "
            "and y1. "
            "Always ask which of the two a data set means.",
        ),
        (
            np.stack([(x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0], 1),
            "These are centre, width and height. Here the four numbers are the edges.",
        ),
        (np.stack([x0, x1, y0, y1], 1), "The right numbers in another order: wanted is x0, y0, x1, y1."),
        (
            np.tile([x0.min(), y0.min(), x1.max(), y1.max()], (n, 1)),
            "This is one box around all things. Each thing has a box of its own.",
        ),
    ):
        expect.differs(got, mistaken, message)
    expect.close(got, wanted, "These are not the edges of the smallest boxes that hold all pixels.")
    bare = masks.copy()
    bare[1] = False
    wanted[1] = 0
    got = expect.array(answer(bare), (n, 4), "a thing that is wholly hidden has a row too")
    expect.close(got, wanted, "A thing without any pixel should have the box 0, 0, 0, 0, and the others their own.")


def _edges(masks, change):
    solved = boxes_from_masks(masks)
    return np.stack(change(*solved.T), 1)


@boxes.mistake("x and y are swapped")
def rows_first(masks):
    return _edges(masks, lambda x0, y0, x1, y1: (y0, x0, y1, x1))


@boxes.mistake("one pixel too early")
def last_pixel(masks):
    return _edges(masks, lambda x0, y0, x1, y1: (x0, y0, x1 - 1, y1 - 1))


@boxes.mistake("corner, width and height")
def coco(masks):
    return _edges(masks, lambda x0, y0, x1, y1: (x0, y0, x1 - x0, y1 - y0))


@boxes.mistake("another order")
def by_axis(masks):
    return _edges(masks, lambda x0, y0, x1, y1: (x0, x1, y0, y1))


@boxes.mistake("around all things")
def one_for_all(masks):
    return np.tile(boxes_from_masks(masks.any(axis=0, keepdims=True)), (len(masks), 1))


@boxes.mistake("one box for each thing")
def empty_left_out(masks):
    return boxes_from_masks(masks)[0]


@boxes.mistake("a row too")
def hidden_dropped(masks):
    return boxes_from_masks(masks[masks.any(axis=(1, 2))])


@boxes.mistake("without any pixel")
def whole_frame_if_empty(masks):
    found = boxes_from_masks(masks)
    found[~masks.any(axis=(1, 2))] = 0, 0, masks.shape[2], masks.shape[1]
    return found
