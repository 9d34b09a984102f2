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


def reached(s, by="both"):
    """The highest accuracy of ``by`` with s percent synergy."""
    return best({"redundant": 100 - s, "synergy": s})[by]


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


@mixture.mistake(
    "Half and half looks like the greatest confusion, but count: half of all redundant items are friendly in both, and "
    "only a quarter of the ironic ones. At 50 sincere friendliness is still twice as frequent, so guessing it is "
    "mostly right."
)
def half():
    return 50


@mixture.mistake(
    "Pure irony is hopeless for the words alone and for the voice alone, but not for both: two cues that differ, label "
    "1; two that agree, label 0. Both together reach everything there."
)
def irony():
    return 100


@mixture.mistake("Without irony, words and voice both tell the label: everything is reached.")
def sincere():
    return 0


@mixture.mistake("This is the share of the *redundant* items at the lowest point. Asked is the share of synergy.")
def the_rest():
    return 100 - RIGHT


@mixture.mistake(
    "This is the share of the *redundant* items at the lowest point, and a fraction. Asked is the share of synergy."
)
def the_rest_as_fraction():
    return 1 - RIGHT / 100


@mixture.mistake("Compute it once more: at 75 irony already prevails among friendly pairs, and calling them 0 pays.")
def three_quarters():
    return 75


@mixture.mistake("This is a fraction. Answer in percent.")
def fraction():
    return RIGHT / 100


@mixture.mistake("This is the lowest accuracy itself, in percent. Asked is where it lies.")
def accuracy_in_percent():
    return 100 * reached(67)


@mixture.mistake("This is the lowest accuracy itself. Asked is the share of synergy at which it lies, in percent.")
def accuracy():
    return reached(67)


@mixture.mistake("This is the share of errors at the lowest point, in percent. Asked is the share of synergy.")
def errors_in_percent():
    return 100 * (1 - reached(67))


@mixture.mistake("This is the share of errors at the lowest point. Asked is the share of synergy, in percent.")
def errors():
    return 1 - reached(67)


@mixture.mistake(
    "A quarter of the ironic items are friendly in both, but half of the redundant ones are. At 25 these are still six "
    "times as many."
)
def a_quarter():
    return 25


@mixture.mistake("This is the accuracy of both at s = 50, in percent. Asked is at which s it is lowest.")
def accuracy_at_half():
    return 100 * reached(50)


@mixture.mistake("This is the accuracy of both at s = 50. Asked is at which s it is lowest.")
def accuracy_at_half_as_fraction():
    return reached(50)


@mixture.mistake(
    "This is the accuracy of the words at s = 50, and of the voice. Asked is at which s that of both is lowest."
)
def words_at_half():
    return reached(50, "words")


@mixture.mistake("This is a fraction, and half and half it is not. Answer in percent.")
def half_as_fraction():
    return 0.5


@mixture.mistake(said="go further")
def too_few():
    return 60


@mixture.mistake(said="go back")
def too_many():
    return 70


@mixture.mistake(said="at most 100")
def ratio():
    return 200


@mixture.mistake(said="not negative")
def negative():
    return -RIGHT
