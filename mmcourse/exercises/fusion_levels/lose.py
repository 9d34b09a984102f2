"""Exercise `fusion_levels.lose`: what deciding alone costs, computed from probabilities."""

import math

from mmcourse.exercises import Exercise, expect

lose = Exercise(
    "fusion_levels.lose",
    kind="experiment and explain",
    title="What deciding alone costs",
    returns="a number, the share of irony",
    within=0.02,
    minutes=8,
    difficulty=2,
    importance=3,
    otherwise="Run `ceilings` at your share and look at the distance between the two accuracies.",
    task=(
        "Of all utterances a share `s` is irony (synergy), and in the rest words and voice say the same (redundant). "
        "`ceilings(s)` returns two accuracies, exactly: what the decision level reaches at most, when each modality "
        "gives the true probability of the label and the two are averaged, and what anything can reach that sees "
        "both. Run it for several `s`. **From which share on does the decision level lose ten points or more** of "
        "what both allow? "
        "Answer with a share between 0 and 1, within 2 %, and say to yourself why the loss grows as it does."
    ),
    hints=(
        "Print the difference for s = 0.1, 0.2, 0.3. It grows in a straight line: how much for each tenth?",
        "Half of the irony has words and voice that disagree. There the two decisions cancel, the label is always "
        "*irony*, and the decision level is right by chance only: it loses half of that half, s/4.",
    ),
    plan=(
        "Print the difference of the two accuracies for several shares.",
        "See how the difference grows, and where it reaches a tenth.",
        "Explain the slope: which utterances are lost, and how many of those?",
    ),
)


def ceilings(s):
    """Best accuracy of joined single decisions, and of seeing both."""
    p = {}
    for w in (0, 1):
        for v in (0, 1):
            p[w, v, int(w != v)] = s / 4  # irony
    for w in (0, 1):
        p[w, w, w] = p.get((w, w, w), 0) + (1 - s) / 2  # redundant

    def alone(at, seen, y):  # p(y | one modality)
        cases = [q for k, q in p.items() if k[at] == seen and k[2] == y]
        return 2 * sum(cases)

    late = both = 0.0
    for w in (0, 1):
        for v in (0, 1):
            cell = [p.get((w, v, y), 0) for y in (0, 1)]
            mean = (alone(0, w, 1) + alone(1, v, 1)) / 2  # of two decisions
            tie = abs(mean - 0.5) < 1e-9
            late += sum(cell) / 2 if tie else cell[int(mean > 0.5)]
            both += max(cell)
    return late, both


@lose.given
def _first_look():
    for s in (0.0, 0.1, 0.2):
        print(s, ceilings(s))


@lose.solved_by
def share_of_irony():
    """Where the loss, s / 4, reaches a tenth."""
    s = 0.4
    late, both = ceilings(s)
    assert math.isclose(both - late, 0.1)
    # Where words and voice agree, both levels answer alike: with words and
    # voice. Where they disagree, which happens in half of the irony, the two
    # decisions cancel: a coin, wrong every second time. What is lost is a
    # half of a half of s. No better encoder helps; only one that sees both.
    return s


def loss_of(s):
    late, both = ceilings(s)
    return both - late


@lose.also
def _(value):
    expect.true(0 <= value <= 1, "A share lies between 0 and 1.")
    expect.true(value > 0, "Without irony nothing is lost: both accuracies are 1.")
    loss = loss_of(value)
    expect.true(loss <= 0.1, "It does lose ten points there, but already at a smaller share. Look for the least.")
    expect.true(loss >= 0.1, "At this share the loss is still below ten points.")
