"""The short-time spectrum: a signal is cut into frames, each is windowed, and its discrete Fourier transform is taken.
From it mel power, decibels, and mel-frequency cepstral coefficients (MFCC).

Source: Allen and Rabiner (1977), "A unified approach to short-time Fourier analysis and synthesis".
"""

import numpy as np

from mmcourse.audio.mel import dct_matrix, mel_filters
from mmcourse.backend import keras

ops = keras.ops
PADS = ("center", "none")


def hann(size):
    """The periodic Hann window, float32 ``(size,)``: w_i = ½ - ½ cos(2πi / size), i = 0 ... size - 1.

    *Periodic* means that the next value would be the first again; the symmetric window (``np.hanning``) divides by
    ``size - 1`` and is meant for filters. Spectrograms want the periodic one, and librosa takes it too.
    """
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)).astype("float32")


def frames(signal, size, hop, pad="center"):
    """A signal ``(..., n)`` -> its frames ``(..., t, size)``: overlapping pieces of ``size`` samples, ``hop`` apart.

    ``pad="center"`` puts half a frame of zeros before and after the signal: frame ``i`` is centred on sample
    ``i · hop``, and there are ``1 + n // hop`` of them. ``pad="none"``: frame ``i`` begins at sample ``i · hop``, there
    are ``1 + (n - size) // hop``, and what is left over at the end is in none.

    Raises ValueError for sizes that are no positive whole numbers, an unknown padding, and with ``pad="none"`` for a
    signal shorter than a frame.
    """
    _check(size, hop, pad)
    signal = ops.convert_to_tensor(signal)
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

    A signal has as many real frames in a batch as alone: see ``frames``. Raises ValueError as ``frames`` does.
    """
    _check(size, hop, pad)
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
    ``power`` other than 1 or 2, and as ``frames`` does.
    """
    if power not in (1, 2):
        raise ValueError(f"Received: power={power!r}. Allowed: 1 (magnitude), 2 (power).")
    pieces = frames(ops.cast(signal, "float32"), n_fft, hop, pad)  # (..., t, n_fft)
    # rfft and not a product with the Fourier basis: a GPU rounds the factors of a matrix product to ten bits or so.
    real, imaginary = ops.rfft(pieces * hann(n_fft))  # each (..., t, n_fft // 2 + 1)
    squares = ops.square(real) + ops.square(imaginary)
    return squares if power == 2 else ops.sqrt(squares)


def _check(size, hop, pad):
    for name, value in (("size", size), ("hop", hop)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
            raise ValueError(f"Received: {name}={value!r}. Allowed: a whole number of samples from 1.")
    if pad not in PADS:
        raise ValueError(f"Unknown padding. Received: pad={pad!r}. Allowed: {', '.join(PADS)}.")


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
    *array*, so that in a batch a recording would depend on its neighbours.
    """
    if not floor > 0 or (top_db is not None and not top_db > 0):
        raise ValueError(f"Received: floor={floor!r}, top_db={top_db!r}. Allowed: numbers above 0; top_db may be None.")
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
    """
    return ops.matmul(ops.cast(log_mel, "float32"), dct_matrix(log_mel.shape[-1], n_mfcc))
