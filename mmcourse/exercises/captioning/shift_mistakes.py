"""What goes wrong in `captioning.shift`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.captioning.shift import shift
from mmcourse.text import END, PAD, START, UNKNOWN


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
