"""What goes wrong in `modalities.blind`: planted mistakes with their messages."""

from collections import Counter

import numpy as np

from mmcourse.exercises.modalities.blind import blind, with_floor


def _accuracy(test_labels, predicted):
    return np.mean(predicted == test_labels)


def _with(accuracy, floor):
    return accuracy, floor, (accuracy - floor) / (1 - floor)


def _answering(label, test_labels, predicted):
    return _with(_accuracy(test_labels, predicted), np.mean(test_labels == label))


CHANCE = "One over the number of classes is the floor only where all classes are equally common. They seldom are."


@blind.mistake(
    "You chose the commonest label of the *test* items. The blind model has not seen them: it knows the training "
    "labels."
)
def commonest_of_test(train_labels, test_labels, predicted):
    return _with(_accuracy(test_labels, predicted), np.bincount(test_labels).max() / len(test_labels))


@blind.mistake("You scored the blind model on the training items. Its floor is what it reaches on test.")
def scored_on_train(train_labels, test_labels, predicted):
    return _with(_accuracy(test_labels, predicted), np.bincount(train_labels).max() / len(train_labels))


@blind.mistake(CHANCE)
def one_over_classes(train_labels, test_labels, predicted):
    classes = set(test_labels.tolist()) | set(train_labels.tolist())
    return _with(_accuracy(test_labels, predicted), 1 / len(classes))


@blind.mistake(CHANCE)
def one_over_train_classes(train_labels, test_labels, predicted):
    return _with(_accuracy(test_labels, predicted), np.float64(1 / len(set(train_labels.tolist()))))


@blind.mistake(CHANCE)
def one_over_test_classes(train_labels, test_labels, predicted):
    return _with(_accuracy(test_labels, predicted), np.float64(1 / len(set(test_labels.tolist()))))


@blind.mistake(
    "This model guesses each label as often as it occurs. Always answering the commonest is right more often, and a "
    "floor is the *best* that blindness can do."
)
def guessing(train_labels, test_labels, predicted):
    shares = np.bincount(test_labels) / len(test_labels)
    return _with(_accuracy(test_labels, predicted), (shares**2).sum())


@blind.mistake(
    "This model guesses each label as often as it occurs in training. The blind model always answers the commonest."
)
def guessing_as_train(train_labels, test_labels, predicted):
    guessed = np.mean(train_labels[:, None] == test_labels)
    return _with(_accuracy(test_labels, predicted), guessed)


@blind.mistake(
    "You chose the commonest of the *predictions*. The blind model knows the training labels and nothing else."
)
def commonest_prediction(train_labels, test_labels, predicted):
    return _answering(np.bincount(predicted).argmax(), test_labels, predicted)


@blind.mistake("Of several equally common classes you answer the largest number. The smallest is asked for.")
def ties_to_the_last(train_labels, test_labels, predicted):
    counts = np.bincount(train_labels)
    return _answering(len(counts) - 1 - counts[::-1].argmax(), test_labels, predicted)


@blind.mistake(
    "Of several equally common classes you answer the one that comes first in the data, as `Counter` does. The "
    "smallest number is asked for."
)
def ties_to_the_first_seen(train_labels, test_labels, predicted):
    return _answering(Counter(train_labels.tolist()).most_common(1)[0][0], test_labels, predicted)


@blind.mistake("Your blind model answers the rarest class. It answers the commonest: `argmax`.")
def rarest(train_labels, test_labels, predicted):
    return _answering(np.bincount(train_labels).argmin(), test_labels, predicted)


@blind.mistake("Your blind model answers the largest class number. Count how often each occurs: `np.bincount`.")
def largest_number(train_labels, test_labels, predicted):
    return _answering(train_labels.max(), test_labels, predicted)


@blind.mistake("Your blind model always answers class 0. It answers the commonest training label.")
def class_zero(train_labels, test_labels, predicted):
    return _answering(0, test_labels, predicted)


@blind.mistake(
    "Your blind model answers a class number from the middle. Class numbers are only names: it answers the commonest."
)
def median(train_labels, test_labels, predicted):
    return _answering(np.median(train_labels), test_labels, predicted)


@blind.mistake("You chose the commonest label of training and test together. The blind model has not seen the test.")
def commonest_of_all(train_labels, test_labels, predicted):
    return _answering(np.bincount(np.concatenate([train_labels, test_labels])).argmax(), test_labels, predicted)


@blind.mistake(
    "You count how often the commonest *prediction* is predicted. The blind model knows the training labels only."
)
def share_of_predictions(train_labels, test_labels, predicted):
    return _with(_accuracy(test_labels, predicted), np.bincount(predicted).max() / len(predicted))


@blind.mistake(
    "You divide the right answers by the number of *training* items. The accuracy is a share of the test items."
)
def over_training_items(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return _with(accuracy * len(test_labels) / len(train_labels), floor)


@blind.mistake(
    "You answer the place of the commonest class in the list of classes, not the class: `classes[counts.argmax()]`."
)
def place_in_the_list(train_labels, test_labels, predicted):
    return _answering(np.unique(train_labels, return_counts=True)[1].argmax(), test_labels, predicted)


@blind.mistake(
    "Your floor is how many training items have the commonest label. It is a share, and of the *test* items."
)
def count_in_training(train_labels, test_labels, predicted):
    return _with(_accuracy(test_labels, predicted), np.bincount(train_labels).max())


@blind.mistake("Your blind model answers the first training label. It answers the commonest.")
def first_label(train_labels, test_labels, predicted):
    return _answering(train_labels[0], test_labels, predicted)


@blind.mistake("Your blind model answers the last training label. It answers the commonest.")
def last_label(train_labels, test_labels, predicted):
    return _answering(train_labels[-1], test_labels, predicted)


@blind.mistake(
    "Train and test are exchanged: choose the commonest label of the *training* items, and score it on the *test* "
    "items."
)
def exchanged(train_labels, test_labels, predicted):
    floor = np.mean(train_labels == np.bincount(test_labels).argmax())
    return _with(_accuracy(test_labels, predicted), floor)


@blind.mistake(
    "That is agreement by chance, how often predictions and labels agree if they are shuffled. The floor has one "
    "answer for all items."
)
def by_chance(train_labels, test_labels, predicted):
    return _with(_accuracy(test_labels, predicted), np.mean(test_labels[:, None] == predicted))


@blind.mistake("You scored the blind answer against the *predictions*. It is right where the test *label* equals it.")
def scored_on_predictions(train_labels, test_labels, predicted):
    floor = np.mean(predicted == np.bincount(train_labels).argmax())
    return _with(_accuracy(test_labels, predicted), floor)


@blind.mistake("The floor is the accuracy of the blind model, and yours is how often it is *wrong*.")
def floor_of_errors(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return _with(accuracy, 1 - floor)


@blind.mistake("You return the label that the blind model answers. The floor is how often it is right with it.")
def label_for_floor(train_labels, test_labels, predicted):
    return _with(_accuracy(test_labels, predicted), np.bincount(train_labels).argmax())


@blind.mistake("You count the right answers. The accuracy is their *share*.")
def counted(train_labels, test_labels, predicted):
    return _with(np.sum(predicted == test_labels), np.mean(test_labels == np.bincount(train_labels).argmax()))


@blind.mistake("That is how often the predictions are *wrong*. The accuracy is how often they are right.")
def error_rate(train_labels, test_labels, predicted):
    return _with(1 - _accuracy(test_labels, predicted), np.mean(test_labels == np.bincount(train_labels).argmax()))


@blind.mistake(
    "You took the mean over the classes of how often each is found. The accuracy counts every test item once."
)
def balanced(train_labels, test_labels, predicted):
    found = [np.mean(predicted[test_labels == k] == k) for k in np.unique(test_labels)]
    return _with(np.mean(found), np.mean(test_labels == np.bincount(train_labels).argmax()))


@blind.mistake("This is the distance from the floor. Divide it by the whole way, from the floor to 1.")
def difference(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, accuracy - floor


@blind.mistake(
    "You divided by the floor itself. Then a perfect model has a skill that depends on the floor, and not 1."
)
def relative(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, (accuracy - floor) / floor


@blind.mistake("You divided by the accuracy. Divide by the whole way, from the floor to 1.")
def by_accuracy(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, (accuracy - floor) / accuracy


@blind.mistake(
    "You divided by the way that is still to go, 1 - accuracy. Divide by the whole way, from the floor to 1."
)
def by_what_is_left(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, (accuracy - floor) / (1 - accuracy)


@blind.mistake("You multiplied by the way from the floor to 1. The skill is a share of it: divide.")
def times_the_way(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, (accuracy - floor) * (1 - floor)


@blind.mistake("You divided by 1 + floor. The whole way, from the floor to 1, is 1 - floor.")
def one_and_the_floor(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, (accuracy - floor) / (1 + floor)


@blind.mistake("You added the floor to the accuracy. The way that the model has gone is accuracy minus floor.")
def floor_added(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, (accuracy + floor) / (1 - floor)


PARENTHESES = "Parentheses are missing: accuracy minus floor as a whole is divided by 1 minus floor as a whole."


@blind.mistake(PARENTHESES)
def without_parentheses(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, accuracy - floor / (1 - floor)


@blind.mistake(PARENTHESES)
def without_the_last_parentheses(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, (accuracy - floor) / 1 - floor


@blind.mistake("You return the accuracy as the skill. The skill is 0 at the floor.")
def accuracy_for_skill(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, accuracy


@blind.mistake("These are the points above the floor. The skill is a share of the whole way, from the floor to 1.")
def points(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, 100 * (accuracy - floor)


@blind.mistake("How many times the floor the accuracy is: at the floor that is 1, and the skill there is 0.")
def times_the_floor(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, accuracy / floor


@blind.mistake("That is the share of the way that is still *to go*. The skill is the share that the model has gone.")
def still_to_go(train_labels, test_labels, predicted):
    accuracy, floor, skill = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, 1 - skill


@blind.mistake(
    "The accuracy is divided by the way from the floor to 1, but not taken from the floor on: at the floor it is 0."
)
def not_from_the_floor(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, accuracy / (1 - floor)


@blind.mistake("The skill has the wrong sign: it is positive where the accuracy is *above* the floor.")
def wrong_sign(train_labels, test_labels, predicted):
    accuracy, floor, skill = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, -skill


@blind.mistake("A model below its floor has a negative skill. Do not cut it off: whoever reads it should know.")
def clipped(train_labels, test_labels, predicted):
    accuracy, floor, skill = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, max(skill, 0.0)


@blind.mistake("You say only whether the model is above its floor, 1 or 0. The skill is a share of the way.")
def above_or_not(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, float(accuracy > floor)


@blind.mistake("Skill and floor are exchanged. Return accuracy, floor, skill.")
def skill_before_floor(train_labels, test_labels, predicted):
    accuracy, floor, skill = with_floor(train_labels, test_labels, predicted)
    return accuracy, skill, floor


@blind.mistake("A model below its floor has a negative skill. You lose the sign.")
def absolute(train_labels, test_labels, predicted):
    accuracy, floor, skill = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, abs(skill)


@blind.mistake("You round the numbers. Return them as they are.")
def rounded(train_labels, test_labels, predicted):
    return tuple(round(float(value), 2) for value in with_floor(train_labels, test_labels, predicted))


@blind.mistake(said="in another order")
def floor_first(train_labels, test_labels, predicted):
    accuracy, floor, skill = with_floor(train_labels, test_labels, predicted)
    return floor, accuracy, skill


@blind.mistake("You divided by the number of *training* items. Accuracy and floor are shares of the test items.")
def divided_by_train(train_labels, test_labels, predicted):
    n = len(train_labels)
    most = np.bincount(train_labels).argmax()
    return _with((predicted == test_labels).sum() / n, (test_labels == most).sum() / n)


@blind.mistake(
    "Of several equally common classes you answer the one that the list of training labels ends with. The smallest "
    "number is asked for."
)
def ties_to_the_end(train_labels, test_labels, predicted):
    return ties_to_the_first_seen(train_labels[::-1], test_labels, predicted)


@blind.mistake(
    "Of several equally common classes you answer the one that is met last in the data. The smallest number is asked "
    "for."
)
def ties_to_the_last_met(train_labels, test_labels, predicted):
    counts = Counter(train_labels.tolist())
    return _answering([k for k in counts if counts[k] == max(counts.values())][-1], test_labels, predicted)


@blind.mistake(
    "Of several equally common classes you answer the one that is right most often on the test. The blind model has "
    "not seen the test: it answers the smallest number."
)
def ties_to_the_test(train_labels, test_labels, predicted):
    counts = np.bincount(train_labels)
    tied = np.flatnonzero(counts == counts.max())
    return _with(_accuracy(test_labels, predicted), max(np.mean(test_labels == k) for k in tied))


@blind.mistake(
    "Of several equally common classes all count as the blind model's answer. It has one answer, the smallest number."
)
def ties_all_right(train_labels, test_labels, predicted):
    counts = np.bincount(train_labels)
    floor = np.isin(test_labels, np.flatnonzero(counts == counts.max())).mean()
    return _with(_accuracy(test_labels, predicted), np.float64(floor))


@blind.mistake(
    "Of several equally common classes you take the mean of what they reach. The blind model has one answer, the "
    "smallest number."
)
def ties_averaged(train_labels, test_labels, predicted):
    counts = np.bincount(train_labels)
    tied = np.flatnonzero(counts == counts.max())
    return _with(_accuracy(test_labels, predicted), np.mean([np.mean(test_labels == k) for k in tied]))


TWO = "Your blind model answers 0 or 1, as if there were two classes. There may be more: count each."


@blind.mistake(TWO)
def two_classes(train_labels, test_labels, predicted):
    return _answering(int(train_labels.mean() > 0.5), test_labels, predicted)


@blind.mistake(TWO)
def two_classes_or_equal(train_labels, test_labels, predicted):
    return _answering(int(train_labels.mean() >= 0.5), test_labels, predicted)


@blind.mistake(TWO)
def ones_against_zeros(train_labels, test_labels, predicted):
    answer = int((train_labels == 1).sum() > (train_labels == 0).sum())
    return _answering(answer, test_labels, predicted)


@blind.mistake(
    "Your floor is the mean of the training labels. Class numbers are only names: count how often each occurs."
)
def mean_label(train_labels, test_labels, predicted):
    return _with(_accuracy(test_labels, predicted), train_labels.mean())


LIFTED = (
    "You lift the floor to one over the number of classes where it lies below. It may lie there: the blind answer is "
    "chosen on training items, and scored on others."
)


@blind.mistake(LIFTED)
def at_least_chance(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return _with(accuracy, max(floor, 1 / len(set(train_labels.tolist()))))


@blind.mistake(LIFTED)
def at_least_chance_of_the_test(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return _with(accuracy, min(0.999, max(floor, 1 / len(set(test_labels.tolist())))))


@blind.mistake(
    "You choose the blind answer among the classes of the test items only. The blind model does not know which these "
    "are."
)
def classes_of_the_test(train_labels, test_labels, predicted):
    classes = np.unique(test_labels)
    counts = [np.sum(train_labels == k) for k in classes]
    return _answering(classes[np.argmax(counts)], test_labels, predicted)


@blind.mistake(
    "Where the accuracy is below the floor you divide by the floor. The way is the same there: from the floor to 1."
)
def other_way_below(train_labels, test_labels, predicted):
    accuracy, floor, skill = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, skill if accuracy >= floor else (accuracy - floor) / floor


@blind.mistake(
    "Your blind model answers one class too high. Class numbers count from 0, as the places of `np.bincount`."
)
def one_too_high(train_labels, test_labels, predicted):
    return _answering(np.bincount(train_labels).argmax() + 1, test_labels, predicted)


@blind.mistake("Your blind model answers one class too low. The places of `np.bincount` are the class numbers.")
def one_too_low(train_labels, test_labels, predicted):
    return _answering(np.bincount(train_labels).argmax() - 1, test_labels, predicted)


@blind.mistake("Your blind model never answers class 0. It is a class as the others are.")
def never_class_zero(train_labels, test_labels, predicted):
    return _answering(1 + np.append(np.bincount(train_labels)[1:], 0).argmax(), test_labels, predicted)


@blind.mistake("Your blind model answers the second commonest class. It answers the commonest.")
def second_commonest(train_labels, test_labels, predicted):
    order = np.argsort(-np.bincount(train_labels), kind="stable")
    return _answering(order[min(1, len(order) - 1)], test_labels, predicted)


@blind.mistake("You leave out the items of the blind model's class. The accuracy counts every test item.")
def without_the_commonest(train_labels, test_labels, predicted):
    _, floor, _ = with_floor(train_labels, test_labels, predicted)
    rest = test_labels != np.bincount(train_labels).argmax()
    return _with(np.mean(predicted[rest] == test_labels[rest]), floor)


@blind.mistake(
    "You compare training labels with test labels place by place. They are not pairs: the floor has one answer."
)
def place_by_place(train_labels, test_labels, predicted):
    n = min(len(train_labels), len(test_labels))
    return _with(_accuracy(test_labels, predicted), np.mean(train_labels[:n] == test_labels[:n]))


@blind.mistake("You compare predictions with training labels place by place. The accuracy is about the test labels.")
def predictions_on_train(train_labels, test_labels, predicted):
    n = min(len(train_labels), len(predicted))
    _, floor, _ = with_floor(train_labels, test_labels, predicted)
    return _with(np.mean(train_labels[:n] == predicted[:n]), floor)


def _other_skill(name, skill, message):
    def mistake(train_labels, test_labels, predicted):
        accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
        with np.errstate(all="ignore"):
            return accuracy, floor, skill(accuracy, floor, len(set(train_labels.tolist())))

    mistake.__name__ = name
    blind.mistake(message)(mistake)


_WAY = "The skill is (accuracy - floor) divided by (1 - floor), the whole way."
_other_skill(
    "from_chance_on",
    lambda a, f, k: (a - f) / (1 - 1 / k),
    f"You divide by the way from chance to 1, one over the number of classes. {_WAY}",
)
_other_skill(
    "all_from_chance_on",
    lambda a, f, k: (a - 1 / k) / (1 - 1 / k),
    f"You start from chance, one over the number of classes, in the place of the floor. {_WAY}",
)
_other_skill("root", lambda a, f, k: np.sign(a - f) * np.sqrt(abs(a - f) / (1 - f)), f"You took the root. {_WAY}")
_other_skill("square", lambda a, f, k: ((a - f) / (1 - f)) ** 2, f"You took the square. {_WAY}")
_other_skill("logarithm", lambda a, f, k: np.log(a / f), f"You took a logarithm of accuracy over floor. {_WAY}")
_other_skill("over_the_sum", lambda a, f, k: (a - f) / (a + f), f"You divide by accuracy plus floor. {_WAY}")
_other_skill("turned_round", lambda a, f, k: (f - a) / f, f"You divide by the floor, and the sign is wrong. {_WAY}")
_other_skill(
    "by_the_larger",
    lambda a, f, k: (a - f) / max(a, f),
    f"You divide by the larger one of accuracy and floor. {_WAY}",
)
_other_skill(
    "at_least_minus_one",
    lambda a, f, k: max(-1, (a - f) / (1 - f)),
    "A model far below its floor has a skill below -1. Do not cut it off.",
)
_other_skill("product", lambda a, f, k: a * (1 - f), f"You multiply the accuracy by what the floor leaves. {_WAY}")
_other_skill("less_one", lambda a, f, k: (a - f) / (1 - f) - 1, f"You take 1 away. {_WAY} At the floor that is 0.")


@blind.mistake("You compare the predictions with the blind answer. The accuracy compares them with the test labels.")
def predictions_against_blind(train_labels, test_labels, predicted):
    _, floor, _ = with_floor(train_labels, test_labels, predicted)
    return _with(np.mean(predicted == np.bincount(train_labels).argmax()), floor)


@blind.mistake("You take the mean distance of class numbers. They are only names: a prediction is right or wrong.")
def mean_distance(train_labels, test_labels, predicted):
    _, floor, _ = with_floor(train_labels, test_labels, predicted)
    return _with(np.abs(predicted - test_labels).mean(), floor)


@blind.mistake(
    "The skill is made of the floor on the training items. The floor on the test items belongs into it, too."
)
def skill_by_training(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    own = np.bincount(train_labels).max() / len(train_labels)
    return accuracy, floor, (accuracy - own) / (1 - own)


@blind.mistake("The skill is made of the share of the commonest *test* label. The floor belongs into it.")
def skill_by_test(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    own = np.bincount(test_labels).max() / len(test_labels)
    return accuracy, floor, (accuracy - own) / (1 - own) if own < 1 else 0.0


@blind.mistake("Your blind model answers the class whose numbers add up to most. Count how often each occurs.")
def by_sum_of_numbers(train_labels, test_labels, predicted):
    return _answering(np.bincount(train_labels, weights=train_labels).argmax(), test_labels, predicted)


@blind.mistake(
    "You count the items that both the blind answer and the predictions get right. The floor needs no predictions."
)
def both_right(train_labels, test_labels, predicted):
    most = np.bincount(train_labels).argmax()
    return _with(_accuracy(test_labels, predicted), np.mean((test_labels == most) & (predicted == most)))


@blind.mistake(
    "You score the blind answer on training and test items together. The floor is a share of the *test* items."
)
def scored_on_all(train_labels, test_labels, predicted):
    labels = np.concatenate([train_labels, test_labels])
    return _with(_accuracy(test_labels, predicted), np.mean(labels == np.bincount(train_labels).argmax()))


@blind.mistake("You return for the skill how many items more than the blind model are right. It is a share of the way.")
def items_gained(train_labels, test_labels, predicted):
    accuracy, floor, _ = with_floor(train_labels, test_labels, predicted)
    return accuracy, floor, (accuracy - floor) * len(test_labels)


PART = (
    "You count the commonest class in a part of the training labels only, as many as there are test items. All count."
)


@blind.mistake(PART)
def first_part(train_labels, test_labels, predicted):
    return _answering(np.bincount(train_labels[: len(test_labels)]).argmax(), test_labels, predicted)


@blind.mistake(PART)
def last_part(train_labels, test_labels, predicted):
    return _answering(np.bincount(train_labels[-len(test_labels) :]).argmax(), test_labels, predicted)


@blind.mistake(
    "Of several equally common classes you answer the one that the *test* begins or ends with. The smallest number is "
    "asked for."
)
def ties_to_the_first_of_the_test(train_labels, test_labels, predicted):
    counts = np.bincount(train_labels)
    tied = np.flatnonzero(counts == counts.max())
    return _answering(next((k for k in test_labels if k in tied), tied[0]), test_labels, predicted)


@blind.mistake(
    "You count which classes are predicted at all. The accuracy counts items: a prediction is right or wrong."
)
def classes_found(train_labels, test_labels, predicted):
    _, floor, _ = with_floor(train_labels, test_labels, predicted)
    return _with(len(np.intersect1d(test_labels, predicted)) / len(np.unique(test_labels)), floor)
