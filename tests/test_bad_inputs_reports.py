"""Trials after bug reports of other projects, each named: what happened there is refused here, or answered right."""

import warnings

import numpy as np
import pytest
from hostile_calls import (
    FACTORS,
    FRAMES,
    GRID,
    LAYERS,
    MASK,
    MATCHES,
    MEL,
    PICTURES,
    SOUND,
    STATES,
    TABLE,
    TWO,
    K,
    Q,
    dense,
    network,
    step,
    x,
)  # fmt: skip
from oracles import oracle

from mmcourse import attention as at
from mmcourse import audio, captioning, contrastive, decoding, fusion_choice, image, metrics, retrieval
from mmcourse import autoencoder as ae
from mmcourse import cross_attention as ca
from mmcourse import graphical as g
from mmcourse.backend import keras
from mmcourse.fusion import levels
from mmcourse.retrieval import TextTower
from mmcourse.text import TextEncoder

pytestmark = pytest.mark.usefixtures("eagerly")

nan, inf = float("nan"), float("inf")
HOLES = np.where(MASK, 0.0, -inf).astype("float32")  # the additive form of a mask
STATE, ALL = {"a": x(2, 3)}, tuple(range(6))
FAR = np.full((2, 3), 99)  # tokens of another vocabulary
LEVEL = levels.DataLevel(dense(), 2, seed=0)


def accuracy(labels):
    return fusion_choice.Repeated(lambda seed: LEVEL, TWO, keras.optimizers.SGD(0.1), 4).accuracy(TWO, labels)


def other_regions():
    model = ca.CrossModalTransformer(TextEncoder(9, 8))
    model({"tokens": np.array([[4, 5]]), "regions": x(1, 4, 5)})
    model({"tokens": np.array([[4, 5]]), "regions": x(1, 6, 5)})


REFUSED = {
    "librosa: audio buffer is not finite": (
        lambda: audio.mel_spectrogram(np.full((1, 800), nan, "float32"), 8000, 256, 128), "NaN"
    ),
    "librosa: integers are no audio": (
        lambda: audio.mel_spectrogram((SOUND * 3000).astype("int16"), 8000, 256, 128), "32768"
    ),
    "librosa: empty filters": (lambda: audio.mel_filters(8000, 64, 80), "n_mels=80"),
    "librosa: hop of 0.01 seconds": (lambda: audio.spectrogram(SOUND, 256, 0.01), "hop=0.01"),
    "librosa: decibels into power_to_db": (lambda: audio.power_to_db(-np.abs(x(1, 5, 8)) - 1), "power with"),
    "torchaudio: channels last": (lambda: audio.spectrogram(x(2, 800, 1), 256, 128), "MelSpectrogram"),
    "torchaudio: channels first": (lambda: MEL(x(4, 1, 800)), "channels first"),
    "torchaudio: lengths beyond the array": (lambda: MEL(SOUND, lengths=[900, 500]), "900"),
    "lengths (b, 1)": (lambda: MEL.frame_mask(np.array([[800], [500]]), 800), "(2, 1)"),
    "transformers #41443, statistics": (lambda: audio.train_statistics(FRAMES, HOLES), "-inf"),
    "transformers #41443, recordings": (lambda: audio.normalize_recordings(FRAMES, HOLES), "-inf"),
    "transformers #41443, mean": (lambda: audio.MaskedMean()(FRAMES, HOLES), "-inf"),
    "PyTorch: target out of bounds": (lambda: captioning.token_loss(np.full((2, 3), 9), x(2, 3, 5)), "9"),
    "JAX: gather clamps, tower": (lambda: TextTower(9, 4)(FAR), "99"),
    "JAX: gather clamps, encoder": (lambda: TextEncoder(9, 8)(FAR), "99"),
    "JAX: gather clamps, decoder": (lambda: ae.WordDecoder(9, 4, 4)(x(2, 3), target=FAR), "99"),
    "JAX: gather clamps, score": (lambda: decoding.score_tokens(step, STATE, FAR), "99"),
    "transformers: every token forbidden": (lambda: decoding.greedy(step, STATE, 3, forbidden=ALL), "forbidden"),
    "transformers: every token forbidden, beams": (
        lambda: decoding.beam_search(step, STATE, 2, 0.6, 3, forbidden=ALL), "forbidden"
    ),
    "Keras: a mask of the other side": (
        lambda: at.CoAttention(8, 2)(Q, K, first_mask=np.ones((2, 3), bool)), "first_mask"
    ),
    "pycocoevalcap: dicts by picture": (
        lambda: metrics.caption_scores({"a": "x y", "b": "z"}, {"a": ["x y"], "b": ["z"]}), "dict"
    ),
    "NLTK: more n-grams right than written": (lambda: metrics.bleu([9, 2, 1, 0], [4, 3, 2, 1], 4, 4), "right"),
    "pandas: NaN among the groups": (lambda: metrics.mean_interval([1, 2, 3], [0, nan, 1]), "NaN"),
    "SciPy: a confidence in percent": (lambda: fusion_choice.interval([1, 2, 3], 95), "confidence=95"),
    "NumPy: one value has no deviation": (lambda: fusion_choice.interval([1]), "two or more"),
    "a loop without end": (lambda: fusion_choice.seeds_needed(1e9, 1e-9), "1,000,000 runs"),
    "tensorflow #30040, accuracy": (lambda: accuracy(np.zeros((4, 1), int)), "(4, 1)"),
    "pgmpy: parents as one string": (lambda: g.BayesianNetwork({"ab": 2, "a": 2, "b": 2}, {"ab": "ab"}), "a str"),
    "pgmpy: evidence by the state's name": (lambda: g.enumeration(FACTORS, "a", {"b": "yes"}), "yes"),
    "pandas: columns of several lengths": (lambda: network().fit({"label": [0, 1, 1], "sound": [0, 1]}), "lengths"),
    "hmmlearn: posteriors of NaN": (lambda: g.forward_backward(np.full((3, 2), -inf), np.zeros((2, 2))), "no sequence"),
    "NumPy: argmax takes NaN": (lambda: g.icm(np.full((3, 3, 2), nan), 0.5), "NaN"),
    "logarithms taken for potentials": (lambda: g.enumeration([g.Factor("a", [-0.5, -1.0])], "a"), "-1 in it"),
    "NumPy: weights of length one": (lambda: metrics.average_precision(MATCHES, np.ones(1)), "(1,)"),
    "NumPy: an owner of -1": (
        lambda: ca.PicturedWordBatches(np.full((3, 4), 5), x(2, 4, 5), [0, 1, -1], 9), "-1"
    ),
    "Pillow: mode L": (lambda: image.resize(PICTURES[0][..., 0], (8, 8)), "(64, 64)"),
    "Pillow: mode RGBA": (lambda: image.resize(np.zeros((8, 8, 4), "uint8"), (4, 4)), "(8, 8, 4)"),
    "Keras: channels first": (lambda: image.Preprocess("caffe")(np.zeros((2, 3, 8, 8), "uint8")), "RGB"),
    "features of another encoder": (other_regions, "(1, 6, 5)"),
    "a grid of another encoder": (lambda: LAYERS["detector"]()(GRID[..., 0]), "(2, 4, 4)"),
    "Keras: a loss weight of NaN": (
        lambda: ae.MultimodalAutoencoder({"a": dense()}, {"a": dense()}, {"a": "squared"}, 4, weights={"a": nan}), "nan"
    ),
}  # fmt: skip


@pytest.mark.parametrize("report", REFUSED)
def test_what_went_wrong_elsewhere_is_refused(report, record_property):
    call, came = REFUSED[report]
    with pytest.raises((ValueError, TypeError), match="Received: ") as caught:
        call()
    assert came in str(caught.value), caught.value
    record_property("bad inputs refused", 1)


SHADES, RIGHT = np.array([[3, 0, 2], [1, 5, 4]], "uint8"), np.array([[0, 0, 1], [1, 0, 0]], bool)


def test_unsigned_and_bool_similarities_are_ranked_as_numbers():  # NumPy: -uint8 is another number
    assert metrics.ndcg(SHADES, RIGHT) == metrics.ndcg(SHADES.astype(float), RIGHT)
    assert metrics.ndcg(SHADES > 2, RIGHT) == metrics.ndcg((SHADES > 2).astype(float), RIGHT)


def test_strided_and_double_vectors_are_found():  # FAISS: arrays must be C-contiguous float32
    oracle("faiss")
    vectors = np.random.default_rng(0).normal(size=(9, 8))[:, ::2]
    for index in (retrieval.ExactIndex(4), retrieval.ApproximateIndex(4, 2, 1)):
        index.add(np.arange(9), vectors)
        assert index.search(vectors, 1)[0][:, 0].tolist() == list(range(9))
        assert index.search(vectors[:1], 50)[0].shape == (1, 9)  # FAISS: -1 where there are fewer


def test_a_row_without_anything_is_a_number():  # PyTorch: NaN of fully masked rows, and where all targets are ignored
    nothing = np.zeros((2, 3), bool)
    assert np.isfinite(np.asarray(at.MultiHeadAttention(8, 2, seed=0)(Q, K, mask=nothing))).all()
    assert float(captioning.token_loss(np.zeros((2, 3), int), x(2, 3, 5))) == 0
    excluded = np.where(np.eye(4)[::-1] > 0, -inf, TABLE).astype("float32")
    assert np.isfinite(float(contrastive.info_nce(excluded)))


def test_refused_tables_leave_the_old_ones():
    model = network()
    old = model.tables
    with pytest.raises(ValueError, match="no distribution"):
        model.with_tables({"label": [0.5, 0.5], "sound": np.full((2, STATES["sound"]), 0.5)})
    assert model.tables is old


def test_pixels_from_0_to_1_are_told():  # Keras: preprocess_input of pictures that are scaled already
    shares = PICTURES[:, :8, :8] / 255
    with pytest.warns(UserWarning, match=r"values from 0.* to .*Expected: pixels in \[0, 255\]"):
        image.Preprocess("caffe")(shares)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        image.Preprocess("caffe")(255 * shares)
        image.Preprocess("caffe")(np.zeros((1, 8, 8, 3), "float32"))  # black
