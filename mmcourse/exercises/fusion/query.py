"""Exercise `fusion.query`: weights that are always one half."""

import numpy as np

from mmcourse.exercises import Exercise, case

asked = Exercise(
    "fusion.query",
    kind="find the bug",
    title="The weights that never move",
    returns="two weights for each item, words first",
    otherwise="Asked for is, for each item, the softmax of 4 cos(words, query) and 4 cos(voice, query).",
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
    plan=(
        "Look at which two vectors each cosine compares.",
        "Compare words with the query, and voice with the query.",
    ),
    minutes=5,
    difficulty=1,
    importance=2,
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


def _sample(rng, n, d):
    """Vectors of lengths that differ, and a query that is not of length 1 either."""
    words, voice = rng.normal(size=(2, n, d)) * rng.uniform(0.4, 2.5, (2, n, 1))
    return words, voice, rng.normal(size=d) * rng.choice([0.3, 3])


@asked.cases
def _(rng):
    for n, d in ((9, 5), (4, 3), (3, 3), (2, 2)):  # n = d, and even n = 2: there sums over a wrong axis run
        yield case(*_sample(rng, n, d))
    yield case(*_sample(rng, 1, 4), when="with a single item")
    words, voice, query = _sample(rng, 5, 4)
    away, query = np.abs(words) * [[1], [-1], [1], [-1], [1]], np.abs(query)
    yield case(away, -np.abs(voice), query, when="where a vector points away from the query")


@asked.oracle
def _(words, voice, query):
    weights = []
    for both in zip(words.tolist(), voice.tolist(), strict=True):
        e = []
        for vector in both:
            product = sum(a * b for a, b in zip(vector, query, strict=True))
            lengths = sum(a * a for a in vector) ** 0.5 * sum(b * b for b in query) ** 0.5
            e.append(np.exp(4 * product / lengths))
        weights.append([e[0] / sum(e), e[1] / sum(e)])
    return np.array(weights)
