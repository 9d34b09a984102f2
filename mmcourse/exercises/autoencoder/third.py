"""Exercise `autoencoder.third`: how often to hide."""

import numpy as np

from mmcourse.exercises import Exercise, expect

RIGHT = 1 - np.sqrt(1 / 3)

third = Exercise(
    "autoencoder.third",
    kind="experiment and explain",
    returns="a number, the rate",
    within=0.002 / RIGHT,
    title="How often to hide",
    task=(
        "`shares(rate)` plays what happens to 200,000 pairs in training: each of the two modalities is marked with the "
        "probability `rate`, independently; where both are marked, one of them, drawn by lot, stays after all; the "
        "marked one is hidden. It returns the shares of pairs with both, with the picture only, and with the sentence "
        "only. **For which `rate` is each share a third?** The page uses a value that is rounded to hundredths. Why is "
        "it not one third? Answer with a number, within 0.002."
    ),
    hints=(
        "Print `shares` for several rates. Both are seen if neither is marked. What is the probability of that?",
        "Neither is marked with the probability (1 − rate)². Set it equal to 1/3. The rest is shared evenly.",
    ),
    plan=(
        "Write down with which probability neither of the two is marked.",
        "Set it equal to a third, and solve for the rate.",
        "Try the rate with `shares`.",
    ),
    minutes=6,
    difficulty=1,
    importance=2,
)


def shares(rate, pairs=200_000, seed=0):
    """The shares of pairs that show both, the picture only, and the sentence only."""
    rng = np.random.default_rng(seed)
    marked = rng.random((pairs, 2)) < rate  # picture, sentence
    all_marked = marked.all(axis=1)
    stays = rng.integers(2, size=pairs)
    marked[all_marked, stays[all_marked]] = False
    only_picture, only_sentence = marked[:, 1].mean(), marked[:, 0].mean()
    return 1 - only_picture - only_sentence, only_picture, only_sentence


@third.given
def _first_look():
    for rate in (0.2, 1 / 3, 0.5):
        print(f"{rate:.2f}", np.round(shares(rate), 3))


@third.solved_by
def rate_of_thirds():
    """The rate that gives thirds."""
    rate = 1 - np.sqrt(1 / 3)
    assert np.allclose(shares(rate), 1 / 3, atol=0.005)
    # Both are seen where neither is marked: (1 - rate)^2 = 1/3. A third of
    # marks would be too little, since of two marks one is taken back: the
    # picture is hidden in rate - rate^2 / 2 of the pairs, not in rate.
    return rate


@third.also
def _(value):
    expect.true(0 <= value <= 1, "A rate lies between 0 and 1.")
    expect.true(value >= RIGHT, "With this rate more than a third of the pairs show both: hide more.")
    expect.true(value <= RIGHT, "With this rate less than a third of the pairs show both: hide less.")


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
