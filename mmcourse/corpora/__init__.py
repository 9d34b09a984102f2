"""Real data in its official format, one file each. NumPy and Pillow only; the item type is that of Scene World.

    from mmcourse.corpora.flickr import Flickr8k
    Flickr8k(split="train")[0].captions

A corpus is looked for in the folder that is given, else in the one that the variable ``MMCOURSE_DATA`` names, else
where ``mmcourse.corpora.download`` puts what it fetches.
"""

from mmcourse.corpora.ai_challenger import AiChallenger
from mmcourse.corpora.coco import CocoCaptions, CocoInstances
from mmcourse.corpora.daquar import Daquar
from mmcourse.corpora.flickr import Flickr8k, Flickr30k
from mmcourse.corpora.mnist import Mnist
from mmcourse.corpora.mosi import Mosi
from mmcourse.corpora.spoken_digits import SpokenDigits
from mmcourse.corpora.vqa import Vqa

__all__ = [
    "AiChallenger", "CocoCaptions", "CocoInstances", "Daquar", "Flickr8k", "Flickr30k", "Mnist", "Mosi", "SpokenDigits",
    "Vqa",
]  # fmt: skip
