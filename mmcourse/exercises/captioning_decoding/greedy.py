"""Exercise `captioning_decoding.greedy`: the likeliest word, again and again, for a batch."""

from functools import partial

import numpy as np

from mmcourse.exercises import Exercise, anew, case, expect
from mmcourse.text import END, PAD, START

greedy = Exercise(
    "captioning_decoding.greedy",
    kind="implement",
    title="Greedy decoding for a batch",
    returns="a row for each caption, a column for each of max_length steps",
    otherwise=(
        "This is not what greedy decoding writes: in each step the argmax of each row's own logits, and 0 in the rows "
        "that have written 2."
    ),
    minutes=20,
    difficulty=2,
    importance=3,
    plan=(
        "Begin with start in every row, and note for each row whether it has ended.",
        "In each step ask `step` for the logits, and take the best word of each row that has not ended.",
        "Write it down, note the new ends, and leave the loop when all rows have ended.",
    ),
    task=(
        "Write `greedy_decode(step, state, n, max_length)`: captions for a batch of `n` pictures, "
        "always with the most probable next word. `step(tokens, state)` takes the last token "
        "of each caption, an integer array `(n,)`, and the decoder's state, and returns the "
        "logits `(n, V)` and the next state. Begin with start (1). Return an integer array `(n, "
        "max_length)` of what was written: each row's words, its end token (2), then padding "
        "(0). A row may reach `max_length` without an end. Stop as soon as all rows have ended."
    ),
    hints=(
        "Which three things does the loop carry from one step to the next? A caption that "
        "has ended stays in the batch until the others have: what is written in its row?",
        "Keep `tokens` (begin with ones), `state` and a boolean `ended` (begin with `False`). "
        "In each step: `logits, state = step(tokens, state)`; the argmax over the last axis; 0 "
        "where `ended` was already True; then `ended |= tokens == 2`, and leave when `ended.all()`.",
    ),
)


@greedy.solved_by
def greedy_decode(step, state, n, max_length):
    """A step, its first state, batch size and length -> token ids.

    Integers (n, max_length): words, end, padding.
    """
    written = np.zeros((n, max_length), dtype="int32")
    tokens, ended = np.ones(n, dtype="int32"), np.zeros(n, dtype=bool)
    for t in range(max_length):
        logits, state = step(tokens, state)
        tokens = np.where(ended, 0, logits.argmax(axis=-1)).astype("int32")
        written[:, t] = tokens
        ended = ended | (tokens == 2)
        if ended.all():
            break
    return written


class Machine:
    """A decoder made of random numbers: a row's logits depend on its last token and on its state, which counts its
    steps. Row i ends at step ``ends[i]``, and whoever goes on after that gets a second end two steps later."""

    def __init__(self, table, first, ends):
        self.table, self.first, self.ends, self.calls = table, first, np.array(ends), 0
        self.n, self.steps, self.words = table.shape[:3]

    def __call__(self, tokens, state):
        why = "`step` takes the last token of each caption of the batch"
        tokens = expect.array(tokens, (self.n,), why)
        expect.true(
            bool(np.isin(tokens, np.arange(self.words)).all()),
            "`step` was called with a token that is not in the vocabulary.",
        )
        expect.true(
            isinstance(state, np.ndarray) and state.shape == (self.n,) and bool((state >= self.first).all()),
            "`step` was called with a state that no earlier `step` returned.",
        )
        self.calls += 1
        count = (state - self.first).clip(0, self.steps - 1)
        logits = self.table[np.arange(self.n), count, tokens.astype(int)]
        logits[(count == self.ends) | (count == self.ends + 2), END] = 9
        return logits, state + 1

    def follow(self, row, length):
        """What the row writes, word by word."""
        token, out = START, []
        while len(out) < length:
            ends = len(out) == self.ends[row]
            token = END if ends else int(np.argmax(self.table[row, len(out), token]))
            out.append(token)
            if ends:
                break
        return out + [PAD] * (length - len(out))


@greedy.cases
def _(rng):
    for ends, length, when in (
        ((2, 5, 99, 0, 4), 9, ""),
        ((1, 4, 2), 12, ""),
        ((3, 0, 99, 5, 99, 1), 6, ""),
        ((99,), 5, "with one picture, whose caption reaches max_length"),
        ((0, 0), 7, "where all captions end at once"),
        ((5, 2, 5, 3), 6, "where the last captions end exactly at max_length"),
        ((99, 0, 99), 1, "where max_length is 1"),
    ):
        n, words = len(ends), int(rng.integers(9, 14))
        table = rng.normal(size=(n, length + 3, words, words)) - 3  # all logits may be negative
        table[..., [PAD, START, END]] = -20
        first = rng.integers(1, 50, size=n)
        yield case(anew(partial(Machine, table, first, ends)), first, n, length, when=when)


@greedy.oracle
def _(step, state, n, max_length):
    return np.array([step.follow(row, max_length) for row in range(n)])


@greedy.also
def _(result, step, state, n, max_length):
    needed = min(int(max(step.ends)) + 1, max_length)
    state, advice = "had ended", "leave the loop when all have ended"
    if max(step.ends) >= max_length:
        state, advice = "were full", "call it once at each step, for the whole batch"
    expect.true(
        step.calls <= needed,
        f"The captions are right. But all of them {state} after {needed} step{'s' * (needed > 1)}, and `step` was "
        f"called {step.calls} times. Each call costs a pass through the decoder: {advice}.",
    )
