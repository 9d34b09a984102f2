"""Exercise `text.tf_idf`: the weights of words by hand."""

import numpy as np

from mmcourse.exercises import Exercise, expect

tf_idf = Exercise(
    "text.tf_idf",
    kind="implement",
    title="Rare words weigh more",
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
)


@tf_idf.solved_by
def tf_idf_rows(train, counts):
    """Training counts (m, V) and counts (n, V) -> weights (n, V), rows of length one (or zero)."""
    df = (train > 0).sum(axis=0)  # (V,) captions, not occurrences
    idf = np.log((1 + len(train)) / (1 + df)) + 1
    x = counts * idf
    length = np.sqrt((x**2).sum(axis=1, keepdims=True))
    return x / np.where(length == 0, 1, length)


def _rows(counts, idf, norm=lambda x: np.sqrt((x**2).sum(1, keepdims=True))):
    x = counts * idf
    length = norm(x)
    return x / np.where(length == 0, 1, length)


def _idf(df, m):
    return np.log((1 + m) / (1 + df)) + 1


@tf_idf.check
def _(answer, rng):
    m, n, size = 9, 5, 7
    train, counts = rng.poisson(0.8, (m, size)), rng.poisson(1.0, (n, size)) + 1
    train[:, 0], train[:, 1], train[0, 2], counts[0, 1:] = 3, 0, 4, 0  # everywhere, nowhere, often in one caption
    counts[0, 0] = 2
    df = np.array([sum(row[w] > 0 for row in train) for w in range(size)])
    expected = np.zeros((n, size))
    for i in range(n):  # the oracle: one word at a time
        row = np.array([counts[i, w] * (np.log((1 + m) / (1 + df[w])) + 1) for w in range(size)])
        expected[i] = row / np.sqrt(sum(x * x for x in row))
    out = expect.array(expect.pure(answer, train, counts), (n, size), "a row for each caption of `counts`")
    expect.differs(out, _rows(counts, np.ones(size)), "These are the counts, scaled: no word weighs more than another.")
    expect.differs(
        out,
        _rows(counts, _idf(train.sum(0), m)),
        "You counted how often a word occurs. df counts the captions that hold it, however often it stands in one.",
    )
    expect.differs(
        out,
        _rows(counts, _idf((counts > 0).sum(0), n)),
        "df comes from the captions that you weigh. It must come from the training captions: a test caption's weights "
        "would depend on the other test captions.",
    )
    expect.differs(
        out,
        _rows(counts, np.log((1 + df) / (1 + m)) + 1),
        "The ratio stands upside down: words that are everywhere get the largest weight.",
    )
    expect.differs(
        out,
        _rows(counts, np.log((1 + m) / (1 + df))),
        "The + 1 behind the logarithm is missing: a word that stands in every caption gets weight 0 and disappears.",
    )
    expect.differs(
        out, _rows(counts, np.log2((1 + m) / (1 + df)) + 1), "This is the logarithm to base 2. Use the natural one."
    )
    expect.differs(
        out,
        _rows((counts > 0).astype(float), _idf(df, m)),
        "A word that stands twice in a caption counts only once here. Multiply by the counts.",
    )
    expect.differs(
        out,
        _rows(counts, _idf(df, m), lambda x: np.sqrt((x**2).sum(0, keepdims=True))),
        "You divided each *word's column* by its length. The length is that of a caption, a row.",
    )
    expect.differs(
        out,
        _rows(counts, _idf(df, m), lambda x: x.sum(1, keepdims=True)),
        "Your rows sum to one. They should have the Euclidean length one: the root of the sum of squares.",
    )
    expect.differs(out, counts * _idf(df, m), "The rows are not divided by their length: long captions weigh more.")
    expect.true(
        np.isfinite(out).all(),
        "A word that no training caption holds gives infinity or NaN. The two 1s in the ratio are there for it.",
    )
    expect.close(out, expected, "These are not the TF-IDF rows of the formula.")
    none = counts.copy()
    none[1] = 0
    again = expect.array(answer(train, none), (n, size))
    expect.close(again[1], 0.0, "A caption without any known word must stay a row of zeros: its length is 0.")


@tf_idf.mistake("no word weighs more")
def only_tf(train, counts):
    return _rows(counts, np.ones(counts.shape[1]))


@tf_idf.mistake("how often a word occurs")
def df_of_occurrences(train, counts):
    return _rows(counts, _idf(train.sum(0), len(train)))


@tf_idf.mistake("df comes from the captions that you weigh")
def df_of_test(train, counts):
    return _rows(counts, _idf((counts > 0).sum(0), len(counts)))


@tf_idf.mistake("upside down")
def ratio_inverted(train, counts):
    return _rows(counts, np.log((1 + (train > 0).sum(0)) / (1 + len(train))) + 1)


@tf_idf.mistake("+ 1 behind the logarithm is missing")
def without_one(train, counts):
    return _rows(counts, np.log((1 + len(train)) / (1 + (train > 0).sum(0))))


@tf_idf.mistake("infinity or NaN")
def not_smooth(train, counts):
    with np.errstate(all="ignore"):
        return _rows(counts, np.log(len(train) / (train > 0).sum(0)) + 1)


@tf_idf.mistake("word's column")
def wrong_axis(train, counts):
    return _rows(counts, _idf((train > 0).sum(0), len(train)), lambda x: np.sqrt((x**2).sum(0, keepdims=True)))


@tf_idf.mistake("rows sum to one")
def sum_for_length(train, counts):
    return _rows(counts, _idf((train > 0).sum(0), len(train)), lambda x: x.sum(1, keepdims=True))


@tf_idf.mistake("not divided by their length")
def not_normalised(train, counts):
    return counts * _idf((train > 0).sum(0), len(train))


@tf_idf.mistake("row of zeros")
def zero_by_zero(train, counts):
    with np.errstate(all="ignore"):
        x = counts * _idf((train > 0).sum(0), len(train))
        return x / np.sqrt((x**2).sum(1, keepdims=True))


@tf_idf.mistake("changes its input")
def in_place(train, counts):
    train[train > 0] = 1
    return tf_idf_rows(train, counts)
