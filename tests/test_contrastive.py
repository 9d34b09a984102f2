"""Losses by contrast, their layers, and two encoders: the ladder of pitfalls."""

import math

import numpy as np
import pytest
from backends import BACKENDS, on_backend
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.backend import keras
from mmcourse.contrastive import (
    DualEncoder,
    InfoNCE,
    Triplet,
    cosine_similarity,
    info_nce,
    margin_loss,
    same_identity,
    triplet_loss,
    unit,
)

pytestmark = pytest.mark.usefixtures("eagerly")

ops = keras.ops
RNG = np.random.default_rng(0)
N, D = 6, 4
A, B = (RNG.standard_normal((N, D)).astype("float32") for _ in range(2))
WHO = np.array([0, 1, 2, 1, 0, 3])
sizes = st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(0, 999))


# ── oracles: float64, number by number ──────────────────────────────────────────────────────────────


def nce_loops(logits, positives):
    """One direction after the other, without the rows that have no positive."""
    both = []
    for s, p in ((logits, positives), (logits.T, positives.T)):
        rows = []
        for row, keep in zip(np.asarray(s, "float64"), p, strict=True):
            if keep.any():
                row = row - row.max()
                log_sum = math.log(sum(math.exp(v) for v in row))
                rows.append(-sum(v - log_sum for v, k in zip(row, keep, strict=True) if k) / keep.sum())
        both.append(sum(rows) / len(rows) if rows else 0.0)
    return sum(both) / 2


def triplet_loops(similarity, positives, margin, hardness):
    both = []
    for s, p in ((similarity, positives), (similarity.T, positives.T)):
        rows = []
        for row, keep in zip(np.asarray(s, "float64"), p, strict=True):
            if keep.any() and not keep.all():
                lowest = min(v for v, k in zip(row, keep, strict=True) if k)
                costs = [max(0.0, margin + v - lowest) for v, k in zip(row, keep, strict=True) if not k]
                rows.append((1 - hardness) * sum(costs) / len(costs) + hardness * max(costs))
        both.append(sum(rows) / len(rows) if rows else 0.0)
    return sum(both) / 2


def drawn(n, m, seed, share=0.4):
    rng = np.random.default_rng(seed)
    return rng.normal(0, 3, (n, m)).astype("float32"), rng.random((n, m)) < share


@settings(deadline=None)
@given(sizes)
def test_info_nce_equals_loops(size):
    logits, positives = drawn(*size)
    assert float(info_nce(logits, positives)) == pytest.approx(nce_loops(logits, positives), abs=1e-4)
    square = logits[:, : len(logits)]
    if square.shape[0] == square.shape[1]:
        assert float(info_nce(square)) == pytest.approx(nce_loops(square, np.eye(len(square)) > 0), abs=1e-4)


@settings(deadline=None)
@given(sizes, st.floats(0, 1), st.sampled_from([0.2, 1.0]))
def test_triplets_equal_loops(size, hardness, margin):
    similarity, positives = drawn(*size)
    for h in (0.0, hardness, 1.0):
        wanted = triplet_loops(similarity, positives, margin, h)
        assert float(triplet_loss(similarity, positives, margin, h)) == pytest.approx(wanted, abs=1e-4)
    if similarity.shape[0] == similarity.shape[1]:
        wanted = triplet_loops(similarity, np.eye(len(similarity)) > 0, margin, hardness)
        assert float(triplet_loss(similarity, None, margin, hardness)) == pytest.approx(wanted, abs=1e-4)


@settings(deadline=None)
@given(sizes)
def test_the_margin_equals_loops(size):
    n, d, seed = size
    rng = np.random.default_rng(seed)
    a, b, same = rng.normal(size=(n, d)), rng.normal(size=(n, d)), rng.random(n) < 0.5
    each = [
        math.dist(v, w) ** 2 if s else max(0, 1.5 - math.dist(v, w)) ** 2 for v, w, s in zip(a, b, same, strict=True)
    ]
    assert float(margin_loss(a, b, same, 1.5)) == pytest.approx(sum(each) / n, rel=1e-4, abs=1e-5)


# ── gradients ───────────────────────────────────────────────────────────────────────────────────────


def gradient(f, x):
    import tensorflow as tf

    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = f(x)
    return np.asarray(tape.gradient(value, x))


def slope(f, x, step=1e-6):
    """The gradient by differences, float64."""
    x, found = np.asarray(x, "float64"), np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        one = np.zeros(x.shape)
        one[i] = step
        found[i] = (f(x + one) - f(x - one)) / (2 * step)
    return found


def test_gradients_are_the_slopes_of_the_oracles():
    logits, positives = drawn(5, 4, seed=1)
    np.testing.assert_allclose(
        gradient(lambda s: info_nce(s, positives), logits), slope(lambda s: nce_loops(s, positives), logits), atol=1e-5
    )
    for h in (0.0, 0.3, 1.0):
        np.testing.assert_allclose(
            gradient(lambda s, h=h: triplet_loss(s, positives, 0.2, h), logits),
            slope(lambda s, h=h: triplet_loops(s, positives, 0.2, h), logits),
            atol=1e-5,
        )
    same = np.array([1, 0, 1, 0, 0, 1])
    np.testing.assert_allclose(
        gradient(lambda a: margin_loss(a, B / 3, same), A / 3),
        slope(lambda a: np.mean(same * ((a - B / 3.0) ** 2).sum(1) + (1 - same)
              * np.maximum(0, 1 - np.sqrt(((a - B / 3.0) ** 2).sum(1))) ** 2), A / 3),
        atol=1e-4,
    )  # fmt: skip


def test_the_gradient_at_distance_zero_is_finite():
    """Erratum 22: the root of zero has no gradient."""
    for same in (0, 1):
        assert np.isfinite(gradient(lambda a, s=same: margin_loss(a, A, np.full(N, s)), A)).all()
    assert np.isfinite(gradient(lambda a: ops.sum(unit(a)), np.zeros((2, 3), "float32"))).all()


# ── the corners ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [100.0, 1e4, 1e30])
def test_no_logit_is_too_large(size):
    logits = (size * np.array([[1, -1, 0], [0, 1, -1], [1, -1, 1]])).astype("float32")
    wanted = nce_loops(logits, np.eye(3) > 0)
    assert float(info_nce(logits)) == pytest.approx(wanted, rel=1e-5)
    assert np.isfinite(gradient(info_nce, logits)).all()
    with np.errstate(over="ignore", invalid="ignore"):  # erratum 20, what it would be
        e = np.exp(logits)
        assert not np.isfinite(-np.log(np.diag(e) / e.sum(1))).all()


def test_rows_without_a_positive_are_left_out():
    logits, _ = drawn(4, 3, seed=2)
    positives = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]], bool)
    changed = logits.copy()
    changed[3] += 1  # moves columns, not the three rows
    rows = -np.log(np.exp(logits[:3]) / np.exp(logits[:3]).sum(1, keepdims=True))
    columns = -np.log(np.exp(logits) / np.exp(logits).sum(0))
    assert float(info_nce(logits, positives)) == pytest.approx((np.trace(rows) + np.trace(columns)) / 6, abs=1e-5)
    for nothing in (np.zeros((4, 3), bool),):
        assert float(info_nce(logits, nothing)) == 0 and float(triplet_loss(logits, nothing)) == 0
        assert not gradient(lambda s, p=nothing: triplet_loss(s, p), logits).any()
    assert float(triplet_loss(logits, np.ones((4, 3), bool))) == 0, "nothing to hold apart"


def test_equal_vectors_are_stuck_at_the_margin_and_at_the_logarithm():
    same = cosine_similarity(np.ones((N, D)), np.ones((N, D)))
    assert float(triplet_loss(same, margin=0.2, hardness=1)) == pytest.approx(0.2)
    assert float(info_nce(same * 14)) == pytest.approx(math.log(N), rel=1e-5)


def test_identities():
    """Erratum 18: two captions of one picture are both right."""
    same = np.asarray(same_identity(WHO))
    np.testing.assert_array_equal(same, [[i == j for j in WHO] for i in WHO])
    np.testing.assert_array_equal(same_identity(WHO[:2], WHO), same[:2])
    pairs = np.stack([WHO, [7, 7, 8, 9, 5, 6]], 1)  # of the picture, of the caption
    either = [[bool((x == y).any()) for y in pairs] for x in pairs]
    np.testing.assert_array_equal(same_identity(pairs), either)


def test_targets_of_a_row_sum_to_one():
    """The targets written out as shares, and a number added to all logits, which changes nothing only if they do."""
    logits, positives = drawn(5, 7, seed=3, share=0.6)
    positives[:, 0] = True
    targets = positives / positives.sum(1, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    down = gradient(lambda s: info_nce(s, positives), logits)
    np.testing.assert_allclose(down.sum(), 0, atol=1e-6)
    both = (2 * float(info_nce(logits, positives)), -(targets * log_p).sum(1).mean())
    columns = positives / np.maximum(positives.sum(0), 1)
    log_c = logits - np.log(np.exp(logits).sum(0))
    asked = positives.any(0)
    assert both[0] - both[1] == pytest.approx(-(columns * log_c).sum(0)[asked].mean(), abs=1e-4)


def test_exact_copies_cost_info_nce_nothing_and_triplets_the_margin():
    """Two pairs with the same picture: with or without the map, InfoNCE has one gradient. A copy is a negative that no
    triplet can get rid of."""
    a, who = np.concatenate([A, A[:2]]), np.array([0, 1, 2, 3, 4, 5, 0, 1])
    b = np.concatenate([B, RNG.standard_normal((2, D)).astype("float32")])
    s = np.asarray(cosine_similarity(a, b)) * 5
    assert float(info_nce(s)) == pytest.approx(float(info_nce(s, same_identity(who))), abs=1e-5)
    alone = np.zeros((8, 8), "float32") + np.eye(8, dtype="float32")
    alone[0, 6] = alone[6, 0] = 1  # a perfect space: copies are alike, all others are not
    assert float(triplet_loss(alone)) == pytest.approx(0.2 * 2 / 8)
    assert float(triplet_loss(alone, same_identity(np.array([0, 1, 2, 3, 4, 5, 0, 6])))) == 0


# ── invariances ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("layer", [InfoNCE(), Triplet(), Triplet(warm_up=0)], ids=["nce", "mean", "hardest"])
def test_order_length_and_turns_change_nothing(layer):
    value = float(layer(A, B, same_identity(WHO)))
    order, turn = RNG.permutation(N), np.linalg.qr(RNG.normal(size=(D, D)))[0].astype("float32")
    for a, b, who in (
        (A[order], B[order], WHO[order]),
        (7 * A, B / 9, WHO),  # un-normalised: erratum 19
        (A * np.linspace(0.1, 5, N, dtype="float32")[:, None], B, WHO),
        (A @ turn, B @ turn, WHO),
        (B, A, WHO),  # both directions count alike
    ):
        assert float(layer(a, b, same_identity(who))) == pytest.approx(value, abs=1e-5)


# ── temperature and warm-up ─────────────────────────────────────────────────────────────────────────


def test_of_similarities_it_is_the_loss_of_the_vectors_that_have_them():
    rng = np.random.default_rng(0)
    a, b, layer = rng.normal(size=(5, 3)), rng.normal(size=(5, 3)), InfoNCE(temperature=0.5)
    cosines = (a / np.linalg.norm(a, axis=1, keepdims=True)) @ (b / np.linalg.norm(b, axis=1, keepdims=True)).T
    for positives in (None, same_identity(np.array([0, 1, 0, 2, 2]))):
        odds = np.exp(2 * cosines)  # e to the cosines over the temperature
        known = np.eye(5, dtype=bool) if positives is None else np.asarray(positives)
        wanted = [
            -(np.log(x / x.sum(1, keepdims=True)) * m / m.sum(1, keepdims=True)).sum(1).mean()
            for x, m in ((odds, known), (odds.T, known.T))
        ]
        found = layer.of_similarities(cosines.astype("float32"), positives)
        assert float(found) == pytest.approx(np.mean(wanted), rel=1e-5)
        of_vectors = layer(a.astype("float32"), b.astype("float32"), positives)
        assert float(of_vectors) == pytest.approx(float(found), rel=1e-5)


def test_the_scale_begins_where_clip_begins_and_stays_in_bounds(tmp_path):
    """Erratum 20: clamped at ln 100 after a step, and it comes down again when the loss asks for it."""
    assert float(InfoNCE().log_scale) == pytest.approx(math.log(1 / 0.07))
    assert not InfoNCE(learn=False).trainable_weights
    layer = InfoNCE(temperature=1.0)
    assert float(layer.log_scale) == 0
    model = DualEncoder({"image": keras.layers.Identity(), "text": keras.layers.Identity()}, layer)
    model.compile(keras.optimizers.SGD(50.0))
    x = np.eye(4, dtype="float32")
    for _ in range(3):
        model.fit({"image": x, "text": x}, verbose=0)  # perfect: the sharper the better
    assert float(layer.log_scale) == pytest.approx(math.log(100), abs=1e-6)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    loaded.fit({"image": x, "text": x}, verbose=0)  # the bound is still there
    assert float(loaded.contrast.log_scale) == pytest.approx(math.log(100), abs=1e-6)
    model.optimizer.learning_rate = 0.01
    model.fit({"image": x, "text": x[::-1].copy()}, verbose=0)  # all wrong: the milder the better
    assert float(layer.log_scale) < math.log(100) - 0.1


def test_the_bound_is_an_object_that_keras_writes_and_reads():
    bound = InfoNCE().log_scale.constraint
    assert isinstance(bound, keras.constraints.Constraint)  # before Keras 3.15 no function will do
    again = keras.constraints.deserialize(keras.constraints.serialize(bound))
    np.testing.assert_allclose(again(ops.convert_to_tensor([-9.0, 4.0, 5.0])), [-9, 4, math.log(100)], rtol=1e-6)


def test_the_warm_up_counts_training_steps_and_survives_saving(tmp_path):
    layer = Triplet(warm_up=4)
    model = DualEncoder({"image": keras.layers.Dense(3), "text": keras.layers.Dense(3)}, layer)
    model.compile(keras.optimizers.SGD(0.0))
    x = {"image": A, "text": B}
    similarity = cosine_similarity(*model(x).values())
    for step in range(6):
        wanted = float(triplet_loss(similarity, hardness=min(step / 4, 1)))
        assert model.evaluate(x, batch_size=N, verbose=0) == pytest.approx(wanted, abs=1e-5)  # counts nothing
        assert model.fit(x, batch_size=N, verbose=0).history["loss"][0] == pytest.approx(wanted, abs=1e-5)
    assert float(layer.steps) == 6
    model.save(tmp_path / "model.keras")
    assert float(keras.models.load_model(tmp_path / "model.keras").contrast.steps) == 6


# ── the model ───────────────────────────────────────────────────────────────────────────────────────


def encoders(**kwargs):
    keras.utils.set_random_seed(0)
    return {
        "image": keras.Sequential(
            [keras.layers.Dense(5, activation="tanh", **kwargs), keras.layers.Dense(3, **kwargs)]
        ),
        "text": keras.layers.Dense(3, **kwargs),
    }


@pytest.mark.filterwarnings("error:.*unbuilt state")
@pytest.mark.filterwarnings("error:.*Skipping variable loading")
@pytest.mark.parametrize("loss", [InfoNCE, Triplet])
def test_every_weight_moves_and_survives_saving(loss, tmp_path):
    model = DualEncoder(encoders(), loss())
    x = {"image": RNG.standard_normal((N, 7)).astype("float32"), "text": B}
    model.compile("sgd")
    vectors = model(x)
    for name in x:
        np.testing.assert_allclose(np.linalg.norm(vectors[name], axis=1), 1, atol=1e-5)
        np.testing.assert_allclose(model.encode(name, x[name][1:3]), vectors[name][1:3], atol=1e-6)
    before = [w.copy() for w in model.get_weights()]
    model.fit(x, WHO, verbose=0)
    for old, weight in zip(before, model.weights, strict=True):
        assert np.abs(np.asarray(weight) - old).max() > 0, weight.path
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    for name in x:
        np.testing.assert_allclose(loaded.predict(x, verbose=0)[name], model.predict(x, verbose=0)[name], atol=1e-6)
    assert loaded.evaluate(x, WHO, verbose=0) == pytest.approx(model.evaluate(x, WHO, verbose=0), abs=1e-6)
    assert loaded.contrast.get_config() == model.contrast.get_config()


def test_the_model_s_loss_is_the_layer_s_and_knows_identities():
    model = DualEncoder(encoders(), InfoNCE())
    x = {"text": B, "image": A}  # in any order
    a, b = model.encode("image", A), model.encode("text", B)
    for identity in (None, WHO, np.stack([WHO, np.arange(N) // 5], 1)):
        model.compile("sgd")
        positives = np.eye(N) > 0 if identity is None else np.asarray(same_identity(identity))
        wanted = nce_loops(np.asarray(a) @ np.asarray(b).T / 0.07, positives)
        assert model.evaluate(x, identity, verbose=0) == pytest.approx(wanted, rel=1e-4)


def test_penalties_of_the_encoders_count():
    model = DualEncoder(encoders(), InfoNCE())
    heavy = DualEncoder(encoders(activity_regularizer=None, kernel_regularizer=keras.regularizers.L2(1.0)), InfoNCE())
    x = {"image": A, "text": B}
    model(x), heavy(x)
    heavy.set_weights(model.get_weights())
    for one in (model, heavy):
        one.compile("sgd")
    kernels = sum(float(np.sum(np.square(w))) for w in model.weights if w.name == "kernel")
    assert heavy.evaluate(x, verbose=0) == pytest.approx(model.evaluate(x, verbose=0) + kernels, rel=1e-4)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision_is_finite_and_close(policy):
    full, half = DualEncoder(encoders(), InfoNCE()), DualEncoder(encoders(dtype=policy), InfoNCE(), dtype=policy)
    x = {"image": 30 * A, "text": 30 * B}
    full(x), half(x)
    half.set_weights(full.get_weights())
    for one in (full, half):
        one.compile("sgd")
        one.contrast.log_scale.assign(math.log(100))
    vectors = half(x)
    assert {keras.backend.standardize_dtype(v.dtype) for v in vectors.values()} == {"float32"}
    for name in x:
        np.testing.assert_allclose(vectors[name], full(x)[name], atol=0.1 if "bfloat" in policy else 0.02)
    loss = half.fit(x, WHO, verbose=0).history["loss"][0]
    assert np.isfinite(loss) and all(np.isfinite(w).all() for w in half.get_weights())


def test_errors_name_what_came():
    with pytest.raises(ValueError, match=r"Received: temperature=0\.001\. Allowed: 0\.01 or more"):
        InfoNCE(0.001)
    with pytest.raises(ValueError, match=r"Received: encoders of \['image'\]"):
        DualEncoder({"image": keras.layers.Dense(2)}, InfoNCE())


def test_the_recorded_experiment_runs(tmp_path):
    from mmcourse.experiments import __main__ as command
    from mmcourse.experiments.results import read_results

    record = read_results(command.main(["contrastive-scenes", "--quick", "--results", str(tmp_path)]))
    assert set(record["figures"]) == {"losses", "own partner", "equal contents", "masked out", "equal pairs"}
    assert set(record["figures"]["equal pairs"]["found first"]) == {"4", "16"}
    assert len(record["figures"]["losses"]["found first"]) == 5
    for scores in record["figures"].values():
        assert {"found first", "unseen pairs named", "spread"} <= set(scores)


def test_what_is_masked_out_is_neither_positive_nor_negative():
    from mmcourse.experiments.contrastive import Masked

    loss, who, same = Masked(), WHO % 3, WHO[:, None] % 3 == WHO % 3
    assert (same.sum(axis=1) > 1).any()
    logits = np.asarray(cosine_similarity(A, B)) / 0.07
    wanted = []
    for table in (logits, logits.T):
        for i, row in enumerate(table):
            against = row[(who != who[i]) | (np.arange(N) == i)]
            wanted.append(np.log(np.exp(against).sum()) - row[i])
    assert float(loss(A, B, same)) == pytest.approx(np.mean(wanted), rel=1e-4)


def figures():
    logits, positives = drawn(5, 4, seed=4)
    results = {
        "info_nce": info_nce(logits, positives),
        "diagonal": info_nce(logits[:4]),
        "large": info_nce(1e4 * logits, positives),
        "mean": triplet_loss(logits, positives, hardness=0.0),
        "hardest": triplet_loss(logits, positives),
        "margin": margin_loss(A, B, WHO == 1),
        "cosine": cosine_similarity(A, B),
        "identity": same_identity(np.stack([WHO, np.arange(N) // 2], 1)),
    }
    for name, loss in {"nce": InfoNCE(), "triplet": Triplet(warm_up=2)}.items():
        model = DualEncoder(encoders(), loss)
        x = {"image": A, "text": B}
        model(x)
        model.set_weights([np.sin(np.arange(w.size).reshape(w.shape) + i) for i, w in enumerate(model.get_weights())])
        loss.set_weights([np.float32(1.0)])
        model.compile(keras.optimizers.SGD(0.1))
        results[f"{name} losses"] = model.fit(x, WHO, epochs=3, shuffle=False, verbose=0).history["loss"]
        results[f"{name} state"] = loss.weights[0]
    sharp = InfoNCE(temperature=1.0)
    model = DualEncoder({"image": keras.layers.Identity(), "text": keras.layers.Identity()}, sharp)
    model.compile(keras.optimizers.SGD(50.0))
    model.fit({"image": np.eye(4, dtype="float32"), "text": np.eye(4, dtype="float32")}, verbose=0)
    results["the limit"] = sharp.log_scale
    return results


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    expected = on_backend(keras.config.backend(), figures)
    for name, value in on_backend(backend, figures).items():
        np.testing.assert_allclose(value, expected[name], rtol=1e-4, atol=1e-4, err_msg=name)
