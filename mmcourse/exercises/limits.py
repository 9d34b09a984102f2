"""The time limit of a check: whatever a student's Python code does, it ends."""

import contextlib
import ctypes
import dis
import os
import queue
import random
import signal
import sys
import threading
import time

SECONDS = 10.0  # how long one check may take, all calls of the student's function together
TICK = 0.05  # once the time is up, it is up again every TICK seconds: code that catches everything must not go on
_HERE = os.path.dirname(__file__) + os.sep


CAUGHT_AT_MOST = 3  # times that code on another thread may catch its TimeUp before it is traced
IMPORTING = 120.0  # an import is let finish, for so long: a library that is cut off in it stays broken in the process


class TimeUp(BaseException):
    """The time limit. Not an ``Exception``, so that ``except Exception`` in a student's loop does not catch it.

    ``library`` is what was being imported when the time was up, "" for nothing."""

    library = ""


def _putting_back(frame):
    """Whether a frame belongs to what sets things as they were."""
    while frame is not None:
        if frame.f_code.co_name == "put_back" and frame.f_code.co_filename.startswith(_HERE):
            return True
        frame = frame.f_back
    return False


def _imported(frame):
    """The name of the library whose import a frame belongs to; "" outside of imports."""
    name = ""
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            name = str(frame.f_locals.get("name") or name)
        frame = frame.f_back
    return name


def _up(library):
    error = TimeUp()
    error.library = library
    return error


def limited(function, seconds=SECONDS, names=None):
    """Returns ``function()``; raises TimeUp when it runs longer than ``seconds``.

    On the main thread of a POSIX system a timer signal interrupts the code, ``time.sleep`` included. Elsewhere
    (Windows, other threads) a watching thread raises the exception asynchronously, between two byte codes; so that a
    sleep has some, ``time.sleep`` is made of short ones meanwhile, also where ``names``, a dict such as a function's
    ``__globals__``, holds it. Neither can stop native code, such as one huge matrix product or waiting for a lock,
    before it comes back to Python; nor can anything here limit memory.
    """
    if threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer"):
        return _limited_by_signal(function, seconds)
    return _limited_by_thread(function, seconds, names or {})


_sleep = time.sleep


def _sleep_in_parts(seconds, look=lambda: None):
    """``time.sleep`` that comes back to Python every TICK seconds, and calls ``look`` then."""
    look()
    try:
        end = time.monotonic() + seconds if seconds > TICK else None
    except TypeError:
        end = None
    while end is not None and (left := end - time.monotonic()) > TICK:
        _sleep(TICK)
        look()
    return _sleep(seconds if end is None else max(left, 0))


@contextlib.contextmanager
def _sleeping_by(other, names):
    """``time.sleep`` is ``other``, also where ``names`` holds it."""

    def exchange(before, after):
        for space in (vars(time), names):
            space.update({name: after for name, value in list(space.items()) if value is before})

    exchange(_sleep, other)
    try:
        yield
    finally:
        exchange(other, _sleep)


def _limited_by_signal(function, seconds):
    own, tracing, begin, over, library = sys._getframe(), sys.gettrace(), time.monotonic(), False, ""

    def trace(frame, event, arg):
        # Reached only after the time was up, by code that caught TimeUp and goes on. Raising here ends this tracing, so
        # the next signal comes at a random moment soon: nested loops that catch everything are left one by one.
        if over or frame.f_code.co_filename.startswith(_HERE):
            return None
        if event == "line":
            signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-6, 1e-4), TICK)
            raise _up(library)
        return trace

    def handler(signum, frame):
        nonlocal library
        if over or frame is None or frame is own:  # there is nothing to stop (any more)
            return
        if time.monotonic() - begin < seconds + IMPORTING and (importing := _imported(frame)):
            library = library or importing
            return  # the timer comes again
        if _putting_back(frame):
            return
        while frame is not None and frame is not own:
            if not frame.f_code.co_filename.startswith(_HERE):  # our own frames catch nothing: let it pass
                frame.f_trace = trace
            frame = frame.f_back
        sys.settrace(trace)
        raise _up(library)

    before = signal.signal(signal.SIGALRM, handler)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds, TICK)
    try:
        return function()
    finally:
        over = True  # before any call: a signal that comes in between is let go
        sys.settrace(tracing)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL if before is None else before)
        if left:  # somebody else's timer (a test runner's): let it run on
            signal.setitimer(signal.ITIMER_REAL, max(left - (time.monotonic() - begin), 1e-3), interval)


def _raise_outside(frame, last, error):
    """Raise ``error()`` at the next line that no ``try`` of its function covers: code that catches everything, and goes
    on, leaves by it (but where such code stands inside of such code). From ``frame`` out to the frame of ``last``."""

    def trace(frame, event, arg):
        code = frame.f_code
        if code.co_filename.startswith(_HERE):
            return None
        if event == "line" and not any(e.start <= frame.f_lasti < e.end for e in dis.Bytecode(code).exception_entries):
            raise error()
        return trace

    while frame is not None and frame.f_code is not last:
        if not frame.f_code.co_filename.startswith(_HERE):
            frame.f_trace = trace
        frame = frame.f_back
    sys.settrace(trace)


def _limited_by_thread(function, seconds, names):
    """The watcher raises only while ``inside`` runs. Between its look and its raising this thread may leave it: so one
    TimeUp may come late, and one only, which may cut short the first time that the watcher is ended but not the second.

    It is not called back: CPython (3.11) would go on looking for it at every step, and without end at the first step of
    a function that is traced. It comes before the watcher's end is known, as that takes calls of Python functions.
    """
    own, ident, begin, library = id(sys._getframe()), threading.get_ident(), time.monotonic(), ""
    late, asked, tracing = False, 0, sys.gettrace()
    over = queue.SimpleQueue()  # whose `put` is one step, with nothing in it that could be cut short

    def inside():
        return function()

    def runs(frame):
        while frame is not None:
            if frame.f_code is inside.__code__ and id(frame.f_back) == own:
                return True
            frame = frame.f_back
        return False

    def told(wait):
        with contextlib.suppress(queue.Empty):
            return over.get(timeout=wait) is None

    def sleep(seconds, /):
        def look():  # code that catches everything and sleeps again is to leave its `try` soon, where it can be stopped
            nonlocal asked
            if late and threading.get_ident() == ident:
                asked += 1
                if asked > CAUGHT_AT_MOST:
                    _raise_outside(sys._getframe(), inside.__code__, lambda: _up(library))
                raise _up(library)

        return _sleep_in_parts(seconds, look)

    def watch():
        nonlocal library, late
        wait = seconds
        while not told(wait):
            frame = sys._current_frames().get(ident)
            importing = _imported(frame)
            if importing and time.monotonic() - begin < seconds + IMPORTING:
                library = library or importing
            elif runs(frame) and not _putting_back(frame):
                late = True
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(TimeUp))
            wait = random.uniform(0.2, 1) * TICK

    def end():
        over.put(None)
        watcher.join()

    watcher = threading.Thread(target=watch, name="mmcourse-time-limit", daemon=True)
    with _sleeping_by(sleep, names):
        watcher.start()
        try:
            try:
                return inside()
            finally:
                end()
        except TimeUp as error:
            error.library = library
            raise
        finally:
            end()
            if sys.gettrace() is not tracing:
                sys.settrace(tracing)
