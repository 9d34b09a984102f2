"""Pictures of scenes: shapes against polygons, colours against the palette, masks, boxes, and one against many."""

import itertools
from math import cos, pi, sin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.scenes import COLOURS, PALETTE, SHAPES, SPLITS, Scene, Thing
from mmcourse.scenes import image as pictures
from mmcourse.scenes.image import boxes, masks, region_shares, render, render_batch
from mmcourse.scenes.sampling import CLOSEST, scene
from mmcourse.scenes.scene import UNIT

drawn = st.builds(scene, split=st.sampled_from(sorted(SPLITS)), seed=st.integers(0, 2**40), index=st.integers(0, 2**40))


def one(shape, colour="blue", x=512, y=512, radius=152, background=0):
    return Scene((Thing(shape, colour, "large", x, y, radius),), background)


def batch(n, split="train"):
    return [scene(split, 0, i) for i in range(n)]


# Each shape as a polygon, and how far a disc that rolls around it makes it grow: in radii, y downwards.
POLYGONS = {
    "circle": ([(0, 0)], 0.94),
    "square": ([(-0.65, -0.65), (0.65, -0.65), (0.65, 0.65), (-0.65, 0.65)], 0.20),
    "triangle": ([(0.94 * sin(a), 0.235 - 0.94 * cos(a)) for a in (0, 2 * pi / 3, 4 * pi / 3)], 0.16),
    "star": (
        [((0.93, 0.5)[k % 2] * sin(k * pi / 5), 0.09 - (0.93, 0.5)[k % 2] * cos(k * pi / 5)) for k in range(10)],
        0.095,
    ),
    "cross": (
        [
            *((-0.21, -0.79), (0.21, -0.79), (0.21, -0.21), (0.79, -0.21), (0.79, 0.21), (0.21, 0.21)),
            *((0.21, 0.79), (-0.21, 0.79), (-0.21, 0.21), (-0.79, 0.21), (-0.79, -0.21), (-0.21, -0.21)),
        ],
        0.13,
    ),
}


def polygon_distance(shape, x, y):
    """Signed distance by brute force: every side is asked, and rays are counted."""
    corners, grow = POLYGONS[shape]
    x, y = np.broadcast_arrays(x, y)
    nearest, inside = np.full(x.shape, np.inf), np.zeros(x.shape, bool)
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        length = (bx - ax) ** 2 + (by - ay) ** 2
        t = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / max(length, 1e-9), 0, 1)
        nearest = np.minimum(nearest, np.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)))
        if ay != by:
            inside ^= ((ay > y) != (by > y)) & (x < ax + (y - ay) * (bx - ax) / (by - ay))
    return np.where(inside, -nearest, nearest) - grow


@pytest.mark.parametrize("shape", SHAPES)
def test_fields_are_signed_distances(shape):
    x, y = np.random.default_rng(0).uniform(-1.6, 1.6, (2, 4000)).astype(np.float32)
    found, expected = pictures.FIELDS[shape](x, y), polygon_distance(shape, x, y)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=2e-6)


@pytest.mark.parametrize("shape", SHAPES)
def test_masks_are_areas(shape):
    size, fine = 48, 12
    thing = Thing(shape, "red", "large", 500, 540, 171)
    at = ((np.arange(size * fine) + 0.5) / (size * fine) * UNIT - np.array([[500], [540]])) / 171
    inside = polygon_distance(shape, at[0][None, :], at[1][:, None]) < 0
    area = inside.reshape(size, fine, size, fine).mean((1, 3))
    mask = masks(Scene((thing,)), size)[0]
    assert np.abs(mask - area).max() < 0.16  # as much as the distance errs in a pixel that holds a whole round corner
    assert abs(mask.sum() - area.sum()) < 0.006 * area.sum()


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_reaches_further_than_its_patch(shape):
    line, edge = np.linspace(-3, 3, 601, dtype=np.float32), np.float32(pictures.REACH)
    moved = [np.float32(pictures.SHADOW * part) for part in pictures.LIGHT]
    for x, y in ((line, edge), (line, -edge), (edge, line), (-edge, line)):
        assert pictures.FIELDS[shape](x + moved[0], y + moved[1]).min() >= pictures.SOFT
        assert pictures.FIELDS[shape](x, y).min() > 0


def test_shapes_differ_at_64_pixels():
    for radius in (80, 140):  # the least of small and of large
        alone = [masks(one(shape, x=300, y=700, radius=radius))[0] for shape in SHAPES]
        for a, b in itertools.combinations(alone, 2):
            assert np.minimum(a, b).sum() / np.maximum(a, b).sum() < 0.87


def test_picture():
    picture = render(scene("train", 0, 1))
    assert (picture.shape, picture.dtype) == ((64, 64, 3), np.uint8)
    assert render(scene("train", 0, 1), 9).shape == (9, 9, 3)


def test_golden_pixels():
    """Some pixels of one picture, within 1/255: whoever changes them trains the encoder anew, and raises VERSION."""
    picture = render(scene("train", 0, 7)).astype(int)
    for (row, column), colour in GOLDEN_PIXELS.items():
        assert np.abs(picture[row, column] - colour).max() <= 1, (row, column, picture[row, column])


GOLDEN_PIXELS = {  # background, three faces, a rim, two shadows
    (2, 2): (88, 79, 100),
    (60, 60): (56, 49, 67),
    (36, 22): (198, 122, 190),
    (12, 34): (20, 98, 178),
    (45, 55): (0, 158, 115),
    (31, 22): (201, 129, 193),
    (20, 44): (61, 57, 76),
    (46, 30): (67, 59, 78),
}


@given(st.lists(drawn, min_size=1, max_size=6), st.sampled_from([16, 33, 64]))
@settings(deadline=None, max_examples=25)
def test_one_is_as_in_a_batch(several, size):
    together = render_batch(several, size)
    assert together.shape == (len(several), size, size, 3)
    for picture, alone in zip(together, several, strict=True):
        assert np.abs(picture.astype(int) - render(alone, size)).max() <= 1


def test_long_batches_and_none():
    several = batch(300)
    together = render_batch(several)
    assert np.array_equal(together[270], render(several[270]))
    assert np.array_equal(render_batch(iter(several[:5])), together[:5])
    assert render_batch([], 32).shape == (0, 32, 32, 3)


def eroded(mask, steps):
    for _ in range(steps):
        inner = mask.copy()
        inner[1:] &= mask[:-1]
        inner[:-1] &= mask[1:]
        inner[:, 1:] &= mask[:, :-1]
        inner[:, :-1] &= mask[:, 1:]
        mask = inner
    return mask


def assert_colours_are_named(truth, size=128):
    """Away from its rim, a sixth of the radius wide, each thing is nearest to its own colour of the palette."""
    palette = np.array([PALETTE[colour] for colour in COLOURS], float)
    picture = render(truth, size).astype(float)
    for thing, mask in zip(truth.things, masks(truth, size), strict=True):
        inner = picture[eroded(mask > 0.999, round(thing.radius * size / UNIT / 6))]
        nearest = ((inner[:, None] - palette) ** 2).sum(-1).argmin(1)
        assert np.all(nearest == COLOURS.index(thing.colour)), (thing, np.bincount(nearest))
        assert len(inner) > 0


@given(drawn)
@settings(deadline=None, max_examples=60)
def test_colours_are_nearest_to_their_own(truth):
    assert_colours_are_named(truth)


kinds = st.tuples(st.sampled_from(SHAPES), st.sampled_from(COLOURS), st.integers(80, 164))


@given(kinds, kinds, st.floats(-1, 1), st.sampled_from("news"), st.integers(0, len(pictures.GRADIENTS) - 1))
@settings(deadline=None, max_examples=60)
def test_colours_hold_under_the_shadow_of_a_neighbour(back, front, way, side, background):
    """As close as things ever stand, on any side."""
    near = -(-CLOSEST * (back[2] + front[2]) // 100)
    along = round(way * near)
    dx, dy = {"n": (along, -near), "s": (along, near), "w": (-near, along), "e": (near, along)}[side]
    things = [
        Thing(shape, colour, "large", 512 + x, 512 + y, radius)
        for (shape, colour, radius), (x, y) in ((back, (0, 0)), (front, (dx, dy)))
    ]
    assert_colours_are_named(Scene(tuple(things), background))


@pytest.mark.parametrize("background", range(len(pictures.GRADIENTS)))
def test_backgrounds_are_quiet_and_no_colour_of_the_palette(background):
    empty = render(Scene((), background)).astype(float)
    assert np.abs(np.diff(empty, axis=0)).max() <= 2
    assert empty[0, 0].sum() > empty[-1, -1].sum()  # the light comes from the upper left
    distance = np.sqrt(((empty[:, :, None] - np.array(list(PALETTE.values()))) ** 2).sum(-1))
    assert distance.min() > 75


def test_light_and_shadow():
    picture = render(one("circle", "blue"), 256).astype(float).sum(-1)
    empty = render(Scene((), 0), 256).astype(float).sum(-1)
    mask = masks(one("circle", "blue"), 256)[0]
    shade = np.where(mask == 0, empty - picture, 0)
    rows, columns = np.mgrid[:256, :256] + 0.5
    assert shade.min() >= -1
    assert (shade * rows).sum() / shade.sum() > 128 + 5  # the shadow falls downwards
    assert (shade * columns).sum() / shade.sum() > 128 + 5  # and to the right
    inner = mask == 1
    assert picture[inner & (rows + columns < 230)].mean() > picture[inner & (rows + columns > 282)].mean() + 20


def test_any_size_is_the_same_drawing():
    for truth in batch(5, "unseen_counts"):
        coarse, fine = render(truth, 64).astype(float), render(truth, 256).astype(float)
        shrunk = fine.reshape(64, 4, 64, 4, 3).mean((1, 3))
        assert np.abs(coarse - shrunk).mean() < 0.5
        assert np.abs(coarse - shrunk).max() < 40


@given(drawn, st.sampled_from([24, 64]))
@settings(deadline=None, max_examples=40)
def test_masks_share_out_the_pixels(truth, size):
    found = masks(truth, size)
    assert (found.shape, found.dtype) == ((len(truth), size, size), np.float32)
    assert found.min() >= 0
    assert found.sum(0).max() <= 1 + 1e-6
    assert np.array_equal(found[-1], masks(Scene(truth.things[-1:]), size)[0])  # nothing hides the foremost


@given(drawn)
@settings(deadline=None, max_examples=40)
def test_whole_masks_hardly_overlap(truth):
    whole = [masks(Scene((thing,)))[0] for thing in truth.things]
    for a, b in itertools.combinations(whole, 2):
        assert np.minimum(a, b).sum() <= 0.1 * np.maximum(a, b).sum()


def test_the_one_in_front_hides_the_other():
    back, front = Thing("square", "red", "large", 480, 512, 150), Thing("square", "blue", "large", 600, 512, 150)
    shown = masks(Scene((back, front)))
    assert shown[0, 32, 40] == 0
    assert shown[1, 32, 40] == 1
    assert render(Scene((back, front)))[32, 38, 2] > 150  # blue is what is seen there
    assert render(Scene((front, back)))[32, 36, 0] > 150


@given(drawn)
@settings(deadline=None, max_examples=40)
def test_boxes_hold_the_masks_tightly(truth):
    size = 128
    found = boxes(truth, size)
    assert (found.shape, found.dtype) == ((len(truth), 4), np.float32)
    for thing, box in zip(truth.things, found, strict=True):
        rows, columns = np.nonzero(masks(Scene((thing,)), size)[0] > 0.02)
        edges = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        assert np.abs(box - edges).max() < 1.3
        assert box.min() > 0
        assert box.max() < size


def test_boxes_scale_and_may_be_none():
    truth = scene("unseen_counts", 0, 3)
    np.testing.assert_allclose(boxes(truth, 1000), boxes(truth, 100) * 10, rtol=1e-6)
    assert boxes(Scene(())).shape == (0, 4)
    assert masks(Scene(()), 16).shape == (0, 16, 16)


@pytest.mark.parametrize(("x", "y"), [(0, 0), (1024, 500), (-200, 512), (5000, -5000), (512, 1100)])
def test_things_beyond_the_frame_are_cut_off(x, y):
    """Scenes of a split have none, but scenes written by hand may."""
    truth = one("star", x=x, y=y)
    wide = masks(one("star", x=(x + 5120) // 11, y=(y + 5120) // 11, radius=14), 64 * 11)[0]
    assert render(truth).shape == (64, 64, 3)
    if abs(x) > 2000:
        assert masks(truth).sum() == wide[320:384, 320:384].sum() == 0
        assert np.array_equal(render(truth), render(Scene(())))
    elif x in (0, 1024):
        assert 0 < masks(truth).sum() < 0.7 * masks(one("star")).sum()


@given(drawn, st.integers(1, 14), st.integers(1, 14))
@settings(deadline=None, max_examples=30)
def test_region_shares_keep_the_area(truth, rows, columns):
    shares = region_shares(truth, rows, columns)
    assert (shares.shape, shares.dtype) == ((len(truth), rows, columns), np.float32)
    assert shares.min() >= 0
    assert shares.sum(0).max() <= 1 + 1e-5
    np.testing.assert_allclose(shares.mean((1, 2)), masks(truth).mean((1, 2)), rtol=1e-4)


def test_region_shares_are_block_means_where_pixels_fit():
    truth = scene("train", 0, 7)
    expected = masks(truth).reshape(-1, 8, 8, 4, 16).mean((2, 4))
    np.testing.assert_allclose(region_shares(truth, 8, 4), expected, atol=1e-6)


@pytest.mark.parametrize("size", [0, -64, 7, 5000, 64.0, "64", None])
@pytest.mark.parametrize("function", [render, masks, boxes, lambda s, size: render_batch([], size)])
def test_bad_sizes_are_named(function, size):
    with pytest.raises(ValueError, match=rf"Received: size={size!r}\. Allowed: an integer from 8 to 4096"):
        function(Scene(()), size)


@pytest.mark.parametrize(("rows", "columns", "named"), [(0, 8, "rows=0"), (8, 1.5, r"columns=1\.5")])
def test_bad_regions_are_named(rows, columns, named):
    with pytest.raises(ValueError, match=named):
        region_shares(scene("train", 0, 0), rows, columns)


# What the eye sees without one kind of cone, in linear RGB (Machado, Oliveira and Fernandes, 2009, "A physiologically-
# based model for simulation of color vision deficiency", severity 1).
SIGHT = {
    "all cones": np.eye(3),
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


@pytest.mark.parametrize("sight", SIGHT)
def test_the_palette_is_told_apart(sight):
    """By at least 16 in CIELAB, where 2.3 is just noticeable; the closest are orange and yellow, in deuteranopia."""
    srgb = np.array(list(PALETTE.values())) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.array(SIGHT[sight]).T, 0, 1)
    xyz = seen @ np.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]])
    x, y, z = np.cbrt(xyz / [0.9505, 1, 1.089]).T  # all of them are light enough for the cube root
    lab = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], 1)
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(lab, 2)) >= 16
