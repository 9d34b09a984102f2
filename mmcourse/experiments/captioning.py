"""The recorded captioning experiments: Scene World, and the photographs of Flickr8k.

Both follow one protocol. The vocabulary comes from train captions only. After each epoch the captioner writes captions
for dev, freely (no word of the truth is given to it), and the best epoch is kept. Beam width and length penalty are
chosen on dev too. Test is looked at once, at the end; beside each score stands what a blind guess gets.
"""

import os
import time
from pathlib import Path

import numpy as np

from mmcourse.captioning import (
    commonest_caption,
    load_captioner,
    save_captioner,
    shuffle_images,
    write_captions,
)
from mmcourse.corpora.flickr import Flickr8k
from mmcourse.experiments.captioners import fit
from mmcourse.experiments.results import figure, hash_captions, mean_figure, work_folder, write_results
from mmcourse.image import extract_features, load_backbone, regions
from mmcourse.metrics import bleu, bootstrap_interval, caption_scores, sentence_statistics
from mmcourse.scenes import VERSION, Scenes
from mmcourse.scenes.language import truth_and_coverage
from mmcourse.text import Vocabulary, encode_captions
from mmcourse.weights import FOLDER as WEIGHTS

SEED = 0

SCENES = {
    "n": 16000,
    "length": 17,  # of a row of tokens, start and end counted: captions of more than 15 words are left out
    "captions": "one",  # of a scene's five in an epoch
    "epochs": 12,
    "batch_size": 64,
    "learning_rate": 5e-3,
    "model": {
        "attention": "soft", "units": 192, "embedding": 64, "image_units": 96, "attention_units": 48, "places": True,
    },
}  # fmt: skip

FLICKR8K = {
    "min_count": 5,
    "length": {"en": 20, "zh": 24},
    "epochs": 9,
    "batch_size": 125,
    "learning_rate": 2e-3,
    "patience": 4,
    "model": {
        "units": 320, "embedding": 192, "image_units": 192, "attention_units": 128, "dropout": 0.3,
        "label_smoothing": 0.1,
    },
    "beams": [(width, penalty) for width in (2, 3, 5) for penalty in (0.4, 0.7, 1.0)],
}  # fmt: skip


def minutes_of(start, *histories):
    """Minutes since ``start``, and those of epochs that an earlier, stopped run has done."""
    here = time.perf_counter() - start
    return (here + sum(history["earlier"] for history in histories)) / 60


# Scene World


def scene_data(sizes, work, quick=False):
    """``sizes``: {split: number of scenes} -> by split, the collections, their features (n, 64, 128) and captions; and
    the vocabulary of train. Features are kept in ``work``."""
    splits = {split: Scenes(split, n=n) for split, n in sizes.items()}
    shipped = WEIGHTS / "scene_vgg.weights.h5"
    backbone = load_backbone("scene_vgg", weights=None if quick and not shipped.exists() else "course")
    features = {}
    for split, collection in splits.items():
        grid = extract_features(backbone, collection, work / f"{split}.npy", 6 if quick else 64, rebuild=True)
        features[split] = np.asarray(grid).reshape(len(collection), -1, grid.shape[-1])
    captions = {split: collection.captions() for split, collection in splits.items()}
    return splits, features, captions, Vocabulary.build([caption for some in captions["train"] for caption in some])


def scenes(quick=False, results=None, work=None, weights=None):
    """Train the shipped captioner on Scene World and record truth and coverage of what it writes for test scenes.

    Writes captioner.weights.h5, captioner.vocabulary.json and captioner.json into ``weights`` (default: the package's
    own folder; with ``quick`` the work folder), and returns the path of the record.
    """
    start = time.perf_counter()
    work = work_folder("captioning-scenes", quick, work)
    weights = Path(weights or (work / "weights" if quick else WEIGHTS))
    settings = SCENES | ({"n": 12, "epochs": 1, "batch_size": 6} if quick else {})
    sizes = {"train": settings["n"], **({"dev": 6, "test": 6} if quick else {"dev": 500, "test": 1000})}
    splits, features, captions, vocabulary = scene_data(sizes, work, quick)

    def marks(captioner, split, images=None, width=1):
        images = features[split] if images is None else images
        written = write_captions(captioner, images, vocabulary, width, max_length=settings["length"], batch_size=125)
        return truth_and_coverage(written, splits[split].truths())

    def score(captioner):
        found = {name: values.mean() for name, values in marks(captioner, "dev").items()}
        return {"score": found["truth"] + found["coverage"]} | found

    tokens = encode_captions(vocabulary, captions["train"], settings["length"])
    judged_by = features["dev"], captions["dev"]
    captioner, history = fit("soft", work, settings, features["train"], tokens, vocabulary, score, judged_by, quick)
    common = commonest_caption(caption for some in captions["train"] for caption in some)
    truths = splits["test"].truths()
    figures = {
        "greedy": _means(marks(captioner, "test")),
        "beam 3": _means(marks(captioner, "test", width=3)),
        "blind": {
            "commonest caption": _means(truth_and_coverage([common] * len(truths), truths)),
            "another scene's image": _means(marks(captioner, "test", shuffle_images(features["test"], SEED))),
        },
    }
    save_captioner(captioner, vocabulary, weights)
    path = write_results(
        "captioning", "scenes", figures,
        command="python -m mmcourse.experiments captioning-scenes",
        seeds=[SEED], data_hash=hash_captions(*splits.values()), minutes=minutes_of(start, history),
        settings=settings | {"scenes": VERSION, "history": history["epochs"], "best_epoch": history["best"] + 1},
        quick=quick, folder=results,
    )  # fmt: skip
    _show(figures, path)
    return path


def _means(found):
    """Mean truth and coverage, and the share of captions that are wholly true and complete, with bootstrap
    intervals."""
    rows = {name: np.asarray(values) for name, values in found.items()}
    rows["perfect"] = (rows["truth"] == 1) & (rows["coverage"] == 1)
    return {name: mean_figure(values) for name, values in rows.items()}


# Flickr8k


def photograph_settings(language="en", quick=False):
    """``FLICKR8K`` for one language; with ``quick``, those of a smoke test."""
    settings = FLICKR8K | {"length": FLICKR8K["length"][language]}
    if quick:
        settings |= {"epochs": 1, "batch_size": 5, "min_count": 1, "beams": [(2, 0.6)]}
        settings |= {"model": settings["model"] | {"units": 16, "embedding": 8, "image_units": 8, "attention_units": 8}}
    return settings


class Photographs:
    """Flickr8k for captioners: features (n, 49, 1280) by split, read from disk as they are needed, captions and
    vocabulary; and the protocol: trained with a look at dev after each epoch, the beam chosen on dev, test scored once.

    Args: data, language, quick: as of ``flickr8k``. settings: of ``photograph_settings``. work: folder for features and
    checkpoints.
    """

    def __init__(self, data, language, settings, work, quick=False):
        self.language, self.settings, self.work, self.quick = language, settings, work, quick
        splits = {split: Flickr8k(data, split, language) for split in ("train", "dev", "test")}
        if quick:
            splits = {split: collection[:8] for split, collection in splits.items()}
        backbone = load_backbone("mobilenet_v2", weights=None) if quick else photograph_backbone(data)
        size = 3 if quick else 64
        self.features = {
            split: regions(extract_features(backbone, collection, work / f"{split}.npy", size, rebuild=True))
            for split, collection in splits.items()
        }
        self.captions = {split: [item.captions for item in collection] for split, collection in splits.items()}
        known = (c for some in self.captions["train"] for c in some)
        self.vocabulary = Vocabulary.build(known, language, settings["min_count"])
        self.tokens = encode_captions(self.vocabulary, self.captions["train"], settings["length"])
        self.data_hash = hash_captions(*splits.values())
        self.described = {
            "backbone": "mobilenet_v2", "vocabulary": len(self.vocabulary), "language": language,
            "tokenizer": language, "images": {split: len(c) for split, c in splits.items()},
        }  # fmt: skip

    def write(self, captioner, images, width=1, penalty=0.0):
        """Captions of features."""
        length = self.settings["length"] - 1
        return write_captions(captioner, images, self.vocabulary, width, penalty, max_length=length, batch_size=100)

    def on_dev(self, captioner, *beam):
        """Scores on dev, with the "score" that chooses."""
        written = self.write(captioner, self.features["dev"], *beam)
        scores = caption_scores(written, self.captions["dev"], self.language)
        # BLEU-4 alone prefers safe phrases; CIDEr-D, some three times as large, asks for the words that matter.
        return {"score": scores["BLEU-4"] + scores["CIDEr-D"] / 3} | scores

    def on_test(self, written):
        """Figures of test captions."""
        scores = caption_scores(written, self.captions["test"], self.language)
        intervals = bootstrap_interval(written, self.captions["test"], tokenize=self.language, seed=SEED)
        found = {m: figure(s, (min(s, intervals[m][0]), max(s, intervals[m][1]))) for m, s in scores.items()}
        return found | unpenalised(written, self.captions["test"], self.language)

    def fitted(self, kind, model):
        """The captioner with these settings beside the common ones, at its best epoch on dev; and its history."""
        settings = self.settings | {"model": self.settings["model"] | model}
        judged_by = self.features["dev"], self.captions["dev"]
        return fit(
            kind, self.work, settings, self.features["train"], self.tokens, self.vocabulary, self.on_dev, judged_by,
            self.quick,
        )  # fmt: skip

    def chosen(self, kind, captioner):
        """The beam (width, length penalty) that is best on dev; figures, greedy and with it, on test and dev; and the
        test captions behind them."""
        beams, test = self.settings["beams"], self.features["test"]
        grid = {beam: self.on_dev(captioner, *beam) for beam in ((1, 0.0), *map(tuple, beams))}
        best = max(map(tuple, beams), key=lambda beam: grid[beam]["score"])
        print(f"{kind}: beam of width {best[0]}, length penalty {best[1]}, chosen on dev", flush=True)
        both = {"greedy": (1, 0.0), "beam": best}
        written = {which: self.write(captioner, test, *beam) for which, beam in both.items()}
        found = {which: self.on_test(some) for which, some in written.items()}
        dev = {which: {m: figure(v) for m, v in grid[beam].items() if m != "score"} for which, beam in both.items()}
        return best, found | {"dev": dev}, written


def flickr8k(data=None, language="en", quick=False, results=None, work=None):
    """Plain and soft attention on frozen MobileNetV2 features of Flickr8k; returns the path of the record.

    ``data`` holds ``flickr8k`` (for "zh" also ``flickr8k_cn``) and ``backbones`` with MobileNetV2's weights; without
    the latter Keras downloads them. Default: the variable MMCOURSE_DATA.
    """
    start = time.perf_counter()
    work = work_folder(f"captioning-flickr8k-{language}", quick, work)
    settings = photograph_settings(language, quick)
    photographs = Photographs(data, language, settings, work, quick)
    features, captions = photographs.features, photographs.captions
    figures, chosen, histories = {}, {}, {}
    for kind, attention in {"plain": None, "soft": "soft"}.items():
        captioner, history = photographs.fitted(kind, {"attention": attention})
        beam, figures[kind], _ = photographs.chosen(kind, captioner)
        chosen[kind] = {
            "width": beam[0], "length_penalty": beam[1], "best_epoch": history["best"] + 1,
            "weights": captioner.count_params(), "history": history["epochs"],
        }  # fmt: skip
        save_captioner(captioner, photographs.vocabulary, work / "trained" / kind)
        histories[kind] = history
    common = commonest_caption((c for some in captions["train"] for c in some), language)
    figures["blind"] = {
        "commonest caption": photographs.on_test([common] * len(captions["test"])),
        "another photograph": photographs.on_test(
            photographs.write(captioner, shuffle_images(features["test"], SEED), *beam)
        ),
    }
    path = write_results(
        "captioning", "flickr8k", figures, name="captioning-flickr8k" + "-zh" * (language == "zh"),
        command="python -m mmcourse.experiments captioning-flickr8k --data DIR" + " --language zh" * (language == "zh"),
        seeds=[SEED], data_hash=photographs.data_hash, minutes=minutes_of(start, *histories.values()),
        settings=settings | photographs.described | {"chosen": chosen},
        quick=quick, folder=results,
    )  # fmt: skip
    _show(figures, path)
    return path


def unpenalised(written, references, language):
    """BLEU-1 … BLEU-4 of captions without the brevity penalty, as some papers print it, and the penalty itself, as
    figures."""
    *counts, length, closest = (field.sum(axis=0) for field in sentence_statistics(written, references, language)[:4])
    plain, penalised = bleu(*counts, length=1, reference_length=1), bleu(*counts, length, closest)
    found = {f"BLEU-{k} without brevity penalty": figure(score) for k, score in enumerate(plain, start=1)}
    return found | {"brevity penalty": figure(penalised[0] / plain[0])}


def photograph_backbone(data=None, input_size=None):
    """MobileNetV2 with the weights in ``data/backbones``, where they lie there, else with those that Keras downloads.

    ``data``: the folder of real data; default: the variable MMCOURSE_DATA. ``input_size``: see `load_backbone`.
    """
    data = data or os.environ.get("MMCOURSE_DATA")
    file = Path(data) / "backbones" / "mobilenetv2_1.0_224_notop_folded.weights.h5" if data else None
    return load_backbone("mobilenet_v2", weights=file if file and file.exists() else "imagenet", input_size=input_size)


def photograph_captioner(kind="soft", language="en", work=None):
    """The captioner that ``flickr8k`` trained here, and its vocabulary; ``kind``: "plain" or "soft".

    It describes the regions of ``photograph_backbone``, (n, 49, 1280). Raises FileNotFoundError before that run.
    """
    folder = work_folder(f"captioning-flickr8k-{language}", work=work) / "trained" / kind
    try:
        return load_captioner(folder)
    except FileNotFoundError as error:
        raise FileNotFoundError(f"No captioner for photographs has been trained here: make real. ({error})") from error


def _show(figures, path, place=""):
    for name, nest in figures.items():
        if "value" in nest:
            low, high = nest.get("interval", (nest["value"],) * 2)
            print(f"{place + name:45} {100 * nest['value']:6.2f}  [{100 * low:.2f}, {100 * high:.2f}]")
        else:
            _show(nest, None, f"{place}{name}, ")
    if path:
        print(f"Written: {path}")
