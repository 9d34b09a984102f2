"""Cells: what tags mean in a notebook, and ids that stay the same."""

from __future__ import annotations

import ast
import hashlib
import re

from nbformat.v4 import new_code_cell, new_markdown_cell

from ..expand import NEEDS_DATA

NEEDS = "needs-"  # and what: data, or the package of an extra, as it is imported
SHOW = {"print", "display", "holds", "compare"}
HIDDEN = {"hide-input", "hide-cell", "remove-input", "remove-cell"}
KEPT = {"raises-exception", "exercise", NEEDS_DATA}
FORM = {"cellView": "form", "jupyter": {"source_hidden": True}}


def markdown(text: str):
    return new_markdown_cell(text.strip("\n"))


def code(source: str, tags: list[str] | tuple = ()):
    """A code cell without outputs. What the book hides is folded where it shows something; cells that need data, or a
    package of an extra (the tag ``needs-faiss``), run only where it is. A removed cell is marked, for ``claims``."""
    source = source.strip("\n")
    removed = "remove-cell" in tags
    folded = HIDDEN & set(tags) and not removed and shows(source)
    if NEEDS_DATA in tags:
        source = f"%%needs_data\n{source}"
    package = next((tag.removeprefix(NEEDS) for tag in tags if tag.startswith(NEEDS) and tag != NEEDS_DATA), None)
    if package and not removed:
        source = f"%%needs {package}\n{source}"
    if folded and not source.startswith(("# @title", "%%")):
        source = f"# @title The code of this cell (double-click to see it)\n{source}"
    made = new_code_cell(source)
    if folded:
        made.metadata.update(FORM)
    if removed:
        made.metadata["mmcourse"] = {"needs": package}
    if kept := sorted(KEPT & set(tags)):
        made.metadata["tags"] = kept
    return made


def shows(source: str) -> bool:
    """Whether a cell shows something when it runs: it prints, displays, or ends with an expression."""
    try:
        body = ast.parse(source).body
    except SyntaxError:  # a magic, for instance
        return True
    last = body[-1] if body else None
    return any(isinstance(n, ast.Call) and getattr(n.func, "id", "") in SHOW for n in ast.walk(ast.Module(body, []))) or (
        isinstance(last, ast.Expr) and not isinstance(last.value, ast.Constant)
    )


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


def identify(cells: list) -> None:
    """Give every cell an id made of its content, the same in every run."""
    seen: dict[str, int] = {}
    for cell in cells:
        base = hashlib.sha256(f"{cell.cell_type}\0{cell.source}".encode()).hexdigest()[:10]
        seen[base] = seen.get(base, 0) + 1
        cell["id"] = base if seen[base] == 1 else f"{base}-{seen[base]}"
