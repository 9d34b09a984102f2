"""Which backend Keras starts on: what was asked for, or what there is, or a sentence."""

import json
import os
import subprocess
import sys

import pytest

from mmcourse._machinery import backends


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """``machine(there, asked, file)``: a machine before Keras is imported, with these backends and wishes."""
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))

    def with_(there, asked=None, file=None):
        monkeypatch.setattr(backends, "installed", lambda: there)
        monkeypatch.setenv("KERAS_BACKEND", asked or "")
        if file is not None:
            (tmp_path / "keras.json").write_text(file)

    return with_


@pytest.mark.parametrize(
    ("there", "asked", "file", "expected"),
    [
        (["tensorflow", "jax"], None, None, "tensorflow"),
        (["tensorflow", "jax"], "jax", None, "jax"),
        (["tensorflow", "jax"], None, json.dumps({"backend": "jax"}), "jax"),
        (["tensorflow", "jax"], "tensorflow", json.dumps({"backend": "jax"}), "tensorflow"),
        (["tensorflow"], None, "not JSON", "tensorflow"),
        (["tensorflow"], None, "[]", "tensorflow"),
        (["jax", "torch"], None, None, "jax"),
        (["torch"], None, json.dumps({"backend": "jax"}), "torch"),
    ],
)
def test_what_is_asked_for_is_taken_and_a_default_gives_way(machine, there, asked, file, expected):
    machine(there, asked, file)
    told = []
    wish = backends.wanted()
    assert backends.choose(tell=told.append) == expected
    assert [wish in line and backends.NAMES[expected] in line for line in told] == [True] * (wish != expected)
    assert all("KERAS_BACKEND chooses among tensorflow, jax and torch" in line for line in told)
    assert (os.environ["KERAS_BACKEND"] or backends.wanted()) == expected


@pytest.mark.parametrize("asked", ["torch", "nonsense"])
def test_a_wish_that_cannot_be_met_names_the_variable_and_the_cure(machine, asked):
    machine(["tensorflow", "jax"], asked)
    with pytest.raises(ImportError, match=f"KERAS_BACKEND is '{asked}'.*set it to tensorflow or jax"):
        backends.choose()


def test_without_any_backend_the_cure_is_named(machine):
    machine([])
    with pytest.raises(ImportError, match=r"KERAS_BACKEND chooses .* none of them is .*: pip install tensorflow"):
        backends.choose()


def test_once_keras_is_imported_nothing_is_chosen(machine, monkeypatch):
    import keras

    machine(["tensorflow"], "nonsense")
    monkeypatch.setitem(sys.modules, "keras", keras)
    assert backends.choose() == keras.backend.backend()


def test_a_keras_module_can_be_imported_where_there_is_jax_and_no_tensorflow(tmp_path):
    pytest.importorskip("jax")
    code = (
        "from mmcourse._machinery import backends; there = backends.installed; "
        "backends.installed = lambda: [name for name in there() if name != 'tensorflow']; "
        "import mmcourse.attention; from mmcourse.backend import keras; print(keras.backend.backend())"
    )
    environment = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"}
    environment["KERAS_HOME"] = str(tmp_path)
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "jax"
    assert done.stderr.startswith("'tensorflow' (Keras's default) is not installed here: Keras runs on JAX. KERAS_BACK")
    assert done.stderr.count("\n") == 1
