"""Features that put two modalities side by side: against a loop by hand, and for what must not change them."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.modalities import UtteranceVectors, describe_voice, grows_loud, misalign, moves, products, two_sensors
from mmcourse.scenes.utterances import Utterances

RATE = 16000
TIME = np.arange(RATE) / RATE


def by_hand(sound, rate, bands):
    """The same vector, one frame, one frequency and one band at a time, by the definition of the Fourier transform."""
    window = [0.5 - 0.5 * np.cos(2 * np.pi * i / 511) for i in range(512)]
    edges = [60 * (rate / 2 / 60) ** (k / bands) for k in range(bands + 1)]
    wave = np.exp(-2j * np.pi * np.outer(np.arange(257), np.arange(512)) / 512)
    rows = []
    for start in range(0, len(sound) - 511, 256):
        power = np.abs(wave @ (sound[start : start + 512] * window)) ** 2
        total = [0.0] * bands
        for k in range(257):
            for band in range(bands):
                if edges[band] < k * rate / 512 <= edges[band + 1] * (1 + 1e-12):
                    total[band] += power[k]
        rows.append([10 * np.log10(t + 1e-6) for t in total])
    return np.concatenate([np.mean(rows, 0), np.std(rows, 0)])


@pytest.mark.parametrize("bands", [1, 12, 16])
def test_a_voice_is_described_as_by_hand(bands):
    sound = np.random.default_rng(bands).normal(size=1700) * 0.1
    np.testing.assert_allclose(describe_voice(sound, RATE, bands), by_hand(sound, RATE, bands), rtol=1e-9, atol=1e-9)


def test_a_tone_is_loudest_in_its_own_band():
    edges = np.geomspace(60, RATE / 2, 13)
    for k in (3, 6, 10):
        hertz = np.sqrt(edges[k] * edges[k + 1])
        assert describe_voice(np.sin(2 * np.pi * hertz * TIME), RATE)[:12].argmax() == k


@given(st.floats(0.1, 0.9), st.integers(1, 3))
@settings(max_examples=20, deadline=None)
def test_loudness_moves_the_means_and_channels_are_averaged(gain, channels):
    sound = np.random.default_rng(0).normal(size=(3000, 1))
    one = describe_voice(sound, RATE)
    quieter = describe_voice(gain * np.repeat(sound, channels, axis=1), RATE)
    np.testing.assert_allclose(quieter[:12], one[:12] + 20 * np.log10(gain), atol=1e-3)
    np.testing.assert_allclose(quieter[12:], one[12:], atol=1e-3)


def test_silence_is_finite():
    assert np.isfinite(describe_voice(np.zeros(600, "float32"), RATE)).all()


def test_the_tone_of_a_voice_is_heard_across_speakers():
    """A nearest mean, learned from the speakers of train, tells the tone of other people's voices."""
    train, test = Utterances("train", n=60), Utterances("test", n=40)
    x, z = (np.array([describe_voice(i.audio, i.rate) for i in items]) for items in (train, test))
    tone, heard = (np.array([u.tone for u in items.truths()]) for items in (train, test))
    deviation = x.std(0)
    means = {t: x[tone == t].mean(0) / deviation for t in set(tone)}
    said = [min(means, key=lambda t: np.linalg.norm(row / deviation - means[t])) for row in z]
    assert np.mean(np.array(said) == heard) > 0.8  # four tones: chance is a quarter


def test_products_are_all_products():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(5, 3)), rng.normal(size=(5, 4))
    expected = [[x * y for x in a[i] for y in b[i]] for i in range(5)]
    np.testing.assert_allclose(products(a, b), expected)
    np.testing.assert_allclose(products(a[[2]], b[[2]]), expected[2:3])  # neighbours change nothing


@pytest.fixture(scope="module")
def vectors():
    return UtteranceVectors(Utterances("train", n=40, missing_audio=20, missing_text=20, missing_image=20))


def test_utterances_become_one_vector_a_modality(vectors):
    """Against loops by hand, on other items than those of training."""
    train = Utterances("train", n=40, missing_audio=20, missing_text=20, missing_image=20)
    test = Utterances("test", n=6)
    got = vectors(test)
    assert set(got) == {"text", "audio", "image", "present"}
    assert all(got[name].dtype == "float32" and got["present"][name].all() for name in ("text", "audio", "image"))

    def words(item):
        return set(re.findall(r"\w+", item.captions[0].lower())) if item.captions else None

    said = [words(item) for item in train if words(item) is not None]
    stock = sorted(set().union(*said))
    expected = [[(w in words(item)) - np.mean([w in s for s in said]) for w in stock] for item in test]
    assert got["text"].shape == (6, len(stock))
    np.testing.assert_allclose(np.sort(got["text"]), np.sort(expected), atol=1e-6)  # in whatever order of the words

    voices = np.array([describe_voice(item.audio, item.rate) for item in train if item.audio is not None])
    heard = np.array([describe_voice(item.audio, item.rate) for item in test])
    np.testing.assert_allclose(
        got["audio"], (heard - voices.mean(0)) / voices.std(0) / np.sqrt(24), atol=1e-4
    )  # fmt: skip
    assert got["image"].shape == (6, 16)


def test_faces_are_scaled_along_their_main_directions(vectors):
    there = vectors.train["present"]["image"]
    faces = vectors.train["image"][there]
    np.testing.assert_allclose(faces.mean(0), 0, atol=1e-5)
    covariance = np.cov(faces.T) * 16
    np.testing.assert_allclose(covariance, np.eye(16), atol=1e-3)


def test_only_training_items_set_the_scale(vectors):
    """What an item becomes depends on no other item of its collection."""
    test = Utterances("test", n=6)
    whole, one = vectors(test), vectors(test[2:3])
    for name in ("text", "audio", "image"):
        np.testing.assert_allclose(one[name], whole[name][2:3], atol=1e-6)


def test_what_is_missing_is_zero_and_said_so(vectors):
    train = Utterances("train", n=40, missing_audio=20, missing_text=20, missing_image=20)
    lacks = {
        "text": [not item.captions for item in train],
        "audio": [item.audio is None for item in train],
        "image": [item.image is None for item in train],
    }
    for name, missing in lacks.items():
        assert 0 < sum(missing) < 40
        np.testing.assert_array_equal(vectors.train["present"][name], ~np.array(missing))
        assert not vectors.train[name][missing].any()
        assert vectors.train[name][~np.array(missing)].any(axis=1).all()
    nobody = vectors(Utterances("test", n=3, missing_text=100, missing_audio=100, missing_image=100))
    for name in lacks:
        assert nobody[name].shape == (3, vectors.train[name].shape[1]) and not nobody[name].any()
        assert not nobody["present"][name].any()


def test_only_the_modalities_that_are_asked_for():
    two = UtteranceVectors(Utterances("train", n=20), ("text", "image"))
    assert set(two.train) == {"text", "image", "present"} == set(two(Utterances("test", n=2)))


# ── two sensors ─────────────────────────────────────────────────────────────────────────────────────


def test_a_thing_moves_as_it_was_moved():
    """A square on a still background, in noise or without; and its colour and the background's do not matter."""
    rng = np.random.default_rng(0)
    path = np.array([[1, 1], [5, 1], [9, 3], [13, 6], [9, 11], [3, 12], [1, 6]])  # columns and rows of its corner
    for ground, ink, noise in ((0.0, 1.0, 0.0), (200.0, 20.0, 2.0)):
        frames = np.full((7, 16, 20, 3), ground)
        for frame, (x, y) in zip(frames, path, strict=True):
            frame[y : y + 3, x : x + 3] = ink
        found = moves(frames + rng.normal(size=frames.shape) * noise)
        assert found.shape == (6, 2)
        np.testing.assert_allclose(found, np.diff(path, axis=0), atol=0.35 if noise else 0.01)


def test_a_sound_grows_loud_where_its_power_does():
    loudness = np.repeat([0.1, 0.1, 0.3, 0.3, 0.4, 0.05, 0.1], 200)
    sound = loudness * np.sign(np.random.default_rng(0).normal(size=1400))
    np.testing.assert_array_equal(grows_loud(sound, 7), np.array([0, 0, 1, 0, 0, 0, 1], bool))
    np.testing.assert_array_equal(grows_loud(np.append(sound, [9.0] * 6), 7), grows_loud(sound, 7))  # a rest is cut off
    assert not grows_loud(np.zeros(50), 5).any()
    for frames in (0, 51):
        with pytest.raises(ValueError, match=rf"Received: frames={frames}.*Allowed: (1 to 50|a whole number from 1)"):
            grows_loud(np.zeros(50), frames)


def test_neither_sensor_tells_by_itself_and_both_tell_together():
    x, y = two_sensors("train", 120)
    assert x["shape"].shape == (120, 24, 24, 1) and x["colour"].shape == (120, 24, 24, 3)
    assert all(v.dtype == "float32" and v.min() >= 0 and v.max() <= 1 for v in x.values())
    assert 0.35 < y.mean() < 0.65
    # What a sensor has in total does not depend on the label, beyond chance.
    for v in x.values():
        total = v.sum((1, 2))
        gap = np.abs(total[y == 1].mean(0) - total[y == 0].mean(0)) / total.std(0)
        assert (gap < 0.6).all()
    # Together: under the orange blur, or under the blue one, there is more of the circle than of the cross.
    blue = x["colour"][..., 2:] - x["colour"][..., :1] > 0.05
    orange = x["colour"][..., :1] - x["colour"][..., 2:] > 0.05
    fuller = (x["shape"] * orange).sum((1, 2, 3)) > (x["shape"] * blue).sum((1, 2, 3))
    assert np.mean(fuller == y) > 0.95


def test_scenes_of_two_sensors_are_a_function_of_their_place():
    few, many = two_sensors("test", 3), two_sensors("test", 9)
    np.testing.assert_array_equal(few[0]["colour"], many[0]["colour"][:3])
    np.testing.assert_array_equal(few[1], many[1][:3])


def test_pictures_are_moved_as_far_as_told():
    x = np.zeros((50, 24, 24, 1), "float32")
    x[:, 12, 12] = 1
    for cells in (0, 3, 6):
        moved = misalign(x, cells, seed=1)
        place = np.argwhere(moved[..., 0])[:, 1:] - 12
        assert np.abs(np.hypot(*place.T) - cells).max() < 0.75
        np.testing.assert_array_equal(moved.sum((1, 2, 3)), 1)
    assert len({tuple(p) for p in place}) > 10, "in many directions"


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: UtteranceVectors(Utterances("train", n=2), ("smell",)), "Received: modality 'smell'"),
        (lambda: UtteranceVectors(Utterances("train", n=2, missing_audio=100), ("audio",)), "none of which has audio"),
        (lambda: describe_voice(np.zeros(511), RATE), "Received: sound of shape (511,)"),
        (lambda: describe_voice(np.zeros((9, 9, 9)), RATE), "Received: sound of shape (9, 9, 9)"),
        (lambda: describe_voice(np.zeros(600), RATE, bands=24), "Received: bands=24, rate=16000"),
        (lambda: describe_voice(np.zeros(600), RATE, bands=0), "Received: bands=0"),
        (lambda: products(np.zeros((2, 3)), np.zeros((3, 3))), "Received: a of shape (2, 3), b of shape (3, 3)"),
        (lambda: products(np.zeros(3), np.zeros(3)), "Received: a of shape (3,), b of shape (3,)"),
    ],
)
def test_errors_name_what_came(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
