"""Masks: which positions of a sequence are real, and which samples have a modality. True = keep, everywhere.

A batch of several modalities is a dict {name: (batch, ...)}, perhaps with ``mask`` ({name: bool (batch, t)}, of the
positions) and ``present`` ({name: bool (batch,)}, of the samples). A name that is left out of these is all there.
"""

import numpy as np

from mmcourse._machinery.checks import check_given, check_mask, check_shapes, dtype_of, known, shape_of
from mmcourse.backend import keras

ops = keras.ops


def combine_masks(mask, other):
    """What both masks keep; None keeps all. Of two axes (batch, m) and three (batch, n, m) comes one of three."""
    mask, other = given(mask), given(other)
    if mask is None or other is None:
        return other if mask is None else mask
    mask, other = (ops.cast(one, "bool") for one in (mask, other))
    longer = max(len(mask.shape), len(other.shape))
    mask, other = (one if len(one.shape) == longer else ops.expand_dims(one, 1) for one in (mask, other))
    return ops.logical_and(mask, other)


def given(mask):
    """The mask, or None: Keras fills in one that nobody gave, None or a list of None. A list of numbers is a mask.
    Raises ValueError for a dict with anything in it: it would be taken for none."""
    if not isinstance(mask, (list, tuple, dict)):
        return mask
    if all(one is None for one in keras.tree.flatten(mask)):
        return None
    if isinstance(mask, dict):
        raise ValueError("Received: mask, a dict. Allowed: an array, bool or 0 and 1; True (or 1) = keep.")
    return np.asarray(mask)


def without_nan(x, keep):
    """``x`` with 0 for what is not finite and not kept (bool, broadcast to ``x``): 0 · NaN would be NaN. All that is
    finite stays as it is, to the last bit."""
    return ops.where(ops.logical_or(keep, ops.isfinite(x)), x, ops.zeros_like(x))


def unless_strange(x, mask, first=True):
    """``x``, and NaN where ``mask`` is neither 0 nor 1. ``first``: the axes of the mask are the first of ``x``; else
    it is broadcast to it.

    `check_mask` refuses such masks wherever it can look. Within a graph it cannot, and there the additive form, 0 and
    -inf, would be taken for its opposite: loss and output are to show that something is wrong. Masks of bools and
    integers, and those that were looked at, cost nothing.
    """
    if "float" not in dtype_of(mask) or "float" not in dtype_of(x) or known(mask) is not None:
        return x
    if first:
        mask = ops.reshape(mask, (*ops.shape(mask), *[1] * (len(x.shape) - len(mask.shape))))
    fits = ops.logical_or(ops.equal(mask, 0), ops.equal(mask, 1))
    return ops.where(fits, x, ops.cast(float("nan"), x.dtype))


def without_hidden(mask, x):
    """A sequence (batch, m, …) with 0 for what is not finite where ``mask``, (batch, m) or (batch, n, m), hides it from
    everyone. It stands before all weights: a kernel's gradient is a product with what went in, and 0 · NaN is NaN."""
    if mask is None:
        return x
    keep = ops.cast(mask, "bool")
    keep = ops.any(keep, axis=1) if len(keep.shape) == 3 else keep
    x = ops.convert_to_tensor(x)
    return without_nan(x, ops.reshape(keep, (*ops.shape(keep), *[1] * (len(x.shape) - 2))))


@keras.saving.register_keras_serializable("mmcourse")
class RealOnly(keras.layers.Layer):
    """A sequence (batch, t, …) with zeros where the mask (batch, t) is False, whatever stood there, as a layer: the
    first one of a model that takes a mask."""

    def build(self, x_shape, mask_shape=None):
        self.size = x_shape[-1]
        self.built = True

    def call(self, x, mask):
        if None not in (self.size, x.shape[-1]) and x.shape[-1] != self.size:
            raise ValueError(f"Received: a sequence of shape {shape_of(x)}. Allowed: (batch, t, …, {self.size}).")
        check_mask("mask", mask, shape_of(x)[:2], needed=True)
        keep = ops.cast(mask, "bool")
        return ops.where(ops.reshape(keep, (*ops.shape(keep), *[1] * (len(x.shape) - 2))), x, ops.zeros_like(x))

    def compute_output_shape(self, x_shape, mask_shape=None):
        return x_shape


def broadcast_mask(mask, scores):
    """The mask (batch, m) or (batch, n, m), or None, with axes of length 1 after the batch until it has as many as the
    scores (batch, …, m): a mask of two axes is of the keys, never of the queries."""
    while mask is not None and len(mask.shape) < len(scores.shape):
        mask = ops.expand_dims(mask, 1)
    return mask


def fill_missing(x, present=None, value=0):
    """``x`` (batch, ...) with ``value`` (which broadcasts to it) for the samples where ``present`` (bool, (batch,)) is
    False, whatever stood there; None: all are present."""
    if present is None:
        return ops.convert_to_tensor(x)
    check_shapes(modality=(x, "batch …"))  # that it is numbers: texts have no zero
    x = ops.convert_to_tensor(x)
    keep = ops.reshape(ops.cast(present, "bool"), (-1, *[1] * (len(x.shape) - 1)))
    return unless_strange(ops.where(keep, x, ops.cast(value, x.dtype)), present)  # not a product: 0 · NaN is NaN


def split_batch(batch):
    """A batch -> ({name: modality}, mask, present), modalities in alphabetical order, the latter two without entries
    that are None.

    Raises ValueError for a batch that is no dict, for modalities of several batch sizes, for a mask or present of a
    modality that is not in it, and for one that is neither bool nor 0 and 1, or of another size.
    """
    if not isinstance(batch, dict):
        raise ValueError(f"Received: a batch of type {type(batch).__name__}. Allowed: a dict of modalities.")
    inputs = {name: batch[name] for name in sorted(batch) if name not in ("mask", "present")}
    if not inputs:
        raise ValueError(f"Received: a batch of {sorted(batch)}. Allowed: a dict with one modality or more.")
    inputs = {name: np.asarray(x) if isinstance(x, (list, tuple)) else x for name, x in inputs.items()}
    check_given(**inputs)
    for name, x in inputs.items():
        if isinstance(x, (dict, str)) or dtype_of(x).startswith("object"):
            raise ValueError(f"Received: {name}, a {type(x).__name__}. Allowed: an array or tensor, (batch, ...).")
    check_same_batch(inputs)
    mask, present = (named(batch.get(key), inputs, key) for key in ("mask", "present"))
    for name, one in (*mask.items(), *present.items()):
        inputs[name] = unless_strange(inputs[name], one)
    return inputs, mask, present


def check_batch_shape(shape, names=()):
    """Raise ValueError unless the shape that a model is built for is that of a dict with these names."""
    if not isinstance(shape, dict) or not shape or not set(names) <= set(shape):
        came = sorted(shape) if isinstance(shape, dict) else f"shape {shape}"
        allowed = f"{sorted(names)}; the first batch has all" if names else "one modality or more"
        raise ValueError(f"Received: a batch of {came}. Allowed: a dict with {allowed}.")


def check_same_batch(inputs):
    """Raise ValueError where modalities differ in their batch size: one of 1 would be stretched over all. (A modality
    may be a dict of arrays, too.)"""
    shapes = {}
    for name, x in inputs.items():
        parts = {f"{name}.{key}": part for key, part in x.items()} if isinstance(x, dict) else {name: x}
        shapes |= {key: shape_of(part) for key, part in parts.items() if not isinstance(part, dict)}
    sizes = {shape[0] for shape in shapes.values() if shape and shape[0] is not None}
    if len(sizes) > 1 or () in shapes.values():
        raise ValueError(f"Received: modalities of shapes {shapes}. Allowed: one batch size, the first axis, for all.")


def named(given, inputs, what):
    """A dict of masks without its empty entries (Keras fills an absent mask with one None for each input).

    Raises ValueError for what is no dict, for a name that ``inputs`` has not, and for a mask that is neither bool nor
    0 and 1, or does not fit its input; ``what``: "mask" (batch, t) or "present" (batch,).
    """
    if given is not None and not isinstance(given, dict):
        if not all(one is None for one in keras.tree.flatten(given)):
            raise ValueError(f"Received: {what} of type {type(given).__name__}. Allowed: a dict by {list(inputs)}.")
        given = None
    kept = {name: one for name, one in (given or {}).items() if one is not None}
    if unknown := sorted(set(kept) - set(inputs)):
        raise ValueError(f"Received: {what} for {unknown}. Allowed: {list(inputs)}.")
    for name, one in kept.items():
        shape = shape_of(inputs[name])
        check_mask(f"{what}[{name!r}]", one, *([shape[: 1 if what == "present" else 2]] if shape else []))
    return kept


def lacking(names):
    """What to do about a modality that is left out, as a sentence for an error."""
    return (
        f"For {', '.join(map(repr, names))}, which is missing, give zeros of its shape, and "
        f"present={{{names[0]!r}: zeros of (batch,)}} says that it is not there."
        if names
        else ""
    )


def zero_masked(inputs, mask, present):
    """{name: modality (batch, ...)} with zeros for what is missing or padding, whatever stood there."""
    zeroed = {}
    for name, x in inputs.items():
        x = ops.convert_to_tensor(x)
        if name in mask:
            keep = ops.cast(mask[name], "bool")
            x = ops.where(ops.reshape(keep, (*ops.shape(keep), *[1] * (len(x.shape) - 2))), x, ops.zeros_like(x))
            x = unless_strange(x, mask[name])
        zeroed[name] = fill_missing(x, present.get(name))
    return zeroed


def presence(inputs, present):
    """Which modalities each sample has: {name: bool (batch,)} for each of ``inputs``, True where none is given."""
    everywhere = ops.ones((ops.shape(next(iter(inputs.values())))[0],), "bool")
    return {name: ops.cast(present[name], "bool") if name in present else everywhere for name in inputs}
