"""What all tests share: a quiet processor-only TensorFlow, and the folder of real data."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# .ci/run asks for Hypothesis's own profile "ci": the same examples at each run, so that no run fails by bad luck alone.
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# Before any test imports Keras.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

NO_DATA = "no real data"
CHROMIUM = os.environ.get("MMCOURSE_CHROMIUM", "/usr/bin/chromium")  # else the one that Playwright installs
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--allow-file-access-from-files"]
FLAGS += ["--host-resolver-rules=MAP * ~NOTFOUND"]  # there is no network here, whatever the machine has


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
def data_dir():
    """``data_dir("flickr8k")`` is that folder of the real data, or leaves the test out where it is not to be had."""

    def folder(name):
        root = os.environ.get("MMCOURSE_DATA")
        if not root or not (Path(root) / name).is_dir():
            pytest.skip(f"{NO_DATA}: {name}")
        return Path(root) / name

    return folder


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", [])
    left_out = [r for r in skipped if NO_DATA in str(r.longrepr)]
    for report in skipped:  # whatever else was left out says so, with its reason
        if report not in left_out:
            terminalreporter.write_line(f"left out: {report.nodeid}: {report.longrepr[-1].removeprefix('Skipped: ')}")
    if left_out:
        tests = "test" if len(left_out) == 1 else "tests"
        terminalreporter.write_line(f"{len(left_out)} {tests} left out: {NO_DATA} (set MMCOURSE_DATA)")
