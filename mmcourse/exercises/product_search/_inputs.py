"""Purchases for the exercises of the page `product_search`, and rates of hits as wrong answers count them."""

import numpy as np


def shop(rng, p, users, items, days=10):
    """Purchases of items that differ in how often they sell; no customer buys one twice."""
    pairs = np.array([(u, i) for u in range(users) for i in range(items)])
    weights = 1 / (1 + pairs[:, 1]) + 0.1
    chosen = rng.choice(len(pairs), p, replace=False, p=weights / weights.sum())
    names = rng.permutation(items)  # how much an item sells is not told by its number
    user, item = pairs[chosen].T
    return user + 100, names[item], rng.integers(0, days, p)


def turned(rng, users=14):
    """Purchases of a shop whose taste turns: until day 5 items 0 to 4 are bought, by nearly all, then 5 to 9. The first
    that is asked is the third of those that nobody bought before."""
    before = [(u, i, rng.integers(0, 6)) for u in range(users) for i in rng.permutation(5)[:4]]
    after = [(u, 5 + i, rng.integers(6, 9)) for u in range(1, users) for i in rng.permutation(5)[:2]]
    return np.array([(0, 7, 6), *rng.permutation(np.array(before + after))]).T


def level(rng, items=60):
    """Purchases of items that sold once, twice or three times before day 5, the larger numbers first; then the first
    half of those that sold twice is bought, and some that sold once. All by new customers."""
    sold = rng.permutation(np.arange(items) % 3 + 1)
    past = np.repeat(np.arange(items)[::-1], sold[::-1])
    twice, once = np.flatnonzero(sold == 2), np.flatnonzero(sold == 1)
    later = np.concatenate([np.repeat(twice[: items // 6], 2), rng.permutation(once)[:9]])
    day = np.concatenate([np.sort(rng.integers(0, 5, len(past))), rng.integers(5, 9, len(later))])
    return np.arange(len(day)), np.concatenate([past, later]), day


def rate(user, item, day, today, k, counted=None, owned=None, asked=None, listed=None):
    """The solution with switches: which purchases are counted, make an item owned, and are asked, each a mask; and the
    list, ``listed(counts, has, k)``. They are the mistakes."""
    past = day < today
    counted, owned = past if counted is None else counted, past if owned is None else owned
    counts = np.bincount(item[counted], minlength=item.max() + 1)
    return hits(user, item, counts, owned, ~past if asked is None else asked, listed or best, k).mean()


def hits(user, item, counts, owned, asked, listed, k):
    """Whether each purchase that is asked was on its customer's list, in the order of the purchases."""
    return np.array(
        [i in listed(counts, item[owned & (user == u)], k) for u, i in zip(user[asked], item[asked], strict=True)]
    )


def best(counts, has, k):
    """The right list: the k most bought items but those that the customer has."""
    open_to = counts.copy()
    open_to[has] = -1
    return np.argsort(-open_to, kind="stable")[:k]
