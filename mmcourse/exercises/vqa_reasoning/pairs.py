"""Exercise `vqa_reasoning.pairs`: a relation network over things of which some are not there."""

import numpy as np

from mmcourse.exercises import Exercise, case

pairs = Exercise(
    "vqa_reasoning.pairs",
    kind="implement",
    title="Every pair",
    returns="one vector for the scene",
    otherwise=(
        "Each pair of real things gives one vector, two layers with a ReLU behind each, and the result is the mean of "
        "these vectors: one of these is otherwise."
    ),
    task=(
        "Write `all_pairs(things, real, question, W, b, V, c)`, the relation network of the page for one scene. "
        "`things` `(m, d)` has a row for each thing, bool `real` `(m,)` says which of them are there (at least one "
        "is), `question` `(e,)` is the question. For each **ordered pair** of real things, a thing with itself "
        "included, put `[first; second; question]` through two layers, `W` `(2d + e, k)` with `b` `(k,)` and `V` "
        "`(k, n)` with `c` `(n,)`, each with a ReLU behind it. Return the **mean** over these pairs, `(n,)`. Rows that "
        "are not real may hold anything, `nan` too."
    ),
    hints=(
        "How many ordered pairs do two real things have? Take the real rows first, and nothing else can come in.",
        "With `o = things[real]`: `first = np.repeat(o, len(o), axis=0)` and `second = np.tile(o, (len(o), 1))` are "
        "the two sides of all pairs.",
    ),
    plan=(
        "Keep the real things only.",
        "Put each ordered pair, with the question behind it, through both layers.",
        "Take the mean over the pairs.",
    ),
    minutes=10,
    difficulty=2,
    importance=3,
)


@pairs.solved_by
def all_pairs(things, real, question, W, b, V, c):
    """Things (m, d), real (m,), question (e,), both layers -> the mean of all pairs (n,)."""
    o = things[real]
    first = np.repeat(o, len(o), axis=0)  # each thing, with ...
    second = np.tile(o, (len(o), 1))  # ... each thing
    asked = np.tile(question, (len(first), 1))
    x = np.concatenate([first, second, asked], axis=1)
    x = np.maximum(x @ W + b, 0)
    x = np.maximum(x @ V + c, 0)
    return x.mean(axis=0)


@pairs.cases
def _(rng):
    def inputs(m, d, e, k, n, gone):
        things, real = rng.normal(size=(m, d)), np.ones(m, bool)
        real[rng.permutation(m)[:gone]] = False
        W, V = rng.normal(size=(2 * d + e, k)) / np.sqrt(d), rng.normal(size=(k, n))
        return things, real, rng.normal(size=e), W, rng.normal(size=k), V, rng.normal(size=n)

    for sizes in ((5, 3, 4, 6, 7, 2), (4, 2, 3, 5, 4, 1), (6, 4, 2, 3, 5, 3), (4, 4, 4, 4, 4, 1)):
        yield case(*inputs(*sizes))
    yield case(*inputs(3, 4, 2, 5, 6, 0), when="where all things are real")
    yield case(*inputs(4, 3, 5, 6, 4, 3), when="with a single real thing")
    things, real, *rest = inputs(5, 2, 3, 4, 6, 2)
    things[~real] = np.nan
    yield case(things, real, *rest, when="where a row that is not real holds nan")


@pairs.oracle
def _(things, real, question, W, b, V, c):
    total, many = np.zeros(len(c)), 0
    (k, n), there = V.shape, np.flatnonzero(real)
    for i in there:
        for j in there:
            x = [*things[i], *things[j], *question]
            hidden = [max(sum(x[a] * W[a, u] for a in range(len(x))) + b[u], 0.0) for u in range(k)]
            total += [max(sum(hidden[u] * V[u, v] for u in range(k)) + c[v], 0.0) for v in range(n)]
            many += 1
    return total / many
