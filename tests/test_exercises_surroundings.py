"""What a student's function does to everybody's Python does not outlive its call: exits, settings, streams, imports."""

import os
import subprocess
import sys
import threading
import time
import warnings

import numpy as np
import pytest

from mmcourse.exercises import Exercise, case, check

pytest_plugins = ["sample_exercise"]


@pytest.fixture
def double(registered):
    exercise = Exercise("sample.double", kind="implement", task="Write `double(x)`.", hints=("a", "b"))

    @exercise.solved_by
    def doubled(x):
        """Numbers (n,) -> twice these (n,)."""
        return 2 * np.asarray(x)

    @exercise.cases
    def _(rng):
        for n in (2, 3, 5):
            yield case(rng.normal(size=n))

    return exercise


def settings():
    shown = {name: value for name, value in np.get_printoptions().items() if name != "override_repr"}
    return (
        os.getcwd(), dict(os.environ), np.geterr(), shown, sys.getrecursionlimit(), sys.stdout, sys.stderr,
        sys.stdin.closed, list(warnings.filters), getattr(sys.stdout, "encoding", None),
    )  # fmt: skip


def seterr(x):
    np.seterr(all="raise")
    return 2 * x


def moves(x):
    os.chdir("/")
    return 2 * x


def environment(x):
    os.environ["MMCOURSE_PROGRESS"] = "elsewhere"
    os.environ.pop("PATH", None)
    return 2 * x


def prints(x):
    np.set_printoptions(precision=1)
    return 2 * x


def recursion(x):
    sys.setrecursionlimit(5000)
    return 2 * x


def stream(x):
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115
    return 2 * x


def reconfigured(x):
    sys.stdout.reconfigure(encoding="latin-1")
    return 2 * x


def filters(x):
    warnings.simplefilter("error")
    warnings.warn("now an error", stacklevel=1) if False else None
    return 2 * x


@pytest.mark.parametrize(
    "answer", [seterr, moves, environment, prints, recursion, stream, reconfigured, filters], ids=lambda f: f.__name__
)
def test_nothing_stays_set(double, answer):
    before = settings()
    assert check("sample.double", answer).status == "correct"
    assert settings() == before


def test_settings_do_not_reach_the_check_itself(double):
    """NumPy's errors raised in the oracle or in a planted mistake would be called the student's."""

    def careless(x):
        np.seterr(all="raise")
        os.chdir("/")
        return 3 * x

    result = check("sample.double", careless)
    assert result.status == "incorrect" and "1.5 times" in result.message


@pytest.mark.parametrize("leave", ["exit()", "quit()", "exit(0)", "import sys; sys.exit()", "raise SystemExit"])
def test_leaving_is_no_answer(double, leave):
    space = {}
    exec(f"def answer(x):\n    {leave}\n    return 2 * x", space)
    before = settings()
    result = check("sample.double", space["answer"])
    assert result.status == "error" and "tried to end the program" in result.message
    assert settings() == before


@pytest.mark.parametrize("thread", [False, True])
def test_an_import_is_let_finish(double, tmp_path, monkeypatch, thread):
    slow = tmp_path / "slow_to_import.py"
    slow.write_text("import time\nfor _ in range(30):\n    time.sleep(0.02)\nready = True\n")
    monkeypatch.syspath_prepend(tmp_path)

    def answer(x):
        import slow_to_import

        while slow_to_import.ready:
            pass

    results = []
    run = lambda: results.append(check("sample.double", answer, seconds=0.2))  # noqa: E731
    if thread:
        worker = threading.Thread(target=run)
        worker.start()
        worker.join(20)
    else:
        run()
    assert sys.modules.pop("slow_to_import").ready  # it is whole
    assert results[0].status == "error" and "went into `import slow_to_import`" in results[0].message


KERNEL = """
import os, sys
from mmcourse.exercises import check, get
name = "video.fold"
def exits(video, encode):
    exit()
def quits(video, encode):
    quit()
"""


def test_a_notebook_s_kernel_lives_on(tmp_path):
    import nbformat
    from nbclient import NotebookClient

    cells = [
        KERNEL,
        "print(check(name, exits).status)",
        "print(check(name, quits).status)",
        "print(check(name, get(name).solution).status)",
        "print('alive')",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    os.environ["MMCOURSE_PROGRESS"] = "off"
    client = NotebookClient(
        notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    with client.setup_kernel():
        for place, cell in enumerate(notebook.cells):
            client.execute_cell(cell, place)
            time.sleep(0.3)  # a kernel that was told to end does so after the cell
    said = [cell.outputs[0]["text"].strip() for cell in notebook.cells[1:]]
    assert said == ["error", "error", "correct", "alive"]


def test_a_plain_interpreter_keeps_its_stdin():
    code = (
        "import sys\nfrom mmcourse.exercises import check\n"
        "def f(video, encode):\n    exit()\n"
        "print(check('video.fold', f).status, sys.stdin.closed, exit is not None)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, input="",
        env={**os.environ, "MMCOURSE_PROGRESS": "off"},
    )  # fmt: skip
    assert done.stdout.strip() == "error False True", done.stderr
