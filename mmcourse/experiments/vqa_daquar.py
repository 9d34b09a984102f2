"""The recorded experiment on DAQUAR: questions about photographs of rooms, answered blind, with one vector, with
attention.

The official train side is cut by photograph into train and dev. Each system's settings are chosen on dev, by the same
search for all, the blind ones included; then it is trained on the whole official train side, for as many epochs as were
best on dev, with three seeds, and asked the test questions once a seed. Vocabulary, answers and components of features
are those of what a system is trained on. An answer of several things is one class, right as a whole or wrong; a test
answer that is no class counts as wrong. Features come from MobileNetV2 trained on ImageNet, frozen.

Beside the networks stands a closed form: ridge regression, with the product of a kernel of questions and one of
pictures.
"""

import itertools
import os
import time
from pathlib import Path

import numpy as np
from scipy.special import log_softmax

from mmcourse._machinery.files import write_sealed
from mmcourse.backend import keras
from mmcourse.batches import QuestionBatches
from mmcourse.corpora import Daquar
from mmcourse.experiments.captioners import optimizer
from mmcourse.experiments.results import figure, hash_captions, mean_figure, over_seeds, work_folder, write_results
from mmcourse.experiments.training import train
from mmcourse.experiments.vqa_daquar_rooms import Rooms, Views, by_kernels, photographs
from mmcourse.text import load_vectors
from mmcourse.vqa import JointEmbedding, StackedAttention

KINDS = ("object", "number", "colour")
BLIND, PICTURE, JOINT, ATTENTION = "question only", "picture only", "joint embedding", "stacked attention"
EQUAL, KERNELS, BLIND_KERNEL = "equal weights", "kernels", "kernel of questions"
BOTH = f"{ATTENTION} and {KERNELS}"
SYSTEMS = {
    BLIND: (JointEmbedding, {"uses": "text", "places": False}),
    PICTURE: (JointEmbedding, {"uses": "image"}),
    JOINT: (JointEmbedding, {}),
    ATTENTION: (StackedAttention, {}),
}
CONTROL = {EQUAL: (StackedAttention, {"weights": "equal"})}  # with the settings that were chosen for attention
SETTINGS = {
    "pixels": 448,  # small things are lost with 224; four cells of the finer map are then taken together
    "components": 128, "length": 16, "batch_size": 64, "epochs": 12, "patience": 4, "learning_rate": 3e-3,
    "hidden": 0.3, "seeds": [0, 1, 2],
    # A search begins with the first settings; then each change is tried in turn, and kept if dev is better for it.
    "first": {
        "dropout": 0.3, "label_smoothing": 0.1, "vectors": "drawn", "mirror": True, "weight_decay": 0.0, "units": 128,
        "hops": 2,
    },
    "then": {
        "dropout": [0.1, 0.5], "label_smoothing": [0.0], "vectors": ["GloVe"], "mirror": [False],
        "weight_decay": [0.1], "units": [192], "hops": [1],
    },
    "picture": [1.0, 2.0], "ridge": [0.5, 1.0, 2.0], "together": [0.3, 1.0, 3.0],
}  # fmt: skip
QUICK = {
    "components": 6, "length": 8, "batch_size": 20, "epochs": 1, "seeds": [0, 1], "picture": [1.0], "ridge": [1.0],
    "first": SETTINGS["first"] | {"units": 8}, "then": {"vectors": ["GloVe"], "hops": [1]},
}  # fmt: skip
VECTORS = "glove.6B.50d.flickr8k_vocab.txt"
PUBLISHED = {"Neural-Image-QA": 19.4, "IMG-CNN": 23.4, "SAN": 29.3, "people": 50.2}  # all classes, percent


def scores(model, system, rooms, mirror, sources=None):
    """Log-probabilities (q, answers) for the held questions; where ``mirror``, the mean of both ways to ask."""
    features, tokens = seen(system, rooms, "held")
    sources = rooms.sources["held"] if sources is None else sources
    ways = [(features[:, way], sources, tokens[:, way]) for way in range(1 + mirror)]
    return np.mean(
        [log_softmax(model.predict(QuestionBatches(*way, batch_size=250), verbose=0), axis=1) for way in ways], axis=0
    )


def seen(system, rooms, side):
    """The features and tokens that a system sees; a blind one sees neither size nor content of the other."""
    uses = SYSTEMS.get(system, (None, {}))[1].get("uses")
    features = np.zeros((len(rooms.features), 2, 1, 1), "float32") if uses == "text" else rooms.features
    return features, np.zeros_like(rooms.tokens[side][..., :1]) if uses == "image" else rooms.tokens[side]


def right(found, rooms):
    """Whether the answer with the highest score is the true one, bool (q,)."""
    return found.argmax(1) == rooms.labels["held"]


class Lab:
    """Trains systems in ``folder``. ``earlier``: seconds of what earlier calls of the experiment trained."""

    def __init__(self, settings, folder, data):
        self.settings, self.folder, self.earlier = settings, folder, {}
        file = Path(data or os.environ.get("MMCOURSE_DATA") or "") / "word_vectors" / VECTORS
        self.vectors = file if file.is_file() else None

    def build(self, system, how, rooms, seed):
        kind, own = (SYSTEMS | CONTROL)[system]
        parts = ("units", "dropout", "label_smoothing", *(["hops"] if kind is StackedAttention else []))
        own = {name: how[name] for name in parts} | own
        known = load_vectors(self.vectors, rooms.vocabulary, seed=seed).matrix if how["vectors"] == "GloVe" else None
        model = kind(
            len(rooms.vocabulary), len(rooms.answers), length=self.settings["length"], seed=seed,
            embedding=None if known is None else known.shape[1], **own,
        )  # fmt: skip
        features, _ = seen(system, rooms, "train")
        model.build({"image": (None, *features.shape[2:]), "text": (None, None)})
        if known is not None:  # brought to the size of those that are drawn
            model.reader.words.embeddings.assign(known / known.std() / known.shape[1] ** 0.5)
        return model

    def train(self, system, how, rooms, seed, epochs=None):
        """Train, going on where an earlier call stopped -> (model, history). ``epochs``: how many; None: those that are
        best on the held questions."""
        how = {name: how[name] for name in self.settings["first"] if name in how}
        keras.utils.set_random_seed(seed)
        settings, model = self.settings, self.build(system, how, rooms, seed)
        features, tokens = seen(system, rooms, "train")
        batches = Views(
            features, rooms.sources["train"], tokens, rooms.labels["train"], how["mirror"], settings["hidden"],
            settings["batch_size"], seed,
        )  # fmt: skip
        steps = settings["epochs"] * len(batches)
        model.compile(optimizer(settings["learning_rate"], steps, how["weight_decay"]))

        def score():
            if epochs:  # the last one is kept
                return {"score": float(keras.ops.convert_to_numpy(model.optimizer.iterations))}
            return {"score": float(right(scores(model, system, rooms, how["mirror"]), rooms).mean())}

        place = Path("all" if epochs else "dev", system, "-".join(map(str, (*how.values(), seed))))
        history = train(
            model, batches, epochs or settings["epochs"], self.folder / place, score,
            None if epochs else settings["patience"], verbose=0,
            judged_by=[how, rooms.labels["held"], rooms.sources["held"], rooms.tokens["held"]],
        )  # fmt: skip
        self.earlier.setdefault(place, history["earlier"])
        return model, history

    def search(self, system, rooms):
        """The settings that are best on the held questions, and all that was tried."""
        without = {"vectors"} if system == PICTURE or not self.vectors else set()
        without |= set() if system == ATTENTION else {"hops"}
        then = {name: values for name, values in self.settings["then"].items() if name not in without}
        kept, tried = dict(self.settings["first"]), []
        if system != ATTENTION:
            del kept["hops"]
        for change in [{}, *({name: value} for name, values in then.items() for value in values)]:
            how = kept | change
            _, history = self.train(system, how, rooms, self.settings["seeds"][0])
            found = {"epochs": history["best"] + 1, "dev": round(history["epochs"][history["best"]]["score"], 4)}
            if all(found["dev"] > one["dev"] for one in tried):
                kept, best = how, how | found
            tried.append(how | found)
            print(f"{system}: {change or how}: {found}", flush=True)
            keras.backend.clear_session()
        return best, tried


def kernels(rooms, settings, choices=None):
    """Scores of the held questions by each choice (a, ridge) of the kernels, {(a, ridge): (q, answers)}."""
    choices = choices or list(itertools.product([0.0, *settings["picture"]], settings["ridge"]))
    return dict(zip(choices, by_kernels(rooms, choices), strict=True))


def chosen_on_dev(lab, rooms):
    """The settings of every system that are best on dev -> ({system: settings}, {system: all that was tried})."""
    settings, chosen, tried = lab.settings, {}, {}
    for system in SYSTEMS:
        chosen[system], tried[system] = lab.search(system, rooms)
    found = kernels(rooms, settings)
    for name, with_picture in ((BLIND_KERNEL, False), (KERNELS, True)):
        tried[name] = [
            {"picture": a, "ridge": ridge, "dev": round(float(right(one, rooms).mean()), 4)}
            for (a, ridge), one in found.items()
            if (a > 0) == with_picture
        ]
        chosen[name] = max(tried[name], key=lambda one: one["dev"])
    how = chosen[ATTENTION]
    model, _ = lab.train(ATTENTION, how, rooms, settings["seeds"][0])
    network = np.exp(scores(model, ATTENTION, rooms, how["mirror"]))
    closed = found[chosen[KERNELS]["picture"], chosen[KERNELS]["ridge"]]
    tried[BOTH] = [
        {"share": share, "dev": round(float(right(network + share * closed, rooms).mean()), 4)}
        for share in settings["together"]
    ]
    chosen[BOTH] = max(tried[BOTH], key=lambda one: one["dev"])
    return chosen, tried


def asked_test(lab, rooms, chosen):
    """Train every system with its chosen settings, with each seed, and ask it the held questions -> ({system: scores,
    one (q, answers) a seed}, the same where another photograph was shown)."""
    found, another = {}, {}
    for system in (*SYSTEMS, *CONTROL):
        how = chosen[ATTENTION if system in CONTROL else system]
        for seed in lab.settings["seeds"]:
            model, _ = lab.train(system, how, rooms, seed, how["epochs"])
            found.setdefault(system, []).append(scores(model, system, rooms, how["mirror"]))
            if system in (JOINT, ATTENTION):
                other = scores(model, system, rooms, how["mirror"], rooms.others())
                another.setdefault(system, []).append(other)
            print(f"{system}, seed {seed}: asked", flush=True)
            keras.backend.clear_session()
    choices = {name: (chosen[name]["picture"], chosen[name]["ridge"]) for name in (BLIND_KERNEL, KERNELS)}
    closed = kernels(rooms, lab.settings, list(choices.values()))
    found |= {name: [closed[choice]] for name, choice in choices.items()}
    found[BOTH] = [np.exp(one) + chosen[BOTH]["share"] * found[KERNELS][0] for one in found[ATTENTION]]
    return found, another


def figures_of(found, another, rooms):
    """What is recorded of scores: every share with an interval over photographs."""
    asked = rooms.asked["held"]
    photograph = np.array([question.image for question in asked])
    kind = np.array([question.kind for question in asked])
    parts = {"all": kind != "", **{name: kind == name for name in KINDS}}
    parts["one thing"] = np.array([len(question.answers) == 1 for question in asked])
    hits = {name: np.array([right(one, rooms) for one in some]) for name, some in found.items()}
    common = {name: most([q.answer for q in rooms.asked["train"] if q.kind == name]) for name in KINDS}
    said = {
        "commonest answer": [rooms.answers[0]] * len(asked),
        "commonest answer of the kind": [common[question.kind] for question in asked],
    }
    true = np.array([question.answer for question in asked])
    hits |= {name: (np.array(answers) == true)[None] for name, answers in said.items()}
    blind, test = hits[BLIND].mean(0), {}
    for name, some in hits.items():
        mean = some.mean(0)
        test[name] = {
            part: {
                "exact match": mean_figure(mean[rows], photograph[rows]),
                "gain over question only": mean_figure((mean - blind)[rows], photograph[rows]),
            }
            for part, rows in parts.items()
            if rows.any()
        }
        test[name]["over seeds"] = over_seeds(some.mean(1).tolist())
    together = {name: sum(np.exp(one) for one in some) for name, some in found.items() if name in SYSTEMS}
    shown = {name: np.array([right(one, rooms) for one in some]).mean(0) for name, some in another.items()}
    return {
        "test": test,
        "seeds together": {name: mean_figure(right(one, rooms), photograph) for name, one in together.items()},
        "another photograph": {name: mean_figure(share, photograph) for name, share in shown.items()},
        "attention against equal weights": mean_figure((hits[ATTENTION].mean(0) - hits[EQUAL].mean(0)), photograph),
        "test answers that are classes": mean_figure(rooms.labels["held"] >= 0, photograph),
    }


def most(answers):
    """The commonest one; None where there is none."""
    return max(sorted(set(answers)), key=answers.count, default=None)


def daquar(data=None, quick=False, results=None, work=None):
    """Choose, train and score every system; returns the path of the record. What each system answered is kept in
    ``answers.json`` in the work folder.

    ``data`` holds ``daquar`` (see `mmcourse.corpora.Daquar`), ``backbones`` with MobileNetV2's weights (else Keras
    downloads them) and ``word_vectors`` with a part of GloVe (else none are tried). Default: the variable
    MMCOURSE_DATA. ``quick``: a smoke test.
    """
    start = time.perf_counter()
    settings = SETTINGS | (QUICK if quick else {})
    folder = work_folder("vqa-daquar", quick, work)
    splits = {split: Daquar(data, split) for split in ("train", "dev", "test")}
    asked = {split: collection.questions() for split, collection in splits.items()}
    maps, place = photographs(data, splits, settings, folder, quick)
    sizes = settings["components"], settings["length"]
    lab = Lab(settings, folder, data)
    chosen, tried = chosen_on_dev(lab, Rooms(maps, place, asked["train"], asked["dev"], *sizes))
    rooms = Rooms(maps, place, asked["train"] + asked["dev"], asked["test"], *sizes)
    found, another = asked_test(lab, rooms, chosen)
    figures = figures_of(found, another, rooms)
    figures["dev"] = {name: figure(how["dev"]) for name, how in chosen.items()}
    words = {name: [[rooms.answers[i] for i in one.argmax(1)] for one in some] for name, some in found.items()}
    write_sealed(folder / "answers.json", {"questions": [one.id for one in rooms.asked["held"]], "answers": words})
    path = write_results(
        "vqa", "daquar", figures, command="python -m mmcourse.experiments vqa-daquar --data DIR",
        seeds=settings["seeds"], data_hash=hash_captions(*splits.values()),
        minutes=(time.perf_counter() - start + sum(lab.earlier.values())) / 60,
        settings=settings | {
            "backbone": "mobilenet_v2, ImageNet, frozen", "chosen": chosen, "answers": len(rooms.answers),
            "vocabulary": len(rooms.vocabulary), "questions": {split: len(some) for split, some in asked.items()},
            "photographs": {split: len(collection.images()) for split, collection in splits.items()},
            "published, in percent": PUBLISHED,
            "interval": "95 %, bootstrap over test photographs of the mean over seeds; 'over seeds': the range",
        },
        quick=quick, folder=results, tried=tried,
    )  # fmt: skip
    for name, row in figures["test"].items():
        told = "  ".join(
            f"{part} {100 * row[part]['exact match']['value']:.1f}" for part in row if part != "over seeds"
        )
        print(f"{name:34}{told}")
    print(f"Written: {path}")
    return path
