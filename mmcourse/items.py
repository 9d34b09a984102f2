"""The one item type of all data of this course, made or real, and the collections that hold items."""

import copy
import operator
from dataclasses import dataclass, field
from types import NoneType
from typing import Any

from mmcourse._machinery.checks import check_number, check_text, check_texts, check_whole

# All defaults of an item are made by factories, so that the class itself has no such attributes: a field that still
# waits to be computed is then simply missing, and Python asks ``__getattr__`` for it.
NOTHING = {"default_factory": NoneType}
HEAVY = {"default_factory": NoneType, "repr": False, "compare": False}


@dataclass(frozen=True)
class Item:
    """One example, in every modality it has.

    ==========  =============================================================
    id          str, unique within its data set
    split       str: "train", "dev", "test", ...
    image       uint8 (H, W, 3), red green blue, or None
    captions    tuple of str
    language    "en" or "zh": the language of the captions
    audio       float32 (n, channels) in [-1, 1], or None
    rate        samples of the audio a second, or None
    frames      uint8 (t, H, W, 3), or None
    label       what a task asks for, or None
    truth       the ``scenes.Scene`` that all of it is a rendering of, or None
    ==========  =============================================================

    ``image``, ``captions``, ``audio`` and ``frames`` may be given as a function without arguments, which is then called
    once, when the field is first asked for. Comparing and printing items never computes pictures, sounds or films:
    items are equal when all the rest is.

    Items can be pickled, as worker processes of Keras need it, and what waits to be computed then waits there too: so
    give ``functools.partial`` of a module's function or a method, not a lambda.

    Raises TypeError for an id or captions that are no strings (one string for all captions included), and for a
    picture, sound or film that is neither an array nor a function; ValueError for a rate that is no number above 0.
    """

    id: str
    split: str
    image: Any = field(**HEAVY)
    captions: tuple[str, ...] = field(default_factory=tuple)
    language: str = field(default_factory=lambda: "en")
    audio: Any = field(**HEAVY)
    rate: int | None = field(**NOTHING)
    frames: Any = field(**HEAVY)
    label: Any = field(**NOTHING)
    truth: Any = field(**NOTHING)

    def __post_init__(self):
        self._check()
        waiting = {}
        for name in ("image", "captions", "audio", "frames"):
            if callable(self.__dict__[name]):
                waiting[name] = self.__dict__.pop(name)
        object.__setattr__(self, "_waiting", waiting)

    def _check(self):
        """What would be taken for something else later: a caption's letters for captions, a file's name for pixels."""
        check_text("id", self.id)
        if not callable(self.captions):
            check_texts("a tuple of str", captions=self.captions)
        for name in ("image", "audio", "frames"):
            value = self.__dict__[name]
            if not (value is None or callable(value) or hasattr(value, "shape")):
                shown = " ".join(repr(value).split())[:40]
                raise TypeError(f"Received: {name}={shown}, {type(value).__name__}. Allowed: an array, or a function.")
        if self.rate is not None:
            check_number("a number above 0, samples a second", above=0, rate=self.rate)

    def __getattr__(self, name):
        waiting = self.__dict__.get("_waiting", {})
        if name not in waiting:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        value = waiting[name]()
        object.__setattr__(self, name, value)  # from now on Python finds it without asking here
        return value


class Collection:
    """A sequence of items, each made when it is asked for: the base class of all data of the course.

    It has a length, takes an index (negative ones count from the end, NumPy integers are welcome), and can be walked
    through. A slice is a collection again, of the same class, with everything that class can do.

    A subclass calls ``super().__init__(n)`` and has ``item(place)``, which makes the item at ``place``, an integer in
    [0, n). ``self.places`` are the places that this collection, perhaps a slice, holds.
    """

    def __init__(self, n):
        check_whole(0, n=n)
        self.places = range(n)

    def item(self, place):
        raise NotImplementedError(f"{type(self).__name__} has no method item(place).")

    def __len__(self):
        return len(self.places)

    def __getitem__(self, index):
        if isinstance(index, slice):
            part = copy.copy(self)
            part.places = self.places[index]
            return part
        try:
            index = operator.index(index)
        except TypeError:
            raise TypeError(f"Received: index={index!r}. Allowed: an integer or a slice.") from None
        if not -len(self) <= index < len(self):
            raise IndexError(
                f"{type(self).__name__} holds {len(self)} items. Received: index={index}. "
                + (f"Allowed: {-len(self)} to {len(self) - 1}." if len(self) else "It is empty: no index is allowed.")
            )
        return self.item(self.places[index])

    def __iter__(self):
        return map(self.item, self.places)
