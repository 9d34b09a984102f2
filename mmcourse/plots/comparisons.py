"""Methods side by side: bars, marks with intervals, and the same score taken twice."""

import numpy as np

from mmcourse._machinery.checks import check_number
from mmcourse.plots.look import (
    BASELINE,
    COLUMN,
    INK,
    MARKS,
    MUTED,
    RULE,
    SERIES,
    SMALL,
    as_percent,
    figure,
    readable,
    text_width,
)


def bars(values, intervals=None, baselines=(), xlabel="", percent=True, limit=None, title=None):
    """Horizontal bars, the name on the left, the number at the end; what is only to compare with is grey -> Figure.

    - ``values``: {name: number}, from top to bottom;
    - ``intervals``: {name: (low, high)} drawn as a line with ends and written beside the number;
    - ``baselines``: the names to grey; ``percent``: numbers are fractions, shown as percent; ``limit``: the axis' end.

    Raises ValueError for what is no finite number, and for an interval that does not run from low to high.
    """
    intervals = intervals or {}
    if not isinstance(values, dict) or not values or not isinstance(intervals, dict):
        raise ValueError(f"Received: values={values!r:.60}. Allowed: {{name: number}}, one or more; intervals alike.")
    for name, value in values.items():
        check_number("a number", **{f"values[{name!r}]": value})
    for name, ends in intervals.items():
        if np.shape(ends) != (2,) or not ends[0] <= ends[1]:  # so that NaN fails
            raise ValueError(f"Received: intervals[{name!r}]={ends!r}. Allowed: (low, high).")
    names = list(values)
    tops = [max([values[n], *intervals.get(n, ())]) for n in names]
    limit = limit if limit is not None else max([*tops, 1e-9])
    written = {n: _number(values[n], intervals.get(n), percent) for n in names}
    left = max(text_width(n) for n in names) + 0.14
    right = max(text_width(t) for t in written.values()) + 0.16
    top, bottom, pitch = (0.36 if title else 0.06), (0.5 if xlabel else 0.3), 0.36
    height = top + bottom + pitch * len(names)
    fig = figure(COLUMN, height, layout=None)
    ax = fig.add_axes([left / COLUMN, bottom / height, (COLUMN - left - right) / COLUMN, pitch * len(names) / height])
    for k, n in enumerate(names):
        grey = n in baselines
        ax.barh(k, values[n], height=0.6, color=BASELINE if grey else SERIES[0])
        if n in intervals:
            low, high = intervals[n]
            ax.plot([low, high], [k, k], color=INK, lw=1.4, clip_on=False)
            for end in (low, high):
                ax.plot([end, end], [k - 0.14, k + 0.14], color=INK, lw=1.4, clip_on=False)
        ax.annotate(
            n,
            (0, k),
            xycoords=("axes fraction", "data"),
            xytext=(-7, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=MUTED if grey else INK,
        )
        ax.annotate(
            written[n],
            (tops[k], k),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=MUTED if grey else INK,
        )
    ax.set_xlim(0, limit)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_yticks([])
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_color(RULE)
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="x", length=0)
    if percent:
        ax.xaxis.set_major_formatter(as_percent)
    ax.set_xlabel(xlabel)
    if title:
        fig.text(0, 1 - 0.05 / height, title, va="top", weight="bold")
    return fig


def _number(value, interval, percent):
    text = f"{100 * value:.1f}%" if percent else f"{value:.3g}"
    if interval is None:
        return text
    low, high = interval
    return f"{text}  ({100 * low:.1f}–{100 * high:.1f})" if percent else f"{text}  ({low:.3g}–{high:.3g})"


def method_dots(table, xlabel="", chance=None, percent=False, limit=None, tick="chance"):
    """Several methods in several situations: a band a situation, a mark a method, with intervals -> Figure.

    - ``table``: {situation: {method: (value, low, high)}}, the same methods in each; ``chance``: {situation: number}, a
      grey line, in those that it names; ``tick``: what it is, for the legend; ``percent``: numbers are fractions, shown
      as percent; ``limit``: the axis' end.

    Raises ValueError where a situation lacks a method.
    """
    methods = list(next(iter(table.values())))
    for name, row in table.items():
        if list(row) != methods:
            raise ValueError(f"Received: {name!r} with {list(row)}. Allowed: {methods}.")
    left = max(text_width(line) for name in table for line in name.split("\n")) + 0.16
    pitch, step, top, bottom = 0.2 * len(methods) + 0.22, 0.2, 0.06, 0.82
    height = top + bottom + pitch * len(table)
    fig = figure(COLUMN, height, layout=None)
    ax = fig.add_axes([left / COLUMN, bottom / height, (COLUMN - left - 0.12) / COLUMN, pitch * len(table) / height])
    handles = {}
    for k, (name, row) in enumerate(table.items()):
        middle = (k + 0.5) * pitch
        if k:
            ax.axhline(k * pitch, color=BASELINE, lw=0.7)
        for j, (method, (value, low, high)) in enumerate(row.items()):
            y = middle + (j - (len(methods) - 1) / 2) * step
            colour = SERIES[j % len(SERIES)]
            ax.plot([low, high], [y, y], color=colour, lw=1.6, zorder=2)
            mark = MARKS[j % len(MARKS)]
            handles[method] = ax.plot(value, y, mark, color=colour, ms=6.5, zorder=3, clip_on=False)[0]
        if chance and name in chance:
            handles[tick] = ax.plot(
                [chance[name]] * 2, [middle - pitch / 2 + 0.05, middle + pitch / 2 - 0.05],
                color=MUTED, lw=1.3, ls=(0, (2, 1.5)), zorder=1,
            )[0]  # fmt: skip
        ax.annotate(
            name, (0, middle), xycoords=("axes fraction", "data"), xytext=(-9, 0), textcoords="offset points",
            ha="right", va="center", linespacing=1.2,
        )  # fmt: skip
    ax.set_ylim(pitch * len(table), 0)
    ax.set_xlim(0, limit)
    ax.set_yticks([])
    ax.grid(axis="y", visible=False)
    if percent:
        ax.xaxis.set_major_formatter(as_percent)
    ax.set_xlabel(xlabel)
    fig.legend(list(handles.values()), list(handles), loc="lower center", ncols=min(6, len(handles)))
    return fig


def leaks(pairs, xlabel="accuracy", honest="honest", leaking="leaking", chance=None):
    """The same model scored twice, honestly and with a leak: two marks a row and the way between them -> Figure.

    - ``pairs``: {words: ((mean, low, high) honest, (mean, low, high) leaking)}, from top to bottom;
    - ``chance``: {words: number}: where guessing lies, a grey tick.
    """
    names = list(pairs)
    left = max(text_width(line) for name in names for line in name.split("\n")) + 0.18
    pitch, top, bottom = 0.50, 0.36, 0.52
    height = top + bottom + pitch * len(names)
    right = 0.72
    fig = figure(COLUMN, height, layout=None)
    ax = fig.add_axes([left / COLUMN, bottom / height, (COLUMN - left - right) / COLUMN, pitch * len(names) / height])
    for k, name in enumerate(names):
        true, false = pairs[name]
        ax.plot([true[0], false[0]], [k, k], color=BASELINE, lw=2.4, zorder=2, solid_capstyle="butt")
        for (mean, low, high), colour, mark in ((true, SERIES[0], "o"), (false, SERIES[1], "D")):
            ax.plot([low, high], [k, k], color=colour, lw=1.4, zorder=3)
            ax.plot(mean, k, mark, color=colour, zorder=4, markersize=6.5)
        if chance and name in chance:
            ax.plot([chance[name]] * 2, [k - 0.3, k + 0.3], color=MUTED, lw=1.2, ls=(0, (2, 1.5)))
        ax.annotate(name, (0, k), xycoords=("axes fraction", "data"), xytext=(-9, 0), textcoords="offset points",
                    ha="right", va="center", linespacing=1.15)  # fmt: skip
        change = 100 * (false[0] - true[0])
        sign = "±" if abs(change) < 0.05 else "+" if change > 0 else "−"
        ax.annotate(f"{sign}{abs(change):.1f}", (1, k), xycoords=("axes fraction", "data"), xytext=(10, 0),
                    textcoords="offset points", va="center", color=INK)  # fmt: skip
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_yticks([])
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_formatter(as_percent)
    ax.set_xlabel(xlabel)
    fig.text((COLUMN - right + 0.06) / COLUMN, 1 - 0.06 / height, "points", va="top", size=SMALL, color=MUTED)
    x = left
    for mark, words, colour in (("●", honest, SERIES[0]), ("◆", leaking, SERIES[1])):
        fig.text(x / COLUMN, 1 - 0.06 / height, mark, color=colour, size=SMALL, va="top")
        fig.text((x + 0.17) / COLUMN, 1 - 0.06 / height, words, color=readable(colour), size=SMALL, va="top")
        x += 0.17 + text_width(words, SMALL) + 0.26
    return fig
