"""Exercise `captioning_decoding.beam`: one step of beam search."""

import math

import numpy as np

from mmcourse.exercises import Exercise, case
from mmcourse.text import PAD

beam = Exercise(
    "captioning_decoding.beam",
    kind="implement",
    level="stretch",
    title="One step of beam search",
    returns=("parents", "tokens", "scores"),
    otherwise=(
        "These are not the k best of all continuations: each living caption has V, at its score plus log-softmax, and "
        "each ended one has padding alone, at its score."
    ),
    minutes=20,
    difficulty=3,
    importance=2,
    plan=(
        "Compute the score of every continuation of every caption, as one array.",
        "Leave an ended caption a single continuation, padding, at its own score.",
        "Find the k best of all, and split each place into a caption and a token.",
    ),
    task=(
        "Write `expand(scores, logits, ended)`, one step of beam search for one picture. Of the `k` captions "
        "in the beam, `scores` `(k,)` are the log-probabilities so far, `logits` `(k, V)` what the decoder "
        "says about the next word, and `ended` `(k,)` says which have already written their end token. "
        "Return `parents`, `tokens` and `scores`, each `(k,)`: the best `k` of all continuations, best first, "
        "each as the number of the caption that it continues, the new token, and the new log-probability. "
        "A caption that has ended has exactly one continuation: padding (0), at an unchanged score. Logits may be "
        "large, say 1,000 or -1,000."
    ),
    hints=(
        "Put the scores of all continuations into one array `(k, V)`. What stands in "
        "the row of a caption that has ended, so that it can win one place but never two?",
        "Row of a living caption: its score plus `log_softmax(logits)`. Row of "
        "an ended one: minus infinity, except its score at token 0. Flatten, "
        "take the `k` largest, and split each flat index with `divmod(index, V)`.",
    ),
)


@beam.solved_by
def expand(scores, logits, ended):
    """Scores (k,), logits (k, V), ended (k,) bool -> three arrays (k,).

    Parents, tokens and scores of the continuations, the best first.
    """
    k, V = logits.shape
    shifted = logits - logits.max(axis=1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    # Certain padding: an ended caption keeps its score.
    nothing_more = np.where(np.arange(V) == 0, 0.0, -np.inf)
    logp = np.where(ended[:, None], nothing_more, logp)
    total = (scores[:, None] + logp).ravel()  # (k * V,)
    best = np.argsort(-total, kind="stable")[:k]
    parents, tokens = np.divmod(best, V)
    return parents, tokens, total[best]


@beam.cases
def _(rng):
    def inputs(k, V, ended=(), low=()):
        """A beam in any order. Of its captions the second can go on well in two ways; those that have ended would go on
        best of all; those named in ``low`` are far behind."""
        scores = rng.uniform(-3, -2, size=k)
        scores[list(low)] -= 6
        logits = rng.normal(size=(k, V)) + rng.normal(0, 3, size=(k, 1))
        for row in range(k):
            one, other = rng.choice(np.arange(1, V), 2, replace=False)
            logits[row, one] += 4
            if row == 1:
                logits[row, other] = logits[row, one] - 0.1
            if row in ended:
                logits[row, one] += 9
        return scores, logits, np.isin(np.arange(k), ended)

    yield case(*inputs(5, 13, ended=(2,), low=(4,)))
    yield case(*inputs(3, 7, low=(0,)))
    yield case(*inputs(6, 5, ended=(0, 4), low=(3,)))
    yield case(*inputs(4, 4, ended=(1,)))
    yield case(*inputs(4, 9, ended=(0, 2), low=(2,)), when="where an ended caption is not among the best")
    yield case(*inputs(4, 6, ended=(0, 1, 2, 3)), when="where all captions have ended")
    yield case(*inputs(1, 8), when="with a beam of one")
    scores, logits, ended = inputs(4, 8, ended=(3,), low=(0, 2, 3))
    logits[1, 2:6] = 20 + rng.permutation(4) / 2
    yield case(scores, logits, ended, when="where all of the best continue one caption")
    scores, logits, ended = inputs(5, 11, ended=(3,))
    logits *= 300
    logits[np.arange(5), logits.argmax(1)] += 1000  # no exponential of these fits into a number, and the second best
    logits[1] -= 2000  # words, one of which wins a place, have the probability exp(-1000)
    scores[2] = -4000
    yield case(scores, logits, ended, when="where the logits are large")
    scores, logits, ended = inputs(3, 10, ended=(1,))
    logits = np.round(64 * logits) / 64  # so that their differences are the same in float32
    yield case(scores, logits - 2000, ended, when="where all logits are far below zero")

    scores, logits, ended = inputs(4, 7, ended=(2,), low=(0,))
    logits[1, PAD] = logits[1].max() + 1
    yield case(scores, logits, ended, when="where padding is the likeliest word of a caption that has not ended")


@beam.oracle
def _(scores, logits, ended):
    every = []
    for i, row in enumerate(logits.tolist()):
        if ended[i]:
            every.append((scores[i], i, PAD))
            continue
        log_sum = max(row) + math.log(sum(math.exp(value - max(row)) for value in row))
        every += [(scores[i] + value - log_sum, i, word) for word, value in enumerate(row)]
    best = sorted(every, reverse=True)[: len(scores)]
    return np.array([i for _, i, _ in best]), np.array([word for _, _, word in best]), np.array([s for s, _, _ in best])
