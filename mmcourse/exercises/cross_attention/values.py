"""Exercise `cross_attention.values`: cross-modal attention to which the picture adds nothing."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.exercises.numeric import softmax

values = Exercise(
    "cross_attention.values",
    kind="find the bug",
    title="Nothing of the picture comes in",
    task=(
        "`look(words, regions, Wq, Wk, Wv, real)` shall let each of `n` words look at the `m` regions of its picture: "
        "`words` `(n, d)`, `regions` `(m, c)`, `real` bool `(m,)` says which regions are real (others get no weight). "
        "`Wq` is `(d, k)`, `Wk` and `Wv` are `(c, k)`. It was copied from a self-attention, and a test happened to "
        "have `n = m` and `d = c`, so it ran. Then someone noticed that **the output is the same for every picture.** "
        "Put it right: one modality asks, the other gives keys *and* values."
    ),
    hints=(
        "Write beside each of the three products which modality it takes. Which of the three may be `words`?",
        "Queries are `words @ Wq`; keys and values are `regions @ Wk` and `regions @ Wv`. The mask hides *keys*: it "
        "goes along the last axis of the scores, `np.where(real[None, :], scores, -1e9)`.",
    ),
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


def _oracle(words, regions, Wq, Wk, Wv, real):
    found = []
    for word in words:
        q = word @ Wq / np.sqrt(Wk.shape[1])
        e = [np.exp(q @ (r @ Wk)) if ok else 0 for r, ok in zip(regions, real, strict=True)]
        found.append(sum(w * (r @ Wv) for w, r in zip(e, regions, strict=True)) / sum(e))
    return np.array(found)


def _given_to(q, k, v, real, side=None):
    scores = q @ k.T / np.sqrt(k.shape[-1])
    keep = real if side is None else side
    return softmax(np.where(keep, scores, -1e9)) @ v


@values.check
def _(answer, rng):
    # First with n = m and d = c, where every mistake runs: it can be told by what comes out.
    n, d, k = 5, 4, 3
    words, regions = rng.normal(size=(n, d)), rng.normal(size=(n, d))
    Wq, Wk, Wv = rng.normal(size=(3, d, k))
    real = np.array([True, True, True, False, True])
    inputs = (words, regions, Wq, Wk, Wv, real)
    got = expect.array(expect.pure(answer, *inputs), (n, k), "words, features")
    other = expect.array(answer(words, rng.normal(size=(n, d)), Wq, Wk, Wv, real), (n, k), "words, features")
    expect.true(
        not np.allclose(got, other),
        "Another picture, the same output: queries, keys and values all come from the words. This is self-attention.",
    )
    q, k_, v = words @ Wq, regions @ Wk, regions @ Wv
    for value, message in (
        (
            _given_to(q, k_, words @ Wv, real),
            "The values still come from the words: the picture only re-weighs them, and nothing of it comes in.",
        ),
        (
            _given_to(q, words @ Wk, v, real),
            "The keys still come from the words: a word is compared with words, and the weights are then put on "
            "regions that have nothing to do with them.",
        ),
        (
            _given_to(regions @ Wq, words @ Wk, words @ Wv, real),
            "You turned it round: here the regions ask and the words answer.",
        ),
        (_given_to(regions @ Wq, k_, v, real), "The queries come from the regions, too: regions look at regions."),
        (
            _given_to(q, k_, v, real, real[:, None]),
            "The mask lies on the words (rows). It says which *regions* are real: it hides keys, along the last axis.",
        ),
        (_given_to(q, k_, v, np.ones(n, bool)), "The mask is gone: regions that are not real get weight."),
    ):
        expect.differs(got, value, message)
    expect.close(got, _oracle(*inputs), "Each word's weights over the real regions, times the regions' values.")
    words, regions = rng.normal(size=(3, 6)), rng.normal(size=(7, 2))  # and with sizes that all differ
    Wq, Wk, Wv = rng.normal(size=(6, 4)), rng.normal(size=(2, 4)), rng.normal(size=(2, 4))
    inputs = (words, regions, Wq, Wk, Wv, np.arange(7) != 2)
    got = expect.array(answer(*inputs), (3, 4), "words, features")
    expect.close(got, _oracle(*inputs), "With three words and seven regions the result is wrong.")


@values.mistake("values still come from the words")
def own_values(words, regions, Wq, Wk, Wv, real):
    return _given_to(words @ Wq, regions @ Wk, words @ Wv, real)


@values.mistake("keys still come from the words")
def own_keys(words, regions, Wq, Wk, Wv, real):
    return _given_to(words @ Wq, words @ Wk, regions @ Wv, real)


@values.mistake("turned it round")
def turned(words, regions, Wq, Wk, Wv, real):
    return _given_to(regions @ Wq, words @ Wk, words @ Wv, real)


@values.mistake("mask lies on the words")
def queries_masked(words, regions, Wq, Wk, Wv, real):
    return _given_to(words @ Wq, regions @ Wk, regions @ Wv, real, real[:, None])


@values.mistake("mask is gone")
def no_mask(words, regions, Wq, Wk, Wv, real):
    return _given_to(words @ Wq, regions @ Wk, regions @ Wv, np.ones(len(regions), bool))


@values.mistake("regions look at regions")
def regions_only(words, regions, Wq, Wk, Wv, real):
    return _given_to(regions @ Wq, regions @ Wk, regions @ Wv, real)
