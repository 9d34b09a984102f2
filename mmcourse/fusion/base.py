"""The one interface of all fusion functions."""

from mmcourse.backend import keras

ops = keras.ops


class Fusion(keras.layers.Layer):
    """A function z = φ(z₁, …, zₘ) of the vectors of several modalities.

    A subclass says in ``create`` which weights it has, and in ``fuse`` what it computes.

    Arguments:
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

    Raises ValueError for inputs that are no such dict, for other modalities than the layer was built for, and for a
    mask of a modality that is one vector.
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
        self.names = tuple(sorted(inputs_shape))
        self.sizes = {name: inputs_shape[name][-1] for name in self.names}
        self.create()
        self.built = True

    def create(self):
        """Make the weights; ``names`` (sorted) and ``sizes`` ({name: d}) are known."""
        raise NotImplementedError

    def fuse(self, values, there):
        """{name: (batch, d)} and None or bool (batch, m) -> (batch, units). What is not there is 0 in ``values``."""
        raise NotImplementedError

    def call(self, inputs, mask=None, present=None):
        return self.fuse(*self.prepare(inputs, mask, present))

    def prepare(self, inputs, mask=None, present=None):
        """The arguments of ``fuse``: {name: (batch, d)} with zeros for what is missing, and which modalities are there,
        bool (batch, m) in the order of ``names``, or None where all are."""
        inputs, mask, present = self.clean(inputs, mask, present)
        values = {name: self.summarize(x, mask.get(name)) for name, x in inputs.items()}
        return values, self.presence(values, present)

    def clean(self, inputs, mask, present):
        """Inputs in the order of ``names`` with zeros for whatever is missing or padding, whatever stood there; and
        ``mask`` and ``present`` as dicts without empty entries."""
        if not isinstance(inputs, dict) or tuple(sorted(inputs)) != self.names:
            came = sorted(inputs) if isinstance(inputs, dict) else type(inputs).__name__
            raise ValueError(f"Received: inputs={came}. Allowed: a dict of exactly {list(self.names)}.")
        # Keras fills an absent mask with one None for each input.
        mask = {name: keep for name, keep in (mask or {}).items() if keep is not None}
        present = {name: there for name, there in (present or {}).items() if there is not None}
        for name in (*mask, *present):
            if name not in self.names:
                raise ValueError(f"Received: mask or present for {name!r}. Allowed: {list(self.names)}.")
        cleaned = {}
        for name in self.names:
            x = ops.cast(inputs[name], self.compute_dtype)
            if name in mask:
                if len(x.shape) != 3:
                    raise ValueError(f"Received: mask for {name!r}, which is one vector. Allowed: for sequences.")
                x = ops.where(ops.expand_dims(ops.cast(mask[name], "bool"), -1), x, ops.zeros_like(x))
            cleaned[name] = hide(x, present.get(name))
        return cleaned, mask, present

    def summarize(self, x, keep=None):
        """A sequence (batch, t, d) whose padding is 0 -> the mean over its real positions (batch, d)."""
        if len(x.shape) == 2:
            return x
        if keep is None:
            return ops.mean(x, axis=1)
        count = ops.maximum(ops.sum(ops.cast(keep, "float32"), axis=1, keepdims=True), 1.0)
        return ops.cast(ops.sum(ops.cast(x, "float32"), axis=1) / count, x.dtype)

    def presence(self, values, present):
        """Which modalities are there, bool (batch, m), or None where nobody said that one is missing."""
        if not present:
            return None
        everywhere = ops.ones_like(next(iter(values.values()))[..., 0], dtype="bool")
        everywhere = everywhere if len(everywhere.shape) == 1 else everywhere[:, 0]
        rows = [ops.cast(present[name], "bool") if name in present else everywhere for name in self.names]
        return ops.stack(rows, axis=1)

    def affine(self, name, size, units=None, activation=None, use_bias=True):
        """A dense layer of this layer's own precision, (..., ``size``) -> (..., ``units`` or the layer's units)."""
        dense = keras.layers.Dense(
            units or self.units, activation, use_bias, self.glorot(), dtype=self.dtype_policy, name=name
        )
        dense.build((None, size))
        return dense

    def projections_to(self, units=None, activation=None, prefix="project"):
        """{name: a dense layer, d -> ``units`` or the layer's units}."""
        return {
            name: self.affine(f"{prefix}_{name}", size, units, activation) for name, size in self.sizes.items()
        }

    def next_seed(self):
        """A seed of its own for each weight, and other ones for every other ``seed``: two weights drawn from one seed
        would begin equal. None where the layer has no seed."""
        self._drawn += 1
        return None if self.seed is None else 1000 * self.seed + self._drawn

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


def check_whole(**given):
    """Raise ValueError unless each is a whole number from 1."""
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"Received: {name}={value!r}. Allowed: a whole number from 1.")


def join(values):
    """{name: (batch, d)} -> (batch, Σ d), in the dict's order."""
    return ops.concatenate(list(values.values()), axis=-1)


def hide(x, there=None):
    """``x`` (batch, ...) with zeros for the samples where ``there`` (bool, (batch,)) is False, whatever stood there."""
    if there is None:
        return x
    there = ops.reshape(ops.cast(there, "bool"), (-1, *[1] * (len(x.shape) - 1)))
    return ops.where(there, x, ops.zeros_like(x))  # not a product: 0 · NaN is NaN
