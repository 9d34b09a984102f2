"""Exercise `scenes.mixture`: a blend of sincere and ironic utterances is harder than either."""

import math

from mmcourse.exercises import Exercise, expect
from mmcourse.scenes.utterances import best

mixture = Exercise(
    "scenes.mixture",
    kind="experiment and explain",
    title="Harder than irony",
    task=(
        "A data set of utterances is made of two mechanisms: `s` percent *synergy* (the label is irony) and the rest "
        "*redundant* (words and voice both tell the label). `best(share)` says which accuracy the words, the voice and "
        "both can reach at most. With `s` = 0 both together reach everything, and with `s` = 100 as well. "
        "First predict how the accuracy of *both* moves in between. Then compute it. **At which `s`, in percent, is it "
        "lowest?** Answer with a number, within one percent. Then explain to yourself what a model would have to know "
        "that is neither in the words nor in the voice."
    ),
    hints=(
        'Call `best({"redundant": 100 - s, "synergy": s})["both"]` for several `s`, and draw what comes.',
        "Look at a friendly sentence in a friendly voice. In the redundant part its label is 1, in the ironic part 0. "
        "These are half of the redundant and a quarter of the ironic items: when are they equally many?",
    ),
)


@mixture.given
def _start():
    share = {"redundant": 50, "synergy": 50}  # s = 50
    best(share)


@mixture.solved_by
def hardest():
    """The share of synergy, in percent, at which *both* reach least.

    A friendly sentence in a friendly voice is sincere (label 1) in half of
    the redundant items, and unironic (label 0) in a quarter of the others.
    Nothing tells the two apart: worst where they are equally frequent.
    """

    def reached(s):
        return best({"redundant": 100 - s, "synergy": s})["both"]

    lowest = min(reached(s) for s in range(101))
    found = [s for s in range(101) if reached(s) == lowest]
    return sum(found) / len(found)


@mixture.check
def _(answer, rng):
    got = expect.number(answer, "a number, in percent")
    right = 200 / 3
    for value, message in (
        (
            50,
            "Half and half looks like the greatest confusion, but count: half of all redundant items are friendly in "
            "both, and only a quarter of the ironic ones. At 50 sincere friendliness is still twice as frequent, so "
            "guessing it is mostly right.",
        ),
        (
            100,
            "Pure irony is hopeless for the words alone and for the voice alone, but not for both: two cues that "
            "differ, "
            "label 1; two that agree, label 0. Both together reach everything there.",
        ),
        (0, "Without irony, words and voice both tell the label: everything is reached."),
        (
            100 / 3,
            "This is the share of the *redundant* items at the lowest point. Asked is the share of synergy.",
        ),
        (75, "Compute it once more: at 75 irony already prevails among friendly pairs, and calling them 0 pays."),
        (2 / 3, "This is a fraction. Answer in percent."),
        (250 / 3, "This is the lowest accuracy itself, in percent. Asked is where it lies."),
        (5 / 6, "This is the lowest accuracy itself. Asked is the share of synergy at which it lies, in percent."),
    ):
        expect.true(not math.isclose(got, value, rel_tol=0.002, abs_tol=5e-3), message)
    side = "Below" if got < right else "Above"
    expect.true(
        abs(got - right) <= 1,
        f"It is not lowest there. {side} the lowest point, the accuracy of both "
        + ("still falls as s grows: go further." if got < right else "rises again as s grows: go back."),
    )


@mixture.mistake("Half and half")
def half():
    return 50


@mixture.mistake("Pure irony")
def irony():
    return 100


@mixture.mistake("Without irony")
def sincere():
    return 0


@mixture.mistake("*redundant* items")
def the_rest():
    return 100 / 3


@mixture.mistake("Answer in percent")
def fraction():
    return 2 / 3


@mixture.mistake("lowest accuracy itself")
def accuracy():
    return 5 / 6


@mixture.mistake("go further")
def too_few():
    return 60


@mixture.mistake("go back")
def too_many():
    return 80
