"""Running a student's code so that nothing it does can crash the notebook.

``Answer`` wraps a student's function: it hands over copies, notices changed inputs, and turns whatever the function
raises into one of four outcomes that the engine reports. ``limits`` sees to it that it ends.
"""

import builtins
import contextlib
import inspect
import io
import linecache
import os
import reprlib
import sys
import threading
import time
import warnings

import numpy as np

from mmcourse.exercises import limits
from mmcourse.exercises.cases import copied
from mmcourse.exercises.limits import TimeUp

PRINTED = 2000  # characters that a student's code may print during one check


class Wrong(Exception):
    """The answer is wrong; the text is the diagnosis a student reads."""


class NotAttempted(Exception):
    """The student's function still says ``raise NotImplementedError``."""


class Raised(Exception):
    """The student's function raised something; ``error`` is what, ``under`` the condition under which alone it does."""

    def __init__(self, error, function, under=""):
        super().__init__(safe_text(error))
        self.error, self.function, self.under = error, function, under


class Busy(Exception):
    """Another thread's check goes on longer than its limit allows."""


# ── what surrounds a check ──────────────────────────────────────────────────────────────────────────


_turn, _until = threading.RLock(), 0.0


@contextlib.contextmanager
def turn(seconds):
    """One check at a time. Streams, warning filters, folder and environment are the whole process's: of two checks that
    set them and put them back, the second would put back what the first had set.

    Raises Busy where the check that has its turn does not end long after its ``seconds``: it may wait for this one.
    """
    global _until
    while not _turn.acquire(timeout=0.5):
        if time.monotonic() > _until:
            raise Busy
    try:
        _until = time.monotonic() + seconds + limits.IMPORTING
        yield
    finally:
        _turn.release()


class _Cut(io.TextIOBase):
    """Passes on the first PRINTED characters and drops the rest: a print in an endless loop must not fill the page."""

    def __init__(self, stream):
        self.stream, self.left = stream, PRINTED

    def writable(self):
        return True

    def reconfigure(self, **options):
        """A student's `sys.stdout.reconfigure(encoding=…)` changes nothing."""

    def write(self, text):
        if self.left > 0:
            self.stream.write(_printable(text[: self.left]))
            self.left -= len(text)
            if self.left <= 0:
                self.stream.write("\n… (the rest of the output is cut)\n")
        return len(text)

    def flush(self):
        self.stream.flush()


@contextlib.contextmanager
def surroundings():
    """Output cut to a sensible length, warnings and NumPy's floating-point errors silent, all put back afterwards."""
    with (
        contextlib.redirect_stdout(_Cut(sys.stdout)),
        contextlib.redirect_stderr(_Cut(sys.stderr)),
        _no_way_out(),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
    ):
        warnings.simplefilter("ignore")
        seen = _seen()
        try:
            yield
        finally:
            put_back(seen)  # the time limit may have come between a call and what is put back after it


@contextlib.contextmanager
def _no_way_out():
    """``exit()`` and ``quit()`` only raise SystemExit: a plain interpreter's also close stdin, and a notebook's tell
    the kernel to end after the cell, whatever becomes of the exception."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    before = {name: getattr(builtins, name, None) for name in ("exit", "quit")}

    def leave(code=None):
        raise SystemExit(code)

    for name in before:
        setattr(builtins, name, leave)
    if shell is not None:
        shell.ask_exit, kept = leave, getattr(shell, "keepkernel_on_exit", None)
    try:
        yield
    finally:
        for name, function in before.items():
            if function is None:
                delattr(builtins, name)
            else:
                setattr(builtins, name, function)
        if shell is not None:
            del shell.ask_exit  # the method of its class shows again
            if hasattr(shell, "keepkernel_on_exit"):
                shell.keepkernel_on_exit = kept


def _seen():
    """What a student's function may set for everybody: streams, folder, environment, limits, ways to print."""
    shown = {name: value for name, value in np.get_printoptions().items() if name != "override_repr"}
    return sys.stdout, sys.stderr, os.getcwd(), _environment(), sys.getrecursionlimit(), shown, np.geterr()


def _environment():
    """The environment, as quickly as it can be had: it is asked for at every call of a student's function."""
    return dict(getattr(os.environ, "_data", os.environ))


def put_back(seen):
    """Sets it as it was. The time limit lets this function finish."""
    sys.stdout, sys.stderr, place, environment, depth, shown, errors = seen
    np.seterr(**errors)
    np.set_printoptions(**shown)
    if sys.getrecursionlimit() != depth:
        sys.setrecursionlimit(depth)
    if _environment() != environment:
        decode = getattr(os.environ, "decodevalue", str)
        os.environ.clear()
        os.environ.update({decode(name): decode(value) for name, value in environment.items()})
    try:
        moved = os.getcwd() != place
    except OSError:  # the folder that it went to is gone
        moved = True
    if moved:
        os.chdir(place)


# ── the student's function ──────────────────────────────────────────────────────────────────────────


class Answer:
    """A student's function, safe to call from a check.

    Calling it hands copies of the arguments to the function. It raises Wrong when the function cannot take these
    arguments, when it changed one of them, or when it yields instead of returning; NotAttempted when the stub is still
    in place; Raised for whatever else the function raises. Otherwise it returns what the function returned, untouched;
    the last of these is ``returned``.
    """

    def __init__(self, function, signature=""):
        self.function, self.signature, self.returned = function, signature, None
        try:
            self.takes = inspect.signature(function)
        except (ValueError, TypeError):  # some built-in functions have none
            self.takes = None

    def __call__(self, *args, **kwargs):
        self._must_take(args, kwargs)
        handed, named = copied(args), copied(kwargs)
        seen, filters = _seen(), warnings.filters[:]
        try:
            result = self.function(*handed, **named)
        except (TimeUp, Wrong):  # Wrong: from a function that the check handed over, such as `step`
            raise
        except NotImplementedError as error:
            if _own_line(error, self.function):
                raise NotAttempted from None
            raise Raised(error, self.function) from None
        except BaseException as error:  # SystemExit and KeyboardInterrupt too: the notebook must live on
            raise Raised(error, self.function) from None
        finally:
            put_back(seen)
            warnings.filters[:] = filters
        names = _names(self.takes, len(args))
        for name, before, after in [
            *zip(names, args, handed, strict=False),
            *((k, kwargs[k], named[k]) for k in kwargs),
        ]:
            if not _same(before, after):
                raise Wrong(
                    f"Your function changes its input `{name}`. The caller still needs it: compute a new array "
                    f"(`x = x / 2`) rather than changing the old one in place (`x /= 2`, `x[...] = 0`, `x.sort()`)."
                )
        if inspect.iscoroutine(result):
            result.close()
            raise Wrong("Your function is `async`: it returned a coroutine, not a result. Write a plain `def`.")
        if inspect.isgenerator(result):
            raise Wrong("Your function returned a generator, not a result. Use `return` instead of `yield`.")
        self.returned = result
        return result

    def _must_take(self, args, kwargs):
        if self.takes is None:
            return
        try:
            self.takes.bind(*args, **kwargs)
        except TypeError as error:
            count = len(args) + len(kwargs)
            asked = f"`{self.signature}`" if self.signature else f"{count} argument{'s' * (count != 1)}"
            raise Wrong(
                f"Your function cannot be called as this exercise calls it ({safe_text(error)}). Expected the "
                f"parameters "
                f"{asked}; yours takes `{safe_text(self.takes)}`."
            ) from None


def _names(signature, count):
    """The names of a function's positional parameters; "argument 2" where one has no name of its own."""
    parameters = signature.parameters.values() if signature else ()
    found = [p.name for p in parameters if p.kind is not p.VAR_POSITIONAL]
    return [found[i] if i < len(found) else f"argument {i + 1}" for i in range(count)]


def _same(a, b):
    """Whether the plain data in ``a`` and ``b`` is equal, NaN equal to NaN; other objects are not looked into."""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        if a.shape != b.shape or a.dtype != b.dtype:
            return False
        return np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(_same(a[k], b[k]) for k in a)
    if type(a) in (list, tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(_same, a, b))
    return a == b if isinstance(a, (str, int, bool)) else True


# ── saying what happened ────────────────────────────────────────────────────────────────────────────

_short = reprlib.Repr()
_short.maxstring = _short.maxother = 80
_short.maxlevel = 3


def safe_repr(value):
    """A short repr that never fails, whatever class a student wrote."""
    try:
        if isinstance(value, np.ndarray):
            return safe_text(np.array2string(value, precision=4, threshold=12, edgeitems=2, separator=", ")[:300])
        return safe_text(_short.repr(value))
    except Exception:
        return f"an object of type {type(value).__name__} that cannot be shown"


def safe_text(value, length=300):
    """``str(value)`` cut to ``length`` characters, or the type's name where even that fails. Halves of characters,
    which no notebook can be sent, come out as ``\\ud800``."""
    try:
        text = str(value)
    except Exception:
        return f"(a {type(value).__name__} that cannot be shown)"
    return _printable(text if len(text) <= length else text[:length] + " …")


def _printable(text):
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _code(function):
    function = inspect.unwrap(function) if callable(function) else function
    function = getattr(function, "__func__", function)
    if not hasattr(function, "__code__"):  # an object with a method __call__
        function = vars(type(function)).get("__call__")
    return getattr(function, "__code__", None)


def _frames(error):
    step = error.__traceback__
    while step is not None:
        yield step.tb_frame.f_code, step.tb_lineno
        step = step.tb_next


def _own_line(error, function):
    """Whether the exception was raised in the student's own text, not in a library it called."""
    code, frames = _code(function), list(_frames(error))
    return code is None or not frames or frames[-1][0].co_filename == code.co_filename


def where(error, function):
    """The last line of the student's own text that was running, as ", in line 3 of your function: `x = y`".

    "" where it is unknown. Lines are counted from the function's first, as a notebook's cells show no other numbers.
    """
    try:
        code = _code(function)
        while isinstance(error.__context__, TimeUp):  # the first of several, raised where the time was spent
            error = error.__context__
        own = [(c, line) for c, line in _frames(error) if code is not None and c.co_filename == code.co_filename]
        if not own:
            return ""
        inner, line = own[-1]
        inside = code.co_firstlineno <= line <= max((n for _, _, n in code.co_lines() if n), default=0)
        named = "your function" if inside or inner.co_name.startswith("<") else f"`{inner.co_name}`"
        first = (code if inside else inner).co_firstlineno
        text = linecache.getline(code.co_filename, line).strip()[:120]
        return f", in line {line - first + 1} of {named}" + (f": `{text}`" if text else "")
    except Exception:
        return ""
