"""Exercise `missing.drop`: modality dropout, never the last one."""

import numpy as np

from mmcourse.exercises import Exercise, expect

drop = Exercise(
    "missing.drop",
    kind="implement",
    title="Never the last one",
    task=(
        "Write `drop_modalities(present, marked, lot)`. `present` `(n, m)` is True where a sample has a modality, "
        "`marked` `(n, m)` True where one shall be dropped, `lot` `(n, m)` are random numbers between 0 and 1. "
        "Return what stays, booleans `(n, m)`: whatever is there and not marked; but where a sample would lose "
        "**all that it has**, the one of these with the largest `lot` stays. What a sample never had is not "
        "brought back."
    ),
    hints=(
        "Work in two steps: what would stay if nobody were saved? Which rows of that hold no True at all?",
        "In those rows, `np.where(present, lot, -1).argmax(axis=1)` is the place of the one that is saved. Compare it "
        "with `np.arange(m)` to get booleans. A sample that had nothing stays empty: combine with `present`.",
    ),
)


@drop.solved_by
def drop_modalities(present, marked, lot):
    """Booleans, booleans, numbers, all (n, m) -> booleans (n, m)."""
    stays = present & ~marked
    place = np.where(present, lot, -1).argmax(axis=1)  # among what is there
    saved = present & (np.arange(present.shape[1]) == place[:, None])
    return np.where(stays.any(axis=1, keepdims=True), stays, saved)


def _place(lot):
    return np.arange(lot.shape[1]) == lot.argmax(axis=1)[:, None]


def _no_rescue(present, marked, lot):
    return present & ~marked


def _inverted(present, marked, lot):
    return ~drop_modalities(present, marked, lot)


def _lot_of_all(present, marked, lot):
    stays = present & ~marked
    return np.where(stays.any(axis=1, keepdims=True), stays, present & _place(lot))


def _brings_back(present, marked, lot):
    stays = present & ~marked
    return np.where(stays.any(axis=1, keepdims=True), stays, _place(lot))


def _all_marked(present, marked, lot):
    rescue = marked.all(axis=1, keepdims=True) & present & _place(np.where(present, lot, -1))
    return (present & ~marked) | rescue


def _keeps_all(present, marked, lot):
    stays = present & ~marked
    return np.where(stays.any(axis=1, keepdims=True), stays, present)


def _always_saves(present, marked, lot):
    return (present & ~marked) | (present & _place(np.where(present, lot, -1)))


def _first(present, marked, lot):
    stays = present & ~marked
    saved = present & (np.arange(present.shape[1]) == present.argmax(axis=1)[:, None])
    return np.where(stays.any(axis=1, keepdims=True), stays, saved)


@drop.check
def _(answer, rng):
    n, m = 211, 3
    present, marked = rng.random((n, m)) < 0.7, rng.random((n, m)) < 0.6
    lot = rng.permutation(n * m).reshape(n, m) / (n * m)
    present[:2], marked[:2] = False, [[True] * m, [False] * m]  # samples that have nothing
    wanted = np.zeros((n, m), bool)
    for i in range(n):
        had = [j for j in range(m) if present[i, j]]
        left = [j for j in had if not marked[i, j]]
        for j in left or sorted(had, key=lambda j, i=i: -lot[i, j])[:1]:
            wanted[i, j] = True
    got = expect.array(expect.pure(answer, present, marked, lot), (n, m), "samples, modalities", kind="bool")
    for function, message in (
        (_no_rescue, "Some samples lose all that they have. There the one with the largest lot stays."),
        (_inverted, "True and False are exchanged. True means keep, everywhere in this course."),
        (
            _brings_back,
            "A modality that the sample never had is brought back. Save one of those that are *there*.",
        ),
        (
            _lot_of_all,
            "The largest lot may fall to a modality that the sample has not, and then nobody is saved. Draw among "
            "those that are there.",
        ),
        (
            _all_marked,
            "You save one where all are *marked*. A sample that has only one modality loses everything when that one "
            "is marked: look at what would stay.",
        ),
        (_keeps_all, "Where all would go, you keep all. One is enough; the others are dropped."),
        (_always_saves, "You save one in every sample. It is needed only where nothing else stays."),
        (_first, "You always save the first one that is there. Then the others are dropped more often: use the lot."),
    ):
        expect.differs(got, function(present, marked, lot), message)
    expect.equal(got, wanted, "What is there and not marked stays; where nothing would, the one with the largest lot.")


for _function, _diagnosis in (
    (_no_rescue, "lose all that they have"),
    (_inverted, "exchanged"),
    (_lot_of_all, "nobody is saved"),
    (_brings_back, "never had is brought back"),
    (_all_marked, "where all are *marked*"),
    (_keeps_all, "you keep all"),
    (_always_saves, "in every sample"),
    (_first, "always save the first"),
):
    drop.mistake(_diagnosis)(_function)
