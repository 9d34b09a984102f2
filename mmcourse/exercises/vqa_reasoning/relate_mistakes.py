"""What goes wrong in `vqa_reasoning.relate`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.numeric import softmax
from mmcourse.exercises.vqa_reasoning.relate import relate, relate_map


def _share(s):
    return s / s.sum() if s.sum() > 0 else s


@relate.mistake("Where nothing was named the sum is 0, and 0 / 0 is nan. Such a map passes on 0 everywhere.")
def zero_by_zero(s, thing, kernel):
    with np.errstate(invalid="ignore"):
        return thing * ((s / s.sum()) @ kernel)


@relate.mistake("Entries above 1 are cut off. A map that is not sure, or less, still says less: divide by its sum.")
def clipped(s, thing, kernel):
    return np.minimum(thing * (s @ kernel), 1)


@relate.mistake("Entries above 1 are cut off. A map that is not sure, or less, still says less: divide by its sum.")
def clipped_inside(s, thing, kernel):
    return thing * np.minimum(s @ kernel, 1)


@relate.mistake("The map is divided by its largest entry. Four sure cells still say everything four times.")
def by_largest(s, thing, kernel):
    return thing * ((s / s.max() if s.max() > 0 else s) @ kernel)


@relate.mistake("The map is divided by the number of all places. Divide by its own sum.")
def by_places(s, thing, kernel):
    return thing * (s @ kernel) / len(s)


@relate.mistake("The map is divided by the number of cells that are not 0. Those weigh as their entries: by the sum.")
def by_cells(s, thing, kernel):
    return thing * (s @ kernel) / max((s > 0).sum(), 1)


@relate.mistake("All cells that are not 0 weigh alike. A cell weighs as its entry.")
def all_alike(s, thing, kernel):
    return relate_map((s > 0) * 1.0, thing, kernel)


@relate.mistake("Only the surest cell speaks. All speak, each by its share.")
def surest(s, thing, kernel):
    return relate_map(np.eye(len(s))[s.argmax()] * (s.max() > 0), thing, kernel)


@relate.mistake(
    "The softmax gives weight to cells of 0, too, and to a map in which nothing was named. Divide by the sum."
)
def by_softmax(s, thing, kernel):
    return thing * (softmax(s) @ kernel)


@relate.mistake("The map is divided by its Euclidean length, and its entries do not sum to one. Divide by the sum.")
def by_length(s, thing, kernel):
    length = np.sqrt((s**2).sum())
    return thing * ((s / length if length > 0 else s) @ kernel)


@relate.mistake(
    "The kernel is turned round: this is what the named thing is left of, and not what is left of it. Was the code "
    "right there? `s @ kernel` adds up over i."
)
def turned(s, thing, kernel):
    return thing * (kernel @ _share(s))


@relate.mistake("The kernel is turned round, and the map still counts as it is. Only the second was wrong.")
def turned_as_given(s, thing, kernel):
    return thing * (kernel @ s)


@relate.mistake("`thing` is gone: background stands in relations, too, and would be counted.")
def no_thing(s, thing, kernel):
    return _share(s) @ kernel


@relate.mistake("What is passed on is divided by its sum, so that one thing and three look alike. Divide what came in.")
def result_shared(s, thing, kernel):
    return _share(thing * (s @ kernel))


@relate.mistake("What is passed on is divided by its largest entry. Divide what came in, by its sum.")
def result_scaled(s, thing, kernel):
    out = thing * (s @ kernel)
    return out / out.max() if out.max() > 0 else out


@relate.mistake(
    "The named thing is taken out of what is passed on. The kernel says what is left of what; leave it that."
)
def without_named(s, thing, kernel):
    return relate_map(s, thing, kernel) * (1 - s)


@relate.mistake("The map that came in is multiplied to what is passed on. The two are of different places.")
def times_named(s, thing, kernel):
    return relate_map(s, thing, kernel) * s


@relate.mistake("`thing` weighs the named place as well: it weighs what is passed on, and not what came in.")
def thing_inside(s, thing, kernel):
    return thing * (_share(s * thing) @ kernel)


@relate.mistake("Where nothing was named, everything is passed on. There, pass on 0 everywhere.")
def all_where_none(s, thing, kernel):
    return relate_map(s, thing, kernel) if s.sum() > 0 else thing.copy()


@relate.mistake("Where nothing was named, all places count alike. There, pass on 0 everywhere.")
def mean_where_none(s, thing, kernel):
    return relate_map(s, thing, kernel) if s.sum() > 0 else thing * kernel.mean(axis=0)


@relate.mistake("One is added to the sum, so that a map that is not sure still says less. Divide by the sum itself.")
def plus_one(s, thing, kernel):
    return thing * (s @ kernel) / (1 + s.sum())


@relate.mistake("The map is divided only where its sum is above 1. One that is not sure must say as much.")
def only_large(s, thing, kernel):
    return thing * (s @ kernel) / max(s.sum(), 1.0)


@relate.mistake("You take the best of all named places, and not their mean by shares.")
def best(s, thing, kernel):
    return thing * (np.sign(s)[:, None] * kernel).max(axis=0)
