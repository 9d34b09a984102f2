"""What goes wrong in `product_search.changed`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.product_search.changed import changed, right_items, wanted_of


def _rest(attributes, row, column):
    return np.delete(attributes == attributes[row], column, axis=1).all(axis=1)


@changed.mistake("You ask for the change alone. What was *not* changed must stay as it was.")
def change_alone(attributes, row, column, value):
    return attributes[:, column] == value


@changed.mistake("All items with the other attributes right are called right here, whatever the changed one is.")
def rest_alone(attributes, row, column, value):
    return _rest(attributes, row, column)


@changed.mistake("Any other value of the changed attribute will do here. Only `value` was asked for.")
def anything_new(attributes, row, column, value):
    return _rest(attributes, row, column) & (attributes[:, column] != attributes[row, column])


@changed.mistake("These are the items like the picture. The change is ignored.")
def picture_alone(attributes, row, column, value):
    return (attributes == attributes[row]).all(axis=1)


@changed.mistake("Items with the changed value *or* with all the rest are called right. Both are asked for.")
def either(attributes, row, column, value):
    return (attributes[:, column] == value) | _rest(attributes, row, column)


@changed.mistake(
    "No item is right in your answer, but where the picture has the value already. Is each asked to be like the "
    "picture in *all* attributes, and to have the new value as well?"
)
def both_at_once(attributes, row, column, value):
    return (attributes == attributes[row]).all(axis=1) & (attributes[:, column] == value)


@changed.mistake(said="changes its input")
def in_place(attributes, row, column, value):
    wanted = attributes[row]
    wanted[column] = value
    return (attributes == wanted).all(axis=1)


@changed.mistake("You return the numbers of the right items. Return True or False for each item.")
def places(attributes, row, column, value):
    return np.flatnonzero(right_items(attributes, row, column, value))


@changed.mistake("You return the right items themselves. Return True or False for each item.")
def items_returned(attributes, row, column, value):
    return attributes[right_items(attributes, row, column, value)]


@changed.mistake("You return a comparison for each attribute. An item is right if *all* of them fit: `.all(axis=1)`.")
def for_each_attribute(attributes, row, column, value):
    return attributes == wanted_of(attributes, row, column, value)


@changed.mistake(
    "`.all()` without an axis gives one answer for the whole catalogue. Ask for each item, `.all(axis=1)`."
)
def one_answer(attributes, row, column, value):
    return (attributes == wanted_of(attributes, row, column, value)).all()


@changed.mistake("You ask along the wrong axis: one answer for each attribute. Ask for each item, `.all(axis=1)`.")
def other_axis(attributes, row, column, value):
    return (attributes == wanted_of(attributes, row, column, value)).all(axis=0)


@changed.mistake("Where no item has all that was asked for, none is right. You take those that are most alike.")
def never_none(attributes, row, column, value):
    same = (attributes == wanted_of(attributes, row, column, value)).sum(axis=1)
    return same == same.max()


@changed.mistake("Only one item is right here. Several are: another listing of the same kind is no wrong answer.")
def first_only(attributes, row, column, value):
    right = right_items(attributes, row, column, value)
    return right & (np.arange(len(right)) == right.argmax())


@changed.mistake("The picture's own item is left out. It is right, if it has the value already.")
def not_itself(attributes, row, column, value):
    return right_items(attributes, row, column, value) & (np.arange(len(attributes)) != row)


@changed.mistake("`any` asks for one attribute to fit; all of them must.")
def any_fits(attributes, row, column, value):
    return (attributes == attributes[row]).any(axis=1)


@changed.mistake("`any` asks for one attribute to fit what is wanted; all of them must.")
def any_wanted(attributes, row, column, value):
    return (attributes == wanted_of(attributes, row, column, value)).any(axis=1)


@changed.mistake("One attribute may be wrong in your answer. All of them must fit.")
def all_but_one(attributes, row, column, value):
    return (attributes == wanted_of(attributes, row, column, value)).sum(axis=1) >= attributes.shape[1] - 1


@changed.mistake("Every attribute that had the same number was changed. Only attribute `column` is.")
def changed_everywhere(attributes, row, column, value):
    old = attributes[row]
    return (attributes == np.where(old == old[column], value, old)).all(axis=1)


@changed.mistake("You ask which numbers an item has, whatever their places. Compare attribute by attribute.")
def at_any_place(attributes, row, column, value):
    return (np.sort(attributes, axis=1) == np.sort(wanted_of(attributes, row, column, value))).all(axis=1)


@changed.mistake("`np.isin` asks whether a number occurs anywhere in what is wanted. Compare attribute by attribute.")
def is_in(attributes, row, column, value):
    return np.isin(attributes, wanted_of(attributes, row, column, value)).all(axis=1)


@changed.mistake("You compare sums. Other numbers may have the same sum: compare attribute by attribute.")
def sums(attributes, row, column, value):
    return attributes.sum(axis=1) == wanted_of(attributes, row, column, value).sum()


@changed.mistake("The attribute before is changed: they are counted from 0.")
def counted_from_one(attributes, row, column, value):
    return right_items(attributes, row, column - 1, value)


@changed.mistake("The value is asked for in any attribute. It belongs to attribute `column`.")
def value_anywhere(attributes, row, column, value):
    return _rest(attributes, row, column) & (attributes == value).any(axis=1)


@changed.mistake("The new value is added to the old one. It stands in its place.")
def value_added(attributes, row, column, value):
    return right_items(attributes, row, column, attributes[row, column] + value)


@changed.mistake(
    "The picture's own item is called right, though it has not the new value. (Was the value written into the "
    "catalogue while you compared?)"
)
def itself_too(attributes, row, column, value):
    return right_items(attributes, row, column, value) | (np.arange(len(attributes)) == row)


@changed.mistake("The item before is taken for the picture: `row` is counted from 0.")
def row_from_one(attributes, row, column, value):
    return right_items(attributes, row - 1, column, value)


@changed.mistake("The first item is taken for the picture. The picture is that of item `row`.")
def first_item(attributes, row, column, value):
    return right_items(attributes, 0, column, value)


@changed.mistake("Where no item has all that was asked for, none is right. You take those whose numbers are nearest.")
def nearest(attributes, row, column, value):
    distance = np.abs(attributes - wanted_of(attributes, row, column, value)).sum(axis=1)
    return distance == distance.min()


@changed.mistake("You ask which numbers an item has, whatever their places. Compare attribute by attribute.")
def sets(attributes, row, column, value):
    wanted = set(wanted_of(attributes, row, column, value).tolist())
    return np.array([set(item) == wanted for item in attributes.tolist()])


ONE_NUMBER = "You make one number or text of all attributes. Other values may give the same: compare them one by one."


def _written_as(name, key):
    def wrong(attributes, row, column, value):
        keys = [key(item) for item in (*attributes.tolist(), wanted_of(attributes, row, column, value).tolist())]
        return np.array([one == keys[-1] for one in keys[:-1]])

    wrong.__name__ = name
    changed.mistake(ONE_NUMBER)(wrong)


_written_as("text", lambda item: "".join(map(str, item)))
_written_as("to_base_ten", lambda item: sum(x * 10**j for j, x in enumerate(item)))
_written_as("to_base_ten_from_the_end", lambda item: sum(x * 10**j for j, x in enumerate(item[::-1])))


@changed.mistake("You ask that one attribute differs from the picture's, whichever. It is the one of `column`.")
def one_differs(attributes, row, column, value):
    return (attributes != attributes[row]).sum(axis=1) == 1


@changed.mistake("Only the attributes up to `column` are compared. Those behind it must stay as they were, too.")
def up_to_column(attributes, row, column, value):
    return (attributes == wanted_of(attributes, row, column, value))[:, : column + 1].all(axis=1)


@changed.mistake("Only the attributes from `column` on are compared. Those before it must stay as they were, too.")
def from_column(attributes, row, column, value):
    return (attributes == wanted_of(attributes, row, column, value))[:, column:].all(axis=1)


@changed.mistake("You compare lengths, or sums of squares. Others may have the same: compare attribute by attribute.")
def squares(attributes, row, column, value):
    return (attributes**2).sum(axis=1) == (wanted_of(attributes, row, column, value) ** 2).sum()


@changed.mistake("You compare products. Other numbers may have the same: compare attribute by attribute.")
def products(attributes, row, column, value):
    wanted = wanted_of(attributes, row, column, value)
    return attributes @ wanted == wanted @ wanted


@changed.mistake("Signs are lost in your comparison: 2 and -2 are two values.")
def without_signs(attributes, row, column, value):
    return (np.abs(attributes) == np.abs(wanted_of(attributes, row, column, value))).all(axis=1)


@changed.mistake("Values above the one that was asked for will do here. Only `value` itself was asked for.")
def at_least(attributes, row, column, value):
    return _rest(attributes, row, column) & (attributes[:, column] >= value)


@changed.mistake("Only items behind the picture are looked at. Every item may be right.")
def behind_the_picture(attributes, row, column, value):
    return (attributes == wanted_of(attributes, row, column, value)).all(axis=1) & (np.arange(len(attributes)) >= row)


@changed.mistake("A new value of 0 is taken for none. It is a value like any other.")
def zero_is_none(attributes, row, column, value):
    return (attributes == wanted_of(attributes, row, column, value or attributes[row, column])).all(axis=1)


@changed.mistake("More than half of the attributes as wanted are enough here. All of them must fit.")
def more_than_half(attributes, row, column, value):
    return (attributes == wanted_of(attributes, row, column, value)).mean(axis=1) > 0.5
