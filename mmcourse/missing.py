"""A modality that is missing: what a model reads in its place, and how it learns to do without.

Everything here takes a batch and returns a batch, a dict of modalities, perhaps with ``mask`` and ``present`` (see
`mmcourse.fusion.Fusion`), so that each can stand before any model of `mmcourse.fusion.levels`.

====================  ============================================================================================
fill                  a fixed value where something is missing, and nothing said about it
MeanImputer           the same with the means of the training items
CrossModalGenerator   a guess of what is missing from what is there
ModalityDropout       takes modalities away in training, so that the model learns to do without
Prepared              such steps and a model, as one model
====================  ============================================================================================

The other way is to fill nothing and leave ``present`` in the batch: a fusion layer that reads it counts only what is
there (a *mask*).
"""

from mmcourse._machinery import masks
from mmcourse._machinery.checks import (
    check_finite,
    check_number,
    check_numbers,
    check_shapes,
    check_type,
    check_whole,
    shape_of,
)
from mmcourse._machinery.masks import check_batch_shape, fill_missing, lacking, split_batch
from mmcourse._machinery.seeds import independent
from mmcourse.backend import keras
from mmcourse.fusion.base import concatenate

ops = keras.ops


def presence(batch):
    """Which modalities each sample has: a batch -> {name: bool (batch,)} of all its modalities, True where nobody said
    that it is missing.

    Raises ValueError where ``present`` names a modality that the batch has not.
    """
    inputs, _, present = split_batch(batch)
    return masks.presence(inputs, present)


def fill(batch, values=None):
    """A batch -> the same without ``present``: a value stands where something was missing, and nothing says so.

    Args:
        batch: modalities (batch, ...) and ``present`` {name: bool (batch,)}. What stood at a missing place is not used.
        values: {name: (d,) or (batch, d), or whatever else fits the modality}; 0 for a name that is left out.

    Raises ValueError for the value of a modality that the batch has not, and for one that is NaN or does not fit.
    """
    inputs, mask, present = split_batch(batch)
    check_type((dict, type(None)), "{name: what stands there}", values=values)
    values = values or {}
    if unknown := sorted(set(values) - set(inputs)):
        raise ValueError(f"Received: values for {unknown}. Allowed: {list(inputs)}.")
    for name, value in values.items():
        check_numbers(**{f"values[{name!r}]": (value, "…")})
        here, shape = shape_of(value), shape_of(inputs[name])
        short = zip(reversed(here), reversed(shape), strict=False)
        if len(here) > len(shape) or any(None not in (a, b) and a not in (1, b) for a, b in short):
            raise ValueError(f"Received: values[{name!r}] of shape {here}. Allowed: what fits {shape}.")
    filled = {name: fill_missing(x, present.get(name), values.get(name, 0)) for name, x in inputs.items()}
    return filled | ({"mask": mask} if mask else {})


@keras.saving.register_keras_serializable(package="mmcourse")
class ModalityDropout(keras.layers.Layer):
    """Takes whole modalities away in training, from each sample others (Neverova et al., 2016, "ModDrop: adaptive
    multi-modal gesture recognition"; there all may go, here one always stays).

    1. Each modality that a sample has is marked with its rate, independently of the others.
    2. Where all that a sample has are marked, one of them stays, each with the same chance.
    3. The marked ones are zeros, and ``present`` says that they are missing. Nothing is scaled.

    So of m modalities that are all there, each is dropped with the probability pᵢ − (Π p) / m.

    Args:
        rate: a number from 0 to 1, for every modality, or {name: rate}; names may be left out (0).
        tell: True: the batch says in ``present`` what is missing; False: ``present`` is left out, and the zeros pass
            for data (`fill`).
        seed: of the draws; None: Keras' own.

    Call arguments:
        batch: modalities (batch, ...), with or without ``present``. training: nothing is dropped unless True.

    Returns:
        The batch, with ``present`` for all modalities, and zeros for whatever is missing.

    Raises ValueError for a rate out of range, and for one of a modality that the batch has not.
    """

    def __init__(self, rate=0.3, tell=True, seed=None, **kwargs):
        super().__init__(**kwargs)
        each = {f"rate[{name!r}]": one for name, one in rate.items()} if isinstance(rate, dict) else {"rate": rate}
        check_number("numbers from 0 to 1, one, or one for each name", at_least=0, at_most=1, **each)
        self.rate = dict(rate) if isinstance(rate, dict) else rate
        self.tell, self.seed = tell, seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, batch, training=False):
        inputs, mask, _ = split_batch(batch)
        names, present = list(inputs), presence(batch)
        if training:
            rows = ops.stack([present[name] for name in names], axis=1)  # (batch, m)
            present = dict(zip(names, ops.unstack(self.keep(rows, self.rates(names)), len(names), 1), strict=True))
        hidden = {name: fill_missing(x, present[name]) for name, x in inputs.items()}
        return hidden | ({"mask": mask} if mask else {}) | ({"present": present} if self.tell else {})

    def rates(self, names):
        """One rate for each name."""
        if not isinstance(self.rate, dict):
            return [float(self.rate)] * len(names)
        if unknown := sorted(set(self.rate) - set(names)):
            raise ValueError(f"Received: a rate for {unknown}. Allowed: {names}.")
        return [float(self.rate.get(name, 0)) for name in names]

    def keep(self, present, rates):
        """What is there, bool (batch, m) -> what stays, bool (batch, m)."""
        marks, draw = (
            keras.random.uniform(ops.shape(present), dtype="float32", seed=self.seed_generator) for _ in range(2)
        )
        stays = ops.logical_and(present, marks >= ops.convert_to_tensor(rates, "float32"))
        saved = ops.argmax(ops.where(present, draw, -ops.ones_like(draw)), axis=1)  # one of those that are there
        saved = ops.logical_and(present, ops.one_hot(saved, present.shape[1], dtype="bool"))
        return ops.where(ops.any(stays, axis=1, keepdims=True), stays, saved)

    def get_config(self):
        return super().get_config() | {"rate": self.rate, "tell": self.tell, "seed": self.seed}


@keras.saving.register_keras_serializable(package="mmcourse")
class MeanImputer(keras.layers.Layer):
    """Writes the mean of the training items' vectors where a modality is missing. ``adapt`` it first.

    Call arguments:
        batch: {name: (batch, d)}, with or without ``present``.

    Returns:
        The batch without ``present``, see `fill`.
    """

    def build(self, batch_shape):
        check_batch_shape(batch_shape)
        shapes = {name: shape for name, shape in batch_shape.items() if name not in ("mask", "present")}
        self.means = {
            name: self.add_weight(shape=shape[1:], initializer="zeros", trainable=False, name=name, dtype="float32")
            for name, shape in sorted(shapes.items())
        }
        self.built = True

    def adapt(self, batch):
        """Take the means of a batch of training items, each modality over the items that have it.

        Raises ValueError for a modality that no item has: it has no mean; and for NaN in one that is said to be there.
        """
        inputs, _, _ = split_batch(batch)
        if not self.built:
            self.build({name: tuple(x.shape) for name, x in inputs.items()})
        for name, has in presence(batch).items():
            if not (count := int(ops.sum(ops.cast(has, "int32")))):
                raise ValueError(f"Received: a batch in which no item has {name!r}. Allowed: at least one.")
            check_shapes(**{name: (inputs[name], "batch …")})
            x = fill_missing(ops.cast(inputs[name], "float32"), has)
            check_finite(**{f"{name}, where it is present": x})
            self.means[name].assign(ops.sum(x, axis=0) / count)

    def call(self, batch, training=False):
        check_type(dict, f"a dict of {sorted(self.means)}", batch=batch)
        if absent := [name for name in self.means if name not in batch]:
            raise ValueError(f"Received: modalities {sorted(batch)}. Allowed: {sorted(self.means)}. {lacking(absent)}")
        for name, mean in self.means.items():
            came, wanted = shape_of(batch[name]), tuple(mean.shape)
            if came is not None and came[1:] != wanted:
                raise ValueError(f"Received: {name} of shape {came}. Allowed: (batch, {', '.join(map(str, wanted))}).")
        return fill(batch, {name: ops.convert_to_tensor(mean) for name, mean in self.means.items()})


@keras.saving.register_keras_serializable(package="mmcourse")
class CrossModalGenerator(keras.Model):
    """Guesses the vector of a missing modality from those that are there, whichever they are.

    1. Input: all vectors, zeros where one is missing, and for each modality 1 or 0: is it there.
    2. A layer of rectified units; then for each modality one matrix to its vector.
    3. Training (`fit` on batches without targets, items complete if possible): `ModalityDropout` hides some, and the
       loss is the squared error of the guesses, the sum over a vector and the mean over all items:

        L = E Σᵢ ‖zᵢ − ẑᵢ‖²,   i over what was hidden

    The least loss has ẑᵢ = E[zᵢ | what is there], the conditional mean. It is a function of what is there, and so it
    tells nothing about a label that what is there does not tell.

    Args:
        hidden: number of rectified units. rate: of `ModalityDropout` in training. seed: of weights and draws.

    Call arguments:
        batch: {name: (batch, d)}, with or without ``present``.

    Returns:
        The batch without ``present``, guesses where something was missing, see `fill`.
    """

    def __init__(self, hidden=64, rate=0.5, seed=None, **kwargs):
        super().__init__(**kwargs)
        check_whole(hidden=hidden)
        self.hidden, self.rate, self.seed = hidden, rate, seed
        self.drop = ModalityDropout(rate, seed=independent(seed, 1, "CrossModalGenerator")[0], name="drop")

    def build(self, batch_shape):
        check_batch_shape(batch_shape)
        shapes = {name: shape for name, shape in batch_shape.items() if name not in ("mask", "present")}
        self.names = tuple(sorted(shapes))

        seeds = iter(independent(self.seed, 2 + len(self.names), "CrossModalGenerator")[1:])  # the first: draws

        def dense(name, size, units, activation=None):
            initializer = keras.initializers.GlorotUniform(next(seeds))
            policy = self.dtype_policy
            layer = keras.layers.Dense(units, activation, kernel_initializer=initializer, dtype=policy, name=name)
            layer.build((None, size))
            return layer

        total = sum(shapes[name][-1] + 1 for name in self.names)
        self.first = dense("first", total, self.hidden, "relu")
        self.guesses = {name: dense(f"guess_{name}", self.hidden, shapes[name][-1]) for name in self.names}
        self.built = True

    def call(self, batch, training=False):
        return fill(batch, self.guess(batch))

    def guess(self, batch):
        """A guess of every modality, {name: (batch, d)}, also of those that are there."""
        inputs, _, _ = split_batch(batch)
        if tuple(inputs) != self.names:
            absent = [name for name in self.names if name not in inputs]
            raise ValueError(
                f"Received: modalities {list(inputs)}. Allowed: {list(self.names)}. {lacking(absent)}".rstrip()
            )
        sizes = {name: guess.kernel.shape[-1] for name, guess in self.guesses.items()}
        check_shapes(**{name: (x, f"batch {sizes[name]}") for name, x in inputs.items()})
        seen = {}
        for name, has in presence(batch).items():
            x = ops.cast(inputs[name], self.compute_dtype)
            seen[name] = ops.concatenate([fill_missing(x, has), ops.cast(has, x.dtype)[:, None]], axis=1)
        hidden = self.first(concatenate(seen))
        return {name: self.guesses[name](hidden) for name in self.names}

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        real, known = split_batch(x)[0], presence(x)
        filled = self(self.drop(x, training=True))
        loss = 0.0
        for name in self.names:  # of what was not hidden, and of what nobody knows, the error is 0
            error = ops.cast(filled[name], "float32") - ops.cast(real[name], "float32")
            loss = loss + ops.mean(ops.sum(ops.square(fill_missing(error, known[name])), axis=1))
        return loss

    def get_config(self):
        return super().get_config() | {"hidden": self.hidden, "rate": self.rate, "seed": self.seed}


@keras.saving.register_keras_serializable(package="mmcourse")
class Prepared(keras.Model):
    """Steps that prepare a batch, one after the other, and a model that reads what comes out.

    Args:
        steps: layers, batch -> batch, such as those of this module. A generator that shall stay as it is needs
            ``trainable = False``.
        model: a model, batch -> output, such as those of `mmcourse.fusion.levels`. The loss is that of its output.
    """

    def __init__(self, steps, model, **kwargs):
        super().__init__(**kwargs)
        self.steps, self.model = list(steps), model

    def call(self, batch, training=False):
        for step in self.steps:
            batch = step(batch, training=training)
        return self.model(batch, training=training)

    def get_config(self):
        store = keras.saving.serialize_keras_object
        return super().get_config() | {"steps": store(self.steps), "model": store(self.model)}

    @classmethod
    def from_config(cls, config):
        restore = keras.saving.deserialize_keras_object
        return cls(**{k: restore(v) if k in ("steps", "model") else v for k, v in config.items()})
