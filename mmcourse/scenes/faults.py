"""What goes wrong with data, as knobs: noise in each modality, modalities that are missing.

Whether a fault strikes an item, and how, is drawn from streams of its own: turning one knob changes nothing else of the
item, and the items struck at 10 % are among those struck at 20 %.
"""

import re
from dataclasses import dataclass, fields
from math import isfinite
from numbers import Real

import numpy as np

from mmcourse.scenes.noise import normal
from mmcourse.scenes.random import Stream
from mmcourse.scenes.sound import LOUDNESS, add_noise

MODALITIES = ("image", "text", "audio", "video")
WORDS = {"en": re.compile(r"[A-Za-z]+"), "zh": re.compile(r"[\u4e00-\u9fff]")}


@dataclass(frozen=True)
class Faults:
    """The fault knobs of a collection.

    ===========================  ==================================================================================
    image_noise, video_noise     standard deviation of normal noise on each value of each pixel, as a share of full
                                 scale: a number from 0 to 1
    audio_noise                  signal-to-noise ratio in decibels, -60 to 120; None: no noise
    text_noise                   percent of the words (Chinese: characters) replaced by other words of the grammar
    missing_image, _text,        percent of the items that lack it
    _audio, _video
    ===========================  ==================================================================================

    ``key`` is in every method the item's: noise is a pure function of it. Raises ValueError for a value out of range.
    """

    image_noise: float = 0.0
    video_noise: float = 0.0
    audio_noise: float | None = None
    text_noise: int = 0
    missing_image: int = 0
    missing_text: int = 0
    missing_audio: int = 0
    missing_video: int = 0

    def __post_init__(self):
        for name in ("image_noise", "video_noise"):
            value = getattr(self, name)
            if not (_real(value) and 0 <= value <= 1):
                raise ValueError(f"Received: {name}={value!r}. Allowed: a number from 0 to 1, a share of full scale.")
        low, high = LOUDNESS
        if self.audio_noise is not None and not (_real(self.audio_noise) and low <= self.audio_noise <= high):
            raise ValueError(
                f"Received: audio_noise={self.audio_noise!r}. Allowed: None, or decibels from {low:g} to {high:g}."
            )
        for name in ("text_noise", *(f"missing_{name}" for name in MODALITIES)):
            percent(name, getattr(self, name))

    def there(self, name, key):
        """Whether the item has the modality ``name``, a bool."""
        return not Stream("missing", name, *key).chance(getattr(self, f"missing_{name}"))

    def pixels(self, name, picture, key):
        """``picture`` (the image, or all frames of the video: uint8 of any shape) with the noise of modality ``name``,
        "image" or "video"."""
        spread = getattr(self, f"{name}_noise")
        if not spread:
            return picture
        noise = normal(picture.shape, "noise", name, *key)
        return np.clip(np.round(picture + 255 * spread * noise), 0, 255).astype(np.uint8)

    def sound(self, audio, key):
        """``audio``, float32 (n, channels), with noise."""
        return audio if self.audio_noise is None else add_noise(audio, self.audio_noise, key)

    def text(self, text, language, words, key):
        """``text`` with some of its words replaced by other ones of ``words``, a tuple of str ("zh": of characters)."""
        if not self.text_noise:
            return text
        stream = Stream("noise", "text", *key)

        def heard(match):
            word, struck, place = match[0], stream.chance(self.text_noise), stream.below(len(words) - 1)
            if not struck:
                return word
            other = words[place] if words[place] != word.lower() else words[-1]
            return other.capitalize() if word[0].isupper() else other

        return WORDS[language].sub(heard, text)


FAULTS = tuple(field.name for field in fields(Faults))


def split_words(texts, language):
    """The different words ("zh": characters) in ``texts``, lower case, a sorted tuple: what noise replaces words by."""
    return tuple(sorted({word.lower() for text in texts for word in WORDS[language].findall(text)}))


def percent(name, value):
    """``value`` itself, a whole number from 0 to 100; ValueError otherwise."""
    if isinstance(value, bool) or not hasattr(value, "__index__") or not 0 <= value <= 100:
        raise ValueError(f"Received: {name}={value!r}. Allowed: a whole number from 0 to 100, in percent.")
    return int(value)


def _real(value):
    return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)
