"""Sound files -> arrays at one rate."""

import io
import math
import operator
import zlib

import numpy as np

from mmcourse._machinery.foreign import HEAD, kind, opened
from mmcourse._machinery.sounds import CONVERT, bounded, read_wav

CHANNELS = ("mono", "keep")
BY_SOUNDFILE = ("FLAC", "Ogg", "MP3")
MAX_RATE, MAX_RATIO = 1_000_000, 256
TURNED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def read(path, rate, channels="mono"):
    """A sound file -> float32 ``(n, channels)`` in [-1, 1], at ``rate`` samples a second.

    1. WAV (PCM of 8 to 32 bits, float of 32 or 64, extensible, RF64, streamed) is read by the course; FLAC, Ogg and
       MP3 by the package ``soundfile``, where it is installed;
    2. ``channels="mono"`` averages the channels, and n is followed by 1; ``"keep"`` leaves them;
    3. where the file has another rate it is resampled: a low pass at the lower of the two half rates, applied to all
       phases (``scipy.signal.resample_poly``). There are then ``ceil(n · rate / its rate)`` samples. What swings beyond
       ±1 thereby is cut.

    Args:
        path: the file's name, a str or a Path. rate: a whole number of samples a second. channels: "mono" or "keep".
    Raises:
        ValueError: a wrong argument; naming the file, one that is empty, cut off, damaged, or no sound; a coding that
            is not read, called by its name (such as mu-law, ADPCM), with what to do; floats beyond ±2 or NaN.
        ImportError: a file that needs ``soundfile`` where that is not installed.
        OSError: a file that cannot be opened. TypeError: a path that is no name.
    """
    try:
        wanted = 0 if isinstance(rate, (bool, np.bool_)) else operator.index(rate)
    except TypeError:
        wanted = 0
    if not 1 <= wanted <= MAX_RATE:
        raise ValueError(f"Received: rate={rate!r}. Allowed: a whole number of samples a second, 1 to {MAX_RATE:,}.")
    if channels not in CHANNELS:
        raise ValueError(f"Received: channels={channels!r}. Allowed: {', '.join(CHANNELS)}.")
    with opened(path) as file:
        found = kind(file.read(HEAD)) or ""
    if any(name in found.split() for name in BY_SOUNDFILE):
        x, own = _by_soundfile(path, found)
    else:
        x, form = read_wav(path)
        own = form.rate
    if channels == "mono" and x.shape[1] > 1:
        x = x.mean(axis=1, keepdims=True)
    return x if own == wanted else _resampled(path, x, own, wanted)


def _resampled(path, x, own, rate):
    if own > MAX_RATE or not own <= rate * MAX_RATIO <= own * MAX_RATIO**2:
        raise ValueError(
            f"{path} has {own} samples a second. Received: rate={rate}. "
            f"Allowed: rates up to {MAX_RATE:,} and up to {MAX_RATIO} times more or less than the file's."
        )
    from scipy.signal import resample_poly

    common = math.gcd(own, rate)
    return np.clip(resample_poly(x, rate // common, own // common, axis=0), -1, 1).astype("float32")


def _by_soundfile(path, what):
    try:
        import soundfile
    except (ImportError, OSError) as error:  # OSError: the package is there, its library is not
        raise ImportError(
            f"{path} is {what}: reading it needs the package soundfile (pip install soundfile). "
            f"Or: {CONVERT.format(path=path)} ({error})"
        ) from error
    with opened(path) as file:
        data = file.read()
    if "Ogg" in what:
        _check_ogg(path, data)
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as sound:
            promised, own = sound.frames, sound.samplerate
            x = sound.read(dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, RuntimeError, ValueError, TypeError, MemoryError) as error:
        raise ValueError(f"The sound file is damaged, or of a coding not known: {path}, {what} ({error}).") from error
    if len(x) < promised:
        raise ValueError(f"The sound file is cut off: {path}, {what}, promises {promised} samples and holds {len(x)}.")
    if not len(x):
        raise ValueError(f"There is no sound: {path} holds 0 samples.")
    return bounded(path, x).astype("float32"), own


def _check_ogg(path, data):
    """Every page of an Ogg file is there, with its checksum: decoders leave out those that are not, without a word."""
    place, last = 0, False
    while place < len(data):
        if data[place : place + 4] != b"OggS"[: len(data) - place]:
            raise ValueError(f"The sound file is damaged: {path}, an Ogg sound, has no page at byte {place}.")
        body = place + 27 + (data[place + 26] if place + 26 < len(data) else 0)
        end = body + sum(data[place + 27 : body])
        if max(body, end) > len(data):
            last = False
            break
        page = data[place : place + 22] + bytes(4) + data[place + 26 : end]
        if _crc(page) != int.from_bytes(data[place + 22 : place + 26], "little"):
            raise ValueError(f"The sound file is damaged: {path}, an Ogg sound, is altered after byte {place}.")
        place, last = end, bool(data[place + 5] & 4)
    if not last:
        raise ValueError(f"The sound file is cut off: {path}, an Ogg sound, ends before its last page.")


def _crc(page):
    """Ogg's checksum, which is that of ``zlib`` with the bits of each byte, and of the sum, in the other order."""
    register = zlib.crc32(page.translate(TURNED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{register:032b}"[::-1], 2)
