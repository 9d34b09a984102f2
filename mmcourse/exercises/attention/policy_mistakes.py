"""What goes wrong in `attention.policy`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.attention._inputs import plant, raw_softmax
from mmcourse.exercises.attention.policy import policy, policy_gradient
from mmcourse.exercises.numeric import softmax


def _like(factor=lambda r, b: -(r - b), rows=lambda one, a: one - a, over=len, axis=-1):
    """A function like the solution, but for the factor of a row (reward, baseline), what it multiplies (one-hot vectors
    and weights), the divisor, or the axis of the softmax."""

    def wrong(scores, drawn, reward, baseline, softmax=softmax):
        one_hot, a = np.eye(scores.shape[1])[drawn], softmax(scores, axis)
        return factor(reward, baseline)[:, None] * rows(one_hot, a) / over(scores)

    return wrong


def _drawn(one, a):
    """The weight of the drawn key (n, 1)."""
    return (one * a).sum(1, keepdims=True)


def _all_once(scores):
    return 1


plant(
    policy,
    "The sign is turned round: this is the gradient of the reward. The loss is minus it.",
    ascent=_like(lambda r, b: r - b),
)
plant(
    policy,
    "This is the sum over the queries. The loss is their mean: divide by n.",
    summed=_like(over=_all_once),
)
plant(
    policy,
    "The minus of the loss is missing, and its mean over the queries: this is the sum of (reward - baseline) times the "
    "gradient of ln a.",
    ascent_summed=_like(lambda r, b: r - b, over=_all_once),
)
plant(
    policy,
    "You divided by the number of keys. The mean runs over the queries: divide by n.",
    by_keys=_like(over=lambda scores: scores.shape[1]),
)
plant(
    policy,
    "You divided by the number of all scores. The mean runs over the queries: divide by n.",
    by_all=_like(over=np.size),
)
plant(
    policy,
    "Only the drawn key's score has a gradient here. A softmax shares: where one weight grows, all others shrink. "
    "Subtract the weights from the one-hot vector.",
    only_the_drawn=_like(rows=lambda one, a: one),
    only_its_entry=_like(rows=lambda one, a: one * (one - a)),
)
plant(
    policy,
    "The drawn key is missing: where its own score grows, ln a grows by 1 - a, not by -a.",
    draw_forgotten=_like(rows=lambda one, a: -a),
    draw_forgotten_ascent=_like(rows=lambda one, a: a),
)
plant(
    policy,
    "The one-hot vector and the weights are added. Subtract the weights from it.",
    added=_like(rows=lambda one, a: one + a),
)
plant(
    policy,
    "The draws of all queries are marked in every row. Each row has one drawn key: index rows and columns together.",
    all_draws=_like(rows=lambda one, a: one.max(0) - a),
)
plant(
    policy,
    "This is the gradient with respect to the *weights*. Asked for are the scores, before the softmax.",
    of_the_weights=_like(rows=lambda one, a: one / a),
)
plant(
    policy,
    "You differentiated a of the drawn key. The loss has its logarithm, ln a, whose gradient is not multiplied by a.",
    of_a=_like(rows=lambda one, a: _drawn(one, a) * (one - a)),
    slope_of_softmax=_like(rows=lambda one, a: one * a * (1 - a)),
)
plant(
    policy,
    "The rows are multiplied by the weights once more. The gradient of ln a of the drawn key is its one-hot vector "
    "minus a, and that is all.",
    times_a=_like(rows=lambda one, a: a * (one - a)),
)
plant(
    policy,
    "You divided by a of the drawn key. The softmax has cancelled it already: one-hot vector minus a is all.",
    divided_by_a=_like(rows=lambda one, a: (one - a) / _drawn(one, a)),
)
plant(
    policy,
    "The baseline is not used: subtract it from the reward.",
    without_baseline=_like(lambda r, b: -r),
    without_baseline_summed=_like(lambda r, b: -r, over=_all_once),
    without_baseline_ascent=_like(lambda r, b: r),
    without_baseline_ascent_summed=_like(lambda r, b: r, over=_all_once),
)
plant(
    policy,
    "The baseline is added to the reward. Subtract it.",
    baseline_added=_like(lambda r, b: -(r + b)),
)
plant(
    policy,
    "You subtracted the mean reward of these queries. The baseline is the number that is given.",
    mean_as_baseline=_like(lambda r, b: -(r - r.mean())),
)
plant(
    policy,
    "The reward is not used: this is the gradient of a cross-entropy, with each draw for the right answer.",
    cross_entropy=_like(lambda r, b: -np.ones_like(r)),
    cross_entropy_summed=_like(lambda r, b: -np.ones_like(r), over=_all_once),
    cross_entropy_ascent=_like(lambda r, b: np.ones_like(r)),
    cross_entropy_ascent_summed=_like(lambda r, b: np.ones_like(r), over=_all_once),
)
plant(
    policy,
    "A reward below the baseline must push the other way: you lost the sign of reward - baseline.",
    absolute=_like(lambda r, b: -np.abs(r - b)),
    squared=_like(lambda r, b: -((r - b) ** 2)),
)
plant(
    policy,
    "Rewards below the baseline count as 0 in your result. They must push the other way.",
    clipped=_like(lambda r, b: -np.maximum(r - b, 0)),
)
plant(
    policy,
    "You divided reward - baseline by the standard deviation of the rewards. The loss does not.",
    standardised=_like(lambda r, b: -(r - b) / r.std()),
    standardised_safely=_like(lambda r, b: -(r - b) / (r.std() + 1e-8)),
)
plant(
    policy,
    "All queries get the mean reward. Each has a reward of its own, for its own draw.",
    mean_reward=_like(lambda r, b: np.full(len(r), b - r.mean())),
)
plant(
    policy,
    "The gradient is 0 everywhere. So it is for an argmax; for a draw, differentiate ln a of what was drawn.",
    of_the_argmax=lambda scores, drawn, reward, baseline: np.zeros_like(scores),
)
plant(
    policy,
    "You took the likeliest key for the one that was drawn. The reward belongs to the draw.",
    likeliest=lambda scores, drawn, reward, baseline: policy_gradient(scores, scores.argmax(1), reward, baseline),
)
plant(
    policy,
    "You took the draws for numbers from 1 on. They count from 0.",
    counted_from_one=lambda scores, drawn, reward, baseline: policy_gradient(scores, drawn - 1, reward, baseline),
)
plant(
    policy,
    "Your softmax runs over the queries. The weights of one query sum to one over its keys.",
    over_queries=_like(axis=0),
)
plant(
    policy,
    "The weights of all queries together sum to one in your result. Those of each query must, over its keys.",
    over_all=_like(axis=None),
    by_sum_of_all=lambda scores, drawn, reward, baseline: _like()(
        scores, drawn, reward, baseline, lambda x, axis: _exponentials(x) / _exponentials(x).sum()
    ),
)
plant(
    policy,
    "You subtracted the scores themselves from the one-hot vector. Subtract their softmax, a.",
    without_softmax=lambda scores, drawn, reward, baseline: _like()(scores, drawn, reward, baseline, lambda x, axis: x),
)
plant(
    policy,
    "The exponentials are not divided by their sum.",
    no_sum=lambda scores, drawn, reward, baseline: _like()(
        scores, drawn, reward, baseline, lambda x, axis: _exponentials(x)
    ),
    no_sum_overflowing=lambda scores, drawn, reward, baseline: _like()(
        scores, drawn, reward, baseline, lambda x, axis: np.exp(x)
    ),
)
plant(
    policy,
    "`reward - baseline` has the shape `(n,)` and is multiplied along the keys. Give it a second axis: `[:, None]`.",
    along_the_keys=lambda scores, drawn, reward, baseline, softmax=softmax: (
        -(reward - baseline) * (np.eye(scores.shape[1])[drawn] - softmax(scores)) / len(scores)
    ),
)
plant(
    policy,
    "This is the loss itself. Asked for is its gradient, a number for each score.",
    the_loss=lambda scores, drawn, reward, baseline: _losses(scores, drawn, reward, baseline).mean(),
    the_losses=lambda scores, drawn, reward, baseline: _losses(scores, drawn, reward, baseline),
)
plant(
    policy,
    "Large scores overflow: subtract each row's maximum before the exponential.",
    overflowing=lambda scores, drawn, reward, baseline: _like()(scores, drawn, reward, baseline, raw_softmax),
)
plant(
    policy,
    "You subtract one maximum for all rows. The exponentials of a row far below it are all 0, and 0 / 0 is NaN: each "
    "row needs its own.",
    one_maximum=lambda scores, drawn, reward, baseline: _like()(
        scores, drawn, reward, baseline, lambda x, axis: raw_softmax(x - x.max())
    ),
)


def _exponentials(scores):
    return np.exp(scores - scores.max(1, keepdims=True))


def _losses(scores, drawn, reward, baseline):
    return -(reward - baseline) * np.log(softmax(scores)[np.arange(len(scores)), drawn])


plant(
    policy,
    "You subtracted the mean reward of these queries as well. The baseline that is given is the only one.",
    two_baselines=_like(lambda r, b: -(r - r.mean() - b)),
)


plant(
    policy,
    "Only the first query has a gradient. All are drawn for, and each has its own.",
    first_query=lambda scores, drawn, reward, baseline: (
        policy_gradient(scores, drawn, reward, baseline) * (np.arange(len(scores)) == 0)[:, None]
    ),
)
plant(
    policy,
    "The baseline is subtracted only where the weights are. Both the one-hot vector and the weights are multiplied by "
    "reward - baseline.",
    baseline_on_weights=lambda scores, drawn, reward, baseline: (
        -(reward[:, None] * np.eye(scores.shape[1])[drawn] - baseline * softmax(scores)) / len(scores)
    ),
)
plant(
    policy,
    "The scores are divided by a root before the softmax. They have their scale already: `a` is the softmax of the "
    "scores as they are.",
    scaled=lambda scores, drawn, reward, baseline, softmax=softmax: _like()(
        scores, drawn, reward, baseline, lambda x, axis: softmax(x / np.sqrt(x.shape[1]))
    ),
    scaled_by_queries=lambda scores, drawn, reward, baseline, softmax=softmax: _like()(
        scores, drawn, reward, baseline, lambda x, axis: softmax(x / np.sqrt(len(x)))
    ),
)
plant(
    policy,
    "You added up the rows. Each query has scores of its own, so the gradient has a row for each: shape (n, m).",
    rows_added_up=lambda scores, drawn, reward, baseline, softmax=softmax: _like()(
        scores, drawn, reward, baseline, softmax
    ).sum(0),
    rows_added_up_without_mean=lambda scores, drawn, reward, baseline, softmax=softmax: _like(over=_all_once)(
        scores, drawn, reward, baseline, softmax
    ).sum(0),
)


plant(
    policy,
    "The baseline stands outside of the product, or was added in the end. It is taken from the reward, before that is "
    "multiplied.",
    baseline_outside=lambda scores, drawn, reward, baseline, softmax=softmax: (
        _like(lambda r, b: -r)(scores, drawn, reward, baseline, softmax) + baseline / len(scores)
    ),
    baseline_subtracted_last=lambda scores, drawn, reward, baseline, softmax=softmax: (
        _like(lambda r, b: -r)(scores, drawn, reward, baseline, softmax) - baseline
    ),
    baseline_added_last=lambda scores, drawn, reward, baseline, softmax=softmax: (
        _like(lambda r, b: -r)(scores, drawn, reward, baseline, softmax) + baseline
    ),
)
plant(
    policy,
    "The baseline is multiplied by the mean reward, or by the reward. It is subtracted as it is.",
    baseline_times_mean=_like(lambda r, b: -(r - b * r.mean())),
    baseline_times_reward=_like(lambda r, b: -(r - b * r)),
    reward_times_baseline=_like(lambda r, b: -r * b),
)
plant(
    policy,
    "Every row has the weights of the first query. Each query has a softmax of its own.",
    first_weights=_like(rows=lambda one, a: one - a[:1]),
    mean_weights=_like(rows=lambda one, a: one - a.mean(0)),
)
plant(
    policy,
    "You subtracted ln a from the one-hot vector. Subtract a itself.",
    log_softmax=_like(rows=lambda one, a: one - np.log(a)),
    log_softmax_and_little=_like(rows=lambda one, a: one - np.log(a + 1e-300)),
    log_softmax_and_less_little=_like(rows=lambda one, a: one - np.log(a + 1e-12)),
)
plant(
    policy,
    "You divided by n - 1. The mean over the queries divides by n.",
    by_one_less=_like(over=lambda scores: max(len(scores) - 1, 1)),
)
plant(
    policy,
    "Only the one-hot vector is multiplied by the reward, the weights are not. Both are multiplied by reward - "
    "baseline.",
    reward_for_one=lambda scores, drawn, reward, baseline, softmax=softmax: (
        -((reward - baseline)[:, None] * np.eye(scores.shape[1])[drawn] - softmax(scores)) / len(scores)
    ),
    raw_reward_for_one=lambda scores, drawn, reward, baseline, softmax=softmax: (
        -(reward[:, None] * np.eye(scores.shape[1])[drawn] - softmax(scores)) / len(scores)
    ),
)
plant(
    policy,
    "Every row is multiplied by the reward of the first query, less the baseline. Each has a reward of its own.",
    first_reward=_like(lambda r, b: np.full(len(r), b - r[0])),
)


plant(
    policy,
    "Only the weights are multiplied by reward - baseline, and 1 is subtracted at the draw. Both are multiplied.",
    one_subtracted_last=lambda scores, drawn, reward, baseline, softmax=softmax: (
        ((reward - baseline)[:, None] * softmax(scores) - np.eye(scores.shape[1])[drawn]) / len(scores)
    ),
)
plant(
    policy,
    "The result is doubled. The gradient of ln a has no factor.",
    doubled=_like(lambda r, b: -2 * (r - b)),
)


plant(
    policy,
    "Scores are cut off before the exponential. That changes the weights wherever two keys lie beyond: subtract each "
    "row's maximum.",
    **{
        f"cut_off_at_{most}{end}": lambda scores, drawn, reward, baseline, most=most, least=least: policy_gradient(
            np.clip(scores, least, most), drawn, reward, baseline
        )
        for most in (20, 30, 50, 80, 88, 100, 500, 700, 709)
        for end, least in {"": -most, "_above": None}.items()
    },
)
