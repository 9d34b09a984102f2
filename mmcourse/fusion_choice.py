"""Choosing a method by experiment: one network trained again and again, and differences of paired runs."""

import math

import numpy as np
from scipy.stats import t as student

from mmcourse.backend import keras


class Repeated:
    """One classifier that is compiled once and trained many times, each time from other first weights: for a small
    network, compiling takes longer than training.

    Arguments:
        make: function of a seed -> model, batch -> logits (batch, outputs).
        batch: a batch like those to come, a dict of arrays (and of dicts of arrays).
        optimizer: with a learning rate that is one number.
        batch_size: of a step. steps: how many steps a call of ``fit`` takes, or a divisor of that.
    """

    def __init__(self, make, batch, optimizer, batch_size, steps):
        self.make, self.batch, self.batch_size, self.steps = make, batch, batch_size, steps
        self.model = self.fresh(0)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.model.compile(optimizer, loss, steps_per_execution=steps)
        self.model.optimizer.build(self.model.trainable_variables)

    def fresh(self, seed):
        """A new network with its weights drawn."""
        model = self.make(seed)
        model(self.batch)
        return model

    def start(self, seed, rate):
        """The first weights of ``seed``, an optimizer that remembers nothing, a learning rate."""
        self.model.set_weights(self.fresh(seed).get_weights())
        for variable in self.model.optimizer.variables:
            variable.assign(np.zeros(variable.shape, variable.dtype))
        self.model.optimizer.learning_rate = rate

    def fit(self, batch, labels, rng, steps=None):
        """Take ``steps`` steps on a batch of training items and their labels, int (n,); ``rng`` draws their order."""
        # One long epoch of several passes, each in another order: between epochs Keras does much that takes time.
        needed, n = (steps or self.steps) * self.batch_size, len(labels)
        rows = np.concatenate([rng.permutation(n) for _ in range(-(-needed // n))])[:needed]
        self.model.fit(take(batch, rows), labels[rows], self.batch_size, epochs=1, shuffle=False, verbose=0)

    def accuracy(self, batch, labels):
        """The share of right answers."""
        said = keras.ops.convert_to_numpy(self.model(batch)).argmax(-1)
        return float((said == labels).mean())


def take(batch, rows):
    """The rows of a batch, a dict of arrays (and dicts of arrays)."""
    return {name: take(x, rows) if isinstance(x, dict) else x[rows] for name, x in batch.items()}


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
