"""What goes wrong in `cross_attention.pointing`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.cross_attention.pointing import pointing, points_rightly


def _largest(weights):
    return weights == weights.max(axis=1, keepdims=True)


def _first(weights):
    return np.arange(len(weights)), weights.argmax(axis=1)


# ── ties ────────────────────────────────────────────────────────────────────────────────────────────


@pointing.mistake(
    "Of equal weights you take the first, and whether that one is right is luck. All of them must be right."
)
def first(weights, right):
    return right[_first(weights)].mean()


@pointing.mistake("Of equal weights you take a single one, and whether it is right is luck. All of them must be right.")
def last(weights, right):
    return first(weights[:, ::-1], right[:, ::-1])


@pointing.mistake("Of equal weights you take a single one, and whether it is right is luck. All of them must be right.")
def sorted_last(weights, right):
    return right[np.arange(len(weights)), weights.argsort(axis=1)[:, -1]].mean()


@pointing.mistake("You count a word if *any* of its largest weights is right: ties go in favour of the model.")
def any_of_them(weights, right):
    return (_largest(weights) & right).any(axis=1).mean()


@pointing.mistake("You share ties out, as a draw would. Asked for is the pessimistic way: all or none.")
def shared(weights, right):
    largest = _largest(weights)
    return ((largest & right).sum(axis=1) / largest.sum(axis=1)).mean()


@pointing.mistake(
    "You give half a point where only some of the largest are right. All of them must be, or the word does not count."
)
def half_a_point(weights, right):
    return (points_rightly(weights, right) + any_of_them(weights, right)) / 2


@pointing.mistake("You count a word if *most* of its largest weights are right. All of them must be.")
def most_of_them(weights, right):
    largest = _largest(weights)
    return ((largest & right).sum(axis=1) > largest.sum(axis=1) / 2).mean()


@pointing.mistake("You count no word with a tie. It counts if all regions that share the largest weight are right.")
def no_ties(weights, right):
    largest = _largest(weights)
    return ((largest & right).any(axis=1) & (largest.sum(axis=1) == 1)).mean()


@pointing.mistake(
    "You leave words with a tie out of the count. They count, as right if all of their largest are right."
)
def without_ties(weights, right):
    largest = _largest(weights)
    clear = largest.sum(axis=1) == 1
    return (largest & right)[clear].any(axis=1).mean()


@pointing.mistake("You count every word with a tie as right. It counts only if all that share the largest are right.")
def ties_right(weights, right):
    largest = _largest(weights)
    return ((largest & right).any(axis=1) | (largest.sum(axis=1) > 1)).mean()


@pointing.mistake(
    "You take weights that are *nearly* equal for equal. Only weights that are exactly equal share a place."
)
def nearly(weights, right):
    largest = np.isclose(weights, weights.max(axis=1, keepdims=True))
    return (largest <= right).all(axis=1).mean()


@pointing.mistake("You ask that *every* right region has the largest weight. Asked is that every largest one is right.")
def the_other_way(weights, right):
    return (right <= _largest(weights)).all(axis=1).mean()


@pointing.mistake(
    "You ask that the largest are exactly the right regions. A right region may have less weight, and mostly has."
)
def exactly_those(weights, right):
    return (right == _largest(weights)).all(axis=1).mean()


@pointing.mistake(
    "You ask that a word has right regions and that *every* one has the largest weight. Asked is that every largest "
    "one is right."
)
def all_found(weights, right):
    return (right.any(axis=1) & (right <= _largest(weights)).all(axis=1)).mean()


NEARLY = "You take weights that are *nearly* equal for equal. Only weights that are exactly equal share a place."


@pointing.mistake(NEARLY)
def rounded(weights, right):
    return points_rightly(np.round(weights, 2), right)


@pointing.mistake(NEARLY)
def rounded_to_three(weights, right):
    return points_rightly(np.round(weights, 3), right)


@pointing.mistake(NEARLY)
def rounded_to_one(weights, right):
    return points_rightly(np.round(weights, 1), right)


@pointing.mistake(NEARLY)
def within_a_hundredth(weights, right):
    return ((weights >= weights.max(axis=1, keepdims=True) - 0.01) <= right).all(axis=1).mean()


@pointing.mistake("You leave words whose weights are all equal out of the count. They count among the words.")
def flat_left_out(weights, right):
    flat = (weights == weights[:, :1]).all(axis=1)
    return points_rightly(weights[~flat], right[~flat]) if not flat.all() else 0.0


# ── something else than the largest ─────────────────────────────────────────────────────────────────


@pointing.mistake("This is the mass on the right regions. Pointing asks only where the *largest* weight lies.")
def mass(weights, right):
    return (weights * right).sum(axis=1).mean()


@pointing.mistake(
    "You ask whether more than half of the weight is right. Pointing asks where the *largest* weight lies."
)
def half_of_the_mass(weights, right):
    return ((weights * right).sum(axis=1) > 0.5).mean()


@pointing.mistake("This is the mean of the largest weights that are right. Count the words instead.")
def weight_of_hits(weights, right):
    return (weights.max(axis=1) * right[_first(weights)]).mean()


@pointing.mistake("This is where the *smallest* weight lies.")
def smallest(weights, right):
    return points_rightly(-weights, right)


@pointing.mistake("For each *region* you took the word that looks at it most. A word's weights run along axis 1.")
def by_region(weights, right):
    return right[weights.argmax(axis=0), np.arange(weights.shape[1])].mean()


@pointing.mistake(
    "Your largest weight is that of each *region*. Each word has a largest weight of its own, along axis 1."
)
def largest_of_region(weights, right):
    return ((weights == weights.max(axis=0)) <= right).all(axis=1).mean()


@pointing.mistake("Your largest weight is that of the whole table. Each word has a largest weight of its own.")
def largest_of_all(weights, right):
    return ((weights == weights.max()) <= right).all(axis=1).mean()


@pointing.mistake("You count a word only if *all* regions are right, whatever their weights.")
def all_right(weights, right):
    return right.all(axis=1).mean()


@pointing.mistake("You count a word that has a right region at all, whatever the weights.")
def some_right(weights, right):
    return right.any(axis=1).mean()


@pointing.mistake("You look at the two largest weights. Only the largest counts.")
def two_largest(weights, right):
    return np.take_along_axis(right, np.argsort(-weights, axis=1)[:, :2], axis=1).any(axis=1).mean()


@pointing.mistake(
    "You count the words whose largest weights all lie on *wrong* regions: `right` is the wrong way round."
)
def wrong_way_round(weights, right):
    return points_rightly(weights, ~right)


# ── something else than the share ───────────────────────────────────────────────────────────────────


@pointing.mistake("This is how many words are right. Asked for is their share.")
def number(weights, right):
    return (_largest(weights) <= right).all(axis=1).sum()


@pointing.mistake("You divided the number of right words by the number of regions. Their share is of the words.")
def by_regions(weights, right):
    return number(weights, right) / weights.shape[1]


@pointing.mistake("You divided by the number of weights. Asked for is the share of the *words*.")
def by_places(weights, right):
    return number(weights, right) / weights.size


@pointing.mistake(
    "You leave out words for which no region is right. They cannot point rightly, but they count among the words."
)
def only_shown(weights, right):
    return points_rightly(weights[right.any(axis=1)], right[right.any(axis=1)])


@pointing.mistake("This is the share of the *right regions* that have a largest weight. Count words.")
def found_regions(weights, right):
    return (_largest(weights) & right).sum() / right.sum()


@pointing.mistake(
    "You compare place by place whether largest and right agree. Count words, by their largest weights alone."
)
def agreement(weights, right):
    return (_largest(weights) == right).mean()


@pointing.mistake("This is the share of words that do *not* point rightly.")
def failures(weights, right):
    return 1 - points_rightly(weights, right)


@pointing.mistake("You return, word by word, whether it points rightly. Asked for is one number, the share.")
def word_by_word(weights, right):
    return (_largest(weights) <= right).all(axis=1)


@pointing.mistake(
    "You average over all words and regions. For each word ask first whether *any* of its regions is wrong."
)
def place_by_place(weights, right):
    return (_largest(weights) <= right).mean()


@pointing.mistake(
    "You average over the regions (axis 0 is gone). For each word ask whether any of its regions, axis 1, is wrong."
)
def axis_of_words(weights, right):
    return (_largest(weights) <= right).all(axis=0).mean()


@pointing.mistake("You say whether *every* word points rightly. Asked for is a number, the share of words that do.")
def one_verdict(weights, right):
    return bool((_largest(weights) <= right).all())


@pointing.mistake("You count regions: of those with a largest weight, the share that is right. Count words.")
def share_of_regions(weights, right):
    return right[_largest(weights)].mean()


FLAT = (
    "A word whose weights are all equal never counts in your share. It counts where all regions are right: then all "
    "that share the largest weight are."
)


@pointing.mistake(FLAT)
def flat_never(weights, right):
    flat = (weights == weights[:, :1]).all(axis=1)
    return (~(_largest(weights) & ~right).any(axis=1) & ~flat).mean()


@pointing.mistake("Of equal weights you take the first, but where all are equal: then the word never counts.")
def first_but_flat(weights, right):
    flat = (weights == weights[:, :1]).all(axis=1)
    return (right[_first(weights)] & ~flat).mean()


@pointing.mistake("You ask whether the largest weight is at the *first* right region. Any right region will do.")
def at_the_first_right(weights, right):
    return (weights.argmax(axis=1) == right.argmax(axis=1)).mean()


ENOUGH = "You count a word if a right region has {}. Pointing asks whether its *largest* weight lies on a right one."


@pointing.mistake(ENOUGH.format("more weight than 1 / m, its share if all were equal"))
def above_equal_share(weights, right):
    return ((weights > 1 / weights.shape[1]) & right).any(axis=1).mean()


@pointing.mistake(ENOUGH.format("at least the weight 1 / m, its share if all were equal"))
def at_least_equal_share(weights, right):
    return ((weights >= 1 / weights.shape[1]) & right).any(axis=1).mean()


@pointing.mistake(ENOUGH.format("more than half of the weight"))
def above_one_half(weights, right):
    return ((weights > 0.5) & right).any(axis=1).mean()


@pointing.mistake(
    "You compare the weight of all right regions with that of all wrong ones, on average. The *largest* weight decides."
)
def mean_weights(weights, right):
    with np.errstate(all="ignore"):
        means = [(weights * one).sum(axis=1) / one.sum(axis=1) for one in (right, ~right)]
    return (means[0] > means[1]).mean()


@pointing.mistake("You look at the three largest weights. Only the largest counts.")
def three_largest(weights, right):
    return np.take_along_axis(right, np.argsort(-weights, axis=1)[:, :3], axis=1).any(axis=1).mean()


@pointing.mistake("Only the first word counts. Take the share of all words.")
def first_word(weights, right):
    return points_rightly(weights[:1], right[:1])


@pointing.mistake("You divided by one word less than there are. The share is of all n words.")
def one_word_less(weights, right):
    return number(weights, right) / max(len(weights) - 1, 1)


@pointing.mistake(
    "You ask whether the largest weight is that of the best *right* region, by its place. Ties remain luck."
)
def place_of_best_right(weights, right):
    return (weights.argmax(axis=1) == (weights * right).argmax(axis=1)).mean()


@pointing.mistake(ENOUGH.format("at least the median weight"))
def at_least_median(weights, right):
    return ((weights >= np.median(weights, axis=1, keepdims=True)) & right).any(axis=1).mean()


@pointing.mistake(ENOUGH.format("more than the median weight"))
def above_median(weights, right):
    return ((weights > np.median(weights, axis=1, keepdims=True)) & right).any(axis=1).mean()


@pointing.mistake(
    "You compare the best right region with the *mean* of the wrong ones. It must have the largest weight."
)
def above_mean_of_wrong(weights, right):
    best = np.where(right, weights, 0).max(axis=1)
    return (best > (weights * ~right).sum(axis=1) / np.maximum((~right).sum(axis=1), 1)).mean()


@pointing.mistake("Where weights are equal you look at two of them alone. All that share the largest must be right.")
def first_two_of_ties(weights, right):
    order = np.argsort(-weights, axis=1, kind="stable")[:, :2]
    both = np.take_along_axis(right, order, axis=1)
    tied = _largest(weights).sum(axis=1) > 1
    return np.where(tied, both.all(axis=1), both[:, 0]).mean()


@pointing.mistake(
    "You take places in a row for places in the whole table: `right[np.arange(n), place]` takes each row's."
)
def flat_places(weights, right):
    return right.ravel()[weights.argmax(axis=1)].mean()


@pointing.mistake("A word that is right counts less the more right regions there are. Each counts 1.")
def divided_by_right(weights, right):
    hits = (_largest(weights) <= right).all(axis=1)
    return (hits / np.maximum(right.sum(axis=1), 1)).mean()


@pointing.mistake("You give a word the share of its right regions that have the largest weight. It counts 1 or 0.")
def share_of_right(weights, right):
    return ((_largest(weights) & right).sum(axis=1) / np.maximum(right.sum(axis=1), 1)).mean()


@pointing.mistake("You count a word if at least half of its largest weights are right. All of them must be.")
def at_least_half(weights, right):
    largest = _largest(weights)
    return ((largest & right).sum(axis=1) * 2 >= largest.sum(axis=1)).mean()


@pointing.mistake("You compare weights: the largest right one by the largest of all. Count words: 1 or 0 each.")
def ratio_of_weights(weights, right):
    return (np.where(right, weights, 0).max(axis=1) / weights.max(axis=1)).mean()


@pointing.mistake("The share is in percent and rounded. Return the share itself, and round nothing.")
def rounded_percent(weights, right):
    return np.round(100 * points_rightly(weights, right))


@pointing.mistake("The share is rounded. Round nothing.")
def rounded_to_one_digit(weights, right):
    return np.round(points_rightly(weights, right), 1)


@pointing.mistake(
    "You ask whether a right region is looked at most by this word of all *words*. Compare a word's regions."
)
def most_of_the_words(weights, right):
    return ((weights == weights.max(axis=0)) & right).any(axis=1).mean()


@pointing.mistake("You take the median word: 0 or 1. Asked for is the share of words, their mean.")
def median_word(weights, right):
    return np.median((_largest(weights) <= right).all(axis=1))


@pointing.mistake("You ask that the two largest weights are both right. Only the largest counts.")
def both_of_two_largest(weights, right):
    order = np.argsort(-weights, axis=1, kind="stable")[:, :2]
    return np.take_along_axis(right, order, axis=1).all(axis=1).mean()


@pointing.mistake(
    "Of equal weights one right one is enough for you, but where all are equal. All of them must be right."
)
def any_but_flat(weights, right):
    flat = (weights == weights[:, :1]).all(axis=1)
    return ((_largest(weights) & right).any(axis=1) & ~flat).mean()


@pointing.mistake(
    "You compare the sum of the right weights with the largest one. The largest itself must lie on a right region."
)
def sum_of_right(weights, right):
    return ((weights * right).sum(axis=1) >= weights.max(axis=1)).mean()
