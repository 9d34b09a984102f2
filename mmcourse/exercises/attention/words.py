"""Exercise `attention.words`: words that look at the regions of everybody's pictures."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.exercises.numeric import softmax

everybody = Exercise(
    "attention.words",
    kind="find the bug",
    title="Everybody's pictures",
    task=(
        "`look(words, regions)` lets every word of a sentence attend to the regions of **its own** picture: `words` "
        "`(b, n, d)` and `regions` `(b, m, d)`, which are keys and values; the output is `(b, n, d)`. It runs, the "
        "output has the right shape, and each row of its weights sums to one. Yet the same sentence gets another "
        "answer in another batch. Put it right."
    ),
    hints=(
        "Call it with a batch of one, and with that sample beside two others. Over how many regions does the softmax "
        "run in either case?",
        "`reshape(-1, d)` throws the regions of all pictures together. Keep the batch axis: `words @ "
        "regions.swapaxes(1, 2)` has the shape (b, n, m), one table of scores for each sample.",
    ),
)


@everybody.solved_by
def look(words, regions):
    """Words (b, n, d), regions (b, m, d) -> what each word sees (b, n, d)."""
    d = regions.shape[-1]
    scores = words @ regions.swapaxes(1, 2) / np.sqrt(d)  # (b, n, m)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) @ regions


@everybody.given
def _given(words, regions):
    """Words (b, n, d), regions (b, m, d) -> what each word sees (b, n, d)."""
    d = regions.shape[-1]
    regions = regions.reshape(-1, d)
    scores = words @ regions.T / np.sqrt(d)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) @ regions


@everybody.check
def _(answer, rng):
    b, n, m, d = 3, 4, 5, 6
    text, regions = rng.normal(size=(b, n, d)), rng.normal(size=(b, m, d))
    wanted = np.zeros((b, n, d))
    for s in range(b):  # the oracle: one word and one region of its own picture at a time
        for i in range(n):
            weights = softmax(np.array([text[s, i] @ regions[s, j] / d**0.5 for j in range(m)]))
            wanted[s, i] = sum(w * r for w, r in zip(weights, regions[s], strict=True))
    seen = expect.array(expect.pure(answer, text, regions), (b, n, d), "for each word a vector of the regions' size")
    alone = expect.array(answer(text[:1], regions[:1]), (1, n, d), "for each word a vector of the regions' size")
    mean = regions.mean(1, keepdims=True)
    expect.differs(
        seen,
        np.broadcast_to(mean, seen.shape),
        "Every word sees the plain mean of its picture. A mean has no regions left to choose from.",
    )
    expect.true(
        np.allclose(alone, seen[:1], atol=1e-6),
        "The first sentence's answer changes when its neighbours leave the batch: its words still look at other "
        "pictures, or compete with other samples.",
    )
    expect.differs(
        seen,
        softmax(text @ text.swapaxes(1, 2) / d**0.5) @ text,
        "These are words that look at words: keys and values must be the regions.",
    )
    over_words = softmax(text @ regions.swapaxes(1, 2) / d**0.5, axis=1) @ regions
    expect.differs(
        seen, over_words, "Your softmax runs over the words. The weights of one word must sum to one over the regions."
    )
    unscaled = softmax(text @ regions.swapaxes(1, 2)) @ regions
    expect.differs(seen, unscaled, "The neighbours are gone, and so is the scale: divide by the square root of d.")
    expect.close(seen, wanted, "Samples no longer meet, but this is not the weighted mean of the picture's regions.")


@everybody.mistake("still look at other pictures")
def renormalised(words, regions):
    d = regions.shape[-1]
    scores = np.einsum("bnd,cmd->bncm", words, regions) / np.sqrt(d)
    weights = softmax(scores.reshape(*words.shape[:2], -1)).reshape(scores.shape).sum(2)
    return np.einsum("bnm,bmd->bnd", weights, regions)


@everybody.mistake("compete with other samples")
def softmax_over_batch(words, regions):
    scores = words @ regions.swapaxes(1, 2) / np.sqrt(regions.shape[-1])
    return softmax(scores, axis=0) @ regions


@everybody.mistake("plain mean")
def one_score_a_pair(words, regions):
    mean = regions.mean(1, keepdims=True)
    return softmax((words * mean).sum(-1, keepdims=True)) * mean


@everybody.mistake("words that look at words")
def self_attention(words, regions):
    return softmax(words @ words.swapaxes(1, 2) / np.sqrt(words.shape[-1])) @ words


@everybody.mistake("runs over the words")
def softmax_over_words(words, regions):
    return softmax(words @ regions.swapaxes(1, 2) / np.sqrt(words.shape[-1]), axis=1) @ regions


@everybody.mistake("so is the scale")
def without_scale(words, regions):
    return softmax(words @ regions.swapaxes(1, 2)) @ regions


@everybody.mistake("not the weighted mean")
def hardest(words, regions):
    scores = words @ regions.swapaxes(1, 2)
    return np.eye(regions.shape[1])[scores.argmax(-1)] @ regions


@everybody.mistake("for each word a vector")
def one_for_the_sentence(words, regions):
    return look(words, regions).mean(1)
