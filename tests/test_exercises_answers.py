"""Right answers in other dress: every solution passes whatever kind of numbers and arrays it returns, with arguments
that cannot be written to and do not lie side by side, and with NumPy alone.

``python tests/test_exercises_answers.py`` prints what loading and checking takes (no test fails for time)."""

import os
import subprocess
import sys
import time

import numpy as np
import pytest
from exercise_judge import THOROUGH, Judge

from mmcourse.exercises import check, get, names

FUNCTIONS = [name for name in names() if not get(name).answers_with_value]
VALUES = [name for name in names() if get(name).answers_with_value]
SEEDS = range(50 if THOROUGH else 5)


@pytest.fixture(autouse=True)
def _no_progress(monkeypatch):
    monkeypatch.setenv("MMCOURSE_PROGRESS", "off")


def tensors(make):
    """Dress floating-point arrays and numbers with what ``make`` makes of an array."""
    return lambda x: (
        make(np.asarray(x)) if isinstance(x, (np.ndarray, np.floating)) and np.asarray(x).dtype.kind in "biuf" else x
    )


def tensorflow(array):
    import tensorflow as tf

    return tf.convert_to_tensor(array)


def jax(array):
    import jax.numpy as jnp

    return jnp.asarray(array)


def torch(array):
    import torch

    return torch.as_tensor(array.copy())


def tuples(array):
    return tuple(map(tuples, array)) if array.ndim else array.item()


def single(x):
    return x.astype("float32") if isinstance(x, (np.ndarray, np.floating)) and x.dtype.kind == "f" else x


def double(x):
    return np.asarray(x, "float64") if isinstance(x, (np.ndarray, np.number)) else x


DRESSES = {
    "float32": single,
    "float64": double,
    "list": tensors(lambda array: array.tolist()),
    "tuple": tensors(tuples),
    "TensorFlow": tensors(tensorflow),
    "JAX": tensors(jax),
    "PyTorch": tensors(torch),  # comes with `make test-backends` only
}


LIBRARIES = {"TensorFlow": "tensorflow", "JAX": "jax.numpy", "PyTorch": "torch"}


def inside(dress, result):
    """Dress what stands inside of tuples, lists and dicts."""
    if isinstance(result, dict):
        return {key: inside(dress, value) for key, value in result.items()}
    if type(result) in (list, tuple):
        return type(result)(inside(dress, value) for value in result)
    return dress(result)


@pytest.mark.parametrize("dress", [*list(DRESSES)[:-1], pytest.param("PyTorch", marks=pytest.mark.backends)])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_right_in_any_dress(name, dress):
    if dress in LIBRARIES:  # imported before the clock of a check runs
        pytest.importorskip(LIBRARIES[dress])
    judge, solution = Judge(name), get(name).solution
    wanted = lambda *arguments: inside(DRESSES[dress], solution(*arguments))  # noqa: E731
    assert [seed for seed in SEEDS if not judge.accepts(wanted, seed)] == []


def odd(x):
    """The same numbers, read-only and not side by side in memory."""
    if isinstance(x, np.ndarray) and x.ndim and x.dtype != object:
        apart = np.empty((*x.shape[:-1], 2 * x.shape[-1]), x.dtype)[..., ::2]
        apart[...] = x
        apart.flags.writeable = False
        return apart
    if isinstance(x, dict):
        return {key: odd(value) for key, value in x.items()}
    return type(x)(map(odd, x)) if type(x) in (list, tuple) else x


@pytest.mark.parametrize("name", FUNCTIONS)
def test_arguments_may_be_read_only_and_apart(name):
    judge, solution = Judge(name), get(name).solution
    assert [seed for seed in SEEDS if not judge.accepts(lambda *a: solution(*map(odd, a)), seed)] == []


@pytest.mark.parametrize("name", VALUES)
def test_right_values_in_any_dress(name):
    right = get(name).solution
    for dress in (np.float32, np.float64, lambda x: np.array([x]), lambda x: [x] if isinstance(x, tuple) else x):
        if isinstance(right, (int, float)):
            assert check(name, dress(right)).status == "correct"
    assert check(name, right).status == "correct"
    if isinstance(right, (tuple, list)):
        assert check(name, list(right)).status == check(name, tuple(right)).status == "correct"


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_never_told(name):
    """What a wrong value is told holds neither the right one nor a number near it."""
    import re

    right, exercise = get(name).right, get(name)
    numbers = [float(one) for one in (right if isinstance(right, tuple) else (right,)) if isinstance(one, (int, float))]
    wrong = [0.123, -7.7, 31.4, 1e6, 0.777, *exercise.mistakes.values()]
    for value in wrong:
        if not isinstance(value, (int, float)) or not numbers or isinstance(right, tuple):
            continue
        message = check(name, value).message
        told = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", message.replace(",", ""))]
        near = [
            n for n in told for r in numbers if abs(n - r) <= exercise.within * abs(r) and n not in (value, 0, 1, 2)
        ]
        assert not near, (value, message)


ALONE = """
import sys, time
HEAVY = ("keras", "tensorflow", "jax", "torch", "scipy", "sklearn", "pandas", "matplotlib")
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in HEAVY:
            raise ImportError(name)
sys.meta_path.insert(0, Block())
import numpy
begun = time.perf_counter()
from mmcourse.exercises import check, get, names
for name in names():
    get(name)
print(round(time.perf_counter() - begun, 2))
print([name for name in names() if check(name, get(name).solution, seed=1).status != "correct"])
"""


def _alone():
    environment = {**os.environ, "MMCOURSE_PROGRESS": "off"}
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, timeout=300, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_numpy_alone_checks_every_solution():
    assert _alone().splitlines()[1] == "[]"


def main():
    """The seconds of loading all exercises, and the slowest checks."""
    os.environ["MMCOURSE_PROGRESS"] = "off"
    print(f"loading all exercises: {_alone().splitlines()[0]} s")
    slowest = []
    for name in names():
        for label, answer in {"solution": get(name).solution, **get(name).mistakes}.items():
            begun = time.perf_counter()
            check(name, answer, seed=5)
            slowest.append((time.perf_counter() - begun, name, label))
    for seconds, name, label in sorted(slowest, reverse=True)[:10]:
        print(f"{seconds:.2f} s  {name}  {label}")


if __name__ == "__main__":
    main()
