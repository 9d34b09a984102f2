"""Exercise `audio.spectrum`: frames, window, power."""

import numpy as np

from mmcourse.exercises import Exercise, expect

spectrum = Exercise(
    "audio.spectrum",
    kind="implement",
    title="A power spectrogram",
    task=(
        "Write `power_spectrogram(signal, size, hop)` in NumPy. `signal` has the shape `(n,)`. Frame `i` holds the "
        "`size` samples from sample `i * hop` on; there are `1 + (n - size) // hop` frames, and nothing is padded. "
        "Multiply each frame by the **periodic** Hann window, `0.5 - 0.5 * cos(2 * pi * i / size)`, and return "
        "the **power** of its Fourier transform, shape `(frames, size // 2 + 1)`."
    ),
    hints=(
        "Four steps: where do the frames begin, what is in them, the window, the transform. "
        "What is the power of a complex number?",
        "`starts = np.arange(0, n - size + 1, hop)`, then `signal[starts[:, None] + np.arange(size)]` "
        "are all frames at once. `np.fft.rfft` transforms the last axis; the power is `np.abs(...) ** 2`.",
    ),
)


@spectrum.solved_by
def power_spectrogram(signal, size, hop):
    """A signal (n,) -> its power (frames, size // 2 + 1)."""
    starts = np.arange(0, len(signal) - size + 1, hop)
    frames = signal[starts[:, None] + np.arange(size)]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    return np.abs(np.fft.rfft(frames * window)) ** 2


def _power(signal, size, hop, window, transform=lambda z: np.abs(z) ** 2):
    starts = np.arange(0, len(signal) - size + 1, hop)
    return transform(np.fft.rfft(np.array([signal[s : s + size] for s in starts]) * window))


def _hann(size):
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)


@spectrum.check
def _(answer, rng):
    size, hop = 24, 7
    n = int(rng.integers(150, 200))
    signal = rng.normal(size=n)
    count = 1 + (n - size) // hop
    # The oracle sums the Fourier series itself.
    basis = np.exp(-2j * np.pi * np.outer(np.arange(size), np.arange(size // 2 + 1)) / size)
    frames = np.array([signal[i * hop : i * hop + size] for i in range(count)])
    expected = np.abs((frames * _hann(size)) @ basis) ** 2
    got = expect.array(expect.pure(answer, signal, size, hop), kind="complex")
    complex_ = "These are the complex amplitudes. The power is their absolute value, squared."
    expect.true(not np.iscomplexobj(got), complex_)
    got = expect.array(got)
    expect.true(
        got.shape != expected.T.shape, "The axes are exchanged: frames come first, frequencies last, (frames, f)."
    )
    expect.true(
        got.ndim != 2 or got.shape[1] != size,
        f"You kept all {size} frequencies. Of a real signal the upper half repeats the lower: use `np.fft.rfft`.",
    )
    beside = [1 + (n - size) // step for step in (size, size // 2)]
    expect.true(
        got.ndim != 2 or len(got) == count or len(got) not in beside,
        "The number of frames is that of another hop: frames must begin every `hop` samples, and overlap.",
    )
    got = expect.array(got, expected.shape, f"{count} frames fit into {n} samples, each with size // 2 + 1 frequencies")
    expect.differs(
        got, _power(signal, size, hop, 1), "There is no window: each frame begins and ends with a jump, and "
        "the jump spreads over all frequencies.",
    )  # fmt: skip
    expect.differs(
        got, _power(signal, size, hop, np.hanning(size)), "This is the symmetric window (`np.hanning`), which "
        "divides by size - 1. The periodic one divides by size.",
    )  # fmt: skip
    expect.differs(got, np.sqrt(expected), "This is the magnitude. The power is its square.")
    expect.differs(
        got, 10 * np.log10(expected), "These are decibels already. Return the power itself; the logarithm comes later."
    )
    expect.differs(got, expected / size, "You divided by the length of the frame. Here the power is not normalised.")
    expect.close(got, expected, "This is not the power of the windowed frames' Fourier transform.")
    expect.close(answer(signal[:size], size, hop), expected[:1], "A signal as long as one frame has exactly one frame.")


@spectrum.mistake("There is no window")
def no_window(signal, size, hop):
    return _power(signal, size, hop, 1)


@spectrum.mistake("symmetric window")
def symmetric_window(signal, size, hop):
    return _power(signal, size, hop, np.hanning(size))


@spectrum.mistake("another hop")
def frames_side_by_side(signal, size, hop):
    return _power(signal, size, size, _hann(size))


@spectrum.mistake("The power is its square")
def magnitude(signal, size, hop):
    return _power(signal, size, hop, _hann(size), np.abs)


@spectrum.mistake("complex amplitudes")
def complex_amplitudes(signal, size, hop):
    return _power(signal, size, hop, _hann(size), lambda z: z)


@spectrum.mistake("axes are exchanged")
def frequencies_first(signal, size, hop):
    return _power(signal, size, hop, _hann(size)).T


@spectrum.mistake("upper half repeats the lower")
def all_frequencies(signal, size, hop):
    starts = np.arange(0, len(signal) - size + 1, hop)
    return np.abs(np.fft.fft(signal[starts[:, None] + np.arange(size)] * _hann(size))) ** 2


@spectrum.mistake("frames fit into")
def last_frame_lost(signal, size, hop):
    return _power(signal[:-hop], size, hop, _hann(size))


@spectrum.mistake("changes its input")
def window_in_place(signal, size, hop):
    out = power_spectrogram(signal, size, hop)
    signal[:size] *= _hann(size)
    return out


@spectrum.mistake("decibels already")
def decibels(signal, size, hop):
    return 10 * np.log10(_power(signal, size, hop, _hann(size)))
