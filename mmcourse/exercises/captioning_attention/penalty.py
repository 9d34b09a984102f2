"""Exercise `captioning_attention.penalty`: a doubly stochastic penalty that costs nothing."""

import numpy as np

from mmcourse.exercises import Exercise, case

penalty = Exercise(
    "captioning_attention.penalty",
    kind="find the bug",
    title="A penalty that is always 0",
    returns="one number",
    otherwise=(
        "Asked for is the mean over captions and regions of (1 - s)², where s is the weight that a region got over all "
        "steps after which a word follows."
    ),
    task=(
        "`doubly_stochastic(weights, tokens)` shall return the penalty on overlooked regions: the mean, over the "
        "captions of a batch and over their `m` regions, of (1 - s)², with s the sum of the weights that the region "
        "got over the **steps** of the caption. `weights` is `(b, L, m)`, and each row of `m` sums to one. `tokens` "
        "`(b, L)` are the words that went in; after the end token (2) and after padding (0) nothing is written, so "
        "these steps do not count. In training it was noticed that **the penalty is 0, whatever the captioner looks "
        "at.** Put it right."
    ),
    hints=(
        "Which axis does the sum run over, and what do the weights sum to along it, before any training?",
        "Add up over the steps, `axis=1`: `(b, m)` remains, a number for each region. Steps that do not count get 0 "
        "first; and the mean runs over captions and regions, so nothing is left out of it.",
    ),
    plan=(
        "Mark the steps after which a word follows.",
        "Add up each region's weights over these steps.",
        "Take the mean of (1 - sum)² over captions and regions.",
    ),
    minutes=8,
    difficulty=2,
    importance=2,
)


@penalty.solved_by
def doubly_stochastic(weights, tokens):
    """Weights (b, L, m), the tokens that went in (b, L) -> a number."""
    goes_on = (tokens != 0) & (tokens != 2)  # a word is written after these
    looked = (weights * goes_on[..., None]).sum(axis=1)  # (b, m)
    return ((1 - looked) ** 2).mean()


@penalty.given
def _given(weights, tokens):
    """Weights (b, L, m), the tokens that went in (b, L) -> a number."""
    goes_on = (tokens != 0) & (tokens != 2)  # a word is written after these
    looked = weights.sum(axis=2)  # (b, L)
    return ((1 - looked[goes_on]) ** 2).mean()


def _sample(rng, counts, length, m):
    """Captions of so many words: start, words, end, padding."""
    tokens = np.zeros((len(counts), length), int)
    for row, count in zip(tokens, counts, strict=True):
        row[:count] = [1, *rng.integers(4, 30, count - 1)]
        if count < length:
            row[count] = 2
    return rng.dirichlet(np.full(m, 0.5), size=tokens.shape), tokens


@penalty.cases
def _(rng):
    for counts, length, m in (((3, 5), 7, 4), ((2, 4, 6), 8, 5), ((4, 1, 3), 5, 3), ((5, 2), 6, 9)):
        yield case(*_sample(rng, counts, length, m))
    yield case(*_sample(rng, (4, 3, 2), 5, 5), when="with as many steps as regions")
    yield case(*_sample(rng, (3,), 5, 6), when="with one caption")
    yield case(*_sample(rng, (4, 4), 4, 3), when="where every step counts")
    weights, tokens = _sample(rng, (3, 2, 4), 6, 4)
    yield case(np.full_like(weights, 0.25), tokens, when="where all weights are equal")
    weights, tokens = _sample(rng, (4, 4), 6, 4)
    weights[:, :4] = np.eye(4)
    yield case(weights, tokens, when="where every region was looked at once")
    weights, tokens = _sample(rng, (3, 4), 5, 1)
    yield case(weights, tokens, when="with one region")


@penalty.oracle
def _(weights, tokens):
    b, length, m = weights.shape
    squares = []
    for i in range(b):
        for j in range(m):
            got = sum(float(weights[i, t, j]) for t in range(length) if tokens[i, t] not in (0, 2))
            squares.append((1 - got) ** 2)
    return sum(squares) / len(squares)
