"""What goes wrong in `audio.cepstrum`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.audio._inputs import plant
from mmcourse.exercises.audio.cepstrum import cepstrum, coefficients


def _decibels(mel):
    return 10 * np.log10(np.maximum(mel, 1e-10))


def _cosines(m, k, shift=0.5, first=0):
    """The columns (m, k), not yet of length 1."""
    return np.cos(np.pi * (np.arange(k) + first) * (np.arange(m)[:, None] + shift) / m)


def _lengths(m, k):
    return np.where(np.arange(k) == 0, np.sqrt(1 / m), np.sqrt(2 / m))


def _like(logarithm=_decibels, matrix=lambda m, k: _cosines(m, k) * _lengths(m, k)):
    """A function like the solution, but for its logarithm or its matrix."""

    def wrong(mel, k):
        return logarithm(mel) @ matrix(mel.shape[1], k)

    return wrong


def _of_length_one(m, k):
    """Columns of length 1, their angles divided by m - 1."""
    columns = np.cos(np.pi * np.arange(k) * (np.arange(m)[:, None] + 0.5) / (m - 1))
    return columns / np.linalg.norm(columns, axis=0)


def _sines_of_length_one(m, k):
    columns = np.sin(np.pi * (np.arange(k) + 1) * (np.arange(m)[:, None] + 0.5) / m)
    return columns / np.linalg.norm(columns, axis=0)


def _all(mel):
    return cepstrum(mel, mel.shape[1])


plant(
    coefficients,
    "You transformed over the frames, which are time. The transform runs over the mel channels, frame by frame.",
    over_time=lambda mel, k: _all(mel.T).T[:, :k],
    over_time_first=lambda mel, k: cepstrum(mel.T, k),
    over_time_turned=lambda mel, k: cepstrum(mel.T, k).T,
    over_time_cut=lambda mel, k: cepstrum(mel.T, min(k, len(mel))).T,
)
plant(
    coefficients,
    "The transform is not normalised: its columns must have length 1.",
    not_normalised=_like(matrix=_cosines),
    multiplied_by_length=_like(matrix=lambda m, k: np.sqrt(2 * m) * _cosines(m, k)),
    not_normalised_doubled=_like(matrix=lambda m, k: 2 * _cosines(m, k)),
)
plant(
    coefficients,
    "The columns are scaled by the square root of 2 / m, but the first one is longer by the square root of 2 than the "
    "others. Divide it.",
    first_not_divided=_like(matrix=lambda m, k: np.sqrt(2 / m) * _cosines(m, k)),
)
plant(
    coefficients,
    "The whole matrix, or each of its rows, is divided by its length. Each *column* must have length 1.",
    matrix_of_length_one=_like(matrix=lambda m, k: _cosines(m, k) / np.linalg.norm(_cosines(m, k))),
    rows_of_length_one=_like(
        matrix=lambda m, k: _cosines(m, k) / np.linalg.norm(_cosines(m, k), axis=1, keepdims=True)
    ),
)
plant(
    coefficients,
    "The first column is divided by 2. It is longer than the others by the *square root* of 2.",
    first_halved=_like(matrix=lambda m, k: np.sqrt(2 / m) * _cosines(m, k) * np.where(np.arange(k) == 0, 0.5, 1)),
)
plant(
    coefficients,
    "The first column is multiplied by the square root of 2. It is longer than the others: divide it.",
    first_multiplied=_like(
        matrix=lambda m, k: np.sqrt(2 / m) * _cosines(m, k) * np.where(np.arange(k) == 0, np.sqrt(2), 1)
    ),
)
plant(
    coefficients,
    "All columns are scaled by the square root of 1 / m. It is right for the first one; the others need that of 2 / m.",
    all_divided=_like(matrix=lambda m, k: np.sqrt(1 / m) * _cosines(m, k)),
)
plant(
    coefficients,
    "The first *row* of the matrix, or the first frame, is divided by the square root of 2. It is the first column.",
    first_row_divided=_like(
        matrix=lambda m, k: np.sqrt(2 / m) * _cosines(m, k) * np.where(np.arange(m) == 0, 0.5**0.5, 1)[:, None]
    ),
    first_frame_divided=lambda mel, k: (
        np.sqrt(2 / mel.shape[1])
        * _decibels(mel)
        @ _cosines(mel.shape[1], k)
        * np.where(np.arange(len(mel)) == 0, 0.5**0.5, 1)[:, None]
    ),
)
plant(
    coefficients,
    "You scaled by 2 / m, or by 1 / m. It is the square root: the *squares* of a column must sum to one.",
    by_two_over_m=_like(matrix=lambda m, k: 2 / m * _cosines(m, k)),
    by_one_over_m=_like(matrix=lambda m, k: _cosines(m, k) / m),
    root_forgotten=_like(matrix=lambda m, k: _cosines(m, k) * _lengths(m, k) ** 2),
)
plant(
    coefficients,
    "The square root of 2 / k, or of 2 / t, stands where that of 2 / m belongs: a column has m numbers.",
    by_t=lambda mel, k: cepstrum(mel, k) * np.sqrt(mel.shape[1] / len(mel)),
    by_k=_like(matrix=lambda m, k: _cosines(m, k) * _lengths(k, k)),
)
plant(
    coefficients,
    "The angles are divided by k. They are divided by m, the number of channels.",
    angles_by_k=_like(matrix=lambda m, k: _turned(m, k) * _lengths(m, k)),
    angles_by_k_of_length_one=_like(matrix=lambda m, k: _turned(m, k) / np.linalg.norm(_turned(m, k), axis=0)),
)
for _end, _logarithm in {
    "_and_log_of_zero": lambda mel: 10 * np.log10(mel),
    "_and_floor_added": lambda mel: 10 * np.log10(mel + 1e-10),
}.items():  # with a second mistake, which comes to light only where powers are small
    plant(
        coefficients,
        "The transform is not normalised: its columns must have length 1. And powers below 1e-10, those of silence "
        "too, count as 1e-10: `np.maximum(mel, 1e-10)`.",
        **{
            f"not_normalised{_end}": _like(_logarithm, _cosines),
            f"not_normalised_doubled{_end}": _like(_logarithm, lambda m, k: 2 * _cosines(m, k)),
            f"first_not_divided{_end}": _like(_logarithm, lambda m, k: np.sqrt(2 / m) * _cosines(m, k)),
        },
    )
plant(
    coefficients,
    "There is no logarithm: this is the cosine transform of the power itself.",
    no_logarithm=_like(lambda mel: mel),
    no_logarithm_above_floor=_like(lambda mel: np.maximum(mel, 1e-10)),
)
plant(
    coefficients,
    "The logarithm comes after the transform here. Decibels come first.",
    logarithm_last=lambda mel, k: _decibels(_like(lambda x: x)(mel, k)),
    logarithm_of_size_last=lambda mel, k: _decibels(np.abs(_like(lambda x: x)(mel, k))),
)
plant(
    coefficients,
    "This is 20 times the logarithm, which is right for magnitudes. For powers it is 10.",
    twenty_of_zero=_like(lambda mel: 20 * np.log10(mel)),
    squared=_like(lambda mel: _decibels(mel**2)),
    twenty=_like(lambda mel: 2 * _decibels(mel)),
)
plant(
    coefficients,
    "All is half as large as it should be. Was the root of the power taken first? For powers, decibels are 10 times "
    "the logarithm. Or have the columns of the matrix half the length?",
    root_first=_like(lambda mel: _decibels(np.sqrt(mel))),
    five=_like(lambda mel: _decibels(mel) / 2),
)
plant(
    coefficients,
    "The factor 10 is missing: these are bels.",
    bels=_like(lambda mel: _decibels(mel) / 10),
)
plant(
    coefficients,
    "This is the natural logarithm. Decibels are 10 times the logarithm to base ten.",
    natural=_like(lambda mel: np.log(np.maximum(mel, 1e-10))),
    ten_natural=_like(lambda mel: 10 * np.log(np.maximum(mel, 1e-10))),
    natural_log_of_zero=_like(np.log),
    natural_with_floor_added=_like(lambda mel: np.log(mel + 1e-10)),
    ten_natural_with_floor_added=_like(lambda mel: 10 * np.log(mel + 1e-10)),
)
plant(
    coefficients,
    "This is the logarithm to base 2. Decibels are 10 times the logarithm to base ten.",
    base_two=_like(lambda mel: np.log2(np.maximum(mel, 1e-10))),
    ten_base_two=_like(lambda mel: 10 * np.log2(np.maximum(mel, 1e-10))),
)
plant(
    coefficients,
    "You took the logarithm of 1 + power. Decibels are 10 times the logarithm of the power.",
    one_plus=_like(np.log1p),
    one_plus_decibels=_like(lambda mel: 10 * np.log10(1 + mel)),
)
plant(
    coefficients,
    "A silent frame does not come out right. The logarithm of zero is minus infinity: raise powers to 1e-10 first.",
    log_of_zero=_like(lambda mel: 10 * np.log10(mel)),
    log_of_zero_as_zero=_like(lambda mel: np.where(mel > 0, 10 * np.log10(mel), 0)),
    nothing_for_infinity=_like(lambda mel: np.nan_to_num(10 * np.log10(mel))),
)
plant(
    coefficients,
    "You raised only powers of 0. Everything below 1e-10 counts as 1e-10.",
    only_zeros_raised=_like(lambda mel: 10 * np.log10(np.where(mel == 0, 1e-10, mel))),
)
plant(
    coefficients,
    "1e-10 is added to each power. It is the least that a power may be: `np.maximum(mel, 1e-10)`.",
    floor_added=_like(lambda mel: 10 * np.log10(mel + 1e-10)),
)
plant(
    coefficients,
    "`min` and `max` are exchanged: powers *below* 1e-10 become 1e-10, and the others stay.",
    minimum=_like(lambda mel: 10 * np.log10(np.minimum(mel, 1e-10))),
)
plant(
    coefficients,
    "The floor is another: powers below 1e-10 become 1e-10, which is -100 decibels.",
    **{
        f"floor_{digits}": _like(lambda mel, digits=digits: 10 * np.log10(np.maximum(mel, 10.0**-digits)))
        for digits in (2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 20)
    },
    floor_of_float=_like(lambda mel: 10 * np.log10(np.maximum(mel, np.finfo("float64").eps))),
)
plant(
    coefficients,
    "The *decibels* were raised to 1e-10, so that negative ones became 0. The power is raised.",
    decibels_raised=_like(lambda mel: np.maximum(10 * np.log10(mel), 1e-10)),
    negative_decibels_lost=_like(lambda mel: np.maximum(_decibels(mel), 0)),
)
plant(
    coefficients,
    "Your decibels are relative to the largest power. Asked for is `10 * log10(power)`, relative to 1.",
    relative=_like(lambda mel: _decibels(mel) - _decibels(mel).max()),
    relative_in_a_frame=_like(lambda mel: _decibels(mel) - _decibels(mel).max(1, keepdims=True)),
)
plant(
    coefficients,
    "Decibels are cut off 80 below the largest one. Here only powers below 1e-10 are raised.",
    cut_at_80=_like(lambda mel: np.maximum(_decibels(mel), _decibels(mel).max() - 80)),
)
plant(
    coefficients,
    "You left out coefficient 0 and began with 1. Keep it: it is the mean level.",
    without_level=_like(matrix=lambda m, k: np.sqrt(2 / m) * _cosines(m, k, first=1)),
    without_level_cut=lambda mel, k: _all(mel)[:, 1 : k + 1],
    first_column_short=_like(matrix=lambda m, k: _cosines(m, k, first=1) * _lengths(m, k)),
)
plant(
    coefficients,
    "These are all coefficients. Keep the first k.",
    all_coefficients=lambda mel, k: _all(mel),
)
plant(
    coefficients,
    "These are the last k coefficients. Keep the first: they are the outline of the spectrum.",
    last_coefficients=lambda mel, k: _all(mel)[:, -k:],
)
plant(
    coefficients,
    "The angle has `i` where `i + 0.5` belongs: the cosine is taken in the middle of each channel.",
    half_forgotten=_like(matrix=lambda m, k: _cosines(m, k, 0) * _lengths(m, k)),
    half_forgotten_of_length_one=_like(
        matrix=lambda m, k: _cosines(m, k, 0) / np.linalg.norm(_cosines(m, k, 0), axis=0)
    ),
    counted_from_one=_like(matrix=lambda m, k: _cosines(m, k, 1) * _lengths(m, k)),
)
plant(
    coefficients,
    "The angles are twice as large: (2 i + 1) goes with pi / (2 m).",
    angles_doubled_first_long=_like(matrix=lambda m, k: np.sqrt(2 / m) * np.cos(2 * np.arccos(_cosines(m, k)))),
    angles_doubled=_like(matrix=lambda m, k: np.cos(2 * np.arccos(_cosines(m, k))) * _lengths(m, k)),
)
plant(
    coefficients,
    "The angle has `i` and `j` exchanged: `j + 0.5` in the place of `i + 0.5`. That is the inverse transform.",
    type_three=_like(matrix=lambda m, k: (_cosines(m, m) * _lengths(m, m)).T[:, :k]),
    type_three_scaled_by_columns=_like(matrix=lambda m, k: _cosines(m, m).T[:, :k] * _lengths(m, k)),
)
plant(
    coefficients,
    "The angle has `j + 0.5`. That is type IV: in type II only the channel has the half, and `j` counts from 0.",
    type_four=_like(matrix=lambda m, k: np.sqrt(2 / m) * _cosines(m, k, first=0.5)),
    type_four_scaled=_like(matrix=lambda m, k: _cosines(m, k, first=0.5) * _lengths(m, k)),
)
plant(
    coefficients,
    "The matrix has sines. A cosine transform has cosines, and its first column is of ones.",
    sines=_like(matrix=lambda m, k: np.sin(np.arccos(np.clip(_cosines(m, k), -1, 1))) * _lengths(m, k)),
    signed_sines=_like(
        matrix=lambda m, k: np.sin(np.pi * np.arange(k) * (np.arange(m)[:, None] + 0.5) / m) * _lengths(m, k)
    ),
)
plant(
    coefficients,
    "This is a Fourier transform over the channels. Asked for is the cosine transform.",
    fourier=lambda mel, k: np.fft.rfft(_decibels(mel)).real[:, :k],
)
plant(
    coefficients,
    "The mean over the frames is taken off each coefficient. That may come later; nobody asked for it here.",
    mean_off=lambda mel, k: cepstrum(mel, k) - cepstrum(mel, k).mean(0),
)
plant(
    coefficients,
    "Coefficient 0 is 0 in yours: the mean level of each frame is gone. Keep it.",
    level_off=_like(lambda mel: _decibels(mel) - _decibels(mel).mean(1, keepdims=True)),
)
plant(
    coefficients,
    "Each frame was divided by its sum first. The powers stay as they are.",
    shares=_like(lambda mel: _decibels(mel / np.maximum(mel.sum(1, keepdims=True), 1e-10))),
)


def _turned(m, k):
    return np.cos(np.pi * np.arange(k) * (np.arange(m)[:, None] + 0.5) / k)


plant(
    coefficients,
    "The angles are divided by m - 1. They are divided by m, the number of channels.",
    angles_by_m_less_one=_like(
        matrix=lambda m, k: np.cos(np.pi * np.arange(k) * (np.arange(m)[:, None] + 0.5) / (m - 1)) * _lengths(m, k)
    ),
    angles_by_m_less_one_of_length_one=lambda mel, k: _decibels(mel) @ _of_length_one(mel.shape[1], k),
)
plant(
    coefficients,
    "The half stands with `j`, `(j + 0.5) * i`. It belongs to the channel: `j * (i + 0.5)`.",
    half_with_j_alike=_like(matrix=lambda m, k: _cosines(m, k, 0, first=0.5) * np.sqrt(2 / m)),
    half_with_j_of_length_one=_like(
        matrix=lambda m, k: _cosines(m, k, 0, first=0.5) / np.linalg.norm(_cosines(m, k, 0, first=0.5), axis=0)
    ),
)
plant(
    coefficients,
    "Sines stand in the matrix, from `j + 1` on: that is a sine transform. Take cosines, from j = 0 on.",
    sine_transform=_like(
        matrix=lambda m, k: np.sqrt(2 / m) * np.sin(np.pi * (np.arange(k) + 1) * (np.arange(m)[:, None] + 0.5) / m)
    ),
    sine_transform_of_length_one=lambda mel, k: _decibels(mel) @ _sines_of_length_one(mel.shape[1], k),
)
plant(
    coefficients,
    "The square matrix, or each of its rows, is divided by its length, and k columns are kept. Each *column* must have "
    "length 1.",
    square_of_length_one=_like(matrix=lambda m, k: (_cosines(m, m) / np.linalg.norm(_cosines(m, m)))[:, :k]),
    rows_of_the_square=_like(
        matrix=lambda m, k: (_cosines(m, m) / np.linalg.norm(_cosines(m, m), axis=1, keepdims=True))[:, :k]
    ),
)
plant(
    coefficients,
    "Only the first k *channels* go into the transform. All m do, and the first k coefficients are kept.",
    first_channels=lambda mel, k: cepstrum(mel[:, :k], k),
)
plant(
    coefficients,
    "The number of channels is a fixed number in your matrix. It is `mel.shape[1]`: `mel` may have any number of them.",
    **{
        f"fixed_{n}{end}": lambda mel, k, n=n, by=by: (
            np.sqrt(2 / n) * _decibels(mel) @ _fixed(mel.shape[1], k, by or mel.shape[1])
        )
        for n in (12, 13, 20, 26, 32, 40, 64, 80, 128)
        for end, by in {"": n, "_in_scale": 0}.items()
    },
)


def _fixed(m, k, by):
    """The cosines with a fixed number for m, the first column divided by the root of 2."""
    columns = np.cos(np.pi * np.arange(k) * (np.arange(m)[:, None] + 0.5) / by)
    return columns * np.where(np.arange(k) == 0, 0.5**0.5, 1)


plant(
    coefficients,
    "The frames are averaged. Each frame has coefficients of its own, a row for each.",
    mean_of_frames=lambda mel, k: cepstrum(mel, k).mean(0),
    mean_of_frames_repeated=lambda mel, k: np.tile(cepstrum(mel, k).mean(0), (len(mel), 1)),
)
plant(
    coefficients,
    "Powers above 1 are cut off. Only those below 1e-10 are raised.",
    cut_at_one=_like(lambda mel: _decibels(np.minimum(mel, 1))),
)
plant(
    coefficients,
    "The angle is twice as large: it is `pi * j * (i + 0.5) / m`, not `2 * pi`.",
    two_pi_of_length_one=_like(
        matrix=lambda m, k: _unit(np.cos(2 * np.pi * np.arange(k) * (np.arange(m)[:, None] + 0.5) / m))
    ),
)
plant(
    coefficients,
    "This is a Fourier transform over the channels. Asked for is the cosine transform.",
    fourier_scaled=lambda mel, k: np.fft.fft(_decibels(mel)).real[:, :k] / np.sqrt(mel.shape[1]),
    fourier_of_all=lambda mel, k: np.fft.fft(_decibels(mel)).real[:, :k],
    fourier_sizes=lambda mel, k: np.abs(np.fft.fft(_decibels(mel)))[:, :k],
)
for _name, _angle in {
    "half_outside": lambda i, j, m: np.pi * j * i + 0.5 / m,
    "half_outside_divided": lambda i, j, m: np.pi * (j * i + 0.5) / m,
    "half_apart": lambda i, j, m: np.pi * j * i / m + 0.5,
}.items():
    plant(
        coefficients,
        "The half stands outside the brackets: in `j * (i + 0.5)` both `i` and the half are multiplied by `j`.",
        **{
            _name: _like(
                matrix=lambda m, k, a=_angle: np.cos(a(np.arange(m)[:, None], np.arange(k), m)) * _lengths(m, k)
            ),
            f"{_name}_of_length_one": _like(
                matrix=lambda m, k, a=_angle: _unit(np.cos(a(np.arange(m)[:, None], np.arange(k), m)))
            ),
        },
    )
plant(
    coefficients,
    "`pi` is missing in the angle: it is `pi * j * (i + 0.5) / m`.",
    pi_missing=_like(
        matrix=lambda m, k: np.cos(np.arccos(_cosines(m, 2)[:, 1:]) / np.pi * np.arange(k)) * _lengths(m, k)
    ),
    pi_missing_of_length_one=_like(
        matrix=lambda m, k: _unit(np.cos(np.arccos(_cosines(m, 2)[:, 1:]) / np.pi * np.arange(k)))
    ),
)
plant(
    coefficients,
    "The coefficients are differences from frame to frame. Asked for are those of each frame itself.",
    differences=lambda mel, k: np.diff(cepstrum(mel, k), axis=0),
    differences_from_zero=lambda mel, k: np.diff(cepstrum(mel, k), axis=0, prepend=0),
)


def _unit(columns):
    return columns / np.linalg.norm(columns, axis=0)


plant(
    coefficients,
    "The floor is a share of the largest power. It is 1e-10 itself, whatever else is in `mel`.",
    **{
        f"floor_of_largest_{digits}": _like(
            lambda mel, digits=digits: 10 * np.log10(np.maximum(mel, mel.max() * 10.0**-digits))
        )
        for digits in (10, 12)
    },
)
plant(
    coefficients,
    "The angles go to the last channel, `i / (m - 1)`: a cosine transform of type I. In type II it is (i + 0.5) / m.",
    type_one=_like(matrix=lambda m, k: _unit(_type_one(m, k))),
    type_one_scaled=_like(matrix=lambda m, k: _type_one(m, k) * _lengths(m, k)),
)
plant(
    coefficients,
    "Coefficient 0 is left out, and there are k - 1. Keep the first k, with 0.",
    one_less_without_level=lambda mel, k: cepstrum(mel, k)[:, 1:],
)
plant(
    coefficients,
    "There are k - 1 coefficients. Keep the first k: `[:, :k]`.",
    one_less=lambda mel, k: cepstrum(mel, k)[:, :-1],
)
plant(
    coefficients,
    "There are k + 1 coefficients. Keep the first k, from 0 to k - 1.",
    one_more=lambda mel, k: _like(matrix=lambda m, k: _cosines(m, k) * _lengths(m, k))(mel, k + 1),
)


def _type_one(m, k):
    return np.cos(np.pi * np.arange(k) * np.arange(m)[:, None] / (m - 1))
