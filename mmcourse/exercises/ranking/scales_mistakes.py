"""What goes wrong in `ranking.scales`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.ranking.scales import scales, two_stages


def _order(scores):
    return np.argsort(-scores, axis=1)


def _mixed(similarity, values, k):
    first = _order(similarity)[:, :k]
    table = similarity.copy()
    np.put_along_axis(table, first, np.take_along_axis(values, first, axis=1), axis=1)
    return _order(table)


@scales.mistake(
    "Logits and cosines are sorted together, so a recalled item with a negative logit falls behind items that the "
    "second stage never saw."
)
def mixed(similarity, logits, k):
    return _mixed(similarity, logits, k)


@scales.mistake(
    "Probabilities, or exponentials, of logits are sorted together with cosines. They mean something else: a recalled "
    "item may still fall behind the rest."
)
def probabilities(similarity, logits, k):
    return _mixed(similarity, 1 / (1 + np.exp(-logits)), k)


LIFTED = (
    "Logits plus a constant are sorted together with cosines. A logit has no lowest value: however much you add, one "
    "that is low enough falls behind the rest."
)


@scales.mistake(LIFTED)
def lifted_by_one(similarity, logits, k):
    return _mixed(similarity, logits + 1, k)


@scales.mistake(LIFTED)
def lifted_by_ten(similarity, logits, k):
    return _mixed(similarity, logits + 10, k)


@scales.mistake(LIFTED)
def lifted_by_the_best(similarity, logits, k):
    return _mixed(similarity, logits + similarity.max(), k)


@scales.mistake(
    "A softmax of the logits is sorted together with cosines. Its shares have no more in common with them: a recalled "
    "item still falls behind the rest."
)
def shares(similarity, logits, k):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return _mixed(similarity, e / e.sum(axis=1, keepdims=True), k)


@scales.mistake("The logits lost their sign: one of -5 says no as firmly as 5 says yes.")
def without_sign(similarity, logits, k):
    return two_stages(similarity, np.abs(logits), k)


@scales.mistake("The first k are the right ones, but sorted by their numbers. The best logit comes first.")
def by_number(similarity, logits, k):
    order = _order(similarity)
    return np.concatenate([np.sort(order[:, :k], axis=1), order[:, k:]], axis=1)


@scales.mistake("For every query you recall the items of the first query. Each has its own k most similar ones.")
def first_querys(similarity, logits, k):
    recalled = np.isin(np.arange(similarity.shape[1]), _order(similarity)[0, :k])
    return _order(np.where(recalled, logits + 1e4, similarity))


@scales.mistake(
    "Similarity and logit of the recalled items are added. They stand in the order of their logits alone, and above "
    "the rest whatever these are."
)
def added(similarity, logits, k):
    return _mixed(similarity, similarity + logits, k)


@scales.mistake("All items are sorted by their logits. Those beyond the first k never passed through the network.")
def everything(similarity, logits, k):
    return _order(logits)


@scales.mistake(
    "All items are sorted by similarity plus logit: two scales in one sum, and logits that nobody computed."
)
def sums(similarity, logits, k):
    return _order(similarity + logits)


@scales.mistake("This is the order of the first stage alone. The first k are not re-ranked.")
def first_stage(similarity, logits, k):
    return _order(similarity)


@scales.mistake("The recalled items stand upside down: `argsort` begins with the smallest.")
def ascending(similarity, logits, k):
    return two_stages(similarity, -logits, k)


@scales.mistake("You recall the *least* similar items: `argsort` begins with the smallest. Sort minus the similarity.")
def least_similar(similarity, logits, k):
    return two_stages(-similarity, logits, k)


@scales.mistake(
    "The first places hold numbers from 0 to k - 1: places *within the candidates*. Look up which items stand there."
)
def local_places(similarity, logits, k):
    order = _order(similarity)
    return np.concatenate([_order(np.take_along_axis(logits, order[:, :k], axis=1)), order[:, k:]], axis=1)


@scales.mistake(
    "You sort by the logits of the first k *columns*. The recalled items stand anywhere: take their logits along the "
    "first k of the order."
)
def first_columns(similarity, logits, k):
    order = _order(similarity)
    first = np.take_along_axis(order[:, :k], _order(logits[:, :k]), axis=1)
    return np.concatenate([first, order[:, k:]], axis=1)


@scales.mistake("The rest is ordered by logits that nobody computed. It stays as the first stage ordered it.")
def rest_by_logits(similarity, logits, k):
    order = _order(similarity)
    parts = [np.take_along_axis(p, _order(np.take_along_axis(logits, p, 1)), 1) for p in (order[:, :k], order[:, k:])]
    return np.concatenate(parts, axis=1)


@scales.mistake("The rest is ordered by similarity plus logit. Nobody computed its logits: it stays as it was ordered.")
def rest_by_sum(similarity, logits, k):
    order, sums = two_stages(similarity, logits, k), similarity + logits
    rest = np.take_along_axis(order[:, k:], _order(np.take_along_axis(sums, order[:, k:], axis=1)), axis=1)
    return np.concatenate([order[:, :k], rest], axis=1)


@scales.mistake("The rest stands in the order of the table. It follows in the order of its similarity.")
def rest_by_number(similarity, logits, k):
    order = two_stages(similarity, logits, k)
    return np.concatenate([order[:, :k], np.sort(order[:, k:], axis=1)], axis=1)


@scales.mistake("The rest stands upside down: the least similar item comes last of all.")
def rest_upside_down(similarity, logits, k):
    order = two_stages(similarity, logits, k)
    return np.concatenate([order[:, :k], order[:, :k:-1], order[:, k : k + 1]], axis=1)[:, : order.shape[1]]


@scales.mistake("The rest stands above the recalled items. The recalled ones are the first places.")
def rest_first(similarity, logits, k):
    order = two_stages(similarity, logits, k)
    return np.concatenate([order[:, k:], order[:, :k]], axis=1)


@scales.mistake("You re-rank one item too many: k + 1 of them.")
def one_more(similarity, logits, k):
    return two_stages(similarity, logits, k + 1)


@scales.mistake("You re-rank one item too few: k - 1 of them.")
def one_fewer(similarity, logits, k):
    return two_stages(similarity, logits, k - 1)


@scales.mistake(
    "The stages are exchanged: you recall by logits and order by similarity. Logits are known of the recalled items "
    "only."
)
def stages_exchanged(similarity, logits, k):
    return two_stages(logits, similarity, k)


@scales.mistake("This says which place each item has. Asked for is which item stands at each place.")
def places_of_items(similarity, logits, k):
    return np.argsort(two_stages(similarity, logits, k), axis=1)


@scales.mistake("These are the recalled items alone. Return all items: the rest follows behind them.")
def only_the_first(similarity, logits, k):
    return two_stages(similarity, logits, k)[:, :k]


@scales.mistake("The whole list runs backwards: the best comes first.")
def worst_first(similarity, logits, k):
    return two_stages(similarity, logits, k)[:, ::-1]


@scales.mistake(LIFTED)
def lifted_by_a_hundred(similarity, logits, k):
    return _mixed(similarity, logits + 100, k)


@scales.mistake(LIFTED)
def lifted_by_a_thousand(similarity, logits, k):
    return _mixed(similarity, logits + 1e3, k)


@scales.mistake(LIFTED)
def lifted_by_a_million(similarity, logits, k):
    return _mixed(similarity, logits + 1e6, k)


@scales.mistake(LIFTED)
def lifted_by_a_milliard(similarity, logits, k):
    return _mixed(similarity, logits + 1e9, k)


@scales.mistake("You take the smallest of *all* logits. Those of items that were not recalled are unknown, even NaN.")
def lifted_by_the_smallest(similarity, logits, k):
    return _mixed(similarity, logits - logits.min() + similarity.max() + 1, k)


@scales.mistake("Similarity and logit of the recalled items are multiplied. They stand in the order of their logits.")
def multiplied(similarity, logits, k):
    return two_stages(similarity, similarity * logits, k)


@scales.mistake("The items of a column are sorted, across the queries: `axis=0`. Each query has an order of its own.")
def across_queries(similarity, logits, k):
    return two_stages(similarity.T, logits.T, k).T


@scales.mistake("You add the places in the two orders. The second stage alone says how the first k stand.")
def places_added(similarity, logits, k):
    places = [np.argsort(_order(scores), axis=1) for scores in (similarity, logits)]
    return np.argsort(sum(places), axis=1, kind="stable")


@scales.mistake("The k items with the largest *logits* stand at the top. The k most similar are recalled.")
def recalled_by_logits(similarity, logits, k):
    return two_stages(np.where(np.argsort(_order(logits), axis=1) < k, 10 + similarity, similarity), logits, k)


@scales.mistake("The first k are taken of all items, sorted by logits. They are the k most similar, by their logits.")
def cut_after_logits(similarity, logits, k):
    return np.concatenate([_order(logits)[:, :k], _order(similarity)[:, k:]], axis=1)


@scales.mistake("Probabilities are sorted together with cosines. They have a similar range, not the same meaning.")
def shares_of_the_recalled(similarity, logits, k):
    first = _order(similarity)[:, :k]
    some = np.take_along_axis(logits, first, axis=1)
    e = np.exp(some - some.max(axis=1, keepdims=True))
    table = similarity.copy()
    np.put_along_axis(table, first, e / e.sum(axis=1, keepdims=True), axis=1)
    return _order(table)


@scales.mistake("The order of the first query is given to all of them. Each query has an order of its own.")
def order_of_the_first(similarity, logits, k):
    return np.repeat(two_stages(similarity, logits, k)[:1], len(similarity), axis=0)


SAME_UNITS = (
    "Both are brought to mean 0 and deviation 1, and sorted together. A recalled item with a low logit falls behind "
    "the rest all the same: do not sort both together."
)


@scales.mistake(SAME_UNITS)
def standardised(similarity, logits, k):
    s, t = ((x - x.mean()) / x.std() for x in (similarity, logits))
    return _mixed(s, t, k)


@scales.mistake(SAME_UNITS)
def standardised_by_query(similarity, logits, k):
    s, t = ((x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True) for x in (similarity, logits))
    return _mixed(s, t, k)


@scales.mistake(
    "One number parts recalled items from the rest, for all queries. Each query has k of its own: sort row by row."
)
def one_cut_for_all(similarity, logits, k):
    cut = np.sort(similarity.ravel())[::-1][k * len(similarity) - 1]
    recalled = similarity >= cut
    return np.lexsort((-np.where(recalled, logits, similarity), ~recalled), axis=1)


@scales.mistake(
    "Similarities are added to the logits of the recalled items. They stand in the order of their logits alone."
)
def added_to_logits(similarity, logits, k):
    return two_stages(similarity, logits + similarity, k)


@scales.mistake(
    "Both are brought to the range 0 to 1, and sorted together. The recalled item with the lowest logit still falls "
    "behind the rest: do not sort both together."
)
def same_range(similarity, logits, k):
    s, t = ((x - x.min(1, keepdims=True)) / np.ptp(x, axis=1, keepdims=True) for x in (similarity, logits))
    return _mixed(s, t, k)


@scales.mistake(
    "Similarity and logit are added up. First come the recalled items by logits, then the rest by similarity."
)
def weighted_sum(similarity, logits, k):
    return _order(similarity + 0.1 * logits)
