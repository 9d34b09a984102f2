"""Where in a network fusion happens: among the data, among the features, among the decisions, or at several places.

    data level ("early")            join the inputs, then one encoder, then the decision
    feature level ("intermediate")  an encoder for each modality, join the vectors, then the decision
    decision level ("late")         an encoder and a decision for each modality, join the decisions
    hybrid                          decisions of single modalities and of joined features, joined

Each is a model with one interface: it takes a batch as `mmcourse.batches` makes them, a dict of modalities, perhaps
with ``mask`` and ``present`` (dicts too, see `Fusion`), and returns logits (batch, outputs). Compile it with a loss on
logits. Encoders are layers or models that turn one modality into a vector (batch, d).
"""

from mmcourse.attention import masked_softmax
from mmcourse.fusion.base import hide
from mmcourse.quiet import keras

ops = keras.ops


class LevelModel(keras.Model):
    """What the levels share. ``outputs``: number of logits; ``seed``: of the initial weights of the decisions."""

    def __init__(self, outputs, seed=None, **kwargs):
        super().__init__(**kwargs)
        if isinstance(outputs, bool) or not isinstance(outputs, int) or outputs < 1:
            raise ValueError(f"Received: outputs={outputs!r}. Allowed: a whole number from 1.")
        self.outputs_, self.seed = outputs, seed

    def head(self, name, offset=0):
        """The last layer, vector -> logits."""
        seed = None if self.seed is None else self.seed + offset
        return keras.layers.Dense(
            self.outputs_, kernel_initializer=keras.initializers.GlorotUniform(seed), dtype="float32", name=name
        )

    def get_config(self):
        return super().get_config() | {"outputs": self.outputs_, "seed": self.seed}

    @classmethod
    def from_config(cls, config):
        layers = ("encoder", "encoders", "fusion")
        return cls(**{k: _restore(v) if k in layers else v for k, v in config.items()})


@keras.saving.register_keras_serializable(package="mmcourse")
class DataLevel(LevelModel):
    """Data level, or early fusion: the inputs side by side, one encoder, one decision.

    Inputs of several positions (sequences, frames, pixels) are joined position by position along their last axis: they
    must have the same positions, and position i of one must belong to position i of the other. Vectors need only be put
    side by side. What is missing is 0.

    Arguments:
        encoder: a layer, joined input (batch, ..., Σ d) -> (batch, units).
        outputs, seed: see `LevelModel`.

    Raises ValueError where the modalities differ in their positions.
    """

    def __init__(self, encoder, outputs, seed=None, **kwargs):
        super().__init__(outputs, seed, **kwargs)
        self.encoder = encoder
        self.decide = self.head("decide")

    def call(self, batch, training=False):
        inputs, _, present = split(batch)
        inputs = {name: hide(x, present.get(name)) for name, x in inputs.items()}
        positions = {name: tuple(x.shape[1:-1]) for name, x in inputs.items()}
        if len(set(positions.values())) > 1:
            raise ValueError(f"Received: positions {positions}. Allowed: the same for all modalities.")
        joined = ops.concatenate([ops.cast(x, self.compute_dtype) for x in inputs.values()], axis=-1)
        return self.decide(self.encoder(joined, training=training))

    def get_config(self):
        return super().get_config() | {"encoder": _store(self.encoder)}


@keras.saving.register_keras_serializable(package="mmcourse")
class FeatureLevel(LevelModel):
    """Feature level, or intermediate fusion: a vector of each modality, joined by a fusion layer, one decision.

    Arguments:
        encoders: {name: a layer, modality -> (batch, d) or (batch, t, d)}.
        fusion: a `Fusion` layer.
        outputs, seed: see `LevelModel`.
    """

    def __init__(self, encoders, fusion, outputs, seed=None, **kwargs):
        super().__init__(outputs, seed, **kwargs)
        self.encoders, self.fusion = dict(encoders), fusion
        self.decide = self.head("decide")

    def call(self, batch, training=False):
        inputs, mask, present = split(batch)
        features = encode(self.encoders, inputs, present, training)
        mask = {name: keep for name, keep in mask.items() if len(features[name].shape) == 3}
        return self.decide(self.fusion(features, mask=mask or None, present=present or None))

    def get_config(self):
        return super().get_config() | {"encoders": _store(self.encoders), "fusion": _store(self.fusion)}


@keras.saving.register_keras_serializable(package="mmcourse")
class DecisionLevel(LevelModel):
    """Decision level, or late fusion: each modality decides by itself, and the decisions are joined.

    The loss is the mean of the losses of the single decisions: no decision learns anything from another modality, just
    as if the models had been trained one by one. The joined decision of a sample is over the modalities that are there:

    - ``combine="mean"``: the mean of the probabilities;
    - ``combine="product"``: their normalised product, i.e. the softmax of the sum of the logits.

    Arguments:
        encoders: {name: a layer, modality -> (batch, d)}.
        outputs, seed: see `LevelModel`; at least two outputs (classes).
        combine: "mean" or "product".
    """

    def __init__(self, encoders, outputs, combine="mean", seed=None, **kwargs):
        super().__init__(outputs, seed, **kwargs)
        if combine not in ("mean", "product"):
            raise ValueError(f"Received: combine={combine!r}. Allowed: mean, product.")
        self.encoders, self.combine = dict(encoders), combine
        self.heads = {name: self.head(f"decide_{name}", i) for i, name in enumerate(sorted(self.encoders))}

    def decisions(self, batch, training=False):
        """{name: logits (batch, outputs)}, of each modality alone."""
        inputs, _, present = split(batch)
        features = encode(self.encoders, inputs, present, training)
        return {name: self.heads[name](x) for name, x in features.items()}

    def call(self, batch, training=False):
        return combine(self.decisions(batch, training), split(batch)[2], self.combine)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        losses = [
            super(DecisionLevel, self).compute_loss(x, y, logits, sample_weight, training)
            for logits in self.decisions(x, training).values()
        ]
        return sum(losses) / len(losses)

    def get_config(self):
        return super().get_config() | {"encoders": _store(self.encoders), "combine": self.combine}


@keras.saving.register_keras_serializable(package="mmcourse")
class Hybrid(DecisionLevel):
    """Hybrid fusion: the decisions of each modality alone and one from their joined features, joined by their mean.

    Arguments:
        encoders, outputs, combine, seed: see `DecisionLevel`.
        fusion: a `Fusion` layer. Its decision is one more among the others, named "joined".
    """

    def __init__(self, encoders, fusion, outputs, combine="mean", seed=None, **kwargs):
        super().__init__(encoders, outputs, combine, seed, **kwargs)
        self.fusion = fusion
        self.heads["joined"] = self.head("decide_joined", len(self.encoders))

    def decisions(self, batch, training=False):
        inputs, _, present = split(batch)
        features = encode(self.encoders, inputs, present, training)
        joined = self.fusion(features, present=present or None)
        return {name: self.heads[name](x) for name, x in (features | {"joined": joined}).items()}

    def get_config(self):
        return super().get_config() | {"fusion": _store(self.fusion)}


def combine(decisions, present=None, how="mean"):
    """{name: logits (batch, outputs)} -> log-probabilities (batch, outputs) of the joined decision.

    ``present`` {name: bool (batch,)}: a decision of a modality that is not there is left out; where none is, all
    classes are equally likely. ``how``: "mean" of the probabilities, or their normalised "product".
    """
    logits = ops.stack(list(decisions.values()), axis=1)  # (batch, m, outputs)
    there = ops.ones_like(logits[:, :, :1], dtype="bool")
    if present:
        rows = [
            ops.cast(present[name], "bool")[:, None] if name in present else there[:, 0]
            for name in decisions
        ]  # fmt: skip
        there = ops.stack(rows, axis=1)  # (batch, m, 1)
    logs = ops.log_softmax(ops.cast(logits, "float32"), axis=-1)
    if how == "product":
        return ops.log_softmax(ops.sum(ops.where(there, logs, ops.zeros_like(logs)), axis=1), axis=-1)
    shares = masked_softmax(ops.zeros_like(logs), ops.broadcast_to(there, ops.shape(logs)), axis=1)  # 1/m, or 0
    mixed = ops.sum(shares * ops.exp(logs), axis=1)
    uniform = ops.full_like(mixed, 1 / mixed.shape[-1])
    mixed = ops.where(ops.any(there, axis=1), mixed, uniform)
    return ops.log(ops.maximum(mixed, 1e-30))


def split(batch):
    """A batch -> ({name: modality}, mask, present), modalities in alphabetical order."""
    inputs = {name: batch[name] for name in sorted(batch) if name not in ("mask", "present")}
    return inputs, dict(batch.get("mask") or {}), dict(batch.get("present") or {})


def encode(encoders, inputs, present, training=False):
    """{name: vectors} of what is there; an encoder of what is missing reads zeros, and its answer is not used."""
    if sorted(inputs) != sorted(encoders):
        raise ValueError(f"Received: modalities {sorted(inputs)}. Allowed: {sorted(encoders)}, as the encoders.")
    return {name: encoders[name](hide(x, present.get(name)), training=training) for name, x in inputs.items()}


def _store(layers):
    return keras.saving.serialize_keras_object(layers)


def _restore(stored):
    return keras.saving.deserialize_keras_object(stored)
