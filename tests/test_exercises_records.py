"""Progress: the best of each exercise, in a file that is sound whatever happens to it."""

import csv
import json
import threading

import pytest

from mmcourse.exercises import check, export_progress, get, hint, names, progress, records, registry, solution

pytest_plugins = ["sample_exercise"]
pytestmark = pytest.mark.usefixtures("store")


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
    assert list(store.parent.iterdir()) == [store]  # no temporary file is left


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


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 1}', '{"version": 1, "exercises": {"a": 3}}', "\x00\xff", "[" * 100_000]
)
def test_a_damaged_file_is_moved_aside(text, halve, store):
    store.write_text(text)
    check("sample.halve", halve.solution)
    assert json.loads(store.read_text())["exercises"]["sample.halve"]["status"] == "correct"
    assert [p.read_text() for p in store.parent.glob("*.damaged")] == [text]


def test_a_newer_file_is_left_alone(halve, store):
    text = json.dumps({"version": records.VERSION + 1, "exercises": {}})
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


def test_progress_can_be_off(halve, monkeypatch, store):
    monkeypatch.setenv("MMCOURSE_PROGRESS", "off")
    check("sample.halve", len)
    assert not store.exists() and progress().done == 0


def test_default_place(monkeypatch):
    monkeypatch.delenv("MMCOURSE_PROGRESS")
    assert records.place().name == "progress.json" and "mmcourse" in str(records.place())


def test_many_writers_leave_a_sound_file(store):
    threads = [threading.Thread(target=records.record, args=(f"a.b{i % 3}", "incorrect")) for i in range(24)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert json.loads(store.read_text())["exercises"]
    assert not list(store.parent.glob("*.damaged"))
