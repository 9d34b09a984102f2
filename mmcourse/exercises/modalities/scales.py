"""Exercise `modalities.scales`: two modalities side by side, of which one drowns."""

import numpy as np

from mmcourse.exercises import Exercise, case

scales = Exercise(
    "modalities.scales",
    kind="find the bug",
    title="The modality that drowned",
    returns="one row for each item, the columns of both modalities",
    otherwise=(
        "This is not each column of `other`, minus the mean of this column over the training items, divided by its "
        "standard deviation over them."
    ),
    task=(
        "`side_by_side(train, other)` puts two modalities into one row for each item, words first, and brings them to "
        "one scale, with what it learns from `train` alone. Both arguments are dicts with the arrays `words` `(n, d)` "
        "and `voice` `(n, c)`. Words are counts of 0 and 1, the voice is in decibels. A penalised linear "
        "model on the result "
        "does as well as on the voice alone, as if the words were not there. Put it right: every column of the "
        "**training** items shall have mean 0 and standard deviation 1, as `np.std` computes it (a column that never "
        "changes, neither in training nor later, becomes 0)."
    ),
    hints=(
        "Print the standard deviation of each column of the result, for the training items. Which columns move at all?",
        "`x.mean()` and `x.std()` are one number each, over all columns, and decibels decide what it is. Along which "
        "axis do you get a mean and a standard deviation for each column?",
    ),
    plan=(
        "Take mean and standard deviation of each column over the training items.",
        "Where a standard deviation is 0, divide by 1 instead.",
        "Scale the columns of the other items with these numbers.",
    ),
    minutes=8,
    difficulty=1,
    importance=3,
)


@scales.solved_by
def side_by_side(train, other):
    """Words (n, d) and voice (n, c) -> (n, d + c), scaled as ``train``."""
    x = np.concatenate([train["words"], train["voice"]], axis=1)
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    deviation = np.where(deviation == 0, 1.0, deviation)  # a column that never changes
    y = np.concatenate([other["words"], other["voice"]], axis=1)
    return (y - mean) / deviation


@scales.given
def _given(train, other):
    """Words (n, d) and voice (n, c) -> (n, d + c), scaled as ``train``."""
    x = np.concatenate([train["words"], train["voice"]], axis=1)
    mean, deviation = x.mean(), x.std()
    y = np.concatenate([other["words"], other["voice"]], axis=1)
    return (y - mean) / deviation


def _items(rng, count, often, mean, spread):
    """So many items. No word is in all of them or in none: the first item has all words, the second none."""
    words = (rng.random((count, len(often))) < often).astype("float64")
    words[0], words[1:2] = 1, 0
    return {"words": words, "voice": rng.normal(mean, spread, (count, len(mean)))}


def _two(rng, n, other, d, c):
    """Training items and others, whose voices are a little louder."""
    often, mean, spread = rng.uniform(0.2, 0.6, d), rng.normal(-40, 6, c), rng.uniform(0.5, 2.5, c)
    return _items(rng, n, often, mean, spread), _items(rng, other, often + 0.1, mean + 1.5, spread * 1.3)


@scales.cases
def _(rng):
    for n, other, d, c in ((30, 17, 5, 4), (9, 12, 2, 6), (7, 7, 4, 1), (24, 5, 3, 3)):
        yield case(*_two(rng, n, other, d, c))
    train, other = _two(rng, 12, 8, 4, 3)
    for part in train, other:  # a word in no text, one in every text, and a voice that is always the same
        part["words"][:, 1], part["words"][:, 3] = 0, 1
        part["voice"][:, 2] = -40.5  # its mean is exact: the deviation is 0, not a rounding error
    yield case(train, other, when="where a column never changes, be it 0 or another number")
    train, other = _two(rng, 11, 6, 2, 3)
    for part in train, other:
        part["voice"][:, 1] = (part["voice"][:, 1] + 40) / 500
    yield case(train, other, when="where a column changes by thousandths of a decibel")
    train, _ = _two(rng, 13, 5, 3, 2)
    yield case(train, train, when="where the training items themselves are scaled")
    train, other = _two(rng, 10, 1, 3, 2)
    yield case(train, other, when="where a single item is scaled")
    train, other = ({"voice": part["voice"], "words": part["words"]} for part in _two(rng, 8, 6, 3, 2))
    yield case(train, other, when="where the dict names the voice first")


@scales.oracle
def _(train, other):
    rows = len(other["words"])
    columns = []
    for name in ("words", "voice"):
        for old, new in zip(train[name].T.tolist(), other[name].T.tolist(), strict=True):
            mean = sum(old) / len(old)
            deviation = (sum((v - mean) ** 2 for v in old) / len(old)) ** 0.5
            columns.append([(v - mean) / (deviation or 1.0) for v in new])
    return np.array(columns).T.reshape(rows, -1)
