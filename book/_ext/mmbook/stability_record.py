"""What the stability runs came to, as it is recorded: `book/results/stability.json`, from which `evidence` tells in how
many runs a claim held. No page reads it, so that no page is executed again when it changes.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path

from mmcourse.experiments.results import commit

from . import files, outputs
from .measure import machine
from .notebooks.claims import binds, parsed
from .pages import Page
from .project import Project

RECORD = "book/results/stability.json"
BACKENDS = {"jax": "JAX"}
NOT_REACHED = "not reached"
VARIED = "three seeds, one and two threads"
HOW = (
    "Each page ran with three seeds (0 is the page as written; in runs 1 and 2 each seed of initial weights, orders, "
    "dropout, resamples and other draws stands for another one), each in one thread and in two{also}. The items of "
    "Scene World, the weights that come with the course and recorded results were the same in all runs."
)
ALSO = ", and {many} of {all} pages once on JAX, which draws other numbers"


def page(cells: str, runs: dict[str, dict], others: dict[str, dict]) -> dict:
    """The record of one page: what held, and the range of the bound numbers whose text moved.

    `cells` is the hash of the page's cells; `runs` are setting → what a run found, `others` backend → the same.
    """
    words = dict.fromkeys(claim for found in runs.values() for claim in found["claims"])
    made = {"cells": cells, "claims": {claim: _claim(claim, runs, others) for claim in words}}
    numbers = {name: _number(name, runs, others) for name in moved(runs | others)}
    errors = {name: _last(found["error"]) for name, found in (runs | others).items() if found["error"]}
    return made | ({"numbers": numbers} if numbers else {}) | ({"errors": errors} if errors else {})


def _claim(claim: str, runs: dict, others: dict) -> dict:
    found = {name: one["claims"].get(claim, {"held": False, "values": NOT_REACHED}) for name, one in runs.items()}
    failed = {name: one["values"] for name, one in found.items() if not one["held"]}
    made = {"runs": len(found), "held": len(found) - len(failed)}
    for name, one in others.items():
        if claim in one["claims"]:
            made[name] = one["claims"][claim]["held"]
    return made | ({"failed": failed} if failed else {})


def _number(name: str, runs: dict, others: dict) -> dict:
    """`least` and `most` of the runs, as the page would word them (of words: `texts`), and what another backend has."""
    found = [one["numbers"][name] for one in runs.values() if name in one["numbers"]]
    texts = list(dict.fromkeys(one["text"] for one in found))
    if any(isinstance(one["value"], str) for one in found):
        made = {"texts": texts}
    else:
        found.sort(key=lambda one: one["value"])
        made = {"least": found[0]["text"], "most": found[-1]["text"]}
    for backend, one in others.items():
        text = one["numbers"].get(name, {}).get("text")
        if text is not None and text not in texts:
            made[backend] = text
    return made


def with_others(recorded: dict, others: dict[str, dict]) -> dict:
    """The record of a page with what runs on other backends found (backend → that run), beside the runs of its own: of
    the claims all, of the numbers those that are in the record."""
    claims, numbers = ({name: dict(one) for name, one in recorded.get(k, {}).items()} for k in ("claims", "numbers"))
    for backend, run in others.items():
        for claim in claims.keys() & run["claims"].keys():
            claims[claim][backend] = run["claims"][claim]["held"]
        for name in numbers.keys() & run["numbers"].keys():
            one, text = numbers[name], run["numbers"][name]["text"]
            one.pop(backend, None)
            if text not in one.get("texts", [one.get("least"), one.get("most")]):
                one[backend] = text
    errors = {name: text for name, text in recorded.get("errors", {}).items() if name not in others}
    errors |= {backend: _last(run["error"]) for backend, run in others.items() if run["error"]}
    made = {"cells": recorded["cells"], "claims": claims}
    return made | ({"numbers": numbers} if numbers else {}) | ({"errors": errors} if errors else {})


def _last(trouble: str) -> str:
    """Of a traceback the line that names the error, which is not the last one where its message has several."""
    found = re.findall(r"^[\w.]+(?:Error|Exception)\b.*", trouble, re.M) or trouble.splitlines()
    return found[-1].strip()


def moved(runs: dict) -> list[str]:
    """The names of the numbers that the page's text would quote differently in another run."""
    names = dict.fromkeys(name for one in runs.values() for name in one["numbers"])
    return [n for n in names if len({one["numbers"][n]["text"] for one in runs.values() if n in one["numbers"]}) > 1]


def spread(runs: dict) -> list[str]:
    """The numbers that move: name, and the text of each run."""
    texts = {n: {k: one["numbers"][n]["text"] for k, one in runs.items() if n in one["numbers"]} for n in moved(runs)}
    return [f"{name}: " + ", ".join(f"{text} ({key})" for key, text in found.items()) for name, found in texts.items()]


@dataclass(frozen=True)
class Recorded:
    """What is recorded of a page: its record or None, how the runs differ, whether its cells are still those that ran;
    and whether there is a record of any page at all."""

    page: dict | None = None
    varied: str = ""
    same: bool = True
    any: bool = False

    def held(self, claim: str) -> str:
        """In how many of the recorded runs a claim held, in words; "" where there is no record at all."""
        one = (self.page or {"claims": {}})["claims"].get(claim)
        if one is None:
            return "not yet run with other seeds and threads" if self.any else ""
        told = [f"held in {one['held']} of {one['runs']} runs ({self.varied})"]
        told += [f"not with {setting} ({values})" for setting, values in one.get("failed", {}).items()]
        for backend, name in BACKENDS.items():
            if backend in one:
                held = f"on {name} it held" if "failed" in one else f"on {name} too"
                told.append(held if one[backend] else f"on {name} it did not hold")
            elif backend in self.page.get("errors", {}):
                told.append(f"the page does not run on {name}")
        return "; ".join(told if self.same else [*told, "the page has changed since"])

    def moved(self, source: str) -> str:
        """The numbers that a cell binds and that moved over the runs, in words: `share 81–84%, found 3 to 5`; or ""."""
        numbers, statements = (self.page or {}).get("numbers", {}), parsed(source) or []
        found = {name: one for name, one in numbers.items() if any(binds(part, name) for part in statements)}
        return ", ".join(f"{re.sub('[-_]', ' ', name)} {_range(one)}" for name, one in found.items())


def of(page: Page, module: str) -> Recorded:
    """What is recorded of a page. `module` is that of the exercises, which are among its cells."""
    record = Project(page.root).stability
    one = record["pages"].get(page.docname)
    same = one is None or one["cells"] == outputs.key_of(page.notebook(module))
    return Recorded(one, record.get("varied", ""), same, bool(record["pages"]))


def _range(one: dict) -> str:
    others = "".join(f" (on {name} {one[backend]})" for backend, name in BACKENDS.items() if backend in one)
    if "texts" in one:
        return " or ".join(one["texts"]) + others
    least, most = one["least"], one["most"]
    if least == most:
        return least + others
    ends = [re.fullmatch(r"([\d.,]+)(\D*)", end) for end in (least, most)]
    alike = all(ends) and ends[0][2] == ends[1][2]
    return (f"{ends[0][1]}–{most}" if alike else f"{least} to {most}") + others


def write(root: Path, pages: dict, known: list[str]) -> None:
    """Put the records of pages (docname → record) into the file, and take out those of pages that are not `known`."""
    before = Project(root).stability["pages"]
    kept = {docname: pages.get(docname) or before.get(docname) for docname in known}
    made = machine()
    versions = ", ".join(f"{name} {version}" for name, version in made["versions"].items())
    ran = commit(root, ("mmcourse", "book"))
    when = f"{datetime.date.today().isoformat()}, commit {ran}, {made['machine']}; {versions}."
    whole = {docname: one for docname, one in kept.items() if one}
    many = sum(any("jax" in claim for claim in one["claims"].values()) for one in whole.values())
    how = HOW.format(also=ALSO.format(many=many, all=len(whole)) if many else "")
    recorded = {"how": f"{how} {when}", "varied": VARIED, "command": "make stability", "pages": whole}
    files.write_record(root / RECORD, recorded, indent=1)
    print(f"Recorded in {RECORD}: {len(pages)} of {len(known)} pages", flush=True)
