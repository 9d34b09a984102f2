"""The softmax over what is not masked, and attention by scaled dot products."""

import numpy as np

from mmcourse._machinery.checks import check_floats, check_mask, check_shapes, shape_of
from mmcourse._machinery.masks import broadcast_mask, given, unless_strange, without_nan
from mmcourse.backend import keras

ops = keras.ops


def masked_softmax(scores, mask=None, axis=-1):
    """The softmax of ``scores`` over ``axis``, in at least float32, as if what is masked were not there.

    Args:
        scores: (..., m).
        mask: bool, or 0 and 1, broadcast to the shape of ``scores``; True = keep.
    Returns:
        weights, float32 (float64 for scores in it), the shape of ``scores``: 0 where masked, sum 1 over ``axis``; where
        all is masked, all zeros, never NaN.
    Raises:
        ValueError: scores that are no floats, a mask of other values (such as 0 and −inf) or another size.
    """
    check_floats("scores", scores)
    mask = given(mask)
    _check_broadcast(mask, shape_of(scores))
    if keras.backend.standardize_dtype(scores.dtype) in ("float16", "bfloat16"):
        scores = ops.cast(scores, "float32")
    if mask is None:
        return _softmax(scores, axis)
    # The lowest finite number rather than -inf or a guess such as -1e9, which float16 does not have: a row without
    # anything to keep stays finite.
    raw, mask = mask, ops.cast(mask, "bool")
    lowest = float(np.finfo(keras.backend.standardize_dtype(scores.dtype)).min)
    weights = _softmax(ops.where(mask, scores, ops.full_like(scores, lowest)), axis)
    return unless_strange(ops.where(mask, weights, ops.zeros_like(weights)), raw, first=False)


def _check_broadcast(mask, shape):
    """Raise ValueError for a mask that does not broadcast to ``shape``."""
    came = None if mask is None else shape_of(mask)
    if None in (came, shape):
        return check_mask("mask", mask)
    ends = shape[len(shape) - len(came) :] if len(came) <= len(shape) else shape
    fits = len(came) == len(ends) and all(None in (a, b) or a in (1, b) for a, b in zip(came, ends, strict=True))
    return check_mask("mask", mask, came if fits else shape)


def _softmax(scores, axis):
    # Of a single number it is 1. Keras warns of that, but one key, or one modality, is no mistake here.
    return ops.ones_like(scores) if scores.shape[axis] == 1 else ops.softmax(scores, axis=axis)


def scaled_dot_product_attention(q, k, v, mask=None, return_weights=False):
    """softmax(q kᵀ / √d) v (Vaswani et al., 2017, "Attention is all you need").

    1. score[i, j] = q[i] · k[j] / √d
    2. weights[i] = softmax over the keys j, in at least float32
    3. output[i] = Σⱼ weights[i, j] v[j]

    Args:
        q: (batch, n, d) queries, or (1, n, d), the same for the whole batch.
        k: (batch, m, d) keys.
        v: (batch, m, c) values.
        mask: bool, (batch, m) or (batch, n, m), True = keep. A masked key gets weight 0; a query all of whose keys are
            masked gets weights and an output of 0.
        return_weights: whether to return the weights too.
    Returns:
        (batch, n, c) in the dtype of ``v``, or that and the weights (batch, n, m), at least float32.
    Raises:
        ValueError: where queries and keys differ in size, or keys and values in number, or any in the batch; a mask of
            another size, or that is no bool, or 0 and 1.
    """
    for name, x in {"q": q, "k": k, "v": v}.items():
        check_floats(name, x)
    heads = "h " * (len(q.shape) == 4)
    check_shapes(q=(q, f"{batch_of(q)} {heads}n d"), k=(k, f"batch {heads}m d"), v=(v, f"batch {heads}m c"))
    mask = given(mask)
    check_attention_mask(mask, q, k)
    if mask is not None:  # what is hidden from all queries is hidden from the gradient of the weights, too
        keep = ops.cast(mask, "bool")
        keep = ops.any(keep, axis=1) if len(keep.shape) == 3 else keep
        keep = broadcast_mask(ops.expand_dims(keep, -1), k)
        k, v = without_nan(ops.convert_to_tensor(k), keep), without_nan(ops.convert_to_tensor(v), keep)
    # Scaled before the product, which would leave float16's range the sooner.
    scores = ops.matmul(q / q.shape[-1] ** 0.5, ops.swapaxes(k, -1, -2))  # (batch, n, m)
    weights = masked_softmax(scores, broadcast_mask(mask, scores))
    output = weighted_sum(weights, v, mask)
    return (output, weights) if return_weights else output


def batch_of(query):
    """The form of the first axis of the queries: "1" where they are the same for the whole batch (learned ones)."""
    return "1" if shape_of(query)[:1] == (1,) else "batch"


def check_attention_mask(mask, query, key):
    """Raise ValueError for a mask that is none of (batch, m) and (batch, n, m), or is no bool, or 0 and 1; an axis of
    1 may stand for the batch or the queries."""
    query, key = shape_of(query), shape_of(key)
    batch, n, m = key[0], query[-2], key[-2]
    check_mask("mask", mask, (batch, m), (batch, n, m), stretch=True)


def weighted_sum(weights, v, mask=None):
    """Σⱼ weights[i, j] v[j], in the dtype of ``v``: of a value that the mask hides, NaN too, nothing comes through."""
    weights = ops.cast(weights, v.dtype)
    if mask is None or len(mask.shape) == 2:
        if mask is not None:
            v = without_nan(v, broadcast_mask(ops.expand_dims(ops.cast(mask, "bool"), -1), v))
        return ops.matmul(weights, v)
    # A value may be hidden from one query and seen by another, which gets its NaN.
    sound = ops.isfinite(v)
    mask = broadcast_mask(ops.cast(mask, v.dtype), weights)
    reached = ops.matmul(ops.broadcast_to(mask, ops.shape(weights)), ops.cast(ops.logical_not(sound), v.dtype)) > 0
    output = ops.matmul(weights, ops.where(sound, v, ops.zeros_like(v)))
    return ops.where(reached, ops.full_like(output, float("nan")), output)
