"""What goes wrong in `fusion_levels.decide`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.fusion_levels.decide import decide, decide_jointly
from mmcourse.exercises.numeric import softmax


def _filled(logits, there):
    return np.where(there[:, :, None], logits, 0)


def _mean(values, there, nobody=None):
    """The mean over those that are there, in the way of the solution; ``nobody``: what an item without any gets."""
    k = values.shape[-1]
    total, number = (np.where(there[:, :, None], values, 0)).sum(0), there.sum(0)[:, None]
    return np.where(number == 0, 1 / k if nobody is None else nobody, total / np.maximum(number, 1))


def _of(values, there):
    """A softmax of what has been joined; all the same where nobody is there."""
    return softmax(np.where(there.any(0)[:, None], values, 0))


SCORES_JOINED = (
    "You took the mean of the *scores*. That is the product of the decisions, brought to sum one; asked for is the "
    "mean of the probabilities."
)


@decide.mistake(SCORES_JOINED)
def mean_of_scores(logits, there):
    return _of(_mean(logits, there), there)


@decide.mistake(SCORES_JOINED)
def mean_of_filled_scores(logits, there):
    return softmax(_filled(logits, there).mean(0))


@decide.mistake(SCORES_JOINED)
def mean_of_all_scores(logits, there):
    return softmax(logits.mean(0))


@decide.mistake(
    "You multiplied the decisions (or summed their scores, which is the same). Asked for is the mean of the "
    "probabilities."
)
def product(logits, there):
    return softmax(_filled(logits, there).sum(0))


@decide.mistake("Your softmax runs over the modalities. It must run over the classes, the last axis.")
def wrong_axis(logits, there):
    return _mean(softmax(_filled(logits, there), axis=0), there)


@decide.mistake("Your softmax runs over the modalities. It must run over the classes.")
def wrong_axis_and_all(logits, there):
    return softmax(_filled(logits, there), axis=0).mean(0)


@decide.mistake("Your softmax runs over the items. It must run over the classes: an item knows nothing of the others.")
def over_items(logits, there):
    return _mean(softmax(_filled(logits, there), axis=1), there)


@decide.mistake(
    "Your softmax runs over all numbers of the array. It must run over the classes, for each item and modality."
)
def over_everything(logits, there):
    x = np.exp(_filled(logits, there) - _filled(logits, there).max())
    return _mean(x / x.sum(), there)


@decide.mistake("This is the sum of the decisions: with three modalities it adds up to three. Divide by their number.")
def only_summed(logits, there):
    return _mean(softmax(_filled(logits, there)), there) * np.maximum(there.sum(0), 1)[:, None]


@decide.mistake("This is the sum of the decisions. Divide it by the number of modalities that the item has.")
def only_summed_nothing(logits, there):
    return (softmax(_filled(logits, there)) * there[:, :, None]).sum(0)


MISSING_VOTES = (
    "A missing modality votes: scores of 0 say that all classes are equally likely, and you count that. Leave it out."
)


@decide.mistake(MISSING_VOTES)
def missing_votes(logits, there):
    return softmax(_filled(logits, there)).mean(0)


@decide.mistake("You never look at `there`: the scores of missing modalities count as much as the others.")
def there_ignored(logits, there):
    return softmax(logits).mean(0)


ALL_COUNTED = "You divide by the number of all modalities. Divide by the number of those that are there."


@decide.mistake(ALL_COUNTED)
def divided_by_all(logits, there):
    return (softmax(_filled(logits, there)) * there[:, :, None]).mean(0)


@decide.mistake(ALL_COUNTED)
def divided_by_all_but_nobody(logits, there):
    return _of_nobody((softmax(_filled(logits, there)) * there[:, :, None]).mean(0), there)


def _of_nobody(p, there):
    return np.where(there.any(0)[:, None], p, 1 / p.shape[-1])


SPREADS = "NaN in a missing modality spreads: NaN times zero is NaN. Replace it before you compute with it."


@decide.mistake(SPREADS)
def multiplied(logits, there):
    return _of_nobody((softmax(logits) * there[:, :, None]).sum(0) / np.maximum(there.sum(0), 1)[:, None], there)


@decide.mistake(SPREADS + " And an item that has no modality divides by zero.")
def multiplied_only(logits, there):
    return (softmax(logits) * there[:, :, None]).sum(0) / there.sum(0)[:, None]


@decide.mistake(SPREADS + " And an item that has no modality gets zeros: there all classes are equally likely.")
def multiplied_zeros(logits, there):
    return (softmax(logits) * there[:, :, None]).sum(0) / np.maximum(there.sum(0), 1)[:, None]


@decide.mistake("An item without any modality divides by zero. Then all classes are equally likely.")
def nobody_there(logits, there):
    return _mean(softmax(_filled(logits, there)), there, nobody=np.nan)


@decide.mistake("An item without any modality gets zeros, which are no probabilities. Then all are equally likely.")
def nobody_zero(logits, there):
    return _mean(softmax(_filled(logits, there)), there, nobody=0)


OVERFLOWS = (
    "`np.exp` of a score above 709 is infinite, and infinity divided by itself is NaN. Subtract the largest score of "
    "each modality and item first."
)


def _overflowing(x):
    return np.exp(x) / np.exp(x).sum(-1, keepdims=True)


@decide.mistake(OVERFLOWS)
def overflows(logits, there):
    return _mean(_overflowing(_filled(logits, there)), there)


@decide.mistake(
    "You subtract one largest score from all items. Where an item lies far below it, its exponentials are all 0. "
    "Subtract the largest of each modality and item."
)
def one_maximum(logits, there):
    x = _filled(logits, there)
    return _mean(_overflowing(x - x.max()), there)


@decide.mistake(
    "You take for missing what is NaN or infinite. What is missing is said by `there`: its scores may be ordinary "
    "numbers as well."
)
def nan_is_missing(logits, there):
    return _of_nobody(np.nan_to_num(np.nanmean(softmax(logits), 0)), np.isfinite(logits).all(-1))


@decide.mistake(
    "You put zeros where NaN stands, and never look at `there`. What is missing is said by `there`, and it has no vote."
)
def nan_to_zero(logits, there):
    return softmax(np.nan_to_num(logits)).mean(0)


@decide.mistake("The mask is the wrong way round: you join the modalities that are missing.")
def mask_reversed(logits, there):
    return _mean(softmax(np.where(there[:, :, None], 0, logits)), ~there)


@decide.mistake("You took the largest probability among the modalities. Asked for is their mean.")
def largest(logits, there):
    return _of_nobody(np.where(there[:, :, None], softmax(_filled(logits, there)), 0).max(0), there)


@decide.mistake("Each modality only votes for its best class here. Asked for is the mean of the probabilities.")
def votes(logits, there):
    best = np.eye(logits.shape[-1])[_filled(logits, there).argmax(-1)]
    return _mean(best, there)


@decide.mistake("Only the first modality counts in your result. Asked for is the mean of all that are there.")
def first_alone(logits, there):
    return decide_jointly(logits[:1], there[:1])


@decide.mistake("You take the first modality that is there. Asked for is the mean of all that are there.")
def first_one(logits, there):
    chosen = softmax(_filled(logits, there))[there.argmax(0), np.arange(there.shape[1])]
    return _of_nobody(chosen, there)


@decide.mistake("The exponential is missing: scores, divided by their sum, are no probabilities.")
def no_exponential(logits, there):
    x = _filled(logits, there)
    return _mean(x / x.sum(-1, keepdims=True), there)


@decide.mistake("These are exponentials that nobody divided by their sum: they do not add up to one.")
def not_divided(logits, there):
    x = _filled(logits, there)
    return _mean(np.exp(x - x.max(-1, keepdims=True)), there)


@decide.mistake(
    "You divided the exponentials by their mean. Divide by their sum, so that the probabilities add up to one."
)
def divided_by_mean(logits, there):
    return decide_jointly(logits, there) * logits.shape[-1]


@decide.mistake("You used the logistic function, one class at a time. Probabilities of classes come from a softmax.")
def logistic(logits, there):
    return _mean(1 / (1 + np.exp(-_filled(logits, there))), there)


@decide.mistake("These are means of scores. They must become probabilities first, by a softmax over the classes.")
def never_softmax(logits, there):
    return _mean(logits, there)


@decide.mistake("You return the likeliest class. Asked for are the probabilities of all of them.")
def named(logits, there):
    return decide_jointly(logits, there).argmax(-1)


@decide.mistake("Where one modality is missing you give up. The others still decide: join those that are there.")
def all_or_nothing(logits, there):
    p = softmax(_filled(logits, there)).mean(0)
    return np.where(there.all(0)[:, None], p, 1 / p.shape[-1])


@decide.mistake("You divide by the number of modalities that are there, less one. Divide by the number itself.")
def one_less(logits, there):
    p = softmax(_filled(logits, there)) * there[:, :, None]
    return p.sum(0) / np.maximum(there.sum(0)[:, None] - 1, 1)


@decide.mistake("This is the geometric mean, the exponential of the mean logarithm. Asked for is the ordinary mean.")
def geometric(logits, there):
    p = softmax(_filled(logits, there))
    return np.exp(_mean(np.log(p), there, nobody=0))


@decide.mistake("The softmax is taken twice. Once turns scores into probabilities.")
def softmax_twice(logits, there):
    return _mean(softmax(softmax(_filled(logits, there))), there)


@decide.mistake("After the mean another softmax is taken. The mean of probabilities is one already.")
def softmax_after(logits, there):
    return softmax(decide_jointly(logits, there))


@decide.mistake("Missing scores became the mean of the others', and have a vote. Leave them out.")
def missing_made_up(logits, there):
    mean = np.where(there.any(0)[:, None], _mean(logits, there), 0)
    return softmax(np.where(there[:, :, None], logits, mean)).mean(0)


OTHER_MAXIMUM = (
    "You subtract a maximum over {}, which changes the softmax. It must run over the classes, the last axis."
)


@decide.mistake(OTHER_MAXIMUM.format("the modalities"))
def maximum_of_modalities(logits, there):
    x = _filled(logits, there)
    return _mean(_overflowing(x - x.max(0, keepdims=True)), there)


@decide.mistake(OTHER_MAXIMUM.format("the items"))
def maximum_of_items(logits, there):
    x = _filled(logits, there)
    return _mean(_overflowing(x - x.max(1, keepdims=True)), there)


@decide.mistake(
    "Your softmax runs over the modalities. It must run over the classes. And an item that has none divides by 0."
)
def wrong_axis_nobody(logits, there):
    return _mean(softmax(_filled(logits, there), axis=0), there, nobody=np.nan)


@decide.mistake(OVERFLOWS + " And an item without any modality divides by zero: there all classes are equally likely.")
def overflows_nobody(logits, there):
    return _mean(_overflowing(_filled(logits, there)), there, nobody=np.nan)


@decide.mistake("You take for missing what is NaN. What is missing is said by `there`, whatever stands in its place.")
def number_is_there(logits, there):
    return decide_jointly(logits, ~np.isnan(logits).any(-1))


VOTE = "The decisions of missing modalities are added as well, though only those that are there are counted. "


@decide.mistake(VOTE + "Give what is missing the weight 0.")
def missing_added(logits, there):
    p = softmax(np.nan_to_num(logits))
    return _of_nobody(p.sum(0) / np.maximum(there.sum(0), 1)[:, None], there)


@decide.mistake(VOTE + "Give what is missing the weight 0.")
def missing_added_as_uniform(logits, there):
    p = softmax(_filled(logits, there))
    return _of_nobody(p.sum(0) / np.maximum(there.sum(0), 1)[:, None], there)


@decide.mistake("You divide by how many decisions there are of all items. Each item has a number of its own.")
def divided_by_whole_batch(logits, there):
    return (softmax(_filled(logits, there)) * there[:, :, None]).sum(0) / max(there.sum(), 1)


@decide.mistake(
    "You took the largest probability among the modalities, and brought the classes to sum one. Asked for is the mean."
)
def largest_divided(logits, there):
    p = largest(logits, there)
    return p / p.sum(-1, keepdims=True)


@decide.mistake(
    "Scores are cut off before the softmax. That changes it wherever two classes lie beyond: subtract the largest "
    "score of each modality and item."
)
def cut_off(logits, there):
    return decide_jointly(np.clip(logits, -700, 700), there)


NOBODY = "An item without any modality gets 1 divided by the number of {}. It is one class of `k`: 1 / k."


@decide.mistake(NOBODY.format("modalities"))
def nobody_by_modalities(logits, there):
    return _mean(softmax(_filled(logits, there)), there, nobody=1 / len(logits))


@decide.mistake(NOBODY.format("items"))
def nobody_by_items(logits, there):
    return _mean(softmax(_filled(logits, there)), there, nobody=1 / logits.shape[1])


@decide.mistake("An item without any modality gets one half for each class. All `k` are equally likely: 1 / k each.")
def nobody_one_half(logits, there):
    return _mean(softmax(_filled(logits, there)), there, nobody=0.5)


@decide.mistake("This is the median of the probabilities. Asked for is their mean.")
def median(logits, there):
    p = np.where(there[:, :, None], softmax(_filled(logits, there)), np.nan)
    joined = [
        np.median(one[has], axis=0) if has.any() else 0 * one[0]
        for one, has in zip(p.swapaxes(0, 1), there.T, strict=True)
    ]
    return _of_nobody(np.array(joined), there)


@decide.mistake(
    "You took the largest *score* of each class before the softmax. Asked for is the mean of probabilities."
)
def largest_score(logits, there):
    return _of(np.where(there[:, :, None], logits, -np.inf).max(0), there)


SHRUNK = (
    "You made the scores smaller before the softmax, and with it all probabilities more equal. Subtract, not divide."
)


@decide.mistake(SHRUNK)
def thousandths(logits, there):
    return decide_jointly(logits / 1000, there)


@decide.mistake(SHRUNK)
def divided_by_largest(logits, there):
    x = _filled(logits, there)
    return decide_jointly(x / max(1, np.abs(x).max()), there)


@decide.mistake(
    "You take for missing what is NaN, after it has become a number. What is missing is said by `there`, whatever "
    "stands in its place."
)
def number_is_there_filled(logits, there):
    return decide_jointly(np.nan_to_num(logits), ~np.isnan(logits).any(-1))


WEIGHTED = (
    "You gave more weight to the modalities that are surer of themselves. Asked for is the plain mean: each that is "
    "there counts once."
)


def _weighted(p, weight, there):
    weight = np.where(there, weight, 0)[:, :, None]
    return _of_nobody((p * weight).sum(0) / np.maximum(weight.sum(0), 1e-300), there)


@decide.mistake(WEIGHTED)
def weighted_by_largest(logits, there):
    p = softmax(_filled(logits, there))
    return _weighted(p, p.max(-1), there)


@decide.mistake(WEIGHTED)
def weighted_by_entropy(logits, there):
    p = softmax(_filled(logits, there))
    entropy = -(p * np.log(np.maximum(p, 1e-300))).sum(-1)
    return _weighted(p, 1 - entropy / np.log(p.shape[-1]), there)


@decide.mistake("You took the surest modality alone. Asked for is the mean of all that are there.")
def surest(logits, there):
    p = softmax(_filled(logits, there))
    best = np.where(there, p.max(-1), -1).argmax(0)
    return _of_nobody(p[best, np.arange(p.shape[1])], there)


@decide.mistake(
    "You divided the scores by the root of k, as attention does. Take the softmax of the scores themselves."
)
def scaled_as_attention(logits, there):
    return decide_jointly(logits / np.sqrt(logits.shape[-1]), there)


def _of_one(joined):
    return joined / np.maximum(joined.sum(-1, keepdims=True), 1e-300)


@decide.mistake("This is the harmonic mean, brought to sum one. Asked for is the ordinary mean.")
def harmonic(logits, there):
    p = np.maximum(softmax(_filled(logits, there)), 1e-300)
    return _of_nobody(_of_one(1 / np.maximum(np.where(there[:, :, None], 1 / p, 0).sum(0), 1e-300)), there)


@decide.mistake("You squared the probabilities before you joined them. Asked for is the ordinary mean.")
def root_mean_square(logits, there):
    p = np.where(there[:, :, None], softmax(_filled(logits, there)), 0)
    return _of_nobody(_of_one(np.sqrt((p**2).sum(0))), there)


@decide.mistake(
    "You divide by the largest number of modalities that any item has. Divide by the number that the item itself has."
)
def divided_by_fullest(logits, there):
    p = (softmax(_filled(logits, there)) * there[:, :, None]).sum(0)
    return _of_nobody(p / max(there.sum(0).max(), 1), there)


@decide.mistake(
    "You subtract the largest *absolute* score. Where all scores are far below 0, their exponentials are all 0: "
    "subtract the largest score itself."
)
def largest_absolute(logits, there):
    x = _filled(logits, there)
    return _mean(_overflowing(x - np.abs(x).max(-1, keepdims=True)), there)


@decide.mistake("You subtract the smallest score, and `np.exp` of large ones is infinite. Subtract the largest.")
def smallest_subtracted(logits, there):
    x = _filled(logits, there)
    return _mean(_overflowing(x - x.min(-1, keepdims=True)), there)


@decide.mistake("You subtract the mean score. Far above it `np.exp` is infinite: subtract the largest.")
def mean_subtracted(logits, there):
    x = _filled(logits, there)
    return _mean(_overflowing(x - x.mean(-1, keepdims=True)), there)


@decide.mistake(
    "You took the smallest probability among the modalities, and brought the classes to sum one. Asked for is the mean."
)
def smallest_divided(logits, there):
    p = np.where(there[:, :, None], softmax(_filled(logits, there)), 1).min(0)
    return _of_nobody(_of_one(p), there)


@decide.mistake("Only the first two modalities count in your result. Asked for is the mean of all that are there.")
def first_two(logits, there):
    return decide_jointly(logits[:2], there[:2])


@decide.mistake(
    "You used the logistic function, one class at a time, and divided by the sum. Probabilities of classes come from a "
    "softmax."
)
def logistic_divided(logits, there):
    return _mean(_of_one(1 / (1 + np.exp(-_filled(logits, there)))), there)


@decide.mistake(
    "A missing modality makes the whole item NaN: a softmax of −∞ alone is no number, nor is a mean in which one is "
    "NaN. Leave out what is missing before the mean."
)
def infinite_scores(logits, there):
    return np.where(there.all(0)[:, None], decide_jointly(logits, there), np.nan)
