"""Exercise `cross_attention.values`: cross-modal attention to which the picture adds nothing."""

import numpy as np

from mmcourse.exercises import Exercise, case

values = Exercise(
    "cross_attention.values",
    kind="find the bug",
    title="Nothing of the picture comes in",
    returns="a row of k numbers for each word",
    otherwise=(
        "Asked for is, for each word, the mean of the real regions' values, weighted by the softmax of its query's "
        "products with their keys, divided by the root of k."
    ),
    task=(
        "`look(words, regions, Wq, Wk, Wv, real)` shall let each of `n` words look at the `m` regions of its picture: "
        "`words` `(n, d)`, `regions` `(m, c)`, `real` bool `(m,)` says which regions are real (at least one is; others "
        "get no weight). "
        "`Wq` is `(d, k)`, `Wk` and `Wv` are `(c, k)`. It was copied from a self-attention, and a test happened to "
        "have `n = m` and `d = c`, so it ran. Then someone noticed that **the output is the same for every picture.** "
        "Put it right: one modality asks, the other gives keys *and* values."
    ),
    hints=(
        "Write beside each of the three products which modality it takes. Which of the three may be `words`?",
        "Queries are `words @ Wq`; keys and values are `regions @ Wk` and `regions @ Wv`. The mask hides *keys*: it "
        "goes along the last axis of the scores, `np.where(real[None, :], scores, -1e9)`.",
    ),
    plan=(
        "Let the words give the queries, and the regions keys and values.",
        "Check the shape of the scores: a row for each word, a column for each region.",
        "Lay the mask along the axis that it speaks of.",
    ),
    minutes=8,
    difficulty=2,
    importance=3,
)


@values.solved_by
def look(words, regions, Wq, Wk, Wv, real):
    """Words (n, d), regions (m, c) and three matrices -> (n, k)."""
    q, k, v = words @ Wq, regions @ Wk, regions @ Wv
    scores = q @ k.T / np.sqrt(k.shape[-1])  # (n, m)
    scores = np.where(real[None, :], scores, -np.inf)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) @ v


@values.given
def _given(words, regions, Wq, Wk, Wv, real):
    """Words (n, d), regions (m, c) and three matrices -> (n, k)."""
    q, k, v = words @ Wq, words @ Wk, words @ Wv
    scores = q @ k.T / np.sqrt(k.shape[-1])  # (n, m)
    scores = np.where(real[:, None], scores, -1e9)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) @ v


def _sample(rng, n, m, d, c, k, real=None):
    if real is None:  # some are, some are not
        real = np.arange(m) < (1 if m < 3 else int(rng.integers(2, m)))
        real = real[rng.permutation(m)]
    Wq, Wk, Wv = (rng.normal(size=shape) for shape in ((d, k), (c, k), (c, k)))
    return rng.normal(size=(n, d)), rng.normal(size=(m, c)), Wq, Wk, Wv, np.array(real)


@values.cases
def _(rng):
    yield case(*_sample(rng, 5, 5, 4, 4, 3))  # n = m and d = c, where the code as it was given runs
    yield case(*_sample(rng, 4, 4, 3, 3, 3))  # d = c = k, where a matrix may be forgotten
    yield case(*_sample(rng, 3, 7, 6, 2, 5))
    yield case(*_sample(rng, 6, 4, 2, 5, 3))
    yield case(*_sample(rng, 3, 3, 2, 2, 2, [True] * 3), when="where all regions are real")
    yield case(*_sample(rng, 4, 4, 3, 3, 2, [False, False, True, False]), when="where one region is real")
    yield case(*_sample(rng, 1, 1, 2, 2, 3, [True]), when="with one word and one region")
    _, _, Wq, Wk, Wv, real = _sample(rng, 3, 3, 2, 2, 3, [True, False, True])
    words, regions, Wq, Wk = (rng.uniform(1, 1.5, shape) for shape in ((3, 2), (1, 2), Wq.shape, Wk.shape))
    regions = regions * [[2.2], [1], [2.25]]  # the hidden one fits best by far
    regions *= -130 / scores_of(words @ Wq, regions @ Wk).min()  # scores from -130 down to -440 or so
    yield case(words, regions, Wq, Wk, Wv, real, when="where the scores of all regions are far below 0")


@values.oracle
def _(words, regions, Wq, Wk, Wv, real):
    found = []
    for word in words:
        q = word @ Wq / np.sqrt(Wk.shape[1])
        scores = [q @ (r @ Wk) for r in regions]
        top = max(s for s, ok in zip(scores, real, strict=True) if ok)
        e = [np.exp(s - top) if ok else 0.0 for s, ok in zip(scores, real, strict=True)]
        found.append(sum(w * (r @ Wv) for w, r in zip(e, regions, strict=True)) / sum(e))
    return np.array(found)


def scores_of(q, k):
    return q @ k.T / np.sqrt(k.shape[-1])
