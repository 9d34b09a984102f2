"""The recorded experiments on image features: transfer on Scene World, and neighbours among real photographs."""

import time

import numpy as np
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mmcourse._machinery.seeds import independent
from mmcourse.backend import keras
from mmcourse.corpora.flickr import Flickr8k
from mmcourse.experiments.captioning import photograph_backbone
from mmcourse.experiments.results import hash_captions, mean_figure, over_seeds, work_folder, write_results
from mmcourse.image import extract_features, load_backbone
from mmcourse.image.autoencoder import ImageAutoencoder
from mmcourse.scenes import SHAPES, VERSION, Scenes
from mmcourse.text import tokenize

SCENES = {
    "labels": (50, 100, 200, 400, 800, 1600),
    "seeds": (0, 1, 2),
    "scenes": 3600,  # of two things; in about half of them one is small and one large
    "test_scenes": 2000,
    "epochs": 24,  # from scratch, and at least so many steps:
    "steps": 300,
    "steps_fine_tuned": 150,
    "autoencoder": {"scenes": 2000, "epochs": 8},
}


def small_thing(collection):
    """The task: which shape has the *small* thing, where just one thing is small -> (places, labels), int64.

    The encoder was taught what each region shows. It was never asked this question, which needs size and shape at once.
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


def probe(features, labels):
    """A linear classifier on standardised features (n, d), fitted: what features say to the simplest reader."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=1000)).fit(features, labels)


def small_network(classes, seed, size=64):
    """A small convolutional classifier for training from scratch: pixels (b, size, size, 3) -> logits (b, classes)."""
    layers = keras.layers
    inputs = keras.Input((size, size, 3))
    x = layers.Rescaling(1 / 127.5, -1)(inputs)
    *seeds, last = independent(seed, 4, "small_network")
    for filters, own in zip((16, 32, 64), seeds, strict=True):
        start = keras.initializers.HeNormal(own)
        x = layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu", kernel_initializer=start)(x)
    x = layers.GlobalMaxPooling2D()(x)
    return keras.Model(inputs, layers.Dense(classes, kernel_initializer=keras.initializers.GlorotUniform(last))(x))


def _fine_tuned(encoder, reader):
    """The encoder's last two convolutions (from the pooled map of its third block on), with a linear head that starts
    as the probe ``reader`` of the frozen encoder, maximum over places."""
    inputs = keras.Input(encoder.get_layer("block3_pool").output.shape[1:])
    x = inputs
    for name in ("block4_conv1", "block4_conv2"):
        old = encoder.get_layer(name)
        new = keras.layers.Conv2D.from_config(old.get_config())
        x = new(x)
        new.set_weights(old.get_weights())
        new.trainable = True
    scale, linear = reader[0], reader[-1]
    head = keras.layers.Dense(len(linear.intercept_))
    model = keras.Model(inputs, head(keras.layers.GlobalMaxPooling2D()(x)))
    kernel = linear.coef_.T / scale.scale_[:, None]
    head.set_weights([kernel, linear.intercept_ - scale.mean_ @ kernel])
    return model


def _fitted(model, images, labels, steps, rate, seed):
    keras.utils.set_random_seed(seed)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(rate, steps)), loss)
    epochs = max(1, round(steps / -(-len(images) // 32)))
    model.fit(images, labels, batch_size=32, epochs=epochs, verbose=0)
    return model


def scenes(quick=False, results=None):
    """Accuracy against the number of labels on Scene World: from pixels, from scratch, transferred, fine-tuned.

    Every figure is a mean over three draws of labelled scenes (and first weights); its interval is the range of the
    three. The labelled scenes are of another seed than those the encoder was trained on. Returns the record's path.
    """
    start = time.perf_counter()
    settings = SCENES | (
        {"labels": (20, 40), "epochs": 1, "seeds": (0,), "scenes": 120, "test_scenes": 60, "steps": 2,
         "steps_fine_tuned": 2, "autoencoder": {"scenes": 32, "epochs": 1}} if quick else {}
    )  # fmt: skip
    collections = {
        "train": Scenes("train", seed=7, n=settings["scenes"], things=2),
        "test": Scenes("test", seed=7, n=settings["test_scenes"], things=2),
    }
    images, labels = {}, {}
    for split, collection in collections.items():
        places, labels[split] = small_thing(collection)
        images[split] = collection.images()[places]
    keras.utils.set_random_seed(0)
    autoencoder, plan = ImageAutoencoder(), settings["autoencoder"]
    rate = keras.optimizers.schedules.CosineDecay(3e-3, plan["epochs"] * -(-plan["scenes"] // 32))
    autoencoder.compile(keras.optimizers.Adam(rate))
    autoencoder.fit(Scenes("train", n=plan["scenes"]).images(), batch_size=32, epochs=plan["epochs"], verbose=0)
    random = keras.Model(
        *(lambda m: (m.input, keras.layers.GlobalMaxPooling2D()(m.output)))(load_backbone("scene_vgg", None))
    )
    encoder = load_backbone("scene_vgg")
    grids = {split: encoder.predict(x, verbose=0) for split, x in images.items()}
    inside = keras.Model(encoder.input, encoder.get_layer("block3_pool").output)
    maps = {split: inside.predict(x, verbose=0) for split, x in images.items()}
    features = {
        "pixels": {split: thumbnails(x) for split, x in images.items()},
        "autoencoder": {split: autoencoder.encode(x) for split, x in images.items()},
        "random weights, maximum": {split: random.predict(x, verbose=0) for split, x in images.items()},
        "encoder, mean": {split: grid.mean((1, 2)) for split, grid in grids.items()},
        "encoder, maximum": {split: grid.max((1, 2)) for split, grid in grids.items()},
    }
    scores = {}

    def note(name, n, right):
        scores.setdefault(name, {}).setdefault(n, []).append(float(np.mean(right)))
        print(f"{name:28} {n:6} labels: {scores[name][n][-1]:.3f}", flush=True)

    for seed in settings["seeds"]:
        order = np.random.default_rng(seed).permutation(len(labels["train"]))
        for n in settings["labels"]:
            some = order[:n]
            y, truth = labels["train"][some], labels["test"]
            for name, x in features.items():
                reader = probe(x["train"][some], y)
                note(name, n, reader.predict(x["test"]) == truth)
            steps = max(settings["steps"], settings["epochs"] * n // 32)
            scratch = _fitted(small_network(len(SHAPES), seed), images["train"][some], y, steps, 3e-3, seed)
            note("from scratch", n, scratch.predict(images["test"], verbose=0).argmax(-1) == truth)
            tuned = _fine_tuned(encoder, reader)  # the last probe is that of the encoder's maximum
            tuned = _fitted(tuned, maps["train"][some], y, settings["steps_fine_tuned"], 3e-4, seed)
            note("fine-tuned", n, tuned.predict(maps["test"], verbose=0).argmax(-1) == truth)
    scores["blind: the commonest shape"] = {0: [float(np.bincount(labels["test"]).max() / len(labels["test"]))]}
    figures = {name: {str(n): over_seeds(all_) for n, all_ in by.items()} for name, by in scores.items()}
    return write_results(
        "image", "scenes", figures, command="python -m mmcourse.experiments image-scenes",
        seeds=list(settings["seeds"]), data_hash=hash_captions(*(c[:200] for c in collections.values())),
        minutes=(time.perf_counter() - start) / 60,
        settings=settings | {"scenes_version": VERSION, "tested_on": len(labels["test"])},
        quick=quick, folder=results,
    )  # fmt: skip


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

    Compared: vectors of MobileNetV2 trained on ImageNet, the same network fed raw pixels, the same with random weights,
    the pixels themselves, and random pairs. Intervals are bootstraps over photographs. ``data``: as for the captioners.
    """
    start = time.perf_counter()
    photographs = Flickr8k(data, "test")
    photographs = photographs[:8] if quick else photographs
    keras.utils.set_random_seed(0)
    random = load_backbone("mobilenet_v2", None, output="vector")
    trained = random if quick else _vector(photograph_backbone(data))
    raw = keras.Model(trained.get_layer("preprocess").output, trained.output, name="mobilenet_v2")  # what not to do
    work, size = work_folder("image", quick, work), 3 if quick else 64
    kept = {
        name: np.asarray(extract_features(model, photographs, work / f"{mark}.npy", size, "float32", rebuild=True))
        for name, mark, model in (
            ("MobileNetV2", "trained", trained), ("MobileNetV2 fed raw pixels", "raw", raw),
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
