"""What goes wrong in `retrieval.hardest`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.retrieval.hardest import hardest, hardest_negative


def _most(scores, right):
    """The place of the highest score of each row, -1 where there is no negative: the mistakes differ in the scores."""
    return np.where(right.all(axis=1), -1, scores.argmax(axis=1))


@hardest.mistake("This is the most similar item of all, right ones among them: a negative that is none.")
def of_all(queries, items, right):
    return (queries @ items.T).argmax(axis=1)


@hardest.mistake("This is the most similar item of all, right ones among them: a negative that is none.")
def of_all_if_any_is_wrong(queries, items, right):
    return _most(queries @ items.T, right)


ZEROS = "Right items got the cosine 0. Where all negatives have negative cosines, a right one wins: use `-np.inf`."


@hardest.mistake(ZEROS)
def zeros(queries, items, right):
    return (queries @ items.T * ~right).argmax(axis=1)


@hardest.mistake(ZEROS)
def zeros_if_any_is_wrong(queries, items, right):
    return _most(queries @ items.T * ~right, right)


@hardest.mistake(
    "Right items got the cosine -1. A negative may have exactly -1 as well, and come later: use `-np.inf`."
)
def minus_one(queries, items, right):
    return _most(np.where(right, -1, queries @ items.T), right)


@hardest.mistake(
    "1 is taken from the cosines of right items. One of 0.9 still has -0.1, more than a negative that points away: use "
    "`-np.inf`."
)
def one_less(queries, items, right):
    return _most(queries @ items.T - right, right)


@hardest.mistake("This is the *least* similar item: the easiest negative.")
def easiest(queries, items, right):
    return np.where(right.all(axis=1), -1, np.where(right, np.inf, queries @ items.T).argmin(axis=1))


@hardest.mistake(
    "This is the *least* similar item: the easiest negative. And where every item is right, -1 is missing."
)
def easiest_never_none(queries, items, right):
    return np.where(right, np.inf, queries @ items.T).argmin(axis=1)


@hardest.mistake(
    "This is the least similar item of all, right ones among them. Asked for is the most similar negative."
)
def farthest_of_all(queries, items, right):
    return (queries @ items.T).argmin(axis=1)


@hardest.mistake("This is the most similar *right* item. The map is turned round.")
def turned(queries, items, right):
    return np.where(right, queries @ items.T, -np.inf).argmax(axis=1)


@hardest.mistake("This is the most similar *right* item. The map is turned round.")
def turned_if_any_is_wrong(queries, items, right):
    return _most(np.where(right, queries @ items.T, -np.inf), right)


@hardest.mistake("This is the least similar *right* item: the hardest positive. Asked for is the hardest negative.")
def hardest_positive(queries, items, right):
    return np.where(right, queries @ items.T, np.inf).argmin(axis=1)


@hardest.mistake("Where every item is right for a query, it has no negative: -1, not a place.")
def never_none(queries, items, right):
    return np.where(right, -np.inf, queries @ items.T).argmax(axis=1)


@hardest.mistake("You say -1 as soon as *any* item is right. It belongs where *all* are.")
def none_if_any(queries, items, right):
    return np.where(right.any(axis=1), -1, hardest_negative(queries, items, right))


@hardest.mistake("You say -1 where *no* item is right. There every item is a negative; -1 belongs where all are right.")
def none_if_none(queries, items, right):
    return np.where(right.any(axis=1), never_none(queries, items, right), -1)


@hardest.mistake("The maximum is taken over the queries, `axis=0`: one place for each item. Take it along each row.")
def wrong_axis(queries, items, right):
    return np.where(right, -np.inf, queries @ items.T).argmax(axis=0)


@hardest.mistake("You leave out the diagonal. Which items are right is said by `right`, and they are several.")
def own_only(queries, items, right):
    return np.where(np.eye(*right.shape, dtype=bool), -np.inf, queries @ items.T).argmax(axis=1)


@hardest.mistake("You leave out the most similar right item only. The others are no negatives either.")
def one_right_left_out(queries, items, right):
    s = queries @ items.T
    best = np.where(right, s, -np.inf).argmax(axis=1)
    return np.where(right.all(axis=1), -1, np.where(np.arange(len(items)) == best[:, None], -np.inf, s).argmax(axis=1))


@hardest.mistake("You leave out the first right item only. The others are no negatives either.")
def first_right_left_out(queries, items, right):
    s = queries @ items.T
    first = np.arange(len(items)) == right.argmax(axis=1)[:, None]
    return _most(np.where(first & right, -np.inf, s), right)


@hardest.mistake("This is the second of all items. The most similar one need not be right, nor is only one right.")
def second_of_all(queries, items, right):
    order = np.argsort(-(queries @ items.T), axis=1, kind="stable")
    return np.where(right.all(axis=1), -1, order[:, min(1, order.shape[1] - 1)])


@hardest.mistake("Of equally similar ones you take the last. Take the first.")
def last_of_equals(queries, items, right):
    s = np.where(right, -np.inf, queries @ items.T)
    return np.where(right.all(axis=1), -1, s.shape[1] - 1 - s[:, ::-1].argmax(axis=1))


@hardest.mistake("Places begin at 0: yours are one too large.")
def from_one(queries, items, right):
    found = hardest_negative(queries, items, right)
    return np.where(found < 0, -1, found + 1)


@hardest.mistake("Cosines lost their sign. An item that points away is the least similar, not the most.")
def without_sign(queries, items, right):
    return _most(np.where(right, -1, np.abs(queries @ items.T)), right)


@hardest.mistake(
    "You say -1 where no negative has a cosine above 0. A negative that points away is one as well: begin below -1."
)
def begins_at_zero(queries, items, right):
    s = np.where(right, -np.inf, queries @ items.T)
    return np.where(s.max(axis=1) > 0, s.argmax(axis=1), -1)


@hardest.mistake(
    "You say -1 where the only negatives have a cosine of exactly -1. They are negatives as well: begin below -1."
)
def begins_at_minus_one(queries, items, right):
    s = np.where(right, -np.inf, queries @ items.T)
    return np.where(s.max(axis=1) > -1, s.argmax(axis=1), -1)


@hardest.mistake(
    "These are places among the *negatives* of each query. Asked for are places in `items`: the right ones are left in "
    "their places."
)
def among_negatives(queries, items, right):
    s = queries @ items.T
    return np.array([row[~own].argmax() if not own.all() else -1 for row, own in zip(s, right, strict=True)])


@hardest.mistake("These are the cosines. Asked for are the places: `argmax`.")
def cosines(queries, items, right):
    return np.where(right, -np.inf, queries @ items.T).max(axis=1)


@hardest.mistake(
    "2 is taken from the cosines of right items. One of exactly 1 then has -1, like a negative that points the other "
    "way: use `-np.inf`."
)
def two_taken(queries, items, right):
    return _most(queries @ items.T - 2 * right, right)


@hardest.mistake("This is the most similar *right* item. The map is turned round.")
def map_turned_all_through(queries, items, right):
    return _most(np.where(right, queries @ items.T, -np.inf), ~right)


@hardest.mistake(
    "You take only negatives that are less similar than the best right item. The hardest may be more similar."
)
def semi_hard(queries, items, right):
    s = queries @ items.T
    best = np.where(right, s, -np.inf).max(axis=1, keepdims=True)
    return _most(np.where(right | (s >= best), -np.inf, s), right)


@hardest.mistake("You go as many places down as there are right items. These need not be the first ones.")
def after_the_right(queries, items, right):
    order, count = np.argsort(-(queries @ items.T), axis=1, kind="stable"), right.sum(axis=1)
    place = order[np.arange(len(order)), np.minimum(count, order.shape[1] - 1)]
    return np.where(right.all(axis=1), -1, place)


@hardest.mistake("Your cosines are rounded. A negative that is only a little more similar is the harder one.")
def cosines_rounded(queries, items, right):
    return _most(np.where(right, -np.inf, np.round(queries @ items.T, 1)), right)


@hardest.mistake("Your cosines are rounded. A negative that is only a little more similar is the harder one.")
def cosines_rounded_less(queries, items, right):
    return _most(np.where(right, -np.inf, np.round(queries @ items.T, 2)), right)


@hardest.mistake("This is the *first* negative, whatever its cosine. The hardest is the most similar.")
def first_negative(queries, items, right):
    return np.where(right.all(axis=1), -1, (~right).argmax(axis=1))


@hardest.mistake(
    "Only the two or three most similar items are looked at. All of these may be right, and the negative stand behind."
)
def of_the_first_two(queries, items, right):
    return _of_the_first(queries, items, right, 2)


@hardest.mistake(
    "Only the two or three most similar items are looked at. All of these may be right, and the negative stand behind."
)
def of_the_first_three(queries, items, right):
    return _of_the_first(queries, items, right, 3)


def _of_the_first(queries, items, right, count):
    order = np.argsort(-(queries @ items.T), axis=1, kind="stable")[:, :count]
    free = ~np.take_along_axis(right, order, axis=1)
    place = order[np.arange(len(order)), free.argmax(axis=1)]
    return np.where(free.any(axis=1), place, -1)


@hardest.mistake(
    "You leave out every item that is right for *some* query. One that is right for another query is a negative here."
)
def right_for_anyone(queries, items, right):
    left_out = right | right.any(axis=0)
    s = np.where(left_out, -np.inf, queries @ items.T)
    return np.where(left_out.all(axis=1), -1, s.argmax(axis=1))


@hardest.mistake("Where every item is right for a query, it has no negative: -1, not the number of items.")
def number_of_items_for_none(queries, items, right):
    return np.where(right.all(axis=1), len(items), hardest_negative(queries, items, right))


@hardest.mistake("`argmax` takes the first NaN for the largest number, so a right item wins. Use `-np.inf`.")
def nan_for_right(queries, items, right):
    return _most(np.where(right, np.nan, queries @ items.T), right)


@hardest.mistake("`argmax` takes the first NaN for the largest number, so a right item wins. Use `-np.inf`.")
def nan_for_right_unguarded(queries, items, right):
    return np.where(right, np.nan, queries @ items.T).argmax(axis=1)


@hardest.mistake("This is the second of the negatives, by similarity. Take the most similar one.")
def second_hardest(queries, items, right):
    s = np.where(right, -np.inf, queries @ items.T)
    place = np.argsort(-s, axis=1, kind="stable")[:, min(1, len(items) - 1)]
    return np.where(right.all(axis=1), -1, np.where((~right).sum(axis=1) > 1, place, s.argmax(axis=1)))
