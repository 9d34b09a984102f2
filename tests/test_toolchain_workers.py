"""How many pages run at once, in which order, and that their numbers do not depend on it."""

import asyncio
import json
from types import SimpleNamespace

import pytest
import test_toolchain_outputs as tiny
from mmbook import kernels, workers  # test_toolchain_outputs puts book/_ext on the path

NUMBERS = """\
import matplotlib.pyplot as plt
import numpy as np

x = np.random.default_rng({seed}).normal(size=(300, 300))
plt.figure(figsize=(2, 2))
plt.plot(np.linalg.svd(x @ x.T)[1])
print(np.linalg.inv(x).sum(), hash("x"))
"""


def test_numbers_do_not_depend_on_how_many_pages_run_at_once(tmp_path, monkeypatch):
    cells = {f"page{seed}": NUMBERS.format(seed=seed) for seed in range(2)}
    kept = []
    for count in (1, 2):
        monkeypatch.setenv("JOBS", str(count))
        root = tiny.lay_out(tmp_path / str(count), cells)
        now = tiny.build(root)
        assert now.ran == set(cells) and f"{count} at a time" in now.said
        kept.append({name: json.dumps(one.cells, sort_keys=True) for name, one in now.found.items()})
        assert all("image/png" in text for text in kept[-1].values())
    assert kept[0] == kept[1]


@pytest.mark.parametrize("told", ["0", "-1", "many"])
def test_jobs_is_a_number(told, monkeypatch):
    monkeypatch.setenv("JOBS", told)
    with pytest.raises(SystemExit, match=rf"Received: JOBS='{told}'\. Allowed: a number of pages"):
        kernels.at_once()


class Machine:
    """Time and memory that are counted, not spent: jobs of (seconds, megabytes) on so much memory."""

    def __init__(self, monkeypatch, memory_mb):
        self.memory_mb, self.log, self.most = memory_mb, [], 0
        monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=self.left * 1e6))
        self.jobs = []

    @property
    def left(self):
        return self.memory_mb - sum(job.run.memory / 1e6 for job in self.jobs if job.run)

    def run(self, needs, limit):
        for name, (seconds, memory_mb) in needs.items():
            self.jobs.append(kernels.Job(name, None, self.work(seconds, memory_mb), seconds, memory_mb))
        kernels.run_async(kernels.side_by_side(self.jobs, limit, self.told))

    def work(self, seconds, memory_mb):
        async def go(run):
            await asyncio.sleep(seconds / 2)
            run.memory = memory_mb * 1e6
            await asyncio.sleep(seconds / 2)
            run.memory = 0

        return go

    def told(self, event, job, running):
        self.log.append(f"{event} {job.name}")
        self.most = max(self.most, len(running))


def test_the_longest_begins_first_and_no_more_run_than_there_are_cores(monkeypatch):
    machine = Machine(monkeypatch, 1000)
    machine.run({"a": (0.01, 1), "b": (0.04, 1), "c": (0.02, 1), "d": (0.03, 1)}, 2)
    assert [line for line in machine.log if line.startswith("start")] == ["start b", "start d", "start c", "start a"]
    assert machine.most == 2


def test_a_page_waits_for_memory_and_smaller_ones_go_first(monkeypatch):
    machine = Machine(monkeypatch, 1000)
    machine.run({"large": (0.4, 700), "second": (0.3, 600), "small": (0.02, 200)}, 3)
    assert machine.log == [
        "start large",
        "start small",
        "wait second",
        "end small",
        "end large",
        "start second",
        "end second",
    ]


def test_a_page_that_needs_more_than_there_is_runs_alone(monkeypatch):
    machine = Machine(monkeypatch, 100)
    machine.run({"large": (0.02, 700), "larger": (0.03, 900)}, 2)
    assert machine.log == ["start larger", "wait large", "end larger", "start large", "end large"]


@pytest.mark.parametrize(("limit", "most"), [(3, 3), (2, 2), (1, 2)])
def test_a_job_of_two_threads_counts_as_two(monkeypatch, limit, most):
    machine, threads = Machine(monkeypatch, 1000), {"a": 2, "b": 2, "c": 1, "d": 1}
    together = []
    begin = kernels.Job
    monkeypatch.setattr(kernels, "Job", lambda name, *rest: begin(name, *rest, threads=threads[name]))
    told = machine.told
    machine.told = lambda event, job, running: (
        told(event, job, running),
        together.append(sum(one.threads for one in running)),
    )
    machine.run({"a": (0.04, 1), "b": (0.03, 1), "c": (0.02, 1), "d": (0.01, 1)}, limit)
    assert max(together) == most and len([line for line in machine.log if line.startswith("end")]) == 4
    assert machine.log[1] == ("start c" if limit == 3 else "end a")


def test_a_job_that_breaks_is_told_and_the_others_go_on(monkeypatch):
    async def breaks(run):
        raise OSError("no kernel")

    machine = Machine(monkeypatch, 1000)
    machine.jobs = [kernels.Job("broken", None, breaks)]
    machine.run({"other": (0.01, 1)}, 1)
    assert machine.jobs[0].run.trouble == "OSError: no kernel" and machine.log[-1] == "end other"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "about 5 seconds"), (52, "about 50 seconds"), (70, "about 1 minute"), (400, "about 7 minutes")],
)
def test_expected_durations_in_words(seconds, words):
    assert workers.about(seconds) == words
