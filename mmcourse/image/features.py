"""A frozen backbone's features of a whole collection, computed once and kept on disk."""

import contextlib
import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from mmcourse._machinery.files import write_json
from mmcourse._machinery.progress_bar import progress_bar

WAYS = ("squash", "crop", "pad")  # to resize


def resize(image, size, how="squash"):
    """An image ``(h, w, 3)`` uint8 -> ``(size[0], size[1], 3)`` uint8, by Pillow's bilinear filter with anti-aliasing.

    ``how="squash"`` changes the aspect ratio and loses nothing at the edges; ``how="crop"`` keeps the aspect ratio and
    cuts off what sticks out of the middle; ``how="pad"`` keeps both, and fills what is left over with the image's mean
    colour.
    """
    _check_way(how)
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


def _check_way(how):
    if how not in WAYS:
        raise ValueError(f"Unknown way to resize. Received: resize={how!r}. Allowed: {', '.join(WAYS)}.")


def extract_features(
    backbone, collection, cache=None, batch_size=64, dtype="float16", resize="squash", flip=False, rebuild=False
):
    """The backbone's output for every image of a collection: ``(n, ...)`` of ``dtype``, in the collection's order.

    With ``cache`` the array is written to that ``.npy`` file as it grows, beside a ``.json`` that says how far it has
    come and from what it was made. A call that finds the finished file only opens it, as a read-only memory map; one
    that finds a part of it (the process was killed) goes on where that stopped. The ``.npy`` exists only when complete.
    Images are read and resized in a thread while the model computes; a bar shows progress after two seconds.

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
    collection or setting (what differs is named) and ``rebuild`` is False, and when values do not fit into ``dtype``.
    """
    if dtype not in ("float16", "float32"):
        raise ValueError(f"Unknown type. Received: dtype={dtype!r}. Allowed: float16, float32.")
    _check_way(resize)
    if batch_size < 1:
        raise ValueError(f"Received: batch_size={batch_size}. Allowed: 1 or more.")
    n, shape = len(collection), (len(collection), *backbone.output_shape[1:])
    settings = {"resize": resize, "flip": bool(flip)}
    if n == 0:
        return np.empty(shape, dtype)  # no file: an empty one cannot be mapped
    if cache is None:
        features, state = np.empty(shape, dtype), None
    else:
        made_from = {
            "backbone": _backbone_fingerprint(backbone),
            "collection": _collection_fingerprint(collection),
            "shape": list(shape),
            "dtype": dtype,
            **settings,
        }
        state = _Cache(cache, made_from, rebuild)
        if state.complete:
            return np.load(state.path, mmap_mode="r", allow_pickle=False)
        features = state.open()
    start = state.done if state else 0
    for first, images in _batches(collection, backbone.input_shape[1:3], start, batch_size, settings, dtype):
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
        features[first : first + len(images)] = values
        if state:
            state.advance(features, first + len(images))
    if state is None:
        return features
    del features  # closes the memory map: Windows renames no open file
    state.finish(n)
    return np.load(state.path, mmap_mode="r", allow_pickle=False)


def _batches(collection, size, start, batch_size, settings, dtype):
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
    image = item.image
    if image is None:
        raise ValueError(f"The item {item.id!r} has no image, so there is nothing to compute features of.")
    image = np.asarray(image)
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[-1] != 3:
        raise ValueError(
            f"Expected an image of shape (h, w, 3) and type uint8. Received: item {item.id!r} with an image of shape "
            f"{image.shape} and type {image.dtype}."
        )
    image = resize(image, size, settings["resize"])
    return image[:, ::-1] if settings["flip"] else image


class _Cache:
    """The ``.npy`` file, its unfinished ``.npy.part`` and the ``.json`` that says what is in them. No pickle."""

    def __init__(self, path, made_from, rebuild):
        self.path = Path(path)
        if self.path.suffix != ".npy":
            raise ValueError(f"Received: cache={str(path)!r}. Allowed: a path that ends in .npy.")
        self.part = self.path.with_suffix(".npy.part")
        self.record = self.path.with_suffix(".json")
        self.made_from, self.done, self.complete = made_from, 0, False
        self.path.parent.mkdir(parents=True, exist_ok=True)
        found = self._read()
        if found is None or (rebuild and found["made_from"] != made_from):
            for old in (self.record, self.path, self.part):
                old.unlink(missing_ok=True)
        elif found["made_from"] != made_from:
            other = [key for key in made_from if found["made_from"].get(key) != made_from[key]]
            raise ValueError(
                f"The cache was made from something else ({', '.join(other)} differ). Received: cache={str(path)!r}. "
                "Give another path, delete the file, or pass rebuild=True."
            )
        elif self.path.exists():
            self.complete = True
        elif self.part.exists():
            self.done = found["done"]

    def _read(self):
        if not self.record.exists():
            if self.path.exists():
                raise ValueError(
                    f"There is no {self.record.name} beside the cache, so nobody knows what it was made from. "
                    f"Received: cache={str(self.path)!r}. Give another path or delete the file."
                )
            return None
        try:
            found = json.loads(self.record.read_text("utf-8"))
            return {"made_from": dict(found["made_from"]), "done": int(found["done"])}
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"The record of a cache is damaged: {str(self.record)!r} ({error}). Delete it.") from error

    def open(self):
        shape, dtype = tuple(self.made_from["shape"]), self.made_from["dtype"]
        if self.done:
            features = np.lib.format.open_memmap(self.part, mode="r+")
            if features.shape == shape and features.dtype == dtype:
                return features
            self.done = 0  # a part that is not what the record says: begin again
            del features
        features = np.lib.format.open_memmap(self.part, mode="w+", dtype=dtype, shape=shape)
        self._write(0)
        return features

    def _write(self, done):
        write_json(self.record, {"made_from": self.made_from, "done": done})

    def advance(self, features, done):
        features.flush()  # first the values, then the claim that they are there
        self._write(done)
        self.done = done

    def finish(self, n):
        self._write(n)
        os.replace(self.part, self.path)
        self.complete = True


def _backbone_fingerprint(backbone):
    """What decides a backbone's output: its layers, their settings, and every weight; not the backend, nor names."""
    digest = hashlib.sha256()
    kept = ("mode", "activation", "strides", "padding")
    for layer in backbone.layers:
        config = {key: value for key, value in layer.get_config().items() if key in kept}
        digest.update(json.dumps([type(layer).__name__, config], sort_keys=True, default=str).encode())
    for weight in backbone.get_weights():
        digest.update(np.ascontiguousarray(weight).tobytes())
    digest.update(repr([backbone.input_shape, backbone.output_shape, backbone.compute_dtype]).encode())
    return f"{backbone.name} {digest.hexdigest()[:16]}"


def _collection_fingerprint(collection, samples=8):
    """Every id, in order, and the pixels of a few items spread over the collection."""
    ids = getattr(collection, "ids", None)
    digest = hashlib.sha256()
    for identity in ids if ids is not None else (item.id for item in collection):
        digest.update(str(identity).encode() + b"\0")
    for place in sorted({round(i) for i in np.linspace(0, len(collection) - 1, samples)}) if len(collection) else ():
        image = collection[place].image
        digest.update(b"none" if image is None else np.ascontiguousarray(image).tobytes())
    return f"{type(collection).__name__} {digest.hexdigest()[:16]}"
