"""The knobs of Scenes and Utterances: labels, noise, missing modalities, rumours, near-duplicates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmcourse.scenes import LABELS, Scenes, check
from mmcourse.scenes.faults import WORDS, Faults, split_words
from mmcourse.scenes.language import words
from mmcourse.scenes.sound import add_noise
from mmcourse.scenes.utterances import Utterances
from mmcourse.scenes.utterances.sampling import words as utterance_words

CLEAN = Scenes("train", n=60)
EVERYTHING = {
    "label": "shape", "label_noise": 30, "image_noise": 0.1, "video_noise": 0.1, "audio_noise": 10, "text_noise": 20,
    "missing_image": 30, "missing_text": 30, "missing_audio": 30, "missing_video": 30, "mismatched": 30,
    "duplicates": 30,
}  # fmt: skip


def test_items_and_bulk_agree():
    for knobs in ({}, EVERYTHING):
        scenes = Scenes("train", n=40, **knobs)[5:35:2]
        pictures, captions, present = scenes.images(), scenes.captions(), scenes.present("image")
        labels = scenes.labels() if knobs else None
        for row, item in enumerate(scenes):
            assert (item.image is not None) == present[row]
            assert np.abs((item.image if present[row] else 0) - pictures[row].astype(int)).max() <= 1
            assert item.captions == captions[row]
            assert item.truth == scenes.truths()[row]
            assert labels is None or item.label == labels[row]
        parts = list(scenes.render(chunk=4))
        np.testing.assert_array_equal(np.concatenate(parts), pictures)
    assert {"image", "text", "audio", "video"} == {n for n in ("image", "text", "audio", "video") if not all(Scenes(
        "train", n=40, **EVERYTHING).present(n))}  # fmt: skip


def test_a_knob_changes_its_own_modality_only():
    plain = CLEAN[7]
    for name, field in (("image_noise", "image"), ("video_noise", "frames")):
        noisy = Scenes("train", **{name: 0.2})[7]
        for other in ("image", "audio", "frames"):
            same = np.array_equal(getattr(noisy, other), getattr(plain, other))
            assert same == (other != field), (name, other)
        assert noisy.captions == plain.captions and noisy.truth == plain.truth and noisy.id == plain.id


def test_pixel_noise_has_the_spread_asked_for():
    grey = np.full((40, 64, 64, 3), 128, np.uint8)
    for spread in (0.02, 0.1):
        noise = Faults(image_noise=spread).pixels("image", grey, ("k", 1)).astype(float) - 128
        assert noise.std() == pytest.approx(255 * spread, rel=0.02) and abs(noise.mean()) < 0.3
    again = [Faults(image_noise=0.1).pixels("image", grey, ("k", k)) for k in (1, 1, 2)]
    assert np.array_equal(again[0], again[1]) and not np.array_equal(again[0], again[2])
    assert not np.array_equal(again[0], Faults(video_noise=0.1).pixels("video", grey, ("k", 1)))


def test_sound_noise_is_that_of_add_noise():
    noisy = Scenes("train", audio_noise=5)[3]
    np.testing.assert_array_equal(noisy.audio, add_noise(CLEAN[3].audio, 5, CLEAN[3].truth.key))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_words_are_replaced_at_the_rate_asked_for(language):
    clean = Scenes("train", n=300, language=language)
    split = lambda text: WORDS[language].findall(text.lower())  # noqa: E731
    stock = set(split_words(words(language), language))
    for rate in (0, 20, 100):
        noisy = Scenes("train", n=300, language=language, text_noise=rate)
        pairs = [
            (a, b)
            for before, after in zip(clean.captions(), noisy.captions(), strict=True)
            for x, y in zip(before, after, strict=True)
            for a, b in zip(split(x), split(y), strict=True)  # as many words as before
        ]
        changed = [b for a, b in pairs if a != b]
        assert len(changed) / len(pairs) == pytest.approx(rate / 100, abs=0.012)
        assert set(changed) <= stock


def test_text_noise_keeps_capitals_and_punctuation():
    text = "A small star, and a Cross."
    found = Faults(text_noise=100).text(text, "en", ("blue", "box"), ("k",))
    assert [c for c in found if not c.isalpha()] == [c for c in text if not c.isalpha()]
    assert found[0].isupper() and found.split()[-1][0].isupper()
    assert set(utterance_words("en")) >= {"usual", "film", "really", "looks"} and "的" not in utterance_words("en")
    assert set("电影觉得") <= set(utterance_words("zh"))


@pytest.mark.parametrize("name", ["image", "text", "audio", "video"])
def test_what_is_missing(name):
    field = {"text": "captions", "video": "frames"}.get(name, name)
    few, many = (Scenes("train", n=400, **{f"missing_{name}": p}) for p in (20, 60))
    assert few.present(name).mean() == pytest.approx(0.8, abs=0.06)
    assert not (many.present(name) & ~few.present(name)).any()  # those struck at 20 % are struck at 60 %
    gone = int(np.argmin(few.present(name)))
    assert getattr(few[gone], field) in (None, ())
    assert few[gone].rate == (None if name == "audio" else 16000)
    assert all(few.present(other).all() for other in ("image", "text", "audio", "video") if other != name)
    assert not Scenes("train", n=5, **{f"missing_{name}": 100}).present(name).any()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_rumours_are_false_and_the_rest_is_true(language):
    scenes = Scenes("train", n=150, language=language, mismatched=40, label="match")
    assert scenes.matches().mean() == pytest.approx(0.6, abs=0.12)
    np.testing.assert_array_equal(scenes.labels(), scenes.matches())
    for item in scenes:
        truths = [check(text, item.truth, language).truth for text in item.captions]
        assert len(truths) == 5
        assert all(t == 1 for t in truths) if item.label else all(t < 1 for t in truths)


def test_rumours_come_from_no_scene_of_the_collection_and_need_variety():
    scenes = Scenes("train", n=100, mismatched=100)
    own = {c for five in CLEAN.captions() for c in five if len(c.split()) > 12}
    assert not own & {c for five in scenes.captions() for c in five}
    alike = Scenes("train", shapes=("star",), colours=("red",), sizes=("large",), things=1, mismatched=100)
    with pytest.raises(ValueError, match="more than one kind of scene"):
        alike[0].captions  # noqa: B018


def test_labels_say_what_is_true():
    for kind, names in LABELS.items():
        scenes = Scenes("test", n=80, label=kind)
        assert scenes.classes == names
        for item in scenes:
            left = min(item.truth.things, key=lambda thing: thing.x)
            expected = str(len(item.truth)) if kind == "count" else getattr(left, kind, "this scene's")
            assert names[item.label] == expected


@given(st.sampled_from(sorted(LABELS)), st.sampled_from([10, 40, 100]))
def test_label_noise_replaces_by_another_class(kind, rate):
    clean, noisy = Scenes("train", n=400, label=kind).labels(), Scenes("train", n=400, label=kind, label_noise=rate)
    changed = noisy.labels() != clean
    assert changed.mean() == pytest.approx(rate / 100, abs=0.08)
    assert set(noisy.labels()) <= set(range(len(LABELS[kind])))


def test_duplicates_are_the_same_things_shifted_by_a_pixel():
    scenes = Scenes("train", n=300, duplicates=40)
    sources, truths = scenes.sources(), scenes.truths()
    copies = np.flatnonzero(sources != np.arange(300))
    assert len(copies) / 300 == pytest.approx(0.4, abs=0.08)
    assert (sources <= np.arange(300)).all() and (sources[sources] == sources).all()  # each names an original
    pictures = scenes.images().astype(int)
    for copy in copies:
        a, b = truths[sources[copy]], truths[copy]
        offsets = {(y.x - x.x, y.y - x.y) for x, y in zip(a.things, b.things, strict=True)}
        assert len(offsets) == 1 and max(map(abs, *offsets)) <= 16
        assert [(t.shape, t.colour, t.size) for t in a.things] == [(t.shape, t.colour, t.size) for t in b.things]
        assert a.relations() == b.relations() and a.key != b.key
        for thing in b.things:
            assert thing.radius <= min(thing.x, thing.y) and max(thing.x, thing.y) + thing.radius <= 1024
    near = np.abs(pictures[copies] - pictures[sources[copies]]).mean()
    far = np.abs(pictures[copies] - pictures[(copies + 7) % 300]).mean()
    assert near < far / 4
    assert (Scenes("train", n=30, duplicates=100).sources() == 0).all()
    part = scenes[10:20]
    np.testing.assert_array_equal(part.sources(), sources[10:20])
    assert len(scenes.questions(n=2)) == 300


@pytest.mark.parametrize("make,knobs,message", [
    (Scenes, {"image_noise": 2}, "image_noise=2. Allowed: a number from 0 to 1"),
    (Scenes, {"video_noise": "much"}, "video_noise='much'"),
    (Scenes, {"audio_noise": float("nan")}, "audio_noise=nan. Allowed: None, or decibels"),
    (Scenes, {"text_noise": 0.2}, "text_noise=0.2. Allowed: a whole number from 0 to 100"),
    (Scenes, {"missing_image": 101}, "missing_image=101"),
    (Scenes, {"mismatched": -1}, "mismatched=-1"),
    (Scenes, {"duplicates": True}, "duplicates=True"),
    (Scenes, {"label": "price"}, "label='price'. Allowed: None, count"),
    (Scenes, {"label_noise": 10}, "label=None. Allowed: label='count'"),
    (Utterances, {"image_noise": -0.1}, "image_noise=-0.1"),
])  # fmt: skip
def test_knobs_out_of_range(make, knobs, message):
    with pytest.raises(ValueError, match=message.replace(".", r"\.")):
        make("train", **knobs)


def test_what_is_not_there_is_said():
    with pytest.raises(ValueError, match="Received: name='smell'"):
        CLEAN.present("smell")
    with pytest.raises(ValueError, match="no labels"):
        CLEAN.labels()
    with pytest.raises(TypeError, match=r"video_noise=0\.1"):
        Utterances("train", video_noise=0.1)


def test_utterances_have_the_same_knobs():
    clean, noisy = Utterances("dev", n=200), Utterances("dev", n=200, image_noise=0.2, text_noise=50, missing_image=30)
    assert clean.texts() != noisy.texts() and list(clean.labels()) == list(noisy.labels())
    seen = [item.image for item in noisy]
    gone = np.array([picture is None for picture in seen])
    assert gone.mean() == pytest.approx(0.3, abs=0.1)
    place = int(np.argmin(gone))
    assert not np.array_equal(seen[place], clean[place].image)
    assert noisy[3].captions == (noisy.texts()[3],)


def test_asked_questions_travel_like_captions():
    scenes = Scenes("test", n=30, language="zh")
    asked = scenes.asked(n=3, families=("query colour", "exist"))
    flat = [q for about in scenes.questions(n=3, families=("query colour", "exist")) for q in about]
    assert len(asked) == len(flat)
    assert asked.answers == ("yes", "no", "red", "orange", "yellow", "green", "blue", "purple")
    for place, (item, question) in enumerate(zip(asked, flat, strict=True)):
        assert item.captions == (question.text,) and asked.answers[item.label] == question.answer
        assert asked.question(place) == question and item.language == "zh"
        scene = scenes[asked.sources()[place]]
        assert item.truth == scene.truth and item.id.startswith(scene.id + "-q")
    np.testing.assert_array_equal(asked[4].image, scenes[asked.sources()[4]].image)
    assert asked[2:5].sources() == asked.sources()[2:5]
    assert len({item.id for item in asked}) == len(asked)
