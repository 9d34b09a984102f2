"""WAV files -> arrays, of every width that is PCM or float; what is another kind is called by its name.

Source: Microsoft and IBM (1991), "Multimedia programming interface and data specifications 1.0", and Microsoft's
``WAVEFORMATEXTENSIBLE``; RF64 after EBU Tech 3306. Python's own ``wave`` reads PCM only.
"""

import struct
from typing import NamedTuple

import numpy as np

from mmcourse._machinery.foreign import HEAD, kind, opened

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
TAGS = {
    2: "ADPCM (Microsoft)", 6: "A-law", 7: "mu-law", 0x10: "ADPCM (OKI)", 0x11: "ADPCM (IMA)", 0x14: "ADPCM (G.723)",
    0x31: "GSM 6.10", 0x40: "ADPCM (G.721)", 0x45: "ADPCM (G.726)", 0x50: "MPEG audio (layer I or II)", 0x55: "MP3",
    0x64: "ADPCM (G.726)", 0x65: "ADPCM (G.722)", 0x92: "AC-3", 0xFF: "AAC", 0x160: "WMA", 0x161: "WMA", 0x162: "WMA",
    0x163: "WMA", 0x1610: "AAC", 0x2000: "AC-3", 0x674F: "Vorbis", 0x6750: "Vorbis", 0x6751: "Vorbis", 0xF1AC: "FLAC",
}  # fmt: skip
GUID = bytes.fromhex("0000 0000 1000 8000 00aa 0038 9b71")  # what follows the tag in an extensible header
# What writers leave as the length who cannot go back and say it, such as those that write into a pipe.
STREAMED = {0xFFFFFFFF, 0x7FFFFFFF, 0x80000000, 0x7FFFF000}
MAX_CHANNELS = 64
OVER = 2.0  # floats a little beyond 1 are loud; beyond this they are no samples in [-1, 1]
ALLOWED = "Allowed: WAV; FLAC, Ogg and MP3 by mmcourse.audio.read with the package soundfile"
CONVERT = "Convert it first, for example by `ffmpeg -i {path} -c:a pcm_s16le new.wav`."


class Form(NamedTuple):
    """How a WAV file holds its samples."""

    rate: int
    channels: int
    bits: int
    kind: int  # PCM or FLOAT


def read_wav(path):
    """A WAV file as it is: float32 ``(n, channels)`` in [-1, 1], and its `Form`.

    PCM of 8, 16, 24 or 32 bits is divided by 2⁷, 2¹⁵, 2²³ or 2³¹; floats have 32 or 64 bits, and those between 1 and 2
    are cut to 1. Headers may be extensible, RF64, big-endian (RIFX), or without a length (streamed: to the file's end).

    Raises ValueError, naming the file, for one that is empty, cut off, damaged or no WAV, for another coding (called by
    its name), and for floats beyond ±2 or that are no numbers; OSError for a file that cannot be opened; TypeError for
    no name.
    """
    with opened(path) as file:
        head = file.read(HEAD)
        if head[:4] not in (b"RIFF", b"RIFX", b"RF64") or head[8:12] != b"WAVE":
            raise ValueError(_no_wav(path, head))
        data = head + file.read()
    little = "<" if head[:4] != b"RIFX" else ">"
    form, first, size = _chunks(path, data, little)
    frame = form.channels * form.bits // 8
    there = len(data) - first
    if size is None:  # streamed
        size = there
    if size > there:
        raise ValueError(
            f"The sound file is cut off: {path} promises {size // frame} samples and holds {there // frame}."
        )
    n = size // frame
    if not n:
        raise ValueError(f"There is no sound: {path} promises {n} samples.")
    x = _numbers(memoryview(data)[first : first + n * frame], form, little)
    if form.kind == FLOAT:
        x = bounded(path, x)
    return x.astype("float32").reshape(n, form.channels), form


def bounded(path, x):
    """Floats in [-1, 1]: what a decoder or a loud passage has beyond it is cut, as every player does.

    Raises ValueError, naming the file, for NaN, infinity, and what lies beyond ±2.
    """
    peak = np.abs(x).max()
    if not peak <= OVER:  # so that NaN is refused
        what = f"a peak of {peak:g}" if np.isfinite(peak) else "samples that are no finite numbers"
        raise ValueError(f"{path} holds {what}. Allowed: -1 to 1 (what was 16-bit numbers: divide by 32768).")
    return np.clip(x, -1, 1)


def check_sound(x, what):
    """Raise ValueError unless ``x`` is float ``(n,)`` or ``(n, channels)``: integers have another full scale, and with
    the channels first every step would take them for time. ``what`` names it in the message."""
    allowed = "Allowed: floats in [-1, 1] of shape (n,) or (n, channels)"
    if x.ndim not in (1, 2):
        raise ValueError(f"Received: {what} of shape {x.shape}. {allowed}.")
    if x.dtype.kind != "f":
        raise ValueError(f"Received: {what} of {x.dtype}. {allowed}; integers of 16 bits are divided by 32768.")
    if x.ndim == 2 and 0 < len(x) < x.shape[1]:
        raise ValueError(f"Received: {what} of shape {x.shape}, channels first. {allowed}: transpose it.")


def _no_wav(path, head):
    found = kind(head)
    if head[:4] in (b"RIFF", b"RIFX", b"RF64") and len(head) < 12:
        return f"The sound file is damaged: {path} ends after {len(head)} bytes."
    if not head:
        return f"The sound file is damaged: {path} is empty, 0 bytes."
    if found is None:
        return f"No sound, or one that is damaged: {path} begins with {head[:12]!r}. {ALLOWED}."
    cure = f" {CONVERT.format(path=path)}" if "sound" in found else ""
    return f"{path} is {found}, and no WAV file. {ALLOWED}.{cure}"


def _chunks(path, data, little):
    """The form, where the samples begin, and how many bytes they are said to have (None: streamed)."""
    place, form, long = 12, None, None
    while place + 8 <= len(data):
        name, size = data[place : place + 4], struct.unpack_from(f"{little}I", data, place + 4)[0]
        body = place + 8
        if name == b"data" and form is not None:
            if long is not None and size == 0xFFFFFFFF:
                return form, body, long
            around = struct.unpack_from(f"{little}I", data, 4)[0]
            streamed = (size in STREAMED and size > len(data) - body) or (size == 0 and around in STREAMED | {0})
            return form, body, None if streamed else size
        if name == b"data":
            raise ValueError(f"The sound file is damaged: {path} has samples before it says of what form they are.")
        if body + size > len(data):
            raise ValueError(f"The sound file is damaged: {path} ends within its part {name!r}.")
        if name == b"fmt ":
            form = _form(path, data[body : body + size], little)
        elif name == b"ds64" and size >= 16:
            long = struct.unpack_from("<Q", data, body + 8)[0]
        place = body + size
        if size % 2 and data[place : place + 4] not in (b"fmt ", b"data"):  # some forget the byte that makes it even
            place += 1
    missing = "samples (no part 'data')" if form else "word of its form (no part 'fmt ')"
    raise ValueError(f"The sound file is damaged: {path} ends without {missing}.")


def _form(path, fmt, little):
    if len(fmt) < 16:
        raise ValueError(
            f"The sound file is damaged: {path} has {len(fmt)} bytes about its form. Expected: 16 or more."
        )
    tag, channels, rate, _, block, bits = struct.unpack_from(f"{little}HHIIHH", fmt)
    if tag == EXTENSIBLE:
        if len(fmt) < 40:
            raise ValueError(f"The sound file is damaged: {path} has {len(fmt)} bytes about its form. Expected: 40.")
        tag, rest = struct.unpack_from(f"{little}H", fmt, 24)[0], fmt[26:40]
        if rest != GUID:
            raise ValueError(f"{path} is of a form of its own, {fmt[24:40].hex()}. {CONVERT.format(path=path)}")
    if tag not in (PCM, FLOAT):
        name = TAGS.get(tag, f"a coding of the number {tag:#06x}")
        raise ValueError(f"{path} is {name} in a WAV file. Allowed: PCM or float. {CONVERT.format(path=path)}")
    if not (1 <= channels <= MAX_CHANNELS and rate):
        raise ValueError(f"The sound file is damaged: {path} has {channels} channels, {rate} samples a second.")
    width, rest = divmod(block, channels)
    if rest or width != -(-bits // 8):  # 12 bits lie at the upper end of two bytes, 20 of three
        raise ValueError(f"The sound file is damaged: {path} has {block} bytes for {channels} × {bits} bits.")
    if width not in ((1, 2, 3, 4) if tag == PCM else (4, 8)):
        name, allowed = ("PCM", "8 to 32") if tag == PCM else ("float", "32 or 64")
        raise ValueError(f"{path} is {name} of {bits} bits. Allowed: {allowed}. {CONVERT.format(path=path)}")
    return Form(rate, channels, 8 * width, tag)


def _numbers(raw, form, little):
    width = form.bits // 8
    if form.kind == FLOAT:
        return np.frombuffer(raw, f"{little}f{width}")
    if width == 1:
        return (np.frombuffer(raw, "u1").astype("float32") - 128) / 128
    if width == 3:
        padded = np.zeros((len(raw) // 3, 4), "u1")
        where = slice(1, 4) if little == "<" else slice(0, 3)  # its lowest byte stays zero
        padded[:, where] = np.frombuffer(raw, "u1").reshape(-1, 3)
        return padded.view(f"{little}i4")[:, 0].astype("float32") / 2**31
    return np.frombuffer(raw, f"{little}i{width}").astype("float32") / 2 ** (form.bits - 1)
