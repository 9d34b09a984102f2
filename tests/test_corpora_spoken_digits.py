"""The reader of spoken digits and their download: on a small made corpus, and on the real recordings."""

import json
import shutil
import wave
import zipfile

import numpy as np
import pytest

from mmcourse.corpora import SpokenDigits, download, places, spoken_digits
from mmcourse.items import Item


def write_wav(path, samples, rate=8000, channels=1, width=2):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())


@pytest.fixture
def root(tmp_path):
    """A corpus in the official form: six speakers, digits 0 and 7, indices 0, 4, 5 and 10."""
    folder = tmp_path / "fsdd" / "recordings"
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for speaker in spoken_digits.SPEAKERS:
        for digit in (0, 7):
            for index in (0, 4, 5, 10):
                write_wav(folder / f"{digit}_{speaker}_{index}.wav", rng.integers(-9999, 9999, 50 + index))
    return tmp_path


def test_items_are_those_of_all_data(root):
    items = SpokenDigits(root, "test")
    first = items[0]
    assert isinstance(first, Item) and first.id == "0_yweweler_0" == items.ids[0] and first.split == "test"
    assert (first.label, first.rate, first.image, first.captions) == (0, 8000, None, ())
    assert first.audio.shape == (50, 1) and first.audio.dtype == np.float32
    with wave.open(str(root / "fsdd/recordings/0_yweweler_0.wav")) as file:
        raw = np.frombuffer(file.readframes(50), "<i2")
    np.testing.assert_array_equal(first.audio[:, 0], raw / np.float32(32768))
    assert [item.id for item in items[2:4]] == ["0_yweweler_5", "0_yweweler_10"] == list(items[2:4].ids)
    np.testing.assert_array_equal(items.labels(), [0] * 4 + [7] * 4)


def test_nobody_speaks_in_two_splits(root):
    parts = {split: SpokenDigits(root, split) for split in ("train", "dev", "test")}
    heard = {split: set(part.speakers()) for split, part in parts.items()}
    assert heard == {"train": {"george", "jackson", "lucas", "nicolas"}, "dev": {"theo"}, "test": {"yweweler"}}
    everything = SpokenDigits(root, None)
    assert sorted(everything.ids) == sorted(sum((part.ids for part in parts.values()), ()))
    other = SpokenDigits(root, "train", dev=("lucas", "theo"), test="george")
    assert set(other.speakers()) == {"jackson", "nicolas", "yweweler"} and len(other[:5].speakers()) == 5


def test_the_official_split_goes_by_index(root):
    train, test = (SpokenDigits(root, split, scheme="official") for split in ("train", "test"))
    assert {i.split("_")[2] for i in train.ids} == {"5", "10"} and {i.split("_")[2] for i in test.ids} == {"0", "4"}
    assert set(train.speakers()) == set(test.speakers()) == set(spoken_digits.SPEAKERS)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"split": "val"}, "Unknown split. Received: split='val'. Allowed: train, dev, test, None."),
        ({"scheme": "random"}, "Unknown scheme. Received: scheme='random'. Allowed: speakers, official."),
        ({"split": "dev", "scheme": "official"}, "The official split has no dev part. Received: split='dev'."),
        ({"test": "nobody"}, "Unknown speaker. Received: test='nobody'. Allowed: george, jackson,"),
        ({"dev": "theo", "test": ("theo", "lucas")}, "Nobody speaks in two splits."),
        ({"split": "dev", "dev": ()}, "No recording is in this split. Received: split='dev'"),
    ],
)
def test_wrong_choices_are_named(root, given, says):
    with pytest.raises(ValueError) as error:
        SpokenDigits(root, **given)
    assert says in str(error.value)


def test_damaged_files_are_named(root):
    folder = root / "fsdd" / "recordings"
    path = folder / "0_george_0.wav"
    whole = path.read_bytes()
    for data, says in ((whole[:-10], "cut off"), (whole[:20], "damaged"), (b"RIFF", "damaged"), (b"", "damaged")):
        path.write_bytes(data)
        items = SpokenDigits(root)
        with pytest.raises(ValueError, match=rf"{says}.*0_george_0\.wav"):
            _ = items[0].audio
    for wrong in ({"rate": 16000}, {"channels": 2}, {"width": 1}):
        write_wav(path, np.zeros(64), **wrong)
        with pytest.raises(ValueError, match=r"0_george_0\.wav: expected 8000 samples a second, 1 channel, 16 bits"):
            _ = SpokenDigits(root)[0].audio
    write_wav(path, np.zeros(0))
    with pytest.raises(ValueError, match=r"0_george_0\.wav promises 0 samples"):
        _ = SpokenDigits(root)[0].audio
    path.unlink()
    write_wav(folder / "ten_george_0.wav", np.zeros(9))
    with pytest.raises(ValueError, match=r"digit_speaker_index\.wav.*ten_george_0\.wav"):
        SpokenDigits(root)


def test_two_files_of_one_recording_are_refused(root):
    folder = next(root.rglob("recordings"))
    write_wav(folder / "7_lucas_05.wav", np.zeros(9))
    with pytest.raises(ValueError, match=r"one recording, 7_lucas_5\. Received: .*7_lucas_05\.wav, 7_lucas_5\.wav"):
        SpokenDigits(root, split=None)


def test_where_it_is_looked_for(root, monkeypatch, tmp_path):
    ids = SpokenDigits(root).ids
    assert SpokenDigits(root / "fsdd").ids == ids
    monkeypatch.setenv("MMCOURSE_DATA", str(root))
    assert SpokenDigits().ids == ids
    monkeypatch.delenv("MMCOURSE_DATA")
    monkeypatch.setattr(places, "cache", lambda: root)
    assert SpokenDigits().ids == ids
    with pytest.raises(FileNotFoundError, match=r"mmcourse\.corpora\.download fsdd"):
        SpokenDigits(tmp_path / "none")
    (tmp_path / "empty" / "fsdd").mkdir(parents=True)
    with pytest.raises(FileNotFoundError, match="no folder of recordings"):
        SpokenDigits(tmp_path / "empty")


def packed(root, path):
    """The corpus as GitHub packs it: one folder around all, other files beside the recordings."""
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("free-spoken-digit-dataset-1.0.10/README.md", "text")
        for file in sorted((root / "fsdd" / "recordings").iterdir()):
            out.write(file, f"free-spoken-digit-dataset-1.0.10/recordings/{file.name}")


def test_it_is_fetched_counted_and_read(root, tmp_path):
    packed(root, tmp_path / "v1.zip")
    place, address = tmp_path / "fetched", f"{tmp_path.as_uri()}/"
    folder = download.fsdd(place, address, "v1.zip", recordings=48)
    assert SpokenDigits(place).ids == SpokenDigits(root).ids and len(SpokenDigits(place, None)) == 48
    record = json.loads((folder / "downloaded.json").read_text())["v1.zip"]
    assert record["bytes"] == (tmp_path / "v1.zip").stat().st_size and record["compared"] is False
    (tmp_path / "v1.zip").unlink()
    assert download.fsdd(place, address, "v1.zip", recordings=48) == folder, "what is there is not fetched again"


@pytest.mark.parametrize("spoilt", ["count", "file"])
def test_a_download_that_is_not_the_corpus_is_not_kept(root, tmp_path, spoilt):
    if spoilt == "file":
        (root / "fsdd/recordings/7_theo_4.wav").write_bytes(b"no sound")
    packed(root, tmp_path / "v1.zip")
    with pytest.raises(ValueError, match="holds 48 recordings" if spoilt == "count" else "7_theo_4"):
        download.fsdd(tmp_path / "x", f"{tmp_path.as_uri()}/", "v1.zip", recordings=49 if spoilt == "count" else 48)
    assert [p.name for p in (tmp_path / "x" / "fsdd").iterdir()] == ["downloaded.json"]
    shutil.rmtree(tmp_path / "x")


def test_the_real_recordings(data_dir):
    root = data_dir("fsdd").parent
    sizes = {split: len(SpokenDigits(root, split)) for split in spoken_digits.SPLITS}
    assert sizes == {"train": 2000, "dev": 500, "test": 500}
    official = {split: len(SpokenDigits(root, split, scheme="official")) for split in ("train", "test")}
    assert official == {"train": 2700, "test": 300}
    everything = SpokenDigits(root, None)
    np.testing.assert_array_equal(np.bincount(everything.labels()), [300] * 10)
    for item in everything[::100]:
        assert 0.1 < len(item.audio) / item.rate < 2.5 and 0.01 < np.abs(item.audio).max() <= 1
