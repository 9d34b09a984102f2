"""Exercise `audio.spectrum`: frames, window, power."""

import math

import numpy as np

from mmcourse.exercises import Exercise, case

spectrum = Exercise(
    "audio.spectrum",
    kind="implement",
    title="A power spectrogram",
    returns="a row for each frame, a column for each of size // 2 + 1 frequencies",
    otherwise="This is not the power of the windowed frames' Fourier transform.",
    task=(
        "Write `power_spectrogram(signal, size, hop)` in NumPy. `signal` has the shape `(n,)`. Frame `i` holds the "
        "`size` samples from sample `i * hop` on; there are `1 + (n - size) // hop` frames, and nothing is padded "
        "(`n` is at least `size`). "
        "Multiply each frame by the **periodic** Hann window, `0.5 - 0.5 * cos(2 * pi * i / size)`, and return "
        "the **power** of its Fourier transform, the squared absolute value, not divided by anything: shape "
        "`(frames, size // 2 + 1)`."
    ),
    hints=(
        "Four steps: where do the frames begin, what is in them, the window, the transform. "
        "What is the power of a complex number?",
        "`starts = np.arange(0, n - size + 1, hop)`, then `signal[starts[:, None] + np.arange(size)]` "
        "are all frames at once. `np.fft.rfft` transforms the last axis; the power is `np.abs(...) ** 2`.",
    ),
    plan=(
        "Find the samples at which the frames begin.",
        "Cut out the frames, one row each, and multiply each row by the window.",
        "Transform every row, and keep the frequencies from 0 to half the rate.",
        "Square the absolute values.",
    ),
    minutes=12,
    difficulty=2,
    importance=3,
)


@spectrum.solved_by
def power_spectrogram(signal, size, hop):
    """A signal (n,) -> its power (frames, size // 2 + 1)."""
    starts = np.arange(0, len(signal) - size + 1, hop)
    frames = signal[starts[:, None] + np.arange(size)]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    return np.abs(np.fft.rfft(frames * window)) ** 2


@spectrum.cases
def _(rng):
    def signal(n):
        return rng.normal(0.3, 1, n)

    yield case(signal(int(rng.integers(90, 130))), 24, 7)
    yield case(signal(15 + 4 * 5 + 2), 15, 4)
    yield case(signal(11 + 8 * 3 + 5), 11, 8)
    yield case(signal(16 + 5 * 6 + 1), 16, 5)
    yield case(signal(13), 13, 4, when="where the signal is as long as one frame")
    yield case(signal(8 + 3 * 4), 8, 3, when="where the last frame ends with the signal")
    yield case(signal(10 + 5 * 3 + 4), 10, 5, when="where one sample is missing for another frame")
    yield case(signal(6 + 11 * 2 + 3), 6, 11, when="where the hop is longer than a frame")
    yield case(signal(9 + 6), 9, 1, when="where the hop is 1")


@spectrum.oracle
def _(signal, size, hop):
    """The Fourier series, summed up."""
    angles = [2 * math.pi * i / size for i in range(size)]
    wave = np.array([[complex(math.cos(f * a), -math.sin(f * a)) for f in range(size // 2 + 1)] for a in angles])
    rows, start = [], 0
    while start + size <= len(signal):
        frame = [signal[start + i] * (0.5 - 0.5 * math.cos(angles[i])) for i in range(size)]
        amplitudes = sum(sample * row for sample, row in zip(frame, wave, strict=True))
        rows.append(amplitudes.real**2 + amplitudes.imag**2)
        start += hop
    return np.array(rows)
