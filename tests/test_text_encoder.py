"""The Transformer encoder and masked words: a NumPy oracle, invariances, every weight, saving, backends, precision."""

import numpy as np
import pytest
from backends import BACKENDS, on_backend

from mmcourse.backend import keras
from mmcourse.text import MaskedWordBatches, MaskedWords, SkipGram, TextEncoder, mask_words, mean_over_words

pytestmark = pytest.mark.usefixtures("eagerly")

ops = keras.ops
V, D, HEADS, L = 13, 8, 2, 7
TOKENS = np.array([[1, 5, 6, 7, 8, 2, 0], [1, 9, 2, 0, 0, 0, 0], [1, 4, 4, 12, 3, 5, 2]], "int32")
ASKED = np.array([[0, 0, 6, 0, 8, 0, 0], [0, 9, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 5, 0]], "int32")


def made(seed=0, **kwargs):
    encoder = TextEncoder(V, units=D, blocks=2, heads=HEADS, length=L, seed=seed, **kwargs)
    encoder.build()
    return encoder


@pytest.fixture
def encoder():
    """With biases and scales that are not 0 and 1, so that an oracle that forgets them fails."""
    encoder = made()
    rng = np.random.default_rng(5)
    for weight in encoder.weights:
        if any(weight.path.endswith(end) for end in ("bias", "beta", "gamma")):
            weight.assign(ops.convert_to_numpy(weight) + rng.normal(0, 0.3, weight.shape))
    return encoder


def gelu(x):
    from scipy.special import erf

    return x * 0.5 * (1 + erf(x / np.sqrt(2)))


def encode_by_hand(encoder, row):
    """One sentence, real words only, in float64: the docstring's steps, head by head."""
    w = {x.path.split("/", 1)[1]: np.asarray(ops.convert_to_numpy(x), "float64") for x in encoder.weights}

    def norm(x, name):
        x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
        return x * w[f"{name}/gamma"] + w[f"{name}/beta"]

    x = w["words/embeddings"][row] + w["positions/embeddings"][: len(row)]
    for i in range(2):
        y, total = norm(x, f"norm_{i}"), 0
        for h in range(HEADS):
            q, k, v = (
                y @ w[f"attention_{i}/{name}/kernel"][:, h] + w[f"attention_{i}/{name}/bias"][h]
                for name in ("query", "key", "value")
            )
            s = q @ k.T / np.sqrt(D // HEADS)
            a = np.exp(s) / np.exp(s).sum(-1, keepdims=True)
            total = total + a @ v @ w[f"attention_{i}/attention_output/kernel"][h]
        x = x + total + w[f"attention_{i}/attention_output/bias"]
        y = norm(x, f"inner_norm_{i}")
        y = gelu(y @ w[f"inner_{i}/kernel"] + w[f"inner_{i}/bias"])
        x = x + y @ w[f"outer_{i}/kernel"] + w[f"outer_{i}/bias"]
    return norm(x, "last_norm")


def test_equals_the_steps_by_hand_and_padding_changes_nothing(encoder):
    out = np.asarray(encoder(TOKENS))
    assert out.shape == (3, L, D)
    for row, vectors in zip(TOKENS, out, strict=True):
        real = (row != 0).sum()
        np.testing.assert_allclose(vectors[:real], encode_by_hand(encoder, row[:real]), rtol=1e-4, atol=1e-5)


def test_a_mask_says_which_words_are_real(encoder):
    mask = np.array([[True] * 4 + [False] * 3] * 3)
    other = np.where(mask, TOKENS, 11)
    np.testing.assert_allclose(encoder(TOKENS, mask=mask)[:, :4], encoder(other, mask=mask)[:, :4], atol=1e-6)
    assert not np.allclose(encoder(TOKENS)[0, :4], encoder(TOKENS, mask=mask)[0, :4], atol=1e-3)


def test_neighbours_in_the_batch_do_not_matter(encoder):
    together = np.asarray(encoder(TOKENS))
    for i in range(3):
        np.testing.assert_allclose(encoder(TOKENS[i : i + 1])[0], together[i], rtol=1e-5, atol=1e-6)


def test_the_same_word_has_another_vector_in_another_sentence_and_at_another_place(encoder):
    out = np.asarray(encoder(TOKENS))
    assert not np.allclose(out[0, 1], out[2, 5], atol=1e-2)  # id 5
    assert not np.allclose(out[2, 1], out[2, 2], atol=1e-2)  # id 4, twice in a row
    assert not np.allclose(out[0, 1], np.asarray(encoder(TOKENS[:, [0, 1, 3, 2, 4, 5, 6]]))[0, 1], atol=1e-3)


def test_a_row_of_padding_is_finite(encoder):
    assert np.isfinite(encoder(np.zeros((2, L), "int32"))).all()


def test_one_seed_is_one_model():
    for a, b in zip(made(3).get_weights(), made(3).get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert (made(3).get_weights()[0] != made(4).get_weights()[0]).all()
    draws = [w for w in made(3).get_weights() if w.shape == (D, HEADS, D // HEADS)]
    assert (draws[0] != draws[1]).any(), "layers of one shape do not start alike"


def test_masked_words_logits_and_loss_by_hand(encoder):
    model = MaskedWords(encoder, seed=2)
    logits = np.asarray(model({"tokens": TOKENS}), "float64")
    h = np.asarray(encoder(TOKENS), "float64")
    kernel, bias, scale, shift = (np.asarray(w, "float64") for w in (*model.transform.weights, *model.norm.weights))
    x = gelu(h @ kernel + bias)
    x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5) * scale + shift
    np.testing.assert_allclose(logits, x @ np.asarray(encoder.words.embeddings, "float64")[:V].T, rtol=1e-4, atol=1e-4)
    losses = [np.log(np.exp(logits[i, t]).sum()) - logits[i, t, ASKED[i, t]] for i, t in np.argwhere(ASKED != 0)]
    loss = model.compute_loss(y=ASKED, y_pred=ops.convert_to_tensor(logits, "float32"))
    np.testing.assert_allclose(loss, np.mean(losses), rtol=1e-5)
    wider = [np.pad(x, [(0, 0), (0, 5)] + [(0, 0)] * (x.ndim - 2)) for x in (ASKED, logits.astype("float32"))]
    np.testing.assert_allclose(model.compute_loss(y=wider[0], y_pred=ops.convert_to_tensor(wider[1])), loss, rtol=1e-6)


def test_every_weight_moves(encoder):
    model = MaskedWords(encoder)
    model({"tokens": TOKENS})
    before = model.get_weights()
    model.compile(keras.optimizers.SGD(0.1))
    model.fit({"tokens": TOKENS}, ASKED, verbose=0)
    for old, new, weight in zip(before, model.get_weights(), model.weights, strict=True):
        if weight.path.endswith("key/bias"):  # adds the same to all of a query's scores: the softmax cancels it
            continue
        assert np.abs(new - old).max() > 0, weight.path


def test_masking_is_80_10_10_and_hits_words_only():
    rng = np.random.default_rng(0)
    tokens = np.tile([1, *range(3, 13), 2, 0, 0], (4000, 1)).astype("int32")
    inputs, targets = mask_words(tokens, V, rng)
    asked = targets != 0
    assert inputs.dtype == targets.dtype == np.int32
    np.testing.assert_array_equal(targets[asked], tokens[asked])
    np.testing.assert_array_equal(inputs[~asked], tokens[~asked])
    assert not asked[:, [0, 11, 12, 13]].any()
    np.testing.assert_allclose(asked[:, 1:11].mean(), 0.15, atol=0.01)
    hidden, same = inputs[asked] == V, inputs[asked] == tokens[asked]
    random = ~hidden & ~same
    # One random word in nine is the word itself.
    np.testing.assert_allclose(
        [hidden.mean(), same.mean(), random.mean()], [0.8, 0.1 + 0.1 / 9, 0.1 * 8 / 9], atol=0.015
    )
    assert inputs[asked][random].min() >= 4 and inputs[asked][random].max() < V


def test_a_batch_asks_for_at_least_one_word():
    for seed in range(20):
        assert (mask_words([[1, 5, 2]], V, np.random.default_rng(seed))[1] != 0).sum() == 1
    assert not mask_words([[1, 2, 0]], V, np.random.default_rng(0))[1].any()


def test_batches_hide_other_words_in_every_epoch_and_repeat_by_seed():
    tokens = np.tile(np.arange(1, 13), (10, 1))
    batches = MaskedWordBatches(tokens, V, batch_size=4, seed=1)
    first = [batches[i][1] for i in range(3)]
    assert [len(x) for x in first] == [4, 4, 2]
    np.testing.assert_array_equal(first[0], MaskedWordBatches(tokens, V, batch_size=4, seed=1)[0][1])
    batches.on_epoch_end()
    assert (batches[0][1] != first[0]).any()


@pytest.mark.compiled
def test_masked_words_learns_what_context_tells():
    """Words go in pairs, 4 5, 6 7 …: a hidden word is known from the other."""
    rng = np.random.default_rng(0)
    start = 4 + 2 * rng.integers(0, 4, (256, 1))
    tokens = np.concatenate([np.ones_like(start), start, start + 1, 2 * np.ones_like(start)], 1)
    model = MaskedWords(TextEncoder(12, units=16, blocks=1, heads=2, length=4))
    model.compile(keras.optimizers.Adam(0.01))
    model.fit(MaskedWordBatches(tokens, 12, share=0.3, batch_size=32), epochs=12, verbose=0)
    hidden = np.array([[1, 4, 12, 2], [1, 12, 7, 2], [1, 12, 9, 2], [1, 10, 12, 2]], "int32")
    told = np.asarray(model({"tokens": hidden})).argmax(-1)
    assert [told[0, 2], told[1, 1], told[2, 1], told[3, 2]] == [5, 6, 8, 11]


def test_mean_over_words():
    x = np.random.default_rng(0).normal(size=(3, 4, 2)).astype("float32")
    mask = np.array([[True, False, True, False], [True] * 4, [False] * 4])
    expected = [x[0, [0, 2]].mean(0), x[1].mean(0), [0, 0]]
    np.testing.assert_allclose(mean_over_words(x, mask), expected, atol=1e-6)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision_is_finite_and_close(policy):
    full, half = (MaskedWords(made(dtype=name), dtype=name) for name in ("float32", policy))
    expected, _ = full({"tokens": TOKENS}), half({"tokens": TOKENS})
    half.set_weights(full.get_weights())
    logits = half({"tokens": TOKENS})
    assert keras.backend.standardize_dtype(half.encoder(TOKENS).dtype) == policy.removeprefix("mixed_")
    assert keras.backend.standardize_dtype(logits.dtype) == "float32"
    real = TOKENS != 0
    np.testing.assert_allclose(np.asarray(logits)[real], np.asarray(expected)[real], atol=0.15)
    assert np.isfinite(half.compute_loss(y=ASKED, y_pred=logits))


def test_saves_and_loads(encoder, tmp_path):
    model = MaskedWords(encoder, seed=4)
    expected = model({"tokens": TOKENS})
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded({"tokens": TOKENS}), expected, atol=1e-6)
    assert loaded.encoder.get_config() == encoder.get_config() and loaded.seed == 4
    encoder.save_weights(tmp_path / "encoder.weights.h5")
    other = made(9)
    other.load_weights(tmp_path / "encoder.weights.h5")
    np.testing.assert_allclose(other(TOKENS), encoder(TOKENS), atol=1e-6)


def test_errors_name_what_came(encoder):
    with pytest.raises(ValueError, match=r"t=8. Allowed: up to 7"):
        encoder(np.ones((1, 8), "int32"))
    with pytest.raises(ValueError, match="units=9, heads=2"):
        TextEncoder(V, units=9, heads=2)
    with pytest.raises(ValueError, match="share=0"):
        MaskedWordBatches(TOKENS, V, share=0)


def figures():
    """What the backends must agree on: features, losses, and equal weights after one step of training."""
    rng = np.random.default_rng(0)
    encoder = made()
    model = MaskedWords(encoder)
    model({"tokens": TOKENS})
    model.set_weights([rng.normal(0, 0.3, w.shape) for w in model.weights])
    results = {"vectors": encoder(TOKENS)[0], "mean": mean_over_words(encoder(TOKENS), TOKENS != 0)}
    model.compile(keras.optimizers.SGD(0.1))
    results["loss"] = model.train_on_batch({"tokens": TOKENS}, ASKED)
    results["words"] = encoder.words.embeddings
    skipgram = SkipGram(V, D)
    skipgram.build()
    skipgram.set_weights([rng.normal(size=w.shape) for w in skipgram.weights])
    batch = {"centre": TOKENS[:, 1], "others": TOKENS[:, 2:5]}
    results["logits"] = skipgram(batch)
    skipgram.compile(keras.optimizers.SGD(0.1))
    results["skip-gram loss"] = skipgram.train_on_batch(batch)
    results["centre"] = skipgram.centre.embeddings
    return {name: ops.convert_to_numpy(value) for name, value in results.items()}


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    ours, theirs = on_backend(keras.config.backend(), figures), on_backend(backend, figures)
    for name, value in ours.items():
        np.testing.assert_allclose(theirs[name], value, rtol=1e-4, atol=1e-5, err_msg=name)
