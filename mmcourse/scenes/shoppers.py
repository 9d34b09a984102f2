"""A shop's customers: what they like, who their friends are, and what they bought on which day.

Everybody belongs to a circle of friends with a common taste, and mostly keeps to it. A purchase is drawn among what is
on sale, by popularity times taste; so the purchases alone do not say which of the two it was.
"""

from dataclasses import dataclass
from math import isqrt

import numpy as np

from mmcourse.scenes.catalogue import ATTRIBUTES
from mmcourse.scenes.random import Stream

TASTE = ("colour", "shape", "material")
LOVE = 5  # how many times likelier a purchase is for each of the three that is as the customer likes it
KEEPS = 80  # percent of what a customer likes that is the circle's taste
INSIDE = 85  # percent of the friends that are of one's own circle


@dataclass(frozen=True)
class Shop:
    """What a shop knows, and what it does not (``likes``).

    =========  ======================================================================================
    user       int (p,), who bought, in the order of the days
    item       int (p,), what, a place in the catalogue; nobody buys the same twice
    day        int (p,), when, from 0 to days - 1
    friends    bool (u, u), symmetric: who knows whom
    released   int (m,), the day from which each item is on sale
    joined     int (u,), the day from which each customer buys
    likes      {"colour": str (u,), "shape": str (u,), "material": str (u,)}: the truth
    =========  ======================================================================================
    """

    user: np.ndarray
    item: np.ndarray
    day: np.ndarray
    friends: np.ndarray
    released: np.ndarray
    joined: np.ndarray
    likes: dict

    def bought(self, chosen):
        """The purchases that are ``chosen``, bool (p,) -> the table bool (u, m), True where that user bought it."""
        table = np.zeros((len(self.joined), len(self.released)), bool)
        table[self.user[chosen], self.item[chosen]] = True
        return table


def shop(attributes, seed=0, users=300, days=100, late=20, circle=15, n_friends=8):
    """The customers of a catalogue -> ``Shop``, a pure function of its arguments, the same on every machine.

    1. each item has a popularity of its own, floor(1000 / root of its rank), with ranks in random order
    2. a customer of a circle likes one colour, one shape and one material, each the circle's in ``KEEPS`` of 100 cases
    3. of 100 friendships ``INSIDE`` are within the circle
    4. on each day a customer buys with a probability of 15 in 100; among what is on sale and not yet theirs, an item is
       drawn with a weight of its popularity × ``LOVE`` to the power of how many of the three are as they like it

    Args:
        attributes: {"colour": str (m,), "shape": …, "material": …} of the items, see ``Catalogue.attributes``.
        users, days: how many. late: percent of the items and of the customers that come after day 0, evenly over all
            the days. circle: customers a circle. n_friends: friendships that each customer begins.
    """
    m = len(attributes["colour"])
    rank = np.array(Stream("popularity", seed).shuffled(range(m)))
    popularity = np.array([isqrt(10**6 // (1 + int(r))) for r in rank], np.int64)
    released, joined = _arrivals("released", seed, m, days, late), _arrivals("joined", seed, users, days, late)
    likes = {name: np.array([_likes(name, seed, u, u // circle) for u in range(users)]) for name in TASTE}
    friends = _friends(seed, users, circle, n_friends)
    matches = sum((likes[name][:, None] == attributes[name]).astype(np.int64) for name in TASTE)
    weights = popularity * LOVE**matches  # (u, m)
    bought = []
    for day in range(days):
        for u in range(users):
            stream = Stream("purchase", seed, day, u)
            if day < joined[u] or not stream.chance(15):
                continue
            marks = np.cumsum(np.where(released <= day, weights[u], 0))
            if marks[-1]:
                i = int(np.searchsorted(marks, stream.below(int(marks[-1])), side="right"))
                weights[u, i] = 0
                bought.append((u, i, day))
    user, item, day = np.array(bought, int).reshape(-1, 3).T
    return Shop(user, item, day, friends, released, joined, likes)


def _arrivals(what, seed, n, days, late):
    streams = (Stream(what, seed, k) for k in range(n))
    return np.array([stream.below(days) if stream.chance(late) else 0 for stream in streams], int)


def _likes(name, seed, user, circle):
    own = Stream("likes", name, seed, user)
    common = Stream("circle likes", name, seed, circle).choice(ATTRIBUTES[name])
    other = own.choice(ATTRIBUTES[name])
    return common if own.chance(KEEPS) else other


def _friends(seed, users, circle, n_friends):
    friends = np.zeros((users, users), bool)
    for u in range(users):
        stream, first = Stream("friends", seed, u), u // circle * circle
        for _ in range(n_friends):
            inside, near = stream.chance(INSIDE), stream.below(min(circle, users - first)) + first
            other = near if inside else stream.below(users)
            friends[u, other] = friends[other, u] = u != other
    np.fill_diagonal(friends, False)
    return friends
