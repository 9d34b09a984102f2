"""Files that several runs share: written whole or not at all, one run at a time, and a full disk said in words."""

from __future__ import annotations

import errno
import hashlib
import json
from pathlib import Path

from mmcourse._machinery.files import read_sealed, seal, whole
from mmcourse._machinery.locks import locked

__all__ = ["FULL", "hash_of", "is_full", "locked", "read_record", "sha256", "write", "write_record"]

FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


def write(path: Path, text: str) -> None:
    """Put text into a file, all at once: no reader ever finds a part of it.

    Raises OSError, and leaves what was there, where it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as part:
        part.write_text(text, encoding="utf8", newline="\n")


def write_record(path: Path, content: dict, **layout) -> None:
    """Write a record, JSON with the checksum of the rest at its end; `layout` is for json.dumps."""
    write(path, json.dumps(seal(content), ensure_ascii=False, **layout) + "\n")


def read_record(path: Path) -> dict:
    """What `write_record` or an experiment wrote. Raises ValueError, naming the file, where it is damaged."""
    return read_sealed(path, "Restore it from Git, or record it again.")


def sha256(data: bytes | str) -> str:
    return hashlib.sha256(data.encode("utf8") if isinstance(data, str) else data).hexdigest()


def hash_of(path: Path) -> str | None:
    """A file's hash; None where there is no file, or none that can be read."""
    try:
        return sha256(path.read_bytes())
    except OSError:
        return None


def is_full(error: BaseException | None) -> bool:
    """Whether an error says that the disk is full, directly or by what it was raised from."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in FULL:
            return True
        error = getattr(error, "orig_exc", None) or error.__cause__ or error.__context__
    return False
