"""The encoders of frames: every weight learns, and neither padding nor a neighbour in the batch is ever heard."""

import numpy as np
import pytest

from mmcourse.audio import MaskedMean, frame_rnn, spectrogram_cnn
from mmcourse.backend import keras

MODELS = pytest.mark.parametrize("build", [frame_rnn, spectrogram_cnn], ids=lambda f: f.__name__)
RNG = np.random.default_rng(0)
FRAMES = RNG.normal(size=(5, 21, 9)).astype("float32")
MASK = np.arange(21) < np.array([21, 1, 8, 15, 20])[:, None]


def logits(model, frames, mask):
    return np.array(keras.ops.convert_to_numpy(model({"audio": frames, "mask": mask})))


@MODELS
def test_neighbours_in_the_batch_change_nothing(build):
    model = build(9, 4, seed=3)
    together = logits(model, FRAMES, MASK)
    assert together.shape == (5, 4) and np.ptp(together, axis=0).min() > 1e-3, "recordings differ"
    for place in range(5):
        alone = logits(model, FRAMES[place : place + 1], MASK[place : place + 1])
        np.testing.assert_allclose(alone[0], together[place], rtol=1e-4, atol=1e-6)
    order = RNG.permutation(5)
    np.testing.assert_allclose(logits(model, FRAMES[order], MASK[order]), together[order], rtol=1e-4, atol=1e-6)


def test_a_layer_along_the_batch_is_caught():
    """The same test fails for the mistake: a recurrent layer over (time, batch, d) that is given (batch, time, d)."""
    gru = keras.layers.GRU(4, return_sequences=True, kernel_initializer=keras.initializers.GlorotUniform(seed=0))

    def along_the_batch(frames):
        states = gru(keras.ops.transpose(frames, (1, 0, 2)))
        return np.array(keras.ops.convert_to_numpy(keras.ops.transpose(states, (1, 0, 2))))[:, -1]

    assert np.abs(along_the_batch(FRAMES[1:])[0] - along_the_batch(FRAMES)[1]).max() > 1e-2


@MODELS
@pytest.mark.parametrize("extra", [1, 2, 3, 8])
def test_padding_changes_nothing(build, extra):
    model = build(9, 4, seed=3, statistics=(np.full(9, 2.0), np.full(9, 3.0)))
    rubbish = np.where(MASK[..., None], FRAMES, 9.0)
    longer = np.concatenate([rubbish, RNG.normal(size=(5, extra, 9)).astype("float32")], 1)
    again = logits(model, longer, np.pad(MASK, ((0, 0), (0, extra))))
    np.testing.assert_allclose(again, logits(model, FRAMES, MASK), rtol=1e-4, atol=1e-6)
    cut = logits(model, FRAMES[2:3, :8], MASK[2:3, :8])  # as long as the recording itself
    np.testing.assert_allclose(cut[0], logits(model, FRAMES, MASK)[2], rtol=1e-4, atol=1e-6)


@MODELS
def test_compiled_once_for_every_length(build):
    """In a graph neither the number of recordings nor that of frames is known."""
    model = build(9, 4, seed=3)
    for n, t in ((5, 21), (2, 13), (1, 1)):
        frames, mask = FRAMES[:n, :t], MASK[:n, :t]
        graph = model.predict({"audio": frames, "mask": mask}, verbose=0)
        np.testing.assert_allclose(graph, logits(model, frames, mask), rtol=1e-4, atol=1e-6)


@MODELS
def test_no_real_frame_is_finite(build):
    assert np.isfinite(logits(build(9, 4), FRAMES[:1], np.zeros((1, 21), bool))).all()


@MODELS
def test_every_weight_moves(build):
    model = build(9, 4, dropout=0.1, seed=1)
    before = [np.array(w) for w in model.get_weights()]
    trainable = [w.path for w in model.trainable_weights]
    assert len(trainable) == 8
    model.compile(keras.optimizers.Adam(1e-2), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    labels = np.arange(5) % 4
    inputs = {"audio": FRAMES, "mask": MASK}
    first = model.evaluate(inputs, labels, verbose=0)
    model.fit(inputs, labels, epochs=15, verbose=0)
    assert model.evaluate(inputs, labels, verbose=0) < first
    moved = {
        w.path: np.abs(new - old).max() for w, old, new in zip(model.weights, before, model.get_weights(), strict=True)
    }
    assert all(moved[path] > 0 for path in trainable), moved


@MODELS
def test_saved_and_loaded(build, tmp_path):
    model = build(9, 4, statistics=(np.arange(9), np.full(9, 2.0)), seed=2)
    model.save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    np.testing.assert_allclose(logits(loaded, FRAMES, MASK), logits(model, FRAMES, MASK), rtol=1e-6)
    assert not np.allclose(logits(model, FRAMES, MASK), logits(build(9, 4, seed=2), FRAMES, MASK), atol=1e-3)


@MODELS
def test_equal_seeds_give_equal_weights(build):
    for one, two in zip(build(9, 4, seed=5).get_weights(), build(9, 4, seed=5).get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    one, two = build(9, 4, seed=5), build(9, 4, seed=6)
    for weight, a, b in zip(one.weights, one.get_weights(), two.get_weights(), strict=True):
        if "kernel" in weight.path:
            assert np.abs(a - b).max() > 1e-3, weight.path


@MODELS
def test_half_precision(build):
    exact = logits(build(9, 4, seed=3), FRAMES, MASK)
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = build(9, 4, seed=3)
        out = model({"audio": FRAMES, "mask": MASK})
        assert keras.backend.standardize_dtype(out.dtype) == "float32"
        np.testing.assert_allclose(keras.ops.convert_to_numpy(out), exact, atol=0.03)
    finally:
        keras.config.set_dtype_policy("float32")


def test_the_masked_mean():
    out = keras.ops.convert_to_numpy(MaskedMean()(FRAMES, MASK))
    np.testing.assert_allclose(out, [x[m].mean(0) for x, m in zip(FRAMES, MASK, strict=True)], rtol=1e-5, atol=1e-6)
    huge = np.where(MASK[..., None], FRAMES, np.nan)  # what is not there is not even looked at
    assert np.isfinite(keras.ops.convert_to_numpy(MaskedMean()(huge, MASK))).all()
