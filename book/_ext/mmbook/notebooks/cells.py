"""Cells: what tags mean in a notebook, and ids that stay the same."""

from __future__ import annotations

import ast
import hashlib
import re

from nbformat.v4 import new_code_cell, new_markdown_cell

from ..expand import NEEDS_DATA

HIDDEN = {"hide-input", "hide-cell", "remove-input", "remove-cell"}
KEPT = {"raises-exception", "exercise", NEEDS_DATA}
FORM = {"cellView": "form", "jupyter": {"source_hidden": True}}


def markdown(text: str):
    return new_markdown_cell(text.strip("\n"))


def code(source: str, tags: list[str] | tuple = ()):
    """A code cell without outputs. Cells that the book hides are folded; cells that need data run only where it is."""
    source = source.strip("\n")
    if NEEDS_DATA in tags:
        source = f"%%needs_data\n{source}"
    hidden = HIDDEN & set(tags)
    if hidden and not source.startswith(("# @title", "%%")):
        source = f"# @title The code of this cell (double-click to see it)\n{source}"
    made = new_code_cell(source)
    if hidden:
        made.metadata.update(FORM)
    if "remove-cell" in tags:
        made.metadata["mmcourse"] = {"cell": "removed"}
    if kept := sorted(KEPT & set(tags)):
        made.metadata["tags"] = kept
    return made


def at_headings(text: str) -> list[str]:
    """One cell a heading, so that Colab and JupyterLab can fold sections."""
    parts, fence = [[]], None
    for line in text.split("\n"):
        if mark := re.match(r"^(`{3,}|~{3,})", line):
            fence = None if fence and line.startswith(fence) else fence or mark[1]
        if not fence and re.match(r"^#{1,3} ", line) and any(part.strip() for part in parts[-1]):
            parts.append([])
        parts[-1].append(line)
    return [joined for part in parts if (joined := "\n".join(part).strip("\n"))]


def without_bindings(cells: list) -> list:
    """Leave out removed cells that only bind numbers to the text; a notebook's text has them already."""
    kept, later = [], ""  # from the end, so that a name used only by cells that go is not missed
    for cell in reversed(cells):
        if cell.metadata.pop("mmcourse", None) and _only_binds(cell.source):
            if not any(re.search(rf"\b{re.escape(name)}\b", later) for name in _names(cell.source)):
                continue
        if cell.cell_type == "code":
            later += cell.source + "\n"
        kept.append(cell)
    return kept[::-1]


def _only_binds(source: str) -> bool:
    try:
        body = ast.parse(source).body
    except SyntaxError:  # a magic, for instance
        return False

    def binds(value):
        return isinstance(value, ast.Call) and getattr(value.func, "id", "") == "bind"

    return all(
        isinstance(s, ast.Import | ast.ImportFrom | ast.Assert)
        or (isinstance(s, ast.Expr | ast.Assign) and (binds(s.value) or isinstance(s.value, ast.Constant)))
        for s in body
    )


def _names(source: str) -> set[str]:
    names = set()
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in statement.names}
        elif isinstance(statement, ast.Assign):
            names |= {n.id for target in statement.targets for n in ast.walk(target) if isinstance(n, ast.Name)}
    return names


def identify(cells: list) -> None:
    """Give every cell an id made of its content, the same in every run."""
    seen: dict[str, int] = {}
    for cell in cells:
        base = hashlib.sha256(f"{cell.cell_type}\0{cell.source}".encode()).hexdigest()[:10]
        seen[base] = seen.get(base, 0) + 1
        cell["id"] = base if seen[base] == 1 else f"{base}-{seen[base]}"
