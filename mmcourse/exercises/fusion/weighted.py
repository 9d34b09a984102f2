"""Exercise `fusion.weighted`: a weighted sum over the modalities that are there."""

import numpy as np

from mmcourse.exercises import Exercise, case, expect

weighted = Exercise(
    "fusion.weighted",
    kind="implement",
    title="A weighted sum with gaps",
    returns=("z", "weights"),
    otherwise=(
        "Asked for are the softmax of the scores over what is there, 0 for the rest, and the vectors added up with "
        "these weights."
    ),
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
    plan=(
        "Give what is missing a score whose exponential is 0.",
        "Divide each item's exponentials by their sum, where that is not 0.",
        "Put zeros in the place of the missing vectors, and sum weight times vector over the modalities.",
    ),
    minutes=15,
    difficulty=3,
    importance=3,
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


def _sample(rng, n, m, d):
    """Items that each lack something, but not everything; each modality is somewhere."""
    there = rng.random((n, m)) < 0.6
    there[np.arange(n), np.arange(n) % m] = True
    there[np.arange(n), (np.arange(n) + 1) % m] = False
    there[0, -1] = True
    return rng.normal(size=(n, m, d)), rng.normal(0, 2, (n, m)), there


@weighted.cases
def _(rng):
    for n, m, d in ((7, 4, 3), (5, 2, 6), (4, 4, 4)):  # where all sizes are equal, sums over a wrong axis run
        yield case(*_sample(rng, n, m, d))
    h, s, _ = _sample(rng, 1, 3, 2)
    yield case(h, s, np.ones((1, 3), bool), when="with a single item that has all modalities")
    h, s, there = _sample(rng, 6, 3, 2)
    yield case(
        np.where(there[:, :, None], h, np.nan), s, there, when="where NaN stands in the place of a missing vector"
    )
    h, s, there = _sample(rng, 4, 3, 5)
    yield case(h, np.where(there, s, np.nan), there, when="where NaN stands in the place of a missing score")
    h, s, there = _sample(rng, 5, 4, 2)
    endless = rng.choice([-np.inf, np.inf], (5, 4, 1))
    yield case(
        np.where(there[:, :, None], h, endless), s, there, when="where infinity stands in the place of a missing vector"
    )
    h, s, there = _sample(rng, 6, 3, 4)
    there[rng.permutation(6)[:2]] = False
    there[np.flatnonzero(there.any(axis=1))[0]] = True
    yield case(h, s, there, when="where an item has no modality")
    h, _, there = _sample(rng, 4, 3, 2)
    yield case(h, rng.uniform(-125, -115, (4, 3)), there, when="where all scores are far below 0")
    h, s, there = _sample(rng, 6, 3, 3)
    huge = np.where(np.arange(6) % 2, 3000.0, -3000.0)[:, None]
    yield case(h, np.where(there, s, huge), there, when="where a huge number stands in the place of a missing score")


@weighted.oracle
def _(h, s, there):
    (n, m, d), weights = h.shape, np.zeros(s.shape)
    z = np.zeros((n, d))
    for i in range(n):
        kept = [j for j in range(m) if there[i, j]]
        e = {j: np.exp(s[i, j]) for j in kept}
        for j in kept:
            weights[i, j] = e[j] / sum(e.values())
            z[i] += weights[i, j] * h[i, j]
    return z, weights


@weighted.also
def _(result, h, s, there):
    _, weights = expect.parts(result, ("z", "weights"))
    left = np.abs(expect.array(weights)[~there])
    expect.true(
        left.size == 0 or left.max() < 1e-12,  # float32 is fine
        f"What is not there has a small weight, {left.max(initial=0):.2g}. It is to be 0: its score is not low enough.",
    )
