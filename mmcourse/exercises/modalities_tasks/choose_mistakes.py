"""What goes wrong in `modalities_tasks.choose`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.modalities_tasks.choose import choose, report


def _best(dev_scores):
    return np.flatnonzero(dev_scores == dev_scores.max())


BY_TEST = (
    "The setting is still chosen by its *test* score. Then the test score is no longer a test: of many settings, the "
    "luckiest was taken."
)


@choose.mistake(BY_TEST)
def by_test_then_size(dev_scores, test_scores, sizes):
    chosen = int(np.argmax(test_scores))
    return chosen, float(test_scores[chosen])


@choose.mistake(
    "Dev decides, but you broke the tie by the test score. That is a choice on test, too. Sizes are for that."
)
def tie_by_test(dev_scores, test_scores, sizes):
    best = _best(dev_scores)
    chosen = int(best[np.argmax(test_scores[best])])
    return chosen, float(test_scores[chosen])


@choose.mistake("Of equally good settings you took the one with the lowest test score. Modest, but sizes decide.")
def tie_by_lowest_test(dev_scores, test_scores, sizes):
    best = _best(dev_scores)
    chosen = int(best[np.argmin(test_scores[best])])
    return chosen, float(test_scores[chosen])


@choose.mistake("Of equally good settings you took the one with the *most* weights.")
def largest(dev_scores, test_scores, sizes):
    best = _best(dev_scores)
    chosen = int(best[np.argmax(sizes[best])])
    return chosen, float(test_scores[chosen])


@choose.mistake("Of equally good settings you took the first. Take the one with the fewest weights.")
def first(dev_scores, test_scores, sizes):
    chosen = int(np.argmax(dev_scores))
    return chosen, float(test_scores[chosen])


@choose.mistake("Of equally good settings you took the last. Take the one with the fewest weights.")
def last(dev_scores, test_scores, sizes):
    chosen = int(_best(dev_scores)[-1])
    return chosen, float(test_scores[chosen])


@choose.mistake("You print the *dev* score, which chose the setting. Print its score on test.")
def dev_printed(dev_scores, test_scores, sizes):
    chosen, _ = report(dev_scores, test_scores, sizes)
    return chosen, float(dev_scores[chosen])


@choose.mistake("The printed score is the best test score of all, another setting's.")
def best_of_test(dev_scores, test_scores, sizes):
    chosen, _ = report(dev_scores, test_scores, sizes)
    return chosen, float(test_scores.max())


@choose.mistake(
    "The printed score is the best test score among the equally good ones. Print that of the chosen setting."
)
def best_of_tied(dev_scores, test_scores, sizes):
    chosen, _ = report(dev_scores, test_scores, sizes)
    return chosen, float(test_scores[_best(dev_scores)].max())


@choose.mistake("You print the mean test score of all that are equally good. Print that of the chosen setting.")
def mean_of_tied(dev_scores, test_scores, sizes):
    chosen, _ = report(dev_scores, test_scores, sizes)
    return chosen, float(test_scores[_best(dev_scores)].mean())


@choose.mistake("You print the mean of the setting's two scores. The one on dev chose it: leave it out.")
def both_printed(dev_scores, test_scores, sizes):
    chosen, score = report(dev_scores, test_scores, sizes)
    return chosen, float((dev_scores[chosen] + score) / 2)


@choose.mistake(
    "The choice rests on both scores, as a sum or mean of them does. The test score must have no say in it."
)
def by_both(dev_scores, test_scores, sizes):
    chosen = int(np.argmax(dev_scores + test_scores))
    return chosen, float(test_scores[chosen])


@choose.mistake(
    "You took the smallest model of all. First comes the highest dev score; sizes only decide among equals."
)
def smallest_of_all(dev_scores, test_scores, sizes):
    chosen = int(np.argmin(sizes))
    return chosen, float(test_scores[chosen])


@choose.mistake("That is the place among the best settings only. `best[...]` turns it into a place among all settings.")
def place_among_best(dev_scores, test_scores, sizes):
    chosen = int(np.argmin(sizes[_best(dev_scores)]))
    return chosen, float(test_scores[chosen])


@choose.mistake("The setting with the *lowest* dev score is chosen. Higher is better.")
def lowest(dev_scores, test_scores, sizes):
    worst = np.flatnonzero(dev_scores == dev_scores.min())
    chosen = int(worst[np.argmin(sizes[worst])])
    return chosen, float(test_scores[chosen])


@choose.mistake(
    "A smaller model that is nearly as good on dev was preferred. Sizes only decide among settings with the same score."
)
def nearly_as_good(dev_scores, test_scores, sizes):
    best = np.flatnonzero(dev_scores >= dev_scores.max() - 0.004)
    chosen = int(best[np.argmin(sizes[best])])
    return chosen, float(test_scores[chosen])


@choose.mistake("You return the number of weights of the chosen setting. Return its place.")
def size_returned(dev_scores, test_scores, sizes):
    chosen, score = report(dev_scores, test_scores, sizes)
    return int(sizes[chosen]), score


@choose.mistake("Your place is counted from 1. Places are counted from 0.")
def counted_from_one(dev_scores, test_scores, sizes):
    chosen, score = report(dev_scores, test_scores, sizes)
    return chosen + 1, score


@choose.mistake("You return the dev score as the first result. Return the place of the setting.")
def dev_score_returned(dev_scores, test_scores, sizes):
    chosen, score = report(dev_scores, test_scores, sizes)
    return float(dev_scores[chosen]), score


@choose.mistake("Place and score are exchanged. Return the place first, then the score.")
def exchanged(dev_scores, test_scores, sizes):
    chosen, score = report(dev_scores, test_scores, sizes)
    return score, chosen


@choose.mistake(
    "A smaller model that is nearly as good on dev was preferred. Sizes only decide among settings with the same score."
)
def rounded(dev_scores, test_scores, sizes):
    best = np.flatnonzero(np.round(dev_scores, 2) == np.round(dev_scores, 2).max())
    chosen = int(best[np.argmin(sizes[best])])
    return chosen, float(test_scores[chosen])


@choose.mistake(
    "Your best score so far starts at 0: negative scores (minus an error) never beat it. Start from the first."
)
def starts_from_zero(dev_scores, test_scores, sizes):
    chosen, best = 0, 0
    for place, score in enumerate(dev_scores):
        if score > best or (score == best and sizes[place] < sizes[chosen]):
            chosen, best = place, score
    return chosen, float(test_scores[chosen])


@choose.mistake("The setting's test score stands at its place among *all* settings, not among the best ones.")
def score_of_place_among_best(dev_scores, test_scores, sizes):
    chosen, _ = report(dev_scores, test_scores, sizes)
    return chosen, float(test_scores[np.argmin(sizes[_best(dev_scores)])])


@choose.mistake("You print the mean of all test scores. Print that of the chosen setting.")
def mean_of_test(dev_scores, test_scores, sizes):
    chosen, _ = report(dev_scores, test_scores, sizes)
    return chosen, float(test_scores.mean())


@choose.mistake(BY_TEST)
def by_test_dev_printed(dev_scores, test_scores, sizes):
    chosen = int(np.argmax(test_scores))
    return chosen, float(dev_scores[chosen])


@choose.mistake("You took the largest model of all. First comes the highest dev score; of equals the *fewest* weights.")
def largest_of_all(dev_scores, test_scores, sizes):
    chosen = int(np.argmax(sizes))
    return chosen, float(test_scores[chosen])


@choose.mistake(
    "You chose by the dev score per weight. First comes the highest dev score; sizes only decide among equals."
)
def per_weight(dev_scores, test_scores, sizes):
    chosen = int(np.argmax(dev_scores / sizes))
    return chosen, float(test_scores[chosen])


@choose.mistake(
    "You chose the setting whose two scores are nearest to each other. The test score has no say in the choice."
)
def smallest_gap(dev_scores, test_scores, sizes):
    chosen = int(np.argmin(np.abs(dev_scores - test_scores)))
    return chosen, float(test_scores[chosen])


def _of_another(place):
    """Plants the right place with the test score of another setting."""

    def mistaken(dev_scores, test_scores, sizes):
        return report(dev_scores, test_scores, sizes)[0], place(dev_scores, test_scores, sizes)[1]

    mistaken.__name__ = f"score_of_{place.__name__}"
    choose.mistake("The printed score is that of another setting than the right one.")(mistaken)


for other in (first, last, largest, tie_by_lowest_test, by_both, smallest_of_all, lowest, nearly_as_good):
    _of_another(other)


@choose.mistake("You print the lower of the setting's two scores. Print that on test, whatever it is.")
def lower_of_both(dev_scores, test_scores, sizes):
    chosen, score = report(dev_scores, test_scores, sizes)
    return chosen, float(min(score, dev_scores[chosen]))


@choose.mistake("You print the higher of the setting's two scores. Print that on test, whatever it is.")
def higher_of_both(dev_scores, test_scores, sizes):
    chosen, score = report(dev_scores, test_scores, sizes)
    return chosen, float(max(score, dev_scores[chosen]))


@choose.mistake(
    "A smaller model that is nearly as good on dev was preferred. Sizes only decide among settings with the same score."
)
def within_a_hundredth(dev_scores, test_scores, sizes):
    best = np.flatnonzero(dev_scores >= dev_scores.max() - 0.01)
    chosen = int(best[np.argmin(sizes[best])])
    return chosen, float(test_scores[chosen])


@choose.mistake("You took the second best setting on dev. Take the best.")
def second_best_on_dev(dev_scores, test_scores, sizes):
    chosen = int(np.argsort(-dev_scores)[min(1, len(dev_scores) - 1)])
    return chosen, float(test_scores[chosen])


@choose.mistake("You print the size of the setting's model. Print its score on test.")
def size_printed(dev_scores, test_scores, sizes):
    chosen, _ = report(dev_scores, test_scores, sizes)
    return chosen, float(sizes[chosen])


@choose.mistake("You print by how much the setting is better on dev. Print its score on test.")
def difference_printed(dev_scores, test_scores, sizes):
    chosen, score = report(dev_scores, test_scores, sizes)
    return chosen, float(dev_scores[chosen] - score)


@choose.mistake(
    "A smaller model that is nearly as good on dev was preferred. Sizes only decide among settings with the same score."
)
def close_to_the_best(dev_scores, test_scores, sizes):
    best = np.flatnonzero(np.isclose(dev_scores, dev_scores.max(), rtol=1e-3, atol=0))
    chosen = int(best[np.argmin(sizes[best])])
    return chosen, float(test_scores[chosen])


@choose.mistake(
    "A smaller model that is nearly as good on dev was preferred. Sizes only decide among settings with the same score."
)
def rounded_to_three(dev_scores, test_scores, sizes):
    best = np.flatnonzero(np.round(dev_scores, 3) == np.round(dev_scores, 3).max())
    chosen = int(best[np.argmin(sizes[best])])
    return chosen, float(test_scores[chosen])


WEIGHED = (
    "The size has a say although the dev scores differ. First comes the highest dev score; sizes only decide among "
    "equals."
)


@choose.mistake(WEIGHED)
def sum_of_places(dev_scores, test_scores, sizes):
    places = np.argsort(np.argsort(-dev_scores)) + np.argsort(np.argsort(sizes))
    chosen = int(np.argmin(places))
    return chosen, float(test_scores[chosen])


@choose.mistake(WEIGHED)
def smallest_of_the_good(dev_scores, test_scores, sizes):
    good = np.flatnonzero(dev_scores >= dev_scores.mean())
    chosen = int(good[np.argmin(sizes[good])])
    return chosen, float(test_scores[chosen])


@choose.mistake(WEIGHED)
def best_of_the_small(dev_scores, test_scores, sizes):
    small = np.flatnonzero(sizes <= np.median(sizes))
    chosen = int(small[np.argmax(dev_scores[small])])
    return chosen, float(test_scores[chosen])


@choose.mistake("You chose by the higher of each setting's two scores. The test score must have no say in the choice.")
def by_higher(dev_scores, test_scores, sizes):
    chosen = int(np.argmax(np.maximum(dev_scores, test_scores)))
    return chosen, float(test_scores[chosen])


@choose.mistake("You chose by the lower of each setting's two scores. The test score must have no say in the choice.")
def by_lower(dev_scores, test_scores, sizes):
    chosen = int(np.argmax(np.minimum(dev_scores, test_scores)))
    return chosen, float(test_scores[chosen])


@choose.mistake("Sizes of settings that are not the best became 0, and `argmin` finds the first 0. Make them `np.inf`.")
def others_of_size_zero(dev_scores, test_scores, sizes):
    chosen = int(np.argmin(sizes * (dev_scores == dev_scores.max())))
    return chosen, float(test_scores[chosen])
