"""Errors that the students of a page meet most often: what Python says, why, code that gives it, and what to write.

A page lists its own in the module ``errors`` of its folder, as ``ERRORS``. The book and the notebooks show them, and a
check that ends in one of them says why. Both pieces of code are run by ``tests/test_exercises_errors.py``.
"""

import importlib
import importlib.util
from dataclasses import dataclass

from mmcourse.exercises import registry


@dataclass(frozen=True)
class CommonError:
    """One error.

    ``shows``: its kind and a part of its text that does not depend on versions, "ValueError: operands could not be
    broadcast". ``why``: what brings it about and what to look at (only `code` is marked up).
    ``code``: a few lines that raise it. ``instead``: the same lines put right.
    """

    shows: str
    why: str
    code: str
    instead: str

    def __post_init__(self):
        if ": " not in self.shows:
            raise ValueError(f"An error shows its kind and its text. Received: shows={self.shows!r}.")

    def fits(self, kind, text):
        """Whether an error of that kind (`ValueError`) and text is this one."""
        mine, _, part = self.shows.partition(": ")
        return kind == mine and part in text


def errors(page):
    """The common errors of a page; none where it lists none. Raises LookupError for an unknown page."""
    if page not in registry.topics():
        raise LookupError(registry.unknown("page", page, registry.topics()))
    name = f"{__package__}.{page}.errors"
    return importlib.import_module(name).ERRORS if importlib.util.find_spec(name) else ()


def explained(page, kind, text):
    """Why an error of that kind and text comes up, if it is a common one of the page; else ""."""
    known = errors(page) if page in registry.topics() else ()
    return next((error.why for error in known if error.fits(kind, text)), "")
