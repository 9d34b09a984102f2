"""The towers: oracles in NumPy, what changes nothing, every weight moves, seeds, saving, precision, backends."""

import numpy as np
import pytest
from backends import BACKENDS, on_backend

from mmcourse.backend import keras
from mmcourse.contrastive import DualEncoder, InfoNCE
from mmcourse.retrieval import ImageTower, TextTower, last_where, max_where

pytestmark = pytest.mark.usefixtures("eagerly")

ops = keras.ops
RNG = np.random.default_rng(0)
V, D, B, T, C = 13, 6, 4, 7, 5
TOKENS = np.array(
    [[1, 5, 6, 7, 8, 4, 2], [1, 9, 2, 0, 0, 0, 0], [1, 4, 4, 12, 3, 2, 0], [7, 0, 0, 0, 0, 0, 0]], "int32"
)
REAL = TOKENS != 0
GRID = RNG.normal(size=(B, 2, 3, C)).astype("float32")
TEXTS = {
    "mean": {"kind": "mean"},
    "mean, largest": {"kind": "mean", "pooling": "max", "embedding": 9},
    "lstm": {"kind": "lstm", "state": 4},
    "gru, both ways": {"kind": "gru", "bidirectional": True, "pooling": "max", "embedding": 9},
    "lstm, both ends": {"kind": "lstm", "bidirectional": True, "pooling": "last"},
    "gru, each word": {"kind": "gru", "bidirectional": True, "pooling": None},
    "transformer": {"kind": "transformer", "embedding": 8, "heads": 2, "length": 12},
}
IMAGES = {
    "mean": {"pooling": "mean"},
    "max": {"pooling": "max", "hidden": 7},
    "both": {"pooling": "mean+max"},
    "attention": {"pooling": "attention"},
    "each region": {"pooling": None, "hidden": 7},
}


def text_tower(name, **more):
    tower = TextTower(V, D, **TEXTS[name], **more)
    tower.build()
    return tower


def image_tower(name, shape=GRID.shape, **more):
    tower = ImageTower(D, **IMAGES[name], **more)
    tower.build((None, *shape[1:]))
    return tower


every_text = pytest.mark.parametrize("name", TEXTS)
every_image = pytest.mark.parametrize("name", IMAGES)


def dense(layer, x):
    kernel, bias = (np.asarray(w, "float64") for w in (layer.kernel, layer.bias))
    return x @ kernel + bias


# ── pooling ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_pooling_over_what_is_real(dtype):
    x = RNG.normal(-5, 1, (3, 4, 2)).astype("float32")  # all below 0: a padding of zeros would win
    mask = np.array([[True, False, True, False], [True] * 4, [False] * 4])
    tensor = ops.convert_to_tensor(x, dtype)
    top, end = max_where(tensor, mask), last_where(tensor, mask)
    assert keras.backend.standardize_dtype(top.dtype) == keras.backend.standardize_dtype(end.dtype) == dtype
    close = {"rtol": 1e-2 if dtype == "bfloat16" else 1e-3}
    np.testing.assert_allclose(ops.cast(top, "float32"), [x[0, [0, 2]].max(0), x[1].max(0), [0, 0]], **close)
    np.testing.assert_allclose(ops.cast(end, "float32"), [x[0, 2], x[1, 3], x[2, 0]], **close)


# ── the image tower ─────────────────────────────────────────────────────────────────────────────────


@every_image
def test_image_tower_equals_the_steps_by_hand(name):
    tower = image_tower(name, seed=3)
    x = GRID.reshape(B, 6, C).astype("float64")
    if name == "attention":
        a = tower.attention
        w1, w2, b, v = (
            np.asarray(w, "float64")
            for w in (a.query_projection.kernel, a.key_projection.kernel, a.key_projection.bias, a.score.kernel)
        )
        score = np.exp(np.tanh(np.asarray(tower.query, "float64") @ w1 + x @ w2 + b) @ v)  # (b, m, 1)
        x = (x * score / score.sum(1, keepdims=True)).sum(1)
    elif name != "each region":
        mean, largest = x.mean(1), x.max(1)
        x = {"mean": mean, "max": largest, "both": np.concatenate([mean, largest], 1)}[name]
    if tower.between is not None:
        x = np.maximum(dense(tower.between, x), 0)
    wanted = dense(tower.project, x)
    np.testing.assert_allclose(tower(GRID), wanted, atol=1e-5)
    assert tower.compute_output_shape(GRID.shape) == wanted.shape
    regions = GRID.reshape(B, 6, C)
    np.testing.assert_allclose(tower(regions), wanted, atol=1e-5)
    assert tower.compute_output_shape(regions.shape) == wanted.shape


@every_image
def test_regions_that_are_not_real_and_other_pictures_change_nothing(name):
    tower, regions = image_tower(name), GRID.reshape(B, 6, C)
    wanted = np.asarray(tower(regions))
    padded = np.concatenate([regions, np.full((B, 3, C), 1e3, "float32")], 1)
    mask = np.arange(9)[None] < np.full((B, 1), 6)
    np.testing.assert_allclose(np.asarray(tower(padded, mask=mask))[:, :6], wanted[:, :6], atol=1e-5)
    for i in range(B):
        np.testing.assert_allclose(tower(GRID[i : i + 1])[0], wanted[i], atol=1e-6)
    if name != "each region":
        order = RNG.permutation(6)
        np.testing.assert_allclose(tower(regions[:, order]), wanted, atol=1e-6)
        assert np.isfinite(tower(padded, mask=np.zeros((B, 9), bool))).all()


@every_image
def test_compiled_once_for_every_number_of_regions(name):
    """In a graph neither the number of pictures nor that of regions is known."""
    tower = image_tower(name)
    model = keras.Sequential([keras.Input((None, GRID.shape[-1])), tower])
    regions = GRID.reshape(len(GRID), -1, GRID.shape[-1])
    for n, m in ((len(GRID), regions.shape[1]), (1, 2), (2, 1)):
        x = regions[:n, :m]
        np.testing.assert_allclose(model.predict(x, verbose=0), tower(x), atol=1e-5)


def test_a_vector_is_only_projected():
    tower = ImageTower(D, pooling="mean+max")
    x = GRID[:, 0, 0]
    np.testing.assert_allclose(tower(x), dense(tower.project, x.astype("float64")), atol=1e-5)


# ── the text tower ──────────────────────────────────────────────────────────────────────────────────


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def by_hand(layer, x):
    """The states (t, units) of a recurrent layer over one sentence (t, e), in float64; gates as Keras orders them."""
    kernel, recurrent, bias = (np.asarray(w, "float64") for w in layer.weights)
    h = c = np.zeros(layer.units)
    states = []
    for vector in x:
        if isinstance(layer, keras.layers.LSTM):
            i, f, g, o = np.split(vector @ kernel + h @ recurrent + bias, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        else:  # GRU, the reset gate after the product
            (z, r, g), (uz, ur, ug) = (np.split(y, 3) for y in (vector @ kernel + bias[0], h @ recurrent + bias[1]))
            z, r = sigmoid(z + uz), sigmoid(r + ur)
            h = z * h + (1 - z) * np.tanh(g + r * ug)
        states.append(h)
    return np.array(states)


@pytest.mark.parametrize("name", [name for name in TEXTS if name != "transformer"])
def test_text_tower_equals_the_steps_by_hand(name):
    tower = text_tower(name, seed=3)
    table = np.asarray(tower.words.embeddings, "float64")
    out = np.asarray(tower(TOKENS))
    assert tower.compute_output_shape(TOKENS.shape) == out.shape
    for row, got in zip(TOKENS, out, strict=True):
        x = table[row[row != 0]]
        if tower.recurrent:
            states = [by_hand(tower.recurrent[0], x)]
            if len(tower.recurrent) == 2:
                states.append(by_hand(tower.recurrent[1], x[::-1])[::-1])
            ends = np.concatenate([states[0][-1], *(y[0] for y in states[1:])])
            x = np.concatenate(states, 1)
        pooled = {"mean": x.mean(0), "max": x.max(0), None: x}.get(tower.pooling)
        wanted = dense(tower.project, ends if tower.pooling == "last" else pooled)
        np.testing.assert_allclose(got[: len(x)] if tower.pooling is None else got, wanted, atol=1e-5)


def test_the_transformer_is_that_of_the_text_page():
    tower = text_tower("transformer")
    x = np.asarray(tower.words(TOKENS), "float64")
    pooled = np.stack([one[real].mean(0) for one, real in zip(x, REAL, strict=True)])
    np.testing.assert_allclose(tower(TOKENS), dense(tower.project, pooled), atol=1e-5)


@every_text
def test_padding_and_other_sentences_change_nothing(name):
    tower = text_tower(name)
    wanted = np.asarray(tower(TOKENS))
    wider = np.pad(TOKENS, [(0, 0), (0, 4)])
    for tokens, mask in ((wider, None), (np.where(wider == 0, 11, wider), wider != 0)):
        got = np.asarray(tower(tokens, mask=mask))
        if tower.pooling is None:
            np.testing.assert_allclose(got[:, :T][REAL], wanted[REAL], atol=1e-6)
        else:
            np.testing.assert_allclose(got, wanted, atol=1e-6)
    for i in range(B):
        alone = tower(TOKENS[i : i + 1])[0]
        np.testing.assert_allclose(alone, wanted[i], atol=1e-6)
    assert np.isfinite(tower(np.zeros((2, T), "int32"))).all()


@every_text
def test_whether_the_order_of_words_matters(name):
    tower = text_tower(name)
    if tower.pooling is None:
        return
    swapped = TOKENS[:1, [0, 2, 1, 3, 4, 5, 6]]
    same = np.allclose(tower(swapped), tower(TOKENS[:1]), atol=1e-5)
    assert same == (tower.config["kind"] == "mean")


# ── both ────────────────────────────────────────────────────────────────────────────────────────────


def towers(text, image, **more):
    return DualEncoder({"image": image_tower(image, **more), "text": text_tower(text, **more)}, InfoNCE())


@pytest.mark.parametrize("text, image", [*((t, "mean") for t in TEXTS if TEXTS[t].get("pooling", 0) is not None),
                                         *(("mean", i) for i in IMAGES if i != "each region")])  # fmt: skip
def test_every_weight_moves_and_the_model_survives_saving(text, image, tmp_path):
    model = towers(text, image, dropout=0.1)
    x = {"image": GRID, "text": TOKENS}
    model(x)
    before = model.get_weights()
    model.compile(keras.optimizers.SGD(0.1))
    model.fit(x, verbose=0)
    for old, new, weight in zip(before, model.get_weights(), model.weights, strict=True):
        if weight.path.endswith("key/bias"):  # the softmax cancels a bias of all keys
            continue
        assert np.abs(np.asarray(new, "float64") - old).max() > 0, weight.path
    path = tmp_path / "towers.keras"
    model.save(path)
    loaded = keras.models.load_model(path)
    for name, wanted in model(x).items():
        np.testing.assert_allclose(loaded(x)[name], wanted, atol=1e-6)
    assert loaded.encoders["text"].get_config() == model.encoders["text"].get_config()


@every_text
def test_one_seed_is_one_tower_and_no_two_weights_start_alike(name):
    first, same, other = (text_tower(name, seed=seed) for seed in (3, 3, 4))
    for a, b, c in zip(first.weights, same.weights, other.weights, strict=True):
        np.testing.assert_array_equal(a, b)
        constant = len(np.unique(a)) <= 2  # biases
        assert constant or (np.asarray(a) != np.asarray(c)).mean() > 0.9, a.path
    drawn = [np.ravel(w)[:8] for w in first.weights if len(np.unique(w)) > 2]
    for i, a in enumerate(drawn):  # two of one seed would be multiples of each other
        for b in drawn[:i]:
            ratio = a[: min(len(a), len(b))] / b[: min(len(a), len(b))]
            assert not np.allclose(ratio, ratio[0], rtol=1e-4)


@every_image
def test_one_seed_is_one_image_tower(name):
    first, same, other = (image_tower(name, seed=seed) for seed in (3, 3, 4))
    for a, b, c in zip(first.weights, same.weights, other.weights, strict=True):
        np.testing.assert_array_equal(a, b)
        assert not np.any(a) or (np.asarray(a) != np.asarray(c)).mean() > 0.9, a.path


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision_is_finite_and_close(policy):
    for make, x, names in ((text_tower, TOKENS, TEXTS), (image_tower, 30 * GRID, IMAGES)):
        for name in names:
            full, half = make(name), make(name, dtype=policy)
            half.set_weights(full.get_weights())
            got, wanted = half(x), np.asarray(full(x))
            assert keras.backend.standardize_dtype(got.dtype) == policy.removeprefix("mixed_")
            got = np.asarray(ops.cast(got, "float32"))
            if name == "gru, each word":
                got, wanted = got[REAL], wanted[REAL]
            size = np.abs(wanted).max()
            np.testing.assert_allclose(got / size, wanted / size, atol=0.01 if policy[6:] == "float16" else 0.05)


def test_errors_name_what_came():
    with pytest.raises(ValueError, match=r"Received: kind='bert'\. Allowed: 'mean', 'lstm', 'gru', 'transformer'"):
        TextTower(V, D, "bert")
    with pytest.raises(ValueError, match=r"Received: pooling='sum'\. Allowed: 'mean', 'max', 'mean\+max'"):
        ImageTower(D, "sum")
    with pytest.raises(ValueError, match=r"Received: kind='mean', bidirectional=True"):
        TextTower(V, D, bidirectional=True)
    with pytest.raises(ValueError, match=r"Received: shape=\(None, 1, 2, 3, 4\)"):
        ImageTower(D).build((None, 1, 2, 3, 4))


def test_without_order_captions_of_the_same_words_are_equal():
    from mmcourse.experiments.retrieval import without_order

    rows = np.array([[1, 5, 6, 9, 8, 7, 2, 0], [1, 9, 8, 7, 6, 5, 2, 0], [1, 4, 4, 2, 0, 0, 0, 0]])
    fixed = without_order(rows)
    np.testing.assert_array_equal(fixed, [[1, 5, 6, 7, 8, 9, 2, 0], [1, 5, 6, 7, 8, 9, 2, 0], rows[2]])
    assert rows[0, 3] == 9  # what came is as it was


def test_captions_made_false_are_false_and_the_exchanged_have_the_same_words():
    from mmcourse.experiments.retrieval import made_false
    from mmcourse.scenes import Scenes, check

    scenes = Scenes("test", n=60)
    captions = [caption for five in scenes.captions() for caption in five]
    found = made_false(captions, scenes.truths())
    assert all(len(pairs) > 20 for pairs in found.values())
    for name, pairs in found.items():
        for number, false in pairs:
            scene = scenes.truths()[number // 5]
            assert check(captions[number], scene).truth == 1 > check(false, scene).truth
            assert name != "colours exchanged" or sorted(captions[number].split()) == sorted(false.split())
    assert made_false(["There is a red circle."] * 5, scenes.truths()[:1]) == {name: [] for name in found}


@pytest.mark.parametrize("name", ["retrieval-scenes", "retrieval-order", "retrieval-films"])
def test_the_recorded_experiments_run(name, tmp_path):
    from mmcourse.experiments import __main__ as command
    from mmcourse.experiments.results import read_results
    from mmcourse.experiments.retrieval import ORDER, SETTINGS

    figures = read_results(command.main([name, "--quick", "--results", str(tmp_path)]))["figures"]
    if name == "retrieval-films":
        assert set(figures) == {"all frames", "middle frame", "chance"}
        assert {"R@1", "thing right"} <= set(figures["all frames"]["text to video"])
        return
    plan = ORDER if name == "retrieval-order" else SETTINGS
    models = {f"{kind}, {loss}" for kind in plan["texts"] for loss in plan["losses"]}
    mining = {"more epochs", "more epochs, mined", "gain of mining in R@1"} if plan["mining_epochs"] else set()
    assert set(figures) == models | mining | {"chance"}
    made = {"colours exchanged", "places turned round"} if name == "retrieval-order" else set()
    for model in models:
        assert set(figures[model]) == {"test", "unseen_pairs"}
        assert set(figures[model]["test"]) == {"text to image", "image to text"} | made
        assert {"R@1", "R@5", "R@10", "median rank", "MRR", "mAP"} <= set(figures[model]["test"]["image to text"])


def figures():
    results = {}
    for make, x, names in ((text_tower, TOKENS, TEXTS), (image_tower, GRID, IMAGES)):
        for name in names:
            tower = make(name)
            tower.set_weights(
                [0.5 * np.sin(np.arange(w.size).reshape(w.shape) + i) for i, w in enumerate(tower.get_weights())]
            )
            out = np.asarray(ops.convert_to_numpy(tower(x)))
            results[f"{make.__name__} {name}"] = out[REAL] if name == "gru, each word" else out
    model = towers("gru, both ways", "attention")
    model({"image": GRID, "text": TOKENS})
    model.set_weights([np.sin(np.arange(w.size).reshape(w.shape) + i) for i, w in enumerate(model.get_weights())])
    model.contrast.log_scale.assign(1.0)
    model.compile(keras.optimizers.SGD(0.1))
    x = {"image": GRID, "text": TOKENS}
    results["losses"] = model.fit(x, epochs=3, shuffle=False, verbose=0).history["loss"]
    return results


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    expected = on_backend(keras.config.backend(), figures)
    for name, value in on_backend(backend, figures).items():
        np.testing.assert_allclose(value, expected[name], rtol=1e-4, atol=1e-4, err_msg=name)
