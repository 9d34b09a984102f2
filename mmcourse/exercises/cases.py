"""Inputs on which an answer is judged, and results that are compared.

A check judges on several inputs: ordinary ones of different odd shapes, and one for each condition in the words of the
task. ``case(x, y, when="where two scores are equal")`` is one of them; a case without ``when`` is an ordinary one.
"""

import copy
from dataclasses import dataclass, field

import numpy as np

RTOL, ATOL = 1e-4, 1e-5  # wide enough for float32, far too narrow for a wrong formula on random inputs
DEEPEST, MOST = 8, 100_000  # lists in lists, and items of one of them, that are still compared
ROUGH = {"e": 1e-2}  # what came in half precision has no more digits than that


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


# ── comparing ───────────────────────────────────────────────────────────────────────────────────────


def agree(came, wanted, rtol=RTOL, atol=ATOL):
    """Whether two arrays of one shape hold the same numbers, position by position -> bool array. NaN agrees with NaN.

    The absolute tolerance grows with the largest number that is wanted: a sum of large terms that is nearly 0 has their
    rounding errors. What came in half precision is compared with fewer digits.
    """
    rough = ROUGH.get(came.dtype.char, 0)
    a, b = np.asarray(came), np.asarray(wanted)
    if a.dtype.kind in "biu" and b.dtype.kind in "biu":
        return a == b
    finite = np.abs(b[np.isfinite(b)]) if b.size else b
    scale = max(1.0, float(finite.max())) if finite.size else 1.0
    with np.errstate(all="ignore"):
        return np.isclose(a, b, rtol=max(rtol, rough), atol=max(atol * scale, rough * scale * 0.1), equal_nan=True)


def plain(value, depth=0):
    """A result as nested tuples and dicts of arrays, texts and None, for a comparison; None for what cannot be read."""
    from mmcourse.exercises import expect

    if value is None or isinstance(value, (str, bytes)):
        return value
    if depth > DEEPEST:
        return Unread(value)
    if isinstance(value, dict):
        return {key: plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return value
    try:
        return expect.array(value, kind="complex")
    except expect.Wrong:
        pass
    if isinstance(value, np.ndarray) and value.dtype.kind in "US":
        return value
    if isinstance(value, (list, tuple)) and len(value) <= MOST:
        return tuple(plain(item, depth + 1) for item in value)
    return Unread(value)


@dataclass(frozen=True, eq=False)
class Unread:
    """Something that is no result of any exercise."""

    value: object


def alike(one, other, rtol=RTOL, atol=ATOL):
    """Whether two results (as ``plain`` gives them) are the same."""
    if isinstance(one, Unread) or isinstance(other, Unread):
        return isinstance(one, Unread) and isinstance(other, Unread) and type(one.value) is type(other.value)
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        if one.shape != other.shape or (one.dtype.kind in "US") != (other.dtype.kind in "US"):
            return False
        if one.dtype.kind in "US":
            return bool((one == other).all())
        return bool(agree(one, other, rtol, atol).all())
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[k], other[k], rtol, atol) for k in one)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(alike(a, b, rtol, atol) for a, b in zip(one, other, strict=True))
    if isinstance(one, str) and isinstance(other, str):  # NumPy's texts, too
        return str(one) == str(other)
    return type(one) is type(other) and one == other
