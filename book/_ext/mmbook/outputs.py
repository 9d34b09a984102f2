"""What pages gave when they were executed, and what they used: `_build/outputs/PAGE.json`.

A page's outputs stand as long as its cells, the files of the checkout that it read (modules of the package, weights,
records), the lock and its kernel's environment are what they were. Whatever else changes, they stay.
"""

from __future__ import annotations

import json
import os
import platform
import re
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

from . import files, kernels
from .pages import Page

VERSION = 1
FOLDER = "_build/outputs"
SKIPPED = "skip-execution"
DECISIVE = (SKIPPED, "raises-exception")  # tags that say how a cell is executed
WITHOUT = re.compile(r"\.|_build/|build/|book/_ext/|[^/]+\.egg-info/")  # no output rests on it, or `made_with` knows it
LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}
CHANGED_MEANWHILE = "changed while the page ran"


@dataclass(frozen=True)
class Outputs:
    """`cells`: source, decisive tags, count and outputs of each code cell; `uses`: path → hash, None for no file.

    `trouble` says why the page ended early; of such a page nothing is kept.
    """

    cells: list[dict]
    uses: dict[str, str | None] = field(default_factory=dict)
    made_with: dict = field(default_factory=dict)
    seconds: float = 0.0
    memory_mb: int = 0
    trouble: str = ""
    version: int = VERSION

    @cached_property
    def key(self) -> str:
        """A hash of what a reader sees of it."""
        return files.sha256(json.dumps([self.cells, self.trouble], sort_keys=True))

    def fits(self, notebook) -> bool:
        """Whether these are outputs of that notebook's cells."""
        return [_cell(cell) for cell in _code(notebook)] == [{k: c[k] for k in ("source", "tags")} for c in self.cells]

    def fill(self, notebook) -> None:
        """Put the outputs into the notebook that they fit."""
        import nbformat

        for cell, kept in zip(_code(notebook), self.cells, strict=True):
            cell.outputs = [nbformat.from_dict(one) for one in kept["outputs"]]
            cell.execution_count = kept["count"]
        notebook.metadata["language_info"] = nbformat.from_dict(LANGUAGE)

    def out_of_date(self, root: Path, notebook, made_with: dict, hash_of=files.hash_of) -> str:
        """Why the page must be executed again, in words; "" where these outputs stand."""
        if not self.fits(notebook):
            return "its cells changed"
        return moved(root, self.uses, self.made_with, made_with, hash_of)


def moved(root: Path, uses: dict, before: dict, now: dict, hash_of=files.hash_of) -> str:
    """What changed of that which a run of a page rested on, in words: files (path → hash) and `made_with`; else ""."""
    for name, value in now.items():
        if before.get(name) != value:
            return f"{name} changed"
    changed = [name for name, value in uses.items() if hash_of(root / name) != value]
    others = f" and {len(changed) - 1} more" if changed[1:] else ""
    return f"{changed[0]}{others} changed" if changed else ""


def made_with(root: Path, variables: dict | None = None) -> dict:
    """Whatever all pages rest on: versions by the lock, Python, backend, threads, and the kernels' environment.

    `variables` are those that a stability run adds to it.
    """
    variables = kernels.environment(root) | (variables or {})
    variables = {name: value.replace(str(root), ".") for name, value in variables.items()}
    start = [json.dumps(variables, sort_keys=True), kernels.KERNEL_CONFIG, kernels.EXTENSION.read_text("utf8")]
    if "MMCOURSE_SEED" in variables:
        start.append(kernels.SEEDS.read_text("utf8"))
    return {
        "requirements.txt": files.hash_of(root / "requirements.txt"),
        "Python": platform.python_version(),
        "backend": variables["KERAS_BACKEND"],
        "threads": int(variables[kernels.POOLS[0]]),
        "the kernel's environment": files.sha256("\0".join(start)),
    }


def of(root: Path, run: kernels.Run) -> Outputs:
    """The outputs of a run that has ended."""
    return Outputs(
        cells=[{**_cell(c), "count": c.execution_count, "outputs": c.get("outputs", [])} for c in _code(run.notebook)],
        uses=fingerprint(root, run.files, run.begun),
        made_with=made_with(root),
        seconds=round(run.seconds, 1),
        memory_mb=round(run.peak / 1e6),
        trouble=run.trouble,
    )


def fingerprint(root: Path, opened: list[str], begun: float) -> dict[str, str | None]:
    """Path below the root → hash, for the files of the checkout among those that a page opened.

    A module `a/b.py` stands for `a/b/__init__.py`, too, which would be imported in its place. Of a file that changed
    after the page began nobody knows which of its states the page saw, so it counts as changed.
    """
    found = {}
    for name in sorted({inside for path in opened for inside in _below(root, path)}):
        found[name] = files.hash_of(root / name)
        if found[name] and _changed(root / name) >= begun:
            found[name] = CHANGED_MEANWHILE
        if name.endswith(".py") and not name.endswith("/__init__.py"):
            package = f"{name.removesuffix('.py')}/__init__.py"
            found[package] = files.hash_of(root / package)
    return found


def _below(root: Path, path: str) -> list[str]:
    """The path as one below the root, also where a link leads there; nothing for what no output rests on."""
    found = []
    for one in dict.fromkeys((path, os.path.realpath(path))):
        name = Path(one).relative_to(root).as_posix() if Path(one).is_relative_to(root) else ""
        if name and not WITHOUT.match(name):
            found.append(name)
    return found


def _changed(path: Path) -> float:
    status = path.stat()
    return max(status.st_mtime, status.st_ctime if os.name != "nt" else 0)


def key_of(notebook) -> str:
    """A hash of what is executed of a notebook."""
    return files.sha256(json.dumps([_cell(cell) for cell in _code(notebook)], sort_keys=True))


def load(page: Page) -> Outputs | None:
    """What was kept of a page; None where nothing was, or where the file is not what was written."""
    try:
        check, _, text = _path(page).read_text("utf8").partition("\n")
        if check != files.sha256(text):
            return None
        kept = dict(json.loads(text))
        return Outputs(**kept) if kept.get("version") == VERSION else None
    except (OSError, ValueError, TypeError):
        return None


def save(page: Page, outputs: Outputs) -> None:
    """Keep the outputs of a page. Raises OSError where they cannot be written."""
    text = json.dumps(asdict(outputs), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    files.write(_path(page), f"{files.sha256(text)}\n{text}")


def forget_others(root: Path, pages: list[Page]) -> None:
    """Remove what was kept of pages that are no more."""
    for path in set((root / FOLDER).rglob("*.json")) - set(map(_path, pages)):
        path.unlink(missing_ok=True)


def _path(page: Page) -> Path:
    return page.root / FOLDER / f"{page.docname}.json"


def _code(notebook) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _cell(cell) -> dict:
    tags = cell.metadata.get("tags", [])
    return {"source": cell.source, "tags": [tag for tag in DECISIVE if tag in tags]}
