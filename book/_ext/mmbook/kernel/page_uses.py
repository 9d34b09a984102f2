"""In the kernel of a page: which files of the checkout the page reads. An IPython extension, standard library alone.

It is loaded at the kernel's start, before the first cell, and asked after the last one. It sees what Python opens for
reading (`sys.addaudithook`, also where there is no such file), the modules that were imported, and what h5py opens,
which does so in C. It does not see what other libraries open in C, nor what a process that the page starts reads; pages
do neither. Nor does it see that a page only asks whether a file is there: what pages load (`mmcourse.book.recorded`,
`mmcourse.weights.path`) raises for what is missing, and of a page that fails nothing is kept.
"""

import functools
import importlib.machinery
import importlib.util
import json
import os
import sys

_opened = set()


def load_ipython_extension(shell):
    sys.addaudithook(_hear)
    sys.meta_path.insert(0, _H5py)


def report():
    """JSON: the paths that were opened for reading or imported, sources in the place of compiled files."""
    modules = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    return json.dumps(sorted(filter(None, map(_source, _opened | modules))))


def _hear(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        writes = set(mode) & set("wax+") if isinstance(mode, str) else (flags or 0) & (os.O_WRONLY | os.O_RDWR)
        if not writes:
            _note(path)


def _note(path):
    if isinstance(path, str | bytes | os.PathLike):  # a number is a file that is open already
        _opened.add(os.path.abspath(os.fsdecode(path)))


def _source(path):
    """The file that decides what is read: a module's source for its compiled file; None for what is no file."""
    if not isinstance(path, str):
        return None
    try:
        return importlib.util.source_from_cache(path) if path.endswith(".pyc") else os.path.abspath(path)
    except ValueError:
        return os.path.abspath(path)


class _H5py:
    """Waits until h5py is imported, and makes its files known. An entry of `sys.meta_path`."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name != "h5py._hl.files":
            return None
        sys.meta_path.remove(cls)
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is not None:
            load = spec.loader.exec_module
            spec.loader.exec_module = lambda module: (load(module), _listen(module.File))[0]
        return spec


def _listen(file):
    begin = file.__init__

    @functools.wraps(begin)
    def noted(self, name, mode="r", *arguments, **options):
        if mode == "r":
            _note(name)
        begin(self, name, mode, *arguments, **options)

    file.__init__ = noted
