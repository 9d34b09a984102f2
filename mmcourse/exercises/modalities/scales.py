"""Exercise `modalities.scales`: two modalities side by side, of which one drowns."""

import numpy as np

from mmcourse.exercises import Exercise, expect

scales = Exercise(
    "modalities.scales",
    kind="find the bug",
    title="The modality that drowned",
    task=(
        "`side_by_side(train, other)` puts two modalities into one row for each item and brings them to one scale, "
        "with what it learns from `train` alone. Both arguments are dicts with the arrays `words` `(n, d)` and `voice` "
        "`(n, c)`. Words are counts of 0 and 1, the voice is in decibels. A linear model on the result does as well as "
        "on the voice alone, as if the words were not there. Put it right: every column of the **training** items "
        "shall have mean 0 and deviation 1 (a column that never changes becomes 0)."
    ),
    hints=(
        "Print the deviation of each column of the result, for the training items. Which columns move at all?",
        "`x.mean()` and `x.std()` are one number each, over all columns, and decibels decide what it is. Along which "
        "axis do you get a mean and a deviation for each column?",
    ),
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


def _scaled(x, y, axis=0):
    deviation = x.std(axis=axis, keepdims=True)
    return (y - x.mean(axis=axis, keepdims=True)) / np.where(deviation == 0, 1, deviation)


@scales.check
def _(answer, rng):
    n, d, c = 60, 5, 4

    def items(count):
        words = (rng.random((count, d)) < [0.2, 0.4, 0.5, 0.3, 0.0]).astype(float)  # the last word never occurs
        return {"words": words, "voice": rng.normal(-40, 1, (count, c)) * [0.5, 1, 1.5, 0.8] + [5, 0, -9, 3]}

    train, other = items(n), items(17)
    x, y = np.hstack(list(train.values())), np.hstack(list(other.values()))
    wanted = np.array(
        [[(v - np.mean(col)) / (np.std(col) or 1.0) for v, col in zip(row, x.T, strict=True)] for row in y]
    )
    why = "one row for each item, the columns of both modalities"
    got = expect.array(expect.pure(answer, train, other), (17, d + c), why)
    if not np.isfinite(got).all():
        expect.true(
            False,
            "A word that no training text holds has the deviation 0, and you divide by it. Such a column becomes 0.",
        )
    expect.differs(
        got,
        _scaled(y, y),
        "You took mean and deviation from the items themselves. They must come from `train`, or test items are scaled "
        "by what was learnt from the test, and one item alone cannot be scaled at all.",
    )
    expect.differs(
        got,
        _scaled(y, y, axis=1),
        "You scaled each *row*: words and decibels of one item against each other. Scale each column over the items.",
    )
    per_block = np.hstack(
        [(other[k] - train[k].mean()) / train[k].std() for k in ("words", "voice")],
    )
    expect.differs(
        got,
        per_block,
        "One mean and one deviation for each modality: better, yet the bands of the voice differ among themselves. "
        "Every column has its own.",
    )
    low, high = x.min(0), x.max(0)
    expect.differs(
        got,
        (y - low) / np.where(high > low, high - low, 1),
        "This is scaling to a range, from 0 to 1. Asked for are the mean 0 and the deviation 1.",
    )
    expect.differs(got, y - x.mean(0), "The columns are centred but not divided by their deviation.")
    expect.true(
        got[:, :d].std() > 0.1,
        "The words hardly move: their columns are divided by a deviation that the decibels decide. "
        "Take mean and deviation along the axis of the items.",
    )
    expect.close(got, wanted, "Each column, minus its mean over the training items, by its deviation over them.")


@scales.mistake("from the items themselves")
def own_statistics(train, other):
    y = np.concatenate([other["words"], other["voice"]], axis=1)
    return _scaled(y, y)


@scales.mistake("You scaled each *row*")
def by_row(train, other):
    y = np.concatenate([other["words"], other["voice"]], axis=1)
    return _scaled(y, y, axis=1)


@scales.mistake("One mean and one deviation for each modality")
def by_modality(train, other):
    return np.hstack([(other[k] - train[k].mean()) / train[k].std() for k in ("words", "voice")])


@scales.mistake("scaling to a range")
def to_range(train, other):
    x, y = (np.concatenate([part["words"], part["voice"]], axis=1) for part in (train, other))
    return (y - x.min(0)) / np.where(np.ptp(x, axis=0) > 0, np.ptp(x, axis=0), 1)


@scales.mistake("centred but not divided")
def only_centred(train, other):
    x, y = (np.concatenate([part["words"], part["voice"]], axis=1) for part in (train, other))
    return y - x.mean(0)


@scales.mistake("has the deviation 0")
def divides_by_zero(train, other):
    x, y = (np.concatenate([part["words"], part["voice"]], axis=1) for part in (train, other))
    with np.errstate(all="ignore"):
        return (y - x.mean(0)) / x.std(0)


@scales.mistake("the columns of both modalities")
def only_voice(train, other):
    return _scaled(train["voice"], other["voice"])
