"""Skip-gram: pairs by loops, the loss and its gradient in NumPy, what it learns, saving, precision."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.backend import keras
from mmcourse.text import SkipGram, SkipGramBatches, Vocabulary, skip_gram_pairs, subsample

ops = keras.ops
RNG = np.random.default_rng(0)
V, D, B, K = 11, 5, 6, 3
CENTRE = RNG.integers(4, V, B).astype("int32")
OTHERS = RNG.integers(4, V, (B, 1 + K)).astype("int32")
BATCH = {"centre": CENTRE, "others": OTHERS}


def loss_by_hand(centre, others, u, v):
    """Mikolov et al.'s equation (4), one number at a time, in float64."""
    total = 0.0
    for i in range(len(centre)):
        for j in range(others.shape[1]):
            s = float(u[centre[i]] @ v[others[i, j]])
            total += np.log1p(np.exp(-s if j == 0 else s))
    return total / len(centre)


@pytest.fixture
def model():
    model = SkipGram(V, D, seed=1)
    model.build()
    model.other.embeddings.assign(RNG.normal(size=(V, D)))
    model.centre.embeddings.assign(RNG.normal(size=(V, D)))
    return model


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 4), st.lists(st.lists(st.integers(0, 8), min_size=6, max_size=6), min_size=1, max_size=3))
def test_pairs_are_those_of_two_loops(window, tokens):
    expected = sorted(
        (row[i], row[j])
        for row in tokens
        for i in range(6)
        for j in range(6)
        if 0 < abs(i - j) <= window and row[i] > 2 and row[j] > 2
    )
    pairs = skip_gram_pairs(np.array(tokens), window)
    assert pairs.dtype == np.int32 and sorted(map(tuple, pairs.tolist())) == expected


def test_subsampling_keeps_as_often_as_the_formula_says():
    tokens = np.r_[np.full(9000, 4), np.full(1000, 5)].reshape(100, 100)
    tokens = np.concatenate([np.full((100, 1), 1), tokens, np.full((100, 1), 2), np.zeros((100, 3), int)], 1)
    left = subsample(tokens, 0.1, seed=0)
    assert left.shape == tokens.shape and not np.isin(left, (1, 2)).any()
    np.testing.assert_allclose((left == 4).sum() / 9000, np.sqrt(0.1 / 0.9), atol=0.02)
    assert (left == 5).sum() == 1000
    assert not (np.diff((left > 0).astype(int), axis=1) > 0).any(), "what is left stands on the left"
    np.testing.assert_array_equal(left, subsample(tokens, 0.1, seed=0))
    few = [[1, 7, 8, 9, 2]]
    assert subsample(few, 1.0).tolist() == [[7, 8, 9, 0, 0]]


def test_negatives_follow_the_power_of_the_counts_and_change_with_the_epoch():
    pairs = np.stack([np.full(4000, 4), np.repeat([5, 6, 8], [3200, 700, 100])], 1)
    batches = SkipGramBatches(pairs, negatives=10, batch_size=4000, seed=3)
    (first,) = batches[0]
    np.testing.assert_array_equal(np.bincount(first["others"][:, 0]), np.bincount(pairs[:, 1]))
    expected = np.array([3200, 700, 100]) ** 0.75
    drawn = np.bincount(first["others"][:, 1:].ravel(), minlength=9)
    np.testing.assert_allclose(drawn[[5, 6, 8]] / drawn.sum(), expected / expected.sum(), atol=0.01)
    assert drawn[[5, 6, 8]].sum() == drawn.sum()
    np.testing.assert_array_equal(batches[0][0]["others"], first["others"])
    batches.on_epoch_end()
    assert (batches[0][0]["others"] != first["others"]).any()


def test_logits_and_loss_are_the_formula(model):
    u, v = (np.asarray(w, "float64") for w in model.get_weights())
    logits = model(BATCH)
    np.testing.assert_allclose(logits, np.einsum("bd,bkd->bk", u[CENTRE], v[OTHERS]), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(model.compute_loss(y_pred=logits), loss_by_hand(CENTRE, OTHERS, u, v), rtol=1e-5)


def test_one_step_of_training_goes_down_the_numeric_gradient(model):
    u, v = (np.array(w, "float64") for w in model.get_weights())
    gradient = [np.zeros_like(w) for w in (u, v)]
    for table, g in zip((u, v), gradient, strict=True):
        for at in np.ndindex(table.shape):
            for sign in (1, -1):
                table[at] += sign * 1e-5
                g[at] += sign * loss_by_hand(CENTRE, OTHERS, u, v) / 2e-5
                table[at] -= sign * 1e-5
    model.compile(keras.optimizers.SGD(0.5))
    model.train_on_batch(BATCH)
    for old, new, g in zip((u, v), model.get_weights(), gradient, strict=True):
        np.testing.assert_allclose(new - old, -0.5 * g, atol=1e-5)


def test_neighbours_in_the_batch_do_not_matter(model):
    np.testing.assert_allclose(model({k: x[:1] for k, x in BATCH.items()}), model(BATCH)[:1], atol=1e-6)


def test_words_used_alike_come_near_each_other():
    rng = np.random.default_rng(0)
    kinds = {"colour": ["red", "green", "blue"], "shape": ["star", "cross", "disc"], "verb": ["is", "lies", "sits"]}
    order = ("colour", "shape", "verb", "colour", "shape")
    captions = [" ".join(rng.choice(kinds[k]) for k in order) for _ in range(600)]
    vocabulary = Vocabulary.build(captions)
    model = SkipGram(len(vocabulary), 8, seed=0)
    model.compile(keras.optimizers.Adam(0.02))
    pairs = skip_gram_pairs(vocabulary.encode(captions), 2)
    history = model.fit(SkipGramBatches(pairs, batch_size=512), epochs=6, verbose=0).history["loss"]
    assert history[-1] < history[0]
    vectors = model.vectors(vocabulary)
    for words in kinds.values():
        for word in words:
            assert {near for near, _ in vectors.neighbours(word, 2)} == set(words) - {word}
    assert not vectors.matrix[:4].any()


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision(model, policy):
    half = SkipGram(V, D, dtype=policy)
    half.build()
    half.set_weights(model.get_weights())
    logits = half(BATCH)
    assert keras.backend.standardize_dtype(logits.dtype) == "float32"
    np.testing.assert_allclose(logits, model(BATCH), atol=0.05)


def test_saves_and_loads(model, tmp_path):
    model(BATCH)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded(BATCH), model(BATCH), atol=1e-6)


def test_errors_name_what_came(model):
    with pytest.raises(ValueError, match="window=0"):
        skip_gram_pairs([[4, 5]], 0)
    with pytest.raises(ValueError, match=r"Received: tokens of shape \(2,\)\. Allowed: tokens \(n, L\)"):
        skip_gram_pairs([4, 5])
    with pytest.raises(ValueError, match="negatives=0"):
        SkipGramBatches([[4, 5]], negatives=0)
    with pytest.raises(ValueError, match="threshold=0"):
        subsample([[4]], 0)
    with pytest.raises(ValueError, match="11 vectors"):
        model.vectors(Vocabulary(["a"]))
