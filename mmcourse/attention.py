"""Attention: who looks at what, and how much.

So far two kinds: scaled dot products, by which the bottleneck of `mmcourse.fusion.AttentionFusion` looks at all
modalities, and additive attention, by which a captioner looks at the regions of an image.
"""

import numpy as np

from mmcourse.quiet import keras

ops = keras.ops


def masked_softmax(scores, mask=None, axis=-1):
    """The softmax of ``scores`` over ``axis``, in at least float32, as if what is masked were not there.

    Args:
        scores: (..., m).
        mask: bool, broadcast to the shape of ``scores``; True = keep.
    Returns:
        weights, float32 (float64 for scores in it), the shape of ``scores``: 0 where masked, sum 1 over ``axis``; where
        all is masked, all zeros, never NaN.
    """
    if keras.backend.standardize_dtype(scores.dtype) in ("float16", "bfloat16"):
        scores = ops.cast(scores, "float32")
    if mask is None:
        return _softmax(scores, axis)
    # The lowest finite number rather than -inf or a guess such as -1e9, which float16 does not have: a row without
    # anything to keep stays finite.
    lowest = float(np.finfo(keras.backend.standardize_dtype(scores.dtype)).min)
    weights = _softmax(ops.where(mask, scores, ops.full_like(scores, lowest)), axis)
    return ops.where(mask, weights, ops.zeros_like(weights))


def _softmax(scores, axis):
    # Of a single number it is 1. Keras warns of that, but one key, or one modality, is no mistake here.
    return ops.ones_like(scores) if scores.shape[axis] == 1 else ops.softmax(scores, axis=axis)


def scaled_dot_product_attention(q, k, v, mask=None, return_weights=False):
    """softmax(q kᵀ / √d) v (Vaswani et al., 2017, "Attention is all you need").

    1. score[i, j] = q[i] · k[j] / √d
    2. weights[i] = softmax over the keys j, in at least float32
    3. output[i] = Σⱼ weights[i, j] v[j]

    Args:
        q: (batch, n, d) queries.
        k: (batch, m, d) keys.
        v: (batch, m, c) values.
        mask: bool, (batch, m) or (batch, n, m), True = keep. A masked key gets weight 0; a query all of whose keys are
            masked gets weights and an output of 0.
        return_weights: whether to return the weights too.
    Returns:
        (batch, n, c) in the dtype of ``v``, or that and the weights (batch, n, m), at least float32.
    Raises:
        ValueError: where queries and keys differ in size, or keys and values in number.
    """
    if q.shape[-1] != k.shape[-1] or k.shape[-2] != v.shape[-2]:
        raise ValueError(
            f"Received: q, k, v of shapes {tuple(q.shape)}, {tuple(k.shape)}, {tuple(v.shape)}. "
            "Allowed: (batch, n, d), (batch, m, d), (batch, m, c)."
        )
    # Scaled before the product, which would leave float16's range the sooner.
    scores = ops.matmul(q / q.shape[-1] ** 0.5, ops.swapaxes(k, -1, -2))  # (batch, n, m)
    if mask is not None and len(mask.shape) < len(scores.shape):
        mask = ops.expand_dims(mask, -2)
    weights = masked_softmax(scores, mask)
    output = ops.matmul(ops.cast(weights, v.dtype), v)
    return (output, weights) if return_weights else output


@keras.saving.register_keras_serializable(package="mmcourse")
class AdditiveAttention(keras.layers.Layer):
    """Additive attention (Bahdanau, Cho and Bengio, 2015, "Neural machine translation by jointly learning to align and
    translate"), with its two projections.

    1. score[i, j] = vᵀ tanh(W₁ query[i] + W₂ key[j] + b)
    2. weights[i] = softmax over the keys j (never over the queries, nor over the batch), in at least float32
    3. output[i] = Σⱼ weights[i, j] value[j]

    Arguments:
        units: size of the space in which queries and keys meet.

    Call arguments:
        query: (batch, n, d).
        key: (batch, m, d').
        value: (batch, m, c). None: the keys themselves.
        mask: bool, (batch, m) or (batch, n, m), True = keep. A masked key gets weight 0; a query all of whose keys are
            masked has nothing to look at, and gets weights and an output of 0.
        return_weights: whether to return the weights too.

    Returns:
        (batch, n, c), or ((batch, n, c), weights (batch, n, m) in float32).

    A decoder asks about the same keys at every step: ``project_keys`` once, then ``attend`` at each step, is the same
    computation as the call.
    """

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(units, int) or units < 1:
            raise ValueError(f"AdditiveAttention needs a positive number of units. Received: units={units!r}.")
        self.units = units
        policy = {"dtype": self.dtype_policy}
        self.query_projection = keras.layers.Dense(units, use_bias=False, name="query_projection", **policy)
        self.key_projection = keras.layers.Dense(units, name="key_projection", **policy)
        self.score = keras.layers.Dense(1, use_bias=False, name="score", **policy)

    def build(self, query_shape, key_shape, value_shape=None):
        for name, shape in {"query": query_shape, "key": key_shape}.items():
            if len(shape) != 3:
                raise ValueError(f"AdditiveAttention takes (batch, n, d). Received: {name}.shape={tuple(shape)}.")
        self.query_projection.build(query_shape)
        self.key_projection.build(key_shape)
        self.score.build((*key_shape[:-1], self.units))
        self.built = True

    def project_keys(self, key):
        """The half of the score that no query changes: (batch, m, d') → (batch, m, units)."""
        return self.key_projection(key)

    def attend(self, query, projected, value, mask=None):
        """The output and the weights for keys that are already projected.

        query (batch, n, d), projected (batch, m, units), value (batch, m, c) → ((batch, n, c), weights (batch, n, m)).
        """
        hidden = ops.tanh(ops.expand_dims(self.query_projection(query), 2) + ops.expand_dims(projected, 1))
        # As one matrix: with four axes and one column, TensorFlow 2.19 (Colab's) writes beyond the end of its memory.
        scores = self.score(ops.reshape(hidden, (-1, self.units)))
        scores = ops.reshape(scores, ops.shape(hidden)[:-1])  # (batch, n, m)
        if mask is not None and len(mask.shape) < 3:
            mask = ops.expand_dims(mask, 1)
        weights = masked_softmax(scores, mask)
        return ops.matmul(ops.cast(weights, value.dtype), value), weights

    def call(self, query, key, value=None, mask=None, return_weights=False):
        output, weights = self.attend(query, self.project_keys(key), key if value is None else value, mask)
        return (output, weights) if return_weights else output

    def compute_output_shape(self, query_shape, key_shape, value_shape=None):
        return (*query_shape[:-1], (key_shape if value_shape is None else value_shape)[-1])

    def get_config(self):
        return super().get_config() | {"units": self.units}
