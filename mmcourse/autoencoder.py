"""One code for several modalities: encoders that meet in one latent vector, and decoders that rebuild all from it.

    picture ─► encoder ─┐                     ┌─► decoder ─► picture
                        ├─► z, the mean of ───┤
    caption ─► encoder ─┘   what is there     └─► decoder ─► caption

After Ngiam et al. (2011), "Multimodal deep learning". Encoders and decoders are layers of any kind: dense,
convolutional (those inside `mmcourse.image.ImageAutoencoder` fit), or recurrent (`WordDecoder`).
"""

import inspect

import numpy as np

from mmcourse._machinery.checks import (
    check_given,
    check_ids,
    check_mask,
    check_number,
    check_one_of,
    check_shapes,
    check_type,
    check_whole,
    shape_of,
)
from mmcourse._machinery.compiling import USE_XLA
from mmcourse._machinery.masks import split_batch, zero_masked
from mmcourse._machinery.seeds import independent
from mmcourse._machinery.token_losses import mean_where, token_cross_entropy
from mmcourse.backend import keras
from mmcourse.fusion import MeanFusion
from mmcourse.fusion.levels import encode, fuse_features
from mmcourse.missing import ModalityDropout, presence

ops = keras.ops


def squared_error(target, prediction, mask=None):
    """Σ (target − prediction)² of each item: (b, ...) and the same shape -> float32 (b,).

    For numbers of any sign and size, such as pixels (as shares of 255) or a vector of features. mask: bool (b, t),
    which positions are real; None: all.

    Raises ValueError for two shapes: an error of the one with a stretched other would be a number, too.
    """
    _same_shape(target, prediction)
    target, prediction = (_kept(ops.cast(x, "float32"), mask) for x in (target, prediction))
    return _sum(ops.square(target - prediction))


def binary_cross_entropy(target, logits, mask=None):
    """−Σ [y log σ(s) + (1 − y) log(1 − σ(s))] of each item, in nats: (b, ...) and the same shape -> float32 (b,).

    For so many yes-or-no answers, targets y from 0 to 1, such as a bag of words. mask and errors: ``squared_error``.
    """
    _same_shape(target, logits)
    target, logits = (_kept(ops.cast(x, "float32"), mask) for x in (target, logits))
    return _sum(_kept(ops.softplus(logits) - target * logits, mask))


def word_cross_entropy(tokens, logits, mask=None):
    """−Σ log p(word) of each item, in nats: int (b, L) and (b, L − 1, V) -> float32 (b,).

    Row t of the logits scores ``tokens[:, t + 1]``: of the start token nobody asks. mask: bool (b, L), which tokens are
    real; None: those that are not 0.
    """
    check_given(tokens=tokens, logits=logits)
    check_shapes(tokens=(tokens, "b L"), logits=(logits, "b L−1 V"))
    wanted, came = shape_of(tokens), shape_of(logits)
    if None not in (wanted[1], came[1]) and wanted[1] != came[1] + 1:
        raise ValueError(
            f"Received: tokens of shape {wanted}, logits of shape {came}. Allowed: tokens (b, L), logits (b, L − 1, V)."
        )
    check_mask("mask", mask, wanted)
    tokens, mask = (np.asarray(one) if isinstance(one, (list, tuple)) else one for one in (tokens, mask))
    each = token_cross_entropy(tokens[:, 1:], logits, None if mask is None else mask[:, 1:])  # (b, L - 1)
    return ops.sum(each, axis=1)


LOSSES = {"squared": squared_error, "binary": binary_cross_entropy, "words": word_cross_entropy}


def _same_shape(target, prediction):
    check_given(target=target, prediction=prediction)
    check_shapes(target=(target, "b …"), prediction=(prediction, "b …"))
    wanted, got = shape_of(target), shape_of(prediction)
    if len(wanted) != len(got) or any(a != b for a, b in zip(wanted, got, strict=True) if None not in (a, b)):
        raise ValueError(f"Received: a prediction of shape {got}. Allowed: {wanted}, as what it rebuilds.")


def _kept(x, mask):
    """(b, t, ...) with 0 where ``mask`` (b, t) is False: before any arithmetic, so that NaN there is in no gradient."""
    if mask is None:
        return x
    check_mask("mask", mask, tuple(x.shape[:2]))
    keep = ops.cast(mask, "bool")
    return ops.where(ops.reshape(keep, (*ops.shape(keep), *[1] * (len(x.shape) - 2))), x, ops.zeros_like(x))


def _sum(each):
    """(b, ...) -> (b,)."""
    return ops.sum(each, axis=tuple(range(1, len(each.shape))))


@keras.saving.register_keras_serializable(package="mmcourse")
class MultimodalAutoencoder(keras.Model):
    """Encoders into one latent vector, decoders out of it: every modality is rebuilt from whichever are there.

    1. hᵢ = encoderᵢ(xᵢ), a vector of any size, for each modality
    2. z = the mean over the modalities that are there of Wᵢ hᵢ + bᵢ (`mmcourse.fusion.MeanFusion`): the code, (b, d)
    3. x̂ᵢ = decoderᵢ(z), for *every* modality, there or not
    4. loss = Σᵢ λᵢ · mean over the items that have xᵢ of lossᵢ(xᵢ, x̂ᵢ)

    In training `mmcourse.missing.ModalityDropout` hides modalities from the encoders (step 1), never from the loss
    (step 4). So a caption must be rebuilt from the picture alone, and a picture from the caption.

    Args:
        encoders: {name: a layer, (b, ...) -> (b, dᵢ)}.
        decoders: {name: a layer, (b, d) -> what the modality's loss asks for}, of the same names. One whose ``call``
            takes ``target`` gets the modality too (teacher forcing, see `WordDecoder`).
        losses: {name: "squared", "binary" or "words"}, of the same names: ``squared_error``, ``binary_cross_entropy``,
            ``word_cross_entropy``. They are sums over an item.
        latent: d, the length of the code.
        rate: of `ModalityDropout`; 0: nothing is hidden. With two modalities and 0.42, a third of the items shows
            only the one, a third only the other, and a third both, as with Ngiam et al.
        weights: {name: λᵢ}, 1 for names that are left out.
        seed: of the code's weights, and of what is hidden.

    Call arguments: a batch, {name: (b, ...)}, with or without ``mask`` and ``present`` (see `mmcourse.fusion.Fusion`).
    Returns {name: x̂ᵢ}.

    ``compile`` needs an optimizer only, ``fit(batch)`` no targets. History and ``evaluate`` name each ``<name>_loss``.

    Raises ValueError for names that do not agree, an unknown loss, and x̂ᵢ of another shape than xᵢ.
    """

    def __init__(self, encoders, decoders, losses, latent=32, rate=0.42, weights=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.supports_jit = USE_XLA
        check_whole(latent=latent)
        check_type(dict, "{name: a layer}", encoders=encoders)
        check_type((dict, type(None)), "{name: a number}", weights=weights)
        for kind, given in {"decoders": decoders, "losses": losses}.items():
            check_type(dict, f"a dict by {sorted(encoders)}", **{kind: given})
            if sorted(given) != sorted(encoders):
                raise ValueError(f"Received: {kind} of {sorted(given)}. Allowed: {sorted(encoders)}, as the encoders.")
        each = {f"weights[{name!r}]": one for name, one in (weights or {}).items()}
        check_number("0 or more", at_least=0, **each)
        if unknown := sorted(set(weights or {}) - set(encoders)):
            raise ValueError(f"Received: weights of {unknown}. Allowed: {sorted(encoders)}, as the encoders.")
        for name, kind in losses.items():
            check_one_of(tuple(LOSSES), **{f"losses[{name!r}]": kind})
        self.names = tuple(sorted(encoders))
        self.encoders, self.decoders, self.kinds = dict(encoders), dict(decoders), dict(losses)
        self.latent, self.rate, self.weights_of, self.seed = latent, rate, dict(weights or {}), seed
        of_code, of_draws = independent(seed, 2, "MultimodalAutoencoder")
        self.fusion = MeanFusion(latent, seed=of_code, name="latent", dtype=self.dtype_policy)
        self.drop = ModalityDropout(rate, seed=of_draws, name="drop")
        self.means = {name: keras.metrics.Mean(name=f"{name}_loss") for name in self.names}

    def build(self, batch_shape):
        if not isinstance(batch_shape, dict) or not set(self.names) <= set(batch_shape):
            came = sorted(batch_shape) if isinstance(batch_shape, dict) else batch_shape
            raise ValueError(
                f"Received: a batch of {came}. Allowed: a dict with {list(self.names)}; at first, all of them."
            )
        self.shapes = {name: tuple(batch_shape[name]) for name in self.names}
        for name, encoder in self.encoders.items():
            if not encoder.built:
                encoder.build(self.shapes[name])
        self.fusion.build({name: self.encoders[name].compute_output_shape(self.shapes[name]) for name in self.names})
        for decoder in self.decoders.values():
            if not decoder.built:
                decoder.build((None, self.latent))
        self.built = True

    def encode(self, batch, training=False):
        """A batch -> the code, (b, d). Once the model is built, modalities may be left out: they are missing."""
        batch = self.complete(batch)
        return ops.cast(fuse_features(self.fusion, encode(self.encoders, batch, training), batch), "float32")

    def decode(self, code, targets=None, training=False):
        """The code (b, d) -> {name: x̂ᵢ}. Decoders that take a target are left out where ``targets`` has none."""
        rebuilt = {}
        for name in self.names:
            decoder, target = self.decoders[name], (targets or {}).get(name)
            if "target" not in inspect.signature(decoder.call).parameters:
                rebuilt[name] = decoder(code, training=training)
            elif target is not None:
                rebuilt[name] = decoder(code, target=target, training=training)
        return rebuilt

    def call(self, batch, training=False):
        batch = self.complete(batch)
        seen = self.drop(batch, training=training)
        return self.decode(self.encode(seen, training), zero_masked(*split_batch(batch)), training)

    def complete(self, batch):
        """The batch with zeros for each modality that it lacks, and ``present`` that says so."""
        inputs, mask, present = split_batch(batch)
        if not inputs or set(inputs) >= set(self.names):
            return batch  # whole; or of other names, which the encoders refuse
        n = ops.shape(next(iter(inputs.values())))[0]
        for name in set(self.names) - set(inputs):
            kind = "int32" if self.kinds[name] == "words" else "float32"
            inputs[name] = ops.zeros((n, *self.shapes[name][1:]), kind)
            present[name] = ops.zeros((n,), "bool")
        return inputs | {"present": present} | ({"mask": mask} if mask else {})

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        _, mask, _ = split_batch(x)
        known, targets, total = presence(x), zero_masked(*split_batch(x)), 0.0
        for name in self.names:  # a target that nobody knows is zeros here, so that no NaN reaches a gradient
            each = LOSSES[self.kinds[name]](targets[name], y_pred[name], mask.get(name))  # (b,)
            loss = mean_where(each, known[name])
            self.means[name].update_state(loss)
            total = total + self.weights_of.get(name, 1.0) * loss
        return total + sum(self.losses)

    def get_config(self):
        store = keras.saving.serialize_keras_object
        return super().get_config() | {
            "encoders": store(self.encoders), "decoders": store(self.decoders), "losses": self.kinds,
            "latent": self.latent, "rate": self.rate, "weights": self.weights_of, "seed": self.seed,
        }  # fmt: skip

    @classmethod
    def from_config(cls, config):
        restore = keras.saving.deserialize_keras_object
        return cls(**{k: restore(v) if k in ("encoders", "decoders") else v for k, v in config.items()})


@keras.saving.register_keras_serializable(package="mmcourse")
class WordDecoder(keras.layers.Layer):
    """Writes a sentence out of a code, word by word: a recurrent cell that reads the word before and the code.

    1. h₀ = tanh(Dense(z))
    2. hₜ = GRU([e(wₜ₋₁); z], hₜ₋₁), with e a learned vector for each word
    3. logits = Dense(hₜ): a score for each word to come next

    Args:
        vocabulary_size: number of words V, the special tokens included. units: size of h. embedding: size of e(w).
        seed: of the first weights.

    Call arguments:
        code: z, (b, d). target: int (b, L), the sentence from its start token on; word t + 1 is asked for where word t
        is known (teacher forcing).

    Returns:
        logits (b, L − 1, V), float32; row t scores ``target[:, t + 1]``.

    To write freely, hand ``step`` and ``start(code)`` to `mmcourse.decoding.greedy`. Both ways run the same cell.
    """

    def __init__(self, vocabulary_size, units=64, embedding=32, seed=None, **kwargs):
        super().__init__(**kwargs)
        check_whole(vocabulary_size=vocabulary_size, units=units, embedding=embedding)
        self.config = {"vocabulary_size": vocabulary_size, "units": units, "embedding": embedding, "seed": seed}
        seeds = independent(seed, 5, "WordDecoder")
        glorot, policy = keras.initializers.GlorotUniform, {"dtype": self.dtype_policy}
        draw = keras.initializers.RandomNormal(stddev=embedding**-0.5, seed=seeds[0])
        self.words = keras.layers.Embedding(
            vocabulary_size, embedding, embeddings_initializer=draw, name="words", **policy
        )
        self.first = keras.layers.Dense(units, "tanh", kernel_initializer=glorot(seeds[1]), name="first", **policy)
        self.cell = keras.layers.GRUCell(
            units, kernel_initializer=glorot(seeds[2]),
            recurrent_initializer=keras.initializers.Orthogonal(seed=seeds[3]), name="cell", **policy,
        )  # fmt: skip
        self.run = keras.layers.RNN(self.cell, return_sequences=True, name="run", **policy)
        self.scores = keras.layers.Dense(
            vocabulary_size, kernel_initializer=glorot(seeds[4]), name="scores", dtype="float32"
        )

    def build(self, code_shape):
        d = code_shape[-1]
        self.words.build((None, None))
        self.first.build((None, d))
        self.run.build((None, None, self.config["embedding"] + d))
        self.scores.build((None, self.config["units"]))
        self.built = True

    def start(self, code):
        """The state before the first word: {"code": (n, d), "hidden": (n, units)}."""
        code = ops.cast(code, self.compute_dtype)
        return {"code": code, "hidden": self.first(code)}

    def step(self, tokens, state):
        """One turn: the word before, int (n,), and the state -> logits (n, V) for the next word, and the next state."""
        read = ops.concatenate([self.words(tokens), state["code"]], axis=-1)
        hidden, _ = self.cell(read, [state["hidden"]])
        return self.scores(hidden), state | {"hidden": hidden}

    def call(self, code, target=None):
        came = None if target is None else shape_of(target)
        if came is None or len(came) != 2 or (came[1] is not None and came[1] < 2):
            raise ValueError(f"Received: target of shape {came}. Allowed: tokens, (b, L), L two or more.")
        check_given(code=code)
        check_shapes(code=(code, f"b {self.first.kernel.shape[0]}"), target=(target, "b L"))
        target = np.asarray(target) if isinstance(target, (list, tuple)) else target
        check_ids(self.config["vocabulary_size"], target=target)
        state = self.start(code)
        words = self.words(ops.cast(target[:, :-1], "int32"))  # (b, L - 1, embedding)
        code = ops.repeat(ops.expand_dims(state["code"], 1), target.shape[1] - 1, axis=1)
        return self.scores(self.run(ops.concatenate([words, code], axis=-1), initial_state=[state["hidden"]]))

    def get_config(self):
        return super().get_config() | self.config
