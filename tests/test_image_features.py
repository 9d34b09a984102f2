"""The file of features that somebody else may damage, share or leave no room for: right values, or a word about it."""

import errno
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from backends import SOONEST

from mmcourse.backend import keras
from mmcourse.image import extract_features, features

ROOT = Path(__file__).parent.parent
PIXELS = np.random.default_rng(0).integers(0, 256, (20, 8, 8, 3), dtype="uint8")


def items(pixels=PIXELS):
    return [SimpleNamespace(id=str(place), image=image) for place, image in enumerate(pixels)]


def means():
    """The means of 4 x 4 pixels."""
    inputs = keras.Input((8, 8, 3))
    return keras.Model(inputs, keras.layers.AveragePooling2D(4)(inputs), name="means")


def right(pixels=PIXELS):
    return pixels.reshape(-1, 2, 4, 2, 4, 3).mean((2, 4))


def network(scale=1 / 255, dilation=1, groups=1, epsilon=1e-3, limit=6.0, slope=0.0, other=False, scaled=True):
    layers, inputs = keras.layers, keras.Input((8, 8, 3))
    x = layers.Rescaling(scale)(inputs)
    x = layers.Conv2D(6, 3, padding="same", kernel_initializer="ones", dilation_rate=dilation)(x)
    x = layers.Conv2D(6, 1, groups=groups, kernel_initializer="ones", use_bias=False)(x)
    y = layers.BatchNormalization(epsilon=epsilon, scale=scaled)(x)
    z = layers.ReLU(limit, slope)(y)
    return keras.Model(inputs, layers.Add()([z, x if other else y]), name="network")


def test_whatever_changes_the_values_is_in_the_fingerprint():
    first = features._backbone_fingerprint(network())
    assert features._backbone_fingerprint(network()) == first, "nor do names count that Keras gave"
    for change in (
        {"scale": 1 / 127}, {"dilation": 2}, {"epsilon": 1e-4}, {"limit": 5.0}, {"slope": 0.1}, {"other": True},
    ):  # fmt: skip
        assert features._backbone_fingerprint(network(**change)) != first, change
    weights = network()
    weights.layers[2].bias.assign(weights.layers[2].bias + 1e-7)
    assert features._backbone_fingerprint(weights) != first


@pytest.mark.parametrize("place", [1, 10, 19])
def test_every_image_is_in_the_fingerprint(place, tmp_path):
    cache, changed = tmp_path / "f.npy", PIXELS.copy()
    changed[place, 7, 7, 2] ^= 1
    extract_features(means(), items(), cache)
    with pytest.raises(ValueError, match=r"something else \(collection differ\)"):
        extract_features(means(), items(changed), cache)
    again = extract_features(means(), items(changed), cache, rebuild=True)
    np.testing.assert_allclose(again, right(changed), rtol=1e-3)


def test_files_of_images_are_read_and_not_decoded(tmp_path):
    files = tuple(tmp_path / name for name in "abc")
    for file in files:
        file.write_bytes(b"one")
    collection = SimpleNamespace(ids=tuple("abc"), image_files=files)
    first = features._collection_fingerprint(collection)
    for file in files:  # one replaced under the same name, also in the middle
        file.write_bytes(b"two")
        assert features._collection_fingerprint(collection) != first
        file.write_bytes(b"one")
    assert features._collection_fingerprint(collection) == first


def foreign(data):
    return data[:-480] + bytes(480)  # of the same shape


DAMAGE = {
    "altered": lambda data: data[:200] + bytes([data[200] ^ 1]) + data[201:],
    "altered ": lambda data: data[:20] + b"9" + data[21:],
    "altered, its": foreign,
    "bytes in place of": lambda data: data[:-24],
    "bytes in place of ": lambda data: data + b"\0",
    " bytes in place of": lambda data: b"",
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_finished_file_that_was_damaged_is_told_and_computed_anew(what, tmp_path):
    cache = tmp_path / "f.npy"
    extract_features(means(), items(), cache, batch_size=4)
    cache.write_bytes(DAMAGE[what](cache.read_bytes()))
    with pytest.warns(UserWarning, match=rf"f\.npy: .*{what.strip()}.*computed anew"):
        again = extract_features(means(), items(), cache, batch_size=4)
    np.testing.assert_allclose(again, right(), rtol=1e-3)


class Stops(list):
    """Items that cannot be read any more after so many times."""

    left = 33  # all of them by the fingerprint, then thirteen

    def __getitem__(self, place):
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return super().__getitem__(place)


@pytest.mark.parametrize("what", DAMAGE)
def test_so_is_a_part_of_one(what, tmp_path):
    cache, part = tmp_path / "f.npy", tmp_path / "f.npy.part"
    with pytest.raises(KeyboardInterrupt):
        extract_features(means(), Stops(items()), cache, batch_size=4)
    data, whole = part.read_bytes(), Stops(items())
    whole.left = 100
    assert 0 < features.read_sealed(tmp_path / "f.json", "")["done"] < 20
    part.write_bytes(data[:128] + bytes(len(data) - 128) if what == "altered, its" else DAMAGE[what](data))
    with pytest.warns(UserWarning, match=rf"f\.npy\.part: .*{what.strip()}.*computed anew"):
        again = extract_features(means(), whole, cache, batch_size=4)
    np.testing.assert_allclose(again, right(), rtol=1e-3)


def test_a_part_that_is_as_it_was_left_is_gone_on_with(tmp_path):
    again = Stops(items())
    with pytest.raises(KeyboardInterrupt):
        extract_features(means(), Stops(items()), tmp_path / "f.npy", batch_size=4)
    again.left = 20 + 8
    np.testing.assert_allclose(extract_features(means(), again, tmp_path / "f.npy", batch_size=5), right(), rtol=1e-3)
    assert again.left == 0


def test_of_flipped_bits_none_passes(tmp_path):
    """In the file and in its record: right values, with a warning or without, or an error that names the record."""
    cache, record = tmp_path / "f.npy", tmp_path / "f.json"
    model, collection = means(), items()
    extract_features(model, collection, cache, batch_size=8)
    whole, random = {file: file.read_bytes() for file in (cache, record)}, np.random.default_rng(1)
    silent = errors = 0
    for file in (cache, record):
        for bit in random.integers(0, 8 * len(whole[file]), 15):
            for other, data in whole.items():
                other.write_bytes(data)
            data = bytearray(whole[file])
            data[bit // 8] ^= 1 << bit % 8
            file.write_bytes(data)
            try:
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(features.warnings, "warn", lambda *args, **kwargs: None)
                    found = extract_features(model, collection, cache, batch_size=8)
                silent += not np.allclose(found, right(), rtol=1e-3)
            except ValueError as error:
                errors += 1
                assert "f.json" in str(error)
    assert silent == 0 and errors > 0


def test_a_full_disk_is_an_error_with_the_name_of_the_file(tmp_path, monkeypatch):
    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full, raising=False)
    with pytest.raises(OSError, match=r"no room for [\d,]+ bytes.*f\.npy\.part") as error:
        extract_features(means(), items(), tmp_path / "f.npy")
    assert error.value.errno == errno.ENOSPC
    monkeypatch.undo()
    np.testing.assert_allclose(extract_features(means(), items(), tmp_path / "f.npy"), right(), rtol=1e-3)


@pytest.mark.skipif(os.name != "posix", reason="files have no limit of size here")
@pytest.mark.parametrize("how", ["", "del os.posix_fallocate"])
def test_room_is_made_before_anything_is_computed(tmp_path, how):
    code = f"""
import os, resource, sys
from mmcourse._machinery.files import allocate
{how}
path = sys.argv[1]
allocate(path, 5_000_000)
assert open(path, "rb").read() == bytes(5_000_000)
resource.setrlimit(resource.RLIMIT_FSIZE, (5_000_000, 5_000_000))
try:
    allocate(path, 5_000_001)
except OSError as error:
    assert path == error.filename and "no room for " in str(error) and not os.path.exists(path), error
else:
    raise AssertionError
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "f")], check=True)


TOGETHER = """
import sys
sys.path.insert(0, "tests")
import numpy as np
import test_image_features as t
model, folder, rounds = t.means(), sys.argv[1], int(sys.argv[2])
print("ready", flush=True)
for line in sys.stdin:
    n = int(line)
    found = t.extract_features(model, t.items(), f"{folder}/{n % 2 or n}.npy", batch_size=1 + n % 3, rebuild=n % 2 == 1)
    np.testing.assert_allclose(found, t.right(), rtol=1e-3)
    print(n, flush=True)
"""


def together(folder, rounds):
    """Two processes compute one cache at the same moment, ``rounds`` times -> how many of the calls went wrong."""
    command = [sys.executable, "-c", TOGETHER, str(folder), str(rounds)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    both = [subprocess.Popen(command, cwd=ROOT, env=os.environ | {"KERAS_BACKEND": SOONEST}, **pipes) for _ in range(2)]
    wrong = sum(one.stdout.readline() != "ready\n" for one in both)
    for n in range(rounds):
        for one in both:
            one.stdin.write(f"{n}\n")
            one.stdin.flush()
        for one in both:
            told = ""
            while told != f"{n}\n":
                told = one.stdout.readline()
                if not told:
                    return wrong + 1
    for one in both:
        one.communicate()
        wrong += one.returncode != 0
    return wrong


def test_two_processes_on_one_cache(tmp_path):
    assert together(tmp_path, 4) == 0
    assert not list(tmp_path.glob("*.part"))
