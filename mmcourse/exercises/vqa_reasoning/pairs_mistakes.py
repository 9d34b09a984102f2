"""What goes wrong in `vqa_reasoning.pairs`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.vqa_reasoning.pairs import pairs


def _relu(x):
    return np.maximum(x, 0)


def _grid(things, question, W, b, order=(0, 1, 2)):
    """What the first layer gives for all ordered pairs, before its ReLU: (m, m, k). ``order``: of the three parts."""
    m = len(things)
    first, second = np.repeat(things, m, axis=0), np.tile(things, (m, 1))
    parts = (first, second, np.tile(question, (m * m, 1)))
    x = np.concatenate([parts[k] for k in order], axis=1)
    return (x @ W + b).reshape(m, m, -1)


def _run(things, real, question, W, b, V, c, keep=None, inner=_relu, outer=_relu, order=(0, 1, 2), reduce=None):
    """The network over real things; ``keep``: which pairs of them, bool (m, m), from their number."""
    x = _grid(things[real], question, W, b, order)
    x = outer(inner(x) @ V + c)
    x = x[np.ones(x.shape[:2], bool) if keep is None else keep(len(x))]
    return x.mean(axis=0) if reduce is None else reduce(x)


# ── which pairs ─────────────────────────────────────────────────────────────────────────────────────


@pairs.mistake("Rows that are not real take part. Leave them out before pairs are made: `things[real]`.")
def all_rows(things, real, *rest):
    return _run(things, np.ones_like(real), *rest)


@pairs.mistake(
    "Rows that are not real are set to 0, and still make pairs: a row of zeros gives something, too (`b`, `c` and the "
    "other thing see to that). Leave them out."
)
def zero_rows(things, real, *rest):
    return _run(np.where(real[:, None], things, 0), np.ones_like(real), *rest)


@pairs.mistake("The mask is the wrong way round: only what is not real makes pairs.")
def mask_inverted(things, real, *rest):
    return _run(things, real if real.all() else ~real, *rest)


@pairs.mistake("You take the first rows, as many as are real. The real ones may stand anywhere: `things[real]`.")
def first_rows(things, real, *rest):
    n = real.sum()
    return _run(things[:n], np.ones(n, bool), *rest)


@pairs.mistake("A thing with itself is a pair, too: m² pairs, not m (m − 1).")
def no_self(*arguments):
    return _run(*arguments, keep=lambda m: ~np.eye(m, dtype=bool) if m > 1 else np.eye(m, dtype=bool))


@pairs.mistake("Each pair comes once here. Pairs are ordered: (star, circle) and (circle, star) are two.")
def unordered(*arguments):
    return _run(*arguments, keep=lambda m: np.tri(m, dtype=bool).T)


@pairs.mistake("Each pair comes once here. Pairs are ordered: (star, circle) and (circle, star) are two.")
def unordered_below(*arguments):
    return _run(*arguments, keep=lambda m: np.tri(m, dtype=bool))


@pairs.mistake("Each thing is paired with itself only. Every one meets every one.")
def only_self(*arguments):
    return _run(*arguments, keep=lambda m: np.eye(m, dtype=bool))


@pairs.mistake("Things are paired with their neighbour in the list only. Every one meets every one.")
def neighbours(*arguments):
    return _run(*arguments, keep=lambda m: np.roll(np.eye(m, dtype=bool), 1, axis=1))


@pairs.mistake("The pairs of the first thing only: let every real thing be first.")
def of_first(*arguments):
    return _run(*arguments, keep=lambda m: np.arange(m)[:, None] + np.zeros(m) == 0)


# ── what is done with a pair ────────────────────────────────────────────────────────────────────────


@pairs.mistake("The question is missing from the pairs (it is 0). Each pair has it behind the two things.")
def no_question(things, real, question, *rest):
    return _run(things, real, 0 * question, *rest)


@pairs.mistake("The bias `b` of the first layer is missing.")
def no_first_bias(things, real, question, W, b, V, c):
    return _run(things, real, question, W, 0 * b, V, c)


@pairs.mistake("The bias `c` of the second layer is missing.")
def no_second_bias(things, real, question, W, b, V, c):
    return _run(things, real, question, W, b, V, 0 * c)


@pairs.mistake("The bias `c` is added behind the second ReLU. It belongs inside.")
def bias_behind(things, real, question, W, b, V, c):
    return _run(things, real, question, W, b, V, 0 * c) + c


@pairs.mistake(
    "The ReLU of the first layer is missing. Then the two layers are one linear map, and no pair can be told from the "
    "sum of its two things."
)
def no_first_relu(*arguments):
    return _run(*arguments, inner=lambda x: x)


@pairs.mistake("The ReLU of the second layer is missing.")
def no_second_relu(*arguments):
    return _run(*arguments, outer=lambda x: x)


@pairs.mistake("Both ReLUs are missing.")
def no_relu(*arguments):
    return _run(*arguments, inner=lambda x: x, outer=lambda x: x)


LATE = (
    "The second ReLU comes after the mean, or the mean is taken between the layers, which is the same. Each pair has "
    "its own ReLU, and then comes the mean."
)


@pairs.mistake(LATE)
def relu_after_mean(*arguments):
    return _relu(_run(*arguments, outer=lambda x: x))


@pairs.mistake(LATE)
def mean_between(things, real, question, W, b, V, c):
    return _relu(_relu(_grid(things[real], question, W, b)).mean(axis=(0, 1)) @ V + c)


@pairs.mistake(
    "You take the mean of the things, and put that through the layers. Then no pair is ever looked at: first layers, "
    "then the mean."
)
def mean_first(things, real, question, *rest):
    return _run(things[real].mean(axis=0)[None], np.ones(1, bool), question, *rest)


@pairs.mistake("Things are put in the other order than the weights expect: first, second, question.")
def question_first(*arguments):
    return _run(*arguments, order=(2, 0, 1))


@pairs.mistake("The question stands between the two things. It comes behind them.")
def question_between(*arguments):
    return _run(*arguments, order=(0, 2, 1))


@pairs.mistake("The tanh is taken where the ReLU belongs.")
def tanhs(*arguments):
    return _run(*arguments, inner=np.tanh, outer=np.tanh)


# ── what is made of all pairs ───────────────────────────────────────────────────────────────────────


@pairs.mistake("This is the sum over the pairs. Take their mean, which does not grow with the number of things.")
def summed(*arguments):
    return _run(*arguments, reduce=lambda x: x.sum(axis=0))


@pairs.mistake("The sum over the pairs is divided by the number of things. There are that number squared of pairs.")
def by_things(things, real, *rest):
    return _run(things, real, *rest, reduce=lambda x: x.sum(axis=0) / real.sum())


@pairs.mistake("The sum is divided by m², all rows squared. Only pairs of real things count.")
def by_all(things, real, *rest):
    return _run(things, real, *rest, reduce=lambda x: x.sum(axis=0) / len(real) ** 2)


@pairs.mistake("This is the largest over all pairs. Take the mean.")
def largest(*arguments):
    return _run(*arguments, reduce=lambda x: x.max(axis=0))


@pairs.mistake("You return a vector for each pair. Take the mean over the pairs.")
def of_each(*arguments):
    return _run(*arguments, reduce=lambda x: x)


@pairs.mistake("You return one number: the mean was taken over the features as well. Take it over the pairs, `axis=0`.")
def one_number(*arguments):
    return _run(*arguments, reduce=np.mean)
