"""A Markov random field whose potentials are learned: exact, for fields whose joint table fits into memory."""

import numpy as np

from mmcourse._machinery.checks import as_numbers, check_number, check_type, check_whole
from mmcourse.graphical.factor import Factor, product

LARGEST = 2**20  # entries of the joint table


def check_states(states):
    """Raise ValueError unless these are {name: how many values}, one or more of each."""
    check_type(dict, "{name: how many values it has}", states=states)
    if not states:
        raise ValueError("Received: states={}. Allowed: one variable or more.")
    check_whole(**{f"states[{name!r}]": size for name, size in states.items()})


def columns_of(data, states, least=0, empty=False):
    """{name: int64 (n,)} for each of ``states``, of one length, values from ``least`` to below the variable's number.
    Raises ValueError for anything else."""
    check_type(dict, f"a dict of {list(states)}", data=data)
    if not set(states) <= set(data):
        raise ValueError(f"Received: data of {sorted(data)}. Allowed: {', '.join(states)}.")
    columns = {name: as_numbers(name, data[name], "n", whole=True, empty=empty) for name in states}
    if len({len(column) for column in columns.values()}) > 1:
        lengths = {name: len(column) for name, column in columns.items()}
        raise ValueError(f"Received: columns of several lengths, {lengths}. Allowed: one value of each for an item.")
    for name, column in columns.items():
        if not ((column >= least) & (column < states[name])).all():
            allowed = f"0 to {states[name] - 1}{', or -1 where it is missing' * (least < 0)}"
            raise ValueError(f"Received: {name!r} with other values. Allowed: {allowed}.")
    return columns


class MarkovField:
    """A log-linear Markov random field:

        p(x) = exp(sum_k weight_k · feature_k(x)) / (the sum of this over all x)

    where every feature is a sum of small tables (so that one weight may stand at many places: one strength for all
    pairs of neighbours).

    Args:
        states: {name: how many values it has}.
        features: {name of the feature: list of ``Factor``}; the feature of a combination of values is the sum of the
            entries that agree with it. (Entries of a feature may be negative.)

    ``weights`` is {name of the feature: float}, 0 at first. Raises ValueError for unknown variables, and for a joint
    table of more than 2^20 entries.

    Source: Koller and Friedman (2009), "Probabilistic Graphical Models", chapter 20; Della Pietra, Della Pietra and
    Lafferty (1997), "Inducing features of random fields".
    """

    def __init__(self, states, features):
        check_states(states)
        check_type(dict, "{name: a list of Factor}", features=features)
        for name, parts in features.items():
            check_type((list, tuple), "a list of Factor", **{f"features[{name!r}]": parts})
            for part in parts:
                check_type(Factor, "a Factor", **{f"one of features[{name!r}]": part})
        self.states, self.features = dict(states), {name: list(parts) for name, parts in features.items()}
        shape = tuple(self.states.values())
        entries = int(np.prod(shape))
        if entries > LARGEST:
            raise ValueError(f"Received: a joint table of {entries} entries. Allowed: at most {LARGEST}.")
        if not features:
            raise ValueError("Received: features={}. Allowed: one or more.")
        for factor in (f for parts in self.features.values() for f in parts):
            for name, size in factor.sizes.items():
                if self.states.get(name) != size:
                    raise ValueError(f"Received: a feature of {name!r} with {size} values. Allowed: {self.states}.")
        names = list(self.states)
        sums = [
            sum((np.broadcast_to(f.spread(names), shape) for f in parts), np.zeros(shape))
            for parts in self.features.values()
        ]
        self.values = np.stack(sums, axis=-1).reshape(entries, len(sums))  # (combinations, features)
        self.weights = dict.fromkeys(self.features, 0.0)

    def log_likelihood(self, data, weights=None):
        """Mean natural logarithm of p(x) over the items. ``data``: {name: int array (n,)}; ``weights``: (features,)."""
        return float(np.mean(self._log_joint(weights)[self._places(data)]))

    def gradient(self, data, weights=None):
        """The gradient of ``log_likelihood`` by the weights, float64 (features,): for each feature its mean over the
        data, *observed*, less its mean under the model, *expected*."""
        observed = self.values[self._places(data)].mean(axis=0)
        expected = np.exp(self._log_joint(weights)) @ self.values
        return observed - expected

    def fit(self, data, steps=2000, penalty=1e-4):
        """Climbs the mean log-likelihood less ``penalty``/2 · the sum of squared weights; returns the field.

        Plain gradient steps. The second derivatives are (minus) the covariances of the features, which their range
        bounds, so the step length is chosen such that no step ever goes down. The function is concave: there is one
        summit.
        """
        check_whole(steps=steps)
        check_number("0 or more", at_least=0, penalty=penalty)
        spread = self.values - (self.values.max(axis=0) + self.values.min(axis=0)) / 2
        rate = 1.0 / ((spread**2).sum(axis=1).max() + penalty)
        observed = self.values[self._places(data)].mean(axis=0)
        weights = np.array(list(self.weights.values()))
        for _ in range(steps):
            expected = np.exp(self._log_joint(weights)) @ self.values
            weights = weights + rate * (observed - expected - penalty * weights)
        self.weights = dict(zip(self.features, weights.tolist(), strict=True))
        return self

    def factors(self):
        """The potentials exp(weight · table) as a list of ``Factor``, for ``enumeration`` and ``elimination``."""
        parts = [(self.weights[name], f) for name, tables in self.features.items() for f in tables]
        ones = [Factor((name,), np.ones(size)) for name, size in self.states.items()]
        return ones + [Factor(f.names, np.exp(weight * f.table)) for weight, f in parts]

    def joint(self):
        """p(x) of every combination, a ``Factor`` of all variables."""
        return product(self.factors()).ordered(list(self.states)).normalised()

    def _log_joint(self, weights=None):
        weights = list(self.weights.values()) if weights is None else weights
        weights = as_numbers("weights", weights, f"{len(self.weights)}", finite=True).astype("float64")
        scores = self.values @ weights
        top = scores.max()
        return scores - (top + np.log(np.exp(scores - top).sum()))

    def _places(self, data):
        columns = list(columns_of(data, self.states).values())
        return np.ravel_multi_index(columns, tuple(self.states.values()))
