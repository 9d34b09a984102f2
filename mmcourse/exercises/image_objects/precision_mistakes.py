"""What goes wrong in `image_objects.precision`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.image_objects.precision import average_precision_of, precision


def _curve(hit):
    """Hits sorted already -> precision after each detection, and the best one here or later."""
    right = np.cumsum(hit) / np.arange(1, len(hit) + 1)
    return right, np.maximum.accumulate(right[::-1])[::-1]


def _sorted(scores, hit):
    return hit[np.argsort(-scores)]


def _recalls(hit, there):
    return np.cumsum(hit) / there


@precision.mistake("The detections were taken in the order given. Sort hits by score, the best first.")
def not_sorted(scores, hit, there):
    return (_curve(hit)[1] * hit).sum() / there


@precision.mistake("Sorted the wrong way: the *worst* score came first.")
def sorted_upwards(scores, hit, there):
    return average_precision_of(-scores, hit, there)


@precision.mistake("Sorted by the absolute value of the score: the largest number comes first, a negative one last.")
def sorted_by_size(scores, hit, there):
    return average_precision_of(np.abs(scores), hit, there)


@precision.mistake(
    "The precision at each hit itself was taken. The formula takes the best one at that recall or a higher one."
)
def saw_teeth(scores, hit, there):
    hit = _sorted(scores, hit)
    return (_curve(hit)[0] * hit).sum() / there


@precision.mistake(
    "You took the precision at each hit itself, and divided by the hits. Take the best one here or later, and divide "
    "by all boxes that are there."
)
def saw_teeth_of_the_found(scores, hit, there):
    hit = _sorted(scores, hit)
    return (_curve(hit)[0] * hit).sum() / max(hit.sum(), 1)


@precision.mistake(
    "The best precision is taken from what came *before*. The maximum runs over this place and all later ones: from "
    "the end to the beginning."
)
def best_before(scores, hit, there):
    hit = _sorted(scores, hit)
    return (np.maximum.accumulate(_curve(hit)[0]) * hit).sum() / there


@precision.mistake("The maximum ran from the end, but it was not turned back: each hit meets the precision of another.")
def not_turned_back(scores, hit, there):
    hit = _sorted(scores, hit)
    return (_curve(hit)[1][::-1] * hit).sum() / there


@precision.mistake("The maximum skips the place itself. It is over this place and all later ones.")
def best_after(scores, hit, there):
    hit = _sorted(scores, hit)
    return (np.r_[_curve(hit)[1][1:], 0] * hit).sum() / there


@precision.mistake("The best precision of all was taken everywhere. At each place only this and later ones count.")
def best_of_all(scores, hit, there):
    right = _curve(_sorted(scores, hit))[0]
    return right.max() * hit.sum() / there


@precision.mistake("You divided by the number of boxes found. Recall divides by all that are there: missed boxes "
                   "must cost.")  # fmt: skip
def missed_are_free(scores, hit, there):
    return average_precision_of(scores, hit, max(hit.sum(), 1))


@precision.mistake("Where nothing is found yours is NaN, as 0 hits divided by 0 hits are. Such a detector scores 0.")
def nothing_by_nothing(scores, hit, there):
    return average_precision_of(scores, hit, there) * (hit.sum() / hit.sum())


@precision.mistake(
    "You divided by the number of hits, which is not a number where nothing is found. Divide by `there`."
)
def missed_are_free_nan(scores, hit, there):
    return average_precision_of(scores, hit, 1) / hit.sum()


@precision.mistake("That is the precision of all detections together; the order of scores has no say in it.")
def plain_precision(scores, hit, there):
    return hit.mean()


@precision.mistake("That is the recall of all detections together; the false ones cost nothing in it.")
def plain_recall(scores, hit, there):
    return hit.sum() / there


@precision.mistake("That is precision times recall of all detections, one rectangle. Sum up the steps of the curve.")
def one_rectangle(scores, hit, there):
    return hit.mean() * hit.sum() / there


@precision.mistake("That is the harmonic mean of precision and recall (F1). Asked for is the area under their curve.")
def harmonic(scores, hit, there):
    return 2 * hit.sum() / (len(hit) + there)


@precision.mistake("That is the mean of the precisions over all detections. Only where recall grows does one count.")
def mean_of_all(scores, hit, there):
    return _curve(_sorted(scores, hit))[0].mean()


@precision.mistake(
    "That is the mean of the best precisions over all detections. Only where recall grows does one count."
)
def mean_of_all_best(scores, hit, there):
    return _curve(_sorted(scores, hit))[1].mean()


@precision.mistake("Misses count as well: you did not multiply by `hit`. Recall grows at hits only.")
def misses_count(scores, hit, there):
    return _curve(_sorted(scores, hit))[1].sum() / there


@precision.mistake("You divided by the number of detections. Recall grows by 1 / `there` at each hit.")
def by_detections(scores, hit, there):
    return average_precision_of(scores, hit, len(hit))


@precision.mistake("You did not divide by the number of true boxes. Recall grows by 1 / `there` at each hit.")
def not_divided(scores, hit, there):
    return average_precision_of(scores, hit, 1)


@precision.mistake(
    "The area was computed with trapezoids, and precision was not made falling. The formula has steps, with the best "
    "precision here or later."
)
def trapezoids_of_teeth(scores, hit, there):
    hit = _sorted(scores, hit)
    right, recall = _curve(hit)[0], _recalls(hit, there)
    return (np.diff(recall) * (right[1:] + right[:-1]) / 2).sum()


@precision.mistake(
    "The area was computed with trapezoids from the precision 1 at recall 0. The formula has steps: the growth of "
    "recall times the best precision here or later."
)
def trapezoids_from_one(scores, hit, there):
    hit = _sorted(scores, hit)
    right, recall = np.r_[1, _curve(hit)[0]], np.r_[0, _recalls(hit, there)]
    return (np.diff(recall) * (right[1:] + right[:-1]) / 2).sum()


@precision.mistake("The first step of recall, from 0, is missing. It counts if the best detection is a hit.")
def first_step_missing(scores, hit, there):
    hit = _sorted(scores, hit)
    return (_curve(hit)[1][1:] * hit[1:]).sum() / there


def _read(points, scores, hit, there):
    hit = _sorted(scores, hit)
    right, recall = _curve(hit)[0], _recalls(hit, there)
    return np.mean([max(right[recall >= level - 1e-9], default=0) for level in np.linspace(0, 1, points)])


@precision.mistake(
    "That is the mean of the precision at eleven recalls, as it once was. The formula takes the whole area."
)
def eleven_points(scores, hit, there):
    return _read(11, scores, hit, there)


@precision.mistake(
    "That is the mean of the precision at 101 recalls, as COCO has it. The formula takes the whole area."
)
def many_points(scores, hit, there):
    return _read(101, scores, hit, there)


@precision.mistake(
    "Precision divides by the number of detections so far, which is 1 at the first. Yours is one too large."
)
def counted_from_two(scores, hit, there):
    hit = _sorted(scores, hit)
    right = np.cumsum(hit) / np.arange(2, len(hit) + 2)
    return (np.maximum.accumulate(right[::-1])[::-1] * hit).sum() / there


@precision.mistake("You summed recalls. What is summed is the best precision, at each hit.")
def recalls_summed(scores, hit, there):
    hit = _sorted(scores, hit)
    return (_recalls(hit, there) * hit).sum() / there


@precision.mistake("Only positive scores count in yours. A score only says which detection is better.")
def positive_only(scores, hit, there):
    return average_precision_of(scores[scores > 0], hit[scores > 0], there)


@precision.mistake(
    "Hits were put into the order of the ranks, `argsort` of `argsort`. One `argsort` says which detection comes "
    "first, which second."
)
def by_ranks(scores, hit, there):
    hit = hit[np.argsort(np.argsort(-scores))]
    return (_curve(hit)[1] * hit).sum() / there


@precision.mistake("That is the area under the ROC curve. Asked for is that under recall and precision.")
def roc(scores, hit, there):
    ranked = _sorted(scores, hit)
    above = sum((~ranked[place:]).sum() for place in np.flatnonzero(ranked))
    return above / max(hit.sum() * (~hit).sum(), 1)


@precision.mistake("That is the mean of precision times recall. Asked for is the area under their curve.")
def mean_of_products(scores, hit, there):
    ranked = _sorted(scores, hit)
    return (_curve(ranked)[0] * _recalls(ranked, there)).mean()


@precision.mistake("You took the worst precision so far at each hit. The formula takes the best one here or later.")
def worst_before(scores, hit, there):
    ranked = _sorted(scores, hit)
    return (np.minimum.accumulate(_curve(ranked)[0]) * ranked).sum() / there


@precision.mistake("You took the worst precision here or later at each hit. The formula takes the best one.")
def worst_later(scores, hit, there):
    ranked = _sorted(scores, hit)
    return (np.minimum.accumulate(_curve(ranked)[0][::-1])[::-1] * ranked).sum() / there


@precision.mistake("Detections with a score of one half or less are left out. All count, and scores only sort them.")
def above_one_half(scores, hit, there):
    some = scores > 0.5
    return average_precision_of(scores[some], hit[some], there) if some.any() else 0.0


@precision.mistake("This is the best F1, which joins precision and recall at one place. Asked for is the area.")
def best_f1(scores, hit, there):
    right, recall = _curve(_sorted(scores, hit))[0], _recalls(_sorted(scores, hit), there)
    return (2 * right * recall / np.maximum(right + recall, 1e-9)).max()


@precision.mistake(
    "You compare each precision with the next one only. The maximum runs over *all* later ones: from the end to the "
    "beginning."
)
def next_one_only(scores, hit, there):
    hit = _sorted(scores, hit)
    right = _curve(hit)[0]
    return (np.maximum(right, np.r_[right[1:], 0]) * hit).sum() / there


@precision.mistake(
    "Precision divides by the number of detections so far, the present one with them: 2 at the second. Yours is one "
    "too small."
)
def counted_from_zero(scores, hit, there):
    hit = _sorted(scores, hit)
    right = np.cumsum(hit) / np.maximum(np.arange(len(hit)), 1)
    return (np.maximum.accumulate(right[::-1])[::-1] * hit).sum() / there


CUT = "You look at as many detections as there are true boxes. All detections count, the later ones as well."


@precision.mistake(CUT)
def cut_to_there(scores, hit, there):
    best = np.argsort(-scores)[:there]
    return average_precision_of(scores[best], hit[best], there)


@precision.mistake(CUT)
def teeth_cut_to_there(scores, hit, there):
    hit = _sorted(scores, hit)[:there]
    return (_curve(hit)[0] * hit).sum() / there


@precision.mistake("The maximum leaves out the last detection. It runs over this place and all later ones.")
def last_left_out(scores, hit, there):
    hit = _sorted(scores, hit)
    right = _curve(hit)[0]
    return sum(max(right[k:-1], default=right[k]) for k in np.flatnonzero(hit)) / there


@precision.mistake("The last detection is left out: the sum runs over all of them.")
def last_step_missing(scores, hit, there):
    hit = _sorted(scores, hit)
    return (_curve(hit)[1][:-1] * hit[:-1]).sum() / there


@precision.mistake(
    "You keep the detections with a score of one half or more, and multiply their precision by their recall. All "
    "count: sum up the steps of the curve."
)
def rectangle_above_one_half(scores, hit, there):
    some = hit[scores >= 0.5]
    return some.sum() / max(len(some), 1) * some.sum() / there


@precision.mistake("Recall is cut to whole numbers, by `//` or `int`. It is a share, from 0 to 1.")
def whole_recall(scores, hit, there):
    hit = _sorted(scores, hit)
    return (np.diff(np.cumsum(hit) // there, prepend=0) * _curve(hit)[1]).sum()


@precision.mistake(
    "You divided by `there` or the number of detections, whichever is smaller. Recall divides by all that are there: "
    "missed boxes must cost."
)
def divided_by_the_smaller(scores, hit, there):
    return average_precision_of(scores, hit, min(there, len(hit)))


@precision.mistake(
    "You divided by `there` or the number of detections, whichever is larger. False detections lower the precision; "
    "recall divides by `there`."
)
def divided_by_the_larger(scores, hit, there):
    return average_precision_of(scores, hit, max(there, len(hit)))


TEETH_TOO = " And you took the precision at each hit itself, in place of the best one at that recall or a higher one."


@precision.mistake("The detections were taken in the order given, not by falling score." + TEETH_TOO)
def teeth_not_sorted(scores, hit, there):
    return (_curve(hit)[0] * hit).sum() / there


@precision.mistake("Sorted the wrong way: the *worst* score came first." + TEETH_TOO)
def teeth_sorted_upwards(scores, hit, there):
    return saw_teeth(-scores, hit, there)


@precision.mistake("You divided by the number of detections, not by `there`." + TEETH_TOO)
def teeth_by_detections(scores, hit, there):
    return saw_teeth(scores, hit, len(hit))


@precision.mistake("You take the mean of the misses as well: recall grows, and with it the area, at hits only.")
def over_misses(scores, hit, there):
    hit = _sorted(scores, hit)
    return (_curve(hit)[1] * ~hit).sum() / there


@precision.mistake(
    "You drew recall on the one axis and the *place* of the detection on the other. Asked for is the area under "
    "precision over recall."
)
def mean_recall(scores, hit, there):
    return _recalls(_sorted(scores, hit), there).mean()


@precision.mistake("That is the best precision at any place. Asked for is the area under precision over recall.")
def best_precision(scores, hit, there):
    return _curve(_sorted(scores, hit))[0].max()


@precision.mistake("That is the mean of F1 over the places. Asked for is the area under precision over recall.")
def mean_f1(scores, hit, there):
    ranked = _sorted(scores, hit)
    right, recall = _curve(ranked)[0], _recalls(ranked, there)
    return (2 * right * recall / np.maximum(right + recall, 1e-9)).mean()


@precision.mistake(
    "That is the precision after as many detections as there are true boxes. Asked for is the area under the curve."
)
def at_there(scores, hit, there):
    return _sorted(scores, hit)[:there].sum() / there


@precision.mistake("That is 1 divided by the place of the first hit. Asked for is the area under the curve.")
def first_hit(scores, hit, there):
    ranked = _sorted(scores, hit)
    return 1 / (1 + ranked.argmax()) if ranked.any() else 0.0


@precision.mistake("You weigh the hits by their scores. Scores sort the detections, and nothing else.")
def weighed_by_scores(scores, hit, there):
    ranked = _sorted(scores, hit)
    return (_curve(ranked)[1] * ranked * np.sort(scores)[::-1]).sum() / there


@precision.mistake("You go on to recall 1 with the last precision. What is never found adds nothing to the area.")
def drawn_to_the_end(scores, hit, there):
    missed = 1 - hit.sum() / there
    return average_precision_of(scores, hit, there) + missed * _curve(_sorted(scores, hit))[1][-1]


@precision.mistake(
    "Each step of recall is multiplied with the precision *before* it. Multiply with the best one at its end or later."
)
def teeth_before(scores, hit, there):
    ranked = _sorted(scores, hit)
    return (_curve(ranked)[0][:-1] * ranked[1:]).sum() / there


@precision.mistake("You sum recall times precision. It is the *growth* of recall that is multiplied with precision.")
def recalls_in_full(scores, hit, there):
    ranked = _sorted(scores, hit)
    return (_recalls(ranked, there) * _curve(ranked)[1]).sum()


@precision.mistake("You sum recall times precision. It is the *growth* of recall that is multiplied with precision.")
def recalls_times_teeth(scores, hit, there):
    ranked = _sorted(scores, hit)
    return (_recalls(ranked, there) * _curve(ranked)[0]).sum()


@precision.mistake("That is the mean of recall times the best precision. Asked for is the area under their curve.")
def mean_of_best_products(scores, hit, there):
    ranked = _sorted(scores, hit)
    return (_recalls(ranked, there) * _curve(ranked)[1]).mean()


@precision.mistake("You divide the hits by the number of *misses* so far. Precision divides by all detections so far.")
def hits_by_misses(scores, hit, there):
    ranked = _sorted(scores, hit)
    right = np.cumsum(ranked) / np.maximum(np.cumsum(~ranked), 1)
    return (np.maximum.accumulate(right[::-1])[::-1] * ranked).sum() / there


@precision.mistake(
    "You multiply by `hit` before the maximum is taken, and then count all places. First the maximum, then the hits."
)
def best_of_hits_everywhere(scores, hit, there):
    ranked = _sorted(scores, hit)
    right = _curve(ranked)[0] * ranked
    return np.maximum.accumulate(right[::-1])[::-1].sum() / there


@precision.mistake(
    "That is the gain of hits with a logarithm of their places (DCG). Asked for is the area under the curve."
)
def gain(scores, hit, there):
    ranked = _sorted(scores, hit)
    return (ranked / np.log2(np.arange(2, len(ranked) + 2))).sum() / there


@precision.mistake(
    "That is the gain of hits with a logarithm of their places (NDCG). Asked for is the area under the curve."
)
def relative_gain(scores, hit, there):
    ranked = _sorted(scores, hit)
    best = 1 / np.log2(np.arange(2, there + 2))
    return (ranked / np.log2(np.arange(2, len(ranked) + 2))).sum() / best.sum()


@precision.mistake(
    "Before the first detection recall is 0, and `R[k - 1]` for k = 0 is the *last* one: your first step is too small."
)
def step_from_the_last(scores, hit, there):
    ranked = _sorted(scores, hit)
    recall = _recalls(ranked, there)
    return (_curve(ranked)[1] * (recall - np.roll(recall, 1))).sum()


@precision.mistake(
    "Each hit counts alone in your precision, 1 divided by its place. Precision counts *all* hits so far."
)
def places_only(scores, hit, there):
    ranked = _sorted(scores, hit)
    return (ranked / np.arange(1, len(ranked) + 1)).sum() / there


@precision.mistake("You divide by one too many: recall grows by 1 / `there` at each hit.")
def one_box_too_many(scores, hit, there):
    return average_precision_of(scores, hit, there + 1)


@precision.mistake("You stop at the first miss. All detections count.")
def until_the_first_miss(scores, hit, there):
    ranked = _sorted(scores, hit)
    return np.cumprod(ranked).sum() / there


@precision.mistake(
    "Precision and recall are exchanged: precision grows along your axis, and recall is what you multiply with."
)
def exchanged(scores, hit, there):
    ranked = _sorted(scores, hit)
    right, recall = _curve(ranked)[0], _recalls(ranked, there)
    return (np.diff(right, prepend=0) * recall).sum()


@precision.mistake(
    "You draw the curve on to recall 1 and precision 0, and sum trapezoids. The formula has steps, and what is never "
    "found adds nothing."
)
def trapezoids_to_the_end(scores, hit, there):
    ranked = _sorted(scores, hit)
    right, recall = np.r_[1, _curve(ranked)[0], 0], np.r_[0, _recalls(ranked, there), 1]
    return (np.diff(recall) * (right[1:] + right[:-1]) / 2).sum()


@precision.mistake(
    "You draw the curve on to recall 1 and precision 0, and sum trapezoids. The formula has steps, and what is never "
    "found adds nothing."
)
def trapezoids_of_best_to_the_end(scores, hit, there):
    ranked = _sorted(scores, hit)
    right, recall = np.r_[_curve(ranked)[1][0], _curve(ranked)[1], 0], np.r_[0, _recalls(ranked, there), 1]
    return (np.diff(recall) * (right[1:] + right[:-1]) / 2).sum()


ONE_SORTED = (
    "Hits are sorted by score in one place, and taken in the order given in another. Sort them once, at the start."
)


@precision.mistake(ONE_SORTED)
def misses_not_sorted(scores, hit, there):
    ranked = _sorted(scores, hit)
    with np.errstate(all="ignore"):
        right = np.nan_to_num(np.cumsum(ranked) / (np.cumsum(ranked) + np.cumsum(~hit)))
    return (np.maximum.accumulate(right[::-1])[::-1] * ranked).sum() / there


@precision.mistake(ONE_SORTED)
def precision_not_sorted(scores, hit, there):
    return (_curve(hit)[1] * _sorted(scores, hit)).sum() / there


@precision.mistake(ONE_SORTED)
def recall_not_sorted(scores, hit, there):
    return (_curve(_sorted(scores, hit))[1] * hit).sum() / there
