"""A factor: a table of numbers over named variables, the only thing that inference works with."""

import numpy as np

from mmcourse._machinery.checks import as_numbers, check_type


class Factor:
    """A table over discrete variables: one axis for each name, one entry for each combination of values.

    Args:
        names: str, one for each axis, all different.
        table: numbers >= 0, float64; axis ``i`` has as many entries as the variable ``names[i]`` has values 0, 1, ….

    Two factors multiply by name: ``(f * g)`` has the variables of both, and its entry for a combination of values is
    the product of the two entries that agree with it. Raises ValueError for names that do not fit the table, and where
    two factors disagree on how many values a variable has; for a table that is empty, or holds NaN or an infinity.
    """

    def __init__(self, names, table):
        self.names, self.table = _names(names), as_numbers("table", table, finite=True).astype("float64")
        if len(self.names) != self.table.ndim or len(set(self.names)) != len(self.names):
            raise ValueError(
                f"Received: names={self.names}, a table of shape {self.table.shape}. "
                "Allowed: a name for each axis, all different."
            )

    def __repr__(self):
        return f"<Factor of {', '.join(f'{name} ({n})' for name, n in self.sizes.items()) or 'nothing'}>"

    @property
    def sizes(self):
        """How many values each variable has, {name: int}."""
        return dict(zip(self.names, self.table.shape, strict=True))

    def __mul__(self, other):
        names = self.names + tuple(name for name in other.names if name not in self.names)
        for name in set(self.names) & set(other.names):
            if self.sizes[name] != other.sizes[name]:
                raise ValueError(
                    f"Received: {name!r} with {self.sizes[name]} and with {other.sizes[name]} values. "
                    "Allowed: the same number in both factors."
                )
        return Factor(names, self.spread(names) * other.spread(names))

    def spread(self, names):
        """The table with its axes in the order of ``names``, and an axis of length 1 for each name that it lacks, so
        that tables of different factors multiply entry by entry."""
        own = [name for name in names if name in self.names]
        table = self.table.transpose([self.names.index(name) for name in own])
        return table.reshape([self.sizes.get(name, 1) for name in names])

    def sum_out(self, *names):
        """The factor without these variables: entries that differ only in them are added."""
        return self._without(names, np.sum)

    def max_out(self, *names):
        """The factor without these variables: of entries that differ only in them the largest stays."""
        return self._without(names, np.max)

    def _without(self, names, reduce):
        for name in names:
            self._axis(name)
        axes = tuple(i for i, name in enumerate(self.names) if name in names)
        return Factor([name for name in self.names if name not in names], reduce(self.table, axis=axes))

    def given(self, evidence):
        """The part of the table that agrees with the evidence, {name: value}; names that are not here do not matter.

        Raises ValueError for a value that a variable does not have.
        """
        check_type(dict, "{name: value}", evidence=evidence)
        for name, value in evidence.items():
            if name not in self.names:
                continue
            whole = isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.bool_))
            if not whole or not 0 <= value < self.sizes[name]:
                raise ValueError(f"Received: {name}={value}. Allowed: 0 to {self.sizes[name] - 1}.")
        place = tuple(evidence.get(name, slice(None)) for name in self.names)
        return Factor([name for name in self.names if name not in evidence], self.table[place])

    def ordered(self, names):
        """The same factor with its axes in this order. Raises ValueError when these are not its variables."""
        if set(_names(names)) != set(self.names):
            raise ValueError(f"Received: names={tuple(names)}. Allowed: {self.names}, in any order.")
        return Factor(names, self.spread(names))

    def normalised(self):
        """The factor divided by its sum: a distribution. Raises ValueError where all entries are 0."""
        total = self.table.sum()
        if not total > 0:
            raise ValueError("Received: a factor whose entries are all 0. Allowed: evidence that can happen.")
        return Factor(self.names, self.table / total)

    def _axis(self, name):
        if name not in self.names:
            raise ValueError(f"Unknown variable. Received: {name!r}. Allowed: {', '.join(self.names) or 'none'}.")
        return self.names.index(name)


def _names(names):
    """Names as a tuple; a string names by its letters. Raises ValueError for anything else."""
    if not isinstance(names, (str, list, tuple)) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"Received: names={names!r}. Allowed: a tuple of str.")
    return tuple(names)


def product(factors):
    """The product of all factors (a list), one ``Factor``; of none it is the number 1."""
    result = Factor((), 1.0)
    check_type((list, tuple), "a list of Factor", factors=factors)
    for factor in factors:
        check_type(Factor, "a Factor", **{"one of the factors": factor})
        result = result * factor
    return result
