"""Every public function and layer of the rooms below with right arguments, of which tests make wrong ones."""

import numpy as np

from mmcourse import attention as at
from mmcourse import audio, batches, contrastive, decoding, fusion, image, metrics, missing, retrieval, vqa
from mmcourse import autoencoder as ae
from mmcourse import cross_attention as ca
from mmcourse import fusion_choice as fc
from mmcourse import graphical as g
from mmcourse.backend import keras
from mmcourse.fusion import levels
from mmcourse.image.channels import channel_statistics
from mmcourse.text import TextEncoder

ops = keras.ops


def x(*shape, seed=0):
    return np.random.default_rng(seed + len(shape)).normal(size=shape).astype("float32")


def dense(units=3):
    return keras.layers.Dense(units, kernel_initializer=keras.initializers.GlorotUniform(1))


class Thing:
    """An item with what is asked for, and nothing else."""

    def __init__(self, name, image=None, audio=None, rate=None):
        self.id, self.image, self.audio, self.rate = name, image, audio, rate


def yes(*shape):
    return np.ones(shape, bool)


def once(make):
    """What is costly to make, made when it is first asked for."""
    kept = []
    return lambda: kept[0] if kept else kept.append(make()) or kept[0]


# ── right arguments ─────────────────────────────────────────────────────────────────────────────────
ONE, TABLE, RANKS = np.eye(4, dtype=bool), x(4, 4), np.array([1, 2, 3, 4])
BOX = np.array([[0.0, 0, 2, 2], [1, 1, 3, 3]])
FOUND = [(BOX, np.array([0, 1]), np.array([0.5, 0.6])), (BOX[:1], np.array([1]), np.array([0.2]))]
TRUE = [(BOX, np.array([0, 1])), (BOX[:1], np.array([1]))]
MATCHES = metrics.match_detections(FOUND, TRUE)
SAID = {"candidates": ["a cat sits", "a dog runs"], "references": [["a cat sits", "the cat sits"], ["a dog ran"]]}
STATES, AB = {"label": 2, "sound": 3}, {"a": np.array([0, 1, 1]), "b": np.array([0, 1, 0])}
DATA = {"label": np.array([0, 1, 1, 0]), "sound": np.array([0, 1, 2, 0])}
FACTORS = [g.Factor(("a",), [0.4, 0.6]), g.Factor(("a", "b"), [[0.1, 0.9], [0.5, 0.5]])]
GRID_OF_LOGS = x(2, 3, 3, 2).astype("float64")
MASK, PRESENT = np.arange(5) < np.array([5, 3, 1, 4])[:, None], np.array([True, False, True, True])
TWO, SEQUENCE = {"image": x(4, 3), "text": x(4, 2)}, {"image": x(4, 5, 3), "text": x(4, 2)}
ABSENT, FULL = TWO | {"present": {"text": PRESENT}}, SEQUENCE | {"present": {"text": PRESENT}, "mask": {"image": MASK}}
Q, K, V, KEEP = x(2, 4, 8), x(2, 3, 8), x(2, 3, 5), np.array([[True, True, False], [True, False, False]])
PICTURES = np.random.default_rng(0).integers(0, 255, (2, 64, 64, 3)).astype("uint8")
SOUND, FRAMES = (x(2, 800) / 10).clip(-1, 1), x(4, 5, 3)
SOUNDS = [Thing("a", audio=SOUND[0][:, None], rate=8000), Thing("b", audio=SOUND[1][:500, None], rate=8000)]
STATISTICS = (np.zeros(3, "float32"), np.ones(3, "float32"))
WORDS, PAIR = np.array([[4, 5, 0], [6, 7, 8]]), {"a": x(4, 3), "b": x(4, 3, seed=1)}
MEL = audio.MelSpectrogram(8000, 256, 128, n_mels=8)
OF_MEL = {"n_mels": 8, "low": 0.0, "high": 4000.0, "scale": "slaney", "norm": "slaney"}
CELLS = {part: x(2, 8, 8, n) for part, n in {"box": 4, "shape": 5, "colour": 6, "size": 2}.items()}
CELLS = {"there": x(2, 8, 8)} | CELLS
GRID = np.abs(x(2, 4, 4, 6))
DETECTION = image.decode_cells(CELLS, 0.01)[0]


def network():
    return g.BayesianNetwork.naive("label", STATES).fit(DATA)


def field():
    return g.MarkovField({"a": 2, "b": 2}, {"same": [g.Factor(("a", "b"), np.eye(2))]})


def step(tokens, state):
    return ops.zeros((tokens.shape[0], 6)), state


def held():
    index = retrieval.ExactIndex(3)
    index.add(np.arange(5), x(5, 3))
    return index


def cells():
    index = retrieval.ApproximateIndex(3, 2, 1)
    index.add(np.arange(100), x(100, 3))
    return index


def two():
    return {"image": dense(), "text": dense()}


def built(layer, *shapes):
    layer.build(*shapes)
    return layer


def fused(kind):
    return built(kind(4, seed=0), {name: (None, *value.shape[1:]) for name, value in SEQUENCE.items()})


def pair_of():
    model = contrastive.DualEncoder(two(), contrastive.InfoNCE())
    model(TWO)
    return model


def rebuilt():
    decoders = {"image": dense(3), "text": dense(2)}
    return ae.MultimodalAutoencoder(two(), decoders, {"image": "squared", "text": "binary"}, 4, seed=0)


def adapted():
    detector = image.SceneDetector(4)
    detector.adapt(GRID)
    return detector


def trained(labels, steps, batch):
    network = fc.Repeated(lambda seed: level(), TWO, keras.optimizers.SGD(0.1), 4)
    network.fit(batch, labels, np.random.default_rng(0), steps)


def level():
    return levels.FeatureLevel(two(), fusion.MeanFusion(3, seed=0), 2, seed=0)


# Which model of visual question answering, and what it takes beside what all do.
STEPS = [("scene",), ("filter", "colour", "red"), ("relate", "above"), ("count",)]
ASK = {
    "JointEmbedding": {"uses": "both"},
    "StackedAttention": {"hops": 2, "words": True},
    "CoAttentionNetwork": {},
    "RelationNetwork": {"pair_units": 4},
    "FiLMNetwork": {"blocks": 1},
    "WordsAndRegions": {"blocks": 1, "heads": 2},
    "NeuralModules": {"steps": STEPS, "program_length": 4},
}
OF_ALL = {"vocabulary_size": 9, "answers": 3, "units": 4, "embedding": 4, "places": True, "merge": 1, "length": 6,
          "dropout": 0.1}  # fmt: skip
ASKED = {"image": x(2, 4, 3), "text": WORDS}
PROGRAMS = np.array([[1, 4, 0, 0], [1, 2, 3, 4]])


def asked(name, **own):
    return built(getattr(vqa, name)(9, 3, units=4, **own), {key: part.shape for key, part in ASKED.items()})


LAYERS = {
    "additive": once(lambda: built(at.AdditiveAttention(4, seed=0), Q.shape, K.shape)),
    "heads": once(lambda: built(at.MultiHeadAttention(8, 2, seed=0), Q.shape, K.shape)),
    "cross": once(lambda: built(at.CrossAttention(8, 2, seed=0), Q.shape, K.shape)),
    "block": once(lambda: built(at.CrossBlock(8, 2, seed=0), Q.shape, K.shape)),
    "co": once(lambda: built(at.CoAttention(8, 2, seed=0), Q.shape, K.shape)),
    "pair": once(pair_of),
    "autoencoder": once(rebuilt),
    "decoder": once(lambda: built(ae.WordDecoder(9, 4, 4, seed=0), (None, 3))),
    "imputer": once(missing.MeanImputer),
    "generator": once(lambda: missing.CrossModalGenerator(4, seed=0)),
    "aligner": once(lambda: ca.WordRegionAligner(9, units=4)),
    "transformer": once(lambda: ca.CrossModalTransformer(TextEncoder(9, 8))),
    "pictures": once(lambda: image.ImageAutoencoder(16, 4, 2)),
    "detector": once(adapted),
    "flat": once(lambda: keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten()])),
    "frame_rnn": once(lambda: audio.frame_rnn(3, 2, 4)),
    "spectrogram_cnn": once(lambda: audio.spectrogram_cnn(3, 2, (2, 2))),
    **{name: once(lambda name=name: fused(getattr(fusion, name))) for name in fusion.__all__ if name != "Fusion"},
    "DataLevel": once(lambda: levels.DataLevel(dense(), 2, seed=0)),
    "FeatureLevel": once(level),
    "DecisionLevel": once(lambda: levels.DecisionLevel(two(), 2, seed=0)),
    "Hybrid": once(lambda: levels.Hybrid(two(), fusion.MeanFusion(3, seed=0), 2, seed=0)),
    **{name: once(lambda name=name, own=own: asked(name, **own)) for name, own in ASK.items()},
    "chosen": once(lambda: built(vqa.ParallelCoAttention(4, seed=0), K.shape, Q.shape)),
}


def by_keras(function):
    """A layer's call: Keras makes tensors of NumPy's strings and complex numbers before the layer is asked."""
    function.by_keras = True
    return function


def call(name):
    """A layer or a model, asked by keywords. (Keras itself refuses lists without one.)"""
    return by_keras(lambda **kwargs: LAYERS[name]()(**kwargs))


RATE, BATCHED = {"rate": 8000, "n_fft": 256}, {"batch_size": 2}
SEED, LEVEL = {"resamples": 3, "seed": 0, "level": 0.95}, {"threshold": 0.1, "overlap": 0.4}
CALLS = {
    # scores
    "alignment": (metrics.alignment, PAIR),
    "attention_mass": (metrics.attention_mass, {"weights": np.abs(TABLE), "right": ONE}),
    "pointing": (metrics.pointing, {"weights": np.abs(TABLE), "right": ONE, "ties": "worst"}),
    "centre_prior": (metrics.centre_prior, {"rows": 3, "columns": 3, "width": 0.25}),
    "iou": (metrics.iou, {"a": BOX, "b": BOX}),
    "match_detections": (metrics.match_detections, {"detected": FOUND, "truth": TRUE, "threshold": 0.5}),
    "precision_recall": (metrics.precision_recall, {"matches": MATCHES, "label": 1, "weights": np.ones(2)}),
    "average_precision": (metrics.average_precision, {"matches": MATCHES, "weights": np.ones(2)}),
    "average_precision_interval": (metrics.average_precision_interval, {"matches": MATCHES, **SEED}),
    "bleu": (metrics.bleu, {"correct": np.array([3, 2, 1, 0]), "guessed": np.array([4, 3, 2, 1]), "length": np.array(4),
                            "reference_length": np.array(4)}),
    "caption_scores": (metrics.caption_scores, {**SAID, "tokenize": "en"}),
    "bootstrap_interval": (metrics.bootstrap_interval, {**SAID, "metric": "BLEU-1", "tokenize": "en", **SEED}),
    "chance_recall_at_k": (metrics.chance_recall_at_k, {"positives": ONE, "k": 2}),
    "effective_rank": (metrics.effective_rank, {"x": x(4, 3)}),
    "uniformity": (metrics.uniformity, {"x": x(4, 3)}),
    "mean_average_precision": (metrics.mean_average_precision, {"similarity": TABLE, "positives": ONE}),
    "mean_interval": (metrics.mean_interval, {"values": x(5), "groups": np.array([0, 0, 1, 1, 2]), **SEED}),
    "median_rank": (metrics.median_rank, {"ranks": RANKS}),
    "mrr": (metrics.mrr, {"ranks": RANKS}),
    "recall_at_k": (metrics.recall_at_k, {"ranks": RANKS, "k": 2}),
    "ndcg": (metrics.ndcg, {"similarity": TABLE, "relevance": np.abs(TABLE), "k": 2}),
    "ranks": (metrics.ranks, {"similarity": TABLE, "positives": ONE, "tolerance": 0.1}),
    "retrieval_scores": (metrics.retrieval_scores,
        {"similarity": TABLE, "positives": ONE, "ks": (1, 2), "tolerance": 0.1}),
    # probabilistic models
    "Factor": (g.Factor, {"names": ("a", "b"), "table": np.ones((2, 2))}),
    "Factor.given": (FACTORS[1].given, {"evidence": {"a": 1}}),
    "Factor.ordered": (FACTORS[1].ordered, {"names": ("b", "a")}),
    "product": (g.product, {"factors": FACTORS}),
    "enumeration": (g.enumeration, {"factors": FACTORS, "query": "a", "evidence": {"b": 1}}),
    "elimination": (g.elimination, {"factors": FACTORS, "query": "b", "evidence": {}, "order": "min-fill"}),
    "most_probable": (g.most_probable, {"factors": FACTORS, "evidence": {"b": 1}, "order": "min-size"}),
    "forward_backward": (g.forward_backward, {"evidence": x(4, 2), "transitions": x(2, 2)}),
    "viterbi": (g.viterbi, {"evidence": x(4, 2), "transitions": x(2, 2)}),
    "icm": (g.icm, {"unary": GRID_OF_LOGS, "strength": 0.5, "sweeps": 3}),
    "mean_field": (g.mean_field, {"unary": GRID_OF_LOGS, "strength": 0.5, "sweeps": 3}),
    "gibbs": (lambda **k: g.gibbs(rng=np.random.default_rng(0), **k),
              {"unary": GRID_OF_LOGS, "strength": 0.5, "sweeps": 3, "burn_in": 1}),
    "grid_score": (g.grid_score, {"unary": GRID_OF_LOGS, "strength": 0.5, "labels": np.zeros((2, 3, 3), int)}),
    "grid_factors": (g.grid_factors, {"unary": GRID_OF_LOGS[0], "strength": 0.5}),
    "learn_grid": (g.learn_grid, {"labels": np.arange(18).reshape(2, 3, 3) % 2, "features": x(2, 3, 3, 2, 2),
                                  "steps": 3, "penalty": 0.1}),
    "BayesianNetwork": (g.BayesianNetwork, {"states": STATES, "parents": {"sound": ("label",)}}),
    "BayesianNetwork.naive": (g.BayesianNetwork.naive, {"label": "label", "states": STATES}),
    "BayesianNetwork.fit": (lambda **k: network().fit(**k).tables, {"data": DATA, "pseudo_count": 1.0}),
    "BayesianNetwork.posterior": (lambda **k: network().posterior(**k),
                                  {"query": "label", "data": {"sound": DATA["sound"]}}),
    "BayesianNetwork.sample": (lambda n: network().sample(n, np.random.default_rng(0)), {"n": 3}),
    "BayesianNetwork.with_tables": (lambda tables: network().with_tables(tables).tables,
                                    {"tables": dict(network().tables)}),
    "MarkovField": (lambda states: g.MarkovField(states, {"f": [g.Factor("a", [1, 2])]}), {"states": {"a": 2}}),
    "MarkovField.fit": (lambda **k: field().fit(**k).weights, {"data": AB, "steps": 3, "penalty": 0.1}),
    "MarkovField.log_likelihood": (lambda **k: field().log_likelihood(**k), {"data": AB, "weights": np.array([0.5])}),
    # contrast, autoencoders, missing modalities
    "cosine_similarity": (contrastive.cosine_similarity, {"a": x(4, 3), "b": x(5, 3)}),
    "same_identity": (contrastive.same_identity, {"identity": np.arange(4), "other": np.arange(5)}),
    "info_nce": (contrastive.info_nce, {"logits": TABLE, "positives": ONE}),
    "margin_loss": (contrastive.margin_loss, {**PAIR, "same": yes(4), "margin": 1.0}),
    "triplet_loss": (contrastive.triplet_loss, {"similarity": TABLE, "positives": ONE, "margin": 0.2, "hardness": 0.5}),
    "InfoNCE": (by_keras(lambda temperature, **k: contrastive.InfoNCE(temperature)(**k)),
                {**PAIR, "positives": ONE, "temperature": 0.07}),
    "Triplet": (by_keras(lambda margin, warm_up, **k: contrastive.Triplet(margin, warm_up)(**k)),
                {**PAIR, "positives": ONE, "margin": 0.2, "warm_up": 3}),
    "DualEncoder": (call("pair"), {"batch": TWO}),
    "DualEncoder, identity": (lambda y: LAYERS["pair"]().compute_loss(TWO, y, LAYERS["pair"]()(TWO)),
        {"y": np.arange(4)}),
    "squared_error": (ae.squared_error, {"target": FRAMES, "prediction": FRAMES + 1, "mask": MASK}),
    "binary_cross_entropy": (ae.binary_cross_entropy, {"target": FRAMES.clip(0, 1), "logits": FRAMES, "mask": MASK}),
    "word_cross_entropy": (ae.word_cross_entropy, {"tokens": np.ones((4, 5), int), "logits": x(4, 4, 6), "mask": MASK}),
    "MultimodalAutoencoder": (call("autoencoder"), {"batch": TWO}),
    "MultimodalAutoencoder()": (lambda **k: ae.MultimodalAutoencoder({"image": dense()}, {"image": dense()}, **k),
                                {"latent": 4, "rate": 0.4, "losses": {"image": "squared"}, "weights": {"image": 1.0}}),
    "WordDecoder": (call("decoder"), {"code": x(2, 3), "target": np.ones((2, 4), int)}),
    "WordDecoder()": (ae.WordDecoder, {"vocabulary_size": 9, "units": 4, "embedding": 4}),
    "presence": (missing.presence, {"batch": ABSENT}),
    "fill": (missing.fill, {"batch": ABSENT, "values": {"text": np.ones(2, "float32")}}),
    "ModalityDropout": (by_keras(lambda batch, rate: missing.ModalityDropout(rate, seed=0)(batch, training=True)),
                        {"batch": ABSENT, "rate": 0.3}),
    "MeanImputer": (call("imputer"), {"batch": ABSENT}),
    "MeanImputer.adapt": (lambda batch: missing.MeanImputer().adapt(batch), {"batch": ABSENT}),
    "CrossModalGenerator": (call("generator"), {"batch": ABSENT}),
    "CrossModalGenerator()": (missing.CrossModalGenerator, {"hidden": 4, "rate": 0.5}),
    # one modality looks at another
    "region_encoder": (ca.region_encoder, {"size": 64, "filters": (4, 4, 4), "channels": 4, "kernel": 4, "last": 1}),
    "attended_similarity": (ca.attended_similarity,
                            {"words": Q, "regions": x(3, 6, 8), "mask": yes(2, 4), "temperature": 0.05}),
    "WordRegionAligner": (call("aligner"), {"inputs": {"image": x(2, 2, 2, 5), "tokens": WORDS}}),
    "WordRegionAligner()": (ca.WordRegionAligner, {"vocabulary_size": 9, "units": 4, "window": 3, "temperature": 0.05}),
    "CrossModalTransformer": (call("transformer"), {"inputs": {"regions": x(2, 4, 5), "tokens": WORDS}}),
    "CrossModalTransformer()": (lambda **k: ca.CrossModalTransformer(TextEncoder(9, 8), **k),
        {"blocks": 1, "heads": 2}),
    "PicturedWordBatches": (lambda **k: ca.PicturedWordBatches(vocabulary_size=9, **k)[0],
                            {"tokens": np.full((3, 4), 5), "regions": x(2, 4, 5), "owner": np.array([0, 1, 1])}),
    "masked_softmax": (at.masked_softmax, {"scores": x(2, 3), "mask": KEEP}),
    "scaled_dot_product_attention": (at.scaled_dot_product_attention, {"q": Q, "k": K, "v": V, "mask": KEEP}),
    "AdditiveAttention": (call("additive"), {"query": Q, "key": K, "value": V, "mask": KEEP}),
    "MultiHeadAttention": (call("heads"), {"query": Q, "key": K, "value": K, "mask": KEEP}),
    "MultiHeadAttention()": (at.MultiHeadAttention, {"units": 8, "heads": 2, "output": 4}),
    "CrossAttention": (call("cross"), {"query": Q, "other": K, "mask": KEEP}),
    "CrossAttention()": (at.CrossAttention, {"units": 8, "heads": 2, "keep": "sum"}),
    "CrossBlock": (call("block"), {"query": Q, "other": K, "mask": KEEP}),
    "CrossBlock()": (at.CrossBlock, {"units": 8, "heads": 2, "dropout": 0.1}),
    "CoAttention": (call("co"), {"first": Q, "second": K, "first_mask": yes(2, 4), "second_mask": KEEP}),
    "sample_key": (lambda weights: at.sample_key(weights, 0), {"weights": np.abs(x(2, 3))}),
    "gumbel_key": (lambda **k: at.gumbel_key(seed=0, **k), {"weights": np.abs(x(2, 3)), "temperature": 0.7}),
    "attention_entropy": (at.attention_entropy, {"weights": np.abs(x(2, 3))}),
    "policy_loss": (at.policy_loss, {"log_probability": x(3), "reward": x(3), "baseline": 0.5}),
    # decoding
    "greedy": (decoding.greedy, {"step": step, "state": {"a": x(2, 3)}, "max_length": 3, "forbidden": (0, 1)}),
    "beam_search": (decoding.beam_search, {"step": step, "state": {"a": x(2, 3)}, "width": 2, "length_penalty": 0.6,
                                           "max_length": 3, "forbidden": (0, 1)}),
    "score_tokens": (decoding.score_tokens, {"step": step, "state": {"a": x(2, 3)}, "tokens": np.full((2, 3), 4),
                                             "length_penalty": 0.6}),
    # fusion, and the choice of it
    **{name: (call(name), {"inputs": SEQUENCE, "mask": {"image": MASK}, "present": {"text": PRESENT}})
       for name in fusion.__all__ if name != "Fusion"},
    "WeightedFusion()": (fusion.WeightedFusion, {"units": 4, "weights": {"a": 2.0, "b": 1.0}}),
    "SimilarityFusion()": (fusion.SimilarityFusion, {"units": 4, "scale": 4.0}),
    "MLPFusion()": (fusion.MLPFusion, {"units": 4, "hidden": 3}),
    "AttentionFusion()": (fusion.AttentionFusion, {"units": 4, "bottleneck": 3}),
    "LowRankFusion()": (fusion.LowRankFusion, {"units": 4, "rank": 3}),
    **{name: (call(name), {"batch": ABSENT}) for name in ("DataLevel", "DecisionLevel", "Hybrid")},
    "FeatureLevel": (call("FeatureLevel"), {"batch": FULL}),
    "combine": (levels.combine,
        {"decisions": {"a": x(4, 2), "b": x(4, 2, seed=1)}, "present": {"a": PRESENT}, "how": "mean"}),
    "paired_difference": (fc.paired_difference, {"first": x(5), "second": x(5, seed=1), "confidence": 0.95}),
    "interval": (fc.interval, {"values": x(5), "confidence": 0.95}),
    "seeds_needed": (fc.seeds_needed, {"deviation": 0.1, "difference": 0.1, "confidence": 0.95}),
    "Repeated.fit": (trained, {"labels": np.array([0, 1, 1, 0]), "steps": 1, "batch": TWO}),
    # pictures
    "colour_shares": (image.colour_shares, {"images": PICTURES, "rows": 4, "columns": 4}),
    "ImageAutoencoder()": (image.ImageAutoencoder, {"input_size": 16, "code": 4, "filters": 2}),
    "ImageAutoencoder": (call("pictures"), {"images": PICTURES[:, ::4, ::4]}),
    "ImageAutoencoder.encode": (lambda **k: LAYERS["pictures"]().encode(**k),
        {"images": PICTURES[:, ::4, ::4], **BATCHED}),
    "Preprocess": (by_keras(lambda images: image.Preprocess("caffe")(images=images)), {"images": PICTURES}),
    "Preprocess()": (image.Preprocess, {"mode": "caffe"}),
    "SceneDetector()": (image.SceneDetector, {"units": 4}),
    "SceneDetector": (call("detector"), {"grid": GRID}),
    "SceneDetector.adapt": (lambda grid: image.SceneDetector(4).adapt(grid), {"grid": GRID}),
    "decode_cells": (image.decode_cells, {"outputs": CELLS, **LEVEL}),
    "suppress": (image.suppress, {"boxes": BOX, "scores": np.array([0.5, 0.6]), "overlap": 0.4}),
    "extract_features": (lambda **k: image.extract_features(LAYERS["flat"](), **k),
                         {"collection": [Thing("a", PICTURES[0]), Thing("b", PICTURES[1])], **BATCHED,
                          "dtype": "float16", "resize": "squash"}),
    "load_backbone": (image.load_backbone,
        {"name": "scene_vgg", "weights": "course", "output": "grid", "input_size": 64}),
    "scene_vgg": (image.scene_vgg, {"input_size": 64}),
    "regions": (image.regions, {"grid": GRID}),
    "resize": (image.resize, {"image": PICTURES[0], "size": (32, 32), "how": "squash"}),
    "detected_scene": (image.detected_scene, {"detections": DETECTION}),
    "graph_vector": (image.graph_vector, {"scene": image.detected_scene(DETECTION)}),
    "true_detections": (image.true_detections, {"scene": image.detected_scene(DETECTION)}),
    "cell_targets": (image.cell_targets, {"scenes": [image.detected_scene(DETECTION)], "rows": 8, "columns": 8}),
    # sounds
    "hann": (audio.hann, {"size": 8}),
    "frames": (audio.frames, {"signal": SOUND, "size": 8, "hop": 4, "pad": "center"}),
    "frame_mask": (audio.frame_mask,
        {"lengths": np.array([800, 500]), "t": 20, "size": 256, "hop": 128, "pad": "center"}),
    "spectrogram": (audio.spectrogram, {"signal": SOUND, "n_fft": 256, "hop": 128, "pad": "center", "power": 2.0}),
    "mel_spectrogram": (audio.mel_spectrogram, {"signal": SOUND, **RATE, "hop": 128, **OF_MEL, "pad": "center"}),
    "mel_filters": (audio.mel_filters, {**RATE, **OF_MEL}),
    "mfcc": (audio.mfcc, {"log_mel": x(2, 5, 8), "n_mfcc": 4}),
    "power_to_db": (audio.power_to_db, {"power": np.abs(x(2, 5, 8)), "floor": 1e-10, "top_db": 80.0}),
    "hz_to_mel": (audio.hz_to_mel, {"hz": np.array([100.0, 1000]), "scale": "htk"}),
    "mel_to_hz": (audio.mel_to_hz, {"mel": np.array([1.0, 10]), "scale": "htk"}),
    "dct_matrix": (audio.dct_matrix, {"n_in": 8, "n_out": 4}),
    "pad_signals": (audio.pad_signals, {"signals": [SOUND[0], SOUND[1][:500]], "n": 900}),
    "MelSpectrogram": (by_keras(lambda **k: MEL(**k)), {"signal": SOUND, "lengths": np.array([800, 500])}),
    "MelSpectrogram()": (audio.MelSpectrogram, {**RATE, "hop": 128, **OF_MEL, "pad": "center", "n_mfcc": 4,
                                                "floor": 1e-10, "top_db": 80.0}),
    "MelSpectrogram.frame_mask": (MEL.frame_mask, {"lengths": np.array([800, 500]), "n": 800}),
    "extract_frames": (lambda **k: audio.extract_frames(MEL, **k), {"collection": SOUNDS, **BATCHED, "t": 5}),
    "normalize_recordings": (audio.normalize_recordings, {"features": FRAMES, "mask": MASK, "epsilon": 1e-5}),
    "train_statistics": (audio.train_statistics, {"features": FRAMES, "mask": MASK}),
    "MaskedMean": (by_keras(lambda **k: audio.MaskedMean()(**k)), {"x": FRAMES, "mask": MASK}),
    **{name: (by_keras(lambda sound, mask, name=name: LAYERS[name]()({"audio": sound, "mask": mask})),
              {"sound": FRAMES, "mask": MASK}) for name in ("frame_rnn", "spectrogram_cnn")},
    "frame_rnn()": (audio.frame_rnn,
        {"n_features": 3, "n_classes": 2, "units": 4, "statistics": STATISTICS, "dropout": 0.1}),
    "spectrogram_cnn()": (audio.spectrogram_cnn, {"n_features": 3, "n_classes": 2, "filters": (2, 2),
                                                  "statistics": STATISTICS, "dropout": 0.1}),
    # visual question answering
    "channel_statistics": (channel_statistics, {"features": x(5, 4, 3), "samples": 3}),
    **{name: (call(name), {"inputs": ASKED}) for name in ASK if name != "NeuralModules"},
    "NeuralModules": (call("NeuralModules"), {"inputs": ASKED | {"program": PROGRAMS}}),
    "JointEmbedding, masks": (by_keras(lambda image, text: asked("JointEmbedding", places=False)(
        ASKED | {"mask": {"image": image, "text": text}})), {"image": np.arange(4) > [[0], [1]], "text": WORDS > 4}),
    **{f"{name}()": (getattr(vqa, name), OF_ALL | own if name == "JointEmbedding" else
        {"vocabulary_size": 9, "answers": 3, **own}) for name, own in ASK.items()},
    "VQAModel.adapt": (lambda **k: asked("JointEmbedding").adapt(**k), {"images": x(5, 4, 3), "samples": 3}),
    "VQAModel.compute_loss": (lambda **k: LAYERS["JointEmbedding"]().compute_loss(None, **k),
        {"y": np.array([0, 2]), "y_pred": x(2, 3), "sample_weight": np.array([0.5, 1.0])}),
    "ParallelCoAttention": (call("chosen"),
        {"regions": K, "words": Q, "region_mask": KEEP, "word_mask": np.arange(4) < [[3], [2]]}),
    "ParallelCoAttention()": (vqa.ParallelCoAttention, {"units": 4}),
    "Steps": (lambda steps: vqa.Steps(steps).steps, {"steps": STEPS}),
    "Steps.of": (lambda programs: vqa.Steps.of(programs).steps, {"programs": [STEPS, STEPS[:1]]}),
    "Steps.encode": (vqa.Steps(STEPS).encode, {"programs": [tuple(STEPS), tuple(STEPS[:2])], "length": 4}),
    "Steps.decode": (vqa.Steps(STEPS).decode, {"rows": PROGRAMS}),
    "QuestionBatches": (lambda **k: batches.QuestionBatches(**k)[0],
        {"features": x(3, 4, 3), "sources": np.array([0, 2, 2, 1]), "tokens": np.ones((4, 3), int),
         "answers": np.arange(4), "programs": np.ones((4, 2), int), **BATCHED}),
    # indices
    "ExactIndex": (retrieval.ExactIndex, {"size": 3, "dtype": "float32"}),
    "ExactIndex.add": (lambda **k: held().add(**k), {"ids": np.arange(10, 14), "vectors": x(4, 3)}),
    "ExactIndex.search": (lambda **k: held().search(**k), {"queries": x(4, 3), "k": 2}),
    "ExactIndex.remove": (lambda ids: held().remove(ids), {"ids": np.array([1, 2])}),
    "ApproximateIndex": (retrieval.ApproximateIndex,
        {"size": 3, "cells": 2, "probes": 1, "dtype": "float32", "seed": 0}),
    "ApproximateIndex.add": (lambda **k: cells().add(**k), {"ids": np.arange(200, 204), "vectors": x(4, 3)}),
    "ApproximateIndex.search": (lambda **k: cells().search(**k), {"queries": x(4, 3), "k": 2}),
    "ApproximateIndex.remove": (lambda ids: cells().remove(ids), {"ids": np.array([1, 2])}),
    "ApproximateIndex.rebuild": (lambda cells_: cells().rebuild(cells_), {"cells_": 2}),
}  # fmt: skip
