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
