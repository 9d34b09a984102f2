"""Which scene is item ``index`` of a split: splits, held-out pairs, and where things are put.

An item is a pure function of (seed, split, index): it is drawn from the stream of that name, in integers only, so the
same scene comes out on every machine and no item needs another.
"""

import operator
from functools import lru_cache

from mmcourse.scenes.random import Stream
from mmcourse.scenes.scene import COLOURS, RADIUS, SHAPES, SIZES, UNIT, Scene, Thing

# Standard sizes. Train, dev and test are draws of one distribution; the other two ask for composition.
SPLITS = {"train": 8000, "dev": 1000, "test": 1000, "unseen_pairs": 1000, "unseen_counts": 1000}

# Never seen in train, dev and test. No shape and no colour stands here twice, so each is seen in many other pairs.
HELD_OUT = (("green", "triangle"), ("purple", "square"), ("red", "cross"), ("blue", "star"))

COUNTS = {"train": (1, 3), "dev": (1, 3), "test": (1, 3), "unseen_pairs": (1, 3), "unseen_counts": (4, 4)}
MOST = 4  # as many things as the frame's quarters: so many always find a place

BACKGROUNDS = 6  # how many ``scenes.image`` knows

JITTER = {"small": 8, "large": 12}  # a thing's radius is RADIUS of its size, plus or minus this
EDGE = 24  # what stays free along the frame's edge
TRIES = 24  # places drawn at random for each thing before the quarters are used
CLOSEST = 92  # percent of the sum of two radii that their centres are apart, at least, along x or along y


def scene(split, seed=0, index=0, things=None, shapes=SHAPES, colours=COLOURS, sizes=SIZES):
    """The ``Scene`` that is item ``index`` (an integer >= 0) of a split.

    Knobs, all of them optional:

    - ``things``: how many, an integer or (fewest, most), within 1 to 4; None for the split's own (1 to 3, in
      ``unseen_counts`` 4);
    - ``shapes``, ``colours``, ``sizes``: the words to draw from.

    In ``unseen_pairs`` at least one thing is one of the ``HELD_OUT`` pairs; in the other splits none is. Two things
    may touch and hide a little of one another, never more than a tenth (IoU of their boxes), and of any two at least
    one is clearly left of, right of, above or below the other. Raises ValueError for values out of range.
    """
    few, most, seen, unseen = _allowed(split, _counts(things), _frozen(shapes), _frozen(colours), _frozen(sizes))
    try:
        seed, index = operator.index(seed), operator.index(index)
    except TypeError:
        raise ValueError(f"Received: seed={seed!r}, index={index!r}. Allowed: two integers.") from None
    if index < 0:
        raise ValueError(f"Received: index={index!r}. Allowed: an integer >= 0.")
    stream = Stream("scene", split, seed, index)
    count = stream.between(few, most)
    odd = stream.below(count) if split == "unseen_pairs" else None
    kinds = []
    for place in range(count):
        colour, shape = stream.choice(unseen if place == odd else seen)
        size = stream.choice(sizes)
        kinds.append((shape, colour, size, RADIUS[size] + stream.between(-JITTER[size], JITTER[size])))
    centres = _places([kind[3] for kind in kinds], stream)
    background = Stream("background", split, seed, index).below(BACKGROUNDS)
    drawn = tuple(
        Thing(shape, colour, size, x, y, radius)
        for (shape, colour, size, radius), (x, y) in zip(kinds, centres, strict=True)
    )
    return Scene(drawn, background, (seed, split, index))


def _frozen(value):
    return tuple(value) if isinstance(value, (list, set, dict)) else value


def _counts(things):
    """``things`` as None or (fewest, most). Checked before `_allowed` remembers: to its cache, True and 1.0 are 1."""
    if things is None:
        return None
    span = _frozen(things) if isinstance(things, (list, tuple)) else (things, things)
    whole = len(span) == 2 and all(hasattr(count, "__index__") and not isinstance(count, bool) for count in span)
    if not (whole and 1 <= span[0] <= span[1] <= MOST):
        raise ValueError(
            f"Received: things={things!r}. Allowed: an integer from 1 to {MOST}, or (fewest, most) of them."
        )
    return span


@lru_cache(maxsize=64)
def _allowed(split, things, shapes, colours, sizes):
    """Checked knobs as (fewest, most, pairs that may appear, held-out pairs); cached, for it is asked at every item."""
    if split not in SPLITS:
        raise ValueError(f"Unknown split. Received: split={split!r}. Allowed: {', '.join(SPLITS)}.")
    span = COUNTS[split] if things is None else things
    for name, chosen, known in (("shapes", shapes, SHAPES), ("colours", colours, COLOURS), ("sizes", sizes, SIZES)):
        if not isinstance(chosen, tuple) or not chosen or not set(chosen) <= set(known):
            raise ValueError(f"Received: {name}={chosen!r}. Allowed: one or more of {', '.join(known)}, as a tuple.")
    pairs = [(colour, shape) for colour in colours for shape in shapes]
    seen = tuple(pair for pair in pairs if pair not in HELD_OUT)
    unseen = tuple(pair for pair in pairs if pair in HELD_OUT)
    # With nothing but held-out words there is nothing to draw for the other things of ``unseen_pairs`` either.
    if not seen or (split == "unseen_pairs" and not unseen):
        raise ValueError(
            f"Split {split!r} has no colour-shape pair left. Received: shapes={shapes!r}, colours={colours!r}. "
            f"Held-out pairs: {', '.join(map(' '.join, HELD_OUT))}."
        )
    return *span, seen, unseen


def _places(radii, stream):
    """Centres (x, y) for things of these radii: anywhere in the frame, one by one, each clear of those before it.

    Draws a bounded number of times; things that find no room so are put one into each quarter of the frame, which
    always holds them.
    """
    placed = []
    for radius in radii:
        low, high = radius + EDGE, UNIT - radius - EDGE
        for _ in range(TRIES):
            x, y = stream.between(low, high), stream.between(low, high)
            if all(
                100 * max(abs(x - a), abs(y - b)) >= CLOSEST * (radius + r)
                for (a, b), r in zip(placed, radii, strict=False)
            ):
                placed.append((x, y))
                break
        else:
            return _quarters(radii, stream)
    return placed


def _quarters(radii, stream):
    half = UNIT // 2
    corners = stream.shuffled([(0, 0), (half, 0), (0, half), (half, half)])
    return [
        tuple(start + stream.between(radius + EDGE, half - radius - EDGE) for start in corner)
        for radius, corner in zip(radii, corners, strict=False)
    ]
