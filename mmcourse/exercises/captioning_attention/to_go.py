"""Exercise `captioning_attention.to_go`: what each draw of a caption is paid for."""

import numpy as np

from mmcourse.exercises import Exercise, case

to_go = Exercise(
    "captioning_attention.to_go",
    kind="implement",
    title="Paid for what follows",
    returns="a number for each word of each caption",
    otherwise=(
        "Asked for is, for each real word, minus the sum of loss + baseline over this word and the real words after "
        "it; 0 for padding."
    ),
    task=(
        "A captioner drew a region before each word. `loss` `(b, L)` is the cross-entropy of each word in nats, "
        "`expected` `(b, L)` the log-probability that was expected of each word whatever is drawn, and `real` bool "
        "`(b, L)` says which words are real; a caption's padding stands at its end, and whatever `loss` and "
        "`expected` hold there counts for nothing. Write `worth(loss, expected, real)`: `(b, L)`, for each draw the "
        "log-probability of all words from its own on, **less the one expected of the same words**; 0 for padding."
    ),
    hints=(
        "Which words can the draw before the last word still change? And that before the first? What is the "
        "log-probability of a word whose loss is 2 nats?",
        "A word with loss c and baseline b adds -c - b. Set padding to 0 first; then sum from the back: turn the rows "
        "round, `cumsum(axis=1)`, and turn them back.",
    ),
    plan=(
        "For each word, take its log-probability less what was expected of it.",
        "Set padding to 0.",
        "Add up from each word to the end of its caption.",
    ),
    minutes=10,
    difficulty=2,
    importance=3,
)


@to_go.solved_by
def worth(loss, expected, real):
    """Losses, baselines and which words are real, each (b, L) -> (b, L)."""
    each = np.where(real, -loss - expected, 0.0)
    return each[:, ::-1].cumsum(axis=1)[:, ::-1]


def _sample(rng, counts, length):
    real = np.arange(length) < np.array(counts)[:, None]
    return rng.gamma(2.0, 1.0, real.shape), -rng.gamma(3.0, 0.7, real.shape), real


@to_go.cases
def _(rng):
    for counts, length in (((4, 2, 6), 6), ((3, 5), 7), ((1, 2, 4, 3), 4), ((5, 3, 2, 4, 1), 5)):
        yield case(*_sample(rng, counts, length))
    yield case(*_sample(rng, (4, 4, 4), 4), when="where no caption is padded")
    yield case(*_sample(rng, (3, 0, 2), 4), when="where a caption is all padding")
    yield case(*_sample(rng, (1, 1), 1), when="where captions have one word")
    loss, expected, real = _sample(rng, (3, 2), 5)
    loss[~real], expected[~real] = np.inf, np.nan
    yield case(loss, expected, real, when="where padding holds no numbers, but inf and NaN")
    loss, expected, real = _sample(rng, (4, 3), 4)
    yield case(loss, np.zeros_like(loss), real, when="where the baseline is 0")
    loss, expected, real = _sample(rng, (3, 4), 5)
    yield case(loss, np.where(real, -loss, 0), real, when="where every word came as expected")


@to_go.oracle
def _(loss, expected, real):
    rows = []
    for losses, hopes, there in zip(loss.tolist(), expected.tolist(), real.tolist(), strict=True):
        row = []
        for t in range(len(losses)):
            after = [k for k in range(t, len(losses)) if there[k]]
            row.append(sum(-losses[k] for k in after) - sum(hopes[k] for k in after))
        rows.append(row)
    return np.array(rows, "float64")
