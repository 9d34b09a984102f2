"""What goes wrong in `captioning_decoding.greedy`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.captioning_decoding.greedy import greedy, greedy_decode
from mmcourse.text import END, PAD, START


def _decode(
    step, state, n, max_length, begin=START, feed=True, hand_on=True, best=None, pad=PAD, remember=True, stop="all"
):
    """Greedy decoding with the mistakes that can be made in it; without them, the right one."""
    written, tokens, ended = np.zeros((n, max_length), "int32"), np.full(n, begin), np.zeros(n, bool)
    for t in range(max_length):
        logits, new = step(tokens if feed else np.full(n, begin), state)
        state = new if hand_on else state
        tokens = best(logits) if best else logits.argmax(-1)
        if pad is not None:
            tokens = np.where(ended, pad, tokens)
        written[:, t] = tokens
        ended = (ended & remember) | (tokens == END)
        if (stop == "all" and ended.all()) or (stop == "any" and ended.any()):
            break
    return written


STATE = "Every step begins with the first state: hand the state that `step` returned to the next `step`."
FED = "Every step reads start: hand the word just written to the next `step`."


@greedy.mistake(STATE)
def state_dropped_alone(step, state, n, max_length):
    return _decode(step, state, n, max_length, hand_on=False)


@greedy.mistake(STATE)
def state_dropped(step, state, n, max_length):
    return _decode(step, state, n, max_length, hand_on=False, pad=None, stop="")


@greedy.mistake(FED)
def always_start_alone(step, state, n, max_length):
    return _decode(step, state, n, max_length, feed=False)


@greedy.mistake(FED)
def always_start(step, state, n, max_length):
    return _decode(step, state, n, max_length, feed=False, pad=None, stop="")


@greedy.mistake("Rows go on after their end token. Write padding (0) there, whatever the step says.")
def never_stops(step, state, n, max_length):
    return _decode(step, state, n, max_length, pad=None, stop="")


@greedy.mistake(
    "You stop when all rows have ended. But until then a row that has ended goes on writing: write padding (0) there."
)
def not_padded(step, state, n, max_length):
    return _decode(step, state, n, max_length, pad=None)


@greedy.mistake(
    "You stop when all rows write their end token in the same step. Remember for each row whether it has ended, and "
    "write padding (0) from then on."
)
def all_at_once(step, state, n, max_length):
    return _decode(step, state, n, max_length, pad=None, remember=False)


@greedy.mistake(
    "A row that has ended is padded for one step and then goes on: once ended is always ended, `ended |= tokens == 2`."
)
def not_remembered(step, state, n, max_length):
    return _decode(step, state, n, max_length, remember=False)


@greedy.mistake("A row that has ended repeats its end token. Write padding (0) after the first.")
def end_repeated(step, state, n, max_length):
    return _decode(step, state, n, max_length, pad=END)


@greedy.mistake("The first caption's end stopped the whole batch. Stop when *all* rows have ended.")
def stops_with_the_first(step, state, n, max_length):
    return _decode(step, state, n, max_length, stop="any")


@greedy.mistake(
    "The end token itself is missing. It belongs to what was written: without it, a finished caption looks cut off."
)
def end_dropped(step, state, n, max_length):
    written = greedy_decode(step, state, n, max_length)
    return np.where(written == END, PAD, written)


@greedy.mistake("Rows that reach max_length got an end token that the decoder has not written. They may stay without.")
def end_forced(step, state, n, max_length):
    written = greedy_decode(step, state, n, max_length)
    cut = ~(written == END).any(axis=1)
    written[cut, -1] = END
    return written


@greedy.mistake(said="leave the loop")
def never_leaves(step, state, n, max_length):
    return _decode(step, state, n, max_length, stop="")


@greedy.mistake("The start token stands in front of your captions. Return what was written after it.")
def start_kept(step, state, n, max_length):
    written = greedy_decode(step, state, n, max_length)
    return np.concatenate([np.ones((n, 1), dtype="int32"), written[:, :-1]], axis=1)


@greedy.mistake("The start token stands in front of your captions, which makes them one too long. Leave it out.")
def start_in_front(step, state, n, max_length):
    written = greedy_decode(step, state, n, max_length)
    return np.concatenate([np.ones((n, 1), dtype="int32"), written], axis=1)


@greedy.mistake("The first `step` got padding (0). Begin with start (1).")
def begins_with_padding(step, state, n, max_length):
    return _decode(step, state, n, max_length, begin=PAD)


@greedy.mistake("You took the *least* probable word of each step.")
def least_probable(step, state, n, max_length):
    return _decode(step, state, n, max_length, best=lambda logits: logits.argmin(-1))


@greedy.mistake("All rows write the best word of the first one. Take the argmax of each row: over the last axis.")
def all_follow_the_first(step, state, n, max_length):
    return _decode(step, state, n, max_length, best=lambda logits: np.full(n, logits[0].argmax()))


@greedy.mistake("You wrote the second best word of each step. Asked for is the most probable one.")
def second_best(step, state, n, max_length):
    return _decode(step, state, n, max_length, best=lambda logits: logits.argsort(-1)[:, -2])


@greedy.mistake(
    "You took the argmax after cutting off the columns of padding, start and end. Then the numbers are no ids any more."
)
def without_special(step, state, n, max_length):
    return _decode(step, state, n, max_length, best=lambda logits: logits[:, END + 1 :].argmax(-1))


@greedy.mistake("Behind the end token stands -1. Padding is 0.")
def minus_one(step, state, n, max_length):
    written = greedy_decode(step, state, n, max_length)
    return np.where(written == PAD, -1, written)


@greedy.mistake("Your array is as wide as the longest caption. Pad it to `max_length` columns.")
def not_filled(step, state, n, max_length):
    written = greedy_decode(step, state, n, max_length)
    return written[:, : written.any(axis=0).sum()]


@greedy.mistake("The last of the `max_length` steps is missing: the last column is always empty.")
def one_step_less(step, state, n, max_length):
    written = greedy_decode(step, state, n, max_length)
    written[:, -1] = PAD
    return written


@greedy.mistake(said="last token of each caption")
def whole_prefix(step, state, n, max_length):
    tokens = np.ones((n, 1), dtype="int32")
    for _ in range(max_length):
        logits, state = step(tokens, state)
        tokens = np.concatenate([tokens, logits.argmax(-1)[:, None]], axis=1)
    return tokens[:, 1:]


@greedy.mistake("The end of the first row stops the whole batch. Stop when *all* rows have ended.")
def first_row_ends(step, state, n, max_length):
    written = _decode(step, state, n, max_length)
    ends = np.flatnonzero(written[0] == END)
    if len(ends):
        written[:, ends[0] + 1 :] = PAD
    return written


@greedy.mistake("A row that has ended repeats its end token, up to the last column. Write padding (0) after the first.")
def ends_to_the_last(step, state, n, max_length):
    written = _decode(step, state, n, max_length)
    return np.where(np.cumsum(written == END, axis=1) > 0, END, written)


@greedy.mistake("The first word is missing: the first answer of `step` belongs in column 0.")
def first_word_lost(step, state, n, max_length):
    written = greedy_decode(step, state, n, max_length)
    return np.concatenate([written[:, 1:], np.zeros((n, 1), "int32")], axis=1)


@greedy.mistake("A row that has ended gets the start token (1). Behind the end stands padding (0).")
def start_behind_the_end(step, state, n, max_length):
    written = greedy_decode(step, state, n, max_length)
    return np.where(written == PAD, START, written)


@greedy.mistake("Each row stands with its padding in front. The words come first, then the end, then padding.")
def padded_in_front(step, state, n, max_length):
    written = greedy_decode(step, state, n, max_length)
    return np.array([np.roll(row, (row == PAD).sum()) for row in written])


@greedy.mistake("Rows that reach max_length without an end are emptied. They stay as they are, without an end token.")
def cut_rows_emptied(step, state, n, max_length):
    written = greedy_decode(step, state, n, max_length)
    return np.where((written == END).any(axis=1, keepdims=True), written, PAD)


@greedy.mistake("The last token of a row that reaches max_length is missing. It is written like the others.")
def last_of_cut_rows_missing(step, state, n, max_length):
    written = greedy_decode(step, state, n, max_length)
    written[~(written == END).any(axis=1), -1] = PAD
    return written


@greedy.mistake("You add up the logits of all steps and take the best of the sum. Each step's own logits decide.")
def logits_added_up(step, state, n, max_length):
    total = 0

    def best(logits):
        nonlocal total
        total = total + logits
        return total.argmax(-1)

    return _decode(step, state, n, max_length, best=best)


FLAWS = {
    "state": ({"hand_on": False}, "Every step begins with the first state."),
    "feed": ({"feed": False}, "Every step reads start, not the word just written."),
    "begin": ({"begin": PAD}, "The first `step` got padding, not start."),
    "pad": ({"pad": None, "stop": ""}, "Rows go on after their end token."),
    "end_repeated": ({"pad": END}, "A row that has ended repeats its end token."),
    "any": ({"stop": "any"}, "The first caption's end stops the whole batch."),
    "least": ({"best": lambda logits: logits.argmin(-1)}, "The least probable word is taken."),
}
SHOWN = {
    "start": (
        lambda written: np.concatenate([np.ones((len(written), 1), "int32"), written[:, :-1]], axis=1),
        "The start token stands in front.",
    ),
    "no_end": (lambda written: np.where(written == END, PAD, written), "The end token is missing."),
}


def _two_mistakes(one, other):
    def answer(step, state, n, max_length):
        more = FLAWS[other][0] if other in FLAWS else {}
        written = _decode(step, state, n, max_length, **FLAWS[one][0] | more)
        return written if other in FLAWS else SHOWN[other][0](written)

    answer.__name__ = f"{one}_and_{other}"
    says = (FLAWS | SHOWN)[other][1]
    greedy.mistake(f"Two mistakes. {FLAWS[one][1]} {says}")(answer)


for _one, _other in (
    ("state", "feed"), ("state", "end_repeated"), ("state", "any"), ("feed", "end_repeated"), ("feed", "any"),
    ("begin", "pad"), ("begin", "end_repeated"), ("begin", "any"), ("pad", "start"), ("pad", "no_end"),
    ("end_repeated", "start"), ("any", "start"), ("state", "start"), ("feed", "start"), ("begin", "start"),
    ("state", "no_end"), ("feed", "no_end"), ("any", "no_end"), ("begin", "no_end"),
):  # fmt: skip
    _two_mistakes(_one, _other)


@greedy.mistake("The words of the last step are missing: write them down before you leave the loop.")
def last_step_not_written(step, state, n, max_length):
    written = greedy_decode(step, state, n, max_length)
    if (written == END).any(axis=1).all():
        written[:, (written == END).argmax(axis=1).max()] = PAD
    return written


@greedy.mistake("No row ever ends: the end token (2) is left out of the argmax. It is a token like the others.")
def never_the_end(step, state, n, max_length):
    def best(logits):
        return logits[:, END + 1 :].argmax(-1) + END + 1

    return _decode(step, state, n, max_length, best=best, stop="")
