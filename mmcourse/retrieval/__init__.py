"""Cross-modal retrieval: a sentence finds pictures, a picture sentences.

==========================  ========================================================================================
ImageTower, TextTower       two encoders that end in one space; `mmcourse.contrastive.DualEncoder` trains them
CanonicalCorrelation        two linear encoders in closed form; hubness, without_hubs: what is near to everything
hardest_wrong               the wrong items that a query finds most similar: hard negatives to train on
ExactIndex                  vectors with names, searched all, in bounded memory; saved whole or not at all
ApproximateIndex            the same, searched in the nearest cells only (FAISS)
==========================  ========================================================================================
"""

from mmcourse._machinery.lazy import lazy

__all__ = [
    "ApproximateIndex", "CanonicalCorrelation", "ExactIndex", "ImageTower", "MinedBatches", "TextTower",
    "hardest_wrong", "hubness", "last_where", "max_where", "without_hubs",
]  # fmt: skip

__getattr__, __dir__ = lazy(
    __name__,
    {
        "approximate": ("ApproximateIndex",),
        "correlation": ("CanonicalCorrelation", "hubness", "without_hubs"),
        "index": ("ExactIndex",),
        "mining": ("MinedBatches", "hardest_wrong"),
        "towers": ("ImageTower", "TextTower", "last_where", "max_where"),
    },
)
