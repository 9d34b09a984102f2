"""What goes wrong in `graphical.wash`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.graphical.wash import wash

EVIDENCE, REGIONS, RIM, INSIDE, AT_CORNERS = 3, 4, 8, 4, 12


@wash.mistake(
    "At this strength a thing of *one* region goes: 3 nats against four neighbours. Here there are 2 × 2, and the gain "
    "is still negative. (Or did you count every pair at the rim twice?)"
)
def one_region():
    return EVIDENCE / 4


@wash.mistake("This is the evidence in one region. Compare it with what the neighbours at the rim have to gain.")
def evidence():
    return EVIDENCE


@wash.mistake("This is all the evidence for the thing, 4 · 3. Divide it by the pairs that disagree at its rim.")
def all_evidence():
    return REGIONS * EVIDENCE


@wash.mistake("That is the number of pairs at the rim. The evidence, divided by it, is the strength.")
def pairs():
    return RIM


@wash.mistake("That is the number of regions. Asked for is a strength: at this one the gain is far above 0.")
def regions():
    return REGIONS


@wash.mistake(
    "At this strength the gain is still negative. Did you count the four pairs inside the thing, too? They agree with "
    "the thing and without it."
)
def inside():
    return REGIONS * EVIDENCE / (RIM + INSIDE)


@wash.mistake(
    "At this strength the gain is still negative. Did you count neighbours at the corners, too? Only the regions "
    "above, below, left and right are neighbours."
)
def corners_too():
    return REGIONS * EVIDENCE / (RIM + AT_CORNERS)


@wash.mistake(
    "At this strength the gain is still negative. Did you hold one region's evidence against all pairs at the rim? All "
    "four regions lose their evidence."
)
def one_against_all():
    return EVIDENCE / RIM


@wash.mistake("You kept a strength of the given code. There the gain is negative: the true labelling is the likelier.")
def first_given():
    return 0.5


@wash.mistake(
    "You kept a strength of the given code. There the empty labelling is likelier already: where does it begin?"
)
def second_given():
    return 2.5


@wash.mistake(
    "About here mean field loses the thing. Asked for is not what it answers, but from where on the score of the empty "
    "labelling is the higher one: earlier."
)
def mean_field_goes():
    return 2.15


@wash.mistake(said="wants neighbours to differ")
def minus():
    return -REGIONS * EVIDENCE / RIM


@wash.mistake(said="likelier already")
def beyond():
    return 1.8


@wash.mistake(said="still the higher one")
def before():
    return 1.2


@wash.mistake(said="infinity")
def never():
    return np.inf
