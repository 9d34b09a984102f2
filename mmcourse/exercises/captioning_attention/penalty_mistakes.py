"""What goes wrong in `captioning_attention.penalty`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.captioning_attention.penalty import doubly_stochastic, penalty


def _goes_on(tokens):
    return (tokens != 0) & (tokens != 2)


def _looked(weights, tokens):
    return (weights * _goes_on(tokens)[..., None]).sum(axis=1)


def _plant(message, **functions):
    for name, function in functions.items():
        function.__name__ = name
        penalty.mistake(message)(function)


_plant(
    "The sum still runs over the regions: along that axis the weights of a step sum to one, and the penalty is 0 "
    "whatever is looked at. Add up over the steps.",
    over_regions=lambda w, t: ((1 - w.sum(axis=2)[_goes_on(t)]) ** 2).mean(),
    over_regions_of_all=lambda w, t: ((1 - w.sum(axis=2)) ** 2).mean(),
)
_plant(
    "The sum runs over the regions, and the steps that do not count are in the mean. Add up over the steps, `axis=1`.",
    over_regions_masked=lambda w, t: ((1 - (w * _goes_on(t)[..., None]).sum(axis=2)) ** 2).mean(),
)
_plant(
    "All steps count in your sums, padding and the step after the end token too. There nothing is written.",
    no_mask=lambda w, t: ((1 - w.sum(axis=1)) ** 2).mean(),
)
_plant(
    "Padding is left out, but the step after the end token counts. Nothing is written there either.",
    end_counts=lambda w, t: ((1 - (w * (t != 0)[..., None]).sum(axis=1)) ** 2).mean(),
)
_plant(
    "The step after the end token is left out, but padding counts.",
    padding_counts=lambda w, t: ((1 - (w * (t != 2)[..., None]).sum(axis=1)) ** 2).mean(),
)
_plant(
    "The step after start is left out. The first word is written there, and looked for.",
    start_left_out=lambda w, t: ((1 - (w * (t > 2)[..., None]).sum(axis=1)) ** 2).mean(),
)
_plant(
    "The mask is turned round: only the steps that do not count are added up.",
    mask_turned=lambda w, t: ((1 - (w * ~_goes_on(t)[..., None]).sum(axis=1)) ** 2).mean(),
)
_plant(
    "You took the mean over the steps. The *sum* of a region's weights shall be one.",
    mean_of_steps=lambda w, t: ((1 - _looked(w, t) / w.shape[1]) ** 2).mean(),
    mean_of_real_steps=lambda w, t: ((1 - _looked(w, t) / _goes_on(t).sum(1, keepdims=True)) ** 2).mean(),
)
_plant(
    "The sum runs over the captions of the batch. Each picture has regions of its own.",
    over_batch=lambda w, t: ((1 - (w * _goes_on(t)[..., None]).sum(axis=0)) ** 2).mean(),
)
_plant(
    "Steps and captions are added up together. Each picture has regions of its own.",
    over_batch_and_steps=lambda w, t: ((1 - (w * _goes_on(t)[..., None]).sum(axis=(0, 1))) ** 2).mean(),
)
_plant(
    "You added up over the regions at the end. Take their mean, as over the captions.",
    sum_of_regions=lambda w, t: ((1 - _looked(w, t)) ** 2).sum(axis=1).mean(),
)
_plant(
    "You added up over everything at the end. Take the mean over captions and regions.",
    sum_of_all=lambda w, t: ((1 - _looked(w, t)) ** 2).sum(),
)
_plant(
    "You return a number for each caption. Asked for is one, their mean.",
    one_a_caption=lambda w, t: ((1 - _looked(w, t)) ** 2).mean(axis=1),
)
_plant(
    "You return a number for each region. Asked for is one, their mean.",
    one_a_region=lambda w, t: ((1 - _looked(w, t)) ** 2).mean(axis=0),
)
_plant(
    "You return the squares of all regions. Asked for is one number, their mean.",
    all_squares=lambda w, t: (1 - _looked(w, t)) ** 2,
)
_plant(
    "The mean is taken before the square: what one region has too much then pays for another that has too little.",
    square_of_mean=lambda w, t: (1 - _looked(w, t)).mean() ** 2,
    square_of_means=lambda w, t: ((1 - _looked(w, t)).mean(axis=1) ** 2).mean(),
)
_plant(
    "These are distances from 1, not their squares.",
    distances=lambda w, t: np.abs(1 - _looked(w, t)).mean(),
    signed=lambda w, t: (1 - _looked(w, t)).mean(),
)
_plant(
    "The 1 is missing: this is the mean square of the sums. They shall be near one, not near zero.",
    no_one=lambda w, t: (_looked(w, t) ** 2).mean(),
)
_plant(
    "The squares are taken before the sum over the steps. Add up the weights first.",
    squares_first=lambda w, t: (((1 - w) ** 2) * _goes_on(t)[..., None]).sum(axis=1).mean(),
    squared_weights=lambda w, t: ((1 - (w**2 * _goes_on(t)[..., None]).sum(axis=1)) ** 2).mean(),
)
_plant(
    "The root is taken of the result. Asked for is the mean square itself.",
    root=lambda w, t: np.sqrt(doubly_stochastic(w, t)),
)
_plant(
    "Your sums shall be near 1 / m, or near L / m. The penalty compares them with 1.",
    of_share=lambda w, t: ((1 / w.shape[2] - _looked(w, t)) ** 2).mean(),
    of_even=lambda w, t: ((_goes_on(t).sum(1, keepdims=True) / w.shape[2] - _looked(w, t)) ** 2).mean(),
)
_plant(
    "Only what a region lacks is counted. One that was looked at too much pays as well.",
    lacking=lambda w, t: (np.maximum(1 - _looked(w, t), 0) ** 2).mean(),
)
_plant(
    "You took a region's largest weight over the steps. Add them up.",
    largest=lambda w, t: ((1 - (w * _goes_on(t)[..., None]).max(axis=1)) ** 2).mean(),
)
_plant(
    "This is half of the penalty, as squared errors are sometimes written. Take the mean of the squares.",
    half=lambda w, t: doubly_stochastic(w, t) / 2,
)
