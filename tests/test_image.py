"""Backbones and cached features: preprocessing against an oracle, saving, three backends, and caches that survive."""

import json
import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest
from backends import BACKENDS, SOONEST, on_backend

from mmcourse import image
from mmcourse.backend import keras
from mmcourse.image import extract_features, load_backbone, regions, scene_vgg

pytestmark = pytest.mark.usefixtures("eagerly")


def pixels(n, size=32, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, size, size, 3), "uint8")


def collection(n, size=32, seed=0):
    return [SimpleNamespace(id=f"i{i}", image=picture) for i, picture in enumerate(pixels(n, size, seed))]


@pytest.fixture(scope="module")
def small():
    keras.utils.set_random_seed(0)
    return load_backbone("scene_vgg", None, input_size=32)


# Backbones.


@pytest.mark.parametrize("name, grid", [("scene_vgg", (4, 4, 128)), ("vgg16", (1, 1, 512))])
def test_shapes_and_frozen(name, grid):
    model = load_backbone(name, None, input_size=32)
    assert model.output_shape == (None, *grid) and model.trainable_weights == []
    assert model.predict_on_batch(pixels(3)).shape == (3, *grid)
    assert not any(isinstance(layer, keras.Model) for layer in model.layers), "Grad-CAM needs a flat graph"


def test_a_vector_is_the_mean_of_the_grid(small):
    vector = load_backbone("scene_vgg", None, output="vector", input_size=32)
    vector.set_weights(small.get_weights())
    grid = small.predict_on_batch(pixels(3))
    np.testing.assert_allclose(vector.predict_on_batch(pixels(3)), grid.mean((1, 2)), rtol=1e-5, atol=1e-6)


def test_scene_vgg_gives_8_by_8_regions_of_128():
    model = scene_vgg()
    assert model.input_shape == (None, 64, 64, 3) and model.output_shape == (None, 8, 8, 128)
    assert model.count_params() * 4 < 2e6


@pytest.mark.parametrize(
    "name, module, mode",
    [
        ("vgg16", "vgg16", "caffe"),
        ("vgg19", "vgg19", "caffe"),
        ("resnet50", "resnet50", "caffe"),
        ("mobilenet_v2", "mobilenet_v2", "symmetric"),
    ],
)
def test_every_network_has_the_preprocessing_of_keras(name, module, mode):
    assert image.backbones.APPLICATIONS[name][1] == mode
    x = pixels(2)
    wanted = getattr(keras.applications, module).preprocess_input(x.astype("float32"))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(image.Preprocess(mode)(x)), wanted, atol=1e-4)


def test_resnet50_is_a_grid_or_a_vector_too(tmp_path):
    oracle = keras.applications.ResNet50(include_top=False, weights=None, input_shape=(32, 32, 3))
    oracle.save_weights(tmp_path / "r.weights.h5")
    x = pixels(2)
    wanted = oracle.predict_on_batch(keras.applications.resnet50.preprocess_input(x.astype("float32")))
    ours = load_backbone("resnet50", tmp_path / "r.weights.h5", output="vector", input_size=32)
    assert ours.output_shape == (None, 2048) and ours.trainable_weights == []
    scale = np.abs(wanted).max()
    np.testing.assert_allclose(ours.predict_on_batch(x) / scale, wanted.mean((1, 2)) / scale, atol=1e-5)


@pytest.mark.parametrize("name", ["vgg16", "mobilenet_v2"])
def test_preprocessing_is_inside_and_is_that_of_keras(tmp_path, name):
    """Erratum 38: VGG fed raw pixels. The oracle is keras.applications, network and preprocessing."""
    module = getattr(keras.applications, name)
    build = module.VGG16 if name == "vgg16" else module.MobileNetV2
    oracle = build(include_top=False, weights=None, input_shape=(32, 32, 3))
    oracle.save_weights(tmp_path / "x.weights.h5")
    ours = load_backbone(name, tmp_path / "x.weights.h5", input_size=32)
    assert ours.trainable_weights == [] and not any(isinstance(layer, keras.Model) for layer in ours.layers)
    x = pixels(2)
    expected = oracle.predict_on_batch(module.preprocess_input(x.astype("float32")))
    scale = np.abs(expected).max()
    np.testing.assert_allclose(ours.predict_on_batch(x) / scale, expected / scale, atol=1e-5)
    raw = oracle.predict_on_batch(x.astype("float32"))
    assert np.abs(raw - expected).max() > 0.05 * scale, "the oracle would not notice raw pixels"


def test_caffe_preprocessing_by_hand():
    layer = image.Preprocess("caffe")
    out = keras.ops.convert_to_numpy(layer(np.array([[[[255, 128, 0]]]], "uint8")))
    np.testing.assert_allclose(out, [[[[0 - 103.939, 128 - 116.779, 255 - 123.68]]]], rtol=1e-5)
    out = keras.ops.convert_to_numpy(image.Preprocess("symmetric")(np.array([[[[255, 127.5, 0]]]], "float32")))
    np.testing.assert_allclose(out, [[[[1, 0, -1]]]], atol=1e-6)


@pytest.mark.parametrize("dtype", ["uint8", "int64", "float32", "float64"])
def test_any_type_of_pixels_gives_the_same(small, dtype):
    x = pixels(2)
    np.testing.assert_allclose(small.predict_on_batch(x.astype(dtype)), small.predict_on_batch(x), atol=1e-5)
    called = keras.ops.convert_to_numpy(small(x.astype(dtype)))
    np.testing.assert_allclose(called, small.predict_on_batch(x), atol=1e-4)


def test_saving_and_loading_by_path(tmp_path, small):
    small.save_weights(tmp_path / "w.weights.h5")
    again = load_backbone("scene_vgg", tmp_path / "w.weights.h5", input_size=32)
    np.testing.assert_array_equal(again.predict_on_batch(pixels(2)), small.predict_on_batch(pixels(2)))
    small.save(tmp_path / "model.keras")
    whole = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(whole.predict_on_batch(pixels(2)), small.predict_on_batch(pixels(2)))


def test_half_precision(small):
    keras.config.set_dtype_policy("mixed_float16")
    try:
        half = load_backbone("scene_vgg", None, input_size=32)
        half.set_weights(small.get_weights())
        out = half.predict_on_batch(pixels(2))
    finally:
        keras.config.set_dtype_policy("float32")
    full = small.predict_on_batch(pixels(2))
    assert out.dtype == np.float16 and np.isfinite(out).all()
    np.testing.assert_allclose(out.astype("float32"), full, atol=0.01 * full.max())


def test_helpful_errors(tmp_path, small):
    with pytest.raises(ValueError, match=r"Received: name='vgg17'\. Allowed: scene_vgg, vgg16, .*mobilenet_v2"):
        load_backbone("vgg17")
    with pytest.raises(ValueError, match=r"Received: output='map'\. Allowed: grid, vector"):
        load_backbone("vgg16", None, output="map")
    with pytest.raises(ValueError, match=r"Received: weights='course'\. Allowed: 'imagenet'"):
        load_backbone("vgg16", "course")
    with pytest.raises(ValueError, match=r"Received: weights='imagenet'\. Allowed: 'course'"):
        load_backbone("scene_vgg", "imagenet")
    with pytest.raises(ValueError, match=r"Received: input_size=20"):
        load_backbone("vgg16", None, input_size=20)
    with pytest.raises(ValueError, match=r"Received: input_size=33.*multiple of 8"):
        load_backbone("scene_vgg", None, input_size=33)
    with pytest.raises(FileNotFoundError, match=r"none\.weights\.h5"):
        load_backbone("vgg16", tmp_path / "none.weights.h5")
    small.save_weights(tmp_path / "other.weights.h5")
    with pytest.raises(ValueError, match=r"does not hold weights of 'vgg16'.*other\.weights\.h5"):
        load_backbone("vgg16", tmp_path / "other.weights.h5", input_size=32)
    (tmp_path / "text.weights.h5").write_text("no weights")
    with pytest.raises(ValueError, match=r"does not hold weights of 'scene_vgg'.*text\.weights\.h5"):
        load_backbone("scene_vgg", tmp_path / "text.weights.h5")


def test_imagenet_without_a_network_says_what_to_do(monkeypatch):
    real = keras.applications.MobileNetV2

    def no_network(weights, **rest):
        if weights == "imagenet":
            raise Exception("URL fetch failure")
        return real(weights=weights, **rest)

    monkeypatch.setattr(keras.applications, "MobileNetV2", no_network)
    with pytest.raises(OSError, match=r"URL fetch failure.*weights=PATH"):
        load_backbone("mobilenet_v2", input_size=32)


def test_a_file_that_fits_only_in_part_is_refused(tmp_path, monkeypatch, small):
    """Keras warns only when it finds no weights for a layer, and leaves them random."""
    monkeypatch.setattr(keras.Model, "load_weights", lambda *a, **k: None)
    (tmp_path / "w.weights.h5").touch()
    with pytest.raises(ValueError, match="a layer was not found"):
        load_backbone("scene_vgg", tmp_path / "w.weights.h5", input_size=32)


def test_regions_go_row_by_row():
    grid = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    flat = regions(grid)
    assert isinstance(flat, np.ndarray) and flat.shape == (2, 12, 5) and np.shares_memory(flat, grid)
    np.testing.assert_array_equal(flat[1, 1 * 4 + 2], grid[1, 1, 2])
    tensor = regions(keras.ops.convert_to_tensor(grid))
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(tensor), flat)
    with pytest.raises(ValueError, match=r"Received: grid of shape \(2, 3\)"):
        regions(np.zeros((2, 3)))


def figures():
    """For the comparison of backends: weights that need no random numbers of a backend."""
    model = scene_vgg(32)
    random = np.random.default_rng(0)
    model.set_weights([random.normal(0, 0.05, w.shape).astype("float32") for w in model.get_weights()])
    vgg = load_backbone("vgg16", None, input_size=32)
    vgg.set_weights([random.normal(0, 0.02, w.shape).astype("float32") for w in vgg.get_weights()])
    return {
        "features": extract_features(model, collection(5), batch_size=2, dtype="float32"),
        "vgg": vgg.predict_on_batch(pixels(1)),
        "called": model(pixels(2)),
    }


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    theirs, ours = on_backend(backend, figures), on_backend(keras.config.backend(), figures)
    for name, value in ours.items():
        np.testing.assert_allclose(theirs[name], value, rtol=1e-3, atol=1e-4 * np.abs(value).max(), err_msg=name)


# Features.


@pytest.mark.parametrize("batch_size", [1, 4, 64])
def test_features_do_not_depend_on_batches(small, batch_size):
    items = collection(9)
    direct = small.predict_on_batch(np.stack([item.image for item in items]))
    features = extract_features(small, items, batch_size=batch_size, dtype="float32")
    np.testing.assert_allclose(features, direct, atol=1e-4)
    half = extract_features(small, items, batch_size=batch_size)
    assert half.dtype == np.float16
    np.testing.assert_allclose(half.astype("float32"), direct, rtol=1e-3, atol=1e-3)


def test_flip_mirrors_every_image(small):
    items = collection(3)
    mirrored = small.predict_on_batch(np.stack([item.image[:, ::-1] for item in items]))
    features = extract_features(small, items, dtype="float32", batch_size=4, flip=True)
    np.testing.assert_allclose(features, mirrored, atol=1e-4)


def test_resizing():
    wide = np.zeros((20, 60, 3), "uint8")
    wide[:, 20:40] = 255
    assert image.resize(wide, (10, 10)).shape == (10, 10, 3)
    assert image.resize(wide, (10, 10))[:, 0].max() == 0, "squashed: the dark sides are there"
    assert image.resize(wide, (10, 10), "crop").min() > 128, "cropped: the middle is there, its edge blended"
    padded = image.resize(wide, (10, 10), "pad")
    assert padded.shape == (10, 10, 3) and padded[4:6, 0].max() < 5, "padded: the dark sides are there"
    assert np.ptp(padded[:3].reshape(-1, 3), axis=0).max() == 0, "above and below one colour"
    np.testing.assert_allclose(padded[0, 0], wide.reshape(-1, 3).mean(0), atol=1)
    assert image.resize(wide, (20, 60)) is wide
    with pytest.raises(ValueError, match=r"Received: how='x'\. Allowed: squash, crop"):
        image.resize(wide, (10, 10), "x")


def test_images_of_another_size_are_resized(small):
    items = collection(2, size=48)
    expected = small.predict_on_batch(np.stack([image.resize(item.image, (32, 32)) for item in items]))
    np.testing.assert_allclose(extract_features(small, items, dtype="float32"), expected, atol=1e-4)


def test_a_cache_is_written_and_then_only_opened(tmp_path, small, monkeypatch):
    items = collection(7)
    features = extract_features(small, items, tmp_path / "new" / "f.npy", batch_size=2)
    assert isinstance(features, np.memmap) and not features.flags.writeable
    np.testing.assert_array_equal(features, extract_features(small, items, batch_size=2))
    there = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert there == ["f.json", "f.lock", "f.npy", "f.process"]
    np.load(tmp_path / "new" / "f.npy", allow_pickle=False)
    monkeypatch.setattr(type(small), "predict_on_batch", None)
    again = extract_features(small, items, tmp_path / "new" / "f.npy", batch_size=2)
    np.testing.assert_array_equal(again, features)


class Breaks:
    """A collection whose item ``at`` cannot be read; counts what was."""

    def __init__(self, items, at):
        self.items, self.at, self.read = items, at, []
        self.ids = [item.id for item in items]

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        item = self.items[i]
        self.read.append(i)
        if i == self.at:
            raise RuntimeError("the disk is gone")
        return item


def test_a_run_that_broke_goes_on_where_it_stopped(tmp_path, small, monkeypatch):
    monkeypatch.setattr(image.features, "_collection_fingerprint", lambda c: "same")
    items, cache = collection(20), tmp_path / "f.npy"
    with pytest.raises(RuntimeError, match="the disk is gone"):
        extract_features(small, Breaks(items, at=13), cache, batch_size=4)
    assert not cache.exists() and json.loads((tmp_path / "f.json").read_text())["done"] == 12
    second = Breaks(items, at=None)
    features = extract_features(small, second, cache, batch_size=4)
    assert min(second.read) == 12
    np.testing.assert_array_equal(features, extract_features(small, items, batch_size=4))


class Slow(Breaks):
    """Forty items, each of which takes ``pause`` seconds to read."""

    def __init__(self, pause):
        super().__init__(collection(40), at=None)
        self.pause = pause

    def __getitem__(self, i):
        time.sleep(self.pause)
        return super().__getitem__(i)


def mean_backbone():
    """The means of 8 x 8 pixels: a backbone whose values NumPy can compute."""
    inputs = keras.Input((32, 32, 3), name="image")
    return keras.Model(inputs, keras.layers.AveragePooling2D(8)(inputs), name="mean")


SLOWLY = """
import sys
sys.path[:0] = ["tests"]
import test_image as t
t.extract_features(t.mean_backbone(), t.Slow(0.1), sys.argv[1], batch_size=4)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_killed_process_loses_nothing_that_was_written(tmp_path):
    cache, record = tmp_path / "f.npy", tmp_path / "f.json"
    root = os.path.dirname(os.path.dirname(__file__))
    command, env = [sys.executable, "-c", SLOWLY, str(cache)], os.environ | {"KERAS_BACKEND": SOONEST}
    first = subprocess.Popen(command, cwd=root, env=env, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 300
        while not (record.exists() and json.loads(record.read_text())["done"] >= 8):
            assert first.poll() is None and time.monotonic() < until
            time.sleep(0.02)
    finally:
        first.kill()
        first.wait()
    done = json.loads(record.read_text())["done"]
    assert 8 <= done < 40 and not cache.exists()
    second = Slow(0)
    features = extract_features(mean_backbone(), second, cache, batch_size=4)
    by_the_fingerprint = list(range(40))
    assert sorted(second.read) == sorted([*by_the_fingerprint, *range(done, 40)])
    images = np.stack([item.image for item in collection(40)]).astype("float64")
    np.testing.assert_allclose(features, images.reshape(40, 4, 8, 4, 8, 3).mean((2, 4)), rtol=1e-3)


def test_a_cache_of_something_else_is_refused(tmp_path, small):
    items, cache = collection(6), tmp_path / "f.npy"
    first = np.array(extract_features(small, items, cache, batch_size=2))
    other = load_backbone("scene_vgg", None, input_size=32)
    changed = [SimpleNamespace(id=item.id, image=item.image) for item in items]
    changed[0].image = 255 - changed[0].image
    for what, call in {
        "backbone": lambda **k: extract_features(other, items, cache, **k),
        "collection": lambda **k: extract_features(small, items[::-1], cache, **k),
        "dtype": lambda **k: extract_features(small, items, cache, dtype="float32", **k),
        "flip": lambda **k: extract_features(small, items, cache, flip=True, **k),
        "resize": lambda **k: extract_features(small, items, cache, resize="crop", **k),
    }.items():
        with pytest.raises(ValueError, match=rf"\({what} differ\).*f\.npy.*rebuild=True"):
            call()
    with pytest.raises(ValueError, match="collection differ"):
        extract_features(small, changed, cache)
    with pytest.raises(ValueError, match="collection, shape differ"):
        extract_features(small, items[:3], cache)
    np.testing.assert_array_equal(np.load(cache), first)  # a refusal destroys nothing
    flipped = extract_features(small, items, cache, flip=True, rebuild=True)
    np.testing.assert_array_equal(flipped, extract_features(small, items, flip=True))


def test_damaged_caches_are_named(tmp_path, small):
    items, cache = collection(2), tmp_path / "f.npy"
    extract_features(small, items, cache)
    (tmp_path / "f.json").write_text("{")
    with pytest.raises(ValueError, match=r"record of a cache is damaged.*f\.json"):
        extract_features(small, items, cache)
    (tmp_path / "f.json").unlink()
    with pytest.raises(ValueError, match=r"no f\.json beside the cache"):
        extract_features(small, items, cache)


def test_the_fingerprint_is_of_what_decides_the_values(small):
    again = load_backbone("scene_vgg", None, input_size=32)
    assert image.features._backbone_fingerprint(again) != image.features._backbone_fingerprint(small)
    again.set_weights(small.get_weights())
    assert image.features._backbone_fingerprint(again) == image.features._backbone_fingerprint(small)


def test_errors_of_features(small, tmp_path):
    nothing = [*collection(1), SimpleNamespace(id="blind", image=None)]
    with pytest.raises(ValueError, match="'blind' has no image"):
        extract_features(small, nothing)
    floats = [SimpleNamespace(id="odd", image=np.zeros((32, 32, 3)))]
    with pytest.raises(ValueError, match=r"Expected an image of shape \(h, w, 3\).*'odd'.*float64"):
        extract_features(small, floats)
    with pytest.raises(ValueError, match=r"Received: dtype='int8'\. Allowed: float16, float32"):
        extract_features(small, nothing, dtype="int8")
    with pytest.raises(ValueError, match=r"Received: resize='x'"):
        extract_features(small, nothing, resize="x")
    with pytest.raises(ValueError, match=r"Received: batch_size=0"):
        extract_features(small, nothing, batch_size=0)
    with pytest.raises(ValueError, match=r"Allowed: a path that ends in \.npy"):
        extract_features(small, collection(1), cache=tmp_path / "f.bin")
    inputs = keras.Input((32, 32, 3))
    loud = keras.Model(inputs, keras.layers.Rescaling(1000.0)(inputs), name="loud")
    with pytest.raises(ValueError, match=r'do not fit into float16.*dtype="float32"'):
        extract_features(loud, collection(1))


def test_an_empty_collection_gives_an_empty_array(small, tmp_path):
    assert extract_features(small, []).shape == (0, 4, 4, 128)
    assert extract_features(small, [], tmp_path / "f.npy").shape == (0, 4, 4, 128)


# Real weights and photographs.


def test_real_mobilenet_sees_what_is_there(data_dir):
    """The folded weights load as Keras loads them, and the features tell photographs apart."""
    path = data_dir("backbones") / "mobilenetv2_1.0_224_notop_folded.weights.h5"
    ours = load_backbone("mobilenet_v2", path)
    oracle = keras.applications.MobileNetV2(weights=str(path), include_top=False, input_shape=(224, 224, 3))
    files = sorted((data_dir("flickr8k") / "images").iterdir())[:2]
    from mmcourse.image import read_image

    x = np.stack([read_image(file) for file in files])
    grid = ours.predict_on_batch(x)
    assert grid.shape == (2, 7, 7, 1280)
    np.testing.assert_allclose(grid, oracle.predict_on_batch(x / 127.5 - 1), atol=1e-3)
