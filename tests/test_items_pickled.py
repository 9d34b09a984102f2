"""Items and collections travel to other processes, as worker processes of Keras need it."""

import functools
import multiprocessing
import wave
from multiprocessing.reduction import ForkingPickler as Pickler  # what passes things to worker processes

import numpy as np
import pytest
from test_corpora_flickr import CAPTIONS, EVERY, NAMES, karpathy, picture, tokens, write
from test_corpora_mnist import write as write_mnist
from test_corpora_mosi import arrays

from mmcourse.batches import ItemBatches
from mmcourse.corpora import Flickr8k, Flickr30k, Mnist, Mosi, SpokenDigits, mosi
from mmcourse.scenes import Asked, Scenes
from mmcourse.scenes.catalogue import Catalogue
from mmcourse.scenes.utterances import Utterances
from mmcourse.text import Vocabulary

HEAVY = ("image", "captions", "audio", "frames")


def flickr8k(root, language="en"):
    for seed, name in enumerate(EVERY):
        picture(root / "flickr8k" / "images" / name, seed)
    for split, names in NAMES.items():
        write(root / "flickr8k" / f"Flickr_8k.{split}Images.txt", "\n".join(names) + "\n")
    write(root / "flickr8k" / "Flickr8k.token.txt", tokens())
    if language == "zh":
        write(root / "flickr8k_cn" / "flickr8kzhc.caption.txt", tokens("#zhc#", " ", CAPTIONS))
        write(root / "flickr8k_cn" / "flickr8ktrain.txt", "\n".join(NAMES["train"]))
    return Flickr8k(root, "train", language)


def flickr30k(root):
    for seed, name in enumerate(EVERY):
        picture(root / "flickr30k" / "images" / name, seed)
    write(root / "flickr30k" / "dataset_flickr30k.json", karpathy())
    return Flickr30k(root, "train")


def digits(root):
    (root / "recordings").mkdir()
    for index in range(3):
        with wave.open(str(root / "recordings" / f"7_lucas_{index}.wav"), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", "not compressed"))
            file.writeframes(np.arange(80 + index, dtype="<i2").tobytes())
    return SpokenDigits(root, split=None)


def mnist(root):
    write_mnist(root / "mnist")
    return Mnist(root, "test")


def utterances_of_mosi(root):
    (root / "cmu_mosi").mkdir()
    np.savez(root / "cmu_mosi" / mosi.FILE, **arrays())
    return Mosi(root, "test")


COLLECTIONS = {
    "Flickr8k": flickr8k,
    "Flickr8K-CN": functools.partial(flickr8k, language="zh"),
    "Flickr30k": flickr30k,
    "Mnist": mnist,
    "Mosi": utterances_of_mosi,
    "SpokenDigits": digits,
    "Scenes": lambda root: Scenes("train", n=3, label="shape", image_noise=0.2, mismatched=30),
    "Asked": lambda root: Asked(Scenes("dev", n=2)),
    "Catalogue": lambda root: Catalogue("train", n=3),
    "Utterances": lambda root: Utterances("train", n=3),
}


def same(one, other):
    assert one == other
    for name in HEAVY:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("name", COLLECTIONS)
def test_an_item_and_its_collection_are_the_same_afterwards(name, tmp_path):
    collection = COLLECTIONS[name](tmp_path)
    data = Pickler.dumps(collection[1])
    assert len(data) < 20_000, "an item that still waits takes no pictures, and not its whole collection, along"
    same(Pickler.loads(data), collection[1])
    item = collection[1]
    drawn = [getattr(item, field) for field in HEAVY]  # now they are there
    assert drawn[1] == item.captions
    same(Pickler.loads(Pickler.dumps(item)), item)
    part = Pickler.loads(Pickler.dumps(collection[1:]))
    assert type(part) is type(collection) and len(part) == len(collection) - 1
    same(part[0], collection[1])


def test_a_process_of_its_own_makes_the_same_batch():
    batches = ItemBatches(
        Scenes("train", n=4, label="shape", image_size=16), ("image", "text"), batch_size=2,
        vocabulary=Vocabulary(["a", "red", "circle"]), labels=np.arange(4), shuffle=True,
    )  # fmt: skip
    with multiprocessing.get_context("spawn").Pool(1) as pool:  # as Keras' workers, but nothing is inherited
        there, labels = pool.apply_async(batches.__getitem__, (1,)).get(timeout=120)
    here, expected = batches[1]
    np.testing.assert_array_equal(labels, expected)
    np.testing.assert_array_equal(there["image"], here["image"])
    np.testing.assert_array_equal(there["text"], here["text"])
    np.testing.assert_array_equal(there["mask"]["text"], here["mask"]["text"])
