"""What goes wrong in `captioning_attention.to_go`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.captioning_attention.to_go import to_go, worth


def _each(loss, expected, real):
    """What each word adds, 0 for padding."""
    return np.where(real, -loss - expected, 0.0)


def _from_the_back(each):
    return each[:, ::-1].cumsum(axis=1)[:, ::-1]


def _plant(message, **functions):
    for name, function in functions.items():
        function.__name__ = name
        to_go.mistake(message)(function)


_plant(
    "Every draw is paid for the whole caption. The words before it do not hang on it: they add nothing but noise.",
    whole=lambda loss, expected, real: np.where(real, _each(loss, expected, real).sum(1, keepdims=True), 0.0),
    whole_at_padding=lambda loss, expected, real: (
        _each(loss, expected, real).sum(1, keepdims=True) + np.zeros(loss.shape)
    ),
)
_plant(
    "Each draw is paid for the words *up to* its own. It can change its own word and those after it.",
    so_far=lambda loss, expected, real: np.where(real, _each(loss, expected, real).cumsum(1), 0.0),
    so_far_at_padding=lambda loss, expected, real: _each(loss, expected, real).cumsum(1),
)
_plant(
    "Each draw is paid for its own word alone. What it saw goes into the state, so later words hang on it as well.",
    own_word=_each,
)
_plant(
    "The sums begin one word late: the word that a draw was made for is paid for, too.",
    one_late=lambda loss, expected, real: _from_the_back(_each(loss, expected, real)) - _each(loss, expected, real),
)
_plant(
    "The sums begin one word early: the word before a draw was written without it.",
    one_early=lambda loss, expected, real: (
        _from_the_back(_each(loss, expected, real))
        + np.where(real, np.pad(_each(loss, expected, real), ((0, 0), (1, 0)))[:, :-1], 0.0)
    ),
)
_plant(
    "Padding counts in your sums. Set it to 0 before you add up.",
    padding_counts=lambda loss, expected, real: _from_the_back(-loss - expected),
    padding_cut_late=lambda loss, expected, real: np.where(real, _from_the_back(-loss - expected), 0.0),
)
_plant(
    "Padding is multiplied by 0. Where it holds inf or NaN that gives NaN: choose with `np.where`.",
    times_mask=lambda loss, expected, real: _from_the_back((-loss - expected) * real),
)
_plant(
    "Padding counts with 0 in place of its loss, but keeps its baseline, or the other way round. Leave out both.",
    baseline_of_padding=lambda loss, expected, real: _from_the_back(np.where(real, -loss, 0.0) - expected),
    loss_of_padding=lambda loss, expected, real: _from_the_back(-loss - np.where(real, expected, 0.0)),
)
_plant(
    "The sign is turned round: a caption that came out likelier than expected must get more than 0.",
    turned_round=lambda loss, expected, real: -worth(loss, expected, real),
)
_plant(
    "`expected` is a log-probability and `loss` is minus one: you subtracted the one from the other as if both had the "
    "same sign. Make the loss a log-probability first.",
    signs_mixed=lambda loss, expected, real: _from_the_back(np.where(real, expected - loss, 0.0)),
    signs_mixed_turned=lambda loss, expected, real: _from_the_back(np.where(real, loss - expected, 0.0)),
)
_plant(
    "The baseline is not used: subtract what was expected of the same words.",
    no_baseline=lambda loss, expected, real: _from_the_back(np.where(real, -loss, 0.0)),
)
_plant(
    "You took the baseline of one word from the sum of many. Subtract what was expected of *all* the words from the "
    "draw's own on.",
    own_baseline=lambda loss, expected, real: np.where(
        real, _from_the_back(np.where(real, -loss, 0.0)) - expected, 0.0
    ),
    own_baseline_everywhere=lambda loss, expected, real: (
        _from_the_back(np.where(real, -loss, 0.0)) - np.where(real, expected, 0.0)
    ),
)
_plant(
    "You subtracted what was expected of the whole caption. Subtract that of the words from the draw's own on.",
    whole_baseline=lambda loss, expected, real: np.where(
        real,
        _from_the_back(np.where(real, -loss, 0.0)) - np.where(real, expected, 0.0).sum(1, keepdims=True),
        0.0,
    ),
)
_plant(
    "You took the mean of the words that follow. Draws are paid with their sum.",
    mean_of_rest=lambda loss, expected, real: (
        worth(loss, expected, real) / np.maximum(_from_the_back(real.astype(float)), 1)
    ),
)
_plant(
    "You divided by the number of words of the caption. The sum stays as it is.",
    by_words=lambda loss, expected, real: worth(loss, expected, real) / np.maximum(real.sum(1, keepdims=True), 1),
)
_plant(
    "You divided by L, padding among it. The sum stays as it is.",
    by_length=lambda loss, expected, real: worth(loss, expected, real) / real.shape[1],
)
_plant(
    "You added up over the captions of the batch. Each caption has draws of its own: the words run along axis 1.",
    over_batch=lambda loss, expected, real: _each(loss, expected, real)[::-1].cumsum(axis=0)[::-1],
)
_plant(
    "The rows were turned round to add up from the back, and not turned back.",
    not_turned_back=lambda loss, expected, real: _each(loss, expected, real)[:, ::-1].cumsum(axis=1),
)
_plant(
    "You return one number for each caption. Each draw has a reward of its own: shape (b, L).",
    one_a_caption=lambda loss, expected, real: _each(loss, expected, real).sum(1),
)
_plant(
    "You return one number. Each draw has a reward of its own: shape (b, L).",
    one_number=lambda loss, expected, real: _each(loss, expected, real).sum(),
)
_plant(
    "You took the exponential: this is a ratio of probabilities. Draws are paid in log-probabilities.",
    ratios=lambda loss, expected, real: np.where(real, np.exp(worth(loss, expected, real)), 0.0),
)
_plant(
    "Later words count less in your sums. All words from the draw's own on count alike.",
    discounted=lambda loss, expected, real: np.stack(
        [
            (_each(loss, expected, real)[:, t:] * 0.9 ** np.arange(real.shape[1] - t)).sum(1)
            for t in range(real.shape[1])
        ],
        axis=1,
    ),
)
_plant(
    "Draws that did worse than expected get 0. They must be made less likely: keep what is below 0.",
    clipped=lambda loss, expected, real: np.maximum(worth(loss, expected, real), 0),
)
_plant(
    "The results are divided by their standard deviation, or centred once more. Only the given baseline is subtracted.",
    centred=lambda loss, expected, real: np.where(
        real, worth(loss, expected, real) - worth(loss, expected, real)[real].mean(), 0.0
    ),
    standardised=lambda loss, expected, real: (
        worth(loss, expected, real) / (worth(loss, expected, real)[real].std() + 1e-8)
    ),
)
