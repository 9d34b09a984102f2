"""Exercise `fusion_choice.holes`: what dropna throws away."""

import numpy as np

from mmcourse.exercises import Exercise, case

holes = Exercise(
    "fusion_choice.holes",
    kind="implement",
    title="What dropna throws away",
    returns=("items", "recordings"),
    otherwise=(
        "These are not the share of the items that lack anything, and the share that these items hold of all the "
        "recordings that are there."
    ),
    task=(
        "Write `lost(present)`; `present` is a dict from modality to a boolean array `(n,)`, True where the item has "
        "it (at least one recording is there). "
        "Return two shares between 0 and 1: of the **items** that dropna throws away, those that lack anything, and of "
        "the **recordings** "
        "that are there and are thrown away with them. The modalities need not be missing independently: count."
    ),
    hints=(
        "Stack the arrays to one of shape (modalities, n). Which items are whole? How many recordings do the others "
        "have, all together?",
        "`whole = there.all(axis=0)`. The items lost are the mean of its opposite; the recordings lost are "
        "`there[:, ~whole].sum()` of `there.sum()`.",
    ),
    plan=(
        "Stack the arrays, and find the items that are whole.",
        "Take the share of the others among all items.",
        "Count the recordings of the others, and divide by all recordings that are there.",
    ),
    minutes=8,
    difficulty=2,
    importance=2,
)


@holes.solved_by
def lost(present):
    """{modality: bool (n,)} -> share of items, share of recordings."""
    there = np.stack(list(present.values()))  # (m, n)
    whole = there.all(axis=0)  # dropna keeps these
    return (~whole).mean(), there[:, ~whole].sum() / there.sum()


NAMES = ("text", "audio", "image", "video", "gaze")


def _dict(rng, there):
    """An array (m, n) as the dict, its items shuffled, under names in any order."""
    there = np.asarray(there, bool)[:, rng.permutation(np.shape(there)[1])]
    return {NAMES[i]: row for i, row in zip(rng.permutation(len(NAMES)), there, strict=False)}


def _gaps(rng, m, n):
    """Bad recordings lose several modalities at once: so they are not missing independently."""
    bad = rng.random(n) < 0.4
    there = ~((bad & (rng.random((m, n)) < 0.7)) | (rng.random((m, n)) < 0.06 * np.arange(1, m + 1)[:, None]))
    there[:, 0], there[:, 1] = True, False  # one item is whole, one has nothing,
    there[:, 2], there[:, 3] = np.arange(m) == 0, np.arange(m) != 0  # one has the first only, one all but the first
    return there


@holes.cases
def _(rng):
    for m, n in ((3, 23), (4, 17), (2, 12), (3, 3 * int(rng.integers(5, 12)))):
        yield case(_dict(rng, _gaps(rng, m, n)))
    there = np.ones((3, 10), bool)
    there[:, :3] = False
    yield case(_dict(rng, there), when="where all modalities are missing together")
    there = np.ones((3, 11), bool)
    there[0, :2] = there[1, 2:5] = False  # the third modality has no hole
    yield case(_dict(rng, there), when="where no item lacks more than one modality")
    there = np.array([[True] * 4 + [False] * 3, [False] * 4 + [True] * 3])
    yield case(_dict(rng, there), when="where every item lacks something")
    yield case(_dict(rng, np.ones((3, 5), bool)), when="where nothing is missing")
    yield case(_dict(rng, [[True, True, False, True, False, True, True]]), when="with a single modality")


@holes.oracle
def _(present):
    n = len(next(iter(present.values())))
    items = recordings = everything = 0
    for i in range(n):
        has = [bool(there[i]) for there in present.values()]
        everything += sum(has)
        if not all(has):
            items += 1
            recordings += sum(has)
    return items / n, recordings / everything
