"""Exercise `contrastive.hardest`: the hardest negative that is none."""

import numpy as np

from mmcourse.exercises import Exercise, case

hardest = Exercise(
    "contrastive.hardest",
    kind="find the bug",
    title="The hardest negative is a friend",
    returns="a place for each row",
    otherwise=(
        "Asked for is, in each row, the first place of the largest similarity among the columns of another identity."
    ),
    minutes=10,
    difficulty=2,
    importance=2,
    plan=(
        "Find out which columns show the same as their row: more than the diagonal.",
        "Make sure that none of these can win, whatever the other cosines are.",
        "Take the most similar column of each row, and -1 where there is none.",
    ),
    task=(
        "`hardest_negatives(similarity, identity)` returns, for each row, the place of the most similar column that "
        "does **not** show the same (the first of several that are equally similar), or -1 where every column does. "
        "`similarity` `(n, n)` holds cosines, and `identity` `(n,)` a number for what each pair shows. With it, rows "
        "whose picture has a copy go on costing about the margin, although the space looks perfect. Put it right."
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


def _cosines(rng, identity, low=-0.5, high=0.7):
    """Cosines that differ in both directions. Friends are close; but the first row's hardest negative is closer to it
    than its own partner."""
    same = identity[:, None] == identity
    n = len(identity)
    cosines = np.where(same, rng.uniform(0.5, 1, (n, n)), rng.uniform(low, high, (n, n)))
    cosines[0, 0] = np.where(same[0], -1, cosines[0]).max() - 0.05
    return cosines


@hardest.cases
def _(rng):
    for identities in ((0, 0, 0, 1, 1, 2, 3, 4, 5), (40, -7, -7, 12, 40, 40), (2, 2, 3, 3, 5)):
        identity = rng.permutation(np.array(identities))
        yield case(_cosines(rng, identity), identity)
    identity = rng.permutation(7)
    yield case(_cosines(rng, identity), identity, when="where all pairs show different things")
    identity = np.array([1, 4, 1, 0, 4, 2])
    yield case(_cosines(rng, identity, -0.9, -0.1), identity, when="where all negatives have negative cosines")
    opposite = np.where(identity[:, None] == identity, 0.75, -1.0)
    yield case(opposite, identity, when="where all negatives have the cosine -1")
    farthest = np.where(same_pairs(identity), 1.0, -1.0)
    yield case(farthest, identity, when="where friends have the cosine 1 and all negatives -1")
    close = _cosines(rng, identity, -0.4, 0.3)
    close[0, [1, 3]] = close[1, [0, 5]] = close[3, [0, 4]] = [0.6112, 0.6141]  # the second one is the more similar
    yield case(close, identity, when="where two negatives are nearly equally similar")
    double = _cosines(rng, identity)  # another identity, and yet the same vector
    double[[0, 2, 4], [1, 3, 5]] = 1.0, 0.995, 1.0
    yield case(double, identity, when="where a negative has the cosine 1, or nearly")
    identity = np.array([3, 1, 3, 1, 2, 0, 2])
    tied = np.where(identity[:, None] == identity, 0.875, rng.choice([-0.25, 0.0], (7, 7)))
    tied[0, [3, 5]] = tied[1, [2, 6]] = tied[4, [0, 1, 5]] = 0.5
    yield case(tied, identity, when="where several negatives are equally similar")
    identity = np.full(4, 7)
    yield case(_cosines(rng, identity), identity, when="where all pairs show the same")


@hardest.oracle
def _(similarity, identity):
    found = []
    for i, row in enumerate(similarity):
        best = -1
        for j, value in enumerate(row):
            if identity[j] != identity[i] and (best < 0 or value > row[best]):
                best = j
        found.append(best)
    return np.array(found)


def same_pairs(identity):
    return identity[:, None] == identity
