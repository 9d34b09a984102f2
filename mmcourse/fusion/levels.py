"""Where in a network fusion happens: among the data, among the features, among the decisions, or at several places.

    data level ("early")            join the inputs, then one encoder, then the decision
    feature level ("intermediate")  an encoder for each modality, join the vectors, then the decision
    decision level ("late")         an encoder and a decision for each modality, join the decisions
    hybrid                          decisions of single modalities and of joined features, joined

Each is a model with one interface: it takes a batch as `mmcourse.batches` makes them, a dict of modalities, perhaps
with ``mask`` and ``present`` (dicts too, see `Fusion`), and returns logits (batch, outputs). Compile it with a loss on
logits. Encoders are layers or models that turn one modality into a vector (batch, d). What is missing or padding is 0
before any encoder sees it; an encoder whose ``call`` takes a mask gets that of its modality.

Texts differ in their words: Snoek, Worring and Smeulders (2005, "Early versus late fusion in semantic video analysis")
and Baltrušaitis, Ahuja and Morency (2019, "Multimodal machine learning: a survey and taxonomy") call joined features
"early".
"""

import inspect

from mmcourse.backend import keras
from mmcourse.fusion.base import hide

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
    side by side. What is missing or padding is 0, but its positions stay: the encoder gets no mask.

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
        inputs = clean(*split(batch))
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
        return self.decide(join(self.fusion, encode(self.encoders, batch, training), batch))

    def get_config(self):
        return super().get_config() | {"encoders": _store(self.encoders), "fusion": _store(self.fusion)}


@keras.saving.register_keras_serializable(package="mmcourse")
class DecisionLevel(LevelModel):
    """Decision level, or late fusion: each modality decides by itself, and the decisions are joined.

    The loss is the mean over the modalities of the loss of each decision, on the samples that have the modality: no
    decision learns anything from another one, just as if the models had been trained one by one. (So an encoder runs
    twice in a training step, for the joined decision and for its own loss.) The joined decision of a sample is over the
    modalities that are there:

    - ``combine="mean"``: the mean of the probabilities;
    - ``combine="product"``: their normalised product, i.e. the softmax of the sum of the logits.

    Arguments:
        encoders: {name: a layer, modality -> (batch, d)}.
        outputs, seed: see `LevelModel`; at least two outputs (classes).
        combine: "mean" or "product".

    Raises ValueError for a single output, and for another way to combine.
    """

    def __init__(self, encoders, outputs, combine="mean", seed=None, **kwargs):
        super().__init__(outputs, seed, **kwargs)
        if outputs < 2:  # the softmax of one number is 1, whatever it is
            raise ValueError(f"Received: outputs={outputs!r}. Allowed: two classes or more.")
        if combine not in ("mean", "product"):
            raise ValueError(f"Received: combine={combine!r}. Allowed: mean, product.")
        self.encoders, self.combine = dict(encoders), combine
        self.heads = {name: self.head(f"decide_{name}", i) for i, name in enumerate(sorted(self.encoders))}

    def decisions(self, batch, training=False):
        """{name: logits (batch, outputs)}, of each modality alone."""
        return {name: self.heads[name](x) for name, x in encode(self.encoders, batch, training).items()}

    def call(self, batch, training=False):
        return combine(self.decisions(batch, training), split(batch)[2], self.combine)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        present, losses = split(x)[2], []
        for name, logits in self.decisions(x, training).items():
            weight = sample_weight
            if name in present:  # Keras divides by the number of all samples, this by that of those who have it
                there = ops.cast(present[name], "float32")
                share = there / ops.maximum(ops.mean(there), 1e-7)
                weight = share if weight is None else share * ops.cast(weight, "float32")
            losses.append(super().compute_loss(x, y, logits, weight, training))
        return sum(losses) / len(losses)

    def get_config(self):
        return super().get_config() | {"encoders": _store(self.encoders), "combine": self.combine}


@keras.saving.register_keras_serializable(package="mmcourse")
class Hybrid(DecisionLevel):
    """Hybrid fusion: the decisions of each modality alone and one more from their joined features, all joined.

    Each decision has its own loss, and the loss is their mean; an encoder learns from its own decision and the joined.

    Arguments:
        encoders, outputs, combine, seed: see `DecisionLevel`.
        fusion: a `Fusion` layer. Its decision is one more among the others, named "joined".
    """

    def __init__(self, encoders, fusion, outputs, combine="mean", seed=None, **kwargs):
        super().__init__(encoders, outputs, combine, seed, **kwargs)
        self.fusion = fusion
        self.heads["joined"] = self.head("decide_joined", len(self.encoders))

    def decisions(self, batch, training=False):
        features = encode(self.encoders, batch, training)
        joined = join(self.fusion, features, batch)
        return {name: self.heads[name](x) for name, x in (features | {"joined": joined}).items()}

    def get_config(self):
        return super().get_config() | {"fusion": _store(self.fusion)}


def combine(decisions, present=None, how="mean"):
    """{name: logits (batch, outputs)} -> log-probabilities (batch, outputs) of the joined decision.

    ``present`` {name: bool (batch,)}: a decision of a modality that is not there is left out; where none is, all
    classes are equally likely. ``how``: "mean" of the probabilities, or their normalised "product".

    Raises ValueError for no decisions and for another ``how``.
    """
    if not decisions or how not in ("mean", "product"):
        raise ValueError(f"Received: decisions={list(decisions)}, how={how!r}. Allowed: one or more; mean, product.")
    logits = ops.stack([ops.cast(x, "float32") for x in decisions.values()], axis=1)  # (batch, m, outputs)
    there = ops.ones_like(logits[:, :, :1], dtype="bool")
    if present:
        rows = [
            ops.cast(present[name], "bool")[:, None] if name in present else there[:, 0]
            for name in decisions
        ]  # fmt: skip
        there = ops.stack(rows, axis=1)  # (batch, m, 1)
    logs = ops.log_softmax(ops.where(there, logits, ops.zeros_like(logits)), axis=-1)
    if how == "product":
        return ops.log_softmax(ops.sum(ops.where(there, logs, ops.zeros_like(logs)), axis=1), axis=-1)
    # Where nobody is there all say the same, 1 / outputs each.
    weights = ops.cast(ops.where(ops.any(there, axis=1, keepdims=True), there, ops.ones_like(there)), "float32")
    mixed = ops.sum(weights * ops.exp(logs), axis=1) / ops.sum(weights, axis=1)
    return ops.log(ops.maximum(mixed, 1e-30))


def split(batch):
    """A batch -> ({name: modality}, mask, present), modalities in alphabetical order.

    Raises ValueError for a batch that is no dict, and for a mask or present of a modality that is not in it.
    """
    if not isinstance(batch, dict):
        raise ValueError(f"Received: a batch of type {type(batch).__name__}. Allowed: a dict of modalities.")
    inputs = {name: batch[name] for name in sorted(batch) if name not in ("mask", "present")}
    mask, present = ({k: v for k, v in (batch.get(key) or {}).items() if v is not None} for key in ("mask", "present"))
    for name in (*mask, *present):
        if name not in inputs:
            raise ValueError(f"Received: mask or present for {name!r}. Allowed: {list(inputs)}.")
    return inputs, mask, present


def clean(inputs, mask, present):
    """{name: modality} with zeros for what is missing or padding, whatever stood there."""
    cleaned = {}
    for name, x in inputs.items():
        x = ops.convert_to_tensor(x)
        if name in mask:
            keep = ops.cast(mask[name], "bool")
            x = ops.where(ops.reshape(keep, (*ops.shape(keep), *[1] * (len(x.shape) - 2))), x, ops.zeros_like(x))
        cleaned[name] = hide(x, present.get(name))
    return cleaned


def encode(encoders, batch, training=False):
    """A batch -> {name: (batch, d) or (batch, t, d)}; an encoder of what is missing reads zeros.

    Raises ValueError where the batch has other modalities than there are encoders.
    """
    inputs, mask, present = split(batch)
    if sorted(inputs) != sorted(encoders):
        raise ValueError(f"Received: modalities {sorted(inputs)}. Allowed: {sorted(encoders)}, as the encoders.")
    features = {}
    for name, x in clean(inputs, mask, present).items():
        masked = name in mask and "mask" in inspect.signature(encoders[name].call).parameters
        more = {"mask": ops.cast(mask[name], "bool")} if masked else {}
        features[name] = encoders[name](x, training=training, **more)
    return features


def join(fusion, features, batch):
    """The features joined by a `Fusion` layer, with the batch's ``present``, and its ``mask`` where features are still
    sequences -> (batch, units)."""
    _, mask, present = split(batch)
    mask = {name: keep for name, keep in mask.items() if len(features[name].shape) == 3}
    return fusion(features, mask=mask or None, present=present or None)


def _store(layers):
    return keras.saving.serialize_keras_object(layers)


def _restore(stored):
    return keras.saving.deserialize_keras_object(stored)
