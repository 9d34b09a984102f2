"""Sound files of every kind: read at the rate that is wanted, or refused by words that name the file and its coding."""

import io
import struct
import sys
import tempfile
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mmcourse import audio
from mmcourse._machinery import sounds
from mmcourse.batches import ItemBatches
from mmcourse.corpora.spoken_digits import read_wav
from mmcourse.items import Item

RATE = 8000
X = np.round(np.random.default_rng(0).uniform(-0.99, 0.99, (50, 2)) * 64) / 64  # exact in 8 bits and more


def riff(data, fmt, size=None, whole=None, before=b"", mark=b"RIFF", little="<"):
    """A WAV file packed by hand."""
    size = len(data) if size is None else size
    body = b"WAVE" + before + b"fmt " + struct.pack(f"{little}I", len(fmt)) + fmt
    body += b"data" + struct.pack(f"{little}I", size) + data
    return mark + struct.pack(f"{little}I", len(body) if whole is None else whole) + body


def form(bits, tag=1, channels=2, rate=RATE, little="<", block=None):
    block = channels * -(-bits // 8) if block is None else block
    return struct.pack(f"{little}HHIIHH", tag, channels, rate, rate * block % 2**32, block, bits)


def extensible(bits, valid=None, tag=1, channels=2, guid=sounds.GUID):
    return form(bits, 0xFFFE, channels) + struct.pack("<HHIH", 22, valid or bits, 3, tag) + guid


def pcm(x, bits, little="<"):
    """Samples in [-1, 1) as integers of ``bits``, one by one, by Python's own arithmetic."""
    out = b""
    for value in x.ravel().tolist():
        number = int(value * 2 ** (bits - 1)) + (128 if bits == 8 else 0)
        out += number.to_bytes(bits // 8, "little" if little == "<" else "big", signed=bits > 8)
    return out


def tone(hz, rate=RATE, seconds=1.0):
    return 0.5 * np.sin(2 * np.pi * hz * np.arange(int(rate * seconds)) / rate)


KINDS = {
    **{f"{bits} bits": riff(pcm(X, bits), form(bits)) for bits in (8, 16, 24, 32)},
    **{f"{bits} bits, big-endian": riff(pcm(X, bits, ">"), form(bits, little=">"), mark=b"RIFX", little=">")
       for bits in (8, 16, 24, 32)},
    **{f"{bits} bits, extensible": riff(pcm(X, bits), extensible(bits)) for bits in (8, 16, 24, 32)},
    "24 of 32 bits, extensible": riff(pcm(X, 32), extensible(32, 24)),
    "12 bits in 16": riff(pcm(X, 16), form(12)),
    "float 32": riff(X.astype("<f4").tobytes(), form(32, 3)),
    "float 64": riff(X.astype("<f8").tobytes(), form(64, 3)),
    "float 32, extensible": riff(X.astype("<f4").tobytes(), extensible(32, tag=3)),
    "float 32, with a longer header": riff(X.astype("<f4").tobytes(), form(32, 3) + b"\0\0"),
    "other parts before": riff(pcm(X, 16), form(16), before=b"LIST\x03\0\0\0abc\0" + b"fact\x04\0\0\0\x32\0\0\0"),
    "a part of odd length without its blank": riff(pcm(X, 16), form(16), before=b"LIST\x03\0\0\0abc"),
    "streamed": riff(pcm(X, 16), form(16), 0xFFFFFFFF, 0xFFFFFFFF),
    "streamed by sox": riff(pcm(X, 16), form(16), 0x7FFFF000, 0x7FFFF024),
    "streamed, lengths of zero": riff(pcm(X, 16), form(16), 0, 0),
    "streamed, cut within a sample": riff(pcm(X, 16) + b"\1\2\3", form(16), 0xFFFFFFFF, 0xFFFFFFFF),
    "RF64": riff(pcm(X, 16) + b"tail", form(16), 0xFFFFFFFF, 0xFFFFFFFF, mark=b"RF64",
                 before=b"ds64\x1c\0\0\0" + struct.pack("<QQQI", 272, 200, 50, 0)),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_wav_of_every_kind(tmp_path, name):
    (tmp_path / "x.wav").write_bytes(KINDS[name])
    kept = audio.read(tmp_path / "x.wav", RATE, channels="keep")
    assert kept.dtype == np.float32 and kept.shape == (50, 2)
    np.testing.assert_array_equal(kept, X.astype("float32"))
    mono = audio.read(str(tmp_path / "x.wav"), np.int64(RATE))
    assert mono.dtype == np.float32
    np.testing.assert_allclose(mono, X.mean(axis=1, keepdims=True), atol=1e-7)


@pytest.mark.parametrize("bits", [8, 16, 24, 32])
def test_full_scale_and_pythons_own_writer(tmp_path, bits):
    raw = pcm(np.array([[-1.0], [0.0], [1 - 2.0 ** (1 - bits)]]), bits)
    with wave.open(str(tmp_path / "x.wav"), "wb") as file:
        file.setparams((1, bits // 8, RATE, 0, "NONE", ""))
        file.writeframes(raw)
    found = audio.read(tmp_path / "x.wav", RATE)[:, 0]
    assert found[0] == -1 and found[1] == 0 and 0.99 < found[2] <= 1


def test_spoken_digits_are_read_by_the_same_reader_bit_by_bit(tmp_path):
    values = np.random.default_rng(1).integers(-32768, 32768, 999).astype("<i2")
    (tmp_path / "x.wav").write_bytes(riff(values.tobytes(), form(16, channels=1)))
    as_before = (values.astype("float32") / 32768)[:, None]
    assert (
        read_wav(tmp_path / "x.wav").tobytes() == as_before.tobytes() == audio.read(tmp_path / "x.wav", 8000).tobytes()
    )
    (tmp_path / "x.wav").write_bytes(riff(values.tobytes(), form(16, 7, channels=1)))
    with pytest.raises(ValueError, match=r"x\.wav is mu-law"):
        read_wav(tmp_path / "x.wav")


@pytest.mark.parametrize("own", [4000, 11025, 16000, 44100, 48000])
def test_a_tone_keeps_its_pitch_and_loudness_at_another_rate(tmp_path, own):
    (tmp_path / "x.wav").write_bytes(riff(tone(500, own).astype("<f4").tobytes(), form(32, 3, 1, own)))
    found = audio.read(tmp_path / "x.wav", RATE)
    assert found.shape == (RATE, 1) and found.dtype == np.float32
    inner = slice(400, -400)  # beyond the ends there is silence, which the filter sees
    np.testing.assert_allclose(found[inner, 0], tone(500)[inner], atol=2e-3)


def test_what_the_lower_rate_cannot_hold_is_gone_not_folded(tmp_path):
    both = np.stack([tone(500, 16000), tone(6000, 16000)], axis=1)
    (tmp_path / "x.wav").write_bytes(riff(both.astype("<f4").tobytes(), form(32, 3, 2, 16000)))
    found = audio.read(tmp_path / "x.wav", RATE, "keep")
    assert found.shape == (RATE, 2)
    assert np.abs(found[400:-400, 1]).max() < 1e-2 and np.abs(found[:, 0]).max() > 0.49
    (tmp_path / "x.wav").write_bytes(
        riff(np.tile([1.0, 1, 1, -1, -1, -1], 500).astype("<f4").tobytes(), form(32, 3, 1))
    )
    assert np.abs(audio.read(tmp_path / "x.wav", 11025)).max() <= 1, "what swings over is cut"
    (tmp_path / "x.wav").write_bytes(riff(pcm(X[:7], 16), form(16, rate=11025)))
    assert audio.read(tmp_path / "x.wav", RATE).shape == (-(-7 * RATE // 11025), 1)


@pytest.mark.parametrize("wrap", ["plain", "extensible"])
@pytest.mark.parametrize("tag", sorted(sounds.TAGS))
def test_other_codings_are_called_by_their_name(tmp_path, tag, wrap):
    header = form(8, tag) + b"\0\0" if wrap == "plain" else extensible(8, tag=tag)
    (tmp_path / "x.wav").write_bytes(riff(bytes(64), header))
    with pytest.raises(ValueError) as error:
        audio.read(tmp_path / "x.wav", RATE)
    said = str(error.value)
    assert f"{tmp_path / 'x.wav'} is {sounds.TAGS[tag]} in a WAV file. Allowed: PCM or float." in said
    assert "ffmpeg -i" in said and "damaged" not in said


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (riff(bytes(64), form(8, 0x1234)), "is a coding of the number 0x1234 in a WAV file"),
        (riff(bytes(64), extensible(16, guid=bytes(14))), "is of a form of its own, 0100"),
        (riff(bytes(64), form(64)), "is PCM of 64 bits. Allowed: 8 to 32"),
        (riff(bytes(64), form(16, 3)), "is float of 16 bits. Allowed: 32 or 64"),
        (riff(X.astype("<f4").tobytes() + struct.pack("<f", np.nan), form(32, 3, 1)), "no finite numbers"),
        (riff(struct.pack("<2f", 0, np.inf), form(32, 3, 1)), "no finite numbers"),
        (riff(struct.pack("<2f", 0, -20000), form(32, 3, 1)), "holds a peak of 20000. Allowed: -1 to 1"),
        (riff(pcm(X, 16), form(16), 400), "promises 100 samples and holds 50"),
        (riff(pcm(X, 16), form(16))[:-10], "promises 50 samples and holds 47"),
        (riff(b"", form(16)), "promises 0 samples"),
        (b"", "is empty, 0 bytes"),
        (b"RIFF", "ends after 4 bytes"),
        (riff(bytes(9), form(16))[:12], "ends without word of its form"),
        (riff(bytes(9), form(16))[:20], "ends within its part b'fmt '"),
        (riff(bytes(9), form(16))[:36], "ends without samples"),
        (riff(bytes(9), form(16)[:14]), "has 14 bytes about its form"),
        (riff(bytes(9), extensible(16)[:20]), "has 20 bytes about its form. Expected: 40"),
        (riff(bytes(9), form(16, channels=0, block=2)), "has 0 channels"),
        (riff(bytes(9), form(16, channels=999)), "has 999 channels"),
        (riff(bytes(9), form(16, rate=0)), "0 samples a second"),
        (riff(bytes(9), form(16, block=3)), "has 3 bytes for 2 × 16 bits"),
        (riff(bytes(9), form(24, channels=1, block=4)), "has 4 bytes for 1 × 24 bits"),
        (riff(bytes(9), form(16), before=b"data\x04\0\0\0abcd"), "has samples before"),
        (riff(bytes(8), form(16, rate=3)), "has 3 samples a second. Received: rate=8000"),
        (riff(bytes(8), form(16, rate=2**31)), "has 2147483648 samples a second. Received: rate=8000"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "is a PNG picture, and no WAV file"),
        (b"\0\0\0\x18ftypM4A \0\0\0\0", "is an M4A sound (AAC), and no WAV file"),
        (b"FORM\0\0\0\x40AIFFCOMM", "is an AIFF sound, and no WAV file"),
        (b"#!AMR\n" + bytes(20), "is an AMR sound, and no WAV file"),
        (b"RIFF\x24\0\0\0AVI LIST", "is an AVI film, and no WAV file"),
        (b"version https://git-lfs.github.com/spec/v1\n", "is a pointer of Git LFS"),
        (b"words", "No sound, or one that is damaged"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_with_the_name(tmp_path, data, says):
    path = tmp_path / "odd.wav"
    path.write_bytes(data)
    with pytest.raises(ValueError) as error:
        audio.read(path, RATE)
    assert says in str(error.value) and str(path) in str(error.value)


def test_loud_floats_are_cut_to_one(tmp_path):
    (tmp_path / "x.wav").write_bytes(riff(struct.pack("<4f", 0.5, 1.25, -2, 1), form(32, 3, 1)))
    np.testing.assert_array_equal(audio.read(tmp_path / "x.wav", RATE)[:, 0], np.float32([0.5, 1, -1, 1]))


@pytest.mark.parametrize("rate", [0, -8000, 8000.0, "8000", None, True, 10**9, np.nan])
def test_rates_that_are_none(tmp_path, rate):
    (tmp_path / "x.wav").write_bytes(KINDS["16 bits"])
    with pytest.raises(ValueError, match=r"Received: rate=.*Allowed: a whole number"):
        audio.read(tmp_path / "x.wav", rate)


def test_other_arguments_and_files_that_are_none(tmp_path):
    with pytest.raises(ValueError, match=r"Received: channels='stereo'. Allowed: mono, keep."):
        audio.read(tmp_path / "x.wav", RATE, channels="stereo")
    for name, error in (("none.wav", FileNotFoundError), (".", IsADirectoryError)):
        with pytest.raises(error) as caught:
            audio.read(tmp_path / name, RATE)
        assert str(tmp_path / name) in str(caught.value)
    for wrong in (0, None, io.BytesIO(KINDS["16 bits"])):
        with pytest.raises(TypeError, match=r"Received: path=.*Allowed: a file's name"):
            audio.read(wrong, RATE)


def coded(path, name):
    soundfile = pytest.importorskip("soundfile")
    soundfile.write(path, np.stack([tone(500, 16000), tone(300, 16000)], axis=1), 16000, format=name)


@pytest.mark.parametrize("name", ["FLAC", "OGG", "MP3"])
def test_other_files_are_read_by_soundfile(tmp_path, name):
    coded(tmp_path / "x", name)
    kept = audio.read(tmp_path / "x", RATE, "keep")
    assert kept.dtype == np.float32 and kept.shape[1] == 2 and np.abs(kept).max() <= 1
    assert abs(len(kept) - RATE) <= (1200 if name == "MP3" else 0)  # a whole number of frames
    power = np.abs(np.fft.rfft(kept[2000:6000], axis=0))
    assert (power.argmax(axis=0) * RATE / 4000 == [500, 300]).all()
    assert audio.read(tmp_path / "x", RATE).shape == (len(kept), 1)


@pytest.mark.parametrize("name", ["FLAC", "OGG", "MP3"])
def test_without_soundfile_it_says_what_to_install(tmp_path, monkeypatch, name):
    coded(tmp_path / "x.bin", name)
    monkeypatch.setitem(sys.modules, "soundfile", None)
    with pytest.raises(
        ImportError, match=rf"x\.bin is an? {name.title() if name == 'OGG' else name} sound.*pip install"
    ):
        audio.read(tmp_path / "x.bin", RATE)


@pytest.mark.parametrize("name", ["FLAC", "OGG"])
def test_other_files_cut_off_are_refused(tmp_path, name):
    coded(tmp_path / "x", name)
    data = (tmp_path / "x").read_bytes()
    for length in (5, 40, len(data) // 3, len(data) // 2, len(data) - 9):
        (tmp_path / "x").write_bytes(data[:length])
        with pytest.raises(ValueError, match=r"(cut off|damaged|no sound).*/x"):
            audio.read(tmp_path / "x", RATE)


def test_an_ogg_file_with_a_page_spoilt_or_lost_is_refused(tmp_path):
    """Its decoder leaves such a page out, and gives a shorter sound without a word."""
    soundfile = pytest.importorskip("soundfile")
    noise = np.random.default_rng(2).uniform(-0.5, 0.5, 3 * RATE)
    soundfile.write(tmp_path / "x.ogg", noise, RATE, format="OGG")
    data = (tmp_path / "x.ogg").read_bytes()
    assert len(audio.read(tmp_path / "x.ogg", RATE)) == len(noise)
    pages = [i for i in range(len(data)) if data[i : i + 4] == b"OggS"]
    middle = pages[len(pages) // 2]
    flipped = data[: middle + 99] + bytes([data[middle + 99] ^ 1]) + data[middle + 100 :]
    (tmp_path / "x.ogg").write_bytes(flipped)
    with pytest.raises(ValueError, match=rf"damaged: .*x\.ogg, an Ogg sound, is altered after byte {middle}"):
        audio.read(tmp_path / "x.ogg", RATE)
    (tmp_path / "x.ogg").write_bytes(data[:middle] + data[middle + 1 :])
    with pytest.raises(ValueError, match=rf"damaged: .*x\.ogg, an Ogg sound, has no page at byte {middle}"):
        audio.read(tmp_path / "x.ogg", RATE)
    (tmp_path / "x.ogg").write_bytes(data[: pages[-1]])
    with pytest.raises(ValueError, match=r"cut off: .*x\.ogg, an Ogg sound, ends before its last page"):
        audio.read(tmp_path / "x.ogg", RATE)


@pytest.fixture(scope="module")
def coded_files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("coded")
    for name in ("FLAC", "OGG", "MP3"):
        coded(folder / name, name)
    return [(folder / name).read_bytes()[:3000] for name in ("FLAC", "OGG", "MP3")] + [(folder / "OGG").read_bytes()]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_spoilt_coded_files_too(coded_files, record_property, data):
    record_property("spoilt files", 1)
    file = bytearray(data.draw(st.sampled_from(coded_files)))
    for _ in range(data.draw(st.integers(1, 4))):
        file[data.draw(st.integers(0, 80) | st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spoilt"
        path.write_bytes(file)
        try:
            found = audio.read(path, RATE)
        except (ValueError, OSError) as error:
            assert str(path) in str(error)
            return
    assert found.dtype == np.float32 and found.shape[1] == 1 and np.abs(found).max() <= 1


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_spoilt_bytes_give_a_sound_or_an_error_with_the_name(tmp_path, record_property, data):
    record_property("spoilt files", 1)
    file = bytearray(data.draw(st.sampled_from(sorted(KINDS.values()))))
    for _ in range(data.draw(st.integers(1, 6))):
        file[data.draw(st.integers(0, 63) | st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    file = file[: data.draw(st.one_of(st.just(len(file)), st.integers(0, len(file))))]
    path = tmp_path / "spoilt.wav"
    path.write_bytes(file)
    try:
        found = audio.read(path, RATE, data.draw(st.sampled_from(["mono", "keep"])))
    except (ValueError, OSError) as error:
        assert str(path) in str(error)
        return
    assert found.dtype == np.float32 and found.ndim == 2 and found.size
    assert np.abs(found).max() <= 1


def items(*sounds_of):
    return [Item(id=f"s{i}", split="train", audio=x, rate=RATE) for i, x in enumerate(sounds_of)]


@pytest.mark.parametrize("channels", [1, 2])
def test_what_batches_give_fits_the_spectrogram(channels):
    long, short = np.stack([tone(500), tone(900)], 1)[:, :channels].astype("float32"), tone(300, seconds=0.5)[:, None]
    short = np.repeat(short, channels, axis=1).astype("float32")
    batch = ItemBatches(items(long, short), "audio", batch_size=2)[0]
    layer = audio.MelSpectrogram(RATE, 256, 80)
    assert batch["audio"].shape == (2, RATE, channels)
    found = np.asarray(layer(batch["audio"], lengths=batch["mask"]["audio"].sum(axis=1)))
    signal, lengths = audio.pad_signals([long, short])
    np.testing.assert_allclose(found, np.asarray(layer(signal, lengths=lengths)), atol=1e-4)
    assert found.shape == layer.compute_output_shape(batch["audio"].shape) == (2, layer.frame_count(RATE), 40)


@pytest.mark.parametrize(
    ("signal", "says"),
    [
        (np.zeros((2, 2, 900), "float32"), "shape (2, 2, 900), channels first"),
        (np.zeros((2, 1, 900), "float32"), "shape (2, 1, 900), channels first"),
        (np.zeros((900, 1), "float32"), "shape (900, 1), 900 recordings of 1 samples"),
        (np.zeros(900, "float32"), "shape (900,). Allowed: floats in [-1, 1] of shape (batch, n)"),
        (np.zeros((2, 900, 1, 1), "float32"), "shape (2, 900, 1, 1)"),
        (np.zeros((2, 900), "int16"), "int16"),
        (np.zeros((2, 900, 1), "uint8"), "uint8"),
    ],
)  # fmt: skip
def test_signals_of_another_kind_are_refused_by_the_spectrogram(signal, says):
    with pytest.raises(ValueError) as error:
        audio.MelSpectrogram(RATE, 256, 80)(signal)
    assert f"Received: a signal of {says}" in str(error.value)
    assert "Allowed: floats in [-1, 1]" in str(error.value)


@pytest.mark.parametrize("lengths", [np.array([[900], [900]]), np.array([900]), np.array(900)])
def test_lengths_are_one_for_each_recording(lengths):
    with pytest.raises(ValueError) as error:
        audio.MelSpectrogram(RATE, 256, 80)(np.zeros((2, 900), "float32"), lengths=lengths)
    assert f"Received: lengths of shape {lengths.shape}. Allowed: one for each recording, shape (2,)." in str(
        error.value
    )


@pytest.mark.parametrize(
    ("sound", "says"),
    [
        (np.zeros((2, 900), "float32"), "of shape (2, 900), channels first."),
        (np.zeros((900, 1), "int16"), "of int16."),
        (np.zeros((900, 1, 1), "float32"), "of shape (900, 1, 1)."),
    ],
)
def test_sounds_of_another_kind_are_refused_where_they_are_put_together(sound, says):
    with pytest.raises(ValueError) as error:
        ItemBatches(items(np.zeros((900, 1), "float32"), sound), "audio", batch_size=2)[0]
    assert f"Received: the audio of item 's1' {says} Allowed: floats in [-1, 1]" in str(error.value)
    with pytest.raises(ValueError) as error:
        audio.pad_signals([np.zeros(9, "float32"), sound])
    assert f"Received: recording 1 {says} Allowed: floats in [-1, 1]" in str(error.value)


def test_batches_hold_one_form_and_one_rate():
    plain, double = np.zeros(900, "float32"), np.ones((700, 1))
    batch = ItemBatches(items(plain, double), "audio", batch_size=2)[0]
    assert batch["audio"].shape == (2, 900, 1) and batch["audio"].dtype == np.float32
    assert batch["mask"]["audio"].sum(axis=1).tolist() == [900, 700]
    assert batch["audio"].sum(axis=(1, 2)).tolist() == [0, 700]
    two = [*items(double), Item(id="fast", split="train", audio=double, rate=16000)]
    with pytest.raises(ValueError, match=r"different rates make no batch. Received: 8000 \('s0'\), 16000 \('fast'\)"):
        ItemBatches(two, "audio", batch_size=2)[0]
    assert ItemBatches(two, "audio", batch_size=1)[1]["audio"].shape == (1, 700, 1)
