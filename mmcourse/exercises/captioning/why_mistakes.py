"""What goes wrong in `captioning.why`: planted mistakes with their messages."""

from collections import Counter

import numpy as np

from mmcourse.exercises.captioning.why import blind_loss, why


def _rows():
    """The captions of the task as lists of words, with the end token."""
    texts = 3 * ["a red circle"] + ["a red star"] + 3 * ["a blue star"] + ["a blue circle"]
    return [[*text.split(), "end"] for text in texts]


def _entropy(items):
    """The entropy of the shares of these items, in nats."""
    shares = np.array(list(Counter(items).values())) / len(items)
    return float(-(shares * np.log(shares)).sum())


def _colour():
    return _entropy([row[1] for row in _rows()])


def _shape():
    return _entropy([row[2] for row in _rows() if row[1] == "red"])


@why.mistake("A loss of 0 means that every word is certain. Without the picture, nobody knows the colour.")
def certain():
    return 0.0


@why.mistake(
    "That is the loss of a model that has learnt nothing and finds all six tokens equally likely at each step. A blind "
    "decoder learns the grammar."
)
def uniform():
    return np.log(6)


@why.mistake(
    "That is the loss of a model that has learnt nothing and finds all five words equally likely at each step. A blind "
    "decoder learns the grammar."
)
def uniform_words():
    return np.log(5)


@why.mistake(
    "That is the entropy of the tokens regardless of their order. The decoder knows the words before: at most steps "
    "nothing is left to guess."
)
def unigram():
    return _entropy([token for row in _rows() for token in row])


@why.mistake(
    "That is what comes out where the four captions are equally likely, or the shape is a free choice. But after `red` "
    "three of four captions go on with `circle`."
)
def words_independent():
    return 2 * np.log(2) / 4


@why.mistake("You looked at the shape alone. Before it, the colour is uncertain as well.")
def shape_alone():
    return _shape() / 4


@why.mistake("You took only the colour. After the colour the shape is not certain either: three against one.")
def colour_alone():
    return _colour() / 4


@why.mistake("You took three against one for both. The colours are four against four.")
def both_uneven():
    return 2 * _shape() / 4


@why.mistake("This is the loss of a whole caption. Divide it by the caption's real tokens.")
def per_caption():
    return 4 * blind_loss()


@why.mistake("This is the sum over all eight captions. Divide it by the number of their real tokens.")
def of_all_captions():
    return 32 * blind_loss()


@why.mistake("You divided by the number of captions once too often. The entropies are means over captions already.")
def divided_by_captions():
    return blind_loss() / 8


@why.mistake("You divided by two, the steps at which there is something to guess. The certain tokens count as well.")
def uncertain_steps_only():
    return 4 * blind_loss() / 2


@why.mistake("You divided by three: the end token is a real token too, and counts even though it is easy.")
def end_not_counted():
    return 4 * blind_loss() / 3


@why.mistake("You divided by five: start is given to the decoder, never predicted.")
def start_counted():
    return 4 * blind_loss() / 5


@why.mistake("You multiplied by the four tokens where you should divide by them.")
def multiplied():
    return 16 * blind_loss()


@why.mistake("This is in bits. Use the natural logarithm.")
def in_bits():
    return blind_loss() / np.log(2)


@why.mistake("This is the loss of a whole caption, and in bits. Divide by the real tokens; use the natural logarithm.")
def per_caption_in_bits():
    return 4 * blind_loss() / np.log(2)


@why.mistake("This is in the logarithm to base 10. Use the natural one.")
def base_ten():
    return blind_loss() / np.log(10)


@why.mistake("The sign is the wrong way round: a loss is *minus* the mean log-probability.")
def sign():
    return -blind_loss()


@why.mistake("This is the perplexity, the exponential of the loss. Asked for is the loss, in nats.")
def perplexity():
    return np.exp(blind_loss())


@why.mistake(
    "That is the loss on the frequent captions alone, with the circle after `red` and the star after `blue`. In the "
    "others the rare shape costs more."
)
def frequent_only():
    return -np.log(0.5 * 0.75) / 4


@why.mistake("That is the loss on the rare captions alone. In three of four captions the shape costs less.")
def rare_only():
    return -np.log(0.5 * 0.25) / 4


@why.mistake("That is the share of captions that the best blind guess gets right. Asked for is a loss, in nats.")
def hits():
    return 3 / 8


@why.mistake(
    "That is the entropy of the colour alone. After it the shape is uncertain, and a mean runs over all tokens."
)
def colour_undivided():
    return _colour()


@why.mistake("That is the entropy of the shape alone. The colour is uncertain, too, and a mean runs over all tokens.")
def shape_undivided():
    return _shape()


@why.mistake("That is the share of tokens that the best blind guess gets right. Asked for is a loss, in nats.")
def tokens_right():
    return (1 + 0.5 + 0.75 + 1) / 4


@why.mistake("That is the share of tokens that the best blind guess gets wrong. Asked for is a loss, in nats.")
def tokens_wrong():
    return (0.5 + 0.25) / 4


@why.mistake("That is the whole loss with a shape that is a free choice: after `red` three of four are circles.")
def free_shape_undivided():
    return 2 * np.log(2)


@why.mistake(
    "That is the colour alone, and over three tokens. The shape is uncertain as well, and the end token counts."
)
def colour_over_words():
    return _colour() / 3


@why.mistake(said="near, but not within 1 %")
def rounded():
    return 0.31


@why.mistake(said="never negative")
def negative():
    return -1.0


@why.mistake("That is a mean probability of a right token, the exponential of minus the loss. Asked for is the loss.")
def mean_probability():
    return np.exp(-blind_loss())


@why.mistake(
    "You divided by eight, the captions. The entropies are means over them already: divide by a caption's tokens."
)
def divided_by_eight():
    return 4 * blind_loss() / 8


@why.mistake(
    "That is the share of captions that go on with the commoner shape. Asked for is a loss, in nats: take logarithms."
)
def share_of_common_shape():
    return 0.75


@why.mistake("That is the mean probability of the right token, averaged. The logarithm of each is asked for.")
def expected_probability():
    return (1 + 0.5 + 0.625 + 1) / 4


@why.mistake("Is that ln 3? Only two words can follow at either step: two colours, then two shapes.")
def three_words():
    return np.log(3)


@why.mistake("Is that ln 3 over four tokens? Only two words can follow at either step: two colours, then two shapes.")
def three_words_over_tokens():
    return np.log(3) / 4
