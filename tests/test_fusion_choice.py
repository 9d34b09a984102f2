"""Repeated training is training; paired differences and the number of seeds against formulas and simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmcourse.backend import keras
from mmcourse.fusion import GatedFusion
from mmcourse.fusion.levels import FeatureLevel
from mmcourse.fusion_choice import Repeated, interval, paired_difference, seeds_needed, take

RNG = np.random.default_rng(0)
X = {"text": RNG.standard_normal((20, 5)).astype("float32"), "audio": RNG.standard_normal((20, 3)).astype("float32")}
Y = (X["text"][:, 0] > 0).astype(int)


def make(seed):
    encoders = {name: keras.layers.Dense(4, kernel_initializer=keras.initializers.GlorotUniform(seed)) for name in X}
    return FeatureLevel(encoders, GatedFusion(4, seed=seed), 2, seed=seed)


@pytest.fixture(scope="module")
def repeated():
    return Repeated(make, take(X, np.arange(2)), keras.optimizers.Adam(0.5), batch_size=10, steps=2)


def by_hand(seed, rate, steps):
    """Plain Keras on the same rows, step by step."""
    model = make(seed)
    model.compile(keras.optimizers.Adam(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    rng = np.random.default_rng(7)
    rows = np.concatenate([rng.permutation(20) for _ in range(steps)])
    for start in range(0, 10 * steps, 10):
        part = rows[start : start + 10]
        model.train_on_batch(take(X, part), Y[part])
    return model


@pytest.mark.parametrize(("seed", "rate", "steps"), [(3, 0.1, 2), (4, 0.02, 6)])
def test_a_repeated_training_is_the_first_one(repeated, seed, rate, steps):
    """Whatever was trained before: weights, the optimizer's memory and its rate begin anew."""
    repeated.start(9, 0.3)
    repeated.fit(X, Y, np.random.default_rng(1))
    repeated.start(seed, rate)
    repeated.fit(X, Y, np.random.default_rng(7), steps)
    expected = by_hand(seed, rate, steps)
    for found, wanted in zip(repeated.model.get_weights(), expected.get_weights(), strict=True):
        np.testing.assert_allclose(found, wanted, atol=2e-5)


def test_other_seeds_are_other_networks_and_every_weight_moves(repeated):
    first = {}
    for seed in (1, 2):
        repeated.start(seed, 0.1)
        first[seed] = repeated.model.get_weights()
    assert any(np.abs(a - b).max() > 0.01 for a, b in zip(first[1], first[2], strict=True))
    repeated.fit(X, Y, np.random.default_rng(0))
    moved = [np.abs(a - b).max() for a, b in zip(repeated.model.get_weights(), first[2], strict=True)]
    assert min(moved) > 0


def test_accuracy_is_the_share_of_right_answers(repeated):
    repeated.start(1, 0.1)
    said = np.asarray(repeated.model(X)).argmax(1)
    assert repeated.accuracy(X, said) == 1 and repeated.accuracy(X, 1 - said) == 0
    assert repeated.accuracy(X, np.where(np.arange(20) < 5, said, 1 - said)) == 0.25


def test_rows_of_a_batch_with_its_masks():
    batch = X | {"present": {"text": np.arange(20) % 2 == 0}}
    part = take(batch, np.array([3, 4]))
    np.testing.assert_array_equal(part["audio"], X["audio"][3:5])
    np.testing.assert_array_equal(part["present"]["text"], [False, True])


# Differences


def test_the_interval_equals_students_table():
    """Student's t for 4 degrees of freedom and 95 % is 2.776 in every table."""
    values = np.array([0.01, 0.03, 0.02, 0.05, 0.04])
    mean, low, high = interval(values)
    half = 2.776 * math.sqrt(sum((v - 0.03) ** 2 for v in values) / 4) / math.sqrt(5)
    assert mean == pytest.approx(0.03)
    assert (low, high) == pytest.approx((0.03 - half, 0.03 + half), abs=1e-5)


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=9), st.floats(-5, 5))
def test_what_both_share_does_not_count(values, luck):
    first, second = np.array(values), np.linspace(0, 1, len(values))
    wanted = paired_difference(first, second)
    assert paired_difference(first + luck, second + luck) == pytest.approx(wanted, abs=1e-6)
    mean, low, high = paired_difference(second, first)
    assert (-mean, -high, -low) == pytest.approx(wanted, abs=1e-9)


def test_the_interval_covers_as_often_as_it_says():
    rng = np.random.default_rng(0)
    covered = [low <= 0 <= high for _, low, high in (interval(rng.normal(size=5)) for _ in range(2000))]
    assert abs(np.mean(covered) - 0.95) < 0.015


@pytest.mark.parametrize(("first", "second"), [([1.0], [1.0]), ([1, 2], [1, 2, 3]), ([[1, 2]], [[1, 2]])])
def test_scores_that_are_not_paired_are_refused(first, second):
    with pytest.raises(ValueError, match="Received: scores"):
        paired_difference(first, second)


@given(st.floats(0.2, 4))
def test_one_seed_fewer_is_too_few(ratio):
    n = seeds_needed(ratio, 1)
    shape = np.sin(np.arange(n) * 1.7)

    def half(count):
        values = shape[:count] - shape[:count].mean()
        values *= ratio / values.std(ddof=1)
        _, low, high = interval(values)
        return (high - low) / 2

    assert half(n) <= 1 + 1e-9
    assert n == 2 or half(n - 1) > 1 - 1e-9


def test_no_difference_needs_no_seeds():
    with pytest.raises(ValueError, match="difference=0"):
        seeds_needed(0.1, 0)
