"""Stub and solution as a student meets them, in notebooks and interpreters; and what an exercise imports."""

import code
import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mmcourse.exercises import check, get, names, quiz, registry, solution

pytest_plugins = ["sample_exercise"]
pytestmark = pytest.mark.usefixtures("store")


def test_not_attempted_compares_meaning_not_layout(registered):
    exercise = get("captioning.attend")
    changed = exercise.stub.replace(
        "axis=0, keepdims=True)\n    return", "axis=0, keepdims=True)\n    # hm\n\n    return"
    )
    changed = re.sub(r'    """.*?"""\n', '    "Other words."\n', changed, flags=re.S)
    assert changed != exercise.stub

    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    for source, status in (
        (exercise.stub, "not attempted"),
        (changed, "not attempted"),
        (exercise.solution_source, "correct"),
    ):
        assert shell.run_cell(source).success
        assert check("captioning.attend", shell.user_ns["attend_regions"]).status == status
    shell.run_cell("by_value = lambda *args: attend_regions(*args)")
    assert check("captioning.attend", shell.user_ns["by_value"]).status == "correct"
    InteractiveShell.clear_instance()


def test_interpreter_prints_once_and_knows_the_stub(halve):
    console = code.InteractiveInterpreter()
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        console.runcode(compile(get("captioning.attend").stub, "<stdin>", "exec"))
        for line in (
            "from mmcourse.exercises import check, hint, solution",
            "check('captioning.attend', attend_regions)",
            "check('sample.halve', len)",
            "hint('sample.halve')",
        ):
            console.runsource(line)
    assert out.getvalue().count("Not attempted") == 1
    assert out.getvalue().count("Incorrect") == 1
    assert out.getvalue().count("Hint 1 of 2") == 1


def test_stub_and_solution_come_from_one_source(halve):
    assert halve.stub == (
        "import numpy as np\n\n\n"
        "def halved(x, factor=1.0):\n"
        '    """Array (n, 3) -> its half (n, 3), times the factor."""\n'
        "    # Your code goes here.\n"
        "    raise NotImplementedError"
    )
    assert "def _two():" in halve.solution_source and "_ONE = 1" in halve.solution_source
    assert "@" not in halve.solution_source and "Exercise" not in halve.solution_source
    space = {}
    exec(halve.solution_source, space)
    assert check("sample.halve", space["halved"]).status == "correct"
    assert halve.check_source == 'check("sample.halve", halved)'


def test_the_solution_comes_in_steps(halve, monkeypatch):
    monkeypatch.setattr("mmcourse.exercises.engine._steps_shown", {})
    assert solution("sample.halve").text.startswith(f"{halve.skeleton}\n\n# Call `solution` again")
    assert "..." in halve.skeleton and "/ 2" not in halve.skeleton  # no plan was written: it begins with the skeleton
    for _ in range(2):
        assert solution("sample.halve").text == halve.solution_source
    assert solution("sample.halve", step="skeleton").text.startswith(halve.skeleton)
    assert "```python" in solution("sample.halve")._repr_markdown_()
    monkeypatch.setattr(halve, "plan", ("Divide by two.", "Return it."))
    monkeypatch.setattr("mmcourse.exercises.engine._steps_shown", {})
    assert solution("sample.halve").text.startswith("Plan:\n1. Divide by two.\n2. Return it.")
    assert [solution("sample.halve").text.startswith(halve.skeleton) for _ in range(2)] == [True, False]
    with pytest.raises(ValueError, match=r"Received: step='all'. Allowed: plan, skeleton, whole"):
        solution("sample.halve", step="all")


def test_a_check_imports_no_keras():
    script = (
        "import sys; from mmcourse.exercises import check, get, names, quiz\n"
        "for n in names(): check(n, get(n).solution); quiz(get(n).page).to_html()\n"
        "assert not {'keras', 'tensorflow', 'jax', 'torch', 'IPython'} & set(sys.modules), sorted(sys.modules)\n"
        "planted = [m for m in sys.modules if m.endswith('_mistakes')]\n"
        "assert not planted, planted  # a right answer needs none\n"
        "get('text.tf_idf').mistakes\n"
        "assert [m for m in sys.modules if m.endswith('_mistakes')] == ['mmcourse.exercises.text.tf_idf_mistakes']"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env={"MMCOURSE_PROGRESS": "off"})


def test_topics_stand_in_the_order_of_the_book():
    contents = (Path(__file__).resolve().parents[1] / "_toc.yml").read_text("utf8")
    pages = re.findall(r"file: book/(\w+)", contents)
    assert registry.PAGES == [page for page in pages if page in registry.topics()] == registry.topics()


@pytest.mark.parametrize("topic", registry.topics())
def test_a_topic_lists_its_modules_in_the_order_of_its_page(topic):
    page = (Path(__file__).resolve().parents[1] / "book" / f"{topic}.md").read_text("utf8")
    folder = Path(registry.__file__).parent / topic
    modules = {f"{topic}.{path.stem}" for path in folder.glob("[!_]*.py")}  # what begins with _ serves the others
    assert names(topic) == registry.taught(topic) == re.findall(r"\{exercise-cell\} (\S+)", page)
    planted = {f"{name}_mistakes" for name in registry.taught(topic)}
    assert modules == {*registry.taught(topic), *planted, f"{topic}.quiz", f"{topic}.errors"}
    assert [get(name).name for name in names(topic)] == names(topic) and quiz(topic).name == topic


@pytest.mark.parametrize(
    "call, modules",
    [
        ("check('captioning.why', 3)", {"captioning", "captioning.why", "captioning.why_mistakes"}),
        ("hint('captioning.loss')", {"captioning", "captioning.loss"}),
        ("quiz('captioning')", {"captioning", "captioning.quiz"}),
        ("names('captioning')", {"captioning"}),
    ],
)
def test_an_exercise_imports_no_other(call, modules):
    """So that a page has to be executed again only when one of its own exercises changed."""
    script = (
        "import sys; from mmcourse.exercises import check, hint, names, quiz, registry\n"
        f"{call}\n"
        "topics = [f'mmcourse.exercises.{topic}' for topic in registry.topics()]\n"
        "print(*(m for m in sys.modules for t in topics if m == t or m.startswith(t + '.')))"
    )
    off = {**os.environ, "MMCOURSE_PROGRESS": "off"}
    done = subprocess.run([sys.executable, "-c", script], check=True, env=off, capture_output=True, text=True)
    assert set(done.stdout.split()) == {f"mmcourse.exercises.{module}" for module in modules}
