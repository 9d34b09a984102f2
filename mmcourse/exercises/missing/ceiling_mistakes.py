"""What goes wrong in `missing.ceiling`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.missing.ceiling import ceiling, ceiling_with_holes


def _four(p):
    """What can be reached from both, the first, the second, none."""
    return p.max(-1).sum(), p.sum(1).max(-1).sum(), p.sum(0).max(-1).sum(), p.sum((0, 1)).max()


def _weighed(reached, first, second):
    both, one, other, none = reached
    seen = (1 - first) * (1 - second) * both + (1 - first) * second * one + first * (1 - second) * other
    return seen + first * second * none


@ceiling.mistake(
    "First and second are exchanged, in the probabilities or in the ceilings. Where the *first* is missing the second "
    "is seen; `p.sum(axis=1)` sums the *second* away."
)
def _exchanged(p, first, second):
    return ceiling_with_holes(p, second, first)


@ceiling.mistake(
    "Where both are missing, every answer counts as wrong with you. The commonest label is still right at times."
)
def _nothing_is_wrong(p, first, second):
    return _weighed((*_four(p)[:3], 0.0), first, second)


@ceiling.mistake(
    "You took the probabilities for those of being there. They say how often the modalities are *missing*."
)
def _there_for_missing(p, first, second):
    return ceiling_with_holes(p, 1 - first, 1 - second)


@ceiling.mistake("You left out that both may be missing: there are four cases, and their weights add up to one.")
def _adds(p, first, second):
    both, one, other, _ = _four(p)
    return (1 - first - second) * both + second * one + first * other


@ceiling.mistake(
    "Where both are missing you guess each label as often. They are not equally common: answer the commonest."
)
def _coin(p, first, second):
    return _weighed((*_four(p)[:3], 1 / p.shape[-1]), first, second)


@ceiling.mistake("That is the ceiling with no holes at all.")
def _whole(p, first, second):
    return _four(p)[0]


@ceiling.mistake("You cannot choose which of the two is left: where the better one is missing, the other has to do.")
def _better(p, first, second):
    both, one, other, none = _four(p)
    return _weighed((both, max(one, other), max(one, other), none), first, second)


@ceiling.mistake(
    "The weights do not add up to one: where only one is missing, the other is *there*, which is a factor as well."
)
def _weights_too_large(p, first, second):
    both, one, other, none = _four(p)
    return (1 - first) * (1 - second) * both + second * one + first * other + first * second * none


@ceiling.mistake(
    "Where both are there you take the better of the two. Both together can know more: look at every pair."
)
def _better_for_both(p, first, second):
    _, one, other, none = _four(p)
    return _weighed((max(one, other), one, other, none), first, second)


@ceiling.mistake(
    "Where one is missing you give up and answer the commonest label. The other one is still there to be asked."
)
def _complete_only(p, first, second):
    both, _, _, none = _four(p)
    return _weighed((both, none, none, none), first, second)


@ceiling.mistake(
    "Where one is missing, every answer counts as wrong with you. The best answer from what is left is right at times."
)
def _complete_or_wrong(p, first, second):
    return _weighed((_four(p)[0], 0.0, 0.0, 0.0), first, second)


@ceiling.mistake(
    "You sum over the labels before you choose one. In every case that can be seen, take the likeliest label, then sum "
    "over the cases."
)
def _maximum_over_cases(p, first, second):
    both = p.max(axis=(0, 1)).sum()
    return _weighed((both, p.sum(1).max(0).sum(), p.sum(0).max(0).sum(), p.sum((0, 1)).max()), first, second)


@ceiling.mistake(
    "You take the likeliest single case only. The model is asked in all of them: sum over what can be seen."
)
def _single_case(p, first, second):
    return _weighed((p.max(), p.sum(1).max(), p.sum(0).max(), p.sum((0, 1)).max()), first, second)


@ceiling.mistake("That is the mean of the four ceilings. They are not equally likely: weigh each by its probability.")
def _mean(p, first, second):
    return sum(_four(p)) / 4


@ceiling.mistake(
    "You answer each label as often as it is likely. The likeliest label, always, is right more often: take the "
    "maximum."
)
def _guessing(p, first, second):
    views = p.reshape(-1, p.shape[-1]), p.sum(1), p.sum(0), p.sum((0, 1))[None]
    seen = [(view**2 / np.maximum(view.sum(-1, keepdims=True), 1e-300)).sum() for view in views]
    return _weighed(seen, first, second)


@ceiling.mistake(
    "You took the mean over what can be seen, as if every case were equally likely. Weigh each by how often it occurs: "
    "do not divide the joint table by its rows."
)
def _conditionals(p, first, second):
    views = p.reshape(-1, p.shape[-1]), p.sum(1), p.sum(0), p.sum((0, 1))[None]
    seen = [(view / np.maximum(view.sum(-1, keepdims=True), 1e-300)).max(-1).mean() for view in views]
    return _weighed(seen, first, second)


OVER_VIEWS = (
    "Where both are there your maximum runs over what is seen. It must run over the labels, the last axis: one is "
    "chosen for each pair."
)


@ceiling.mistake(OVER_VIEWS)
def _both_over_first(p, first, second):
    return _weighed((p.max(0).sum(), *_four(p)[1:]), first, second)


@ceiling.mistake(OVER_VIEWS)
def _both_over_second(p, first, second):
    return _weighed((p.max(1).sum(), *_four(p)[1:]), first, second)


@ceiling.mistake(
    "Where both are missing you take a maximum over what is not seen. Sum over it; then the likeliest label."
)
def _none_over_views(p, first, second):
    return _weighed((*_four(p)[:3], p.max((0, 1)).sum()), first, second)


@ceiling.mistake("Where one is missing you still answer from both. Sum the missing one away first.")
def _both_for_one(p, first, second):
    both, _, _, none = _four(p)
    return _weighed((both, both, both, none), first, second)


@ceiling.mistake(
    "Where both are missing you count one half. The labels need not be two, nor equally common: answer the commonest."
)
def _one_half(p, first, second):
    return _weighed((*_four(p)[:3], 0.5), first, second)


@ceiling.mistake("You count as if both were there unless both are missing, and then as if every answer were wrong.")
def _all_or_nothing(p, first, second):
    return (1 - first * second) * _four(p)[0]


@ceiling.mistake(
    "Two weights lack a factor, as the other one is *there*, and the case in which both are missing is left out."
)
def _half_weighed(p, first, second):
    both, one, other, _ = _four(p)
    return (1 - first) * (1 - second) * both + second * one + first * other


@ceiling.mistake(
    "You add the two accuracies, each by how often it is there. Where both are there it counts twice: take four cases."
)
def _two_by_two(p, first, second):
    _, one, other, _ = _four(p)
    return (1 - first) * one + (1 - second) * other


@ceiling.mistake(
    "You left out the weight of both missing when you subtract: 1 - first - second is not (1 - first) · (1 - second)."
)
def _subtracted(p, first, second):
    both, one, other, none = _four(p)
    return (1 - first - second) * both + second * one + first * other + first * second * none


@ceiling.mistake("Where both are there you take the likeliest single case. Sum over all pairs that can be seen.")
def _single_for_both(p, first, second):
    return _weighed((p.max(), *_four(p)[1:]), first, second)


@ceiling.mistake("You let only the first be missing. The second may be missing as well, and both.")
def _only_the_first(p, first, second):
    return ceiling_with_holes(p, first, 0.0)


@ceiling.mistake("You let only the second be missing. The first may be missing as well, and both.")
def _only_the_second(p, first, second):
    return ceiling_with_holes(p, 0.0, second)


@ceiling.mistake("You use `first` for both probabilities. The second is missing with the probability `second`.")
def _first_for_both(p, first, second):
    return ceiling_with_holes(p, first, first)


@ceiling.mistake("You use `second` for both probabilities. The first is missing with the probability `first`.")
def _second_for_both(p, first, second):
    return ceiling_with_holes(p, second, second)


@ceiling.mistake("You take the largest of what the four cases contribute. Add them.")
def _largest_contribution(p, first, second):
    return _not_added(p, first, second).max()


@ceiling.mistake("That is the floor: what is reached when nothing is ever seen. Weigh all four cases.")
def _floor(p, first, second):
    return _four(p)[3]


@ceiling.mistake(
    "The weights of the first case and the last are exchanged: both are there with (1 - first) · (1 - second)."
)
def _there_and_missing_exchanged(p, first, second):
    both, one, other, none = _four(p)
    return _weighed((none, one, other, both), first, second)


@ceiling.mistake(
    "Where one is missing you take the mean of the two ceilings. It is known which is left: weigh each by itself."
)
def _mean_of_two(p, first, second):
    both, one, other, none = _four(p)
    return _weighed((both, (one + other) / 2, (one + other) / 2, none), first, second)


@ceiling.mistake(
    "Where both are there you add the two accuracies. They do not add up: look at every pair of what the two show."
)
def _sum_for_both(p, first, second):
    _, one, other, none = _four(p)
    return _weighed((one + other, one, other, none), first, second)


@ceiling.mistake(
    "Where both are there you compute how often at least one of two independent models is right. Nobody knows which: "
    "look at every pair of what the two show."
)
def _either_for_both(p, first, second):
    _, one, other, none = _four(p)
    return _weighed((1 - (1 - one) * (1 - other), one, other, none), first, second)


@ceiling.mistake(
    "Where both are there you treat the two as independent. The table holds how they go together: use it as it is."
)
def _independent(p, first, second):
    joint = p.sum(1)[:, None] * p.sum(0)[None] / p.sum((0, 1))
    return _weighed((joint.max(-1).sum(), *_four(p)[1:]), first, second)


@ceiling.mistake(
    "You leave out the case in which both are missing, and divide by what the others weigh. It counts: the commonest "
    "label is right at times."
)
def _without_none(p, first, second):
    return np.float64(_nothing_is_wrong(p, first, second)) / (1 - first * second)


@ceiling.mistake(
    "Where both are missing you take the likeliest single case. Sum over all that is not seen: the labels are left."
)
def _single_for_none(p, first, second):
    return _weighed((*_four(p)[:3], p.max()), first, second)


@ceiling.mistake(
    "You took the mean over the modality that is not seen. Its cases have probabilities already: sum them."
)
def _mean_of_unseen(p, first, second):
    reached = p.max(-1).sum(), p.mean(1).max(-1).sum(), p.mean(0).max(-1).sum(), p.mean((0, 1)).max()
    return _weighed(reached, first, second)


@ceiling.mistake("You return the four ceilings. Weigh each by how likely its case is, and add them: one number.")
def _all_four(p, first, second):
    return np.array(_four(p))


@ceiling.mistake("You return what the four cases contribute. Add them: one number.")
def _not_added(p, first, second):
    weights = (1 - first) * (1 - second), (1 - first) * second, first * (1 - second), first * second
    return np.array(weights) * _four(p)


def _one_weight(label, place, change, message):
    """Plants a wrong weight of one of the four cases: ``change`` of its two factors, that of the first modality and
    that of the second."""

    def wrong(p, first, second):
        factors = [(1 - first, 1 - second), (1 - first, second), (first, 1 - second), (first, second)]
        factors[place] = change(*factors[place])
        return sum(x * y * reached for (x, y), reached in zip(factors, _four(p), strict=True))

    wrong.__name__ = f"_{label}_{place}"
    ceiling.mistake(message)(wrong)


for _place, _seen in enumerate(
    ("both are there", "only the first is there", "only the second is there", "none is there")
):
    if _place < 3:  # the fourth is `_nothing_is_wrong`
        _one_weight("left_out", _place, lambda x, y: (0, 0), f"You left out the case in which {_seen}.")
    _one_weight("in_full", _place, lambda x, y: (1, 1), f"The case in which {_seen} counts in full. Weigh it, too.")
    _message = (
        f"The weight of the case in which {_seen} is a product of two: one factor for each modality. Yours has one."
    )
    _one_weight("first_factor", _place, lambda x, y: (x, 1), _message)
    _one_weight("second_factor", _place, lambda x, y: (1, y), _message)
    _message = f"In the weight of the case in which {_seen} you exchange being there and being missing."
    _one_weight("other_first", _place, lambda x, y: (1 - x, y), _message)
    _one_weight("other_second", _place, lambda x, y: (x, 1 - y), _message)
    _one_weight("minus", _place, lambda x, y: (-x, y), f"You subtract the case in which {_seen}. All four are added.")


@ceiling.mistake(
    "What is not seen you maximised away, where it must be summed away: nobody chooses what the missing one shows. "
    "Sum first, then take the maximum over the labels."
)
def _maximum_for_sum(p, first, second):
    reached = p.max(-1).sum(), p.max(1).max(-1).sum(), p.max(0).max(-1).sum(), p.sum((0, 1)).max()
    return _weighed(reached, first, second)


@ceiling.mistake(
    "What is not seen you maximised away, where it must be summed away: nobody chooses what the missing one shows. "
    "Sum first, then take the maximum over the labels."
)
def _maximum_for_all_sums(p, first, second):
    return _weighed((p.max(-1).sum(), p.max(1).max(-1).sum(), p.max(0).max(-1).sum(), p.max()), first, second)


@ceiling.mistake("You took the mean over what is seen. The table holds probabilities already: sum the maxima.")
def _mean_of_maxima(p, first, second):
    reached = p.max(-1).mean(), p.sum(1).max(-1).mean(), p.sum(0).max(-1).mean(), p.sum((0, 1)).max()
    return _weighed(reached, first, second)


def _certain(p):
    """How sure the best answer is on average, if all views were equally common."""
    seen = p.sum(-1)
    return (p.max(-1) / np.where(seen > 0, seen, 1)).mean()


@ceiling.mistake("Not all views are equally common: each counts with its probability. Sum the maxima of the table.")
def _pairs_equally_common(p, first, second):
    return _weighed((_certain(p), *_four(p)[1:]), first, second)


@ceiling.mistake("Where both are missing you draw a label by its probability. The highest accuracy has the commonest.")
def _drawn_label(p, first, second):
    return _weighed((*_four(p)[:3], (p.sum((0, 1)) ** 2).sum()), first, second)


@ceiling.mistake(
    "The weights do not add up to one: where the second is missing and the first is there, that has the probability "
    "(1 - first) · second."
)
def _only_there(p, first, second):
    both, one, other, none = _four(p)
    return (1 - first) * (1 - second) * both + (1 - first) * one + (1 - second) * other + first * second * none


@ceiling.mistake(
    "You let one modality be missing at a time and took the mean of the two. There are four cases, and four weights."
)
def _one_at_a_time(p, first, second):
    both, one, other, _ = _four(p)
    return ((1 - first) * both + first * other + (1 - second) * both + second * one) / 2


@ceiling.mistake("You let the two be missing together as often as they can. They are missing independently: multiply.")
def _together(p, first, second):
    both, one, other, none = _four(p)
    alone = one if second > first else other
    return (1 - max(first, second)) * both + abs(second - first) * alone + min(first, second) * none


@ceiling.mistake("This is the likeliest single entry of the table. Sum the best of every view.")
def _likeliest_entry(p, first, second):
    return p.max()


@ceiling.mistake(
    "Where one is missing, your maximum runs over what the other shows. It must run over the labels, the last axis: "
    "one is chosen for each thing that is seen."
)
def _singles_over_views(p, first, second):
    both, _, _, none = _four(p)
    return _weighed((both, p.sum(1).max(0).sum(), p.sum(0).max(0).sum(), none), first, second)


BOTH = "Where both are missing you count what one of them reaches. Nothing is seen there: answer the commonest label."


@ceiling.mistake(BOTH)
def _both_as_the_better(p, first, second):
    return _weighed((*_four(p)[:3], max(_four(p)[1:3])), first, second)


@ceiling.mistake(BOTH)
def _both_as_the_mean(p, first, second):
    return _weighed((*_four(p)[:3], sum(_four(p)[1:3]) / 2), first, second)


@ceiling.mistake(BOTH)
def _both_as_the_worse(p, first, second):
    return _weighed((*_four(p)[:3], min(_four(p)[1:3])), first, second)


@ceiling.mistake(
    "Where one is missing you count the worse of the two. It is known which is left: weigh each by itself."
)
def _worse_one(p, first, second):
    both, one, other, none = _four(p)
    return _weighed((both, min(one, other), min(one, other), none), first, second)


@ceiling.mistake(
    "You sum the labels away, `axis=2`. Where one is missing, sum away what *it* shows, and keep the labels."
)
def _labels_summed(p, first, second):
    both, _, _, none = _four(p)
    return _weighed((both, p.sum(2).max(1).sum(), p.sum(2).max(0).sum(), none), first, second)


@ceiling.mistake(
    "Where one is missing you answer label 0, whatever the other shows. Choose the likeliest for each view."
)
def _first_label(p, first, second):
    both, _, _, none = _four(p)
    one = p.sum((0, 1))[0]
    return _weighed((both, one, one, none), first, second)


@ceiling.mistake(
    "You multiply what the two reach, each with its holes. Accuracies do not multiply: weigh four cases, and add them."
)
def _product_of_mixtures(p, first, second):
    _, one, other, none = _four(p)
    return ((1 - first) * one + first * none) * ((1 - second) * other + second * none)


@ceiling.mistake(
    "You compute how often at least one of the two is right, each with its holes. Nobody knows which: weigh four cases."
)
def _either_of_mixtures(p, first, second):
    _, one, other, none = _four(p)
    return 1 - (1 - (1 - first) * one - first * none) * (1 - (1 - second) * other - second * none)


@ceiling.mistake(
    "You take the better of two models, each with its holes. Where both are there, or only the other one, more can be "
    "reached: weigh four cases."
)
def _better_of_mixtures(p, first, second):
    _, one, other, none = _four(p)
    return max((1 - first) * one + first * none, (1 - second) * other + second * none)


@ceiling.mistake("You take the mean of two models, each with its holes. Weigh four cases.")
def _mean_of_mixtures(p, first, second):
    _, one, other, none = _four(p)
    return ((1 - first) * one + first * none + (1 - second) * other + second * none) / 2


@ceiling.mistake(
    "You choose one way of answering for all samples, and take the best. It is known what is missing: answer each of "
    "the four cases in its own way, and add them."
)
def _one_way_for_all(p, first, second):
    both, one, other, none = _four(p)
    return max((1 - first) * (1 - second) * both, (1 - first) * one, (1 - second) * other, none)


FIRST_AXIS = (
    "Your maximum runs along the first axis, over what is seen. It runs over the labels, the *last* axis: for each "
    "view one label is chosen."
)


@ceiling.mistake(FIRST_AXIS)
def _first_axis(p, first, second):
    return _weighed((p.max(0).sum(), p.sum(1).max(0).sum(), p.sum(0).max(0).sum(), p.sum((1, 2)).max()), first, second)


@ceiling.mistake(FIRST_AXIS)
def _first_axis_but_for_none(p, first, second):
    reached = p.max(0).sum(), p.sum(1).max(0).sum(), p.sum(0).max(0).sum(), p.sum((0, 1)).max()
    return _weighed(reached, first, second)


@ceiling.mistake(
    "Where both are missing you sum the labels away. Sum over what the two show: `axis=(0, 1)` leaves the labels."
)
def _none_sums_labels(p, first, second):
    return _weighed((*_four(p)[:3], p.sum((1, 2)).max()), first, second)


@ceiling.mistake(
    "Where both are missing you sum the labels away. Sum over what the two show: `axis=(0, 1)` leaves the labels."
)
def _none_sums_labels_and_first(p, first, second):
    return _weighed((*_four(p)[:3], p.sum((0, 2)).max()), first, second)


@ceiling.mistake(
    "Where one is missing you answer as if it showed its first value. The best answer sums over all that it may show."
)
def _read_as_zero(p, first, second):
    best, (both, _, _, none) = p.argmax(2), _four(p)
    one = p.sum(1)[np.arange(len(p)), best[:, 0]].sum()
    other = p.sum(0)[np.arange(p.shape[1]), best[0]].sum()
    return _weighed((both, one, other, none), first, second)


@ceiling.mistake(
    "Where anything is missing you answer as if it showed its first value. The best "
    "answer sums over all that it may show."
)
def _all_read_as_zero(p, first, second):
    best, both = p.argmax(2), _four(p)[0]
    one = p.sum(1)[np.arange(len(p)), best[:, 0]].sum()
    other = p.sum(0)[np.arange(p.shape[1]), best[0]].sum()
    return _weighed((both, one, other, p.sum((0, 1))[best[0, 0]]), first, second)


@ceiling.mistake(
    "Where both are missing you count how often the commonest label is *wrong*. Count how often it is right."
)
def _none_is_an_error(p, first, second):
    return _weighed((*_four(p)[:3], 1 - _four(p)[3]), first, second)


@ceiling.mistake("Only the first two labels count in yours. There may be more: the maximum runs over the last axis.")
def _two_labels(p, first, second):
    return ceiling_with_holes(p[..., :2], first, second)


@ceiling.mistake(
    "Where both are missing you answer one of the first two labels. There may be more: take the maximum over them all."
)
def _two_labels_for_none(p, first, second):
    return _weighed((*_four(p)[:3], p.sum((0, 1))[:2].max()), first, second)


@ceiling.mistake(
    "Where both are missing you answer the first label. Answer the commonest: take the maximum over the labels."
)
def _first_label_for_none(p, first, second):
    return _weighed((*_four(p)[:3], p.sum((0, 1))[0]), first, second)


@ceiling.mistake(
    "You count as if both went missing together, with the probability `first` plus `second`. There are four cases, and "
    "in two of them one of the two is there."
)
def _missing_as_one(p, first, second):
    both, _, _, none = _four(p)
    return max(0.0, 1 - first - second) * both + min(1.0, first + second) * none


@ceiling.mistake("You divide by the number of cases. The weights are probabilities already: add up the four.")
def _quarter(p, first, second):
    return ceiling_with_holes(p, first, second) / 4


UNTOLD = (
    "You mix the tables of the four cases before you choose a label, as if nobody knew what is missing. It is known: "
    "choose in each case, then weigh and add."
)


@ceiling.mistake(UNTOLD)
def _mixed_evenly(p, first, second):
    a, b, _ = p.shape
    one, other = p.sum(1, keepdims=True) / b, p.sum(0, keepdims=True) / a
    return _weighed((p, one, other, p.sum((0, 1)) / (a * b)), first, second).max(-1).sum()


@ceiling.mistake(UNTOLD)
def _mixed_by_frequency(p, first, second):
    one = p.sum(1, keepdims=True) * p.sum((0, 2))[None, :, None]
    other = p.sum(0, keepdims=True) * p.sum((1, 2))[:, None, None]
    none = p.sum((0, 1)) * p.sum((1, 2))[:, None, None] * p.sum((0, 2))[None, :, None]
    return _weighed((p, one, other, none), first, second).max(-1).sum()


@ceiling.mistake(
    "You use both where both are there, and else answer blindly, as if holes fell together as often as they can. Weigh "
    "four cases."
)
def _smaller_for_both(p, first, second):
    both, _, _, none = _four(p)
    there = min(1 - first, 1 - second)
    return there * both + (1 - there) * none


@ceiling.mistake("The weights are squares of one probability. The two differ: multiply one of each modality.")
def _squares(p, first, second):
    both, one, other, none = _four(p)
    return (1 - first) ** 2 * both + (1 - first) * first * one + (1 - second) * second * other + second**2 * none


@ceiling.mistake("That is an entropy. Asked is an accuracy: the probability of the best answer, summed up.")
def _entropy(p, first, second):
    return -(p * np.log(np.where(p > 0, p, 1))).sum()


@ceiling.mistake(
    "Where one is missing you count the floor and half of what is gained by the other. Weigh each by itself."
)
def _half_gain(p, first, second):
    both, one, other, none = _four(p)
    return _weighed((both, (one + none) / 2, (other + none) / 2, none), first, second)


@ceiling.mistake("You give the ceiling of the case that is likeliest. All four happen: weigh and add them.")
def _likeliest_case(p, first, second):
    weights = (1 - first) * (1 - second), (1 - first) * second, first * (1 - second), first * second
    return _four(p)[int(np.argmax(weights))]


GIVEN_UP = "Where {} is missing you answer blindly. The {} may still be there, and tells something: weigh four cases."


@ceiling.mistake(GIVEN_UP.format("the first", "second"))
def _blind_without_first(p, first, second):
    both, one, _, none = _four(p)
    return (1 - first) * ((1 - second) * both + second * one) + first * none


@ceiling.mistake(GIVEN_UP.format("the second", "first"))
def _blind_without_second(p, first, second):
    both, _, other, none = _four(p)
    return (1 - second) * ((1 - first) * both + first * other) + second * none


@ceiling.mistake("You draw a straight line from the ceiling of both to the floor. Weigh four cases, each by itself.")
def _straight_line(p, first, second):
    both, _, _, none = _four(p)
    return both - (first + second) / 2 * (both - none)


def _sure(table):
    """How sure the best answer is, mean over all views."""
    return (table / np.maximum(table.sum(-1, keepdims=True), 1e-300)).max(-1).mean()


@ceiling.mistake("Where one is missing you divide by how common each view is. Sum the maxima of the joint table.")
def _singles_conditional(p, first, second):
    both, _, _, none = _four(p)
    return _weighed((both, _sure(p.sum(1)), _sure(p.sum(0)), none), first, second)


@ceiling.mistake(
    "First and second are exchanged, and where both are missing you guess each label as often. There the commonest "
    "label is the best answer."
)
def _exchanged_and_guessed(p, first, second):
    both, one, other, _ = _four(p)
    return _weighed((both, other, one, 1 / p.shape[-1]), first, second)


@ceiling.mistake(
    "Both are missing with the probability first · second. You took that of at least one of them missing, and the "
    "weights do not add up to one."
)
def _any_for_none(p, first, second):
    both, one, other, none = _four(p)
    return _weighed((both, one, other, 0.0), first, second) + (first + second - first * second) * none


@ceiling.mistake("Both are missing with the probability first · second, not first plus second.")
def _sum_for_none(p, first, second):
    both, one, other, none = _four(p)
    return _weighed((both, one, other, 0.0), first, second) + (first + second) * none


@ceiling.mistake("Both are missing with the probability first · second, not with the smaller one of the two.")
def _smaller_for_none(p, first, second):
    both, one, other, none = _four(p)
    return _weighed((both, one, other, 0.0), first, second) + min(first, second) * none
