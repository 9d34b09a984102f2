"""Hard attention: one key is looked at, drawn by the weights. No gradient passes a draw, so it is learned otherwise: by
REINFORCE (``sample_key``, ``policy_loss``), or by a gradient that a smooth draw lends (``gumbel_key``)."""

from mmcourse._machinery.checks import as_numbers, check_finite, check_floats, check_number, check_shapes, known
from mmcourse.backend import keras

ops = keras.ops

TINY = 1e-30  # stands for a weight of 0, which has no logarithm


def sample_key(weights, seed):
    """Draw one key for each query: weights (..., m), a distribution over the last axis -> (chosen, log-probability).

    ``chosen``: one-hot (..., m) in the dtype of the weights; ``chosen @ values`` is what hard attention returns, and on
    the average over draws that is what soft attention returns. The log-probability (...) is that of what was drawn, in
    nats and at least float32, with its gradient. ``seed``: a keras.random.SeedGenerator, or an integer for one fixed
    draw.

    A key of weight 0 is never drawn, unless all are 0: a query that has nothing to look at draws any key, with a
    log-probability far below that of any real draw, and without gradient.

    Raises ValueError for weights that are no floats, not finite, below 0, or without an axis.
    """
    _, logs = _logs_of(weights)
    dtype = keras.backend.standardize_dtype(weights.dtype)
    flat = ops.reshape(ops.stop_gradient(logs), (-1, weights.shape[-1]))
    place = ops.reshape(keras.random.categorical(flat, 1, seed=seed), ops.shape(weights)[:-1])
    chosen = ops.one_hot(place, weights.shape[-1], dtype=logs.dtype)
    return ops.cast(chosen, dtype), ops.sum(chosen * logs, axis=-1)


def gumbel_key(weights, seed, temperature=1.0):
    """Draw one key for each query, and let a gradient through: the straight-through Gumbel-softmax (Jang, Gu and Poole,
    2017, "Categorical reparameterization with Gumbel-softmax"; Maddison, Mnih and Teh, 2017, "The concrete
    distribution").

    1. gᵢ = -log(-log uᵢ), uᵢ even between 0 and 1: the largest of log weightᵢ + gᵢ is a draw by the weights
    2. out comes the one-hot vector of the largest: what is looked at is one key, as of ``sample_key``
    3. back goes the gradient of softmax((log weight + g) / temperature), as if that had come out

    What is drawn is unbiased; the gradient is not: it is that of a softer draw, evaluated at the hard one. A low
    temperature brings the two draws closer and makes the gradient noisier; unbiased it is not even in the limit, since
    the slope of what follows is still taken at the hard draw alone.

    Args:
        weights: (..., m), a distribution over the last axis.
        seed: a keras.random.SeedGenerator, or an integer for one fixed draw.
        temperature: above 0.
    Returns:
        one-hot (..., m), exactly 0 and 1, in the dtype of the weights. A key of weight 0 is never drawn, unless all
        are 0.
    Raises:
        ValueError: a temperature of 0 or less; weights as ``sample_key`` refuses them.
    """
    check_number("above 0", above=0, temperature=temperature)
    _, logs = _logs_of(weights)
    even = keras.random.uniform(ops.shape(logs), seed=seed, dtype=logs.dtype)
    noisy = logs - ops.log(-ops.log(ops.maximum(even, TINY)))
    smooth = ops.softmax(noisy / temperature, axis=-1) if logs.shape[-1] > 1 else ops.ones_like(noisy)
    chosen = ops.one_hot(ops.argmax(noisy, axis=-1), logs.shape[-1], dtype=logs.dtype)
    through = smooth - ops.stop_gradient(smooth)  # 0, with a gradient; so that the sum is exactly one-hot
    return ops.cast(ops.stop_gradient(chosen) + through, weights.dtype)


def attention_entropy(weights):
    """How undecided attention is: -Σ w log w over the last axis, (..., m) -> (...), in nats, at least float32: from 0
    (one key has all) to log m (equal weights). Its gradient is finite where a weight is 0.

    Added to what is maximised (Mnih et al., 2016, "Asynchronous methods for deep reinforcement learning"; Xu et al.,
    2015), it keeps draws varied, so that keys go on being tried. Raises ValueError as ``sample_key``.
    """
    exact, logs = _logs_of(weights)
    return -ops.sum(exact * logs, axis=-1)


def _logs_of(weights):
    """Weights, checked: themselves and their logarithms, both at least float32."""
    check_floats("weights", weights)
    check_shapes(weights=(weights, "…" if len(weights.shape) else "m"))
    check_finite(weights=weights)
    values = known(weights)
    if values is not None and values.size and values.min() < 0:
        raise ValueError(f"Received: weights with {values.min():g}. Allowed: 0 or more.")
    half = keras.backend.standardize_dtype(weights.dtype) in ("float16", "bfloat16")  # float16 has no 1e-30
    exact = ops.cast(weights, "float32") if half else weights
    return exact, ops.log(ops.maximum(exact, TINY))


def policy_loss(log_probability, reward, baseline=0.0):
    """REINFORCE (Williams, 1992, "Simple statistical gradient-following algorithms for connectionist reinforcement
    learning"): the mean of -(reward - baseline) · log-probability, a number whose gradient is an unbiased estimate of
    that of the expected loss. The reward passes no gradient.

    Args:
        log_probability: (batch, ...) of what was drawn, from ``sample_key``.
        reward: of the same shape, the higher the better, such as minus the loss of the sample.
        baseline: a number, or of the same shape: what to expect whatever is drawn, such as the mean of past rewards.
            Any that does not depend on the draw leaves the gradient unbiased; a good one takes away most of its noise.
    Returns:
        a scalar, to be added to the loss.
    Raises:
        ValueError: where a shape differs: (batch, 1) beside (batch,) would be broadcast to (batch, batch).
    """
    check_floats("log_probability", log_probability)
    check_shapes(reward=(reward, "…"))
    reward = reward if hasattr(reward, "shape") else as_numbers("reward", reward)
    if not hasattr(baseline, "shape"):
        check_number("a number, or an array of the log-probability's shape", baseline=baseline)
    shape = tuple(log_probability.shape)
    for name, value in {"reward": reward, "baseline": baseline}.items():
        given = tuple(getattr(value, "shape", ()))
        if given != shape and (name == "reward" or given):
            raise ValueError(f"Received: {name} of shape {given}. Allowed: that of the log-probability, {shape}.")
    reward = ops.convert_to_tensor(reward, dtype=log_probability.dtype)
    return -ops.mean(ops.stop_gradient(reward - ops.cast(baseline, reward.dtype)) * log_probability)
