"""A frozen backbone's features of a whole collection, computed once and kept on disk."""

import contextlib
import io
import os
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from mmcourse._machinery.checks import check_one_of, check_whole
from mmcourse._machinery.digests import differing, digest, of_files, of_model
from mmcourse._machinery.files import allocate, read_sealed, write_at, write_sealed
from mmcourse._machinery.locks import locked
from mmcourse._machinery.progress_bar import progress_bar

VERSION = 2  # of the files of a cache
WAYS = ("squash", "crop", "pad")  # to resize


def resize(image, size, how="squash"):
    """An image ``(h, w, 3)`` uint8 -> ``(size[0], size[1], 3)`` uint8, by Pillow's bilinear filter with anti-aliasing.

    ``how="squash"`` changes the aspect ratio and loses nothing at the edges; ``how="crop"`` keeps the aspect ratio and
    cuts off what sticks out of the middle; ``how="pad"`` keeps both, and fills what is left over with the image's mean
    colour. Raises ValueError for an image of another shape or type, and a size or way that is none.
    """
    check_one_of(WAYS, how=how)
    image = _checked(image, "an image")
    if not isinstance(size, (list, tuple, np.ndarray)) or len(size) != 2:
        raise ValueError(f"Received: size={size!r}. Allowed: (height, width).")
    check_whole(height=size[0], width=size[1])
    if image.shape[:2] == tuple(size):
        return image
    from PIL import Image, ImageOps

    picture, target = Image.fromarray(image), (size[1], size[0])  # Pillow counts width first
    bilinear = Image.Resampling.BILINEAR
    if how == "squash":
        picture = picture.resize(target, bilinear)
    elif how == "crop":
        picture = ImageOps.fit(picture, target, bilinear)
    else:
        mean = tuple(np.rint(image.reshape(-1, 3).mean(0)).astype(int).tolist())
        picture = ImageOps.pad(picture, target, bilinear, color=mean)
    return np.asarray(picture)


def _checked(image, what):
    image = np.asarray(image)
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[-1] != 3 or not image.size:
        raise ValueError(
            f"Expected an image of shape (h, w, 3) and type uint8. Received: {what} of shape {image.shape} and type "
            f"{image.dtype}. Allowed: uint8 (h, w, 3)."
        )
    return image


def extract_features(
    backbone, collection, cache=None, batch_size=64, dtype="float16", resize="squash", flip=False, rebuild=False
):
    """The backbone's output for every image of a collection: ``(n, ...)`` of ``dtype``, in the collection's order.

    With ``cache`` the array is written to that ``.npy`` file as it grows, beside a ``.json`` that says how far it has
    come, from what it was made, and the checksum of each piece. A call that finds the finished file only checks and
    opens it, as a read-only memory map; one that finds a part of it (the process was killed) goes on where that
    stopped. The ``.npy`` exists only when complete. A file that is not what the ``.json`` says is computed anew, with a
    warning. Of two processes that want one cache, one computes it and the other waits. Images are read and resized in a
    thread while the model computes; a bar shows progress after two seconds.

    Args:
        backbone: a model of `load_backbone` (any Keras model from images to one array will do).
        collection: items with ``.id`` and ``.image`` (uint8 ``(h, w, 3)``).
        cache: path of the ``.npy`` file, or None: nothing is kept.
        batch_size: images a step.
        dtype: "float16" (half the room; ample for features that are not negative and small) or "float32".
        resize: "squash", "crop" or "pad", for images of another size than the backbone's input.
        flip: mirror every image left to right (features of mirrored copies are more training data).
        rebuild: make the cache anew if it was made from something else.

    Raises ValueError when an item has no image (its id is named), when the cache was made from another backbone,
    collection or setting (what differs is named) and ``rebuild`` is False, and when values do not fit into ``dtype``;
    OSError, naming the file, where the disk has no room for the whole of it.
    """
    check_one_of(("float16", "float32"), dtype=dtype)
    check_one_of(WAYS, resize=resize)
    check_whole(batch_size=batch_size)
    if not hasattr(collection, "__getitem__") or isinstance(collection, (str, dict)):
        raise ValueError(f"Received: collection, a {type(collection).__name__}. Allowed: a list of items.")
    n, shape = len(collection), (len(collection), *backbone.output_shape[1:])
    settings = {"resize": resize, "flip": bool(flip)}
    if n == 0:
        return np.empty(shape, dtype)  # no file: an empty one cannot be mapped
    arguments = backbone, collection, batch_size, settings, dtype
    if cache is None:
        features = np.empty(shape, dtype)
        for first, values in _computed(*arguments):
            features[first : first + len(values)] = values
        return features
    made_from = {
        "version": VERSION,
        "backbone": _backbone_fingerprint(backbone),
        "collection": _collection_fingerprint(collection),
        "shape": list(shape),
        "dtype": dtype,
        **settings,
    }
    state = _Cache(cache, made_from)
    with state.alone():
        state.find(rebuild)
        if not state.complete:
            state.begin()
            for _, values in _computed(*arguments, start=state.done):
                state.add(values)
            state.finish()
        return state.opened()


def _computed(backbone, collection, batch_size, settings, dtype, start=0):
    """Yield (index of the first, features (b, ...)), as they come out of the backbone. Raises ValueError for values
    that do not fit into ``dtype``."""
    for first, images in _batches(collection, backbone.input_shape[1:3], start, batch_size, settings):
        padded = np.zeros((batch_size, *images.shape[1:]), "uint8")  # one shape, so that the model is compiled once
        padded[: len(images)] = images
        values = np.asarray(backbone.predict_on_batch(padded))[: len(images)]
        with np.errstate(over="ignore"):
            values = values.astype(dtype)
        if not np.isfinite(values).all():
            raise ValueError(
                f"Features of the images {first} to {first + len(images) - 1} do not fit into {dtype} or are not finite"
                + ('; try dtype="float32".' if dtype == "float16" else ".")
            )
        yield first, values


def _batches(collection, size, start, batch_size, settings):
    """Yield (index of the first, uint8 images (b, h, w, 3)), read ahead by a thread; with a bar once it takes long."""

    def read(first):
        return np.stack(
            [_pixels(collection[i], size, settings) for i in range(first, min(first + batch_size, len(collection)))]
        )

    starts = list(range(start, len(collection), batch_size))
    with (
        ThreadPoolExecutor(1) as reader,
        progress_bar(total=len(collection), initial=start, unit="image", desc="features") as bar,
        contextlib.ExitStack() as stack,
    ):
        waiting = [reader.submit(read, first) for first in starts[:2]]
        stack.callback(lambda: [future.cancel() for future in waiting])
        for place, first in enumerate(starts):
            images = waiting.pop(0).result()
            if place + 2 < len(starts):
                waiting.append(reader.submit(read, starts[place + 2]))
            yield first, images
            bar.update(len(images))


def _pixels(item, size, settings):
    if not hasattr(item, "image"):
        raise ValueError(f"Received: an item of type {type(item).__name__}. Allowed: one with .id and .image.")
    image = item.image
    if image is None:
        raise ValueError(f"The item {item.id!r} has no image, so there is nothing to compute features of.")
    image = resize(_checked(image, f"item {item.id!r} with an image"), size, settings["resize"])
    return image[:, ::-1] if settings["flip"] else image


class _Cache:
    """The ``.npy`` file, its unfinished ``.npy.part`` and the ``.json`` that says what is in them. No pickle.

    All is written to the file, nothing by way of memory: where a disk is full, a page of memory that cannot be written
    ends the process without a word.
    """

    def __init__(self, path, made_from):
        self.path = Path(path)
        if self.path.suffix != ".npy":
            raise ValueError(f"Received: cache={str(path)!r}. Allowed: a path that ends in .npy.")
        self.part = self.path.with_suffix(".npy.part")
        self.record = self.path.with_suffix(".json")
        self.made_from, self.pieces, self.complete = made_from, [], False
        self.head = _head(made_from["shape"], made_from["dtype"])
        self.row = int(np.prod(made_from["shape"][1:])) * np.dtype(made_from["dtype"]).itemsize  # bytes

    @property
    def done(self):
        """How many rows are there."""
        return sum(piece["rows"] for piece in self.pieces)

    def alone(self):
        """No other process finds or writes this cache meanwhile; where nobody may write, nobody does."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if not os.access(self.path.parent, os.W_OK):
            return contextlib.nullcontext()
        telling = f"Process {{process}} computes the features of {self.path.name}: this one waits until they are there."
        return locked(self.path.with_suffix(".lock"), telling)

    def find(self, rebuild):
        """Look what is there: a whole cache, a part of one, or nothing that could be used, which is then deleted."""
        found = self._read(rebuild)
        if found and found["made_from"] != self.made_from and not rebuild:
            raise ValueError(
                f"The cache was made from something else ({differing(self.made_from, found['made_from'])} differ). "
                f"Received: cache={str(self.path)!r}. Give another path, delete the file, or pass rebuild=True."
            )
        if found and found["made_from"] == self.made_from:
            for file in filter(Path.exists, (self.path, self.part)):
                if trouble := self._trouble(file, found["pieces"]):
                    warnings.warn(f"{file}: {trouble}. Its features are computed anew.", stacklevel=3)
                    break
                self.pieces, self.complete = found["pieces"], file == self.path
                return
        for old in (self.record, self.path, self.part):
            old.unlink(missing_ok=True)

    def _read(self, rebuild):
        """The record, None where there is none."""
        if not self.record.exists():
            if self.path.exists() and not rebuild:
                raise ValueError(
                    f"There is no {self.record.name} beside the cache, so nobody knows what it was made from. "
                    f"Received: cache={str(self.path)!r}. Give another path or delete the file."
                )
            return None
        try:
            found = read_sealed(self.record, "Delete it.")
            return {"made_from": dict(found["made_from"]), "pieces": list(found["pieces"])}
        except (ValueError, KeyError, TypeError) as error:
            if rebuild:
                return None
            raise ValueError(
                f"The record of a cache is damaged, or of an older version: {str(self.record)!r} ({error}). Delete it."
            ) from error

    def _trouble(self, file, pieces):
        """What is wrong with a file, in words; None where it is what the record says, byte for byte."""
        n = self.made_from["shape"][0]
        size, expected = file.stat().st_size, len(self.head) + n * self.row
        if size != expected:
            return f"it has {size:,} bytes in place of {expected:,}"
        if file == self.path and sum(piece["rows"] for piece in pieces) != n:
            return "it is there before it was finished"
        with open(file, "rb") as open_file:
            good = open_file.read(len(self.head)) == self.head
            for piece in pieces:
                good = good and _crc(open_file, piece["rows"] * self.row) == piece["crc32"]
        return None if good else "what is in it was altered, its checksums are not those noted when it was written"

    def begin(self):
        if not self.pieces:
            allocate(self.part, len(self.head) + self.made_from["shape"][0] * self.row)
            write_at(self.part, 0, self.head)
            self._write()

    def _write(self):
        write_sealed(self.record, {"made_from": self.made_from, "done": self.done, "pieces": self.pieces})

    def add(self, values):
        data = np.ascontiguousarray(values).tobytes()
        write_at(self.part, len(self.head) + self.done * self.row, data)  # first the values, then the claim
        self.pieces.append({"rows": len(values), "crc32": zlib.crc32(data)})
        self._write()

    def finish(self):
        os.replace(self.part, self.path)
        self.complete = True

    def opened(self):
        return np.load(self.path, mmap_mode="r", allow_pickle=False)


def _head(shape, dtype):
    """The bytes before the values of a ``.npy`` file."""
    file = io.BytesIO()
    header = {"descr": np.dtype(dtype).newbyteorder("<").str, "fortran_order": False, "shape": tuple(shape)}
    np.lib.format.write_array_header_1_0(file, header)
    return file.getvalue()


def _crc(file, size):
    """CRC-32 of the next bytes of a file, however many."""
    found = 0
    while size and (data := file.read(min(size, 1 << 24))):
        found, size = zlib.crc32(data, found), size - len(data)
    return found


def _backbone_fingerprint(backbone):
    """What decides a backbone's output: all settings of all its layers, how they are joined, and every weight; not the
    backend, nor names."""
    found = digest(of_model(backbone), backbone.get_weights(), backbone.compute_dtype)
    return f"{backbone.name} {found[:16]}"


def _collection_fingerprint(collection):
    """Every id, in order, and every image: the bytes of its file where there are files, else its pixels."""
    ids = getattr(collection, "ids", None)
    ids = [str(one) for one in (ids if ids is not None else (item.id for item in collection))]
    if hasattr(collection, "image_files"):
        images = of_files(collection.image_files)
    else:
        images = digest([digest(None if item.image is None else np.asarray(item.image)) for item in _items(collection)])
    return f"{type(collection).__name__} {digest(ids, images)[:16]}"


def _items(collection):
    return (collection[place] for place in range(len(collection)))
