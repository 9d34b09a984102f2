"""An index: a wall of pictures, a search that goes block by block, and cells of which some are looked into."""

import numpy as np
from matplotlib.patches import Polygon, Rectangle

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
    SMALL,
    TEXT,
    axes,
    figure,
    mix,
    readable,
    to_rgb,
)
from mmcourse.plots.pictures import pixels

SIDE = 40  # pixels of a picture on the wall


def wall(pictures, columns=25):
    """Many small pictures, row by row, as a wall of them -> Figure.

    ``pictures``: see ``pictures.pixels``; the last row is filled up with paper.
    """
    rows = -(-len(pictures) // columns)
    whole = np.full((rows * SIDE, columns * SIDE, 3), to_rgb(PAPER), "uint8")
    for place, picture in enumerate(pictures):
        row, column = (SIDE * i for i in divmod(place, columns))
        whole[row : row + SIDE - 2, column : column + SIDE - 2] = pixels(picture, SIDE)[: SIDE - 2, : SIDE - 2]
    fig = figure(COLUMN, COLUMN * rows / columns, layout=None)
    axes(fig, 0, 0, 1, 1).imshow(whole, aspect="auto", interpolation="lanczos")
    return fig


def schematic_blocks():
    """Exact search in bounded memory: the queries meet a block of vectors after the other, and only the k best so far
    are kept -> Figure."""
    fig, ax = canvas(COLUMN, 2.75)
    middle = 1.42

    def size(x, text):
        ax.text(x, 0.16, text, size=TEXT, color=INK, ha="center")

    box(ax, 0.62, middle, "queries\n$\\mathbf{Q}$", w=0.94, h=0.9, colour=ORANGE)
    size(0.62, "$n\\times d$")
    for k, name in enumerate(("block 1", "block 2", "block 3", "…")):
        now = k == 1
        y = middle + 0.75 - 0.5 * k
        box(ax, 2.15, y, name, w=0.98, h=0.42, colour=BLUE if now else BASELINE, ink=None if now else MUTED)
    ax.text(2.15, 2.52, "vectors $Z$", size=SMALL, color=MUTED, ha="center")
    size(2.15, "$m\\times d$")
    arrow(ax, (1.13, middle), (1.6, middle + 0.2))
    arrow(ax, (2.68, middle + 0.25), (3.22, middle + 0.1))
    box(ax, 3.92, middle, "scores of\none block", w=1.3, h=0.9, colour=BLUE)
    size(3.92, "$n\\times$ rows of a block")
    arrow(ax, (4.61, middle), (5.16, middle))
    box(ax, 6.0, middle, "the $k$ best\nso far", w=1.56, h=0.9, colour=GREEN)
    size(6.0, "$n\\times k$")
    arrow(ax, (6.0, middle + 0.5), (3.92, middle + 0.5), bend=0.28, dashed=True)
    ax.text(4.96, 2.52, "next block", size=SMALL, color=MUTED, ha="center")
    return fig


def cell_map(points, centres, query, probes=(1, 3), k=10):
    """A search that looks into the cells with the nearest centres, in the plane -> Figure, a panel for each number of
    cells.

    - ``points`` (n, 2), ``centres`` (c, 2), ``query`` (2,); a point belongs to the nearest centre;
    - the ``k`` nearest of all points are ringed: found, or missed; above each panel stands how many were looked at.

    Raises ValueError for other shapes, or where a panel would look into more cells than there are.
    """
    points, centres, query = (np.asarray(x, "float64") for x in (points, centres, query))
    if points.shape[1:] != (2,) or centres.shape[1:] != (2,) or query.shape != (2,) or max(probes) > len(centres):
        raise ValueError(
            f"Received: points {points.shape}, centres {centres.shape}, query {query.shape}, probes={probes}. "
            "Allowed: (n, 2), (c, 2), (2,), and at most c probes."
        )
    home = squared_distances(points, centres).argmin(axis=1)
    near = squared_distances(query[None], centres)[0].argsort(kind="stable")
    best = squared_distances(query[None], points)[0].argsort(kind="stable")[:k]
    low, high = points.min(axis=0), points.max(axis=0)
    low, high = low - 0.04 * (high - low), high + 0.04 * (high - low)
    fig = figure(COLUMN, 4.2, layout=None)
    gap, width = 0.02, (1 - 0.02 * (len(probes) - 1)) / len(probes)
    for panel, p in enumerate(probes):
        ax = axes(fig, panel * (width + gap), 0.1, width, 0.8)
        ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        for c in range(len(centres)):
            inside = c in near[:p]
            ax.add_patch(
                Polygon(
                    cell_corners(c, centres, low, high), facecolor=mix(PAPER, BLUE, 0.16) if inside else PAPER,
                    edgecolor=MUTED if inside else BASELINE, linewidth=1.0, zorder=1 + inside,
                )
            )  # fmt: skip
        looked = np.isin(home, near[:p])
        for these, colour in ((~looked, BASELINE), (looked, BLUE)):
            ax.scatter(*points[these].T, s=7, color=colour, zorder=3, linewidth=0)
        found = looked[best]
        for these, colour, mark in ((best[found], GREEN, "o"), (best[~found], RED, "s")):
            ax.scatter(
                *points[these].T, s=52, facecolor="none", edgecolor=readable(colour), marker=mark, lw=1.5, zorder=5
            )
        ax.scatter(*centres.T, s=26, marker="+", color=INK, linewidth=1.1, zorder=4)
        ax.scatter(*query, s=150, marker="*", color=ORANGE, edgecolor=INK, linewidth=0.8, zorder=6)
        ax.add_patch(Rectangle(low, *(high - low), fill=False, edgecolor=MUTED, linewidth=1, zorder=7))
        title = f"{p} cell{'s' * (p > 1)}: {looked.sum()} of {len(points)} looked at, {found.sum()} of {k} found"
        fig.text(panel * (width + gap), 0.93, title, size=TEXT, color=INK)
    _key(fig)
    return fig


def _key(fig):
    """What the marks mean, below the panels."""
    marks = (
        ("*", ORANGE, 90, "query"), ("+", INK, 26, "centre"), (".", BLUE, 40, "looked at"),
        (".", BASELINE, 40, "not looked at"), ("o", GREEN, 46, "near and found"),
        ("s", RED, 46, "near and missed"),
    )  # fmt: skip
    ax = axes(fig, 0, 0, 1, 0.08)
    ax.set(xlim=(0, COLUMN), ylim=(0, 1))
    for x, (mark, colour, size, words) in zip((0.12, 0.86, 1.72, 2.78, 4.16, 5.6), marks, strict=True):
        paint = {"color": colour, "linewidth": 1.4 if mark == "+" else 0}
        if mark in "os":
            paint = {"facecolor": "none", "edgecolor": readable(colour), "linewidth": 1.4}
        elif mark == "*":
            paint = {"facecolor": colour, "edgecolor": INK, "linewidth": 0.6}
        ax.scatter(x, 0.5, s=size, marker=mark, **paint)
        ax.text(x + 0.13, 0.5, words, size=SMALL, color=MUTED, va="center_baseline")


def squared_distances(a, b):
    """Squared distances: (n, 2), (c, 2) -> (n, c)."""
    return ((a[:, None] - b) ** 2).sum(axis=-1)


def cell_corners(c, centres, low, high):
    """The corners of the part of the frame that is nearest to centre c: the frame, cut by each other centre's
    perpendicular bisector."""
    corners = [np.array(p) for p in ((low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1]))]
    for other in np.delete(centres, c, axis=0):
        normal, middle = other - centres[c], (other + centres[c]) / 2
        side = [(p - middle) @ normal for p in corners]
        kept = []
        for i, (p, s) in enumerate(zip(corners, side, strict=True)):
            q, t = corners[i - 1], side[i - 1]
            if (s <= 0) != (t <= 0):
                kept.append(q + (p - q) * t / (t - s))
            if s <= 0:
                kept.append(p)
        corners = kept
    return np.array(corners)
