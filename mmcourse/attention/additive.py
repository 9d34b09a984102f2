"""Additive attention: a small network scores each query with each key."""

from mmcourse._machinery.checks import check_given, check_shapes, check_whole
from mmcourse._machinery.masks import broadcast_mask, combine_masks, given, without_hidden
from mmcourse._machinery.seeds import independent
from mmcourse.attention.dot import batch_of, check_attention_mask, masked_softmax, weighted_sum
from mmcourse.backend import keras

ops = keras.ops


@keras.saving.register_keras_serializable(package="mmcourse")
class AdditiveAttention(keras.layers.Layer):
    """Additive attention (Bahdanau, Cho and Bengio, 2015, "Neural machine translation by jointly learning to align and
    translate"), with its two projections.

    1. score[i, j] = vᵀ tanh(W₁ query[i] + W₂ key[j] + b)
    2. weights[i] = softmax over the keys j (never over the queries, nor over the batch), in at least float32
    3. output[i] = Σⱼ weights[i, j] value[j]

    Args:
        units: size of the space in which queries and keys meet.
        seed: of the first weights; each matrix draws its own from it.

    Call arguments:
        query: (batch, n, d).
        key: (batch, m, d').
        value: (batch, m, c). None: the keys themselves.
        mask: bool, (batch, m) or (batch, n, m), True = keep. A masked key gets weight 0; a query all of whose keys are
            masked has nothing to look at, and gets weights and an output of 0.
        key_mask: filled in by Keras where the keys come from a layer that masks, such as an Embedding; what ``mask``
            keeps counts only if this keeps it, too.
        return_weights: whether to return the weights too.

    Returns:
        (batch, n, c), or ((batch, n, c), weights (batch, n, m) in float32).

    A decoder asks about the same keys at every step: ``project_keys`` once, then ``attend`` at each step, is the same
    computation as the call.
    """

    def __init__(self, units, seed=None, **kwargs):
        super().__init__(**kwargs)
        check_whole(units=units)
        self.units, self.seed = units, seed
        self.supports_masking = True  # of the keys; what comes out has no mask
        of_query, of_key, of_score = independent(seed, 3, "AdditiveAttention")
        self.query_projection = self._dense(units, "query_projection", of_query, use_bias=False)
        self.key_projection = self._dense(units, "key_projection", of_key)
        self.score = self._dense(1, "score", of_score, use_bias=False)

    def _dense(self, units, name, seed, use_bias=True):
        initializer = keras.initializers.GlorotUniform(seed)
        return keras.layers.Dense(
            units, use_bias=use_bias, kernel_initializer=initializer, dtype=self.dtype_policy, name=name
        )

    def build(self, query_shape, key_shape, value_shape=None):
        for name, shape in {"query": query_shape, "key": key_shape}.items():
            if len(shape) != 3:
                raise ValueError(f"AdditiveAttention takes (batch, n, d). Received: {name}.shape={tuple(shape)}.")
        self.query_projection.build(query_shape)
        self.key_projection.build(key_shape)
        self.score.build((None, self.units))
        self.built = True

    def project_keys(self, key):
        """The half of the score that no query changes: (batch, m, d') -> (batch, m, units)."""
        return self.key_projection(key)

    def attend(self, query, projected, value, mask=None):
        """The output and the weights for keys that are already projected.

        query (batch, n, d), projected (batch, m, units), value (batch, m, c) -> ((batch, n, c), weights (batch, n, m)).

        Raises ValueError for shapes that do not fit, and a mask of another size, or that is no bool, or 0 and 1.
        """
        check_shapes(
            query=(query, f"{batch_of(query)} n d"), keys=(projected, "batch m units"), value=(value, "batch m c")
        )
        mask = given(mask)
        check_attention_mask(mask, query, projected)
        projected, value = without_hidden(mask, projected), without_hidden(mask, value)
        hidden = ops.tanh(ops.expand_dims(self.query_projection(query), 2) + ops.expand_dims(projected, 1))
        # As one matrix: with four axes and one column, TensorFlow 2.19 (Colab's) writes beyond the end of its memory.
        scores = self.score(ops.reshape(hidden, (-1, self.units)))
        scores = ops.reshape(scores, ops.shape(hidden)[:-1])  # (batch, n, m)
        weights = masked_softmax(scores, broadcast_mask(mask, scores))
        return weighted_sum(weights, value, mask), weights

    def call(self, query, key, value=None, mask=None, return_weights=False, key_mask=None):
        mask = combine_masks(mask, key_mask)
        check_given(query=query, key=key)
        check_shapes(query=(query, f"{batch_of(query)} n d"), key=(key, "batch m d'"), value=(value, "batch m c"))
        check_attention_mask(mask, query, key)
        key = without_hidden(mask, key)
        output, weights = self.attend(query, self.project_keys(key), key if value is None else value, mask)
        return (output, weights) if return_weights else output

    def compute_mask(self, query, previous_mask=None):
        return None

    def get_config(self):
        return super().get_config() | {"units": self.units, "seed": self.seed}
