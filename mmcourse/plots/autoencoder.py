"""Autoencoders: what is covered, the way through one code, and codes of two modalities on one map."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Rectangle

from mmcourse.plots.diagrams import arrow, box, canvas
from mmcourse.plots.look import (
    BLUE,
    COLOURS,
    COLUMN,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    SMALL,
    TEXT,
    WASH,
    drawable,
    figure,
    mix,
    readable,
    wrap,
)
from mmcourse.plots.pictures import pixels, place_picture
from mmcourse.plots.projections import name_groups, plain_axes


def _cover(ax, x, y, w, h):
    """A dashed card with a question mark, its lower left corner at (x, y): something is there and not shown."""
    card = FancyBboxPatch((x, y), w, h, boxstyle="round,pad=0,rounding_size=0.06", facecolor=WASH, edgecolor=MUTED)
    card.set(linewidth=1.2, linestyle=(0, (4, 2.5)))
    ax.add_patch(card)
    ax.text(x + w / 2, y + h / 2, "?", ha="center", va="center", size=TEXT + 9, color=MUTED)


def covered_pairs(picture, caption):
    """A picture with its sentence; the sentence covered; the picture covered -> Figure.

    ``picture``: see ``pictures.pixels``; ``caption``: a str.
    """
    side, gap, above = 1.06, 0.3, 0.3
    wide = (COLUMN - 2 * gap) / 3
    height = above + side + 0.1
    fig, ax = canvas(COLUMN, height)
    for k, title in enumerate(("a pair", "what does it say?", "what does it look like?")):
        left, low = k * (wide + gap) + 0.02, 0.06
        ax.text(left, height - 0.04, title, va="top", weight="bold", size=TEXT)
        if k == 2:
            _cover(ax, left, low, side, side)
        else:
            place_picture(fig, left, low, side, pixels(picture))
        words, room = left + side + 0.12, wide - side - 0.16
        if k == 1:
            _cover(ax, words, low, room, side)
        else:
            lines = wrap(f"“{drawable(caption)}”", room)
            ax.text(words, low + side / 2, "\n".join(lines), va="center", size=TEXT, color=INK, linespacing=1.35)
    return fig


def schematic_autoencoder(picture, caption, rebuilt=None, written=None):
    """Two encoders, one code that is the mean of what is there, two decoders -> Figure.

    - ``picture``: see ``pictures.pixels``; ``caption``: a str;
    - ``rebuilt``, ``written``: what comes out; default: the same once more.
    """
    rebuilt, written = picture if rebuilt is None else rebuilt, caption if written is None else written
    width, height, side = COLUMN, 2.75, 0.84
    fig, ax = canvas(width, height)
    high, low, middle, wide = 2.06, 0.7, 1.38, 0.98
    ends = ((0.06, picture, caption), (width - wide, rebuilt, written))
    for x, image, words in ends:
        place_picture(fig, x + 0.03, high - side / 2, side, pixels(image))
        lines = wrap(f"“{drawable(words)}”", wide, SMALL)
        ax.text(x, low, "\n".join(lines), va="center", size=SMALL, color=INK, linespacing=1.25)
    for y, name, colour in ((high, "picture", BLUE), (low, "word", ORANGE)):
        box(ax, 1.86, y, f"{name}\nencoder", w=0.96, h=0.56, colour=colour)
        box(ax, width - 1.86, y, f"{name}\ndecoder", w=0.96, h=0.56, colour=colour)
        arrow(ax, (1.06, y), (1.35, y))
        arrow(ax, (2.37, y), (3.06, middle + np.sign(y - middle) * 0.17))
        arrow(ax, (width - 3.06, middle + np.sign(y - middle) * 0.17), (width - 2.37, y))
        arrow(ax, (width - 1.35, y), (width - 1.06, y))
    cells, cell = 6, 0.17
    left = width / 2 - cells * cell / 2
    for k, share in enumerate((0.8, 0.25, 0.55, 0.15, 0.95, 0.4)):
        fill = mix(PAPER, GREEN, share)
        ax.add_patch(Rectangle((left + k * cell, middle - 0.13), cell, 0.26, facecolor=fill, edgecolor=PAPER, lw=1))
    ax.text(width / 2, middle + 0.2, "code z", ha="center", va="bottom", size=TEXT, color=readable(GREEN))
    ax.text(width / 2, middle - 0.21, "the mean of\nwhat is there", ha="center", va="top", size=SMALL, color=MUTED)
    for x, words in (
        (1.86, "in training, often\none of the two is hidden"),
        (width - 1.86, "both are asked for,\nwhat was hidden, too"),
    ):
        ax.text(x, 0.02, words, ha="center", va="bottom", size=SMALL, color=MUTED, linespacing=1.2)
    return fig


def code_map(panels, groups, height=3.7):
    """Codes of two modalities, seen from several sides, coloured by a colour word of the world -> Figure.

    - ``panels``: {title: {modality: (n, 2)}}, the same two modalities in each: the first is drawn as dots, the second
      as hollow triangles;
    - ``groups``: {modality: n str}, words of the palette. In the last panel each is written at the middle of the first
      modality's points.

    Raises ValueError for other modalities, a group that is no colour of the world, and lengths that differ.
    """
    for title, points in panels.items():
        if len(points) != 2 or list(points) != list(groups):
            raise ValueError(
                f"Received: {title!r} with points of {list(points)}, groups of {list(groups)}. Allowed: the same two."
            )
        for name in points:
            if np.shape(points[name]) != (len(groups[name]), 2):
                raise ValueError(
                    f"Received: {name!r} with points of shape {np.shape(points[name])} for {len(groups[name])} "
                    "groups. Allowed: (n, 2) for n groups."
                )
    found = {group for names in groups.values() for group in names}
    if unknown := sorted(found - set(COLOURS)):
        raise ValueError(f"Received: group {unknown[0]!r}. Allowed: {', '.join(COLOURS)}.")
    fig = figure(COLUMN, height)
    for k, (title, points) in enumerate(panels.items()):
        ax = fig.add_subplot(1, len(panels), k + 1)
        for (name, places), mark in zip(points.items(), "o^", strict=True):
            _scatter(ax, np.asarray(places, "float64"), np.asarray(groups[name]), mark)
        ax.margins(0.09)
        plain_axes(ax)
        ax.set_title(title, weight="normal", size=TEXT, color=INK)
    first, second = groups
    handles = [
        Line2D([], [], ls="", marker=mark, color=MUTED, markerfacecolor=fill, label=name)
        for name, mark, fill in ((first, "o", MUTED), (second, "^", PAPER))
    ]
    fig.legend(handles=handles, loc="outside lower center", ncols=2)
    places, names = np.asarray(points[first], "float64"), np.asarray(groups[first])
    name_groups(ax, {c: np.median(places[names == c], axis=0) for c in COLOURS if (names == c).any()})
    return fig


def _scatter(ax, places, names, mark):
    """Points in their groups' colours: full dots, or hollow triangles."""
    hollow = mark == "^"
    for name, colour in COLOURS.items():
        mine = places[names == name]
        edge = readable(colour, ratio=3.1)
        ax.scatter(
            *mine.T, marker=mark, s=30 if hollow else 20, linewidth=1.1 if hollow else 0.4, edgecolor=edge,
            facecolor=PAPER if hollow else colour, alpha=1 if hollow else 0.75, zorder=3 if hollow else 2,
        )  # fmt: skip
