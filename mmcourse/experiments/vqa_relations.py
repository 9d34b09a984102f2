"""Why "Is there a red thing left of the star?" stays at chance for networks that attend, while "What colour is the
thing left of the star?" seems half learned.

**Rules.** A rule answers questions as their programs say, but for a part that it leaves out: the relation, the thing
that all is related to (the *anchor*), or the description of what stands there. What a rule has right is what a network
gains that has learned all but this part.

**Where the relation decides.** Of some relation queries, each thing but the anchor that the description fits has the
same answer: who does not know what "left of" means is right. Of the others only the relation tells which is meant.

**Trainings** on "relation exist" alone, of a Transformer that is told what there is in place of seeing it, and of
stacked attention that sees pictures: with all four relations, with one of them, and with one before all four. All have
as many questions and, within a kind of input, as many steps; the rate stays, so that a late start is not stopped by a
rate that falls. Test is looked at once, at the end.
"""

import copy
import time
from dataclasses import replace

import numpy as np

from mmcourse._machinery.seeds import independent
from mmcourse.backend import keras
from mmcourse.experiments import vqa
from mmcourse.experiments.results import figure, hash_captions, over_seeds, work_folder, write_results
from mmcourse.scenes import VERSION
from mmcourse.scenes.questions import draft_of
from mmcourse.scenes.questions.drafts import fits
from mmcourse.scenes.questions.families import OPPOSITE
from mmcourse.scenes.questions.program import VALUES
from mmcourse.scenes.scene import RELATIONS, UNIT

FAMILIES = ("relation exist", "relation count", "relation shape", "relation colour", "relation size")
QUERIES, DECIDES = FAMILIES[2:], "queries, relation decides"
ONE = "left of"
SETTINGS = vqa.SETTINGS | {
    "seeds": [0, 1], "rounds": 4, "practice": 16000, "most_rounds": 16, "pictures": 18, "described": 6,
    "last_rate": 1.0,
}  # fmt: skip
QUICK = vqa.QUICK | {"seeds": [0], "rounds": 2, "practice": 40, "most_rounds": 4, "pictures": 1, "described": 1}
ATTENDS = "words and regions attended"
ALL_FAMILIES = ("stacked attention", ATTENDS, "neural modules")  # trained as for `vqa-scenes`, on all families
OWN = {"pictures": {}, "described": {"merge": 1, "places": False}}  # arguments of a network that sees them
# name -> (network, what it sees, which relations are asked about, the training whose weights it begins with)
TRAININGS = {
    "described: four relations": ("Transformer", "described", "four", None),
    "described: four relations, twice as long": ("Transformer", "described", "four", "described: four relations"),
    "described: one relation": ("Transformer", "described", "one", None),
    "described: one relation, then four": ("Transformer", "described", "four", "described: one relation"),
    "pictures: four relations": (ATTENDS, "pictures", "four", None),
    "pictures: one relation": (ATTENDS, "pictures", "one", None),
}


# -- rules


class Told:
    """What a question of a relation family says about a scene: ``anchor``, the place of the thing that all is related
    to; of each thing whether the description ``fits`` it, whether it is ``related`` to the anchor, whether it is
    ``opposite``, and whether it lies in the ``half`` of the picture that the relation names."""

    def __init__(self, question, scene):
        self.draft, self.scene, self.things = draft_of(question.program), scene, range(len(scene))
        kinds = [(thing.shape, thing.colour, thing.size) for thing in scene.things]
        (self.anchor,) = (i for i in self.things if fits(self.draft.second, kinds[i]))
        relation, anchor = self.draft.relation, scene.things[self.anchor]
        self.fits = [fits(self.draft.first, kind) for kind in kinds]
        self.related, self.opposite = (
            [scene.holds(one, thing, anchor) for thing in scene.things] for one in (relation, OPPOSITE[relation])
        )
        middle = replace(anchor, x=UNIT // 2, y=UNIT // 2)
        self.half = [_side(relation, thing, middle) for thing in scene.things]

    def others(self):
        """The things that the description fits, but for the anchor."""
        return [i for i in self.things if self.fits[i] and i != self.anchor]

    def read(self, places, answer):
        """How much of the right answer is read off these things: 0 or 1, or the share of them that show it where one
        attribute is asked for (of all things, if there are none)."""
        if self.draft.attribute is None:
            exists = self.draft.family.endswith("exist")
            return float(answer == (("no", "yes")[bool(places)] if exists else str(len(places))))
        places = places or self.things
        return float(np.mean([getattr(self.scene.things[i], self.draft.attribute) == answer for i in places]))


def _side(relation, thing, middle):
    """Whether ``thing`` lies on the side of ``middle`` that the relation names, however little."""
    across = thing.x - middle.x if relation in ("left of", "right of") else thing.y - middle.y
    return across < 0 if relation in ("left of", "above") else across > 0


RULES = {
    "nothing left out": lambda told: [i for i in told.others() if told.related[i]],
    "relation left out": Told.others,
    "relation and anchor left out": lambda told: [i for i in told.things if told.fits[i]],
    "anchor left out: the half of the picture": lambda told: [i for i in told.others() if told.half[i]],
    "description left out": lambda told: [i for i in told.things if told.related[i]],
    "all but the anchor's half left out": lambda told: (
        [] if told.half[told.anchor] else [i for i in told.things if i != told.anchor]
    ),
    "the opposite relation": lambda told: [i for i in told.others() if told.opposite[i]],
}


def decides(told):
    """Whether only the relation tells the answer of a query: other things that the description fits differ in it."""
    return told.draft.attribute is not None and len(seen(told)) > 1


def seen(told):
    """What is asked for, of all things but the anchor that the description fits: a set of words."""
    return {getattr(told.scene.things[i], told.draft.attribute) for i in told.others()}


def by_rules(data):
    """{rule: {family: share right}} of the questions of relation families in a `vqa.Asked`; and of each family how many
    there are. Of queries also of those where the relation decides."""
    rows = [
        (q, Told(q, data.scenes[s])) for q, s in zip(data.questions, data.sources, strict=True) if q.family in FAMILIES
    ]
    groups = {family: [told.draft.family == family for _, told in rows] for family in FAMILIES}
    groups |= {DECIDES: [decides(told) for _, told in rows]}
    found = {}
    for name, rule in RULES.items():
        right = np.array([told.read(rule(told), question.answer) for question, told in rows])
        found[name] = {group: float(right[np.array(own)].mean()) for group, own in groups.items() if any(own)}
    no = [told for question, told in rows if told.draft.family == FAMILIES[0] and question.answer == "no"]
    other = float(np.mean([any(told.opposite[i] for i in told.others()) for told in no]))
    return found | {
        "questions": {group: float(np.sum(own)) for group, own in groups.items()},
        "no: one that fits stands on the other side": other,
    }


# -- trainings


def described(scenes):
    """What is true of scenes, in place of their pictures: float32 (n, 3, 1 + values + 2), of each thing that it is
    there, one number for each shape, colour and size, and x and y from -1 to 1; 0 where there is no thing."""
    values = [(name, value) for name, some in VALUES.items() for value in some]
    found = np.zeros((len(scenes), 3, 1 + len(values) + 2), "float32")
    for row, scene in zip(found, scenes, strict=True):
        for place, thing in zip(row, scene.things, strict=False):
            has = [getattr(thing, name) == value for name, value in values]
            place[:] = [1, *has, 2 * thing.x / UNIT - 1, 2 * thing.y / UNIT - 1]
    return found


def worlds(world, settings):
    """{(what is seen, which relations): the world with nothing but questions of "relation exist" to train on and to
    choose by}; to train on, as many in each."""
    found, drawn = {}, {"train": (settings["most_rounds"], settings["practice"]), "dev": (settings["rounds"], None)}
    rows = {split: asked(world, split, FAMILIES[:1], rounds) for split, (rounds, _) in drawn.items()}
    for which, relation in (("four", None), ("one", ONE)):
        splits = {split: about(world, split, rows[split], relation, most) for split, (_, most) in drawn.items()}
        for how in OWN:
            other = found[how, which] = copy.copy(world)
            other.splits = {split: as_seen(data, how) for split, data in splits.items()}
    texts = [world.write(question) for one in found.values() for question in one.splits["train"].questions]
    length = int((world.vocabulary.encode(texts) != 0).sum(1).max())
    for other in found.values():
        other.length = length  # their questions are shorter than those of all families
    return found


def as_seen(data, how):
    """A `vqa.Asked` with what a network sees of its scenes: "pictures" or "described"."""
    other = copy.copy(data)
    other.features = data.features if how == "pictures" else described(data.scenes)
    return other


def asked(world, split, families, rounds):
    """What so many rounds find to ask about the scenes of a split: a list of (question, place of its scene)."""
    found = world.splits[split].collection.questions(None, families=families, rounds=rounds)
    return [(question, source) for source, some in enumerate(found) for question in some]


def about(world, split, rows, relation=None, most=None):
    """These questions, (question, source) each, as a `vqa.Asked`; with ``relation``, those about this relation; with
    ``most``, so many of them, drawn at random."""
    rows = [row for row in rows if relation in (None, draft_of(row[0].program).relation)]
    if most:
        (seed,) = independent(0, 1, "relations")
        rows = [rows[i] for i in sorted(np.random.default_rng(seed).permutation(len(rows))[:most])]
    data, (questions, sources) = world.splits[split], zip(*rows, strict=True)
    return vqa.Asked(data.collection, data.features, questions, sources, world.answers)


def measured(world, model, data):
    """What a model has right of the questions ``data`` of relation families: of each family; of "relation exist" about
    each relation; of queries apart where only the relation decides, and there how often it names one of the answers
    that the things have which could be meant."""
    said = world.answer(model, data.features, data.sources, data.questions)
    right = said == data.labels
    told = [Told(q, data.scenes[s]) for q, s in zip(data.questions, data.sources, strict=True)]
    family, relation = (np.array([getattr(one.draft, name) for one in told]) for name in ("family", "relation"))
    only = np.array([decides(one) for one in told])
    groups = {name: family == name for name in FAMILIES}
    groups |= {f"{FAMILIES[0]}, {name}": (family == FAMILIES[0]) & (relation == name) for name in RELATIONS}
    groups |= {DECIDES: only, "queries, relation not needed": np.isin(family, QUERIES) & ~only}
    found = {name: right[own] for name, own in groups.items()}
    could = [world.answers[said[i]] in seen(told[i]) for i in np.flatnonzero(only)]
    found[f"{DECIDES}: one that could be meant"] = could
    return {name: float(np.mean(own)) for name, own in found.items() if len(own)}


def relations(quick=False, results=None, work=None):
    """Measure the rules, train networks that are told what there is, and one that sees pictures with the questions of
    all families; returns the path of the record."""
    return _record("relations", "described", quick, results, work)


def pictures(quick=False, results=None, work=None):
    """Train the networks that see pictures with questions about relations alone; returns the path of the record."""
    return _record("pictures", "pictures", quick, results, work)


def _record(data, seen_as, quick, results, work):
    start = time.perf_counter()
    settings = SETTINGS | (QUICK if quick else {})
    folder = work_folder("vqa_reasoning-relations", quick, work)
    world = vqa.World(settings, "en", work_folder("vqa-scenes", quick, work) / "en")  # its features are kept there
    test = about(world, "test", asked(world, "test", FAMILIES, settings["rounds"]))
    its, tests, runs = worlds(world, settings), {how: as_seen(test, how) for how in OWN}, {}

    def record(name, seed, world, how, network, settings, **more):
        model, epochs = vqa.fit(network, seed, world, settings, folder / name, quick, **more)
        seconds = sum(epoch["seconds"] for epoch in epochs)
        runs.setdefault(name, []).append(measured(world, model, tests[how]) | {"seconds": seconds})
        return model.get_weights()

    for seed in settings["seeds"]:
        weights = {None: None}
        for name, (network, how, which, earlier) in TRAININGS.items():
            if how == seen_as:
                its_own = settings | {"epochs": settings[how]}
                weights[name] = record(
                    name, seed, its[how, which], how, network, its_own, first=weights[earlier], **OWN[how]
                )
        if data == "relations":
            for network in ALL_FAMILIES:
                mixed = settings | {"last_rate": 0.0}
                record(f"pictures: all families, {network}", seed, world, "pictures", network, mixed)
        keras.backend.clear_session()
    figures = {name: over_seeds(found) for name, found in runs.items()}
    if data == "relations":
        of_train = [question.family for question in world.splits["train"].questions]
        counted = {"all": len(of_train)} | {family: of_train.count(family) for family in FAMILIES}
        train = about(world, "train", asked(world, "train", FAMILIES, 1))
        rules = {"train": by_rules(train), "test": by_rules(test)}
        figures |= _figures({"rules": rules, "questions of all families": counted})
    trained = sum(run["seconds"] for found in runs.values() for run in found)  # also by calls that were stopped
    return write_results(
        "vqa_reasoning", data, figures, command=f"python -m mmcourse.experiments vqa_reasoning-{data}",
        seeds=settings["seeds"], data_hash=hash_captions(*(one.collection for one in world.splits.values())),
        minutes=max(time.perf_counter() - start, trained) / 60, quick=quick, folder=results, runs=runs,
        settings=settings | {"scene_world": VERSION, "trainings": TRAININGS, "one relation": ONE},
    )  # fmt: skip


def _figures(nest):
    return {k: _figures(v) for k, v in nest.items()} if isinstance(nest, dict) else figure(nest)
