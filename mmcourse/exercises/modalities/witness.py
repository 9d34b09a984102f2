"""Exercise `modalities.witness`: when one more modality changes an answer."""

import math

from mmcourse.exercises import Exercise, expect

witness = Exercise(
    "modalities.witness",
    kind="experiment and explain",
    title="The third witness",
    task=(
        "Three modalities each say yes or no. Given the truth, their errors are independent; yes and no are equally "
        "likely. The first is right in 80 % of the cases, the second in 70 %. `ceiling(rights)` computes, exactly, the "
        "best accuracy that modalities with the given shares of right answers allow together. Run it for the first "
        "alone, and for the first two: the second modality adds **nothing**. Why? Now add a third. **How often must "
        "the third be right, at least, so that all three together beat the first alone?** Answer with a number "
        "between 0.5 and 1, within 1 %."
    ),
    hints=(
        "The best answer weighs the witnesses. When the second contradicts the first, whom do you believe? A modality "
        "matters only where it can turn the answer round. Who could, together with the second?",
        "Witnesses count by their log-odds, ln(right / wrong): ln 4 for the first, ln(7/3) for the second. The third "
        "has to lift the second above the first: ln(7/3) + ln(odds of the third) = ln 4.",
    ),
    plan=(
        "Call `ceiling` for the first two and a third of several strengths, and see where it begins to rise.",
        "Say whom the best answer believes when the second and the third together contradict the first.",
        "Find the third whose weight, added to that of the second, is just that of the first.",
    ),
    minutes=12,
    difficulty=3,
    importance=2,
    returns="a number, the share of right answers of the third",
    within=0.01,
    level="stretch",
)

ODDS = 0.8 / 0.2 / (0.7 / 0.3)  # of the first, by those of the second
THIRD = ODDS / (1 + ODDS)


def ceiling(rights):
    """The best accuracy from independent yes-or-no witnesses."""
    total = 0.0
    for case in range(2 ** len(rights)):  # every pattern of answers
        yes = no = 0.5
        for i, right in enumerate(rights):
            said_yes = case >> i & 1
            yes *= right if said_yes else 1 - right
            no *= 1 - right if said_yes else right
        total += max(yes, no)  # the likelier truth
    return total


@witness.given
def _first_look():
    print(ceiling([0.8]))
    print(ceiling([0.8, 0.7]))


@witness.solved_by
def smallest_third():
    """Where the second and the third, agreeing, outweigh the first."""
    odds = 0.8 / 0.2 / (0.7 / 0.3)  # what the third needs: 12/7
    third = odds / (1 + odds)
    assert math.isclose(ceiling([0.8, 0.7, third - 0.01]), 0.8)
    assert ceiling([0.8, 0.7, third + 0.01]) > 0.8
    # Two yes-or-no witnesses never beat the better one: where they differ,
    # the better one is believed, and where they agree, nothing changes. A
    # modality that also says how sure it is (as our models' scores do) can
    # win a dispute while the other is unsure, and so helps even as second.
    return third


@witness.also
def _(value):
    expect.true(0 <= value <= 1, "Answer with a share of right answers, a number between 0.5 and 1.")
    expect.true(value >= 0.5, "A third that is right less than half the time: its answers, turned round, are better.")
    expect.true(
        value <= THIRD, "With this third the three do beat the first. But a smaller one is enough: look for the least."
    )
    expect.true(
        value >= THIRD, "With this third the best answer is still always what the first says: `ceiling` stays at 0.8."
    )
