"""The package of figures: it loads only the modules that are asked for, and holds only what is used."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mmcourse import plots

PACKAGE = Path(plots.__file__).parent
MODULES = {path.stem: ast.parse(path.read_text("utf8")) for path in PACKAGE.glob("*.py") if path.stem != "__init__"}
HOMES = {name: module for module, names in plots.MODULES.items() for name in names}
PAGES = "\n".join(path.read_text("utf8") for path in sorted((PACKAGE.parents[1] / "book").glob("*.md")))


def needed(module):
    """A module of the package and all of the package that it imports, directly or by another one."""
    found, todo = {"look"}, {module}
    while todo:
        found.add(name := todo.pop())
        imported = [node.module for node in ast.walk(MODULES[name]) if isinstance(node, ast.ImportFrom)]
        todo |= {one.removeprefix("mmcourse.plots.") for one in imported if one.startswith("mmcourse.plots.")} - found
    return found


@pytest.mark.parametrize("name", ["table", "beam_tree"])
def test_what_is_imported_loads_only_what_it_needs(name):
    code = f"import sys; from mmcourse.plots import {name}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {m.removeprefix("mmcourse.plots.") for m in done.stdout.split() if m.startswith("mmcourse.plots.")}
    assert loaded == needed(HOMES[name]) and len(loaded) < 5


def test_the_table_says_where_each_name_is():
    assert plots.__all__ == sorted(HOMES) and set(plots.__all__) <= set(dir(plots))
    for name in plots.__all__:
        assert getattr(plots, name).__module__ == f"mmcourse.plots.{HOMES[name]}"
    assert not set(plots.__all__) & set(MODULES), "a module would hide the function of its name"


def test_the_package_gives_what_pages_use_and_nothing_else():
    assert set(re.findall(r"(?<!mmcourse\.)\bplots\.(\w+)", PAGES)) == set(plots.__all__)


def test_nothing_in_its_modules_is_unused():
    used, unused = {*plots.__all__, "style"}, []
    for tree in MODULES.values():
        used |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        used |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for module, tree in MODULES.items():
        for node in tree.body:
            names = [node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
            if isinstance(node, ast.Assign):
                names = [part.id for target in node.targets for part in ast.walk(target) if isinstance(part, ast.Name)]
            unused += [f"{module}.{name}" for name in names if name not in used]
    assert unused == []
