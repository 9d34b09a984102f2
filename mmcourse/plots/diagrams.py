"""What drawings are made of: a sheet measured in inches, boxes with words, arrows."""

from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from mmcourse.plots.look import BLUE, MUTED, PAPER, TEXT, axes, figure, mix, readable


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
            (x - w / 2, y - h / 2), w, h, boxstyle="round,pad=0,rounding_size=0.08", facecolor=fill, edgecolor=colour,
            linewidth=1.3, zorder=3,
        )
    )  # fmt: skip
    ax.text(
        x, y, text, ha="center", va="center_baseline", size=size, weight=weight, zorder=4,
        color=ink or readable(colour, fill),
    )  # fmt: skip


def arrow(ax, start, end, colour=MUTED, bend=0.0, dashed=False, lw=1.4, head=9):
    """An arrow between two points in inches."""
    ax.add_patch(
        FancyArrowPatch(
            start, end, arrowstyle="-|>", mutation_scale=head, color=colour, linewidth=lw, shrinkA=0, shrinkB=0,
            connectionstyle=f"arc3,rad={bend}", linestyle=(0, (4, 2)) if dashed else "-", zorder=2,
        )
    )  # fmt: skip
