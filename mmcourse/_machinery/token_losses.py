"""The cross-entropy of tokens, of which captions, sentences rebuilt from a code and hidden words each take a mean."""

from mmcourse._machinery.checks import check_ids, check_mask, check_number, check_shapes, shape_of
from mmcourse.backend import keras

ops = keras.ops


def token_cross_entropy(targets, logits, real=None, label_smoothing=0.0):
    """−log p(target) of each token, in nats: int (b, L) and (b, L, V) -> float32 (b, L); 0 where no token is asked for.

    Args:
        targets: word ids.
        logits: scores of all V words, of any float type; the softmax is taken in float32.
        real: bool (b, L), which targets count; None: those that are not 0, the padding.
        label_smoothing: ε from 0 to 1. The target has probability 1 − ε, and ε is spread evenly over all V words.

    Raises ValueError for shapes that do not fit, a mask that is none, and an ε out of range.
    """
    check_shapes(targets=(targets, "b L"), logits=(logits, "b L V"))
    check_mask("real", real, shape_of(targets) or ())
    check_number("from 0 to 1", at_least=0, at_most=1, label_smoothing=label_smoothing)
    if None not in (v := shape_of(logits) or (None,)):
        check_ids(v[-1], targets=targets)
    targets = ops.cast(targets, "int32")
    real = ops.not_equal(targets, 0) if real is None else ops.cast(real, "bool")
    logits = ops.cast(logits, "float32")
    logits = ops.where(ops.expand_dims(real, -1), logits, ops.zeros_like(logits))  # before: NaN is in no gradient, too
    log_p = ops.log_softmax(logits, axis=-1)
    each = -ops.take_along_axis(log_p, ops.expand_dims(targets, -1), axis=-1)[..., 0]
    if label_smoothing:
        each = (1 - label_smoothing) * each - label_smoothing * ops.mean(log_p, axis=-1)
    return ops.where(real, each, ops.zeros_like(each))


def mean_where(values, asked):
    """The mean of the values that are asked for, bool of the same shape, whatever the others are; 0 where none is.
    Raises ValueError for two shapes."""
    check_shapes(values=(values, "n …"), asked=(asked, "n …"))
    check_mask("asked", asked, *([shape_of(values)] if shape_of(values) is not None else []))
    kept = ops.where(asked, values, ops.zeros_like(values))
    return ops.sum(kept) / ops.maximum(ops.sum(ops.cast(asked, "float32")), 1.0)
