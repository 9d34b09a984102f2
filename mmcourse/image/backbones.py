"""Frozen convolutional networks that turn pixels into a grid of regions, or into one vector.

A backbone carries its own preprocessing, so that nobody can forget it: every model of this module takes pixels in
[0, 255], of any integer or floating type. (VGG fed raw or wrongly scaled pixels still answers; only worse.)
"""

import warnings
from pathlib import Path

import numpy as np

from mmcourse._machinery.checks import (
    as_numbers,
    check_given,
    check_one_of,
    check_shapes,
    check_type,
    dtype_of,
    known,
    shape_of,
)
from mmcourse._machinery.files import check_sha256, read_sealed
from mmcourse._machinery.quiet import no_warnings
from mmcourse.backend import keras

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
COURSE_WEIGHTS = Path(__file__).parents[1] / "weights"


def _warn_of_shares(images):
    """A warning where pixels look like shares from 0 to 1: a network reads them as a black picture, and answers."""
    values = known(images) if "float" in dtype_of(images) else None
    if values is not None and values.size and 0 < values.max() <= 1 and values.min() >= 0 and (values % 1 > 0).any():
        came = f"images with values from {values.min():.3g} to {values.max():.3g}"
        warnings.warn(f"Received: {came}. Expected: pixels in [0, 255]; multiply shares by 255.", stacklevel=2)


@keras.saving.register_keras_serializable("mmcourse")
class Preprocess(keras.layers.Layer):
    """Pixels in [0, 255] -> what a backbone's weights were trained on. Shape ``(batch, h, w, 3)`` in and out, RGB in.

    ``mode="caffe"`` (VGG, ResNet): channels in the order blue, green, red, each less its ImageNet mean; not scaled.
    ``mode="symmetric"`` (MobileNetV2, the course's own encoder): x / 127.5 - 1, hence [-1, 1].
    """

    MODES = ("caffe", "symmetric")

    def __init__(self, mode, **kwargs):
        super().__init__(autocast=False, **kwargs)  # the arithmetic is done in float32, whatever the policy
        check_one_of(self.MODES, mode=mode)
        self.mode = mode

    def call(self, images):
        check_given(images=images)
        check_shapes(images=(images, "h w c …"))  # one image, a batch, films
        if self.mode == "caffe" and shape_of(images)[-1] not in (3, None):
            raise ValueError(f"Received: images of shape {shape_of(images)}. Allowed: three channels, RGB, last.")
        if "bool" in dtype_of(images):
            raise ValueError("Received: images of bool. Allowed: pixels in [0, 255], integers or floats.")
        _warn_of_shares(images)
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
    if (
        isinstance(input_size, bool)
        or not isinstance(input_size, (int, np.integer))
        or input_size < 8
        or input_size % 8
    ):
        raise ValueError(f"Received: input_size={input_size!r}. Allowed: a multiple of 8.")
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
    check_type((str, Path, type(None)), '"course", "imagenet", the path of a weights file, or None', weights=weights)
    own = name == "scene_vgg"
    if weights == "default":
        weights = "course" if own else "imagenet"
    if weights == ("imagenet" if own else "course"):
        raise ValueError(
            f"The backbone {name!r} has no such weights. Received: weights={weights!r}. "
            f"Allowed: {'course' if own else 'imagenet'!r}, the path of a weights file, or None (random)."
        )
    size = (64 if own else APPLICATIONS[name][2]) if input_size is None else input_size
    if isinstance(size, bool) or not isinstance(size, (int, np.integer)) or size < 32 or (own and size % 8):
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
        if weights.parent == COURSE_WEIGHTS:
            cure = "Install the course anew, or fetch its folder weights again."
            record = read_sealed(weights.with_suffix(".json"), cure)
            check_sha256(weights, record.get("sha256"), cure)
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
        with no_warnings():  # one line a layer, when a file does not fit: it is said once, below
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
    check_shapes(grid=(grid, "batch h w c"))
    grid = grid if hasattr(grid, "dtype") else as_numbers("grid", grid)
    _, h, w, c = grid.shape
    if isinstance(grid, np.ndarray):
        return grid.reshape(len(grid), h * w, c)
    return keras.ops.reshape(grid, (-1, h * w, c))
