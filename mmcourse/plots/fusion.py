"""Fusion drawn: what a sum and a product can tell apart, the functions side by side, experts and their product, and
results of several seeds as dots."""

import numpy as np
from matplotlib.patches import Rectangle

from mmcourse.plots.diagrams import arrow, box, canvas
from mmcourse.plots.look import (
    BASELINE,
    BLUE,
    COLUMN,
    FAINT,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    PURPLE,
    SERIES,
    SMALL,
    TEXT,
    as_percent,
    figure,
    mix,
    readable,
)


def sum_and_product(words, voice, irony):
    """Items in the plane of two numbers, with lines of equal sum and of equal product -> Figure.

    ``words``, ``voice``: (n,) numbers, positive = friendly; ``irony``: bool (n,).
    """
    words, voice, irony = np.asarray(words), np.asarray(voice), np.asarray(irony, bool)
    most = 1.1 * max(np.abs(words).max(), np.abs(voice).max())
    x, y = np.meshgrid(*[np.linspace(-most, most, 400)] * 2)
    fig = figure(COLUMN, 3.5)
    for k, (title, z) in enumerate({"z = words + voice": x + y, "z = words × voice": x * y}.items()):
        ax = fig.add_subplot(1, 2, k + 1)
        ax.contourf(x, y, z, levels=[-1e9, 0, 1e9], colors=[mix(PAPER, ORANGE, 0.16), mix(PAPER, BLUE, 0.10)])
        ax.contour(x, y, z, levels=[-2, -1, 0, 1, 2], colors=[MUTED], linewidths=[0.6, 0.6, 1.8, 0.6, 0.6])
        for i, j in ((1, 1), (-1, -1)) if not k else ((1, 1), (-1, -1), (1, -1), (-1, 1)):
            sign = ">" if (i + j if not k else i * j) > 0 else "<"
            ax.text(0.9 * i * most, 0.9 * j * most, f"z {sign} 0", ha="right" if i > 0 else "left", va="center")
        for kind, colour, mark, name in ((~irony, SERIES[0], "o", "meant as said"), (irony, SERIES[1], "^", "irony")):
            ax.scatter(words[kind], voice[kind], s=16, color=colour, marker=mark, linewidth=0, label=name, zorder=3)
        ax.set_title(title)
        ax.set_xlabel("how friendly the words are")
        ax.set_ylabel("how friendly the voice is" if not k else "")
        ax.set_xticks([])
        ax.set_yticks([])
        ax.grid(False)
    fig.legend(handles=ax.get_legend_handles_labels()[0], loc="outside lower center", ncols=2)
    return fig


def schematic_fusion():
    """Eight functions that make one vector of two, the inputs below, z on top -> Figure."""
    wide, high = COLUMN / 4, 2.16
    fig, ax = canvas(COLUMN, 2 * high)
    panels = (_weighted, _gated, _side_by_side, _mlp, _products, _experts, _recurrent, _attention)
    for k, draw in enumerate(panels):
        x, y = wide * (k % 4), high * (1 - k // 4)
        if k % 4:
            ax.plot([x, x], [y + 0.12, y + high - 0.12], color=FAINT, lw=0.9)
        draw(ax, x + wide / 2, y)
    ax.plot([0.1, COLUMN - 0.1], [high, high], color=FAINT, lw=0.9)
    return fig


_LOW, _MID, _HIGH, _NAME = 0.28, 0.86, 1.50, 2.02


def _frame(ax, x, y, name, inputs=True, result=True):
    """A panel's name, its two inputs and z -> the places of the inputs and of z."""
    ax.text(x, y + _NAME, name, ha="center", va="center", weight="bold", size=TEXT)
    left, right, top = (x - 0.4, y + _LOW), (x + 0.4, y + _LOW), (x, y + _HIGH)
    if inputs:
        box(ax, *left, "z₁", w=0.5, h=0.28)
        box(ax, *right, "z₂", w=0.5, h=0.28, colour=ORANGE)
    if result:
        box(ax, *top, "z", w=0.5, h=0.28, colour=GREEN)
    return left, right, top


def _two_arrows(ax, left, right, end, gap=0.16):
    for (x, y), colour, to in ((left, BLUE, -0.1), (right, ORANGE, 0.1)):
        arrow(ax, (x, y + gap), (end[0] + to, end[1] - gap), colour=readable(colour))


def _weighted(ax, x, y, name="weighted sum"):
    left, right, top = _frame(ax, x, y, name)
    _two_arrows(ax, left, right, top)
    for side, text in ((-1, "a₁"), (1, "a₂")):
        ax.text(x + side * 0.46, y + _MID + 0.06, text, ha="center", va="center", size=TEXT)
    ax.text(x, y + _MID + 0.06, "+", ha="center", va="center", size=TEXT + 2, color=MUTED)


def _gated(ax, x, y):
    _weighted(ax, x, y, "gated")
    for side in (-1, 1):  # each weight hears both
        arrow(ax, (x - side * 0.3, y + _LOW + 0.15), (x + side * 0.42, y + _MID - 0.04), dashed=True, lw=1, head=6)
        arrow(ax, (x + side * 0.52, y + _LOW + 0.15), (x + side * 0.5, y + _MID - 0.04), dashed=True, lw=1, head=6)


def _joined(ax, x, y):
    for side, text, colour in ((-1, "z₁", BLUE), (1, "z₂", ORANGE)):
        box(ax, x + side * 0.26, y + _LOW, text, w=0.5, h=0.28, colour=colour)


def _side_by_side(ax, x, y):
    _, _, top = _frame(ax, x, y, "side by side", inputs=False)
    _joined(ax, x, y)
    box(ax, x, y + 0.89, "W", w=0.6, h=0.28, colour=BASELINE, ink=INK)
    arrow(ax, (x, y + _LOW + 0.16), (x, y + 0.73))
    arrow(ax, (x, y + 1.05), (x, top[1] - 0.16))


def _mlp(ax, x, y):
    _, _, top = _frame(ax, x, y, "with a layer between", inputs=False)
    _joined(ax, x, y)
    box(ax, x, y + 0.89, "max(0, W₁ · )", w=1.15, h=0.28, colour=PURPLE)
    arrow(ax, (x, y + _LOW + 0.16), (x, y + 0.73))
    arrow(ax, (x, y + 1.05), (x, top[1] - 0.16))
    ax.text(x + 0.12, y + 1.2, "W₂", va="center", size=TEXT)


def _products(ax, x, y):
    _, _, top = _frame(ax, x, y, "products", inputs=False)
    cell, n, m = 0.17, 4, 4
    x0, y0 = x - 0.18, y + 0.36
    for i in range(n):
        ax.add_patch(_cell(x0 - cell * 1.5, y0 + i * cell, cell, BLUE, 0.5))
        for j in range(m):
            ax.add_patch(_cell(x0 + j * cell, y0 + i * cell, cell, PURPLE, 0.16))
    for j in range(m):
        ax.add_patch(_cell(x0 + j * cell, y0 - cell * 1.5, cell, ORANGE, 0.5))
    ax.text(x0 - cell * 2, y0 + cell * 2, "z₁", ha="right", va="center", size=TEXT, color=readable(BLUE))
    ax.text(x0 + cell * m + 0.07, y0 - cell, "z₂", va="center", size=TEXT, color=readable(ORANGE))
    arrow(ax, (x, y0 + n * cell + 0.03), (x, top[1] - 0.16))
    ax.text(x + 0.12, y + 1.2, "W", va="center", size=TEXT)


def _cell(x, y, side, colour, share):
    return Rectangle((x, y), side * 0.86, side * 0.86, facecolor=mix(PAPER, colour, share), edgecolor=colour, lw=0.6)


def _experts(ax, x, y):
    _frame(ax, x, y, "product of experts", inputs=False, result=False)
    at = np.linspace(-0.78, 0.78, 200)
    for centre, spread, height, base, colour in (
        (-0.32, 0.24, 0.5, 0.16, BLUE), (0.28, 0.13, 0.72, 0.16, ORANGE), (0.14, 0.11, 0.6, 1.2, GREEN),
    ):  # fmt: skip
        bell = height * np.exp(-(((at - centre) / spread) ** 2) / 2)
        ax.fill_between(x + at, y + base, y + base + bell, color=mix(PAPER, colour, 0.35), zorder=2, linewidth=0)
        ax.plot(x + at, y + base + bell, color=readable(colour), lw=1.6, zorder=3)
    ax.text(x - 0.62, y + 0.52, "z₁", ha="center", size=TEXT, color=readable(BLUE))
    ax.text(x + 0.58, y + 0.62, "z₂", ha="center", size=TEXT, color=readable(ORANGE))
    ax.text(x + 0.42, y + 1.5, "z", ha="center", size=TEXT, color=readable(GREEN))
    ax.text(x, y + 1.04, "×", ha="center", va="center", size=TEXT + 2, color=MUTED)


def _recurrent(ax, x, y):
    left, right, _ = _frame(ax, x, y, "one after the other", result=False)
    for (place, low), colour in ((left, BLUE), (right, ORANGE)):
        box(ax, place, y + 0.89, "LSTM", w=0.58, h=0.3, colour=PURPLE)
        arrow(ax, (place, low + 0.16), (place, y + 0.72), colour=readable(colour))
    arrow(ax, (x - 0.1, y + 0.89), (x + 0.1, y + 0.89), head=7)
    box(ax, x + 0.4, y + _HIGH, "z", w=0.5, h=0.28, colour=GREEN)
    arrow(ax, (x + 0.4, y + 1.06), (x + 0.4, y + _HIGH - 0.16))


def _attention(ax, x, y):
    left, right, _ = _frame(ax, x, y, "attention", result=False)
    box(ax, x - 0.02, y + 0.95, "query", w=0.72, h=0.3, colour=PURPLE)
    for (place, low), colour, width in ((left, BLUE, 1.0), (right, ORANGE, 3.0)):
        arrow(ax, (place, low + 0.16), (x + 0.4 * (place - x), y + 0.78), colour=readable(colour), lw=width)
    box(ax, x, y + _HIGH, "z", w=0.5, h=0.28, colour=GREEN)
    arrow(ax, (x, y + 1.12), (x, y + _HIGH - 0.16))


def experts(panels, height=2.7):
    """Normal distributions of several experts, the prior's in grey, and their product -> Figure.

    ``panels``: {title: {name: (mean, precision)}}; a precision is one over a variance. The prior is (0, 1).

    Raises ValueError for more than two experts.
    """
    names = list(dict.fromkeys(name for panel in panels.values() for name in panel))
    if len(names) > 2:
        raise ValueError(f"Received: experts {names}. Allowed: one or two.")
    x = np.linspace(-4, 4, 401)
    fig = figure(COLUMN, height)
    colours = dict(zip(names, (SERIES[0], ORANGE), strict=False))
    for k, (title, panel) in enumerate(panels.items()):
        ax = fig.add_subplot(1, len(panels), k + 1)
        everyone = {"prior": (0.0, 1.0), **panel}
        total = sum(precision for _, precision in everyone.values())
        mean = sum(m * precision for m, precision in everyone.values()) / total
        for name, (m, precision) in everyone.items():
            style = {"color": BASELINE, "ls": (0, (4, 2))} if name == "prior" else {"color": colours[name]}
            ax.plot(x, _bell(x, m, precision), lw=1.8, label=name, **style)
        top = _bell(x, mean, total)
        ax.fill_between(x, top, color=mix(PAPER, GREEN, 0.35), linewidth=0, zorder=1)
        ax.plot(x, top, color=readable(GREEN), lw=2.2, label="product")
        ax.axvline(mean, 0, 0.86, color=readable(GREEN), lw=1, ls=(0, (1, 1.5)))
        ax.text(mean, 1.27, f"z = {mean:.2f}".replace("-", "−"), ha="center", size=SMALL, color=readable(GREEN))
        ax.set_title(title, weight="normal", size=TEXT, color=INK)
        ax.set_ylim(0, 1.42)
        ax.set_yticks([])
        ax.set_xticks([-3, 0, 3])
    handles = {label: h for a in fig.axes for h, label in zip(*a.get_legend_handles_labels(), strict=True)}
    fig.legend(handles=list(handles.values()), loc="outside lower center", ncols=len(handles))
    return fig


def _bell(x, mean, precision):
    return np.sqrt(precision / (2 * np.pi)) * np.exp(-precision * (x - mean) ** 2 / 2)


def seed_dots(panels, levels=None, percent=(), height=None):
    """Several runs of several methods: a row for each method, a dot for each run -> Figure.

    - ``panels``: {title: {method: (runs,)}}, the same methods in each;
    - ``levels``: {title: (number, words)}, a grey line such as a floor; ``percent``: titles shown as percent of 1.

    Raises ValueError where the methods differ between panels.
    """
    names = list(next(iter(panels.values())))
    for title, results in panels.items():
        if list(results) != names:
            raise ValueError(f"Received: methods {list(results)} in {title!r}. Allowed: {names}.")
    height = height or 0.27 * len(names) + 0.75
    fig = figure(COLUMN, height)
    grid = fig.subplots(1, len(panels), sharey=True)
    for ax, (title, results) in zip(np.atleast_1d(grid), panels.items(), strict=True):
        for row, name in enumerate(names):
            runs = np.asarray(results[name], "float64")
            ax.plot([runs.min(), runs.max()], [row, row], color=SERIES[0], lw=3, alpha=0.3)
            ax.scatter(runs, np.full(len(runs), row), s=20, color=SERIES[0], linewidth=0, alpha=0.75, zorder=3)
        if levels and title in levels:
            value, words = levels[title]
            ax.axvline(value, color=BASELINE, lw=1.6, ls=(0, (4, 2)), zorder=1)
            ax.text(value, -0.95, words, ha="center", va="center", size=SMALL, color=MUTED)
        ax.set_ylim(len(names) - 0.5, -1.4)
        ax.set_yticks(range(len(names)), names)
        ax.tick_params(axis="y", labelcolor=INK)
        ax.set_title(title, weight="normal", size=TEXT, color=INK)
        ax.margins(x=0.08)
        if title in percent:
            ax.xaxis.set_major_formatter(as_percent)
    return fig
