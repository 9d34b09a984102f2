"""Exercise `contrastive.hardest`: the hardest negative that is none."""

import numpy as np

from mmcourse.exercises import Exercise, case

hardest = Exercise(
    "contrastive.hardest",
    kind="find the bug",
    title="The hardest negative is a friend",
    returns="a place for each row",
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
    farthest = np.where(_same(identity), 1.0, -1.0)
    yield case(farthest, identity, when="where friends have the cosine 1 and all negatives -1")
    close = _cosines(rng, identity, -0.4, 0.3)
    close[0, [1, 3]] = close[1, [0, 5]] = close[3, [0, 4]] = [0.6112, 0.6141]  # the second one is the more similar
    yield case(close, identity, when="where two negatives are nearly equally similar")
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


def _same(identity):
    return identity[:, None] == identity


def _or_none(places, identity):
    """The places, and -1 in rows without a negative."""
    return np.where(_same(identity).all(axis=1), -1, places)


@hardest.mistake(
    "The diagonal cannot win, but a row may choose a column of its own identity: another caption of the same picture. "
    "Being at another place does not make it a negative."
)
def only_the_diagonal(similarity, identity):
    others = similarity.copy()
    np.fill_diagonal(others, -np.inf)
    return others.argmax(axis=1)


@hardest.mistake(
    "A row may still choose a column of its own identity: another caption of the same picture. And 0 on the diagonal "
    "wins where all cosines are negative."
)
def as_given(similarity, identity):
    return np.where(np.eye(len(identity), dtype=bool), 0, similarity).argmax(axis=1)


ZERO = (
    "Where all negatives have negative cosines, a column of the row's own identity wins. Zero is larger than those: "
    "use minus infinity."
)


@hardest.mistake(ZERO)
def zero_for_friends(similarity, identity):
    return _or_none(np.where(_same(identity), 0, similarity).argmax(1), identity)


@hardest.mistake(f"{ZERO} And a row without a negative gets -1.")
def zero_and_never_none(similarity, identity):
    return np.where(_same(identity), 0, similarity).argmax(1)


@hardest.mistake(
    "Friends get -1, which a negative may have as well: then a friend that comes first wins. Use minus infinity."
)
def minus_one_for_friends(similarity, identity):
    return _or_none(np.where(_same(identity), -1, similarity).argmax(1), identity)


@hardest.mistake("These are the *easiest* negatives. The hardest one is the most similar.")
def easiest(similarity, identity):
    return np.where(_same(identity), np.inf, similarity).argmin(1)


@hardest.mistake("These are the *least* similar negatives. The hardest one is the most similar.")
def easiest_or_none(similarity, identity):
    return _or_none(np.where(_same(identity), np.inf, similarity).argmin(1), identity)


@hardest.mistake("You take the smallest of rows in which friends are minus infinity: these are the friends.")
def argmin_of_masked(similarity, identity):
    return _or_none(np.where(_same(identity), -np.inf, similarity).argmin(1), identity)


@hardest.mistake(
    "A row chose itself, or another column of its own identity. These are no negatives: leave out what shows the same."
)
def itself(similarity, identity):
    return similarity.argmax(1)


@hardest.mistake("The mask is the wrong way round: these are the most similar columns that show the *same*.")
def hardest_positive(similarity, identity):
    return np.where(_same(identity), similarity, -np.inf).argmax(1)


@hardest.mistake(
    "You left out what is more similar to a row than its own partner. Just such a negative is the hardest of all."
)
def semi_hard(similarity, identity):
    out = _same(identity) | (similarity > np.diag(similarity)[:, None])
    return np.where(out.all(1), -1, np.where(out, -np.inf, similarity).argmax(1))


@hardest.mistake("You take the second most similar column of all. Several columns may show the same as the row.")
def second_best(similarity, identity):
    order = np.argsort(-similarity, axis=1, kind="stable")
    return order[:, min(1, len(identity) - 1)]


@hardest.mistake("For each *column* the hardest row: the maximum must run along the last axis.")
def along_columns(similarity, identity):
    return hardest_negatives(similarity.T, identity)


@hardest.mistake("A row without a negative gets the place 0 here: all of it is minus infinity. The answer is -1.")
def never_none(similarity, identity):
    return np.where(_same(identity), -np.inf, similarity).argmax(1)


@hardest.mistake(
    "Of several that are equally similar you take the last (or, with `argsort`, any). Asked for is the first."
)
def last_of_equals(similarity, identity):
    others = np.where(_same(identity), -np.inf, similarity)[:, ::-1]
    return _or_none(len(identity) - 1 - others.argmax(1), identity)


@hardest.mistake("You took absolute values: a cosine of -0.9 is far away, not close.")
def absolute(similarity, identity):
    return hardest_negatives(np.abs(similarity), identity)


@hardest.mistake(
    "You return the similarities of the hardest negatives. Asked for are their places: `argmax`, not `max`."
)
def values(similarity, identity):
    return np.where(_same(identity), -np.inf, similarity).max(1)


@hardest.mistake("You return the identities of the hardest negatives. Asked for are their places in the row.")
def identities(similarity, identity):
    places = hardest_negatives(similarity, identity)
    return np.where(places < 0, -1, identity[places])


@hardest.mistake("These are places among the negatives alone. Asked for are places in the whole row.")
def places_in_the_rest(similarity, identity):
    rests = [row[identity != own] for row, own in zip(similarity, identity, strict=True)]
    return np.array([rest.argmax() if rest.size else -1 for rest in rests])


@hardest.mistake("The places begin at 1. The first column has the place 0.")
def from_one(similarity, identity):
    places = hardest_negatives(similarity, identity)
    return np.where(places < 0, places, places + 1)


@hardest.mistake("You return one place for the whole batch. Asked for is one for each row: along axis 1.")
def one_for_all(similarity, identity):
    return np.where(_same(identity), -np.inf, similarity).argmax()


@hardest.mistake(
    "Columns with an identity of *which several* exist are left out everywhere. Leave them out in their own rows."
)
def without_copies(similarity, identity):
    alone = (_same(identity).sum(0) == 1) & ~_same(identity)
    return np.where(alone.any(1), np.where(alone, similarity, -np.inf).argmax(1), -1)


@hardest.mistake(
    "A row without any similarity above 0 gets -1 here. -1 is for rows in which every column shows the same."
)
def none_below_zero(similarity, identity):
    others = np.where(_same(identity), -np.inf, similarity)
    return np.where(others.max(1) <= 0, -1, others.argmax(1))


@hardest.mistake("Every row that has a copy gets -1 here. -1 is for rows in which *every* column shows the same.")
def none_with_a_copy(similarity, identity):
    places = hardest_negatives(similarity, identity)
    return np.where(_same(identity).sum(1) > 1, -1, places)


@hardest.mistake(
    "1 is taken away from the friends. That is not enough: a negative may have a lower cosine. Use minus infinity."
)
def less_one(similarity, identity):
    return _or_none((similarity - _same(identity)).argmax(1), identity)


@hardest.mistake(
    "2 is taken away from the friends. Where their cosine is 1 and a negative has -1, both are equal, and the friend "
    "may come first. Use minus infinity."
)
def less_two(similarity, identity):
    return _or_none((similarity - 2 * _same(identity)).argmax(1), identity)


@hardest.mistake("The cosines are rounded to two digits: then a negative that is nearly as similar may win.")
def rounded(similarity, identity):
    return hardest_negatives(np.round(similarity, 2), identity)


@hardest.mistake("You take out what shows the same as the *first* row. Each row has an identity of its own.")
def of_the_first_row(similarity, identity):
    out = np.eye(len(identity), dtype=bool) | (identity == identity[0])
    return _or_none(np.where(out, -np.inf, similarity).argmax(1), identity)


@hardest.mistake(
    "Of several that are equally similar you take the last (or, with `argsort`, any). Asked for is the first."
)
def end_of_argsort(similarity, identity):
    others = np.where(_same(identity), -np.inf, similarity)
    return _or_none(np.argsort(others, axis=1)[:, -1], identity)


@hardest.mistake("You take out what shows the same as the *first* row as well. Each row has an identity of its own.")
def of_the_first_row_too(similarity, identity):
    out = _same(identity) | (identity == identity[0])
    return _or_none(np.where(out, -np.inf, similarity).argmax(1), identity)


@hardest.mistake(
    "You return -1 where no negative is closer than the row's own partner. The hardest one is asked for anyway."
)
def only_violations(similarity, identity):
    places = hardest_negatives(similarity, identity)
    closer = similarity[np.arange(len(places)), places] >= np.diag(similarity)
    return np.where(closer, places, -1)


@hardest.mistake(
    "You return the first place of the negative's identity. Asked for is the place of the negative itself."
)
def first_of_its_identity(similarity, identity):
    places = hardest_negatives(similarity, identity)
    return np.where(places < 0, -1, _same(identity)[places].argmax(axis=1))


@hardest.mistake("What you put in the place of friends is not low enough: a negative may have the cosine -1. Use -inf.")
def nearly_minus_one(similarity, identity):
    return _or_none(np.where(_same(identity), -0.99, similarity).argmax(1), identity)


@hardest.mistake(
    "You take for the same what is at least as similar as the row's own partner. `identity` says what shows the same."
)
def same_by_similarity(similarity, identity):
    out = similarity >= np.diag(similarity)[:, None]
    return np.where(out.all(1), -1, np.where(out, -np.inf, similarity).argmax(1))


@hardest.mistake("You made the table symmetric first. A row asks for its own cosines only.")
def symmetric(similarity, identity):
    return hardest_negatives((similarity + similarity.T) / 2, identity)
