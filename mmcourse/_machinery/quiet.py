"""Warnings of other libraries, not heard for a moment."""

import contextlib
import threading
import warnings

_one = threading.RLock()


@contextlib.contextmanager
def no_warnings():
    """``with no_warnings()``: what is called in the block warns of nothing.

    The filters are the whole process's: of two threads that hide warnings at once, the second would put back those of
    the first, and warnings would stay hidden for good. So one waits for the other.
    """
    with _one, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
