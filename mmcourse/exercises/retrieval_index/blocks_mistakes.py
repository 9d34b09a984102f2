"""What goes wrong in `retrieval_index.blocks`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.retrieval_index.blocks import best_in_blocks, so_far


def _cosines(query, blocks):
    """The cosines of each block."""
    return [block @ query for block in blocks]


def _best(places, scores, k):
    places, scores = np.concatenate(places), np.concatenate(scores)
    order = np.argsort(-scores)[:k]
    return places[order].astype(int), scores[order]


def _counted(scores, starts):
    """Places of the rows of each block, which begins at its start."""
    return [start + np.arange(len(s)) for start, s in zip(starts, scores, strict=True)]


def _starts(scores):
    return np.cumsum([0, *map(len, scores)])[:-1]


@so_far.mistake("These are places *within* the blocks. Add the number of rows that came before.")
def no_offset(query, blocks, k):
    scores = _cosines(query, blocks)
    return _best(_counted(scores, [0] * len(scores)), scores, k)


UNEQUAL = "You count as if all blocks were of one length. Add up the rows that came before."


@so_far.mistake(UNEQUAL)
def equal_blocks(query, blocks, k):
    scores = _cosines(query, blocks)
    return _best(_counted(scores, [i * len(s) for i, s in enumerate(scores)]), scores, k)


@so_far.mistake(UNEQUAL)
def as_the_first_block(query, blocks, k):
    scores = _cosines(query, blocks)
    return _best(_counted(scores, len(scores[0]) * np.arange(len(scores))), scores, k)


@so_far.mistake("Places begin one block too late: add the length of a block *after* you have counted its rows.")
def added_too_early(query, blocks, k):
    scores = _cosines(query, blocks)
    return _best(_counted(scores, np.cumsum([len(s) for s in scores])), scores, k)


@so_far.mistake(
    "You take places in the array in which old and new stand together. Give the new ones their places before you sort, "
    "and sort both along."
)
def places_in_the_merged(query, blocks, k):
    scores, first = np.empty(0), 0
    for block in blocks:
        scores = np.concatenate([scores, block @ query])
        best = np.argsort(-scores)[:k]
        places, scores, first = first + best, scores[best], first + len(block)
    return places, scores


@so_far.mistake("Old places are moved on with every block. Those that were kept have their places already.")
def moved_again(query, blocks, k):
    places, scores, first = np.empty(0, int), np.empty(0), 0
    for block in blocks:
        scores = np.concatenate([scores, block @ query])
        places = np.concatenate([places, np.arange(len(block))]) + first
        best = np.argsort(-scores)[:k]
        places, scores, first = places[best], scores[best], first + len(block)
    return places, scores


@so_far.mistake("You add `k` for each block that came before. Add the number of its rows.")
def k_for_a_block(query, blocks, k):
    scores = _cosines(query, blocks)
    return _best(_counted(scores, k * np.arange(len(scores))), scores, k)


@so_far.mistake("These say in which block each of the best lies. Asked for is its place, counted through all blocks.")
def numbers_of_blocks(query, blocks, k):
    scores = _cosines(query, blocks)
    return _best([np.full(len(s), i) for i, s in enumerate(scores)], scores, k)


@so_far.mistake("The right ones, but worst first.")
def worst_first(query, blocks, k):
    places, scores = best_in_blocks(query, blocks, k)
    return places[::-1], scores[::-1]


@so_far.mistake("These are the best of the last block alone. What was best before must be kept and compared.")
def forgets(query, blocks, k):
    scores = _cosines(query, blocks)
    return _best(_counted(scores, _starts(scores))[-1:], scores[-1:], k)


@so_far.mistake("These are the best of the first block alone. Later blocks may hold better ones.")
def first_block(query, blocks, k):
    scores = blocks[0] @ query
    return _best([np.arange(len(scores))], [scores], k)


def _tops(query, blocks, k):
    """The best of each block."""
    scores = _cosines(query, blocks)
    found = [_best([places], [s], k) for places, s in zip(_counted(scores, _starts(scores)), scores, strict=True)]
    return tuple(np.concatenate(one) for one in zip(*found, strict=True))


@so_far.mistake("These are the best of *each* block. Of old and new together, only the k best may stay.")
def of_each(query, blocks, k):
    return _tops(query, blocks, k)


@so_far.mistake("The best of each block stand one after the other, and you take the first k. Sort them together.")
def of_each_cut(query, blocks, k):
    places, scores = _tops(query, blocks, k)
    return places[:k], scores[:k]


@so_far.mistake("You keep one vector of each block. A block may hold several of the k best.")
def one_of_each(query, blocks, k):
    places, scores = _tops(query, blocks, 1)
    return _best([places], [scores], k)


@so_far.mistake("Blocks with fewer than k rows are left out. A short block may hold the best of all.")
def short_ones_skipped(query, blocks, k):
    scores = _cosines(query, blocks)
    kept = [(p, s) for p, s in zip(_counted(scores, _starts(scores)), scores, strict=True) if len(s) >= k]
    return _best([p for p, _ in kept] or [np.empty(0)], [s for _, s in kept] or [np.empty(0)], k)


@so_far.mistake(
    "You begin with k cosines of 0, and they win against all negative ones. Begin with none, or with `-np.inf`."
)
def begins_with_zeros(query, blocks, k):
    scores = _cosines(query, blocks)
    return _best([np.zeros(k, int), *_counted(scores, _starts(scores))], [np.zeros(k), *scores], k)


@so_far.mistake("The cosines have the wrong sign: you returned what you sorted by.")
def sign(query, blocks, k):
    places, scores = best_in_blocks(query, blocks, k)
    return places, -scores


@so_far.mistake("These are the k *least* similar. The largest cosines are wanted.")
def least(query, blocks, k):
    places, scores = best_in_blocks(-query, blocks, k)
    return places, -scores


@so_far.mistake("These are the largest and the smallest: the cosines lost their sign.")
def absolute(query, blocks, k):
    scores = _cosines(query, blocks)
    return _best(_counted(scores, _starts(scores)), [np.abs(s) for s in scores], k)


@so_far.mistake("The right ones, in the order of their places. Asked for is best first.")
def unsorted(query, blocks, k):
    places, scores = best_in_blocks(query, blocks, k)
    order = np.argsort(places)
    return places[order], scores[order]


@so_far.mistake("The places are right, but the cosines stand in another order: each belongs to its place.")
def cosines_in_another_order(query, blocks, k):
    places, scores = best_in_blocks(query, blocks, k)
    return places, scores[np.argsort(places)]


@so_far.mistake("These are distances, 1 minus the cosine. Asked for are the cosines.")
def distances(query, blocks, k):
    places, scores = best_in_blocks(query, blocks, k)
    return places, 1 - scores


@so_far.mistake("These are distances. Asked for are the cosines.")
def lengths_of_differences(query, blocks, k):
    places, scores = best_in_blocks(query, blocks, k)
    return places, np.sqrt(2 - 2 * scores)


@so_far.mistake("These are angles. Asked for are the cosines.")
def angles(query, blocks, k):
    places, scores = best_in_blocks(query, blocks, k)
    return places, np.arccos(scores)


@so_far.mistake("The two are exchanged: first the places, then the cosines.")
def exchanged(query, blocks, k):
    return best_in_blocks(query, blocks, k)[::-1]


@so_far.mistake(said="blocks at once")
def all_at_once(query, blocks, k):
    scores = np.concatenate(list(blocks)) @ query
    return _best([np.arange(len(scores))], [scores], k)


@so_far.mistake(
    "You begin with k cosines of -1, and a vector with a cosine of -1 does not beat them. Begin with none, or with "
    "`-np.inf`."
)
def minus_ones_first(query, blocks, k):
    scores = [-np.ones(k), *_cosines(query, blocks)]
    return _best([-np.ones(k), *_counted(scores[1:], _starts(scores[1:]))], scores, k)


@so_far.mistake("You add the *number* of a block to its places. Add the number of rows that came before it.")
def number_of_the_block(query, blocks, k):
    scores = _cosines(query, blocks)
    return _best(_counted(scores, range(len(scores))), scores, k)


@so_far.mistake("Cosines are compared without their signs. A vector that points away is the least similar.")
def signs_lost(query, blocks, k):
    scores = _cosines(query, blocks)
    places, scores = np.concatenate(_counted(scores, _starts(scores))), np.concatenate(scores)
    best = np.argsort(-np.abs(scores), kind="stable")[:k]
    return places[best], scores[best]


@so_far.mistake("You add the length of the block before alone. Add the rows of *all* that came before.")
def block_before(query, blocks, k):
    scores = _cosines(query, blocks)
    return _best(_counted(scores, [0, *map(len, scores)][:-1]), scores, k)


@so_far.mistake("The last block is left out.")
def without_the_last(query, blocks, k):
    scores = [*_cosines(query, blocks)]
    scores = scores[:-1] or scores
    return _best(_counted(scores, _starts(scores)), scores, k)


@so_far.mistake(
    "The cosines are sorted, the places are not: cut both in the same order, `places[best]` and `scores[best]`."
)
def places_not_sorted(query, blocks, k):
    scores = np.concatenate(_cosines(query, blocks))
    return np.arange(k), np.sort(scores)[::-1][:k]


@so_far.mistake("These are squared distances. Asked for are the cosines.")
def squared_distances(query, blocks, k):
    places, scores = best_in_blocks(query, blocks, k)
    return places, 2 - 2 * scores


@so_far.mistake("These are distances with a minus sign. Asked for are the cosines.")
def minus_distances(query, blocks, k):
    places, scores = best_in_blocks(query, blocks, k)
    return places, -np.sqrt(2 - 2 * scores)


@so_far.mistake("These are squared distances with a minus sign. Asked for are the cosines.")
def minus_squared_distances(query, blocks, k):
    places, scores = best_in_blocks(query, blocks, k)
    return places, 2 * scores - 2


@so_far.mistake("You add the length of a block less 1. The next block begins `len(block)` places later.")
def one_row_less(query, blocks, k):
    scores = _cosines(query, blocks)
    return _best(_counted(scores, _starts(scores) - np.arange(len(scores))), scores, k)


@so_far.mistake(
    "Of old and new together you keep the k *least* similar, best first. Keep those with the largest cosines."
)
def least_best_first(query, blocks, k):
    places, scores = best_in_blocks(-query, blocks, k)
    return places[::-1], -scores[::-1]


@so_far.mistake(
    "Once there are k, only the best of each block can come in. A block may hold several that belong among the k best."
)
def one_comes_in(query, blocks, k):
    places, scores, first = np.empty(0, int), np.empty(0), 0
    for block in blocks:
        new = block @ query
        rows = np.arange(len(block)) if len(scores) < k else np.argsort(-new)[:1]
        places, scores = _best([places, first + rows], [scores, new[rows]], k)
        first += len(block)
    return places, scores


@so_far.mistake("You stop as soon as there are k. Later blocks may hold better ones: look at all.")
def stops_at_k(query, blocks, k):
    scores, count = [], 0
    for block in blocks:
        scores.append(block @ query)
        count += len(block)
        if count >= k:
            break
    return _best(_counted(scores, _starts(scores)), scores, k)


@so_far.mistake("You move on by the number of each block besides its rows. Add the rows that came before, no more.")
def rows_and_number(query, blocks, k):
    scores = _cosines(query, blocks)
    return _best(_counted(scores, _starts(scores) + np.arange(len(scores))), scores, k)


@so_far.mistake("You move on by the size d of a vector, `block.shape[1]`. Add the number of rows, `len(block)`.")
def size_of_a_vector(query, blocks, k):
    scores = _cosines(query, blocks)
    return _best(_counted(scores, len(query) * np.arange(len(scores))), scores, k)
