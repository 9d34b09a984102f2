"""Neural modules: programs are carried out step by step, real ones without a fault, and the reader learns to write."""

from dataclasses import replace

import numpy as np
import pytest
from vqa_oracle import ANSWERS, IMAGE, INPUTS, PROGRAM, STEPS, TEXT, A, B, M, U, V, call, carried_out, make

from mmcourse.backend import keras
from mmcourse.scenes import Scenes
from mmcourse.scenes.questions import evaluate
from mmcourse.scenes.scene import COLOURS, RELATIONS, SHAPES, SIZES
from mmcourse.vqa import NeuralModules, Steps

pytestmark = pytest.mark.usefixtures("eagerly")

ops = keras.ops
VALUES = {"shape": SHAPES, "colour": COLOURS, "size": SIZES}


MORE = np.array([[1, 4, 7, 1, 2, 10], [0, 0, 0, 0, 0, 0], [1, 3, 5, 6, 4, 0]], "int32")  # same; nothing; no end


@pytest.mark.parametrize("program", [PROGRAM, MORE, MORE[:, :4]])
def test_programs_are_carried_out_step_by_step(program):
    model, regions = make("modules"), np.random.default_rng(1).normal(size=(B, M, U)).astype("float32")
    joined, seen = model.follow(program, ops.convert_to_tensor(regions))
    assert joined.shape == (B, 4 + 6 + 3 + 2)
    for b in range(B):
        wanted, maps = carried_out(model, program[b], regions[b])
        np.testing.assert_allclose(seen["image"][b], maps, atol=1e-5)
        np.testing.assert_allclose(joined[b], wanted, atol=1e-4)


def test_what_stands_behind_the_end_counts_nothing():
    model = make("modules")
    ended, on = np.array([[1, 2, 0, 0, 0]] * B), np.array([[1, 2, 0, 5, 8]] * B)
    np.testing.assert_array_equal(call(model, program=ended), call(model, program=on))
    np.testing.assert_array_equal(call(model, program=ended), call(model, program=ended[:, :2]))
    logits = np.random.default_rng(0).normal(size=(B, 6, len(STEPS) + 1)).astype("float32")
    assert float(model.reading_loss(logits, ended)) == float(model.reading_loss(logits, on))


def test_the_modules_follow_what_the_reader_writes():
    model = make("modules")
    words, question = model.read_text(TEXT, TEXT != 0)
    program = np.asarray(model.read_program(words, question, TEXT != 0)).argmax(-1)
    assert program.shape == (B, 6)
    np.testing.assert_allclose(call(model), call(model, program=program), atol=1e-6)
    assert np.abs(call(model) - call(model, program=PROGRAM)).max() > 1e-3


def test_the_reader_learns_by_cross_entropy_per_step():
    model, total, steps = make("modules"), 0.0, 0
    words, question = model.read_text(TEXT, TEXT != 0)
    logits = np.asarray(model.read_program(words, question, TEXT != 0), "float64")
    for row, program in zip(logits, PROGRAM, strict=True):
        for t, number in enumerate(program):
            total, steps = total + np.log(np.exp(row[t]).sum()) - row[t, number], steps + 1
            if number == 0:  # that the end is the end is learnt, too
                break
    assert steps == 4 + 6 + 6
    batch = INPUTS | {"program": PROGRAM}
    assert float(model.reading_loss(logits, PROGRAM)) == pytest.approx(total / steps, rel=1e-5)
    shorter = PROGRAM[:1, :3]
    assert float(model.reading_loss(logits[:1], shorter)) == pytest.approx(
        float(model.reading_loss(logits[:1], PROGRAM[:1]))
    )
    answered = float(model.compute_loss(None, ANSWERS, call(model, program=PROGRAM)))  # in inference, the answer only
    logits = model(batch, training=True)
    assert float(model.compute_loss(None, ANSWERS, logits)) == pytest.approx(answered + total / steps, rel=1e-5)


@pytest.mark.compiled
def test_questions_and_programs_are_learnt_by_heart():
    keras.utils.set_random_seed(0)
    model = NeuralModules(V, A, units=16, steps=STEPS, program_length=6, seed=1)
    model.compile(keras.optimizers.Adam(0.01))
    rows = np.tile(np.arange(B), 150)
    batch = {name: x[rows] for name, x in (INPUTS | {"program": PROGRAM}).items()}
    model.fit(batch, ANSWERS[rows], batch_size=B, shuffle=False, verbose=0)
    words, question = model.read_text(TEXT, TEXT != 0)
    written = np.asarray(model.read_program(words, question, TEXT != 0)).argmax(-1)
    steps = Steps(STEPS)
    assert steps.decode(written) == steps.decode(PROGRAM)  # behind the end it may write on
    np.testing.assert_array_equal(call(model).argmax(-1), ANSWERS)


# ── real programs of Scene World ────────────────────────────────────────────────────────────────────
SIDE = 8
CELL = 1024 // SIDE  # more than the distance from which on a thing is left of another: a column further is enough


def on_the_grid(scene):
    """The scene with each thing moved to the middle of its cell; None where two share one."""
    things = [replace(t, x=t.x // CELL * CELL + CELL // 2, y=t.y // CELL * CELL + CELL // 2) for t in scene.things]
    return replace(scene, things=tuple(things)) if len({(t.x, t.y) for t in things}) == len(things) else None


def channels(thing):
    found = [value == getattr(thing, name) for name, values in VALUES.items() for value in values]
    return np.array([*found, True], "float32")


def cell(thing):
    return thing.y // CELL * SIDE + thing.x // CELL


def meant(program, scene):
    """The things that are meant after each step."""
    now, found = list(scene.things), []
    for word, *rest in program:
        if word == "scene":
            now = list(scene.things)
        elif word == "filter":
            now = [t for t in now if getattr(t, rest[0]) == rest[1]]
        elif word == "relate":
            now = [t for t in scene.things if scene.holds(rest[0], t, now[0])]
        found.append(now)
    return found


def perfect(steps, length):
    """A model whose detectors and relations are right, set by hand."""
    model = NeuralModules(V, A, units=16, steps=steps.steps, program_length=length, places=False)
    model.build({"image": (None, SIDE**2, 14), "text": (None, None)})
    order = [value for values in VALUES.values() for value in values]
    concepts = [step[2] for step in steps.steps if step[0] == "filter"]
    relations = [step[1] for step in steps.steps if step[0] == "relate"]
    model.region_projection.set_weights([np.eye(14, 16), np.zeros(16)])
    kernel = np.zeros((16, len(concepts)))
    kernel[[order.index(value) for value in concepts], range(len(concepts))] = 40
    model.concepts.set_weights([kernel, np.full(len(concepts), -20)])
    model.thing.set_weights([40 * np.eye(16)[:, 13:14], np.full(1, -18)])
    model.offset_hidden.set_weights([np.eye(2, 16) * 100, np.zeros(16)])  # the sign of what is between x and y
    toward = np.zeros((16, len(relations)))
    for place, relation in enumerate(relations):
        axis, sign = {"left of": (0, -1), "right of": (0, 1), "above": (1, -1), "below": (1, 1)}[relation]
        toward[axis, place] = 40 * sign
    model.offset_relation.set_weights([toward, np.full(len(relations), -20)])
    return model


def answer(steps, program, joined):
    """What the last step reads, said in words."""
    reads = [step for step in steps.steps if step[0] in ("exist", "count", "query", "same", "equal", "more", "fewer")]
    filters = [step for step in steps.steps if step[0] == "filter"]
    attributes = list(dict.fromkeys(step[1] for step in filters))
    ends = np.cumsum([len(reads), 2, 2, 1, 1, len(filters), len(attributes)])
    read, sums, top, more, ended, queried, same = np.split(joined, ends[:-1])
    assert reads[read.argmax()] == program[-1] and read.sum() == ended[0] == 1
    word, *rest = program[-1]
    said = {
        "exist": top[0] > 0.5, "same": len(rest) and word == "same" and same[attributes.index(rest[0])] > 0.5,
        "equal": abs(more[0]) < 0.5, "more": more[0] > 0.5, "fewer": more[0] < -0.5,
    }  # fmt: skip
    if word == "count":
        return str(round(float(sums[0])))
    return filters[queried.argmax()][2] if word == "query" else "yes" if said[word] else "no"


def test_right_detectors_carry_out_real_programs_without_a_fault():
    split, asked = Scenes("train", n=90), []
    for scene, questions in zip(split.truths(), split.questions(5), strict=True):
        if (scene := on_the_grid(scene)) is not None:
            for question in questions:
                try:
                    asked.append((scene, question.program, evaluate(question.program, scene)))
                except ValueError:  # on the grid, another number of things is meant
                    continue
    steps = Steps.of([program for _, program, _ in asked])
    programs = steps.encode([program for _, program, _ in asked])
    image = np.zeros((len(asked), SIDE**2, 14), "float32")
    for row, (scene, _, _) in zip(image, asked, strict=True):
        for thing in scene.things:
            row[cell(thing)] = channels(thing)
    model = perfect(steps, programs.shape[1])
    joined, maps = model.follow(programs, model.read_image(image))
    joined, maps = np.asarray(joined), np.asarray(maps["image"])
    for row, (scene, program, right) in enumerate(asked):
        for t, things in enumerate(meant(program, scene)):
            wanted = np.zeros(SIDE**2)
            wanted[[cell(thing) for thing in things]] = 1
            np.testing.assert_allclose(maps[row, t], wanted, atol=1e-4)
        assert answer(steps, program, joined[row]) == right, program
    assert len(asked) > 250 and {step[1] for step in steps.steps if step[0] == "relate"} == set(RELATIONS)
    assert len({program[-1][0] for _, program, _ in asked}) == 7  # each way to read an answer


# ── steps ───────────────────────────────────────────────────────────────────────────────────────────
def test_steps_there_and_back():
    programs = [program for about in Scenes("dev", n=20).questions() for program in (q.program for q in about)]
    steps = Steps.of(programs)
    assert steps.steps == tuple(sorted({step for program in programs for step in program})) and len(steps) > 20
    rows = steps.encode(programs)
    assert rows.dtype == "int32" and rows.shape == (len(programs), max(map(len, programs))) and rows.max() == len(steps)
    assert steps.decode(rows) == programs == steps.decode(steps.encode(programs, length=30))
    assert steps.decode([[3, 0, 2]]) == [(steps.steps[2],)] and steps.decode(np.zeros((1, 2), int)) == [()]
    as_read = [[list(step) for step in program] for program in programs]  # lists, as in a file
    np.testing.assert_array_equal(Steps([list(step) for step in steps.steps]).encode(as_read), rows)
    assert steps.encode([()]).tolist() == [[0]] and steps.encode([]).shape == (0, 1)


@pytest.mark.parametrize(
    "steps",
    [
        [("scene",), ("count",)],
        [("filter", "colour", "red"), ("exist",)],
        [("relate", "above"), ("exist",)],
        [("scene",)],
    ],
)
def test_steps_may_lack_filters_relations_or_an_end(steps, tmp_path):
    model = NeuralModules(V, A, units=U, steps=steps)
    model.compile("sgd")
    program = Steps(steps).encode([steps] * B)
    assert np.isfinite(model.train_on_batch(INPUTS | {"program": program}, ANSWERS))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(call(loaded, program=program), call(model, program=program), atol=1e-6)


def modules(*steps, **settings):
    return NeuralModules(V, A, units=U, steps=steps, **settings)


ERRORS = [
    (lambda: Steps([]), "0 steps, 0 different. Allowed: 1 or more"),
    (lambda: Steps([("scene",), ("scene",)]), "2 steps, 1 different"),
    (lambda: Steps("scene"), "steps='scene'. Allowed: a list"),
    (lambda: Steps(["scene"]), "the step 'scene'. Allowed: a tuple of str"),
    (lambda: Steps([("filter", 3)]), r"the step \('filter', 3\). Allowed: a tuple of str"),
    (lambda: Steps(STEPS).encode([[("fly",)]]), r"the step \('fly',\). Allowed: scene, filter colour red"),
    (lambda: Steps(STEPS).encode(PROGRAM), "Allowed: a tuple of str"),
    (lambda: Steps(STEPS).encode([STEPS], length=3), "a program of 11 steps. Allowed: up to length=3"),
    (lambda: Steps(STEPS).encode([STEPS], length=2.0), "length=2.0. Allowed: a whole number from 1"),
    (lambda: Steps(STEPS).decode([[12]]), "rows from 12 to 12. Allowed: ids from 0 to 11"),
    (lambda: Steps(STEPS).decode([1, 2]), r"rows of shape \(2,\). Allowed: rows \(n, T\)"),
    (lambda: modules(("fly",)), r"the step \('fly',\). Allowed: steps that begin with scene, filter"),
    (lambda: modules(("filter", "red")), r"the step \('filter', 'red'\). Allowed: filter with 2 more"),
    (lambda: modules(("scene", "all")), r"the step \('scene', 'all'\). Allowed: scene with 0 more"),
    (
        lambda: modules(("query", "size"), ("filter", "colour", "red")),
        r"without a value of size. .*\('filter', 'size', ...",
    ),
    (lambda: modules(("scene",), program_length=0), "program_length=0. Allowed: a whole number from 1"),
    (lambda: call(make("modules"), program=PROGRAM + 8), "program from 8 to 19. Allowed: ids from 0 to 11"),
    (
        lambda: call(make("modules"), program=PROGRAM[:2]),
        r"program of shape \(2, 6\). Allowed: .* program \(batch, T\)?",
    ),
    (
        lambda: call(make("modules"), program=PROGRAM[:, :0]),
        r"programs of shape \(3, 0\). Allowed: \(batch, T\), 1 or more",
    ),
    (
        lambda: make("modules")(INPUTS | {"program": np.pad(PROGRAM, ((0, 0), (0, 1)))}, training=True),
        "programs of 7 steps. Allowed: up to program_length=6",
    ),
    (lambda: make("modules", IMAGE[:, :3]), "Received: 3 regions, merge=1. Allowed: a square grid"),
]


@pytest.mark.parametrize(("refused", "words"), ERRORS)
def test_errors_name_what_came_and_what_is_allowed(refused, words):
    with pytest.raises(ValueError, match=words):
        refused()
