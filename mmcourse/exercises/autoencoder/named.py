"""Exercise `autoencoder.named`: a loss that meets no output."""

import numpy as np

from mmcourse.exercises import Exercise, case, expect, judging
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
        "numbers (0 where nobody has it). The loss falls and the pictures stay grey, for there are **two** "
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


@named.check  # first the values, then what must be refused
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
