"""Exercise `captioning.shift`: what the decoder reads, and what it must predict."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.text import END, PAD, START


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


@shift.check
def _(answer, rng):
    tokens = padded_captions(rng, 5, 9)
    read, asked = tokens[:, :8].copy(), tokens[:, 1:].copy()
    inputs, targets, mask = expect.parts(expect.pure(answer, tokens), ("inputs", "targets", "mask"))
    why = "a caption of L tokens has L - 1 steps, as the first token is never predicted and the last never read"
    inputs = expect.array(inputs, (5, 8), why, kind="integer")
    targets = expect.array(targets, (5, 8), why, kind="integer")
    mask = expect.mask(mask, (5, 8), why)
    expect.true(
        not np.array_equal(inputs, targets),
        "Inputs and targets are the same array: the decoder would learn to repeat the word it has just read.",
    )
    expect.true(
        not (np.array_equal(inputs, asked) and np.array_equal(targets, read)),
        "Inputs and targets are swapped: the decoder would learn to write "
        "captions backwards in time, the previous word from the next.",
    )
    expect.equal(inputs, read, "The inputs are not the tokens that stand before the targets.")
    expect.equal(targets, asked, "The targets are not the tokens that follow the inputs.")
    real = asked != PAD
    expect.true(not mask.all(), "The mask keeps everything, the padding too.")
    expect.true(not np.array_equal(mask, ~real), "The mask is the wrong way round: True means keep.")
    expect.true(
        not np.array_equal(mask, read != PAD),
        "You compared the inputs with the padding id. The input `end` "
        "is real, but what follows it is not: look at the targets.",
    )
    expect.true(
        not np.array_equal(mask, real & (asked != END)),
        "The mask drops the end token. Then nobody teaches the decoder to stop.",
    )
    expect.equal(mask, real, "The mask is not True exactly where the target is real.")
    unknown = tokens.copy()
    unknown[1, 1] = 3
    mask = expect.mask(expect.parts(answer(unknown), ("inputs", "targets", "mask"))[2])
    expect.equal(mask, unknown[:, 1:] != PAD, "The mask drops the unknown word (id 3). It is a target as well.")


@shift.mistake("repeat the word it has just read")
def not_shifted(tokens):
    return tokens[:, :-1], tokens[:, :-1], tokens[:, :-1] != PAD


@shift.mistake("swapped")
def swapped(tokens):
    return tokens[:, 1:], tokens[:, :-1], tokens[:, 1:] != PAD


@shift.mistake("L - 1 steps")
def rolled(tokens):
    targets = np.roll(tokens, -1, axis=1)
    return tokens, targets, targets != PAD


@shift.mistake("look at the targets")
def mask_of_inputs(tokens):
    return tokens[:, :-1], tokens[:, 1:], tokens[:, :-1] != PAD


@shift.mistake("drops the end token")
def end_masked(tokens):
    return tokens[:, :-1], tokens[:, 1:], tokens[:, 1:] > END


@shift.mistake("True means keep")
def mask_reversed(tokens):
    return tokens[:, :-1], tokens[:, 1:], tokens[:, 1:] == PAD


@shift.mistake("drops the unknown word")
def words_only(tokens):
    return tokens[:, :-1], tokens[:, 1:], (tokens[:, 1:] > 3) | (tokens[:, 1:] == END)


@shift.mistake("changes its input")
def start_overwritten(tokens):
    targets = tokens[:, 1:].copy()
    tokens[tokens == END] = PAD
    return tokens[:, :-1], targets, targets != PAD
