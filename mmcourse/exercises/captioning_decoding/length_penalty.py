"""Exercise `captioning_decoding.length_penalty`: ranking finished captions."""

import math

import numpy as np

from mmcourse.exercises import Exercise, expect

penalty = Exercise(
    "captioning_decoding.length_penalty",
    kind="implement",
    title="Which finished caption wins?",
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


@penalty.check
def _(answer, rng):
    k, alpha = 7, float(rng.uniform(0.5, 0.9))
    best_first = np.arange(k)
    while np.array_equal(np.argsort(best_first), best_first):  # here ranks and order would be the same by chance
        lengths = rng.permutation(np.arange(3, 3 + 2 * k, 2))
        log_probs = -lengths * rng.uniform(0.5, 1.5, size=k)
        wanted = np.array([p / math.pow((5 + n) / 6, alpha) for p, n in zip(log_probs, lengths, strict=True)])
        best_first = np.array(sorted(range(k), key=lambda i: -wanted[i]))
    order, scores = expect.parts(expect.pure(answer, log_probs, lengths, alpha), ("order", "scores"))
    scores = expect.array(scores, (k,), "one score for each caption")
    order = expect.array(order, (k,), "the numbers of the captions, best first")
    expect.differs(scores, log_probs, "These are the bare log-probabilities: no penalty has been applied.")
    expect.differs(
        scores,
        log_probs * ((5 + lengths) / 6) ** alpha,
        "You multiplied by the penalty. Log-probabilities are negative, so this punishes long captions twice: divide.",
    )
    expect.differs(scores, log_probs / lengths**alpha, "You divided by length^α. Asked for is ((5 + length) / 6)^α.")
    expect.differs(scores, log_probs / lengths, "You divided by the length. Asked for is ((5 + length) / 6)^α.")
    expect.differs(
        scores,
        log_probs / (5 + lengths) ** alpha,
        "The division by 6 is missing: a caption of one token must have the penalty 1.",
    )
    expect.differs(
        scores, log_probs / (5 + lengths / 6) ** alpha, "Brackets: it is (5 + length) / 6, not 5 + length / 6."
    )
    expect.differs(scores, log_probs / ((5 + lengths) / 6 * alpha), "α is an exponent, not a factor.")
    expect.differs(
        scores,
        np.exp(log_probs) / ((5 + lengths) / 6) ** alpha,
        "You penalised the probabilities. Penalise their logarithms, "
        "as probabilities of captions differ by powers of ten.",
    )
    expect.differs(
        scores,
        wanted[best_first],
        "The scores are right but sorted. Return them in the order in which the captions came.",
    )
    expect.close(scores, wanted, "The scores are not log p / ((5 + length) / 6)^α.")
    expect.true(
        not np.array_equal(order, best_first[::-1]),
        "The worst caption comes first: `argsort` sorts from small to large, and the best score is the largest.",
    )
    expect.true(
        not np.array_equal(order, np.argsort(best_first)),
        "This is the rank of each caption, not the list of captions by rank: one `argsort` is enough.",
    )
    expect.equal(order, best_first, "The order does not follow the scores.")
    same = expect.parts(answer(log_probs, lengths, 0.0), ("order", "scores"))[1]
    expect.close(
        same, log_probs, "With α = 0 the scores must be the log-probabilities: do you use the alpha that is handed in?"
    )


@penalty.mistake("no penalty")
def no_penalty(log_probs, lengths, alpha):
    return np.argsort(-log_probs), log_probs.copy()


@penalty.mistake("You multiplied")
def multiplied(log_probs, lengths, alpha):
    scores = log_probs * ((5 + lengths) / 6) ** alpha
    return np.argsort(-scores), scores


@penalty.mistake("length^α")
def plain_length(log_probs, lengths, alpha):
    scores = log_probs / lengths**alpha
    return np.argsort(-scores), scores


@penalty.mistake("division by 6")
def not_divided(log_probs, lengths, alpha):
    scores = log_probs / (5 + lengths) ** alpha
    return np.argsort(-scores), scores


@penalty.mistake("worst caption comes first")
def ascending(log_probs, lengths, alpha):
    scores = rerank(log_probs, lengths, alpha)[1]
    return np.argsort(scores), scores


@penalty.mistake("one `argsort` is enough")
def ranks(log_probs, lengths, alpha):
    order, scores = rerank(log_probs, lengths, alpha)
    return np.argsort(order), scores


@penalty.mistake("penalised the probabilities")
def of_probabilities(log_probs, lengths, alpha):
    scores = np.exp(log_probs) / ((5 + lengths) / 6) ** alpha
    return np.argsort(-scores), scores
