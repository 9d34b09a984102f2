"""Curves: over one axis, or small ones side by side; each has its name at its end."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from mmcourse._machinery.checks import NUMBERS, check_finite, check_kind
from mmcourse.plots.look import (
    BASELINE,
    COLUMN,
    DASHES,
    MARKS,
    MUTED,
    SERIES,
    SMALL,
    TEXT,
    as_percent,
    figure,
    readable,
    text_width,
)


def spread(wanted, gap):
    """Places as near ``wanted`` as can be, at least ``gap`` apart (names must not touch) -> float64 (n,)."""
    order = np.argsort(wanted)
    places = np.array(wanted, "float64")[order]
    for _ in range(200):
        moved = False
        for i in range(len(places) - 1):
            if (short := gap - (places[i + 1] - places[i])) > 1e-9:
                places[i] -= short / 2
                places[i + 1] += short / 2
                moved = True
        if not moved:
            break
    out = np.empty_like(places)
    out[order] = places
    return out


def lines(
    x,
    curves,
    xlabel="",
    ylabel="",
    bands=None,
    floor=None,
    ceiling=None,
    log_x=False,
    log_y=False,
    marks=None,
    percent=False,
    height=3.2,
    ylim=None,
):
    """Curves over ``x``, each with its name at its end, in its own colour, dash and mark: no legend -> Figure.

    - ``x``: (n,) numbers, or n names; ``curves``: {name: (n,) numbers}, NaN where there is none;
    - ``bands``: {name: (low (n,), high (n,))}, shaded;
    - ``floor``, ``ceiling``: a number, or (number, words): a grey line, such as a blind baseline or the best possible;
    - ``marks``: a dot at each point (default: when there are at most 12); ``percent``: y as percent of 1.

    Raises ValueError when a curve or a band has not as many points as x, and for an x that is no finite number.
    """
    if not isinstance(curves, dict) or not curves or np.ndim(x) != 1:
        shape = np.shape(x)
        raise ValueError(f"Received: x of shape {shape}, curves={curves!r:.40}. Allowed: (n,), and a dict by name.")
    names = [str(v) for v in x] if len(x) and isinstance(x[0], str) else None
    x = np.arange(len(x)) if names else np.asarray(x, "float64")
    check_finite(x=x)
    for name, y in curves.items():
        check_kind(NUMBERS + "O", "numbers, one for each x", **{f"curves[{name!r}]": y})
    curves = {name: np.asarray(y, "float64") for name, y in curves.items()}
    for name, ends in (bands or {}).items():
        if np.shape(ends) != (2, *x.shape):
            came = f"bands[{name!r}] of shape {np.shape(ends)}"
            raise ValueError(f"Received: {came}. Allowed: (low, high), {x.shape} each.")
    for name, y in curves.items():
        if y.shape != x.shape:
            raise ValueError(f"One y for each x. Received: {name!r} of shape {y.shape} for x of shape {x.shape}.")
    fig = figure(COLUMN, height)
    ax = fig.add_subplot()
    if log_x:
        ax.set_xscale("log")
    if log_y:
        ax.set_yscale("log")
    if names:
        ax.set_xticks(x, names)
    elif len(x) <= 10:
        ax.set_xticks(x, [f"{v:g}" for v in x])
        ax.minorticks_off()
    elif not log_x and np.all(x == np.round(x)):
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.margins(x=0.02)
    marks = len(x) <= 12 if marks is None else marks
    for k, (name, y) in enumerate(curves.items()):
        colour = SERIES[k % len(SERIES)]
        if bands and name in bands:
            ax.fill_between(x, *bands[name], color=colour, alpha=0.15, linewidth=0)
        dash, mark = DASHES[k % len(DASHES)] if len(x) > 2 else "-", MARKS[k % len(MARKS)] if marks else None
        ax.plot(x, y, color=colour, linestyle=dash, marker=mark)
    if ylim is not None:
        ax.set_ylim(*ylim)
    for level in (floor, ceiling):
        _level(ax, level, percent, x, curves)
    if percent:
        ax.yaxis.set_major_formatter(as_percent)
    ax.set_xlabel(xlabel)
    ax.set_title(ylabel, weight="normal", color=MUTED, size=TEXT)  # above the axis, to be read without turning the head
    _name_ends(fig, ax, x, curves)
    return fig


def _level(ax, level, percent, x, curves):
    """A grey line at ``level``, its words above it on the side where the curves are farther away."""
    if level is None:
        return
    value, words = level if isinstance(level, tuple) else (level, None)
    ax.axhline(value, color=BASELINE, lw=1.6, ls=(0, (4, 2)), zorder=1)
    low, high = ax.get_ylim()
    pad = 0.04 * (high - low)
    if ax.get_yscale() == "linear":
        ax.set_ylim(min(low, value - pad), max(high, value + pad * 2.2))
    if words:
        half = ax.transData.transform(np.c_[x, x])[:, 0] < np.mean(ax.get_window_extent().intervalx)
        near = np.min([np.where(np.isfinite(y), np.abs(y - value), np.inf) for y in curves.values()], axis=0)
        side = int(near[~half].min(initial=np.inf) > near[half].min(initial=np.inf))
        shown = f"{value:.0%}" if percent else f"{value:.3g}"
        ax.annotate(
            f"{words}: {shown}",
            (side, value),
            xycoords=("axes fraction", "data"),
            xytext=(4 - 8 * side, 3),
            ha="right" if side else "left",
            textcoords="offset points",
            color=MUTED,
            size=SMALL,
            va="bottom",
        )


def _name_ends(fig, ax, x, curves):
    """The curves' names to the right of their last points, moved apart where they would touch."""
    widest = max((text_width(name) for name in curves), default=0)
    fig.get_layout_engine().set(rect=(0, 0, 1 - (widest + 0.12) / fig.get_figwidth(), 1))
    fig.canvas.draw()
    ends = []
    for y in curves.values():
        real = np.flatnonzero(np.isfinite(y))
        ends.append((x[real[-1]], y[real[-1]]) if len(real) else (x[-1], np.mean(ax.get_ylim())))
    points = ax.transData.transform(ends)
    places = spread(points[:, 1], TEXT * 1.35 / 72 * fig.dpi)
    inverse, right = ax.transAxes.inverted(), ax.get_window_extent().x1
    for k, name in enumerate(curves):
        y = inverse.transform((right, places[k]))[1]
        ax.annotate(
            name,
            (1, y),
            xycoords="axes fraction",
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            color=readable(SERIES[k % len(SERIES)]),
            annotation_clip=False,
        ).set_in_layout(False)


def panels(parts, columns=2, height=2.35, ylim=(0, 1.04)):
    """Small charts of shares side by side, each with its own x -> Figure.

    ``parts``: dicts with ``title``; ``x``, numbers or names; ``curves``, {name: (seeds, n) or (n,)}: of several rows
    the mean is drawn, with the span from the lowest to the highest shaded; ``xlabel``; and perhaps ``expected``,
    {name: (n,)}: a broad grey line, what must come out.

    Raises ValueError when a curve has not as many points as its x.
    """
    rows = -(-len(parts) // columns)
    fig = figure(COLUMN, height * rows)
    grid = np.atleast_1d(fig.subplots(rows, columns, squeeze=False)).ravel()
    for ax in grid[len(parts) :]:
        ax.set_visible(False)
    for ax, part in zip(grid, parts, strict=False):
        x = np.arange(len(part["x"]))
        ax.set_xticks(x, [v if isinstance(v, str) else f"{v:g}" for v in part["x"]], va="baseline")
        ax.tick_params(axis="x", pad=11)
        ax.set_xlim(-0.15, len(x) - 0.85)
        ends = []
        for name, y in part.get("expected", {}).items():
            ax.plot(x, _points(name, y, x)[0], color=BASELINE, lw=4.5, alpha=0.75, zorder=1)
            ends.append((name, np.asarray(y, "float64")[-1], MUTED))
        for k, (name, y) in enumerate(part["curves"].items()):
            y = _points(name, y, x)
            ax.fill_between(x, y.min(0), y.max(0), color=SERIES[k], alpha=0.18, linewidth=0)
            ax.plot(x, y.mean(0), color=SERIES[k], linestyle=DASHES[k], marker=MARKS[k], lw=1.8, markersize=4)
            ends.append((name, y.mean(0)[-1], readable(SERIES[k])))
        ax.set_ylim(*ylim)
        ax.yaxis.set_major_formatter(as_percent)
        ax.set_title(part["title"], size=TEXT)
        ax.set_xlabel(part.get("xlabel", ""), size=SMALL)
        # Names stand to the right of the last points, in room that the layout leaves for the widest.
        room = (ylim[1] - ylim[0]) * SMALL * 1.5 / 72 / (height - 0.85)
        places = np.clip(spread([value for _, value, _ in ends], room), ylim[0] + room / 2, ylim[1])
        for (name, _, colour), y in zip(ends, places, strict=True):
            ax.annotate(
                name, (1, y), xycoords=("axes fraction", "data"), xytext=(5, 0), textcoords="offset points",
                size=SMALL, va="center", color=colour, annotation_clip=False,
            )  # fmt: skip
    return fig


def _points(name, y, x):
    y = np.atleast_2d(np.asarray(y, "float64"))
    if y.shape[1:] != x.shape:
        raise ValueError(f"One y for each x. Received: {name!r} of shape {y.shape} for {len(x)} points.")
    return y
