"""The captioner: one step for training and decoding, an honest loss, and the whole ladder of pitfalls."""

import numpy as np
import pytest
from backends import BACKENDS, on_backend

from mmcourse.backend import keras
from mmcourse.captioning import (
    Captioner,
    CaptionWriter,
    attention_maps,
    commonest_caption,
    load_captioner,
    save_captioner,
    shuffle_images,
    token_loss,
    write_captions,
    write_tokens,
)
from mmcourse.decoding import beam_search, greedy
from mmcourse.text import END, PAD, START, Vocabulary

pytestmark = pytest.mark.usefixtures("eagerly")

ops = keras.ops
V, M, D, L, B = 9, 4, 5, 6, 3
IMAGE = np.random.default_rng(0).standard_normal((B, M, D)).astype("float32")
TOKENS = np.array([[1, 4, 5, 6, 7, 8], [1, 8, 7, 0, 0, 0], [1, 5, 5, 5, 0, 0]], "int32")
TARGETS = np.array([[4, 5, 6, 7, 8, 2], [8, 7, 2, 0, 0, 0], [5, 5, 5, 2, 0, 0]], "int32")
KINDS = pytest.mark.parametrize("attention", [None, "soft"])


def make(attention="soft", **settings):
    """A small captioner whose weights are all away from zero (so that a forgotten bias shows)."""
    settings = {"units": 8, "embedding": 6, "image_units": 7, "attention_units": 5} | settings
    captioner = Captioner(V, attention=attention, places=attention is not None, **settings)
    captioner.build({"image": (None, M, D), "tokens": (None, None)})
    rng = np.random.default_rng(3)
    captioner.set_weights([rng.normal(0, 0.5, w.shape).astype("float32") for w in captioner.get_weights()])
    captioner.image_deviation.assign(rng.uniform(0.5, 2.0, D))  # a deviation is positive
    return captioner


def call(captioner, image=IMAGE, tokens=TOKENS):
    return keras.ops.convert_to_numpy(captioner({"image": image, "tokens": tokens}))


def stepwise(captioner, image, tokens):
    state, rows = captioner.start(image), []
    for t in range(tokens.shape[1]):
        logits, state = captioner.step(tokens[:, t], state)
        rows.append(keras.ops.convert_to_numpy(logits))
    return np.stack(rows, 1)


def figures():
    """What three backends are compared on."""
    captioner = make()
    writer = CaptionWriter(captioner, width=3, length_penalty=0.7, max_length=5)
    trained = make(dropout=0.0, label_smoothing=0.1)
    trained.compile(keras.optimizers.SGD(0.5))
    loss = trained.fit({"image": IMAGE, "tokens": TOKENS}, TARGETS, epochs=2, batch_size=B, shuffle=False, verbose=0)
    return {
        "logits": call(captioner),
        "greedy": write_tokens(captioner, IMAGE, max_length=5, batch_size=2),
        "beam": writer.predict(IMAGE, verbose=0)["tokens"],
        "loss": loss.history["loss"],
        "trained": call(trained),
    }


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    ours, theirs = on_backend(keras.config.backend(), figures), on_backend(backend, figures)
    for name, value in ours.items():
        np.testing.assert_allclose(theirs[name], value, atol=1e-4, err_msg=name)


# The oracle: one step in NumPy


def test_a_step_equals_the_formulas():
    c = make()
    w = {variable.path.split("/", 1)[1]: np.asarray(variable, "float64") for variable in c.weights}

    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    def dense(x, name):
        return x @ w[f"{name}/kernel"] + w.get(f"{name}/bias", 0)

    word = np.array([4, 8, 5])
    logits, state = c.step(word, c.start(IMAGE))
    for s in range(B):
        image = (IMAGE[s] - w["image_mean"]) / w["image_deviation"]
        regions = np.maximum(dense(image, "region_projection"), 0) + w["places"]
        mean = regions.mean(0)
        hidden, cell = np.tanh(dense(mean, "first_hidden")), np.tanh(dense(mean, "first_cell"))
        embedded = w["embedding/embeddings"][word[s]]
        question = np.concatenate([hidden, embedded])
        scores = np.tanh(dense(question, "look/query_projection") + dense(regions, "look/key_projection"))
        scores = scores @ w["look/score/kernel"][:, 0]
        alpha = np.exp(scores) / np.exp(scores).sum()
        seen = sigmoid(dense(question, "gate")) * (alpha @ regions)
        z = np.concatenate([embedded, seen]) @ w["cell/kernel"] + hidden @ w["cell/recurrent_kernel"] + w["cell/bias"]
        i, f, g, o = np.split(z, 4)
        cell = sigmoid(f) * cell + sigmoid(i) * np.tanh(g)
        hidden = sigmoid(o) * np.tanh(cell)
        wanted = dense(np.concatenate([hidden, seen, embedded]), "output_projection")
        np.testing.assert_allclose(logits[s], w["embedding/embeddings"] @ wanted + w["output_bias"], atol=1e-4)
        np.testing.assert_allclose(state["hidden"][s], hidden, atol=1e-5)
        np.testing.assert_allclose(state["cell"][s], cell, atol=1e-5)


# One step


@KINDS
def test_stepwise_equals_teacher_forced(attention):
    captioner = make(attention)
    np.testing.assert_allclose(stepwise(captioner, IMAGE, TOKENS), call(captioner), atol=1e-5)


@KINDS
def test_a_word_sees_only_the_words_before_it(attention):
    captioner = make(attention)
    changed = TOKENS.copy()
    changed[:, 3] = 7
    before, after = call(captioner), call(captioner, tokens=changed)
    np.testing.assert_allclose(after[:, :3], before[:, :3], atol=1e-6)
    assert np.abs(after[:, 3:] - before[:, 3:]).max() > 1e-3  # the recurrent state is not dropped either
    assert np.abs(after[:, 4:] - before[:, 4:]).max() > 1e-3


@KINDS
def test_neighbours_in_the_batch_change_nothing(attention):
    captioner = make(attention)
    together = call(captioner)
    for s in range(B):
        np.testing.assert_allclose(call(captioner, IMAGE[s : s + 1], TOKENS[s : s + 1])[0], together[s], atol=1e-5)


@KINDS
def test_the_image_matters_at_every_word(attention):
    captioner = make(attention)
    assert (np.abs(call(captioner, IMAGE[::-1]) - call(captioner)).max((0, 2)) > 1e-3).all()


def test_without_places_the_order_of_regions_does_not_matter_and_with_them_it_does():
    order = [2, 0, 3, 1]
    blind = Captioner(V, units=8, attention="soft")
    np.testing.assert_allclose(call(blind, IMAGE[:, order]), call(blind), atol=1e-5)
    placed = make()
    assert np.abs(call(placed, IMAGE[:, order]) - call(placed)).max() > 1e-3


def test_the_state_is_a_dict_of_arrays_with_a_row_an_image():
    for attention in (None, "soft"):
        state = make(attention).start(IMAGE)
        assert isinstance(state, dict) and all(value.shape[0] == B for value in state.values())


def test_plain_captioner_takes_vectors_and_regions_alike():
    captioner = Captioner(V, units=8)
    vectors = IMAGE[:, 0]
    first = call(captioner, vectors)
    np.testing.assert_allclose(call(captioner, np.repeat(vectors[:, None], M, 1)), first, atol=1e-5)


# The loss


def test_loss_is_cross_entropy_per_real_token():
    logits = np.random.default_rng(1).standard_normal((B, L, V))
    rows = [
        -(logits[b, t, TARGETS[b, t]] - np.log(np.exp(logits[b, t]).sum()))
        for b in range(B)
        for t in range(L)
        if TARGETS[b, t] != PAD
    ]
    np.testing.assert_allclose(token_loss(TARGETS, logits), np.mean(rows), rtol=1e-5)


def test_label_smoothing_is_cross_entropy_with_the_smoothed_target():
    logits = np.random.default_rng(1).standard_normal((B, L, V))
    log_p = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    target = 0.9 * np.eye(V)[TARGETS] + 0.1 / V
    real = TARGETS != PAD
    expected = -(target * log_p).sum(-1)[real].mean()
    np.testing.assert_allclose(token_loss(TARGETS, logits, 0.1), expected, rtol=1e-5)


@KINDS
def test_padding_changes_no_loss(attention):
    captioner = make(attention, doubly_stochastic=1.0 if attention else 0.0)

    def loss(extra):
        pad = [(0, 0), (0, extra)]
        tokens, targets = np.pad(TOKENS, pad), np.pad(TARGETS, pad)
        logits = captioner({"image": IMAGE, "tokens": tokens})
        return float(captioner.compute_loss(None, targets, logits))

    np.testing.assert_allclose(loss(4), loss(0), rtol=1e-5)


def test_a_batch_without_words_has_loss_zero():
    assert float(token_loss(np.zeros((2, 3), "int32"), np.ones((2, 3, V)))) == 0.0


def test_smoothing_is_for_training_only():
    captioner = make(label_smoothing=0.2)
    logits = call(captioner)
    assert float(captioner.compute_loss(None, TARGETS, logits, training=False)) == pytest.approx(
        float(token_loss(TARGETS, logits)), rel=1e-6
    )
    assert float(captioner.compute_loss(None, TARGETS, logits)) != pytest.approx(float(token_loss(TARGETS, logits)))


def test_doubly_stochastic_penalty_is_the_formula():
    captioner = make(doubly_stochastic=0.5)
    inputs = {"image": IMAGE, "tokens": TOKENS}
    logits, weights = captioner(inputs, return_weights=True)
    summed = (np.asarray(weights) * (TOKENS != PAD)[..., None]).sum(1)  # (batch, regions)
    expected = float(token_loss(TARGETS, logits)) + 0.5 * ((1 - summed) ** 2).mean()
    assert float(captioner.compute_loss(None, TARGETS, logits)) == pytest.approx(expected, rel=1e-5)


# Training, saving, precision


@KINDS
def test_every_weight_moves_after_one_step(attention):
    captioner = make(attention)
    captioner.compile(keras.optimizers.SGD(1.0))
    before = [w.copy() for w in captioner.get_weights()]
    captioner.fit({"image": IMAGE, "tokens": TOKENS}, TARGETS, verbose=0)
    assert len(captioner.trainable_weights) == (20 if attention else 13)
    for old, new, weight in zip(before, captioner.get_weights(), captioner.weights, strict=True):
        constant = weight.name in ("image_mean", "image_deviation")  # set by `adapt`, moved by no gradient
        assert (np.abs(new - old).max() > 0) != constant, weight.path


@pytest.mark.compiled
def test_it_learns_by_heart_what_it_then_writes():
    keras.utils.set_random_seed(0)
    captioner = Captioner(V, units=32, attention="soft")
    captioner.compile(keras.optimizers.Adam(0.02))
    inputs, steps = {"image": IMAGE, "tokens": TOKENS}, 80  # in one long epoch: its end takes longer than a step
    often = {name: np.tile(x, (steps, *(1,) * (x.ndim - 1))) for name, x in inputs.items()}
    captioner.fit(often, np.tile(TARGETS, (steps, 1)), batch_size=B, shuffle=False, verbose=0)
    assert float(captioner.compute_loss(None, TARGETS, captioner(inputs))) < 0.05
    np.testing.assert_array_equal(write_tokens(captioner, IMAGE, max_length=L), TARGETS)


def test_adapt_standardises_each_channel_and_leaves_a_constant_one_alone():
    rng = np.random.default_rng(1)
    images = (rng.standard_normal((50, M, D)) * [1, 10, 100, 1, 0] + [0, 5, -50, 3, 7]).astype("float32")
    captioner = Captioner(V, units=8, attention="soft")
    captioner.adapt(images)
    mean, deviation = np.asarray(captioner.image_mean), np.asarray(captioner.image_deviation)
    np.testing.assert_allclose(mean, images.mean((0, 1)), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(deviation[:4], images.std((0, 1))[:4], rtol=1e-4)
    assert deviation[4] == 1
    other = Captioner(V, units=8, attention="soft")  # the same picture in other units gives the same words
    other.adapt(images * 3 + 1)
    weights = [w.numpy() for w in captioner.trainable_weights]
    for weight, value in zip(other.trainable_weights, weights, strict=True):
        weight.assign(value)
    tokens = np.repeat(TOKENS, 2, 0)
    np.testing.assert_allclose(call(other, images[:6] * 3 + 1, tokens), call(captioner, images[:6], tokens), atol=1e-3)


@KINDS
def test_saves_and_loads(attention, tmp_path):
    captioner = make(attention)
    expected = call(captioner)
    captioner.save(tmp_path / "captioner.keras")
    loaded = keras.models.load_model(tmp_path / "captioner.keras")
    np.testing.assert_allclose(call(loaded), expected, atol=1e-6)
    assert loaded.get_config() == captioner.get_config()
    captioner.save_weights(tmp_path / "captioner.weights.h5")
    other = Captioner.from_config(captioner.get_config())
    other.build({"image": (None, M, D), "tokens": (None, None)})
    other.load_weights(tmp_path / "captioner.weights.h5")
    np.testing.assert_allclose(call(other), expected, atol=1e-6)


@KINDS
def test_a_trained_captioner_goes_into_a_folder_and_comes_back(attention, tmp_path):
    captioner, vocabulary = make(attention), Vocabulary(["a", "dog", "runs", "here", "now"])
    captioner.compile(keras.optimizers.Adam())
    captioner.fit({"image": IMAGE, "tokens": TOKENS}, TARGETS, verbose=0)  # the optimizer's state stays behind
    save_captioner(captioner, vocabulary, tmp_path / "new")
    loaded, words = load_captioner(tmp_path / "new")
    assert words.tokens == vocabulary.tokens and loaded.config == captioner.config
    np.testing.assert_allclose(call(loaded), call(captioner), atol=1e-6)
    assert sorted(file.name for file in (tmp_path / "new").iterdir()) == [
        "captioner.json", "captioner.lock", "captioner.vocabulary.json", "captioner.weights.h5",
    ]  # fmt: skip
    with pytest.raises(FileNotFoundError, match="Received: folder="):
        load_captioner(tmp_path / "nowhere")


def test_a_writer_saves_and_loads(tmp_path):
    writer = CaptionWriter(make(), width=2, length_penalty=0.5, max_length=4)
    expected = writer.predict(IMAGE, verbose=0)
    writer.save(tmp_path / "writer.keras")
    loaded = keras.models.load_model(tmp_path / "writer.keras")
    np.testing.assert_array_equal(loaded.predict(IMAGE, verbose=0)["tokens"], expected["tokens"])


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
@KINDS
def test_mixed_precision_is_finite_and_its_logits_are_float32(attention, policy):
    captioner = make(attention)
    half = make(attention, dtype=policy)
    half.set_weights(captioner.get_weights())
    logits = half({"image": IMAGE * 100, "tokens": TOKENS})
    assert keras.backend.standardize_dtype(logits.dtype) == "float32"
    assert np.isfinite(keras.ops.convert_to_numpy(logits)).all()
    np.testing.assert_allclose(call(half), call(captioner), atol=0.5)
    np.testing.assert_allclose(stepwise(half, IMAGE, TOKENS), call(half), atol=0.1)
    half.compile(keras.optimizers.SGD(0.1))
    loss = half.fit({"image": IMAGE, "tokens": TOKENS}, TARGETS, verbose=0).history["loss"][0]
    assert np.isfinite(loss)
    assert np.asarray(write_tokens(half, IMAGE, width=2, max_length=4)).shape == (B, 4)


# Writing captions


@KINDS
@pytest.mark.parametrize("width", [1, 3])
def test_written_tokens_are_those_of_the_decoder(attention, width):
    captioner = make(attention)
    state = captioner.start(IMAGE)
    expected = (
        greedy(captioner.step, state, 5)[0] if width == 1 else beam_search(captioner.step, state, width, 0.6, 5)[0]
    )
    tokens = write_tokens(captioner, IMAGE, width=width, max_length=5, forbidden=(PAD, START))
    np.testing.assert_array_equal(tokens, expected)


@pytest.mark.compiled
def test_captions_do_not_depend_on_the_batches():
    captioner = make()
    images = np.random.default_rng(5).standard_normal((7, M, D)).astype("float16")
    expected = write_tokens(captioner, images, batch_size=7)
    for size in (1, 3, 100):
        np.testing.assert_array_equal(write_tokens(captioner, images, batch_size=size), expected)
    assert write_tokens(captioner, images[:0]).shape == (0, 20)


def test_captions_follow_the_weights_of_the_moment():
    captioner = make()
    write_tokens(captioner, IMAGE)
    for weight in captioner.trainable_weights:
        weight.assign(weight * 0)
    captioner.output_bias.assign(5.0 * np.eye(V)[7])
    assert (write_tokens(captioner, IMAGE, max_length=4) == 7).all()


def test_nothing_unsayable_is_written():
    captioner = make()
    captioner.output_bias.assign([100.0, 100.0, 0, 100.0, 0, 0, 0, 0, 0])
    for width in (1, 2):
        tokens = write_tokens(captioner, IMAGE, width=width, max_length=5)
        assert not np.isin(tokens[:, 0], [0, 1, 3]).any()


def test_captions_are_words():
    vocabulary = Vocabulary(["a", "dog", "runs", "here", "now"])
    captions = write_captions(make(), IMAGE, vocabulary, max_length=5)
    assert len(captions) == B and all(isinstance(caption, str) and "<" not in caption for caption in captions)


def test_attention_maps_are_those_of_the_unrolled_captioner():
    captioner = make()
    written = np.array([4, 5, 6, END, PAD, PAD])
    maps = attention_maps(captioner, IMAGE[0], written)
    assert maps.shape == (4, M)
    np.testing.assert_allclose(maps.sum(1), 1, atol=1e-5)
    _, weights = captioner({"image": IMAGE[:1], "tokens": np.array([[START, 4, 5, 6]])}, return_weights=True)
    np.testing.assert_allclose(maps, np.asarray(weights)[0], atol=1e-6)
    np.testing.assert_allclose(attention_maps(captioner, IMAGE[0], [START, 4, 5, 6, END]), maps, atol=1e-6)
    with pytest.raises(ValueError, match="attention=None"):
        attention_maps(make(None), IMAGE[0], written)


# Blind baselines


def test_commonest_caption_counts_tokens_not_strings():
    captions = ["A dog runs.", "a cat", "a dog runs", "A cat!", "A dog, runs"]
    assert commonest_caption(captions) == "a dog runs"
    with pytest.raises(ValueError, match="length 0"):
        commonest_caption([])


@pytest.mark.parametrize("n", [2, 3, 10])
def test_shuffled_images_are_all_there_and_none_is_in_its_place(n):
    images = np.arange(n)
    shuffled = shuffle_images(images, seed=n)
    assert sorted(shuffled) == list(range(n)) and (shuffled != images).all()


def test_errors_name_what_came():
    with pytest.raises(ValueError, match="Received: attention='firm'"):
        Captioner(V, attention="firm")
    with pytest.raises(ValueError, match="doubly_stochastic=1"):
        Captioner(V, doubly_stochastic=1.0)
    with pytest.raises(ValueError, match=r"image.shape=\(2, 7, 7, 5\)"):
        Captioner(V, units=8)({"image": np.zeros((2, 7, 7, 5), "float32"), "tokens": TOKENS[:2]})
    with pytest.raises(ValueError, match="Received: 1 images"):
        shuffle_images(np.ones((1, 3)))


@pytest.mark.parametrize(
    ("pair", "named"),
    [
        (lambda c, v: (c, None), "vocabulary, a NoneType"),
        (lambda c, v: (c, IMAGE), "vocabulary, a ndarray"),
        (lambda c, v: (c, Vocabulary([*v.words, "another"])), "a vocabulary of .* Allowed: that of the captioner"),
        (lambda c, v: ("captioner", v), "captioner, a str"),
    ],
)
def test_a_captioner_goes_with_its_own_vocabulary(tmp_path, pair, named):
    captioner, other = pair(make(), Vocabulary(["a", "dog", "runs", "here", "now"]))
    with pytest.raises(ValueError, match=named):
        write_captions(captioner, IMAGE, other)
    with pytest.raises(ValueError, match=named):
        save_captioner(captioner, other, tmp_path / "folder")
    assert not (tmp_path / "folder").exists(), "nothing was begun"
