"""What goes wrong in `retrieval_index.lengths`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.retrieval_index.lengths import lengths, nearest


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
