"""The process that answers for a backend: one for all, its words where it fails, a new one where it ended."""

import os
import random
import signal
import time

import backends
import numpy as np
import pytest
from backends import on_backend

PID = "import os, numpy; results = {'pid': numpy.array(os.getpid())}"


def process_and_draw():
    return {"pid": np.array(os.getpid()), "draw": np.array(random.random())}


def process_and_its_parent():
    return {"pid": np.array(os.getpid()), "parent": np.array(os.getppid())}


def fails():
    print("said before")
    raise ValueError("Received: nonsense")


def prints_and_is_killed():
    print("my last words", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


def leaves():
    raise SystemExit(3)


def sleeps():
    time.sleep(60)
    return {}


@pytest.fixture(autouse=True)
def own(monkeypatch):
    """No process of other tests is touched, nothing is kept, and none is left."""
    mine = {}
    monkeypatch.setattr(backends, "_processes", mine)
    on_backend.cache_clear()
    yield mine
    on_backend.cache_clear()
    for process in mine.values():
        process.end()


def test_one_process_answers_for_all_functions_of_a_backend_each_as_if_it_were_the_first():
    first, second = on_backend("jax", process_and_draw), on_backend("jax", process_and_its_parent)
    assert first["pid"] == second["pid"] != os.getpid() == second["parent"]
    assert on_backend("jax", PID)["pid"] == first["pid"]
    assert on_backend("torch", PID)["pid"] != first["pid"]
    on_backend.cache_clear()
    assert on_backend("jax", process_and_draw)["draw"] == first["draw"]


def test_what_a_function_returned_is_kept(own):
    assert on_backend("jax", process_and_draw) is on_backend("jax", process_and_draw)


@pytest.mark.parametrize("function, word", [(fails, "ValueError: Received: nonsense"), (leaves, "SystemExit: 3")])
def test_an_error_shows_its_own_words_only_and_the_process_goes_on(function, word):
    pid = on_backend("jax", process_and_draw)["pid"]
    for _ in range(2):  # an error is not kept
        with pytest.raises(AssertionError, match=f"on jax:(.|\n)*{word}") as error:
            on_backend("jax", function)
        assert str(error.value).count("Traceback") == 1
    assert ("said before" in str(error.value)) == (function is fails)
    assert on_backend("jax", process_and_its_parent)["pid"] == pid


def test_where_a_process_ended_the_next_function_gets_a_new_one(own):
    pid = on_backend("jax", process_and_draw)["pid"]
    with pytest.raises(AssertionError, match=r"on jax: the process ended \(-9; it has 500 s\)\nmy last words"):
        on_backend("jax", prints_and_is_killed)
    assert on_backend("jax", process_and_its_parent)["pid"] != pid
    own["jax"].process.kill()  # from outside, between two calls
    own["jax"].process.wait()
    with pytest.raises(AssertionError, match="the process ended"):
        on_backend("jax", PID)
    assert on_backend("jax", PID)["pid"]


def test_one_that_takes_too_long_is_ended(own):
    own["jax"] = backends.Process("jax", seconds=1)
    with pytest.raises(AssertionError, match=r"the process ended \(-9; it has 1 s\)"):
        on_backend("jax", sleeps)
    assert "jax" not in own


def test_it_ends_with_the_process_that_started_it():
    process = backends.Process("jax")
    process.process.stdin.close()
    assert process.process.wait(10) == 0
