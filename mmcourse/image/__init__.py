"""Features of images: frozen convolutional backbones, as a *grid* of regions or as one *vector*.

``backbones`` has the networks with their preprocessing inside; ``features`` computes what they see of a whole data set,
once, and a task trains on that.
"""

from mmcourse.image.backbones import BACKBONES, Preprocess, load_backbone, regions, scene_vgg
from mmcourse.image.features import extract_features, resize

__all__ = ["BACKBONES", "Preprocess", "extract_features", "load_backbone", "regions", "resize", "scene_vgg"]
