"""What goes wrong in `modalities.scales`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.modalities.scales import scales, side_by_side


def _joined(train, other):
    return (np.concatenate([part["words"], part["voice"]], axis=1) for part in (train, other))


def _divisor(deviation):
    return np.where(deviation == 0, 1, deviation)


def _scaled(x, y, axis=0):
    return (y - x.mean(axis=axis, keepdims=True)) / _divisor(x.std(axis=axis, keepdims=True))


DROWNED = (
    "The words hardly move: their columns are divided by a deviation that the decibels decide. Take mean and deviation "
    "along the axis of the items."
)


@scales.mistake(DROWNED)
def one_for_all(train, other):
    x, y = _joined(train, other)
    return (y - x.mean()) / x.std()


@scales.mistake(DROWNED)
def one_deviation(train, other):
    x, y = _joined(train, other)
    return (y - x.mean(0)) / x.std()


@scales.mistake("The mean is one number over all columns, and decibels decide it. Each column has a mean of its own.")
def one_mean(train, other):
    x, y = _joined(train, other)
    return (y - x.mean()) / _divisor(x.std(0))


OWN = (
    "You took mean and deviation from the items themselves. They must come from `train`, or test items are scaled by "
    "what was learnt from the test, and one item alone cannot be scaled at all."
)


@scales.mistake(OWN)
def own_statistics_divided_by_zero(train, other):
    _, y = _joined(train, other)
    with np.errstate(all="ignore"):
        return (y - y.mean(0)) / y.std(0)


@scales.mistake(OWN)
def own_statistics(train, other):
    _, y = _joined(train, other)
    return _scaled(y, y)


@scales.mistake("You took mean and deviation from all items together. They must come from `train` alone.")
def both_together(train, other):
    x, y = _joined(train, other)
    return _scaled(np.concatenate([x, y]), y)


@scales.mistake("The mean is that of the items themselves. Mean and deviation must both come from `train`.")
def own_mean(train, other):
    x, y = _joined(train, other)
    return (y - y.mean(0)) / _divisor(x.std(0))


@scales.mistake("The deviation is that of the items themselves. Mean and deviation must both come from `train`.")
def own_deviation(train, other):
    x, y = _joined(train, other)
    return (y - x.mean(0)) / _divisor(y.std(0))


@scales.mistake("You scale the training items by the others. It is `other` that is scaled, by what `train` says.")
def arguments_exchanged(train, other):
    return side_by_side(other, train)


@scales.mistake("You return the training items, scaled. Asked for are the rows of `other`.")
def training_items(train, other):
    return side_by_side(train, train)


@scales.mistake(
    "You scaled each *row*: words and decibels of one item against each other. Scale each column over the items."
)
def by_row(train, other):
    _, y = _joined(train, other)
    return _scaled(y, y, axis=1)


@scales.mistake(
    "One mean and one deviation for each modality: better, yet the bands of the voice differ among themselves. Every "
    "column has its own."
)
def by_modality(train, other):
    return np.hstack([(other[k] - train[k].mean()) / train[k].std() for k in ("words", "voice")])


@scales.mistake("This is scaling to a range, from 0 to 1. Asked for are the mean 0 and the deviation 1.")
def to_range(train, other):
    x, y = _joined(train, other)
    return (y - x.min(0)) / _divisor(np.ptp(x, axis=0))


@scales.mistake("You divide by the range. Asked for is the deviation 1: divide by `x.std(axis=0)`.")
def by_range(train, other):
    x, y = _joined(train, other)
    return (y - x.mean(0)) / _divisor(np.ptp(x, axis=0))


@scales.mistake("The columns are centred but not divided by their deviation.")
def only_centred(train, other):
    x, y = _joined(train, other)
    return y - x.mean(0)


@scales.mistake("The columns are divided by their deviation, but not centred: take their mean away first.")
def not_centred(train, other):
    x, y = _joined(train, other)
    return y / _divisor(x.std(0))


@scales.mistake("The mean is taken away after dividing: take it away first, and divide the difference.")
def divided_first(train, other):
    x, y = _joined(train, other)
    return y / _divisor(x.std(0)) - x.mean(0)


@scales.mistake("You divide by the variance. Its root is the deviation.")
def variance(train, other):
    x, y = _joined(train, other)
    return (y - x.mean(0)) / _divisor(x.var(0))


@scales.mistake("You divide by the deviation of a *sample*, with n - 1. `np.std` divides by n.")
def sample_deviation(train, other):
    x, y = _joined(train, other)
    return (y - x.mean(0)) / _divisor(x.std(0, ddof=1))


@scales.mistake("You multiply by the deviation. Divide by it.")
def multiplied(train, other):
    x, y = _joined(train, other)
    return (y - x.mean(0)) * _divisor(x.std(0))


@scales.mistake("You add the mean. Take it away: then the columns have the mean 0.")
def added(train, other):
    x, y = _joined(train, other)
    return (y + x.mean(0)) / _divisor(x.std(0))


@scales.mistake("You divide by the largest number. Asked for are the mean 0 and the deviation 1.")
def by_largest(train, other):
    x, y = _joined(train, other)
    return y / _divisor(np.abs(x).max(0))


@scales.mistake("You take the median and the middle half. Asked for are the mean 0 and the deviation 1.")
def middle_half(train, other):
    x, y = _joined(train, other)
    low, middle, high = np.percentile(x, (25, 50, 75), axis=0)
    return (y - middle) / _divisor(high - low)


@scales.mistake(
    "The voice has one mean and one deviation for all its columns. Each has its own, as those of the words have."
)
def voice_as_one(train, other):
    voice = (other["voice"] - train["voice"].mean()) / train["voice"].std()
    return np.hstack([_scaled(train["words"], other["words"]), voice])


@scales.mistake(
    "The words have one mean and one deviation for all their columns. Each has its own, as those of the voice have."
)
def words_as_one(train, other):
    words = (other["words"] - train["words"].mean()) / train["words"].std()
    return np.hstack([words, _scaled(train["voice"], other["voice"])])


@scales.mistake("You take the median away. Asked for is the mean 0.")
def median(train, other):
    x, y = _joined(train, other)
    return (y - np.median(x, axis=0)) / _divisor(x.std(0))


@scales.mistake("A column that never changes has the deviation 0, and you divide by it. Such a column becomes 0.")
def divides_by_zero(train, other):
    x, y = _joined(train, other)
    with np.errstate(all="ignore"):
        return (y - x.mean(0)) / x.std(0)


@scales.mistake("You add 1 to every deviation so that none is 0. That makes all columns too small.")
def one_more(train, other):
    x, y = _joined(train, other)
    return (y - x.mean(0)) / (x.std(0) + 1)


@scales.mistake("A column that never changes keeps its number. It becomes 0, as the others have the mean 0.")
def constant_kept(train, other):
    x, y = _joined(train, other)
    return np.where(x.std(0) == 0, y, _scaled(x, y))


@scales.mistake("A column that never changes is left out. Keep it, as zeros: every column stays in its place.")
def constant_left_out(train, other):
    x, y = _joined(train, other)
    return _scaled(x, y)[:, x.std(0) > 0]


@scales.mistake("No deviation is below 1 with you, though the words' are. Replace only those that are 0.")
def at_least_one(train, other):
    x, y = _joined(train, other)
    return (y - x.mean(0)) / np.maximum(x.std(0), 1)


@scales.mistake("Only the voice is in your result. Put the columns of the words before it.")
def only_voice(train, other):
    return _scaled(train["voice"], other["voice"])


@scales.mistake("Only the words are in your result. Put the columns of the voice behind them.")
def only_words(train, other):
    return _scaled(train["words"], other["words"])


@scales.mistake("The voice comes first in your rows. Words come first.")
def voice_first(train, other):
    return np.hstack([_scaled(train[k], other[k]) for k in ("voice", "words")])


@scales.mistake("You join the modalities in the order of the dict. Words come first: name them.")
def order_of_the_dict(train, other):
    return np.hstack([_scaled(train[k], other[k]) for k in other])


@scales.mistake("Only the voice is scaled. The words have a mean and a deviation as well.")
def words_as_they_are(train, other):
    return np.hstack([other["words"], _scaled(train["voice"], other["voice"])])


@scales.mistake("The words are centred but not divided by their deviation. They are scaled as the voice is.")
def words_only_centred(train, other):
    words = other["words"] - train["words"].mean(0)
    return np.hstack([words, _scaled(train["voice"], other["voice"])])


@scales.mistake("The voice is centred but not divided by its deviation. It is scaled as the words are.")
def voice_only_centred(train, other):
    voice = other["voice"] - train["voice"].mean(0)
    return np.hstack([_scaled(train["words"], other["words"]), voice])


@scales.mistake("You divide by the root of the deviation. Divide by the deviation.")
def root_of_deviation(train, other):
    x, y = _joined(train, other)
    return (y - x.mean(0)) / _divisor(np.sqrt(x.std(0)))


@scales.mistake("You take the first training item away. Take the mean away.")
def first_item(train, other):
    x, y = _joined(train, other)
    return (y - x[0]) / _divisor(x.std(0))


@scales.mistake("You take the sum of each column away, not its mean.")
def sum_taken_away(train, other):
    x, y = _joined(train, other)
    return (y - x.sum(0)) / _divisor(x.std(0))


@scales.mistake("Only the words are scaled. The voice is in decibels still, and drowns them.")
def voice_as_it_is(train, other):
    return np.hstack([_scaled(train["words"], other["words"]), other["voice"]])


@scales.mistake("The modalities stand side by side, but nothing is scaled.")
def nothing_scaled(train, other):
    return np.hstack([other["words"], other["voice"]])


@scales.mistake(
    "You scaled each *row*: divided by its length, it is the decibels that decide. Scale each column over the items."
)
def unit_rows(train, other):
    _, y = _joined(train, other)
    return y / np.linalg.norm(y, axis=1, keepdims=True)


@scales.mistake(
    "The deviation is one number for each modality. Every column has a deviation of its own, as it has a mean."
)
def deviation_by_modality(train, other):
    return np.hstack([(other[k] - train[k].mean(0)) / train[k].std() for k in ("words", "voice")])


@scales.mistake("The mean is one number for each modality. Every column has a mean of its own, as it has a deviation.")
def mean_by_modality(train, other):
    return np.hstack([(other[k] - train[k].mean()) / _divisor(train[k].std(0)) for k in ("words", "voice")])


@scales.mistake(
    "This is scaling to the items' own range, from 0 to 1. Asked for are mean 0 and deviation 1, from `train`."
)
def to_own_range(train, other):
    _, y = _joined(train, other)
    return (y - y.min(0)) / _divisor(np.ptp(y, axis=0))


@scales.mistake("You divide by the mean distance from the mean. The deviation is the root of the mean *square*.")
def mean_distance(train, other):
    x, y = _joined(train, other)
    return (y - x.mean(0)) / _divisor(np.abs(x - x.mean(0)).mean(0))


@scales.mistake(
    "You divide by the root of the mean square of the columns as they are. Take the mean away from them first."
)
def root_mean_square(train, other):
    x, y = _joined(train, other)
    return (y - x.mean(0)) / _divisor(np.sqrt((x**2).mean(0)))


@scales.mistake("You cut off what lies more than one deviation from the mean. It stays as it is.")
def cut_off(train, other):
    return np.clip(side_by_side(train, other), -1, 1)


@scales.mistake("You return the training items and the others. Asked for are the rows of `other`.")
def both_parts(train, other):
    return np.vstack([side_by_side(train, train), side_by_side(train, other)])


@scales.mistake(said="Your function changes its input `other`.")
def in_place(train, other):
    for name in ("words", "voice"):
        other[name] -= train[name].mean(axis=0)
    return np.hstack([other["words"], other["voice"]])


@scales.mistake("Numbers that lie more than three deviations out are cut off. Keep them.")
def cut_at_three(train, other):
    return np.clip(side_by_side(train, other), -3, 3)


@scales.mistake("Each row is divided by its length afterwards. Columns have a scale here, rows stay as they come out.")
def rows_of_length_one(train, other):
    rows = side_by_side(train, other)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(length == 0, 1, length)


@scales.mistake("This is the median, and the mean distance from it. Asked for are mean and standard deviation.")
def median_and_distance(train, other):
    x, y = _joined(train, other)
    median = np.median(x, axis=0)
    return (y - median) / _divisor(np.abs(x - median).mean(0))


@scales.mistake(
    "Each modality is divided by the root of its number of columns as well. Every column keeps the deviation 1."
)
def weighed_by_columns(train, other):
    rows, words = side_by_side(train, other), train["words"].shape[1]
    roots = np.sqrt([words] * words + [train["voice"].shape[1]] * train["voice"].shape[1])
    return rows / roots


@scales.mistake(
    "A column that hardly changes is taken for one that never does. Only the deviation 0 is that of such a one."
)
def small_for_zero(train, other):
    x, y = _joined(train, other)
    deviation = x.std(0)
    return (y - x.mean(0)) / np.where(deviation < 0.05, 1, deviation)


@scales.mistake(
    "You took mean and deviation from the items themselves, and divide by the deviation with n - 1. They come from "
    "`train`, as `np.std` computes them."
)
def own_statistics_of_a_sample(train, other):
    _, y = _joined(train, other)
    with np.errstate(all="ignore"):
        deviation = np.nan_to_num(y.std(0, ddof=1))
    return (y - y.mean(0)) / _divisor(deviation)


def _more(more):
    """Plants a small number that is added to every deviation."""

    def mistake(train, other):
        x, y = _joined(train, other)
        return (y - x.mean(0)) / (x.std(0) + more)

    mistake.__name__ = f"{more:g}_more"
    scales.mistake(
        "A number is added to every deviation so that none is 0. Columns that change little become too small by that: "
        "only a deviation of 0 is to be replaced."
    )(mistake)


for _number in (0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6):
    _more(_number)


@scales.mistake("Numbers that lie more than two deviations out are cut off. Keep them.")
def cut_at_two(train, other):
    return np.clip(side_by_side(train, other), -2, 2)


SMALL = "A column that hardly changes is taken for one that never does. Only the deviation 0 is that of such a one."


def _small(least, instead):
    """Plants a bound for the deviation that is too high."""

    def mistake(train, other):
        x, y = _joined(train, other)
        deviation = x.std(0)
        return (y - x.mean(0)) / np.where(deviation < least, least if instead else 1, deviation)

    mistake.__name__ = f"below_{least:g}_{'lifted' if instead else 'as_none'}"
    scales.mistake(SMALL)(mistake)


for _least in (0.01, 0.1, 0.3, 0.5):
    _small(_least, False)
    _small(_least, True)


@scales.mistake(SMALL)
def small_becomes_zero(train, other):
    x, _ = _joined(train, other)
    return np.where(x.std(0) < 0.05, 0, side_by_side(train, other))


@scales.mistake("A column that never changes becomes 1. It becomes 0, as the others have the mean 0.")
def constant_one(train, other):
    x, _ = _joined(train, other)
    return np.where(x.std(0) == 0, 1, side_by_side(train, other))


@scales.mistake("Where one column never changes you scale all of them by one deviation. Each column has its own.")
def one_deviation_if_any_is_zero(train, other):
    x, y = _joined(train, other)
    return (y - x.mean(0)) / (x.std(0) if x.std(0).all() else x.std())


@scales.mistake(
    "Only a column of zeros is taken for one that never changes. A word in every text never changes, either."
)
def only_zeros_constant(train, other):
    x, y = _joined(train, other)
    with np.errstate(all="ignore"):
        return np.where((x == 0).all(0), 0, (y - x.mean(0)) / x.std(0))


@scales.mistake("The columns are divided by their length. Divide by their deviation.")
def by_length(train, other):
    x, y = _joined(train, other)
    return (y - x.mean(0)) / _divisor(np.linalg.norm(x - x.mean(0), axis=0))


@scales.mistake("The words are not centred. Every column has the mean 0, theirs as well.")
def words_not_centred(train, other):
    words = other["words"] / _divisor(train["words"].std(0))
    return np.hstack([words, _scaled(train["voice"], other["voice"])])


@scales.mistake(
    "Each modality is scaled by itself, and the deviation is that of a *sample*, with n - 1. `np.std` divides by n."
)
def samples_by_modality(train, other):
    x, y = _joined(train, other)
    with np.errstate(all="ignore"):
        return (y - x.mean(0)) / x.std(0, ddof=1)


@scales.mistake("You squash the numbers after scaling (`tanh`). They stay as they come out: deviation 1.")
def squashed(train, other):
    return np.tanh(side_by_side(train, other))


def _other_words(name, change, message):
    """Plants other words beside a voice that is right."""

    def mistake(train, other):
        return np.hstack([change(train["words"], other["words"]), _scaled(train["voice"], other["voice"])])

    mistake.__name__ = name
    scales.mistake(message)(mistake)


_MEAN_0 = "Each column of the words, too, has mean 0 and deviation 1 over the training items."
_other_words("words_to_one", lambda x, y: 2 * y - 1, f"The words became -1 and 1. {_MEAN_0}")
_other_words("words_about_a_half", lambda x, y: y - 0.5, f"You take one half away from the words. {_MEAN_0}")
_other_words(
    "words_by_share", lambda x, y: y / _divisor(x.mean(0)), f"You divide the words by how common they are. {_MEAN_0}"
)
_other_words(
    "rare_words_heavy",
    lambda x, y: y * -np.log(np.where(x.mean(0) > 0, x.mean(0), 1)),
    f"You weigh the words by how rare they are. {_MEAN_0}",
)
_other_words(
    "words_by_length",
    lambda x, y: y / _divisor(np.linalg.norm(y, axis=1, keepdims=True)),
    f"You divide the words of each item by their length. {_MEAN_0}",
)
_other_words(
    "words_by_count",
    lambda x, y: y / _divisor(y.sum(1, keepdims=True)),
    f"You divide the words of each item by how many it has. {_MEAN_0}",
)


@scales.mistake("Mean and deviation come from the first training items only. They come from all of them.")
def first_rows(train, other):
    x, y = _joined(train, other)
    return _scaled(x[: len(y)], y)


@scales.mistake(
    "You cut off the largest and smallest training numbers before you take mean and deviation. All items count as they "
    "are."
)
def without_extremes(train, other):
    x, y = _joined(train, other)
    return _scaled(np.clip(x, *np.percentile(x, [5, 95], axis=0)), y)


@scales.mistake("You turn decibels into powers. The voice stays in decibels, and is scaled by columns.")
def powers(train, other):
    x, y = ({**part, "voice": 10 ** (part["voice"] / 10)} for part in (train, other))
    return side_by_side(x, y)


@scales.mistake("You turn decibels into amplitudes. The voice stays in decibels, and is scaled by columns.")
def amplitudes(train, other):
    x, y = ({**part, "voice": 10 ** (part["voice"] / 20)} for part in (train, other))
    return side_by_side(x, y)


@scales.mistake(
    "You take the mean from `train`, but the deviation of the other items about it. Both must come from `train`."
)
def own_deviation_about_train(train, other):
    x, y = _joined(train, other)
    return (y - x.mean(0)) / _divisor(np.sqrt(((y - x.mean(0)) ** 2).mean(0)))


@scales.mistake("You divide by the mean of the deviations of all columns. Each column has its own.")
def mean_deviation(train, other):
    x, y = _joined(train, other)
    return (y - x.mean(0)) / x.std(0).mean()


@scales.mistake("You divide by the largest deviation of all columns. Each column has its own.")
def largest_deviation(train, other):
    x, y = _joined(train, other)
    return (y - x.mean(0)) / x.std(0).max()


@scales.mistake("Columns are divided by their own mean. Take the mean away, and divide by the deviation.")
def by_mean(train, other):
    x, y = _joined(train, other)
    return y / _divisor(x.mean(0))


@scales.mistake("Both modalities are decorrelated (whitened). Each column is scaled by itself.")
def whitened(train, other):
    x, y = _joined(train, other)
    values, vectors = np.linalg.eigh(np.cov(x.T, bias=True))
    return (y - x.mean(0)) @ vectors / np.sqrt(np.where(values > 1e-9, values, 1))


@scales.mistake("The words are scaled by mean and deviation of the voice. Every column has its own.")
def by_the_voice(train, other):
    _, y = _joined(train, other)
    return (y - train["voice"].mean()) / train["voice"].std()


@scales.mistake(
    "One mean and one deviation for each modality, and from the items themselves: each column, from `train`."
)
def own_by_modality(train, other):
    with np.errstate(all="ignore"):
        return np.hstack([(other[k] - other[k].mean()) / _divisor(other[k].std()) for k in ("words", "voice")])


@scales.mistake("The columns are divided by the sum of the distances from their mean. Divide by their deviation.")
def by_distances(train, other):
    x, y = _joined(train, other)
    return (y - x.mean(0)) / _divisor(np.abs(x - x.mean(0)).sum(0))


@scales.mistake("You divide by the error of the mean, the deviation over the root of n. Divide by the deviation.")
def by_error_of_the_mean(train, other):
    x, y = _joined(train, other)
    return (y - x.mean(0)) / _divisor(x.std(0) / np.sqrt(len(x)))


WEIGHED = "One of the modalities has another weight than the other one. All columns have the deviation 1."


def _weighed(name, words, voice):
    def mistake(train, other):
        d, rows = train["words"].shape[1], side_by_side(train, other)
        return np.hstack([rows[:, :d] * words(train, d), rows[:, d:] * voice(train, rows.shape[1] - d)])

    mistake.__name__ = name
    scales.mistake(WEIGHED)(mistake)


_weighed("words_doubled", lambda train, d: 2, lambda train, c: 1)
_weighed("words_halved", lambda train, d: 0.5, lambda train, c: 1)
_weighed("voice_halved", lambda train, d: 1, lambda train, c: 0.5)
_weighed("voice_doubled", lambda train, d: 1, lambda train, c: 2)
_weighed("by_number_of_columns", lambda train, d: 1 / d, lambda train, c: 1 / c)


@scales.mistake(
    "The deviation of the words is taken about 0, that of the voice about its mean. Both are about the mean."
)
def words_about_zero(train, other):
    x = train["words"]
    words = (other["words"] - x.mean(0)) / _divisor(np.sqrt((x**2).mean(0)))
    return np.hstack([words, _scaled(train["voice"], other["voice"])])


@scales.mistake(
    "The mean is that of each column, the deviation that of each *row*. Both are taken over the items: `axis=0`."
)
def deviation_of_rows(train, other):
    x, y = _joined(train, other)
    return (y - x.mean(0)) / _divisor(y.std(1, keepdims=True))


@scales.mistake(
    "The mean is that of each *row*, the deviation that of each column. Both are taken over the items: `axis=0`."
)
def mean_of_rows(train, other):
    x, y = _joined(train, other)
    return (y - y.mean(1, keepdims=True)) / _divisor(x.std(0))


def _mean_of_all(name):
    def mistake(train, other):
        parts = [
            (other[k] - (train[k].mean() if k == name else train[k].mean(0))) / _divisor(train[k].std(0))
            for k in ("words", "voice")
        ]
        return np.hstack(parts)

    mistake.__name__ = f"one_mean_of_{name}"
    scales.mistake(f"The mean of the {name} is one number over all columns. Each column has its own.")(mistake)


def _deviation_of_all(name):
    def mistake(train, other):
        parts = [
            (other[k] - train[k].mean(0)) / (train[k].std() if k == name else _divisor(train[k].std(0)))
            for k in ("words", "voice")
        ]
        return np.hstack(parts)

    mistake.__name__ = f"one_deviation_of_{name}"
    scales.mistake(f"The deviation of the {name} is one number over all columns. Each column has its own.")(mistake)


for _name in ("words", "voice"):
    _mean_of_all(_name)
    _deviation_of_all(_name)


@scales.mistake("The words are scaled by the items themselves, the voice by `train`. Both are scaled by `train`.")
def words_by_themselves(train, other):
    return np.hstack([_scaled(other["words"], other["words"]), _scaled(train["voice"], other["voice"])])


@scales.mistake("The voice is scaled by the items themselves, the words by `train`. Both are scaled by `train`.")
def voice_by_itself(train, other):
    return np.hstack([_scaled(train["words"], other["words"]), _scaled(other["voice"], other["voice"])])
