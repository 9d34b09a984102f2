"""What goes wrong in `vqa.hops`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.numeric import softmax
from mmcourse.exercises.vqa.hops import hops, look_again


def _scores(u, regions, w, u_, v):
    return np.tanh(u @ w + regions @ u_) @ v


def _run(question, regions, W, U, v, score=_scores, weigh=softmax, asks=None, grow=None):
    """The hops, with other scores, weights, another one who asks, or another way for u to grow."""
    u, kept = question, []
    for h in range(len(W)):
        a = weigh(score(u if asks is None else asks(u, kept, h), regions, W[h], U[h], v[h]))
        seen = a @ regions
        u = u + seen if grow is None else grow(u, seen)
        kept.append(a)
    return u, np.array(kept)


# ── who asks, and how u grows ───────────────────────────────────────────────────────────────────────


@hops.mistake("The second hop asks as the first did, with the bare question. It asks with the u that the first left.")
def same_question(question, regions, W, U, v):
    return _run(question, regions, W, U, v, asks=lambda u, kept, h: question)


@hops.mistake("Each hop replaces u by what it found, and the question is forgotten. What is found is added to u.")
def replaced(question, regions, W, U, v):
    return _run(question, regions, W, U, v, grow=lambda u, seen: seen)


@hops.mistake("You add what a hop found to the *question*, so what earlier hops found is lost. Add it to u.")
def earlier_lost(question, regions, W, U, v):
    return _run(question, regions, W, U, v, grow=lambda u, seen: question + seen)


@hops.mistake("The first hop finds something, but u stays as it is: you never add it.")
def never_added(question, regions, W, U, v):
    return _run(question, regions, W, U, v, grow=lambda u, seen: u)


@hops.mistake("You take what was found from u. It is added.")
def taken_away(question, regions, W, U, v):
    return _run(question, regions, W, U, v, grow=lambda u, seen: u - seen)


@hops.mistake("You multiply u and what was found. It is added.")
def multiplied(question, regions, W, U, v):
    return _run(question, regions, W, U, v, grow=lambda u, seen: u * seen)


@hops.mistake("You take the mean of u and what was found. It is added, not averaged.")
def averaged(question, regions, W, U, v):
    return _run(question, regions, W, U, v, grow=lambda u, seen: (u + seen) / 2)


@hops.mistake("A tanh is taken of u after each hop. u is the plain sum.")
def squashed(question, regions, W, U, v):
    return _run(question, regions, W, U, v, grow=lambda u, seen: np.tanh(u + seen))


@hops.mistake("The question is missing: the first hop must ask with it, and it is a part of the last u.")
def without_question(question, regions, W, U, v):
    return look_again(np.zeros_like(question), regions, W, U, v)


@hops.mistake("The last u lacks the question: return u itself, the question and all that was found.")
def only_found(question, regions, W, U, v):
    u, weights = look_again(question, regions, W, U, v)
    return u - question, weights


@hops.mistake("This is what the last hop found, not u: the question and what earlier hops found belong to it.")
def last_found(question, regions, W, U, v):
    weights = look_again(question, regions, W, U, v)[1]
    return weights[-1] @ regions, weights


@hops.mistake("You return the u with which the last hop asked. What the last hop found belongs to it.")
def before_last(question, regions, W, U, v):
    u, weights = look_again(question, regions, W, U, v)
    return u - weights[-1] @ regions, weights


# ── the weights of each hop ─────────────────────────────────────────────────────────────────────────


@hops.mistake("All hops take the weights of the first, `W[0]`, `U[0]`, `v[0]`. Each has a set of its own.")
def first_set(question, regions, W, U, v):
    K = len(W)
    return look_again(question, regions, *(np.repeat(x[:1], K, axis=0) for x in (W, U, v)))


@hops.mistake("All hops take the last set of weights. Each has a set of its own.")
def last_set(question, regions, W, U, v):
    K = len(W)
    return look_again(question, regions, *(np.repeat(x[-1:], K, axis=0) for x in (W, U, v)))


@hops.mistake("The hops run backwards: the first one takes `W[0]`, `U[0]`, `v[0]`.")
def backwards(question, regions, W, U, v):
    return look_again(question, regions, W[::-1], U[::-1], v[::-1])


@hops.mistake("W and U are exchanged: W belongs to u, U to the regions.")
def exchanged(question, regions, W, U, v):
    return look_again(question, regions, U, W, v)


@hops.mistake("u does not enter the scores, so each hop looks where it would look for any question.")
def no_u(question, regions, W, U, v):
    return _run(question, regions, W, U, v, asks=lambda u, kept, h: 0 * u)


@hops.mistake(
    "u does not change these weights: it is added outside the tanh (or the tanh is missing), where it adds the same to "
    "all scores, and the softmax cancels that."
)
def no_tanh(question, regions, W, U, v):
    return _run(question, regions, W, U, v, score=lambda u, r, w, u_, v_: (u @ w + r @ u_) @ v_)


@hops.mistake("The tanh is taken of the finished score. It belongs inside, before `v`.")
def tanh_of_score(question, regions, W, U, v):
    return _run(question, regions, W, U, v, score=lambda u, r, w, u_, v_: np.tanh((u @ w + r @ u_) @ v_))


@hops.mistake("u and regions are multiplied inside the tanh. Add them.")
def product(question, regions, W, U, v):
    return _run(question, regions, W, U, v, score=lambda u, r, w, u_, v_: np.tanh((u @ w) * (r @ u_)) @ v_)


@hops.mistake("The projected regions are taken from the projected u. Add the two, inside the tanh.")
def subtracted(question, regions, W, U, v):
    return look_again(question, regions, W, -U, v)


@hops.mistake("You cut off what is below zero (ReLU). The function in this attention is the tanh.")
def relu(question, regions, W, U, v):
    return _run(question, regions, W, U, v, score=lambda u, r, w, u_, v_: np.maximum(u @ w + r @ u_, 0) @ v_)


@hops.mistake("The weights of a hop do not sum to one: its exponentials are not divided by their sum.")
def not_divided(question, regions, W, U, v):
    return _run(question, regions, W, U, v, weigh=lambda s: np.exp(s - s.max()))


@hops.mistake("The softmax is missing: the scores themselves weigh the regions.")
def bare_scores(question, regions, W, U, v):
    return _run(question, regions, W, U, v, weigh=lambda s: s)


@hops.mistake("Each weight is the sigmoid of its own score. The softmax makes them compete: they sum to one.")
def sigmoids(question, regions, W, U, v):
    with np.errstate(over="ignore"):
        return _run(question, regions, W, U, v, weigh=lambda s: 1 / (1 + np.exp(-s)))


@hops.mistake("All weight lies on the best region of each hop. The softmax gives all of them some.")
def hardest(question, regions, W, U, v):
    return _run(question, regions, W, U, v, weigh=lambda s: np.eye(len(s))[s.argmax()])


@hops.mistake("All regions weigh the same, whatever their scores.")
def equal(question, regions, W, U, v):
    return _run(question, regions, W, U, v, weigh=lambda s: np.full(len(s), 1 / len(s)))


@hops.mistake("The scores have a minus: what fits worst weighs most.")
def minus(question, regions, W, U, v):
    return look_again(question, regions, W, U, -v)


@hops.mistake("The scores are divided by a root. That belongs to dot products; nothing is scaled here.")
def scaled(question, regions, W, U, v):
    return look_again(question, regions, W, U, v / np.sqrt(v.shape[1]))


@hops.mistake("The scores are divided by a root. That belongs to dot products; nothing is scaled here.")
def scaled_by_d(question, regions, W, U, v):
    return look_again(question, regions, W, U, v / np.sqrt(len(question)))


@hops.mistake("Right, but for large scores: their exponentials overflow. Take the largest score away first.")
def overflows(question, regions, W, U, v):
    with np.errstate(over="ignore", invalid="ignore"):
        return _run(question, regions, W, U, v, weigh=lambda s: np.exp(s) / np.exp(s).sum())


# ── what is returned ────────────────────────────────────────────────────────────────────────────────


@hops.mistake("These are the weights of the last hop only. Return those of all hops, a row each.")
def last_weights(question, regions, W, U, v):
    u, weights = look_again(question, regions, W, U, v)
    return u, weights[-1]


@hops.mistake("The weights of the hops stand in columns. Give each hop a row, `(K, m)`.")
def columns(question, regions, W, U, v):
    u, weights = look_again(question, regions, W, U, v)
    return u, weights.T


@hops.mistake("The weights that you return are the scores, before the softmax.")
def scores_returned(question, regions, W, U, v):
    kept = []

    def weigh(s):
        kept.append(s)
        return softmax(s)

    return _run(question, regions, W, U, v, weigh=weigh)[0], np.array(kept)


@hops.mistake("You return the mean of the hops' weights. Return those of all hops, a row each.")
def mean_weights(question, regions, W, U, v):
    u, weights = look_again(question, regions, W, U, v)
    return u, weights.mean(axis=0)


@hops.mistake(said="in another order")
def parts_exchanged(question, regions, W, U, v):
    return look_again(question, regions, W, U, v)[::-1]
