"""Exercise `attention.policy`: the gradient that REINFORCE estimates, for the scores of hard attention."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.exercises.numeric import softmax

policy = Exercise(
    "attention.policy",
    kind="implement",
    title="A gradient without a slope",
    task=(
        "Hard attention drew, for each of `n` queries, the key with the number `drawn[i]`, and got `reward[i]`. Write "
        "`policy_gradient(scores, drawn, reward, baseline)`: the gradient of the **loss**, the mean of "
        "-(reward - baseline) · ln a of the drawn key over the queries, with respect to the `scores` `(n, m)`. `drawn` "
        "and `reward` have the shape `(n,)`, `baseline` is a number, and `a` is the softmax of the scores."
    ),
    hints=(
        "How does ln a of the drawn key change when its own score grows? And when the score of another key grows?",
        "The gradient of ln a of the drawn key is the one-hot vector of the draw, minus a. The loss has a minus sign, "
        "and a mean over n.",
    ),
    level="stretch",
)


@policy.solved_by
def policy_gradient(scores, drawn, reward, baseline):
    """Scores (n, m), drawn (n,), reward (n,), a number -> gradient (n, m)."""
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    a = e / e.sum(axis=-1, keepdims=True)
    chosen = np.eye(scores.shape[1])[drawn]  # (n, m), one-hot
    return -(reward - baseline)[:, None] * (chosen - a) / len(scores)


def _loss(scores, drawn, reward, baseline):
    total = 0.0
    for row, k, r in zip(scores, drawn, reward, strict=True):
        total -= (r - baseline) * (row[k] - np.log(np.exp(row).sum()))
    return total / len(scores)


@policy.check
def _(answer, rng):
    n, m, baseline = 4, 6, 0.7
    scores, drawn, reward = rng.normal(size=(n, m)), rng.integers(m, size=n), rng.normal(1, 1, size=n)
    wanted = np.zeros((n, m))
    for i in range(n):  # the oracle: each score moved a little up and down
        for j in range(m):
            step = np.zeros((n, m))
            step[i, j] = 1e-5
            losses = (_loss(scores + sign * step, drawn, reward, baseline) for sign in (1, -1))
            wanted[i, j] = (next(losses) - next(losses)) / 2e-5
    got = expect.array(
        expect.pure(answer, scores, drawn, reward, baseline), (n, m), "a number for each score of each query"
    )
    a, chosen = softmax(scores), np.eye(m)[drawn]
    expect.differs(got, -wanted, "The sign is turned round: this is the gradient of the reward. The loss is minus it.")
    expect.differs(got, n * wanted, "This is the sum over the queries. The loss is their mean: divide by n.")
    expect.differs(
        got,
        -(reward - baseline)[:, None] * chosen / n,
        "Only the drawn key's score has a gradient here. A softmax shares: where one weight grows, all others shrink. "
        "Subtract the weights from the one-hot vector.",
    )
    expect.differs(
        got,
        -(reward - baseline)[:, None] * chosen / a / n,
        "This is the gradient with respect to the *weights*. Asked for are the scores, before the softmax.",
    )
    expect.differs(got, -reward[:, None] * (chosen - a) / n, "The baseline is not used: subtract it from the reward.")
    expect.true(
        not np.allclose(got, 0),
        "The gradient is 0 everywhere. So it is for an argmax; for a draw, differentiate ln a of what was drawn.",
    )
    best = np.eye(m)[scores.argmax(1)]
    if not np.array_equal(best, chosen):
        expect.differs(
            got,
            -(reward - baseline)[:, None] * (best - a) / n,
            "You took the likeliest key for the one that was drawn. The reward belongs to the draw.",
        )
    expect.close(got, wanted, "The gradient of ln a of the drawn key is its one-hot vector minus a.")
    large = expect.array(answer(1e3 * scores, drawn, reward, baseline), (n, m))
    expect.true(np.isfinite(large).all(), "Large scores overflow: subtract each row's maximum before the exponential.")


@policy.mistake("sign is turned round")
def ascent(scores, drawn, reward, baseline):
    return -policy_gradient(scores, drawn, reward, baseline)


@policy.mistake("sum over the queries")
def summed(scores, drawn, reward, baseline):
    return len(scores) * policy_gradient(scores, drawn, reward, baseline)


@policy.mistake("Only the drawn key's score")
def only_the_drawn(scores, drawn, reward, baseline):
    return -(reward - baseline)[:, None] * np.eye(scores.shape[1])[drawn] / len(scores)


@policy.mistake("with respect to the *weights*")
def of_the_weights(scores, drawn, reward, baseline):
    return -(reward - baseline)[:, None] * np.eye(scores.shape[1])[drawn] / softmax(scores) / len(scores)


@policy.mistake("baseline is not used")
def without_baseline(scores, drawn, reward, baseline):
    return policy_gradient(scores, drawn, reward, 0.0)


@policy.mistake("0 everywhere")
def of_the_argmax(scores, drawn, reward, baseline):
    return np.zeros_like(scores)


@policy.mistake("Large scores overflow")
def overflowing(scores, drawn, reward, baseline):
    with np.errstate(all="ignore"):
        a = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    return -(reward - baseline)[:, None] * (np.eye(scores.shape[1])[drawn] - a) / len(scores)
