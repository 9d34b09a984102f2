"""What goes wrong in `scenes.negatives`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.scenes.negatives import mismatch, negatives
from mmcourse.scenes import language


def _chosen(captions, scenes, rng, good):
    chosen = np.full(len(scenes), -1)
    for i in range(len(scenes)):
        options = [j for j in range(len(captions)) if good(i, j)]
        if options:
            chosen[i] = rng.choice(options)
    return chosen


def _truths(captions, scenes):
    return np.array([[language.check(caption, scene).truth for caption in captions] for scene in scenes])


@negatives.mistake("can be true here too")
def other_scenes(captions, scenes, rng):
    return _chosen(captions, scenes, rng, lambda i, j: i != j)


@negatives.mistake("can be true here too")
def other_words(captions, scenes, rng):
    return _chosen(captions, scenes, rng, lambda i, j: captions[j] != captions[i])


@negatives.mistake("can be true here too")
def other_things(captions, scenes, rng):
    return _chosen(captions, scenes, rng, lambda i, j: scenes[i].things != scenes[j].things)


@negatives.mistake("other way round")
def not_all_told(captions, scenes, rng):
    return _chosen(captions, scenes, rng, lambda i, j: language.check(captions[j], scenes[i]).coverage < 1)


@negatives.mistake("other way round")
def swapped_check(captions, scenes, rng):
    truth = _truths(captions, scenes)
    return _chosen(captions, scenes, rng, lambda i, j: truth[j, i] < 1)


@negatives.mistake("that are *true* of the scene")
def true_ones(captions, scenes, rng):
    truth = _truths(captions, scenes)
    return _chosen(captions, scenes, rng, lambda i, j: truth[i, j] == 1)


@negatives.mistake("that are *true* of the scene")
def own(captions, scenes, rng):
    return np.arange(len(scenes))


@negatives.mistake("the place in your list")
def place_in_the_list(captions, scenes, rng):
    counts = (_truths(captions, scenes) < 1).sum(1)
    return np.array([rng.integers(count) if count else -1 for count in counts])


@negatives.mistake("every claim is false")
def wholly_false(captions, scenes, rng):
    truth = _truths(captions, scenes)
    return _chosen(captions, scenes, rng, lambda i, j: truth[i, j] == 0)


@negatives.mistake("nearest to being true")
def nearly_true(captions, scenes, rng):
    truth = _truths(captions, scenes)
    truth[truth == 1] = -1
    return _chosen(captions, scenes, rng, lambda i, j: truth[i, j] == truth[i].max() >= 0)


@negatives.mistake("of which something is true")
def partly_true(captions, scenes, rng):
    truth = _truths(captions, scenes)
    return _chosen(captions, scenes, rng, lambda i, j: 0 < truth[i, j] < 1)


@negatives.mistake("of which half is true, or more")
def mostly_false(captions, scenes, rng):
    truth = _truths(captions, scenes)
    return _chosen(captions, scenes, rng, lambda i, j: truth[i, j] < 0.5)


@negatives.mistake("of which more than half is true")
def at_most_half(captions, scenes, rng):
    truth = _truths(captions, scenes)
    return _chosen(captions, scenes, rng, lambda i, j: truth[i, j] <= 0.5)


@negatives.mistake("whose first claim holds")
def first_claim_only(captions, scenes, rng):
    return _chosen(captions, scenes, rng, lambda i, j: not language.check(captions[j], scenes[i]).holds[0])


@negatives.mistake("although there are captions that are false of them")
def one_try(captions, scenes, rng):
    tried = rng.integers(len(captions), size=len(scenes))
    truth = _truths(captions, scenes)
    return np.where(truth[np.arange(len(scenes)), tried] < 1, tried, -1)


@negatives.mistake("from before the scene's own")
def later_ones(captions, scenes, rng):
    truth = _truths(captions, scenes)
    found = _chosen(captions, scenes, rng, lambda i, j: truth[i, j] < 1 and j > i)
    return found


@negatives.mistake("-1 everywhere")
def nothing(captions, scenes, rng):
    return np.full(len(scenes), -1)


@negatives.mistake("Every generator gives the same pairs")
def the_worst(captions, scenes, rng):
    truth = _truths(captions, scenes)
    return np.array([np.flatnonzero(row < 1)[-1] if (row < 1).any() else -1 for row in truth])


@negatives.mistake("Every generator gives the same pairs")
def own_generator(captions, scenes, rng):
    return mismatch(captions, scenes, np.random.default_rng(0))


@negatives.mistake("Two generators with the same seed")
def any_generator(captions, scenes, rng):
    return mismatch(captions, scenes, np.random.default_rng())


@negatives.mistake("never draw the last")
def last_left_out(captions, scenes, rng):
    false = [np.flatnonzero(row < 1) for row in _truths(captions, scenes)]
    return np.array([row[rng.integers(max(len(row) - 1, 1))] if len(row) else -1 for row in false])


@negatives.mistake("the answer is -1")
def anything_if_none(captions, scenes, rng):
    found = mismatch(captions, scenes, rng)
    return np.where(found < 0, rng.integers(0, len(captions), len(found)), found)


@negatives.mistake("You return None")
def none_if_none(captions, scenes, rng):
    return [None if found < 0 else int(found) for found in mismatch(captions, scenes, rng)]


@negatives.mistake("got a number outside")
def counted_from_one(captions, scenes, rng):
    found = mismatch(captions, scenes, rng)
    return np.where(found < 0, found, found + 1)


@negatives.mistake("got the captions themselves")
def the_texts(captions, scenes, rng):
    return [captions[j] for j in mismatch(captions, scenes, rng)]


@negatives.mistake("Expected the shape")
def all_of_them(captions, scenes, rng):
    return _truths(captions, scenes) < 1


@negatives.mistake("one draw for all of them")
def one_draw_for_all(captions, scenes, rng):
    part, false = rng.random(), [np.flatnonzero(row < 1) for row in _truths(captions, scenes)]
    return np.array([some[int(part * len(some))] if len(some) else -1 for some in false])
