"""Captioning: an image in, a sentence out, one word at a time.

``model`` has the encoder–decoder and its loss, ``writing`` lets it write, and ``baselines`` says what can be had
without looking at the image.
"""

from mmcourse.captioning.baselines import commonest_caption, shuffle_images
from mmcourse.captioning.model import Captioner, token_loss
from mmcourse.captioning.writing import (
    UNSAYABLE,
    CaptionWriter,
    attention_maps,
    load_captioner,
    save_captioner,
    write_captions,
    write_tokens,
)

__all__ = [
    "UNSAYABLE",
    "CaptionWriter",
    "Captioner",
    "attention_maps",
    "commonest_caption",
    "load_captioner",
    "save_captioner",
    "shuffle_images",
    "token_loss",
    "write_captions",
    "write_tokens",
]
