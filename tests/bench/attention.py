"""Our attention with several heads beside Keras' own, forward and backward, at three numbers of keys."""

import numpy as np

from mmcourse.attention import MultiHeadAttention
from mmcourse.quiet import keras
from tests.bench.timing import median_seconds

BATCH, UNITS, HEADS = 8, 128, 4


def model(layer, keys):
    """Queries and as many keys -> what the layer returns, compiled with a loss that touches every weight."""
    inputs = [keras.Input((keys, UNITS)) for _ in range(2)]
    built = keras.Model(inputs, layer(*inputs))
    built.compile("sgd", "mse")
    return built


def attention_speed(numbers=(64, 256, 1024)):
    """Self-attention of several heads: seconds a batch, ours by Keras' own, in one run."""
    rng, rows = np.random.default_rng(0), []
    for keys in numbers:
        x = rng.normal(size=(BATCH, keys, UNITS)).astype("float32")
        ours = model(MultiHeadAttention(UNITS, HEADS, seed=0), keys)
        theirs = model(keras.layers.MultiHeadAttention(HEADS, UNITS // HEADS), keys)
        repeats = 7 if keys > 500 else 15
        for name, step in {
            "forward": lambda m: m.predict_on_batch([x, x]),
            "forward and backward": lambda m: m.train_on_batch([x, x], x),
        }.items():
            # One after the other, twice, so that a machine that grows busy slows both.
            a, b, c, d = (median_seconds(lambda m=m: step(m), repeats, 3) for m in (ours, theirs, theirs, ours))
            note = f"batch {BATCH}, {UNITS} units, {HEADS} heads; Keras' own takes {1000 * min(b, c):.1f} ms"
            rows.append((f"{name}, {keys:,} keys", 1000 * min(a, d), "ms", note))
            rows.append((f"ratio to Keras' own, {name}, {keys:,} keys", (a + d) / (b + c), "×", "below 1: ours is faster"))
    return rows
