"""What goes wrong in `fusion_choice.peeking`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.fusion_choice.peeking import choose, peeking


def _best(results, how=np.mean):
    return max(results, key=lambda name: how(results[name]))


def _both(dev, test):
    return {name: np.concatenate([dev[name], test[name]]) for name in dev}


# ── the choice ──────────────────────────────────────────────────────────────────────────────────────


@peeking.mistake("You chose by the best seed on test, and report that seed, as the code does that was given.")
def as_given(dev, test):
    best = _best(test, np.max)
    return best, np.max(test[best])


@peeking.mistake(
    "You chose by the test. The winner then looks better than it is, since its luck was chosen with it. Choose on dev."
)
def by_test(dev, test):
    best = _best(test)
    return best, np.mean(test[best])


@peeking.mistake(
    "You chose by the test and report dev, the other way round. Dev is there for the choice, test for the report."
)
def the_other_way(dev, test):
    best = _best(test)
    return best, np.mean(dev[best])


@peeking.mistake(
    "The method that you name has the one luckiest seed on *test*. Neither test nor a single seed may decide."
)
def by_lucky_test(dev, test):
    best = _best(test, np.max)
    return best, np.mean(test[best])


@peeking.mistake("You chose by the best seed. With enough seeds anything has a lucky one: compare the means.")
def by_lucky_dev(dev, test):
    best = _best(dev, np.max)
    return best, np.mean(test[best])


@peeking.mistake(
    "You chose by the best seed, and report the best seed as well. Take the mean over the seeds, both times."
)
def lucky_twice(dev, test):
    best = _best(dev, np.max)
    return best, np.max(test[best])


@peeking.mistake("You chose by dev and test together. The test may not take part in the choice.")
def by_both(dev, test):
    best = _best(_both(dev, test))
    return best, np.mean(test[best])


@peeking.mistake("You chose by the median of the seeds. Asked is their mean.")
def by_median(dev, test):
    best = _best(dev, np.median)
    return best, np.mean(test[best])


@peeking.mistake("You chose by the *worst* seed of each method. Asked is the mean of its seeds.")
def by_worst_seed(dev, test):
    best = _best(dev, np.min)
    return best, np.mean(test[best])


@peeking.mistake("You chose the steadiest method, the one whose seeds differ least. Asked is the best mean.")
def steadiest(dev, test):
    best = _best(dev, lambda x: -np.std(x))
    return best, np.mean(test[best])


@peeking.mistake("You chose the method that wins with most seeds. Asked is the best mean.")
def most_wins(dev, test):
    names = list(dev)
    winners = np.argmax([dev[name] for name in names], axis=0)
    best = names[np.bincount(winners).argmax()]
    return best, np.mean(test[best])


@peeking.mistake(
    "You chose by the mean minus the standard deviation. Asked is the best mean, however the seeds scatter."
)
def mean_less_deviation(dev, test):
    best = _best(dev, lambda x: np.mean(x) - np.std(x))
    return best, np.mean(test[best])


@peeking.mistake("You chose the method with the *lowest* mean on dev. Accuracies are the better the higher they are.")
def lowest(dev, test):
    best = _best(dev, lambda x: -np.mean(x))
    return best, np.mean(test[best])


@peeking.mistake("You chose the method that loses least (or gains most) from dev to test. The test may not take part.")
def least_loss(dev, test):
    best = max(dev, key=lambda name: np.mean(test[name]) - np.mean(dev[name]))
    return best, np.mean(test[best])


@peeking.mistake("You chose by the first seed alone. Asked is the mean over the seeds.")
def first_seed(dev, test):
    best = _best(dev, lambda x: x[0])
    return best, np.mean(test[best])


@peeking.mistake("You chose by the last seed alone. Asked is the mean over the seeds.")
def last_seed(dev, test):
    best = _best(dev, lambda x: x[-1])
    return best, np.mean(test[best])


@peeking.mistake(
    "You chose by name: `max(dev)` without `key` takes the last in the alphabet. Give it the means as `key`."
)
def by_name(dev, test):
    best = max(dev)
    return best, np.mean(test[best])


@peeking.mistake("You always name the first method. Asked is the one with the best mean on dev.")
def first_method(dev, test):
    best = next(iter(dev))
    return best, np.mean(test[best])


# ── the report ──────────────────────────────────────────────────────────────────────────────────────


@peeking.mistake(
    "This is the accuracy on dev, where the method was chosen: it is flattered by the choice. Report test."
)
def reports_dev(dev, test):
    best = _best(dev)
    return best, np.mean(dev[best])


@peeking.mistake("You report the best seed on dev. Report the mean over the seeds on test.")
def reports_best_of_dev(dev, test):
    best = _best(dev)
    return best, np.max(dev[best])


@peeking.mistake("You report the best seed on test. Report what one gets on average: the mean.")
def reports_best(dev, test):
    best = _best(dev)
    return best, np.max(test[best])


@peeking.mistake("You report the worst seed on test. Report what one gets on average: the mean.")
def reports_worst(dev, test):
    best = _best(dev)
    return best, np.min(test[best])


@peeking.mistake("You report the median of the seeds on test. Asked is their mean.")
def reports_median(dev, test):
    best = _best(dev)
    return best, np.median(test[best])


@peeking.mistake("You report one seed on test, the one that was best on dev. Asked is the mean over all seeds.")
def reports_best_dev_seed(dev, test):
    best = _best(dev)
    return best, test[best][np.argmax(dev[best])]


@peeking.mistake("You report the first seed on test. Asked is the mean over all seeds.")
def reports_first(dev, test):
    best = _best(dev)
    return best, test[best][0]


@peeking.mistake("You report the mean of dev and test together. On dev the method was chosen: report test alone.")
def reports_both(dev, test):
    best = _best(dev)
    return best, (np.mean(dev[best]) + np.mean(test[best])) / 2


@peeking.mistake("You report by how much test is below dev. Asked is the accuracy on test itself.")
def reports_loss(dev, test):
    best = _best(dev)
    return best, np.mean(dev[best]) - np.mean(test[best])


@peeking.mistake("The accuracy is that of the best method on *test*. Report the chosen one's.")
def reports_another(dev, test):
    return _best(dev), np.mean(test[_best(test)])


@peeking.mistake("The accuracy is the mean of *all* methods on test. Report the chosen one's.")
def reports_all(dev, test):
    return _best(dev), np.mean([np.mean(accuracies) for accuracies in test.values()])


@peeking.mistake("You report how far the seeds on test scatter. Asked is their mean.")
def reports_spread(dev, test):
    best = _best(dev)
    return best, np.std(test[best])


@peeking.mistake("You report the sum over the seeds. Asked is their mean.")
def reports_sum(dev, test):
    best = _best(dev)
    return best, np.sum(test[best])


@peeking.mistake("You report the accuracies of all seeds. Asked is their mean, one number.")
def reports_seeds(dev, test):
    best = _best(dev)
    return best, test[best]


@peeking.mistake("The two are right, but in another order: the name stands first, then the accuracy.")
def other_order(dev, test):
    return choose(dev, test)[::-1]


PLACES = "You took the place of the best in one dict for its place in the other. Their orders differ: use the name."


@peeking.mistake(PLACES)
def at_the_same_place(dev, test):
    place = int(np.argmax([np.mean(one) for one in dev.values()]))
    return list(dev)[place], np.mean(list(test.values())[place])


@peeking.mistake(PLACES)
def named_by_the_other(dev, test):
    name = list(test)[int(np.argmax([np.mean(one) for one in dev.values()]))]
    return name, np.mean(test[name])


@peeking.mistake("You chose the second best on dev. Choose the best.")
def second_on_dev(dev, test):
    name = sorted(dev, key=lambda name: np.mean(dev[name]))[max(-2, -len(dev))]
    return name, np.mean(test[name])


@peeking.mistake("You report the last seed on test. Asked is the mean over all seeds.")
def last_seed_reported(dev, test):
    best = _best(dev)
    return best, test[best][-1]


@peeking.mistake("The accuracy is that of the luckiest seed of all methods on *test*. Report the chosen method's mean.")
def luckiest_seed_reported(dev, test):
    return _best(dev), max(np.max(accuracies) for accuracies in test.values())


@peeking.mistake(
    "You chose by the mean *plus* the standard deviation, which favours luck. Asked is the best mean, however the "
    "seeds scatter."
)
def mean_and_deviation(dev, test):
    best = _best(dev, lambda x: np.mean(x) + np.std(x))
    return best, np.mean(test[best])


@peeking.mistake("You always name the last method (is the name kept only where its mean is a new best?).")
def last_method(dev, test):
    best = list(dev)[-1]
    return best, np.mean(test[best])


@peeking.mistake("You left out the best seed on test before the mean. Asked is the mean over all seeds.")
def reports_without_best(dev, test):
    best = _best(dev)
    return best, np.sort(test[best])[:-1].mean()


@peeking.mistake("You left out the worst seed on test before the mean. Asked is the mean over all seeds.")
def reports_without_worst(dev, test):
    best = _best(dev)
    return best, np.sort(test[best])[1:].mean()


@peeking.mistake("You chose by name, the first in the alphabet. Asked is the best mean on dev.")
def first_in_alphabet(dev, test):
    best = min(dev)
    return best, np.mean(test[best])


@peeking.mistake(
    "You took the median of the seeds, for the choice and for the report. Asked is their mean, both times."
)
def median_twice(dev, test):
    best = _best(dev, np.median)
    return best, np.median(test[best])


@peeking.mistake("You took the worst seed, for the choice and for the report. Asked is the mean, both times.")
def worst_twice(dev, test):
    best = _best(dev, np.min)
    return best, np.min(test[best])


@peeking.mistake("You took the first seed, for the choice and for the report. Asked is the mean, both times.")
def first_seed_twice(dev, test):
    best = _best(dev, lambda x: x[0])
    return best, test[best][0]


@peeking.mistake(
    "You chose by the test, and report the best mean on dev, which may be another method's. Dev chooses, test reports."
)
def the_other_way_best(dev, test):
    return _best(test), np.mean(dev[_best(dev)])


@peeking.mistake("You chose by the best seed, and report the median. Take the mean over the seeds, both times.")
def lucky_then_median(dev, test):
    best = _best(dev, np.max)
    return best, np.median(test[best])


@peeking.mistake("You chose by the median, and report the best seed. Take the mean over the seeds, both times.")
def median_then_lucky(dev, test):
    best = _best(dev, np.median)
    return best, np.max(test[best])
