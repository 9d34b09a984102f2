"""Exercise `fusion_choice.peeking`: a choice that looks at the test."""

import numpy as np

from mmcourse.exercises import Exercise, case

peeking = Exercise(
    "fusion_choice.peeking",
    kind="find the bug",
    title="The choice that knew the answer",
    returns=("name", "accuracy"),
    otherwise="This is not the method with the best mean on dev, with its own mean on test.",
    task=(
        "`choose(dev, test)` gets two dicts {method: accuracies `(seeds,)`}. It chooses a method and reports how good "
        "it is. A colleague repeats the work on new items and finds two points less. Put it right: the method with the "
        "best **mean over seeds on dev**, and its **mean over seeds on test**. Return the name and the number."
    ),
    hints=(
        "Which arrays may the choice look at? And is one lucky seed a property of a method?",
        "`max(dev, key=...)` with the mean of each method's array; then the mean of that method's array in `test`.",
    ),
    plan=(
        "Let dev alone choose, by each method's mean over the seeds.",
        "Report this method's mean over the seeds on test.",
    ),
    minutes=6,
    difficulty=1,
    importance=3,
)


@peeking.solved_by
def choose(dev, test):
    """{method: (seeds,)}, {method: (seeds,)} -> name, accuracy."""
    best = max(dev, key=lambda name: np.mean(dev[name]))  # dev alone decides
    return best, float(np.mean(test[best]))


@peeking.given
def _given(dev, test):
    """{method: (seeds,)}, {method: (seeds,)} -> name, accuracy."""
    best = max(test, key=lambda name: np.max(test[name]))
    return best, float(np.max(test[best]))


NAMES = ("attention", "bilinear", "gated", "late", "low rank", "mean", "stacking", "tensor", "voting")


def _results(rng, dev, test, shuffled=False):
    """Two dicts from arrays (methods, seeds), whose rows begin with the method to choose. Names and order are drawn,
    and the order of the seeds if ``shuffled``; the method to choose is neither first nor last, in dicts and alphabet.
    """
    m, seeds = len(dev), len(dev[0])
    names = sorted(NAMES[i] for i in rng.permutation(len(NAMES))[:m])
    middle = int(rng.integers(1, m - 1)) if m > 2 else 0
    others = [name for i, name in enumerate(names) if i != middle]
    names = [names[middle], *rng.permutation(others).tolist()]
    dicts = []
    for results in (dev, test):
        results = np.array(results) + 1e-3 * rng.uniform(0, 1, (m, seeds))
        order = rng.permutation(np.arange(1, m)).tolist()
        order.insert(int(rng.integers(1, m - 1)) if m > 2 else 0, 0)
        dicts.append({names[i]: rng.permutation(results[i]) if shuffled else results[i] for i in order})
    return dicts


def _level(seeds, mean, best):
    """``seeds`` numbers with this mean, one of which is ``best``."""
    rest = (mean * seeds - best) / (seeds - 1)
    return [best, *[rest] * (seeds - 1)]


@peeking.cases
def _(rng):
    for seeds in (5, 3, 4):
        base = float(rng.uniform(0.4, 0.55))
        levels = (  # on dev and on test: the mean and the best seed, above the base
            (0.20, 0.204, 0.10, 0.15),  # the method to choose
            (0.15, 0.17, 0.20, 0.21),  # the best on test
            (0.12, 0.40, 0.08, 0.10),  # the luckiest seed on dev
            (0.08, 0.10, 0.12, 0.30),  # the luckiest seed on test
            (0.18, 0.19, 0.19, 0.20),  # the best on both together
            (0.05, 0.07, 0.16, 0.18),  # gains most from dev to test
            (0.03, 0.05, 0.02, 0.04),  # the worst
        )
        dev = [_level(seeds, base + a, base + b) for a, b, _, _ in levels]
        test = [_level(seeds, base + c, base + d) for _, _, c, d in levels]
        yield case(*_results(rng, dev, test, shuffled=True))
    dev = [
        [0.60, 0.96, 0.61, 0.88, 0.59],  # the best mean, and yet neither the best median nor first, last or worst seed
        [0.74, 0.75, 0.66, 0.76, 0.71],  # the best median, and the best mean without the extremes
        [0.68, 0.70, 0.69, 0.69, 0.69],  # the best worst seed
        [0.57, 0.57, 0.57, 0.57, 0.57],  # the steadiest
        [0.90, 0.50, 0.51, 0.50, 0.52],  # the best first seed
        [0.51, 0.50, 0.53, 0.50, 0.80],  # the best last seed
        [0.50, 0.50, 0.97, 0.50, 0.50],  # the luckiest seed, but neither mean nor mean and deviation are the best
    ]
    test = rng.permuted(np.linspace(0.4, 0.8, 35)).reshape(7, 5)
    yield case(*_results(rng, dev, test), when="where another method has the better median, or is steadier")
    dev = [
        [0.60, 0.61, 0.92, 0.62, 0.90],  # the best mean
        [0.70, 0.71, 0.70, 0.71, 0.71],  # steadier
        [0.72, 0.73, 0.60, 0.73, 0.58],  # better than the best with three of the five
        [0.68, 0.60, 0.65, 0.66, 0.69],
    ]
    test = [
        [0.52, 0.66, 0.50, 0.51, 0.53],
        [0.64, 0.63, 0.72, 0.65, 0.64],
        [0.66, 0.68, 0.65, 0.67, 0.66],
        [0.55, 0.58, 0.57, 0.50, 0.60],
    ]
    yield case(*_results(rng, dev, test), when="where another method is better with most seeds")
    dev = [[0.75, 0.73, 0.78, 0.71], [0.52, 0.50, 0.58, 0.54], [0.66, 0.70, 0.69, 0.68]]
    test = [[0.80, 0.78, 0.85, 0.79], [0.55, 0.53, 0.56, 0.52], [0.64, 0.69, 0.66, 0.70]]
    yield case(*_results(rng, dev, test), when="where the accuracy on test is higher than on dev")
    yield case(*_results(rng, [[0.66, 0.70, 0.62]], [[0.61, 0.64, 0.53]]), when="with a single method")


@peeking.oracle
def _(dev, test):
    best, name = -1.0, None
    for method, accuracies in dev.items():
        mean = sum(accuracies.tolist()) / len(accuracies)
        if mean > best:
            best, name = mean, method
    return name, sum(test[name].tolist()) / len(test[name])


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
