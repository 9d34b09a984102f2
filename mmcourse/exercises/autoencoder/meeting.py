"""Exercise `autoencoder.meeting`: one code for whatever is there."""

import numpy as np

from mmcourse.exercises import Exercise, case

meeting = Exercise(
    "autoencoder.meeting",
    kind="implement",
    title="One code for whatever is there",
    returns="a code for each item",
    otherwise="This is not the mean of the proposals of those modalities that are there.",
    task=(
        "Write `code(read, there, weights)`, the middle of {eq}`eq-autoencoder-code`, in NumPy. `read` is a dict with "
        "what each encoder has read, `(b, d_i)`; `there` a dict of booleans `(b,)`; `weights` a dict with a pair of "
        "matrix `(d_i, d)` and bias `(d,)` for each name. All three have the same names, perhaps in another order. The "
        "code of an item is the mean of the proposals of those "
        "modalities that are there. Where a modality is missing, its row of `read` may be NaN, or hold numbers that "
        "mean nothing; nothing of it may come into the code. An item of which nothing is there gets zeros. Return "
        "`(b, d)`."
    ),
    hints=(
        "A proposal is matrix product *plus bias*. Which items may it count for, and how many proposals has each item?",
        "For each name: `h = read[name] @ matrix + bias`, `total += np.where(there[name][:, None], h, 0)`, and "
        "`count += there[name]`. In the end divide by `np.maximum(count, 1)[:, None]`. Multiplying NaN by zero would "
        "leave NaN.",
    ),
    plan=(
        "For each name, compute the proposals of all items.",
        "Add them up, but only where the modality is there; count with it.",
        "Divide each item's sum by its count, and leave zeros where nothing is there.",
    ),
    minutes=12,
    difficulty=2,
    importance=3,
)


@meeting.solved_by
def code(read, there, weights):
    """{name: (b, d_i)}, {name: bool (b,)}, {name: ((d_i, d), (d,))} -> (b, d)."""
    total, count = 0.0, 0
    for name, (matrix, bias) in weights.items():
        h = read[name] @ matrix + bias  # (b, d)
        total = total + np.where(there[name][:, None], h, 0)
        count = count + there[name]
    return total / np.maximum(count, 1)[:, None]


def _items(rng, sizes, d, patterns, holes=False, when=""):
    """A case of one item for each pattern, 1 where a modality is there; NaN where it is not, if there are ``holes``."""
    seen = rng.permutation(np.array(patterns, bool)).T
    there = {name: row.copy() for name, row in zip(sizes, seen, strict=True)}
    read = {name: rng.normal(size=(len(patterns), n)) for name, n in sizes.items()}
    weights = {name: (rng.normal(size=(n, d)), rng.normal(0, 2, d)) for name, n in sizes.items()}
    for name in sizes if holes else ():
        read[name][~there[name]] = np.nan
    return case(read, there, weights, when=when)


ALL = ((1, 1, 1), (1, 1, 0), (0, 1, 1), (1, 0, 1), (1, 0, 0), (0, 1, 0), (0, 0, 1))
NONE = (0, 0, 0)


@meeting.cases
def _(rng):
    three = {"image": 3, "text": 5, "sound": 2}
    yield _items(rng, three, 4, ALL)
    yield _items(rng, {"film": 4, "words": 3}, 2, ((1, 0), (1, 1), (0, 1), (1, 0), (1, 1)))
    four = ((1, 1, 0, 1), (0, 1, 1, 1), (1, 0, 0, 0), (0, 0, 0, 1), (1, 1, 1, 1), (0, 1, 1, 0))
    yield _items(rng, {"a": 2, "b": 6, "c": 2, "d": 3}, 5, four)
    nothing = "where nothing of an item is there"
    yield _items(rng, three, 3, ALL[1:4], holes=True, when="where a missing row is NaN")
    yield _items(rng, three, 4, (ALL[0], ALL[2], NONE, ALL[5]), when=nothing)
    yield _items(rng, three, 2, (NONE, ALL[1], NONE, ALL[4]), holes=True, when=nothing)
    yield _items(rng, three, 5, (ALL[0],) * 4, when="where everything is there")
    yield _items(rng, three, 3, (ALL[1], ALL[4], ALL[5], ALL[1]), when="where nobody has one of the modalities")
    yield _items(rng, {"text": 4}, 3, ((1,), (1,)), when="with a single modality")
    yield _items(rng, three, 2, (ALL[3],), when="with a single item")
    turned = _items(rng, {"image": 3, "text": 3, "sound": 3}, 4, ALL, when="where the dicts have another order")
    read, there, weights = turned.arguments
    yield case({name: read[name] for name in ("sound", "image", "text")}, dict(reversed(there.items())), weights,
               when=turned.when)  # fmt: skip


@meeting.oracle
def _(read, there, weights):
    """Item by item, number by number."""
    some = next(iter(weights))
    codes = np.zeros((len(there[some]), len(weights[some][1])))
    for i in range(len(codes)):
        names = [name for name in weights if there[name][i]]
        for j in range(codes.shape[1] if names else 0):
            proposals = []
            for name in names:
                matrix, bias = weights[name]
                proposals.append(sum(x * row[j] for x, row in zip(read[name][i], matrix, strict=True)) + bias[j])
            codes[i, j] = sum(proposals) / len(names)
    return codes
