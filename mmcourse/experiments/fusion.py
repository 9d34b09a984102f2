"""The recorded experiment on choosing a fusion: every function in the same network, on data that tell the label in
different ways; and a network in which one modality keeps another from being learned.

Each seed draws its own training items, its own test items and its own first weights, the same for all networks: so
differences are of pairs. Learning rate and number of steps are chosen on dev; test is asked with the chosen weights
only.
"""

import time

import numpy as np

from mmcourse import fusion
from mmcourse._machinery.repeated import Repeated, take
from mmcourse._machinery.seeds import independent
from mmcourse.backend import keras
from mmcourse.experiments.results import figure, hash_captions, write_results
from mmcourse.fusion.levels import FeatureLevel
from mmcourse.fusion_choice import interval, paired_difference
from mmcourse.modalities import UtteranceVectors
from mmcourse.scenes import VERSION
from mmcourse.scenes.utterances import Utterances, best

SEEDS = (0, 1, 2, 3, 4)
MIXTURE = {"redundant": 30, "words": 15, "voice": 15, "synergy": 40}
NOISE = {"text_noise": 25, "audio_noise": -8, "image_noise": 0.7}
KINDS = {
    "redundant": {"share": {"redundant": 100}, "noise": NOISE, "items": 800},
    "words": {"share": {"words": 100}, "noise": {}, "items": 150},
    "unique": {"share": {"words": 50, "voice": 50}, "noise": {}, "items": 800},
    "synergy": {"share": {"synergy": 100}, "noise": {}, "items": 800},
    "mixture": {"share": MIXTURE, "noise": {}, "items": 800},
    "mixture, few items": {"share": MIXTURE, "noise": {}, "items": 150},
}
SETTINGS = {
    "train": 1000, "dev": 500, "test": 1000, "image_size": 32, "encoder": 12, "units": 16, "batch_size": 100,
    "rates": [0.003, 0.02], "steps": [40, 80, 160], "timings": 7,
}  # fmt: skip
IMBALANCE = {
    "train": 600, "test": 600, "items": 200, "noise": {"text_noise": 30, "audio_noise": 0}, "encoder": 32, "units": 32,
    "batch_size": 50, "rate": 0.1, "momentum": 0.9, "voice_scale": 0.3, "every": 40, "parts": 8, "alone_first": 3,
}  # fmt: skip
MODALITIES = ("text", "audio", "image")


def layers(units=SETTINGS["units"]):
    """All fusion functions: {name: function of a seed -> layer}."""
    fixed = {"text": 0.5, "audio": 0.25, "image": 0.25}
    return {
        "concatenation": lambda seed: fusion.ConcatenationFusion(units, seed=seed),
        "mean": lambda seed: fusion.MeanFusion(units, seed=seed),
        "weighted, fixed": lambda seed: fusion.WeightedFusion(units, weights=fixed, seed=seed),
        "weighted, learned": lambda seed: fusion.WeightedFusion(units, seed=seed),
        "similarity": lambda seed: fusion.SimilarityFusion(units, seed=seed),
        "gated": lambda seed: fusion.GatedFusion(units, seed=seed),
        "product of experts": lambda seed: fusion.ProductOfExperts(units, seed=seed),
        "bilinear": lambda seed: fusion.BilinearFusion(units, seed=seed),
        "tensor": lambda seed: fusion.TensorFusion(units, seed=seed),
        "low rank": lambda seed: fusion.LowRankFusion(units, seed=seed),
        "layer between": lambda seed: fusion.MLPFusion(units, seed=seed),
        "recurrent": lambda seed: fusion.RecurrentFusion(units, seed=seed),
        "attention": lambda seed: fusion.AttentionFusion(units, seed=seed),
    }


def network(names, make, seed=0, size=SETTINGS["encoder"]):
    """An encoder of one layer for each modality, the fusion layer ``make(seed)``, and a decision between two labels."""
    starts = map(keras.initializers.GlorotUniform, independent(seed, len(names), "encoders"))
    encoders = {
        name: keras.layers.Dense(size, "relu", kernel_initializer=start)
        for name, start in zip(names, starts, strict=True)
    }
    return FeatureLevel(encoders, make(seed), 2, seed=seed)


def draws(data, items, seed):
    """Training items without, test items with replacement, all dev items: {split: (batch, labels)}, and a generator."""
    rng = np.random.default_rng(seed)
    sizes = {split: len(labels) for split, (_, labels) in data.items()}
    rows = {"train": rng.permutation(sizes["train"])[:items], "test": rng.integers(0, sizes["test"], sizes["test"])}
    if "dev" in sizes:
        rows["dev"] = np.arange(sizes["dev"])
    return {split: (take(data[split][0], r), data[split][1][r]) for split, r in rows.items()}, rng


def chosen(repeated, names, data, items, seeds, settings):
    """Train with every seed and setting, choose the setting by its mean on dev, ask test -> (accuracies on test
    (seeds,), mean on dev, the setting)."""
    kept, dev = {}, {}
    for seed in seeds:
        for rate in settings["rates"]:
            parts, rng = draws(data, items, seed)
            parts = {split: ({n: batch[n] for n in names}, labels) for split, (batch, labels) in parts.items()}
            repeated.start(seed, rate)
            done = 0
            for steps in settings["steps"]:
                repeated.fit(*parts["train"], rng, steps - done)
                done = steps
                kept[rate, steps, seed] = repeated.model.get_weights()
                dev.setdefault((rate, steps), []).append(repeated.accuracy(*parts["dev"]))
    rate, steps = max(dev, key=lambda setting: np.mean(dev[setting]))
    test = []
    for seed in seeds:
        batch, labels = draws(data, items, seed)[0]["test"]
        repeated.model.set_weights(kept[rate, steps, seed])
        test.append(repeated.accuracy({n: batch[n] for n in names}, labels))
    return np.array(test), float(np.mean(dev[rate, steps])), {"rate": rate, "steps": steps}


def collections(share, noise, settings):
    """{split: utterances}."""
    return {
        split: Utterances(split, n=settings[split], share=share, image_size=settings.get("image_size", 64), **noise)
        for split in ("train", "dev", "test")
        if split in settings
    }


def vectors(said, modalities=MODALITIES):
    """{split: utterances} -> {split: (batch without ``present``, labels)}."""
    describe = UtteranceVectors(said["train"], modalities)
    batches = {split: describe.train if split == "train" else describe(items) for split, items in said.items()}
    return {s: ({n: batch[n] for n in modalities}, said[s].labels()) for s, batch in batches.items()}


def spread(values):
    """A figure with the interval of the mean over seeds; of one seed, the value alone."""
    return figure(values[0]) if len(values) == 1 else figure(interval(values)[0], interval(values)[1:])


def gain(first, second):
    """A figure: by how much ``first`` beats ``second``, pair by pair."""
    if len(first) == 1:
        return figure(first[0] - second[0])
    mean, *ends = paired_difference(first, second)
    return figure(mean, ends)


def scenes(quick=False, results=None):
    """Train and score every fusion on every kind of data; writes ``fusion-scenes.json`` and returns its path."""
    began = time.monotonic()
    settings, imbalance_settings, seeds = SETTINGS, IMBALANCE, SEEDS
    makes, kinds = layers(), KINDS
    if quick:
        settings = settings | {"train": 24, "dev": 12, "test": 12, "batch_size": 6, "steps": [1, 2], "timings": 1}
        small = {"train": 24, "test": 12, "items": 12, "batch_size": 6, "every": 1, "parts": 4}
        imbalance_settings = imbalance_settings | small
        seeds, kinds = SEEDS[:1], {"mixture": KINDS["mixture"] | {"items": 18}}
        makes = {name: makes[name] for name in ("concatenation", "low rank")}
    figures, runs, choices, hashed, data, shares = {}, {}, {}, [], None, None
    for kind, how in kinds.items():
        if how["share"] != shares:  # the same data with fewer items needs no new networks
            said, shares = collections(how["share"], how["noise"], settings), how["share"]
            data, hashed = vectors(said), hashed + list(said.values())
            batch = take(data["train"][0], np.arange(4))
            repeated = {name: _repeated(MODALITIES, make, batch, settings) for name, make in makes.items()}
            alone = {m: _repeated((m,), makes["concatenation"], batch, settings) for m in MODALITIES}
        found = {}
        for name, one in (repeated | alone).items():
            modalities = (name,) if name in alone else MODALITIES
            found[name] = chosen(one, modalities, data, how["items"], seeds, settings)
            print(kind, name, found[name][0].round(3), found[name][2], flush=True)
        single = max(alone, key=lambda name: found[name][1])  # on dev
        figures[kind] = {
            "layers": {
                name: {"accuracy": spread(found[name][0]), "gain": gain(found[name][0], found[single][0])}
                for name in makes
            },
            "alone": {name: spread(found[name][0]) for name in alone},
            "best": {name: figure(value) for name, value in best(how["share"]).items()},
            "floor": figure(_floor(data)),
        }
        runs[kind] = {name: tests.tolist() for name, (tests, _, _) in found.items()}
        choices[kind] = {"single": single} | {name: setting for name, (_, _, setting) in found.items()}
    costs = {
        name: {
            "parameters": figure(one.model.fusion.count_params()),
            "multiplications": figure(one.model.fusion.multiplications()),
            "training time": figure(time_),
        }
        for (name, one), time_ in zip(repeated.items(), _times(repeated, data, settings), strict=True)
    }
    figures, curves = {"kinds": figures, "layers": costs}, {}
    figures["imbalance"], curves, said = imbalance(imbalance_settings, seeds)
    return write_results(
        "fusion", "scenes", figures, command="python -m mmcourse.experiments fusion-scenes",
        seeds=seeds, data_hash=hash_captions(*hashed, *said.values()), minutes=(time.monotonic() - began) / 60,
        settings=settings | {"scenes": VERSION, "kinds": kinds, "imbalance": imbalance_settings, "interval": (
            "95 %, Student's t over seeds; each seed draws training items, test items and first weights"
        )},
        quick=quick, folder=results, runs=runs, chosen=choices, curves=curves,
    )  # fmt: skip


def _repeated(names, make, batch, settings):
    optimizer = keras.optimizers.Adam(settings["rates"][0])
    batch = {name: batch[name] for name in names}
    return Repeated(
        lambda seed: network(names, make, seed), batch, optimizer, settings["batch_size"], settings["steps"][0]
    )


def _floor(data):
    """What the commonest label of the training items reaches on test."""
    return float(np.mean(data["test"][1] == np.bincount(data["train"][1]).argmax()))


def _times(repeated, data, settings):
    """Seconds that each takes for the same steps over those of the first, concatenation: the median of several rounds.
    In a round one network trains right after the other, so that whatever else the machine does strikes all alike."""
    rounds = []
    for i in range(settings["timings"]):
        seconds = []
        for one in repeated.values():
            began = time.perf_counter()
            one.fit(*data["train"], np.random.default_rng(i))
            seconds.append(time.perf_counter() - began)
        rounds.append(np.array(seconds) / seconds[0])
    return np.median(rounds, axis=0)


def imbalance(settings, seeds):
    """Words that are quick to learn and often wrong, beside a voice that is slow to learn and right, in one network
    -> figures, curves (means over seeds), utterances. The curves: {system: {what: one number every ``every`` steps}}.
    """
    said = collections({"redundant": 100}, settings["noise"], settings)
    data = vectors(said, ("text", "audio"))
    make = layers(settings["units"])["concatenation"]
    batch = _whole(take(data["train"][0], np.arange(4)))
    optimizer = keras.optimizers.SGD(settings["rate"], momentum=settings["momentum"])
    repeated = Repeated(
        lambda seed: network(("text", "audio"), make, seed, settings["encoder"]), batch, optimizer,
        settings["batch_size"], settings["every"],
    )  # fmt: skip
    systems = ("words alone", "voice alone", "together", "modality dropout", "voice first", "voice at full scale")
    runs = {name: [_watch(repeated, data, name, seed, settings) for seed in seeds] for name in systems}
    curves = {
        name: {what: np.mean([run[what] for run in runs[name]], axis=0).round(4).tolist() for what in runs[name][0]}
        for name in systems
    }
    last = {name: np.array([run["accuracy"][-1] for run in runs[name]]) for name in systems}
    figures = {
        name: {
            "accuracy": spread(last[name]),
            "against the voice alone": gain(last[name], last["voice alone"]),
            "against together": gain(last[name], last["together"]),
        }
        for name in systems
    }
    print({name: round(value["accuracy"]["value"], 3) for name, value in figures.items()}, flush=True)
    return figures, curves, said


def _whole(batch, words=True, voice=True):
    """A batch that says which modalities are there: for all items, or bool (n,)."""
    n = len(batch["text"])
    return batch | {"present": {"text": np.full(n, True) & words, "audio": np.full(n, True) & voice}}


def _watch(repeated, data, system, seed, settings):
    """Train one system, and look at it after every part."""
    parts, rng = draws(data, settings["items"], seed)
    scale = 1.0 if system == "voice at full scale" else settings["voice_scale"]
    (given, labels), (asked, truth) = (
        (batch | {"audio": batch["audio"] * np.float32(scale)}, labels) for batch, labels in parts.values()
    )
    order = rng.permutation(len(truth))
    there = {"words": system != "voice alone", "voice": system != "words alone"}
    repeated.start(seed, settings["rate"])
    first = _kernels(repeated.model)
    seen = {"accuracy": [], "words exchanged": [], "voice exchanged": [], "words moved": [], "voice moved": []}
    for part in range(settings["parts"]):
        if system == "voice first" and part < settings["alone_first"]:
            now = {"words": False, "voice": True}
        elif system == "modality dropout":  # a third of the items loses its words, a third its voice
            lot = rng.integers(0, 3, len(labels))
            now = {"words": lot != 1, "voice": lot != 2}
        else:
            now = there
        repeated.fit(_whole(given, **now), labels, rng)
        for name, batch in {
            "accuracy": asked,
            "words exchanged": asked | {"text": asked["text"][order]},
            "voice exchanged": asked | {"audio": asked["audio"][order]},
        }.items():
            seen[name].append(repeated.accuracy(_whole(batch, **there), truth))
        for name, kernel in _kernels(repeated.model).items():
            seen[f"{name} moved"].append(float(np.linalg.norm(kernel - first[name]) / np.linalg.norm(first[name])))
    return seen


def _kernels(model):
    return {words: model.encoders[name].get_weights()[0] for words, name in (("words", "text"), ("voice", "audio"))}
