"""Checks of several threads at once: each says what is true, and leaves everybody's Python as it was."""

import functools
import os
import sys
import threading
import time
import warnings
from time import sleep

import numpy as np
import pytest

from mmcourse import exercises
from mmcourse.exercises import check, get, limits, registry, sandbox

pytest_plugins = ["sample_exercise"]
pytestmark = pytest.mark.usefixtures("store")
PATIENCE = 60


def run(work, count=1):
    """``work(i)`` on so many threads at once; what each returned."""
    results = {}
    threads = [threading.Thread(target=lambda i=i: results.update({i: work(i)}), daemon=True) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(results) == count, "a thread failed, or has not come to its end"
    return [results[i] for i in range(count)]


def settings():
    return (
        sys.stdout, sys.stderr, list(warnings.filters), warnings.showwarning, np.geterr(), np.get_printoptions(),
        os.getcwd(), dict(os.environ), sys.getrecursionlimit(), exit, quit, time.sleep,
    )  # fmt: skip


def loud(x, factor=1.0):
    print("a line")
    warnings.warn("a warning", stacklevel=1)
    return factor * np.asarray(x) / 2


def moves(x, factor=1.0):
    os.chdir("/")
    os.environ["MMCOURSE_OF_A_STUDENT"] = "1"
    np.seterr(all="raise")
    np.set_printoptions(precision=1)
    warnings.simplefilter("error")
    sys.stdout = None
    time.sleep(0.001)
    return factor * np.asarray(x) / 2


def wrong(x, factor=1.0):
    return 2 * x


def leaves(x, factor=1.0):
    exit()


def test_checks_of_eight_threads_leave_all_as_it_was(halve, capsys):
    wanted = {loud: "correct", moves: "correct", wrong: "incorrect", leaves: "error", halve.solution: "correct"}
    answers = list(wanted)
    before = settings()

    def work(i):
        mine, given = np.geterr(), [answers[(i + j) % len(answers)] for j in range(25)]
        said = [check("sample.halve", answer).status for answer in given]
        return said == [wanted[answer] for answer in given] and np.geterr() == mine

    assert run(work, 8) == [True] * 8
    assert settings() == before
    assert capsys.readouterr().out.count("a line") > 0


def sleeps(x, factor):
    time.sleep(3 * PATIENCE)


def sleeps_by_another_name(x, factor):
    sleep(3 * PATIENCE)


def sleeps_and_catches(x, factor):
    while True:
        try:
            time.sleep(3 * PATIENCE)
        except BaseException:
            continue


@pytest.mark.parametrize("answer", [sleeps, sleeps_by_another_name, sleeps_and_catches], ids=lambda f: f.__name__)
def test_a_sleep_does_not_outlive_the_limit(answer, halve):
    (result,) = run(lambda i: check("sample.halve", answer, seconds=0.1))
    assert result.status == "error" and "Stopped after 0.1 seconds, in line" in result.message
    if answer is not sleeps_and_catches:  # of that one it may be any line
        assert "of your function: `" in result.message and "sleep(3 * PATIENCE)`" in result.message
    assert time.sleep is sleep and sleep.__module__ == "time", "the sleeps of before"


@pytest.mark.parametrize("bad", [-1, "1", None, float("nan")])
def test_a_sleep_in_parts_is_a_sleep(bad):
    begin = time.monotonic()
    assert limits._sleep_in_parts(3.3 * limits.TICK) is None and time.monotonic() - begin >= 3.3 * limits.TICK
    with pytest.raises((TypeError, ValueError)) as real:
        time.sleep(bad)
    with pytest.raises(type(real.value)) as ours:
        limits._sleep_in_parts(bad)
    assert str(ours.value) == str(real.value)


def counts():
    n = 0
    for _ in range(20_000):
        n += 1
    return n


def test_no_watcher_outlives_a_limit_and_none_comes_late():
    """With limits so short that they are up while the watcher starts, while the function ends, and between."""
    before, interval = threading.enumerate(), sys.getswitchinterval()
    limited = functools.partial(limits.limited, counts)

    def work(i):
        rng, found = np.random.default_rng(i), {"up": 0, "in time": 0}
        for seconds in [*np.zeros(100), *rng.uniform(0, 2e-3, 300), *np.full(10, 9)]:
            try:
                assert limited(seconds) == 20_000
                found["in time"] += 1
            except limits.TimeUp:
                found["up"] += 1
            left = [t for t in threading.enumerate() if t not in before and t is not threading.current_thread()]
            assert not left, left
            for _ in range(50):  # one that came late would come here
                settings.__name__.upper()
        return min(found.values())

    sys.setswitchinterval(1e-5)
    try:
        assert run(work)[0] > 0, "both happened"
    finally:
        sys.setswitchinterval(interval)


def test_a_limit_of_thirty_milliseconds_leaves_nothing_behind(halve):
    def catches(x, factor):
        while True:
            try:
                time.sleep(5)
            except BaseException:
                x = x + 1

    before = threading.active_count()
    results = run(lambda i: [check("sample.halve", catches, seconds=0.03) for _ in range(5)])[0]
    assert [result.status for result in results] == ["error"] * 5
    assert threading.active_count() == before


def test_a_check_that_waits_for_a_check_ends(halve, monkeypatch):
    monkeypatch.setattr(limits, "IMPORTING", 0.3)
    inner = []

    def answer(x, factor):
        helper = threading.Thread(target=lambda: inner.append(check("sample.halve", halve.solution)))
        helper.start()
        helper.join()
        return x / 2

    (result,) = run(lambda i: check("sample.halve", answer, seconds=0.2))
    assert inner[0].status == "error" and "Another check has not come to its end" in inner[0].message
    assert result.status == "error" and "Stopped after 0.2 seconds" in result.message
    assert check("sample.halve", halve.solution).status == "correct", "and the next is checked again"


SLOW = """
import time
from mmcourse.exercises import Exercise
slow = Exercise("slow_topic.slow", kind="implement", task="?", hints=("a", "b"))
time.sleep(0.3)
@slow.solved_by
def answer(x):
    return x
"""


def test_an_exercise_is_whole_before_it_is_given(registered, tmp_path, monkeypatch):
    """Of two threads that ask for an exercise first, one imports it, and the other may not see what it has so far."""
    (tmp_path / "slow_topic").mkdir()
    (tmp_path / "slow_topic" / "__init__.py").write_text('EXERCISES = ("slow",)')
    (tmp_path / "slow_topic" / "slow.py").write_text(SLOW)
    monkeypatch.setattr(exercises, "__path__", [*exercises.__path__, str(tmp_path)])

    def work(i):
        while i and "slow_topic.slow" not in registry._registry:
            time.sleep(0.01)
        return get("slow_topic.slow").function_name

    assert run(work, 4) == ["answer"] * 4


def test_code_of_a_question_prints_to_nobody_else():
    from mmcourse.exercises import Option, Predict

    question = Predict("?", "print(6 * 7)", Option("`42`", "so", right=True, because="logic"), Option("`1`", "no"))
    before = sys.stdout
    assert run(lambda i: {question.printed() for _ in range(50)}, 4) == [{"42"}] * 4
    assert sys.stdout is before and sandbox._turn.acquire(timeout=1)
    sandbox._turn.release()
