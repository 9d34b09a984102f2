"""Exercise `fusion_choice.holes`: what dropna throws away."""

import numpy as np

from mmcourse.exercises import Exercise, expect

holes = Exercise(
    "fusion_choice.holes",
    kind="implement",
    title="What dropna throws away",
    task=(
        "Write `lost(present)`; `present` is a dict from modality to a boolean array `(n,)`, True where the item has "
        "it. Return two shares between 0 and 1: of the **items** that dropna throws away, and of the **recordings** "
        "that are there and are thrown away with them. The modalities need not be missing independently: count."
    ),
    hints=(
        "Stack the arrays to one of shape (modalities, n). Which items are whole? How many recordings do the others "
        "have, all together?",
        "`whole = there.all(axis=0)`. The items lost are the mean of its opposite; the recordings lost are "
        "`there[:, ~whole].sum()` of `there.sum()`.",
    ),
)


@holes.solved_by
def lost(present):
    """{modality: bool (n,)} -> share of items, share of recordings."""
    there = np.stack(list(present.values()))  # (m, n)
    whole = there.all(axis=0)  # dropna keeps these
    return (~whole).mean(), there[:, ~whole].sum() / there.sum()


def _independent(present):
    return 1 - np.prod([np.mean(there) for there in present.values()])


@holes.check
def _(answer, rng):
    n, names = int(rng.integers(60, 90)), ("text", "audio", "image", "video")
    m = int(rng.integers(3, 5))
    values = []
    while not expect.apart(values or [0, 0], rtol=0.03):
        bad = rng.random(n) < 0.35  # bad recordings lose several modalities at once
        present = {name: ~((bad & (rng.random(n) < 0.6)) | (rng.random(n) < 0.05)) for name in names[:m]}
        rows = [[bool(present[name][i]) for name in present] for i in range(n)]
        items = sum(not all(row) for row in rows) / n
        recordings = sum(sum(row) for row in rows if not all(row)) / sum(sum(row) for row in rows)
        missing = [1 - np.mean(there) for there in present.values()]
        none = sum(not any(row) for row in rows) / n
        all_places = sum(sum(row) for row in rows if not all(row)) / (m * n)
        values = [items, float(_independent(present)), float(sum(missing)), float(max(missing)), none, 1 - items]
        values = values if expect.apart([recordings, all_places, items], rtol=0.03) else [0, 0]
    got, heard = expect.parts(expect.pure(answer, present), ("items", "recordings"))
    got, heard = expect.number(got, "the share of items"), expect.number(heard, "the share of recordings")
    expect.differs(
        got, values[1],
        "You multiplied the shares, which is right only where modalities are missing independently. Here they often "
        "fail together. Count the items.",
    )  # fmt: skip
    expect.differs(got, values[2], "You added the shares: an item that lacks two modalities is counted twice.")
    expect.differs(
        got, values[3], "This is the share of the modality that is missing most often. The others fail elsewhere, too."
    )
    expect.differs(
        got, none, "These are the items in which *nothing* is there. dropna throws away those that lack *anything*."
    )
    expect.differs(got, values[5], "This is the share that dropna keeps.")
    expect.close(got, items, "The share of items that lack at least one modality.")
    expect.differs(
        heard, all_places,
        "You divided by all places, holes among them. Asked for is the share of the recordings that are there.",
    )  # fmt: skip
    expect.differs(
        heard, items,
        "The items lost have fewer recordings than the whole ones: the share of recordings is smaller. Count them.",
    )  # fmt: skip
    expect.close(heard, recordings, "Recordings in the items thrown away, as a share of all recordings.")


def _heard(present):
    return lost(present)[1]


@holes.mistake("You multiplied the shares")
def independent(present):
    return _independent(present), _heard(present)


@holes.mistake("You added the shares")
def added(present):
    return sum(1 - np.mean(there) for there in present.values()), _heard(present)


@holes.mistake("missing most often")
def worst(present):
    return max(1 - np.mean(there) for there in present.values()), _heard(present)


@holes.mistake("in which *nothing* is there")
def nothing(present):
    return (~np.stack(list(present.values())).any(axis=0)).mean(), _heard(present)


@holes.mistake("dropna keeps")
def kept(present):
    return np.stack(list(present.values())).all(axis=0).mean(), _heard(present)


@holes.mistake("holes among them")
def of_all_places(present):
    there = np.stack(list(present.values()))
    whole = there.all(axis=0)
    return (~whole).mean(), there[:, ~whole].sum() / there.size


@holes.mistake("fewer recordings than the whole ones")
def the_same(present):
    items = lost(present)[0]
    return items, items
