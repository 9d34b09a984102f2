"""The recorded experiment on CMU-MOSI: text, sound and picture of an utterance, alone and fused at every level.

The corpus's vectors of text and video were learned with the labels of its official train side (see
`mmcourse.corpora.Mosi`). So two protocols stand beside each other, alike in all but the data:

- "official": train and dev from the official train side, by video; test is the official one. Dev has been seen by
  whoever made the features, and test has not: what dev promises, test does not keep.
- "unseen features": the 31 official test videos alone. Each fifth of them is the test once, the next fifth is dev, the
  other three train. Every number that a model meets is one that its features' maker had no label for.

In both, every system's settings (which fusion function, how wide, how regularised, how many epochs) are those with the
lowest cross-entropy on dev; then it is trained on train and dev together, with five seeds, and scored on test once a
seed. Means and deviations, to standardise, come from what the model is trained on.
"""

import time

import numpy as np
from sklearn.linear_model import RidgeClassifierCV

from mmcourse._machinery.files import sha256_of
from mmcourse._machinery.repeated import Repeated
from mmcourse._machinery.seeds import independent
from mmcourse.backend import keras
from mmcourse.corpora import Mosi
from mmcourse.experiments.results import figure, hash_captions, joined, mean_figure, over_seeds, write_results
from mmcourse.fusion import AttentionFusion, ConcatenationFusion, GatedFusion, LowRankFusion, MLPFusion
from mmcourse.fusion.levels import DataLevel, DecisionLevel, FeatureLevel, Hybrid

SEEDS = (0, 1, 2, 3, 4)
NAMES = ("text", "audio", "video")
FUSIONS = {
    "attention": AttentionFusion,
    "concatenation": ConcatenationFusion,
    "gated": GatedFusion,
    "low rank": LowRankFusion,
    "one layer between": MLPFusion,
}
# From free to strict: units of an encoder, share of dropped numbers, decay of the weights a step.
LADDER = (
    {"units": 64, "dropout": 0.2, "decay": 0.0},
    {"units": 32, "dropout": 0.5, "decay": 0.1},
    {"units": 8, "dropout": 0.7, "decay": 1.0},
)
SETTINGS = {
    "batch_size": 100, "learning_rate": 2e-3, "epochs": 20, "every": 5, "folds": 5, "modality_dropout": 1 / 3,
    "clip": 5.0, "fusions": tuple(FUSIONS),
}  # fmt: skip
LEVELS = ("data", "feature", "decision", "hybrid")
SYSTEMS = (*NAMES, *LEVELS)


def mosi(data=None, quick=False, results=None):
    """Tune, train and score every system under both protocols; returns the path of the record.

    ``data`` holds ``cmu_mosi`` (see `mmcourse.corpora.Mosi`; default: the variable MMCOURSE_DATA). ``quick``: a smoke
    test.
    """
    start = time.perf_counter()
    parts = [Mosi(data, split) for split in ("train", "dev", "test")]
    small = {"epochs": 1, "every": 1, "folds": 3, "fusions": ("gated",)}
    settings = SETTINGS | (small if quick else {})
    seeds, ladder = (SEEDS[:1], LADDER[-1:]) if quick else (SEEDS, LADDER)
    x = {name: np.concatenate([part.vectors()[name] for part in parts]) for name in NAMES}
    y, videos = (np.concatenate([getattr(part, of)() for part in parts]) for of in ("labels", "videos"))
    which = np.repeat([0, 1, 2], [len(part) for part in parts])
    rows = [np.flatnonzero(which == i) for i in range(3)]
    held = folds(rows[2], videos, settings["folds"])[: 2 if quick else None]
    protocols = {"official": [rows], "unseen features": held}
    figures, chosen, models = {}, {}, {}
    for protocol, splits in protocols.items():
        found, chosen[protocol] = [], []
        for split in splits:
            one, how = evaluate(x, y, split, ladder, settings, seeds, models)
            found.append(one)
            chosen[protocol].append(how)
        hits, missing = (joined([one[of] for one in found]) for of in ("hits", "missing"))
        test = np.concatenate([split[2] for split in splits])
        sizes = [len(split[1]) for split in splits]
        figures[protocol] = summarize(hits, missing, y[test], videos[test]) | {
            "dev": {name: figure(np.average([one["dev"][name] for one in found], weights=sizes)) for name in SYSTEMS}
        }
        for name in SYSTEMS:
            print(protocol, name, figures[protocol]["systems"][name], flush=True)
    path = write_results(
        "fusion", "mosi", figures, command="python -m mmcourse.experiments fusion-mosi --data DIR",
        seeds=seeds, data_hash=hash_captions(*parts), minutes=(time.perf_counter() - start) / 60,
        settings=settings | {
            "ladder": list(ladder), "chosen": chosen, "features_sha256": sha256_of(parts[0].path),
            "utterances": dict(zip(("train", "dev", "test"), map(len, parts), strict=True)),
            "interval": "95 %, bootstrap over test utterances of the mean over seeds; 'over videos': over whole videos;"
            " 'over seeds': lowest and highest",
        },
        quick=quick, folder=results,
    )  # fmt: skip
    print(f"Written: {path}")
    return path


def folds(rows, videos, n):
    """Every n-th of the videos (alphabetical) is the test once, those before it dev, the others train."""
    order = {video: place % n for place, video in enumerate(sorted(set(videos[rows])))}
    fold = np.array([order[video] for video in videos[rows]])
    dev = [(k - 1) % n for k in range(n)]
    return [(rows[~np.isin(fold, (k, dev[k]))], rows[fold == dev[k]], rows[fold == k]) for k in range(n)]


# One split


def evaluate(x, y, split, ladder, settings, seeds, models):
    """Tune, train and score on one (train, dev, test) -> what was found, and what was chosen.

    Found: "dev" {system: accuracy}, "hits" {system: bool (seeds, test)} with baselines, and "missing"
    {level: {"plain", "modality dropout": {what is missing: bool (seeds, test)}}}. ``models`` keeps compiled models from
    one split to the next.
    """
    train, dev, test = split
    both = np.concatenate([train, dev])
    tuning, final = standardized(x, train), standardized(x, both)
    found = {"hits": {}, "missing": {}, "dev": {}}
    chosen = {}
    for system in SYSTEMS:
        tried = []
        for candidate in candidates(system, ladder, settings["fusions"], chosen):
            key = (system, *candidate.values())
            if key not in models:
                models[key] = System(system, candidate, settings, x)
            loss, epochs, right = models[key].tune(tuning, y, train, dev)
            tried.append((loss, epochs, right, candidate))
        _, epochs, found["dev"][system], best = min(tried, key=lambda one: one[0])
        chosen[system] = best | {"epochs": epochs}
        if system == "feature":
            lowest = {name: min(one[:3] for one in tried if one[3]["fusion"] == name) for name in settings["fusions"]}
            chosen[system]["dev"] = {
                name: {"cross-entropy": round(loss, 4), "accuracy": round(right, 4)}
                for name, (loss, _, right) in lowest.items()
            }
        model = models[(system, *best.values())]
        shares = {"plain": 0.0} | ({"modality dropout": settings["modality_dropout"]} if system in LEVELS else {})
        for kind, share in shares.items():
            hits = {lack: [] for lack in ("nothing", *(NAMES if system in LEVELS else ()))}
            for seed in seeds:
                model.train(final, y, both, seed, epochs, share)
                for lack, right in hits.items():
                    right.append(model.classes(final, test, lack) == y[test])
            hits = {lack: np.array(right) for lack, right in hits.items()}
            if kind == "plain":
                found["hits"][system] = hits["nothing"]
            if system in LEVELS:
                found["missing"].setdefault(system, {})[kind] = hits
    for name in (*NAMES, "all"):
        table = [np.concatenate([x[n][part] for n in NAMES if name in (n, "all")], 1) for part in (both, test)]
        ridge = RidgeClassifierCV(np.logspace(-1, 3, 5)).fit(table[0], y[both])
        found["hits"][f"ridge, {name}"] = (ridge.predict(table[1]) == y[test])[None]
    found["hits"]["commonest in train"] = (y[test] == np.bincount(y[both]).argmax())[None]
    found["hits"]["always positive"] = (y[test] == 1)[None]
    return found, chosen


def candidates(system, ladder, fusions, chosen):
    """The settings that are tried for a system."""
    for rung in ladder:
        if system == "feature":
            yield from (rung | {"fusion": name} for name in fusions)
        elif system == "decision":
            yield from (rung | {"combine": how} for how in ("mean", "product"))
        elif system == "hybrid":  # the function and the rule that its parts were found best with
            yield rung | {"fusion": chosen["feature"]["fusion"], "combine": chosen["decision"]["combine"]}
        else:
            yield rung


def standardized(x, rows):
    """Every number with mean 0 and deviation 1 over ``rows``, and at most 5 from it: some lie 38 deviations away."""
    scaled = {}
    for name, values in x.items():
        mean, deviation = values[rows].mean(0), values[rows].std(0)
        # A number that never changes in ``rows`` says nothing: it becomes 0.
        scaled[name] = np.where(deviation > 1e-6, (values - mean) / np.maximum(deviation, 1e-6), 0).clip(-5, 5)
    return scaled


# One model


def build(system, candidate, seed):
    """The model of a system with the settings ``candidate``; see `mmcourse.fusion.levels`."""

    def encoder(of):
        share, units = candidate["dropout"], candidate["units"]
        first, start, second = independent(seed, 3, f"encoder of {of}")
        return keras.Sequential([
            keras.layers.Dropout(share, seed=first),
            keras.layers.Dense(units, "relu", kernel_initializer=keras.initializers.GlorotUniform(start)),
            keras.layers.Dropout(share, seed=second),
        ])  # fmt: skip

    if system in (*NAMES, "data"):
        return DataLevel(encoder("all"), 2, seed=seed)
    encoders = {name: encoder(name) for name in NAMES}
    if system == "decision":
        return DecisionLevel(encoders, 2, candidate["combine"], seed=seed)
    fusion = FUSIONS[candidate["fusion"]](candidate["units"], seed=seed)
    if system == "feature":
        return FeatureLevel(encoders, fusion, 2, seed=seed)
    return Hybrid(encoders, fusion, 2, candidate["combine"], seed=seed)


class System(Repeated):
    """A system with one choice of settings, a model that is trained again and again."""

    def __init__(self, system, candidate, settings, x):
        self.names, self.settings = ((system,) if system in NAMES else NAMES), settings
        optimizer = keras.optimizers.AdamW(
            settings["learning_rate"], weight_decay=candidate["decay"], global_clipnorm=settings["clip"]
        )
        first = batch(x, self.names, np.arange(2))
        super().__init__(lambda seed: build(system, candidate, seed), first, optimizer, settings["batch_size"], steps=4)

    def batches(self, x, y, rows, seed, epochs, share=0.0):
        """Shuffled `Batches` of ``rows``."""
        return Batches(x, y, self.names, rows, self.batch_size, seed, epochs, share)

    def train(self, x, y, rows, seed, epochs, share=0.0):
        """Train anew on ``rows``; ``share`` of the modalities is hidden at each step."""
        self.start(seed)
        self.model.fit(self.batches(x, y, rows, seed, epochs, share), shuffle=False, verbose=0)

    def tune(self, x, y, train, dev):
        """(cross-entropy, epochs, accuracy) on dev, of the number of epochs with the lowest cross-entropy."""
        self.start(SEEDS[0])
        every, found = self.settings["every"], []
        batches = self.batches(x, y, train, SEEDS[0], every)
        for epoch in range(every, self.settings["epochs"] + 1, every):
            self.model.fit(batches, shuffle=False, verbose=0)
            logs = keras.ops.convert_to_numpy(keras.ops.log_softmax(self.model(batch(x, self.names, dev))))
            right = logs.argmax(1) == y[dev]
            found.append((float(-logs[np.arange(len(dev)), y[dev]].mean()), epoch, float(right.mean())))
        return min(found)

    def classes(self, x, rows, lack="nothing"):
        """Which class each of ``rows`` is taken for where ``lack`` is missing."""
        there = {name: np.full(len(rows), name != lack) for name in self.names}
        return keras.ops.convert_to_numpy(self.model(batch(x, self.names, rows, there))).argmax(1)


def batch(x, names, rows, there=None):
    """The modalities ``names`` of ``rows``, and which of them are there: {name: bool (rows,)}, None for all."""
    there = there or {name: np.ones(len(rows), bool) for name in names}
    return {name: x[name][rows] for name in names} | {"present": there}


class Batches(keras.utils.PyDataset):
    """Shuffled batches of ``rows``, with modalities hidden at random, never all of them. Keras sees ``epochs`` passes
    as one long epoch: with data so small its own work at the end of each takes longer than the steps."""

    def __init__(self, x, y, names, rows, size, seed, epochs, share=0.0):
        super().__init__()
        self.x, self.y, self.names, self.rows, self.size, self.share = x, y, names, rows, size, share
        self.rng = np.random.default_rng(seed)
        self.steps, self.epochs = -(-len(rows) // size), epochs

    def __len__(self):
        return self.steps * self.epochs

    def __getitem__(self, index):
        index %= self.steps
        if index == 0:
            self.order = self.rng.permutation(self.rows)
        rows = self.order[index * self.size : (index + 1) * self.size]
        there = self.rng.random((len(self.names), len(rows))) >= self.share
        there[self.rng.integers(0, len(there), len(rows)), np.arange(len(rows))] |= ~there.any(0)
        return batch(self.x, self.names, rows, dict(zip(self.names, there, strict=True))), self.y[rows]


# Figures


def summarize(hits, missing, y, videos):
    """Bool arrays (seeds, test) -> figures."""
    text = hits["text"].mean(0)
    systems = {
        name: {
            "accuracy": mean_figure(right.mean(0)),
            "over videos": mean_figure(right.mean(0), videos),
            "over seeds": over_seeds(right.mean(1).tolist()),
            "balanced": figure(np.mean([right[:, y == label].mean() for label in (0, 1)])),
            "against text": mean_figure(right.mean(0) - text),
        }
        for name, right in hits.items()
    }
    missing = {
        level: {
            kind: {lack: mean_figure(right.mean(0)) for lack, right in lacks.items()} for kind, lacks in kinds.items()
        }
        for level, kinds in missing.items()
    }
    return {"systems": systems, "missing": missing}
