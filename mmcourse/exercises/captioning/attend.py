"""Exercise `captioning.attend`: additive attention with the softmax over the wrong axis."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.exercises.numeric import softmax

attend = Exercise(
    "captioning.attend",
    kind="find the bug",
    title="Whose regions?",
    task=(
        "`attend_regions(state, regions, W, U, v)` is one step of additive attention for a batch: "
        "from the decoder's `state` (one row for each caption) and the `regions` of its picture it "
        "computes the mean of the regions, weighted by the softmax of `tanh(state W + region U) v`. "
        "It runs, and its shapes are right. Put it right."
    ),
    hints=(
        "Call it with a batch of one. What are the weights, whatever "
        "the numbers are? What should they sum to, and over what?",
        "The scores have the shape (batch, regions). A caption's weights must sum to one over the "
        "regions of its own picture: along which axis are the exponentials divided by their sum?",
    ),
)


@attend.solved_by
def attend_regions(state, regions, W, U, v):
    """State (b, u) and regions (b, m, d) -> context (b, d), weights (b, m).

    The parameters: W (u, a), U (d, a) and v (a,).
    """
    scores = np.tanh((state @ W)[:, None] + regions @ U) @ v  # (b, m)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = e / e.sum(axis=1, keepdims=True)
    return np.einsum("bm,bmd->bd", weights, regions), weights


@attend.given
def _given_attend(state, regions, W, U, v):
    """State (b, u) and regions (b, m, d) -> context (b, d), weights (b, m).

    The parameters: W (u, a), U (d, a) and v (a,).
    """
    scores = np.tanh((state @ W)[:, None] + regions @ U) @ v  # (b, m)
    e = np.exp(scores - scores.max(axis=0, keepdims=True))
    weights = e / e.sum(axis=0, keepdims=True)
    return np.einsum("bm,bmd->bd", weights, regions), weights


@attend.check
def _(answer, rng):
    b, m, d, u, a = 3, 7, 5, 4, 6
    state, regions = rng.normal(size=(b, u)), rng.normal(size=(b, m, d))
    W, U, v = rng.normal(size=(u, a)), rng.normal(size=(d, a)), rng.normal(size=a)
    wanted = np.empty((b, m))
    for i in range(b):  # the oracle: one caption and one region at a time
        s = np.array([np.tanh(state[i] @ W + region @ U) @ v for region in regions[i]])
        wanted[i] = softmax(s)
    mean = np.stack([w @ r for w, r in zip(wanted, regions, strict=True)])

    def both(*inputs):
        n = len(inputs[0])
        context, weights = expect.parts(answer(*inputs), ("context", "weights"))
        weights = expect.array(weights, (n, m), "one weight for each region of each caption's picture")
        return expect.array(context, (n, d), "one context vector for each caption, of the regions' size"), weights

    context, weights = both(state, regions, W, U, v)
    alone = both(state[:1], regions[:1], W, U, v)
    expect.true(
        np.allclose(alone[1], weights[:1], atol=1e-5),
        "The first caption's weights change when its neighbours leave the batch: captions "
        "still compete with each other. Each softmax must run over the regions of one picture.",
    )
    expect.close(weights.sum(1), 1, "A caption's weights do not sum to one over the regions.")
    linear = softmax(((state @ W)[:, None] + regions @ U) @ v)
    expect.differs(
        weights,
        linear,
        "The tanh is missing. Without it the state adds the same number "
        "to all of a picture's scores, and the softmax cancels it.",
    )
    moved = both(rng.normal(size=(b, u)), regions, W, U, v)[1]
    expect.true(
        not np.allclose(moved, weights),
        "Another decoder state gives the same weights. The decoder asks "
        "where to look: its state belongs in the scores, at every step.",
    )
    expect.close(
        weights,
        wanted,
        "The weights sum to one over the regions, but they are not the softmax of tanh(state W + region U) v.",
    )
    expect.differs(context, regions.mean(1), "The context is the plain mean of the regions: use the weights.")
    expect.close(
        context, mean, "The weights are right, but the context is not the weighted mean of the picture's own regions."
    )


@attend.mistake("captions still compete")
def renormalised(state, regions, W, U, v):
    weights = softmax(np.tanh((state @ W)[:, None] + regions @ U) @ v, axis=0)
    weights = weights / weights.sum(axis=1, keepdims=True)
    return np.einsum("bm,bmd->bd", weights, regions), weights


@attend.mistake("do not sum to one")
def never_divided(state, regions, W, U, v):
    weights = np.exp(np.tanh((state @ W)[:, None] + regions @ U) @ v)
    return np.einsum("bm,bmd->bd", weights, regions), weights


@attend.mistake("Another decoder state gives the same weights")
def state_of_encoder(state, regions, W, U, v):
    weights = softmax(np.tanh((regions.mean(1) @ U)[:, None] + regions @ U) @ v)
    return np.einsum("bm,bmd->bd", weights, regions), weights


@attend.mistake("tanh is missing")
def without_tanh(state, regions, W, U, v):
    weights = softmax(((state @ W)[:, None] + regions @ U) @ v)
    return np.einsum("bm,bmd->bd", weights, regions), weights


@attend.mistake("not the softmax of tanh")
def tanh_of_state_only(state, regions, W, U, v):
    weights = softmax(np.einsum("ba,bma->bm", np.tanh(state @ W), regions @ U))
    return np.einsum("bm,bmd->bd", weights, regions), weights


@attend.mistake("plain mean")
def context_without_weights(state, regions, W, U, v):
    return regions.mean(1), attend_regions(state, regions, W, U, v)[1]


@attend.mistake("of the regions' size")
def projected_regions(state, regions, W, U, v):
    weights = attend_regions(state, regions, W, U, v)[1]
    return np.einsum("bm,bma->ba", weights, regions @ U), weights
