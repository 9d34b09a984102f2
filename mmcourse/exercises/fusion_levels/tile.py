"""Exercise `fusion_levels.tile`: a vector joined with a grid of features, to the wrong items."""

import numpy as np

from mmcourse.exercises import Exercise, case

tile = Exercise(
    "fusion_levels.tile",
    kind="find the bug",
    title="A vector in every cell",
    returns="every cell with its own features and, behind them, the vector of its item",
    otherwise="Not every cell of item i has its own features and, behind them, the numbers of vector i in their order.",
    minutes=8,
    difficulty=2,
    importance=3,
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
    plan=(
        "Give the vector axes of length 1 in the places of rows and columns.",
        "Broadcast it to all cells of its own item.",
        "Put it behind the features of each cell.",
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
def given(grid, vector):
    """Grid (n, h, w, d) and vector (n, c) -> (n, h, w, d + c)."""
    n, h, w = grid.shape[:3]
    c = vector.shape[1]
    everywhere = np.tile(vector, (h * w, 1)).reshape(n, h, w, c)
    return np.concatenate([grid, everywhere], axis=-1)


@tile.cases
def _(rng):
    # As many items as rows, as columns, as both: there an axis taken for another broadcasts in silence.
    for n, h, w, d, c in (
        (3, 2, 5, 4, 2), (2, 4, 3, 3, 3), (5, 3, 2, 1, 4), (4, 4, 4, 5, 2), (3, 2, 3, 2, 3), (3, 3, 4, 4, 1),
        (2, 2, 6, 3, 2),
    ):  # fmt: skip
        yield case(rng.normal(size=(n, h, w, d)), rng.normal(size=(n, c)))
    yield case(rng.normal(size=(1, 3, 4, 3)), rng.normal(size=(1, 2)), when="with a single item")
    yield case(rng.normal(size=(4, 1, 1, 3)), rng.normal(size=(4, 2)), when="where the grid is a single cell")


@tile.oracle
def _(grid, vector):
    n, h, w, _ = grid.shape
    return np.array(
        [[[[*grid[i, a, b], *vector[i]] for b in range(w)] for a in range(h)] for i in range(n)]
    )  # fmt: skip
