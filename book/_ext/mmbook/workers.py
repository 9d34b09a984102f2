"""The pages of the book executed side by side, before Sphinx reads them one after the other.

As many pages at a time as there are cores, each in a kernel of its own that computes with one thread, so that a page's
numbers do not depend on how many run at once. What a page gave is kept (`outputs`) as soon as it has ended. Of a page
that failed nothing is kept: its traceback is shown at once, the others go on, and Sphinx reads it as far as it came.
"""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path

from . import files, kernels, outputs
from .blocks import PageError
from .kernels import Job, Run
from .outputs import Outputs
from .pages import Page
from .project import Project


def execute(
    root: Path, pages: list[Page], module: str, needs_data: bool, timeout: int
) -> tuple[dict[str, Outputs], bool]:
    """Execute those of the pages whose outputs no longer stand.

    Returns docname → outputs, also of pages that failed, and whether everything could be kept. A page that cannot be
    read is passed over: Sphinx says what is wrong with it.
    """
    found, jobs, why = {}, [], {}
    now, hash_of = outputs.made_with(root), lru_cache(files.hash_of)
    for page in pages:
        try:
            notebook = page.notebook(module, needs_data)
        except PageError:
            continue
        kept = outputs.load(page)
        reason = kept.out_of_date(root, notebook, now, hash_of) if kept else "no outputs yet"
        if reason:
            jobs.append(_job(page, notebook, kept, timeout))
            why[page.name] = reason
        else:
            found[page.docname] = kept
    whole = True
    if jobs:
        kernels.configure(root)
        progress = Progress(jobs, why, min(kernels.at_once(), len(jobs)))
        pages_by_name = {page.name: page for page in pages}

        def told(event: str, job: Job, running: list[Job]) -> None:
            nonlocal whole
            if event == "end":
                page = pages_by_name[job.name]
                found[page.docname] = outputs.of(root, job.run)
                whole = (bool(job.run.trouble) or keep(page, found[page.docname])) and whole
            progress.tell(event, job, running)

        kernels.run_async(kernels.side_by_side(jobs, progress.at_once, told))
    return found, whole


def _job(page: Page, notebook, kept: Outputs | None, timeout: int) -> Job:
    """The page as a job, with what it took the last time: here, else as it was measured."""
    measured = Project(page.root).timings["pages"].get(page.docname, {})

    async def go(run: Run) -> None:
        await kernels.execute(run, page.root, page.path.parent, timeout)

    seconds = (kept and kept.seconds) or measured.get("seconds") or kernels.SECONDS
    memory = (kept and kept.memory_mb) or measured.get("memory_mb") or kernels.MEMORY_MB
    return Job(page.name, notebook, go, seconds, memory)


def keep(page: Page, made: Outputs) -> bool:
    """Keep what a page gave; say so in a sentence where that cannot be done, and return False."""
    try:
        outputs.save(page, made)
    except OSError as error:
        why = "the disk is full" if files.is_full(error) else str(error)
        print(f"  {page.name}: its outputs could not be kept, {why}. The next build executes it again.", flush=True)
        return False
    return True


class Progress:
    """Prints which pages will run and why, which run, and about how long is left."""

    def __init__(self, jobs: list[Job], why: dict[str, str], at_once: int):
        self.left, self.count, self.at_once = {job.name: job for job in jobs}, len(jobs), at_once
        self.begun = time.perf_counter()
        pages = "1 page" if len(jobs) == 1 else f"{len(jobs)} pages"
        print(f"  {pages} to execute, {at_once} at a time: {self.ahead()}", flush=True)
        for reason in dict.fromkeys(why.values()):
            names = [name for name, given in why.items() if given == reason]
            print(f"    {', '.join(names)}: {reason}", flush=True)

    def ahead(self) -> str:
        """About how long it takes until all pages have run, in words."""
        now = time.time()
        rest = [max(1.0, job.seconds - (now - job.run.begun if job.run else 0)) for job in self.left.values()]
        return about(max(sum(rest) / self.at_once, *rest))

    def tell(self, event: str, job: Job, running: list[Job]) -> None:
        if event == "end":
            del self.left[job.name]
        others = [one.name for one in running if one is not job]
        beside = f"beside {', '.join(others)}" if others else ""
        if event == "start":
            line = ", ".join(filter(None, ["started", beside, f"{self.ahead()} left"]))
        elif event == "wait":
            line = f"waits until {job.memory_mb / 1000:.1f} GB of memory are left ({', '.join(others)} running)"
        else:
            how = "FAILED after" if job.run.trouble else "executed in"
            number = f"{self.count - len(self.left)} of {self.count}"
            rest = f"{self.ahead()} left" if self.left else f"{time.perf_counter() - self.begun:.0f} s in all"
            line = f"{how} {job.run.seconds:.0f} s ({number}, {rest})"
        print(f"  {job.name}: {line}", flush=True)
        if event == "end" and job.run.trouble:
            print(job.run.trouble, flush=True)


def about(seconds: float) -> str:
    """A duration that is only expected: `about 40 seconds`, `about 7 minutes`."""
    if seconds < 55:
        return f"about {max(5, 5 * round(seconds / 5))} seconds"
    minutes = round(seconds / 60)
    return "about 1 minute" if minutes == 1 else f"about {minutes} minutes"
