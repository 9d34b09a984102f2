"""What goes wrong in `contrastive.hardest`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.contrastive.hardest import hardest, hardest_negatives, same_pairs


def _or_none(places, identity):
    """The places, and -1 in rows without a negative."""
    return np.where(same_pairs(identity).all(axis=1), -1, places)


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
    return _or_none(np.where(same_pairs(identity), 0, similarity).argmax(1), identity)


@hardest.mistake(f"{ZERO} And a row without a negative gets -1.")
def zero_and_never_none(similarity, identity):
    return np.where(same_pairs(identity), 0, similarity).argmax(1)


@hardest.mistake(
    "What you put in the place of friends is no lower than the lowest negative: where that has the same value, a "
    "friend that comes first wins. Use minus infinity."
)
def minus_one_for_friends(similarity, identity):
    return _or_none(np.where(same_pairs(identity), -1, similarity).argmax(1), identity)


@hardest.mistake("These are the *easiest* negatives. The hardest one is the most similar.")
def easiest(similarity, identity):
    return np.where(same_pairs(identity), np.inf, similarity).argmin(1)


@hardest.mistake("These are the *least* similar negatives. The hardest one is the most similar.")
def easiest_or_none(similarity, identity):
    return _or_none(np.where(same_pairs(identity), np.inf, similarity).argmin(1), identity)


@hardest.mistake("You take the smallest of rows in which friends are minus infinity: these are the friends.")
def argmin_of_masked(similarity, identity):
    return _or_none(np.where(same_pairs(identity), -np.inf, similarity).argmin(1), identity)


@hardest.mistake(
    "A row chose itself, or another column of its own identity. These are no negatives: leave out what shows the same."
)
def itself(similarity, identity):
    return similarity.argmax(1)


@hardest.mistake("The mask is the wrong way round: these are the most similar columns that show the *same*.")
def hardest_positive(similarity, identity):
    return np.where(same_pairs(identity), similarity, -np.inf).argmax(1)


@hardest.mistake(
    "You left out what is more similar to a row than its own partner. Just such a negative is the hardest of all."
)
def semi_hard(similarity, identity):
    out = same_pairs(identity) | (similarity > np.diag(similarity)[:, None])
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
    return np.where(same_pairs(identity), -np.inf, similarity).argmax(1)


@hardest.mistake(
    "Of several that are equally similar you take the last (or, with `argsort`, any). Asked for is the first."
)
def last_of_equals(similarity, identity):
    others = np.where(same_pairs(identity), -np.inf, similarity)[:, ::-1]
    return _or_none(len(identity) - 1 - others.argmax(1), identity)


@hardest.mistake("You took absolute values: a cosine of -0.9 is far away, not close.")
def absolute(similarity, identity):
    return hardest_negatives(np.abs(similarity), identity)


@hardest.mistake(
    "You return the similarities of the hardest negatives. Asked for are their places: `argmax`, not `max`."
)
def values(similarity, identity):
    return np.where(same_pairs(identity), -np.inf, similarity).max(1)


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
    return np.where(same_pairs(identity), -np.inf, similarity).argmax()


@hardest.mistake(
    "Columns with an identity of *which several* exist are left out everywhere. Leave them out in their own rows."
)
def without_copies(similarity, identity):
    alone = (same_pairs(identity).sum(0) == 1) & ~same_pairs(identity)
    return np.where(alone.any(1), np.where(alone, similarity, -np.inf).argmax(1), -1)


@hardest.mistake(
    "A row without any similarity above 0 gets -1 here. -1 is for rows in which every column shows the same."
)
def none_below_zero(similarity, identity):
    others = np.where(same_pairs(identity), -np.inf, similarity)
    return np.where(others.max(1) <= 0, -1, others.argmax(1))


@hardest.mistake("Every row that has a copy gets -1 here. -1 is for rows in which *every* column shows the same.")
def none_with_a_copy(similarity, identity):
    places = hardest_negatives(similarity, identity)
    return np.where(same_pairs(identity).sum(1) > 1, -1, places)


@hardest.mistake(
    "1 is taken away from the friends. That is not enough: a negative may have a lower cosine. Use minus infinity."
)
def less_one(similarity, identity):
    return _or_none((similarity - same_pairs(identity)).argmax(1), identity)


@hardest.mistake(
    "2 is taken away from the friends. Where their cosine is 1 and a negative has -1, both are equal, and the friend "
    "may come first. Use minus infinity."
)
def less_two(similarity, identity):
    return _or_none((similarity - 2 * same_pairs(identity)).argmax(1), identity)


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
    others = np.where(same_pairs(identity), -np.inf, similarity)
    return _or_none(np.argsort(others, axis=1)[:, -1], identity)


@hardest.mistake("You take out what shows the same as the *first* row as well. Each row has an identity of its own.")
def of_the_first_row_too(similarity, identity):
    out = same_pairs(identity) | (identity == identity[0])
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
    return np.where(places < 0, -1, same_pairs(identity)[places].argmax(axis=1))


@hardest.mistake("What you put in the place of friends is not low enough: a negative may have the cosine -1. Use -inf.")
def nearly_minus_one(similarity, identity):
    return _or_none(np.where(same_pairs(identity), -0.99, similarity).argmax(1), identity)


@hardest.mistake(
    "You take for the same what is at least as similar as the row's own partner. `identity` says what shows the same."
)
def same_by_similarity(similarity, identity):
    out = similarity >= np.diag(similarity)[:, None]
    return np.where(out.all(1), -1, np.where(out, -np.inf, similarity).argmax(1))


@hardest.mistake("You made the table symmetric first. A row asks for its own cosines only.")
def symmetric(similarity, identity):
    return hardest_negatives((similarity + similarity.T) / 2, identity)


COPIES = "Only {} of a row's own identity is left out besides the diagonal. All of them are no negatives."


def _besides(similarity, identity, which):
    """The most similar of the columns that are neither on the diagonal nor, by ``which``, of the row's identity."""
    places = np.arange(len(identity))
    same = same_pairs(identity) & (places[:, None] != places)
    out = np.eye(len(identity), dtype=bool) | (same & which(same))
    return _or_none(np.where(out, -np.inf, similarity).argmax(1), identity)


@hardest.mistake(COPIES.format("the first other column"))
def first_copy(similarity, identity):
    return _besides(similarity, identity, lambda same: same.cumsum(1) == 1)


@hardest.mistake(COPIES.format("the last other column"))
def last_copy(similarity, identity):
    return _besides(similarity, identity, lambda same: same[:, ::-1].cumsum(1)[:, ::-1] == 1)


@hardest.mistake(COPIES.format("a neighbouring column") + " They may stand anywhere.")
def neighbours(similarity, identity):
    places = np.arange(len(identity))
    return _besides(similarity, identity, lambda same: np.abs(places[:, None] - places) == 1)


@hardest.mistake(COPIES.format("a later column"))
def later_copies(similarity, identity):
    return _besides(similarity, identity, lambda same: np.triu(np.ones_like(same)))


@hardest.mistake(COPIES.format("an earlier column"))
def earlier_copies(similarity, identity):
    return _besides(similarity, identity, lambda same: np.tril(np.ones_like(same)))


ONE = (
    "You take a cosine of 1 for a copy. Two different things may have the same vector: `identity` says what is the "
    "same."
)


def _without_ones(similarity, identity, out):
    others = np.where(out, -np.inf, similarity)
    return np.where(np.isneginf(others).all(1), -1, others.argmax(1))


@hardest.mistake(ONE)
def ones_left_out(similarity, identity):
    return _without_ones(similarity, identity, same_pairs(identity) | (similarity > 1 - 1e-6))


@hardest.mistake(ONE)
def ones_are_copies(similarity, identity):
    return _without_ones(similarity, identity, np.eye(len(identity), dtype=bool) | (similarity > 1 - 1e-6))


@hardest.mistake(
    "What is nearly as similar as a copy is left out, too. However similar a column is, it is a negative if its "
    "identity is another."
)
def very_similar_left_out(similarity, identity):
    return _without_ones(similarity, identity, same_pairs(identity) | (similarity > 0.99))


@hardest.mistake(
    "You leave out what shows the same as the most similar column, not as the row. Compare identities with the row's."
)
def same_as_the_nearest(similarity, identity):
    nearest = similarity.argmax(1)
    return _or_none(np.where(same_pairs(identity)[nearest], -np.inf, similarity).argmax(1), identity)


@hardest.mistake("You look for the negative among the columns behind the row's own alone. It may stand anywhere.")
def only_behind(similarity, identity):
    out = same_pairs(identity) | np.tril(np.ones(similarity.shape, bool))
    return np.where(out.all(1), -1, np.where(out, -np.inf, similarity).argmax(1))


@hardest.mistake("You return the similarity's place in the flattened table. Asked for is the column, within its row.")
def flat_places(similarity, identity):
    places = hardest_negatives(similarity, identity)
    return np.where(places < 0, -1, places + len(identity) * np.arange(len(identity)))


@hardest.mistake(
    "You leave out negatives whose cosine is below 0, and a row without others gets -1. Any cosine will do."
)
def only_above_zero(similarity, identity):
    return _without_ones(similarity, identity, same_pairs(identity) | (similarity < 0))


@hardest.mistake("Of each identity only the first column can win. Each column may.")
def first_of_each_identity(similarity, identity):
    later = np.tril(same_pairs(identity), -1).any(axis=1)  # an earlier column shows the same
    return _without_ones(similarity, identity, same_pairs(identity) | later)


@hardest.mistake("You compare identities with the columns' numbers. Compare each row's identity with each column's.")
def identity_as_place(similarity, identity):
    return _without_ones(similarity, identity, identity[:, None] == np.arange(len(identity)))


@hardest.mistake("You return the *second* hardest negative. Asked for is the most similar one.")
def second_hardest(similarity, identity):
    others = np.where(same_pairs(identity), -np.inf, similarity)
    order = np.argsort(-others, axis=1, kind="stable")[:, min(1, len(identity) - 1)]
    few = (~same_pairs(identity)).sum(1) < 2
    return np.where(few, hardest_negatives(similarity, identity), order)


HIDDEN = {
    "zero": (lambda same, s: np.where(same, 0, s), "What shows the same gets 0: take minus infinity."),
    "minus_one": (lambda same, s: np.where(same, -1, s), "What shows the same gets -1: take minus infinity."),
    "diagonal": (
        lambda same, s: np.where(np.eye(len(s), dtype=bool), -np.inf, s),
        "Only the diagonal is left out, not all that shows the same.",
    ),
    "inverted": (lambda same, s: np.where(same, s, -np.inf), "The mask is the wrong way round."),
    "infinite": (lambda same, s: np.where(same, -np.inf, s), ""),
}
CHOICES = {
    "last": (lambda s: s.shape[1] - 1 - s[:, ::-1].argmax(1), "Of equal ones you take the last, not the first."),
    "columns": (lambda s: s.argmax(0), "The maximum runs down the columns, not along the rows."),
    "absolute": (lambda s: np.where(np.isinf(s), s, np.abs(s)).argmax(1), "The cosines have lost their signs."),
    "least": (lambda s: np.where(np.isinf(s), np.inf, s).argmin(1), "You take the least similar."),
    "first": (lambda s: s.argmax(1), ""),
}


def _two_mistakes(hidden, choice):
    def answer(similarity, identity):
        same = same_pairs(identity)
        return _or_none(CHOICES[choice][0](HIDDEN[hidden][0](same, similarity)), identity)

    answer.__name__ = f"{hidden}_{choice}"
    same = {
        ("zero", "absolute"),
        ("zero", "least"),
        ("minus_one", "least"),
        ("diagonal", "least"),
    }  # as others, on all inputs
    if HIDDEN[hidden][1] and CHOICES[choice][1] and (hidden, choice) not in same:
        hardest.mistake(f"Two mistakes. {HIDDEN[hidden][1]} {CHOICES[choice][1]}")(answer)


for _hidden in HIDDEN:
    for _choice in CHOICES:
        _two_mistakes(_hidden, _choice)


@hardest.mistake("You sorted the identities first: then they are no longer those of the rows.")
def sorted_identities(similarity, identity):
    return hardest_negatives(similarity, np.sort(identity))


@hardest.mistake("All rows get the one hardest negative of the batch. Each row has its own.")
def one_for_each(similarity, identity):
    others = np.where(same_pairs(identity), -np.inf, similarity)
    return np.full(len(identity), -1 if np.isneginf(others).all() else others.max(0).argmax())


@hardest.mistake(
    "You took the similarity of each *column's* own partner away first. The largest similarity as it is wins."
)
def from_the_columns_partner(similarity, identity):
    return hardest_negatives(similarity - np.diag(similarity), identity)


@hardest.mistake(
    "A row may choose itself: only the *other* columns of its identity are left out. Leave out the diagonal, too."
)
def itself_left(similarity, identity):
    out = same_pairs(identity) & ~np.eye(len(identity), dtype=bool)
    return _or_none(np.where(out, -np.inf, similarity).argmax(1), identity)


@hardest.mistake("A negative below some similarity does not count with you: the row gets -1. Any cosine will do.")
def none_below_one_half(similarity, identity):
    others = np.where(same_pairs(identity), -np.inf, similarity)
    return np.where(others.max(1) < 0.5, -1, others.argmax(1))


@hardest.mistake(ZERO)
def zero_besides_the_diagonal(similarity, identity):
    others = np.where(same_pairs(identity), 0, similarity)
    np.fill_diagonal(others, -np.inf)
    return _or_none(others.argmax(1), identity)
