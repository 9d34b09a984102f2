"""What goes wrong in `attention.words`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.attention._inputs import plant
from mmcourse.exercises.attention.words import everybody, look
from mmcourse.exercises.numeric import softmax


def _scores(words, regions):
    return words @ regions.swapaxes(1, 2) / np.sqrt(words.shape[-1])


def _unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def _among_all(words, regions):
    """The scores of each word with the regions of every picture (b, n, b, m)."""
    return np.einsum("bnd,cmd->bncm", words, regions) / np.sqrt(words.shape[-1])


@everybody.mistake(
    "Every word still looks at the regions of all pictures of the batch: its softmax runs over all of them."
)
def as_given(words, regions):
    regions = regions.reshape(-1, words.shape[-1])
    return softmax(words @ regions.T / np.sqrt(words.shape[-1])) @ regions


@everybody.mistake(
    "The values are a picture's own, the weights are not: a word's softmax still runs over the regions of all pictures."
)
def renormalised(words, regions):
    weights = softmax(_among_all(words, regions).reshape(*words.shape[:2], -1))
    return weights.reshape(*words.shape[:2], len(words), -1).sum(2) @ regions


@everybody.mistake(
    "The weights were made over the regions of all pictures, and then only those of the own picture were kept. They no "
    "longer sum to one."
)
def cut_out(words, regions):
    weights = softmax(_among_all(words, regions).reshape(*words.shape[:2], -1))
    weights = weights.reshape(*words.shape[:2], len(words), -1)
    return np.stack([weights[s, :, s] @ regions[s] for s in range(len(words))])


@everybody.mistake(
    "The weights were made over the regions of all pictures, and those of the own picture were divided by their sum. "
    "Where another picture has far larger scores, all of them are 0, and 0 / 0 is NaN: use the own scores alone."
)
def cut_out_and_divided(words, regions):
    weights = softmax(_among_all(words, regions).reshape(*words.shape[:2], -1))
    weights = (weights.reshape(*words.shape[:2], len(words), -1) * _own(words, regions)).sum(2)
    return weights / weights.sum(-1, keepdims=True) @ regions


def _own(words, regions):
    """True where a region belongs to the word's own picture (b, 1, b, 1)."""
    return np.eye(len(words), dtype=bool)[:, None, :, None]


@everybody.mistake(
    "The scores with other pictures are 0. The exponential of 0 is 1, so their regions still get weight: leave them "
    "out."
)
def scores_to_zero(words, regions):
    scores = _among_all(words, regions) * _own(words, regions)
    return softmax(scores.reshape(*words.shape[:2], -1)) @ regions.reshape(-1, words.shape[-1])


@everybody.mistake(
    "What stands in the place of the scores with other pictures is not low enough: a real score may be lower. Take "
    "minus infinity, or better leave them out."
)
def not_low_enough(words, regions):
    scores = np.where(_own(words, regions), _among_all(words, regions), -100)
    return softmax(scores.reshape(*words.shape[:2], -1)) @ regions.reshape(-1, words.shape[-1])


plant(
    everybody,
    "Samples compete with each other: your softmax runs over the batch. It must run over the regions.",
    divided_over_batch=lambda words, regions: (
        np.exp(_shifted(_scores(words, regions))) / np.exp(_shifted(_scores(words, regions))).sum(0) @ regions
    ),
    softmax_over_batch=lambda words, regions: softmax(_scores(words, regions), axis=0) @ regions,
)
plant(
    everybody,
    "Your softmax runs over the words. The weights of one word must sum to one over the regions.",
    divided_over_words=lambda words, regions: (
        np.exp(_shifted(_scores(words, regions)))
        / np.exp(_shifted(_scores(words, regions))).sum(1, keepdims=True)
        @ regions
    ),
    softmax_over_words=lambda words, regions: softmax(_scores(words, regions), axis=1) @ regions,
)
plant(
    everybody,
    "All weights of a sample together sum to one. Those of each word must, over the regions.",
    softmax_over_both=lambda words, regions: (
        softmax(_scores(words, regions).reshape(len(words), -1)).reshape(_scores(words, regions).shape) @ regions
    ),
)


@everybody.mistake("Every word sees the plain mean of its picture. A mean has no regions left to choose from.")
def one_score_a_pair(words, regions):
    mean = regions.mean(1, keepdims=True)
    return softmax((words * mean).sum(-1, keepdims=True)) * mean


plant(
    everybody,
    "These are words that look at words: keys and values must be the regions.",
    self_attention=lambda words, regions: softmax(_scores(words, words)) @ words,
)
plant(
    everybody,
    "Samples no longer meet, but regions look at regions here. The words must ask.",
    regions_only=lambda words, regions: softmax(_scores(regions, regions)) @ regions,
)
plant(
    everybody,
    "Here the regions ask and the words answer. It is the other way round: a vector for each word, made of regions.",
    asked_the_other_way=lambda words, regions: softmax(_scores(regions, words)) @ words,
)
plant(
    everybody,
    "Every sentence looks at the first picture of the batch.",
    first_picture=lambda words, regions: look(words, np.repeat(regions[:1], len(regions), 0)),
)
plant(
    everybody,
    "Every sentence looks at the last picture of the batch.",
    last_picture=lambda words, regions: look(words, np.repeat(regions[-1:], len(regions), 0)),
)
plant(
    everybody,
    "Every sentence looks at the picture of another sample of the batch.",
    next_picture=lambda words, regions: look(words, np.roll(regions, -1, 0)),
    previous_picture=lambda words, regions: look(words, np.roll(regions, 1, 0)),
    reversed_pictures=lambda words, regions: look(words, regions[::-1]),
)
plant(
    everybody,
    "The pictures of the batch are averaged: every sentence looks at a mean picture.",
    mean_picture=lambda words, regions: look(words, np.repeat(regions.mean(0, keepdims=True), len(regions), 0)),
)
plant(
    everybody,
    "The values of all pictures are added up or averaged: keep the batch axis in the second product, too.",
    values_of_all=lambda words, regions: softmax(_scores(words, regions)) @ regions.sum(0),
    values_averaged=lambda words, regions: softmax(_scores(words, regions)) @ regions.mean(0),
)
plant(
    everybody,
    "All sentences take the values of the first picture.",
    values_of_the_first=lambda words, regions: softmax(_scores(words, regions)) @ regions[0],
)
plant(
    everybody,
    "The neighbours are gone, and so is the scale: divide by the square root of d.",
    without_scale=lambda words, regions, softmax=softmax: softmax(words @ regions.swapaxes(1, 2)) @ regions,
)
plant(
    everybody,
    "The weights are divided by the square root of d. The scale belongs to the scores, before the softmax.",
    scale_after=lambda words, regions: softmax(words @ regions.swapaxes(1, 2)) / np.sqrt(words.shape[-1]) @ regions,
)
plant(
    everybody,
    "Every word still looks at the regions of all pictures of the batch, and the scale is gone as well.",
    as_given_without_scale=lambda words, regions: as_given(words * np.sqrt(words.shape[-1]), regions),
)
plant(
    everybody,
    "The neighbours are gone, but you multiply by the square root of d. It was a division.",
    times_root=lambda words, regions: softmax(_scores(words, regions) * words.shape[-1]) @ regions,
)
plant(
    everybody,
    "The neighbours are gone, but the scale is d now. It was the square root of d.",
    by_d=lambda words, regions: softmax(_scores(words, regions) / np.sqrt(words.shape[-1])) @ regions,
)
plant(
    everybody,
    "The neighbours are gone, but the scale is the square root of the number of regions now. It was that of d.",
    by_number_of_regions=lambda words, regions: (
        softmax(words @ regions.swapaxes(1, 2) / np.sqrt(regions.shape[1])) @ regions
    ),
)
plant(
    everybody,
    "The neighbours are gone, but the scale is the square root of the number of words now. It was that of d.",
    by_number_of_words=lambda words, regions: softmax(words @ regions.swapaxes(1, 2) / words.shape[1] ** 0.5) @ regions,
)
plant(
    everybody,
    "The neighbours are gone, but the softmax runs over cosines now. Scores are dot products, divided by the square "
    "root of d.",
    cosines=lambda words, regions: softmax(_unit(words) @ _unit(regions).swapaxes(1, 2)) @ regions,
    cosines_scaled=lambda words, regions: softmax(_scores(_unit(words), _unit(regions))) @ regions,
)
plant(
    everybody,
    "Each word sees one region, the one with the highest score. A softmax gives every region its part.",
    hardest=lambda words, regions: np.eye(regions.shape[1])[_scores(words, regions).argmax(-1)] @ regions,
)
plant(
    everybody,
    "There is no softmax: the scores themselves are the weights.",
    no_softmax=lambda words, regions: _scores(words, regions) @ regions,
)
plant(
    everybody,
    "The exponentials are not divided by their sum.",
    no_sum=lambda words, regions: np.exp(_scores(words, regions)) @ regions,
    no_sum_shifted=lambda words, regions: np.exp(_shifted(_scores(words, regions))) @ regions,
)
plant(
    everybody,
    "You divided the exponentials by the sum over the whole batch. Those of each word have a sum of their own.",
    by_sum_of_all=lambda words, regions: (
        np.exp(_shifted(_scores(words, regions))) / np.exp(_shifted(_scores(words, regions))).sum() @ regions
    ),
    softmax_over_everything=lambda words, regions: softmax(_scores(words, regions), None) @ regions,
)
plant(
    everybody,
    "You divided the exponentials by their mean. Divide them by their sum.",
    by_mean=lambda words, regions: look(words, regions) * regions.shape[1],
)
plant(
    everybody,
    "`reshape` does not exchange axes: it mixes the numbers of different regions. Use `swapaxes(1, 2)`.",
    reshaped=lambda words, regions: (
        softmax(words @ regions.reshape(len(regions), regions.shape[2], -1) / np.sqrt(words.shape[-1])) @ regions
    ),
)
plant(
    everybody,
    "These are the weights. Asked for is what each word sees: the mean of the regions with these weights.",
    only_weights=lambda words, regions: softmax(_scores(words, regions)),
)
plant(
    everybody,
    "There is one vector for each sentence. Asked for is one for each of its words.",
    one_for_the_sentence=lambda words, regions: look(words, regions).mean(1),
)
plant(
    everybody,
    "The words are added to what they see. Asked for is only what they see.",
    words_added=lambda words, regions: words + look(words, regions),
)
plant(
    everybody,
    "Large scores overflow: subtract the maximum of each word's scores before the exponential, as the given code does.",
    overflowing=lambda words, regions: _raw(_scores(words, regions)) @ regions,
)
plant(
    everybody,
    "Scores are cut off before the exponential. That changes the weights wherever two regions lie beyond: subtract "
    "each word's maximum.",
    **{
        f"cut_off_at_{most}{end}": lambda words, regions, most=most, least=least: (
            softmax(np.clip(_scores(words, regions), least, most)) @ regions
        )
        for most in (20, 30, 50, 80, 88, 100, 500, 700, 709)
        for end, least in {"": -most, "_above": None}.items()
    },
)
plant(
    everybody,
    "You subtract one maximum for several words. The exponentials of a word far below it are all 0, and 0 / 0 is NaN: "
    "each word needs its own.",
    one_maximum=lambda words, regions: _raw(_scores(words, regions) - _scores(words, regions).max()) @ regions,
    maximum_of_a_sample=lambda words, regions: (
        _raw(_scores(words, regions) - _scores(words, regions).max((1, 2), keepdims=True)) @ regions
    ),
    maximum_of_a_region=lambda words, regions: (
        _raw(_scores(words, regions) - _scores(words, regions).max(1, keepdims=True)) @ regions
    ),
)


def _shifted(scores):
    return scores - scores.max(-1, keepdims=True)


def _raw(scores):
    e = np.exp(scores)
    return e / e.sum(-1, keepdims=True)


plant(
    everybody,
    "Every sentence gets what the last one sees: the result is overwritten in the loop. Keep one for each sample.",
    last_of_the_loop=lambda words, regions: np.repeat(look(words[-1:], regions[-1:]), len(words), 0),
)
plant(
    everybody,
    "Every sentence gets what the first one sees. Each has words and a picture of its own.",
    first_sample=lambda words, regions: np.repeat(look(words[:1], regions[:1]), len(words), 0),
)
plant(
    everybody,
    "The scores are squared where an exponential belongs. The softmax divides exponentials by their sum.",
    squares=lambda words, regions: (
        _scores(words, regions) ** 2 / (_scores(words, regions) ** 2).sum(-1, keepdims=True) @ regions
    ),
)
plant(
    everybody,
    "The exponential is missing: the scores are divided by their own sum, or the sum of their sizes.",
    by_own_sum=lambda words, regions: (
        _scores(words, regions) / _scores(words, regions).sum(-1, keepdims=True) @ regions
    ),
    by_own_sizes=lambda words, regions: (
        np.abs(_scores(words, regions)) / np.abs(_scores(words, regions)).sum(-1, keepdims=True) @ regions
    ),
)
plant(
    everybody,
    "Only the best regions of each word are kept. A softmax gives every region its part.",
    **{f"best_{n}": lambda words, regions, n=n: softmax(_best(_scores(words, regions), n)) @ regions for n in (2, 3)},
)
plant(
    everybody,
    "The softmax is taken twice.",
    softmax_twice=lambda words, regions: softmax(softmax(_scores(words, regions))) @ regions,
)
plant(
    everybody,
    "Words or regions were divided by their lengths before they are compared. Compare them as they are.",
    words_unit=lambda words, regions: softmax(_scores(_unit(words), regions)) @ regions,
    regions_unit=lambda words, regions: softmax(_scores(words, _unit(regions))) @ regions,
)


def _best(scores, n):
    least = np.sort(scores, axis=-1)[..., [-min(n, scores.shape[-1])]]
    return np.where(scores >= least, scores, -np.inf)


plant(
    everybody,
    "The scores of all pictures are added up or averaged before the softmax. Keep the batch axis: each word has the "
    "scores of its own picture.",
    scores_added_up=lambda words, regions: (
        softmax(_scores(words, np.repeat(regions.sum(0, keepdims=True), len(words), 0))) @ regions
    ),
    scores_averaged=lambda words, regions: (
        softmax(_scores(words, np.repeat(regions.mean(0, keepdims=True), len(words), 0))) @ regions
    ),
)
plant(
    everybody,
    "The exponentials are divided by a sum over batch and regions, or over batch and words. Only a word's own regions "
    "are added up.",
    by_sum_of_batch_and_regions=lambda words, regions: (
        np.exp(_shifted(_scores(words, regions)))
        / np.exp(_shifted(_scores(words, regions))).sum((0, 2), keepdims=True)
        @ regions
    ),
    by_sum_of_batch_and_words=lambda words, regions: (
        np.exp(_shifted(_scores(words, regions)))
        / np.exp(_shifted(_scores(words, regions))).sum((0, 1), keepdims=True)
        @ regions
    ),
)
plant(
    everybody,
    "The scores have a minus: the region that fits worst has the largest weight.",
    minus=lambda words, regions: softmax(-_scores(words, regions)) @ regions,
)
plant(
    everybody,
    "The neighbours are gone, but the scale is the square root of the number of samples now. It was that of d.",
    by_number_of_samples=lambda words, regions: softmax(words @ regions.swapaxes(1, 2) / len(words) ** 0.5) @ regions,
)
