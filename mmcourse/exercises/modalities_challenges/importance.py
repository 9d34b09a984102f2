"""Exercise `modalities_challenges.importance`: single importances that do not add up."""

import math

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


@importance.check
def _(answer, rng):
    got = expect.number(answer, "a number, the share of right answers")
    known = (
        (
            1.0,
            "You added the single importances, 0 and 0. They do not add up: each alone was outvoted by the two others, "
            "and now one of those is permuted, too.",
        ),
        (0.5, "Half would be left if the face had no say at all. It is still right, and often in the majority."),
        (0.25, "That is the share of *wrong* answers: both permuted modalities wrong at once."),
        (75.0, "That is in percent. Answer with a share, between 0 and 1."),
        (
            1 / 3,
            "One of three is certainly right, but the model counts votes, and permuted ones are right half the time.",
        ),
        (2 / 3, "Two of three are permuted, but a permuted modality is not wrong: it is right half the time."),
        (
            0.625,
            "Nearly: you let the majority be right in half of the cases where the two differ. There the face decides, "
            "and the face is right.",
        ),
    )
    for value, message in known:
        expect.true(not math.isclose(got, value, rel_tol=0.012), message)
    expect.true(
        math.isclose(got, 0.75, rel_tol=0.01),
        'Call `accuracy(["words", "voice"])`, and count: in how many of the four cases of two random answers are '
        "both wrong?",
    )


@importance.mistake("added the single importances")
def added():
    return 1.0


@importance.mistake("no say at all")
def coin():
    return 0.5


@importance.mistake("share of *wrong* answers")
def wrong_share():
    return 0.25


@importance.mistake("in percent")
def in_percent():
    return 75


@importance.mistake("not wrong: it is right half the time")
def two_thirds():
    return 2 / 3


@importance.mistake("four cases of two random answers")
def something_else():
    return 0.9
