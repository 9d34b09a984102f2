"""The recorded experiment on Flickr8k: a photograph finds its captions, a caption its photograph.

Everything is chosen on dev: by the sum of six recalls, R@1, R@5 and R@10 of both directions. Test is scored once, at
the end. The photographs' features come from MobileNetV2 trained on ImageNet, frozen; nothing else is pretrained.
"""

import hashlib
import itertools
import json
import time

import numpy as np
from sklearn.decomposition import PCA

from mmcourse._machinery.order import Batches
from mmcourse.backend import keras
from mmcourse.contrastive import DualEncoder, InfoNCE
from mmcourse.corpora.flickr import REFERENCES, Flickr8k
from mmcourse.experiments.captioning import photograph_backbone
from mmcourse.experiments.results import figure, hash_captions, mean_figure, work_folder, write_results
from mmcourse.experiments.retrieval import vectors as encoded
from mmcourse.experiments.training import train
from mmcourse.image import extract_features, load_backbone
from mmcourse.metrics import chance_recall_at_k, median_rank, ranks
from mmcourse.retrieval import ImageTower, TextTower
from mmcourse.retrieval.correlation import CanonicalCorrelation, without_hubs
from mmcourse.text import Vocabulary, tf_idf

SEED = 0
RECALLS = (1, 5, 10)
SETTINGS = {
    "layers": ["block_6_expand_relu", "block_13_expand_relu", "out_relu"],  # each pooled: its mean and its maximum
    "components": 1500,
    "min_captions": 5,  # a run of words is used if so many train captions hold it
    "longest": (1, 2),
    "ridge_text": (1e-4, 2e-4, 4e-4),
    "ridge_image": (5e-4, 1e-3, 2e-3),
    "units": (100, 150, 200),
    "sharpness": (5, 8, 10, 12, 15, 20),
    "bank": 6000,
    "network_share": (0.0, 0.1, 0.2, 0.4),
    "network": {
        "epochs": 4, "batch_size": 256, "learning_rate": 2e-3, "units": 512, "embedding": 300, "state": 256,
        "dropout": 0.2, "length": 22, "dtype": "mixed_bfloat16", "whitening": 0.03,
    },
}  # fmt: skip


class PairBatches(Batches):
    """Photographs with one of their captions, and which photograph it is; an epoch goes through all captions, and no
    batch holds a photograph twice (but where two rounds meet)."""

    def __init__(self, images, tokens, batch_size, seed=0, **kwargs):
        self.images, self.tokens = images, tokens
        super().__init__(tokens.shape[0] * tokens.shape[1], batch_size, True, seed, **kwargs)

    def _begin(self):
        super()._begin()
        random, (n, k) = np.random.default_rng((self.seed, self.epoch, 1)), self.tokens.shape[:2]
        captions = np.argsort(random.random((n, k)), axis=1)
        rounds = [(order := random.permutation(n), captions[order, i]) for i in range(k)]
        self._now = np.concatenate([np.stack(pair, axis=1) for pair in rounds])  # (n k, 2)

    def __getitem__(self, index):
        super()._rows(index)
        photograph, caption = self._now[index * self.batch_size : (index + 1) * self.batch_size].T
        return {"image": self.images[photograph], "text": self.tokens[photograph, caption]}, photograph.astype("int32")


def pooled(backbone, names):
    """A model from pixels to the means and maxima of layers' maps, side by side: (b, h, w, 3) -> (b, 2 Σ c)."""
    maps = [backbone.get_layer(name).output for name in names]
    parts = [pool()(x) for x in maps for pool in (keras.layers.GlobalAveragePooling2D, keras.layers.GlobalMaxPooling2D)]
    return keras.Model(backbone.input, keras.layers.Concatenate()(parts), name=backbone.name)


def photograph_vectors(data, splits, settings, work, quick):
    """{split: (n, components) float32}: roots of the pooled maps of each photograph and its mirrored copy, their mean,
    standardised and turned by a PCA that train alone has fitted; and the PCA's variances."""
    backbone = load_backbone("mobilenet_v2", None) if quick else photograph_backbone(data)
    model, size = pooled(backbone, settings["layers"]), 3 if quick else 64
    roots = {}
    for split, collection in splits.items():
        plain, mirrored = (
            extract_features(model, collection, work / f"{split}-{flip}.npy", size, flip=flip, rebuild=True)
            for flip in (False, True)
        )
        roots[split] = (np.sqrt(plain.astype("float32")) + np.sqrt(mirrored.astype("float32"))) / 2
    mean, spread = roots["train"].mean(0), roots["train"].std(0) + 1e-2
    # Each group has the same say, whatever its width: the means of the last map, its maxima, and the inner maps.
    last = backbone.get_layer(settings["layers"][-1]).output.shape[-1]
    inner = len(mean) - 2 * last
    width = np.concatenate([np.full(inner, inner), np.full(2 * last, last)]) ** 0.5
    scaled = {split: ((x - mean) / spread / width).astype("float32") for split, x in roots.items()}
    components = min(settings["components"], *scaled["train"].shape)
    pca = PCA(components, svd_solver="randomized", random_state=SEED).fit(scaled["train"])
    return {split: pca.transform(x).astype("float32") for split, x in scaled.items()}, pca.explained_variance_


def _right(owner, n):
    return owner[:, None] == np.arange(n)  # bool (captions, photographs)


def found_ranks(similarity, owner):
    """Ranks in both directions: similarity (photographs, captions) and each caption's photograph, int (captions,)."""
    right = _right(owner, len(similarity))
    return {
        "image to text": ranks(similarity, right.T, tolerance=1e-6),
        "text to image": ranks(similarity.T, right, tolerance=1e-6),
    }


def on_dev(similarity, owner):
    """{direction: {"R@1": ..., ...}} and their sum, in percent, by which everything is chosen."""
    found = {d: {f"R@{k}": float(np.mean(r <= k)) for k in RECALLS} for d, r in found_ranks(similarity, owner).items()}
    return found, 100 * sum(value for row in found.values() for value in row.values())


def on_test(similarity, owner):
    """Scores with bootstrap intervals over photographs, the captions of one drawn together."""
    out = {}
    for direction, found in found_ranks(similarity, owner).items():
        groups = owner if direction == "text to image" else None
        out[direction] = {f"R@{k}": mean_figure(found <= k, groups) for k in RECALLS}
        out[direction] |= {"MRR": mean_figure(1 / found, groups), "median rank": figure(median_rank(found))}
    return out


def correlated(vectors, captions, owners, settings, language):
    """The best linear pair of encoders on dev -> ({split: (image vectors, text vectors)}, chosen, all that was
    tried)."""
    tried, best, kept = [], -1.0, None
    image = settings["ridge_image"][len(settings["ridge_image"]) // 2]
    for longest in settings["longest"]:
        weigh = tf_idf(tokenizer=language, longest=longest)
        weigh.set_params(min_df=settings["min_captions"], binary=True).fit(captions["train"])
        texts = {split: weigh.transform(some) for split, some in captions.items()}
        steps = [(image, text) for text in settings["ridge_text"]]
        while steps:
            ridge = steps.pop(0)
            units = min(max(settings["units"]), vectors["train"].shape[1], texts["train"].shape[1])
            model = CanonicalCorrelation(units, {"image": ridge[0], "text": ridge[1]}, SEED)
            model.fit({"image": vectors["train"], "text": texts["train"]}, owners["train"])
            for d in sorted({min(d, units) for d in settings["units"]}):
                scores, total = on_dev(
                    model.encode("image", vectors["dev"], d) @ model.encode("text", texts["dev"], d).T, owners["dev"]
                )
                asked = {"longest": longest, "ridge_image": ridge[0], "ridge_text": ridge[1], "units": d}
                tried.append(asked | {"sum": round(total, 2)} | scores)
                print(f"{asked}: {total:.1f} on dev", flush=True)
                if total > best:
                    best, chosen = total, asked | {"features_text": texts["train"].shape[1]}
                    kept = {
                        s: (model.encode("image", vectors[s.split(",")[0]], d), model.encode("text", texts[s], d))
                        for s in texts
                    }
            if not steps and ridge[0] == image and longest == settings["longest"][-1]:  # then the other ridge
                steps = [(other, chosen["ridge_text"]) for other in settings["ridge_image"] if other != image]
                image = None
    return kept, chosen, tried


def networked(vectors, variance, captions, owners, settings, language, work):
    """A dual encoder of the same features and a recurrent text tower -> ({split: (image, text vectors)}, history,
    number of weights)."""
    own = settings["network"]
    scale = 1 / np.sqrt(variance + own["whitening"] * variance[0])
    scale = (scale / np.sqrt(np.mean((vectors["train"] * scale) ** 2))).astype("float32")
    images = {split: x * scale for split, x in vectors.items()}
    vocabulary = Vocabulary.build(captions["train"], language, settings["min_captions"])
    tokens = {split: vocabulary.encode(some, own["length"]) for split, some in captions.items()}
    count = np.bincount(owners["train"])
    places = (np.cumsum(count) - count)[:, None] + np.arange(count.max()) % count[:, None]  # (photographs, captions)
    grouped = tokens["train"][places]
    keras.utils.set_random_seed(SEED)
    common = {"dropout": own["dropout"], "seed": SEED, "dtype": own["dtype"]}
    text = TextTower(
        len(vocabulary), own["units"], "gru", own["embedding"], own["state"], "max", bidirectional=True, **common
    )
    model = DualEncoder({"image": ImageTower(own["units"], **common), "text": text}, InfoNCE())
    batches = PairBatches(images["train"], grouped, own["batch_size"], SEED)
    steps = own["epochs"] * len(batches)
    warm = max(min(100, steps // 10), 1)
    schedule = keras.optimizers.schedules.CosineDecay(
        own["learning_rate"] / 10, max(steps - warm, 1), 0.02, warmup_target=own["learning_rate"], warmup_steps=warm
    )
    model.compile(keras.optimizers.Adam(schedule, global_clipnorm=2.0))
    model.build({"image": (None, images["train"].shape[1]), "text": (None, own["length"])})

    def vectors_of(split):
        return encoded(model, "image", images[split.split(",")[0]]), encoded(model, "text", tokens[split])

    def score():
        a, b = vectors_of("dev")
        return {"score": on_dev(a @ b.T, owners["dev"])[1]}

    mark = json.dumps(
        [own, language, len(vocabulary), images["train"].shape, hashlib.sha256(grouped.tobytes()).hexdigest()]
    )
    folder = work / f"network-{hashlib.sha256(mark.encode()).hexdigest()[:12]}"
    judged_by = own, images["dev"], tokens["dev"], owners["dev"]
    history = train(model, batches, own["epochs"], folder, score, verbose=2, judged_by=judged_by)
    return {split: vectors_of(split) for split in tokens}, history, model.count_params()


def flickr8k(data=None, language="en", quick=False, results=None, work=None):
    """Search among the photographs and captions of Flickr8k; returns the path of the record.

    Three ways: canonical correlation of pooled features with runs of words, a dual encoder with a recurrent text tower,
    and both together; each with and without hubs. With Chinese captions test is scored against both sets of references,
    those translated and those written by people who saw the photograph.
    """
    start = time.perf_counter()
    work = work_folder("retrieval-flickr8k", quick, work)
    settings = SETTINGS
    if quick:
        settings = settings | {"units": (4,), "min_captions": 1, "ridge_text": (1e-2,), "ridge_image": (1e-2,)}
        small = {"epochs": 1, "batch_size": 8, "units": 8, "embedding": 8, "state": 4}
        settings["network"] = settings["network"] | small
    pictures = {split: Flickr8k(data, split, language) for split in ("train", "dev", "test")}
    pictures = {split: collection[:8] if quick else collection for split, collection in pictures.items()}
    sets = dict(pictures)
    if language == "zh":
        del sets["test"]
        more = {f"test, {which}": Flickr8k(data, "test", language, which) for which in REFERENCES}
        sets |= {which: collection[:8] if quick else collection for which, collection in more.items()}
    captions = {split: [c for item in collection for c in item.captions] for split, collection in sets.items()}
    owners = {
        split: np.repeat(np.arange(len(collection)), [len(item.captions) for item in collection])
        for split, collection in sets.items()
    }
    tests = [split for split in sets if split.startswith("test")]
    vectors, variance = photograph_vectors(data, pictures, settings, work, quick)
    found, chosen, tried = {}, {}, {}
    found["correlation"], chosen["correlation"], tried["correlation"] = correlated(
        vectors, captions, owners, settings, language
    )
    found["network"], history, weights = networked(vectors, variance, captions, owners, settings, language, work)
    chosen["network"] = {"best_epoch": history["best"] + 1, "weights": weights, "history": history["epochs"]}

    bank = np.random.default_rng(SEED).permutation(len(captions["train"]))[: settings["bank"]]
    tables = {split: {} for split in ("dev", *tests)}
    for model, sides in found.items():

        def corrected(split, sharpness, sides=sides):
            return without_hubs(*sides[split], sides["train"][0], sides["train"][1][bank], sharpness)

        by = {b: on_dev(corrected("dev", b), owners["dev"])[1] for b in settings["sharpness"]}
        sharpness = max(by, key=by.get)
        tried[f"{model}, without hubs"] = [{"sharpness": b, "sum": round(total, 2)} for b, total in by.items()]
        chosen[f"{model}, without hubs"] = {"sharpness": sharpness}
        for split, own in tables.items():
            own[model] = sides[split][0] @ sides[split][1].T
            own[f"{model}, without hubs"] = corrected(split, sharpness)
    unit = {model: table.std() for model, table in tables["dev"].items()}

    def together(split, share):
        first, second = (tables[split][f"{m}, without hubs"] / unit[f"{m}, without hubs"] for m in found)
        return (1 - share) * first + share * second

    by = {share: on_dev(together("dev", share), owners["dev"])[1] for share in settings["network_share"]}
    share = max(by, key=by.get)
    tried["together"] = [{"network_share": s, "sum": round(total, 2)} for s, total in by.items()]
    chosen["together"] = {"network_share": share}
    for split, own in tables.items():
        own["together"] = together(split, share)

    figures = {
        "dev": {
            model: {d: {k: figure(v) for k, v in row.items()} for d, row in on_dev(table, owners["dev"])[0].items()}
            for model, table in tables["dev"].items()
        }
    }
    for split in tests:
        figures[split] = {model: on_test(table, owners[split]) for model, table in tables[split].items()}
        right = _right(owners[split], len(pictures["test"]))
        figures[split]["chance"] = {
            direction: {f"R@{k}": figure(chance_recall_at_k(map_, min(k, map_.shape[1]))) for k in RECALLS}
            for direction, map_ in (("image to text", right.T), ("text to image", right))
        }
        other = np.random.default_rng(SEED).permutation(len(pictures["test"]))
        figures[split]["photographs shuffled"] = on_test(tables[split]["together"][other], owners[split])
    for split, model in itertools.product(("dev", *tests), tables["dev"]):
        row = figures[split][model]
        told = " | ".join("/".join(f"{100 * row[d][f'R@{k}']['value']:.1f}" for k in RECALLS) for d in row)
        print(f"{split:18} {model:28} {told}", flush=True)
    path = write_results(
        "retrieval", "flickr8k", figures, name="retrieval-flickr8k" + "-zh" * (language == "zh"),
        command="python -m mmcourse.experiments retrieval-flickr8k --data DIR" + " --language zh" * (language == "zh"),
        seeds=[SEED], data_hash=hash_captions(*sets.values()),
        minutes=(time.perf_counter() - start + history["earlier"]) / 60,
        settings=settings | {
            "backbone": "mobilenet_v2, ImageNet, frozen", "language": language, "chosen": chosen,
            "chosen_by": "dev: the sum of R@1, R@5 and R@10 of both directions, in percent",
            "images": {split: len(c) for split, c in pictures.items()},
            "captions": {split: len(c) for split, c in captions.items()},
        },
        quick=quick, folder=results, tried=tried,
    )  # fmt: skip
    print(f"Written: {path}")
    return path
