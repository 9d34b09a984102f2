"""The mel scale, its filters, and the cosine transform of cepstral coefficients: the matrices, in NumPy.

There is not one mel spectrogram but several. Two *scales* are in use: "htk" (O'Shaughnessy, 1987; the HTK toolkit) and
"slaney" (Slaney's Auditory Toolbox, 1998; librosa's default), and two *norms* of the filters: "slaney" (each filter
has the same area over hertz) and None (each has the height 1). The numbers differ by far more than rounding, so both
are named in every call that differs from the default.
"""

import numpy as np

from mmcourse._machinery.checks import as_numbers, check_number, check_one_of, check_whole

SCALES = ("slaney", "htk")
NORMS = ("slaney", None)

# Slaney's scale: linear below 1,000 Hz, 15 mels there; above, 27 mels for each factor of 6.4.
LINEAR, BREAK = 200.0 / 3, 1000.0
STEP = np.log(6.4) / 27.0


def hz_to_mel(hz, scale="slaney"):
    """Hertz -> mels, float64 of the same shape.

    "htk": 2595 log₁₀(1 + f / 700). "slaney": 3f / 200 below 1,000 Hz, and 15 + 27 ln(f / 1000) / ln 6.4 above. Raises
    ValueError for another scale, and for what is below 0 or no finite number.
    """
    check_one_of(SCALES, scale=scale)
    hz = _not_negative(hz=hz)
    if scale == "htk":
        return 2595.0 * np.log10(1.0 + hz / 700.0)
    return np.where(hz < BREAK, hz / LINEAR, BREAK / LINEAR + np.log(np.maximum(hz, BREAK) / BREAK) / STEP)


def mel_to_hz(mel, scale="slaney"):
    """Mels -> hertz, the inverse of ``hz_to_mel``, with the same errors."""
    check_one_of(SCALES, scale=scale)
    mel = _not_negative(mel=mel)
    if scale == "htk":
        return 700.0 * (10.0 ** (mel / 2595.0) - 1.0)
    knee = BREAK / LINEAR
    return np.where(mel < knee, mel * LINEAR, BREAK * np.exp(STEP * (np.maximum(mel, knee) - knee)))


def mel_filters(rate, n_fft, n_mels=40, low=0.0, high=None, scale="slaney", norm="slaney"):
    """Triangular filters, float32 ``(n_fft // 2 + 1, n_mels)``: a power spectrum times this matrix is a mel spectrum.

    ``n_mels + 2`` frequencies lie evenly on the mel scale from ``low`` to ``high`` hertz (None: half the rate). Filter
    ``k`` rises from zero at frequency ``k`` to one at ``k + 1`` and falls to zero at ``k + 2``; with ``norm="slaney"``
    it is multiplied by 2 / (width in hertz), with None it stays.

    Raises ValueError for an unknown scale or norm, a rate that is not above 0, sizes that are no whole numbers from 1,
    for ``low`` and ``high`` that are no range below half the rate, and where filters are so many and so narrow that one
    falls between two frequencies and would always be zero.
    """
    check_one_of(SCALES, scale=scale)
    check_one_of(NORMS, norm=norm)
    check_number("samples a second, above 0", above=0, rate=rate)
    check_whole(n_fft=n_fft, n_mels=n_mels)
    high = rate / 2 if high is None else high
    check_number("hertz, 0 or more", at_least=0, low=low, high=high)
    if not 0 <= low < high <= rate / 2:
        raise ValueError(f"Received: low={low!r}, high={high!r}. Allowed: 0 <= low < high <= {rate / 2:g} (hertz).")
    edges = mel_to_hz(np.linspace(*hz_to_mel([low, high], scale), n_mels + 2), scale)  # (n_mels + 2,)
    at = np.arange(n_fft // 2 + 1)[:, None] * rate / n_fft  # (f, 1) hertz
    left, centre, right = edges[:-2], edges[1:-1], edges[2:]
    filters = np.maximum(0, np.minimum((at - left) / (centre - left), (right - at) / (right - centre)))
    if not filters.any(axis=0).all():
        raise ValueError(
            f"{int((~filters.any(axis=0)).sum())} filters are so narrow that they hold no frequency. "
            f"Received: n_mels={n_mels}, n_fft={n_fft}, rate={rate}. Allowed: fewer filters, or a longer n_fft."
        )
    if norm == "slaney":
        filters = filters * 2.0 / (right - left)
    return filters.astype("float32")


def dct_matrix(n_in, n_out):
    """The orthonormal discrete cosine transform of type II, float32 ``(n_in, n_out)``: ``x @ dct_matrix(m, k)``.

    D_ik = √(2 / n_in) cos(π k (i + ½) / n_in), and the first column divided by √2: the columns have length 1 and stand
    at right angles. Raises ValueError unless 1 <= n_out <= n_in.
    """
    check_whole(n_in=n_in, n_out=n_out)
    if n_out > n_in:
        raise ValueError(f"Received: n_out={n_out!r}, n_in={n_in!r}. Allowed: 1 <= n_out <= n_in.")
    i, k = np.arange(n_in)[:, None], np.arange(n_out)
    basis = np.sqrt(2.0 / n_in) * np.cos(np.pi * k * (i + 0.5) / n_in)
    basis[:, 0] /= np.sqrt(2.0)
    return basis.astype("float32")


def _not_negative(**given):
    ((name, x),) = given.items()
    x = as_numbers(name, x, finite=True, empty=True).astype("float64")
    if (x < 0).any():
        raise ValueError(f"Received: {name} with {x.min():g}. Allowed: 0 or more.")
    return x
