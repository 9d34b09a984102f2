"""Noise that is the same on every machine: long arrays of the integers of ``scenes.random.Stream``, and what is made of
them in float64 arithmetic."""

import numpy as np

from mmcourse.scenes.random import Stream

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def bits(n, *key):
    """The first ``n`` integers of ``Stream(*key)``, uint64 (n,): the same as ``n`` calls of its ``bits()``."""
    z = np.arange(1, n + 1, dtype=np.uint64) * GOLDEN + np.uint64(Stream(*key).state)  # arrays wrap at 2^64
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def normal(shape, *key):
    """Standard normal noise, float64 of the given ``shape``, named by its key like a stream.

    By the transform of Box and Muller (1958, "A note on the generation of random normal deviates"): two uniform numbers
    give two normal ones. Machines agree to the last digits of float64.
    """
    count = int(np.prod(shape))
    half = (count + 1) // 2
    uniform = (bits(2 * half, *key) >> np.uint64(11)).astype(np.float64) * 2.0**-53  # in [0, 1), 53 bits each
    length, angle = np.sqrt(-2 * np.log1p(-uniform[:half])), 2 * np.pi * uniform[half:]
    return np.concatenate([length * np.cos(angle), length * np.sin(angle)])[:count].reshape(shape)
