"""What a page costs, measured: `book/results/timings.json`.

Each page runs as a notebook in a fresh kernel, without any cache and with its solutions, as in a cold build, but alone
on the machine. What it gives is kept: a build afterwards need not execute it again.
"""

from __future__ import annotations

import datetime
import platform
from importlib import metadata
from pathlib import Path

from . import files, kernels, outputs, workers
from .pages import Page, pages

TIMINGS = "book/results/timings.json"
PACKAGES = ("keras", "tensorflow", "jax", "numpy", "matplotlib")
CELL_SECONDS = 1800


def execute(
    page: Page, needs_data: bool = False, module: str = "mmcourse.exercises", variables: dict | None = None
) -> kernels.Run:
    """Run a page from top to bottom, alone on the machine; `variables` are added to the kernel's environment."""
    kernels.configure(page.root)
    run = kernels.Run(page.notebook(module, needs_data))
    return kernels.run_async(kernels.execute(run, page.root, page.path.parent, CELL_SECONDS, variables))


def machine() -> dict:
    """This machine in words, and the versions that matter."""
    import psutil

    cores = kernels.processors()
    memory = round(psutil.virtual_memory().total / 2**30)
    words = f"{platform.system()} on {platform.machine()}, {cores} cores, {memory} GB of memory, no GPU"
    versions = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return {"machine": words, "cores": cores, "versions": versions}


def measure(root: Path, names: list[str]) -> int:
    """Measure the pages of these names (all, where none is named) and record them. Colab's figures stay as they are."""
    target = root / TIMINGS
    record = files.read_record(target) if target.is_file() else {"schema": 1, "pages": {}}
    record.update(date=datetime.date.today().isoformat(), command="make measure", **machine())
    chosen = select(root, names)
    if not names:
        record["pages"] = {p.docname: record["pages"].get(p.docname, {}) for p in chosen}
    for page in chosen:
        run = execute(page)
        if run.trouble:
            print(f"  {page.docname}: failed, and nothing is recorded\n{run.trouble}", flush=True)
            return 1
        workers.keep(page, outputs.of(root, run))
        before = record["pages"].get(page.docname, {}).get("colab_seconds")
        cost = {"seconds": round(run.seconds, 1), "memory_mb": round(run.peak / 1e6)}
        record["pages"][page.docname] = {"colab_seconds": before, **cost, "download_mb": 0}
        print(f"  {page.docname}: {run.seconds:.1f} s, {cost['memory_mb']} MB", flush=True)
    files.write_record(target, record, indent=2, sort_keys=True)
    print(f"Recorded in {TIMINGS}")
    return 0


def select(root: Path, names: list[str]) -> list[Page]:
    """The pages that have code, or those of them that are named. Raises SystemExit for an unknown name."""
    found = [page for page in pages(root) if page.is_notebook]
    unknown = set(names) - {page.name for page in found}
    if unknown:
        allowed = ", ".join(page.name for page in found)
        raise SystemExit(f"There is no such page with code. Received: {', '.join(unknown)}. Allowed: {allowed}.")
    return [page for page in found if not names or page.name in names]
