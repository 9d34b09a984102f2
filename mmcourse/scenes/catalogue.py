"""A shop's catalogue: pictures of toys, titles as sellers write them, and what is true of each toy.

A toy is a scene with one thing. Its size, colour and shape can be seen; what it is made of cannot, and only a title
may tell. Titles leave words out, use synonyms, praise, and sometimes say what is false.
"""

import numpy as np

from mmcourse.scenes import Scenes
from mmcourse.scenes.faults import percent
from mmcourse.scenes.language.english import COLOUR_WORDS, NOUNS, SIZE_WORDS
from mmcourse.scenes.random import Stream
from mmcourse.scenes.scene import COLOURS, SHAPES, SIZES

MATERIALS = ("wooden", "glass", "woollen", "steel")
PRAISE = ("new", "gift idea", "best price", "free delivery", "top seller")  # says nothing of the toy
KNOBS = ("shapes", "colours", "sizes", "duplicates", "image_noise", "missing_image")
ATTRIBUTES = {"size": SIZES, "colour": COLOURS, "material": MATERIALS, "shape": SHAPES}  # in the order of a title

_WORDS = {
    **SIZE_WORDS,
    **COLOUR_WORDS,
    **{shape: {ways.split("|")[0]: weight for ways, weight in told.items()} for shape, told in NOUNS.items()},
}


class Catalogue(Scenes):
    """A catalogue: a ``Scenes`` of one thing each, whose items have one caption, the seller's title.

    Item ``i`` depends on the seed, the split, ``i`` and the knobs alone, as in ``Scenes``. Splits are those of
    ``Scenes``: "unseen_pairs" holds only pairs of colour and shape that no other split has.

    Args:
        split, seed, n, image_size: see ``Scenes``.
        left_out: percent of the words for size, colour, material and shape that a title leaves out, each on its own.
        wrong: percent of the titles in which one word that is told is false (of a title without words: none).
        knobs: of those of ``Scenes``: shapes, colours, sizes, image_noise, missing_image, and duplicates (the same
            picture listed again, by another seller).

    Raises ValueError as ``Scenes`` does, and TypeError for another knob.
    """

    def __init__(self, split, seed=0, n=None, image_size=64, left_out=35, wrong=5, **knobs):
        unknown = sorted(set(knobs) - set(KNOBS))
        if unknown:
            name = unknown[0]
            raise TypeError(f"Unknown knob. Received: {name}={knobs[name]!r}. Allowed: {', '.join(KNOBS)}.")
        self.left_out, self.wrong = percent("left_out", left_out), percent("wrong", wrong)
        super().__init__(split, seed, n, image_size=image_size, things=1, n_captions=1, **knobs)

    def truth(self, place):
        """What is true of the toy at ``place``: {"size": "large", "colour": "red", "material": "glass", "shape":
        "star"}."""
        thing = self.scene(place).things[0]
        material = Stream("material", *self._key(self._source(place))).choice(MATERIALS)
        return {"size": thing.size, "colour": thing.colour, "material": material, "shape": thing.shape}

    def _captions(self, place):
        return (self.title(place),)

    def title(self, place):
        """The seller's title of the toy at ``place``, str."""
        stream, said = Stream("title", *self._key(place)), {}
        for name, value in self.truth(place).items():
            dropped = stream.chance(self.left_out)  # each draw is taken in any case: a knob moves no other draw
            told = _WORDS.get(value, {value: 100})
            word = stream.choice(tuple(told), tuple(told.values()))
            if not dropped:
                said[name] = word
        false, which, other = stream.chance(self.wrong), stream.bits(), stream.bits()
        if false and said:
            name = tuple(said)[which % len(said)]
            others = [value for value in ATTRIBUTES[name] if value != self.truth(place)[name]]
            said[name] = others[other % len(others)]
        words = [*said.values(), *([] if "shape" in said else ["toy"])]
        praise = stream.choice(PRAISE)
        return " ".join(words).capitalize() + (f", {praise}" if stream.chance(40) else "")

    def titles(self):
        """All titles, a list of str."""
        return [self.title(place) for place in self.places]

    def attributes(self):
        """What is true of all toys: {"size": str (n,), "colour": …, "material": …, "shape": …}."""
        truths = [self.truth(place) for place in self.places]
        return {name: np.array([truth[name] for truth in truths]) for name in ATTRIBUTES}
