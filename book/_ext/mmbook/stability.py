"""Does a page say the same on another machine? Each page runs with several numbers of threads, and its claims and bound
numbers are written down: `_build/stability.json`. A claim does not stop such a run."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from . import files, kernels
from .measure import CELL_SECONDS, select
from .pages import Page
from .project import Project

RECORD = "_build/stability.json"


def run(page: Page, count: int, module: str = "mmcourse.exercises") -> tuple[kernels.Job, dict]:
    """A run of a page with so many threads, as a job, and what it finds by its end: seconds, claims (words → held and
    values), numbers (name → text and value), and error, the end of the traceback where a cell failed."""
    found = {"seconds": None, "error": "", "claims": {}, "numbers": {}}

    async def go(run: kernels.Run) -> None:
        with tempfile.TemporaryDirectory() as folder:
            events = Path(folder, "events")
            events.touch()
            variables = {**kernels.threads(count), "MMCOURSE_STABILITY": str(events)}
            await kernels.execute(run, page.root, page.path.parent, CELL_SECONDS, variables)
            told = [json.loads(line) for line in events.read_text("utf8").splitlines()]
        found.update(seconds=None if run.trouble else round(run.seconds, 1), error=run.trouble[-1500:])
        for one in told:
            if "claim" in one:
                found["claims"][one["claim"]] = {"held": one["held"], "values": one["values"]}
            else:
                found["numbers"][one["bound"]] = {"text": one["text"], "value": one["value"]}

    cost = Project(page.root).timings["pages"].get(page.docname, {})
    expected = cost.get("seconds") or kernels.SECONDS, cost.get("memory_mb") or kernels.MEMORY_MB
    return kernels.Job(page.name, page.notebook(module), go, *expected), found


def stability(root: Path, names: list[str], counts: list[int], module: str = "mmcourse.exercises") -> int:
    """Run the pages with each number of threads, side by side; print what differs. Returns 1 where a page failed or a
    claim did not hold."""
    chosen = select(root, names)
    runs = {job: (count, found) for page in chosen for count in counts for job, found in [run(page, count, module)]}
    failed = 0

    def told(event: str, job: kernels.Job, running: list) -> None:
        nonlocal failed
        if event != "end":
            return
        count, found = runs[job]
        found["error"] = found["error"] or job.run.trouble
        merge(root, {job.name: {str(count): found}})
        failed += not tell(job.name, count, found)

    kernels.configure(root)
    kernels.run_async(kernels.side_by_side(list(runs), kernels.at_once(), told))
    record = merge(root, {})
    for page in chosen:
        for line in spread(record[page.name]):
            print(f"  {page.name}: {line}")
    return int(failed > 0)


def merge(root: Path, found: dict) -> dict:
    """Put page → threads → result into the record, which several runs may share, and return the record."""
    target = root / RECORD
    with files.locked(target.with_suffix(".lock")):
        record = json.loads(target.read_text("utf8")) if target.is_file() else {}
        for page, results in found.items():
            record.setdefault(page, {}).update(results)
        if found:
            files.write(target, json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    return record


def tell(name: str, count: int, found: dict) -> bool:
    """Print what a run came to; whether it came to its end and all claims held."""
    broken = [claim for claim, one in found["claims"].items() if not one["held"]]
    held = len(found["claims"]) - len(broken)
    took = f"{found['seconds']:.0f} s" if found["seconds"] else "stopped"
    print(f"  {name}, {count} threads: {took}, {held} of {len(found['claims'])} claims hold", flush=True)
    for claim in broken:
        print(f"    does not hold: {claim} ({found['claims'][claim]['values']})")
    if found["error"]:
        print(f"    failed: {found['error'][-400:]}", flush=True)
    return not (broken or found["error"])


def spread(runs: dict) -> list[str]:
    """The numbers of a page that its text would quote differently in another run: name, and the text of each run."""
    names = dict.fromkeys(name for one in runs.values() for name in one["numbers"])
    texts = {name: {k: one["numbers"].get(name, {}).get("text") for k, one in runs.items()} for name in names}
    return [
        f"{name}: " + ", ".join(f"{text} ({key})" for key, text in found.items())
        for name, found in texts.items()
        if len(set(found.values()) - {None}) > 1
    ]
