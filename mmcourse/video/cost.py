"""What a network costs, counted and not timed: the same on every machine."""

from math import prod

from mmcourse.backend import keras
from mmcourse.video.layers import Conv2Plus1D, PerFrame

CONVOLUTIONS = (keras.layers.Conv1D, keras.layers.Conv2D, keras.layers.Conv3D)
RECURRENT = (keras.layers.GRU, keras.layers.LSTM, keras.layers.SimpleRNN)


def multiplications(model):
    """How many multiplications by weights one example takes on its way through a functional `keras.Model`, an int.

    Counted are convolutions (each weight of the kernel once for each place of the output), dense layers, recurrent
    layers (each weight once a step), ``Conv2Plus1D``, and what stands inside ``PerFrame``, once a frame. Biases,
    activations, pooling and normalisation are not: next to these they are nothing.

    Raises ValueError for other layers with a matrix or kernel, and where a length is not known (None).
    """
    return sum(_count(layer, layer.input.shape) for layer in model.layers if layer.weights)


def _count(layer, shape):
    if isinstance(layer, PerFrame):
        return _known(layer, shape[1]) * _count(layer.layer, (None, *shape[2:]))
    if isinstance(layer, keras.Model):
        return multiplications(layer)
    if isinstance(layer, Conv2Plus1D):
        return _count(layer.space, shape) + _count(layer.time, layer.space.compute_output_shape(shape))
    if isinstance(layer, CONVOLUTIONS):
        return prod(layer.kernel.shape) * _known(layer, *layer.compute_output_shape(shape)[1:-1])
    if isinstance(layer, keras.layers.Dense):
        return prod(layer.kernel.shape) * _known(layer, *shape[1:-1])
    if isinstance(layer, RECURRENT):
        return _known(layer, shape[1]) * (prod(layer.cell.kernel.shape) + prod(layer.cell.recurrent_kernel.shape))
    if any(len(weight.shape) > 1 for weight in layer.weights):
        raise ValueError(f"No rule counts this layer. Received: {type(layer).__name__} {layer.name!r}.")
    return 0


def _known(layer, *sizes):
    if None in sizes:
        raise ValueError(f"The length of {layer.name!r} is not known. Received: sizes={sizes}.")
    return prod(sizes)
