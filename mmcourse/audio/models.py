"""Two small encoders of frames: a recurrent network, and a convolution over the spectrogram. Both know what is padding.

Both take ``{"audio": float (batch, t, d), "mask": bool (batch, t)}``, give logits, float32 ``(batch, classes)``; what
stands in padded frames, and how many there are, changes nothing.
"""

from mmcourse._machinery.checks import (
    as_numbers,
    check_mask,
    check_number,
    check_shapes,
    check_type,
    check_whole,
    shape_of,
)
from mmcourse._machinery.masks import RealOnly
from mmcourse._machinery.seeds import independent
from mmcourse.backend import keras

ops = keras.ops


@keras.saving.register_keras_serializable("mmcourse")
class MaskedMean(keras.layers.Layer):
    """The mean over the real frames: ``(batch, t, d)`` and bool ``(batch, t)`` -> ``(batch, d)``.

    Summed in float32 at least; zeros where no frame is real.
    """

    supports_masking = True

    def call(self, x, mask):
        check_shapes(x=(x, "batch t d"))
        check_mask("mask", mask, shape_of(x)[:2], needed=True)
        real = ops.cast(mask, "float32")[..., None]  # (b, t, 1)
        total = ops.sum(ops.where(real > 0, ops.cast(x, "float32"), 0.0), axis=1)
        return ops.cast(total / ops.maximum(ops.sum(real, axis=1), 1.0), self.compute_dtype)

    def compute_mask(self, x, previous=None):
        return None  # the axis of the frames is gone

    def compute_output_shape(self, x_shape, mask_shape=None):
        return (x_shape[0], x_shape[2])


def _inputs(n_features, n_classes, statistics, dropout):
    check_whole(n_features=n_features, n_classes=n_classes)
    check_number("from 0, below 1", at_least=0, at_most=1 - 1e-9, dropout=dropout)
    audio = keras.Input((None, n_features), name="audio")
    # As numbers, which the first layer looks at: Keras would make bools of any, and True of -inf.
    mask = keras.Input((None,), dtype="float32", name="mask")
    x = audio
    if statistics is not None:
        if not isinstance(statistics, (tuple, list)) or len(statistics) != 2:
            raise ValueError(
                f"Received: statistics, a {type(statistics).__name__}. Allowed: (mean, variance), or None."
            )
        mean, variance = (
            as_numbers(f"statistics[{i}]", part, f"{n_features}", finite=True).astype("float32")
            for i, part in enumerate(statistics)
        )
        if (variance < 0).any():
            raise ValueError(f"Received: a variance of {variance.min():g}. Allowed: 0 or more.")
        x = keras.layers.Normalization(mean=mean, variance=variance, name="scale")(x)
    x, kept = RealOnly(name="real_only")(x, mask), ops.cast(mask, "bool")
    return {"audio": audio, "mask": mask}, x, kept


def _head(x, n_classes, dropout, seed):
    of_dropout, of_logits = independent(seed, 2, "audio head")
    x = keras.layers.Dropout(dropout, seed=of_dropout)(x)
    glorot = keras.initializers.GlorotUniform(seed=of_logits)
    # Softmax and loss in float32, under any policy.
    return keras.layers.Dense(n_classes, kernel_initializer=glorot, dtype="float32", name="logits")(x)


def frame_rnn(n_features, n_classes, units=48, statistics=None, dropout=0.0, seed=0):
    """A recurrent network that reads the frames forwards and backwards (GRU), and the mean of what it thought on the
    way.

    Args:
        n_features: channels of a frame. n_classes: logits that come out. units: size of each direction's state.
        statistics: (mean, variance), each ``(n_features,)``, of ``train_statistics``; None: frames are scaled already.
        dropout: share of the mean that is dropped in training. seed: of the weights and of the dropout.
    Returns:
        `keras.Model`. Source of the idea: Schuster and Paliwal (1997), "Bidirectional recurrent neural networks"; the
        gated unit is that of Cho and others (2014).
    """
    check_whole(units=units)
    inputs, x, mask = _inputs(n_features, n_classes, statistics, dropout)

    seeds = independent(seed, 4, "frame_rnn")

    def gru(place):
        return keras.layers.GRU(
            units, return_sequences=True, go_backwards=place == 1, name=("forwards", "backwards")[place],
            kernel_initializer=keras.initializers.GlorotUniform(seed=seeds[place]),
            recurrent_initializer=keras.initializers.Orthogonal(seed=seeds[2 + place]),
        )  # fmt: skip

    x = keras.layers.Bidirectional(gru(0), backward_layer=gru(1), name="read")(x, mask=mask)  # (b, t, 2 units)
    x = MaskedMean(name="mean")(x, mask)
    return keras.Model(inputs, _head(x, n_classes, dropout, seed), name="frame_rnn")


def spectrogram_cnn(n_features, n_classes, filters=(16, 32, 48), statistics=None, dropout=0.0, seed=0):
    """A convolutional network that looks at the spectrogram as at a picture, and the mean over time of what it saw.

    Each block is a 3 × 3 convolution, ReLU, and pooling by two in time and frequency. Padded frames are set to zero
    before every convolution, which is what lies beyond the edge of a picture anyway; so a recording's logits are the
    same alone and in a batch. Frequency is *not* averaged: a high note and a low note are different things.

    Args: as in ``frame_rnn``; ``filters``: of the blocks.
    """
    check_type((list, tuple), "a tuple of whole numbers", filters=filters)
    check_whole(**{f"filters[{i}]": count for i, count in enumerate(filters)})
    inputs, x, mask = _inputs(n_features, n_classes, statistics, dropout)
    real = keras.layers.Reshape((-1, 1), name="real")(ops.cast(mask, "float32"))  # (b, t, 1)

    def keep_real(x):
        return keras.layers.Multiply()([x, keras.layers.Reshape((-1, 1, 1))(real)])

    x = keep_real(keras.layers.Reshape((-1, n_features, 1))(x))  # (b, t, d, 1)
    seeds = independent(seed, len(filters), "spectrogram_cnn")
    for place, count in enumerate(filters):
        x = keras.layers.Conv2D(
            count, 3, padding="same", activation="relu", name=f"conv{place + 1}",
            kernel_initializer=keras.initializers.HeNormal(seed=seeds[place]),
        )(x)  # fmt: skip
        x = keras.layers.MaxPooling2D(2, padding="same")(keep_real(x))  # (b, ⌈t/2⌉, ⌈d/2⌉, count)
        real = keras.layers.MaxPooling1D(2, padding="same")(real)
    x = keras.layers.Reshape((-1, x.shape[2] * x.shape[3]))(x)  # (b, t', d' · count)
    x = MaskedMean(name="mean")(x, keras.layers.Reshape((-1,))(real))
    return keras.Model(inputs, _head(x, n_classes, dropout, seed), name="spectrogram_cnn")
