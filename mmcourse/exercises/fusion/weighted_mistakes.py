"""What goes wrong in `fusion.weighted`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.fusion.weighted import weigh, weighted
from mmcourse.exercises.numeric import log_softmax, softmax

LOW = -1e9


def _masked(s, there, value=LOW):
    return np.where(there, s, value)


def _cleaned(h, there):
    return np.where(there[:, :, None], h, 0)


def _sum(h, weights):
    return (weights[:, :, None] * h).sum(axis=1), weights


def _weights(s, there):
    return weigh(np.zeros((*s.shape, 1)), s, there)[1]


def planted(message, also_raw=False):
    """Registers a mistake in the weights; ``also_raw``: once more, without zeros for what is missing in `h`."""

    def register(make):
        def raw(h, s, there):
            return _sum(h, make(s, there))

        def clean(h, s, there):
            return _sum(_cleaned(h, there), make(s, there))

        clean.__name__, raw.__name__ = make.__name__, f"{make.__name__}_raw"
        for answer in (clean, raw) if also_raw else (clean,):
            weighted.mistake(message)(answer)
        return make

    return register


# ── the weights ─────────────────────────────────────────────────────────────────────────────────────


@planted(
    "Your softmax runs over the items, so the weights of an item depend on its neighbours. It runs over the "
    "modalities, axis 1.",
    also_raw=True,
)
def over_the_items(s, there):
    return softmax(_masked(s, there), axis=0) * there


@planted("Your softmax runs over all items and modalities at once. Each item's weights sum to one.")
def over_everything(s, there):
    return softmax(_masked(s, there), axis=(0, 1))


@planted(
    "You took the softmax of all scores and set the missing weights to 0 afterwards. The rest no longer sums to one: "
    "leave the missing out before the softmax.",
    also_raw=True,
)
def afterwards(s, there):
    return softmax(s, axis=1) * there


@planted(
    "You took the softmax of all scores and divided the weights of what is there by their sum. But a NaN in a missing "
    "score spoils all weights of its item, and an item without any modality is 0 / 0. Leave the missing out before.",
    also_raw=True,
)
def divided_again(s, there):
    weights = softmax(s, axis=1) * there
    return weights / weights.sum(axis=1, keepdims=True)


@planted("The missing modalities have weights: leave them out by `there`.", also_raw=True)
def no_mask(s, there):
    return softmax(s, axis=1)


@planted("You left out only what is NaN. What is not there may have any score: `there` says what counts.")
def only_nan_left_out(s, there):
    return softmax(np.where(np.isnan(s), LOW, s), axis=1)


@planted("NaN became 0 in the scores, and what is missing has weights like the rest: leave it out by `there`.")
def nan_to_zero(s, there):
    return softmax(np.nan_to_num(s), axis=1)


@planted("You multiplied the scores by `there`. A score of 0 is no absence: its exponential is 1.", also_raw=True)
def scores_times_mask(s, there):
    return softmax(s * there, axis=1)


@planted("Missing modalities have the score 0. That is no absence: its exponential is 1.")
def zero_scores(s, there):
    return softmax(_masked(s, there, 0), axis=1)


@planted(
    "Missing modalities have the score 0, whose exponential is 1, and their weights are set to 0 afterwards. The rest "
    "no longer sums to one.",
    also_raw=True,
)
def zero_scores_and_weights(s, there):
    return softmax(_masked(s, there, 0), axis=1) * there


@planted("The mask is the wrong way round: what is missing has all the weight.")
def inverted(s, there):
    return _weights(s, ~there)


@planted("z is the plain mean of what is there. Weigh by the scores, which are not used.", also_raw=True)
def plain_mean(s, there):
    return there / there.sum(axis=1, keepdims=True)


@planted("z is the plain mean of what is there. Weigh by the scores, which are not used.")
def plain_mean_with_zeros(s, there):
    return there / np.maximum(there.sum(axis=1, keepdims=True), 1)


@planted("Only the modality with the largest score has weight. The softmax gives the others some.")
def hardest(s, there):
    s = _masked(s, there, -np.inf)
    return (s == s.max(axis=1, keepdims=True)) & there


@planted("The exponentials are not divided by their sum, so the weights of an item do not sum to one.")
def not_normalised(s, there):
    return np.exp(_masked(s, there))


@planted("The exponentials are divided by their mean. Divided by their *sum*, the weights of an item sum to one.")
def by_mean(s, there):
    return _weights(s, there) * s.shape[1]


@planted("The scores are divided by their sum. The softmax takes exponentials first, which are never negative.")
def shares(s, there):
    s = _masked(s, there, 0)
    return s / s.sum(axis=1, keepdims=True)


@planted("Each weight is a sigmoid by itself, so the weights of an item do not sum to one.")
def sigmoid(s, there):
    return 1 / (1 + np.exp(-_masked(s, there)))


@weighted.mistake("You divided the scores by the root of d. `s` holds the scores as they are.")
def scaled(h, s, there):
    return weigh(h, s / np.sqrt(h.shape[2]), there)


@planted("The scores have a minus: the modality with the lowest score has the largest weight.")
def minus(s, there):
    return _weights(-s, there)


@planted("The score of what is missing is not low enough: it has some weight. With `-np.inf` or -1e9 it has none.")
def weak_mask(s, there):
    return softmax(_masked(s, there, -10), axis=1)


@weighted.mistake("What is missing has weight, since its score is not low enough: with `-np.inf` or -1e9 it has none.")
def very_weak_mask(h, s, there):
    return _sum(_cleaned(h, there), softmax(_masked(s, there, -1), axis=1))


@weighted.mistake(said="It is to be 0: its score is not low enough")
def nearly_low_enough(h, s, there):
    z, _ = weigh(h, s, there)
    weights = softmax(_masked(s, there, -140), axis=1)
    return z, weights * there.any(axis=1, keepdims=True)


# ── what is missing, everywhere and in `h` ──────────────────────────────────────────────────────────


@weighted.mistake("With NaN where a vector is missing, z is NaN: 0 · NaN is NaN. Choose with `np.where`.")
def nan_times_zero(h, s, there):
    return _sum(h, _weights(s, there))


@weighted.mistake("An item without any modality gives NaN: -inf - -inf, or 0 / 0. Its weights and its z are zeros.")
def nobody_there(h, s, there):
    return _sum(_cleaned(h, there), softmax(_masked(s, there, -np.inf), axis=1))


@weighted.mistake(
    "An item without any modality has weights, since all its scores are equally low. Its weights are zeros."
)
def nobody_equal(h, s, there):
    return _sum(_cleaned(h, there), softmax(_masked(s, there), axis=1))


@weighted.mistake(
    "Two things are missing. With NaN where a vector is missing, z is NaN: choose with `np.where`. And an item without "
    "any modality has weights, since all its scores are equally low. It gets zeros."
)
def nothing_cared_for(h, s, there):
    return _sum(h, softmax(_masked(s, there), axis=1))


@weighted.mistake(
    "Two things are missing. With NaN where a vector is missing, z is NaN: choose with `np.where`. And for an item "
    "without any modality you compute -inf - -inf, or 0 / 0. It gets zeros."
)
def nothing_cared_for_infinite(h, s, there):
    return _sum(h, softmax(_masked(s, there, -np.inf), axis=1))


@weighted.mistake("You replaced only NaN. Infinity may stand in `h` as well: `there` says what counts.")
def only_nan_replaced(h, s, there):
    return _sum(np.where(np.isnan(h), 0, h), _weights(s, there))


# ── the sum ─────────────────────────────────────────────────────────────────────────────────────────


@weighted.mistake("You took the mean of the weighted vectors. The weights already sum to one: add.")
def mean_of_weighted(h, s, there):
    z, weights = weigh(h, s, there)
    return z / there.sum(axis=1, keepdims=True), weights


@weighted.mistake(
    "You took the mean of the weighted vectors, missing ones counted. The weights already sum to one: add."
)
def mean_over_all(h, s, there):
    z, weights = weigh(h, s, there)
    return z / s.shape[1], weights


@weighted.mistake("The vectors are added without their weights.")
def unweighted_sum(h, s, there):
    return _cleaned(h, there).sum(axis=1), _weights(s, there)


@weighted.mistake("z is the plain mean of what is there. Each vector counts with its weight.")
def unweighted_mean(h, s, there):
    count = np.maximum(there.sum(axis=1, keepdims=True), 1)
    return _cleaned(h, there).sum(axis=1) / count, _weights(s, there)


@weighted.mistake("z is the largest of the weighted vectors, number by number. They are added.")
def largest(h, s, there):
    weights = _weights(s, there)
    return (weights[:, :, None] * _cleaned(h, there)).max(axis=1), weights


@weighted.mistake("The weighted vectors are not added yet: sum over the modalities, axis 1.")
def not_added(h, s, there):
    weights = _weights(s, there)
    return weights[:, :, None] * _cleaned(h, there), weights


@weighted.mistake("You added over the items (axis 0). z has a row for each item: sum over the modalities, axis 1.")
def added_over_items(h, s, there):
    weights = _weights(s, there)
    return (weights[:, :, None] * _cleaned(h, there)).sum(axis=0), weights


@weighted.mistake("You added over the d numbers (axis 2). Sum over the modalities, axis 1.")
def added_over_numbers(h, s, there):
    weights = _weights(s, there)
    return (weights[:, :, None] * _cleaned(h, there)).sum(axis=2), weights


@weighted.mistake("The second array is to be the weights themselves, not their logarithms.")
def logarithms(h, s, there):
    return weigh(h, s, there)[0], log_softmax(_masked(s, there), axis=1)


@weighted.mistake("The second array is to be the weights, not `there`.")
def mask_returned(h, s, there):
    return weigh(h, s, there)[0], there.astype(float)


@weighted.mistake("The second array is to be the weights, not the scores.")
def scores_returned(h, s, there):
    return weigh(h, s, there)[0], s


@weighted.mistake(said="in another order")
def weights_first(h, s, there):
    return weigh(h, s, there)[::-1]


@weighted.mistake(said="changes its input")
def overwritten(h, s, there):
    s[~there] = -np.inf
    h[~there] = 0
    return weigh(h, s, there)


@planted(
    "The score of what is missing is not low enough: where all other scores are lower, it has all the weight. With "
    "`-np.inf` or -1e9 it has none."
)
def low_for_ordinary_scores(s, there):
    return softmax(_masked(s, there, -100), axis=1) * there.any(axis=1, keepdims=True)


@planted(
    "The largest score that you subtract may be that of a missing modality. If that is huge, all other exponentials "
    "are 0: leave the missing out before you look for the largest.",
    also_raw=True,
)
def largest_of_all(s, there):
    s = np.nan_to_num(s)
    e = np.exp(s - s.max(axis=1, keepdims=True)) * there
    total = e.sum(axis=1, keepdims=True)
    return e / np.where(total > 0, total, 1)


@planted(
    "You took the softmax of all scores and divided the weights of what is there by their sum. But a NaN in a missing "
    "score spoils all weights of its item, and a huge one leaves nothing for the others. Leave the missing out before.",
    also_raw=True,
)
def divided_again_unless_nobody(s, there):
    weights = softmax(s, axis=1) * there
    return weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)


INVERTED = "The mask is the wrong way round: you fuse the modalities that are missing."


@weighted.mistake(INVERTED)
def inverted_throughout(h, s, there):
    return weigh(h, s, ~there)


@weighted.mistake(INVERTED)
def inverted_without_nan(h, s, there):
    return weigh(np.nan_to_num(h, posinf=0, neginf=0), np.nan_to_num(s), ~there)


@weighted.mistake("z is made with the scores themselves. Multiply by the weights.")
def summed_by_scores(h, s, there):
    return _sum(_cleaned(h, there), _masked(s, there, 0))[0], _weights(s, there)


@planted("A small number is added to the sum of the exponentials: the weights of an item do not quite sum to one.")
def a_bit_added(s, there):
    e = _weights(s, there)
    top = e.max(axis=1, keepdims=True)  # 1 / the sum of the exponentials, where the largest is 1
    return e / (1 + 1e-3 * top)


@weighted.mistake("z is the vector of the modality with the largest weight. Add all, each with its weight.")
def vector_of_the_largest(h, s, there):
    weights = _weights(s, there)
    return _cleaned(h, there)[np.arange(len(h)), weights.argmax(axis=1)], weights


@weighted.mistake("z was brought to length 1. It is the weighted sum as it is.")
def z_of_length_one(h, s, there):
    z, weights = weigh(h, s, there)
    return z / np.maximum(np.linalg.norm(z, axis=1, keepdims=True), 1e-9), weights


@planted("Negative scores became 0 before the softmax. They are meant to stay: their weights are smaller.")
def rectified(s, there):
    return _weights(np.maximum(s, 0), there)


@planted("You took powers of 2. The softmax is made of powers of e, `np.exp`.")
def base_two(s, there):
    return _weights(s * np.log(2), there)


REPLACED = (
    "NaN is replaced after the sum: where something missing holds NaN or infinity, z and the weights of the whole item "
    "are lost with it. Leave the missing out before, with `np.where`."
)


@weighted.mistake(REPLACED)
def nan_replaced_at_the_end(h, s, there):
    weights = np.nan_to_num(softmax(_masked(s, there, -np.inf), axis=1))
    return np.nan_to_num((weights[:, :, None] * h).sum(axis=1)), weights


@weighted.mistake(REPLACED)
def nan_replaced_to_zero_at_the_end(h, s, there):
    weights = np.nan_to_num(softmax(_masked(s, there, -np.inf), axis=1))
    return np.nan_to_num((weights[:, :, None] * h).sum(axis=1), posinf=0, neginf=0), weights


@weighted.mistake(REPLACED)
def nan_replaced_after_times_there(h, s, there):
    weights = softmax(s, axis=1) * there
    weights = np.nan_to_num(weights / weights.sum(axis=1, keepdims=True))
    return np.nan_to_num((weights[:, :, None] * h).sum(axis=1)), weights


@planted(
    "You multiplied the exponentials by `there`. A NaN in a missing score stays NaN, and a huge one infinite: 0 times "
    "infinity is NaN. Choose with `np.where`.",
    also_raw=True,
)
def exponentials_times_mask(s, there):
    e = np.exp(s) * there
    return e / np.maximum(e.sum(axis=1, keepdims=True), 1e-300)


@weighted.mistake("An item without any modality gets the mean of its vectors. It gets zeros.")
def mean_where_nobody(h, s, there):
    z, weights = weigh(h, s, there)
    return np.where(there.any(axis=1, keepdims=True), z, np.nan_to_num(h).mean(axis=1)), weights


@weighted.mistake("An item without any modality gets ones. Its z and its weights are zeros.")
def ones_where_nobody(h, s, there):
    z, weights = weigh(h, s, there)
    nobody = ~there.any(axis=1, keepdims=True)
    return np.where(nobody, 1.0, z), np.where(nobody, 1.0, weights)


@weighted.mistake("Items without any modality are left out. Each item has a row, and theirs are zeros.")
def nobody_left_out(h, s, there):
    some = there.any(axis=1)
    z, weights = weigh(h, s, there)
    return z[some], weights[some]


@weighted.mistake("z is multiplied by the number of modalities that are there. The weights already sum to one: add.")
def times_count(h, s, there):
    z, weights = weigh(h, s, there)
    return z * there.sum(axis=1, keepdims=True), weights


@planted("The softmax is taken twice: the weights of an item come too near to each other.")
def softmax_twice(s, there):
    return _weights(_weights(s, there), there)


@planted("The softmax is taken of scores that were brought to the range from 0 to 1. They are used as they are.")
def scores_rescaled(s, there):
    low = np.where(there, s, np.inf).min(axis=1, keepdims=True)
    high = np.where(there, s, -np.inf).max(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        return _weights((s - low) / np.maximum(high - low, 1e-9), there)


@planted("The exponentials are divided by how many modalities are there. Divide by their *sum*.")
def divided_by_count(s, there):
    e = np.exp(_masked(s, there, -np.inf))
    return e / np.maximum(there.sum(axis=1, keepdims=True), 1)


@planted("An item that lacks a single modality gets zeros. Only an item without *any* does.")
def zeros_where_any_is_missing(s, there):
    return _weights(s, there) * there.all(axis=1, keepdims=True)


@planted("All items have the gaps of the first one. `there` has a row for each.")
def gaps_of_the_first(s, there):
    return _weights(np.nan_to_num(s), np.broadcast_to(there[:1], there.shape))


@planted(
    "What is missing gets the mean of the other scores, and its weight is lost. The rest then does not sum to one."
)
def mean_score_for_missing(s, there):
    mean = _masked(s, there, 0).mean(axis=1, keepdims=True)
    return softmax(np.where(there, s, mean), axis=1) * there


@weighted.mistake("z is made with the logarithms of the weights. Multiply by the weights themselves.")
def summed_by_logarithms(h, s, there):
    weights = _weights(s, there)
    logs = np.log(np.where(weights > 0, weights, 1))
    return _sum(_cleaned(h, there), logs)[0], weights


@weighted.mistake("Every number of z is the first one. Each of the d is a sum of its own.")
def first_number(h, s, there):
    z, weights = weigh(h, s, there)
    return np.repeat(z[:, :1], z.shape[1], axis=1), weights


@weighted.mistake("The square of each weight is in z: the vectors were weighed twice.")
def weighed_twice(h, s, there):
    weights = _weights(s, there)
    return _sum(_cleaned(h, there), weights**2)[0], weights


@weighted.mistake("z is divided by the length of the weights. They already sum to one.")
def by_length_of_weights(h, s, there):
    z, weights = weigh(h, s, there)
    return z / np.maximum(np.linalg.norm(weights, axis=1, keepdims=True), 1e-9), weights


LOWERED = (
    "The score of what is missing is lowered by too little: some weight is left, or all where it was huge. Put "
    "`-np.inf` or -1e9 in its place."
)


@planted(LOWERED)
def lowered_by_ten(s, there):
    return softmax(np.nan_to_num(s) - 10 * ~there, axis=1)


@planted(LOWERED)
def lowered_by_a_hundred(s, there):
    return softmax(np.nan_to_num(s) - 100 * ~there, axis=1)


@planted(LOWERED)
def lowered_by_a_logarithm(s, there):
    return softmax(np.nan_to_num(s) + np.log(there + 1e-6), axis=1)


@planted(LOWERED)
def lowered_by_a_smaller_logarithm(s, there):
    return softmax(np.nan_to_num(s) + np.log(there + 1e-9), axis=1)


@weighted.mistake("z has only what the first modality's gaps leave: `there` speaks of each modality of each item.")
def gaps_of_the_first_modality(h, s, there):
    weights = _weights(s, there)
    return _sum(np.where(there[:, :1, None], _cleaned(h, there), 0), weights)[0], weights
