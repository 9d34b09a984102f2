"""Arguments that are checked in many places, in one wording: what came, and what is allowed.

Checks stand before any work and any change of state. Shapes are checked wherever they are known, also while a graph is
made. Values are looked at only where there are any: inside ``tf.function`` or ``jax.jit`` there are none yet.
"""

import math
import numbers

import numpy as np

NUMBERS = "biuf"  # bools among them
KINDS = {"bool": "b", "int": "i", "uint": "u", "float": "f", "bfloat": "f", "complex": "c", "str": "U", "bytes": "S"}


def check_whole(least=1, /, **given):
    """Raise ValueError unless each is a whole number (no bool, no 2.0) of ``least`` or more."""
    for name, value in given.items():
        if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Integral) or value < least:
            raise ValueError(f"Received: {name}={value!r}. Allowed: a whole number from {least}.")


def check_number(allowed, /, at_least=-math.inf, at_most=math.inf, above=-math.inf, **given):
    """Raise ValueError unless each is a finite number within the bounds, which ``allowed`` says in words. A tensor
    without axes is a number; its value counts where it is known."""
    for name, value in given.items():
        one = value if isinstance(value, numbers.Real) else known(value)
        if one is None and hasattr(value, "shape") and shape_of(value) == ():
            continue
        numeric = np.ndim(one) == 0 and np.asarray(one).dtype.kind in "fiu"
        # As what must hold, so that NaN fails.
        if not numeric or not (math.isfinite(one) and at_least <= one <= at_most and one > above):
            raise ValueError(f"Received: {name}={value!r}. Allowed: {allowed}.")


def check_one_of(allowed, /, **given):
    """Raise ValueError unless each is one of ``allowed``."""
    for name, value in given.items():
        plain = not isinstance(value, (bool, np.bool_))  # True == 1
        if not any(value is one or (plain and isinstance(value, type(one)) and value == one) for one in allowed):
            raise ValueError(f"Received: {name}={value!r}. Allowed: {', '.join(map(str, allowed))}.")


def check_shapes(hint="", /, **given):
    """Raise ValueError unless shapes fit their forms and each other: ``check_shapes(a=(a, "n d"), same=(same, "n"))``.

    A letter is one size wherever it stands, a number itself, and "…" at the end any further axes. What is None, and
    axes whose size is not known yet, fit all. ``hint``: a sentence on what to do. What holds no numbers is refused.
    """
    sizes, fits, shapes, forms = {}, True, {}, {}
    for name, (x, form) in given.items():
        shape = None if x is None else shape_of(x)
        if x is not None and _kind(x) not in NUMBERS:
            what = f"of type {dtype_of(x)}" if hasattr(x, "dtype") else f"a {type(x).__name__}"
            raise ValueError(f"Received: {name}, {what}. Allowed: numbers, ({', '.join(form.split())}).")
        if shape is None:
            continue
        axes = form.split()
        shapes[name], forms[name] = shape, _axes(form)
        if open_end := axes[-1:] == ["…"]:
            axes.pop()
        fits = fits and (len(shape) >= len(axes) if open_end else len(shape) == len(axes))
        for size, axis in zip(shape, axes, strict=False):
            wanted = int(axis) if axis.isdigit() else sizes.setdefault(axis, size) if size is not None else None
            fits = fits and (size is None or size == wanted)
    if not fits:
        came = ", ".join(f"{name} of shape {shape}" for name, shape in shapes.items())
        allowed = ", ".join(f"{name} {form}" for name, form in forms.items())
        raise ValueError(f"Received: {came}. Allowed: {allowed}.{' ' * bool(hint)}{hint}")


def check_numbers(hint="", /, **given):
    """`check_shapes`, and each must be there and hold finite numbers (or bools); values count where they are known."""
    for name, (x, form) in given.items():
        check_kind(NUMBERS, f"numbers {_axes(form)}", **{name: x})
    check_shapes(hint, **given)
    check_finite(**{name: x for name, (x, _) in given.items()})


def check_integers(least=0, /, **given):
    """`check_shapes`, and each must be an array (or list) of integers of ``least`` or more."""
    for name, (x, form) in given.items():
        allowed, values = f"integers from {least}, {_axes(form)}", known(x)
        check_kind("iu", allowed, **{name: x})
        if values is not None and values.size and values.min() < least:
            raise ValueError(f"Received: {name} with {values.min()}. Allowed: {allowed}.")
    check_shapes(**given)


def check_kind(kinds, allowed, /, **given):
    """Raise ValueError unless each is an array (or what becomes one) of a type of these ``kinds``, letters as NumPy has
    them; where nothing but that is to be checked."""
    for name, x in given.items():
        if _kind(x) not in kinds:
            raise ValueError(f"Received: {_named(name, x)}. Allowed: {allowed}.")


def check_texts(allowed, /, **given):
    """Raise TypeError unless each is many strings: a list, a tuple or an array of them (one string is many letters).
    ``allowed``: what they are, in words."""
    for name, texts in given.items():
        if isinstance(texts, (str, bytes, dict)) or not hasattr(texts, "__iter__"):
            raise TypeError(f"Received: {_named(name, texts)}. Allowed: {allowed}.")
        if hasattr(texts, "__len__"):
            for place, text in enumerate(texts):
                check_text(f"{name}[{place}]", text)


def check_text(name, text):
    """Raise TypeError unless it is a string."""
    if not isinstance(text, str):
        raise TypeError(f"Received: {_named(name, text)}. Allowed: a str.")


def _axes(form):
    """ "n d" as "(n, d)"."""
    axes = form.split()
    return f"({', '.join(axes)}{',' * (len(axes) == 1)})"


def _kind(x):
    """The kind of the entries of an array, a tensor (also in a graph) or a list: "b", "i", "u", "f" or "c" as NumPy has
    them, "U" for text, "O" for anything else, such as rows of several lengths."""
    try:
        name = dtype_of(x)
    except ValueError:
        return "O"
    return next((kind for start, kind in KINDS.items() if name.startswith(start)), "O")


def _named(name, x):
    """What came, short: type and, of arrays, shape."""
    if hasattr(x, "dtype"):
        return f"{name} of type {dtype_of(x)} and shape {shape_of(x)}"
    shown = " ".join(repr(x).split())
    return f"{name}={shown if len(shown) <= 60 else shown[:60] + '…'}, {type(x).__name__}"


def check_given(**given):
    """Raise ValueError where one is None."""
    for name, value in given.items():
        if value is None:
            raise ValueError(f"Received: {name}=None. Allowed: an array or tensor.")


def check_mask(name, mask, *shapes, stretch=False, needed=False):
    """Raise ValueError unless a mask is bool or 0 and 1, and has one of the ``shapes`` (None: of any size). None is no
    mask, unless one is ``needed``. ``stretch``: an axis of 1, the last one excepted, may stand for all."""
    if mask is None and not needed:
        return
    shape, values = shape_of(mask), None
    last = len(shape or ()) - 1

    def fit(wanted):
        pairs = enumerate(zip(shape, wanted, strict=True))
        return all(None in (a, b) or a == b or (stretch and a == 1 and i < last) for i, (a, b) in pairs)

    fits = shape is None or not shapes or any(len(shape) == len(wanted) and fit(wanted) for wanted in shapes)
    dtype = dtype_of(mask)
    if fits and "bool" in dtype:
        return
    if fits:
        values = known(mask)
        sound = values is not None and values.dtype.kind in "fiu" and ((values == 0) | (values == 1)).all()
        if sound or (values is None and mask is not None):
            return
    strange = ""
    if values is not None and values.dtype.kind in "fiu":
        strange = f", with values such as {values[(values != 0) & (values != 1)].flat[0]!s}"
    named = [", ".join("any" if size is None else str(size) for size in wanted) for wanted in shapes]
    sizes = " or ".join(f"({one}{',' * (',' not in one)})" if one else "()" for one in named)
    raise ValueError(
        f"Received: {name} of shape {shape} and type {dtype}{strange}. "
        f"Allowed: bool, or 0 and 1{', ' * bool(sizes)}{sizes}; True (or 1) = keep."
    )


def check_finite(**given):
    """Raise ValueError where an array holds NaN or an infinity (if its values are known)."""
    for name, x in given.items():
        values = known(x)
        if values is not None and not np.isfinite(values).all():
            raise ValueError(
                f"Received: {name} of shape {values.shape}, {int((~np.isfinite(values)).sum())} of them NaN or "
                "infinite. Allowed: finite numbers."
            )


def check_ids(below, /, **given):
    """Raise ValueError unless arrays or tensors hold whole numbers from 0 to below ``below`` (if their values are
    known): a table looked up beyond its end gives an error on one backend, NaN or another row on others."""
    for name, x in given.items():
        values = known(x)
        if values is None and hasattr(x, "shape"):
            continue
        values = as_numbers(name, x, whole=True, empty=True)
        if values.size and not (values.min() >= 0 and values.max() < below):
            raise ValueError(
                f"Received: {name} from {values.min()} to {values.max()}. Allowed: ids from 0 to {below - 1}."
            )


def check_floats(name, x):
    """Raise ValueError unless ``x`` is an array or tensor of floats; a list has no type, and integers no fractions."""
    if not hasattr(x, "dtype") or "float" not in dtype_of(x):
        what = f"of type {dtype_of(x)}" if hasattr(x, "dtype") else f"a {type(x).__name__}"
        raise ValueError(f"Received: {name}, {what}. Allowed: an array or tensor of floats.")


def check_type(kind, allowed, /, **given):
    """Raise ValueError unless each is a ``kind`` (a class, or several); ``allowed`` says in words what that is."""
    for name, value in given.items():
        if not isinstance(value, kind):
            raise ValueError(f"Received: {name}, a {type(value).__name__}. Allowed: {allowed}.")


def as_numbers(name, x, form="…", /, *, whole=False, finite=False, empty=False):
    """An array, a tensor or a list as a NumPy array of numbers (bool among them), of the shape that ``form`` says as
    `check_shapes` does. ``whole``: whole numbers, int64. ``finite``: no NaN, no infinity. ``empty``: may be.

    Raises ValueError for anything else: strings, None, a dict, rows of several lengths.
    """
    try:
        values = known(x) if hasattr(x, "shape") else np.asarray(x)
    except ValueError:  # rows of several lengths
        values = None
    if values is None or values.dtype.kind not in "biuf":
        what = f"of type {values.dtype}" if hasattr(x, "dtype") and values is not None else f"a {type(x).__name__}"
        raise ValueError(f"Received: {name}, {what}. Allowed: an array of {'whole ' * whole}numbers.")
    check_shapes(**{name: (values, form)})
    if not (values.size or empty):
        raise ValueError(f"Received: {name} of shape {values.shape}, empty. Allowed: one or more.")
    if finite:
        check_finite(**{name: values})
    if whole:
        strange = values[~(np.isfinite(values) & (values == np.floor(values)))] if values.dtype.kind == "f" else ()
        if len(strange):
            raise ValueError(f"Received: {name} with values such as {strange[0]!s}. Allowed: whole numbers.")
        values = values.astype("int64")
    return values


def generator(seed):
    """NumPy's generator of a seed. Raises ValueError for what is none."""
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError):
        raise ValueError(f"Received: seed={seed!r}. Allowed: a whole number from 0, or None.") from None


def shape_of(x):
    """The shape of an array, a tensor or a list, None for an axis that is not known yet; None where nothing is."""
    try:
        return tuple(x.shape if hasattr(x, "shape") else np.shape(x))
    except ValueError:  # a tensor of unknown rank; rows of several lengths
        return None


def dtype_of(x):
    """The name of the type of an array's or a tensor's entries, "float32", the same on all backends."""
    dtype = x.dtype if hasattr(x, "dtype") else np.asarray(x).dtype
    return getattr(dtype, "name", None) or str(dtype).removeprefix("torch.")


def known(x):
    """The values as a NumPy array, or None where there are none yet: in a graph that is being made."""
    if x is None:
        return None
    try:
        if hasattr(x, "detach"):  # PyTorch
            x = x.detach().cpu()
            x = (x.float() if "bfloat16" in str(x.dtype) else x).numpy()
        x = np.asarray(x)
    except Exception:  # each backend has its own errors for what is symbolic
        return None
    return x.astype("float32") if x.dtype.kind == "V" or "bfloat16" in str(x.dtype) else x
