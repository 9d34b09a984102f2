"""Odd answers: what a student's function may return instead of what was asked for.

``ODD`` names them. ``altered`` puts one of them into a right answer, so that it comes as deep into a check as it can.
``anything`` is a Hypothesis strategy of nested, ragged and object answers.
"""

import datetime
import decimal
import fractions
import types
from collections import namedtuple

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

Pair = namedtuple("Pair", "first second")


class NoRepr:
    def __repr__(self):
        raise RuntimeError("no repr")

    __str__ = __repr__


class NoTruth:
    """Like some arrays: neither equal nor unequal to anything, neither true nor false."""

    __hash__ = None

    def __eq__(self, other):
        raise ValueError("ambiguous")

    def __bool__(self):
        raise ValueError("ambiguous")


class NoArray:
    def __array__(self, dtype=None, copy=None):
        raise TypeError("no array")

    def __len__(self):
        raise TypeError("no length")


class NoAttributes:
    def __getattr__(self, name):
        raise RuntimeError(name)


def _deep(levels, width=1):
    value = 0.5
    for _ in range(levels):
        value = [value] * width
    return value


def _inside_itself():
    value = [1]
    value.append(value)
    return value


def _objects(*items):
    array = np.empty(len(items), dtype=object)
    for i, item in enumerate(items):
        array[i] = item
    return array


ODD = {
    "None": None,
    "an empty list": [],
    "an empty tuple": (),
    "an empty dict": {},
    "empty lists in a list": [[], []],
    "ragged": [[1], [2, 3]],
    "ragged deeper": [[[1], [2, 3]], [[4], [5]]],
    "ragged parts": ((1, 2), (3,), ()),
    "ragged pair": ([1, 2], [[3], [4, 5]]),
    "nothing and a list": (None, None, []),
    "None in a tuple": (None,),
    "None in a list": [None],
    "None twice": (None, None),
    "dots in a list": [...],
    "objects": _objects(None, "a", 3),
    "objects, two axes": np.array([[1, 2.5], ["x", None]], dtype=object),
    "arrays of two lengths": _objects(np.ones(2), np.ones(3)),
    "arrays of two lengths, a list": [np.ones(2), np.ones((2, 2))],
    "two arrays of objects": (_objects(None, 1), _objects(None, 1)),
    "texts": ["a", "b"],
    "three texts": ("a", "b", "c"),
    "an array of texts": np.array(["a", "b"]),
    "lists of texts": [["a"], ["b", "c"]],
    "text": "0.5 nats, I think",
    "no text": "",
    "bytes": b"abc",
    "a bytearray": bytearray(b"ab"),
    "a dict": {"a": 1},
    "a dict of places": {0: 1.0, 1: 2.0},
    "a dict of arrays": {"image": np.ones(3), "text": None},
    "dicts in a list": [{"a": 1}],
    "a set": {1, 2},
    "a frozen set": frozenset([1]),
    "a table": pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}),
    "a table of numbers": pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]}),
    "a column": pd.Series([1.0, 2.0], index=["x", "y"]),
    "a column of texts": pd.Series(["a", "b"]),
    "a column with a hole": pd.Series([1, None], dtype="Int64"),
    "categories": pd.Categorical(["a", "b"]),
    "a generator": (i for i in range(3)),
    "an iterator": iter([1, 2]),
    "a map": map(str, [1]),
    "a named tuple": Pair(None, [1]),
    "NaN": float("nan"),
    "NaN of NumPy": np.float64("nan"),
    "infinity": float("inf"),
    "minus infinity": -np.inf,
    "NaNs": np.full((2, 3), np.nan),
    "a complex number": 1 + 2j,
    "complex numbers": np.ones((2, 3), complex),
    "no axes, a number": np.array(-2.5),
    "no axes, None": np.array(None),
    "no axes, text": np.array("a"),
    "no rows": np.zeros((0, 3)),
    "seven axes": np.full((1,) * 7, -3.0),
    "all masked": np.ma.masked_all(3),
    "some masked": np.ma.array([[1.0, 2.0], [3.0, 4.0]], mask=[[True, False], [False, True]]),
    "masked": np.ma.masked,
    "a record": np.zeros(2, [("a", "f4"), ("b", "i4")]),
    "raw bytes": np.zeros(2, "V4"),
    "dates": np.zeros(3, "datetime64[s]"),
    "a date": datetime.date(2020, 1, 1),
    "deep": _deep(900),
    "deep and endless": _deep(60, width=2),
    "inside itself": _inside_itself(),
    "wide": [[[0.5] * 50] * 50] * 20,
    "endless": range(10**12),
    "an array of a trillion": np.broadcast_to(1.0, (10**6, 10**6)),
    "far above": 10**6,
    "far below": -(10**6),
    "a huge integer": 10**400,
    "huge integers": [10**400, 10**401],
    "a decimal number": decimal.Decimal("-1.5"),
    "a fraction": fractions.Fraction(-1, 3),
    "a class": dict,
    "a type": int,
    "an exception": ValueError("x"),
    "a module": types,
    "a function": len,
    "a lambda": lambda a, b, c, d, e, f, g, h: a,
    "an object": object(),
    "a name space": types.SimpleNamespace(shape=(2, 3), ndim=2),
    "no repr": NoRepr(),
    "no truth": NoTruth(),
    "no array": NoArray(),
    "no attributes": NoAttributes(),
    "NotImplemented": NotImplemented,
}
NUMBERS = {  # a check may say of these what it says of a wrong number
    "NaN", "NaN of NumPy", "infinity", "minus infinity", "no axes, a number", "seven axes", "a fraction", "NaNs",
    "far above", "far below",
}  # fmt: skip
INSERTED = (
    "None", "ragged", "nothing and a list", "text", "NaN", "a complex number", "masked", "no truth", "a huge integer",
    "far below",
)  # fmt: skip


def altered(right, odd, inside=False):
    """Label and version, for each: the right answer with one of its parts replaced by what is odd."""
    if inside:
        yield "", odd
    if isinstance(right, np.ndarray) and right.ndim and right.size:
        at = np.unravel_index(right.size // 2, right.shape)
        array = right.astype(object)
        array[at] = None if isinstance(odd, np.ndarray) else odd
        yield "array of objects", array
        whole = part = right.tolist()
        for i in at[:-1]:
            part = part[i]
        part[at[-1]] = odd
        yield "lists", whole
        if isinstance(odd, float):
            array = right.astype(float)
            array[at] = odd
            yield "array", array
    elif isinstance(right, dict):
        for key in list(right)[:1]:
            yield "dict without a key", {k: v for k, v in right.items() if k != key}
            for label, part in altered(right[key], odd, inside=True):
                yield f"dict: {label}", {**right, key: part}
    elif isinstance(right, (list, tuple)):
        kind = type(right)
        make = kind._make if hasattr(kind, "_make") else kind
        for i in sorted({0, len(right) - 1}) if right else ():
            for label, part in altered(right[i], odd, inside=True):
                yield f"{kind.__name__}[{i}]: {label}", make([*right[:i], part, *right[i + 1 :]])
        if make is kind:
            yield f"{kind.__name__}, longer", make([*right, odd])


def _named(label):  # Hypothesis must be able to print what it draws
    return ODD[label]


_plain = (
    st.none()
    | st.just(...)
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=5)
    | st.binary(max_size=5)
    | st.decimals()
    | st.fractions()
    | st.dates()
    | st.sampled_from([label for label in ODD if label not in ("deep and endless", "no repr")]).map(_named)
)
_arrays = st.one_of(
    arrays.arrays(dtype, arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
    for dtype in ("float64", "float32", "float16", "int64", "uint8", "bool", "complex64", "U3", "S2", "datetime64[D]")
)
_objects_inside = st.lists(_plain, max_size=4).map(lambda items: _objects(*items))
anything = st.recursive(
    _plain | _arrays | _objects_inside,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.tuples(inner, inner)
        | st.tuples(inner, inner, inner)
        | st.tuples(inner, inner).map(lambda p: Pair(*p))
        | st.dictionaries(st.text(max_size=2) | st.integers(0, 3), inner, max_size=3)
        | st.lists(inner, max_size=3).map(lambda items: _objects(*items))
        | st.lists(inner, max_size=3).map(lambda items: pd.Series(_objects(*items), dtype=object))
        | st.lists(inner, max_size=3).map(iter)
    ),
    max_leaves=8,
)
