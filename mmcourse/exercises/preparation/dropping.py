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

WHOLE = 0.8**4


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


def _less_a(complete, coin=0.5):
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
    return _less_a(1 - 0.2**4)


@dropping.mistake("The sign is the wrong way round: the question is how much better B is.")
def other_way_round():
    return -difference()


@dropping.mistake(
    "You counted every incomplete row as wrong for A. A coin between two labels is right half of the time."
)
def never_guesses():
    return _less_a(WHOLE, coin=0)


@dropping.mistake(
    "You took a fifth of the rows as incomplete. Each of four modalities is missing in a fifth, and a row is lost if "
    "*any* of them is."
)
def a_fifth_is_lost():
    return _less_a(0.8)


@dropping.mistake(
    "Were the four shares added, as if no row lacked two modalities, 1 - 4 · 0.2? They are independent: multiply. Or "
    "was A's accuracy taken from 0.95, its report? Take it from that of B."
)
def shares_added():
    return _less_a(0.2)


@dropping.mistake("Complete and incomplete rows are exchanged: 0.8 to the power of 4 is the share that *stays*.")
def lost_and_kept_exchanged():
    return _less_a(1 - WHOLE)


@dropping.mistake("That is for three modalities. This table has four.")
def three_modalities():
    return _less_a(0.8**3)


@dropping.mistake("That is for two modalities. This table has four.")
def two_modalities():
    return _less_a(0.8**2)


@dropping.mistake("You took half of the rows as complete: count them, or multiply.")
def half_complete():
    return _less_a(0.5)


@dropping.mistake("That is the accuracy of A on all rows. Asked is how much better B is.")
def accuracy_of_a():
    return 0.85 - difference()


@dropping.mistake("That is the accuracy of B. Asked is how much better it is than A on the same rows.")
def accuracy_of_b():
    return 0.85


@dropping.mistake("That is the share of complete rows. What are both models' accuracies on all rows?")
def share_of_complete():
    return WHOLE


@dropping.mistake("That is the share of incomplete rows. What are both models' accuracies on all rows?")
def share_of_incomplete():
    return 1 - WHOLE


@dropping.mistake("You compared B with the coin alone. A tosses it on the incomplete rows only.")
def against_the_coin():
    return 0.85 - 0.5


@dropping.mistake("You counted what B gains on incomplete rows only. On the complete ones A is better.")
def gain_on_incomplete():
    return (0.85 - 0.5) * (1 - WHOLE)


@dropping.mistake("You counted what B loses on complete rows only. On the incomplete ones A tosses a coin.")
def loss_on_complete():
    return (0.85 - 0.95) * WHOLE


@dropping.mistake("You divided the difference by A's accuracy. Answer with the difference itself.")
def relative():
    return difference() / (0.85 - difference())


@dropping.mistake("You divided the difference by B's accuracy. Answer with the difference itself.")
def relative_to_b():
    return difference() / 0.85


@dropping.mistake("You divided B's accuracy by A's. Answer with their difference.")
def ratio():
    return 0.85 / (0.85 - difference())


@dropping.mistake(
    "You gave A one label in four where anything is missing. A coin between two labels is right half of the time."
)
def four_labels():
    return _less_a(WHOLE, coin=0.25)


@dropping.mistake("This is in percent points. Answer as a fraction.")
def in_percent():
    return 100 * difference()
