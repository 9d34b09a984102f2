"""Shares of the palette's colours in regions: against the truth of scenes, and by hand."""

import colorsys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmcourse.image import colour_shares
from mmcourse.image.colours import GREY
from mmcourse.scenes import COLOURS, PALETTE, Scenes
from mmcourse.scenes.image import region_shares

HUES = [colorsys.rgb_to_hsv(*(v / 255 for v in PALETTE[name]))[0] for name in COLOURS]


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_every_pixel_counts_for_the_nearest_hue_or_for_none(rgb):
    shares = colour_shares(np.full((2, 2, 3), rgb, "uint8"), 1, 1)[0, 0]
    if max(rgb) - min(rgb) < GREY:
        assert not shares.any()
        return
    hue = colorsys.rgb_to_hsv(*(v / 255 for v in rgb))[0]  # the standard library's, as the oracle
    away = np.array([min(abs(hue - other), 1 - abs(hue - other)) for other in HUES])
    assert shares.sum() == 1 and away[shares.argmax()] <= away.min() + 1e-6


@pytest.mark.parametrize("grid", [(4, 4), (8, 2), (1, 1)])
def test_shares_are_those_of_the_scenes_things(grid):
    scenes = Scenes("test", n=60)
    shares = colour_shares(scenes.images(), *grid)
    assert shares.shape == (60, *grid, 6) and shares.dtype == np.float32
    for scene, found in zip(scenes.truths(), shares, strict=True):
        true = np.zeros((*grid, 6))
        for thing, part in zip(scene.things, region_shares(scene, *grid), strict=True):
            true[..., COLOURS.index(thing.colour)] += part
        # At a 64th of the picture a soft edge between two colours makes a difference; nowhere else is there any.
        assert np.abs(found - true).max() < 0.12 and np.abs(found - true).mean() < 0.004


def test_one_picture_is_a_batch_of_one_and_the_grid_is_rows_by_columns():
    picture = np.zeros((6, 8, 3), "uint8")
    picture[:3, 4:] = PALETTE["green"]
    shares = colour_shares(picture, rows=2, columns=4)
    np.testing.assert_array_equal(shares[..., COLOURS.index("green")], [[0, 0, 1, 1], [0, 0, 0, 0]])
    assert shares.sum() == 2
    np.testing.assert_array_equal(colour_shares(picture[None], 2, 4)[0], shares)


@pytest.mark.parametrize(
    "images, grid, message",
    [
        (np.zeros((8, 8, 3)), (4, 4), "float64"),
        (np.zeros((8, 8), "uint8"), (4, 4), r"\(8, 8\)"),
        (np.zeros((8, 8, 3), "uint8"), (3, 4), "rows=3, columns=4"),
        (np.zeros((8, 8, 3), "uint8"), (0, 4), "rows=0"),
    ],
)
def test_errors_name_what_came(images, grid, message):
    with pytest.raises(ValueError, match=message):
        colour_shares(images, *grid)
