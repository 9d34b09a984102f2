"""Utterances: words, the voice that says them, and a face. What is meant may be in none of them alone.

>>> from mmcourse.scenes.utterances import Utterances
>>> item = Utterances("train")[0]
>>> item.captions, item.truth.tone, item.label, item.audio.shape[1], item.rate  # doctest: +SKIP
"""

from functools import partial

import numpy as np

from mmcourse.items import Collection, Item
from mmcourse.scenes.random import Stream
from mmcourse.scenes.sound import add_noise
from mmcourse.scenes.utterances import face, voice
from mmcourse.scenes.utterances.sampling import (
    IRONY,
    MECHANISMS,
    SENTIMENTS,
    SPLITS,
    Utterance,
    best,
    percent,
    utterance,
)
from mmcourse.scenes.utterances.voice import RATE, TONES

__all__ = ["IRONY", "MECHANISMS", "RATE", "SENTIMENTS", "SPLITS", "TONES", "Utterance", "Utterances", "best"]


class Utterances(Collection):
    """A split of utterances: a collection of ``items.Item`` with ``captions`` (what is said, one text), ``audio`` (the
    voice, float32 (n, 1) at 16 kHz), ``image`` (the face), ``label`` (0 or 1) and ``truth`` (an ``Utterance``).

    Item ``i`` depends on the seed, the split, ``i`` and the knobs, and on nothing else. Nobody speaks in two splits.
    Standard sizes: train 4,000, dev 1,000, test 1,000.

    Args:
        split: "train", "dev" or "test". seed: an integer. n: how many items, None for the standard size.
        language: "en" or "zh".
        image_size: side of the faces, in pixels.
        share: {mechanism: percent}: how many labels are redundant, in the words only, in the voice only, or synergy
            (irony). Default: all synergy. ``best(share)`` says what can be reached.
        label_noise: percent of labels that are turned round.
        voice_noise: None, or the signal-to-noise ratio of the voice in decibels (white noise).
        missing_words, missing_voice: percent of the items without a text, without a sound.

    Raises ValueError for anything out of range.
    """

    def __init__(
        self, split, seed=0, n=None, language="en", image_size=64, share=None, label_noise=0, voice_noise=None,
        missing_words=0, missing_voice=0,
    ):  # fmt: skip
        utterance(split, seed, 0, language, share, label_noise)  # complains of bad knobs now
        n = SPLITS[split] if n is None else n
        if isinstance(n, bool) or not hasattr(n, "__index__") or n < 0:
            raise ValueError(f"Received: n={n!r}. Allowed: an integer >= 0, or None for {SPLITS[split]}.")
        if voice_noise is not None and not (isinstance(voice_noise, (int, float)) and -60 <= voice_noise <= 120):
            raise ValueError(f"Received: voice_noise={voice_noise!r}. Allowed: None, or decibels from -60 to 120.")
        super().__init__(int(n))
        self.split, self.seed, self.language, self.image_size = split, seed, language, image_size
        self.share, self.label_noise, self.voice_noise = share, label_noise, voice_noise
        self.missing = {
            "words": percent("missing_words", missing_words), "voice": percent("missing_voice", missing_voice)
        }  # fmt: skip

    def utterance(self, place):
        """The ``Utterance`` of the item at ``place``."""
        return utterance(self.split, self.seed, place, self.language, self.share, self.label_noise)

    def item(self, place):
        said = self.utterance(place)
        there = {name: not Stream("missing", name, *said.key).chance(p) for name, p in self.missing.items()}
        return Item(
            id=f"{self.split}-{self.seed}-{place}",
            split=self.split,
            image=partial(face.draw, said.tone, said.key, self.image_size),
            captions=(said.text,) if there["words"] else (),
            language=self.language,
            audio=partial(self._sound, said) if there["voice"] else None,
            rate=RATE if there["voice"] else None,
            label=said.label,
            truth=said,
        )

    def _sound(self, said):
        sound = voice.say(said.vowels, said.tone, said.speaker, said.key)
        return sound if self.voice_noise is None else add_noise(sound, self.voice_noise, ("voice", *said.key))

    def texts(self):
        """What is said, a list of str (whether or not an item's text is missing)."""
        return [self.utterance(place).text for place in self.places]

    def labels(self):
        """All labels, int (n,)."""
        return np.array([self.utterance(place).label for place in self.places], int)

    def truths(self):
        """All utterances, a list of ``Utterance``."""
        return [self.utterance(place) for place in self.places]
