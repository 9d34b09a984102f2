"""Exercise `fusion_levels.tile`: a vector joined with a grid of features, to the wrong items."""

import numpy as np

from mmcourse.exercises import Exercise, expect

tile = Exercise(
    "fusion_levels.tile",
    kind="find the bug",
    title="A vector in every cell",
    task=(
        "`join_grid(grid, vector)` joins a grid of image features `(n, h, w, d)` with one vector `(n, c)` for each "
        "item: every cell of item `i` shall get the vector of item `i` behind its own features, `(n, h, w, d + c)`. "
        "The shape is right, nothing is raised, and with a single item the result is right as well. Put it right."
    ),
    hints=(
        "Call it with two items whose vectors are all 0 and all 1, and look at `result[0, :, :, -1]`.",
        "`np.tile(vector, (h * w, 1))` stacks the whole batch again and again, `v0, v1, v0, v1 …`; `reshape` then cuts "
        "that into items as if it read `v0, v0 …, v1, v1 …`. Give the vector two axes of length 1 and broadcast.",
    ),
)


@tile.solved_by
def join_grid(grid, vector):
    """Grid (n, h, w, d) and vector (n, c) -> (n, h, w, d + c)."""
    n, h, w = grid.shape[:3]
    c = vector.shape[1]
    everywhere = np.broadcast_to(vector[:, None, None, :], (n, h, w, c))
    return np.concatenate([grid, everywhere], axis=-1)


@tile.given
def _given(grid, vector):
    """Grid (n, h, w, d) and vector (n, c) -> (n, h, w, d + c)."""
    n, h, w = grid.shape[:3]
    c = vector.shape[1]
    everywhere = np.tile(vector, (h * w, 1)).reshape(n, h, w, c)
    return np.concatenate([grid, everywhere], axis=-1)


@tile.check
def _(answer, rng):
    n, h, w, d, c = 4, 4, 4, 5, 2  # as many items as rows and columns: wrong axes broadcast in silence
    grid, vector = rng.normal(size=(n, h, w, d)), rng.normal(size=(n, c))
    wanted = np.array(
        [[[[*grid[i, a, b], *vector[i]] for b in range(w)] for a in range(h)] for i in range(n)]
    )  # fmt: skip
    got = expect.pure(answer, grid, vector)
    shape = expect.shape(got)
    expect.true(
        shape != (n, d + c),
        "You pooled the grid to one vector for each item. That is a way to join the two, but asked for is the vector "
        "in every cell, so that the places are kept.",
    )
    expect.true(
        shape != (n, h * w, d + c),
        "You flattened the grid: its rows and columns are one axis now. Keep the shape (n, h, w, d + c).",
    )
    got = expect.array(got, (n, h, w, d + c), "every cell with its own features and the item's vector")
    if np.allclose(got[..., :c], vector[:, None, None, :]):
        expect.true(False, "The vector stands before the features. Asked for is behind them.")
    expect.close(got[..., :d], grid, "The features of the grid themselves have changed. They come first, as they are.")
    alone = expect.array(answer(grid[1:2], vector[1:2]), (1, h, w, d + c))
    behind = got[..., d:]
    columns = np.broadcast_to(vector[None, None], (n, h, w, c))
    expect.differs(
        behind,
        columns,
        "Column j of *every* picture got the vector of item j: items were taken for columns. The vector needs new axes "
        "at its second and third place.",
    )
    expect.true(
        np.allclose(alone[0, ..., d:], behind[1]),
        "The vectors in a picture change with its neighbours in the batch: some cells got the vector of another item.",
    )
    first = np.zeros_like(behind)
    first[:, 0, 0] = vector
    expect.differs(behind, first, "Only the cell at the upper left got the vector, the others got zeros.")
    expect.close(got, wanted, "Every cell of item i shall hold the vector of item i, unchanged.")


@tile.mistake("of *every* picture got")
def by_column(grid, vector):
    return np.concatenate([grid, np.broadcast_to(vector, (*grid.shape[:3], vector.shape[1]))], axis=-1)


@tile.mistake("neighbours in the batch")
def by_row(grid, vector):
    everywhere = np.broadcast_to(vector[:, None], (*grid.shape[:3], vector.shape[1]))
    return np.concatenate([grid, everywhere], axis=-1)


@tile.mistake("You pooled the grid")
def pooled(grid, vector):
    return np.concatenate([grid.mean(axis=(1, 2)), vector], axis=-1)


@tile.mistake("You flattened the grid")
def flattened(grid, vector):
    flat = grid.reshape(len(grid), -1, grid.shape[-1])
    return np.concatenate([flat, np.repeat(vector[:, None], flat.shape[1], axis=1)], axis=-1)


@tile.mistake("stands before the features")
def before(grid, vector):
    return np.concatenate([join_grid(grid, vector)[..., grid.shape[-1] :], grid], axis=-1)


@tile.mistake("Only the cell at the upper left")
def one_cell(grid, vector):
    everywhere = np.zeros((*grid.shape[:3], vector.shape[1]))
    everywhere[:, 0, 0] = vector
    return np.concatenate([grid, everywhere], axis=-1)


@tile.mistake("unchanged")
def divided(grid, vector):
    cells = grid.shape[1] * grid.shape[2]
    return np.concatenate([grid, join_grid(grid, vector)[..., grid.shape[-1] :] / cells], axis=-1)
