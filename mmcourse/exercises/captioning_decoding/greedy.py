"""Exercise `captioning_decoding.greedy`: the likeliest word, again and again, for a batch."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.text import END, PAD, START

greedy = Exercise(
    "captioning_decoding.greedy",
    kind="implement",
    title="Greedy decoding for a batch",
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


class _Machine:
    """A decoder made of random numbers: row i's logits depend on its last token and on its state, a counter of its
    steps, and it ends at the step ``ends[i]``. Written row by row, with ``follow`` as the oracle."""

    def __init__(self, rng, ends, length, words=11):
        self.n, self.length, self.ends, self.words, self.calls = len(ends), length, ends, words, 0
        self.table = rng.normal(size=(self.n, length + 8, words, words))
        self.table[..., [PAD, START, END]] = -9

    def logits(self, row, count, token):
        scores = self.table[row, min(count, self.length + 7), token].copy()
        if count == self.ends[row]:
            scores[END] = 9
        return scores

    def follow(self, row):
        token, out = START, []
        for count in range(self.length):
            token = int(np.argmax(self.logits(row, count, token)))
            out.append(token)
            if token == END:
                break
        return out + [PAD] * (self.length - len(out))

    def step(self, tokens, state):
        tokens = expect.array(
            tokens, (self.n,), "`step` takes the last token of each caption of the batch", kind="integer"
        )
        expect.true(
            bool(((tokens >= 0) & (tokens < self.words)).all()),
            "`step` was called with a token that is not in the vocabulary.",
        )
        expect.true(
            isinstance(state, np.ndarray) and state.shape == (self.n,),
            "`step` was called with a state that no earlier `step` returned.",
        )
        self.calls += 1
        return np.stack(
            [self.logits(i, int(c), int(t)) for i, (c, t) in enumerate(zip(state, tokens, strict=True))]
        ), state + 1


@greedy.check
def _(answer, rng):
    length = 9
    ends = np.array([2, 5, 99, 0, 4])  # one never ends, one at once
    machine = _Machine(rng, ends, length)
    expected = np.array([machine.follow(i) for i in range(5)])
    state = np.zeros(5, dtype=int)
    got = expect.pure(answer, machine.step, state, 5, length)
    got = expect.array(got, (5, length), "one row for each caption, padded to max_length", kind="integer")
    words = expected[:, 0] != END
    if not np.array_equal(got[words, 0], expected[words, 0]):
        expect.true(
            not (got[:, 0] == START).all(),
            "The start token stands in front of your captions. Return what was written after it.",
        )
        expect.equal(
            got[words, 0], expected[words, 0], "The first word is not the argmax of the logits that follow start."
        )
    stops = [int(np.argmax(row == END)) if (row == END).any() else length for row in expected]
    for what, message in (
        ("state", "Every step begins with the first state: hand the state that `step` returned to the next `step`."),
        ("token", "Every step reads start: hand the word just written to the next `step`."),
    ):
        as_mistaken = all(
            np.array_equal(got[i, :stop], _blind(machine, i, what)[:stop]) for i, stop in enumerate(stops)
        )
        expect.true(not as_mistaken, message)
    for row, (mine, right, stop) in enumerate(zip(got, expected, stops, strict=True)):
        if np.array_equal(mine[:stop], right[:stop]):
            continue
        expect.true(
            mine[:stop].any() and not (mine[:stop] == PAD).any(),
            f"Row {row} stops before its own end token: has another caption's end stopped the whole batch?",
        )
        expect.equal(mine[:stop], right[:stop], f"Row {row} is not the sequence of most probable words.")
    for row, (mine, stop) in enumerate(zip(got, stops, strict=True)):
        if stop < length:
            expect.true(
                mine[stop] == END,
                "The end token itself is missing. It belongs to what was "
                "written: without it, a finished caption looks cut off.",
            )
        expect.true(
            not mine[stop + 1 :].any(),
            f"Row {row} goes on after its end token. Write padding (0) there, whatever the step says.",
        )
    expect.equal(got, expected, "The tokens are not those of greedy decoding.")
    short = _Machine(rng, np.array([1, 2, 0]), 30)
    right = np.array([short.follow(i) for i in range(3)])
    got = expect.array(
        answer(short.step, np.zeros(3, dtype=int), 3, 30), (3, 30), "padded to max_length", kind="integer"
    )
    expect.equal(got, right, "Captions that all end early come out wrong.")
    expect.true(
        short.calls <= 4,
        f"All captions had ended after 3 steps, but `step` was called {short.calls} times. "
        "Each call costs a pass through the decoder: leave the loop when all have ended.",
    )


def _blind(machine, row, what):
    token, out = START, []
    for count in range(machine.length):
        token = int(
            np.argmax(machine.logits(row, 0 if what == "state" else count, START if what == "token" else token))
        )
        out.append(token)
    return np.array(out)


@greedy.mistake("first state")
def state_dropped(step, state, n, max_length):
    written, tokens = np.zeros((n, max_length), dtype="int32"), np.ones(n, dtype="int32")
    for t in range(max_length):
        logits, _ = step(tokens, state)
        written[:, t] = tokens = logits.argmax(-1)
    return written


@greedy.mistake("reads start")
def always_start(step, state, n, max_length):
    written, tokens = np.zeros((n, max_length), dtype="int32"), np.ones(n, dtype="int32")
    for t in range(max_length):
        logits, state = step(tokens, state)
        written[:, t] = logits.argmax(-1)
    return written


@greedy.mistake("goes on after its end token")
def never_stops(step, state, n, max_length):
    written, tokens = np.zeros((n, max_length), dtype="int32"), np.ones(n, dtype="int32")
    for t in range(max_length):
        logits, state = step(tokens, state)
        written[:, t] = tokens = logits.argmax(-1)
    return written


@greedy.mistake("another caption's end stopped the whole batch")
def stops_with_the_first(step, state, n, max_length):
    written, tokens = np.zeros((n, max_length), dtype="int32"), np.ones(n, dtype="int32")
    for t in range(max_length):
        logits, state = step(tokens, state)
        written[:, t] = tokens = logits.argmax(-1)
        if (tokens == END).any():
            break
    return written


@greedy.mistake("end token itself is missing")
def end_dropped(step, state, n, max_length):
    written = greedy_decode(step, state, n, max_length)
    return np.where(written == END, PAD, written)


@greedy.mistake("leave the loop")
def never_leaves(step, state, n, max_length):
    written, tokens = np.zeros((n, max_length), dtype="int32"), np.ones(n, dtype="int32")
    ended = np.zeros(n, dtype=bool)
    for t in range(max_length):
        logits, state = step(tokens, state)
        written[:, t] = tokens = np.where(ended, PAD, logits.argmax(-1))
        ended = ended | (tokens == END)
    return written


@greedy.mistake("start token stands in front")
def start_kept(step, state, n, max_length):
    written = greedy_decode(step, state, n, max_length)
    return np.concatenate([np.ones((n, 1), dtype="int32"), written[:, :-1]], axis=1)


@greedy.mistake("last token of each caption")
def whole_prefix(step, state, n, max_length):
    tokens = np.ones((n, 1), dtype="int32")
    for _ in range(max_length):
        logits, state = step(tokens, state)
        tokens = np.concatenate([tokens, logits.argmax(-1)[:, None]], axis=1)
    return tokens[:, 1:]
