"""Exercise `captioning.shift`: what the decoder reads, and what it must predict."""

from itertools import pairwise

import numpy as np

from mmcourse.exercises import Exercise, case
from mmcourse.text import END, PAD, START, UNKNOWN


def padded_captions(rng, rows, length):
    """Padded captions (rows, length): start, 1 … length − 2 words (ids from 4 on), end, pad. The
    first is the shortest."""
    counts = rng.integers(2, length - 2, size=rows)
    counts[0], counts[-1] = 1, length - 2
    tokens = np.full((rows, length), PAD, dtype="int32")
    for row, count in zip(tokens, counts, strict=True):
        row[0], row[count + 1] = START, END
        row[1 : count + 1] = rng.integers(4, 30, size=count)
    return tokens


shift = Exercise(
    "captioning.shift",
    kind="implement",
    title="Inputs and targets, shifted by one",
    minutes=8,
    difficulty=1,
    importance=3,
    plan=(
        "Take what the decoder reads: all columns but one.",
        "Take what it must predict at each of these steps: the column that follows.",
        "Mark the targets that are no padding.",
    ),
    returns=("inputs", "targets", "mask"),
    otherwise=(
        "Inputs are the tokens of each row but the last, targets those but the first, and the mask is True where a "
        "target is no padding: one of the three is something else."
    ),
    task=(
        "A batch of captions is one integer array `tokens` of shape `(b, L)`: each row is `start`, the "
        "words, `end`, and then padding (ids: padding 0, start 1, end 2). Write `shift_tokens(tokens)`, "
        "which returns three arrays of shape `(b, L - 1)`: `inputs`, what the decoder reads "
        "at each step; `targets`, the token that it must predict there; and `mask`, which is "
        "`True` where the target is real. Predicting `end` counts, predicting padding does not."
    ),
    hints=(
        "Write one caption down by hand: `start a red star end`. What does the decoder know before "
        "it writes `a`? What does it know before it writes `end`? How many predictions is that?",
        "`inputs` is everything but the last column of `tokens`, `targets` everything "
        "but the first. Compare `targets`, not `inputs`, with the padding id.",
    ),
)


@shift.solved_by
def shift_tokens(tokens):
    """Padded captions (b, L) -> inputs, targets, mask, each (b, L - 1).

    Inputs and targets are integers, the mask is boolean.
    """
    inputs, targets = tokens[:, :-1], tokens[:, 1:]
    return inputs, targets, targets != 0


@shift.cases
def _(rng):
    for rows, length in ((5, 9), (1, 6), (4, 7)):
        yield case(padded_captions(rng, rows, length))
        if rows == 1:
            continue
        yield case(padded_captions(rng, rows - 1, length)[::-1])  # the first is the longest
    unknown = padded_captions(rng, 3, 8)
    unknown[1, 1] = UNKNOWN
    yield case(unknown, when="where a caption holds an unknown word (id 3), which is a target as well")
    full = padded_captions(rng, 2, 7)
    full[:] = [START, 5, 9, 4, 7, 11, END]
    yield case(full, when="where no caption is padded")
    whole = padded_captions(rng, 3, 7)
    whole[0] = [START, END, *[PAD] * 5]
    yield case(whole, when="where a caption has no words")
    yield case(np.array([[START, END]] * 3), when="where captions have two columns only")

    narrow = np.pad(padded_captions(rng, 4, 6), ((0, 0), (0, 2)), constant_values=PAD)
    yield case(narrow, when="where every caption ends before the last column")


@shift.oracle
def _(tokens):
    read, asked, real = [], [], []
    for row in tokens.tolist():
        steps = list(pairwise(row))
        read.append([now for now, _ in steps])
        asked.append([following for _, following in steps])
        real.append([following != PAD for _, following in steps])
    return np.array(read), np.array(asked), np.array(real)
