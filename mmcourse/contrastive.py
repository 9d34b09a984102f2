"""Contrast: what belongs together is drawn together, and what does not is held apart.

The losses take the similarities of *all* of one side with *all* of the other, and a map that says which pairs belong
together. Pulling alone would be best off where every vector is the same.
"""

import math

from mmcourse._machinery.checks import (
    check_given,
    check_mask,
    check_number,
    check_one_of,
    check_shapes,
    check_type,
    check_whole,
    shape_of,
)
from mmcourse._machinery.masks import check_batch_shape, check_same_batch
from mmcourse._machinery.token_losses import mean_where
from mmcourse.backend import keras

ops = keras.ops

SCALE_AT_MOST = 100.0


def unit(x):
    """Each vector divided by its length, (..., d) -> (..., d), in at least float32. A vector of zeros stays one, and
    its gradient is finite: the ε is inside the root."""
    x = ops.convert_to_tensor(x)
    x = x if keras.backend.standardize_dtype(x.dtype) in ("float32", "float64") else ops.cast(x, "float32")
    return x / ops.sqrt(ops.sum(ops.square(x), axis=-1, keepdims=True) + 1e-12)


def cosine_similarity(a, b):
    """The cosine of every a with every b: (n, d) and (m, d) -> (n, m). ValueError for other shapes."""
    check_given(a=a, b=b)
    check_shapes(a=(a, "n d"), b=(b, "m d"))
    return ops.matmul(unit(a), ops.transpose(unit(b)))


def same_identity(identity, other=None):
    """Which pairs belong together: int (n,) and (m,) that say what is shown -> bool (n, m), True where they are equal.

    Two captions of one picture are both right for it; so is the same caption of another one, if that is given the same
    number. With (n, k) and (m, k) there are k such numbers, say of the picture and of its caption, and one that is
    equal is enough. ``other``: None for the same numbers on both sides. ValueError for other shapes.
    """
    check_given(identity=identity)
    other = identity if other is None else other
    axes = " k" if len(shape_of(identity) or ()) == 2 else ""
    check_shapes(identity=(identity, "n" + axes), other=(other, "m" + axes))
    equal = ops.equal(ops.expand_dims(identity, 1), ops.expand_dims(other, 0))
    return ops.any(equal, axis=-1) if len(equal.shape) == 3 else equal


def _positives(positives, similarity):
    """The similarities and the map as float32 (n, m); the diagonal where there is none. ValueError for a map of another
    shape."""
    check_given(similarity=similarity)
    check_shapes(similarity=(similarity, "n m"), positives=(positives, "n m"))
    check_mask("positives", positives)
    similarity = ops.cast(similarity, "float32")
    if positives is None:
        n, m = ops.shape(similarity)
        positives = same_identity(ops.arange(n), ops.arange(m))
    return similarity, ops.cast(positives, "float32")


def info_nce(logits, positives=None):
    """The contrastive cross-entropy of both directions, a number in nats (van den Oord, Li and Vinyals, 2018,
    "Representation learning with contrastive predictive coding"; both directions as in Radford et al., 2021, "Learning
    transferable visual models from natural language supervision").

    1. targets[i, j] = positives[i, j] / Σⱼ positives[i, j]: each row's targets sum to one
    2. row i: -Σⱼ targets[i, j] · log softmaxⱼ(logits[i, ·]); the mean over rows. (log softmax, never exp and then log)
    3. the same down the columns, and the mean of the two. A row or column without any positive is left out.

    With several positives a row's loss is that of Khosla et al. (2020, "Supervised contrastive learning", L_out).

    Args:
        logits: (n, m), similarities over a temperature.
        positives: bool (n, m), True where i and j belong together; None: the diagonal.

    Raises ValueError for logits that are no table, and positives of another shape or that are no bool, or 0 and 1.
    """
    logits, positives = _positives(positives, logits)
    losses = []
    for axis in (1, 0):
        count = ops.sum(positives, axis=axis)
        targets = positives / ops.expand_dims(ops.maximum(count, 1.0), axis)
        log_p = ops.log_softmax(logits, axis=axis)  # -inf for a pair that was ruled out, and 0 · inf is NaN
        each = -ops.sum(ops.where(targets > 0, targets * log_p, ops.zeros_like(log_p)), axis=axis)
        losses.append(mean_where(each, count > 0))
    return (losses[0] + losses[1]) / 2


def margin_loss(a, b, same, margin=1.0):
    """The loss of Siamese networks on pairs (Hadsell, Chopra and LeCun, 2006, "Dimensionality reduction by learning an
    invariant mapping"), without their factor of one half: the mean of same · D² + (1 - same) · max(0, margin - D)²,
    with D the distance itself, of any size.

    Args:
        a, b: (n, d). same: bool or 0 and 1, (n,), whether each pair belongs together. margin: how far apart is enough.

    Raises ValueError for shapes that do not fit: (n, 1) beside (n,) would be broadcast to (n, n).
    """
    check_given(a=a, b=b, same=same)
    check_shapes(a=(a, "n d"), b=(b, "n d"), same=(same, "n"))
    check_mask("same", same)
    check_number("0 or more", at_least=0, margin=margin)
    squared = ops.sum(ops.square(ops.cast(a, "float32") - ops.cast(b, "float32")), axis=-1)
    distance = ops.sqrt(squared + 1e-12)  # the root of 0 has no gradient
    same = ops.cast(same, "float32")
    return ops.mean(same * squared + (1 - same) * ops.square(ops.maximum(margin - distance, 0.0)))


def triplet_loss(similarity, positives=None, margin=0.2, hardness=1.0):
    """What belongs together shall be more similar than what does not, by a margin, in both directions; a number.

    1. sᵢ is row i's *least* similar positive (Hermans, Beyer and Leibe, 2017, "In defense of the triplet loss for
       person re-identification"); each negative k costs max(0, margin + similarity[i, k] - sᵢ)
    2. row i: (1 - hardness) · mean of its costs + hardness · the largest of them; the mean over rows
    3. the same down the columns, and the mean of the two. A row without positives or without negatives is left out.

    With ``hardness`` 0 all negatives count (after Kiros, Salakhutdinov and Zemel, 2014, "Unifying visual-semantic
    embeddings with multimodal neural language models"), with 1 the hardest alone (Faghri et al., 2018, "VSE++:
    Improving visual-semantic embeddings with hard negatives"). With the hardest from the first step, the shortest way
    down may be to make all vectors equal, where the loss is the margin: begin with 0 and warm up.

    Args:
        similarity: (n, m), cosines. positives: bool (n, m); None: the diagonal.
        margin: by how much. hardness: a number from 0 to 1, or a scalar tensor.

    Raises ValueError for what ``info_nce`` refuses, and for a margin or hardness out of range.
    """
    check_number("0 or more", at_least=0, margin=margin)
    check_number("from 0 to 1", at_least=0, at_most=1, hardness=hardness)
    similarity, positives = _positives(positives, similarity)
    losses = []
    for axis in (1, 0):
        lowest = ops.min(ops.where(positives > 0, similarity, math.inf), axis=axis, keepdims=True)
        cost = (1 - positives) * ops.maximum(margin + similarity - lowest, 0.0)  # without a positive: 0
        negatives = ops.sum(1 - positives, axis=axis)
        mean = ops.sum(cost, axis=axis) / ops.maximum(negatives, 1.0)
        each = (1 - hardness) * mean + hardness * ops.max(cost, axis=axis)
        losses.append(mean_where(each, ops.logical_and(ops.any(positives > 0, axis=axis), negatives > 0)))
    return (losses[0] + losses[1]) / 2


class _Contrast(keras.layers.Layer):
    """A loss of two batches of vectors, in float32 whatever the policy; without weights that wait for a shape."""

    def __init__(self, **kwargs):
        kwargs.setdefault("dtype", "float32")
        super().__init__(**kwargs)
        self.built = True


@keras.saving.register_keras_serializable(package="mmcourse")
class AtMost(keras.constraints.Constraint):
    """Brings each number of a weight down to at most ``limit``, after each step of training."""

    def __init__(self, limit):
        self.limit = limit

    def __call__(self, w):
        return ops.minimum(w, self.limit)

    def get_config(self):
        return {"limit": self.limit}


@keras.saving.register_keras_serializable(package="mmcourse")
class InfoNCE(_Contrast):
    """``info_nce`` of cosines, with a learned temperature: logits = cosine · exp(θ).

    θ = ln(1/τ) begins at ln(1/0.07), and after each step of training is brought down to at most ln 100, as in CLIP
    (Radford et al., 2021): a temperature near zero would let one pair decide everything.

    Args:
        temperature: τ at first, 0.01 or more. learn: whether it is learned.

    Call arguments: a (n, d) and b (m, d), which need not be normalised; positives, bool (n, m), or None for the
    diagonal. Returns: a number, float32. Whoever has similarities of another kind calls ``of_similarities``.
    """

    def __init__(self, temperature=0.07, learn=True, **kwargs):
        super().__init__(**kwargs)
        check_number(f"{1 / SCALE_AT_MOST} or more", at_least=1 / SCALE_AT_MOST, temperature=temperature)
        self.temperature, self.learn = temperature, learn
        self.log_scale = self.add_weight(
            shape=(), initializer=keras.initializers.Constant(math.log(1 / temperature)), trainable=learn,
            constraint=AtMost(math.log(SCALE_AT_MOST)), name="log_scale",
        )  # fmt: skip

    def call(self, a, b, positives=None):
        return self.of_similarities(cosine_similarity(a, b), positives)

    def of_similarities(self, similarities, positives=None):
        """The loss of similarities (n, m), from −1 to 1, and positives as above: a number, float32."""
        return info_nce(similarities * ops.exp(self.log_scale), positives)

    def get_config(self):
        return super().get_config() | {"temperature": self.temperature, "learn": self.learn}


@keras.saving.register_keras_serializable(package="mmcourse")
class Triplet(_Contrast):
    """``triplet_loss`` of cosines that warms up: its hardness rises evenly from 0 to 1 within so many training steps.

    Args: margin, see ``triplet_loss``; warm_up: steps; 0: the hardest negative alone from the first step.
    Call arguments and output: those of `InfoNCE`, and ``training``: only training steps count.
    """

    def __init__(self, margin=0.2, warm_up=500, **kwargs):
        check_number("0 or more", at_least=0, margin=margin)
        check_whole(0, warm_up=warm_up)
        super().__init__(**kwargs)
        self.margin, self.warm_up = margin, warm_up
        self.steps = self.add_weight(shape=(), initializer="zeros", trainable=False, name="steps")

    def call(self, a, b, positives=None, training=False):
        similarity = cosine_similarity(a, b)
        hardness = ops.minimum(self.steps / self.warm_up, 1.0) if self.warm_up else 1.0
        loss = triplet_loss(similarity, positives, self.margin, hardness)
        if training:  # after what may be refused
            self.steps.assign(self.steps + 1)
        return loss

    def get_config(self):
        return super().get_config() | {"margin": self.margin, "warm_up": self.warm_up}


@keras.saving.register_keras_serializable(package="mmcourse")
class DualEncoder(keras.Model):
    """Two encoders of their own, for two modalities, and one space: pairs are trained by contrast.

    Args:
        encoders: {name: layer}, exactly two; each turns its modality into a vector (batch, d), the same d for both.
        loss: a layer such as `InfoNCE` or `Triplet`, called with the two batches of vectors and the positives.

    Call arguments: a dict with the two modalities. Returns {name: unit vectors (batch, d)}: normalised once, here, for
    training and search alike.

    ``fit(batch, identity)``: ``identity``, int (batch,) or (batch, k), says what each pair shows, see
    ``same_identity``; pairs of equal numbers are not each other's negatives. Without it only the pair itself belongs
    together. ``compile`` needs an optimizer only.
    """

    def __init__(self, encoders, loss, **kwargs):
        super().__init__(**kwargs)
        check_type(dict, "{name: a layer}", encoders=encoders)
        if len(encoders) != 2:
            raise ValueError(f"Received: encoders of {sorted(encoders)}. Allowed: two modalities.")
        self.encoders, self.contrast = dict(encoders), loss
        self.names = tuple(self.encoders)

    def build(self, input_shape):
        check_batch_shape(input_shape, self.names)
        for name, encoder in self.encoders.items():
            if not encoder.built:
                encoder.build(input_shape[name])
        self.built = True

    def encode(self, name, x, training=False):
        """One modality alone -> unit vectors (batch, d). Raises ValueError for a name that it has no encoder for."""
        check_one_of(self.names, name=name)
        return unit(self.encoders[name](x, training=training))

    def call(self, batch, training=False):
        if not isinstance(batch, dict) or set(self.names) - set(batch):
            came = sorted(batch) if isinstance(batch, dict) else type(batch).__name__
            raise ValueError(f"Received: a batch of {came}. Allowed: a dict with {list(self.names)}.")
        check_same_batch({name: batch[name] for name in self.names})
        return {name: self.encode(name, batch[name], training) for name in self.names}

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        positives = None if y is None else same_identity(y)
        first, second = (y_pred[name] for name in self.names)
        return self.contrast(first, second, positives, training=training) + sum(self.losses)

    def get_config(self):
        save = keras.saving.serialize_keras_object
        return super().get_config() | {"encoders": save(self.encoders), "loss": save(self.contrast)}

    @classmethod
    def from_config(cls, config):
        parts = {name: keras.saving.deserialize_keras_object(config[name]) for name in ("encoders", "loss")}
        return cls(**(config | parts))
