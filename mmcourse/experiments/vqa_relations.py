"""Why "Is there a red thing left of the star?" stays at chance for networks that attend, while "What colour is the
thing left of the star?" seems half learned.

**Rules.** A rule answers questions as their programs say, but for a part that it leaves out: the relation, the thing
that all is related to (the *anchor*), or the description of what stands there. What a rule has right is what a network
gains that has learned all but this part.

**Where the relation decides.** Of some relation queries, each thing but the anchor that the description fits has the
same answer: who does not know what "left of" means is right. Of the others only the relation tells which is meant.

**Trainings** of one network (stacked attention), all with as many questions in as many steps, each with another
obstacle taken away: all other families; three of the four relations; not knowing what words and things look like. Test
is looked at once, at the end.
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
from mmcourse.scenes.scene import RELATIONS, UNIT

FAMILIES = ("relation exist", "relation count", "relation shape", "relation colour", "relation size")
QUERIES, DECIDES = FAMILIES[2:], "queries, relation decides"
ONE = "left of"
SETTINGS = vqa.SETTINGS | {"seeds": [0, 1], "rounds": 4, "practice": 16000, "practice_epochs": 12, "most_rounds": 16}
QUICK = vqa.QUICK | {"rounds": 2, "practice": 40, "practice_epochs": 1, "most_rounds": 4}
NETWORKS = ("words and regions attended", "neural modules")  # the first one is trained further
# name -> (which relations are asked about, the training whose weights it begins with)
TRAININGS = {
    "four relations": ("four", None),
    "four relations, longer": ("four", "four relations"),
    "one relation": ("one", None),
    "one relation, then four": ("four", "one relation"),
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


def narrowed(world, settings, relation=None):
    """The world with questions of "relation exist" alone to train on and to choose by (as many whichever they are);
    with ``relation``, of that relation only."""
    other = copy.copy(world)
    other.splits = {
        "train": about(world, "train", FAMILIES[:1], settings["most_rounds"], relation, settings["practice"]),
        "dev": about(world, "dev", FAMILIES[:1], settings["rounds"], relation),
    }
    return other


def about(world, split, families, rounds, relation=None, most=None):
    """The questions that so many rounds find about the scenes of a split, a `vqa.Asked`; with ``most``, as many of them
    at most, drawn at random."""
    data = world.splits[split]
    asked = data.collection.questions(None, families=families, rounds=rounds)
    rows = [(q, s) for s, some in enumerate(asked) for q in some if relation in (None, draft_of(q.program).relation)]
    if most:
        (seed,) = independent(0, 1, "relations")
        rows = [rows[i] for i in sorted(np.random.default_rng(seed).permutation(len(rows))[:most])]
    questions, sources = zip(*rows, strict=True)
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
    """Measure rules, train the networks, and record their figures; returns the path of the record."""
    start = time.perf_counter()
    settings = SETTINGS | (QUICK if quick else {})
    folder = work_folder("vqa_reasoning-relations", quick, work)
    world = vqa.World(settings, "en", folder)
    test = about(world, "test", FAMILIES, settings["rounds"])
    figures = {"rules": {"train": by_rules(about(world, "train", FAMILIES, 1)), "test": by_rules(test)}}
    figures["asked of all families"] = {
        family: sum(q.family == family for q in world.splits["train"].questions) for family in FAMILIES
    }
    figures = _figures(figures)
    settings_of = settings | {"epochs": settings["practice_epochs"]}
    worlds = {name: narrowed(world, settings, relation) for name, relation in (("four", None), ("one", ONE))}
    runs = {}
    for seed in settings["seeds"]:
        weights = {None: None}
        for name in NETWORKS:
            model, seconds = vqa.fit(name, seed, world, settings, folder, quick)
            runs.setdefault(f"all families: {name}", []).append(measured(world, model, test) | {"seconds": seconds})
        for name, (of, earlier) in TRAININGS.items():
            its = worlds[of]
            model, seconds = vqa.fit(
                NETWORKS[0], seed, its, settings_of, folder / name.replace(", ", "-"), quick, first=weights[earlier]
            )
            weights[name] = model.get_weights()
            runs.setdefault(name, []).append(measured(its, model, test) | {"seconds": seconds})
        keras.backend.clear_session()
    figures |= {name: over_seeds(found) for name, found in runs.items()}
    return write_results(
        "vqa_reasoning", "relations", figures, command="python -m mmcourse.experiments vqa_reasoning-relations",
        seeds=settings["seeds"], data_hash=hash_captions(*(data.collection for data in world.splits.values())),
        minutes=(time.perf_counter() - start) / 60, quick=quick, folder=results,
        settings=settings | {"scene_world": VERSION, "trainings": TRAININGS, "one relation": ONE},
    )  # fmt: skip


def _figures(nest):
    return {k: _figures(v) for k, v in nest.items()} if isinstance(nest, dict) else figure(nest)
