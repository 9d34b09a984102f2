"""Compile once, train many times."""

import numpy as np

from mmcourse._machinery.checks import as_numbers, check_given, check_shapes, check_type, check_whole, shape_of
from mmcourse.backend import keras


class Repeated:
    """One classifier that is compiled once and trained many times, each time from other first weights: for a small
    network, compiling takes longer than training.

    Args:
        make: function of a seed -> model, batch -> logits (batch, outputs).
        batch: a batch like those to come, a dict of arrays (and of dicts of arrays).
        optimizer: of Keras, not built. For ``start`` with a rate its learning rate is one number.
        batch_size: of a step of ``fit``. steps: how many steps a call of ``fit`` takes, or a divisor of that.
    """

    def __init__(self, make, batch, optimizer, batch_size=None, steps=1):
        check_whole(steps=steps)
        if batch_size is not None:
            check_whole(batch_size=batch_size)
        self.make, self.batch, self.batch_size, self.steps = make, batch, batch_size, steps
        self.model = self.fresh(0)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.model.compile(optimizer, loss, steps_per_execution=steps)
        optimizer.build(self.model.trainable_variables)
        self.of_optimizer, self.drawn = _values(optimizer.variables), {}  # the latter: seed -> values

    def fresh(self, seed):
        """A new network with its weights drawn."""
        model = self.make(seed)
        said = model(self.batch)
        self.outputs = said.shape[-1] if hasattr(said, "shape") else None  # of a generator, a dict: it reads no labels
        return model

    def start(self, seed, rate=None):
        """The first weights of ``seed``, generators of dropout that have drawn nothing, an optimizer that remembers
        nothing; and a learning rate, None: the optimizer's own."""
        if seed not in self.drawn:
            self.drawn[seed] = _values(self.fresh(seed).variables)
        for variables, values in (
            (self.model.variables, self.drawn[seed]),
            (self.model.optimizer.variables, self.of_optimizer),
        ):
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)
        if rate is not None:
            self.model.optimizer.learning_rate = rate

    def fit(self, batch, labels, rng, steps=None):
        """Take ``steps`` steps on a batch of training items and their labels, int (n,); ``rng`` draws their order."""
        # One long epoch of several passes, each in another order: between epochs Keras does much that takes time.
        _check_labels(labels, batch, self.outputs)
        labels = np.asarray(labels) if isinstance(labels, (list, tuple)) else labels
        check_whole(batch_size=self.batch_size)
        if steps is not None:
            check_whole(steps=steps)
        needed, n = (steps or self.steps) * self.batch_size, len(labels)
        rows = np.concatenate([rng.permutation(n) for _ in range(-(-needed // n))])[:needed]
        self.model.fit(take(batch, rows), labels[rows], self.batch_size, epochs=1, shuffle=False, verbose=0)

    def accuracy(self, batch, labels):
        """The share of right answers."""
        said = keras.ops.convert_to_numpy(self.model(batch)).argmax(-1)
        if shape_of(labels) != said.shape:  # (n, 1) would be compared all with all
            raise ValueError(f"Received: labels of shape {shape_of(labels)}. Allowed: {said.shape}, whole numbers.")
        return float((said == labels).mean())


def _values(variables):
    return [keras.ops.convert_to_numpy(variable.value) for variable in variables]


def _check_labels(labels, batch, outputs):
    """Raise ValueError unless there are whole numbers, one (or a row of them) for each row of the batch."""
    check_type(dict, "a dict of modalities", batch=batch)
    values = as_numbers("labels", labels, "n …", whole=True)
    n = len(values)
    if outputs is not None and not (values.min() >= 0 and values.max() < outputs):
        raise ValueError(f"Received: labels from {values.min()} to {values.max()}. Allowed: 0 to {outputs - 1}.")
    plain = {name: x for name, x in batch.items() if not isinstance(x, dict)}
    check_given(**plain)
    check_shapes(**{name: (x, "rows …") for name, x in plain.items()})
    rows = {name: len(x) for name, x in plain.items()}
    if set(rows.values()) != {n}:
        raise ValueError(f"Received: {n} labels for modalities of {rows} rows. Allowed: one label for each.")


def take(batch, rows):
    """The rows of a batch, a dict of arrays (and dicts of arrays)."""
    check_type(dict, "a dict of arrays", batch=batch)
    batch = {name: np.asarray(x) if isinstance(x, (list, tuple)) else x for name, x in batch.items()}
    return {name: take(x, rows) if isinstance(x, dict) else x[rows] for name, x in batch.items()}
