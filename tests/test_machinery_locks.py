"""Locks: one at a time, told who holds them, released by whoever ends, and no hindrance where there are none."""

import subprocess
import sys
import threading
import time

import pytest

from mmcourse._machinery.locks import locked

HOLD = """
import os, sys, time
from mmcourse._machinery.locks import locked
with locked(sys.argv[1], "held by {process}"):
    print("held", flush=True)
    sys.stdin.readline()
    os._exit(3)
"""


def hold(path):
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout.readline() == "held\n"
    return other


def test_another_process_is_named_and_waited_for_until_it_ends_in_whatever_way(tmp_path, capsys):
    path = tmp_path / "new" / "a.lock"
    other = hold(path)
    entered = threading.Event()

    def enter():
        with locked(path, "wait for {process}"):
            entered.set()

    waiting = threading.Thread(target=enter)
    waiting.start()
    while f"wait for {other.pid}\n" not in capsys.readouterr().out:
        time.sleep(0.01)
    assert not entered.is_set()
    other.communicate("go\n")  # it ends inside of its block, without a word
    waiting.join()
    assert entered.is_set() and other.returncode == 3


def test_threads_of_one_process_take_turns(tmp_path):
    inside, most = [], []

    def enter():
        for _ in range(5):
            with locked(tmp_path / "a.lock"):
                inside.append(1)
                time.sleep(0.002)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=enter) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 15


def test_an_error_inside_releases_it(tmp_path):
    with pytest.raises(KeyError), locked(tmp_path / "a.lock"):
        raise KeyError
    with locked(tmp_path / "a.lock"):
        pass


def test_without_filelock_the_block_runs(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "filelock", None)
    with locked(tmp_path / "a.lock"), locked(tmp_path / "a.lock"):
        pass
    assert not list(tmp_path.iterdir())


def test_where_the_file_system_knows_no_locks_the_block_runs(tmp_path, monkeypatch):
    import filelock

    def acquire(*args, **kwargs):
        raise NotImplementedError("FileSystem does not appear to support flock")

    monkeypatch.setattr(filelock.FileLock, "acquire", acquire)
    ran = []
    with locked(tmp_path / "a.lock", "wait"):
        ran.append(1)
    assert ran


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"), locked(tmp_path / "file" / "a.lock"):
        pass
