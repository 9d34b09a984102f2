"""What goes wrong in `scenes.boxes`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.scenes.boxes import boxes, boxes_from_masks


def _mistake(message):
    """Registers a mistake: a function of one mask's edges x0, y0, x1, y1 and of the mask. A thing without pixels keeps
    its zeros."""

    def register(change):
        def mistake(masks):
            found = boxes_from_masks(masks)
            for k, mask in enumerate(masks):
                if mask.any():
                    found[k] = change(*found[k], mask)
            return found

        mistake.__name__ = change.__name__
        boxes.mistake(message)(mistake)
        return change

    return register


@_mistake("x and y are swapped: the number of a row is y, the number of a column is x.")
def rows_first(x0, y0, x1, y1, mask):
    return y0, x0, y1, x1


@_mistake("x0 and x1 are right, and your y0 and y1 are the same numbers. y comes from the rows that hold a pixel.")
def columns_only(x0, y0, x1, y1, mask):
    return x0, x0, x1, x1


@_mistake("y0 and y1 are right, and your x0 and x1 are the same numbers. x comes from the columns that hold a pixel.")
def rows_only(x0, y0, x1, y1, mask):
    return y0, y0, y1, y1


LAST_PIXEL = (
    "Each box ends one pixel too early. Edges lie between pixels: the last pixel belongs to the box, so it ends one "
    "after it, and a single pixel has the width 1, not 0."
)


@_mistake(LAST_PIXEL)
def last_pixel(x0, y0, x1, y1, mask):
    return x0, y0, x1 - 1, y1 - 1


@boxes.mistake(LAST_PIXEL)
def last_pixel_of_nothing(masks):
    found = boxes_from_masks(masks)
    found[:, 2:] -= 1
    return found


@_mistake("x and y are swapped, and each box ends one pixel too early: one after the last pixel.")
def rows_first_last_pixel(x0, y0, x1, y1, mask):
    return y0, x0, y1 - 1, x1 - 1


@_mistake("x1 is one pixel too small, y1 is right: both edges lie one after the last pixel.")
def last_column(x0, y0, x1, y1, mask):
    return x0, y0, x1 - 1, y1


@_mistake("y1 is one pixel too small, x1 is right: both edges lie one after the last pixel.")
def last_row(x0, y0, x1, y1, mask):
    return x0, y0, x1, y1 - 1


@_mistake(
    "Each box begins one pixel too late: the first pixel belongs to the box, and its number is the edge before it."
)
def after_the_first(x0, y0, x1, y1, mask):
    return x0 + 1, y0 + 1, x1, y1


@_mistake("All edges are one too large: pixels are counted from 0.")
def counted_from_one(x0, y0, x1, y1, mask):
    return x0 + 1, y0 + 1, x1 + 1, y1 + 1


@_mistake("Each box ends one pixel too late: one after the last pixel is enough.")
def one_more(x0, y0, x1, y1, mask):
    return x0, y0, x1 + 1, y1 + 1


@_mistake("Each box begins one pixel too early: it is wider and higher than its pixels.")
def before_the_first(x0, y0, x1, y1, mask):
    return x0 - 1, y0 - 1, x1, y1


@_mistake(
    "These are corner, width and height. That format exists (COCO has it), but here the last two are x1 and y1. Always "
    "ask which of the two a data set means."
)
def coco(x0, y0, x1, y1, mask):
    return x0, y0, x1 - x0, y1 - y0


@_mistake("These are corner, width - 1 and height - 1. Here the last two are x1 and y1, one after the last pixel.")
def coco_last_pixel(x0, y0, x1, y1, mask):
    return x0, y0, x1 - 1 - x0, y1 - 1 - y0


@_mistake("These are centre, width and height. Here the four numbers are the edges.")
def centre(x0, y0, x1, y1, mask):
    return (x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0


@_mistake("The right numbers in another order: wanted is x0, y0, x1, y1, yours is x0, x1, y0, y1.")
def by_axis(x0, y0, x1, y1, mask):
    return x0, x1, y0, y1


@_mistake("The right numbers in another order: wanted is x0, y0, x1, y1, yours is y0, y1, x0, x1.")
def by_axis_rows_first(x0, y0, x1, y1, mask):
    return y0, y1, x0, x1


@_mistake("The right numbers in another order: wanted is x0, y0, x1, y1, and yours begins with x1, y1.")
def last_corner_first(x0, y0, x1, y1, mask):
    return x1, y1, x0, y0


@_mistake("y0 and y1 are exchanged. Rows are counted downwards: y0 is the upper edge, the smaller number.")
def lower_left(x0, y0, x1, y1, mask):
    return x0, y1, x1, y0


@_mistake("You count y upwards. A picture's rows are counted downwards: the first row has y = 0.")
def upwards(x0, y0, x1, y1, mask):
    return x0, len(mask) - y1, x1, len(mask) - y0


@_mistake("The edges are divided by the width and height of the picture. Here they are counted in pixels.")
def relative(x0, y0, x1, y1, mask):
    h, w = mask.shape
    return x0 / w, y0 / h, x1 / w, y1 / h


@_mistake(
    "You took the first and the last pixel in the order of reading. The first need not be the leftmost, nor the last "
    "the rightmost: look at x and y separately."
)
def first_and_last_pixel(x0, y0, x1, y1, mask):
    rows, columns = np.nonzero(mask)
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


@_mistake(
    "You counted the columns and rows that hold a pixel. Where some between the edges are empty, the box is larger "
    "than that: it ends one after the last."
)
def counted_columns(x0, y0, x1, y1, mask):
    return x0, y0, x0 + mask.any(0).sum(), y0 + mask.any(1).sum()


@_mistake("Only columns and rows that are full of pixels count in yours. One pixel is enough: `any`, not `all`.")
def full_columns(x0, y0, x1, y1, mask):
    columns, rows = np.flatnonzero(mask.all(0)), np.flatnonzero(mask.all(1))
    return (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1) if len(rows) and len(columns) else (0, 0, 0, 0)


@_mistake("This is the box of the pixels that do *not* show the thing.")
def background(x0, y0, x1, y1, mask):
    rows, columns = np.nonzero(~mask)
    return (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) if len(rows) else (0, 0, 0, 0)


@boxes.mistake("This is one box around all things. Each thing has a box of its own.")
def one_for_all(masks):
    return np.tile(boxes_from_masks(masks.any(axis=0, keepdims=True)), (len(masks), 1))


@boxes.mistake("This is the box of the first thing alone. Return a row for each.")
def first_only(masks):
    return boxes_from_masks(masks)[0]


@boxes.mistake("A thing without any pixel has a row too: 0, 0, 0, 0.")
def hidden_dropped(masks):
    return boxes_from_masks(masks[masks.any(axis=(1, 2))])


def _if_hidden(masks, box):
    found = boxes_from_masks(masks)
    found[~masks.any(axis=(1, 2))] = box
    return found


@boxes.mistake("A thing without any pixel has the whole frame in yours. Its box is 0, 0, 0, 0.")
def whole_frame_if_empty(masks):
    return _if_hidden(masks, [0, 0, masks.shape[2], masks.shape[1]])


@boxes.mistake(
    "A thing without any pixel has the box 0, 0, 1, 1 in yours, as if there were one pixel. It is 0, 0, 0, 0."
)
def one_pixel_if_empty(masks):
    return _if_hidden(masks, [0, 0, 1, 1])


@boxes.mistake("A thing without any pixel has a box of -1 in yours. It is 0, 0, 0, 0.")
def minus_one_if_empty(masks):
    return _if_hidden(masks, -1)


@boxes.mistake("A thing without any pixel has NaN in yours. Its box is 0, 0, 0, 0.")
def nan_if_empty(masks):
    return _if_hidden(masks, np.nan)


@boxes.mistake(
    "A thing without any pixel keeps the numbers from which your search for the smallest and largest begins. Its box "
    "is 0, 0, 0, 0."
)
def start_values_if_empty(masks):
    return _if_hidden(masks, [masks.shape[2], masks.shape[1], 0, 0])


@boxes.mistake("A thing without any pixel has the box of the one before it in yours. It is 0, 0, 0, 0.")
def left_over_if_empty(masks):
    found = boxes_from_masks(masks)
    for k in range(1, len(masks)):
        if not masks[k].any():
            found[k] = found[k - 1]
    return found


@boxes.mistake(said="Your function changes its input `masks`.")
def in_place(masks):
    found = boxes_from_masks(masks)
    masks[:] = False
    return found


@_mistake("These are centre, width and height, the centre rounded down. Here the four numbers are the edges.")
def centre_rounded(x0, y0, x1, y1, mask):
    return (x0 + x1) // 2, (y0 + y1) // 2, x1 - x0, y1 - y0


@_mistake(
    "A box ends before the picture does in yours. Edges lie between pixels: a thing in the last column ends at the "
    "width, one in the last row at the height."
)
def within_the_last_pixel(x0, y0, x1, y1, mask):
    return x0, y0, min(x1, mask.shape[1] - 1), min(y1, mask.shape[0] - 1)


@_mistake("Numbers above 255 wrap round: `uint8` does not hold them. A picture may be larger than that.")
def bytes_only(x0, y0, x1, y1, mask):
    return tuple(int(edge) % 256 for edge in (x0, y0, x1, y1))


@_mistake("A pixel is not a point: yours lies half a pixel around its number. Here pixel 0 lies between 0 and 1.")
def half_a_pixel_less(x0, y0, x1, y1, mask):
    return x0 - 0.5, y0 - 0.5, x1 - 0.5, y1 - 0.5


@_mistake("Yours go from the middle of the first pixel to the middle of the last. Edges lie between pixels.")
def from_middle_to_middle(x0, y0, x1, y1, mask):
    return x0 + 0.5, y0 + 0.5, x1 - 0.5, y1 - 0.5


@_mistake("x1 was counted back from the height, y1 from the width. The width belongs to x: `n, h, w = masks.shape`.")
def counted_back_from_the_wrong_side(x0, y0, x1, y1, mask):
    h, w = mask.shape
    return x0, y0, x1 + h - w, y1 + w - h


@_mistake(
    "Your x1 and y1 are the width and the height of the picture. The box ends one after the *thing's* last pixel."
)
def to_the_frame(x0, y0, x1, y1, mask):
    return x0, y0, mask.shape[1], mask.shape[0]


@_mistake("Your boxes begin at 0, 0, the corner of the picture. They begin at the thing's first column and row.")
def from_the_corner(x0, y0, x1, y1, mask):
    return 0, 0, x1, y1


@_mistake("x0 and x1 come from the first row that shows the thing. Other rows may reach further: look at all.")
def columns_of_the_first_row(x0, y0, x1, y1, mask):
    columns = np.flatnonzero(mask[int(y0)])
    return columns[0], y0, columns[-1] + 1, y1


@_mistake("You counted the pixels of a row or a column for the width and height. Between the edges, some may be empty.")
def most_pixels(x0, y0, x1, y1, mask):
    return x0, y0, x0 + mask.sum(1).max(), y0 + mask.sum(0).max()


@_mistake("y0 and y1 are exchanged, and each box ends one pixel too early: y0 is the upper edge, the smaller number.")
def lower_left_last_pixel(x0, y0, x1, y1, mask):
    return x0, y1 - 1, x1 - 1, y0


@_mistake("These are the centre, half the width and half the height. Here the four numbers are the edges.")
def half_sizes(x0, y0, x1, y1, mask):
    return (x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / 2, (y1 - y0) / 2


def _end_of_first_run(shown):
    """One after the last of the neighbours that follow the first True."""
    first = int(np.argmax(shown))
    return first + int(np.argmin(np.r_[shown[first:], False]))


PIECE = "Your box ends at the first gap. Columns and rows between the edges may be empty: take the last that is not."


@_mistake(PIECE)
def to_the_first_gap(x0, y0, x1, y1, mask):
    return x0, y0, _end_of_first_run(mask.any(0)), _end_of_first_run(mask.any(1))


@_mistake(PIECE)
def to_the_first_gap_in_x(x0, y0, x1, y1, mask):
    return x0, y0, _end_of_first_run(mask.any(0)), y1


@_mistake(PIECE)
def to_the_first_gap_in_y(x0, y0, x1, y1, mask):
    return x0, y0, x1, _end_of_first_run(mask.any(1))


@_mistake("x0 and x1 are right. y0 and y1 are those of the whole picture: find the rows that hold a pixel.")
def all_rows(x0, y0, x1, y1, mask):
    return x0, 0, x1, len(mask)


@_mistake("y0 and y1 are right. x0 and x1 are those of the whole picture: find the columns that hold a pixel.")
def all_columns(x0, y0, x1, y1, mask):
    return 0, y0, mask.shape[1], y1


@_mistake("x0 and x1 come from the last row that shows the thing. Other rows may reach further: look at all.")
def columns_of_the_last_row(x0, y0, x1, y1, mask):
    columns = np.flatnonzero(mask[int(y1) - 1])
    return columns[0], y0, columns[-1] + 1, y1


@_mistake("You count x from the right. Columns are counted from the left: the first has x = 0.")
def from_the_right(x0, y0, x1, y1, mask):
    return mask.shape[1] - x1, y0, mask.shape[1] - x0, y1


@_mistake("These are corner, height and width, with y before x. Here the four numbers are the edges x0, y0, x1, y1.")
def corner_and_size_rows_first(x0, y0, x1, y1, mask):
    return y0, x0, y1 - y0, x1 - x0


@_mistake("Your boxes are squares. Width and height may differ: each side ends one after its own last pixel.")
def squares(x0, y0, x1, y1, mask):
    side = max(x1 - x0, y1 - y0)
    return x0, y0, x0 + side, y0 + side
