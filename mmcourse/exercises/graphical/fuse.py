"""Exercise `graphical.fuse`: naive Bayes fusion in logarithms, with modalities that are missing."""

import numpy as np

from mmcourse.exercises import Exercise, case

fuse = Exercise(
    "graphical.fuse",
    kind="find the bug",
    title="The more modalities, the more sceptical",
    returns="a row for each item, a probability for each label",
    otherwise=(
        "This is not p(label) times the probabilities, given the label, of the decisions that were seen, divided by "
        "the sum of the row."
    ),
    minutes=15,
    difficulty=3,
    importance=3,
    task=(
        "`naive_bayes(prior, tables, seen)` fuses decisions. `prior` `(k,)` holds $p(\\text{label})$; `tables` is a "
        "list with one array `(k, values)` for each modality, in row `i` its decisions' probabilities given label `i`; "
        "`seen` `(n, m)` holds the decisions of n items, −1 where a modality is missing. It returns `(n, k)`, rows "
        "that sum to one. Rare labels vanish as modalities are added, *even modalities that are never there*; and with "
        "a thousand modalities it returns NaN. Put it right."
    ),
    hints=(
        "Call it with nothing seen at all: every entry −1. What must come out, and what does? Then count how often "
        "the prior goes in.",
        "Three things: the prior belongs in once; `table[:, -1]` is the *last* value and not a missing one; and a "
        "product of a thousand probabilities is 0 in floating point: add logarithms, and subtract the row's maximum "
        "before `np.exp`.",
    ),
    plan=(
        "Start each item with the logarithm of the prior, once.",
        "For each modality, add the logarithms of its table to those items that have it.",
        "Subtract each row's maximum, take the exponential, and divide each row by its sum.",
    ),
)


@fuse.solved_by
def naive_bayes(prior, tables, seen):
    """Decisions (n, m), −1 where missing -> p(label), (n, k)."""
    score = np.tile(np.log(prior), (len(seen), 1))  # the prior, once
    for column, table in zip(seen.T, tables, strict=True):
        there = column >= 0
        score[there] += np.log(table[:, column[there]]).T
    p = np.exp(score - score.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


@fuse.given
def given(prior, tables, seen):
    """Decisions (n, m), −1 where missing -> p(label), (n, k)."""
    p = np.ones((len(seen), len(prior)))
    for column, table in zip(seen.T, tables, strict=True):
        p *= prior * table[:, column].T
    return p / p.sum(axis=1, keepdims=True)


def _prior(rng, k):
    """One rare label, the others more frequent, in any order."""
    return rng.permutation(normal(np.r_[0.1, rng.uniform(0.6, 1.4, k - 1)]))


def normal(x):
    return x / x.sum(-1, keepdims=True)


def _input(rng, k, sizes, n):
    """Prior, tables and decisions, of which none is missing."""
    tables = [normal(rng.uniform(0.1, 1, (k, size))) for size in sizes]
    seen = np.stack([rng.permutation(np.arange(n) % size) for size in sizes], axis=1)  # each decision occurs
    return _prior(rng, k), tables, seen


VANISHES = "where the product of all probabilities is too small for floating point, below 1e-324"


@fuse.cases
def _(rng):
    for k, sizes, n in ((3, (2, 4, 3, 2), 9), (4, (3, 3), 5), (2, (5, 2, 4), 7), (3, (4, 2, 3), 3)):
        yield case(*_input(rng, k, sizes, n))
    yield case(*_input(rng, 4, (5,), 1), when="where there is one item, and one modality")
    for k, sizes, n in ((3, (2, 4, 3, 2), 8), (4, (3, 5), 6)):
        prior, tables, seen = _input(rng, k, sizes, n)
        seen[np.arange(n), np.arange(n) % len(sizes)] = -1
        seen[0] = [size - 1 for size in sizes]  # the last values are seen as well
        yield case(prior, tables, seen, when="where a modality is missing")
    prior, tables, seen = _input(rng, 3, (3, 2, 4), 6)
    seen[[0, 3]] = -1
    yield case(prior, tables, seen, when="where nothing is seen of an item")
    # Unlikely decisions: their product is 0 in floating point. Labels differ little, so that the prior still counts.
    tables = [normal(np.c_[rng.uniform(0.5, 1, (4, 2)), rng.uniform(1e-7, 1.1e-7, (4, 2))]) for _ in range(50)]
    yield case(_prior(rng, 4), tables, rng.integers(2, 4, (2, 50)), when=VANISHES)
    seen = rng.integers(2, 4, (4, 50))
    seen[1], seen[2, ::2] = -1, -1
    yield case(_prior(rng, 4), tables, seen, when=VANISHES)
    tables = [np.array([[1e-20, 1], [1, 1e-20]])] * 34  # one label is out of the question
    yield case(np.array([0.2, 0.8]), tables, np.array([[0, 1] * 17, [0] * 34, [1] * 34]), when=VANISHES)


@fuse.oracle
def _(prior, tables, seen):
    rows = []
    for decisions in seen.tolist():
        score = [
            np.log(prior[i]) + sum(np.log(t[i, d]) for t, d in zip(tables, decisions, strict=True) if d >= 0)
            for i in range(len(prior))
        ]
        with np.errstate(over="ignore"):  # beyond e^709 the share is 0
            rows.append([1 / sum(np.exp(other - one) for other in score) for one in score])
    return np.array(rows)
