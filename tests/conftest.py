"""What all tests share: pinned draws, a quiet processor-only TensorFlow, and the folder of real data."""

import gc
import os
import random
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

# The same draws at each run and on each machine, so that none fails by bad luck, or for being slow. Fresh ones are for
# `make fuzz` (tests/fuzz.py), each of whose rounds has a seed.
FUZZ = os.environ.get("MMCOURSE_FUZZ")
ANYWHERE = {"database": None, "deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("pinned", derandomize=True, **ANYWHERE)
settings.register_profile("fuzz", derandomize=False, **ANYWHERE)  # by the command's --hypothesis-seed
settings.load_profile("fuzz" if FUZZ else "pinned")

# Before any test imports Keras.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
if "PYTEST_XDIST_WORKER" in os.environ:  # as many processes as there are cores: one thread for each
    for threads in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
        os.environ.setdefault(threads, "1")
# Tests run what they compile a few times at most: XLA, under TensorFlow and JAX, is to be quick about it.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true")

NO_DATA = "no real data"
CHROMIUM = os.environ.get("MMCOURSE_CHROMIUM", "/usr/bin/chromium")  # else the one that Playwright installs
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--allow-file-access-from-files"]
FLAGS += ["--host-resolver-rules=MAP * ~NOTFOUND"]  # there is no network here, whatever the machine has


def _pin(name):
    """Every generator that code may draw from without a seed of its own begins anew, by the name of what draws."""
    seed = zlib.crc32(f"{name} {FUZZ}".encode()) if FUZZ else zlib.crc32(name.encode())
    random.seed(seed)
    np.random.seed(seed)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(seed)
    if "mmcourse.exercises.engine" in sys.modules:  # a check without a seed
        sys.modules["mmcourse.exercises.engine"]._dice = random.Random(seed)


def pytest_configure(config):
    config.addinivalue_line("markers", "compiled: takes many steps, or is about compiling: not `eagerly`")
    config.addinivalue_line("filterwarnings", "ignore:Even though the `tf.config:UserWarning")  # of `eagerly`


def pytest_collection_finish(session):
    """Garbage is looked for less often, and not among the million objects that stay to the end (the libraries, the
    tests): it was a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef):
    _pin(f"{fixturedef.baseid} {fixturedef.argname}")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item):
    _pin(item.nodeid)


@pytest.fixture
def eagerly(request):
    """TensorFlow runs what a test trains step by step: to compile a model costs more than the few steps of a test.

    Where each test of a file asks for it (``pytestmark``), some are left as they are: those that compare backends, so
    that every model is also trained as users train it, compiled, on each backend; and those marked ``compiled``.
    """
    from mmcourse.backend import keras

    as_they_are = any(request.node.get_closest_marker(name) for name in ("backends", "compiled"))
    if as_they_are or keras.config.backend() != "tensorflow":
        yield
        return
    import tensorflow

    tensorflow.config.run_functions_eagerly(True)
    yield
    tensorflow.config.run_functions_eagerly(False)


@pytest.fixture(scope="session")
def chromium():
    """A running Chromium, one for all browser tests: Playwright starts only once in a process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        where = {"executable_path": CHROMIUM} if Path(CHROMIUM).is_file() else {}
        browser = playwright.chromium.launch(args=FLAGS, **where)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def opened(chromium):
    """``opened(page, mode, size)`` opens a page of the built site, see `built_site.tabs`."""
    import built_site

    with built_site.tabs(chromium) as opened_:
        yield opened_


@pytest.fixture(scope="session")
def data_dir():
    """``data_dir("flickr8k")`` is that folder of the real data, or leaves the test out where it is not to be had."""

    def folder(name):
        root = os.environ.get("MMCOURSE_DATA")
        if not root or not (Path(root) / name).is_dir():
            pytest.skip(f"{NO_DATA}: {name}")
        return Path(root) / name

    return folder


def _recorded(terminalreporter, name):
    """What tests said by ``record_property(name, …)``."""
    reports = [one for found in terminalreporter.stats.values() for one in found if getattr(one, "when", "") == "call"]
    return [value for report in reports for key, value in report.user_properties if key == name]


def pytest_terminal_summary(terminalreporter):
    if machine := _recorded(terminalreporter, "answers made by machine"):
        count, same, alive = map(sum, zip(*machine, strict=True))
        asked, rejected = count - same, count - same - alive
        terminalreporter.write_line(
            f"exercises: {rejected} of {asked} wrong answers made by machine rejected on 20 seeds "
            f"({100 * rejected / max(asked, 1):.1f} %), {same} more judged equivalent"
        )
    if planted := _recorded(terminalreporter, "planted mistakes"):
        terminalreporter.write_line(f"exercises: {sum(planted)} planted mistakes judged")
    if refused := _recorded(terminalreporter, "bad inputs refused"):
        terminalreporter.write_line(f"bad inputs: {sum(refused)} tried, each refused in words")
    if odd := _recorded(terminalreporter, "odd inputs answered"):
        terminalreporter.write_line(f"odd inputs: {sum(odd)} tried, each with the answer that is on record")
    if files := _recorded(terminalreporter, "spoilt files"):
        terminalreporter.write_line(f"readers: {sum(files)} spoilt files tried, each read right or refused by its name")
    skipped = terminalreporter.stats.get("skipped", [])
    left_out = [r for r in skipped if NO_DATA in str(r.longrepr)]
    for report in skipped:  # whatever else was left out says so, with its reason
        if report not in left_out:
            terminalreporter.write_line(f"left out: {report.nodeid}: {report.longrepr[-1].removeprefix('Skipped: ')}")
    if left_out:
        tests = "test" if len(left_out) == 1 else "tests"
        terminalreporter.write_line(f"{len(left_out)} {tests} left out: {NO_DATA} (set MMCOURSE_DATA)")
