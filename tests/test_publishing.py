"""What leaves the checkout: the wheel with the recorded results, and the notebooks of whoever publishes them."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# ── the wheel ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel made from the source archive made from this checkout, without a network."""
    if importlib.util.find_spec("setuptools") is None:
        pytest.skip("no setuptools to build a wheel with")
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "mmcourse", source / "mmcourse", ignore=ignore)
    shutil.copytree(ROOT / "book" / "results", source / "book" / "results")
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    options = ["--offline", "--no-build-isolation", "--python", sys.executable, "--out-dir", str(folder)]
    done = subprocess.run([sys.executable, "-m", "uv", "build", *options, str(source)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        yield archive


def test_every_record_that_a_page_shows_is_in_the_wheel(wheel):
    pages = [page.read_text("utf8") for page in (ROOT / "book").glob("*.md")]
    shown = {name for page in pages for name in re.findall(r'recorded\("([^"]+)"', page)}
    assert len(shown) > 15
    for name in shown:
        record = json.loads(wheel.read(f"mmcourse/results/{name}.json"))
        assert record == json.loads((ROOT / "book" / "results" / f"{name}.json").read_text("utf8"))


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert {name.split("/")[0] for name in names} == {"mmcourse"}
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "mmcourse").rglob("*.py")}
    assert modules == {name for name in names if name.endswith(".py")}
    assert "mmcourse/results/timings.json" not in names
