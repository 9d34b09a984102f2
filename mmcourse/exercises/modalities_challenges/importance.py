"""Exercise `modalities_challenges.importance`: single importances that do not add up."""

import numpy as np

from mmcourse.exercises import Exercise, expect

importance = Exercise(
    "modalities_challenges.importance",
    kind="experiment and explain",
    title="None of the three matters",
    task=(
        "Words, voice and face all say the truth, yes or no, always the same; yes and no are equally common. A model "
        "answers what **two of the three** say. `accuracy(permuted)` permutes each named modality by itself among the "
        "items, and returns how often the model is still right. Permute each alone: nothing is lost, so the importance "
        "of each is 0. **What accuracy is left when words and voice are both permuted?** Answer with a number, within "
        "1 %, and explain to yourself why three times 0 does not add up to nothing."
    ),
    hints=(
        "The face is still right. When does the model answer wrongly? Count for how many of the four equally likely "
        "cases of two random answers that happens.",
        "It is wrong only where both permuted modalities are wrong, and each is wrong in half the cases, "
        "independently.",
    ),
    plan=(
        "Permute one alone, each of the three, and say who outvotes it.",
        "Permute two, and count the cases in which the answer is still right.",
    ),
    minutes=5,
    difficulty=1,
    importance=2,
    returns="a number, the share of right answers",
    otherwise=(
        'Call `accuracy(["words", "voice"])`, and count: in how many of the four cases of two random answers are both '
        "wrong?"
    ),
)


def accuracy(permuted, n=100_000, seed=0):
    """The share of right answers with these modalities permuted."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, n)
    votes = 0
    for name in ("words", "voice", "face"):
        said = rng.permutation(truth) if name in permuted else truth
        votes = votes + said
    return float(np.mean((votes >= 2) == truth))


@importance.given
def _first_look():
    print(accuracy(["words"]))
    print(accuracy(["voice"]))


@importance.solved_by
def two_permuted():
    """Wrong only where both permuted modalities are wrong."""
    left = 1 - 0.5 * 0.5
    assert abs(accuracy(["words", "voice"]) - left) < 0.01
    # Each alone is outvoted by the two others: redundant modalities hide
    # each other. Permuted together they cannot. So an importance of 0 says
    # "not needed while the others are there", never "knows nothing".
    return left


@importance.also
def _(value):
    expect.true(0 <= value <= 1, "No accuracy is below 0 or above 1: it is the share of right answers.")


@importance.mistake(
    "All is right where *one* is permuted. Importances, 0 and 0, do not add up: each alone was outvoted by the two "
    "others, and now one of those is permuted, too."
)
def added():
    return 1.0


@importance.mistake(
    "Half would be left if all three were permuted, or if the face had no say at all. It is still right, and often in "
    "the majority."
)
def coin():
    return 0.5


@importance.mistake(
    "That is the share of *wrong* answers, both permuted modalities wrong at once: what is lost. Asked is what is left."
)
def wrong_share():
    return 0.25


@importance.mistake("That is their importance alone, what is lost when one is permuted. Asked is the accuracy for two.")
def importance_alone():
    return 0.0


@importance.mistake(said="in percent")
def in_percent():
    return 75


@importance.mistake(
    "One of three is certainly right, but the model counts votes, and permuted ones are right half the time."
)
def one_third():
    return 1 / 3


@importance.mistake(
    "Two of three are permuted, but a permuted modality is not wrong: it is right half the time. And the model does "
    "not take a mean over the three, it answers what two of them say."
)
def two_thirds():
    return 2 / 3


@importance.mistake(
    "So it would be if the majority were right in half of the cases where the two differ. There the face decides, and "
    "the face is right."
)
def majority_by_chance():
    return 0.25 + 0.5 * 0.5 + 0.25 * 0.5


@importance.mistake(
    "So often one of three permuted modalities is right at least. The face is not permuted, and votes count."
)
def one_of_three_right():
    return 1 - 0.5**3


@importance.mistake("So often all three are wrong where all are permuted. The face is not, and is always right.")
def all_wrong():
    return 0.5**3


@importance.mistake(
    "So often two of three permuted modalities are right, neither more nor fewer. The face is not permuted."
)
def just_two_right():
    return 3 * 0.5**3


@importance.mistake(said="four cases of two random answers")
def something_else():
    return 0.9


@importance.mistake(said="No accuracy is below 0 or above 1")
def half_in_percent():
    return 50
