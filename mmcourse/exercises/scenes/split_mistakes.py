"""What goes wrong in `scenes.split`: planted mistakes with their messages."""

import math

import numpy as np

from mmcourse.exercises.scenes.split import grouped_split, split


def _by_rule(sources, count, seed):
    origins = np.unique(sources)
    return np.isin(sources, np.random.default_rng(seed).permutation(origins)[:count])


@split.mistake("Draw origins, not items")
def by_item(sources, share, seed):
    order = np.random.default_rng(seed).permutation(len(sources))
    return np.isin(np.arange(len(sources)), order[: round(share * len(sources))])


@split.mistake("Draw origins, not items")
def coin_for_each_item(sources, share, seed):
    return np.random.default_rng(seed).random(len(sources)) < share


@split.mistake("at most one item")
def first_copies(sources, share, seed):
    test = grouped_split(sources, share, seed)
    return test & np.isin(np.arange(len(sources)), np.unique(sources, return_index=True)[1])


@split.mistake("True means test")
def kept_for_training(sources, share, seed):
    return ~grouped_split(sources, share, seed)


@split.mistake("however many items each has")
def fills_up_items(sources, share, seed):
    test = np.zeros(len(sources), bool)
    for origin in np.random.default_rng(seed).permutation(np.unique(sources)):
        if test.sum() < share * len(sources):
            test |= sources == origin
    return test


@split.mistake("however many items each has")
def never_beyond(sources, share, seed):
    test = np.zeros(len(sources), bool)
    for origin in np.random.default_rng(seed).permutation(np.unique(sources)):
        more = test | (sources == origin)
        test = more if more.sum() <= share * len(sources) else test
    return test


@split.mistake("You round down")
def rounded_down(sources, share, seed):
    return _by_rule(sources, int(share * len(np.unique(sources))), seed)


@split.mistake("You round up")
def rounded_up(sources, share, seed):
    return _by_rule(sources, math.ceil(share * len(np.unique(sources))), seed)


@split.mistake("You round a half upwards")
def half_upwards(sources, share, seed):
    return _by_rule(sources, int(share * len(np.unique(sources)) + 0.5), seed)


@split.mistake("You round the number of origins in the training side")
def training_rounded(sources, share, seed):
    origins = np.unique(sources)
    training = np.random.default_rng(seed).permutation(origins)[: round((1 - share) * len(origins))]
    return ~np.isin(sources, training)


@split.mistake("at least one origin")
def at_least_one(sources, share, seed):
    return _by_rule(sources, max(1, round(share * len(np.unique(sources)))), seed)


@split.mistake("`[-0:]` is everything")
def the_last_of_them(sources, share, seed):
    origins = np.random.default_rng(seed).permutation(np.unique(sources))
    return np.isin(sources, origins[-round(share * len(origins)) :])


@split.mistake("True means test")
def share_of_training(sources, share, seed):
    return _by_rule(sources, round((1 - share) * len(np.unique(sources))), seed)


@split.mistake("n being the number of items")
def share_of_items(sources, share, seed):
    return _by_rule(sources, round(share * len(sources)), seed)


@split.mistake("`share` is ignored")
def a_habit(sources, share, seed):
    return grouped_split(sources, 0.3, seed)


@split.mistake("without replacement")
def with_replacement(sources, share, seed):
    origins = np.unique(sources)
    return np.isin(sources, np.random.default_rng(seed).choice(origins, round(share * len(origins))))


@split.mistake("Draw exactly that many")
def coin_for_each_origin(sources, share, seed):
    origins = np.unique(sources)
    return np.isin(sources, origins[np.random.default_rng(seed).random(len(origins)) < share])


@split.mistake("not drawn at random")
def the_first(sources, share, seed):
    origins = np.unique(sources)
    return np.isin(sources, origins[: round(share * len(origins))])


@split.mistake("so that another seed gives another")
def own_seed(sources, share, seed):
    return grouped_split(sources, share, 0)


@split.mistake("always neighbours")
def a_block(sources, share, seed):
    origins = np.unique(sources)
    start = np.random.default_rng(seed).integers(10**6) + 7 * seed
    return np.isin(sources, np.roll(origins, start)[: round(share * len(origins))])


@split.mistake("two different splits")
def without_seed(sources, share, seed):
    return grouped_split(sources, share, None)


@split.mistake("two different splits")
def seed_zero_is_no_seed(sources, share, seed):
    return grouped_split(sources, share, seed or None)


@split.mistake("with many items is drawn more often")
def weighted(sources, share, seed):
    order, first = np.unique(np.random.default_rng(seed).permutation(sources), return_index=True)
    return np.isin(sources, order[np.argsort(first)][: round(share * len(order))])


@split.mistake("copies included")
def copies_thrown_away(sources, share, seed):
    return grouped_split(np.unique(sources), share, seed)


@split.mistake("Got the numbers of origins")
def the_origins(sources, share, seed):
    origins = np.unique(sources)
    return np.random.default_rng(seed).permutation(origins)[: round(share * len(origins))]


@split.mistake("Are these the places of items?")
def the_places(sources, share, seed):
    return np.flatnonzero(grouped_split(sources, share, seed))


@split.mistake("Expected one array")
def both_sides(sources, share, seed):
    test = grouped_split(sources, share, seed)
    return ~test, test


@split.mistake("with places in a list")
def positions_for_names(sources, share, seed):
    origins = np.unique(sources)
    chosen = np.random.default_rng(seed).permutation(len(origins))[: round(share * len(origins))]
    return np.isin(sources, chosen)


@split.mistake("changes its input")
def sorted_in_place(sources, share, seed):
    test = grouped_split(sources, share, seed)
    sources.sort()
    return test
