"""The softmax over what is kept, scaled dot products, and masks that Keras carries."""

import numpy as np
import pytest
from attention_oracle import loops
from backends import BACKENDS, on_backend
from hypothesis import given
from hypothesis import strategies as st

from mmcourse.attention import (
    AdditiveAttention,
    MultiHeadAttention,
    attention_entropy,
    gumbel_key,
    masked_softmax,
    policy_loss,
    sample_key,
    scaled_dot_product_attention,
)
from mmcourse.backend import keras

pytestmark = pytest.mark.filterwarnings("ignore:You are using a softmax over axis")  # one key is legitimate

ops = keras.ops
RNG = np.random.default_rng(0)
B, N, M, D, C = 3, 2, 5, 4, 6
Q, K, V = (RNG.standard_normal(shape).astype("float32") for shape in ((B, N, D), (B, M, D), (B, M, C)))
KEEP = np.array([[1, 1, 1, 1, 1], [1, 0, 1, 0, 0], [0, 0, 0, 0, 0]], bool)

sizes = st.tuples(*(st.integers(1, n) for n in (4, 4, 6, 5, 3)))


def drawn(shape, seed):
    b, n, m, d, c = shape
    rng = np.random.default_rng(seed)
    q, k, v = (rng.standard_normal(s).astype("float32") for s in ((b, n, d), (b, m, d), (b, m, c)))
    return rng, q, k, v


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


@given(
    st.integers(1, 3), st.integers(1, 4), st.integers(1, 5), st.integers(1, 4), st.integers(1, 3), st.integers(0, 999)
)  # fmt: skip
def test_dot_products_equal_the_formula(b, n, m, d, c, seed):
    rng = np.random.default_rng(seed)
    q, k, v = (rng.standard_normal(shape).astype("float32") for shape in ((b, n, d), (b, m, d), (b, m, c)))
    for mask in (rng.random((b, m)) < 0.6, rng.random((b, n, m)) < 0.6):
        output, weights = scaled_dot_product_attention(q, k, v, mask, return_weights=True)
        for s in range(b):
            expected = loops(q[s], k[s], v[s], np.broadcast_to(mask[s], (n, m)))
            np.testing.assert_allclose(output[s], expected[0], atol=1e-5)
            np.testing.assert_allclose(weights[s], expected[1], atol=1e-5)


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


@pytest.mark.backends
def test_dot_products_equal_those_of_torch():
    torch = pytest.importorskip("torch", reason="torch is not installed: make test-backends installs it")
    for mask in (None, KEEP[:, None] | (np.eye(N, M) > 0)):
        keep = None if mask is None else torch.tensor(mask)
        theirs = torch.nn.functional.scaled_dot_product_attention(*map(torch.tensor, (Q, K, V)), attn_mask=keep)
        np.testing.assert_allclose(scaled_dot_product_attention(Q, K, V, mask), theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_dot_products_in_half_precision(dtype):
    mask = np.arange(M)[None] < np.array([5, 2, 0])[:, None]
    half = [ops.cast(x, dtype) for x in (Q, K, V)]
    output, weights = scaled_dot_product_attention(*half, mask, return_weights=True)
    assert keras.backend.standardize_dtype(output.dtype) == dtype
    assert keras.backend.standardize_dtype(weights.dtype) == "float32"
    for s in range(B):
        expected = loops(Q[s], K[s], V[s], np.broadcast_to(mask[s], (N, M)))
        np.testing.assert_allclose(ops.cast(output[s], "float32"), expected[0], atol=0.05)
        np.testing.assert_allclose(weights[s], expected[1], atol=0.02)
    far = scaled_dot_product_attention(*(ops.cast(100 * x, dtype) for x in (Q, K)), half[2], mask)
    assert np.isfinite(np.asarray(ops.cast(far, "float32"))).all()


def test_dot_products_say_which_shapes_came():
    for wrong in ((Q[..., :2], K, V), (Q, K[:, :2], V)):
        with pytest.raises(ValueError, match=r"Received: q of shape .* k of shape .* v of shape"):
            scaled_dot_product_attention(*wrong)


@given(sizes, st.integers(0, 999))
def test_weights_sum_to_one_over_the_keys_and_outputs_lie_between_the_values(shape, seed):
    _, q, k, v = drawn(shape, seed)
    output, weights = (np.asarray(x) for x in scaled_dot_product_attention(9 * q, k, v, return_weights=True))
    assert (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(-1), 1, atol=1e-5)
    assert (output <= v.max(1, keepdims=True) + 1e-5).all() and (output >= v.min(1, keepdims=True) - 1e-5).all()


@given(sizes, st.integers(0, 999))
def test_other_samples_and_the_order_of_keys_change_nothing(shape, seed):
    rng, q, k, v = drawn(shape, seed)
    mask = rng.random(k.shape[:2]) < 0.7
    output = np.asarray(scaled_dot_product_attention(q, k, v, mask))
    keys, samples = rng.permutation(k.shape[1]), rng.permutation(len(k))
    moved = scaled_dot_product_attention(q, k[:, keys], v[:, keys], mask[:, keys])
    np.testing.assert_allclose(moved, output, atol=1e-6)
    moved = scaled_dot_product_attention(*(x[samples] for x in (q, k, v, mask)))
    np.testing.assert_allclose(moved, output[samples], atol=1e-6)
    np.testing.assert_allclose(scaled_dot_product_attention(q[:1], k[:1], v[:1], mask[:1]), output[:1], atol=1e-6)


@given(sizes, st.integers(0, 999))
def test_padding_is_as_if_it_were_not_there(shape, seed):
    _, q, k, v = drawn(shape, seed)
    longer = [np.concatenate([x, np.full((len(x), 2, x.shape[2]), 1e4, "float32")], 1) for x in (k, v)]
    mask = np.arange(k.shape[1] + 2) < k.shape[1]
    padded = scaled_dot_product_attention(q, *longer, np.broadcast_to(mask, (len(q), len(mask))))
    np.testing.assert_allclose(padded, scaled_dot_product_attention(q, k, v), atol=1e-6)


def test_a_mask_of_whole_numbers_is_one_of_truths():
    for mask in (KEEP.astype("int32"), KEEP.astype("float32")):
        np.testing.assert_array_equal(
            scaled_dot_product_attention(Q, K, V, mask), scaled_dot_product_attention(Q, K, V, KEEP)
        )


def test_a_mask_of_the_keys_passes_heads_by():
    """A batch as large as the number of heads: a mask that lands on the wrong axis would fit all the same."""
    q, k, v = (np.repeat(x[:, None], B, 1) for x in (Q, K, V))  # (batch, heads, ·, ·), both B
    for mask in (KEEP, np.repeat(KEEP[:, None], N, 1) & (RNG.random((B, N, M)) < 0.7)):
        expected = scaled_dot_product_attention(Q, K, V, mask)
        for head in range(B):
            np.testing.assert_allclose(scaled_dot_product_attention(q, k, v, mask)[:, head], expected, atol=1e-6)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_large_scores_and_rows_without_any_key_are_finite_in_every_type(dtype):
    scores = ops.cast(6e4 * np.array([[1.0, -1.0, 0.9], [1.0, 1.0, 1.0]]), dtype)
    weights = masked_softmax(scores, np.array([[True, True, True], [False, False, False]]))
    assert keras.backend.standardize_dtype(weights.dtype) == ("float64" if dtype == "float64" else "float32")
    np.testing.assert_allclose(weights, [[1, 0, 0], [0, 0, 0]], atol=1e-6)
    np.testing.assert_allclose(np.sum(masked_softmax(scores, axis=0), 0), 1, atol=1e-6)


@pytest.mark.parametrize("layer", [AdditiveAttention(6, seed=0), MultiHeadAttention(6, 2, seed=0)], ids=str)
def test_training_on_rows_without_any_key_stays_finite(layer):
    """The forward pass hides what a masked row does to the gradient: 0 · inf there is NaN in every weight."""
    inputs = [keras.Input((N, D)), keras.Input((M, D)), keras.Input((M,), dtype="bool")]
    model = keras.Model(inputs, layer(inputs[0], inputs[1], mask=inputs[2]))
    model.compile("sgd", "mse")
    target = np.ones((B, *model.output_shape[1:]), "float32")
    model.fit([Q, 1e3 * K, KEEP], target, verbose=0)
    assert all(np.isfinite(weight).all() for weight in model.get_weights())


@pytest.mark.parametrize("kind", [AdditiveAttention, MultiHeadAttention])
def test_the_mask_of_an_embedding_reaches_the_keys(kind):
    """Keras hands the mask on with the keys; a layer that says it supports masking must use it (erratum 14)."""
    layer, embedding = kind(6, seed=0), keras.layers.Embedding(9, D, mask_zero=True)
    tokens = np.array([[3, 5, 0, 0], [4, 1, 7, 2]])
    inputs = [keras.Input((N, D)), keras.Input((None,), dtype="int32")]
    model = keras.Model(inputs, layer(inputs[0], embedding(inputs[1])))
    padded = model.predict([Q[:2], tokens], verbose=0)
    np.testing.assert_allclose(model.predict([Q[:1], tokens[:1, :2]], verbose=0), padded[:1], atol=1e-6)
    keep = np.array([[1, 0, 1, 1], [1, 1, 1, 0]], bool)  # with one that is given, both count
    _, weights = layer(Q[:2], embedding(tokens), mask=keep, return_weights=True)
    there = np.asarray(weights).reshape(2, -1, 4).max(1) > 0
    np.testing.assert_array_equal(there, keep & (tokens != 0))


@pytest.mark.parametrize("kind", [AdditiveAttention, MultiHeadAttention])
def test_a_mask_of_the_queries_does_not_mask_keys(kind, recwarn):
    layer, embedding = kind(6, seed=0), keras.layers.Embedding(9, D, mask_zero=True)
    query = embedding(np.array([[3, 0, 0, 0, 0]]))  # as many queries as keys: a mask that strays would fit
    _, weights = layer(query, K[:1], return_weights=True)
    assert (np.asarray(weights) > 0).all()
    assert not [w for w in recwarn if "mask" in str(w.message)]


@pytest.mark.parametrize("kind", [AdditiveAttention, MultiHeadAttention])
def test_weights_can_be_the_output_of_a_model(kind):
    layer = kind(6, seed=0)
    inputs = [keras.Input((None, D)), keras.Input((None, D)), keras.Input((None, C))]
    model = keras.Model(inputs, layer(*inputs, return_weights=True))
    eager = layer(Q, K, V, return_weights=True)
    for symbolic, called, expected in zip(model.output_shape, model.predict([Q, K, V], verbose=0), eager, strict=True):
        np.testing.assert_allclose(called, expected, atol=1e-6)
        assert len(symbolic) == called.ndim and symbolic[0] is None


def test_seeds_make_weights_equal_and_matrices_different():
    one, same, other = (AdditiveAttention(D, seed=seed) for seed in (1, 1, 2))
    for layer in (one, same, other):
        layer.build(Q.shape, K.shape)
    for a, b in zip(one.get_weights(), same.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert np.abs(np.asarray(one.query_projection.kernel) - np.asarray(other.query_projection.kernel)).max() > 0.01
    assert np.abs(np.asarray(one.query_projection.kernel) - np.asarray(one.key_projection.kernel)).max() > 0.01
    assert AdditiveAttention.from_config(one.get_config()).seed == 1


def figures():
    results = {"softmax": masked_softmax(ops.convert_to_tensor(K[..., 0]), KEEP)}
    results["dot"], results["dot weights"] = scaled_dot_product_attention(
        *map(ops.convert_to_tensor, (Q, K, V)), KEEP, return_weights=True
    )
    layer = AdditiveAttention(6)
    layer.build(Q.shape, K.shape)
    layer.set_weights([np.sin(np.arange(w.size).reshape(w.shape) + i) for i, w in enumerate(layer.get_weights())])
    results["additive"], results["additive weights"] = layer(Q, K, V, mask=KEEP, return_weights=True)
    # Draws differ between backends; where only one key can be drawn, they do not.
    sure = ops.convert_to_tensor(np.eye(3, dtype="float32")[[2, 0, 1]])
    results["chosen"], _ = sample_key(sure, seed=0)
    results["gumbel"] = gumbel_key(sure, 0, 0.5)
    results["entropy"] = attention_entropy(results["softmax"])
    logs = ops.convert_to_tensor(np.log([0.5, 0.25, 0.25]).astype("float32"))
    results["policy"] = policy_loss(logs, np.array([1.0, 0.0, 2.0], "float32"), 0.5)
    return results


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    expected = on_backend(keras.config.backend(), figures)
    for name, value in on_backend(backend, figures).items():
        np.testing.assert_allclose(value, expected[name], rtol=1e-4, atol=1e-5, err_msg=name)
