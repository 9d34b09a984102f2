"""What goes wrong in `graphical.fuse`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.graphical.fuse import fuse, given, naive_bayes, normal
from mmcourse.exercises.numeric import softmax


def _scores(prior, tables, seen, priors=1, skip=True, log=np.log):
    score = np.tile(priors * log(prior), (len(seen), 1))
    for column, table in zip(seen.T, tables, strict=True):
        there = column >= 0 if skip else np.full(len(column), True)
        score[there] += log(table[:, column[there]]).T
    return score


def _products(prior, tables, seen, priors=1, skip=True):
    """The joint probabilities as products: 0 where there are many factors."""
    return np.exp(_scores(prior, tables, seen, priors, skip))


@fuse.mistake("The prior goes in once for each modality. It is one piece of evidence: once.")
def prior_each_missing_first(prior, tables, seen):
    return softmax(_scores(prior, tables, np.maximum(seen, 0), priors=len(tables)))


@fuse.mistake(
    "With nothing seen this does not return the prior, and with many modalities it is NaN. How often does the "
    "prior go in, what does index −1 do, and how small does a product of probabilities become?"
)
def as_given(prior, tables, seen):
    return given(prior, tables, seen)


@fuse.mistake(
    "With nothing seen this does not return the prior. How often does the prior go in, and what does index −1 do?"
)
def only_logarithms(prior, tables, seen):
    return softmax(_scores(prior, tables, seen, priors=len(tables), skip=False))


EACH = (
    "What is missing is skipped, but the prior still goes in once for each modality. It is one piece of evidence: once."
)
SMALL = " And a product of many probabilities is 0 in floating point: add logarithms."
LAST = "The prior goes in once, but `table[:, -1]` is the last value of the modality. A missing one is skipped."


@fuse.mistake(EACH)
def prior_each(prior, tables, seen):
    return softmax(_scores(prior, tables, seen, priors=len(tables)))


@fuse.mistake(EACH + SMALL)
def prior_each_small(prior, tables, seen):
    return normal(_products(prior, tables, seen, priors=len(tables)))


def _each_there(prior, tables, seen):
    return _scores(prior, tables, seen, priors=0) + (seen >= 0).sum(axis=1, keepdims=True) * np.log(prior)


@fuse.mistake("The prior goes in once for each modality *that is there*. It goes in once.")
def prior_each_there(prior, tables, seen):
    return softmax(_each_there(prior, tables, seen))


@fuse.mistake("The prior goes in once for each modality *that is there*. It goes in once." + SMALL)
def prior_each_there_small(prior, tables, seen):
    return normal(np.exp(_each_there(prior, tables, seen)))


@fuse.mistake(
    "The prior goes in once at the start and once more for each modality that is there. It goes in once, at the start."
)
def prior_once_more(prior, tables, seen):
    return softmax(_each_there(prior, tables, seen) + np.log(prior))


@fuse.mistake("The prior goes in twice. With nothing seen, the answer is the prior itself.")
def prior_twice(prior, tables, seen):
    return softmax(_scores(prior, tables, seen, priors=2))


@fuse.mistake(LAST)
def missing_is_last(prior, tables, seen):
    return softmax(_scores(prior, tables, seen, skip=False))


@fuse.mistake(LAST + SMALL)
def missing_is_last_small(prior, tables, seen):
    return normal(_products(prior, tables, seen, skip=False))


@fuse.mistake("The prior is gone. With nothing seen, the answer is the prior.")
def no_prior(prior, tables, seen):
    return softmax(_scores(prior, tables, seen, priors=0))


@fuse.mistake("The prior is gone. With nothing seen, the answer is the prior." + SMALL)
def no_prior_small(prior, tables, seen):
    return normal(_products(prior, tables, seen, priors=0))


@fuse.mistake("Rows must sum to one: normalise over the labels, not over the items.")
def wrong_axis(prior, tables, seen):
    return softmax(_scores(prior, tables, seen), axis=0)


@fuse.mistake("Rows must sum to one: divide by the sum over the labels, not over the items.")
def divided_by_columns(prior, tables, seen):
    p = not_divided(prior, tables, seen)
    return p / p.sum(axis=0, keepdims=True)


@fuse.mistake("You subtract the maximum of each column. It must be that of each row: an item's own.")
def maximum_of_columns(prior, tables, seen):
    score = _scores(prior, tables, seen)
    return normal(np.exp(score - score.max(axis=0)))


@fuse.mistake("You divided each row by its mean. Divide by its sum, so that it sums to one.")
def divided_by_mean(prior, tables, seen):
    return naive_bayes(prior, tables, seen) * len(prior)


@fuse.mistake("The prior was added as it is. Added are logarithms: `np.log(prior)`.")
def prior_without_logarithm(prior, tables, seen):
    return softmax(prior + _scores(prior, tables, seen, priors=0))


@fuse.mistake("The tables' entries were added as they are. Added are their logarithms.")
def tables_without_logarithm(prior, tables, seen):
    return softmax(np.log(prior) + _scores(prior, tables, seen, priors=0, log=np.asarray))


@fuse.mistake("All entries together sum to one. Each row must: divide it by its own sum.")
def one_sum(prior, tables, seen):
    p = np.exp(_scores(prior, tables, seen) - _scores(prior, tables, seen).max(1, keepdims=True))
    return p / p.sum()


@fuse.mistake("These are logarithms of joint probabilities. Take the exponential, and divide each row by its sum.")
def logarithms(prior, tables, seen):
    return _scores(prior, tables, seen)


@fuse.mistake(
    "These are joint probabilities, 0 where many are multiplied. Add logarithms, and divide each row by its sum."
)
def joint(prior, tables, seen):
    return _products(prior, tables, seen)


@fuse.mistake("The rows do not sum to one: after the exponential, divide each row by its sum.")
def not_divided(prior, tables, seen):
    return np.exp(_scores(prior, tables, seen) - _scores(prior, tables, seen).max(1, keepdims=True))


@fuse.mistake(
    "With many modalities you return NaN: the product of so many probabilities is 0 in floating point. Add "
    "logarithms, and subtract each row's maximum before the exponential."
)
def underflows(prior, tables, seen):
    return normal(_products(prior, tables, seen))


@fuse.mistake(
    "You subtract one maximum from all rows. Rows that lie far below it become 0, and 0 divided by 0 is NaN. Subtract "
    "each row's own."
)
def one_maximum(prior, tables, seen):
    score = _scores(prior, tables, seen)
    return normal(np.exp(score - score.max()))


@fuse.mistake(
    "A missing modality makes everything impossible: it got the probability 0. It says nothing, and is skipped."
)
def missing_impossible(prior, tables, seen):
    p = softmax(_scores(prior, tables, seen))
    return np.where((seen < 0).any(1, keepdims=True), np.nan, p)


@fuse.mistake("A missing modality counts as if its decision were 0. It says nothing, and is skipped.")
def missing_is_first(prior, tables, seen):
    return softmax(_scores(prior, tables, np.maximum(seen, 0)))


@fuse.mistake("You skip the decision 0 as well: missing is −1 only.")
def zero_skipped(prior, tables, seen):
    return softmax(_scores(prior, tables, np.where(seen == 0, -1, seen)))


@fuse.mistake("An item that lacks one modality loses all the others, too. Skip only what is missing.")
def item_skipped(prior, tables, seen):
    return softmax(_scores(prior, tables, np.where((seen < 0).any(1, keepdims=True), -1, seen)))


@fuse.mistake("You took the mean of the logarithms. Every decision counts whole: add them.")
def averaged(prior, tables, seen):
    likely = _scores(prior, tables, seen, priors=0)
    return softmax(np.log(prior) + likely / np.maximum((seen >= 0).sum(1, keepdims=True), 1))


@fuse.mistake("You added probabilities. Independent decisions multiply: add their logarithms.")
def added_up(prior, tables, seen):
    return normal(_scores(prior, tables, seen, log=np.asarray))


@fuse.mistake("The logarithms have another base than the exponential. `np.exp` undoes `np.log`.")
def other_base(prior, tables, seen):
    return softmax(_scores(prior, tables, seen, log=np.log2))


@fuse.mistake("The logarithms have another base than the exponential. `np.exp` undoes `np.log`, not `np.log10`.")
def base_ten(prior, tables, seen):
    return softmax(_scores(prior, tables, seen, log=np.log10))


@fuse.mistake("You return the likeliest label of each item. Asked for are the probabilities of all of them.")
def named(prior, tables, seen):
    return _scores(prior, tables, seen).argmax(1)


@fuse.mistake("The decisions do not matter here: this is the prior for every item.")
def prior_only(prior, tables, seen):
    return np.tile(prior, (len(seen), 1))


@fuse.mistake("The prior goes in once at the start and once more for each modality, there or not. It goes in once.")
def prior_each_and_once(prior, tables, seen):
    return softmax(_scores(prior, tables, seen, priors=len(tables) + 1))


@fuse.mistake("The prior goes in once more at the end, and the rows do not sum to one. It goes in once.")
def prior_at_the_end(prior, tables, seen):
    return softmax(_scores(prior, tables, seen)) * prior


@fuse.mistake("The prior goes in after the rows were divided by their sums. Put it in before, so that rows sum to one.")
def prior_too_late(prior, tables, seen):
    return softmax(_scores(prior, tables, seen, priors=0)) * prior


@fuse.mistake(
    "These are logarithms still, less each row's maximum. Take the exponential and divide each row by its sum."
)
def logarithms_moved(prior, tables, seen):
    return _scores(prior, tables, seen) - _scores(prior, tables, seen).max(1, keepdims=True)


@fuse.mistake("Logarithms were divided by their sum. Take the exponential first.")
def logarithms_divided(prior, tables, seen):
    return normal(_scores(prior, tables, seen))


@fuse.mistake(
    "Items that lack a modality are left out of your result. Every item has a row: skip only what is missing."
)
def items_left_out(prior, tables, seen):
    return softmax(_scores(prior, tables, seen))[(seen >= 0).all(1)]


@fuse.mistake("The prior goes in once for each modality *that is there*. It goes in once.")
def prior_each_there_or_once(prior, tables, seen):
    nobody = (seen < 0).all(axis=1, keepdims=True)
    return softmax(_each_there(prior, tables, seen) + nobody * np.log(prior))


@fuse.mistake("Where nothing is seen of an item, you say that all labels are equally likely. Then the prior is known.")
def uniform_for_nothing(prior, tables, seen):
    nobody = (seen < 0).all(axis=1, keepdims=True)
    return np.where(nobody, 1 / len(prior), naive_bayes(prior, tables, seen))


@fuse.mistake("Only the first modality counts in your result. All that are there count.")
def first_modality(prior, tables, seen):
    return naive_bayes(prior, tables[:1], seen[:, :1])


@fuse.mistake("Only the last modality counts in your result. All that are there count.")
def last_modality(prior, tables, seen):
    return naive_bayes(prior, tables[-1:], seen[:, -1:])


@fuse.mistake("Where the *first* modality is missing you skip all of them. Skip each only where it is missing itself.")
def skipped_by_the_first(prior, tables, seen):
    there = np.where(seen[:, :1] >= 0, seen, -1)
    return naive_bayes(prior, tables, there)


@fuse.mistake(
    "You took the mean of what each modality says alone. Independent decisions multiply: add the logarithms, and the "
    "prior once."
)
def mean_of_answers(prior, tables, seen):
    alone = [naive_bayes(prior, [table], seen[:, j : j + 1]) for j, table in enumerate(tables)]
    there = (seen >= 0).T[:, :, None]
    joined = np.where(there, alone, 0).sum(0) / np.maximum(there.sum(0), 1)
    return np.where(there.any(0), joined, prior)


@fuse.mistake("A modality that one item lacks is left out for all. Skip it only where it is missing.")
def left_out_for_all(prior, tables, seen):
    return naive_bayes(prior, tables, np.where((seen < 0).any(axis=0), -1, seen))


@fuse.mistake("The prior goes in once, and once more for each modality that is missing. It goes in once.")
def prior_for_missing(prior, tables, seen):
    missing = (seen < 0).sum(axis=1, keepdims=True)
    return softmax(_scores(prior, tables, seen) + missing * np.log(prior))


@fuse.mistake("A missing modality counts as if its likeliest decision had been seen. It says nothing, and is skipped.")
def missing_is_likeliest(prior, tables, seen):
    score = _scores(prior, tables, seen)
    for column, table in zip(seen.T, tables, strict=True):
        score[column < 0] += np.log(table.max(axis=1))
    return softmax(score)


@fuse.mistake(
    "A missing modality counts with the mean of its logarithms, which differs from label to label. It is skipped."
)
def missing_is_expected(prior, tables, seen):
    score = _scores(prior, tables, seen)
    for column, table in zip(seen.T, tables, strict=True):
        score[column < 0] += (table * np.log(table)).sum(axis=1)
    return softmax(score)


@fuse.mistake(
    "After the first modality that an item lacks you look at no other (`break`). Skip this one, and go on (`continue`)."
)
def ends_at_missing(prior, tables, seen):
    return naive_bayes(prior, tables, np.where(np.logical_or.accumulate(seen < 0, axis=1), -1, seen))


@fuse.mistake("The last modality is left out.")
def without_last(prior, tables, seen):
    return naive_bayes(prior, tables[:-1], seen[:, :-1])


@fuse.mistake("The first modality is left out.")
def without_first(prior, tables, seen):
    return naive_bayes(prior, tables[1:], seen[:, 1:])


@fuse.mistake("`np.log1p(x)` is the logarithm of 1 + x. Add the logarithms of the probabilities themselves, `np.log`.")
def of_one_more(prior, tables, seen):
    return softmax(_scores(prior, tables, seen, log=np.log1p))


@fuse.mistake("Decisions count from 0: you took the column before that of the decision.")
def column_before(prior, tables, seen):
    tables = [np.roll(table, 1, axis=1) for table in tables]
    return naive_bayes(prior, tables, seen)


VOTES = "Each modality has one vote here, for one label. Asked for are probabilities: add the logarithms of all labels."


def _votes(prior, tables, seen):
    votes = np.zeros((len(seen), len(prior)))
    for column, table in zip(seen.T, tables, strict=True):
        there = column >= 0
        votes[there] += np.eye(len(prior))[table.argmax(axis=0)[column[there]]]
    total = votes.sum(axis=1, keepdims=True)
    return np.where(total > 0, votes / np.maximum(total, 1), prior)


@fuse.mistake(VOTES)
def votes(prior, tables, seen):
    return _votes(prior, tables, seen)


@fuse.mistake(VOTES)
def votes_with_prior(prior, tables, seen):
    return _votes(prior, [prior[:, None] * table for table in tables], seen)


FAR = (
    "You subtract each row's mean or minimum. With many modalities the likeliest label lies so far above it that "
    "`np.exp` is infinite: NaN. Subtract the row's maximum."
)


@fuse.mistake(FAR)
def mean_of_row(prior, tables, seen):
    score = _scores(prior, tables, seen)
    return normal(np.exp(score - score.mean(axis=1, keepdims=True)))


@fuse.mistake(FAR)
def minimum_of_row(prior, tables, seen):
    score = _scores(prior, tables, seen)
    return normal(np.exp(score - score.min(axis=1, keepdims=True)))


@fuse.mistake("All logarithms, the prior's among them, are divided by the number of modalities. Add them as they are.")
def divided_by_modalities(prior, tables, seen):
    return softmax(_scores(prior, tables, seen) / len(tables))


@fuse.mistake("You took the mean of the logarithms over all modalities. Every decision counts whole: add them.")
def averaged_over_all(prior, tables, seen):
    return softmax(np.log(prior) + _scores(prior, tables, seen, priors=0) / len(tables))


@fuse.mistake("You give the likeliest label the probability 1, all others 0. Asked for are the probabilities.")
def one_for_the_likeliest(prior, tables, seen):
    return np.eye(len(prior))[_scores(prior, tables, seen).argmax(1)]


@fuse.mistake("All items get the result of the first one. Each has its own decisions.")
def first_item_for_all(prior, tables, seen):
    return np.repeat(naive_bayes(prior, tables, seen)[:1], len(seen), axis=0)


@fuse.mistake("A modality that one item lacks is left out for all. Skip it only where it is missing." + SMALL)
def left_out_for_all_small(prior, tables, seen):
    return normal(_products(prior, tables, np.where((seen < 0).any(axis=0), -1, seen)))


@fuse.mistake("An item that lacks one modality loses all the others, too. Skip only what is missing." + SMALL)
def item_skipped_small(prior, tables, seen):
    return normal(_products(prior, tables, np.where((seen < 0).any(1, keepdims=True), -1, seen)))
