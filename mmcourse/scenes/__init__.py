"""Scene World: the data set that this course carries with it.

A ``Scene`` is one latent truth; picture, captions and every other modality are renderings of it. So pairs of
modalities are aligned by construction, predictions are checked against the truth exactly, and nothing is downloaded.

>>> from mmcourse.scenes import Scenes
>>> item = Scenes("train")[0]
>>> item.image.shape
(64, 64, 3)
"""

from dataclasses import replace
from functools import cache, partial

import numpy as np

from mmcourse._machinery.progress_bar import progress_bar
from mmcourse.items import Collection, Item
from mmcourse.scenes import film as _film
from mmcourse.scenes import image as _image
from mmcourse.scenes import sampling as _sampling
from mmcourse.scenes import sound as _sound
from mmcourse.scenes.faults import FAULTS, MODALITIES, Faults, percent, split_words
from mmcourse.scenes.labels import LABELS, true_label
from mmcourse.scenes.language import LANGUAGES, captions, check, parse, words
from mmcourse.scenes.questions import questions
from mmcourse.scenes.questions.asked import Asked
from mmcourse.scenes.random import Stream
from mmcourse.scenes.sampling import EDGE, HELD_OUT, SPLITS
from mmcourse.scenes.scene import COLOURS, PALETTE, RELATIONS, SHAPES, SIZES, Scene, Thing

__all__ = [
    "COLOURS", "HELD_OUT", "LABELS", "LANGUAGES", "MODALITIES", "PALETTE", "RELATIONS", "SHAPES", "SIZES", "SPLITS",
    "VERSION", "Asked", "Scene", "Scenes", "Thing", "captions", "check", "parse", "questions",
]  # fmt: skip

# Which data set this is: changes with any change of any item, and so belongs into the name of whatever is cached.
VERSION = "1.0"

DRAWN = ("things", "shapes", "colours", "sizes")
KNOBS = (*DRAWN, "n_captions", "label", "label_noise", "mismatched", "duplicates", *FAULTS)

SHIFT = 16  # how far, in 1/1024 along x and y, a near-duplicate is shifted at most: a pixel of 64
assert SHIFT <= EDGE  # so that it stays in the frame
ELSEWHERE = 10**9  # where scenes begin whose captions are told of other scenes: beyond every collection


class Scenes(Collection):
    """A split of Scene World: a collection of ``items.Item`` with ``image``, ``captions``, ``audio`` (two seconds of
    stereo at 16 kHz), ``frames`` (a film of two seconds, 24 frames) and ``truth`` (a ``Scene``).

    Item ``i`` depends on the seed, the split, ``i`` and the knobs, and on nothing else: no disk, no order, any number.
    Truth, captions and questions are the same on every machine, pixels within 1/255, sound within 1e-4.

    ===============  =============  ==========================================================================
    split            standard size  what it holds
    ===============  =============  ==========================================================================
    "train"          8,000          one to three things, none of a held-out pair of colour and shape
    "dev"            1,000          the same, for choices
    "test"           1,000          the same, for figures
    "unseen_pairs"   1,000          one to three things, at least one of them a held-out pair (``HELD_OUT``)
    "unseen_counts"  1,000          four things
    ===============  =============  ==========================================================================

    Args:
        split: one of the above.
        seed: an integer; another seed is another data set.
        n: how many items, an integer >= 0; None is the split's standard size.
        language: of the captions and questions: "en" or "zh".
        image_size: the side of the pictures, in pixels, 8 to 4096.
        things, shapes, colours, sizes: knobs that narrow what is drawn, see ``scenes.sampling.scene``.
        n_captions: how many captions an item has, 5 unless told.
        label: what ``item.label`` says: None, "count", "match", or the "shape", "colour" or "size" of the thing
            furthest to the left. It is an integer, a place in ``.classes``.
        label_noise: percent of the labels that are replaced by another class.
        image_noise, video_noise, audio_noise, text_noise, missing_image, missing_text, missing_audio, missing_video:
            noise, and what items lack, see ``scenes.faults.Faults``. (What is missing is None, or no captions.)
        mismatched: percent of the items whose captions belong to another scene, and each claim something that is false
            here (rumours). ``matches()`` tells which, and so does the label "match".
        duplicates: percent of the items that are nearly copies of an earlier one: the same things, shifted by a pixel
            at most, under another key, and so with other captions, another film, and noise of their own.
            ``sources()`` tells of which.

    A slice is again a ``Scenes``. For whole arrays ask for ``images()``, for streams that need no memory ``render()``.

    Raises ValueError for anything out of range, TypeError for an unknown knob, IndexError for an index past the end.
    """

    def __init__(self, split, seed=0, n=None, language="en", image_size=64, **knobs):
        if split not in SPLITS:
            raise ValueError(f"Unknown split. Received: split={split!r}. Allowed: {', '.join(SPLITS)}.")
        unknown = [name for name in knobs if name not in KNOBS]
        if unknown:
            raise TypeError(f"Unknown knob. Received: {unknown[0]}={knobs[unknown[0]]!r}. Allowed: {', '.join(KNOBS)}.")
        if language not in LANGUAGES:
            raise ValueError(f"Unknown language. Received: language={language!r}. Allowed: {', '.join(LANGUAGES)}.")
        n = SPLITS[split] if n is None else n
        if not (_whole(n) and n >= 0):
            raise ValueError(f"Received: n={n!r}. Allowed: an integer >= 0, or None for {SPLITS[split]}.")
        if not _whole(seed):
            raise ValueError(f"Received: seed={seed!r}. Allowed: an integer.")
        n_captions = knobs.pop("n_captions", 5)
        if not (_whole(n_captions) and n_captions >= 1):
            raise ValueError(f"Received: n_captions={n_captions!r}. Allowed: an integer >= 1.")
        _image.check_size(image_size, "image_size")
        label = knobs.pop("label", None)
        if label is not None and label not in LABELS:
            raise ValueError(f"Received: label={label!r}. Allowed: None, {', '.join(LABELS)}.")
        super().__init__(int(n))
        self.split, self.seed, self.language, self.image_size = split, int(seed), language, int(image_size)
        self.n_captions, self.label, self.classes = int(n_captions), label, LABELS.get(label, ())
        for name in ("label_noise", "mismatched", "duplicates"):
            setattr(self, name, percent(name, knobs.pop(name, 0)))
        if self.label_noise and label is None:
            raise ValueError(
                f"There is no label to make noisy. Received: label_noise={self.label_noise}, label=None. "
                f"Allowed: label={' or '.join(map(repr, LABELS))}."
            )
        self.faults = Faults(**{name: knobs.pop(name) for name in FAULTS if name in knobs})
        self.knobs = knobs
        self.scene(0)  # complains of bad knobs now rather than at the first item

    def __repr__(self):
        return f"<Scenes {self.split!r}: {len(self)} items, seed {self.seed}, {self.image_size} px, {self.language!r}>"

    def _key(self, place):
        return self.seed, self.split, place

    def _source(self, place):
        while place and self.duplicates:
            stream = Stream("duplicate", *self._key(place))
            if not stream.chance(self.duplicates):
                break
            place = stream.below(place)
        return place

    def scene(self, place):
        """The ``Scene`` of the item at ``place``."""
        source = self._source(place)
        scene = _sampling.scene(self.split, self.seed, source, **self.knobs)
        if source == place:
            return scene
        stream = Stream("shift", *self._key(place))
        dx, dy = stream.between(-SHIFT, SHIFT), stream.between(-SHIFT, SHIFT)
        moved = tuple(replace(thing, x=thing.x + dx, y=thing.y + dy) for thing in scene.things)
        return replace(scene, things=moved, key=self._key(place))

    def item(self, place):
        scene, key, there = self.scene(place), self._key(place), self.faults.there
        heard = there("audio", key)
        return Item(
            id=f"{self.split}-{self.seed}-{place}",
            split=self.split,
            image=partial(self._image, scene) if there("image", key) else None,
            captions=partial(self._captions, place),
            language=self.language,
            audio=partial(self._sound, scene) if heard else None,
            rate=_sound.RATE if heard else None,
            frames=partial(self._film, scene) if there("video", key) else None,
            label=self._label(place),
            truth=scene,
        )

    def _image(self, scene):
        return self.faults.pixels("image", _image.render(scene, self.image_size), scene.key)

    def _film(self, scene):
        return self.faults.pixels("video", _film.render(scene, self.image_size), scene.key)

    def _sound(self, scene):
        return self.faults.sound(_sound.render(scene), scene.key)

    def _matches(self, place):
        return not (self.mismatched and Stream("mismatched", *self._key(place)).chance(self.mismatched))

    def _captions(self, place):
        if not self.faults.there("text", self._key(place)):
            return ()
        scene = self.scene(place)
        told = captions(scene, self.language, self.n_captions) if self._matches(place) else self._rumours(scene)
        if not self.faults.text_noise:
            return told
        stock = _stock(self.language)
        return tuple(self.faults.text(t, self.language, stock, (*scene.key, k)) for k, t in enumerate(told))

    def _rumours(self, scene):
        """Captions of another scene of the split, each with a claim that is false here."""
        for attempt in range(64):
            elsewhere = ELSEWHERE + Stream("rumour", *scene.key, attempt).below(ELSEWHERE)
            other = _sampling.scene(self.split, self.seed, elsewhere, **self.knobs)
            told = captions(other, self.language, self.n_captions)
            if all(check(text, scene, self.language).truth < 1 for text in told):
                return told
        raise ValueError(
            f"No other scene was found whose captions are false of item {scene.key[2]}. Received: {self.knobs}. "
            "Allowed: knobs that leave more than one kind of scene."
        )

    def _label(self, place):
        if self.label is None:
            return None
        label = true_label(self.label, self.scene(place), self._matches(place))
        stream = Stream("label noise", *self._key(place))
        if stream.chance(self.label_noise):
            label = (label + stream.between(1, len(self.classes) - 1)) % len(self.classes)
        return label

    def labels(self):
        """All labels, int (n,). Raises ValueError where the collection was made without ``label``."""
        if self.label is None:
            raise ValueError(f"These scenes have no labels. Received: label=None. Allowed: {', '.join(LABELS)}.")
        return np.array([self._label(place) for place in self.places], int)

    def matches(self):
        """Whether the captions of each item belong to its scene, bool (n,)."""
        return np.array([self._matches(place) for place in self.places], bool)

    def sources(self):
        """The place of the scene that each item nearly copies, int (n,); its own where it copies none. A fair split of
        a collection with ``duplicates`` keeps equal ones on one side."""
        return np.array([self._source(place) for place in self.places], int)

    def present(self, name):
        """Whether each item has the modality ``name`` ("image", "text", "audio" or "video"), bool (n,)."""
        if name not in MODALITIES:
            raise ValueError(f"Unknown modality. Received: name={name!r}. Allowed: {', '.join(MODALITIES)}.")
        return np.array([self.faults.there(name, self._key(place)) for place in self.places], bool)

    def truths(self):
        """All scenes, a list of ``Scene``."""
        return [self.scene(place) for place in self.places]

    def captions(self):
        """All captions, a list of tuples of ``n_captions`` str, empty where they are missing."""
        return [self._captions(place) for place in self.places]

    def questions(self, n=5, **chosen):
        """All questions with their answers, a list of tuples of ``scenes.questions.Question``, up to ``n`` an item;
        further arguments are those of ``scenes.questions.questions``, such as ``families``."""
        narrowed = {k: tuple(v) for k, v in self.knobs.items() if k in ("shapes", "colours", "sizes")}
        return [questions(self.scene(place), self.language, n, **narrowed, **chosen) for place in self.places]

    def asked(self, n=5, **chosen):
        """The same questions as a collection of items, one question each: see ``scenes.questions.asked.Asked``."""
        return Asked(self, n, **chosen)

    def render(self, chunk=256):
        """Streams the pictures: yields uint8 (b, size, size, 3) with b <= ``chunk``, in order, each chunk drawn when it
        is asked for; a missing picture is black. Much faster than picture by picture, and memory does not grow with
        the number of items."""
        for start in range(0, len(self), chunk):
            part = self[start : start + chunk]
            scenes = part.truths()
            pictures = _image.render_batch(scenes, self.image_size)
            if self.faults.image_noise:
                for scene, picture in zip(scenes, pictures, strict=True):
                    picture[:] = self.faults.pixels("image", picture, scene.key)
            if self.faults.missing_image:
                pictures[~part.present("image")] = 0
            yield pictures

    def images(self):
        """All pictures in one array, uint8 (n, size, size, 3), missing ones black. Past two seconds a
        bar says how far it is."""
        out = np.empty((len(self), self.image_size, self.image_size, 3), np.uint8)
        start, chunk = 0, 256
        bar = progress_bar(self.render(chunk), "drawing scenes", -(-len(self) // chunk))
        for pictures in bar:
            out[start : start + len(pictures)] = pictures
            start += len(pictures)
        return out


@cache
def _stock(language):
    """The words by which noise replaces words."""
    return split_words(words(language), language)


def _whole(value):
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)
