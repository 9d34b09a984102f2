"""Exercises: their registration, and check, hint and solution.

An exercise is written once, as a solution, a check and the mistakes that students make (see ``captioning/shift.py``):

    shift = Exercise("captioning.shift", kind="implement", title=…, task=…, hints=(…, …))

    @shift.solution                     # the stub is made from it: signature, docstring, raise NotImplementedError
    @shift.given                        # "find the bug": the code to put right (of a value: what the cell starts with)
    @shift.check                        # def _(answer, rng): raises through mmcourse.exercises.expect
    @shift.mistake("part of its diagnosis")

In an exercise of the kind "experiment and explain" the answer is a value (a number, a choice): its solution and
mistakes are functions without arguments that return one. tests/test_exercises_proven.py proves every registered
exercise.
"""

import difflib
import functools
import importlib
import pkgutil
import random
import threading
from dataclasses import dataclass

import numpy as np

from mmcourse.exercises import expect, records, sandbox, show, sources
from mmcourse.exercises.sandbox import Answer, NotAttempted, Raised, TimeUp, Wrong, safe_repr, safe_text

KINDS = ("implement", "find the bug", "experiment and explain")
LEVELS = ("core", "stretch")
STATUSES = ("correct", "incorrect", "not attempted", "error")
UNREAD = "which cannot be judged"  # a check should know better: the tests find no answer that gets these words

_ROOMS = {"engine", "expect", "sandbox", "sources", "records", "quizzes", "show", "numeric"}  # modules, but no topics
_registry = {}
_dice = random.SystemRandom()  # tests put a seeded one here
_hints_given = {}
_checking = threading.local()


class Exercise:
    """One exercise. Its name is ``page.name``; the module that defines it has the page's name.

    Attributes for readers (the book, the notebooks): ``name page title kind level task hints`` (texts in MyST),
    ``stub`` and ``solution_source`` (each the text of a cell that runs by itself), ``solution`` (function or value),
    ``mistakes`` (name → function or value), ``diagnoses`` (name → part of the message that it must get),
    ``function_name``, ``check_source``.
    """

    def __init__(self, name, *, kind, task, hints, title=None, level="core"):
        page, _, short = name.partition(".")
        if not (page.isidentifier() and short.isidentifier()):
            raise ValueError(f"An exercise's name is page.name. Received: name={name!r}.")
        if kind not in KINDS:
            raise ValueError(f"Unknown kind of exercise. Received: kind={kind!r}. Allowed: {', '.join(KINDS)}.")
        if level not in LEVELS:
            raise ValueError(f"Unknown level. Received: level={level!r}. Allowed: {', '.join(LEVELS)}.")
        if isinstance(hints, str) or len(hints) != 2:
            raise ValueError(f"An exercise has two graded hints. Received: hints={hints!r}.")
        self.name, self.page, self.kind, self.level, self.task, self.hints = name, page, kind, level, task, tuple(hints)
        self.title = title or short.replace("_", " ").capitalize()
        self._solution = self._given = self._check = None
        self._mistakes, self.diagnoses = {}, {}
        _registry[name] = self

    def __repr__(self):
        return f"Exercise({self.name!r}, {self.kind}, {self.level})"

    @property
    def answers_with_value(self):
        """Whether the answer is a value rather than a function."""
        return self.kind == "experiment and explain"

    # Each of these is a decorator while the exercise is being written.

    @property
    def solution(self):
        """The solution (a function, or the value), once written; before that, the decorator that registers it."""
        if self._solution is None:
            return functools.partial(self._register, "_solution")
        return self._solution() if self.answers_with_value else self._solution

    def given(self, function):
        """Decorator: the code that the student starts from."""
        return self._register("_given", function)

    def check(self, function):
        """Decorator: the check, ``function(answer, rng)``, with a fresh NumPy generator at every call."""
        return self._register("_check", function)

    def mistake(self, diagnosis):
        """Decorator: a wrong answer whose message must contain ``diagnosis``."""

        def register(function):
            self._mistakes[function.__name__] = function
            self.diagnoses[function.__name__] = diagnosis
            return function

        return register

    def _register(self, what, function):
        setattr(self, what, function)
        return function

    @property
    def mistakes(self):
        """Name → wrong answer (function or value). ``diagnoses`` holds what their messages must say."""
        return {name: f() if self.answers_with_value else f for name, f in self._mistakes.items()}

    @functools.cached_property
    def _source(self):
        return sources.Source(self._solution)

    @property
    def function_name(self):
        """The name that the student's function, or value, has in the stub."""
        return "answer" if self.answers_with_value else self._solution.__name__

    @property
    def signature(self):
        """The call, as text: ``shift(tokens)``."""
        return "" if self.answers_with_value else self._source.signature()

    @functools.cached_property
    def stub(self):
        """The text of the cell that the student starts from."""
        given = self._given and sources.Source(self._given)
        if self.answers_with_value:
            return sources.cell(*([given.needs(), given.body()] if given else []), "answer = ...")
        if self.kind == "find the bug":
            return sources.cell(given.needs(), given.code(self.function_name))
        return sources.cell(self._source.needs(helpers=False), self._source.stub())

    @functools.cached_property
    def solution_source(self):
        """The solution as the text of a cell that needs no other cell."""
        end = f"answer = {self._solution.__name__}()\nanswer" if self.answers_with_value else ""
        return sources.cell(self._source.needs(), self._source.code(), end)

    @property
    def check_source(self):
        """The line that checks the student's answer."""
        return f'check("{self.name}", {self.function_name})'


@dataclass(frozen=True)
class Result:
    """What a check says.

    ``status`` is "correct", "incorrect", "not attempted" or "error"; ``message`` is for the student; ``seed`` repeats
    the same random inputs, ``check(name, answer, seed=…)`` (None where none were drawn); ``note`` is about the stored
    progress.
    """

    name: str
    status: str
    message: str
    seed: int | None = None
    note: str = ""

    @property
    def _again(self):
        wanted = self.status in ("incorrect", "error") and self.seed is not None
        return f"The same inputs again: `seed={self.seed}`." if wanted else ""

    def __repr__(self):
        tail = " ".join(filter(None, [self._again, self.note]))
        return f"{show.MARKS[self.status]} {self.status.capitalize()}: {self.message}" + (f"\n  {tail}" if tail else "")

    __str__ = __repr__

    def _repr_html_(self):
        return show.result(self.status, self.message, " ".join(filter(None, [self._again, self.note])))


class Shown:
    """A text that notebooks render as Markdown and interpreters print as it is."""

    def __init__(self, text, markdown=None):
        self.text, self._markdown = text, text if markdown is None else markdown

    def __repr__(self):
        return self.text

    __str__ = __repr__

    def _repr_markdown_(self):
        return self._markdown


# ── finding ─────────────────────────────────────────────────────────────────────────────────────────


def topics():
    """The names of the modules that hold exercises and quizzes, sorted."""
    import mmcourse.exercises as package

    return sorted(m.name for m in pkgutil.iter_modules(package.__path__) if m.name not in _ROOMS)


def load(page=None):
    """Imports the module of one page (if there is one), or of all."""
    for topic in topics() if page is None else [t for t in topics() if t == page]:
        importlib.import_module(f"mmcourse.exercises.{topic}")


def names(page=None):
    """The names of all exercises, or of one page's, page by page in the order in which they are taught."""
    load(page)
    found = [n for n, e in _registry.items() if page is None or e.page == page]
    return sorted(found, key=lambda n: _registry[n].page)


def get(name):
    """The exercise of that name; a LookupError that proposes the nearest names where there is none.

    Raises TypeError where the name is no string (most often because name and answer were swapped).
    """
    if not isinstance(name, str):
        raise TypeError(f"First the exercise's name, then the answer. Received: name={safe_repr(name)}.")
    load(name.partition(".")[0])
    if name in _registry:
        return _registry[name]
    raise LookupError(unknown("exercise", name, names()))


def unknown(what, name, allowed):
    """The sentence for a name that does not exist."""
    near = difflib.get_close_matches(name, allowed, n=3, cutoff=0.5)
    near += [a for a in allowed if a.endswith("." + name) and a not in near]
    proposal = f"Did you mean {' or '.join(map(repr, near))}?" if near else f"There are: {', '.join(allowed)}."
    return f"There is no {what} of that name. Received: name={name!r}. {proposal}"


# ── what students call ──────────────────────────────────────────────────────────────────────────────


def check(name, answer=..., seed=None, seconds=sandbox.SECONDS):
    """Checks an answer and says what is right or wrong with it.

    ``answer`` is the function itself (not its result), or the value where the exercise asks for one. The inputs are
    random and fresh at every call, unless ``seed`` repeats those of an earlier result. Whatever the answer does, the
    check comes back with a result, after ``seconds`` at the latest; only native code that never returns to Python
    cannot be stopped. Raises LookupError for an unknown name.
    """
    exercise = get(name)
    seed = _dice.getrandbits(32) if seed is None else seed
    status, message = _judge(exercise, answer, seed, seconds)
    note = records.record(name, status)
    drawn = callable(answer) and not exercise.answers_with_value
    return Result(name, status, safe_text(message, 2000), seed if drawn else None, note)


def _judge(exercise, answer, seed, seconds):
    if getattr(_checking, "now", False):
        return (
            "error",
            "A check was called inside a function that is being checked. Take that line out of your function.",
        )
    if answer is Ellipsis:
        return "not attempted", f"Replace the `...`: `{exercise.check_source}`."
    if (
        callable(answer)
        and not exercise.answers_with_value
        and sources.untouched(answer, exercise.stub, exercise.function_name)
    ):
        return "not attempted", "This is the code as it was given. Change it, run its cell, then check again."
    rng = np.random.default_rng(seed)
    called = callable(answer) and not (exercise.answers_with_value and isinstance(answer, type))
    wrapped = Answer(answer, exercise.signature) if called else answer

    def run():
        if not called and not exercise.answers_with_value:
            raise Wrong(
                f"Expected the function itself, without parentheses: `{exercise.check_source}`. "
                f"Got {expect.described(answer)}."
            )
        exercise._check(wrapped() if exercise.answers_with_value and called else wrapped, rng)

    _checking.now = True
    try:
        with sandbox.surroundings():
            sandbox.limited(run, seconds)
        return "correct", "Well done. It also holds on fresh random inputs." if callable(answer) else "Well done."
    except Wrong as wrong:
        return "incorrect", safe_text(wrong, 2000)
    except NotAttempted:
        return "not attempted", "Your function still says `raise NotImplementedError`. Replace that line by your code."
    except TimeUp as error:
        place = sandbox.where(error, answer)
        return "error", f"Stopped after {seconds:g} seconds{place}. Is there a loop that never ends?"
    except Raised as raised:
        return "error", _raised(raised)
    except KeyboardInterrupt:
        return "error", "You stopped the check."
    except BaseException as error:  # the check itself cannot read what came: then it is not what the task asks for
        came = expect.described(wrapped.returned if called else answer)
        reason = f"{type(error).__name__}: {safe_text(error)}"
        return "incorrect", f"Expected what the task asks for; got {came}, {UNREAD} ({reason})."
    finally:
        _checking.now = False


def _raised(raised):
    error, place = raised.error, sandbox.where(raised.error, raised.function)
    kind = type(error).__name__
    if isinstance(error, RecursionError):
        return f"Your function calls itself without end ({kind}{place})."
    if isinstance(error, (SystemExit, KeyboardInterrupt)):
        return f"Your function tried to end the program ({kind}{place}). Use `return` to leave a function."
    if isinstance(error, NameError):
        return f"Your function raised {kind}: {safe_text(error)}{place}. Is an import or a definition missing?"
    return f"Your function raised {kind}: {safe_text(error)}{place}."


def hint(name):
    """The next hint: the first says where to look, the second nearly how. After the last, it is shown again."""
    exercise = get(name)
    number = min(_hints_given.get(name, 0), len(exercise.hints) - 1)
    _hints_given[name] = number + 1
    records.record(name, hints=number + 1)
    more = "" if number == len(exercise.hints) - 1 else " Call it again for a stronger one."
    head = f"Hint {number + 1} of {len(exercise.hints)}: "
    return Shown(head + exercise.hints[number] + more, f"**{head.strip()}** {exercise.hints[number]}{more}")


def solution(name):
    """The solution's source, ready for a cell of its own."""
    exercise = get(name)
    records.record(name, solution=True)
    return Shown(exercise.solution_source, f"```python\n{exercise.solution_source}\n```")
