"""The reader of CMU-MOSI's features: on a small made file, and on the real one."""

import numpy as np
import pytest
from sklearn.linear_model import RidgeClassifier

from mmcourse.corpora import Mosi, download, mosi
from mmcourse.items import Item

SIZES = {"text": 100, "audio": 73, "video": 100}


def arrays(train=10, test=4, each=3):
    """A file's content in the official form: videos train_00, train_01, ... of three utterances each."""
    rng, made = np.random.default_rng(0), {}
    for side, videos in (("train", train), ("test", test)):
        n = videos * each
        made[f"{side}_id"] = np.array([f"{side}_{i // each:02d}_{i % each}" for i in range(n)])
        made[f"{side}_transcript"] = np.array([f"FILM {i}" for i in range(n)])
        made[f"{side}_label"] = (rng.permutation(n) % 2).astype("int32")
        for name, size in SIZES.items():
            made[f"{side}_{name}"] = rng.standard_normal((n, size)).astype("float32")
    return made


@pytest.fixture
def root(tmp_path):
    (tmp_path / "cmu_mosi").mkdir()
    np.savez(tmp_path / "cmu_mosi" / mosi.FILE, **arrays())
    return tmp_path


def test_items_are_those_of_all_data(root):
    items, made = Mosi(root, "test"), arrays()
    assert isinstance(items[1], Item) and len(items) == 12
    assert (items[1].id, items[1].split, items[1].captions) == ("test_00_1", "test", ("FILM 1",))
    assert [item.label for item in items] == made["test_label"].tolist() == items.labels().tolist()
    vectors = items.vectors()
    assert {name: x.shape for name, x in vectors.items()} == {name: (12, size) for name, size in SIZES.items()}
    for name, x in vectors.items():
        assert x.dtype == np.float32
        np.testing.assert_array_equal(x, made[f"test_{name}"])
    part = items[3:8:2]
    assert part.ids == ("test_01_0", "test_01_2", "test_02_1") and len(part) == 3
    np.testing.assert_array_equal(part.vectors()["audio"], vectors["audio"][3:8:2])
    np.testing.assert_array_equal(part.labels(), made["test_label"][3:8:2])


def test_no_video_is_in_two_splits(root):
    parts = {split: Mosi(root, split) for split in mosi.SPLITS}
    shown = {split: set(part.videos()) for split, part in parts.items()}
    assert shown["dev"] == {"train_04", "train_09"} and shown["test"] == {f"test_0{i}" for i in range(4)}
    assert shown["train"] == {f"train_0{i}" for i in (0, 1, 2, 3, 5, 6, 7, 8)}
    made = arrays()["train_id"].tolist()
    assert sorted(parts["train"].ids + parts["dev"].ids) == sorted(made)
    assert list(parts["train"].ids) == [name for name in made if name in parts["train"].ids], "in the file's order"


def spoil(**new):
    return lambda made: made | new


def without(name):
    return lambda made: {key: value for key, value in made.items() if key != name}


WRONG = {
    "an array is missing": (without("dev_text"), None),
    "a modality is missing": (without("train_video"), "train_video is not a file"),
    "text too narrow": (lambda m: m | {"test_text": m["test_text"][:, :99]}, r"test_text has shape \(12, 99\)"),
    "one label short": (lambda m: m | {"train_label": m["train_label"][1:]}, r"train_label has shape \(29,\)"),
    "another label": (lambda m: m | {"test_label": m["test_label"] + 1}, r"test_label holds \[1, 2\]"),
    "not a number": (lambda m: m | {"test_audio": m["test_audio"] * np.nan}, "test_audio.*expected finite float32"),
    "double precision": (lambda m: m | {"train_text": m["train_text"].astype(float)}, "train_text holds float64"),
    "nothing": (lambda m: {k: v[:0] if k.startswith("test") else v for k, v in m.items()}, "test_id has shape"),
    "an id without number": (lambda m: m | {"test_id": np.array(["abc"] * 12)}, "VIDEO_number. Received: 'abc'"),
    "captions that are numbers": (
        lambda m: m | {"test_transcript": np.arange(12.0)},
        "test_transcript holds float64, exp",
    ),
    "captions that are bytes": (
        lambda m: m | {"train_transcript": m["train_transcript"].astype("S")},
        "train_transcript holds .S7, expected text",
    ),
    "an empty caption": (
        lambda m: m | {"test_transcript": np.array(["A"] * 3 + [" "] + ["B"] * 8)},
        "test_transcript is empty at place 3",
    ),
    "an id twice": (lambda m: m | {"test_id": np.repeat(m["test_id"][:6], 2)}, "test_id names an utterance twice"),
    "a video on both sides": (lambda m: m | {"test_id": m["train_id"][:12]}, "video train_00 is both in"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_damaged_file_is_named(root, wrong):
    change, says = WRONG[wrong]
    np.savez(root / "cmu_mosi" / mosi.FILE, **change(arrays()))
    if says is None:  # what nobody reads may be missing
        assert len(Mosi(root)) == 24
        return
    with pytest.raises(ValueError, match=rf"{mosi.FILE}.*{says}"):
        Mosi(root)


def test_a_file_that_is_cut_off_or_pickled_is_named(root):
    path = root / "cmu_mosi" / mosi.FILE
    whole = path.read_bytes()
    for data in (b"", b"PK", whole[: len(whole) // 2], whole[:5000] + b"?" * 900 + whole[5900:]):
        path.write_bytes(data)
        with pytest.raises(ValueError, match=f"damaged.*{mosi.FILE}"):
            Mosi(root)
    np.savez(path, **(arrays() | {"train_id": np.array([{"a": 1}] * 30, object)}))
    with pytest.raises(ValueError, match=f"damaged.*{mosi.FILE}.*allow_pickle=False"):
        Mosi(root)
    with open(path, "wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(ValueError, match=f"damaged.*{mosi.FILE}"):
        Mosi(root)


def test_where_it_is_looked_for(root, monkeypatch, tmp_path, capsys):
    ids = Mosi(root).ids
    assert Mosi(root / "cmu_mosi").ids == ids
    monkeypatch.setenv("MMCOURSE_DATA", str(root))
    assert Mosi().ids == ids
    with pytest.raises(ValueError, match=r"Received: split='valid'\. Allowed: train, dev, test\."):
        Mosi(split="valid")
    with pytest.raises(FileNotFoundError, match=r"academic use.*multicomp\.cs\.cmu\.edu.*mosi_utterance_features\.npz"):
        Mosi(tmp_path / "none")
    (root / "cmu_mosi" / mosi.FILE).unlink()
    with pytest.raises(FileNotFoundError, match=r"no mosi_utterance_features\.npz in"):
        Mosi()
    assert download.main(["cmu_mosi"]) == 1 and "multicomp.cs.cmu.edu" in capsys.readouterr().out


def test_the_real_features(data_dir):
    root = data_dir("cmu_mosi").parent
    parts = {split: Mosi(root, split) for split in mosi.SPLITS}
    assert {s: (len(p), len(set(p.videos()))) for s, p in parts.items()} == {
        "train": (1164, 50), "dev": (283, 12), "test": (752, 31),
    }  # fmt: skip
    assert parts["test"].labels().sum() == 467
    assert parts["test"][1].captions == ("BUT IT WAS REALLY REALLY AWESOME",)


@pytest.mark.parametrize("name", ["text", "video"])
def test_the_features_know_the_labels_of_train_and_dev(data_dir, name):
    """The trap that the docstring tells of: what a linear classifier reads from dev it cannot read from test."""
    train, dev, test = (Mosi(data_dir("cmu_mosi").parent, split) for split in mosi.SPLITS)
    ridge = RidgeClassifier(alpha=10.0, solver="svd").fit(train.vectors()[name], train.labels())
    on_dev, on_test = (ridge.score(part.vectors()[name], part.labels()) for part in (dev, test))
    assert on_dev > 0.9 and on_test < 0.76, (on_dev, on_test)
