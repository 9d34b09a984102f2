"""What does not fit is refused before any work, in one wording: what came, and what is allowed."""

import numpy as np
import pytest

from mmcourse import attention, captioning, contrastive, decoding, fusion, metrics, missing, product_search, ranking
from mmcourse._machinery import checks
from mmcourse._machinery.token_losses import mean_where, token_cross_entropy
from mmcourse.attention import masked_softmax, scaled_dot_product_attention
from mmcourse.autoencoder import WordDecoder, binary_cross_entropy, squared_error, word_cross_entropy
from mmcourse.backend import keras
from mmcourse.cross_attention import WordRegionAligner, attended_similarity
from mmcourse.fusion import levels
from mmcourse.retrieval import ImageTower, TextTower, hardest_wrong
from mmcourse.retrieval.towers import last_where, max_where
from mmcourse.text import MaskedWordBatches, TextEncoder
from mmcourse.text.encoder import mean_over_words

ops, nan, inf = keras.ops, float("nan"), float("inf")


def x(*shape):
    return np.random.default_rng(len(shape)).normal(size=shape).astype("float32")


def yes(*shape):
    return np.ones(shape, bool)


HOLE = np.where([[True, True, False]], 0.0, -inf).astype("float32").repeat(2, 0)  # the additive form of a mask
ONE = np.eye(4, dtype=bool)
TABLE = x(4, 4)


def dense(units=3):
    return keras.layers.Dense(units)


# ── losses ──────────────────────────────────────────────────────────────────────────────────────────
m, t, n = contrastive.margin_loss, contrastive.triplet_loss, contrastive.info_nce
LOSSES = [
    (lambda: m(x(4, 3), x(4, 3), yes(4, 1)), "same of shape (4, 1)", "a (n, d), b (n, d), same (n,)"),
    (lambda: m(x(4, 3), x(1, 3), yes(4)), "b of shape (1, 3)", "a (n, d), b (n, d)"),
    (lambda: m(x(4, 3), x(4, 1), yes(4)), "b of shape (4, 1)", "b (n, d)"),
    (lambda: m(x(4, 3), x(4, 3), yes(3)), "same of shape (3,)", "same (n,)"),
    (lambda: m(x(3), x(3), yes(3)), "a of shape (3,)", "a (n, d)"),
    (lambda: m(x(4, 3), x(4, 3), np.int64([0, 1, 2, 1])), "such as 2", "bool, or 0 and 1"),
    (lambda: m(x(4, 3), x(4, 3), yes(4), nan), "margin=nan", "0 or more"),
    (lambda: m(x(4, 3), x(4, 3), yes(4), -1), "margin=-1", "0 or more"),
    (lambda: n(TABLE, yes(4, 1)), "similarity of shape (4, 4), positives of shape (4, 1)", "positives (n, m)"),
    (lambda: n(TABLE, yes(1, 4)), "positives of shape (1, 4)", "positives (n, m)"),
    (lambda: n(TABLE, yes(4)), "positives of shape (4,)", "positives (n, m)"),
    (lambda: n(TABLE, np.full((4, 4), 0.5)), "such as 0.5", "bool, or 0 and 1"),
    (lambda: n(TABLE, np.full((4, 4), nan)), "such as nan", "bool, or 0 and 1"),
    (lambda: n(x(4), None), "similarity of shape (4,)", "(n, m)"),
    (lambda: t(TABLE, yes(4, 1)), "positives of shape (4, 1)", "positives (n, m)"),
    (lambda: t(TABLE, np.arange(16).reshape(4, 4)), "such as 2", "bool, or 0 and 1"),
    (lambda: t(TABLE, ONE, nan), "margin=nan", "0 or more"),
    (lambda: t(TABLE, ONE, 0.2, 1.5), "hardness=1.5", "from 0 to 1"),
    (lambda: t(TABLE, ONE, 0.2, nan), "hardness=nan", "from 0 to 1"),
    (lambda: contrastive.InfoNCE(nan), "temperature=nan", "0.01 or more"),
    (lambda: contrastive.InfoNCE(0.001), "temperature=0.001", "0.01 or more"),
    (lambda: contrastive.InfoNCE()(x(4, 3), x(4, 2)), "b of shape (4, 2)", "b (m, d)"),
    (lambda: contrastive.Triplet(warm_up=-1), "warm_up=-1", "whole number from 0"),
    (lambda: contrastive.Triplet(margin=inf), "margin=inf", "0 or more"),
    (lambda: contrastive.cosine_similarity(x(4, 3), x(4)), "b of shape (4,)", "b (m, d)"),
    (lambda: contrastive.same_identity(np.zeros((4, 2)), np.zeros((3, 1))), "other of shape (3, 1)", "other (m, k)"),
    (lambda: contrastive.same_identity(np.zeros((2, 2, 2))), "identity of shape (2, 2, 2)", "identity (n,)"),
    (lambda: token_cross_entropy(np.zeros((2, 3)), x(2, 4, 5)), "logits of shape (2, 4, 5)", "logits (b, L, V)"),
    (lambda: token_cross_entropy(np.zeros((2, 3, 1)), x(2, 3, 5)), "targets of shape (2, 3, 1)", "targets (b, L)"),
    (lambda: token_cross_entropy(np.zeros((2, 3)), x(2, 3, 5), yes(2, 1)), "real of shape (2, 1)", "(2, 3)"),
    (lambda: captioning.token_loss(np.zeros((2, 3)), x(2, 3, 5), nan), "label_smoothing=nan", "from 0 to 1"),
    (lambda: captioning.token_loss(np.zeros((2, 1)), x(2, 3, 5)), "targets of shape (2, 1)", "targets (b, L)"),
    (lambda: mean_where(x(4), yes(4, 1)), "asked of shape (4, 1)", "0 and 1, (4,)"),
    (lambda: squared_error(x(2, 3), x(2, 1)), "(2, 1)", "(2, 3)"),
    (lambda: squared_error(x(2, 3, 4), x(2, 3, 4), yes(2, 1)), "mask of shape (2, 1)", "(2, 3)"),
    (lambda: binary_cross_entropy(x(2, 3, 4), x(2, 3, 4), HOLE), "such as -inf", "bool, or 0 and 1"),
    (lambda: word_cross_entropy(np.ones((2, 4), int), x(2, 4, 5)), "logits of shape (2, 4, 5)", "(b, L − 1, V)"),
    (lambda: word_cross_entropy(np.ones((2, 4), int), x(2, 3, 5), yes(2, 3)), "mask of shape (2, 3)", "(2, 4)"),
    (lambda: WordDecoder(2.5), "vocabulary_size=2.5", "whole number from 1"),
]

# ── attention, masks, pooling ───────────────────────────────────────────────────────────────────────
Q, K, V = x(2, 4, 8), x(2, 3, 8), x(2, 3, 5)
dot, soft, pool = scaled_dot_product_attention, masked_softmax, mean_over_words
additive, heads = attention.AdditiveAttention(4, seed=0), attention.MultiHeadAttention(8, 2, seed=0)
MASKS = [
    (lambda: soft([[1.0, 2.0]]), "a list", "array or tensor of floats"),
    (lambda: soft(np.int64([[1, 2]])), "type int64", "array or tensor of floats"),
    (lambda: soft(3), "a int", "array or tensor of floats"),
    (lambda: soft(x(2, 3), HOLE), "such as -inf", "bool, or 0 and 1"),
    (lambda: soft(x(2, 3), yes(2, 4)), "mask of shape (2, 4)", "(2, 3)"),
    (lambda: soft(x(2, 3), yes(5, 2, 3)), "mask of shape (5, 2, 3)", "(2, 3)"),
    (lambda: soft(x(2, 3), np.int64([[1, 5, 7]])), "such as 5", "bool, or 0 and 1"),
    (lambda: soft(x(2, 3), np.float32([[1, 0, nan]])), "such as nan", "bool, or 0 and 1"),
    (lambda: soft(x(2, 3), np.array([["a", "b", "c"]])), "mask of shape (1, 3)", "bool, or 0 and 1"),
    (lambda: dot(Q, K, V, HOLE), "such as -inf", "True (or 1) = keep"),
    (lambda: dot(Q, K, V, np.where(np.isinf(HOLE), np.float32(-5), 0)), "such as -5.0", "bool, or 0 and 1"),
    (lambda: dot(Q, K, V, yes(2, 4)), "mask of shape (2, 4)", "(2, 3) or (2, 4, 3)"),
    (lambda: dot(Q, K, V, yes(3)), "mask of shape (3,)", "(2, 3) or (2, 4, 3)"),
    (lambda: dot(Q, K, V, yes(2, 3, 4)), "mask of shape (2, 3, 4)", "(2, 3) or (2, 4, 3)"),
    (lambda: dot(Q, K, V, yes(2, 1)), "mask of shape (2, 1)", "(2, 3) or (2, 4, 3)"),
    (lambda: dot(Q, K, V, yes(2, 1, 1, 3)), "mask of shape (2, 1, 1, 3)", "(2, 3) or (2, 4, 3)"),
    (lambda: dot(Q, x(2, 3, 7), V), "k of shape (2, 3, 7)", "q (batch, n, d), k (batch, m, d)"),
    (lambda: dot(Q, K, x(2, 2, 5)), "v of shape (2, 2, 5)", "v (batch, m, c)"),
    (lambda: dot(Q, x(1, 3, 8), V), "k of shape (1, 3, 8)", "k (batch, m, d)"),
    (lambda: dot(x(4, 8), x(3, 8), x(3, 5)), "q of shape (4, 8)", "q (batch, n, d)"),
    (lambda: dot(Q.tolist(), K, V), "q, a list", "array or tensor of floats"),
    (lambda: additive(Q, K, mask=HOLE), "such as -inf", "bool, or 0 and 1"),
    (lambda: additive(Q, K, mask=yes(2, 5)), "mask of shape (2, 5)", "(2, 3) or (2, 4, 3)"),
    (lambda: additive(Q, K, x(2, 9, 8)), "value of shape (2, 9, 8)", "value (batch, m, c)"),
    (lambda: additive(Q, K, mask=[[True, False], [True, True]]), "mask of shape (2, 2)", "(2, 3) or (2, 4, 3)"),
    (lambda: heads(Q, K, mask=HOLE), "such as -inf", "bool, or 0 and 1"),
    (lambda: heads(Q, K, mask=yes(2, 4)), "mask of shape (2, 4)", "(2, 3) or (2, 4, 3)"),
    (lambda: heads(Q, K, x(2, 4, 8)), "value of shape (2, 4, 8)", "value (batch, m, c)"),
    (lambda: heads(Q, x(1, 3, 8)), "key of shape (1, 3, 8)", "query (batch, n, d)"),
    (lambda: attention.MultiHeadAttention(8, 3), "heads=3", "heads that divide"),
    (lambda: attention.MultiHeadAttention(8.0, 2), "units=8.0", "whole number from 1"),
    (lambda: attention.AdditiveAttention(True), "units=True", "whole number from 1"),
    (lambda: attention.CrossAttention(8, keep="all"), "keep='all'", "nothing, sum, beside"),
    (lambda: attention.CrossAttention(8)(Q, K, mask=HOLE), "such as -inf", "bool, or 0 and 1"),
    (lambda: attention.sample_key(np.float32([[nan, 1]]), 0), "1 of them NaN", "finite"),
    (lambda: attention.sample_key(np.int64([[0, 1]]), 0), "int64", "floats"),
    (lambda: attention.policy_loss(x(3), x(3, 1)), "(3, 1)", "(3,)"),
    (lambda: attention.gumbel_key(np.float32([[0, 1]]), 0, nan), "temperature=nan", "above 0"),
    (lambda: attention.attention_entropy(np.float32([nan, 1])), "1 of them NaN", "finite"),
    (lambda: pool(x(2, 3, 4), yes(2, 4)), "mask of shape (2, 4)", "(2, 3)"),
    (lambda: pool(x(2, 3, 4), HOLE), "such as -inf", "bool, or 0 and 1"),
    (lambda: pool(x(2, 3, 4), yes(2, 1)), "mask of shape (2, 1)", "(2, 3)"),
    (lambda: max_where(x(2, 3, 4), yes(2, 3, 1)), "mask of shape (2, 3, 1)", "(2, 3)"),
    (lambda: last_where(x(2, 3, 4), yes(3)), "mask of shape (3,)", "(2, 3)"),
    (lambda: attended_similarity(x(2, 3, 4), x(2, 5, 3)), "regions of shape (2, 5, 3)", "regions (k, m, d)"),
    (lambda: attended_similarity(x(2, 3, 4), x(2, 5, 4), yes(2, 5)), "mask of shape (2, 5)", "(2, 3)"),
    (lambda: attended_similarity(x(2, 3, 4), x(2, 5, 4), HOLE), "such as -inf", "bool, or 0 and 1"),
    (lambda: attended_similarity(x(2, 3, 4), x(2, 5, 4), None, nan), "temperature=nan", "above 0"),
    (lambda: WordRegionAligner(20, window=3.0), "window=3.0", "whole number"),
    (lambda: WordRegionAligner(20, temperature=nan), "temperature=nan", "above 0"),
    (lambda: ImageTower(4, pooling="sum"), "pooling='sum'", "'mean'"),
    (lambda: ImageTower(0), "units=0", "whole number from 1"),
    (lambda: ImageTower(4)(x(2, 3, 5), mask=yes(2, 4)), "mask of shape (2, 4)", "(2, 3)"),
    (lambda: ImageTower(4)(x(2, 2, 2, 5), mask=HOLE), "mask of shape (2, 3)", "(2, 4)"),
    (lambda: TextTower(9, 4, kind="rnn"), "kind='rnn'", "'lstm'"),
    (lambda: TextTower(9, 4, dropout=1.0), "dropout=1.0", "below 1"),
    (lambda: TextTower(9, 4)(np.ones((2, 3), "int32"), mask=yes(2, 4)), "mask of shape (2, 4)", "(2, 3)"),
    (lambda: TextTower(9, 4)(np.ones((2, 3, 1), "int32")), "tokens of shape (2, 3, 1)", "tokens (b, t)"),
    (lambda: TextEncoder(9, 8)(np.ones((2, 3), "int32"), mask=HOLE), "such as -inf", "bool, or 0 and 1"),
    (lambda: TextEncoder(9, 8, length=2)(np.ones((2, 3), "int32")), "t=3", "up to 2"),
    (lambda: TextEncoder(9, 8, dropout=nan), "dropout=nan", "from 0, below 1"),
    (lambda: MaskedWordBatches(np.ones((4, 3), int), 9, share=nan), "share=nan", "above 0, up to 1"),
    (lambda: MaskedWordBatches(np.ones(4, int), 9), "tokens of shape (4,)", "tokens (n, t)"),
]

# ── fusion, missing modalities ──────────────────────────────────────────────────────────────────────
TWO = {"image": x(4, 3), "text": x(4, 2)}
THREE = {"image": x(4, 5, 3), "text": x(4, 2)}
LATE = {"image": x(4, 3), "text": x(1, 2)}


def built(kind, **kwargs):
    layer = kind(4, seed=0, **kwargs)
    layer.build({name: (None, *value.shape[1:]) for name, value in TWO.items()})
    return layer


def level(kind=levels.FeatureLevel, joined=True):
    encoders = {"image": dense(), "text": dense()}
    return kind(encoders, fusion.MeanFusion(4), 2) if joined else kind(encoders, 2)


def one_less(model):
    model(TWO)
    return model({"image": TWO["image"]})


KINDS = [getattr(fusion, name) for name in fusion.__all__ if name != "Fusion"]
ABSENT = "present={'text': zeros of (batch,)}"
FUSION = [
    *[(lambda kind=kind: kind(4)(LATE), "(1, 2)", "one batch size") for kind in KINDS],
    *[(lambda kind=kind: built(kind)(LATE), "(1, 2)", "one batch size") for kind in KINDS],
    *[(lambda kind=kind: built(kind)({"image": x(4, 3)}), "['image']", ABSENT) for kind in KINDS],
    (lambda: built(fusion.LowRankFusion)({"image": x(4, 2), "text": x(4, 2)}), "image of shape (4, 2)", "(batch, 3)"),
    (lambda: built(fusion.MeanFusion)(TWO, present={"text": yes(4, 1)}), "present['text'] of shape (4, 1)", "(4,)"),
    (lambda: built(fusion.MeanFusion)(TWO, present={"text": yes(1)}), "present['text'] of shape (1,)", "(4,)"),
    (lambda: built(fusion.MeanFusion)(TWO, present={"text": x(4)}), "type float32", "bool, or 0 and 1"),
    (lambda: built(fusion.MeanFusion)(TWO, present={"sound": yes(4)}), "['sound']", "['image', 'text']"),
    (lambda: built(fusion.MeanFusion)(TWO, mask={"text": yes(4, 2)}), "one vector", "for sequences"),
    (lambda: built(fusion.MeanFusion)(THREE, mask={"image": yes(4, 3)}), "mask['image'] of shape (4, 3)", "(4, 5)"),
    (lambda: built(fusion.MeanFusion)(THREE, mask={"image": x(4, 5)}), "type float32", "bool, or 0 and 1"),
    (lambda: fusion.LowRankFusion(4, rank=2.0), "rank=2.0", "whole number from 1"),
    (lambda: fusion.MeanFusion(nan), "units=nan", "whole number from 1"),
    (lambda: fusion.MeanFusion(4)(x(4, 3)), "Received: inputs", "dict"),
    (lambda: one_less(level()), "['image']", ABSENT),
    (lambda: one_less(level(levels.DecisionLevel, joined=False)), "['image']", ABSENT),
    (lambda: one_less(level(levels.Hybrid)), "['image']", ABSENT),
    (lambda: one_less(levels.DataLevel(dense(), 2)), "['image']", ABSENT),
    (lambda: one_less(missing.CrossModalGenerator(4)), "['image']", ABSENT),
    (lambda: one_less(missing.MeanImputer()), "['image']", ABSENT),
    (lambda: level()(LATE), "(1, 2)", "one batch size"),
    (lambda: level()(x(4, 3)), "Received", "dict of modalities"),
    (lambda: level()(TWO | {"present": {"text": np.float32([1, 0, 1, -inf])}}), "such as -inf", "bool, or 0 and 1"),
    (lambda: levels.DecisionLevel({"image": dense()}, 1), "outputs=1", "two classes"),
    (lambda: levels.DecisionLevel({"image": dense()}, 2.0), "outputs=2.0", "whole number"),
    (lambda: levels.DecisionLevel({"image": dense()}, 2, "max"), "combine='max'", "mean, product"),
    (lambda: levels.combine({"a": x(4, 2), "b": x(1, 2)}), "b of shape (1, 2)", "b (batch, outputs)"),
    (lambda: levels.combine({"a": x(4, 2), "b": x(4, 3)}), "b of shape (4, 3)", "b (batch, outputs)"),
    (lambda: levels.combine({}), "decisions=[]", "one or more"),
    (lambda: missing.fill(TWO | {"present": {"text": yes(3)}}), "of shape (3,)", "(4,)"),
    (lambda: missing.fill(LATE), "(1, 2)", "one batch size"),
    (lambda: missing.fill(TWO, {"sound": 0}), "['sound']", "['image', 'text']"),
    (lambda: missing.presence(TWO | {"present": yes(4)}), "present of type ndarray", "a dict"),
    (lambda: missing.ModalityDropout(nan), "rate=nan", "from 0 to 1"),
    (lambda: missing.ModalityDropout(1.5), "rate=1.5", "from 0 to 1"),
    (lambda: missing.ModalityDropout({"sound": 0.1})(TWO, training=True), "['sound']", "['image', 'text']"),
    (lambda: missing.CrossModalGenerator(0), "hidden=0", "whole number"),
    (lambda: contrastive.DualEncoder({"image": dense()}, contrastive.InfoNCE()), "['image']", "two modalities"),
]

# ── decoding, captioning ────────────────────────────────────────────────────────────────────────────
STATE = {"seen": x(2, 3)}


def step(tokens, state):
    return ops.zeros((tokens.shape[0], 6)), state


def broken(tokens, state):
    return ops.zeros((tokens.shape[0], 6)) + nan, state


def middle(tokens, state):
    return ops.zeros((tokens.shape[0], 1, 6)), state


def few(tokens, state):
    return ops.zeros((1, 6)), state


def alone(tokens, state):
    return ops.zeros((tokens.shape[0], 6))


def other(tokens, state):
    return ops.zeros((tokens.shape[0], 6)), {"seen": state["seen"], "more": state["seen"]}


def growing(tokens, state):
    return ops.zeros((tokens.shape[0], 6)), {"seen": ops.concatenate([state["seen"]] * 2, axis=1)}


WAYS = {
    "greedy": lambda step, state: decoding.greedy(step, state, 4),
    "beam": lambda step, state: decoding.beam_search(step, state, 2, 0.6, 4),
    "score": lambda step, state: decoding.score_tokens(step, state, np.full((2, 4), 4)),
}


def captioner(attention="soft", places=False):
    made = captioning.Captioner(9, 8, attention=attention, places=places)
    made.build({"image": (None, 4, 6), "tokens": (None, None)})
    return made


def sick():
    made = captioner()
    made.output_bias.assign(np.full(9, nan))
    return made


write = captioning.write_tokens
DECODING = [
    *[(lambda way=way: way(broken, STATE), "NaN or +inf, in 2 of 2 rows", "-inf") for way in WAYS.values()],
    *[(lambda way=way: way(middle, STATE), ", 1, 6)", "logits (n, V)") for way in WAYS.values()],
    *[(lambda way=way: way(few, STATE), "logits of shape (1, 6)", "logits (n, V)") for way in WAYS.values()],
    *[(lambda way=way: way(alone, STATE), "a step that returns a", "logits (n, V) and the") for way in WAYS.values()],
    *[(lambda way=way: way(other, STATE), "more", "a nest as the first") for way in WAYS.values()],
    *[(lambda way=way: way(growing, STATE), ", 6)", "keeps its shape") for way in WAYS.values()],
    *[(lambda way=way: way(step, None), "state with arrays of shapes", "leading axis n") for way in WAYS.values()],
    *[(lambda way=way: way(step, {}), "state with arrays of shapes []", "leading axis n") for way in WAYS.values()],
    *[(lambda way=way: way(step, [x(2), x(3)]), "[(2,), (3,)]", "leading axis n") for way in WAYS.values()],
    *[(lambda way=way: way(None, STATE), "step=None", "a function (tokens, state)") for way in WAYS.values()],
    (lambda: decoding.greedy(step, STATE, 0), "max_length=0", "whole number from 1"),
    (lambda: decoding.greedy(step, STATE, 4.0), "max_length=4.0", "whole number from 1"),
    (lambda: decoding.greedy(step, STATE, 4, forbidden=(-1,)), "=-1", "whole number from 0"),
    (lambda: decoding.beam_search(step, STATE, 2.0, 0.6, 4), "width=2.0", "whole number from 1"),
    (lambda: decoding.beam_search(step, STATE, 0, 0.6, 4), "width=0", "whole number from 1"),
    (lambda: decoding.beam_search(step, STATE, True, 0.6, 4), "width=True", "whole number from 1"),
    (lambda: decoding.beam_search(step, STATE, 2, nan, 4), "length_penalty=nan", "0 or more"),
    (lambda: decoding.beam_search(step, STATE, 2, -0.1, 4), "length_penalty=-0.1", "0 or more"),
    (lambda: decoding.beam_search(step, STATE, 2, "0.6", 4), "length_penalty='0.6'", "0 or more"),
    (lambda: decoding.score_tokens(step, STATE, np.ones((2, 3)), nan), "length_penalty=nan", "0 or more"),
    (lambda: decoding.score_tokens(step, STATE, np.ones(3)), "tokens of shape (3,)", "tokens (n, L)"),
    (lambda: decoding.score_tokens(step, STATE, np.ones((3, 3))), "3 rows of tokens, 2", "as many rows"),
    (lambda: write(captioner(), x(2, 2, 2, 6)), "image of shape (2, 2, 2, 6)", "(batch, 4, 6)"),
    (lambda: write(captioner(), x(2, 4, 7)), "image of shape (2, 4, 7)", "(batch, 4, 6)"),
    (lambda: write(captioner(), x(4, 6)), "image of shape (4, 6)", "mmcourse.image.regions"),
    (lambda: write(captioner(places=True), x(2, 5, 6)), "image of shape (2, 5, 6)", "(batch, 4, 6)"),
    (lambda: write(captioner(None), x(2, 7)), "image of shape (2, 7)", "(batch, 4, 6)"),
    (lambda: write(captioner(), x(2, 4, 6), width=2.0), "width=2.0", "whole number from 1"),
    (lambda: write(captioner(), x(2, 4, 6), length_penalty=nan), "length_penalty=nan", "0 or more"),
    (lambda: write(captioner(), x(2, 4, 6), max_length=0), "max_length=0", "whole number from 1"),
    (lambda: write(captioner(), x(2, 4, 6), batch_size=0), "batch_size=0", "whole number from 1"),
    (lambda: write(sick(), x(2, 4, 6), max_length=3), "NaN", "Allowed: numbers"),
    (lambda: write(sick(), x(2, 4, 6), width=2, max_length=3), "NaN", "Allowed: numbers"),
    (lambda: captioner().adapt(x(3, 4, 7)), "image of shape (3, 4, 7)", "(batch, 4, 6)"),
    (lambda: captioner().adapt(x(0, 4, 6)), "images of shape (0, 4, 6)", "one image or more"),
    (lambda: captioner()({"image": x(3, 4, 6), "tokens": np.ones((2, 3), int)}), "(2, 3)", "tokens (batch, L)"),
    (lambda: captioning.attention_maps(captioner(), x(5, 7), [4, 2]), "(1, 5, 7)", "(batch, 4, 6)"),
    (lambda: captioning.attention_maps(captioner(), x(1, 4, 6), [4, 2]), "image of shape (1, 4, 6)", "image (m, d)"),
    (lambda: captioning.CaptionWriter(captioner(), width=1.5), "width=1.5", "whole number from 1"),
    (lambda: captioning.Captioner(9.0), "vocabulary_size=9.0", "whole number from 1"),
    (lambda: captioning.Captioner(9, dropout=nan), "dropout=nan", "from 0, below 1"),
    (lambda: captioning.Captioner(9, attention="firm"), "attention='firm'", "'hard'"),
    (lambda: captioning.Captioner(9, attention="gumbel", temperature=nan), "temperature=nan", "above 0"),
    (lambda: captioning.Captioner(9, attention="hard", entropy=nan), "entropy=nan", "0 or more"),
    (lambda: captioning.draw_loss(x(2, 3), x(2, 3), yes(2, 1)), "real of shape (2, 1)", "(b, L)"),
    (lambda: captioning.commonest_caption("a cat"), "'a cat', one string", "in a list"),
]

# ── scores, ranking, search ─────────────────────────────────────────────────────────────────────────
NONE = ONE & (np.arange(4) > 0)
rank, rows = ranking, (x(4, 3), np.arange(4), np.zeros(4, int))
METRICS = [
    (lambda: metrics.ranks(TABLE, ONE, nan), "tolerance=nan", "0 or more"),
    (lambda: metrics.ranks(TABLE, ONE, -1), "tolerance=-1", "0 or more"),
    (lambda: metrics.ranks(TABLE, ONE, inf), "tolerance=inf", "0 or more"),
    (lambda: metrics.ranks(TABLE, NONE), "none for 1, the first 0", "needs a right answer"),
    (lambda: metrics.ranks(TABLE, ONE.astype(int)), "type int64", "bool (4, 4)"),
    (lambda: metrics.ranks(TABLE, yes(4, 1)), "positives of shape (4, 1)", "bool (4, 4)"),
    (lambda: metrics.ranks(x(4), yes(4)), "similarity of shape (4,)", "(queries, items)"),
    (lambda: metrics.ranks(TABLE * nan, ONE), "NaN", "numbers"),
    (lambda: metrics.ranks(np.array([["a"]]), yes(1, 1)), "type <U1", "numbers"),
    (lambda: metrics.recall_at_k([1, 2], 0), "k=0", "whole number from 1"),
    (lambda: metrics.recall_at_k([1, 2], 2.5), "k=2.5", "whole number from 1"),
    (lambda: metrics.recall_at_k([1, 2], nan), "k=nan", "whole number from 1"),
    (lambda: metrics.recall_at_k([1, 2], True), "k=True", "whole number from 1"),
    (lambda: metrics.recall_at_k([0, 2], 1), "ranks of shape (2,)", "all from 1"),
    (lambda: metrics.recall_at_k([], 1), "ranks of shape (0,)", "n of 1 or more"),
    (lambda: metrics.median_rank([[1, 2]]), "ranks of shape (1, 2)", "(n,)"),
    (lambda: metrics.mrr([1, nan]), "ranks of shape (2,)", "all from 1"),
    (lambda: metrics.mrr(["a"]), "ranks of type <U1", "numbers from 1"),
    (lambda: metrics.mean_average_precision(TABLE, NONE), "none for 1", "right answer"),
    (lambda: metrics.ndcg(TABLE, ONE, 0), "k=0", "whole number from 1"),
    (lambda: metrics.ndcg(TABLE, ONE, 2.5), "k=2.5", "whole number from 1"),
    (lambda: metrics.ndcg(TABLE, -1.0 * ONE), "smallest -1.0", "0 or more"),
    (lambda: metrics.ndcg(TABLE, ONE & False), "Nothing is relevant", "nothing to find"),
    (lambda: metrics.retrieval_scores(TABLE, ONE, ks=(1, 0)), "k=0", "whole number from 1"),
    (lambda: metrics.retrieval_scores(TABLE, ONE, tolerance=nan), "tolerance=nan", "0 or more"),
    (lambda: metrics.chance_recall_at_k(ONE, 0), "k=0", "whole number from 1"),
    (lambda: metrics.chance_recall_at_k(ONE, 2.5), "k=2.5", "whole number from 1"),
    (lambda: metrics.chance_recall_at_k(yes(4), 1), "positives of shape (4,)", "positives (n, m)"),
    (lambda: metrics.chance_recall_at_k(TABLE, 1), "type float32", "bool (n, m)"),
    (lambda: metrics.mean_interval([1, nan]), "1 of them NaN", "finite"),
    (lambda: metrics.mean_interval([1, 2], level=nan), "level=nan", "between 0 and 1"),
    (lambda: metrics.mean_interval([1, 2], resamples=0), "resamples=0", "whole number from 1"),
    (lambda: metrics.mean_interval([1, 2], groups=[1]), "1 groups for 2", "one for each"),
    (lambda: metrics.effective_rank(x(3)), "shape (3,)", "(n, d)"),
    (lambda: metrics.effective_rank(x(3, 2) * nan), "6 of them NaN", "finite"),
    (lambda: metrics.alignment(x(3, 2), x(1, 2)), "(1, 2)", "equal shapes"),
    (lambda: metrics.uniformity(x(1, 2)), "1 vectors", "two or more"),
    (lambda: rank.swap_gains([1, 2], [0, 1], 0), "k=0", "whole number from 1"),
    (lambda: rank.swap_gains([1, 2], [0, 1], 1.5), "k=1.5", "whole number from 1"),
    (lambda: rank.swap_gains([1, nan], [0, 1]), "not finite", "0 or more"),
    (lambda: rank.lambda_gradient([1, 2], [0, 1], nan), "sigma=nan", "above 0"),
    (lambda: rank.lambda_gradient([1, 2], [[0], [1]]), "(2, 1)", "(n,) and (n,)"),
    (lambda: rank.RankSVM(nan), "C=nan", "above 0"),
    (lambda: rank.RankSVM(most=0), "most=0", "whole number from 1"),
    (lambda: rank.LambdaRank(trees=0), "trees=0", "whole number from 1"),
    (lambda: rank.LambdaRank(rate=nan), "rate=nan", "above 0"),
    (lambda: rank.pair_differences(rows[0], rows[1], np.zeros((4, 1))), "queries (4, 1)", "(n, f), (n,)"),
    (lambda: rank.rerank(TABLE, len, 2.5), "k=2.5", "whole number from 1"),
    (lambda: rank.rerank(TABLE, lambda q, i: x(1), 2), "scores of shape (1,)", "one number for each"),
    (lambda: rank.interaction_features(x(3), x(4)), "(3,) and (4,)", "the same last axis"),
    (lambda: hardest_wrong(x(4, 2), x(4, 2), np.arange(4), np.arange(4), 1.5), "k=1.5", "whole number from 1"),
    (lambda: hardest_wrong(x(4, 2), x(4, 2), np.arange(3), np.arange(4)), "for 4 vectors", "(n,) or (n, j)"),
    (lambda: product_search.item_item(ONE, nan), "shrink=nan", "0 or more"),
    (lambda: product_search.item_item(ONE.astype(int)), "type int64", "bool (u, m)"),
    (lambda: product_search.blend({}), "no scores", "one or more"),
    (lambda: product_search.blend({"a": x(3, 2), "b": x(1, 2)}), "b of shape (1, 2)", "b (n, m)"),
    (lambda: product_search.blend({"a": x(3, 2)}, {"b": 1}), "['b']", "the same"),
    (lambda: product_search.GatedComposer(2.5), "hidden=2.5", "whole number from 1"),
    (
        lambda: product_search.GatedComposer(2)({"image": x(3, 2), "text": x(1, 2)}),
        "text of shape (1, 2)",
        "(batch, c)",
    ),
]

TABLES = {"losses": LOSSES, "masks": MASKS, "fusion": FUSION, "decoding": DECODING, "scores": METRICS}
ROWS = [pytest.param(*row, id=f"{room}-{i}") for room, table in TABLES.items() for i, row in enumerate(table)]


@pytest.mark.parametrize(("call", "came", "allowed"), ROWS)
def test_it_is_refused_in_words(call, came, allowed, record_property):
    with pytest.raises(ValueError) as caught:
        call()
    assert type(caught.value) is ValueError
    message = str(caught.value).replace("np.int64", "").replace("np.float64", "")
    assert came in message and allowed in message, message
    record_property("bad inputs refused", 1)


# ── what is hidden stays hidden, and what is right stays as it was ──────────────────────────────────
KEEP = np.array([[True, True, False], [True, False, False]])


def same(a, b):
    np.testing.assert_array_equal(np.asarray(a), np.asarray(b))


def spoilt(values, keep=KEEP, with_what=nan):
    return np.where(keep[..., None], values, np.float32(with_what))


@pytest.mark.parametrize("strange", [nan, inf, -inf])
def test_what_a_masked_value_holds_does_not_come_out(strange):
    bad = spoilt(V, with_what=strange)
    same(dot(Q, K, bad, KEEP), dot(Q, K, V, KEEP))
    same(dot(Q, spoilt(K, with_what=strange), V, KEEP), dot(Q, K, V, KEEP))
    each = np.repeat(KEEP[:, None], 4, axis=1)
    same(dot(Q, K, bad, each), dot(Q, K, V, each))
    for layer in (additive, heads, attention.CrossAttention(8, seed=0)):
        same(layer(Q, spoilt(K, with_what=strange), mask=KEEP), layer(Q, K, mask=KEEP))
    for pooled in (mean_over_words, max_where, last_where):
        same(pooled(bad, KEEP), pooled(V, KEEP))
    tower = ImageTower(4, "mean+max")
    same(tower(bad, mask=KEEP), tower(V, mask=KEEP))
    words = attended_similarity(spoilt(K, with_what=strange), x(2, 5, 8), KEEP)
    same(words, attended_similarity(K, x(2, 5, 8), KEEP))


def test_a_value_hidden_from_one_query_is_seen_by_another():
    bad = V.copy()
    bad[0, 2] = nan
    mask = yes(2, 4, 3)
    mask[0, :2, 2] = False
    output = np.asarray(dot(Q, K, bad, mask))
    assert np.isnan(output[0, 2:]).all() and np.isfinite(output[0, :2]).all() and np.isfinite(output[1]).all()
    same(output[0, :2], np.asarray(dot(Q, K, V, mask))[0, :2])


def test_a_mask_of_ones_and_zeros_is_one_of_bools_and_lists_are_masks():
    for dtype in ("int32", "float32", "uint8"):
        same(dot(Q, K, V, KEEP.astype(dtype)), dot(Q, K, V, KEEP))
    same(additive(Q, K, mask=KEEP.tolist()), additive(Q, K, mask=KEEP))


def test_without_a_mask_nothing_is_touched():
    assert np.isnan(np.asarray(dot(Q, K, V * nan))).all()


def test_refused_before_any_state_changes():
    loss, layer = contrastive.Triplet(), fusion.LowRankFusion(4)
    for refused in (lambda: loss(TABLE, TABLE, yes(4, 1), training=True), lambda: layer(LATE)):
        with pytest.raises(ValueError, match="Received"):
            refused()
    assert float(loss.steps) == 0 and not layer.weights
    layer(TWO)


def test_inside_a_graph_shapes_are_checked_and_values_are_left_alone():
    inputs = {"q": keras.Input((4, 8)), "k": keras.Input((3, 8)), "mask": keras.Input((3,), dtype="float32")}
    model = keras.Model(inputs, heads(inputs["q"], inputs["k"], mask=inputs["mask"]))
    given = {"q": Q, "k": K, "mask": KEEP.astype("float32")}
    np.testing.assert_allclose(model.predict(given, verbose=0), heads(Q, K, mask=KEEP), atol=1e-6)
    with pytest.raises(ValueError, match=r"mask of shape .* Allowed"):
        heads(inputs["q"], inputs["k"], mask=keras.Input((4,)))


def test_nan_in_one_row_is_named_and_inside_a_graph_it_is_the_score():
    def half(tokens, state):
        return ops.zeros((tokens.shape[0], 6)) + state["seen"][:, :1], state

    state = {"seen": np.float32([[0], [nan]])}
    for way in (WAYS["greedy"], WAYS["beam"]):
        with pytest.raises(ValueError, match="in 1 of 2 rows, the first is 1"):
            way(half, state)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tensors = keras.tree.map_structure(tf.constant, state)
        for way in (WAYS["greedy"], WAYS["beam"]):
            _, scores = tf.function(lambda way=way: way(half, tensors))()
            np.testing.assert_array_equal(np.isnan(scores), [False, True])


def test_checks_take_what_is_right():
    checks.check_whole(units=np.int64(3))
    checks.check_number("any", a=0, b=np.float32(2), c=ops.ones(()))
    checks.check_one_of((None, "soft"), attention=None)
    checks.check_shapes(a=(x(2, 3, 4), "n …"), b=(np.ones(2), "n"), c=(None, "n"), d=(np.ones((2, 1)), "n 1"))
    checks.check_mask("mask", np.ones((2, 3)), (2, 3), (2, 4, 3))
    for check in (lambda: checks.check_one_of(("mean", None), pool="sum"), lambda: checks.check_finite(a=[1, inf])):
        with pytest.raises(ValueError, match=r"Received: .* Allowed: "):
            check()
