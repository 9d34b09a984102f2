"""Which of TensorFlow, JAX and PyTorch Keras runs on. It is settled when Keras is first imported, and not later.

The variable ``KERAS_BACKEND`` chooses. Where nothing is chosen it is TensorFlow, or what else is installed.
"""

import importlib.util
import json
import os
import sys
from pathlib import Path

NAMES = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}
CHOICE = "KERAS_BACKEND chooses among tensorflow, jax and torch"
NONE = f"Keras runs on TensorFlow, JAX or PyTorch ({CHOICE}), and none of them is installed: pip install tensorflow"
DEFAULT = "Keras's default"


def has(module):
    """Whether a module can be imported. (Not whether a distribution of its name is installed: that of ``tensorflow``
    may be tensorflow-cpu; and a folder without ``__init__.py``, as an uninstallation may leave one, is no module.)"""
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError):  # ValueError: imported already, by halves
        return False
    return spec is not None and spec.origin is not None


def installed():
    """The backends that are installed here, the default first."""
    return [name for name in NAMES if has(name)]


def asked():
    """The backend that was asked for, and where: in KERAS_BACKEND, else in Keras's own file, else nowhere."""
    if name := os.environ.get("KERAS_BACKEND"):
        return name, "KERAS_BACKEND"
    file = Path(os.environ.get("KERAS_HOME") or Path("~").expanduser() / ".keras") / "keras.json"
    try:
        name = str(json.loads(file.read_text("utf8"))["backend"])
    except (OSError, ValueError, LookupError, TypeError):
        name = "tensorflow"
    return name, DEFAULT if name == "tensorflow" else str(file)  # Keras itself writes that name there


def wanted():
    """The name of the backend that was asked for."""
    return asked()[0]


def choose(tell=lambda line: None):
    """Make Keras start on a backend that is installed, and return its name.

    What KERAS_BACKEND names is taken at its word: ImportError, with the cure, where that is not installed. A default
    gives way to what is there, and ``tell`` gets a line that says so.
    """
    if "keras" in sys.modules:
        return sys.modules["keras"].config.backend()
    there, (name, where) = installed(), asked()
    if not there:
        raise ImportError(NONE)
    if name not in there:
        if where == "KERAS_BACKEND":
            cure = f"set it to {' or '.join(there)}, or install that"
            raise ImportError(f"KERAS_BACKEND is {name!r}, which is not installed here: {cure}")
        tell(f"{name!r} ({where}) is not installed here: Keras runs on {NAMES[there[0]]}. {CHOICE}.")
        name = os.environ["KERAS_BACKEND"] = there[0]
    return name
