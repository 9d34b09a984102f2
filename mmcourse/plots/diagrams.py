"""Drawings: the captioner, and how beam search keeps some words and drops others."""

import numpy as np
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from mmcourse.plots.look import (
    BASELINE,
    COLOURS,
    COLUMN,
    INK,
    MUTED,
    PAPER,
    RULE,
    SMALL,
    TEXT,
    WASH,
    axes,
    drawable,
    figure,
    mix,
    readable,
    text_width,
)
from mmcourse.plots.pictures import _veil, pixels, show

BLUE, GREEN, ORANGE = COLOURS["blue"], COLOURS["green"], COLOURS["orange"]


def canvas(width, height):
    """A figure with one pair of axes whose units are inches, origin below left -> (Figure, Axes)."""
    fig = figure(width, height, layout=None)
    ax = axes(fig, 0, 0, 1, 1)
    ax.set_xlim(0, width)
    ax.set_ylim(0, height)
    return fig, ax


def box(ax, x, y, text, w=0.8, h=0.4, colour=BLUE, fill=None, size=TEXT, weight="normal", ink=None):
    """A rounded box with words, centred at (x, y) in inches."""
    fill = mix(PAPER, colour, 0.14) if fill is None else fill
    ax.add_patch(
        FancyBboxPatch(
            (x - w / 2, y - h / 2),
            w,
            h,
            boxstyle="round,pad=0,rounding_size=0.08",
            facecolor=fill,
            edgecolor=colour,
            linewidth=1.3,
            zorder=3,
        )
    )
    ax.text(
        x,
        y,
        text,
        ha="center",
        va="center_baseline",
        size=size,
        weight=weight,
        zorder=4,
        color=ink or readable(colour, fill),
    )


def arrow(ax, start, end, colour=MUTED, bend=0.0, dashed=False, lw=1.4, head=9):
    """An arrow between two points in inches."""
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=head,
            color=colour,
            linewidth=lw,
            shrinkA=0,
            shrinkB=0,
            connectionstyle=f"arc3,rad={bend}",
            linestyle=(0, (4, 2)) if dashed else "-",
            zorder=2,
        )
    )


def _picture(fig, x, y, side, image, width, height):
    """Put a picture with its lower left corner at (x, y) inches -> its axes."""
    ax = axes(fig, x / width, y / height, side / width, side / height)
    show(ax, image)
    return ax


def schematic_captioner(picture=None, words=("a", "red", "star"), weights=None, attention=True, rows=8, columns=8):
    """The captioner: a picture becomes regions, and a recurrent step turns what it has said, and where it looks, into
    the next word -> Figure.

    ``picture``: what stands on the left (see ``pixels``; default: one scene with a red star); ``words``: the caption
    that is written; ``weights``: (len(words) + 1, r, c) attention to draw at each step (default: on the thing, as an
    example); ``attention=False`` draws the captioner that sees only the mean of the regions.
    """
    if picture is None:
        from mmcourse.scenes.scene import Scene, Thing

        picture = Scene((Thing("star", "red", "large", 650, 380, 168), Thing("square", "blue", "small", 300, 700, 100)))
        if weights is None:
            weights = _spot(
                len(words) + 1, [(0.5, 0.5, 0.45), (0.635, 0.37, 0.16), (0.635, 0.37, 0.10), (0.45, 0.5, 0.6)]
            )
    if weights is None:
        weights = np.ones((len(words) + 1, rows, columns))
    image, n = pixels(picture), len(words) + 1
    width, height = COLUMN, 3.62 if attention else 3.1
    fig, ax = canvas(width, height)
    side, low = (1.22 if attention else 1.0), 0.30
    first, last = 2.75, width - 0.48
    pitch = (last - first) / (n - 1)
    grid_y = low + 0.02
    step_y, word_y = (1.98, 3.02) if attention else (0.95, 2.30)
    # The encoder, on the left: picture, then regions below it.
    top = height - 0.30 - side
    _picture(fig, 0.06, top, side, image, width, height)
    ax.text(0.06, height - 0.06, "picture", va="top", color=MUTED, size=SMALL)
    _grid(ax, 0.06, grid_y, side, image, rows, columns)
    arrow(ax, (0.2, top - 0.05), (0.2, grid_y + side + 0.05))
    middle = (top + grid_y + side) / 2
    ax.text(0.32, middle, "encoder (CNN)", va="center", size=SMALL, color=MUTED)
    ax.text(0.06, 0.06, f"{rows * columns} regions, each a vector", size=SMALL, color=MUTED, va="bottom")
    right = 0.06 + side
    # The recurrent step, once for each word.
    start_x = first - min(pitch, 1.05)
    box(ax, start_x, word_y, "start", w=0.66, h=0.36, colour=BASELINE, fill=WASH, ink=MUTED)
    ax.text(last + 0.42, height - 0.06, "what it has written", va="top", ha="right", color=MUTED, size=SMALL)
    for t in range(n):
        x = first + t * pitch
        word = words[t] if t < len(words) else "end"
        ending = t == len(words)
        wide = max(0.66, text_width(word) + 0.22)
        box(
            ax,
            x,
            word_y,
            drawable(word),
            w=wide,
            h=0.36,
            colour=BASELINE if ending else GREEN,
            fill=WASH if ending else None,
            ink=MUTED if ending else None,
        )
        box(ax, x, step_y, "LSTM", w=0.78, h=0.44)
        arrow(ax, (x, step_y + 0.24), (x, word_y - 0.2), colour=readable(GREEN))
        before = start_x if t == 0 else x - pitch
        arrow(ax, (before + 0.22, word_y - 0.2), (x - 0.24, step_y + 0.24), dashed=True)
        if t:
            arrow(ax, (x - pitch + 0.41, step_y), (x - 0.41, step_y), colour=BLUE)
        if attention:
            thumb = min(0.82, pitch - 0.16)
            _veil(
                axes(fig, (x - thumb / 2) / width, (low + 0.22) / height, thumb / width, thumb / height),
                image,
                weights[t],
            )
            arrow(ax, (x, low + 0.24 + thumb), (x, step_y - 0.24), colour=readable(ORANGE))
    arrow(
        ax,
        (right + 0.05, step_y - 0.3 if attention else grid_y + side / 2),
        (first - 0.42, step_y),
        colour=BLUE,
        bend=-0.12,
    )
    ax.text(
        right + 0.12,
        word_y - 0.48,
        "the word\nbefore",
        va="center",
        size=SMALL,
        color=MUTED,
        linespacing=1.2,
    )
    ax.text(
        right + 0.36,
        step_y - 0.22,
        "first state:\ntheir mean",
        va="top",
        size=SMALL,
        color=readable(BLUE),
        linespacing=1.2,
    )
    if attention:
        rail = low + 0.10
        ax.plot([right + 0.05, last + 0.41], [rail, rail], color=readable(ORANGE), lw=1.4, solid_capstyle="butt")
        for t in range(n):
            arrow(ax, (first + t * pitch, rail), (first + t * pitch, low + 0.22), colour=readable(ORANGE), head=7)
        ax.text(
            last + 0.42,
            0.06,
            "attention: where each step looks, a weighted mean of the regions",
            ha="right",
            size=SMALL,
            color=readable(ORANGE),
            va="bottom",
        )
    return fig


def _spot(n, spots, side=24):
    """Example weights: a round spot (x, y, spread) for each of ``n`` steps -> (n, side, side)."""
    y, x = np.mgrid[0:side, 0:side] / (side - 1)
    chosen = [spots[0]] + [spots[1 + i % (len(spots) - 2)] for i in range(n - 2)] + [spots[-1]]
    return np.stack([np.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * s * s)) for a, b, s in chosen])


def _grid(ax, x, y, side, image, rows, columns):
    """The regions: one square a region, in the mean colour of what it covers."""
    h, w = image.shape[0] // rows, image.shape[1] // columns
    mean = image[: h * rows, : w * columns].reshape(rows, h, columns, w, 3).mean((1, 3)) / 255
    dx, dy = side / columns, side / rows
    for r in range(rows):
        for c in range(columns):
            ax.add_patch(Rectangle((x + c * dx, y + side - (r + 1) * dy), dx * 0.88, dy * 0.88, facecolor=mean[r, c]))


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
