"""A name with a leading underscore belongs to the module that defines it: no other module of the package uses it."""

import ast
from pathlib import Path

import pytest

import mmcourse

PACKAGE = Path(mmcourse.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))


def private(name):
    return name.startswith("_") and not name.startswith("__")


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def private_names(path):
    """The private names that a module defines: functions, classes, variables, attributes."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self":
            found.add(node.attr)
    return set(filter(private, found))


def is_module(dotted):
    place = PACKAGE.parent.joinpath(*dotted.split("."))
    return place.is_dir() or place.with_suffix(".py").is_file()


def borrowed(path, of_others):
    """The private names of other modules that a module uses. ``of_others``: all that they define."""
    own = private_names(path)
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").startswith("mmcourse")):
            for alias in node.names:
                if private(alias.name) and not is_module(f"{node.module}.{alias.name}"):
                    yield f"{path.relative_to(PACKAGE)}:{node.lineno} imports {alias.name}"
        elif isinstance(node, ast.Attribute) and node.attr in of_others - own:  # not what Keras calls so
            inherited = ast.unparse(node.value) in ("self", "cls", "super()")
            if not inherited:
                yield f"{path.relative_to(PACKAGE)}:{node.lineno} uses {ast.unparse(node)}"


def test_no_private_name_crosses_a_module():
    everything = set().union(*map(private_names, MODULES))
    assert [use for path in MODULES for use in borrowed(path, everything)] == []


@pytest.mark.parametrize(
    "code, count",
    [
        ("from mmcourse.plots.look import _paper", 1),
        ("from . import _paper", 1),
        ("from mmcourse.plots import look\nlook._paper", 1),
        ("def f(index):\n    index._paper = 1", 1),
        ("from mmcourse._machinery import backends", 0),
        ("from mmcourse import _machinery, __version__", 0),
        ("class A(B):\n    def f(self, other):\n        self._own, self._paper\n        other._keras", 0),
        ("class A:\n    def f(self, other):\n        self._paper = other._paper", 0),
    ],
)
def test_what_counts_as_crossing(code, count, tmp_path, monkeypatch):
    path = tmp_path / "mmcourse" / "a.py"
    path.parent.mkdir()
    path.write_text(code, "utf8")
    (path.parent / "_machinery").mkdir()
    monkeypatch.setattr("test_house_names.PACKAGE", path.parent)
    assert len(list(borrowed(path, {"_paper"}))) == count
