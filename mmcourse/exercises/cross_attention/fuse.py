"""Exercise `cross_attention.fuse`: cross-modal attention with the query kept beside the result."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.exercises.numeric import softmax

fuse = Exercise(
    "cross_attention.fuse",
    kind="implement",
    title="Who asked, beside what was found",
    task=(
        "Write `fuse_words(words, regions, W)` for one sample, without projections. `words` `(n, d)` ask, `regions` "
        "`(m, d)` answer: they are keys and values. Scores are divided by $\\sqrt d$; the softmax runs over the "
        "regions; `z` `(n, d)` is what each word found. Return `[h; z] W`, `(n, c)`: each word `h` and what it found "
        "**side by side**, in this order, times `W` `(2d, c)`. Not their sum."
    ),
    hints=(
        "Three lines: scores `(n, m)`, weights, what was found. Only then `np.concatenate`, along which axis?",
        "`a = softmax(words @ regions.T / np.sqrt(d))` along its last axis, `z = a @ regions`, and "
        "`np.concatenate([words, z], axis=-1) @ W`.",
    ),
)


@fuse.solved_by
def fuse_words(words, regions, W):
    """Words (n, d), regions (m, d) and W (2d, c) -> (n, c)."""
    scores = words @ regions.T / np.sqrt(words.shape[-1])  # (n, m)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    found = e / e.sum(axis=-1, keepdims=True) @ regions  # (n, d)
    return np.concatenate([words, found], axis=-1) @ W


def _found(words, regions, axis=-1, scale=True):
    return softmax(words @ regions.T / (np.sqrt(words.shape[-1]) if scale else 1), axis)


@fuse.check
def _(answer, rng):
    n, m, d, c = 4, 7, 5, 3
    words, regions = 1.5 * rng.normal(size=(n, d)), 1.5 * rng.normal(size=(m, d))
    W = rng.normal(size=(2 * d, c))
    wanted = np.zeros((n, c))
    for i in range(n):  # the oracle, word by word
        e = [np.exp(sum(words[i] * r) / d**0.5) for r in regions]
        s = sum(weight * r for weight, r in zip(e, regions, strict=True)) / sum(e)
        wanted[i] = [sum(words[i] * W[:d, j]) + sum(s * W[d:, j]) for j in range(c)]
    got = expect.array(expect.pure(answer, words, regions, W), (n, c), "words, outputs")
    a = _found(words, regions)
    s = a @ regions
    for value, message in (
        (
            np.concatenate([s, words], -1) @ W,
            "The order is turned round: the upper half of W belongs to the word, the lower half to what it found.",
        ),
        (
            (words + s) @ (W[:d] + W[d:]),
            "You added word and finding. Side by side, each of the two has its own half of W.",
        ),
        (np.concatenate([s, s], -1) @ W, "The word itself is lost: what it found stands there twice."),
        (np.concatenate([words, words], -1) @ W, "Nothing was found: the word stands there twice."),
        (s @ W[d:], "The word itself is left out. It is to be kept, beside what was found."),
        (
            np.concatenate([words, _found(words, regions, 0) @ regions], -1) @ W,
            "Your softmax runs over the words. Each *word's* weights must sum to one, over the regions.",
        ),
        (
            np.concatenate([words, _found(words, regions, scale=False) @ regions], -1) @ W,
            "The scores are not divided by the root of d.",
        ),
        (
            np.concatenate([words, softmax(words @ words.T / np.sqrt(d)) @ words], -1) @ W,
            "Words look at words here: self-attention. Keys and values come from the regions.",
        ),
        (
            np.concatenate([words, np.tile(regions.mean(0), (n, 1))], -1) @ W,
            "Every word found the mean of all regions: the weights are equal, as if nobody had asked.",
        ),
    ):
        expect.differs(got, value, message)
    expect.close(got, wanted, "Word and finding side by side, times W.")


@fuse.mistake("added word and finding")
def added(words, regions, W):
    d = words.shape[1]
    return (words + _found(words, regions) @ regions) @ (W[:d] + W[d:])


@fuse.mistake("order is turned round")
def turned(words, regions, W):
    return np.concatenate([_found(words, regions) @ regions, words], -1) @ W


@fuse.mistake("runs over the words")
def wrong_axis(words, regions, W):
    return np.concatenate([words, _found(words, regions, 0) @ regions], -1) @ W


@fuse.mistake("Words look at words")
def own_words(words, regions, W):
    return np.concatenate([words, _found(words, words) @ words], -1) @ W


@fuse.mistake("root of d")
def no_scale(words, regions, W):
    return np.concatenate([words, _found(words, regions, scale=False) @ regions], -1) @ W


@fuse.mistake("word itself is left out")
def not_kept(words, regions, W):
    return _found(words, regions) @ regions @ W[words.shape[1] :]


@fuse.mistake("the shape")
def below(words, regions, W):
    both = np.concatenate([words, _found(words, regions) @ regions], 0)
    return both @ W[: words.shape[1]]
