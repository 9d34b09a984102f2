"""Exercise `image.pool`: a grid made into regions and a vector."""

import numpy as np

from mmcourse.exercises import Exercise, case

pool = Exercise(
    "image.pool",
    kind="implement",
    title="Regions, mean and maximum of a grid",
    returns=("regions", "mean", "maximum"),
    otherwise=(
        "These are not the places row by row with their c features, and for each feature the mean and the largest of "
        "them over the places of a picture."
    ),
    minutes=6,
    difficulty=1,
    importance=3,
    task=(
        "Write `summarise(grid)`. A `grid` has the shape `(b, h, w, c)`. Return three arrays: `regions` of shape "
        "`(b, h * w, c)`, the places row by row, each with its c features; `mean` and `maximum` of shape `(b, c)`, "
        "over the places of each picture. Features may be negative."
    ),
    hints=(
        "What may mix, and what may not? A region's vector holds features of one place of one picture.",
        "The channels are the last axis already, so one `reshape` gives the regions; then reduce over axis 1.",
    ),
    plan=(
        "Make rows and columns one axis, row by row; leave the batch first and the features last.",
        "Take the mean over this axis, then the maximum over it.",
    ),
)


@pool.solved_by
def summarise(grid):
    """Grid (b, h, w, c) -> regions (b, h * w, c), mean (b, c), maximum (b, c)."""
    b, h, w, c = grid.shape
    regions = grid.reshape(b, h * w, c)
    return regions, regions.mean(axis=1), regions.max(axis=1)


@pool.cases
def _(rng):
    # Also with as many features as places, as rows or as pictures, where an axis taken for another has the right shape.
    for shape in ((2, 3, 4, 5), (3, 2, 3, 6), (4, 3, 2, 4), (3, 3, 3, 3), (5, 1, 4, 2)):
        yield case(rng.normal(size=shape))
    yield case(rng.normal(size=(1, 2, 5, 3)), when="where there is one picture")
    yield case(rng.normal(size=(3, 4, 2, 1)), when="where there is one feature")
    yield case(rng.normal(size=(4, 1, 1, 3)), when="where the grid is a single place")
    yield case(-rng.uniform(0.5, 3, (2, 2, 3, 4)), when="where all features are negative")
    sparse = rng.uniform(0.5, 3, (2, 3, 3, 4)) * (rng.random((2, 3, 3, 4)) < 0.5)
    sparse[:, 0, 0], sparse[:, 1, 1] = 0, 1.5
    yield case(sparse, when="where some features are 0")


@pool.oracle
def _(grid):
    b, h, w, c = grid.shape
    regions = [[grid[i, r, q].tolist() for r in range(h) for q in range(w)] for i in range(b)]
    mean = [[sum(place[a] for place in places) / len(places) for a in range(c)] for places in regions]
    top = [[max(place[a] for place in places) for a in range(c)] for places in regions]
    return np.array(regions), np.array(mean), np.array(top)
