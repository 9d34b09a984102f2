"""Hard attention: one key is looked at, drawn by the weights. No gradient passes a draw, so it is learned otherwise."""

from mmcourse.quiet import keras

ops = keras.ops


def sample_key(weights, seed):
    """Draw one key for each query: weights (..., m), a distribution over the last axis -> (chosen, log-probability).

    ``chosen``: one-hot (..., m) in the dtype of the weights; ``chosen @ values`` is what hard attention returns, and on
    the average over draws that is what soft attention returns. The log-probability (...) is that of what was drawn, in
    nats, with its gradient. ``seed``: a keras.random.SeedGenerator, or an integer for one fixed draw.

    The draw is the argmax of ln a + Gumbel noise (Gumbel, 1954; Maddison, Tarlow and Minka, 2014, "A* sampling"). A key
    of weight 0 is never drawn, unless all are 0.
    """
    tiny = 1e-30
    logs = ops.log(ops.maximum(weights, tiny))
    uniform = keras.random.uniform(ops.shape(weights), minval=1e-7, maxval=1.0, seed=seed)
    noise = -ops.log(-ops.log(uniform))
    place = ops.argmax(ops.stop_gradient(logs) + ops.cast(noise, logs.dtype), axis=-1)
    chosen = ops.cast(ops.one_hot(place, weights.shape[-1]), weights.dtype)
    return chosen, ops.sum(chosen * logs, axis=-1)


def policy_loss(log_probability, reward, baseline=0.0):
    """REINFORCE (Williams, 1992, "Simple statistical gradient-following algorithms for connectionist reinforcement
    learning"): the mean of -(reward - baseline) · log-probability, a number whose gradient is an unbiased estimate of
    that of the expected loss. The reward passes no gradient.

    Args:
        log_probability: (batch, ...) of what was drawn, from ``sample_key``.
        reward: of the same shape, the higher the better, such as minus the loss of the sample.
        baseline: a number, or of the same shape: what to expect whatever is drawn, such as the mean of past rewards.
            Any that does not depend on the draw leaves the gradient unbiased; a good one takes away most of its noise.
    """
    return -ops.mean(ops.stop_gradient(reward - baseline) * log_probability)
