"""What goes wrong in `fusion_levels.lose`: planted mistakes with their messages."""

from mmcourse.exercises.fusion_levels.lose import ceilings, lose, loss_of, share_of_irony


@lose.mistake(
    "Ten percent of irony, but a loss of two and a half points: run `ceilings(0.1)`. Not every ironic utterance is "
    "lost."
)
def tenth():
    return 0.1


@lose.mistake(
    "There the decision level is ten points below certainty. But seeing both is not certain either: in half of the "
    "irony words and voice agree. Compare it with what both allow."
)
def fifth():
    return 2 * 0.1


@lose.mistake("At this share the loss is fifteen points already. (Or is it your share of the *redundant* utterances?)")
def rest():
    return 1 - share_of_irony()


@lose.mistake(
    "At this share the loss is thirty points already. (Or is it an accuracy? Asked for is the share of irony, `s`.)"
)
def late_accuracy():
    return ceilings(share_of_irony())[0]


@lose.mistake(
    "At this share the loss is forty points already. (Or is it an accuracy? Asked for is the share of irony, `s`.)"
)
def accuracy_of_both():
    return ceilings(share_of_irony())[1]


@lose.mistake(
    "That is the loss at a tenth of irony. Asked for is the other way round: the share at which a tenth is lost."
)
def forwards():
    return loss_of(0.1)


@lose.mistake(
    "That is the loss at a fifth of irony. Asked for is the other way round: the share at which a tenth is lost."
)
def forwards_from_the_fifth():
    return loss_of(0.2)


@lose.mistake(
    "At this share the loss is still below ten points. (Or is it what is lost for each ironic utterance? At which "
    "share does that make ten points?)"
)
def slope():
    return loss_of(0.2) / 0.2


@lose.mistake(said="Is it in percent?")
def percent():
    return 100 * share_of_irony()


@lose.mistake("At pure irony the loss is far more than ten points: one half against 1.")
def all_irony():
    return 1.0


@lose.mistake(said="nothing is lost")
def no_irony():
    return 0


@lose.mistake(said="Look for the least")
def larger():
    return 0.5


@lose.mistake(said="still below")
def smaller():
    return 0.3


@lose.mistake(said="A share lies between 0 and 1")
def counted():
    return 4
