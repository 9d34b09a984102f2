"""Exercise `modalities.blind`: an accuracy beside what nobody has to see for."""

import numpy as np

from mmcourse.exercises import Exercise, expect

blind = Exercise(
    "modalities.blind",
    kind="implement",
    title="The floor beside the figure",
    task=(
        "Write `with_floor(train_labels, test_labels, predicted)`, all arrays of class numbers. Return three numbers: "
        "the **accuracy** of the predictions; the **floor**, the accuracy on the test items of a model that has seen "
        "only the training *labels* and always answers the commonest of them; and the **skill**, the share of the way "
        "from the floor to 1 that the model has gone: 0 at the floor, 1 where every answer is right."
    ),
    hints=(
        "What does the blind model know, and on which items is it scored? Its answer is one number, the same for all.",
        "`np.bincount(train_labels).argmax()` is the blind answer; the floor is the share of *test* labels equal to "
        "it. The skill is (accuracy - floor) / (1 - floor).",
    ),
)


@blind.solved_by
def with_floor(train_labels, test_labels, predicted):
    """Class numbers (n,), (m,), (m,) -> accuracy, floor, skill."""
    accuracy = np.mean(predicted == test_labels)
    commonest = np.bincount(train_labels).argmax()  # chosen on train …
    floor = np.mean(test_labels == commonest)  # … and scored on test
    return accuracy, floor, (accuracy - floor) / (1 - floor)


@blind.check
def _(answer, rng):
    floors = [0.0, 0.0]
    while not expect.apart(floors):  # each mistake has a value of its own
        train = rng.choice(4, size=90, p=[0.1, 0.2, 0.3, 0.4])
        test = rng.choice(4, size=41, p=[0.1, 0.2, 0.42, 0.28])
        predicted = np.where(rng.random(41) < 0.7, test, rng.integers(0, 4, 41))
        counts = [int(np.sum(train == k)) for k in range(4)]
        often = [float(np.mean(test == k)) for k in range(4)]
        most = [k for k in range(4) if counts[k] == max(counts)]
        accuracy = sum(int(a) == int(b) for a, b in zip(test, predicted, strict=True)) / 41
        right = often[most[0]]
        floors = [right, max(often), max(counts) / 90, 0.25, sum(v * v for v in often), accuracy]
        if len(most) > 1:
            floors = [0.0, 0.0]
    got = expect.parts(expect.pure(answer, train, test, predicted), ("accuracy", "floor", "skill"))
    said, floor, skill = (expect.number(value, "a number for each of the three") for value in got)
    expect.close(said, accuracy, "The accuracy is the share of test items whose prediction is right.")
    expect.differs(
        floor,
        floors[1],
        "You chose the commonest label of the *test* items. The blind model has not seen them: "
        "it knows the training labels.",
    )
    expect.differs(
        floor, floors[2], "You scored the blind model on the training items. Its floor is what it reaches on test."
    )
    expect.differs(
        floor,
        0.25,
        "One over the number of classes is the floor only where all classes are equally common. They seldom are.",
    )
    expect.differs(
        floor,
        floors[4],
        "This model guesses each label as often as it occurs. Always answering the commonest is right more often, "
        "and a floor is the *best* that blindness can do.",
    )
    expect.close(floor, right, "The floor is the share of test items whose label is the commonest of the training.")
    expect.differs(
        skill,
        accuracy - right,
        "This is the distance from the floor. Divide it by the whole way, from the floor to 1.",
    )
    expect.differs(
        skill,
        (accuracy - right) / right,
        "You divided by the floor itself. Then a perfect model has a skill that depends on the floor, and not 1.",
    )
    expect.close(skill, (accuracy - right) / (1 - right), "The skill is 0 at the floor and 1 where all is right.")
    worse = expect.parts(answer(train, test, (test + 1) % 4), ("accuracy", "floor", "skill"))
    expect.close(
        worse,
        [0, right, -right / (1 - right)],
        "A model below its floor has a negative skill. Do not cut it off: whoever reads it should know.",
    )


def _with(accuracy, floor):
    return accuracy, floor, (accuracy - floor) / (1 - floor)


@blind.mistake("commonest label of the *test* items")
def commonest_of_test(train_labels, test_labels, predicted):
    return _with(np.mean(predicted == test_labels), np.bincount(test_labels).max() / len(test_labels))


@blind.mistake("on the training items")
def scored_on_train(train_labels, test_labels, predicted):
    return _with(np.mean(predicted == test_labels), np.bincount(train_labels).max() / len(train_labels))


@blind.mistake("equally common")
def one_over_classes(train_labels, test_labels, predicted):
    return _with(np.mean(predicted == test_labels), 1 / len(set(test_labels.tolist()) | set(train_labels.tolist())))


@blind.mistake("guesses each label as often")
def guessing(train_labels, test_labels, predicted):
    shares = np.bincount(test_labels) / len(test_labels)
    return _with(np.mean(predicted == test_labels), (shares**2).sum())


@blind.mistake("distance from the floor")
def difference(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, accuracy - floor


@blind.mistake("divided by the floor itself")
def relative(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, (accuracy - floor) / floor


@blind.mistake("Do not cut it off")
def clipped(train_labels, test_labels, predicted):
    accuracy, floor, skill = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, max(skill, 0.0)
