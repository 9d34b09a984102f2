"""A missing modality: an utterance whose face is gone, the ways to go on without it, and what stands in for it."""

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
    RULE,
    SMALL,
    TEXT,
    WASH,
    readable,
    wrap,
)
from mmcourse.plots.pictures import place_picture


def missing_face(item, width=COLUMN):
    """One utterance twice: whole, and with the face gone -> Figure.

    ``item``: an item with ``captions`` and ``image``.
    """
    side, top = 1.25, 0.36
    height = top + side + 0.1
    fig, ax = canvas(width, height)
    words = wrap(f"“{item.captions[0]}”", width / 2 - side - 0.6, TEXT + 1)
    for k, title in enumerate(("what was meant to arrive", "what arrived")):
        left = k * (width / 2 + 0.05) + 0.06
        ax.text(left, height - 0.07, title, va="top", weight="bold", size=TEXT)
        if k == 0:
            place_picture(fig, left, 0.06, side, np.asarray(item.image))
        else:
            box(ax, left + side / 2, 0.06 + side / 2, "?", w=side, h=side, colour=BASELINE, fill=WASH, size=26)
        for row, line in enumerate(words):
            ax.text(left + side + 0.18, 0.06 + side / 2 + (len(words) / 2 - row) * 0.22, line, va="top", size=TEXT + 1)
    return fig


def schematic_missing():
    """Four ways to go on when a face is missing, and modality dropout, which prepares for them -> Figure."""
    width, height = COLUMN, 3.72
    fig, ax = canvas(width, height)
    column = width / 4
    low, slot, top = 1.32, 1.32, 2.72
    ways = (
        ("zeros", "0 0 0", "a face that\nnobody has"),
        ("mean", "mean", "the same face\nfor everyone"),
        ("generator", "guess", "what the words\nmake likely"),
        ("mask", "", "nothing: the rest\nis weighed anew"),
    )
    for k, (name, written, meaning) in enumerate(ways):
        x = column * (k + 0.5)
        if k:
            ax.plot([column * k] * 2, [0.72, height - 0.1], color=FAINT, lw=0.9)
        ax.text(x, height - 0.06, name, ha="center", va="top", weight="bold", size=TEXT + 0.5)
        left, right = x - 0.44, x + 0.44
        box(ax, left, low, "words", w=0.74, h=0.38)
        if name == "mask":
            box(ax, right, slot, "", w=0.74, h=0.38, colour=BASELINE, fill=PAPER)
            ax.plot([right - 0.2, right + 0.2], [slot - 0.1, slot + 0.1], color=BASELINE, lw=1.6, zorder=4)
            ax.plot([right - 0.2, right + 0.2], [slot + 0.1, slot - 0.1], color=BASELINE, lw=1.6, zorder=4)
        else:
            plain = name == "zeros"
            box(ax, right, slot, written, w=0.74, h=0.38, colour=INK if plain else ORANGE, fill=WASH if plain else None)
            arrow(ax, (right, slot + 0.21), (x + 0.14, top - 0.22), colour=INK if plain else readable(ORANGE))
        if name == "generator":
            start, end = (left + 0.1, low - 0.2), (right - 0.1, slot - 0.2)
            arrow(ax, start, end, colour=readable(ORANGE), bend=0.5, dashed=True)
        arrow(ax, (left, low + 0.21), (x - 0.14, top - 0.22), colour=readable(BLUE))
        box(ax, x, top, "fusion", w=0.9, h=0.38, colour=GREEN)
        arrow(ax, (x, top + 0.2), (x, top + 0.37), head=7)
        ax.text(x, top + 0.38, "label", ha="center", va="bottom", size=SMALL, color=MUTED)
        ax.text(x, 1.02 if name != "generator" else 0.9, meaning, ha="center", va="top", size=SMALL, color=MUTED)
    ax.add_patch(Rectangle((0.05, 0.06), width - 0.1, 0.36, facecolor=WASH, edgecolor=RULE, lw=1))
    ax.text(
        width / 2, 0.24, "modality dropout in training: whole faces, or all the words, are taken away at random",
        ha="center", va="center", size=SMALL, color=INK,
    )  # fmt: skip
    return fig


def stand_ins(pictures, columns, rows, width=COLUMN):
    """Pictures in rows and columns, with a name at each row and above each column -> Figure.

    - ``pictures``: rows of pictures (H, W, 3), numbers from 0 to 1; ``columns``, ``rows``: their names.

    Raises ValueError where a row has not a picture for each column, or there is not a row for each name.
    """
    if len(pictures) != len(rows) or any(len(row) != len(columns) for row in pictures):
        raise ValueError(
            f"Received: rows of {[len(row) for row in pictures]} pictures, {len(rows)} and {len(columns)} names. "
            "Allowed: a picture for each row and column."
        )
    left, gap, head = 1.3, 0.12, 0.46
    side = (width - left - gap * (len(columns) - 1) - 0.04) / len(columns)
    height = head + (side + gap) * len(rows)
    fig, ax = canvas(width, height)
    for k, name in enumerate(columns):
        x = left + k * (side + gap) + side / 2
        ax.text(x, height - head + 0.08, name, ha="center", va="bottom", size=SMALL, color=MUTED, linespacing=1.25)
    for r, name in enumerate(rows):
        y = height - head - (r + 1) * side - r * gap
        for i, line in enumerate(lines := wrap(name, left - 0.16, TEXT)):
            ax.text(0.04, y + side / 2 + (len(lines) / 2 - i - 0.5) * 0.19, line, va="center", size=TEXT)
        for k, picture in enumerate(pictures[r]):
            shown = np.clip(np.asarray(picture, "float64"), 0, 1)
            place_picture(fig, left + k * (side + gap), y, side, shown)
    return fig
