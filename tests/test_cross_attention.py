"""Words that look at regions: the similarity against loops, the models up the ladder, and the recorded experiment."""

import numpy as np
import pytest
from backends import BACKENDS, on_backend
from figure_checks import check_drawing
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse import plots
from mmcourse.backend import keras
from mmcourse.cross_attention import (
    CrossModalTransformer,
    PicturedWordBatches,
    WordRegionAligner,
    attended_similarity,
    region_encoder,
)
from mmcourse.scenes import Scenes
from mmcourse.text import MaskedWords, TextEncoder

pytestmark = pytest.mark.usefixtures("eagerly")

ops = keras.ops
RNG = np.random.default_rng(0)
V, B, SIDE = 11, 3, 16
IMAGES = RNG.integers(0, 256, (B, SIDE, SIDE, 3)).astype("uint8")
TOKENS = np.array([[1, 5, 3, 6, 2, 0], [1, 7, 2, 0, 0, 0], [1, 8, 9, 10, 4, 2]], "int32")
REGIONS = RNG.standard_normal((B, 4, 5)).astype("float32")


def numpy(x):
    return ops.convert_to_numpy(x)


def aligner(seed=0, **kwargs):
    encoder = region_encoder(SIDE, filters=(8, 8, 8), channels=8, seed=seed)  # no region in which nothing fires
    return WordRegionAligner(V, encoder, units=6, temperature=0.2, seed=seed, **kwargs)


def transformer(seed=0, **kwargs):
    policy = {k: v for k, v in kwargs.items() if k == "dtype"}
    encoder = TextEncoder(V, units=8, blocks=1, heads=2, length=6, seed=seed, **policy)
    return CrossModalTransformer(encoder, blocks=2, heads=2, seed=seed, **kwargs)


BATCH = {"image": IMAGES, "tokens": TOKENS}
PICTURED = {"tokens": TOKENS, "regions": REGIONS}


# ── the similarity ──────────────────────────────────────────────────────────────────────────────────


def similarity_loops(words, regions, mask, temperature):
    """Number by number, in float64."""

    def unit(v):
        return np.asarray(v, "float64") / np.linalg.norm(v)

    out = np.zeros((len(words), len(regions)))
    for n, caption in enumerate(words):
        for k, picture in enumerate(regions):
            seen, cosines = [unit(r) for r in picture], []
            for word, real in zip(caption, mask[n], strict=True):
                if real:
                    e = [np.exp(unit(word) @ r / temperature) for r in seen]
                    cosines.append(unit(word) @ unit(sum(a * r for a, r in zip(e, seen, strict=True)) / sum(e)))
            out[n, k] = sum(cosines) / len(cosines) if cosines else 0
    return out


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 5), st.integers(1, 5), st.integers(0, 999))
def test_similarity_equals_loops(n, k, length, m, seed):
    rng = np.random.default_rng(seed)
    words, regions = rng.normal(size=(n, length, 4)), 3 * rng.normal(size=(k, m, 4))
    mask = rng.random((n, length)) < 0.7
    for temperature in (0.05, 1.0):
        got = attended_similarity(words.astype("float32"), regions.astype("float32"), mask, temperature)
        np.testing.assert_allclose(got, similarity_loops(words, regions, mask, temperature), atol=2e-4)


def test_order_of_regions_length_of_vectors_and_padding_change_nothing():
    words, regions = (RNG.standard_normal((3, n, 4)).astype("float32") for n in (5, 7))
    whole = numpy(attended_similarity(words, regions))
    np.testing.assert_allclose(attended_similarity(words, regions[:, RNG.permutation(7)]), whole, atol=1e-5)
    np.testing.assert_allclose(attended_similarity(5 * words, regions / 9), whole, atol=1e-5)
    padded = np.concatenate([words, 9 * np.ones((3, 2, 4), "float32")], 1)
    mask = np.arange(7) < 5
    np.testing.assert_allclose(attended_similarity(padded, regions, np.tile(mask, (3, 1))), whole, atol=1e-5)
    np.testing.assert_allclose(attended_similarity(words[1:2], regions[2:]), whole[1:2, 2:], atol=1e-5)


# ── the aligner ─────────────────────────────────────────────────────────────────────────────────────


def test_the_model_is_its_parts():
    model = aligner()
    similar = numpy(model(BATCH))
    words, mask = model.words(TOKENS)
    np.testing.assert_array_equal(mask, TOKENS > 2)
    regions = numpy(model.regions(IMAGES))
    assert regions.shape == (B, 4, 6)
    np.testing.assert_allclose(np.linalg.norm(regions, axis=-1), 1, atol=1e-5)
    np.testing.assert_allclose(similar, similarity_loops(numpy(words), regions, numpy(mask), 0.2), atol=1e-4)
    weights, back = numpy(model.attend(BATCH)), numpy(model.attend_back(BATCH))
    scores = numpy(model.scores(BATCH))
    np.testing.assert_allclose(scores, np.einsum("bld,bmd->blm", numpy(words), regions), atol=1e-5)
    e = np.exp(scores / 0.2)
    np.testing.assert_allclose(weights, e / e.sum(-1, keepdims=True), atol=1e-5)
    e = np.exp(scores / 0.2) * (TOKENS > 2)[..., None]
    np.testing.assert_allclose(back, (e / e.sum(1, keepdims=True)).swapaxes(1, 2), atol=1e-5)


def test_regions_are_row_by_row_and_see_their_own_place():
    """A change in one cell's pixels moves that cell most; kernel 4 sees 22 pixels, centred."""
    encoder = region_encoder(64, seed=1)
    picture = np.full((1, 64, 64, 3), 128, "uint8")
    before = numpy(encoder(picture))
    assert before.shape == (1, 8, 8, 64)
    for row, column in ((3, 3), (2, 5)):
        reached = np.zeros((64, 64), bool)
        for i in range(64):
            for axis in (0, 1):
                changed = picture.copy()
                y, x = (i, 8 * column + 3) if axis == 0 else (8 * row + 3, i)
                changed[0, y, x] = 255
                reached[y, x] = np.abs(numpy(encoder(changed)) - before)[0, row, column].max() > 1e-6
        down, across = np.flatnonzero(reached[:, 8 * column + 3]), np.flatnonzero(reached[8 * row + 3])
        assert (down[0], down[-1]) == (8 * row - 7, 8 * row + 14), "22 pixels around the cell"
        assert (across[0], across[-1]) == (8 * column - 7, 8 * column + 14)


def test_padding_and_neighbours_change_nothing():
    model = aligner()
    whole = {name: numpy(getattr(model, name)(BATCH)) for name in ("attend", "attend_back", "__call__")}
    longer = BATCH | {"tokens": np.pad(TOKENS, [(0, 0), (0, 4)])}
    np.testing.assert_allclose(model(longer), whole["__call__"], atol=1e-5)
    np.testing.assert_allclose(model.attend(longer)[:, :6], whole["attend"], atol=1e-5)
    np.testing.assert_allclose(model.attend_back(longer)[..., :6], whole["attend_back"], atol=1e-5)
    alone = {name: x[1:2] for name, x in BATCH.items()}
    np.testing.assert_allclose(model.attend(alone), whole["attend"][1:2], atol=1e-5)


def test_the_loss_is_info_nce_of_the_similarities_and_knows_identities():
    model = aligner()
    logits = numpy(model(BATCH)) / 0.07
    model.compile("sgd")
    for who in (None, np.array([0, 1, 0])):
        right = np.eye(B) > 0 if who is None else who[:, None] == who
        losses = []
        for s, r in ((logits, right), (logits.T, right.T)):
            log_p = s - np.log(np.exp(s).sum(1, keepdims=True))
            losses.append(-((r / r.sum(1, keepdims=True)) * log_p).sum(1).mean())
        assert model.evaluate(BATCH, who, verbose=0) == pytest.approx(np.mean(losses), rel=1e-3)


MADE = {"aligner": (aligner, BATCH, None), "transformer": (transformer, PICTURED, np.where(TOKENS > 2, TOKENS, 0))}


@pytest.mark.filterwarnings("error:.*unbuilt state")
@pytest.mark.filterwarnings("error:.*Skipping variable loading")
@pytest.mark.parametrize("name", MADE)
def test_every_weight_moves_and_survives_saving(name, tmp_path):
    make, x, y = MADE[name]
    model = make()
    model.compile(keras.optimizers.SGD(0.1))
    model(x)
    before = [w.copy() for w in model.get_weights()]
    # Batches of 3 pictures leave some ReLU units dead at first; a few steps reach all that can move.
    model.fit(x, y, epochs=5, verbose=0)
    for old, weight in zip(before, model.weights, strict=True):
        if "attention_0/key/bias" in weight.path:  # adds the same to all scores of a query: the softmax cancels it
            continue
        assert np.abs(numpy(weight) - old).max() > 0, weight.path
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded(x), model(x), atol=1e-5)
    own = {k: v for k, v in model.get_config().items() if k != "encoder"}  # which Keras may write in other words
    assert {k: loaded.get_config()[k] for k in own} == own
    assert loaded.evaluate(x, y, verbose=0) == pytest.approx(model.evaluate(x, y, verbose=0), rel=1e-5)


@pytest.mark.parametrize("name", MADE)
def test_one_seed_is_one_model_and_each_weight_has_its_own(name):
    make, x, _ = MADE[name]
    a, b, c = make(1), make(1), make(2)
    for model in (a, b, c):
        model(x)
    for old, new in zip(a.get_weights(), b.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    drawn = [w for w in a.get_weights() if w.size > 1 and np.std(w) > 0]
    assert not any(np.array_equal(v, w) for i, v in enumerate(drawn) for w in drawn[:i] if v.shape == w.shape), (
        "two weights of one shape start alike"
    )
    assert any((v != w).any() for v, w in zip(a.get_weights(), c.get_weights(), strict=True))


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("name", MADE)
def test_half_precision_is_finite_and_close(name, policy):
    make, x, y = MADE[name]
    full, half = make(), make(dtype=policy)
    expected, _ = full(x), half(x)
    half.set_weights(full.get_weights())
    got = half(x)
    assert keras.backend.standardize_dtype(got.dtype) == "float32"
    real = slice(None) if name == "aligner" else TOKENS > 0
    np.testing.assert_allclose(numpy(got)[real], numpy(expected)[real], atol=0.15)
    half.compile(keras.optimizers.SGD(0.01))
    assert np.isfinite(half.fit(x, y, verbose=0).history["loss"][0])
    assert all(np.isfinite(w).all() for w in half.get_weights())


def test_grids_without_an_encoder():
    grids = RNG.standard_normal((B, 2, 3, 5)).astype("float32")
    model = WordRegionAligner(V, units=4)
    assert model({"image": grids, "tokens": TOKENS}).shape == (B, B)
    assert model.attend({"image": grids, "tokens": TOKENS}).shape == (B, 6, 6)
    with pytest.raises(ValueError, match=r"a grid of shape .* Allowed: \(batch, rows, columns, channels\)"):
        WordRegionAligner(V, units=4)({"image": grids[0], "tokens": TOKENS})


@pytest.mark.parametrize("window, temperature", [(2, 0.1), (0, 0.1), (3, 0)])
def test_errors_name_what_came(window, temperature):
    wrong = "temperature=0" if not temperature else f"window={window}"
    with pytest.raises(ValueError, match=rf"Received: {wrong}.* Allowed: "):
        WordRegionAligner(V, window=window, temperature=temperature)


@pytest.mark.compiled
def test_it_finds_by_itself_what_goes_with_what():
    """Regions are one-hot, and each word goes with one of them: taught only by pairs, most models find for each word
    its own. In some draws of the first weights a word stays with another's region, however long it trains; chance would
    be an eighth."""
    kinds, rng = 6, np.random.default_rng(0)
    held = np.array([rng.permutation(kinds)[:2] for _ in range(400)])
    grids = np.zeros((400, 2, 4, kinds), "float32")
    place = np.array([rng.permutation(8)[:2] for _ in range(400)])
    for k in (0, 1):
        grids[np.arange(400), place[:, k] // 4, place[:, k] % 4, held[:, k]] = 1
    tokens = np.concatenate([np.ones((400, 1), int), 4 + held, 2 * np.ones((400, 1), int)], 1).astype("int32")
    found, batch = [], {"image": grids, "tokens": tokens}
    models = [WordRegionAligner(4 + kinds, units=16, window=1, seed=seed) for seed in range(5)]
    for model in models:
        model({name: x[:8] for name, x in batch.items()})
    starts, model = [model.get_weights() for model in models], models[0]
    model.compile(keras.optimizers.Adam(0.02))
    model.optimizer.build(model.trainable_variables)
    nothing = [numpy(variable) for variable in model.optimizer.variables]
    for weights in starts:  # one model, since compiling takes longer than training
        model.set_weights(weights)
        for variable, value in zip(model.optimizer.variables, nothing, strict=True):
            variable.assign(value)
        keras.utils.set_random_seed(0)
        model.fit(batch, batch_size=32, epochs=16, verbose=0)
        looked = numpy(model.attend({"image": grids[:50], "tokens": tokens[:50]}))[:, 1:3].argmax(-1)
        found.append((looked == place[:50]).mean())
    assert np.median(found) > 0.95 and min(found) > 0.75


# ── the Transformer ─────────────────────────────────────────────────────────────────────────────────


def test_without_regions_it_would_be_masked_words():
    """With the crossing blocks' outputs at zero, the logits are those of the blind model."""
    model = transformer()
    model(PICTURED)
    blind = MaskedWords(model.encoder)
    blind.build()
    blind.transform.set_weights(model.transform.get_weights())
    blind.norm.set_weights(model.norm.get_weights())
    blind.bias.assign(model.bias)
    assert np.abs(numpy(model(PICTURED)) - numpy(blind(PICTURED))).max() > 1e-3
    for block in model.blocks:
        for part in (block.attention.output_projection, block.outer):
            part.set_weights([0 * w for w in part.get_weights()])
    np.testing.assert_allclose(model(PICTURED), blind(PICTURED), atol=1e-5)


def test_pictures_come_in_and_places_count():
    model = transformer()
    logits, weights = model(PICTURED, return_weights=True)
    assert weights.shape == (B, 2, 6, 4)
    np.testing.assert_allclose(np.sum(numpy(weights), -1), 1, atol=1e-5)
    np.testing.assert_allclose(model(PICTURED), logits, atol=1e-6)
    other = PICTURED | {"regions": REGIONS[::-1].copy()}
    assert np.abs(numpy(model(other)) - numpy(logits))[0].max() > 1e-3
    np.testing.assert_allclose(numpy(model(other))[1], numpy(logits)[1], atol=1e-5)  # its picture is the same
    model.positions.assign(RNG.standard_normal((4, 8)))
    turned = PICTURED | {"regions": REGIONS[:, ::-1].copy()}
    assert np.abs(numpy(model(turned)) - numpy(model(PICTURED))).max() > 1e-3


def test_batches_bring_each_sentence_its_picture():
    owner = np.array([2, 0, 2, 1, 1])
    tokens = np.tile(np.arange(1, 7), (5, 1))
    batches = PicturedWordBatches(tokens, REGIONS, owner, V, batch_size=2, seed=3)
    seen = []
    for i in range(len(batches)):
        inputs, targets = batches[i]
        rows = batches._rows(i)
        np.testing.assert_array_equal(inputs["regions"], REGIONS[owner[rows]])
        assert inputs["tokens"].shape == targets.shape == (len(rows), 6)
        seen += list(rows)
    assert sorted(seen) == list(range(5))
    with pytest.raises(ValueError, match="2 owners of 5 sentences"):
        PicturedWordBatches(tokens, REGIONS, owner[:2], V)


# ── figures, the record, backends ───────────────────────────────────────────────────────────────────


def test_drawings():
    item, words = Scenes("test", n=1)[0], ["a", "large", "triangle", "is", "above", "circles"]
    for asked in range(len(words)):
        check_drawing(plots.schematic_cross(item, words, RNG.random((8, 8)), asked))
    fig = plots.region_words(item, words, np.eye(6)[np.arange(64).reshape(8, 8) % 6], np.arange(64).reshape(8, 8) < 5)
    check_drawing(fig)
    said = [t.get_text() for t in fig.axes[0].texts]
    assert said == [words[i % 6] for i in range(64)]
    with pytest.raises(ValueError, match="asked=6"):
        plots.schematic_cross(item, words, RNG.random((8, 8)), 6)
    with pytest.raises(ValueError, match="6 words, weights of shape"):
        plots.region_words(item, words, np.ones((8, 8, 5)))
    with pytest.raises(ValueError, match=r"framed of shape \(4, 8\)"):
        plots.region_words(item, words, np.ones((8, 8, 6)), np.ones((4, 8)))


def test_the_recorded_experiment_runs(tmp_path):
    from mmcourse.experiments import __main__ as command
    from mmcourse.experiments.results import read_results

    record = read_results(command.main(["cross_attention-scenes", "--quick", "--results", str(tmp_path)]))
    assert set(record["figures"]) == {"over seeds", "over scenes", "hidden words"}
    for methods in (record["figures"]["over seeds"], record["figures"]["over scenes"]):
        assert {"chance", "captions alone", "captioner, at each step"} <= set(methods)
        assert all(set(scores) == {"pointing", "mass"} for scores in methods.values())
    assert set(record["figures"]["hidden words"]) == {"blind", "seeing", "another picture"}


def figures():
    results = {}
    words, regions = (np.sin(np.arange(2 * n * 4).reshape(2, n, 4)).astype("float32") for n in (3, 5))
    results["similarity"] = attended_similarity(words, regions, np.array([[1, 1, 0], [1, 1, 1]], bool), 0.1)
    for name, (make, x, y) in MADE.items():
        model = make()
        model(x)
        model.set_weights(
            [0.3 * np.sin(np.arange(w.size).reshape(w.shape) + i) for i, w in enumerate(model.get_weights())]
        )
        results[name] = model(x)
        model.compile(keras.optimizers.SGD(0.05))
        results[f"{name} losses"] = model.fit(x, y, epochs=3, shuffle=False, verbose=0).history["loss"]
        if name == "aligner":
            results["attend"], results["back"] = model.attend(x), model.attend_back(x)
    return results


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    expected = on_backend(keras.config.backend(), figures)
    for name, value in on_backend(backend, figures).items():
        np.testing.assert_allclose(value, expected[name], rtol=1e-3, atol=1e-4, err_msg=name)
