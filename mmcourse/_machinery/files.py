"""Files that are whole or not there, and what is in them."""

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path


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


def sha256_of(path):
    """The SHA-256 of a file of any size, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
