"""Does a page say the same with other draws, on other machines? Each page runs with three seeds, in one and in two
threads, and once on JAX; its claims and bound numbers are written down: `_build/stability.json`. A claim does not stop
such a run. What all came to is `book/results/stability.json` (`stability_record`).
"""

from __future__ import annotations

import itertools
import json
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from . import files, kernels, outputs, stability_record
from .measure import CELL_SECONDS, select
from .pages import Page
from .project import Project
from .workers import about

RUNS = "_build/stability.json"
OWN = "tensorflow"  # the book's backend
SLOW = {"jax": 3}  # times the seconds that a page takes on TensorFlow: JAX compiles more


@dataclass(frozen=True)
class Setting:
    """What differs from run to run. Seed 0 in one thread, on TensorFlow, is the book's own run."""

    seed: int = 0
    threads: int = kernels.THREADS
    backend: str = OWN

    @property
    def name(self) -> str:
        threads = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        backend = "" if self.backend == OWN else f"{stability_record.BACKENDS[self.backend]}, "
        return f"{backend}seed {self.seed}, {threads}"

    def variables(self, root: Path) -> dict[str, str]:
        """What the kernel's environment has beside the book's."""
        return {**kernels.threads(self.threads), **kernels.seeds(root, self.seed), "KERAS_BACKEND": self.backend}


def plan(seeds=None, threads=None, backends=None) -> list[Setting]:
    """The runs of a page: where nothing is said, all that are recorded; else what is said, the rest as in the book.

    Another backend is one more run, with the first seed and number of threads: it draws other numbers by itself.
    """
    for name, values, least in (("--seeds", seeds, 0), ("--threads", threads, 1)):
        if values and min(values) < least:
            raise SystemExit(f"Received: {name} {min(values)}. Allowed: whole numbers from {least}.")
    if not (seeds or threads or backends):
        seeds, threads, backends = (0, 1, 2), (1, 2), (OWN, "jax")
    seeds, threads = seeds or (0,), threads or (kernels.THREADS,)
    made = []
    for backend in backends or (OWN,):
        some = (seeds, threads) if backend == OWN else (seeds[:1], threads[:1])
        made += [Setting(seed, count, backend) for seed, count in itertools.product(*some)]
    return made


def stability(root: Path, names: list[str], settings: list[Setting], module: str = "mmcourse.exercises") -> int:
    """Run the pages with these settings, side by side, and print what differs. A run that stands is not run again.

    Where the settings are all that are recorded, the record is written. Returns 1 where a page failed (but on another
    backend, on which it need not run) or a claim did not hold.
    """
    chosen, known = select(root, names), merge(root, {})
    jobs, whole = {}, True
    for page in chosen:
        notebook, hash_of = page.notebook(module), lru_cache(files.hash_of)
        for setting in settings:
            found = known.get(page.name, {}).get(setting.name)
            if out_of_date(root, notebook, setting, found, hash_of):
                job, found = run(page, notebook, setting)
                jobs[job] = page, setting, found
            else:
                whole = tell(page.name, setting, found, "as before") and whole
    ended = 0

    def told(event: str, job: kernels.Job, running: list) -> None:
        nonlocal whole, ended
        if event != "end":
            return
        page, setting, found = jobs[job]
        found["error"] = found["error"] or job.run.trouble
        merge(root, {page.name: {setting.name: found}})
        ended += 1
        whole = tell(page.name, setting, found, f"{ended} of {len(jobs)}") and whole

    if jobs:
        most = kernels.at_once()
        work = sum(job.seconds * min(job.threads, most) for job in jobs) / most
        print(f"  {len(jobs)} runs of {len(chosen)} pages: {about(work)}", flush=True)
        kernels.configure(root)
        kernels.run_async(kernels.side_by_side(list(jobs), most, told))
    known = merge(root, {})
    for page in chosen:
        runs = {one.name: known[page.name][one.name] for one in settings}
        for line in stability_record.spread(runs):
            print(f"  {page.name}: {line}")
    if set(settings) >= set(plan()):
        write(root, names, module)
    return int(not whole)


def write(root: Path, names: list[str], module: str = "mmcourse.exercises") -> None:
    """Put what the runs of these pages (all, where none is named) came to into the record; of a page that lacks a run
    on TensorFlow, say which, and leave what was recorded. To what is recorded of the same cells, runs on other backends
    are added."""
    known, hash_of, whole = merge(root, {}), lru_cache(files.hash_of), {}
    for page in select(root, names):
        notebook, runs = page.notebook(module), known.get(page.name, {})
        missing = {one: out_of_date(root, notebook, one, runs.get(one.name), hash_of) for one in plan()}
        own = [one for one in plan() if one.backend == OWN]
        lacking = [f"{one.name}: {missing[one]}" for one in own if missing[one]]
        others = {one.backend: runs[one.name] for one in plan() if one.backend != OWN and not missing[one]}
        if lacking:
            before = Project(root).stability["pages"].get(page.docname)
            if others and before and before["cells"] == outputs.key_of(notebook):
                whole[page.docname] = stability_record.with_others(before, others)
            else:
                print(f"  {page.name}: not recorded ({'; '.join(lacking)})", flush=True)
            continue
        kept = {one.name: runs[one.name] for one in own}
        whole[page.docname] = stability_record.page(outputs.key_of(notebook), kept, others)
    stability_record.write(root, whole, [page.docname for page in select(root, [])])


def run(page: Page, notebook, setting: Setting) -> tuple[kernels.Job, dict]:
    """A run of a page, as a job, and what it finds by its end: seconds, claims (words → held and values), numbers
    (name → text and value), error, the end of the traceback where a cell failed, and what it rested on: cells, uses,
    made_with."""
    root, variables = page.root, setting.variables(page.root)
    found = {"seconds": None, "memory_mb": None, "error": "", "claims": {}, "numbers": {}}

    async def go(run: kernels.Run) -> None:
        made_with = outputs.made_with(root, variables)
        with tempfile.TemporaryDirectory() as folder:
            events = Path(folder, "events")
            events.touch()
            own = {**variables, "MMCOURSE_STABILITY": str(events)}
            await kernels.execute(run, root, page.path.parent, CELL_SECONDS, own)
            told = [json.loads(line) for line in events.read_text("utf8").splitlines()]
        found.update(seconds=round(run.seconds, 1), memory_mb=round(run.peak / 1e6), error=run.trouble[-1500:])
        for one in told:
            if "claim" in one:
                found["claims"][one["claim"]] = {"held": one["held"], "values": one["values"]}
            else:
                found["numbers"][one["bound"]] = {"text": one["text"], "value": one["value"]}
        if run.files:
            uses = outputs.fingerprint(root, run.files, run.begun)
            found.update(cells=outputs.key_of(notebook), uses=uses, made_with=made_with)

    cost = Project(root).timings["pages"].get(page.docname, {})
    seconds = (cost.get("seconds") or kernels.SECONDS) * SLOW.get(setting.backend, 1)
    memory = cost.get("memory_mb") or kernels.MEMORY_MB
    name = f"{page.name}, {setting.name}"
    return kernels.Job(name, notebook, go, seconds, memory, setting.threads), found


def out_of_date(root: Path, notebook, setting: Setting, found: dict | None, hash_of) -> str:
    """Why a run must be run (again), in words; "" where what was found stands."""
    if not found or "made_with" not in found:
        return "not run yet" if not found else "nobody knows what that run rested on"
    if found["cells"] != outputs.key_of(notebook):
        return "its cells changed"
    now = outputs.made_with(root, setting.variables(root))
    return outputs.moved(root, found["uses"], found["made_with"], now, hash_of)


def merge(root: Path, found: dict) -> dict:
    """Put page → setting → result into the file of all runs, which several processes may share, and return it all."""
    target = root / RUNS
    with files.locked(target.with_suffix(".lock")):
        known = files.read_record(target) if target.is_file() else {}
        for page, results in found.items():
            known.setdefault(page, {}).update(results)
        if found:
            files.write_record(target, known, indent=1)
    return known


def tell(name: str, setting: Setting, found: dict, which: str) -> bool:
    """Print what a run came to; whether all claims held, and the page came to its end where it must."""
    claims = found["claims"]
    broken = [claim for claim, one in claims.items() if not one["held"]]
    took = f"{found['seconds'] or 0:.0f} s" + (", stopped" if found["error"] else "")
    held = f"{len(claims) - len(broken)} of {len(claims)} claims hold"
    print(f"  {name}, {setting.name} ({which}): {took}, {held}", flush=True)
    for claim in broken:
        print(f"    does not hold: {claim} ({claims[claim]['values']})")
    if found["error"]:
        what = "failed" if setting.backend == OWN else f"not on {stability_record.BACKENDS[setting.backend]}"
        print(f"    {what}: {found['error'][-400:]}", flush=True)
    return not (broken or (found["error"] and setting.backend == OWN))
