"""Features of images: frozen convolutional backbones, as a *grid* of regions or as one *vector*.

A backbone carries its own preprocessing, so that nobody can forget it: every model of this module takes pixels in
[0, 255], of any integer or floating type. (VGG fed raw or wrongly scaled pixels still answers; only worse.) A backbone
is frozen: its features of a data set are computed once (`extract_features`), and a task trains on those.
"""

import contextlib
import hashlib
import json
import os
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from mmcourse.quiet import keras

# name -> (class in keras.applications, what its weights expect of pixels, side of the images they were trained on)
APPLICATIONS = {
    "vgg16": ("VGG16", "caffe", 224),
    "vgg19": ("VGG19", "caffe", 224),
    "resnet50": ("ResNet50", "caffe", 224),
    "mobilenet_v2": ("MobileNetV2", "symmetric", 224),
}
BACKBONES = ("scene_vgg", *APPLICATIONS)
OUTPUTS = ("grid", "vector")
CAFFE_MEAN = (103.939, 116.779, 123.68)  # of ImageNet; blue, green, red
COURSE_WEIGHTS = Path(__file__).parent / "weights"


@keras.saving.register_keras_serializable("mmcourse")
class Preprocess(keras.layers.Layer):
    """Pixels in [0, 255] -> what a backbone's weights were trained on. Shape ``(batch, h, w, 3)`` in and out, RGB in.

    ``mode="caffe"`` (VGG, ResNet): channels in the order blue, green, red, each less its ImageNet mean; not scaled.
    ``mode="symmetric"`` (MobileNetV2, the course's own encoder): x / 127.5 - 1, hence [-1, 1].
    """

    MODES = ("caffe", "symmetric")

    def __init__(self, mode, **kwargs):
        super().__init__(autocast=False, **kwargs)  # the arithmetic is done in float32, whatever the policy
        if mode not in self.MODES:
            raise ValueError(f"Unknown preprocessing. Received: mode={mode!r}. Allowed: {', '.join(self.MODES)}.")
        self.mode = mode

    def call(self, images):
        x = keras.ops.cast(images, "float32")
        if self.mode == "caffe":
            x = keras.ops.flip(x, axis=-1) - keras.ops.convert_to_tensor(CAFFE_MEAN, "float32")
        else:
            x = x / 127.5 - 1.0
        return keras.ops.cast(x, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "mode": self.mode}


def scene_vgg(input_size=64):
    """The course's own small encoder after VGG (Simonyan and Zisserman, 2015): blocks of 3x3 convolution and pooling.

    Images ``(batch, s, s, 3)`` in [0, 255] -> grid ``(batch, s/8, s/8, 128)``, not negative; 8 x 8 regions for s = 64.
    Its 389 thousand weights start at random: `load_backbone` puts the trained ones in. The graph is flat (no model
    inside a model), so that gradients with respect to any layer's output can be had.
    """
    conv = {"kernel_size": 3, "padding": "same", "activation": "relu", "kernel_initializer": "he_normal"}
    inputs = keras.Input((input_size, input_size, 3), name="image")
    x = Preprocess("symmetric", name="preprocess")(inputs)
    for block, filters in enumerate((32, 64, 128), start=1):
        x = keras.layers.Conv2D(filters, name=f"block{block}_conv1", **conv)(x)  # (b, s, s, f)
        x = keras.layers.MaxPooling2D(name=f"block{block}_pool")(x)  # (b, s/2, s/2, f)
    x = keras.layers.Conv2D(128, name="block4_conv1", **conv)(x)  # (b, 8, 8, 128)
    x = keras.layers.Conv2D(128, name="block4_conv2", **conv)(x)
    return keras.Model(inputs, x, name="scene_vgg")


def load_backbone(name, weights="default", output="grid", input_size=None):
    """A frozen image encoder with its preprocessing inside, as a flat `keras.Model`.

    Images ``(batch, h, w, 3)``, RGB in [0, 255], integers or floats -> ``(batch, h', w', c)`` for ``output="grid"``,
    ``(batch, c)`` (the mean over the grid) for ``output="vector"``.

    =============== ================== =========== ==========================================
    name            size, if not given grid        weights
    =============== ================== =========== ==========================================
    "scene_vgg"     64                 8 x 8 x 128 "course": shipped, trained on Scene World
    "vgg16"         224                7 x 7 x 512 "imagenet"
    "vgg19"         224                7 x 7 x 512 "imagenet"
    "resnet50"      224                7 x 7 x 2048 "imagenet"
    "mobilenet_v2"  224                7 x 7 x 1280 "imagenet"
    =============== ================== =========== ==========================================

    Args:
        name: one of the names above.
        weights: "course", "imagenet" (downloaded once by Keras), the path of a weights file of the network without its
            top layers, or None (random: for tests). Left out: the word in the table.
        output: "grid" or "vector".
        input_size: side of the square images, in pixels; at least 32.

    Raises ValueError for an unknown name, output or size, and for a file that does not fit; FileNotFoundError for a
    missing file; OSError when "imagenet" cannot be downloaded.
    """
    if name not in BACKBONES:
        raise ValueError(f"Unknown backbone. Received: name={name!r}. Allowed: {', '.join(BACKBONES)}.")
    if output not in OUTPUTS:
        raise ValueError(f"Unknown output. Received: output={output!r}. Allowed: {', '.join(OUTPUTS)}.")
    own = name == "scene_vgg"
    if weights == "default":
        weights = "course" if own else "imagenet"
    if weights == ("imagenet" if own else "course"):
        raise ValueError(
            f"The backbone {name!r} has no such weights. Received: weights={weights!r}. "
            f"Allowed: {'course' if own else 'imagenet'!r}, the path of a weights file, or None (random)."
        )
    size = (64 if own else APPLICATIONS[name][2]) if input_size is None else input_size
    if not isinstance(size, (int, np.integer)) or size < 32 or (own and size % 8):
        raise ValueError(
            f"Bad image size. Received: input_size={input_size!r}. Allowed: a whole number of pixels from 32"
            + (", a multiple of 8." if own else ".")
        )
    size = int(size)
    if weights == "course":
        weights = COURSE_WEIGHTS / f"{name}.weights.h5"
    if weights is not None and weights != "imagenet":
        weights = Path(weights).expanduser()
        if not weights.is_file():
            raise FileNotFoundError(f"No weights file there. Received: weights={str(weights)!r}.")
    model = scene_vgg(size) if own else _application(name, size, weights == "imagenet")
    if isinstance(weights, Path):
        _load_weights(model, weights)
    if output == "vector":
        vector = keras.layers.GlobalAveragePooling2D(name="vector")(model.output)
        model = keras.Model(model.input, vector, name=name)
    model.trainable = False
    return model


def _application(name, size, imagenet):
    class_name, mode, _ = APPLICATIONS[name]
    inputs = keras.Input((size, size, 3), name="image")
    pixels = Preprocess(mode, name="preprocess")(inputs)
    build = getattr(keras.applications, class_name)
    arguments = {"include_top": False, "input_tensor": pixels, "input_shape": (size, size, 3), "name": name}
    model = build(weights=None, **arguments)
    if imagenet:
        try:
            pretrained = build(weights="imagenet", **{**arguments, "input_tensor": None, "input_shape": (224, 224, 3)})
        except Exception as error:
            raise OSError(
                f"The ImageNet weights of {name!r} could not be downloaded: {error} "
                "Where there is no network, give the path of a weights file: "
                f"load_backbone({name!r}, weights=PATH)."
            ) from error
        model.set_weights(pretrained.get_weights())
    return keras.Model(inputs, model.output, name=name)  # the same flat graph; one tensor in, not a list of one


def _load_weights(model, path):
    before = [np.asarray(w) for w in model.get_weights() if w.ndim > 1]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # one line a layer, when a file does not fit: it is said once, below
            model.load_weights(path)
        after = (w for w in model.get_weights() if w.ndim > 1)
        # Keras may leave a layer that it does not find as it was, with a warning only.
        if any(np.array_equal(old, new) for old, new in zip(before, after, strict=True)):
            raise ValueError("a layer was not found in the file")
    except Exception as error:
        lines = str(error).strip().splitlines()
        raise ValueError(
            f"The file does not hold weights of {model.name!r} without its top layers (Keras accepts the endings "
            f".weights.h5 and .h5). Received: weights={str(path)!r}. What went wrong: {lines[0] if lines else error!r}"
        ) from error


def regions(grid):
    """A grid ``(batch, h, w, c)`` as a sequence of regions ``(batch, h*w, c)``, row by row: region ``i`` is at row
    ``i // w``, column ``i % w``. NumPy arrays stay NumPy arrays (views); tensors stay tensors.

    Raises ValueError when ``grid`` has not four axes.
    """
    if len(grid.shape) != 4:
        raise ValueError(f"Expected a grid of shape (batch, h, w, c). Received: grid.shape={tuple(grid.shape)}.")
    _, h, w, c = grid.shape
    if isinstance(grid, np.ndarray):
        return grid.reshape(len(grid), h * w, c)
    return keras.ops.reshape(grid, (-1, h * w, c))


def resize(image, size, how="squash"):
    """An image ``(h, w, 3)`` uint8 -> ``(size[0], size[1], 3)`` uint8, by Pillow's bilinear filter with anti-aliasing.

    ``how="squash"`` changes the aspect ratio and loses nothing at the edges; ``how="crop"`` keeps the aspect ratio and
    cuts off what sticks out of the middle.
    """
    if how not in ("squash", "crop"):
        raise ValueError(f"Unknown way to resize. Received: resize={how!r}. Allowed: squash, crop.")
    if image.shape[:2] == tuple(size):
        return image
    from PIL import Image, ImageOps

    picture, target = Image.fromarray(image), (size[1], size[0])  # Pillow counts width first
    bilinear = Image.Resampling.BILINEAR
    picture = picture.resize(target, bilinear) if how == "squash" else ImageOps.fit(picture, target, bilinear)
    return np.asarray(picture)


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
        resize: "squash" or "crop", for images of another size than the backbone's input.
        flip: mirror every image left to right (features of mirrored copies are more training data).
        rebuild: make the cache anew if it was made from something else.

    Raises ValueError when an item has no image (its id is named), when the cache was made from another backbone,
    collection or setting (what differs is named) and ``rebuild`` is False, and when values do not fit into ``dtype``.
    """
    if dtype not in ("float16", "float32"):
        raise ValueError(f"Unknown type. Received: dtype={dtype!r}. Allowed: float16, float32.")
    if resize not in ("squash", "crop"):
        raise ValueError(f"Unknown way to resize. Received: resize={resize!r}. Allowed: squash, crop.")
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
    from tqdm import tqdm

    def read(first):
        return np.stack(
            [_pixels(collection[i], size, settings) for i in range(first, min(first + batch_size, len(collection)))]
        )

    starts = list(range(start, len(collection), batch_size))
    with (
        ThreadPoolExecutor(1) as reader,
        tqdm(total=len(collection), initial=start, unit="image", delay=2, desc="features", leave=False) as bar,
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
        new = self.record.with_suffix(".json.new")
        new.write_text(json.dumps({"made_from": self.made_from, "done": done}, indent=1), "utf-8")
        os.replace(new, self.record)

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
