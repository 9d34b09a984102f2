"""Detector and scene graphs: targets and decoding are inverse, every weight learns, suppression, three backends."""

import numpy as np
import pytest
from backends import BACKENDS, on_backend
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.backend import keras
from mmcourse.image import (
    GRAPH_FEATURES,
    SceneDetector,
    cell_targets,
    decode_cells,
    detected_scene,
    graph_vector,
    suppress,
    true_detections,
)
from mmcourse.metrics import iou
from mmcourse.scenes import Scenes
from mmcourse.scenes.sampling import scene
from mmcourse.scenes.scene import Scene, Thing

pytestmark = pytest.mark.usefixtures("eagerly")


def answers(truths, rows=8, columns=8):
    """What a perfect detector would say: the targets as outputs with large logits."""
    y = cell_targets(truths, rows, columns)
    out = {"there": 40.0 * y["there"] - 20, "box": y["box"]}
    return out | {n: 40.0 * np.eye(k)[y[n]] for n, k in {"shape": 5, "colour": 6, "size": 2}.items()}


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(["train", "unseen_pairs", "unseen_counts"]), st.integers(0, 2000))
def test_targets_and_decoding_are_inverse(split, index):
    truth = true_detections(scene(split, 0, index))
    (found,) = decode_cells(answers([scene(split, 0, index)]))
    assert len(found.scores) == len(truth.scores), "no two centres share a cell, and nothing true is suppressed"
    match = iou(found.boxes, truth.boxes).argmax(1)
    assert sorted(match) == list(range(len(truth.scores)))
    np.testing.assert_allclose(found.boxes, truth.boxes[match], atol=1e-5)
    for name in ("shape", "colour", "size"):
        np.testing.assert_array_equal(getattr(found, name), getattr(truth, name)[match])


def test_rows_and_columns_are_not_swapped():
    thing = Thing("star", "red", "large", 800, 200, 152)  # upper right
    y = cell_targets([Scene((thing,))], rows=4, columns=8)
    assert np.argwhere(y["there"][0]).tolist() == [[0, 6]]
    (found,) = decode_cells(answers([Scene((thing,))], 4, 8))
    np.testing.assert_allclose(found.boxes, true_detections(Scene((thing,))).boxes, atol=1e-5)


def test_suppression_keeps_the_best_and_what_only_a_dropped_box_was_near():
    chain = np.array([[0, 0, 5, 5], [2, 0, 7, 5], [4, 0, 9, 5], [20, 0, 25, 5]], float)
    assert suppress(chain, [0.9, 0.8, 0.7, 0.95], 0.4).tolist() == [3, 0, 2]
    assert suppress(chain, [0.9, 0.8, 0.7, 0.95], 1.0).tolist() == [3, 0, 1, 2]
    assert suppress(np.empty((0, 4)), []).tolist() == []
    with pytest.raises(ValueError, match="4 boxes, 1 scores"):
        suppress(chain, [1.0])
    with pytest.raises(ValueError, match=r"overlap=1\.5"):
        suppress(chain, [1.0] * 4, 1.5)


def grids(n=6, seed=0, channels=5):
    return np.random.default_rng(seed).normal(3, 2, (n, 8, 8, channels)).astype("float32")


def small(seed=0):
    detector = SceneDetector(units=7, seed=seed)
    detector.adapt(grids(20, 1))
    detector(grids())
    return detector


TRUTHS = Scenes("train", n=6).truths()


def loss_by_hand(y, out):
    """The loss once more, cell by cell."""
    total = 0.0
    for i in np.ndindex(y["there"].shape):
        p = 1 / (1 + np.exp(-out["there"][i]))
        total -= np.log(p if y["there"][i] else 1 - p)
        if y["there"][i]:
            for name in ("shape", "colour", "size"):
                z = out[name][i]
                total -= z[y[name][i]] - np.log(np.exp(z).sum())
            away = np.abs(out["box"][i] - y["box"][i])
            total += 2 * np.where(away < 0.1, 5 * away**2, away - 0.05).sum()
    return total / y["there"].sum()


def test_the_loss_is_that_of_the_docstring_and_ignores_what_is_not_there():
    detector, y = small(), cell_targets(TRUTHS)
    out = {name: np.asarray(v, "float64") for name, v in detector.predict(grids(), verbose=0).items()}
    as_tensors = {name: keras.ops.convert_to_tensor(v.astype("float32")) for name, v in out.items()}
    loss = float(detector.compute_loss(y=y, y_pred=as_tensors))
    assert loss == pytest.approx(loss_by_hand(y, out), rel=1e-4)
    other = {name: v.copy() for name, v in y.items()}
    for name in ("shape", "colour", "size"):
        other[name][other["there"] == 0] = 1  # nobody is there to have an attribute
    assert float(detector.compute_loss(y=other, y_pred=as_tensors)) == pytest.approx(loss, rel=1e-6)


def test_every_weight_learns_and_neighbours_in_the_batch_do_not_matter():
    detector = small()
    before = [keras.ops.convert_to_numpy(w) for w in detector.trainable_weights]
    detector.compile(keras.optimizers.Adam(1e-2))
    detector.fit(grids(), cell_targets(TRUTHS), epochs=2, verbose=0)
    assert len(before) == 4
    after = [keras.ops.convert_to_numpy(w) for w in detector.trainable_weights]
    assert all(np.abs(new - old).max() > 0 for new, old in zip(after, before, strict=True))
    whole, alone = detector.predict(grids(), verbose=0), detector.predict(grids()[2:3], verbose=0)
    for name, value in alone.items():
        np.testing.assert_allclose(value, whole[name][2:3], rtol=1e-4, atol=1e-5)


@pytest.mark.compiled
def test_it_learns_by_heart():
    """Grids that hold the answers: a convolution can copy them."""
    y = cell_targets(Scenes("train", n=40).truths())
    one = np.concatenate([y["there"][..., None], y["box"], *(np.eye(k)[y[n]] * y["there"][..., None]
                          for n, k in {"shape": 5, "colour": 6, "size": 2}.items())], -1)  # fmt: skip
    keras.utils.set_random_seed(0)
    detector = SceneDetector(units=32)
    detector.adapt(one.astype("float32"))
    detector.compile(keras.optimizers.Adam(1e-2))
    detector.fit(one, y, batch_size=10, epochs=25, verbose=0)
    found = detector.detect(one.astype("float32"))
    right = [len(f.scores) == len(s) for f, s in zip(found, Scenes("train", n=40).truths(), strict=True)]
    assert np.mean(right) > 0.9


def test_saving_and_loading(tmp_path):
    detector = small(3)
    detector.save(tmp_path / "d.keras")
    again = keras.models.load_model(tmp_path / "d.keras")
    assert again.get_config()["units"] == 7 and again.get_config()["seed"] == 3
    for name, value in detector.predict(grids(), verbose=0).items():
        np.testing.assert_array_equal(again.predict(grids(), verbose=0)[name], value)


def test_half_precision_ends_in_float32():
    full = small().predict(grids(), verbose=0)
    keras.config.set_dtype_policy("mixed_float16")
    try:
        detector = small()
        out = detector.predict(grids(), verbose=0)
    finally:
        keras.config.set_dtype_policy("float32")
    for name, value in out.items():
        assert value.dtype == np.float32
        np.testing.assert_allclose(value, full[name], atol=0.05)


def test_seeds_decide():
    first, same, other = small(0), small(0), small(1)
    np.testing.assert_array_equal(first.get_weights()[3], same.get_weights()[3])
    assert np.abs(first.get_weights()[3] - other.get_weights()[3]).max() > 0


# Graphs


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2000))
def test_a_perfect_detection_is_the_true_scene(index):
    true = scene("train", 0, index)
    seen = detected_scene(true_detections(true))

    def facts(s):
        name = [(t.shape, t.colour, t.size) for t in s.things]
        return sorted((name[i], r, name[j]) for i, r, j in s.relations())

    assert facts(seen) == facts(true)
    for thing in true.things:
        (same,) = [t for t in seen.things if abs(t.x - thing.x) <= 1 and abs(t.y - thing.y) <= 1]
        assert abs(same.radius - thing.radius) <= 1
    np.testing.assert_array_equal(graph_vector(seen), graph_vector(true))


def test_the_graph_vector_counts_edges():
    things = (
        Thing("star", "red", "large", 200, 500, 150),
        Thing("circle", "blue", "small", 700, 500, 90),
        Thing("square", "blue", "small", 700, 800, 90),
    )
    vector = dict(zip(GRAPH_FEATURES, graph_vector(Scene(things)), strict=True))
    assert vector["blue"] == 2 and vector["star"] == 1 and vector["green"] == 0
    assert vector["red", "left of", "blue"] == 2 and vector["blue", "left of", "red"] == 0
    assert vector["circle", "above", "square"] == 1 and vector["star", "above", "square"] == 1
    relations = [r for _, r, _ in Scene(things).relations()]
    edges = sum(v for k, v in vector.items() if isinstance(k, tuple))
    assert edges == 9 * sum(r in ("left of", "above") for r in relations), "three words for each end of an edge"
    np.testing.assert_array_equal(graph_vector(Scene(things[::-1])), graph_vector(Scene(things)))
    assert graph_vector(Scene(())).tolist() == [0] * len(GRAPH_FEATURES)


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    ours, theirs = on_backend(keras.config.backend(), figures), on_backend(backend, figures)
    for name, value in ours.items():
        np.testing.assert_allclose(theirs[name], value, rtol=1e-4, atol=1e-5)


def figures():
    """The same numbers from weights that NumPy drew: backends draw their own."""
    detector, rng = small(), np.random.default_rng(5)
    new = [w if len(np.shape(w)) < 2 else rng.normal(0, 0.3, np.shape(w)) for w in detector.get_weights()]
    detector.set_weights(new)
    out = detector.predict(grids(), verbose=0)
    tensors = {n: keras.ops.convert_to_tensor(v) for n, v in out.items()}
    loss = detector.compute_loss(y=cell_targets(TRUTHS), y_pred=tensors)
    return {**out, "loss": keras.ops.convert_to_numpy(loss)}
