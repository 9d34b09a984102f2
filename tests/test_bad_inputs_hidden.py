"""What a mask hides, or what is absent, reaches neither an output nor a gradient, whatever it holds: in every layer and
every loss that takes a mask."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse import attention, audio, autoencoder, contrastive, fusion, image, missing
from mmcourse._machinery.token_losses import mean_where, token_cross_entropy
from mmcourse.backend import keras
from mmcourse.cross_attention import attended_similarity
from mmcourse.fusion import levels
from mmcourse.retrieval import ImageTower
from mmcourse.text.encoder import mean_over_words
from mmcourse.video import frame_recurrent
from mmcourse.vqa import CoAttentionNetwork, JointEmbedding, ParallelCoAttention, StackedAttention, WordsAndRegions

pytestmark = pytest.mark.usefixtures("eagerly")

ops, nan, inf = keras.ops, float("nan"), float("inf")
B, T, D = 3, 4, 6
RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(2, B, T, D)).astype("float32")
TOKENS = RNG.integers(1, 5, size=(B, T))
MASK = np.arange(T) < np.array([4, 1, 2])[:, None]
EACH = MASK[:, None] & (RNG.random((B, T, T)) < 0.7)  # each query has keys of its own, of those that are real
PRESENT = np.array([True, False, True])


def slopes(function, arrays, weights=()):
    """The gradients of Σ function(arrays)² by the arrays and the weights."""
    backend = keras.backend.backend()
    if backend != "tensorflow":
        pytest.skip("gradients are taken on TensorFlow")
    import tensorflow as tf

    arrays = [tf.constant(x) for x in arrays]
    with tf.GradientTape() as tape:
        for x in arrays:
            tape.watch(x)
        total = ops.sum(ops.square(ops.cast(function(*arrays), "float32")))
    found = tape.gradient(total, [*arrays, *(w.value for w in weights)])
    return [np.zeros(1) if one is None else np.asarray(one) for one in found]


def tensors(nest):
    """Keras takes a nest of tensors, or of arrays."""
    return keras.tree.map_structure(ops.convert_to_tensor, nest)


def first(outputs):
    return outputs[0] if isinstance(outputs, tuple) else outputs


def layer(made, *shapes, call=None):
    """A layer, built, and a function of arrays."""
    made.build(*shapes)
    return call or made, made.trainable_weights


S = (None, T, D)
DOT, ADDITIVE = attention.scaled_dot_product_attention, attention.AdditiveAttention(4, seed=0)
HEADS, CROSS = attention.MultiHeadAttention(6, 2, seed=0), attention.CrossAttention(6, 2, "beside", seed=0)
BLOCK, CO = attention.CrossBlock(6, 2, seed=0), attention.CoAttention(6, 2, seed=0)
for one in (ADDITIVE, HEADS, CROSS, BLOCK, CO):
    one.build(S, S)
TOWERS = {pool: ImageTower(4, pool) for pool in ("mean", "mean+max", "attention")}
SOUND = {"audio_rnn": audio.frame_rnn(D, 2, 4, seed=0), "audio_cnn": audio.spectrogram_cnn(D, 2, (2, 2), seed=0)}
FILM = frame_recurrent((T, 8, 8, 3), 2, 4, masked=True)
MEAN = audio.MaskedMean()
TOGETHER = ParallelCoAttention(4, seed=0)
TOGETHER.build(S, S)
ASKED = {
    kind.__name__: kind(9, 2, units=6, places=False, **own)
    for kind, own in (
        (JointEmbedding, {}), (StackedAttention, {"words": True}), (CoAttentionNetwork, {}),
        (WordsAndRegions, {"blocks": 2, "heads": 2}),
    )
}  # fmt: skip
for one in ASKED.values():
    one.build({"image": S, "text": (None, T)})
# name -> (what is hidden; the function of what is hidden, after a second array; its weights)
SEQUENCES = {
    "dot": (MASK, lambda x, y: DOT(y, x, x, MASK), ()),
    "dot, of each query": (EACH, lambda x, y: DOT(y, x, x, EACH), ()),
    "additive": (MASK, lambda x, y: ADDITIVE(y, x, mask=MASK), ADDITIVE.trainable_weights),
    "additive, of each query": (EACH, lambda x, y: ADDITIVE(y, x, mask=EACH), ADDITIVE.trainable_weights),
    "heads": (MASK, lambda x, y: HEADS(y, x, mask=MASK), HEADS.trainable_weights),
    "heads, of each query": (EACH, lambda x, y: HEADS(y, x, mask=EACH), HEADS.trainable_weights),
    "cross": (MASK, lambda x, y: CROSS(y, x, mask=MASK), CROSS.trainable_weights),
    "block": (MASK, lambda x, y: BLOCK(y, x, mask=MASK), BLOCK.trainable_weights),
    "both, the first": (MASK, lambda x, y: CO(x, y, first_mask=MASK)[1], CO.trainable_weights),
    "both, the second": (MASK, lambda x, y: CO(y, x, second_mask=MASK)[0], CO.trainable_weights),
    "words and regions": (MASK, lambda x, y: attended_similarity(x, y, MASK), ()),
    "mean over words": (MASK, lambda x, y: mean_over_words(x, MASK), ()),
    "mean of frames": (MASK, lambda x, y: MEAN(x, MASK), ()),
    "scaled recordings": (MASK, lambda x, y: audio.normalize_recordings(x, MASK), ()),
    "squared": (MASK, lambda x, y: autoencoder.squared_error(x, y, MASK), ()),
    "squared, the prediction": (MASK, lambda x, y: autoencoder.squared_error(y, x, MASK), ()),
    "binary": (MASK, lambda x, y: autoencoder.binary_cross_entropy(y, x, MASK), ()),
    "tokens": (MASK, lambda x, y: token_cross_entropy(TOKENS, x, MASK), ()),
    "mean of tokens": (MASK, lambda x, y: mean_where(token_cross_entropy(TOKENS, x, MASK), MASK), ()),
    **{
        f"tower, {pool}": (MASK, lambda x, y, one=one: one(x, mask=MASK), one.trainable_weights)
        for pool, one in TOWERS.items()
    },
    **{
        name: (
            MASK,
            lambda x, y, one=one: one(tensors({"audio": x, "mask": MASK})),
            one.trainable_weights,
        )
        for name, one in SOUND.items()
    },
    "chosen regions": (MASK, lambda x, y: TOGETHER(x, y, region_mask=MASK)[0], TOGETHER.trainable_weights),
    "words beside hidden regions": (MASK, lambda x, y: TOGETHER(x, y, region_mask=MASK)[1], TOGETHER.trainable_weights),
    "chosen words": (MASK, lambda x, y: TOGETHER(y, x, word_mask=MASK)[1], TOGETHER.trainable_weights),
    "regions beside hidden words": (MASK, lambda x, y: TOGETHER(y, x, word_mask=MASK)[0], TOGETHER.trainable_weights),
    **{
        name: (
            MASK,
            lambda x, y, one=one: one(tensors({"image": x, "text": TOKENS, "mask": {"image": MASK}})),
            [w for w in one.trainable_weights if w.name != "embeddings"],
        )
        for name, one in ASKED.items()
    },
}


def hidden_from_all(mask):
    return ~(mask.any(axis=1) if mask.ndim == 3 else mask)


def spoilt(x, mask, strange):
    return np.where(hidden_from_all(mask)[..., None], np.float32(strange), x)


@pytest.mark.parametrize("name", SEQUENCES)
@settings(max_examples=5)
@given(strange=st.sampled_from([nan, inf, -inf]))
def test_what_is_hidden_changes_nothing(name, strange):
    mask, function, weights = SEQUENCES[name]
    clean = spoilt(X, mask, 0)
    expected = np.asarray(first(function(clean, Y)))  # builds what is not built yet
    weights = weights or (TOWERS[name.removeprefix("tower, ")].trainable_weights if name.startswith("tower") else ())
    np.testing.assert_array_equal(first(function(spoilt(X, mask, strange), Y)), expected)
    wanted = slopes(function, (clean, Y), weights)
    for got, one in zip(slopes(function, (spoilt(X, mask, strange), Y), weights), wanted, strict=True):
        np.testing.assert_allclose(got, one, atol=1e-6)


def test_a_pair_that_was_ruled_out_by_minus_infinity_is_no_nan():
    logits = RNG.normal(size=(4, 4)).astype("float32")
    logits[0, 3] = -inf
    loss = contrastive.info_nce(logits)
    assert np.isfinite(float(loss)) and np.isfinite(slopes(contrastive.info_nce, (logits,))[0]).all()


def test_frames_of_a_film_that_are_not_there():
    film = RNG.uniform(0, 255, size=(B, T, 8, 8, 3)).astype("float32")

    def says(x):
        return FILM(tensors({"video": x, "mask": {"video": MASK}}))

    bad = np.where(MASK[..., None, None, None], film, np.float32(nan))
    np.testing.assert_array_equal(says(bad), says(np.where(np.isnan(bad), 0, film)))
    assert all(np.isfinite(one).all() for one in slopes(says, (bad,), FILM.trainable_weights))


# ── models of several modalities ────────────────────────────────────────────────────────────────────
def dense(units=3):
    return keras.layers.Dense(units, kernel_initializer=keras.initializers.GlorotUniform(0))


def batch(strange):
    """A sequence with padding and a vector that one item lacks."""
    absent = np.where(PRESENT[:, None], X[:, 0, :2], np.float32(strange))
    return {"a": spoilt(X, MASK, strange), "b": absent, "mask": {"a": MASK}, "present": {"b": PRESENT}}


def vectors(strange):
    """Two vectors, of which an item may lack one."""
    return {"a": Y[:, 0], "b": batch(strange)["b"], "present": {"b": PRESENT}}


def two():
    return {"a": dense(), "b": dense()}


KINDS = [getattr(fusion, name) for name in fusion.__all__ if name != "Fusion"]
MODELS = {
    **{k.__name__: (lambda k=k: levels.FeatureLevel(two(), k(4, seed=0), 2, seed=0), batch) for k in KINDS},
    "DataLevel": (lambda: levels.DataLevel(dense(), 2, seed=0), vectors),
    "DecisionLevel": (lambda: levels.DecisionLevel(two(), 2, seed=0), vectors),
    "Hybrid": (lambda: levels.Hybrid(two(), fusion.MeanFusion(3, seed=0), 2, seed=0), vectors),
    "generator": (lambda: missing.CrossModalGenerator(4, rate=0.0, seed=0), vectors),
    "imputer": (
        lambda: missing.Prepared([missing.MeanImputer()], levels.DataLevel(dense(), 2, seed=0)), vectors
    ),
    "autoencoder": (
        lambda: autoencoder.MultimodalAutoencoder(
            two(), {"a": dense(D), "b": dense(2)}, {"a": "squared", "b": "binary"}, 4, rate=0.0, seed=0
        ),
        vectors,
    ),
}  # fmt: skip


@pytest.mark.parametrize("strange", [nan, inf])
@pytest.mark.parametrize("name", MODELS)
def test_what_is_absent_teaches_nothing(name, strange):
    make, inputs = MODELS[name]
    found = []
    for garbage in (0.0, strange):
        model = make()
        model(inputs(0.0))
        model.set_weights([np.full(w.shape, 0.1) for w in model.get_weights()])
        outputs = [np.asarray(one) for one in keras.tree.flatten(model(inputs(garbage)))]
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        own = name in ("generator", "autoencoder")
        model.compile(keras.optimizers.SGD(0.1), None if own else loss)
        model.train_on_batch(inputs(garbage), None if own else np.array([0, 1, 1]))
        found.append([*outputs, *model.get_weights()])
    for clean, got in zip(*found, strict=True):
        assert np.isfinite(got).all()
        np.testing.assert_allclose(got, clean, atol=1e-6)


def test_targets_where_nothing_is_mean_nothing():
    detector = image.SceneDetector(4, seed=0)
    grid = np.abs(RNG.normal(size=(2, 8, 8, 4))).astype("float32")
    detector.adapt(grid)
    said, y = detector(grid), image.cell_targets([], 8, 8)
    y = {part: np.zeros((2, *x.shape[1:]), x.dtype) for part, x in y.items()}
    y["there"][:, 2, 3] = 1
    bad = y | {"box": np.where(y["there"][..., None] > 0, y["box"], np.float32(nan))}
    losses = [lambda x, y=y: detector.compute_loss(None, y, detector(x)) for y in (y, bad)]
    assert float(losses[0](grid)) == float(losses[1](grid))
    wanted, got = (slopes(loss, (grid,), detector.trainable_weights) for loss in losses)
    for one, other in zip(wanted, got, strict=True):
        np.testing.assert_allclose(other, one, atol=1e-6)
    assert said["box"].shape == (2, 8, 8, 4)
