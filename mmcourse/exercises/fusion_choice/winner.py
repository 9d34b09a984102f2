"""Exercise `fusion_choice.winner`: how much the best of many looks better than it is."""

import numpy as np

from mmcourse.exercises import Exercise, expect

winner = Exercise(
    "fusion_choice.winner",
    kind="experiment and explain",
    title="The luck of the winner",
    task=(
        "Thirteen fusion functions are in truth *equally* good: each is right in 80 % of the cases. You score each on "
        "200 dev items of its own, and the best one wins. `contest` plays that once. Play it often. **By how many "
        "percentage points does the winner look better than it is, on average?** Answer within 5 %. And why does its "
        "score on fresh test items not have this flaw?"
    ),
    hints=(
        "Mean over many rounds of the winner's score, minus 0.8, times 100. A few thousand rounds are enough.",
        "The standard deviation of one score is √(0.8 · 0.2 / 200), about 2.8 points; the largest of thirteen lies "
        "more than one standard deviation above the mean.",
    ),
    level="stretch",
)


def contest(rng, methods=13, items=200, right=0.8):
    """The score on dev of the winner of one contest."""
    scores = rng.binomial(items, right, size=methods) / items
    return scores.max()


@winner.given
def _first_look():
    rng = np.random.default_rng(0)
    print([contest(rng) for _ in range(5)])


@winner.solved_by
def flattery():
    """The mean of many winners' scores, minus the truth, in points."""
    rng = np.random.default_rng(0)
    scores = [contest(rng) for _ in range(20000)]
    # The winner was chosen *because* its score was high, luck included. Test
    # items took no part in the choice: there its luck is drawn anew, and is
    # zero on average. That holds for the first look at test only.
    return 100 * (np.mean(scores) - 0.8)


@winner.check
def _(answer, rng):
    got = expect.number(answer, "a number, in percentage points")
    # Exactly: the mean of the largest of 13 binomials is the sum over k of 1 - P(X < k)^13.
    counts = np.arange(201)
    logs = np.concatenate([[0.0], np.cumsum(np.log((201 - counts[1:]) / counts[1:]))])
    chance = np.exp(logs + counts * np.log(0.8) + (200 - counts) * np.log(0.2))
    below = np.cumsum(chance) - chance
    right = 100 * (np.sum(1 - below[1:] ** 13) / 200 - 0.8)
    deviation = 100 * np.sqrt(0.16 / 200)

    def near(value, tolerance=0.02):
        return abs(got - value) <= tolerance * abs(value)

    expect.true(not near(right / 100, 0.05), "That is a share. Answer in percentage points.")
    expect.true(not near(80 + right), "This is the winner's score. By how much is it better than the truth, 80?")
    expect.true(
        abs(got) > 0.3,
        "About nothing: that holds for one method chosen beforehand. The winner was chosen for its high score.",
    )
    expect.true(
        not near(deviation),
        "This is the standard deviation of one score. The best of thirteen lies further above the mean.",
    )
    expect.true(
        not near(2 * deviation) and not near(1.96 * deviation),
        "Two standard deviations: where one score in forty lies. The best of thirteen is not that far out, on average.",
    )
    expect.true(
        not near(deviation / np.sqrt(13), 0.05),
        "This is the error of the *mean* of thirteen scores. The winner is their largest, not their mean.",
    )
    expect.true(got < 1.05 * right, "Too much. Take the mean over many rounds, not the luckiest round.")
    expect.true(got > 0.95 * right, "Too little. Take the *largest* of thirteen in each round, then the mean of many.")


@winner.mistake("chosen for its high score")
def nothing():
    return 0.0


@winner.mistake("standard deviation of one score")
def deviation_of_one():
    return 100 * np.sqrt(0.16 / 200)


@winner.mistake("Two standard deviations")
def two_deviations():
    return 200 * np.sqrt(0.16 / 200)


@winner.mistake("*mean* of thirteen")
def error_of_mean():
    return 100 * np.sqrt(0.16 / 200 / 13)


@winner.mistake("That is a share")
def share():
    return 0.046


@winner.mistake("the winner's score")
def score():
    return 84.6


@winner.mistake("not the luckiest round")
def luckiest_round():
    rng = np.random.default_rng(0)
    return 100 * (max(contest(rng) for _ in range(1000)) - 0.8)


@winner.mistake("Take the *largest*")
def half():
    return 2.0
