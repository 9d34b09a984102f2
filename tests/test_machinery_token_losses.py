"""The cross-entropy of tokens against NumPy, item by item."""

import numpy as np
import pytest

from mmcourse._machinery.token_losses import mean_where, token_cross_entropy
from mmcourse.backend import keras

RNG = np.random.default_rng(0)
B, L, V = 3, 5, 7
LOGITS = (4 * RNG.standard_normal((B, L, V))).astype("float32")
TARGETS = np.array([[3, 1, 6, 2, 0], [5, 0, 4, 0, 0], [0, 0, 0, 0, 0]], "int32")


def by_hand(real, smoothing):
    wanted = np.zeros((B, L))
    for i in range(B):
        for t in range(L):
            x = LOGITS[i, t].astype("float64")
            p = np.exp(x - x.max()) / np.exp(x - x.max()).sum()
            target = (1 - smoothing) * np.eye(V)[TARGETS[i, t]] + smoothing / V
            wanted[i, t] = -(target * np.log(p)).sum() * real[i, t]
    return wanted


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
def test_each_token_costs_what_the_formula_says(smoothing):
    other = RNG.random((B, L)) < 0.5
    for real, given in ((TARGETS != 0, None), (other, other), (other, other.astype("float32"))):
        found = token_cross_entropy(TARGETS, LOGITS, given, smoothing)
        assert keras.backend.standardize_dtype(found.dtype) == "float32"
        np.testing.assert_allclose(found, by_hand(real, smoothing), rtol=1e-5, atol=1e-5)


def test_what_is_not_asked_for_costs_nothing_whatever_stands_there():
    odd = LOGITS.copy()
    odd[0, 4], odd[2] = np.nan, np.inf
    np.testing.assert_array_equal(token_cross_entropy(TARGETS, odd), token_cross_entropy(TARGETS, LOGITS))
    assert not np.asarray(token_cross_entropy(TARGETS[2:], odd[2:])).any()


def test_targets_and_logits_of_any_kind():
    wanted = np.asarray(token_cross_entropy(TARGETS, LOGITS))
    np.testing.assert_array_equal(token_cross_entropy(TARGETS.astype("int64"), LOGITS), wanted)
    half = token_cross_entropy(TARGETS, LOGITS.astype("float16"))
    np.testing.assert_allclose(half, wanted, atol=0.02)
    sure = np.array([[[1e4, -1e4], [1e4, -1e4]]], "float32")
    np.testing.assert_allclose(token_cross_entropy([[0, 1]], sure, [[True, True]]), [[0, 2e4]])


def test_a_mean_of_what_is_asked_for():
    values = np.array([[1.0, 2.0], [4.0, 8.0]], "float32")
    asked = np.array([[True, False], [False, True]])
    assert float(mean_where(values, asked)) == 4.5
    assert float(mean_where(np.where(asked, values, np.nan), asked)) == 4.5
    assert float(mean_where(values, np.zeros((2, 2), bool))) == 0
