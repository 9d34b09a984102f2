"""A picture with a change, "like this, but red": who is right, and a layer that composes the query."""

import numpy as np

from mmcourse._machinery.checks import check_integers, check_shapes, check_whole, shape_of
from mmcourse._machinery.seeds import independent
from mmcourse.backend import keras

ops = keras.ops


def same_but(attributes, rows, names, values):
    """Which items are right for a query by picture with a change, bool (n, m): those that have the changed value, and
    in all other attributes are as the query's picture.

    Args:
        attributes: {name: (m,) str}, all that counts; leave out what no picture shows.
        rows: int (n,), the items whose pictures ask. names, values: (n,) str, what is changed, to what.
    Raises:
        ValueError: an attribute that there is not; not one name and value for each row.
    """
    m = _items(attributes)
    rows, names, values = np.asarray(rows), np.asarray(names, str), np.asarray(values, str)
    if not rows.shape == names.shape == values.shape or rows.ndim != 1:
        raise ValueError(
            f"Received: rows {rows.shape}, names {names.shape}, values {values.shape}. Allowed: three of (n,)."
        )
    rows = rows if len(rows) else np.zeros(0, int)
    check_integers(rows=(rows, "n"))
    if len(rows) and rows.max() >= m:
        raise ValueError(f"Received: rows with {rows.max()}. Allowed: 0 to {m - 1}.")
    unknown = sorted(set(names) - set(attributes))
    if unknown:
        raise ValueError(f"Received: a change of {str(unknown[0])!r}. Allowed: {', '.join(attributes)}.")
    right = np.ones((len(rows), m), bool)
    for name, have in attributes.items():
        have = np.asarray(have, str)
        right &= np.where(names == name, values, have[rows])[:, None] == have
    return right


def _items(attributes):
    """How many items the attributes tell of. Raises ValueError for none, and for attributes of several lengths."""
    if not isinstance(attributes, dict) or not attributes:
        came = f"attributes, a {type(attributes).__name__}, {attributes!r:.20}"
        raise ValueError(f"Received: {came}. Allowed: a dict {{name: (m,) str}}.")
    shapes = {name: shape_of(have) for name, have in attributes.items()}  # of words: `check_shapes` wants numbers
    if len(set(shapes.values())) > 1 or any(shape is None or len(shape) != 1 for shape in shapes.values()):
        came = ", ".join(f"{name} of shape {shape}" for name, shape in shapes.items())
        raise ValueError(f"Received: {came}. Allowed: {', '.join(f'{name} (m,)' for name in shapes)}.")
    return len(next(iter(attributes.values())))


def draw_changes(attributes, n, seed=0, askers=None):
    """Queries by picture with a change, drawn so that something is right for each -> rows, names, values, targets, four
    of (n,): which item's picture asks, which attribute is changed to what, and one of the items that are right.

    Args:
        attributes: {name: (m,) str}, see ``same_but``. n: how many. seed: of the draws.
        askers: the items that may ask, int; None: all. (What is right may be any item.)
    Raises:
        ValueError: nothing is right for any change, for the items are too few.
    """
    check_whole(0, n=n)
    rng, m = np.random.default_rng(seed), _items(attributes)
    askers = np.arange(m) if askers is None else askers
    check_integers(askers=(askers, "k"))
    askers = np.asarray(askers)
    if not askers.size or askers.max() >= m:
        raise ValueError(f"Received: askers {askers.tolist()[:5]}. Allowed: one or more, 0 to {m - 1}.")
    known = [(name, value) for name, have in attributes.items() for value in np.unique(have)]
    found, count = [], 0
    while count < n:
        rows = rng.choice(askers, n)
        names, values = np.array(known)[rng.integers(len(known), size=n)].T
        old = np.array([attributes[name][row] for name, row in zip(names, rows, strict=True)])
        right = same_but(attributes, rows, names, values) & (values != old)[:, None]
        targets = np.where(right, rng.random(right.shape), -1.0).argmax(axis=1)
        kept = np.flatnonzero(right.any(axis=1))
        if not len(kept):
            raise ValueError(f"No change leads to an item. Received: {len(askers)} items that ask. Allowed: more.")
        found.append([part[kept] for part in (rows, names, values, targets)])
        count += len(kept)
    return tuple(np.concatenate(parts)[:n] for parts in zip(*found, strict=True))


def _check_both(given):
    if not isinstance(given, dict) or {"image", "text"} - set(given):
        came = sorted(given) if isinstance(given, dict) else f"one input, {given!r:.40}"
        raise ValueError(f"Received: {came}. Allowed: a dict with 'image' and 'text'.")


@keras.saving.register_keras_serializable(package="mmcourse")
class GatedComposer(keras.layers.Layer):
    """A picture's vector, changed as the words ask: what stays passes a gate, what is new is added (Vo et al., 2019,
    "Composing text and image for image retrieval: an empirical odyssey", TIRG).

    With x the picture (d numbers) and t the words (c numbers),

    1. both = [x; t], joined, (d + c,)
    2. gate = sigmoid(W₂ relu(W₁ both + b₁) + b₂), (d,), between 0 and 1
    3. residual = W₄ relu(W₃ both + b₃) + b₄, (d,)
    4. output = gate ⊙ x + residual

    b₂ begins at 2 and W₄, b₄ at zero: at first the gate is nearly open (about 0.88) and the query nearly the picture
    itself, so that training learns the change alone. (Vo et al. weigh the two parts by two learned numbers, which W₄
    and the gate can do as well; and they normalise by batch.)

    Args:
        hidden: the size of both inner layers. seed: of W₁ to W₃.

    Call arguments: {"image": (batch, d), "text": (batch, c)}. Returns (batch, d); with ``return_gate=True`` also the
    gate, (batch, d).
    """

    def __init__(self, hidden=128, seed=0, **kwargs):
        super().__init__(**kwargs)
        check_whole(hidden=hidden)
        self.hidden, self.seed = int(hidden), seed

    def build(self, input_shape):
        _check_both(input_shape)
        d, c = input_shape["image"][-1], input_shape["text"][-1]
        initializers = keras.initializers

        seeds = iter(independent(self.seed, 3, "GatedComposer"))

        def layer(name, size, inputs, kernel=None, bias="zeros", activation=None):
            made = keras.layers.Dense(
                size, activation, kernel_initializer=kernel or initializers.GlorotUniform(next(seeds)),
                bias_initializer=bias, dtype=self.dtype_policy, name=name,
            )  # fmt: skip
            made.build((None, inputs))
            return made

        self.gate_in = layer("gate_in", self.hidden, d + c, activation="relu")
        self.gate_out = layer("gate_out", d, self.hidden, bias=initializers.Constant(2.0))
        self.change_in = layer("change_in", self.hidden, d + c, activation="relu")
        self.change_out = layer("change_out", d, self.hidden, kernel="zeros")
        self.built = True

    def call(self, inputs, return_gate=False):
        _check_both(inputs)
        x, t = inputs["image"], inputs["text"]
        check_shapes(image=(x, "batch d"), text=(t, "batch c"))
        both = ops.concatenate([x, t], axis=-1)  # (b, d + c)
        gate = ops.sigmoid(self.gate_out(self.gate_in(both)))  # (b, d)
        output = gate * x + self.change_out(self.change_in(both))
        return (output, gate) if return_gate else output

    def compute_output_shape(self, input_shape, return_gate=False):
        shape = tuple(input_shape["image"])
        return (shape, shape) if return_gate else shape

    def get_config(self):
        return super().get_config() | {"hidden": self.hidden, "seed": self.seed}
