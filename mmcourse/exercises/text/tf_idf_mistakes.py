"""What goes wrong in `text.tf_idf`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.text.tf_idf import tf_idf, tf_idf_rows


def _length(x):
    return np.sqrt((x**2).sum(1, keepdims=True))


def _rows(x, length=_length):
    """Rows through their length, those of zeros as they are."""
    length = length(x)
    return x / np.where(length == 0, 1, length)


def _df(train):
    return (train > 0).sum(0)


def _weighted(train, counts):
    return counts * (np.log((1 + len(train)) / (1 + _df(train))) + 1)


def _mistake(message):
    """Registers a mistake twice: with rows of zeros where a caption has no known word, and with 0 / 0 there as well."""

    def register(function):
        def zero_by_zero(train, counts):
            with np.errstate(all="ignore"):
                return np.where(counts.any(1, keepdims=True), function(train, counts), np.nan)

        zero_by_zero.__name__ = function.__name__ + "_and_zero_by_zero"
        tf_idf.mistake(message)(function)
        tf_idf.mistake(message)(zero_by_zero)
        return function

    return register


def _idf_mistake(message):
    """The same for a mistake that is made in the weights: a function of ``train`` and ``counts`` that gives them."""

    def register(weights):
        def mistake(train, counts):
            with np.errstate(all="ignore"):
                return _rows(counts * weights(train, counts))

        mistake.__name__ = weights.__name__
        _mistake(message)(mistake)
        return weights

    return register


@_idf_mistake("These are the counts, scaled: no word weighs more than another.")
def only_tf(train, counts):
    return 1.0


@_idf_mistake(
    "You counted how often a word occurs. df counts the captions that hold it, however often it stands in one."
)
def df_of_occurrences(train, counts):
    return np.log((1 + len(train)) / (1 + train.sum(0))) + 1


@_idf_mistake(
    "df comes from the captions that you weigh. It must come from the training captions: a test caption's weights "
    "would depend on the other test captions."
)
def df_of_test(train, counts):
    return np.log((1 + len(counts)) / (1 + _df(counts))) + 1


@_idf_mistake(
    "df comes from the captions that you weigh, m from the training captions. Both belong to the training captions."
)
def df_of_test_with_m(train, counts):
    return np.log((1 + len(train)) / (1 + _df(counts))) + 1


@_idf_mistake(
    "The weights come from training and test captions together. Take the training captions alone: a test caption's "
    "weights would depend on the other test captions."
)
def df_of_both(train, counts):
    together = np.concatenate([train, counts])
    return np.log((1 + len(together)) / (1 + _df(together))) + 1


@_idf_mistake("m is the number of training captions. You took the number of captions that are weighed.")
def n_for_m(train, counts):
    return np.log((1 + len(counts)) / (1 + _df(train))) + 1


@_idf_mistake("m is the number of training captions. You took the number of words, V.")
def words_for_m(train, counts):
    return np.log((1 + train.shape[1]) / (1 + _df(train))) + 1


@_idf_mistake("df is a number of captions. You took their share, the mean.")
def df_as_share(train, counts):
    return np.log((1 + len(train)) / (1 + (train > 0).mean(0))) + 1


@_idf_mistake("df counts the captions that hold the word. You counted those that do not.")
def df_of_the_others(train, counts):
    return np.log((1 + len(train)) / (1 + (train == 0).sum(0))) + 1


@_idf_mistake("df counts the captions that hold the word, also those that hold it once. You counted those with more.")
def df_of_several(train, counts):
    return np.log((1 + len(train)) / (1 + (train > 1).sum(0))) + 1


@_idf_mistake("The ratio stands upside down: words that are everywhere get the largest weight.")
def ratio_inverted(train, counts):
    return np.log((1 + _df(train)) / (1 + len(train))) + 1


@_idf_mistake(
    "The + 1 behind the logarithm is missing: a word that stands in every caption gets weight 0 and disappears."
)
def without_one(train, counts):
    return np.log((1 + len(train)) / (1 + _df(train)))


@_idf_mistake("The last + 1 stands inside the logarithm. It is added behind it.")
def one_inside(train, counts):
    return np.log((1 + len(train)) / (1 + _df(train)) + 1)


@_idf_mistake("The last + 1 stands inside the logarithm, as ln(1 + m / (1 + df)). It is added behind it.")
def one_moved_in(train, counts):
    return np.log(1 + len(train) / (1 + _df(train)))


@_idf_mistake("A word that no training caption holds weighs nothing in yours. In the formula it weighs most.")
def unseen_left_out(train, counts):
    return (np.log((1 + len(train)) / (1 + _df(train))) + 1) * (_df(train) > 0)


@_idf_mistake("A word that no training caption holds gives infinity or NaN. The two 1s in the ratio are there for it.")
def not_smooth(train, counts):
    return np.log(len(train) / _df(train)) + 1


@_idf_mistake("The two 1s in the ratio, 1 + m and 1 + df, are missing.")
def not_smooth_but_finite(train, counts):
    return np.log(len(train) / np.maximum(_df(train), 1)) + 1


@_idf_mistake("The 1 above the line is missing: it is 1 + m, as if one more caption held every word.")
def one_below_only(train, counts):
    return np.log(len(train) / (1 + _df(train))) + 1


@_idf_mistake("The 1 below the line is missing: a word that no training caption holds divides by 0.")
def one_above_only(train, counts):
    return np.log((1 + len(train)) / _df(train)) + 1


@_idf_mistake("This is the logarithm to base 2. Use the natural one.")
def base_2(train, counts):
    return np.log2((1 + len(train)) / (1 + _df(train))) + 1


@_idf_mistake("This is the logarithm to base 10. Use the natural one.")
def base_10(train, counts):
    return np.log10((1 + len(train)) / (1 + _df(train))) + 1


@_idf_mistake("The logarithm is missing: a word that is ten times as rare would weigh about ten times as much.")
def without_logarithm(train, counts):
    return (1 + len(train)) / (1 + _df(train)) + 1


@_idf_mistake("The weight of a word is multiplied in twice.")
def squared(train, counts):
    return (np.log((1 + len(train)) / (1 + _df(train))) + 1) ** 2


@_mistake("A word that stands twice in a caption counts only once here. Multiply by the counts.")
def binary(train, counts):
    return _rows(_weighted(train, (counts > 0).astype(float)))


@_mistake("You took the logarithm of the counts. Multiply by the counts themselves.")
def log_counts(train, counts):
    return _rows(_weighted(train, np.log1p(counts)))


@_mistake("You took the logarithm of the counts, and added 1. Multiply by the counts themselves.")
def log_counts_and_one(train, counts):
    return _rows(_weighted(train, np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0)))


@_mistake("You divided each *word's column* by its length. The length is that of a caption, a row.")
def wrong_axis(train, counts):
    return _rows(_weighted(train, counts), lambda x: np.sqrt((x**2).sum(0, keepdims=True)))


@_mistake("You divided by the length of the whole array. Each row has a length of its own.")
def length_of_all(train, counts):
    return _rows(_weighted(train, counts), lambda x: np.sqrt((x**2).sum()))


@_mistake("Your rows sum to one. They should have the Euclidean length one: the root of the sum of squares.")
def sum_for_length(train, counts):
    return _rows(_weighted(train, counts), lambda x: x.sum(1, keepdims=True))


@_mistake(
    "You divided by the largest number of each row. Divide by its Euclidean length, the root of the sum of squares."
)
def largest_for_length(train, counts):
    return _rows(_weighted(train, counts), lambda x: x.max(1, keepdims=True))


@_mistake("The root is missing: the length of a row is the root of its sum of squares.")
def without_root(train, counts):
    return _rows(_weighted(train, counts), lambda x: (x**2).sum(1, keepdims=True))


@_mistake("The length is the root of the *sum* of squares. You took their mean.")
def mean_for_sum(train, counts):
    return _rows(_weighted(train, counts), lambda x: np.sqrt((x**2).mean(1, keepdims=True)))


@_mistake("1 is added to each length. Divide by the length itself, and by 1 only where it is 0.")
def longer_by_one(train, counts):
    return _rows(_weighted(train, counts), lambda x: 1 + _length(x))


@_mistake("You divided by the length of the counts, before they were weighted. Weigh first, then divide.")
def length_of_counts(train, counts):
    return _weighted(train, counts) / np.where(_length(counts) == 0, 1, _length(counts))


@tf_idf.mistake("The rows are not divided by their length: long captions weigh more.")
def not_normalised(train, counts):
    return _weighted(train, counts)


@tf_idf.mistake(
    "These are the rows of the training captions. Asked are those of `counts`, weighed by what `train` holds."
)
def rows_of_train(train, counts):
    return _rows(_weighted(train, train))


@tf_idf.mistake("`train` and `counts` are exchanged: the weights come from `train`, the rows from `counts`.")
def exchanged(train, counts):
    return _rows(_weighted(counts, train))


@tf_idf.mistake("A caption without any known word must stay a row of zeros: its length is 0.")
def zero_by_zero(train, counts):
    with np.errstate(all="ignore"):
        x = _weighted(train, counts)
        return x / _length(x)


@tf_idf.mistake("A caption without any known word is dropped. It must stay, as a row of zeros.")
def empty_dropped(train, counts):
    return _rows(_weighted(train, counts[counts.any(1)]))


@tf_idf.mistake(said="Your function changes its input `train`.")
def in_place(train, counts):
    train[train > 0] = 1
    return tf_idf_rows(train, counts)


@tf_idf.mistake(
    "You divided the counts by the number of words in the caption, and not the weighted rows by their Euclidean length."
)
def shares_of_words(train, counts):
    return _weighted(train, _rows(counts, lambda x: x.sum(1, keepdims=True)))


@tf_idf.mistake(
    "The weighted counts were cut to whole numbers, as in an array made by `np.zeros_like(counts)`. Weights are real "
    "numbers."
)
def cut_to_whole_numbers(train, counts):
    return _rows(_weighted(train, counts).astype(int).astype(float))


@_idf_mistake("You divide 1 + m by 1 + df in whole numbers, with `//`. Divide with `/`.")
def divided_in_whole_numbers(train, counts):
    return np.log((1 + len(train)) // (1 + _df(train))) + 1


def _textbook(train, counts, unseen):
    with np.errstate(divide="ignore"):
        weight = np.log(len(train) / _df(train))
    return np.where(np.isinf(weight), unseen, weight)


TEXTBOOK = (
    "This is ln(m / df), as many books have it. Here 1 is added above and below the line, and once more behind the "
    "logarithm."
)


@_idf_mistake(TEXTBOOK)
def textbook_unseen_zero(train, counts):
    return _textbook(train, counts, 0)


@_idf_mistake(TEXTBOOK)
def textbook_unseen_as_once(train, counts):
    return _textbook(train, counts, np.log(len(train)))


@_idf_mistake("You multiply by df. A word that stands in many captions weighs *less*: ln((1 + m) / (1 + df)) + 1.")
def times_df(train, counts):
    return _df(train)


@_idf_mistake("1 is added to m / (1 + df), not to m: put 1 + m into brackets before you divide.")
def one_added_to_the_ratio(train, counts):
    return np.log(1 + len(train) / (1 + _df(train))) + 1


@_idf_mistake("1 + df needs brackets of its own: without them 1 + m is divided by 1, and df is added.")
def df_added(train, counts):
    return np.log(1 + len(train) + _df(train)) + 1


@_idf_mistake("df counts the captions that hold the word at all. You counted those that hold it exactly once.")
def df_of_exactly_once(train, counts):
    return np.log((1 + len(train)) / (1 + (train == 1).sum(0))) + 1


@_idf_mistake("m is the number of training captions. You took the number of words in them.")
def occurrences_for_m(train, counts):
    return np.log((1 + train.sum()) / (1 + _df(train))) + 1


WEIGHT_IN_BRACKETS = (
    "The last + 1 belongs to the weight, before it is multiplied: count times (ln(…) + 1). You add 1 to the product."
)


@_mistake(WEIGHT_IN_BRACKETS)
def one_added_to_the_product(train, counts):
    return _rows(counts * np.log((1 + len(train)) / (1 + _df(train))) + 1)


@_mistake(WEIGHT_IN_BRACKETS)
def one_added_to_the_product_where_there_is_one(train, counts):
    return _rows(counts * np.log((1 + len(train)) / (1 + _df(train))) + (counts > 0))


@_mistake("You took the roots of the counts. Multiply by the counts themselves.")
def root_counts(train, counts):
    return _rows(_weighted(train, np.sqrt(counts)))


LONGER = "A number that is not tiny is added to each length. Divide by the length itself, and by 1 where it is 0."


@_mistake(LONGER)
def longer_by_a_tenth(train, counts):
    return _rows(_weighted(train, counts), lambda x: 0.1 + _length(x))


@_mistake(LONGER)
def longer_by_a_hundredth(train, counts):
    return _rows(_weighted(train, counts), lambda x: 0.01 + _length(x))


@_mistake(LONGER)
def longer_by_a_thousandth(train, counts):
    return _rows(_weighted(train, counts), lambda x: 0.001 + _length(x))


@_idf_mistake("Above the line you have the captions that do *not* hold the word. It is 1 + m, all of them.")
def others_above(train, counts):
    return np.log((1 + len(train) - _df(train)) / (1 + _df(train))) + 1


@_mistake("You took the mean of each row away. Only divide by its length.")
def less_the_mean(train, counts):
    x = _weighted(train, counts)
    return _rows(x - x.mean(1, keepdims=True))


@_mistake("In the length you square the counts only. Square the weighted counts.")
def weights_not_squared(train, counts):
    x = _weighted(train, counts)
    length = np.sqrt((x * counts).sum(1, keepdims=True))
    return x / np.where(length == 0, 1, length)


@_idf_mistake("The 1 below the line is missing: it is 1 + df, and needs no `maximum`.")
def one_at_least_below(train, counts):
    return np.log((1 + len(train)) / np.maximum(_df(train), 1)) + 1


@_idf_mistake("½ is added above and below the line. The formula adds 1.")
def half_added(train, counts):
    return np.log((0.5 + len(train)) / (0.5 + _df(train))) + 1


@_mistake("1 is taken away from each count, or all above 1 are left out. Multiply by the counts as they are.")
def counts_less_one(train, counts):
    return _rows(_weighted(train, np.maximum(counts - 1, 0)))


@_mistake("The weights are added to the counts. Multiply.")
def added(train, counts):
    return _rows(counts + _weighted(train, np.ones_like(counts)))


@_mistake("The weights are added to the counts where a word stands. Multiply.")
def added_where_there_is_one(train, counts):
    return _rows(np.where(counts > 0, counts + _weighted(train, np.ones_like(counts)), 0))


@_mistake("You divided the counts by their weights. Multiply: rare words weigh more.")
def divided(train, counts):
    return _rows(counts / _weighted(train, np.ones_like(counts)))


@_idf_mistake("2 stands above the line where 1 belongs: it is 1 + m.")
def two_above(train, counts):
    return np.log((2 + len(train)) / (1 + _df(train))) + 1


@_idf_mistake("A logarithm is taken of the weight once more. It is ln((1 + m) / (1 + df)) + 1.")
def logarithm_twice(train, counts):
    return np.log1p(np.log((1 + len(train)) / (1 + _df(train))) + 1)


@tf_idf.mistake(
    "These are the weights of the words that stand there. Multiply by the counts, then divide each row by its length."
)
def weights_only(train, counts):
    return _weighted(train, (counts > 0).astype(float))
