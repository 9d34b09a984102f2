"""Whether two results are the same, whatever kind of arrays and containers they are made of."""

from dataclasses import dataclass

import numpy as np

from mmcourse.exercises import expect
from mmcourse.exercises.expect import ATOL, RTOL

DEEPEST, MOST = 8, 100_000  # lists in lists, and items of one of them, that are still compared
ROUGH = {"e": 1e-2}  # what came in half precision has no more digits than that


def agree(came, wanted, rtol=RTOL, atol=ATOL):
    """Whether two arrays of one shape hold the same numbers, position by position -> bool array. NaN agrees with NaN.

    The absolute tolerance grows with the largest number that is wanted: a sum of large terms that is nearly 0 has their
    rounding errors. What came in half precision is compared with fewer digits.
    """
    rough = ROUGH.get(came.dtype.char, 0)
    a, b = np.asarray(came), np.asarray(wanted)
    if a.dtype.kind in "biu" and b.dtype.kind in "biu":
        return a == b
    known = np.isfinite(b)
    sizes = np.abs(b)
    scale = max(1.0, float(sizes[known].max(initial=0)))
    atol, rtol = max(atol * scale, rough * scale * 0.1), max(rtol, rough)
    with np.errstate(all="ignore"):
        near = (np.abs(a - b) <= atol + rtol * sizes) & known
        return near | (a == b) | ((a != a) & (b != b))  # infinity is itself, and NaN is NaN


def plain(value, depth=0):
    """A result as nested tuples and dicts of arrays, texts and None, for a comparison; None for what cannot be read."""
    if value is None or isinstance(value, (str, bytes)):
        return value
    if depth > DEEPEST:
        return Unread(value)
    if isinstance(value, dict):
        return {key: plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return value
    if not _ragged(value):
        try:
            return expect.array(value, kind="complex")
        except expect.Wrong:
            pass
    if isinstance(value, np.ndarray) and value.dtype.kind in "US":
        return value
    if isinstance(value, (list, tuple)) and len(value) <= MOST:
        return tuple(plain(item, depth + 1) for item in value)
    return Unread(value)


def _ragged(value):
    """Whether a few results stand side by side whose shapes differ, so that together they are no array."""
    if not isinstance(value, (list, tuple)) or len(value) > DEEPEST:
        return False
    return len({np.shape(item) for item in value if isinstance(item, (np.ndarray, int, float, np.number))}) > 1


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
