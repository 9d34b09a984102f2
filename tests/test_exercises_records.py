"""Progress: the best of each exercise, in a file that is sound whatever happens to it."""

import csv
import errno
import json
import os
import subprocess
import sys
import threading

import pytest

from mmcourse._machinery import files
from mmcourse.exercises import check, export_progress, get, hint, names, progress, records, registry, solution

pytest_plugins = ["sample_exercise"]
pytestmark = pytest.mark.usefixtures("store")
LOCK = ".progress.json.lock"


def test_progress_remembers_the_best(halve, store):
    check("sample.halve", len)
    check("sample.halve", halve.solution)
    check("sample.halve", len)
    hint("sample.halve")
    data = json.loads(store.read_text())
    entry = data["exercises"]["sample.halve"]
    assert data["version"] == records.VERSION
    assert (entry["status"], entry["attempts"], entry["hints"], entry["solution"]) == ("correct", 3, 1, False)
    table = progress()
    assert table.done == 1 and "sample.halve" in str(table) and "1 hint" in str(table)
    assert "<table" in table._repr_html_()
    assert {path.name for path in store.parent.iterdir()} == {store.name, LOCK}  # no temporary file is left


def test_progress_goes_page_by_page_and_says_what_is_next(store):
    table = progress()
    assert list(table.pages) == registry.topics() and table.done == 0
    first, *others = (name for name in names("scenes") if get(name).level == "core")
    assert table.next == first and f"Next: {get(first).title} (`{first}`)." in str(table)
    check(first, get(first).solution)
    table = progress()
    assert table.next == others[0] and table.pages["scenes"] == (1, len(names("scenes")))
    assert f"scenes: 1 of {len(names('scenes'))}" in str(table) and others[0] in table._repr_html_()


def test_an_instructor_gets_a_table_with_nothing_personal(store, tmp_path):
    name = "captioning.loss"
    wrong = check(name, get(name).mistakes["summed"])
    right = check(name, get(name).solution)
    hint(name)
    solution(name, step="plan")
    with open(export_progress(tmp_path / "done.csv"), newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["exercise"] for row in rows] == names()
    assert list(rows[0]) == ["exercise", "page", "level", "status", "tries", "hints", "solution", "seed"]
    (row,) = [row for row in rows if row["exercise"] == name]
    assert row == {
        "exercise": name, "page": "captioning", "level": "core", "status": "correct", "tries": "2", "hints": "1",
        "solution": "0", "seed": str(right.seed),
    }  # fmt: skip
    assert wrong.seed != right.seed and check(name, get(name).solution, seed=right.seed).status == "correct"
    solution(name, step="whole")
    with open(export_progress(tmp_path / "done.csv"), encoding="utf-8") as file:
        assert f"{name},captioning,core,correct,3,1,1,{right.seed}" in file.read()
    store.write_text(json.dumps({"version": records.VERSION + 1, "exercises": {}}))
    with pytest.raises(OSError, match="newer version"):
        export_progress(tmp_path / "done.csv")
    with pytest.raises(OSError, match="nowhere"):
        store.unlink()
        export_progress(tmp_path / "nowhere" / "done.csv")


HALF = """{"version": 1, "exercises": {"\\ud800": {"status": "correct", "attempts": 1, "hints": 0, "solution": false,
"changed": ""}}}"""


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 1}', '{"version": 1, "exercises": {"a": 3}}', "\x00\xff", "[" * 100_000, HALF]
)
def test_a_damaged_file_is_moved_aside_and_that_is_said(text, halve, store):
    store.write_text(text)
    result = check("sample.halve", halve.solution)
    assert json.loads(store.read_text())["exercises"]["sample.halve"]["status"] == "correct"
    (aside,) = store.parent.glob("*.damaged")
    assert aside.read_text() == text
    assert result.note == f"Your progress file was damaged; it is kept as {aside}, and a new one is begun."
    assert result.note in str(result) and not check("sample.halve", len).note


def test_whoever_meets_a_damaged_file_first_says_so(halve, store, tmp_path):
    def damaged():
        store.write_text("{")
        return "progress file was damaged"

    assert damaged() in str(progress()) and "damaged" not in str(progress())
    assert damaged() in str(hint("sample.halve"))
    assert damaged() in str(solution("sample.halve", "whole"))
    with pytest.raises(OSError, match=damaged()):
        export_progress(tmp_path / "done.csv")
    assert not (tmp_path / "done.csv").exists()
    assert len(list(store.parent.glob("*.damaged"))) == 4, "of one second, too, none takes the place of another"


def test_a_damaged_file_that_cannot_be_moved_stays(halve, store, monkeypatch):
    store.write_text("{")
    monkeypatch.setattr(records.os, "replace", lambda *_: (_ for _ in ()).throw(PermissionError(13, "denied")))
    assert "is not stored" in check("sample.halve", halve.solution).note and "cannot be read" in str(progress())
    assert store.read_text() == "{"


def test_a_file_of_an_older_version_is_read(halve, store):
    entry = {"status": "correct", "attempts": 2, "hints": 1, "solution": False, "changed": "2024-01-01"}
    store.write_text(json.dumps({"version": 1, "exercises": {"sample.halve": entry}}))  # there was no seed then
    assert progress().done == 1
    check("sample.halve", len)
    assert json.loads(store.read_text())["exercises"]["sample.halve"]["attempts"] == 3


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_stays_one(halve, store, tmp_path):
    drive = tmp_path / "drive"
    drive.mkdir()
    store.symlink_to(drive / "mine.json")
    for damaged in (False, True):
        if damaged:
            store.write_text("{")
        assert bool(check("sample.halve", halve.solution).note) == damaged
        assert store.is_symlink() and json.loads((drive / "mine.json").read_text())["exercises"]
    assert [path.name.startswith("mine.json.") for path in drive.glob("*.damaged")] == [True]
    (tmp_path / "done.csv").symlink_to(drive / "done.csv")
    export_progress(tmp_path / "done.csv")
    assert (tmp_path / "done.csv").is_symlink() and "sample.halve" in (drive / "done.csv").read_text()


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_the_folders_of_a_drive_that_is_not_mounted_are_not_made(halve, store, tmp_path):
    store.symlink_to(tmp_path / "drive" / "mine.json")
    assert f"{tmp_path / 'drive' / 'mine.json'} cannot be written" in check("sample.halve", halve.solution).note
    assert not (tmp_path / "drive").exists() and progress().done == 0


def test_a_newer_file_is_left_alone(halve, store):
    text = json.dumps({"version": records.VERSION + 1, "exercises": ["of another form"]})
    store.write_text(text)
    first, second = check("sample.halve", len), check("sample.halve", len)
    assert "newer version" in first.note and second.note == ""
    assert store.read_text() == text
    assert "newer version" in str(progress())


def test_an_unwritable_place_is_said_once(halve, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MMCOURSE_PROGRESS", str(tmp_path / "file" / "below" / "progress.json"))
    results = [check("sample.halve", halve.solution) for _ in range(2)]
    assert [r.status for r in results] == ["correct"] * 2
    assert "not stored" in results[0].note and results[1].note == ""


def test_a_full_disk_is_said_in_a_sentence_and_nothing_is_lost(halve, store, monkeypatch, tmp_path):
    check("sample.halve", halve.solution)
    before = store.read_text()

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "fsync", full)
    result = check("sample.halve", halve.solution)
    assert result.status == "correct" and result.note == (
        f"Your progress is not stored: {store} cannot be written (No space left on device). MMCOURSE_PROGRESS may name "
        'another file, or be "off".'
    )
    assert store.read_text() == before and progress().done == 1
    with pytest.raises(OSError, match=r"The table cannot be written to .*done\.csv: No space left"):
        export_progress(tmp_path / "done.csv")
    assert {path.name for path in store.parent.iterdir()} == {store.name, LOCK}


def test_where_nothing_can_be_written_progress_is_read(halve, store, monkeypatch):
    check("sample.halve", halve.solution)

    def denied(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(records, "locked", denied)
    assert progress().done == 1 and not progress().note
    assert "(Permission denied)" in str(hint("sample.halve")), "the first that fails to store says so"
    assert check("sample.halve", halve.solution).status == "correct"


def test_progress_can_be_off(halve, monkeypatch, store):
    monkeypatch.setenv("MMCOURSE_PROGRESS", "off")
    check("sample.halve", len)
    assert not store.exists() and progress().done == 0


def test_default_place(monkeypatch):
    monkeypatch.delenv("MMCOURSE_PROGRESS")
    assert records.place().name == "progress.json" and "mmcourse" in str(records.place())


EVENTS = """
import sys
from mmcourse.exercises import records
for event in range(int(sys.argv[2])):
    note = records.record(f"a.of{sys.argv[1]}_{event % 5}", "incorrect")
    note += records.record("a.all", "incorrect")
    assert not note, note
"""


def test_of_many_processes_and_threads_no_event_is_lost(store):
    """The long version of this is 600 events of 4 processes."""
    command = [sys.executable, "-c", EVENTS]
    writers = [subprocess.Popen([*command, str(i), "15"], stderr=subprocess.PIPE, text=True) for i in range(3)]
    notes = []
    work = lambda i: notes.extend(records.record(name, "error") for name in (f"a.t{i % 3}", "a.all"))  # noqa: E731
    threads = [threading.Thread(target=work, args=[i]) for i in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for writer in writers:
        assert writer.wait() == 0, writer.stderr.read()
    attempts = {name: entry["attempts"] for name, entry in records.read()[0].items()}
    assert attempts.pop("a.all") == 3 * 15 + 24 and not any(notes)
    assert attempts == {f"a.of{i}_{j}": 3 for i in range(3) for j in range(5)} | {f"a.t{i}": 8 for i in range(3)}
    assert {path.name for path in store.parent.iterdir()} == {store.name, LOCK}


KILLED = """
from mmcourse.exercises import records
while True:
    records.record("a.killed", "incorrect")
    print("stored", flush=True)
"""


def test_a_process_killed_while_it_stores_holds_nobody_up(store):
    for times in (1, 3, 7):
        with subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE) as process:
            for _ in range(times):
                process.stdout.readline()
            process.kill()
        assert not records.record("a.after", "correct")
        exercises, note = records.read()
        assert not note and exercises["a.after"]["status"] == "correct" and exercises["a.killed"]["attempts"] >= times
