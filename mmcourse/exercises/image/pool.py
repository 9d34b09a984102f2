"""Exercise `image.pool`: a grid made into regions and a vector."""

import numpy as np

from mmcourse.exercises import Exercise, expect

pool = Exercise(
    "image.pool",
    kind="implement",
    title="Regions, mean and maximum of a grid",
    task=(
        "Write `summarise(grid)`. A `grid` has the shape `(b, h, w, c)`. Return three arrays: `regions` of shape "
        "`(b, h * w, c)`, the places row by row, each with its c features; `mean` and `maximum` of shape `(b, "
        "c)`, over "
        "the places of each picture."
    ),
    hints=(
        "What may mix, and what may not? A region's vector holds features of one place of one picture.",
        "The channels are the last axis already, so one `reshape` gives the regions; then reduce over axis 1.",
    ),
)


@pool.solved_by
def summarise(grid):
    """Grid (b, h, w, c) -> regions (b, h * w, c), mean (b, c), maximum (b, c)."""
    b, h, w, c = grid.shape
    regions = grid.reshape(b, h * w, c)
    return regions, regions.mean(axis=1), regions.max(axis=1)


@pool.check
def _(answer, rng):
    b, h, w, c = 2, 3, 4, 5
    grid = rng.normal(size=(b, h, w, c))
    wanted = np.array([[grid[i, r, q] for r in range(h) for q in range(w)] for i in range(b)])
    regions, mean, top = expect.parts(expect.pure(answer, grid), ("regions", "mean", "maximum"))
    regions = expect.array(regions)
    expect.true(
        regions.shape != (b, c, h * w),
        "Channels and places are swapped: a region is a row with its c features, so the shape is (b, h * w, c).",
    )
    regions = expect.array(regions, (b, h * w, c), "for each picture h * w regions, each with c features")
    expect.differs(
        regions,
        grid.transpose(0, 3, 1, 2).reshape(b, h * w, c),
        "The channels were moved before the reshape, so a row now mixes features of many places. The channels "
        "must stay "
        "last.",
    )
    expect.differs(
        regions,
        grid.transpose(0, 2, 1, 3).reshape(b, h * w, c),
        "The places go column by column. Row by row means that place 1 is right of place 0.",
    )
    expect.close(regions, wanted, "The regions are not the places of the grid, row by row.")
    mean, top = expect.array(mean), expect.array(top)
    expect.true(
        mean.shape != (b, h * w),
        "The mean was taken over the features of a region. It must be taken over the places: c numbers remain.",
    )
    expect.true(
        mean.shape != (c,), "The mean was taken over the pictures of the batch as well. Each picture has its own."
    )
    expect.close(expect.array(mean, (b, c), "one mean a feature"), wanted.mean(1), "Not the mean over places.")
    top = expect.array(top, (b, c), "one maximum a feature")
    expect.differs(top, np.abs(wanted).max(1), "That is the largest absolute value. A maximum keeps signs.")
    expect.close(top, wanted.max(1), "Not the maximum over places.")


@pool.mistake("Channels and places are swapped")
def channels_first(grid):
    regions = summarise(grid)[0]
    return regions.transpose(0, 2, 1), regions.mean(1), regions.max(1)


@pool.mistake("mixes features of many places")
def moved_before_reshape(grid):
    b, h, w, c = grid.shape
    regions = grid.transpose(0, 3, 1, 2).reshape(b, h * w, c)
    return regions, regions.mean(1), regions.max(1)


@pool.mistake("column by column")
def by_columns(grid):
    b, h, w, c = grid.shape
    return grid.transpose(0, 2, 1, 3).reshape(b, h * w, c), grid.mean((1, 2)), grid.max((1, 2))


@pool.mistake("over the features of a region")
def mean_over_features(grid):
    regions = summarise(grid)[0]
    return regions, regions.mean(-1), regions.max(-1)


@pool.mistake("pictures of the batch as well")
def mean_over_batch(grid):
    regions = summarise(grid)[0]
    return regions, regions.mean((0, 1)), regions.max((0, 1))


@pool.mistake("keeps signs")
def largest_size(grid):
    regions = summarise(grid)[0]
    return regions, regions.mean(1), np.abs(regions).max(1)
