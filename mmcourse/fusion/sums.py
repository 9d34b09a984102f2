"""Weighted sums: z = Σᵢ aᵢ hᵢ, every modality first brought to one size, hᵢ = Wᵢ zᵢ + bᵢ. They differ in who weighs."""

from mmcourse._machinery.checks import check_number, check_type
from mmcourse.attention import masked_softmax
from mmcourse.backend import keras
from mmcourse.fusion.base import Fusion, concatenate

ops = keras.ops


class WeightedSum(Fusion):
    """What all weighted sums share; see `Fusion` for the arguments.

    The weights aᵢ are positive and sum to one over the modalities that are there; where none is, z is 0.

    Call arguments: those of `Fusion`, and return_weights: whether to return ``(z, weights)``, with weights
    (batch, m, 1) or (batch, m, units) in float32, modalities in the order of ``names``.
    """

    activation = None

    def create(self):
        self.projections = self.projections_to(activation=self.activation)

    def call(self, inputs, mask=None, present=None, return_weights=False):
        values, present = self.prepare(inputs, mask, present)
        z, weights = self.sum(values, present)
        return (z, weights) if return_weights else z

    def sum(self, values, present):
        """z (batch, units) and the weights."""
        features = ops.stack([self.projections[name](values[name]) for name in self.names], axis=1)  # (b, m, units)
        scores = ops.cast(self.scores(values, features), "float32")  # (b or 1, m, units or 1)
        scores = ops.broadcast_to(scores, (ops.shape(features)[0], *scores.shape[1:]))
        weights = masked_softmax(scores, None if present is None else ops.expand_dims(present, -1), axis=1)
        z = ops.sum(weights * ops.cast(features, "float32"), axis=1)
        return ops.cast(z, self.compute_dtype), weights

    def scores(self, values, features):
        """What the softmax over the modalities is taken of: (batch or 1, m, units or 1)."""
        raise NotImplementedError

    def multiplications(self):
        return sum(self.sizes.values()) * self.units + len(self.names) * self.units


@keras.saving.register_keras_serializable(package="mmcourse")
class MeanFusion(WeightedSum):
    """The mean: every modality that is there has the same weight, aᵢ = 1/m. See `Fusion`."""

    def scores(self, values, features):
        return ops.zeros((1, len(self.names), 1))


@keras.saving.register_keras_serializable(package="mmcourse")
class WeightedFusion(WeightedSum):
    """Weights that are the same for every sample: given, or learned as the softmax of one number a modality.

    Args:
        units, seed: see `Fusion`.
        weights: {name: a positive number}, brought to sum 1; or None: learned, equal at first.
    """

    def __init__(self, units, weights=None, seed=None, **kwargs):
        super().__init__(units, seed, **kwargs)
        check_type((dict, type(None)), "{name: a positive number}, or None to learn them", weights=weights)
        names = {f"weights[{name!r}]": value for name, value in (weights or {}).items()}
        check_number("positive numbers, or None to learn them", above=0, **names)
        self.weights_of = None if weights is None else dict(weights)

    def create(self):
        super().create()
        if self.weights_of is not None and tuple(sorted(self.weights_of)) != self.names:
            raise ValueError(f"Received: weights={self.weights_of}. Allowed: one for each of {list(self.names)}.")
        if self.weights_of is None:
            # In float32 always: the softmax of them is.
            shape = (len(self.names),)
            self.logits = self.add_weight(shape=shape, initializer="zeros", name="logits", dtype="float32")

    def scores(self, values, features):
        if self.weights_of is None:
            logits = self.logits
        else:
            logits = ops.log(ops.convert_to_tensor([self.weights_of[name] for name in self.names], "float32"))
        return ops.reshape(logits, (1, -1, 1))

    def get_config(self):
        return super().get_config() | {"weights": self.weights_of}


@keras.saving.register_keras_serializable(package="mmcourse")
class SimilarityFusion(WeightedSum):
    """Each modality weighed by its similarity to a learned query v: aᵢ = softmax over i of s·cos(hᵢ, v).

    (Similarity of two modalities *to each other* is symmetric and gives both the same weight, whatever they say.)

    Args:
        units, seed: see `Fusion`.
        scale: s at first; it is learned. Cosines lie between −1 and 1: without a scale no weight could exceed e² times
            another.
    """

    def __init__(self, units, scale=4.0, seed=None, **kwargs):
        super().__init__(units, seed, **kwargs)
        check_number("a finite number", scale=scale)
        self.initial_scale = scale

    def create(self):
        super().create()
        self.query = self.add_weight(shape=(self.units, 1), initializer=self.glorot(), name="query")
        start = keras.initializers.Constant(self.initial_scale)
        self.scale = self.add_weight(shape=(), initializer=start, name="scale", dtype="float32")

    def scores(self, values, features):
        features, query = ops.cast(features, "float32"), ops.cast(self.query, "float32")
        # The gradient of a direction grows as one over the length; h = 0 (an input of zeros) must not throw it out.
        directions = ops.normalize(features, axis=-1, epsilon=1e-3)
        return self.scale * ops.matmul(directions, ops.normalize(query, axis=0))

    def multiplications(self):
        return super().multiplications() + len(self.names) * self.units

    def get_config(self):
        return super().get_config() | {"scale": self.initial_scale}


@keras.saving.register_keras_serializable(package="mmcourse")
class GatedFusion(WeightedSum):
    """Weights that depend on all inputs, one for each unit (Arevalo et al., 2017, "Gated multimodal units for
    information fusion"; there for two modalities with a sigmoid, here for m with a softmax, which is the same for two).

    hᵢ = tanh(Wᵢ zᵢ + bᵢ), and aᵢ = softmax over i of Vᵢ [z₁; …; zₘ] + cᵢ ∈ ℝ^units. See `Fusion`.
    """

    activation = "tanh"

    def create(self):
        super().create()
        self.gate = self.affine("gate", sum(self.sizes.values()), len(self.names) * self.units)

    def scores(self, values, features):
        return ops.reshape(self.gate(concatenate(values)), (-1, len(self.names), self.units))

    def multiplications(self):
        return super().multiplications() + sum(self.sizes.values()) * len(self.names) * self.units


@keras.saving.register_keras_serializable(package="mmcourse")
class ProductOfExperts(WeightedSum):
    """Each modality is an expert, a normal distribution over z; their product counts each by how sure it is (Hinton,
    2002, "Training products of experts"; Wu and Goodman, 2018, "Multimodal generative models").

    1. Expert i says N(μᵢ, 1/βᵢ) for each unit, μᵢ = Wᵢ zᵢ + bᵢ and ln βᵢ = Vᵢ zᵢ + cᵢ; a prior expert says N(0, 1).
    2. The product is normal with precision β = 1 + Σᵢ βᵢ and mean z = Σᵢ (βᵢ / β) μᵢ. Who is missing says nothing.

    The weights βᵢ / β sum to less than one: the rest is the prior's. See `Fusion` for the arguments.
    """

    def create(self):
        super().create()
        self.certainties = self.projections_to(prefix="certainty")

    def sum(self, values, present):
        # βᵢ / β is a softmax of ln βᵢ with the prior, ln 1 = 0 and mean 0, as one more expert: it cannot overflow.
        means = ops.stack([self.projections[name](values[name]) for name in self.names], axis=1)
        logs = ops.stack([self.certainties[name](values[name]) for name in self.names], axis=1)  # (b, m, units)
        logs = ops.cast(logs, "float32")
        logs = ops.concatenate([ops.zeros_like(logs[:, :1]), logs], axis=1)
        if present is not None:
            present = ops.expand_dims(ops.concatenate([ops.ones_like(present[:, :1]), present], axis=1), -1)
        weights = masked_softmax(logs, present, axis=1)[:, 1:]
        return ops.cast(ops.sum(weights * ops.cast(means, "float32"), axis=1), self.compute_dtype), weights

    def multiplications(self):
        return super().multiplications() + sum(self.sizes.values()) * self.units
