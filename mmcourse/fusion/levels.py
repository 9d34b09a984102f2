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

from mmcourse._machinery.checks import check_given, check_shapes, check_texts, check_type, check_whole
from mmcourse._machinery.masks import lacking, named, presence, split_batch, zero_masked
from mmcourse._machinery.seeds import independent
from mmcourse.backend import keras

ops = keras.ops


class LevelModel(keras.Model):
    """What the levels share. ``outputs``: number of logits; ``seed``: of the initial weights of the decisions."""

    def __init__(self, outputs, seed=None, **kwargs):
        super().__init__(**kwargs)
        check_whole(outputs=outputs)
        self.outputs_, self.seed = outputs, seed

    def head(self, name, place=0):
        """The last layer, vector -> logits; each ``place`` in the model has weights of its own."""
        seed = independent(self.seed, place + 1, type(self).__name__)[-1]
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

    Args:
        encoder: a layer, joined input (batch, ..., Σ d) -> (batch, units).
        outputs, seed: see `LevelModel`.
        names: the modalities that a batch must have; None: those of the first batch.

    Raises ValueError where the modalities differ in their positions, and for a batch of other modalities.
    """

    def __init__(self, encoder, outputs, seed=None, names=None, **kwargs):
        super().__init__(outputs, seed, **kwargs)
        check_layers(encoder=encoder)
        if names is not None:
            check_texts("names of modalities", names=names)
        self.encoder, self.names = encoder, names and tuple(sorted(names))
        self.decide = self.head("decide")

    def call(self, batch, training=False):
        given = split_batch(batch)
        names = self.names or tuple(given[0])
        if tuple(given[0]) != names:
            absent = [name for name in names if name not in given[0]]
            wrong = f"Received: modalities {list(given[0])}. Allowed: {list(names)}, as at first."
            raise ValueError(f"{wrong} {lacking(absent)}".rstrip())
        inputs = zero_masked(*given)
        positions = {name: tuple(x.shape[1:-1]) for name, x in inputs.items()}
        if len(set(positions.values())) > 1:
            raise ValueError(f"Received: positions {positions}. Allowed: the same for all modalities.")
        joined = ops.concatenate([ops.cast(x, self.compute_dtype) for x in inputs.values()], axis=-1)
        decision = self.decide(self.encoder(joined, training=training))
        self.names = names
        return decision

    def get_config(self):
        return super().get_config() | {"encoder": _store(self.encoder), "names": self.names}


@keras.saving.register_keras_serializable(package="mmcourse")
class FeatureLevel(LevelModel):
    """Feature level, or intermediate fusion: a vector of each modality, joined by a fusion layer, one decision.

    Args:
        encoders: {name: a layer, modality -> (batch, d) or (batch, t, d)}.
        fusion: a `Fusion` layer.
        outputs, seed: see `LevelModel`.
    """

    def __init__(self, encoders, fusion, outputs, seed=None, **kwargs):
        super().__init__(outputs, seed, **kwargs)
        check_layers(encoders=encoders, fusion=fusion)
        self.encoders, self.fusion = dict(encoders), fusion
        self.decide = self.head("decide")

    def call(self, batch, training=False):
        return self.decide(fuse_features(self.fusion, encode(self.encoders, batch, training), batch))

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

    Args:
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
        check_layers(encoders=encoders)
        self.encoders, self.combine = dict(encoders), combine
        self.heads = {name: self.head(f"decide_{name}", i) for i, name in enumerate(sorted(self.encoders))}

    def decisions(self, batch, training=False):
        """{name: logits (batch, outputs)}, of each modality alone."""
        return {name: self.heads[name](x) for name, x in encode(self.encoders, batch, training).items()}

    def call(self, batch, training=False):
        return combine(self.decisions(batch, training), split_batch(batch)[2], self.combine)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        present, losses = split_batch(x)[2], []
        for name, logits in self.decisions(x, training).items():
            weight = sample_weight
            if name in present:  # Keras divides by the number of all samples, this by that of those who have it
                has = ops.cast(present[name], "float32")
                share = has / ops.maximum(ops.mean(has), 1e-7)
                weight = share if weight is None else share * ops.cast(weight, "float32")
            losses.append(super().compute_loss(x, y, logits, weight, training))
        return sum(losses) / len(losses)

    def get_config(self):
        return super().get_config() | {"encoders": _store(self.encoders), "combine": self.combine}


@keras.saving.register_keras_serializable(package="mmcourse")
class Hybrid(DecisionLevel):
    """Hybrid fusion: the decisions of each modality alone and one more from their joined features, all joined.

    Each decision has its own loss, and the loss is their mean; an encoder learns from its own decision and the joined.

    Args:
        encoders, outputs, combine, seed: see `DecisionLevel`.
        fusion: a `Fusion` layer. Its decision is one more among the others, named "joined".
    """

    def __init__(self, encoders, fusion, outputs, combine="mean", seed=None, **kwargs):
        super().__init__(encoders, outputs, combine, seed, **kwargs)
        check_layers(fusion=fusion)
        self.fusion = fusion
        self.heads["joined"] = self.head("decide_joined", len(self.encoders))

    def decisions(self, batch, training=False):
        features = encode(self.encoders, batch, training)
        joined = fuse_features(self.fusion, features, batch)
        return {name: self.heads[name](x) for name, x in (features | {"joined": joined}).items()}

    def get_config(self):
        return super().get_config() | {"fusion": _store(self.fusion)}


def combine(decisions, present=None, how="mean"):
    """{name: logits (batch, outputs)} -> log-probabilities (batch, outputs) of the joined decision.

    ``present`` {name: bool (batch,)}: a decision of a modality that is missing is left out; where all are, all
    classes are equally likely. ``how``: "mean" of the probabilities, or their normalised "product".

    Raises ValueError for no decisions, for another ``how``, and for logits of several shapes.
    """
    check_type(dict, "{name: logits}", decisions=decisions)
    check_type((dict, type(None)), "{name: bool (batch,)}", present=present)
    check_given(**decisions)
    if not decisions or how not in ("mean", "product"):
        raise ValueError(f"Received: decisions={list(decisions)}, how={how!r}. Allowed: one or more; mean, product.")
    check_shapes(**{name: (x, "batch outputs") for name, x in decisions.items()})
    logits = ops.stack([ops.cast(x, "float32") for x in decisions.values()], axis=1)  # (batch, m, outputs)
    keep = ops.ones_like(logits[:, :, :1], dtype="bool")
    if present:
        rows = presence(decisions, named(present, decisions, "present"))
        keep = ops.stack(list(rows.values()), axis=1)[:, :, None]  # (batch, m, 1)
    logs = ops.log_softmax(ops.where(keep, logits, ops.zeros_like(logits)), axis=-1)
    if how == "product":
        return ops.log_softmax(ops.sum(ops.where(keep, logs, ops.zeros_like(logs)), axis=1), axis=-1)
    # Where all are missing, all say the same, 1 / outputs each.
    weights = ops.cast(ops.where(ops.any(keep, axis=1, keepdims=True), keep, ops.ones_like(keep)), "float32")
    mixed = ops.sum(weights * ops.exp(logs), axis=1) / ops.sum(weights, axis=1)
    return ops.log(ops.maximum(mixed, 1e-30))


def check_layers(**given):
    """Raise ValueError unless each is a Keras layer (or model), and ``encoders`` a dict of them."""
    for name, layers in given.items():
        if name == "encoders" and not (isinstance(layers, dict) and layers):
            raise ValueError(f"Received: encoders={layers!r:.60}. Allowed: a dict {{name of a modality: a layer}}.")
        for key, layer in layers.items() if name == "encoders" else [("", layers)]:
            if not isinstance(layer, keras.layers.Layer):
                where = f"{name}[{key!r}]" if key else name
                raise ValueError(f"Received: {where}={layer!r:.60}. Allowed: a Keras layer or model.")


def encode(encoders, batch, training=False):
    """A batch -> {name: (batch, d) or (batch, t, d)}; an encoder of what is missing reads zeros.

    Raises ValueError where the batch has other modalities than there are encoders.
    """
    inputs, mask, present = split_batch(batch)
    if sorted(inputs) != sorted(encoders):
        absent = [name for name in sorted(encoders) if name not in inputs]
        wrong = f"Received: modalities {sorted(inputs)}. Allowed: {sorted(encoders)}, as the encoders."
        raise ValueError(f"{wrong} {lacking(absent)}".rstrip())
    features = {}
    for name, x in zero_masked(inputs, mask, present).items():
        masked = name in mask and "mask" in inspect.signature(encoders[name].call).parameters
        more = {"mask": ops.cast(mask[name], "bool")} if masked else {}
        features[name] = encoders[name](x, training=training, **more)
    return features


def fuse_features(fusion, features, batch):
    """The features joined by a `Fusion` layer, with the batch's ``present``, and its ``mask`` where features are still
    sequences -> (batch, units)."""
    _, mask, present = split_batch(batch)
    mask = {name: keep for name, keep in mask.items() if len(features[name].shape) == 3}
    return fusion(features, mask=mask or None, present=present or None)


def _store(layers):
    return keras.saving.serialize_keras_object(layers)


def _restore(stored):
    return keras.saving.deserialize_keras_object(stored)
