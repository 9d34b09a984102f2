"""What goes wrong in `modalities_challenges.importance`: planted mistakes with their messages."""

from mmcourse.exercises.modalities_challenges.importance import importance


@importance.mistake(
    "All is right where *one* is permuted. Importances, 0 and 0, do not add up: each alone was outvoted by the two "
    "others, and now one of those is permuted, too."
)
def added():
    return 1.0


@importance.mistake(
    "Half would be left if all three were permuted, or if the face had no say at all. It is still right, and often in "
    "the majority."
)
def coin():
    return 0.5


@importance.mistake(
    "That is the share of *wrong* answers, both permuted modalities wrong at once: what is lost. Asked is what is left."
)
def wrong_share():
    return 0.25


@importance.mistake("That is their importance alone, what is lost when one is permuted. Asked is the accuracy for two.")
def importance_alone():
    return 0.0


@importance.mistake(said="in percent")
def in_percent():
    return 75


@importance.mistake(
    "One of three is certainly right, but the model counts votes, and permuted ones are right half the time."
)
def one_third():
    return 1 / 3


@importance.mistake(
    "Two of three are permuted, but a permuted modality is not wrong: it is right half the time. And the model does "
    "not take a mean over the three, it answers what two of them say."
)
def two_thirds():
    return 2 / 3


@importance.mistake(
    "So it would be if the majority were right in half of the cases where the two differ. There the face decides, and "
    "the face is right."
)
def majority_by_chance():
    return 0.25 + 0.5 * 0.5 + 0.25 * 0.5


@importance.mistake(
    "So often one of three permuted modalities is right at least. The face is not permuted, and votes count."
)
def one_of_three_right():
    return 1 - 0.5**3


@importance.mistake("So often all three are wrong where all are permuted. The face is not, and is always right.")
def all_wrong():
    return 0.5**3


@importance.mistake(
    "So often two of three permuted modalities are right, neither more nor fewer. The face is not permuted."
)
def just_two_right():
    return 3 * 0.5**3


@importance.mistake(said="four cases of two random answers")
def something_else():
    return 0.9


@importance.mistake(said="No accuracy is below 0 or above 1")
def half_in_percent():
    return 50
