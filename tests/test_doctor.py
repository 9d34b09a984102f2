"""What the set-up cell of a notebook says: one sentence for each thing that is not as it should be, with the cure."""

import importlib.metadata
import importlib.util
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import mmcourse
from mmcourse import doctor
from mmcourse._machinery import backends

READY = f"mmcourse {mmcourse.__version__} is ready; a GPU is "
NETWORK = "the network cannot be reached"
ROOT = Path(__file__).resolve().parent.parent

needs_jax = pytest.mark.skipif(find_spec("jax") is None, reason="jax is not installed")


@pytest.fixture(autouse=True)
def machine(monkeypatch):
    """A machine that has everything, and a pip that must not be called."""
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    monkeypatch.setattr(backends, "installed", lambda: ["tensorflow", "jax"])
    monkeypatch.setattr(doctor, "pip_install", lambda package: pytest.fail(f"{package} was installed"))


@pytest.fixture
def said(capsys):
    """``said(...)``: the lines that ``doctor.notebook(...)`` prints."""

    def lines(version=mmcourse.__version__, **options):
        doctor.notebook(version, **options)
        return capsys.readouterr().out.strip().split("\n")

    return lines


def test_where_nothing_is_wrong_one_line_says_so_and_a_second_run_says_it_again(said):
    first, second = said(extra=["numpy"]), said(extra=["numpy"])
    assert first == second and len(first) == 1 and first[0].startswith(READY)


def test_another_version_is_named_and_is_no_obstacle(said, monkeypatch):
    line, ready = said("7.0")
    assert line.startswith(f"This notebook was made for mmcourse 7.0; {mmcourse.__version__}") and READY in ready
    monkeypatch.setattr(doctor, "_commit", lambda: "b" * 40)
    line, _ = said(commit="a" * 40)
    assert "(aaaaaaa); " in line and "(bbbbbbb) is installed here" in line and "%pip uninstall -y mmcourse" in line
    assert len(said(commit="b" * 40)) == len(said()) == 1


@pytest.mark.parametrize(
    ("origin", "commit"),
    [
        ({"url": f"https://h/o/n/archive/{'a' * 40}.zip", "archive_info": {"hash": f"sha256={'0' * 64}"}}, "a" * 40),
        ({"url": "https://h/o/n", "vcs_info": {"vcs": "git", "commit_id": "b" * 40}}, "b" * 40),
        ({"url": Path("/checkout").as_uri(), "dir_info": {"editable": True}}, ""),
        (None, ""),
    ],
)
def test_the_installed_commit_is_known_where_pip_wrote_it_down(monkeypatch, origin, commit):
    distribution = SimpleNamespace(read_text=lambda name: json.dumps(origin) if origin else None)
    monkeypatch.setattr(doctor.importlib.metadata, "distributions", lambda name: [distribution])
    assert doctor._commit() == commit


def test_a_package_that_is_missing_stops(said, monkeypatch):
    there = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "sklearn" else there(name))
    with pytest.raises(doctor.Stop, match=r"not all that it needs: scikit-learn.*%pip install scikit-learn"):
        said()


def test_a_package_that_was_replaced_under_the_kernel_asks_for_a_restart(said, monkeypatch):
    monkeypatch.setattr(np, "__version__", "1.0")
    line, _ = said()
    assert line.startswith("This kernel works with numpy 1.0, which was replaced: restart it")


def test_another_backend_is_named(said, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    line, _ = said()
    assert line.startswith("On JAX numbers may differ from the text's") and "set KERAS_BACKEND to tensorflow" in line
    monkeypatch.setattr(backends, "installed", lambda: ["jax"])
    assert said()[0].endswith("which come from TensorFlow.")


def test_a_backend_that_is_not_installed_gives_way(said, monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    line, _ = said()
    assert line.startswith("KERAS_BACKEND is 'torch', which is not installed here: TensorFlow is used.")
    assert "set KERAS_BACKEND to what is installed (tensorflow, jax)" in line and backends.choose() == "tensorflow"
    monkeypatch.setattr(backends, "installed", lambda: ["jax"])
    first, second, _ = said()
    assert first.startswith("Keras's default is 'tensorflow', which is not installed here: JAX is used.")
    assert second.startswith("On JAX ") and backends.choose() == "jax"


def test_without_a_backend_the_course_stops(said, monkeypatch):
    monkeypatch.setattr(backends, "installed", list)
    with pytest.raises(doctor.Stop, match=r"none of them is installed: pip install tensorflow. Then restart"):
        said()


def test_what_a_page_uses_besides_is_installed_or_left_out_in_a_sentence(said, monkeypatch):
    monkeypatch.setattr(doctor, "pip_install", lambda package: "the network is away." * (package == "no-such-thing"))
    installing, failed, other, ready = said(extra=["no-such-thing", "no-other-thing", "numpy"])
    assert installing.startswith("Installing no-such-thing") and other.startswith("Installing no-other-thing")
    assert failed.startswith("no-such-thing could not be installed: the network is away. Until then the cells")
    assert ready.startswith(READY)


# ── python -m mmcourse.doctor ───────────────────────────────────────────────────────────────────────

ABSENT = """
import sys
class Absent:
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in {}:
            raise ModuleNotFoundError(f"No module named {{name!r}}")
sys.meta_path.insert(0, Absent)
"""


@pytest.fixture
def doctor_says(tmp_path):
    """``doctor_says(absent, **variables)``: what the command prints where modules are absent, and its exit status."""

    def says(*absent, **variables):
        code = ABSENT.format(absent) + "\nimport runpy; runpy.run_module('mmcourse.doctor', run_name='__main__')"
        environment = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"}
        environment |= {"KERAS_HOME": str(tmp_path), **variables}
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout, done.returncode

    return says


@needs_jax
def test_the_doctor_says_which_backend_is_used_and_why_where_there_is_jax_alone(doctor_says):
    said, status = doctor_says("tensorflow", "torch")
    assert "   ok  Keras on JAX, no GPU; why: 'tensorflow' (Keras's default) is not installed" in said and not status
    assert "→ to choose: KERAS_BACKEND chooses among tensorflow, jax and torch; installed: jax" in said
    assert "lacks  tensorflow (the default backend)  → pip install tensorflow" in said


@needs_jax
def test_the_doctor_says_where_a_backend_was_asked_for(doctor_says, tmp_path):
    said, _ = doctor_says("tensorflow", "torch", KERAS_BACKEND="jax")
    assert "Keras on JAX, no GPU; why: KERAS_BACKEND  →" in said
    (tmp_path / "keras.json").write_text(json.dumps({"backend": "jax"}))
    said, _ = doctor_says("torch")
    assert f"Keras on JAX, no GPU; why: {tmp_path / 'keras.json'}  →" in said


@needs_jax
@pytest.mark.parametrize(("asked", "cure"), [("nonsense", "set it to jax"), ("torch", "set it to jax")])
def test_the_doctor_says_where_the_variable_names_what_is_not_there(doctor_says, asked, cure):
    said, status = doctor_says("tensorflow", "torch", KERAS_BACKEND=asked)
    assert f"fails  Keras does not start: KERAS_BACKEND is {asked!r}, which is not installed here: {cure}" in said
    assert status == 1


@needs_jax
def test_the_doctor_says_what_to_do_without_any_backend_and_without_keras(doctor_says):
    said, status = doctor_says("tensorflow", "jax", "torch")
    assert "(KERAS_BACKEND chooses among tensorflow, jax and torch), and none of them is installed: pip install" in said
    assert status == 1
    said, status = doctor_says("keras", "tensorflow", "torch")
    assert "fails  keras (the layers and models)  → pip install keras" in said and status == 1
    assert "fails  Keras does not start on jax: ModuleNotFoundError" in said


def test_tensorflow_may_come_from_a_distribution_of_another_name(monkeypatch):
    version = importlib.metadata.version

    def other(name):
        if name == "tensorflow":
            raise importlib.metadata.PackageNotFoundError(name)
        return "2.99" if name == "tensorflow-cpu" else version(name)

    monkeypatch.setattr(importlib.metadata, "version", other)
    monkeypatch.setattr(importlib.metadata, "packages_distributions", lambda: {"tensorflow": ["tensorflow-cpu"]})
    assert doctor._distribution("tensorflow", "tensorflow") == "tensorflow-cpu 2.99"
    monkeypatch.setattr(importlib.metadata, "packages_distributions", dict)
    assert doctor._distribution("tensorflow", "tensorflow") == "tensorflow, of an unknown version"


def test_a_folder_that_an_uninstallation_left_is_no_module(monkeypatch, tmp_path):
    (tmp_path / "left_over").mkdir()
    (tmp_path / "module_here.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    assert not backends.has("left_over") and backends.has("module_here") and not backends.has("no_such_thing")


# ── pip ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("ERROR: Could not find a version that satisfies the requirement x (from versions: none)", NETWORK),
        ("WARNING: Retrying ... ProxyError('Cannot connect to proxy.', NewConnectionError('...'))", NETWORK),
        ("/usr/bin/python3: No module named pip", f"no pip. In a terminal: {sys.executable} -m ensurepip"),
        ("ERROR: HTTP error 404 while getting https://x\n[notice] a newer pip", "pip says: ERROR: HTTP error 404"),
        ("error: externally-managed-environment\n\nhint: see PEP 668", "pip says: error: externally-managed"),
        ("something else", "pip says: something else"),
    ],
)
def test_why_pip_failed_is_said_in_words(monkeypatch, output, words):
    monkeypatch.undo()  # the real pip_install
    done = SimpleNamespace(returncode=1, stdout=output + "\n")
    monkeypatch.setattr(subprocess, "run", lambda command, **options: done)
    assert words in doctor.pip_install("x") and "\n" not in doctor.pip_install("x")
    done.returncode = 0
    assert doctor.pip_install("x") == ""


def test_set_up_and_notebooks_take_the_same_words_for_a_missing_network():
    source = (ROOT / ".ci" / "install.py").read_text("utf8")
    words = source.split("NETWORK = ")[1].split("\n")[0]
    assert words in Path(doctor.__file__).read_text("utf8")
