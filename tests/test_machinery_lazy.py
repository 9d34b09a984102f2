"""Packages that import their names when they are asked for."""

import importlib
import os
import subprocess
import sys

import pytest
from backends import SOONEST

from mmcourse._machinery.lazy import lazy

LAZY = ("mmcourse.audio", "mmcourse.plots", "mmcourse.ranking", "mmcourse.retrieval", "mmcourse.text")


def run(code, *arguments):
    command, env = [sys.executable, "-c", code, *arguments], os.environ | {"KERAS_BACKEND": SOONEST}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


@pytest.mark.parametrize("package", LAZY)
def test_every_public_name_is_there_and_no_other(package):
    module = importlib.import_module(package)
    assert set(module.__all__) <= set(dir(module))
    assert all(getattr(module, name) is not None for name in module.__all__)
    with pytest.raises(AttributeError, match=f"module '{package}' has no attribute 'loudness'"):
        _ = module.loudness


@pytest.mark.parametrize("package", LAZY)
def test_tab_completion_shows_every_public_name(package):
    """In a fresh process, as there no name has been asked for; by what a console of Python asks."""
    code = (
        "import sys, importlib, rlcompleter; module = importlib.import_module(sys.argv[1]); "
        "shown = rlcompleter.Completer({'room': module}).attr_matches('room.'); "
        "names = {name.removeprefix('room.').rstrip('()') for name in shown}; "
        "print(sorted(set(module.__all__) - names), sorted(set(module.__all__) - set(dir(module))))"
    )
    assert run(code, package) == "[] []"


def test_the_halves_in_numpy_start_without_keras():
    code = (
        "import sys; from mmcourse.audio import mel_filters; from mmcourse.ranking import RankSVM, LambdaRank, rerank; "
    )
    assert run(code + "print('keras' in sys.modules, 'mmcourse.ranking.matching' in sys.modules)") == "False False"


@pytest.mark.parametrize(
    "first", ["mmcourse.audio, mmcourse.backend", "mmcourse.backend, mmcourse.audio", "keras, mmcourse.audio"]
)
def test_a_saved_layer_is_found_where_its_package_was_imported(first, tmp_path):
    from mmcourse.audio import MelSpectrogram
    from mmcourse.backend import keras

    layer = MelSpectrogram(rate=8000, n_fft=64, hop=32, n_mels=8)
    signal = keras.Input((256,))
    keras.Model(signal, layer(signal)).save(tmp_path / "model.keras")
    code = f"import sys, {first}, keras; print(type(keras.saving.load_model(sys.argv[1]).layers[-1]).__name__)"
    assert run(code, str(tmp_path / "model.keras")) == "MelSpectrogram"


@pytest.mark.parametrize(
    "first", ["from mmcourse.audio import spectrogram", "import mmcourse.audio.spectra, mmcourse.audio"]
)
def test_a_module_may_be_the_one_that_brings_keras(first):
    code = f"{first}; from mmcourse.audio import hann; import sys; print('mmcourse.audio.features' in sys.modules)"
    assert run(code) == "True"


def test_a_name_has_one_home():
    with pytest.raises(ValueError, match=r"Received: a name of package twice among \{'a': \('x',\), 'b': \('x',\)\}"):
        lazy("package", {"a": ("x",), "b": ("x",)})
