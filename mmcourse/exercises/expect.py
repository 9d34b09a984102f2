"""What a check expects of an answer. Each function returns quietly, or raises the diagnosis that the student reads.

A message says the likely cause; what was expected and what came is added to it. Arrays may come from any backend: a
result of TensorFlow, JAX or PyTorch is converted, and nothing here imports one of them.
"""

import math
import numbers
import sys

import numpy as np

from mmcourse.exercises.sandbox import Answer, Wrong, safe_repr, safe_text

RTOL, ATOL = 1e-4, 1e-5  # wide enough for float32, far too narrow for a wrong formula on random inputs
MOST = 10_000_000  # numbers in an array, or items in nested lists: more is never asked for, and would fill the memory

_KINDS = {
    "number": ("biuf", "numbers"),
    "complex": ("biufc", "numbers"),
    "float": ("f", "floating-point numbers"),
    "integer": ("iu", "integers"),
    "bool": ("b", "True and False"),
}


def pure(answer, *args, **kwargs):
    """What ``answer(*args, **kwargs)`` returns. The function works on copies, and a changed input is an error.

    The answer that a check receives does this at every call; ``pure`` says so where it matters, and does the same for
    any other function.
    """
    return (answer if isinstance(answer, Answer) else Answer(answer))(*args, **kwargs)


def array(value, shape=None, why="", kind="number"):
    """The value as a NumPy array, a copy.

    ``shape`` is a tuple, None in it allows any length; ``why`` says in words what the axes are. ``kind`` is "number"
    (booleans and integers too), "complex" (complex numbers too), "float", "integer" or "bool".
    """
    if kind not in _KINDS:
        raise ValueError(f"Unknown kind of array. Received: kind={kind!r}. Allowed: {', '.join(_KINDS)}.")
    allowed, words = _KINDS[kind]
    result = _numpy(value, f"an array of {words}")
    if result.dtype.kind not in allowed:
        raise Wrong(f"Expected an array of {words}; got {described(value, result)}.")
    if shape is not None and not _fits(result.shape, shape):
        wanted = "(" + ", ".join("any" if n is None else str(n) for n in shape) + ("," if len(shape) == 1 else "") + ")"
        raise Wrong(f"Expected the shape {wanted}{': ' + why if why else ''}; got the shape {result.shape}.")
    return result


def mask(value, shape=None, why=""):
    """The value as an array of True and False; 1 and 0 will do."""
    result = array(value, shape, why)
    odd = result[(result != 0) & (result != 1)]
    if odd.size:
        raise Wrong(f"Expected a mask, an array of True and False; got {_figure(odd.flat[0])} in it.")
    return result.astype(bool)


def number(value, what="a number", finite=True):
    """The value as a float: a Python or NumPy number, or an array of one number; NaN and infinity if not ``finite``."""
    if isinstance(value, str):
        try:
            float(value)
        except ValueError:
            raise Wrong(f"Expected {what}; got the text {safe_repr(value)}.") from None
        raise Wrong(f"Expected {what}; got the text {safe_repr(value)}. Write it without quotation marks.")
    if isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_)):
        try:
            result = float(value)
        except OverflowError:
            raise Wrong(f"Expected {what}; got an integer of absurd size.") from None
    else:
        result = _numpy(value, what)
        if result.dtype.kind not in "iuf" or result.size != 1:
            raise Wrong(f"Expected {what}; got {described(value, result)}.")
        result = float(result.reshape(()))
    if finite and not math.isfinite(result):
        raise Wrong(f"Expected {what}; got {'NaN' if math.isnan(result) else 'infinity'}.")
    return result


def shape(value):
    """The shape of the value as an array, or None where it is none: for the diagnosis of a shape that is well known."""
    try:
        return _numpy(value, "an array").shape
    except Wrong:
        return None


def choice(value, choices):
    """The one of ``choices`` (strings) that the value names; case and blanks around it do not matter."""
    allowed = ", ".join(f'"{c}"' for c in choices)
    if not isinstance(value, str):
        raise Wrong(f"Expected one of {allowed}; got {described(value)}.")
    for c in choices:
        if value.strip().casefold() == c.casefold():
            return c
    raise Wrong(f"Expected one of {allowed}; got {safe_repr(value)}.")


def parts(value, names):
    """The parts of a function's result, as a tuple; ``names`` says what they are, in order: ``("inputs",
    "targets")``."""
    wanted = f"Expected {len(names)} results, `{', '.join(names)}`"
    if value is None:
        raise Wrong(f"{wanted}; your function returned None. Is there a `return` at its end?")
    if not isinstance(value, (tuple, list)) and not isinstance(value, (str, dict)):
        array = _numpy(value, wanted.removeprefix("Expected ")) if hasattr(type(value), "__len__") else None
        if array is None or array.ndim == 0 or len(array) != len(names):
            raise Wrong(f"{wanted}; got one: {described(value)}.")
        value = tuple(array)
    if not isinstance(value, (tuple, list)):
        raise Wrong(f"{wanted}; got one: {described(value)}.")
    if len(value) != len(names):
        raise Wrong(f"{wanted}; got {len(value)}.")
    return tuple(value)


def close(actual, expected, message, rtol=RTOL, atol=ATOL):
    """That the numbers agree; a scalar ``expected`` stands for every position. NaN never agrees."""
    a, e = array(actual), np.asarray(expected)
    if e.ndim and a.shape != e.shape:
        raise Wrong(f"{message} Expected the shape {e.shape}; got the shape {a.shape}.")
    if a.size == 0 and e.size:  # nothing agrees with everything
        raise Wrong(f"{message} Expected about {_figure(e)}; got an array without numbers, of shape {a.shape}.")
    bad = ~np.isclose(a, e, rtol=rtol, atol=atol)
    if not bad.any():
        return
    if not np.isfinite(a).all() and np.isfinite(e).all():
        what = "NaN" if np.isnan(a).any() else "infinity"
        raise Wrong(f"{message} (Your result contains {what}.)")
    at = tuple(int(i) for i in np.argwhere(bad)[0])
    place = f" at position {list(at)}" if at else ""
    raise Wrong(f"{message} Expected about {_figure(np.broadcast_to(e, a.shape)[at])}{place}; got {_figure(a[at])}.")


def within(values, low, high, what):
    """That no number is below ``low`` or above ``high``, NaN neither; ``what`` says what they are: "places in a row".

    For numbers that the check itself uses as indices.
    """
    a = array(values)
    bad = a[~((a >= low) & (a <= high))]
    if bad.size:
        raise Wrong(f"Expected {what}, from {low} to {high}; got {_figure(bad.flat[0])}.")


def apart(values, rtol=0.01):
    """Whether no two of these numbers are close, so that a wrong answer can be told by its value. For a check that
    draws its inputs anew until this holds."""
    ordered = np.sort(np.asarray(values, "float64"))
    return bool((np.diff(ordered) > rtol * np.abs(ordered[1:])).all())


def differs(actual, mistaken, message, rtol=RTOL, atol=ATOL):
    """That the answer is not this well-known mistake. Where both are the same by chance of the inputs, do not ask."""
    a, m = array(actual), np.asarray(mistaken)
    if a.shape == m.shape and np.allclose(a, m, rtol=rtol, atol=atol, equal_nan=True):
        raise Wrong(message)


def equal(actual, expected, message):
    """That arrays (of integers, of booleans), strings or lists are exactly equal."""
    if isinstance(expected, np.ndarray):
        a = array(actual)
        if a.shape != expected.shape:
            raise Wrong(f"{message} Expected the shape {expected.shape}; got the shape {a.shape}.")
        if not np.array_equal(a, expected):
            at = tuple(int(i) for i in np.argwhere(a != expected)[0])
            place = f" at position {list(at)}" if at else ""
            raise Wrong(f"{message} Expected {_figure(expected[at])}{place}; got {_figure(a[at])}.")
    elif type(actual) is not type(expected) or not same(actual, expected):
        raise Wrong(f"{message} Expected {safe_repr(expected)}; got {safe_repr(actual)}.")


def same(one, other):
    """Whether two values are equal; False where they cannot be compared (lists with arrays inside, odd classes)."""
    try:
        return bool(one == other)
    except Exception:
        return False


def true(condition, message):
    """That the condition holds."""
    if not condition:
        raise Wrong(message)


# ── inside ──────────────────────────────────────────────────────────────────────────────────────────


def _numpy(value, wanted):
    """Any backend's tensor, a number or nested lists, as a NumPy array of our own; ``wanted`` says what was expected.

    This is the one place where what came is read: whatever it is, it leaves as an array of numbers, texts or dates, or
    the student is told what it is instead.
    """
    if value is None:
        raise Wrong(f"Expected {wanted}; got None. A function without `return` gives None.")
    if value is Ellipsis:
        raise Wrong(f"Expected {wanted}; there is still a `...` where the answer belongs.")
    if np.ma.isMaskedArray(value) and np.ma.is_masked(value):
        raise Wrong(f"Expected {wanted}; got a masked array, some of whose entries are masked and have no value.")
    if _items(value) > MOST:
        what = described(value, value) if isinstance(value, np.ndarray) else _named(value)
        raise Wrong(f"Expected {wanted}; got {what}: more than {MOST:,} items.")
    try:
        if hasattr(value, "detach"):  # PyTorch, perhaps on a GPU, perhaps with a gradient
            value = value.detach().cpu()
        try:
            result = np.array(value)
        except (TypeError, ValueError, RuntimeError, NotImplementedError):
            if "keras" not in sys.modules or isinstance(value, (list, tuple)):
                raise
            result = np.array(sys.modules["keras"].ops.convert_to_numpy(value))
        if result.dtype.kind == "V" and result.dtype.names is None:  # bfloat16 and other formats of accelerators
            result = result.astype("float32")
    except Exception as error:
        if "inhomogeneous" in safe_text(error):
            reason = "whose rows have different lengths"
        else:
            reason = f"which NumPy cannot read ({safe_text(error)})"
        raise Wrong(f"Expected {wanted}; got {described(value)}, {reason}.") from None
    if result.dtype.kind == "O":
        raise Wrong(f"Expected {wanted}; got {described(value)}.")
    return result


def _items(value, known=None, depth=1):
    """How many items the value holds, also where its lists hold one another many times over.

    A list that holds itself holds endlessly many.
    """
    if isinstance(value, np.ndarray):
        return value.size
    if not isinstance(value, (list, tuple)):
        try:
            return len(value) if hasattr(type(value), "__len__") else 1
        except Exception:
            return 1
    known = {} if known is None else known
    if id(value) not in known:
        known[id(value)] = math.inf
        inner = value if depth < 64 else ()  # NumPy's axes
        known[id(value)] = len(value) + sum(_items(item, known, depth + 1) - 1 for item in inner)
    return known[id(value)]


def _fits(shape, wanted):
    return len(shape) == len(wanted) and all(w is None or n == w for n, w in zip(shape, wanted, strict=True))


def described(value, result=None):
    """What was received, in words; ``result`` is the same as an array, where it is one."""
    if value is None:
        return "None"
    if result is not None and result.ndim:
        return f"{_named(value)} of dtype {result.dtype} and shape {result.shape}"
    return f"{_named(value)}: {safe_repr(value)}"


def _named(value):
    name = {"ndarray": "array", "EagerTensor": "tensor", "ArrayImpl": "array"}.get(
        type(value).__name__, type(value).__name__
    )
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _figure(value):
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else f"{value:.5g}"
    return safe_repr(value)
