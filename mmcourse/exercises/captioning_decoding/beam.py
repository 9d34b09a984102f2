"""Exercise `captioning_decoding.beam`: one step of beam search."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.exercises.numeric import log_softmax
from mmcourse.text import PAD

beam = Exercise(
    "captioning_decoding.beam",
    kind="implement",
    level="stretch",
    title="One step of beam search",
    task=(
        "Write `expand(scores, logits, ended)`, one step of beam search for one picture. Of the `k` captions "
        "in the beam, `scores` `(k,)` are the log-probabilities so far, `logits` `(k, V)` what the decoder "
        "says about the next word, and `ended` `(k,)` says which have already written their end token. "
        "Return `parents`, `tokens` and `scores`, each `(k,)`: the best `k` of all continuations, best first, "
        "each as the number of the caption that it continues, the new token, and the new log-probability. "
        "A caption that has ended has exactly one continuation: padding (0), at an unchanged score."
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


@beam.check
def _(answer, rng):
    k, V = 5, 13
    # In each round the ended caption lies elsewhere: first in the middle, then in front, then all are alive.
    for place in (2, 0, None):
        scores = -np.sort(rng.uniform(2, 3, size=k))
        logits = rng.normal(size=(k, V)) + np.linspace(3, 0, k)[:, None]
        likely = np.array([rng.choice(np.arange(3, V), 2, replace=False) for _ in range(k)])
        logits[np.arange(k), likely[:, 0]] += 5
        logits[1, likely[1, 1]] = logits[1, likely[1, 0]] - 0.1  # two good continuations of one caption
        scores[-1] -= 4  # and none of another
        ended = np.zeros(k, dtype=bool)
        if place is not None:
            ended[place] = True
            scores[place] = -2.2
            logits[place, likely[place, 0]] += 5  # the decoder would know how to go on
        logp = log_softmax(logits)
        every = []
        for i in range(k):
            every += [(scores[i], i, PAD)] if ended[i] else [(scores[i] + logp[i, w], i, w) for w in range(V)]
        wanted = sorted(every, reverse=True)[:k]
        _judge(answer, scores, logits, ended, logp, wanted)
    big = logits * 300
    one = expect.parts(answer(scores, big, np.zeros(k, dtype=bool)), ("parents", "tokens", "scores"))[2]
    every = np.sort((scores[:, None] + log_softmax(big)).ravel())[::-1][:k]
    expect.close(one, every, "Large logits overflow: subtract each row's maximum before exponentiating.")


def _judge(answer, scores, logits, ended, logp, wanted):
    k, V = logits.shape
    parents, tokens, new = expect.parts(expect.pure(answer, scores, logits, ended), ("parents", "tokens", "scores"))
    parents = expect.array(parents, (k,), "one parent for each place in the beam", kind="integer")
    tokens = expect.array(tokens, (k,), "one token for each place in the beam", kind="integer")
    new = expect.array(new, (k,), "one score for each place in the beam")
    pairs = list(zip(parents.tolist(), tokens.tolist(), strict=True))
    right = [(int(i), int(w)) for _, i, w in wanted]
    swapped = bool((parents >= k).any()) or (pairs != right and set(pairs) == {(w, i) for i, w in right})
    expect.true(
        not swapped,
        "`parents` must be numbers of captions. Divide the flat "
        "index by V: the quotient is the parent, the rest the token.",
    )
    expect.true(
        bool((parents >= 0).all() and (tokens >= 0).all() and (tokens < V).all()),
        "There is a parent or token that does not exist.",
    )
    gone_on = [(p, t) for p, t in pairs if ended[p] and t != PAD]
    flat = np.zeros(k)
    for j, (p, t) in enumerate(pairs):
        flat[j] = scores[p] + logits[p, t]
    twice = [p for p in range(k) if ended[p] and sum(q == p for q, _ in pairs) > 1]
    expect.true(
        not twice, "An ended caption fills several places of the beam. It has exactly one continuation, padding."
    )
    expect.true(not gone_on, "A caption that has ended goes on writing. Its only continuation is padding.")
    for j, (p, _) in enumerate(pairs):
        expect.true(
            not ended[p] or np.isclose(new[j], scores[p]),
            "An ended caption's score has changed. Nothing more is written, so nothing more is added.",
        )
    living = ~ended[parents]
    if living.any() and np.allclose(new[living], flat[living]):
        expect.true(
            False, "You added the logits themselves. Only log-probabilities add up: log-softmax over the words first."
        )
    here = np.array([logp[p, t] for p, t in pairs])
    if living.any() and np.allclose(new[living], here[living]):
        expect.true(
            False,
            "These are the log-probabilities of the new words alone. Add the score of the caption that they continue.",
        )
    expect.true(
        pairs == right or sorted(pairs) != sorted((p, w) for p, w in _best_of_each(scores, logp, ended)),
        "You took the best word of each caption. The best k of "
        "*all* continuations may come from two captions, or from one.",
    )
    expect.true(
        not any(ended) or any(ended[p] for p, _ in pairs) or not any(ended[i] for i, _ in right),
        "An ended caption has disappeared from the beam, although its score is among the best.",
    )
    expect.true(
        pairs == right or sorted(pairs) != sorted(right),
        "The continuations are right, but not sorted: the best comes first.",
    )
    expect.true(pairs == right, "These are not the best continuations of all.")
    expect.close(new, np.array([s for s, _, _ in wanted]), "The continuations are right, their scores are not.")


def _best_of_each(scores, logp, ended):
    return [(i, PAD if ended[i] else int(np.argmax(logp[i]))) for i in range(len(scores))]


def _top(total):
    best = np.argsort(-total.ravel(), kind="stable")[: len(total)]
    return *np.divmod(best, total.shape[1]), total.ravel()[best]


@beam.mistake("goes on writing")
def never_ended(scores, logits, ended):
    return _top(scores[:, None] + log_softmax(logits))


@beam.mistake("several places of the beam")
def repeated(scores, logits, ended):
    return _top(scores[:, None] + np.where(ended[:, None], 0.0, log_softmax(logits)))


@beam.mistake("logits themselves")
def raw_logits(scores, logits, ended):
    keep = np.where(np.arange(logits.shape[1]) == 0, 0.0, -np.inf)
    return _top(scores[:, None] + np.where(ended[:, None], keep, logits))


@beam.mistake("best word of each caption")
def one_of_each(scores, logits, ended):
    logp = log_softmax(logits)
    tokens = np.where(ended, PAD, logp.argmax(1))
    new = scores + np.where(ended, 0, logp[np.arange(len(scores)), tokens])
    order = np.argsort(-new)
    return order, tokens[order], new[order]


@beam.mistake("the quotient is the parent")
def divmod_swapped(scores, logits, ended):
    parents, tokens, new = expand(scores, logits, ended)
    return tokens, parents, new


@beam.mistake("best comes first")
def worst_first(scores, logits, ended):
    return tuple(x[::-1] for x in expand(scores, logits, ended))


@beam.mistake("disappeared from the beam")
def ended_dropped(scores, logits, ended):
    return _top(scores[:, None] + np.where(ended[:, None], -np.inf, log_softmax(logits)))


@beam.mistake("new words alone")
def scores_not_added(scores, logits, ended):
    keep = np.where(np.arange(logits.shape[1]) == 0, scores[:, None], -np.inf)
    return _top(np.where(ended[:, None], keep, log_softmax(logits)))
