"""Our attention with several heads beside Keras' own, forward and backward, at three numbers of keys."""

import numpy as np

from mmcourse.attention import MultiHeadAttention
from mmcourse.backend import keras
from tests.bench.timing import median_seconds

BATCH, UNITS, HEADS = 8, 128, 4


def model(layer, keys):
    """Queries and as many keys -> what the layer returns, compiled with a loss that touches every weight."""
    inputs = [keras.Input((keys, UNITS)) for _ in range(2)]
    built = keras.Model(inputs, layer(*inputs))
    built.compile("sgd", "mse")
    return built


def both_medians(step, ours, theirs, x, repeats):
    """Medians of a step of either model; measured twice, in turns, so that a machine that grows busy slows both."""
    times = {id(ours): 0.0, id(theirs): 0.0}
    for one in (ours, theirs, theirs, ours):
        times[id(one)] += median_seconds(lambda one=one: step(one, x), repeats, warm_up=3) / 2
    return times[id(ours)], times[id(theirs)]


def forward(one, x):
    """The output alone."""
    return one.predict_on_batch([x, x])


def forward_and_backward(one, x):
    """One step of training."""
    return one.train_on_batch([x, x], x)


def attention_speed(numbers=(64, 256, 1024)):
    """Self-attention of several heads: time of a batch, and its ratio to that of Keras' own, in one run."""
    rng, rows = np.random.default_rng(0), []
    for keys in numbers:
        x = rng.normal(size=(BATCH, keys, UNITS)).astype("float32")
        ours = model(MultiHeadAttention(UNITS, HEADS, seed=0), keys)
        theirs = model(keras.layers.MultiHeadAttention(HEADS, UNITS // HEADS), keys)
        for step in (forward, forward_and_backward):
            mine, keras_own = both_medians(step, ours, theirs, x, repeats=7 if keys > 500 else 15)
            name = f"{step.__name__.replace('_', ' ')}, {keys:,} keys"
            note = f"batch {BATCH}, {UNITS} units, {HEADS} heads; Keras' own: {1000 * keras_own:.1f} ms"
            rows.append((name, 1000 * mine, "ms", note))
            rows.append((f"ratio, {name}", mine / keras_own, "×", "below 1: ours is faster"))
    return rows
