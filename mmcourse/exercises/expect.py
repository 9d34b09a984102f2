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

_KINDS = {
    "number": ("biuf", "numbers"),
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
    (booleans and integers too), "float", "integer" or "bool".
    """
    if kind not in _KINDS:
        raise ValueError(f"Unknown kind of array. Received: kind={kind!r}. Allowed: {', '.join(_KINDS)}.")
    result = _numpy(value)
    allowed, words = _KINDS[kind]
    if result.dtype.kind not in allowed:
        raise Wrong(f"Expected an array of {words}; got {described(value, result)}.")
    if shape is not None and not _fits(result.shape, shape):
        wanted = "(" + ", ".join("any" if n is None else str(n) for n in shape) + ("," if len(shape) == 1 else "") + ")"
        raise Wrong(f"Expected the shape {wanted}{': ' + why if why else ''}; got the shape {result.shape}.")
    return result


def number(value, what="a number"):
    """The value as a float: a Python or NumPy number, or an array of one number."""
    if isinstance(value, str):
        raise Wrong(f"Expected {what}; got the text {safe_repr(value)}. Write it without quotation marks.")
    if isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_)):
        try:
            return float(value)
        except OverflowError:
            raise Wrong(f"Expected {what}; got an integer of absurd size.") from None
    result = array(value)
    if result.dtype.kind == "b" or result.size != 1:
        raise Wrong(f"Expected {what}; got {described(value, result)}.")
    return float(result.reshape(()))


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
    bad = ~np.isclose(a, e, rtol=rtol, atol=atol)
    if not bad.any():
        return
    if not np.isfinite(a).all() and np.isfinite(e).all():
        what = "NaN" if np.isnan(a).any() else "infinity"
        raise Wrong(f"{message} (Your result contains {what}.)")
    at = tuple(int(i) for i in np.argwhere(bad)[0])
    place = f" at position {list(at)}" if at else ""
    raise Wrong(f"{message} Expected about {_figure(np.broadcast_to(e, a.shape)[at])}{place}; got {_figure(a[at])}.")


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
    elif type(actual) is not type(expected) or actual != expected:
        raise Wrong(f"{message} Expected {safe_repr(expected)}; got {safe_repr(actual)}.")


def true(condition, message):
    """That the condition holds."""
    if not condition:
        raise Wrong(message)


# ── inside ──────────────────────────────────────────────────────────────────────────────────────────


def _numpy(value):
    """Any backend's tensor, a number or nested lists, as a NumPy array of our own."""
    if value is None:
        raise Wrong("Your function returned None. Is there a `return` at its end?")
    if value is Ellipsis:
        raise Wrong("There is still a `...` where the answer belongs.")
    try:
        if hasattr(value, "detach"):  # PyTorch, perhaps on a GPU, perhaps with a gradient
            value = value.detach().cpu()
        try:
            result = np.array(value)
        except (TypeError, ValueError, RuntimeError, NotImplementedError):
            if "keras" not in sys.modules or isinstance(value, (list, tuple)):
                raise
            result = np.array(sys.modules["keras"].ops.convert_to_numpy(value))
    except ValueError as error:
        if "inhomogeneous" in str(error):
            raise Wrong("Expected an array; got nested lists whose rows have different lengths.") from None
        raise Wrong(
            f"Expected an array; got {described(value)}, which NumPy cannot read ({safe_text(error)})."
        ) from None
    except Exception as error:
        raise Wrong(
            f"Expected an array; got {described(value)}, which NumPy cannot read ({safe_text(error)})."
        ) from None
    if result.dtype.kind == "V" and result.dtype.names is None:  # bfloat16 and other formats of accelerators
        try:
            result = result.astype("float32")
        except (TypeError, ValueError):
            raise Wrong(f"Expected an array; got {described(value)}.") from None
    if result.dtype.kind == "O":
        raise Wrong(f"Expected an array of numbers; got {described(value)}.")
    return result


def _fits(shape, wanted):
    return len(shape) == len(wanted) and all(w is None or n == w for n, w in zip(shape, wanted, strict=True))


def described(value, result=None):
    """What was received, in words; ``result`` is the same as an array, where it is one."""
    name = {"ndarray": "array", "EagerTensor": "tensor", "ArrayImpl": "array"}.get(
        type(value).__name__, type(value).__name__
    )
    article = "an" if name[:1].lower() in "aeiou" else "a"
    if result is not None and result.ndim:
        return f"{article} {name} of dtype {result.dtype} and shape {result.shape}"
    return f"{article} {name}: {safe_repr(value)}"


def _figure(value):
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else f"{value:.5g}"
    return safe_repr(value)
