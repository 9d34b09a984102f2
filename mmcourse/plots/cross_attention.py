"""Cross-modal attention drawn: who asks and who answers, and which word each region looks at."""

import numpy as np
from matplotlib.patches import Rectangle

from mmcourse.plots.diagrams import arrow, box, canvas
from mmcourse.plots.look import (
    BLUE,
    COLUMN,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    SMALL,
    axes,
    drawable,
    figure,
    mix,
    readable,
    text_width,
)
from mmcourse.plots.pictures import in_fog, pixels, place_picture, show


def schematic_cross(picture, words, weights, asked):
    """Words ask, regions answer: queries from one modality, keys and values from the other, and three ways to go on
    -> Figure.

    - ``picture``: see ``pictures.pixels``; ``words``: a caption's words; ``weights``: (rows, columns), of the word at
      the place ``asked``.

    Raises ValueError for a place that is not there.
    """
    if not 0 <= asked < len(words):
        raise ValueError(f"Received: asked={asked}. Allowed: 0 to {len(words) - 1}.")
    image, width, height = pixels(picture), COLUMN, 3.42
    fig, ax = canvas(width, height)
    high, low, side = 2.6, 1.05, 1.2
    ax.text(0.06, height - 0.06, "words ask", va="top", weight="bold", color=readable(ORANGE))
    x = 0.06
    for k, word in enumerate(words):
        wide = text_width(drawable(word)) + 0.16
        on = k == asked
        box(ax, x + wide / 2, high, drawable(word), w=wide, h=0.3, colour=ORANGE, fill=None if on else PAPER,
            weight="bold" if on else "normal")  # fmt: skip
        if on:
            middle = x + wide / 2
        x += wide + 0.06
    place_picture(fig, 0.06, low - side / 2, side, image)
    ax.text(0.06, low - side / 2 - 0.08, "regions answer", va="top", weight="bold", color=readable(BLUE))
    look, found, end = 3.1, 4.65, 6.42
    arrow(ax, (middle, high - 0.17), (look - 0.1, low + side / 2 + 0.3), colour=readable(ORANGE))
    ax.text((middle + look) / 2 + 0.14, (high + low + side / 2) / 2 + 0.07, "query  h $W_q$", color=readable(ORANGE))
    arrow(ax, (0.1 + side, low + 0.25), (look - side / 2 - 0.06, low + 0.25), colour=readable(BLUE))
    ax.text((0.1 + side + look - side / 2) / 2, low + 0.31, "keys  $r_i W_k$", ha="center", color=readable(BLUE))
    arrow(ax, (0.1 + side, low - 0.35), (look - side / 2 - 0.06, low - 0.35), colour=readable(BLUE))
    ax.text((0.1 + side + look - side / 2) / 2, low - 0.29, "values  $r_i W_v$", ha="center", color=readable(BLUE))
    place_picture(fig, look - side / 2, low - side / 2, side, in_fog(image, weights))
    ax.text(look, low + side / 2 + 0.05, "weights", ha="center", va="bottom", size=SMALL, color=MUTED)
    arrow(ax, (look + side / 2 + 0.05, low), (found - 0.46, low))
    box(ax, found, low, "z", w=0.7, h=0.4, colour=BLUE, weight="bold")
    ax.text(found, low - 0.26, "what was found", ha="center", va="top", size=SMALL, color=MUTED)
    for k, (words_, note, colour) in enumerate(
        (("z", "z alone", BLUE), ("h + z", "their sum", GREEN), ("[h; z] W", "side by side", GREEN))
    ):
        y = 1.72 - 0.62 * k
        box(ax, end, y, words_, w=1.05, h=0.32, colour=colour)
        ax.text(end, y - 0.19, note, ha="center", va="top", size=SMALL, color=MUTED)
        arrow(ax, (found + 0.38, low + 0.1 * (1 - k)), (end - 0.56, y))
    rail = high + 0.34
    ink = readable(ORANGE)
    side_rail = end + 0.66
    ax.plot([middle, middle, side_rail, side_rail], [high + 0.17, rail, rail, 0.48], color=ink, lw=1.4, ls=(0, (4, 2)))
    for y in (1.1, 0.48):
        arrow(ax, (side_rail, y), (end + 0.54, y), colour=ink, head=7)
    ax.text(side_rail - 0.1, 2.5, "h, who asked, is kept", ha="right", va="center", size=SMALL, color=ink)
    return fig


def region_words(picture, words, weights, framed=None, width=4.6):
    """Which word each region looks at most, written into the region -> Figure.

    - ``picture``: see ``pictures.pixels``; ``words``: L of them; ``weights``: (rows, columns, L);
    - ``framed``: bool (rows, columns), the regions that stand out, such as those that show a thing; None: none.

    Raises ValueError when there is not a weight for each word, or ``framed`` has another shape.
    """
    weights = np.asarray(weights, "float64")
    if weights.ndim != 3 or weights.shape[2] != len(words):
        raise ValueError(f"Received: {len(words)} words, weights of shape {weights.shape}. Allowed: a weight a word.")
    image, (rows, columns, _) = pixels(picture), weights.shape
    framed = np.zeros((rows, columns), bool) if framed is None else np.asarray(framed, bool)
    if framed.shape != (rows, columns):
        raise ValueError(f"Received: framed of shape {framed.shape}. Allowed: {(rows, columns)}.")
    height = width * image.shape[0] / image.shape[1]
    fig = figure(width, height, layout=None)
    ax = axes(fig, 0, 0, 1, 1)
    show(ax, np.round(0.45 * image + 0.55 * np.array([255, 255, 255])).astype("uint8"))
    top = weights.argmax(axis=2)
    for row in range(rows):
        for column in range(columns):
            on = framed[row, column]
            if on:
                ax.add_patch(
                    Rectangle((column / columns, row / rows), 1 / columns, 1 / rows, alpha=0.72, linewidth=1.0,
                              facecolor=mix(PAPER, ORANGE, 0.3), edgecolor=readable(ORANGE), zorder=2)
                )  # fmt: skip
            word = drawable(words[top[row, column]])
            size = min(SMALL, SMALL * 0.92 * width / columns / max(text_width(word, SMALL, "bold"), 1e-6))
            ax.text((column + 0.5) / columns, (row + 0.5) / rows, word, ha="center", va="center", size=size,
                    color=INK if on else MUTED, weight="bold" if on else "normal", zorder=3)  # fmt: skip
    return fig
