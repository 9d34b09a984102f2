"""Features of sound: equal to librosa's, blind to padding and to neighbours, the same on every backend."""

import functools

import numpy as np
import pytest
import scipy.fft
import scipy.signal
from backends import BACKENDS, on_backend
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import oracle

from mmcourse import audio
from mmcourse.backend import keras
from mmcourse.items import Item

RATE, N_FFT, HOP = 8000, 256, 80
SIGNALS = st.tuples(st.integers(0, 2**32 - 1), st.integers(1, 3000))
FILTERS = pytest.mark.parametrize(("scale", "norm"), [(s, n) for s in ("slaney", "htk") for n in ("slaney", None)])


def array(x):
    return np.array(keras.ops.convert_to_numpy(x))


@functools.cache
def voice(seed=0, n=4000, rate=RATE):
    """Something like a voice: a gliding tone with overtones, and noise."""
    rng = np.random.default_rng(seed)
    time = np.arange(n) / rate
    phase = 2 * np.pi * np.cumsum(rng.uniform(90, 250) * (1 + 0.3 * np.sin(2 * np.pi * time))) / rate
    return (sum(np.sin(k * phase) / k for k in range(1, 9)) * 0.1 + 0.01 * rng.normal(size=n)).astype("float32")


# Frames and spectra


@given(SIGNALS, st.integers(1, 300), st.integers(1, 200), st.sampled_from(["center", "none"]))
@settings(max_examples=25, deadline=None)
def test_frames_are_pieces_of_the_signal(signal, size, hop, pad):
    seed, n = signal
    x = np.random.default_rng(seed).normal(size=n).astype("float32")
    if pad == "none" and n < size:
        with pytest.raises(ValueError, match="shorter than a frame"):
            audio.frames(x, size, hop, pad)
        return
    got = array(audio.frames(x[None], size, hop, pad))[0]
    half = size // 2 if pad == "center" else 0
    count = 1 + (n if pad == "center" else n - size) // hop
    wide = np.concatenate([np.zeros(half, "float32"), x, np.zeros(size, "float32")])
    np.testing.assert_array_equal(got, [wide[i * hop : i * hop + size] for i in range(count)])
    mask = array(audio.frame_mask(np.array([n, n]), count + 3, size, hop, pad))
    np.testing.assert_array_equal(mask, [[True] * count + [False] * 3] * 2)


def test_the_window_is_the_periodic_one():
    np.testing.assert_allclose(audio.hann(8), scipy.signal.get_window("hann", 8, fftbins=True), atol=1e-7)
    assert not np.allclose(audio.hann(8), np.hanning(8), atol=1e-3)


@given(SIGNALS, st.sampled_from([32, 100, 256]), st.integers(1, 200), st.sampled_from(["center", "none"]))
@settings(max_examples=12, deadline=None)
def test_spectra_are_librosas(signal, n_fft, hop, pad):
    librosa = oracle("librosa")
    seed, n = signal
    n = max(n, n_fft)
    x = np.random.default_rng(seed).normal(size=n).astype("float32")
    expected = np.abs(librosa.stft(x, n_fft=n_fft, hop_length=hop, center=pad == "center", pad_mode="constant")).T
    for power in (1, 2):
        got = array(audio.spectrogram(x, n_fft, hop, pad, power))
        np.testing.assert_allclose(got, expected**power, atol=1e-5 * (expected**power).max(), rtol=0)


def test_a_tone_stands_in_its_channel():
    tone = np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE)
    power = array(audio.spectrogram(tone, N_FFT, HOP))[10:-10]
    assert (power.argmax(-1) == 1000 * N_FFT // RATE).all()


# Mel, decibels, cepstrum


@FILTERS
@pytest.mark.parametrize(
    "settings_", [(16000, 512, 40, 0.0, None), (8000, 256, 23, 80.0, 3800.0), (22050, 2048, 128, 0, None)]
)
def test_mel_filters_are_librosas(scale, norm, settings_):
    librosa = oracle("librosa")
    rate, n_fft, n_mels, low, high = settings_
    expected = librosa.filters.mel(
        sr=rate, n_fft=n_fft, n_mels=n_mels, fmin=low, fmax=high, htk=scale == "htk", norm=norm
    ).T
    got = audio.mel_filters(rate, n_fft, n_mels, low, high, scale, norm)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, expected, atol=1e-6 * expected.max())


@pytest.mark.parametrize("scale", ["slaney", "htk"])
def test_the_scales_are_librosas_and_inverted(scale):
    hz = np.array([0.0, 1.0, 440, 999.9, 1000, 1000.1, 8000, 20000])
    mels = audio.hz_to_mel(hz, scale)
    np.testing.assert_allclose(audio.mel_to_hz(mels, scale), hz, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(mels, oracle("librosa").hz_to_mel(hz, htk=scale == "htk"), rtol=1e-9, atol=1e-9)


@FILTERS
@pytest.mark.parametrize("n", [1, 255, 4000])
@pytest.mark.filterwarnings("ignore:n_fft=256 is too large")
def test_mel_power_and_mfcc_are_librosas(scale, norm, n):
    librosa = oracle("librosa")
    x = np.stack([voice(seed, 4000)[:n] for seed in range(3)])
    kind = {"sr": RATE, "n_fft": N_FFT, "hop_length": HOP, "n_mels": 32, "htk": scale == "htk", "norm": norm}
    mel = array(audio.mel_spectrogram(x, RATE, N_FFT, HOP, 32, scale=scale, norm=norm))
    cepstra = array(audio.mfcc(audio.power_to_db(mel), 13))
    for row, power, cepstrum in zip(x, mel, cepstra, strict=True):
        expected = librosa.feature.melspectrogram(y=row, **kind)
        np.testing.assert_allclose(power.T, expected, atol=1e-4 * expected.max(), rtol=0)
        log_mel = librosa.power_to_db(expected)
        np.testing.assert_allclose(cepstrum.T, librosa.feature.mfcc(S=log_mel, n_mfcc=13), atol=1e-2, rtol=0)


def test_the_default_is_what_librosa_makes_of_a_waveform():
    got = array(audio.mfcc(audio.power_to_db(audio.mel_spectrogram(voice(), RATE, N_FFT, HOP, 40)), 20))
    expected = oracle("librosa").feature.mfcc(y=voice(), sr=RATE, n_fft=N_FFT, hop_length=HOP, n_mels=40)
    np.testing.assert_allclose(got.T, expected, atol=1e-2)


def test_scales_and_norms_differ_by_more_than_rounding():
    each = [
        array(audio.mel_spectrogram(voice(), RATE, N_FFT, HOP, 32, scale=s, norm=n))
        for s in ("slaney", "htk")
        for n in ("slaney", None)
    ]
    for i, a in enumerate(each):
        for b in each[:i]:
            assert np.abs(a - b).max() > 0.01 * a.max()


@pytest.mark.parametrize(("n_in", "n_out"), [(1, 1), (7, 7), (40, 13)])
def test_the_cosine_transform_is_the_orthonormal_second(n_in, n_out):
    x = np.random.default_rng(0).normal(size=(3, n_in))
    np.testing.assert_allclose(x @ audio.dct_matrix(n_in, n_out), scipy.fft.dct(x, norm="ortho")[:, :n_out], atol=1e-5)


def test_silence_is_finite():
    silent = np.zeros((2, 1000), "float32")
    for layer in (audio.MelSpectrogram(RATE, N_FFT, HOP), audio.MelSpectrogram(RATE, N_FFT, HOP, n_mfcc=13)):
        out = array(layer(silent, lengths=np.array([1000, 0])))
        assert np.isfinite(out).all()
    np.testing.assert_allclose(array(audio.power_to_db(np.zeros((1, 4, 3)))), -100, rtol=1e-5)
    scaled = array(audio.normalize_recordings(np.ones((2, 5, 3)), np.array([[True] * 5, [False] * 5])))
    np.testing.assert_allclose(scaled, 0, atol=1e-4)


def test_the_loudest_neighbour_changes_nothing():
    """librosa's power_to_db takes the loudest value of the array; ours that of each recording."""
    quiet, loud = np.full((1, 4, 3), 1e-9), np.full((1, 4, 3), 1e6)
    together = array(audio.power_to_db(np.concatenate([quiet, loud])))
    np.testing.assert_allclose(together[:1], array(audio.power_to_db(quiet)), rtol=1e-6)
    assert array(audio.power_to_db(quiet, top_db=None)).min() == pytest.approx(-90, rel=1e-5)
    librosa = oracle("librosa")
    np.testing.assert_allclose(together[0], librosa.power_to_db(quiet[0]), rtol=1e-5)
    assert librosa.power_to_db(np.concatenate([quiet, loud]))[0].max() == pytest.approx(-20)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: audio.frames(np.zeros(9), 4, 0), "Received: hop=0."),
        (
            lambda: audio.frames(np.zeros(9), 4, 2, "reflect"),
            "Received: pad='reflect'. Allowed: center, none.",
        ),
        (
            lambda: audio.spectrogram(np.zeros(9), 4, 2, power=3),
            "Received: power=3. Allowed: 1 (magnitude), 2 (power).",
        ),
        (
            lambda: audio.mel_filters(8000, 256, scale="bark"),
            "Received: scale='bark'. Allowed: slaney, htk.",
        ),
        (
            lambda: audio.mel_filters(8000, 256, norm="htk"),
            "Received: norm='htk'. Allowed: slaney, None.",
        ),
        (lambda: audio.mel_filters(8000, 256, high=5000), "Received: low=0.0, high=5000."),
        (lambda: audio.mel_filters(8000, 64, n_mels=80), "filters are so narrow that they hold no frequency"),
        (lambda: audio.power_to_db(np.ones((1, 1)), floor=0), "Received: floor=0"),
        (lambda: audio.mfcc(np.zeros((4, 20)), 21), "Received: n_out=21, n_in=20. Allowed: 1 <= n_out <= n_in."),
        (lambda: audio.MelSpectrogram(8000, 256, 80, n_mels=20, n_mfcc=21), "Received: n_mfcc=21."),
        (lambda: audio.MelSpectrogram(8000, 256, 80, pad="same"), "Received: pad='same'."),
        (lambda: audio.pad_signals([]), "0 recordings"),
        (lambda: audio.pad_signals([np.zeros(9)], n=8), "Recording 0 has 9 samples. Received: n=8."),
        (lambda: audio.pad_signals([np.zeros((2, 2, 2))]), "recording 0 of shape (2, 2, 2)"),
        (lambda: audio.train_statistics(np.zeros((1, 2, 3)), np.zeros((1, 2), bool)), "without a real frame"),
    ],
)
def test_wrong_arguments_are_named(call, says):
    with pytest.raises(ValueError) as error:
        call()
    assert says in str(error.value)


# The layer


@pytest.mark.parametrize("pad", ["center", "none"])
@pytest.mark.parametrize("n_mfcc", [None, 13])
def test_what_stands_behind_a_recording_changes_nothing(pad, n_mfcc):
    layer = audio.MelSpectrogram(RATE, N_FFT, HOP, n_mfcc=n_mfcc, pad=pad)
    short, long = voice(1, 1300), voice(2, 3100)
    batch, lengths = audio.pad_signals([short, long], 3500)
    batch[0, 1300:] = 7.0  # rubbish that only the length tells from sound
    together, mask = array(layer(batch, lengths=lengths)), array(layer.frame_mask(lengths, 3500))
    for row, real, signal in zip(together, mask, (short, long), strict=True):
        alone = array(layer(signal[None]))[0]
        assert real.sum() == len(alone) == layer.frame_count(len(signal))
        np.testing.assert_allclose(row[real], alone, rtol=1e-5, atol=1e-4)
    swapped = array(layer(batch[::-1].copy(), lengths=lengths[::-1].copy()))
    np.testing.assert_allclose(swapped[::-1], together, rtol=1e-5, atol=1e-4)


def test_the_layer_is_saved_with_all_that_names_it(tmp_path):
    inputs = {"signal": keras.Input((None,), name="signal"), "lengths": keras.Input((), dtype="int32", name="lengths")}
    layer = audio.MelSpectrogram(
        RATE,
        N_FFT,
        100,
        n_mels=20,
        low=50.0,
        high=3500.0,
        scale="htk",
        norm=None,
        pad="none",
        n_mfcc=7,
        floor=1e-8,
        top_db=60.0,
    )
    model = keras.Model(inputs, layer(inputs["signal"], lengths=inputs["lengths"]))
    model.save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    x = {"signal": np.stack([voice(0, 2000), voice(1, 2000)]), "lengths": np.array([2000, 900])}
    np.testing.assert_array_equal(array(loaded(x)), array(model(x)))
    copy = audio.MelSpectrogram.from_config(layer.get_config())
    assert copy.get_config() == layer.get_config()
    assert layer.compute_output_shape((2, 2000)) == array(model(x)).shape and not layer.weights


def test_half_precision_does_not_reach_the_arithmetic():
    x = voice()[None]
    exact = array(audio.MelSpectrogram(RATE, N_FFT, HOP)(x))
    half = audio.MelSpectrogram(RATE, N_FFT, HOP, dtype="mixed_float16")(x)
    assert keras.backend.standardize_dtype(half.dtype) == "float16"
    np.testing.assert_allclose(array(half), exact, atol=0.05)


def test_frames_of_a_collection():
    items = [Item(str(n), "train", audio=voice(0, n)[:, None], rate=RATE) for n in (900, 2000, 1500)]
    layer = audio.MelSpectrogram(RATE, N_FFT, HOP)
    features, mask = audio.extract_frames(layer, items, batch_size=2)
    assert features.shape == (3, 26, 40) and mask.sum(1).tolist() == [12, 26, 19]
    assert not features[~mask].any()
    for item, row, real in zip(items, features, mask, strict=True):
        np.testing.assert_allclose(row[real], array(layer(item.audio.T))[0], rtol=1e-5, atol=1e-4)
    first, real = audio.extract_frames(layer, items, t=15)
    np.testing.assert_array_equal(first, features[:, :15])
    wide, _ = audio.extract_frames(layer, items, t=40)
    assert real.shape == (3, 15) and wide.shape == (3, 40, 40) and not wide[:, 26:].any()
    with pytest.raises(ValueError, match="item 'x' with rate=16000"):
        audio.extract_frames(layer, [Item("x", "train", audio=voice()[:, None], rate=16000)])


def test_stereo_is_averaged():
    stereo = np.random.default_rng(0).normal(size=(50, 2)).astype("float32")
    batch, lengths = audio.pad_signals([stereo, stereo[:9, 0]])
    np.testing.assert_allclose(batch[0], stereo.mean(1), rtol=1e-6)
    assert batch.shape == (2, 50) and lengths.tolist() == [50, 9] and not batch[1, 9:].any()


# Scaling


def test_only_real_frames_count():
    rng = np.random.default_rng(0)
    x, mask = rng.normal(3, 2, size=(4, 12, 5)), np.arange(12) < np.array([12, 3, 1, 7])[:, None]
    rubbish = np.where(mask[..., None], x, 1e4)
    mean, variance = audio.train_statistics(rubbish, mask)
    np.testing.assert_allclose(mean, x[mask].mean(0), rtol=1e-5)
    np.testing.assert_allclose(variance, x[mask].var(0), rtol=1e-5)
    scaled = array(audio.normalize_recordings(rubbish, mask))
    for row, out, real in zip(x, scaled, mask, strict=True):
        expected = (row[real] - row[real].mean(0)) / np.sqrt(row[real].var(0) + 1e-5)
        np.testing.assert_allclose(out[real], expected, atol=1e-3)
        assert not out[~real].any()
    centred = array(audio.normalize_recordings(rubbish, mask, scale=False))
    np.testing.assert_allclose(centred[0], x[0] - x[0].mean(0), atol=1e-4)


# Backends


def figures():
    x, lengths = audio.pad_signals([voice(0, 2500), voice(1, 1111), np.zeros(700, "float32")])
    layer = audio.MelSpectrogram(RATE, N_FFT, HOP, scale="htk", norm=None)
    found = {"mel": audio.mel_spectrogram(x, RATE, N_FFT, HOP), "db": layer(x, lengths=lengths)}
    found["mfcc"] = audio.mfcc(found["db"], 13)
    found["mask"] = layer.frame_mask(lengths, x.shape[1])
    found["scaled"] = audio.normalize_recordings(found["mfcc"], found["mask"])
    inputs = {"audio": keras.ops.convert_to_numpy(found["scaled"]), "mask": keras.ops.convert_to_numpy(found["mask"])}
    for build in (audio.frame_rnn, audio.spectrogram_cnn):
        model = build(13, 4, seed=1)
        rng = np.random.default_rng(0)
        model.set_weights([0.3 * rng.normal(size=w.shape).astype("float32") for w in model.weights])
        found[model.name] = model.predict(inputs, verbose=0)
    return found


@pytest.mark.backends
@pytest.mark.parametrize("backend", BACKENDS)
def test_backends_agree(backend):
    here, there = on_backend(keras.config.backend(), figures), on_backend(backend, figures)
    for name, value in here.items():
        value = array(value)
        np.testing.assert_allclose(there[name], value, rtol=1e-4, atol=1e-4 * np.abs(value).max(), err_msg=name)
