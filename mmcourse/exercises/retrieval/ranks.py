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


def _one_way(table, right, score=max, against=lambda s, best: s >= best, own=False, start=1):
    """The oracle, query by query; its switches are the mistakes."""
    out = []
    for row, mine in zip(table.tolist(), np.asarray(right).tolist(), strict=True):
        best = score([s for s, is_right in zip(row, mine, strict=True) if is_right])
        counted = [s for s, is_right in zip(row, mine, strict=True) if own or not is_right]
        out.append(start + sum(against(s, best) for s in counted))
    return np.array(out)


def _right(similarity, owner):
    return owner[:, None] == np.arange(len(similarity))


def _both(similarity, owner, **switches):
    right = _right(similarity, owner)
    return _one_way(similarity.T, right, **switches), _one_way(similarity, right.T, **switches)


@ranks.oracle
def _(similarity, owner):
    return _both(similarity, owner)


@ranks.mistake(
    "A wrong item that is exactly as similar counts against you: `>=`, not `>`. Otherwise a model that gives all the "
    "same score is perfect."
)
def optimistic(similarity, owner):
    return _both(similarity, owner, against=lambda s, best: s > best)


@ranks.mistake(
    "`argsort` orders equal cosines by their places, so an equal one counts only where it stands earlier. A wrong item "
    "that is as similar counts against you, wherever it stands."
)
def sorted_twice(similarity, owner):
    places = [1 + np.argsort(np.argsort(-t, axis=1, kind="stable"), axis=1) for t in (similarity.T, similarity)]
    right = _right(similarity, owner)
    return places[0][right], np.array([row[own].min() for row, own in zip(places[1], right.T, strict=True)])


@ranks.mistake("You guess the picture from the caption's place. Captions come in any order: use `owner`.")
def by_place(similarity, owner):
    n, m = similarity.shape
    return _one_way(similarity.T, np.minimum(np.arange(m) // 5, n - 1)[:, None] == np.arange(n)), owner[:n]


@ranks.mistake("You guess the picture from the caption's place. Captions come in any order: use `owner`.")
def in_equal_parts(similarity, owner):
    return both_ranks(similarity, np.arange(len(owner)) * len(similarity) // len(owner))


@ranks.mistake("You guess the picture from the caption's place. Captions come in any order: use `owner`.")
def in_turn(similarity, owner):
    return both_ranks(similarity, np.arange(len(owner)) % len(similarity))


@ranks.mistake(
    "You look for the right items on the diagonal. There are more captions than pictures, in any order: use `owner`."
)
def diagonal(similarity, owner):
    n = len(similarity)
    paired = np.diag(similarity)
    return 1 + (similarity[:, :n] > paired).sum(axis=0), 1 + (similarity[:n] > paired[:, None]).sum(axis=1)


@ranks.mistake("This is the rank of a picture's *worst* own caption. One right answer is enough: take the best.")
def worst(similarity, owner):
    return _both(similarity, owner, score=min)


@ranks.mistake("You average over a picture's own captions. The best of them counts.")
def averaged(similarity, owner):
    return _both(similarity, owner, score=lambda scores: sum(scores) / len(scores))


@ranks.mistake("You take a picture's first own caption. The best of them counts, wherever it stands.")
def first_own(similarity, owner):
    return _both(similarity, owner, score=lambda scores: scores[0])


@ranks.mistake("A picture's other own captions count against it here. They are right, too: leave them out.")
def rivals(similarity, owner):
    return _both(similarity, owner, own=True, start=0)


@ranks.mistake(
    "Your ranks begin at 2. Does the right item count against itself? Count the wrong ones only, or leave out the 1."
)
def counts_itself(similarity, owner):
    return _both(similarity, owner, own=True)


@ranks.mistake("Ranks begin at 1: one more than the number of wrong items that are as similar.")
def from_zero(similarity, owner):
    return _both(similarity, owner, start=0)


@ranks.mistake("You count the wrong items that are *less* similar. Those that are as similar or more stand above.")
def upside_down(similarity, owner):
    return _both(similarity, owner, against=lambda s, best: s <= best)


ZEROS = (
    "The wrong items got the cosine 0 when you looked for the best right one. Where all right ones are negative, 0 "
    "wins: use `-np.inf`."
)


def _or_zero(scores):
    return max([*scores, 0])


@ranks.mistake(ZEROS)
def zeros_for_wrong(similarity, owner):
    return _both(similarity, owner, score=_or_zero)


@ranks.mistake(ZEROS)
def zeros_for_wrong_captions(similarity, owner):
    return _both(similarity, owner)[0], _both(similarity, owner, score=_or_zero)[1]


@ranks.mistake("You count the right items that are as similar. The *wrong* ones count: `& ~right`.")
def right_ones_counted(similarity, owner):
    alone, together = _both(similarity, owner, start=2), _both(similarity, owner, own=True)
    return tuple(b - a + 2 for a, b in zip(alone, together, strict=True))


@ranks.mistake("The two directions are swapped: first the ranks when captions ask, one for each caption.")
def swapped(similarity, owner):
    return both_ranks(similarity, owner)[::-1]


@ranks.mistake(
    "The second part is taken from the ranks of the captions. When a picture asks, it is the *captions* that compete: "
    "count along its row."
)
def from_captions(similarity, owner):
    captions, pictures = both_ranks(similarity, owner)
    return captions, np.array([captions[owner == picture].min() for picture in range(len(pictures))])


@ranks.mistake(said="Expected 2 results")
def captions_only(similarity, owner):
    return both_ranks(similarity, owner)[0]


@ranks.mistake("You count what is *less* similar, or take the least similar for the best. Larger cosines are better.")
def turned_round(similarity, owner):
    return _both(-similarity, owner)


@ranks.mistake("You count pictures where captions compete. Each wrong caption that is as similar counts against you.")
def wrong_pictures(similarity, owner):
    pictures = []
    for picture, row in enumerate(similarity):
        wrong = (row >= row[owner == picture].max()) & (owner != picture)
        pictures.append(1 + len(np.unique(owner[wrong])))
    return _both(similarity, owner)[0], np.array(pictures)


@ranks.mistake("You take the captions for sorted by their pictures. They come in any order: use `owner` as it is.")
def owner_sorted(similarity, owner):
    return _both(similarity, np.sort(owner))


@ranks.mistake("You take a picture's last own caption. The best of them counts, wherever it stands.")
def last_own(similarity, owner):
    right = _right(similarity, owner)
    return _one_way(similarity.T, right), _one_way(similarity, right.T, score=lambda own: own[-1])


@ranks.mistake("You add up the cosines of a picture's own captions. The best of them counts.")
def sum_of_own(similarity, owner):
    right = _right(similarity, owner)
    return _one_way(similarity.T, right), _one_way(similarity, right.T, score=sum)


@ranks.mistake(
    "Both results are the ranks when captions ask. The second is for pictures that ask: one number for each picture."
)
def captions_twice(similarity, owner):
    captions = both_ranks(similarity, owner)[0]
    return captions, captions


@ranks.mistake(
    "Both results are the ranks when pictures ask. The first is for captions that ask: one number for each caption."
)
def pictures_twice(similarity, owner):
    pictures = both_ranks(similarity, owner)[1]
    return pictures, pictures


@ranks.mistake(
    "When pictures ask, you give a rank for each *caption*. Give one for each picture, that of its best own caption."
)
def each_own_caption(similarity, owner):
    table, right = similarity[owner], owner == owner[:, None]
    own = np.take_along_axis(table, np.arange(len(owner))[:, None], axis=1)
    return both_ranks(similarity, owner)[0], 1 + ((table >= own) & ~right).sum(axis=1)


NEARLY = "An item that is only *nearly* as similar counts against you here. Only one that is as similar, or more, does."


def _nearly(similarity, owner, by):
    return _both(similarity, owner, against=lambda s, best: s >= best - by)


@ranks.mistake(NEARLY)
def within_a_thousandth(similarity, owner):
    return _nearly(similarity, owner, 0.001)


@ranks.mistake(NEARLY)
def within_a_hundredth(similarity, owner):
    return _nearly(similarity, owner, 0.01)


@ranks.mistake("Equal wrong items count once together. Each of them counts against you.")
def equal_ones_once(similarity, owner):
    def one_way(table, right):
        return np.array(
            [
                1 + len(set(row[(row >= row[mine].max()) & ~mine].tolist()))
                for row, mine in zip(table, right, strict=True)
            ]
        )

    right = _right(similarity, owner)
    return one_way(similarity.T, right), one_way(similarity, right.T)


@ranks.mistake("The ranks are counted from the end. The most similar item has rank 1.")
def from_the_end(similarity, owner):
    captions, pictures = both_ranks(similarity, owner)
    return len(similarity) + 1 - captions, similarity.shape[1] + 1 - pictures
