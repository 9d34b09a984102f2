"""Numbers as pictures: lines with direct labels, bars with intervals, learning curves."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from mmcourse.plots.look import BASELINE, COLUMN, INK, MUTED, RULE, SERIES, SMALL, TEXT, figure, readable, text_width

_DASHES = ("-", (0, (5, 1.8)), (0, (1.2, 1.6)), (0, (5, 1.6, 1.2, 1.6)), (0, (9, 2)))
_MARKS = ("o", "s", "^", "D", "v")


def _spread(wanted, gap):
    """Places as near ``wanted`` as can be, at least ``gap`` apart (labels must not touch) -> float array."""
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

    Raises ValueError when a curve has not as many points as x.
    """
    names = [str(v) for v in x] if len(x) and isinstance(x[0], str) else None
    x = np.arange(len(x)) if names else np.asarray(x, "float64")
    curves = {name: np.asarray(y, "float64") for name, y in curves.items()}
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
        ax.plot(
            x, y, color=colour, linestyle=_DASHES[k % 5] if len(x) > 2 else "-", marker=_MARKS[k % 5] if marks else None
        )
    if ylim is not None:
        ax.set_ylim(*ylim)
    for level in (floor, ceiling):
        _level(ax, level, percent, x, curves)
    if percent:
        ax.yaxis.set_major_formatter(lambda v, _: f"{100 * v:.0f}%")
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
    places = _spread(points[:, 1], TEXT * 1.35 / 72 * fig.dpi)
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


def learning_curve(history, floor=None, xlabel="epoch", ylabel="loss (nats a word)", height=3.0):
    """Training and development loss by epoch -> Figure.

    ``history``: what ``fit`` returns, or its dict {"loss": …, "val_loss": …}; ``floor``: a number, or (number, words),
    to stand beside, such as the loss of a model that sees no picture.
    """
    history = getattr(history, "history", history)
    curves = {"training": history["loss"]}
    if "val_loss" in history:
        curves["development"] = history["val_loss"]
    return lines(np.arange(1, len(history["loss"]) + 1), curves, xlabel, ylabel, floor=floor, height=height)


def bars(values, intervals=None, baselines=(), xlabel="", percent=True, limit=None, title=None):
    """Horizontal bars, the name on the left, the number at the end; what is only to compare with is grey -> Figure.

    - ``values``: {name: number}, from top to bottom;
    - ``intervals``: {name: (low, high)} drawn as a line with ends and written beside the number;
    - ``baselines``: the names to grey; ``percent``: numbers are fractions, shown as percent; ``limit``: the axis' end.
    """
    intervals = intervals or {}
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
        ax.xaxis.set_major_formatter(lambda v, _: f"{100 * v:.0f}%")
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
