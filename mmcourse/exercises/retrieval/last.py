"""Exercise `retrieval.last`: the state after the last word, not after the padding."""

import numpy as np

from mmcourse.exercises import Exercise, case

last = Exercise(
    "retrieval.last",
    kind="find the bug",
    title="The state after the padding",
    returns="one state for each sentence",
    otherwise="Asked for is the state at the place of each row's last word.",
    minutes=8,
    difficulty=1,
    importance=3,
    task=(
        "`sentence_state(states, tokens)` gives each sentence the state of a recurrent layer after its last word. "
        "`states` is `(b, t, u)`, `tokens` `(b, t)` with padding 0 **behind** the words. Search works for a sentence "
        "alone and fails in batches, for the state is taken at a padded place. Put it right. A full row has no padding "
        "at all. Every row has at least one word. The result is `(b, u)`."
    ),
    hints=(
        "How many words has each row? At which place is the last of them?",
        "`place = (tokens != 0).sum(axis=1) - 1`, one for each row. Then one state a row: "
        "`states[np.arange(len(states)), place]`.",
    ),
    plan=(
        "Count the words of each row.",
        "From the count follows the place of the last word.",
        "Take one state from each row, at its own place.",
    ),
)


@last.solved_by
def sentence_state(states, tokens):
    """States (b, t, u), tokens (b, t), 0 for padding -> the state after each row's last word (b, u)."""
    place = (tokens != 0).sum(axis=1) - 1
    return states[np.arange(len(states)), place]


@last.given
def _given(states, tokens):
    """States (b, t, u), tokens (b, t), 0 for padding -> the state after each row's last word (b, u)."""
    return states[:, -1]


def _batch(rng, counts, t, u, ids=(4, 60)):
    """States, and tokens of which row i has counts[i] words, no two of a row alike. The largest id of a row of several
    words is not its last, nor is the smallest."""
    tokens = np.zeros((len(counts), t), int)
    for row, count in zip(tokens, counts, strict=True):
        row[:count] = np.sort(rng.choice(np.arange(*ids), count, replace=False))
        row[:count] = np.roll(row[:count], max(count // 2, 1))
    return rng.normal(size=(len(counts), t, u)), tokens


@last.cases
def _(rng):
    # The first row is neither the shortest nor the longest, and no count is the same from behind.
    yield case(*_batch(rng, [3, 6, 2, 5, 4], 8, 3))
    yield case(*_batch(rng, [4, 2, 5], 6, 7))
    yield case(*_batch(rng, [5, 3, 6, 8], 11, 1))
    yield case(*_batch(rng, [3, 5, 2, 4], 5, 3), when="where a row is full")
    yield case(*_batch(rng, [6, 6, 6], 6, 2), when="where a row is full")
    yield case(*_batch(rng, [3, 1, 4], 7, 4), when="where a row has one word only")
    yield case(*_batch(rng, [3], 5, 4), when="with one sentence")
    states, tokens = _batch(rng, [5, 3, 4], 7, 3)
    tokens[0, 4], tokens[1, 2], tokens[2, 3] = tokens[0, 1], tokens[1, 0], tokens[2, 2]
    yield case(states, tokens, when="where a word comes twice in a row")
    low = _batch(rng, [3, 2, 3, 1], 5, 3, ids=(1, 4))
    yield case(*low, when="where the ids of words are 1, 2 and 3")


@last.oracle
def _(states, tokens):
    found = []
    for row, words in zip(states.tolist(), tokens.tolist(), strict=True):
        for state, word in zip(row, words, strict=True):
            if word:
                latest = state
        found.append(latest)
    return np.array(found)
