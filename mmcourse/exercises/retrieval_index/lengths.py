"""Exercise `retrieval_index.lengths`: vectors that were not brought to length one."""

import numpy as np

from mmcourse.exercises import Exercise, expect

lengths = Exercise(
    "retrieval_index.lengths",
    kind="find the bug",
    title="The picture that everybody gets",
    task=(
        "`nearest(query, vectors, k)` shall return the places of the `k` vectors with the largest **cosine** with the "
        "query, best first: `query` `(d,)`, `vectors` `(m, d)`, both of any length. It divides by a length, twice, and "
        "still one bright picture with a long vector is among the answers to everything. Put it right. A vector of "
        "zeros has no direction: let its cosine be 0. Do not change the inputs."
    ),
    hints=(
        "Print `np.linalg.norm(vectors).shape`. How many lengths should there be?",
        "`size = np.linalg.norm(vectors, axis=1)` has one length for each row. `vectors @ query / np.maximum(size, "
        "tiny)` has the order of the cosines, and a row of zeros scores 0; the query's own length changes no order.",
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


def _drawn(rng):
    """Vectors whose order by cosine differs from that by product, by distance, and by columns."""
    d, m, k = int(rng.integers(4, 7)), int(rng.integers(20, 30)), 5
    while True:
        query = 3 * rng.normal(size=d)
        vectors = rng.normal(size=(m, d)) * np.exp(rng.normal(size=(m, 1)))
        vectors[rng.integers(m)] = 40 * (vectors[0] + query)
        product = vectors @ query
        sizes = np.array([float(np.sqrt(sum(x * x for x in row))) for row in vectors])
        wanted = np.array(sorted(range(m), key=lambda i: -product[i] / sizes[i])[:k])  # the oracle
        scores = {
            "product": product, "columns": vectors / np.linalg.norm(vectors, axis=0) @ query,
            "distance": -((vectors - query) ** 2).sum(axis=1), "squared": product / sizes**2, "least": -product / sizes,
        }  # fmt: skip
        others = {name: np.argsort(-s, kind="stable")[:k] for name, s in scores.items()}
        every = [tuple(wanted), *map(tuple, others.values())]
        if len(set(every)) == len(every) and expect.apart(product / sizes, 1e-6):
            return query, vectors, k, wanted, others


@lengths.check
def _(answer, rng):
    query, vectors, k, wanted, others = _drawn(rng)
    got = expect.array(expect.pure(answer, query, vectors, k), (k,), "the places of the best", "integer")
    for name, message in (
        (
            "product",
            "This is still the order of the plain products. One number for all vectors, or the query's own length, "
            "changes no order: each vector needs its own length.",
        ),
        ("columns", "You divide by lengths of *columns*: `axis=0`. A vector is a row."),
        ("distance", "This is the order of distances, in which length counts. Cosines are wanted."),
        ("squared", "You divide by the length twice, or by its square: short vectors come first now."),
        ("least", "These are the smallest cosines. The sort is the wrong way round."),
    ):
        expect.true(not np.array_equal(got, others[name]), message)
    expect.true(not np.array_equal(got, wanted[::-1]), "The right ones, but worst first.")
    expect.equal(got, wanted, "The places of the k largest cosines.")
    # A vector of zeros lies between those that point towards the query and those that point away.
    few = np.stack([-query, np.zeros_like(query), 0.01 * query])
    got = expect.array(answer(query, few, 3), (3,), "the places of the best", "integer")
    expect.equal(
        got, np.array([2, 1, 0]), "A vector of zeros has cosine 0: after all that are above, before those below."
    )


@lengths.mistake("order of the plain products")
def query_only(query, vectors, k):
    return np.argsort(-(vectors @ (query / np.linalg.norm(query))), kind="stable")[:k]


@lengths.mistake("lengths of *columns*")
def columns(query, vectors, k):
    return np.argsort(-(vectors / np.linalg.norm(vectors, axis=0) @ query), kind="stable")[:k]


@lengths.mistake("order of distances")
def distances(query, vectors, k):
    return np.argsort(((vectors - query) ** 2).sum(axis=1), kind="stable")[:k]


@lengths.mistake("short vectors come first")
def squared(query, vectors, k):
    return np.argsort(-(vectors @ query) / (vectors**2).sum(axis=1), kind="stable")[:k]


@lengths.mistake("the wrong way round")
def least(query, vectors, k):
    return np.argsort(vectors @ query / np.linalg.norm(vectors, axis=1), kind="stable")[:k]


@lengths.mistake("A vector of zeros has cosine 0")
def zeros(query, vectors, k):
    with np.errstate(invalid="ignore", divide="ignore"):
        cosines = vectors @ query / np.linalg.norm(vectors, axis=1)
    return np.argsort(-cosines, kind="stable")[:k]  # NaN is sorted to the end


@lengths.mistake("changes its input")
def in_place(query, vectors, k):
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return np.argsort(-(vectors @ query), kind="stable")[:k]
