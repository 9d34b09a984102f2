"""Exercise `fusion_levels.lose`: what deciding alone costs, computed from probabilities."""

import math

from mmcourse.exercises import Exercise, expect

lose = Exercise(
    "fusion_levels.lose",
    kind="experiment and explain",
    title="What deciding alone costs",
    task=(
        "Of all utterances a share `s` is irony (synergy), and in the rest words and voice say the same (redundant). "
        "`ceilings(s)` returns two accuracies, exactly: what the decision level reaches at most, when each modality "
        "gives the true probability of the label and the two are averaged, and what anything can reach that sees "
        "both. Run it for several `s`. **From which share on does the decision level lose ten points or more?** "
        "Answer with a share between 0 and 1, and say to yourself why the loss grows as it does."
    ),
    hints=(
        "Print the difference for s = 0.1, 0.2, 0.3. It grows in a straight line: how much for each tenth?",
        "Half of the irony has words and voice that disagree. There the two decisions cancel, the label is always "
        "*irony*, and the decision level is right by chance only: it loses half of that half, s/4.",
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


@lose.check
def _(answer, rng):
    got = expect.number(answer, "a number, the share of irony")
    if math.isclose(got, 40, rel_tol=0.02):
        expect.true(False, "That is in percent. Answer with a share, between 0 and 1.")
    known = (
        (0.1, "Ten percent of irony, but a loss of two and a half points: run `ceilings(0.1)`. Not every ironic "
              "utterance is lost."),
        (0.2, "You count half of the irony as lost. In half of it words and voice disagree, and even there a coin is "
              "right every second time."),
        (0.6, "That is the share of the *redundant* utterances."),
        (0.8, "At 0.8 the accuracy of the decision level itself is a little above the floor; asked for is its "
              "*distance* from what both allow."),
        (1.0, "At pure irony the loss is far more than ten points: one half against 1."),
    )  # fmt: skip
    for value, message in known:
        expect.true(not math.isclose(got, value, rel_tol=0.004), message)
    expect.true(got < 0.408, "It does lose ten points there, but already at a smaller share. Look for the least.")
    expect.true(got > 0.392, "At this share the loss is still below ten points.")


@lose.mistake("Not every ironic")
def tenth():
    return 0.1


@lose.mistake("half of the irony as lost")
def fifth():
    return 0.2


@lose.mistake("*redundant*")
def rest():
    return 0.6


@lose.mistake("in percent")
def percent():
    return 40


@lose.mistake("far more than ten points")
def all_irony():
    return 1.0


@lose.mistake("Look for the least")
def larger():
    return 0.5


@lose.mistake("still below")
def smaller():
    return 0.3
