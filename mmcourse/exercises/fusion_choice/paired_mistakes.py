"""What goes wrong in `fusion_choice.paired`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.fusion_choice.paired import gain, paired


def _around(first, second, half):
    mean = (first - second).mean()
    return mean, mean - half, mean + half


def _spread(first, second):
    return (first - second).std(ddof=1)


# ── the standard error ──────────────────────────────────────────────────────────────────────────────


@paired.mistake(
    "You gave each method its own standard deviation, as if the runs were not paired. What both runs share (items, "
    "seed) is then counted as if it were a difference. Take the standard deviation of the differences."
)
def unpaired(first, second, quantile):
    return _around(first, second, quantile * np.sqrt((first.var(ddof=1) + second.var(ddof=1)) / len(first)))


@paired.mistake(
    "You gave each method its own standard deviation, as if the runs were not paired, and divided by n, not n - 1. "
    "Take the standard deviation of the differences, with `ddof=1`."
)
def unpaired_population(first, second, quantile):
    return _around(first, second, quantile * np.sqrt((first.var() + second.var()) / len(first)))


@paired.mistake("You added the standard errors of both methods. Take that of the differences: the runs are paired.")
def errors_added(first, second, quantile):
    return _around(first, second, quantile * (first.std(ddof=1) + second.std(ddof=1)) / np.sqrt(len(first)))


@paired.mistake("You subtracted the standard deviations. Subtract run by run first, then take the standard deviation.")
def deviations_subtracted(first, second, quantile):
    return _around(first, second, quantile * (first.std(ddof=1) - second.std(ddof=1)) / np.sqrt(len(first)))


@paired.mistake("This is the standard error of the first method's accuracies. Take that of the differences.")
def of_the_first(first, second, quantile):
    return _around(first, second, quantile * first.std(ddof=1) / np.sqrt(len(first)))


@paired.mistake("This is the standard error of the second method's accuracies. Take that of the differences.")
def of_the_second(first, second, quantile):
    return _around(first, second, quantile * second.std(ddof=1) / np.sqrt(len(first)))


@paired.mistake("You took the standard deviation of all accuracies together. Take that of the differences.")
def of_all(first, second, quantile):
    everything = np.concatenate([first, second])
    return _around(first, second, quantile * everything.std(ddof=1) / np.sqrt(len(first)))


@paired.mistake("Divide by n - 1, not by n: `std(ddof=1)`. With five runs it matters.")
def population(first, second, quantile):
    return _around(first, second, quantile * (first - second).std() / np.sqrt(len(first)))


@paired.mistake("You took n - 1 twice. The standard deviation has it already; the error is divided by the root of n.")
def twice_less_one(first, second, quantile):
    return _around(first, second, quantile * _spread(first, second) / np.sqrt(len(first) - 1))


@paired.mistake("This is how far single runs scatter. The mean of n runs scatters less: divide by the root of n.")
def scatter(first, second, quantile):
    return _around(first, second, quantile * _spread(first, second))


@paired.mistake(
    "This is how far single runs scatter, with n below the line. Take n - 1 (`ddof=1`), and divide by the root of n."
)
def population_scatter(first, second, quantile):
    return _around(first, second, quantile * (first - second).std())


@paired.mistake("You divided by n. The error of a mean falls with the root of n.")
def by_n(first, second, quantile):
    return _around(first, second, quantile * _spread(first, second) / len(first))


@paired.mistake("You divided by the root of 2n. There are n differences, however many accuracies.")
def by_both(first, second, quantile):
    return _around(first, second, quantile * _spread(first, second) / np.sqrt(2 * len(first)))


@paired.mistake("You took the variance of the differences. The standard error has the standard deviation, its root.")
def variance(first, second, quantile):
    return _around(first, second, quantile * _spread(first, second) ** 2 / np.sqrt(len(first)))


@paired.mistake("You took the variance over n, without the root. The standard error is the root of that.")
def no_root(first, second, quantile):
    return _around(first, second, quantile * _spread(first, second) ** 2 / len(first))


# ── the interval ────────────────────────────────────────────────────────────────────────────────────


@paired.mistake(
    "You took 1.96 whatever the quantile says. That is right for very many runs; few need a wider interval."
)
def normal(first, second, quantile):
    return _around(first, second, 1.96 * _spread(first, second) / np.sqrt(len(first)))


@paired.mistake(
    "You took 2 whatever the quantile says. That is about right for very many runs; few need a wider interval."
)
def two(first, second, quantile):
    return _around(first, second, 2 * _spread(first, second) / np.sqrt(len(first)))


@paired.mistake(
    "An end of the interval lies one standard error from the mean. It lies the quantile times the error from it."
)
def no_quantile(first, second, quantile):
    return _around(first, second, _spread(first, second) / np.sqrt(len(first)))


@paired.mistake(
    "An end lies half as far from the mean as it should: go the *whole* quantile times the error to each side."
)
def half_as_wide(first, second, quantile):
    return _around(first, second, quantile * _spread(first, second) / np.sqrt(len(first)) / 2)


@paired.mistake(
    "An end lies twice as far from the mean as it should: go the quantile times the error to each side, once."
)
def twice_as_wide(first, second, quantile):
    return _around(first, second, 2 * quantile * _spread(first, second) / np.sqrt(len(first)))


@paired.mistake("The low end is the mean *plus* the quantile times the error. It is the mean minus that.")
def exchanged(first, second, quantile):
    mean, low, high = gain(first, second, quantile)
    return mean, high, low


@paired.mistake("Your interval lies around 0. It lies around the mean difference.")
def around_zero(first, second, quantile):
    mean, low, high = gain(first, second, quantile)
    return mean, low - mean, high - mean


@paired.mistake(
    "In the place of the low end stands the error itself. Subtract it from the mean, and add it for the high end."
)
def only_the_error(first, second, quantile):
    mean, _, high = gain(first, second, quantile)
    return mean, high - mean, high - mean


@paired.mistake("The low end has the wrong sign: it is the error minus the mean. Take the mean minus the error.")
def error_less_mean(first, second, quantile):
    mean, low, high = gain(first, second, quantile)
    return mean, -low, high


@paired.mistake("The low end is the smallest difference of all runs. Asked is an interval for the mean.")
def extremes(first, second, quantile):
    d = first - second
    return d.mean(), d.min(), d.max()


# ── the mean ────────────────────────────────────────────────────────────────────────────────────────


@paired.mistake(
    "The low end is a percentile of the differences: so far single runs scatter. Asked is an interval for the mean."
)
def percentiles(first, second, quantile):
    d = first - second
    return d.mean(), *np.quantile(d, [0.025, 0.975])


@paired.mistake("The low end is cut off at 0. It may be negative: then the second may be better.")
def cut_at_zero(first, second, quantile):
    mean, low, high = gain(first, second, quantile)
    return mean, max(low, 0), high


@paired.mistake(
    "You took the root of the mean square of the differences. A standard deviation is measured from their mean."
)
def from_zero(first, second, quantile):
    return _around(first, second, quantile * np.sqrt(((first - second) ** 2).mean() / len(first)))


@paired.mistake("The sign is turned round: asked for is first minus second.")
def turned(first, second, quantile):
    return gain(second, first, quantile)


@paired.mistake("This is the mean of the first method alone. Asked is the mean difference.")
def mean_of_the_first(first, second, quantile):
    return tuple(number + second.mean() for number in gain(first, second, quantile))


@paired.mistake("You added the accuracies. Asked is the difference, first minus second.")
def sums(first, second, quantile):
    return gain(first, -second, quantile)


@paired.mistake("You took the differences without their sign: a run in which the second is better counts as a gain.")
def absolute(first, second, quantile):
    return gain(np.abs(first - second), 0, quantile)


@paired.mistake("The sign of the mean is lost. Where the second is better, the mean difference is negative.")
def absolute_mean(first, second, quantile):
    mean, low, high = gain(first, second, quantile)
    return np.abs(mean), low - mean + np.abs(mean), high - mean + np.abs(mean)


@paired.mistake("You took the median of the differences. Asked is their mean.")
def median(first, second, quantile):
    d = first - second
    half = quantile * d.std(ddof=1) / np.sqrt(len(d))
    return np.median(d), np.median(d) - half, np.median(d) + half


@paired.mistake("You added the differences up. Asked is their mean.")
def summed(first, second, quantile):
    mean, low, high = gain(first, second, quantile)
    return mean * len(first), low - mean + mean * len(first), high - mean + mean * len(first)


@paired.mistake("You divided by the second: a gain in relation to it. Asked is the plain difference of the accuracies.")
def relative(first, second, quantile):
    return gain(first / second, 1, quantile)


@paired.mistake("You return the difference of each run. Asked is their mean.")
def run_by_run(first, second, quantile):
    return first - second, *gain(first, second, quantile)[1:]


@paired.mistake(
    "You sorted both before you subtracted: then runs are compared that are no pair. Subtract entry by entry."
)
def sorted_first(first, second, quantile):
    return gain(np.sort(first), np.sort(second), quantile)


@paired.mistake(
    "You took the variance of the differences, and divided by n, not n - 1. The standard error has the standard "
    "deviation, its root, with `ddof=1`."
)
def variance_of_population(first, second, quantile):
    return _around(first, second, quantile * (first - second).var() / np.sqrt(len(first)))


@paired.mistake("The deviations are taken from 0, not from the mean difference. Subtract the mean before you square.")
def deviations_from_zero(first, second, quantile):
    n = len(first)
    return _around(first, second, quantile * np.sqrt(((first - second) ** 2).sum() / (n - 1) / n))


@paired.mistake("The error is too large by the root of 2. The differences are one array: nothing has to be added.")
def root_of_two(first, second, quantile):
    return _around(first, second, quantile * np.sqrt(2) * _spread(first, second) / np.sqrt(len(first)))


# ── further neighbours ──────────────────────────────────────────────────────────────────────────────


@paired.mistake(
    "The ends are NaN. Was the quantile looked up again (`ppf`), which wants a probability below 1? It is the number "
    "of standard errors already."
)
def looked_up(first, second, quantile):
    return _around(first, second, np.nan)


@paired.mistake("An end lies the quantile itself from the mean. Multiply the quantile by the standard error.")
def quantile_alone(first, second, quantile):
    return _around(first, second, quantile)


@paired.mistake(
    "Where the mean is negative, your ends are exchanged: low is the mean *minus* the quantile times the error there, "
    "too."
)
def farther_and_nearer(first, second, quantile):
    mean, low, _ = gain(first, second, quantile)
    return _around(first, second, (mean - low) * np.sign(mean))


POOLED = (
    "You pooled the standard deviations of both methods. Runs of one seed share their luck: take the standard "
    "deviation of the differences."
)


@paired.mistake(POOLED)
def pooled(first, second, quantile):
    return _around(first, second, quantile * np.sqrt((first.var(ddof=1) + second.var(ddof=1)) / 2 / len(first)))


@paired.mistake(POOLED)
def mean_deviation(first, second, quantile):
    return _around(first, second, quantile * (first.std(ddof=1) + second.std(ddof=1)) / 2 / np.sqrt(len(first)))


@paired.mistake(
    "The mean is right, but you took the standard deviation of the differences without their sign. Keep the signs."
)
def deviation_of_sizes(first, second, quantile):
    return _around(first, second, quantile * np.abs(first - second).std(ddof=1) / np.sqrt(len(first)))


@paired.mistake(
    "You took logarithms: the mean of log(first / second). Asked is the plain difference of the accuracies."
)
def logarithms(first, second, quantile):
    return gain(np.log(first), np.log(second), quantile)


@paired.mistake(
    "You took the standard deviation with n below the line, and divided by n. Take n - 1 (`ddof=1`), and divide by the "
    "root of n."
)
def population_by_n(first, second, quantile):
    return _around(first, second, quantile * (first - second).std() / len(first))


NORMAL = "Two things: you took 1.96 whatever the quantile says, and {}"


@paired.mistake(NORMAL.format("divided by n, not n - 1: `std(ddof=1)`."))
def normal_population(first, second, quantile):
    return population(first, second, 1.96)


@paired.mistake(NORMAL.format("did not divide by the root of n."))
def normal_scatter(first, second, quantile):
    return scatter(first, second, 1.96)


@paired.mistake(NORMAL.format("gave each method its own standard deviation. Take that of the differences."))
def normal_unpaired(first, second, quantile):
    return unpaired(first, second, 1.96)


@paired.mistake("You took the mean distance of the differences from their mean. Take their standard deviation.")
def mean_distance(first, second, quantile):
    d = first - second
    return _around(first, second, quantile * np.abs(d - d.mean()).mean() / np.sqrt(len(d)))


@paired.mistake("In the place of the high end stands the width of the interval. It is the mean plus the error.")
def width(first, second, quantile):
    mean, low, high = gain(first, second, quantile)
    return mean, low, high - low


# Student's quantiles, of 95 and of 90 percent, for 1 to 7 degrees of freedom.
STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365)
STUDENT_90 = (6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895)


OWN = "You took a quantile of your own, that of a {} % interval of Student's distribution. Use the argument `quantile`."


@paired.mistake(OWN.format(95))
def own_quantile(first, second, quantile):
    return gain(first, second, STUDENT[len(first) - 2])


@paired.mistake(OWN.format(90))
def own_quantile_90(first, second, quantile):
    return gain(first, second, STUDENT_90[len(first) - 2])


@paired.mistake("You divided by the root of n + 1. There are n differences: the root of n.")
def one_more(first, second, quantile):
    return _around(first, second, quantile * _spread(first, second) / np.sqrt(len(first) + 1))


@paired.mistake(
    "You took the root of the standard deviation. The variance has a root taken: the deviation is that root."
)
def root_of_deviation(first, second, quantile):
    return _around(first, second, quantile * np.sqrt(_spread(first, second) / len(first)))
