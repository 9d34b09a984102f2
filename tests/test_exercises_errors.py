"""The errors that a page explains: its code raises them, what stands instead runs, and a check explains them too."""

import contextlib
import io

import numpy as np
import pytest

from mmcourse.exercises import CommonError, check, errors, get, registry

LISTED = [(page, error) for page in registry.topics() for error in errors(page)]


def run(code):
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, "<cell>", "exec"), {"__name__": "__main__"})


@pytest.mark.parametrize("page, error", LISTED, ids=lambda one: one if isinstance(one, str) else one.shows[:40])
def test_the_code_raises_it_and_what_stands_instead_does_not(page, error):
    with pytest.raises(Exception) as raised:
        run(error.code)
    assert error.fits(type(raised.value).__name__, str(raised.value)), f"{type(raised.value).__name__}: {raised.value}"
    assert error.fits(*error.shows.split(": ", 1))
    run(error.instead)
    for code in (error.code, error.instead):
        assert max(map(len, code.splitlines())) <= 88  # it stands in a narrow box


def test_every_page_explains_three_errors_and_tells_them_apart():
    for page in registry.topics():
        shown = [error.shows for error in errors(page)]
        assert len(shown) >= 3 and len(set(shown)) == len(shown), f"{page}: {shown}"


def test_a_check_that_ends_in_a_common_error_says_why(monkeypatch):
    error = CommonError("ValueError: odd shape", "The last axis is wrong: see `x.shape`.", "x", "y")
    monkeypatch.setattr(
        "mmcourse.exercises.common_errors.errors", lambda page: (error,) if page == "captioning" else ()
    )

    def shift(tokens):
        raise ValueError(f"an odd shape {np.shape(tokens)}")

    result = check("captioning.shift", shift)
    assert result.status == "error" and result.message.endswith("The last axis is wrong: see `x.shape`.")
    other = check("captioning.shift", lambda tokens: tokens.no_such)
    assert other.status == "error" and "last axis" not in other.message
    assert get("captioning.shift").page == "captioning"


def test_errors_are_checked():
    with pytest.raises(ValueError, match="Received: shows='ValueError'"):
        CommonError("ValueError", "Why.", "1", "2")
    with pytest.raises(LookupError, match=r"no page of that name. Received: name='captoning'.*captioning"):
        errors("captoning")
