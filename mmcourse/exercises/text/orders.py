"""Exercise `text.orders`: how much a bag forgets."""

import itertools

from mmcourse.exercises import Exercise

orders = Exercise(
    "text.orders",
    kind="experiment and explain",
    level="stretch",
    title="How much a bag forgets",
    returns="a whole number of sequences",
    otherwise=(
        "Not quite. List the orders of the eight words with `itertools.permutations`, put them into a set, which keeps "
        "equal ones once, and count."
    ),
    within=0,
    task=(
        "How many different sequences of words have the same bag of words as the caption below, itself among them? "
        "Answer with a whole number. Then explain to yourself why a classifier on bags cannot tell them apart, "
        "however long it trains, and which of them a bag of pairs of words still tells from it."
    ),
    hints=(
        "Eight words have 8! orders. But exchange the two words `a` with each other: is that another sentence?",
        "`itertools.permutations` lists all orders, equal ones too. A set keeps each once. By thought: divide 8! by 2! "
        "for each word that stands there twice.",
    ),
    plan=(
        "Split the caption into its words, and count in how many orders they can stand.",
        "See which of these orders read the same, and count each sentence once.",
    ),
    minutes=6,
    difficulty=1,
    importance=2,
)


@orders.given
def _caption():
    caption = "a red circle is above a blue circle"
    return caption  # the body alone, without this line, stands in the student's cell


@orders.solved_by
def count_orders():
    """All orders of the words, equal ones once."""
    caption = "a red circle is above a blue circle"
    return len(set(itertools.permutations(caption.split())))
