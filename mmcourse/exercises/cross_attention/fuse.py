"""Exercise `cross_attention.fuse`: cross-modal attention with the query kept beside the result."""

import numpy as np

from mmcourse.exercises import Exercise, case

fuse = Exercise(
    "cross_attention.fuse",
    kind="implement",
    title="Who asked, beside what was found",
    returns="a row for each word, a column for each output",
    otherwise="This is not [h; z] W, with z the mean of the regions weighted by softmax(h · region / √d).",
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
    plan=(
        "Compare every word with every region, and divide by the root of d.",
        "Turn each word's scores into weights that sum to one, and average the regions with them.",
        "Put each word and what it found side by side, and multiply by W.",
    ),
    minutes=8,
    difficulty=2,
    importance=3,
)


@fuse.solved_by
def fuse_words(words, regions, W):
    """Words (n, d), regions (m, d) and W (2d, c) -> (n, c)."""
    scores = words @ regions.T / np.sqrt(words.shape[-1])  # (n, m)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    found = e / e.sum(axis=-1, keepdims=True) @ regions  # (n, d)
    return np.concatenate([words, found], axis=-1) @ W


@fuse.cases
def _(rng):
    # d is never 1 or 4: its root must not be 1 or its half. In the third n = m = d and c = 2d: there most mistakes run.
    for n, m, d, c, when in (
        (4, 7, 5, 3, ""),
        (6, 3, 2, 1, ""),
        (3, 3, 3, 6, ""),
        (1, 4, 3, 2, "with a single word"),
        (3, 1, 2, 5, "with a single region"),
    ):
        words, regions = 1.5 * rng.normal(size=(n, d)), 1.5 * rng.normal(size=(m, d)) + 0.3
        yield case(words, regions, rng.normal(size=(2 * d, c)), when=when)


@fuse.oracle
def _(words, regions, W):
    (n, d), c = words.shape, W.shape[1]
    result = np.zeros((n, c))
    for i in range(n):  # word by word
        e = [np.exp(sum(words[i] * r) / d**0.5) for r in regions]
        z = sum(weight * r for weight, r in zip(e, regions, strict=True)) / sum(e)
        result[i] = [sum(words[i] * W[:d, j]) + sum(z * W[d:, j]) for j in range(c)]
    return result
