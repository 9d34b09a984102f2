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


def wanted_of(attributes, row, column, value):
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
    items[(items == wanted_of(items, row, 2, 3)).all(axis=1), 0] += 7
    yield case(items, row, 2, 3, when="where items have the value, but none has all the rest")
    items, row = _catalogue(rng, 3, 1, 2)
    yield case(items + 1, row, 1, int(items[row, 1] + 1), when="where the picture has the value already")
    items, row = _catalogue(rng, 3, 2, 1)
    mirrored = wanted_of(items - 3, row, 2, -2) * [1, 1, -1]  # the same but for a sign
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
