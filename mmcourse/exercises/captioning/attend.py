"""Exercise `captioning.attend`: additive attention with the softmax over the wrong axis."""

import numpy as np

from mmcourse.exercises import Exercise, case

attend = Exercise(
    "captioning.attend",
    kind="find the bug",
    title="Whose regions?",
    returns=("context", "weights"),
    otherwise=(
        "Weights are the softmax of `tanh(state W + region U) v` over the regions of a caption's own picture, and the "
        "context is the mean of these regions with these weights: one of the two is something else."
    ),
    minutes=10,
    difficulty=2,
    importance=3,
    plan=(
        "Find out over what the weights sum to one as the code stands.",
        "Let both steps of the softmax, the maximum and the sum, run over the regions of one picture.",
    ),
    task=(
        "`attend_regions(state, regions, W, U, v)` is one step of additive attention for a batch: "
        "from the decoder's `state` (one row for each caption) and the `regions` of its picture it "
        "computes the mean of the regions, weighted by the softmax of `tanh(state W + region U) v`. "
        "It runs, and its shapes are right. Put it right, for large scores too."
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


@attend.cases
def _(rng):
    def inputs(b, m, d, u, a, size=1.0):
        shapes = (b, u), (b, m, d), (u, a), (d, a), (a,)
        state, regions, W, U, v = (rng.normal(size=shape) for shape in shapes)
        return state, regions + 0.5, W, U, size * v

    for sizes in ((3, 7, 5, 4, 6), (2, 5, 3, 6, 4), (5, 4, 2, 3, 7), (3, 3, 3, 3, 3)):
        yield case(*inputs(*sizes))
    yield case(*inputs(1, 6, 3, 2, 5), when="with one caption in the batch")
    yield case(*inputs(4, 1, 4, 5, 2), when="where each picture has one region only")
    state, regions, W, U, _ = inputs(3, 4, 2, 3, 6)
    W[1:], U[1:], regions[:, :, 0] = 0, 0, rng.permuted(np.tile([1, -1, 0.5, -0.5], (3, 1)), axis=1)
    W[0] = U[0] = signs = np.sign(W[0])
    state[:, 0] = 0, 2, -2  # of the first picture the scores go from -1400 to 1400, then all are high, then all low;
    # no two are so close that the rounding of float32 would show
    yield case(state, regions, W, U, 300 * signs, when="where the scores are large")


@attend.oracle
def _(state, regions, W, U, v):
    contexts, weights = [], []
    for query, picture in zip(state, regions, strict=True):  # one caption and one region at a time
        scores = [sum(v[j] * np.tanh(query @ W[:, j] + region @ U[:, j]) for j in range(len(v))) for region in picture]
        e = [np.exp(score - max(scores)) for score in scores]
        weights.append([one / sum(e) for one in e])
        contexts.append(sum(one / sum(e) * region for one, region in zip(e, picture, strict=True)))
    return np.array(contexts), np.array(weights)
