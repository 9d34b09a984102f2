"""The recorded experiment on the levels of fusion: where redundancy, uniqueness and synergy can be used, and what a
shift between two sensors does.

Utterances as words and voice, four levels of about equally many weights, trained alike; five seeds, each another draw
of the training items, of the test items and of the initial weights. All items of a draw are different. At two points
controls are run: one setting changed at a time. Then scenes with two sensors, whose pictures are moved against one
another; and two controls: maps that are joined before they are pooled, and a network whose cells see farther.
"""

import time

import numpy as np

from mmcourse._machinery.repeated import Repeated, take
from mmcourse._machinery.seeds import independent
from mmcourse.backend import keras
from mmcourse.experiments.results import hash_captions, over_seeds, write_results
from mmcourse.fusion import MLPFusion
from mmcourse.fusion.levels import DataLevel, DecisionLevel, FeatureLevel, Hybrid
from mmcourse.modalities import UtteranceVectors, misalign, two_sensors
from mmcourse.scenes import VERSION
from mmcourse.scenes.utterances import Utterances, best

SEEDS = (0, 1, 2, 3, 4)
SETTINGS = {
    "drawn": 6000, "drawn_test": 2400, "drawn_noisy": 1000, "train": 500, "test": 500, "steps": 60,
    "learning_rate": 0.01, "weight_decay": 1.0, "scenes": 900, "scenes_test": 600, "epochs": 8, "batch_size": 50,
}  # fmt: skip
LEVELS = ("data", "feature", "decision", "hybrid")
POOL = {"redundant": 25, "words": 25, "voice": 25, "synergy": 25}
WRONG = 20  # percent of the words, where there is noise
SWEEPS = {
    "noise": {str(db): {"redundant": 100} for db in (None, 0, -5, -10, -20)},
    "unique": {f"{100 - p} : {p}": {"words": 100 - p, "voice": p} for p in (0, 25, 50, 75, 100)},
    "synergy": {f"{p} %": {"redundant": 100 - p, "synergy": p} for p in (0, 25, 50, 75, 100)},
}
# Where the levels stay behind the voice alone, and where the hybrid stays behind the feature level: {name: (mixture,
# what is changed)}. Different items: the 500 are drawn, with repetition, from so many of each kind.
CONTROLS = {
    **{f"decay {decay}": (SWEEPS["unique"]["25 : 75"], {"weight_decay": decay}) for decay in (0.0, 3.0, 10.0)},
    "more items": (SWEEPS["unique"]["25 : 75"], {"train": 1900}),
    "more steps": (SWEEPS["unique"]["25 : 75"], {"steps": 240}),
    "different items 250": (SWEEPS["synergy"]["100 %"], {"different": 250}),
    "more steps, irony": (SWEEPS["synergy"]["100 %"], {"steps": 240}),
}
SHIFTS = (0, 2, 3, 4, 6)


def _starts(seed, count, of):
    return [keras.initializers.GlorotUniform(own) for own in independent(seed, count, f"encoder of {of}")]


def dense(*widths, seed=0, of="all"):
    """Rectified layers of these widths, as an encoder ``of`` a modality."""
    starts = _starts(seed, len(widths), of)
    return keras.Sequential(
        [keras.layers.Dense(w, "relu", kernel_initializer=one) for w, one in zip(widths, starts, strict=True)]
    )


def build(level, seed=0):
    """One of the four levels for words and voice, some 3,200 weights each."""
    if level == "data":
        return DataLevel(dense(39, 14, seed=seed), outputs=2, seed=seed)
    if level == "decision":
        encoders = {name: dense(32, 14, seed=seed, of=name) for name in ("text", "audio")}
        return DecisionLevel(encoders, outputs=2, seed=seed)
    encoders = {name: dense(32, seed=seed, of=name) for name in ("text", "audio")}
    fusion = MLPFusion(8, hidden=14 if level == "feature" else 12, seed=seed)
    return (FeatureLevel if level == "feature" else Hybrid)(encoders, fusion, outputs=2, seed=seed)


def convolve(width, sides=(3, 3, 1), seed=0, of="all"):
    """Pictures -> maps, in which each cell sees, with 3 x 3 twice, 5 x 5 cells."""
    return [
        keras.layers.Conv2D(width, side, activation="relu", kernel_initializer=one)
        for side, one in zip(sides, _starts(seed, len(sides), of), strict=True)
    ]


def pooled(layers):
    """Pictures -> vectors: the largest answer anywhere, so that place is forgotten."""
    return keras.Sequential([*layers, keras.layers.GlobalMaxPooling2D()])


def build_sensors(level, seed=0):
    """Data or feature level for two sensors, the data level for one, or "maps": the feature level's encoders, whose
    maps are joined place by place and pooled after that. Some 3,000 to 3,600 weights each."""
    sensors = {"shape": 1, "colour": 3}
    if level == "feature":
        encoders = {name: pooled(convolve(11, seed=seed, of=name)) for name in sensors}
        return FeatureLevel(encoders, MLPFusion(8, hidden=16, seed=seed), outputs=2, seed=seed)
    if level == "maps":
        inputs = {name: keras.Input((None, None, channels), name=name) for name, channels in sensors.items()}
        maps = [keras.Sequential(convolve(11, (3, 3), seed, name))(one) for name, one in inputs.items()]
        joined = pooled(convolve(16, (1,), seed, "joined"))(keras.layers.concatenate(maps))
        (start,) = _starts(seed, 1, "decision")
        return keras.Model(inputs, keras.layers.Dense(2, kernel_initializer=start)(joined))
    layers = convolve(10, (5, 5, 1), seed) if level == "data, sees 9 x 9" else convolve(16, seed=seed)
    return DataLevel(pooled(layers), outputs=2, seed=seed)


def accuracy(predicted, labels):
    """Share of right answers, float."""
    return float(np.mean(np.argmax(np.asarray(predicted), axis=1) == labels))


def _vectors_of(batch):
    return {name: batch[name] for name in ("text", "audio")}


def _repeated(data, chosen):
    optimizer = {"learning_rate": chosen["learning_rate"], "weight_decay": chosen["weight_decay"]}
    batch = take(_vectors_of(data["train"]), slice(1))
    return {
        name: Repeated(lambda seed, name=name: build(name, seed), batch, keras.optimizers.Adam(**optimizer))
        for name in LEVELS
    }


def _draw(kinds, mixture, n, rng, different=None):
    """Places of ``n`` items, all different; or drawn with repetition from so many ``different`` ones of each kind."""
    parts = []
    for kind, percent in mixture.items():
        there = rng.permutation(np.flatnonzero(kinds == kind))[:different]
        parts.append(rng.choice(there, n * percent // 100, replace=different is not None))
    return np.concatenate(parts)


def _levels(repeated, data, mixture, chosen):
    """{name: [accuracy for each seed]} of the levels, of the two decisions that the decision level joins, and of the
    one from joined features in the hybrid."""
    found = {}
    for seed in chosen["seeds"]:
        rng = np.random.default_rng(seed)
        train = _draw(data["train"]["kinds"], mixture, chosen["train"], rng, chosen.get("different"))
        test = _draw(data["test"]["kinds"], mixture, chosen["test"], rng)
        x, y = take(_vectors_of(data["train"]), train), data["train"]["labels"][train]
        z, target = take(_vectors_of(data["test"]), test), data["test"]["labels"][test]
        for level, one in repeated.items():
            one.start(seed)
            model = one.model
            for _ in range(chosen["steps"]):
                model.train_on_batch(x, y)
            found.setdefault(level, []).append(accuracy(model(z), target))
            if level in ("decision", "hybrid"):
                for name, logits in model.decisions(z).items():
                    if level == "decision" or name == "joined":
                        found.setdefault(name, []).append(accuracy(logits, target))
    return found


def _vectors(train, test, share, **noise):
    sizes = {"train": train, "test": test}
    items = {split: Utterances(split, n=n, share=share, **noise) for split, n in sizes.items()}
    vectors = UtteranceVectors(items["train"], ("text", "audio"))
    batches = {"train": vectors.train, "test": vectors(items["test"])}
    for s in items:
        batches[s] |= {"labels": items[s].labels(), "kinds": np.array([u.mechanism for u in items[s].truths()])}
    return batches


def _sensors(chosen):
    data = {s: two_sensors(s, chosen[n]) for s, n in (("train", "scenes"), ("test", "scenes_test"))}

    def sensors(level, names=("shape", "colour")):
        batch = {name: data["train"][0][name][:1] for name in names}
        return Repeated(lambda seed: build_sensors(level, seed), batch, keras.optimizers.Adam(0.005))

    def run(repeated, change):
        found = []
        for seed in chosen["seeds"]:
            (x, y), (z, target) = (change(*data[s], 2 * seed + k) for k, s in enumerate(data))
            repeated.start(seed)
            keras.utils.set_random_seed(seed)  # the order of the items
            repeated.model.fit(x, y, batch_size=chosen["batch_size"], epochs=chosen["epochs"], verbose=0)
            found.append(accuracy(repeated.model.predict(z, batch_size=200, verbose=0), target))
        return over_seeds(found)

    def moved(cells):
        return lambda x, y, seed: (x | {"colour": misalign(x["colour"], cells, seed)}, y)

    joined = sensors("data")
    figures = {level: run(sensors(level), moved(0)) for level in ("feature", "maps")}
    figures["data"] = {str(cells): run(joined, moved(cells)) for cells in chosen["shifts"]}
    farther = "data, sees 9 x 9"
    wide = sensors(farther)
    figures[farther] = {str(cells): run(wide, moved(cells)) for cells in chosen["shifts"][-1:]}
    for name in ("shape", "colour"):
        alone = sensors("data", (name,))
        figures[f"{name} alone"] = run(alone, lambda x, y, seed, name=name: ({name: x[name]}, y))
    return figures


def scenes(quick=False, results=None):
    """Run the experiment and write ``fusion_levels-scenes.json`` -> its path. ``quick``: a smoke test, no meaning."""
    begun = time.time()
    chosen = SETTINGS | {"seeds": SEEDS, "shifts": SHIFTS}
    sweeps = SWEEPS
    if quick:
        small = {"drawn": 160, "drawn_test": 160, "drawn_noisy": 20, "train": 20, "test": 20, "steps": 1, "scenes": 20}
        chosen |= small | {"scenes_test": 20, "epochs": 1, "seeds": (0,), "shifts": (0,)}
        sweeps = {name: dict(list(sweep.items())[: 2 if name == "noise" else 1]) for name, sweep in SWEEPS.items()}
    clean = _vectors(chosen["drawn"], chosen["drawn_test"], POOL)
    repeated = _repeated(clean, chosen)
    figures, ceilings, runs = ({sweep: {} for sweep in (*sweeps, "controls")} for _ in range(3))
    for sweep, mixtures in sweeps.items():
        for point, mixture in mixtures.items():
            if sweep == "noise":  # it makes other words occur, and so another input
                voice = None if point == "None" else int(point)
                noisy = _vectors(*[chosen["drawn_noisy"]] * 2, mixture, text_noise=WRONG, audio_noise=voice)
                found = _levels(_repeated(noisy, chosen), noisy, mixture, chosen)
            else:
                found = _levels(repeated, clean, mixture, chosen)
            figures[sweep][point] = {name: over_seeds(values) for name, values in found.items()}
            runs[sweep][point], ceilings[sweep][point] = found, best(mixture)
            print(sweep, point, {k: round(v["value"], 3) for k, v in figures[sweep][point].items()}, flush=True)
    controls = dict(list(CONTROLS.items())[:1]) if quick else CONTROLS
    for name, (mixture, changed) in controls.items():
        others = _repeated(clean, chosen | changed) if "weight_decay" in changed else repeated
        found = _levels(others, clean, mixture, chosen | changed)
        figures["controls"][name] = {level: over_seeds(values) for level, values in found.items()}
        runs["controls"][name], ceilings["controls"][name] = found, best(mixture)
        print(name, {k: round(v["value"], 3) for k, v in figures["controls"][name].items()}, flush=True)
    weights = {name: one.model.count_params() for name, one in repeated.items()}
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
        | {"scenes_version": VERSION, "weights": weights, "wrong_words": WRONG, "pool": POOL, "controls": controls},
        quick=quick,
        folder=results,
        ceilings=ceilings,
        runs=runs,
    )
