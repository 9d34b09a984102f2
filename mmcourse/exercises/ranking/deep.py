"""Exercise `ranking.deep`: how many candidates are best, when each can fool the second stage."""

import numpy as np

from mmcourse.exercises import Exercise, expect

deep = Exercise(
    "ranking.deep",
    kind="experiment and explain",
    title="How deep?",
    returns="a whole number of candidates",
    within=3 / 14,
    minutes=10,
    difficulty=2,
    importance=1,
    task=(
        "Towers put the one right picture at place $r$ with probability $0.2\\cdot 0.8^{r-1}$. A classifier re-ranks "
        "the first `k`. Each wrong candidate fools it with probability 0.01, whatever the others do, and one that does "
        "stands first. `right_first(k)` plays 200,000 queries and returns how often the right picture comes first. "
        "**Which `k` is best?** And why not all? Answer with a whole number; three more or less will do."
    ),
    hints=(
        "Print `right_first(k)` for k from 1 to 60. Two things change with k: which one is better with more "
        "candidates, which one is worse?",
        "The right picture must be recalled, 1 − 0.8ᵏ, and none of the k − 1 others may fool the classifier, "
        "0.99ᵏ⁻¹. Their product has one maximum.",
    ),
    plan=(
        "Let `right_first` play with every number of candidates from 1 to 60.",
        "Find the number with the largest result.",
        "Say what grows with it, what falls, and why they balance there.",
    ),
    level="stretch",
)


RIGHT = 14  # three more or less cost 0.012 at most


def right_first(k, queries=200_000, seed=0):
    """How often the right picture stands first when the first k are re-ranked."""
    rng = np.random.default_rng(seed)
    place = rng.geometric(0.2, queries)  # what the towers say, from 1
    fooled = rng.random(queries) > 0.99 ** (k - 1)  # by at least one of the others
    return float(np.mean((place <= k) & ~fooled))


@deep.given
def _first_look():
    for k in (1, 5, 100):
        print(k, round(right_first(k), 3))


@deep.solved_by
def how_deep():
    """The best number of candidates."""
    ks = np.arange(1, 61)
    best = int(ks[np.argmax((1 - 0.8**ks) * 0.99 ** (ks - 1))])
    assert abs(right_first(best) - (1 - 0.8**best) * 0.99 ** (best - 1)) < 0.01
    # Recall rises fast, then hardly: at 14 candidates 96 of 100 right pictures
    # are in. The chance to be fooled grows with every one, at nearly the same
    # pace. Where recall gains less than that costs, more is worse.
    return best


@deep.also
def _(value):
    expect.true(
        value >= 1 and value == int(value),
        "Candidates are counted: a whole number from 1. Asked for is their number, not how often the right picture is "
        "first.",
    )
    expect.true(value != 1, "One candidate leaves the order of the towers as it is: right in one of five queries.")
    expect.true(
        value < 60,
        "Recall is nearly 1 with so many, but among so many wrong ones some fool the classifier in more than four of "
        "ten queries.",
    )
    expect.true(
        value > RIGHT,
        "With so few candidates the right picture is too often not among them: one more gains more recall than it "
        "costs.",
    )
    expect.true(
        value < RIGHT, "Too deep: recall gains less with each further candidate than the chance to be fooled costs."
    )
