"""Which fusion to take: gains as a table of shades, accuracy against cost, and how a choice is made."""

import numpy as np
from matplotlib.patches import Rectangle

from mmcourse.plots.diagrams import arrow, box, canvas
from mmcourse.plots.look import (
    BASELINE,
    BLUE,
    COLUMN,
    GREEN,
    INK,
    MARKS,
    MUTED,
    ORANGE,
    PAPER,
    RED,
    SERIES,
    SMALL,
    TEXT,
    as_percent,
    figure,
    mix,
    readable,
    text_width,
    wrap,
)


def gain_table(gains, most=None, marked=()):
    """Points gained or lost, each row a method and each column a kind of data, darker the more -> Figure.

    ``gains``: {column: {row: points}}; ``most``: the number of points of the darkest shade (default: the largest);
    ``marked``: pairs (column, row) to frame, such as the best of each column.

    Raises ValueError where a column lacks a row.
    """
    columns = list(gains)
    rows = list(gains[columns[0]])
    for column, values in gains.items():
        if list(values) != rows:
            raise ValueError(f"Received: {column!r} with {list(values)}. Allowed: {rows} for each column.")
    most = most or max(abs(v) for values in gains.values() for v in values.values())
    pitch, left = 0.285, max(text_width(row) for row in rows) + 0.2
    wide = (COLUMN - left) / len(columns)
    heads = [wrap(column, wide - 0.08, SMALL) for column in columns]
    top = 0.16 * max(map(len, heads)) + 0.14
    height = top + pitch * len(rows) + 0.04
    fig, ax = canvas(COLUMN, height)
    for i, row in enumerate(rows):
        y = height - top - pitch * (i + 1)
        ax.text(left - 0.1, y + pitch / 2, row, ha="right", va="center_baseline", size=TEXT)
        for k, column in enumerate(columns):
            value = gains[column][row]
            fill = mix(*_shade(value / most))
            ax.add_patch(Rectangle((left + k * wide + 0.02, y + 0.015), wide - 0.04, pitch - 0.03, color=fill, lw=0))
            best = (column, row) in marked
            ink = readable(INK, fill) if value / most < 0.6 else PAPER
            number = f"{value:+.0f}".replace("-", "−") if round(value) else "0"
            ax.text(
                left + (k + 0.5) * wide, y + pitch / 2, number, ha="center", va="center_baseline", size=TEXT, color=ink,
                weight="bold" if best else "normal",
            )  # fmt: skip
            if best:
                place = (left + k * wide + 0.03, y + 0.02)
                ax.add_patch(Rectangle(place, wide - 0.06, pitch - 0.04, fill=False, ec=INK, lw=1.4, zorder=4))
    for k, head in enumerate(heads):
        x = left + (k + 0.5) * wide
        ax.text(x, height - top + 0.07, "\n".join(head), ha="center", va="bottom", size=SMALL, color=MUTED)
    return fig


def _shade(share):
    """Two colours and how much of the second: orange for a loss, blue for a gain."""
    return PAPER, ORANGE if share < 0 else BLUE, min(1.0, abs(share)) * 0.85


def trade(panels, costs, named, xlabel, height=5.0):
    """Accuracy against cost, a panel for each kind of data, each method a dot with its interval -> Figure.

    - ``panels``: {title: {"methods": {name: (value, low, high)}, "floor": …, "ceiling": …, "single": …}}, numbers;
    - ``costs``: {name: number}, on a logarithmic axis;
    - ``named``: which methods get a colour and a name; the others are grey.
    """
    fig = figure(COLUMN, height)
    titles = list(panels)
    rows = -(-len(titles) // 2)
    for k, title in enumerate(titles):
        panel, ax = panels[title], fig.add_subplot(rows, 2, k + 1)
        for name, (value, low, high) in panel["methods"].items():
            mark = list(named).index(name) if name in named else None
            colour = BASELINE if mark is None else SERIES[mark % len(SERIES)]
            ax.plot([costs[name]] * 2, [low, high], color=colour, lw=1.6, zorder=2 + (mark is not None))
            ax.scatter(costs[name], value, s=30, color=colour, marker="o" if mark is None else MARKS[mark], zorder=4)
        ax.set_xscale("log")
        for what, style in {"ceiling": (0, (1, 1.5)), "single": (0, (4, 2)), "floor": (0, (1, 1.5))}.items():
            ax.axhline(panel[what], color=MUTED if what == "single" else BASELINE, lw=1.3, ls=style, zorder=1)
        ax.set_title(title, weight="normal", size=TEXT, color=INK)
        ax.yaxis.set_major_formatter(as_percent)
        if k >= len(titles) - 2:
            ax.set_xlabel(xlabel)
    first = fig.axes[0]
    entries = [
        first.scatter([], [], s=30, color=SERIES[i % len(SERIES)], marker=MARKS[i], label=name)
        for i, name in enumerate(named)
    ]
    entries.append(first.scatter([], [], s=30, color=BASELINE, label="the others"))
    entries += first.plot([], [], color=MUTED, lw=1.3, ls=(0, (4, 2)), label="best modality alone")
    entries += first.plot([], [], color=BASELINE, lw=1.3, ls=(0, (1, 1.5)), label="floor and ceiling")
    fig.legend(handles=entries, loc="outside lower center", ncols=4, handletextpad=0.4, columnspacing=1.4)
    return fig


def schematic_choice():
    """How a method is chosen: many trained, some kept by dev, one asked on test -> Figure."""
    width, height = COLUMN, 2.72
    fig, ax = canvas(width, height)
    x = (0.78, 2.75, 4.72, 6.5)
    methods = ("each modality alone", "concatenation", "gated", "low rank", "…")
    ys = np.linspace(height - 0.5, 0.62, len(methods))
    for y, name in zip(ys, methods, strict=True):
        alone = name.startswith("each")
        box(ax, x[0], y, name, w=1.46, h=0.34, colour=ORANGE if alone else BLUE, size=SMALL)
        arrow(ax, (x[0] + 0.75, y), (x[1] - 0.73, height / 2 + (y - height / 2) * 0.42))
    box(ax, x[1], height / 2, "train\nthe same steps,\nfive seeds", w=1.4, h=1.05, colour=BLUE, size=SMALL)
    box(ax, x[2], height / 2, "dev\nsettings, then\nthe method", w=1.4, h=1.05, colour=GREEN, size=SMALL)
    box(ax, x[3], height / 2, "test\nonce", w=0.9, h=0.72, colour=ORANGE, size=SMALL)
    arrow(ax, (x[1] + 0.72, height / 2), (x[2] - 0.72, height / 2))
    arrow(ax, (x[2] + 0.72, height / 2), (x[3] - 0.47, height / 2))
    for place, words in ((x[0], "candidates"), (x[1], "all alike"), (x[2], "choose here"), (x[3], "report")):
        ax.text(place, height - 0.06, words, ha="center", va="top", size=SMALL, weight="bold")
    ax.text((x[2] + x[3]) / 2 + 0.06, height / 2 + 0.13, "one", ha="center", size=SMALL, color=MUTED)
    back = ((x[3], height / 2 - 0.38), (x[2] + 0.2, height / 2 - 0.55))
    arrow(ax, *back, dashed=True, bend=-0.45, colour=RED)
    ax.text(
        (x[2] + x[3]) / 2 + 0.3, 0.16, "never back", ha="center", va="bottom", size=SMALL,
        color=readable(RED),
    )  # fmt: skip
    return fig
