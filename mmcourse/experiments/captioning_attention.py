"""Recorded experiments of the page `captioning_attention`: a captioner that sees a weighted mean of all regions, or one
region at a time, learned by REINFORCE or through a straight-through Gumbel draw. Equal sizes, equal steps; where each
looks as it writes is scored with the true masks, and the noise of the gradients is measured at the same weights.
"""

import time

import numpy as np

from mmcourse._machinery.digests import digest, of_code
from mmcourse._machinery.files import read_sealed, whole, write_sealed
from mmcourse.batches import CaptionBatches
from mmcourse.captioning import Captioner, shuffle_images, write_captions, write_tokens
from mmcourse.experiments.captioners import Elsewhere, fit
from mmcourse.experiments.captioning import scene_data
from mmcourse.experiments.cross_attention import ROWS, in_parts, phrases_of
from mmcourse.experiments.gradient_noise import ESTIMATORS, estimators, gradient_noise, named_weights, noise_figures
from mmcourse.experiments.results import hash_captions, mean_figure, over_seeds, work_folder, write_results
from mmcourse.metrics import attention_mass, centre_prior, pointing
from mmcourse.scenes import VERSION
from mmcourse.scenes.language import truth_and_coverage
from mmcourse.scenes.language.english import COLOUR_WORDS, NOUNS
from mmcourse.text import START, encode_captions, tokenize

SCENES = {
    "train": 8000, "dev": 300, "test": 1000, "length": 17, "captions": "one", "epochs": 24, "batch_size": 64,
    "learning_rate": 5e-3, "seeds": [0, 1, 2],
    "model": {"units": 128, "embedding": 48, "image_units": 64, "attention_units": 32, "places": True},
    "kinds": {
        "soft": {"attention": "soft"},
        "soft, doubly stochastic": {"attention": "soft", "doubly_stochastic": 1.0},
        "hard": {"attention": "hard", "soft_share": 0.5, "entropy": 0.003},
        "hard, no baseline": {"attention": "hard", "soft_share": 0.5, "entropy": 0.003, "baseline": None},
        "gumbel": {"attention": "gumbel"},
    },
    "noise": {"draws": 100, "captions": 64},
}  # fmt: skip

DIFFERENCES = (
    ("soft, doubly stochastic", "soft"), ("hard", "soft"), ("hard", "hard, no baseline"), ("gumbel", "soft"),
    ("gumbel", "hard"),
)  # fmt: skip
MEASURES = ("truth", "coverage", "perfect")
AGAIN = "Delete it: it is then measured anew."


def words_of(table):
    """The single words of a table {what: {"singular|plural": weight}}."""
    return {word for forms in table.values() for form in forms for word in form.replace("|", " ").split()}


NAMING = {"colour": words_of(COLOUR_WORDS), "shape": words_of(NOUNS)}


def kept(path, key, make):
    """What ``make`` returns, a dict for JSON, from the file of an earlier call with the same key and code."""
    key = digest(key, of_code())
    if path.exists() and (found := read_sealed(path, AGAIN))["key"] == key:
        return found["made"]
    made = make()
    write_sealed(path, {"key": key, "made": made}, indent=None)
    return made


def looked_at(captioner, images, tokens, size=100):
    """The attention weights with which written tokens (n, L) were chosen: (n, L, m)."""
    before = np.concatenate([np.full((len(tokens), 1), START), tokens[:, :-1]], axis=1).astype("int32")

    def weights(x, t):
        return captioner({"image": x.astype("float32"), "tokens": t}, return_weights=True)[1]

    return in_parts(weights, images, before, size=size)


def naming_words(told, truths):
    """The words of phrases that something fits: scene (q,), place among the words (q,), right cells bool (q, 64), and
    {"colour": bool (q,), "shape": bool (q,)}, whether each names one."""
    scene, first, last, right = phrases_of(told, truths)
    each = [(i, at, k) for k, (i, a, b) in enumerate(zip(scene, first, last, strict=True)) for at in range(a, b + 1)]
    scene, at, phrase = np.array(each, int).reshape(-1, 3).T
    split = [tokenize(one) for one in told]
    words = [split[i][k] for i, k in zip(scene, at, strict=True)]
    return scene, at, right[phrase], {name: np.array([w in some for w in words], bool) for name, some in NAMING.items()}


def measure(captioner, untrained, elsewhere, images, truths, vocabulary, length, prior):
    """Write for test scenes, and score what is written and where each word was looked for: lists, one number a scene or
    a word. ``untrained``: a captioner of the same form; ``elsewhere``: an `Elsewhere` with the captioner's weights;
    ``prior``: the best fixed cell's weights."""
    tokens = write_tokens(captioner, images, max_length=length, batch_size=100)
    told = vocabulary.decode(tokens)
    found = truth_and_coverage(told, truths)
    found["perfect"] = (found["truth"] == 1) & (found["coverage"] == 1)
    wrong = vocabulary.decode(write_tokens(elsewhere, images, max_length=length, batch_size=100))
    wrong = {name: np.asarray(x, float).tolist() for name, x in truth_and_coverage(wrong, truths).items()}
    scene, at, right, naming = naming_words(told, truths)
    even = np.ones((len(right), ROWS * ROWS))
    looks = {
        "attention": (looked_at(captioner, images, tokens)[scene, at], "worst"),
        "the same words, another scene": (looked_at(captioner, shuffle_images(images), tokens)[scene, at], "worst"),
        "untrained attention": (looked_at(untrained, images, tokens)[scene, at], "worst"),
        "centre prior": (even * centre_prior(ROWS, ROWS).ravel(), "shared"),
        "best fixed cell": (even * prior, "shared"),
        "chance": (even, "shared"),
    }
    scores = {
        name: {"pointing": pointing(w, right, ties).tolist(), "mass": attention_mass(w, right).tolist()}
        for name, (w, ties) in looks.items()
    }
    own = looks["attention"][0]
    largest = own.max(axis=1)
    return {
        "captions": {name: np.asarray(found[name], float).tolist() for name in MEASURES},
        "scene": scene.tolist(), "naming": {name: which.tolist() for name, which in naming.items()},
        "looks": scores, "largest weight": largest.tolist(), "elsewhere": wrong,
    }  # fmt: skip


def scenes(quick=False, results=None, work=None):
    """Soft and hard captioners on Scene World, over the seeds. Returns the record's path."""
    start = time.perf_counter()
    work = work_folder("captioning_attention-scenes", quick, work)
    small = {
        "train": 12, "dev": 6, "test": 6, "epochs": 2, "batch_size": 6, "seeds": [0],
        "kinds": {kind: SCENES["kinds"][kind] for kind in ("soft", "hard", "gumbel")},
        "noise": {"draws": 2, "captions": 4}, "model": SCENES["model"] | {"units": 8, "image_units": 8},
    }  # fmt: skip
    settings = SCENES | (small if quick else {})
    splits, features, captions, vocabulary = scene_data(
        {split: settings[split] for split in ("train", "dev", "test")}, work, quick
    )
    tokens = encode_captions(vocabulary, captions["train"], settings["length"])
    truths = {split: collection.truths() for split, collection in splits.items()}
    data_hash = hash_captions(*splits.values())
    often = phrases_of([five[0] for five in captions["train"]], truths["train"])[3].mean(axis=0)
    prior = np.eye(ROWS * ROWS)[often.argmax()]

    def marks(captioner):
        written = write_captions(captioner, features["dev"], vocabulary, max_length=settings["length"], batch_size=100)
        found = {name: float(x.mean()) for name, x in truth_and_coverage(written, truths["dev"]).items()}
        return {"score": found["truth"] + found["coverage"]} | found

    def early(seed):
        return work / f"hard-{seed}-after-one-epoch.npz"

    def run(kind, seed):
        model = settings["model"] | settings["kinds"][kind] | {"draw_seed": seed}
        steps = -(-settings["train"] // settings["batch_size"])

        def score(captioner):
            if kind == "hard" and int(captioner.optimizer.iterations) == steps:
                with whole(early(seed)) as part:
                    np.savez(part, **named_weights(captioner))
            return marks(captioner)

        judged_by = features["dev"], captions["dev"]
        own = settings | {"model": model}
        captioner, history = fit(
            f"{kind}-{seed}", work, own, features["train"], tokens, vocabulary, score, judged_by, quick, seed
        )
        other = Captioner(len(vocabulary), **model | {"inference": "mean"})
        untrained, elsewhere = Captioner(len(vocabulary), **model), Elsewhere(len(vocabulary), **model)
        for copy in (other, untrained, elsewhere):
            copy.adapt(features["train"])
        for copy in (other, elsewhere):
            copy.set_weights(captioner.get_weights())
        judged = features["test"], truths["test"], vocabulary, settings["length"], prior
        found = measure(captioner, untrained, elsewhere, *judged)
        if kind == "hard":
            with whole(work / f"hard-{seed}.npz") as part:
                np.savez(part, **named_weights(captioner))
        seconds = sum(epoch["seconds"] for epoch in history["epochs"])
        dev = {"as it learned": marks(captioner), "the mean": marks(other)}
        return found | {"dev": dev, "history": history["epochs"], "best": history["best"], "seconds": seconds}

    def noise():
        captioners = estimators(settings, features["train"].shape[1:], len(vocabulary))
        found = {}
        for stage in ("after one epoch", "at the end"):
            rows = []
            for seed in settings["seeds"]:
                size = settings["noise"]["captions"]
                batches = CaptionBatches(features["train"], tokens, size, settings["captions"], seed=seed)
                batches.epoch = 1
                file = early(seed) if stage == "after one epoch" else work / f"hard-{seed}.npz"
                with np.load(file) as weights:
                    rows.append(gradient_noise(captioners, dict(weights), batches[0], settings["noise"]["draws"]))
            found[stage] = rows
        return found

    runs = {}
    for seed in settings["seeds"]:
        for kind in settings["kinds"]:
            key = [settings, kind, seed, data_hash]
            runs.setdefault(kind, []).append(
                kept(work / f"{kind}-{seed}.json", key, lambda kind=kind, seed=seed: run(kind, seed))
            )
            told = runs[kind][-1]["captions"] | runs[kind][-1]["looks"]["attention"]
            print(kind, seed, {name: round(sum(x) / max(len(x), 1), 3) for name, x in told.items()}, flush=True)
    drawn = kept(work / "noise.json", [settings, data_hash], noise)
    figures = {kind: summary(some) for kind, some in runs.items()}
    figures["differences"] = {
        f"{one} less {other}": differences(runs[one], runs[other])
        for one, other in DIFFERENCES
        if {one, other} <= runs.keys()
    }
    figures["gradients"] = {
        stage: {name: over_seeds([noise_figures(row, name) for row in rows]) for name in ESTIMATORS}
        for stage, rows in drawn.items()
    }
    minutes = sum(run["seconds"] for some in runs.values() for run in some) / 60
    return write_results(
        "captioning_attention", "scenes", figures,
        command="python -m mmcourse.experiments captioning_attention-scenes",
        seeds=settings["seeds"], data_hash=data_hash, minutes=max(minutes, (time.perf_counter() - start) / 60),
        settings=settings | {"scenes_version": VERSION},
        curves={
            kind: [[round(e["truth"] + e["coverage"], 4) for e in run["history"]] for run in some]
            for kind, some in runs.items()
        },
        losses={kind: [[round(e["loss"], 4) for e in run["history"]] for run in some] for kind, some in runs.items()},
        best_epochs={kind: [run["best"] + 1 for run in some] for kind, some in runs.items()},
        quick=quick, folder=results,
    )  # fmt: skip


def summary(runs):
    """Figures of one kind, over its runs: what it wrote, and where it looked; intervals are over scenes."""
    scene = np.concatenate([run["scene"] for run in runs]).astype(int)  # no word at all is an empty list
    naming = {name: np.concatenate([run["naming"][name] for run in runs]).astype(bool) for name in NAMING}
    everything = np.ones(len(scene), bool)
    found = {
        name: mean_figure(np.concatenate([run["captions"][name] for run in runs]), _scenes(runs)) for name in MEASURES
    }
    found["each seed"] = _each_seed([_means(run) for run in runs])
    found["elsewhere"] = over_seeds([{name: np.mean(x) for name, x in run["elsewhere"].items()} for run in runs])
    for look in runs[0]["looks"]:
        row = found.setdefault("looks", {}).setdefault(look, {})
        for what in ("pointing", "mass"):
            values = np.concatenate([run["looks"][look][what] for run in runs])
            for words, which in {"all words": everything, **naming}.items():
                if which.any() and (look == "attention" or words == "all words"):
                    row.setdefault(words, {})[what] = mean_figure(values[which], scene[which])
    if len(scene):
        found["largest weight"] = mean_figure(np.concatenate([run["largest weight"] for run in runs]), scene)
    found["dev"] = {
        how: over_seeds([{name: run["dev"][how][name] for name in ("truth", "coverage")} for run in runs])
        for how in runs[0]["dev"]
    }
    changes = [run["history"][-1]["score"] - run["history"][-1 - len(run["history"]) // 4]["score"] for run in runs]
    found["dev"]["change over the last quarter"] = over_seeds(changes)
    found["minutes"] = over_seeds([run["seconds"] / 60 for run in runs])
    return found


def _means(run):
    """What one run wrote and where it looked, as means over its captions, and over its words."""
    looks = run["looks"]["attention"]
    found = {name: np.mean(run["captions"][name]) for name in MEASURES}
    return found | {what: np.mean(looks[what]) for what in ("pointing", "mass") if looks[what]}


def _each_seed(rows):
    """Of dicts of numbers, one a seed, those that every seed has: their mean and range."""
    names = [name for name in rows[0] if all(name in row for row in rows)]
    return over_seeds([{name: row[name] for name in names} for row in rows])


def _scenes(runs):
    return np.concatenate([np.arange(len(run["captions"]["truth"])) for run in runs])


def differences(runs, others):
    """Differences of two kinds, paired by scene (each the mean over the seeds), with intervals over scenes; and those
    of the means of each seed, with their range."""
    found = {}
    for name in MEASURES:
        one, other = (np.mean([run["captions"][name] for run in some], axis=0) for some in (runs, others))
        found[name] = mean_figure(one - other)
    for what in ("pointing", "mass"):
        one, other = (_by_scene(some, what) for some in (runs, others))
        both = np.isfinite(one) & np.isfinite(other)  # a caption may name nothing that is there
        found |= {what: mean_figure((one - other)[both])} if both.any() else {}
    pairs = [(_means(run), _means(other)) for run, other in zip(runs, others, strict=True)]
    found["each seed"] = _each_seed(
        [{name: one[name] - other[name] for name in one if name in other} for one, other in pairs]
    )
    return found


def _by_scene(runs, what):
    scene, n = np.concatenate([run["scene"] for run in runs]).astype(int), len(runs[0]["captions"]["truth"])
    values = np.concatenate([run["looks"]["attention"][what] for run in runs])
    count = np.bincount(scene, minlength=n)
    return np.where(count, np.bincount(scene, values, minlength=n) / np.maximum(count, 1), np.nan)
