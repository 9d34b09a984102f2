"""Exercise `preparation.dropping`: what a score on complete rows says about all rows."""

import numpy as np

from mmcourse.exercises import Exercise, expect

dropping = Exercise(
    "preparation.dropping",
    kind="experiment and explain",
    returns="a number, the accuracy of B minus that of A",
    within=0.03,
    otherwise="A is right in 0.95 of the complete rows and in one half of the others; which share is complete?",
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
    plan=(
        "Find the share of rows in which nothing is missing.",
        "Compute the accuracy of A on all rows: complete ones, and a coin on the others.",
        "Subtract it from that of B.",
    ),
    minutes=6,
    difficulty=1,
    importance=2,
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


def less_a(complete, coin=0.5):
    """B's accuracy less that of A where this share of the rows is complete."""
    return 0.85 - (0.95 * complete + coin * (1 - complete))


@dropping.also
def _(value):
    # Closer to each other than the tolerance: told apart here.
    expect.true(
        abs(value - as_reported()) > 0.0003,
        "You compared B on all rows with A on complete rows only. These are different exams: A has left out the hard "
        "questions, and that is exactly what its report of 0.95 hides.",
    )
    expect.true(
        abs(value - all_must_be_missing()) > 0.0004,
        "You took the rows in which *all* four are missing as incomplete. A row is lost if any of them is.",
    )


@dropping.mistake(said="different exams")
def as_reported():
    return 0.85 - 0.95


@dropping.mistake(said="in which *all* four are missing")
def all_must_be_missing():
    return less_a(1 - 0.2**4)
