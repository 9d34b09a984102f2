"""Outlines of things as masks: COCO's polygons, and its run lengths, as they are and packed into a text."""

import numpy as np

from mmcourse._machinery.tables import shown

FINER = 5  # odd, so that there is a middle
FORMS = 'polygons [[x0, y0, x1, y1, ...], ...], or {"size": [height, width], "counts": [...] or text}'


def outlined(outline, height, width, where="outline"):
    """The mask of an outline, bool (height, width).

    Polygons are filled by Pillow: pixels at the edge may differ from those of COCO's own program. Run lengths are
    exact: pixels column by column, so many outside, so many inside, and so on; as a text, each number stands in groups
    of five bits, the lowest first, from the fourth on as the difference to the one two before.

    Raises ValueError, which begins with ``where``, for any other form, another size, and runs that do not fill it.
    """
    if isinstance(outline, list):
        return _polygons(outline, height, width, where)
    if isinstance(outline, dict) and outline.get("size") == [height, width]:
        counts = outline.get("counts")
        if isinstance(counts, str):
            counts = _unpacked(counts, where)
        if isinstance(counts, list) and all(isinstance(n, int) and 0 <= n <= height * width for n in counts):
            if sum(counts) == height * width:
                inside = np.arange(len(counts)) % 2 == 1
                return np.repeat(inside, counts).reshape(width, height).T
            raise ValueError(
                f"{where}: the runs do not fill the picture. Received: {sum(counts)} pixels. "
                f"Allowed: {height} x {width} = {height * width}."
            )
    raise _unknown(outline, height, width, where)


def _polygons(outline, height, width, where):
    from PIL import Image, ImageDraw

    mask = Image.new("1", (FINER * width, FINER * height))
    draw = ImageDraw.Draw(mask)
    for polygon in outline:
        numbers = np.array(polygon) if isinstance(polygon, list) and _flat(polygon) else None
        if numbers is None or len(numbers) < 6 or len(numbers) % 2 or not np.isfinite(numbers).all():
            raise _unknown(polygon, height, width, where)
        # Pillow counts from the centre of the first pixel, and fills those at the edge, too: so it draws finer ones,
        # and a pixel is inside if the one in its middle is.
        draw.polygon([tuple(point) for point in FINER * numbers.reshape(-1, 2) - 0.5], fill=1)
    return np.array(mask)[FINER // 2 :: FINER, FINER // 2 :: FINER]


def _flat(polygon):
    return all(isinstance(one, (int, float)) and not isinstance(one, bool) and abs(one) < 1e6 for one in polygon)


def _unpacked(text, where):
    counts, value, shift = [], 0, 0
    for character in text:
        bits = ord(character) - 48
        if not 0 <= bits < 64 or shift > 55:
            raise ValueError(f"{where}: no packed run lengths. Received: {shown(text)}. Allowed: COCO's text of them.")
        value |= (bits & 31) << shift
        shift += 5
        if not bits & 32:  # the last group of this number; its highest bit is the sign
            value -= (bits & 16 and 1) << shift
            counts.append(value + (counts[-2] if len(counts) > 2 else 0))
            value = shift = 0
    if shift:
        raise ValueError(f"{where}: packed run lengths that break off. Received: {shown(text)}.")
    return counts


def _unknown(outline, height, width, where):
    what = f"no outline of {height} x {width} pixels"
    return ValueError(f"{where}: {what}. Received: {shown(outline)}. Allowed: {FORMS}.")
