"""The time limit of a check: whatever a student's Python code does, it ends."""

import contextlib
import ctypes
import os
import random
import signal
import sys
import threading
import time

SECONDS = 10.0  # how long one check may take, all calls of the student's function together
TICK = 0.05  # once the time is up, it is up again every TICK seconds: code that catches everything must not go on
_HERE = os.path.dirname(__file__) + os.sep


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


def limited(function, seconds=SECONDS):
    """Returns ``function()``; raises TimeUp when it runs longer than ``seconds``.

    On the main thread of a POSIX system a timer signal interrupts the code, ``time.sleep`` included. Elsewhere
    (Windows, other threads) a watching thread raises the exception asynchronously, between two byte codes. Neither can
    stop native code, such as one huge matrix product, before it comes back to Python; nor can anything here limit
    memory.
    """
    if threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer"):
        return _limited_by_signal(function, seconds)
    return _limited_by_thread(function, seconds)


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


def _limited_by_thread(function, seconds):
    ident = ctypes.c_ulong(threading.get_ident())
    raise_in_thread = ctypes.pythonapi.PyThreadState_SetAsyncExc
    over, lock, begin, library = threading.Event(), threading.Lock(), time.monotonic(), ""

    def watch():
        nonlocal library
        wait = seconds
        while not over.wait(wait):
            frame = sys._current_frames().get(ident.value)
            importing = _imported(frame)
            if importing and time.monotonic() - begin < seconds + IMPORTING:
                library = library or importing
            elif not _putting_back(frame):
                with lock:
                    if not over.is_set():
                        raise_in_thread(ident, ctypes.py_object(TimeUp))
            wait = random.uniform(0.2, 1) * TICK

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        return function()
    except TimeUp as error:
        error.library = library
        raise
    finally:
        # One that was raised and has not come yet comes in these rounds. It is not called back: CPython (3.11) would go
        # on looking for it at every step, and without end at the first step of a function that is traced.
        rounds = 0
        while rounds < 3:
            with contextlib.suppress(TimeUp), lock:
                over.set()
                rounds += 1
