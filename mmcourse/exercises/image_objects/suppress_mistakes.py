"""What goes wrong in `image_objects.suppress`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.image_objects.suppress import given_keep, keep_best, suppress


def _greedy(near, scores, order, dropped_too=False):
    kept, seen = [], []
    for i in order:
        if not any(near[i, j] for j in (seen if dropped_too else kept)):
            kept.append(i)
        seen.append(i)
    return np.array(kept)


@suppress.mistake(
    "Both faults are still there: the worst box is visited first, and boxes that were dropped still drop others."
)
def as_given(near, scores):
    return given_keep(near, scores)


@suppress.mistake("The box with the *worst* score was taken first: `argsort` sorts upwards.")
def worst_first(near, scores):
    return _greedy(near, scores, np.argsort(scores))


@suppress.mistake(
    "The box with the *worst* score was taken first, and the result turned round afterwards. Visit the best first."
)
def worst_first_turned(near, scores):
    return _greedy(near, scores, np.argsort(scores))[::-1]


@suppress.mistake(
    "A box stays in yours only if no *worse* one is near it. It is the better one that stays, and a box that was "
    "dropped drops nobody."
)
def as_given_turned(near, scores):
    return given_keep(near, scores)[::-1]


@suppress.mistake(
    "A box that was itself dropped still drops others. In a chain of three the third must stay: its only neighbour "
    "is gone."
)
def dropped_ones_count(near, scores):
    return _greedy(near, scores, np.argsort(-scores), dropped_too=True)


@suppress.mistake("The boxes are visited as they stand. Visit them by falling score.")
def as_they_stand(near, scores):
    return _greedy(near, scores, range(len(scores)))


@suppress.mistake("The boxes are visited as they stand, and dropped ones still drop others. Visit the best first.")
def as_they_stand_dropped_too(near, scores):
    return _greedy(near, scores, range(len(scores)), dropped_too=True)


@suppress.mistake("The boxes are visited as they stand, and only the result is sorted. Visit the best first.")
def sorted_too_late(near, scores):
    kept = as_they_stand(near, scores)
    return kept[np.argsort(-scores[kept])]


@suppress.mistake("Nothing was dropped: boxes that are near a kept one must go.")
def all_kept(near, scores):
    return np.argsort(-scores)


@suppress.mistake(
    "Nothing was kept. A box is near itself: compare it with boxes kept *before*; and at first none are kept."
)
def near_itself(near, scores):
    return np.array([i for i in np.argsort(-scores) if not near[i].any()], dtype=int)


@suppress.mistake("Of two boxes that are near each other both are gone. The better one stays.")
def both_gone(near, scores):
    return np.array([i for i in np.argsort(-scores) if near[i].sum() == 1], dtype=int)


@suppress.mistake("Only one box stayed. Suppression drops duplicates of one thing, not other things.")
def only_the_best(near, scores):
    return np.argsort(-scores)[:1]


@suppress.mistake("You stop at the first box that is dropped. Go on with the best of the rest.")
def stopped(near, scores):
    order = np.argsort(-scores)
    dropped = [rank for rank, i in enumerate(order) if near[i, order[:rank]].any()]
    return order[: min(dropped, default=len(order))]


@suppress.mistake("Each box is compared with the best one only. Every box that is kept drops those near it.")
def compared_with_the_best(near, scores):
    order = np.argsort(-scores)
    return np.array([i for i in order if i == order[0] or not near[order[0], i]])


@suppress.mistake("Each box is compared with the last one kept only. Compare it with all that were kept.")
def compared_with_the_last(near, scores):
    kept = []
    for i in np.argsort(-scores):
        if not kept or not near[i, kept[-1]]:
            kept.append(i)
    return np.array(kept)


@suppress.mistake("A box is dropped only if it is near *all* that were kept. One is enough: `any`.")
def near_all(near, scores):
    kept = []
    for i in np.argsort(-scores):
        if not kept or not all(near[i, j] for j in kept):
            kept.append(i)
    return np.array(kept)


@suppress.mistake("You keep those that are near a kept box. They are the ones to drop.")
def near_ones_kept(near, scores):
    kept = []
    for i in np.argsort(-scores):
        if not kept or any(near[i, j] for j in kept):
            kept.append(i)
    return np.array(kept)


@suppress.mistake(
    "You keep one box of each chain of neighbours. A box is dropped only if it is near one that was *kept* itself."
)
def one_of_each_chain(near, scores):
    linked = np.linalg.matrix_power(near.astype(float), len(near)) > 0
    return _greedy(linked, scores, np.argsort(-scores))


@suppress.mistake("The right boxes, in another order: the best comes first.")
def sorted_by_place(near, scores):
    return np.sort(keep_best(near, scores))


@suppress.mistake("The right boxes, in another order: the worst comes first. The best should.")
def turned(near, scores):
    return keep_best(near, scores)[::-1]


@suppress.mistake("These are ranks, places in the sorted list. Return the places in `scores`.")
def ranks(near, scores):
    order = np.argsort(-scores)
    return _greedy(near[np.ix_(order, order)], scores, range(len(order)))


@suppress.mistake("The ranks were compared by `near`, whose rows and columns are places. Ask it about places.")
def near_not_sorted(near, scores):
    return np.argsort(-scores)[_greedy(near, scores, range(len(scores)))]


@suppress.mistake("You return the boxes that were dropped. Return those that stay.")
def dropped_returned(near, scores):
    kept = keep_best(near, scores)
    return np.array([i for i in np.argsort(-scores) if i not in kept], dtype=int)


@suppress.mistake("You return the scores of the kept boxes. Return their places.")
def scores_returned(near, scores):
    return scores[keep_best(near, scores)]


@suppress.mistake("You return a mask. Return the places of the kept boxes, best first.")
def mask_returned(near, scores):
    return np.isin(np.arange(len(scores)), keep_best(near, scores))


@suppress.mistake("Places count from 0. Yours count from 1.")
def from_one(near, scores):
    return keep_best(near, scores) + 1


@suppress.mistake("A box with a negative score is dropped. Scores only say which box is better.")
def negative_dropped(near, scores):
    kept = keep_best(near, scores)
    return kept[scores[kept] > 0]


@suppress.mistake("Each box is compared with the one visited before it only. Compare it with all that were kept.")
def compared_with_the_one_before(near, scores):
    order = np.argsort(-scores)
    return np.array([i for rank, i in enumerate(order) if rank == 0 or not near[i, order[rank - 1]]])


@suppress.mistake(
    "Pairs are compared as they stand, so that a box drops others before a better one has dropped it. Visit the best "
    "first."
)
def pairs_as_they_stand(near, scores):
    dropped = np.zeros(len(scores), bool)
    for i in range(len(scores)):
        for j in range(i + 1, len(scores)):
            if near[i, j] and not dropped[i] and not dropped[j]:
                dropped[j if scores[i] > scores[j] else i] = True
    return np.array([i for i in np.argsort(-scores) if not dropped[i]])


@suppress.mistake("A box is compared with those before it in the picture. Compare it with those that were kept before.")
def compared_by_place(near, scores):
    return np.array([i for i in np.argsort(-scores) if not near[i, :i].any()])


@suppress.mistake("The best box itself is missing: it is near itself, and was dropped with the others.")
def best_missing(near, scores):
    return keep_best(near, scores)[1:]


@suppress.mistake("Only two boxes stay in yours. Go on until none is left.")
def two_only(near, scores):
    return keep_best(near, scores)[:2]


@suppress.mistake("A box is dropped only if two kept ones are near it. One is enough.")
def two_needed(near, scores):
    kept = []
    for i in np.argsort(-scores):
        if sum(near[i, j] for j in kept) <= 1:
            kept.append(i)
    return np.array(kept)


@suppress.mistake("You return how many boxes stay. Return their places, best first.")
def counted(near, scores):
    return len(keep_best(near, scores))


@suppress.mistake(
    "The scores were cut to whole numbers before they were sorted. They are real numbers: sort them as such."
)
def scores_cut(near, scores):
    return _greedy(near, scores, np.argsort(-scores.astype(int), kind="stable"))


@suppress.mistake("`argsort` of `argsort` gives ranks. Visit the boxes by their places: one `argsort`.")
def visited_by_ranks(near, scores):
    return _greedy(near, scores, np.argsort(np.argsort(-scores)))


HALF = "Only one half of the table `near` counts in yours: the place of the one box must be before that of the other."


@suppress.mistake(HALF)
def upper_half(near, scores):
    return _greedy(np.triu(near), scores, np.argsort(-scores))


@suppress.mistake(HALF)
def lower_half(near, scores):
    return _greedy(np.tril(near), scores, np.argsort(-scores))


@suppress.mistake("You stop while one box is still left, and never look at it. It stays, too, if nothing dropped it.")
def last_one_forgotten(near, scores):
    left, kept = list(np.argsort(-scores)), []
    while len(left) > 1:
        kept.append(left[0])
        left = [j for j in left[1:] if not near[kept[-1], j]]
    return np.array(kept, dtype=int)


@suppress.mistake("The worst box is never visited. It stays, too, if none that was kept is near it.")
def worst_forgotten(near, scores):
    return _greedy(near, scores, np.argsort(-scores)[:-1]).astype(int)


SKIPPED = (
    "You remove boxes from the list that you are walking through, so that the one behind a removed box is skipped. "
    "Make a new list of those that stay."
)


@suppress.mistake(SKIPPED)
def removed_on_the_way(near, scores):
    left = np.argsort(-scores).tolist()
    for i in left:
        for j in left:
            if near[i, j] and left.index(j) > left.index(i):
                left.remove(j)
    return np.array(left)


@suppress.mistake(SKIPPED)
def any_removed_on_the_way(near, scores):
    left = np.argsort(-scores).tolist()
    for i in left:
        for j in left:
            if near[i, j] and i != j:
                left.remove(j)
    return np.array(left)


@suppress.mistake(SKIPPED)
def deleted_on_the_way(near, scores):
    left = np.argsort(-scores).tolist()
    for place, i in enumerate(left):
        for k, j in enumerate(left):
            if k > place and near[i, j]:
                del left[k]
    return np.array(left)


@suppress.mistake("Sorted by the absolute value of the score, so that of negative ones the worst comes first.")
def sorted_by_size(near, scores):
    return _greedy(near, scores, np.argsort(-np.abs(scores)))


@suppress.mistake(
    "You drop, with the boxes near a kept one, those that are near *these*. Only those near the kept one itself go."
)
def neighbours_of_neighbours(near, scores):
    kept, gone = [], np.zeros(len(scores), bool)
    for i in np.argsort(-scores):
        if not gone[i]:
            kept.append(i)
            gone |= (near[i][:, None] & near).any(0)
    return np.array(kept)


@suppress.mistake("A box drops only the next one that is near it. It drops *all* that are near it.")
def drops_one_each(near, scores):
    left, kept = np.argsort(-scores).tolist(), []
    while left:
        kept.append(left.pop(0))
        close = [j for j in left if near[kept[-1], j]]
        if close:
            left.remove(close[0])
    return np.array(kept)


@suppress.mistake("Only the best box comes first, the rest are visited as they stand. Visit all by falling score.")
def rest_as_they_stand(near, scores):
    return _greedy(near, scores, [scores.argmax(), *np.delete(np.arange(len(scores)), scores.argmax())])


@suppress.mistake(
    "Only the best box drops those near it. Go on with the best of the rest, which drops those near it, and so on."
)
def one_round(near, scores):
    best = scores.argmax()
    return np.array([best, *(i for i in range(len(scores)) if not near[best, i])])


LOW = "Boxes with a low score are left out. The score of a box says only when it is visited, not whether it may stay."


def _least(least, first):
    """Plants that scores below ``least`` are left out: of what is visited (``first``) or of what stays."""

    def mistake(near, scores):
        if first:
            return _greedy(near, scores, [i for i in np.argsort(-scores) if scores[i] >= least]).astype(int)
        kept = keep_best(near, scores)
        return kept[scores[kept] >= least]

    mistake.__name__ = f"at_least_{least:g}"
    suppress.mistake(LOW)(mistake)


for _score in (0.5, 0.4, 0.3):
    _least(_score, False)


@suppress.mistake(
    "Each box is replaced by the best one near it, and these stay. But the best one near a box may itself be dropped, "
    "or not be the one that drops it."
)
def best_neighbours(near, scores):
    best = np.unique(np.where(near, scores, -np.inf).argmax(axis=1))
    return best[np.argsort(-scores[best])]


@suppress.mistake("The boxes are visited by how many are near them. Visit them by falling score.")
def by_neighbours(near, scores):
    return _greedy(near, scores, np.argsort(-near.sum(axis=1), kind="stable"))


@suppress.mistake("The boxes are visited by how few are near them. Visit them by falling score.")
def by_fewest_neighbours(near, scores):
    return _greedy(near, scores, np.argsort(near.sum(axis=1), kind="stable"))


@suppress.mistake("The boxes are visited from the last to the first, as they stand. Visit them by falling score.")
def as_they_stand_turned(near, scores):
    return _greedy(near, scores, range(len(scores) - 1, -1, -1))


@suppress.mistake("The best box is in your result twice. Each place stands there once.")
def best_twice(near, scores):
    kept = keep_best(near, scores)
    return np.r_[kept[:1], kept]


@suppress.mistake("You return a score beside each place. Return the places alone, best first.")
def with_scores(near, scores):
    kept = keep_best(near, scores)
    return np.column_stack([kept, scores[kept]])


@suppress.mistake("At most three boxes stay in yours. Go on until none is left.")
def three_only(near, scores):
    return keep_best(near, scores)[:3]


@suppress.mistake("Boxes of the worse half of the scores never stay in yours. They may: visit all of them.")
def half_of_them(near, scores):
    return _greedy(near, scores, np.argsort(-scores)[: (len(scores) + 1) // 2])


@suppress.mistake("The boxes that were dropped stand behind those that stay. Return those that stay alone.")
def dropped_behind(near, scores):
    kept = keep_best(near, scores)
    return np.r_[kept, [i for i in np.argsort(-scores) if i not in kept]].astype(int)


@suppress.mistake("You keep boxes that are near *all* that were kept. Those that are near none of them stay.")
def near_all_kept(near, scores):
    kept = []
    for i in np.argsort(-scores):
        if all(near[i, j] for j in kept):
            kept.append(i)
    return np.array(kept)


CROWDED = "You drop boxes by how many are near them. What matters is whether one that was kept is among these."


@suppress.mistake(CROWDED)
def with_one_neighbour(near, scores):
    return np.array([i for i in np.argsort(-scores) if near[i].sum() <= 2], dtype=int)


@suppress.mistake(CROWDED)
def with_two_neighbours(near, scores):
    return np.array([i for i in np.argsort(-scores) if near[i].sum() <= 3], dtype=int)


MIXED = (
    "Ranks and places are mixed: the rows and columns of `near` are places in `scores`, and what you keep are ranks in "
    "the sorted list, or the other way round."
)


@suppress.mistake(MIXED)
def ranks_kept(near, scores):
    kept = []
    for rank, i in enumerate(np.argsort(-scores)):
        if not any(near[i, j] for j in kept):
            kept.append(rank)
    return np.array(kept)


@suppress.mistake(MIXED)
def places_kept_by_rank(near, scores):
    kept = []
    for rank, i in enumerate(np.argsort(-scores)):
        if not any(near[rank, j] for j in kept):
            kept.append(i)
    return np.array(kept)
