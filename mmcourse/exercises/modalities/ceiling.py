"""Exercise `modalities.ceiling`: the best accuracy that a table of probabilities allows."""

import numpy as np

from mmcourse.exercises import Exercise, expect

ceiling = Exercise(
    "modalities.ceiling",
    kind="implement",
    title="What can be known at all",
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
)


@ceiling.solved_by
def ceilings(p):
    """Joint table (a, b, c) -> best accuracy from first, second, both."""
    first = p.sum(axis=1)  # (a, c)
    second = p.sum(axis=0)  # (b, c)
    return first.max(axis=-1).sum(), second.max(axis=-1).sum(), p.max(axis=-1).sum()


def _three(p, reached):
    return reached(p.sum(1)), reached(p.sum(0)), reached(p)


def _mean_of_conditionals(table):
    rows = table.reshape(-1, table.shape[-1])
    return (rows / rows.sum(-1, keepdims=True)).max(-1).mean()


def _guessing(table):
    """Answering as often as it is likely, in place of the likeliest."""
    rows = table.reshape(-1, table.shape[-1])
    return (rows**2 / rows.sum(-1, keepdims=True)).sum()


@ceiling.check
def _(answer, rng):
    known = [[0.0, 0.0]]
    while not all(expect.apart(row) for row in known):  # each mistake has values of its own
        a, b, c = 3, 4, 2
        p = rng.dirichlet(np.full(a * b * c, 0.4)).reshape(a, b, c)
        right = np.zeros(3)
        for i in range(a):  # the oracle: every case that can be seen, one at a time
            right[0] += max(sum(p[i, j, k] for j in range(b)) for k in range(c))
            right[2] += sum(max(p[i, j]) for j in range(b))
        right[1] = sum(max(sum(p[i, j, k] for i in range(a)) for k in range(c)) for j in range(b))
        known = [[right[0], right[1], right[2], p.sum((0, 1)).max()], [right[0], _guessing(p.sum(1))]]
    got = expect.parts(expect.pure(answer, p), ("first", "second", "both"))
    got = np.array([expect.number(value, "a number for each of the three") for value in got])
    expect.differs(
        got,
        _three(p, _mean_of_conditionals),
        "You took the mean over what can be seen, as if every case were equally likely. Weigh each by how often it "
        "occurs: sum the largest probabilities of the joint table, without dividing first.",
    )
    expect.differs(
        got,
        _three(p, _guessing),
        "This is what is reached by answering each label as often as it is likely. The likeliest label, always, "
        "is right more often: take the maximum.",
    )
    expect.true(
        not np.allclose(got, p.sum((0, 1)).max()),
        "All three are the floor, the share of the commonest label. You summed away what is seen before you chose.",
    )
    expect.differs(
        got,
        right[[1, 0, 2]],
        "First and second are exchanged. To know what the *first* tells, sum over the axis of the *second*.",
    )
    expect.differs(
        got,
        _three(p, lambda table: table.max(0).sum()),
        "Your maximum runs over what is seen. It must run over the labels, the last axis: for each case that is seen, "
        "one label is chosen.",
    )
    expect.differs(
        got,
        _three(p, np.max),
        "This is the single likeliest case. The model is asked in every case, so sum the best over all of them.",
    )
    expect.true(
        not np.isclose(got[2], max(right[0], right[1])),
        "You took the better of the two for both. Both together can know more than the better one: look at "
        "each pair of the two.",
    )
    expect.close(got, right, "Sum, over all that can be seen, the probability of the likeliest label.")
    xor = np.zeros((2, 2, 2))
    xor[[0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0]] = 0.25
    expect.close(answer(xor), [0.5, 0.5, 1], "Irony is missed: each alone is a coin, both are certain.")


@ceiling.mistake("as if every case were equally likely")
def mean_of_conditionals(p):
    return _three(p, _mean_of_conditionals)


@ceiling.mistake("as often as it is likely")
def guessing(p):
    return _three(p, _guessing)


@ceiling.mistake("All three are the floor")
def blind(p):
    return (p.sum((0, 1)).max(),) * 3


@ceiling.mistake("First and second are exchanged")
def exchanged(p):
    return p.sum(0).max(-1).sum(), p.sum(1).max(-1).sum(), p.max(-1).sum()


@ceiling.mistake("maximum runs over what is seen")
def wrong_axis(p):
    return _three(p, lambda table: table.max(0).sum())


@ceiling.mistake("single likeliest case")
def largest_entry(p):
    return _three(p, np.max)


@ceiling.mistake("the better of the two")
def better_of_two(p):
    one, other, _ = ceilings(p)
    return one, other, max(one, other)
