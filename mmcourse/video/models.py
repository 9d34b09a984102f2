"""Three small networks that look at a film: 3-D convolution, its (2+1)-D factorisation, and a recurrent layer.

All take pixels in [0, 255] of any type, ``(batch, t, h, w, c)``, bring them to [-1, 1] themselves, and return logits
``(batch, classes)`` in float32.
"""

from mmcourse._machinery.checks import check_whole
from mmcourse._machinery.masks import RealOnly
from mmcourse.backend import keras
from mmcourse.image import Preprocess
from mmcourse.video.layers import Conv2Plus1D, PerFrame

AXES = {3: "(h, w, c)", 4: "(t, h, w, c)"}
CELLS = {"gru": keras.layers.GRU, "lstm": keras.layers.LSTM}


def c3d(shape=(7, 32, 32, 3), classes=4, filters=(8, 16, 32), factorised=False):
    """Convolutions of 3 x 3 x 3 in space and time, in the style of C3D (Tran et al., 2015, "Learning spatiotemporal
    features with 3D convolutional networks"), as a `keras.Model`.

    Each block halves height and width, by its stride, and keeps the frames. At the end the maximum over all *places* is
    taken (what moves matters, not where) but the *moments* stay apart, since the answer may depend on when.

    Args:
        shape: (t, h, w, c) of a film.
        classes: logits out.
        filters: channels of the blocks.
        factorised: with ``Conv2Plus1D`` in place of ``Conv3D``, and at most as many weights in the kernels.
    """
    _check_network(shape, 4, filters, classes=classes)
    conv = {"strides": (1, 2, 2), "padding": "same", "activation": "relu", "kernel_initializer": "he_normal"}
    kind = Conv2Plus1D if factorised else keras.layers.Conv3D
    inputs = keras.Input(shape, name="video")
    x = Preprocess("symmetric", name="preprocess")(inputs)
    for block, width in enumerate(filters, start=1):
        x = kind(width, 3, name=f"block{block}", **conv)(x)  # (b, t, h/2, w/2, width)
    x = PerFrame(keras.layers.GlobalMaxPooling2D(), name="places")(x)  # (b, t, width)
    x = keras.layers.Flatten(name="moments")(x)  # (b, t * width)
    logits = keras.layers.Dense(classes, dtype="float32", name="logits")(x)
    return keras.Model(inputs, logits, name="c3d_factorised" if factorised else "c3d")


def frame_encoder(shape=(32, 32, 3), filters=(8, 16, 32)):
    """A small 2-D network from a frame ``(batch, h, w, c)``, pixels in [0, 255], to one vector, as a `keras.Model`.

    The last map is flattened and not averaged: where a thing *is* must survive if a later layer shall see it move.
    """
    _check_network(shape, 3, filters)
    conv = {"strides": 2, "padding": "same", "activation": "relu", "kernel_initializer": "he_normal"}
    inputs = keras.Input(shape, name="frame")
    x = Preprocess("symmetric", name="preprocess")(inputs)
    for block, width in enumerate(filters, start=1):
        x = keras.layers.Conv2D(width, 3, name=f"block{block}", **conv)(x)
    return keras.Model(inputs, keras.layers.Flatten(name="vector")(x), name="frame_encoder")


def frame_recurrent(shape=(7, 32, 32, 3), classes=4, units=64, cell="gru", encoder=None, masked=False):
    """A 2-D network on each frame, then a recurrent layer over the frames' features, as a `keras.Model`.

    Args:
        shape: (t, h, w, c) of a film; t may be None where films differ in length from batch to batch.
        classes: logits out.
        units: size of the recurrent state; the last one is what is classified.
        cell: "gru" or "lstm".
        encoder: a `keras.Model` from frames to one vector each, such as ``load_backbone(..., output="vector")``; a grid
            is flattened. None: a new ``frame_encoder``.
        masked: whether the model also takes which frames are real. Then its input is what ``ItemBatches`` gives,
            {"video": ..., "mask": {"video": bool (batch, t)}}, True = keep. A frame that is not kept leaves the state
            as it was, so that the last state is that of the last real frame.

    Raises ValueError for an unknown cell.
    """
    if cell not in CELLS:
        raise ValueError(f"Unknown recurrent layer. Received: cell={cell!r}. Allowed: {', '.join(CELLS)}.")
    _check_network(shape, 4, classes=classes, units=units)
    video = keras.Input(shape, name="video")
    mask = keras.Input(shape[:1], dtype="float32", name="mask") if masked else None  # -inf would be True as a bool
    encoder = frame_encoder(shape[1:]) if encoder is None else encoder
    x = RealOnly(name="real_only")(video, mask) if masked else video
    x = PerFrame(encoder, name="per_frame")(x)  # (b, t, d) or (b, t, h', w', d)
    if len(x.shape) > 3:
        x = PerFrame(keras.layers.Flatten(), name="flatten")(x)
    kept = keras.ops.cast(mask, "bool") if masked else None
    state = CELLS[cell](units, name="recurrent")(x, mask=kept)  # (b, units)
    logits = keras.layers.Dense(classes, dtype="float32", name="logits")(state)
    inputs = {"video": video, "mask": {"video": mask}} if masked else video
    return keras.Model(inputs, logits, name="frame_recurrent")


def _check_network(shape, axes, filters=(1,), **given):
    check_whole(**given)
    if not isinstance(shape, (tuple, list)) or len(shape) != axes:
        raise ValueError(f"Received: shape={shape!r}. Allowed: {AXES[axes]}.")
    if not isinstance(filters, (tuple, list)) or not filters:
        raise ValueError(f"Received: filters={filters!r}. Allowed: one whole number or more, in a tuple.")
    for size in (*(size for size in shape if size is not None), *filters):
        check_whole(**{"each of shape and filters": size})
