"""Batches: the right rows together, every row once, the same again with the same seed, on every backend."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from backends import BACKENDS, on_backend
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.backend import keras
from mmcourse.batches import CaptionBatches, ItemBatches
from mmcourse.scenes import Scenes
from mmcourse.scenes.utterances import Utterances
from mmcourse.text import Vocabulary, tokenize


def world(n, k=3, length=6, grid=False):
    """Features and captions that carry the number of their image, so that a wrong pairing shows."""
    features = np.repeat(np.arange(n, dtype="float16"), 4 * 2).reshape(n, 4, 2)
    tokens = np.zeros((n, k, length), "int32")
    tokens[:, :, 0], tokens[:, :, -1] = 1, 2
    tokens[:, :, 1] = 10 + np.arange(n)[:, None]
    tokens[:, :, 2] = 1000 + np.arange(k)
    return features.reshape(n, 2, 2, 2) if grid else features, tokens


def pairs(data):
    """Every (image, caption) of an epoch, read from the batches, each checked to be a true pair."""
    found = []
    for i in range(len(data)):
        inputs, targets = data[i]
        image, tokens = inputs["image"], inputs["tokens"]
        np.testing.assert_array_equal(image[:, 0, 0].astype(int) + 10, tokens[:, 1])
        np.testing.assert_array_equal(tokens[:, 1:], targets[:, :-1])
        assert (tokens[:, 0] == 1).all() and (targets[:, -1] == 2).all()
        found += list(zip(tokens[:, 1] - 10, tokens[:, 2] - 1000, strict=True))
    return [(int(a), int(b)) for a, b in found]


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 17), st.integers(1, 4), st.integers(1, 20), st.booleans(), st.booleans())
def test_every_pair_or_every_image_once(n, k, batch_size, shuffle, grid):
    features, tokens = world(n, k, grid=grid)
    every = CaptionBatches(features, tokens, batch_size, captions="all", shuffle=shuffle)
    assert sorted(pairs(every)) == [(i, j) for i in range(n) for j in range(k)]
    one = CaptionBatches(features, tokens, batch_size, captions="one", shuffle=shuffle)
    assert sorted(image for image, _ in pairs(one)) == list(range(n))
    assert len(every) == -(-n * k // batch_size) and len(one) == -(-n // batch_size)


def test_shapes_types_and_the_smaller_last_batch():
    features, tokens = world(7, grid=True)
    data = CaptionBatches(features, tokens, 4)
    inputs, targets = data[0]
    assert inputs["image"].shape == (4, 4, 2) and inputs["image"].dtype == np.float32
    assert inputs["tokens"].shape == targets.shape == (4, 5) and inputs["tokens"].dtype == targets.dtype == np.int32
    assert data[1][0]["image"].shape == (3, 4, 2)
    with pytest.raises(IndexError, match=r"Received: index=2\. Allowed: 0 to 1"):
        data[2]


def test_order_is_a_function_of_seed_and_epoch():
    features, tokens = world(20)

    def epochs(seed, **how):
        data, found = CaptionBatches(features, tokens, 8, seed=seed, **how), []
        for _ in range(3):
            found.append(pairs(data))
            data.on_epoch_end()
        return found

    first = epochs(0)
    assert first == epochs(0) and first != epochs(1)
    assert first[0] != first[1] != first[2]
    still = epochs(0, captions="all", shuffle=False)
    assert still[0] == still[1] == sorted(still[0])


def test_a_run_that_goes_on_has_the_orders_that_it_would_have_had():
    features, tokens = world(20)
    whole, later = (CaptionBatches(features, tokens, 8) for _ in range(2))
    for number in range(3):
        assert whole.epoch == number
        later.epoch = number
        assert pairs(later) == pairs(whole)
        whole.on_epoch_end()


def test_over_the_epochs_every_caption_is_drawn():
    features, tokens = world(5, k=4)
    data, seen = CaptionBatches(features, tokens, 5), set()
    for _ in range(40):
        seen |= set(pairs(data))
        data.on_epoch_end()
    assert len(seen) == 20


def test_padded_captions_are_never_drawn():
    features, tokens = world(4, k=3)
    tokens[1, 2] = 0
    tokens[3, 0] = 0
    data = CaptionBatches(features, tokens, 4, captions="all")
    assert len(pairs(data)) == 10
    one = CaptionBatches(features, tokens, 4)
    for _ in range(20):
        assert not {(1, 2), (3, 0)} & set(pairs(one))
        one.on_epoch_end()
    tokens[2] = 0
    with pytest.raises(ValueError, match="Received: image 2 without a caption"):
        CaptionBatches(features, tokens, 4)


def test_one_caption_an_image_needs_no_axis():
    features, tokens = world(4, k=1)
    assert sorted(pairs(CaptionBatches(features, tokens[:, 0], 3))) == [(i, 0) for i in range(4)]


def test_mirrored_features_come_about_half_of_the_time():
    features, tokens = world(200)
    mirrored = features + np.array([0, 100], "float16")  # the image's number stays in the first channel
    data = CaptionBatches(features, tokens, 64, mirrored=mirrored)
    pairs(data)
    flipped = np.concatenate([data[i][0]["image"][:, 0, 1] != data[i][0]["image"][:, 0, 0] for i in range(len(data))])
    assert 70 < flipped.sum() < 130


def test_memory_maps_are_read_a_batch_at_a_time(tmp_path):
    features, tokens = world(9)
    np.save(tmp_path / "f.npy", features)
    mapped = np.load(tmp_path / "f.npy", mmap_mode="r")
    plain, data = CaptionBatches(features, tokens, 4), CaptionBatches(mapped, tokens, 4)
    assert data.features is mapped
    for i in range(3):
        np.testing.assert_array_equal(data[i][0]["image"], plain[i][0]["image"])
        assert type(data[i][0]["image"]) is np.ndarray


def test_errors_name_what_came():
    features, tokens = world(4)
    for bad, message in [
        (lambda: CaptionBatches(features, tokens, 0), r"Received: batch_size=0"),
        (lambda: CaptionBatches(features, tokens, 2.5), r"Received: batch_size=2\.5\. Allowed: a whole number from 1"),
        (lambda: CaptionBatches(features, tokens, 2, captions="two"), r"Received: captions='two'\. Allowed: one, all"),
        (lambda: CaptionBatches(features[:3], tokens, 2), r"n = 4.*Received: features\.shape=\(3, 4, 2\)"),
        (lambda: CaptionBatches(features[:, 0], tokens, 2), r"Received: features\.shape=\(4, 2\)"),
        (lambda: CaptionBatches(features, tokens.astype(float), 2), r"integer tokens.*float64"),
        (lambda: CaptionBatches(features, tokens[..., :1], 2), r"L at least 2"),
        (lambda: CaptionBatches(features, tokens, 2, mirrored=features[:2]), r"mirrored\.shape=\(2, 4, 2\)"),
        (lambda: CaptionBatches(features[:0], tokens[:0], 2), r"nothing to make batches of"),
    ]:
        with pytest.raises(ValueError, match=message):
            bad()


def items(n, size=8):
    random = np.random.default_rng(0)
    return [
        SimpleNamespace(id=f"i{i}", image=random.integers(0, 256, (size, size, 3), "uint8"), label=i) for i in range(n)
    ]


def test_images_of_a_collection():
    collection = items(5)
    data = ItemBatches(collection, "image", 2)
    assert [data[i]["image"].shape for i in range(3)] == [(2, 8, 8, 3), (2, 8, 8, 3), (1, 8, 8, 3)]
    np.testing.assert_array_equal(data[1]["image"][0], collection[2].image)
    for labels in (np.arange(5), lambda item: item.label):
        shuffled = ItemBatches(collection, "image", 2, labels=labels, shuffle=True, seed=3)
        found = []
        for i in range(3):
            batch, label = shuffled[i]
            for image, place in zip(batch["image"], label, strict=True):
                np.testing.assert_array_equal(image, collection[place].image)
                found.append(int(place))
        assert sorted(found) == list(range(5)) and found != list(range(5))
    assert ItemBatches(collection, "image", 2, size=4)[0]["image"].shape == (2, 4, 4, 3)


def test_image_errors():
    collection = items(3)
    with pytest.raises(ValueError, match="2 labels, 3 items"):
        ItemBatches(collection, "image", 2, labels=[1, 2])
    with pytest.raises(ValueError, match=r"pass size=.*\(4, 4, 3\), \(8, 8, 3\)"):
        ItemBatches(items(1) + items(1, size=4), "image", 2)[0]
    collection[1].image = None
    with pytest.raises(ValueError, match="'i1' has no image"):
        ItemBatches(collection, "image", 2)[0]


def test_scenes_stream():
    scenes = Scenes("train", n=6)
    data = ItemBatches(scenes, "image", 4, labels=lambda item: len(item.truth))
    batch, counts = data[1]
    assert batch["image"].shape == (2, 64, 64, 3)
    np.testing.assert_array_equal(batch["image"][1], scenes[5].image)
    assert counts.tolist() == [len(scenes[4].truth), len(scenes[5].truth)]


def vocabulary_of(*collections):
    return Vocabulary.build(caption for c in collections for item in c for caption in item.captions)


def test_every_modality_of_a_scene():
    scenes = Scenes("train", n=5)
    words = vocabulary_of(scenes)
    data = ItemBatches(scenes, ("image", "text", "audio", "video"), 3, vocabulary=words)
    batch = data[1]
    assert set(batch) == {"image", "text", "audio", "video", "mask"}
    assert set(batch["mask"]) == {"text", "audio", "video"}
    for row, item in enumerate(scenes[3:]):
        np.testing.assert_array_equal(batch["image"][row], item.image)
        np.testing.assert_array_equal(batch["audio"][row], item.audio)
        np.testing.assert_array_equal(batch["video"][row], item.frames)
        assert words.decode(batch["text"])[row] == " ".join(tokenize(item.captions[0]))
        np.testing.assert_array_equal(batch["mask"]["text"][row], batch["text"][row] != 0)
    assert batch["audio"].dtype == np.float32 and batch["video"].dtype == np.uint8 and batch["text"].dtype == np.int32
    assert batch["mask"]["audio"].all() and batch["mask"]["video"].all()
    small = ItemBatches(scenes, ("image", "video"), 2, size=16)[0]
    assert small["image"].shape == (2, 16, 16, 3) and small["video"].shape == (2, 24, 16, 16, 3)


def test_captions_are_drawn_anew_every_epoch():
    scenes = Scenes("train", n=6)
    words = vocabulary_of(scenes)
    data = ItemBatches(scenes, "text", 6, vocabulary=words, length={"text": 40}, labels=np.arange(6), shuffle=True)
    seen = {i: set() for i in range(6)}
    for _ in range(30):
        batch, places = data[0]
        for text, place in zip(words.decode(batch["text"]), places, strict=True):
            seen[int(place)].add(text)
        data.on_epoch_end()
    for place, texts in seen.items():
        assert texts == {" ".join(tokenize(c)) for c in scenes[place].captions}
    first, again = (ItemBatches(scenes, "text", 6, vocabulary=words, shuffle=True, seed=2)[0]["text"] for _ in "ab")
    np.testing.assert_array_equal(first, again)


def test_voices_are_padded_and_cut():
    voices = Utterances("dev", n=7)
    lengths = [len(item.audio) for item in voices]
    assert len(set(lengths)) > 1
    batch = ItemBatches(voices, "audio", 7)[0]
    assert batch["audio"].shape == (7, max(lengths), 1)
    assert batch["mask"]["audio"].sum(1).tolist() == lengths
    for row, item in enumerate(voices):
        np.testing.assert_array_equal(batch["audio"][row][batch["mask"]["audio"][row]], item.audio)
        assert not batch["audio"][row][~batch["mask"]["audio"][row]].any()
    fixed = ItemBatches(voices, "audio", 7, length={"audio": 12000})[0]
    assert fixed["audio"].shape == (7, 12000, 1)
    np.testing.assert_array_equal(fixed["audio"][0], voices[0].audio[:12000])
    assert fixed["mask"]["audio"].sum(1).tolist() == [min(n, 12000) for n in lengths]


def test_what_is_missing_is_zeros_and_said():
    scenes = Scenes("train", n=24, missing_image=50, missing_text=50, missing_audio=50)
    words = vocabulary_of(scenes)
    names = ("image", "text", "audio")
    data = ItemBatches(scenes, names, 2, vocabulary=words, missing="zeros", labels=lambda item: len(item.truth))
    for index in range(len(data)):  # some batches of two have a modality nowhere
        batch, _ = data[index]
        for name in names:
            there = scenes.present(name)[2 * index : 2 * index + 2]
            np.testing.assert_array_equal(batch["present"][name], there)
            assert len(batch[name]) == 2 and not batch[name][~there].any()
            if name != "image":
                assert not batch["mask"][name][~there].any()
    with pytest.raises(ValueError, match=f"'train-0-{int(np.argmin(scenes.present('text')))}' has no text"):
        for index in range(12):
            ItemBatches(scenes, "text", 2, vocabulary=words)[index]
    with pytest.raises(ValueError, match="No item of the collection has image"):
        ItemBatches(Scenes("train", n=3, missing_image=100), missing="zeros")[0]


def test_questions_are_items():
    asked = Scenes("train", n=12).asked(n=3)
    words = vocabulary_of(asked)
    batch, answers = ItemBatches(asked, ("image", "text"), 8, vocabulary=words, labels=lambda item: item.label)[0]
    assert batch["image"].shape == (8, 64, 64, 3) and answers.tolist() == [item.label for item in asked[:8]]
    assert words.decode(batch["text"])[2] == " ".join(tokenize(asked[2].captions[0]))


def test_workers_give_the_same_batches():
    scenes = Scenes("train", n=8)
    means = keras.Sequential([keras.Input((64, 64, 3)), keras.layers.GlobalAveragePooling2D()])
    inputs = keras.Input((64, 64, 3), name="image")
    model = keras.Model({"image": inputs}, means(inputs))
    seen = model.predict(ItemBatches(scenes, "image", 2, workers=2), verbose=0)
    np.testing.assert_allclose(seen, scenes.images().mean((1, 2)), rtol=1e-4)


@pytest.mark.parametrize("chosen,message", [
    ({"modalities": "smell"}, "'smell'. Allowed: image, text, audio, video"),
    ({"modalities": ()}, "Allowed: image"),
    ({"modalities": "text"}, "vocabulary=None"),
    ({"missing": "mean"}, "missing='mean'. Allowed: error, zeros"),
    ({"length": {"audio": 0}}, "length={'audio': 0}"),
    ({"batch_size": 0}, "batch_size=0"),
])  # fmt: skip
def test_settings_out_of_range(chosen, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        ItemBatches(Scenes("train", n=2), **chosen)


def everything():
    """One epoch of a model of four modalities, by `fit` and `predict`, straight from scenes with missing parts."""
    scenes = Scenes("train", n=6, missing_audio=50, label="count")
    words = vocabulary_of(Scenes("train", n=6))

    class Means(keras.Model):
        """The mean of each modality where it is real and present, and a linear reader of these four numbers."""

        def __init__(self):
            super().__init__()
            self.reader = keras.layers.Dense(4, kernel_initializer="ones")

        def call(self, inputs):
            found = []
            for name in ("image", "text", "audio", "video"):
                value = keras.ops.cast(inputs[name], "float32")
                value = keras.ops.mean(value, axis=tuple(range(2, len(value.shape)))) if len(value.shape) > 2 else value
                weight = keras.ops.cast(inputs["mask"].get(name, keras.ops.ones_like(value)), "float32")
                there = keras.ops.cast(inputs["present"][name], "float32")
                mean = keras.ops.sum(value * weight, 1) / keras.ops.maximum(keras.ops.sum(weight, 1), 1.0)
                found.append(there * mean)
            return self.reader(keras.ops.stack(found, axis=-1) / 100)

    model = Means()
    model.compile(keras.optimizers.SGD(1e-4), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    chosen = {"vocabulary": words, "missing": "zeros", "length": {"text": 20}, "size": 16}
    names = ("image", "text", "audio", "video")
    data = ItemBatches(scenes, names, 2, labels=lambda item: item.label, **chosen)
    history = model.fit(data, epochs=2, verbose=0, shuffle=False)
    seen = model.predict(ItemBatches(scenes, names, 2, **chosen), verbose=0)
    return {"every loss": history.history["loss"], "every prediction": seen}


def figures():
    """One epoch of `fit` and `predict` from batches, whose loss does not depend on a backend's random numbers."""
    features, tokens = world(10)
    inputs = {"image": keras.Input((4, 2), name="image"), "tokens": keras.Input((5,), dtype="int32", name="tokens")}
    pooled = keras.layers.GlobalAveragePooling1D()(inputs["image"])
    nothing = 0.0 * keras.ops.cast(inputs["tokens"], "float32")  # an input that leads nowhere is refused by Keras 3.10
    outputs = keras.layers.Dense(5, kernel_initializer="ones")(pooled) + nothing
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.SGD(1e-6), "mean_squared_error")
    data = CaptionBatches(features, tokens, 4, seed=1)
    history = model.fit(data, epochs=2, verbose=0, shuffle=False)
    images = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.GlobalAveragePooling2D()])
    stream = ItemBatches(items(5), "image", 2)
    seen = [images.predict_on_batch(stream[i]["image"]) for i in range(3)]
    found = {"loss": history.history["loss"], "epoch": np.array(data.epoch), "means": np.concatenate(seen)}
    return everything() | found


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    theirs, ours = on_backend(backend, figures), on_backend(keras.config.backend(), figures)
    assert theirs["epoch"] >= 2, "fit tells the dataset that an epoch is over"
    for name, value in ours.items():
        np.testing.assert_allclose(theirs[name], value, rtol=1e-4)
