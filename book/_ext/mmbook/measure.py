"""What a page costs, measured: `book/results/timings.json`. And the pages run with their cells for real data.

Each page runs as a notebook in a fresh kernel, without any cache and with its solutions, as in a cold build.
"""

from __future__ import annotations

import datetime
import json
import os
import platform
import threading
import time
from importlib import metadata
from pathlib import Path

from .execution import TIMINGS, kernel_environment
from .pages import Page, pages

PACKAGES = ("keras", "tensorflow", "jax", "numpy", "matplotlib")
CELL_SECONDS = 1800


class PeakMemory(threading.Thread):
    """Samples the resident memory of a process and its children, five times a second; `peak` is in bytes."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.pid, self.peak, self._ended = pid, 0, threading.Event()

    def run(self):
        import psutil

        while True:
            try:
                process = psutil.Process(self.pid)
                family = [process, *process.children(recursive=True)]
                self.peak = max(self.peak, sum(one.memory_info().rss for one in family))
            except psutil.Error:  # a child that ended between the listing and the question
                pass
            if self._ended.wait(0.2):
                return

    def end(self) -> int:
        self._ended.set()
        self.join()
        return self.peak


def execute(
    page: Page, needs_data: bool = False, module: str = "mmcourse.exercises", variables: dict | None = None
) -> dict:
    """Run a page from top to bottom. Returns seconds (kernel start included) and the peak memory in megabytes.

    ``variables`` are added to the kernel's environment. Raises nbclient's CellExecutionError where a cell fails.
    """
    from nbclient import NotebookClient

    os.environ.update(kernel_environment(page.root))
    client = NotebookClient(
        page.notebook(module, needs_data),
        timeout=CELL_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(page.path.parent)}},
    )
    begun = time.perf_counter()
    with client.setup_kernel(env={**os.environ, **(variables or {})}):
        memory = PeakMemory(client.km.provisioner.pid)
        memory.start()
        try:
            for index, cell in enumerate(client.nb.cells):
                client.execute_cell(cell, index)
        finally:
            peak = memory.end()
    return {"seconds": round(time.perf_counter() - begun, 1), "memory_mb": round(peak / 1e6)}


def machine() -> dict:
    """This machine in words, and the versions that matter."""
    import psutil

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
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
    record = json.loads(target.read_text("utf8")) if target.is_file() else {"schema": 1, "pages": {}}
    record.update(date=datetime.date.today().isoformat(), command="make measure", **machine())
    chosen = select(root, names)
    if not names:
        record["pages"] = {p.docname: record["pages"].get(p.docname, {}) for p in chosen}
    for page in chosen:
        before = record["pages"].get(page.docname, {})
        cost = {"colab_seconds": before.get("colab_seconds"), **execute(page), "download_mb": 0}
        record["pages"][page.docname] = cost
        print(f"  {page.docname}: {cost['seconds']:.1f} s, {cost['memory_mb']} MB", flush=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(record, indent=2, sort_keys=True) + "\n", "utf8")
    print(f"Recorded in {TIMINGS}")
    return 0


def real_pages(root: Path, names: list[str]) -> int:
    """Run the pages with their cells for real data; MMCOURSE_DATA names the folder."""
    from nbclient.exceptions import CellExecutionError

    data = os.environ.get("MMCOURSE_DATA")
    if not data or not Path(data).is_dir():
        print(f"The folder of real data is not there. Received: MMCOURSE_DATA={data!r}.")
        return 1
    failed = 0
    for page in select(root, names):
        if not page.front.get("needs_data"):
            continue
        try:
            cost = execute(page, needs_data=True)
            print(f"  {page.docname}: {cost['seconds']:.1f} s with real data", flush=True)
        except CellExecutionError as error:
            failed += 1
            print(f"  {page.docname}: failed\n{error}", flush=True)
    return int(failed > 0)


def select(root: Path, names: list[str]) -> list[Page]:
    """The pages that have code, or those of them that are named. Raises SystemExit for an unknown name."""
    found = [page for page in pages(root) if page.is_notebook]
    unknown = set(names) - {page.name for page in found}
    if unknown:
        allowed = ", ".join(page.name for page in found)
        raise SystemExit(f"There is no such page with code. Received: {', '.join(unknown)}. Allowed: {allowed}.")
    return [page for page in found if not names or page.name in names]
