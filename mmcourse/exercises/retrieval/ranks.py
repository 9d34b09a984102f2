"""Exercise `retrieval.ranks`: ranks of both directions, with an explicit map and ties against the right answer."""

import numpy as np

from mmcourse.exercises import Exercise, case

ranks = Exercise(
    "retrieval.ranks",
    kind="implement",
    title="Ranks, both ways",
    returns=("captions ask", "pictures ask"),
    otherwise="A rank is 1 plus the number of wrong items that are at least as similar as the best right one.",
    minutes=15,
    difficulty=2,
    importance=3,
    task=(
        "Write `both_ranks(similarity, owner)`, as in {eq}`eq-retrieval-rank`. `similarity` `(n, m)` holds the cosines "
        "of `n` pictures (rows) with `m` captions (columns); caption `j` was written for picture `owner[j]`. Captions "
        "come in any order, and pictures have different numbers of them, at least one. Return two arrays: the ranks of "
        "the right pictures when captions ask, `(m,)`, and the ranks of each picture's *best* own caption when "
        "pictures ask, `(n,)`. Ranks begin at 1; an item that is wrong and **as** similar counts against you; a "
        "picture's other own captions do not count."
    ),
    hints=(
        "First the map: `right = owner[:, None] == np.arange(n)`, `(m, n)`. Then one function for a table and its map, "
        "used twice. What do you hand to it the second time?",
        "`best = np.where(right, table, -np.inf).max(axis=1, keepdims=True)`, then "
        "`1 + ((table >= best) & ~right).sum(axis=1)`. Call it with `similarity.T, right` and with "
        "`similarity, right.T`.",
    ),
    plan=(
        "Make the map: which picture is right for which caption.",
        "For a table of queries and items, find the best cosine of a right item in each row.",
        "Count the wrong items of the row that are at least as similar, and add 1.",
        "Do it for captions that ask and, with table and map transposed, for pictures that ask.",
    ),
)


@ranks.solved_by
def both_ranks(similarity, owner):
    """Cosines (n, m), the picture of each caption (m,) -> ranks when captions ask (m,), when pictures ask (n,)."""
    right = owner[:, None] == np.arange(len(similarity))  # (m, n)

    def one_way(table, right):
        best = np.where(right, table, -np.inf).max(axis=1, keepdims=True)
        return 1 + ((table >= best) & ~right).sum(axis=1)

    return one_way(similarity.T, right), one_way(similarity, right.T)


def _owners(rng, n, m):
    """The pictures of m captions in any order: each has one, the first of all at least two more."""
    return rng.permutation(np.concatenate([np.arange(n), [0, 0], rng.integers(n, size=m - n - 2)]))


def _distinct(rng, n, m):
    """Cosines of which no two are equal: whole numbers divided by n * m / 2 + 1."""
    return rng.permutation(np.arange(n * m) - n * m // 2).reshape(n, m) / (n * m / 2 + 1)


@ranks.cases
def _(rng):
    for n, m in ((5, 13), (4, 9), (7, 15)):
        similarity, owner = _distinct(rng, n, m), _owners(rng, n, m)
        for picture, row in enumerate(similarity):  # the last own caption is the best, the first the worst
            own = np.flatnonzero(owner == picture)
            row[own] = np.sort(row[own])
            if n == 4 and len(own) > 2:  # or the first is neither
                row[own[:2]] = row[own[1::-1]]
        if n != 5:  # of picture 0 the first is neither, and wrong ones lie between it and both; the last may be any
            own, s = np.flatnonzero(owner == 0), np.sort(similarity[0])
            others = [s[-1], s[0], *s[3 : len(own)]] if n == 4 else [s[0], *s[3 : len(own)], s[-1]]
            similarity[0, own] = [s[2], *others]
            similarity[0, owner != 0] = rng.permutation(np.setdiff1d(s, [s[2], *others]))
        yield case(similarity, owner)
    similarity, owner = rng.integers(-2, 3, (6, 14)) / 4, _owners(rng, 6, 14)
    similarity[:, owner == 0] = np.array([0.25, 0.5, 0.5, -0.25, 0.0, 0.75])[:, None]  # so also a wrong one
    similarity[0] = 0.5
    yield case(similarity, owner, when="where a wrong item is as similar as the right one")
    same = np.full((3, 7), 0.25)
    yield case(same, _owners(rng, 3, 7), when="where a wrong item is as similar as the right one")
    similarity, owner = _distinct(rng, 4, 11), _owners(rng, 4, 11)
    similarity[0, owner == 0] = 0.1234  # no other is this
    yield case(similarity, owner, when="where two own captions of a picture are equally similar")
    near = -0.5 + 0.01 * _distinct(rng, 5, 9)  # near each other, but not equal
    yield case(near, _owners(rng, 5, 9), when="where all cosines are negative and near each other")
    near = -0.4 + 0.001 * _distinct(rng, 6, 11)
    yield case(near, _owners(rng, 6, 11), when="where all cosines are negative and near each other")
    yield case(_distinct(rng, 6, 6), rng.permutation(6), when="where each picture has one caption")
    yield case(_distinct(rng, 1, 3), np.zeros(3, int), when="with one picture")


def ranks_one_way(table, right, score=max, against=lambda s, best: s >= best, own=False, start=1):
    """The oracle, query by query; its switches are the mistakes."""
    out = []
    for row, mine in zip(table.tolist(), np.asarray(right).tolist(), strict=True):
        best = score([s for s, is_right in zip(row, mine, strict=True) if is_right])
        counted = [s for s, is_right in zip(row, mine, strict=True) if own or not is_right]
        out.append(start + sum(against(s, best) for s in counted))
    return np.array(out)


def right_pairs(similarity, owner):
    return owner[:, None] == np.arange(len(similarity))


def both(similarity, owner, **switches):
    right = right_pairs(similarity, owner)
    return ranks_one_way(similarity.T, right, **switches), ranks_one_way(similarity, right.T, **switches)


@ranks.oracle
def _(similarity, owner):
    return both(similarity, owner)
