"""The one interface of all fusion functions."""

import numpy as np

from mmcourse._machinery.checks import check_shapes, check_whole, shape_of
from mmcourse._machinery.masks import check_same_batch, lacking, named, presence, zero_masked
from mmcourse._machinery.seeds import independent
from mmcourse.backend import keras

ops = keras.ops


class Fusion(keras.layers.Layer):
    """A function z = φ(z₁, …, zₘ) of the vectors of several modalities.

    A subclass says in ``create`` which weights it has, and in ``fuse`` what it computes.

    Args:
        units: size of z.
        seed: of the initial weights; None: Keras' own (`keras.utils.set_random_seed`).

    Call arguments:
        inputs: {name: (batch, d) or (batch, t, d)}, sizes and lengths may differ. In what order the dict names its
            modalities does not matter. Of a sequence the mean over its real positions is fused, unless the layer's
            own text says that it looks at the positions.
        mask: {name: bool (batch, t)}, which positions of a sequence are real (True = keep); names may be left out.
        present: {name: bool (batch,)}, which samples have the modality; names may be left out. Where it is False, z
            depends in no way on what stands in the inputs, be it NaN.

    Returns:
        (batch, units).

    Raises ValueError for inputs that are no such dict, for other modalities or sizes than the layer was built for, for
    several batch sizes, for a mask of a modality that is one vector, and for one that is no bool, or 0 and 1, or of
    another size. A modality that is missing is given as zeros, and ``present`` says so.
    """

    def __init__(self, units, seed=None, **kwargs):
        super().__init__(**kwargs)
        check_whole(units=units)
        self.units, self.seed = units, seed
        self.supports_masking = True  # masks are used up here: see compute_mask
        self._drawn = 0

    def build(self, inputs_shape):
        if not isinstance(inputs_shape, dict) or not inputs_shape:
            raise ValueError(f"Received: inputs of shape {inputs_shape}. Allowed: a dict of modalities, not empty.")
        for name, shape in inputs_shape.items():
            if len(shape) not in (2, 3) or shape[-1] is None:
                raise ValueError(f"Received: {name} of shape {tuple(shape)}. Allowed: (batch, d), (batch, t, d).")
        if len({shape[0] for shape in inputs_shape.values()} - {None}) > 1:
            raise ValueError(f"Received: modalities of shapes {inputs_shape}. Allowed: one batch size for all.")
        self.names = tuple(sorted(inputs_shape))
        self.sizes = {name: inputs_shape[name][-1] for name in self.names}
        self.create()
        self.built = True

    def create(self):
        """Make the weights; ``names`` (sorted) and ``sizes`` ({name: d}) are known."""
        raise NotImplementedError

    def fuse(self, values, present):
        """{name: (batch, d)} and None or bool (batch, m) -> (batch, units). What is missing is 0 in ``values``."""
        raise NotImplementedError

    def call(self, inputs, mask=None, present=None):
        return self.fuse(*self.prepare(inputs, mask, present))

    def prepare(self, inputs, mask=None, present=None):
        """The arguments of ``fuse``: {name: (batch, d)} with zeros for what is missing, and which modalities are
        present, bool (batch, m) in the order of ``names``, or None where all are."""
        inputs, mask, present = self.zeroed(inputs, mask, present)
        values = {name: self.summarize(x, mask.get(name)) for name, x in inputs.items()}
        return values, self.present_rows(values, present)

    def zeroed(self, inputs, mask, present):
        """Inputs in the order of ``names`` with zeros for whatever is missing or padding, whatever stood there; and
        ``mask`` and ``present`` as dicts without empty entries."""
        if not isinstance(inputs, dict) or tuple(sorted(inputs)) != self.names:
            came = sorted(inputs) if isinstance(inputs, dict) else type(inputs).__name__
            absent = [name for name in self.names if isinstance(inputs, dict) and name not in inputs]
            raise ValueError(
                f"Received: inputs={came}. Allowed: a dict of exactly {list(self.names)}. {lacking(absent)}".rstrip()
            )
        for name, x in inputs.items():
            if shape_of(x) or isinstance(x, (dict, str)):
                check_shapes(**{name: (x, "batch …")})  # that they are numbers
        check_same_batch(inputs)
        inputs = {name: np.asarray(x) if isinstance(x, (list, tuple)) else x for name, x in inputs.items()}
        for name, size in self.sizes.items():
            shape = tuple(inputs[name].shape)
            if len(shape) not in (2, 3) or shape[-1] != size:
                raise ValueError(f"Received: {name} of shape {shape}. Allowed: (batch, {size}), (batch, t, {size}).")
        mask, present = named(mask, inputs, "mask"), named(present, inputs, "present")
        inputs = {name: ops.cast(inputs[name], self.compute_dtype) for name in self.names}
        for name in mask:
            if len(inputs[name].shape) != 3:
                raise ValueError(f"Received: mask for {name!r}, which is one vector. Allowed: for sequences.")
        return zero_masked(inputs, mask, present), mask, present

    def summarize(self, x, keep=None):
        """A sequence (batch, t, d) whose padding is 0 -> the mean over its real positions (batch, d)."""
        if len(x.shape) == 2:
            return x
        if keep is None:
            return ops.mean(x, axis=1)
        count = ops.maximum(ops.sum(ops.cast(keep, "float32"), axis=1, keepdims=True), 1.0)
        return ops.cast(ops.sum(ops.cast(x, "float32"), axis=1) / count, x.dtype)

    def present_rows(self, inputs, present):
        """Which modalities are present, bool (batch, m) in the order of ``names``; None where nobody said that one is
        missing."""
        return ops.stack(list(presence(inputs, present).values()), axis=1) if present else None

    def affine(self, name, size, units=None, activation=None, use_bias=True):
        """A dense layer of this layer's own precision, (..., ``size``) -> (..., ``units`` or the layer's units)."""
        dense = keras.layers.Dense(
            units or self.units, activation, use_bias, self.glorot(), dtype=self.dtype_policy, name=name
        )
        dense.build((None, size))
        return dense

    def projections_to(self, units=None, activation=None, prefix="project"):
        """{name: a dense layer, d -> ``units`` or the layer's units}."""
        return {name: self.affine(f"{prefix}_{name}", size, units, activation) for name, size in self.sizes.items()}

    def next_seed(self):
        """A seed of its own for each weight, and other ones for every other ``seed``: two weights drawn from one seed
        would begin equal. None where the layer has no seed."""
        self._drawn += 1
        return independent(self.seed, self._drawn, type(self).__name__)[-1]

    def glorot(self):
        """An initialiser for the next weight."""
        return keras.initializers.GlorotUniform(self.next_seed())

    def multiplications(self):
        """How many multiplications of two numbers one item costs, each modality one vector: those of matrices with
        vectors and of vectors with each other. Activations, softmax and divisions are left out."""
        raise NotImplementedError

    def compute_mask(self, inputs, previous_mask=None):
        return None  # z has no positions

    def get_config(self):
        return super().get_config() | {"units": self.units, "seed": self.seed}


def concatenate(values):
    """{name: (batch, d)} -> (batch, Σ d), in the dict's order."""
    return ops.concatenate(list(values.values()), axis=-1)
