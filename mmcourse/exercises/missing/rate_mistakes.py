"""What goes wrong in `missing.rate`: planted mistakes with their messages."""

import math

from mmcourse.exercises.missing.rate import ROOT, rate


@rate.mistake("At this rate each is dropped less often: from samples that would lose both, one is given back.")
def as_it_stands():
    return 0.3


@rate.mistake("That is how often each is dropped *at* the rate 0.3. Asked is the other way round.")
def forwards():
    return 0.3 - 0.3**2 / 2


@rate.mistake(
    "Too small. 0.3 and what is missing at the rate 0.3 add up to about this, but at a higher rate more samples would "
    "lose both, too."
)
def one_correction():
    return 0.3 + 0.3**2 / 2


@rate.mistake(
    "Too large. 0.3 and the 9 % of which both are marked at the rate 0.3 add up to about this. But each modality is "
    "given back in half of those only."
)
def whole_square():
    return 0.3 + 0.3**2


@rate.mistake(
    "Too small. 0.3 divided by 0.85, the share of the marks that count at the rate 0.3, is about this; at a higher "
    "rate that share is smaller."
)
def one_division():
    return 0.3 / 0.85


@rate.mistake(
    "Too small. Divide by the share of the marks that count, not by the share of samples that would not lose both "
    "(0.3 / 0.91 is about this), and both at the rate that you need."
)
def not_both():
    return 0.3 / (1 - 0.3**2)


@rate.mistake(
    "Too large. 0.3 / 0.7 is about this, as if a mark counted only where the other modality is not marked. Where both "
    "are marked, one of them is dropped."
)
def other_unmarked():
    return 0.3 / 0.7


@rate.mistake("Too large: at 0.6 each is dropped from 42 % of the samples.")
def doubled():
    return 2 * 0.3


@rate.mistake(
    "Far too small, even less than 0.3. Each modality has a mark of its own, and what is given back asks for a higher "
    "rate."
)
def halved():
    return 0.3 / 2


@rate.mistake("That is the other root of p²/2 - p + 0.3 = 0. A rate is at most 1.")
def other_root():
    return 1 + math.sqrt(0.4)


@rate.mistake(
    "At this rate 30 % of the samples lose a modality, the one or the other. *Each* of the two shall be dropped from "
    "30 %."
)
def wrong_term():
    return 1 - math.sqrt(0.7)


@rate.mistake("Its square is 30 %: that is how often both would be marked.")
def root():
    return math.sqrt(0.3)


@rate.mistake("Half its square is 30 %: that is how often each would be given *back*. It is taken away from the marks.")
def given_back():
    return math.sqrt(0.6)


@rate.mistake("That is how often at least one of the two is marked at the rate 0.3.")
def any_marked():
    return 1 - 0.7**2


@rate.mistake(
    "That is how often one is marked and the other is not, at the rate 0.3. Asked is the rate that leads to 30 %."
)
def one_alone():
    return 0.3 * 0.7


@rate.mistake("That is how often both are marked at the rate 0.3. It explains the loss; asked is the rate.")
def both_marked():
    return 0.3**2


@rate.mistake("That is how far the rate 0.3 falls short. Asked is the rate that does not.")
def shortfall():
    return 0.3**2 / 2


@rate.mistake("That is how much is *not* marked. Asked is the rate of the marks.")
def unmarked():
    return 1 - ROOT


@rate.mistake("That is the share of samples that shall keep each modality. Asked is the rate of the marks.")
def kept():
    return 1 - 0.3


@rate.mistake(said="in percent")
def in_percent():
    return 100 * ROOT


@rate.mistake(said="Try a smaller one")
def large():
    return 0.45


@rate.mistake(said="Try a larger one")
def small():
    return 0.28


@rate.mistake(said="No rate is below 0 or above 1")
def the_default_in_percent():
    return 30
