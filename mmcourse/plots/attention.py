"""Attention drawn: from a query to an output, step by step; and why scores are scaled."""

import numpy as np
from matplotlib.patches import Rectangle

from mmcourse.plots.diagrams import arrow, canvas
from mmcourse.plots.look import (
    BASELINE,
    COLOURS,
    COLUMN,
    DASHES,
    GREEN,
    INK,
    MARKS,
    MUTED,
    PAPER,
    SERIES,
    SMALL,
    TEXT,
    figure,
    mix,
    readable,
)
from mmcourse.plots.pictures import pixels, place_picture


def schematic_attention(picture, keys, query, scores, values, shown=(0, 1, 2)):
    """One query, some of the regions it meets, and what comes out -> Figure.

    - ``picture``: see ``pictures.pixels``; ``keys``: (rows, columns, 6), shares of the palette's colours;
    - ``query``: (6,); ``scores``: (rows · columns,), from which the weights are computed;
    - ``values``: (rows · columns, 2), row and column; ``shown``: the places of the regions that are drawn.
    """
    image, (rows, columns, _) = pixels(picture), keys.shape
    flat, height, pitch = keys.reshape(rows * columns, -1), 2.95, 0.58
    weights = np.exp(scores - scores.max())
    weights = weights / weights.sum()
    fig, ax = canvas(COLUMN, height)
    top, below = 2.12, 0.24
    middle = top - pitch * (len(shown) - 1) / 2
    xs = {"query": 0.42, "region": 1.30, "key": 1.98, "score": 3.05, "weight": 4.30, "value": 5.52, "output": 6.72}
    names = {
        "query": ("query", "6"),
        "key": ("keys", f"{len(flat)} × 6"),
        "score": ("scores", f"{len(flat)}"),
        "weight": ("weights", f"{len(flat)}, sum 1"),
        "value": ("values", f"{len(flat)} × 2"),
        "output": ("output", "2"),
    }
    for name, (title, shape) in names.items():
        ax.text(xs[name], height - 0.06, title, ha="center", va="top", weight="bold")
        ax.text(xs[name], height - 0.27, shape, ha="center", va="top", size=SMALL, color=MUTED)
    _vector(ax, xs["query"], middle, query)
    arrow(ax, (xs["query"] + 0.37, middle), (xs["region"] - 0.29, middle))
    for line, place in enumerate(shown):
        y = top - pitch * line
        row, column = divmod(place, columns)
        h, w, side = image.shape[0] // rows, image.shape[1] // columns, 0.48
        part = image[row * h : (row + 1) * h, column * w : (column + 1) * w]
        place_picture(fig, xs["region"] - side / 2, y - side / 2, side, part)
        _vector(ax, xs["key"], y, flat[place])
        arrow(ax, (xs["key"] + 0.38, y), (xs["score"] - 0.22, y))
        ax.text(xs["score"], y, f"{scores[place]:.1f}", ha="center", va="center")
        arrow(ax, (xs["score"] + 0.22, y), (xs["weight"] - 0.57, y))
        _share(ax, xs["weight"], y, weights[place])
        arrow(ax, (xs["weight"] + 0.49, y), (xs["value"] - 0.43, y))
        value = ", ".join(f"{v:g}" for v in values[place])
        ax.text(xs["value"], y, f"row, column\n{value}", ha="center", va="center", size=SMALL, linespacing=1.25)
        arrow(ax, (xs["value"] + 0.45, y), (xs["output"] - 0.47, middle + 0.2 * (y - middle)))
    for name in ("region", "key", "score", "weight", "value"):
        y = top - pitch * (len(shown) - 1) - 0.42
        ax.text(xs[name], y, "⋮", ha="center", va="center", color=MUTED, size=TEXT + 2)
    output = weights @ values
    ax.text(
        xs["output"], middle, "row, column\n" + ", ".join(f"{v:.2f}" for v in output), ha="center", va="center",
        size=SMALL, linespacing=1.25, weight="bold", color=readable(GREEN),
    )  # fmt: skip
    for x, words in (
        ((xs["query"] + xs["region"]) / 2 - 0.05, "meets\nevery key"),
        ((xs["key"] + xs["score"]) / 2 + 0.1, "how\nsimilar"),
        ((xs["score"] + xs["weight"]) / 2 - 0.15, "softmax"),
        ((xs["weight"] + xs["value"]) / 2 + 0.1, "each weighs\nits value"),
        (xs["output"] - 0.22, "all are\nadded"),
    ):
        ax.text(x, below, words, ha="center", va="center", size=SMALL, color=MUTED, linespacing=1.25)
    return fig


def _vector(ax, x, y, numbers, width=0.66, height=0.36):
    """Six bars in the palette's colours, centred at (x, y)."""
    ax.add_patch(Rectangle((x - width / 2, y - height / 2), width, height, facecolor=mix(PAPER, INK, 0.05), zorder=1))
    step, most = width / len(numbers), max(np.max(numbers), 1)
    for k, (number, colour) in enumerate(zip(numbers, COLOURS.values(), strict=True)):
        left = x - width / 2 + (k + 0.14) * step
        ax.add_patch(Rectangle((left, y - height / 2), 0.72 * step, height * number / most, facecolor=colour, zorder=3))
    ax.plot([x - width / 2, x + width / 2], [y - height / 2] * 2, color=INK, lw=0.9, zorder=4)


def _share(ax, x, y, weight, width=0.62):
    """A bar as long as the weight is large, with the number beside it."""
    left = x - 0.52
    ax.add_patch(Rectangle((left, y - 0.09), width, 0.18, facecolor=mix(PAPER, INK, 0.07), zorder=1))
    ax.add_patch(Rectangle((left, y - 0.09), width * weight, 0.18, facecolor=SERIES[0], zorder=3))
    ax.text(left + width + 0.06, y, f"{weight:.2f}", ha="left", va="center", size=SMALL)


def saturation(sizes, panels, ceilings=None, xlabel="size d of queries and keys", height=2.9):
    """Curves over sizes on a logarithmic axis, one panel beside the other, the curves named in the first -> Figure.

    - ``sizes``: (n,); ``panels``: {title: {name: (n,)}}, the same names in each; a title with "variance" in it gets a
      logarithmic axis;
    - ``ceilings``: {title: (value, words)}, a grey line.

    Raises ValueError when the panels do not share their names.
    """
    names = [list(curves) for curves in panels.values()]
    if any(one != names[0] for one in names):
        raise ValueError(f"Received: curves named {names}. Allowed: the same names in each panel.")
    fig = figure(COLUMN, height)
    for k, (title, curves) in enumerate(panels.items()):
        ax = fig.add_subplot(1, len(panels), k + 1)
        ax.set_xscale("log")
        if "variance" in title:
            ax.set_yscale("log")
        for j, (name, y) in enumerate(curves.items()):
            ax.plot(sizes, y, color=SERIES[j], linestyle=DASHES[j], marker=MARKS[j])
            if k == 0:
                ax.annotate(
                    name, (sizes[-1], y[-1]), xytext=(0, 7), textcoords="offset points", ha="right", va="bottom",
                    color=readable(SERIES[j]),
                )  # fmt: skip
        if ceilings and title in ceilings:
            value, words = ceilings[title]
            ax.axhline(value, color=BASELINE, lw=1.6, ls=(0, (4, 2)), zorder=1)
            ax.annotate(
                words, (0, value), xycoords=("axes fraction", "data"), xytext=(4, 3), textcoords="offset points",
                va="bottom", color=MUTED, size=SMALL,
            )  # fmt: skip
            low, high = ax.get_ylim()
            ax.set_ylim(min(low, 0), max(high, 1.14 * value))
        elif k == 0:
            low, high = ax.get_ylim()
            ax.set_ylim(low, high * (3 if "variance" in title else 1.1))
        ax.set_xticks(sizes, [f"{v:,}" for v in sizes])
        ax.minorticks_off()
        ax.set_xlabel(xlabel)
        ax.set_title(title, weight="normal", color=MUTED, size=TEXT)
    return fig
