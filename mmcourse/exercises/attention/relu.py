"""Exercise `attention.relu`: what the scale assumes, and what is left of it after a ReLU."""

import math

import numpy as np

from mmcourse.exercises import Exercise, expect

relu = Exercise(
    "attention.relu",
    kind="experiment and explain",
    title="What the scale assumes",
    task=(
        "The root of d sets the variance of a score to 1 *if* the entries of queries and keys have mean 0 and variance "
        "1. After a ReLU they have neither: each entry is max(0, x), x standard normal. Take `d` = 256 and run the "
        "code. **What is the standard deviation of the scaled scores of one query over its keys?** That is what the "
        "softmax sees. Answer with a number, within 2 %; and before you run it, guess: more or less than 1?"
    ),
    hints=(
        "The code has one query and five keys, which is noisy: take many of both. Which axis are the keys?",
        "What all keys of a query share, a softmax cancels. So take the deviation over the keys, for each query, and "
        "the mean of the variances over the queries; then the root.",
    ),
)


def scaled_scores(queries, keys, d=256, seed=0):
    """Scores of vectors after a ReLU, (queries, keys), divided by √d."""
    rng = np.random.default_rng(seed)
    q = np.maximum(0, rng.normal(size=(queries, d)))
    k = np.maximum(0, rng.normal(size=(keys, d)))
    return q @ k.T / np.sqrt(d)


@relu.given
def _first_look():
    scores = scaled_scores(queries=1, keys=5)
    print(scores.round(2))
    print(scores.std())


@relu.solved_by
def deviation():
    """Measured over many keys of many queries, and by arithmetic."""
    scores = scaled_scores(queries=1000, keys=4000)
    measured = np.sqrt(scores.var(axis=1).mean())  # over the keys, for each query
    # An entry y = max(0, x) has E y² = 1/2 and E y = 1/√(2π), so its variance
    # is 1/2 - 1/(2π). Given q, the score's variance over keys is that, times
    # the mean of q², which is 1/2.
    exact = np.sqrt(0.5 * (0.5 - 1 / (2 * np.pi)))
    assert np.isclose(measured, exact, rtol=0.01)
    # Much less than 1: the softmax is softer than the scale means it to be.
    # And the scores have a mean far from 0, which the softmax does not see.
    return exact


@relu.check
def _(answer, rng):
    got = expect.number(answer, "a number, a standard deviation")
    expect.true(math.isfinite(got) and got > 0, "A standard deviation is a positive number.")
    exact = math.sqrt(0.5 * (0.5 - 1 / (2 * math.pi)))
    pooled = math.sqrt(0.25 - 1 / (2 * math.pi) ** 2)
    known = (
        (1.0, "That is what the scale promises for entries of mean 0 and variance 1. Run the code with many keys."),
        (
            pooled,
            "You took the deviation over queries and keys together. What all keys of one query share is cancelled by "
            "its softmax: take the deviation along the axis of the keys.",
        ),
        (exact**2, "That is the variance. Asked for is the standard deviation, its root."),
        (pooled**2, "That is a variance, and over queries and keys together."),
        (16 * exact, "These are the scores before the scale. Divide them by the root of d."),
        (exact / 16, "You divided by the root of d twice: `scaled_scores` has done so already."),
        (
            math.sqrt(0.5 - 1 / (2 * math.pi)),
            "That is the deviation of one *entry* after a ReLU. A score is a sum of products of such entries.",
        ),
        (1 / exact, "That is the reciprocal: what the scores would have to be multiplied by to have the deviation 1."),
        (256**0.5 / (2 * math.pi), "That is the mean of the scores. All keys share it, and the softmax cancels it."),
    )
    for value, message in known:
        expect.true(not math.isclose(got, value, rel_tol=0.02), message)
    expect.true(
        got <= 1.02 * exact, "That is too much. Take more keys and more queries, and the deviation over the keys."
    )
    expect.true(
        got >= 0.98 * exact, "That is too little. With few keys a deviation comes out too small: take thousands."
    )


@relu.mistake("what the scale promises")
def one():
    return 1.0


@relu.mistake("over queries and keys together")
def pooled():
    return scaled_scores(2000, 2000).std()


@relu.mistake("That is the variance")
def variance():
    return scaled_scores(1000, 4000).var(axis=1).mean()


@relu.mistake("before the scale")
def unscaled():
    return 16 * 0.4128


@relu.mistake("twice")
def scaled_twice():
    return 0.4128 / 16


@relu.mistake("deviation of one *entry*")
def of_an_entry():
    return np.maximum(0, np.random.default_rng(0).normal(size=10**6)).std()


@relu.mistake("the reciprocal")
def reciprocal():
    return 1 / 0.4128


@relu.mistake("mean of the scores")
def mean():
    return scaled_scores(2000, 2000).mean()


@relu.mistake("With few keys")
def two_keys():
    return 0.31


@relu.mistake("too much")
def too_much():
    return 0.55
