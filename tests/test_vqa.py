"""Visual question answering: what all models share, and each way to join a picture and a question by its formulas."""

import numpy as np
import pytest
from vqa_oracle import (
    ANSWERS,
    IMAGE,
    INPUTS,
    KINDS,
    ORACLES,
    RNG,
    TEXT,
    A,
    B,
    D,
    L,
    M,
    U,
    V,
    batch,
    call,
    dense,
    joint,
    make,
    weights,
)

from mmcourse.backend import keras
from mmcourse.vqa import JointEmbedding, StackedAttention, VQAModel, WordsAndRegions

pytestmark = pytest.mark.usefixtures("eagerly")

ops, nan = keras.ops, float("nan")
EACH = pytest.mark.parametrize("name", KINDS)
FREE = [name for name, (kind, _) in KINDS.items() if not kind.GRID]  # regions without places, in any number
LOOK = [name for name, (kind, _) in KINDS.items() if kind.LOOKS_AT]


@pytest.mark.parametrize("name", ORACLES)
def test_what_is_joined_is_the_formula(name):
    model = make(name)
    w, of_words = weights(model), TEXT != 0
    regions, words = RNG.normal(size=(B, M, U)).astype("float32"), RNG.normal(size=(B, L, U)).astype("float32")
    question = RNG.normal(size=(B, U)).astype("float32")
    given = [ops.convert_to_tensor(one) for one in (regions, words, question)]
    joined, seen = model.join(*given, None, ops.convert_to_tensor(of_words), INPUTS, False)
    for b in range(B):
        real = int(of_words[b].sum())
        wanted, weighed = ORACLES[name](w, regions[b], words[b, :real], question[b])
        np.testing.assert_allclose(joined[b], wanted, atol=2e-5)
        assert set(seen) == set(weighed) == set(model.LOOKS_AT)
        for of, rows in weighed.items():
            got = np.asarray(seen[of][b])
            np.testing.assert_allclose(got[:, : len(rows[0])], rows, atol=1e-5)
            assert (got[:, len(rows[0]) :] == 0).all()  # no weight lies on padding


def test_regions_are_brought_to_one_size_and_merged_row_by_row():
    image = RNG.normal(size=(2, 16, 3)).astype("float32")
    model = make("film", image, merge=2)
    w, cells = weights(model), image.reshape(2, 4, 4, 3)
    cells = (cells - w["image_mean"]) / w["image_deviation"]
    for i, (r, c) in enumerate(np.ndindex(2, 2)):
        four = [cells[:, 2 * r + dr, 2 * c + dc] for dr in (0, 1) for dc in (0, 1)]
        wanted = np.maximum(dense(w, "region_projection", np.concatenate(four, axis=-1)), 0) + w["places"][i]
        np.testing.assert_allclose(model.read_image(image)[:, i], wanted, atol=1e-5)


def test_the_answer_is_read_from_what_was_joined():
    model = make("joint")
    w, words = weights(model), np.asarray(model.reader(TEXT), "float64")
    words = (words - words.mean(-1, keepdims=True)) / np.sqrt(words.var(-1, keepdims=True) + 1e-5)
    words = words * w["word_norm/gamma"] + w["word_norm/beta"]
    many = [(row != 0).sum() for row in TEXT]
    question = np.array([words[b, : many[b]].sum(axis=0) / many[b] ** 0.5 for b in range(B)])
    regions = np.maximum(dense(w, "region_projection", (IMAGE - w["image_mean"]) / w["image_deviation"]), 0)
    joined = [joint(w, regions[b] + w["places"], None, question[b])[0] for b in range(B)]
    wanted = dense(w, "answer", np.maximum(dense(w, "hidden", np.array(joined)), 0))
    np.testing.assert_allclose(call(model), wanted, atol=1e-5)


# ── what changes an answer, and what does not ───────────────────────────────────────────────────────
@EACH
def test_padding_and_neighbours_change_nothing(name):
    model = make(name)
    together = call(model)
    padded = np.pad(TEXT, ((0, 0), (0, 3)))
    np.testing.assert_allclose(call(model, text=padded), together, atol=1e-5)
    said = {"mask": {"text": padded != 0}}
    np.testing.assert_allclose(call(model, text=np.where(padded, padded, 9), **said), together, atol=1e-5)
    for b in range(B):
        one = call(model, IMAGE[b : b + 1], TEXT[b : b + 1, : (TEXT[b] != 0).sum()])
        np.testing.assert_allclose(one[0], together[b], atol=1e-5)


@EACH
def test_a_question_without_words_has_an_answer(name):
    model = make(name)
    alone = call(model, text=np.zeros((B, 1), "int32"))
    assert np.isfinite(alone).all()
    np.testing.assert_allclose(call(model, text=np.zeros((B, 4), "int32")), alone, atol=1e-5)


@pytest.mark.parametrize("name", FREE)
def test_the_order_of_regions_counts_with_places_only(name):
    order = [2, 0, 3, 1]
    free, placed = make(name, places=False), make(name)
    np.testing.assert_allclose(call(free, IMAGE[:, order]), call(free), atol=1e-5)
    moved = np.abs(call(placed, IMAGE[:, order]) - call(placed)).max()
    assert (moved > 1e-3) == (name not in ("joint", "image", "text"))  # a mean does not know what is where


@pytest.mark.parametrize("name", FREE)
def test_a_hidden_region_is_as_if_it_were_not_there(name):
    model = make(name, places=False)
    mask = np.array([[True, True, True, False], [False, True, False, False], [True, False, True, True]])
    got = call(model, np.where(mask[..., None], IMAGE, nan), mask={"image": mask})
    for b in range(B):
        np.testing.assert_allclose(got[b], call(model, IMAGE[b : b + 1, mask[b]], TEXT[b : b + 1])[0], atol=1e-5)
    assert np.isfinite(call(model, mask={"image": mask & False})).all()


def test_blind_models_are_blind():
    other = RNG.normal(size=IMAGE.shape).astype("float32")
    text, image, both = make("text"), make("image"), make("joint")
    np.testing.assert_array_equal(call(text, other * nan), call(text))
    np.testing.assert_array_equal(call(image, text=TEXT[::-1]), call(image))
    assert min(np.abs(call(one, other) - call(one)).max() for one in (image, both)) > 1e-3
    assert min(np.abs(call(one, text=TEXT[::-1]) - call(one)).max() for one in (text, both)) > 1e-3


@EACH
def test_picture_and_question_both_count(name):
    if name not in ("text", "image"):
        model = make(name)
        assert np.abs(call(model, IMAGE[::-1]) - call(model)).max() > 1e-3
        if name == "modules":  # the text decides on the program only, of which the likeliest step counts
            one, other = (model.read_program(*model.read_text(x, x != 0), x != 0) for x in (TEXT, TEXT[::-1]))
            assert np.abs(np.asarray(one) - other).max() > 1e-3
        else:
            assert np.abs(call(model, text=TEXT[::-1]) - call(model)).max() > 1e-3


@pytest.mark.parametrize("name", LOOK)
def test_weights_are_given_when_asked(name):
    model = make(name)
    logits, seen = model(batch(name), return_weights=True)
    np.testing.assert_allclose(logits, model(batch(name)), atol=1e-6)
    assert set(seen) == set(model.LOOKS_AT)
    for of, many in (("image", M), ("text", L)):
        if of in seen:
            rows = np.asarray(seen[of])
            assert rows.shape[::2] == (B, many) and seen[of].dtype == "float32" and rows.min() >= 0
    if name not in ("modules", "transformer"):
        assert all(np.allclose(np.sum(one, axis=-1), 1, atol=1e-5) for one in seen.values())


@EACH
@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="lengths that are not known are TensorFlow's")
def test_lengths_may_be_unknown(name):
    import tensorflow as tf

    model, unknown = make(name), [tf.TensorSpec((None, M, D)), tf.TensorSpec((None, None), "int32")]
    graph = tf.function(lambda image, text: model({"image": image, "text": text}), unknown)
    tf.config.run_functions_eagerly(False)
    np.testing.assert_allclose(graph(IMAGE, TEXT), call(model), atol=1e-5)
    np.testing.assert_allclose(graph(IMAGE[:1], TEXT[:1, :2]), call(model, IMAGE[:1], TEXT[:1, :2]), atol=1e-5)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="a graph is TensorFlow's")
def test_inside_a_graph_the_additive_form_of_a_mask_shows_as_nan():
    import tensorflow as tf

    model, regions, words = make("joint", places=False), np.ones((B, M), "float32"), np.ones((B, L), "float32")
    tf.config.run_functions_eagerly(False)
    graph = tf.function(lambda *masks: model(INPUTS | {"mask": dict(zip(("image", "text"), masks, strict=True))}))
    assert np.isfinite(graph(tf.constant(regions), tf.constant(words))).all()
    for masks in ((regions - np.inf, words), (regions, words - np.inf)):
        assert np.isnan(graph(*map(tf.constant, masks))).any(axis=1).all()


# ── errors ──────────────────────────────────────────────────────────────────────────────────────────
def told(name="stacked", **changed):
    return make(name)(INPUTS | changed)


ERRORS = [
    (
        lambda: told(image=IMAGE[:2]),
        r"image of shape \(2, 4, 6\), text of shape \(3, 5\). Allowed: image \(batch, m, d",
    ),
    (lambda: told(image=IMAGE[..., :5]), r"image of shape \(3, 4, 5\). Allowed: \(batch, 4, 6\), as this model"),
    (lambda: told(image=IMAGE[:, :3]), r"image of shape \(3, 3, 6\). Allowed: \(batch, 4, 6\)"),
    (lambda: told(text=TEXT + 9), r"text from 9 to 17. Allowed: ids from 0 to 10"),
    (lambda: told(mask={"image": np.ones((B, M), bool)}), r"mask\['image'\]. Allowed: none where regions have places"),
    (lambda: told(mask={"text": np.ones((B, 4), bool)}), r"mask\['text'\] of shape \(3, 4\)"),
    (lambda: told(mask={"sound": np.ones((B, 4), bool)}), r"mask for \['sound'\]. Allowed: \['image', 'text'\]"),
    (lambda: told(mask=TEXT != 0), r"mask of type .*. Allowed: a dict"),
    (lambda: make("stacked")({"image": IMAGE}), r"a batch of \['image'\]. Allowed: a dict with 'image' and 'text'"),
    (lambda: JointEmbedding(V, A)(IMAGE), "Received: a batch of tuple. Allowed: a dict with 'image' and 'text'"),
    (lambda: make("joint")(INPUTS, return_weights=True), "return_weights=True. Allowed: False, JointEmbedding has no"),
    (
        lambda: make("joint", np.ones((2, 2, 2, 3))),
        r"becomes regions by mmcourse.image.regions. Received: .*None, 2, 2, 3",
    ),
    (lambda: make("film", np.ones((2, 6, 3))), "Received: 6 regions, merge=1. Allowed: a square grid"),
    (lambda: make("joint", IMAGE, merge=3), "Received: 4 regions, merge=3. Allowed: a square grid whose side merge"),
    (lambda: JointEmbedding(V, A).build({"image": (2, None, 3), "text": (2, 3)}), r"places=True. Allowed: a known"),
    (lambda: JointEmbedding(V, A, uses="sound"), "uses='sound'. Allowed: both, image, text"),
    (lambda: JointEmbedding(V, 0), "answers=0. Allowed: a whole number from 1"),
    (lambda: JointEmbedding(V, A, embedding=2.5), "embedding=2.5. Allowed: a whole number from 1"),
    (lambda: JointEmbedding(V, A, places="no"), "places='no'. Allowed: True, False"),
    (lambda: JointEmbedding(V, A, dropout=1.0), "dropout=1.0. Allowed: from 0, below 1"),
    (lambda: StackedAttention(V, A, hops=0), "hops=0. Allowed: a whole number from 1"),
    (lambda: StackedAttention(V, A, words=None), "words=None. Allowed: True, False"),
    (lambda: WordsAndRegions(V, A, units=8, heads=3), "units=8, heads=3. Allowed: heads that divide the units"),
    (lambda: WordsAndRegions(V, A, units=8, length=4)(INPUTS), "t=5. Allowed: up to 4"),
    (lambda: make("joint").compute_loss(None, ANSWERS[:, None], np.ones((B, A))), r"y of shape \(3, 1\).*y \(batch\)?"),
    (lambda: make("joint").compute_loss(None, ANSWERS + 1, np.ones((B, A))), "y from 1 to 5. Allowed: ids from 0 to 4"),
    (lambda: make("joint").adapt(IMAGE[:0]), r"images of shape \(0, 4, 6\). Allowed: one image or more"),
    (lambda: make("joint").adapt(IMAGE * nan), "72 of them NaN or infinite. Allowed: finite numbers"),
    (lambda: make("joint").adapt(IMAGE[..., :3]), r"image of shape \(3, 4, 3\). Allowed: \(batch, 4, 6\)"),
]


@pytest.mark.parametrize(("refused", "words"), ERRORS)
def test_errors_name_what_came_and_what_is_allowed(refused, words):
    with pytest.raises(ValueError, match=words):
        refused()


def test_a_deep_model_has_seeds_enough():
    model = StackedAttention(V, A, units=4, hops=70)
    model.build({"image": (None, M, D), "text": (None, None)})
    kernels = [np.asarray(one.query_projection.kernel) for one in model.looks]
    assert len({kernel.tobytes() for kernel in kernels}) == 70


def test_the_base_joins_nothing():
    with pytest.raises(NotImplementedError):
        VQAModel(V, A)(INPUTS)


def test_equal_weights_are_the_control_of_attention():
    learned, equal = make("stacked"), make("stacked", weights="equal")
    assert [v.shape for v in equal.weights] == [v.shape for v in learned.weights]  # the same network
    logits, seen = equal(INPUTS, return_weights=True)
    np.testing.assert_allclose(seen["image"], 1 / M, rtol=1e-6)
    np.testing.assert_allclose(call(equal, IMAGE), logits, atol=1e-6)
    w = weights(equal)
    regions = np.maximum(dense(w, "region_projection", (IMAGE - w["image_mean"]) / w["image_deviation"]), 0)
    mean = (regions + w["places"]).mean(axis=1)
    joined = np.asarray(equal.read_text(TEXT, TEXT != 0)[1]) + 2 * mean  # two hops
    wanted = dense(w, "answer", np.maximum(dense(w, "hidden", joined), 0))
    np.testing.assert_allclose(logits, wanted, atol=1e-5)
    assert np.abs(call(learned) - call(equal)).max() > 1e-3


def test_weights_by_the_regions_are_the_other_control():
    learned, without = make("stacked"), make("stacked", weights="regions")
    assert [v.shape for v in without.weights] == [v.shape for v in learned.weights]
    logits, seen = without(INPUTS, return_weights=True)
    other = np.where(TEXT != 0, TEXT % (V - 1) + 1, 0)  # another question, as long
    assert (other != TEXT).any()
    asked_otherwise, same = without({"image": IMAGE, "text": other}, return_weights=True)
    np.testing.assert_array_equal(seen["image"], same["image"])
    assert np.abs(asked_otherwise - logits).max() > 1e-3  # the answer still depends on it
    w = weights(without)
    scaled = (IMAGE - w["image_mean"]) / w["image_deviation"]
    regions = np.maximum(dense(w, "region_projection", scaled), 0) + w["places"]
    for hop, look in enumerate(without.looks):
        keys = np.tanh(regions @ np.asarray(look.key_projection.kernel) + np.asarray(look.key_projection.bias))
        raw = np.exp(keys @ np.asarray(look.score.kernel))[..., 0]
        np.testing.assert_allclose(seen["image"][:, hop], raw / raw.sum(1, keepdims=True), rtol=1e-4)
    assert np.ptp(np.asarray(seen["image"]), axis=-1).min() > 1e-4  # and some regions weigh more
