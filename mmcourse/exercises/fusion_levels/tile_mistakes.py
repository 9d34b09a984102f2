"""What goes wrong in `fusion_levels.tile`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.fusion_levels.tile import given, join_grid, tile


def _with(grid, vector_everywhere):
    return np.concatenate(
        [grid, np.broadcast_to(vector_everywhere, (*grid.shape[:3], vector_everywhere.shape[-1]))], -1
    )


@tile.mistake(
    "The vectors still go round among the cells: the first cell has that of item 0, the second that of item 1. All "
    "cells of a picture shall have that of their own item."
)
def dealt_out(grid, vector):
    return given(grid, vector)


@tile.mistake(
    "Column j of *every* picture gets the vector of item j: items are taken for columns, and where there are not as "
    "many it fails. The vector needs new axes at its second and third place."
)
def by_column(grid, vector):
    return _with(grid, vector)


@tile.mistake(
    "Row i of *every* picture gets the vector of item i: items are taken for rows, and where there are not as many it "
    "fails. The vector needs two new axes, one for the rows and one for the columns."
)
def by_row(grid, vector):
    return _with(grid, vector[:, None])


@tile.mistake(
    "You pooled the grid to one vector for each item. That is a way to join the two, but asked for is the vector "
    "in every cell, so that the places are kept."
)
def pooled(grid, vector):
    return np.concatenate([grid.mean(axis=(1, 2)), vector], axis=-1)


@tile.mistake("You flattened the grid: its rows and columns are one axis now. Keep the shape (n, h, w, d + c).")
def flattened(grid, vector):
    return join_grid(grid, vector).reshape(len(grid), -1, grid.shape[-1] + vector.shape[-1])


@tile.mistake("The vector stands before the features. Asked for is behind them.")
def before(grid, vector):
    return np.concatenate([join_grid(grid, vector)[..., grid.shape[-1] :], grid], axis=-1)


@tile.mistake("Only the cell at the upper left got the vector, the others got zeros. Every cell shall get it.")
def one_cell(grid, vector):
    everywhere = np.zeros((*grid.shape[:3], vector.shape[1]))
    everywhere[:, 0, 0] = vector
    return _with(grid, everywhere)


@tile.mistake("The vector is divided by the number of cells. Every cell shall get it whole.")
def divided(grid, vector):
    cells = grid.shape[1] * grid.shape[2]
    return _with(grid, vector[:, None, None] / cells)


@tile.mistake("All pictures get the vector of item 0. Each has its own.")
def first_item(grid, vector):
    return _with(grid, vector[0])


@tile.mistake("All pictures get the vector of the last item. Each has its own.")
def last_item(grid, vector):
    return _with(grid, vector[-1])


@tile.mistake("All pictures get the mean of the vectors. Each has its own.")
def mean_vector(grid, vector):
    return _with(grid, vector.mean(0))


@tile.mistake("The vectors are given out in the reverse order: item 0 gets that of the last.")
def last_first(grid, vector):
    return _with(grid, vector[::-1, None, None])


@tile.mistake(
    "The numbers of a vector are torn apart: each was repeated by itself, `a a … b b …`, before the reshape cut them "
    "into cells. Repeat the whole vector, `a b a b …`."
)
def numbers_repeated(grid, vector):
    cells = grid.shape[1] * grid.shape[2]
    return _with(grid, np.repeat(vector, cells, axis=1).reshape(*grid.shape[:3], -1))


@tile.mistake("The features of the grid are gone: put the vector behind them.")
def vector_alone(grid, vector):
    return join_grid(grid, vector)[..., grid.shape[-1] :]


@tile.mistake("The vector is gone: this is the grid as it was.")
def grid_alone(grid, vector):
    return grid


@tile.mistake("You added the vector to the features. Asked for is behind them, as further features.")
def added(grid, vector):
    return grid + vector[:, None, None]


@tile.mistake("The features became the second axis of the result. They stay the last: (n, h, w, d + c).")
def channels_first(grid, vector):
    return np.moveaxis(join_grid(grid, vector), -1, 1)


@tile.mistake("Rows and columns of the grid are exchanged. The shape is (n, h, w, d + c).")
def turned(grid, vector):
    return join_grid(grid, vector).swapaxes(1, 2)


@tile.mistake("The features of other cells move here: the grid was reshaped, which exchanged its rows and columns.")
def grid_reshaped(grid, vector):
    n, h, w, d = grid.shape
    return join_grid(grid.swapaxes(1, 2).reshape(n, h, w, d), vector)


@tile.mistake("Zeros stand where the vector belongs.")
def zeros(grid, vector):
    return _with(grid, np.zeros((1, vector.shape[1])))


@tile.mistake("The vector stands behind the features twice.")
def twice(grid, vector):
    return join_grid(join_grid(grid, vector), vector)


@tile.mistake("The vectors are divided by their lengths. Every cell shall get its item's vector as it is.")
def unit_length(grid, vector):
    length = np.linalg.norm(vector, axis=1, keepdims=True)
    return join_grid(grid, vector / length)


@tile.mistake("All numbers are cut to whole ones. Keep the numbers as they are.")
def whole_numbers(grid, vector):
    return join_grid(grid, vector).astype(int)


@tile.mistake("Item i gets the vector of the item before it. Each has its own.")
def shifted_items(grid, vector):
    return join_grid(grid, np.roll(vector, 1, axis=0))


@tile.mistake("Only the first row of cells got the vector, the others got zeros. Every cell shall get it.")
def first_row_of_cells(grid, vector):
    result = join_grid(grid, vector)
    result[:, 1:, :, grid.shape[-1] :] = 0
    return result


@tile.mistake("All places behind the features hold the first number of the vector. Put the whole vector there.")
def first_number(grid, vector):
    return join_grid(grid, np.broadcast_to(vector[:, :1], vector.shape))


TORN = (
    "The numbers of the vectors are torn apart: `reshape(n, c, h, w)` cut the copies as if c were the second axis. In "
    "them c is the last: `reshape(n, h, w, c)`."
)


def _as_channels_first(copies, grid, vector):
    n, h, w = grid.shape[:3]
    return _with(grid, copies.reshape(n, vector.shape[1], h, w).transpose(0, 2, 3, 1))


@tile.mistake(TORN + " And the copies of one item must lie side by side.")
def torn_apart(grid, vector):
    return _as_channels_first(np.tile(vector, (grid.shape[1] * grid.shape[2], 1)), grid, vector)


@tile.mistake(TORN)
def torn_apart_in_item(grid, vector):
    return _as_channels_first(np.tile(vector, (1, grid.shape[1] * grid.shape[2])), grid, vector)


STILL = "Cells of one picture still get the vectors of several items. All cells of item i shall get vector i. "


@tile.mistake(STILL + "The copies of the whole batch were only turned, from columns to rows.")
def dealt_by_columns(grid, vector):
    n, h, w = grid.shape[:3]
    return _with(grid, np.tile(vector, (h * w, 1)).reshape(n, w, h, -1).swapaxes(1, 2))


@tile.mistake(STILL + "Each vector was repeated h times, and then the whole batch again.")
def dealt_h_times(grid, vector):
    n, h, w = grid.shape[:3]
    return _with(grid, np.tile(np.repeat(vector, h, axis=0), (w, 1)).reshape(n, h, w, -1))


@tile.mistake(STILL + "Each vector was repeated w times, and then the whole batch again.")
def dealt_w_times(grid, vector):
    n, h, w = grid.shape[:3]
    return _with(grid, np.tile(np.repeat(vector, w, axis=0), (h, 1)).reshape(n, h, w, -1))


ONE_ITEM = "Only {} got its vector, the cells of the others got zeros. Each item has its own."


@tile.mistake(ONE_ITEM.format("item 0"))
def item_0_only(grid, vector):
    return join_grid(grid, np.where(np.arange(len(vector))[:, None] == 0, vector, 0))


@tile.mistake(ONE_ITEM.format("the last item"))
def last_item_only(grid, vector):
    return join_grid(grid, np.where(np.arange(len(vector))[:, None] == len(vector) - 1, vector, 0))


@tile.mistake("The last item gets zeros (does a loop end one too early?). Each item gets its vector.")
def last_item_left_out(grid, vector):
    return join_grid(grid, np.where(np.arange(len(vector))[:, None] == len(vector) - 1, 0, vector))


@tile.mistake("The first item gets zeros (does a loop begin at 1?). Each item gets its vector.")
def first_item_left_out(grid, vector):
    return join_grid(grid, np.where(np.arange(len(vector))[:, None] == 0, 0, vector))


def _rest_zero(grid, vector, where):
    """The right result, but the vector in the chosen cells alone."""
    return _with(grid, np.where(where[:, :, None], vector[:, None, None], 0))


@tile.mistake("Only the last row of cells got the vector, the others got zeros. Every cell shall get it.")
def last_row_of_cells(grid, vector):
    h, w = grid.shape[1:3]
    return _rest_zero(grid, vector, np.repeat(np.arange(h)[:, None] == h - 1, w, axis=1))


@tile.mistake("Only the first column of cells got the vector, the others got zeros. Every cell shall get it.")
def first_column_of_cells(grid, vector):
    h, w = grid.shape[1:3]
    return _rest_zero(grid, vector, np.repeat(np.arange(w)[None] == 0, h, axis=0))


@tile.mistake("Only the cells (i, i) got the vector, the others got zeros. Two loops are needed, for rows and columns.")
def diagonal_of_cells(grid, vector):
    h, w = grid.shape[1:3]
    return _rest_zero(grid, vector, np.arange(h)[:, None] == np.arange(w))


@tile.mistake("Behind the features stands the mean of the vector, one number. Put the whole vector there.")
def mean_of_each(grid, vector):
    return join_grid(grid, vector.mean(1, keepdims=True))


@tile.mistake("The numbers of each vector stand in the reverse order.")
def numbers_reversed(grid, vector):
    return join_grid(grid, vector[:, ::-1])


@tile.mistake("All pictures get the sum of the vectors. Each has its own.")
def sum_of_vectors(grid, vector):
    return _with(grid, vector.sum(0))


GRID_CHANGED = "The features of the grid are not what they were: {}. They stay as they are."


@tile.mistake(GRID_CHANGED.format("each cell is divided by its length"))
def cells_of_unit_length(grid, vector):
    return join_grid(grid / np.linalg.norm(grid, axis=-1, keepdims=True), vector)


@tile.mistake(GRID_CHANGED.format("every cell has the mean of its picture"))
def mean_in_every_cell(grid, vector):
    return join_grid(np.broadcast_to(grid.mean((1, 2), keepdims=True), grid.shape), vector)


@tile.mistake("Only every other cell got the vector, the others got zeros. Every cell shall get it.")
def every_other_cell(grid, vector):
    return _rest_zero(grid, vector, np.indices(grid.shape[1:3]).sum(0) % 2 == 0)


@tile.mistake(STILL + "The copies lie item by item: cut them by `reshape(n, h, w, c)`, and transpose nothing.")
def items_not_last(grid, vector):
    n, h, w = grid.shape[:3]
    copies = np.repeat(vector, h * w, axis=0).reshape(h, w, n, -1)
    return _with(grid, copies.transpose(2, 0, 1, 3))


@tile.mistake("The numbers of several vectors are mixed: `vector.T` has a row for each number, not for each item.")
def vector_transposed(grid, vector):
    return join_grid(grid, vector.T.reshape(vector.shape))
