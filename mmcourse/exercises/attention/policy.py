"""Exercise `attention.policy`: the gradient that REINFORCE estimates, for the scores of hard attention."""

import math

import numpy as np

from mmcourse.exercises import Exercise, case

policy = Exercise(
    "attention.policy",
    kind="implement",
    title="A gradient without a slope",
    returns="a number for each score of each query",
    otherwise="This is not the gradient of the loss. That of ln a of the drawn key is its one-hot vector minus a.",
    task=(
        "Hard attention drew, for each of `n` queries, the key with the number `drawn[i]`, and got `reward[i]`. Write "
        "`policy_gradient(scores, drawn, reward, baseline)`: the gradient of the **loss**, the mean of "
        "-(reward - baseline) · ln a of the drawn key over the queries, with respect to the `scores` `(n, m)`. `drawn` "
        "(numbers from 0 on) and `reward` have the shape `(n,)`, `baseline` is a number, and `a` is the softmax of the "
        "scores over the keys, which may be in the thousands and must not overflow."
    ),
    hints=(
        "How does ln a of the drawn key change when its own score grows? And when the score of another key grows?",
        "The gradient of ln a of the drawn key is the one-hot vector of the draw, minus a. The loss has a minus sign, "
        "and a mean over n.",
    ),
    level="stretch",
    plan=(
        "Compute a, the softmax of each row of scores.",
        "Write down the gradient of ln a of the drawn key with respect to the scores of its row.",
        "Weigh each row by what the loss multiplies it with, and mind the sign and the mean.",
    ),
    minutes=15,
    difficulty=3,
    importance=2,
)


@policy.solved_by
def policy_gradient(scores, drawn, reward, baseline):
    """Scores (n, m), drawn (n,), reward (n,), a number -> gradient (n, m)."""
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    a = e / e.sum(axis=-1, keepdims=True)
    chosen = np.eye(scores.shape[1])[drawn]  # (n, m), one-hot
    return -(reward - baseline)[:, None] * (chosen - a) / len(scores)


@policy.cases
def _(rng):
    for n, m, baseline in ((4, 6, 0.7), (3, 5, -1.4), (5, 2, 1.3), (7, 4, 2.6)):
        scores, drawn = rng.normal(0, 1.5, (n, m)), rng.integers(m, size=n)
        drawn[:2] = scores[0].argmin(), scores[1].argmax()  # the least likely key, and the likeliest
        yield case(scores, drawn, rng.normal(1, 2, n), baseline)
    yield case(rng.normal(size=(3, 4)), np.array([2, 0, 2]), rng.normal(1, 2, 3), 0.0, when="where the baseline is 0")
    yield case(rng.normal(size=(1, 5)), np.array([3]), np.array([1.7]), 0.4, when="with one query")
    yield case(
        rng.normal(size=(4, 4)), rng.permutation(4), rng.normal(1, 2, 4), 0.6, when="with as many keys as queries"
    )
    scores, reward = rng.normal(size=(3, 4)), np.array([1.5, 0.5, -1.0])
    yield case(scores, np.array([1, 3, 0]), reward, 0.5, when="where a reward is the baseline")
    # Scores in the thousands, far apart or equal, and a row far below 0.
    scores = 1000.0 * np.array([[3, 1, 3, 0], [-6, -4, -5, -9], [2, -1, 0, 1]])
    yield case(scores, np.array([2, 2, 0]), rng.normal(1, 2, 3), 0.3, when="where scores are in the thousands")


def _log_a(row, key):
    top = max(row)
    return row[key] - top - math.log(math.fsum(math.exp(score - top) for score in row))


@policy.oracle
def _(scores, drawn, reward, baseline):
    """Each score moved a little up and down."""
    n, m = scores.shape
    gradient, step = np.zeros((n, m)), 1e-4
    for i in range(n):
        for j in range(m):
            up, down = scores[i].tolist(), scores[i].tolist()
            up[j] += step
            down[j] -= step
            slope = (_log_a(up, drawn[i]) - _log_a(down, drawn[i])) / (2 * step)
            gradient[i, j] = -(reward[i] - baseline) * slope / n
    return gradient
