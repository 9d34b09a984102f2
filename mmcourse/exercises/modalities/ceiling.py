"""Exercise `modalities.ceiling`: the best accuracy that a table of probabilities allows."""

import numpy as np

from mmcourse.exercises import Exercise, case

ceiling = Exercise(
    "modalities.ceiling",
    kind="implement",
    title="What can be known at all",
    returns=("first", "second", "both"),
    otherwise=(
        "This is not the best accuracy: for each thing that is seen, the probability of the likeliest label with it, "
        "summed over all that can be seen."
    ),
    task=(
        "Write `ceilings(p)`. The table `p` of shape `(a, b, c)` holds the probabilities of every case: `p[i, j, k]` "
        "that the first modality shows `i`, the second `j`, and the label is `k`; all entries sum to one. Return three "
        "numbers: the highest accuracy that can be reached from the **first** modality alone, from the **second** "
        "alone, and from **both**."
    ),
    hints=(
        "Who sees only the first modality knows the table `p(first, label)`. How is it made of `p`? And which label "
        "should be answered in each of its rows?",
        "`p.sum(axis=1)` has the shape `(a, c)`: the second modality is summed away. The largest entry of each row is "
        "how often the best answer is right there; sum these. For both, nothing is summed away first.",
    ),
    plan=(
        "Make the table of what is seen and the label: sum over the modality that is not seen.",
        "For each thing that may be seen take the probability of the likeliest label with it.",
        "Add these up. Do it for the first, the second, and for both, where nothing is summed away.",
    ),
    minutes=10,
    difficulty=2,
    importance=3,
)


@ceiling.solved_by
def ceilings(p):
    """Joint table (a, b, c) -> best accuracy from first, second, both."""
    first = p.sum(axis=1)  # (a, c)
    second = p.sum(axis=0)  # (b, c)
    return first.max(axis=-1).sum(), second.max(axis=-1).sum(), p.max(axis=-1).sum()


def _table(rng, a, b, c):
    """Any joint table, but that the first label is rarer than the last, and no case is impossible."""
    p = rng.dirichlet(np.full(a * b * c, 0.4)).reshape(a, b, c) + 0.1 / (a * b * c)
    p *= np.linspace(0.6, 1.4, c)
    return p / p.sum()


@ceiling.cases
def _(rng):
    for a, b, c in ((3, 4, 2), (5, 2, 3), (4, 4, 4), (2, 3, 5)):
        yield case(_table(rng, a, b, c))
    p = np.full((2, 2, 2), 0.0)
    p[[0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0]] = 0.25
    yield case(p, when="where each alone is a coin and both together are certain (irony)")
    p = np.repeat(_table(rng, 4, 1, 3), 3, axis=1) * rng.dirichlet(np.full(3, 2.0))[:, None]
    yield case(p, when="where the second modality says nothing")
    yield case(_table(rng, 1, 3, 3), when="where the first modality always shows the same")
    p = np.full((3, 3, 3), 0.0)
    p[np.arange(3), np.arange(3)] = _table(rng, 1, 3, 3)[0] * np.array([0.2, 0.3, 0.5])[:, None]
    yield case(p / p.sum(), when="where both modalities always show the same")
    yield case(_table(rng, 3, 2, 1), when="where there is one label only")


@ceiling.oracle
def _(p):
    a, b, c = p.shape
    right = [0.0, 0.0, 0.0]
    for i in range(a):  # every case that can be seen, one at a time
        right[0] += max(sum(p[i, j, k] for j in range(b)) for k in range(c))
        right[2] += sum(max(p[i, j].tolist()) for j in range(b))
    right[1] = sum(max(sum(p[i, j, k] for i in range(a)) for k in range(c)) for j in range(b))
    return tuple(right)
