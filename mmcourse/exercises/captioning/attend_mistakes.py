"""What goes wrong in `captioning.attend`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.captioning.attend import attend, attend_regions
from mmcourse.exercises.numeric import softmax


def _scores(state, regions, W, U, v):
    return np.tanh((state @ W)[:, None] + regions @ U) @ v


def _with(weights, regions):
    """Context and weights."""
    return np.einsum("bm,bmd->bd", weights, regions), weights


@attend.mistake(
    "The captions of the batch compete with each other: for each region the weights sum to one over the batch. Each "
    "softmax must run over the regions of one picture."
)
def over_the_batch(state, regions, W, U, v):
    return _with(softmax(_scores(state, regions, W, U, v), axis=0), regions)


@attend.mistake(
    "The weights sum to one, but a caption's weights change when its neighbours leave the batch: captions still "
    "compete with each other. Each softmax must run over the regions of one picture."
)
def renormalised(state, regions, W, U, v):
    weights = softmax(_scores(state, regions, W, U, v), axis=0)
    return _with(weights / weights.sum(axis=1, keepdims=True), regions)


@attend.mistake(
    "You divide by the sum over the regions, but still subtract maxima over the batch: each region loses another "
    "amount, which changes the weights. Take the maximum over the regions, too."
)
def maximum_over_batch(state, regions, W, U, v):
    scores = _scores(state, regions, W, U, v)
    return _with(softmax(scores - scores.max(axis=0)), regions)


@attend.mistake("You subtract the maximum over the regions, but still divide by the sum over the batch.")
def sum_over_batch(state, regions, W, U, v):
    scores = _scores(state, regions, W, U, v)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return _with(e / e.sum(axis=0), regions)


@attend.mistake(
    "All weights of the batch together sum to one. Each caption's own weights must, over the regions of its picture."
)
def over_everything(state, regions, W, U, v):
    scores = _scores(state, regions, W, U, v)
    e = np.exp(scores - scores.max())
    return _with(e / e.sum(), regions)


@attend.mistake("A caption's weights do not sum to one over the regions: you never divide by the sum.")
def never_divided(state, regions, W, U, v):
    return _with(np.exp(_scores(state, regions, W, U, v)), regions)


@attend.mistake("A caption's weights do not sum to one over the regions: you subtract the maximum, but never divide.")
def never_divided_below_one(state, regions, W, U, v):
    scores = _scores(state, regions, W, U, v)
    return _with(np.exp(scores - scores.max(axis=1, keepdims=True)), regions)


@attend.mistake("The exponential is missing: you divide the scores themselves by their sum.")
def no_exponential(state, regions, W, U, v):
    scores = _scores(state, regions, W, U, v)
    return _with(scores / scores.sum(axis=1, keepdims=True), regions)


@attend.mistake("These weights are the bare scores. Their softmax over the regions is missing.")
def bare_scores(state, regions, W, U, v):
    return _with(_scores(state, regions, W, U, v), regions)


@attend.mistake("The softmax is applied twice, which makes the weights nearly equal.")
def softmax_twice(state, regions, W, U, v):
    return _with(softmax(softmax(_scores(state, regions, W, U, v))), regions)


@attend.mistake(
    "Right, but for large scores: their exponentials overflow. Subtract the largest score of each picture first."
)
def overflows(state, regions, W, U, v):
    e = np.exp(_scores(state, regions, W, U, v))
    return _with(e / e.sum(axis=1, keepdims=True), regions)


@attend.mistake(
    "You subtract the largest score of the whole batch: where a picture's scores are far below it, all exponentials "
    "become 0. Each picture has a maximum of its own."
)
def one_maximum(state, regions, W, U, v):
    scores = _scores(state, regions, W, U, v)
    e = np.exp(scores - scores.max())
    return _with(e / e.sum(axis=1, keepdims=True), regions)


@attend.mistake("The signs of the scores are reversed: the least fitting regions get the largest weights.")
def reversed_scores(state, regions, W, U, v):
    return _with(softmax(-_scores(state, regions, W, U, v)), regions)


@attend.mistake("All weight lies on the best region. Soft attention takes the softmax, not the maximum.")
def hard(state, regions, W, U, v):
    scores = _scores(state, regions, W, U, v)
    return _with(np.eye(scores.shape[1])[scores.argmax(axis=1)], regions)


@attend.mistake(
    "You divide the scores by the root of their size. That belongs to dot products: nothing is scaled here."
)
def scaled(state, regions, W, U, v):
    return _with(softmax(_scores(state, regions, W, U, v) / np.sqrt(len(v))), regions)


@attend.mistake(
    "Another decoder state gives the same weights: you put the mean of the regions in its place. The decoder asks "
    "where to look, at every step."
)
def state_of_encoder(state, regions, W, U, v):
    return _with(softmax(np.tanh((regions.mean(1) @ U)[:, None] + regions @ U) @ v), regions)


@attend.mistake(
    "The state does not change these weights. Either it is missing in the scores, or it is added outside the tanh: "
    "there it adds the same number to all of a picture's scores, and the softmax cancels it."
)
def without_state(state, regions, W, U, v):
    return _with(softmax(np.tanh(regions @ U) @ v), regions)


@attend.mistake("Every caption asks with the first one's state. Each has a row of its own.")
def first_state(state, regions, W, U, v):
    return attend_regions(np.repeat(state[:1], len(state), axis=0), regions, W, U, v)


@attend.mistake("You subtract the projected regions from the projected state. In the task the two are added.")
def subtracted(state, regions, W, U, v):
    return attend_regions(state, regions, W, -U, v)


@attend.mistake("The regions do not enter the scores, so all of them weigh the same.")
def without_regions(state, regions, W, U, v):
    return _with(np.full(regions.shape[:2], 1 / regions.shape[1]), regions)


@attend.mistake(
    "The tanh is missing. Without it the state adds the same number to all of a picture's scores, and the softmax "
    "cancels it."
)
def without_tanh(state, regions, W, U, v):
    return _with(softmax(((state @ W)[:, None] + regions @ U) @ v), regions)


@attend.mistake("You cut off what is below zero (ReLU). The function in this attention is the tanh.")
def relu(state, regions, W, U, v):
    return _with(softmax(np.maximum((state @ W)[:, None] + regions @ U, 0) @ v), regions)


@attend.mistake("You took the sigmoid. The function in this attention is the tanh.")
def sigmoid(state, regions, W, U, v):
    return _with(softmax(1 / (1 + np.exp(-(state @ W)[:, None] - regions @ U)) @ v), regions)


@attend.mistake("The tanh comes too late: it is taken of the sum before `v`, not of the finished score.")
def tanh_of_score(state, regions, W, U, v):
    return _with(softmax(np.tanh(((state @ W)[:, None] + regions @ U) @ v)), regions)


@attend.mistake("These weights come from a dot product of state and region. Here the two are added, below the tanh.")
def tanh_of_state_only(state, regions, W, U, v):
    return _with(softmax(np.einsum("ba,bma->bm", np.tanh(state @ W), regions @ U)), regions)


@attend.mistake("The context is the plain mean of the regions: use the weights.")
def context_without_weights(state, regions, W, U, v):
    return regions.mean(1), attend_regions(state, regions, W, U, v)[1]


@attend.mistake("The context sums up the pictures of the whole batch. Each caption sees its own picture alone.")
def context_of_all(state, regions, W, U, v):
    weights = attend_regions(state, regions, W, U, v)[1]
    return np.einsum("bm,cmd->bd", weights, regions), weights


@attend.mistake("The context is divided by the number of regions once more. The weights sum to one: add up.")
def context_mean(state, regions, W, U, v):
    weights = attend_regions(state, regions, W, U, v)[1]
    return (weights[..., None] * regions).mean(1), weights


@attend.mistake("The context holds all weighted regions. Add them up, over the regions.")
def context_not_summed(state, regions, W, U, v):
    weights = attend_regions(state, regions, W, U, v)[1]
    return weights[..., None] * regions, weights


@attend.mistake(
    "The context is made of projected regions, `regions @ U`. It is the weighted mean of the regions themselves."
)
def projected_regions(state, regions, W, U, v):
    weights = attend_regions(state, regions, W, U, v)[1]
    return np.einsum("bm,bma->ba", weights, regions @ U), weights


@attend.mistake("The context is right. But the weights that you return are the scores, before the softmax.")
def scores_returned(state, regions, W, U, v):
    return attend_regions(state, regions, W, U, v)[0], _scores(state, regions, W, U, v)


@attend.mistake(said="in another order")
def parts_exchanged(state, regions, W, U, v):
    return attend_regions(state, regions, W, U, v)[::-1]


@attend.mistake("Each weight is the sigmoid of its own score. A softmax makes them compete: they sum to one.")
def sigmoids(state, regions, W, U, v):
    with np.errstate(over="ignore"):
        return _with(1 / (1 + np.exp(-_scores(state, regions, W, U, v))), regions)


@attend.mistake("You divide the exponentials by the root of the sum of their squares. Divide by their sum.")
def unit_length(state, regions, W, U, v):
    scores = _scores(state, regions, W, U, v)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return _with(e / np.linalg.norm(e, axis=1, keepdims=True), regions)


@attend.mistake("The context of every caption is made of the first picture's regions. Each has a picture of its own.")
def first_picture(state, regions, W, U, v):
    weights = softmax(_scores(state, regions, W, U, v))
    return weights @ regions[0], weights


@attend.mistake("State and region are multiplied. Add them, inside the tanh.")
def product(state, regions, W, U, v):
    return _with(softmax(np.tanh((state @ W)[:, None] * (regions @ U)) @ v), regions)


@attend.mistake("The weights that you return are their logarithms. The context is made of the weights themselves.")
def logarithms(state, regions, W, U, v):
    scores = _scores(state, regions, W, U, v)
    scores = scores - scores.max(axis=1, keepdims=True)
    return _with(softmax(scores), regions)[0], scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))


@attend.mistake("The weights of all captions are added up before they meet the regions. Each caption weighs its own.")
def weights_added_up(state, regions, W, U, v):
    weights = attend_regions(state, regions, W, U, v)[1]
    return np.einsum("bm,cmd->cd", weights, regions), weights


@attend.mistake("The scores are divided by the largest, or by its size. Subtract the largest: that cancels.")
def divided_by_largest(state, regions, W, U, v):
    scores = _scores(state, regions, W, U, v)
    return _with(softmax(scores / scores.max(axis=1, keepdims=True)), regions)


@attend.mistake("The scores are divided by the largest, or by its size. Subtract the largest: that cancels.")
def divided_by_largest_size(state, regions, W, U, v):
    scores = _scores(state, regions, W, U, v)
    return _with(softmax(scores / np.abs(scores).max(axis=1, keepdims=True)), regions)


@attend.mistake(
    "The weights that you return are right. But the context was made with others, those of a softmax over the batch."
)
def context_over_the_batch(state, regions, W, U, v):
    wrong = softmax(_scores(state, regions, W, U, v), axis=0)
    return _with(wrong, regions)[0], attend_regions(state, regions, W, U, v)[1]


@attend.mistake("The context is right. But the weights that you return are others, those of a softmax over the batch.")
def weights_over_the_batch(state, regions, W, U, v):
    wrong = softmax(_scores(state, regions, W, U, v), axis=0)
    return attend_regions(state, regions, W, U, v)[0], wrong


def _cut_off(most, only_above):
    """Plants scores that are cut off."""

    def wrong(state, regions, W, U, v):
        scores = _scores(state, regions, W, U, v)
        return _with(softmax(np.clip(scores, None if only_above else -most, most)), regions)

    wrong.__name__ = f"cut_off_at_{most}{'_above' * only_above}"
    attend.mistake(
        "Right, but for large scores: they are cut off. Subtract the largest score of each picture instead."
    )(wrong)


for _most in (20, 30, 50, 80, 88, 100, 500, 700, 709):
    _cut_off(_most, only_above=False)
    _cut_off(_most, only_above=True)


def _less(name, of):
    """Plants a softmax from whose scores something else than the maximum is taken."""

    def wrong(state, regions, W, U, v):
        scores = _scores(state, regions, W, U, v)
        e = np.exp(scores - of(scores, axis=1, keepdims=True))
        return _with(e / e.sum(axis=1, keepdims=True), regions)

    wrong.__name__ = f"less_{name}"
    attend.mistake(
        "Right, but for large scores: their exponentials overflow, as you do not subtract the *largest* score of each "
        "picture."
    )(wrong)


_less("smallest", np.min)
_less("mean", np.mean)


def _divided(name, by):
    """Plants scores that are divided by a number that a batch has."""

    def wrong(state, regions, W, U, v):
        return _with(softmax(_scores(state, regions, W, U, v) / by(state, regions)), regions)

    wrong.__name__ = f"divided_by_{name}"
    attend.mistake("The scores are divided by a number before the softmax, or by its root. They stay as they are.")(
        wrong
    )


for _name, _by in {
    "regions": lambda state, regions: regions.shape[1],
    "batch": lambda state, regions: len(state),
    "size_of_region": lambda state, regions: regions.shape[2],
    "size_of_state": lambda state, regions: state.shape[1],
}.items():
    _divided(_name, _by)
    _divided(f"root_of_{_name}", lambda state, regions, by=_by: by(state, regions) ** 0.5)


@attend.mistake(
    "After the softmax over the regions the weights are divided by their sum over the batch. That is once too often: "
    "they sum to one over the regions already."
)
def divided_over_batch_again(state, regions, W, U, v):
    weights = softmax(_scores(state, regions, W, U, v))
    return _with(weights / weights.sum(axis=0), regions)


@attend.mistake("The plain mean of the regions is added to the context. It is the weighted mean alone.")
def plain_mean_added(state, regions, W, U, v):
    context, weights = attend_regions(state, regions, W, U, v)
    return context + regions.mean(1), weights


@attend.mistake("The weights that you return are right. But the context is the *sum* of the regions: use the weights.")
def context_sum(state, regions, W, U, v):
    return regions.sum(1), attend_regions(state, regions, W, U, v)[1]


@attend.mistake("There is a softmax over the features below `v`, where the tanh is, or after it. Only regions compete.")
def softmax_of_features(state, regions, W, U, v):
    inside = np.tanh((state @ W)[:, None] + regions @ U)
    return _with(softmax(softmax(inside) @ v), regions)


@attend.mistake("There is a softmax over the features below `v`, where the tanh is, or after it. Only regions compete.")
def softmax_for_tanh(state, regions, W, U, v):
    return _with(softmax(softmax((state @ W)[:, None] + regions @ U) @ v), regions)


@attend.mistake("`v` is not used: the tanh is added up over its features. It is multiplied by `v`.")
def without_v(state, regions, W, U, v):
    return _with(softmax(np.tanh((state @ W)[:, None] + regions @ U).sum(-1)), regions)


@attend.mistake("`v` is not used: the tanh is averaged over its features. It is multiplied by `v`.")
def averaged_without_v(state, regions, W, U, v):
    return _with(softmax(np.tanh((state @ W)[:, None] + regions @ U).mean(-1)), regions)


@attend.mistake("The softmax comes before `v`. It is taken of the finished scores, `tanh(…) @ v`.")
def softmax_before_v(state, regions, W, U, v):
    return _with(softmax(np.tanh((state @ W)[:, None] + regions @ U), axis=1) @ v, regions)


@attend.mistake(
    "The maximum is each picture's own, but the sum is that of the whole batch. Divide by the picture's sum."
)
def sum_of_everything(state, regions, W, U, v):
    scores = _scores(state, regions, W, U, v)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return _with(e / e.sum(), regions)


@attend.mistake("The weights are right. But the context is the largest of the weighted regions: add them up.")
def context_largest(state, regions, W, U, v):
    weights = attend_regions(state, regions, W, U, v)[1]
    return (weights[..., None] * regions).max(1), weights


@attend.mistake("The weights are rounded. Round nothing.")
def rounded(state, regions, W, U, v):
    return _with(np.round(attend_regions(state, regions, W, U, v)[1], 2), regions)


@attend.mistake("The weights are rounded. Round nothing.")
def rounded_to_three(state, regions, W, U, v):
    return _with(np.round(attend_regions(state, regions, W, U, v)[1], 3), regions)
