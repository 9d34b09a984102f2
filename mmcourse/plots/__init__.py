"""Every figure of the book: one palette, distinct to the colour-blind, labels in words.

Importing this package sets Matplotlib's look (``style``). Each function returns a Matplotlib figure that a notebook
shows as SVG, and prints nothing; ``table`` and ``cards`` return HTML.
"""

from mmcourse.plots.curves import bars, learning_curve, lines
from mmcourse.plots.diagrams import beam_tree, schematic_captioner
from mmcourse.plots.look import COLOURS, SERIES, Picture, figure, style
from mmcourse.plots.modalities import schematic_learning, spaces, utterances
from mmcourse.plots.pictures import attention_map, attention_over_words, pixels, regions, scene, scenes
from mmcourse.plots.tables import cards, table

__all__ = [
    "COLOURS",
    "SERIES",
    "Picture",
    "attention_map",
    "attention_over_words",
    "bars",
    "beam_tree",
    "cards",
    "figure",
    "learning_curve",
    "lines",
    "pixels",
    "regions",
    "scene",
    "scenes",
    "schematic_captioner",
    "schematic_learning",
    "spaces",
    "style",
    "table",
    "utterances",
]
