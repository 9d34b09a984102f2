"""What goes wrong in `image.pool`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.image.pool import pool, summarise


@pool.mistake("Channels and places are swapped: a region is a row with its c features, so the shape is (b, h * w, c).")
def channels_first(grid):
    regions = summarise(grid)[0]
    return regions.transpose(0, 2, 1), regions.mean(1), regions.max(1)


MIXED = (
    "The channels were moved before the reshape, so a row now mixes features of many places. The channels must stay "
    "last."
)


@pool.mistake(MIXED)
def moved_before_reshape(grid):
    b, h, w, c = grid.shape
    regions = grid.transpose(0, 3, 1, 2).reshape(b, h * w, c)
    return regions, regions.mean(1), regions.max(1)


@pool.mistake("You cut the numbers as if the channels came first: the reshape mixes features of many places.")
def reshaped_as_channels(grid):
    b, h, w, c = grid.shape
    regions = grid.reshape(b, c, h * w).transpose(0, 2, 1)
    return regions, regions.mean(1), regions.max(1)


@pool.mistake("The places go column by column. Row by row means that place 1 is right of place 0.")
def by_columns(grid):
    b, h, w, c = grid.shape
    return grid.transpose(0, 2, 1, 3).reshape(b, h * w, c), grid.mean((1, 2)), grid.max((1, 2))


@pool.mistake("`regions` has lost its batch: all places of all pictures stand in one list. Keep the first axis.")
def batch_flattened(grid):
    regions, mean, top = summarise(grid)
    return regions.reshape(-1, grid.shape[-1]), mean, top


@pool.mistake("`regions` has lost its last axis: each picture is one long row. A region keeps its c features.")
def all_in_one_row(grid):
    regions, mean, top = summarise(grid)
    return regions.reshape(len(grid), -1), mean, top


@pool.mistake("`regions` is the grid itself. Make rows and columns one axis.")
def not_reshaped(grid):
    _, mean, top = summarise(grid)
    return grid, mean, top


@pool.mistake("The mean was taken over the features of a region. It must be taken over the places: c numbers remain.")
def mean_over_features(grid):
    regions = summarise(grid)[0]
    return regions, regions.mean(-1), regions.max(-1)


@pool.mistake("The mean was taken over the pictures of the batch as well. Each picture has its own.")
def mean_over_batch(grid):
    regions = summarise(grid)[0]
    return regions, regions.mean((0, 1)), regions.max((0, 1))


@pool.mistake("The mean was taken over the pictures of the batch, axis 0. It is taken over the places, axis 1.")
def mean_over_pictures(grid):
    regions = summarise(grid)[0]
    return regions, regions.mean(0), regions.max(0)


@pool.mistake("The mean was taken over all numbers of a picture. Each of the c features has its own.")
def one_mean(grid):
    regions, mean, top = summarise(grid)
    return regions, mean.mean(-1), top.max(-1)


@pool.mistake("`mean` is one number for everything: say over which axis you take it.")
def no_axis(grid):
    return summarise(grid)[0], grid.mean(), grid.max()


@pool.mistake("The mean was taken over one axis of the grid only: rows or columns are left. Take it over all places.")
def over_rows_only(grid):
    return summarise(grid)[0], grid.mean(1), grid.max(1)


@pool.mistake("The mean was taken over one axis of the grid only: rows or columns are left. Take it over all places.")
def over_columns_only(grid):
    return summarise(grid)[0], grid.mean(2), grid.max(2)


@pool.mistake("`mean` is the sum over the places. Divide it by their number, h * w.")
def summed(grid):
    regions, mean, top = summarise(grid)
    return regions, mean * regions.shape[1], top


@pool.mistake("`mean` is divided by the number of places minus one. Divide by the number of places.")
def one_less(grid):
    regions, _, top = summarise(grid)
    return regions, regions.sum(1) / (regions.shape[1] - 1), top


@pool.mistake("`mean` is the median of the places.")
def median(grid):
    regions, _, top = summarise(grid)
    return regions, np.median(regions, axis=1), top


@pool.mistake("`mean` leaves out the places where the feature is 0. They count as well.")
def mean_of_the_rest(grid):
    regions, _, top = summarise(grid)
    return regions, regions.sum(1) / np.maximum((regions != 0).sum(1), 1), top


@pool.mistake("`mean` keeps the axis of the places, with the length 1. Its shape is (b, c).")
def axis_kept(grid):
    regions = summarise(grid)[0]
    return regions, regions.mean(1, keepdims=True), regions.max(1, keepdims=True)


@pool.mistake("`maximum` is the largest absolute value. A maximum keeps signs: 1 is larger than -2.")
def largest_size(grid):
    regions, mean, _ = summarise(grid)
    return regions, mean, np.abs(regions).max(1)


@pool.mistake("`maximum` is never below 0: it was started from 0. Where all features are negative, so is the largest.")
def from_zero(grid):
    regions, mean, top = summarise(grid)
    return regions, mean, np.maximum(top, 0)


@pool.mistake("`maximum` is the smallest value.")
def smallest(grid):
    regions, mean, _ = summarise(grid)
    return regions, mean, regions.min(1)


@pool.mistake("`maximum` says where the largest value stands, not how large it is: `max`, not `argmax`.")
def places_of_maximum(grid):
    regions, mean, _ = summarise(grid)
    return regions, mean, regions.argmax(1)


@pool.mistake("`maximum` is one region, the one with the largest sum. Each feature has its own maximum.")
def one_region(grid):
    regions, mean, _ = summarise(grid)
    return regions, mean, regions[np.arange(len(grid)), regions.sum(-1).argmax(1)]


@pool.mistake("`maximum` was taken over the pictures of the batch as well. Each picture has its own.")
def maximum_over_batch(grid):
    regions, mean, _ = summarise(grid)
    return regions, mean, regions.max((0, 1))


@pool.mistake("`maximum` was taken over the features of a region. It is taken over the places: c numbers remain.")
def maximum_over_features(grid):
    regions, mean, _ = summarise(grid)
    return regions, mean, regions.max(-1)


@pool.mistake("`maximum` was taken over the pictures of the batch, axis 0. It is taken over the places, axis 1.")
def maximum_over_pictures(grid):
    regions, mean, _ = summarise(grid)
    return regions, mean, regions.max(0)


@pool.mistake("`maximum` is one number for everything: say over which axis you take it.")
def maximum_without_axis(grid):
    return *summarise(grid)[:2], grid.max()


@pool.mistake("`maximum` was taken over one axis of the grid only: rows or columns are left. Take it over all places.")
def maximum_over_rows_only(grid):
    return *summarise(grid)[:2], grid.max(1)


@pool.mistake("`maximum` was taken over one axis of the grid only: rows or columns are left. Take it over all places.")
def maximum_over_columns_only(grid):
    return *summarise(grid)[:2], grid.max(2)


@pool.mistake("`maximum` keeps the axis of the places, with the length 1. Its shape is (b, c).")
def maximum_axis_kept(grid):
    regions, mean, top = summarise(grid)
    return regions, mean, top[:, None]


@pool.mistake("`maximum` is the value that lies farthest from 0. The largest is asked for: 1 is larger than -2.")
def farthest_from_zero(grid):
    regions, mean, _ = summarise(grid)
    return regions, mean, np.take_along_axis(regions, np.abs(regions).argmax(1)[:, None], 1)[:, 0]


@pool.mistake("`maximum` is the mean.")
def maximum_is_mean(grid):
    regions, mean, _ = summarise(grid)
    return regions, mean, mean


@pool.mistake("`maximum` is the first place of each picture.")
def maximum_is_first(grid):
    regions, mean, _ = summarise(grid)
    return regions, mean, regions[:, 0]


@pool.mistake("`mean` is the maximum.")
def mean_is_maximum(grid):
    regions, _, top = summarise(grid)
    return regions, top, top


@pool.mistake("`mean` is the standard deviation over the places.")
def deviation(grid):
    regions, _, top = summarise(grid)
    return regions, regions.std(1), top


@pool.mistake("`mean` is the variance over the places.")
def variance(grid):
    regions, _, top = summarise(grid)
    return regions, regions.var(1), top


@pool.mistake("`mean` is that of absolute values. A mean keeps signs.")
def mean_of_sizes(grid):
    regions, _, top = summarise(grid)
    return regions, np.abs(regions).mean(1), top


@pool.mistake(
    "`mean` runs over rows and channels, or columns and channels. It runs over rows and columns, axes 1 and 2."
)
def mean_over_channels(grid):
    regions, _, top = summarise(grid)
    return regions, grid.mean((1, 3)), top


@pool.mistake(
    "`mean` runs over rows and channels, or columns and channels. It runs over rows and columns, axes 1 and 2."
)
def mean_over_other_channels(grid):
    regions, _, top = summarise(grid)
    return regions, grid.mean((2, 3)), top


@pool.mistake("`maximum` and `mean` are exchanged. Return `regions, mean, maximum`, in this order.")
def exchanged(grid):
    regions, mean, top = summarise(grid)
    return regions, top, mean


@pool.mistake("`maximum` is the largest of all numbers. Each feature of each picture has its own.")
def one_maximum(grid):
    regions, mean, _ = summarise(grid)
    return regions, mean, np.full(mean.shape, grid.max())


@pool.mistake("`maximum` is the largest number of a picture, whatever the feature. Each feature has its own.")
def one_maximum_a_picture(grid):
    regions, mean, top = summarise(grid)
    return regions, mean, np.repeat(top.max(1, keepdims=True), top.shape[1], axis=1)


@pool.mistake("Negative features became 0 before the mean. They count as they are.")
def mean_of_positive(grid):
    regions, _, top = summarise(grid)
    return regions, np.maximum(regions, 0).mean(1), top


@pool.mistake("`mean` is that of the first picture for all. Each picture has its own.")
def mean_of_the_first(grid):
    regions, mean, top = summarise(grid)
    return regions, np.repeat(mean[:1], len(mean), axis=0), top


@pool.mistake("`mean` is divided by its length. Return it as it is.")
def mean_of_length_one(grid):
    regions, mean, top = summarise(grid)
    return regions, mean / np.linalg.norm(mean, axis=1, keepdims=True), top


@pool.mistake("`maximum` is the largest of the rows' means. Take the largest over all places.")
def maximum_of_row_means(grid):
    return *summarise(grid)[:2], grid.mean(2).max(1)


@pool.mistake("`maximum` is the largest of the columns' means. Take the largest over all places.")
def maximum_of_column_means(grid):
    return *summarise(grid)[:2], grid.mean(1).max(1)


@pool.mistake("`maximum` is the mean of each row's maximum. Take the largest over all places.")
def mean_of_row_maxima(grid):
    return *summarise(grid)[:2], grid.max(2).mean(1)


@pool.mistake("`maximum` is the mean of each column's maximum. Take the largest over all places.")
def mean_of_column_maxima(grid):
    return *summarise(grid)[:2], grid.max(1).mean(1)


@pool.mistake("`mean` is the mean of the rows' (or columns') maxima. Take the mean over all places.")
def mean_made_of_row_maxima(grid):
    regions, _, top = summarise(grid)
    return regions, grid.max(2).mean(1), top


@pool.mistake("`mean` is the mean of the rows' (or columns') maxima. Take the mean over all places.")
def mean_made_of_column_maxima(grid):
    regions, _, top = summarise(grid)
    return regions, grid.max(1).mean(1), top


@pool.mistake("`mean` lies half-way between the smallest and the largest. Take the mean over all places.")
def half_way(grid):
    regions, _, top = summarise(grid)
    return regions, (regions.min(1) + top) / 2, top


@pool.mistake("`maximum` is one region, the longest vector. Each feature has its own maximum.")
def longest_region(grid):
    regions, mean, _ = summarise(grid)
    return regions, mean, regions[np.arange(len(grid)), np.linalg.norm(regions, axis=-1).argmax(1)]


@pool.mistake("`maximum` is the second largest of the places. Take the largest.")
def second_largest(grid):
    regions, mean, _ = summarise(grid)
    return regions, mean, np.sort(regions, axis=1)[:, max(-2, -regions.shape[1])]


@pool.mistake("`maximum` is the logarithm of a sum of exponentials, a soft maximum. Take the largest itself.")
def soft_maximum(grid):
    regions, mean, _ = summarise(grid)
    return regions, mean, np.log(np.exp(regions).sum(1))


@pool.mistake("`maximum` leaves out the last row of the grid.")
def maximum_without_last_row(grid):
    regions, mean, top = summarise(grid)
    return regions, mean, grid[:, :-1].max((1, 2)) if grid.shape[1] > 1 else top


@pool.mistake("`mean` is the sum over the places, divided by the columns alone. Divide it by h * w.")
def divided_by_columns(grid):
    regions, mean, top = summarise(grid)
    return regions, mean * grid.shape[1], top


@pool.mistake("`mean` is the sum over the places, divided by the rows alone. Divide it by h * w.")
def divided_by_rows(grid):
    regions, mean, top = summarise(grid)
    return regions, mean * grid.shape[2], top


@pool.mistake(
    "`mean` was taken over batch and rows, or batch and columns. It is taken over rows and columns, axes 1 and 2."
)
def mean_over_batch_and_rows(grid):
    return summarise(grid)[0], grid.mean((0, 1)), grid.max((0, 1))


@pool.mistake(
    "`mean` was taken over batch and rows, or batch and columns. It is taken over rows and columns, axes 1 and 2."
)
def mean_over_batch_and_columns(grid):
    return summarise(grid)[0], grid.mean((0, 2)), grid.max((0, 2))


@pool.mistake("`regions` are divided by their lengths. A region has its features as they are.")
def regions_of_length_one(grid):
    regions, mean, top = summarise(grid)
    return regions / np.linalg.norm(regions, axis=-1, keepdims=True), mean, top


@pool.mistake("`regions` have lost their mean. A region has its features as they are.")
def regions_centred(grid):
    regions, mean, top = summarise(grid)
    return regions - mean[:, None], mean, top


@pool.mistake("`regions` go to and fro: every other row runs backwards. Each row runs from left to right.")
def to_and_fro(grid):
    turned = grid.copy()
    turned[:, 1::2] = turned[:, 1::2, ::-1]
    return summarise(turned)


SQUARE = "You took one side of the grid for both, as if it were square. There are h * w places."


@pool.mistake(SQUARE)
def square_of_rows(grid):
    regions = grid.reshape(len(grid), grid.shape[1] ** 2, grid.shape[3])
    return regions, regions.mean(1), regions.max(1)


@pool.mistake(SQUARE)
def square_of_columns(grid):
    regions = grid.reshape(len(grid), grid.shape[2] ** 2, grid.shape[3])
    return regions, regions.mean(1), regions.max(1)


@pool.mistake(SQUARE)
def square_of_rows_filled(grid):
    regions = grid.reshape(len(grid), grid.shape[1] ** 2, -1)
    return regions, regions.mean(1), regions.max(1)


@pool.mistake(SQUARE)
def square_of_columns_filled(grid):
    regions = grid.reshape(len(grid), grid.shape[2] ** 2, -1)
    return regions, regions.mean(1), regions.max(1)


PART = "`{}` is that of the first {} of the grid alone. All places of a picture count."


@pool.mistake(PART.format("maximum", "row"))
def maximum_of_first_row(grid):
    return *summarise(grid)[:2], grid[:, 0].max(1)


@pool.mistake(PART.format("maximum", "column"))
def maximum_of_first_column(grid):
    return *summarise(grid)[:2], grid[:, :, 0].max(1)


@pool.mistake(PART.format("mean", "row"))
def mean_of_first_row(grid):
    regions, _, top = summarise(grid)
    return regions, grid[:, 0].mean(1), top


@pool.mistake(PART.format("mean", "column"))
def mean_of_first_column(grid):
    regions, _, top = summarise(grid)
    return regions, grid[:, :, 0].mean(1), top


@pool.mistake("`regions` are mirrored: the last column of the grid comes first. Each row runs from left to right.")
def regions_mirrored(grid):
    return summarise(grid[:, :, ::-1])


@pool.mistake("`regions` begin with the last row of the grid. The first row comes first.")
def regions_upside_down(grid):
    return summarise(grid[:, ::-1])


@pool.mistake("`maximum` is how far the largest lies above the smallest. Return the largest itself.")
def span(grid):
    regions, mean, top = summarise(grid)
    return regions, mean, top - regions.min(1)


@pool.mistake("`maximum` is how far the largest lies above the mean. Return the largest itself.")
def above_mean(grid):
    regions, mean, top = summarise(grid)
    return regions, mean, top - mean


@pool.mistake("`mean` leaves out the first place of each picture. All places count.")
def mean_without_first(grid):
    regions, mean, top = summarise(grid)
    return regions, regions[:, 1:].mean(1) if regions.shape[1] > 1 else mean, top


@pool.mistake("`mean` is that of the positive features alone. All count, negative ones too.")
def mean_of_positive_alone(grid):
    regions, _, top = summarise(grid)
    return regions, np.maximum(regions, 0).sum(1) / np.maximum((regions > 0).sum(1), 1), top


@pool.mistake("`maximum` was taken over all numbers of a picture. Each of the c features has its own.")
def maximum_of_a_picture(grid):
    regions, mean, top = summarise(grid)
    return regions, mean, top.max(-1)


MAXIMUM = (
    "`maximum` was taken over batch and rows, or batch and columns. It is taken over rows and columns, axes 1 and 2."
)


@pool.mistake(MAXIMUM)
def maximum_over_batch_and_rows(grid):
    return *summarise(grid)[:2], grid.max((0, 1))


@pool.mistake(MAXIMUM)
def maximum_over_batch_and_columns(grid):
    return *summarise(grid)[:2], grid.max((0, 2))
