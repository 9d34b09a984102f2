"""Exercise `audio.leak`: how much of an accuracy is a voice that was heard before."""

from mmcourse.exercises import Exercise, expect

leak = Exercise(
    "audio.leak",
    kind="experiment and explain",
    level="stretch",
    returns="a number between 0 and 1",
    within=0.01,
    otherwise="Write down two accuracies, under the random split and on people who were never heard, and compare them.",
    title="How much of it is a leak?",
    task=(
        "A clinic has 40 recordings of each of 12 people. Six of them are ill, six are not, and **nothing in a voice "
        "tells which**. A network is trained to say *ill* or *not ill*. It recognises a voice that it has heard in "
        "training nine times out of ten, and then gives that person's label; else it tosses a coin. How many "
        "hundredths of accuracy does it gain when the recordings are split at random, so that everybody is on both "
        "sides, over a split by person? Answer with a number between 0 and 1, the accuracy under the random split less "
        "that under the split by person, within 1 %. Simulate it if you like. "
        "Then explain to yourself what the first figure would have made the clinic believe."
    ),
    hints=(
        "Under a split by person, nobody in the test was heard before. What is left for the network to do?",
        "Under a random split it is right in all of the nine tenths that it recognises, and in half of the others.",
    ),
    plan=(
        "Work out the accuracy under the random split: of voices that are recognised, and of the others.",
        "Work out the accuracy on people who were never heard.",
        "Take the difference.",
    ),
    minutes=5,
    difficulty=1,
    importance=3,
)

RECOGNISED, COIN = 0.9, 0.5
RANDOM = RECOGNISED + (1 - RECOGNISED) * COIN


@leak.given
def _setting():
    recognised = 0.9
    people, recordings = 12, 40
    return recognised * people * recordings


@leak.solved_by
def gained():
    """The accuracy of the random split less that of the split by person."""
    recognised = 0.9
    random_split = recognised + (1 - recognised) * 0.5
    by_person = 0.5
    return random_split - by_person


@leak.also
def _(value):
    expect.true(value >= 0, "The random split shows the larger accuracy, so the gain is positive.")
    expect.true(value <= 1, "An accuracy is at most 1, and so is a gain of it. Answer with a fraction, not in percent.")
    expect.true(
        not 0 < abs(value - RANDOM + COIN) < 0.05,
        "That is near, but not within 1 %. A simulation with few recordings scatters: take many more, or compute the "
        "two accuracies.",
    )


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
