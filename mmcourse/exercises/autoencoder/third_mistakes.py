"""What goes wrong in `autoencoder.third`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.autoencoder.third import RIGHT, third


@third.mistake(
    "With a third of marks, both are seen in (2/3)² of the pairs, which is more than a third. A mark is taken back "
    "where both are marked, so fewer are hidden than marked."
)
def a_third():
    return 1 / 3


@third.mistake("That is the page's value, rounded to hundredths. Asked for is the rate within 0.002.")
def as_on_the_page():
    return 0.42


@third.mistake("This is in percent. Asked for is a share between 0 and 1.")
def percent():
    return 100 * RIGHT


@third.mistake("This is the probability that a modality is *not* marked. Asked for is the rate of marks.")
def kept():
    return np.sqrt(1 / 3)


@third.mistake("With so many marks, both are seen in a ninth of the pairs only.")
def two_thirds():
    return 2 / 3


@third.mistake("With a half, both are seen in a quarter of the pairs, and each alone in three eighths.")
def half():
    return 0.5


@third.mistake("With this rate both are seen in 64 of 100 pairs. It is one of those that the code tries first.")
def a_fifth():
    return 0.2


@third.mistake("That sets 1 − rate² equal to a third. Neither is marked with the probability (1 − rate)².")
def square_of_rate():
    return np.sqrt(2 / 3)


@third.mistake("That is the other root of the equation. A rate is at most 1.")
def other_root():
    return 1 + np.sqrt(1 / 3)


@third.mistake("That would be the rate for two thirds with both. Set (1 − rate)² equal to one third.")
def for_two_thirds():
    return 1 - np.sqrt(2 / 3)


@third.mistake("That is the rate at which both are seen in half of the pairs.")
def for_a_half():
    return 1 - np.sqrt(1 / 2)


@third.mistake(
    "That is the share of pairs in which one is hidden when you mark with the rate of a third. Asked for is the rate."
)
def share_hidden():
    return 1 - (2 / 3) ** 2


@third.mistake(said="hide more")
def too_few():
    return 0.4


@third.mistake(said="hide less")
def too_many():
    return 0.45


@third.mistake(said="between 0 and 1")
def negative():
    return -0.1
