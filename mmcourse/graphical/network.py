"""A Bayesian network over the decisions of a few modalities, its tables learned by counting.

Source: Pearl (1988), "Probabilistic Reasoning in Intelligent Systems".
"""

import numpy as np

from mmcourse._machinery.checks import as_numbers, check_number, check_type, check_whole
from mmcourse.graphical.factor import Factor
from mmcourse.graphical.inference import elimination, most_probable
from mmcourse.graphical.markov import check_states, columns_of

MISSING = -1  # in data: this modality was not there


class BayesianNetwork:
    """A joint distribution as a product of tables, one for each variable given its parents:

        p(x_1, ..., x_m) = prod_i p(x_i | parents of x_i)

    Args:
        states: {name: how many values it has}.
        parents: {name: names of its parents}; who is not named has none. No variable may be its own ancestor.

    ``tables`` is {name: float64 array}, its axes the parents in their order and last the variable itself; along the
    last axis it sums to one. ``fit`` learns them, or set them by ``with_tables``. Raises ValueError for unknown names
    and for a circle.
    """

    def __init__(self, states, parents):
        check_states(states)
        check_type(dict, "{name: names of its parents}", parents=parents)
        for name, each in parents.items():
            check_type((list, tuple), "a tuple of names", **{f"parents[{name!r}]": each})  # a string has letters
            for parent in each:
                check_type(str, "a name", **{f"one of parents[{name!r}]": parent})
        self.states = dict(states)
        for name in {*parents, *(p for each in parents.values() for p in each)}:
            if name not in self.states:
                raise ValueError(f"Unknown variable. Received: {name!r}. Allowed: {', '.join(self.states)}.")
        self.parents = {name: tuple(parents.get(name, ())) for name in self.states}
        self.order = self._parents_first()
        self.tables = None

    @classmethod
    def naive(cls, label, states):
        """Naive Bayes fusion: ``label`` is the only parent of every other variable, so that modalities are independent
        given the label. ``states`` as for the class."""
        check_states(states)
        check_type(str, "a name", label=label)
        if label not in states:
            raise ValueError(f"Received: label={label!r}. Allowed: {', '.join(states)}.")
        return cls(states, {name: (label,) for name in states if name != label})

    def _parents_first(self):
        order = []
        while len(order) < len(self.states):
            ready = [n for n in self.states if n not in order and all(p in order for p in self.parents[n])]
            if not ready:
                circle = [name for name in self.states if name not in order]
                raise ValueError(f"Received: a circle among {circle}. Allowed: arrows that never lead back.")
            order += ready
        return order

    def with_tables(self, tables):
        """Sets all tables, {name: array as described above}, and returns the network.

        Raises ValueError for a wrong shape, and for rows that are no distribution; the network then keeps those it has.
        """
        check_type(dict, f"a dict of {list(self.states)}", tables=tables)
        if not set(self.states) <= set(tables):
            raise ValueError(f"Received: tables of {sorted(map(str, tables))}. Allowed: {sorted(self.states)}.")
        checked = {}
        for name in self.states:
            table = as_numbers(f"tables[{name!r}]", tables[name], finite=True).astype("float64")
            shape = tuple(self.states[n] for n in (*self.parents[name], name))
            if table.shape != shape:
                raise ValueError(f"Received: for {name!r} a table of shape {table.shape}. Allowed: {shape}.")
            if (table < 0).any() or not np.allclose(table.sum(axis=-1), 1):
                raise ValueError(f"Received: for {name!r} rows that are no distribution. Allowed: >= 0, sum 1.")
            checked[name] = table
        self.tables = checked
        return self

    def fit(self, data, pseudo_count=1.0):
        """Learns every table by counting, and returns the network:

            p(x_i = v | u) = (count(v, u) + pseudo_count) / sum over v of the same

        With ``pseudo_count`` 0 this is the maximum of the likelihood; above 0 it is the mean of the posterior under a
        Dirichlet prior, and nothing unseen becomes impossible. ``data``: {name: int array (n,)} for every variable. An
        item counts for a table only where the variable and all its parents are there (not ``MISSING``); that is
        unbiased as long as what is missing does not depend on its value.

        Raises ValueError for values out of range, for a negative pseudo-count, and, where it is 0, for a combination of
        parents that never occurs.
        """
        check_number(">= 0", at_least=0, pseudo_count=pseudo_count)
        columns = columns_of(data, self.states, MISSING)
        tables = {}
        for name in self.states:
            scope = (*self.parents[name], name)
            values = np.stack([columns[n] for n in scope], axis=1)  # (n, parents + 1)
            counts = np.full([self.states[n] for n in scope], float(pseudo_count))
            np.add.at(counts, tuple(values[(values != MISSING).all(axis=1)].T), 1)
            total = counts.sum(axis=-1, keepdims=True)
            if not total.all():
                raise ValueError(
                    f"Parents of {name!r} take values together that no item has. Received: pseudo_count=0. "
                    "Allowed: > 0, or data that hold every combination."
                )
            tables[name] = counts / total
        return self.with_tables(tables)

    def factors(self):
        """The tables as a list of ``Factor``, for ``enumeration``, ``elimination`` and ``most_probable``."""
        if self.tables is None:
            raise ValueError("The network has no tables. Received: none. Allowed: call fit or with_tables first.")
        return [Factor((*self.parents[name], name), self.tables[name]) for name in self.states]

    def posterior(self, query, data):
        """p(query | what was observed) of every item: float64 (n, values of ``query``).

        ``data``: {name: int array (n,)}; ``MISSING`` where a modality is not there. What is missing, and what ``data``
        does not name, is summed out: that is all there is to a missing modality. Every pattern of observations is
        computed once, by elimination.
        """
        check_type(dict, "{name: int array (n,)}", data=data)
        check_type(str, "a name", query=query)
        if query not in self.states or not set(data) <= set(self.states):
            what = f"query={query!r}" if query not in self.states else f"data of {sorted(data)}"
            raise ValueError(f"Received: {what}. Allowed: {', '.join(self.states)}.")
        observed = {name: self.states[name] for name in data if name != query}
        columns = columns_of(data, observed, MISSING, empty=True)
        names = list(columns)
        if not names:
            raise ValueError(f"Received: data of {sorted(data)}. Allowed: at least one variable beside {query!r}.")
        patterns, where = np.unique(np.stack([columns[n] for n in names], axis=1), axis=0, return_inverse=True)
        factors = self.factors()
        answers = []
        for pattern in patterns:
            seen = {n: int(v) for n, v in zip(names, pattern, strict=True) if v != MISSING}
            answers.append(elimination(factors, query, seen).marginal.table)
        return np.reshape(answers, (-1, self.states[query]))[where.reshape(-1)]

    def most_probable(self, evidence=None):
        """The likeliest values of all variables together, {name: int}; see ``graphical.most_probable``."""
        return most_probable(self.factors(), evidence)

    def sample(self, n, rng):
        """``n`` items drawn from the network, parents first: {name: int64 array (n,)}. ``rng``: a NumPy generator."""
        self.factors()  # complains where there are no tables
        check_whole(0, n=n)
        check_type(np.random.Generator, "a NumPy generator, such as np.random.default_rng(0)", rng=rng)
        drawn = {}
        for name in self.order:
            rows = self.tables[name][tuple(drawn[p] for p in self.parents[name])]  # (n, values), or (values,)
            edges = np.broadcast_to(np.cumsum(rows, axis=-1), (n, self.states[name]))
            drawn[name] = np.minimum((rng.random((n, 1)) >= edges).sum(axis=1), self.states[name] - 1)
        return {name: drawn[name] for name in self.states}
