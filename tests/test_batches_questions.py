"""Batches of questions: each with the features of its own image, and collections of questions served to a model."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmcourse.backend import keras
from mmcourse.batches import ItemBatches, QuestionBatches
from mmcourse.image import colour_shares, regions
from mmcourse.scenes import Scenes
from mmcourse.text import Vocabulary
from mmcourse.vqa import FiLMNetwork, NeuralModules, StackedAttention, Steps, WordsAndRegions

pytestmark = pytest.mark.usefixtures("eagerly")


def world(images=4, questions=11, grid=False):
    """Features, sources, tokens, answers and programs that carry the number of their image and question."""
    features = np.repeat(np.arange(images, dtype="float16"), 4 * 2).reshape(images, 4, 2)
    sources, number = np.random.default_rng(0).integers(0, images, questions), np.arange(questions)
    tokens = np.stack([number + 4, np.zeros(questions, int)], axis=1)
    return {
        "features": features.reshape(images, 2, 2, 2) if grid else features, "sources": sources, "tokens": tokens,
        "answers": number + 100, "programs": np.repeat(number[:, None], 3, axis=1),
    }  # fmt: skip


def numbers(data, about):
    """The questions of an epoch in order, each checked to have its own picture, answer and program."""
    found = []
    for index in range(len(data)):
        batch, answers = data[index]
        number = batch["text"][:, 0] - 4
        np.testing.assert_array_equal(batch["image"][:, 3, 1], about["sources"][number])
        np.testing.assert_array_equal(answers, number + 100)
        np.testing.assert_array_equal(batch["program"], np.repeat(number[:, None], 3, axis=1))
        found += number.tolist()
    return found


@given(st.integers(1, 5), st.integers(1, 17), st.integers(1, 20), st.booleans(), st.booleans())
def test_each_question_once_with_its_own_picture(images, questions, batch_size, shuffle, grid):
    about = world(images, questions, grid)
    data = QuestionBatches(**about, batch_size=batch_size, shuffle=shuffle)
    assert sorted(numbers(data, about)) == list(range(questions))
    assert len(data) == -(-questions // batch_size)


def test_order_is_a_function_of_seed_and_epoch():
    def epochs(seed, shuffle=True):
        data, found = QuestionBatches(**world(), batch_size=4, shuffle=shuffle, seed=seed), []
        for _ in range(3):
            found.append(numbers(data, world()))
            data.on_epoch_end()
        return found

    first = epochs(0)
    assert first == epochs(0) and first != epochs(1)
    assert first[0] != first[1] != first[2]
    assert epochs(0, shuffle=False) == [list(range(11))] * 3
    later = QuestionBatches(**world(), batch_size=4, shuffle=True)
    later.epoch = 2  # a run that goes on
    assert numbers(later, world()) == first[2]


def test_types_and_a_memory_map_of_halves(tmp_path):
    about = world(grid=True)
    np.save(tmp_path / "features.npy", about["features"])
    about["features"] = np.load(tmp_path / "features.npy", mmap_mode="r")
    data = QuestionBatches(**about | {"sources": about["sources"].tolist()}, batch_size=8)
    batch, answers = data[0]
    kinds = {name: (x.shape, x.dtype) for name, x in batch.items()}
    assert kinds == {"image": ((8, 4, 2), "float32"), "text": ((8, 2), "int32"), "program": ((8, 3), "int32")}
    assert answers.dtype == "int32" and type(batch["image"]) is np.ndarray and data[1][1].shape == (3,)
    assert numbers(data, about) == list(range(11))
    unasked = QuestionBatches(about["features"], about["sources"], about["tokens"])[0]
    assert set(unasked) == {"image", "text"}
    with pytest.raises(IndexError, match=r"Received: index=2\. Allowed: 0 to 1"):
        data[2]


ERRORS = [
    ({"features": np.ones((4, 2), "float32")}, r"features, shape \(4, 2\). Allowed: floats \(n, m, d\) or"),
    ({"features": np.ones((4, 4, 2), int)}, r"features, shape \(4, 4, 2\). Allowed: floats"),
    ({"features": [[[1.0]]]}, "features, a list. Allowed: floats"),
    ({"sources": np.full(11, 4)}, "sources up to 4. Allowed: below 4, images"),
    ({"sources": np.full(11, -1)}, r"sources with -1. Allowed: integers from 0, \(q,\)"),
    ({"sources": np.zeros(11)}, "sources of type float64"),
    ({"sources": np.zeros(10, int)}, r"sources of shape \(10,\), tokens of shape \(11, 2\)"),
    ({"tokens": np.ones(11, int)}, r"tokens of shape \(11,\)"),
    ({"tokens": np.full((11, 2), 0.5)}, "tokens of type float64"),
    ({"answers": np.ones((11, 1), int)}, r"answers of shape \(11, 1\)"),
    ({"answers": np.full(11, -1)}, "answers with -1"),
    ({"answers": ["yes"] * 11}, "answers, a list. Allowed: numbers"),
    ({"programs": np.ones((10, 3), int)}, r"programs of shape \(10, 3\)"),
    ({"programs": np.full((11, 3), -2)}, "programs with -2"),
    ({"batch_size": 0}, "batch_size=0"),
    ({"seed": -1}, "seed=-1"),
]


@pytest.mark.parametrize(("changed", "words"), ERRORS)
def test_errors_name_what_came(changed, words):
    with pytest.raises(ValueError, match=words):
        QuestionBatches(**world() | changed)


def test_no_questions_make_no_batches():
    empty = {"sources": np.zeros(0, int), "tokens": np.zeros((0, 2), int)}
    with pytest.raises(ValueError, match="Received: 0 items"):
        QuestionBatches(np.ones((4, 4, 2), "float32"), **empty)


# ── questions of Scene World, served to a model ─────────────────────────────────────────────────────
@pytest.mark.parametrize("language", ["en", "zh"])
def test_questions_as_items_train_a_model(language):
    asked = Scenes("train", n=4, language=language).asked(3)
    words = Vocabulary.build([item.captions[0] for item in asked], tokenizer=language)
    data = ItemBatches(asked, ("image", "text"), 8, labels=lambda item: item.label, vocabulary=words)
    batch, answers = data[0]
    assert answers.tolist() == [asked[i].label for i in range(8)] and not batch["mask"]["text"].all()
    batch["image"] = regions(colour_shares(batch["image"]))  # how much of each colour is where
    for model in (StackedAttention, FiLMNetwork, WordsAndRegions):
        model = model(len(words), len(asked.answers), units=8)
        model.compile(keras.optimizers.SGD(0.01))
        first, second = (float(model.train_on_batch(batch, answers)) for _ in range(2))
        assert second < first


def test_questions_with_programs_train_evaluate_and_predict():
    asked = Scenes("train", n=6).asked(3)
    pictures = np.stack([scene.image for scene in asked.scenes])
    words = Vocabulary.build([item.captions[0] for item in asked])
    programs = [asked.question(place).program for place in asked.places]
    steps = Steps.of(programs)
    labels = np.array([item.label for item in asked])
    given = {
        "features": colour_shares(pictures), "sources": asked.sources(),
        "tokens": words.encode([item.captions[0] for item in asked], 40), "batch_size": 8,
    }  # fmt: skip
    model = NeuralModules(len(words), len(asked.answers), units=8, steps=steps.steps, program_length=20)
    model.adapt(regions(given["features"]))
    model.compile(keras.optimizers.SGD(0.1), metrics=["accuracy"])
    told = QuestionBatches(**given, answers=labels, programs=steps.encode(programs))
    with_reading = model.fit(told, verbose=0).history["loss"][0]
    loss, accuracy = model.evaluate(QuestionBatches(**given, answers=labels), verbose=0)
    assert 0 < loss < with_reading and 0 <= accuracy <= 1
    assert model.predict(QuestionBatches(**given), verbose=0).shape == (len(asked), len(asked.answers))
