"""Exercise `attention.words`: words that look at the regions of everybody's pictures."""

import math

import numpy as np

from mmcourse.exercises import Exercise, case

everybody = Exercise(
    "attention.words",
    kind="find the bug",
    title="Everybody's pictures",
    returns="for each sentence and each of its words a vector of the regions' size",
    otherwise="This is not, for each word, the weighted mean of the regions of its own picture.",
    task=(
        "`look(words, regions)` lets every word of a sentence attend to the regions of **its own** picture: `words` "
        "`(b, n, d)` and `regions` `(b, m, d)`, which are keys and values; the output is `(b, n, d)`. It runs, the "
        "output has the right shape, and each row of its weights sums to one. Yet the same sentence gets another "
        "answer in another batch. Put it right. All else is as it should be: the scale, and that scores in the "
        "thousands do not overflow."
    ),
    hints=(
        "Call it with a batch of one, and with that sample beside two others. Over how many regions does the softmax "
        "run in either case?",
        "`reshape(-1, d)` throws the regions of all pictures together. Keep the batch axis: `words @ "
        "regions.swapaxes(1, 2)` has the shape (b, n, m), one table of scores for each sample.",
    ),
    plan=(
        "Find the line in which the pictures of a batch come together.",
        "Compute a table of scores for each sample, of its words and its own regions.",
        "Apply the softmax over the regions, and take the mean of the same sample's regions with these weights.",
    ),
    minutes=8,
    difficulty=2,
    importance=3,
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


@everybody.cases
def _(rng):
    for b, n, m, d in ((3, 4, 5, 6), (2, 5, 3, 7), (4, 2, 6, 3), (5, 3, 4, 2)):
        yield case(rng.normal(size=(b, n, d)), rng.normal(0.3, 1, (b, m, d)))
    yield case(rng.normal(size=(1, 3, 5)), rng.normal(size=(1, 4, 5)), when="with one picture in the batch")
    yield case(rng.normal(size=(3, 1, 4)), rng.normal(size=(3, 6, 4)), when="where a sentence has one word")
    yield case(rng.normal(size=(3, 4, 5)), rng.normal(size=(3, 1, 5)), when="where a picture has one region")
    yield case(rng.normal(size=(4, 4, 4)), rng.normal(size=(4, 4, 4)), when="where b, n, m and d are equal")
    # Whole numbers times 500: scores in the thousands, scores far below 0, and two that are equal.
    levels = np.array([[3, 2, -2, 0], [-6, -4, -5, -5], [2, -1, 2, 1]])[:, rng.permutation(4)]
    words = np.stack([1000.0 * np.eye(3, 4), 1000.0 * np.eye(3, 4)[::-1]])
    regions = np.stack([np.column_stack([sign * levels.T, rng.normal(size=4)]) for sign in (1, -1)])
    yield case(words, regions, when="where scores are in the thousands")


@everybody.oracle
def _(words, regions):
    b, n, d = words.shape
    seen = np.zeros((b, n, d))
    for s in range(b):  # one word and one region of its own picture at a time
        for i in range(n):
            scores = [sum(words[s, i] * region) / math.sqrt(d) for region in regions[s]]
            e = [math.exp(score - max(scores)) for score in scores]
            for weight, region in zip(e, regions[s], strict=True):
                seen[s, i] += weight / sum(e) * region
    return seen
