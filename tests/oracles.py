"""Packages that tests compare with, and the extra `search`. The lock has them; the lower bounds do without."""

import pytest


def oracle(name):
    """That package (or module of one), or the test is left out, which pytest's summary says."""
    return pytest.importorskip(name, reason=f"{name.split('.')[0]} is not installed: make setup installs it")
