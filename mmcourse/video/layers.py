"""Layers across time: a 3-D convolution cut in two, and a 2-D network applied frame by frame.

The plain 3-D convolution of C3D is ``keras.layers.Conv3D``; ``models`` uses it as it is.
"""

from mmcourse._machinery.checks import check_whole
from mmcourse.backend import keras

ops = keras.ops


def middle_width(channels, filters, kernel_size=(3, 3, 3)):
    """The channels between the two halves of a (2+1)-D convolution that give it as many weights as the full 3-D one
    has, or a few less: floor(t k k' n m / (k k' n + t m)) for a kernel t x k x k', n ``channels`` in, m ``filters``
    out.

    Tran et al. (2018), "A closer look at spatiotemporal convolutions for action recognition". Never less than 1.
    """
    check_whole(channels=channels, filters=filters)
    t, rows, columns = _three("kernel_size", kernel_size)
    full = t * rows * columns * channels * filters
    return max(1, full // (rows * columns * channels + t * filters))


@keras.saving.register_keras_serializable("mmcourse")
class Conv2Plus1D(keras.layers.Layer):
    """A 3-D convolution in two steps: first in space, then in time (Tran et al., 2018).

    1. 1 x k x k': each frame by itself, to ``middle`` channels;
    2. ``between``, a non-linearity that the full convolution has no room for;
    3. t x 1 x 1: each place by itself, across frames, to ``filters`` channels; then ``activation``.

    ``(batch, t, h, w, c)`` -> ``(batch, t', h', w', filters)``.

    Args:
        filters: channels out.
        kernel_size: (t, k, k'), or one number for all three.
        strides: (t, k, k'), or one number for all three.
        padding: "same" or "valid".
        middle: channels between the steps; None for ``middle_width``, which keeps the number of weights.
        between, activation: names of activations, or None: then it is linear, a 3-D convolution whose kernel has, for
            each pair of channels, at most the rank ``middle``.
        use_bias: of both steps.
        kernel_initializer: of both steps.
    """

    def __init__(
        self, filters, kernel_size=3, strides=1, padding="same", middle=None, between="relu", activation=None,
        use_bias=True, kernel_initializer="glorot_uniform", **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        check_whole(filters=filters)
        self.filters, self.middle = int(filters), middle
        self.kernel_size, self.strides = _three("kernel_size", kernel_size), _three("strides", strides)
        if middle is not None:
            check_whole(middle=middle)
        if padding not in ("same", "valid"):
            raise ValueError(f"Received: padding={padding!r}. Allowed: same, valid.")
        self.padding, self.use_bias = padding, use_bias
        self.between, self.activation = keras.activations.get(between), keras.activations.get(activation)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, input_shape):
        if len(input_shape) != 5:
            raise ValueError(f"Expected (batch, t, h, w, c). Received: shape={tuple(input_shape)}.")
        t, rows, columns = self.kernel_size
        width = self.middle or middle_width(input_shape[-1], self.filters, self.kernel_size)
        shared = {"padding": self.padding, "use_bias": self.use_bias, "dtype": self.dtype_policy}

        def conv(filters, kernel, strides, activation, name):
            # A copy, so that an initializer with a seed does not start both with the same numbers.
            start = self.kernel_initializer.clone() if name == "space" else self.kernel_initializer
            return keras.layers.Conv3D(
                filters, kernel, strides, activation=activation, kernel_initializer=start, name=name, **shared
            )

        self.space = conv(width, (1, rows, columns), (1, *self.strides[1:]), self.between, "space")
        self.time = conv(self.filters, (t, 1, 1), (self.strides[0], 1, 1), self.activation, "time")
        self.space.build(input_shape)
        self.time.build(self.space.compute_output_shape(input_shape))
        self.built = True

    def call(self, video):
        return self.time(self.space(video))

    def compute_output_shape(self, input_shape):
        if not self.built:
            self.build(input_shape)
        return self.time.compute_output_shape(self.space.compute_output_shape(input_shape))

    def get_config(self):
        return super().get_config() | {
            "filters": self.filters, "kernel_size": self.kernel_size, "strides": self.strides,
            "padding": self.padding, "middle": self.middle, "use_bias": self.use_bias,
            "between": keras.activations.serialize(self.between),
            "activation": keras.activations.serialize(self.activation),
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }  # fmt: skip


@keras.saving.register_keras_serializable("mmcourse")
class PerFrame(keras.layers.Wrapper):
    """A layer or model for pictures, applied to each frame of a film: ``(batch, t, ...)`` -> ``(batch, t, ...)``.

    1. time is folded into the batch, (batch, t, ...) -> (batch · t, ...): the two axes stand side by side, so that a
       film's frames stay together;
    2. ``layer`` sees a batch of pictures, all with the same weights;
    3. time is unfolded again.

    The result is that of ``keras.layers.TimeDistributed``, in one call of the layer where that makes ``t``.
    """

    def __init__(self, layer, **kwargs):
        if not isinstance(layer, keras.layers.Layer):
            raise ValueError(f"Received: layer={layer!r}. Allowed: a Keras layer or model.")
        super().__init__(layer, **kwargs)

    def build(self, input_shape):
        if len(input_shape) < 3:
            raise ValueError(f"Expected (batch, t, ...). Received: shape={tuple(input_shape)}.")
        super().build((None, *input_shape[2:]))

    def call(self, video, training=None):
        batch, t = ops.shape(video)[:2]
        takes_training = {"training": training} if self.layer._call_has_training_arg else {}
        out = self.layer(ops.reshape(video, (-1, *video.shape[2:])), **takes_training)
        # -1 may stand once: for whichever of the two is not known when the graph is made.
        return ops.reshape(out, (batch, -1, *out.shape[1:]) if video.shape[1] is None else (-1, t, *out.shape[1:]))

    def compute_output_shape(self, input_shape):
        return (*input_shape[:2], *self.layer.compute_output_shape((None, *input_shape[2:]))[1:])


def _three(name, value):
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,) * 3
    if len(values) != 3:
        raise ValueError(f"Received: {name}={value!r}. Allowed: three whole numbers (time, rows, columns), or one.")
    for one in values:
        check_whole(**{name: one})
    return tuple(map(int, values))
