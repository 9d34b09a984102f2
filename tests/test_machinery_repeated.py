"""Repeated training is training: whatever was trained before, it begins anew."""

import numpy as np
import pytest

from mmcourse._machinery.repeated import Repeated, take
from mmcourse.backend import keras
from mmcourse.fusion import GatedFusion
from mmcourse.fusion.levels import FeatureLevel

RNG = np.random.default_rng(0)
X = {"text": RNG.standard_normal((20, 5)).astype("float32"), "audio": RNG.standard_normal((20, 3)).astype("float32")}
Y = (X["text"][:, 0] > 0).astype(int)


def make(seed):
    """With dropout, which draws anew at each step: its generator must begin anew, too."""
    encoders = {
        name: keras.Sequential([
            keras.layers.Dropout(0.3, seed=seed),
            keras.layers.Dense(4, kernel_initializer=keras.initializers.GlorotUniform(seed)),
        ])
        for name in X
    }  # fmt: skip
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
    """Whatever was trained before: weights, dropout, the optimizer's memory and its rate begin anew."""
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


def test_without_a_rate_it_is_the_optimizers_own_and_its_memory_need_not_begin_at_zero():
    one = Repeated(make, take(X, np.arange(2)), keras.optimizers.Adagrad(0.25, 0.5), batch_size=20)
    wanted = [np.asarray(variable) for variable in one.model.optimizer.variables]
    weights = []
    for rate in (0.1, None, None):
        one.start(5, rate)
        assert float(one.model.optimizer.learning_rate) == np.float32(rate or 0.25)
        one.fit(X, Y, np.random.default_rng(0))
        weights.append(np.concatenate([w.ravel() for w in one.model.get_weights()]))
    np.testing.assert_array_equal(weights[1], weights[2])
    assert np.abs(weights[0] - weights[1]).max() > 0.01
    one.start(5)
    for variable, value in zip(one.model.optimizer.variables, wanted, strict=True):
        np.testing.assert_array_equal(variable, value)


class Doubles(keras.Model):
    """Rebuilds what it reads, twice: a dict comes out, and its loss reads no labels, as that of a generator."""

    def __init__(self, seed):
        super().__init__()
        self.dense = keras.layers.Dense(5, kernel_initializer=keras.initializers.GlorotUniform(seed))

    def call(self, batch):
        return {"text": self.dense(batch["text"])}

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return keras.ops.mean(keras.ops.square(y_pred["text"] - x["text"]))


def test_a_model_that_reads_no_labels():
    generator = Repeated(Doubles, take(X, np.arange(2)), keras.optimizers.Adam(0.05), batch_size=10, steps=2)
    generator.start(0)
    before = float(np.abs(np.asarray(generator.model(X)["text"]) - X["text"]).mean())
    generator.fit(X, Y, np.random.default_rng(0), steps=60)
    after = float(np.abs(np.asarray(generator.model(X)["text"]) - X["text"]).mean())
    assert after < 0.5 * before, "whatever labels are given"
