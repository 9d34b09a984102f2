"""Exercise `text.negatives`: the loss of skip-gram with negative sampling."""

import numpy as np

from mmcourse.exercises import Exercise, expect

negatives = Exercise(
    "text.negatives",
    kind="implement",
    title="One neighbour, several negatives",
    task=(
        "Write `negative_sampling_loss(u, near, far)` in NumPy, as in {eq}`eq-text-negative`: `u` has the shape `(b, "
        "d)`, one centre word for each row; `near`, `(b, d)`, its true neighbours; `far`, `(b, k, d)`, k words drawn "
        "at random for each. Return one number: the mean over the b pairs, in nats. It must stay finite for large "
        "vectors."
    ),
    hints=(
        "Two kinds of dot products: b with the neighbours, b × k with the negatives. Which of the two should be large, "
        "and which sign puts that into the sigmoid?",
        "- log σ(s) is `np.logaddexp(0, -s)`, and - log σ(-s) is `np.logaddexp(0, s)`: neither overflows. Sum over the "
        "k negatives, then take the mean over the pairs.",
    ),
)


@negatives.solved_by
def negative_sampling_loss(u, near, far):
    """Centres (b, d), neighbours (b, d), negatives (b, k, d) -> the mean loss of a pair."""
    s = (u * near).sum(-1)  # (b,)
    others = np.einsum("bd,bkd->bk", u, far)  # (b, k)
    # log(1 + exp(-s)) is - log σ(s); logaddexp does not overflow.
    each = np.logaddexp(0, -s) + np.logaddexp(0, others).sum(axis=1)
    return each.mean()


def _scores(u, near, far):
    return (u * near).sum(-1), np.einsum("bd,bkd->bk", u, far)


def _wrong(u, near, far):
    """What the usual mistakes compute, as (value, diagnosis)."""
    s, others = _scores(u, near, far)
    good, bad = np.logaddexp(0, -s), np.logaddexp(0, others)
    yield good.mean(), "The negatives are missing. With true pairs alone, all words move to one place, the loss to 0."
    yield (
        (np.logaddexp(0, s) + np.logaddexp(0, -others).sum(1)).mean(),
        "The signs are swapped: you push the true neighbour away and pull the negatives near.",
    )
    yield (
        (good + np.logaddexp(0, -others).sum(1)).mean(),
        "The negatives count as neighbours: in their sigmoid the score has a minus.",
    )
    yield (good + bad.mean(1)).mean(), "You took the mean over the k negatives. The formula has their sum."
    yield (good + bad.sum(1)).sum(), "This is the sum over the pairs. Return the mean over them."
    yield (
        np.concatenate([good[:, None], bad], 1).mean(),
        "You took the mean over all b · (1 + k) scores: divide by the number of pairs, b, only.",
    )
    yield (
        (good + np.logaddexp(0, others.sum(1))).mean(),
        "You added the negatives' scores before the sigmoid. Each negative has a sigmoid of its own.",
    )
    yield -(s - others.sum(1)).mean(), "The sigmoid and its logarithm are missing: these are plain dot products."


@negatives.check
def _(answer, rng):
    b, k, d, known = 5, 3, 4, [(0, ""), (0, "")]
    while not expect.apart([value for value, _ in known]):  # each mistake has a value of its own
        u, near, far = rng.normal(size=(b, d)), rng.normal(size=(b, d)), rng.normal(size=(b, k, d))
        expected = 0.0
        for i in range(b):  # the oracle: one word at a time
            expected -= np.log(1 / (1 + np.exp(-(u[i] @ near[i])))) / b
            for j in range(k):
                expected -= np.log(1 / (1 + np.exp(u[i] @ far[i, j]))) / b
        known = [(expected, ""), *_wrong(u, near, far)]
    got = expect.number(expect.pure(answer, u, near, far), "one number, the mean loss of a pair")
    expect.differs(got, -expected, "The sign is the wrong way round: a loss is *minus* the logarithm.")
    for value, message in known[1:]:
        expect.differs(got, value, message)
    expect.close(got, expected, "This is not the loss of the formula.")
    big, against = 100 * u / np.abs(u).max(1, keepdims=True), -100 * u  # neighbours that look the other way
    s, others = _scores(big, against, 100 * far)
    expect.close(
        answer(big, against, 100 * far),
        (np.maximum(0, -s) + np.maximum(0, others).sum(1)).mean(),
        "Large scores overflow: the sigmoid becomes 0, and its logarithm minus infinity. Use `np.logaddexp`.",
    )


@negatives.mistake("negatives are missing")
def true_pairs_only(u, near, far):
    return np.logaddexp(0, -_scores(u, near, far)[0]).mean()


@negatives.mistake("signs are swapped")
def signs_swapped(u, near, far):
    s, others = _scores(u, near, far)
    return (np.logaddexp(0, s) + np.logaddexp(0, -others).sum(1)).mean()


@negatives.mistake("count as neighbours")
def negatives_as_neighbours(u, near, far):
    s, others = _scores(u, near, far)
    return (np.logaddexp(0, -s) + np.logaddexp(0, -others).sum(1)).mean()


@negatives.mistake("mean over the k negatives")
def mean_of_negatives(u, near, far):
    s, others = _scores(u, near, far)
    return (np.logaddexp(0, -s) + np.logaddexp(0, others).mean(1)).mean()


@negatives.mistake("sum over the pairs")
def sum_of_pairs(u, near, far):
    return len(u) * negative_sampling_loss(u, near, far)


@negatives.mistake("before the sigmoid")
def one_sigmoid(u, near, far):
    s, others = _scores(u, near, far)
    return (np.logaddexp(0, -s) + np.logaddexp(0, others.sum(1))).mean()


@negatives.mistake("wrong way round")
def log_likelihood(u, near, far):
    return -negative_sampling_loss(u, near, far)


@negatives.mistake("overflow")
def overflows(u, near, far):
    s, others = _scores(u, near, far)
    with np.errstate(all="ignore"):
        return -(np.log(1 / (1 + np.exp(-s))) + np.log(1 / (1 + np.exp(others))).sum(1)).mean()
