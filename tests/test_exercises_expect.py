"""What a check may expect of an answer, and arrays of every kind that count as one."""

import numpy as np
import pytest
from oracles import oracle

from mmcourse.exercises import check, expect
from mmcourse.exercises.sandbox import Wrong

pytest_plugins = ["sample_exercise"]
pytestmark = pytest.mark.usefixtures("store")


class Tensor:
    """Like a PyTorch tensor with a gradient: NumPy may not read it before `detach`."""

    def __init__(self, array, free=False):
        self.inside, self.free = array, free

    def detach(self):
        return Tensor(self.inside, free=True)

    def cpu(self):
        return self

    def __array__(self, dtype=None, copy=None):
        if not self.free:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        return np.asarray(self.inside, dtype)


def test_whatever_numpy_can_read(halve):
    for convert in (Tensor, lambda a: a.astype("float32"), lambda a: a.tolist(), np.ma.asarray):
        assert check("sample.halve", lambda x, factor: convert(x / 2)).status == "correct"  # noqa: B023


@pytest.mark.backends
def test_tensors_of_jax(halve):
    jnp = oracle("jax.numpy")
    assert check("sample.halve", lambda x, factor: jnp.asarray(x / 2)).status == "correct"
    assert check("sample.halve", lambda x, factor: jnp.asarray(x, "bfloat16")).status == "incorrect"


@pytest.mark.backends
def test_tensors_of_keras(halve):
    from mmcourse.backend import keras

    def with_keras(x, factor):
        return keras.ops.convert_to_tensor(x, "float32") / 2

    assert check("sample.halve", with_keras).status == "correct"
    assert check("sample.halve", lambda x, factor: keras.Variable(x / 2)).status == "correct"
    symbolic = check("sample.halve", lambda x, factor: keras.Input((3,)))
    assert symbolic.status == "incorrect" and "cannot read" in symbolic.message


@pytest.mark.parametrize(
    "call",
    [
        lambda: expect.array([1.5], kind="integer"),
        lambda: expect.array([1, 2], shape=(None, 2)),
        lambda: expect.number("3"),
        lambda: expect.number(True),
        lambda: expect.number([1, 2]),
        lambda: expect.number(10**400),
        lambda: expect.choice("c", ("a", "b")),
        lambda: expect.choice(3, ("a", "b")),
        lambda: expect.parts((1, 2), ("a", "b", "c")),
        lambda: expect.parts(None, ("a", "b")),
        lambda: expect.parts(np.ones(3), ("a", "b")),
        lambda: expect.parts(np.float64(2), ("a", "b")),
        lambda: expect.close([1.0, 2.0], np.array([1.0, 2.1]), "No."),
        lambda: expect.close([1.0, 2.0], np.array([[1.0, 2.0]]), "No."),
        lambda: expect.close(np.nan, np.nan, "No."),
        lambda: expect.close([], 1.0, "No."),
        lambda: expect.number(np.nan),
        lambda: expect.number(np.ma.masked),
        lambda: expect.array(np.ma.masked_all(3)),
        lambda: expect.array([range(10**12), 1.0]),
        lambda: expect.mask([True, 2]),
        lambda: expect.mask([0, np.nan]),
        lambda: expect.within([0, 5], 0, 4, "places"),
        lambda: expect.within([np.nan], 0, 4, "places"),
        lambda: expect.differs([1.0], [1.0], "No."),
        lambda: expect.equal([1, 2], np.array([1, 3]), "No."),
        lambda: expect.equal("a", "b", "No."),
        lambda: expect.equal((1,), [1], "No."),
        lambda: expect.true(False, "No."),
        lambda: expect.pure(lambda x: x.sort(), np.array([2, 1])),
        lambda: expect.pure(lambda x: x.append(1), [[1]]),
    ],
)
def test_expectations_that_fail(call):
    with pytest.raises(Wrong):
        call()


def test_expectations_that_hold():
    assert expect.array([[1, 2]], shape=(None, 2), kind="integer").shape == (1, 2)
    assert expect.number(np.float32(2)) == expect.number(np.array([[2]])) == expect.number(2) == 2.0
    assert expect.choice(" B ", ("a", "b")) == "b"
    expect.close([1.0, 1.0], 1, "No.")
    expect.close(np.zeros((0, 3)), np.zeros((0, 3)), "No.")
    assert np.isnan(expect.number(np.nan, finite=False))
    assert expect.mask([1, 0]).tolist() == [True, False]
    assert expect.shape([[1, 2]]) == (1, 2) and expect.shape([[1], [2, 3]]) is None
    assert expect.array([1j], kind="complex").dtype.kind == "c"
    expect.within([], 0, 4, "places")
    expect.differs([1.0], [2.0], "No.")
    expect.equal(np.array([1, 2]), np.array([1, 2]), "No.")
    assert expect.pure(lambda x: x + 1, 1) == 2
    with pytest.raises(ValueError, match="Received: kind='text'"):
        expect.array(1, kind="text")


def test_an_array_of_as_many_numbers_stands_for_a_tuple_of_them():
    assert expect.parts(np.array([0.5, 2.0]), ("a", "b")) == (0.5, 2.0)
