"""What goes wrong in `fusion.three`: planted mistakes with their messages."""

import math

from mmcourse.exercises.fusion.three import three


@three.mistake("All eight needs the product of all three, which pairs do not make. Leave out that column.")
def all_eight():
    return 8


@three.mistake(
    "That is what the three modalities reach alone, and also with one or two of the products. Add all three products "
    "of pairs: three more columns."
)
def alone():
    return 6


@three.mistake(
    "Not the best: a rule with more right exists. Search longer, and with all three products of pairs at once."
)
def too_short_a_search():
    return 5


@three.mistake(
    "Four is a coin, and what the products of pairs reach *without* the modalities. Keep the three columns, add three."
)
def coin():
    return 4


@three.mistake("Three of *four* was for two modalities. Here there are eight cases.")
def three_of_four():
    return 3


@three.mistake(
    "A rule that always says yes gets more right than that. Count the cases that the *best* rule gets right."
)
def two():
    return 2


@three.mistake(
    "A rule that always says yes gets more right than that. Count the cases that the *best* rule gets right."
)
def cases_wrong():
    return 1


@three.mistake("A rule that always says yes gets four right, whatever the columns. Which rule is the best?")
def nothing():
    return 0


@three.mistake("That is a share. Answer with the number of cases.")
def share():
    return 0.875


@three.mistake("That is a share, and that of the three modalities alone. Answer with the number of cases, with pairs.")
def share_alone():
    return 6 / 8


@three.mistake("That is a share, in percent. Answer with the number of cases.")
def percent():
    return 87.5


@three.mistake("That is the best log-loss. The question is for the number of cases that a rule gets right.")
def log_loss():
    return math.log(2)


@three.mistake(said="There are eight cases")
def more_than_there_are():
    return 9


@three.mistake(said="There are eight cases")
def a_mean():
    return 6.5


@three.mistake(said="There are eight cases")
def minus():
    return -1
