"""Recorded experiment of the page `contrastive`: how many negatives, and negatives that are none."""

import time

import numpy as np

from mmcourse.contrastive import DualEncoder, InfoNCE
from mmcourse.experiments.results import figure, hash_captions, write_results
from mmcourse.image import load_backbone
from mmcourse.quiet import keras
from mmcourse.scenes import COLOURS, SHAPES, VERSION, Scenes
from mmcourse.text import bag_of_words

SETTINGS = {
    "scenes": 2000, "test_scenes": 1000, "things": [1, 2], "captions": 5, "hidden": 128, "d": 64, "rate": 3e-3,
    "steps": 300, "batches": [4, 16, 64, 256, 1024], "seeds": [0, 1, 2, 3, 4],
}  # fmt: skip


def towers(pictures, words, hidden=128, d=64):
    """Two small encoders, vectors (b, pictures) and counts (b, words) -> (b, d) each."""
    return {
        name: keras.Sequential(
            [keras.Input((size,)), keras.layers.Dense(hidden, activation="relu"), keras.layers.Dense(d)]
        )
        for name, size in (("image", pictures), ("text", words))
    }


def contents(scenes):
    """What each scene holds, whatever its places: (n,) str, such as "large red star, small blue square"."""
    return np.array(
        [", ".join(sorted(f"{t.size} {t.colour} {t.shape}" for t in scene.things)) for scene in scenes.truths()]
    )


def found_first(captions, pictures, kinds):
    """Whether the picture nearest to each caption shows what it tells of: (n, d), (n, d), (n,) -> bool (n,). Ties with
    a wrong picture count as wrong."""
    similar, right = captions @ pictures.T, kinds[:, None] == kinds
    best, wrong = (np.where(keep, similar, -np.inf).max(1) for keep in (right, ~right))
    return best > wrong + 1e-6


def scenes(quick=False, results=None):
    """Recall and zero-shot accuracy against the size of the batch, with each pair's own partner as the only positive
    and with all of equal contents. Every size takes as many steps. Figures are means over the seeds, intervals the
    range of the seeds. Returns the record's path."""
    start = time.perf_counter()
    settings = SETTINGS | (
        {"scenes": 40, "test_scenes": 20, "steps": 2, "batches": [4, 16], "seeds": [0]} if quick else {}
    )
    few = tuple(settings["things"])
    data = {
        "train": Scenes("train", n=settings["scenes"], things=few),
        "test": Scenes("test", n=settings["test_scenes"], things=few),
        "unseen": Scenes("unseen_pairs", n=settings["test_scenes"], things=1),
    }
    encoder = load_backbone("scene_vgg", output="vector")
    vectors = {s: encoder.predict(x.images(), verbose=0) for s, x in data.items()}
    mean, deviation = vectors["train"].mean(0), vectors["train"].std(0) + 1e-6
    vectors = {s: (x - mean) / deviation for s, x in vectors.items()}
    told = {s: [caption for five in x.captions() for caption in five] for s, x in data.items()}
    counter = bag_of_words(binary=True).fit(told["train"])

    def words(captions):
        return counter.transform(captions).toarray()

    each = np.repeat(np.arange(settings["scenes"]), settings["captions"])
    pairs = {"image": vectors["train"][each], "text": words(told["train"])}
    kinds = {s: contents(data[s]) for s in ("train", "test")}
    maps = {
        "own partner": each,
        "equal contents": np.unique(kinds["train"], return_inverse=True)[1][each],
    }
    classes = [f"{colour} {shape}" for colour in COLOURS for shape in SHAPES]
    truth = [classes.index(f"{s.things[0].colour} {s.things[0].shape}") for s in data["unseen"].truths()]
    runs = {name: {} for name in maps}
    for name, identity in maps.items():
        for batch in settings["batches"]:
            for seed in settings["seeds"]:
                keras.utils.set_random_seed(seed)
                model = DualEncoder(towers(128, pairs["text"].shape[1], settings["hidden"], settings["d"]), InfoNCE())
                model.compile(keras.optimizers.Adam(settings["rate"]))
                rng, steps = np.random.default_rng(seed), settings["steps"]
                order = np.concatenate([rng.permutation(len(each)) for _ in range(-(-steps * batch // len(each)))])
                order = order[: steps * batch]
                drawn = {side: x[order] for side, x in pairs.items()}
                model.fit(drawn, identity[order], batch_size=batch, shuffle=False, verbose=0)
                pictures, captions, unseen, prompts = (
                    np.asarray(model.encode(side, x))
                    for side, x in (
                        ("image", vectors["test"]), ("text", words(told["test"][:: settings["captions"]])),
                        ("image", vectors["unseen"]), ("text", words([f"a {one}" for one in classes])),
                    )
                )  # fmt: skip
                scores = {
                    "found first": found_first(captions, pictures, kinds["test"]).mean(),
                    "unseen pairs named": np.mean((unseen @ prompts.T).argmax(1) == truth),
                }
                print(name, batch, seed, {k: round(float(v), 3) for k, v in scores.items()}, flush=True)
                for score, value in scores.items():
                    runs[name].setdefault(score, {}).setdefault(str(batch), []).append(float(value))
    figures = {
        name: {
            score: {batch: figure(np.mean(v), (min(v), max(v))) for batch, v in by.items()}
            for score, by in scores.items()
        }
        for name, scores in runs.items()
    }
    return write_results(
        "contrastive", "scenes", figures,
        command="python -m mmcourse.experiments contrastive-scenes" + " --quick" * quick,
        seeds=settings["seeds"], data_hash=hash_captions(*(x[:200] for x in data.values())),
        minutes=(time.perf_counter() - start) / 60, settings=settings | {"scenes_version": VERSION},
        runs=runs, folder=results, name="contrastive-scenes-quick" if quick else None,
    )  # fmt: skip
