"""Recordings of different lengths -> batches of frames with their mask: padding, the layer, and two ways to scale."""

import numpy as np

from mmcourse._machinery.checks import (
    as_numbers,
    check_finite,
    check_mask,
    check_number,
    check_one_of,
    check_shapes,
    check_type,
    check_whole,
    shape_of,
)
from mmcourse._machinery.sounds import check_sound
from mmcourse.audio.mel import mel_filters
from mmcourse.audio.spectra import PADS, as_floats, check_lengths, frame_mask, mel_spectrogram, mfcc, power_to_db
from mmcourse.backend import keras

ops = keras.ops


def pad_signals(signals, n=None):
    """Recordings, each ``(n_i,)`` or ``(n_i, channels)`` -> one array float32 ``(batch, n)`` and their lengths, int32
    ``(batch,)``.

    Channels are averaged. Short recordings are filled up with zeros at the end; ``n`` None is the longest one's length.
    Raises ValueError where there is no recording, where one has other axes, its channels first, integers or NaN, or is
    longer than ``n``: nothing is cut.
    """
    if n is not None:
        check_whole(n=n)
    if isinstance(signals, (str, dict)) or not hasattr(signals, "__iter__"):
        raise ValueError(f"Received: signals, a {type(signals).__name__}. Allowed: a list of arrays, (n,) each.")
    mono = []
    for place, signal in enumerate(signals):
        signal = np.asarray(signal)
        check_sound(signal, f"recording {place}")
        check_finite(**{f"recording {place}": signal})
        signal = signal.astype("float32")
        mono.append(signal if signal.ndim == 1 else signal.mean(axis=1))
    if not mono:
        raise ValueError("There is nothing to pad. Received: 0 recordings. Allowed: one or more.")
    lengths = np.array([len(signal) for signal in mono], "int32")
    n = int(lengths.max()) if n is None else n
    if lengths.max() > n:
        raise ValueError(
            f"Recording {int(lengths.argmax())} has {lengths.max()} samples. Received: n={n}. Allowed: as many or more."
        )
    out = np.zeros((len(mono), n), "float32")
    for row, signal in zip(out, mono, strict=True):
        row[: len(signal)] = signal
    return out, lengths


@keras.saving.register_keras_serializable("mmcourse")
class MelSpectrogram(keras.layers.Layer):
    """Waveforms ``(batch, n)`` or ``(batch, n, channels)`` -> log-mel frames ``(batch, t, n_mels)`` in decibels, or
    MFCC ``(batch, t, n_mfcc)``.

    1. channels are averaged, and samples past a recording's length become zero;
    2. ``mel_spectrogram`` with the named window (periodic Hann), padding, scale and norm;
    3. ``power_to_db``: silence is finite, and no recording sees its neighbours;
    4. with ``n_mfcc``, ``mfcc``.

    There is nothing to learn. All arithmetic is done in float32, under any policy; what goes out has the layer's
    compute dtype. ``frame_mask(lengths, n)`` says which frames are real: those are the same whatever stands behind a
    recording in its batch.

    Args:
        rate: samples a second. n_fft: samples in a frame. hop: samples from one frame to the next.
        n_mels, low, high, scale, norm: of the filters, see ``mel_filters``. pad: see ``frames``.
        n_mfcc: None for log-mel frames, else how many coefficients. floor, top_db: see ``power_to_db``.

    Calling it takes ``lengths``, int ``(batch,)``, too. Of a batch of ``ItemBatches`` that is
    ``layer(batch["audio"], lengths=batch["mask"]["audio"].sum(axis=1))``.
    Raises ValueError, naming the shape or the type, for other axes, channels first, integers (another full scale), and
    lengths of another shape.
    """

    def __init__(
        self, rate, n_fft, hop, n_mels=40, low=0.0, high=None, scale="slaney", norm="slaney", pad="center",
        n_mfcc=None, floor=1e-10, top_db=80.0, **kwargs,
    ):  # fmt: skip
        super().__init__(autocast=False, **kwargs)
        check_whole(n_fft=n_fft, hop=hop, n_mels=n_mels)
        if n_mfcc is not None:
            check_whole(n_mfcc=n_mfcc)
            if n_mfcc > n_mels:
                raise ValueError(f"Received: n_mfcc={n_mfcc!r}. Allowed: None, or 1 to n_mels={n_mels}.")
        check_one_of(PADS, pad=pad)
        check_number("above 0", above=0, floor=floor, **({} if top_db is None else {"top_db": top_db}))
        self.rate, self.n_fft, self.hop, self.n_mfcc = rate, n_fft, hop, n_mfcc
        self.mel = {"n_mels": n_mels, "low": low, "high": high, "scale": scale, "norm": norm}
        self.pad, self.floor, self.top_db = pad, floor, top_db
        mel_filters(rate, n_fft, **self.mel)  # complains of bad settings now

    def call(self, signal, lengths=None):
        signal = _mono(signal)
        if lengths is not None:
            check_lengths(lengths, *signal.shape)
            there = ops.arange(ops.shape(signal)[1], dtype="int32")[None, :] < ops.cast(lengths, "int32")[:, None]
            signal = ops.where(there, signal, 0.0)
        power = mel_spectrogram(signal, self.rate, self.n_fft, self.hop, pad=self.pad, **self.mel)
        out = power_to_db(power, self.floor, self.top_db)
        return ops.cast(out if self.n_mfcc is None else mfcc(out, self.n_mfcc), self.compute_dtype)

    def frame_mask(self, lengths, n):
        """Which frames are real: bool ``(batch, t)``, for recordings of ``lengths`` in an array of ``n`` samples."""
        return frame_mask(lengths, self.frame_count(n), self.n_fft, self.hop, self.pad)

    def frame_count(self, n):
        """How many frames ``n`` samples give."""
        check_whole(n=n)
        return 1 + (n if self.pad == "center" else n - self.n_fft) // self.hop

    def compute_output_shape(self, signal_shape, lengths_shape=None):
        n = signal_shape[1]
        return (signal_shape[0], None if n is None else self.frame_count(n), self.n_mfcc or self.mel["n_mels"])

    def get_config(self):
        own = {"rate": self.rate, "n_fft": self.n_fft, "hop": self.hop, "pad": self.pad, "n_mfcc": self.n_mfcc}
        return {**super().get_config(), **own, **self.mel, "floor": self.floor, "top_db": self.top_db}


def _mono(signal):
    """Signals ``(batch, n)``, or of several channels, as float32 ``(batch, n)``."""
    signal = ops.convert_to_tensor(signal if hasattr(signal, "dtype") else as_numbers("signal", signal))
    shape, dtype = tuple(signal.shape), keras.backend.standardize_dtype(signal.dtype)
    allowed = "Allowed: floats in [-1, 1] of shape (batch, n) or (batch, n, channels)"
    if "float" not in dtype:
        raise ValueError(f"Received: a signal of {dtype}. {allowed}; 16-bit integers are divided by 32768.")
    if len(shape) not in (2, 3):
        cure = ": one recording is signal[None]" if len(shape) == 1 else ""
        raise ValueError(f"Received: a signal of shape {shape}. {allowed}{cure}.")
    batch, n = shape[:2]
    if len(shape) == 2 and None not in shape and n <= 2 < batch:
        raise ValueError(f"Received: a signal of shape {shape}, {batch} recordings of {n} samples. {allowed}.")
    if len(shape) == 3 and (None in shape[2:] or (n is not None and n < shape[2])):
        raise ValueError(f"Received: a signal of shape {shape}, channels first or of unknown number. {allowed}.")
    signal = ops.cast(signal, "float32")
    return signal if len(shape) == 2 else ops.mean(signal, axis=-1)


def extract_frames(layer, collection, batch_size=64, t=None):
    """The frames of a collection's sounds: float32 ``(n, t, d)``, and their mask, bool ``(n, t)``.

    ``layer``: a ``MelSpectrogram``; ``collection``: items with ``.audio`` and ``.rate``; ``batch_size``: recordings
    that are computed at a time; ``t``: how many frames to keep, None for as many as the longest has. Frames that are
    not real hold zeros. Raises ValueError, naming the item, where one has no sound or another rate than the layer; for
    a collection without items, another layer, and sizes that are no whole numbers from 1.
    """
    check_type(MelSpectrogram, "a MelSpectrogram", layer=layer)
    check_whole(batch_size=batch_size)
    if t is not None:
        check_whole(t=t)
    if isinstance(collection, (str, dict)) or not hasattr(collection, "__iter__"):
        raise ValueError(f"Received: collection, a {type(collection).__name__}. Allowed: items with a sound.")
    items = list(collection)
    if not items:
        raise ValueError("Received: a collection of 0 items. Allowed: one or more.")
    for item in items:
        if not hasattr(item, "audio"):
            raise ValueError(f"Received: an item of type {type(item).__name__}. Allowed: one with .audio and .rate.")
    for item in items:
        if item.audio is None or item.rate != layer.rate:
            raise ValueError(f"Received: item {item.id!r} with rate={item.rate}. Allowed: a sound, rate={layer.rate}.")
    n = max(len(item.audio) for item in items)
    n = -(-n // layer.hop) * layer.hop  # one shape for all batches
    size = layer.frame_count(n) if t is None else t
    out = np.zeros((len(items), size, layer.n_mfcc or layer.mel["n_mels"]), "float32")
    real = np.zeros((len(items), size), bool)
    for first in range(0, len(items), batch_size):
        rows = slice(first, first + batch_size)
        signal, lengths = pad_signals((item.audio for item in items[rows]), n)
        features = ops.convert_to_numpy(ops.cast(layer(signal, lengths=lengths), "float32"))[:, :size]
        mask = ops.convert_to_numpy(layer.frame_mask(lengths, n))[:, :size]
        out[rows, : mask.shape[1]] = np.where(mask[..., None], features, 0)
        real[rows, : mask.shape[1]] = mask
    longest = int(real.any(axis=0).sum()) if t is None else size
    return out[:, :longest], real[:, :longest]


def train_statistics(features, mask):
    """Mean and variance of each channel over the real frames of *train* recordings, float32 ``(d,)`` each.

    They go into ``keras.layers.Normalization(mean=..., variance=...)``, or into the models of ``audio.models``. Padded
    frames are no sound and do not count. Raises ValueError where no frame is real, where real ones are not finite, and
    for a mask of another size, or that is no bool, or 0 and 1.
    """
    features = as_numbers("features", features, "n t d").astype("float64")
    mask = as_numbers("mask", mask)
    check_mask("mask", mask, features.shape[:2])
    real = features[mask.astype(bool)]  # (real frames, d)
    if not len(real):
        raise ValueError("Received: a mask without a real frame. Allowed: at least one.")
    check_finite(**{"real frames": real})
    return real.mean(axis=0).astype("float32"), real.var(axis=0).astype("float32")


def normalize_recordings(features, mask, scale=True, epsilon=1e-5):
    """Frames ``(batch, t, d)`` with each channel's mean over the recording taken away, and divided by its deviation.

    Only real frames count (``mask``, bool ``(batch, t)``), and the others come out as zeros. Cepstral mean and variance
    normalisation: what a microphone or a room adds to every frame, and the voice's own colour, is gone; so is all that
    the *level* of a channel tells. ``scale=False`` takes away only the mean. Raises ValueError for
    other shapes, and a mask that is no bool, or 0 and 1.
    """
    features = as_floats("features", features, 3)
    check_shapes(features=(features, "batch t d"))
    check_mask("mask", mask, shape_of(features)[:2], needed=True)
    check_number("above 0", above=0, epsilon=epsilon)
    keep = ops.expand_dims(ops.cast(mask, "bool"), -1)  # (b, t, 1)
    x = ops.where(keep, ops.cast(features, "float32"), 0.0)  # (b, t, d); not a product: 0 · NaN is NaN
    count = ops.maximum(ops.sum(ops.cast(keep, "float32"), axis=1, keepdims=True), 1.0)
    x = ops.where(keep, x - ops.sum(x, axis=1, keepdims=True) / count, 0.0)
    if not scale:
        return x
    return x / ops.sqrt(ops.sum(ops.square(x), axis=1, keepdims=True) / count + epsilon)
