"""Features of sound: from the waveform to power, mel and cepstral frames, and two small encoders of frames.

``read`` reads a sound file at the rate that is wanted. The functions of signals work on batches, in pure
``keras.ops``, so with equal numbers on TensorFlow, JAX and PyTorch. A spectrogram is ``(batch, frames, channels)``:
time is the second axis, as recurrent layers want it (librosa: the last).
"""

from mmcourse._machinery.lazy import lazy

__all__ = [
    "MaskedMean",
    "MelSpectrogram",
    "dct_matrix",
    "extract_frames",
    "frame_mask",
    "frame_rnn",
    "frames",
    "hann",
    "hz_to_mel",
    "mel_filters",
    "mel_spectrogram",
    "mel_to_hz",
    "mfcc",
    "normalize_recordings",
    "pad_signals",
    "power_to_db",
    "read",
    "spectrogram",
    "spectrogram_cnn",
    "train_statistics",
]

__getattr__, __dir__ = lazy(
    __name__,
    {
        "mel": ("dct_matrix", "hz_to_mel", "mel_filters", "mel_to_hz"),
        "spectra": ("frame_mask", "frames", "hann", "mel_spectrogram", "mfcc", "power_to_db", "spectrogram"),
        "features": ("MelSpectrogram", "extract_frames", "normalize_recordings", "pad_signals", "train_statistics"),
        "reading": ("read",),
        "models": ("MaskedMean", "frame_rnn", "spectrogram_cnn"),
    },
    layers=("features", "models"),
)
