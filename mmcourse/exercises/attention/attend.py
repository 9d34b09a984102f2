"""Exercise `attention.attend`: scaled dot-product attention with a mask of the keys."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.exercises.numeric import softmax

attend = Exercise(
    "attention.attend",
    kind="implement",
    title="Attention with a mask",
    task=(
        "Write `attend_with_mask(q, k, v, keep)` for one sample: queries `q` `(n, d)`, keys `k` `(m, d)`, values `v` "
        "`(m, c)`, and `keep` `(m,)`, False where a key is padding. Return the output `(n, c)` and the weights "
        "`(n, m)`, as in {eq}`eq-attention`. Where no key at all is to be kept, output and weights are 0."
    ),
    hints=(
        "Which product of q and k has a row for each query and a column for each key? And at which moment do the "
        "padded keys leave: before or after the exponentials are divided by their sum?",
        "Put `-inf` into the columns of the scores that are padding, subtract each row's maximum, and divide the "
        "exponentials by their sum over the last axis. If `keep.any()` is False, return zeros before all that.",
    ),
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


def _masked(q, k, keep, scale):
    scores = np.where(keep, q @ k.T / scale, np.finfo("float64").min)
    return softmax(scores)


@attend.check
def _(answer, rng):
    n, m, d, c = 3, 6, 7, 4
    q, k, v = rng.normal(size=(n, d)), rng.normal(size=(m, d)), rng.normal(size=(m, c))
    keep = np.arange(m) < 4
    wanted = np.zeros((n, m))
    for i in range(n):  # the oracle: one query and one kept key at a time
        e = np.array([np.exp(sum(q[i] * k[j]) / d**0.5) for j in range(4)])
        wanted[i, :4] = e / e.sum()
    output, weights = expect.parts(expect.pure(answer, q, k, v, keep), ("output", "weights"))
    output = expect.array(output, (n, c), "a row for each query, as long as a value")
    weights = expect.array(weights, (n, m), "a row for each query, a column for each key")
    expect.true(
        not np.allclose(weights, softmax(q @ k.T / d**0.5)),
        "Padded keys still get weight: `keep` is not used, or it masks the queries.",
    )
    expect.differs(
        weights,
        softmax(q @ k.T / d**0.5) * keep,
        "You set the weights of padding to 0 after the softmax. What is left no longer sums to one: mask the scores, "
        "before.",
    )
    over_queries = np.where(keep, softmax(q @ k.T / d**0.5, axis=0), 0)
    expect.differs(
        weights, over_queries, "The weights sum to one over the *queries*. The softmax must run over the keys."
    )
    expect.close(weights[:, ~keep], 0, "A padded key has a weight of exactly 0.")
    expect.close(weights.sum(-1), 1, "A row of weights does not sum to one over the keys that are kept.")
    expect.differs(weights, _masked(q, k, keep, 1), "The scale is missing: divide the scores by the square root of d.")
    expect.differs(weights, _masked(q, k, keep, d), "You divided by d. The scale is its square root.")
    expect.differs(
        weights,
        _masked(q, k, keep, m**0.5),
        "You divided by the square root of the number of keys. What makes scores large is the *size* of the vectors.",
    )
    expect.close(weights, wanted, "These are weights, but not the softmax of the scaled scores over the kept keys.")
    expect.close(output, wanted @ v, "The weights are right, but the output is not the weighted mean of the values.")
    _, large = expect.parts(answer(1e4 * q, k, v, keep), ("output", "weights"))
    expect.close(
        expect.array(large, (n, m)),
        _masked(1e4 * q, k, keep, d**0.5),
        "Large scores overflow: subtract each row's maximum before the exponential.",
    )
    none = expect.parts(answer(q, k, v, np.zeros(m, bool)), ("output", "weights"))
    for value, shape in zip(none, ((n, c), (n, m)), strict=True):
        expect.close(
            expect.array(value, shape),
            0,
            "With every key masked the answer is 0. A softmax over minus infinities is NaN, and one over equal "
            "numbers looks at padding.",
        )


@attend.mistake("Padded keys still get weight")
def without_mask(q, k, v, keep):
    weights = softmax(q @ k.T / np.sqrt(q.shape[-1]))
    return weights @ v, weights


@attend.mistake("after the softmax")
def mask_after(q, k, v, keep):
    weights = softmax(q @ k.T / np.sqrt(q.shape[-1])) * keep
    return weights @ v, weights


@attend.mistake("sum to one over the *queries*")
def wrong_axis(q, k, v, keep):
    weights = softmax(q @ k.T / np.sqrt(q.shape[-1]), axis=0) * keep
    return weights @ v, weights


@attend.mistake("scale is missing")
def without_scale(q, k, v, keep):
    weights = _masked(q, k, keep, 1)
    return weights @ v, weights


@attend.mistake("You divided by d.")
def by_d(q, k, v, keep):
    weights = _masked(q, k, keep, q.shape[-1])
    return weights @ v, weights


@attend.mistake("number of keys")
def by_number_of_keys(q, k, v, keep):
    weights = _masked(q, k, keep, np.sqrt(len(k)))
    return weights @ v, weights


@attend.mistake("not the weighted mean")
def keys_as_values(q, k, v, keep):
    return np.tile(v[keep].mean(0), (len(q), 1)), attend_with_mask(q, k, v, keep)[1]


@attend.mistake("overflow")
def overflowing(q, k, v, keep):
    with np.errstate(all="ignore"):
        e = np.exp(q @ k.T / np.sqrt(q.shape[-1])) * keep
        weights = e / e.sum(-1, keepdims=True)
    return weights @ v, weights


@attend.mistake("looks at padding")
def everything_masked(q, k, v, keep):
    weights = _masked(q, k, keep, np.sqrt(q.shape[-1]))
    return weights @ v, weights


@attend.mistake("a column for each key")
def transposed(q, k, v, keep):
    output, weights = attend_with_mask(q, k, v, keep)
    return output, weights.T
