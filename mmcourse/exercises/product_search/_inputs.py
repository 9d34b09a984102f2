"""Purchases for the exercises of the page `product_search`: `(user, item, day)`, one number each."""

import numpy as np


def shop(rng, p, users, items, days=10, steep=1.0):
    """Purchases, no item twice by one customer; small item numbers sell more, if ``steep``, the last one least."""
    pairs = np.array([(u, i) for u in range(users) for i in range(items)])
    weights = (1 / (1 + pairs[:, 1])) ** steep + 0.1
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
