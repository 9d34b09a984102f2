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


def _at(states, place):
    return states[np.arange(len(states)), place]


def _count(tokens):
    return (tokens != 0).sum(axis=1)


TOO_EARLY = "One place too early: the last word has not been read."
ONE_FOR_ALL = "You take one place for all rows. Each row has a last word of its own."


@last.mistake("This is still the last *place*, padding or not. Where does each row's last word stand?")
def last_place(states, tokens):
    return states[:, states.shape[1] - 1]


@last.mistake("One place too far: a row of three words has its last at place 2. (A full row would not even have it.)")
def too_far(states, tokens):
    return _at(states, np.minimum(_count(tokens), tokens.shape[1] - 1))


@last.mistake("One place too far: a row of three words has its last at place 2. A full row does not even have it.")
def beyond_the_row(states, tokens):
    return _at(states, _count(tokens))


@last.mistake(TOO_EARLY)
def too_early(states, tokens):
    return _at(states, np.maximum(_count(tokens) - 2, 0))


@last.mistake(TOO_EARLY)
def too_early_and_wrapped(states, tokens):
    return _at(states, _count(tokens) - 2)


@last.mistake("This is the state after the *first* word. (`argmax` of what is no padding finds the first True.)")
def first_word(states, tokens):
    return states[:, 0]


@last.mistake("You cut all rows where the shortest ends. Each row has a last word of its own.")
def shortest(states, tokens):
    return states[:, _count(tokens).min() - 1]


@last.mistake("You cut all rows where the longest ends. Each row has a last word of its own.")
def longest(states, tokens):
    return states[:, _count(tokens).max() - 1]


@last.mistake(ONE_FOR_ALL)
def as_the_first(states, tokens):
    return states[:, _count(tokens)[0] - 1]


@last.mistake("This is the mean over the words: a good vector, but not the state after the last one.")
def mean_state(states, tokens):
    real = (tokens != 0)[..., None]
    return (states * real).sum(axis=1) / real.sum(axis=1)


@last.mistake("This is the mean over all places, padding included. Asked for is the state after the last word.")
def mean_of_all(states, tokens):
    return states.mean(axis=1)


@last.mistake("This is the sum over the words. Asked for is one state: that after the last of them.")
def summed(states, tokens):
    return (states * (tokens != 0)[..., None]).sum(axis=1)


@last.mistake("This is the largest number of each unit, over all words. Asked for is the state after the last of them.")
def largest_state(states, tokens):
    return np.where((tokens != 0)[..., None], states, -np.inf).max(axis=1)


@last.mistake(
    "`argmax` of the tokens is the place of the largest *number*. What a word is says nothing of where it is."
)
def largest_token(states, tokens):
    return _at(states, tokens.argmax(axis=1))


PADDING_FOUND = "This is the place of the first padding, one too far. And a full row has none: count the words instead."


@last.mistake(PADDING_FOUND)
def at_the_first_padding(states, tokens):
    return _at(states, (tokens == 0).argmax(axis=1))


@last.mistake(PADDING_FOUND)
def at_the_smallest(states, tokens):
    return _at(states, tokens.argmin(axis=1))


@last.mistake(
    "A full row has no padding: `argmax` then says 0, as if the first place were one. Its last word stands at the end."
)
def before_the_padding(states, tokens):
    return _at(states, np.maximum((tokens == 0).argmax(axis=1) - 1, 0))


@last.mistake(
    "The smallest token is the first padding only where a row has padding. In a full row `argmin` finds some word: "
    "count the words instead."
)
def before_the_smallest(states, tokens):
    return _at(states, tokens.argmin(axis=1) - 1)


@last.mistake("You count the *different* words. A word that comes twice moves the last one by one place, too.")
def different_words(states, tokens):
    return _at(states, np.array([len(set(row) - {0}) for row in tokens.tolist()]) - 1)


@last.mistake("You count the padding, not the words: `!= 0`.")
def padding_counted(states, tokens):
    return _at(states, (tokens == 0).sum(axis=1) - 1)


@last.mistake("Ids of 1 are words, too. Padding is 0 alone.")
def above_one(states, tokens):
    return _at(states, (tokens > 1).sum(axis=1) - 1)


@last.mistake("The ids are summed, not the words counted: compare with 0 first.")
def ids_summed(states, tokens):
    return _at(states, np.minimum(tokens.sum(axis=1), tokens.shape[1]) - 1)


@last.mistake(
    "Each row is asked for the places of all rows: `states[:, place]` is `(b, b, u)`. Name the rows as well, "
    "`np.arange(b)`."
)
def fancy(states, tokens):
    return states[:, _count(tokens) - 1]


@last.mistake("The places are taken from behind: a row of three words ends at place 2 from the front.")
def from_behind(states, tokens):
    return _at(states, -_count(tokens))


@last.mistake("The states after the padding are set to 0, and then the last place is taken. It is a padded one still.")
def zeros_behind(states, tokens):
    return (states * (tokens != 0)[..., None])[:, -1]


@last.mistake("The places are looked up in the first sentence's states. Each row has states of its own.")
def states_of_the_first(states, tokens):
    return states[0][_count(tokens) - 1]


@last.mistake("The lengths were sorted, and so belong to other rows.")
def lengths_sorted(states, tokens):
    return _at(states, np.sort(_count(tokens)) - 1)


@last.mistake("This is the last place but one of every row, padding or not. Where does each row's last word stand?")
def last_but_one(states, tokens):
    return states[:, -2]


@last.mistake("The states after the last two words are averaged. Asked for is that after the last one alone.")
def last_two(states, tokens):
    place = _count(tokens) - 1
    return (_at(states, place) + _at(states, np.maximum(place - 1, 0))) / 2


@last.mistake("Each state counts by its place. Asked for is one state: that after the last word.")
def weighted_by_place(states, tokens):
    weight = (tokens != 0) * np.arange(1, tokens.shape[1] + 1)
    return np.einsum("bt,btu->bu", weight / weight.sum(axis=1, keepdims=True), states)


@last.mistake(
    "This is the largest number of each unit, the padded places as 0. Asked for is the state after the last word."
)
def largest_or_zero(states, tokens):
    return (states * (tokens != 0)[..., None]).max(axis=1)
