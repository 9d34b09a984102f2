"""A file of arrays, which is whole or is refused, and in which nothing is ever executed.

bytes     what
8         the mark of its kind, the last byte a version
32        SHA-256 of all that follows
8         n, the length of the header, little-endian
n         the header: JSON, UTF-8, with what the writer gave, and each part's place, shape and type
…         the parts: arrays, little-endian, each beginning at a multiple of 64
"""

import contextlib
import hashlib
import json
import math
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mmcourse._machinery.files import whole

AT = 64
CHUNK = 1 << 24  # bytes that are hashed or written at once
TYPES = {"<f8", "<f4", "<f2", "<i8", "<u8", "<i4", "<u4", "<i2", "<u2", "|i1", "|u1", "|b1"}


class ArrayFile(NamedTuple):
    """One kind of such files: its ``mark`` (8 bytes), its ``name`` with the article, and what to do where one is
    ``again`` needed."""

    mark: bytes
    name: str
    again: str

    def write(self, path, header, parts):
        """Write arrays {name: array} and what describes them, by `whole`: the old file stays until the new one is
        there.

        Args: path; header: a dict for JSON; parts: arrays of numbers.
        Raises TypeError for an array of another type, naming the part.
        """
        parts = {name: _little(name, x) for name, x in parts.items()}
        table = {name: {"shape": list(x.shape), "type": x.dtype.str} for name, x in parts.items()}
        text = json.dumps(header | {"parts": table}, ensure_ascii=False).encode()
        digest = hashlib.sha256()
        with whole(path) as part, open(part, "wb") as file:
            file.write(self.mark + bytes(digest.digest_size))

            def put(data):
                digest.update(data)
                file.write(data)

            put(len(text).to_bytes(8, "little") + text)
            for x in parts.values():
                put(bytes(-file.tell() % AT))
                flat = x.reshape(-1)
                step = max(1, CHUNK // x.itemsize)
                for first in range(0, flat.size, step):
                    put(np.ascontiguousarray(flat[first : first + step]).tobytes())
            file.seek(len(self.mark))
            file.write(digest.digest())

    def read(self, path, kind, memory_map=False):
        """The header and the arrays of a file, after all of it was checked.

        Args:
            path; kind: what the header must name as its "kind". memory_map: whether arrays stay in the file, read when
                they are needed.
        Raises:
            ValueError: a file that is none of these, one that was cut off or altered, another version or kind; it says
                which, and what to do. OSError where it cannot be read at all.
        """
        path, mark = Path(path), self.mark
        start = len(mark) + 32
        with open(path, "rb") as file:
            head = file.read(start + 8)
            if head[: len(mark)] != mark[: len(head)] or not head:
                other = head[:7] == mark[:7]
                noun = self.name.split(" ", 1)[1]
                what = f"{self.name} of another version, {head[7:8]!r}" if other else f"no {noun} of this course"
                raise ValueError(f"Received: {path}, {what}. Allowed: a file that `save` wrote. {self.again}")
            if len(head) < start + 8:
                raise ValueError(f"The file was cut off after {len(head)} bytes: {path}. {self.again}")
            length = int.from_bytes(head[start:], "little")
            total = os.fstat(file.fileno()).st_size
            header = None
            if length <= total:
                with contextlib.suppress(ValueError):
                    header = json.loads(file.read(length))
            places, end = _places(header, start + 8 + length) if isinstance(header, dict) else ({}, total)
            if header is not None and total < end:
                raise ValueError(f"The file was cut off: {total:,} bytes of {end:,} are there: {path}. {self.again}")
            file.seek(start)
            digest = hashlib.sha256()
            while data := file.read(CHUNK):
                digest.update(data)
            if digest.digest() != head[len(mark) : start] or header is None or total != end:
                raise ValueError(f"The file was altered, its SHA-256 is not the one noted in it: {path}. {self.again}")
        if header["kind"] != kind:
            raise ValueError(
                f"Received: {path}, which holds an {header['kind']}. Allowed: {kind}. Load it as what it is."
            )
        arrays = {}
        for name, (place, shape, dtype) in places.items():
            size = math.prod(shape)
            if not size:
                arrays[name] = np.empty(shape, dtype)
            elif memory_map:
                arrays[name] = np.memmap(path, dtype, "r", place, shape)
            else:
                arrays[name] = np.fromfile(path, dtype, size, offset=place).reshape(shape)
        return header, arrays


def _little(name, x):
    x = np.asarray(x)
    x = np.asarray(x, x.dtype.newbyteorder("<"))
    if x.dtype.str not in TYPES:
        raise TypeError(f"Received: {name}, an array of {x.dtype}. Allowed: {', '.join(sorted(TYPES))}.")
    return x


def _places(header, end):
    """Where each part begins, its shape and type; and the length of the whole file."""
    places = {}
    try:
        for name, part in header["parts"].items():
            place = end + -end % AT
            shape, dtype = tuple(map(int, part["shape"])), part["type"]
            if dtype not in TYPES or min(shape, default=0) < 0:
                raise ValueError(dtype)
            places[name] = place, shape, np.dtype(dtype)
            end = place + math.prod(shape) * np.dtype(dtype).itemsize
    except (KeyError, TypeError, ValueError, AttributeError):
        return {}, -1  # fits no file
    return places, end
