"""Exercise `attention.relu`: what the scale assumes, and what is left of it after a ReLU."""

import math

import numpy as np

from mmcourse.exercises import Exercise, expect

relu = Exercise(
    "attention.relu",
    kind="experiment and explain",
    returns="a number, a standard deviation",
    within=0.02,
    title="What the scale assumes",
    task=(
        "The root of d sets the variance of a score to 1 *if* the entries of queries and keys have mean 0 and variance "
        "1. After a ReLU they have neither: each entry is max(0, x), x standard normal. Take `d` = 256 and run the "
        "code. **What is the standard deviation of the scaled scores of one query over its keys?** That is what the "
        "softmax sees. Queries differ a little: average over many. Answer with a number, within 2 %; and before you "
        "run it, guess: more or less than 1?"
    ),
    hints=(
        "The code has one query and five keys, which is noisy: take many of both. Which axis are the keys?",
        "What all keys of a query share, a softmax cancels. So take the standard deviation over the keys, for each "
        "query, and the mean of the variances over the queries; then the root.",
    ),
    plan=(
        "Draw many queries and many keys.",
        "Take the variance of the scores over the keys, for each query.",
        "Average the variances over the queries, and take the root.",
    ),
    minutes=8,
    difficulty=2,
    importance=2,
)


def scaled_scores(queries, keys, d=256, seed=0):
    """Scores of vectors after a ReLU, (queries, keys), divided by √d."""
    rng = np.random.default_rng(seed)
    q = np.maximum(0, rng.normal(size=(queries, d)))
    k = np.maximum(0, rng.normal(size=(keys, d)))
    return q @ k.T / np.sqrt(d)


@relu.given
def _first_look():
    scores = scaled_scores(queries=1, keys=5, seed=3)
    print(scores.round(2))
    print(scores.std())


@relu.solved_by
def deviation():
    """Measured over many keys of many queries, and by arithmetic."""
    scores = scaled_scores(queries=1000, keys=2000)
    measured = np.sqrt(scores.var(axis=1).mean())  # over the keys, for each query
    # An entry y = max(0, x) has E y² = 1/2 and E y = 1/√(2π), so its variance
    # is 1/2 - 1/(2π). Given q, the score's variance over keys is that, times
    # the mean of q², which is 1/2.
    exact = np.sqrt(0.5 * (0.5 - 1 / (2 * np.pi)))
    assert np.isclose(measured, exact, rtol=0.01)
    # Much less than 1: the softmax is softer than the scale means it to be.
    # And the scores have a mean far from 0, which the softmax does not see.
    return exact


MEAN = 1 / math.sqrt(2 * math.pi)  # of an entry after a ReLU
SQUARE = 1 / 2  # the mean of its square
VARIANCE = SQUARE - MEAN**2
EXACT = math.sqrt(SQUARE * VARIANCE)


@relu.also
def _(value):
    expect.true(value > 0, "A standard deviation is a positive number.")
    expect.true(
        value <= EXACT,
        "That is too much. Take more keys and more queries, and the standard deviation over the keys of each query.",
    )
    expect.true(
        value >= EXACT,
        "That is too little. With few keys a standard deviation comes out too small: take thousands, and many queries.",
    )
