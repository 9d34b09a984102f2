"""Learning to rank: three ways to look at one list, and what rankers answer to several queries."""

import numpy as np
from matplotlib.patches import Rectangle

from mmcourse.plots.diagrams import box, canvas
from mmcourse.plots.look import BLUE, COLUMN, GREEN, INK, MUTED, ORANGE, SMALL, TEXT, readable, wrap
from mmcourse.plots.pictures import pixels, place_picture


def schematic_orders(pictures, grades, weights):
    """One ranked list seen point by point, pair by pair, and as a whole -> Figure.

    - ``pictures``: (n,) in the order of their scores, the first place first, see ``pictures.pixels``;
    - ``grades``: (n,) numbers;
    - ``weights``: (n, n), how much an exchange of two of them changes the score of the list (``ranking.swap_gains``).
    """
    grades, weights, n = np.asarray(grades), np.asarray(weights, "float64"), len(pictures)
    if grades.shape != (n,) or weights.shape != (n, n):
        raise ValueError(
            f"Received: {n} pictures, grades {grades.shape}, weights {weights.shape}. Allowed: (n,), (n, n)."
        )
    width, height, side, left = COLUMN, 4.86, 0.98, 1.55
    fig, ax = canvas(width, height)
    centres = left + (np.arange(n) + 0.5) * (width - left - 0.1) / n
    low = height - 0.28 - side
    for k, x in enumerate(centres):
        ax.text(x, height - 0.06, f"place {k + 1}", ha="center", va="top", size=SMALL, color=MUTED)
        place_picture(fig, x - side / 2, low, side, pixels(pictures[k]))
        ax.text(x, low - 0.08, f"grade {grades[k]:g}", ha="center", va="top", size=TEXT)
    ax.text(0.02, low + side / 2, "one list,\nbest score first", va="center", size=SMALL, color=MUTED, linespacing=1.3)
    rows = {
        "pointwise": ("is it right?", 2.82),
        "pairwise": ("which of two?", 1.72),
        "listwise": ("what is it worth?", 0.42),
    }
    for name, (question, y) in rows.items():
        ax.text(0.02, y + 0.3, name, va="bottom", size=TEXT, weight="bold", color=INK)
        ax.text(0.02, y + 0.24, question, va="top", size=SMALL, color=MUTED)
    for x, grade in zip(centres, grades, strict=True):
        good, y = grade == grades.max(), rows["pointwise"][1] + 0.27
        box(ax, x, y, "yes" if good else "no", w=0.62, h=0.34, colour=GREEN if good else ORANGE)
    turn = np.linspace(0, np.pi, 60)
    for name in ("pairwise", "listwise"):
        y = rows[name][1]
        ax.plot(centres, np.full(n, y), "o", color=INK, ms=5, zorder=4)
        for i in range(n):
            for j in range(i + 1, n):
                if grades[i] == grades[j]:
                    continue
                right = grades[i] > grades[j]
                wide = 1.6 if name == "pairwise" else 0.6 + 5 * weights[i, j] / weights.max()
                x = (centres[i] + centres[j]) / 2 - (centres[j] - centres[i]) / 2 * np.cos(turn)
                ax.plot(
                    x,
                    y + (0.1 + 0.26 * (j - i)) * np.sin(turn),
                    lw=wide,
                    color=GREEN if right else ORANGE,
                    ls="-" if right else (0, (2.2, 1.1)),
                    zorder=2,
                    solid_capstyle="butt",
                )
    ax.text(
        (centres[0] + centres[-1]) / 2, 0.14, "solid: the better one stands first · dashed: it does not",
        ha="center", va="center", size=SMALL, color=MUTED,
    )  # fmt: skip
    return fig


def answer_rows(queries, answers, grades):
    """What several rankers put first for several queries, a row a query, a frame around what is all right -> Figure.

    - ``queries``: (n,) str; ``answers``: {ranker: (n, k) pictures}, see ``pictures.pixels``;
    - ``grades``: {ranker: (n, k) shares of what was asked that hold}, 1 = all.
    """
    n, blocks = len(queries), len(answers)
    if set(answers) != set(grades) or any(np.shape(grades[a]) != (n, len(answers[a][0])) for a in answers):
        raise ValueError(f"Received: answers of {sorted(answers)}, grades of {sorted(grades)}. Allowed: one a picture.")
    k = max(len(rows[0]) for rows in answers.values())
    words, gap, middle = 1.72, 0.09, 0.3
    side = (COLUMN - words - (blocks - 1) * middle - blocks * k * gap) / (blocks * k)
    top, pitch = 0.34, max(side + 0.14, 0.66)
    width, height = COLUMN, top + n * pitch
    fig, ax = canvas(width, height)
    for b, (name, rows) in enumerate(answers.items()):
        start = words + b * (k * (side + gap) + middle)
        ax.text(start, height - 0.05, name, va="top", size=TEXT, weight="bold", color=readable(BLUE))
        for i, row in enumerate(rows):
            y = height - top - (i + 0.5) * pitch
            for j, picture in enumerate(row):
                x = start + j * (side + gap)
                if grades[name][i][j] == 1:
                    ax.add_patch(
                        Rectangle((x - 0.035, y - side / 2 - 0.035), side + 0.07, side + 0.07, fill=False, lw=2.6,
                                  edgecolor=GREEN)
                    )  # fmt: skip
                place_picture(fig, x, y - side / 2, side, pixels(picture))
    for i, query in enumerate(queries):
        y = height - top - (i + 0.5) * pitch
        ax.text(0.02, y, "\n".join(wrap(query, words - 0.16)), va="center", size=SMALL, linespacing=1.2)
    return fig
