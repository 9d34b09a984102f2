"""What maps of vectors share: axes whose numbers mean nothing, and a name at the middle of each group of points."""

import numpy as np

from mmcourse.plots.look import BASELINE, COLOURS, INK, PAPER, TEXT, WASH, mix, text_width


def plain_axes(ax):
    """Take ticks and lines from the axes of a projection, whose numbers mean nothing, and give them a ground."""
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.set_facecolor(WASH)


def name_groups(ax, middles):
    """Write each group's name at its middle; one that would cover another moves down.

    ``middles``: {colour word of the world: (x, y)}.
    """
    ax.figure.canvas.draw()  # the axes' size in pixels is needed to keep names apart
    dpi = ax.figure.dpi
    at, names = ax.transData.transform(list(middles.values())), list(middles)
    high, placed = TEXT * 1.9 / 72 * dpi, []
    for i in np.argsort(-at[:, 1], kind="stable"):  # from above
        (x, y), wide = at[i], (text_width(names[i], TEXT, "bold") + 0.2) * dpi
        while near := [b for a, b, w in placed if abs(a - x) < (w + wide) / 2 and abs(b - y) < high]:
            y = min(near) - high * 1.02
        placed.append((x, y, wide))
        ax.annotate(
            names[i], middles[names[i]], (0, (y - at[i, 1]) * 72 / dpi), textcoords="offset points", ha="center",
            va="center", weight="bold", color=INK, zorder=5,
            bbox={"boxstyle": "round,pad=0.2", "facecolor": mix(PAPER, COLOURS[names[i]], 0.3), "edgecolor": BASELINE},
        ).set_in_layout(False)  # fmt: skip
