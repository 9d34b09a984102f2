"""Exercise `product_search.popular`: a list of favourites that knows tomorrow."""

import numpy as np

from mmcourse.exercises import Exercise, expect

popular = Exercise(
    "product_search.popular",
    kind="find the bug",
    title="The favourites of tomorrow",
    task=(
        "`hit_rate(user, item, day, today, k)` scores the popularity list: the share of purchases from day `today` on "
        "whose item was among the `k` most bought. Each of `user`, `item` and `day` is `(p,)`, one number a purchase. "
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


def _rate(user, item, day, today, k, all_days=False, owned=False, boundary=False, asked="later"):
    """The oracle, with loops; its switches are the mistakes."""
    purchases = [(int(u), int(i), int(d)) for u, i, d in zip(user, item, day, strict=True)]
    before = [p for p in purchases if p[2] < today + boundary]
    later = [p for p in purchases if p[2] >= today + boundary] if asked == "later" else before
    hits = 0
    for u, i, _ in later:
        has = set() if owned or asked != "later" else {j for v, j, _ in before if v == u}
        count = [0] * (int(item.max()) + 1)
        for _, j, _ in purchases if all_days else before:
            count[j] += 1
        listed = sorted((j for j in range(len(count)) if j not in has), key=lambda j: (-count[j], j))[:k]
        hits += i in listed
    return hits / len(later)


def _shop(rng):
    """Purchases in which each mistake has a value of its own."""
    while True:
        p, today, k = 60, 6, 3
        pairs = [(u, i) for u in range(12) for i in range(9)]
        weights = np.array([1 / (1 + i) + 0.2 for _, i in pairs])
        chosen = rng.choice(len(pairs), p, replace=False, p=weights / weights.sum())
        user, item = np.array(pairs)[chosen].T
        day = rng.integers(0, 10, p)
        args = (user, item, day, today, k)
        values = [
            _rate(*args), _rate(*args, all_days=True, owned=True), _rate(*args, all_days=True),
            _rate(*args, owned=True), _rate(*args, boundary=True), _rate(*args, asked="past"),
            _rate(user, item, day, today, k + 1),
        ]  # fmt: skip
        if expect.apart(values, rtol=0.001):
            return args, values


@popular.check
def _(answer, rng):
    args, values = _shop(rng)
    got = expect.number(expect.pure(answer, *args), "a number, a share")
    for value, message in (
        (values[1], "Both mistakes are still there."),
        (values[2], "The counts still hold purchases from `today` on: the list knows which toys will sell."),
        (
            values[3],
            "The list is the same for all, so it offers customers what they already have. Such places are lost: nobody "
            "buys the same twice.",
        ),
        (values[4], "Purchases of `today` itself are counted. The list is made before the shop opens: `day < today`."),
        (values[5], "You score the purchases that the list was counted from. Asked are those from `today` on."),
        (values[6], "The list is one too long."),
    ):
        expect.differs(got, value, message)
    expect.close(got, values[0], "The share of later purchases that were on the customer's list.")


@popular.mistake("still hold purchases")
def future_counts(user, item, day, today, k):
    past = day < today
    counts = np.bincount(item, minlength=item.max() + 1)
    hits = []
    for u, i in zip(user[~past], item[~past], strict=True):
        open_to = counts.copy()
        open_to[item[past & (user == u)]] = -1
        hits.append(i in np.argsort(-open_to, kind="stable")[:k])
    return np.mean(hits)


@popular.mistake("what they already have")
def owned_too(user, item, day, today, k):
    past = day < today
    best = np.argsort(-np.bincount(item[past], minlength=item.max() + 1), kind="stable")[:k]
    return np.mean(np.isin(item[~past], best))


@popular.mistake("Purchases of `today` itself")
def today_too(user, item, day, today, k):
    return hit_rate(user, item, day, today + 1, k)


@popular.mistake("Asked are those from `today` on")
def past_scored(user, item, day, today, k):
    past = day < today
    best = np.argsort(-np.bincount(item[past], minlength=item.max() + 1), kind="stable")[:k]
    return np.mean(np.isin(item[past], best))


@popular.mistake("one too long")
def too_long(user, item, day, today, k):
    return hit_rate(user, item, day, today, k + 1)
