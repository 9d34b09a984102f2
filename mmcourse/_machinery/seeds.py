"""Seeds for the parts of a model."""

import zlib

import numpy as np


def independent(seed, count, of):
    """``count`` seeds for the parts of ``of``, the name of a layer or model: list of int from 0 to 2³¹ − 1 (on torch,
    Keras keeps a seed in an int32), or of None where ``seed`` is None.

    Two weights that are drawn from one seed begin equal. With ``seed + place`` the second weight of seed 0 would be the
    first one of seed 1, and runs over neighbouring seeds would share weights. These have nothing in common, neither
    within a model, nor with those of any other seed, nor with those of another kind of layer that was given the same
    seed (`numpy.random.SeedSequence`; O'Neill, 2015, "Developing a seed_seq alternative"). The first ones do not depend
    on ``count``.

    Raises ValueError for a seed that is no whole number from 0.
    """
    if seed is None:
        return [None] * count
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise ValueError(f"Received: seed={seed!r}. Allowed: a whole number from 0, or None.")
    sequence = np.random.SeedSequence([int(seed), zlib.crc32(of.encode())])
    return [int(state) & (2**31 - 1) for state in sequence.generate_state(count)]
