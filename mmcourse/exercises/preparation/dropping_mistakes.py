"""What goes wrong in `preparation.dropping`: planted mistakes with their messages."""

from mmcourse.exercises.preparation.dropping import difference, dropping, less_a

WHOLE = 0.8**4


@dropping.mistake("The sign is the wrong way round: the question is how much better B is.")
def other_way_round():
    return -difference()


@dropping.mistake(
    "You counted every incomplete row as wrong for A. A coin between two labels is right half of the time."
)
def never_guesses():
    return less_a(WHOLE, coin=0)


@dropping.mistake(
    "You took a fifth of the rows as incomplete. Each of four modalities is missing in a fifth, and a row is lost if "
    "*any* of them is."
)
def a_fifth_is_lost():
    return less_a(0.8)


@dropping.mistake(
    "Were the four shares added, as if no row lacked two modalities, 1 - 4 · 0.2? They are independent: multiply. Or "
    "was A's accuracy taken from 0.95, its report? Take it from that of B."
)
def shares_added():
    return less_a(0.2)


@dropping.mistake("Complete and incomplete rows are exchanged: 0.8 to the power of 4 is the share that *stays*.")
def lost_and_kept_exchanged():
    return less_a(1 - WHOLE)


@dropping.mistake("That is for three modalities. This table has four.")
def three_modalities():
    return less_a(0.8**3)


@dropping.mistake("That is for two modalities. This table has four.")
def two_modalities():
    return less_a(0.8**2)


@dropping.mistake("You took half of the rows as complete: count them, or multiply.")
def half_complete():
    return less_a(0.5)


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
    return less_a(WHOLE, coin=0.25)


@dropping.mistake("This is in percent points. Answer as a fraction.")
def in_percent():
    return 100 * difference()
