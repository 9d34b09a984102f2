"""What is asked of models that answer questions, beside how often they are right: do they say the same of the same, do
they follow a change that matters, can they follow a longer program, and do they look where the question means?"""

import numpy as np

from mmcourse.backend import keras
from mmcourse.metrics import attention_mass, centre_prior, pointing
from mmcourse.scenes.alignment import thing_cells
from mmcourse.scenes.image import render_batch
from mmcourse.scenes.questions import chained, changed, counts, kept, referents, reworded, trace
from mmcourse.scenes.questions.program import compare
from mmcourse.vqa import NeuralModules

SIDE = 8  # of the grid
POINTED = ("query", "relation shape", "relation colour", "relation size")  # beginnings of families with one thing asked


def grid_of(world, scenes):
    """The regions of scenes that no collection has: (n, 64, 128)."""
    grid = world.backbone.predict(render_batch(scenes), batch_size=125, verbose=0)
    return grid.reshape(len(scenes), -1, grid.shape[-1])


def some(world, settings):
    """(question, place of its scene, scene, features of that) of the first test scenes."""
    data, n = world.splits["test"], settings["consistency_scenes"]
    return [(q, s, data.scenes[s]) for q, s in zip(data.questions, data.sources, strict=True) if s < n]


def measure(world, model, settings):
    """Shares, a dict: see the keys."""
    data, asked = world.splits["test"], some(world, settings)
    texts, places, _ = zip(*asked, strict=True)
    said = np.array(world.answers)[world.answer(model, data.features, places, texts)]
    right = said == [question.answer for question in texts]
    found = {}

    rows = [(i, other) for i, (q, _, scene) in enumerate(asked) for other in reworded(q, scene, 1)]
    again = answers(world, model, data.features, [places[i] for i, _ in rows], [other for _, other in rows])
    found["other words, same answer"] = float(np.mean(again == said[[i for i, _ in rows]]))

    for name, change in (("changed", changed), ("kept", kept)):
        pairs = [(i, change(q, scene)) for i, (q, _, scene) in enumerate(asked)]
        pairs = [(i, *pair) for i, pair in pairs if pair is not None]
        features = grid_of(world, [scene for _, scene, _ in pairs])
        own = np.array([i for i, _, _ in pairs])
        then = answers(world, model, features, np.arange(len(pairs)), [texts[i] for i in own])
        both = right[own] & (then == [answer for _, _, answer in pairs])
        found[f"{name} picture: both right"] = float(both.mean())
        found[f"{name} picture: another answer"] = float(np.mean(then != said[own]))
        found[f"{name} picture: other right, of those right"] = float(both.sum() / max(right[own].sum(), 1))

    rows = [(i, counts(q, scene)) for i, (q, _, scene) in enumerate(asked) if q.family == "compare number"]
    parts = [part for _, two in rows for part in two]
    numbers = answers(world, model, data.features, [places[i] for i, _ in rows for _ in range(2)], parts)
    agree = []
    for (i, _), first, second in zip(rows, numbers[::2], numbers[1::2], strict=True):
        counted = first.isdigit() and second.isdigit()
        agree.append(
            counted and said[i] == ("yes" if compare(texts[i].program[-1][0], int(first), int(second)) else "no")
        )
    found["comparison agrees with its own counts"] = float(np.mean(agree))
    return found | chains(world, model, settings)


def answers(world, model, features, sources, questions):
    """What a model answers, as words, an array of str (q,)."""
    return np.array(world.answers)[world.answer(model, features, sources, questions)]


def chains(world, model, settings):
    """Of questions with two relations in a row, where train has one: the share that is right, also of those that have
    no more words than questions of train have; of neural modules also with the program given."""
    data = world.splits["test"]
    rows = [
        (place, question)
        for place, scene in enumerate(data.scenes[: settings["chain_scenes"]])
        for question in chained(scene, data.collection.language, 2)
    ]
    places, questions = zip(*rows, strict=True)
    wanted = np.array([question.answer for question in questions])
    right = answers(world, model, data.features, places, questions) == wanted
    short = (world.vocabulary.encode([world.write(question) for question in questions]) != 0).sum(1) <= world.length
    found = {"chains": float(right.mean())} | ({"chains, few words": float(right[short].mean())} if short.any() else {})
    if isinstance(model, NeuralModules):
        said = np.array(world.answers)[world.answer(model, data.features, places, questions, programs=True)]
        found["chains, program given"] = float(np.mean(said == wanted))
    return found


def languages(english, chinese, labels):
    """Of answers to the questions of test, which are the same in both languages, int (q,), one a seed: for each seed
    the share that the model taught in Chinese has right, and on how many the English one says what that of the *next*
    seed says, taught in Chinese or, as control, in English too. (With one seed modules learn the same in both: in
    training they follow the program, whatever was read.)"""
    return [
        {
            "right": float(np.mean(chinese[i] == labels)),
            "same answer, next seed": float(np.mean(english[i - 1] == chinese[i])),
            "same answer, next seed, both English": float(np.mean(english[i - 1] == english[i])),
        }
        for i in range(len(english))
    ]


def pointing_of(world, model, settings):
    """Where a model looks, for questions about the attribute of one thing: pointing and mass on that thing ("asked")
    and on the thing that it is related to ("anchor"), for each look; beside chance and the middle of the picture. Of
    neural modules also for each kind of step, on all things that the step holds."""
    data, asked = world.splits["test"], some(world, settings)
    asked = [one for one in asked if one[0].family.startswith(POINTED)]
    questions, places, scenes_ = zip(*asked, strict=True)
    cells = {place: thing_cells(scene, SIDE, SIDE) for place, scene in zip(places, scenes_, strict=True)}
    batches = world.batches(data.features, places, questions)
    looks = np.concatenate([_looks(model, batches[i]) for i in range(len(batches))])  # (q, looks, 64)
    found, prior = {}, centre_prior(SIDE, SIDE).ravel()[None]
    for role in ("asked", "anchor"):
        rows = [(i, referents(q, scene)[role]) for i, (q, _, scene) in enumerate(asked)]
        rows = [(i, cells[places[i]][things[0]].ravel()) for i, things in rows if things]
        own, right = [i for i, _ in rows], np.array([cell for _, cell in rows])
        found[role] = {"chance": float(right.mean()), "centre prior": _mean(pointing, prior, right, ties="shared")}
        if isinstance(model, NeuralModules):
            continue
        for look in range(looks.shape[1]):
            scores = {"pointing": pointing, "mass": attention_mass}
            found[role][f"look {look + 1}"] = {n: _mean(score, looks[own, look], right) for n, score in scores.items()}
    return found | (_steps(asked, looks, cells) if isinstance(model, NeuralModules) else {})


def _steps(asked, maps, cells):
    """Pointing of the map after each step that holds things, by kind of step."""
    kinds = {}
    for (question, place, scene), shown in zip(asked, maps, strict=True):
        for number, (step, held) in enumerate(zip(question.program, trace(question.program, scene), strict=True)):
            if held and step[0] in ("filter", "unique", "relate"):
                kinds.setdefault(step[0], []).append((shown[number], cells[place][list(held)].any(axis=0).ravel()))
    found = {}
    for kind, rows in kinds.items():
        shown, right = (np.array(part) for part in zip(*rows, strict=True))
        found[f"step {kind}"] = {"pointing": _mean(pointing, shown, right), "chance": float(right.mean())}
    return found


def _mean(score, weights, right, **more):
    return float(score(np.broadcast_to(weights, right.shape), right, **more).mean())


def _looks(model, batch):
    """The attention weights over regions of a batch, (b, looks, m)."""
    return keras.ops.convert_to_numpy(model(batch, return_weights=True)[1]["image"])
