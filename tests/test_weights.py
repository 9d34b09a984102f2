"""The course's own weights: what the files claim is true, and the recipe that makes them works from end to end."""

import hashlib
import json

import numpy as np
import pytest

from mmcourse import scenes, weights
from mmcourse._machinery.files import read_sealed
from mmcourse.backend import keras
from mmcourse.image import load_backbone
from mmcourse.scenes.sampling import HELD_OUT
from mmcourse.weights import make

FILE = weights.FOLDER / "scene_vgg.weights.h5"


@pytest.fixture(scope="module")
def record():
    return json.loads((weights.FOLDER / "scene_vgg.weights.json").read_text("utf-8"))


def test_the_file_is_the_one_that_was_measured(record):
    assert record["sha256"] == hashlib.sha256(FILE.read_bytes()).hexdigest()
    assert FILE.stat().st_size < 2_000_000
    assert record["versions"]["scenes"] == scenes.VERSION, "the world has changed: make the weights anew"
    assert {"date", "minutes", "machine", "seed", "command", "figures", "parameters"} <= set(record)


def test_nearly_all_new_scenes_are_named_in_full(record):
    assert record["figures"]["test"]["scenes"] == 1000
    assert record["figures"]["test"]["all_things_named"] >= 0.98
    assert {"unseen_pairs", "unseen_counts"} <= set(record["figures"])


def test_the_course_loads_its_own_weights():
    grid = load_backbone("scene_vgg")
    assert grid.trainable_weights == [] and weights.path("scene_vgg") == FILE
    out = grid.predict_on_batch(np.stack([item.image for item in scenes.Scenes("test", n=4)]))
    assert out.shape == (4, 8, 8, 128) and (out >= 0).all() and out.std() > 0
    with pytest.raises(ValueError, match=r"Received: name='x'\. Allowed: .*scene_vgg"):
        weights.path("x")


def test_the_grid_tells_what_is_where():
    """Ridge regression from a region's 128 features, fitted on 300 scenes, names the colour and shape in new ones.

    This reads the shipped file alone: the readers that trained it are not in it.
    """
    encoder = load_backbone("scene_vgg")

    def data(split, n):
        images, y = make.targets(scenes.Scenes(split, n=n))
        return encoder.predict(images, batch_size=100, verbose=0).reshape(n * 64, 128), y

    x, y = data("train", 300)
    new, truth = data("test", 100)
    for name, words in make.ATTRIBUTES.items():
        there, one = y["there"].ravel() > 0, np.eye(len(words))[y[name].ravel()]
        a = np.c_[x[there], np.ones(there.sum())].astype("float64")
        w = np.linalg.solve(a.T @ a + 1e-2 * np.eye(129), a.T @ one[there])
        seen = truth["there"].ravel() > 0
        right = (np.c_[new[seen], np.ones(seen.sum())] @ w).argmax(-1) == truth[name].ravel()[seen]
        assert right.mean() > 0.95, name


def test_targets_are_what_is_true():
    collection = scenes.Scenes("train", n=12)
    images, y = make.targets(collection)
    for row, item in enumerate(collection):
        np.testing.assert_array_equal(images[row], item.image)
        kinds = {(t.shape, t.colour, t.size) for t in item.truth.things}
        assert {make.KINDS[k] for k in np.flatnonzero(y["kinds"][row])} == kinds
        for thing in item.truth.things:
            region = thing.y * 8 // 1024 * 8 + thing.x * 8 // 1024  # the region that holds its centre
            if y["there"][row, region] and np.allclose(y["place"][row, region], (thing.x / 1024, thing.y / 1024)):
                named = (make.ATTRIBUTES[a][y[a][row, region]] for a in ("shape", "colour", "size"))
                assert tuple(named) == (thing.shape, thing.colour, thing.size)
        assert y["there"][row].sum() >= len(item.truth)
        assert (y["sure"][row] >= y["there"][row]).all()


def test_attributes_multiply_to_kinds():
    """The log-probability of a kind, against NumPy: the best region's product of four probabilities."""
    keras.utils.set_random_seed(0)
    encoder = load_backbone("scene_vgg", None)
    model = make.NamesScenes(encoder)
    images = np.stack([item.image for item in scenes.Scenes("dev", n=2)])
    out = {name: keras.ops.convert_to_numpy(value).astype("float64") for name, value in model(images).items()}

    def softmax(z):
        e = np.exp(z - z.max(-1, keepdims=True))
        return e / e.sum(-1, keepdims=True)

    p = 1 / (1 + np.exp(-out["thing"]))
    shape, colour, size = (softmax(out[name]) for name in make.ATTRIBUTES)
    each = np.einsum("bm,bms,bmc,bmz->bmscz", p, shape, colour, size).max(1).reshape(2, 60)
    np.testing.assert_allclose(np.exp(out["kinds"]), each, rtol=1e-3, atol=1e-8)


def test_held_out_pairs_are_not_trained_on():
    _, y = make.targets(scenes.Scenes("train", n=300))
    trained = {make.KINDS[k][:2] for k in np.flatnonzero(y["kinds"].any(0))}
    assert not trained & {(shape, colour) for colour, shape in HELD_OUT}


def test_the_recipe_runs(tmp_path, capsys):
    record = make.make_scene_vgg(tmp_path, n=32, epochs=2, verbose=0)
    assert capsys.readouterr().out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scene_vgg.weights.h5", "scene_vgg.weights.json"]
    assert read_sealed(tmp_path / "scene_vgg.weights.json", "") == record
    assert record["sha256"] == hashlib.sha256((tmp_path / "scene_vgg.weights.h5").read_bytes()).hexdigest()
    load_backbone("scene_vgg", tmp_path / "scene_vgg.weights.h5")


def test_one_step_moves_every_weight_and_lowers_the_loss():
    keras.utils.set_random_seed(0)
    images, y = make.targets(scenes.Scenes("train", n=16))
    from mmcourse.image import scene_vgg

    model = make.NamesScenes(scene_vgg())
    model.compile(keras.optimizers.Adam(1e-3))
    model(images[:1])
    before = [np.array(w) for w in model.get_weights()]
    losses = model.fit(images, y, batch_size=16, epochs=6, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    for variable, old, new in zip(model.trainable_variables, before, model.get_weights(), strict=True):
        assert not np.array_equal(old, new), variable.path


def test_the_command_refuses_what_it_does_not_know(capsys):
    with pytest.raises(SystemExit):
        make.main(["nothing"])
    assert "scene_vgg" in capsys.readouterr().err
