"""What goes wrong in `text.negatives`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.text.negatives import negatives


def _cost(x):
    """Minus the logarithm of the sigmoid."""
    return np.logaddexp(0, -x)


def _cost_that_overflows(x):
    with np.errstate(all="ignore"):
        return -np.log(1 / (1 + np.exp(-x)))


def _scores(u, near, far):
    return (u * near).sum(-1), np.einsum("bd,bkd->bk", u, far)


def _mean_loss(s, o, cost):
    return (cost(s) + cost(-o).sum(1)).mean()


def _mistake(message, scores=None):
    """Registers a mistake twice, with a cost that stays finite and with one that overflows as well: a function of the
    scores ``s`` (b,) and ``o`` (b, k) and of ``cost``; or, with ``scores=True``, of the vectors, which gives scores."""

    def register(formula):
        for more, cost in (("", _cost), ("_and_overflows", _cost_that_overflows)):

            def mistake(u, near, far, cost=cost):
                with np.errstate(all="ignore"):
                    if scores:
                        return _mean_loss(*formula(u, near, far), cost)
                    return formula(*_scores(u, near, far), cost)

            mistake.__name__ = formula.__name__ + more
            negatives.mistake(message)(mistake)
        return formula

    return register


@negatives.mistake(
    "Large scores overflow: the sigmoid becomes 0, and its logarithm minus infinity. Use `np.logaddexp`."
)
def overflows(u, near, far):
    s, o = _scores(u, near, far)
    return (_cost_that_overflows(s) + _cost_that_overflows(-o).sum(1)).mean()


@negatives.mistake(
    "Large scores overflow: `exp(s) / (1 + exp(s))` becomes infinity by infinity, which is NaN. Use `np.logaddexp`."
)
def overflows_to_nan(u, near, far):
    s, o = _scores(u, near, far)
    with np.errstate(all="ignore"):
        s, o = np.exp(s), np.exp(-o)
        return -(np.log(s / (1 + s)) + np.log(o / (1 + o)).sum(1)).mean()


@negatives.mistake(
    "A small number is added before the logarithm: it stays finite, but a large loss is cut off. Use `np.logaddexp`."
)
def cut_off(u, near, far, small=1e-9):
    s, o = _scores(u, near, far)
    with np.errstate(all="ignore"):
        return -(np.log(1 / (1 + np.exp(-s)) + small) + np.log(1 / (1 + np.exp(o)) + small).sum(1)).mean()


@_mistake("The negatives are missing. With true pairs alone, all words move to one place, the loss to 0.")
def true_pairs_only(s, o, cost):
    return cost(s).mean()


@_mistake("The true neighbours are missing: nothing pulls a word to its neighbours.")
def negatives_only(s, o, cost):
    return cost(-o).sum(1).mean()


@_mistake("The signs are swapped: you push the true neighbour away and pull the negatives near.")
def signs_swapped(s, o, cost):
    return (cost(-s) + cost(o).sum(1)).mean()


@_mistake("The negatives count as neighbours: in their sigmoid the score has a minus.")
def negatives_as_neighbours(s, o, cost):
    return (cost(s) + cost(o).sum(1)).mean()


@_mistake("The neighbours count as negatives: in their sigmoid the score has no minus.")
def neighbours_as_negatives(s, o, cost):
    return (cost(-s) + cost(-o).sum(1)).mean()


@_mistake("You took the negatives' part away from the neighbours': both are costs, and both are added.")
def subtracted(s, o, cost):
    return (cost(s) - cost(-o).sum(1)).mean()


@_mistake("You took the mean over the k negatives. The formula has their sum.")
def mean_of_negatives(s, o, cost):
    return (cost(s) + cost(-o).mean(1)).mean()


@_mistake("This is the sum over the pairs. Return the mean over them.")
def sum_of_pairs(s, o, cost):
    return (cost(s) + cost(-o).sum(1)).sum()


@_mistake("These are the losses of the b pairs. Return one number, their mean.")
def each_pair(s, o, cost):
    return cost(s) + cost(-o).sum(1)


@_mistake("You took the mean over all b · (1 + k) scores: divide by the number of pairs, b, only.")
def mean_of_scores(s, o, cost):
    return np.concatenate([cost(s)[:, None], cost(-o)], 1).mean()


@_mistake("The neighbour's cost was added to that of each negative, k times. It counts once for each pair.")
def neighbour_k_times(s, o, cost):
    return (cost(s)[:, None] + cost(-o)).sum(1).mean()


@_mistake("You added the negatives' scores before the sigmoid. Each negative has a sigmoid of its own.")
def one_sigmoid(s, o, cost):
    return (cost(s) + cost(-o.sum(1))).mean()


@_mistake("You took the mean of the negatives' scores before the sigmoid. Each negative has a sigmoid of its own.")
def one_sigmoid_of_the_mean(s, o, cost):
    return (cost(s) + cost(-o.mean(1))).mean()


@_mistake("You added up the negatives of all pairs, and each pair bears the whole sum. Add up along the axis k only.")
def negatives_of_all_pairs(s, o, cost):
    return (cost(s) + cost(-o).sum()).mean()


@_mistake("Only the first of the k negatives counts in yours. The formula has the sum over all.")
def first_negative(s, o, cost):
    return (cost(s) + cost(-o[:, 0])).mean()


@_mistake("Only the negative with the largest score counts in yours. The formula has the sum over all.")
def worst_negative(s, o, cost):
    return (cost(s) + cost(-o.max(1))).mean()


@_mistake("The sign is the wrong way round: a loss is *minus* the logarithm.")
def log_likelihood(s, o, cost):
    return -(cost(s) + cost(-o).sum(1)).mean()


@_mistake("This is in bits, with the logarithm to the base 2. Use the natural one.")
def in_bits(s, o, cost):
    return (cost(s) + cost(-o).sum(1)).mean() / np.log(2)


@_mistake(
    "The scores are divided by the root of the length d of the vectors. Here they are plain dot products.", scores=True
)
def scaled(u, near, far):
    return _scores(u / np.sqrt(u.shape[1]), near, far)


@_mistake("The dot product is a sum over d; you took the mean.", scores=True)
def mean_for_dot_product(u, near, far):
    return _scores(u / u.shape[1], near, far)


@_mistake(
    "These are cosines: the vectors were divided by their lengths. Here the scores are plain dot products.", scores=True
)
def cosines(u, near, far):
    return _scores(*(x / np.sqrt((x**2).sum(-1, keepdims=True)) for x in (u, near, far)))


@_mistake("The negatives are compared with the neighbours `near`. They belong to the centre word `u`.", scores=True)
def negatives_against_near(u, near, far):
    return _scores(u, near, far)[0], _scores(near, u, far)[1]


@_mistake("All pairs use the negatives of the first pair. Each has negatives of its own.", scores=True)
def first_negatives_for_all(u, near, far):
    return _scores(u, near, np.broadcast_to(far[:1], far.shape))


@_mistake("All negatives are compared with the first centre word. Each pair has a centre word of its own.", scores=True)
def first_centre_for_all(u, near, far):
    return _scores(u, near, far)[0], far @ u[0]


@_mistake(
    "This is a softmax over the neighbour and the negatives, as in InfoNCE. Here each score has a sigmoid of its own."
)
def softmax(s, o, cost):
    scores = np.concatenate([s[:, None], o], 1)
    highest = scores.max(1, keepdims=True)
    return (highest[:, 0] + np.log(np.exp(scores - highest).sum(1)) - s).mean()


@_mistake("The sigmoid and its logarithm are missing: these are plain dot products.")
def dot_products(s, o, cost):
    return -(s - o.sum(1)).mean()


@_mistake("The logarithm is missing: these are sums of sigmoids, with a minus before them.")
def without_logarithm(s, o, cost):
    return -(np.exp(-np.logaddexp(0, -s)) + np.exp(-np.logaddexp(0, o)).sum(1)).mean()


@_mistake("The logarithm is missing: 1 - σ is no cost that grows without bound, as - log σ is.")
def one_minus_sigmoid(s, o, cost):
    return (np.exp(-np.logaddexp(0, s)) + np.exp(-np.logaddexp(0, -o)).sum(1)).mean()


ALL_PAIRS = "You compare each centre word with the neighbours of *all* pairs. Row i of `near` belongs to row i of `u`."


@negatives.mistake(ALL_PAIRS)
def neighbours_of_all(u, near, far):
    _, o = _scores(u, near, far)
    return _cost(u @ near.T).mean() + _cost(-o).sum(1).mean()


@negatives.mistake(ALL_PAIRS)
def neighbours_of_all_summed(u, near, far):
    _, o = _scores(u, near, far)
    return (_cost(u @ near.T).sum(1) + _cost(-o).sum(1)).mean()


OUTSIDE = "σ(-s) is 1 - σ(s), with the logarithm taken of that. In yours the 1 stands outside the logarithm."


@_mistake(OUTSIDE)
def one_outside(s, o, cost):
    return (cost(s) + (1 - cost(o)).sum(1)).mean()


@_mistake(OUTSIDE)
def one_outside_with_a_minus(s, o, cost):
    return (cost(s) - (1 + cost(o)).sum(1)).mean()


HINGE = "These are hinge losses, which are 0 from some score on. The formula has minus the logarithm of a sigmoid."


@negatives.mistake(HINGE)
def hinge(u, near, far):
    s, o = _scores(u, near, far)
    return (np.maximum(0, 1 - s) + np.maximum(0, 1 + o).sum(1)).mean()


@negatives.mistake(HINGE)
def hinge_at_zero(u, near, far):
    s, o = _scores(u, near, far)
    return (np.maximum(0, -s) + np.maximum(0, o).sum(1)).mean()


@negatives.mistake(
    "`log1p(exp(-|s|))` is one half of a cost that does not overflow: where the score has the wrong sign, its size "
    "comes on top, `max(0, -s)`."
)
def without_the_size(u, near, far):
    s, o = _scores(u, near, far)
    return (np.log1p(np.exp(-np.abs(s))) + np.log1p(np.exp(-np.abs(o))).sum(1)).mean()


@_mistake("The scores are doubled. Here they are plain dot products.")
def doubled(s, o, cost):
    return (cost(2 * s) + cost(-2 * o).sum(1)).mean()


@negatives.mistake(
    "This is exp(-s), and exp(s) for the negatives. The cost is ln(1 + exp(-s)), minus the log of a sigmoid."
)
def exponentials(u, near, far):
    s, o = _scores(u, near, far)
    with np.errstate(all="ignore"):
        return (np.exp(-s) + np.exp(o).sum(1)).mean()


@_mistake("You took the median of the pairs' losses. Return their mean.")
def median(s, o, cost):
    return np.median(cost(s) + cost(-o).sum(1))


OTHER_PAIRS = "The negatives are those of another pair: row i of `far` belongs to row i of `u`."


@_mistake(OTHER_PAIRS, scores=True)
def negatives_reversed(u, near, far):
    return _scores(u, near, far[::-1])


@_mistake(OTHER_PAIRS, scores=True)
def negatives_moved(u, near, far):
    return _scores(u, near, np.roll(far, 1, axis=0))


@_mistake("The scores are minus squared distances. Here they are dot products.", scores=True)
def squared_distances(u, near, far):
    return -((u - near) ** 2).sum(-1), -((u[:, None] - far) ** 2).sum(-1)


@_mistake("The scores are minus distances. Here they are dot products.", scores=True)
def distances(u, near, far):
    return -np.sqrt(((u - near) ** 2).sum(-1)), -np.sqrt(((u[:, None] - far) ** 2).sum(-1))


@_mistake("You take the logarithm of a mean of sigmoids. Take the mean of the logarithms, with a minus.")
def logarithm_of_the_mean(s, o, cost):
    return -np.log(np.exp(-cost(s)).mean()) + cost(-o).sum(1).mean()


@_mistake("Each cost is squared. Add up the costs, minus the logarithms, as they are.")
def costs_squared(s, o, cost):
    return (cost(s) ** 2 + (cost(-o) ** 2).sum(1)).mean()


@_mistake("The last of the k negatives is left out. The formula has the sum over all.")
def without_the_last_negative(s, o, cost):
    return (cost(s) + cost(-o[:, :-1]).sum(1)).mean()


@_mistake("The first of the k negatives is left out: the true neighbour is not among them. Take all.")
def without_the_first_negative(s, o, cost):
    return (cost(s) + cost(-o[:, 1:]).sum(1)).mean()


@_mistake("This is the largest loss of a pair. Return the mean over all pairs.")
def largest(s, o, cost):
    return (cost(s) + cost(-o).sum(1)).max()


@_mistake("This is the loss of the first pair alone. Return the mean over all pairs.")
def first_pair(s, o, cost):
    return cost(s[0]) + cost(-o[0]).sum()


@_mistake("The neighbour counts among the negatives as well. They are the rows of `far` alone.")
def neighbour_among_negatives(s, o, cost):
    return (cost(s) + cost(-s) + cost(-o).sum(1)).mean()
