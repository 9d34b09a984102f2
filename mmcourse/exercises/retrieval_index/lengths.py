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
        "query, best first: `query` `(d,)`, `vectors` `(m, d)`, both of any length. It divides by a length, twice, and "
        "still one bright picture with a long vector is among the answers to everything. Put it right. A vector of "
        "zeros has no direction: let its cosine be 0. Do not change the inputs."
    ),
    hints=(
        "Print `np.linalg.norm(vectors).shape`. How many lengths should there be?",
        "`size = np.linalg.norm(vectors, axis=1)` has one length for each row. `vectors @ query / np.maximum(size, "
        "tiny)` has the order of the cosines, and a row of zeros scores 0; the query's own length changes no order.",
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


def _best(scores, k):
    return np.argsort(-scores, kind="stable")[:k]


def _cosines(query, vectors):
    return vectors @ query / np.maximum(np.linalg.norm(vectors, axis=1), 1e-12) / np.linalg.norm(query)


@lengths.mistake(
    "This is still the order of the plain products. One number for all vectors, or the query's own length, changes no "
    "order: each vector needs its own length."
)
def query_only(query, vectors, k):
    return _best(vectors @ query / np.linalg.norm(query), k)


@lengths.mistake("You divide by lengths of *columns*: `axis=0`. A vector is a row.")
def columns(query, vectors, k):
    return _best(vectors / np.linalg.norm(vectors, axis=0) @ query, k)


@lengths.mistake("This is the order of distances, in which length counts. Cosines are wanted.")
def distances(query, vectors, k):
    return _best(-((vectors - query) ** 2).sum(axis=1), k)


@lengths.mistake("This is the order of distances, in which length counts. Cosines are wanted.")
def distances_to_the_unit_query(query, vectors, k):
    return distances(query / np.linalg.norm(query), vectors, k)


@lengths.mistake("You divide by the length twice, or by its square: short vectors come first now.")
def squared(query, vectors, k):
    return _best(vectors @ query / np.maximum((vectors**2).sum(axis=1), 1e-12), k)


@lengths.mistake("You divide by the root of the length: root of the sum of squares, once.")
def root_of_the_length(query, vectors, k):
    return _best(vectors @ query / np.maximum(np.linalg.norm(vectors, axis=1), 1e-12) ** 0.5, k)


@lengths.mistake("You multiply by the length. Divide by it.")
def multiplied(query, vectors, k):
    return _best(vectors @ query * np.linalg.norm(vectors, axis=1), k)


@lengths.mistake(
    "You divide by the sum of a vector's numbers without their signs. Its length is the root of the sum of squares."
)
def absolute_sum(query, vectors, k):
    return _best(vectors @ query / np.maximum(np.abs(vectors).sum(axis=1), 1e-12), k)


@lengths.mistake("You divide by a vector's largest number. Its length is the root of the sum of squares.")
def largest_number(query, vectors, k):
    return _best(vectors @ query / np.maximum(np.abs(vectors).max(axis=1), 1e-12), k)


@lengths.mistake("You divide by the standard deviation of a vector's numbers. A length takes no mean away.")
def deviation(query, vectors, k):
    return _best(vectors @ query / np.maximum(vectors.std(axis=1), 1e-12), k)


@lengths.mistake("You divide by a vector's sum, signs and all. Its length is the root of the sum of squares.")
def plain_sum(query, vectors, k):
    total = vectors.sum(axis=1)
    return _best(vectors @ query / np.where(total == 0, 1, total), k)


@lengths.mistake("You take the means away first: that is a correlation. A cosine takes the vectors as they are.")
def correlation(query, vectors, k):
    return _best(_cosines(query - query.mean(), vectors - vectors.mean(axis=1, keepdims=True)), k)


@lengths.mistake("You take the mean of all vectors away first. A cosine takes the vectors as they are.")
def centred(query, vectors, k):
    return _best(_cosines(query, vectors - vectors.mean(axis=0)), k)


@lengths.mistake("1 is added to each length, so short vectors lose. A length of 0 alone needs care: `np.maximum`.")
def one_added(query, vectors, k):
    return _best(vectors @ query / (np.linalg.norm(vectors, axis=1) + 1), k)


@lengths.mistake("Lengths below 1 are taken for 1, so short vectors lose. Take something tiny in place of 0.")
def at_least_one(query, vectors, k):
    return _best(vectors @ query / np.maximum(np.linalg.norm(vectors, axis=1), 1), k)


@lengths.mistake("The cosines lost their sign. A vector that points away comes last, not first.")
def without_sign(query, vectors, k):
    return _best(np.abs(_cosines(query, vectors)), k)


@lengths.mistake("These are the smallest cosines. The sort is the wrong way round.")
def least(query, vectors, k):
    return _best(-_cosines(query, vectors), k)


@lengths.mistake("The right ones, but worst first.")
def worst_first(query, vectors, k):
    return nearest(query, vectors, k)[::-1]


@lengths.mistake("The right ones, in the order of their places. Asked for is best first.")
def by_place(query, vectors, k):
    return np.sort(nearest(query, vectors, k))


@lengths.mistake("These are all vectors. Asked for are the k best.")
def all_of_them(query, vectors, k):
    return _best(_cosines(query, vectors), len(vectors))


@lengths.mistake("These are the cosines. Asked for are the places of the largest.")
def cosines(query, vectors, k):
    return np.sort(_cosines(query, vectors))[::-1][:k]


@lengths.mistake(
    "A vector of zeros has cosine 0: after all that are above, before those below. Yours is sorted to the end, "
    "as 0 / 0, NaN, would be."
)
def zeros(query, vectors, k):
    return _best(vectors @ query / np.linalg.norm(vectors, axis=1), k)  # NaN is sorted to the end


@lengths.mistake("A vector of zeros comes first in your order. It has cosine 0: after all that are above.")
def zeros_first(query, vectors, k):
    return _best(np.where(vectors.any(axis=1), _cosines(query, vectors), 2), k)


@lengths.mistake("You take vectors of zeros out, and the places behind them move. Leave them in, with cosine 0.")
def zeros_taken_out(query, vectors, k):
    return nearest(query, vectors[vectors.any(axis=1)], k)


@lengths.mistake(said="changes its input")
def in_place(query, vectors, k):
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return np.argsort(-(vectors @ query), kind="stable")[:k]


TOO_LARGE = (
    "A number that is not tiny is added to the lengths, or stands in for those below it, so short vectors lose. Only a "
    "length of 0 needs one, such as 1e-12."
)


@lengths.mistake(TOO_LARGE)
def hundredth_added(query, vectors, k):
    return _best(vectors @ query / (np.linalg.norm(vectors, axis=1) + 0.01), k)


@lengths.mistake(TOO_LARGE)
def thousandth_added(query, vectors, k):
    return _best(vectors @ query / (np.linalg.norm(vectors, axis=1) + 0.001), k)


@lengths.mistake(TOO_LARGE)
def at_least_a_hundredth(query, vectors, k):
    return _best(vectors @ query / np.maximum(np.linalg.norm(vectors, axis=1), 0.01), k)


@lengths.mistake(TOO_LARGE)
def at_least_a_thousandth(query, vectors, k):
    return _best(vectors @ query / np.maximum(np.linalg.norm(vectors, axis=1), 0.001), k)


@lengths.mistake("The best one is left out. The query is not among the vectors: all of them count.")
def best_left_out(query, vectors, k):
    return _best(_cosines(query, vectors), k + 1)[1:]


@lengths.mistake("This says which place a vector has in the order. Asked for is which vector stands at each place.")
def places_in_the_order(query, vectors, k):
    return np.argsort(_best(_cosines(query, vectors), len(vectors)))[:k]


@lengths.mistake(TOO_LARGE)
def tenth_added(query, vectors, k):
    return _best(vectors @ query / (np.linalg.norm(vectors, axis=1) + 0.1), k)


@lengths.mistake(TOO_LARGE)
def at_least_a_tenth(query, vectors, k):
    return _best(vectors @ query / np.maximum(np.linalg.norm(vectors, axis=1), 0.1), k)


@lengths.mistake("The lengths are cut to whole numbers. Divide by them as they are.")
def whole_lengths(query, vectors, k):
    return _best(vectors @ query / np.maximum(np.linalg.norm(vectors, axis=1).astype(int), 1), k)


ROUNDED = "The cosines are rounded before they are sorted, so near ones count as equal. Round nothing."


@lengths.mistake(ROUNDED)
def one_digit(query, vectors, k):
    return _best(_cosines(query, vectors).round(1), k)


@lengths.mistake(ROUNDED)
def one_digit_of_products(query, vectors, k):
    return _best((_cosines(query, vectors) * np.linalg.norm(query)).round(1), k)


@lengths.mistake(TOO_LARGE)
def half_added(query, vectors, k):
    return _best(vectors @ query / (np.linalg.norm(vectors, axis=1) + 0.5), k)


@lengths.mistake(TOO_LARGE)
def at_least_a_half(query, vectors, k):
    return _best(vectors @ query / np.maximum(np.linalg.norm(vectors, axis=1), 0.5), k)


@lengths.mistake("You divide by a logarithm of the length. Divide by the length itself.")
def logarithm_of_the_length(query, vectors, k):
    return _best(vectors @ query / np.maximum(np.log1p(np.linalg.norm(vectors, axis=1)), 1e-12), k)


@lengths.mistake("You divide by the variance of a vector's numbers. Its length is the root of the sum of squares.")
def variance(query, vectors, k):
    return _best(vectors @ query / np.maximum(vectors.var(axis=1), 1e-12), k)


@lengths.mistake("You take the length away from the product. Divide by it.")
def subtracted(query, vectors, k):
    return _best(vectors @ query - np.linalg.norm(vectors, axis=1), k)
