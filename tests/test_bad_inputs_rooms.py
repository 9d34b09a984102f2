"""Every public function of these rooms, argument by argument: what cannot be meant is refused, and named.

A row is a function, arguments that are right, and for one of them values that are not, with a part of what is said to
be allowed. The message must name the argument and what came: the value, or of an array its shape, its type or its NaN.
"""

import contextlib

import numpy as np
import pytest

from mmcourse import (
    attention,
    batches,
    contrastive,
    fusion,
    image,
    items,
    missing,
    modalities,
    preparation,
    product_search,
    ranking,
    retrieval,
    scenes,
    text,
    video,
)
from mmcourse._machinery import checks
from mmcourse.backend import keras
from mmcourse.fusion import levels
from mmcourse.plots.comparisons import bars
from mmcourse.plots.curves import lines
from mmcourse.plots.pictures import in_fog, pixels, regions
from mmcourse.plots.pictures import scenes as plotted
from mmcourse.plots.tables import table

nan = float("nan")
RAGGED = [[1], [1, 2]]


def x(*shape):
    return np.random.default_rng(len(shape)).normal(size=shape).astype("float32")


def spoilt(good):
    """An array with one NaN."""
    bad = np.array(good, "float64")
    bad.flat[0] = nan
    return bad


def tables(good):
    """What is not (n, d), finite numbers."""
    return [
        spoilt(good),
        good[0],
        good[None],
        good[..., None],
        RAGGED,
        [["a", "b"]] * len(good),
        None,
        "abc",
        {"a": good},
    ]


def columns(good):
    """What is not (n,), integers."""
    good = np.asarray(good)
    return [good[:, None], good[:-1], good + 0.5, spoilt(good), RAGGED, None, "abc", {"a": good}, ["a"] * len(good)]


NO_NUMBER = [nan, np.inf, "3", None, [3], {"a": 1}]
NO_COUNT = [0, -1, 2.5, 2.0, True, *NO_NUMBER]
NO_PERCENT = [-1, 101, 2.5, True, *NO_NUMBER]
NO_RATE = [0, -8000, *NO_NUMBER]
NO_TEXT = [None, 3, nan, b"bytes", ["a"], {"a": 1}]
NO_TEXTS = ["one string", b"bytes", {"a": "b"}, None, 3, [1, 2], [None, "a"], [["a", "b"]], np.ones(2), [b"bytes"]]

SPLIT = scenes.Scenes("train", n=4)
ITEMS = [SPLIT[i] for i in range(4)]
SCENE = SPLIT.scene(0)
WORDS = text.Vocabulary.build(["a red circle", "a blue square"])
VECTORS = text.WordVectors(WORDS, x(len(WORDS), 5))
TOKENS = np.array([[1, 4, 5, 6, 2, 0], [1, 4, 7, 8, 2, 0], [1, 4, 5, 6, 2, 0], [1, 4, 7, 8, 2, 0]])
HAVE = {"colour": np.array(["r", "r", "b", "b"]), "shape": np.array(["c", "s", "c", "s"])}
BOUGHT = np.eye(4, dtype=bool)
FILM = np.random.default_rng(0).integers(0, 255, (7, 8, 8, 3)).astype("uint8")
SOUND = x(2000)
TABLE = preparation.table(ITEMS)
PAIRS = {"a": x(4, 3), "b": x(4, 2)}


DARK = np.full((8, 8, 3), nan)
COMPOSER, ENCODERS = (
    product_search.GatedComposer(2),
    contrastive.DualEncoder({"a": keras.layers.Dense(3), "b": keras.layers.Dense(3)}, contrastive.InfoNCE()),
)
COMPOSER({"image": x(4, 3), "text": x(4, 2)})
FLOATS = items.Item(id="a", split="train", image=np.random.default_rng(0).random((8, 8, 3)))


def correlate(units=2, ridge=None, a=None, b=None, rows=None):
    batch = {"a": x(9, 3) if a is None else a, "b": x(9, 4) if b is None else b}
    return retrieval.CanonicalCorrelation(units, {"a": 0.1, "b": 0.1} if ridge is None else ridge).fit(batch, rows)


FITTED = correlate(b=np.random.default_rng(8).normal(size=(9, 4)))
RANKER = ranking.RankSVM().fit(x(6, 2), [0, 1, 2, 0, 1, 1], [0, 0, 0, 1, 1, 1])


def mined(pairs=PAIRS, identity=(0, 1, 2, 3), partners=(1, 2, 3, -1), batch_size=4):
    return retrieval.MinedBatches(pairs, identity, partners, batch_size)[0]


def first(kind, **right):
    """The first batch."""
    return lambda **given: kind(**(right | given))[0]


def network(kind, **right):
    return lambda **given: kind(**(right | given))


# function, right arguments, the argument, what is allowed, and values that are not.
CHANGE = {"attributes": HAVE, "rows": [0, 1], "names": ["colour", "shape"], "values": ["b", "c"]}
LISTS = {"features": x(4, 2), "relevance": [0, 1, 2, 0], "queries": [0, 0, 0, 0]}
MINE = {"queries": x(4, 3), "items": x(5, 3), "query_identity": np.arange(4), "item_identity": np.arange(5)}
RANK = {"similarity": x(3, 4), "scorer": lambda q, i: q + i, "k": 2}
HUBS = {"a": x(4, 3), "b": x(5, 3), "bank_a": x(6, 3), "bank_b": x(7, 3), "sharpness": 5.0}
ROWS = [
    # retrieval
    (retrieval.hubness, {"vectors": x(4, 3), "bank": x(5, 3), "sharpness": 5.0}, {
        "vectors": ("(n, d)|finite numbers", tables(x(4, 3))), "bank": ("(m, d)|finite numbers", tables(x(5, 3))),
        "sharpness": ("above 0", [0, -1, *NO_NUMBER]),
    }),
    (retrieval.without_hubs, HUBS, {
        "a": ("(n, d)|finite", tables(x(4, 3))), "b": ("(m, d)|finite", tables(x(5, 3))),
        "bank_a": ("(k, d)|finite", tables(x(6, 3))), "bank_b": ("(l, d)|finite", tables(x(7, 3))),
    }),
    (retrieval.hardest_wrong, MINE, {
        "queries": ("(n, d)|finite", tables(x(4, 3))), "items": ("(m, d)|finite", tables(x(5, 3))),
        "query_identity>identity": ("integers (n,)", columns(range(4))[1:-1]),
        "item_identity>identity": ("integers (n,)", columns(range(5))[1:-1]), "k": ("whole number from 1", NO_COUNT),
    }),
    (correlate, {}, {
        "units": ("whole number from 1", NO_COUNT), "a": ("(n, d)|finite|up to 1", tables(x(9, 3))[:-3]),
        "ridge": ("above 0", [{"a": 1}, {"a": nan, "b": 1}, {"a": 0, "b": 1}, {"a": "x", "b": 1}, [0.1, 0.1], 0.1]),
        "rows": ("integers from 0|rows (m,)|below 9", [v for v in columns(range(9)) if v is not None]),
    }),
    (FITTED.encode, {"name": "a", "x": x(4, 3)}, {
        "name": ("a, b", ["c", None, 0]), "x>a": ("(n, d)|finite|(n, 3)", [*tables(x(4, 3)), x(4, 2)]),
        "units": ("from 1|1 to 2", [3, 0, -1, 2.5, nan, True, "2"]),
    }),
    (mined, {}, {
        "pairs": ("by modality", [{}, None, x(4, 3), "abc"]), "batch_size": ("whole number from 1|even", [*NO_COUNT,
            3]),
        "identity": ("integers (n,)", columns(range(4))[1:-1]),
        "partners": ("integers from -1|(n,)|-1 to 3", [*columns(range(4)), [1, 2, 3, 9], [0, 0, 0, -2]]),
    }),
    # ranking
    (ranking.swap_gains, {"scores": x(3), "relevance": [1, 2, 0]}, {
        "scores>": ("(n,)|finite", columns(x(3))[:2] + columns(x(3))[3:]),
        "relevance>": ("(n,)|0 or more", [*columns([1, 2, 0])[:2], *columns([1, 2, 0])[3:]]),
        "k": ("whole number from 1", [v for v in NO_COUNT if v is not None]),
    }),
    (ranking.pair_differences, LISTS, {
        "features": ("(n, f)|finite|numbers", tables(x(4, 2))),
        "relevance": ("(n,)|finite|numbers", [*columns([0, 1, 2, 0])[:2], *columns([0, 1, 2, 0])[3:]]),
        "queries": ("(n,)", columns([0, 0, 0, 0])[:-1]),
    }),
    (RANKER.score, {"features": x(3, 2)}, {
        "features": ("numbers|(..., 2)", [spoilt(x(3, 2)), x(3, 1), x(3), [["a", "b"]], None, "abc", {"a": 1}]),
    }),
    (ranking.interaction_features, {"query": x(4, 3), "item": x(4, 3)}, {
        "query>": ("numbers|last axis|broadcasts", [spoilt(x(4, 3)), x(4, 2), x(2, 3), [["a"]], None, "abc", {"a": 1}]),
        "item>": ("numbers|last axis|broadcasts", [spoilt(x(4, 3)), x(4, 2), x(2, 3), [["a"]], None, "abc", {"a": 1}]),
    }),
    (ranking.rerank, RANK, {
        "similarity": ("(queries, items)", [spoilt(x(3, 4)), x(4), x(3, 4, 1), x(0, 4), [["a"]], None, "abc"]),
        "scorer>": ("function|numbers|one number", [None, 3, "len"]), "k": ("whole number from 1", NO_COUNT),
    }),
    # product search
    (product_search.same_but, CHANGE, {
        "attributes>": ("(m,)", [{}, None, x(3), HAVE | {"shape": HAVE["shape"][:2]}, HAVE | {"colour": x(4, 1)}]),
        "rows": ("(n,)|0 to 3|integers", [[0, 9], [0, -1], [0.5, 1], [[0], [1]], [nan, 1], None, "ab"]),
        "names>": ("colour, shape|(n,)", [["colour"], ["size", "shape"], None]), "values": ("(n,)", [["b"], None, "b"]),
    }),
    (product_search.draw_changes, {"attributes": HAVE, "n": 3}, {
        "attributes>": ("(m,)", [{}, None, x(3), HAVE | {"shape": HAVE["shape"][:2]}]),
        "n": ("whole number from 0", NO_COUNT[1:]),
        "askers": ("0 to 3|integers from 0|(k,)", [[9], [-1], [], [0.5], "a", [[0]], [True], [nan]]),
    }),
    *[(kind, {"bought": BOUGHT} | more, {
        "bought": ("bool (u, m)", [BOUGHT.astype(int), BOUGHT[0], BOUGHT[None], None, "abc", x(4, 4), {"a": 1}]),
    }) for kind, more in ((product_search.popularity, {}), (product_search.item_item, {}),
                          (product_search.content, {"vectors": x(4, 3)}), (product_search.social,
                              {"friends": BOUGHT & False}))],
    (product_search.item_item, {"bought": BOUGHT}, {"shrink": ("0 or more", [-1, *NO_NUMBER])}),
    (product_search.content, {"bought": BOUGHT, "vectors": x(4, 3)}, {
        "vectors": ("(m, d)|finite", [*tables(x(4, 3)), x(3, 3)]),
    }),
    (product_search.social, {"bought": BOUGHT, "friends": BOUGHT & False}, {
        "friends": ("0 and 1|(4, 4)", [2 * np.eye(4, k=1), spoilt(BOUGHT), np.eye(4), np.eye(3, k=1), None, "abc"]),
    }),
    (product_search.blend, {"scores": {"a": x(3, 4), "b": x(3, 4)}}, {
        "scores>": ("n m|n, m|m of 1|finite|by name", [{"a": spoilt(x(3, 4))}, {"a": x(3)}, {"a": x(3, 0)},
            {"a": "abc"}, {}, None]),
        "weights": ("a number|by name|the same", [{"a": nan, "b": 1}, {"a": "x", "b": 1}, {"a": x(4), "b": 1}, 2,
            {"a": 1}]),
    }),
    # batches
    (first(batches.CaptionBatches), {"features": x(4, 2, 3), "tokens": TOKENS}, {
        "features": ("features|numbers", [x(4, 3), x(3, 2, 3), x(4, 2, 3).tolist(), None, "abc", {"a": 1}]),
        "tokens>": ("tokens|ids|one or more", [TOKENS + 0.5, TOKENS[0], TOKENS[:, :1], -TOKENS, TOKENS[:3], TOKENS * 0,
                                         None, "abc", [["a"]]]),
        "batch_size": ("whole number from 1", NO_COUNT), "seed": ("whole number from 0", NO_COUNT[1:]),
        "captions": ("one, all", ["two", None, 1]), "mirrored": ("mirrored|numbers", [x(4, 2, 1), [1], "abc"]),
    }),
    (first(batches.ItemBatches), {"collection": ITEMS}, {
        "collection": ("items", [None, "abc", {"a": 1}, 3, [1, 2], x(4, 3)]),
        "modalities>": ("image, text", [["smell"], (), None, 3, {"image": 1}]),
        "batch_size": ("whole number from 1", NO_COUNT), "size": ("whole number from 1", NO_COUNT[:6]),
        "labels": ("labels|numbers", [[1, 2], "abcd", 3, {"a": 1}, [nan] * 4, [[1], [1, 2], [3], [4]],
            lambda item: None]),
        "length": ("whole numbers from 1|positions", [{"text": 0}, {"image": 3}, 3, {"text": 2.5}, {"text": "3"}, [3]]),
        "missing": ("error, zeros", ["drop", None, True]), "seed": ("whole number from 0", NO_COUNT[1:]),
    }),
    (first(batches.ItemBatches), {"collection": ITEMS, "modalities": "text", "vocabulary": WORDS}, {
        "vocabulary": ("a Vocabulary", [None, "en", ["a"], 3, {"a": 1}]),
    }),
    # items, scenes
    (items.Item, {"id": "a", "split": "train"}, {
        "id": ("a str", [3, None, b"a", ["a"]]), "captions": ("of str|a str", NO_TEXTS),
        "image": ("an array", ["a.png", nan, [1, 2], 3]), "audio": ("an array", ["a.wav", 3, [0.1]]),
        "frames": ("an array", ["a.mp4", 3]), "rate": ("above 0", [v for v in NO_RATE if v is not None]),
    }),
    (items.Collection, {"n": 3}, {"n": ("whole number from 0", NO_COUNT[1:])}),
    (lambda index: SPLIT[index], {"index": 0}, {"index": ("an integer|-4 to 3", [nan, 2.0, "a", None, [0], 4, -5])}),
    (scenes.Scenes, {"split": "train", "n": 2}, {
        "split": ("unseen_pairs", ["validation", None, 3, "Train"]), "language": ("en, zh", ["fr", "", None, 3]),
        "n": ("", [v for v in NO_COUNT[1:] if v is not None]), "seed": ("integer", [2.5, *NO_NUMBER]),
        "image_size": ("8 to 4096", [7, 5000, *NO_COUNT]), "n_captions": ("", NO_COUNT[1:]),
        "things": ("from 1 to 4", [0, 5, (3, 1), 2.5, True, "3"]), "label": ("count", ["color", 3, "Colour"]),
        **{name: ("one or more of", [(), "red", ("pink",), 3, {"pink": 1}]) for name in ("shapes", "colours", "sizes")},
        **dict.fromkeys(("image_noise", "missing_text", "mismatched", "duplicates", "label_noise"), ("", NO_PERCENT)),
    }),
    *[(kind, {"scene": SCENE} | more, {
        "scene": ("a Scene", [None, ITEMS[0], "abc", 3, [SCENE], {"a": 1}]), "language": ("'en', 'zh'", ["fr", "",
            None, 3]),
    }) for kind, more in ((scenes.captions, {}), (scenes.check, {"caption": "a"}), (scenes.questions, {}))],
    (scenes.captions, {"scene": SCENE}, {"n": ("0, 1, 2", NO_COUNT[1:])}),
    (scenes.questions, {"scene": SCENE}, {"n": (">= 0", [v for v in NO_COUNT[1:] if v is not None])}),
    (scenes.check, {"scene": SCENE, "caption": "a"}, {"caption>": ("str", [None, 3, ["a"], b"a", nan])}),
    (scenes.parse, {}, {"caption>": ("str", [None, 3, ["a"], b"a", nan])}),
    (SCENE.find, {}, {
        "shape": ("circle, square", ["hexagon", 3, ["circle"]]), "colour": ("red, orange", ["grey", 3]),
        "size": ("small, large", ["big", 3]),
    }),
    # text
    (text.tokenize, {"text": "a"}, {"text": ("a str", NO_TEXT), "tokenizer": ("'en', 'zh'", ["fr", "", None, 3])}),
    (text.segment_chinese, {}, {"text": ("a str", NO_TEXT)}),
    (text.Vocabulary, {"words": ["a"]}, {
        "words>": ("", ["abc", b"abc", None, 3, {"a": 1}, [1], [""], ["a", "a"], [nan], ["<pad>"]]),
        "tokenizer": ("'en', 'zh'", ["fr", None, 3]),
    }),
    (text.Vocabulary.build, {"captions": ["a b"]}, {
        "captions>": ("str", NO_TEXTS), "min_count": ("whole number from 1", NO_COUNT),
    }),
    (WORDS.encode, {"captions": ["a red"]}, {
        "captions>": ("str", NO_TEXTS), "length": ("whole number from 2", [1, *[v for v in NO_COUNT if v is not None]]),
    }),
    (WORDS.decode, {"ids": [[1, 4]]}, {
        "ids>": ("ids|rows|0 to", [[1, 4], [[1.7, 4]], [[nan]], [[99]], [[-1]], "abc", None, 3, [["a"]], [[True]],
            {"a": [1]}]),
    }),
    (text.encode_captions, {"vocabulary": WORDS, "captions": [("a",)], "length": 4}, {
        "vocabulary": ("a Vocabulary", [None, "en", ["a"]]), "length": ("whole number from 2", [1, *NO_COUNT]),
        "captions>": ("str|caption or more", ["abc", [], [()], [("a",), ()], None, [(1,)], ["a red"], {"a": 1},
            [None]]),
    }),
    *[(lambda captions=("a b", "b"), kind=kind, **given: kind(**given).fit_transform(captions), {}, {
        "longest": ("whole number from 1", NO_COUNT), "words": ("a Vocabulary", ["a", ["a"], 3]),
        "tokenizer": ("'en', 'zh'", ["fr", None, 3]), "captions>": ("a str", [[1, 2], [None, "a"], [["a"]]]),
    }) for kind in (text.bag_of_words, text.tf_idf)],
    (text.subsample, {"tokens": TOKENS, "threshold": 0.1}, {
        "tokens": ("integers from 0|(n, L)", [TOKENS[0], TOKENS + 0.5, -TOKENS, TOKENS[None], [], None, "abc",
            spoilt(TOKENS)]),
        "threshold": ("above 0", [0, -1, *NO_NUMBER]),
    }),
    (text.skip_gram_pairs, {"tokens": TOKENS}, {
        "tokens": ("integers from 0|(n, L)", [TOKENS[0], TOKENS + 0.5, -TOKENS, TOKENS[None], [], None, "abc",
            spoilt(TOKENS)]),
        "window": ("whole number from 1", NO_COUNT),
    }),
    (first(text.SkipGramBatches), {"pairs": [[4, 5], [5, 4]]}, {
        "pairs": ("integers from 0|(n, 2)", [[4, 5], [[4.5, 5]], [[-1, 4]], [[4, 5, 6]], None, "abc", [[nan, 1]],
            [["a", "b"]]]),
        "negatives": ("whole number from 1", NO_COUNT), "power": ("a number", NO_NUMBER),
        "batch_size": ("whole number from 1", NO_COUNT),
    }),
    (network(text.SkipGram, vocabulary_size=9), {}, {
        "vocabulary_size": ("whole number from 1", NO_COUNT), "units": ("whole number from 1", NO_COUNT),
    }),
    (VECTORS.nearest, {"vector": x(5)}, {
        "vector": ("(5)|(5,)|finite|direction", [x(4), x(1, 5), x(5, 1), spoilt(x(5)), np.zeros(5), None, "abc",
            ["a"] * 5]),
        "n": ("whole number from 0", NO_COUNT[1:]), "without": ("words|a str", ["red", [3], None, {"red": 1}]),
    }),
    # video
    *[(kind, {"frames": FILM} | more, {
        "frames": ("t, h, w, c", [FILM[0], FILM[..., 0], FILM.tolist(), None, "abc", {"a": 1}, 3]),
    }) for kind, more in ((video.sample_frames, {"n": 2}), (video.cut_clips, {"length": 2}), (video.frame_differences,
        {}))],
    (video.sample_frames, {"frames": FILM, "n": 2}, {"n": ("a whole number from 1", [8, *NO_COUNT])}),
    (video.cut_clips, {"frames": FILM, "length": 2}, {
        "length": ("a whole number from 1", [8, *NO_COUNT]), "stride": ("a whole number from 1", NO_COUNT),
    }),
    (video.middle_width, {"channels": 3, "filters": 8}, {
        "channels": ("whole number from 1", NO_COUNT), "filters": ("whole number from 1", NO_COUNT),
        "kernel_size": ("whole number", [(3, 3), (0, 0, 0), (3, 3, 2.5), (-3, 3, 3), None, "3"]),
    }),
    (network(video.Conv2Plus1D, filters=4), {}, {
        "filters": ("whole number from 1", NO_COUNT), "kernel_size": ("whole number", [(3, 3), 0, 2.5, None, "3",
            True]),
        "strides": ("whole number", [(1, 1), 0, 2.5, None]), "padding": ("same, valid", ["SAME", None]),
        "middle": ("whole number from 1", [v for v in NO_COUNT if v is not None]),
    }),
    (video.PerFrame, {}, {"layer": ("a Keras layer", [3, "a", None, lambda frame: frame])}),
    (video.c3d, {"shape": (3, 16, 16, 3)}, {
        "shape": ("t, h, w, c|whole number", [(16, 16, 3), 3, None, (3, 16, 16), ("a",), (3, 16, 16, 0)]),
        "classes": ("whole number from 1", NO_COUNT), "filters": ("whole number", [8, (), (0,), (2.5,), ("a",), None]),
    }),
    (video.frame_encoder, {"shape": (16, 16, 3)}, {
        "shape": ("(h, w, c)", [(16, 16), 3, None, "abc"]), "filters": ("whole number", [8, (), (0,), None]),
    }),
    (video.frame_recurrent, {"shape": (3, 16, 16, 3)}, {
        "shape": ("t, h, w, c", [(16, 16, 3), 3, None]), "classes": ("whole number from 1", NO_COUNT),
        "units": ("whole number from 1", NO_COUNT), "cell": ("gru, lstm", ["rnn", None, 3, "GRU"]),
        "encoder>layer": ("a Keras layer", [3, "a"]),
    }),
    # modalities, preparation
    (modalities.describe_voice, {"sound": SOUND, "rate": 8000}, {
        "sound": ("samples|floats|numbers", [x(2, 2000), spoilt(SOUND), (SOUND * 999).astype("int16"), SOUND[:100],
                                             SOUND[None, None], None, "abc", {"a": 1}]),
        "rate": ("above 0", NO_RATE), "bands": ("whole number from 1|hold a frequency", [99, *NO_COUNT]),
    }),
    (modalities.products, {"a": x(4, 3), "b": x(4, 2)}, {
        "a": ("(n, d)|finite", [*tables(x(4, 3)), x(1, 3)]), "b": ("(n, c)|finite", [*tables(x(4, 2)), x(1, 2)]),
    }),
    (modalities.UtteranceVectors, {"train": ITEMS, "modalities": ("text",)}, {
        "train": ("items", [None, [1], "abc", 3]), "modalities>": ("text, audio", [(), ["smell"], None, 3,
            {"text": 1}]),
    }),
    (modalities.moves, {"frames": FILM}, {
        "frames": ("(t, h, w, channels)|two frames|finite", [FILM[0], FILM[:1], FILM[:0], spoilt(FILM), FILM[..., 0],
            None, "abc"]),
    }),
    (modalities.grows_loud, {"sound": SOUND, "frames": 5}, {
        "sound": ("(n)|(n,)|floats|finite|1 to", [SOUND[:, None], x(2, 2000), spoilt(SOUND),
            (SOUND * 999).astype("int16"), None, "abc"]),
        "frames": ("whole number from 1|1 to 2000", [2001, *NO_COUNT]),
    }),
    (modalities.two_sensors, {"split": "train", "n": 1}, {
        "split": ("unseen_pairs", ["a", None]), "n": ("whole number from 1", NO_COUNT),
            "size": ("whole number from 1", NO_COUNT),
    }),
    (modalities.misalign, {"pictures": x(2, 4, 4, 3), "cells": 1}, {
        "pictures": ("(n, h, w, c)|finite|one or more", [x(4, 4, 3), x(0, 4, 4, 3), spoilt(x(2, 4, 4, 3)), None,
            "abc"]),
        "cells": ("0 or more", [-1, *NO_NUMBER]),
    }),
    (preparation.table, {"items": ITEMS}, {
        "items": ("a collection|items of", [None, [1], "abc", ITEMS[0], 3]),
        "modalities": ("text, audio", [(), ["smell"], None, 3, {"text": 1}, "smell"]),
    }),
    (preparation.voice, {"audio": SOUND, "rate": 8000}, {
        "audio": ("floats|numbers", [x(2, 2000), spoilt(SOUND), (SOUND * 999).astype("int16"), SOUND[None, None],
            None, "abc"]),
        "rate": ("50 or more", [20, *NO_RATE]),
    }),
    (preparation.columns_of, {}, {"frame": ("a DataFrame", [None, {"a": 1}, "abc", [TABLE]])}),
    (lambda modality: preparation.columns_of(TABLE, modality), {}, {"modality": ("text, audio", ["smell", None,
        ["text"], 3])}),
    (preparation.spoil, {"frame": TABLE}, {
        "frame": ("what `table` returns", [None, {"a": 1}, "abc", TABLE.drop(columns="id")]),
        "seed": ("whole number from 0", NO_COUNT[1:]),
        **dict.fromkeys(("missing", "outliers", "units", "duplicates"), ("0 to 100", NO_PERCENT)),
    }),
]  # fmt: skip

EMPTY = ("without a caption", "no images", "no scores", "all zeros", "[None, None")  # what is not there, in words
CASES = [
    pytest.param(function, right, name, allowed, value, id=f"{i}-{name.strip('>')}-{j}")
    for i, (function, right, wrong) in enumerate(ROWS)
    for name, (allowed, values) in wrong.items()
    for j, value in enumerate(values)
]


def marks(value):
    """What a message may say of a value: one of these."""
    said = {type(value).__name__, *EMPTY}
    if isinstance(value, float) and not np.isfinite(value):
        said |= {"NaN", "not finite"}
    if isinstance(value, np.ndarray):
        ends = (
            {f"with {end}" for end in (value.min(), value.max())} if value.size and value.dtype.kind in "iuf" else set()
        )
        holes = {"NaN", "not finite"} if value.dtype.kind == "f" and np.isnan(value).any() else set()
        return said | ends | holes | {str(value.shape), str(value.dtype), f"{len(value)} rows", f"n = {len(value)}"}
    if isinstance(value, (list, tuple, dict)):
        parts = value.values() if isinstance(value, dict) else value
        said |= {repr(list(value)), repr(tuple(value))}.union(*map(marks, parts))
    with contextlib.suppress(ValueError):  # of several lengths
        said |= {str(np.shape(value)), f"type {np.asarray(value).dtype}"}
    return said | {repr(value), "one string" if isinstance(value, (str, bytes)) else repr(value)}


@pytest.mark.parametrize(("function", "right", "name", "allowed", "value"), CASES)
def test_it_is_refused_in_words(function, right, name, allowed, value, record_property):
    argument, _, shown = name.partition(">")
    with pytest.raises((ValueError, TypeError, IndexError)) as caught:
        function(**(right | {argument: value}))
    message = str(caught.value)
    assert "Received" in message or "Expected" in message, message
    assert shown or ">" in name or argument in message, message
    assert any(mark in message for mark in marks(value)), (marks(value), message)
    assert any(part in message for part in allowed.split("|")), message
    record_property("bad inputs refused", 1)


LEVEL = {"encoders": {"a": keras.layers.Dense(3), "b": keras.layers.Dense(3)}, "outputs": 2}
PART = {"a": x(4, 3), "b": x(4, 2), "present": {"b": np.array([True, False, True, True])}}


def mean_imputer(a):
    return missing.MeanImputer().adapt({"a": a, "b": x(4, 2)})


@pytest.mark.parametrize(
    ("call", "came", "allowed"),
    [
        (lambda: levels.FeatureLevel([keras.layers.Dense(3)], fusion.MeanFusion(3), 2), "encoders=[<Dense", "a dict"),
        (lambda: levels.FeatureLevel({"a": len}, fusion.MeanFusion(3), 2), "encoders['a']=<built-in", "a Keras layer"),
        (lambda: levels.FeatureLevel(LEVEL["encoders"], None, 2), "fusion=None", "a Keras layer"),
        (lambda: levels.DataLevel(None, 2), "encoder=None", "a Keras layer"),
        (lambda: levels.DecisionLevel({}, 2), "encoders={}", "a dict"),
        (lambda: levels.Hybrid(LEVEL["encoders"], "mean", 2), "fusion='mean'", "a Keras layer"),
        (lambda: missing.fill(PART, {"b": nan}), "values['b']", "finite"),
        (lambda: missing.fill(PART, {"b": np.zeros(7)}), "values['b'] of shape (7,)", "(4, 2)"),
        (lambda: missing.fill(PART, {"b": "zero"}), "values['b']='zero'", "numbers"),
        (lambda: mean_imputer(spoilt(x(4, 3))), "a, where it is present", "finite"),
        *[(lambda v=v: bars(v), came, "number") for v, came in (
            ({"a": nan}, "values['a']=nan"), ({"a": "x"}, "values['a']='x'"), ({}, "values={}"),
            ([0.1], "values=[0.1]"),
            ({"a": np.ones(2)}, "values['a']=array"), ({"a": None}, "values['a']=None"),
        )],
        *[(lambda v=v: bars({"a": 0.5}, intervals={"a": v}), "intervals['a']", "(low, high)") for v in (
            (0.9, 0.1), (nan, 0.1), 0.1, (0.1,),
        )],
        *[(lambda v=v: lines(v, {"a": [1, 2]}), "x of shape", allowed) for v, allowed in (
            ([[1], [2]], "(n,)"), ([nan, 2], "finite"), (3, "(n,)"),
        )],
        *[(lambda v=v: lines([1, 2], v), came, "") for v, came in (
            ({}, "curves={}"), ([1, 2], "curves=[1, 2]"), ({"a": [1]}, "(1,)"), ({"a": ["x", "y"]}, "['x', 'y']"),
            ({"a": [[1], [2]]}, "(2, 1)"),
        )],
        (lambda: lines([1, 2], {"a": [1, 2]}, bands={"a": ([1], [2])}), "bands['a'] of shape (2, 1)", "(low, high)"),
        (lambda: table([["a"]], "x"), "header='x'", "a sequence"),
        (lambda: table({"a": 1}, ["x"]), "rows={'a'", "a seq"),
        (lambda: table(["ab"], ["x", "y"]), "rows[0]='ab'", "a sequence"), (lambda: pixels(DARK), "NaN", "finite"),
        (lambda: plotted([FILM[0]], captions="a"), "captions='a'", "a sequence"),
        (lambda: plotted([]), "0 pic", "one or"),
        (lambda: in_fog(FILM[0], DARK[0]), "NaN", "finite"),
        (lambda: in_fog(FILM[0], -x(3, 3) ** 2), "with -", "0 or more"),
        (lambda: regions(FILM[0], 0), "rows=0", "from 1"),
        (lambda: regions(FILM[0], marked=[99]), "99", "(row, column)"),
        (lambda: regions(FILM[0], marked=[(8, 0)]), "(8, 0)", "8 × 8"),
        (lambda: regions(FILM[0], 2, 2.5), "=2.5", "whole"),
        (lambda: image.resize(FILM[0], 8), "size=8", "(height, width)"),
        (lambda: image.resize(FILM[0], (-1, 3)), "height=-1", "whole number from 1"),
        (lambda: image.resize(FILM[0], (8, 2.5)), "width=2.5", "whole number from 1"),
        (lambda: image.extract_features(None, SPLIT, batch_size=2.5), "batch_size=2.5", "whole number from 1"),
        (lambda: image.extract_features(None, SPLIT, dtype="int8"), "dtype='int8'", "float16, float32"),
        (lambda: product_search.GatedComposer(2)(x(4, 3)), "one input, (4, 3)", "'image' and 'text'"),
        (lambda: COMPOSER({"image": x(4, 3)}), "['image']", "'image' and 'text'"),
        (lambda: ENCODERS.encode("c", x(4, 3)), "name='c'", "a, b"),
        (lambda: text.load_vectors("none.txt", ["red"]), "vocabulary, a list", "a Vocabulary"),
        (lambda: text.load_vectors("none.txt", seed=nan), "seed=nan", "whole number from 0"),
        (lambda: text.load_vectors("none.txt", dimension=2.5), "dimension=2.5", "whole number from 1"),
        (lambda: text.load_vectors("none.txt", most=0), "most=0", "whole number from 1"),
        (lambda: first(batches.ItemBatches)(collection=[FLOATS]), "of item 'a', of float64", "uint8, 0 to 255"),
        (lambda: first(batches.ItemBatches)(collection=ITEMS, labels=["a"] * 4), "labels ['a'", "classes by number"),
    ],
)  # fmt: skip
def test_it_is_refused_as_well(call, came, allowed, record_property):
    with pytest.raises(ValueError, match="Received") as caught:
        call()
    assert came in str(caught.value) and allowed in str(caught.value), str(caught.value)
    record_property("bad inputs refused", 1)


def test_inside_a_graph_the_additive_form_of_a_mask_shows_as_nan():
    """Nobody can look at values there; it is not to be taken for its opposite. Bools, 0 and 1 give what they gave."""
    model = levels.FeatureLevel(LEVEL["encoders"], fusion.MeanFusion(4), 2)
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    keep = PART["present"]["b"]
    right = model.predict(PART, verbose=0)
    np.testing.assert_allclose(model.predict(PART | {"present": {"b": keep.astype("float32")}}, verbose=0), right)
    additive = np.where(keep, 0, -np.inf).astype("float32")
    assert np.isnan(model.predict(PART | {"present": {"b": additive}}, verbose=0)).any()
    dropping = missing.Prepared([missing.ModalityDropout(0.0)], model)
    dropping.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    np.testing.assert_allclose(dropping.predict(PART, verbose=0), right, rtol=1e-5)
    assert np.isnan(dropping.predict(PART | {"present": {"b": additive}}, verbose=0)).any()
    inputs = {"x": keras.Input((3, 8), name="x"), "mask": keras.Input((3,), dtype="float32", name="mask")}
    attend = keras.Model(
        inputs, attention.MultiHeadAttention(8, 2, seed=0)(inputs["x"], inputs["x"], mask=inputs["mask"])
    )
    some = np.float32([[1, 1, 0]])
    assert np.isfinite(attend.predict({"x": x(1, 3, 8), "mask": some}, verbose=0)).all()
    assert np.isnan(attend.predict({"x": x(1, 3, 8), "mask": np.float32([[0, 0, -np.inf]])}, verbose=0)).all()


def test_what_is_right_passes():
    for function, right, _ in ROWS:
        if right and "Collection" not in repr(function):
            function(**right)


def test_many_are_tried():
    assert len(CASES) > 1000


def test_numbers_and_texts_that_are_right():
    checks.check_numbers(a=([[1, 2]], "n d"), b=(keras.ops.ones((1, 2)), "n d"), c=(np.ones((1, 3), bool), "n …"))
    checks.check_integers(a=([0, 1], "n"), b=(np.ones(2, "uint8"), "n"))
    checks.check_integers(-1, a=(np.array([-1]), "n"))
    checks.check_texts("many", a=["b"], c=np.array(["d"]), e=(), f=(word for word in "gh"))
    checks.check_number("any", a=keras.ops.ones(()))
