"""Exercise `fusion_choice.winner`: how much the best of many looks better than it is."""

import numpy as np

from mmcourse.exercises import Exercise, expect

winner = Exercise(
    "fusion_choice.winner",
    kind="experiment and explain",
    title="The luck of the winner",
    returns="a number, in percentage points",
    within=0.05,
    otherwise=(
        "Not so. In each round take the *largest* of the thirteen scores, minus 0.8, times 100; then the mean of a few "
        "thousand rounds."
    ),
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
    plan=(
        "Call `contest` in a loop, a few thousand times, with one generator.",
        "Take the mean of the winners' scores.",
        "Subtract the truth, and turn the share into percentage points.",
    ),
    minutes=8,
    difficulty=2,
    importance=2,
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


HOW = (
    "In each round take the *largest* of the thirteen scores, minus 0.8, times 100; then the mean of a few thousand "
    "rounds."
)


@winner.also
def _(value):
    near = value == round(value) and abs(value - winner.right) < 1
    way = "little" if value < winner.right else "much"
    expect.true(not near, f"That is too {way}, and whole points are too coarse: answer within 5 %.")
    expect.true(value > winner.right, f"That is too little. {HOW}")
    expect.true(value < winner.right, f"That is too much. {HOW}")
