"""What is true of a scene, drawn: masks and boxes, graph, sound and film; how often what occurs."""

import numpy as np
from matplotlib import mlab
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from mmcourse.plots.diagrams import canvas
from mmcourse.plots.look import (
    BASELINE,
    BLUE,
    COLOURS,
    COLUMN,
    DARKER,
    INK,
    MUTED,
    PAPER,
    RULE,
    SERIES,
    SMALL,
    WASH,
    axes,
    figure,
    mix,
    text_width,
    to_rgb,
    wrap,
)
from mmcourse.plots.pictures import SIZE, outline, pixels, place_picture, show
from mmcourse.scenes.image import boxes, masks


def masks_and_boxes(scene):
    """A scene three times: its picture, the masks of its things, and the boxes around them -> Figure."""
    gap, above = 0.18, 0.27
    side = (COLUMN - 2 * gap) / 3
    height = side + above
    fig = figure(COLUMN, height, layout=None)
    places = []
    for k, title in enumerate(("picture", "masks", "boxes")):
        left = k * (side + gap)
        places.append(axes(fig, left / COLUMN, 0, side / COLUMN, side / height))
        fig.text(left / COLUMN, 1 - 0.04 / height, title, va="top", weight="bold")
    image = pixels(scene)
    show(places[0], image)
    flat = np.tile(to_rgb(WASH), (SIZE, SIZE, 1))
    for thing, mask in zip(scene.things, masks(scene, SIZE), strict=True):
        colour = to_rgb(COLOURS[thing.colour])
        flat = flat * (1 - mask[..., None]) + colour * mask[..., None]
    show(places[1], flat.round().astype("uint8"))
    show(places[2], image)
    for ax in places[1:]:
        for thing, (x0, y0, x1, y1) in zip(scene.things, boxes(scene, SIZE) / SIZE, strict=True):
            if ax is places[2]:
                outline(ax, x0, y0, x1 - x0, y1 - y0)
            # Above the thing, or below it where there is no room above; never past the picture's sides.
            half = text_width(thing.shape, SMALL) / side / 2 + 0.03
            x, up = np.clip((x0 + x1) / 2, half, 1 - half), y0 > 0.12
            ax.text(
                x, y0 - 0.03 if up else y1 + 0.03, thing.shape, size=SMALL, ha="center", va="bottom" if up else "top",
                color=INK, bbox={"boxstyle": "round,pad=0.15", "facecolor": PAPER, "edgecolor": "none", "alpha": 0.85},
            )  # fmt: skip
    return fig


def scene_graph(scene, picture=None):
    """The things of a scene as nodes, and what is left of and above what as labelled arrows -> Figure.

    Nodes stand on an oval, in the order and about in the direction in which the things lie around their centre. Of
    each pair of opposite relations one is drawn. ``scene`` is true or detected; ``picture``: what to show beside it.
    """
    n, wide, tall, bend = len(scene), 1.16, 0.52, 0.16
    if picture is None:
        left, width, height = 0.0, 5.6, 3.3
    else:
        left, width, height = 2.75, COLUMN - 2.75, 2.6
    fig, ax = canvas(left + width, height)
    if picture is not None:
        place_picture(fig, 0, 0, height, pixels(picture))
    centres = np.array([(t.x, -t.y) for t in scene.things], "float64").reshape(n, 2)
    angles = np.arctan2(*(centres - centres.mean(0)).T[::-1]) if n else np.empty(0)
    order = np.argsort(angles)
    even = 2 * np.pi * np.arange(n) / max(n, 1)
    even += np.angle(np.exp(1j * (angles[order] - even)).sum())
    reach = np.array([(width - wide) / 2 - 0.1, (height - tall) / 2 - 0.1]) * (n > 1)
    places = np.empty((n, 2))
    places[order] = [left + width / 2, height / 2] + reach * np.stack([np.cos(even), np.sin(even)], 1)
    nodes = []
    for thing, (x, y) in zip(scene.things, places, strict=True):
        fill, edge = mix(PAPER, COLOURS[thing.colour], 0.25), COLOURS[thing.colour]
        style = "round,pad=0,rounding_size=0.1"
        corner = (x - wide / 2, y - tall / 2)
        nodes.append(FancyBboxPatch(corner, wide, tall, style, facecolor=fill, edgecolor=edge, linewidth=1.6, zorder=3))
        ax.add_patch(nodes[-1])
        ax.text(x, y + 0.1, thing.shape, ha="center", va="center", weight="bold", zorder=4)
        ax.text(x, y - 0.12, f"{thing.size}, {thing.colour}", ha="center", va="center", size=SMALL, zorder=4)
    told = {}
    for i, relation, j in scene.relations():
        if relation in ("left of", "above"):
            told.setdefault((i, j), []).append(relation)
    for (i, j), relations in told.items():
        ax.add_patch(
            FancyArrowPatch(
                places[i], places[j], patchA=nodes[i], patchB=nodes[j], arrowstyle="-|>", mutation_scale=11,
                color=MUTED, linewidth=1.4, shrinkA=2, shrinkB=3, connectionstyle=f"arc3,rad={bend}", zorder=2,
            )
        )  # fmt: skip
        # On the arrow's curve, nearer to its beginning, where no other arrow's words are.
        dx, dy = places[j] - places[i]
        control, t = (places[i] + places[j]) / 2 + bend * np.array([dy, -dx]), 0.42
        x, y = (1 - t) ** 2 * places[i] + 2 * t * (1 - t) * control + t**2 * places[j]
        ax.text(
            x, y, " and ".join(relations), ha="center", va="center", size=SMALL, color=MUTED, zorder=5,
            bbox={"boxstyle": "round,pad=0.12", "facecolor": PAPER, "edgecolor": "none"},
        )  # fmt: skip
    return fig


def sound_picture(audio, rate, marks=(), top=5000):
    """A sound to be looked at: the wave of each channel, and the spectrogram of both together -> Figure.

    - ``audio``: float (n,) or (n, channels) in [-1, 1]; ``rate``: samples a second;
    - ``marks``: pairs (seconds, words) written above, where something begins; ``top``: the highest frequency, in hertz.
    """
    audio = np.asarray(audio, "float64")
    audio = audio[:, None] if audio.ndim == 1 else audio
    channels, seconds = audio.shape[1], len(audio) / rate
    names = ("left", "right") if channels == 2 else ("",) * channels
    fig = figure(COLUMN, 1.9 + 0.62 * channels)
    grid = fig.subplots(channels + 1, 1, sharex=True, height_ratios=[1] * channels + [2.4])
    time, loudest = np.arange(len(audio)) / rate, max(np.abs(audio).max(initial=0), 1e-9)
    for k, ax in enumerate(grid[:-1]):
        ax.plot(time, audio[:, k], color=SERIES[k], lw=0.5, rasterized=True)
        ax.set_ylim(-1.1 * loudest, 1.1 * loudest)
        ax.set_yticks([])
        ax.set_ylabel(names[k], rotation=0, ha="right", va="center", labelpad=10)
        ax.grid(False)
        ax.tick_params(bottom=False)
    power, frequency, middle = mlab.specgram(audio.mean(1), NFFT=512, Fs=rate, noverlap=384)
    decibels = 10 * np.log10(power[frequency <= top] + 1e-16)
    ax = grid[-1]
    ax.imshow(
        decibels, origin="lower", aspect="auto", extent=(middle[0], middle[-1], 0, top / 1000), cmap=DARKER,
        vmin=decibels.max() - 60, vmax=decibels.max(), interpolation="nearest",
    )  # fmt: skip
    ax.set_ylabel("kHz", rotation=0, ha="right", va="center", labelpad=8)
    ax.grid(False)
    ax.set_xlim(0, seconds)
    ax.set_xlabel("seconds")
    for start, words in marks:
        for one in grid:
            one.axvline(start, color=BASELINE, lw=1.1, ls=(0, (3, 2)))
        grid[0].annotate(
            words, (start, 1), xycoords=("data", "axes fraction"), xytext=(2, 3), textcoords="offset points",
            size=SMALL, va="bottom", color=INK,
        )  # fmt: skip
    return fig


def film_strip(frames, events=(), fps=12, columns=4):
    """The frames of a film at which something happens, the first and the last among them -> Figure.

    ``frames``: uint8 (t, h, w, 3), ``fps`` of them a second; ``events``: pairs (frame, words), written below.
    """
    told = {0: [], len(frames) - 1: []}
    for frame, words in events:
        told.setdefault(frame, []).append(words)
    chosen = sorted(told)
    columns = min(columns, len(chosen))
    gap, above, line = 0.16, 0.25, SMALL * 1.42 / 72
    side = (COLUMN - gap * (columns - 1)) / columns
    below = {k: wrap("; ".join(told[k]), side, SMALL) for k in chosen}
    rows = [chosen[i : i + columns] for i in range(0, len(chosen), columns)]
    picture = side * frames.shape[1] / frames.shape[2]
    tall = [above + picture + 0.1 + line * max(len(below[k]) for k in row) for row in rows]
    height = sum(tall) + gap * (len(rows) - 1)
    fig, top = figure(COLUMN, height, layout=None), height
    for row, high in zip(rows, tall, strict=True):
        for place, k in enumerate(row):
            left = place * (side + gap)
            fig.text(left / COLUMN, (top - 0.04) / height, f"{k / fps:.1f} s", va="top", weight="bold", size=SMALL)
            show(axes(fig, left / COLUMN, (top - above - picture) / height, side / COLUMN, picture / height), frames[k])
            for i, words in enumerate(below[k]):
                y = top - above - picture - 0.08 - i * line
                fig.text(left / COLUMN, y / height, words, va="top", size=SMALL, color=INK)
        top -= high + gap
    return fig


def pair_counts(counts, rows, columns):
    """How often each pair occurs, as a table of shaded cells; pairs that never occur are crossed out -> Figure.

    ``counts``: whole numbers (rows, columns); ``rows``, ``columns``: their names.
    """
    counts = np.asarray(counts)
    left, top, wide, tall = 0.85, 0.32, 1.0, 0.36
    width, height = left + wide * len(columns) + 0.05, top + tall * len(rows) + 0.05
    fig, ax = canvas(width, height)
    for j, name in enumerate(columns):
        ax.text(left + (j + 0.5) * wide, height - top / 2, name, ha="center", va="center", color=MUTED)
    for i, name in enumerate(rows):
        y = height - top - (i + 0.5) * tall
        ax.text(left - 0.12, y, name, ha="right", va="center", color=MUTED)
        for j in range(len(columns)):
            fill = mix(PAPER, BLUE, 0.55 * counts[i, j] / max(counts.max(), 1))
            corner = (left + j * wide + 0.02, y - tall / 2 + 0.02)
            ax.add_patch(Rectangle(corner, wide - 0.04, tall - 0.04, facecolor=fill, edgecolor=RULE, linewidth=0.6))
            if counts[i, j]:
                ax.text(left + (j + 0.5) * wide, y, f"{counts[i, j]:,}", ha="center", va="center", color=INK)
            else:
                ax.text(left + (j + 0.5) * wide, y, "held out", ha="center", va="center", size=SMALL, color=MUTED)
    return fig
