"""Draws scenes: pictures, masks and boxes, at any size.

Every shape is a *signed distance field*: a function that says how far a point is from the shape's outline, negative
inside (Quilez, "2D distance functions"). From that one number follow the anti-aliased edge (how much of a pixel the
shape covers), the soft shadow (the same field, moved and blurred) and the shading of the rim. A field knows no pixels,
so the 64-pixel picture a network sees and the 1,200-pixel cover of the book are the same drawing.

Things are drawn from back to front, each into its own patch of the canvas. The patches of one shape and like size, of
many scenes, are computed in one go.
"""

from collections import defaultdict
from functools import lru_cache, partial
from math import ceil, cos, floor, pi, sin, sqrt

import numpy as np

from mmcourse.scenes.scene import PALETTE, UNIT

SMALLEST, LARGEST = 8, 4096  # sides of a picture, in pixels

# The quiet backgrounds: the colour at the upper left corner, and at the lower right.
GRADIENTS = (
    ((252, 248, 241), (234, 225, 211)),  # paper
    ((246, 249, 252), (217, 227, 237)),  # mist
    ((246, 250, 244), (219, 230, 218)),  # sage
    ((253, 246, 243), (238, 222, 217)),  # blush
    ((66, 75, 96), (38, 44, 61)),  # midnight
    ((88, 79, 100), (56, 49, 67)),  # dusk
)

LIGHT = (-0.6, -0.8)  # the unit vector towards the light: upper left
SHADOW = 0.22  # how far a shadow is moved away from the light, in radii
SOFT = 0.34  # its edge fades from this far inside to this far outside, in radii
REACH = 1.50  # no thing and no shadow reaches further from the centre, along x or y, in radii
BEVEL = 0.20  # how wide the shaded rim is, in radii


# Shapes, in radii around the thing's centre: x grows to the right, y downwards. ``r`` is how much corners are rounded.


def _circle(x, y, radius):
    return np.sqrt(x * x + y * y) - radius


def _square(x, y, half, r):
    x, y = np.abs(x) - (half - r), np.abs(y) - (half - r)
    out_x, out_y = np.maximum(x, 0), np.maximum(y, 0)
    return np.sqrt(out_x * out_x + out_y * out_y) + np.minimum(np.maximum(x, y), 0) - r


def _cross(x, y, half, arm, r):
    x, y = np.abs(x), np.abs(y)
    x, y = np.maximum(x, y) - (half - r), np.minimum(x, y) - (arm - r)  # one arm stands for all four
    high = np.maximum(x, y)
    outside = high > 0
    # Inside, the nearest point is on the arm's flank or in the corner where two arms meet.
    x, y = np.where(outside, x, arm - half - x), np.where(outside, y, -high)
    x, y = np.maximum(x, 0), np.maximum(y, 0)
    distance = np.sqrt(x * x + y * y)
    return np.where(outside, distance, -distance) - r


def _spikes(x, y, n, tip, valley, down, r):
    """``n`` = 3 or 5 tips, the first one straight up, each as far from the centre as ``tip``; between them valleys. The
    mirrors of the figure fold the plane into one wedge, whose outline is one segment."""
    x, y = np.abs(x), down - y
    for side in (1, -1)[: n // 2]:
        across = np.maximum(side * cos(pi / n) * x - sin(pi / n) * y, 0)
        x, y = x - 2 * side * cos(pi / n) * across, y + 2 * sin(pi / n) * across
    x, y = np.abs(x), y - tip
    edge_x, edge_y = valley * sin(pi / n), valley * cos(pi / n) - tip
    along = np.clip((x * edge_x + y * edge_y) / (edge_x**2 + edge_y**2), 0, 1)
    away_x, away_y = x - along * edge_x, y - along * edge_y
    distance = np.sqrt(away_x * away_x + away_y * away_y)
    return np.where(y * edge_x < x * edge_y, -distance, distance) - r


FIELDS = {
    "circle": partial(_circle, radius=0.94),
    "square": partial(_square, half=0.85, r=0.20),
    "triangle": partial(_spikes, n=3, tip=0.94, valley=0.47, down=0.235, r=0.16),
    "star": partial(_spikes, n=5, tip=0.93, valley=0.50, down=0.09, r=0.095),
    "cross": partial(_cross, half=0.92, arm=0.34, r=0.13),
}

# Half the width and half the height of each shape, in radii: it reaches equally far to both sides of its centre.
EXTENTS = {
    "circle": (0.94, 0.94),
    "square": (0.85, 0.85),
    "triangle": (0.94 * sqrt(3) / 2 + 0.16, 0.94 * 0.75 + 0.16),
    "star": (0.93 * sin(2 * pi / 5) + 0.095, 0.93 * (1 + cos(pi / 5)) / 2 + 0.095),
    "cross": (0.92, 0.92),
}


def render(scene, size=64):
    """The picture of a scene, uint8 (size, size, 3): the same as its row of ``render_batch``."""
    return render_batch([scene], size)[0]


def render_batch(scenes, size=64):
    """The pictures of ``n`` scenes, uint8 (n, size, size, 3), red, green, blue.

    Pictures agree between machines within 1/255. Raises ValueError for a size out of range.
    """
    scenes = list(scenes)
    check_size(size)
    pictures = np.empty((len(scenes), size, size, 3), np.uint8)
    chunk = max(1, 256 * 64 * 64 // size**2)  # 13 MB of canvas: large enough that NumPy's calls do not count
    for start in range(0, len(scenes), chunk):
        part = scenes[start : start + chunk]
        canvas = np.stack([_background(scene.background, size) for scene in part])
        for place, keep, paint, rows, columns in _patches(part, size, _paint):
            window = canvas[place, :, rows, columns]
            window *= keep
            window += paint
        canvas += 0.5  # rounds, for the cast drops the fraction
        for channel in range(3):  # thrice as fast as a transposed copy
            pictures[start : start + chunk, ..., channel] = canvas[:, channel]
    return pictures


def masks(scene, size=64):
    """How much of each pixel shows each thing, float32 (things, size, size) in [0, 1].

    What is hidden behind another thing does not count, so at each pixel the sum over things is at most 1; what is
    missing to 1 is background (or shadow).
    """
    check_size(size)
    out = np.zeros((len(scene), size, size), np.float32)
    for thing, (_, alpha, _, rows, columns) in enumerate(_patches([scene], size, _cover)):
        out[:thing, rows, columns] *= 1 - alpha
        out[thing, rows, columns] = alpha
    return out


def boxes(scene, size=64):
    """The box around each thing, hidden parts included, float32 (things, 4) as x0, y0, x1, y1 in pixels from the upper
    left corner: edges, not centres, of pixels, so that x1 - x0 is the width."""
    check_size(size)
    reach = [(t.radius * EXTENTS[t.shape][0], t.radius * EXTENTS[t.shape][1]) for t in scene.things]
    out = [(t.x - a, t.y - b, t.x + a, t.y + b) for t, (a, b) in zip(scene.things, reach, strict=True)]
    return (np.array(out, np.float32).reshape(-1, 4) * (size / UNIT)).astype(np.float32)


def region_shares(scene, rows, columns, size=64):
    """Which share of each region belongs to each thing, float32 (things, rows, columns) in [0, 1].

    The picture of side ``size`` is cut into ``rows`` x ``columns`` equal regions, as a grid of image features is; a
    pixel on a cut counts for both sides in proportion. Attention over the regions is scored with this.
    """
    for name, value in (("rows", rows), ("columns", columns)):
        if not (isinstance(value, (int, np.integer)) and value >= 1):
            raise ValueError(f"Received: {name}={value!r}. Allowed: an integer >= 1.")
    return np.einsum("rh,khw,cw->krc", _shares(rows, size), masks(scene, size), _shares(columns, size))


@lru_cache(maxsize=32)
def _shares(parts, size):
    """(parts, size): the share of each part of a line that each of ``size`` pixels fills. Rows sum to 1."""
    pixel, part = np.arange(size) / size, np.arange(parts)[:, None] / parts
    overlap = np.minimum(pixel + 1 / size, part + 1 / parts) - np.maximum(pixel, part)
    return (np.maximum(overlap, 0) * parts).astype(np.float32)


def check_size(size, name="size"):
    """Raises ValueError when ``size`` is no side that a picture can have."""
    if not (isinstance(size, (int, np.integer)) and SMALLEST <= size <= LARGEST):
        raise ValueError(f"Received: {name}={size!r}. Allowed: an integer from {SMALLEST} to {LARGEST} (pixels).")


@lru_cache(maxsize=16)
def _background(index, size):
    """float32 (3, size, size): a gradient from the upper left, where the light is, to the lower right."""
    near, far = np.array(GRADIENTS[index % len(GRADIENTS)], np.float32)[..., None, None]
    place = (np.arange(size, dtype=np.float32) + 0.5) / size
    way = 0.45 * place[None, :] + 0.55 * place[:, None]
    way = way * way * (3 - 2 * way)
    picture = near * (1 - way) + far * way
    picture.flags.writeable = False
    return picture


def _patches(scenes, size, draw):
    """Yields (place, alpha, paint, rows, columns) for every thing of every scene, each scene's from back to front:
    the place of its scene, what ``draw`` made of its patch, and the slices of the canvas where that belongs."""
    scale = size / UNIT
    groups, order = defaultdict(list), []
    for place, scene in enumerate(scenes):
        for thing in scene.things:
            half = ceil(REACH * thing.radius * scale)
            group = groups[thing.shape, half]
            order.append((place, (thing.shape, half), len(group)))
            group.append(thing)
    drawn = {}
    for (shape, half), things in groups.items():
        left = np.array([floor(t.x * scale) - half for t in things])
        top = np.array([floor(t.y * scale) - half for t in things])
        grid = np.arange(2 * half + 1) + 0.5
        radius = np.array([t.radius * scale for t in things])[:, None]
        x = (left[:, None] + grid - np.array([t.x * scale for t in things])[:, None]) / radius
        y = (top[:, None] + grid - np.array([t.y * scale for t in things])[:, None]) / radius
        alpha, paint = draw(
            FIELDS[shape],
            x.astype(np.float32)[:, None, :],
            y.astype(np.float32)[:, :, None],
            radius.astype(np.float32)[:, :, None],
            [t.colour for t in things],
        )
        drawn[shape, half] = alpha, paint, left.tolist(), top.tolist()
    for place, (shape, half), member in order:
        alpha, paint, left, top = drawn[shape, half]
        x0, y0 = left[member], top[member]
        side = 2 * half + 1
        a, c = max(0, -x0), max(0, -y0)  # the part of the patch that lies in the frame
        b, d = max(a, min(side, size - x0)), max(c, min(side, size - y0))
        yield (
            place,
            alpha[member, c:d, a:b],
            None if paint is None else paint[member, :, c:d, a:b],
            slice(y0 + c, y0 + d),
            slice(x0 + a, x0 + b),
        )


def _cover(field, x, y, radius, colours):
    """The share of each pixel that the shape covers: 1 half a pixel inside its outline, 0 half a pixel outside."""
    return np.clip(0.5 - field(x, y) * radius, 0, 1), None


def _paint(field, x, y, radius, colours):
    """(keep, paint): the new canvas is the old one times ``keep`` (n, h, w), plus ``paint`` (n, 3, h, w)."""
    distance = field(x, y)
    alpha = np.clip(0.5 - distance * radius, 0, 1)

    # The shadow: the shape itself, moved away from the light, blurred by a smooth step across its outline.
    shadow = field(x + np.float32(SHADOW * LIGHT[0]), y + np.float32(SHADOW * LIGHT[1]))
    shadow = np.clip(0.5 - shadow * (0.5 / SOFT), 0, 1)
    shadow = shadow * shadow * (3 - 2 * shadow) * (0.30 * (1 - alpha))

    # The rim: how steeply the outline faces the light, strongest at the edge.
    step = 0.04
    facing = (field(x + step * LIGHT[0], y + step * LIGHT[1]) - distance) * (1 / step)
    rim = np.clip(1 + distance * (1 / BEVEL), 0, 1)
    facing = facing * (rim * rim * 0.20)
    # The face: a little lighter towards the light.
    facing = facing + (x * (0.11 * LIGHT[0]) + y * (0.11 * LIGHT[1]))
    light = np.maximum(facing, 0) * alpha
    dark = np.maximum(-facing, 0) * alpha

    own = alpha - light - dark + 0.22 * shadow
    paint = own[:, None] * np.array([PALETTE[c] for c in colours], np.float32)[..., None, None]
    paint += (light * 255)[:, None]
    return 1 - alpha - shadow, paint
