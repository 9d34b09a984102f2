"""What goes wrong in `product_search.lot`: planted mistakes with their messages."""

from mmcourse.exercises.product_search.lot import RIGHT, lot


@lot.mistake("Half by lot leaves the ten more than half: of what is drawn by lot, a tenth falls on them too.")
def one_half():
    return 0.5


@lot.mistake(
    "At six tenths by lot the ten have less than half. A tenth of the *lot* falls on them: not a tenth of all."
)
def tenth_added():
    return 0.5 + 0.1


@lot.mistake(
    "At four tenths by lot the ten have more than half. A tenth of the *lot* falls on them: not a tenth of all."
)
def tenth_taken():
    return 0.5 - 0.1


@lot.mistake("Nothing by lot: then the ten have all sales in the long run.")
def nothing_by_lot():
    return 0.0


@lot.mistake("All by lot: then the ten have about a tenth.")
def all_by_lot():
    return 1.0


@lot.mistake("At one tenth by lot the ten have nearly all. (A tenth *of the lot* falls on them: how large is the lot?)")
def share_of_the_ten():
    return 0.1


@lot.mistake("At nine tenths by lot the ten have far less than half. (Nine tenths *of the lot* fall on the others.)")
def share_of_the_others():
    return 0.9


@lot.mistake("You left the list out: e / 10 = 1/2. From the list the ten get 1 − e as well.")
def without_list():
    return 5.0


@lot.mistake(said="in percent")
def percent():
    return 100 * RIGHT


@lot.mistake(said="A share lies")
def negative():
    return -RIGHT


@lot.mistake(said="With so much by lot")
def too_much():
    return 0.66


@lot.mistake(said="With so little by lot")
def too_little():
    return 0.3
