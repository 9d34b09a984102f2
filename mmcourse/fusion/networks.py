"""Networks on top of all modalities: one matrix, a layer between, one modality after the other, attention."""

from mmcourse._machinery.checks import check_whole
from mmcourse.attention import scaled_dot_product_attention
from mmcourse.backend import keras
from mmcourse.fusion.base import Fusion, concatenate

ops = keras.ops


@keras.saving.register_keras_serializable(package="mmcourse")
class ConcatenationFusion(Fusion):
    """All vectors side by side and one matrix: z = W [z₁; …; zₘ] + b. A missing one is 0. See `Fusion`.

    W = [W₁ … Wₘ], so z = Σᵢ Wᵢ zᵢ + b: a sum, in which no modality changes what another one counts.
    """

    def create(self):
        self.dense = self.affine("dense", sum(self.sizes.values()))

    def fuse(self, values, present):
        return self.dense(concatenate(values))

    def multiplications(self):
        return sum(self.sizes.values()) * self.units


@keras.saving.register_keras_serializable(package="mmcourse")
class MLPFusion(Fusion):
    """A layer of rectified units between: z = W₂ max(0, W₁ [z₁; …; zₘ] + b₁) + b₂. A missing one is 0.

    Args:
        units, seed: see `Fusion`.
        hidden: size of the layer between; None: twice ``units``.
    """

    def __init__(self, units, hidden=None, seed=None, **kwargs):
        super().__init__(units, seed, **kwargs)
        if hidden is not None:
            check_whole(hidden=hidden)
        self.hidden = hidden

    def create(self):
        width = self.hidden or 2 * self.units
        self.first = self.affine("first", sum(self.sizes.values()), width, "relu")
        self.second = self.affine("second", width)

    def fuse(self, values, present):
        return self.second(self.first(concatenate(values)))

    def multiplications(self):
        return (sum(self.sizes.values()) + self.units) * (self.hidden or 2 * self.units)

    def get_config(self):
        return super().get_config() | {"hidden": self.hidden}


@keras.saving.register_keras_serializable(package="mmcourse")
class RecurrentFusion(Fusion):
    """An LSTM (Hochreiter and Schmidhuber, 1997, "Long short-term memory") that reads one modality after the other,
    each brought to one size, in alphabetical order; z is its last state. A missing one is passed over. See `Fusion`.
    """

    def create(self):
        self.projections = self.projections_to()
        # A few steps only, so unrolled; and without cuDNN, which takes only masks whose gaps are at the end.
        self.lstm = keras.layers.LSTM(
            self.units, kernel_initializer=self.glorot(), use_cudnn=False, unroll=True,
            recurrent_initializer=keras.initializers.Orthogonal(seed=self.next_seed()), dtype=self.dtype_policy,
            name="lstm",
        )  # fmt: skip
        self.lstm.build((None, len(self.names), self.units))

    def fuse(self, values, present):
        return self.lstm(ops.stack([self.projections[n](values[n]) for n in self.names], axis=1), mask=present)

    def multiplications(self):
        return sum(self.sizes.values()) * self.units + len(self.names) * (8 * self.units**2 + 3 * self.units)


@keras.saving.register_keras_serializable(package="mmcourse")
class AttentionFusion(Fusion):
    """A few learned queries, the bottleneck, look at every position of every modality; then a layer of rectified units.
    (After Jaegle et al., 2021, "Perceiver", and Nagrani et al., 2021, "Attention bottlenecks for multimodal fusion".)

    1. Every position of every modality is a token: h = Wᵢ x + bᵢ + (a learned vector of modality i). A vector
       (batch, d) is one token. Positions have no order.
    2. Each of the k queries u gathers: u' = u + W_o · attention(W_q u, W_k h, W_v h), over all tokens that are real.
    3. u'' = u' + W₂ max(0, W₁ u' + b₁) + b₂, and z is the mean of the k.

    Args:
        units, seed: see `Fusion`.
        bottleneck: k, how many queries.

    Call arguments: those of `Fusion`, and return_weights: whether to return ``(z, weights)``, with weights
    {name: (batch, k, t)} in float32, which sum to one over all positions of all modalities.
    """

    def __init__(self, units, bottleneck=4, seed=None, **kwargs):
        super().__init__(units, seed, **kwargs)
        check_whole(bottleneck=bottleneck)
        self.bottleneck = bottleneck

    def create(self):
        self.projections = self.projections_to()
        self.kinds = self.add_weight(shape=(len(self.names), self.units), initializer=self.glorot(), name="kinds")
        self.queries = self.add_weight(shape=(self.bottleneck, self.units), initializer=self.glorot(), name="queries")
        # A key's bias would add the same to all scores of a query: the softmax takes it out again.
        self.query = self.affine("query", self.units, use_bias=False)
        self.key = self.affine("key", self.units, use_bias=False)
        self.value = self.affine("value", self.units)
        self.output_projection = self.affine("output", self.units)
        self.first = self.affine("first", self.units, 2 * self.units, "relu")
        self.second = self.affine("second", 2 * self.units)

    def call(self, inputs, mask=None, present=None, return_weights=False):
        inputs, mask, present = self.zeroed(inputs, mask, present)
        tokens, keep = [], []
        rows = self.present_rows(inputs, present)  # (b, m) or None
        for i, (name, x) in enumerate(inputs.items()):
            x = x if len(x.shape) == 3 else ops.expand_dims(x, 1)
            tokens.append(self.projections[name](x) + ops.cast(self.kinds[i], self.compute_dtype))
            real = mask.get(name)
            real = ops.ones_like(x[..., 0], dtype="bool") if real is None else ops.cast(real, "bool")
            keep.append(real if rows is None else ops.logical_and(real, rows[:, i : i + 1]))
        tokens = ops.concatenate(tokens, axis=1)  # (b, all positions, units)
        queries = ops.cast(ops.expand_dims(self.queries, 0), self.compute_dtype)  # (1, k, units): the same for all
        seen, weights = scaled_dot_product_attention(
            self.query(queries), self.key(tokens), self.value(tokens), ops.concatenate(keep, axis=1), True
        )
        gathered = queries + self.output_projection(seen)
        z = ops.mean(gathered + self.second(self.first(gathered)), axis=1)
        if not return_weights:
            return z
        parts, start = {}, 0
        for name, real in zip(self.names, keep, strict=True):
            parts[name] = weights[:, :, start : start + real.shape[1]]
            start += real.shape[1]
        return z, parts

    def multiplications(self):
        u, k, m = self.units, self.bottleneck, len(self.names)
        return sum(self.sizes.values()) * u + 2 * m * u * u + 2 * k * u * u + 2 * k * m * u + 4 * k * u * u

    def get_config(self):
        return super().get_config() | {"bottleneck": self.bottleneck}
