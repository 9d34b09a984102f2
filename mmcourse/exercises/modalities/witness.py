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


@witness.mistake("A third that is right half the time is a coin. It has the weight ln 1 = 0 and turns nothing round.")
def coin():
    return 0.5


@witness.mistake(
    "A third like the second is enough, but less is enough, too: it only has to lift the second above the first, not "
    "to equal the second."
)
def like_the_second():
    return 0.7


@witness.mistake("A third as good as the first is more than is needed. Try smaller ones with `ceiling`.")
def like_the_first():
    return 0.8


@witness.mistake(
    "Too large. The mean of the two, 0.75, has no meaning here: witnesses are weighed by their log-odds, and those are "
    "added."
)
def mean():
    return (0.8 + 0.7) / 2


@witness.mistake(
    "Too small. The difference of shares, 0.5 + 0.8 - 0.7, is this, but shares of right answers do not add up; "
    "log-odds do."
)
def difference_of_shares():
    return 0.5 + 0.8 - 0.7


@witness.mistake("These are the odds that the third needs, right to wrong. A share is odds / (1 + odds).")
def odds():
    return ODDS


@witness.mistake(
    "A little too large. If you divided the shares: 0.8 / 0.7 is a quotient of shares. Divide the odds, right to wrong."
)
def quotient_of_shares():
    return 0.8 / 0.7 - 0.5


@witness.mistake("That is below a half: it is how often the third is *wrong*, where it just turns the answer round.")
def wrong_share():
    return 1 / (1 + ODDS)


@witness.mistake("That is about the weight that the third needs, its log-odds. Asked is the share of right answers.")
def weight():
    return math.log(ODDS)


@witness.mistake("That is about the weight that the third needs, in bits. Asked is the share of right answers.")
def weight_in_bits():
    return math.log2(ODDS)


@witness.mistake(
    "About so sure are the first and the second together, where they agree. The third has to help the second against "
    "the *first*: divide the odds."
)
def odds_multiplied():
    return 4 * 7 / 3 / (1 + 4 * 7 / 3)


@witness.mistake("So often the first two are both right. A third is asked for that turns the answer round.")
def both_right():
    return 0.8 * 0.7


@witness.mistake(
    "So often at least one of the first two is right. That says nothing of whom to believe where they differ."
)
def one_of_two_right():
    return 1 - 0.2 * 0.3


@witness.mistake("Too small. (7/3 divided by 4 is about this: odds, which are no share, and turned round.)")
def odds_turned_round():
    return 7 / 12


@witness.mistake("A third that is hardly ever wrong beats the first, of course. Look for the least that does.")
def never_wrong():
    return 1.0


@witness.mistake(said="in percent")
def in_percent():
    return 63.2


@witness.mistake(said="look for the least")
def large():
    return 0.66


@witness.mistake(said="stays at 0.8")
def small():
    return 0.615


@witness.mistake(said="turned round, are better")
def below_half():
    return 0.3


@witness.mistake(said="Answer with a share of right answers")
def the_second_in_percent():
    return 70
