"""Cross-modal retrieval: a sentence finds pictures, a picture sentences.

==========================  ========================================================================================
ImageTower, TextTower       two encoders that end in one space; `mmcourse.contrastive.DualEncoder` trains them
CanonicalCorrelation        two linear encoders in closed form; hubness, without_hubs: what is near to everything
hardest_wrong               the wrong items that a query finds most similar: hard negatives to train on
ExactIndex                  vectors with names, searched all, in bounded memory; saved whole or not at all
ApproximateIndex            the same, searched in the nearest cells only (FAISS)
==========================  ========================================================================================
"""

from importlib import import_module

_LATER = {
    "ApproximateIndex": "approximate",
    "CanonicalCorrelation": "correlation",
    "ExactIndex": "index",
    "MinedBatches": "mining",
    "hardest_wrong": "mining",
    "hubness": "correlation",
    "without_hubs": "correlation",
    "ImageTower": "towers",
    "TextTower": "towers",
    "last_where": "towers",
    "max_where": "towers",
}

__all__ = [*_LATER]


def __getattr__(name):
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
