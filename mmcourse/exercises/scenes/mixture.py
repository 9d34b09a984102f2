"""Exercise `scenes.mixture`: a blend of sincere and ironic utterances is harder than either."""

from mmcourse.exercises import Exercise, expect
from mmcourse.scenes.utterances import best

mixture = Exercise(
    "scenes.mixture",
    kind="experiment and explain",
    title="Harder than irony",
    returns="a number, in percent",
    within=0.01,
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
    plan=(
        "Call `best` for shares of synergy from 0 to 100, and keep what *both* reach.",
        "Draw it, or look for the lowest.",
        "Explain it: which items look alike and have different labels, and when are they equally many?",
    ),
    minutes=10,
    difficulty=2,
    importance=2,
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
    share = 100 * (1 / 2) / (1 / 2 + 1 / 4)
    lowest = min(range(101), key=lambda s: best({"redundant": 100 - s, "synergy": s})["both"])
    assert abs(lowest - share) < 1
    return share


RIGHT = 200 / 3  # where s / 4 is (100 - s) / 2


@mixture.also
def _(value):
    lowest = "It is not lowest there."
    expect.true(value >= 0, f"{lowest} A share is not negative.")
    expect.true(value <= 100, f"{lowest} A share in percent is at most 100.")
    expect.true(
        value >= RIGHT, f"{lowest} Below the lowest point, the accuracy of both still falls as s grows: go further."
    )
    expect.true(
        value <= RIGHT, f"{lowest} Above the lowest point, the accuracy of both rises again as s grows: go back."
    )
