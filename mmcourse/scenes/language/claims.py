"""What a caption claims, in no language, and whether it holds in a scene.

A caption speaks of *mentions*, numbered in the order in which they occur. Each mention stands for one thing, and two
mentions never stand for the same: "a red circle and a red circle" speaks of two circles.
"""

from dataclasses import dataclass

ATTRIBUTES = ("shape", "colour", "size")

# Four times as many mentions as a scene has things. A caption that goes on for longer is broken, and what it claims of
# later mentions counts as false: without such a bound a degenerate caption would take for ever to check.
MOST_MENTIONS = 16


@dataclass(frozen=True)
class Exists:
    """Mention number ``mention`` stands for a thing with these attributes (None: not said)."""

    mention: int
    shape: str | None = None
    colour: str | None = None
    size: str | None = None


@dataclass(frozen=True)
class Relation:
    """The thing of mention ``first`` stands in ``relation`` to the thing of mention ``second``."""

    first: int
    relation: str
    second: int


@dataclass(frozen=True)
class Count:
    """The scene has exactly ``n`` things with these attributes (None: any). "Two circles" is false of three."""

    n: int
    shape: str | None = None
    colour: str | None = None
    size: str | None = None


@dataclass(frozen=True)
class Unparsed:
    """A run of words that the grammar cannot understand. It never holds, so that garbled text is never wholly true."""

    words: str


Claim = Exists | Relation | Count | Unparsed


@dataclass(frozen=True)
class Check:
    """``truth``: share of the ``claims`` that hold, 0.0 if there are none. ``coverage``: share of the scene's things
    that are mentioned, 1.0 for an empty scene. ``holds``: one bool for each of ``claims``."""

    truth: float
    coverage: float
    claims: tuple[Claim, ...]
    holds: tuple[bool, ...]


def fits(claim, thing):
    """Whether a thing has all attributes that a claim (Exists or Count) names."""
    return (
        (claim.shape is None or claim.shape == thing.shape)
        and (claim.colour is None or claim.colour == thing.colour)
        and (claim.size is None or claim.size == thing.size)
    )


def _assign(options, relations, scene):
    """The assignment of mentions to different things (None: to nothing) that makes most claims true, and among those
    the one that covers most things.

    ``options``: for each mention the things (by place) that fit it. Depth first over mentions, cut off where even the
    best rest could not win, and stopped at the first assignment that makes everything true. Returns a list.
    """
    things, size = scene.things, len(options)
    # A relation is settled as soon as its later mention is.
    settled = [[] for _ in range(size)]
    for first, relation, second in relations:
        if first < size and second < size:
            settled[max(first, second)].append((first, relation, second))
    left = [0] * (size + 1)  # the relations still open before mention k
    for k in reversed(range(size)):
        left[k] = left[k + 1] + len(settled[k])
    best, best_key, perfect = [None] * size, (0, 0), (size + left[0], size)
    chosen = [None] * size

    def search(k, true, covered):
        nonlocal best, best_key
        if k == size:
            if (true, covered) > best_key:
                best, best_key = list(chosen), (true, covered)
            return
        room = min(size - k, len(things) - covered)
        if (true + room + left[k], covered + room) <= best_key:
            return
        for thing in options[k]:
            if thing in chosen[:k]:
                continue
            chosen[k] = thing
            gained = 1
            for first, relation, second in settled[k]:
                a, b = chosen[first], chosen[second]
                gained += a is not None and b is not None and scene.holds(relation, things[a], things[b])
            search(k + 1, true + gained, covered + 1)
            if best_key == perfect:
                return
        chosen[k] = None
        search(k + 1, true, covered)

    search(0, 0, 0)
    return best


def check_claims(claims, scene):
    """Check ``claims`` (a sequence of Claim) against ``scene``.

    1. Mentions are assigned to different things, so that as many claims as possible hold, and then so that as many
       things as possible are covered. The choice is exact: all assignments are considered.
    2. An ``Exists`` holds if its mention was given a thing (which then fits), a ``Relation`` if it holds of the things
       of its two mentions, a ``Count`` if the whole scene has that number of such things, an ``Unparsed`` never.

    Returns a Check.
    """
    mentions = {c.mention: c for c in claims if isinstance(c, Exists) and c.mention < MOST_MENTIONS}
    things = scene.things
    options = [
        [i for i, t in enumerate(things) if fits(mentions[k], t)] if k in mentions else []
        for k in range(max(mentions, default=-1) + 1)
    ]
    relations = [(c.first, c.relation, c.second) for c in claims if isinstance(c, Relation)]
    chosen = _assign(options, relations, scene)

    def thing_of(mention):
        place = chosen[mention] if mention < len(chosen) else None
        return None if place is None else things[place]

    holds = []
    for claim in claims:
        if isinstance(claim, Exists):
            holds.append(thing_of(claim.mention) is not None)
        elif isinstance(claim, Relation):
            a, b = thing_of(claim.first), thing_of(claim.second)
            holds.append(a is not None and b is not None and scene.holds(claim.relation, a, b))
        elif isinstance(claim, Count):
            holds.append(sum(fits(claim, t) for t in things) == claim.n)
        else:
            holds.append(False)
    truth = sum(holds) / len(holds) if holds else 0.0
    covered = sum(place is not None for place in chosen)
    return Check(truth, covered / len(things) if things else 1.0, tuple(claims), tuple(holds))
