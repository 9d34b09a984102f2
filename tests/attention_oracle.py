"""Attention by its formula: what the tests of several layers compare with."""

import numpy as np


def loops(q, k, v, keep):
    """One sample by the formula, number by number, in float64: q (n, d), k (m, d), v (m, c), keep (n, m)."""
    output, weights = np.zeros((len(q), v.shape[1])), np.zeros((len(q), len(k)))
    for i in range(len(q)):
        score = {j: np.exp(sum(q[i] * k[j]) / len(q[i]) ** 0.5) for j in range(len(k)) if keep[i, j]}
        for j in score:
            weights[i, j] = score[j] / sum(score.values())
            output[i] += weights[i, j] * v[j]
    return output, weights
