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
