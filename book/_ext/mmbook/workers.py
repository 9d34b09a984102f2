"""Pages executed side by side, before Sphinx reads them one after the other.

As many pages at a time as there are cores, each in a kernel of its own that computes with one thread (`execution`), so
that a page's numbers do not depend on how many run at once. What a page gave goes into the cache of outputs, where
myst-nb finds it. Of a page that failed nothing is kept: its traceback is shown at once, and Sphinx, which executes it
again when it reads it, stops the build.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from pathlib import Path

import nbformat

from .blocks import PageError
from .pages import Page, pages
from .project import Project

SECONDS = 60  # what a page takes that was never measured


def execute(notebook: str, folder: str, timeout: int) -> tuple[str, float, str]:
    """Run a notebook (its text) in a folder. Returns its text with outputs, the seconds, and the traceback or ""."""
    from jupyter_cache.executors.utils import single_nb_execution

    made = nbformat.reads(notebook, 4)
    done = single_nb_execution(made, cwd=folder, timeout=timeout, allow_errors=False)
    return nbformat.writes(made), done.time, done.exc_string or ""


def missing(cache, root: Path, module: str, needs_data: bool) -> list[tuple[Page, nbformat.NotebookNode]]:
    """The pages whose outputs the cache does not have, the longest first."""
    found = []
    for page in pages(root):
        if page.path.is_file() and page.is_notebook:
            try:
                notebook = page.notebook(module, needs_data)
                cache.match_cache_notebook(notebook)
            except PageError:
                continue  # Sphinx says what is wrong with it
            except KeyError:
                found.append((page, notebook))
    return sorted(found, key=lambda one: -seconds(root, one[0]))


def seconds(root: Path, page: Page) -> float:
    """How long a page takes, as it was measured."""
    return Project(root).timings["pages"].get(page.docname, {}).get("seconds") or SECONDS


def side_by_side(app, config) -> None:
    """On `config-inited`: execute what the cache has not."""
    from jupyter_cache import get_cache

    root = Path(app.srcdir)
    if config.nb_execution_mode != "cache":
        return
    cache = get_cache(config.nb_execution_cache_path)
    waiting = missing(cache, root, config.mm_exercises, config.mm_needs_data)
    if not waiting:
        return
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    at_once = min(cores, len(waiting))
    left, done, begun = {page.name: seconds(root, page) for page, _ in waiting}, 0, time.perf_counter()
    minutes = max(1, round(sum(left.values()) / at_once / 60))
    print(f"  {len(waiting)} pages to execute, {at_once} at a time: about {minutes} minutes", flush=True)
    with ProcessPoolExecutor(at_once) as workers:
        jobs = {
            workers.submit(execute, nbformat.writes(notebook), str(page.path.parent), config.nb_execution_timeout): page
            for page, notebook in waiting
        }
        while jobs:
            for job in wait(jobs, return_when=FIRST_COMPLETED).done:
                page, done = jobs.pop(job), done + 1
                del left[page.name]
                try:
                    text, took, trouble = job.result()
                except Exception as error:  # the kernel or its process died
                    text, took, trouble = "", 0.0, f"{type(error).__name__}: {error}"
                if trouble:
                    print(f"  {page.name}: FAILED\n{trouble}", flush=True)
                else:
                    keep(cache, page, text, took)
                    ahead = max(1, round(sum(left.values()) / at_once / 60))
                    rest = f"about {ahead} minutes left" if left else f"{time.perf_counter() - begun:.0f} s in all"
                    print(f"  {page.name}: executed in {took:.0f} s ({done} of {len(waiting)}, {rest})", flush=True)


def keep(cache, page: Page, text: str, took: float) -> None:
    from jupyter_cache.base import CacheBundleIn

    bundle = CacheBundleIn(nbformat.reads(text, 4), str(page.path), data={"execution_seconds": took})
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def setup(app):
    app.connect("config-inited", side_by_side, priority=900)
