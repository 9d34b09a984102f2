"""Scenes with captions, of which it is known who is true of whom, for `scenes.negatives`."""

import functools
from dataclasses import dataclass

import numpy as np

from mmcourse.scenes import Scenes, language
from mmcourse.scenes.scene import COLOURS, RADIUS, SHAPES, Scene, Thing

SIMPLE = {"colours": ("red", "blue"), "shapes": ("circle", "square"), "sizes": ("small",), "things": (1, 2)}


@dataclass(frozen=True)
class World:
    """Captions and scenes, one to one. ``holds[i][j]``: which claims of caption j hold in scene i, booleans. ``draws``:
    with how many generators an answer is asked. ``plain``: whether each caption names all things, and no more."""

    captions: list
    scenes: list
    holds: list
    draws: int
    plain: bool = True

    @functools.cached_property
    def truth(self):
        """The share of claims of caption j (columns) that hold in scene i (rows)."""
        return np.array([[np.mean(one) for one in row] for row in self.holds])

    @property
    def false(self):
        return self.truth < 1

    @property
    def number(self):
        """Of each pair the number of its caption."""
        return np.broadcast_to(np.arange(len(self.scenes)), self.false.shape)

    @property
    def place(self):
        """Of each pair the place of its caption among the false ones, where it is one."""
        return np.where(self.false, np.cumsum(self.false, 1) - 1, -1)

    @property
    def how_many(self):
        """Of each scene, as a column, how many captions are false of it."""
        return self.false.sum(1, keepdims=True)

    @property
    def nearly(self):
        """Of each pair, whether no false caption is nearer to the truth."""
        return self.truth == np.where(self.false, self.truth, -1).max(1, keepdims=True)

    @property
    def furthest(self):
        """Of each pair, whether no false caption is further from the truth."""
        return self.truth == np.where(self.false, self.truth, 2).min(1, keepdims=True)

    @property
    def repeated(self):
        """Of each pair, whether its caption stands among those before it, too."""
        return np.broadcast_to([text in self.captions[:j] for j, text in enumerate(self.captions)], self.false.shape)

    def claim(self, place):
        """Of each pair, whether the first claim (0) or the last (-1) holds."""
        return np.array([[one[place] for one in row] for row in self.holds])


def made(rng, sets, draws):
    """A world of scenes with these sets of kinds of things ("ab": a and b), and captions that name all of a scene."""
    colours, shapes = rng.permutation(COLOURS).tolist(), rng.permutation(SHAPES).tolist()
    kinds = {letter: (colours[k], shapes[k]) for k, letter in enumerate("abcd")}
    sets = ["".join(rng.permutation(list(one))) for one in rng.permutation(sets).tolist()]
    scenes, captions = [], []
    for one in sets:
        things = [
            Thing(kinds[k][1], kinds[k][0], "small", 150 + 220 * x, 400, RADIUS["small"]) for x, k in enumerate(one)
        ]
        scenes.append(Scene(tuple(things)))
        captions.append(" and ".join("{} {} {}".format("an" if kinds[k][0][0] == "o" else "a", *kinds[k]) for k in one))
    return World(captions, scenes, [[[k in there for k in told] for told in sets] for there in sets], draws)


def drawn(rng, n, draws):
    """A world of simple scenes as `mmcourse.scenes` draws them, with its captions."""
    some = Scenes("train", seed=int(rng.integers(2**31)), n=n, n_captions=1, **SIMPLE)
    captions, scenes = [one[0] for one in some.captions()], some.truths()
    holds = [[language.check(caption, scene).holds for caption in captions] for scene in scenes]
    return World(captions, scenes, holds, draws, plain=False)


def worlds(rng):
    """What an answer is judged on: captions that are true of other scenes too, of all truths from 0 over 1/3 to 2/3,
    one of them twice; a scene of which all captions are true; only such scenes; one scene; few captions, so that each
    is drawn for certain; few of which two are equal; and sentences as the course's scenes have them."""
    yield made(rng, ["a", "a", "b", "ab", "ac", "abc", "d", "abd"], 24)
    yield made(rng, ["a", "b", "c", "ab", "abc"], 12)
    yield made(rng, ["ab", "ab", "ab"], 1)
    yield made(rng, ["c"], 1)
    yield made(rng, ["ab", "ac", "d"], 32)
    yield made(rng, ["a", "a", "b"], 22)
    yield drawn(rng, 6, 4)
