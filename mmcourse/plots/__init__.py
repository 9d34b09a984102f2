"""Every figure of the book: one palette, distinct to the colour-blind, labels in words.

Importing this package sets Matplotlib's look (``style``). Each function returns a Matplotlib figure that a notebook
shows as SVG, and prints nothing; tables, cards and players are HTML.
"""

from mmcourse.plots.attention import saturation, schematic_attention
from mmcourse.plots.audio import confusion, mel_filters, schematic_frames, spectrogram, waveform
from mmcourse.plots.autoencoder import code_map, covered_pairs, schematic_autoencoder
from mmcourse.plots.contrastive import schematic_contrast, trajectories
from mmcourse.plots.cross_attention import region_words, schematic_cross
from mmcourse.plots.curves import bars, learning_curve, lines
from mmcourse.plots.diagrams import beam_tree, schematic_captioner
from mmcourse.plots.explorer import attention_explorer
from mmcourse.plots.fusion import experts, schematic_fusion, seed_dots, sum_and_product
from mmcourse.plots.fusion_choice import gain_table, schematic_choice, trade
from mmcourse.plots.fusion_levels import level_panels, schematic_levels, sensor_pictures
from mmcourse.plots.graphical import beliefs, label_maps, schematic_graphical
from mmcourse.plots.image import boxes, nested, patches, schematic_encoder
from mmcourse.plots.look import COLOURS, SERIES, Picture, figure, style
from mmcourse.plots.missing import missing_face, schematic_missing, stand_ins
from mmcourse.plots.modalities import schematic_learning, spaces, utterances
from mmcourse.plots.pictures import attention_map, attention_over_words, pixels, regions, scene, scenes
from mmcourse.plots.players import film_player, sound_player
from mmcourse.plots.preparation import leaks, scaled_feature, schematic_preparation, table_faults
from mmcourse.plots.product_search import method_dots, result_rows, schematic_composer
from mmcourse.plots.ranking import answer_rows, schematic_orders
from mmcourse.plots.retrieval import schematic_towers
from mmcourse.plots.retrieval_index import cell_map, schematic_blocks, wall
from mmcourse.plots.scene_world import (
    film_strip,
    masks_and_boxes,
    pair_counts,
    panels,
    reached,
    scene_graph,
    sound_picture,
)
from mmcourse.plots.searching import search_box
from mmcourse.plots.tables import cards, table
from mmcourse.plots.text import schematic_text, vector_cloud, word_map
from mmcourse.plots.video import frame_rows, schematic_video, signed, space_time

__all__ = [
    "COLOURS",
    "SERIES",
    "Picture",
    "answer_rows",
    "attention_explorer",
    "attention_map",
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
    "figure",
    "film_player",
    "film_strip",
    "frame_rows",
    "gain_table",
    "label_maps",
    "leaks",
    "learning_curve",
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
    "pixels",
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
    "signed",
    "sound_picture",
    "sound_player",
    "space_time",
    "spaces",
    "spectrogram",
    "stand_ins",
    "style",
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
