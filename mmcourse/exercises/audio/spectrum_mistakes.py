"""What goes wrong in `audio.spectrum`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.audio._inputs import plant
from mmcourse.exercises.audio.spectrum import power_spectrogram, spectrum


def _frames(signal, size, hop):
    return np.array([signal[s : s + size] for s in range(0, len(signal) - size + 1, hop)])


def _hann(size):
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)


def _square(z):
    return np.abs(z) ** 2


def _like(window=_hann, of=_square, frames=_frames, transform=np.fft.rfft):
    """A function like the solution, but for its window, what it takes of complex numbers, its frames, or its
    transform."""

    def wrong(signal, size, hop):
        return of(transform(frames(signal, size, hop) * window(size)))

    return wrong


def _none(size):
    return np.ones(size)


def _padded(signal, size, hop, left=0, mode="constant", count=None):
    """Frames of a signal with zeros, or what else NumPy pads with, at both ends."""
    count = count or (lambda n: 1 + (n - size) // hop)
    padded = np.pad(signal, (left, left), mode=mode)
    many = count(len(padded))
    padded = np.pad(padded, (0, max(0, (many - 1) * hop + size - len(padded))))
    return np.array([padded[i * hop : i * hop + size] for i in range(many)])


plant(
    spectrum,
    "There is no window: each frame begins and ends with a jump, and the jump spreads over all frequencies.",
    no_window=_like(_none),
)
plant(
    spectrum,
    "There is no window, and this is the magnitude: the power is its square.",
    no_window_magnitude=_like(_none, np.abs),
)
plant(
    spectrum,
    "This is the symmetric window (`np.hanning`), which divides by size - 1. The periodic one divides by size.",
    symmetric_window=_like(np.hanning),
    symmetric_window_of_all=_like(np.hanning, transform=np.fft.fft),
)
plant(
    spectrum,
    "This is the symmetric window (`np.hanning`), and the magnitude: the power is its square.",
    symmetric_window_magnitude=_like(np.hanning, np.abs),
)
plant(
    spectrum,
    "This is a Hamming window: it begins at 0.08. Asked for is the Hann window, which begins at 0.",
    hamming=_like(np.hamming),
    hamming_periodic=_like(lambda size: 0.08 + 0.92 * _hann(size)),
)
plant(
    spectrum,
    "This is a Hamming window, and the magnitude: the power is its square.",
    hamming_magnitude=_like(np.hamming, np.abs),
)
plant(
    spectrum,
    "This is another window. Asked for is the periodic Hann window, `0.5 - 0.5 * cos(2 * pi * i / size)`.",
    blackman=_like(np.blackman),
    triangle=_like(np.bartlett),
)
plant(
    spectrum,
    "The window was laid over the whole signal. It belongs to each frame.",
    window_on_signal=lambda signal, size, hop: _like(_none)(signal * _hann(len(signal)), size, hop),
    symmetric_window_on_signal=lambda signal, size, hop: _like(_none)(signal * np.hanning(len(signal)), size, hop),
)
plant(
    spectrum,
    "The window is upside down: it is 1 where a frame begins and 0 in its middle. The cosine has a minus sign.",
    window_upside_down=_like(lambda size: 1 - _hann(size)),
)
plant(
    spectrum,
    "The cosine of your window goes through half a period only. Its argument is 2 * pi * i / size.",
    half_a_period=_like(lambda size: 0.5 - 0.5 * np.cos(np.pi * np.arange(size) / size)),
)
plant(
    spectrum,
    "Your window is twice as high. The Hann window is 0.5 - 0.5 * cos(…), at most 1.",
    window_doubled=_like(lambda size: 2 * _hann(size)),
)
plant(
    spectrum,
    "This is the root of the Hann window, a sine.",
    root_of_window=_like(lambda size: np.sqrt(_hann(size))),
)
plant(
    spectrum,
    "A factor of the window is missing. It is 0.5 - 0.5 * cos(2 * pi * i / size), from 0 in a frame's first sample to "
    "1 in its middle.",
    half_of_cosine_missing=_like(lambda size: 2 * _hann(size) - 0.5),
    two_pi_missing=_like(lambda size: 0.5 - 0.5 * np.cos(np.arange(size) / size)),
    pi_missing=_like(lambda size: 0.5 - 0.5 * np.cos(2 * np.arange(size) / size)),
    size_missing=_like(lambda size: 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size))),
    only_cosine=_like(lambda size: 0.5 * np.cos(2 * np.pi * np.arange(size) / size)),
    shifted_by_sine=_like(lambda size: 0.5 - 0.5 * np.sin(2 * np.pi * np.arange(size) / size)),
)
plant(
    spectrum,
    "Your window divides by size + 1. The periodic one divides by size, and its first number is 0.",
    by_one_more=_like(lambda size: 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / (size + 1))),
    without_zeros=_like(lambda size: np.hanning(size + 2)[1:-1]),
)
plant(
    spectrum,
    "The frames are multiplied by the window twice.",
    window_twice=_like(lambda size: _hann(size) ** 2),
)
plant(
    spectrum,
    "You multiplied the *spectrum* by the window. The window belongs to the frame, before the transform.",
    window_on_spectrum=lambda signal, size, hop: _square(
        np.fft.rfft(_frames(signal, size, hop)) * _hann(size)[: size // 2 + 1]
    ),
    window_on_whole_spectrum=lambda signal, size, hop: _square(np.fft.fft(_frames(signal, size, hop)) * _hann(size))[
        :, : size // 2 + 1
    ],
    window_on_power=lambda signal, size, hop: _like(_none)(signal, size, hop) * _hann(size)[: size // 2 + 1],
)
plant(
    spectrum,
    "The frames are not `hop` samples apart: they lie side by side, or overlap by half. Begin one every `hop` samples.",
    frames_side_by_side=_like(frames=lambda signal, size, hop: _frames(signal, size, size)),
    half_overlapping=_like(frames=lambda signal, size, hop: _frames(signal, size, size // 2)),
)
plant(
    spectrum,
    "`hop` and `size` are exchanged: a frame has `size` samples, and the next begins `hop` samples later.",
    exchanged=lambda signal, size, hop: _like()(signal, hop, size),
)
plant(
    spectrum,
    "A frame that ends where the signal ends is missing: the last start is n - size, and it is included.",
    last_start_excluded_or_none=_like(
        frames=lambda signal, size, hop: np.array([*_frames(signal, size, hop)][: -((size - len(signal)) // hop)])
    ),
    last_start_excluded=_like(
        frames=lambda signal, size, hop: _frames(signal[:-1], size, hop) if len(signal) > size else np.zeros((0, size))
    ),
)
plant(
    spectrum,
    "The last frame is missing: there are `1 + (n - size) // hop`.",
    last_frame_lost_or_none=_like(frames=lambda signal, size, hop: np.array([*_frames(signal, size, hop)][:-1])),
    last_frame_lost=_like(frames=lambda signal, size, hop: _frames(signal, size, hop)[:-1]),
)
plant(
    spectrum,
    "The first frame is missing: it begins at sample 0.",
    first_frame_lost=_like(frames=lambda signal, size, hop: _frames(signal, size, hop)[1:]),
)
plant(
    spectrum,
    "There are frames that reach beyond the end of the signal. Nothing is padded: leave them out.",
    end_padded=_like(frames=lambda signal, size, hop: _padded(signal, size, hop, count=lambda n: -(-n // hop))),
    rest_padded=_like(
        frames=lambda signal, size, hop: _padded(signal, size, hop, count=lambda n: 1 + -(-(n - size) // hop))
    ),
    as_many_as_hops=_like(frames=lambda signal, size, hop: _padded(signal, size, hop, count=lambda n: n // hop)),
    one_more=_like(frames=lambda signal, size, hop: _padded(signal, size, hop, count=lambda n: 2 + (n - size) // hop)),
)
plant(
    spectrum,
    "The signal was padded at both ends, so that frames are centred on their samples. Here nothing is padded.",
    centred=_like(frames=lambda signal, size, hop: _padded(signal, size, hop, size // 2)),
    centred_by_reflection=_like(frames=lambda signal, size, hop: _padded(signal, size, hop, size // 2, "reflect")),
)
plant(
    spectrum,
    "This is the magnitude. The power is its square.",
    magnitude=_like(of=np.abs),
)
plant(
    spectrum,
    "These are the complex amplitudes. The power is their absolute value, squared.",
    complex_amplitudes=_like(of=lambda z: z),
    complex_amplitudes_without_window=_like(_none, of=lambda z: z),
    complex_amplitudes_of_all=_like(of=lambda z: z, transform=np.fft.fft),
)
plant(
    spectrum,
    "Your numbers are complex, though their imaginary parts are 0. Take `.real`, or `np.abs(...) ** 2`.",
    complex_power=_like(of=lambda z: z * z.conj()),
)
plant(
    spectrum,
    "There is no Fourier transform: these are the squares of the windowed samples.",
    no_transform=_like(transform=lambda x: x),
)
plant(
    spectrum,
    "You doubled the magnitude. The power is its square.",
    magnitude_doubled=_like(of=lambda z: 2 * np.abs(z)),
)
plant(
    spectrum,
    "You squared complex numbers, which gives complex numbers. The power is the square of their *absolute value*.",
    complex_squares=_like(of=lambda z: z**2),
)
plant(
    spectrum,
    "This is the real part squared *minus* the imaginary part squared, the real part of a complex square. The power is "
    "their sum: the square of the absolute value.",
    real_part_of_squares=_like(of=lambda z: (z**2).real),
)
plant(
    spectrum,
    "Real and imaginary part are added before they are squared. Square each of them, then add.",
    square_of_sum=_like(of=lambda z: (z.real + z.imag) ** 2),
    square_of_absolute_sum=_like(of=lambda z: (np.abs(z.real) + np.abs(z.imag)) ** 2),
)
plant(
    spectrum,
    "Real and imaginary part are added, and nothing is squared. The power is the sum of their squares.",
    sum_of_parts=_like(of=lambda z: z.real + z.imag),
    sum_of_absolute_parts=_like(of=lambda z: np.abs(z.real) + np.abs(z.imag)),
)
plant(
    spectrum,
    "These are the angles of the complex numbers. The power is their absolute value, squared.",
    angles=_like(of=np.angle),
)
plant(
    spectrum,
    "The power is squared once more: this is the fourth power of the absolute value.",
    fourth_power=_like(of=lambda z: np.abs(z) ** 4),
)
plant(
    spectrum,
    "This is the logarithm of the power already. Return the power itself.",
    logarithm=_like(of=lambda z: np.log(_square(z))),
    logarithm_of_more=_like(of=lambda z: np.log1p(_square(z))),
)
plant(
    spectrum,
    "The window was rounded to whole numbers: of its numbers between 0 and 1 none is left.",
    window_rounded=_like(lambda size: np.round(_hann(size))),
    window_cut=_like(lambda size: np.floor(_hann(size))),
)
plant(
    spectrum,
    "The first frame begins `hop` samples too late, and zeros fill the last one. Frame `i` begins at sample `i * hop`.",
    one_hop_late=_like(frames=lambda signal, size, hop: _frames(np.append(signal[hop:], np.zeros(hop)), size, hop)),
)
plant(
    spectrum,
    "Each sample lost a part of the one before it (pre-emphasis). Here the signal stays as it is.",
    emphasised=_like(frames=lambda signal, size, hop: _frames(_emphasised(signal, 0.97), size, hop)),
    emphasised_less=_like(frames=lambda signal, size, hop: _frames(_emphasised(signal, 0.95), size, hop)),
)
plant(
    spectrum,
    "The signal was divided by its largest sample first. It stays as it is.",
    divided_by_largest=_like(frames=lambda signal, size, hop: _frames(signal / np.abs(signal).max(), size, hop)),
)
plant(
    spectrum,
    "The imaginary parts are left out. The power is the real part squared *plus* the imaginary part squared.",
    real_part_squared=_like(of=lambda z: z.real**2),
    real_part=_like(of=lambda z: z.real),
)
plant(
    spectrum,
    "The axes are exchanged: frames come first, frequencies last, (frames, f).",
    frequencies_first=lambda signal, size, hop: power_spectrogram(signal, size, hop).T,
)
plant(
    spectrum,
    "You kept all `size` frequencies. Of a real signal the upper half repeats the lower: use `np.fft.rfft`.",
    all_frequencies=_like(transform=np.fft.fft),
    all_frequencies_without_window=_like(_none, transform=np.fft.fft),
)
plant(
    spectrum,
    "The highest frequency is missing: there are size // 2 + 1, from 0 to half the rate.",
    highest_lost_if_even=lambda signal, size, hop: power_spectrogram(signal, size, hop)[:, : (size + 1) // 2],
    highest_lost=lambda signal, size, hop: power_spectrogram(signal, size, hop)[:, : size // 2],
)
plant(
    spectrum,
    "Frequency 0 is missing: keep it, there are size // 2 + 1.",
    lowest_lost=lambda signal, size, hop: power_spectrogram(signal, size, hop)[:, 1:],
)
plant(
    spectrum,
    "The transform runs over the frames, which are time. It must run over the samples of each frame.",
    over_frames=_like(transform=lambda x: np.fft.fft(x, axis=0)[:, : x.shape[1] // 2 + 1]),
    over_frames_halved=_like(transform=lambda x: np.fft.rfft(x, axis=0)),
)
plant(
    spectrum,
    "These are decibels already. Return the power itself; the logarithm comes later.",
    decibels=_like(of=lambda z: 10 * np.log10(_square(z))),
    decibels_without_window=_like(_none, of=lambda z: 10 * np.log10(_square(z))),
    decibels_of_magnitude=_like(of=lambda z: 20 * np.log10(np.abs(z) + 1e-10)),
    decibels_above_floor=_like(of=lambda z: 10 * np.log10(np.maximum(_square(z), 1e-10))),
)
plant(
    spectrum,
    "You divided by the length of the frame, or by its square. Here the power is not divided by anything.",
    divided_by_size=lambda signal, size, hop: power_spectrogram(signal, size, hop) / size,
    divided_by_its_square=lambda signal, size, hop: power_spectrogram(signal, size, hop) / size**2,
)
plant(
    spectrum,
    "You divided by the sum of the window, or of its squares. Here the power is not divided by anything.",
    divided_by_window=_like(lambda size: _hann(size) / _hann(size).sum()),
    divided_by_squares=_like(lambda size: _hann(size) / np.sqrt((_hann(size) ** 2).sum())),
)
plant(
    spectrum,
    "You doubled the frequencies between the first and the last, for the half that is left out. Here they stay as they "
    "are.",
    doubled=lambda signal, size, hop: _doubled(power_spectrogram(signal, size, hop), size),
)
plant(
    spectrum,
    "The mean of each frame was taken off first. Nobody asked for that: frequency 0 holds it.",
    mean_off=_like(frames=lambda signal, size, hop: _less_mean(_frames(signal, size, hop), 1)),
)
plant(
    spectrum,
    "The mean of the signal was taken off first. Nobody asked for that: frequency 0 holds it.",
    mean_of_signal_off=_like(frames=lambda signal, size, hop: _frames(_less_mean(signal, 0), size, hop)),
)
plant(
    spectrum,
    "The spectra of all frames are averaged, or added up. Asked for is a row for each frame.",
    averaged=lambda signal, size, hop: power_spectrogram(signal, size, hop).mean(0),
    added_up=lambda signal, size, hop: power_spectrogram(signal, size, hop).sum(0),
)


@spectrum.mistake(said="Your function changes its input `signal`.")
def window_in_place(signal, size, hop):
    out = power_spectrogram(signal, size, hop)
    signal[:size] *= _hann(size)
    return out


def _less_mean(x, axis):
    return x - x.mean(axis, keepdims=True)


def _doubled(power, size):
    power[:, 1 : (size + 1) // 2] *= 2
    return power


plant(
    spectrum,
    "The powers between frequency 0 and the last one are doubled, as for a density of one side. Double nothing.",
    doubled_inside=_like(of=lambda z: np.c_[_square(z[:, :1]), 2 * _square(z[:, 1:-1]), _square(z[:, -1:])]),
    doubled_above_zero=_like(of=lambda z: np.c_[_square(z[:, :1]), 2 * _square(z[:, 1:])]),
)
plant(
    spectrum,
    "The window is taken in the middle of each sample, with `i + 0.5`. It has `i`, and begins with 0.",
    window_with_halves=_like(lambda size: 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(size) + 0.5) / size)),
)
plant(
    spectrum,
    "The signal was cut to whole numbers. Samples are real numbers.",
    samples_cut=lambda signal, size, hop: power_spectrogram(np.trunc(signal), size, hop),
)


plant(
    spectrum,
    "The frames are filled with zeros up to a power of two before the transform. It is as long as the frame, `size`.",
    longer_transform=_like(transform=lambda frames: np.fft.rfft(frames, n=1 << frames.shape[1].bit_length())),
    power_of_two=_like(transform=lambda frames: np.fft.rfft(frames, n=1 << (frames.shape[1] - 1).bit_length())),
)


def _emphasised(signal, part):
    return np.append(signal[:1], signal[1:] - part * signal[:-1])


plant(
    spectrum,
    "Your window counts its samples from 1. They count from 0: its first number is 0.",
    counted_from_one=_like(lambda size: np.roll(_hann(size), -1)),
)
plant(
    spectrum,
    "`hop` is taken for what two frames share. It is how far the next one begins behind the last.",
    hop_for_overlap=_like(frames=lambda signal, size, hop: _frames(signal, size, max(size - hop, 1))),
)
plant(
    spectrum,
    "The frames have `hop` samples, and zeros behind them. Each has `size` samples; neighbours overlap.",
    hop_long_then_window=_like(frames=lambda signal, size, hop: _frames(signal, size, hop) * (np.arange(size) < hop)),
)
