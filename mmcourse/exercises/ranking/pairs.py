"""Exercise `ranking.pairs`: which pairs a pairwise learner may compare."""

import numpy as np

from mmcourse.exercises import Exercise, expect

pairs = Exercise(
    "ranking.pairs",
    kind="implement",
    title="Which pairs?",
    task=(
        "Write `compared(grades, queries)`. Row `i` of a ranking problem has the grade `grades[i]` and belongs to the "
        "query `queries[i]`, both `(n,)` integers, the rows of a query in any places. Return `(n, n)` booleans: True "
        "at `[i, j]` where a pairwise learner learns that row `i` shall stand **above** row `j`."
    ),
    hints=(
        "Two things must hold of a pair. What does a picture's grade for one query say about a picture of another?",
        "Compare a column with a row: `grades[:, None] > grades` for the grades, `queries[:, None] == queries` for the "
        "queries, and both with `&`.",
    ),
)


@pairs.solved_by
def compared(grades, queries):
    """Integers (n,), integers (n,) -> bool (n, n)."""
    better = grades[:, None] > grades  # (n, n): row i better than column j
    return better & (queries[:, None] == queries)


@pairs.check
def _(answer, rng):
    # Three queries whose rows lie mixed, each with two equal grades: whatever the order, each mistake shows.
    queries = np.repeat(rng.permutation(9)[:3], 4)
    grades = np.concatenate(
        [rng.permutation([0, 1, 1, 3]), rng.permutation([0, 2, 2, 3]), rng.permutation([1, 1, 2, 0])]
    )
    order = rng.permutation(12)
    queries, grades = queries[order], grades[order]
    n = len(grades)
    wanted = np.zeros((n, n), bool)
    for i in range(n):  # the oracle, pair by pair
        for j in range(n):
            wanted[i, j] = queries[i] == queries[j] and grades[i] > grades[j]
    got = expect.array(expect.pure(answer, grades, queries), (n, n), "a row and a column for each row", "bool")
    same, better = queries[:, None] == queries, grades[:, None] > grades
    for value, message in (
        (better, "Rows of different queries are compared. A picture that is good for one query says nothing here about "
                 "a picture that is bad for another."),
        (same & ~better.T, "Pairs of equal grades are in it, and each row with itself: there is no order to learn."),
        (same & (better | better.T), "Both directions are True: then nobody learns which of the two is better."),
        (wanted.T, "This is upside down: True belongs where row i is the *better* one."),
        (same, "All pairs of a query are True. Which of the two is better?"),
        (same & (grades[:, None] == grades + 1), "Only pairs that are one grade apart. A 3 stands above a 0 as well."),
    ):  # fmt: skip
        expect.true(not np.array_equal(got, value), message)
    expect.equal(got, wanted, "True where both rows are of one query and row i has the higher grade.")


@pairs.mistake("Rows of different queries")
def across_queries(grades, queries):
    return grades[:, None] > grades


@pairs.mistake("Pairs of equal grades")
def ties(grades, queries):
    return (grades[:, None] >= grades) & (queries[:, None] == queries)


@pairs.mistake("Both directions")
def both(grades, queries):
    return (grades[:, None] != grades) & (queries[:, None] == queries)


@pairs.mistake("upside down")
def turned(grades, queries):
    return (grades[:, None] < grades) & (queries[:, None] == queries)


@pairs.mistake("All pairs of a query")
def all_of_a_query(grades, queries):
    return queries[:, None] == queries


@pairs.mistake("one grade apart")
def next_grade(grades, queries):
    return (grades[:, None] == grades + 1) & (queries[:, None] == queries)


@pairs.mistake("True and False")
def numbers(grades, queries):
    return np.sign(grades[:, None] - grades) * (queries[:, None] == queries)
