"""Exercise `autoencoder.named`: a loss that meets no output."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.exercises.sandbox import Raised

named = Exercise(
    "autoencoder.named",
    kind="find the bug",
    title="A loss that meets no output",
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


def _total(targets, rebuilt, there, weights, only=None, items="known", numbers="sum"):
    """The oracle, with loops; its arguments are the mistakes."""
    total = 0.0
    for name in rebuilt if only is None else only:
        rows = [i for i in range(len(there[name])) if there[name][i]]
        value = sum(
            (targets[name][i][k] - rebuilt[name][i][k]) ** 2 for i in rows for k in range(targets[name].shape[1])
        )
        if numbers == "mean":
            value /= targets[name].shape[1]
        if items != "sum":
            value /= max(len(rows), 1) if items == "known" else len(there[name])
        total += weights.get(name, 1) * value
    return total


def _batch(rng):
    sizes = {"image": 6, "text": 3, "sound": 4}
    targets = {name: rng.normal(size=(8, n)) for name, n in sizes.items()}
    rebuilt = {name: rng.normal(size=(8, n)) for name, n in sizes.items()}
    there = {name: rng.permutation(8) < many for name, many in zip(sizes, (3, 5, 6), strict=True)}
    return targets, rebuilt, there, {"text": float(rng.uniform(2, 4))}


@named.check
def _(answer, rng):
    values = [0.0, 0.0]
    while not expect.apart(values, rtol=0.001):  # each mistake has a value of its own
        args = _batch(rng)
        values = [
            _total(*args), _total(*args, only=["text"], items="all"), _total(*args, only=["text"]),
            _total(*args, items="all"), _total(*args, items="sum"), _total(*args, numbers="mean"),
            _total(*args[:3], {}), _total(*args, numbers="mean", items="all"),
        ]  # fmt: skip
    got = expect.number(expect.pure(answer, *args), finite=False)
    for value, message in (
        (values[1], "Both mistakes are still there."),
        (values[2],
         "Only the names in `weights` are added up. An output without a weight weighs 1, and its decoder must learn."),
        (values[3],
         "The mean is taken over all items. Those without the modality count as rebuilt without error, so a rare "
         "modality hardly weighs."),
        (values[4], "This is the sum over the items: it grows with the batch. Take the mean over those that know."),
        (values[5], "You take the mean over the numbers of an item, too. Asked for is their sum."),
        (values[7], "You take the mean over the numbers of an item, too. Asked for is their sum."),
        (values[6], "The weights are gone."),
    ):  # fmt: skip
        expect.differs(got, value, message)
    expect.close(got, values[0], "Sum over the modalities of weight times mean over those who have it.")
    targets, rebuilt, there, weights = args
    holes = {name: np.where(there[name][:, None], x, np.nan) for name, x in targets.items()}
    holed = expect.number(answer(holes, rebuilt, there, weights), finite=False)
    expect.close(
        holed, values[0], "Targets that nobody knows are NaN here, and must not reach the loss: NaN times 0 is NaN."
    )
    nobody = there | {"image": np.zeros(8, bool)}
    lonely = expect.number(answer(holes | {"image": targets["image"] * np.nan}, rebuilt, nobody, weights), finite=False)
    expect.close(
        lonely, _total(targets, rebuilt, nobody, weights),
        "In this batch nobody has a picture: its loss is 0, not 0 / 0. Divide by at least 1.",
    )  # fmt: skip
    try:
        answer(targets, rebuilt, there, {"image_output": 3.0})
    except Raised as error:
        if isinstance(error.error, ValueError):
            return
        raise
    expect.true(
        False,
        "A weight keyed by `image_output`, which no output has, passes in silence, and whoever mistyped it never "
        "learns of it. Raise a ValueError.",
    )


@named.mistake("An output without a weight weighs 1")
def only_named(targets, rebuilt, there, weights):
    return sum(
        weights[n] * ((targets[n] - rebuilt[n]) ** 2).sum(1)[there[n]].sum() / max(there[n].sum(), 1)
        for n in weights if n in rebuilt
    )  # fmt: skip


@named.mistake("a rare modality hardly weighs")
def over_all(targets, rebuilt, there, weights):
    each = {n: np.where(there[n], ((targets[n] - rebuilt[n]) ** 2).sum(1), 0) for n in rebuilt}
    return sum(weights.get(n, 1) * each[n].mean() for n in rebuilt)


@named.mistake("grows with the batch")
def summed(targets, rebuilt, there, weights):
    return sum(weights.get(n, 1) * ((targets[n] - rebuilt[n]) ** 2).sum(1)[there[n]].sum() for n in rebuilt)


@named.mistake("The weights are gone")
def unweighted(targets, rebuilt, there, weights):
    return total_loss(targets, rebuilt, there, {})


@named.mistake("passes in silence")
def silent(targets, rebuilt, there, weights):
    return total_loss(targets, rebuilt, there, {n: w for n, w in weights.items() if n in rebuilt})


@named.mistake("NaN times 0 is NaN")
def nan_times_zero(targets, rebuilt, there, weights):
    each = {n: there[n] * ((targets[n] - rebuilt[n]) ** 2).sum(1) for n in rebuilt}
    return sum(weights.get(n, 1) * each[n].sum() / max(there[n].sum(), 1) for n in rebuilt)


@named.mistake("not 0 / 0")
def nobody_has_it(targets, rebuilt, there, weights):
    with np.errstate(all="ignore"):
        return sum(
            weights.get(n, 1) * ((targets[n] - rebuilt[n]) ** 2).sum(1)[there[n]].sum() / there[n].sum()
            for n in rebuilt
        )  # fmt: skip
