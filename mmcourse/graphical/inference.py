"""Exact answers from a list of factors: by the whole joint table, or by eliminating one variable after another.

Source: Zhang and Poole (1994), "A simple approach to Bayesian network computations"; Dechter (1999), "Bucket
elimination"; the greedy orders after Koller and Friedman (2009), "Probabilistic Graphical Models", chapter 9.
"""

from itertools import combinations
from math import prod
from typing import NamedTuple

import numpy as np

from mmcourse._machinery.checks import check_type
from mmcourse.graphical.factor import Factor, product

ORDERS = ("min-fill", "min-size")


class Elimination(NamedTuple):
    """What elimination found, and what it cost.

    ``marginal``: ``Factor`` of the asked variables, summing to one; ``order``: the variables in the order in which they
    were summed out; ``largest``: entries of the largest table on the way, int.
    """

    marginal: Factor
    order: tuple
    largest: int


def enumeration(factors, query, evidence=None):
    """p(query | evidence), by the whole joint table: multiply all, add up what is not asked, divide by the sum.

    - ``factors``: a list of ``Factor``; their product is proportional to the joint distribution;
    - ``query``: a name, or a tuple of names; ``evidence``: {name: value}.

    Returns a ``Factor`` with the axes in the order of ``query``. The table grows as the product of the numbers of
    values of all variables. Raises ValueError for unknown names and for impossible evidence.
    """
    query, evidence = _asked(factors, query, evidence)
    joint = product([factor.given(evidence) for factor in factors])
    return joint.sum_out(*(name for name in joint.names if name not in query)).ordered(query).normalised()


def elimination(factors, query, evidence=None, order="min-fill"):
    """p(query | evidence), one variable at a time: of the factors that hold it, multiply only these, and sum it out.

    The distributive law: a factor without the variable can be taken out of the sum over it.

    - ``factors``, ``query``, ``evidence``: as for ``enumeration``, whose answer is the same;
    - ``order``: names of all variables that are neither asked nor known, in the order in which they go; or
      "min-fill" (next the variable whose neighbours lack the fewest links among each other) or "min-size" (next the
      variable whose table is smallest).

    Returns an ``Elimination``. Raises ValueError for unknown names, an order of other variables, impossible evidence.
    """
    query, evidence = _asked(factors, query, evidence)
    live = [factor.given(evidence) for factor in factors]
    entries = {}  # of the table that each variable was summed out of
    for name in _order(live, query, order):
        joined = product([factor for factor in live if name in factor.names])
        entries[name] = joined.table.size
        live = [factor for factor in live if name not in factor.names] + [joined.sum_out(name)]
    rest = product(live)
    return Elimination(rest.ordered(query).normalised(), tuple(entries), max([*entries.values(), rest.table.size]))


def most_probable(factors, evidence=None, order="min-fill"):
    """The likeliest values of all variables together, given the evidence: {name: int}, the evidence included.

    Elimination with the maximum in place of the sum; what was best is looked up on the way back. This need not be the
    likeliest value of each variable alone. Arguments and errors as for ``elimination``.
    """
    _, evidence = _asked(factors, (), evidence)
    live, trail = [factor.given(evidence) for factor in factors], []
    for name in _order(live, (), order):
        joined = product([factor for factor in live if name in factor.names])
        trail.append((name, joined))
        live = [factor for factor in live if name not in factor.names] + [joined.max_out(name)]
    product(live).normalised()  # complains of impossible evidence
    found = {name: int(value) for name, value in evidence.items()}
    for name, joined in reversed(trail):
        found[name] = int(np.argmax(joined.given(found).table))
    return found


def _asked(factors, query, evidence):
    check_type((list, tuple), "a list of Factor", factors=factors)
    for factor in factors:
        check_type(Factor, "a Factor", **{"one of the factors": factor})
        if (factor.table < 0).any():
            raise ValueError(f"Received: {factor!r} with {factor.table.min():g} in it. Allowed: 0 or more.")
    check_type((str, list, tuple), "a name, or a tuple of names", query=query)
    check_type((dict, type(None)), "{name: value}", evidence=evidence)
    query, evidence = (query,) if isinstance(query, str) else tuple(query), dict(evidence or {})
    known = {name for factor in factors for name in factor.names}
    for name in (*query, *evidence):
        if name not in known:
            raise ValueError(f"Unknown variable. Received: {name!r}. Allowed: {', '.join(sorted(known))}.")
        if name in query and name in evidence:
            raise ValueError(f"Received: {name!r} asked for and given. Allowed: one of the two.")
    return query, evidence


def _order(factors, query, order):
    """Yields the variables to eliminate, in order."""
    sizes = {name: size for factor in factors for name, size in factor.sizes.items()}
    hidden = [name for name in sizes if name not in query]
    check_type((str, list, tuple), f"names, or one of {', '.join(ORDERS)}", order=order)
    if not isinstance(order, str):
        if sorted(order) != sorted(hidden):
            raise ValueError(f"Received: order={tuple(order)}. Allowed: {tuple(hidden)} in any order.")
        yield from order
        return
    if order not in ORDERS:
        raise ValueError(f"Unknown order. Received: order={order!r}. Allowed: names, or one of {', '.join(ORDERS)}.")
    near = {name: set() for name in sizes}  # who shares a factor with whom
    for factor in factors:
        for name in factor.names:
            near[name] |= set(factor.names) - {name}

    def fill(name):
        return sum(b not in near[a] for a, b in combinations(near[name], 2))

    def size(name):
        return sizes[name] * prod(sizes[other] for other in near[name])

    while hidden:
        name = min(hidden, key=fill if order == "min-fill" else size)
        hidden.remove(name)
        linked = near.pop(name)
        for other in linked:  # summing it out puts its neighbours into one factor
            near[other] = (near[other] | linked) - {name, other}
        yield name
