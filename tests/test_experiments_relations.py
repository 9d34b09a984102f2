"""Why relations stay at chance: the rules on scenes made by hand, what is asked in the trainings, and the quick run."""

from types import SimpleNamespace

import numpy as np
import pytest
import smoke

from mmcourse.experiments import vqa_relations
from mmcourse.experiments.vqa_relations import FAMILIES, RULES, Told, about, by_rules, decides, seen
from mmcourse.scenes import COLOURS, SHAPES, SIZES, Scene, Scenes, Thing
from mmcourse.scenes.questions import Question, draft_of, evaluate, read


def scene(*things):
    """A scene of things "shape colour size x y"."""
    rows = [thing.split() for thing in things]
    return Scene(tuple(Thing(s, c, z, int(x), int(y), 60) for s, c, z, x, y in rows), 0, ("train", 0, 0))


def asked(program, about, family):
    return Question("", evaluate(read(program), about), family, read(program), "en")


# A star right of the middle. Left of it a red cross, also right of the middle; right of it a blue and a red circle.
WORLD = scene(
    "star green small 700 500", "cross red small 560 200", "circle blue small 900 300", "circle red small 900 700"
)
EXIST = "scene | filter shape star | unique | relate {} | filter colour {} | exist"
QUERY = "scene | filter shape star | unique | relate {} | filter colour red | unique | query shape"
LEFT, ANY, HALF = "relation left out", "relation and anchor left out", "anchor left out: the half of the picture"


def credit(rule, question):
    told = Told(question, WORLD)
    return told.read(RULES[rule](told), question.answer)


def test_a_rule_leaves_out_its_part_and_no_other():
    red, blue = (asked(EXIST.format("left of", colour), WORLD, FAMILIES[0]) for colour in ("red", "blue"))
    assert (red.answer, blue.answer) == ("yes", "no")
    rows = {name: (credit(name, red), credit(name, blue)) for name in RULES}
    assert rows == {
        "nothing left out": (1, 1),
        LEFT: (1, 0),  # something blue is there, but on the other side
        ANY: (1, 0),
        HALF: (0, 1),  # the red cross is left of the star, and in the right half
        "description left out": (1, 0),
        "all but the anchor's half left out": (1, 0),
        "the opposite relation": (1, 0),  # a red circle stands right of the star
    }


def test_the_named_thing_itself_is_never_what_stands_beside_it():
    green = asked(EXIST.format("left of", "green"), WORLD, FAMILIES[0])
    assert green.answer == "no" and credit(LEFT, green) == 1 and credit(ANY, green) == 0


@pytest.mark.parametrize(("relation", "answer", "of_two"), [("left of", "cross", 0.5), ("right of", "circle", 0.5)])
def test_of_a_query_a_rule_earns_the_share_of_things_that_show_the_answer(relation, answer, of_two):
    query = asked(QUERY.format(relation), WORLD, "relation shape")
    told = Told(query, WORLD)
    assert query.answer == answer and decides(told) and seen(told) == {"cross", "circle"}
    assert credit(LEFT, query) == of_two and credit("nothing left out", query) == 1
    assert credit("the opposite relation", query) == 0


def test_where_the_other_things_are_alike_the_relation_is_not_needed():
    size = "scene | filter shape star | unique | relate left of | filter colour red | unique | query size"
    query = asked(size, WORLD, "relation size")
    assert not decides(Told(query, WORLD)) and credit(LEFT, query) == 1
    counted = asked(EXIST.format("above", "red").replace("exist", "count"), WORLD, "relation count")
    assert counted.answer == "1" and not decides(Told(counted, WORLD)) and credit(LEFT, counted) == 0


@pytest.fixture(scope="module")
def some():
    collection = Scenes("test", n=60)
    data = SimpleNamespace(collection=collection, features=np.zeros((60, 1, 1), "float32"), scenes=collection.truths())
    return SimpleNamespace(splits={"test": data}, answers=collection.asked(1).answers)


def test_shares_of_rules_are_those_of_an_independent_count(some):
    data = about(some, "test", vqa_relations.asked(some, "test", FAMILIES, 2))
    found = by_rules(data)
    assert found["questions"][FAMILIES[0]] == sum(q.family == FAMILIES[0] for q in data.questions) > 20
    assert set(found["nothing left out"].values()) == {1.0} and found["no: one that fits stands on the other side"] == 1
    yes = [q.answer == "yes" for q in data.questions if q.family == FAMILIES[0]]
    # The twin is the mirrored scene: something that fits is always there, so this rule says yes to all.
    assert found[LEFT][FAMILIES[0]] == pytest.approx(np.mean(yes))
    assert found["the opposite relation"][FAMILIES[0]] == 0


def test_questions_of_one_relation_are_of_that_relation_and_so_many(some):
    data = about(some, "test", vqa_relations.asked(some, "test", FAMILIES[:1], 4), "left of", 12)
    assert len(data.questions) == len(data.sources) == len(data.labels) == 12
    for question, source in zip(data.questions, data.sources, strict=True):
        assert draft_of(question.program).relation == "left of" and question.family == FAMILIES[0]
        assert evaluate(question.program, data.scenes[source]) == question.answer


def trained(seen_as):
    return {name for name, row in vqa_relations.TRAININGS.items() if row[1] == seen_as}


@pytest.mark.usefixtures("eagerly")
def test_vqa_relations_smoke(tmp_path):
    found = smoke.run("vqa_reasoning-relations", tmp_path)["figures"]
    rules, counted = found.pop("rules"), found.pop("questions of all families")
    assert set(rules) == {"train", "test"} and set(counted) == {"all", *FAMILIES}
    assert set(found) == trained("described") | {
        f"pictures: all families, {name}" for name in vqa_relations.ALL_FAMILIES
    }
    assert all(one.pop("seconds")["value"] >= 0 for one in found.values())
    smoke.check_shares(found)


@pytest.mark.usefixtures("eagerly")
def test_vqa_pictures_smoke(tmp_path):
    found = smoke.run("vqa_reasoning-pictures", tmp_path)["figures"]
    assert set(found) == trained("pictures")
    assert all(one.pop("seconds")["value"] >= 0 for one in found.values())
    smoke.check_shares(found)


def test_what_is_described_is_what_is_true():
    scenes = Scenes("test", n=20).truths()
    rows = vqa_relations.described(scenes)
    for row, truth in zip(rows, scenes, strict=True):
        assert row[:, 0].sum() == len(truth) and not row[len(truth) :].any()
        for place, thing in zip(row, truth.things, strict=False):
            said = np.flatnonzero(place[1:-2])
            words = [*SHAPES, *COLOURS, *SIZES]
            assert [words[i] for i in said] == [thing.shape, thing.colour, thing.size]
            np.testing.assert_allclose((place[-2:] + 1) * 512, [thing.x, thing.y], atol=1e-3)
