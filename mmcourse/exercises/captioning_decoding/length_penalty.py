"""Exercise `captioning_decoding.length_penalty`: ranking finished captions."""

import math

import numpy as np

from mmcourse.exercises import Exercise, case

penalty = Exercise(
    "captioning_decoding.length_penalty",
    kind="implement",
    title="Which finished caption wins?",
    returns=("order", "scores"),
    otherwise="Asked for is log p / ((5 + length) / 6)^α of each caption, and the numbers of the captions by it.",
    minutes=8,
    difficulty=1,
    importance=2,
    plan=(
        "Compute the penalty of each caption from its length, then its score.",
        "List the captions' numbers by score, the largest first; leave the scores where they are.",
    ),
    task=(
        "A beam search ends with several finished captions of one picture. Write "
        "`rerank(log_probs, lengths, alpha)`: from their log-probabilities `(k,)`, their lengths in "
        "tokens with the end token `(k,)` and the exponent α it computes the score of each, "
        r"$\log p \,/\, \left(\frac{5+\text{length}}{6}\right)^{\alpha}$, and returns two arrays of shape "
        "`(k,)`: `order`, the captions' numbers with the best "
        "first, and `scores`, in the captions' original order."
    ),
    hints=(
        "A log-probability is negative, and every further word makes it more so. Should "
        "a long caption's score come nearer to zero by the penalty, or go further away?",
        "`scores = log_probs / ((5 + lengths) / 6) ** alpha`. `np.argsort` "
        "puts the smallest first; the best score is the largest.",
    ),
)


@penalty.solved_by
def rerank(log_probs, lengths, alpha):
    """Log-probabilities (k,), lengths (k,), exponent -> order, scores.

    The order (k,) has the best first; the scores (k,) stand as they came.
    """
    scores = log_probs / ((5 + lengths) / 6) ** alpha
    return np.argsort(-scores), scores


@penalty.cases
def _(rng):
    def inputs(order, alpha):
        """Captions in this order, by scores so far apart that no other penalty changes it."""
        k = len(order)
        lengths = rng.permutation(np.arange(6, 6 + k))
        scores = np.empty(k)
        scores[list(order)] = -rng.uniform(0.15, 0.2) * np.cumprod(rng.uniform(2.5, 2.7, size=k))
        return scores * ((5 + lengths) / 6) ** alpha, lengths, alpha

    # Each order holds a cycle of three: there the rank of each caption is not the list of captions by rank.
    yield case(*inputs((1, 2, 0, 4, 3, 5), float(rng.uniform(0.5, 0.9))))
    yield case(*inputs((2, 0, 3, 1), float(rng.uniform(1.1, 1.3))))
    yield case(*inputs((4, 1, 0, 2, 3), float(rng.uniform(0.2, 0.4))))
    log_probs, lengths = -rng.uniform((2, 5), (3, 6)), np.array([3, rng.integers(20, 24)])
    alpha = float(rng.uniform(1.8, 2.5))
    yield case(log_probs, lengths, alpha, when="where a long caption overtakes a likelier one")
    yield case(*inputs((0, 2, 1), 1), when="where α is 1")
    yield case(*inputs((0, 1, 2, 3), 0.0), when="where α is 0 and nothing is divided")
    yield case(*inputs((0,), 0.7), when="with one caption")
    log_probs, _, alpha = inputs((2, 0, 1), 0.6)
    yield case(log_probs, np.array([1, 1, 1]), alpha, when="where the captions have one token, and nothing is divided")


@penalty.oracle
def _(log_probs, lengths, alpha):
    scores = [p / math.pow((5 + n) / 6, alpha) for p, n in zip(log_probs.tolist(), lengths.tolist(), strict=True)]
    return np.array(sorted(range(len(scores)), key=lambda i: -scores[i])), np.array(scores)
