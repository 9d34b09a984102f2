"""Exercise `audio.cepstrum`: from mel power to MFCC."""

import numpy as np
import scipy.fft

from mmcourse.exercises import Exercise, expect

coefficients = Exercise(
    "audio.cepstrum",
    kind="implement",
    title="From mel power to MFCC",
    task=(
        "Write `cepstrum(mel, k)` in NumPy. `mel` is a mel spectrogram of powers, shape `(t, m)`, a row for each "
        "frame. First take decibels, `10 * log10(max(power, 1e-10))`. Then apply the orthonormal cosine transform of "
        "type II over the mel channels, and return its first `k` coefficients, shape `(t, k)`. SciPy is not needed: "
        "the transform is a product with a matrix of `m` rows and `k` columns."
    ),
    hints=(
        "Column `j` of the matrix is `cos(pi * j * (i + 0.5) / m)` for the channels `i`. "
        "How long is that column, and how long should it be?",
        "Multiply all columns by `np.sqrt(2 / m)`, and the first one by `np.sqrt(1 / m)` instead: then each has "
        "length 1. The powers come first into `np.maximum(mel, 1e-10)`, so that silence is -100 decibels.",
    ),
)


@coefficients.solved_by
def cepstrum(mel, k):
    """Mel power (t, m) -> its first k cepstral coefficients (t, k)."""
    m = mel.shape[1]
    decibels = 10 * np.log10(np.maximum(mel, 1e-10))
    i, j = np.arange(m)[:, None], np.arange(k)
    matrix = np.sqrt(2 / m) * np.cos(np.pi * j * (i + 0.5) / m)
    matrix[:, 0] /= np.sqrt(2)  # the column of ones is longer
    return decibels @ matrix


def _db(mel):
    return 10 * np.log10(np.maximum(mel, 1e-10))


@coefficients.check
def _(answer, rng):
    t, m, k = 9, int(rng.integers(20, 30)), 7
    mel = np.exp(rng.normal(size=(t, m))) * np.exp(-np.arange(m) / 5)
    expected = scipy.fft.dct(_db(mel), norm="ortho")[:, :k]
    got = expect.array(expect.pure(answer, mel, k), (t, k), "k coefficients for each of t frames", kind="float")
    other = {
        "You transformed over the frames, which are time. The transform runs over the mel channels, frame by frame.":
            scipy.fft.dct(_db(mel), axis=0, norm="ortho")[:, :k],
        "The transform is not normalised: its columns must have length 1.": scipy.fft.dct(_db(mel))[:, :k],
        "The columns are scaled by the square root of 2 / m, but the first one is longer by the square root of 2 than "
        "the others. Divide it.": scipy.fft.dct(_db(mel), norm="ortho")[:, :k] * np.r_[np.sqrt(2), np.ones(k - 1)],
        "There is no logarithm: this is the cosine transform of the power itself.":
            scipy.fft.dct(mel, norm="ortho")[:, :k],
        "This is 20 times the logarithm, which is right for magnitudes. For powers it is 10.": 2 * expected,
        "This is the natural logarithm. Decibels are 10 times the logarithm to base ten.":
            expected * np.log(10) / 10,
        "You left out coefficient 0 and began with 1. Keep it: it is the mean level.":
            scipy.fft.dct(_db(mel), norm="ortho")[:, 1 : k + 1],
    }  # fmt: skip
    for message, value in other.items():
        expect.differs(got, value, message)
    expect.close(got, expected, "These are not the first coefficients of the orthonormal cosine transform of decibels.")
    silent = mel.copy()
    silent[0] = 0
    expect.close(
        answer(silent, k), scipy.fft.dct(_db(silent), norm="ortho")[:, :k],
        "A silent frame does not come out right. The logarithm of zero is minus infinity: raise powers to 1e-10 first.",
    )  # fmt: skip


@coefficients.mistake("which are time")
def over_time(mel, k):
    return scipy.fft.dct(_db(mel), axis=0, norm="ortho")[:, :k]


@coefficients.mistake("not normalised")
def not_normalised(mel, k):
    return scipy.fft.dct(_db(mel))[:, :k]


@coefficients.mistake("first one is longer")
def first_not_divided(mel, k):
    return cepstrum(mel, k) * np.r_[np.sqrt(2), np.ones(k - 1)]


@coefficients.mistake("no logarithm")
def no_logarithm(mel, k):
    return scipy.fft.dct(mel, norm="ortho")[:, :k]


@coefficients.mistake("right for magnitudes")
def twenty(mel, k):
    return 2 * cepstrum(mel, k)


@coefficients.mistake("natural logarithm")
def natural(mel, k):
    return scipy.fft.dct(np.log(np.maximum(mel, 1e-10)), norm="ortho")[:, :k]


@coefficients.mistake("logarithm of zero")
def log_of_zero(mel, k):
    with np.errstate(divide="ignore", invalid="ignore"):
        return scipy.fft.dct(10 * np.log10(mel), norm="ortho")[:, :k]


@coefficients.mistake("left out coefficient 0")
def without_level(mel, k):
    return scipy.fft.dct(_db(mel), norm="ortho")[:, 1 : k + 1]
