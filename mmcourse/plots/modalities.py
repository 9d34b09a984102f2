"""Modalities side by side: what one item holds, three ways to learn from two of them, and two spaces before and after
a map between them."""

import numpy as np

from mmcourse.plots.diagrams import arrow, box, canvas
from mmcourse.plots.look import (
    BLUE,
    COLUMN,
    FAINT,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    SERIES,
    SMALL,
    TEXT,
    axes,
    drawable,
    figure,
    readable,
    wrap,
)
from mmcourse.plots.pictures import place_picture


def _wave(ax, sound, colour):
    """The outline of a sound: for each of 400 stretches of time its lowest and highest value."""
    pieces = np.array_split(np.asarray(sound, "float64").reshape(len(sound), -1).mean(1), 400)
    low, high = np.array([p.min() for p in pieces]), np.array([p.max() for p in pieces])
    ax.fill_between(np.linspace(0, 1, 400), low, high, color=colour, linewidth=0)
    ax.set_xlim(0, 1)
    most = max(abs(low.min()), high.max(), 1e-9) * 1.05
    ax.set_ylim(-most, most)


def utterances(items, titles=None, width=COLUMN):
    """Utterances side by side, each in three modalities: the words, the voice as a wave, the face -> Figure.

    - ``items``: one to three items with ``captions``, ``audio`` and ``image``;
    - ``titles``: for each a few words that stand above it.

    Raises ValueError for another number of items, or of titles.
    """
    items = list(items)
    if not 1 <= len(items) <= 3 or (titles is not None and len(titles) != len(items)):
        raise ValueError(f"Received: {len(items)} items, titles={titles!r}. Allowed: 1 to 3 items, a title for each.")
    gap, above, side = 0.35, 0.32 if titles else 0.05, 0.95
    wide = (width - gap * (len(items) - 1)) / len(items)
    texts = [wrap(f"“{drawable(item.captions[0])}”", wide, TEXT) for item in items]
    line = TEXT * 1.45 / 72
    words = line * max(map(len, texts)) + 0.14
    height = above + words + side + 0.06
    fig = figure(width, height, layout=None)
    for k, item in enumerate(items):
        left = k * (wide + gap)
        if titles:
            fig.text(left / width, 1 - 0.04 / height, titles[k], va="top", weight="bold")
        for row, text in enumerate(texts[k]):
            fig.text(left / width, 1 - (above + row * line) / height, text, va="top")
        place_picture(fig, left, 0.04, side, np.asarray(item.image))
        ax = axes(fig, (left + side + 0.12) / width, 0.04 / height, (wide - side - 0.12) / width, side / height)
        ax.set_facecolor("none")
        ax.spines[:].set_visible(False)
        _wave(ax, item.audio, SERIES[0])
    return fig


def schematic_learning():
    """Unimodal, cross-modal and multimodal learning: what goes in at training and what is at hand at use -> Figure."""
    width, height = COLUMN, 3.5
    fig, ax = canvas(width, height)
    column = width / 3
    words, voice = readable(BLUE), readable(ORANGE)
    for k, (name, at_use) in enumerate(
        (("unimodal", "the words"), ("cross-modal", "the voice"), ("multimodal", "words and voice"))
    ):
        x = column * (k + 0.5)
        ax.text(x, height - 0.06, name, ha="center", va="top", weight="bold", size=TEXT + 0.5)
        if k:
            ax.plot([column * k] * 2, [0.1, height - 0.1], color=FAINT, lw=0.9)
        left, right, low, mid, top = x - 0.62, x + 0.62, 0.98, 1.86, 2.74
        if k == 0:
            box(ax, x, low, "words", w=0.86, h=0.38)
            arrow(ax, (x, low + 0.22), (x, top - 0.22), colour=words)
            ax.text(x + 0.1, mid, "learned from\nlabelled texts", va="center", size=SMALL, color=MUTED)
        elif k == 1:
            box(ax, left, mid, "words", w=0.86, h=0.38)
            box(ax, right, low, "voice", w=0.86, h=0.38, colour=ORANGE)
            arrow(ax, (right, low + 0.22), (left + 0.2, mid - 0.21), colour=voice, bend=0.18)
            arrow(ax, (left, mid + 0.22), (x - 0.2, top - 0.22), colour=words)
            ax.text(x + 0.2, mid - 0.06, "learned\nfrom pairs", va="center", size=SMALL, color=MUTED)
            ax.text(x + 0.06, (mid + top) / 2, "learned from\nlabelled texts", va="center", size=SMALL, color=MUTED)
        else:
            box(ax, left, low, "words", w=0.86, h=0.38)
            box(ax, right, low, "voice", w=0.86, h=0.38, colour=ORANGE)
            arrow(ax, (left, low + 0.22), (x - 0.12, top - 0.22), colour=words)
            arrow(ax, (right, low + 0.22), (x + 0.12, top - 0.22), colour=voice)
            ax.text(x, low + 0.52, "learned from", ha="center", va="center", size=SMALL, color=MUTED)
            ax.text(x, low + 0.36, "labelled pairs", ha="center", va="center", size=SMALL, color=MUTED)
        box(ax, x, top, "label", w=0.86, h=0.38, colour=GREEN)
        ax.text(x, 0.46, "at use:", ha="center", va="center", size=SMALL, color=MUTED)
        ax.text(x, 0.24, at_use, ha="center", va="center", size=TEXT, color=INK)
    return fig


def spaces(panels, names, links=40, height=3.1):
    """Pairs of vectors of two modalities in the plane, one panel beside the other: how far the pairs lie apart
    -> Figure.

    - ``panels``: {title: (a, b)}, both (n, 2), row i of ``a`` and row i of ``b`` being one pair;
    - ``names``: what the two are called; ``links``: so many pairs are joined by a line.

    Raises ValueError where a pair lacks a partner.
    """
    for title, (a, b) in panels.items():
        if np.shape(a) != np.shape(b) or np.ndim(a) != 2 or np.shape(a)[1] != 2:
            raise ValueError(f"Received: {title!r} of shapes {np.shape(a)} and {np.shape(b)}. Allowed: both (n, 2).")
    fig = figure(COLUMN, height)
    for k, (title, (a, b)) in enumerate(panels.items()):
        a, b = np.asarray(a), np.asarray(b)
        ax = fig.add_subplot(1, len(panels), k + 1)
        for one, other in zip(a[:links], b[:links], strict=True):
            ax.plot(*zip(one, other, strict=True), color=MUTED, lw=0.6, alpha=0.55, zorder=1)
        for points, colour, mark in ((a, SERIES[0], "o"), (b, SERIES[1], "^")):
            ax.scatter(*points.T, s=13, color=colour, marker=mark, linewidth=0, alpha=0.8, zorder=2)
        ax.set_xticks([])
        ax.set_yticks([])
        ax.set_title(title, weight="normal", size=TEXT, color=INK)
        ax.margins(0.08)
    entries = [
        fig.axes[0].scatter([], [], s=24, color=SERIES[i], marker=m, linewidth=0, label=names[i])
        for i, m in enumerate("o^")
    ]
    fig.legend(handles=entries, loc="outside lower center", ncols=2)
    return fig
