"""Exercise `graphical.wash`: how strong neighbours must be to wash a small thing away."""

import math

import numpy as np

from mmcourse.exercises import Exercise, expect

wash = Exercise(
    "graphical.wash",
    kind="experiment and explain",
    title="Washed away",
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
)


def gains(strength):
    """What the empty labelling gains, and what two ways find."""
    from mmcourse.graphical import grid_score, icm, mean_field

    thing = np.zeros((8, 8), int)
    thing[3:5, 3:5] = 1
    unary = 3.0 * np.eye(2)[thing]  # (8, 8, 2): the evidence, in nats
    gain = grid_score(unary, strength, 0 * thing)
    gain = gain - grid_score(unary, strength, thing)
    modes = icm(unary, strength).sum()
    field = mean_field(unary, strength).argmax(axis=-1).sum()
    print(f"{strength}: empty gains {gain:.1f}; left {modes}, {field} of 4")
    return float(gain)


@wash.given
def _first_look():
    gains(0.5)
    gains(2.5)


@wash.solved_by
def threshold():
    """Where four regions' evidence equals eight pairs' agreement."""
    strength = 4 * 3 / 8
    assert gains(strength - 0.01) < 0 < gains(strength + 0.01)
    # Iterated conditional modes change one region at a time. A corner of the
    # thing has two neighbours that agree with it and two that do not: they
    # cancel, and its evidence decides, at any strength. To reach the empty
    # labelling all four would have to change at once: a hilltop that is not
    # the highest. A thing of one region has all four neighbours against it,
    # and goes at 3/4. Strong neighbours take small things first.
    return strength


@wash.check
def _(answer, rng):
    got = expect.number(answer, "a number, a strength", finite=False)
    expect.true(math.isfinite(got), "This is not a finite number. The score itself does prefer the empty labelling.")
    known = (
        (0.75, "This is where a thing of *one* region goes: 3 nats against four neighbours. Here there are 2 × 2."),
        (3.0, "This is the evidence in one region. Compare it with what the neighbours at the rim have to gain."),
        (12.0, "This is all the evidence for the thing, 4 · 3. Divide it by the pairs that disagree at its rim."),
        (8.0, "That is the number of pairs at the rim. The evidence, divided by it, is the strength."),
        (1.0, "You counted the four pairs inside the thing, too. They agree with the thing and without it."),
        (3.0 / 8, "One region's evidence against all pairs at the rim. All four regions lose their evidence."),
    )
    for value, message in known:
        expect.true(not math.isclose(got, value, rel_tol=0.02), message)
    expect.true(got <= 1.5 * 1.02, "Here the empty labelling is likelier already. Look for where it begins.")
    expect.true(got >= 1.5 * 0.98, "Here the score with the thing is still the higher one: `gains` is negative.")


@wash.mistake("a thing of *one* region")
def one_region():
    return 0.75


@wash.mistake("the evidence in one region")
def evidence():
    return 3


@wash.mistake("all the evidence")
def all_evidence():
    return 12.0


@wash.mistake("number of pairs")
def pairs():
    return 8


@wash.mistake("four pairs inside")
def inside():
    return 1.0


@wash.mistake("All four regions lose")
def one_against_all():
    return 0.375


@wash.mistake("likelier already")
def beyond():
    return 2.4


@wash.mistake("still the higher one")
def before():
    return 1.2


@wash.mistake("not a finite number")
def never():
    return math.inf
