"""Features of sound: from the waveform to power, mel and cepstral frames, and two small encoders of frames.

Every function works on batches, in pure ``keras.ops``, so with equal numbers on TensorFlow, JAX and PyTorch. A
spectrogram is ``(batch, frames, channels)``: time is the second axis, as recurrent layers want it (librosa: the last).
"""

from mmcourse.audio.features import (
    MelSpectrogram,
    extract_frames,
    normalize_recordings,
    pad_signals,
    train_statistics,
)
from mmcourse.audio.mel import dct_matrix, hz_to_mel, mel_filters, mel_spectrogram, mel_to_hz, mfcc, power_to_db
from mmcourse.audio.models import MaskedMean, frame_rnn, spectrogram_cnn
from mmcourse.audio.spectra import frame_mask, frames, hann, spectrogram

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
    "spectrogram",
    "spectrogram_cnn",
    "train_statistics",
]
