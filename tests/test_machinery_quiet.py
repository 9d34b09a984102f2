"""Hidden warnings: for a moment, and for no thread for good."""

import threading
import time
import warnings

import pytest

from mmcourse._machinery.quiet import no_warnings


def test_nothing_is_heard_inside_and_all_outside():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with no_warnings(), no_warnings():
            warnings.warn("not heard", stacklevel=1)
        with pytest.raises(UserWarning, match="heard"):
            warnings.warn("heard", stacklevel=1)
        with pytest.raises(ZeroDivisionError), no_warnings():
            1 / 0  # noqa: B018
        with pytest.raises(UserWarning, match="heard"):
            warnings.warn("heard", stacklevel=1)


def test_threads_at_once_leave_the_filters_as_they_were():
    before, inside = warnings.filters[:], threading.Event()

    def first():
        with no_warnings():
            inside.set()
            time.sleep(0.05)

    def second():
        inside.wait()
        with no_warnings():
            time.sleep(0.1)  # it ends after the first

    threads = [threading.Thread(target=work) for work in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert warnings.filters == before
