"""Sounds of scenes: what a listener can read from them, and that they are clean."""

import itertools
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mmcourse.scenes import COLOURS, SHAPES, SIZES, SPLITS, Scene, Thing, noise, sound
from mmcourse.scenes.instruments import NAMES, PITCH, note, span
from mmcourse.scenes.random import Stream
from mmcourse.scenes.sampling import scene

drawn = st.builds(scene, split=st.sampled_from(sorted(SPLITS)), seed=st.integers(0, 2**40), index=st.integers(0, 2**40))
rates = st.sampled_from([8000, 11025, 16000, 22050, 44100, 48000])
kinds = pytest.mark.parametrize(("shape", "size"), [(shape, size) for shape in SHAPES for size in SIZES])


def one(shape, size="large", x=512, key=(0, "train", 0)):
    return Scene((Thing(shape, "blue", size, x, 512, 100),), key=key)


def power(audio):
    return np.sum(np.square(audio, dtype=np.float64))


def spectrum(audio, rate):
    """Power and frequency of the sum of both channels."""
    mono = audio.astype(np.float64).sum(1)
    return np.abs(np.fft.rfft(mono)) ** 2, np.fft.rfftfreq(len(mono), 1 / rate)


def test_sound():
    audio = sound.render(scene("train", 0, 7))
    assert (audio.shape, audio.dtype) == ((32000, 2), np.float32)
    assert sound.render(scene("train", 0, 7), 8000, 0.5).shape == (4000, 2)
    assert sound.render(scene("train", 0, 7), np.int64(11025), 1.25).shape == (round(11025 * 1.25), 2)
    assert np.array_equal(sound.render(Scene(())), np.zeros((32000, 2)))


def test_golden_samples():
    """Whoever changes these changes the data set, and raises its version."""
    audio = sound.render(scene("train", 0, 7))
    at = [123, 300, 4000, 8200, 9100, 15000, 16900, 19999]
    np.testing.assert_allclose(audio[at], GOLDEN_SAMPLES, atol=1e-4)


GOLDEN_SAMPLES = [
    (-0.43758, -0.27242),
    (0.24327, 0.15144),
    (-0.00531, -0.00331),
    (-0.03839, -0.04436),
    (0.05254, 0.06073),
    (-0.0618, -0.07142),
    (-0.02624, -0.11684),
    (0.02208, 0.09831),
]


def test_another_process_makes_the_same():
    code = (
        "from mmcourse.scenes import sound, sampling; import sys;"
        "sys.stdout.buffer.write(sound.render(sampling.scene('dev', 3, 5)).tobytes())"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    assert there == sound.render(scene("dev", 3, 5)).tobytes()


def test_noise_is_the_stream_of_the_same_name():
    stream = Stream("a", 3)
    assert noise.bits(50, "a", 3).tolist() == [stream.bits() for _ in range(50)]
    found = noise.normal((400, 501), "b")
    assert found.shape == (400, 501)
    assert abs(found.mean()) < 0.01 and abs(found.std() - 1) < 0.01 and abs((found**4).mean() - 3) < 0.05
    assert noise.normal(3, "b").shape == (3,) and noise.normal((0, 2), "b").shape == (0, 2)


def test_streams_of_its_own():
    """What a thing sounds like is drawn from the scene's key, and not from what else is drawn."""
    truth = scene("train", 0, 7)
    first = sound.render(truth)
    noise.normal(100, "x")
    sound.render(scene("train", 0, 8))
    assert np.array_equal(sound.render(truth), first)
    moved = Scene(truth.things, truth.background, (0, "train", 8))
    assert not np.array_equal(sound.render(moved), first)  # other detunings
    assert np.array_equal(sound.render(Scene(truth.things, 3, truth.key)), first)
    painted = [Thing(t.shape, COLOURS[0], t.size, t.x, 1024 - t.y, t.radius) for t in truth.things]
    assert np.array_equal(sound.render(Scene(tuple(painted), 0, truth.key)), first)  # colour and height are silent


@given(st.lists(drawn, max_size=3), rates, st.floats(0.5, 3))
@settings(deadline=None, max_examples=40)
def test_every_sound_is_sound(several, rate, seconds):
    together = sound.render_batch(several, rate, seconds)
    assert together.shape == (len(several), round(rate * seconds), 2)
    assert together.dtype == np.float32
    for audio, truth in zip(together, several, strict=True):
        assert np.array_equal(audio, sound.render(truth, rate, seconds))
        assert np.abs(audio).max() <= 0.98
        per_note = power(audio) / len(truth) / rate / min(0.96 * seconds / 4, 0.6)
        assert per_note == pytest.approx(sound.LEVEL**2, rel=2e-3)  # every note has the same power
        for start in sound.beat_of(truth, seconds):
            first = int(start * rate)
            assert np.abs(audio[max(first - int(0.03 * seconds / 4 * rate), 0) : first]).max(initial=0) == 0


@kinds
@pytest.mark.parametrize("struck", [False, True])
def test_no_clicks(shape, size, struck):
    """Notes begin and end near zero, and rise and fall without a jump: no sample differs more from its neighbours than
    the highest frequency allows."""
    rate = 48000
    _, t = span(0, 0.4, rate)
    tone = note(shape, PITCH[size], t, 0.4, rate, ("test", size), struck=struck)
    peak = np.abs(tone).max()
    assert np.abs(tone[[0, 1, -2, -1]]).max() < 0.01 * peak
    assert np.abs(tone[: rate // 2000]).max() < 0.12 * np.abs(tone).max() + 0.05  # the first half millisecond is quiet
    assert np.mean(tone * tone) == pytest.approx(1)
    power_, hertz = np.abs(np.fft.rfft(tone)) ** 2, np.fft.rfftfreq(len(tone), 1 / rate)
    assert power_[hertz > 20160].sum() < 1e-6 * power_.sum()


def test_panning_tells_x():
    shares = []
    for x in range(0, 1025, 64):
        left, right = (power(channel) for channel in sound.render(one("star", x=x)).T)
        shares.append(left / (left + right))
        assert left + right == pytest.approx(power(sound.render(one("star"))), rel=1e-4)
    np.testing.assert_allclose(shares, np.cos(np.arange(17) / 16 * np.pi / 2) ** 2, atol=1e-5)
    assert np.all(np.diff(shares) < 0)


@pytest.mark.parametrize("rate", [8000, 16000, 44100])
@pytest.mark.parametrize("shape", SHAPES)
def test_pitch_tells_size(shape, rate):
    found = {}
    for size in SIZES:
        strength, hertz = spectrum(sound.render(one(shape, size), rate), rate)
        found[size] = hertz[strength.argmax()]
    assert found["large"] == pytest.approx(220, rel=0.02)
    assert found["small"] == pytest.approx(880, rel=0.02)


def bands(audio, rate):
    """How strong each of 36 bands is, and how early the power comes: what a listener without training data has."""
    strength, hertz = spectrum(audio, rate)
    edges = np.geomspace(150, 7900, 37)
    levels = [np.log10(strength[(hertz >= a) & (hertz < b)].sum() + 1e-9) for a, b in itertools.pairwise(edges)]
    parts = [np.log10(power(part) + 1e-9) for part in np.array_split(audio, 8)]
    return np.array(levels + parts)


def test_timbre_tells_shape():
    """Learnt from the notes of some scenes, asked of the notes of others; so for size, by the pitch."""
    x, y, pitch = [], [], []
    for index in range(240):
        truth = scene("train", 0, index)
        audio = sound.render(truth)
        for thing, start in zip(truth.things, sound.beat_of(truth), strict=True):
            x.append(bands(audio[int(start * 16000) : int(start * 16000) + 8000], 16000))
            y.append(thing.shape)
            pitch.append(thing.size)
    half = len(x) // 2
    for words in (y, pitch):
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(x[:half], words[:half])
        assert model.score(x[half:], words[half:]) > 0.97


def test_things_sound_from_left_to_right():
    things = [Thing("circle", "red", "small", x, 512, 88) for x in (700, 100, 400)]
    truth = Scene(tuple(things))
    assert sound.order(truth) == [1, 2, 0]
    np.testing.assert_allclose(sound.beat_of(truth), [1.0, 0.0, 0.5])
    audio = sound.render(truth)
    shares = [power(beat[:, 1]) / power(beat) for beat in np.split(audio, 4)[:3]]
    np.testing.assert_allclose(shares, np.sin(np.array([100, 400, 700]) / 1024 * np.pi / 2) ** 2, atol=1e-5)
    assert np.abs(audio[24000:]).max() == 0  # three notes, then silence


def test_more_things_have_more_beats():
    truth = Scene(tuple(Thing("cross", "red", "small", 100 * k, 512, 40) for k in range(8)))
    np.testing.assert_allclose(sound.beat_of(truth), np.arange(8) * 0.25)
    assert all(power(beat) > 0 for beat in np.split(sound.render(truth), 8))
    with pytest.raises(ValueError, match=r"8 in seconds=0\.5\. Allowed: 0\.1 s for each"):
        sound.render(truth, seconds=0.5)


@kinds
@pytest.mark.parametrize("rate", [8000, 11025, 16000])
def test_nothing_lies_above_what_the_rate_holds(shape, size, rate):
    strength, hertz = spectrum(sound.render(one(shape, size), rate), rate)
    assert strength[hertz > 0.45 * rate].sum() < 1e-5 * strength.sum()


@kinds
def test_a_low_rate_is_the_same_sound_and_not_its_alias(shape, size):
    """Below what both rates hold the spectra are the same, but for the gain: so nothing was folded back to there."""
    low, high = (
        np.fft.rfft(sound.render(one(shape, size), rate)[:, 0].astype(np.float64))[:5800] / rate
        for rate in (8000, 48000)
    )
    gain = np.vdot(high, low) / np.vdot(high, high)
    assert np.linalg.norm(low - gain * high) < 0.01 * np.linalg.norm(low)
    assert 1 <= abs(gain) < 1.3  # what a low rate cannot hold makes the rest a little louder


def test_transcript():
    assert sound.transcript(scene("train", 0, 7)) == "left: a low wood; middle: a low reed; far right: a high flute"
    things = (one("triangle", "small", 900).things[0], one("circle", "large", 250).things[0])
    assert sound.transcript(Scene(things)) == "left: a low bell; far right: a high pluck"
    assert sound.transcript(Scene(())) == "silence"
    assert set(NAMES) == set(SHAPES) and set(PITCH) == set(SIZES)
    assert [sound.side(x) for x in (-50, 0, 1024, 2000)] == ["far left", "far left", "far right", "far right"]


@given(drawn, st.floats(-60, 90), st.sampled_from([8000, 16000]))
@settings(deadline=None, max_examples=30)
def test_noise_has_exactly_its_level(truth, snr_db, rate):
    clean = sound.render(truth, rate)
    noisy = sound.add_noise(clean, snr_db, truth.key)
    assert (noisy.shape, noisy.dtype) == (clean.shape, np.float32)
    assert np.abs(noisy).max() <= 1
    # The mixture may have been made quieter as a whole; the noise drawn is orthogonal to nothing, so take it apart.
    raw = noise.normal(clean.shape, "noise", *truth.key)
    (a, b), *_ = np.linalg.lstsq(
        np.stack([clean.ravel(), raw.ravel()], 1).astype(np.float64), noisy.ravel(), rcond=None
    )
    assert 10 * np.log10(power(a * clean) / power(b * raw)) == pytest.approx(snr_db, abs=2e-3)


def test_noise_is_named_by_its_key():
    clean = sound.render(scene("train", 0, 7))
    a, b, c = (sound.add_noise(clean, 10, key) for key in ((1, "x"), [1, "x"], (2, "x")))
    assert np.array_equal(a, b) and not np.array_equal(a, c)
    difference = (a - clean).astype(np.float64)
    assert 10 * np.log10(power(clean) / power(difference)) == pytest.approx(10, abs=1e-4)
    assert abs(np.corrcoef(difference.T)[0, 1]) < 0.03  # each channel has noise of its own
    assert sound.add_noise(clean[:, 0], 10, "x").shape == (32000,)
    silent = sound.add_noise(np.zeros((9000, 2)), 20, "x", power=0.01)
    assert np.mean(silent.astype(np.float64) ** 2) == pytest.approx(1e-4, rel=1e-5)


@pytest.mark.parametrize("rate", [0, 7999, 48001, 16000.0, "16000", None, True])
def test_bad_rates_are_named(rate):
    for function in (sound.render, lambda s, rate: sound.render_batch([], rate)):
        with pytest.raises(ValueError, match=rf"Received: rate={rate!r}\. Allowed: an integer from 8000 to 48000"):
            function(Scene(()), rate)


@pytest.mark.parametrize("seconds", [0, 0.4, 21, "2", None, True, float("nan"), float("inf")])
def test_bad_lengths_are_named(seconds):
    for function in (sound.render, lambda s, seconds: sound.render_batch([], seconds=seconds)):
        with pytest.raises(ValueError, match=rf"Received: seconds={seconds!r}\. Allowed: a number from 0\.5 to 20"):
            function(Scene(()), seconds=seconds)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"snr_db": 121}, r"snr_db=121\. Allowed: a number from -60 to 120"),
        ({"snr_db": None}, r"snr_db=None\. Allowed"),
        ({"snr_db": float("nan")}, r"snr_db=nan\. Allowed"),
        ({"audio": np.zeros((4, 2))}, r"power=None\. Allowed: a number > 0"),
        ({"audio": np.zeros(0)}, r"power=None\. Allowed: a number > 0"),
        ({"power": 0}, r"power=0\. Allowed: a number > 0"),
        ({"audio": np.ones((2, 2, 2))}, r"shape \(2, 2, 2\)\. Allowed: \(n,\) or \(n, channels\)"),
    ],
)
def test_bad_noise_is_named(arguments, named):
    with pytest.raises(ValueError, match=named):
        sound.add_noise(**{"audio": np.ones((4, 2)), "snr_db": 10, "key": "x"} | arguments)


def test_unknown_shapes_are_named():
    with pytest.raises(ValueError, match=r"shape='blob'\. Allowed: circle, square"):
        sound.render(one("blob"))
