"""One look for every figure of the book: paper, ink, the world's palette, and sizes for a column of 700 pixels.

Figures are drawn on light paper in both modes of the book (in the dark one they lie on a card), with the fonts that
come with Matplotlib, so that they look the same on every machine.

Source of the palette: ``mmcourse.scenes.scene.PALETTE``, after Okabe and Ito (2008), "Color universal design".
"""

import functools
import io

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.textpath import TextPath

from mmcourse.scenes.scene import PALETTE


def to_hex(rgb):
    """(red, green, blue), each 0 to 255 -> ``"#rrggbb"``."""
    return "#{:02x}{:02x}{:02x}".format(*(round(float(v)) for v in rgb))


def to_rgb(colour):
    """``"#rrggbb"`` -> float64 (3,), each 0 to 255."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], "float64")


def mix(a, b, share):
    """The colour that is ``share`` of ``b`` and the rest of ``a`` (both ``"#rrggbb"``; 0 gives a, 1 gives b)."""
    return to_hex((1 - share) * to_rgb(a) + share * to_rgb(b))


def contrast(a, b):
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.1, relative luminance)."""

    def luminance(colour):
        v = to_rgb(colour) / 255
        v = np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)
        return v @ [0.2126, 0.7152, 0.0722]

    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


PAPER, INK, MUTED, RULE, WASH = "#fefdfa", "#20262e", "#5a626d", "#d9d6cd", "#f3f1ea"
COLOURS = {name: to_hex(rgb) for name, rgb in PALETTE.items()}
BLUE, GREEN, ORANGE, PURPLE, RED = (COLOURS[name] for name in ("blue", "green", "orange", "purple", "red"))

# Paper to ink by way of the book's blue: one hue, so that darker always means more.
DARKER = LinearSegmentedColormap.from_list("darker", [PAPER, mix(PAPER, BLUE, 0.45), BLUE, INK])
BASELINE = "#b4b1a8"  # what a result is compared with
FAINT = mix(PAPER, MUTED, 0.35)  # a line between the parts of a drawing

COLUMN = 7.2  # inches: 691 pixels of the book's column (an SVG's inch is 96 pixels)
TEXT, SMALL = 9.5, 8.5  # points


def readable(colour, background=PAPER, ratio=4.5):
    """``colour``, darkened towards the ink until text in it reads on ``background`` (contrast ``ratio``, WCAG AA)."""
    for share in np.linspace(0, 1, 21):
        if contrast(mixed := mix(colour, INK, share), background) >= ratio:
            return mixed
    return INK


# Lines and bars, in this order, darkened where they would not stand out from the paper by 3:1.
SERIES = (*(readable(COLOURS[name], ratio=3.1) for name in ("blue", "red", "green", "purple")), MUTED)
# And with these, so that they can be told apart without their colours.
DASHES = ("-", (0, (5, 1.8)), (0, (1.2, 1.6)), (0, (5, 1.6, 1.2, 1.6)), (0, (9, 2)))
MARKS = ("o", "s", "^", "D", "v", "P", "X")


class Picture(Figure):
    """A Matplotlib figure that a notebook shows as SVG: sharp at any zoom, the same bytes at each run.

    It is made without ``pyplot``, so a cell that ends with it shows it once, and nothing is left open behind.
    """

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"image/svg+xml": self.to_svg(), "text/plain": f"<figure: {self.get_label() or 'mmcourse.plots'}>"}

    def to_svg(self):
        """The figure as an SVG document (str). Pictures inside are stored at 200 dots per inch."""
        buffer = io.StringIO()
        with matplotlib.rc_context({"svg.hashsalt": "mmcourse", "svg.fonttype": "path"}):
            self.savefig(buffer, format="svg", dpi=200, metadata={"Date": None, "Creator": None})
        return buffer.getvalue()


def figure(width=COLUMN, height=3.2, layout="constrained"):
    """An empty figure of the given size in inches (``COLUMN`` fills the column) -> Picture."""
    fig = Picture(figsize=(width, height), layout=layout)
    FigureCanvasAgg(fig)
    return fig


def axes(fig, *place, frame=False, **kwargs):
    """Axes of ``fig`` without ticks, for pictures and drawings. ``place``: left, bottom, width, height as shares."""
    ax = fig.add_axes(place, **kwargs) if place else fig.add_subplot(**kwargs)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.grid(False)
    for spine in ax.spines.values():
        spine.set_visible(frame)
    return ax


def as_percent(share, _=None):
    """A share in words: 0.25 -> "25%". What an axis takes as its formatter."""
    return f"{100 * share:.0f}%"


@functools.lru_cache(4096)
def text_width(text, size=TEXT, weight="normal"):
    """Width of one line of text in inches, as drawn at ``size`` points: at most, since a screen rounds letters up."""
    if not text:
        return 0.0
    font = FontProperties(family="DejaVu Sans", weight=weight)
    return TextPath((0, 0), text, size=size, prop=font).get_extents().x1 / 72 * 1.05


def wrap(text, width, size=TEXT):
    """``text`` broken into lines no wider than ``width`` inches -> list of str. Chinese breaks between characters."""
    cjk = has_cjk(text)
    words, glue, lines = (list(text) if cjk else text.split()), ("" if cjk else " "), []
    for word in words:
        joined = f"{lines[-1]}{glue}{word}" if lines else word
        # A Chinese character is one em wide; its font may not be the one that text_width measures with.
        length = len(joined) * size / 72 if cjk else text_width(joined, size)
        if lines and length <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines or [""]


def has_cjk(text):
    """Whether ``text`` holds Chinese characters, which Matplotlib's own fonts cannot draw."""
    return any("\u3400" <= c <= "\u9fff" for c in text)


CJK_FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "PingFang SC", "SimHei")


@functools.cache
def cjk_font():
    """The name of an installed font with Chinese characters, or None."""
    installed = {font.name for font in fontManager.ttflist}
    return next((name for name in CJK_FONTS if name in installed), None)


def drawable(text):
    """``text`` when this machine can draw it.

    Raises RuntimeError for Chinese text where no Chinese font is installed: boxes instead of words would be worse.
    """
    if has_cjk(text) and cjk_font() is None:
        raise RuntimeError(
            f"No font here can draw Chinese. Received: {text[:20]!r}. Show it as text, with mmcourse.plots.cards, or "
            f"install one of: {', '.join(CJK_FONTS)}."
        )
    return text


def style():
    """Set Matplotlib's rcParams to the book's look. Called when ``mmcourse.plots`` is imported."""
    families = ["DejaVu Sans"] + ([cjk_font()] if cjk_font() else [])
    matplotlib.rcParams.update(
        {
            "font.family": families,
            "font.size": TEXT,
            "axes.titlesize": TEXT + 0.5,
            "axes.titlelocation": "left",
            "axes.titleweight": "bold",
            "axes.titlepad": 8,
            "axes.labelsize": TEXT,
            "axes.labelcolor": MUTED,
            "axes.labelpad": 6,
            "axes.edgecolor": RULE,
            "axes.linewidth": 1.0,
            "axes.facecolor": PAPER,
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.prop_cycle": matplotlib.cycler(color=SERIES),
            "grid.color": "#e9e6de",
            "grid.linewidth": 0.8,
            "xtick.labelsize": SMALL,
            "ytick.labelsize": SMALL,
            "xtick.color": RULE,
            "ytick.color": RULE,
            "xtick.labelcolor": MUTED,
            "ytick.labelcolor": MUTED,
            "xtick.major.size": 3,
            "ytick.major.size": 0,
            "text.color": INK,
            "lines.linewidth": 2.2,
            "lines.solid_capstyle": "round",
            "lines.markersize": 5,
            "patch.linewidth": 0,
            "legend.frameon": False,
            "legend.fontsize": SMALL,
            "figure.facecolor": PAPER,
            "figure.edgecolor": PAPER,
            "savefig.facecolor": PAPER,
            "figure.figsize": (COLUMN, 3.2),
            "figure.dpi": 100,
            "figure.constrained_layout.w_pad": 0.06,
            "figure.constrained_layout.h_pad": 0.06,
            "image.interpolation": "antialiased",
            "axes.formatter.useoffset": False,
            "axes.unicode_minus": True,
        }
    )
