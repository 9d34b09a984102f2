"""Recorded experiment of the page `contrastive`: five losses, how many negatives, and negatives that are none."""

import time

import numpy as np

from mmcourse.backend import keras
from mmcourse.contrastive import DualEncoder, InfoNCE, Triplet, cosine_similarity, info_nce, margin_loss
from mmcourse.experiments.results import hash_captions, over_seeds, write_results
from mmcourse.image import load_backbone
from mmcourse.scenes import COLOURS, SHAPES, VERSION, Scenes
from mmcourse.text import bag_of_words

SETTINGS = {
    "scenes": 2000, "test_scenes": 1000, "things": [1, 2], "captions": 5, "hidden": 128, "d": 64, "rate": 3e-3,
    "steps": 300, "batches": [4, 16, 64, 256, 1024], "equal_pairs": {"batches": [16, 64, 256, 1024], "pairs": 76800},
    "seeds": [0, 1, 2, 3, 4],
    "losses": {"captions": 2, "rate": 0.01, "batch": 250, "epochs": 6},
}  # fmt: skip

ops = keras.ops


class Pull(keras.layers.Layer):
    """The loss that collapses: the mean squared distance of true pairs, and nothing else."""

    def call(self, a, b, positives=None):
        return ops.mean(ops.sum(ops.square(a - b), axis=-1))


class Siamese(keras.layers.Layer):
    """``margin_loss`` of each pair, and of each first one with the second of the row before."""

    def call(self, a, b, positives=None):
        n = ops.ones_like(a[:, 0])
        return margin_loss(a, b, n) + margin_loss(a, ops.roll(b, 1, axis=0), 0 * n)


class Masked(InfoNCE):
    """`InfoNCE` with the pair itself as the only positive; its other positives are no negatives, either."""

    def call(self, a, b, positives=None):
        logits = cosine_similarity(a, b) * ops.exp(self.log_scale)
        own = ops.eye(ops.shape(logits)[0], dtype="bool")
        return info_nce(ops.where(ops.logical_and(positives, ops.logical_not(own)), -1e9, logits))


LOSSES = {
    "pull alone": Pull,
    "Siamese margin": Siamese,
    "triplets, hardest at once": lambda: Triplet(margin=0.2, warm_up=0),
    "triplets, warmed up": lambda: Triplet(margin=0.2, warm_up=50),
    "InfoNCE": InfoNCE,
}


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


def fitted(pairs, identity, loss, seed, settings, rate, batch, epochs):
    """A `DualEncoder` trained on pairs {name: (n, ...)}, and the losses of its epochs."""
    keras.utils.set_random_seed(seed)
    model = DualEncoder(towers(*(x.shape[1] for x in pairs.values()), settings["hidden"], settings["d"]), loss)
    model.compile(keras.optimizers.Adam(rate))
    history = model.fit(pairs, identity, batch_size=batch, epochs=epochs, shuffle=epochs > 1, verbose=0)
    return model, history.history["loss"]


def scenes(quick=False, results=None):
    """What five losses come to, and recall and zero-shot accuracy against the size of the batch: at as many steps for
    every size, with each pair's own partner as the only positive, with all of equal contents, and with those masked
    out, neither positive nor negative; and, as "equal pairs", with own partners after as many *pairs* for every size.
    Figures are means over the seeds, intervals the range of the seeds. Returns the record's path."""
    start = time.perf_counter()
    few_of_all = {
        "scenes": 40, "test_scenes": 20, "steps": 2, "batches": [4, 16],
        "equal_pairs": {"batches": [4, 16], "pairs": 32}, "seeds": [0],
    }  # fmt: skip
    settings = SETTINGS | (few_of_all if quick else {})
    few, steps = tuple(settings["things"]), settings["steps"]
    data = {
        "train": Scenes("train", n=settings["scenes"], things=few),
        "test": Scenes("test", n=settings["test_scenes"], things=few),
        "unseen": Scenes("unseen_pairs", n=settings["test_scenes"], things=1),
    }
    encoder = load_backbone("scene_vgg", output="vector")
    vectors = {s: encoder.predict(x.images(), verbose=0) for s, x in data.items()}
    mean, deviation = vectors["train"].mean(0), vectors["train"].std(0) + 1e-6
    vectors = {s: (x - mean) / deviation for s, x in vectors.items()}
    captions = {s: x.captions() for s, x in data.items()}
    counter = bag_of_words(binary=True).fit([one for five in captions["train"] for one in five])

    def words(told):
        return counter.transform(told).toarray()

    def paired(n):
        """Pairs of each picture with its first n captions, and the place of each pair's scene."""
        each = np.repeat(np.arange(settings["scenes"]), n)
        told = [caption for five in captions["train"] for caption in five[:n]]
        return {"image": vectors["train"][each], "text": words(told)}, each

    kinds = {s: contents(data[s]) for s in ("train", "test")}
    queries = {"image": vectors["test"], "text": words([five[0] for five in captions["test"]])}
    classes = [f"{colour} {shape}" for colour in COLOURS for shape in SHAPES]
    truth = [classes.index(f"{s.things[0].colour} {s.things[0].shape}") for s in data["unseen"].truths()]
    runs = {}

    def keep(name, setting, model, **more):
        a, b = (np.asarray(model.encode(side, x)) for side, x in queries.items())
        prompts = np.asarray(model.encode("text", words([f"a {one}" for one in classes])))
        unseen = np.asarray(model.encode("image", vectors["unseen"]))
        scores = more | {
            "found first": found_first(b, a, kinds["test"]).mean(),
            "unseen pairs named": np.mean((unseen @ prompts.T).argmax(1) == truth),
            "spread": np.vstack([a, b]).var(axis=0).sum(),
        }
        print(name, setting, {score: round(float(value), 3) for score, value in scores.items()}, flush=True)
        for score, value in scores.items():
            runs.setdefault(name, {}).setdefault(score, {}).setdefault(str(setting), []).append(float(value))

    plan = settings["losses"]
    pairs, _ = paired(plan["captions"])
    for name, loss in LOSSES.items():
        for seed in settings["seeds"]:
            model, losses = fitted(pairs, None, loss(), seed, settings, plan["rate"], plan["batch"], plan["epochs"])
            keep("losses", name, model, loss=losses[-1])
    pairs, each = paired(settings["captions"])

    def batches(name, batch, steps, identity=None, loss=InfoNCE):
        """Trained with this many steps of this size, once for each seed, which also orders the pairs."""
        for seed in settings["seeds"]:
            rng = np.random.default_rng(seed)
            order = np.concatenate([rng.permutation(len(each)) for _ in range(-(-steps * batch // len(each)))])
            order = order[: steps * batch]
            drawn = {side: x[order] for side, x in pairs.items()}
            shown = None if identity is None else identity[order]
            keep(name, batch, fitted(drawn, shown, loss(), seed, settings, settings["rate"], batch, 1)[0])

    shows = np.unique(kinds["train"], return_inverse=True)[1][each]
    maps = {"own partner": (None, InfoNCE), "equal contents": (shows, InfoNCE), "masked out": (shows, Masked)}
    for name, (identity, loss) in maps.items():
        for batch in settings["batches"]:
            batches(name, batch, steps, identity, loss)
    equal = settings["equal_pairs"]
    for batch in equal["batches"]:
        batches("equal pairs", batch, equal["pairs"] // batch)
    figures = {
        name: {score: {setting: over_seeds(v) for setting, v in by.items()} for score, by in scores.items()}
        for name, scores in runs.items()
    }
    return write_results(
        "contrastive", "scenes", figures,
        command="python -m mmcourse.experiments contrastive-scenes",
        seeds=settings["seeds"], data_hash=hash_captions(*(x[:200] for x in data.values())),
        minutes=(time.perf_counter() - start) / 60, settings=settings | {"scenes_version": VERSION},
        quick=quick, folder=results,
    )  # fmt: skip
