"""Retrieval: two towers with an index between them, beside the network that must look at every pair."""

from mmcourse.plots.diagrams import arrow, box, canvas
from mmcourse.plots.look import BLUE, COLUMN, GREEN, INK, MUTED, ORANGE, SMALL, TEXT, drawable, wrap
from mmcourse.plots.pictures import pixels, place_picture


def schematic_towers(pictures, caption):
    """Two towers: pictures become vectors once, beforehand; a query becomes one when it comes, and meets them all in
    one product -> Figure.

    - ``pictures``: three of them (see ``pictures.pixels``); ``caption``: what is looked for, a str.

    Raises ValueError for another number of pictures.
    """
    if len(pictures) != 3:
        raise ValueError(f"Received: {len(pictures)} pictures. Allowed: 3.")
    width, height = COLUMN, 3.0
    fig, ax = canvas(width, height)
    side, high, low = 0.56, 2.1, 0.62
    for k, picture in enumerate(pictures):
        place_picture(fig, 0.08 + 0.62 * k, high - side / 2, side, pixels(picture))
    ax.text(0.08, high + side / 2 + 0.12, "every picture, once, beforehand", size=SMALL, color=MUTED, va="bottom")
    told = wrap(drawable(f"“{caption}”"), 1.8, TEXT)
    ax.text(0.08, low, "\n".join(told), size=TEXT, color=INK, va="center", linespacing=1.2)
    ax.text(0.08, low + 0.19 + 0.09 * len(told), "the query, when it comes", size=SMALL, color=MUTED, va="bottom")
    arrow(ax, (1.98, high), (2.28, high))
    arrow(ax, (1.98, low), (2.28, low))
    box(ax, 2.88, high, "picture\ntower", w=1.14, h=0.66, colour=BLUE)
    box(ax, 2.88, low, "text\ntower", w=1.14, h=0.66, colour=ORANGE)
    arrow(ax, (3.47, high), (4.0, high))
    arrow(ax, (3.47, low), (4.0, low))
    for k in range(3):
        box(ax, 4.45, high + 0.24 - 0.24 * k, "", w=0.86, h=0.17, colour=BLUE)
    ax.text(4.45, high + 0.5, "index: $n$ unit vectors", size=SMALL, color=MUTED, ha="center", va="bottom")
    box(ax, 4.45, low, "", w=0.86, h=0.17, colour=ORANGE)
    ax.text(4.45, low - 0.2, "one unit vector", size=SMALL, color=MUTED, ha="center", va="top")
    middle = (high + low) / 2
    arrow(ax, (4.92, high), (5.36, middle + 0.26))
    arrow(ax, (4.92, low), (5.36, middle - 0.26))
    box(ax, 5.66, middle, "$n$ cosines:\none product", w=1.12, h=0.6, colour=GREEN)
    arrow(ax, (6.24, middle), (6.5, middle))
    ax.text(6.56, middle, "the best\n$k$", size=TEXT, color=INK, va="center", linespacing=1.2)
    return fig
