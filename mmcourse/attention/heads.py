"""Several attentions side by side."""

from mmcourse._machinery.checks import check_given, check_shapes, check_whole
from mmcourse._machinery.masks import combine_masks, without_hidden
from mmcourse._machinery.seeds import independent
from mmcourse.attention.dot import batch_of, check_attention_mask, scaled_dot_product_attention
from mmcourse.backend import keras

ops = keras.ops


@keras.saving.register_keras_serializable(package="mmcourse")
class MultiHeadAttention(keras.layers.Layer):
    """Several attentions side by side, each in a space of its own (Vaswani et al., 2017, "Attention is all you need").

    1. Q = q W_q + b_q, K = k W_k, V = v W_v + b_v, each (batch, ·, units), cut into ``heads`` parts. (A bias of the
       keys would add the same to all scores of a query, and the softmax would take it out again.)
    2. every head: softmax(Q Kᵀ / √(units / heads)) V
    3. output = [head 1; …; head h] W_o + b_o

    Args:
        units: size of the space in which all heads together compare; ``heads`` divides it.
        heads: how many.
        output: size of the output; None: that of the query.
        seed: of the first weights; each matrix draws its own from it.

    Call arguments:
        query: (batch, n, d).
        key: (batch, m, d').
        value: (batch, m, c); None: the keys themselves.
        mask: bool, (batch, m) or (batch, n, m), True = keep. A query all of whose keys are masked gets b_o.
        key_mask: filled in by Keras where the keys come from a layer that masks, such as an Embedding; what ``mask``
            keeps counts only if this keeps it, too.
        return_weights: whether to return the weights too.

    Returns:
        (batch, n, output), or that and the weights (batch, heads, n, m), at least float32.
    """

    def __init__(self, units, heads=1, output=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        check_whole(units=units, heads=heads)
        if output is not None:
            check_whole(output=output)
        if units % heads:
            raise ValueError(f"Received: units={units}, heads={heads}. Allowed: heads that divide the units evenly.")
        self.units, self.heads, self.output_size, self.seed = units, heads, output, seed
        self.supports_masking = True

    def build(self, query_shape, key_shape, value_shape=None):
        for name, shape in {"query": query_shape, "key": key_shape}.items():
            if len(shape) != 3:
                raise ValueError(f"Received: {name} of shape {tuple(shape)}. Allowed: (batch, positions, size).")
        value_shape = key_shape if value_shape is None else value_shape
        sizes = {"query": query_shape[-1], "key": key_shape[-1], "value": value_shape[-1], "output": self.units}
        seeds = independent(self.seed, 4, "MultiHeadAttention")
        for seed, (name, size) in zip(seeds, sizes.items(), strict=True):
            units = (self.output_size or query_shape[-1]) if name == "output" else self.units
            initializer = keras.initializers.GlorotUniform(seed)
            dense = keras.layers.Dense(
                units, use_bias=name != "key", kernel_initializer=initializer, dtype=self.dtype_policy, name=name
            )
            dense.build((None, None, size))
            setattr(self, f"{name}_projection", dense)
        self.built = True

    def call(self, query, key, value=None, mask=None, return_weights=False, key_mask=None):
        check_given(query=query, key=key)
        value = key if value is None else value
        check_shapes(query=(query, f"{batch_of(query)} n d"), key=(key, "batch m d'"), value=(value, "batch m c"))
        mask = combine_masks(mask, key_mask)
        check_attention_mask(mask, query, key)
        key, value = without_hidden(mask, key), without_hidden(mask, value)
        q = self._cut(self.query_projection(query))  # (batch, heads, n, units / heads)
        k, v = self._cut(self.key_projection(key)), self._cut(self.value_projection(value))
        output, weights = scaled_dot_product_attention(q, k, v, mask, return_weights=True)
        output = ops.transpose(output, (0, 2, 1, 3))  # (batch, n, heads, units / heads)
        output = self.output_projection(ops.reshape(output, (-1, output.shape[1] or ops.shape(output)[1], self.units)))
        return (output, weights) if return_weights else output

    def _cut(self, x):
        """(batch, n, units) -> (batch, heads, n, units / heads)."""
        x = ops.reshape(x, (-1, x.shape[1] or ops.shape(x)[1], self.heads, self.units // self.heads))
        return ops.transpose(x, (0, 2, 1, 3))

    def compute_mask(self, query, previous_mask=None):
        return None

    def get_config(self):
        own = {"units": self.units, "heads": self.heads, "output": self.output_size, "seed": self.seed}
        return super().get_config() | own
