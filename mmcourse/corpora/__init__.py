"""Real data in its official format, one file each. NumPy and Pillow only; the item type is that of Scene World.

    from mmcourse.corpora.flickr import Flickr8k
    Flickr8k(split="train")[0].captions

A corpus is looked for in the folder that is given, else in the one that the variable ``MMCOURSE_DATA`` names, else
where ``mmcourse.corpora.download`` puts what it fetches.
"""

from mmcourse.corpora.flickr import Flickr8k, Flickr30k
from mmcourse.corpora.mnist import Mnist
from mmcourse.corpora.mosi import Mosi
from mmcourse.corpora.spoken_digits import SpokenDigits

__all__ = ["Flickr8k", "Flickr30k", "Mnist", "Mosi", "SpokenDigits"]
