"""Exercise `autoencoder.named`: a loss that meets no output."""

import warnings

import numpy as np

from mmcourse.exercises import Exercise, case, expect, judging
from mmcourse.exercises.autoencoder._inputs import plant
from mmcourse.exercises.sandbox import Raised

named = Exercise(
    "autoencoder.named",
    kind="find the bug",
    title="A loss that meets no output",
    returns="one number",
    otherwise="This is not the sum over the modalities of weight times mean over those who have it.",
    task=(
        "`total_loss(targets, rebuilt, there, weights)` adds up the squared errors of an autoencoder. `targets` and "
        "`rebuilt` are dicts of arrays `(b, n)` with the same names, `there` a dict of booleans `(b,)`: who has the "
        "modality at all; a target that nobody knows may be NaN. `weights` is a dict of numbers; a name that it leaves "
        "out weighs 1. The loss of a modality is the mean over the items that *have* it of the sum over the `n` "
        "numbers (0 where nobody has it). Training falls quickly and the pictures stay grey, for there are **two** "
        "mistakes. Put both right, and raise a `ValueError` for a weight whose name is none of the outputs."
    ),
    hints=(
        "Print the names that the loop meets. What does `.get` give for a name that is not there? And over how many "
        "items is the mean taken, when half of them have no picture?",
        "Check `set(weights) - set(rebuilt)` first, and loop over `rebuilt`. With `each` the squared errors summed "
        "along axis 1, add `each[there[name]].sum() / max(there[name].sum(), 1)`, times `weights.get(name, 1)`.",
    ),
    plan=(
        "Refuse weights of names that no output has.",
        "Loop over the outputs, and take the weight 1 where none is given.",
        "Average over the items that have the modality, and mind the batch in which nobody has it.",
    ),
    minutes=12,
    difficulty=2,
    importance=2,
)


@named.solved_by
def total_loss(targets, rebuilt, there, weights):
    """Dicts of (b, n), of bool (b,) and of numbers -> a number."""
    if unknown := set(weights) - set(rebuilt):
        raise ValueError(f"Weights of {sorted(unknown)}, which no output has.")
    total = 0.0
    for name in rebuilt:
        each = ((targets[name] - rebuilt[name]) ** 2).sum(axis=1)  # (b,)
        known = there[name]
        total += weights.get(name, 1) * each[known].sum() / max(known.sum(), 1)
    return total


@named.given
def _given(targets, rebuilt, there, weights):
    """Dicts of (b, n), of bool (b,) and of numbers -> a number."""
    total = 0.0
    for name in weights:
        if name in rebuilt:
            each = ((targets[name] - rebuilt[name]) ** 2).sum(axis=1)  # (b,)
            total += weights[name] * np.where(there[name], each, 0).mean()
    return total


def _batch(rng, sizes, having, weights, items=8, holes=False, when=""):
    """A case: of how many numbers each output is, and how many of the items have it."""
    targets = {name: rng.normal(size=(items, n)) for name, n in sizes.items()}
    rebuilt = {name: rng.normal(size=(items, n)) for name, n in sizes.items()}
    there = {name: rng.permutation(items) < many for name, many in zip(sizes, having, strict=True)}
    for name in sizes if holes else ():
        targets[name][~there[name]] = np.nan
    return case(targets, rebuilt, there, weights, when=when)


SIZES = {"image": 6, "text": 3, "sound": 4}


@named.cases
def _(rng):
    def weight():
        return float(rng.uniform(2, 4))

    yield _batch(rng, SIZES, (3, 5, 6), {"text": weight()})
    yield _batch(rng, {"film": 5, "words": 7}, (4, 2), {"film": 1 / weight()}, items=5)
    four = {"depth": 2, "a": 9, "b": 4, "tags": 3}
    yield _batch(rng, four, (7, 10, 3, 1), {"tags": weight(), "a": weight() + 3}, items=11)
    yield _batch(rng, SIZES, (2, 4, 1), {}, items=6, when="where `weights` is empty")
    each = {"sound": weight(), "image": weight() + 3, "text": 0.3}
    yield _batch(rng, SIZES, (5, 3, 6), each, items=7, when="where every output has a weight")
    yield _batch(rng, SIZES, (4, 2, 3), {"image": 0.0}, items=5, when="where a weight is 0")
    yield _batch(rng, SIZES, (3, 5, 4), {"sound": weight()}, holes=True, when="where a target that nobody knows is NaN")
    nobody = "where nobody has one of the modalities"
    yield _batch(rng, SIZES, (0, 5, 4), {"text": weight()}, when=nobody)
    yield _batch(rng, SIZES, (4, 3, 0), {"sound": weight()}, items=6, holes=True, when=nobody)
    yield _batch(rng, SIZES, (4, 4, 4), {"image": weight()}, items=4, when="where every item has everything")
    yield _batch(rng, SIZES, (1, 1, 1), {"text": weight()}, items=1, when="with one item")


@named.oracle
def _(targets, rebuilt, there, weights):
    total = 0.0
    for name in rebuilt:
        losses = []
        for i in range(len(there[name])):
            if there[name][i]:
                losses.append(sum((t - r) ** 2 for t, r in zip(targets[name][i], rebuilt[name][i], strict=True)))
        if losses:
            total += weights.get(name, 1) * sum(losses) / len(losses)
    return total


# ── mistakes ────────────────────────────────────────────────────────────────────────────────────────


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


def _raises_for_names_left_out(answer):
    """The name of the error that an answer ends with where `weights` leaves an output out; "" where it also ends with
    one if every output has a weight."""
    batch = _batch(np.random.default_rng(0), SIZES, (3, 4, 5), {"text": 2.5, "image": 1.5, "sound": 3.0})
    ended = []
    for names in (SIZES, ("text",), ()):
        targets, rebuilt, there, weights = batch.fresh()
        try:
            answer(targets, rebuilt, there, {name: weights[name] for name in names})
            ended.append("")
        except Raised as raised:
            ended.append(type(raised.error).__name__)
    return ended[1] if not ended[0] and ended[1] == ended[2] in ("ValueError", "KeyError") else ""


@named.check  # stands behind the mistakes, so that `judging` has them: first the values, then what must be refused
def _(answer, rng):
    if kind := _raises_for_names_left_out(answer):
        expect.true(
            False,
            f"Your function raises a {kind} where `weights` leaves an output out. That is allowed: a name that "
            "`weights` leaves out weighs 1. Refuse only the names of `weights` that no output has.",
        )
    judging.judge(judging.Prepared(named, rng), answer)
    for sizes, weights, name in (
        (SIZES, {"image_output": 3.0}, "image_output"),
        (SIZES, {"text": 2.5, "imag": 1.0}, "imag"),
        ({"film": 4, "words": 2}, {"Words": 0.0, "film": 1.5}, "Words"),
    ):
        batch = _batch(rng, sizes, (3, 2, 4)[: len(sizes)], weights, items=5)
        try:
            answer(*batch.fresh())
        except Raised as raised:
            if isinstance(raised.error, ValueError):
                continue
            kind = type(raised.error).__name__
            expect.true(False, f"Raise a ValueError for a weight whose name no output has, `{name}`; it was {kind}.")
        expect.true(
            False,
            f"A weight keyed by `{name}`, which no output has, passes in silence, and whoever mistyped it never learns "
            "of it. Raise a ValueError.",
        )
