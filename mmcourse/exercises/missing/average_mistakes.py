"""What goes wrong in `missing.average`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.missing.average import average, average_present


def _kept(vectors, present, instead=0.0):
    return np.where(present[:, :, None], vectors, instead)


def _count(present):
    return np.maximum(present.sum(axis=1, keepdims=True), 1)


@average.mistake("Where one is missing the result is too short: you divide by how many modalities there could be.")
def _divides_by_all(vectors, present):
    return _kept(vectors, present).mean(axis=1)


@average.mistake(
    "Where one is missing the result is too short: you divide by the number of all modalities. And where NaN stood "
    "under a False, NaN comes out."
)
def _as_given(vectors, present):
    return (vectors * present[:, :, None]).mean(axis=1)


@average.mistake("Where NaN stood under a False, NaN comes out: 0 times NaN is NaN. Choose with `np.where`.")
def _multiplies(vectors, present):
    return (vectors * present[:, :, None]).sum(axis=1) / _count(present)


@average.mistake("A sample that has nothing becomes NaN, 0 divided by 0. It becomes zeros.")
def _divides_by_none(vectors, present):
    with np.errstate(all="ignore"):
        return _kept(vectors, present).sum(axis=1) / present.sum(axis=1, keepdims=True)


@average.mistake(
    "NaN comes out in two ways: 0 times NaN is NaN, and a sample that has nothing is divided by 0. Choose with "
    "`np.where`, and let no count be 0."
)
def _multiplies_and_divides_by_none(vectors, present):
    with np.errstate(all="ignore"):
        return (vectors * present[:, :, None]).sum(axis=1) / present.sum(axis=1, keepdims=True)


@average.mistake("You take the mean of everything. What is missing must not count: ask `present`.")
def _everything(vectors, present):
    return vectors.mean(axis=1)


@average.mistake("You take the mean of everything, with zeros for NaN. What is missing must not count: ask `present`.")
def _ignores_present(vectors, present):
    return np.nan_to_num(vectors).mean(axis=1)


@average.mistake(
    "You skip NaN and believe any other number. What stands at a missing place means nothing: ask `present`."
)
def _trusts_numbers(vectors, present):
    there = ~np.isnan(vectors)
    return np.where(there, vectors, 0.0).sum(axis=1) / np.maximum(there.sum(axis=1), 1)


@average.mistake(
    "You add up whatever is no NaN, also what stands at missing places, and then divide by how many are there. Choose "
    "by `present`."
)
def _counts_only(vectors, present):
    return np.nan_to_num(vectors).sum(axis=1) / _count(present)


@average.mistake("That is the sum. A sample with three modalities comes out three times as long as one with one.")
def _sum(vectors, present):
    return _kept(vectors, present).sum(axis=1)


@average.mistake("You took those that are *missing*. True means that it is there.")
def _inverted(vectors, present):
    return average_present(np.nan_to_num(vectors), ~present)


@average.mistake(
    "You took those that are *missing*, and where they hold NaN, NaN comes out. True means that it is there."
)
def _inverted_with_nan(vectors, present):
    return average_present(vectors, ~present)


@average.mistake("You divide every sample by the same number. Each has a count of its own.")
def _overall(vectors, present):
    return _kept(vectors, present).sum(axis=1) / present.sum(axis=1).mean()


@average.mistake("You divide by how many are there in the whole batch. Each sample has a count of its own.")
def _counts_batch(vectors, present):
    return _kept(vectors, present).sum(axis=1) / max(present.sum(), 1)


@average.mistake(
    "You divide every sample by one and the same count. Each has a count of its own: `present.sum(axis=1)`."
)
def _largest_count(vectors, present):
    return _kept(vectors, present).sum(axis=1) / max(present.sum(axis=1).max(), 1)


@average.mistake(
    "You divide every sample by how often a modality is there. It is divided by how many modalities *it* has."
)
def _count_of_a_modality(vectors, present):
    return _kept(vectors, present).sum(axis=1) / max(present.sum(axis=0).max(), 1)


@average.mistake("You divide by the number of samples. Each sample is divided by how many *modalities* it has.")
def _divides_by_samples(vectors, present):
    return _kept(vectors, present).sum(axis=1) / len(vectors)


@average.mistake(
    "You add 1 to every count so that none is 0. That makes all the others too large: only a count of 0 is to be "
    "replaced."
)
def _one_more(vectors, present):
    return _kept(vectors, present).sum(axis=1) / (present.sum(axis=1, keepdims=True) + 1)


@average.mistake("You divide by how many are *missing*. Divide by how many are there.")
def _divides_by_missing(vectors, present):
    return _kept(vectors, present).sum(axis=1) / np.maximum((~present).sum(axis=1, keepdims=True), 1)


@average.mistake("You divide by the root of the count. A mean is divided by the count itself.")
def _root(vectors, present):
    return _kept(vectors, present).sum(axis=1) / np.sqrt(_count(present))


@average.mistake("You multiply by the count. A mean is the sum *divided* by it.")
def _times_count(vectors, present):
    return _kept(vectors, present).sum(axis=1) * _count(present)


@average.mistake(
    "No count is above 1 with you: that is the sum, and 0 / 0 where a sample has nothing. Take the maximum."
)
def _at_most_one(vectors, present):
    with np.errstate(all="ignore"):
        return _kept(vectors, present).sum(axis=1) / np.minimum(present.sum(axis=1, keepdims=True), 1)


@average.mistake("You add up what is missing and drop what is there: exchange the two in `np.where`.")
def _drops_what_is_there(vectors, present):
    return np.where(present[:, :, None], 0.0, vectors).sum(axis=1) / _count(present)


@average.mistake("What is missing counts as ones. Choose 0 there: it adds nothing to the sum.")
def _ones(vectors, present):
    return _kept(vectors, present, 1.0).sum(axis=1) / _count(present)


@average.mistake("You add over the samples: the result is a mean for each modality. Each *sample* asks for its own.")
def _over_samples(vectors, present):
    return _kept(vectors, present).sum(axis=0) / np.maximum(present.sum(axis=0), 1)[:, None]


@average.mistake("You count every modality over the samples, but a sample is divided by how many modalities it has.")
def _counts_columns(vectors, present):
    columns = np.maximum(present.sum(axis=0), 1)[:, None]
    return (_kept(vectors, present) / columns).sum(axis=1)


@average.mistake(
    "You keep only samples that have everything; the others become zeros. A sample is the mean of what it has."
)
def _complete_only(vectors, present):
    return np.where(present.all(axis=1, keepdims=True), np.nan_to_num(vectors).mean(axis=1), 0.0)


@average.mistake("A sample that has nothing becomes the mean of what stands there. It becomes zeros.")
def _nothing_is_all(vectors, present):
    mean = np.nan_to_num(vectors).mean(axis=1)
    return np.where(present.any(axis=1, keepdims=True), average_present(vectors, present), mean)


@average.mistake(
    "You fill what is missing with the mean of this modality in the batch. Leave it out: the mean is over what is "
    "there."
)
def _filled_by_mean(vectors, present):
    known = _kept(vectors, present).sum(axis=0) / np.maximum(present.sum(axis=0), 1)[:, None]
    return np.where(present[:, :, None], vectors, known).mean(axis=1)


@average.mistake("You scale the sum to length 1. Divide it by how many are there.")
def _unit_length(vectors, present):
    total = _kept(vectors, present).sum(axis=1)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return total / np.where(length == 0, 1, length)


@average.mistake("You take the first one that is there. Asked is the mean of all that are there.")
def _first_there(vectors, present):
    return _kept(vectors, present)[np.arange(len(vectors)), present.argmax(axis=1)]


@average.mistake(
    "You take the mean over the numbers of a vector, not over the modalities: the middle axis is `axis=1`."
)
def _over_numbers(vectors, present):
    return _kept(vectors, present).mean(axis=2)


@average.mistake("You take absolute values. Negative numbers count as they are.")
def _absolute(vectors, present):
    return np.abs(_kept(vectors, present)).sum(axis=1) / _count(present)


@average.mistake("A sample that has nothing is left out of your result. It becomes zeros, in its own row.")
def _rows_left_out(vectors, present):
    return average_present(vectors, present)[present.any(axis=1)]


LOST = (
    "Where NaN stands at a missing place the whole sum of the sample is lost, as it is if NaN becomes 0 only after "
    "adding up. Choose before you add."
)


@average.mistake(LOST)
def _zeros_too_late(vectors, present):
    return np.nan_to_num((vectors * present[:, :, None]).sum(axis=1) / _count(present))


@average.mistake(
    "The result is too short, and where NaN stood all is lost: you divide by all, and choose after adding up."
)
def _zeros_too_late_and_all(vectors, present):
    return np.nan_to_num((vectors * present[:, :, None]).mean(axis=1))


@average.mistake("You multiply by the share of modalities that are there. Divide by it.")
def _times_share(vectors, present):
    return _kept(vectors, present).mean(axis=1) * present.mean(axis=1, keepdims=True)


@average.mistake("You divide by the count less one. That is for a sample variance; a mean is divided by the count.")
def _one_less(vectors, present):
    return _kept(vectors, present).sum(axis=1) / np.maximum(present.sum(axis=1, keepdims=True) - 1, 1)


@average.mistake(
    "You add up whatever is no NaN, also what stands at missing places, and a sample that has nothing is divided by 0. "
    "Choose by `present`."
)
def _counts_only_divides_by_none(vectors, present):
    with np.errstate(all="ignore"):
        return np.nansum(vectors, axis=1) / present.sum(axis=1, keepdims=True)


@average.mistake("You take the last modality. Asked is the mean of all that are there.")
def _last_one(vectors, present):
    return _kept(vectors, present)[:, -1]


@average.mistake("That is the largest of each number, with zeros for what is missing. Asked is the mean.")
def _largest_with_zeros(vectors, present):
    return _kept(vectors, present).max(axis=1)


@average.mistake("You add up what is *missing*, and divide by how many are there. True means that it is there.")
def _missing_by_count(vectors, present):
    return np.where(present[:, :, None], 0.0, np.nan_to_num(vectors)).sum(axis=1) / _count(present)


@average.mistake("That is the median, number by number. Asked is the mean.")
def _median(vectors, present):
    rows = [v[there] if there.any() else np.zeros_like(v) for v, there in zip(vectors, present, strict=True)]
    return np.array([np.median(row, axis=0) for row in rows])


@average.mistake("That is the largest of each number. Asked is the mean.")
def _largest(vectors, present):
    found = _kept(vectors, present, -np.inf).max(axis=1)
    return np.where(present.any(axis=1, keepdims=True), found, 0.0)


@average.mistake(said="Your function changes its input `vectors`.")
def _in_place(vectors, present):
    vectors[~present] = 0.0
    return vectors.sum(axis=1) / _count(present)


@average.mistake("You count the numbers that are not 0. A 0 of a vector that is there counts, too: ask `present`.")
def _counts_nonzero(vectors, present):
    kept = _kept(vectors, present)
    return kept.sum(axis=1) / np.maximum((kept != 0).sum(axis=1), 1)


@average.mistake("You divide by how many are no NaN. A number may stand at a missing place, too: count by `present`.")
def _counts_numbers(vectors, present):
    return _kept(vectors, present).sum(axis=1) / np.maximum((~np.isnan(vectors)).sum(axis=1), 1)


BIT = "A small number is added to every count. Then all means are a bit too small: only a count of 0 is to be replaced."


@average.mistake(BIT)
def _a_thousandth_more(vectors, present):
    return _kept(vectors, present).sum(axis=1) / (present.sum(axis=1, keepdims=True) + 1e-3)


@average.mistake(BIT)
def _a_hundredth_more(vectors, present):
    return _kept(vectors, present).sum(axis=1) / (present.sum(axis=1, keepdims=True) + 1e-2)


@average.mistake("You take the mean of two again and again: then the last ones count more. All count the same.")
def _halved_again(vectors, present):
    result = np.zeros((len(vectors), vectors.shape[2]))
    for i, there in enumerate(present):
        for place, vector in enumerate(vectors[i, there]):
            result[i] = (result[i] + vector) / 2 if place else vector
    return result


@average.mistake("You take the first and the last modality only. All that are there count.")
def _first_and_last(vectors, present):
    ends = [0, -1] if present.shape[1] > 1 else [0]
    return average_present(vectors[:, ends], present[:, ends])


@average.mistake("You divide every sample by how often a modality is there on average. Divide by how many *it* has.")
def _mean_count_of_modalities(vectors, present):
    return _kept(vectors, present).sum(axis=1) / np.maximum(present.sum(axis=0), 1).mean()


@average.mistake("A sample that has nothing becomes the mean of the other samples. It becomes zeros.")
def _nothing_is_the_others(vectors, present):
    mean, some = average_present(vectors, present), present.any(axis=1)
    return np.where(some[:, None], mean, mean[some].mean(axis=0) if some.any() else 0.0)


ZEROS_COUNT = "You take a vector of zeros, or one with a 0, for a missing one. What is there says `present` alone."


@average.mistake(ZEROS_COUNT)
def _zero_vectors_missing(vectors, present):
    kept = _kept(vectors, present)
    return kept.sum(axis=1) / np.maximum((kept != 0).any(axis=2).sum(axis=1, keepdims=True), 1)


@average.mistake(ZEROS_COUNT)
def _vectors_with_a_zero_missing(vectors, present):
    kept = _kept(vectors, present)
    return kept.sum(axis=1) / np.maximum((kept != 0).all(axis=2).sum(axis=1, keepdims=True), 1)


@average.mistake(ZEROS_COUNT)
def _counted_by_first_number(vectors, present):
    kept = _kept(vectors, present)
    return kept.sum(axis=1) / np.maximum((kept[:, :, :1] != 0).sum(axis=1), 1)


@average.mistake("You weigh each modality by its place. All that are there count the same.")
def _weighed_by_place(vectors, present):
    weights = present * np.arange(1, present.shape[1] + 1)
    return np.einsum("nm,nmd->nd", weights, _kept(vectors, present)) / np.maximum(weights.sum(axis=1), 1)[:, None]


@average.mistake(
    "You divide by the number of numbers that are there, `d` for each modality. Divide by how many vectors."
)
def _counts_all_numbers(vectors, present):
    return _kept(vectors, present).sum(axis=1) / (_count(present) * vectors.shape[2])


@average.mistake("That is the smallest of each number. Asked is the mean.")
def _smallest(vectors, present):
    found = _kept(vectors, present, np.inf).min(axis=1)
    return np.where(present.any(axis=1, keepdims=True), found, 0.0)


@average.mistake("That is the root of the mean square. Asked is the mean of the numbers themselves.")
def _root_mean_square(vectors, present):
    return np.sqrt((_kept(vectors, present) ** 2).sum(axis=1) / _count(present))


@average.mistake("You take the last one that is there. Asked is the mean of all that are there.")
def _last_there(vectors, present):
    last = present.shape[1] - 1 - present[:, ::-1].argmax(axis=1)
    return _kept(vectors, present)[np.arange(len(vectors)), last]


@average.mistake("Only the first two modalities count in yours. All that are there count, however many there are.")
def _first_two(vectors, present):
    return average_present(vectors[:, :2], present[:, :2])


@average.mistake("You fill what is missing with the modality before it. Leave it out: the mean is over what is there.")
def _filled_by_the_one_before(vectors, present):
    filled = _kept(vectors, present)
    for j in range(1, vectors.shape[1]):
        filled[:, j] = np.where(present[:, j, None], filled[:, j], filled[:, j - 1])
    return filled.mean(axis=1)


SOFT = "You weigh with a softmax, so that what is missing takes a part of the weight. Divide the sum by the count."


@average.mistake(SOFT)
def _softmax(vectors, present):
    weights = np.exp(present.astype(float))
    weights /= weights.sum(axis=1, keepdims=True)
    return np.einsum("nm,nmd->nd", weights, _kept(vectors, present))


@average.mistake("You multiply the vectors and take a root. Asked is the mean: a sum, divided by the count.")
def _geometric(vectors, present):
    product = np.abs(_kept(vectors, present, 1.0)).prod(axis=1) ** (1 / _count(present))
    return np.where(present.any(axis=1, keepdims=True), product, 0.0)


@average.mistake("You scale each vector to length 1 before the mean. They count as they are.")
def _of_unit_vectors(vectors, present):
    kept = _kept(vectors, present)
    length = np.linalg.norm(kept, axis=2, keepdims=True)
    return average_present(kept / np.where(length == 0, 1, length), present)


@average.mistake(
    "You take the mean over the samples that have everything only, for all. Each sample is the mean of what it has."
)
def _mean_of_complete(vectors, present):
    whole = present.all(axis=1)
    mean = np.nan_to_num(vectors)[whole].mean(axis=(0, 1)) if whole.any() else np.zeros(vectors.shape[2])
    return np.tile(mean, (len(vectors), 1))


@average.mistake("You put the vectors side by side. Asked is their mean, one vector of `d` numbers for each sample.")
def _side_by_side(vectors, present):
    return _kept(vectors, present).reshape(len(vectors), -1)


@average.mistake("You take the mean over the numbers as well. Asked is a vector of `d` numbers for each sample.")
def _one_number(vectors, present):
    return average_present(vectors, present).mean(axis=1)


@average.mistake("You take the mean over the whole batch. Asked is one vector for each sample.")
def _one_vector(vectors, present):
    return _kept(vectors, present).sum(axis=(0, 1)) / max(present.sum(), 1)


@average.mistake("You subtract what is missing from the sum. Leave it out.")
def _minus_missing(vectors, present):
    signs = np.where(present, 1, -1)[:, :, None]
    return (signs * np.nan_to_num(vectors)).sum(axis=1) / _count(present)


@average.mistake("You divide by how many modalities there could be, less one. Divide by how many are there.")
def _all_less_one(vectors, present):
    return _kept(vectors, present).sum(axis=1) / max(present.shape[1] - 1, 1)


@average.mistake("You divide by how many modalities there could be, and one more. Divide by how many are there.")
def _all_and_one(vectors, present):
    return _kept(vectors, present).sum(axis=1) / (present.shape[1] + 1)


@average.mistake("A sample that has nothing becomes ones. It becomes zeros.")
def _nothing_is_ones(vectors, present):
    return np.where(present.any(axis=1, keepdims=True), average_present(vectors, present), 1.0)


@average.mistake("You always divide by two. A sample is divided by how many modalities it has.")
def _by_two(vectors, present):
    return _kept(vectors, present).sum(axis=1) / 2


@average.mistake(
    "A number is added to the share that is there. Then all means are a bit too small: only 0 is to be replaced."
)
def _share_and_a_bit(vectors, present):
    return _kept(vectors, present).mean(axis=1) / (present.mean(axis=1, keepdims=True) + 1e-2)


@average.mistake(
    "A number is added to the share that is there. Then all means are a bit too small: only 0 is to be replaced."
)
def _share_and_less(vectors, present):
    return _kept(vectors, present).mean(axis=1) / (present.mean(axis=1, keepdims=True) + 1e-3)
