"""The joint classifier and its batches: the ladder of pitfalls."""

import numpy as np
import pytest
from backends import BACKENDS, on_backend

from mmcourse.backend import keras
from mmcourse.ranking import MatchingBatches, MatchingClassifier

pytestmark = pytest.mark.usefixtures("eagerly")

ops = keras.ops
RNG = np.random.default_rng(0)
B, H, W, C, L, V = 5, 2, 3, 4, 6, 11
IMAGE = RNG.standard_normal((B, H, W, C)).astype("float32")
TEXT = np.where(np.arange(L) < np.array([6, 3, 5, 1, 4])[:, None], RNG.integers(4, V, (B, L)), 0).astype("int32")
X = {"image": IMAGE, "text": TEXT}
Y = np.float32([1, 0, 1, 0, 1])


def small(**kwargs):
    return MatchingClassifier(V, **({"units": 8, "heads": 2, "blocks": 2, "length": 8} | kwargs))


def filled(model):
    """The model with weights that differ in every place and on no machine."""
    model(X)
    model.set_weights([0.5 * np.sin(np.arange(w.size).reshape(w.shape) + i) for i, w in enumerate(model.get_weights())])
    return model


# ── oracle: NumPy, one pair at a time, words without padding ────────────────────────────────────────


def by_hand(model, image, text):
    w = {weight.path.split("/", 1)[1]: np.asarray(weight, "float64") for weight in model.weights}

    def norm(x, name):
        mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
        return (x - mean) / np.sqrt(variance + 1e-5) * w[f"{name}/gamma"] + w[f"{name}/beta"]

    def gelu(x):
        from math import erf

        return x * 0.5 * (1 + np.vectorize(erf)(x / np.sqrt(2)))

    def dense(x, name):
        return x @ w[f"{name}/kernel"] + w.get(f"{name}/bias", 0)

    def block(x, other, name):
        q, k, v = (dense(y, f"{name}/attention/{part}") for y, part in
                   ((norm(x, f"{name}/norm"), "query"), (other, "key"), (other, "value")))  # fmt: skip
        heads = []
        for h in range(2):
            part = slice(4 * h, 4 * h + 4)
            scores = q[:, part] @ k[:, part].T / 2
            weights = np.exp(scores - scores.max(1, keepdims=True))
            heads.append(weights / weights.sum(1, keepdims=True) @ v[:, part])
        x = x + dense(np.concatenate(heads, 1), f"{name}/attention/output")
        return x + dense(gelu(dense(norm(x, f"{name}/inner_norm"), f"{name}/inner")), f"{name}/outer")

    words = text[text != 0]
    x = w["words/embeddings"][words] + w["positions/embeddings"][: len(words)]
    found = []
    for i in range(H):
        for j in range(W):
            found.append([*image[i, j], 2 * i / (H - 1) - 1, 2 * j / (W - 1) - 1])
    regions = dense(np.array(found), "project")
    for i in range(2):
        x = block(x, x, f"among_words_{i}")
        x = block(x, regions, f"to_regions_{i}")
    return dense(norm(x, "norm"), "head").sum() + w["bias"]


def test_logits_equal_numpy():
    model = filled(small())
    wanted = [by_hand(model, image, text) for image, text in zip(IMAGE, TEXT, strict=True)]
    np.testing.assert_allclose(model(X), wanted, atol=1e-4)
    assert np.std(wanted) > 0.1


def test_the_loss_is_binary_cross_entropy_from_logits():
    model = filled(small())
    model.compile("sgd")
    p = 1 / (1 + np.exp(-np.asarray(model(X), "float64")))
    wanted = -np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p))
    assert model.evaluate(X, Y, verbose=0) == pytest.approx(wanted, rel=1e-4)
    for far in (1e4, -1e4):
        loss = model.compute_loss(y=np.float32([1, 0]), y_pred=np.float32([far, far]))
        assert float(loss) == pytest.approx(1e4 / 2)


# ── invariances ─────────────────────────────────────────────────────────────────────────────────────


def test_padding_and_neighbours_change_nothing():
    model = filled(small())
    logits = np.asarray(model(X))
    wider = np.pad(TEXT, ((0, 0), (0, 2)))
    np.testing.assert_allclose(model({"image": IMAGE, "text": wider}), logits, atol=1e-5)
    for i in range(B):
        alone = {"image": IMAGE[i : i + 1], "text": TEXT[i : i + 1, : (TEXT[i] != 0).sum()]}
        np.testing.assert_allclose(model(alone), logits[i : i + 1], atol=1e-5)
    order = RNG.permutation(B)
    np.testing.assert_allclose(model({k: v[order] for k, v in X.items()}), logits[order], atol=1e-5)


def test_it_sees_order_place_and_both_sides():
    model = filled(small())
    logits = np.asarray(model(X))
    turned = TEXT.copy()
    turned[0] = TEXT[0, ::-1]
    assert abs(float(model({"image": IMAGE, "text": turned})[0]) - logits[0]) > 1e-3
    for image in (IMAGE[:, ::-1].copy(), IMAGE[:, :, ::-1].copy()):  # the same regions at other places
        assert np.abs(np.asarray(model({"image": image, "text": TEXT})) - logits).max() > 1e-3
    other = np.asarray(model({"image": np.roll(IMAGE, 1, axis=0), "text": TEXT}))
    assert (np.abs(other - logits) > 1e-4).all()


def test_an_empty_sentence_gets_the_bias_and_no_nan():
    model = filled(small())
    logit = float(model({"image": IMAGE[:1], "text": np.zeros((1, L), "int32")})[0])
    assert logit == pytest.approx(float(model.bias), abs=1e-6)


# ── training ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.filterwarnings("error:.*unbuilt state")
@pytest.mark.filterwarnings("error:.*Skipping variable loading")
def test_every_weight_moves_and_survives_saving(tmp_path):
    model = small(dropout=0.1)
    model.compile("sgd")
    model(X)
    before = [w.copy() for w in model.get_weights()]
    model.fit(X, Y, epochs=2, verbose=0)
    for old, weight in zip(before, model.weights, strict=True):
        if "seed_generator" not in weight.path:
            assert np.abs(np.asarray(weight) - old).max() > 0, weight.path
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded.predict(X, verbose=0), model.predict(X, verbose=0), atol=1e-6)
    assert loaded.get_config() == model.get_config()


def test_one_seed_is_one_model_and_no_two_weights_are_alike():
    one, same, other = small(seed=1), small(seed=1), small(seed=2)
    for model in (one, same, other):
        model(X)
    for a, b in zip(one.get_weights(), same.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    drawn = [w.ravel()[:8].tobytes() for w in one.get_weights() if w.std() > 0]
    assert len(drawn) == len(set(drawn)) > 20
    assert np.abs(np.asarray(one(X)) - np.asarray(other(X))).max() > 0.1


def pairs(n, seed):
    """The picture has one bright place in one of four colours, and the word names a colour."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 4, n)
    image = np.zeros((n, H, W, C), "float32")
    image[np.arange(n), rng.integers(0, H, n), rng.integers(0, W, n), kind] = 1
    return image, kind


@pytest.mark.compiled
@pytest.mark.filterwarnings("ignore:Gradients do not exist")  # one word has no other to choose among
def test_true_pairs_alone_teach_yes():
    """Erratum 40: without false pairs the loss falls to nothing, and every pair gets "yes"."""
    image, kind = pairs(256, 0)
    text, other = (4 + kind)[:, None].astype("int32"), (4 + (kind + 1 + RNG.integers(0, 3, 256)) % 4)[:, None]
    model = small(blocks=1)  # compiled once, by steps of one size; trained twice from the same first weights
    model.compile(keras.optimizers.Adam(0.01))
    model({"image": image, "text": text})
    model.optimizer.build(model.trainable_variables)
    variables = model.variables + model.optimizer.variables
    first = [np.array(ops.convert_to_numpy(v.value)) for v in variables]
    for _ in range(40):
        for rows in (slice(0, 128), slice(128, 256)):
            model.train_on_batch({"image": image[rows], "text": text[rows]}, np.ones(128, "float32"))
    of_true, of_false = (np.asarray(model({"image": image, "text": x.astype("int32")})) for x in (text, other))
    assert np.log1p(np.exp(-of_true)).mean() < 0.02 and (of_false > 0).mean() > 0.99
    for variable, value in zip(variables, first, strict=True):
        variable.assign(value)
    batches = MatchingBatches(image, text, np.arange(256), np.tile(np.arange(256), (256, 1)), kind[:, None] == kind)
    for _ in range(30):
        for i in range(len(batches)):
            model.train_on_batch(*batches[i])
        batches.on_epoch_end()
    new, kind = pairs(100, 1)
    right = {"image": new, "text": (4 + kind)[:, None].astype("int32")}
    wrong = {"image": new, "text": (4 + (kind + 1) % 4)[:, None].astype("int32")}
    assert (np.asarray(model(right)) > 0).mean() > 0.9 > 0.1 > (np.asarray(model(wrong)) > 0).mean()


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision_is_finite_and_close(policy):
    full, half = filled(small()), small(dtype=policy)
    half(X)
    half.set_weights(full.get_weights())
    logits = np.asarray(half(X))
    assert logits.dtype == np.float32 and np.abs(logits - np.asarray(full(X))).max() < 0.25
    half.compile("sgd")
    assert np.isfinite(half.fit(X, Y, verbose=0).history["loss"]).all()


def test_a_sentence_that_is_too_long_is_refused():
    with pytest.raises(ValueError, match="up to 8"):
        small()({"image": IMAGE, "text": np.ones((B, 9), "int32")})


def test_multiplications_are_counted_product_by_product():
    model = small()
    model(X)
    words, n = L, H * W
    total = 0
    for layer in [*model.parts, model.project, model.head]:
        for weight in layer.weights:
            if weight.path.endswith("kernel"):
                side = weight.path.split("/")[-2]
                where = n if side == "project" or ("to_regions" in weight.path and side in ("key", "value")) else words
                total += where * int(np.prod(weight.shape))
    for _ in range(2):
        total += 2 * words * 8 * (words + n)  # scores and weighted means
    assert model.multiplications(words, n, C) == total


# ── batches ─────────────────────────────────────────────────────────────────────────────────────────


def batches(**kwargs):
    n, rng = 7, np.random.default_rng(1)
    own, candidates = rng.integers(0, 5, n), rng.integers(0, 5, (n, 4))
    right = candidates == own[:, None]
    right[:, 0] = False
    text = np.arange(n)[:, None] + 4
    images = np.arange(5, dtype="float32")[:, None, None, None]
    return MatchingBatches(images, text, own, candidates, right, **({"batch_size": 3} | kwargs)), own, candidates, right


def test_batches_hold_each_true_pair_once_and_only_false_negatives():
    data, own, candidates, right = batches()
    drawn = set()
    for _ in range(30):
        seen = []
        for inputs, target in (data[i] for i in range(len(data))):
            half = len(target) // 2
            np.testing.assert_array_equal(target, np.repeat([1, 0], half))
            rows, pictures = inputs["text"][:, 0] - 4, inputs["image"][:, 0, 0, 0].astype(int)
            np.testing.assert_array_equal(rows[:half], rows[half:])
            np.testing.assert_array_equal(pictures[:half], own[rows[:half]])
            for row, picture in zip(rows[half:], pictures[half:], strict=True):
                assert picture in candidates[row][~right[row]]
                drawn.add((row, picture))
            seen += rows[:half].tolist()
        assert sorted(seen) == list(range(7))
        data.on_epoch_end()
    assert drawn == {(i, j) for i in range(7) for j in candidates[i][~right[i]]}, "each false candidate gets its turn"


def test_batches_depend_on_seed_and_epoch_alone():
    one, same = batches()[0], batches()[0]
    one.epoch = same.epoch = 3
    np.testing.assert_array_equal(one[1][0]["image"], same[1][0]["image"])
    same.epoch = 4
    assert any(not np.array_equal(one[i][0]["image"], same[i][0]["image"]) for i in range(3))


def test_batches_say_what_is_wrong():
    with pytest.raises(ValueError, match="the first 1"):
        MatchingBatches(np.zeros((3, 1, 1, 1)), np.ones((2, 1)), [0, 1], [[1], [2]], [[False], [True]])
    with pytest.raises(ValueError, match="2 captions"):
        MatchingBatches(np.zeros((3, 1, 1, 1)), np.ones((2, 1)), [0], [[1], [2]], [[False], [True]])


# ── backends ────────────────────────────────────────────────────────────────────────────────────────


def figures():
    model = filled(small())
    results = {"logits": model(X)}
    model.compile(keras.optimizers.SGD(0.01))
    results["losses"] = model.fit(X, Y, epochs=3, shuffle=False, verbose=0).history["loss"]
    results["after"] = model(X)
    return results


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    expected = on_backend(keras.config.backend(), figures)
    for name, value in on_backend(backend, figures).items():
        np.testing.assert_allclose(value, expected[name], rtol=1e-3, atol=1e-3, err_msg=name)
