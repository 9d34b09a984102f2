"""Features that put two modalities side by side: against a loop by hand, and for what must not change them."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmcourse.modalities import describe_voice, products
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


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: describe_voice(np.zeros(511), RATE), "Received: sound of shape (511,)"),
        (lambda: describe_voice(np.zeros((9, 9, 9)), RATE), "Received: sound of shape (9, 9, 9)"),
        (lambda: describe_voice(np.zeros(600), RATE, bands=24), "Received: bands=24, rate=16000"),
        (lambda: describe_voice(np.zeros(600), RATE, bands=0), "Received: bands=0"),
        (lambda: products(np.zeros((2, 3)), np.zeros((3, 3))), "Received: shapes (2, 3) and (3, 3)"),
        (lambda: products(np.zeros(3), np.zeros(3)), "Received: shapes (3,) and (3,)"),
    ],
)
def test_errors_name_what_came(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
