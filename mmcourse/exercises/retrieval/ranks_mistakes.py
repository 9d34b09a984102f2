"""What goes wrong in `retrieval.ranks`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.retrieval.ranks import both, both_ranks, ranks, ranks_one_way, right_pairs


@ranks.mistake(
    "A wrong item that is exactly as similar counts against you: `>=`, not `>`. Otherwise a model that gives all the "
    "same score is perfect."
)
def optimistic(similarity, owner):
    return both(similarity, owner, against=lambda s, best: s > best)


@ranks.mistake(
    "`argsort` orders equal cosines by their places, so an equal one counts only where it stands earlier. A wrong item "
    "that is as similar counts against you, wherever it stands."
)
def sorted_twice(similarity, owner):
    places = [1 + np.argsort(np.argsort(-t, axis=1, kind="stable"), axis=1) for t in (similarity.T, similarity)]
    right = right_pairs(similarity, owner)
    return places[0][right], np.array([row[own].min() for row, own in zip(places[1], right.T, strict=True)])


@ranks.mistake("You guess the picture from the caption's place. Captions come in any order: use `owner`.")
def by_place(similarity, owner):
    n, m = similarity.shape
    return ranks_one_way(similarity.T, np.minimum(np.arange(m) // 5, n - 1)[:, None] == np.arange(n)), owner[:n]


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
    return both(similarity, owner, score=min)


@ranks.mistake("You average over a picture's own captions. The best of them counts.")
def averaged(similarity, owner):
    return both(similarity, owner, score=lambda scores: sum(scores) / len(scores))


@ranks.mistake("You take a picture's first own caption. The best of them counts, wherever it stands.")
def first_own(similarity, owner):
    return both(similarity, owner, score=lambda scores: scores[0])


@ranks.mistake("A picture's other own captions count against it here. They are right, too: leave them out.")
def rivals(similarity, owner):
    return both(similarity, owner, own=True, start=0)


@ranks.mistake(
    "Your ranks begin at 2. Does the right item count against itself? Count the wrong ones only, or leave out the 1."
)
def counts_itself(similarity, owner):
    return both(similarity, owner, own=True)


@ranks.mistake("Ranks begin at 1: one more than the number of wrong items that are as similar.")
def from_zero(similarity, owner):
    return both(similarity, owner, start=0)


@ranks.mistake("You count the wrong items that are *less* similar. Those that are as similar or more stand above.")
def upside_down(similarity, owner):
    return both(similarity, owner, against=lambda s, best: s <= best)


ZEROS = (
    "The wrong items got the cosine 0 when you looked for the best right one. Where all right ones are negative, 0 "
    "wins: use `-np.inf`."
)


def _or_zero(scores):
    return max([*scores, 0])


@ranks.mistake(ZEROS)
def zeros_for_wrong(similarity, owner):
    return both(similarity, owner, score=_or_zero)


@ranks.mistake(ZEROS)
def zeros_for_wrong_captions(similarity, owner):
    return both(similarity, owner)[0], both(similarity, owner, score=_or_zero)[1]


@ranks.mistake("You count the right items that are as similar. The *wrong* ones count: `& ~right`.")
def right_ones_counted(similarity, owner):
    alone, together = both(similarity, owner, start=2), both(similarity, owner, own=True)
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
    return both(-similarity, owner)


@ranks.mistake("You count pictures where captions compete. Each wrong caption that is as similar counts against you.")
def wrong_pictures(similarity, owner):
    pictures = []
    for picture, row in enumerate(similarity):
        wrong = (row >= row[owner == picture].max()) & (owner != picture)
        pictures.append(1 + len(np.unique(owner[wrong])))
    return both(similarity, owner)[0], np.array(pictures)


@ranks.mistake("You take the captions for sorted by their pictures. They come in any order: use `owner` as it is.")
def owner_sorted(similarity, owner):
    return both(similarity, np.sort(owner))


@ranks.mistake("You take a picture's last own caption. The best of them counts, wherever it stands.")
def last_own(similarity, owner):
    right = right_pairs(similarity, owner)
    return ranks_one_way(similarity.T, right), ranks_one_way(similarity, right.T, score=lambda own: own[-1])


@ranks.mistake("You add up the cosines of a picture's own captions. The best of them counts.")
def sum_of_own(similarity, owner):
    right = right_pairs(similarity, owner)
    return ranks_one_way(similarity.T, right), ranks_one_way(similarity, right.T, score=sum)


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
    return both(similarity, owner, against=lambda s, best: s >= best - by)


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

    right = right_pairs(similarity, owner)
    return one_way(similarity.T, right), one_way(similarity, right.T)


@ranks.mistake("The ranks are counted from the end. The most similar item has rank 1.")
def from_the_end(similarity, owner):
    captions, pictures = both_ranks(similarity, owner)
    return len(similarity) + 1 - captions, similarity.shape[1] + 1 - pictures
