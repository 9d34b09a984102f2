"""A chain over time: exact marginals by forward-backward, the likeliest sequence by Viterbi.

Source: Rabiner (1989), "A tutorial on hidden Markov models". Everything is in logarithms, so that long chains do not
underflow, and for many chains at once.
"""

import numpy as np

from mmcourse._machinery.checks import as_numbers


def _log_sum(x, axis):
    top = np.max(x, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)  # all -inf: the sum is 0, its logarithm -inf
    with np.errstate(divide="ignore"):
        return np.squeeze(top, axis) + np.log(np.sum(np.exp(x - top), axis=axis))


def logarithms(name, x, axes):
    """Natural logarithms, float64 of at least so many axes: -inf is that of 0. Raises ValueError for NaN and +inf."""
    x = as_numbers(name, x, empty=True).astype("float64")
    if x.ndim < axes or not (x < np.inf).all():
        what = f"shape {x.shape}" if x.ndim < axes else f"shape {x.shape} with NaN or +inf"
        raise ValueError(f"Received: {name} of {what}. Allowed: {axes} axes or more, numbers or -inf.")
    return x


def _checked(evidence, transitions):
    evidence, transitions = logarithms("evidence", evidence, 2), logarithms("transitions", transitions, 2)
    steps, k = evidence.shape[-2:]
    shape = (*evidence.shape[:-2], steps - 1, k, k)
    try:
        if transitions.shape[-2:] != (k, k):  # one row, or one number, would be stretched
            raise ValueError
        return evidence, np.broadcast_to(transitions, shape)
    except ValueError:
        raise ValueError(
            f"Received: evidence of shape {evidence.shape}, transitions of shape {transitions.shape}. "
            f"Allowed: transitions ({k}, {k}), or up to {shape}."
        ) from None


def forward_backward(evidence, transitions):
    """Marginals of every step of a chain p(x) ∝ prod_t exp(evidence_t[x_t]) · prod_t exp(transitions_t[x_t-1, x_t]).

    1. forward: f_t[j] = evidence_t[j] + log sum_i exp(f_t-1[i] + transitions_t[i, j]);
    2. backward: b_t-1[i] = log sum_j exp(transitions_t[i, j] + evidence_t[j] + b_t[j]), and b = 0 at the end;
    3. the marginal at t is exp(f_t + b_t), divided by its sum.

    - ``evidence``: natural logarithms, (..., t, k): how well each of k states fits what is seen at each step, the
      first step's with the logarithm of the start probabilities added;
    - ``transitions``: natural logarithms, (k, k), rows from, columns to; or (..., t - 1, k, k), of each step its own.

    Returns (marginals float64 (..., t, k), log of the sum over all sequences (...)). Raises ValueError for shapes that
    do not fit, NaN and +inf, and where no sequence is possible.
    """
    evidence, transitions = _checked(evidence, transitions)
    steps = evidence.shape[-2]
    forward, backward = np.empty_like(evidence), np.zeros_like(evidence)
    forward[..., 0, :] = evidence[..., 0, :]
    for t in range(1, steps):
        arrives = forward[..., t - 1, :, None] + transitions[..., t - 1, :, :]  # (..., from, to)
        forward[..., t, :] = evidence[..., t, :] + _log_sum(arrives, axis=-2)
    for t in range(steps - 1, 0, -1):
        ahead = evidence[..., t, :] + backward[..., t, :]
        backward[..., t - 1, :] = _log_sum(transitions[..., t - 1, :, :] + ahead[..., None, :], axis=-1)
    total = _log_sum(forward[..., -1, :], axis=-1)
    if not np.isfinite(total).all():
        raise ValueError("Received: evidence and transitions that no sequence fits. Allowed: one that can happen.")
    return np.exp(forward + backward - total[..., None, None]), total


def viterbi(evidence, transitions):
    """The likeliest sequence of states, int64 (..., t), and its score (...), the sum of its logarithms.

    Forward with the maximum in place of the sum; the best predecessors are followed back from the end. Arguments and
    errors as for ``forward_backward``, but that the score of an impossible one is -inf.
    """
    evidence, transitions = _checked(evidence, transitions)
    steps = evidence.shape[-2]
    score, came_from = evidence[..., 0, :], []
    for t in range(1, steps):
        arrives = score[..., :, None] + transitions[..., t - 1, :, :]
        came_from.append(arrives.argmax(axis=-2))
        score = evidence[..., t, :] + arrives.max(axis=-2)
    path = [score.argmax(axis=-1)]
    for before in reversed(came_from):
        path.append(np.take_along_axis(before, path[-1][..., None], axis=-1)[..., 0])
    return np.stack(path[::-1], axis=-1), score.max(axis=-1)
