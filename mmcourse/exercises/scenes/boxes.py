"""Exercise `scenes.boxes`: the box around each mask."""

import numpy as np

from mmcourse.exercises import Exercise, case

boxes = Exercise(
    "scenes.boxes",
    kind="implement",
    title="From masks to boxes",
    returns="one box for each thing, of four numbers each",
    otherwise=(
        "A box goes from the first column and row that show the thing to one after the last column and row. Yours does "
        "not."
    ),
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
    plan=(
        "Prepare an array of zeros, a row of four for each thing.",
        "Ask of each mask which columns, and which rows, hold a pixel.",
        "Write down the first column and row, and those one after the last; leave a thing without pixels as it is.",
    ),
    minutes=10,
    difficulty=2,
    importance=2,
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


def _scattered(rng, h, w, x0, y0, x1, y1):
    """A mask whose smallest box has these edges. Pixels are few, and none is in a corner of the box: its first pixel in
    the order of reading is not its leftmost one, and some rows and columns between the edges are empty."""
    mask = np.zeros((h, w), bool)
    x, y = rng.integers(x0 + 1, x1 - 1, 2), rng.integers(y0 + 1, y1 - 1, 2)
    mask[y0, x[0]] = mask[y1 - 1, x[1]] = mask[y[0], x0] = mask[y[1], x1 - 1] = True
    return mask


@boxes.cases
def _(rng):
    def drawn(n, h, w):
        """Masks of things away from the frame's edges, at least 6 pixels wide and 3 high."""
        for _ in range(n):
            x0, y0 = int(rng.integers(1, w // 3)), int(rng.integers(h // 3, h // 2))
            x1, y1 = int(rng.integers(x0 + 6, w)), int(rng.integers(y0 + 3, h))
            yield _scattered(rng, h, w, x0, y0, x1, y1)

    for n, h, w in ((5, 9, 14), (1, 8, 11), (3, 13, 12)):
        yield case(np.stack(list(drawn(n, h, w))))
    hidden = np.stack(list(drawn(4, 10, 13)))
    hidden[int(rng.integers(1, 4))] = False
    yield case(hidden, when="where a thing has no pixel")
    yield case(np.zeros((2, 4, 7), bool), when="where a thing has no pixel")
    single = np.zeros((3, 6, 9), bool)
    single[0, 0, 0] = single[1, 5, 8] = single[2, 2, 6] = True
    yield case(single, when="where a thing is one pixel")
    whole = np.zeros((3, 5, 8), bool)
    whole[0], whole[1, :, 3], whole[2, 4] = True, True, True
    yield case(whole, when="where a thing reaches from edge to edge")
    halves = np.zeros((2, 12, 17), bool)
    halves[0, 2:4, 1:3] = halves[0, 9:11, 12:16] = halves[1, 1:3, 13:16] = halves[1, 8:11, 2:7] = True
    yield case(halves, when="where a thing is in two pieces")
    wide = np.zeros((2, 262, 300), bool)
    wide[0, 20:261, 257:290] = wide[1, 258:, 3:30] = True
    yield case(wide, when="where the picture has more than 255 rows and columns")


@boxes.oracle
def _(masks):
    found = []
    for mask in masks.tolist():
        pixels = [(x, y) for y, row in enumerate(mask) for x, shown in enumerate(row) if shown]
        xs, ys = [x for x, _ in pixels], [y for _, y in pixels]
        found.append([min(xs), min(ys), max(xs) + 1, max(ys) + 1] if pixels else [0, 0, 0, 0])
    return np.array(found, float)
