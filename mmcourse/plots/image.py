"""Drawings about image features: an encoder's maps, patches, boxes on pictures."""

from matplotlib.patches import Rectangle

from mmcourse.plots.diagrams import arrow, canvas
from mmcourse.plots.look import (
    COLUMN,
    GREEN,
    INK,
    MUTED,
    PAPER,
    RED,
    SERIES,
    SMALL,
    TEXT,
    axes,
    figure,
    mix,
    readable,
    text_width,
)
from mmcourse.plots.pictures import EXAMPLE, outline, pixels, place_picture, show


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

    - ``pictures``: scenes, items or arrays (see ``pictures.pixels``);
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
                Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, edgecolor=GREEN, linewidth=1.8, ls=(0, (3, 2)))
            )
        for k, (x0, y0, x1, y1) in enumerate(found[i]):
            outline(ax, x0, y0, x1 - x0, y1 - y0)
            if labels is not None:
                words = labels[i][k]
                wide = text_width(words, SMALL) / side + 0.03
                left = min(max(x0, 0.01), max(0.99 - wide, 0.01))
                ax.text(
                    left + 0.012, max(y0 - 0.012, 0.085), words, size=SMALL, va="bottom", color=PAPER,
                    bbox={"facecolor": INK, "edgecolor": "none", "pad": 1.6, "alpha": 0.86},
                )  # fmt: skip
        if titles:
            fig.text(x / width, (y + side + above - 0.04) / height, titles[i], va="top", weight="bold")
    return fig


def schematic_encoder(picture=None, maps=((64, 32), (32, 64), (16, 128), (8, 128)), width=COLUMN):
    """The course's encoder: a picture, then maps that get smaller and deeper, then grid or vector -> Figure.

    ``maps``: (side, channels) of the maps of the four blocks.
    """
    if picture is None:
        picture = EXAMPLE
    height, middle = 2.5, 1.30
    fig, ax = canvas(width, height)
    side = 1.15
    place_picture(fig, 0.05, middle - side / 2, side, pixels(picture))
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
    arrow(ax, (x - 0.30, middle + 0.12), (x + 0.02, middle + 0.52), colour=readable(GREEN))
    arrow(ax, (x - 0.30, middle - 0.12), (x + 0.02, middle - 0.40), colour=readable(RED))
    ax.text(x + 0.08, middle + 0.56, "grid", weight="bold", color=readable(GREEN), va="center")
    ax.text(x + 0.08, middle + 0.36, "64 regions × 128", size=SMALL, color=MUTED, va="center")
    ax.text(x + 0.08, middle - 0.36, "vector", weight="bold", color=readable(RED), va="center")
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
