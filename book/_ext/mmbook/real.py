"""What the pages' cells for real data gave: `book/results/real-pages.json`, written by `make real-pages`.

The book is built without the data. Under such a cell it shows what the cell printed when it was last run with them,
with the date and what it read; the notebooks have the same. Only text is recorded, no pictures: most of the data may
not be passed on.
"""

from __future__ import annotations

import datetime
import os
import zlib
from collections import Counter
from pathlib import Path

from docutils import nodes

from . import files
from .expand import NEEDS_DATA
from .measure import execute, machine, select
from .project import Project

LONGEST = 1000  # characters of a recorded output
NONE_YET = "No output of this cell has been recorded yet."
# Folder of the data -> its name, the ending of the files that are counted and what they are.
CORPORA = {
    "flickr8k": ("Flickr8k", ".jpg", "photographs"),
    "flickr8k_cn": ("Flickr8K-CN", "", ""),
    "fsdd": ("the Free Spoken Digit Dataset", ".wav", "recordings"),
    "mnist": ("MNIST", "", ""),
    "mnist_t10k": ("MNIST", "", ""),
    "cmu_mosi": ("CMU-MOSI", "", ""),
    "word_vectors": ("GloVe", "", ""),
    "backbones": ("ImageNet weights", "", ""),
}


def real_pages(root: Path, names: list[str], module: str = "mmcourse.exercises") -> int:
    """Run the pages with their cells for real data and record what these print; MMCOURSE_DATA names the folder."""
    data = os.environ.get("MMCOURSE_DATA")
    if not data or not Path(data).is_dir():
        print(f"The folder of real data is not there. Received: MMCOURSE_DATA={data!r}.")
        return 1
    failed = 0
    for page in select(root, names):
        if not page.front.get("needs_data"):
            continue
        run = execute(page, needs_data=True, module=module)
        try:
            cells = [] if run.trouble else printed(run.notebook, data)
        except ValueError as error:
            run.trouble = str(error)
        failed += bool(run.trouble)
        came = f"failed\n{run.trouble}" if run.trouble else f"{run.seconds:.1f} s with real data"
        print(f"  {page.docname}: {came}", flush=True)
        if not run.trouble:
            today = datetime.datetime.now(datetime.UTC).date().isoformat()
            keep(root, page.docname, {"date": today, "data": used(run.files, data), "cells": cells, **machine()})
    return int(failed > 0)


def keep(root: Path, docname: str, entry: dict) -> None:
    """Put what one page gave into the record; the others stay as they are."""
    target = root / Project.REAL_PAGES
    record = {"schema": 1, "command": "make real-pages DATA=dir", "pages": Project(root).real_pages["pages"]}
    record["pages"] = dict(sorted({**record["pages"], docname: entry}.items()))
    files.write_record(target, record, indent=2)


def printed(notebook, data: str) -> list[dict]:
    """What each cell for real data of an executed notebook printed: {"cell": checksum of its code, "text"}.

    Raises ValueError for a picture, for nothing, for more than a few lines, and for a path of this machine.
    """
    found = []
    for cell in notebook.cells:
        if cell.cell_type != "code" or NEEDS_DATA not in cell.metadata.get("tags", []):
            continue
        parts = [_text(output) for output in cell.outputs if output.get("name") != "stderr"]
        text = "\n".join(part.rstrip() for part in parts if part.strip())
        if not 0 < len(text) <= LONGEST:
            raise ValueError(f"A cell for real data prints figures. Received: {len(text)} characters, {text[:100]!r}.")
        if str(Path(data).absolute()) in text:
            raise ValueError(f"A cell for real data prints a path of this machine. Received: {text[:100]!r}.")
        found.append({"cell": checksum(cell.source), "text": text})
    return found


def _text(output) -> str:
    """The text of one output."""
    if any(kind.startswith("image/") for kind in output.get("data", {})):
        raise ValueError("A cell for real data shows a picture, which is not recorded. Allowed: text.")
    return output.get("text") or output.get("data", {}).get("text/plain", "")


def used(opened: list[str], data: str) -> dict[str, str]:
    """What was read below the folder of real data: name of the corpus -> how many photographs, recordings or "" ."""
    folder, counts = Path(data).resolve(), {}
    for path in map(Path, opened):
        if path.is_relative_to(folder) and len(path.relative_to(folder).parts) > 1 and path.is_file():
            corpus = path.relative_to(folder).parts[0]
            name, ending, _ = CORPORA.get(corpus, (corpus, "", ""))
            counts.setdefault((name, corpus), Counter())[bool(ending) and path.suffix == ending] += 1
    return {
        name: f"{count[True]:,} {CORPORA[corpus][2]}" if count[True] else "" for (name, corpus), count in counts.items()
    }


def checksum(code: str) -> int:
    return zlib.crc32(code.strip().encode())


def recorded(project: Project, docname: str, number: int, code: str) -> tuple[str, str]:
    """The line over the recorded output of a page's cell for real data (the first has number 0), and that output. With
    nothing recorded, a line that says so, and ""."""
    page = project.real_pages["pages"].get(docname, {})
    cells = page.get("cells", [])
    if number >= len(cells):
        return NONE_YET, ""
    day = datetime.date.fromisoformat(page["date"])
    names = [name + (f" ({count})" if count else "") for name, count in page["data"].items()]
    words = f"Recorded on {day.day} {day:%B %Y}" + (f" with {', '.join(names)}" if names else "")
    earlier = ", by an earlier version of this cell" if cells[number]["cell"] != checksum(code) else ""
    return f"{words}{earlier}:", cells[number]["text"]


def show(app, doctree) -> None:
    """On `doctree-read`: put under each cell for real data, where it was not run, what is recorded of it."""
    project = Project(Path(app.srcdir))
    found = [node for node in doctree.findall(nodes.container) if f"tag_{NEEDS_DATA}" in node["classes"]]
    for number, cell in enumerate(found):
        if "tag_skip-execution" in cell["classes"]:
            words, text = recorded(project, app.env.docname, number, cell.astext())
            under = nodes.container("", nodes.paragraph("", words), classes=["mm-recorded"])
            if text:
                under += nodes.literal_block(text, text, language="none")
            cell += under


def setup(app):
    app.connect("doctree-read", show)
