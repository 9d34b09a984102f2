"""Which of TensorFlow, JAX and PyTorch Keras runs on. It is settled when Keras is first imported, and not later.

The variable ``KERAS_BACKEND`` chooses. Where nothing is chosen it is TensorFlow, or what else is installed.
"""

import importlib.util
import json
import os
import sys
from pathlib import Path

NAMES = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}
NONE = "Keras runs on TensorFlow, JAX or PyTorch, and none of them is installed: pip install tensorflow"


def installed():
    """The backends that are installed here, the default first."""
    return [name for name in NAMES if importlib.util.find_spec(name)]


def wanted():
    """The backend that was asked for: in KERAS_BACKEND, else in Keras's own file, else TensorFlow."""
    if asked := os.environ.get("KERAS_BACKEND"):
        return asked
    folder = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    try:
        return json.loads((folder / "keras.json").read_text("utf8"))["backend"]
    except (OSError, ValueError, LookupError, TypeError):
        return "tensorflow"


def choose():
    """Make Keras start on a backend that is installed, and return its name.

    What KERAS_BACKEND names is taken at its word: ImportError, with the cure, where that is not installed. A default
    gives way to what is there.
    """
    if "keras" in sys.modules:
        return sys.modules["keras"].config.backend()
    there, name = installed(), wanted()
    if not there:
        raise ImportError(NONE)
    if name not in there:
        if os.environ.get("KERAS_BACKEND"):
            cure = f"set it to {' or '.join(there)}, or install that"
            raise ImportError(f"KERAS_BACKEND is {name!r}, which is not installed here: {cure}")
        name = os.environ["KERAS_BACKEND"] = there[0]
    return name
