"""Exercise `modalities_tasks.choose`: a test score that helped to choose."""

import numpy as np

from mmcourse.exercises import Exercise, expect

choose = Exercise(
    "modalities_tasks.choose",
    kind="find the bug",
    title="The score that chose itself",
    task=(
        "`report(dev_scores, test_scores, sizes)` gets, for each setting that was tried, its score on dev, its score "
        "on test and the number of weights of its model. It should return the place of the chosen setting and the "
        "score to print in the paper. Choose the best setting, and of several equally good ones the one with the "
        "fewest weights. What it prints is too good to be true. Put it right."
    ),
    hints=(
        "On which scores does the choice depend? What are the test items for, and what are they worth once they have "
        "been used to choose?",
        "Find the highest *dev* score, among the settings that have it the smallest size, and print that setting's "
        "*test* score, whatever it is.",
    ),
)


@choose.solved_by
def report(dev_scores, test_scores, sizes):
    """Scores and sizes, each (k,) -> the chosen place, the score to print."""
    best = np.flatnonzero(dev_scores == dev_scores.max())
    chosen = best[np.argmin(sizes[best])]
    return int(chosen), float(test_scores[chosen])


@choose.given
def _given(dev_scores, test_scores, sizes):
    """Scores and sizes, each (k,) -> the chosen place, the score to print."""
    best = np.flatnonzero(test_scores == test_scores.max())
    chosen = best[np.argmin(sizes[best])]
    return int(chosen), float(test_scores[chosen])


@choose.check
def _(answer, rng):
    k = 13
    while True:
        dev = np.round(rng.choice([0.6, 0.65, 0.7, 0.75], k), 2)
        test = np.round(dev - 0.05 + 0.07 * rng.normal(size=k), 3)
        sizes = rng.permutation(np.arange(1, k + 1)) * 100
        best = [i for i in range(k) if dev[i] == max(dev)]
        wanted = min(best, key=lambda i: sizes[i])
        by_test, biggest = int(np.argmax(test)), max(best, key=lambda i: sizes[i])
        among = max(best, key=lambda i: test[i])
        if len({wanted, biggest, among, best[0]}) == 4 and wanted not in (
            by_test,
            biggest,
            among,
            best[0],
            int(np.argmin(sizes)),
        ):
            others = [test[i] for i in (by_test, biggest, among, best[0])]
            others += [test.max(), dev[wanted]]
            told_apart = dev[wanted] != test.max() and all(abs(v - test[wanted]) > 1e-3 for v in others)
            if by_test not in best and told_apart:
                break
    place, score = expect.parts(expect.pure(answer, dev, test, sizes), ("chosen", "score"))
    place, score = expect.number(place, "the place of the chosen setting"), expect.number(score, "the score to print")
    expect.differs(
        place,
        by_test,
        "The setting is still chosen by its *test* score. Then the test score is no longer a test: of many settings, "
        "the luckiest was taken.",
    )
    expect.differs(
        place,
        among,
        "Dev decides, but you broke the tie by the test score. That is a choice on test, too. Sizes are for that.",
    )
    expect.differs(place, biggest, "Of equally good settings you took the one with the *most* weights.")
    expect.differs(place, best[0], "Of equally good settings you took the first. Take the one with the fewest weights.")
    expect.equal(int(place), wanted, "Choose the highest dev score, and of equal ones the fewest weights.")
    expect.differs(
        score,
        dev[wanted],
        "The setting is right, but you print its *dev* score, which chose it. Print the score on test.",
    )
    expect.differs(
        score, test.max(), "The setting is right, but the printed score is another setting's best test score."
    )
    expect.close(score, test[wanted], "Print the test score of the setting that was chosen.")


@choose.mistake("luckiest was taken")
def by_test_then_size(dev_scores, test_scores, sizes):
    chosen = int(np.argmax(test_scores))
    return chosen, float(test_scores[chosen])


@choose.mistake("broke the tie by the test score")
def tie_by_test(dev_scores, test_scores, sizes):
    best = np.flatnonzero(dev_scores == dev_scores.max())
    chosen = int(best[np.argmax(test_scores[best])])
    return chosen, float(test_scores[chosen])


@choose.mistake("the *most* weights")
def largest(dev_scores, test_scores, sizes):
    best = np.flatnonzero(dev_scores == dev_scores.max())
    chosen = int(best[np.argmax(sizes[best])])
    return chosen, float(test_scores[chosen])


@choose.mistake("you took the first")
def first(dev_scores, test_scores, sizes):
    chosen = int(np.argmax(dev_scores))
    return chosen, float(test_scores[chosen])


@choose.mistake("you print its *dev* score")
def dev_printed(dev_scores, test_scores, sizes):
    chosen, _ = report(dev_scores, test_scores, sizes)
    return chosen, float(dev_scores[chosen])


@choose.mistake("another setting's best test score")
def best_of_test(dev_scores, test_scores, sizes):
    chosen, _ = report(dev_scores, test_scores, sizes)
    return chosen, float(test_scores.max())
