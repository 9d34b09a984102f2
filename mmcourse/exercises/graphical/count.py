"""Exercise `graphical.count`: a table of a network, counted, and normalised over the right axis."""

import numpy as np

from mmcourse.exercises import Exercise, expect

count = Exercise(
    "graphical.count",
    kind="implement",
    title="Learn a table by counting",
    task=(
        "Write `learn(label, voice, face, sizes, pseudo_count)`: the table $p(\\text{face}\\mid\\text{label},"
        "\\text{voice})$ of a network with an edge between the modalities. The first three are int arrays `(n,)`, "
        "`sizes` says how many values each has: `(k, a, b)`. Add `pseudo_count` to every count. Return an array "
        "`(k, a, b)`: for each label and each decision of the voice, the probabilities of the face's decisions."
    ),
    hints=(
        "Start from an array of shape `sizes` filled with the pseudo-count, and add 1 at the place of each item. Which "
        "axis must sum to one in the end?",
        "`np.add.at(counts, (label, voice, face), 1)` counts repeated places, too, where `counts[label, voice, face] "
        "+= 1` counts each only once. Divide by `counts.sum(axis=-1, keepdims=True)`.",
    ),
)


@count.solved_by
def learn(label, voice, face, sizes, pseudo_count):
    """Items (n,), three times -> p(face | label, voice), (k, a, b)."""
    counts = np.full(sizes, float(pseudo_count))
    np.add.at(counts, (label, voice, face), 1)
    return counts / counts.sum(axis=-1, keepdims=True)


def _counts(label, voice, face, sizes, start=0.0):
    counts = np.full(sizes, float(start))
    np.add.at(counts, (label, voice, face), 1)
    return counts


def _over(counts, axis):
    return counts / counts.sum(axis=axis, keepdims=True)


@count.check
def _(answer, rng):
    sizes, n = (2, 4, 3), 60
    items = [rng.integers(0, size, n) for size in sizes]
    items[1][items[1] == 3] = 0  # a decision that no item holds
    pseudo = float(rng.choice([0.5, 1.0, 2.0]))
    wanted = np.zeros(sizes)
    for i, j, k in np.ndindex(*sizes):
        same = [bool(a == i and b == j) for a, b in zip(items[0], items[1], strict=True)]
        hits = sum(1 for s, c in zip(same, items[2], strict=True) if s and c == k)
        wanted[i, j, k] = (hits + pseudo) / (sum(same) + pseudo * sizes[2])
    got = expect.array(expect.pure(answer, *items, sizes, pseudo), sizes, "label, voice, face")
    if not np.isfinite(got).all():
        expect.true(False, "One decision of the voice never occurs: you divide by its count 0. Add the pseudo-count.")
    counts = _counts(*items, sizes, pseudo)
    once = np.full(sizes, pseudo)
    once[items[0], items[1], items[2]] += 1
    expect.differs(
        got,
        counts / counts.sum(),
        "All entries together sum to one: that is the joint table. A conditional one sums to one for each label and "
        "each decision of the voice.",
    )
    expect.differs(
        got,
        _over(counts, 0),
        "You normalised over the label: this is p(label | voice, face). Normalise over what the table is *of*: the "
        "face.",
    )
    expect.differs(got, _over(counts, 1), "You normalised over the voice. Normalise over the face, the last axis.")
    expect.differs(
        got,
        _over(once, -1),
        "`counts[places] += 1` adds 1 only once for places that occur several times. Use `np.add.at`.",
    )
    with np.errstate(invalid="ignore"):
        late = np.nan_to_num(_over(_counts(*items, sizes), -1)) + pseudo
    expect.differs(got, late, "Add the pseudo-count to the counts, before you divide.")
    expect.differs(
        got,
        np.broadcast_to(_over(counts.sum(axis=1, keepdims=True), -1), sizes),
        "The rows do not depend on the voice: this is p(face | label), the table of naive Bayes.",
    )
    expect.close(got, wanted, "Count, add the pseudo-count everywhere, divide by the sum over the face.")


@count.mistake("that is the joint table")
def joint(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes, pseudo_count)
    return counts / counts.sum()


@count.mistake("normalised over the label")
def over_label(label, voice, face, sizes, pseudo_count):
    return _over(_counts(label, voice, face, sizes, pseudo_count), 0)


@count.mistake("normalised over the voice")
def over_voice(label, voice, face, sizes, pseudo_count):
    return _over(_counts(label, voice, face, sizes, pseudo_count), 1)


@count.mistake("Use `np.add.at`")
def each_place_once(label, voice, face, sizes, pseudo_count):
    counts = np.full(sizes, float(pseudo_count))
    counts[label, voice, face] += 1
    return _over(counts, -1)


@count.mistake("divide by its count 0")
def no_pseudo_count(label, voice, face, sizes, pseudo_count):
    with np.errstate(invalid="ignore"):
        return _over(_counts(label, voice, face, sizes), -1)


@count.mistake("before you divide")
def too_late(label, voice, face, sizes, pseudo_count):
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(_over(_counts(label, voice, face, sizes), -1)) + pseudo_count


@count.mistake("table of naive Bayes")
def without_voice(label, voice, face, sizes, pseudo_count):
    counts = _counts(label, voice, face, sizes, pseudo_count).sum(axis=1, keepdims=True)
    return np.broadcast_to(_over(counts, -1), sizes).copy()
