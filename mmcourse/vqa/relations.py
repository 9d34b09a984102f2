"""Models made to relate: every pair of regions is looked at; every layer of a network is steered by the question."""

import numpy as np

from mmcourse._machinery.checks import check_whole
from mmcourse.backend import keras
from mmcourse.vqa.model import VQAModel

ops, layers = keras.ops, keras.layers


def cell_positions(side):
    """Where the cells of a square grid lie, row by row: float32 (side², 2), x and y of their middles from -1 to 1."""
    middles = (np.arange(side, dtype="float32") + 0.5) / side * 2 - 1
    y, x = np.meshgrid(middles, middles, indexing="ij")
    return np.stack([x.ravel(), y.ravel()], axis=-1)


@keras.saving.register_keras_serializable(package="mmcourse")
class RelationNetwork(VQAModel):
    """Every pair of regions is asked about (Santoro et al., 2017, "A simple neural network module for relational
    reasoning").

    joined = Σᵢⱼ g([oᵢ; oⱼ; question]) / m², with oᵢ = [regionᵢ; x, y of its place], g = ReLU(Dense(ReLU(Dense(·))))
    over all m² pairs

    The first Dense of g is taken apart, W [oᵢ; oⱼ; q] = W₁ oᵢ + W₂ oⱼ + W₃ q, which is the same and m times cheaper.
    The mean in place of the paper's sum is of the same size for 16 and for 64 regions.

    Args: those of `VQAModel`, and
        pair_units: units of both layers of g. None: ``units``.
    Memory grows with m²: ``merge=2`` makes 256 pairs of 64 regions, not 4,096.
    """

    GRID = True

    def __init__(self, *args, pair_units=None, **kwargs):
        super().__init__(*args, **kwargs)
        if pair_units is not None:
            check_whole(pair_units=pair_units)
        self.config["pair_units"] = pair_units
        size = pair_units or self.units
        self.first = self.dense(size, "first")
        self.second = self.dense(size, "second", use_bias=False)
        self.asked = self.dense(size, "asked", use_bias=False)
        self.inner = self.dense(size, "inner", "relu")

    def build_join(self, regions, words):
        self.positions = cell_positions(self.side)
        for part in (self.first, self.second):
            part.build((None, None, self.units + 2))
        self.asked.build((None, self.units))
        self.inner.build((None, self.first.units))
        return self.first.units

    def join(self, regions, words, question, of_regions, of_words, inputs, training):
        place = ops.cast(ops.expand_dims(self.positions, 0), regions.dtype)
        place = ops.broadcast_to(place, (ops.shape(regions)[0], self.many, 2))
        things = ops.concatenate([regions, place], axis=-1)  # (b, m, units + 2)
        pairs = ops.expand_dims(self.first(things), 2) + ops.expand_dims(self.second(things), 1)  # (b, m, m, size)
        pairs = ops.relu(pairs + ops.reshape(self.asked(question), (-1, 1, 1, self.first.units)))
        pairs = self.inner(ops.reshape(pairs, (-1, self.many**2, self.first.units)))
        joined = ops.mean(ops.cast(pairs, "float32"), axis=1)  # the sum of thousands is beyond float16
        return ops.cast(joined, pairs.dtype), {}


@keras.saving.register_keras_serializable(package="mmcourse")
class FiLMNetwork(VQAModel):
    """A convolutional network whose every block is steered by the question (Perez, Strub, de Vries, Dumoulin and
    Courville, 2018, "FiLM: Visual reasoning with a general conditioning layer").

    x = regions as a grid, then in each of ``blocks``:

    1. y = ReLU(Conv 1×1([x; x and y of each place]))
    2. z = normalised(Conv 3×3(y)); channel c becomes γ_c z_c + β_c, (γ - 1, β) = Dense(question)
    3. x = y + ReLU(z)

    joined = the largest of each channel over all places, and their mean, side by side. (The paper's network normalises
    over the batch; this one each position over its channels, so that no answer depends on its neighbours in the batch.)

    Args: those of `VQAModel`, and
        blocks: how many.
    """

    GRID = True

    def __init__(self, *args, blocks=3, **kwargs):
        super().__init__(*args, **kwargs)
        check_whole(blocks=blocks)
        self.config["blocks"] = blocks
        self.parts = [
            {
                "one": self.convolution(1, f"one_{i}", activation="relu"),
                "three": self.convolution(3, f"three_{i}"),
                "norm": layers.LayerNormalization(
                    epsilon=1e-5, center=False, scale=False, name=f"norm_{i}", dtype=self.dtype_policy
                ),
                "steer": self.dense(2 * self.units, f"steer_{i}"),
            }
            for i in range(blocks)
        ]

    def convolution(self, size, name, **kwargs):
        """A convolution with a seed of its own."""
        initializer = keras.initializers.HeNormal(next(self.seeds))
        return layers.Conv2D(
            self.units,
            size,
            padding="same",
            kernel_initializer=initializer,
            name=name,
            dtype=self.dtype_policy,
            **kwargs,
        )

    def build_join(self, regions, words):
        grid = (None, self.side, self.side, self.units)
        self.positions = cell_positions(self.side).reshape(self.side, self.side, 2)
        for part in self.parts:
            part["one"].build((*grid[:-1], self.units + 2))
            part["three"].build(grid)
            part["norm"].build(grid)
            part["steer"].build((None, self.units))
        return 2 * self.units

    def join(self, regions, words, question, of_regions, of_words, inputs, training):
        x = ops.reshape(regions, (-1, self.side, self.side, self.units))
        place = ops.cast(ops.expand_dims(self.positions, 0), x.dtype)
        place = ops.broadcast_to(place, (ops.shape(x)[0], self.side, self.side, 2))
        for part in self.parts:
            y = part["one"](ops.concatenate([x, place], axis=-1))
            scale, shift = ops.split(ops.reshape(part["steer"](question), (-1, 1, 1, 2 * self.units)), 2, axis=-1)
            x = y + ops.relu(part["norm"](part["three"](y)) * (1 + scale) + shift)
        return ops.concatenate([ops.max(x, axis=(1, 2)), ops.mean(x, axis=(1, 2))], axis=-1), {}
