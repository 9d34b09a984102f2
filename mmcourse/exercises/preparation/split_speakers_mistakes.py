"""What goes wrong in `preparation.split_speakers`: planted mistakes with their messages."""

import math

import numpy as np

from mmcourse.exercises.preparation.split_speakers import split_by_speaker, split_speakers


def _mistake(fragment, name, people_of):
    """Plants a mistake that draws its people in another way: ``people_of(speakers, count, seed)``."""

    def mistaken(speakers, share, seed):
        count = max(1, round(share * len(np.unique(speakers))))
        return np.isin(speakers, people_of(speakers, count, seed))

    mistaken.__name__ = name
    split_speakers.mistake(said=fragment)(mistaken)


def _counted(fragment, name, rule):
    """Plants a mistake that draws another number of people."""

    def mistaken(speakers, share, seed):
        people = np.unique(speakers)
        count = min(rule(share, len(people), len(speakers)), len(people))
        return np.isin(speakers, np.random.default_rng(seed).choice(people, size=count, replace=False))

    mistaken.__name__ = name
    split_speakers.mistake(said=fragment)(mistaken)


_ONCE = np.random.default_rng(5)
_mistake("nothing is drawn", "first_of_the_list", lambda who, k, seed: np.unique(who)[:k])
_mistake("nothing is drawn", "last_of_the_list", lambda who, k, seed: np.unique(who)[-k:])
_mistake(
    "nothing is drawn", "seed_fixed", lambda who, k, seed: np.random.default_rng(42).permutation(np.unique(who))[:k]
)
_mistake(
    "nothing is drawn", "who_says_most", lambda who, k, seed: np.argsort(-np.bincount(who - who.min()))[:k] + who.min()
)
_mistake("by chance", "with_replacement", lambda who, k, seed: np.random.default_rng(seed).choice(np.unique(who), k))
_mistake("by chance", "entries_drawn", lambda who, k, seed: np.random.default_rng(seed).choice(who, k, replace=False))
_mistake(
    "by chance", "numbers_without_people",
    lambda who, k, seed: np.random.default_rng(seed).permutation(np.arange(who.min(), who.max() + 1))[:k],
)  # fmt: skip
_mistake("another split", "seed_ignored", lambda who, k, seed: np.random.permutation(np.unique(who))[:k])
_mistake(
    "another split",
    "generator_without_seed",
    lambda who, k, seed: np.random.default_rng().permutation(np.unique(who))[:k],
)
_mistake("another split", "generator_made_once", lambda who, k, seed: _ONCE.permutation(np.unique(who))[:k])
_mistake(
    "Some speakers never come", "last_never_drawn",
    lambda who, k, seed: np.random.default_rng(seed).permutation(np.unique(who)[: max(k, len(np.unique(who)) - 1)])[:k],
)  # fmt: skip
_mistake("different splits", "neighbours", lambda who, k, seed: np.roll(np.unique(who), seed)[:k])
_counted("Draw at least one", "share_of_three", lambda share, people, rows: round(share * people))
_counted("is rounded down. `round`", "rounded_down", lambda share, people, rows: max(1, int(share * people)))
_counted("and may become 0", "rounded_down_to_none", lambda share, people, rows: int(share * people))
_counted("is rounded up. `round` takes", "rounded_up", lambda share, people, rows: math.ceil(share * people))
_counted("A half is rounded up. Python", "half_up", lambda share, people, rows: max(1, int(share * people + 0.5)))
_counted("A half is rounded down", "half_down", lambda share, people, rows: max(1, math.ceil(share * people - 0.5)))
_counted("share of the *test*", "share_of_training", lambda share, people, rows: max(1, round((1 - share) * people)))
_counted("nobody is left", "half_up_to_none", lambda share, people, rows: int(share * people + 0.5))
_counted("one speaker too many", "one_more", lambda share, people, rows: max(1, round(share * people)) + 1)
_counted("at least two", "two_at_least", lambda share, people, rows: max(2, round(share * people)))
_counted(
    "always keep a speaker",
    "one_for_training",
    lambda share, people, rows: max(1, min(round(share * people), people - 1)),
)
_counted("always draw one", "always_one", lambda share, people, rows: 1)
_counted("your test has", "share_of_rows", lambda share, people, rows: max(1, round(share * rows)))


@split_speakers.mistake(said="stand on both sides")
def rows_drawn(speakers, share, seed):
    test = np.zeros(len(speakers), bool)
    test[np.random.default_rng(seed).permutation(len(speakers))[: round(share * len(speakers))]] = True
    return test


@split_speakers.mistake(said="wrong way round")
def training_rows(speakers, share, seed):
    return ~split_by_speaker(speakers, share, seed)


@split_speakers.mistake(said="turns people into such a mask")
def people_returned(speakers, share, seed):
    return np.unique(speakers[split_by_speaker(speakers, share, seed)])


@split_speakers.mistake(said="turns people into such a mask")
def rows_returned(speakers, share, seed):
    return np.flatnonzero(split_by_speaker(speakers, share, seed))


@split_speakers.mistake(said="Who says much is in the test more often")
def by_rows(speakers, share, seed):
    people, rows = np.unique(speakers, return_counts=True)
    count = max(1, round(share * len(people)))
    return np.isin(speakers, np.random.default_rng(seed).choice(people, count, replace=False, p=rows / rows.sum()))


@split_speakers.mistake(said="by chance")
def until_enough_rows(speakers, share, seed):
    test = np.zeros(len(speakers), bool)
    for person in np.random.default_rng(seed).permutation(np.unique(speakers)):
        if test.mean() < share:
            test |= speakers == person
    return test


@split_speakers.mistake(said="There is no test row")
def nobody(speakers, share, seed):
    return np.zeros(len(speakers), bool)


_mistake(
    "Draw that one, too", "first_where_none",
    lambda who, k, seed: (
        np.random.default_rng(seed).permutation(np.unique(who))[:k] if len(np.unique(who)) > 3 else np.unique(who)[:1]
    ),
)  # fmt: skip
_mistake(
    "whatever the number", "nobody_is_zero",
    lambda who, k, seed: np.random.default_rng(seed).permutation(np.unique(who)[np.unique(who) != 0])[:k],
)  # fmt: skip


_mistake(
    "Were places drawn",
    "places_drawn",
    lambda who, k, seed: np.random.default_rng(seed).permutation(len(np.unique(who)))[:k],
)
