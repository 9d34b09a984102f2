"""Exercise `fusion_choice.peeking`: a choice that looks at the test."""

import numpy as np

from mmcourse.exercises import Exercise, expect

peeking = Exercise(
    "fusion_choice.peeking",
    kind="find the bug",
    title="The choice that knew the answer",
    task=(
        "`choose(dev, test)` gets two dicts {method: accuracies `(seeds,)`}. It chooses a method and reports how good "
        "it is. A colleague repeats the work on new items and finds two points less. Put it right: the method with the "
        "best **mean over seeds on dev**, and its **mean over seeds on test**. Return the name and the number."
    ),
    hints=(
        "Which arrays may the choice look at? And is one lucky seed a property of a method?",
        "`max(dev, key=...)` with the mean of each method's array; then the mean of that method's array in `test`.",
    ),
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


@peeking.check
def _(answer, rng):
    # Each way to choose leads to another method: a by dev's mean, b by test's, c by dev's luckiest seed, d by test's.
    base = float(rng.uniform(0.5, 0.6))
    shifts = rng.uniform(0, 0.004, (2, 4, 5))
    levels = {"gated": (0.20, 0.10), "low rank": (0.15, 0.20), "mean": (0.12, 0.08), "tensor": (0.08, 0.12)}
    order = list(levels)
    rng.shuffle(order)
    dev, test = {}, {}
    for i, name in enumerate(order):
        dev[name] = base + levels[name][0] + shifts[0, i]
        test[name] = base + levels[name][1] + shifts[1, i]
    dev["mean"][int(rng.integers(5))] = base + 0.28
    test["tensor"][int(rng.integers(5))] = base + 0.30
    name, value = expect.parts(expect.pure(answer, dev, test), ("name", "accuracy"))
    name = expect.choice(name, tuple(order))
    value = expect.number(value, "the accuracy, a number")
    expect.true(
        name != "tensor",
        "This method has the one luckiest seed on *test*. Neither test nor a single seed may decide.",
    )
    expect.true(
        name != "low rank",
        "You chose by the test. The winner then looks better than it is, since its luck was chosen with it. Choose on "
        "dev.",
    )
    expect.true(
        name != "mean", "You chose by the best seed. With enough seeds anything has a lucky one: compare the means."
    )
    expect.true(name == "gated", "Choose the method whose mean over the seeds on dev is the highest.")
    expect.differs(
        value, dev["gated"].mean(),
        "This is the accuracy on dev, where the method was chosen: it is flattered by the choice. Report test.",
    )  # fmt: skip
    expect.differs(
        value, test["gated"].max(), "You report the best seed on test. Report what one gets on average: the mean."
    )
    expect.close(value, test["gated"].mean(), "The mean over the seeds on test of the method that was chosen on dev.")


@peeking.mistake("chose by the test")
def by_test(dev, test):
    best = max(test, key=lambda name: np.mean(test[name]))
    return best, float(np.mean(test[best]))


@peeking.mistake("one luckiest seed on *test*")
def by_lucky_test(dev, test):
    best = max(test, key=lambda name: np.max(test[name]))
    return best, float(np.mean(test[best]))


@peeking.mistake("chose by the best seed")
def by_lucky_dev(dev, test):
    best = max(dev, key=lambda name: np.max(dev[name]))
    return best, float(np.mean(test[best]))


@peeking.mistake("accuracy on dev")
def reports_dev(dev, test):
    best = max(dev, key=lambda name: np.mean(dev[name]))
    return best, float(np.mean(dev[best]))


@peeking.mistake("report the best seed on test")
def reports_best(dev, test):
    best = max(dev, key=lambda name: np.mean(dev[name]))
    return best, float(np.max(test[best]))
