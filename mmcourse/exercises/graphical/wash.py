"""Exercise `graphical.wash`: how strong neighbours must be to wash a small thing away."""

import numpy as np

from mmcourse.exercises import Exercise, expect

wash = Exercise(
    "graphical.wash",
    kind="experiment and explain",
    title="Washed away",
    returns="a number, a strength",
    within=0.02,
    minutes=10,
    difficulty=2,
    importance=2,
    otherwise="Where does the gain that `gains` prints change its sign?",
    task=(
        "A thing covers 2 × 2 regions in the middle of a grid of 8 × 8. In each of its regions the picture speaks for "
        "the thing by 3 nats; everywhere else it speaks for the background by 3 nats. `gains(strength)` prints how "
        "much higher the score is *without* the thing, and how many of its regions are left in the answers of iterated "
        "conditional modes and of mean field. Try strengths from 0 to 3. **From which strength on is the empty "
        "labelling, background everywhere, likelier than the true one?** Answer with a number, within 2 %. And explain "
        "to yourself why iterated conditional modes keep the thing all the same."
    ),
    hints=(
        "Compare two labellings only, with the thing and without. How much evidence is lost when the thing goes? And "
        "how many pairs of neighbours disagree at its rim?",
        "Four regions lose 3 nats each. At the rim of 2 × 2 regions lie 8 pairs of neighbours, and each gains the "
        "strength when it agrees. Where do the two balance?",
    ),
    plan=(
        "Sum the evidence that is lost when the thing goes.",
        "Count the pairs of neighbours that disagree at its rim.",
        "Find the strength at which the two balance, and try it with `gains`.",
    ),
)


def agreement(belief):
    """For each region, how much more of its neighbours is thing."""
    spin = np.pad(2 * belief - 1, 1)  # 1 thing, -1 background, 0 outside
    return spin[2:, 1:-1] + spin[:-2, 1:-1] + spin[1:-1, 2:] + spin[1:-1, :-2]


def settle(unary, strength, update, sweeps=20):
    """Regions updated like the squares of a chessboard, in turn."""
    belief = update(unary)
    white = np.indices(unary.shape).sum(axis=0) % 2 == 0
    for _ in range(sweeps):
        for turn in (white, ~white):
            new = update(unary + strength * agreement(belief))
            belief = np.where(turn, new, belief)
    return belief


THING = np.pad(np.ones((2, 2)), 3)  # 1 in its four regions


def gain(strength):
    """How much higher the score is without the thing."""
    rim = np.abs(np.diff(THING, axis=0)).sum()
    rim += np.abs(np.diff(THING, axis=1)).sum()  # pairs that disagree
    return float(strength * rim - 3 * THING.sum())


def gains(strength):
    """Prints it, and what two ways find."""
    unary = 6 * THING - 3  # nats for the thing
    modes = settle(unary, strength, lambda x: (x > 0) * 1.0).sum()
    field = settle(unary, strength, lambda x: 1 / (1 + np.exp(-x)))
    left = (field > 0.5).sum()
    print(f"{strength}: empty gains {gain(strength):.1f}; left {modes:.0f}, {left} of 4")


@wash.given
def _first_look():
    gains(0.5)
    gains(2.5)


@wash.solved_by
def threshold():
    """Where four regions' evidence equals eight pairs' agreement."""
    strength = 4 * 3 / 8
    assert gain(strength - 0.01) < 0 < gain(strength + 0.01)
    # Iterated conditional modes change one region at a time. A corner of the
    # thing has two neighbours that agree with it and two that do not: they
    # cancel, and its evidence decides, at any strength. To reach the empty
    # labelling all four would have to change at once: a hilltop that is not
    # the highest. A thing of one region has all four neighbours against it,
    # and goes at 3/4. Strong neighbours take small things first.
    return strength


@wash.also
def _(value):
    expect.true(value >= 0, "A negative strength wants neighbours to differ. Try strengths from 0 to 3.")
    expect.true(value <= 4 * 3 / 8, "Here the empty labelling is likelier already. Look for where it begins.")
    expect.true(value >= 4 * 3 / 8, "Here the score with the thing is still the higher one: `gains` is negative.")
