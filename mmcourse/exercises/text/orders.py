"""Exercise `text.orders`: how much a bag forgets."""

import itertools

from mmcourse.exercises import Exercise, expect

orders = Exercise(
    "text.orders",
    kind="experiment and explain",
    level="stretch",
    title="How much a bag forgets",
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


@orders.check
def _(answer, rng):
    got = expect.number(answer, "a whole number of sequences")
    known = (
        (40320, "This is 8!, as if all words were different. Exchange the two `a`, and the sentence is the same."),
        (20160, "You allowed for one word that stands there twice. There are two such words."),
        (720, "This is 6!, the orders of the six *different* words. The caption has eight places to fill."),
        (2, "Two is the number of sensible captions, perhaps. A bag does not know what is sensible: count all."),
        (1, "One would mean that a bag keeps the order. Write the words on slips of paper and shake the bag."),
        (10079, "The caption itself has this bag too: count it."),
        (8, "Eight is the number of words. Each of their orders is another sequence."),
    )
    for value, message in known:
        expect.true(got != value, message)
    expect.true(got == 10080, f"Not quite: count the orders of the eight words, equal ones once. Got {got:g}.")


@orders.mistake("as if all words were different")
def all_different():
    return 40320


@orders.mistake("one word that stands there twice")
def one_repeated():
    return 20160


@orders.mistake("six *different* words")
def distinct_words():
    return 720


@orders.mistake("sensible captions")
def sensible():
    return 2


@orders.mistake("has this bag too")
def without_itself():
    return 10079
