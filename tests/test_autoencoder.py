"""`mmcourse.autoencoder`: losses by loops, one code for whatever is there, and the ladder of pitfalls."""

import math

import numpy as np
import pytest
from backends import BACKENDS, on_backend
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.autoencoder import (
    MultimodalAutoencoder,
    WordDecoder,
    binary_cross_entropy,
    squared_error,
    word_cross_entropy,
)
from mmcourse.backend import keras
from mmcourse.decoding import greedy, score_tokens
from mmcourse.image import ImageAutoencoder
from mmcourse.text import END, START

pytestmark = pytest.mark.usefixtures("eagerly")

ops, layers = keras.ops, keras.layers
V, LENGTH, D, SIDE = 9, 6, 5, 8
sizes = st.tuples(st.integers(1, 5), st.integers(1, 4), st.integers(1, 3), st.integers(0, 999))


def sentences(n=6, seed=0):
    """Rows of tokens: start, one to four words, end, padding."""
    rng = np.random.default_rng(seed)
    rows = np.zeros((n, LENGTH), "int32")
    for row in rows:
        many = rng.integers(1, LENGTH - 1)
        row[: many + 2] = [START, *rng.integers(4, V, many), END]
    return rows


def batch_of(n=6, seed=0):
    return {
        "image": np.random.default_rng(seed).random((n, SIDE, SIDE, 3)).astype("float32"),
        "sound": np.random.default_rng(seed + 1).normal(size=(n, 4)).astype("float32"),
        "text": sentences(n, seed),
    }


def network(seed=0, rate=0.42, names=("image", "sound", "text"), **how):
    """Convolutional, dense and recurrent parts in one model."""
    start = [keras.initializers.GlorotUniform(500 + 10 * seed + i) for i in range(3)]
    picture = ImageAutoencoder(SIDE, code=D, filters=2, seed=seed)
    bag = layers.CategoryEncoding(V, output_mode="multi_hot")
    dense = layers.Dense(6, "tanh", kernel_initializer=start[0])
    encoders = {
        "image": picture.encoder,
        "sound": keras.Sequential([keras.Input((4,)), layers.Dense(3, "tanh", kernel_initializer=start[1])]),
        "text": keras.Sequential([keras.Input((LENGTH,)), bag, dense]),
    }
    decoders = {
        "image": picture.decoder,
        "sound": layers.Dense(4, kernel_initializer=start[2]),
        "text": WordDecoder(V, units=7, embedding=4, seed=seed),
    }
    losses = {"image": "squared", "sound": "squared", "text": "words"}
    parts = ({name: of[name] for name in names} for of in (encoders, decoders, losses))
    model = MultimodalAutoencoder(*parts, latent=D, rate=rate, seed=seed, **how)
    model.build({name: x.shape for name, x in batch_of().items() if name in names})
    return model


def code(model, batch):
    return ops.convert_to_numpy(model.encode(batch))


def loss_of(model, batch):
    return float(model.compute_loss(x=batch, y_pred=model(batch)))


# ── losses ──────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=30, deadline=None)
@given(sizes)
def test_losses_of_numbers_equal_loops(size):
    n, t, d, seed = size
    rng = np.random.default_rng(seed)
    target, said = rng.normal(size=(n, t, d)), rng.normal(0, 3, (n, t, d))
    bits, mask = rng.random((n, t, d)), rng.random((n, t)) < 0.6
    for keep in (None, mask):
        squared, crossed = np.zeros(n), np.zeros(n)
        for i, j, k in np.ndindex(n, t, d):
            if keep is None or keep[i, j]:
                p, y = 1 / (1 + math.exp(-said[i, j, k])), bits[i, j, k]
                squared[i] += (target[i, j, k] - said[i, j, k]) ** 2
                crossed[i] -= y * math.log(p) + (1 - y) * math.log(1 - p)
        np.testing.assert_allclose(squared_error(target, said, keep), squared, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(binary_cross_entropy(bits, said, keep), crossed, rtol=1e-4, atol=1e-5)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 5), st.integers(0, 999))
def test_the_loss_of_words_equals_a_loop(n, seed):
    tokens = sentences(n, seed)
    logits = np.random.default_rng(seed).normal(0, 2, (n, LENGTH - 1, V)).astype("float32")
    wanted = np.zeros(n)
    for i, t in np.ndindex(n, LENGTH - 1):
        if tokens[i, t + 1]:
            total = math.log(sum(math.exp(s) for s in logits[i, t]))
            wanted[i] += total - logits[i, t, tokens[i, t + 1]]
    np.testing.assert_allclose(word_cross_entropy(tokens, logits), wanted, rtol=1e-4)
    np.testing.assert_allclose(word_cross_entropy(tokens, logits, tokens > 0), wanted, rtol=1e-4)
    longer = np.pad(tokens, ((0, 0), (0, 3))), np.pad(logits, ((0, 0), (0, 3), (0, 0)), constant_values=5.0)
    np.testing.assert_allclose(word_cross_entropy(*longer), wanted, rtol=1e-4)


def test_extreme_logits_stay_finite():
    assert np.isfinite(binary_cross_entropy(np.ones((1, 2)), np.array([[1e4, -1e4]]))).all()
    assert np.isfinite(word_cross_entropy(np.array([[START, 4]]), 1e4 * np.ones((1, 1, V)))).all()


@pytest.mark.parametrize("loss", [squared_error, binary_cross_entropy])
@pytest.mark.parametrize("shape", [(2, 8, 8, 1), (2, 7, 8, 3), (2, 8, 8), (2, 1)])
def test_a_picture_of_another_size_is_refused(loss, shape):
    """Erratum 23: some of these would broadcast, and give a number."""
    with pytest.raises(ValueError, match=r"Received: a prediction of shape \(2, .*\. Allowed: \(2, 8, 8, 3\)"):
        loss(np.ones((2, 8, 8, 3)), np.ones(shape))


def test_a_decoder_of_another_size_is_refused_in_training():
    encoders = {"a": layers.Dense(3), "b": layers.Dense(3)}
    decoders = {"a": layers.Dense(4), "b": layers.Dense(1)}  # b has four numbers
    model = MultimodalAutoencoder(encoders, decoders, dict.fromkeys("ab", "squared"), latent=2, seed=0)
    model.compile("sgd")
    with pytest.raises(ValueError, match=r"Allowed: .*4\)"):
        model.fit({"a": np.ones((6, 4)), "b": np.ones((6, 4))}, verbose=0)


# ── the code ────────────────────────────────────────────────────────────────────────────────────────


def test_the_code_is_the_mean_over_what_is_there():
    model, batch = network(), batch_of()
    alone = {name: code(model, {name: x}) for name, x in batch.items()}
    for names in (("image", "sound"), ("sound", "text"), ("image", "sound", "text")):
        mean = np.mean([alone[name] for name in names], axis=0)
        np.testing.assert_allclose(code(model, {name: batch[name] for name in names}), mean, atol=1e-5)
    projection = model.fusion.projections["sound"]
    hidden = ops.convert_to_numpy(model.encoders["sound"](batch["sound"]))
    by_hand = hidden @ np.asarray(projection.kernel) + np.asarray(projection.bias)
    np.testing.assert_allclose(alone["sound"], by_hand, atol=1e-5)


def test_present_says_the_same_as_leaving_out_and_what_is_missing_is_not_read():
    model, batch, n = network(), batch_of(), 6
    there = {"image": np.ones(n, bool), "sound": np.zeros(n, bool), "text": np.ones(n, bool)}
    spoilt = batch | {"sound": np.full((n, 4), np.nan, "float32"), "present": there}
    np.testing.assert_allclose(
        code(model, spoilt), code(model, {k: batch[k] for k in ("image", "text")}), atol=1e-6
    )  # fmt: skip


def test_items_do_not_know_their_neighbours_and_padding_does_not_count():
    model, batch = network(), batch_of()
    some = [4, 1]
    np.testing.assert_allclose(code(model, batch)[some], code(model, {k: x[some] for k, x in batch.items()}), atol=1e-5)
    rebuilt, part = model(batch), model({k: x[some] for k, x in batch.items()})
    for name in batch:
        np.testing.assert_allclose(np.asarray(rebuilt[name])[some], part[name], atol=1e-5)


def test_all_are_rebuilt_from_one_with_its_own_size():
    model, batch = network(), batch_of()
    rebuilt = model.decode(model.encode({"sound": batch["sound"]}), batch)
    assert {k: tuple(x.shape) for k, x in rebuilt.items()} == {
        "image": (6, SIDE, SIDE, 3), "sound": (6, 4), "text": (6, LENGTH - 1, V),
    }  # fmt: skip
    assert sorted(model.decode(np.zeros((2, D), "float32"))) == ["image", "sound"]  # no target, no teacher


# ── the loss of the model ───────────────────────────────────────────────────────────────────────────


def test_the_loss_counts_only_what_is_known_and_weighs_it():
    weights = {"text": 3.0, "sound": 0.5}
    model, batch = network(weights=weights), batch_of()
    rng = np.random.default_rng(1)
    there = {name: rng.random(6) < 0.7 for name in batch}
    batch["sound"][~there["sound"]] = np.nan
    said = {name: ops.convert_to_numpy(x) for name, x in model(batch | {"present": there}).items()}
    each = {
        "image": ((batch["image"] - said["image"]) ** 2).sum((1, 2, 3)),
        "sound": ((batch["sound"] - said["sound"]) ** 2).sum(1),
        "text": np.asarray(word_cross_entropy(batch["text"], said["text"])),
    }
    wanted = sum(weights.get(name, 1.0) * each[name][there[name]].mean() for name in batch)
    assert loss_of(model, batch | {"present": there}) == pytest.approx(wanted, rel=1e-5)
    nobody = {name: np.zeros(6, bool) for name in batch}
    assert loss_of(model, batch | {"present": nobody}) == 0.0


def test_hidden_modalities_stay_in_the_loss():
    """With everything but the sound hidden in training, the other losses are still those of the truth."""
    model, batch = network(rate={"image": 1.0, "text": 1.0}), batch_of()
    seen = model(batch, training=True)["image"]
    alone = model.decode(model.encode({"sound": batch["sound"]}))["image"]
    np.testing.assert_allclose(seen, alone, atol=1e-6)
    loss = float(model.compute_loss(x=batch, y_pred=model(batch, training=True)))
    rebuilt = model.decode(model.encode({"sound": batch["sound"]}), batch)
    total = sum(float(np.mean(squared_error(batch[k], rebuilt[k]))) for k in ("image", "sound"))
    total += float(np.mean(word_cross_entropy(batch["text"], rebuilt["text"])))
    assert loss == pytest.approx(total, rel=1e-5)


def test_nan_where_nobody_knows_reaches_no_weight():
    model, batch = network(), batch_of()
    batch["sound"][:3] = np.nan
    batch["present"] = {"sound": np.arange(6) >= 3}
    model.compile(keras.optimizers.SGD(0.1))
    model.fit(batch, epochs=2, batch_size=2, verbose=0)
    assert all(np.isfinite(w).all() for w in model.get_weights())


@pytest.mark.compiled
def test_every_weight_learns_and_one_is_rebuilt_from_the_other():
    rng = np.random.default_rng(0)
    fact = rng.integers(0, 4, 400)  # known to both
    text = np.zeros((400, LENGTH), "int32")
    text[:, :3] = np.stack([np.full(400, START), 4 + fact, np.full(400, END)], axis=1)
    sound = np.eye(4, dtype="float32")[fact] + rng.normal(0, 0.1, (400, 4)).astype("float32")
    model = network(names=("sound", "text"))
    before = [w.numpy() for w in model.trainable_variables]
    model.compile(keras.optimizers.Adam(0.02))
    history = model.fit({"sound": sound, "text": text}, batch_size=50, epochs=20, verbose=0).history
    assert {"loss", "sound_loss", "text_loss"} <= set(history)
    assert all(np.abs(w.numpy() - old).max() > 0 for w, old in zip(model.trainable_variables, before, strict=True))
    z, writer = model.encode({"sound": sound[:40]}), model.decoders["text"]
    tokens, _ = greedy(writer.step, writer.start(z), 4)
    assert np.mean(np.asarray(tokens)[:, 0] == 4 + fact[:40]) > 0.9
    drawn = np.asarray(model.decode(model.encode({"text": text[:40]}))["sound"])
    assert np.mean(drawn.argmax(1) == fact[:40]) > 0.9


# ── the writer ──────────────────────────────────────────────────────────────────────────────────────


def test_word_by_word_is_as_with_a_teacher():
    writer, tokens = WordDecoder(V, 7, 4, seed=3), sentences()
    z = np.random.default_rng(2).normal(size=(6, D)).astype("float32")
    taught = np.asarray(writer(z, target=tokens))
    state, steps = writer.start(z), []
    for t in range(LENGTH - 1):
        logits, state = writer.step(tokens[:, t], state)
        steps.append(np.asarray(logits))
    np.testing.assert_allclose(taught, np.stack(steps, axis=1), atol=1e-5)
    scored = score_tokens(writer.step, writer.start(z), tokens[:, 1:])
    np.testing.assert_allclose(scored, -np.asarray(word_cross_entropy(tokens, taught)), rtol=1e-4)


def test_a_word_does_not_see_those_after_it():
    writer, tokens = WordDecoder(V, 7, 4, seed=3), sentences()
    z, other = np.ones((6, D), "float32"), tokens.copy()
    other[:, 3:] = 5
    np.testing.assert_allclose(writer(z, target=tokens)[:, :3], writer(z, target=other)[:, :3], atol=1e-6)
    assert np.abs(np.asarray(writer(z, target=tokens)) - np.asarray(writer(-z, target=tokens))).max() > 0.01


@pytest.mark.parametrize("target", [None, np.zeros((2, 3, 4), "int32")])
def test_a_writer_without_sentences_is_refused(target):
    with pytest.raises(ValueError, match=r"Received: target of shape .*\. Allowed: tokens"):
        WordDecoder(V)(np.ones((2, D), "float32"), target=target)


# ── arguments, saving, precision, backends ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"decoders": {"a": layers.Dense(3)}}, r"decoders of \['a'\]"),
        ({"losses": {"a_output": "squared", "b": "squared"}}, r"losses of \['a_output', 'b'\]"),
        ({"losses": {"a": "softmax", "b": "squared"}}, r"losses\['a'\]='softmax'"),
        ({"weights": {"c": 2.0}}, r"weights of \['c'\]"),
        ({"latent": 0}, "latent=0"),
        ({"rate": 1.5}, "rate=1.5"),
    ],
)
def test_what_does_not_agree_is_refused(wrong, said):
    """Erratum 23: a loss keyed by a name that no output has would train nothing."""
    names = {"encoders", "decoders"}
    right = {k: {name: layers.Dense(3) for name in "ab"} for k in names} | {"losses": dict.fromkeys("ab", "squared")}
    with pytest.raises(ValueError, match=rf"Received: {said}.*Allowed"):
        MultimodalAutoencoder(**(right | wrong))


def test_other_modalities_than_the_encoders_are_refused():
    with pytest.raises(ValueError, match=r"Received: modalities .*smell.*Allowed"):
        network()(batch_of() | {"smell": np.ones((6, 2))})


def test_saving_and_loading(tmp_path):
    model, batch = network(weights={"text": 2.0}), batch_of()
    model.save(tmp_path / "a.keras")
    again = keras.models.load_model(tmp_path / "a.keras")
    assert (again.latent, again.rate, again.weights_of, again.kinds) == (D, 0.42, {"text": 2.0}, model.kinds)
    for name, x in model(batch).items():
        np.testing.assert_array_equal(again(batch)[name], x)
    np.testing.assert_array_equal(code(again, {"text": batch["text"]}), code(model, {"text": batch["text"]}))


def test_seeds_decide():
    same, other = network(1), network(2)
    for a, b in zip(network(1).get_weights(), same.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    drawn = [(a, b) for a, b in zip(same.get_weights(), other.get_weights(), strict=True) if a.any()]  # biases are 0
    assert all(np.abs(a - b).max() > 0 for a, b in drawn)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision(policy):
    full, batch = network(), batch_of()
    keras.config.set_dtype_policy(policy)
    try:
        half = network()
        half.set_weights(full.get_weights())
        z, said = code(half, batch), half(batch)
        loss = loss_of(half, batch)
        half.compile(keras.optimizers.SGD(1e-3))
        half.fit(batch, verbose=0)
    finally:
        keras.config.set_dtype_policy("float32")
    assert z.dtype == np.float32 and keras.backend.standardize_dtype(said["text"].dtype) == "float32"
    np.testing.assert_allclose(z, code(full, batch), atol=0.03)
    assert loss == pytest.approx(loss_of(full, batch), rel=0.02)
    assert all(np.isfinite(w).all() for w in half.get_weights())


def figures():
    """From weights that NumPy drew: every backend draws its own."""
    model, batch, rng = network(rate=0.0), batch_of(), np.random.default_rng(3)
    for variable in model.trainable_variables:
        variable.assign(rng.normal(0, 0.3, variable.shape))
    writer = model.decoders["text"]
    tokens, scores = greedy(writer.step, writer.start(model.encode({"image": batch["image"]})), LENGTH)
    found = {"code": model.encode(batch), "tokens": tokens, "scores": scores} | model(batch)
    found["loss"] = model.compute_loss(x=batch, y_pred=model(batch))
    found = {name: ops.convert_to_numpy(value) for name, value in found.items()}
    model.compile(keras.optimizers.SGD(1e-3))
    history = model.fit(batch, batch_size=6, epochs=3, verbose=0).history
    return found | {name: np.array(history[name]) for name in ("loss", "image_loss", "sound_loss", "text_loss")}


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    mine = on_backend(keras.config.backend(), figures)
    assert mine["loss"][-1] < mine["loss"][0]
    for name, value in on_backend(backend, figures).items():
        np.testing.assert_allclose(value, mine[name], rtol=1e-3, atol=1e-4, err_msg=name)
