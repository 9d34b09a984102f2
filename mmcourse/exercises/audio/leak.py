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
        "training nine times out of ten, and then gives that person's label; else it tosses a coin. How much "
        "accuracy does it gain when the recordings are split at random, so that everybody is on both "
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
