"""Exercise `product_search.popular`: a list of favourites that knows tomorrow."""

import numpy as np

from mmcourse.exercises import Exercise, case
from mmcourse.exercises.product_search._inputs import level, shop, turned

popular = Exercise(
    "product_search.popular",
    kind="find the bug",
    title="The favourites of tomorrow",
    returns="a number, the share of later purchases that were on the list",
    otherwise="This is not the share of later purchases that were on the customer's list.",
    task=(
        "`hit_rate(user, item, day, today, k)` scores the popularity list: the share of purchases from day `today` on "
        "whose item was among the `k` most bought. Each of `user`, `item` and `day` is `(p,)`, one number a purchase; "
        "no customer buys an item twice. "
        "In the shop's report the list looks brilliant, and live it does not. There are **two** mistakes: one lets the "
        "future in, the other offers customers what they already have. Put both right: count purchases *before* "
        "`today`, and for each customer take the `k` most bought items among those that they did not buy before "
        "`today`. Ties go to the smaller item number. Items are 0 to `item.max()`; the list may hold items that nobody "
        "bought."
    ),
    hints=(
        "Which purchases does `np.bincount` see? And is the list the same for a customer who owns its first item?",
        "`past = day < today`; count `item[past]` with `minlength`. For each later purchase: `counts.copy()`, set to "
        "-1 what that user bought in the past, then `np.argsort(-counts, kind='stable')[:k]`.",
    ),
    plan=(
        "Count the purchases before `today` only.",
        "For each later purchase, take out what its customer bought before `today`, then take the `k` most bought.",
        "Return the share of later purchases whose item is on its list.",
    ),
    minutes=12,
    difficulty=2,
    importance=2,
)


@popular.solved_by
def hit_rate(user, item, day, today, k):
    """Purchases (p,) each, a day, a length of list -> the share of later purchases that were on the list."""
    past = day < today
    counts = np.bincount(item[past], minlength=item.max() + 1)
    hits = []
    for u, i in zip(user[~past], item[~past], strict=True):
        open_to = counts.copy()
        open_to[item[past & (user == u)]] = -1  # has it already
        hits.append(i in np.argsort(-open_to, kind="stable")[:k])
    return np.mean(hits)


@popular.given
def _given(user, item, day, today, k):
    """Purchases (p,) each, a day, a length of list -> the share of later purchases that were on the list."""
    past = day < today
    counts = np.bincount(item, minlength=item.max() + 1)
    best = np.argsort(-counts, kind="stable")[:k]
    return np.mean(np.isin(item[~past], best))


@popular.cases
def _(rng):
    for p, users, items, today, k in ((60, 12, 9, 6, 3), (45, 8, 13, 4, 4), (70, 17, 11, 7, 1), (41, 6, 15, 5, 6)):
        user, item, day = shop(rng, p, users, items)
        day[:4] = today  # purchases of the day itself, which are asked and not counted
        yield case(user, item, day, today, k)
    yield case(*turned(rng), 6, 3)
    yield case(*level(rng), 5, 30, when="where many items are bought equally often")
    user, item, day = shop(rng, 40, 8, 12)
    user, item = np.append(user, [50, 50, 51]), np.append(item, [4, 11, 11])
    day = np.where(np.isin(item, (4, 11)), 8, np.append(day, [8, 8, 8]))
    yield case(user, item, day, 6, 12, when="where the list reaches items that nobody bought before `today`")
    user, item, day = shop(rng, 40, 6, 8)
    yield case(user, item, day, 5, 8, when="where the list is as long as there are items")
    user, item, day = shop(rng, 20, 7, 6)
    yield case(user, item, day + 3, 3, 2, when="where nothing was bought before `today`")


@popular.oracle
def _(user, item, day, today, k):
    purchases = list(zip(user.tolist(), item.tolist(), day.tolist(), strict=True))
    count = [0] * (int(item.max()) + 1)
    has = {u: set() for u, _, _ in purchases}
    for u, i, d in purchases:
        if d < today:
            count[i] += 1
            has[u].add(i)
    later = [(u, i) for u, i, d in purchases if d >= today]
    hits = 0
    for u, i in later:
        better = [j for j in range(len(count)) if j not in has[u] and (-count[j], j) < (-count[i], i)]
        hits += len(better) < k
    return hits / len(later)
