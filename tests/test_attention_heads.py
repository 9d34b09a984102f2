"""Dot products, several heads and attention across modalities: the ladder of pitfalls."""

import numpy as np
import pytest
from attention_oracle import loops
from backends import BACKENDS, on_backend

from mmcourse.attention import (
    CoAttention,
    CrossAttention,
    CrossBlock,
    MultiHeadAttention,
    scaled_dot_product_attention,
)
from mmcourse.backend import keras

pytestmark = [
    pytest.mark.usefixtures("eagerly"),
    pytest.mark.filterwarnings("ignore:You are using a softmax over axis"),  # one key is legitimate
]

ops = keras.ops
RNG = np.random.default_rng(0)
B, N, M, D, E, C, U, H = 3, 2, 5, 4, 7, 6, 8, 2
QUERY, KEY, VALUE = (RNG.standard_normal(s).astype("float32") for s in ((B, N, D), (B, M, E), (B, M, C)))
MASK = np.array([[1, 1, 1, 1, 1], [1, 0, 1, 0, 0], [0, 0, 0, 0, 0]], bool)


def numpy_heads(layer, query, key, value, mask):
    """MultiHeadAttention in loops, from its weights."""
    dense = [getattr(layer, f"{name}_projection") for name in ("query", "key", "value", "output")]
    wq, wk, wv, wo = (np.asarray(one.kernel, "float64") for one in dense)
    bq, _, bv, bo = (one.bias if one.bias is None else np.asarray(one.bias, "float64") for one in dense)
    outputs, all_weights = [], []
    for s in range(len(query)):
        keep = np.broadcast_to(mask[s], (query.shape[1], key.shape[1]))
        q, k, v = query[s] @ wq + bq, key[s] @ wk, value[s] @ wv + bv
        d = layer.units // layer.heads
        parts = [loops(*(x[:, h * d : (h + 1) * d] for x in (q, k, v)), keep) for h in range(layer.heads)]
        outputs.append(np.concatenate([part[0] for part in parts], 1) @ wo + bo)
        all_weights.append([part[1] for part in parts])
    return np.array(outputs), np.array(all_weights)


def biased(layer):
    """The layer with biases that are not zero, so that a forgotten one is noticed."""
    for i, weight in enumerate(layer.weights):
        if weight.name == "bias":
            weight.assign(np.linspace(-1, 1, weight.shape[0]) * (i + 1) / 5)
    return layer


def heads(**kwargs):
    layer = MultiHeadAttention(U, H, seed=1, **kwargs)
    layer.build(QUERY.shape, KEY.shape, VALUE.shape)
    return biased(layer)


@pytest.mark.parametrize("each", [False, True])
def test_heads_equal_the_formula(each):
    mask = MASK[:, None] | (np.eye(N, M) > 0) if each else np.ones((B, M), bool)
    layer = heads()
    output, weights = layer(QUERY, KEY, VALUE, mask=mask, return_weights=True)
    expected = numpy_heads(layer, QUERY, KEY, VALUE, mask)
    np.testing.assert_allclose(output, expected[0], atol=1e-5)
    np.testing.assert_allclose(weights, expected[1], atol=1e-5)


def test_heads_equal_those_of_keras():
    ours, theirs = heads(), keras.layers.MultiHeadAttention(H, U // H, value_dim=U // H)
    theirs.build(QUERY.shape, VALUE.shape, KEY.shape)
    d = U // H
    for name in ("query", "key", "value"):
        mine, dense = getattr(ours, f"{name}_projection"), getattr(theirs, f"_{name}_dense")
        dense.kernel.assign(np.reshape(mine.kernel, (-1, H, d)))
        dense.bias.assign(np.reshape(mine.bias, (H, d)) if name != "key" else RNG.standard_normal((H, d)))
    theirs._output_dense.kernel.assign(np.reshape(ours.output_projection.kernel, (H, d, D)))
    theirs._output_dense.bias.assign(ours.output_projection.bias)
    for mask in (None, np.broadcast_to(MASK[:2, None], (2, N, M))):
        rows = slice(None if mask is None else 2)
        mine, weights = ours(QUERY[rows], KEY[rows], VALUE[rows], mask=mask, return_weights=True)
        keras_output, keras_weights = theirs(
            QUERY[rows], VALUE[rows], KEY[rows], attention_mask=mask, return_attention_scores=True
        )
        # Any bias of the keys changes nothing, so that ours has none.
        np.testing.assert_allclose(mine, keras_output, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(weights, keras_weights, rtol=1e-5, atol=1e-6)


def layers():
    """Every layer that goes from one modality to another, built, with its call and the inputs it takes."""
    return {
        "heads": (heads(output=3), lambda f, q, k, mask=None: f(q, k, k[..., :C], mask=mask, return_weights=True)),
        **{
            f"cross, {keep}": (
                CrossAttention(U, H, keep, seed=1),
                lambda f, q, k, mask=None: f(q, k, mask=mask, return_weights=True),
            )
            for keep in ("nothing", "sum", "beside")
        },
        "block": (CrossBlock(U, H, seed=1), lambda f, q, k, mask=None: f(q, k, mask=mask, return_weights=True)),
        "co": (
            CoAttention(U, H, seed=1),
            lambda f, q, k, mask=None: f(q, k, second_mask=mask, return_weights=True)[::2],
        ),
    }


@pytest.mark.parametrize("name", layers())
def test_invariances(name):
    layer, call = layers()[name]
    call(layer, QUERY, KEY)  # builds
    biased(layer)
    output, weights = call(layer, QUERY, KEY)
    np.testing.assert_allclose(np.sum(weights, -1), 1, atol=1e-6)
    # other samples of the batch
    for s in range(B):
        np.testing.assert_allclose(call(layer, QUERY[s : s + 1], KEY[s : s + 1])[0][0], output[s], atol=1e-5)
    # the order of the keys
    order = RNG.permutation(M)
    np.testing.assert_allclose(call(layer, QUERY, KEY[:, order])[0], output, atol=1e-5)
    # padding, whatever it holds
    longer = np.concatenate([KEY, np.full((B, 3, E), 1e3, "float32")], 1)
    mask = np.arange(M + 3)[None] < np.full((B, 1), M)
    padded, weights = call(layer, QUERY, longer, mask)
    np.testing.assert_allclose(padded, output, atol=1e-5)
    assert not np.any(weights[..., M:])
    # nothing to look at
    output, weights = call(layer, QUERY, KEY, MASK)
    assert np.isfinite(np.asarray(output)).all() and not np.any(weights[2])


@pytest.mark.parametrize("name", layers())
def test_every_weight_moves_and_survives_saving(name, tmp_path):
    layer, _ = layers()[name]
    inputs = [keras.Input((N, D)), keras.Input((M, E))]
    outputs = layer(*inputs) if name != "heads" else layer(*inputs, inputs[1][..., :C])
    model = keras.Model(inputs, outputs)
    model.compile("sgd", "mse")
    before = [w.copy() for w in model.get_weights()]
    targets = [np.ones(o.shape[1:]) * np.ones((B, 1, 1)) for o in (outputs if name == "co" else [outputs])]
    model.fit([QUERY, KEY], targets if name == "co" else targets[0], verbose=0)
    for old, weight in zip(before, model.weights, strict=True):
        assert np.abs(np.asarray(weight) - old).max() > 0, weight.path
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    both = (one.predict([QUERY, KEY], verbose=0) for one in (model, loaded))
    for mine, theirs in zip(*both, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-6)
    assert layer.get_config() == type(layer).from_config(layer.get_config()).get_config()


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("name", ["heads", "block"])
def test_half_precision_with_masks_is_finite_and_close(name, policy):
    full = heads() if name == "heads" else CrossBlock(U, H, seed=1)
    half = MultiHeadAttention(U, H, dtype=policy) if name == "heads" else CrossBlock(U, H, dtype=policy)
    shapes = (QUERY.shape, KEY.shape) + ((VALUE.shape,) if name == "heads" else ())
    for layer in (full, half):
        if not layer.built:
            layer.build(*shapes)
    half.set_weights(full.get_weights())
    arguments = (QUERY, 30 * KEY) + ((VALUE,) if name == "heads" else ())
    output, weights = half(*arguments, mask=MASK, return_weights=True)
    assert keras.backend.standardize_dtype(output.dtype) == policy.removeprefix("mixed_")
    assert keras.backend.standardize_dtype(weights.dtype) == "float32"
    assert np.isfinite(np.asarray(ops.cast(output, "float32"))).all() and not np.any(weights[2])
    close = half(QUERY, KEY, *arguments[2:], mask=MASK), full(QUERY, KEY, *arguments[2:], mask=MASK)
    np.testing.assert_allclose(*(ops.cast(x, "float32") for x in close), atol=0.1)


def test_the_values_bring_the_other_modality_in():
    """With its own vectors as values, a modality is re-weighed and nothing of the other one comes in (erratum 55)."""
    v = RNG.standard_normal((B, M, D)).astype("float32")
    layer = CrossAttention(U, H, "nothing", seed=1)
    assert np.abs(np.asarray(layer(QUERY, v + 5)) - np.asarray(layer(QUERY, v))).max() > 0.1
    # Every output lies between the values' extremes: of the words, where words are the values.
    own = np.asarray(scaled_dot_product_attention(v, QUERY, QUERY))
    assert (own <= QUERY.max(1, keepdims=True) + 1e-6).all() and (own >= QUERY.min(1, keepdims=True) - 1e-6).all()


def test_no_two_weights_begin_equal():
    layer = CoAttention(4, 1, seed=0)
    layer.build((1, 2, 4), (1, 2, 4))
    kernels = [np.asarray(w) for w in layer.weights if w.name == "kernel" and tuple(w.shape) == (4, 4)]
    assert len(kernels) == 8
    for i, kernel in enumerate(kernels):
        assert all(np.abs(kernel - other).max() > 1e-3 for other in kernels[:i])
    again = CoAttention(4, 1, seed=0)
    again.build((1, 2, 4), (1, 2, 4))
    for mine, theirs in zip(layer.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_errors_name_what_came():
    with pytest.raises(ValueError, match=r"Received: units=8, heads=3"):
        MultiHeadAttention(8, 3)
    with pytest.raises(ValueError, match=r"Received: key of shape \(3, 5\)"):
        MultiHeadAttention(U)(QUERY, np.ones((3, 5), "float32"))
    with pytest.raises(ValueError, match=r"Received: keep='query'"):
        CrossAttention(U, keep="query")
    with pytest.raises(ValueError, match=r"Received: q of shape .* v of shape"):
        scaled_dot_product_attention(QUERY, KEY, VALUE)


def figures():
    results = {}
    for name, (layer, call) in layers().items():
        call(layer, QUERY, KEY)
        # The same weights everywhere: initialisers differ between backends.
        layer.set_weights([np.sin(np.arange(w.size).reshape(w.shape) + i) for i, w in enumerate(layer.get_weights())])
        results[name], results[f"{name} weights"] = call(layer, QUERY, KEY, MASK)
    return results


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    expected = on_backend(keras.config.backend(), figures)
    for name, value in on_backend(backend, figures).items():
        np.testing.assert_allclose(value, expected[name], rtol=1e-4, atol=1e-4, err_msg=name)
