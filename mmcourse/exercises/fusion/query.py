"""Exercise `fusion.query`: weights that are always one half."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.exercises.numeric import softmax

asked = Exercise(
    "fusion.query",
    kind="find the bug",
    title="The weights that never move",
    task=(
        "`by_similarity(words, voice, query)` weighs two modalities for each item: `words` and `voice` have the shape "
        "`(n, d)`, `query` `(d,)`. Whatever the items, all weights are one half, although one of the two is often "
        "much nearer the query. Put it right: return the weights, `(n, 2)`, words first: the softmax over the two of "
        "4 times the cosine **to the query**."
    ),
    hints=(
        "Print the two scores of a few items before the softmax. Why are they equal? What does `query` do?",
        "`cosine(a, b)` equals `cosine(b, a)`. Compare `words` with `query`, and `voice` with `query`. A query of "
        "shape `(d,)` is compared with every row.",
    ),
)


@asked.solved_by
def by_similarity(words, voice, query):
    """(n, d), (n, d), (d,) -> weights (n, 2)."""

    def cosine(a, b):
        lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
        return (a * b).sum(axis=-1) / lengths

    s = 4 * np.stack([cosine(words, query), cosine(voice, query)], axis=1)
    e = np.exp(s)
    return e / e.sum(axis=1, keepdims=True)


@asked.given
def _given(words, voice, query):
    """(n, d), (n, d), (d,) -> weights (n, 2)."""

    def cosine(a, b):
        lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
        return (a * b).sum(axis=-1) / lengths

    s = 4 * np.stack([cosine(words, voice), cosine(voice, words)], axis=1)
    e = np.exp(s)
    return e / e.sum(axis=1, keepdims=True)


def _cosine(a, b):
    return (a * b).sum(-1) / (np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1))


def _scores(words, voice, query):
    return 4 * np.stack([_cosine(words, query), _cosine(voice, query)], axis=1)


@asked.check
def _(answer, rng):
    n, d = 9, 5
    words, voice = rng.normal(size=(2, n, d)) * rng.uniform(0.5, 2, (2, n, 1))
    query = rng.normal(size=d)
    wanted = np.zeros((n, 2))
    for i in range(n):
        e = [
            np.exp(4 * np.dot(x[i], query) / np.sqrt(np.dot(x[i], x[i]) * np.dot(query, query))) for x in (words, voice)
        ]
        wanted[i] = np.array(e) / sum(e)
    got = expect.array(expect.pure(answer, words, voice, query), (n, 2), "two weights for each item, words first")
    s = _scores(words, voice, query)
    expect.true(
        not np.allclose(got, 0.5),
        "Every weight is still one half. The similarity of words and voice to *each other* is symmetric; compare each "
        "with the query.",
    )
    expect.differs(got, s, "These are the scores. The weights are their softmax: positive, and they sum to one.")
    expect.differs(
        got,
        softmax(s, axis=0),
        "Your softmax runs over the items. It runs over the two modalities, so that each row sums to one.",
    )
    expect.differs(got, wanted[:, ::-1], "Words and voice are exchanged: words stand first.")
    expect.differs(got, softmax(s / 4, axis=1), "The factor 4 is missing: the weights hardly move from one half.")
    dots = 4 * np.stack([words @ query, voice @ query], axis=1)
    expect.differs(
        got,
        softmax(dots, axis=1),
        "You took dot products. A longer vector then has more weight whatever its direction: divide by the lengths.",
    )
    expect.differs(
        got,
        s / s.sum(1, keepdims=True),
        "You divided the cosines by their sum. Cosines may be negative, and so may your weights: use the softmax.",
    )
    expect.differs(
        got,
        softmax(np.abs(s), axis=1),
        "You took the size of the cosine without its sign. A vector that points away from the query is not like it.",
    )
    expect.close(got, wanted, "The weights are the softmax over the two of 4 times the cosine to the query.")


@asked.mistake("still one half")
def means_of_each_other(words, voice, query):
    c = _cosine(words, voice)
    return softmax(np.stack([c, c], axis=1), axis=1)


@asked.mistake("These are the scores")
def only_scores(words, voice, query):
    return _scores(words, voice, query)


@asked.mistake("runs over the items")
def over_the_items(words, voice, query):
    return softmax(_scores(words, voice, query), axis=0)


@asked.mistake("are exchanged")
def exchanged(words, voice, query):
    return by_similarity(voice, words, query)


@asked.mistake("factor 4 is missing")
def no_scale(words, voice, query):
    return softmax(_scores(words, voice, query) / 4, axis=1)


@asked.mistake("You took dot products")
def dot_products(words, voice, query):
    return softmax(4 * np.stack([words @ query, voice @ query], axis=1), axis=1)


@asked.mistake("divided the cosines by their sum")
def shares(words, voice, query):
    s = _scores(words, voice, query)
    return s / s.sum(1, keepdims=True)


@asked.mistake("without its sign")
def absolute(words, voice, query):
    return softmax(np.abs(_scores(words, voice, query)), axis=1)
