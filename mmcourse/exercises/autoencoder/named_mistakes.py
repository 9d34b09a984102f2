"""What goes wrong in `autoencoder.named`: planted mistakes with their messages."""

import warnings

import numpy as np

from mmcourse.exercises.autoencoder._inputs import plant
from mmcourse.exercises.autoencoder.named import named, total_loss


def _squares(error):
    return (error**2).sum(1)


def _over_known(each, known):
    return each[known].sum() / max(known.sum(), 1)


def _like(
    item=_squares,
    mean=_over_known,
    weight=lambda weights, name: weights.get(name, 1),
    last=lambda total, n, weights: total,
):
    """A function like the solution, but for what it takes of an item's errors, how it averages over the items, its
    weights, or what it does with the sum in the end."""

    def wrong(targets, rebuilt, there, weights):
        if set(weights) - set(rebuilt):
            raise ValueError
        losses = [weight(weights, name) * mean(item(targets[name] - rebuilt[name]), there[name]) for name in rebuilt]
        return last(sum(losses), len(losses), weights)

    return wrong


def _over_all(each, known):
    return np.where(known, each, 0).mean()


def _or_nothing(each, known):
    return each[known].mean()  # of nobody: NaN


def _only_named(weights, name):
    return weights.get(name, 0)


plant(
    named,
    "Both mistakes are still there.",
    as_given=_like(mean=_over_all, weight=_only_named),
)
plant(
    named,
    "Only the names in `weights` are added up. An output without a weight weighs 1, and its decoder must learn.",
    only_named=_like(weight=_only_named),
    only_named_or_nan=_like(mean=_or_nothing, weight=_only_named),
)
plant(
    named,
    "The mean is taken over all items. Those without the modality count as rebuilt without error, so a rare modality "
    "hardly weighs.",
    over_all=_like(mean=_over_all),
    over_all_nan=_like(mean=lambda each, known: (known * each).mean()),
)
plant(
    named,
    "Items that do not have the modality take part with their errors. Leave them out: `there` says who has it.",
    everybody=_like(mean=lambda each, known: each.mean()),
    everybody_but_nan_or_nan=_like(mean=lambda each, known: np.nanmean(each)),
    everybody_with_zeros_for_nan=lambda targets, rebuilt, there, weights: _like(
        mean=lambda each, known: each.sum() / max(known.sum(), 1)
    )({n: np.nan_to_num(x) for n, x in targets.items()}, rebuilt, there, weights),
    everybody_but_nan=_like(mean=lambda each, known: np.nan_to_num(np.nanmean(each))),
    everybody_over_known=_like(mean=lambda each, known: each.sum() / max(known.sum(), 1)),
)
plant(
    named,
    "`there` is used the wrong way round: it is True where an item *has* the modality.",
    inverted=_like(mean=lambda each, known: _over_known(each, ~known)),
    inverted_or_nan=_like(mean=lambda each, known: each[~known].mean()),
    inverted_over_all=_like(mean=lambda each, known: _over_all(each, ~known)),
)
plant(
    named,
    "This is the sum over the items: it grows with the batch. Take the mean over those that know.",
    summed=_like(mean=lambda each, known: each[known].sum()),
    summed_only_named=_like(mean=lambda each, known: each[known].sum(), weight=_only_named),
)
plant(
    named,
    "You divide by one item too many, or one too few. Divide by the number of those that have the modality.",
    one_more=_like(mean=lambda each, known: each[known].sum() / (known.sum() + 1)),
    one_less=_like(mean=lambda each, known: each[known].sum() / max(known.sum() - 1, 1)),
)
plant(
    named,
    "You take the mean over the numbers of an item, too. Asked for is their sum.",
    mean_of_numbers=_like(lambda error: (error**2).mean(1)),
    mean_of_numbers_or_nan=_like(lambda error: (error**2).mean(1), _or_nothing),
    mean_of_numbers_over_all=_like(lambda error: (error**2).mean(1), _over_all),
    mean_of_numbers_only_named=_like(lambda error: (error**2).mean(1), weight=_only_named),
)
plant(
    named,
    "The errors are not squared, so that they cancel.",
    not_squared=_like(lambda error: error.sum(1)),
    not_squared_or_nan=_like(lambda error: error.sum(1), _or_nothing),
)
plant(
    named,
    "You take only the items that have *every* modality. Each modality has a mean of its own, over those that have it.",
    complete_only=lambda targets, rebuilt, there, weights: total_loss(
        targets, rebuilt, dict.fromkeys(there, np.all([*there.values()], axis=0)), weights
    ),
)
plant(
    named,
    "You took absolute errors. Asked for are their squares.",
    absolute=_like(lambda error: np.abs(error).sum(1)),
    absolute_or_nan=_like(lambda error: np.abs(error).sum(1), _or_nothing),
)
plant(
    named,
    "You took the root of an item's squared errors. Add up the squares as they are.",
    root=_like(lambda error: np.sqrt(_squares(error))),
)
plant(
    named,
    "You took the root of the mean. The loss is the mean of the squares itself.",
    root_of_mean=_like(mean=lambda each, known: np.sqrt(_over_known(each, known))),
)
plant(
    named,
    "You added up the errors of an item first and squared their sum. Square each of them.",
    square_of_sum=_like(lambda error: error.sum(1) ** 2),
)
plant(
    named,
    "The squared errors are halved. Here they are not.",
    halved=_like(lambda error: _squares(error) / 2),
)
plant(
    named,
    "The weights are gone.",
    unweighted=_like(weight=lambda weights, name: 1),
    unweighted_or_nan=_like(mean=_or_nothing, weight=lambda weights, name: 1),
    unweighted_over_all=_like(mean=_over_all, weight=lambda weights, name: 1),
)
plant(
    named,
    "A weight of 0 counts as 1 in your loss. It is given: the modality does not count. Only a name that is left out "
    "weighs 1.",
    no_weight_of_zero=_like(weight=lambda weights, name: weights.get(name, 0) or 1),
)
plant(
    named,
    "An output with a weight counts once more, with the weight 1. The weight takes the place of the 1.",
    one_and_weight=_like(weight=lambda weights, name: 1 + weights.get(name, 0)),
)
plant(
    named,
    "The errors were multiplied by the weight before they were squared, so that it counts twice.",
    weight_squared=_like(weight=lambda weights, name: weights.get(name, 1) ** 2),
)
plant(
    named,
    "You divided by the weight. A modality counts as many times as its weight says.",
    divided_by_weight=_like(weight=lambda weights, name: 1 / weights.get(name, 1)),
)
plant(
    named,
    "You divided by the sum of the weights. Asked for is the sum over the modalities, not a mean.",
    by_sum_of_weights=lambda targets, rebuilt, there, weights: (
        total_loss(targets, rebuilt, there, weights) / sum(weights.get(name, 1) for name in rebuilt)
    ),
    by_sum_of_given_weights=_like(last=lambda total, n, weights: total / (sum(weights.values()) or 1)),
)
plant(
    named,
    "You divided by the number of modalities. Asked for is their sum.",
    mean_of_modalities=_like(last=lambda total, n, weights: total / n),
    mean_of_modalities_or_nan=_like(mean=_or_nothing, last=lambda total, n, weights: total / n),
)
plant(
    named,
    "All items that have anything are averaged together. Each modality has a mean of its own, over those that have it.",
    all_together=lambda targets, rebuilt, there, weights: (
        total_loss(
            {n: x * np.sqrt(there[n].sum()) for n, x in targets.items()},
            {n: x * np.sqrt(there[n].sum()) for n, x in rebuilt.items()},
            there,
            weights,
        )
        / max(sum(known.sum() for known in there.values()), 1)
    ),
)
plant(
    named,
    "Only the last modality is in your result: add up in the loop, and return behind it.",
    only_the_last=lambda targets, rebuilt, there, weights: _only(list(rebuilt)[-1], targets, rebuilt, there, weights),
)
plant(
    named,
    "Only the first modality is in your result: return behind the loop, not inside.",
    only_the_first=lambda targets, rebuilt, there, weights: _only(
        next(iter(rebuilt)), targets, rebuilt, there, weights
    ),
)
plant(
    named,
    "The sign is turned round: a loss falls as the errors fall.",
    minus=lambda targets, rebuilt, there, weights: -total_loss(targets, rebuilt, there, weights),
)
plant(
    named,
    "Targets that nobody knows are NaN here, and must not reach the loss: NaN times 0 is NaN.",
    nan_times_zero=_like(mean=lambda each, known: (known * each).sum() / max(known.sum(), 1)),
    nan_times_zero_of_nobody=_like(mean=lambda each, known: (known * each).sum() / known.sum()),
)
plant(
    named,
    "In a batch in which nobody has a modality its loss is 0, not 0 / 0. Divide by at least 1.",
    nobody_has_it=_like(mean=_or_nothing),
)


def _only(name, targets, rebuilt, there, weights):
    return total_loss(
        {name: targets[name]}, {name: rebuilt[name]}, there, {n: w for n, w in weights.items() if n == name}
    )


@named.mistake(said="passes in silence")
def silent(targets, rebuilt, there, weights):
    return total_loss(targets, rebuilt, there, {n: w for n, w in weights.items() if n in rebuilt})


@named.mistake(said="passes in silence")
def only_more_weights_than_outputs(targets, rebuilt, there, weights):
    if len(weights) > len(rebuilt):
        raise ValueError
    return silent(targets, rebuilt, there, weights)


@named.mistake(said="passes in silence")
def only_without_a_known_one(targets, rebuilt, there, weights):
    if weights and not set(weights) & set(rebuilt):
        raise ValueError
    return silent(targets, rebuilt, there, weights)


@named.mistake(said="Raise a ValueError for a weight")
def another_exception(targets, rebuilt, there, weights):
    if set(weights) - set(rebuilt):
        raise KeyError("unknown")
    return total_loss(targets, rebuilt, there, weights)


@named.mistake(said="passes in silence")
def only_a_warning(targets, rebuilt, there, weights):
    if set(weights) - set(rebuilt):
        warnings.warn("unknown weight", stacklevel=2)
    return silent(targets, rebuilt, there, weights)


@named.mistake("You divide by the number of items that have *anything*. Each modality has a mean of its own.")
def over_whoever_has_some(targets, rebuilt, there, weights):
    some = max(np.any([*there.values()], axis=0).sum(), 1)
    return _like(mean=lambda each, known: each[known].sum() / some)(targets, rebuilt, there, weights)


plant(
    named,
    "A name that `weights` leaves out has another weight than 1 in your loss. It weighs 1.",
    left_out_shares=_like(weight=lambda weights, name: weights.get(name, 1 / 3)),
    left_out_half=_like(weight=lambda weights, name: weights.get(name, 0.5)),
    left_out_mean=_like(
        weight=lambda weights, name: weights.get(name, sum(weights.values()) / len(weights) if weights else 1)
    ),
    left_out_largest=_like(weight=lambda weights, name: weights.get(name, max(weights.values(), default=1))),
    left_out_one_by_number=lambda targets, rebuilt, there, weights: _like(
        weight=lambda weights, name: weights.get(name, 1 / len(rebuilt))
    )(targets, rebuilt, there, weights),
    left_out_rest=lambda targets, rebuilt, there, weights: _like(
        weight=lambda weights, name: weights.get(name, 1 - sum(weights.values()))
    )(targets, rebuilt, there, weights),
)
plant(
    named,
    "You return the loss of each modality by itself. Asked for is their sum, one number.",
    by_name=lambda targets, rebuilt, there, weights: {
        name: weights.get(name, 1) * _only(name, targets, rebuilt, there, {}) for name in rebuilt
    },
    one_by_one=lambda targets, rebuilt, there, weights: [
        weights.get(name, 1) * _only(name, targets, rebuilt, there, {}) for name in rebuilt
    ],
)


@named.mistake(said="a name that `weights` leaves out weighs 1")
def all_must_be_named(targets, rebuilt, there, weights):
    if set(weights) != set(rebuilt):
        raise ValueError
    return total_loss(targets, rebuilt, there, weights)


@named.mistake(said="a name that `weights` leaves out weighs 1")
def taken_without_get(targets, rebuilt, there, weights):
    return _like(weight=lambda weights, name: weights[name])(targets, rebuilt, there, weights)
