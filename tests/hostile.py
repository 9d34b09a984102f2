"""Right arguments -> the wrong ones that people give in their place, each with a name: another type, shape, size, range
or kind of number."""

import numpy as np

nan, inf = float("nan"), float("inf")


def hostile(value):
    """Yield (what, the changed value) of one argument."""
    if isinstance(value, np.ndarray):
        yield from of_array(value)
    elif isinstance(value, bool):
        yield from [("None", None), ("a string", "yes")]
    elif isinstance(value, int):
        changed = (0, -1, value + 0.5, float(value), nan, True, str(value), None, [value], {"a": value})
        yield from ((repr(one), one) for one in changed)
    elif isinstance(value, float):
        changed = (nan, inf, -1.0, 0, str(value), None, [value], {"a": value}, True, 1e9)
        yield from ((repr(one), one) for one in changed)
    elif isinstance(value, str):
        yield from ((repr(one), one) for one in ("nonsense", "", None, 3, [value]))
    elif isinstance(value, dict):
        yield from of_dict(value)
    elif isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        yield from [("empty", type(value)()), ("None", None), ("a string", "abc"), ("a dict", dict(enumerate(value)))]
        if value:
            yield "a row less", value[:-1]
            yield from ((f"first: {what}", type(value)([one, *value[1:]])) for what, one in hostile(value[0]))
    elif value is not None:
        yield from [("None", None), ("a string", "abc"), ("an array", np.ones((4, 3), "float32"))]


def of_dict(value):
    yield from [("empty", {}), ("a list", list(value.values())), ("None", None), ("an array", np.ones((4, 3)))]
    if not value:
        return
    key = next(iter(value))
    yield "one less", {k: v for k, v in value.items() if k != key}
    yield "another name", {("other" if k == key else k): v for k, v in value.items()}
    yield "one more", value | {"other": value[key]}
    for k, v in value.items():
        yield from ((f"{k}: {what}", value | {k: changed}) for what, changed in hostile(v))


def of_array(x):
    yield from [("a list", x.tolist()), ("None", None), ("a dict", {"a": x}), ("a string", "abc"), ("a number", 3)]
    yield from [("strings", x.astype(str)), ("complex", x.astype("complex64")), ("None in it", nothing_in(x))]
    if x.ndim:
        yield from [("an axis more", x[..., None]), ("an axis before", x[None]), ("an axis less", x[0])]
        yield "empty", x[:0]
        if len(x) > 1:
            yield from [("one row", x[:1]), ("a row less", x[:-1])]
    if x.ndim > 1:
        yield from [("less wide", x[..., :-1]), ("one wide", x[..., :1]), ("transposed", np.swapaxes(x, 0, -1))]
    if x.dtype.kind == "f":
        yield from [("a NaN", spoilt(x, nan)), ("an infinity", spoilt(x, inf)), ("bools", x > 0)]
        yield from [("integers", (x * 10).astype("int64")), ("negative", -np.abs(x) - 1)]
    elif x.dtype.kind in "iu":
        yield from [("fractions", x + 0.5), ("floats", x.astype("float32")), ("too large", x.astype("int64") + 100_000)]
        yield from [("a NaN", spoilt(x.astype("float64"), nan)), ("bools", x > 0), ("negative", -x.astype("int64") - 1)]
    else:
        yield from [("0 and 1", x.astype("int64")), ("0 and -inf", np.where(x, 0.0, -inf).astype("float32"))]
        yield from [("halves", np.full(x.shape, 0.5, "float32")), ("nothing", x & False), ("all", x | True)]


def spoilt(x, value):
    x = x.copy()
    x.flat[0] = value
    return x


def nothing_in(x):
    x = x.astype(object)
    x.flat[0] = None
    return x
