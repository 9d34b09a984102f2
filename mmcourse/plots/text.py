"""Words as points, and how a sentence becomes vectors."""

import numpy as np
from matplotlib.patches import Rectangle

from mmcourse.plots.diagrams import arrow, box, canvas
from mmcourse.plots.look import (
    BASELINE,
    BLUE,
    COLOURS,
    COLUMN,
    GREEN,
    INK,
    MARKS,
    MUTED,
    ORANGE,
    PAPER,
    SERIES,
    SMALL,
    WASH,
    figure,
    mix,
    readable,
    text_width,
)
from mmcourse.plots.projections import name_groups, plain_axes

# How far to the side of its point a name may stand, and how far above or below it, in pixels: near ones first.
_TRIES = ((6, (0, 7, -7, 12, -12)), (14, (0, 16, -16, 22, -22)), (30, (0, 12, -12, 26, -26, 36, -36)))


def word_map(points, words, kinds, height=4.3):
    """Words as points of a plane, each kind in its own colour and mark, its name beside it -> Figure.

    ``points``: (n, 2); ``words``: n str; ``kinds``: n str, at most five different ones.

    Raises ValueError when the lengths differ, or for more than five kinds.
    """
    points = np.asarray(points, "float64")
    names = list(dict.fromkeys(kinds))
    if not len(points) == len(words) == len(kinds) or len(names) > len(SERIES):
        raise ValueError(
            f"One word and one kind a point, at most {len(SERIES)} kinds. Received: {len(points)} points, "
            f"{len(words)} words, {len(kinds)} kinds, {len(names)} different."
        )
    fig = figure(COLUMN, height)
    ax = fig.add_subplot()
    for k, name in enumerate(names):
        mine = [i for i, kind in enumerate(kinds) if kind == name]
        ax.scatter(*points[mine].T, color=SERIES[k], marker=MARKS[k], s=26, label=name, zorder=3)
    low, high = points.min(0), points.max(0)
    room = (high - low) * [0.1, 0.08]
    ax.set_xlim(low[0] - room[0], high[0] + 1.6 * room[0])
    ax.set_ylim(low[1] - room[1], high[1] + room[1])
    plain_axes(ax)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.01), ncols=len(names), handletextpad=0.2, columnspacing=1.4)
    fig.canvas.draw()  # the axes' size in pixels is needed to keep names apart
    _name_points(ax, points, words, [readable(SERIES[names.index(kind)]) for kind in kinds])
    return fig


def _name_points(ax, points, words, colours):
    """Names beside their points, each at the first of some places that touches no other name and no point."""
    dpi = ax.figure.dpi
    at = ax.transData.transform(points)
    taken = [(x - 3, y - 3, x + 3, y + 3) for x, y in at]
    box = ax.get_window_extent()
    high = SMALL * 1.05 / 72 * dpi
    for i in np.argsort(-at[:, 0]):
        (x, y), wide = at[i], text_width(words[i], SMALL) * dpi
        places = [
            (x + side * reach if side > 0 else x - reach - wide, y - high / 2 + lift)
            for reach, lifts in _TRIES
            for lift in lifts
            for side in (1, -1)
        ]

        def free(place, wide=wide, own=i):
            a, b = place
            return all(
                a + wide < left or right < a or b + high < bottom or top < b
                for j, (left, bottom, right, top) in enumerate(taken)
                if j != own
            )

        inside = [p for p in places if box.x0 <= p[0] and p[0] + wide <= box.x1]
        a, b = next((place for place in inside if free(place)), (inside or places)[0])
        taken.append((a, b, a + wide, b + high))
        far = abs(a - x) > 20 and abs(a + wide - x) > 20
        ax.annotate(
            words[i],
            points[i],
            ((a - x) * 72 / dpi, (b + high / 2 - y) * 72 / dpi),
            textcoords="offset points",
            size=SMALL,
            color=colours[i],
            va="center_baseline",
            arrowprops={"arrowstyle": "-", "color": BASELINE, "lw": 0.7, "shrinkA": 0, "shrinkB": 3} if far else None,
        ).set_in_layout(False)


def vector_cloud(points, groups, fixed=None, height=4.0):
    """Vectors of one word in many sentences as points, coloured by a colour word of the world -> Figure.

    ``points``: (n, 2); ``groups``: n str, words of the palette, each written at the middle of its points;
    ``fixed``: what to write beside a star in the corner, which stands for a vector that is the same in all sentences.

    Raises ValueError for a group that is no colour of the world.
    """
    points, names = np.asarray(points, "float64"), sorted(set(groups), key=[*COLOURS, *groups].index)
    if unknown := [name for name in names if name not in COLOURS]:
        raise ValueError(f"Received: group {unknown[0]!r}. Allowed: {', '.join(COLOURS)}.")
    fig = figure(COLUMN, height)
    ax = fig.add_subplot()
    for k, name in enumerate(names):
        mine = points[[group == name for group in groups]]
        fill = COLOURS[name]
        ax.scatter(*mine.T, color=fill, edgecolor=mix(fill, INK, 0.45), lw=0.5, s=24, marker=MARKS[k], zorder=2)
    ax.margins(0.08)
    plain_axes(ax)
    name_groups(ax, {name: np.median(points[[group == name for group in groups]], axis=0) for name in names})
    if fixed is not None:
        ax.scatter(0.97, 0.07, marker="*", s=200, color=INK, transform=ax.transAxes, zorder=6)
        ax.text(
            0.945, 0.07, fixed, ha="right", va="center_baseline", color=INK, transform=ax.transAxes, zorder=6,
            bbox={"boxstyle": "round,pad=0.2", "facecolor": WASH, "edgecolor": "none", "alpha": 0.9},
        )  # fmt: skip
    return fig


def schematic_text(words=("red", "circle", "left", "blue", "square")):
    """Three ways from a sentence to vectors: a bag, one vector a word, one vector a word in its sentence -> Figure.

    ``words``: the sentence, up to six short words.
    """
    width, pitch = COLUMN, 0.46
    n = len(words)
    height = 1.12 + pitch * n
    fig, ax = canvas(width, height)
    columns = (
        ("bag", "one vector for the sentence", GREEN),
        ("static", "one vector for each word", BLUE),
        ("contextual", "one for each word in this sentence", ORANGE),
    )
    third = width / 3
    for c, (title, says, colour) in enumerate(columns):
        left = c * third + 0.08
        ax.text(left, height - 0.08, title, va="top", weight="bold", color=readable(colour))
        ax.text(left, height - 0.32, says, va="top", size=SMALL, color=MUTED)
        wide = max(text_width(word, SMALL) for word in words) + 0.2
        x, out = left + wide / 2, left + wide + 0.95
        ys = [height - 0.86 - pitch * i for i in range(n)]
        for i, (word, y) in enumerate(zip(words, ys, strict=True)):
            box(ax, x, y, word, w=wide, h=0.3, colour=BASELINE, fill=WASH, ink=INK, size=SMALL)
            if title == "bag":
                arrow(ax, (x + wide / 2 + 0.04, y), (out - 0.12, np.mean(ys)), colour=colour, lw=1.1, head=7)
            elif title == "static":
                arrow(ax, (x + wide / 2 + 0.04, y), (out - 0.04, y), colour=colour, lw=1.1, head=7)
                _vector(ax, out, y, colour, seed=i)
            else:
                for j, other in enumerate(ys):
                    own = i == j
                    arrow(
                        ax, (x + wide / 2 + 0.04, other), (out - 0.04, y),
                        colour=colour if own else mix(PAPER, colour, 0.5), lw=1.3 if own else 0.7, head=7 if own else 1,
                    )  # fmt: skip
                _vector(ax, out, y, colour, seed=10 + i)
        if title == "bag":
            _vector(ax, out - 0.08, np.mean(ys), colour, seed=4)
        foot = ("order is lost", "the same in every sentence", "another in every sentence")[c]
        ax.text(left, 0.1, foot, size=SMALL, color=MUTED, va="bottom")
    return fig


def _vector(ax, x, y, colour, seed, cells=4, side=0.17):
    """A row of small squares, some darker: a vector, its left end at (x, y)."""
    for k, share in enumerate(np.random.default_rng(seed).uniform(0.12, 0.95, cells)):
        fill = mix(PAPER, colour, share)
        ax.add_patch(Rectangle((x + k * side, y - side / 2), side, side, facecolor=fill, edgecolor=PAPER, lw=1))
