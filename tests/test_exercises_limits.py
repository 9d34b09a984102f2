"""A check comes back in time, whatever an answer does: it never hangs, prints little, and leaves all as it was."""

import re
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from mmcourse.exercises import check, limits, sandbox

pytest_plugins = ["sample_exercise"]
pytestmark = pytest.mark.usefixtures("store")


def spins(x, factor):
    while True:
        pass


def sleeps(x, factor):
    time.sleep(60)


def catches_exceptions(x, factor):
    while True:
        try:
            x = x + 1
        except Exception:
            continue


def catches_everything(x, factor):
    while True:
        try:
            time.sleep(5)
        except:  # noqa: E722
            continue


def catches_everything_twice(x, factor):
    while True:
        try:
            while True:
                try:
                    time.sleep(5)
                except BaseException:
                    x = x + 1
        except BaseException:
            x = x - 1


def raises_in_the_end(x, factor):
    try:
        time.sleep(60)
    finally:
        while True:
            factor += 1


def endless(x, factor):
    class Endless:
        def __len__(self):
            return 3

        def __getitem__(self, i):
            return Endless()

        def __array__(self, dtype=None, copy=None):
            while True:
                pass

    return Endless()


SLOW = [spins, sleeps, catches_exceptions, catches_everything, catches_everything_twice, raises_in_the_end, endless]


@pytest.mark.parametrize("answer", SLOW, ids=lambda f: f.__name__)
def test_never_hangs(answer, halve):
    trace, handler, out = sys.gettrace(), signal.getsignal(signal.SIGALRM), sys.stdout
    begin = time.monotonic()
    result = check("sample.halve", answer, seconds=0.1)
    assert time.monotonic() - begin < 8
    assert result.status == "error" and "Stopped after 0.1 seconds" in result.message, result
    assert (sys.gettrace(), signal.getsignal(signal.SIGALRM), sys.stdout) == (trace, handler, out)
    time.sleep(0.12)  # two ticks: nothing fires any more


def loops_in_a_helper(x, factor):
    return _helper(x)


def _helper(x):
    while True:
        x = x + 1


def test_the_line_that_hangs_is_named(halve):
    message = check("sample.halve", spins, seconds=0.1).message
    assert re.search(r"in line [23] of your function: `(while True:|pass)`", message)
    message = check("sample.halve", loops_in_a_helper, seconds=0.1).message
    assert re.search(r"in line [23] of `_helper`", message)


def test_another_timer_runs_on():
    before = signal.setitimer(signal.ITIMER_REAL, 300)
    try:
        assert limits.limited(lambda: 5, 0.5) == 5
        left, _ = signal.getitimer(signal.ITIMER_REAL)
        assert 290 < left <= 300
    finally:
        signal.setitimer(signal.ITIMER_REAL, *before)


@pytest.mark.parametrize("answer", [spins, catches_exceptions], ids=lambda f: f.__name__)
def test_never_hangs_on_another_thread(answer, halve):
    results = []
    thread = threading.Thread(target=lambda: results.append(check("sample.halve", answer, seconds=0.1)), daemon=True)
    thread.start()
    thread.join(10)
    assert results and results[0].status == "error" and "Stopped" in results[0].message


AFTER_A_THREAD = """
import threading, time
from mmcourse.exercises import limits

def spins():
    while True:
        pass

def tried(function):
    try:
        return limits.limited(function, 0.1)
    except limits.TimeUp:
        return "up"

for function in (lambda: 5, spins):
    thread = threading.Thread(target=tried, args=[function])
    thread.start()
    thread.join()
    begin = time.monotonic()
    print(tried(spins), time.monotonic() - begin < 5)
"""


def test_the_main_thread_is_stopped_after_a_check_on_another_one():
    done = subprocess.run([sys.executable, "-c", AFTER_A_THREAD], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["up", "True"] * 2, done.stderr


def test_right_answer_on_another_thread(halve):
    results = []
    thread = threading.Thread(target=lambda: results.append(check("sample.halve", halve.solution)))
    thread.start()
    thread.join(10)
    assert results[0].status == "correct"


def test_output_is_cut(halve, capsys):
    def prints(x, factor):
        for _ in range(10_000):
            print("x" * 100)
        return x / 2

    assert check("sample.halve", prints).status == "correct"
    out = capsys.readouterr().out
    assert len(out) < 2 * sandbox.PRINTED and "cut" in out


def test_warnings_and_floating_point_settings_survive(halve, recwarn):
    settings_before = np.geterr()

    def loud(x, factor):
        np.seterr(all="raise")
        np.log(np.zeros(2) - 1) if False else None
        return np.exp(1000 * np.abs(x) * 0) * x / 2

    assert check("sample.halve", loud).status == "correct"
    assert np.geterr() == settings_before and not recwarn.list
