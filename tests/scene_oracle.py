"""What the tests of every language share: scenes with many alike things, and a brute-force check of claims."""

import itertools

from mmcourse.scenes.language import Count, Exists, Relation
from mmcourse.scenes.random import Stream
from mmcourse.scenes.scene import COLOURS, RADIUS, SHAPES, SIZES, UNIT, Scene, Thing


def thing(text, x=512, y=512):
    size, colour, shape = text.split()
    return Thing(shape, colour, size, x, y, RADIUS[size])


def random_scene(index, counts=(1, 2, 3, 4), name="test"):
    """A scene with more alike things than the data set has: it shares a colour, a shape or all with an earlier one."""
    stream = Stream(name, index)
    things = []
    for _ in range(stream.choice(counts)):
        shape, colour, size = stream.choice(SHAPES), stream.choice(COLOURS), stream.choice(SIZES)
        if things and stream.chance(45):
            other = things[stream.below(len(things))]
            kind = stream.below(4)
            shape = other.shape if kind in (0, 2, 3) else shape
            colour = other.colour if kind in (1, 2, 3) else colour
            size = other.size if kind == 3 else size
        radius = RADIUS[size]
        at = [stream.between(radius, UNIT - radius) for _ in range(2)]
        things.append(Thing(shape, colour, size, *at, radius))
    return Scene(tuple(things), 0, (0, name, index))


def brute_force(claims, scene):
    """(truth, coverage) by trying every way to give mentions different things, or none."""
    things, attributes = scene.things, ("shape", "colour", "size")

    def fits(claim, t):
        return all(getattr(claim, a) in (None, getattr(t, a)) for a in attributes)

    def related(relation, a, b):
        axis, sign = {"left of": ("x", 1), "right of": ("x", -1), "above": ("y", 1), "below": ("y", -1)}[relation]
        return (getattr(b, axis) - getattr(a, axis)) * sign >= 102

    exists = [c for c in claims if isinstance(c, Exists)]
    best = (0, 0)
    for chosen in itertools.product((None, *range(len(things))), repeat=len(exists)):
        told = [g for g in chosen if g is not None]
        if len(told) != len(set(told)) or any(
            g is not None and not fits(c, things[g]) for c, g in zip(exists, chosen, strict=True)
        ):
            continue
        true = len(told)
        for c in claims:
            if isinstance(c, Relation):
                a, b = chosen[c.first], chosen[c.second]
                true += a is not None and b is not None and related(c.relation, things[a], things[b])
            elif isinstance(c, Count):
                true += len([t for t in things if fits(c, t)]) == c.n
        best = max(best, (true, len(told)))
    return best[0] / max(len(claims), 1), best[1] / len(things)
