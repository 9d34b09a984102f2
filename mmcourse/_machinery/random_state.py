"""All that is random in a training, taken and given back: a run that was stopped draws on as if it had not been.

Beside the variables of the model, its seed generators among them, it is what Python and NumPy draw from, the generators
that the batches hold, the one that Keras asks where no seed was given, and PyTorch's own.
"""

import random
import sys

import numpy as np

GLOBAL = "global_seed_generator"


def take(holder=None):
    """The state now -> a dict for JSON. ``holder``: an object, such as batches, whose attributes may be generators:
    NumPy's, Keras's, or layers that hold some."""
    state = {
        "python": random.getstate(),
        "numpy": np.random.get_state(legacy=False),
        "held": {name: _held(one) for name, one in _generators(holder)},
        "keras": _seeds([_keras()]) if _keras() is not None else None,
    }
    if (torch := _torch()) is not None:
        state["torch"] = torch.get_rng_state().numpy()
        if torch.cuda.is_available():
            state["cuda"] = [one.cpu().numpy() for one in torch.cuda.get_rng_state_all()]
    return _plain(state)


def give_back(state, holder=None):
    """Set what `take` found. Raises ValueError where ``holder`` holds other generators than those."""
    there = dict(_generators(holder))
    if there.keys() != state["held"].keys():
        raise ValueError(f"Received: generators {sorted(state['held'])}. Allowed: {sorted(there)}.")
    if state["keras"] is not None:
        _set_seeds([_keras(make=True)], state["keras"])  # first: to make one draws from Python's
    version, numbers, gauss = state["python"]
    random.setstate((version, tuple(numbers), gauss))
    np.random.set_state(state["numpy"])
    for name, one in there.items():
        _set(one, state["held"][name])
    if (torch := _torch()) is not None and "torch" in state:
        torch.set_rng_state(torch.tensor(state["torch"], dtype=torch.uint8))
        if torch.cuda.is_available() and "cuda" in state:
            torch.cuda.set_rng_state_all([torch.tensor(one, dtype=torch.uint8) for one in state["cuda"]])


def _generators(holder):
    from mmcourse.backend import keras

    kinds = (np.random.Generator, np.random.RandomState, keras.random.SeedGenerator, keras.layers.Layer)
    return sorted((name, one) for name, one in vars(holder).items() if isinstance(one, kinds)) if holder else []


def _held(one):
    if isinstance(one, np.random.Generator):
        return one.bit_generator.state
    if isinstance(one, np.random.RandomState):
        return one.get_state(legacy=False)
    return _seeds([one])


def _set(one, state):
    if isinstance(one, np.random.Generator):
        one.bit_generator.state = state
    elif isinstance(one, np.random.RandomState):
        one.set_state(state)
    else:
        _set_seeds([one], state)


def _states(things):
    """The variables of seed generators and layers."""
    return [v for one in things for v in (getattr(one, "variables", None) or [one.state])]


def _seeds(things):
    from mmcourse.backend import keras

    return [np.asarray(keras.ops.convert_to_numpy(variable)) for variable in _states(things)]


def _set_seeds(things, values):
    for variable, value in zip(_states(things), values, strict=True):
        variable.assign(np.array(value))


def _keras(make=False):
    """The generator that Keras asks where a layer or an operation was given no seed; None where it made none yet."""
    try:
        from keras.src.backend.common import global_state
        from keras.src.random import seed_generator
    except ImportError:  # no public name leads there
        return None
    return seed_generator.global_seed_generator() if make else global_state.get_global_attribute(GLOBAL)


def _torch():
    """PyTorch, where Keras runs on it: some of its layers draw from its own generator."""
    from mmcourse.backend import keras

    return sys.modules["torch"] if keras.config.backend() == "torch" else None


def _plain(nest):
    if isinstance(nest, dict):
        return {name: _plain(part) for name, part in nest.items()}
    if isinstance(nest, (list, tuple)):
        return [_plain(part) for part in nest]
    if isinstance(nest, np.ndarray):
        return nest.tolist()
    return nest.item() if isinstance(nest, np.generic) else nest
