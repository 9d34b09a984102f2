"""Inputs on which an answer is judged.

A check judges on several inputs: ordinary ones of different odd shapes, and one for each condition in the words of the
task. ``case(x, y, when="where two scores are equal")`` is one of them; a case without ``when`` is an ordinary one.
"""

import copy
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Case:
    """Arguments of one call. ``when`` completes "wrong …": the condition of the task that this case is there for."""

    arguments: tuple
    when: str = ""
    named: dict = field(default_factory=dict)

    def fresh(self):
        """The arguments, for one call: copies of arrays and containers, and what ``made_anew`` makes."""
        return tuple(value.make() if isinstance(value, Anew) else copied(value) for value in self.arguments)


@dataclass(frozen=True)
class Anew:
    """An argument with a state of its own (a generator, a step that counts its calls): each call gets a new one."""

    make: object


def case(*arguments, when=""):
    """One input of a check."""
    return Case(arguments, when)


def anew(make):
    """An argument that ``make()`` makes for each call."""
    return Anew(make)


def copied(value):
    """A deep copy of arrays and containers; functions and what cannot be copied are handed over as they are."""
    if isinstance(value, np.ndarray) and value.dtype != object:
        return value.copy()
    if isinstance(value, dict):
        return {k: copied(v) for k, v in value.items()}
    if type(value) in (list, tuple):
        return type(value)(copied(v) for v in value)
    if callable(value):  # a copied method would carry a copy of its object
        return value
    try:
        return copy.deepcopy(value)
    except Exception:
        return value
