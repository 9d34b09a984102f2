"""Product search: how a picture and a change become a query, what is found, and methods side by side."""

from matplotlib.patches import Rectangle

from mmcourse.plots.curves import _MARKS
from mmcourse.plots.diagrams import BLUE, GREEN, ORANGE, _picture, arrow, box, canvas
from mmcourse.plots.look import BASELINE, COLUMN, INK, MUTED, SERIES, SMALL, TEXT, figure, readable, text_width, wrap
from mmcourse.plots.pictures import pixels


def schematic_composer(picture, change, found):
    """A picture and a change become one query, which meets the catalogue -> Figure.

    ``picture``, ``found``: see ``pixels``; ``change``: str, such as "but red".
    """
    width, height, side = COLUMN, 2.62, 0.86
    fig, ax = canvas(width, height)
    high, low, middle = 1.98, 0.5, 1.22
    _picture(fig, 0.04, high - side / 2, side, pixels(picture), width, height)
    ax.text(0.47, low, "\n".join(wrap(f"“{change}”", 0.88)), ha="center", va="center", size=TEXT)
    box(ax, 1.62, high, "picture\nencoder", w=0.9, h=0.56)
    box(ax, 1.62, low, "word\nencoder", w=0.9, h=0.56, colour=ORANGE)
    for y in (high, low):
        arrow(ax, (0.95, y), (1.15, y))
        arrow(ax, (2.09, y), (2.36, y))
    ax.text(2.5, high, "z", ha="center", va="center", size=TEXT + 2, color=readable(BLUE))
    ax.text(2.5, low, "z′", ha="center", va="center", size=TEXT + 2, color=readable(ORANGE))
    box(ax, 3.52, middle + 0.22, "gate", w=0.9, h=0.36, colour=GREEN)
    box(ax, 3.52, low, "residual", w=0.9, h=0.36, colour=GREEN)
    arrow(ax, (2.64, high - 0.1), (3.06, middle + 0.3), dashed=True)
    arrow(ax, (2.64, low + 0.12), (3.06, middle + 0.12), dashed=True)
    arrow(ax, (2.6, high - 0.16), (3.06, low + 0.1), dashed=True)
    arrow(ax, (2.64, low), (3.06, low), dashed=True)
    arrow(ax, (2.64, high), (4.28, high))  # the picture passes above
    ax.text(4.42, high, "⊙", ha="center", va="center", size=TEXT + 5, color=INK)
    arrow(ax, (3.98, middle + 0.24), (4.34, high - 0.14))
    ax.text(3.52, high + 0.18, "what stays", ha="center", size=SMALL, color=MUTED)
    ax.text(3.52, low - 0.34, "what is new", ha="center", size=SMALL, color=MUTED)
    arrow(ax, (4.5, high - 0.12), (4.86, middle + 0.14))
    arrow(ax, (3.98, low), (4.86, middle - 0.12))
    ax.text(4.97, middle, "+", ha="center", va="center", size=TEXT + 5, color=INK)
    arrow(ax, (5.08, middle), (5.3, middle))
    ax.text(5.4, middle, "q", ha="center", va="center", size=TEXT + 2, color=readable(GREEN))
    arrow(ax, (5.5, middle), (width - side - 0.1, middle))
    ax.text((5.5 + width - side) / 2 - 0.05, middle - 0.13, "nearest", ha="center", va="top", size=SMALL, color=MUTED)
    _picture(fig, width - side - 0.04, middle - side / 2, side, pixels(found), width, height)
    return fig


def result_rows(rows, found, right, first="asked with"):
    """Queries by picture and what several methods find for them: a row a method, a frame around what is right ->
    Figure.

    - ``rows``: {method: (k,) pictures}, see ``pixels``; ``right``: {method: (k,) bool};
    - ``found``: (picture, str): what was asked; ``first``: the words above it.
    """
    if set(rows) != set(right) or any(len(rows[name]) != len(right[name]) for name in rows):
        raise ValueError(f"Received: rows of {sorted(rows)}, right of {sorted(right)}. Allowed: one bool a picture.")
    n = max(map(len, rows.values()))
    left = 1.28 + max(text_width(name) for name in rows)
    gap, top = 0.15, 0.3
    side = min(0.8, (COLUMN - left - gap * n) / n)
    width, height = COLUMN, top + len(rows) * (side + gap)
    fig, ax = canvas(width, height)
    asked, change = found
    ax.text(0.02, height - 0.04, first, va="top", size=SMALL, color=MUTED)
    ax.text(left, height - 0.04, "found first, second, …", va="top", size=SMALL, color=MUTED)
    _picture(fig, 0.02, height - top - 0.9, 0.9, pixels(asked), width, height)
    ax.text(0.47, height - top - 1.02, "\n".join(wrap(f"“{change}”", 0.9)), ha="center", va="top", size=TEXT)
    for k, (name, pictures) in enumerate(rows.items()):
        low = height - top - (k + 1) * side - k * gap
        ax.text(left - 0.12, low + side / 2, name, ha="right", va="center", size=TEXT)
        for j, picture in enumerate(pictures):
            x = left + j * (side + gap)
            if right[name][j]:
                edge = Rectangle((x - 0.04, low - 0.04), side + 0.08, side + 0.08, fill=False, lw=2.6, edgecolor=GREEN)
                ax.add_patch(edge)
            _picture(fig, x, low, side, pixels(picture), width, height)
    return fig


def method_dots(table, xlabel="", chance=None, percent=False, limit=None):
    """Several methods in several situations: a band a situation, a mark a method, with intervals -> Figure.

    - ``table``: {situation: {method: (value, low, high)}}, the same methods in each; ``chance``: {situation: number}, a
      grey tick; ``percent``: numbers are fractions, shown as percent; ``limit``: the axis' end.

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
            mark = _MARKS[j % len(_MARKS)]
            handles[method] = ax.plot(value, y, mark, color=colour, ms=6.5, zorder=3, clip_on=False)[0]
        if chance:
            handles["chance"] = ax.plot(
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
        ax.xaxis.set_major_formatter(lambda v, _: f"{100 * v:.0f}%")
    ax.set_xlabel(xlabel)
    fig.legend(list(handles.values()), list(handles), loc="lower center", ncols=min(6, len(handles)))
    return fig
