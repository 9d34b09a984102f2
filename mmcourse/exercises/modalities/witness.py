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
    level="stretch",
)


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


@witness.check
def _(answer, rng):
    got = expect.number(answer, "a number, the share of right answers of the third")
    right = 12 / 19
    if 1 < got <= 100 and math.isclose(got, 100 * right, rel_tol=0.01):
        expect.true(False, "That is in percent. Answer with a share, between 0.5 and 1.")
    known = (
        (0.5, "A third that is right half the time is a coin. It has the weight ln 1 = 0 and turns nothing round."),
        (
            0.7,
            "A third like the second is enough, but less is enough, too: it only has to lift the second above the "
            "first, not to equal the second.",
        ),
        (0.8, "A third as good as the first is more than is needed. Try smaller ones with `ceiling`."),
        (
            0.75,
            "The mean of the two has no meaning here. Witnesses are weighed by their log-odds, and those are added.",
        ),
        (
            0.6,
            "You took the difference of shares, 0.5 + 0.8 - 0.7. Shares of right answers do not add up; log-odds do.",
        ),
        (
            12 / 7,
            "These are the odds that the third needs, right to wrong. A share is odds / (1 + odds).",
        ),
        (
            0.8 / 0.7 - 0.5,
            "You divided the shares. Divide the odds, right to wrong: 4 for the first, 7/3 for the second.",
        ),
        (7 / 19, "That is the share of *wrong* answers of the third."),
    )
    for value, message in known:
        expect.true(not math.isclose(got, value, rel_tol=0.004), message)
    expect.true(
        got <= 1.01 * right,
        "With this third the three do beat the first. But a smaller one is enough: look for the least.",
    )
    expect.true(
        got >= 0.99 * right,
        "With this third the best answer is still always what the first says: `ceiling` stays at 0.8.",
    )


@witness.mistake("is a coin")
def coin():
    return 0.5


@witness.mistake("less is enough, too")
def like_the_second():
    return 0.7


@witness.mistake("more than is needed")
def like_the_first():
    return 0.8


@witness.mistake("mean of the two")
def mean():
    return 0.75


@witness.mistake("difference of shares")
def difference_of_shares():
    return 0.6


@witness.mistake("odds that the third needs")
def odds():
    return 12 / 7


@witness.mistake("in percent")
def in_percent():
    return 63.2


@witness.mistake("look for the least")
def large():
    return 0.66


@witness.mistake("stays at 0.8")
def small():
    return 0.55
