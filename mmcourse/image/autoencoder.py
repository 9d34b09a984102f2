"""A convolutional autoencoder of images: features learnt without a single label.

After Masci et al. (2011), "Stacked convolutional auto-encoders for hierarchical feature extraction". Small, and for
images only.
"""

import numpy as np

from mmcourse._machinery.checks import check_given, check_shapes, check_whole, shape_of
from mmcourse._machinery.seeds import independent
from mmcourse.backend import keras


@keras.saving.register_keras_serializable("mmcourse")
class ImageAutoencoder(keras.Model):
    """An encoder that squeezes an image into a short code, and a decoder that draws the image from the code again.

    Images ``(b, s, s, 3)`` in [0, 255], integers or floats -> images of exactly that shape, float32 in [0, 255].

    1. three 3x3 convolutions with stride 2 and relu: (b, s/8, s/8, 4 * filters);
    2. code = one linear map of all of it, (b, d): this is what `encode` returns;
    3. a linear map back to (b, s/8, s/8, 4 * filters), three 3x3 transposed convolutions with stride 2, and a sigmoid,
       so that every pixel lies in [0, 255].

    The loss is the mean squared difference of the pixels as shares of 255: ``fit(images)`` needs no target.

    Args:
        input_size: the side s of the images, a multiple of 8.
        code: the length d of the code.
        filters: of the first convolution; the second has twice as many, the third four times.
        seed: of the first weights.

    Raises ValueError for sizes out of range.
    """

    def __init__(self, input_size=64, code=64, filters=16, seed=0, **kwargs):
        super().__init__(**kwargs)
        for name, value in {"input_size": input_size, "code": code, "filters": filters}.items():
            step = 8 if name == "input_size" else 1
            if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < step or value % step:
                wanted = "a multiple of 8" if step == 8 else "a whole number from 1"
                raise ValueError(f"Received: {name}={value!r}. Allowed: {wanted}.")
        self.input_size, self.code, self.filters, self.seed = int(input_size), int(code), int(filters), seed
        small, layers = self.input_size // 8, keras.layers
        *seeds, last = independent(seed, 8, "ImageAutoencoder")
        starts = (keras.initializers.HeNormal(own) for own in seeds)
        same = {"kernel_size": 3, "strides": 2, "padding": "same"}
        down = [
            layers.Conv2D(filters * 2**i, **same, activation="relu", kernel_initializer=next(starts)) for i in range(3)
        ]
        self.encoder = keras.Sequential(
            [
                keras.Input((self.input_size, self.input_size, 3)),
                *down,
                layers.Flatten(),
                layers.Dense(code, kernel_initializer=next(starts), name="code"),
            ],
            name="encoder",
        )
        up = [
            layers.Conv2DTranspose(n, **same, activation="relu", kernel_initializer=next(starts))
            for n in (2 * filters, filters)
        ]
        self.decoder = keras.Sequential(
            [
                keras.Input((self.code,)),
                layers.Dense(small * small * 4 * filters, activation="relu", kernel_initializer=next(starts)),
                layers.Reshape((small, small, 4 * filters)),
                *up,
                layers.Conv2DTranspose(
                    3, **same, activation="sigmoid", dtype="float32",
                    kernel_initializer=keras.initializers.GlorotUniform(last),
                ),
            ],
            name="decoder",
        )  # fmt: skip
        self.build((None, self.input_size, self.input_size, 3))

    def _check(self, images):
        check_given(images=images)
        check_shapes(images=(images, f"b {self.input_size} {self.input_size} 3"))

    def _shares(self, images):
        return keras.ops.cast(images, "float32") / 255.0

    def call(self, images, training=False):
        self._check(images)
        if shape_of(images)[0] == 0:
            raise ValueError(f"Received: images of shape {shape_of(images)}, none. Allowed: one or more.")
        code = self.encoder(2.0 * self._shares(images) - 1.0, training=training)  # (b, d)
        return 255.0 * self.decoder(code, training=training)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return keras.ops.mean(keras.ops.square(self._shares(x) - y_pred / 255.0))

    def encode(self, images, batch_size=250):
        """Images (n, s, s, 3) in [0, 255] -> their codes, NumPy float32 (n, d). Raises ValueError for another shape."""
        check_whole(batch_size=batch_size)
        self._check(images)
        parts = [
            keras.ops.convert_to_numpy(self.encoder(2.0 * self._shares(images[i : i + batch_size]) - 1.0))
            for i in range(0, len(images), batch_size)
        ]
        return np.concatenate(parts).astype("float32") if parts else np.empty((0, self.code), "float32")

    def get_config(self):
        sizes = {"input_size": self.input_size, "code": self.code, "filters": self.filters, "seed": self.seed}
        return {**super().get_config(), **sizes}
