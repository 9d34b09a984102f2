"""The captioner: from a picture to its regions, and from there to a caption, word by word."""

import numpy as np
from matplotlib.patches import Rectangle

from mmcourse.plots.diagrams import arrow, box, canvas
from mmcourse.plots.look import (
    BASELINE,
    BLUE,
    COLUMN,
    GREEN,
    MUTED,
    ORANGE,
    SMALL,
    WASH,
    drawable,
    readable,
    text_width,
)
from mmcourse.plots.pictures import EXAMPLE, in_fog, pixels, place_picture


def schematic_captioner(picture=None, words=("a", "red", "star"), weights=None, attention=True, rows=8, columns=8):
    """The captioner: a picture becomes regions, and a recurrent step turns what it has said, and where it looks, into
    the next word -> Figure.

    - ``picture``: what stands on the left (see ``pictures.pixels``; default: one scene with a red star); ``words``: the
      caption that is written;
    - ``weights``: (len(words) + 1, r, c) attention to draw at each step (default: on the thing, as an example);
    - ``attention=False`` draws the captioner that sees only the mean of the ``rows`` by ``columns`` regions.
    """
    if picture is None:
        picture = EXAMPLE
        if weights is None:
            weights = _spot(
                len(words) + 1, [(0.5, 0.5, 0.45), (0.635, 0.37, 0.16), (0.635, 0.37, 0.10), (0.45, 0.5, 0.6)]
            )
    if weights is None:
        weights = np.ones((len(words) + 1, rows, columns))
    image, n = pixels(picture), len(words) + 1
    width, height = COLUMN, 3.62 if attention else 3.1
    fig, ax = canvas(width, height)
    side, low = (1.22 if attention else 1.0), 0.30
    first, last = 2.75, width - 0.48
    pitch = (last - first) / (n - 1)
    grid_y = low + 0.02
    step_y, word_y = (1.98, 3.02) if attention else (0.95, 2.30)
    # The encoder, on the left: picture, then regions below it.
    top = height - 0.30 - side
    place_picture(fig, 0.06, top, side, image)
    ax.text(0.06, height - 0.06, "picture", va="top", color=MUTED, size=SMALL)
    _grid(ax, 0.06, grid_y, side, image, rows, columns)
    arrow(ax, (0.2, top - 0.05), (0.2, grid_y + side + 0.05))
    middle = (top + grid_y + side) / 2
    ax.text(0.32, middle, "encoder (CNN)", va="center", size=SMALL, color=MUTED)
    ax.text(0.06, 0.06, f"{rows * columns} regions, each a vector", size=SMALL, color=MUTED, va="bottom")
    right = 0.06 + side
    # The recurrent step, once for each word.
    start_x = first - min(pitch, 1.05)
    box(ax, start_x, word_y, "start", w=0.66, h=0.36, colour=BASELINE, fill=WASH, ink=MUTED)
    ax.text(last + 0.42, height - 0.06, "what it has written", va="top", ha="right", color=MUTED, size=SMALL)
    for t in range(n):
        x = first + t * pitch
        word = words[t] if t < len(words) else "end"
        ending = t == len(words)
        wide = max(0.66, text_width(word) + 0.22)
        box(
            ax,
            x,
            word_y,
            drawable(word),
            w=wide,
            h=0.36,
            colour=BASELINE if ending else GREEN,
            fill=WASH if ending else None,
            ink=MUTED if ending else None,
        )
        box(ax, x, step_y, "LSTM", w=0.78, h=0.44)
        arrow(ax, (x, step_y + 0.24), (x, word_y - 0.2), colour=readable(GREEN))
        before = start_x if t == 0 else x - pitch
        arrow(ax, (before + 0.22, word_y - 0.2), (x - 0.24, step_y + 0.24), dashed=True)
        if t:
            arrow(ax, (x - pitch + 0.41, step_y), (x - 0.41, step_y), colour=BLUE)
        if attention:
            thumb = min(0.82, pitch - 0.16)
            place_picture(fig, x - thumb / 2, low + 0.22, thumb, in_fog(image, weights[t]))
            arrow(ax, (x, low + 0.24 + thumb), (x, step_y - 0.24), colour=readable(ORANGE))
    arrow(
        ax,
        (right + 0.05, step_y - 0.3 if attention else grid_y + side / 2),
        (first - 0.42, step_y),
        colour=BLUE,
        bend=-0.12,
    )
    ax.text(
        right + 0.12,
        word_y - 0.48,
        "the word\nbefore",
        va="center",
        size=SMALL,
        color=MUTED,
        linespacing=1.2,
    )
    ax.text(
        right + 0.36,
        step_y - 0.22,
        "first state:\ntheir mean",
        va="top",
        size=SMALL,
        color=readable(BLUE),
        linespacing=1.2,
    )
    if attention:
        rail = low + 0.10
        ax.plot([right + 0.05, last + 0.41], [rail, rail], color=readable(ORANGE), lw=1.4, solid_capstyle="butt")
        for t in range(n):
            arrow(ax, (first + t * pitch, rail), (first + t * pitch, low + 0.22), colour=readable(ORANGE), head=7)
        ax.text(
            last + 0.42,
            0.06,
            "attention: where each step looks, a weighted mean of the regions",
            ha="right",
            size=SMALL,
            color=readable(ORANGE),
            va="bottom",
        )
    return fig


def _spot(n, spots, side=24):
    """Example weights: a round spot (x, y, spread) for each of ``n`` steps -> (n, side, side)."""
    y, x = np.mgrid[0:side, 0:side] / (side - 1)
    chosen = [spots[0]] + [spots[1 + i % (len(spots) - 2)] for i in range(n - 2)] + [spots[-1]]
    return np.stack([np.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * s * s)) for a, b, s in chosen])


def _grid(ax, x, y, side, image, rows, columns):
    """The regions: one square a region, in the mean colour of what it covers."""
    h, w = image.shape[0] // rows, image.shape[1] // columns
    mean = image[: h * rows, : w * columns].reshape(rows, h, columns, w, 3).mean((1, 3)) / 255
    dx, dy = side / columns, side / rows
    for r in range(rows):
        for c in range(columns):
            ax.add_patch(Rectangle((x + c * dx, y + side - (r + 1) * dy), dx * 0.88, dy * 0.88, facecolor=mean[r, c]))
