"""Files that are whole or not there, and what is in them."""

import contextlib
import errno
import hashlib
import json
import os
import tempfile
from pathlib import Path

CHUNK = 1 << 20
SEAL = "sha256 of the rest"
NOT_HERE = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP)  # said by a file system that cannot reserve room


@contextlib.contextmanager
def whole(path):
    """``with whole(path) as part``: what the block writes to ``part`` takes the place of ``path`` all at once.

    Whoever reads ``path`` finds the old file or the new one, never half of it, also after a power cut, since the new
    one is brought to the disk before it gets its name; where the block fails the old one stays.
    ``part`` has the name of ``path``, since some writers look at its ending, in a folder of its own beside it, so that
    two processes that write at once do not meet.
    """
    path = Path(path)
    with tempfile.TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent) as folder:
        part = Path(folder) / path.name
        yield part
        with open(part, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(part, path)


def write_json(path, content, indent=1):
    """Write JSON, UTF-8, by ``whole``. Raises ValueError for a number that is none: JSON knows no NaN."""
    text = json.dumps(content, ensure_ascii=False, indent=indent, allow_nan=False)
    with whole(path) as part:
        part.write_text(text + "\n", encoding="utf-8")


def seal(content):
    """A dict with the checksum of the rest: what a change of one byte, or of a number by hand, would break.
    How it is written (blanks, the order of names) has no say."""
    rest = {name: part for name, part in content.items() if name != SEAL}
    text = json.dumps(rest, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return rest | {SEAL: hashlib.sha256(text.encode()).hexdigest()}


def write_sealed(path, content, indent=1):
    """`write_json` of a dict, with its `seal`."""
    write_json(path, seal(content), indent)


def unsealed(data, sealed=None):
    """The dict in the bytes of a JSON file that `write_sealed` wrote, without the seal.

    ``sealed``: function of the content that says whether it must have a seal, where older files have none (default: it
    must). Raises ValueError for what is damaged.
    """
    try:
        content = json.loads(data.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(content, dict):
        raise ValueError(f"it holds a {type(content).__name__} in place of a dict")
    must = SEAL in content or sealed is None or sealed(content)
    if must and content.get(SEAL) != seal(content)[SEAL]:
        raise ValueError("its checksum is not the one noted in it")
    return {name: part for name, part in content.items() if name != SEAL}


def read_sealed(path, cure, sealed=None):
    """`unsealed` of a file. Args: path; cure: what to do where it is damaged, a sentence; sealed: see there.

    Raises ValueError, naming the file, for one that is damaged; OSError where it cannot be read.
    """
    try:
        return unsealed(Path(path).read_bytes(), sealed)
    except ValueError as error:
        raise ValueError(f"The file is damaged: {path} ({error}). {cure}") from error


def check_sha256(path, expected, cure):
    """Raise ValueError, naming the file and what to do, a sentence, unless it has that SHA-256."""
    if (found := sha256_of(path)) != expected:
        raise ValueError(
            f"The file is damaged, or belongs to another one: {path}. Received: SHA-256 {found}. Expected: {expected}. "
            f"{cure}"
        )


def allocate(path, size):
    """Make a file of so many zeros that has its room on the disk. Raises OSError, naming the file, where there is none;
    then there is no file."""
    path = Path(path)
    path.write_bytes(b"")
    try:
        with open(path, "rb+") as file:
            os.posix_fallocate(file.fileno(), 0, size)
    except (AttributeError, OSError) as error:
        if isinstance(error, OSError) and error.errno not in NOT_HERE:
            path.unlink()
            raise _named(error, path, f"no room for {size:,} bytes") from error
        try:
            for first in range(0, size, CHUNK):
                write_at(path, first, bytes(min(CHUNK, size - first)))
        except OSError:
            path.unlink()
            raise


def write_at(path, place, data):
    """Put bytes into a file that is there, and bring them to the disk. Raises OSError, naming the file, where there is
    no room for them."""
    try:
        with open(path, "rb+", buffering=0) as file:
            file.seek(place)
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
    except OSError as error:
        raise _named(error, path, f"no room for {len(data):,} bytes at {place:,}") from error


def _named(error, path, what):
    return OSError(error.errno, f"{os.strerror(error.errno or 0)}: {what}", str(path))


def sha256_of(path):
    """The SHA-256 of a file of any size, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
