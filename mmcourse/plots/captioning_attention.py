"""Soft and hard attention drawn: what is seen by the same weights, and by which way they learn."""

import numpy as np

from mmcourse.plots.diagrams import arrow, box, canvas
from mmcourse.plots.look import (
    BLUE,
    COLUMN,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    SMALL,
    TEXT,
    drawable,
    readable,
    text_width,
)
from mmcourse.plots.pictures import EXAMPLE, in_fog, pixels, place_picture

WAYS = (
    ("soft", BLUE, "weighted mean\nof all regions",
     "the gradient passes:\neach weight learns what\nits region was worth"),
    ("hard", ORANGE, "one region,\ndrawn",
     "no gradient passes: a\nreward for the draw makes\nit likelier, or less likely"),
    ("gumbel", GREEN, "one region,\ndrawn",
     "a borrowed gradient, that\nof a softer draw; it passes,\nand is another one"),
)  # fmt: skip


def schematic_looking(picture=None, weights=None, drawn=None, word="star"):
    """The same attention weights used softly, and for a draw that learns in one of two ways -> Figure.

    - ``picture``: see ``pictures.pixels`` (default: one scene with a red star); ``weights``: (rows, columns), those of
      the next word (default: on the star, as an example);
    - ``drawn``: (row, column), the region that is drawn (default: the likeliest); ``word``: what is written next.

    Raises ValueError for a region that the weights do not have.
    """
    picture = EXAMPLE if picture is None else picture
    weights = _example() if weights is None else np.asarray(weights, "float64")
    drawn = np.unravel_index(weights.argmax(), weights.shape) if drawn is None else tuple(drawn)
    if len(drawn) != 2 or not all(0 <= at < size for at, size in zip(drawn, weights.shape, strict=True)):
        raise ValueError(f"Received: drawn={drawn!r}. Allowed: (row, column) of {weights.shape}.")
    one = np.zeros_like(weights)
    one[tuple(drawn)] = 1
    image, width, height, side, pitch = pixels(picture), COLUMN, 3.62, 0.98, 1.13
    fig, ax = canvas(width, height)
    left, look, seen = 1.30, 2.9, 4.42
    middle = 0.10 + side / 2 + pitch
    ax.text(0.06, height - 0.06, "the weights", va="top", weight="bold")
    ax.text(look, height - 0.06, "what is looked at", va="top", ha="center", weight="bold")
    ax.text(seen, height - 0.06, "what is seen", va="top", ha="center", weight="bold")
    ax.text(width - 0.05, height - 0.06, "how the weights learn", va="top", ha="right", weight="bold")
    place_picture(fig, 0.06, middle - 0.62, 1.24, in_fog(image, weights))
    ax.text(0.06, middle - 0.70, f"before “{drawable(word)}”,\na share for each region", va="top", size=SMALL,
            color=MUTED, linespacing=1.25)  # fmt: skip
    for k, (name, colour, what, learns) in enumerate(WAYS):
        y, ink = middle + (1 - k) * pitch, readable(colour)
        arrow(ax, (left + 0.05, middle + 0.22 * (1 - k)), (look - side / 2 - 0.06, y + 0.1 * (1 - k)), colour=ink)
        place_picture(fig, look - side / 2, y - side / 2, side, in_fog(image, weights if name == "soft" else one))
        arrow(ax, (look + side / 2 + 0.05, y + 0.16), (seen - 0.42, y + 0.16), colour=ink)
        box(ax, seen, y + 0.16, name, w=0.8, h=0.34, colour=colour, weight="bold")
        ax.text(seen, y - 0.06, what, ha="center", va="top", size=SMALL, color=MUTED, linespacing=1.25)
        stops = name == "hard"
        arrow(ax, (width - 1.92, y + 0.16), (seen + 0.44, y + 0.16), colour=MUTED if stops else ink, dashed=True)
        if stops:
            x = (width - 1.92 + seen + 0.44) / 2
            ax.plot([x - 0.05, x + 0.05], [y + 0.05, y + 0.27], color=MUTED, lw=2.2, zorder=5)
            ax.plot([x - 0.05, x + 0.05], [y + 0.27, y + 0.05], color=MUTED, lw=2.2, zorder=5)
        ax.text(width - 0.05, y + 0.1, learns, ha="right", va="center", size=SMALL, color=ink, linespacing=1.3)
    return fig


def looks_over_words(picture, words, rows, shares=None):
    """Several ways of looking, one below the other: for each word of a caption the picture, clear only where it was
    looked -> Figure.

    - ``picture``: see ``pictures.pixels``; ``words``: L of them; ``rows``: {name: (L, rows, columns)}, not negative;
    - ``shares``: {name: L numbers or None}: the share of the weight that lies on what the word speaks of, written below
      its picture.

    Raises ValueError where a row has not one map for each word.
    """
    image, gap, above, below = pixels(picture, 200), 0.07, 0.25, 0.2
    side = (COLUMN - gap * (len(words) - 1)) / len(words)
    pitch, top = above + side + below, 0.28
    height = top + pitch * len(rows)
    fig, ax = canvas(COLUMN, height)
    for k, word in enumerate(words):
        word = drawable(word)
        size = min(TEXT, TEXT * side / max(text_width(word, TEXT, "bold"), 1e-6))
        ax.text(k * (side + gap), height - 0.05, word, va="top", size=size, weight="bold", color=INK)
    for line, (name, weights) in enumerate(rows.items()):
        if np.ndim(weights) != 3 or len(weights) != len(words):
            received = f"{name!r} of shape {np.shape(weights)}"
            raise ValueError(f"Received: {received}. Allowed: a map for each of {len(words)} words.")
        y = height - top - line * pitch
        ax.text(0, y - 0.03, name, va="top", size=SMALL, color=MUTED)
        for k, each in enumerate(weights):
            x = k * (side + gap)
            place_picture(fig, x, y - above - side, side, in_fog(image, each))
            share = shares and shares.get(name) and shares[name][k]
            if share is not None:
                ax.text(x + side / 2, y - above - side - 0.04, f"{share:.0%}", va="top", ha="center", size=SMALL,
                        color=MUTED)  # fmt: skip
    return fig


def _example(rows=8, columns=8, place=(0.37, 0.635), spread=0.14):
    """Weights like a round spot, (rows, columns), sum 1."""
    y, x = ((np.arange(n) + 0.5) / n for n in (rows, columns))
    spot = np.exp(-((y[:, None] - place[0]) ** 2 + (x - place[1]) ** 2) / (2 * spread**2))
    return spot / spot.sum()
