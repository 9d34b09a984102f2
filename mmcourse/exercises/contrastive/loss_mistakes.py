"""What goes wrong in `contrastive.loss`: planted mistakes with their messages."""

import math

import numpy as np

from mmcourse.exercises.contrastive.loss import loss, row_loss
from mmcourse.exercises.numeric import log_softmax, softmax


def _targets(positives, axis=1):
    return positives / positives.sum(axis=axis, keepdims=True).clip(1)


@loss.mistake("The sign: log-probabilities are negative, and a loss is minus their mean.")
def sign(logits, positives):
    return -row_loss(logits, positives)


@loss.mistake("This is the sum over the rows; a mean does not depend on how many there are.")
def summed(logits, positives):
    return row_loss(logits, positives) * len(logits)


@loss.mistake("The targets do not sum to one: a row with two right answers counts twice. Divide by their number.")
def targets_not_shared(logits, positives):
    return -(positives * log_softmax(logits)).sum(axis=1).mean()


@loss.mistake("You divided by the number of columns. The targets of a row are shared by its positives alone.")
def divided_by_columns(logits, positives):
    return -(positives * log_softmax(logits)).mean()


@loss.mistake("This is a mean over all entries, wrong ones too. Sum along each row, then take the mean over the rows.")
def mean_over_entries(logits, positives):
    return -(_targets(positives) * log_softmax(logits)).mean()


@loss.mistake("This is a mean over all positives, so a row with more of them weighs more. Mean by row first.")
def mean_over_positives(logits, positives):
    return -log_softmax(logits)[positives].mean()


@loss.mistake("The targets sum to one over each column. They must sum to one over each row.")
def targets_of_columns(logits, positives):
    return -(_targets(positives, 0) * log_softmax(logits)).sum(axis=1).mean()


@loss.mistake("Only the diagonal counts here. Other columns are right, too: `positives` says which.")
def diagonal(logits, positives):
    return -np.diag(log_softmax(logits)).mean()


@loss.mistake("Only the first positive of each row counts here. All of them share the target.")
def first_positive(logits, positives):
    return -log_softmax(logits)[np.arange(len(logits)), positives.argmax(axis=1)].mean()


@loss.mistake("Only the most probable positive of each row counts here. All of them share the target.")
def best_positive(logits, positives):
    return -np.where(positives, log_softmax(logits), -np.inf).max(axis=1).mean()


@loss.mistake(
    "You took the logarithm of the *summed* probability of the right ones. Then one of them may take all of it. Asked "
    "for is the mean of their log-probabilities."
)
def log_of_sum(logits, positives):
    return -np.log((positives * np.exp(log_softmax(logits))).sum(axis=1)).mean()


@loss.mistake(
    "You took the logarithm of the *mean* probability of the right ones. Asked for is the mean of their "
    "log-probabilities."
)
def log_of_mean(logits, positives):
    return -np.log((_targets(positives) * np.exp(log_softmax(logits))).sum(axis=1)).mean()


@loss.mistake("You worked down the columns. A row asks which *column* is right: softmax and targets run along axis 1.")
def down_the_columns(logits, positives):
    return -(_targets(positives, 0) * log_softmax(logits, 0)).sum(axis=0).mean()


@loss.mistake("Your softmax runs over the wrong axis: the probabilities of each *row* must sum to one.")
def wrong_axis(logits, positives):
    return -(_targets(positives) * log_softmax(logits, 0)).sum(axis=1).mean()


@loss.mistake("Your softmax runs over the whole matrix. The probabilities of each *row* must sum to one.")
def softmax_over_all(logits, positives):
    return -(_targets(positives) * log_softmax(logits.ravel()).reshape(logits.shape)).sum(axis=1).mean()


@loss.mistake("This is the mean of both directions. Asked for is one: each row looks for its columns.")
def both_directions(logits, positives):
    return (row_loss(logits, positives) + down_the_columns(logits, positives)) / 2


@loss.mistake("The mask is the wrong way round: these are the log-probabilities of the columns that are wrong.")
def negatives(logits, positives):
    others = ~positives
    return -(_targets(others) * log_softmax(logits)).sum(axis=1).mean()


@loss.mistake("The positives are missing below the fraction line: the softmax of a row runs over all its columns.")
def only_negatives_below(logits, positives):
    top = logits.max(axis=1, keepdims=True)
    below = top + np.log(np.where(positives, 0, np.exp(logits - top)).sum(axis=1, keepdims=True))
    return -(_targets(positives) * (logits - below)).sum(axis=1).mean()


@loss.mistake("For each positive you left the other positives out of the softmax. It runs over all columns of a row.")
def others_left_out(logits, positives):
    losses = []
    for row, right in zip(logits, positives, strict=True):
        places = np.flatnonzero(right)
        alone = [np.where(right & (np.arange(len(row)) != place), -np.inf, row) for place in places]
        losses.append(-np.mean([log_softmax(one)[place] for one, place in zip(alone, places, strict=True)]))
    return np.mean(losses)


@loss.mistake("The logarithm of the sum is missing: these are bare logits, not log-probabilities.")
def bare_logits(logits, positives):
    return -(_targets(positives) * logits).sum(axis=1).mean()


@loss.mistake("The logarithm is missing: this is minus the mean probability of the right ones.")
def without_logarithm(logits, positives):
    return -(_targets(positives) * softmax(logits)).sum(axis=1).mean()


@loss.mistake("You divided by a temperature. The logits are divided already.")
def temperature_again(logits, positives):
    return row_loss(logits / 0.07, positives)


@loss.mistake("These are bits. Nats want the natural logarithm.")
def in_bits(logits, positives):
    return row_loss(logits, positives) / math.log(2)


@loss.mistake("This is the logarithm to base 10. Nats want the natural one.")
def base_ten(logits, positives):
    return row_loss(logits, positives) / math.log(10)


@loss.mistake("You return a loss for each row. Asked for is their mean.")
def of_each_row(logits, positives):
    return -(_targets(positives) * log_softmax(logits)).sum(axis=1)


OVERFLOW = (
    "Right for small logits only: exp(10,000) does not fit into a number, exp(-10,000) is 0, and log(0) is minus "
    "infinity. Subtract each row's maximum first, and never take the logarithm of a finished softmax."
)


@loss.mistake(OVERFLOW)
def exp_then_log(logits, positives):
    e = np.exp(logits)
    return -(_targets(positives) * np.log(e / e.sum(axis=1, keepdims=True))).sum(axis=1).mean()


@loss.mistake(OVERFLOW)
def sum_overflows(logits, positives):
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return -(_targets(positives) * log_p).sum(axis=1).mean()


@loss.mistake(OVERFLOW)
def log_of_softmax(logits, positives):
    return -(_targets(positives) * np.log(softmax(logits))).sum(axis=1).mean()


@loss.mistake(
    "Right for small logits only: a small number added inside the logarithm limits the loss. Stay in logarithms."
)
def capped(logits, positives):
    return -(_targets(positives) * np.log(softmax(logits) + 1e-12)).sum(axis=1).mean()


@loss.mistake("You subtract the maximum of all logits: a row far below it becomes log(0). Subtract each row's own.")
def one_maximum(logits, positives):
    s = logits - logits.max()
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    return -(_targets(positives) * log_p).sum(axis=1).mean()


@loss.mistake(
    "This is the binary loss: every entry is a yes or no by itself. In InfoNCE the columns of a row compete, in one "
    "softmax."
)
def binary(logits, positives):
    return (np.logaddexp(0, logits) - positives * logits).mean()


@loss.mistake("The sum of the exponentials is missing: subtract its logarithm from each row, too.")
def without_the_sum(logits, positives):
    s = logits - logits.max(axis=1, keepdims=True)
    return -(_targets(positives) * s).sum(axis=1).mean()


@loss.mistake("Only rows with a single positive count in your loss. Take the mean over all rows.")
def rows_of_one(logits, positives):
    each = -(_targets(positives) * log_softmax(logits)).sum(axis=1)
    one = positives.sum(axis=1) == 1
    return each[one].mean() if one.any() else 0.0


@loss.mistake("Likelier positives have larger targets with you. The targets of a row are equal for its positives.")
def targets_by_softmax(logits, positives):
    share = np.exp(log_softmax(np.where(positives, logits, -np.inf)))
    return -(share * np.where(positives, log_softmax(logits), 0)).sum(axis=1).mean()


def _log_p(logits):
    return log_softmax(logits)


@loss.mistake("This is the median over the rows. Take the mean.")
def median(logits, positives):
    return np.median(-(_targets(positives) * _log_p(logits)).sum(axis=1))


@loss.mistake(
    "You added the logarithm of the targets: that is the divergence from them. The loss has log-probabilities alone."
)
def divergence(logits, positives):
    return row_loss(logits, positives) - np.log(positives.sum(axis=1)).mean()


@loss.mistake("The logarithm of how many positives a row has is added. The loss has log-probabilities alone.")
def count_added(logits, positives):
    return row_loss(logits, positives) + np.log(positives.sum(axis=1)).mean()


@loss.mistake("Only the last positive of each row counts here. All of them share the target.")
def last_positive(logits, positives):
    last = positives.shape[1] - 1 - positives[:, ::-1].argmax(axis=1)
    return -_log_p(logits)[np.arange(len(logits)), last].mean()


@loss.mistake("Only the least probable positive of each row counts here. All of them share the target.")
def worst_positive(logits, positives):
    return -np.where(positives, _log_p(logits), np.inf).min(axis=1).mean()


@loss.mistake("You left the diagonal out of the softmax. It runs over all columns of a row.")
def without_the_diagonal(logits, positives):
    with np.errstate(all="ignore"):
        others = np.where(np.eye(*logits.shape, dtype=bool), -np.inf, logits)
        total = np.logaddexp.reduce(others, axis=1, keepdims=True)
    return -(_targets(positives) * (logits - total)).sum(axis=1).mean()


@loss.mistake("This is 1 minus the mean probability of the right ones. Asked for is minus the mean of its logarithm.")
def mean_probability(logits, positives):
    return 1 - (_targets(positives) * np.exp(_log_p(logits))).sum(axis=1).mean()


@loss.mistake("Logits are cut off before the softmax. They may be as large as 10,000: subtract each row's maximum.")
def logits_cut(logits, positives):
    return row_loss(np.clip(logits, -500, 500), positives)


@loss.mistake(
    "You subtract each row's maximum below the fraction line only: what is subtracted inside the exponentials must be "
    "added again, or subtracted from the logits as well."
)
def maximum_lost(logits, positives):
    s = logits - logits.max(axis=1, keepdims=True)
    return -(_targets(positives) * (logits - np.log(np.exp(s).sum(axis=1, keepdims=True)))).sum(axis=1).mean()


@loss.mistake("The targets are the softmax of `positives`: the wrong columns get a share, too. Divide by their number.")
def softmax_of_positives(logits, positives):
    return -(softmax(positives.astype(float)) * log_softmax(logits)).sum(axis=1).mean()


def _against(logits, positives, fill):
    """Minus the mean of the positives' logits less the logarithm of the sum over the negatives."""
    with np.errstate(all="ignore"):
        below = np.logaddexp.reduce(np.where(positives, fill, logits), axis=1, keepdims=True)
        return -np.where(positives, _targets(positives) * (logits - below), 0).sum(axis=1).mean()


ONLY_NEGATIVES = "The positives are missing below the fraction line: the softmax of a row runs over all its columns."


@loss.mistake(ONLY_NEGATIVES)
def only_negatives_infinite(logits, positives):
    return _against(logits, positives, -np.inf)


@loss.mistake(ONLY_NEGATIVES)
def only_negatives_low(logits, positives):
    return _against(logits, positives, -1e9)


@loss.mistake(ONLY_NEGATIVES)
def only_negatives_lower(logits, positives):
    return _against(logits, positives, -1e30)


@loss.mistake(
    "This is the logarithm of the positives' sum over that of the negatives. Asked for is the mean of the positives' "
    "log-probabilities, and the softmax runs over all columns."
)
def positives_over_negatives(logits, positives):
    with np.errstate(all="ignore"):
        sums = [np.logaddexp.reduce(np.where(one, logits, -np.inf), axis=1) for one in (positives, ~positives)]
        return (sums[1] - sums[0]).mean()


CUT = "Logits are cut off before the softmax. They may be as large as 10,000: subtract each row's maximum."


@loss.mistake(CUT)
def logits_cut_at_700(logits, positives):
    return row_loss(np.clip(logits, -700, 700), positives)


@loss.mistake(CUT)
def logits_cut_at_709(logits, positives):
    return row_loss(np.clip(logits, -709, 709), positives)


@loss.mistake(CUT)
def logits_cut_at_100(logits, positives):
    return row_loss(np.clip(logits, -100, 100), positives)


@loss.mistake(CUT)
def logits_cut_at_50(logits, positives):
    return row_loss(np.clip(logits, -50, 50), positives)


@loss.mistake(CUT)
def logits_cut_above(logits, positives):
    return row_loss(np.minimum(logits, 700), positives)


@loss.mistake(
    "Where the softmax overflows or is 0, NaN and infinity are replaced, and the cost of the row with them. Subtract "
    "each row's maximum, and never take the logarithm of a finished softmax."
)
def nan_replaced(logits, positives):
    with np.errstate(all="ignore"):
        e = np.exp(logits)
        return -np.nan_to_num(_targets(positives) * np.log(e / e.sum(axis=1, keepdims=True))).sum(axis=1).mean()


BIT_INSIDE = (
    "Right for small logits only: a small number added inside the logarithm limits the loss. Stay in logarithms."
)


@loss.mistake(BIT_INSIDE)
def capped_early(logits, positives):
    return -(_targets(positives) * np.log(softmax(logits) + 1e-9)).sum(axis=1).mean()


@loss.mistake(BIT_INSIDE)
def capped_at_least(logits, positives):
    return -(_targets(positives) * np.log(np.maximum(softmax(logits), 1e-12))).sum(axis=1).mean()


@loss.mistake("You added the loss of both directions. Asked for is one: each row looks for its columns.")
def sum_of_directions(logits, positives):
    return row_loss(logits, positives) + down_the_columns(logits, positives)


@loss.mistake("The targets are not equal: a positive further left counts more. Each has 1 divided by their number.")
def weighted_by_place(logits, positives):
    share = positives / np.arange(1, positives.shape[1] + 1)
    return -(share / share.sum(axis=1, keepdims=True) * log_softmax(logits)).sum(axis=1).mean()


@loss.mistake("The targets are smoothed: wrong columns have a share, too. A row's targets are its positives alone.")
def smoothed(logits, positives):
    targets = 0.9 * _targets(positives) + 0.1 / logits.shape[1]
    return -(targets * log_softmax(logits)).sum(axis=1).mean()


@loss.mistake("This is how often the largest logit is right. Asked for is the loss.")
def accuracy(logits, positives):
    return positives[np.arange(len(logits)), logits.argmax(axis=1)].mean()


@loss.mistake("This is how often the largest logit is wrong. Asked for is the loss.")
def errors(logits, positives):
    return 1 - accuracy(logits, positives)


@loss.mistake("You subtract each *column's* maximum inside a row's softmax, which changes it. Subtract each row's own.")
def maximum_of_columns(logits, positives):
    s = logits - logits.max(axis=0)
    return -(_targets(positives) * (s - np.log(np.exp(s).sum(axis=1, keepdims=True)))).sum(axis=1).mean()


@loss.mistake("You take a row's mean away, not the logarithm of its sum of exponentials.")
def mean_taken_away(logits, positives):
    return -(_targets(positives) * (logits - logits.mean(axis=1, keepdims=True))).sum(axis=1).mean()


@loss.mistake("The exponentials are averaged, not added, below the fraction line: the softmax divides by their sum.")
def mean_below(logits, positives):
    return row_loss(logits, positives) - math.log(logits.shape[1])


@loss.mistake("The sum below the fraction line is that of the logits. It is that of their exponentials.")
def sum_of_logits(logits, positives):
    with np.errstate(all="ignore"):
        return -(_targets(positives) * np.log(logits / logits.sum(axis=1, keepdims=True))).sum(axis=1).mean()


@loss.mistake("This is a triplet loss with a margin. InfoNCE is the cross-entropy of a softmax over the row.")
def hinge(logits, positives):
    best = np.where(positives, -np.inf, logits).max(axis=1)
    mean = (_targets(positives) * logits).sum(axis=1)
    return np.maximum(0, 0.2 + np.where(np.isneginf(best), mean - 1, best) - mean).mean()


TARGETS = {
    "not_shared": (lambda p: p * 1.0, "The targets of a row do not sum to one."),
    "first": (lambda p: (p.cumsum(axis=1) == 1) & p, "Only the first positive of each row counts."),
    "diagonal": (lambda p: np.eye(*p.shape), "Only the diagonal counts."),
    "inverted": (lambda p: _targets(~p), "The mask is the wrong way round."),
    "right": (_targets, ""),
}
SOFTMAXES = {
    "over_rows": (lambda s: log_softmax(s, 0), "The softmax runs over the wrong axis."),
    "over_all": (lambda s: log_softmax(s.ravel()).reshape(s.shape), "The softmax runs over the whole matrix."),
    "bare": (lambda s: s, "The logarithm of the sum is missing."),
    "probability": (softmax, "The logarithm is missing."),
    "right": (log_softmax, ""),
}
MEANS = {
    "all": (lambda x: x.mean(), "The mean is taken over all entries, not over the rows."),
    "sum": (lambda x: x.sum(), "The rows are summed, not averaged."),
    "each": (lambda x: x.sum(axis=1), "The mean over the rows is missing."),
    "right": (lambda x: x.sum(axis=1).mean(), ""),
}


def _two_mistakes(target, logarithm, mean):
    """Registers an answer with two mistakes of these, if it has two and nobody planted it before."""
    says = [what[1] for what in (TARGETS[target], SOFTMAXES[logarithm], MEANS[mean]) if what[1]]

    def answer(logits, positives):
        return -MEANS[mean][0](TARGETS[target][0](positives) * SOFTMAXES[logarithm][0](logits))

    answer.__name__ = f"{target}_{logarithm}_{mean}"
    if len(says) == 2 and (target, mean) != ("not_shared", "all"):  # that is one: divided by the columns
        loss.mistake(f"Two mistakes. {' '.join(says)}")(answer)


for _target in TARGETS:
    for _logarithm in SOFTMAXES:
        for _mean in MEANS:
            _two_mistakes(_target, _logarithm, _mean)


@loss.mistake("Rows whose loss is NaN are left out of the mean. They overflow: subtract each row's maximum.")
def nan_left_out(logits, positives):
    with np.errstate(all="ignore"):
        e = np.exp(logits)
        each = -(_targets(positives) * np.log(e / e.sum(axis=1, keepdims=True))).sum(axis=1)
        return each[~np.isnan(each)].mean() if not np.isnan(each).all() else np.nan


@loss.mistake("The positives of a row are one class with you, by their mean logit. Each is a class of its own.")
def positives_as_one(logits, positives):
    costs = []
    for row, right in zip(logits, positives, strict=True):
        mean = row[right].mean()
        costs.append(np.logaddexp.reduce(np.append(row[~right], mean)) - mean)
    return np.mean(costs)


@loss.mistake("The probabilities are weighed (focal loss). Asked for is the plain cross-entropy.")
def focal(logits, positives):
    log_p = log_softmax(logits)
    return -(_targets(positives) * (1 - np.exp(log_p)) ** 2 * log_p).sum(axis=1).mean()


@loss.mistake(
    "You compare the positives with the hardest negative alone. InfoNCE has all columns of a row in its softmax."
)
def hardest_negative(logits, positives):
    mean = (_targets(positives) * logits).sum(axis=1)
    best = np.where(positives, -np.inf, logits).max(axis=1)
    return np.logaddexp(0, np.where(np.isneginf(best), logits.max(axis=1), best) - mean).mean()


@loss.mistake("The targets of a row do not sum to one: you divided by the root of the number of positives.")
def by_root_of_count(logits, positives):
    return -(positives / np.sqrt(positives.sum(axis=1, keepdims=True)) * log_softmax(logits)).sum(axis=1).mean()


@loss.mistake("The sum over the rows is divided by the number of *columns*. Divide by the number of rows.")
def mean_by_columns(logits, positives):
    return row_loss(logits, positives) * len(logits) / logits.shape[1]
