"""Figures of preparing data: a table's holes, the pipeline, one feature under several scalers, what leaks add."""

import numpy as np
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.ticker import MaxNLocator

from mmcourse.plots.diagrams import arrow, box, canvas
from mmcourse.plots.look import (
    BASELINE,
    BLUE,
    COLUMN,
    GREEN,
    INK,
    MARKS,
    MUTED,
    PAPER,
    RED,
    RULE,
    SERIES,
    SMALL,
    TEXT,
    WASH,
    as_percent,
    figure,
    mix,
    readable,
    text_width,
)


def table_faults(kinds, groups, rows=40):
    """A table seen from far away: each cell a small box, white where it is missing, red where it is wrong -> Figure.

    - ``kinds``: the DataFrame of ``preparation.spoil``: "" for a sound cell, else what is wrong with it;
    - ``groups``: {words: columns}, drawn side by side; ``rows``: how many rows, from the first.

    At each row's end stands a dot where nothing is missing: a row that ``dropna`` keeps.
    """
    kinds = kinds.iloc[:rows]
    columns = [column for some in groups.values() for column in some]
    missing = (kinds[columns] == "missing").to_numpy().any(1)
    cell, gap, left, top = 0.36, 0.20, 0.10, 0.42
    high = 0.094
    wide = left + len(columns) * cell + gap * len(groups) + 1.05
    height = top + rows * high + 0.42
    fig, ax = canvas(max(wide, 5.2), height)
    x = left
    for words, some in groups.items():
        ax.text(x, height - 0.14, words, va="top", weight="bold", size=TEXT)
        for column in some:
            for row, kind in enumerate(kinds[column]):
                colour = PAPER if kind == "missing" else RED if kind else mix(PAPER, BLUE, 0.42)
                edge = RULE if kind == "missing" else "none"
                place = (x + 0.02, height - top - (row + 1) * high + 0.012)
                ax.add_patch(Rectangle(place, cell - 0.04, high - 0.024, facecolor=colour, edgecolor=edge, lw=0.6))
            x += cell
        x += gap
    for row in np.flatnonzero(~missing):
        ax.plot(x + 0.02, height - top - (row + 0.5) * high, "o", color=readable(GREEN), markersize=3.6)
    ax.text(x - 0.06, height - 0.14, "complete", va="top", weight="bold", size=TEXT)
    x = left
    for words, colour, edge in (
        ("measured", mix(PAPER, BLUE, 0.42), "none"), ("missing", PAPER, RULE), ("absurd", RED, "none"),
    ):  # fmt: skip
        ax.add_patch(Rectangle((x, 0.13), 0.24, 0.1, facecolor=colour, edgecolor=edge, lw=0.8))
        ax.text(x + 0.31, 0.18, words, va="center", size=SMALL, color=MUTED)
        x += 0.31 + text_width(words, SMALL) + 0.28
    return fig


def schematic_preparation():
    """The way of a table to an honest number: split first, learn each step from training rows only -> Figure."""
    width, height = COLUMN, 2.75
    fig, ax = canvas(width, height)
    upper, lower = 1.98, 0.72
    box(ax, 0.62, (upper + lower) / 2, "table", w=0.88, h=0.46, colour=BASELINE, fill=WASH, ink=INK)
    box(ax, 1.86, (upper + lower) / 2, "split by\nspeaker", w=0.96, h=0.62, colour=BLUE)
    arrow(ax, (1.08, (upper + lower) / 2), (1.36, (upper + lower) / 2))
    look = {"facecolor": mix(PAPER, GREEN, 0.06), "edgecolor": readable(GREEN), "linewidth": 1.2}
    round_ = "round,pad=0,rounding_size=0.1"
    ax.add_patch(FancyBboxPatch((3.42, 0.28), 2.92, 2.16, boxstyle=round_, linestyle=(0, (4, 2)), **look))
    ax.text(4.88, 2.60, "one pipeline", ha="center", va="center", color=readable(GREEN), weight="bold")
    for y, words in ((upper, "training rows"), (lower, "test rows")):
        ax.text(2.86, y + 0.14, words, ha="center", va="bottom", size=SMALL, color=MUTED)
        ax.plot([2.36, 2.48], [(upper + lower) / 2] * 2, color=MUTED, lw=1.4)
        ax.plot([2.48, 2.48], [(upper + lower) / 2, y], color=MUTED, lw=1.4, solid_capstyle="butt")
        arrow(ax, (2.48, y), (3.55, y))
    for x, words in ((4.02, "impute"), (4.90, "scale"), (5.78, "encode")):
        box(ax, x, upper, words, w=0.76, h=0.44, colour=GREEN)
        box(ax, x, lower, words, w=0.76, h=0.44, colour=GREEN, fill=PAPER)
        arrow(ax, (x, upper - 0.24), (x, lower + 0.24), colour=readable(GREEN), dashed=True)
    for y in (upper, lower):
        arrow(ax, (4.41, y), (4.51, y), head=6)
        arrow(ax, (5.29, y), (5.39, y), head=6)
        arrow(ax, (6.17, y), (6.46, y))
    box(ax, 6.80, upper, "model", w=0.66, h=0.44, colour=BLUE)
    box(ax, 6.80, lower, "score", w=0.66, h=0.44, colour=BASELINE, fill=WASH, ink=INK)
    arrow(ax, (6.80, upper - 0.24), (6.80, lower + 0.24), colour=BLUE)
    ax.text(4.46, (upper + lower) / 2, "what was\nlearnt", ha="center", va="center", size=SMALL, linespacing=1.15,
            color=readable(GREEN))  # fmt: skip
    ax.text(5.34, (upper + lower) / 2, "goes down,\nnever up", ha="center", va="center", size=SMALL, linespacing=1.15,
            color=readable(GREEN))  # fmt: skip
    return fig


def scaled_feature(values, wrong, scores, limits=(-2.5, 6.5), xlabel="scaled value", score="accuracy"):
    """One feature under several scalers, and what a model makes of it -> Figure.

    Left, a strip for each scaler: every row a mark at its scaled value; the rows that are ``wrong`` in red, and those
    beyond the ``limits`` counted at the right end. Right, the accuracy under each, with its interval.

    - ``values``: {scaler: (n,) numbers}; ``wrong``: bool (n,);
    - ``scores``: {condition: {scaler: (mean, low, high)}}, in order.
    """
    names = list(values)
    pitch, top, bottom = 0.56, 0.44, 0.56
    height = top + bottom + pitch * len(names)
    fig = figure(COLUMN, height, layout=None)
    left = max(text_width(name) for name in names) + 0.16
    split = left + (COLUMN - left) * 0.46

    def panel(x0, x1, title):
        ax = fig.add_axes([x0 / COLUMN, bottom / height, (x1 - x0) / COLUMN, pitch * len(names) / height])
        ax.set_ylim(len(names) - 0.5, -0.5)
        ax.set_yticks([])
        ax.grid(axis="y", visible=False)
        ax.spines["left"].set_visible(False)
        fig.text(x0 / COLUMN, 1 - 0.06 / height, title, va="top", weight="bold", size=TEXT)
        return ax

    one = panel(left, split - 0.25, "where the rows lie")
    jitter = np.random.default_rng(0).uniform(-0.24, 0.24, len(wrong))
    for k, name in enumerate(names):
        x = np.asarray(values[name], "float64")
        beyond = int((x > limits[1]).sum())
        if beyond:
            paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}
            one.text(limits[1], k, f"{beyond} beyond →", ha="right", va="center", size=SMALL, zorder=4,
                     color=readable(SERIES[1]), bbox=paper)  # fmt: skip
        for rows, colour, size in ((~wrong, SERIES[0], 5), (wrong, SERIES[1], 12)):
            rows = rows & (x >= limits[0]) & (x <= limits[1])
            one.scatter(x[rows], k + jitter[rows], s=size, color=colour, alpha=0.55, linewidth=0, zorder=3)
        one.annotate(name, (0, k), xycoords=("axes fraction", "data"), xytext=(-9, 0), textcoords="offset points",
                     ha="right", va="center")  # fmt: skip
    one.set_xlim(*limits)
    one.set_xlabel(xlabel)
    two = panel(split + 0.1, COLUMN - 0.12, f"{score} with that column")
    steps = np.linspace(-0.2, 0.2, len(scores)) if len(scores) > 1 else [0]
    for j, (condition, of) in enumerate(scores.items()):
        colour = SERIES[j]
        for k, name in enumerate(names):
            mean, low, high = of[name]
            two.plot([low, high], [k + steps[j]] * 2, color=colour, lw=1.6)
            two.plot(mean, k + steps[j], MARKS[j], color=colour, label=condition if not k else None)
    two.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    two.xaxis.set_major_formatter(as_percent)
    x = split + 0.1
    for j, condition in enumerate(scores):
        ax_x, y = x / COLUMN, 0.13 / height
        fig.text(ax_x, y, "●■▲◆"[j], color=SERIES[j], size=SMALL, va="center")
        fig.text(ax_x + 0.16 / COLUMN, y, condition, color=readable(SERIES[j]), size=SMALL, va="center")
        x += 0.16 + text_width(condition, SMALL) + 0.2
    return fig
