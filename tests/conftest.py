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
    left_out = [r for r in terminalreporter.stats.get("skipped", []) if NO_DATA in str(r.longrepr)]
    if left_out:
        tests = "test" if len(left_out) == 1 else "tests"
        terminalreporter.write_line(f"{len(left_out)} {tests} left out: {NO_DATA} (set MMCOURSE_DATA)")
