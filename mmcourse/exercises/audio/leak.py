"""Exercise `audio.leak`: how much of an accuracy is a voice that was heard before."""

import numpy as np

from mmcourse.exercises import Exercise, expect

leak = Exercise(
    "audio.leak",
    kind="experiment and explain",
    level="stretch",
    title="How much of it is a leak?",
    task=(
        "A clinic has 40 recordings of each of 12 people. Six of them are ill, six are not, and **nothing in a voice "
        "tells which**. A network is trained to say *ill* or *not ill*. It recognises a voice that it has heard in "
        "training nine times out of ten, and then gives that person's label; else it tosses a coin. How many "
        "hundredths of accuracy does it gain when the recordings are split at random, so that everybody is on both "
        "sides, over a split by person? Answer with a number between 0 and 1, within 1 %. Simulate it if you like. "
        "Then explain to yourself what the first figure would have made the clinic believe."
    ),
    hints=(
        "Under a split by person, nobody in the test was heard before. What is left for the network to do?",
        "Under a random split it is right in all of the nine tenths that it recognises, and in half of the others.",
    ),
)


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


@leak.check
def _(answer, rng):
    got = expect.number(answer, "a number between 0 and 1")
    known = (
        (0.95, "This is the accuracy under the random split. What would it be on new people? Take that away."),
        (0.5, "This is the accuracy on new people: a coin. The gain is what the random split shows *above* it."),
        (0.4, "You left out that a coin is right half of the time: of the tenth that is not recognised, half counts."),
        (0.9, "This is how often it recognises a voice. On new people it is right as well, half of the time."),
        (0.0, "Nothing in a voice tells the illness, but much tells whose voice it is, and the label belongs to the "
              "person."),
        (45.0, "Write hundredths as a fraction: between 0 and 1."),
    )  # fmt: skip
    for value, message in known:
        expect.true(not np.isclose(got, value, rtol=0.01, atol=1e-3), message)
    expect.close(got, 0.45, "Accuracy under the random split, less accuracy on people never heard.", rtol=0.01)


@leak.mistake("accuracy under the random split")
def whole_accuracy():
    return 0.95


@leak.mistake("accuracy on new people")
def of_new_people():
    return 0.5


@leak.mistake("half of the time")
def coin_forgotten():
    return 0.9 - 0.5


@leak.mistake("how often it recognises")
def share_recognised():
    return 0.9


@leak.mistake("the label belongs to the person")
def nothing():
    return 0.0


@leak.mistake("as a fraction")
def in_percent():
    return 45.0
