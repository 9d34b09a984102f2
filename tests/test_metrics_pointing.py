"""Pointing and mass: loops as oracle, and what must hold whatever the weights."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.metrics import attention_mass, centre_prior, pointing

# Whole numbers, so that ties are frequent and exact.
tables = st.tuples(st.integers(1, 5), st.integers(1, 7), st.integers(0, 999), st.integers(1, 6))


def drawn(size):
    n, m, seed, most = size
    rng = np.random.default_rng(seed)
    return rng.integers(0, most + 1, (n, m)), rng.random((n, m)) < 0.4


@settings(deadline=None)
@given(tables)
def test_loops_agree(size):
    weights, right = drawn(size)
    for k, (row, ok) in enumerate(zip(weights.tolist(), right.tolist(), strict=True)):
        best = [good for value, good in zip(row, ok, strict=True) if value == max(row)]
        assert pointing(weights, right)[k] == float(all(best))
        assert pointing(weights, right, "shared")[k] == pytest.approx(sum(best) / len(best))
        on = sum(value for value, good in zip(row, ok, strict=True) if good)
        assert attention_mass(weights, right)[k] == pytest.approx(on / sum(row) if sum(row) else 0)


@settings(deadline=None)
@given(tables, st.floats(1e-30, 1e30), st.integers(0, 99))
def test_scale_and_order_of_cells_change_nothing(size, scale, seed):
    weights, right = drawn(size)
    order = np.random.default_rng(seed).permutation(weights.shape[1])
    for score in (pointing, attention_mass):
        np.testing.assert_allclose(score(scale * weights, right), score(weights, right), rtol=1e-9)
        np.testing.assert_allclose(score(weights[:, order], right[:, order]), score(weights, right), rtol=1e-9)


def test_equal_weights_get_nothing_or_chance():
    _, right = drawn((200, 9, 0, 1))
    alike = np.full(right.shape, 1 / 9)
    alike += np.random.default_rng(0).uniform(-1e-9, 1e-9, right.shape)  # rounding does not break a tie
    assert pointing(alike, right).mean() == right.all(1).mean() == 0
    np.testing.assert_allclose(pointing(alike, right, "shared"), right.mean(1))
    np.testing.assert_allclose(attention_mass(alike, right), right.mean(1), rtol=1e-6)


def test_the_given_alignment_is_the_ceiling():
    _, right = drawn((50, 9, 1, 1))
    right[:, 0] = True
    np.testing.assert_array_equal(pointing(right, right), 1)
    np.testing.assert_allclose(attention_mass(right, right), 1)


def test_the_centre_is_the_middle():
    for rows, columns in ((8, 8), (5, 3), (1, 1)):
        prior = centre_prior(rows, columns, 0.2)
        assert prior.sum() == pytest.approx(1)
        np.testing.assert_allclose(prior, prior[::-1, ::-1])
        assert (prior <= prior[rows // 2, columns // 2] + 1e-12).all()
    middle = np.zeros((8, 8), bool)
    middle[3:5, 3:5] = True
    prior = centre_prior(8, 8).reshape(1, 64)
    assert pointing(prior, middle.reshape(1, 64)) == 1
    middle[3, 3] = False
    assert pointing(prior, middle.reshape(1, 64)) == 0
    assert pointing(prior, middle.reshape(1, 64), "shared") == pytest.approx(0.75)
    ratio = centre_prior(4, 4, 0.25)[0, 0] / centre_prior(4, 4, 0.25)[1, 1]
    assert ratio == pytest.approx(np.exp(-0.5 * 2 * ((0.375 / 0.25) ** 2 - (0.125 / 0.25) ** 2)))


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: pointing(np.ones((2, 3)), np.ones((2, 4), bool)), r"\(2, 3\), right of shape \(2, 4\)"),
        (lambda: pointing(np.ones(3), np.ones(3, bool)), r"Allowed: both \(n, m\)"),
        (lambda: pointing(np.ones((2, 0)), np.ones((2, 0), bool)), "m >= 1"),
        (lambda: attention_mass(np.ones((1, 2)), np.ones((1, 2))), "dtype float64"),
        (lambda: pointing(np.array([[1, np.nan]]), np.ones((1, 2), bool)), "finite"),
        (lambda: pointing(np.array([[1, -1]]), np.ones((1, 2), bool)), "not negative"),
        (lambda: pointing(np.ones((1, 2)), np.ones((1, 2), bool), "best"), "ties='best'"),
        (lambda: centre_prior(0, 2), "rows=0"),
        (lambda: centre_prior(2, 2, 0), "width=0"),
    ],
)
def test_errors_name_what_came(call, message):
    with pytest.raises(ValueError, match=message):
        call()
