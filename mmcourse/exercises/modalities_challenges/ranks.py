"""Exercise `modalities_challenges.ranks`: a retrieval score that a constant reaches."""

import numpy as np

from mmcourse.exercises import Exercise, expect

ranks = Exercise(
    "modalities_challenges.ranks",
    kind="find the bug",
    title="The bridge that never looks",
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
        "then among them, so nothing is added.",
    ),
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


def _similar(queries, answers):
    q = queries / np.linalg.norm(queries, axis=1, keepdims=True)
    return q @ (answers / np.linalg.norm(answers, axis=1, keepdims=True)).T


def _from(similar):
    return (similar >= np.diag(similar)[:, None] - 1e-9).sum(axis=1)


@ranks.check
def _(answer, rng):
    n, d = 14, 6

    def by_hand(q, a):
        places = []
        for i in range(n):
            cosines = [q[i] @ v / np.sqrt((q[i] @ q[i]) * (v @ v)) for v in a]
            places.append(sum(c >= cosines[i] - 1e-9 for c in cosines))
        return np.array(places)

    other = [by_hand(np.ones((n, d)), np.ones((n, d)))]
    wanted = other[0]
    while any(np.array_equal(wanted, o) for o in other):
        q = rng.normal(size=(n, d))
        a = (q + rng.normal(size=(n, d))) * rng.uniform(0.2, 5, size=(n, 1))
        wanted, turned, raw = by_hand(q, a), by_hand(a, q), _from(q @ a.T)
        upside_down = np.argsort(np.argsort(-_similar(q, a), 1), 1).argmin(1)
        other = [np.ones(n), turned, raw, upside_down, _from(-_similar(q, a))]
    got = expect.array(expect.pure(answer, q, a), (n,), "one rank for each query")
    expect.differs(got, np.ones(n), "All ranks are 1: each query meets its own answer only. Every query meets all.")
    expect.true(
        got.min() >= 1,
        "The best rank is 1, not 0: the right answer itself is counted.",
    )
    expect.differs(got, wanted + 1, "Every rank is one too high: with `>=` the right answer counts itself already.")
    expect.differs(
        got,
        raw,
        "Long vectors win: this is the dot product, not the cosine. Divide every row by its length.",
    )
    expect.differs(
        got,
        turned,
        "You counted along the wrong axis: each *answer* ranks the queries. Each query must rank the answers.",
    )
    expect.equal(got.astype(int), wanted, "Without ties, the rank is the number of answers at least as similar.")
    same = np.tile(rng.normal(size=d), (n, 1))
    tied = expect.array(answer(q, same), (n,))
    expect.differs(tied, np.ones(n), "A bridge that maps all to one point still gets rank 1 for every query.")
    expect.differs(
        tied,
        np.arange(1, n + 1),
        "Ties are broken by the order of the rows, so that the rank depends on where an answer happens to stand.",
    )
    expect.close(tied, n, "Where all answers are equal, the right one has the last rank, n. Ties count against it.")


@ranks.mistake("meets its own answer only")
def paired(queries, answers):
    own = (queries * answers).sum(1)
    return (own >= own - 1e-9).astype(int)


@ranks.mistake("The best rank is 1")
def from_zero(queries, answers):
    return rank_pairs(queries, answers) - 1


@ranks.mistake("one too high")
def counts_itself_twice(queries, answers):
    return rank_pairs(queries, answers) + 1


@ranks.mistake("Long vectors win")
def dot_product(queries, answers):
    return _from(queries @ answers.T)


@ranks.mistake("along the wrong axis")
def wrong_axis(queries, answers):
    return _from(_similar(queries, answers).T)


@ranks.mistake("order of the rows")
def by_sorting(queries, answers):
    order = np.argsort(-_similar(queries, answers).round(9), axis=1, kind="stable")
    return 1 + (order == np.arange(len(queries))[:, None]).argmax(1)
