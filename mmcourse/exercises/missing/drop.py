"""Exercise `missing.drop`: modality dropout, never the last one."""

import numpy as np

from mmcourse.exercises import Exercise, case

drop = Exercise(
    "missing.drop",
    kind="implement",
    title="Never the last one",
    returns="a row for each sample, a column for each modality",
    otherwise=(
        "This is not what stays: all that is there and not marked; and where that is nothing, of those that are there "
        "the one with the largest lot."
    ),
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


def _batch(rng, n, m):
    """Samples that have something, and lose some of it but never all."""
    present, marked = rng.random((n, m)) < 0.7, rng.random((n, m)) < 0.5
    kept = rng.integers(m, size=n)
    present[np.arange(n), kept], marked[np.arange(n), kept] = True, False
    return present, marked, _lots(rng, n, m)


def _with(rng, m, rows):
    """Such samples, and among them ``rows``: each says what is present and marked, and the order of the lots. Of those
    samples, none keeps the third modality."""
    present, marked, _ = _batch(rng, 3, m)
    marked[:, 2], present[:, 0], marked[:, 0] = True, True, False
    present = np.concatenate([present, [row[0] for row in rows]]).astype(bool)
    marked = np.concatenate([marked, [row[1] for row in rows]]).astype(bool)
    lot = _lots(rng, len(present), m)
    for i, (_, _, order) in enumerate(rows, 3):
        lot[i] = np.sort(lot[i])[list(order)]
    mixed = rng.permutation(len(lot))
    return present[mixed], marked[mixed], lot[mixed]


@drop.cases
def _(rng):
    for n, m in ((15, 3), (12, 5), (9, 4), (1, 4)):
        yield case(*_batch(rng, n, m))
    all_of_three, all_of_four = [1, 1, 1], [1, 1, 1, 1]
    present, marked, lot = np.ones((5, 4), bool), np.ones((5, 4), bool), _lots(rng, 5, 4)
    for i, order in enumerate(((1, 3, 2, 0), (2, 1, 3, 0), (1, 2, 3, 0), (2, 3, 0, 1), (1, 3, 0, 2))):
        lot[i] = np.sort(lot[i])[list(order)]  # the largest is neither first nor last, the smallest not first
    yield case(present, marked, lot, when="where all samples have all modalities and all of them are marked")
    rows = [([0, 1, 0], [0, 1, 0], (1, 2, 0)), ([0, 0, 1], [0, 0, 1], (0, 1, 2)), ([1, 0, 0], all_of_three, (2, 1, 0))]
    yield case(*_with(rng, 3, rows), when="where the only modality of a sample is marked")
    rows = [([0, 1, 1, 1], [0, 1, 1, 1], (3, 1, 2, 0)), ([1, 1, 0, 0], all_of_four, (0, 1, 2, 3))]
    yield case(*_with(rng, 4, rows), when="where the largest lot falls to a modality that the sample does not have")
    rows = [([0, 1, 1, 1], [0, 1, 1, 1], (0, 2, 3, 1)), ([1, 1, 0, 0], [1, 1, 0, 0], (2, 3, 1, 0))]
    yield case(*_with(rng, 4, rows), when="where all that a sample has is marked, and the others are not")
    rows = [([0, 0, 0], all_of_three, (2, 0, 1)), ([0, 0, 0], [0, 0, 0], (0, 2, 1)), ([0, 0, 0], [0, 1, 0], (0, 2, 1))]
    yield case(*_with(rng, 3, rows), when="where a sample has nothing from the start")
    rows = [([1, 1, 1, 0], [1, 0, 1, 1], (3, 1, 2, 0)), ([1, 1, 0, 0], [1, 0, 1, 1], (3, 0, 1, 2))]
    yield case(*_with(rng, 4, rows), when="where as many are marked as a sample has, or more, but not all of these")
    present, _, lot = _batch(rng, 5, 4)
    yield case(present, np.zeros((5, 4), bool), lot, when="where nothing is marked")
    present, marked = np.array([[True], [True], [False]]), np.array([[True], [False], [True]])
    yield case(present, marked, _lots(rng, 3, 1), when="where the only modality of a sample is marked")


@drop.oracle
def _(present, marked, lot):
    wanted = np.zeros(present.shape, bool)
    for i in range(len(present)):
        had = [j for j in range(present.shape[1]) if present[i, j]]
        left = [j for j in had if not marked[i, j]]
        for j in left or sorted(had, key=lambda j, i=i: -lot[i, j])[:1]:
            wanted[i, j] = True
    return wanted
