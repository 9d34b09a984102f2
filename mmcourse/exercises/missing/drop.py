"""Exercise `missing.drop`: modality dropout, never the last one."""

import numpy as np

from mmcourse.exercises import Exercise, case

drop = Exercise(
    "missing.drop",
    kind="implement",
    title="Never the last one",
    returns="a row for each sample, a column for each modality",
    task=(
        "Write `drop_modalities(present, marked, lot)`. `present` `(n, m)` is True where a sample has a modality, "
        "`marked` `(n, m)` True where one shall be dropped, `lot` `(n, m)` are random numbers between 0 and 1, never 0 "
        "and no two of them equal. Return what stays, booleans `(n, m)`: whatever is there and not marked; but where a "
        "sample would lose **all that it has**, the one of these with the largest `lot` stays. What a sample never had "
        "is not brought back."
    ),
    hints=(
        "Work in two steps: what would stay if nobody were saved? Which rows of that hold no True at all?",
        "In those rows, `np.where(present, lot, -1).argmax(axis=1)` is the place of the one that is saved. Compare it "
        "with `np.arange(m)` to get booleans. A sample that had nothing stays empty: combine with `present`.",
    ),
    plan=(
        "Say what would stay if nobody were saved.",
        "Find, in every row, the place of the largest lot among what is there.",
        "Make booleans of these places that are never True for what a sample does not have.",
        "Take them for the rows in which nothing would stay, and what stays for the other rows.",
    ),
    minutes=12,
    difficulty=2,
    importance=2,
)


@drop.solved_by
def drop_modalities(present, marked, lot):
    """Booleans, booleans, numbers, all (n, m) -> booleans (n, m)."""
    stays = present & ~marked
    place = np.where(present, lot, -1).argmax(axis=1)  # among what is there
    saved = present & (np.arange(present.shape[1]) == place[:, None])
    return np.where(stays.any(axis=1, keepdims=True), stays, saved)


def _lots(rng, n, m):
    """Lots (n, m) between 0 and 1, all different."""
    return (1 + rng.permutation(n * m).reshape(n, m)) / (n * m + 1)


@drop.cases
def _(rng):
    for n, m in ((13, 3), (6, 5), (24, 2)):  # with the rows that decide, each among others
        present, marked = rng.random((n, m)) < 0.7, rng.random((n, m)) < 0.5
        lot = _lots(rng, n, m)
        present[0], marked[0] = (
            True,
            True,
        )  # all there, all marked, and the largest lot is neither first nor last (of three), nor the least first …
        lot[0] = np.roll(np.sort(lot[0]), -1)
        present[1], marked[1] = True, False  # … nothing marked …
        present[2], marked[2] = np.arange(m) == 1, np.arange(m) == 1  # … the only one is marked, the others are not …
        lot[2] = np.sort(lot[2])[::-1]  # … and have greater lots …
        present[3], marked[3] = np.arange(m) > 0, True  # … all that is there is marked, as is what is not …
        lot[3] = np.sort(lot[3])[::-1]
        if m > 2:
            present[4], marked[4] = np.arange(m) > 0, np.arange(m) > 0  # … or is not marked.
            lot[4] = np.roll(np.sort(lot[4])[::-1], 1)
            lot[4, 0], lot[4, 2] = lot[4, 2], lot[4, 0]
        order = rng.permutation(n)
        yield case(present[order], marked[order], lot[order])
    present, marked = rng.random((4, 3)) < 0.6, rng.random((4, 3)) < 0.5
    present[:2], marked[:2] = False, [[True] * 3, [False] * 3]
    present[2:], marked[2:] = [[True, True, False], [False, True, True]], [[True, True, False], [False, True, False]]
    yield case(present, marked, _lots(rng, 4, 3), when="where a sample has nothing from the start")
    yield case(rng.random((5, 4)) < 0.6, np.zeros((5, 4), bool), _lots(rng, 5, 4), when="where nothing is marked")
    present = rng.random((5, 4)) < 0.6
    present[:, 0], present[:, 3] = True, False
    present[0] = [True, True, True, False]
    yield case(present, np.ones((5, 4), bool), _lots(rng, 5, 4), when="where everything is marked")
    present, marked = np.array([[True, True, True, False]]), np.array([[True, True, True, False]])
    lot = np.array([rng.permutation([0.2, 0.5, 0.7, 0.9])])
    yield case(present, marked, lot, when="with one sample only")
    present, marked = np.array([[True], [True], [False]]), np.array([[True], [False], [True]])
    yield case(present, marked, _lots(rng, 3, 1), when="with one modality only")


@drop.oracle
def _(present, marked, lot):
    wanted = np.zeros(present.shape, bool)
    for i in range(len(present)):
        had = [j for j in range(present.shape[1]) if present[i, j]]
        left = [j for j in had if not marked[i, j]]
        for j in left or sorted(had, key=lambda j, i=i: -lot[i, j])[:1]:
            wanted[i, j] = True
    return wanted


def _rescued(stays, saved):
    """What stays where something does, what is saved elsewhere."""
    return np.where(stays.any(axis=1, keepdims=True), stays, saved)


def _at(place, m):
    return np.arange(m) == place[:, None]


def _largest(lot):
    return _at(lot.argmax(axis=1), lot.shape[1])


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


@drop.mistake(
    "You save one where all are *marked*. A sample that has only one modality loses everything when that one is "
    "marked: look at what would stay."
)
def _all_marked(present, marked, lot):
    rescue = marked.all(axis=1, keepdims=True) & present & _largest(np.where(present, lot, -1))
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
    "A sample that has nothing gets a modality: the largest of equal numbers is the first. Combine what is saved with "
    "`present`."
)
def _nothing_gets_first(present, marked, lot):
    return _rescued(present & ~marked, _largest(np.where(present, lot, -1)))


@drop.mistake("What a sample never had stays because it is not marked. Only what is *there* can stay.")
def _never_had(present, marked, lot):
    return _rescued(~marked, present & _largest(np.where(present, lot, -1)))


@drop.mistake("You keep what is marked. Marked are those that shall be *dropped*.")
def _keeps_marked(present, marked, lot):
    return _rescued(present & marked, present & _largest(np.where(present, lot, -1)))


@drop.mistake("That is what is dropped, before anything is saved. Return what *stays*.")
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


@drop.mistake(
    "You save one where as many are marked as are there. But what is marked may be what the sample does not have: look "
    "at what would stay."
)
def _counts(present, marked, lot):
    rescue = marked.sum(axis=1, keepdims=True) == present.sum(axis=1, keepdims=True)
    return np.where(rescue, present & _largest(np.where(present, lot, -1)), present & ~marked)


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


@drop.mistake(said="Your function changes its input `present`.")
def _in_place(present, marked, lot):
    present &= ~marked
    return present
