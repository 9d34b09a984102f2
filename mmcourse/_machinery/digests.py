"""One number for everything that decides a result: of arrays, settings, batches, layers with their weights.

A key is a dict of such digests, one for each thing that a reader would name; a file that was made under another key was
made from something else, and `differing` says from what.
"""

import hashlib
import json
from pathlib import Path

import numpy as np

CHUNK = 1 << 24  # bytes at once: a memory map may be larger than memory
ROOT = Path(__file__).resolve().parents[1]


def digest(*things):
    """SHA-256, in hexadecimal, of things: arrays (shape, type and every byte), numbers, texts, None, nests of them,
    NumPy's generators (their state), and whatever Keras can describe (its settings, and all its variables).

    Equal things have equal digests, in every process; a list and a tuple are equal, and so are two dicts in another
    order. Names that Keras gave, which count the layers made before, have no say.
    Raises TypeError for anything else, such as a function.
    """
    found = hashlib.sha256()
    _feed(found.update, things)
    return found.hexdigest()


def differing(key, other):
    """Which parts of two keys differ: their names, "a, b"."""
    names = [*key, *(name for name in other if name not in key)]
    return ", ".join(name for name in names if key.get(name) != other.get(name))


def of_model(model):
    """Digest of the settings of a Keras model or layer, those of all layers inside and how they are joined; not of its
    weights, nor of names."""
    return digest(_plain_names(_config(model)), [type(layer).__qualname__ for layer in _layers(model)])


def of_variables(model):
    """Digest of all variables of a Keras model or layer, the states of its seed generators among them."""
    return digest([_array(variable) for variable in model.variables])


def of_files(paths):
    """Digest of the bytes of files, in order; their names have no say."""
    found = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            found.update(hashlib.file_digest(file, "sha256").digest())
    return found.hexdigest()


def of_code():
    """Digest of the package's modules, but those that draw or examine: what a training runs."""
    files = [path for path in ROOT.rglob("*.py") if path.relative_to(ROOT).parts[0] not in ("exercises", "plots")]
    names = sorted(path.relative_to(ROOT).as_posix() for path in files)
    return digest(names, of_files(ROOT / name for name in names))


def _feed(put, thing):
    if isinstance(thing, np.generic):
        thing = thing.item()
    if thing is None or isinstance(thing, (bool, int, float, complex, str, bytes)):
        put(f"{type(thing).__name__} {thing!r}\0".encode("utf8", "surrogatepass"))
    elif isinstance(thing, np.ndarray):
        _feed_array(put, thing)
    elif isinstance(thing, dict):
        put(f"dict {len(thing)}\0".encode())
        for name in sorted(thing, key=repr):
            _feed(put, name)
            _feed(put, thing[name])
    elif isinstance(thing, (list, tuple, range)):
        put(f"list {len(thing)}\0".encode())
        for part in thing:
            _feed(put, part)
    elif isinstance(thing, np.random.Generator):
        _feed(put, ["generator", thing.bit_generator.state])
    elif hasattr(thing, "get_config"):
        put(f"{type(thing).__module__}.{type(thing).__qualname__} ".encode())
        _feed(put, [of_model(thing), [_array(variable) for variable in getattr(thing, "variables", ())]])
        state = getattr(thing, "state", None)  # of a seed generator
        _feed(put, None if state is None else _array(state))
    else:
        raise TypeError(
            f"Received: {type(thing).__qualname__}. Allowed: arrays, numbers, texts, None, lists and dicts of them, "
            "NumPy's generators, what has a get_config."
        )


def _feed_array(put, x):
    put(f"array {x.dtype.newbyteorder('<').str} {x.shape}\0".encode())
    if x.dtype.hasobject:
        _feed(put, x.tolist())
        return
    x = x.reshape(1) if x.ndim == 0 else x
    rows = max(1, CHUNK // max(1, x.itemsize * int(np.prod(x.shape[1:]))))
    for first in range(0, len(x), rows):
        part = np.ascontiguousarray(x[first : first + rows])
        put(part.astype(part.dtype.newbyteorder("<"), copy=False).tobytes())


def _array(variable):
    from mmcourse.backend import keras

    return np.asarray(keras.ops.convert_to_numpy(variable))


def _layers(model):
    """The layers inside, in the order in which they were made, those of layers included."""
    found, waiting = [], [model]
    while waiting:
        layer = waiting.pop(0)
        if not any(layer is known for known in found):
            found.append(layer)
            waiting[:0] = list(getattr(layer, "_layers", getattr(layer, "layers", ())))
    return found


def _config(thing):
    """Its own settings; where it has none, since its arguments cannot be written down, those of the layers in it."""
    from mmcourse.backend import keras

    try:
        return keras.saving.serialize_keras_object(thing)
    except (NotImplementedError, TypeError, ValueError):
        return [_config(layer) for layer in getattr(thing, "_layers", ()) if layer is not thing]


NAMED = ("trainable", "inbound_nodes", "batch_shape", "seed", "learning_rate")  # one of these: of something named
LEFT_OUT = ("build_config", "compile_config", "shared_object_id")  # of what happened to it, not of what it is


def _plain_names(config):
    """A config, as JSON, with each name of a layer, which may count what was made before, replaced by its place."""
    names = {}

    def collect(part):
        if isinstance(part, dict):
            if isinstance(part.get("name"), str) and any(sign in part for sign in NAMED):
                names.setdefault(part["name"], f"name {len(names)}")
            part = list(part.values())
        for inner in part if isinstance(part, (list, tuple)) else ():
            collect(inner)

    def replaced(part):
        if isinstance(part, dict):
            return {name: replaced(inner) for name, inner in part.items() if name not in LEFT_OUT}
        if isinstance(part, (list, tuple)):
            return [replaced(inner) for inner in part]
        return names.get(part, part) if isinstance(part, str) else part

    collect(config)
    return json.dumps(replaced(config), sort_keys=True, default=repr)
