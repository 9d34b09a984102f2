"""Exercise `product_search.changed`: who is right for a picture with a change."""

import numpy as np

from mmcourse.exercises import Exercise, expect

changed = Exercise(
    "product_search.changed",
    kind="implement",
    title="Like this, but …",
    task=(
        "Write `right_items(attributes, row, column, value)`. `attributes` `(m, a)` holds integers: item `i` has the "
        "value `attributes[i, j]` in attribute `j`. A customer shows the picture of item `row` and says that attribute "
        "`column` shall be `value` instead. Return `(m,)` booleans: True for **every** item with the changed value and "
        "all other attributes as the picture's."
    ),
    hints=(
        "Write down what the perfect item looks like: the row of `row`, with one number replaced. Who equals it?",
        "`wanted = attributes[row].copy()`, then `wanted[column] = value`, then compare all rows with it and ask for "
        "`.all(axis=1)`. Why the copy? A row of an array is a view: what you write into it changes the catalogue.",
    ),
)


@changed.solved_by
def right_items(attributes, row, column, value):
    """Integers (m, a), an item, an attribute, its new value -> bool (m,)."""
    wanted = attributes[row].copy()  # not a view: the catalogue stays as it is
    wanted[column] = value
    return (attributes == wanted).all(axis=1)


@changed.check
def _(answer, rng):
    # All 27 kinds twice, and more by chance: whatever is asked, several are right, and each mistake shows.
    every = np.stack(np.meshgrid(*[np.arange(3)] * 3), -1).reshape(-1, 3)
    attributes = rng.permutation(np.concatenate([every, every, rng.integers(3, size=(9, 3))]))
    row, column = int(rng.integers(len(attributes))), int(rng.integers(1, 3))
    value = int((attributes[row, column] + 1) % 3)
    wanted = []
    for item in attributes:  # the oracle, number by number
        fits = item[column] == value
        for j in range(3):
            fits = fits and (j == column or item[j] == attributes[row, j])
        wanted.append(bool(fits))
    got = expect.array(
        expect.pure(answer, attributes, row, column, value), (len(attributes),), "one for each item", "bool"
    )
    same = attributes == attributes[row]
    rest = np.delete(same, column, axis=1).all(axis=1)
    for value_of, message in (
        (attributes[:, column] == value, "You ask for the change alone. What was *not* changed must stay as it was."),
        (rest, "All items with the other attributes right are called right here, whatever the changed one is."),
        (same.all(axis=1), "These are the items like the picture. The change is ignored."),
        ((attributes == attributes[row]).any(axis=1), "`any` asks for one attribute to fit; all of them must."),
    ):
        expect.true(not np.array_equal(got, value_of), message)
    expect.true(
        got.sum() != 1,
        "Only one item is right here. Several are: another listing of the same kind is no wrong answer.",
    )
    expect.equal(got, np.array(wanted), "The items with the changed value and all else as it was.")
    # A change of the first attribute, to a value that nobody has: nothing is right.
    got = expect.array(answer(attributes, row, 0, 7), (len(attributes),), "one for each item", "bool")
    expect.true(not got.any(), "No item has the value that was asked for, so none is right.")


@changed.mistake("the change alone")
def change_alone(attributes, row, column, value):
    return attributes[:, column] == value


@changed.mistake("whatever the changed one is")
def rest_alone(attributes, row, column, value):
    return np.delete(attributes == attributes[row], column, axis=1).all(axis=1)


@changed.mistake("The change is ignored")
def picture_alone(attributes, row, column, value):
    return (attributes == attributes[row]).all(axis=1)


@changed.mistake("changes its input")
def in_place(attributes, row, column, value):
    wanted = attributes[row]
    wanted[column] = value
    return (attributes == wanted).all(axis=1)


@changed.mistake("True and False")
def places(attributes, row, column, value):
    return np.flatnonzero(right_items(attributes, row, column, value))


@changed.mistake("none is right")
def never_none(attributes, row, column, value):
    wanted = attributes[row].copy()
    wanted[column] = value
    same = (attributes == wanted).sum(axis=1)
    return same == same.max()


@changed.mistake("Only one item is right")
def first_only(attributes, row, column, value):
    right = right_items(attributes, row, column, value)
    return right & (np.arange(len(right)) == right.argmax())


@changed.mistake("`any` asks for one")
def any_fits(attributes, row, column, value):
    return (attributes == attributes[row]).any(axis=1)
