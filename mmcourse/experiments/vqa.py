"""The recorded experiments of the pages `vqa` and `vqa_reasoning`: questions about Scene World, over three seeds.

All models read the same frozen grid, see the same questions equally often, in batches of the same size, with one
schedule whose highest rate is the model's own, and are judged after each epoch on dev, which keeps the best. Test and
the splits of what was never seen are looked at once, at the end. What is asked beside right and wrong (other wordings,
changed pictures, chains) is in `vqa_consistency`.
"""

import copy
import time
from types import MappingProxyType

import numpy as np

from mmcourse.backend import keras
from mmcourse.batches import QuestionBatches
from mmcourse.experiments import vqa_consistency as consistency
from mmcourse.experiments.results import hash_captions, over_seeds, work_folder, write_results
from mmcourse.experiments.training import train
from mmcourse.image import extract_features, load_backbone
from mmcourse.scenes import VERSION, Scenes
from mmcourse.text import Vocabulary
from mmcourse.vqa import (
    CoAttentionNetwork,
    FiLMNetwork,
    JointEmbedding,
    NeuralModules,
    RelationNetwork,
    StackedAttention,
    Steps,
    WordsAndRegions,
)

SETTINGS = {
    "scenes": 8000, "dev_scenes": 400, "test_scenes": 1000, "questions": 5, "epochs": 3, "batch": 64, "units": 128,
    "seeds": [0, 1, 2], "consistency_scenes": 300, "chain_scenes": 600,
}  # fmt: skip
SPLITS = ("test", "unseen_pairs", "unseen_counts")
READS_PROGRAMS = "Transformer that reads programs"  # a control of neural modules: the program, and no modules
# name -> (model, its own arguments, highest rate). ``merge``: 16 regions of 64, where 64 would cost sixteen times more.
MODELS = {
    "question only": (JointEmbedding, {"uses": "text"}, 2e-3),
    "joint embedding": (JointEmbedding, {}, 2e-3),
    "equal weights": (StackedAttention, {"weights": "equal"}, 3e-3),
    "weights without the question": (StackedAttention, {"weights": "regions"}, 3e-3),
    "stacked attention": (StackedAttention, {}, 3e-3),
    "words and regions attended": (StackedAttention, {"words": True}, 3e-3),
    "co-attention": (CoAttentionNetwork, {}, 3e-3),
    "relation network": (RelationNetwork, {"merge": 2}, 2e-3),
    "FiLM": (FiLMNetwork, {"units": 64}, 2e-3),
    "Transformer": (WordsAndRegions, {"merge": 2, "units": 96}, 1e-3),
    READS_PROGRAMS: (WordsAndRegions, {"merge": 2, "units": 96}, 1e-3),
    "neural modules": (NeuralModules, {"places": False}, 3e-3),
}
LOOKING = (
    "question only", "joint embedding", "equal weights", "weights without the question", "stacked attention",
    "words and regions attended", "co-attention", "neural modules",
)  # fmt: skip
REASONING = ("stacked attention", "relation network", "FiLM", "Transformer", READS_PROGRAMS, "neural modules")
QUICK = {
    "scenes": 30, "dev_scenes": 10, "test_scenes": 12, "questions": 4, "epochs": 1, "batch": 20, "units": 8,
    "seeds": [0, 1], "consistency_scenes": 8, "chain_scenes": 8,
}  # fmt: skip


class Asked:
    """The questions of a split, with the features of its pictures: ``features`` (n, 64, 128), ``scenes`` (n of them),
    ``questions`` and ``sources`` (q of them each), ``labels`` int (q,)."""

    def __init__(self, collection, features, questions, sources, answers):
        self.collection, self.features = collection, features
        self.scenes, self.questions, self.sources = collection.truths(), questions, np.asarray(sources)
        self.labels = np.array([answers.index(question.answer) for question in questions])


class World:
    """All splits in one language, the vocabulary and the steps of train, and how text becomes numbers."""

    def __init__(self, settings, language="en", folder=None, backbone=None):
        self.backbone = backbone or load_backbone("scene_vgg")
        sizes = {"train": settings["scenes"], "dev": settings["dev_scenes"]}
        self.splits = {}
        for split in ("train", "dev", *SPLITS):
            collection = Scenes(split, n=sizes.get(split, settings["test_scenes"]), language=language)
            asked = collection.asked(settings["questions"])
            self.answers = asked.answers
            features = self.features(collection, folder and folder / f"{split}.npy")
            questions = [asked.question(place) for place in asked.places]
            self.splits[split] = Asked(collection, features, questions, asked.sources(), self.answers)
        self.steps = Steps.of(question.program for question in self.splits["train"].questions)
        self._reads(lambda question: question.text, language)

    def _reads(self, write, language):
        """What of a question a model reads, a text; and the vocabulary and length of those of train."""
        texts = [write(question) for question in self.splits["train"].questions]
        self.write, self.vocabulary = write, Vocabulary.build(texts, language)
        self.length = int((self.vocabulary.encode(texts) != 0).sum(1).max())

    def in_programs(self):
        """The same world, where models read the program in place of the question: a word a step."""
        other = copy.copy(self)
        other._reads(lambda question: " ".join("".join(step).replace(" ", "") for step in question.program), "en")
        return other

    def features(self, collection, cache=None):
        """The grids of pictures as regions, float16 (n, 64, 128)."""
        grid = extract_features(self.backbone, collection, cache)
        return np.asarray(grid).reshape(len(collection), -1, grid.shape[-1])

    def batches(self, features, sources, questions, labels=None, programs=False, size=250, **more):
        """`QuestionBatches` of these questions; the rows of longer ones than train has are longer."""
        texts = [self.write(question) for question in questions]
        tokens = self.vocabulary.encode(texts)
        tokens = np.pad(tokens, ((0, 0), (0, max(self.length - tokens.shape[1], 0))))
        programs = self.steps.encode([question.program for question in questions]) if programs else None
        return QuestionBatches(features, sources, tokens, labels, programs, batch_size=size, **more)

    def answer(self, model, features, sources, questions, programs=False):
        """What a model answers, int (q,), places in ``answers``."""
        batches = self.batches(features, sources, questions, programs=programs)
        return np.concatenate([_predict(model, batches[i]).argmax(1) for i in range(len(batches))])


def _predict(model, batch):
    return np.asarray(model.predict_on_batch(batch))


def fit(name, seed, world, settings, folder, quick=False, first=None, **more):
    """Train the model ``name`` (going on where an earlier call stopped) -> (model, [what ``train`` tells of each
    epoch]). ``first``: the weights that it begins with; None: random ones. ``more``: further arguments of the model."""
    keras.utils.set_random_seed(seed)
    kind, own, rate = MODELS[name]
    own = {"units": settings["units"], "seed": seed} | own | more | ({"units": 8} if quick else {})
    own |= {"steps": world.steps.steps} if kind is NeuralModules else {}
    model = kind(len(world.vocabulary), len(world.answers), length=2 * world.length, **own)
    data = world.splits["train"]
    model.adapt(data.features)
    if first is not None:
        model.set_weights(first)
    batches = world.batches(
        data.features, data.sources, data.questions, data.labels, kind is NeuralModules, settings["batch"],
        shuffle=True, seed=seed,
    )  # fmt: skip
    steps, last = settings["epochs"] * len(batches), settings.get("last_rate", 0.0)
    schedule = keras.optimizers.schedules.CosineDecay(rate, steps, alpha=last)
    model.compile(keras.optimizers.Adam(schedule))
    dev = world.splits["dev"]

    def score():
        return {"score": float((world.answer(model, dev.features, dev.sources, dev.questions) == dev.labels).mean())}

    judged_by = [settings, dev.labels, dev.features]
    history = train(
        model, batches, settings["epochs"], folder / f"{name}-{seed}", score, verbose=0, judged_by=judged_by
    )
    print(f"{name}, seed {seed}: {history['epochs'][-1]}", flush=True)
    return model, history["epochs"]


def shares(world, split, said):
    """Of answers int (q,): the share that is right, of all, of each family and for each number of things."""
    data = world.splits[split]
    right = said == data.labels
    families = np.array([question.family for question in data.questions])
    things = np.array([len(data.scenes[source]) for source in data.sources])
    found = {"all": float(right.mean())} | {f: float(right[families == f].mean()) for f in sorted(set(families))}
    return found | {f"things: {k}": float(right[things == k].mean()) for k in sorted(set(things))}


def blind(world, split):
    """The share that is right of one who answers each family with its commonest answer in train."""
    train_, data = world.splits["train"], world.splits[split]
    common = {}
    for family in {question.family for question in train_.questions}:
        of_it = [label for label, q in zip(train_.labels, train_.questions, strict=True) if q.family == family]
        common[family] = np.bincount(of_it).argmax()
    return shares(world, split, np.array([common[question.family] for question in data.questions]))


def scenes(quick=False, results=None, work=None):
    """Train the models of the page `vqa`, and neural modules, and record their figures; returns the path of the
    record."""
    return _record("vqa", LOOKING, quick, results, work)


def reasoning(quick=False, results=None, work=None):
    """As ``scenes``, the models of the page `vqa_reasoning`."""
    return _record("vqa_reasoning", REASONING, quick, results, work)


def longer(quick=False, results=None, work=None):
    """As ``reasoning``, those without modules, for four times as many epochs; one seed."""
    names = [name for name in REASONING if name != "neural modules"]
    more = {"epochs": 2 if quick else 12, "seeds": [0]}
    return _record("vqa_reasoning", names, quick, results, work, "longer", more)


def _record(topic, names, quick, results, work, data="scenes", more=MappingProxyType({})):
    start = time.perf_counter()
    settings = SETTINGS | (QUICK if quick else {}) | more
    folder = work_folder(f"vqa-{data}", quick, work)  # the runs of both pages share one
    world = World(settings, "en", folder / "en")
    chinese = World(settings, "zh", folder / "zh", world.backbone) if "neural modules" in names else None
    told, runs, curves = world.in_programs(), {name: [] for name in names}, {name: [] for name in names}
    english, in_chinese = [], []  # what neural modules answer
    for seed in settings["seeds"]:
        for name in names:
            its = told if name == READS_PROGRAMS else world
            model, epochs = fit(name, seed, its, settings, folder / "en", quick)
            curves[name].append([epoch["score"] for epoch in epochs])
            told_of = {"seconds": sum(epoch["seconds"] for epoch in epochs), "weights": model.count_params()}
            runs[name].append(measured(its, model, settings) | told_of)
            if name == "neural modules":
                other, _ = fit(name, seed, chinese, settings, folder / "zh", quick)
                for where, taught, said in ((world, model, english), (chinese, other, in_chinese)):
                    asked = where.splits["test"]
                    said.append(where.answer(taught, asked.features, asked.sources, asked.questions))
            keras.backend.clear_session()
    spoken = consistency.languages(english, in_chinese, world.splits["test"].labels)
    for i, found in enumerate(spoken):
        runs["neural modules"][i]["Chinese"] = found
    figures = {name: over_seeds(found) for name, found in runs.items()}
    figures["commonest answer of the family"] = over_seeds([{split: blind(world, split) for split in SPLITS}])
    models = {name: [MODELS[name][0].__name__, *MODELS[name][1:]] for name in names}
    return write_results(
        topic, data, figures, command=f"python -m mmcourse.experiments {topic}-{data}", seeds=settings["seeds"],
        data_hash=hash_captions(*(asked.collection for asked in world.splits.values())),
        minutes=(time.perf_counter() - start) / 60, quick=quick, folder=results,
        settings=settings | {"scene_world": VERSION, "models": models}, curves=curves,
    )  # fmt: skip


def measured(world, model, settings):
    """All figures of a trained model, a nest of numbers."""
    found = {}
    for split, data in ((split, world.splits[split]) for split in SPLITS):
        found[split] = shares(world, split, world.answer(model, data.features, data.sources, data.questions))
    data = world.splits["test"]
    others = np.roll(np.arange(len(data.features)), 1)[data.sources]
    said = world.answer(model, data.features, others, data.questions)
    found["another scene's picture"] = shares(world, "test", said)
    found["consistency"] = consistency.measure(world, model, settings)
    if model.LOOKS_AT and model.config["merge"] == 1 and model.config.get("weights") != "equal":
        found["pointing"] = consistency.pointing_of(world, model, settings)
    return found
