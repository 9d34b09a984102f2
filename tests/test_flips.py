"""One bit flipped in any file that the course writes or ships: equal values, or an error that names the file.

``python tests/test_flips.py 300`` flips that many in each kind and prints what came of them.
"""

import json
import os
import shutil
import sys
import tempfile
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from test_corpora_mosi import arrays

from mmcourse import book, weights
from mmcourse._machinery import digests
from mmcourse._machinery.order import Batches
from mmcourse.backend import keras
from mmcourse.captioning import Captioner, load_captioner, save_captioner
from mmcourse.corpora.mosi import FILE, read_features
from mmcourse.experiments import results, training
from mmcourse.image import backbones
from mmcourse.retrieval import ExactIndex
from mmcourse.text import Vocabulary

X = np.random.default_rng(0).standard_normal((12, 3)).astype("float32")


class Rows(Batches):
    def __init__(self):
        super().__init__(len(X), 4, True, 0)

    def __getitem__(self, index):
        rows = self._rows(index)
        return X[rows], X[rows, :1]


def train(folder):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dropout(0.2), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    return training.train(model, Rows(), 2, folder, lambda: {"score": 1.0}, verbose=0), model


def checkpoint(folder):
    train(folder)
    path = folder / training.FILE
    return [path], lambda: digests.digest(*training.CHECKPOINT.read(path, "training"))


def scene_vgg(folder):
    for name in ("scene_vgg.weights.h5", "scene_vgg.weights.json"):
        shutil.copy(weights.FOLDER / name, folder / name)

    def read():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(backbones, "COURSE_WEIGHTS", folder)
            return digests.digest(backbones.load_backbone("scene_vgg").get_weights())

    return [folder / "scene_vgg.weights.h5", folder / "scene_vgg.weights.json"], read


def captioner(folder):
    keras.utils.set_random_seed(0)
    sizes = {"units": 4, "embedding": 3, "image_units": 4, "attention_units": 3}
    model = Captioner(8, attention="soft", **sizes)
    model.build({"image": (None, 5, 6), "tokens": (None, None)})
    save_captioner(model, Vocabulary(["a", "dog", "runs", "fast"]), folder)

    def read():
        model, words = load_captioner(folder)
        return digests.digest(model.get_weights(), words.tokens, words.tokenizer, model.config)

    return [folder / name for name in ("captioner.weights.h5", "captioner.vocabulary.json", "captioner.json")], read


RECORDS = results.FOLDER if results.FOLDER.is_dir() else resources.files("mmcourse") / "results"  # as in a wheel


def vocabulary(folder):
    path = folder / "words.json"
    Vocabulary(["a", "dog", "größer", "狗"]).save(path)
    return [path], lambda: (Vocabulary.load(path).tokens, Vocabulary.load(path).tokenizer)


def record(folder):
    shutil.copy(RECORDS / "captioning-scenes.json", folder)
    path = folder / "captioning-scenes.json"
    return [path], lambda: results.read_results(path)


def recorded(folder):
    shutil.copy(RECORDS / "video-scenes.json", folder)

    def read():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(book, "_RESULTS", folder)
            return book.recorded("video-scenes")

    return [folder / "video-scenes.json"], read


def index(folder):
    one = ExactIndex(3)
    one.add([f"name {i}" for i in range(len(X))], X)
    one.save(folder / "i.index")
    path = folder / "i.index"
    return [path], lambda: digests.digest([np.asarray(part).tolist() for part in ExactIndex.load(path).contents()])


def mosi(folder):
    path = folder / FILE
    np.savez(path, **arrays())
    return [path], lambda: digests.digest(read_features(path))


KINDS = {f.__name__: f for f in (checkpoint, scene_vgg, captioner, vocabulary, record, recorded, index, mosi)}


def flips(kind, many, folder, seed=0):
    """{"equal", "refused", "silent"}: what came of ``many`` flips in the files of one kind, read again each."""
    files, read = KINDS[kind](folder)
    right, random, found = read(), np.random.default_rng(seed), {"equal": 0, "refused": 0, "silent": 0}
    for _ in range(many):
        file = files[random.integers(len(files))]
        whole = file.read_bytes()
        data, bit = bytearray(whole), int(random.integers(8 * len(whole)))
        data[bit // 8] ^= 1 << bit % 8
        file.write_bytes(data)
        try:
            came = "equal" if read() == right else "silent"
        except ValueError as error:
            assert file.name in str(error), f"{kind}, bit {bit} of {file.name}: {error}"
            came = "refused"
        found[came] += 1
        file.write_bytes(whole)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_no_flipped_bit_passes_in_silence(kind, tmp_path):
    found = flips(kind, 8 if kind == "scene_vgg" else 25, tmp_path)
    assert found["silent"] == 0 and found["refused"] > 0


def test_a_bundle_of_two_halves_is_refused(tmp_path):
    folders = [tmp_path / name for name in ("a", "b")]
    for seed, folder in enumerate(folders):
        captioner(folder)
        model, words = load_captioner(folder)
        model.set_weights([w + seed for w in model.get_weights()])
        save_captioner(model, words if not seed else Vocabulary(["b", *words.words[1:]]), folder)
    for name in ("captioner.weights.h5", "captioner.vocabulary.json"):
        mine = (folders[0] / name).read_bytes()
        shutil.copy(folders[1] / name, folders[0] / name)
        with pytest.raises(ValueError, match=rf"belongs to another one: .*{name}.*Save the captioner again"):
            load_captioner(folders[0])
        (folders[0] / name).write_bytes(mine)
    (folders[0] / name).unlink()
    with pytest.raises(FileNotFoundError, match=rf"missing: .*{name}"):
        load_captioner(folders[0])


def test_wherever_saving_a_bundle_is_stopped_the_old_or_the_new_one_is_there(tmp_path, monkeypatch):
    read = captioner(tmp_path)[1]
    model, words = load_captioner(tmp_path)
    old = read()
    model.set_weights([w + 1 for w in model.get_weights()])
    replace, seen = os.replace, set()
    for stop in range(1, 20):
        calls = []

        def replace_some(*arguments, calls=calls, stop=stop):
            calls.append(arguments)
            if len(calls) == stop:
                raise KeyboardInterrupt
            replace(*arguments)

        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", replace_some)
            try:
                save_captioner(model, words, tmp_path)
            except KeyboardInterrupt:
                seen.add(read() == old)
                continue
        break
    assert stop > 6 and seen == {True, False} and read() != old
    assert not list(tmp_path.glob("*.new.*"))


def test_a_captioner_of_an_older_version_is_read(tmp_path):
    files, read = captioner(tmp_path)
    right, made = read(), json.loads(files[2].read_text("utf8"))
    files[2].write_text(json.dumps({name: made[name] for name in ("model", "regions")}), "utf8")
    assert read() == right
    files[2].write_text(json.dumps({"model": {"unit": 3}, "regions": [5, 6]}), "utf8")
    with pytest.raises(ValueError, match=r"damaged: .*captioner\.json .*unit"):
        load_captioner(tmp_path)


if __name__ == "__main__":
    for name in sys.argv[2:] or KINDS:
        with tempfile.TemporaryDirectory() as place:
            print(name, flips(name, int(sys.argv[1]), Path(place), seed=1), flush=True)
