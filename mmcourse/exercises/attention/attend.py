"""Exercise `attention.attend`: scaled dot-product attention with a mask of the keys."""

import math

import numpy as np

from mmcourse.exercises import Exercise, case
from mmcourse.exercises.attention._inputs import plant
from mmcourse.exercises.numeric import softmax

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
    levels = np.array([[3, 1, -2, 0], [-6, -4, -5, -5], [2, -1, 2, 1]])[:, rng.permutation(4)]
    for padding, when in ((0, "where scores are in the thousands"), (8, "where a padded key has by far the best score")):
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


# ── mistakes ────────────────────────────────────────────────────────────────────────────────────────


def _masked(q, k, keep, scale, nothing="zeros"):
    """The weights with another scale; and where nothing is kept zeros, NaN, or the same weight for each key."""
    if nothing == "zeros" and not keep.any():
        return np.zeros((len(q), len(k)))
    return softmax(np.where(keep, q @ k.T / scale, -np.inf if nothing == "nan" else -1e30))


def _planted(message, **weights):
    """Mistakes whose output is the mean of the values with these weights, functions of (q, k, v, keep)."""

    def whole(function):
        def wrong(q, k, v, keep):
            w = function(q, k, v, keep)
            return w @ v, w

        return wrong

    plant(attend, message, **{name: whole(function) for name, function in weights.items()})


def _scaled(name, message, scale):
    """A wrong scale, whatever is done where nothing is kept."""
    ways = {"": "zeros", "_or_nan": "nan", "_or_even": "even"}
    _planted(
        message,
        **{
            name + end: lambda q, k, v, keep, nothing=nothing: _masked(q, k, keep, scale(q, k, v, keep), nothing)
            for end, nothing in ways.items()
        },
    )


def _root(q):
    return np.sqrt(q.shape[1])


_planted(
    "Padded keys still get weight: `keep` is not used.",
    without_mask=lambda q, k, v, keep: softmax(q @ k.T / _root(q)),
)
_planted(
    "You set the weights of padding to 0 after the softmax. What is left no longer sums to one: mask the scores, before.",
    mask_after=lambda q, k, v, keep: softmax(q @ k.T / _root(q)) * keep,
)
_planted(
    "You set the scores of padding to 0. The exponential of 0 is 1, so padding still gets weight: set them to minus "
    "infinity.",
    scores_to_zero=lambda q, k, v, keep: softmax(q @ k.T / _root(q) * keep),
    scores_to_zero_but_nothing=lambda q, k, v, keep: softmax(q @ k.T / _root(q) * keep) * keep.any(),
)
_planted(
    "The weights sum to one over the *queries*. The softmax must run over the keys.",
    wrong_axis=lambda q, k, v, keep: softmax(q @ k.T / _root(q), axis=0) * keep,
    wrong_axis_masked=lambda q, k, v, keep: softmax(np.where(keep, q @ k.T / _root(q), -np.inf), axis=0),
    wrong_axis_even=lambda q, k, v, keep: softmax(np.where(keep, q @ k.T / _root(q), -1e30), axis=0),
)
_planted(
    "All weights together sum to one. Each *row* must, over the keys.",
    over_everything=lambda q, k, v, keep: _masked(q, k, keep, _root(q)) / len(q),
    over_all_pairs=lambda q, k, v, keep: softmax(
        np.where(keep, q @ k.T / _root(q), -1e30).reshape(1, -1)
    ).reshape(len(q), -1) * keep,
)  # fmt: skip
_planted(
    "The mask is the wrong way round: `keep` is False where a key is *padding*.",
    mask_inverted=lambda q, k, v, keep: _masked(q, k, ~keep, _root(q)),
    mask_inverted_or_nan=lambda q, k, v, keep: _masked(q, k, ~keep, _root(q), "nan"),
    mask_inverted_or_even=lambda q, k, v, keep: _masked(q, k, ~keep, _root(q), "even"),
    mask_inverted_but_nothing=lambda q, k, v, keep: _masked(q, k, ~keep, _root(q), "nan") if keep.any() else 0 * q @ k.T,
)
_planted(
    "Your mask takes out *queries*. It belongs to the keys, the columns of the scores.",
    queries_masked=lambda q, k, v, keep: softmax(np.where(keep[:, None], q @ k.T / _root(q), -1e30)),
)
_scaled(
    "without_scale",
    "The scale is missing: divide the scores by the square root of d.",
    lambda q, k, v, keep: 1,
)
_scaled("by_d", "You divided by d. The scale is its square root.", lambda q, k, v, keep: q.shape[1])
_scaled(
    "by_number_of_keys",
    "You divided by the square root of the number of keys. What makes scores large is the *size* of the vectors.",
    lambda q, k, v, keep: np.sqrt(len(k)),
)
_planted(
    "You multiplied the scores by the square root of d. Divide them.",
    times_root=lambda q, k, v, keep: _masked(q, k, keep, 1 / _root(q)),
)
_planted(
    "You divided by the square root of the number of queries. The scale is the square root of d, the length of a "
    "vector.",
    by_number_of_queries=lambda q, k, v, keep: _masked(q, k, keep, np.sqrt(len(q))),
)
_planted(
    "You divided by the square root of the length of a *value*. Scores are products of queries and keys, so d counts.",
    by_length_of_value=lambda q, k, v, keep: _masked(q, k, keep, np.sqrt(v.shape[1])),
)
_planted(
    "You divided the weights by the square root of d. The scale belongs to the scores, before the softmax.",
    scale_after=lambda q, k, v, keep: _masked(q, k, keep, 1) / _root(q),
)
_planted(
    "These are cosines behind the softmax: the vectors were divided by their lengths. Scores are dot products, divided "
    "by the square root of d.",
    cosines=lambda q, k, v, keep: _masked(_unit(q), _unit(k), keep, 1),
    cosines_scaled=lambda q, k, v, keep: _masked(_unit(q), _unit(k), keep, _root(q)),
)
_planted(
    "These weights are the scores themselves. A softmax turns them into positive numbers that sum to one.",
    no_softmax=lambda q, k, v, keep: q @ k.T / _root(q) * keep,
)
_planted(
    "The exponentials are not divided by their sum.",
    no_sum=lambda q, k, v, keep: np.exp(q @ k.T / _root(q)) * keep,
    no_sum_shifted=lambda q, k, v, keep: _masked(q, k, keep, _root(q)) / _best(_masked(q, k, keep, _root(q))),
)
_planted(
    "All of the weight goes to the best key. A softmax gives each kept key its part.",
    hardest=lambda q, k, v, keep: np.eye(len(k))[np.where(keep, q @ k.T, -np.inf).argmax(1)] * keep.any(),
)
_planted(
    "Large scores overflow: subtract each row's maximum before the exponential.",
    overflowing=lambda q, k, v, keep: _raw(q @ k.T / _root(q)) * keep / max(keep.any(), 1e-300),
    overflowing_or_nan=lambda q, k, v, keep: _divided(_raw(q @ k.T / _root(q)) * keep),
)


def _unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def _best(weights):
    return np.maximum(weights.max(1, keepdims=True), 1e-300)
