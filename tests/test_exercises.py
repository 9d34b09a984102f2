"""The engine: whatever a student hands in, a check comes back, in time, with a sentence that helps."""

import code
import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup
from oracles import oracle

from mmcourse.exercises import (
    Exercise,
    Numeric,
    Option,
    Question,
    Quiz,
    Result,
    check,
    engine,
    expect,
    get,
    hint,
    limits,
    names,
    progress,
    quiz,
    quizzes,
    records,
    registry,
    sandbox,
    solution,
)
from mmcourse.exercises.sandbox import Wrong

STATUSES = {"correct", "incorrect", "not attempted", "error"}


@pytest.fixture(autouse=True)
def store(monkeypatch, tmp_path):
    """Progress goes to a file of the test."""
    path = tmp_path / "progress.json"
    monkeypatch.setenv("MMCOURSE_PROGRESS", str(path))
    monkeypatch.setattr(records, "_said", False)
    monkeypatch.setattr(engine, "_hints_given", {})
    return path


@pytest.fixture
def registered():
    """Exercises that are written here are gone afterwards."""
    yield
    for name in set(registry._registry) - {name for topic in registry.topics() for name in registry.taught(topic)}:
        del registry._registry[name]


@pytest.fixture
def halve(registered):
    exercise = Exercise(
        "sample.halve",
        kind="implement",
        task="Write `halved(x, factor)`.",
        hints=("Divide.", "`x / 2`"),
        level="stretch",
    )

    @exercise.solved_by
    def halved(x, factor=1.0):
        """Array (n, 3) -> its half (n, 3), times the factor."""
        return factor * np.asarray(x) / _two()

    @exercise.check
    def _(answer, rng):
        x = rng.normal(size=(4, 3))
        a = expect.array(expect.pure(answer, x, factor=1.0), (4, 3), "as many rows as before")
        expect.close(a, x / 2, "This is not the half.")

    @exercise.mistake("not the half")
    def doubled(x, factor=1.0):
        return 2 * x

    return exercise


def _two():
    """A helper of the solution above; the cell of the solution must carry it along."""
    return _ONE + 1


_ONE = 1


class Odd:
    def __repr__(self):
        raise RuntimeError("no repr")

    __str__ = __repr__


def exits(x, factor=1.0):
    sys.exit(3)


def interrupts(x, factor=1.0):
    raise KeyboardInterrupt


def recurses(x, factor=1.0):
    return recurses(x) + 1


def divides_by_zero(x, factor=1.0):
    y = x[0]
    return y / 0 + len(y) // 0


def raises_odd(x, factor=1.0):
    class Strange(Exception):
        __str__ = __repr__ = Odd.__repr__

    raise Strange


def generates(x, factor=1.0):
    yield x


async def waits(x, factor=1.0):
    return x


def changes(x, factor=1.0):
    x /= 2
    return x


def unfinished(x, factor=1.0):
    x = x + 1
    raise NotImplementedError


_library = {}
exec(compile("def symbolic(x):\n    raise NotImplementedError('symbolic')", "<library>", "exec"), _library)


def library_unfinished(x, factor=1.0):
    return _library["symbolic"](x)


def html(x, factor=1.0):
    raise ValueError("<script>alert('x')</script>")


def returns(value):
    def function(x, factor=1.0):
        return value

    return function


HOSTILE = {
    "None itself": (None, "incorrect", "without parentheses"),
    "a list": ([1, 2], "incorrect", "Got a list"),
    "an array": (np.ones((4, 3)), "incorrect", "without parentheses"),
    "text with HTML": ("<b>", "incorrect", "<b>"),
    "odd repr": (Odd(), "incorrect", "Got an Odd"),
    "Ellipsis": (..., "not attempted", "Replace"),
    "no parameters": (lambda: 1, "incorrect", "halved(x, factor=1.0)"),
    "other names": (lambda x, scale: x, "incorrect", "factor"),
    "a class": (dict, "error", "ValueError"),
    "a built-in": (len, "incorrect", "cannot be called"),
    "a type": (int, "error", "TypeError"),
    "returns None": (returns(None), "incorrect", "without `return`"),
    "returns Ellipsis": (returns(...), "incorrect", "..."),
    "returns ragged lists": (returns([[1, 2], [3]]), "incorrect", "different lengths"),
    "returns objects": (returns(np.array([None] * 3)), "incorrect", "array of numbers"),
    "returns text": (returns("<i>half</i>"), "incorrect", "array of numbers"),
    "returns a dict": (returns({"a": 1}), "incorrect", "dict"),
    "returns a set": (returns({1, 2}), "incorrect", "set"),
    "returns a function": (returns(len), "incorrect", "array of numbers"),
    "returns a class": (returns(dict), "incorrect", "array of numbers"),
    "returns odd": (returns(Odd()), "incorrect", "Odd"),
    "returns NaN": (returns(np.full((4, 3), np.nan)), "incorrect", "NaN"),
    "returns infinity": (returns(np.full((4, 3), np.inf)), "incorrect", "infinity"),
    "returns integers": (returns(np.ones((4, 3), int)), "incorrect", "not the half"),
    "returns complex": (returns(np.ones((4, 3), complex)), "incorrect", "complex"),
    "returns dates": (returns(np.zeros((4, 3), "datetime64[s]")), "incorrect", "datetime64"),
    "returns huge integers": (returns([[10**5000] * 3] * 4), "incorrect", "numbers"),
    "returns much": (returns(np.zeros((3000, 1000))), "incorrect", "(3000, 1000)"),
    "returns a wrong shape": (returns(np.ones(3)), "incorrect", "as many rows as before"),
    "returns itself nested": (returns([[...]]), "incorrect", "numbers"),
    "generator": (generates, "incorrect", "return"),
    "coroutine": (waits, "incorrect", "async"),
    "changes its input": (changes, "incorrect", "changes its input `x`"),
    "SystemExit": (exits, "error", "SystemExit"),
    "KeyboardInterrupt": (interrupts, "error", "KeyboardInterrupt"),
    "recursion": (recurses, "error", "without end"),
    "exception": (divides_by_zero, "error", "ZeroDivisionError"),
    "odd exception": (raises_odd, "error", "Strange"),
    "NameError": (lambda x, factor: undefined_name, "error", "import or a definition"),  # noqa: F821
    "NotImplementedError": (unfinished, "not attempted", "raise NotImplementedError"),
    "a library's NotImplementedError": (library_unfinished, "error", "NotImplementedError"),
    "checks itself": (lambda x, factor: check("sample.halve", lambda x, factor: x), "incorrect", "Result"),
}


@pytest.mark.parametrize("label", HOSTILE)
def test_never_crashes(label, halve, capsys):
    answer, status, fragment = HOSTILE[label]
    result = check("sample.halve", answer)
    assert result.status == status, result
    assert fragment in result.message, result
    assert len(result.message) < 2100
    assert str(result) and "<script" not in result._repr_html_()


def test_the_students_line_is_named(halve):
    message = check("sample.halve", divides_by_zero).message
    assert "in line 3 of your function: `return y / 0 + len(y) // 0`" in message


def test_html_is_escaped(halve):
    result = check("sample.halve", html)
    shown = BeautifulSoup(result._repr_html_(), "html.parser")
    assert shown.script is None and "<script>alert" in shown.text
    assert "<script>alert" in str(result)


# ── time ────────────────────────────────────────────────────────────────────────────────────────────


def spins(x, factor):
    while True:
        pass


def sleeps(x, factor):
    time.sleep(60)


def catches_exceptions(x, factor):
    while True:
        try:
            x = x + 1
        except Exception:
            continue


def catches_everything(x, factor):
    while True:
        try:
            time.sleep(5)
        except:  # noqa: E722
            continue


def catches_everything_twice(x, factor):
    while True:
        try:
            while True:
                try:
                    time.sleep(5)
                except BaseException:
                    x = x + 1
        except BaseException:
            x = x - 1


def raises_in_the_end(x, factor):
    try:
        time.sleep(60)
    finally:
        while True:
            factor += 1


def endless(x, factor):
    class Endless:
        def __len__(self):
            return 3

        def __getitem__(self, i):
            return Endless()

        def __array__(self, dtype=None, copy=None):
            while True:
                pass

    return Endless()


SLOW = [spins, sleeps, catches_exceptions, catches_everything, catches_everything_twice, raises_in_the_end, endless]


@pytest.mark.parametrize("answer", SLOW, ids=lambda f: f.__name__)
def test_never_hangs(answer, halve):
    trace, handler, out = sys.gettrace(), signal.getsignal(signal.SIGALRM), sys.stdout
    begin = time.monotonic()
    result = check("sample.halve", answer, seconds=0.1)
    assert time.monotonic() - begin < 8
    assert result.status == "error" and "Stopped after 0.1 seconds" in result.message, result
    assert (sys.gettrace(), signal.getsignal(signal.SIGALRM), sys.stdout) == (trace, handler, out)
    time.sleep(0.12)  # two ticks: nothing fires any more


def loops_in_a_helper(x, factor):
    return _helper(x)


def _helper(x):
    while True:
        x = x + 1


def test_the_line_that_hangs_is_named(halve):
    message = check("sample.halve", spins, seconds=0.1).message
    assert re.search(r"in line [23] of your function: `(while True:|pass)`", message)
    message = check("sample.halve", loops_in_a_helper, seconds=0.1).message
    assert re.search(r"in line [23] of `_helper`", message)


def test_another_timer_runs_on():
    before = signal.setitimer(signal.ITIMER_REAL, 300)
    try:
        assert limits.limited(lambda: 5, 0.5) == 5
        left, _ = signal.getitimer(signal.ITIMER_REAL)
        assert 290 < left <= 300
    finally:
        signal.setitimer(signal.ITIMER_REAL, *before)


@pytest.mark.parametrize("answer", [spins, catches_exceptions], ids=lambda f: f.__name__)
def test_never_hangs_on_another_thread(answer, halve):
    results = []
    thread = threading.Thread(target=lambda: results.append(check("sample.halve", answer, seconds=0.1)), daemon=True)
    thread.start()
    thread.join(10)
    assert results and results[0].status == "error" and "Stopped" in results[0].message


def test_right_answer_on_another_thread(halve):
    results = []
    thread = threading.Thread(target=lambda: results.append(check("sample.halve", halve.solution)))
    thread.start()
    thread.join(10)
    assert results[0].status == "correct"


def test_output_is_cut(halve, capsys):
    def prints(x, factor):
        for _ in range(10_000):
            print("x" * 100)
        return x / 2

    assert check("sample.halve", prints).status == "correct"
    out = capsys.readouterr().out
    assert len(out) < 2 * sandbox.PRINTED and "cut" in out


def test_warnings_and_floating_point_settings_survive(halve, recwarn):
    settings_before = np.geterr()

    def loud(x, factor):
        np.seterr(all="raise")
        np.log(np.zeros(2) - 1) if False else None
        return np.exp(1000 * np.abs(x) * 0) * x / 2

    assert check("sample.halve", loud).status == "correct"
    assert np.geterr() == settings_before and not recwarn.list


# ── not attempted, in files, notebooks and interpreters ─────────────────────────────────────────────


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


def test_none_from_a_function_is_an_answer(halve):
    def forgot(x, factor):
        x = x / 2

    assert check("sample.halve", forgot).status == "incorrect"


# ── sources ─────────────────────────────────────────────────────────────────────────────────────────


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


def test_hidden_solution(halve):
    assert solution("sample.halve").text == halve.solution_source
    assert "```python" in solution("sample.halve")._repr_markdown_()


# ── expectations ────────────────────────────────────────────────────────────────────────────────────


class Tensor:
    """Like a PyTorch tensor with a gradient: NumPy may not read it before `detach`."""

    def __init__(self, array, free=False):
        self.inside, self.free = array, free

    def detach(self):
        return Tensor(self.inside, free=True)

    def cpu(self):
        return self

    def __array__(self, dtype=None, copy=None):
        if not self.free:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        return np.asarray(self.inside, dtype)


def test_whatever_numpy_can_read(halve):
    for convert in (Tensor, lambda a: a.astype("float32"), lambda a: a.tolist(), np.ma.asarray):
        assert check("sample.halve", lambda x, factor: convert(x / 2)).status == "correct"  # noqa: B023


@pytest.mark.backends
def test_tensors_of_jax(halve):
    jnp = oracle("jax.numpy")
    assert check("sample.halve", lambda x, factor: jnp.asarray(x / 2)).status == "correct"
    assert check("sample.halve", lambda x, factor: jnp.asarray(x, "bfloat16")).status == "incorrect"


@pytest.mark.backends
def test_tensors_of_keras(halve):
    from mmcourse.backend import keras

    def with_keras(x, factor):
        return keras.ops.convert_to_tensor(x, "float32") / 2

    assert check("sample.halve", with_keras).status == "correct"
    assert check("sample.halve", lambda x, factor: keras.Variable(x / 2)).status == "correct"
    symbolic = check("sample.halve", lambda x, factor: keras.Input((3,)))
    assert symbolic.status == "incorrect" and "cannot read" in symbolic.message


def test_a_check_imports_no_keras():
    script = (
        "import sys; from mmcourse.exercises import check, get, names, quiz\n"
        "for n in names(): check(n, get(n).solution); quiz(get(n).page).to_html()\n"
        "assert not {'keras', 'tensorflow', 'jax', 'torch', 'IPython'} & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env={"MMCOURSE_PROGRESS": "off"})


@pytest.mark.parametrize(
    "call",
    [
        lambda: expect.array([1.5], kind="integer"),
        lambda: expect.array([1, 2], shape=(None, 2)),
        lambda: expect.number("3"),
        lambda: expect.number(True),
        lambda: expect.number([1, 2]),
        lambda: expect.number(10**400),
        lambda: expect.choice("c", ("a", "b")),
        lambda: expect.choice(3, ("a", "b")),
        lambda: expect.parts((1, 2), ("a", "b", "c")),
        lambda: expect.parts(None, ("a", "b")),
        lambda: expect.parts(np.ones(2), ("a", "b")),
        lambda: expect.close([1.0, 2.0], np.array([1.0, 2.1]), "No."),
        lambda: expect.close([1.0, 2.0], np.array([[1.0, 2.0]]), "No."),
        lambda: expect.close(np.nan, np.nan, "No."),
        lambda: expect.close([], 1.0, "No."),
        lambda: expect.number(np.nan),
        lambda: expect.number(np.ma.masked),
        lambda: expect.array(np.ma.masked_all(3)),
        lambda: expect.array([range(10**12), 1.0]),
        lambda: expect.mask([True, 2]),
        lambda: expect.mask([0, np.nan]),
        lambda: expect.within([0, 5], 0, 4, "places"),
        lambda: expect.within([np.nan], 0, 4, "places"),
        lambda: expect.differs([1.0], [1.0], "No."),
        lambda: expect.equal([1, 2], np.array([1, 3]), "No."),
        lambda: expect.equal("a", "b", "No."),
        lambda: expect.equal((1,), [1], "No."),
        lambda: expect.true(False, "No."),
        lambda: expect.pure(lambda x: x.sort(), np.array([2, 1])),
        lambda: expect.pure(lambda x: x.append(1), [[1]]),
    ],
)
def test_expectations_that_fail(call):
    with pytest.raises(Wrong):
        call()


def test_expectations_that_hold():
    assert expect.array([[1, 2]], shape=(None, 2), kind="integer").shape == (1, 2)
    assert expect.number(np.float32(2)) == expect.number(np.array([[2]])) == expect.number(2) == 2.0
    assert expect.choice(" B ", ("a", "b")) == "b"
    expect.close([1.0, 1.0], 1, "No.")
    expect.close(np.zeros((0, 3)), np.zeros((0, 3)), "No.")
    assert np.isnan(expect.number(np.nan, finite=False))
    assert expect.mask([1, 0]).tolist() == [True, False]
    assert expect.shape([[1, 2]]) == (1, 2) and expect.shape([[1], [2, 3]]) is None
    assert expect.array([1j], kind="complex").dtype.kind == "c"
    expect.within([], 0, 4, "places")
    expect.differs([1.0], [2.0], "No.")
    expect.equal(np.array([1, 2]), np.array([1, 2]), "No.")
    assert expect.pure(lambda x: x + 1, 1) == 2
    with pytest.raises(ValueError, match="Received: kind='text'"):
        expect.array(1, kind="text")


def test_inputs_are_copies_that_may_be_kept(halve):
    kept = []

    def hoards(x, factor):
        for old in kept:
            old[...] = 0
        kept.append(x)
        return x / 2

    assert check("sample.halve", hoards).status == "correct"


def test_the_seed_repeats_the_inputs(halve):
    seen = []

    def looks(x, factor):
        seen.append(x)
        return x

    result = check("sample.halve", looks)
    assert f"seed={result.seed}" in str(result)
    check("sample.halve", looks, seed=result.seed)
    check("sample.halve", looks)
    np.testing.assert_array_equal(seen[0], seen[1])
    assert not np.array_equal(seen[0], seen[2])


# ── names, hints, registration ──────────────────────────────────────────────────────────────────────


def test_unknown_names_get_a_proposal():
    with pytest.raises(LookupError, match=r"Received: name='captioning.shfit'. Did you mean 'captioning.shift'"):
        check("captioning.shfit", 1)
    with pytest.raises(LookupError, match=r"captioning\.shift"):
        get("shift")
    with pytest.raises(LookupError, match="Did you mean 'captioning'"):
        quiz("captionning")
    with pytest.raises(TypeError, match="First the exercise's name"):
        check(len, "captioning.shift")


@pytest.mark.parametrize("topic", registry.topics())
def test_a_topic_lists_its_modules_in_the_order_of_its_page(topic):
    page = (Path(__file__).resolve().parents[1] / "book" / f"{topic}.md").read_text("utf8")
    folder = Path(registry.__file__).parent / topic
    modules = {f"{topic}.{path.stem}" for path in folder.glob("*.py")} - {f"{topic}.__init__"}
    assert names(topic) == registry.taught(topic) == re.findall(r"\{exercise-cell\} (\S+)", page)
    assert modules == {*registry.taught(topic), f"{topic}.quiz"}
    assert [get(name).name for name in names(topic)] == names(topic) and quiz(topic).name == topic


@pytest.mark.parametrize(
    "call, modules",
    [
        ("check('captioning.why', 3)", {"captioning", "captioning.why"}),
        ("hint('captioning.loss')", {"captioning", "captioning.loss", "captioning.shift"}),  # one imports the other
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


def test_an_exercise_without_its_solution_says_so(registered):
    with pytest.raises(AttributeError, match=r"a\.b has no solution yet"):
        Exercise("a.b", kind="implement", task="t", hints=("a", "b")).solution  # noqa: B018


def test_hints_are_graded(halve):
    texts = [str(hint("sample.halve")) for _ in range(3)]
    assert texts[0].startswith("Hint 1 of 2: Divide.") and texts[1].startswith("Hint 2 of 2") and texts[1] == texts[2]


@pytest.mark.parametrize(
    "change, message",
    [
        ({"name": "halve"}, "Received: name='halve'"),
        ({"kind": "essay"}, "Allowed: implement"),
        ({"level": "hard"}, "Allowed: core, stretch"),
        ({"hints": ("one",)}, "two graded hints"),
        ({"hints": "ab"}, "two graded hints"),
    ],
)
def test_registration_is_checked(change, message, registered):
    right = {"name": "a.b", "kind": "implement", "task": "t", "hints": ("a", "b"), "level": "core"}
    with pytest.raises(ValueError, match=re.escape(message)):
        Exercise(**{**right, **change})


# ── progress ────────────────────────────────────────────────────────────────────────────────────────


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


# ── what is shown ───────────────────────────────────────────────────────────────────────────────────


def test_result_in_words():
    result = Result("captioning.shift", "incorrect", "Expected `x < 3`.", 7)
    assert str(result).startswith("✗ Incorrect: Expected `x < 3`.") and "seed=7" in str(result)
    box = BeautifulSoup(result._repr_html_(), "html.parser").div
    assert box["role"] == "status" and box.code.text == "x < 3"
    assert "color:" not in box["style"].replace("border-color:", "")  # the text keeps the notebook's own colour


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(quizzes, "_quizzes", dict(quizzes._quizzes))
    monkeypatch.setattr(quizzes, "_rendered", {})
    return Quiz(
        "small",
        Question(
            "Is `a < b` & $a<b$ *the* same?",
            Option("<img src=x onerror=alert(1)>", "No & no.", right=False),
            Option("Yes", "Because $x$ is **bold**.", right=True),
        ),
        Numeric("How many nats are ln 2?", np.log(2), "It is 0.693.", {1: "That is bits."}),
    )


def test_quiz_html(small):
    page = BeautifulSoup(small.to_html() + small.to_html() + quiz("captioning").to_html(), "html.parser")
    ids = [e["id"] for e in page.select("[id]")]
    assert max(Counter(ids).values()) == 1
    assert page.img is None and "<img src=x" in page.text
    assert page.legend.code.text == "a < b" and page.legend.select_one(".math").text == r"\(a<b\)"
    assert page.legend.em.text == "the"
    groups = Counter(e["name"] for e in page.select("input[type=radio]"))
    assert all(n >= 2 for n in groups.values())
    for box in page.select("fieldset"):
        assert box.legend.text and all(i.find_parent("label") for i in box.select("input"))
        assert box.select_one("[aria-live=polite]") is not None
        assert len(box.select("details li")) >= 2
    assert not re.search(r"https?://", str(page))  # nothing from outside
    assert small.to_html(uid="again") == small.to_html(uid="again")


def test_quizzes_are_checked():
    with pytest.raises(ValueError, match="one of them right"):
        Question("?", Option("a", "b"), Option("c", "d"))
    with pytest.raises(ValueError, match="Every option is explained"):
        Question("?", Option("a", " "), Option("c", "d", right=True))
    with pytest.raises(ValueError, match="too near"):
        Numeric("?", 1, "why", {1.001: "no"})


@pytest.mark.browser
def test_quiz_in_a_browser(small, tmp_path, chromium):
    path = tmp_path / "quiz.html"
    body = small.to_html()
    path.write_text(f"<!doctype html><html lang=en><title>q</title><main>{body}</main></html>", encoding="utf-8")
    page = chromium.new_page()
    errors, requests = [], []
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.on("request", lambda r: requests.append(r.url))
    page.goto(path.as_uri())
    says = page.locator(".mm-quiz-says")
    page.keyboard.press("Tab")  # by keyboard alone: into the options, down to the second, on to the button
    page.keyboard.press("Space")
    assert says.nth(0).inner_text() == ""
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert says.nth(0).inner_text().startswith("Not quite. No & no.")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    assert says.nth(0).inner_text() == ""
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert says.nth(0).inner_text().startswith("Right. Because")
    number = page.get_by_label("Your number:")
    for typed, said in (
        ("", "Write a number"),
        ("1", "Not quite. That is bits."),
        ("5", "Not quite."),
        ("0,69", "Right."),
    ):
        number.fill(typed)
        number.press("Enter")
        assert says.nth(1).inner_text().startswith(said)
    assert not errors and requests == [path.as_uri()]

    page.close()
    plain = chromium.new_context(java_script_enabled=False).new_page()  # no dead button, all explained
    plain.goto(path.as_uri())
    assert plain.locator("button:visible").count() == 0 and plain.locator("summary:visible").count() == 2
    plain.close()
