"""Scene World: the data set that this course carries with it.

A ``Scene`` is one latent truth; picture, captions and every other modality are renderings of it. So pairs of
modalities are aligned by construction, predictions are checked against the truth exactly, and nothing is downloaded.

>>> from mmcourse.scenes import Scenes
>>> item = Scenes("train")[0]
>>> item.image.shape
(64, 64, 3)
"""

from functools import partial

import numpy as np
from tqdm import tqdm

from mmcourse.items import Collection, Item
from mmcourse.scenes import film as _film
from mmcourse.scenes import image as _image
from mmcourse.scenes import sampling as _sampling
from mmcourse.scenes import sound as _sound
from mmcourse.scenes.language import LANGUAGES, captions, check, parse
from mmcourse.scenes.questions import questions
from mmcourse.scenes.sampling import HELD_OUT, SPLITS
from mmcourse.scenes.scene import COLOURS, PALETTE, RELATIONS, SHAPES, SIZES, Scene, Thing

__all__ = [
    "COLOURS", "HELD_OUT", "LANGUAGES", "PALETTE", "RELATIONS", "SHAPES", "SIZES", "SPLITS", "VERSION", "Scene",
    "Scenes", "Thing", "captions", "check", "parse", "questions",
]  # fmt: skip

# Which data set this is: changes with any change of any item, and so belongs into the name of whatever is cached.
VERSION = "1.0"

KNOBS = ("things", "shapes", "colours", "sizes", "n_captions")


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
        super().__init__(int(n))
        self.split, self.seed, self.language, self.image_size = split, int(seed), language, int(image_size)
        self.n_captions, self.knobs = int(n_captions), knobs
        _sampling.scene(split, self.seed, 0, **knobs)  # complains of bad knobs now rather than at the first item

    def __repr__(self):
        return f"<Scenes {self.split!r}: {len(self)} items, seed {self.seed}, {self.image_size} px, {self.language!r}>"

    def scene(self, place):
        """The ``Scene`` of the item at ``place``."""
        return _sampling.scene(self.split, self.seed, place, **self.knobs)

    def item(self, place):
        scene = self.scene(place)
        return Item(
            id=f"{self.split}-{self.seed}-{place}",
            split=self.split,
            image=partial(_image.render, scene, self.image_size),
            captions=partial(captions, scene, self.language, self.n_captions),
            language=self.language,
            audio=partial(_sound.render, scene),
            rate=_sound.RATE,
            frames=partial(_film.render, scene, self.image_size),
            truth=scene,
        )

    def truths(self):
        """All scenes, a list of ``Scene``."""
        return [self.scene(place) for place in self.places]

    def captions(self):
        """All captions, a list of tuples of ``n_captions`` str."""
        return [captions(self.scene(place), self.language, self.n_captions) for place in self.places]

    def questions(self, n=5, **chosen):
        """All questions with their answers, a list of tuples of ``scenes.questions.Question``, up to ``n`` an item;
        further arguments are those of ``scenes.questions.questions``, such as ``families``."""
        narrowed = {k: tuple(v) for k, v in self.knobs.items() if k in ("shapes", "colours", "sizes")}
        return [questions(self.scene(place), self.language, n, **narrowed, **chosen) for place in self.places]

    def render(self, chunk=256):
        """Streams the pictures: yields uint8 (b, size, size, 3) with b <= ``chunk``, in order, each chunk drawn when it
        is asked for. Much faster than picture by picture, and memory does not grow with the number of items."""
        for start in range(0, len(self), chunk):
            yield _image.render_batch(self[start : start + chunk].truths(), self.image_size)

    def images(self):
        """All pictures in one array, uint8 (n, size, size, 3). Past two seconds a bar says how far it is."""
        out = np.empty((len(self), self.image_size, self.image_size, 3), np.uint8)
        start, chunk = 0, 256
        bar = tqdm(self.render(chunk), "drawing scenes", -(-len(self) // chunk), delay=2, leave=False)
        for pictures in bar:
            out[start : start + len(pictures)] = pictures
            start += len(pictures)
        return out


def _whole(value):
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)
