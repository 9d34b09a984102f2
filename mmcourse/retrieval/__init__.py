"""Cross-modal retrieval: a sentence finds pictures, a picture sentences.

==========================  ========================================================================================
ImageTower, TextTower       two encoders that end in one space; `mmcourse.contrastive.DualEncoder` trains them
==========================  ========================================================================================
"""

from importlib import import_module

_LATER = {
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
