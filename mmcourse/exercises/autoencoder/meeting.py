"""Exercise `autoencoder.meeting`: one code for whatever is there."""

import numpy as np

from mmcourse.exercises import Exercise, expect

meeting = Exercise(
    "autoencoder.meeting",
    kind="implement",
    title="One code for whatever is there",
    task=(
        "Write `code(read, there, weights)`, the middle of {eq}`eq-autoencoder-code`, in NumPy. `read` is a dict with "
        "what each encoder has read, `(b, d_i)`; `there` a dict of booleans `(b,)`; `weights` a dict with a pair of "
        "matrix `(d_i, d)` and bias `(d,)` for each name. The code of an item is the mean of the proposals of those "
        "modalities that are there. Where a modality is missing, its row of `read` may be NaN, and nothing of it may "
        "come into the code. An item of which nothing is there gets zeros. Return `(b, d)`."
    ),
    hints=(
        "A proposal is matrix product *plus bias*. Which items may it count for, and how many proposals has each item?",
        "For each name: `h = read[name] @ matrix + bias`, `total += np.where(there[name][:, None], h, 0)`, and "
        "`count += there[name]`. In the end divide by `np.maximum(count, 1)[:, None]`. Multiplying NaN by zero would "
        "leave NaN.",
    ),
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


def _code(read, there, weights, mean=True, all_of_them=False, bias="those that are there", missing=0.0):
    """The oracle, item by item; its arguments are the mistakes."""
    names = list(weights)
    b, d = len(read[names[0]]), len(weights[names[0]][1])
    out = np.zeros((b, d))
    for i in range(b):
        proposals = []
        for name in names:
            matrix, offset = weights[name]
            if there[name][i]:
                h = [sum(read[name][i][k] * matrix[k][j] for k in range(len(matrix))) for j in range(d)]
                proposals.append(np.array(h) + (0 if bias == "none" else offset))
            elif bias == "all":
                proposals.append(np.array(offset))
        counted = len(names) if all_of_them else max(sum(bool(there[name][i]) for name in names), 1)
        out[i] = sum(proposals, np.zeros(d)) / (counted if mean else 1)
    return out


def _case(rng, holes=True):
    names, b, d = ("image", "text", "sound"), 7, 4
    sizes = dict(zip(names, (3, 5, 2), strict=True))
    read = {name: rng.normal(size=(b, n)) for name, n in sizes.items()}
    weights = {name: (rng.normal(size=(n, d)), rng.normal(0, 2, d)) for name, n in sizes.items()}
    there = np.array([[1, 1, 1], [1, 1, 0], [0, 1, 1], [1, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 0]], bool)
    there = dict(zip(names, rng.permutation(there).T.copy(), strict=True))
    for name in names if holes else ():
        read[name][~there[name]] = np.nan
    return read, there, weights


@meeting.check
def _(answer, rng):
    why = "a code for each item"
    read, there, weights = _case(rng, holes=False)  # first without NaN, so that each mistake shows its own face
    got = expect.array(expect.pure(answer, read, there, weights), (7, 4), why)
    some = np.any(list(there.values()), axis=0)
    if not np.isfinite(got[~some]).all() and np.isfinite(got[some]).all():
        expect.true(False, "An item of which nothing is there gives 0 / 0. Its code is zeros: divide by at least 1.")
    full = {name: np.ones(7, bool) for name in there}
    for value, message in (
        (_code(read, full, weights), "You did not look at `there`: what is missing takes part in the mean."),
        (_code(read, there, weights, all_of_them=True),
         "You divide by the number of *all* modalities, so a code shrinks when one is covered. Divide by the number "
         "of those that are there."),
        (_code(read, there, weights, mean=False), "This is the sum. With two modalities the code is twice as long."),
        (_code(read, there, weights, bias="all"),
         "The bias of a missing modality is still in the code: zeros through a layer are not nothing."),
        (_code(read, there, weights, bias="all", all_of_them=True),
         "The bias of a missing modality is still in the code, and it counts in the mean: you set its *input* to "
         "zero. Leave out its proposal."),
        (_code(read, there, weights, bias="none"), "Where are the biases? A proposal is matrix product plus bias."),
    ):  # fmt: skip
        expect.differs(got[some], value[some], message)
    expect.close(got, _code(read, there, weights), "The mean of the proposals that are there.")
    read, there, weights = _case(rng)
    got = expect.array(answer(read, there, weights), (7, 4), why)
    expect.true(
        np.isfinite(got).all(),
        "NaN of a missing modality came into the code: NaN times zero is NaN. Choose with `np.where`.",
    )
    expect.close(got, _code(read, there, weights), "The mean of the proposals that are there, with NaN in the holes.")


def _sum(read, there, weights):
    """Sum of the proposals that are there, and their number."""
    total = sum(np.where(there[n][:, None], read[n] @ w + b, 0) for n, (w, b) in weights.items())
    return total, sum(there[n].astype(int) for n in weights)[:, None]


@meeting.mistake("You did not look at `there`")
def everybody(read, there, weights):
    return np.mean([read[name] @ w + b for name, (w, b) in weights.items()], axis=0)


@meeting.mistake("a code shrinks")
def of_all(read, there, weights):
    return _sum(read, there, weights)[0] / len(weights)


@meeting.mistake("This is the sum")
def summed(read, there, weights):
    return _sum(read, there, weights)[0]


@meeting.mistake("you set its *input* to zero")
def zeros_in(read, there, weights):
    return np.mean([np.where(there[n][:, None], read[n], 0) @ w + b for n, (w, b) in weights.items()], axis=0)


@meeting.mistake("Where are the biases?")
def no_bias(read, there, weights):
    total = sum(np.where(there[n][:, None], read[n] @ w, 0) for n, (w, _) in weights.items())
    return total / np.maximum(_sum(read, there, weights)[1], 1)


@meeting.mistake("NaN times zero")
def multiplied(read, there, weights):
    total = sum(there[n][:, None] * (read[n] @ w + b) for n, (w, b) in weights.items())
    return total / np.maximum(_sum(read, there, weights)[1], 1)


@meeting.mistake("divide by at least 1")
def nothing_there(read, there, weights):
    total, count = _sum(read, there, weights)
    with np.errstate(all="ignore"):
        return total / count
