"""What goes wrong in `scenes.mixture`: planted mistakes with their messages."""

from mmcourse.exercises.scenes.mixture import RIGHT, mixture
from mmcourse.scenes.utterances import best


def reached(s, by="both"):
    """The highest accuracy of ``by`` with s percent synergy."""
    return best({"redundant": 100 - s, "synergy": s})[by]


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
