"""What goes wrong in `product_search.together`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.product_search.together import also_bought, together


def _scores(bought, divisor=None, count=None, itself=0.0):
    """The scores, with ``divisor(n, m, both)`` of two numbers of buyers; the switches are the mistakes."""
    both = bought.T @ bought
    n, other = np.diag(both)[:, None], np.diag(both)
    with np.errstate(all="ignore"):
        similar = (both if count is None else count(both)) / (1 if divisor is None else divisor(n, other, both))
    return bought @ np.where(np.eye(len(both)) > 0, similar if itself is None else itself, similar)


@together.mistake("An item is most like itself, so what the customer has comes first. Set the diagonal to 0.")
def itself(bought, shrink):
    return _scores(bought, lambda n, m, _: np.sqrt(n * m) + shrink, itself=None)


@together.mistake("The similarity of an item with itself is 1 here. Set the diagonal to 0.")
def itself_one(bought, shrink):
    return _scores(bought, lambda n, m, _: np.sqrt(n * m) + shrink, itself=1.0)


@together.mistake(
    "These are plain counts: what sells most is then alike to everything. Divide by the root and the shrink."
)
def counts(bought, shrink):
    return _scores(bought)


@together.mistake(
    "These are plain counts, an item's own among them. Divide by the root and the shrink; the diagonal is 0."
)
def counts_with_itself(bought, shrink):
    return _scores(bought, itself=None)


NO_SHRINK = "Where is `shrink`? Without it, two items that one customer bought are twins."


@together.mistake(NO_SHRINK)
def no_shrink(bought, shrink):
    return _scores(bought, lambda n, m, _: np.maximum(np.sqrt(n * m), 1e-12))


@together.mistake(NO_SHRINK)
def no_shrink_unguarded(bought, shrink):
    return _scores(bought, lambda n, m, _: np.sqrt(n * m))


@together.mistake("Two things: where is `shrink`, and the similarity of an item with itself is 0.")
def no_shrink_and_itself(bought, shrink):
    return _scores(bought, lambda n, m, _: np.sqrt(n * m), itself=None)


@together.mistake("The root is missing: you divide by the product of the numbers of buyers.")
def no_root(bought, shrink):
    return _scores(bought, lambda n, m, _: n * m + shrink)


@together.mistake("The shrink stands inside the root. It is added after it.")
def shrink_in_root(bought, shrink):
    return _scores(bought, lambda n, m, _: np.sqrt(n * m + shrink))


@together.mistake("The shrink is added to each number of buyers, inside the root. It is added once, after the root.")
def shrink_to_each(bought, shrink):
    return _scores(bought, lambda n, m, _: np.sqrt((n + shrink) * (m + shrink)))


@together.mistake("The shrink is added to the quotient. It belongs to the divisor: both / (root + shrink).")
def brackets_forgotten(bought, shrink):
    both = bought.T @ bought
    with np.errstate(all="ignore"):
        similar = both / np.sqrt(np.outer(np.diag(both), np.diag(both))) + shrink
    np.fill_diagonal(similar, 0)
    return bought @ similar


@together.mistake("The shrink is subtracted. It is added, and draws similarities towards 0.")
def shrink_subtracted(bought, shrink):
    return _scores(bought, lambda n, m, _: np.sqrt(n * m) - shrink)


@together.mistake("The root is multiplied by `shrink`. It is added.")
def shrink_multiplied(bought, shrink):
    return _scores(bought, lambda n, m, _: np.sqrt(n * m) * shrink)


@together.mistake("You add the two numbers of buyers. Take the root of their *product*.")
def sum_of_buyers(bought, shrink):
    return _scores(bought, lambda n, m, _: n + m + shrink)


@together.mistake("You take the root of the sum of the numbers of buyers. Take that of their *product*.")
def root_of_sum(bought, shrink):
    return _scores(bought, lambda n, m, _: np.sqrt(n + m) + shrink)


@together.mistake("You divide by the mean of the numbers of buyers. Take the root of their product.")
def mean_of_buyers(bought, shrink):
    return _scores(bought, lambda n, m, _: (n + m) / 2 + shrink)


@together.mistake("You divide by the number who bought either. Take the root of the product of the numbers of buyers.")
def either(bought, shrink):
    return _scores(bought, lambda n, m, both: n + m - both + shrink)


@together.mistake("You divide by the smaller number of buyers. Take the root of the product of both.")
def smaller(bought, shrink):
    return _scores(bought, lambda n, m, _: np.minimum(n, m) + shrink)


@together.mistake("You divide by the larger number of buyers. Take the root of the product of both.")
def larger(bought, shrink):
    return _scores(bought, lambda n, m, _: np.maximum(n, m) + shrink)


ONE_ITEM = "You divide by the buyers of one of the two items only. Take the root of the product of both numbers."


@together.mistake(ONE_ITEM)
def of_the_one(bought, shrink):
    return _scores(bought, lambda n, m, _: n + 0 * m + shrink)


@together.mistake(ONE_ITEM)
def of_the_other(bought, shrink):
    return _scores(bought, lambda n, m, _: m + 0 * n + shrink)


@together.mistake(
    "You divide by `shrink` alone: the numbers of buyers are left out, or 0. Was the diagonal set to 0 before they "
    "were read from it? (`np.diag` gives a view.)"
)
def diagonal_too_early(bought, shrink):
    return _scores(bought, lambda n, m, _: shrink)


@together.mistake("You return the similarities of the items, (m, m). Sum them for each customer: `bought @ similar`.")
def similarities(bought, shrink):
    return _similar(bought, shrink)


def _similar(bought, shrink):
    both = bought.T @ bought
    n = np.diag(both)
    return both / (np.sqrt(np.outer(n, n)) + shrink) * (1 - np.eye(len(n)))


@together.mistake("These are customers who have things in common, (u, u). Asked is a score for each customer and item.")
def of_customers(bought, shrink):
    return bought @ bought.T


@together.mistake("You compared customers. The similarity is one of items: `bought.T @ bought`.")
def by_customers(bought, shrink):
    return _similar(bought.T, shrink) @ bought


@together.mistake("What a customer has already got scores 0 here. Leaving that out is for later; asked for is the sum.")
def without_owned(bought, shrink):
    return np.where(bought > 0, 0.0, also_bought(bought, shrink))


@together.mistake(
    "What a customer has already got is minus infinity here. Leaving it out is for later; asked is the sum."
)
def owned_excluded(bought, shrink):
    return np.where(bought > 0, -np.inf, also_bought(bought, shrink))


@together.mistake("You divided by the number of things that the customer bought. Asked for is the sum, not the mean.")
def mean_over_bought(bought, shrink):
    return also_bought(bought, shrink) / np.maximum(bought.sum(1, keepdims=True), 1)


@together.mistake("You took the largest similarity with what the customer bought. Asked for is the sum.")
def largest(bought, shrink):
    return (bought[:, :, None] * _similar(bought, shrink)).max(1)


@together.mistake("You take 1 from the diagonal. With `shrink` it is not 1 to begin with: set it to 0.")
def identity_taken(bought, shrink):
    both = bought.T @ bought
    n = np.diag(both)
    return bought @ (both / (np.sqrt(np.outer(n, n)) + shrink) - np.eye(len(n)))


@together.mistake("You add the roots of the numbers of buyers. Take the root of their *product*.")
def roots_added(bought, shrink):
    return _scores(bought, lambda n, m, _: np.sqrt(n) + np.sqrt(m) + shrink)


@together.mistake("Only items that the customer has got a score. Asked is one for each item.")
def only_owned(bought, shrink):
    return bought * also_bought(bought, shrink)


@together.mistake(
    "Each pair counts in one direction only: an item with a smaller number has nothing from the later ones."
)
def one_direction(bought, shrink):
    return bought @ np.triu(_similar(bought, shrink))


@together.mistake("The diagonal was set to 0 before the numbers of buyers were taken from the table. They stand on it.")
def buyers_after_the_diagonal(bought, shrink):
    both = bought.T @ bought
    np.fill_diagonal(both, 0)
    n = both.sum(axis=0)
    return bought @ (both / (np.sqrt(np.outer(n, n)) + shrink))


@together.mistake("The shrink is added to the number who bought both as well. It stands below the line alone.")
def shrink_above(bought, shrink):
    both = bought.T @ bought
    n = np.diag(both)
    similar = (both + shrink) / (np.sqrt(np.outer(n, n)) + shrink)
    return bought @ np.where(np.eye(len(both)) > 0, 0, similar)


@together.mistake("You take a fixed shrink. It is handed in, and another one each time.")
def shrink_of_ten(bought, shrink):
    return also_bought(bought, 10)


@together.mistake("You take a fixed shrink. It is handed in, and another one each time.")
def shrink_of_one(bought, shrink):
    return also_bought(bought, 1)


@together.mistake("You divide by the number of all customers. It is the root of the two items' numbers of buyers.")
def by_all_customers(bought, shrink):
    return _scores(bought, lambda n, other, both: len(bought) + shrink)


@together.mistake("The scores are divided by the sum of an item's similarities: a weighted mean. Asked for is the sum.")
def weighted_mean(bought, shrink):
    both = bought.T @ bought
    n = np.diag(both)
    similar = np.where(np.eye(len(n)) > 0, 0, both / (np.sqrt(np.outer(n, n)) + shrink))
    return bought @ similar / np.maximum(similar.sum(axis=0), 1e-12)


@together.mistake("A customer's own purchases are left out of the similarities. All customers count in them.")
def without_oneself(bought, shrink):
    return np.stack([row @ _similar(np.delete(bought, place, axis=0), shrink) for place, row in enumerate(bought)])


@together.mistake("You sum the similarities with what the customer did *not* buy: `1 - bought`.")
def not_bought(bought, shrink):
    return (1 - bought) @ _similar(bought, shrink)


@together.mistake("Only the most similar item of each counts. Asked for is the sum over all that the customer bought.")
def nearest_alone(bought, shrink):
    similar = _similar(bought, shrink)
    return bought @ (similar * (similar == similar.max(axis=1, keepdims=True)))


@together.mistake("The shrink is taken away below the line. It is added there.")
def shrink_taken_away(bought, shrink):
    return _scores(bought, lambda n, other, both: np.maximum(np.sqrt(n * other) - shrink, 1e-9))


@together.mistake("The squares of the numbers are divided. Above the line stands the number who bought both.")
def squared(bought, shrink):
    return _scores(bought, lambda n, other, both: n * other + shrink, count=lambda both: both**2)


@together.mistake("Each customer's purchases were divided by their number first. An item that is bought counts 1.")
def shares_of_baskets(bought, shrink):
    share = bought / np.maximum(bought.sum(axis=1, keepdims=True), 1)
    n = bought.sum(axis=0)
    similar = share.T @ share / (np.sqrt(np.outer(n, n)) + shrink)
    return bought @ np.where(np.eye(len(n)) > 0, 0, similar)


@together.mistake(
    "The sum of a row of `bought.T @ bought` is not the number of buyers: who bought several things counts several "
    "times. It stands on the diagonal."
)
def row_sums(bought, shrink):
    n = (bought.T @ bought).sum(axis=1)
    return _scores(bought, lambda *_: np.sqrt(np.outer(n, n)) + shrink)


@together.mistake("The shrink is added to each root, before the product. It is added once, to the root of the product.")
def added_to_each_root(bought, shrink):
    return _scores(bought, lambda n, m, _: (np.sqrt(n) + shrink) * (np.sqrt(m) + shrink))


@together.mistake("You take the larger of root and shrink. They are added.")
def larger_of_both(bought, shrink):
    return _scores(bought, lambda n, m, _: np.maximum(np.sqrt(n * m), shrink))


@together.mistake("You take shares of the customers. Asked for are numbers of customers: `shrink` is one, too.")
def shares_of_customers(bought, shrink):
    return _scores(bought, lambda n, m, _: np.sqrt(n * m) + shrink * len(bought))


@together.mistake("You divide by the larger number of buyers. Take the root of the product of both.")
def by_the_larger(bought, shrink):
    return _scores(bought, lambda n, m, _: np.maximum(n, m) + shrink)


@together.mistake(
    "The shrink is in a factor of its own, both / (both + shrink). It is added to the root, below the same fraction."
)
def factor_of_its_own(bought, shrink):
    def divisor(n, m, both):
        return np.sqrt(n * m) * (both + shrink) / np.where(both > 0, both, np.nan)

    both = bought.T @ bought
    with np.errstate(all="ignore"):
        similar = np.nan_to_num(both / divisor(np.diag(both)[:, None], np.diag(both), both))
    return bought @ np.where(np.eye(len(both)) > 0, 0, similar)


@together.mistake("This is the lift, with the product of the numbers of buyers below. Take the root of that product.")
def lift(bought, shrink):
    return len(bought) * _scores(bought, lambda n, m, _: n * m + shrink)


@together.mistake("One of the customers who bought both is left out. All of them count.")
def one_less(bought, shrink):
    return _scores(bought, lambda n, m, _: np.sqrt(n * m) + shrink, count=lambda both: np.maximum(both - 1, 0))


@together.mistake("Only one thing of each customer counts, the last. Sum over all that the customer bought.")
def last_purchase(bought, shrink):
    both = bought.T @ bought
    n = np.diag(both)
    similar = both / (np.sqrt(np.outer(n, n)) + shrink) * (1 - np.eye(len(both)))
    last = bought * (np.cumsum(bought[:, ::-1], axis=1)[:, ::-1] == 1)
    return last @ similar
