"""What goes wrong in `attention.attend`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.attention._inputs import plant
from mmcourse.exercises.attention.attend import attend, attend_with_mask
from mmcourse.exercises.numeric import softmax


def _scores(q, k, by=None):
    return q @ k.T / (np.sqrt(q.shape[1]) if by is None else by)


def _over(scores, keep, nothing="zeros"):
    """The softmax over the kept keys; where there are none zeros, NaN, or the same weight for each key."""
    if nothing == "zeros" and not keep.any():
        return np.zeros(scores.shape)
    return softmax(np.where(keep, scores, -np.inf if nothing == "nan" else -1e30))


def _raw(scores, keep):
    """The same without a maximum that is taken off."""
    return _normal(np.where(keep, np.exp(scores), 0))


def _normal(e, axis=1):
    return e / e.sum(axis, keepdims=True)


def _weighing(message, **weights):
    """Plants wrong weights, functions of (q, k, v, keep); the output is the mean of the values with them."""

    def whole(function):
        def wrong(q, k, v, keep):
            w = function(q, k, v, keep)
            return w @ v, w

        return wrong

    plant(attend, message, **{name: whole(function) for name, function in weights.items()})


_weighing(
    "Padded keys still get weight: leave them out by `keep`.",
    without_mask=lambda q, k, v, keep: softmax(_scores(q, k)),
)
_weighing(
    "You set the weights of padding to 0 after the softmax. What is left no longer sums to one: mask the scores, "
    "before.",
    mask_after=lambda q, k, v, keep: softmax(_scores(q, k)) * keep,
)
_weighing(
    "You set the scores of padding to 0. The exponential of 0 is 1, so padding still gets weight: set them to minus "
    "infinity.",
    scores_to_zero=lambda q, k, v, keep: softmax(_scores(q, k) * keep),
    scores_to_zero_but_nothing=lambda q, k, v, keep: softmax(_scores(q, k) * keep) * keep.any(),
)
_weighing(
    "The weights sum to one over the *queries*. The softmax must run over the keys.",
    wrong_axis=lambda q, k, v, keep: softmax(_scores(q, k), axis=0) * keep,
    wrong_axis_masked=lambda q, k, v, keep: softmax(np.where(keep, _scores(q, k), -np.inf), axis=0),
    wrong_axis_even=lambda q, k, v, keep: softmax(np.where(keep, _scores(q, k), -1e30), axis=0),
    wrong_axis_unmasked=lambda q, k, v, keep: softmax(_scores(q, k), axis=0),
)
_weighing(
    "All weights together sum to one. Each *row* must, over the keys.",
    by_sum_of_all=lambda q, k, v, keep: (
        _normal(np.exp(_shifted(_scores(q, k), keep)), None) if keep.any() else 0 * q @ k.T
    ),
    by_sum_of_all_even=lambda q, k, v, keep: _normal(np.exp(_shifted(np.where(keep, _scores(q, k), -1e30))), None),
    over_all_pairs=lambda q, k, v, keep: _over(_scores(q, k).reshape(1, -1), np.tile(keep, len(q))).reshape(len(q), -1),
)
_weighing(
    "The mask is the wrong way round: `keep` is False where a key is *padding*.",
    mask_inverted=lambda q, k, v, keep: _over(_scores(q, k), ~keep),
    mask_inverted_or_nan=lambda q, k, v, keep: _over(_scores(q, k), ~keep, "nan"),
    mask_inverted_or_even=lambda q, k, v, keep: _over(_scores(q, k), ~keep, "even"),
    mask_inverted_but_nothing=lambda q, k, v, keep: _over(_scores(q, k), ~keep, "nan") if keep.any() else 0 * q @ k.T,
)
_weighing(
    "Your mask takes out *queries*. It belongs to the keys, the columns of the scores.",
    queries_masked=lambda q, k, v, keep: softmax(np.where(keep[:, None], _scores(q, k), -1e30)),
)


def _scaled(message, name, by):
    """Plants a wrong scale, a function of (q, k), whatever is done where no key is kept or scores are large."""
    for end, nothing in {"": "zeros", "_or_nan": "nan", "_or_even": "even"}.items():

        def weights(q, k, v, keep, nothing=nothing):
            return _over(_scores(q, k, by(q, k)), keep, nothing)

        _weighing(message, **{name + end: weights})
    _weighing(
        message,
        **{
            f"{name}_overflowing": lambda q, k, v, keep: (
                _raw(_scores(q, k, by(q, k)), keep) if keep.any() else 0 * q @ k.T
            ),
            f"{name}_overflowing_or_nan": lambda q, k, v, keep: _raw(_scores(q, k, by(q, k)), keep),
        },
    )
    _weighing(
        f"{message} And padding must leave before the softmax.",
        **{
            f"{name}_masked_after": lambda q, k, v, keep: softmax(_scores(q, k, by(q, k))) * keep,
            f"{name}_unmasked": lambda q, k, v, keep: softmax(_scores(q, k, by(q, k))),
        },
    )


_scaled("The scale is missing: divide the scores by the square root of d.", "without_scale", lambda q, k: 1)
_scaled("You divided by d. The scale is its square root.", "by_d", lambda q, k: q.shape[1])
_scaled(
    "You divided by the square root of the number of keys. What makes scores large is the *size* of the vectors.",
    "by_number_of_keys",
    lambda q, k: np.sqrt(len(k)),
)
_weighing(
    "What you put in the place of padded scores is not low enough: a real score may be lower, and padding gets weight. "
    "Take minus infinity.",
    not_low_enough=lambda q, k, v, keep: softmax(np.where(keep, _scores(q, k), -100)) * keep.any(),
    not_low_enough_even=lambda q, k, v, keep: softmax(np.where(keep, _scores(q, k), -100)),
    minus_ten=lambda q, k, v, keep: softmax(np.where(keep, _scores(q, k), -10)) * keep.any(),
    not_low_enough_1000=lambda q, k, v, keep: softmax(np.where(keep, _scores(q, k), -1000)) * keep.any(),
    not_low_enough_even_1000=lambda q, k, v, keep: softmax(np.where(keep, _scores(q, k), -1000)),
)
for number in (100.0, 1e3, 1e4, 1e6, 1e9):
    _weighing(
        "You take a number away from the scores of padding. Padding whose score is larger than that still gets weight: "
        "put minus infinity in its place.",
        **{
            f"less_{number:.0f}{end}": lambda q, k, v, keep, number=number, even=even: (
                softmax(_scores(q, k) - number * ~keep) * (even or keep.any())
            )
            for end, even in {"": False, "_even": True}.items()
        },
    )
_weighing(
    "Padding gets the lowest score of its row, which is a number like any other: it still has weight. Put minus "
    "infinity in its place.",
    lowest_of_row=lambda q, k, v, keep: (
        softmax(np.where(keep, _scores(q, k), _scores(q, k).min(1, keepdims=True))) * keep.any()
    ),
    lowest_of_row_even=lambda q, k, v, keep: softmax(np.where(keep, _scores(q, k), _scores(q, k).min(1)[:, None])),
    lowest_of_all=lambda q, k, v, keep: softmax(np.where(keep, _scores(q, k), _scores(q, k).min())) * keep.any(),
)
_weighing(
    "The softmax is taken twice: the second one sees weights, and makes them nearly equal.",
    softmax_twice=lambda q, k, v, keep: _over(_over(_scores(q, k), keep), keep),
    softmax_twice_unmasked=lambda q, k, v, keep: softmax(_over(_scores(q, k), keep)) * keep.any(),
)
_weighing(
    "All kept keys have the same weight: queries and keys are not compared.",
    all_equal=lambda q, k, v, keep: np.tile(keep / max(keep.sum(), 1), (len(q), 1)),
)
_weighing(
    "The scores have a minus: the key that fits worst has the largest weight.",
    minus=lambda q, k, v, keep: _over(-_scores(q, k), keep),
)
_weighing(
    "The scale is a fixed number. Divide the scores by the square root of d, the length of these vectors.",
    fixed_eight=lambda q, k, v, keep: _over(_scores(q, k, 8), keep),
    fixed_root_of_six=lambda q, k, v, keep: _over(_scores(q, k, 6**0.5), keep),
)
_weighing(
    "Scores are cut off before the exponential. That changes the weights wherever two keys lie beyond: subtract each "
    "row's maximum.",
    **{
        f"cut_off_at_{most}{end}": lambda q, k, v, keep, most=most, least=least: _over(
            np.clip(_scores(q, k), least, most), keep
        )
        for most in (20, 30, 50, 60, 80, 88, 100, 500, 700, 709)
        for end, least in {"": -most, "_above": None}.items()
    },
)
_weighing(
    "You keep the first keys, as many as `keep` has True. Padding may stand anywhere: use the places.",
    first_keys=lambda q, k, v, keep: _over(_scores(q, k), np.arange(len(k)) < keep.sum()),
)
_weighing(
    "You multiplied the scores by the square root of d. Divide them.",
    times_root=lambda q, k, v, keep: _over(_scores(q, k, q.shape[1] ** -0.5), keep),
)
_weighing(
    "You divided by the square root of the number of queries. The scale is the square root of d, the length of a "
    "vector.",
    by_number_of_queries=lambda q, k, v, keep: _over(_scores(q, k, len(q) ** 0.5), keep),
)
_weighing(
    "You divided by the square root of the length of a *value*. Scores are products of queries and keys, so d counts.",
    by_length_of_value=lambda q, k, v, keep: _over(_scores(q, k, v.shape[1] ** 0.5), keep),
)
_weighing(
    "You divided the weights by the square root of d. The scale belongs to the scores, before the softmax.",
    scale_after=lambda q, k, v, keep: _over(_scores(q, k, 1), keep) / q.shape[1] ** 0.5,
)
_weighing(
    "The softmax runs over cosines: queries and keys were divided by their lengths. Scores are dot products, divided "
    "by the square root of d.",
    cosines=lambda q, k, v, keep: _over(_scores(_unit(q), _unit(k), 1), keep),
    cosines_scaled=lambda q, k, v, keep: _over(_scores(_unit(q), _unit(k)), keep),
)
_weighing(
    "These weights are the scores themselves. A softmax turns them into positive numbers that sum to one.",
    no_softmax=lambda q, k, v, keep: _scores(q, k) * keep,
)
_weighing(
    "The exponentials are not divided by their sum.",
    no_sum=lambda q, k, v, keep: np.where(keep, np.exp(_scores(q, k)), 0),
    no_sum_shifted=lambda q, k, v, keep: np.exp(_shifted(_scores(q, k), keep)) * keep.any(),
)
_weighing(
    "The exponentials are divided by their mean, not by their sum.",
    by_mean=lambda q, k, v, keep: _over(_scores(q, k), keep) * keep.sum(),
)
_weighing(
    "`reshape` does not exchange rows and columns. The keys must be transposed: `k.T`.",
    keys_reshaped=lambda q, k, v, keep: _over(q @ k.reshape(k.shape[::-1]) / q.shape[1] ** 0.5, keep),
)
_weighing(
    "All of the weight goes to the best key. A softmax gives each kept key its part.",
    hardest=lambda q, k, v, keep: np.eye(len(k))[np.where(keep, _scores(q, k), -np.inf).argmax(1)] * keep.any(),
)
_weighing(
    "Large scores overflow: subtract each row's maximum before the exponential.",
    overflowing=lambda q, k, v, keep: _raw(_scores(q, k), keep) if keep.any() else np.zeros((len(q), len(k))),
    overflowing_or_nan=lambda q, k, v, keep: _raw(_scores(q, k), keep),
)
_weighing(
    "Large scores overflow: subtract each row's maximum before the exponential. (Infinity divided by infinity is NaN.)",
    overflowing_guarded=lambda q, k, v, keep: _guarded(np.exp(_scores(q, k)) * keep),
    overflowing_times_keep=lambda q, k, v, keep: _normal(np.exp(_scores(q, k)) * keep),
    overflowing_times_keep_but_nothing=lambda q, k, v, keep: (
        _normal(np.exp(_scores(q, k)) * keep) if keep.any() else 0 * q @ k.T
    ),
    overflowing_with_epsilon=lambda q, k, v, keep: _over_epsilon(np.exp(_scores(q, k)) * keep, 1e-9),
)
_weighing(
    "You subtract the maximum of each *column*, over the queries. Subtract each row's own: that cancels, as all of a "
    "row is divided by its sum.",
    maximum_of_columns=lambda q, k, v, keep: (
        _raw(_scores(q, k) - _scores(q, k).max(0), keep) if keep.any() else 0 * q @ k.T
    ),
)
_weighing(
    "The scores are distances, with a minus. Scores are dot products, divided by the square root of d.",
    distances=lambda q, k, v, keep: _over(-((q[:, None] - k) ** 2).sum(-1), keep),
    distances_scaled=lambda q, k, v, keep: _over(-((q[:, None] - k) ** 2).sum(-1) / q.shape[1] ** 0.5, keep),
    lengths_scaled=lambda q, k, v, keep: _over(-np.linalg.norm(q[:, None] - k, axis=-1), keep),
)
_weighing(
    "Each weight is a sigmoid by itself, so a row does not sum to one. The softmax runs over the keys.",
    sigmoid=lambda q, k, v, keep: np.exp(-np.logaddexp(0, -_scores(q, k))) * keep,
)
_weighing(
    "You subtract one maximum for all rows. The exponentials of a row far below it are all 0, and 0 / 0 is NaN: each "
    "row needs its own.",
    one_maximum=lambda q, k, v, keep: _raw(_scores(q, k) - _scores(q, k).max(), keep) if keep.any() else 0 * q @ k.T,
    one_maximum_of_kept=lambda q, k, v, keep: (
        _raw(_scores(q, k) - _scores(q, k[keep]).max(), keep) if keep.any() else 0 * q @ k.T
    ),
)
_weighing(
    "The maximum that you subtract may be that of a padded key. Then the exponentials of all kept keys are 0, and "
    "0 / 0 is NaN.",
    maximum_of_padding=lambda q, k, v, keep: _raw(_shifted(_scores(q, k)), keep) if keep.any() else 0 * q @ k.T,
    maximum_of_padding_or_nan=lambda q, k, v, keep: _raw(_shifted(_scores(q, k)), keep),
)
_weighing(
    "The maximum that you subtract may be that of a padded key. Then the exponentials of all kept keys are 0, and so "
    "are the weights: take the maximum of the kept keys.",
    **{
        f"maximum_of_padding_1e_{digits}": lambda q, k, v, keep, digits=digits: _over_epsilon(
            np.exp(_shifted(_scores(q, k))) * keep, 10.0**-digits
        )
        for digits in (6, 7, 8, 9, 10, 12, 16, 30, 300)
    },
    maximum_of_padding_to_zero=lambda q, k, v, keep: np.nan_to_num(_normal(np.exp(_shifted(_scores(q, k))) * keep)),
)
_weighing(
    "With every key masked the answer is 0. A softmax over minus infinities is NaN, and one over equal numbers looks "
    "at padding.",
    everything_masked=lambda q, k, v, keep: _over(_scores(q, k), keep, "even"),
    nothing_kept=lambda q, k, v, keep: _over(_scores(q, k), keep, "nan"),
)


def _guarded(e):
    return e / np.maximum(e.sum(1, keepdims=True), 1e-300)


def _over_epsilon(e, epsilon):
    return e / (e.sum(1, keepdims=True) + epsilon)


def _unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def _shifted(scores, keep=True):
    """Scores less the maximum of their row."""
    scores = np.where(keep, scores, -np.inf)
    return scores - scores.max(1, keepdims=True)


# The weights are right here.


@attend.mistake("The output is the plain mean of the kept values. Each query has weights of its own.")
def keys_as_values(q, k, v, keep):
    output = np.tile(v[keep].mean(0), (len(q), 1)) if keep.any() else np.zeros((len(q), v.shape[1]))
    return output, attend_with_mask(q, k, v, keep)[1]


@attend.mistake("The output is made of the keys. The weights belong to the *values*.")
def mean_of_keys(q, k, v, keep):
    weights = attend_with_mask(q, k, v, keep)[1]
    return weights @ k, weights


@attend.mistake(
    "You took padding out of the values only. Its weights are still there, and what is left sums to less than one."
)
def values_masked(q, k, v, keep):
    weights = softmax(_scores(q, k))
    return weights @ (v * keep[:, None]), weights


@attend.mistake("Padded keys still take part in the output: it was made with weights that are not masked.")
def output_unmasked(q, k, v, keep):
    return softmax(_scores(q, k)) @ v, attend_with_mask(q, k, v, keep)[1]


@attend.mistake("Where no key is kept the weights are 0, and the output must be 0, too: yours is the mean of padding.")
def mean_of_padding(q, k, v, keep):
    output, weights = attend_with_mask(q, k, v, keep)
    return output if keep.any() else np.tile(v.mean(0), (len(q), 1)), weights


@attend.mistake("Padded keys have no column in your weights. The shape is `(n, m)`: their columns hold zeros.")
def columns_left_out(q, k, v, keep):
    output, weights = attend_with_mask(q, k, v, keep)
    return output, weights[:, keep]


@attend.mistake("The weights are transposed: expected are a row for each query, a column for each key.")
def transposed(q, k, v, keep):
    output, weights = attend_with_mask(q, k, v, keep)
    return output, weights.T


@attend.mistake("In place of the weights you return the scores.")
def scores_returned(q, k, v, keep):
    return attend_with_mask(q, k, v, keep)[0], np.where(keep, _scores(q, k), -np.inf)


@attend.mistake(said="Your function changes its input `k`.")
def keys_overwritten(q, k, v, keep):
    k[~keep] = 0
    return attend_with_mask(q, k, v, keep)


@attend.mistake("The zeros of padding stand at the end of your rows. Each belongs to the place of its key.")
def zeros_at_the_end(q, k, v, keep):
    output, weights = attend_with_mask(q, k, v, keep)
    return output, np.pad(weights[:, keep], ((0, 0), (0, (~keep).sum())))


_weighing(
    "`keep` is added to the scores, as 0 and 1, or taken from those of padding. Padding still gets weight: put minus "
    "infinity in the place of its scores.",
    **{
        f"{name}{end}": lambda q, k, v, keep, more=more, even=even: (
            softmax(_scores(q, k) + more(keep)) * (even or keep.any())
        )
        for name, more in {"keep_added": lambda keep: keep * 1.0, "padding_less_one": lambda keep: keep - 1.0}.items()
        for end, even in {"": False, "_even": True}.items()
    },
)
_weighing(
    "Infinity is multiplied or added where a key is kept, too: 0 times infinity is NaN, and so is infinity less "
    "infinity. Choose with `np.where(keep, scores, -np.inf)`.",
    times_infinity=lambda q, k, v, keep: softmax(_scores(q, k) * np.where(keep, 1, -np.inf)),
    less_infinity=lambda q, k, v, keep: softmax(_scores(q, k) - np.inf * ~keep),
    times_infinity_but_nothing=lambda q, k, v, keep: (
        softmax(_scores(q, k) * np.where(keep, 1, -np.inf)) if keep.any() else 0 * q @ k.T
    ),
    less_infinity_but_nothing=lambda q, k, v, keep: (
        softmax(_scores(q, k) - np.inf * ~keep) if keep.any() else 0 * q @ k.T
    ),
)
_weighing(
    "All is 0 as soon as one key is padding: that is `keep.all()`. Zeros are meant where *no* key is kept: where "
    "`keep.any()` is False.",
    nothing_with_padding=lambda q, k, v, keep: _over(_scores(q, k), keep) * keep.all(),
)
_weighing(
    "The scores are divided by the largest, or by its size. Subtract each row's maximum: that cancels, and a division "
    "does not.",
    **{
        f"by_largest_{name}{end}": lambda q, k, v, keep, axis=axis, size=size, least=least: _over(
            _scores(q, k) / np.maximum(size(_scores(q, k)).max(axis, keepdims=True), least), keep
        )
        for name, axis in {"of_row": 1, "of_all": None}.items()
        for end, size, least in (
            ("_size", np.abs, 1e-300),
            ("_size_above_one", np.abs, 1.0),
            ("", np.array, -np.inf),
        )
    },
)
_weighing(
    "Large scores overflow, and NaN was replaced by 0: those queries see nothing. Subtract each row's maximum before "
    "the exponential.",
    nan_to_zero=lambda q, k, v, keep: np.nan_to_num(_normal(np.exp(_scores(q, k)) * keep)),
    nan_to_zero_where=lambda q, k, v, keep: np.nan_to_num(_raw(_scores(q, k), keep)),
)


@attend.mistake("The weights are right. But the output is divided by the number of keys, kept or all: just add up.")
def output_averaged(q, k, v, keep):
    output, weights = attend_with_mask(q, k, v, keep)
    return output / max(keep.sum(), 1), weights


@attend.mistake("The weights are right. But the output is divided by the number of keys, kept or all: just add up.")
def output_averaged_over_all(q, k, v, keep):
    output, weights = attend_with_mask(q, k, v, keep)
    return output / len(k), weights
