"""What is true: the things of a scene, and the relations between them.

A ``Scene`` is the one latent truth of which every modality is a rendering. All its numbers are integers, in units of
1/1024 of the frame's side, so that the truth is identical on every machine. The origin is the upper left corner; x
grows to the right and y downwards, as in images.
"""

from dataclasses import dataclass

from mmcourse._machinery.checks import check_one_of

UNIT = 1024

SHAPES = ("circle", "square", "triangle", "star", "cross")
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple")
SIZES = ("small", "large")
RELATIONS = ("left of", "right of", "above", "below")

# Distinct under the common forms of colour blindness: after Okabe and Ito (2008), "Color universal design".
PALETTE = {
    "red": (213, 68, 50),
    "orange": (240, 150, 30),
    "yellow": (243, 222, 75),
    "green": (0, 158, 115),
    "blue": (20, 98, 178),
    "purple": (198, 122, 190),
}

# Half the side of the square that a thing fits in.
RADIUS = {"small": 88, "large": 152}

# Two things are "left of" one another only when their centres are at least this far apart along that axis: a smaller
# difference is too small to see, and no caption, question or checker speaks of it.
MARGIN = 102


@dataclass(frozen=True)
class Thing:
    """One thing: ``shape``, ``colour`` and ``size`` in words, its centre ``x``, ``y`` and its ``radius`` in 1/1024."""

    shape: str
    colour: str
    size: str
    x: int
    y: int
    radius: int


@dataclass(frozen=True)
class Scene:
    """All that is true of one item: its ``things`` from back to front, its ``background`` (an index of the quiet
    backgrounds that ``scenes.image`` draws) and the ``key`` (seed, split, index) from which every modality derives its
    own random stream."""

    things: tuple[Thing, ...]
    background: int = 0
    key: tuple = (0, "train", 0)

    def __len__(self):
        return len(self.things)

    def holds(self, relation, a, b):
        """Whether thing ``a`` stands in ``relation`` to thing ``b`` (both of this scene).

        Raises ValueError for a relation that the world does not have.
        """
        dx, dy = b.x - a.x, b.y - a.y
        if relation not in RELATIONS:
            raise ValueError(f"Unknown relation. Received: relation={relation!r}. Allowed: {', '.join(RELATIONS)}.")
        return {"left of": dx, "right of": -dx, "above": dy, "below": -dy}[relation] >= MARGIN

    def relations(self):
        """Every relation that holds, as (i, relation, j) with i and j places in ``things``."""
        pairs = [(i, j) for i in range(len(self)) for j in range(len(self)) if i != j]
        return [(i, r, j) for i, j in pairs for r in RELATIONS if self.holds(r, self.things[i], self.things[j])]

    def find(self, shape=None, colour=None, size=None):
        """The things with the given attributes (None: any). Raises ValueError for a word that the world has not."""
        for name, word, known in (("shape", shape, SHAPES), ("colour", colour, COLOURS), ("size", size, SIZES)):
            if word is not None:
                check_one_of(known, **{name: word})
        wanted = {"shape": shape, "colour": colour, "size": size}
        return [t for t in self.things if all(v is None or getattr(t, k) == v for k, v in wanted.items())]


def check_scene(scene):
    """Raise TypeError for what is no scene, such as the item that holds one."""
    if not isinstance(scene, Scene):
        hint = " (item.truth)" if hasattr(scene, "truth") else ""
        raise TypeError(f"Received: scene, {type(scene).__name__}. Allowed: a Scene{hint}.")
