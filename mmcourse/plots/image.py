"""Drawings about image features: an encoder's maps, patches, boxes on pictures, and scene graphs."""

import numpy as np
from matplotlib.patches import Rectangle

from mmcourse.plots.diagrams import arrow, canvas
from mmcourse.plots.look import (
    COLOURS,
    COLUMN,
    INK,
    MUTED,
    PAPER,
    RULE,
    SERIES,
    SMALL,
    TEXT,
    axes,
    figure,
    mix,
    readable,
    text_width,
)
from mmcourse.plots.pictures import _frame, _limits, pixels, show
from mmcourse.scenes.scene import Scene

BOX = {"truth": COLOURS["green"], "found": SERIES[0]}


def patches(rows, columns=None, width=COLUMN, gap=0.05):
    """Rows of small square pictures, each row with its name on the left -> Figure.

    ``rows``: {name: pictures}, arrays (h, w, 3), uint8 or floats in 0 to 1 (or 0 to 255); ``columns``: words above the
    columns. Small pictures are drawn with sharp pixels.

    Raises ValueError when rows have different lengths.
    """
    lengths = {name: len(pictures) for name, pictures in rows.items()}
    if len(set(lengths.values())) != 1:
        raise ValueError(f"As many pictures in each row. Received: {lengths}.")
    count = next(iter(lengths.values()))
    left = max(text_width(name) for name in rows) + 0.14
    side = (width - left - gap * (count - 1)) / count
    above = 0.24 if columns else 0
    height = above + len(rows) * (side + gap) - gap
    fig = figure(width, height, layout=None)
    for c, words in enumerate(columns or ()):
        x = (left + c * (side + gap) + side / 2) / width
        fig.text(x, 1 - 0.02 / height, words, ha="center", va="top", size=SMALL, color=MUTED)
    for r, (name, pictures) in enumerate(rows.items()):
        y = height - above - r * (side + gap) - side
        fig.text((left - 0.14) / width, (y + side / 2) / height, name, ha="right", va="center")
        for c, picture in enumerate(pictures):
            ax = axes(fig, (left + c * (side + gap)) / width, y / height, side / width, side / height, frame=True)
            image = pixels(picture, 160)
            ax.imshow(image, interpolation="nearest" if len(image) < 24 else "antialiased", aspect="auto")
    return fig


def boxes(pictures, found, labels=None, truth=None, titles=None, columns=3, width=COLUMN):
    """Pictures with boxes on them -> Figure.

    - ``pictures``: scenes, items or arrays (see ``pixels``);
    - ``found``: for each picture boxes (k, 4), x0, y0, x1, y1 as shares of the frame, drawn in ink on white;
    - ``labels``: for each picture k words, set at the boxes' upper edges; ``truth``: for each picture boxes (m, 4),
      dashed; ``titles``: for each picture a few words above it.
    """
    columns = min(columns, len(pictures))
    rows, gap, above = -(-len(pictures) // columns), 0.16, 0.27 if titles else 0
    side = (width - gap * (columns - 1)) / columns
    height = rows * (side + above) + (rows - 1) * gap
    fig = figure(width, height, layout=None)
    for i, picture in enumerate(pictures):
        row, column = divmod(i, columns)
        x, y = column * (side + gap), height - row * (side + above + gap) - above - side
        ax = axes(fig, x / width, y / height, side / width, side / height)
        show(ax, pixels(picture))
        for x0, y0, x1, y1 in [] if truth is None else truth[i]:
            ax.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, edgecolor="white", linewidth=3))
            ax.add_patch(
                Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, edgecolor=BOX["truth"], linewidth=1.8, ls=(0, (3, 2)))
            )
        for k, (x0, y0, x1, y1) in enumerate(found[i]):
            _frame(ax, x0, y0, x1 - x0, y1 - y0)
            if labels is not None:
                words = labels[i][k]
                wide = text_width(words, SMALL) / side + 0.03
                left = min(max(x0, 0.01), max(0.99 - wide, 0.01))
                ax.text(
                    left + 0.012, max(y0 - 0.012, 0.085), words, size=SMALL, va="bottom", color=PAPER,
                    bbox={"facecolor": INK, "edgecolor": "none", "pad": 1.6, "alpha": 0.86},
                )  # fmt: skip
        _limits(ax)
        if titles:
            fig.text(x / width, (y + side + above - 0.04) / height, titles[i], va="top", weight="bold")
    return fig


def schematic_encoder(picture=None, maps=((64, 32), (32, 64), (16, 128), (8, 128)), width=COLUMN):
    """The course's encoder: a picture, then maps that get smaller and deeper, then grid or vector -> Figure.

    ``maps``: (side, channels) of the maps of the four blocks.
    """
    if picture is None:
        from mmcourse.scenes.scene import Thing

        picture = Scene((Thing("star", "red", "large", 650, 380, 168), Thing("square", "blue", "small", 300, 700, 100)))
    height, middle = 2.5, 1.30
    fig, ax = canvas(width, height)
    image = pixels(picture)
    side = 1.15
    show(axes(fig, 0.05 / width, (middle - side / 2) / height, side / width, side / height), image)
    ax.text(0.05, 0.42, "64 × 64 × 3\npixels", size=SMALL, color=MUTED, va="top", linespacing=1.3)
    x, colour = 1.55, SERIES[0]
    for k, (s, c) in enumerate(maps):
        tall, deep = 0.42 + 1.05 * s / maps[0][0], 0.10 + 0.42 * c / maps[-1][1]
        arrow(ax, (x - 0.30, middle), (x - 0.05, middle))
        for j in range(3):
            dx = j * deep / 3
            ax.add_patch(
                Rectangle(
                    (x + dx, middle - tall / 2 + dx * 0.35), deep * 0.62, tall * 0.93,
                    facecolor=mix(PAPER, colour, 0.16 + 0.10 * j), edgecolor=colour, linewidth=1.0, zorder=3 + j,
                )
            )  # fmt: skip
        ax.text(x, 0.42, f"{s} × {s} × {c}\nblock {k + 1}", size=SMALL, color=MUTED, va="top", linespacing=1.3)
        x += max(deep, 0.3) + 0.68
    arrow(ax, (x - 0.30, middle + 0.12), (x + 0.02, middle + 0.52), colour=readable(COLOURS["green"]))
    arrow(ax, (x - 0.30, middle - 0.12), (x + 0.02, middle - 0.40), colour=readable(COLOURS["red"]))
    ax.text(x + 0.08, middle + 0.56, "grid", weight="bold", color=readable(COLOURS["green"]), va="center")
    ax.text(x + 0.08, middle + 0.36, "64 regions × 128", size=SMALL, color=MUTED, va="center")
    ax.text(x + 0.08, middle - 0.36, "vector", weight="bold", color=readable(COLOURS["red"]), va="center")
    ax.text(x + 0.08, middle - 0.56, "their mean: 128", size=SMALL, color=MUTED, va="center")
    ax.text(1.55, height - 0.08, "3 × 3 convolution, relu, then 2 × 2 pooling: half the side", size=SMALL,
            color=MUTED, va="top")  # fmt: skip
    return fig


def nested(picture, sizes, names, centre=(0.5, 0.5), width=COLUMN):
    """Squares of growing size around one place of a picture, such as receptive fields, named beside it -> Figure.

    ``sizes``: sides as shares of the frame, growing; ``names``: words for each; ``centre``: (x, y) as shares.
    """
    side = 2.7
    fig = figure(width, side, layout=None)
    ax = axes(fig, 0, 0, side / width, 1)
    show(ax, pixels(picture))
    _limits(ax)
    words = axes(fig, side / width, 0, 1 - side / width, 1)
    words.set_xlim(side, width)
    words.set_ylim(1, 0)
    for k, (size, name) in enumerate(zip(sizes, names, strict=True)):
        colour, (x, y) = SERIES[k % len(SERIES)], centre
        x0, y0 = max(x - size / 2, 0.004), max(y - size / 2, 0.004)
        x1, y1 = min(x + size / 2, 0.996), min(y + size / 2, 0.996)
        ax.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, edgecolor="white", linewidth=3.4))
        ax.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, edgecolor=colour, linewidth=1.9))
        at = (k + 0.5) / len(sizes)
        words.add_patch(Rectangle((side + 0.25, at - 0.035), 0.16, 0.07, facecolor=colour))
        words.text(side + 0.52, at, name, va="center", size=TEXT)
    return fig


def graph(picture, scene, width=COLUMN):
    """A picture, and the graph of a scene beside it: a node a thing, an arrow where two are related -> Figure.

    ``scene``: the `Scene` whose graph is drawn (true or detected). Every relation also holds the other way round, with
    the opposite word; one of the two is drawn.
    """
    height = 2.9
    fig = figure(width, height, layout=None)
    show(axes(fig, 0, 0, height / width, 1), pixels(picture))
    ax = axes(fig, height / width, 0, 1 - height / width, 1)
    wide = width - height
    ax.set_xlim(0, wide)
    ax.set_ylim(height, 0)
    names = [f"{t.size} {t.colour} {t.shape}" for t in scene.things]
    order = np.argsort([t.y for t in scene.things])
    rows = np.empty(len(names))
    rows[order] = np.arange(len(names))
    half = [text_width(name) / 2 + 0.14 for name in names]
    places = []
    for i, t in enumerate(scene.things):
        x = min(max(0.3 + t.x / 1024 * (wide - 0.6), half[i] + 0.25), wide - half[i] - 0.05)
        places.append((x, 0.36 + rows[i] * (height - 0.75) / max(len(names) - 1, 1)))
    edges = {}
    for i, relation, j in scene.relations():
        edges.setdefault((i, j), []).append(relation)
    for (i, j), words in edges.items():
        if "left of" not in words and ("right of" in words or "above" not in words):
            continue  # the same edge, the other way round, is drawn
        (ax0, ay0), (ax1, ay1) = places[i], places[j]
        down = 0.2 if ay1 > ay0 else -0.2
        colour = readable(COLOURS["blue"])
        arrow(ax, (ax0, ay0 + down), (ax1, ay1 - down), colour=colour)
        x, y = 0.6 * ax0 + 0.4 * ax1, 0.6 * ay0 + 0.4 * ay1
        ax.text(x, y, ", ".join(words), size=SMALL, color=colour, ha="center", va="center",
                bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.0}, zorder=5)  # fmt: skip
    for (x, y), name, wide_half, t in zip(places, names, half, scene.things, strict=True):
        colour = COLOURS[t.colour]
        ax.add_patch(
            Rectangle((x - wide_half, y - 0.19), 2 * wide_half, 0.38, facecolor=mix(PAPER, colour, 0.2),
                      edgecolor=readable(colour, ratio=3.1), linewidth=1.4, zorder=6)
        )  # fmt: skip
        ax.text(x, y, name, ha="center", va="center", zorder=7, color=INK)
    for spine in ax.spines.values():
        spine.set_color(RULE)
    return fig
