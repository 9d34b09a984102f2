"""Items and arrays -> batches, as `keras.utils.PyDataset`: dicts of NumPy arrays that any backend takes.

A dataset holds no copy of its data: a batch is cut out when it is asked for, from arrays, from memory maps of cached
features (float16 on disk, float32 in the batch), or from a collection whose images are made or read at that moment. So
memory does not grow with the number of items. Order is a pure function of (seed, epoch): the same run again sees the
same batches, and every epoch another order. The last batch is smaller when the number does not divide.
"""

from mmcourse.batches.captions import CaptionBatches
from mmcourse.batches.items import ItemBatches
from mmcourse.batches.questions import QuestionBatches

__all__ = ["CaptionBatches", "ItemBatches", "QuestionBatches"]
