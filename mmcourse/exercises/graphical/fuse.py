"""Exercise `graphical.fuse`: naive Bayes fusion in logarithms, with modalities that are missing."""

import numpy as np

from mmcourse.exercises import Exercise, expect
from mmcourse.exercises.numeric import softmax

fuse = Exercise(
    "graphical.fuse",
    kind="find the bug",
    title="The more modalities, the more sceptical",
    task=(
        "`naive_bayes(prior, tables, seen)` fuses decisions. `prior` `(k,)` holds $p(\\text{label})$; `tables` is a "
        "list with one array `(k, values)` for each modality, in row `i` its decisions' probabilities given label `i`; "
        "`seen` `(n, m)` holds the decisions of n items, −1 where a modality is missing. It returns `(n, k)`, rows "
        "that sum to one. Rare labels vanish as modalities are added, *even modalities that are never there*; and with "
        "a thousand modalities it returns NaN. Put it right."
    ),
    hints=(
        "Call it with nothing seen at all: every entry −1. What must come out, and what does? Then count how often "
        "the prior goes in.",
        "Three things: the prior belongs in once; `table[:, -1]` is the *last* value and not a missing one; and a "
        "product of a thousand probabilities is 0 in floating point: add logarithms, and subtract the row's maximum "
        "before `np.exp`.",
    ),
)


@fuse.solved_by
def naive_bayes(prior, tables, seen):
    """Decisions (n, m), −1 where missing -> p(label), (n, k)."""
    score = np.tile(np.log(prior), (len(seen), 1))  # the prior, once
    for column, table in zip(seen.T, tables, strict=True):
        there = column >= 0
        score[there] += np.log(table[:, column[there]]).T
    p = np.exp(score - score.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


@fuse.given
def _given(prior, tables, seen):
    """Decisions (n, m), −1 where missing -> p(label), (n, k)."""
    p = np.ones((len(seen), len(prior)))
    for column, table in zip(seen.T, tables, strict=True):
        p *= prior * table[:, column].T
    return p / p.sum(axis=1, keepdims=True)


def _scores(prior, tables, seen, priors=1, skip=True):
    score = np.tile(priors * np.log(prior), (len(seen), 1))
    for column, table in zip(seen.T, tables, strict=True):
        there = column >= 0 if skip else np.full(len(column), True)
        score[there] += np.log(table[:, column[there]]).T
    return score


@fuse.check
def _(answer, rng):
    k, sizes, n = 3, (2, 4, 3, 2), 11
    prior = np.array([0.1, 0.3, 0.6])
    tables = [rng.dirichlet(np.ones(size), k) for size in sizes]
    seen = np.stack([rng.integers(0, size, n) for size in sizes], axis=1)
    seen[rng.random(seen.shape) < 0.3] = -1
    seen[0], seen[1] = -1, [0, 1, 2, 0]
    wanted = np.zeros((n, k))
    for item in range(n):
        for i in range(k):
            wanted[item, i] = prior[i]
            for table, value in zip(tables, seen[item], strict=True):
                wanted[item, i] *= table[i, value] if value >= 0 else 1.0
        wanted[item] /= wanted[item].sum()
    got = expect.array(expect.pure(answer, prior, tables, seen), (n, k), "items, labels")
    expect.differs(
        got,
        softmax(_scores(prior, tables, seen, priors=len(sizes))),
        "What is missing is skipped now, but the prior still goes in once for each modality. It is one piece of "
        "evidence: once.",
    )
    there = (seen >= 0).sum(axis=1, keepdims=True)
    expect.differs(
        got,
        softmax(_scores(prior, tables, seen, priors=0) + there * np.log(prior)),
        "The prior goes in once for each modality *that is there*. It goes in once.",
    )
    expect.differs(
        got,
        softmax(_scores(prior, tables, seen, skip=False)),
        "The prior goes in once now, but `table[:, -1]` is the last value of the modality. A missing one is skipped.",
    )
    expect.differs(
        got,
        softmax(_scores(prior, tables, seen, priors=len(sizes), skip=False)),
        "With nothing seen this does not return the prior. How often does the prior go in, and what does index −1 do?",
    )
    expect.differs(
        got,
        softmax(_scores(prior, tables, seen, priors=0)),
        "The prior is gone. With nothing seen, the answer is the prior.",
    )
    expect.differs(got, softmax(_scores(prior, tables, seen), axis=0), "Rows must sum to one: normalise over labels.")
    expect.differs(
        got,
        _scores(prior, tables, seen),
        "These are logarithms of joint probabilities. Take the exponential, and divide each row by its sum.",
    )
    expect.close(got, wanted, "The prior once, times the table of every modality that is there, each row by its sum.")
    many = [np.array([[0.3, 0.7], [0.31, 0.69], [0.29, 0.71]])] * 1500
    got = expect.array(answer(prior, many, np.zeros((2, 1500), int)), (2, k))
    expect.true(
        np.isfinite(got).all(),
        "With 1,500 modalities you return NaN: the product of so many probabilities is 0 in floating point. Add "
        "logarithms.",
    )
    expect.close(got, softmax(_scores(prior, many, np.zeros((2, 1500), int))), "With 1,500 modalities it is wrong.")


@fuse.mistake("still goes in once for each modality")
def prior_each(prior, tables, seen):
    return softmax(_scores(prior, tables, seen, priors=len(tables)))


@fuse.mistake("*that is there*")
def prior_each_there(prior, tables, seen):
    there = (seen >= 0).sum(axis=1, keepdims=True)
    return softmax(_scores(prior, tables, seen, priors=0) + there * np.log(prior))


@fuse.mistake("last value of the modality")
def missing_is_last(prior, tables, seen):
    return softmax(_scores(prior, tables, seen, skip=False))


@fuse.mistake("The prior is gone")
def no_prior(prior, tables, seen):
    return softmax(_scores(prior, tables, seen, priors=0))


@fuse.mistake("normalise over labels")
def wrong_axis(prior, tables, seen):
    return softmax(_scores(prior, tables, seen), axis=0)


@fuse.mistake("logarithms of joint probabilities")
def logarithms(prior, tables, seen):
    return _scores(prior, tables, seen)


@fuse.mistake("Add logarithms")
def underflows(prior, tables, seen):
    p = np.tile(prior, (len(seen), 1))
    for column, table in zip(seen.T, tables, strict=True):
        there = column >= 0
        p[there] *= table[:, column[there]].T
    with np.errstate(invalid="ignore"):
        return p / p.sum(axis=1, keepdims=True)
