"""Products: functions in which what one modality says changes what another one counts."""

import functools
import math
import warnings

import numpy as np

from mmcourse._machinery.checks import check_whole, known
from mmcourse.backend import keras
from mmcourse.fusion.base import Fusion, concatenate

ops = keras.ops

LARGE = 50  # |z| of a product of factors, beyond which a softmax of it is 0 or 1 whatever comes


@keras.saving.register_keras_serializable(package="mmcourse")
class BilinearFusion(Fusion):
    """Products of every two modalities, and each by itself:

        z = b + Σᵢ Wᵢ zᵢ + Σ_{i<j} zᵢᵀ Wᵢⱼ zⱼ,   Wᵢⱼ ∈ ℝ^(dᵢ × dⱼ × units)

    (Tenenbaum and Freeman, 2000, "Separating style and content with bilinear models", with the linear terms.) The
    products of a missing modality are 0. See `Fusion` for the arguments.
    """

    def create(self):
        self.linear = self.affine("linear", sum(self.sizes.values()))
        self.pairs = {}
        for i, first in enumerate(self.names):
            for second in self.names[i + 1 :]:
                shape = (self.sizes[first] * self.sizes[second], self.units)
                kernel = self.add_weight(shape=shape, initializer=self.glorot(), name=f"{first}_{second}")
                self.pairs[first, second] = kernel

    def fuse(self, values, present):
        z = self.linear(concatenate(values))
        for (first, second), kernel in self.pairs.items():
            z = z + ops.matmul(outer(values[first], values[second]), ops.cast(kernel, z.dtype))
        return z

    def multiplications(self):
        sizes = list(self.sizes.values())
        pairs = sum(a * b for i, a in enumerate(sizes) for b in sizes[i + 1 :])
        return (sum(sizes) + pairs) * self.units + pairs


@keras.saving.register_keras_serializable(package="mmcourse")
class TensorFusion(Fusion):
    """Products of all modalities at once (Zadeh et al., 2017, "Tensor fusion network for multimodal sentiment
    analysis"): the outer product of all [zᵢ; 1], with a weight for each entry and unit,

        z = b + W · vec([z₁; 1] ⊗ … ⊗ [zₘ; 1]),   W ∈ ℝ^(units × Π(dᵢ + 1))

    The ones let each modality also stand alone, and every subset of them together. Of a missing one [0; 1] is left. The
    number of weights is a product of sizes: see `LowRankFusion`. See `Fusion` for the arguments.
    """

    def create(self):
        self.entries = math.prod(size + 1 for size in self.sizes.values())
        self.kernel = self.add_weight(shape=(self.entries, self.units), initializer=self.glorot(), name="kernel")
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")

    def fuse(self, values, present):
        tensor = functools.reduce(outer, map(append_one, values.values()))  # (batch, entries)
        return ops.matmul(tensor, ops.cast(self.kernel, tensor.dtype)) + ops.cast(self.bias, tensor.dtype)

    def multiplications(self):
        sizes = [size + 1 for size in self.sizes.values()]
        products = sum(math.prod(sizes[: i + 1]) for i in range(1, len(sizes)))
        return products + self.entries * self.units


@keras.saving.register_keras_serializable(package="mmcourse")
class LowRankFusion(Fusion):
    """`TensorFusion` with a W of low rank (Liu et al., 2018, "Efficient low-rank multimodal fusion with
    modality-specific factors"), so that the outer product is never made:

        z = b + Σₖ vₖ · Πᵢ (Wᵢₖ [zᵢ; 1]),   Wᵢₖ ∈ ℝ^(units × (dᵢ + 1)), the product elementwise

    The number of weights is a sum of sizes: rank · units · Σ(dᵢ + 1) + rank + units.

    z is a polynomial of degree m in what comes in. For inputs of variance 1 it begins with a variance of about 1, but
    with long tails (three factors of 3 give 27), and in training each factor grows with the others: after thirty passes
    over three standardised inputs logits of ±69, where a gate's are at ±15, and a softmax that is sure of everything.
    With a `keras.layers.LayerNormalization` behind z they were at ±12, and as many answers right. Where values are
    known (a model that is called, not compiled) and some |z| is beyond ``LARGE``, a warning says so, once a layer.

    Args:
        units, seed: see `Fusion`.
        rank: how many terms the sum has.
    """

    def __init__(self, units, rank=4, seed=None, **kwargs):
        super().__init__(units, seed, **kwargs)
        check_whole(rank=rank)
        self.rank, self._warned = rank, False

    def create(self):
        self.factors = {
            name: self.add_weight(
                shape=(size + 1, self.rank * self.units), initializer=self.normal(size + 1), name=f"factor_{name}"
            )
            for name, size in self.sizes.items()
        }
        start = keras.initializers.Constant(self.rank**-0.5)
        self.rank_weights = self.add_weight(shape=(self.rank,), initializer=start, name="rank_weights")
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")

    def normal(self, size):
        """As large as makes each factor's answer to inputs of variance 1 have variance 1: a product of m small numbers
        would be tiny, and so would be its gradient."""
        return keras.initializers.RandomNormal(stddev=size**-0.5, seed=self.next_seed())

    def fuse(self, values, present):
        product = 1.0
        for name, value in values.items():
            value = append_one(value)
            factor = ops.matmul(value, ops.cast(self.factors[name], value.dtype))
            product = product * ops.reshape(factor, (-1, self.rank, self.units))
        weights = ops.cast(ops.reshape(self.rank_weights, (1, -1, 1)), product.dtype)
        z = ops.sum(weights * product, axis=1) + ops.cast(self.bias, product.dtype)
        self._warn(z)
        return z

    def _warn(self, z):
        values = None if self._warned else known(z)
        if values is None or not values.size or not (largest := np.abs(values).max()) > LARGE:
            return
        self._warned = True
        warnings.warn(
            f"{self.name}: z up to ±{largest:.0f}, a product of {len(self.names)} factors (usual: up to ±{LARGE}). "
            "Standardise the inputs, or put a LayerNormalization behind.",
            stacklevel=2,
        )

    def multiplications(self):
        return self.rank * self.units * (sum(size + 1 for size in self.sizes.values()) + len(self.sizes))

    def get_config(self):
        return super().get_config() | {"rank": self.rank}


def outer(a, b):
    """Every entry of ``a`` (batch, d) times every entry of ``b`` (batch, c) -> (batch, d · c)."""
    return ops.reshape(ops.expand_dims(a, 2) * ops.expand_dims(b, 1), (-1, a.shape[1] * b.shape[1]))


def append_one(x):
    """(batch, d) -> (batch, d + 1)."""
    return ops.concatenate([x, ops.ones_like(x[:, :1])], axis=-1)
