"""Frames: which of them to look at, films cut into clips, and what changes from one to the next.

All functions take a film ``(t, h, w, c)`` or a batch ``(..., t, h, w, c)``, NumPy or a tensor of the backend; time is
the fourth axis from the end.
"""

import numpy as np

from mmcourse._machinery.checks import check_whole
from mmcourse.backend import keras

ops = keras.ops
TIME = -4


def _length(frames):
    if not hasattr(frames, "shape"):
        raise ValueError(f"Received: frames, a {type(frames).__name__}. Allowed: an array or tensor (..., t, h, w, c).")
    if len(frames.shape) < 4:
        raise ValueError(f"Expected a film of shape (..., t, h, w, c). Received: frames.shape={tuple(frames.shape)}.")
    return frames.shape[TIME]


def _check_up_to(t, **given):
    check_whole(**given)
    for name, value in given.items():
        if value > t:
            raise ValueError(f"Received: {name}={value!r}. Allowed: a whole number from 1 to {t}.")


def _take(frames, places):
    if isinstance(frames, np.ndarray):
        return np.take(frames, places, axis=TIME)
    return ops.take(frames, places, axis=len(frames.shape) + TIME)


def sample_frames(frames, n):
    """``n`` frames spread evenly over a film: ``(..., t, h, w, c)`` -> ``(..., n, h, w, c)``, same type.

    The film is cut into ``n`` parts of equal length, and the middle frame of each is taken, frame
    ``floor((i + 1/2) t / n)`` for i = 0 ... n - 1: after the segments of Wang et al. (2016), "Temporal segment
    networks". With ``n = 1`` it is the film's middle frame, with ``n = t`` all frames.

    Raises ValueError unless 1 <= n <= t.
    """
    t = _length(frames)
    _check_up_to(t, n=n)
    return _take(frames, (2 * np.arange(n) + 1) * t // (2 * n))


def cut_clips(frames, length, stride=1):
    """Every clip of ``length`` frames, each beginning ``stride`` frames after the one before:
    ``(..., t, h, w, c)`` -> ``(..., k, length, h, w, c)`` with k = (t - length) // stride + 1, same type.

    Clips of one film are near copies of each other: split films, not clips, into train and test.
    Raises ValueError unless 1 <= length <= t and stride >= 1.
    """
    t = _length(frames)
    _check_up_to(t, length=length)
    check_whole(stride=stride)
    starts = np.arange(0, t - length + 1, stride)
    return _take(frames, starts[:, None] + np.arange(length))


def frame_differences(frames):
    """What changes from each frame to the next: ``(..., t, h, w, c)`` -> ``(..., t - 1, h, w, c)``, frame t + 1 less
    frame t, a tensor of the backend.

    Integers become float32 first. (In uint8, 3 - 5 is 254.) Floating types stay what they are.
    Raises ValueError for fewer than two frames.
    """
    if _length(frames) is not None and _length(frames) < 2:
        raise ValueError(f"A difference takes two frames. Received: frames.shape={tuple(frames.shape)}.")
    frames = ops.convert_to_tensor(frames)
    if not keras.backend.is_float_dtype(frames.dtype):
        frames = ops.cast(frames, "float32")
    return frames[..., 1:, :, :, :] - frames[..., :-1, :, :, :]
