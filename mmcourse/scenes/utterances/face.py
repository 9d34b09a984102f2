"""A face that goes with a tone of voice: mouth, brows and eyes, drawn as signed distances, like a scene's things."""

import numpy as np

from mmcourse.scenes.image import check_size
from mmcourse.scenes.random import Stream
from mmcourse.scenes.utterances.voice import TONES

PAPER, SKIN, LINE = (246, 249, 252), (236, 200, 170), (66, 60, 70)

# Of each tone: how much the mouth's corners rise, how far it opens, how much the brows' inner ends drop (all in radii).
LOOKS = {
    "calm": (0.06, 0.02, -0.02),
    "happy": (0.20, 0.06, -0.03),
    "sad": (-0.16, 0.02, -0.10),
    "angry": (-0.10, 0.05, 0.13),
}


def draw(tone, key, size=64):
    """The face of a tone: uint8 (size, size, 3), red, green, blue. ``key`` names the stream of the small differences
    between two faces (place, proportions, skin).

    Raises ValueError for an unknown tone or a size out of range.
    """
    if tone not in TONES:
        raise ValueError(f"Unknown tone. Received: tone={tone!r}. Allowed: {', '.join(TONES)}.")
    check_size(size)
    stream = Stream("face", *key)

    def about(value, spread):  # in thousandths, so that it is the same on every machine
        return value + stream.between(-1000, 1000) / 1000 * spread

    rise, opening, drop = (about(value, 0.02) for value in LOOKS[tone])
    centre_x, centre_y, radius = about(0.5, 0.03), about(0.5, 0.03), about(0.40, 0.03)
    shade = about(1.0, 0.12)
    pixel = 1 / (size * radius)  # in radii: how wide an edge fades
    rows, columns = np.mgrid[0:size, 0:size]
    x, y = ((columns + 0.5) / size - centre_x) / radius, ((rows + 0.5) / size - centre_y) / radius
    picture = np.broadcast_to(np.array(PAPER, float), (size, size, 3)).copy()

    def paint(distance, colour):
        cover = np.clip(0.5 - distance / pixel, 0, 1)[..., None]
        picture[:] = picture * (1 - cover) + np.array(colour, float) * cover

    paint(np.hypot(x, y * 0.92) - 1, np.clip(np.array(SKIN) * shade, 0, 255))
    for side in (-1, 1):
        paint(np.hypot(x - side * 0.36, y + 0.18) - 0.10, LINE)  # an eye
        inner, outer = (side * 0.18, -0.46 + drop), (side * 0.56, -0.46 - drop)
        paint(_segment(x, y, inner, outer) - 0.045, LINE)  # a brow
    outward = (x / 0.45) ** 2  # 0 in the middle of the mouth, 1 at its corners
    line, half = 0.42 - rise * outward, 0.04 + opening * np.clip(1 - outward, 0, 1)
    paint(np.maximum(np.abs(y - line) - half, np.abs(x) - 0.45), LINE)
    return (picture + 0.5).astype(np.uint8)


def _segment(x, y, start, end):
    """The distance of points from a segment."""
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    share = ((x - start[0]) * along_x + (y - start[1]) * along_y) / (along_x**2 + along_y**2)
    share = np.clip(share, 0, 1)
    return np.hypot(x - start[0] - share * along_x, y - start[1] - share * along_y)
