"""Exercise `product_search.changed`: who is right for a picture with a change."""

import numpy as np

from mmcourse.exercises import Exercise, case

changed = Exercise(
    "product_search.changed",
    kind="implement",
    title="Like this, but …",
    returns="True or False for each item",
    otherwise="These are not the items with the changed value and all other attributes as the picture's.",
    task=(
        "Write `right_items(attributes, row, column, value)`. `attributes` `(m, a)` holds integers: item `i` has the "
        "value `attributes[i, j]` in attribute `j`. A customer shows the picture of item `row` and says that attribute "
        "`column` shall be `value` instead. Return `(m,)` booleans: True for **every** item with the changed value and "
        "all other attributes as the picture's; none may be right, or the picture itself, if it has the value already."
    ),
    hints=(
        "Write down what the perfect item looks like: the row of `row`, with one number replaced. Who equals it?",
        "`wanted = attributes[row].copy()`, then `wanted[column] = value`, then compare all rows with it and ask for "
        "`.all(axis=1)`. Why the copy? A row of an array is a view: what you write into it changes the catalogue.",
    ),
    plan=(
        "Copy the picture's attributes, and put the new value in.",
        "Compare every item with this row, attribute by attribute.",
        "An item is right if all its attributes fit.",
    ),
    minutes=5,
    difficulty=1,
    importance=2,
)


@changed.solved_by
def right_items(attributes, row, column, value):
    """Integers (m, a), an item, an attribute, its new value -> bool (m,)."""
    wanted = attributes[row].copy()  # not a view: the catalogue stays as it is
    wanted[column] = value
    return (attributes == wanted).all(axis=1)


def _catalogue(rng, attributes, column, value, several=3):
    """A catalogue, and the place of the picture in it. Items differ from the picture, and from what is wanted, in every
    single attribute and in more; some have the right numbers at other places, or their sum; ``several`` are right. The
    picture has one number twice, where it has room."""
    picture = rng.choice(np.setdiff1d(np.arange(5), [value]), attributes)
    picture[(column + 1) % attributes] = picture[column]
    wanted = picture.copy()
    wanted[column] = value
    shifted = wanted.copy()
    shifted[0], shifted[-1] = shifted[0] + 1, shifted[-1] - 1
    everywhere = np.where(picture == picture[column], value, picture)
    made = [picture, picture, everywhere, everywhere, np.roll(wanted, 1), np.sort(wanted), shifted, *[wanted] * several]
    for one in (picture, wanted):
        for place in range(attributes):
            other = one.copy()
            other[place] += 1 + (other[place] + 1 == value)
            made += [other, other]
    items = rng.permutation(np.array([*made, *rng.integers(5, size=(5, attributes))]))
    return items, int(rng.choice(np.flatnonzero((items == picture).all(axis=1))))


def _wanted(attributes, row, column, value):
    wanted = attributes[row].copy()
    wanted[column] = value
    return wanted


@changed.cases
def _(rng):
    for attributes, column, value in ((3, 1, 4), (4, 3, 0), (5, 0, 2), (2, 1, 3)):
        items, row = _catalogue(rng, attributes, column, value)
        yield case(items, row, column, value)
    items, row = _catalogue(rng, 3, 0, 1)
    yield case(items, row, 0, 9, when="where no item has the value that was asked for")
    items, row = _catalogue(rng, 4, 2, 3, several=0)
    items[(items == _wanted(items, row, 2, 3)).all(axis=1), 0] += 7
    yield case(items, row, 2, 3, when="where items have the value, but none has all the rest")
    items, row = _catalogue(rng, 3, 1, 2)
    yield case(items + 1, row, 1, int(items[row, 1] + 1), when="where the picture has the value already")
    items, row = _catalogue(rng, 3, 2, 1)
    mirrored = _wanted(items - 3, row, 2, -2) * [1, 1, -1]  # the same but for a sign
    yield case(np.vstack([items - 3, mirrored]), row, 2, -2, when="where values are negative")
    items, row = _catalogue(rng, 4, 1, 0, several=1)
    yield case(items, row, 1, 0, when="where the new value is 0")
    yield case(np.array([[2], [0], [1], [2], [1]]), 1, 0, 2, when="with a single attribute")
    yield case(np.array([[2, 0, 4]]), 0, 1, 3, when="with a single item, the picture")

    # Written side by side, or as one number to the base 10 or 5 from either end, these are the same as [1, 23, 5];
    # the last two have the same sum of squares, and the same product with it.
    alike = [[12, 3, 5], [11, 22, 5], [2, 13, 5], [6, 22, 5], [2, 18, 5], [19, 13, 5], [0, 0, 111]]
    items = rng.permutation(np.array([[1, 4, 5], [1, 23, 5], [1, 23, 5], [12, 4, 5], *alike]))
    row = int(np.flatnonzero((items == [1, 4, 5]).all(axis=1))[0])
    yield case(items, row, 1, 23, when="where values have two digits")


@changed.oracle
def _(attributes, row, column, value):
    right = []
    for item in attributes.tolist():
        fits = item[column] == value
        for j, one in enumerate(attributes[row].tolist()):
            fits = fits and (j == column or item[j] == one)
        right.append(fits)
    return np.array(right)


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
    return attributes == _wanted(attributes, row, column, value)


@changed.mistake(
    "`.all()` without an axis gives one answer for the whole catalogue. Ask for each item, `.all(axis=1)`."
)
def one_answer(attributes, row, column, value):
    return (attributes == _wanted(attributes, row, column, value)).all()


@changed.mistake("You ask along the wrong axis: one answer for each attribute. Ask for each item, `.all(axis=1)`.")
def other_axis(attributes, row, column, value):
    return (attributes == _wanted(attributes, row, column, value)).all(axis=0)


@changed.mistake("Where no item has all that was asked for, none is right. You take those that are most alike.")
def never_none(attributes, row, column, value):
    same = (attributes == _wanted(attributes, row, column, value)).sum(axis=1)
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
    return (attributes == _wanted(attributes, row, column, value)).any(axis=1)


@changed.mistake("One attribute may be wrong in your answer. All of them must fit.")
def all_but_one(attributes, row, column, value):
    return (attributes == _wanted(attributes, row, column, value)).sum(axis=1) >= attributes.shape[1] - 1


@changed.mistake("Every attribute that had the same number was changed. Only attribute `column` is.")
def changed_everywhere(attributes, row, column, value):
    old = attributes[row]
    return (attributes == np.where(old == old[column], value, old)).all(axis=1)


@changed.mistake("You ask which numbers an item has, whatever their places. Compare attribute by attribute.")
def at_any_place(attributes, row, column, value):
    return (np.sort(attributes, axis=1) == np.sort(_wanted(attributes, row, column, value))).all(axis=1)


@changed.mistake("`np.isin` asks whether a number occurs anywhere in what is wanted. Compare attribute by attribute.")
def is_in(attributes, row, column, value):
    return np.isin(attributes, _wanted(attributes, row, column, value)).all(axis=1)


@changed.mistake("You compare sums. Other numbers may have the same sum: compare attribute by attribute.")
def sums(attributes, row, column, value):
    return attributes.sum(axis=1) == _wanted(attributes, row, column, value).sum()


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
    distance = np.abs(attributes - _wanted(attributes, row, column, value)).sum(axis=1)
    return distance == distance.min()


@changed.mistake("You ask which numbers an item has, whatever their places. Compare attribute by attribute.")
def sets(attributes, row, column, value):
    wanted = set(_wanted(attributes, row, column, value).tolist())
    return np.array([set(item) == wanted for item in attributes.tolist()])


ONE_NUMBER = "You make one number or text of all attributes. Other values may give the same: compare them one by one."


def _written_as(name, key):
    def wrong(attributes, row, column, value):
        keys = [key(item) for item in (*attributes.tolist(), _wanted(attributes, row, column, value).tolist())]
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
    return (attributes == _wanted(attributes, row, column, value))[:, : column + 1].all(axis=1)


@changed.mistake("Only the attributes from `column` on are compared. Those before it must stay as they were, too.")
def from_column(attributes, row, column, value):
    return (attributes == _wanted(attributes, row, column, value))[:, column:].all(axis=1)


@changed.mistake("You compare lengths, or sums of squares. Others may have the same: compare attribute by attribute.")
def squares(attributes, row, column, value):
    return (attributes**2).sum(axis=1) == (_wanted(attributes, row, column, value) ** 2).sum()


@changed.mistake("You compare products. Other numbers may have the same: compare attribute by attribute.")
def products(attributes, row, column, value):
    wanted = _wanted(attributes, row, column, value)
    return attributes @ wanted == wanted @ wanted


@changed.mistake("Signs are lost in your comparison: 2 and -2 are two values.")
def without_signs(attributes, row, column, value):
    return (np.abs(attributes) == np.abs(_wanted(attributes, row, column, value))).all(axis=1)


@changed.mistake("Values above the one that was asked for will do here. Only `value` itself was asked for.")
def at_least(attributes, row, column, value):
    return _rest(attributes, row, column) & (attributes[:, column] >= value)


@changed.mistake("Only items behind the picture are looked at. Every item may be right.")
def behind_the_picture(attributes, row, column, value):
    return (attributes == _wanted(attributes, row, column, value)).all(axis=1) & (np.arange(len(attributes)) >= row)


@changed.mistake("A new value of 0 is taken for none. It is a value like any other.")
def zero_is_none(attributes, row, column, value):
    return (attributes == _wanted(attributes, row, column, value or attributes[row, column])).all(axis=1)


@changed.mistake("More than half of the attributes as wanted are enough here. All of them must fit.")
def more_than_half(attributes, row, column, value):
    return (attributes == _wanted(attributes, row, column, value)).mean(axis=1) > 0.5
