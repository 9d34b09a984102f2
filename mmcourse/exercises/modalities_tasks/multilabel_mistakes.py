"""What goes wrong in `modalities_tasks.multilabel`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.modalities_tasks.multilabel import multilabel
from mmcourse.exercises.numeric import log_softmax


def _each(logits, targets):
    return np.logaddexp(0, logits) - targets * logits


def _sigmoid(logits):
    return np.exp(-np.logaddexp(0, -logits))


@multilabel.mistake(
    "This is the cross-entropy of a softmax: the answers share one probability and compete. Here several may be yes at "
    "once, so each has a sigmoid of its own."
)
def softmax_loss(logits, targets):
    return -(targets * log_softmax(logits)).sum(1).mean()


@multilabel.mistake(
    "This is the cross-entropy of a softmax, over all answers: they share one probability and compete, and a no costs "
    "nothing. Each question has a sigmoid of its own."
)
def softmax_loss_of_all(logits, targets):
    return -(targets * log_softmax(logits)).mean()


@multilabel.mistake("A softmax makes the questions of an item compete. Each question has a sigmoid of its own.")
def softmax_as_probability(logits, targets):
    p = np.exp(log_softmax(logits))
    return -(targets * np.log(p) + (1 - targets) * np.log(1 - p)).mean()


@multilabel.mistake("You summed over the questions. Take the mean over them, too.")
def summed_over_questions(logits, targets):
    return _each(logits, targets).sum(1).mean()


@multilabel.mistake("You summed over the items. Take the mean over them, too.")
def summed_over_items(logits, targets):
    return _each(logits, targets).sum(0).mean()


@multilabel.mistake("This is the sum over all answers. Divide it by how many there are.")
def summed(logits, targets):
    return _each(logits, targets).sum()


@multilabel.mistake("You return the loss of each item. Take the mean over the items as well: one number.")
def of_each_item(logits, targets):
    return _each(logits, targets).mean(1)


@multilabel.mistake("You return the loss of each answer. Take the mean over all of them: one number.")
def of_each_answer(logits, targets):
    return _each(logits, targets)


@multilabel.mistake("Only the answers *yes* count in your loss. A model that says yes to everything would be perfect.")
def only_yes(logits, targets):
    return (_each(logits, targets) * targets).mean()


@multilabel.mistake("Only the answers *no* count in your loss. A model that says no to everything would be perfect.")
def only_no(logits, targets):
    return (_each(logits, targets) * (1 - targets)).mean()


@multilabel.mistake(
    "This is the squared error of the probabilities. A sure and wrong answer costs at most 1 then; asked for is minus "
    "the logarithm."
)
def squared(logits, targets):
    return ((_sigmoid(logits) - targets) ** 2).mean()


@multilabel.mistake(
    "This is how far the probabilities are from the targets, on average. Asked for is minus the logarithm of the right "
    "answer's probability."
)
def absolute(logits, targets):
    return np.abs(_sigmoid(logits) - targets).mean()


@multilabel.mistake(
    "This is minus the logarithm of the *mean* probability. Take the logarithm of each first, then the mean."
)
def log_of_mean(logits, targets):
    return -np.log(np.where(targets == 1, _sigmoid(logits), _sigmoid(-logits)).mean())


@multilabel.mistake("Yes and no are exchanged: a large logit means yes.")
def exchanged(logits, targets):
    return _each(-logits, targets).mean()


def _naive(logits, targets):
    """The loss of each answer by way of its probability: NaN where that is 0 or 1."""
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-logits))
        return -(targets * np.log(p) + (1 - targets) * np.log(1 - p))


@multilabel.mistake("Two things: sum over the questions is not mean, and large logits overflow (`np.logaddexp`).")
def summed_over_questions_overflows(logits, targets):
    return _naive(logits, targets).sum(1).mean()


@multilabel.mistake("Two things: the sum is not divided by the number of answers, and large logits overflow.")
def summed_overflows(logits, targets):
    return _naive(logits, targets).sum()


@multilabel.mistake("Two things: the minus is missing, and large logits overflow (`np.logaddexp`).")
def minus_forgotten_overflows(logits, targets):
    return -_naive(logits, targets).mean()


@multilabel.mistake("Two things: only the answers *yes* count in your loss, and large logits overflow.")
def only_yes_overflows(logits, targets):
    with np.errstate(all="ignore"):
        return -(targets * np.log(1 / (1 + np.exp(-logits)))).mean()


@multilabel.mistake("Two things: yes and no are exchanged (a large logit means yes), and large logits overflow.")
def exchanged_overflows(logits, targets):
    return _naive(-logits, targets).mean()


@multilabel.mistake("The minus is missing: a loss is minus the logarithm of a probability, and never negative.")
def minus_forgotten(logits, targets):
    return -_each(logits, targets).mean()


@multilabel.mistake("This is in bits. Use the natural logarithm.")
def in_bits(logits, targets):
    return _each(logits, targets).mean() / np.log(2)


@multilabel.mistake("You used the logarithm to the base 10. Nats ask for the natural logarithm.")
def base_ten(logits, targets):
    return _each(logits, targets).mean() / np.log(10)


@multilabel.mistake("This is the loss if every right answer were yes. Where do the targets come in?")
def all_yes(logits, targets):
    return np.logaddexp(0, -logits).mean()


@multilabel.mistake("This is the loss if every right answer were no. Where do the targets come in?")
def all_no(logits, targets):
    return np.logaddexp(0, logits).mean()


@multilabel.mistake("The sign of `targets * logits` is wrong: for yes, log(1 + exp(s)) - s is log(1 + exp(-s)).")
def added(logits, targets):
    return (np.logaddexp(0, logits) + targets * logits).mean()


OVERFLOW = (
    "Large logits overflow, or the logarithm of a rounded 0 is infinite. Do not compute the probability first: "
    "`np.logaddexp(0, s)` is log(1 + exp(s)) for any s."
)


@multilabel.mistake(OVERFLOW)
def overflows(logits, targets):
    return _naive(logits, targets).mean()


@multilabel.mistake(OVERFLOW)
def overflows_where(logits, targets):
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-logits))
        return -np.log(np.where(targets == 1, p, 1 - p)).mean()


@multilabel.mistake(OVERFLOW)
def exponential_of_large(logits, targets):
    with np.errstate(all="ignore"):
        return (np.log(1 + np.exp(logits)) - targets * logits).mean()


@multilabel.mistake(OVERFLOW)
def exponential_of_minus_large(logits, targets):
    with np.errstate(all="ignore"):
        return (np.log(1 + np.exp(-logits)) + (1 - targets) * logits).mean()


@multilabel.mistake(OVERFLOW)
def both_exponentials(logits, targets):
    with np.errstate(all="ignore"):
        return (targets * np.log(1 + np.exp(-logits)) + (1 - targets) * np.log(1 + np.exp(logits))).mean()


CLIPPED = (
    "Probabilities or logits are cut off before the logarithm, or something is added to them: then a sure and wrong "
    "answer costs less than it should. Compute the loss from the logits: `np.logaddexp(0, s)` is exact for any s."
)


@multilabel.mistake(CLIPPED)
def clipped(logits, targets):
    p = np.clip(_sigmoid(logits), 1e-7, 1 - 1e-7)
    return -(targets * np.log(p) + (1 - targets) * np.log(1 - p)).mean()


@multilabel.mistake(CLIPPED)
def epsilon_inside(logits, targets):
    p = _sigmoid(logits)
    return -(targets * np.log(p + 1e-7) + (1 - targets) * np.log(1 - p + 1e-7)).mean()


@multilabel.mistake(CLIPPED)
def logits_clipped(logits, targets):
    return _each(np.clip(logits, -30, 30), targets).mean()


@multilabel.mistake(
    "Infinite numbers became 0 or something large, so large logits are finite but wrong. `np.logaddexp(0, s)` is exact "
    "for any s."
)
def infinities_replaced(logits, targets):
    return np.nan_to_num(_naive(logits, targets), nan=0.0, posinf=0.0, neginf=0.0).mean()


@multilabel.mistake(
    "Two things: yes and no are exchanged (the sigmoid is 1 / (1 + exp(-s))), and large logits overflow."
)
def sigmoid_of_minus(logits, targets):
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(logits))
        return -np.log(np.where(targets == 1, p, 1 - p)).mean()


@multilabel.mistake(
    "This is the share of answers that are wrong. Asked for is minus the logarithm of their probabilities."
)
def error_rate(logits, targets):
    return ((logits > 0) != (targets == 1)).mean()


@multilabel.mistake("The sigmoid is applied twice: what comes in are logits, and it is taken of them once.")
def sigmoid_twice(logits, targets):
    return _each(_sigmoid(logits), targets).mean()


@multilabel.mistake(
    "The logarithm of 1 plus the exponential is cut off at 0: an answer that is right costs nothing here."
)
def without_logarithm(logits, targets):
    return (np.maximum(logits, 0) - targets * logits).mean()


@multilabel.mistake("This is the largest loss of all answers. Take the mean.")
def worst_answer(logits, targets):
    return _each(logits, targets).max()


PIECE = "log(1 + exp(-|s|)) is one piece only: log(1 + exp(s)) is that plus max(s, 0)."


@multilabel.mistake(f"{PIECE} You left out the second piece.")
def piece_left_out(logits, targets):
    return (np.log1p(np.exp(-np.abs(logits))) - targets * logits).mean()


@multilabel.mistake(f"{PIECE} You added |s| itself.")
def size_for_maximum(logits, targets):
    return (np.log1p(np.exp(-np.abs(logits))) + np.abs(logits) - targets * logits).mean()


@multilabel.mistake(
    "You took the mean over the yes and that over the no, and then the mean of the two. Each answer counts the same."
)
def balanced(logits, targets):
    each = _each(logits, targets)
    some = [each[targets == answer] for answer in (0, 1)]
    return np.mean([losses.mean() for losses in some if losses.size])


@multilabel.mistake("Only the first item counts in your loss. Take the mean over all.")
def first_item(logits, targets):
    return _each(logits[:1], targets[:1]).mean()


@multilabel.mistake("Only the first question counts in your loss. Take the mean over all.")
def first_question(logits, targets):
    return _each(logits[:, :1], targets[:, :1]).mean()


@multilabel.mistake(CLIPPED)
def clipped_lower(logits, targets):
    p = np.clip(_sigmoid(logits), 1e-15, 1 - 1e-15)
    return -(targets * np.log(p) + (1 - targets) * np.log(1 - p)).mean()


@multilabel.mistake("This is the median of the losses. Take the mean.")
def median(logits, targets):
    return np.median(_each(logits, targets))


@multilabel.mistake("You divided the sum by how many right answers are *yes*. Divide by how many answers there are.")
def divided_by_yes(logits, targets):
    return _each(logits, targets).sum() / max(1, targets.sum())


@multilabel.mistake(
    "Only answers that are wrong count in your loss. A right one that is not sure costs something, too."
)
def only_wrong(logits, targets):
    wrong = (logits > 0) != (targets == 1)
    return _each(logits, targets)[wrong].mean() if wrong.any() else 0.0


for power in (8, 9, 10, 12, 15):

    def epsilon_of(logits, targets, epsilon=10.0**-power):
        p = _sigmoid(logits)
        return -(targets * np.log(p + epsilon) + (1 - targets) * np.log(1 - p + epsilon)).mean()

    def clipped_at(logits, targets, epsilon=10.0**-power):
        p = np.clip(_sigmoid(logits), epsilon, 1 - epsilon)
        return -(targets * np.log(p) + (1 - targets) * np.log(1 - p)).mean()

    for mistaken in (epsilon_of, clipped_at)[: 1 + (power < 15)]:
        mistaken.__name__ += f"_{power}"
        multilabel.mistake(CLIPPED)(mistaken)

for bound in (10, 15, 20, 50, 100, 500):

    def logits_clipped_at(logits, targets, bound=bound):
        return _each(np.clip(logits, -bound, bound), targets).mean()

    logits_clipped_at.__name__ += f"_{bound}"
    multilabel.mistake(CLIPPED)(logits_clipped_at)


@multilabel.mistake(
    "You added the mean over the yes and the mean over the no. Take one mean, over all answers: each counts the same."
)
def two_means_added(logits, targets):
    each = _each(logits, targets)
    return sum(each[targets == answer].mean() for answer in (0, 1) if (targets == answer).any())


@multilabel.mistake("Of each item only the largest loss counts here. Take the mean over all questions.")
def worst_of_each_item(logits, targets):
    return _each(logits, targets).max(axis=1).mean()


@multilabel.mistake("Of each item only the smallest loss counts here. Take the mean over all questions.")
def best_of_each_item(logits, targets):
    return _each(logits, targets).min(axis=1).mean()


@multilabel.mistake(
    "This is a hinge: an answer that is right by a margin of 1 costs nothing. Asked for is minus the logarithm of a "
    "probability, which is never quite 0."
)
def hinge(logits, targets):
    return np.maximum(0, 1 - (2 * targets - 1) * logits).mean()


@multilabel.mistake("The targets are smoothed: 0.05 and 0.95 for no and yes. Here they are 0 and 1.")
def smoothed(logits, targets):
    return _each(logits, 0.9 * targets + 0.05).mean()


@multilabel.mistake(
    "You divided the sum by the square of the number of items. Divide by how many answers there are, n times k."
)
def divided_by_items_twice(logits, targets):
    return _each(logits, targets).sum() / len(logits) ** 2


@multilabel.mistake(
    "log(1 + exp(s)) has the base 2, and `targets * logits` belongs to the base e. Use the natural logarithm in both."
)
def two_bases(logits, targets):
    return (np.logaddexp2(0, logits) - targets * logits).mean()


@multilabel.mistake("The answers yes are weighted by how rare they are. Each answer counts the same.")
def yes_weighted(logits, targets):
    weight = np.where(targets == 1, (targets == 0).sum() / max(1, (targets == 1).sum()), 1)
    return (_each(logits, targets) * weight).mean()


@multilabel.mistake(
    "Of each item one question counts, the first whose answer is yes. Take the mean over all questions."
)
def first_yes_of_each(logits, targets):
    return _each(logits, targets)[np.arange(len(logits)), targets.argmax(axis=1)].mean()
