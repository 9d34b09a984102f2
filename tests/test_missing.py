"""`mmcourse.missing`: fill, ModalityDropout, MeanImputer, CrossModalGenerator, Prepared, up the ladder of pitfalls."""

import numpy as np
import pytest
from backends import BACKENDS, on_backend
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from mmcourse.backend import keras
from mmcourse.fusion import GatedFusion, MLPFusion
from mmcourse.fusion.levels import DecisionLevel, FeatureLevel
from mmcourse.missing import CrossModalGenerator, MeanImputer, ModalityDropout, Prepared, fill, presence

pytestmark = pytest.mark.usefixtures("eagerly")

ops = keras.ops
SIZES = {"audio": 3, "image": 5, "text": 4}


def batch_of(n=6, seed=0, names=SIZES, missing=0.0):
    rng = np.random.default_rng(seed)
    batch = {name: rng.normal(size=(n, SIZES[name])).astype("float32") for name in names}
    if missing:
        batch["present"] = {name: rng.random(n) >= missing for name in names}
    return batch


def numpy_of(batch):
    return keras.tree.map_structure(ops.convert_to_numpy, batch)


def network(seed=0, fusion=GatedFusion, names=SIZES):
    encoders = {
        name: keras.layers.Dense(6, "tanh", kernel_initializer=keras.initializers.GlorotUniform(seed + k))
        for k, name in enumerate(sorted(names))
    }
    return FeatureLevel(encoders, fusion(7, seed=seed), outputs=2, seed=seed)


# ── fill and presence ───────────────────────────────────────────────────────────────────────────────


@settings(max_examples=30, deadline=None)
@given(n=st.integers(1, 7), rate=st.floats(0.05, 0.95), seed=st.integers(0, 99))
def test_fill_equals_a_loop(n, rate, seed):
    batch = batch_of(n, seed, missing=rate)
    values = {"audio": np.arange(3, dtype="float32"), "text": np.ones((n, 4), "float32") * np.arange(n)[:, None]}
    filled = numpy_of(fill(batch, values))
    assert sorted(filled) == sorted(SIZES)
    for name in SIZES:
        for i in range(n):
            row = values.get(name, np.zeros(5))
            expected = batch[name][i] if batch["present"][name][i] else row if row.ndim == 1 else row[i]
            np.testing.assert_array_equal(filled[name][i], expected)


def test_fill_reads_nothing_of_what_is_missing_and_changes_nothing_given():
    batch = batch_of(missing=0.5)
    spoilt = batch | {n: np.where(batch["present"][n][:, None], batch[n], np.nan) for n in SIZES}
    before = {name: spoilt[name].copy() for name in SIZES}
    for name, x in numpy_of(fill(spoilt)).items():
        np.testing.assert_array_equal(x, np.where(batch["present"][name][:, None], batch[name], 0))
        np.testing.assert_array_equal(spoilt[name], before[name])


def test_fill_takes_sequences_and_keeps_their_masks():
    x, keep = np.ones((2, 3, 4), "float32"), np.array([[1, 1, 0], [1, 1, 1]], bool)
    batch = {"text": x, "mask": {"text": keep}, "present": {"text": np.array([True, False])}}
    filled = fill(batch)
    np.testing.assert_array_equal(ops.sum(filled["text"], axis=(1, 2)), [12, 0])
    np.testing.assert_array_equal(filled["mask"]["text"], keep)


def test_presence_is_true_where_nobody_says_otherwise():
    batch = batch_of(2) | {"present": {"text": np.array([1, 0]), "audio": None}}
    there = numpy_of(presence(batch))
    np.testing.assert_array_equal(there["text"], [True, False])
    assert there["audio"].all() and there["image"].all() and there["image"].dtype == bool


# ── modality dropout ────────────────────────────────────────────────────────────────────────────────


def kept(rate, n=4000, names=SIZES, seed=0, present=None):
    batch = batch_of(n, names=names) | ({"present": present} if present else {})
    out = numpy_of(ModalityDropout(rate, seed=seed)(batch, training=True))
    return np.stack([out["present"][name] for name in sorted(names)], axis=1), out, batch


@pytest.mark.parametrize("rate", [0.3, 0.9, {"audio": 0.8, "image": 0.6, "text": 0.1}])
def test_rates_are_those_of_the_formula(rate):
    """p_i - (Π p) / m, within exact bounds of the binomial distribution."""
    n = 4000
    there, _, _ = kept(rate, n)
    rates = np.array([rate[k] for k in sorted(SIZES)] if isinstance(rate, dict) else [rate] * 3)
    for gone, p in zip((~there).sum(axis=0), rates - rates.prod() / 3, strict=True):
        low, high = binom.ppf([1e-6, 1 - 1e-6], n, p)
        assert low <= gone <= high, (rate, gone, n * p)
    together = (~there[:, 0] & ~there[:, 1]).sum()  # the first two go independently of each other
    p = rates[0] * rates[1] * (1 - rates[2]) + rates.prod() / 3
    assert binom.ppf(1e-6, n, p) <= together <= binom.ppf(1 - 1e-6, n, p)


@settings(max_examples=30, deadline=None)
@given(n=st.integers(1, 40), rate=st.sampled_from([0.0, 0.5, 1.0]), seed=st.integers(0, 99))
def test_never_takes_the_last_one_nor_brings_one_back(n, rate, seed):
    rng = np.random.default_rng(seed)
    present = {name: rng.random(n) < 0.5 for name in SIZES}
    there, out, batch = kept(rate, n, seed=seed, present=present)
    had = np.stack([present[name] for name in sorted(SIZES)], axis=1)
    assert not (there & ~had).any()
    np.testing.assert_array_equal(there.any(axis=1), had.any(axis=1))
    if rate == 1:
        np.testing.assert_array_equal(there.sum(axis=1), had.any(axis=1))
    if rate == 0:
        np.testing.assert_array_equal(there, had)
    for name in SIZES:
        np.testing.assert_array_equal(out[name], np.where(out["present"][name][:, None], batch[name], 0))


def test_nothing_is_dropped_or_scaled_outside_training():
    batch = batch_of(missing=0.5)
    out = numpy_of(ModalityDropout(0.9, seed=0)(batch))
    for name in SIZES:
        np.testing.assert_array_equal(out["present"][name], batch["present"][name])
        np.testing.assert_array_equal(out[name], batch[name] * batch["present"][name][:, None])


def test_whoever_saves_the_last_one_is_fair():
    there, _, _ = kept(1.0, 3000)
    for count in there.sum(axis=0):
        assert binom.ppf(1e-6, 3000, 1 / 3) <= count <= binom.ppf(1 - 1e-6, 3000, 1 / 3)


def test_order_of_the_names_and_what_stands_in_a_neighbour_change_nothing():
    batch = batch_of(50)
    turned = {name: batch[name] for name in sorted(batch, reverse=True)}
    other = {name: np.concatenate([x[:1], 7 + x[1:]]) for name, x in batch.items()}
    first, second, third = (numpy_of(ModalityDropout(0.5, seed=3)(b, training=True)) for b in (batch, turned, other))
    for name in SIZES:
        np.testing.assert_array_equal(first[name], second[name])
        np.testing.assert_array_equal(first[name][0], third[name][0])


def test_seed_repeats_and_next_batch_differs():
    batch, one, two = batch_of(200), ModalityDropout(0.5, seed=3), ModalityDropout(0.5, seed=3)
    a, b = one(batch, training=True), one(batch, training=True)
    np.testing.assert_array_equal(a["text"], two(batch, training=True)["text"])
    assert (np.asarray(a["text"]) != np.asarray(b["text"])).any()


def test_untold_zeros_pass_for_data():
    told, untold = (ModalityDropout(0.5, tell=tell, seed=1)(batch_of(30), training=True) for tell in (True, False))
    assert "present" not in untold
    for name in SIZES:
        np.testing.assert_array_equal(told[name], untold[name])


# ── imputers ────────────────────────────────────────────────────────────────────────────────────────


def test_means_are_those_of_the_items_that_have_it():
    train, test = batch_of(40, 1, missing=0.4), batch_of(9, 2, missing=0.5)
    imputer = MeanImputer()
    imputer.adapt(train | {"text": np.where(train["present"]["text"][:, None], train["text"], np.nan)})
    out = numpy_of(imputer(test))
    for name in SIZES:
        mean = np.mean([x for x, t in zip(train[name], train["present"][name], strict=True) if t], axis=0)
        expected = np.where(test["present"][name][:, None], test[name], mean)
        np.testing.assert_allclose(out[name], expected, atol=1e-5)


def numpy_guesses(model, batch):
    """The generator's formula in NumPy, sample by sample."""
    names, n = sorted(SIZES), len(batch["text"])
    rows = []
    for i in range(n):
        row = []
        for name in names:
            there = batch["present"][name][i] if "present" in batch else True
            row += [*(batch[name][i] if there else np.zeros(SIZES[name])), float(there)]
        rows.append(row)
    kernel, bias = (np.asarray(w, "float64") for w in model.first.get_weights())
    hidden = np.maximum(0, np.array(rows) @ kernel + bias)
    kernels = {name: model.guesses[name].get_weights() for name in names}
    return {name: hidden @ kernel + bias for name, (kernel, bias) in kernels.items()}


def test_guesses_equal_the_formula_and_fill_only_holes():
    batch = batch_of(9, missing=0.4)
    model = CrossModalGenerator(8, seed=0)
    model(batch)
    for weight in model.trainable_weights:
        weight.assign(np.random.default_rng(1).normal(size=weight.shape))
    guesses, out = numpy_guesses(model, batch), numpy_of(model(batch))
    assert sorted(out) == sorted(SIZES)
    for name in SIZES:
        expected = np.where(batch["present"][name][:, None], batch[name], guesses[name])
        np.testing.assert_allclose(out[name], expected, atol=1e-4)
        alone = numpy_of(model({k: v[2:3] for k, v in batch.items() if k != "present"}
                               | {"present": {k: v[2:3] for k, v in batch["present"].items()}}))  # fmt: skip
        np.testing.assert_allclose(alone[name][0], out[name][2], atol=1e-5)


@pytest.mark.compiled
def test_generator_learns_the_conditional_mean():
    """z_text = ±1 with a probability that the image tells: the guess is the mean, and not one of the two."""
    rng = np.random.default_rng(0)
    image = rng.integers(0, 2, 2000)
    text = np.where(rng.random(2000) < np.where(image == 1, 0.9, 0.3), 1.0, -1.0)
    batch = {"image": (2 * image - 1)[:, None].astype("float32"), "text": text[:, None].astype("float32")}
    model = CrossModalGenerator(16, seed=0)
    model.compile(keras.optimizers.Adam(0.02), jit_compile=False)
    often = {
        name: np.tile(x, (120, 1)) for name, x in batch.items()
    }  # one long epoch: its end takes longer than a step
    model.fit(often, batch_size=2000, shuffle=False, verbose=0)
    probe = {"image": np.array([[-1.0], [1.0]], "float32"), "text": np.full((2, 1), np.nan, "float32")}
    out = model(probe | {"present": {"text": np.zeros(2, bool)}})
    expected = [text[image == i].mean() for i in (0, 1)]
    np.testing.assert_allclose(np.ravel(ops.convert_to_numpy(out["text"])), expected, atol=0.1)


def test_loss_counts_what_was_hidden_and_known():
    batch = batch_of(5) | {"present": {"text": np.array([1, 1, 0, 0, 1], bool)}}
    batch["text"][2:4] = np.nan
    model = CrossModalGenerator(8, rate=0.5, seed=4)
    model(batch)
    loss = float(model.compute_loss(batch))
    thinned = numpy_of(ModalityDropout(0.5, seed=model.drop.seed)(batch, training=True))
    guesses, expected = numpy_guesses(model, thinned), 0.0
    for name in SIZES:
        for i in range(5):
            if presence(batch)[name][i] and not thinned["present"][name][i]:
                expected += ((guesses[name][i] - batch[name][i]) ** 2).sum() / 5
    assert expected > 0
    np.testing.assert_allclose(loss, expected, rtol=1e-4)


# ── before a model ──────────────────────────────────────────────────────────────────────────────────


def test_a_mask_of_zeros_is_a_zero_fill_for_a_fusion_that_only_multiplies():
    """Where fusion has no other use for `present`, mask and zero fill of its vectors are one thing; GatedFusion has."""
    batch = batch_of(8, missing=0.5)
    for fusion, same in ((MLPFusion, True), (GatedFusion, False)):
        layer = fusion(7, seed=0)
        inputs = {name: batch[name] for name in SIZES}
        masked, zeros = layer(inputs, present=batch["present"]), layer(fill(batch))
        assert np.allclose(masked, zeros, atol=1e-6) == same


def test_no_gradient_flows_to_what_was_dropped():
    """Rows of an embedding-like variable that was dropped do not move."""
    rng = np.random.default_rng(0)
    start = rng.normal(size=(40, 4)).astype("float32")

    class Free(keras.Model):
        """Vectors that are weights, behind dropout."""

        def __init__(self):
            super().__init__()
            self.drop, self.network = ModalityDropout(0.5, seed=5), network(names=("image", "text"))

        def build(self, shape):
            self.vectors = self.add_weight(shape=(40, 4), initializer=keras.initializers.Constant(start))
            self.built = True

        def call(self, x, training=False):
            return self.network(self.drop({"image": x, "text": ops.convert_to_tensor(self.vectors)}, training=training))

    model = Free()
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=False)
    image = rng.normal(size=(40, 5)).astype("float32")
    dropped = ~numpy_of(ModalityDropout(0.5, seed=5)({"image": image, "text": start}, training=True))["present"]["text"]
    model.fit(image, np.arange(40) % 2, batch_size=40, shuffle=False, verbose=0)
    moved = np.abs(ops.convert_to_numpy(model.vectors) - start).max(axis=1)
    assert dropped.any() and not moved[dropped].any() and (moved[~dropped] > 0).all()


def test_every_weight_moves():
    batch = batch_of(64)
    generator = CrossModalGenerator(8, seed=0)
    classifier = Prepared([ModalityDropout(0.3, seed=0)], network())
    late = DecisionLevel({name: keras.layers.Dense(4, "tanh") for name in SIZES}, outputs=2)
    late = Prepared([ModalityDropout(0.3, seed=0)], late)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    for model, target in ((generator, None), (classifier, np.arange(64) % 2), (late, np.arange(64) % 2)):
        model(batch)
        model.compile(keras.optimizers.SGD(0.1), None if target is None else loss, jit_compile=False)
        before = [w.copy() for w in model.get_weights()]
        model.fit(batch, target, batch_size=64, verbose=0)
        assert len(model.trainable_weights) == len(before)
        for old, weight in zip(before, model.weights, strict=True):
            assert np.abs(ops.convert_to_numpy(weight) - old).max() > 0, weight.path


def test_saves_and_loads(tmp_path):
    batch, train = batch_of(9, missing=0.4), batch_of(20, 3)
    means, generator = MeanImputer(), CrossModalGenerator(8, rate={"text": 0.5, "audio": 0.2}, seed=0)
    means.adapt(train)
    generator.trainable = False
    for k, step in enumerate((ModalityDropout({"text": 0.5}, seed=0), means, generator)):
        model = Prepared([step], network())
        expected = model(batch)
        model.save(tmp_path / f"{k}.keras")
        loaded = keras.models.load_model(tmp_path / f"{k}.keras")
        np.testing.assert_allclose(loaded(batch), expected, atol=1e-6)
        assert loaded.steps[0].get_config() == step.get_config()
    generator.save(tmp_path / "generator.keras")
    np.testing.assert_allclose(
        keras.models.load_model(tmp_path / "generator.keras")(batch)["text"], generator(batch)["text"], atol=1e-6
    )


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision_is_finite_and_close(policy):
    batch = batch_of(9, missing=0.4)
    for make in (lambda **k: CrossModalGenerator(8, seed=0, **k), lambda **k: ModalityDropout(0.5, seed=0, **k)):
        whole, half = make(), make(dtype=policy)
        expected, _ = whole(batch), half(batch)
        if whole.weights:
            half.set_weights(whole.get_weights())
        out = half(batch)
        for name in SIZES:
            assert keras.backend.standardize_dtype(out[name].dtype) == policy.removeprefix("mixed_")
            np.testing.assert_allclose(ops.cast(out[name], "float32"), expected[name], atol=0.05)
    half = CrossModalGenerator(8, seed=0, dtype=policy)
    half(batch)
    loss = half.compute_loss(batch_of(9))
    assert keras.backend.standardize_dtype(loss.dtype) == "float32" and np.isfinite(float(loss))


def figures():
    """What has to come out alike on every backend: nothing that is drawn at random."""
    batch = batch_of(9, missing=0.4)
    generator, imputer, classifier = CrossModalGenerator(8, seed=0), MeanImputer(), network()
    imputer.adapt(batch_of(20, 3))
    for model in (generator, classifier):
        model(batch)
        for k, weight in enumerate(model.trainable_weights):  # initial weights are drawn, by each backend its own way
            weight.assign(np.sin(k + np.arange(np.prod(weight.shape))).reshape(weight.shape))
    filled, masked = generator(batch), classifier(batch)
    steps = {"generator": filled["text"], "mean": imputer(batch)["image"], "zeros": fill(batch)["audio"]}
    dropped = ModalityDropout(1.0, seed=0)(batch_of(50), training=True)
    left = sum(ops.cast(there, "int32") for there in dropped["present"].values())
    # Everything goes but one, whichever it is: one step of training with it runs on every backend.
    model = Prepared([ModalityDropout(0.5, seed=0)], classifier)
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(batch_of(32), np.arange(32) % 2, verbose=0)
    generator.compile("sgd")
    generator.fit(batch_of(32), verbose=0)
    moved = generator.get_weights()[0]
    return steps | {"left": left, "masked": masked, "finite": np.isfinite(moved).all()}


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    here, there = on_backend(keras.config.backend(), figures), on_backend(backend, figures)
    assert (np.asarray(there["left"]) == 1).all() and there["finite"]
    for name in ("generator", "mean", "zeros", "masked"):
        np.testing.assert_allclose(there[name], here[name], atol=1e-5)


def test_without_settings_they_are_what_is_said():
    assert ModalityDropout().get_config().items() >= {"rate": 0.3, "tell": True, "seed": None}.items()
    assert CrossModalGenerator().get_config().items() >= {"hidden": 64, "rate": 0.5, "seed": None}.items()


def test_errors_name_what_came():
    with pytest.raises(ValueError, match=r"Received: rate=1.2"):
        ModalityDropout(1.2)
    with pytest.raises(ValueError, match=r"Received: a rate for \['voice'\]"):
        ModalityDropout({"voice": 0.2})(batch_of(), training=True)
    with pytest.raises(ValueError, match=r"Received: present for \['voice'\]"):
        presence(batch_of() | {"present": {"voice": np.ones(6, bool)}})
    with pytest.raises(ValueError, match=r"Received: values for \['voice'\]"):
        fill(batch_of(), {"voice": 0})
    with pytest.raises(ValueError, match=r"Received: hidden=0"):
        CrossModalGenerator(0)
    with pytest.raises(ValueError, match=r"no item has 'text'"):
        MeanImputer().adapt(batch_of() | {"present": {"text": np.zeros(6, bool)}})
    generator = CrossModalGenerator(4)
    generator(batch_of())
    with pytest.raises(ValueError, match=r"Received: modalities \['text'\]"):
        generator(batch_of(names=["text"]))


def test_a_generator_has_its_weights_once_it_is_built():
    generator = CrossModalGenerator(hidden=1)  # the fewest
    generator.build({"text": (None, 3), "voice": (None, 2)})
    assert [tuple(w.shape) for w in generator.weights] == [(7, 1), (1,), (1, 3), (3,), (1, 2), (2,)]
