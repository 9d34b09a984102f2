"""Families of questions: what is asked of a scene, before any words, so that the words alone give nothing away.

A question-only model learns from the words which answer is likely. Here it cannot, by construction rather than by
sorting the finished questions, for an item must be a pure function of its own key:

**Twins** (exist, count, compare number, compare attribute, relation exist, relation count). Each attempt imagines a
*twin* of the scene: the same, but for one thing (or two) drawn anew as the split draws them, or the same mirrored.
The question is then chosen by a rule that treats scene and twin alike, and is kept only if their answers differ. The
scene is as likely the twin of its twin as the other way round; so whatever the question, either of the two answers is
the scene's own with a probability of one half. (Goyal et al., 2017, "Making the V in VQA matter", collected such pairs
by hand.) An attempt that fails is not repeated: to repeat it until it succeeds would bring the bias back.

- Yes or no is thus exactly even for every wording.
- A count is one of two numbers, even, so that no wording has a likelier answer than one half; and in train 1 is the
  likeliest for every kind of wording (with a relation: 0), so that the likeliest answer overall is the best guess.

**Independence** (query, relation query). Colours, shapes and sizes of things are drawn independently, but for the
held-out pairs, and the choice of the question looks at everything except the attribute that is asked for; the names in
it never use that attribute, not even for the other thing of a relation ("the circle left of the red circle" is not
red). Held-out pairs leave a trace: in train no triangle is green. But orange, yellow and circle are in no held-out
pair, so they are the likeliest answers whatever is named, and guessing by words gains nothing. (In unseen_pairs
such guesses, learned in train, are worse than chance. Within that split words do tell: its triangles are often green.)

Chains are relation queries of two relations, by the same rule of independence; no question of ``questions`` is one.

What a family finds is a ``Draft``: see ``drafts``, which says what a kind and a description are, too.
"""

from functools import lru_cache

from mmcourse.scenes.questions.drafts import ATTRIBUTES, FORMS, Draft, describe, fits, name_of, number_of, weighted
from mmcourse.scenes.questions.program import COMPARISONS, VALUES, compare
from mmcourse.scenes.sampling import HELD_OUT
from mmcourse.scenes.scene import RELATIONS

OPPOSITE = {"left of": "right of", "right of": "left of", "above": "below", "below": "above"}

# Counts ask for less, so that there is more to count.
_COUNT_FORMS = {(0,): 24, (1,): 24, (2,): 44, (0, 1): 2, (0, 2): 3, (1, 2): 3}
_SHORT_FORMS = {(): 30, (0,): 25, (1,): 25, (2,): 20}

# Of counts that are 0 or 1, so many percent are kept: two of a kind are rare in a scene of three.
_FEW_KEPT = 22
_FEW_RELATED_KEPT = 45
# Of counts, so many percent are twins in two things: their answers are 0 or 2, 1 or 3.
_DOUBLE = 50

_FORM, _COUNT_FORM, _SHORT_FORM = map(weighted, (FORMS, _COUNT_FORMS, _SHORT_FORMS))
# Comparisons and attributes that seldom tell a scene from its twin are tried more often.
_COMPARISON = weighted({"equal": 60, "more": 20, "fewer": 20})
_COMPARED = weighted({"shape": 38, "colour": 38, "size": 24})
assert set(_COMPARISON) == set(COMPARISONS)


class World:
    """What a split draws its things from: ``shapes``, ``colours`` and ``sizes`` (tuples of words)."""

    def __init__(self, shapes, colours, sizes):
        self.values = (shapes, colours, sizes)
        pairs = [(shape, colour) for shape in shapes for colour in colours]
        self.options = {}
        for held in (False, True):
            some = [pair for pair in pairs if ((pair[1], pair[0]) in HELD_OUT) == held]
            for shape in (None, *VALUES["shape"]):
                for colour in (None, *VALUES["colour"]):
                    self.options[held, shape, colour] = [
                        p for p in some if shape in (None, p[0]) and colour in (None, p[1])
                    ]

    def redraw(self, kind, places, stream):
        """``kind`` with its attributes at ``places`` drawn anew, given the others, as the split draws them: a held-out
        pair of colour and shape becomes one of the held-out pairs, any other one of the others."""
        shape, colour, size = kind
        held = (colour, shape) in HELD_OUT
        options = self.options[held, None if 0 in places else shape, None if 1 in places else colour]
        shape, colour = stream.choice(options) if options else (shape, colour)
        return shape, colour, stream.choice(self.values[2]) if 2 in places else size

    def others(self, kind, place):
        """All kinds that differ from ``kind`` in the attribute at ``place`` only, and that ``redraw`` could put in its
        stead, a list in the order of the words."""
        shape, colour, size = kind
        if place == 2:
            found = [(shape, colour, other) for other in self.values[2]]
        else:
            held = (colour, shape) in HELD_OUT
            options = self.options[held, None if place == 0 else shape, None if place == 1 else colour]
            found = [(*pair, size) for pair in options]
        return [other for other in found if other != kind]

    def twin(self, kinds, form, stream):
        """(place, twin): ``kinds`` with the thing at ``place`` drawn anew, either wholly or in one attribute of the
        form: then "a red star" is asked of a scene with a blue star."""
        place = stream.below(len(kinds))
        places = (0, 1, 2) if stream.chance(50) else (stream.choice(form),)
        twin = list(kinds)
        twin[place] = self.redraw(kinds[place], places, stream)
        return place, twin


@lru_cache(maxsize=64)
def world(shapes, colours, sizes):
    """The ``World`` of these words, made once. Raises ValueError for words that there are not."""
    for (name, known), chosen in zip(VALUES.items(), (shapes, colours, sizes), strict=True):
        if not chosen or not set(chosen) <= set(known):
            raise ValueError(f"Received: {name}s={chosen!r}. Allowed: one or more of {', '.join(known)}, as a tuple.")
    return World(shapes, colours, sizes)


# -- the families: each takes (family, scene, kinds, world, stream) and returns a Draft, or None if the attempt fails


def _exist(family, scene, kinds, world, stream):
    form = stream.choice(_FORM)
    place, twin = world.twin(kinds, form, stream)
    wanted = describe(form, stream.choice((kinds, twin))[place])
    differ = bool(number_of(wanted, kinds)) != bool(number_of(wanted, twin))
    return Draft(family, wanted) if differ else None


def _count(family, scene, kinds, world, stream):
    form = stream.choice(_COUNT_FORM)
    place, twin = world.twin(kinds, form, stream)
    if stream.chance(_DOUBLE) and len(kinds) > 1:
        other = (place + 1 + stream.below(len(kinds) - 1)) % len(kinds)
        twin[other] = world.redraw(kinds[other], form, stream)
    wanted = describe(form, stream.choice((kinds, twin))[place])
    counts = {number_of(wanted, kinds), number_of(wanted, twin)}
    if len(counts) == 1 or (counts == {0, 1} and not stream.chance(_FEW_KEPT)):
        return None
    return Draft(family, wanted)


def _query(family, scene, kinds, world, stream):
    attribute = family.split()[-1]
    asked = ATTRIBUTES.index(attribute)
    if len(world.values[asked]) < 2:
        return None  # there is nothing to tell apart
    for place in stream.shuffled(range(len(kinds))):
        name = name_of(kinds, place, stream, without=asked)
        if name:
            return Draft(family, name, attribute=attribute)
    return None


def _compare_number(family, scene, kinds, world, stream):
    form = stream.choice(_FORM)
    other = form if stream.chance(75) else stream.choice(_FORM)
    comparison = stream.choice(_COMPARISON)
    place, twin = world.twin(kinds, form, stream)
    # One description is true of the thing, one of what the twin has in its stead: neither scene has none of both.
    mine, theirs = (kinds, twin) if stream.below(2) else (twin, kinds)
    first, second = describe(form, mine[place]), describe(other, theirs[place])
    # Of "red stars" there are never more than of "stars": that would be answered by its own words.
    if _implies(first, second) or _implies(second, first):
        return None
    answers = {compare(comparison, number_of(first, some), number_of(second, some)) for some in (kinds, twin)}
    return Draft(family, first, second, comparison=comparison) if len(answers) == 2 else None


def _implies(narrow, wide):
    return all(w is None or w == n for n, w in zip(narrow, wide, strict=True))


def _compare_attribute(family, scene, kinds, world, stream):
    if len(kinds) < 2:
        return None
    attribute = stream.choice(_COMPARED)
    asked = ATTRIBUTES.index(attribute)
    place = stream.below(len(kinds))
    old, new = kinds[place][asked], world.redraw(kinds[place], (asked,), stream)[asked]
    others = [j for j, kind in enumerate(kinds) if j != place and (kind[asked] == old) != (kind[asked] == new)]
    if not others:
        return None
    # The names do not say what is compared, hence they fit the twin as they fit the scene.
    names = [name_of(kinds, j, stream, without=asked) for j in (place, stream.choice(others))]
    if None in names:
        return None
    first, second = names if stream.below(2) else reversed(names)
    return Draft(family, first, second, attribute=attribute)


def _related(scene, relation, anchor):
    """For each thing whether it stands in ``relation`` to the thing at place ``anchor``."""
    return [scene.holds(relation, thing, scene.things[anchor]) for thing in scene.things]


def _relation(family, scene, kinds, world, stream):
    """Relation exist and relation count: the twin is the mirrored scene, in which left is right (or above is below)."""
    if len(kinds) < 2:
        return None
    anchor = stream.below(len(kinds))
    relation = stream.choice(RELATIONS)
    name = name_of(kinds, anchor, stream)
    # It fits a thing besides the anchor: so the relation decides, not that there is no such thing at all.
    other = (anchor + 1 + stream.below(len(kinds) - 1)) % len(kinds)
    wanted = describe(stream.choice(_SHORT_FORM), kinds[other])
    if name is None:
        return None
    here, mirrored = (
        sum(related and fits(wanted, kind) for related, kind in zip(_related(scene, r, anchor), kinds, strict=True))
        for r in (relation, OPPOSITE[relation])
    )
    if family == "relation exist":
        here, mirrored = bool(here), bool(mirrored)
    elif {here, mirrored} == {0, 1} and not stream.chance(_FEW_RELATED_KEPT):
        return None
    return Draft(family, wanted, name, relation) if here != mirrored else None


def _relation_query(family, scene, kinds, world, stream):
    attribute = family.split()[-1]
    asked = ATTRIBUTES.index(attribute)
    if len(kinds) < 2 or len(world.values[asked]) < 2:
        return None
    forms = [form for form in _SHORT_FORM if asked not in form]
    for anchor in stream.shuffled(range(len(kinds))):
        name = name_of(kinds, anchor, stream, without=asked)
        if name is None:
            continue
        for relation in stream.shuffled(RELATIONS):
            related = _related(scene, relation, anchor)
            places = [j for j, holds in enumerate(related) if holds]
            if not places:
                continue
            wanted = describe(stream.choice(forms), kinds[stream.choice(places)])
            # One thing is meant, and without the relation it would not be: a relation that is not needed is refused.
            if sum(fits(wanted, kinds[j]) for j in places) == 1 < number_of(wanted, kinds):
                return Draft(family, wanted, name, relation, attribute)
    return None


def _chain(family, scene, kinds, world, stream):
    """A relation query whose anchor is itself found by a relation. Three things, and both relations are needed."""
    attribute = family.split()[-1]
    asked = ATTRIBUTES.index(attribute)
    if len(kinds) < 3 or len(world.values[asked]) < 2:
        return None
    forms = [form for form in _SHORT_FORM if asked not in form]

    def found(anchor):
        """Each (relation, place, description) that says which thing is meant, and does not without the relation."""
        for relation in stream.shuffled(RELATIONS):
            places = [j for j, holds in enumerate(_related(scene, relation, anchor)) if holds]
            for place in stream.shuffled(places):
                wanted = describe(stream.choice(forms), kinds[place])
                if sum(fits(wanted, kinds[j]) for j in places) == 1 < number_of(wanted, kinds):
                    yield relation, place, wanted

    for anchor in stream.shuffled(range(len(kinds))):
        third = name_of(kinds, anchor, stream, without=asked)
        if third is None:
            continue
        for further, between, second in found(anchor):
            for relation, place, first in found(between):
                if place != anchor:
                    return Draft(family, first, second, relation, attribute, third=third, further=further)
    return None


_MAKERS = {
    "exist": _exist,
    "count": _count,
    "query shape": _query,
    "query colour": _query,
    "query size": _query,
    "compare number": _compare_number,
    "compare attribute": _compare_attribute,
    "relation exist": _relation,
    "relation count": _relation,
    "relation shape": _relation_query,
    "relation colour": _relation_query,
    "relation size": _relation_query,
}
FAMILIES = tuple(_MAKERS)
# Longer than what any family asks: no FAMILIES, for these are what a model is trained with.
CHAINS = ("chain shape", "chain colour", "chain size")


def draft(family, scene, world, stream):
    """One attempt at a question of ``family`` (of FAMILIES or CHAINS) about ``scene``: a Draft, or None if it fails."""
    kinds = [(thing.shape, thing.colour, thing.size) for thing in scene.things]
    maker = _chain if family in CHAINS else _MAKERS[family]
    return maker(family, scene, kinds, world, stream) if kinds else None
