"""Exercise `preparation.dropping`: what a score on complete rows says about all rows."""

import numpy as np

from mmcourse.exercises import Exercise, expect

dropping = Exercise(
    "preparation.dropping",
    kind="experiment and explain",
    title="Those who were dropped",
    task=(
        "The rows of a table have four modalities, and each is missing in a fifth of the rows, independently of the "
        "others. Model A is trained after `dropna`. On complete rows it is right in 95 of 100 cases; where anything "
        "is missing it can only toss a coin between the two labels. Model B fills holes and is right in "
        "85 of 100 of *all* rows. How much better is B than A on all rows? Answer with "
        "the difference of their accuracies, a fraction, within 3 %. Then explain to yourself why "
        "A's report says 0.95."
    ),
    hints=(
        "Which share of the rows is complete? Simulate it with the table in the cell, or multiply. On the others, how "
        "often does a coin hit?",
        "A complete row has all four: 0.8 to the power of 4. A's accuracy is 0.95 times that share, plus one half "
        "times the rest.",
    ),
)


@dropping.given
def _table():
    rng = np.random.default_rng(0)
    missing = rng.random((10_000, 4)) < 0.2  # rows, modalities
    return missing  # the body alone, without this line, stands in the student's cell


@dropping.solved_by
def difference():
    """B's accuracy on all rows minus A's."""
    complete = 0.8**4
    a = 0.95 * complete + 0.5 * (1 - complete)
    return 0.85 - a


@dropping.check
def _(answer, rng):
    got = expect.number(answer, "a number, the accuracy of B minus that of A")
    whole = 0.8**4
    right = 0.85 - (0.95 * whole + 0.5 * (1 - whole))
    known = (
        (0.85 - 0.95,
         "You compared B on all rows with A on complete rows only. These are different exams: A has left out the hard "
         "questions, and that is exactly what its report of 0.95 hides."),
        (-right, "The sign is the wrong way round: the question is how much better B is."),
        (100 * right, "This is in percent points. Answer as a fraction."),
        (0.85 - 0.95 * whole,
         "You counted every incomplete row as wrong for A. A coin between two labels is right half of the time."),
        (0.85 - (0.95 * 0.8 + 0.5 * 0.2),
         "You took a fifth of the rows as incomplete. Each of four modalities is missing in a fifth, and a row "
         "is lost if *any* of them is."),
        (0.85 - (0.95 * 0.2 + 0.5 * 0.8),
         "You added the four shares, as if no row lacked two modalities: 1 - 4 · 0.2. They are independent: multiply."),
        (0.85 - (0.95 * (1 - whole) + 0.5 * whole),
         "Complete and incomplete rows are exchanged: 0.8 to the power of 4 is the share that *stays*."),
        (0.85 - (0.95 * 0.8**3 + 0.5 * (1 - 0.8**3)), "That is for three modalities. This table has four."),
    )  # fmt: skip
    for value, message in known:
        expect.true(not np.isclose(got, value, rtol=0.01, atol=1e-3), message)
    expect.close(
        got, right,
        "A is right in 0.95 of the complete rows and in one half of the others; which share is complete?", rtol=0.03,
    )  # fmt: skip


@dropping.mistake("different exams")
def as_reported():
    return 0.85 - 0.95


@dropping.mistake("sign")
def other_way_round():
    return -difference()


@dropping.mistake("right half of the time")
def never_guesses():
    return 0.85 - 0.95 * 0.8**4


@dropping.mistake("if *any* of them is")
def a_fifth_is_lost():
    return 0.85 - (0.95 * 0.8 + 0.5 * 0.2)


@dropping.mistake("multiply")
def shares_added():
    return 0.85 - (0.95 * 0.2 + 0.5 * 0.8)


@dropping.mistake("exchanged")
def lost_and_kept_exchanged():
    return 0.85 - (0.95 * (1 - 0.8**4) + 0.5 * 0.8**4)


@dropping.mistake("in percent points")
def in_percent():
    return 100 * difference()
