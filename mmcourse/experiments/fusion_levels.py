"""The recorded experiment on the levels of fusion: where redundancy, uniqueness and synergy can be used, and what a
shift between two sensors does.

Utterances as words and voice, four levels of about equally many weights, trained alike; five seeds, each another draw
of the training items, of the test items and of the initial weights. Then scenes with two sensors, whose pictures are
moved against one another.
"""

import time

import numpy as np

from mmcourse.backend import keras
from mmcourse.experiments.results import hash_captions, over_seeds, write_results
from mmcourse.fusion import MLPFusion
from mmcourse.fusion.levels import DataLevel, DecisionLevel, FeatureLevel, Hybrid
from mmcourse.modalities import UtteranceVectors, misalign, two_sensors
from mmcourse.scenes import VERSION
from mmcourse.scenes.utterances import Utterances, best

SEEDS = (0, 1, 2, 3, 4)
SETTINGS = {
    "drawn": 1600, "drawn_test": 1000, "train": 500, "test": 500, "steps": 60, "learning_rate": 0.01,
    "weight_decay": 1.0, "scenes": 900, "scenes_test": 600, "epochs": 8, "batch_size": 50,
}  # fmt: skip
LEVELS = ("data", "feature", "decision", "hybrid")
POOL = {"redundant": 25, "words": 25, "voice": 25, "synergy": 25}
WRONG = 20  # percent of the words, where there is noise
SWEEPS = {
    "noise": {str(db): {"redundant": 100} for db in (None, 0, -5, -10, -20)},
    "unique": {f"{100 - p} : {p}": {"words": 100 - p, "voice": p} for p in (0, 25, 50, 75, 100)},
    "synergy": {f"{p} %": {"redundant": 100 - p, "synergy": p} for p in (0, 25, 50, 75, 100)},
}
SHIFTS = (0, 2, 3, 4, 6)


def _glorot(seed):
    return keras.initializers.GlorotUniform(seed)


def dense(*widths, seed=0):
    """Rectified layers of these widths, as an encoder."""
    return keras.Sequential(
        [keras.layers.Dense(w, "relu", kernel_initializer=_glorot(seed + i)) for i, w in enumerate(widths)]
    )


def build(level, seed=0):
    """One of the four levels for words and voice, some 3,200 weights each."""
    if level == "data":
        return DataLevel(dense(39, 14, seed=seed), outputs=2, seed=seed)
    if level == "decision":
        encoders = {"text": dense(32, 14, seed=seed), "audio": dense(32, 14, seed=seed + 50)}
        return DecisionLevel(encoders, outputs=2, seed=seed)
    encoders = {"text": dense(32, seed=seed), "audio": dense(32, seed=seed + 50)}
    fusion = MLPFusion(8, hidden=14 if level == "feature" else 12, seed=seed)
    return (FeatureLevel if level == "feature" else Hybrid)(encoders, fusion, outputs=2, seed=seed)


def convolve(width, seed=0):
    """Pictures -> vectors: each cell sees 5 x 5 cells, then the largest answer anywhere, so that place is forgotten."""
    layers = [
        keras.layers.Conv2D(width, side, activation="relu", kernel_initializer=_glorot(seed + i))
        for i, side in enumerate((3, 3, 1))
    ]
    return keras.Sequential([*layers, keras.layers.GlobalMaxPooling2D()])


def build_sensors(level, seed=0):
    """Data or feature level for two sensors, or the data level for one, some 3,300 weights each."""
    if level == "feature":
        encoders = {"shape": convolve(11, seed), "colour": convolve(11, seed + 50)}
        return FeatureLevel(encoders, MLPFusion(8, hidden=16, seed=seed), outputs=2, seed=seed)
    return DataLevel(convolve(16, seed), outputs=2, seed=seed)


class Trainer:
    """Trains one model again and again from fresh weights: it is compiled only once."""

    def __init__(self, build, rate, decay=None):
        self.build, self.model = build, build(0)
        optimizer = keras.optimizers.Adam(rate, weight_decay=decay)
        self.model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))

    def fresh(self, batch, seed):
        """The model with the initial weights of ``seed``."""
        first = {name: x[:1] for name, x in batch.items()}
        other = self.build(seed)
        other(first)
        self.model(first)
        self.model.set_weights(other.get_weights())
        if self.model.optimizer.built:
            for variable in self.model.optimizer.variables:
                if "learning_rate" not in variable.path:
                    variable.assign(keras.ops.zeros_like(variable))
        keras.utils.set_random_seed(seed)  # the order of the items
        return self.model


def accuracy(predicted, labels):
    """Share of right answers, float."""
    return float(np.mean(np.argmax(np.asarray(predicted), axis=1) == labels))


def _trainers(chosen):
    rate, decay = chosen["learning_rate"], chosen["weight_decay"]
    return {name: Trainer(lambda seed, name=name: build(name, seed), rate, decay) for name in LEVELS}


def _take(batch, places):
    return {name: batch[name][places] for name in ("text", "audio")}


def _draw(kinds, mixture, n, rng):
    parts = [rng.choice(np.flatnonzero(kinds == k), n * p // 100) for k, p in mixture.items() if p]
    return np.concatenate(parts)


def _levels(trainers, data, mixture, chosen):
    """{name: [accuracy for each seed]} of the levels and of the two decisions that the decision level joins."""
    found = {}
    for seed in chosen["seeds"]:
        rng = np.random.default_rng(seed)
        train, test = (_draw(data[s]["kinds"], mixture, chosen[s], rng) for s in ("train", "test"))
        x, y = _take(data["train"], train), data["train"]["labels"][train]
        z, target = _take(data["test"], test), data["test"]["labels"][test]
        for level in LEVELS:
            model = trainers[level].fresh(x, seed)
            for _ in range(chosen["steps"]):
                model.train_on_batch(x, y)
            found.setdefault(level, []).append(accuracy(model(z), target))
            if level == "decision":
                for name, logits in model.decisions(z).items():
                    found.setdefault(name, []).append(accuracy(logits, target))
    return found


def _vectors(chosen, share=None, **noise):
    sizes = {"train": chosen["drawn"], "test": chosen["drawn_test"]}
    items = {split: Utterances(split, n=n, share=share or POOL, **noise) for split, n in sizes.items()}
    vectors = UtteranceVectors(items["train"], ("text", "audio"))
    batches = {"train": vectors.train, "test": vectors(items["test"])}
    for s in items:
        batches[s] |= {"labels": items[s].labels(), "kinds": np.array([u.mechanism for u in items[s].truths()])}
    return batches


def _sensors(chosen):
    data = {s: two_sensors(s, chosen[n]) for s, n in (("train", "scenes"), ("test", "scenes_test"))}
    joined, features = (Trainer(lambda seed, k=k: build_sensors(k, seed), 0.005) for k in ("data", "feature"))

    def run(trainer, change):
        found = []
        for seed in chosen["seeds"]:
            (x, y), (z, target) = (change(*data[s], 2 * seed + k) for k, s in enumerate(data))
            model = trainer.fresh(x, seed)
            model.fit(x, y, batch_size=chosen["batch_size"], epochs=chosen["epochs"], verbose=0)
            found.append(accuracy(model.predict(z, batch_size=200, verbose=0), target))
        return over_seeds(found)

    def moved(cells):
        return lambda x, y, seed: (x | {"colour": misalign(x["colour"], cells, seed)}, y)

    figures = {"feature": run(features, moved(0))}
    figures["data"] = {str(cells): run(joined, moved(cells)) for cells in chosen["shifts"]}
    for name in ("shape", "colour"):
        alone = Trainer(lambda seed: build_sensors("data", seed), 0.005)
        figures[f"{name} alone"] = run(alone, lambda x, y, seed, name=name: ({name: x[name]}, y))
    return figures


def scenes(quick=False, folder=None):
    """Run the experiment and write ``fusion_levels-scenes.json`` -> its path. ``quick``: a smoke test, no meaning."""
    begun = time.time()
    chosen = SETTINGS | {"seeds": SEEDS, "shifts": SHIFTS}
    sweeps = SWEEPS
    if quick:
        small = {"drawn": 80, "drawn_test": 80, "train": 20, "test": 20, "steps": 1, "scenes": 20, "scenes_test": 20}
        chosen |= small | {"epochs": 1, "seeds": (0,), "shifts": (0,)}
        sweeps = {name: dict(list(sweep.items())[:2]) for name, sweep in SWEEPS.items()}
    clean, trainers = _vectors(chosen), _trainers(chosen)
    figures, ceilings = {sweep: {} for sweep in sweeps}, {sweep: {} for sweep in sweeps}
    for sweep, mixtures in sweeps.items():
        for point, mixture in mixtures.items():
            if sweep == "noise":  # it makes other words occur, and so another input
                voice = None if point == "None" else int(point)
                noisy = _vectors(chosen, mixture, text_noise=WRONG, audio_noise=voice)
                found = _levels(_trainers(chosen), noisy, mixture, chosen)
            else:
                found = _levels(trainers, clean, mixture, chosen)
            figures[sweep][point] = {name: over_seeds(values) for name, values in found.items()}
            ceilings[sweep][point] = best(mixture)
            print(sweep, point, {k: round(v["value"], 3) for k, v in figures[sweep][point].items()}, flush=True)
    weights = {name: trainer.model.count_params() for name, trainer in trainers.items()}
    figures["sensors"] = _sensors(chosen)
    print(figures["sensors"], flush=True)
    return write_results(
        "fusion_levels",
        "scenes",
        figures,
        command="python -m mmcourse.experiments fusion_levels-scenes",
        seeds=chosen["seeds"],
        data_hash=hash_captions(Utterances("train", n=200, share=POOL), Utterances("test", n=200, share=POOL)),
        minutes=(time.time() - begun) / 60,
        settings={k: v for k, v in chosen.items() if k not in ("seeds", "shifts")}
        | {"scenes_version": VERSION, "weights": weights, "wrong_words": WRONG, "pool": POOL},
        folder=folder,
        ceilings=ceilings,
    )
