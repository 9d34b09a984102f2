"""Hard attention: keys are drawn by their weights, and REINFORCE estimates the gradient of what is expected."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmcourse.attention import attention_entropy, gumbel_key, policy_loss, sample_key
from mmcourse.backend import keras

ops = keras.ops


def test_keys_are_drawn_by_their_weights():
    weights = np.array([[0.5, 0.2, 0.3, 0.0]], "float32").repeat(4000, 0)
    chosen, log = sample_key(weights, seed=keras.random.SeedGenerator(0))
    chosen, log = np.asarray(chosen), np.asarray(log)
    assert set(chosen.sum(-1)) == {1.0} and set(np.unique(chosen)) == {0.0, 1.0}
    share, deviation = chosen.mean(0), np.sqrt(weights[0] * (1 - weights[0]) / 4000)
    assert (np.abs(share - weights[0]) <= 4.5 * deviation).all() and share[3] == 0
    np.testing.assert_allclose(log, np.log((chosen * weights).sum(-1)), rtol=1e-5)


def test_the_mean_over_draws_is_what_soft_attention_returns():
    rng = np.random.default_rng(0)
    weights, values = rng.dirichlet(np.ones(6)).astype("float32"), rng.standard_normal((6, 3)).astype("float32")
    chosen, _ = sample_key(np.tile(weights, (6000, 1)), seed=1)
    drawn = np.asarray(chosen) @ values
    error = drawn.std(0) / np.sqrt(len(drawn))
    assert (np.abs(drawn.mean(0) - weights @ values) <= 4.5 * error).all()


@given(st.lists(st.integers(1, 4), min_size=0, max_size=3), st.integers(1, 6), st.integers(0, 99))
def test_one_key_for_each_query_whatever_the_axes(leading, m, seed):
    rng = np.random.default_rng(seed)
    weights = (rng.random((*leading, m)) * (rng.random((*leading, m)) < 0.6) + np.eye(m)[seed % m]).astype("float32")
    weights /= weights.sum(-1, keepdims=True)
    chosen, log = (np.asarray(x) for x in sample_key(weights, seed=seed))
    assert chosen.shape == weights.shape and log.shape == tuple(leading)
    assert (chosen.sum(-1) == 1).all() and not (chosen * (weights == 0)).any()
    np.testing.assert_array_equal(chosen, sample_key(weights, seed=seed)[0])


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_weights_of_zero_are_finite_in_every_type(dtype):
    weights = ops.cast(np.array([[1.0, 0.0], [0.0, 0.0]]), dtype)
    chosen, log = sample_key(weights, seed=0)
    assert keras.backend.standardize_dtype(chosen.dtype) == dtype
    assert keras.backend.standardize_dtype(log.dtype) == "float32"
    log = np.asarray(log)
    assert np.isfinite(log).all() and log[0] == 0 and log[1] < -50


def gradient(logits, rewards, baseline):
    """The estimate from one draw of each key, weighed by how likely it is: exact, no sampling."""
    import tensorflow as tf

    chances, found = tf.nn.softmax(logits).numpy(), np.zeros(len(rewards))
    for k in range(len(rewards)):
        with tf.GradientTape() as tape:
            loss = policy_loss(tf.nn.log_softmax(logits)[k : k + 1], rewards[k : k + 1], baseline)
        found += chances[k] * tape.gradient(loss, logits).numpy()
    return found


def test_reinforce_estimates_the_gradient_of_the_expectation():
    """The mean over all draws, each as often as it is likely, is the exact gradient, with and without a baseline."""
    import tensorflow as tf

    logits, rewards = tf.Variable([0.3, -0.2, 0.9]), np.array([1.0, 0.0, -2.0], "float32")
    with tf.GradientTape() as tape:
        expected_loss = -tf.reduce_sum(tf.nn.softmax(logits) * rewards)
    exact = tape.gradient(expected_loss, logits).numpy()
    for baseline in (0.0, 0.7):
        np.testing.assert_allclose(gradient(logits, rewards, baseline), exact, atol=1e-6)


def test_neither_reward_nor_draw_passes_a_gradient():
    import tensorflow as tf

    reward, weights = tf.Variable([1.0, 2.0]), tf.Variable([[0.5, 0.5], [0.1, 0.9]])
    with tf.GradientTape(persistent=True) as tape:
        chosen, log = sample_key(weights, seed=0)
        loss = policy_loss(log, reward)
        seen = tf.reduce_sum(chosen * [[3.0, 4.0]])
    assert tape.gradient(loss, reward) is None
    assert tape.gradient(seen, weights) is None
    expected = -np.asarray(reward)[:, None] / 2 * np.asarray(chosen) / np.asarray(weights)
    np.testing.assert_allclose(tape.gradient(loss, weights), expected, rtol=1e-5)


def test_errors_name_what_came():
    log = np.zeros(3, "float32")
    with pytest.raises(ValueError, match=r"Received: reward of shape \(3, 1\)"):
        policy_loss(log, np.zeros((3, 1), "float32"))
    with pytest.raises(ValueError, match=r"Received: baseline of shape \(1,\)"):
        policy_loss(log, log, np.zeros(1, "float32"))


# The straight-through Gumbel draw, and entropy


def test_gumbel_draws_are_one_hot_and_follow_the_weights():
    weights = np.array([[0.5, 0.2, 0.3, 0.0]], "float32").repeat(4000, 0)
    for temperature in (0.1, 1.0, 5.0):  # it changes the gradient, not what is drawn
        chosen = np.asarray(gumbel_key(weights, keras.random.SeedGenerator(0), temperature))
        assert set(np.unique(chosen)) == {0.0, 1.0} and (chosen.sum(-1) == 1).all()
        share, deviation = chosen.mean(0), np.sqrt(weights[0] * (1 - weights[0]) / 4000)
        assert (np.abs(share - weights[0]) <= 4.5 * deviation).all() and share[3] == 0


def test_its_gradient_is_that_of_the_smooth_draw():
    """An independent way: the softmax's Jacobian in NumPy, at the noise that the draw was made with."""
    import tensorflow as tf

    weights, values = tf.Variable([[0.5, 0.2, 0.3], [0.1, 0.8, 0.1]]), np.array([3.0, -1.0, 4.0])
    uniform = np.asarray(keras.random.uniform((2, 3), seed=7), "float64")
    noisy = np.log(weights.numpy().astype("float64")) - np.log(-np.log(uniform))
    for temperature in (0.5, 2.0):
        with tf.GradientTape() as tape:
            chosen = gumbel_key(weights, 7, temperature)
            seen = tf.reduce_sum(chosen * values.astype("float32"))
        np.testing.assert_array_equal(chosen, np.eye(3)[noisy.argmax(1)])
        scaled = np.exp(noisy / temperature)
        smooth = scaled / scaled.sum(1, keepdims=True)
        slope = smooth * (values - (smooth * values).sum(1, keepdims=True)) / temperature  # in log-weight + noise
        np.testing.assert_allclose(tape.gradient(seen, weights), slope / weights.numpy(), rtol=1e-3)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_gumbel_and_entropy_keep_types_and_are_finite_at_zero(dtype):
    import tensorflow as tf

    weights = tf.Variable(ops.cast(np.array([[1.0, 0.0], [0.0, 0.0]]), dtype))
    with tf.GradientTape(persistent=True) as tape:
        chosen, entropy = gumbel_key(weights, 0), attention_entropy(weights)
        seen, whole = tf.reduce_sum(chosen * ops.cast([1.0, 2.0], dtype)), tf.reduce_sum(entropy)
    assert keras.backend.standardize_dtype(chosen.dtype) == dtype
    assert keras.backend.standardize_dtype(entropy.dtype) == "float32"
    np.testing.assert_array_equal(ops.cast(chosen, "float32")[0], [1, 0])
    np.testing.assert_array_equal(entropy, [0, 0])
    for value in (seen, whole):
        assert np.isfinite(ops.cast(tape.gradient(value, weights), "float32")).all()


def test_entropy_is_the_definition_and_its_gradient_too():
    import tensorflow as tf

    rng = np.random.default_rng(0)
    table = rng.dirichlet(np.ones(5), (2, 3)).astype("float32")
    expected = [[-sum(float(w) * np.log2(float(w)) for w in row) * np.log(2) for row in rows] for rows in table]
    np.testing.assert_allclose(attention_entropy(table), expected, rtol=1e-5)
    np.testing.assert_allclose(attention_entropy(np.full((1, 8), 0.125, "float32")), [np.log(8)], rtol=1e-6)
    assert float(attention_entropy(np.eye(3, dtype="float32")[0])) == 0
    logits = tf.Variable(table[0, 0])
    with tf.GradientTape() as tape:
        value = attention_entropy(tf.nn.softmax(logits))
    step, found = 1e-3, []
    for k in range(5):  # by differences
        off = np.eye(5)[k] * step
        ends = [np.exp(table[0, 0] + sign * off) for sign in (1, -1)]
        ends = [x / x.sum() for x in ends]
        found.append((-(ends[0] * np.log(ends[0])).sum() + (ends[1] * np.log(ends[1])).sum()) / (2 * step))
    np.testing.assert_allclose(tape.gradient(value, logits), found, atol=1e-3)


def test_gumbel_errors_name_what_came():
    with pytest.raises(ValueError, match=r"temperature=0\.0. Allowed: above 0"):
        gumbel_key(np.ones((1, 2), "float32") / 2, 0, 0.0)
    with pytest.raises(ValueError, match="weights with -1"):
        attention_entropy(np.array([-1.0, 2.0], "float32"))
