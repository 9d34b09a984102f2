"""Visual question answering that reasons, drawn: four ways to relate things, and the maps of a program's steps."""

import numpy as np

from mmcourse.plots.diagrams import arrow, box, canvas
from mmcourse.plots.look import (
    BASELINE,
    BLUE,
    COLUMN,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    PURPLE,
    SMALL,
    TEXT,
    axes,
    drawable,
    readable,
    text_width,
)
from mmcourse.plots.pictures import in_fog, outline, panel_grid, pixels, place_picture, show


def schematic_reasoners(picture, words=("more", "stars", "than", "circles?")):
    """Four ways to relate things: all pairs; a question that steers layers; one sequence of words and regions; modules
    that follow a program -> Figure.

    - ``picture``: see ``pictures.pixels``; ``words``: four words of a question.

    Raises ValueError for another number of words.
    """
    if isinstance(words, str) or len(words) != 4:
        raise ValueError(f"Received: words={words!r}. Allowed: four words.")
    image, width, height = pixels(picture), COLUMN, 3.95
    fig, ax = canvas(width, height)
    for k, (title, draw) in enumerate(
        (
            ("relation network: every pair", _pairs),
            ("FiLM: the question steers each layer", _steered),
            ("Transformer: all look at all", _sequence),
            ("neural modules: follow the program", _modules),
        )
    ):
        x, y = 0.06 + (k % 2) * 3.66, height - 0.06 - (k // 2) * 2.05
        ax.text(x, y, title, va="top", weight="bold")
        draw(fig, ax, x, y - 0.3, image, words)
    return fig


def _pairs(fig, ax, x, y, image, words):
    """The upper left corner of what is drawn is at (x, y)."""
    place_picture(fig, x, y - 1.45, 1.2, image)
    places = [(x + 1.2 * a, y - 1.45 + 1.2 * b) for b in (0.17, 0.5, 0.83) for a in (0.17, 0.5, 0.83)]
    over = axes(fig, 0, 0, 1, 1)  # above the picture
    over.set_xlim(ax.get_xlim())
    over.set_ylim(ax.get_ylim())
    over.patch.set_alpha(0)
    for k, (a, b) in enumerate(places):
        for c, d in places[:k]:
            over.plot([a, c], [b, d], color=INK, lw=0.5, alpha=0.5)
    over.scatter(*zip(*places, strict=True), s=14, color=BLUE, edgecolors=PAPER, linewidths=0.8, zorder=3)
    middle = y - 0.85
    box(ax, x + 2.05, middle, r"$\phi$(pair, q)", w=0.95, h=0.36, colour=BLUE)
    arrow(ax, (x + 1.24, middle), (x + 1.54, middle))
    box(ax, x + 2.05, y - 0.17, "question q", w=0.95, h=0.32, colour=ORANGE)
    arrow(ax, (x + 2.05, y - 0.35), (x + 2.05, middle + 0.21), colour=readable(ORANGE))
    box(ax, x + 3.05, middle, "mean", w=0.56, h=0.36, colour=GREEN)
    arrow(ax, (x + 2.55, middle), (x + 2.74, middle))


def _steered(fig, ax, x, y, image, words):
    place_picture(fig, x, y - 1.45, 0.9, image)
    middle = y - 1.0
    box(ax, x + 2.1, y - 0.17, "question q", w=0.95, h=0.32, colour=ORANGE)
    for k, place in enumerate((1.3, 2.1, 2.9)):
        box(ax, x + place, middle, "conv", w=0.56, h=0.36, colour=BLUE)
        arrow(ax, (x + place - (0.36 if k == 0 else 0.52), middle), (x + place - 0.3, middle))
        arrow(ax, (x + 2.1 + (place - 2.1) * 0.5, y - 0.35), (x + place, middle + 0.21), colour=readable(ORANGE))
        ax.text(x + place, middle - 0.25, f"$\\gamma_{k + 1}, \\beta_{k + 1}$", ha="center", va="top", size=SMALL,
                color=readable(ORANGE))  # fmt: skip
    arrow(ax, (x + 3.2, middle), (x + 3.42, middle))


def _sequence(fig, ax, x, y, image, words):
    low, tokens = y - 1.4, []
    sizes = [0.3, *(text_width(drawable(word), SMALL) + 0.12 for word in words)]
    at = x
    for k, size in enumerate(sizes):
        word = "?" if k == 0 else drawable(words[k - 1])
        colour = PURPLE if k == 0 else ORANGE
        box(ax, at + size / 2, low + 0.17, word, w=size, h=0.34, colour=colour, size=SMALL)
        tokens.append(at + size / 2)
        at += size + 0.05
    tile = min(0.3, (x + 3.42 - at) / 4 - 0.04)
    half = image.shape[0] // 2, image.shape[1] // 2
    for k in range(4):
        part = image[k // 2 * half[0] :, k % 2 * half[1] :][: half[0], : half[1]]
        place_picture(fig, at, low + 0.17 - tile / 2, tile, part)
        tokens.append(at + tile / 2)
        at += tile + 0.04
    for k, a in enumerate(tokens):
        for b in tokens[:k]:
            reach = np.linspace(0, np.pi, 40)
            first = b == tokens[0]
            colour, lw = (readable(PURPLE), 1.2) if first else (BASELINE, 0.6)
            across = (a + b) / 2 + (a - b) / 2 * np.cos(reach)
            up = low + 0.38 + 0.3 * (a - b) ** 0.75 * np.sin(reach)
            ax.plot(across, up, color=colour, lw=lw, zorder=1 + first)


def _modules(fig, ax, x, y, image, words):
    place_picture(fig, x, y - 1.35, 0.9, image)
    for row, word in ((y - 0.55, words[1]), (y - 1.3, words[3].rstrip("?"))):
        arrow(ax, (x + 0.94, y - 0.9), (x + 1.08, row), bend=0.0)
        box(ax, x + 1.55, row, drawable(f"filter {word.rstrip('s')}"), w=0.92, h=0.32, colour=BLUE, size=SMALL)
        arrow(ax, (x + 2.03, row), (x + 2.17, row))
        box(ax, x + 2.44, row, "count", w=0.52, h=0.32, colour=GREEN, size=SMALL)
        arrow(ax, (x + 2.72, row), (x + 2.96, y - 0.92))
    box(ax, x + 3.18, y - 0.92, "more", w=0.5, h=0.34, colour=PURPLE, size=SMALL)
    ax.text(x + 1.55, y - 0.06, "chosen by the question", va="top", ha="center", size=SMALL, color=readable(ORANGE))


def program_maps(picture, steps, maps, held=None, columns=4):
    """What each step of a program passes on: the picture, and a copy for each step, clear where its map is 1 and in fog
    where it is 0, with the map's sum -> Figure.

    - ``picture``: see ``pictures.pixels``; ``steps``: a name for each, str;
    - ``maps``: (T, rows, columns), from 0 to 1. Unlike attention's weights they are not brought to one sum or one
      largest value: an empty map is all fog;
    - ``held``: for each step what is right, bool (rows, columns) for each thing that it holds, framed; None: no frames.

    Raises ValueError when the numbers differ, and for maps beyond 0 and 1.
    """
    maps = np.asarray(maps, "float64")
    if maps.ndim != 3 or len(maps) != len(steps) or not len(steps) or len(maps if held is None else held) != len(steps):
        raise ValueError(
            f"Received: {len(steps)} steps, maps of shape {maps.shape}. Allowed: one map (rows, columns) a step."
        )
    if not (maps.min() >= -1e-6 and maps.max() <= 1 + 1e-3):  # so that NaN fails
        raise ValueError(f"Received: maps from {maps.min():g} to {maps.max():g}. Allowed: from 0 to 1.")
    image = pixels(picture, 200)
    many = len(steps) + 1
    fig, height, panels = panel_grid(many, image.shape[0] / image.shape[1], min(columns, many))
    for k, (ax, left, top, side) in enumerate(panels):
        name = drawable(steps[k - 1]) if k else "the picture"
        total = f"Σ {maps[k - 1].sum():.1f}" if k else ""
        room = side - text_width(total, SMALL) - 0.08
        size = TEXT if text_width(name, TEXT, "bold") < room else SMALL
        fig.text(left / COLUMN, (top - 0.04) / height, name, va="top", size=size, weight="bold" if k else "normal",
                 color=INK if k else MUTED)  # fmt: skip
        fig.text((left + side) / COLUMN, (top - 0.055) / height, total, va="top", ha="right", size=SMALL, color=MUTED)
        show(ax, _lit(image, np.clip(maps[k - 1], 0, 1)) if k else image)
        for cells in held[k - 1] if k and held is not None else ():
            down, across = np.nonzero(cells)
            high, wide = np.shape(cells)
            outline(ax, across.min() / wide, down.min() / high, (across.max() + 1 - across.min()) / wide,
                    (down.max() + 1 - down.min()) / high)  # fmt: skip
    return fig


def _lit(image, shown):
    """A picture in fog, clear where ``shown`` is 1: `in_fog` brings the largest to 1, here 1 is 1."""
    fog = in_fog(image, np.zeros_like(shown)).astype("float64")
    lit = fog + np.sqrt(shown.max()) * (in_fog(image, shown) - fog)
    return lit.round().clip(0, 255).astype("uint8")
