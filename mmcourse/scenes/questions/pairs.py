"""Minimal pairs: scenes that differ in one attribute of one thing, so that a question has another answer, or the same.

A model that is right about a scene may be right for the wrong reason. Whether it looks at what the question is about
shows in pairs: its answer must follow a change that matters (``changed``), and stay for one that does not (``kept``).
Gardner et al. (2020), "Evaluating models' local decision boundaries via contrast sets", make the first kind by hand.
"""

from dataclasses import replace

from mmcourse._machinery.checks import check_one_of, check_whole
from mmcourse.scenes.questions.drafts import ATTRIBUTES
from mmcourse.scenes.questions.families import world
from mmcourse.scenes.questions.program import evaluate, show
from mmcourse.scenes.questions.question import check_about
from mmcourse.scenes.random import Stream
from mmcourse.scenes.sampling import CLOSEST, EDGE, JITTER
from mmcourse.scenes.scene import COLOURS, RADIUS, SHAPES, SIZES, UNIT

KINDS = (*ATTRIBUTES, "place")


def changed(question, scene, number=0, kind=None, *, shapes=SHAPES, colours=COLOURS, sizes=SIZES):
    """The scene with one change to one thing, after which the question has another answer: (Scene, answer), or None
    where no change does that.

    The change is another shape, colour or size of a thing, or its mirrored place. The question can still be answered:
    each thing that it names is still the only one of its name. All else is as it was: background, key, the order of
    things, and each pixel outside the changed thing's patches (before and after).

    - ``question``: a Question about ``scene``, a Scene.
    - ``number``: which of the changes, an integer >= 0; past the last one None is returned. Their order is drawn from
      the scene's key and the program: one of each thing and attribute, then another of each that has more.
    - ``kind``: which are looked for: "shape", "colour", "size", "place", or None for all. Then a place is changed only
      after each attribute: of a relation question with ``number=0`` where no attribute would do.
    - ``shapes``, ``colours``, ``sizes``: the knobs that the scene was drawn with (see ``sampling.scene``).

    What comes out is a scene that the split can draw: a held-out pair of colour and shape stays as it is, and no other
    pair becomes one. A thing that grows, or goes to the place mirrored along x or along y (x becomes 1024 - x), must be
    as far from the edge and from all others as things of a scene are (``sampling``), else there is no such change.
    Another size keeps how much the radius departs from its size's, as far as a thing of that size may.

    Raises TypeError for what is no Question or no Scene, ValueError for a question about another scene and for values
    out of range.
    """
    words = (shapes, colours, sizes)
    return _pair(question, scene, number, kind, words, "changed", lambda answer: answer != question.answer)


def kept(question, scene, number=0, kind=None, *, shapes=SHAPES, colours=COLOURS, sizes=SIZES):
    """As ``changed``, but after the change the question has the *same* answer: (Scene, answer), or None.

    The picture is changed as much, so a model that reacts to any change at all is found out. With the same ``kind`` the
    two can be compared: the colour of the thing that is asked for, the colour of another. Where each attribute of each
    thing matters, as in many a scene of one thing, only a place is left.
    """
    words = (shapes, colours, sizes)
    return _pair(question, scene, number, kind, words, "kept", lambda answer: answer == question.answer)


def _pair(question, scene, number, kind, words, name, wanted):
    check_about(question, scene)
    check_whole(0, number=number)
    check_one_of((None, *KINDS), kind=kind)
    stream = Stream("questions", name, show(question.program), *scene.key)
    drawn_from = world(*map(tuple, words))

    def right(place, things):
        """Of the scenes with one of these things in the stead of the one at ``place``, those that are wanted."""
        for thing in things:
            other = replace(scene, things=(*scene.things[:place], thing, *scene.things[place + 1 :]))
            try:
                answer = evaluate(question.program, other)
            except ValueError:  # a thing that the question names is no longer there, or no longer alone
                continue
            if wanted(answer):
                yield other, answer

    kinds = KINDS if kind is None else (kind,)
    for some in ([k for k in kinds if k != "place"], [k for k in kinds if k == "place"]):
        options = stream.shuffled([(place, k) for k in some for place in range(len(scene))])
        tables = [
            right(place, stream.shuffled(_other_things(scene, place, scene.things[place], k, drawn_from)))
            for place, k in options
        ]
        for pair in _in_turn(tables):
            if number == 0:
                return pair
            number -= 1
    return None


def _in_turn(iterators):
    """One item of each iterator, then the next of each that has more, until none has."""
    while iterators:
        iterators, these = [], iterators
        for iterator in these:
            for item in iterator:
                yield item
                iterators.append(iterator)
                break


def _other_things(scene, place, thing, kind, drawn_from):
    """What the thing, which stands at ``place``, can become by one change of this kind, a list."""
    if kind == "place":
        mirrored = [replace(thing, x=UNIT - thing.x), replace(thing, y=UNIT - thing.y)]
        return [other for other in mirrored if other != thing and _has_room(scene, place, other)]
    number = ATTRIBUTES.index(kind)
    found = []
    for others in drawn_from.others((thing.shape, thing.colour, thing.size), number):
        other = replace(thing, **{kind: others[number]})
        if kind == "size":
            departs = max(-JITTER[other.size], min(JITTER[other.size], thing.radius - RADIUS[thing.size]))
            other = replace(other, radius=RADIUS[other.size] + departs)
        if kind != "size" or _has_room(scene, place, other):
            found.append(other)
    return found


def _has_room(scene, place, thing):
    """Whether ``thing`` may stand in the stead of the one at ``place``: as far from edge and others as ``sampling``
    puts things."""
    low, high = thing.radius + EDGE, UNIT - thing.radius - EDGE
    others = scene.things[:place] + scene.things[place + 1 :]
    return low <= min(thing.x, thing.y) <= max(thing.x, thing.y) <= high and all(
        100 * max(abs(thing.x - other.x), abs(thing.y - other.y)) >= CLOSEST * (thing.radius + other.radius)
        for other in others
    )
