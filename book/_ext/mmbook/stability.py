"""Does a page say the same on another machine? Each page runs with several numbers of threads, and its claims and bound
numbers are written down: `_build/stability.json`. A claim does not stop such a run."""

from __future__ import annotations

import json
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from .execution import threads
from .measure import execute, select
from .pages import Page

RECORD = "_build/stability.json"


def run(page: Page, count: int) -> dict:
    """Run a page with so many threads. Returns seconds, claims (words → held and values), numbers (name → text and
    value), and error: the end of the traceback where a cell failed, else ""."""
    from nbclient.exceptions import CellExecutionError

    with tempfile.TemporaryDirectory() as folder:
        events = Path(folder, "events")
        events.touch()
        error, seconds = "", None
        try:
            seconds = execute(page, variables={**threads(count), "MMCOURSE_STABILITY": str(events)})["seconds"]
        except CellExecutionError as failure:
            error = str(failure).strip()[-1500:]
        told = [json.loads(line) for line in events.read_text("utf8").splitlines()]
    claims = {one["claim"]: {"held": one["held"], "values": one["values"]} for one in told if "claim" in one}
    numbers = {one["bound"]: {"text": one["text"], "value": one["value"]} for one in told if "bound" in one}
    return {"seconds": seconds, "error": error, "claims": claims, "numbers": numbers}


def stability(root: Path, names: list[str], counts: list[int]) -> int:
    """Run the pages with each number of threads, one page a core; print what differs. Returns 1 where a page failed or
    a claim did not hold."""
    target = root / RECORD
    record = json.loads(target.read_text("utf8")) if target.is_file() else {}
    jobs = [(page, count) for page in select(root, names) for count in counts]
    failed = 0
    with ProcessPoolExecutor(int(os.environ.get("JOBS", os.cpu_count() or 1))) as workers:
        done = [workers.submit(run, page, count) for page, count in jobs]
        for (page, count), result in zip(jobs, done, strict=True):
            found = result.result()
            record.setdefault(page.name, {})[str(count)] = found
            broken = [claim for claim, one in found["claims"].items() if not one["held"]]
            failed += bool(found["error"] or broken)
            held = len(found["claims"]) - len(broken)
            took = f"{found['seconds']:.0f} s" if found["seconds"] else "stopped"
            print(f"  {page.name}, {count} threads: {took}, {held} of {len(found['claims'])} claims hold", flush=True)
            for claim in broken:
                print(f"    does not hold: {claim} ({found['claims'][claim]['values']})")
            if found["error"]:
                print(f"    failed: {found['error'][-400:]}")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf8")
    for page in dict.fromkeys(page.name for page, _ in jobs):
        for line in spread(record[page]):
            print(f"  {page}: {line}")
    return int(failed > 0)


def spread(runs: dict) -> list[str]:
    """The numbers of a page that its text would quote differently in another run: name, and the text of each run."""
    names = dict.fromkeys(name for one in runs.values() for name in one["numbers"])
    texts = {name: {k: one["numbers"].get(name, {}).get("text") for k, one in runs.items()} for name in names}
    return [
        f"{name}: " + ", ".join(f"{text} ({key})" for key, text in found.items())
        for name, found in texts.items()
        if len(set(found.values()) - {None}) > 1
    ]
