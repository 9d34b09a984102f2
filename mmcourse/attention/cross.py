"""Attention from one modality to another."""

from mmcourse._machinery.checks import check_given, check_mask, check_number, check_one_of, check_shapes, shape_of
from mmcourse._machinery.masks import given, without_hidden
from mmcourse._machinery.seeds import independent
from mmcourse.attention.heads import MultiHeadAttention
from mmcourse.backend import keras

ops, layers = keras.ops, keras.layers


@keras.saving.register_keras_serializable(package="mmcourse")
class CrossAttention(layers.Layer):
    """Each position of one modality looks at all positions of another one.

    s = attention(Q from the query's modality, K and V from the other), then

    - ``keep="nothing"``: the output is s alone: what was found, without who asked;
    - ``keep="sum"``: h + s, the residual form of a Transformer, h the query's vector (s has its size);
    - ``keep="beside"``: [h; s] W + b, both side by side and a matrix.

    The values come from the other modality. With the query's own modality as value nothing of the other one would come
    in: its vectors would only be re-weighted.

    Args:
        units, heads, seed: see `MultiHeadAttention`.
        keep: "nothing", "sum" or "beside".

    Call arguments:
        query: (batch, n, d). other: (batch, m, d').
        mask: bool (batch, m) or (batch, n, m), which positions of ``other`` are real.
        return_weights: whether to return the weights too.

    Returns:
        (batch, n, d), or that and the weights (batch, heads, n, m).
    """

    def __init__(self, units, heads=1, keep="sum", seed=None, **kwargs):
        super().__init__(**kwargs)
        check_one_of(("nothing", "sum", "beside"), keep=keep)
        self.keep, self.seed = keep, seed
        of_attention, self.join_seed = independent(seed, 2, "CrossAttention")
        self.attention = MultiHeadAttention(units, heads, seed=of_attention, dtype=self.dtype_policy, name="attention")
        self.supports_masking = True

    def build(self, query_shape, other_shape):
        self.attention.build(query_shape, other_shape)
        if self.keep == "beside":
            initializer = keras.initializers.GlorotUniform(self.join_seed)
            self.join = layers.Dense(
                query_shape[-1], kernel_initializer=initializer, dtype=self.dtype_policy, name="join"
            )
            self.join.build((None, None, 2 * query_shape[-1]))
        self.built = True

    def call(self, query, other, mask=None, return_weights=False):
        check_given(query=query, other=other)
        found, weights = self.attention(query, other, mask=mask, return_weights=True)
        if self.keep == "sum":
            found = ops.cast(query, found.dtype) + found
        elif self.keep == "beside":
            found = self.join(ops.concatenate([ops.cast(query, found.dtype), found], axis=-1))
        return (found, weights) if return_weights else found

    def compute_mask(self, query, previous_mask=None):
        return None

    def get_config(self):
        own = {"units": self.attention.units, "heads": self.attention.heads, "seed": self.seed}
        return super().get_config() | own | {"keep": self.keep}


@keras.saving.register_keras_serializable(package="mmcourse")
class CrossBlock(layers.Layer):
    """A Transformer block whose positions look at another modality (as the decoder of Vaswani et al., 2017; normalised
    before, Xiong et al., 2020, "On layer normalization in the Transformer architecture").

    1. x = x + attention(norm(x), other)
    2. x = x + Dense(gelu(Dense(norm(x)))), with 4 d units between

    Args: those of `CrossAttention`, without ``keep``; d must be known. ``dropout``: share dropped after 1 and 2.

    Call arguments and output: those of `CrossAttention`.
    """

    def __init__(self, units, heads=1, dropout=0.0, seed=None, **kwargs):
        super().__init__(**kwargs)
        check_number("from 0, below 1", at_least=0, at_most=1 - 1e-9, dropout=dropout)
        self.dropout_share, self.seed = dropout, seed
        of_attention, of_dropout, *self.dense_seeds = independent(seed, 4, "CrossBlock")
        self.attention = MultiHeadAttention(units, heads, seed=of_attention, dtype=self.dtype_policy, name="attention")
        self.dropout = layers.Dropout(dropout, seed=of_dropout, dtype=self.dtype_policy)
        self.supports_masking = True

    def build(self, query_shape, other_shape):
        d = query_shape[-1]

        def dense(size, name, seed, activation=None):
            initializer = keras.initializers.GlorotUniform(seed)
            return layers.Dense(size, activation, kernel_initializer=initializer, dtype=self.dtype_policy, name=name)

        self.norm = layers.LayerNormalization(epsilon=1e-5, dtype=self.dtype_policy, name="norm")
        self.inner_norm = layers.LayerNormalization(epsilon=1e-5, dtype=self.dtype_policy, name="inner_norm")
        inner_seed, outer_seed = self.dense_seeds
        self.inner, self.outer = dense(4 * d, "inner", inner_seed, "gelu"), dense(d, "outer", outer_seed)
        self.attention.build(query_shape, other_shape)
        for part in (self.norm, self.inner_norm, self.inner):
            part.build(query_shape)
        self.outer.build((None, None, 4 * d))
        self.built = True

    def call(self, query, other, mask=None, return_weights=False, training=False):
        check_given(query=query, other=other)
        check_shapes(query=(query, f"batch n {self.norm.gamma.shape[0]}"), other=(other, "batch m d'"))
        found, weights = self.attention(self.norm(query), other, mask=mask, return_weights=True)
        x = ops.cast(query, found.dtype) + self.dropout(found, training=training)
        x = x + self.dropout(self.outer(self.inner(self.inner_norm(x))), training=training)
        return (x, weights) if return_weights else x

    def compute_mask(self, query, previous_mask=None):
        return None

    def get_config(self):
        own = {"units": self.attention.units, "heads": self.attention.heads, "seed": self.seed}
        return super().get_config() | own | {"dropout": self.dropout_share}


@keras.saving.register_keras_serializable(package="mmcourse")
class CoAttention(layers.Layer):
    """Two modalities look at each other, at the same time (Lu, Batra, Parikh and Lee, 2019, "ViLBERT: Pretraining
    task-agnostic visiolinguistic representations for vision-and-language tasks"): a `CrossBlock` in each direction,
    both from the vectors that came in.

    Call arguments:
        first: (batch, n, d). second: (batch, m, d').
        first_mask: bool (batch, n). second_mask: bool (batch, m). Which positions are real.
        return_weights: whether to return the weights too.

    Returns:
        (first (batch, n, d), second (batch, m, d')); with weights also (batch, heads, n, m) and (batch, heads, m, n).
    """

    def __init__(self, units, heads=1, dropout=0.0, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.config = {"units": units, "heads": heads, "dropout": dropout, "seed": seed}
        first, second = independent(seed, 2, "CoAttention")
        self.first_block = CrossBlock(units, heads, dropout, first, dtype=self.dtype_policy, name="first")
        self.second_block = CrossBlock(units, heads, dropout, second, dtype=self.dtype_policy, name="second")

    def build(self, first_shape, second_shape):
        self.first_block.build(first_shape, second_shape)
        self.second_block.build(second_shape, first_shape)
        self.built = True

    def call(self, first, second, first_mask=None, second_mask=None, return_weights=False, training=False):
        first_mask, second_mask = given(first_mask), given(second_mask)
        for name, x, mask in (("first", first, first_mask), ("second", second, second_mask)):
            check_given(**{name: x})
            check_shapes(**{name: (x, "batch n d")})
            check_mask(f"{name}_mask", mask, shape_of(x)[:2])
        first, second = without_hidden(first_mask, first), without_hidden(second_mask, second)  # as queries, too
        x, to_second = self.first_block(first, second, mask=second_mask, return_weights=True, training=training)
        y, to_first = self.second_block(second, first, mask=first_mask, return_weights=True, training=training)
        return (x, y, to_second, to_first) if return_weights else (x, y)

    def get_config(self):
        return super().get_config() | self.config
