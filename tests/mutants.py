"""Mutants: does a test notice when a line of a module is wrong? ``make mutants``.

One small fault at a time is put into a module (`tests/mutations.py`: < for <=, + for -, 1 for 0, min for max, `not` and
masks turned round, statements left out, ...), and the module's test files run on it until one fails. A mutant that no
test notices has survived: either a test is missing, or the fault changes nothing that anybody could see; the latter
are judged by hand and stand in `EQUIVALENT`, each with its reason.

Keras is imported once; each mutant is a fork of that process, so that it costs what its tests cost (Linux, macOS), the
quick ones first.

    python tests/mutants.py                        all modules, some mutants of each, the same at every run
    python tests/mutants.py --only ranking/svm     one module
    python tests/mutants.py --only ranking/svm --each 0    all its mutants
    python tests/mutants.py --seed two             other ones of each module
"""

import argparse
import importlib
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from importlib.machinery import PathFinder, SourceFileLoader
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from mutations import mutants

ROOT = Path(__file__).resolve().parents[1]
EACH = 24  # mutants of a module
LIMIT = 3, 20  # a mutant may take so many times as long as the module itself, and so many seconds more

# Module: the test files that answer for it.
MODULES = {
    "attention/additive": ["attention_additive", "attention_dot"],
    "attention/dot": ["attention_dot"],
    "decoding": ["decoding"],
    "fusion/sums": ["fusion", "fusion_ladder"],
    "graphical/inference": ["graphical"],
    "metrics/captions": ["metrics"],
    "metrics/detection": ["metrics_detection"],
    "metrics/retrieval": ["metrics_retrieval"],
    "missing": ["missing"],
    "preparation": ["preparation"],
    "ranking/lambdas": ["ranking_lambdas"],
    "ranking/svm": ["ranking"],
    "scenes/sampling": ["scenes"],
    "text/vocabulary": ["text_vocabulary"],
    "_machinery/order": ["batches"],
}

# {module: {(what is changed, how the statement begins that it is in): why nobody could see it}}. Those that are killed
# all the same count as killed.
EQUIVALENT = {
    "attention/additive": {
        ("self.built = True -> pass", ""): "Keras says so itself after build",
        ("True -> False", "self.built"): "the same",
    },
    "decoding": {
        ("2 -> 4", "k = min(2 * width"): "each of width beams has one end, so of the best 2 width at least width go on",
        ("-1 -> 1", "ids = ops.arange"): "log-probabilities have two axes",
    },
    "fusion/sums": {
        ("ops.zeros -> ops.ones", "return ops.zeros((1, len"): "the softmax of equal numbers is the same",
    },
    "metrics/captions": {
        ("1 -> 0", "return (weighted, norms, counts[1]"): "only a difference of lengths is used, in words or bigrams",
    },
    "metrics/detection": {
        ("1 -> 0", "boxes = boxes.reshape(-1, 4)"): "of an empty array, -0 rows are none as well",
    },
    "missing": {
        ("False -> True", "call(...)"): "means are the same in training",
        ("2 -> 3", "seeds = iter(independent"): "more seeds than are used; the first ones are the same",
        ("2 -> 4", "seeds = iter(independent"): "the same",
    },
    "preparation": {
        ("1 -> 0", "highest = np.where(peaks, inner"): "what has no peak is not periodic with the height 0 either",
    },
    "ranking/lambdas": {
        ("1 -> 0", "return self.booster.predict"): "more threads predict the same",
        ("1 -> 2", "return np.where(place"): "cancels in the ratio to the ideal",
    },
    "text/vocabulary": {
        ("0 -> 1", "write_json(path, content, indent"): "the layout of the file",
    },
    "ranking/svm": {
        ("1.0 -> 2.0", "deviation = np.where"): "the differences of a constant feature are 0 whatever divides them",
        ("kept + half -> kept - half", "x, y = "): "a negative place counts from the end, and there are 2 · half rows",
        ("kept + half -> kept - half (2)", "x, y = "): "the same",
        ("False -> True", "svm = LinearSVC"): "each pair counts in both directions: the intercept is 0",
        ("False -> True (2)", "svm = LinearSVC"): "dual: the same minimum by another way",
    },
}


class Mutated(SourceFileLoader):
    """Loads a module as if this code stood in its file."""

    code = None

    def get_code(self, name):
        return self.code


class Finder:
    def __init__(self, name, code):
        self.name, self.code = name, code

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        spec = PathFinder.find_spec(name, path)
        spec.loader = Mutated(name, spec.origin)
        spec.loader.code = self.code
        return spec


class QuickFirst:
    """Notes how long each test takes in the run without a mutant, and puts the quick ones first in the others."""

    def __init__(self, notes):
        self.notes, self.seconds = notes, Counter()
        self.known = json.loads(notes.read_text()) if notes.exists() else None

    def pytest_collection_modifyitems(self, items):
        if self.known is not None:
            items.sort(key=lambda item: self.known.get(item.nodeid, 0))

    def pytest_runtest_logreport(self, report):
        self.seconds[report.nodeid] += report.duration

    def pytest_sessionfinish(self):
        if self.known is None:
            self.notes.write_text(json.dumps(self.seconds))


def child(name, code, files, words):
    """In a fork: the tests of one mutant, as the exit status of pytest."""
    out = os.open(words, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    sys.meta_path.insert(0, Finder(name, code))
    import pytest

    options = [
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-m",
        "not backends and not browser and not built",
    ]
    return int(pytest.main([*options, *files], plugins=[QuickFirst(words.with_name(f"{name}.json"))]))


def start(name, code, files, words):
    pid = os.fork()
    if pid:
        return pid, time.monotonic()
    try:
        status = child(name, code, files, words)
    except BaseException:
        status = 3
    os._exit(status)


def run(jobs, at_once, limit):
    """Runs ``jobs`` (name, code, files, words), some at once -> yields (place, status, seconds), -1 where too slow."""
    waiting, running = list(enumerate(jobs))[::-1], {}
    while waiting or running:
        while waiting and len(running) < at_once:
            place, job = waiting.pop()
            pid, begun = start(*job)
            running[pid] = place, begun
        for pid, (place, begun) in list(running.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            seconds = time.monotonic() - begun
            if not ended and seconds > limit(place):
                os.kill(pid, 9)
                os.waitpid(pid, 0)
                ended, status = pid, None
            if ended:
                del running[pid]
                yield place, -1 if status is None else os.waitstatus_to_exitcode(status), seconds
        time.sleep(0.05)


def judged(module, every):
    """Those of ``every`` mutant of the module that are judged to change nothing."""
    found = []
    for change, begin in EQUIVALENT.get(module, ()):
        these = [mutant for mutant in every if mutant.change == change and mutant.statement.startswith(begin)]
        if not these:
            sys.exit(f"Judged in {module}, but no longer there: {change}   in: {begin}")
        found += these
    return found


def score(module, tests, each, seed, at_once, folder):
    """Runs the mutants of one module -> (killed, survivors, equivalent ones)."""
    path = ROOT / "mmcourse" / f"{module}.py"
    name = "mmcourse." + module.replace("/", ".")
    source = path.read_text(encoding="utf-8")
    every = list(mutants(source))
    harmless = judged(module, every)
    chosen = every if not each or each >= len(every) else random.Random(module + seed).sample(every, each)
    chosen.sort(key=lambda mutant: mutant.line)
    files = [str(ROOT / "tests" / f"test_{test}.py") for test in tests]
    clean = compile(source, path, "exec"), folder / "clean.txt"
    [(_, status, whole)] = run([(name, clean[0], files, clean[1])], 1, lambda place: 1200)
    if status:
        sys.exit(f"The tests of {module} fail without any mutant ({status}):\n{clean[1].read_text()[-3000:]}")
    jobs = [(name, compile(m.tree(), path, "exec"), files, folder / f"{i}.txt") for i, m in enumerate(chosen)]
    survivors, slow = [], 0
    begun = time.monotonic()
    for place, status, _ in run(jobs, at_once, lambda place: LIMIT[0] * whole * at_once + LIMIT[1]):
        slow += status == -1
        if status == 0:
            survivors.append(chosen[place])
    survivors.sort(key=lambda mutant: mutant.line)
    alike = [m for m in survivors if m in harmless]
    survivors = [m for m in survivors if m not in harmless]
    killed = len(chosen) - len(survivors) - len(alike)
    print(
        f"{module:22} {killed:3} of {len(chosen) - len(alike):3} killed ({slow} by time), {len(alike)} equivalent, "
        f"of {len(every)} in all; {(time.monotonic() - begun) / 60:.1f} minutes, the tests alone {whole:.0f} s",
        flush=True,
    )
    for mutant in survivors:
        where = f"   in: {mutant.statement}" if mutant.statement else ""
        print(f"    survived: {path.relative_to(ROOT)}:{mutant.line}: {mutant.change}{where}", flush=True)
    return killed, survivors, alike


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", nargs="*", choices=MODULES, default=list(MODULES), metavar="MODULE")
    parser.add_argument("--each", type=int, default=EACH, help="how many mutants of a module; 0: all")
    parser.add_argument("--seed", default="", help="any word: draws other ones")
    parser.add_argument("--jobs", type=int, default=2, help="how many at once")
    parser.add_argument("--least", type=float, default=97.0, help="the share in percent below which this ends with 1")
    asked = parser.parse_args()
    for variable in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
        os.environ[variable] = "1"  # as many processes as there are cores
    os.environ |= {"KERAS_BACKEND": "tensorflow", "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    os.environ["PYTHONHASHSEED"] = "0"
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    # What takes long to import and starts no thread: no operation of Keras may run before the fork.
    for library in ("hypothesis", "keras", "pandas", "pytest", "scipy.optimize", "sklearn.metrics", "tensorflow"):
        importlib.import_module(library)
    killed = lost = 0
    with tempfile.TemporaryDirectory() as folder:
        for module in asked.only:
            dead, survivors, _ = score(module, MODULES[module], asked.each, asked.seed, asked.jobs, Path(folder))
            killed, lost = killed + dead, lost + len(survivors)
    share = 100 * killed / (killed + lost)
    print(f"{killed} of {killed + lost} mutants killed: {share:.1f} %")
    return share < asked.least


if __name__ == "__main__":
    sys.exit(main())
