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
