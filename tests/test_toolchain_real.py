"""The cells for real data: what is recorded of a run, what is refused, and how it is told."""

import json
import sys
import zlib
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from test_toolchain import lay_out

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "book" / "_ext"))

from mmbook import real
from mmbook.project import Project

CODE = "print(1)"


def executed(*outputs, code=CODE, tags=("needs-data",)):
    """A notebook of one cell with these outputs."""
    return new_notebook(cells=[new_code_cell(code, outputs=list(outputs), metadata={"tags": list(tags)})])


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def test_text_of_cells_for_real_data_is_recorded():
    result = new_output("execute_result", data={"text/plain": "0.5"})
    notebook = executed(stream("R@1 4.0\n"), stream("a warning", "stderr"), result)
    notebook.cells += executed(stream("something else"), tags=[]).cells
    assert real.printed(notebook, "/nowhere/data") == [{"cell": zlib.crc32(b"print(1)"), "text": "R@1 4.0\n0.5"}]


@pytest.mark.parametrize(
    ("output", "says"),
    [
        (new_output("display_data", data={"image/png": "", "text/plain": "<Figure>"}), "shows a picture"),
        (stream("  \n"), "Received: 0 characters"),
        (stream("a caption " * 200), "Received: 1999 characters, 'a caption"),
        (stream("read /nowhere/data/flickr8k"), "a path of this machine"),
    ],
)
def test_what_is_not_recorded(output, says):
    with pytest.raises(ValueError, match=says):
        real.printed(executed(output), "/nowhere/data")


def test_what_was_read_is_counted(tmp_path):
    names = ["flickr8k/images/a.jpg", "flickr8k/images/b.jpg", "flickr8k/text/all.txt", "own/x.txt", "README.md"]
    for name in names:
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).touch()
    opened = [str(tmp_path / "data" / name) for name in [*names, "flickr8k/images/missing.jpg"]]
    assert real.used([*opened, __file__], str(tmp_path / "data")) == {"Flickr8k": "2 photographs", "own": ""}


def test_a_record_says_when_with_what_and_whether_the_cell_is_still_that_one(tmp_path):
    assert real.recorded(Project(tmp_path), "book/a", 0, CODE) == (real.NONE_YET, "")
    page = {"date": "2026-03-09", "data": {"MNIST": ""}, "cells": [{"cell": real.checksum(CODE), "text": "9"}]}
    (tmp_path / "book" / "results").mkdir(parents=True)
    real.keep(tmp_path, "book/b", {"date": "2026-01-01", "data": {}, "cells": []})
    real.keep(tmp_path, "book/a", page)
    project = Project(tmp_path)
    assert list(project.real_pages["pages"]) == ["book/a", "book/b"]
    assert real.recorded(project, "book/a", 0, f"\n{CODE}\n") == ("Recorded on 9 March 2026 with MNIST:", "9")
    earlier = "Recorded on 9 March 2026 with MNIST, by an earlier version of this cell:"
    assert real.recorded(project, "book/a", 0, "print(2)") == (earlier, "9")
    assert real.recorded(project, "book/a", 1, CODE) == (real.NONE_YET, "")


def test_pages_are_run_with_the_data_and_recorded(tmp_path, monkeypatch, capsys):
    book = lay_out(tmp_path / "tiny", [])
    record, page = book / Project.REAL_PAGES, book / "book/demo.md"
    monkeypatch.syspath_prepend(book)
    monkeypatch.delenv("MMCOURSE_DATA", raising=False)
    assert real.real_pages(book, ["demo"], "demo_exercises") == 1
    assert "Received: MMCOURSE_DATA=None" in capsys.readouterr().out
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("MMCOURSE_DATA", str(tmp_path / "data"))
    real.keep(book, "book/demo", {"date": "2026-11-09", "data": {}, "cells": [{"cell": 1, "text": "of another day"}]})
    assert real.real_pages(book, ["demo"], "demo_exercises") == 1
    assert "RuntimeError: real data were asked for" in capsys.readouterr().out
    assert "of another day" in record.read_text("utf8")
    page.write_text(
        page.read_text("utf8").replace('raise RuntimeError("real data were asked for")', "print(x.sum())"), "utf8"
    )
    assert real.real_pages(book, [], "demo_exercises") == 0
    said = capsys.readouterr().out
    assert "book/demo: " in said and "second" not in said
    entry = json.loads(record.read_text("utf8"))["pages"]["book/demo"]
    assert entry["cells"] == [{"cell": real.checksum("print(x.sum())"), "text": "3"}] and entry["data"] == {}
    assert {"date", "machine", "versions"} <= entry.keys()
