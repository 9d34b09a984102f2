"""Colours of regions: features that need no network, and that a reader can check by eye."""

import numpy as np

from mmcourse._machinery.checks import check_whole
from mmcourse.scenes.scene import PALETTE

GREY = 48  # chroma, of 255, below which a pixel has no colour: the quiet backgrounds reach 30, the palette begins at 76


def colour_shares(images, rows=4, columns=4):
    """Which share of each region shows each colour of the palette.

    A pixel shows the palette's colour of the nearest hue, so that shading does not matter; where its chroma (largest
    minus smallest of red, green and blue) is below 48 of 255, it is grey and shows none. Hue: the angle of the
    hexagonal colour model (Smith, 1978, "Color gamut transform pairs").

    Args:
        images: uint8 (h, w, 3) or (n, h, w, 3).
        rows, columns: the grid of equal regions; they divide h and w.
    Returns:
        float32 (rows, columns, 6) or (n, rows, columns, 6), in [0, 1]; the colours in the order of ``scenes.COLOURS``.
        Their sum is the share of the region that is not grey.
    Raises:
        ValueError: for another shape or type, or a grid that does not divide the picture.
    """
    images = np.asarray(images)
    if images.ndim not in (3, 4) or images.shape[-1] != 3 or images.dtype != np.uint8:
        raise ValueError(
            f"Received: images of shape {images.shape}, {images.dtype}. Allowed: uint8, (h, w, 3) or (n, h, w, 3)."
        )
    h, w = images.shape[-3:-1]
    check_whole(rows=rows, columns=columns)
    if h % rows or w % columns:
        raise ValueError(f"Received: rows={rows}, columns={columns}. Allowed: divisors of {h} and of {w}.")
    palette, _ = _hue_and_chroma(np.array(list(PALETTE.values()), np.uint8))
    hue, chroma = _hue_and_chroma(images)  # (..., h, w)
    # On the circle, sorted, each hue is nearest to those between the middles to its neighbours on either side.
    order = np.argsort(palette)
    middles = (palette[order] + np.append(palette[order][1:], 6 + palette.min())) / 2
    nearest = order[np.searchsorted(middles, np.where(hue < middles[-1] - 6, hue + 6, hue)) % len(order)]
    nearest[chroma < GREY] = -1
    cut = (*images.shape[:-3], rows, h // rows, columns, w // columns)
    shares = [(nearest == k).reshape(cut).mean((-3, -1), dtype="float32") for k in range(len(palette))]
    return np.stack(shares, axis=-1)


def _hue_and_chroma(pixels):
    """uint8 (..., 3) -> hue in [0, 6) and chroma in 0 to 255, float32 (...)."""
    red, green, blue = (pixels[..., k].astype("float32") for k in range(3))
    most, least = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    chroma = most - least
    divisor = np.maximum(chroma, 1)
    hue = np.where(most == blue, 4 + (red - green) / divisor, 2 + (blue - red) / divisor)
    hue = np.where(most == red, (green - blue) / divisor, hue)
    return np.where(hue < 0, hue + 6, hue), chroma
