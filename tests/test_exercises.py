"""The engine: whatever a student hands in, a check comes back with a sentence that helps; names, hints, results."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup

from mmcourse.exercises import (
    Exercise,
    Result,
    check,
    get,
    hint,
    progress,
    quiz,
    records,
    registry,
    solution,
)  # fmt: skip

pytest_plugins = ["sample_exercise"]
pytestmark = pytest.mark.usefixtures("store")


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


def test_none_from_a_function_is_an_answer(halve):
    def forgot(x, factor):
        x = x / 2

    assert check("sample.halve", forgot).status == "incorrect"


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


LONG = 10**7


@pytest.mark.parametrize(
    "name", ["x" * LONG, "captioning." + "x" * LONG, "\ud800", "\ud800" * LONG], ids=["long", "page", "half", "halves"]
)
@pytest.mark.parametrize("ask", [get, quiz, hint, lambda name: check(name, 1)], ids=["get", "quiz", "hint", "check"])
def test_no_name_is_too_long_or_too_odd_to_be_refused(ask, name, monkeypatch):
    def compared(word, *_, **__):
        assert len(word) < 1000, "it takes seconds to compare a long name with all others"
        return []

    monkeypatch.setattr(registry.difflib, "get_close_matches", compared)
    with pytest.raises(LookupError, match=r"There is no (exercise|quiz) of that name") as raised:
        ask(name)
    assert len(str(raised.value)) < 10_000 and str(raised.value).encode()


@pytest.mark.parametrize("name", [None, 3, ["captioning"], b"captioning"])
def test_a_name_that_is_no_string_is_refused(name):
    for ask in (get, quiz):
        with pytest.raises(TypeError, match=r"Received: name="):
            ask(name)


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), "3", None])
def test_seconds_are_a_number_above_nothing(seconds, halve):
    with pytest.raises(ValueError, match=r"Received: seconds=.*Allowed: a number above 0"):
        check("sample.halve", halve.solution, seconds=seconds)


def test_what_a_step_may_be_is_said(halve):
    with pytest.raises(ValueError, match="Allowed: plan, skeleton, whole") as raised:
        solution("sample.halve", "x" * LONG)
    assert len(str(raised.value)) < 1000


def raises_half(x, factor=1.0):
    raise ValueError("half a character: \ud800")


def returns_half(x, factor=1.0):
    return "\udc80 " * 3


def prints_half(x, factor=1.0):
    print("half a character: \ud800")
    return factor * np.asarray(x) / 2


class Half:
    def __repr__(self):
        return "\ud800"

    __str__ = __repr__


@pytest.mark.parametrize("answer", [raises_half, returns_half, prints_half, lambda x, factor=1.0: np.array([Half()])])
def test_what_jupyter_cannot_send_is_escaped(answer, halve, store, monkeypatch, capsys):
    monkeypatch.setenv("MMCOURSE_PROGRESS", str(store.parent / "no\udc80where" / "\udc80" / "progress.json"))
    monkeypatch.setattr(records, "_alone", lambda path: (_ for _ in ()).throw(OSError(str(path))))
    result = check("sample.halve", answer)
    assert result.message.encode() and result.note.encode() and result._repr_html_().encode()
    assert "not stored" in result.note and str(progress()).encode() and capsys.readouterr().out.encode() is not None
    if answer is raises_half:
        assert "half a character: \\ud800" in result.message
    if answer is not prints_half:
        assert result.status != "correct"


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


# ── what is shown ───────────────────────────────────────────────────────────────────────────────────


def test_result_in_words():
    result = Result("captioning.shift", "incorrect", "Expected `x < 3`.", 7)
    assert str(result).startswith("✗ Incorrect: Expected `x < 3`.") and "seed=7" in str(result)
    box = BeautifulSoup(result._repr_html_(), "html.parser").div
    assert box["role"] == "status" and box.code.text == "x < 3"
    assert "color:" not in box["style"].replace("border-color:", "")  # the text keeps the notebook's own colour


def test_the_readme_shows_what_an_exercise_says():
    readme = (Path(__file__).resolve().parents[1] / "README.md").read_text("utf8")
    exercise = get("captioning.loss")
    result = check(exercise.name, exercise.mistakes["padding_counted"])
    assert f">>> {exercise.check_source}\n    {str(result).splitlines()[0]}\n" in readme
