"""Utterances: words, the voice that says them, and a face. What is meant may be in none of them alone.

>>> from mmcourse.scenes.utterances import Utterances
>>> item = Utterances("train")[0]
>>> item.captions, item.truth.tone, item.label, item.audio.shape[1], item.rate  # doctest: +SKIP
"""

from functools import partial

import numpy as np

from mmcourse.items import Collection, Item
from mmcourse.scenes.faults import Faults
from mmcourse.scenes.utterances import face, voice
from mmcourse.scenes.utterances.sampling import (
    IRONY,
    MECHANISMS,
    SENTIMENTS,
    SPLITS,
    Utterance,
    best,
    utterance,
    words,
)
from mmcourse.scenes.utterances.voice import RATE, TONES

__all__ = ["IRONY", "MECHANISMS", "RATE", "SENTIMENTS", "SPLITS", "TONES", "Utterance", "Utterances", "best"]

KNOBS = ("image_noise", "audio_noise", "text_noise", "missing_image", "missing_text", "missing_audio")


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
        faults: noise, and what items lack: ``image_noise``, ``audio_noise``, ``text_noise``, ``missing_image``,
            ``missing_text`` and ``missing_audio``, see ``scenes.faults.Faults``.

    Raises ValueError for anything out of range, TypeError for an unknown knob.
    """

    def __init__(self, split, seed=0, n=None, language="en", image_size=64, share=None, label_noise=0, **faults):
        utterance(split, seed, 0, language, share, label_noise)  # complains of bad knobs now
        n = SPLITS[split] if n is None else n
        if isinstance(n, bool) or not hasattr(n, "__index__") or n < 0:
            raise ValueError(f"Received: n={n!r}. Allowed: an integer >= 0, or None for {SPLITS[split]}.")
        for name in set(faults) - set(KNOBS):
            raise TypeError(f"Unknown knob. Received: {name}={faults[name]!r}. Allowed: {', '.join(KNOBS)}.")
        super().__init__(int(n))
        self.split, self.seed, self.language, self.image_size = split, seed, language, image_size
        self.share, self.label_noise, self.faults = share, label_noise, Faults(**faults)

    def utterance(self, place):
        """The ``Utterance`` of the item at ``place``."""
        return utterance(self.split, self.seed, place, self.language, self.share, self.label_noise)

    def item(self, place):
        said = self.utterance(place)
        there = self.faults.there
        heard = there("audio", said.key)
        return Item(
            id=f"{self.split}-{self.seed}-{place}",
            split=self.split,
            image=partial(self._face, said) if there("image", said.key) else None,
            captions=(self._text(said),) if there("text", said.key) else (),
            language=self.language,
            audio=partial(self._sound, said) if heard else None,
            rate=RATE if heard else None,
            label=said.label,
            truth=said,
        )

    def _face(self, said):
        return self.faults.pixels("image", face.draw(said.tone, said.key, self.image_size), said.key)

    def _text(self, said):
        return self.faults.text(said.text, self.language, words(self.language), said.key)

    def _sound(self, said):
        return self.faults.sound(voice.say(said.vowels, said.tone, said.speaker, said.key), said.key)

    def texts(self):
        """What is said, a list of str, noise included (whether or not an item's text is missing)."""
        return [self._text(self.utterance(place)) for place in self.places]

    def labels(self):
        """All labels, int (n,)."""
        return np.array([self.utterance(place).label for place in self.places], int)

    def truths(self):
        """All utterances, a list of ``Utterance``."""
        return [self.utterance(place) for place in self.places]
