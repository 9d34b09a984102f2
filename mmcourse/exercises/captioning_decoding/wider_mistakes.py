"""What goes wrong in `captioning_decoding.wider`: planted mistakes with their messages."""

import math

from mmcourse.exercises.captioning_decoding.wider import LONG, SHORT, TRUE, crossing, smallest_alpha, wider


@wider.mistake(
    "With α = 0 nothing is divided. The beam of two found the caption `shapes`, and 0.35 is more than 0.22: by its "
    "probability alone it wins."
)
def no_penalty():
    return 0


@wider.mistake(
    "0.6 is a value that some programs come with. It was chosen for other models and other data: here `shapes` still "
    "wins."
)
def usual_value():
    return 0.6


@wider.mistake("You took length^α. The penalty is ((5 + L) / 6)^α: the 5 makes short captions less different.")
def bare_lengths():
    return crossing(SHORT, TRUE, add=0)


@wider.mistake(
    "You counted the words alone. The end token has a probability too, and belongs to the length: `shapes` has L = 2."
)
def end_not_counted():
    return crossing(SHORT, TRUE, add=4)


@wider.mistake("You counted the start token. It is given to the decoder, never written: `shapes` has L = 2.")
def start_counted():
    return crossing(SHORT, TRUE, add=6)


@wider.mistake(
    "You divided the probabilities by the penalty. Divide their logarithms: their ratio counts, not their difference."
)
def of_probabilities():
    return math.log(0.35 / (0.65**2 * 0.8**3)) / math.log(11 / 7)


@wider.mistake("The logarithm above is missing: α is a ratio of two logarithms, that of log p and that of 5 + L.")
def no_logarithm_above():
    return TRUE[0] / SHORT[0] / math.log(11 / 7)


@wider.mistake("The logarithm below is missing: α is a ratio of two logarithms, that of log p and that of 5 + L.")
def no_logarithm_below():
    return math.log(TRUE[0] / SHORT[0]) / (11 / 7)


@wider.mistake("You left the end token out of the true caption's probability. After `circles` it is not certain.")
def end_probability_left_out():
    return math.log(math.log(0.65 * 0.8**3) / SHORT[0]) / math.log(11 / 7)


@wider.mistake("The fraction is upside down: the logarithm of the ratio of the log-probabilities stands above.")
def upside_down():
    return 1 / smallest_alpha()


@wider.mistake("The sign is the wrong way round. A negative α punishes the longer caption once more.")
def sign():
    return -smallest_alpha()


@wider.mistake(
    "This is where the true caption stops winning: beyond it the beam adds `and one cross`, and there is no cross. "
    "Where does it begin to win?"
)
def upper_bound():
    return crossing(TRUE, LONG)


@wider.mistake("Here `shapes` loses against the caption with the cross. The true one has overtaken it before.")
def against_the_longest():
    return crossing(SHORT, LONG)


@wider.mistake("This is the probability of the true caption. Asked for is an exponent, α.")
def probability():
    return math.exp(TRUE[0])


@wider.mistake(said="has won already")
def first_that_works():
    return 1.0


@wider.mistake(said="has won already")
def next_tenth():
    return 0.9


@wider.mistake(said="still wins: α must be larger")
def too_small():
    return 0.8


@wider.mistake(said="names a cross")
def longest():
    return 2.0
