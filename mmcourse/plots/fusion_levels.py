"""The levels of fusion: where in a network modalities meet, what each level reaches, and what two sensors see."""

import numpy as np

from mmcourse.plots.diagrams import arrow, box, canvas
from mmcourse.plots.look import (
    BASELINE,
    BLUE,
    COLUMN,
    DASHES,
    FAINT,
    GREEN,
    MARKS,
    MUTED,
    ORANGE,
    PURPLE,
    SERIES,
    SMALL,
    TEXT,
    as_percent,
    figure,
    readable,
)
from mmcourse.plots.pictures import place_picture


def schematic_levels():
    """Data, feature and decision level and their hybrid, side by side: where words and voice meet -> Figure."""
    width, height = COLUMN, 4.15
    fig, ax = canvas(width, height)
    column = width / 4
    titles = {"data level": "“early”", "feature level": "“intermediate”", "decision level": "“late”", "hybrid": ""}
    words, voice, join = readable(BLUE), readable(ORANGE), readable(PURPLE)
    low, encode, meet, decide, top = 0.30, 1.12, 1.86, 2.50, 3.28
    for k, (title, other) in enumerate(titles.items()):
        x = column * (k + 0.5)
        left, right = x - 0.42, x + 0.42
        ax.text(x, height - 0.05, title, ha="center", va="top", weight="bold", size=TEXT + 0.5)
        ax.text(x, height - 0.26, other, ha="center", va="top", size=SMALL, color=MUTED)
        if k:
            ax.plot([column * k] * 2, [0.08, height - 0.08], color=FAINT, lw=0.9)
        small = {"w": 0.76, "h": 0.32, "size": SMALL}
        box(ax, left, low, "words", **small)
        box(ax, right, low, "voice", **small, colour=ORANGE)
        box(ax, x, top, "label", w=0.8, h=0.34, colour=GREEN)
        if k == 0:
            box(ax, x, 0.96, "join", **small, colour=PURPLE)
            box(ax, x, meet - 0.16, "encoder", **small, colour=PURPLE)
            box(ax, x, decide, "decision", **small, colour=PURPLE)
            arrow(ax, (left, low + 0.17), (x - 0.2, 0.79), words)
            arrow(ax, (right, low + 0.17), (x + 0.2, 0.79), voice)
            for a, b in ((1.13, meet - 0.33), (meet + 0.01, decide - 0.17), (decide + 0.17, top - 0.18)):
                arrow(ax, (x, a), (x, b), join)
            continue
        box(ax, left, encode, "encoder", **small)
        box(ax, right, encode, "encoder", **small, colour=ORANGE)
        arrow(ax, (left, low + 0.17), (left, encode - 0.17), words)
        arrow(ax, (right, low + 0.17), (right, encode - 0.17), voice)
        if k == 1:
            box(ax, x, meet, "join", **small, colour=PURPLE)
            box(ax, x, decide, "decision", **small, colour=PURPLE)
            arrow(ax, (left, encode + 0.17), (x - 0.2, meet - 0.17), words)
            arrow(ax, (right, encode + 0.17), (x + 0.2, meet - 0.17), voice)
            arrow(ax, (x, meet + 0.17), (x, decide - 0.17), join)
            arrow(ax, (x, decide + 0.17), (x, top - 0.18), join)
            continue
        one = meet if k == 2 else 2.02
        sides = ((left, words, BLUE), (right, voice, ORANGE))
        for at, ink, colour in sides:
            at = at if k == 2 else at + (-0.06 if at < x else 0.06)
            arrow(ax, (at, encode + 0.17), (at, one - 0.17), ink)
            box(ax, at, one, "decision", w=0.76, h=0.32, size=SMALL, colour=colour)
        if k == 2:
            box(ax, x, decide, "join", **small, colour=PURPLE)
            arrow(ax, (left, one + 0.17), (x - 0.2, decide - 0.17), words)
            arrow(ax, (right, one + 0.17), (x + 0.2, decide - 0.17), voice)
            arrow(ax, (x, decide + 0.17), (x, top - 0.18), join)
        else:
            # The third decision, of the joined features, stands between and below the two others.
            box(ax, x, 1.58, "join", w=0.56, h=0.28, size=SMALL, colour=PURPLE)
            arrow(ax, (left + 0.12, encode + 0.17), (x - 0.14, 1.43), words, head=7)
            arrow(ax, (right - 0.12, encode + 0.17), (x + 0.14, 1.43), voice, head=7)
            arrow(ax, (x, 1.73), (x, 2.26), join)
            box(ax, x, 2.42, "decision", **small, colour=PURPLE)
            box(ax, x, 2.88, "join", w=0.56, h=0.26, size=SMALL, colour=PURPLE)
            arrow(ax, (left - 0.06, one + 0.17), (x - 0.3, 2.84), words, bend=-0.25)
            arrow(ax, (right + 0.06, one + 0.17), (x + 0.3, 2.84), voice, bend=0.25)
            arrow(ax, (x, 2.59), (x, 2.74), join, head=7)
            arrow(ax, (x, 3.02), (x, top - 0.18), join, head=7)
    return fig


def level_panels(panels, curves, titles, xlabels, floor=0.5, height=3.5):
    """Accuracy of several methods over several sweeps, one panel a sweep, shared names below -> Figure.

    - ``panels``: {sweep: {point: {name: {"value": v, "interval": [low, high]}}}}, points in order;
    - ``curves``: {name in the panels: words for it}; what is called "ceiling" or ends with "alone" is grey;
    - ``titles``, ``xlabels``: for each panel; ``floor``: the accuracy of blindness.
    """
    fig = figure(COLUMN, height)
    places = fig.subplots(1, len(panels), sharey=True)
    handles = {}
    for ax, points, title, xlabel in zip(np.atleast_1d(places), panels.values(), titles, xlabels, strict=True):
        x, colour = np.arange(len(points)), 0
        ax.axhline(floor, color=BASELINE, lw=1.6, ls=(0, (4, 2)), zorder=1)
        for name, words in curves.items():
            here = [points[p].get(name) for p in points]
            if None in here:
                continue
            grey = name == "ceiling" or words.endswith("alone")
            style = {"color": MUTED, "lw": 1.3, "ls": ":" if name == "ceiling" else "-", "marker": None}
            if not grey:
                style = {"color": SERIES[colour], "ls": DASHES[colour], "marker": MARKS[colour]}
                colour += 1
            elif words.endswith("alone"):
                style |= {"marker": "+" if "words" in words else "x", "ls": "-", "color": BASELINE}
            y = [one["value"] for one in here]
            if not grey:
                low, high = zip(*(one["interval"] for one in here), strict=True)
                ax.fill_between(x, low, high, color=style["color"], alpha=0.15, linewidth=0)
            handles[words] = ax.plot(x, y, **style)[0]
        ax.set_xticks(x, list(points), size=SMALL - 1)
        ax.set_title(title, size=TEXT)
        ax.set_xlabel(xlabel, size=SMALL)
        ax.yaxis.set_major_formatter(as_percent)
        ax.set_ylim(0.4, 1.03)
    fig.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=4)
    return fig


def sensor_pictures(batch, labels, moved=None):
    """Scenes as two sensors see them: a column a scene, shapes above, colours below -> Figure.

    ``batch``: {"shape": (n, h, w, 1), "colour": (n, h, w, 3)} in [0, 1]; ``labels``: words for each; ``moved``: the
    colours moved against the shapes, (n, h, w, 3), as a third row.
    """
    rows = [("shapes", batch["shape"]), ("colours", batch["colour"])]
    rows += [("colours, moved", moved)] if moved is not None else []
    n, side, gap, left, above = len(labels), 1.15, 0.12, 1.2, 0.28
    width, height = left + n * (side + gap), above + len(rows) * (side + gap)
    fig, ax = canvas(width, height)
    for k, words in enumerate(labels):
        x = left + k * (side + gap)
        ax.text(x + side / 2, height - 0.05, words, ha="center", va="top", size=SMALL)
        for row, (_, pictures) in enumerate(rows):
            picture = np.repeat(pictures[k], 3 // pictures.shape[-1], axis=-1)
            low = height - above - (row + 1) * side - row * gap
            place_picture(fig, x, low, side, np.round(255 * picture).astype(np.uint8))
    for row, (words, _) in enumerate(rows):
        y = height - above - (row + 0.5) * side - row * gap
        ax.text(left - 0.1, y, words, ha="right", va="center", size=SMALL, color=MUTED)
    return fig
