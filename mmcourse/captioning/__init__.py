"""Captioning: an image in, a sentence out, one word at a time.

``model`` has the encoder–decoder, ``hard`` how it looks at single regions, ``losses`` what it is trained on;
``writing`` lets it write, and ``baselines`` says what can be had without looking at the image.
"""

from mmcourse.captioning.baselines import commonest_caption, shuffle_images
from mmcourse.captioning.hard import RegionChoice
from mmcourse.captioning.losses import draw_loss, token_loss
from mmcourse.captioning.model import Captioner
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
    "RegionChoice",
    "attention_maps",
    "commonest_caption",
    "draw_loss",
    "load_captioner",
    "save_captioner",
    "shuffle_images",
    "token_loss",
    "write_captions",
    "write_tokens",
]
