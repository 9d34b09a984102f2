"""The recorded experiments on image features: transfer on Scene World, and neighbours among real photographs."""

import time

import numpy as np
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mmcourse._machinery.repeated import Repeated
from mmcourse._machinery.seeds import independent
from mmcourse.backend import keras
from mmcourse.corpora.flickr import Flickr8k
from mmcourse.experiments.captioning import photograph_backbone
from mmcourse.experiments.fusion import gain
from mmcourse.experiments.results import hash_captions, mean_figure, over_seeds, work_folder, write_results
from mmcourse.image import extract_features, load_backbone
from mmcourse.scenes import SHAPES, VERSION, Scenes
from mmcourse.text import tokenize

SCENES = {
    "labels": (50, 200, 800),
    "seeds": tuple(range(1, 11)),  # of the scenes, labelled and of the test, and of first weights; the encoder saw 0
    "scenes": 1750,  # of two things; in about half of them one is small and one large
    "test_scenes": 1000,
    "batch_size": 32,
    "C": (0.1, 1, 10),  # of a probe; chosen by cross-validation on the labelled scenes
    # Steps between two looks at the test, how many looks, and the first rate of a cosine. Rates were chosen on dev.
    "from scratch": {"every": 500, "looks": 3, "rate": 3e-3},
    "fine-tuned": {"every": 100, "looks": 3, "rate": 1e-3},
}


def small_thing(collection):
    """The task: which shape has the *small* thing, where just one thing is small -> (places, labels), int64.

    The question is near to the encoder's training, which asked what each region shows, and which kinds of things
    (shape, colour and size together) some region of the picture shows.
    """
    found = []
    for place, scene in enumerate(collection.truths()):
        small = scene.find(size="small")
        if len(small) == 1 and len(scene) > 1:
            found.append((place, SHAPES.index(small[0].shape)))
    return tuple(np.array(found).T)


def thumbnails(images, side=16):
    """Images (n, s, s, 3) -> the mean colours of ``side`` x ``side`` squares, as rows float64 (n, side * side * 3)."""
    n, s = images.shape[:2]
    k = s // side
    return images.reshape(n, side, k, side, k, 3).mean((2, 4)).reshape(n, -1)


def probe(features, labels, prices):
    """A linear classifier on standardised features (n, d), fitted; its C is chosen among ``prices`` by
    cross-validation."""
    linear = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    return GridSearchCV(linear, {"logisticregression__C": list(prices)}, cv=5).fit(features, labels).best_estimator_


def small_network(classes, seed, size=64):
    """A small convolutional classifier for training from scratch: {"images": pixels (b, size, size, 3)} -> logits
    (b, classes)."""
    layers = keras.layers
    inputs = keras.Input((size, size, 3), name="images")
    x = layers.Rescaling(1 / 127.5, -1)(inputs)
    *seeds, last = independent(seed, 4, "small_network")
    for filters, own in zip((16, 32, 64), seeds, strict=True):
        start = keras.initializers.HeNormal(own)
        x = layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu", kernel_initializer=start)(x)
    x = layers.GlobalMaxPooling2D()(x)
    logits = layers.Dense(classes, kernel_initializer=keras.initializers.GlorotUniform(last))(x)
    return keras.Model({"images": inputs}, logits)


def last_layers(encoder):
    """The encoder's last two convolutions, to be trained further, the maximum over places, and a linear head:
    {"maps": the pooled maps of its third block (b, 8, 8, 128)} -> logits (b, shapes)."""
    inputs = x = keras.Input(encoder.get_layer("block3_pool").output.shape[1:], name="maps")
    for name in ("block4_conv1", "block4_conv2"):
        old = encoder.get_layer(name)
        new = keras.layers.Conv2D.from_config(old.get_config() | {"trainable": True})
        x = new(x)
        new.set_weights(old.get_weights())
    logits = keras.layers.Dense(len(SHAPES), name="head")(keras.layers.GlobalMaxPooling2D()(x))
    return keras.Model({"maps": inputs}, logits)


def last_layer():
    """The linear head alone: {"vectors": (b, 128)} -> logits (b, shapes)."""
    inputs = keras.Input((128,), name="vectors")
    return keras.Model({"vectors": inputs}, keras.layers.Dense(len(SHAPES), name="head")(inputs))


def start_as(reader, head):
    """Give a dense layer the weights of a probe, its scaling included."""
    scale, linear = reader[0], reader[-1]
    kernel = linear.coef_.T / scale.scale_[:, None]
    head.set_weights([kernel, linear.intercept_ - scale.mean_ @ kernel])


def seen_by(encoder, random, settings, seed):
    """Scenes of a seed and what frozen networks see of them -> {split: batch, labels}, and the collections."""
    inside = keras.Model(encoder.input, [encoder.get_layer("block3_pool").output, encoder.output])
    sizes, parts = {"train": settings["scenes"], "test": settings["test_scenes"]}, {}
    collections = {split: Scenes(split, seed=seed, n=n, things=2) for split, n in sizes.items()}
    for split, collection in collections.items():
        places, labels = small_thing(collection)
        images = collection.images()[places]
        maps, grid = inside.predict(images, verbose=0)
        raw = random.predict(images, verbose=0)
        seen = {"images": images, "maps": maps, "vectors": grid.max((1, 2)), "random": raw.max((1, 2))}
        parts[split] = seen, labels
    return parts, collections


def watched(network, parts, n, rng, plan):
    """Train on the first n labelled scenes, and look at the test after each part -> accuracies; and the accuracy on
    these labelled scenes in the end."""
    (given, labels), test = parts["train"], parts["test"]
    name = next(iter(network.batch))
    given, asked, found = {name: given[name][:n]}, {name: test[0][name]}, []
    for _ in range(plan["looks"]):
        network.fit(given, labels[:n], rng)
        found.append(network.accuracy(asked, test[1]))
    return found, network.accuracy(given, labels[:n])


def scenes(quick=False, results=None):
    """Accuracy against the number of labels on Scene World: transferred, from scratch, fine-tuned -> the record's path.

    Each seed draws labelled scenes, test scenes and first weights, so that runs share nothing; figures are means over
    seeds with their range, differences are paired and have an interval by Student's t. ``curves`` in the record have
    the mean accuracies during training, by which one sees whether they had come to rest. A head that is trained on
    like the fine-tuned network, but alone, tells whether a difference comes from the convolutions.
    """
    start = time.perf_counter()
    settings = SCENES | (
        {"labels": (40, 60), "seeds": (1, 2), "scenes": 160, "test_scenes": 60, "C": (0.1,),
         "from scratch": {"every": 1, "looks": 2, "rate": 1e-3}, "fine-tuned": {"every": 1, "looks": 2, "rate": 1e-4}}
        if quick else {}
    )  # fmt: skip
    encoder = load_backbone("scene_vgg")
    networks, scores, curves, hashed, tested = {}, {}, {}, [], []

    def note(name, n, right):
        scores.setdefault(name, {}).setdefault(n, []).append(right)
        print(f"seed {seed:2} {name:28} {n:5} labels: {right:.3f}", flush=True)

    for seed in settings["seeds"]:
        keras.utils.set_random_seed(seed)
        random = load_backbone("scene_vgg", None)
        parts, collections = seen_by(encoder, random, settings, seed)
        (train, labels), (test, truth) = parts["train"], parts["test"]
        hashed += [collection[:50] for collection in collections.values()]
        tested.append(len(truth))
        if not networks:
            networks = make_networks(encoder, train, settings)
        for n in settings["labels"]:
            readers = {name: probe(train[name][:n], labels[:n], settings["C"]) for name in ("vectors", "random")}
            for name, what in {"vectors": "frozen encoder", "random": "random weights"}.items():
                note(what, n, float(readers[name].score(test[name], truth)))
            for name, (network, plan) in networks.items():
                network.start(seed if name == "from scratch" else 0)
                if name != "from scratch":
                    start_as(readers["vectors"], network.model.get_layer("head"))
                found, known = watched(network, parts, n, np.random.default_rng(seed), plan)
                curves.setdefault(name, {}).setdefault(n, []).append(found)
                note(name, n, found[-1])
                note(f"{name}, on its labelled scenes", n, known)
        often = np.bincount(labels).argmax()
        note("blind: the commonest shape", 0, float(np.mean(truth == often)))
    figures = {name: {str(n): over_seeds(runs) for n, runs in by.items()} for name, by in scores.items()}
    for first, second in (
        ("fine-tuned", "frozen encoder"), ("head alone", "frozen encoder"), ("frozen encoder", "from scratch"),
    ):  # fmt: skip
        by = {str(n): gain(scores[first][n], scores[second][n]) for n in settings["labels"]}
        figures[f"{first} less {second}"] = by
    fewest = scores["frozen encoder"][settings["labels"][0]]
    figures["frozen encoder with fewest labels less from scratch"] = {
        str(n): gain(fewest, runs) for n, runs in scores["from scratch"].items()
    }
    for name, by in curves.items():
        figures[f"{name}, change in its last part"] = {
            str(n): gain(np.array(runs)[:, -1], np.array(runs)[:, -2]) for n, runs in by.items()
        }
    return write_results(
        "image", "scenes", figures, command="python -m mmcourse.experiments image-scenes",
        seeds=list(settings["seeds"]), data_hash=hash_captions(*hashed), minutes=(time.perf_counter() - start) / 60,
        settings=settings | {"scenes_version": VERSION, "tested_on": tested, "interval": (
            "of accuracies: the range over seeds; of differences (less, change): 95 %, Student's t over seeds, paired"
        )},
        quick=quick, folder=results,
        curves={
            name: {str(n): np.mean(runs, axis=0).round(4).tolist() for n, runs in by.items()}
            for name, by in curves.items()
        },
    )  # fmt: skip


def make_networks(encoder, batch, settings):
    """name -> a network that is compiled once, and its plan."""
    plans = {name: settings[name] for name in ("from scratch", "fine-tuned")}
    plans["head alone"] = plans["fine-tuned"]  # trained on from the probe, like the fine-tuned network
    make = {
        "from scratch": ("images", lambda seed: small_network(len(SHAPES), seed)),
        "fine-tuned": ("maps", lambda seed: last_layers(encoder)),
        "head alone": ("vectors", lambda seed: last_layer()),
    }
    size, networks = settings["batch_size"], {}
    for name, (key, build) in make.items():
        plan = plans[name]
        rate = keras.optimizers.schedules.CosineDecay(plan["rate"], plan["every"] * plan["looks"])
        few = {key: batch[key][:size]}
        networks[name] = Repeated(build, few, keras.optimizers.Adam(rate), size, plan["every"]), plan
    return networks


def content_words(captions):
    """The set of words of an image's captions, without scikit-learn's English stop words and single letters."""
    words = {word for caption in captions for word in tokenize(caption, "en")}
    return {word for word in words if len(word) > 1 and word not in ENGLISH_STOP_WORDS}


def shared_words(sets):
    """Jaccard similarity |A ∩ B| / |A ∪ B| of every two of n sets of words, float64 (n, n)."""
    place = {word: i for i, word in enumerate(sorted(set().union(*sets)))}
    has = np.zeros((len(sets), len(place)), "float32")
    for row, words in zip(has, sets, strict=True):
        row[[place[word] for word in words]] = 1
    both = (has @ has.T).astype("float64")
    count = has.sum(1, dtype="float64")
    either = count[:, None] + count[None] - both
    return np.divide(both, either, out=np.zeros_like(both), where=either > 0)


def nearest(features):
    """For each row of (n, d) the place of the other row with the largest cosine, int64 (n,)."""
    x = np.asarray(features, "float64").reshape(len(features), -1)
    x = x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
    cosine = x @ x.T
    np.fill_diagonal(cosine, -np.inf)
    return cosine.argmax(1)


def flickr8k(data=None, quick=False, results=None, work=None):
    """Nearest neighbours among the test photographs of Flickr8k: do their captions share words? -> the record's path.

    Compared: vectors of MobileNetV2 trained on ImageNet, the same network fed pixels from 0 to 1 and from 0 to 255 (it
    expects -1 to 1), the same with random weights, the pixels themselves, and random pairs. Intervals are bootstraps
    over photographs, those of differences too. ``data``: as for the captioners.
    """
    start = time.perf_counter()
    photographs = Flickr8k(data, "test")
    photographs = photographs[:8] if quick else photographs
    keras.utils.set_random_seed(0)
    random = load_backbone("mobilenet_v2", None, output="vector")
    trained = random if quick else _vector(photograph_backbone(data))
    raw = keras.Model(trained.get_layer("preprocess").output, trained.output, name="mobilenet_v2")  # what not to do
    inputs = keras.Input(trained.input_shape[1:])
    unit = keras.Model(inputs, raw(keras.layers.Rescaling(1 / 255)(inputs)), name="mobilenet_v2")  # nor this
    work, size = work_folder("image", quick, work), 3 if quick else 64
    kept = {
        name: np.asarray(extract_features(model, photographs, work / f"{mark}.npy", size, "float32", rebuild=True))
        for name, mark, model in (
            ("MobileNetV2", "trained", trained), ("MobileNetV2 fed pixels from 0 to 1", "unit", unit),
            ("MobileNetV2 fed raw pixels", "raw", raw),
            ("MobileNetV2, random weights", "random", random),
        )
    }  # fmt: skip
    kept["pixels"] = thumbnails(np.stack([item.image for item in photographs]), 16)
    shared = shared_words([content_words(item.captions) for item in photographs])
    n = len(photographs)
    others = (shared.sum(1) - np.diag(shared)) / (n - 1)  # of each photograph with any other, on average
    values = {name: shared[np.arange(n), nearest(x)] for name, x in kept.items()} | {"random pairs": others}
    figures = {}
    for name, value in values.items():
        figures[name] = {"shared words": mean_figure(value)}
        if name != "MobileNetV2":  # photograph by photograph
            figures[name]["fewer than by MobileNetV2"] = mean_figure(values["MobileNetV2"] - value)
        low, high = figures[name]["shared words"]["interval"]
        print(f"{name:30} {value.mean():.3f}  [{low:.3f}, {high:.3f}]", flush=True)
    return write_results(
        "image", "flickr8k", figures,
        command="python -m mmcourse.experiments image-flickr8k --data DIR",
        seeds=[0], data_hash=hash_captions(photographs), minutes=(time.perf_counter() - start) / 60,
        settings={
            "photographs": n, "split": "test", "stop_words": "scikit-learn's ENGLISH_STOP_WORDS, single letters",
            "words": "of the five captions together", "neighbour": "largest cosine", "resize": "squash",
        },
        quick=quick, folder=results,
    )  # fmt: skip


def _vector(backbone):
    vector = keras.layers.GlobalAveragePooling2D(name="vector")(backbone.output)
    return keras.Model(backbone.input, vector, name=backbone.name)
