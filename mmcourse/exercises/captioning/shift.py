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


@shift.mistake("Inputs and targets are the same array: the decoder would learn to repeat the word it has just read.")
def not_shifted(tokens):
    return tokens[:, :-1], tokens[:, :-1], tokens[:, :-1] != PAD


@shift.mistake("Your targets are two steps ahead of the inputs. The target is the very next token.")
def two_ahead_padded(tokens):
    targets = np.pad(tokens[:, 2:], ((0, 0), (0, 1)))
    return tokens[:, :-1], targets, targets != PAD


@shift.mistake(
    "Your targets are two steps ahead of the inputs, and the mask is not theirs. The target is the very next token."
)
def two_ahead_with_mask(tokens):
    return tokens[:, :-1], np.pad(tokens[:, 2:], ((0, 0), (0, 1))), tokens[:, 1:] != PAD


@shift.mistake(
    "Your inputs begin with the first word. Before it, the decoder has read start: that is where they begin."
)
def from_the_first_word(tokens):
    targets = np.pad(tokens[:, 2:], ((0, 0), (0, 1)))
    return tokens[:, 1:], targets, targets != PAD


@shift.mistake(
    "Inputs and targets are the same array, and start is gone from both: the decoder would learn to repeat the word it "
    "has just read."
)
def not_shifted_without_start(tokens):
    return tokens[:, 1:], tokens[:, 1:], tokens[:, 1:] != PAD


@shift.mistake(
    "Inputs and targets are swapped: the decoder would learn to write captions backwards in time, the previous word "
    "from the next."
)
def swapped(tokens):
    return tokens[:, 1:], tokens[:, :-1], tokens[:, 1:] != PAD


@shift.mistake(
    "Inputs and targets are swapped, and the mask looks at the inputs' padding: the decoder would learn to write the "
    "previous word from the next."
)
def swapped_with_mask(tokens):
    return tokens[:, 1:], tokens[:, :-1], tokens[:, :-1] != PAD


@shift.mistake(
    "Your inputs have all L columns. A caption of L tokens has L - 1 steps: nothing is predicted after its last token."
)
def rolled(tokens):
    targets = np.roll(tokens, -1, axis=1)
    return tokens, targets, targets != PAD


@shift.mistake("Your targets have all L columns. The first token, start, is given to the decoder and never predicted.")
def all_targets(tokens):
    return tokens[:, :-1], tokens, tokens != PAD


@shift.mistake("Your inputs have L - 2 columns. There are L - 1 steps: only the last token is never read.")
def two_columns_less(tokens):
    return tokens[:, :-2], tokens[:, 1:-1], tokens[:, 1:-1] != PAD


@shift.mistake("Your targets are two steps ahead of the inputs. The target is the very next token.")
def two_ahead(tokens):
    return tokens[:, :-2], tokens[:, 2:], tokens[:, 2:] != PAD


@shift.mistake("The start token is missing in your inputs. It is all that the decoder has before the first word.")
def start_not_read(tokens):
    return tokens[:, 1:-1], tokens[:, 2:], tokens[:, 2:] != PAD


@shift.mistake("You put -1 for the padding in the targets. They stay as they are: the mask says which of them count.")
def padding_replaced(tokens):
    targets = tokens[:, 1:]
    return tokens[:, :-1], np.where(targets == PAD, -1, targets), targets != PAD


@shift.mistake("You shifted along the batch: each caption's target would be another caption. Shift along the columns.")
def other_captions(tokens):
    return tokens[:-1], tokens[1:], tokens[1:] != PAD


@shift.mistake(
    "You replaced `end` by padding in the inputs. It may stay: what follows it is padding, which the mask leaves out."
)
def end_not_read(tokens):
    inputs = np.where(tokens == END, PAD, tokens)[:, :-1]
    return inputs, tokens[:, 1:], tokens[:, 1:] != PAD


@shift.mistake(
    "Your mask is True at each real *input*, at `end`, too. What follows `end` is padding: the mask says which "
    "*targets* are real."
)
def mask_of_inputs(tokens):
    return tokens[:, :-1], tokens[:, 1:], tokens[:, :-1] != PAD


@shift.mistake(
    "The mask leaves out the step that reads `end`, but keeps the steps after it, where padding follows padding. "
    "Compare the targets with the padding id."
)
def mask_by_end_read(tokens):
    return tokens[:, :-1], tokens[:, 1:], tokens[:, :-1] != END


@shift.mistake("The mask has a column for each token. It belongs to the targets: L - 1 columns.")
def mask_of_tokens(tokens):
    return tokens[:, :-1], tokens[:, 1:], tokens != PAD


@shift.mistake("The mask drops the end token. Then nobody teaches the decoder to stop.")
def end_masked(tokens):
    return tokens[:, :-1], tokens[:, 1:], (tokens[:, 1:] != PAD) & (tokens[:, 1:] != END)


@shift.mistake("The mask drops the end token, and keeps the padding. It is the padding that does not count.")
def end_for_padding(tokens):
    return tokens[:, :-1], tokens[:, 1:], tokens[:, 1:] != END


@shift.mistake("The mask drops the end token and the unknown word (id 3). Both are targets as well.")
def known_words_only(tokens):
    return tokens[:, :-1], tokens[:, 1:], tokens[:, 1:] > UNKNOWN


@shift.mistake("The mask drops the first word: the step that reads start has a real target.")
def first_word_masked(tokens):
    mask = tokens[:, 1:] != PAD
    mask[:, 0] = False
    return tokens[:, :-1], tokens[:, 1:], mask


@shift.mistake("The mask is the wrong way round: True means keep.")
def mask_reversed(tokens):
    return tokens[:, :-1], tokens[:, 1:], tokens[:, 1:] == PAD


@shift.mistake("The mask drops the unknown word (id 3). It is a target as well.")
def words_only(tokens):
    return tokens[:, :-1], tokens[:, 1:], (tokens[:, 1:] > 3) | (tokens[:, 1:] == END)


@shift.mistake("The mask keeps everything, the padding too.")
def all_kept(tokens):
    return tokens[:, :-1], tokens[:, 1:], np.ones_like(tokens[:, 1:], bool)


ORDER = "The parts are right, but in another order. Return `inputs, targets, mask`, in this order."


@shift.mistake(ORDER)
def mask_first(tokens):
    return tokens[:, 1:] != PAD, tokens[:, :-1], tokens[:, 1:]


@shift.mistake(ORDER)
def mask_second(tokens):
    return tokens[:, :-1], tokens[:, 1:] != PAD, tokens[:, 1:]


@shift.mistake(said="Your function changes its input `tokens`.")
def start_overwritten(tokens):
    targets = tokens[:, 1:].copy()
    tokens[tokens == END] = PAD
    return tokens[:, :-1], targets, targets != PAD


@shift.mistake(
    "The columns that hold nothing but padding are cut off. Asked for are L - 1 columns, whatever stands in them."
)
def cropped(tokens):
    tokens = tokens[:, : (tokens != PAD).any(axis=0).sum()]
    return tokens[:, :-1], tokens[:, 1:], tokens[:, 1:] != PAD


@shift.mistake("The mask ends in all rows where the longest caption does. Each row has padding of its own.")
def mask_of_the_longest(tokens):
    mask = np.zeros(tokens[:, 1:].shape, bool)
    mask[:, : (tokens[:, 1:] != PAD).any(axis=0).sum()] = True
    return tokens[:, :-1], tokens[:, 1:], mask


@shift.mistake("The last column of your mask is False in every row. A caption that fills its row has its end there.")
def last_column_masked(tokens):
    mask = tokens[:, 1:] != PAD
    mask[:, -1] = False
    return tokens[:, :-1], tokens[:, 1:], mask


@shift.mistake(
    "Your mask looks at the inputs and leaves out start there. It belongs to the targets: where are they no padding?"
)
def start_and_padding_of_inputs(tokens):
    return tokens[:, :-1], tokens[:, 1:], (tokens[:, :-1] != PAD) & (tokens[:, :-1] != START)


@shift.mistake(
    "Your mask ends at the first padding, and `argmax` finds none in a full row: it says 0, and that row has no target."
)
def first_padding(tokens):
    targets = tokens[:, 1:]
    first = (targets == PAD).argmax(axis=1)[:, None]
    return tokens[:, :-1], targets, np.arange(targets.shape[1]) < first


@shift.mistake("You wrote another number in place of padding. Targets stay as they are: the mask says which are real.")
def padding_renamed(tokens):
    targets = tokens[:, 1:]
    return tokens[:, :-1], np.where(targets == PAD, -100, targets), targets != PAD


@shift.mistake("Every row has the mask of the first caption. Each row has padding of its own.")
def mask_of_the_first(tokens):
    return tokens[:, :-1], tokens[:, 1:], np.repeat(tokens[:1, 1:] != PAD, len(tokens), axis=0)


@shift.mistake("Every row has the mask of the last caption. Each row has padding of its own.")
def mask_of_the_last(tokens):
    return tokens[:, :-1], tokens[:, 1:], np.repeat(tokens[-1:, 1:] != PAD, len(tokens), axis=0)


@shift.mistake("The mask keeps only the columns in which no caption has padding. Each row has padding of its own.")
def mask_of_the_shortest(tokens):
    mask = (tokens[:, 1:] != PAD).all(axis=0, keepdims=True)
    return tokens[:, :-1], tokens[:, 1:], np.repeat(mask, len(tokens), axis=0)


@shift.mistake("You replaced `end` by padding in the targets. It is a target: the decoder must learn to stop.")
def end_not_asked(tokens):
    targets = np.where(tokens == END, PAD, tokens)[:, 1:]
    return tokens[:, :-1], targets, targets != PAD


@shift.mistake("You replaced `end` by padding in the targets. It is a target: the decoder must learn to stop.")
def end_not_asked_but_in_mask(tokens):
    return tokens[:, :-1], np.where(tokens == END, PAD, tokens)[:, 1:], tokens[:, 1:] != PAD


@shift.mistake("You took `end` out of inputs and targets. The decoder must learn to stop: `end` is a target.")
def end_nowhere(tokens):
    tokens = np.where(tokens == END, PAD, tokens)
    return tokens[:, :-1], tokens[:, 1:], tokens[:, 1:] != PAD


RENAMED = "You wrote another number in place of padding in the inputs. They stay as they are."


@shift.mistake(RENAMED)
def padding_renamed_in_inputs(tokens):
    return np.where(tokens == PAD, -1, tokens)[:, :-1], tokens[:, 1:], tokens[:, 1:] != PAD


@shift.mistake(RENAMED)
def end_for_padding_in_inputs(tokens):
    return np.where(tokens == PAD, END, tokens)[:, :-1], tokens[:, 1:], tokens[:, 1:] != PAD


@shift.mistake(
    "You wrote `end` in place of padding in the targets. They stay as they are: the mask says which are real."
)
def end_for_padding_in_targets(tokens):
    return tokens[:, :-1], np.where(tokens == PAD, END, tokens)[:, 1:], tokens[:, 1:] != PAD
