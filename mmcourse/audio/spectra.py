"""The short-time spectrum: a signal is cut into frames, each is windowed, and its discrete Fourier transform is taken.
From it mel power, decibels, and mel-frequency cepstral coefficients (MFCC).

Source: Allen and Rabiner (1977), "A unified approach to short-time Fourier analysis and synthesis".
"""

import numpy as np

from mmcourse._machinery.checks import (
    as_numbers,
    check_finite,
    check_floats,
    check_number,
    check_one_of,
    check_whole,
    known,
    shape_of,
)
from mmcourse.audio.mel import dct_matrix, mel_filters
from mmcourse.backend import keras

ops = keras.ops
PADS = ("center", "none")
FULL_SCALE = "Sound is floats in [-1, 1]; 16-bit integers are divided by 32768."


def hann(size):
    """The periodic Hann window, float32 ``(size,)``: w_i = ½ - ½ cos(2πi / size), i = 0 ... size - 1.

    *Periodic* means that the next value would be the first again; the symmetric window (``np.hanning``) divides by
    ``size - 1`` and is meant for filters. Spectrograms want the periodic one, and librosa takes it too. Raises
    ValueError for a size that is no whole number from 1.
    """
    check_whole(size=size)
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)).astype("float32")


def frames(signal, size, hop, pad="center"):
    """A signal ``(..., n)`` -> its frames ``(..., t, size)``: overlapping pieces of ``size`` samples, ``hop`` apart.

    ``pad="center"`` puts half a frame of zeros before and after the signal: frame ``i`` is centred on sample
    ``i · hop``, and there are ``1 + n // hop`` of them. ``pad="none"``: frame ``i`` begins at sample ``i · hop``, there
    are ``1 + (n - size) // hop``, and what is left over at the end is in none.

    Raises ValueError for sizes that are no positive whole numbers, an unknown padding, a signal that is no floats or
    has its channels last, and with ``pad="none"`` for one shorter than a frame.
    """
    _check(size, hop, pad)
    signal = ops.convert_to_tensor(as_signal("signal", signal))
    if pad == "center":
        half = size // 2
        signal = ops.pad(signal, [[0, 0]] * (len(signal.shape) - 1) + [[half, size - half]])
        # With an odd size the far end has one zero more; it belongs to no frame that is counted, or it is in the last.
    n = signal.shape[-1]
    if n is not None and n < size:
        raise ValueError(f"The signal is shorter than a frame. Received: {n} samples, size={size}, pad={pad!r}.")
    return ops.extract_sequences(signal, size, hop)


def frame_mask(lengths, t, size, hop, pad="center"):
    """Which of ``t`` frames are real: bool ``(batch, t)``, for signals of ``lengths`` samples ``(batch,)`` that were
    filled up with zeros to one length.

    A signal has as many real frames in a batch as alone: see ``frames``. Raises ValueError as ``frames`` does, and for
    lengths that are not ``(batch,)`` whole numbers from 0.
    """
    _check(size, hop, pad)
    check_lengths(lengths)
    if not hasattr(t, "shape") or known(t) is not None:
        check_whole(0, t=known(t).item() if hasattr(t, "shape") else t)
    lengths = ops.cast(lengths, "int32")
    count = 1 + (lengths if pad == "center" else lengths - size) // hop  # (batch,)
    return ops.arange(t, dtype="int32")[None, :] < count[:, None]


def spectrogram(signal, n_fft, hop, pad="center", power=2.0):
    """A signal ``(..., n)`` -> its power in time and frequency, float32 ``(..., t, n_fft // 2 + 1)``.

    1. cut it into frames of ``n_fft`` samples, ``hop`` apart (``frames``);
    2. multiply each by the periodic Hann window (``hann``);
    3. take the discrete Fourier transform; channel ``k`` is the frequency ``k · rate / n_fft``;
    4. |X|² for ``power=2`` (power), |X| for ``power=1`` (magnitude).

    It is not divided by the window's length: the same convention as ``librosa.stft``. Raises ValueError for a
    ``power`` other than 1 or 2, a signal that is not finite, and as ``frames`` does.
    """
    if isinstance(power, bool) or power not in (1, 2):
        raise ValueError(f"Received: power={power!r}. Allowed: 1 (magnitude), 2 (power).")
    signal = as_signal("signal", signal)
    check_finite(signal=signal)
    pieces = frames(ops.cast(signal, "float32"), n_fft, hop, pad)  # (..., t, n_fft)
    # rfft and not a product with the Fourier basis: a GPU rounds the factors of a matrix product to ten bits or so.
    real, imaginary = ops.rfft(pieces * hann(n_fft))  # each (..., t, n_fft // 2 + 1)
    squares = ops.square(real) + ops.square(imaginary)
    return squares if power == 2 else ops.sqrt(squares)


def _check(size, hop, pad):
    for name, value in (("size", size), ("hop", hop)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
            raise ValueError(f"Received: {name}={value!r}. Allowed: a whole number of samples from 1.")
    check_one_of(PADS, pad=pad)


def as_floats(name, x, axes, hint=""):
    """``x`` where it is floats of so many axes or more (a list as an array). Raises ValueError for anything else."""
    x = x if hasattr(x, "dtype") else as_numbers(name, x)
    try:
        check_floats(name, x)
    except ValueError as error:
        raise ValueError(f"{error} {hint}".rstrip()) from None
    shape = shape_of(x)
    if shape is not None and len(shape) < axes:
        raise ValueError(f"Received: {name} of shape {shape}. Allowed: {axes} axes or more.")
    return x


def as_signal(name, x):
    """Signals ``(..., n)`` where they are some. Raises ValueError, too, for two samples or fewer of each of more than
    16 recordings: those are channels, and the axis before them is time."""
    x = as_floats(name, x, 1, FULL_SCALE)
    shape = shape_of(x) or ()
    if len(shape) > 1 and None not in shape[-2:] and shape[-1] <= 2 and shape[-2] > 16:
        raise ValueError(
            f"The signal is shorter than a frame. Received: {name} of shape {shape}. Allowed: (..., n), time last; "
            "sounds (b, n, channels) are for mmcourse.audio.MelSpectrogram, which takes the mean over the channels."
        )
    return x


def check_lengths(lengths, batch=None, n=None):
    """Raise ValueError unless lengths are whole numbers ``(batch,)`` from 0, to ``n`` where that is known."""
    shape = shape_of(lengths)
    if shape is not None and (len(shape) != 1 or (None not in (shape[0], batch) and shape[0] != batch)):
        size = "batch" if batch is None else batch
        raise ValueError(f"Received: lengths of shape {shape}. Allowed: one for each recording, shape ({size},).")
    if hasattr(lengths, "dtype") and known(lengths) is None:
        return
    values = as_numbers("lengths", lengths, whole=True, empty=True)
    if values.size and not (values.min() >= 0 and (n is None or values.max() <= n)):
        most = "" if n is None else f" to {n}, as long as the array"
        raise ValueError(f"Received: lengths from {values.min()} to {values.max()}. Allowed: samples, from 0{most}.")


def mel_spectrogram(
    signal, rate, n_fft, hop, n_mels=40, low=0.0, high=None, scale="slaney", norm="slaney", pad="center"
):
    """A signal ``(..., n)`` -> its mel power, float32 ``(..., t, n_mels)``: ``spectrogram`` times ``mel_filters``.

    Equal to ``librosa.feature.melspectrogram`` (axes exchanged) with ``htk=(scale == "htk")`` and the same norm, within
    1e-4 of its largest value. Raises ValueError as those two do.
    """
    return ops.matmul(
        spectrogram(signal, n_fft, hop, pad), mel_filters(rate, n_fft, n_mels, low, high, scale, norm)
    )  # (..., t, f) @ (f, n_mels)


def power_to_db(power, floor=1e-10, top_db=80.0):
    """Power ``(..., t, m)`` -> decibels, 10 log₁₀(power), of the same shape.

    ``floor``: powers below it count as it, so that silence is finite. ``top_db``: within a recording (the last two
    axes) nothing is more than that many decibels below the loudest value; None leaves all as it is. Equal to
    ``librosa.power_to_db`` with ``ref=1``, recording by recording: there the loudest value is that of the whole
    *array*, so that in a batch a recording would depend on its neighbours. Raises ValueError for a ``floor`` or
    ``top_db`` that is not above 0, fewer than two axes, and powers that are negative or not finite.
    """
    check_number("above 0", above=0, floor=floor, **({} if top_db is None else {"top_db": top_db}))
    power = as_floats("power", power, 2)
    if 0 in shape_of(power):
        raise ValueError(f"Received: power of shape {shape_of(power)}, empty. Allowed: one frame or more.")
    check_finite(power=power)
    values = known(power)
    if values is not None and values.size and values.min() < 0:
        raise ValueError(f"Received: power with {values.min():g}. Allowed: 0 or more: decibels and waveforms are none.")
    db = 10.0 / np.log(10.0).item() * ops.log(ops.maximum(ops.cast(power, "float32"), floor))
    if top_db is not None:
        db = ops.maximum(db, ops.max(db, axis=(-2, -1), keepdims=True) - top_db)
    return db


def mfcc(log_mel, n_mfcc=13):
    """A mel spectrogram in decibels ``(..., t, m)`` -> mel-frequency cepstral coefficients ``(..., t, n_mfcc)``.

    The orthonormal cosine transform over the *mel* axis, of which the first ``n_mfcc`` are kept: coefficient 0 is the
    mean level, times √m, the next few the coarse shape of the spectrum. After Davis and Mermelstein (1980),
    "Comparison of parametric representations for monosyllabic word recognition in continuously spoken sentences". Equal
    to ``librosa.feature.mfcc`` within 1e-2 where ``log_mel`` is ``power_to_db(mel_spectrogram(...))``. Not liftered.
    Raises ValueError for what is no floats ``(..., t, m)``, and more coefficients than m.
    """
    log_mel = as_floats("log_mel", log_mel, 2)
    return ops.matmul(ops.cast(log_mel, "float32"), dct_matrix(log_mel.shape[-1], n_mfcc))
