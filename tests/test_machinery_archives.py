"""Zip archives that are damaged, odd or hostile: each is refused by name, in a sentence, and leaves nothing behind."""

import errno
import io
import os
import struct
import zipfile

import numpy as np
import pytest

from mmcourse._machinery import archives
from mmcourse._machinery.archives import unpack
from mmcourse.text.vectors import load_vectors

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def made(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as zipped:
        for name, data in members:
            zipped.writestr(name, data)
    return bytearray(out.getvalue())


def spoilt(data, rng):
    """A copy with a flipped bit, an end cut off, some other bytes, or a run of zeros or ones."""
    data, place = bytearray(data), rng.integers(len(data))
    how = rng.integers(4)
    if how == 0:
        data[place] ^= 1 << rng.integers(8)
    elif how == 1:
        del data[place:]
    else:
        length = min(rng.integers(1, 9), len(data) - place)
        new = rng.integers(256, size=length) if how == 2 else np.full(length, rng.choice([0, 255]))
        data[place : place + length] = bytes(new.astype("uint8"))
    return data


@pytest.mark.parametrize("method", METHODS)
def test_a_spoilt_archive_is_whole_or_refused_by_name(method, tmp_path):
    """Whatever is spoilt: of what is unpacked each byte is right (names have no checksum)."""
    rng = np.random.default_rng(method)
    members = [(f"folder/file{i}.txt", bytes(rng.integers(60, 90, 300, "uint8"))) for i in range(12)]
    contents, data, refused = sorted(data for _, data in members), made(members, method), 0
    place = tmp_path / "a.zip"
    for turn in range(150):
        place.write_bytes(spoilt(data, rng))
        try:
            folder = unpack(place, tmp_path / f"out{turn}")
        except ValueError as error:
            assert type(error) is ValueError and str(place) in str(error)
            refused += 1
        else:
            assert sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file()) == contents
    assert refused > 100
    assert all(path.name in ("a.zip",) or path.name.startswith("out") for path in tmp_path.iterdir())


@pytest.mark.parametrize("method", METHODS)
def test_spoilt_archives_of_vectors_are_refused_by_name(method, tmp_path):
    rng = np.random.default_rng(method)
    lines = "".join(f"word{i} {rng.normal():.3f} {rng.normal():.3f} {rng.normal():.3f}\n" for i in range(30))
    data, place, refused = made([("v.txt", lines)], method), tmp_path / "v.zip", 0
    for _ in range(150):
        place.write_bytes(spoilt(data, rng))
        try:
            assert len(load_vectors(place).vocabulary) > 30
        except ValueError as error:
            assert type(error) is ValueError and str(place) in str(error)
            refused += 1
    assert refused > 100


def end_record(data):
    return data.rfind(b"PK\5\6")


def test_members_are_counted_against_the_end_record(tmp_path):
    """A list of members that is cut short looks whole to Python: it reads as far as the length says."""
    data = made([("a.txt", b"a"), ("b.txt", b"b")])
    end = end_record(data)
    size = struct.unpack("<L", data[end + 12 : end + 16])[0]
    data[end + 12 : end + 16] = struct.pack("<L", size // 2)
    data[end + 16 : end + 20] = struct.pack("<L", struct.unpack("<L", data[end + 16 : end + 20])[0] + size // 2)
    place = tmp_path / "a.zip"
    place.write_bytes(data)
    assert len(zipfile.ZipFile(place).namelist()) == 1
    with pytest.raises(ValueError, match=r"a\.zip is damaged: it holds 1 members, and its end says 2"):
        unpack(place, tmp_path / "out")


def test_members_of_a_large_archive_are_counted_too(tmp_path):
    many = 65_540  # more than the short end record can say
    place = tmp_path / "many.zip"
    place.write_bytes(made([(f"{i}", b"") for i in range(many)], zipfile.ZIP_STORED))
    with open(place, "rb") as file:
        assert archives._promised(file) == many
    with pytest.raises(ValueError, match=f"holds {many} members. Allowed: at most 65539"):
        unpack(place, tmp_path / "out", members_at_most=many - 1)


def encrypted(data):
    data = bytearray(data)
    data[6] |= 1
    data[data.find(b"PK\1\2") + 8] |= 1
    return data


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (encrypted(made([("a", b"1")])), "encrypted"),
        (made([("a", b"1"), ("a/b", b"2")]), "is a file and a folder"),
        (made([("a/b", b"1"), ("a", b"2")]), "is a file and a folder"),
        (b"", "not a zip file"),
    ],
    ids=["encrypted", "a file, then a folder", "a folder, then a file", "empty"],
)
def test_what_cannot_be_unpacked_is_said(data, words, tmp_path):
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(ValueError, match=rf"a\.zip is damaged.*{words}"):
        unpack(tmp_path / "a.zip", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused(tmp_path):
    (tmp_path / "a.zip").write_bytes(made([("a", b"1"), ("a", b"2")]))
    with pytest.raises(ValueError, match="holds 'a' twice"):
        unpack(tmp_path / "a.zip", tmp_path / "out")


def test_a_full_disk_is_said_and_is_not_the_archive_s_fault(tmp_path, monkeypatch):
    (tmp_path / "a.zip").write_bytes(made([("a", b"1")]))

    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    real = open
    monkeypatch.setattr(archives, "open", lambda p, mode: Full() if mode == "wb" else real(p, mode), raising=False)
    with pytest.raises(OSError, match=r"a\.zip cannot be unpacked to .*out: No space left on device. Make room"):
        unpack(tmp_path / "a.zip", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "a.zip").write_bytes(made([("a", b"1")]))
    with pytest.raises(OSError, match=r"a\.zip cannot be unpacked to .*a\.zip.out: (Not a directory|File exists)"):
        unpack(tmp_path / "a.zip", tmp_path / "a.zip" / "out")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("stays")
    with pytest.raises(FileExistsError, match=r"a\.zip is not unpacked: there is something at"):
        unpack(tmp_path / "a.zip", tmp_path / "out")
    assert (tmp_path / "out" / "mine").read_text() == "stays"
