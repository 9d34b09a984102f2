"""Packages whose names are imported when they are first asked for (PEP 562)."""

import importlib
import sys

_waiting = []  # modules with layers that Keras shall know as soon as it is there


def lazy(package, modules, layers=()):
    """The two functions ``__getattr__`` and ``__dir__`` of a package, to be assigned to these names at its end.

    A name of one module then costs only what that module imports: the NumPy half of a package starts without Keras,
    and a page's kernel holds the modules that the page uses, no others.

    Args:
        package: its ``__name__``. modules: {module of the package: the names it gives}.
        layers: those of the modules whose layers a saved model may hold. They are imported along with the package, or
            with `mmcourse.backend` where that comes later: Keras finds only the classes of modules that were imported.
    Raises ValueError for a name that two modules give.
    """
    homes = {name: module for module, names in modules.items() for name in names}
    if len(homes) < sum(map(len, modules.values())):
        raise ValueError(f"Received: a name of {package} twice among {modules}. Allowed: one module for each name.")

    def get(name):
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package])
        found = getattr(importlib.import_module(f"{package}.{homes[name]}"), name)
        setattr(sys.modules[package], name, found)  # the next time it is there
        if "keras" in sys.modules:
            keras_is_here()
        return found

    _waiting.extend(f"{package}.{module}" for module in layers)
    if "keras" in sys.modules:
        keras_is_here()
    return get, lambda: sorted({*vars(sys.modules[package]), *homes})


def keras_is_here():
    """Import the modules with layers whose packages were imported before Keras.

    Where one of such a package is just being imported, and brought Keras, its turn comes with the next name.
    """
    for name in list(_waiting):
        if name not in _waiting:  # one of those before it has brought it
            continue
        _waiting.remove(name)
        try:
            importlib.import_module(name)
        except ImportError as error:
            _waiting.append(name)
            if "partially initialized" not in str(error):
                raise
