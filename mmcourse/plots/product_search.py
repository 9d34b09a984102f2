"""Product search: how a picture and a change become a query, what is found, and methods side by side."""

from matplotlib.patches import Rectangle

from mmcourse.plots.diagrams import arrow, box, canvas
from mmcourse.plots.look import BLUE, COLUMN, GREEN, INK, MUTED, ORANGE, SMALL, TEXT, readable, text_width, wrap
from mmcourse.plots.pictures import pixels, place_picture


def schematic_composer(picture, change, found):
    """A picture and a change become one query, which meets the catalogue -> Figure.

    ``picture``, ``found``: see ``pictures.pixels``; ``change``: str, such as "but red".
    """
    width, height, side = COLUMN, 2.62, 0.86
    fig, ax = canvas(width, height)
    high, low, middle = 1.98, 0.5, 1.22
    place_picture(fig, 0.04, high - side / 2, side, pixels(picture))
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
    place_picture(fig, width - side - 0.04, middle - side / 2, side, pixels(found))
    return fig


def result_rows(rows, found, right, first="asked with"):
    """Queries by picture and what several methods find for them: a row a method, a frame around what is right ->
    Figure.

    - ``rows``: {method: (k,) pictures}, see ``pictures.pixels``; ``right``: {method: (k,) bool};
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
    place_picture(fig, 0.02, height - top - 0.9, 0.9, pixels(asked))
    ax.text(0.47, height - top - 1.02, "\n".join(wrap(f"“{change}”", 0.9)), ha="center", va="top", size=TEXT)
    for k, (name, pictures) in enumerate(rows.items()):
        low = height - top - (k + 1) * side - k * gap
        ax.text(left - 0.12, low + side / 2, name, ha="right", va="center", size=TEXT)
        for j, picture in enumerate(pictures):
            x = left + j * (side + gap)
            if right[name][j]:
                edge = Rectangle((x - 0.04, low - 0.04), side + 0.08, side + 0.08, fill=False, lw=2.6, edgecolor=GREEN)
                ax.add_patch(edge)
            place_picture(fig, x, low, side, pixels(picture))
    return fig
