"""Exercise `graphical.count`: a table of a network, counted, and normalised over the right axis."""

import numpy as np

from mmcourse.exercises import Exercise, case

count = Exercise(
    "graphical.count",
    kind="implement",
    title="Learn a table by counting",
    returns="labels, decisions of the voice, decisions of the face",
    otherwise=(
        "These are not, for each label and decision of the voice, the counts of the face's decisions, the pseudo-count "
        "added to each, divided by their sum."
    ),
    minutes=10,
    difficulty=2,
    importance=2,
    task=(
        "Write `learn(label, voice, face, sizes, pseudo_count)`: the table $p(\\text{face}\\mid\\text{label},"
        "\\text{voice})$ of a network with an edge between the modalities. The first three are int arrays `(n,)`, "
        "`sizes` says how many values each has: `(k, a, b)`, of which some may never occur. Add `pseudo_count`, a "
        "number above 0, to every count, whether 0 or not. Return an array "
        "`(k, a, b)`: for each label and each decision of the voice, the probabilities of the face's decisions."
    ),
    hints=(
        "Start from an array of shape `sizes` filled with the pseudo-count, and add 1 at the place of each item. Which "
        "axis must sum to one in the end?",
        "`np.add.at(counts, (label, voice, face), 1)` counts repeated places, too, where `counts[label, voice, face] "
        "+= 1` counts each only once. Divide by `counts.sum(axis=-1, keepdims=True)`.",
    ),
    plan=(
        "Start from an array of shape `sizes` that holds the pseudo-count everywhere, as a real number.",
        "Add 1 at the place of each item, also where several items have the same.",
        "Divide by the sums over the axis that the table is about.",
    ),
)


@count.solved_by
def learn(label, voice, face, sizes, pseudo_count):
    """Items (n,), three times -> p(face | label, voice), (k, a, b)."""
    counts = np.full(sizes, float(pseudo_count))
    np.add.at(counts, (label, voice, face), 1)
    return counts / counts.sum(axis=-1, keepdims=True)


def _items(rng, sizes, n):
    """Three int arrays (n,); a fifth of the items are the same, and each last value occurs."""
    items = [rng.integers(0, size, n) for size in sizes]
    for one, size in zip(items, sizes, strict=True):
        one[: n // 5], one[-1] = size // 2, size - 1
    return items


@count.cases
def _(rng):
    for sizes, n, pseudo in (((2, 4, 3), 60, 0.5), ((3, 2, 5), 31, 2.0), ((4, 3, 2), 47, 1.0), ((3, 3, 3), 40, 1.3)):
        yield case(*_items(rng, sizes, n), sizes, pseudo)
    sizes = (2, 4, 3)
    label, voice, face = _items(rng, sizes, 50)
    voice[voice == 1] = 0
    yield case(label, voice, face, sizes, 0.7, when="where a decision of the voice never occurs")
    sizes = (3, 4, 5)
    items = [one % (size - 1) for one, size in zip(_items(rng, sizes, 40), sizes, strict=True)]
    yield case(*items, sizes, 1.5, when="where the last values never occur")
    same = [np.full(7, value) for value in (1, 0, 2)]
    yield case(*same, (2, 2, 3), 0.25, when="where all items are the same")
    yield case(*_items(rng, (2, 3, 4), 1), (2, 3, 4), 3, when="where there is one item only")


@count.oracle
def _(label, voice, face, sizes, pseudo_count):
    table = np.zeros(sizes)
    items = list(zip(label.tolist(), voice.tolist(), face.tolist(), strict=True))
    for i in range(sizes[0]):
        for j in range(sizes[1]):
            same = [f for one, v, f in items if one == i and v == j]
            for k in range(sizes[2]):
                table[i, j, k] = (same.count(k) + pseudo_count) / (len(same) + pseudo_count * sizes[2])
    return table
