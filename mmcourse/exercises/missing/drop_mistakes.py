"""What goes wrong in `missing.drop`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.missing.drop import drop, drop_modalities


def _rescued(stays, saved):
    """What stays where something does, what is saved elsewhere."""
    return np.where(stays.any(axis=1, keepdims=True), stays, saved)


def _at(place, m):
    return np.arange(m) == place[:, None]


def _largest(lot):
    return _at(lot.argmax(axis=1), lot.shape[1])


ALL_MARKED = (
    "You save one where all are *marked*. A sample that has only one modality loses everything when that one is "
    "marked: look at what would stay."
)


@drop.mistake("Some samples lose all that they have. There the one with the largest lot stays.")
def _no_rescue(present, marked, lot):
    return present & ~marked


@drop.mistake("True and False are exchanged. True means keep, everywhere in this course.")
def _inverted(present, marked, lot):
    return ~drop_modalities(present, marked, lot)


@drop.mistake(
    "The largest lot may fall to a modality that the sample has not, and then nobody is saved. Draw among those that "
    "are there."
)
def _lot_of_all(present, marked, lot):
    return _rescued(present & ~marked, present & _largest(lot))


@drop.mistake("A modality that the sample never had is brought back. Save one of those that are *there*.")
def _brings_back(present, marked, lot):
    return _rescued(present & ~marked, _largest(lot))


@drop.mistake(ALL_MARKED)
def _all_marked(present, marked, lot):
    rescue = marked.all(axis=1, keepdims=True) & present & _largest(np.where(present, lot, -1))
    return (present & ~marked) | rescue


@drop.mistake(ALL_MARKED)
def _all_marked_brings_back(present, marked, lot):
    rescue = marked.all(axis=1, keepdims=True) & _largest(np.where(present, lot, -1))
    return (present & ~marked) | rescue


@drop.mistake("Where all would go, you keep all. One is enough; the others are dropped.")
def _keeps_all(present, marked, lot):
    return _rescued(present & ~marked, present)


@drop.mistake("You save one in every sample. It is needed only where nothing else stays.")
def _always_saves(present, marked, lot):
    return (present & ~marked) | (present & _largest(np.where(present, lot, -1)))


@drop.mistake("You always save the first one that is there. Then the others are dropped more often: use the lot.")
def _first(present, marked, lot):
    return _rescued(present & ~marked, present & _at(present.argmax(axis=1), present.shape[1]))


@drop.mistake("You always save the last one that is there. Then the others are dropped more often: use the lot.")
def _last(present, marked, lot):
    m = present.shape[1]
    return _rescued(present & ~marked, present & _at(m - 1 - present[:, ::-1].argmax(axis=1), m))


@drop.mistake("You save the one with the smallest lot. It is the largest that stays.")
def _smallest(present, marked, lot):
    return _rescued(present & ~marked, present & _largest(np.where(present, -lot, -2)))


@drop.mistake(
    "A sample that has nothing gets its first modality. (Of equal numbers `argmax` takes the first.) Combine what is "
    "saved with `present`."
)
def _nothing_gets_first(present, marked, lot):
    return _rescued(present & ~marked, _largest(np.where(present, lot, -1)))


@drop.mistake("What a sample never had stays because it is not marked. Only what is *there* can stay.")
def _never_had(present, marked, lot):
    return _rescued(~marked, present & _largest(np.where(present, lot, -1)))


@drop.mistake("You keep what is marked. Marked are those that shall be *dropped*.")
def _keeps_marked(present, marked, lot):
    return _rescued(present & marked, present & _largest(np.where(present, lot, -1)))


@drop.mistake("That is what is dropped. Return what *stays*.")
def _dropped(present, marked, lot):
    return present & marked


@drop.mistake("Nothing is dropped: that is what was there.")
def _all_stay(present, marked, lot):
    return present


@drop.mistake("You ask whether anything stays in the whole batch. Ask every sample by itself: `axis=1`.")
def _whole_batch(present, marked, lot):
    stays = present & ~marked
    return stays if stays.any() else present & _largest(np.where(present, lot, -1))


@drop.mistake("You ask of every *modality* whether it stays anywhere. Ask every sample: rows, `axis=1`.")
def _each_column(present, marked, lot):
    stays = present & ~marked
    return np.where(stays.any(axis=0), stays, present & _largest(np.where(present, lot, -1)))


COUNTED = (
    "You compare how many are marked with how many are there. But what is marked may be what the sample does not have: "
    "look at what would stay."
)


def _counting(name, enough, beside):
    """Plants a rescue where ``enough(marked, there)`` says that all is lost: in the place of what stays, or beside."""

    def mistake(present, marked, lot):
        rescue = enough(marked.sum(axis=1), present.sum(axis=1))[:, None]
        saved, stays = present & _largest(np.where(present, lot, -1)), present & ~marked
        return np.where(rescue, saved | stays if beside else saved, stays)

    mistake.__name__ = name
    drop.mistake(COUNTED)(mistake)


_counting("_as_many", np.equal, False)
_counting("_as_many_beside", np.equal, True)
_counting("_as_many_or_more", np.greater_equal, False)
_counting("_as_many_or_more_beside", np.greater_equal, True)


@drop.mistake(
    "You draw among all that are marked, and then nobody is saved where the largest lot of these falls to a modality "
    "that the sample has not."
)
def _lot_of_marked(present, marked, lot):
    return _rescued(present & ~marked, present & _largest(np.where(marked, lot, -1)))


@drop.mistake(
    "You save one only where a sample had all modalities and would lose all. A sample that had fewer needs it as well."
)
def _only_complete(present, marked, lot):
    lost = (present & marked).all(axis=1, keepdims=True)
    return np.where(lost, _largest(lot), present & ~marked)


@drop.mistake(
    "You take the smallest in the place of the largest, and what is not there has the smallest number of all. The "
    "largest lot of what is there is saved."
)
def _smallest_of_all(present, marked, lot):
    return _rescued(present & ~marked, present & _largest(-np.where(present, lot, -1)))


@drop.mistake("You draw among the modalities that the sample does *not* have. Save one that is there.")
def _lot_of_absent(present, marked, lot):
    return _rescued(present & ~marked, present & _largest(np.where(present, -1, lot)))


@drop.mistake("Wherever anything is missing or marked you keep a single one. One is saved only where *nothing* stays.")
def _saved_too_soon(present, marked, lot):
    stays = present & ~marked
    return np.where(stays.all(axis=1, keepdims=True), stays, present & _largest(np.where(present, lot, -1)))


@drop.mistake("The two branches are exchanged: what is saved is for the samples of which nothing stays.")
def _branches_exchanged(present, marked, lot):
    stays = present & ~marked
    return np.where(stays.any(axis=1, keepdims=True), present & _largest(np.where(present, lot, -1)), stays)


@drop.mistake("What stays must be there *and* not be marked; you ask for one of the two.")
def _or(present, marked, lot):
    return _rescued(present | ~marked, present & _largest(np.where(present, lot, -1)))


@drop.mistake("That is what is dropped. Return what *stays*.")
def _dropped_at_last(present, marked, lot):
    return present & ~drop_modalities(present, marked, lot)


@drop.mistake("You keep a single one in every sample, also where others are not marked. What is not marked stays.")
def _one_in_each(present, marked, lot):
    return present & _largest(np.where(present, lot, -1))


@drop.mistake("You put another one in the place of the only one that stays. One is saved only where *nothing* stays.")
def _more_than_one(present, marked, lot):
    stays = present & ~marked
    saved = present & _largest(np.where(present, lot, -1))
    return np.where(stays.sum(axis=1, keepdims=True) > 1, stays, saved)


@drop.mistake(
    "You draw among all that are marked, also those that the sample does not have, and bring such a one back. Draw "
    "among those that are there."
)
def _lot_of_marked_brings_back(present, marked, lot):
    return _rescued(present & ~marked, _largest(np.where(marked, lot, -1)))


@drop.mistake("You keep two where one is saved: only the one with the *largest* lot stays.")
def _two_saved(present, marked, lot):
    place = np.where(present, lot, -1).argsort(axis=1)[:, -2:]
    saved = (np.arange(present.shape[1])[:, None] == place[:, None, :]).any(axis=2)
    return _rescued(present & ~marked, present & saved)


@drop.mistake(
    "You save one by a new random draw. The one with the largest `lot` stays, so that the draw can be repeated."
)
def _draws_again(present, marked, lot):
    other = np.random.default_rng(0).random(present.shape)
    return _rescued(present & ~marked, present & _largest(np.where(present, other, -1)))


@drop.mistake("You drop by the lot: `marked` says what is dropped, the lot only which one is saved.")
def _dropped_by_lot(present, marked, lot):
    return present & ~(marked & (lot < 0.5))


@drop.mistake("You save the one with the largest lot in the whole batch. Ask every sample by itself: `axis=1`.")
def _one_of_the_batch(present, marked, lot):
    stays = present & ~marked
    return _rescued(stays, present & (lot == np.where(present, lot, -1).max()))


@drop.mistake("You return the place of the largest lot. Return what stays: booleans `(n, m)`.")
def _places(present, marked, lot):
    return np.where(present, lot, -1).argmax(axis=1)


@drop.mistake(
    "What is marked but not there comes in: you keep what is one of the two. Keep what is present *and* not marked."
)
def _either(present, marked, lot):
    return present ^ marked


@drop.mistake(said="Your function changes its input `present`.")
def _in_place(present, marked, lot):
    present &= ~marked
    return present


@drop.mistake(
    "A sample that has nothing gets everything. (Of equal numbers, each is the largest.) Combine what is saved with "
    "`present`."
)
def _nothing_gets_all(present, marked, lot):
    kept = np.where(present, lot, 0)
    return _rescued(present & ~marked, kept == kept.max(axis=1, keepdims=True))


@drop.mistake("You save whatever has a lot above one half, none or several. One is saved: that with the largest lot.")
def _above_one_half(present, marked, lot):
    return _rescued(present & ~marked, present & (lot > 0.5))


@drop.mistake(
    "You drop what is marked only if its lot is high. `marked` says what is dropped, the lot only who is saved."
)
def _dropped_by_high_lot(present, marked, lot):
    return present & ~(marked & (lot > 0.5))


@drop.mistake("You save one in the first such sample only. Every sample that would lose all needs it.")
def _first_sample_only(present, marked, lot):
    stays = present & ~marked
    needs = present.any(axis=1) & ~stays.any(axis=1)
    first = needs & (needs.cumsum() == 1)
    return np.where(first[:, None], drop_modalities(present, marked, lot), stays)


@drop.mistake("You save the one with the second largest lot. It is the largest that stays.")
def _second_largest(present, marked, lot):
    place = np.where(present, lot, -1).argsort(axis=1)[:, -min(2, present.shape[1])]
    return _rescued(present & ~marked, present & _at(place, present.shape[1]))


@drop.mistake("You save one also where a single one stays, beside it. One is saved only where *nothing* stays.")
def _beside_the_only_one(present, marked, lot):
    stays = present & ~marked
    saved = present & _largest(np.where(present, lot, -1))
    return stays | (saved & (stays.sum(axis=1, keepdims=True) <= 1))


@drop.mistake("You spare the marked one with the largest lot in every sample. One is spared only where *all* would go.")
def _spares_the_largest(present, marked, lot):
    return (present & ~marked) | (present & _largest(np.where(present & marked, lot, -1)))


@drop.mistake(
    "You drop at most one in each sample, the marked one with the largest lot. All that are marked are dropped, unless "
    "nothing would stay."
)
def _drops_one_at_most(present, marked, lot):
    return present & ~(marked & _largest(lot))


@drop.mistake("Where one sample would lose all, nothing is dropped in the whole batch. Ask every sample by itself.")
def _nobody_drops(present, marked, lot):
    stays = present & ~marked
    return present if (present.any(axis=1) & ~stays.any(axis=1)).any() else stays


@drop.mistake(
    "A sample that has nothing gets the modality with the largest lot. What it never had is not brought back."
)
def _nothing_gets_largest(present, marked, lot):
    any_there = present.any(axis=1, keepdims=True)
    return _rescued(present & ~marked, _largest(np.where(present | ~any_there, lot, -1)))


FORGOTTEN = (
    "You forget `present` until the end: you save one where all are *marked*, and by the largest lot of all. Look at "
    "what would stay of what is there, and draw among that."
)


@drop.mistake(FORGOTTEN)
def _present_at_last(present, marked, lot):
    return present & _rescued(~marked, _largest(lot))


@drop.mistake("You take the largest lot of each *column*. It is that of each sample: rows, `axis=1`.")
def _lot_of_columns(present, marked, lot):
    place = np.where(present, lot, -1).argmax(axis=0)
    return _rescued(present & ~marked, present & (np.arange(len(lot))[:, None] == place))


@drop.mistake("You take the largest lot of each *column*. It is that of each sample: rows, `axis=1`.")
def _lot_of_columns_brings_back(present, marked, lot):
    place = np.where(present, lot, -1).argmax(axis=0)
    return _rescued(present & ~marked, np.arange(len(lot))[:, None] == place)


ONE_EACH = "You drop at most one in each sample. All that are there and marked are dropped, unless nothing would stay."


def _one_each(name, chosen, rescued):
    """Plants that of what is there and marked only one is dropped, and then perhaps that the only one is given back."""

    def mistake(present, marked, lot):
        lost = present & marked & _at(chosen(present & marked, lot), present.shape[1])
        return drop_modalities(present, lost, lot) if rescued else present & ~lost

    mistake.__name__ = name
    drop.mistake(ONE_EACH)(mistake)


for _name, _chosen in (
    ("smallest", lambda both, lot: np.where(both, -lot, -2).argmax(axis=1)),
    ("largest", lambda both, lot: np.where(both, lot, -1).argmax(axis=1)),
    ("first", lambda both, lot: both.argmax(axis=1)),
):
    _one_each(f"_drops_the_{_name}", _chosen, False)
    _one_each(f"_drops_the_{_name}_unless_alone", _chosen, True)


@drop.mistake(
    "You save one only where a sample has several. Where the only one that it has is marked, that one stays, too."
)
def _only_of_several(present, marked, lot):
    several = present.sum(axis=1, keepdims=True) > 1
    return np.where(several, drop_modalities(present, marked, lot), present & ~marked)


@drop.mistake(
    "Where all would go, you keep the one that is *not* marked with the largest lot, which was not there. Save one of "
    "those that are there."
)
def _lot_of_unmarked(present, marked, lot):
    return _rescued(present & ~marked, _largest(np.where(marked, -1, lot)))


@drop.mistake(
    "Where all would go you draw among those that are not marked, of which the sample has none. Draw among those that "
    "are there."
)
def _lot_of_unmarked_and_there(present, marked, lot):
    return (present & ~marked) | _rescued(present & ~marked, present & _largest(np.where(marked, -1, lot)))


@drop.mistake("You save all that have a lot above the mean. One is saved: that with the largest lot.")
def _above_the_mean(present, marked, lot):
    return _rescued(present & ~marked, present & (lot >= lot.mean(axis=1, keepdims=True)))


@drop.mistake("A sample that has one modality gets all of them. It keeps the one that it has.")
def _alone_gets_all(present, marked, lot):
    return drop_modalities(present, marked, lot) | (present.sum(axis=1, keepdims=True) == 1)


@drop.mistake("You return one number a sample, whether anything stays. Return what stays: booleans `(n, m)`.")
def _anything(present, marked, lot):
    return drop_modalities(present, marked, lot).any(axis=1)


@drop.mistake(
    "You keep a modality that is marked where the sample has no other, but not one of several that are marked."
)
def _alone_only(present, marked, lot):
    return (present & ~marked) | (present & (present.sum(axis=1, keepdims=True) == 1))


@drop.mistake("Samples that would lose all keep nothing, and others get one back. It is the other way round.")
def _saves_the_others(present, marked, lot):
    stays = present & ~marked
    saved = present & _largest(np.where(present, lot, -1))
    return stays | (saved & stays.any(axis=1, keepdims=True))


@drop.mistake("You save one of each *modality* that would be lost in the whole batch. It is *samples* that lose all.")
def _each_modality_saved(present, marked, lot):
    stays = present & ~marked
    place = np.where(present, lot, -1).argmax(axis=0)
    saved = present & (np.arange(len(lot))[:, None] == place)
    return stays | (saved & ~stays.any(axis=0))


@drop.mistake("You return the places of what stays. Return booleans `(n, m)`.")
def _all_places(present, marked, lot):
    return np.argwhere(drop_modalities(present, marked, lot))


@drop.mistake("You return the lots of what stays. Return booleans `(n, m)`.")
def _lots_of_what_stays(present, marked, lot):
    return np.where(drop_modalities(present, marked, lot), lot, 0)


@drop.mistake("Samples that would lose all are left out of your result. Every sample has its row.")
def _rows_left_out(present, marked, lot):
    stays = present & ~marked
    return stays[stays.any(axis=1)]


SPARED = "You never drop the largest lot, whoever has it. One is spared only where *all* that a sample has would go."


@drop.mistake(SPARED)
def _largest_never_dropped(present, marked, lot):
    return present & ~(marked & ~_largest(lot))


@drop.mistake(SPARED)
def _high_lots_never_dropped(present, marked, lot):
    return present & (~marked | (lot >= lot.mean(axis=1, keepdims=True)))


@drop.mistake(
    "Where all would go you look for the largest lot among what *stays*, and nothing does. Look among what is there."
)
def _lot_of_what_stays(present, marked, lot):
    stays = present & ~marked
    return _rescued(stays, present & _largest(np.where(stays, lot, -1)))


@drop.mistake(
    "Where all would go you drop the one with the smallest lot only. One is saved, that with the *largest* lot."
)
def _smallest_goes(present, marked, lot):
    smallest = _largest(np.where(present, -lot, -2))
    return _rescued(present & ~marked, present & ~smallest)


WHOLE = "You save one in samples that lack a modality from the start. What counts is whether anything would *stay*."


@drop.mistake(WHOLE)
def _saves_the_incomplete(present, marked, lot):
    saved = present & _largest(np.where(present, lot, -1))
    return np.where(present.all(axis=1, keepdims=True), present & ~marked, saved)


@drop.mistake(WHOLE)
def _saves_beside_in_the_incomplete(present, marked, lot):
    saved = present & _largest(np.where(present, lot, -1))
    return (present & ~marked) | (saved & ~present.all(axis=1, keepdims=True))


@drop.mistake("You spare one in every sample, or bring one back. It is needed only where nothing else stays.")
def _spares_or_brings_back(present, marked, lot):
    return (present & ~marked) | _largest(np.where(present & marked, lot, -1))
