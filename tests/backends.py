"""Run one function on several Keras backends. A process has one backend for life, so each takes a process.

A test file puts all it wants to know into one module-level function that returns a dict of arrays, and compares:

    def figures():
        return {"loss": ..., "tokens": ...}

    @pytest.mark.backends
    @pytest.mark.parametrize("backend", BACKENDS)
    def test_backends_agree(backend):
        np.testing.assert_allclose(on_backend(backend, figures)["loss"], figures()["loss"], atol=1e-5)

To import Keras costs a process some eight seconds, so that one process a backend answers for all files (of one worker,
where tests run side by side); and what a function returned is kept.
"""

import atexit
import functools
import importlib.util
import inspect
import json
import mmap
import os
import random
import subprocess
import sys
import tempfile
import threading
import traceback
from pathlib import Path

import numpy as np

# `make test-backends` adds torch.
BACKENDS = tuple(os.environ.get("MMCOURSE_BACKENDS", "tensorflow,jax").split(","))
SECONDS = 500  # that one function may take
SOONEST = "jax" if importlib.util.find_spec("jax") else "tensorflow"  # to start, where a process needs any backend
QUICK = ("--xla_cpu_use_fusion_emitters=false", "--xla_cpu_parallel_codegen_split_count=1")

_processes = {}


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
        if backend not in _processes:
            _processes[backend] = Process(backend)
        failed = _processes[backend].does(file, function, out)
        if not _processes[backend].lives:
            del _processes[backend]  # the next function gets a new one
        assert not failed, failed
        with np.load(out) as results:
            return dict(results)


def _quick_flags():
    """Flags with which XLA compiles in half the time, as far as this jaxlib knows them: it ends on an unknown one. (JAX
    compiles each operation for each shape; most of the seconds of a comparison are that.)"""
    found = importlib.util.find_spec("jaxlib")
    if found is None:
        return []
    library = max(Path(found.submodule_search_locations[0]).iterdir(), key=lambda path: path.stat().st_size)
    with library.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return [flag for flag in QUICK if content.find(flag.removeprefix("--").partition("=")[0].encode()) >= 0]


class Process:
    """A Python on one backend that does one thing after the other, and ends with the process that started it."""

    def __init__(self, backend, seconds=SECONDS):
        self.backend, self.seconds = backend, seconds
        self.folder = tempfile.TemporaryDirectory()
        self.words = Path(self.folder.name) / "words"  # all that it and its libraries print
        env = os.environ | {"KERAS_BACKEND": backend, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
        if backend == "jax":
            env["XLA_FLAGS"] = " ".join([env.get("XLA_FLAGS", ""), *_quick_flags()])
        with self.words.open("ab") as words:
            self.process = subprocess.Popen(
                [sys.executable, __file__],
                env=env,
                cwd=Path(__file__).parents[1],
                stdin=subprocess.PIPE,  # closed when this process ends, however it ends: that one then ends too
                stdout=subprocess.PIPE,
                stderr=words,
                text=True,
            )
        atexit.register(self.end)

    @property
    def lives(self):
        return self.process.poll() is None

    def end(self):
        self.process.kill()
        self.process.wait()

    def does(self, file, function, out):
        """Calls ``function`` of ``file`` and writes its arrays to ``out`` -> "" or what went wrong."""
        said = self.words.stat().st_size
        late = threading.Timer(self.seconds, self.process.kill)
        late.start()
        try:
            print(json.dumps([str(file), function, str(out)]), file=self.process.stdin, flush=True)
            answer = self.process.stdout.readline().strip()
        except BrokenPipeError:
            answer = ""
        finally:
            late.cancel()
        if answer == "done":
            return ""
        end = "" if answer else f" the process ended ({self.process.wait()}; it has {self.seconds} s)"
        return f"on {self.backend}:{end}\n{self.words.read_bytes()[said:][-6000:].decode(errors='replace')}"


def _arrays(results):
    if all(isinstance(value, np.ndarray) for value in results.values()):
        return results  # without Keras
    from mmcourse.backend import keras

    return {name: np.asarray(keras.ops.convert_to_numpy(value)) for name, value in results.items()}


def _serve():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a function prints goes to the words
    root = Path(__file__).parents[1]
    sys.path[:0] = [str(root), str(root / "tests")]
    for line in sys.stdin:
        try:
            _answer(*json.loads(line))
            answer = "done"
        except BaseException:
            traceback.print_exc()
            answer = "failed"
        sys.stdout.flush()
        print(answer, file=answers, flush=True)


def _answer(file, function, out):
    random.seed(0)  # no matter what was done before; Keras' own `set_random_seed` would import TensorFlow everywhere
    np.random.seed(0)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.clear_session()  # the seeds drawn, the names given, the dtype policy
    spec = importlib.util.spec_from_file_location(Path(file).stem, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    np.savez(out, **_arrays(getattr(module, function)() if function else module.results))


if __name__ == "__main__":
    _serve()
