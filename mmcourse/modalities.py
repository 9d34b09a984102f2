"""Small, fixed features that put two modalities side by side: a voice as one vector, and the products of two vectors.

They are as simple as can be, so that a linear model on top of them shows what is in the data rather than what a large
network can do. The pages on text, images and sound have better features.
"""

import numpy as np

FRAME, HOP = 512, 256  # samples: at 16 kHz frames of 32 milliseconds, overlapping by half
LOWEST = 60.0  # hertz
SILENCE = 1e-6  # power below which there is nothing to hear: keeps the logarithm finite


def describe_voice(sound, rate, bands=12):
    """A recording -> one vector, float64 (2 * bands,): how loud each band of frequencies is, and how much that varies.

    1. The sound (the mean of its channels) is cut into overlapping frames, each under a Hann window.
    2. The power of each frame is summed in ``bands`` bands of equal ratio, from 60 hertz to half the rate.
    3. In decibels, the mean over the frames stands first, then the standard deviation over the frames.

    Args:
        sound: float (n,) or (n, channels), at least 512 samples.
        rate: samples a second. bands: how many; at 16 kHz up to 18.

    Raises ValueError for a sound shorter than a frame, and for so many bands that one holds no frequency.
    """
    sound = np.asarray(sound, "float64")
    sound = sound.mean(axis=1) if sound.ndim == 2 else sound
    if sound.ndim != 1 or len(sound) < FRAME:
        raise ValueError(f"Received: sound of shape {sound.shape}. Allowed: {FRAME} samples or more, (n,) or (n, c).")
    frames = np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::HOP] * np.hanning(FRAME)  # (t, 512)
    power = np.abs(np.fft.rfft(frames)) ** 2  # (t, 257)
    hertz = np.fft.rfftfreq(FRAME, 1 / rate)
    edges = np.geomspace(LOWEST, rate / 2, bands + 1)
    within = (hertz[:, None] > edges[:-1]) & (hertz[:, None] <= edges[1:])  # (257, bands)
    if bands < 1 or not within.any(axis=0).all():
        raise ValueError(f"Each band must hold a frequency. Received: bands={bands!r}, rate={rate!r}.")
    decibels = 10 * np.log10(power @ within + SILENCE)  # (t, bands)
    return np.concatenate([decibels.mean(axis=0), decibels.std(axis=0)])


def products(a, b):
    """Every number of one modality times every number of the other: (n, d) and (n, c) -> (n, d * c).

    A linear model on these can answer "which way does this one count, given the other?", which no linear model on
    ``a`` and ``b`` side by side can. (The tensor, or outer product, of the two vectors of each item.)

    Raises ValueError where the numbers of items differ.
    """
    a, b = np.asarray(a), np.asarray(b)
    if a.ndim != 2 or b.ndim != 2 or len(a) != len(b):
        raise ValueError(
            f"Received: shapes {a.shape} and {b.shape}. Allowed: (n, d) and (n, c), one row for each item."
        )
    return (a[:, :, None] * b[:, None, :]).reshape(len(a), -1)
