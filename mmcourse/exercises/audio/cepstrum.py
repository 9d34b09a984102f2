"""Exercise `audio.cepstrum`: from mel power to MFCC."""

import math

import numpy as np

from mmcourse.exercises import Exercise, case

coefficients = Exercise(
    "audio.cepstrum",
    kind="implement",
    title="From mel power to MFCC",
    returns="a row for each frame, a column for each of the first k coefficients",
    otherwise="These are not the first coefficients of the orthonormal cosine transform of decibels.",
    task=(
        "Write `cepstrum(mel, k)` in NumPy. `mel` is a mel spectrogram of powers, shape `(t, m)`, a row for each "
        "frame. First take decibels, `10 * log10(max(power, 1e-10))`. Then apply the orthonormal cosine transform of "
        "type II over the mel channels, and return its first `k` coefficients, shape `(t, k)`; `k` is at most `m`. "
        "The transform is a product with a matrix of `m` rows and `k` columns. Its column `j`, counted from 0, is "
        "`cos(pi * j * (i + 0.5) / m)` for the channels `i`, divided by its norm."
    ),
    hints=(
        "Column `j` of the matrix is `cos(pi * j * (i + 0.5) / m)` for the channels `i`. "
        "What norm has that column, and what norm should it have?",
        "Multiply all columns by `np.sqrt(2 / m)`, and the first one by `np.sqrt(1 / m)` instead: then each has "
        "norm 1. The powers come first into `np.maximum(mel, 1e-10)`, so that silence is -100 decibels.",
    ),
    plan=(
        "Raise powers that are too small, and take decibels.",
        "Make the matrix of cosines, a row for each channel and a column for each coefficient.",
        "Divide each column by its norm.",
        "Multiply the decibels by the matrix.",
    ),
    minutes=12,
    difficulty=2,
    importance=2,
)


@coefficients.solved_by
def cepstrum(mel, k):
    """Mel power (t, m) -> its first k cepstral coefficients (t, k)."""
    m = mel.shape[1]
    decibels = 10 * np.log10(np.maximum(mel, 1e-10))
    i, j = np.arange(m)[:, None], np.arange(k)
    matrix = np.sqrt(2 / m) * np.cos(np.pi * j * (i + 0.5) / m)
    matrix[:, 0] /= np.sqrt(2)  # the column of ones is longer
    return decibels @ matrix


@coefficients.cases
def _(rng):
    def powers(t, m):
        return np.exp(rng.normal(0, 2, (t, m))) * np.exp(-np.arange(m) / 5)

    yield case(powers(9, int(rng.integers(20, 30))), 7)
    yield case(powers(4, 13), 5)
    yield case(powers(6, 16), 11)
    yield case(powers(2, 9), 3)
    yield case(powers(3, 8), 8, when="where k is the number of channels")
    yield case(powers(5, 6), 1, when="where k is 1")
    yield case(powers(1, 10), 4, when="with one frame")
    yield case(powers(7, 7), 3, when="with as many frames as channels")
    silent = powers(4, 11)
    silent[0], silent[2, 3:6] = 0, 0
    yield case(silent, 6, when="where a frame is silent")
    faint = powers(3, 10)
    faint[1] = 10.0 ** rng.uniform(-15, -11, 10)
    yield case(faint, 4, when="where powers are less than 1e-10")
    low = powers(3, 12)
    low[:, ::2] = 1e-10 * rng.uniform(1.2, 4, (3, 6))
    yield case(low, 5, when="where powers are a little more than 1e-10")


@coefficients.oracle
def _(mel, k):
    t, m = mel.shape
    found = np.zeros((t, k))
    for j in range(k):
        column = [math.cos(math.pi * j * (i + 0.5) / m) for i in range(m)]
        length = math.sqrt(sum(c * c for c in column))
        for s in range(t):
            found[s, j] = sum(10 * math.log10(max(mel[s, i], 1e-10)) * column[i] / length for i in range(m))
    return found
