"""MNIST: handwritten digits, pictures of 28 × 28 shades, in the official IDX files.

Source: LeCun, Bottou, Bengio and Haffner (1998), "Gradient-based learning applied to document recognition"; CC BY-SA
3.0. An IDX file is a header of big-endian numbers (two zero bytes, a byte for the type, 8 = unsigned byte, a byte for
the number of axes; then the length of each axis in four bytes) and then the values. Files may be packed (``.gz``).
"""

import gzip
import math
import struct
import zlib
from functools import partial
from pathlib import Path

import numpy as np

from mmcourse.corpora.places import find
from mmcourse.items import Collection, Item

SIZE = 28
SPLITS = {"train": "train", "test": "t10k"}  # split -> how its files' names begin
FOLDERS = ("mnist", "mnist_t10k")  # the second holds the test files alone
VALUES_AT_MOST = 60_000 * SIZE * SIZE


def read_idx(path, axes):
    """An IDX file of unsigned bytes with so many ``axes``, plain or packed, as a uint8 array.

    Raises OSError where it is missing or may not be read, and ValueError naming the file where it cannot be unpacked,
    has another header, promises more than MNIST's largest file holds, or holds fewer or more values than it promises.
    """
    path = Path(path)
    header = 4 + 4 * axes
    try:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
            start = file.read(header)
            if len(start) < header or start[:4] != bytes((0, 0, 8, axes)):
                raise ValueError(f"{path}: expected the header 00 00 08 {axes:02d}. Received: {start[:4].hex(' ')!r}.")
            shape = struct.unpack(f">{axes}I", start[4:])
            n = math.prod(shape)
            if not 0 < n <= VALUES_AT_MOST:
                raise ValueError(f"{path}: expected 1 to {VALUES_AT_MOST} values. Received: {n}, of shape {shape}.")
            values = file.read(n + 1)
    except (OSError, EOFError, zlib.error) as error:
        if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
            raise  # nothing is known of what it holds
        raise ValueError(f"The file is damaged: {path} ({error}).") from error
    if len(values) != n:
        more = "more" if len(values) > n else len(values)
        raise ValueError(f"{path} promises {n} values and holds {more}.")
    return np.frombuffer(values, np.uint8).reshape(shape)


class Mnist(Collection):
    """Handwritten digits: a collection of ``items.Item`` with ``image`` (uint8 (28, 28, 3), white on black, three equal
    channels), ``label`` 0 to 9 and ``id`` ("train_00000"), in the order of the file.

    Train holds 60,000 pictures, test 10,000; there is no dev part: cut one from train.

    Args:
        root: the folder that holds ``mnist`` (or ``mnist_t10k``), or that folder itself. None: the variable
            ``MMCOURSE_DATA``, else what `mmcourse.corpora.download` fetched.
        split: "train" (``train-images-idx3-ubyte``, ``train-labels-idx1-ubyte``) or "test" (``t10k-...``), each plain
            or packed as ``.gz``.

    Raises FileNotFoundError where the files are missing, saying where to get them; ValueError for an unknown split,
    and, naming the file, for one that is damaged: see `read_idx`; pictures of another size, labels above 9, or another
    number of labels than of pictures.
    """

    def __init__(self, root=None, split="train"):
        if split not in SPLITS:
            raise ValueError(f"Unknown split. Received: split={split!r}. Allowed: {', '.join(SPLITS)}.")
        self.split = split
        pictures, labels = _files(root, SPLITS[split])
        self._pictures, self._labels = read_idx(pictures, 3), read_idx(labels, 1)
        if self._pictures.shape[1:] != (SIZE, SIZE):
            raise ValueError(f"{pictures}: expected 28 × 28 pictures. Received: shape {self._pictures.shape}.")
        if self._labels.max() > 9:
            raise ValueError(f"{labels}: expected labels 0 to 9. Received: {self._labels.max()}.")
        if len(self._labels) != len(self._pictures):
            raise ValueError(f"{labels} holds {len(self._labels)} labels. Expected: {len(self._pictures)}.")
        super().__init__(len(self._labels))

    def item(self, place):
        """The item at ``place``."""
        return Item(
            id=f"{self.split}_{place:05d}",
            split=self.split,
            image=partial(_three_channels, self._pictures[place]),
            label=int(self._labels[place]),
        )

    def pictures(self):
        """All shades in one array, uint8 (n, 28, 28)."""
        return self._pictures[list(self.places)]

    def labels(self):
        """The digits, int (n,)."""
        return self._labels[list(self.places)].astype(int)


def _three_channels(shades):
    return np.repeat(shades[:, :, None], 3, axis=2)


def _files(root, start):
    """The files of pictures and of labels, as unpacked by hand or fetched by ``corpora.download``."""
    names = [f"{start}-{what}-ubyte" for what in ("images-idx3", "labels-idx1")]
    home = find(FOLDERS[0], root, also=FOLDERS[1:])
    found = [[path for path in (home / name, home / f"{name}.gz") if path.is_file()] for name in names]
    if not all(found):
        raise FileNotFoundError(f"There is no {names[0]} with {names[1]}, plain or .gz, in {home}.")
    return found[0][0], found[1][0]
