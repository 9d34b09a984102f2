"""Kernels that run pages: what they inherit, how one runs a page from top to bottom, and several side by side.

Everything that executes pages does it here: the book's build (`workers`), `measure` and `stability`.
"""

from __future__ import annotations

import ast
import asyncio
import json
import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from . import files

# TensorFlow's two pools, and those of the libraries of linear algebra.
POOLS = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
THREADS = 1  # of a page of the book: however many pages run at once, the numbers are the same
EXTENSION = Path(__file__).with_name("kernel") / "page_uses.py"
KERNEL_CONFIG = """\
c = get_config()  # noqa
c.InlineBackend.figure_formats = {"retina"}
c.HistoryManager.enabled = False
c.IPKernelApp.log_level = "ERROR"
c.InteractiveShellApp.extensions = ["page_uses"]
"""
SEEDS = EXTENSION.with_name("page_seeds.py")
SEEDS_CONFIG = KERNEL_CONFIG.replace('"page_uses"]', '"page_uses", "page_seeds"]')  # a profile of stability runs alone
REPORT = {"report": "__import__('page_uses').report()"}
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
SECONDS, MEMORY_MB = 60, 1000  # what a page takes that never ran
LOOK = 0.25  # seconds between two looks at a kernel's memory


def environment(root: Path) -> dict[str, str]:
    """Variables of a page's kernel: quiet, on the CPU, the same numbers twice, crisp figures."""
    before = os.environ.get("PYTHONPATH")
    return {
        "CUDA_VISIBLE_DEVICES": "-1",
        "JAX_PLATFORMS": "cpu",
        "KERAS_BACKEND": os.environ.get("KERAS_BACKEND", "tensorflow"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_DETERMINISTIC_OPS": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join([str(root), str(EXTENSION.parent), *([before] if before else [])]),
        "IPYTHONDIR": str(root / "_build" / "ipython"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MMCOURSE_BOOK": "1",
        "MMCOURSE_PROGRESS": "off",  # the answers are the book's, and pages that run at once would share the file
        "TQDM_DISABLE": "1",  # progress bars are for people who wait
        **threads(THREADS),
    }


def threads(count: int) -> dict[str, str]:
    """The variables of a kernel that computes with so many threads: they decide how sums are split."""
    return dict.fromkeys(POOLS, str(count))


def seeds(root: Path, run: int) -> dict[str, str]:
    """The variables of a kernel in which each seed is another one (`page_seeds`); run 0 is the book's own."""
    return {"MMCOURSE_SEED": str(run), "IPYTHONDIR": str(root / "_build" / "ipython-seeds")} if run else {}


def configure(root: Path) -> None:
    """Write the kernels' profiles, where they are not there as they should be."""
    for folder, text in (("ipython", KERNEL_CONFIG), ("ipython-seeds", SEEDS_CONFIG)):
        path = root / "_build" / folder / "profile_default" / "ipython_kernel_config.py"
        if files.hash_of(path) != files.sha256(text):
            files.write(path, text)


def processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def at_once() -> int:
    """How many pages run at once: the variable JOBS, else one a processor."""
    told = os.environ.get("JOBS", "")
    if told and not (told.isdigit() and int(told)):
        raise SystemExit(f"Received: JOBS={told!r}. Allowed: a number of pages, 1 or more.")
    return int(told) if told else processors()


def run_async(main):
    """Run a coroutine to its end. Ctrl-C cancels it, and its kernels end before KeyboardInterrupt is raised."""
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:  # the one that ZeroMQ has on every system
        return runner.run(main)


@dataclass
class Run:
    """A run of a page: `trouble` is "" or why it ended early, in words; `files` are those that the page read, as far as
    the kernel lived to tell."""

    notebook: object
    begun: float = field(default_factory=time.time)
    seconds: float = 0.0
    memory: int = 0
    peak: int = 0
    trouble: str = ""
    files: list[str] = field(default_factory=list)


async def execute(run: Run, root: Path, folder: Path, timeout: int, variables: dict | None = None) -> Run:
    """Run a page's notebook in a kernel of its own; what came of it is written into `run`, also while it runs.

    `variables` are added to the kernel's environment; `timeout` is for each cell, in seconds.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    client = NotebookClient(
        run.notebook,
        timeout=timeout,
        startup_timeout=120,
        iopub_timeout=60,  # on a busy machine outputs come late; rather no page than one without some of them
        raise_on_iopub_timeout=True,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
    )
    begun, watching = time.perf_counter(), None
    client.create_kernel_manager()
    try:
        await client.async_start_new_kernel(env={**os.environ, **environment(root), **(variables or {})})
        watching = asyncio.create_task(_watch(run, client.km.provisioner.pid))
        await client.async_start_new_kernel_client()
        for index, cell in enumerate(client.nb.cells):
            await client.async_execute_cell(cell, index, execution_count=client.code_cells_executed + 1)
        client.set_widgets_metadata()
        run.files = await _report(client)
    except CellExecutionError as error:
        run.trouble = COLOURS.sub("", str(error)).strip()
        with suppress(RuntimeError):
            run.files = await _report(client)
    except CellTimeoutError as error:
        run.trouble = str(error).strip()
    except (DeadKernelError, RuntimeError) as error:
        if asyncio.current_task().cancelling():  # nbclient takes that, too, for a kernel that died
            raise asyncio.CancelledError from None
        run.trouble = await _how_it_died(client) or f"{type(error).__name__}: {error}"
    finally:
        run.seconds = time.perf_counter() - begun
        if watching:
            watching.cancel()
        await _end(client)
    return run


async def _report(client) -> list[str]:
    """The files that the page read: a request after its last cell, whose answer is no output."""
    asked = client.kc.execute("", silent=True, store_history=False, user_expressions=REPORT)
    reply = await client.async_wait_for_reply(asked)
    answer = reply["content"].get("user_expressions", {}).get("report", {}) if reply else {}
    if answer.get("status") != "ok":
        raise RuntimeError(f"The page's kernel does not say what the page used. Received: {answer}.")
    return json.loads(ast.literal_eval(answer["data"]["text/plain"]))


async def _watch(run: Run, pid: int) -> None:
    """Keep the kernel's resident memory, in bytes, and its peak. A page starts no other processes."""
    import psutil

    while True:
        try:
            run.memory = psutil.Process(pid).memory_info().rss
        except psutil.Error:
            return
        run.peak = max(run.peak, run.memory)
        await asyncio.sleep(LOOK)


async def _how_it_died(client) -> str:
    """How the kernel ended, in words; "" for one that lives."""
    status = await client.km.provisioner.poll() if client.km and client.km.has_kernel else None
    if status is None:
        return ""
    how = f"signal {-status} (often: no memory was left)" if status < 0 else f"exit status {status}"
    return f"The page's kernel ended before the page did, with {how}."


async def _end(client) -> None:
    """End the kernel: with time for its farewells (temporary files), or at once where the build is being stopped."""
    if client.km is not None and client.km.has_kernel:
        await client.km.shutdown_kernel(now=bool(asyncio.current_task().cancelling()))
    if client.kc is not None:
        client.kc.stop_channels()


@dataclass(eq=False)
class Job:
    """A page that waits to run: `go(run)` runs it; seconds and megabytes are what it is expected to take, and threads
    those that it computes with."""

    name: str
    notebook: object
    go: Callable
    seconds: float = SECONDS
    memory_mb: float = MEMORY_MB
    threads: int = THREADS
    run: Run | None = None

    @property
    def missing(self) -> float:
        """The memory in bytes that the running page does not have yet and will need."""
        return max(0.0, self.memory_mb * 1e6 - (self.run.memory if self.run else 0))


async def side_by_side(jobs: list[Job], limit: int, told: Callable) -> None:
    """Run jobs, the longest first, so many threads at once. A page that needs more memory than is left waits, and so
    does one of more threads than are left; one that needs more than there are runs alone.

    `told(event, job, running)` is called with "start", "wait" (once a job) and "end"; it decides what becomes of a run.
    """
    waiting, running, patient = sorted(jobs, key=lambda job: -job.seconds), {}, set()

    def fits(job: Job) -> bool:
        return not running or job.threads <= limit - sum(one.threads for one in running.values())

    try:
        while waiting or running:
            while waiting:
                free = _free(running.values())
                job = next((job for job in waiting if fits(job) and (not running or job.missing < free)), None)
                if job is None:
                    break
                waiting.remove(job)
                job.run = Run(job.notebook)
                running[asyncio.create_task(job.go(job.run))] = job
                told("start", job, list(running.values()))
            held_up = waiting and fits(waiting[0])
            if held_up and waiting[0] not in patient:
                patient.add(waiting[0])
                told("wait", waiting[0], list(running.values()))
            ended, _ = await asyncio.wait(running, timeout=2 if held_up else None, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                job = running.pop(task)
                if task.exception():
                    job.run.trouble = f"{type(task.exception()).__name__}: {task.exception()}"
                told("end", job, list(running.values()))
    finally:
        left = set(running)
        while left:  # again and again: what waits for a kernel may take the first one for something else
            for task in left:
                task.cancel()
            _, left = await asyncio.wait(left, timeout=5)
        await asyncio.gather(*running, return_exceptions=True)


def _free(running) -> float:
    """The bytes of memory that are left when the running pages have what they need."""
    import psutil

    return psutil.virtual_memory().available - sum(job.missing for job in running)
