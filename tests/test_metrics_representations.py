"""Measures of a cloud of vectors, against loops and known cases."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.metrics.representations import alignment, effective_rank, uniformity

sizes = st.tuples(st.integers(2, 7), st.integers(1, 5), st.integers(0, 999))


def clouds(n, d, seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(2, n, d)) * rng.uniform(0.1, 9, (2, n, 1))  # of any length


def unit(v):
    length = math.sqrt(sum(x * x for x in v))
    return [x / length for x in v]


def squared(v, w):
    return sum((x - y) ** 2 for x, y in zip(unit(v), unit(w), strict=True))


@settings(deadline=None)
@given(sizes)
def test_both_equal_loops(size):
    a, b = clouds(*size)
    assert alignment(a, b) == pytest.approx(sum(squared(v, w) for v, w in zip(a, b, strict=True)) / len(a))
    pairs = [math.exp(-2 * squared(v, w)) for v, w in itertools.permutations(a, 2)]
    assert uniformity(a) == pytest.approx(math.log(sum(pairs) / len(pairs)), abs=1e-9)


@settings(deadline=None)
@given(sizes)
def test_order_and_turns_change_nothing(size):
    a, b = clouds(*size)
    rng = np.random.default_rng(size[-1])
    order, turn = rng.permutation(len(a)), np.linalg.qr(rng.normal(size=(a.shape[1],) * 2))[0]
    for x, y in ((a[order], b[order]), (a @ turn, b @ turn), (5 * a, b / 3)):
        assert alignment(x, y) == pytest.approx(alignment(a, b))
        assert uniformity(x) == pytest.approx(uniformity(a), abs=1e-9)
        assert effective_rank(x) == pytest.approx(effective_rank(a))


def test_known_cases():
    x = np.eye(4)
    assert alignment(x, x) == 0 and alignment(x, -x) == pytest.approx(4)
    assert uniformity(x) == pytest.approx(-4)  # all at the squared distance 2
    assert uniformity(np.ones((5, 3))) == pytest.approx(0)
    assert effective_rank(x) == pytest.approx(4) and effective_rank(np.ones((5, 3))) == pytest.approx(1)
    assert effective_rank([[1, 0], [-1, 0]]) == pytest.approx(1), "a line has one direction"
    # singular values sqrt(3) and 1
    share = np.array([3**0.5, 1]) / (3**0.5 + 1)
    wanted = math.prod(p**-p for p in share)
    assert effective_rank([[1, 0], [2, 0], [3, 0], [0, 1]]) == pytest.approx(wanted)


@settings(deadline=None)
@given(sizes)
def test_rank_lies_between_one_and_the_smaller_side(size):
    a, _ = clouds(*size)
    assert 1 - 1e-9 <= effective_rank(a) <= min(a.shape) + 1e-9


def test_rounding_of_a_collapsed_cloud_is_no_direction():
    x = np.ones((200, 50), "float32") + np.random.default_rng(0).normal(size=(200, 50)).astype("float32") * 1e-6
    assert effective_rank(x) < 1.01 and uniformity(x) > -1e-3


def test_a_vector_of_zeros_is_no_error():
    assert np.isfinite([alignment([[0, 0]], [[1, 0]]), uniformity(np.zeros((3, 2)))]).all()
    assert effective_rank(np.zeros((3, 2))) == 0


def test_errors_name_what_came():
    with pytest.raises(ValueError, match=r"Received: \(2, 3\) and \(3, 3\)"):
        alignment(np.ones((2, 3)), np.ones((3, 3)))
    with pytest.raises(ValueError, match=r"Received: 1 vectors"):
        uniformity([[1, 2]])
    with pytest.raises(ValueError, match=r"Received: vectors of shape \(3,\)"):
        effective_rank([1, 2, 3])
