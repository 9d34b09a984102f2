"""Exercise `fusion.weighted`: a weighted sum over the modalities that are there."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.exercises.numeric import softmax

weighted = Exercise(
    "fusion.weighted",
    kind="implement",
    title="A weighted sum with gaps",
    task=(
        "Write `weigh(h, s, there)`. `h` of shape `(n, m, d)` holds for each of `n` items the vectors of `m` "
        "modalities, `s` of shape `(n, m)` a score for each, and `there`, booleans of shape `(n, m)`, says which "
        "modalities the item has. Return two arrays: the fused `z` of shape `(n, d)` and the weights `(n, m)`, the "
        "softmax of the scores over the modalities that are there. What is not there has the weight 0, **whatever** "
        "stands in `h` and `s`, be it NaN. An item without any modality gets zeros."
    ),
    hints=(
        "Which axis are the modalities? And what must the score of a missing one be, so that its exponential is 0?",
        "Put `-np.inf` where `there` is False, subtract the largest *finite* score, take exponentials, divide by their "
        "sum where that is not 0. In `h`, too, put zeros with `np.where`: 0 times NaN is NaN.",
    ),
)


@weighted.solved_by
def weigh(h, s, there):
    """(n, m, d), (n, m), bool (n, m) -> z (n, d), weights (n, m)."""
    s = np.where(there, s, -np.inf)
    top = s.max(axis=1, keepdims=True)
    e = np.exp(s - np.where(np.isfinite(top), top, 0))  # 0 where missing
    total = e.sum(axis=1, keepdims=True)
    weights = e / np.where(total > 0, total, 1)  # zeros where none is there
    h = np.where(there[:, :, None], h, 0)  # 0 · NaN would be NaN
    return (weights[:, :, None] * h).sum(axis=1), weights


@weighted.check
def _(answer, rng):
    n, m, d = 7, 4, 3
    h, s = rng.normal(size=(n, m, d)), rng.normal(0, 2, (n, m))
    there = rng.random((n, m)) < 0.6
    there[:, 0], there[0], there[1, 1:] = True, True, [False, True, True]  # some of each
    weights, z = np.zeros((n, m)), np.zeros((n, d))
    for i in range(n):
        kept = [j for j in range(m) if there[i, j]]
        e = {j: np.exp(s[i, j]) for j in kept}
        for j in kept:
            weights[i, j] = e[j] / sum(e.values())
            z[i] += weights[i, j] * h[i, j]

    def ask(h, s, there):
        got = expect.parts(expect.pure(answer, h, s, there), ("z", "weights"))
        return (
            expect.array(got[0], (n, d), "a vector for each item"),
            expect.array(got[1], (n, m), "a weight for each item and modality"),
        )

    fused, got = ask(h, s, there)
    expect.differs(
        got,
        softmax(np.where(there, s, -1e9), axis=0) * there,
        "Your softmax runs over the items, so the weights of an item depend on its neighbours. It runs over the "
        "modalities, axis 1.",
    )
    expect.differs(
        got,
        softmax(s, axis=1) * there,
        "You took the softmax of all scores and set the missing weights to 0 afterwards. The rest no longer sums to "
        "one: leave the missing out before the softmax.",
    )
    expect.differs(got, softmax(s, axis=1), "The missing modalities have weights: `there` is not used.")
    expect.true(
        not np.allclose(got, softmax(s * there, axis=1)) and not np.allclose(got, softmax(s * there, axis=1) * there),
        "You multiplied the scores by `there`. A score of 0 is no absence: its exponential is 1.",
    )
    expect.differs(
        got,
        there / there.sum(1, keepdims=True),
        "All weights are equal: that is the mean. The scores are not used.",
    )
    expect.close(got, weights, "The weights are the softmax of the scores over what is there.")
    expect.differs(
        fused,
        z / there.sum(1, keepdims=True),
        "You took the mean of the weighted vectors. The weights already sum to one: add.",
    )
    expect.close(fused, z, "z is the sum over the modalities of weight times vector.")
    spoilt = np.where(there[:, :, None], h, np.nan), np.where(there, s, np.nan), there
    fused, got = ask(*spoilt)
    expect.close(
        fused, z, "With NaN where a modality is missing, the answer changes. 0 · NaN is NaN: choose with `np.where`."
    )
    nobody = there.copy()
    nobody[2] = False
    fused, got = ask(h, s, nobody)
    expect.true(
        np.isfinite(got).all() and np.isfinite(fused).all(),
        "An item without any modality gives NaN: you divide 0 by 0. Its weights and its z are zeros.",
    )
    expect.close(got[2], np.zeros(m), "An item without any modality has no weights: zeros.")


def _sum(h, weights):
    return (weights[:, :, None] * np.nan_to_num(h)).sum(1), weights


@weighted.mistake("runs over the items")
def over_the_items(h, s, there):
    return _sum(h, softmax(np.where(there, s, -1e9), axis=0) * there)


@weighted.mistake("set the missing weights to 0 afterwards")
def afterwards(h, s, there):
    return _sum(h, softmax(s, axis=1) * there)


@weighted.mistake("`there` is not used")
def no_mask(h, s, there):
    return _sum(h, softmax(s, axis=1))


@weighted.mistake("A score of 0 is no absence")
def scores_times_mask(h, s, there):
    return _sum(h, softmax(s * there, axis=1))


@weighted.mistake("that is the mean")
def plain_mean(h, s, there):
    return _sum(h, there / there.sum(1, keepdims=True))


@weighted.mistake("already sum to one: add")
def mean_of_weighted(h, s, there):
    z, weights = weigh(h, s, there)
    return z / there.sum(1, keepdims=True), weights


@weighted.mistake("0 · NaN is NaN")
def nan_times_zero(h, s, there):
    _, weights = weigh(h, s, there)
    return (weights[:, :, None] * h).sum(1), weights


@weighted.mistake("you divide 0 by 0")
def nobody_there(h, s, there):
    with np.errstate(all="ignore"):
        e = np.exp(np.where(there, s, -np.inf))
        return _sum(np.where(there[:, :, None], h, 0), e / e.sum(1, keepdims=True))
