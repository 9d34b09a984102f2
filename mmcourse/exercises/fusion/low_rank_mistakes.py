"""What goes wrong in `fusion.low_rank`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.fusion.low_rank import factors, low_rank


def _terms(z1, z2, W1, W2, values=(1.0, 1.0), front=False):
    """The terms of each modality, each (n, K, d); ``values`` are appended to the vectors, or put in ``front``."""

    def append(z, value):
        ones = np.full((len(z), 1), value)
        return np.hstack([ones, z] if front else [z, ones])

    return np.einsum("np,kpd->nkd", append(z1, values[0]), W1), np.einsum("nq,kqd->nkd", append(z2, values[1]), W2)


def _added(v, terms):
    return np.einsum("k,nkd->nd", v, terms)


# ── the ones ────────────────────────────────────────────────────────────────────────────────────────


@factors.mistake("The ones are missing: only products are left, and neither modality can say anything by itself.")
def no_ones(z1, z2, W1, W2, v):
    return _added(v, np.multiply(*_terms(z1, z2, W1, W2, values=(0, 0))))


@factors.mistake("The second vector has no 1 (or its last row is not used): then the first can say nothing by itself.")
def one_at_the_first(z1, z2, W1, W2, v):
    return _added(v, np.multiply(*_terms(z1, z2, W1, W2, values=(1, 0))))


@factors.mistake("The first vector has no 1 (or its last row is not used): then the second can say nothing by itself.")
def one_at_the_second(z1, z2, W1, W2, v):
    return _added(v, np.multiply(*_terms(z1, z2, W1, W2, values=(0, 1))))


@factors.mistake(
    "You added 1 to the results. Append a 1 to each *vector*, so that it is multiplied by the last row of each factor."
)
def one_added(z1, z2, W1, W2, v):
    return _added(v, np.multiply(*(1 + terms for terms in _terms(z1, z2, W1, W2, values=(0, 0)))))


@factors.mistake(
    "There are no ones, and the *first* row of each factor is left out. Append the 1: the last row belongs to it."
)
def first_row_left_out(z1, z2, W1, W2, v):
    return _added(v, np.multiply(*_terms(z1, z2, W1, W2, values=(0, 0), front=True)))


@factors.mistake("You put the 1 in front. The last row of each factor belongs to it: append it at the end.")
def ones_in_front(z1, z2, W1, W2, v):
    return _added(v, np.multiply(*_terms(z1, z2, W1, W2, front=True)))


# ── what joins the two ──────────────────────────────────────────────────────────────────────────────


@factors.mistake("You added the two modalities. Then no product of them is in z, and XOR cannot be told.")
def added(z1, z2, W1, W2, v):
    return _added(v, np.add(*_terms(z1, z2, W1, W2)))


@factors.mistake("You subtracted the two modalities. Multiply them, entry by entry.")
def subtracted(z1, z2, W1, W2, v):
    return _added(v, np.subtract(*_terms(z1, z2, W1, W2)))


@factors.mistake("You multiplied the first modality by itself. The second is not in your result.")
def first_twice(z1, z2, W1, W2, v):
    return _added(v, _terms(z1, z2, W1, W2)[0] ** 2)


@factors.mistake("Only the first modality is in your result.")
def only_the_first(z1, z2, W1, W2, v):
    return _added(v, _terms(z1, z2, W1, W2)[0])


@factors.mistake("Only the second modality is in your result.")
def only_the_second(z1, z2, W1, W2, v):
    return _added(v, _terms(z1, z2, W1, W2)[1])


@factors.mistake("The modalities are exchanged: `W1` belongs to `z1`, `W2` to `z2`.")
def exchanged(z1, z2, W1, W2, v):
    return low_rank(z2, z1, W1, W2, v)


@factors.mistake(
    "You added over the terms before you multiplied. A product of sums also holds term 1 of one modality times term 2 "
    "of the other: multiply within each term first."
)
def product_of_sums(z1, z2, W1, W2, v):
    first, second = _terms(z1, z2, W1, W2)
    return _added(v, first) * second.sum(axis=1)


@factors.mistake(
    "You added over the terms before you multiplied, with the weights in the second modality. A product of sums also "
    "holds term 1 of one modality times term 2 of the other: multiply within each term first."
)
def weights_in_the_second(z1, z2, W1, W2, v):
    first, second = _terms(z1, z2, W1, W2)
    return first.sum(axis=1) * _added(v, second)


@factors.mistake(
    "You added the terms of each modality, with their weights, before you multiplied. A product of sums also holds "
    "term 1 of one modality times term 2 of the other: multiply within each term first."
)
def product_of_weighted_sums(z1, z2, W1, W2, v):
    first, second = _terms(z1, z2, W1, W2)
    return _added(v, first) * _added(v, second)


@factors.mistake(
    "You added over the terms before you multiplied, and `v` is not used. Multiply within each term first, then add "
    "with the weights."
)
def product_of_plain_sums(z1, z2, W1, W2, v):
    first, second = _terms(z1, z2, W1, W2)
    return first.sum(axis=1) * second.sum(axis=1)


@factors.mistake("You took the product over the terms. They are added.")
def product_over_terms(z1, z2, W1, W2, v):
    return (v[:, None] * np.multiply(*_terms(z1, z2, W1, W2))).prod(axis=1)


# ── the weights, and the sum ────────────────────────────────────────────────────────────────────────


@factors.mistake("The terms are added without their weights `v`.")
def unweighted(z1, z2, W1, W2, v):
    return np.multiply(*_terms(z1, z2, W1, W2)).sum(axis=1)


@factors.mistake("The terms are averaged, and without their weights `v`. Add them, each with its weight.")
def plain_mean(z1, z2, W1, W2, v):
    return np.multiply(*_terms(z1, z2, W1, W2)).mean(axis=1)


@factors.mistake("You took the mean over the terms. They are added.")
def mean_of_terms(z1, z2, W1, W2, v):
    return low_rank(z1, z2, W1, W2, v) / len(v)


@factors.mistake("You divided by the sum of the weights. The terms are added as they are, each with its weight.")
def weighted_mean(z1, z2, W1, W2, v):
    return low_rank(z1, z2, W1, W2, v / v.sum())


@factors.mistake("Every term has the same weight, the mean of `v`. Each has its own.")
def mean_weight(z1, z2, W1, W2, v):
    return low_rank(z1, z2, W1, W2, np.full(len(v), v.mean()))


@factors.mistake("Each weight counts twice, its square: you multiplied both modalities by `v`. Once is enough.")
def weighted_twice(z1, z2, W1, W2, v):
    return low_rank(z1, z2, W1, W2, v**2)


@factors.mistake("The weights lost their sign: a term may count against the others.")
def absolute_weights(z1, z2, W1, W2, v):
    return low_rank(z1, z2, W1, W2, np.abs(v))


@factors.mistake("You took the softmax of the weights. They are used as they are.")
def softmax_of_weights(z1, z2, W1, W2, v):
    return low_rank(z1, z2, W1, W2, np.exp(v) / np.exp(v).sum())


@factors.mistake("The terms are not added yet: sum over k, the axis of the terms.")
def not_added(z1, z2, W1, W2, v):
    return v[:, None] * np.multiply(*_terms(z1, z2, W1, W2))


@factors.mistake("The terms are not added yet, and `v` is not used: sum over k, each term with its weight.")
def bare_terms(z1, z2, W1, W2, v):
    return np.multiply(*_terms(z1, z2, W1, W2))


@factors.mistake("Only one term is in your result. All K are added.")
def first_term(z1, z2, W1, W2, v):
    return low_rank(z1, z2, W1[:1], W2[:1], v[:1])


@factors.mistake("You summed over the d numbers, too: one number is left for each item. Only the terms are added.")
def summed_over_d(z1, z2, W1, W2, v):
    return low_rank(z1, z2, W1, W2, v).sum(axis=1)


@factors.mistake("You summed over d instead of the terms. The axis of the K terms is the one that goes.")
def other_axis(z1, z2, W1, W2, v):
    return (v[:, None] * np.multiply(*_terms(z1, z2, W1, W2))).sum(axis=2)


@factors.mistake("The weights lie along the d numbers: each *term* has one. Give `v` its own axis, `v[:, None]`.")
def weights_along_d(z1, z2, W1, W2, v):
    return (v * np.multiply(*_terms(z1, z2, W1, W2))).sum(axis=1)


@factors.mistake("You took the largest term. They are added.")
def largest_term(z1, z2, W1, W2, v):
    return (v[:, None] * np.multiply(*_terms(z1, z2, W1, W2))).max(axis=1)


@factors.mistake("A tanh stands at the end. z is the plain sum of the terms.")
def squashed(z1, z2, W1, W2, v):
    return np.tanh(low_rank(z1, z2, W1, W2, v))


@factors.mistake("The last term is not in your result. All K are added.")
def last_left_out(z1, z2, W1, W2, v):
    return _added(v[:-1], np.multiply(*_terms(z1, z2, W1, W2))[:, :-1])


@factors.mistake(
    "Negative numbers became 0 before the two modalities were multiplied. They are multiplied as they are."
)
def rectified(z1, z2, W1, W2, v):
    return _added(v, np.multiply(*(np.maximum(terms, 0) for terms in _terms(z1, z2, W1, W2))))


@factors.mistake("1 was added to every number of the vectors. Append a single 1 at the end.")
def one_to_each_number(z1, z2, W1, W2, v):
    return low_rank(z1 + 1, z2 + 1, W1, W2, v)


@factors.mistake(
    "1 is added to the product of the two, a bias that nobody asked for. The 1 is appended to each vector."
)
def one_to_the_product(z1, z2, W1, W2, v):
    return _added(v, 1 + np.multiply(*_terms(z1, z2, W1, W2)))


@factors.mistake("z was brought to length 1. It is the plain sum of the terms.")
def unit_length(z1, z2, W1, W2, v):
    z = low_rank(z1, z2, W1, W2, v)
    return z / np.linalg.norm(z, axis=1, keepdims=True)


@factors.mistake(
    "`reshape` does not exchange axes: the numbers of the factors are mixed. Multiply each vector by each `W[k]`, or "
    "use `np.einsum`."
)
def factors_reshaped(z1, z2, W1, W2, v):
    def terms(z, W):
        one = np.hstack([z, np.ones((len(z), 1))])
        return (one @ W.reshape(W.shape[1], -1)).reshape(len(z), *W.shape[::2])

    return _added(v, terms(z1, W1) * terms(z2, W2))


@factors.mistake("The vectors were brought to length 1 first. They are used as they are.")
def vectors_of_length_one(z1, z2, W1, W2, v):
    return low_rank(*(z / np.linalg.norm(z, axis=1, keepdims=True) for z in (z1, z2)), W1, W2, v)


@factors.mistake("All items get the result of the first one. Each has its own.")
def of_the_first_item(z1, z2, W1, W2, v):
    return np.repeat(low_rank(z1[:1], z2[:1], W1, W2, v), len(z1), axis=0)


@factors.mistake(
    "The ones are missing, so that only products are left, and the terms are added without their weights `v`."
)
def no_ones_unweighted(z1, z2, W1, W2, v):
    return np.multiply(*_terms(z1, z2, W1, W2, values=(0, 0))).sum(axis=1)


@factors.mistake("The 1 stands in front, and the terms are added without their weights `v`. Append the 1 at the end.")
def ones_in_front_unweighted(z1, z2, W1, W2, v):
    return np.multiply(*_terms(z1, z2, W1, W2, front=True)).sum(axis=1)


@factors.mistake("You added the two modalities, and the terms without their weights `v`. Multiply within each term.")
def added_unweighted(z1, z2, W1, W2, v):
    return np.add(*_terms(z1, z2, W1, W2)).sum(axis=1)


@factors.mistake(
    "1 was added to every number of the vectors, and the last row of each factor is not used. Append the 1."
)
def one_to_each_number_alone(z1, z2, W1, W2, v):
    return _added(v, np.multiply(*_terms(z1 + 1, z2 + 1, W1, W2, values=(0, 0))))


@factors.mistake("Only the last term is in your result. All K are added: `z = z + …`, and not `z = …`.")
def last_term(z1, z2, W1, W2, v):
    return low_rank(z1, z2, W1[-1:], W2[-1:], v[-1:])


@factors.mistake("The product of the two ones is taken away. It stays: it is the constant of each term.")
def constant_left_out(z1, z2, W1, W2, v):
    return low_rank(z1, z2, W1, W2, v) - _added(v, (W1[:, -1] * W2[:, -1])[None])


@factors.mistake("The weights are added to the terms. Each term is multiplied by its weight.")
def weights_added(z1, z2, W1, W2, v):
    return (v[:, None] + np.multiply(*_terms(z1, z2, W1, W2))).sum(axis=1)


@factors.mistake("The terms are added without their weights, and then multiplied by the sum of them. Each has its own.")
def sum_of_weights(z1, z2, W1, W2, v):
    return unweighted(z1, z2, W1, W2, v) * v.sum()


@factors.mistake("The weights are turned round: the last term has the first one's.")
def weights_reversed(z1, z2, W1, W2, v):
    return low_rank(z1, z2, W1, W2, v[::-1])


@factors.mistake("The terms of the second modality are turned round: term k of one meets term k of the other.")
def terms_reversed(z1, z2, W1, W2, v):
    return low_rank(z1, z2, W1, W2[::-1], v)


@factors.mistake("You divided by the root of the number of terms. They are added.")
def by_root_of_terms(z1, z2, W1, W2, v):
    return low_rank(z1, z2, W1, W2, v) / np.sqrt(len(v))


@factors.mistake("You divided the two modalities. Multiply them, entry by entry.")
def divided(z1, z2, W1, W2, v):
    with np.errstate(all="ignore"):
        return _added(v, np.divide(*_terms(z1, z2, W1, W2)))


@factors.mistake("You multiplied the second modality by itself. The first is not in your result.")
def second_twice(z1, z2, W1, W2, v):
    return _added(v, _terms(z1, z2, W1, W2)[1] ** 2)


@factors.mistake("A tanh stands around each modality. The factors' results are multiplied as they are.")
def squashed_terms(z1, z2, W1, W2, v):
    return _added(v, np.multiply(*(np.tanh(terms) for terms in _terms(z1, z2, W1, W2))))


@factors.mistake("All terms have the weight of the first. Each has its own.")
def first_weight(z1, z2, W1, W2, v):
    return low_rank(z1, z2, W1, W2, np.full(len(v), v[0]))


@factors.mistake("The terms lost their signs: they are added as they are.")
def absolute_terms(z1, z2, W1, W2, v):
    return _added(v, np.abs(np.multiply(*_terms(z1, z2, W1, W2))))


@factors.mistake("The weights were brought to length one. They are used as they are.")
def weights_of_length_one(z1, z2, W1, W2, v):
    return low_rank(z1, z2, W1, W2, v / np.linalg.norm(v))


@factors.mistake("In the loop the sum so far is multiplied by each weight, too. Add `v[k] * term` to it.")
def sum_weighted_again(z1, z2, W1, W2, v):
    z = 0
    for weight, term in zip(v, np.moveaxis(np.multiply(*_terms(z1, z2, W1, W2)), 1, 0), strict=True):
        z = (z + term) * weight
    return z


@factors.mistake(
    "The last rows of the factors are added to the product, as a bias. They belong to the ones that are appended, and "
    "so are multiplied with the other modality."
)
def rows_as_bias(z1, z2, W1, W2, v):
    terms = np.multiply(*_terms(z1, z2, W1, W2, values=(0, 0)))
    return _added(v, terms + W1[:, -1] + W2[:, -1])


def _mixed(z1, z2, W1, W2, front):
    """The terms of both, with the 1 in front in one of them."""
    return [_terms(z1, z2, W1, W2, front=one)[place] for place, one in enumerate(front)]


@factors.mistake("You put the 1 of the first modality in front. The last row of each factor belongs to it: append it.")
def one_in_front_of_first(z1, z2, W1, W2, v):
    return _added(v, np.multiply(*_mixed(z1, z2, W1, W2, (True, False))))


@factors.mistake("You put the 1 of the second modality in front. The last row of each factor belongs to it: append it.")
def one_in_front_of_second(z1, z2, W1, W2, v):
    return _added(v, np.multiply(*_mixed(z1, z2, W1, W2, (False, True))))


ONES = {
    "no_ones": ({"values": (0, 0)}, "The ones are missing."),
    "front": ({"front": True}, "The 1 stands in front; it belongs at the end."),
    "first_one": ({"values": (1, 0)}, "The second vector has no 1."),
    "second_one": ({"values": (0, 1)}, "The first vector has no 1."),
    "ones": ({}, ""),
}
JOINS = {
    "added": (np.add, "The two modalities are added, not multiplied."),
    "multiplied": (np.multiply, ""),
}
SUMS = {
    "mean": (lambda v, terms: _added(v, terms) / len(v), "The mean of the terms is taken, not their sum."),
    "squares": (lambda v, terms: _added(v**2, terms), "Each weight counts twice, its square."),
    "softmax": (lambda v, terms: _added(np.exp(v) / np.exp(v).sum(), terms), "The weights went through a softmax."),
    "first": (lambda v, terms: v[0] * terms[:, 0], "Only the first term is there."),
    "last": (lambda v, terms: v[-1] * terms[:, -1], "Only the last term is there."),
    "shares": (lambda v, terms: _added(v / v.sum(), terms), "The weights are divided by their sum."),
    "plain": (lambda v, terms: terms.sum(axis=1), "The weights `v` are not used."),
    "plain_mean": (lambda v, terms: terms.mean(axis=1), "The weights `v` are not used, and the mean is taken."),
    "weighted": (_added, ""),
}


def _two_mistakes(ones, join, add):
    """Registers an answer with two mistakes of these, if it has two and nobody planted it before."""
    says = [what[1] for what in (ONES[ones], JOINS[join], SUMS[add]) if what[1]]
    if len(says) == 2 and (ones, join, add) not in {
        ("no_ones", "multiplied", "plain"), ("front", "multiplied", "plain"), ("ones", "added", "plain"),
    }:  # fmt: skip

        def answer(z1, z2, W1, W2, v):
            return SUMS[add][0](v, JOINS[join][0](*_terms(z1, z2, W1, W2, **ONES[ones][0])))

        answer.__name__ = f"{ones}_{join}_{add}"
        factors.mistake(f"Two mistakes. {' '.join(says)}")(answer)


for _ones in ONES:
    for _join in JOINS:
        for _sum in SUMS:
            _two_mistakes(_ones, _join, _sum)


@factors.mistake("Each number of one modality meets all d of the other, and they are summed. Multiply entry by entry.")
def outer_products(z1, z2, W1, W2, v):
    first, second = _terms(z1, z2, W1, W2)
    return _added(v, first * second.sum(axis=2, keepdims=True))


@factors.mistake("You took the mean of the batch away at the end. z is the plain sum of the terms.")
def batch_mean_taken_away(z1, z2, W1, W2, v):
    z = low_rank(z1, z2, W1, W2, v)
    return z - z.mean(axis=0)


@factors.mistake("The weights went through a sigmoid. They are used as they are.")
def sigmoid_of_weights(z1, z2, W1, W2, v):
    return low_rank(z1, z2, W1, W2, 1 / (1 + np.exp(-v)))


@factors.mistake("Another number than 1 is appended to the vectors.")
def halves_appended(z1, z2, W1, W2, v):
    return _added(v, np.multiply(*_terms(z1, z2, W1, W2, values=(0.5, 0.5))))


@factors.mistake("You took the larger of the two, entry by entry. Multiply them.")
def larger_of_two(z1, z2, W1, W2, v):
    return _added(v, np.maximum(*_terms(z1, z2, W1, W2)))


@factors.mistake("You took the mean of the two, entry by entry. Multiply them.")
def mean_of_two(z1, z2, W1, W2, v):
    return _added(v, np.add(*_terms(z1, z2, W1, W2))) / 2


@factors.mistake("The second modality is that of all items on average. Each item has its own.")
def mean_of_second(z1, z2, W1, W2, v):
    first, second = _terms(z1, z2, W1, W2)
    return _added(v, first * second.mean(axis=0))


@factors.mistake("The first term is not in your result. All K are added.")
def first_left_out(z1, z2, W1, W2, v):
    return _added(v[1:], np.multiply(*_terms(z1, z2, W1, W2))[:, 1:])


@factors.mistake("The weights are sorted, so that they belong to other terms. They are used in their order.")
def weights_sorted(z1, z2, W1, W2, v):
    return low_rank(z1, z2, W1, W2, np.sort(v))


@factors.mistake(
    "Where they fit, the factors of the first modality are used for the second as well: `z2` belongs to `W2`."
)
def factors_of_the_first(z1, z2, W1, W2, v):
    return low_rank(z1, z2, W1, W1 if W1.shape == W2.shape else W2, v)
