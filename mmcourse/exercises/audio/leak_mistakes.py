"""What goes wrong in `audio.leak`: planted mistakes with their messages."""

from mmcourse.exercises.audio.leak import COIN, RANDOM, RECOGNISED, leak


@leak.mistake("This is the accuracy under the random split. What would it be on new people? Take that away.")
def whole_accuracy():
    return RANDOM


@leak.mistake("This is the accuracy on new people: a coin. The gain is what the random split shows *above* it.")
def of_new_people():
    return COIN


@leak.mistake("You left out that a coin is right half of the time: of the tenth that is not recognised, half counts.")
def coin_forgotten():
    return RECOGNISED - COIN


@leak.mistake("This is how often it recognises a voice. On new people it is right as well, half of the time.")
def share_recognised():
    return RECOGNISED


@leak.mistake(
    "Nothing in a voice tells the illness, but much tells whose voice it is, and the label belongs to the person."
)
def nothing():
    return 0.0


@leak.mistake("Write hundredths as a fraction: between 0 and 1.")
def in_percent():
    return 100 * (RANDOM - COIN)


@leak.mistake(
    "That is the accuracy under the random split, in percent. Take away that on new people; answer with a fraction."
)
def whole_accuracy_in_percent():
    return 100 * RANDOM


@leak.mistake(
    "That is the share of recordings that are not recognised and that the coin gets right: a part of one accuracy."
)
def luck():
    return (1 - RECOGNISED) * COIN


@leak.mistake("That is how often a voice is not recognised.")
def not_recognised():
    return 1 - RECOGNISED


@leak.mistake("You took the split by person away from the random split the wrong way round: the gain is positive.")
def turned_round():
    return COIN - RANDOM


@leak.mistake("You divided the two accuracies. Asked for is their difference.")
def ratio():
    return RANDOM / COIN


@leak.mistake("You divided the smaller accuracy by the larger. Asked for is their difference.")
def ratio_turned_round():
    return COIN / RANDOM


@leak.mistake("You multiplied the two accuracies. Asked for is their difference.")
def product():
    return RANDOM * COIN


@leak.mistake("You averaged the two accuracies. Asked for is their difference.")
def mean():
    return (RANDOM + COIN) / 2


@leak.mistake("That is the number of recordings that it would recognise. Asked for is a share.")
def recordings():
    return RECOGNISED * 12 * 40


@leak.mistake(
    "You subtracted what the coin adds: of the tenth that is not recognised half is right, and that half counts for "
    "the random split."
)
def coin_subtracted():
    return RECOGNISED - (1 - RECOGNISED) * COIN - COIN


@leak.mistake("That is 1 less the gain. Asked for is the gain itself.")
def rest():
    return 1 - (RANDOM - COIN)


@leak.mistake("So much is gained only where nothing is right on new people. A coin is right half of the time.")
def everything():
    return 1.0


@leak.mistake("That is the accuracy on people who were never heard, in percent. Take it away from the other one.")
def of_new_people_in_percent():
    return 100 * COIN


@leak.mistake(
    "You multiplied the share that is recognised by itself. A voice is recognised once; then its label is given."
)
def recognised_twice():
    return RECOGNISED**2


@leak.mistake(said="the gain is positive")
def negative():
    return -0.2


@leak.mistake(said="not in percent")
def large():
    return 60.0


@leak.mistake(said="near, but not within 1 %")
def simulated_with_few():
    return 0.47


@leak.mistake("You took the share that is not recognised from the share that is. Each is a part of one accuracy only.")
def recognised_less_rest():
    return RECOGNISED - (1 - RECOGNISED)


@leak.mistake("Of the tenth that is not recognised the coin is right in half: that half is added, not subtracted.")
def coin_taken_away():
    return RECOGNISED - (1 - RECOGNISED) * COIN
