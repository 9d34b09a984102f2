"""Exercise `retrieval.ranks`: ranks of both directions, with an explicit map and ties against the right answer."""

import numpy as np

from mmcourse.exercises import Exercise, expect

ranks = Exercise(
    "retrieval.ranks",
    kind="implement",
    title="Ranks, both ways",
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
)


@ranks.solved_by
def both_ranks(similarity, owner):
    """Cosines (n, m), the picture of each caption (m,) -> ranks when captions ask (m,), when pictures ask (n,)."""
    right = owner[:, None] == np.arange(len(similarity))  # (m, n)

    def one_way(table, right):
        best = np.where(right, table, -np.inf).max(axis=1, keepdims=True)
        return 1 + ((table >= best) & ~right).sum(axis=1)

    return one_way(similarity.T, right), one_way(similarity, right.T)


def _one_way(table, right, ties=True, rivals=True, worst=False):
    """The oracle, query by query; its switches are the mistakes."""
    out = []
    for row, own in zip(table.tolist(), right.tolist(), strict=True):
        scores = [s for s, o in zip(row, own, strict=True) if o]
        best = min(scores) if worst else max(scores)
        against = [s for s, o in zip(row, own, strict=True) if not o or not rivals]
        out.append(1 + sum(s > best or (ties and rivals and s == best) for s in against))
    return np.array(out)


def _cosines(rng):
    """Cosines with ties, owners in no order, and unequal numbers of captions, such that each mistake shows."""
    while True:
        n, m = int(rng.integers(6, 9)), int(rng.integers(24, 31))
        owner = rng.permutation(np.concatenate([np.arange(n), rng.integers(n, size=m - n)]))
        similarity = rng.integers(-8, 8, (n, m)) / 8
        right = owner[:, None] == np.arange(n)
        by_place = (np.arange(m) * n // m)[:, None] == np.arange(n)
        asked = _one_way(similarity.T, right), _one_way(similarity, right.T)
        others = [
            _one_way(similarity.T, right, ties=False), _one_way(similarity.T, by_place),
            _one_way(similarity, right.T, ties=False), _one_way(similarity, right.T, worst=True),
            _one_way(similarity, right.T, rivals=False, worst=True),
        ]  # fmt: skip
        if all(not np.array_equal(o, asked[len(o) == n]) for o in others):
            return similarity, owner, right, asked


@ranks.check
def _(answer, rng):
    similarity, owner, right, (captions, pictures) = _cosines(rng)
    n, m = similarity.shape
    got = expect.parts(expect.pure(answer, similarity, owner), ("captions ask", "pictures ask"))
    shapes = [expect.shape(part) for part in got]
    expect.true(
        shapes != [(n,), (m,)] or n == m,
        "The two directions are swapped: first the ranks when captions ask, one for each caption.",
    )
    first = expect.array(got[0], (m,), "one for each caption")
    second = expect.array(got[1], (n,), "one for each picture")
    expect.true(
        not np.array_equal(first, captions - 1) and not np.array_equal(second, pictures - 1),
        "Ranks begin at 1: one more than the number of wrong items that are as similar.",
    )
    for part, table, map_ in ((first, similarity.T, right), (second, similarity, right.T)):
        expect.differs(
            part,
            _one_way(table, map_, ties=False),
            "A wrong item that is exactly as similar counts against you: `>=`, not `>`. Otherwise a model that gives "
            "all the same score is perfect.",
        )
    k = m // n
    for by in (np.minimum(np.arange(m) // k, n - 1), np.minimum(np.arange(m) // 5, n - 1), np.arange(m) % n):
        expect.differs(
            first,
            _one_way(similarity.T, by[:, None] == np.arange(n)),
            "You guess the picture from the caption's place. Captions come in any order: use `owner`.",
        )
    expect.differs(
        second,
        _one_way(similarity, right.T, worst=True),
        "This is the rank of a picture's *worst* own caption. One right answer is enough: take the best.",
    )
    rivals = 1 + np.array([
        (row >= row[own].max()).sum() - 1 for row, own in zip(similarity, right.T, strict=True)
    ])  # fmt: skip
    summed = np.array([1 + (row >= row[own].mean()).sum() for row, own in zip(similarity, right.T, strict=True)])
    if not np.array_equal(rivals, pictures):
        expect.differs(
            second, rivals, "A picture's other own captions count against it here. They are right, too: leave them out."
        )
    if not np.array_equal(summed, pictures):
        expect.differs(second, summed, "You average over a picture's captions. The best of them counts.")
    expect.equal(first, captions, "Ranks when captions ask.")
    expect.equal(second, pictures, "Ranks when pictures ask.")


@ranks.mistake("`>=`, not `>`")
def optimistic(similarity, owner):
    right = owner[:, None] == np.arange(len(similarity))
    return _one_way(similarity.T, right, ties=False), _one_way(similarity, right.T, ties=False)


@ranks.mistake("from the caption's place")
def by_place(similarity, owner):
    n, m = similarity.shape
    right = np.minimum(np.arange(m) // 5, n - 1)[:, None] == np.arange(n)
    return _one_way(similarity.T, right), both_ranks(similarity, owner)[1]


@ranks.mistake("*worst* own caption")
def worst(similarity, owner):
    right = owner[:, None] == np.arange(len(similarity))
    return _one_way(similarity.T, right), _one_way(similarity, right.T, worst=True)


@ranks.mistake("Ranks begin at 1")
def from_zero(similarity, owner):
    captions, pictures = both_ranks(similarity, owner)
    return captions - 1, pictures - 1


@ranks.mistake("are swapped")
def swapped(similarity, owner):
    return both_ranks(similarity, owner)[::-1]


@ranks.mistake("one for each caption")
def diagonal(similarity, owner):
    k = min(similarity.shape)
    square = similarity[:k, :k]
    found = 1 + (square > np.diag(square)[:, None]).sum(axis=1)
    return found, found[:, None]
