"""What goes wrong in `autoencoder.meeting`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.autoencoder._inputs import plant
from mmcourse.exercises.autoencoder.meeting import code, meeting


def _tables(read, there, weights):
    """Matrix products, biases and who is there: (modalities, b, d), (modalities, 1, d), (modalities, b, 1)."""
    products = np.stack([read[name] @ weights[name][0] for name in weights])
    biases = np.stack([weights[name][1] for name in weights])[:, None]
    return products, biases, np.stack([there[name] for name in weights])[:, :, None]


def _chosen(here, x):
    return np.where(here, x, 0)


def _multiplied(here, x):
    return here * x


def _count(n):
    return n


def _at_least_one(n):
    return np.maximum(n, 1)


def _planted(message, **functions):
    """Plants functions of (products, biases, here, choose, safe): as they are, and as they are where NaN is multiplied
    by 0, where nothing is divided by nothing, or both. These come to light only in the cases that are there for it.
    What divides by no count takes no `safe`."""
    ways = {
        "": (_chosen, _at_least_one),
        "_nan": (_multiplied, _at_least_one),
        "_empty": (_chosen, _count),
        "_both": (_multiplied, _count),
    }
    for name, function in functions.items():
        many = function.__code__.co_argcount - 3
        for end, way in list(ways.items())[: 2 * many]:

            def wrong(read, there, weights, function=function, way=way[:many]):
                return function(*_tables(read, there, weights), *way)

            plant(meeting, message, **{name + end: wrong})


def _alone(message, **functions):
    """Plants functions of (products, biases, here) that way alone."""
    for name, function in functions.items():
        plant(
            meeting,
            message,
            **{name: lambda read, there, weights, function=function: function(*_tables(read, there, weights))},
        )


_alone(
    "You did not look at `there`: what is missing takes part in the mean.",
    everybody=lambda x, bias, here: (x + bias).mean(0),
    everybody_with_zeros_for_nan=lambda x, bias, here: (np.nan_to_num(x) + bias).mean(0),
    everybody_over_count=lambda x, bias, here: (x + bias).sum(0) / _at_least_one(here.sum(0)),
    everybody_over_count_without_nan=lambda x, bias, here: np.nan_to_num(x + bias).sum(0) / _at_least_one(here.sum(0)),
    everybody_over_count_with_zeros=lambda x, bias, here: (np.nan_to_num(x) + bias).sum(0) / _at_least_one(here.sum(0)),
    everybody_without_nan=lambda x, bias, here: np.nan_to_num(x + bias).mean(0),
)
_alone(
    "You look for NaN in the place of `there`. What is missing may also hold numbers that mean nothing.",
    nan_for_missing=lambda x, bias, here: np.nan_to_num(np.nanmean(x + bias, axis=0)),
    nan_for_missing_or_nan=lambda x, bias, here: np.nanmean(x + bias, axis=0),
)
_alone(
    "NaN of a missing modality came into the code: NaN times zero is NaN. Choose with `np.where`.",
    multiplied=lambda x, bias, here: (here * (x + bias)).sum(0) / np.maximum(here.sum(0), 1),
    multiplied_and_empty=lambda x, bias, here: (here * (x + bias)).sum(0) / here.sum(0),
)
_alone(
    "An item of which nothing is there gives 0 / 0. Its code is zeros: divide by at least 1.",
    nothing_there=lambda x, bias, here: _chosen(here, x + bias).sum(0) / here.sum(0),
)
_planted(
    "You divide by the number of *all* modalities, so a code shrinks when one is covered. Divide by the number of "
    "those that are there.",
    of_all=lambda x, bias, here, choose: choose(here, x + bias).sum(0) / len(x),
)
_planted(
    "This is the sum. With two modalities the code is twice as long.",
    summed=lambda x, bias, here, choose: choose(here, x + bias).sum(0),
)
_planted(
    "The bias of a missing modality is still in the code, and it counts in the mean: you set its *input* to zero. "
    "Leave out its proposal.",
    zeros_in=lambda x, bias, here, choose: (choose(here, x) + bias).mean(0),
)
_planted(
    "The bias of a missing modality is still in the code: zeros through a layer are not nothing.",
    zeros_in_and_counted=lambda x, bias, here, choose, safe: (choose(here, x) + bias).sum(0) / safe(here.sum(0)),
    mean_of_all_biases=lambda x, bias, here, choose, safe: choose(here, x).sum(0) / safe(here.sum(0)) + bias.mean(0),
)
_planted(
    "Biases are added up on top of the mean. Each belongs to its own proposal, and is averaged with it.",
    all_biases_on_top=lambda x, bias, here, choose, safe: choose(here, x).sum(0) / safe(here.sum(0)) + bias.sum(0),
    biases_on_top=lambda x, bias, here, choose, safe: choose(here, x).sum(0) / safe(here.sum(0)) + (here * bias).sum(0),
)
_planted(
    "Where are the biases? A proposal is matrix product plus bias.",
    no_bias=lambda x, bias, here, choose, safe: choose(here, x).sum(0) / safe(here.sum(0)),
    no_bias_of_all=lambda x, bias, here, choose: choose(here, x).sum(0) / len(x),
)
_alone(
    "The bias is subtracted. A proposal is matrix product *plus* bias.",
    bias_subtracted=lambda x, bias, here: _chosen(here, x - bias).sum(0) / _at_least_one(here.sum(0)),
)
_planted(
    "`there` is used the wrong way round: it is True where a modality is there.",
    inverted=lambda x, bias, here, choose, safe: choose(~here, x + bias).sum(0) / safe((~here).sum(0)),
)
_alone(
    "You add up what is missing, but count what is there.",
    missing_summed=lambda x, bias, here: _chosen(~here, x + bias).sum(0) / _at_least_one(here.sum(0)),
)
_alone(
    "A modality counts for all items, or for none, whoever has it. Look at `there` item by item.",
    where_any_has_it=lambda x, bias, here: _chosen(here.any(1, keepdims=True), x + bias).sum(0) / here.any(1).sum(),
    where_all_have_it=lambda x, bias, here: (
        _chosen(here.all(1, keepdims=True), x + bias).sum(0) / _at_least_one(here.all(1).sum())
    ),
)
_alone(
    "You average the mean so far with the next proposal, so that the last one counts most. Add up, then divide once.",
    running_mean=lambda x, bias, here: _running(_chosen(here, x + bias)),
    running_mean_from_zero=lambda x, bias, here: _running(np.concatenate([0 * x[:1], _chosen(here, x + bias)])),
    running_mean_of_those_there=lambda x, bias, here: _running_there(x + bias, here),
)
_alone(
    "This is the median of the proposals. Take their mean.",
    median=lambda x, bias, here: np.nan_to_num(np.nanmedian(np.where(here, x + bias, np.nan), axis=0)),
)
_alone(
    "The bias is added twice.",
    bias_twice=lambda x, bias, here: _chosen(here, x + 2 * bias).sum(0) / _at_least_one(here.sum(0)),
)
_alone(
    "Only the last modality is in the sum: add each proposal to the total.",
    last_alone=lambda x, bias, here: _chosen(here, x + bias)[-1] / _at_least_one(here.sum(0)),
)
_alone(
    "You add up what is there, but count what is missing.",
    missing_counted=lambda x, bias, here: _chosen(here, x + bias).sum(0) / _at_least_one((~here).sum(0)),
)
_alone(
    "You divide by one more than the number of proposals. Only where there are none is 1 meant.",
    one_more=lambda x, bias, here: _chosen(here, x + bias).sum(0) / (here.sum(0) + 1),
)
_alone(
    "You divide by a number of *items*. Each item has a number of proposals of its own.",
    items_counted=lambda x, bias, here: _chosen(here, x + bias).sum(0) / _at_least_one(here.sum()),
    mean_over_items=lambda x, bias, here: _chosen(here, x + bias).sum(0) / len(here[0]),
    each_over_its_items=lambda x, bias, here: (_chosen(here, x + bias) / _at_least_one(here.sum(1, keepdims=True))).sum(
        0
    ),
)
_alone(
    "You divide by the root of the number of proposals. A mean divides by the number.",
    root_of_number=lambda x, bias, here: _chosen(here, x + bias).sum(0) / np.sqrt(_at_least_one(here.sum(0))),
)
_alone(
    "An item of which something is missing gets zeros. It has the mean of what is there.",
    complete_only=lambda x, bias, here: _chosen(here.all(0), (x + bias).mean(0)),
)
_alone(
    "One proposal is taken, not the mean of those that are there.",
    the_first=lambda x, bias, here: _chosen(here.any(0), _at(x + bias, here.argmax(0))),
    the_last=lambda x, bias, here: _chosen(here.any(0), _at(x + bias, len(x) - 1 - here[::-1].argmax(0))),
)
_alone(
    "This is the largest of the proposals, number by number. Take their mean.",
    largest=lambda x, bias, here: _chosen(here.any(0), np.where(here, x + bias, -np.inf).max(0)),
)
_alone(
    "The product of the proposals stands where their mean is asked for.",
    product=lambda x, bias, here: _chosen(here.any(0), np.where(here, x + bias, 1).prod(0)),
)
_alone(
    "There is a bend around the proposals or the code. A proposal is matrix product plus bias; the code is their mean.",
    bent=lambda x, bias, here: _chosen(here, np.tanh(x + bias)).sum(0) / _at_least_one(here.sum(0)),
    bent_last=lambda x, bias, here: np.tanh(_chosen(here, x + bias).sum(0) / _at_least_one(here.sum(0))),
    cut_at_zero=lambda x, bias, here: _chosen(here, np.maximum(x + bias, 0)).sum(0) / _at_least_one(here.sum(0)),
)


def _running(proposals):
    mean = proposals[0]
    for proposal in proposals[1:]:
        mean = (mean + proposal) / 2
    return mean


def _running_there(proposals, here):
    mean, begun = _chosen(here[0], proposals[0]), here[0]
    for proposal, there in zip(proposals[1:], here[1:], strict=True):
        mean = np.where(there & begun, (mean + proposal) / 2, np.where(there, proposal, mean))
        begun = begun | there
    return mean


def _at(table, places):
    return np.take_along_axis(table, places[None], axis=0)[0]


@meeting.mistake(
    "You go through the dicts side by side. Their names may stand in another order: look each of them up by its name."
)
def by_order(read, there, weights):
    names = list(weights)
    return code(dict(zip(names, read.values(), strict=True)), dict(zip(names, there.values(), strict=True)), weights)


plant(
    meeting,
    "You return a dict, or a proposal for each name. Asked for is one code for each item, the mean of the proposals.",
    proposals=lambda read, there, weights: {n: read[n] @ w + b for n, (w, b) in weights.items()},
    all_proposals=lambda read, there, weights: np.stack([read[n] @ w + b for n, (w, b) in weights.items()]),
)


@meeting.mistake(said="Your function changes its input `read`.")
def nan_overwritten(read, there, weights):
    for name in read:
        read[name][~there[name]] = 0
    return code(read, there, weights)


plant(
    meeting,
    "Only the first two modalities count. There may be more of them, or one.",
    first_two=lambda read, there, weights: code(read, there, {n: weights[n] for n in list(weights)[:2]}),
    first_two_read=lambda read, there, weights: code(read, there, {n: weights[n] for n in list(read)[:2]}),
)


@meeting.mistake("You divide by the mean number of proposals in the batch. Each item has a number of its own.")
def mean_count(read, there, weights):
    x, bias, here = _tables(read, there, weights)
    return _chosen(here, x + bias).sum(0) / max(here.sum() / here.shape[1], 1)


@meeting.mistake("Modalities that read more numbers weigh more in your mean. All proposals count alike.")
def weighted_by_size(read, there, weights):
    x, bias, here = _tables(read, there, weights)
    sizes = here * np.array([len(matrix) for matrix, _ in weights.values()])[:, None, None]
    return (_chosen(here, x + bias) * sizes).sum(0) / _at_least_one(sizes.sum(0))


_alone(
    "A small number is added to what you divide by, so every code is a little too small. Divide by the count itself, "
    "and by 1 where it is 0.",
    **{
        f"count_and_1e_{digits}": lambda x, bias, here, digits=digits: (
            _chosen(here, x + bias).sum(0) / (here.sum(0) + 10.0**-digits)
        )
        for digits in (1, 2, 3)
    },
)
_alone(
    "An item of which nothing is there gets the biases, or their mean. Its code is zeros.",
    biases_for_nothing=lambda x, bias, here: np.where(here.any(0), _mean(x + bias, here), bias.mean(0)),
    sum_of_biases_for_nothing=lambda x, bias, here: np.where(here.any(0), _mean(x + bias, here), bias.sum(0)),
    first_bias_for_nothing=lambda x, bias, here: np.where(here.any(0), _mean(x + bias, here), bias[0]),
    last_bias_for_nothing=lambda x, bias, here: np.where(here.any(0), _mean(x + bias, here), bias[-1]),
)
_alone(
    "An item of which nothing is there gets ones. Its code is zeros.",
    ones_for_nothing=lambda x, bias, here: np.where(here.any(0), _mean(x + bias, here), 1),
)
_alone(
    "An item of which nothing is there has no row in your result. Its code is zeros.",
    nothing_left_out=lambda x, bias, here: _mean(x + bias, here)[here.any(0)[:, 0]],
)


def _mean(proposals, here):
    return _chosen(here, proposals).sum(0) / _at_least_one(here.sum(0))


_alone(
    "Matrix products and biases are not averaged alike: one of the two is divided by the number of all modalities, or "
    "by 1. A proposal is matrix product plus bias, and the mean is over the proposals that are there.",
    products_over_all=lambda x, bias, here: _chosen(here, x).sum(0) / len(x) + _mean(bias + 0 * here, here),
    products_summed=lambda x, bias, here: _chosen(here, x).sum(0) + _mean(bias + 0 * here, here),
    biases_over_all=lambda x, bias, here: _mean(x, here) + (here * bias).sum(0) / len(x),
)
_alone(
    "The code is divided by its length, or by its largest number. It stays as it is: the mean of the proposals.",
    of_length_one=lambda x, bias, here: _divided(
        _mean(x + bias, here), np.linalg.norm(_mean(x + bias, here), axis=1, keepdims=True)
    ),
    by_largest=lambda x, bias, here: _divided(
        _mean(x + bias, here), np.abs(_mean(x + bias, here)).max(1, keepdims=True)
    ),
)
_alone(
    "Minus signs are lost: these are absolute values.",
    absolute=lambda x, bias, here: _mean(np.abs(x + bias), here),
    absolute_last=lambda x, bias, here: np.abs(_mean(x + bias, here)),
)
_alone(
    "The count is that of one modality, times the number of all. Add up `there` over the names.",
    last_times_all=lambda x, bias, here: _chosen(here, x + bias).sum(0) / _at_least_one(here[-1] * len(here)),
    first_times_all=lambda x, bias, here: _chosen(here, x + bias).sum(0) / _at_least_one(here[0] * len(here)),
)
_alone(
    "The code is a softmax of the mean, or a mean of softmaxes. A proposal is matrix product plus bias; the code is "
    "their mean.",
    softmax_last=lambda x, bias, here: _softmax(_mean(x + bias, here)),
    softmax_first=lambda x, bias, here: _mean(_softmax(x + bias), here),
)


def _divided(code, by):
    return code / np.maximum(by, 1e-12)


def _softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


_alone(
    "You count the rows without NaN. What is missing may also hold numbers that mean nothing: count by `there`.",
    nan_not_counted=lambda x, bias, here: (
        _chosen(here, x + bias).sum(0) / _at_least_one((~np.isnan(x).any(2, keepdims=True)).sum(0))
    ),
)
_alone(
    "You divide by the largest or the smallest number of proposals in the batch. Each item has a number of its own.",
    largest_count=lambda x, bias, here: _chosen(here, x + bias).sum(0) / _at_least_one(here.sum(0).max()),
    smallest_count=lambda x, bias, here: _chosen(here, x + bias).sum(0) / _at_least_one(here.sum(0).min()),
)
_alone(
    "You divide by the number of proposals twice. Once makes the mean.",
    count_squared=lambda x, bias, here: _chosen(here, x + bias).sum(0) / _at_least_one(here.sum(0)) ** 2,
)
_alone(
    "The product is multiplied by the bias. A proposal is matrix product *plus* bias.",
    times_bias=lambda x, bias, here: _mean(x * bias, here),
)
_alone(
    "There is a sigmoid around the proposals or the code. A proposal is matrix product plus bias; the code is their "
    "mean.",
    sigmoid=lambda x, bias, here: _mean(1 / (1 + np.exp(-x - bias)), here),
    sigmoid_last=lambda x, bias, here: 1 / (1 + np.exp(-_mean(x + bias, here))),
)
_alone(
    "The codes of the batch are averaged. Each item has a code of its own.",
    mean_of_batch=lambda x, bias, here: _mean(x + bias, here).mean(0),
    mean_of_batch_repeated=lambda x, bias, here: np.tile(_mean(x + bias, here).mean(0), (here.shape[1], 1)),
)
