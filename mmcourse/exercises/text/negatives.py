"""Exercise `text.negatives`: the loss of skip-gram with negative sampling."""

import math

import numpy as np

from mmcourse.exercises import Exercise, case

negatives = Exercise(
    "text.negatives",
    kind="implement",
    title="One neighbour, several negatives",
    returns="one number, the mean loss of a pair",
    otherwise=(
        "The loss of a pair is - log σ(u · near), and - log σ(- u · far) for each negative, added up; then comes the "
        "mean over the pairs. Yours is another number."
    ),
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
    plan=(
        "Compute the scores: a dot product for each pair, and one for each pair and negative.",
        "Turn each into minus the logarithm of a sigmoid, with a minus before the negatives' scores, so that nothing "
        "overflows.",
        "Add up what belongs to a pair, and take the mean over the pairs.",
    ),
    minutes=12,
    difficulty=2,
    importance=2,
)


@negatives.solved_by
def negative_sampling_loss(u, near, far):
    """Centres (b, d), neighbours (b, d), negatives (b, k, d) -> the mean loss of a pair."""
    s = (u * near).sum(-1)  # (b,)
    others = np.einsum("bd,bkd->bk", u, far)  # (b, k)
    # log(1 + exp(-s)) is - log σ(s); logaddexp does not overflow.
    each = np.logaddexp(0, -s) + np.logaddexp(0, others).sum(axis=1)
    return each.mean()


@negatives.cases
def _(rng):
    def drawn(b, k, d):
        return rng.normal(size=(b, d)), rng.normal(size=(b, d)), rng.normal(size=(b, k, d))

    for b, k, d in ((5, 3, 4), (2, 5, 3), (4, 2, 2), (1, 4, 6)):
        yield case(*drawn(b, k, d))
    yield case(*drawn(3, 1, 5), when="where each pair has one negative")
    u, near, far = drawn(3, 2, 4)
    yield case(0 * u, 0 * near, far, when="where the vectors are zero, as before training")
    # Scores of some thousands, on the wrong side: near looks the other way, one negative the same way as u.
    u, near, far = drawn(3, 2, 4)
    u = 60 * u / np.abs(u).max(1, keepdims=True)
    far[:, 0] = u / 60
    yield case(u, -u, 60 * far, when="where the vectors are large and the scores on the wrong side")
    yield case(u, u, -60 * np.stack([u, u], 1), when="where the vectors are large and the scores on the right side")


@negatives.oracle
def _(u, near, far):
    def minus_log_sigmoid(x):
        return max(0.0, -x) + math.log1p(math.exp(-abs(x)))

    total = 0.0
    for centre, neighbour, others in zip(u, near, far, strict=True):
        total += minus_log_sigmoid(sum(centre * neighbour))
        total += sum(minus_log_sigmoid(-sum(centre * other)) for other in others)
    return total / len(u)
