"""Run one function on several Keras backends. A process has one backend for life, so each takes a process.

A test file puts all it wants to know into one module-level function that returns a dict of arrays, and compares:

    def figures():
        return {"loss": ..., "tokens": ...}

    @pytest.mark.backends
    @pytest.mark.parametrize("backend", BACKENDS)
    def test_backends_agree(backend):
        np.testing.assert_allclose(on_backend(backend, figures)["loss"], figures()["loss"], atol=1e-5)

A process costs some eight seconds, so it should be one function a file; what it returned is kept.
"""

import functools
import importlib.util
import inspect
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

# `make test-backends` adds torch.
BACKENDS = tuple(os.environ.get("MMCOURSE_BACKENDS", "tensorflow,jax").split(","))


@functools.cache
def on_backend(backend, script):
    """What ``script`` computes on that backend.

    Args:
        backend: "tensorflow", "jax" or "torch".
        script: a module-level function without arguments that returns a dict of arrays; or source text that leaves such
            a dict in the name ``results``.
    Returns:
        dict of NumPy arrays.
    Raises:
        AssertionError: with the process's own words, if it failed.
    """
    if callable(script):
        file, function = inspect.getfile(script), script.__name__
        keras = sys.modules.get("keras")
        if keras is not None and keras.config.backend() == backend:  # this very process will do
            return _arrays(script())
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "results.npz"
        if not callable(script):
            file, function = Path(folder) / "script.py", ""
            file.write_text(script, encoding="utf-8")
        env = os.environ | {"KERAS_BACKEND": backend, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
        command = [sys.executable, __file__, str(file), function, str(out)]
        done = subprocess.run(
            command, env=env, capture_output=True, text=True, timeout=500, cwd=Path(__file__).parents[1], check=False
        )
        assert done.returncode == 0, f"on {backend}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        with np.load(out) as results:
            return dict(results)


def _arrays(results):
    from mmcourse.backend import keras

    return {name: np.asarray(keras.ops.convert_to_numpy(value)) for name, value in results.items()}


def _main(file, function, out):
    root = Path(__file__).parents[1]
    sys.path[:0] = [str(root), str(root / "tests")]
    spec = importlib.util.spec_from_file_location(Path(file).stem, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    np.savez(out, **_arrays(getattr(module, function)() if function else module.results))


if __name__ == "__main__":
    _main(*sys.argv[1:])
