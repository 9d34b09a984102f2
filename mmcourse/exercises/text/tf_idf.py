"""Exercise `text.tf_idf`: the weights of words by hand."""

import math

import numpy as np

from mmcourse.exercises import Exercise, case

tf_idf = Exercise(
    "text.tf_idf",
    kind="implement",
    title="Rare words weigh more",
    returns="a row for each caption of `counts`, a column for each word",
    otherwise=(
        "Each count is multiplied by ln((1 + m) / (1 + df)) + 1, with m and df of the training captions, then each row "
        "divided by its Euclidean length. Yours are other numbers."
    ),
    task=(
        "Write `tf_idf_rows(train, counts)` in NumPy. Both arrays hold word counts, a row for each caption and a "
        "column for each word: `train` has the shape `(m, V)`, `counts` the shape `(n, V)`. Return the TF-IDF rows of "
        "`counts`, shape `(n, V)`: each count times ln((1 + m) / (1 + df)) + 1, where df is the number of *training "
        "captions* that hold the word; then each row divided by its Euclidean length. A caption without any known "
        "word stays a row of zeros."
    ),
    hints=(
        "Three steps, three lines: df from `train`, one weight for each word, a length for each row. A caption that "
        "holds a word three times still is one caption.",
        "`df = (train > 0).sum(axis=0)`. The lengths are `np.sqrt((x ** 2).sum(axis=1, keepdims=True))`; where a "
        "length is 0, divide by 1.",
    ),
    plan=(
        "Count for each word the training captions that hold it.",
        "Turn these numbers into one weight for each word, and multiply the counts by it.",
        "Divide each row by its length, but where the length is 0.",
    ),
    minutes=12,
    difficulty=2,
    importance=3,
)


@tf_idf.solved_by
def tf_idf_rows(train, counts):
    """Training counts (m, V) and counts (n, V) -> weights (n, V), rows of length one (or zero)."""
    df = (train > 0).sum(axis=0)  # (V,) captions, not occurrences
    idf = np.log((1 + len(train)) / (1 + df)) + 1
    x = counts * idf
    length = np.sqrt((x**2).sum(axis=1, keepdims=True))
    return x / np.where(length == 0, 1, length)


@tf_idf.cases
def _(rng):
    def drawn(m, n, size):
        """Counts in which word 0 stands in one training caption only, but three times, and word 1 in all others; each
        caption to be weighed holds both, word 1 twice or more."""
        train, counts = rng.poisson(0.7, (m, size)), rng.poisson(0.8, (n, size))
        train[:, 0], train[:, 1] = 0, 1
        train[rng.integers(m)][:2] = 3, 0
        counts[:, 0], counts[:, 1] = 1, 2 + rng.integers(0, 3, n)
        return train, counts

    for m, n, size in ((9, 5, 7), (4, 6, 3), (12, 1, 5)):
        yield case(*drawn(m, n, size))
    train, counts = drawn(6, 4, 6)
    train[:, 2], counts[:, 2] = 0, 2
    yield case(train, counts, when="where a word stands in no training caption")
    train, counts = drawn(7, 3, 5)
    train[:, 3], counts[:, 3] = 1, 2
    yield case(train, counts, when="where a word stands in every training caption")
    train, counts = drawn(5, 4, 6)
    counts[int(rng.integers(4))] = 0
    yield case(train, counts, when="where a caption holds no known word")


@tf_idf.oracle
def _(train, counts):
    m, rows = len(train), []
    weight = [math.log((1 + m) / (1 + sum(count > 0 for count in column))) + 1 for column in train.T]
    for caption in counts:
        row = [count * w for count, w in zip(caption, weight, strict=True)]
        length = math.sqrt(sum(x * x for x in row))
        rows.append([x / length if length else 0.0 for x in row])
    return np.array(rows)
