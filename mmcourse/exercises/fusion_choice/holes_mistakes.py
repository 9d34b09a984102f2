"""What goes wrong in `fusion_choice.holes`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.fusion_choice.holes import holes, lost


def _there(present):
    return np.stack(list(present.values()))


def _missing(present):
    """The share of the items that lacks it, for each modality."""
    return 1 - _there(present).mean(axis=1)


def _heard(present):
    return lost(present)[1]


# ── the items ───────────────────────────────────────────────────────────────────────────────────────


@holes.mistake(
    "You multiplied the shares, which is right only where modalities are missing independently. Here they often fail "
    "together. Count the items."
)
def independent(present):
    return 1 - np.prod(1 - _missing(present)), _heard(present)


@holes.mistake(
    "You multiplied the shares that are missing: how often *all* would be missing if they were independent. Count the "
    "items that lack anything."
)
def all_at_once(present):
    return np.prod(_missing(present)), _heard(present)


@holes.mistake("You added the shares: an item that lacks two modalities is counted twice.")
def added(present):
    return _missing(present).sum(), _heard(present)


@holes.mistake(
    "You averaged the modalities: this is the share of holes. An item with one hole is thrown away as a whole."
)
def mean_missing(present):
    return _missing(present).mean(), _heard(present)


@holes.mistake("This is the share of recordings that are there, of all places. Count the items that lack anything.")
def mean_there(present):
    return _there(present).mean(), _heard(present)


@holes.mistake("This is the share of the modality that is missing most often. The others fail elsewhere, too.")
def worst(present):
    return _missing(present).max(), _heard(present)


@holes.mistake("This is the share of the modality that is missing least often. The others fail elsewhere, too.")
def least(present):
    return _missing(present).min(), _heard(present)


@holes.mistake("You looked at the first modality only. The others fail elsewhere, too.")
def first_modality(present):
    return _missing(present)[0], _heard(present)


@holes.mistake("You looked at the first two modalities only. The others fail elsewhere, too.")
def first_two(present):
    return lost(dict(list(present.items())[:2]))[0], _heard(present)


@holes.mistake(
    "Your shares are whole numbers: their part behind the point is cut off. (Or was pandas asked for `dropna`? It "
    "takes True and False for values, and drops nothing.)"
)
def whole_numbers(present):
    return tuple(int(share) for share in lost(present))


@holes.mistake("These are the items in which *nothing* is there. dropna throws away those that lack *anything*.")
def nothing(present):
    return (~_there(present).any(axis=0)).mean(), _heard(present)


@holes.mistake("These are the items in which *anything* is there. dropna throws away those that *lack* anything.")
def anything(present):
    return _there(present).any(axis=0).mean(), _heard(present)


@holes.mistake("You count the items that lack exactly one modality. Those that lack more are thrown away, too.")
def exactly_one(present):
    return ((~_there(present)).sum(axis=0) == 1).mean(), _heard(present)


@holes.mistake("You count the items that lack at least two modalities. One is enough to be thrown away.")
def two_or_more(present):
    return ((~_there(present)).sum(axis=0) > 1).mean(), _heard(present)


@holes.mistake(
    "You count the items that have something and lack something. Those that have nothing are thrown away, too."
)
def partly(present):
    there = _there(present)
    return (there.any(axis=0) & ~there.all(axis=0)).mean(), _heard(present)


@holes.mistake("This is the share that dropna keeps.")
def kept(present):
    return 1 - lost(present)[0], _heard(present)


@holes.mistake("Both are the shares that dropna keeps. Asked are those that it throws away.")
def both_kept(present):
    return tuple(1 - share for share in lost(present))


@holes.mistake("This is how many items are thrown away. Asked is their share of all items.")
def number_of_items(present):
    return (~_there(present).all(axis=0)).sum(), _heard(present)


@holes.mistake("You divided the items lost by those kept. Asked is their share of all items.")
def to_kept(present):
    items = lost(present)[0]
    return np.float64(items) / (1 - items), _heard(present)


@holes.mistake(
    "You asked whether everything is there, in all items. Ask it of each item: `all` over the modalities, axis 0."
)
def all_of_all(present):
    there = _there(present)
    share = float(not there.all())
    return share, share


@holes.mistake(
    "You asked which *modality* has no hole (axis 1). Asked is which items are whole: `all` over the modalities."
)
def modalities_lost(present):
    return (~_there(present).all(axis=1)).mean(), _heard(present)


# ── the recordings ──────────────────────────────────────────────────────────────────────────────────


@holes.mistake("You divided by all places, holes among them. Asked for is the share of the recordings that are there.")
def of_all_places(present):
    there = _there(present)
    whole = there.all(axis=0)
    return (~whole).mean(), there[:, ~whole].sum() / there.size


@holes.mistake(
    "The second share is the first one again (the lost part of all *places*, holes among them). The items lost have "
    "fewer recordings than the whole ones: count them."
)
def the_same(present):
    items = lost(present)[0]
    return items, items


@holes.mistake("The second share is that of the recordings that are kept. Asked is that of those thrown away.")
def recordings_kept(present):
    items, recordings = lost(present)
    return items, 1 - recordings


@holes.mistake("The second share is that of the holes, which nobody throws away. Count recordings that are there.")
def holes_themselves(present):
    return lost(present)[0], 1 - _there(present).mean()


@holes.mistake("You counted the holes of the items lost as recordings. Only what is there can be thrown away.")
def with_their_holes(present):
    there = _there(present)
    return lost(present)[0], (~there.all(axis=0)).sum() * len(there) / there.sum()


@holes.mistake("This is how many recordings are thrown away. Asked is their share of all recordings.")
def number_of_recordings(present):
    there = _there(present)
    return lost(present)[0], there[:, ~there.all(axis=0)].sum()


@holes.mistake("You divided the recordings lost by the number of items. Divide by the number of recordings.")
def for_each_item(present):
    there = _there(present)
    return lost(present)[0], there[:, ~there.all(axis=0)].sum() / there.shape[1]


@holes.mistake("You divided the recordings lost by those kept. Asked is their share of all recordings.")
def to_recordings_kept(present):
    items, recordings = lost(present)
    return items, np.float64(recordings) / (1 - recordings)


@holes.mistake("You averaged the shares of the modalities, each of its own recordings. Count all recordings together.")
def mean_of_modalities(present):
    there = _there(present)
    return lost(present)[0], (there[:, ~there.all(axis=0)].sum(axis=1) / there.sum(axis=1)).mean()


@holes.mistake("This is how full the items lost are. Asked is the share of *all* recordings that they hold.")
def how_full(present):
    there = _there(present)
    return lost(present)[0], there[:, ~there.all(axis=0)].mean()


@holes.mistake("You count the recordings only once for each item. An item that is lost may have several.")
def once_for_each(present):
    there = _there(present)
    return lost(present)[0], (there.any(axis=0) & ~there.all(axis=0)).sum() / there.sum()


@holes.mistake(said="in another order")
def other_order(present):
    return lost(present)[::-1]


def _some(present, chosen):
    """The shares of the chosen items, and of the recordings that they hold."""
    there = _there(present)
    return chosen.mean(), there[:, chosen].sum() / there.sum()


@holes.mistake(
    "You computed both shares from how often each modality is there. That is right only where modalities are missing "
    "independently. Here they often fail together: count."
)
def both_independent(present):
    there = 1 - _missing(present)
    return 1 - np.prod(there), 1 - len(there) * np.prod(there) / there.sum()


@holes.mistake("These are numbers of items and of recordings. Asked are their shares.")
def numbers(present):
    there = _there(present)
    whole = there.all(axis=0)
    return (~whole).sum(), there[:, ~whole].sum()


@holes.mistake("These are the items that lack exactly one modality. dropna throws away those that lack more as well.")
def exactly_one_missing(present):
    return _some(present, (~_there(present)).sum(axis=0) == 1)


@holes.mistake("These are the items in which *nothing* is there. dropna throws away those that lack *anything*.")
def nothing_there(present):
    return _some(present, ~_there(present).any(axis=0))


@holes.mistake("You left out the items that have nothing. They are items, too, and are thrown away: divide by all.")
def of_items_with_something(present):
    there = _there(present)
    return (~there.all(axis=0))[there.any(axis=0)].mean(), _heard(present)


@holes.mistake("The second number is how many are missing, divided by how many are there. Count what is thrown away.")
def holes_to_recordings(present):
    there = _there(present)
    return lost(present)[0], (~there).sum() / there.sum()


@holes.mistake("The second share is that of the first modality's recordings alone. Count those of all modalities.")
def first_recordings(present):
    there = _there(present)
    return lost(present)[0], there[0, ~there.all(axis=0)].sum() / there[0].sum()


@holes.mistake("Both shares are those of the first two modalities alone. All of them count.")
def only_the_first_two(present):
    return lost(dict(list(present.items())[:2]))


@holes.mistake("You count the items that lack at least two modalities. One is enough to be thrown away.")
def two_or_more_in_both(present):
    return _some(present, (~_there(present)).sum(axis=0) > 1)


@holes.mistake(
    "Both shares are those of the holes. Asked are the items that have one, and what they hold all the same."
)
def holes_twice(present):
    share = (~_there(present)).mean()
    return share, share


@holes.mistake(
    "You threw away the *modalities* that have a hole (axis 1). dropna throws away items: `all` over the modalities, "
    "axis 0."
)
def whole_modalities(present):
    there = _there(present)
    lacking = ~there.all(axis=1)
    return lacking.mean(), there[lacking].sum() / there.sum()


@holes.mistake("You count three recordings for each whole item. It has as many as there are modalities.")
def always_three(present):
    there = _there(present)
    return lost(present)[0], 1 - 3 * there.all(axis=0).sum() / there.sum()


@holes.mistake("You divided by three times the number of items. Divide by the number of recordings that are there.")
def of_three_places(present):
    there = _there(present)
    return lost(present)[0], there[:, ~there.all(axis=0)].sum() / (3 * there.shape[1])


@holes.mistake(
    "You joined the modalities by an exclusive or (`^`), which is True for an odd number of them. Join them by *and*."
)
def odd_number(present):
    return (~np.logical_xor.reduce(_there(present), axis=0)).mean(), _heard(present)


@holes.mistake("You divided the items lost by the number of recordings. Divide by the number of items.")
def items_of_recordings(present):
    there = _there(present)
    return (~there.all(axis=0)).sum() / there.sum(), _heard(present)


@holes.mistake(
    "You added the shares of the modalities, each of its own recordings. Count all recordings together, then divide."
)
def sum_of_modalities(present):
    there = _there(present)
    return lost(present)[0], (there[:, ~there.all(axis=0)].sum(axis=1) / there.sum(axis=1)).sum()


@holes.mistake("You looked at the last modality only. The others fail elsewhere, too.")
def last_of_modalities(present):
    return _missing(present)[-1], _heard(present)


@holes.mistake(
    "The second number is 1 less the first, the share of the items that are kept. Count the recordings of the items "
    "lost."
)
def rest_of_items(present):
    items = lost(present)[0]
    return items, 1 - items


@holes.mistake(
    "The second share is 1 wherever anything is missing: all *holes* lie in the items lost. Count the recordings that "
    "are there."
)
def all_holes(present):
    return lost(present)[0], float(not _there(present).all())


@holes.mistake("The items kept are divided by those lost. Asked is the share of the items lost among all.")
def kept_to_lost(present):
    items = lost(present)[0]
    return np.float64(1 - items) / items, _heard(present)


@holes.mistake("The recordings kept are divided by those lost. Asked is the share of the recordings lost among all.")
def recordings_kept_to_lost(present):
    items, recordings = lost(present)
    return items, np.float64(1 - recordings) / recordings
