"""Features of images: frozen convolutional backbones, as a *grid* of regions or as one *vector*.

``backbones`` has the networks with their preprocessing inside; ``features`` computes what they see of a whole data set,
once, and a task trains on that. ``read_image`` reads a picture file as a viewer shows it; ``colours`` needs no network.
``autoencoder`` learns features without labels. ``detector`` turns a grid into a list of things, ``graphs`` that
list into a scene graph and a vector.
"""

from mmcourse._machinery.pictures import read_image
from mmcourse.image.autoencoder import ImageAutoencoder
from mmcourse.image.backbones import BACKBONES, Preprocess, load_backbone, regions, scene_vgg
from mmcourse.image.colours import colour_shares
from mmcourse.image.detector import Detections, SceneDetector, cell_targets, decode_cells, suppress, true_detections
from mmcourse.image.features import extract_features, resize
from mmcourse.image.graphs import GRAPH_FEATURES, detected_scene, graph_vector

__all__ = [
    "BACKBONES", "GRAPH_FEATURES", "Detections", "ImageAutoencoder", "Preprocess", "SceneDetector", "cell_targets",
    "colour_shares", "decode_cells", "detected_scene", "extract_features", "graph_vector", "load_backbone",
    "read_image", "regions", "resize", "scene_vgg", "suppress", "true_detections",
]  # fmt: skip
