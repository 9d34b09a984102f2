"""Exercise `attention.attend`: scaled dot-product attention with a mask of the keys."""

import math

import numpy as np

from mmcourse.exercises import Exercise, case

attend = Exercise(
    "attention.attend",
    kind="implement",
    title="Attention with a mask",
    returns=("output", "weights"),
    otherwise="This is not the softmax of the scaled scores over the kept keys, and with it the mean of the values.",
    task=(
        "Write `attend_with_mask(q, k, v, keep)` for one sample: queries `q` `(n, d)`, keys `k` `(m, d)`, values `v` "
        "`(m, c)`, and `keep` `(m,)`, False where a key is padding. Return the output `(n, c)` and the weights "
        "`(n, m)`, as in {eq}`eq-attention`. Padding has the weight 0, whatever its scores are. Scores may be in the "
        "thousands, and nothing may overflow. Where no key at all is to be kept, output and weights are 0."
    ),
    hints=(
        "Which product of q and k has a row for each query and a column for each key? And at which moment do the "
        "padded keys leave: before or after the exponentials are divided by their sum?",
        "Put `-inf` into the columns of the scores that are padding, subtract each row's maximum, and divide the "
        "exponentials by their sum over the last axis. If `keep.any()` is False, return zeros before all that.",
    ),
    plan=(
        "Answer with zeros where no key is kept.",
        "Compute a score for each query and each key, and scale it.",
        "Take the padded keys out, then apply the softmax over the keys.",
        "Average the values with these weights; return both.",
    ),
    minutes=12,
    difficulty=2,
    importance=3,
)


@attend.solved_by
def attend_with_mask(q, k, v, keep):
    """(n, d), (m, d), (m, c), bool (m,) -> output (n, c), weights (n, m)."""
    weights = np.zeros((len(q), len(k)))
    if keep.any():
        scores = q @ k[keep].T / np.sqrt(q.shape[-1])  # as if padding were not there
        e = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights[:, keep] = e / e.sum(axis=-1, keepdims=True)
    return weights @ v, weights


def _sample(rng, n, d, c, keep, when=""):
    keep = np.array(keep, bool)
    q, k, v = rng.normal(size=(n, d)), rng.normal(size=(len(keep), d)), rng.normal(1, 2, (len(keep), c))
    return case(q, k, v, keep, when=when)


@attend.cases
def _(rng):
    yield _sample(rng, 3, 7, 4, [1, 1, 0, 1, 1, 0])
    yield _sample(rng, 2, 3, 6, [0, 1, 1, 0, 1])
    yield _sample(rng, 4, 6, 1, rng.permutation([1, 1, 1, 0, 0, 0, 0]))
    yield _sample(rng, 5, 2, 3, [1, 1, 1, 0])
    yield _sample(rng, 3, 5, 2, [1, 1, 1, 1], when="where every key is kept")
    yield _sample(rng, 2, 3, 4, [0, 0, 1, 0, 0], when="where a single key is kept")
    yield _sample(rng, 5, 4, 2, [0, 1, 1, 0, 1], when="with as many queries as keys")
    yield _sample(rng, 3, 5, 2, [0, 0, 0, 0], when="where no key is kept")
    # Whole numbers times 500: high scores, scores far below 0, and two that are equal. Padding comes last.
    levels = np.array([[3, 2, -2, 0], [-6, -4, -5, -5], [2, -1, 2, 1]])[:, rng.permutation(4)]
    best = "where a padded key has by far the best score"
    thousands = {0: "where scores are in the thousands", 8: best, 2e7: best}
    for padding, when in thousands.items():
        scores = np.column_stack([levels, np.full(3, padding)]).astype(float)
        q, k = 1000 * np.eye(3, 4), np.column_stack([scores.T, rng.normal(size=5)])  # d = 4, its root is 2
        if padding == 0:
            k[4, :3] = [-1, -7, 0]
        yield case(q, k, rng.normal(1, 2, (5, 3)), np.arange(5) < 4, when=when)


@attend.oracle
def _(q, k, v, keep):
    n, m, d = len(q), len(k), q.shape[1]
    output, weights = np.zeros((n, v.shape[1])), np.zeros((n, m))
    kept = [j for j in range(m) if keep[j]]
    for i in range(n if kept else 0):  # one query and one kept key at a time
        scores = {j: sum(q[i, t] * k[j, t] for t in range(d)) / math.sqrt(d) for j in kept}
        e = {j: math.exp(score - max(scores.values())) for j, score in scores.items()}
        for j in kept:
            weights[i, j] = e[j] / sum(e.values())
            output[i] += weights[i, j] * v[j]
    return output, weights
