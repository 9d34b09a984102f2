"""The softmax over what is not masked, and attention by scaled dot products."""

import numpy as np

from mmcourse._machinery.masks import broadcast_mask
from mmcourse.backend import keras

ops = keras.ops


def masked_softmax(scores, mask=None, axis=-1):
    """The softmax of ``scores`` over ``axis``, in at least float32, as if what is masked were not there.

    Args:
        scores: (..., m).
        mask: broadcast to the shape of ``scores``; True (or not 0) = keep.
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
    mask = ops.cast(mask, "bool")
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
    weights = masked_softmax(scores, broadcast_mask(mask, scores))
    output = ops.matmul(ops.cast(weights, v.dtype), v)
    return (output, weights) if return_weights else output
