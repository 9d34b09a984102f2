"""Exercise `retrieval.last`: the state after the last word, not after the padding."""

import numpy as np

from mmcourse.exercises import Exercise, expect

last = Exercise(
    "retrieval.last",
    kind="find the bug",
    title="The state after the padding",
    task=(
        "`sentence_state(states, tokens)` gives each sentence the state of a recurrent layer after its last word. "
        "`states` is `(b, t, u)`, `tokens` `(b, t)` with padding 0 **behind** the words. Search works for a sentence "
        "alone and fails in batches, for the state is taken at a padded place. Put it right. A full row has no padding "
        "at all. Every row has at least one word."
    ),
    hints=(
        "How many words has each row? At which place is the last of them?",
        "`place = (tokens != 0).sum(axis=1) - 1`, one for each row. Then one state a row: "
        "`states[np.arange(len(states)), place]`.",
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


@last.check
def _(answer, rng):
    b, t, u = 5, 8, 3
    count = rng.permutation(np.array([t, 3, 5, 2, 6]))
    states = rng.normal(size=(b, t, u))
    tokens = np.where(np.arange(t) < count[:, None], rng.integers(4, 60, (b, t)), 0)
    wanted = np.stack([states[i, count[i] - 1] for i in range(b)])
    got = expect.array(expect.pure(answer, states, tokens), (b, u), "one state for each sentence")
    rows = np.arange(b)
    real = (tokens != 0)[..., None]
    for value, message in (
        (states[:, -1], "This is still the last *place*, padding or not. Where does each row's last word stand?"),
        (
            states[rows, np.minimum(count, t - 1)],
            "One place too far: a row of three words has its last at place 2. (A full row would not even have it.)",
        ),
        (states[rows, np.maximum(count - 2, 0)], "One place too early: the last word has not been read."),
        (states[:, 0], "This is the state after the *first* word: nothing else has been read."),
        (
            states[:, count.min() - 1],
            "You cut all rows where the shortest ends. Each row has a last word of its own.",
        ),
        (
            states[:, count[0] - 1],
            "You take one place for all rows. Each row has a last word of its own.",
        ),
        (
            (states * real).sum(1) / count[:, None],
            "This is the mean over the words: a good vector, but not the state after the last one.",
        ),
        (
            states[rows, tokens.argmax(axis=1)],
            "`argmax` of the tokens is the place of the largest *number*. What a word is says nothing of where it is.",
        ),
    ):
        if not np.allclose(value, wanted):
            expect.differs(got, value, message)
    expect.close(got, wanted, "The state at each row's last word.")
    # A longer padding changes nothing.
    more = np.pad(tokens, ((0, 0), (0, 3)))
    longer = np.concatenate([states, rng.normal(size=(b, 3, u))], axis=1)
    got = expect.array(answer(longer, more), (b, u), "one state for each sentence")
    expect.close(got, wanted, "With three more padded places the result is another. It must not change.")


@last.mistake("One place too far")
def too_far(states, tokens):
    place = np.minimum((tokens != 0).sum(axis=1), tokens.shape[1] - 1)
    return states[np.arange(len(states)), place]


@last.mistake("One place too early")
def too_early(states, tokens):
    place = np.maximum((tokens != 0).sum(axis=1) - 2, 0)
    return states[np.arange(len(states)), place]


@last.mistake("where the shortest ends")
def shortest(states, tokens):
    return states[:, (tokens != 0).sum(axis=1).min() - 1]


@last.mistake("mean over the words")
def mean_state(states, tokens):
    real = (tokens != 0)[..., None]
    return (states * real).sum(axis=1) / real.sum(axis=1)


@last.mistake("largest *number*")
def largest_token(states, tokens):
    return states[np.arange(len(states)), tokens.argmax(axis=1)]


@last.mistake("one state for each sentence")
def fancy(states, tokens):
    return states[:, (tokens != 0).sum(axis=1) - 1]
