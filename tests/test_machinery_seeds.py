"""Runs over seeds are independent: no two seeds share a weight, nor do two weights of one model."""

import importlib
import inspect
import itertools
import pkgutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmcourse import (
    attention,
    autoencoder,
    captioning,
    cross_attention,
    fusion,
    image,
    missing,
    ranking,
    retrieval,
    vqa,
)
from mmcourse._machinery.seeds import independent
from mmcourse.audio import frame_rnn, spectrogram_cnn
from mmcourse.backend import keras
from mmcourse.fusion import levels
from mmcourse.product_search import GatedComposer
from mmcourse.text import encoder, skipgram

SEEDS = range(10)
glorot = keras.initializers.GlorotUniform
TWO = {"image": (None, 5), "text": (None, 5)}
ROOMS = "attention audio autoencoder captioning contrastive cross_attention fusion image missing product_search ranking"
ROOMS = [*ROOMS.split(), "retrieval", "text", "video", "vqa"]
NO_WEIGHTS = {captioning.RegionChoice, missing.ModalityDropout}  # only draws
ABSTRACT = {fusion.Fusion, fusion.sums.WeightedSum, levels.LevelModel, vqa.VQAModel}


def dense(seed):
    seeds = independent(seed, len(TWO), "an encoder")
    return {name: keras.layers.Dense(5, kernel_initializer=glorot(own)) for name, own in zip(TWO, seeds, strict=True)}


def made(model, *shapes, **named):
    model.build(*shapes, **named)
    return model


def text_encoder(seed):
    return encoder.TextEncoder(9, 4, 2, 2, 6, 0.1, seed)


def with_encoder(kind, shape):
    return lambda seed: made(kind(made(text_encoder(seed)), seed=seed), shape)


def called(model, shapes):
    """The model, built by a call: some build themselves in no other way."""
    zeros = {name: np.zeros((1, *shape[1:]), "float32") for name, shape in shapes.items()}
    model(zeros)
    return model


def detector(seed):
    made, grid = image.SceneDetector(5, seed), np.random.default_rng(0).normal(size=(2, 3, 3, 4)).astype("float32")
    made.adapt(grid)
    made(grid)
    return made


def answering(kind, seed, **settings):
    model = kind(9, 3, units=4, embedding=3, seed=seed, **settings)
    return made(model, {"image": (None, 4, 3), "text": (None, 6)})


STEPS = [("scene",), ("filter", "colour", "red"), ("filter", "colour", "blue"), ("relate", "above"), ("count",)]
FUSIONS = {
    kind: lambda seed, kind=kind: made(kind(5, seed=seed), TWO)
    for kind in (getattr(fusion, name) for name in fusion.__all__)
    if kind not in ABSTRACT
}
# Every class with weights and a seed -> how a seed makes one that is built.
MAKE = FUSIONS | {
    attention.AdditiveAttention: lambda s: made(attention.AdditiveAttention(5, s), (None, 2, 5), (None, 3, 5)),
    attention.MultiHeadAttention: lambda s: made(
        attention.MultiHeadAttention(4, 2, 4, s), (None, 2, 4), (None, 3, 4), (None, 3, 4)
    ),
    attention.CrossAttention: lambda s: made(
        attention.CrossAttention(4, 2, "beside", s), (None, 2, 4), (None, 3, 4)
    ),
    attention.CrossBlock: lambda s: made(attention.CrossBlock(4, 2, 0.1, s), (None, 2, 4), (None, 3, 4)),
    attention.CoAttention: lambda s: made(attention.CoAttention(4, 2, 0.1, s), (None, 2, 4), (None, 3, 4)),
    autoencoder.MultimodalAutoencoder: lambda s: made(
        autoencoder.MultimodalAutoencoder(dense(s), dense(s + 100), dict.fromkeys(TWO, "squared"), 5, seed=s), TWO
    ),
    autoencoder.WordDecoder: lambda s: made(autoencoder.WordDecoder(9, 4, 4, s), (None, 4)),
    cross_attention.WordRegionAligner: lambda s: made(
        cross_attention.WordRegionAligner(9, units=5, window=3, seed=s), {"image": (None, 2, 2, 4), "tokens": (None, 6)}
    ),
    cross_attention.CrossModalTransformer: with_encoder(
        cross_attention.CrossModalTransformer, {"tokens": (None, 6), "regions": (None, 3, 4)}
    ),
    encoder.TextEncoder: lambda s: made(text_encoder(s)),
    encoder.MaskedWords: with_encoder(encoder.MaskedWords, {"tokens": (None, 6)}),
    skipgram.SkipGram: lambda s: made(skipgram.SkipGram(9, 4, s), {"centre": (None,), "others": (None, 3)}),
    GatedComposer: lambda s: made(GatedComposer(5, s), TWO),
    image.ImageAutoencoder: lambda s: image.ImageAutoencoder(16, 5, 4, s),
    image.SceneDetector: detector,
    missing.CrossModalGenerator: lambda s: made(missing.CrossModalGenerator(5, seed=s), TWO),
    ranking.MatchingClassifier: lambda s: made(
        ranking.MatchingClassifier(9, 4, 2, 1, 6, 0.1, s), {"image": (None, 2, 2, 4), "text": (None, 6)}
    ),
    retrieval.ImageTower: lambda s: made(retrieval.ImageTower(5, "attention", 5, 0.1, s), (None, 3, 5)),
    retrieval.TextTower: lambda s: made(retrieval.TextTower(9, 5, "gru", bidirectional=True, seed=s), (None, 6)),
    levels.DataLevel: lambda s: called(levels.DataLevel(keras.layers.Dense(5, kernel_initializer="zeros"), 2, s), TWO),
    levels.FeatureLevel: lambda s: called(levels.FeatureLevel(dense(s), fusion.MeanFusion(5, seed=s), 2, s), TWO),
    levels.DecisionLevel: lambda s: called(levels.DecisionLevel(dense(s), 2, seed=s), TWO),
    levels.Hybrid: lambda s: called(levels.Hybrid(dense(s), fusion.MeanFusion(5, seed=s), 2, seed=s), TWO),
    vqa.ParallelCoAttention: lambda s: made(vqa.ParallelCoAttention(4, s), (None, 3, 5), (None, 2, 4)),
    vqa.JointEmbedding: lambda s: answering(vqa.JointEmbedding, s),
    vqa.StackedAttention: lambda s: answering(vqa.StackedAttention, s, words=True),
    vqa.CoAttentionNetwork: lambda s: answering(vqa.CoAttentionNetwork, s),
    vqa.RelationNetwork: lambda s: answering(vqa.RelationNetwork, s),
    vqa.FiLMNetwork: lambda s: answering(vqa.FiLMNetwork, s, blocks=2),
    vqa.WordsAndRegions: lambda s: answering(vqa.WordsAndRegions, s, blocks=2, heads=2),
    vqa.NeuralModules: lambda s: answering(vqa.NeuralModules, s, steps=STEPS, program_length=3),
}  # fmt: skip
FUNCTIONS = {
    "frame_rnn": lambda s: frame_rnn(5, 3, 5, dropout=0.1, seed=s),
    "spectrogram_cnn": lambda s: spectrogram_cnn(8, 3, (4, 4, 4), dropout=0.1, seed=s),
    "region_encoder": lambda s: cross_attention.region_encoder(16, (4, 4, 4), 4, 3, 3, s),
    "text_tower_lstm": lambda s: made(retrieval.TextTower(9, 5, "lstm", seed=s), (None, 6)),
    "text_tower_transformer": lambda s: made(retrieval.TextTower(9, 4, "transformer", heads=2, seed=s), (None, 6)),
}


def drawn(model):
    """The weights that were drawn: no two of their numbers are equal."""
    weights = [np.asarray(keras.ops.convert_to_numpy(w), "float64").ravel() for w in model.trainable_weights]
    return [w for w in weights if len(w) > 2 and len(np.unique(w)) > 2]


def share(a, b):
    """Whether two weights were drawn from one stream, whatever their shapes and scales."""
    n = min(len(a), len(b))
    a, b = a[:n], b[:n]
    return bool(np.allclose(a * np.linalg.norm(b), b * np.linalg.norm(a), atol=1e-6))


@pytest.mark.parametrize("make", [*MAKE.values(), *FUNCTIONS.values()], ids=[*(k.__name__ for k in MAKE), *FUNCTIONS])
def test_no_two_seeds_share_a_weight_and_no_two_weights_a_seed(make):
    weights = [(seed, w) for seed in SEEDS for w in drawn(make(seed))]
    assert weights
    for (seed, one), (other, another) in itertools.combinations(weights, 2):
        assert not share(one, another), f"seeds {seed} and {other} share a weight of {len(one)} numbers"


def parameters(kind):
    """What a class, or one that it hands its arguments on to, takes."""
    return inspect.signature(kind.__init__).parameters if kind.__module__.startswith("mmcourse") else ()


def test_every_class_with_a_seed_is_among_them():
    found = set()
    for room in ROOMS:
        package = importlib.import_module(f"mmcourse.{room}")
        names = [m.name for m in pkgutil.walk_packages(getattr(package, "__path__", []), f"mmcourse.{room}.")]
        for module in map(importlib.import_module, [package.__name__, *names]):
            layers = [kind for kind in vars(module).values() if inspect.isclass(kind)]
            layers = [kind for kind in layers if issubclass(kind, keras.layers.Layer)]
            found |= {kind for kind in layers if any("seed" in parameters(base) for base in kind.__mro__)}
    found = {kind for kind in found if kind.__module__.startswith("mmcourse")}
    assert found - ABSTRACT - NO_WEIGHTS == set(MAKE)


def test_one_seed_is_one_model():
    for make in MAKE.values():
        for one, another in zip(drawn(make(3)), drawn(make(3)), strict=True):
            np.testing.assert_array_equal(one, another)


@given(st.integers(0, 2**40), st.integers(0, 30), st.integers(0, 30))
def test_the_first_seeds_do_not_depend_on_how_many_are_asked_for(seed, few, many):
    few, many = sorted((few, many))
    states = independent(seed, many, "layer")
    assert states[:few] == independent(seed, few, "layer")
    assert all(isinstance(own, int) and 0 <= own < 2**31 for own in states)
    assert len(set(states)) == many


def test_neighbouring_seeds_have_nothing_in_common():
    states = [own for seed in range(1000) for of in "ab" for own in independent(seed, 10, of)]
    assert len(set(states)) >= len(states) - 1  # of 20,000 draws of 31 bits, 0.1 pairs are expected to be equal


def test_without_a_seed_there_is_none():
    assert independent(None, 2, "layer") == [None, None]


@pytest.mark.parametrize("seed", [-1, 1.5, True, "3"])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises(ValueError, match=f"Received: seed={seed!r}"):
        independent(seed, 1, "layer")
