"""Choosing a fusion method by experiment: many small networks trained at once, and differences of paired runs."""

import math

import numpy as np
from scipy.stats import t as student

from mmcourse.quiet import keras

ops = keras.ops


class Together(keras.Model):
    """Networks that are trained at the same time on the same batches, none of which knows of the others.

    They share no weight, and the loss is the sum of their losses, so each gets exactly the gradients that it would get
    alone; with an optimizer that treats every weight by itself (SGD, Adam) it also ends where it would end alone.
    Twenty small networks cost one compilation instead of twenty.

    Arguments:
        networks: models or layers, each batch -> logits (batch, outputs), all of the same ``outputs``.

    Call: batch -> logits (batch, networks, outputs). Compile it with an optimizer and no loss. ``fit`` takes labels
    int (batch,) and, if wanted, ``sample_weight`` (batch, networks): how much each item counts for each network. Weight
    0 keeps an item from a network; whole numbers that are drawn at random give each its own sample of the items.

    Raises ValueError where there is no network.
    """

    def __init__(self, networks, **kwargs):
        super().__init__(**kwargs)
        self.networks = list(networks)
        if not self.networks:
            raise ValueError("Received: no networks. Allowed: one or more.")

    def call(self, batch, training=False):
        return ops.stack([network(batch, training=training) for network in self.networks], axis=1)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        logs = ops.log_softmax(ops.cast(y_pred, "float32"), axis=-1)  # (batch, networks, outputs)
        right = ops.one_hot(ops.expand_dims(ops.cast(y, "int32"), 1), logs.shape[-1], dtype=logs.dtype)
        losses = -ops.sum(right * logs, axis=-1)  # (batch, networks)
        if sample_weight is not None:
            losses = losses * ops.cast(sample_weight, losses.dtype)
        return ops.sum(ops.mean(losses, axis=0))

    def accuracies(self, batch, labels):
        """The share of right answers of each network, float64 (networks,)."""
        said = ops.convert_to_numpy(self(batch)).argmax(axis=-1)
        return (said == np.asarray(labels)[:, None]).mean(axis=0)


def paired_difference(first, second, confidence=0.95):
    """How much better ``first`` is than ``second``, run by run: the mean difference, and the ends of its interval.

        d̄ ± t · s / √n,   s² = Σᵢ (dᵢ − d̄)² / (n − 1)

    with t the quantile of Student's distribution with n − 1 degrees of freedom (Student, 1908, "The probable error of a
    mean"). Whatever both runs of a pair share (items, draws, luck) is gone from d.

    Args:
        first, second: scores (n,); entry i of both comes from the same draw of items and the same seed.
        confidence: between 0 and 1.
    Returns:
        mean, low, high, floats.
    Raises ValueError for scores that are not paired, or fewer than two.
    """
    first, second = np.asarray(first, "float64"), np.asarray(second, "float64")
    if first.shape != second.shape or first.ndim != 1 or len(first) < 2:
        raise ValueError(
            f"Received: scores of shapes {first.shape} and {second.shape}. Allowed: both (n,), n two or more."
        )
    return interval(first - second, confidence)


def interval(values, confidence=0.95):
    """The mean of ``values`` (n,), n two or more, and the ends of its interval by Student's t: three floats."""
    values = np.asarray(values, "float64")
    n, mean = len(values), values.mean()
    half = student.ppf((1 + confidence) / 2, n - 1) * values.std(ddof=1) / math.sqrt(n)
    return float(mean), float(mean - half), float(mean + half)


def seeds_needed(deviation, difference, confidence=0.95):
    """The fewest runs n for which t · s / √n, with t of n − 1 degrees of freedom, is no more than a difference.

    Args:
        deviation: s, of the (paired) differences of a few first runs. difference: which one is to be told from zero.
    Raises ValueError unless both are positive.
    """
    if not (deviation > 0 and difference > 0):
        raise ValueError(f"Received: deviation={deviation}, difference={difference}. Allowed: positive numbers.")
    n = 2
    while student.ppf((1 + confidence) / 2, n - 1) * deviation / math.sqrt(n) > difference:
        n += 1
    return n
