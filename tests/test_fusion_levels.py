"""The levels of fusion: the ladder (oracle in NumPy, invariances, each modality trained alone, weights move, saving,
backends, precision), and the recorded experiment's smoke test."""

import re

import numpy as np
import pytest
from backends import BACKENDS, on_backend
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.backend import keras
from mmcourse.fusion import AttentionFusion, ConcatenationFusion, MeanFusion, MLPFusion
from mmcourse.fusion.levels import DataLevel, DecisionLevel, FeatureLevel, Hybrid, combine

pytestmark = pytest.mark.usefixtures("eagerly")

ops, layers = keras.ops, keras.layers
SIZES = {"text": 5, "audio": 4, "image": 3}
LEVELS = ("data", "feature", "decision", "hybrid")


def dense(units, seed):
    kernel = keras.initializers.GlorotUniform(seed)
    return layers.Dense(units, "relu", kernel_initializer=kernel, bias_initializer="ones")


def build(level, names=("text", "audio"), combine="mean", fusion=None, **kwargs):
    if level == "data":
        return DataLevel(dense(6, 1), outputs=3, seed=3, **kwargs)
    encoders = {name: dense(6, len(name)) for name in names}
    if level == "decision":
        return DecisionLevel(encoders, outputs=3, combine=combine, seed=3, **kwargs)
    if level == "feature":
        return FeatureLevel(encoders, fusion or MLPFusion(4, seed=3), outputs=3, seed=3, **kwargs)
    return Hybrid(encoders, fusion or MLPFusion(4, seed=3), outputs=3, combine=combine, seed=3, **kwargs)


def batch(names=("text", "audio"), n=7, seed=0):
    rng = np.random.default_rng(seed)
    return {name: rng.normal(size=(n, SIZES[name])).astype("float32") for name in names}


def compiled(model, rate=0.1):
    model.compile(keras.optimizers.SGD(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def numpy(x):
    return np.asarray(ops.convert_to_numpy(x), "float64")


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def affine(layer, x):
    return x @ numpy(layer.kernel) + numpy(layer.bias)


def relu(layer, x):
    return np.maximum(affine(layer, x), 0)


# ── against NumPy ───────────────────────────────────────────────────────────────────────────────────


def joined(model, f, names):
    """`MLPFusion` by hand: rectified units between, modalities in alphabetical order."""
    side = np.concatenate([f[name] for name in sorted(names)], axis=1)
    return affine(model.fusion.second, relu(model.fusion.first, side))


@pytest.mark.parametrize("names", [("text", "audio"), ("text",), ("image", "text", "audio")])
@pytest.mark.parametrize("how", ["mean", "product"])
@pytest.mark.parametrize("level", LEVELS)
def test_each_level_is_what_its_name_says(level, how, names):
    model, x = build(level, names, how), batch(names)
    got = numpy(model(x))
    if level == "data":
        side = np.concatenate([x[name] for name in sorted(names)], axis=1)
        expected = affine(model.decide, relu(model.encoder, side))
    else:
        f = {name: relu(model.encoders[name], x[name]) for name in names}
        if level == "feature":
            expected = affine(model.decide, joined(model, f, names))
        else:
            f |= {"joined": joined(model, f, names)} if level == "hybrid" else {}
            p = [softmax(affine(model.heads[name], value)) for name, value in f.items()]
            expected = np.log(np.mean(p, axis=0) if how == "mean" else softmax(np.log(p).sum(axis=0)))
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-5)
    assert got.shape == (7, 3)


@given(st.integers(1, 4), st.integers(2, 5), st.integers(0, 10**6), st.sampled_from(["mean", "product"]))
@settings(max_examples=30, deadline=None)
def test_combine_is_over_those_that_are_there(m, outputs, seed, how):
    rng = np.random.default_rng(seed)
    logits = {f"m{i}": rng.normal(0, 3, (6, outputs)).astype("float32") for i in range(m)}
    there = {name: rng.random(6) < 0.6 for name in logits}
    poisoned = {name: np.where(there[name][:, None], x, np.nan).astype("float32") for name, x in logits.items()}
    got = np.exp(numpy(combine(poisoned, there, how)))
    for i in range(6):
        p = [softmax(logits[name][i].astype("float64")) for name in logits if there[name][i]]
        expected = np.full(outputs, 1 / outputs)
        if p:
            expected = np.mean(p, axis=0) if how == "mean" else np.prod(p, axis=0) / np.prod(p, axis=0).sum()
        np.testing.assert_allclose(got[i], expected, atol=1e-5)


def test_what_is_nearly_impossible_stays_finite():
    far = {"a": np.array([[200.0, -200.0]]), "b": np.array([[200.0, -200.0]])}
    assert all(np.isfinite(numpy(combine(far, how=how))).all() for how in ("mean", "product"))


# ── what must not change anything ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("level", LEVELS)
def test_order_of_the_dict_and_neighbours_do_not_matter(level):
    model, x = build(level), batch()
    whole = numpy(model(x))
    np.testing.assert_allclose(numpy(model(dict(reversed(x.items())))), whole, atol=1e-6)
    np.testing.assert_allclose(numpy(model({k: v[2:3] for k, v in x.items()})), whole[2:3], atol=1e-5)
    swapped = build(level, ("audio", "text"))
    np.testing.assert_allclose(numpy(swapped(x)), whole, atol=1e-6)  # encoders in another order


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_absent_has_no_influence_be_it_nan(level):
    model, x = build(level), batch()
    there = {"audio": np.array([1, 0, 1, 0, 1, 1, 0], bool)}
    hidden = {"text": x["text"], "audio": np.where(there["audio"][:, None], x["audio"], np.nan)}
    other = {"text": x["text"], "audio": np.where(there["audio"][:, None], x["audio"], 9)}
    got = numpy(model(hidden | {"present": there}))
    np.testing.assert_allclose(got, numpy(model(other | {"present": there})), atol=1e-6)
    np.testing.assert_allclose(got[there["audio"]], numpy(model(x))[there["audio"]], atol=1e-5)
    if level == "decision":
        alone = softmax(numpy(model.decisions(x)["text"]))
        np.testing.assert_allclose(np.exp(got[~there["audio"]]), alone[~there["audio"]], atol=1e-5)


def test_without_any_modality_a_decision_is_a_guess():
    nobody = {name: np.zeros(7, bool) for name in ("text", "audio")}
    np.testing.assert_allclose(np.exp(numpy(build("decision")(batch() | {"present": nobody}))), 1 / 3, atol=1e-6)


@pytest.mark.filterwarnings("ignore:.*does not support masking:UserWarning")  # an encoder's answer has no positions
@pytest.mark.parametrize("level", ["data", "feature", "hybrid"])
def test_what_stands_in_padding_does_not_matter(level):
    rng = np.random.default_rng(0)
    x = {name: rng.normal(size=(4, 6, SIZES[name])).astype("float32") for name in ("text", "audio")}
    keep = np.arange(6) < np.array([[6], [3], [1], [4]])
    masks = {"text": keep, "audio": keep} if level == "data" else {"text": keep}
    model = build(level)
    if level == "data":
        model = DataLevel(keras.Sequential([dense(6, 1), layers.GlobalMaxPooling1D()]), outputs=3, seed=3)
    if level == "hybrid":
        pooled = {n: keras.Sequential([dense(6, 1), layers.GlobalAveragePooling1D()]) for n in x}
        model = Hybrid(pooled, MeanFusion(4, seed=3), outputs=3, seed=3)
    poisoned = {n: np.where(keep[:, :, None], v, np.nan).astype("float32") if n in masks else v for n, v in x.items()}
    got = numpy(model(poisoned | {"mask": masks}))
    assert np.isfinite(got).all()
    if level == "data":  # positions of zeros stay
        zeros = {n: np.where(keep[:, :, None], v, 0).astype("float32") for n, v in x.items()}
        np.testing.assert_allclose(got, numpy(model(zeros)), atol=1e-6)
        return
    one = {"text": x["text"][1:2, :3], "audio": x["audio"][1:2]}  # the same sample without padding at all
    np.testing.assert_allclose(got[1:2], numpy(model(one)), atol=1e-5)


def test_an_attention_fusion_gets_the_positions_and_their_mask():
    rng = np.random.default_rng(0)
    x = {name: rng.normal(size=(3, 5, SIZES[name])).astype("float32") for name in ("text", "audio")}
    model = build("feature", fusion=AttentionFusion(4, seed=0))
    keep = np.arange(5) < np.array([[2], [5], [3]])
    got = numpy(model(x | {"mask": {"text": keep}}))
    cut = {"text": x["text"][:1, :2], "audio": x["audio"][:1]}
    np.testing.assert_allclose(got[:1], numpy(model(cut)), atol=1e-5)


# ── the decision level: each modality for itself ────────────────────────────────────────────────────


def of(model, name):
    """The weights of one modality, as arrays."""
    return [numpy(w) for w in (*model.encoders[name].trainable_variables, *model.heads[name].trainable_variables)]


def one_step(model, x, y, **kwargs):
    model(x)
    before = [numpy(w) for w in model.trainable_variables]
    compiled(model).train_on_batch(x, y, **kwargs)
    return before, [numpy(w) for w in model.trainable_variables]


@pytest.mark.parametrize("how", ["mean", "product"])
def test_no_weight_of_one_modality_moves_by_the_other(how):
    x, y = batch(), np.arange(7) % 3
    model, other = build("decision", combine=how), build("decision", combine=how)
    one_step(model, x, y)
    one_step(other, x | {"audio": batch(seed=9)["audio"]}, y)
    for a, b in zip(of(model, "text"), of(other, "text"), strict=True):
        np.testing.assert_array_equal(a, b)
    assert any(not np.allclose(a, b) for a, b in zip(of(model, "audio"), of(other, "audio"), strict=True))


@pytest.mark.parametrize("level", ["feature", "hybrid"])
def test_where_features_are_joined_the_other_one_moves_them(level):
    """What tells "late" from joined features (erratum 2), even where they are joined by one matrix."""
    x, y = batch(), np.arange(7) % 3
    models = [build(level, fusion=ConcatenationFusion(4, seed=3)) for _ in range(2)]
    one_step(models[0], x, y)
    one_step(models[1], x | {"audio": batch(seed=9)["audio"]}, y)
    moved = [numpy(m.encoders["text"].kernel) for m in models]
    assert np.abs(moved[0] - moved[1]).max() > 1e-4


def test_the_decision_level_is_trained_as_each_alone():
    """Loss: the mean of the single ones. Step: each alone at a rate divided by the number of modalities. Where a
    modality is missing, it is as if the sample were not there for it."""
    x, y = batch(), np.arange(7) % 3
    there = np.array([1, 1, 0, 1, 0, 1, 1], bool)
    model = build("decision")
    model(x)
    single = {}
    for name in x:
        keep = there if name == "audio" else np.ones(7, bool)
        alone = build("decision", (name,))
        part = {name: x[name][keep]}
        alone(part)
        for ours, theirs in ((alone.encoders, model.encoders), (alone.heads, model.heads)):
            ours[name].set_weights(theirs[name].get_weights())
        logits = softmax(affine(alone.heads[name], relu(alone.encoders[name], part[name])))
        by_hand = -np.log(logits[np.arange(keep.sum()), y[keep]]).mean()
        loss = compiled(alone, rate=0.05).train_on_batch(part, y[keep])
        np.testing.assert_allclose(loss, by_hand, rtol=1e-5)
        single[name] = (loss, of(alone, name))
    poisoned = np.where(there[:, None], x["audio"], np.nan).astype("float32")
    loss = compiled(model, rate=0.1).train_on_batch(x | {"audio": poisoned, "present": {"audio": there}}, y)
    np.testing.assert_allclose(loss, np.mean([single[name][0] for name in x]), rtol=1e-5)
    for name in x:
        for got, expected in zip(of(model, name), single[name][1], strict=True):
            np.testing.assert_allclose(got, expected, atol=1e-6)


def test_sample_weights_and_a_modality_that_nobody_has():
    x, y, weight = batch(), np.arange(7) % 3, np.array([1, 0, 2, 1, 1, 0, 3], "float32")
    loss = compiled(build("decision")).test_on_batch(x, y, sample_weight=weight)
    model = build("decision")
    losses = [
        -np.log(softmax(numpy(d))[np.arange(7), y]) @ weight / 7 for d in model.decisions(x).values()
    ]  # fmt: skip
    np.testing.assert_allclose(loss, np.mean(losses), rtol=1e-5)
    nobody = x | {"audio": np.full_like(x["audio"], np.nan), "present": {"audio": np.zeros(7, bool)}}
    before, after = one_step(build("decision"), nobody, y)
    assert all(np.isfinite(w).all() for w in after)
    assert any((a != b).any() for a, b in zip(before, after, strict=True))


@pytest.mark.parametrize("how", ["mean", "product"])
def test_joined_decisions_hold_no_interaction(how):
    """The second difference over words and voices: of probabilities for the mean, of log-odds for the product."""
    w, v = (np.random.default_rng(s).normal(0, 3, (2, 3)).astype("float32") for s in (0, 1))
    pairs = {"text": w[[0, 0, 1, 1]], "audio": v[[0, 1, 0, 1]]}
    logs = numpy(combine(pairs, how=how))
    value = np.exp(logs) if how == "mean" else logs[:, :-1] - logs[:, -1:]
    np.testing.assert_allclose(value[0] - value[1] - value[2] + value[3], 0, atol=1e-5)


# ── training, saving, backends, precision ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("level", LEVELS)
def test_every_weight_moves(level):
    before, after = one_step(build(level), batch(n=64), np.arange(64) % 3)
    assert len(before) == {"data": 4, "feature": 10, "decision": 8, "hybrid": 14}[level]
    assert all(np.abs(a - b).max() > 0 for a, b in zip(before, after, strict=True))


@pytest.mark.parametrize("with_present", [False, True])
@pytest.mark.parametrize("level", LEVELS)
def test_a_model_saved_answers_alike(level, with_present, tmp_path):
    model, x = build(level, combine="product"), batch()
    if with_present:
        x |= {"present": {"audio": np.arange(7) % 2 == 0}}
    expected = numpy(model(x))
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(numpy(again(x)), expected, atol=1e-6)
    assert again.count_params() == model.count_params()


def figures():
    results = {}
    for level in LEVELS:
        for how in ("mean", "product") if level in ("decision", "hybrid") else ("mean",):
            model, x = build(level, combine=how), batch(n=12)
            x |= {"present": {"audio": np.arange(12) % 3 > 0, "text": np.arange(12) > 0}}
            model(x)
            for i, w in enumerate(model.trainable_variables):  # each backend draws others
                w.assign(np.random.default_rng(i).normal(0, 0.5, w.shape))
            results[f"{level} {how} before"] = model(x)
            results[f"{level} {how} loss"] = compiled(model).train_on_batch(x, np.arange(12) % 3)
            results[f"{level} {how} after"] = model(x)
    return results


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    here, there = on_backend(keras.config.backend(), figures), on_backend(backend, figures)
    for name, value in here.items():
        np.testing.assert_allclose(there[name], value, atol=2e-5, err_msg=name)


@pytest.mark.parametrize("level", LEVELS)
def test_mixed_precision_decides_in_float32(level):
    x = batch()
    single = build(level)
    expected = numpy(single(x))
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = build(level)
        model(x)
    finally:
        keras.config.set_dtype_policy("float32")
    model.set_weights(single.get_weights())
    got = model(x)
    assert keras.backend.standardize_dtype(got.dtype) == "float32"
    np.testing.assert_allclose(numpy(got), expected, atol=0.02)
    assert np.isfinite(compiled(model).train_on_batch(x, np.arange(7) % 3))


# ── errors ──────────────────────────────────────────────────────────────────────────────────────────


# Keras warns beside the error that it could not build the model.
@pytest.mark.filterwarnings("ignore:Layer:UserWarning", "ignore:`build:UserWarning")
@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: DataLevel(dense(3, 0), outputs=0), "Received: outputs=0"),
        (lambda: DecisionLevel({"text": dense(3, 0)}, outputs=1), "Received: outputs=1"),
        (lambda: build("decision", combine="vote"), "Received: combine='vote'. Allowed: mean, product"),
        (lambda: combine({}), "Received: decisions=[]"),
        (lambda: combine({"a": np.zeros((2, 2))}, how="sum"), "how='sum'"),
        (lambda: build("feature")(batch(("text",))), "Received: modalities ['text']. Allowed: ['audio', 'text']"),
        (lambda: build("data")(np.zeros((2, 3))), "Received: a batch of type"),
        (
            lambda: build("data")(batch() | {"present": {"image": np.ones(7, bool)}}),
            "Received: present for ['image']",
        ),
        (
            # A feature map and a vector (erratum 51): no silent broadcasting.
            lambda: build("data")({"image": np.zeros((4, 4, 4, 3)), "text": np.zeros((4, 3))}),
            "Received: positions {'image': (4, 4), 'text': ()}",
        ),
    ],
)
def test_errors_name_what_came(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


# Keras warns beside the error that it could not build the model.
@pytest.mark.filterwarnings("ignore:Layer:UserWarning", "ignore:`build:UserWarning")
def test_the_data_level_knows_its_modalities_after_saving(tmp_path):
    model = build("data")
    before = model(batch())
    model.save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    with pytest.raises(ValueError, match=r"modalities \['text'\]. Allowed: \['audio', 'text'\].*present={'audio'"):
        loaded(batch(("text",)))
    np.testing.assert_array_equal(loaded(batch()), before)
    asked = DataLevel(dense(6, 1), outputs=3, names=["text", "audio"])
    with pytest.raises(ValueError, match=r"modalities \['text'\]. Allowed: \['audio', 'text'\]"):
        asked(batch(("text",)))  # the first batch


def test_the_recorded_experiment_runs(tmp_path):
    from mmcourse.experiments import fusion_levels, results

    assert set(fusion_levels.LEVELS) == set(LEVELS)
    counts = []
    for level in LEVELS:
        model = fusion_levels.build(level)
        model({"text": np.zeros((1, 42), "float32"), "audio": np.zeros((1, 24), "float32")})
        counts.append(model.count_params())
    assert max(counts) < 1.05 * min(counts), "the levels have the same budget"
    record = results.read_results(fusion_levels.scenes(quick=True, results=tmp_path))
    assert set(record["figures"]) == {"noise", "unique", "synergy", "controls", "sensors"}
