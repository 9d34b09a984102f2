"""What goes wrong in `cross_attention.view`: planted mistakes with their messages."""

from mmcourse.exercises.cross_attention.view import view

FIRST, LAST = 24, 31  # of the cell itself

# What `seen(3)` and `seen(4)` give: three layers widen the view by 1 + 2 + 4 pixels at one end, or at both.
SEEN_3, SEEN_4 = (FIRST, LAST + 7), (FIRST - 7, LAST + 7)


@view.mistake("That is so with kernel 4, padded alike at both ends. With kernel 3 the odd pixel is at one end.")
def none():
    return sum(SEEN_4) / 2 - (FIRST + LAST) / 2


@view.mistake(
    "Half a pixel for each of three layers; but a pixel of the second layer is two of the picture, of the third four."
)
def alike():
    return 3 * 0.5


@view.mistake("That is what the first layer alone does. The other two shift as well, and their pixels are wider.")
def one_layer():
    return 0.5


@view.mistake(
    "That is the padding of one layer. How far does the middle of what the cell sees move, through all three?"
)
def padding():
    return 1


@view.mistake("That is how far one *end* reaches beyond the cell. The middle of what it sees moves less than one end.")
def one_end():
    return SEEN_3[1] - LAST


@view.mistake(
    "That is half of the 15 pixels that it sees, and also what a fourth layer of stride 2 would lead to. Asked is how "
    "far one middle is from the other; and the fourth layer moves no middle."
)
def half_of_the_size():
    return (SEEN_3[1] - SEEN_3[0] + 1) / 2


@view.mistake("The size is right. But padding at the *end* lets a cell see more of what comes after it.")
def left():
    return (FIRST + LAST) / 2 - sum(SEEN_3) / 2


@view.mistake("This is the middle of what the cell sees. How far is that from the cell's own middle, 27.5?")
def middle():
    return sum(SEEN_3) / 2


@view.mistake("This is the cell's own middle. How far from it is the middle of what the cell sees?")
def own_middle():
    return (FIRST + LAST) / 2


@view.mistake("This is how many pixels it sees, not how far beside itself.")
def size():
    return SEEN_3[1] - SEEN_3[0] + 1


@view.mistake(
    "This is how far the last pixel is from the first. Asked is how far the middle is from the cell's middle."
)
def width():
    return SEEN_3[1] - SEEN_3[0]


@view.mistake("This is how many pixels it sees with kernel 4. Asked is how far beside itself it looks with kernel 3.")
def size_of_four():
    return SEEN_4[1] - SEEN_4[0] + 1


@view.mistake("The cell is the pixels 24 to 31, so its middle is 27.5, between two pixels. It is not 28.")
def from_28():
    return sum(SEEN_3) / 2 - 28


@view.mistake("The cell is the pixels 24 to 31, so its middle is 27.5, between two pixels. It is not 27.")
def from_27():
    return sum(SEEN_3) / 2 - 27


@view.mistake("This is how far the *last* pixel lies from the cell's middle. Asked is the middle of what it sees.")
def last_pixel():
    return SEEN_3[1] - (FIRST + LAST) / 2


@view.mistake("This is the last pixel that it sees. Take the middle of first and last, less the middle of the cell.")
def just_the_last():
    return SEEN_3[1]


@view.mistake("This is the first pixel that it sees. Take the middle of first and last, less the middle of the cell.")
def just_the_first():
    return SEEN_3[0]


@view.mistake("This is a share of the cell's width. Answer in pixels.")
def in_cells():
    return (sum(SEEN_3) - FIRST - LAST) / 2 / 8


@view.mistake("This is the width of the cell itself. How far is the middle of what it sees from the cell's middle?")
def width_of_the_cell():
    return LAST - FIRST + 1


@view.mistake(
    "Each layer shifts by half a pixel *of its own input*: 0.5, 1 and 2 pixels of the picture. Add all three up."
)
def last_layer():
    return 2.0


@view.mistake(
    "The first two of the three layers shift by half a pixel and by a whole one. The third shifts as well, by half of "
    "one of *its* pixels."
)
def two_layers_up():
    return 2.5


@view.mistake("This is the sum of the first and the last pixel. Their middle is half of it.")
def the_sum():
    return sum(SEEN_3)
