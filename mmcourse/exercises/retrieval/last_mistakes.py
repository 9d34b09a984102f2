"""What goes wrong in `retrieval.last`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.retrieval.last import last


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
