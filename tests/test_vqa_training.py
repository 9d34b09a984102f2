"""Models of visual question answering as they are trained: every weight moves, they are saved and loaded, in half
precision, on every backend."""

import warnings

import numpy as np
import pytest
from backends import BACKENDS, on_backend
from vqa_oracle import ANSWERS, IMAGE, INPUTS, KINDS, RNG, TEXT, A, B, D, L, M, U, V, batch, call, make, weights

from mmcourse.backend import keras
from mmcourse.captioning import Captioner
from mmcourse.vqa import JointEmbedding

pytestmark = pytest.mark.usefixtures("eagerly")

ops, nan = keras.ops, float("nan")
EACH = pytest.mark.parametrize("name", KINDS)


def figures():
    """What three backends are compared on; two of the models are also trained, compiled, as users train them."""
    found = {}
    for name in KINDS:
        if name in ("text", "image"):
            continue
        model = make(name)
        if name in ("stacked, words", "modules"):
            model.compile(keras.optimizers.SGD(0.1))
            history = model.fit(batch(name), ANSWERS, batch_size=B, epochs=2, shuffle=False, verbose=0).history
            found[f"{name}, loss"] = history["loss"]
        found[name] = model.predict_on_batch(INPUTS)
    return found


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    ours, theirs = on_backend(keras.config.backend(), figures), on_backend(backend, figures)
    for name, value in ours.items():
        np.testing.assert_allclose(theirs[name], value, atol=1e-4, err_msg=name)


# ── training, saving, precision ─────────────────────────────────────────────────────────────────────
@EACH
def test_every_weight_moves(name):
    model = make(name, dropout=0.1)
    model.compile(keras.optimizers.SGD(1.0))
    before = model.get_weights()
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # of weights without a gradient
        for _ in range(2):
            model.train_on_batch(batch(name), ANSWERS)
    constant = {"image_mean", "image_deviation"}  # set by `adapt`
    trained = {w.path for w in model.trainable_weights}
    for old, new, weight in zip(before, model.get_weights(), model.weights, strict=True):
        assert (np.abs(new - old).max() > 0) == (weight.path in trained), weight.path
    still = {w.path.split("/", 1)[1] for w in model.weights} - {path.split("/", 1)[1] for path in trained} - constant
    unused = {"text": ("region", "places", "of_image"), "image": ("reader", "word_norm", "of_text")}.get(name, ())
    assert all(path.startswith(unused) for path in still) and bool(still) == bool(unused)


@EACH
def test_saves_and_loads(name, tmp_path):
    model = make(name)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(call(loaded), call(model), atol=1e-6)
    assert loaded.get_config() == model.get_config() and type(loaded) is type(model)
    model.save_weights(tmp_path / "model.weights.h5")
    other = type(model).from_config(model.get_config())
    other(INPUTS)
    other.load_weights(tmp_path / "model.weights.h5")
    np.testing.assert_allclose(call(other), call(model), atol=1e-6)


@EACH
def test_half_precision_is_finite_and_near(name):
    image = IMAGE * (1e-7 if name == "joint" else 1e5)  # below, or beyond, what float16 can hold
    kind, own = KINDS[name]
    model, half = (kind(V, A, units=U, **own, **how) for how in ({}, {"dtype": "mixed_float16"}))
    for one in (model, half):
        one.adapt(image)
    image = image.astype("float32")
    logits = half({"image": image, "text": TEXT})
    assert logits.dtype == "float32" and half.compute_dtype == "float16"
    np.testing.assert_allclose(logits, call(model, image), atol=0.02)
    half.compile(keras.optimizers.SGD(0.01))
    assert np.isfinite(half.train_on_batch(batch(name) | {"image": image}, ANSWERS))


def test_thousands_of_pairs_are_summed_in_half_precision():
    image = np.ones((1, 64, 2), "float32")
    model, half = make("relation", image), make("relation", image, dtype="mixed_float16")
    for one in (model, half):
        one.set_weights([np.full(w.shape, 0.7) for w in one.get_weights()])
    given = [ops.ones(shape) for shape in ((1, 64, U), (1, L, U), (1, U))]
    full, got = (one.join(*given, None, None, INPUTS, False)[0] for one in (model, half))
    np.testing.assert_allclose(got, full, rtol=0.01)  # more than 65,504 in all


def test_loss_is_the_weighted_cross_entropy():
    model, weight = make("stacked"), np.array([0.5, 2.0, 0.0], "float32")
    logits = call(model)
    each = np.array([np.log(np.exp(row).sum()) - row[answer] for row, answer in zip(logits, ANSWERS, strict=True)])
    assert float(model.compute_loss(None, ANSWERS, logits)) == pytest.approx(each.mean(), rel=1e-5)
    got = float(model.compute_loss(None, ANSWERS, logits, sample_weight=weight))
    assert got == pytest.approx((each * weight).mean(), rel=1e-5)
    model.compile("sgd", metrics=["accuracy"])
    loss, accuracy = model.evaluate(INPUTS, ANSWERS, verbose=0)
    assert loss == pytest.approx(each.mean(), rel=1e-5)
    assert accuracy == pytest.approx((logits.argmax(-1) == ANSWERS).mean())
    assert model.evaluate(INPUTS, ANSWERS, sample_weight=weight, verbose=0)[0] == pytest.approx(got, rel=1e-5)


def test_adapt_takes_each_channel_to_one_size():
    images = (RNG.normal(size=(50, M, D)) * [1, 10, 100, 1, 1e-9, 0] + [0, 5, -50, 3, 0, 7]).astype("float32")
    model = JointEmbedding(V, A, units=U)
    model.adapt(images.astype("float16"))
    w, images = weights(model), images.astype("float16").astype("float64")
    np.testing.assert_allclose(w["image_mean"], images.mean((0, 1)), rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(w["image_deviation"], [*images.std((0, 1))[:4], 1, 1], rtol=1e-3)
    captioner = Captioner(V, units=U)
    for one in (model, captioner):  # one way for both
        one.adapt(images.astype("float32"))
    for name in ("image_mean", "image_deviation"):
        np.testing.assert_array_equal(getattr(model, name), getattr(captioner, name))
    model.adapt(images, samples=10)
    np.testing.assert_allclose(weights(model)["image_mean"], images[::5].mean((0, 1)), rtol=1e-4, atol=1e-5)


@EACH
def test_a_new_process_begins_with_the_same_variables(name):
    keras.utils.set_random_seed(1)  # what is left to the global generator would show

    def begun():
        kind, own = KINDS[name]
        model = kind(V, A, **{"units": U, "embedding": 5, "seed": 3} | own)
        model.build({"image": (None, M, D), "text": (None, None)})
        return model.variables

    first = [ops.convert_to_numpy(variable) for variable in begun()]
    keras.utils.set_random_seed(2)
    for one, variable in zip(first, begun(), strict=True):
        np.testing.assert_array_equal(one, ops.convert_to_numpy(variable), err_msg=variable.path)


def test_label_smoothing_is_of_training_only():
    logits, right, smoothing = RNG.normal(size=(B, A)).astype("float32"), np.arange(B) % A, 0.2
    log_p = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    wanted = np.full((B, A), smoothing / A)
    wanted[np.arange(B), right] += 1 - smoothing
    model = make("joint", label_smoothing=smoothing)
    loss = model.compute_loss(y=right, y_pred=ops.convert_to_tensor(logits))
    np.testing.assert_allclose(float(loss), -(wanted * log_p).sum(1).mean(), rtol=1e-5)
    loss = model.compute_loss(y=right, y_pred=ops.convert_to_tensor(logits), training=False)
    np.testing.assert_allclose(float(loss), -log_p[np.arange(B), right].mean(), rtol=1e-5)
    assert model.get_config()["label_smoothing"] == smoothing
    with pytest.raises(ValueError, match=r"label_smoothing=1.5.*from 0 to 1"):
        make("joint", label_smoothing=1.5)
