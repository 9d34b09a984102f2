"""Contrast: two encoders and the table of all similarities, and the way of several models through one plane."""

import numpy as np
from matplotlib.patches import Rectangle

from mmcourse.plots.diagrams import arrow, box, canvas
from mmcourse.plots.look import (
    BASELINE,
    BLUE,
    COLUMN,
    DASHES,
    GREEN,
    INK,
    MARKS,
    MUTED,
    ORANGE,
    PAPER,
    SERIES,
    SMALL,
    TEXT,
    drawable,
    figure,
    mix,
    readable,
    wrap,
)
from mmcourse.plots.pictures import pixels, place_picture

RULE_LIGHT = mix(PAPER, MUTED, 0.4)


def schematic_contrast(pictures, captions, positives):
    """A batch of pairs: every picture meets every caption in a table of similarities; what belongs together is marked
    -> Figure.

    - ``pictures``: three to five of them (see ``pictures.pixels``); ``captions``: as many str;
    - ``positives``: bool (n, n). Fields of the diagonal are a pair's own; other True ones show the same by chance.

    Raises ValueError when there is not a caption for each picture.
    """
    n = len(pictures)
    if not 3 <= n <= 5 or len(captions) != n or np.shape(positives) != (n, n):
        raise ValueError(
            f"Received: {n} pictures, {len(captions)} captions, positives of shape {np.shape(positives)}. "
            "Allowed: 3 to 5 pictures, a caption for each, (n, n)."
        )
    cell, side = 0.68, 0.58
    told = [wrap(drawable(caption), cell, SMALL) for caption in captions]
    line, above = SMALL * 1.35 / 72, 1.1
    width, height = COLUMN, 0.16 + n * cell + above + line * max(map(len, told))
    fig, ax = canvas(width, height)
    left, low = 2.9, 0.08
    for i, picture in enumerate(pictures):  # rows, from the top
        y = low + (n - 1 - i) * cell
        place_picture(fig, 0.06, y + (cell - side) / 2, side, pixels(picture))
        for j in range(n):
            own = i == j
            colour = GREEN if positives[i][j] else BASELINE
            fill = mix(PAPER, colour, 0.34 if own else 0.16 if positives[i][j] else 0.12)
            ax.add_patch(
                Rectangle(
                    (left + j * cell + 0.03, y + 0.03),
                    cell - 0.06,
                    cell - 0.06,
                    facecolor=fill,
                    edgecolor=readable(GREEN) if positives[i][j] else RULE_LIGHT,
                    linewidth=1.4 if positives[i][j] else 0.8,
                    linestyle="-" if own or not positives[i][j] else (0, (3, 1.6)),
                )
            )
    middle = low + n * cell / 2
    arrow(ax, (0.06 + side + 0.06, middle), (1.0, middle))
    box(ax, 1.56, middle, "picture\nencoder", w=1.1, h=0.62, colour=BLUE)
    arrow(ax, (2.13, middle), (left - 0.12, middle))
    ax.text(2.5, middle + 0.09, "unit\nvectors", ha="center", va="bottom", size=SMALL, color=MUTED)
    top = low + n * cell
    centre = left + n * cell / 2
    box(ax, centre, top + 0.62, "caption encoder", w=n * cell - 0.1, h=0.38, colour=ORANGE)
    arrow(ax, (centre, top + 0.43), (centre, top + 0.08))
    ax.text(centre + 0.1, top + 0.25, "unit vectors", va="center", size=SMALL, color=MUTED)
    for j, lines in enumerate(told):
        x = left + (j + 0.5) * cell
        arrow(ax, (x, top + above - 0.04), (x, top + 0.83), head=6)
        ax.text(x, top + above, "\n".join(lines), ha="center", va="bottom", size=SMALL, color=INK, linespacing=1.15)
    x = left + n * cell + 0.16
    entries = (
        (GREEN, "-", 0.34, "own partner:\npull"),
        (GREEN, (0, (3, 1.6)), 0.16, "shows the same:\nno negative"),
        (BASELINE, "-", 0.12, "all others:\npush"),
    )
    for k, (colour, dash, share, words) in enumerate(entries):
        y = low + n * cell - 0.34 - 0.62 * k
        edge = readable(GREEN) if colour == GREEN else RULE_LIGHT
        ax.add_patch(
            Rectangle((x, y - 0.13), 0.26, 0.26, facecolor=mix(PAPER, colour, share), edgecolor=edge, linestyle=dash)
        )
        ax.patches[-1].set_linewidth(1.3)
        ax.text(x + 0.36, y, words, va="center", size=SMALL, color=INK)
    return fig


def trajectories(paths, xlabel, ylabel, height=3.9, places=None):
    """The ways of several models through a plane, from a hollow mark (before training) to a full one (after it), named
    at their ends -> Figure.

    - ``paths``: {name: (n, 2)}, x and y at each moment; ``places``: {name: (dx, dy)}, where a name stands from its
      end, in points.

    Raises ValueError for a path without two columns.
    """
    fig = figure(COLUMN, height)
    ax = fig.add_subplot()
    places = places or {}
    for k, (name, path) in enumerate(paths.items()):
        path = np.asarray(path, "float64")
        if path.ndim != 2 or path.shape[1] != 2:
            raise ValueError(f"Received: {name!r} of shape {path.shape}. Allowed: (n, 2).")
        colour, mark = SERIES[k % len(SERIES)], MARKS[k % len(MARKS)]
        ax.plot(*path.T, color=colour, linestyle=DASHES[k % len(DASHES)], lw=1.7, zorder=2)
        ax.plot(*path[1:-1].T, linestyle="none", marker=mark, ms=3, color=colour, zorder=2)
        ax.plot(*path[0], marker=mark, ms=8, color=colour, markerfacecolor=PAPER, markeredgewidth=1.6, zorder=3)
        ax.plot(*path[-1], marker=mark, ms=8.5, color=colour, zorder=4)
        dx, dy = places.get(name, (8, 0))
        ax.annotate(
            name, path[-1], xytext=(dx, dy), textcoords="offset points", color=readable(colour), size=TEXT, zorder=5,
            ha="left" if dx > 0 else "right" if dx < 0 else "center",
            va="center" if abs(dy) < 4 else "bottom" if dy > 0 else "top",
        )  # fmt: skip
    ax.margins(0.09)
    ax.set_xlabel(xlabel)
    ax.set_title(ylabel, weight="normal", color=MUTED, size=TEXT)
    return fig
