"""The reader of MNIST's IDX files and their download: on small made files, and on the real ones."""

import gzip
import json
import struct

import numpy as np
import pytest

from mmcourse.corpora import Mnist, download, mnist, places
from mmcourse.items import Item

PICTURES = np.random.default_rng(0).integers(0, 256, (7, 28, 28)).astype("uint8")
LABELS = np.array([3, 1, 4, 1, 5, 9, 2], "uint8")


def idx(array, kind=8):
    """The official form, written by hand: see the format's own description."""
    return bytes([0, 0, kind, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def write(folder, start="t10k", pictures=PICTURES, labels=LABELS, pack=True):
    folder.mkdir(exist_ok=True)
    for name, array in (("images-idx3", pictures), ("labels-idx1", labels)):
        data = idx(array)
        path = folder / f"{start}-{name}-ubyte{'.gz' if pack else ''}"
        path.write_bytes(gzip.compress(data) if pack else data)


@pytest.mark.parametrize("pack", [True, False])
@pytest.mark.parametrize(("split", "start"), [("train", "train"), ("test", "t10k")])
def test_items_are_those_of_all_data(tmp_path, pack, split, start):
    write(tmp_path / "mnist", start, pack=pack)
    items = Mnist(tmp_path, split)
    assert isinstance(items[5], Item) and len(items) == 7
    assert (items[5].id, items[5].split, items[5].label) == (f"{split}_00005", split, 9)
    assert items[5].image.shape == (28, 28, 3) and items[5].image.dtype == np.uint8
    for channel in range(3):
        np.testing.assert_array_equal(items[5].image[..., channel], PICTURES[5])
    np.testing.assert_array_equal(items.pictures(), PICTURES)
    np.testing.assert_array_equal(items.labels(), LABELS)
    part = items[1:6:2]
    np.testing.assert_array_equal(part.pictures(), PICTURES[1:6:2])
    np.testing.assert_array_equal(part.labels(), [1, 1, 9])
    assert [item.label for item in part] == [1, 1, 9]


def spoilt(change, packed=True):
    """The pictures' file with ``change`` made to its bytes, before or after packing."""
    return gzip.compress(change(idx(PICTURES))) if packed else change(gzip.compress(idx(PICTURES)))


WRONG = {
    "cut off": (spoilt(lambda d: d[:-5]), r"promises 5488 values and holds 5483"),
    "too long": (spoilt(lambda d: d + b"!"), r"promises 5488 values and holds more"),
    "no header": (spoilt(lambda d: d[:9]), "expected the header 00 00 08 03"),
    "empty": (spoilt(lambda d: b""), "expected the header 00 00 08 03. Received: ''"),
    "labels": (spoilt(lambda d: idx(LABELS)), "expected the header 00 00 08 03. Received: '00 00 08 01'"),
    "floats": (spoilt(lambda d: idx(PICTURES, kind=13)), "Received: '00 00 0d 03'"),
    "far too many": (spoilt(lambda d: d[:4] + b"\xff" * 12 + d[16:]), "expected 1 to 47040000 values. Received: 79"),
    "none": (spoilt(lambda d: d[:4] + bytes(12)), "Received: 0, of shape"),
    "other size": (gzip.compress(idx(PICTURES[:, :27])), r"expected 28 × 28 pictures. Received: shape \(7, 27, 28\)"),
    "one less": (gzip.compress(idx(PICTURES[1:])), "holds 7 labels. Expected: 6"),
    "pack cut off": (spoilt(lambda d: d[:-900], False), "damaged.*images"),
    "pack spoilt": (spoilt(lambda d: d[:900] + b"?" * 90 + d[990:], False), "damaged.*images"),
    "not packed": (idx(PICTURES), "damaged.*images"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_damaged_file_is_named(tmp_path, wrong):
    write(tmp_path / "mnist")
    data, says = WRONG[wrong]
    (tmp_path / "mnist" / "t10k-images-idx3-ubyte.gz").write_bytes(data)
    with pytest.raises(ValueError, match=says) as error:
        Mnist(tmp_path, "test")
    assert "-ubyte.gz" in str(error.value)


def test_a_folder_in_place_of_a_file_is_not_called_damaged(tmp_path):
    with pytest.raises(IsADirectoryError, match=str(tmp_path)):
        mnist.read_idx(tmp_path, 3)


def test_a_label_above_nine_is_refused(tmp_path):
    write(tmp_path / "mnist", labels=LABELS + 1)
    with pytest.raises(ValueError, match=r"t10k-labels.*expected labels 0 to 9\. Received: 10\."):
        Mnist(tmp_path, "test")


def test_where_it_is_looked_for(tmp_path, monkeypatch):
    write(tmp_path / "mnist_t10k")
    labels = LABELS.tolist()
    for root in (tmp_path, tmp_path / "mnist_t10k"):
        assert Mnist(root, "test").labels().tolist() == labels
    monkeypatch.setenv("MMCOURSE_DATA", str(tmp_path))
    assert Mnist(split="test").labels().tolist() == labels
    monkeypatch.delenv("MMCOURSE_DATA")
    monkeypatch.setattr(places, "cache", lambda: tmp_path)
    assert Mnist(split="test").labels().tolist() == labels
    with pytest.raises(FileNotFoundError, match="no train-images-idx3-ubyte with train-labels-idx1-ubyte, plain or"):
        Mnist()
    with pytest.raises(FileNotFoundError, match=r"mmcourse\.corpora\.download mnist"):
        Mnist(tmp_path / "nowhere")
    with pytest.raises(ValueError, match=r"Received: split='dev'\. Allowed: train, test\."):
        Mnist(tmp_path, "dev")


def test_it_is_fetched_compared_and_counted(tmp_path):
    here, place = tmp_path / "server", tmp_path / "fetched"
    write(here, "train")
    write(here, "t10k", PICTURES[:3], LABELS[:3])
    files = dict.fromkeys(download.MNIST_FILES)
    arguments = (place, f"{here.as_uri()}/", files)
    with pytest.raises(ValueError, match=r"test holds 3 pictures\. Expected: 4\."):
        download.mnist(*arguments, {"train": 7, "test": 4})
    assert [path.name for path in (place / "mnist").iterdir()] == ["downloaded.json"], "nothing false is kept"
    folder = download.mnist(*arguments, {"train": 7, "test": 3})
    assert len(Mnist(place)) == 7 and len(Mnist(place, "test")) == 3
    record = json.loads((folder / "downloaded.json").read_text())
    assert set(record) == set(files) and not any(one["compared"] for one in record.values())
    for path in here.iterdir():
        path.unlink()
    assert download.mnist(*arguments, {"train": 7, "test": 3}) == folder, "what is there is not fetched again"


def test_a_file_with_another_checksum_is_not_kept(tmp_path):
    write(tmp_path / "server", "train")
    write(tmp_path / "server", "t10k")
    with pytest.raises(ValueError, match=r"t10k-images-idx3-ubyte\.gz is not what was expected\. Received: SHA-256"):
        download.mnist(tmp_path / "x", f"{(tmp_path / 'server').as_uri()}/")
    assert not list((tmp_path / "x" / "mnist").glob("t10k*"))


def test_the_real_pictures(data_dir):
    folder = data_dir("mnist_t10k")
    items = Mnist(folder, "test")
    np.testing.assert_array_equal(items.labels()[:5], [7, 2, 1, 0, 4])
    np.testing.assert_array_equal(np.bincount(items.labels()), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
    assert items.pictures().shape == (10000, 28, 28) and 30 < items.pictures().mean() < 36
    for name, digest in download.MNIST_FILES.items():
        if name.startswith("t10k") and (folder / name).is_file():
            assert download.fetch("", folder / name, digest) == digest, "the checksums we give are those files'"
    assert mnist.SIZE == 28
