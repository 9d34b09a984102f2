"""Exercise `contrastive.hardest`: the hardest negative that is none."""

import numpy as np

from mmcourse.exercises import Exercise, expect

hardest = Exercise(
    "contrastive.hardest",
    kind="find the bug",
    title="The hardest negative is a friend",
    task=(
        "`hardest_negatives(similarity, identity)` returns, for each row, the place of the most similar column that "
        "does **not** show the same, or -1 where every column does. `similarity` `(n, n)` holds cosines, and "
        "`identity` `(n,)` a number for what each pair shows. With it, rows whose picture has a copy go on costing "
        "about the margin, although the space looks perfect. Put it right."
    ),
    hints=(
        "Print the identities of a row and of its hardest negative. What about two captions of one picture?",
        "Columns whose identity equals the row's must never win: set their similarity to minus infinity. Zero is not "
        "enough, for cosines may be negative. A row that is then all minus infinity gets -1.",
    ),
)


@hardest.solved_by
def hardest_negatives(similarity, identity):
    """Cosines (n, n) and identities (n,) -> places of the negatives (n,)."""
    same = identity[:, None] == identity[None, :]
    others = np.where(same, -np.inf, similarity)
    return np.where(same.all(axis=1), -1, others.argmax(axis=1))


@hardest.given
def _given(similarity, identity):
    """Cosines (n, n) and identities (n,) -> places of the negatives (n,)."""
    others = similarity.copy()
    np.fill_diagonal(others, 0)
    return others.argmax(axis=1)


def _places(similarity, identity):
    found = []
    for i, row in enumerate(similarity):
        best = -1
        for j, value in enumerate(row):
            if identity[j] != identity[i] and (best < 0 or value > row[best]):
                best = j
        found.append(best)
    return np.array(found)


@hardest.check
def _(answer, rng):
    n = 9
    identity = rng.permutation(np.array([0, 0, 0, 1, 1, 2, 3, 4, 5]))
    same = identity[:, None] == identity
    s = np.full((n, n), -1.0)
    while not np.where(same, -1, s).max(1).min() > 0:  # the case without a positive cosine comes later, by itself
        s = np.where(same, rng.uniform(0.8, 1, (n, n)), rng.uniform(-0.5, 0.7, (n, n)))
    cold = np.where(same, rng.uniform(0.8, 1, (n, n)), rng.uniform(-0.9, -0.1, (n, n)))
    wanted = _places(s, identity)
    why = "a place for each row"
    got = expect.array(expect.pure(answer, s, identity), (n,), why, "integer")
    expect.within(got, -1, n - 1, "places in a row")
    alone = s.copy()
    np.fill_diagonal(alone, -np.inf)
    expect.true(
        not (got == np.arange(n)).any(),
        "A row chose itself. Its own partner is no negative.",
    )
    expect.true(
        not same[np.arange(n), got].any() or (got < 0).any(),
        "Some rows chose a column of their own identity: another caption of the same picture. Being at another place "
        "does not make it a negative.",
    )
    expect.true(
        not np.array_equal(got, np.where(same, np.inf, s).argmin(1)),
        "These are the *easiest* negatives. The hardest one is the most similar.",
    )
    expect.true(
        not np.array_equal(got, _places(s.T, identity)),
        "For each *column* the hardest row: the maximum must run along the last axis.",
    )
    expect.equal(got.astype(int), wanted, "The most similar column of another identity.")
    got = expect.array(answer(cold, identity), (n,), why, "integer")
    expect.within(got, -1, n - 1, "places in a row")
    expect.true(
        not same[np.arange(n), got].any(),
        "Where all negatives have negative cosines, a column of the row's own identity wins. Zero is larger than "
        "those: use minus infinity.",
    )
    expect.equal(got.astype(int), _places(cold, identity), "The most similar column, where all cosines are negative.")
    got = expect.array(answer(s[:3, :3], np.array([7, 7, 7])), (3,), why, "integer")
    expect.true(
        (got == -1).all(),
        "All three pairs show the same, so there is no negative at all: the answer is -1 in each row.",
    )


@hardest.mistake("Being at another place")
def only_the_diagonal(similarity, identity):
    others = similarity.copy()
    np.fill_diagonal(others, -np.inf)
    return others.argmax(axis=1)


@hardest.mistake("Zero is larger than")
def zero_for_friends(similarity, identity):
    same = identity[:, None] == identity
    return np.where(same.all(1), -1, np.where(same, 0, similarity).argmax(1))


@hardest.mistake("*easiest* negatives")
def easiest(similarity, identity):
    same = identity[:, None] == identity
    return np.where(same, np.inf, similarity).argmin(1)


@hardest.mistake("A row chose itself")
def itself(similarity, identity):
    return similarity.argmax(1)


@hardest.mistake("For each *column*")
def along_columns(similarity, identity):
    return hardest_negatives(similarity.T, identity)


@hardest.mistake("no negative at all")
def never_none(similarity, identity):
    same = identity[:, None] == identity
    return np.where(same, -np.inf, similarity).argmax(1)
