"""Exercise `retrieval_index.lengths`: vectors that were not brought to length one."""

import math

import numpy as np

from mmcourse.exercises import Exercise, case
from mmcourse.exercises.retrieval_index._inputs import falling, with_cosines

lengths = Exercise(
    "retrieval_index.lengths",
    kind="find the bug",
    title="The picture that everybody gets",
    returns="the places of the k best",
    otherwise=(
        "Asked for are the places of the k largest cosines, best first: the product with the query, divided by the "
        "vector's own length."
    ),
    minutes=10,
    difficulty=2,
    importance=3,
    task=(
        "`nearest(query, vectors, k)` shall return the places of the `k` vectors with the largest **cosine** with the "
        "query, best first: `query` `(d,)`, `vectors` `(m, d)`, both of any norm. It divides by a norm, twice, and "
        "still one bright picture with a large vector is among the answers to everything. Put it right. A vector of "
        "zeros has no direction: let its cosine be 0. Do not change the inputs."
    ),
    hints=(
        "Print `np.linalg.norm(vectors).shape`. How many norms should there be?",
        "`size = np.linalg.norm(vectors, axis=1)` has one norm for each row. `vectors @ query / np.maximum(size, "
        "tiny)` has the order of the cosines, and a row of zeros scores 0; the query's own norm changes no order.",
    ),
    plan=(
        "Compute the length of each vector: one for each row.",
        "Divide each product with the query by the length of its vector, but never by 0.",
        "Sort with the largest first and keep k places.",
    ),
)


@lengths.solved_by
def nearest(query, vectors, k):
    """(d,), (m, d), a number -> the places of the k largest cosines (k,), best first."""
    size = np.linalg.norm(vectors, axis=1)  # one for each vector
    cosines = vectors @ query / np.maximum(size, 1e-12)
    return np.argsort(-cosines, kind="stable")[:k]


@lengths.given
def _given(query, vectors, k):
    """(d,), (m, d), a number -> the places of the k largest cosines (k,), best first."""
    query = query / np.linalg.norm(query)
    vectors = vectors / np.linalg.norm(vectors)
    return np.argsort(-(vectors @ query), kind="stable")[:k]


def _drawn(rng, d, m, k, length, high=0.9, low=-0.7, sizes=(0.2, 5.0)):
    """A query of this length, and vectors of other lengths in any order. A very long one is the best of those that are
    not asked for, a very short one the next."""
    query, vectors = with_cosines(rng, falling(rng, high, low, m), d)
    size = rng.permutation(np.geomspace(*sizes, m))
    if k < m:
        size[k], size[k + 1 :][:1] = 40 * sizes[1], sizes[0] / 40
    return length * query, (vectors * size[:, None])[rng.permutation(m)], k


def _with_zeros(rng, query, vectors, k):
    return query, np.insert(vectors, int(rng.integers(len(vectors) + 1)), 0, axis=0), k


@lengths.cases
def _(rng):
    yield case(*_drawn(rng, 5, 24, 6, 3.0))
    yield case(*_drawn(rng, 3, 9, 3, 0.05))
    yield case(*_drawn(rng, 8, 14, 4, 20.0))
    yield case(*_drawn(rng, 4, 10, 10, 2.0), when="where `k` is the number of all vectors")
    yield case(*_drawn(rng, 6, 11, 1, 1.5), when="where `k` is 1")
    yield case(*_drawn(rng, 4, 9, 4, 0.5, sizes=(0.01, 0.2)), when="where vectors are shorter than 1")
    yield case(*_drawn(rng, 4, 8, 3, 2.0, high=-0.1, low=-0.9), when="where all cosines are negative")
    # A partition that does not sort is sorted all the same where there are few.
    yield case(*_drawn(rng, 3, 900, 300, 2.0), when="where there are many vectors, and `k` is large")
    for length in (3.0, 0.3):
        between = _with_zeros(rng, *_drawn(rng, 4, 7, 8, length))
        yield case(*between, when="where a vector is all zeros")
    pair = _with_zeros(rng, *_drawn(rng, 4, 1, 2, 0.3))
    yield case(*pair, when="where a vector is all zeros")
    above = _with_zeros(rng, *_drawn(rng, 5, 6, 2, 0.7, high=-0.2, low=-0.8))
    yield case(*above, when="where a vector is all zeros")

    yield case(*_drawn(rng, 6, 6, 3, 1.2), when="where there are as many vectors as numbers in each")
    query, vectors = with_cosines(rng, falling(rng, 0.9, -0.7, 8), 5)
    short = vectors * np.geomspace(1e-5, 1, 8)[:, None]  # the best is the shortest
    yield case(query, short[rng.permutation(8)], 4, when="where vectors are very short")


@lengths.oracle
def _(query, vectors, k):
    def length(x):
        return math.sqrt(sum(number * number for number in x))

    def cosine(vector):
        product = sum(q * v for q, v in zip(query.tolist(), vector, strict=True))
        return product / length(vector) / length(query.tolist()) if any(vector) else 0.0

    cosines = [cosine(vector) for vector in vectors.tolist()]
    return np.array(sorted(range(len(cosines)), key=lambda place: -cosines[place])[:k])
