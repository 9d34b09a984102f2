"""Exercises: their registration, and check, hint and solution.

An exercise is written once: a solution, inputs on which it is judged, an oracle; and beside it the mistakes that
students make, which are imported for the first wrong answer (see ``captioning/shift.py``, ``shift_mistakes.py``):

    shift = Exercise("captioning.shift", kind="implement", title=…, task=…, hints=(…, …), returns=("inputs", "targets"))

    @shift.solved_by                    # the stub is made from it: signature, docstring, raise NotImplementedError
    @shift.given                        # "find the bug": the code to put right (of a value: what the cell starts with)
    @shift.cases                        # def _(rng): yields case(*arguments, when="where a caption is cut")
    @shift.oracle                       # the right result for a case's arguments, in another way than the solution
    @shift.also                         # def _(result, *arguments): what else must hold; raises through `expect`

    @shift.mistake("What it does, and why that is wrong.")

``judging`` compares the answer with the oracle and with the mistakes on every input. In an exercise of the kind
"experiment and explain" the answer is a value (a number, a choice, several numbers): its solution and mistakes are
functions without arguments that return one, and there are no cases. Where the right result is drawn at random, there
are no cases either but ``@shift.check``, def _(answer, rng), which raises through ``expect``; then a mistake says a
part of the message that it gets. tests/test_exercises_proven.py proves every registered exercise.
"""

import contextlib
import csv
import functools
import importlib
import math
import numbers
import random
import threading
import types
from pathlib import Path

import numpy as np

from mmcourse._machinery.files import whole
from mmcourse.exercises import common_errors, expect, judging, limits, records, registry, sandbox, sources
from mmcourse.exercises.limits import TimeUp
from mmcourse.exercises.registry import get, names
from mmcourse.exercises.sandbox import Answer, Busy, NotAttempted, Raised, Wrong, safe_repr, safe_text
from mmcourse.exercises.show import Progress, Result, Shown

KINDS = ("implement", "find the bug", "experiment and explain")
LEVELS = ("core", "stretch")
UNREAD = "which cannot be judged"  # a check should know better: the tests find no answer that gets these words

_dice = random.SystemRandom()  # tests put a seeded one here
_hints_given, _steps_shown = {}, {}
_checking = threading.local()


class Exercise:
    """One exercise. Its name is ``page.name``, and ``mmcourse/exercises/page/name.py`` is the module that defines it.

    Attributes for readers (the book, the notebooks): ``name page title kind level task hints`` (texts in MyST),
    ``stub`` and ``solution_source`` (each the text of a cell that runs by itself), ``solution`` (function or value),
    ``mistakes`` (name -> function or value), ``diagnoses`` (name -> part of the message that it must get),
    ``function_name``, ``check_source``.
    """

    def __init__(
        self, name, *, kind, task, hints, title=None, level="core", returns="", otherwise="", within=0.01, choices=(),
        plan=(), minutes=None, difficulty=None, importance=None,
    ):  # fmt: skip
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
        self.parts = () if isinstance(returns, str) else tuple(returns)
        self.form = returns if isinstance(returns, str) else ""
        self.otherwise = otherwise or "This is not the result that was asked for."
        self.within, self.choices, self.plan = within, tuple(choices), tuple(plan)
        self.minutes, self.difficulty, self.importance = minutes, difficulty, importance
        self._solution = self._given = self._check = self._cases = self._oracle = self._also = None
        self._mistakes, self._diagnoses, self._planted = {}, {}, []
        registry.register(self)

    def __repr__(self):
        return f"Exercise({self.name!r}, {self.kind}, {self.level})"

    @property
    def answers_with_value(self):
        """Whether the answer is a value rather than a function."""
        return self.kind == "experiment and explain"

    # Decorators, with which an exercise is written.

    def solved_by(self, function):
        """Decorator: the solution. Of a value: a function without arguments that returns it."""
        self._solution = function
        return function

    def given(self, function):
        """Decorator: the code that the student starts from."""
        self._given = function
        return function

    def cases(self, function):
        """Decorator: ``function(rng)`` yields the inputs of a check, each a ``case``."""
        self._cases = function
        return function

    def oracle(self, function):
        """Decorator: the right result for the arguments of a case, found in another way than by the solution."""
        self._oracle = function
        return function

    def also(self, function):
        """Decorator: ``function(result, *arguments)`` raises what is wrong with an answer whose results are right (of a
        value: ``function(value)``, for what is wrong with a wrong one)."""
        self._also = function
        return function

    def check(self, function):
        """Decorator: the check, ``function(answer, rng)``, with a fresh NumPy generator at every call."""
        self._check = function
        return function

    def mistake(self, message="", said=""):
        """Decorator: a wrong answer and its message. ``said`` instead: a part of the message that it gets from
        elsewhere (from ``check``, ``also``, a relation, or because it cannot be read)."""
        if bool(message) == bool(said):
            raise ValueError(f"A mistake has one message. Received: message={message!r}, said={said!r}.")

        def register(function):
            self._mistakes[function.__name__] = function
            self._diagnoses[function.__name__] = message or said
            if message and (self._cases or not self._check):  # a check of its own may judge its cases, too
                self._planted.append(function.__name__)
            return function

        return register

    # What `judging` asks.

    def inputs(self, rng):
        """The cases of one check."""
        return list(self._cases(rng))

    def wanted(self, case):
        """The right result for a case."""
        return (self._oracle or self._solution)(*case.fresh())

    def planted(self):
        """(name, function or value) of each mistake that has a message of its own."""
        mistakes = self.mistakes
        return [(name, mistakes[name]) for name in self._planted]

    def looked_at(self, result, *arguments):
        """Raises what is wrong with an answer whose result is right; the arguments are those that it had."""
        if self._also:
            self._also(result, *arguments)

    def shown(self, case):
        """The arguments of a case that are short, in words: " For `k = 3`:"."""
        told = [
            f"`{name} = {safe_repr(value)}`"
            for name, value in zip(self.argument_names, case.arguments, strict=False)
            if judging.is_short(value)
        ]
        return f" For {', '.join(told)}:" if told and len(told) == len(case.arguments) else ""

    # What its readers see of it.

    @property
    def solution(self):
        """The solution: a function, or the value."""
        if self._solution is None:
            raise AttributeError(f"{self.name} has no solution yet: write it below `.solved_by`.")
        return self._solution() if self.answers_with_value else self._solution

    @functools.cached_property
    def right(self):
        """The value that is right. It is computed once, in silence: some solutions are experiments that print."""
        with sandbox.turn(limits.SECONDS), contextlib.redirect_stdout(None):
            value = self.solution
        return tuple(value) if isinstance(value, (tuple, list)) else value

    @property
    def mistakes(self):
        """Name -> wrong answer (function or value)."""
        return {name: f() if self.answers_with_value else f for name, f in self.mistaken.items()}

    @property
    def diagnoses(self):
        """Name of a mistake -> the message that it gets, or a part of it."""
        return self.mistaken and self._diagnoses

    @functools.cached_property
    def mistaken(self):
        """Name -> the function that is a mistake, or that returns the wrong value."""
        beside = f"{self._solution.__module__}_mistakes"
        try:
            importlib.import_module(beside)
        except ModuleNotFoundError as error:  # an exercise may stand in one file with its mistakes
            if error.name != beside:
                raise
        return self._mistakes

    @functools.cached_property
    def _source(self):
        return sources.Source(self._solution)

    @property
    def function_name(self):
        """The name that the student's function, or value, has in the stub."""
        return "answer" if self.answers_with_value else self._solution.__name__

    @functools.cached_property
    def argument_names(self):
        """The names of the solution's arguments."""
        return [argument.arg for argument in self._source.node.args.args]

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

    @functools.cached_property
    def skeleton(self):
        """The solution with gaps: its statements and the functions that they call, without what stands in them."""
        return self._source.skeleton()

    @property
    def check_source(self):
        """The line that checks the student's answer."""
        return f'check("{self.name}", {self.function_name})'


# ── what students call ──────────────────────────────────────────────────────────────────────────────


def check(name, answer=..., seed=None, seconds=limits.SECONDS):
    """Checks an answer and says what is right or wrong with it.

    ``answer`` is the function itself (not its result), or the value where the exercise asks for one. The inputs are
    random and fresh at every call, unless ``seed`` repeats those of an earlier result. Whatever the answer does, the
    check comes back with a result, after ``seconds`` at the latest; only native code that never returns to Python
    cannot be stopped. Checks of several threads take turns: what a student's code may change is everybody's.
    Raises LookupError for an unknown name, and ValueError for seconds that are no positive number.
    """
    exercise = get(name)
    if not (isinstance(seconds, numbers.Real) and 0 < seconds < math.inf):
        raise ValueError(f"Received: seconds={safe_repr(seconds)}. Allowed: a number above 0.")
    seed = _dice.getrandbits(32) if seed is None else seed
    status, message = _judge(exercise, answer, seed, seconds)
    drawn = callable(answer) and not exercise.answers_with_value
    note = records.record(name, status, seed=seed if drawn else None)
    return Result(name, status, safe_text(message, 2000), seed if drawn else None, safe_text(note, 2000))


def _judge(exercise, answer, seed, seconds, prepared=None):
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
        if exercise._check:
            exercise._check(wrapped() if exercise.answers_with_value and called else wrapped, rng)
        elif exercise.answers_with_value:
            judging.judge_value(exercise, wrapped() if called else wrapped)
        else:
            judging.judge(prepared or judging.Prepared(exercise, rng), wrapped)

    _checking.now = True
    try:
        with sandbox.turn(seconds), sandbox.surroundings():
            limits.limited(run, seconds, answer.__globals__ if isinstance(answer, types.FunctionType) else None)
        return "correct", "Well done. It also holds on fresh random inputs." if callable(answer) else "Well done."
    except Wrong as wrong:
        return "incorrect", safe_text(wrong, 2000)
    except NotAttempted:
        return "not attempted", "Your function still says `raise NotImplementedError`. Replace that line by your code."
    except TimeUp as error:
        if error.library:
            return "error", (
                f"Stopped after {seconds:g} seconds, which went into `import {error.library}`. Import it in a cell of "
                "its own, then check again."
            )
        place = sandbox.where(error, answer)
        return "error", f"Stopped after {seconds:g} seconds{place}. Is there a loop that never ends?"
    except Raised as raised:
        return "error", _raised(raised, exercise.page)
    except KeyboardInterrupt:
        return "error", "You stopped the check."
    except Busy:
        return "error", "Another check has not come to its end, so this one was not begun. Restart the kernel."
    except BaseException as error:  # the check itself cannot read what came: then it is not what the task asks for
        came = expect.described(wrapped.returned if called else answer)
        reason = f"{type(error).__name__}: {safe_text(error)}"
        return "incorrect", f"Expected what the task asks for; got {came}, {UNREAD} ({reason})."
    finally:
        _checking.now = False


def _raised(raised, page):
    error, place = raised.error, sandbox.where(raised.error, raised.function) + raised.under
    kind = type(error).__name__
    if isinstance(error, RecursionError):
        return f"Your function calls itself without end ({kind}{place})."
    if isinstance(error, (SystemExit, KeyboardInterrupt)):
        return f"Your function tried to end the program ({kind}{place}). Use `return` to leave a function."
    if isinstance(error, NameError):
        return f"Your function raised {kind}: {safe_text(error)}{place}. Is an import or a definition missing?"
    why = common_errors.explained(page, kind, safe_text(error))
    return f"Your function raised {kind}: {safe_text(error)}{place}.{why and f' {why}'}"


def hint(name):
    """The next hint: the first says where to look, the second nearly how. After the last, it is shown again."""
    exercise = get(name)
    number = min(_hints_given.get(name, 0), len(exercise.hints) - 1)
    _hints_given[name] = number + 1
    note = _below(records.record(name, hints=number + 1))
    more = "" if number == len(exercise.hints) - 1 else " Call it again for a stronger one."
    head = f"Hint {number + 1} of {len(exercise.hints)}: "
    text = f"{exercise.hints[number]}{more}{note}"
    return Shown(head + text, f"**{head.strip()}** {text}")


def _below(note):
    return note and f"\n\n{safe_text(note, 2000)}"


STEPS = ("plan", "skeleton", "whole")


def solution(name, step=None):
    """The solution, one step at a time: first a plan in words, then a skeleton of the code with gaps, then the whole,
    as the text of a cell of its own. Each call shows the next step; ``step`` ("plan", "skeleton", "whole") that one.
    """
    exercise = get(name)
    if step not in (None, *STEPS):
        raise ValueError(f"Unknown step. Received: step={safe_repr(step)}. Allowed: {', '.join(STEPS)}.")
    has = [one for one in STEPS if one != "plan" or exercise.plan]
    seen = _steps_shown.get(name, 0)
    step = step or has[min(seen, len(has) - 1)]
    if step == "plan" and step not in has:
        step = has[0]
    _steps_shown[name] = max(seen, has.index(step) + 1)
    if step == "whole":
        note = _below(records.record(name, solution=True))
        remark = note and f"\n\n# {note.strip()}"  # it stays the text of a cell
        return Shown(exercise.solution_source + remark, f"```python\n{exercise.solution_source}\n```{note}")
    following = has[has.index(step) + 1]
    more = f"Call `solution` again for {'the whole' if following == 'whole' else 'a skeleton of the code'}."
    if step == "plan":
        lines = [f"{number}. {text}" for number, text in enumerate(exercise.plan, 1)]
        return Shown("\n".join(["Plan:", *lines, more]), "\n".join(["**Plan**", "", *lines, "", more]))
    return Shown(f"{exercise.skeleton}\n\n# {more}", f"```python\n{exercise.skeleton}\n```\n\n{more}")


def progress():
    """What you have done so far, page by page in the order of the book: how many exercises of each page are solved,
    what each took, and which comes next."""
    rows, note = _done()
    return Progress([row[:6] for row in rows], note)


def export_progress(path="progress.csv"):
    """Writes what you have done as a table for an instructor, a CSV file, and returns its path.

    Columns: exercise, page, level, status, tries, hints, solution (whether it was seen), seed (of the last check that
    drew inputs; ``check(name, answer, seed=…)`` repeats it). Nothing personal: no name, no code, no times.
    Raises OSError where the file cannot be written, or where what was stored cannot be read (a damaged file is put
    aside then: a second call writes the table of what is left).
    """
    rows, note = _done()
    if note:
        raise OSError(note)
    place = Path(path).expanduser().resolve()  # a link stays a link
    if not place.parent.is_dir():
        raise FileNotFoundError(f"The table cannot be written: there is no folder {place.parent}.")
    try:
        with whole(place) as part, open(part, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("exercise", "page", "level", "status", "tries", "hints", "solution", "seed"))
            for name, _, level, status, hints, seen, tries, seed in rows:
                drawn = "" if seed is None else seed
                writer.writerow((name, name.partition(".")[0], level, status, tries, hints, int(seen), drawn))
    except OSError as error:
        why = error.strerror or error
        raise OSError(f"The table cannot be written to {path}: {why}. Give another path.") from error
    return path


def _done():
    """A row for every exercise: name, title, level, status, hints, solution seen, tries, seed; and a note."""
    try:
        stored, note = records.read()
    except (OSError, ValueError) as error:
        stored, note = {}, f"Your progress cannot be read: {safe_text(error)}"
    rows = []
    for exercise in map(get, names()):
        entry = stored.get(exercise.name, {})
        status, hints = entry.get("status", "not attempted"), entry.get("hints", 0)
        seen = bool(entry.get("solution", False))
        tries, seed = entry.get("attempts", 0), entry.get("seed")
        rows.append((exercise.name, exercise.title, exercise.level, status, hints, seen, tries, seed))
    return rows, note
