"""Exercise `modalities.blind`: an accuracy beside what nobody has to see for."""

import numpy as np

from mmcourse.exercises import Exercise, case

blind = Exercise(
    "modalities.blind",
    kind="implement",
    title="The floor beside the figure",
    returns=("accuracy", "floor", "skill"),
    otherwise=(
        "Accuracy and floor are shares of the *test* items, the floor for one answer that the training labels suggest; "
        "the skill is a share of the way from the floor to 1."
    ),
    task=(
        "Write `with_floor(train_labels, test_labels, predicted)`, all arrays of class numbers. Return three numbers: "
        "the **accuracy** of the predictions; the **floor**, the accuracy on the test items of a model that has seen "
        "only the training *labels* and always answers the commonest of them (of several equally common ones, the "
        "smallest class number); and the **skill**, the share of the way from the floor to 1 that the model has gone: "
        "0 at the floor, 1 where every answer is right, negative below the floor. No floor is 1 here."
    ),
    hints=(
        "What does the blind model know, and on which items is it scored? Its answer is one number, the same for all.",
        "`np.bincount(train_labels).argmax()` is the blind answer; the floor is the share of *test* labels equal to "
        "it. The skill is (accuracy - floor) / (1 - floor).",
    ),
    plan=(
        "The accuracy is the share of test items whose prediction is right.",
        "Find the commonest training label, and the share of test items that have it.",
        "Divide the way from the floor to the accuracy by the way from the floor to 1.",
    ),
    minutes=8,
    difficulty=1,
    importance=3,
)


@blind.solved_by
def with_floor(train_labels, test_labels, predicted):
    """Class numbers (n,), (m,), (m,) -> accuracy, floor, skill."""
    accuracy = np.mean(predicted == test_labels)
    commonest = np.bincount(train_labels).argmax()  # chosen on train …
    floor = np.mean(test_labels == commonest)  # … and scored on test
    return accuracy, floor, (accuracy - floor) / (1 - floor)


def _labels(rng, *counts):
    """So many labels of each class, in any order."""
    return rng.permutation(np.repeat(np.arange(len(counts)), counts))


def _predicted(rng, test, right, classes):
    """Predictions, of which so many are right."""
    wrong = (test + rng.integers(1, classes, size=len(test))) % classes
    wrong[rng.permutation(len(test))[:right]] = -1
    return np.where(wrong < 0, test, wrong)


@blind.cases
def _(rng):
    for train, test, right in (
        ((9, 18, 31, 25), (5, 8, 11, 17), 29),  # commonest is 2 in training, 3 in the test
        ((3, 7, 4), (9, 4, 6), 13),
        ((8, 2, 6, 10, 1), (3, 0, 4, 5, 1), 9),  # 3 in both
        ((30, 25, 11), (9, 17, 5), 20),
    ):
        labels = _labels(rng, *test)
        yield case(_labels(rng, *train), labels, _predicted(rng, labels, right, len(train)))
    # Of seven equally common classes 1 is the smallest, 2 comes first, 3 is met last, 4 ends the list, 5 is the
    # commonest of the test, 6 begins and ends the test, and 7 is the largest.
    train = np.concatenate([[2, 1, 7, 6, 5, 4, 3], _labels(rng, 3, *[5] * 7), [2, 3, 5, 6, 7, 1, 4]])
    labels = np.concatenate([[6], _labels(rng, 2, 7, 4, 5, 8, 10, 1, 6), [6]])
    predicted = _predicted(rng, labels, 14, 8)
    predicted[labels == 5], predicted[[0, -1]] = 5, [4, 2]
    yield case(train, labels, predicted, when="where several classes are equally common in training")
    for turn in (1, -1):  # the commonest class comes last, or first
        labels = _labels(rng, 6, 8, 3)
        train = np.concatenate([_labels(rng, 8, 0, 9), np.ones(10, int)])[::turn]
        yield case(train, labels, _predicted(rng, labels, 9, 3), when="where the training labels are not well mixed")
    labels = _labels(rng, 4, 12, 5)
    yield case(_labels(rng, 7, 15, 9), labels, _predicted(rng, labels, 6, 3), when="where the model is below the floor")
    yield case(_labels(rng, 7, 15, 9), labels, labels, when="where every prediction is right")
    yield case(_labels(rng, 7, 15, 9), labels, (labels + 1) % 3, when="where every prediction is wrong")
    labels = _labels(rng, 6, 0, 9)
    predicted = _predicted(rng, labels, 8, 3)
    yield case(_labels(rng, 4, 11, 6), labels, predicted, when="where the commonest training class is not in the test")
    labels = _labels(rng, 0, 4, 6, 5)
    yield case(
        _labels(rng, 0, 8, 5), labels, _predicted(rng, labels, 10, 4), when="where a test class is not in training"
    )
    labels = _labels(rng, 0, 7, 6)
    predicted = np.full(13, 1)
    yield case(_labels(rng, 6, 9, 2), labels, predicted, when="where the model always answers the commonest")
    yield case(np.array([3, 1, 3]), np.array([1]), np.array([1]), when="with one test item")


@blind.oracle
def _(train_labels, test_labels, predicted):
    train, test = train_labels.tolist(), test_labels.tolist()
    most = max(train.count(k) for k in train)
    answer = min(k for k in train if train.count(k) == most)
    accuracy = sum(a == b for a, b in zip(test, predicted.tolist(), strict=True)) / len(test)
    floor = test.count(answer) / len(test)
    return accuracy, floor, (accuracy - floor) / (1 - floor)
