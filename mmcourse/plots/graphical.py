"""Graphical models: which variables hang together, labels of the regions of a picture, beliefs along a film."""

import numpy as np
from matplotlib.patches import Circle

from mmcourse.plots.diagrams import arrow, canvas
from mmcourse.plots.look import (
    BLUE,
    COLOURS,
    COLUMN,
    FAINT,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    SERIES,
    SMALL,
    TEXT,
    figure,
    mix,
    readable,
    to_rgb,
)
from mmcourse.plots.pictures import place_picture

R = 0.27  # inches: the radius of a variable's circle


def _variable(ax, x, y, name, known=False, colour=BLUE, radius=R, size=SMALL):
    """A circle with a name; what is known is filled."""
    fill = mix(PAPER, colour, 0.30) if known else PAPER
    ax.add_patch(Circle((x, y), radius, facecolor=fill, edgecolor=colour, linewidth=1.4, zorder=3))
    ax.text(x, y, name, ha="center", va="center_baseline", size=size, zorder=4, color=readable(colour, fill))


def _between(ax, start, end, radius=R, line=False):
    """An arrow (or a line) from the edge of one circle to the edge of another."""
    start, end = np.array(start, float), np.array(end, float)
    way = (end - start) / np.hypot(*(end - start))
    a, b = start + way * (radius + 0.02), end - way * (radius + 0.03)
    if line:
        ax.plot([a[0], b[0]], [a[1], b[1]], color=MUTED, lw=1.4, zorder=1)
    else:
        arrow(ax, a, b)


def schematic_graphical():
    """Four graphs: naive Bayes, a cause that two decisions share, a field over regions, a chain over frames
    -> Figure."""
    width, height = COLUMN, 4.55
    fig, ax = canvas(width, height)
    half, top, low = width / 2, 4.0, 1.72

    def title(x, y, name, words):
        ax.text(x, y, name, weight="bold", size=TEXT + 0.5, va="top")
        ax.text(x, y - 0.22, words, size=SMALL, color=MUTED, va="top")

    for left, shared in ((0.05, False), (half + 0.1, True)):
        title(
            left,
            height - 0.05,
            "a shared cause" if shared else "naive Bayes",
            "voice and face show one tone" if shared else "each decision hears the label only",
        )
        label, words, voice, face = (left + 1.6, top - 0.30), (left + 0.6, 2.30), (left + 1.6, 2.30), (left + 2.6, 2.30)
        if shared:
            tone = (left + 2.1, top - 0.95)
            _variable(ax, *tone, "tone", colour=ORANGE)
            for a, b in ((label, words), (label, tone), (tone, voice), (tone, face)):
                _between(ax, a, b)
        else:
            for b in (words, voice, face):
                _between(ax, label, b)
        _variable(ax, *label, "label", colour=GREEN)
        for place, name in ((words, "words"), (voice, "voice"), (face, "face")):
            _variable(ax, *place, name, known=True)
    ax.plot([0.05, width - 0.05], [low + 0.20] * 2, color=FAINT, lw=0.9)
    title(0.05, low + 0.08, "a field over regions", "")
    r, left = 0.17, 0.32
    for i, j in np.ndindex(2, 4):
        x, y = left + 0.58 * j, 0.42 + 0.52 * i
        _variable(ax, x, y, "", colour=GREEN, radius=r)
        if j < 3:
            _between(ax, (x, y), (x + 0.58, y), r, line=True)
        if i == 0:
            _between(ax, (x, y), (x, y + 0.52), r, line=True)
    words = "picture and text\nspeak to each\nregion, neighbours\nagree"
    ax.text(left + 2.02, 0.68, words, size=SMALL, color=MUTED, va="center")
    left = half + 0.1
    title(left, low + 0.08, "a chain over frames", "")
    for t in range(4):
        x = left + 0.30 + 0.72 * t
        _variable(ax, x, 1.0, "", colour=GREEN, radius=r)
        _variable(ax, x, 0.40, "", known=True, radius=r)
        _between(ax, (x, 1.0), (x, 0.40), r)
        if t:
            _between(ax, (x - 0.72, 1.0), (x, 1.0), r)
            _variable(ax, x - 0.36, 1.36, "", known=True, colour=ORANGE, radius=0.09)
            _between(ax, (x - 0.36, 1.36), (x, 1.0), 0.14)
    ax.text(left + 2.78, 1.36, "sound", size=SMALL, color=MUTED, va="center")
    ax.text(left + 2.78, 1.0, "direction", size=SMALL, color=MUTED, va="center")
    ax.text(left + 2.78, 0.40, "picture", size=SMALL, color=MUTED, va="center")
    return fig


GROUND = mix(PAPER, INK, 0.10)  # a region that shows no thing


def label_maps(pictures, maps, colours=tuple(COLOURS), titles=None):
    """Pictures and beside each, on the same grid, the labels of its regions, a column for each way -> Figure.

    - ``pictures``: uint8 (n, h, w, 3), drawn first;
    - ``maps``: {title: int (n, rows, columns)}: 0 is the background, k the colour ``colours[k - 1]``;
    - ``titles``: for each picture a few words (its caption) that stand below its row.

    Raises ValueError when the numbers of pictures differ.
    """
    n = len(pictures)
    if any(len(each) != n for each in maps.values()) or (titles is not None and len(titles) != n):
        raise ValueError(f"Received: {n} pictures, maps of {[len(m) for m in maps.values()]}. Allowed: as many.")
    palette = np.stack([to_rgb(c) for c in (GROUND, *(COLOURS[name] for name in colours))]).astype(np.uint8)
    columns, gap, above = 1 + len(maps), 0.10, 0.40
    below = 0.30 if titles else gap
    side = (COLUMN - gap * (columns - 1)) / columns
    height = above + n * (side + below)
    fig = figure(COLUMN, height, layout=None)
    for j, name in enumerate(("picture", *maps)):
        fig.text(j * (side + gap) / COLUMN, 1 - (above - 0.06) / height, name, va="bottom", weight="bold", size=SMALL)
    for i in range(n):
        top = height - above - i * (side + below) - side
        for j, name in enumerate((None, *maps)):
            image = np.asarray(pictures[i]) if name is None else palette[maps[name][i]]
            place_picture(fig, j * (side + gap), top, side, image)
        if titles:
            fig.text(0, (top - 0.05) / height, f"“{titles[i]}”", va="top", size=SMALL, color=MUTED)
    return fig


def beliefs(truth, rows, states, heard=None, fps=12):
    """What is believed at each frame of a film: a band for each way, darker where more probable -> Figure.

    - ``truth``: int (t,), the true state of each frame, a dot in every band;
    - ``rows``: {name: (t, k) probabilities}; ``states``: names of the k states;
    - ``heard``: {name of the row: bool (t,)}: frames marked by a triangle above that band; ``fps``: frames a second.
    """
    t, k = next(iter(rows.values())).shape
    fig = figure(COLUMN, 1.18 * len(rows) + 0.45)
    grid = np.atleast_1d(fig.subplots(len(rows), 1, sharex=True))
    heard = heard or {}
    for ax, (name, belief) in zip(grid, rows.items(), strict=True):
        shade = np.asarray(belief).T[..., None]
        ax.imshow(
            (1 - shade) * to_rgb(PAPER) / 255 + shade * to_rgb(mix(PAPER, BLUE, 0.75)) / 255,
            aspect="auto",
            interpolation="nearest",
        )
        ax.plot(np.arange(t), truth, "o", color=SERIES[1], ms=4, clip_on=False)
        ax.set_yticks(range(k), states)
        ax.set_title(name, pad=15 if name in heard else 6)
        ax.grid(False)
        if name in heard:
            frames = np.flatnonzero(heard[name])
            ax.plot(frames, np.full(len(frames), -0.9), "v", color=INK, ms=6, clip_on=False)
        ax.set_ylim(k - 0.5, -0.5)
    ticks = np.arange(0, t, fps // 4)
    grid[-1].set_xticks(ticks, [f"{frame / fps:g}" for frame in ticks])
    grid[-1].set_xlabel("seconds")
    return fig
