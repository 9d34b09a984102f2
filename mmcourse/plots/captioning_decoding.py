"""Beam search as a tree: how it keeps some words and drops others."""

import numpy as np
from matplotlib.patches import Rectangle

from mmcourse.plots.diagrams import box, canvas
from mmcourse.plots.look import (
    BASELINE,
    BLUE,
    COLUMN,
    GREEN,
    INK,
    MUTED,
    PAPER,
    RULE,
    SMALL,
    TEXT,
    WASH,
    drawable,
    mix,
    text_width,
)


def beam_tree(steps, best=None, score="score", decimals=2, width=COLUMN):
    """Beam search as a tree: at each step the words that were tried, which were kept and which dropped -> Figure.

    ``steps``: for each step a list of tries ``(parent, word, score, kept)``: ``parent`` is the place of the beginning
    it continues in the step before's list (0 in the first step, whose parent is the start), ``score`` a number (higher
    is better), ``kept`` whether the try is in the beam afterwards. A word ``"end"`` finishes a caption.
    ``best``: (step, place) of the try that wins, whose path is drawn heavier. ``score`` names the number.

    Raises ValueError for a parent that is not there.
    """
    for t, step in enumerate(steps):
        there = len(steps[t - 1]) if t else 1
        for parent, word, *_ in step:
            if not 0 <= parent < there:
                raise ValueError(f"Received: parent={parent} of {word!r} in step {t}. Allowed: 0 to {there - 1}.")
    path, at = set(), best
    while at is not None:
        path.add(at)
        at = (at[0] - 1, steps[at[0]][at[1]][0]) if at[0] else None
    words = [word for step in steps for _, word, *_ in step]
    w = max(0.62, max(text_width(drawable(word), TEXT, "bold") for word in words) + 0.2)
    number = max(text_width(_score(s, decimals), SMALL) for step in steps for _, _, s, _ in step) + 0.1
    pitch_y, top, start_w = 0.40, 0.40, 0.62
    needed = start_w + len(steps) * (w + number + 0.34)
    room = (width - start_w - 0.04 - len(steps) * (w + number)) / len(steps)
    size = TEXT if room >= 0.22 else SMALL
    width = max(width, needed) if room < 0.22 else width
    pitch = (width - start_w - 0.04) / len(steps)
    most = max(len(step) for step in steps)
    height = top + pitch_y * most + 0.34
    fig, ax = canvas(width, height)
    centre = 0.34 + pitch_y * most / 2
    box(ax, start_w / 2 + 0.02, centre, "start", w=start_w, h=0.28, colour=BASELINE, fill=WASH, ink=MUTED, size=size)
    places = {}
    for t, step in enumerate(steps):
        right = start_w + 0.04 + (t + 1) * pitch - number
        ax.text(right - w / 2, height - 0.08, f"step {t + 1}", ha="center", va="top", size=SMALL, color=MUTED)
        order = sorted(range(len(step)), key=lambda i: -step[i][2])
        for row, i in enumerate(order):
            _, word, value, kept = step[i]
            y = centre + (len(step) / 2 - row - 0.5) * pitch_y
            places[t, i] = (right - w / 2, y)
            colour = GREEN if word == "end" and kept else BLUE if kept else BASELINE
            heavy = (t, i) in path
            box(
                ax,
                right - w / 2,
                y,
                word,
                w=w,
                h=0.28,
                colour=colour,
                fill=None if kept else PAPER,
                size=size,
                weight="bold" if heavy else "normal",
                ink=INK if kept else MUTED,
            )
            ax.text(
                right + 0.06, y, _score(value, decimals), va="center_baseline", size=SMALL, color=INK if kept else MUTED
            )
    for t, step in enumerate(steps):
        for i, (parent, _, _, kept) in enumerate(step):
            x, y = places[t, i]
            if t:
                px, py = places[t - 1, parent]
                begin = (px + w / 2 + number, py)
            else:
                begin = (0.02 + start_w, centre)
            heavy = (t, i) in path
            ax.plot(
                *_bend(begin, (x - w / 2, y)),
                color=INK if heavy else BLUE if kept else BASELINE,
                lw=2.4 if heavy else 1.4 if kept else 0.9,
                ls="-" if kept else (0, (2, 2)),
                zorder=1,
            )
    _legend(ax, 0.04, 0.10, score)
    return fig


def _score(value, decimals):
    return f"{value:.{decimals}f}".replace("-", "−")


def _bend(a, b, n=30):
    """An S-shaped curve from a to b -> x (n,), y (n,)."""
    s = np.linspace(0, 1, n)
    ease = s * s * (3 - 2 * s)
    return a[0] + (b[0] - a[0]) * s, a[1] + (b[1] - a[1]) * ease


def _legend(ax, x, y, score):
    for text, colour, fill, style in (
        ("kept", BLUE, None, "-"),
        ("dropped", BASELINE, PAPER, "--"),
        ("finished", GREEN, None, "-"),
    ):
        ax.add_patch(
            Rectangle(
                (x, y - 0.055),
                0.22,
                0.13,
                facecolor=mix(PAPER, colour, 0.14) if fill is None else fill,
                edgecolor=colour,
                linewidth=1.2,
                linestyle=style,
            )
        )
        ax.text(x + 0.3, y, text, va="center", size=SMALL, color=MUTED)
        x += 0.3 + text_width(text, SMALL) + 0.24
    ax.text(x, y, f"number: {score}, higher is better", va="center", size=SMALL, color=MUTED)
    ax.plot([], [], color=RULE)
