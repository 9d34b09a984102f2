"""What goes wrong in `retrieval.paired`: planted mistakes with their messages."""

import math

from mmcourse.exercises.retrieval.paired import NEEDED, PAIRS, WANTED, paired


@paired.mistake("That would be $k^2$: the product grows by the square of the constant, and asked for is its root.")
def squared():
    return NEEDED**2


@paired.mistake(
    "At that $k$ half and $k^2$ add up to 0.95. But both lengths grow, too: the product is divided by $1+k^2$."
)
def not_divided():
    return math.sqrt(WANTED - PAIRS)


@paired.mistake("You have added 0.45 to the cosine. The product grows by $k^2$, and the lengths grow as well.")
def difference():
    return WANTED - PAIRS


@paired.mistake("With cosines of 0 that would be the one. The pairs begin at one half.")
def from_zero():
    return math.sqrt(WANTED / (1 - WANTED))


@paired.mistake("The sign does not matter to the cosine, but asked is a number above 0.")
def negative():
    return -NEEDED


@paired.mistake("That is about the cosine that is wanted. Asked for is the constant that makes it.")
def the_cosine():
    return WANTED


@paired.mistake("The last step is upside down: what multiplies $k^2$ is what you have to divide by.")
def upside_down():
    return 1 / NEEDED


@paired.mistake(
    "You divided by one length. Both vectors get the length $\\sqrt{1+k^2}$, so their product is divided by $1+k^2$."
)
def one_length():
    """(0.5 + q) / √(1 + q) = 0.95 for q = k²."""
    half = (2 * PAIRS - WANTED**2) / 2
    return math.sqrt(-half + math.sqrt(half**2 - (PAIRS**2 - WANTED**2)))


@paired.mistake("That $k$ gives 0.9, the largest of the first look that is below 0.95. Go on between it and the next.")
def too_small():
    return 2


@paired.mistake(
    "That $k$ gives 0.97, the smallest of the first look that is above 0.95. Go on between it and the last."
)
def next_of_the_first_look():
    return 4


@paired.mistake(said="stays below")
def one():
    return 1


@paired.mistake(said="is above")
def too_large():
    return 3.5


@paired.mistake(said="above 0 is asked")
def zero():
    return 0
