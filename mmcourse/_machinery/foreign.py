"""Files that somebody else made: opened by name, and called by their name where they are of another kind."""

import os
from pathlib import Path

# (place, bytes) that files of a kind begin with; the longer ones first where two agree.
MARKS = (
    ("a PNG picture", 0, b"\x89PNG\r\n\x1a\n"),
    ("a JPEG picture", 0, b"\xff\xd8\xff"),
    ("a GIF picture", 0, b"GIF8"),
    ("a WebP picture", 8, b"WEBP"),
    ("a TIFF picture", 0, b"II*\0"),
    ("a TIFF picture", 0, b"MM\0*"),
    ("a BMP picture", 0, b"BM"),
    ("a HEIC picture", 4, b"ftyphei"),
    ("a HEIC picture", 4, b"ftypmif1"),
    ("an AVIF picture", 4, b"ftypavif"),
    ("an SVG drawing", 0, b"<svg"),
    ("a Photoshop document", 0, b"8BPS"),
    ("a WAV sound", 8, b"WAVE"),
    ("a FLAC sound", 0, b"fLaC"),
    ("an Ogg sound", 0, b"OggS"),
    ("an MP3 sound", 0, b"ID3"),
    ("an AIFF sound", 8, b"AIFF"),
    ("an AIFF sound", 8, b"AIFC"),
    ("an AU sound", 0, b".snd"),
    ("a CAF sound", 0, b"caff"),
    ("a W64 sound", 0, b"riff\x2e\x91\xcf\x11"),
    ("an AMR sound", 0, b"#!AMR"),
    ("an M4A sound (AAC)", 4, b"ftypM4A"),
    ("an AAC sound", 0, b"\xff\xf1"),
    ("an AAC sound", 0, b"\xff\xf9"),
    ("an ASF file (WMA or WMV)", 0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
    ("a MIDI file", 0, b"MThd"),
    ("an AVI film", 8, b"AVI "),
    ("an MP4 film", 4, b"ftyp"),
    ("a Matroska or WebM film", 0, b"\x1a\x45\xdf\xa3"),
    ("a PDF document", 0, b"%PDF"),
    ("a ZIP archive", 0, b"PK\x03\x04"),
    ("a gzip archive", 0, b"\x1f\x8b"),
    ("a NumPy array", 0, b"\x93NUMPY"),
    ("an HDF5 file", 0, b"\x89HDF"),
    ("a pointer of Git LFS, not the file itself (`git lfs pull` fetches it)", 0, b"version https://git-lfs"),
    ("a macOS file of attributes, not the file itself", 0, b"\0\x05\x16\x07"),
)
HEAD = 64  # bytes that `kind` wants to see


def opened(path):
    """``open(path, "rb")`` of a file's name.

    Raises TypeError for what is none (a number would be a descriptor, 0 the keyboard), ValueError for a name that no
    file can have, and OSError naming the file where it cannot be opened.
    """
    if not isinstance(path, (str, os.PathLike)) or not isinstance(os.fspath(path), str):
        shown = " ".join(repr(path).split())[:40]
        raise TypeError(f"Received: path={shown}, {type(path).__name__}. Allowed: a file's name, a str or a Path.")
    try:
        return open(Path(path), "rb")
    except ValueError as error:
        raise ValueError(f"Received: path={os.fspath(path)!r}. Allowed: a file's name ({error}).") from error


def kind(head):
    """What a file is that begins with these bytes, in words with an article; None where nothing is known of it."""
    for name, place, mark in MARKS:
        if head[place : place + len(mark)] == mark:
            return name
    if len(head) > 1 and head[0] == 0xFF and head[1] >> 5 == 7 and head[1] >> 1 & 3 == 1:  # sync, and layer III
        return "an MP3 sound"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "a web page (did a download fail?)"
    if start.startswith((b"<?xml", b"<svg")):
        return "an XML text (an SVG drawing?)"
    return None
