"""Visual question answering drawn: a question that looks and looks again, and where the hops of a model look."""

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
    SMALL,
    TEXT,
    axes,
    drawable,
    figure,
    readable,
    wrap,
)
from mmcourse.plots.pictures import LINE, in_fog, outline, pixels, place_picture, show


def schematic_hops(picture, question, weights, answer):
    """Stacked attention: the question asks, the regions answer, what was found is added, and the sum asks again ->
    Figure.

    - ``picture``: see ``pictures.pixels``; ``question`` and ``answer``: str;
    - ``weights``: (2, rows, columns), where the two hops look.

    Raises ValueError for another number of hops.
    """
    weights = _two(weights)
    image, width, height = pixels(picture), COLUMN, 3.3
    fig, ax = canvas(width, height)
    ink, blue = readable(ORANGE), readable(BLUE)
    rail, side, low = 2.33, 1.18, 0.34
    ax.text(0.06, height - 0.06, drawable(f"“{question}”"), va="top", weight="bold", color=ink)
    ax.text(0.06, low + side + 0.06, "regions $r_i$", va="bottom", size=SMALL, color=blue)
    place_picture(fig, 0.06, low, side, image)
    places = [0.84, 3.18, 5.4]  # of u before, between and after the hops
    names = ("$u_0$: the question", "$u_1$", "$u_2$")
    arrow(ax, (0.66, height - 0.32), (0.66, rail + 0.2), colour=ink)
    for k, (x, name) in enumerate(zip(places, names, strict=True)):
        box(ax, x, rail, name, w=1.5 if k == 0 else 0.6, h=0.36, colour=ORANGE if k == 0 else GREEN)
    for k, weight in enumerate(weights):
        left, right = places[k] + (0.78 if k == 0 else 0.32), places[k + 1]
        middle = right - 0.92
        arrow(ax, (left, rail), (right - 0.32, rail))
        place_picture(fig, middle - side / 2, low, side, in_fog(image, weight))
        arrow(ax, (middle - 0.32, rail - 0.02), (middle - 0.32, low + side + 0.04), colour=ink)
        ax.text(middle - 0.38, (rail + low + side) / 2, "asks", ha="right", va="center", size=SMALL, color=ink)
        arrow(ax, (middle + 0.32, low + side + 0.04), (right - 0.1, rail - 0.2), colour=blue)
        ax.text(right + 0.02, (rail + low + side) / 2 - 0.04, f"+ $z_{k + 1}$", va="center", size=TEXT, color=blue)
        ax.text(middle, low - 0.06, f"hop {k + 1}: weights $a_i$", ha="center", va="top", size=SMALL, color=MUTED)
    box(ax, 6.58, rail, drawable(answer), w=0.94, h=0.36, colour=BASELINE, fill=PAPER, ink=INK, weight="bold")
    arrow(ax, (places[-1] + 0.32, rail), (6.09, rail))
    ax.text(6.58, rail + 0.24, "answer", ha="center", va="bottom", size=SMALL, color=MUTED)
    return fig


def question_hops(pictures, questions, weights, answers, marked=None):
    """Where the two hops look for several questions: a row each, the question and both answers, the picture, and a copy
    for each hop that is clear where it looks -> Figure.

    - ``pictures``: see ``pictures.pixels``; ``questions``: str; ``weights``: (n, 2, rows, columns);
    - ``answers``: (given, right) of each, str;
    - ``marked``: bool (n, rows, columns), the cells of what the answer is read from, framed in the picture; or None.

    Raises ValueError when the numbers differ.
    """
    n = len(pictures)
    if not n == len(questions) == len(weights) == len(answers) == (n if marked is None else len(marked)) or not n:
        raise ValueError(
            f"Received: {n} pictures, {len(questions)} questions, {len(weights)} weights. Allowed: as many."
        )
    side, gap, words, above = 1.55, 0.14, 2.12, 0.26
    height = above + n * side + (n - 1) * gap
    fig = figure(COLUMN, height, layout=None)
    starts = [words + k * (side + gap) for k in range(3)]
    for x, title in zip(starts, ("the picture", "hop 1", "hop 2"), strict=True):
        fig.text(x / COLUMN, 1 - 0.03 / height, title, va="top", size=SMALL, color=MUTED)
    for row in range(n):
        image, y = pixels(pictures[row]), height - above - row * (side + gap) - side
        given, right = answers[row]
        lines = wrap(drawable(questions[row]), words - 0.12)
        for k, line in enumerate(lines):
            fig.text(0.06 / COLUMN, (y + side - 0.04 - k * TEXT * LINE / 72) / height, line, va="top")
        below = (y + side - 0.12 - len(lines) * TEXT * LINE / 72) / height
        colour = readable(GREEN) if given == right else readable(ORANGE)
        said = f"“{given}”" + (", right" if given == right else f"; it is “{right}”")
        fig.text(0.06 / COLUMN, below, drawable(said), va="top", color=colour, weight="bold")
        for k, x in enumerate(starts):
            ax = axes(fig, x / COLUMN, y / height, side / COLUMN, side / height)
            show(ax, image if k == 0 else in_fog(image, _two(weights[row])[k - 1]))
            if k == 0 and marked is not None and np.any(marked[row]):
                down, across = np.nonzero(marked[row])
                rows, columns = np.shape(marked[row])
                high, wide = down.max() + 1 - down.min(), across.max() + 1 - across.min()
                outline(ax, across.min() / columns, down.min() / rows, wide / columns, high / rows)
    return fig


def _two(weights):
    weights = np.asarray(weights, "float64")
    if weights.ndim != 3 or len(weights) != 2:
        raise ValueError(f"Received: weights of shape {weights.shape}. Allowed: (2, rows, columns), two hops.")
    return weights
