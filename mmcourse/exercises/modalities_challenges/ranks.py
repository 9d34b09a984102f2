"""Exercise `modalities_challenges.ranks`: a retrieval score that a constant reaches."""

import numpy as np

from mmcourse.exercises import Exercise, case

ranks = Exercise(
    "modalities_challenges.ranks",
    kind="find the bug",
    title="The bridge that never looks",
    returns="one rank for each query",
    otherwise=(
        "This is not, for each query, how many of all answers have at least the cosine that its own answer has."
    ),
    task=(
        "`rank_pairs(queries, answers)` should give, for every query, the place of its own answer (row i belongs to "
        "row i) among **all** answers by cosine: 1 is the best. It gives the learned bridge fair ranks. But map all "
        "pictures to one and the same point, and it reports rank 1 for every query! Put it right: answers that are "
        "exactly as similar as the right one count **against** it."
    ),
    hints=(
        "With all answers equal, all similarities of a query are equal. How many of them are *greater* than the right "
        "one's? And which rank follows?",
        "Pessimistic ranks count the answers that are at least as similar: `>=` in place of `>`. The right answer is "
        "then among them, so nothing is added. Take its cosine from the same table: computed anew, it may differ in "
        "the last digit.",
    ),
    plan=(
        "Compute every query's cosine with every answer.",
        "Find each query's cosine with its own answer.",
        "Count, in each row, the cosines that are at least as large.",
    ),
    minutes=8,
    difficulty=2,
    importance=2,
)


@ranks.solved_by
def rank_pairs(queries, answers):
    """Queries (n, d), answers (n, d) -> ranks (n,), ties pessimistic."""
    q = queries / np.linalg.norm(queries, axis=1, keepdims=True)
    a = answers / np.linalg.norm(answers, axis=1, keepdims=True)
    similar = q @ a.T  # (n, n)
    right = np.diag(similar)[:, None]
    return (similar >= right - 1e-9).sum(axis=1)  # equal up to rounding


@ranks.given
def _given(queries, answers):
    """Queries (n, d), answers (n, d) -> ranks (n,), ties pessimistic."""
    q = queries / np.linalg.norm(queries, axis=1, keepdims=True)
    a = answers / np.linalg.norm(answers, axis=1, keepdims=True)
    similar = q @ a.T  # (n, n)
    right = np.diag(similar)[:, None]
    return 1 + (similar > right + 1e-9).sum(axis=1)


def similarities(queries, answers):
    q = queries / np.linalg.norm(queries, axis=1, keepdims=True)
    return q @ (answers / np.linalg.norm(answers, axis=1, keepdims=True)).T


def _pairs(rng, n, d, noise=1.5):
    """Answers that resemble their queries, of other lengths. No two cosines that are compared are nearly equal: those
    that are equal by intention are made exactly so elsewhere."""
    while True:
        queries = rng.normal(size=(n, d)) * rng.uniform(0.3, 4, size=(n, 1))
        answers = (queries + noise * rng.normal(size=(n, d))) * rng.uniform(0.2, 5, size=(n, 1))
        similar = similarities(queries, answers)
        gaps = np.abs(similar - np.diag(similar)[:, None])[~np.eye(n, dtype=bool)]
        if n == 1 or gaps.min() > 1e-4:
            return queries, answers


def _exact(rng, n):
    """Vectors of four numbers with lengths 1, 2, 4 …: their cosines are exact, so equal ones are exactly equal."""
    kinds = np.array(
        [[1, 1, 1, 1], [1, -1, 1, 1], [2, 0, 0, 0], [0, 0, -2, 0], [-1, 1, 1, -1], [0, 2, 0, 0]], "float64"
    )
    return kinds[rng.integers(len(kinds), size=n)] * 2.0 ** rng.integers(-1, 3, size=(n, 1))


TIES = "where answers are exactly as similar as the right one"


@ranks.cases
def _(rng):
    for n, d in ((14, 6), (9, 3), (5, 8)):
        yield case(*_pairs(rng, n, d))
    queries, answers = _pairs(rng, 7, 4, 0.05)
    for row in range(0, 7, 2):  # every other pair points apart
        answers[row] = -answers[row]
    yield case(queries, answers, when="where some pairs point in opposite directions")
    queries, answers = _pairs(rng, 6, 3)
    queries[:2], answers[:2] = np.eye(3)[:2], [[2, 0.2, 0], [0.2, 2, 0]]
    answers[2], answers[3] = [1, 0.11, 0.0], [0.11, 3, 0.3]  # a little less similar to the first two queries
    queries[2:4] = answers[2:4]
    yield case(queries, answers, when="where another answer is nearly as similar as the right one, but less so")
    for n in (8, 11):
        point = np.tile(_exact(rng, 1), (n, 1))
        yield case(_exact(rng, n), point, when=TIES)
    queries = np.array([[2, 0, 0, 0], [1, 1, 1, 1], [0, 4, 0, 0], [1, -1, 1, 1], [0, 0, 0, 1]], "float64")
    answers = np.array([[3, 3, 3, 3], [1, 1, 1, 1], [1, 1, 1, 1], [4, 4, 4, 4], [0, 0, 0, 2]], "float64")
    answers[3:, 0] *= [1, -1]
    yield case(queries, answers, when=TIES)
    order = rng.permutation(12)
    queries, answers = _exact(rng, 12), _exact(rng, 12)
    queries[:3], answers[:3] = [1, 1, 1, 1], [[2, 0, 0, 0], [0, 1, 0, 0], [0, 0, 4, 0]]  # equal, of other lengths
    yield case(queries[order], answers[order], when=TIES)
    yield case(*_pairs(rng, 1, 5), when="with one pair only")


@ranks.oracle
def _(queries, answers):
    places = []
    for i, query in enumerate(queries.tolist()):
        cosines = []
        for answer in answers.tolist():
            lengths = (sum(v * v for v in query) * sum(v * v for v in answer)) ** 0.5
            cosines.append(sum(v * w for v, w in zip(query, answer, strict=True)) / lengths)
        places.append(sum(cosine >= cosines[i] - 1e-9 for cosine in cosines))
    return np.array(places)
