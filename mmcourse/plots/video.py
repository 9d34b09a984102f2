"""Films on paper: rows of frames and of differences, a kernel in space and time, and three ways to look across time."""

import numpy as np
from matplotlib.patches import Rectangle

from mmcourse.plots.diagrams import arrow, box, canvas
from mmcourse.plots.look import (
    BASELINE,
    BLUE,
    COLUMN,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    RED,
    RULE,
    SMALL,
    TEXT,
    WASH,
    axes,
    figure,
    mix,
    readable,
    text_width,
    to_rgb,
)
from mmcourse.plots.pictures import place_picture


def signed(values, limit=None):
    """Signed numbers (h, w) or (h, w, c), of which the mean over c is taken, as colours on a symmetric scale -> uint8
    (h, w, 3): 0 is paper, ``limit`` (default: the largest size) is red, minus ``limit`` is blue."""
    values = np.asarray(values, "float64")
    values = values.mean(-1) if values.ndim == 3 else values
    limit = np.abs(values).max() if limit is None else limit
    share = np.clip(np.abs(values) / max(limit, 1e-12), 0, 1)[..., None]
    ends = np.where((values > 0)[..., None], to_rgb(RED), to_rgb(BLUE))
    return ((1 - share) * to_rgb(PAPER) + share * ends).round().astype("uint8")


def frame_rows(rows, times=None):
    """Frames in rows, one below the other, each with its name above and the time below -> Figure.

    ``rows``: {name: pictures}, pictures uint8 (t, h, w, 3), or signed floats (t, h, w) or (t, h, w, c), drawn on one
    symmetric scale a row: red for more, blue for less. A row with one picture fewer than the first is set between its
    pictures. ``times``: the words below each picture of the first row.

    Raises ValueError where there are not as many times as pictures.
    """
    rows = {name: np.asarray(pictures) for name, pictures in rows.items()}
    most = len(next(iter(rows.values())))
    times = [""] * most if times is None else [str(word) for word in times]
    if len(times) != most:
        raise ValueError(f"One time for each picture. Received: {len(times)} times, {most} pictures.")
    gap, above, below = 0.1, 0.28, 0.24 if any(times) else 0.0
    side = min(1.3, (COLUMN - 0.02 - gap * (most - 1)) / most)  # the last frame's edge is inside
    heights = [above + side + (below if k == 0 else 0.04) for k in range(len(rows))]
    height = sum(heights) + 0.1 * (len(rows) - 1)
    fig, top = figure(COLUMN, height, layout=None), height
    for k, (name, pictures) in enumerate(rows.items()):
        start = 0.01 + (most - len(pictures)) * (side + gap) / 2
        fig.text(0, (top - 0.04) / height, name, va="top", weight="bold", size=TEXT)
        floats = pictures.dtype != np.uint8
        scaled = pictures.mean(-1) if floats and pictures.ndim == 4 else pictures
        limit = np.abs(scaled).max() if floats else None
        for i, picture in enumerate(scaled):
            left, low = start + i * (side + gap), top - above - side
            place_picture(fig, left, low, side, signed(picture, limit) if floats else picture)
            if k == 0 and times[i]:
                fig.text(
                    (left + side / 2) / COLUMN, (low - 0.05) / height, times[i], ha="center", va="top", size=SMALL,
                    color=MUTED,
                )  # fmt: skip
        top -= heights[k] + 0.1
    return fig


def space_time(film_row, kernel, answers):
    """One row of a film's pixels over time, a kernel of the same two axes, and what kernels answer -> Figure.

    ``film_row``: (t, x), the brightness; ``kernel``: (frames, columns), whole numbers, written into its cells;
    ``answers``: {name: (t', x')}, signed, drawn on one symmetric scale.
    """
    gap, above, below = 0.3, 0.3, 0.28
    side = (COLUMN - 0.02 - gap * (1 + len(answers))) / (2 + len(answers))
    height = above + side + below
    fig = figure(COLUMN, height, layout=None)

    def panel(k, title, note):
        left = 0.01 + k * (side + gap)
        fig.text(left / COLUMN, 1 - 0.04 / height, title, va="top", weight="bold", size=SMALL)
        fig.text(left / COLUMN, (below - 0.06) / height, note, va="top", size=SMALL, color=MUTED)
        return axes(fig, left / COLUMN, below / height, side / COLUMN, side / height, frame=True)

    ax = panel(0, "a row of pixels", "across; time runs down")
    ax.imshow(film_row, cmap="gray", aspect="auto", interpolation="nearest")
    ax = panel(1, "the kernel", f"{kernel.shape[0]} frames, {kernel.shape[1]} columns")
    limit = np.abs(kernel).max()
    ax.imshow(signed(kernel, limit * 1.6), aspect="auto", interpolation="nearest")
    for (t, x), value in np.ndenumerate(kernel):
        ax.text(x, t, f"{value:g}".replace("-", "−"), ha="center", va="center", size=SMALL, color=INK)
    limit = max(np.abs(values).max() for values in answers.values())
    for k, (name, values) in enumerate(answers.items()):
        ax = panel(2 + k, name, "its answers")
        ax.imshow(signed(values, limit), aspect="auto", interpolation="nearest")
    return fig


def schematic_video(frames, shown=4):
    """Three ways to look across time: one kernel through space and time, the same in two steps, and a 2-D network on
    each frame with a recurrent layer over what it gives -> Figure.

    ``frames``: uint8 (t, h, w, 3), of which the first ``shown`` are drawn.
    """
    width, lane = COLUMN, 1.3
    height = 3 * lane + 0.1
    fig, ax = canvas(width, height)
    side, step, left = 0.52, 0.62, 0.06
    end = left + shown * step
    lanes = ("3-D convolution", "(2+1)-D convolution", "recurrent over frames")
    for k, name in enumerate(lanes):
        top = height - 0.06 - k * lane
        y = top - 0.34 - side / 2
        ax.text(left, top, name, va="top", weight="bold")
        for i in range(shown):
            low = y - side / 2
            place_picture(fig, left + i * step, low, side, frames[i])
        if k < 2:
            ax.plot([left, width - 0.06], [top - lane + 0.14] * 2, color=RULE, lw=0.8)
        middle, goal = end + 0.05, width - 1.16  # between the frames and the answer
        if k == 0:
            _brace(ax, left, left + 3 * step - 0.1, y - side / 2 - 0.08, "3 frames × 3 × 3 pixels, in one go")
            arrow(ax, (middle, y), (middle + 0.75, y), colour=readable(BLUE))
            _block(ax, (middle + goal) / 2, y, "one kernel,\nspace and time", BLUE, w=goal - middle - 1.5)
            arrow(ax, (goal - 0.75, y), (goal, y), colour=readable(BLUE))
        else:
            first, second, last = ("space:\n1 × 3 × 3", "time:\n3 × 1 × 1", ORANGE)
            words, to = "3 × 3 pixels of each; then 3 frames", left + 2 * step - 0.1
            if k == 2:
                first, second, last = ("2-D network\non each frame", "GRU, frame\nafter frame", GREEN)
                words = "each frame by itself; then all in order"
            _brace(ax, left + step, to, y - side / 2 - 0.08, words)
            for x, words, colour in ((middle + 0.97, first, BLUE), (goal - 0.97, second, last)):
                _block(ax, x, y, words, colour, w=1.16)
            for start, stop, colour in (
                (middle, middle + 0.38, BLUE), (middle + 1.56, goal - 1.56, last), (goal - 0.38, goal, last)
            ):  # fmt: skip
                arrow(ax, (start, y), (stop, y), colour=readable(colour))
        box(ax, width - 0.62, y, "direction", w=1.0, h=0.4, colour=BASELINE, fill=WASH, ink=INK)
    return fig


def _block(ax, x, y, words, colour, w=1.3):
    box(ax, x, y, "", w=w, h=0.56, colour=colour)
    fill = mix(PAPER, colour, 0.14)
    ax.text(x, y, words, ha="center", va="center", size=SMALL, color=readable(colour, fill), zorder=5, linespacing=1.25)


def _brace(ax, left, right, y, words):
    ax.add_patch(Rectangle((left, y), right - left, 0.035, facecolor=readable(ORANGE), zorder=3))
    middle = (left + right) / 2
    start = max(0.06, middle - text_width(words, SMALL) / 2)
    ax.text(start, y - 0.05, words, va="top", size=SMALL, color=MUTED)
