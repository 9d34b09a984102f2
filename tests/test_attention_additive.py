"""AdditiveAttention: the ladder of pitfalls (oracle, invariance, weights move, saving, precision); backends in
test_attention_dot and test_captioning."""

import numpy as np
import pytest

from mmcourse.attention import AdditiveAttention
from mmcourse.backend import keras

ops = keras.ops
RNG = np.random.default_rng(0)
B, N, M, D, E, C, U = 3, 2, 5, 4, 7, 6, 8
QUERY, KEY, VALUE = (RNG.standard_normal(shape).astype("float32") for shape in ((B, N, D), (B, M, E), (B, M, C)))


def numpy_attention(layer, query, key, value, mask=None):
    """Bahdanau's formula in loops over single numbers' vectors, in float64."""
    w1 = np.asarray(layer.query_projection.kernel, "float64")
    w2, b = (np.asarray(w, "float64") for w in (layer.key_projection.kernel, layer.key_projection.bias))
    v = np.asarray(layer.score.kernel, "float64")[:, 0]
    output = np.zeros((len(query), query.shape[1], value.shape[2]))
    weights = np.zeros((len(query), query.shape[1], key.shape[1]))
    for s in range(len(query)):
        for i in range(query.shape[1]):
            keep = [j for j in range(key.shape[1]) if mask is None or mask[s, j]]
            score = {j: np.exp(v @ np.tanh(query[s, i] @ w1 + key[s, j] @ w2 + b)) for j in keep}
            for j in keep:
                weights[s, i, j] = score[j] / sum(score.values())
                output[s, i] += weights[s, i, j] * value[s, j]
    return output, weights


@pytest.fixture
def layer():
    keras.utils.set_random_seed(1)
    layer = AdditiveAttention(U)
    layer(QUERY, KEY, VALUE)
    layer.key_projection.bias.assign(np.linspace(-1, 1, U))
    return layer


@pytest.mark.parametrize("masked", [False, True])
def test_equals_the_formula(layer, masked):
    mask = RNG.random((B, M)) < 0.6 if masked else None
    if masked:
        mask[:, 0] = True
    output, weights = layer(QUERY, KEY, VALUE, mask=mask, return_weights=True)
    expected = numpy_attention(layer, QUERY, KEY, VALUE, mask)
    np.testing.assert_allclose(output, expected[0], atol=1e-5)
    np.testing.assert_allclose(weights, expected[1], atol=1e-5)
    np.testing.assert_allclose(np.sum(weights, -1), 1, atol=1e-6)


def test_has_both_projections_and_counts_its_weights(layer):
    assert [tuple(w.shape) for w in layer.weights] == [(D, U), (E, U), (U,), (U, 1)]
    fresh = AdditiveAttention(1)
    fresh.build(QUERY.shape, KEY.shape)  # all its weights are there before it is called
    assert [tuple(w.shape) for w in fresh.weights] == [(D, 1), (E, 1), (1,), (1, 1)]


def test_values_default_to_the_keys(layer):
    np.testing.assert_allclose(layer(QUERY, KEY), layer(QUERY, KEY, KEY), atol=0)


def test_keys_projected_once_are_the_same_computation(layer):
    output, weights = layer.attend(QUERY, layer.project_keys(KEY), VALUE)
    expected = layer(QUERY, KEY, VALUE, return_weights=True)
    np.testing.assert_allclose(output, expected[0], atol=0)
    np.testing.assert_allclose(weights, expected[1], atol=0)


def test_samples_do_not_attend_to_each_other(layer):
    together = np.asarray(layer(QUERY, KEY, VALUE))
    for s in range(B):
        alone = np.asarray(layer(QUERY[s : s + 1], KEY[s : s + 1], VALUE[s : s + 1]))[0]
        np.testing.assert_allclose(alone, together[s], atol=1e-6)


def test_order_of_the_keys_does_not_matter(layer):
    order = RNG.permutation(M)
    np.testing.assert_allclose(layer(QUERY, KEY[:, order], VALUE[:, order]), layer(QUERY, KEY, VALUE), atol=1e-6)


def test_masked_keys_change_nothing_whatever_they_hold(layer):
    longer = [np.concatenate([x, np.full((B, 3, x.shape[2]), 1e4, "float32")], 1) for x in (KEY, VALUE)]
    mask = np.arange(M + 3)[None] < np.full((B, 1), M)
    expected = layer(QUERY, KEY, VALUE)
    np.testing.assert_allclose(layer(QUERY, *longer, mask=mask), expected, atol=1e-6)
    each = np.repeat(mask[:, None], N, axis=1)  # (batch, n, m): a mask for each query
    np.testing.assert_allclose(layer(QUERY, *longer, mask=each), expected, atol=1e-6)


def test_a_query_without_any_key_gets_zeros_not_nan(layer):
    mask = np.ones((B, M), bool)
    mask[1] = False
    output, weights = layer(QUERY, KEY, VALUE, mask=mask, return_weights=True)
    assert np.isfinite(output).all() and not np.any(output[1]) and not np.any(weights[1])
    np.testing.assert_allclose(output[0], layer(QUERY, KEY, VALUE)[0], atol=1e-6)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision_is_finite_and_close(layer, policy):
    half = AdditiveAttention(U, dtype=policy)
    half.build(QUERY.shape, KEY.shape)
    half.set_weights(layer.get_weights())
    mask = np.arange(M)[None] < np.array([[M], [2], [0]])
    output, weights = half(QUERY, KEY, VALUE, mask=mask, return_weights=True)
    assert keras.backend.standardize_dtype(output.dtype) == policy.removeprefix("mixed_")
    assert keras.backend.standardize_dtype(weights.dtype) == "float32"
    np.testing.assert_allclose(ops.cast(output, "float32"), layer(QUERY, KEY, VALUE, mask=mask), atol=0.05)


def test_every_weight_moves(layer):
    inputs = [keras.Input((N, D)), keras.Input((M, E)), keras.Input((M, C))]
    model = keras.Model(inputs, layer(*inputs))
    model.compile("sgd", "mse")
    before = [w.copy() for w in model.get_weights()]
    model.fit([QUERY, KEY, VALUE], np.ones((B, N, C)), verbose=0)
    for old, new, weight in zip(before, model.get_weights(), model.weights, strict=True):
        assert np.abs(new - old).max() > 0, weight.path


def test_saves_and_loads(layer, tmp_path):
    inputs = [keras.Input((N, D)), keras.Input((M, E))]
    model = keras.Model(inputs, layer(*inputs))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded([QUERY, KEY]), model([QUERY, KEY]), atol=1e-6)
    assert AdditiveAttention.from_config(layer.get_config()).units == U


def test_errors_name_what_came():
    for units in (0, 2.0, "three"):
        with pytest.raises(ValueError, match=rf"Received: units={units!r}\. Allowed: a whole number from 1"):
            AdditiveAttention(units)
    with pytest.raises(ValueError, match=r"Received: key.shape=\(3, 5\)"):
        AdditiveAttention(U)(QUERY, np.ones((3, 5), "float32"))
