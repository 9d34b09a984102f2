"""The cover, the logo and the icon of the book, drawn from a scene: ``python -m mmcourse.plots.cover``.

The cover shows one scene and three other modalities of it: words, sound and film. The scene and the film are rendered
by ``mmcourse.scenes.image``; the sound is drawn, not computed.
"""

import dataclasses
from math import cos, pi, sin
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import FancyBboxPatch
from PIL import Image

from mmcourse.plots.look import COLOURS, INK, PAPER, RULE, Picture, axes, mix
from mmcourse.plots.pictures import pixels
from mmcourse.scenes.image import EXTENTS
from mmcourse.scenes.scene import Scene, Thing

TARGET = Path(__file__).resolve().parents[2] / "book" / "_static"
WIDTH, HEIGHT, SIDE, GAP = 1200, 720, 660, 36  # pixels
EDGE = (HEIGHT - SIDE) // 2

SCENE = Scene(
    (
        Thing("circle", "red", "large", 270, 660, 150),
        Thing("square", "blue", "small", 770, 770, 104),
        Thing("star", "yellow", "large", 620, 330, 190),
    ),
    background=5,
)


def cover():
    """The cover: a scene on the left; its caption, its sound and its film on the right -> Figure (1200 by 720)."""
    fig = Picture(figsize=(WIDTH / 100, HEIGHT / 100), layout=None)
    FigureCanvasAgg(fig)  # measures text
    fig.patch.set_alpha(0)
    ax = axes(fig, 0, 0, 1, 1)
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(HEIGHT, 0)
    ax.patch.set_alpha(0)
    _round_image(ax, pixels(SCENE, 2 * SIDE), EDGE, EDGE, SIDE, 26)
    left, width = EDGE + SIDE + GAP, WIDTH - 2 * EDGE - SIDE - GAP
    height = (SIDE - 2 * GAP) / 3
    tops = [EDGE + k * (height + GAP) for k in range(3)]
    _card(ax, left, tops[0], width, height)
    _words(ax, left + 30, tops[0] + height / 2)
    _card(ax, left, tops[1], width, height)
    _sound(ax, left + 30, tops[1] + height / 2, width - 60, height * 0.66)
    _film(ax, left, tops[2], width, height)
    return fig


def _card(ax, x, y, w, h, fill=PAPER, edge=RULE):
    style = "round,pad=0,rounding_size=22"
    ax.add_patch(FancyBboxPatch((x, y), w, h, boxstyle=style, facecolor=fill, edgecolor=edge, linewidth=1.4))


def _round_image(ax, image, x, y, side, corner):
    drawn = ax.imshow(image, extent=(x, x + side, y + side, y), zorder=2)
    style = f"round,pad=0,rounding_size={corner}"
    clip = FancyBboxPatch((x, y), side, side, boxstyle=style, facecolor="none", edgecolor="none")
    ax.add_patch(clip)
    drawn.set_clip_path(clip)
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(HEIGHT, 0)


def _words(ax, x, y):
    """A caption, each colour word underlined with its colour."""
    lines = ((("a large ", None), ("yellow", "yellow"), (" star above", None)),
             (("a ", None), ("red", "red"), (" circle and a", None)),
             (("small ", None), ("blue", "blue"), (" square", None)))  # fmt: skip
    for k, line in enumerate(lines):
        at, base = x, y + (k - 1) * 56 + 12
        for words, colour in line:
            text = ax.text(at, base, words, family="STIXGeneral", size=28, color=INK, va="baseline")
            # Blanks at the end count, so the width is measured with a mark behind them.
            ends = [_extent(ax, text, words + "|"), _extent(ax, text, "|")]
            text.set_text(words)
            wide = ends[0] - ends[1]
            if colour:
                ax.plot([at, at + wide], [base + 12] * 2, color=COLOURS[colour], lw=5, solid_capstyle="round")
            at += wide


def _extent(ax, text, words):
    text.set_text(words)
    box = text.get_window_extent(ax.figure.canvas.get_renderer())
    return box.width / ax.figure.dpi * 100


def _sound(ax, x, y, w, h):
    """Three sounds, one a thing, each with its own rise, fall and beat."""
    n = 45
    for k in range(n):
        part, place = divmod(k, n // 3)
        t = (place + 0.5) / (n // 3)
        loud = (t**0.35) * np.exp(-2.4 * t) * 2.0 * (0.55 + 0.45 * abs(sin((3 + 2 * part) * t * pi + part)))
        colour = COLOURS[("red", "yellow", "blue")[part]]
        at = x + (k + 0.5) / n * w
        half = max(5, h / 2 * min(1, loud))
        ax.plot([at, at], [y - half, y + half], color=colour, lw=3.4, solid_capstyle="round")


def _film(ax, x, y, w, h):
    """Three frames of a film in which the star moves to the right."""
    _card(ax, x, y, w, h, fill=mix(INK, "#000000", 0.2), edge="none")
    frames, gap = 3, 14
    side = (w - 2 * 22 - (frames - 1) * gap) / frames
    for k in range(frames):
        things = [dataclasses.replace(t, x=260 + 250 * k, y=300) if t.shape == "star" else t for t in SCENE.things]
        image = pixels(Scene(tuple(things), background=0), 300)
        _round_image(ax, image, x + 22 + k * (side + gap), y + (h - side) / 2, side, 8)
    for row in (y + 20, y + h - 20):
        for at in np.arange(x + 24, x + w - 24, 26):
            ax.add_patch(FancyBboxPatch((at, row - 5), 12, 10, boxstyle="round,pad=0,rounding_size=3", facecolor=PAPER))


def outline(shape, x, y, radius, colour):
    """One shape as an SVG element, as ``scenes.image`` draws it but flat; its stroke rounds the corners."""
    wide, high = EXTENTS[shape][0] * radius, EXTENTS[shape][1] * radius
    if shape == "circle":
        return f'<circle cx="{x:g}" cy="{y:g}" r="{wide:g}" fill="{colour}"/>'
    if shape == "square":
        return (f'<rect x="{x - wide:g}" y="{y - high:g}" width="{2 * wide:g}" height="{2 * high:g}" '
                f'rx="{0.2 * radius:g}" fill="{colour}"/>')  # fmt: skip
    tips, tip, valley, down, r = {"triangle": (3, 0.94, 0.47, 0.235, 0.16), "star": (5, 0.93, 0.5, 0.09, 0.095)}[shape]
    points = []
    for k in range(2 * tips):
        a, length = pi * k / tips, (tip, valley)[k % 2] * radius
        points.append(f"{x + length * sin(a):.2f},{y + down * radius - length * cos(a):.2f}")
    return (f'<polygon points="{" ".join(points)}" fill="{colour}" stroke="{colour}" '
            f'stroke-width="{2 * r * radius:g}" stroke-linejoin="round"/>')  # fmt: skip


def logo():
    """The mark: a square, a circle and a star that lean on one another -> SVG (str), for light and dark pages."""
    parts = [
        outline("square", 24, 27, 21, COLOURS["blue"]),
        outline("circle", 59, 60, 25, COLOURS["red"]),
        outline("star", 62, 27, 23, COLOURS["yellow"]),
        outline("triangle", 26, 65, 21, COLOURS["green"]),
    ]
    return ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 88 88" width="88" height="88" role="img">'
            f"<title>A square, a star, a triangle and a circle</title>{''.join(parts)}</svg>\n")  # fmt: skip


def main(target=TARGET):
    """Write cover.webp (transparent around its cards), cover.png, logo.svg and favicon.svg."""
    target.mkdir(parents=True, exist_ok=True)
    canvas = cover().canvas
    canvas.draw()
    image = Image.fromarray(np.asarray(canvas.buffer_rgba()).copy())
    image.save(target / "cover.webp", "WEBP", quality=88, method=6)
    paper = Image.new("RGB", image.size, PAPER)
    paper.paste(image, mask=image.split()[3])
    paper.quantize(256, method=Image.Quantize.MEDIANCUT).save(target / "cover.png", optimize=True)
    (target / "logo.svg").write_text(logo(), "utf8")
    (target / "favicon.svg").write_text(logo(), "utf8")
    for path in sorted(target.glob("cover.*")):
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
