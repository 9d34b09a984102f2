"""Every figure of the book: one palette, distinct to the colour-blind, labels in words.

Importing this package sets Matplotlib's look (``style``). Each function returns a Matplotlib figure that a notebook
shows as SVG, and prints nothing; tables, cards and players are HTML.

A module is loaded when the first of its functions is asked for: a page's kernel holds those that the page uses, so a
change in one of the others leaves the page as it is.
"""

import importlib
import sys
from collections.abc import Callable

from mmcourse.plots.look import style

# Where each function is: {function: module}.
HOMES = {
    name: module
    for module, names in {
        "attention": ("saturation", "schematic_attention"),
        "audio": ("confusion", "mel_filters", "schematic_frames", "spectrogram", "waveform"),
        "autoencoder": ("code_map", "covered_pairs", "schematic_autoencoder"),
        "captioning": ("schematic_captioner",),
        "captioning_decoding": ("beam_tree",),
        "comparisons": ("bars", "leaks", "method_dots"),
        "contrastive": ("schematic_contrast", "trajectories"),
        "cross_attention": ("region_words", "schematic_cross"),
        "curves": ("lines", "panels"),
        "explorer": ("attention_explorer",),
        "fusion": ("experts", "schematic_fusion", "seed_dots", "sum_and_product"),
        "fusion_choice": ("gain_table", "schematic_choice", "trade"),
        "fusion_levels": ("level_panels", "schematic_levels", "sensor_pictures"),
        "graphical": ("beliefs", "label_maps", "schematic_graphical"),
        "image": ("boxes", "nested", "patches", "schematic_encoder"),
        "missing": ("missing_face", "schematic_missing", "stand_ins"),
        "modalities": ("schematic_learning", "spaces", "utterances"),
        "pictures": ("attention_over_words", "regions", "scene", "scenes"),
        "players": ("film_player", "sound_player"),
        "preparation": ("scaled_feature", "schematic_preparation", "table_faults"),
        "product_search": ("result_rows", "schematic_composer"),
        "ranking": ("answer_rows", "schematic_orders"),
        "retrieval": ("schematic_towers",),
        "retrieval_index": ("cell_map", "schematic_blocks", "wall"),
        "scene_world": ("film_strip", "masks_and_boxes", "pair_counts", "reached", "scene_graph", "sound_picture"),
        "searching": ("search_box",),
        "tables": ("cards", "table"),
        "text": ("schematic_text", "vector_cloud", "word_map"),
        "video": ("frame_rows", "schematic_video", "space_time"),
    }.items()
    for name in names
}

__all__ = [
    "answer_rows",
    "attention_explorer",
    "attention_over_words",
    "bars",
    "beam_tree",
    "beliefs",
    "boxes",
    "cards",
    "cell_map",
    "code_map",
    "confusion",
    "covered_pairs",
    "experts",
    "film_player",
    "film_strip",
    "frame_rows",
    "gain_table",
    "label_maps",
    "leaks",
    "level_panels",
    "lines",
    "masks_and_boxes",
    "mel_filters",
    "method_dots",
    "missing_face",
    "nested",
    "pair_counts",
    "panels",
    "patches",
    "reached",
    "region_words",
    "regions",
    "result_rows",
    "saturation",
    "scaled_feature",
    "scene",
    "scene_graph",
    "scenes",
    "schematic_attention",
    "schematic_autoencoder",
    "schematic_blocks",
    "schematic_captioner",
    "schematic_choice",
    "schematic_composer",
    "schematic_contrast",
    "schematic_cross",
    "schematic_encoder",
    "schematic_frames",
    "schematic_fusion",
    "schematic_graphical",
    "schematic_learning",
    "schematic_levels",
    "schematic_missing",
    "schematic_orders",
    "schematic_preparation",
    "schematic_text",
    "schematic_towers",
    "schematic_video",
    "search_box",
    "seed_dots",
    "sensor_pictures",
    "sound_picture",
    "sound_player",
    "space_time",
    "spaces",
    "spectrogram",
    "stand_ins",
    "sum_and_product",
    "table",
    "table_faults",
    "trade",
    "trajectories",
    "utterances",
    "vector_cloud",
    "wall",
    "waveform",
    "word_map",
]

# What pages name under `shows` is looked for among the statements of this file, without loading anything.
attention_explorer: Callable
film_player: Callable
sound_player: Callable


def __getattr__(name):  # PEP 562: called for a name that is not here yet
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=sys.modules[__name__])
    found = globals()[name] = getattr(importlib.import_module(f"{__name__}.{HOMES[name]}"), name)
    return found


def __dir__():
    return sorted({*globals(), *__all__})


style()
