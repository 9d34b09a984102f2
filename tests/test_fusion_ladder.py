"""Every fusion layer up the ladder: what changes nothing, every weight moves, seeds, saving, precision, backends."""

import numpy as np
import pytest
from backends import BACKENDS, on_backend
from hypothesis import given, settings
from hypothesis import strategies as st
from test_fusion import INPUTS, LAYERS, PRESENT, RNG, SIZES, SUMS, B, U, a, built, every_layer

from mmcourse import fusion
from mmcourse.backend import keras

pytestmark = pytest.mark.usefixtures("eagerly")

ops = keras.ops
T = {"text": 6, "image": 3}  # two sequences and a vector
SEQUENCES = {
    "text": RNG.standard_normal((B, T["text"], SIZES["text"])).astype("float32"),
    "image": RNG.standard_normal((B, T["image"], SIZES["image"])).astype("float32"),
    "audio": INPUTS["audio"],
}
MASK = {
    "text": np.arange(T["text"])[None] < np.array([6, 1, 4, 2, 0])[:, None],
    "image": np.arange(T["image"])[None] < np.array([3, 3, 1, 2, 1])[:, None],
}


@every_layer
def test_order_of_the_dict_does_not_matter(kind):
    layer = built(kind)
    backwards = dict(reversed(INPUTS.items()))
    np.testing.assert_allclose(layer(backwards), layer(INPUTS), atol=0)
    np.testing.assert_allclose(
        layer(backwards, present=dict(reversed(PRESENT.items()))), layer(INPUTS, present=PRESENT), atol=0
    )
    other = built(kind, backwards)  # nor where the layer is built
    np.testing.assert_allclose(other(INPUTS), layer(INPUTS), atol=0)


@every_layer
def test_padding_changes_nothing_whatever_it_holds(kind):
    layer = built(kind, SEQUENCES)
    z = a(layer(SEQUENCES, mask=MASK))
    for filler in (0.0, 1e30, np.nan):
        padded = dict(SEQUENCES)
        for name, keep in MASK.items():
            longer = np.concatenate([SEQUENCES[name], np.zeros((B, 2, SIZES[name]), "float32")], 1)
            real = np.concatenate([keep, np.zeros((B, 2), bool)], 1)
            padded[name] = np.where(real[..., None], longer, np.float32(filler))
        mask = {name: np.concatenate([keep, np.zeros((B, 2), bool)], 1) for name, keep in MASK.items()}
        np.testing.assert_allclose(layer(padded, mask=mask), z, atol=1e-5)
    cut = {n: x[2:3, : MASK[n][2].sum()] if n in MASK else x[2:3] for n, x in SEQUENCES.items()}  # nothing to mask
    np.testing.assert_allclose(a(layer(cut))[0], z[2], atol=1e-5)


@every_layer
def test_of_a_sequence_the_mean_is_fused(kind):
    layer = built(kind, SEQUENCES)
    z = layer(SEQUENCES, mask=MASK)
    means = {n: np.stack([x[s][MASK[n][s]].mean(0) if MASK[n][s].any() else 0 * x[s, 0] for s in range(B)])
             for n, x in SEQUENCES.items() if n in MASK}  # fmt: skip
    of_means = layer(SEQUENCES | means)
    if kind == "attention":  # which looks at the positions
        assert np.abs(a(z) - a(of_means)).max() > 1e-3
    else:
        np.testing.assert_allclose(z, of_means, atol=1e-5)


@every_layer
def test_order_of_the_positions_does_not_matter(kind):
    order = RNG.permutation(T["text"])
    shuffled = SEQUENCES | {"text": SEQUENCES["text"][:, order]}
    layer = built(kind, SEQUENCES)
    z = layer(SEQUENCES, mask=MASK)
    np.testing.assert_allclose(layer(shuffled, mask=MASK | {"text": MASK["text"][:, order]}), z, atol=1e-5)


@every_layer
@settings(max_examples=10, deadline=None)
@given(
    there=st.lists(st.tuples(*[st.booleans()] * 3), min_size=B, max_size=B),
    filler=st.sampled_from([0, 1e30, np.nan]),
)
def test_what_is_absent_changes_nothing_whatever_it_holds(kind, there, filler):
    layer = ONCE.setdefault(kind, built(kind))
    present = dict(zip(sorted(SIZES), np.array(there).T, strict=True))
    spoilt = {n: np.where(present[n][:, None], x, np.float32(filler)) for n, x in INPUTS.items()}
    z = a(layer(spoilt, present=present))
    assert np.isfinite(z).all()
    np.testing.assert_allclose(z, layer(INPUTS, present=present), atol=1e-6)
    everyone = np.array(there).all(1)
    np.testing.assert_allclose(z[everyone], a(layer(INPUTS))[everyone], atol=1e-5)


ONCE = {}


@pytest.mark.parametrize("kind", [kind for kind in SUMS if kind not in ("fixed", "gated")])
def test_a_sum_without_one_is_the_sum_of_the_others(kind):
    """As the same layer, with the same weights, for fewer modalities."""
    layer, fewer = built(kind), {n: INPUTS[n] for n in ("audio", "text")}
    small = built(kind, fewer)
    for n in fewer:
        small.projections[n].set_weights(layer.projections[n].get_weights())
        if kind == "experts":
            small.certainties[n].set_weights(layer.certainties[n].get_weights())
    if kind == "weighted":
        small.logits.assign(a(layer.logits)[[0, 2]])
    if kind == "similarity":
        small.query.assign(layer.query)
        small.scale.assign(layer.scale)
    absent = {"image": np.zeros(B, bool)}
    np.testing.assert_allclose(layer(INPUTS, present=absent), small(fewer), atol=1e-5)


@every_layer
def test_samples_do_not_know_each_other(kind):
    layer = built(kind, SEQUENCES)
    together = a(layer(SEQUENCES, mask=MASK, present=PRESENT))
    for s in range(B):
        inputs, mask, present = ({n: x[s : s + 1] for n, x in d.items()} for d in (SEQUENCES, MASK, PRESENT))
        np.testing.assert_allclose(a(layer(inputs, mask=mask, present=present))[0], together[s], atol=1e-5)


# ── training ────────────────────────────────────────────────────────────────────────────────────────


def all_in_one(seed=0, dtype=None):
    """One model of every layer, z beside z: (batch, layers · units)."""
    entries = {name: keras.Input((d,), name=name) for name, d in SIZES.items()}
    there = {name: keras.Input((), dtype="bool", name=f"{name}_there") for name in SIZES}
    outs = [make(seed=seed, dtype=dtype)(entries, present=there) for make in LAYERS.values()]
    return keras.Model([entries, there], keras.layers.concatenate(outs))


@pytest.mark.parametrize("seed", range(3))
def test_every_weight_moves_at_the_first_step(seed):
    model = all_in_one(seed)
    model.compile(keras.optimizers.SGD(1.0), "mse")
    before = [w.copy() for w in model.get_weights()]
    rng = np.random.default_rng(seed)
    n = 64
    x = {name: rng.standard_normal((n, d)).astype("float32") for name, d in SIZES.items()}
    there = {name: rng.random(n) < 0.8 for name in SIZES}
    model.train_on_batch([x, there], rng.standard_normal((n, U * len(LAYERS))).astype("float32"))
    assert len(model.trainable_weights) == len(model.weights)
    for old, new, weight in zip(before, model.get_weights(), model.weights, strict=True):
        assert np.abs(new - old).max() > 1e-7, weight.path
        assert np.isfinite(new).all(), weight.path


@every_layer
def test_seeds_are_explicit_and_no_two_weights_begin_equal(kind):
    one, again, other = (LAYERS[kind](seed=s) for s in (3, 3, 4))
    twins = {"text": INPUTS["text"], "audio": INPUTS["text"], "image": INPUTS["text"]}  # of one size
    for layer in (one, again, other):
        layer(twins)
    random = [w for w in one.weights if np.ptp(a(w)) > 0 and w.name != "bias"]  # an LSTM's bias begins 0, 1, 0, 0
    for i, w in enumerate(one.weights):
        np.testing.assert_allclose(w, again.weights[i], atol=0)
    for i, w in enumerate(random):
        rest = [v for v in random[i + 1 :] + list(other.weights) if v.shape == w.shape]
        assert not any(np.allclose(a(w), a(v)) for v in rest), w.path


def test_without_a_seed_keras_decides():
    def drawn():
        keras.utils.set_random_seed(5)
        layer = fusion.ConcatenationFusion(U)
        layer(INPUTS)
        return a(layer.dense.kernel)

    np.testing.assert_allclose(drawn(), drawn(), atol=0)


# ── saving, precision, models ───────────────────────────────────────────────────────────────────────


def test_saves_and_loads(tmp_path):
    model = all_in_one()
    batch = [INPUTS, PRESENT]
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded(batch), model(batch), atol=1e-6)


@every_layer
def test_config_makes_the_same_layer(kind):
    layer = LAYERS[kind](seed=2, name="mine")
    layer(INPUTS)
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config() and again.name == "mine"
    np.testing.assert_allclose(again(INPUTS), layer(INPUTS), atol=0)


@every_layer
@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision_is_finite_and_close(kind, policy):
    layer, half = built(kind, SEQUENCES), built(kind, SEQUENCES, dtype=policy)
    z = half(SEQUENCES, mask=MASK, present=PRESENT)
    assert keras.backend.standardize_dtype(z.dtype) == policy.removeprefix("mixed_")
    z, wanted = a(ops.cast(z, "float32")), a(layer(SEQUENCES, mask=MASK, present=PRESENT))
    np.testing.assert_allclose(z, wanted, atol=0.02 * np.abs(wanted).max() + 0.02)
    assert all(keras.backend.standardize_dtype(w.dtype) == "float32" for w in half.weights)


def test_weights_come_out_of_a_functional_model():
    entries = {name: keras.Input((d,), name=name) for name, d in SIZES.items()}
    layer = fusion.GatedFusion(U, seed=0)
    model = keras.Model(entries, layer(entries, return_weights=True))
    assert [tuple(out.shape) for out in model.outputs] == [(None, U), (None, 3, U)]
    z, weights = model(INPUTS)
    np.testing.assert_allclose(np.sum(weights, 1), 1, atol=1e-6)
    np.testing.assert_allclose(z, layer(INPUTS), atol=1e-6)


def test_takes_the_mask_that_keras_passes_along():
    words = np.array([[3, 1, 4, 0, 0], [2, 0, 0, 0, 0]])
    sound = INPUTS["audio"][:2]
    entries = {"audio": keras.Input((2,), name="audio"), "text": keras.Input((5,), dtype="int32", name="text")}
    embedding, layer = keras.layers.Embedding(6, 4, mask_zero=True), fusion.MeanFusion(U, seed=0)
    model = keras.Model(entries, layer({"audio": entries["audio"], "text": embedding(entries["text"])}))
    wanted = layer({"audio": sound, "text": embedding(words)}, mask={"text": words > 0})
    np.testing.assert_allclose(model({"audio": sound, "text": words}), wanted, atol=1e-6)
    without = layer({"audio": sound, "text": np.asarray(embedding(words))})
    assert np.abs(a(wanted) - a(without)).max() > 1e-3


# ── backends ────────────────────────────────────────────────────────────────────────────────────────


def figures():
    """Everything in one model: eager operations compile one by one on some backends."""
    entries = {name: keras.Input(x.shape[1:], name=name) for name, x in SEQUENCES.items()}
    real = {name: keras.Input(x.shape[1:], dtype="bool", name=f"{name}_mask") for name, x in MASK.items()}
    there = {name: keras.Input((), dtype="bool", name=f"{name}_there") for name in SIZES}
    outs, weights = [], {}
    for kind, make in LAYERS.items():
        options = {"mask": real, "present": there} | ({"return_weights": True} if kind in SUMS else {})
        out = make(seed=0)(entries, **options)
        if kind in SUMS:
            out, weights[kind] = out
        outs.append(out)
    batch = [SEQUENCES, MASK, PRESENT]
    z = keras.layers.concatenate(outs)
    model = keras.Model([entries, real, there], z)
    # Random starts differ between backends: the same numbers everywhere.
    rng = np.random.default_rng(2)
    for weight in model.weights:
        weight.assign(rng.normal(0, 0.5, weight.shape))
    results = dict(keras.Model([entries, real, there], weights | {"z": z}).predict_on_batch(batch))
    model.compile(keras.optimizers.SGD(0.1), "mse")
    for _ in range(3):
        model.train_on_batch(batch, np.ones((B, U * len(LAYERS)), "float32"))
    results["trained"] = np.concatenate([w.reshape(-1) for w in model.get_weights()])
    return results


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    here, there = on_backend(keras.config.backend(), figures), on_backend(backend, figures)
    assert set(here) == set(there)
    for name, value in here.items():
        np.testing.assert_allclose(there[name], value, atol=2e-4, err_msg=name)
