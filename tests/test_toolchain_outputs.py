"""When a page is executed again, on a project of six tiny pages with a package, weights and records of its own."""

import errno
import json
import shutil
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from test_toolchain import FRONT

from mmcourse._machinery.files import seal

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from mmbook import files, measure, outputs, workers  # noqa: E402
from mmbook.pages import pages  # noqa: E402

HEAD = (
    FRONT
    + """
# Page

"""
)
CELLS = {
    "plain": "1 + 1",
    "solver": "from mmcourse.ranking.svm import margin\n\nmargin()",
    "figure": "from mmcourse.plots import line\n\nline.draw()",
    "record": "import json\n\njson.load(open('results/first.json'))",
    "weights": "import h5py\n\nfrom mmcourse import weights\n\nint(h5py.File(weights.path('first'))['x'][()])",
    "absent": "try:\n    found = open('results/third.json').read()\nexcept OSError:\n    found = 'nothing'\nfound",
}
SHOWN = {"plain": "2", "solver": "1", "figure": "2", "record": "[1]", "weights": "3", "absent": "'nothing'"}
PACKAGE = {
    "mmcourse/__init__.py": "",
    "mmcourse/ranking/__init__.py": "",
    "mmcourse/ranking/svm.py": "def margin():\n    return 1\n",
    "mmcourse/plots/__init__.py": "",
    "mmcourse/plots/line.py": "def draw():\n    return 2\n",
    "mmcourse/plots/bar.py": "",
    "mmcourse/weights/__init__.py": "path = (__file__.removesuffix('__init__.py') + '{}.h5').format\n",
    "book/results/first.json": "[1]",
    "book/results/second.json": "[2]",
    "requirements.txt": "numpy==2\n",
    "pyproject.toml": "[project]\n",
}


def put(root, name, content):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf8")


def weigh(root, name, value):
    import h5py

    with h5py.File(root / "mmcourse" / "weights" / f"{name}.h5", "w") as file:
        file["x"] = value


def lay_out(root, cells):
    for name, content in PACKAGE.items():
        put(root, name, content)
    for name, source in cells.items():
        put(root, f"book/{name}.md", f"{HEAD}```{{code-cell}} ipython3\n{source}\n```\n")
    first, *others = cells
    put(root, "_toc.yml", f"root: book/{first}\nchapters:\n" + "".join(f"  - file: book/{name}\n" for name in others))
    weigh(root, "first", 3)
    weigh(root, "second", 4)
    return root


def build(root, module="no.exercises"):
    """Execute what must be executed: the names of the pages that ran, name → output, and what was printed."""
    said = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("builtins.print", lambda *words, **_: said.append(" ".join(map(str, words))))
        found, whole = workers.execute(root, pages(root), module, False, 60)
    ran = {line.split(":")[0].strip() for line in said if ": started" in line}
    shown = {name.removeprefix("book/"): text(one) for name, one in found.items()}
    return SimpleNamespace(ran=ran, shown=shown, said="\n".join(said), whole=whole, found=found)


def text(one):
    (cell,) = one.cells
    return cell["outputs"][0]["data"]["text/plain"] if cell["outputs"] and "data" in cell["outputs"][0] else None


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    root = lay_out(tmp_path_factory.mktemp("project"), CELLS)
    first = build(root)
    assert first.ran == set(CELLS) and first.whole, first.said
    assert first.shown == SHOWN
    return root


@pytest.fixture
def project(executed, tmp_path):
    """A checkout that moved: its outputs stand."""
    return shutil.copytree(executed, tmp_path / "project")


# ── what is executed again ──────────────────────────────────────────────────────────────────────────


def test_nothing_is_executed_twice(project):
    assert build(project).ran == set()


def test_what_a_measurement_gave_need_not_run_again(project):
    put(project, "mmcourse/ranking/svm.py", "def margin():\n    return 13\n")
    assert measure.measure(project, ["solver"]) == 0
    now = build(project)
    assert now.ran == set() and now.shown == SHOWN | {"solver": "13"}


def write(name, content):
    return lambda root: put(root, name, content)


def as_package(root):
    (root / "mmcourse/ranking/svm").mkdir()
    (root / "mmcourse/ranking/svm.py").rename(root / "mmcourse/ranking/svm/__init__.py")


@pytest.mark.parametrize(
    ("change", "ran", "shown"),
    [
        (write("mmcourse/ranking/svm.py", "def margin():\n    return 5\n"), {"solver"}, {"solver": "5"}),
        (write("mmcourse/plots/line.py", "def draw():\n    return 6\n"), {"figure"}, {"figure": "6"}),
        (write("mmcourse/plots/bar.py", "x = 1"), set(), {}),
        (write("mmcourse/plots/new.py", "x = 1"), set(), {}),
        (write("book/results/first.json", "[7]"), {"record"}, {"record": "[7]"}),
        (write("book/results/second.json", "[8]"), set(), {}),
        (write("book/results/third.json", "here"), {"absent"}, {"absent": "'here'"}),
        (lambda root: weigh(root, "first", 9), {"weights"}, {"weights": "9"}),
        (lambda root: weigh(root, "second", 9), set(), {}),
        (write("mmcourse/__init__.py", "x = 1"), {"solver", "figure", "weights"}, {}),
        (write("mmcourse/ranking/svm/__init__.py", "def margin():\n    return 10\n"), {"solver"}, {"solver": "10"}),
        (as_package, {"solver"}, {}),
        (write("book/plain.md", f"{HEAD}More words.\n\n```{{code-cell}} ipython3\n1 + 1\n```\n"), set(), {}),
        (write("book/plain.md", f"{HEAD}```{{code-cell}} ipython3\n2 + 2\n```\n"), {"plain"}, {"plain": "4"}),
        (write("book/results/timings.json", json.dumps(seal({"pages": {}}))), set(), {}),
        (write("requirements.txt", "numpy==3\n"), set(CELLS), SHOWN),
    ],
    ids=lambda value: "+".join(sorted(value)) if isinstance(value, set) else "",
)
def test_exactly_the_pages_that_use_it_run_again(project, change, ran, shown):
    change(project)
    now = build(project)
    assert now.ran == ran, now.said
    assert now.shown == SHOWN | shown, "what did not run again is as it was"
    assert build(project).ran == set()


def test_it_is_said_which_page_runs_and_why(project):
    put(project, "mmcourse/ranking/svm.py", "def margin():\n    return 11\n")
    put(project, "mmcourse/ranking/__init__.py", "x = 1\n")
    said = build(project).said
    assert "1 page to execute, 1 at a time: about " in said
    assert "    solver: mmcourse/ranking/__init__.py and 1 more changed" in said


@pytest.mark.parametrize("change", ["environment", "threads", "Python"])
def test_the_kernel_and_its_python_are_part_of_the_key(project, monkeypatch, change):
    before = outputs.made_with(project)
    if change == "environment":
        monkeypatch.setenv("KERAS_BACKEND", "jax")
    elif change == "threads":
        monkeypatch.setattr("mmbook.kernels.THREADS", 2)
    else:
        monkeypatch.setattr("platform.python_version", lambda: "3.99.0")
    now, page = outputs.made_with(project), pages(project)[0]
    assert now != before
    kept = outputs.load(page)
    assert kept.made_with["threads"] == 1
    assert not kept.out_of_date(project, page.notebook(), before) and kept.out_of_date(project, page.notebook(), now)


def test_what_changes_while_the_page_runs_counts_as_changed(tmp_path):
    put(tmp_path, "mmcourse/a.py", "1")
    opened = [str(tmp_path / "mmcourse" / "a.py"), str(tmp_path / "_build" / "x"), "/elsewhere", str(tmp_path)]
    later = outputs.fingerprint(tmp_path, opened, time.time() + 60)
    assert later == {"mmcourse/a.py": files.sha256("1"), "mmcourse/a/__init__.py": None}
    before = outputs.fingerprint(tmp_path, opened, time.time() - 60)
    assert before["mmcourse/a.py"] == outputs.CHANGED_MEANWHILE


def test_a_link_inside_the_checkout_is_followed(tmp_path):
    outside = tmp_path / "data.bin"
    outside.write_text("1")
    root = tmp_path / "checkout"
    put(root, "mmcourse/a.txt", "2")
    try:
        (root / "linked.bin").symlink_to(outside)
        (root / "inner.txt").symlink_to(root / "mmcourse" / "a.txt")
    except OSError:
        pytest.skip("no links on this system")
    found = outputs.fingerprint(root, [str(root / "linked.bin"), str(root / "inner.txt")], time.time() + 60)
    assert found == {
        "linked.bin": files.sha256("1"),
        "inner.txt": files.sha256("2"),
        "mmcourse/a.txt": files.sha256("2"),
    }


# ── what goes wrong ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "damage",
    [
        lambda kept: kept[: len(kept) // 2],
        lambda kept: b"",
        lambda kept: kept.replace(b'"text/plain": "', b'"text/plain": "9'),
        lambda kept: b"\xff" + kept,
        lambda kept: b"null\n" + kept,
        lambda kept: _signed(b"[]\n"),
        lambda kept: _signed(kept.partition(b"\n")[2].replace(b'"version": 1', b'"version": 0')),
    ],
    ids=["half", "empty", "other output", "no text", "more", "other JSON", "other version"],
)
def test_a_damaged_file_means_execute_again(project, damage):
    path = project / outputs.FOLDER / "book" / "plain.json"
    path.write_bytes(damage(path.read_bytes()))
    now = build(project)
    assert now.ran == {"plain"} and now.shown == SHOWN


def _signed(text):
    return files.sha256(text).encode() + b"\n" + text


def test_a_page_that_fails_shows_its_traceback_and_the_others_go_on(project):
    put(project, "mmcourse/ranking/svm.py", "def margin():\n    raise RuntimeError('no margin')\n")
    put(project, "mmcourse/plots/line.py", "def draw():\n    return 12\n")
    now = build(project)
    assert now.ran == {"solver", "figure"} and now.shown["figure"] == "12"
    assert "solver: FAILED after" in now.said and "RuntimeError: no margin" in now.said and "\x1b" not in now.said
    assert now.found["book/solver"].trouble.endswith("RuntimeError: no margin")
    again = build(project)
    assert again.ran == {"solver"}, "nothing is kept of a page that failed"
    put(project, "mmcourse/ranking/svm.py", "def margin():\n    return 13\n")
    assert build(project).shown["solver"] == "13"


def test_a_kernel_that_is_killed_fails_its_page_in_words(project):
    source = "import os, signal\n\ndef margin():\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    put(project, "mmcourse/ranking/svm.py", source)
    now = build(project)
    assert "solver: FAILED" in now.said and "The page's kernel ended before the page did, with signal 9" in now.said
    put(project, "mmcourse/ranking/svm.py", "def margin():\n    return 14\n")
    assert build(project).shown["solver"] == "14"


@pytest.mark.parametrize("where", ["os.fsync", "os.replace"])
def test_a_full_disk_is_said_in_a_sentence_and_leaves_nothing_behind(project, monkeypatch, where):
    put(project, "mmcourse/plots/line.py", f"def draw():\n    return {where!r}\n")

    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(where, full)
        now = build(project)
    assert not now.whole and now.shown["figure"] == repr(where)
    assert "figure: its outputs could not be kept, the disk is full. The next build executes it again." in now.said
    kept = {path.name for path in (project / outputs.FOLDER).rglob("*") if path.is_file()}
    assert kept == {f"{name}.json" for name in CELLS}
    again = build(project)
    assert again.ran == {"figure"} and again.whole


def test_outputs_of_pages_that_are_no_more_are_removed(project):
    outputs.forget_others(project, pages(project)[1:])
    assert build(project).ran == {"plain"}
