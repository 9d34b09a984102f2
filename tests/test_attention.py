"""The masked softmax, scaled dot products and AdditiveAttention: the ladder of pitfalls (oracle, invariance, weights
move, saving, precision); backends in test_captioning and test_fusion_ladder."""

import numpy as np
import pytest

from mmcourse.attention import AdditiveAttention, masked_softmax, scaled_dot_product_attention
from mmcourse.quiet import keras

ops = keras.ops
RNG = np.random.default_rng(0)
B, N, M, D, E, C, U = 3, 2, 5, 4, 7, 6, 8
QUERY, KEY, VALUE = (
    RNG.standard_normal(shape).astype("float32") for shape in ((B, N, D), (B, M, E), (B, M, C))
)


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


# ── the masked softmax ──────────────────────────────────────────────────────────────────────────────

SCORES = RNG.normal(0, 3, (B, N, M)).astype("float32")


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_masked_softmax_is_the_softmax_of_what_is_kept(axis):
    mask = RNG.random((B, N, M)) < 0.6
    weights = np.asarray(masked_softmax(SCORES, mask, axis=axis))
    for one, keep, got in zip(*(np.moveaxis(x, axis, -1).reshape(-1, x.shape[axis]) for x in (SCORES, mask, weights)),
                              strict=True):  # fmt: skip
        wanted = np.zeros(len(one))
        if keep.any():
            e = np.exp(one[keep].astype("float64"))
            wanted[keep] = e / e.sum()
        np.testing.assert_allclose(got, wanted, atol=1e-6)
    everything = masked_softmax(SCORES, np.ones_like(mask), axis=axis)
    np.testing.assert_allclose(masked_softmax(SCORES, axis=axis), everything, atol=1e-6)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_masked_softmax_is_finite_at_the_ends_of_the_range(dtype):
    scores = ops.convert_to_tensor([[60000.0, -60000.0, 60000.0], [-60000.0] * 3, [1.0, 2.0, 3.0]], dtype)
    mask = np.array([[True, True, False], [True, True, True], [False] * 3])
    weights = masked_softmax(scores, mask)
    assert keras.backend.standardize_dtype(weights.dtype) == "float32"
    np.testing.assert_allclose(weights, [[1, 0, 0], [1 / 3] * 3, [0, 0, 0]], atol=1e-6)


def test_masked_softmax_hides_what_is_not_a_number():
    scores = SCORES.copy()
    scores[:, :, 0] = np.nan
    mask = np.arange(M) > 0
    np.testing.assert_allclose(
        np.asarray(masked_softmax(scores, mask))[..., 1:], masked_softmax(SCORES[..., 1:]), atol=1e-6
    )


def test_masked_softmax_of_one_is_one_and_warns_of_nothing(recwarn):
    np.testing.assert_allclose(masked_softmax(SCORES[..., :1]), np.ones((B, N, 1)))
    np.testing.assert_allclose(masked_softmax(SCORES[..., :1], np.zeros((B, N, 1), bool)), np.zeros((B, N, 1)))
    assert not [w for w in recwarn if "softmax" in str(w.message)]


# ── scaled dot products ─────────────────────────────────────────────────────────────────────────────

Q, K = (RNG.standard_normal((B, n, D)).astype("float32") for n in (N, M))
V = VALUE


def numpy_dot_products(q, k, v, mask=None):
    output, weights = np.zeros((B, N, C)), np.zeros((B, N, M))
    for s in range(B):
        for i in range(N):
            keep = [j for j in range(M) if mask is None or (mask[s, i, j] if mask.ndim == 3 else mask[s, j])]
            e = {j: np.exp(np.dot(q[s, i].astype("float64"), k[s, j]) / np.sqrt(D)) for j in keep}
            for j in keep:
                weights[s, i, j] = e[j] / sum(e.values())
                output[s, i] += weights[s, i, j] * v[s, j]
    return output, weights


@pytest.mark.parametrize("shape", [None, (B, M), (B, N, M)])
def test_dot_products_equal_the_formula(shape):
    mask = None if shape is None else RNG.random(shape) < 0.5
    if mask is not None:
        mask[1] = False  # no key at all
    output, weights = scaled_dot_product_attention(Q, K, V, mask, return_weights=True)
    wanted = numpy_dot_products(Q, K, V, mask)
    np.testing.assert_allclose(output, wanted[0], atol=1e-5)
    np.testing.assert_allclose(weights, wanted[1], atol=1e-5)
    np.testing.assert_allclose(scaled_dot_product_attention(Q, K, V, mask), output, atol=0)


def test_dot_products_equal_keras_multi_head_attention_without_projections():
    other = keras.layers.MultiHeadAttention(1, D, value_dim=C, output_shape=C, use_bias=False)
    mask = RNG.random((B, N, M)) < 0.7
    mask[:, :, 0] = True
    other(Q, V, K)
    for weight in other.weights:
        d = max(weight.shape)
        weight.assign(np.eye(d).reshape(weight.shape))
    np.testing.assert_allclose(
        scaled_dot_product_attention(Q, K, V, mask), other(Q, V, K, attention_mask=mask), atol=1e-5
    )


def test_keys_may_change_places_with_their_values():
    order = RNG.permutation(M)
    mask = RNG.random((B, M)) < 0.7
    np.testing.assert_allclose(
        scaled_dot_product_attention(Q, K[:, order], V[:, order], mask[:, order]),
        scaled_dot_product_attention(Q, K, V, mask),
        atol=1e-6,
    )


def test_masked_keys_and_other_samples_change_nothing():
    mask = np.arange(M)[None] < np.array([5, 2, 1])[:, None]
    wanted = np.asarray(scaled_dot_product_attention(Q, K, V, mask))
    spoilt = [np.where(mask[..., None], x, np.float32(1e4)) for x in (K, V)]
    np.testing.assert_allclose(scaled_dot_product_attention(Q, *spoilt, mask), wanted, atol=1e-5)
    for s in range(B):
        alone = scaled_dot_product_attention(*(x[s : s + 1] for x in (Q, K, V, mask)))
        np.testing.assert_allclose(alone[0], wanted[s], atol=1e-6)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_dot_products_in_half_precision(dtype):
    mask = np.arange(M)[None] < np.array([5, 2, 0])[:, None]
    half = [ops.cast(x, dtype) for x in (Q, K, V)]
    output, weights = scaled_dot_product_attention(*half, mask, return_weights=True)
    assert keras.backend.standardize_dtype(output.dtype) == dtype
    assert keras.backend.standardize_dtype(weights.dtype) == "float32"
    wanted = numpy_dot_products(Q, K, V, mask)
    np.testing.assert_allclose(ops.cast(output, "float32"), wanted[0], atol=0.05)
    np.testing.assert_allclose(weights, wanted[1], atol=0.02)
    far = scaled_dot_product_attention(*(ops.cast(100 * x, dtype) for x in (Q, K)), half[2], mask)
    assert np.isfinite(np.asarray(ops.cast(far, "float32"))).all()


def test_dot_products_say_which_shapes_came():
    for wrong in ((Q[..., :2], K, V), (Q, K[:, :2], V)):
        with pytest.raises(ValueError, match=r"Received: q, k, v of shapes"):
            scaled_dot_product_attention(*wrong)


# ── additive attention ──────────────────────────────────────────────────────────────────────────────


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
    with pytest.raises(ValueError, match=r"Received: units=0"):
        AdditiveAttention(0)
    with pytest.raises(ValueError, match=r"Received: key.shape=\(3, 5\)"):
        AdditiveAttention(U)(QUERY, np.ones((3, 5), "float32"))
