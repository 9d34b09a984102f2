"""Exercise `ranking.pairs`: which pairs a pairwise learner may compare."""

import numpy as np

from mmcourse.exercises import Exercise, case

pairs = Exercise(
    "ranking.pairs",
    kind="implement",
    title="Which pairs?",
    returns="a row and a column for each row of the problem",
    otherwise="True belongs where both rows are of one query and row i has the higher grade, and nowhere else.",
    minutes=7,
    difficulty=1,
    importance=3,
    task=(
        "Write `compared(grades, queries)`. Row `i` of a ranking problem has the grade `grades[i]` and belongs to the "
        "query `queries[i]`, both `(n,)` integers, the rows of a query in any places. Return `(n, n)` booleans: True "
        "at `[i, j]` where a pairwise learner learns that row `i` shall stand **above** row `j`. From two equal grades "
        "it learns nothing."
    ),
    hints=(
        "Two things must hold of a pair. What does a picture's grade for one query say about a picture of another?",
        "Compare a column with a row: `grades[:, None] > grades` for the grades, `queries[:, None] == queries` for the "
        "queries, and both with `&`.",
    ),
    plan=(
        "Compare each grade with each: rows down, columns across.",
        "Compare each query with each in the same way.",
        "Keep the pairs of which both comparisons hold.",
    ),
)


@pairs.solved_by
def compared(grades, queries):
    """Integers (n,), integers (n,) -> bool (n, n)."""
    better = grades[:, None] > grades  # (n, n): row i better than column j
    return better & (queries[:, None] == queries)


def _rows(rng, *grades, shuffled=True):
    """Grades and queries of all rows, given the grades of each query."""
    names = int(rng.integers(1, 40)) + rng.permutation(len(grades))
    queries = np.repeat(names, [len(one) for one in grades])
    together = np.concatenate(grades)
    order = rng.permutation(len(queries)) if shuffled else np.arange(len(queries))
    return together[order], queries[order]


@pairs.cases
def _(rng):
    # Each query of more than two rows has two equal grades, two that are far apart, and a best one that is not first.
    yield case(*_rows(rng, [0, 2, 2, 5], [1, 1, 4], shuffled=False))
    yield case(*_rows(rng, [1, 3, 0, 1, 6], shuffled=False))
    yield case(*_rows(rng, [4], [2, 0, 3], [1, 2], shuffled=False))
    apart = np.array([[1, 0, 3, 0, 7, 1, 2], [8, 5, 8, 5, 5, 8, 5]])
    yield case(*apart, when="where the rows of a query do not stand together")
    mixed = _rows(rng, [0, 1, 1, 3], [2, 0, 2, 5], [1, 1, 2, 0])
    yield case(*mixed, when="where the rows of a query do not stand together")
    grades, queries = _rows(rng, [3, 0, 1, 1], [0, 2, 4], shuffled=False)
    yield case(grades, queries - queries[0], when="where a query has the number 0")
    yield case(*_rows(rng, [2, 2, 2], [0, 1], shuffled=False), when="where all grades of a query are equal")
    yield case(*_rows(rng, [int(rng.integers(1, 4))]), when="where there is one row only")

    yield case(*_rows(rng, [-2, -1, -4, 1, -1], [0, -3, 2], shuffled=False), when="where grades are below 0")


@pairs.oracle
def _(grades, queries):
    n = len(grades)
    return np.array([[bool(queries[i] == queries[j] and grades[i] > grades[j]) for j in range(n)] for i in range(n)])
