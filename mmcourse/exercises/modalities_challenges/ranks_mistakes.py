"""What goes wrong in `modalities_challenges.ranks`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.modalities_challenges.ranks import rank_pairs, ranks, similarities


def _from(similar):
    """Ranks, ties pessimistic, from the similarities of all queries (rows) and answers."""
    return (similar >= np.diag(similar)[:, None] - 1e-9).sum(axis=1)


def _own(similar):
    return np.diag(similar)[:, None]


@ranks.mistake(
    "A bridge that maps all to one point still gets rank 1 for every query: only answers that are *more* similar count "
    "against the right one."
)
def ties_for_it(queries, answers):
    similar = similarities(queries, answers)
    return 1 + (similar > _own(similar) + 1e-9).sum(axis=1)


@ranks.mistake(
    "Where no answers are equally similar, all your ranks are 1: does each query meet its own answer only? Every query "
    "meets all."
)
def paired(queries, answers):
    own = (queries * answers).sum(1)
    return (own >= own - 1e-9).astype(int)


@ranks.mistake("The best rank is 1, not 0: the right answer itself is counted.")
def from_zero(queries, answers):
    return rank_pairs(queries, answers) - 1


@ranks.mistake(
    "You count the answers that are *more* similar, and nothing else: the best rank would be 0, and ties would not "
    "count. Count those that are at least as similar, the right one with them."
)
def more_similar(queries, answers):
    similar = similarities(queries, answers)
    return (similar > _own(similar) + 1e-9).sum(axis=1)


@ranks.mistake("Every rank is one too high: with `>=` the right answer counts itself already.")
def counts_itself_twice(queries, answers):
    return rank_pairs(queries, answers) + 1


@ranks.mistake("Long answers win: without dividing by their length it is the dot product, not the cosine.")
def dot_product(queries, answers):
    return _from(queries @ answers.T)


@ranks.mistake("You counted along the wrong axis: each *answer* ranks the queries. Each query must rank the answers.")
def wrong_axis(queries, answers):
    return _from(similarities(queries, answers).T)


@ranks.mistake(
    "Each cosine is compared with the right one of its *column*. A query's row is compared with the cosine of its own "
    "pair: `[:, None]`."
)
def own_of_the_column(queries, answers):
    similar = similarities(queries, answers)
    return (similar >= np.diag(similar) - 1e-9).sum(axis=1)


@ranks.mistake("You count in columns. A query's cosines stand in its row: `axis=1`.")
def counted_in_columns(queries, answers):
    similar = similarities(queries, answers)
    return (similar >= _own(similar) - 1e-9).sum(axis=0)


@ranks.mistake(
    "Ties are broken by the order of the rows, so that the rank depends on where an answer happens to stand."
)
def by_sorting(queries, answers):
    order = np.argsort(-similarities(queries, answers).round(9), axis=1, kind="stable")
    return 1 + (order == np.arange(len(queries))[:, None]).argmax(1)


@ranks.mistake("Ties count half with you: the mean of the best and the worst place. Here they count fully against it.")
def ties_half(queries, answers):
    similar = similarities(queries, answers)
    return ((similar > _own(similar) + 1e-9).sum(axis=1) + 1 + rank_pairs(queries, answers)) / 2


@ranks.mistake("You count the answers that are at *most* as similar: rank 1 would be the worst.")
def upside_down(queries, answers):
    similar = similarities(queries, answers)
    return (similar <= _own(similar) + 1e-9).sum(axis=1)


@ranks.mistake("You count the answers that are *less* similar. Count those that are at least as similar.")
def less_similar(queries, answers):
    similar = similarities(queries, answers)
    return (similar < _own(similar) - 1e-9).sum(axis=1)


@ranks.mistake("You rank by the length of the cosine, without its sign: an answer that points away counts as similar.")
def without_sign(queries, answers):
    return _from(np.abs(similarities(queries, answers)))


@ranks.mistake(
    "Long answers win, as this is the dot product, not the cosine; and ties still count for the right answer."
)
def dot_product_ties_for_it(queries, answers):
    similar = queries @ answers.T
    return 1 + (similar > _own(similar) + 1e-9).sum(axis=1)


@ranks.mistake("You rank by distance. Long and short vectors of one direction are equally similar by cosine.")
def by_distance(queries, answers):
    return _from(-np.linalg.norm(queries[:, None] - answers[None], axis=2))


@ranks.mistake("You rank by distance, not by cosine; and ties still count for the right answer.")
def by_distance_ties_for_it(queries, answers):
    distance = np.linalg.norm(queries[:, None] - answers[None], axis=2)
    return 1 + (distance < _own(distance) - 1e-9).sum(axis=1)


@ranks.mistake("The queries are compared with each other, never with an answer. They must rank the *answers*.")
def queries_only(queries, answers):
    return _from(similarities(queries, queries))


@ranks.mistake("The queries rank each other. They must rank the *answers*.")
def among_queries(queries, answers):
    similar = similarities(queries, queries)
    return (similar >= _own(similarities(queries, answers)) - 1e-9).sum(axis=1)


@ranks.mistake(
    "You compare with the best cosine of each query, not with that of its own answer, so you count how many are best."
)
def against_the_best(queries, answers):
    similar = similarities(queries, answers)
    return (similar >= similar.max(axis=1, keepdims=True) - 1e-9).sum(axis=1)


@ranks.mistake(
    "That is the answer that each query likes best, its place in the list. Asked is which rank its own answer has."
)
def best_answer(queries, answers):
    return similarities(queries, answers).argmax(axis=1)


@ranks.mistake("That is the answer that each query likes best, counted from 1. Asked is which rank its own answer has.")
def best_answer_from_one(queries, answers):
    return 1 + similarities(queries, answers).argmax(axis=1)


@ranks.mistake("You compare the right cosines of all queries with each other. Each query is compared with all answers.")
def among_the_right(queries, answers):
    own = np.diag(similarities(queries, answers))
    return (own >= own[:, None] - 1e-9).sum(axis=1)


@ranks.mistake("The right cosine is not divided by the lengths, while the others are. Take it from the same table.")
def own_not_divided(queries, answers):
    own = (queries * answers).sum(axis=1, keepdims=True)
    return (similarities(queries, answers) >= own - 1e-9).sum(axis=1)


@ranks.mistake("Only answers that are exactly as similar are counted, not those that are more similar.")
def only_ties(queries, answers):
    similar = similarities(queries, answers)
    return (np.abs(similar - _own(similar)) <= 1e-9).sum(axis=1)


@ranks.mistake("You return the mean of the ranks. Asked is one rank for each query.")
def mean_rank(queries, answers):
    return rank_pairs(queries, answers).mean()


@ranks.mistake("You return 1 divided by the rank. Asked is the rank itself.")
def reciprocal(queries, answers):
    return 1 / rank_pairs(queries, answers)


@ranks.mistake("You return whether the right answer is first. Asked is its rank.")
def first_or_not(queries, answers):
    return (rank_pairs(queries, answers) == 1).astype(int)


@ranks.mistake("You return the share of answers that are at least as similar. Asked is their number.")
def share(queries, answers):
    return rank_pairs(queries, answers) / len(queries)


@ranks.mistake(
    "You divide the answers by the *square* of their length, so that short ones win. Divide by the length itself."
)
def by_square_of_length(queries, answers):
    return _from(queries @ (answers / (answers**2).sum(1, keepdims=True)).T)


@ranks.mistake("You divide every *column* by its length. A vector is a row: `axis=1`.")
def columns_divided(queries, answers):
    a = answers / np.linalg.norm(answers, axis=0, keepdims=True)
    return _from(queries / np.linalg.norm(queries, axis=0, keepdims=True) @ a.T)


@ranks.mistake("You divide every *column* of the answers by its length. A vector is a row: `axis=1`.")
def answer_columns_divided(queries, answers):
    q = queries / np.linalg.norm(queries, axis=1, keepdims=True)
    return _from(q @ (answers / np.linalg.norm(answers, axis=0, keepdims=True)).T)


@ranks.mistake("You divide every *column* of the queries by its length. A vector is a row: `axis=1`.")
def query_columns_divided(queries, answers):
    return _from(similarities(queries / np.linalg.norm(queries, axis=0, keepdims=True), answers))


@ranks.mistake("You count the answers whose cosine is not negative. Compare it with that of the right answer.")
def against_zero(queries, answers):
    return (similarities(queries, answers) >= -1e-9).sum(axis=1)


@ranks.mistake("You count over the whole table. Each query is compared with the answers in its own row: `axis=1`.")
def whole_table(queries, answers):
    similar = similarities(queries, answers)
    return np.array([(similar >= own - 1e-9).sum() for own in np.diag(similar)])


@ranks.mistake("You divide by the sum of the absolute values. The length is the root of the sum of squares.")
def by_absolute_values(queries, answers):
    return _from(queries @ (answers / np.abs(answers).sum(1, keepdims=True)).T)


@ranks.mistake("You take away the means before you compare. The cosine is that of the vectors as they are.")
def centred(queries, answers):
    return _from(similarities(queries - queries.mean(0), answers - answers.mean(0) + 1e-12))


@ranks.mistake("You sort the wrong way round, the smallest cosine first, and ties are broken by the order of the rows.")
def sorted_upwards(queries, answers):
    order = np.argsort(similarities(queries, answers).round(9), axis=1, kind="stable")
    return 1 + (order == np.arange(len(queries))[:, None]).argmax(1)


@ranks.mistake("Ties are broken by the order of the rows, and the best rank is 0 with you, not 1.")
def by_sorting_from_zero(queries, answers):
    return by_sorting(queries, answers) - 1


@ranks.mistake("Equally similar answers count once with you. Each of them counts against the right one.")
def ties_once(queries, answers):
    rows = similarities(queries, answers).round(9)
    return np.array([(np.unique(row) >= row[i]).sum() for i, row in enumerate(rows)])


@ranks.mistake(
    "Where some answers are as similar, the right one stands before them: ties count only where all are equal."
)
def only_where_all_tie(queries, answers):
    similar = similarities(queries, answers)
    return np.where(np.ptp(similar, axis=1) < 1e-9, len(queries), ties_for_it(queries, answers))


@ranks.mistake("Ties are broken by a draw. They count against the right answer, always.")
def ties_by_draw(queries, answers):
    similar = similarities(queries, answers) + 1e-7 * np.random.default_rng(0).random((len(queries), len(queries)))
    return (similar >= _own(similar)).sum(axis=1)


@ranks.mistake("You multiply by the lengths, so that long answers win twice. Divide by them.")
def multiplied(queries, answers):
    return _from(queries @ (answers * np.linalg.norm(answers, axis=1, keepdims=True)).T)


@ranks.mistake(
    "You sort the cosines, not the answers: after sorting nobody knows which of them belongs to the right one."
)
def sorted_cosines(queries, answers):
    return _from(-np.sort(-similarities(queries, answers), axis=1))


@ranks.mistake(said="Your function changes its input `queries`.")
def in_place(queries, answers):
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    return rank_pairs(queries, answers)


NEARLY = (
    "Answers that are *nearly* as similar count against the right one in yours, as where cosines are rounded or a "
    "large difference is allowed. Only those that are exactly as similar do (1e-9 is enough for rounding errors)."
)


def _nearly(name, change):
    def mistake(queries, answers):
        return change(similarities(queries, answers))

    mistake.__name__ = name
    ranks.mistake(NEARLY)(mistake)


def _soft(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


_nearly("rounded_to_two", lambda similar: _from(similar.round(2)))
_nearly("rounded_to_three", lambda similar: _from(similar.round(3)))
_nearly("within_a_tenth", lambda similar: (similar >= _own(similar) - 0.1).sum(axis=1))
_nearly("within_a_hundredth", lambda similar: (similar >= _own(similar) - 0.01).sum(axis=1))


_nearly("within_a_thousandth", lambda similar: (similar >= _own(similar) - 0.001).sum(axis=1))


@ranks.mistake(
    "Your ranks are 1 or 2 only: you compare with the best one of the others. Count all that are as similar."
)
def one_or_two(queries, answers):
    similar = similarities(queries, answers)
    others = np.where(np.eye(len(similar), dtype=bool), -2, similar)
    return np.where(others.max(axis=1) >= np.diag(similar) - 1e-9, 2, 1)


def _small_number(more, tolerance):
    """Plants a number that is added to all lengths."""

    def mistake(queries, answers):
        q, a = (x / (np.linalg.norm(x, axis=1, keepdims=True) + more) for x in (queries, answers))
        similar = q @ a.T
        return (similar >= _own(similar) - tolerance).sum(axis=1)

    mistake.__name__ = f"{more:g}_more_within_{tolerance:g}"
    ranks.mistake(
        "You add a number to the lengths, or put one beside them. Then answers of one direction and of different "
        "lengths are no longer exactly as similar: divide by the length itself."
    )(mistake)


for _more in (1, 0.1, 0.01, 1e-3, 1e-6, 1e-8):
    _small_number(_more, 1e-9)
for _more in (1e-8, 1e-12):
    _small_number(_more, 0)


@ranks.mistake(
    "Ties are broken by the order of the rows, the last one first: so the rank depends on where an answer stands."
)
def by_sorting_turned(queries, answers):
    order = np.argsort(similarities(queries, answers).round(9), axis=1, kind="stable")[:, ::-1]
    return 1 + (order == np.arange(len(queries))[:, None]).argmax(1)


@ranks.mistake(
    "You look for answers that are equal as *vectors*. Those count that are as similar by cosine, of any length."
)
def equal_vectors(queries, answers):
    same = (answers[:, None] == answers).all(axis=2)
    np.fill_diagonal(same, False)
    similar = similarities(queries, answers)
    return 1 + ((similar > _own(similar) + 1e-9) | same).sum(axis=1)


@ranks.mistake("Ties count against the right one only where *all* answers are equal. They always do.")
def worst_if_all_equal(queries, answers):
    if np.ptp(answers, axis=0).max() < 1e-9:
        return np.full(len(queries), len(queries))
    return ties_for_it(queries, answers)


@ranks.mistake("You make negative cosines 0, so that they tie. An answer that points away is the less similar one.")
def negative_left_out(queries, answers):
    return _from(np.maximum(similarities(queries, answers), 0))


@ranks.mistake(
    "Ties count half with you, rounded up. Each answer that is as similar counts fully against the right one."
)
def ties_half_up(queries, answers):
    return np.ceil(ties_half(queries, answers)).astype(int)


@ranks.mistake(
    "Ties count half with you, rounded down. Each answer that is as similar counts fully against the right one."
)
def ties_half_down(queries, answers):
    return np.floor(ties_half(queries, answers)).astype(int)


@ranks.mistake(
    "However many answers are as similar, one of them counts with you. Each of them counts against the right one."
)
def one_tie_counts(queries, answers):
    less, more = ties_for_it(queries, answers), rank_pairs(queries, answers)
    return less + (more > less)


@ranks.mistake("Where any answer is as similar, the right one comes last of all with you. It comes last of *these*.")
def last_of_all(queries, answers):
    less, more = ties_for_it(queries, answers), rank_pairs(queries, answers)
    return np.where(more > less, len(queries), less)


@ranks.mistake("You rank in both directions and take the worse. Each query ranks the answers, and that is all.")
def both_directions(queries, answers):
    similar = similarities(queries, answers)
    return np.maximum(_from(similar), _from(similar.T))


@ranks.mistake("You rank in both directions and take the mean. Each query ranks the answers, and that is all.")
def mean_of_directions(queries, answers):
    similar = similarities(queries, answers)
    return (_from(similar) + _from(similar.T)) / 2


_nearly("of_probabilities", lambda similar: _from(_soft(100 * similar).round(3)))
_nearly("of_probabilities_in_two_digits", lambda similar: _from(_soft(similar).round(2)))
_nearly("in_half_precision", lambda similar: _from(similar.astype("float16").astype(float)))
_nearly("cut_off_near_one", lambda similar: _from(np.minimum(similar, 0.99)))


@ranks.mistake("No rank is above ten with you. Count all answers that are at least as similar.")
def ten_at_most(queries, answers):
    return np.minimum(rank_pairs(queries, answers), 10)


@ranks.mistake("You rank all queries and answers together. Each query ranks the *answers* alone.")
def all_vectors(queries, answers):
    similar = similarities(queries, np.concatenate([answers, queries]))
    return (similar >= _own(similar[:, : len(queries)]) - 1e-9).sum(axis=1)


@ranks.mistake("You divide by the sum of the two lengths. Divide by their product.")
def by_sum_of_lengths(queries, answers):
    lengths = np.linalg.norm(queries, axis=1)[:, None] + np.linalg.norm(answers, axis=1)
    return _from(queries @ answers.T / lengths)


@ranks.mistake("You divide by the sum of each vector, not by its length, the root of the sum of squares.")
def by_sums(queries, answers):
    with np.errstate(all="ignore"):
        return _from(queries @ (answers / answers.sum(1, keepdims=True)).T)


@ranks.mistake("The answers are compared with each other. The queries must rank them.")
def answers_only(queries, answers):
    return _from(similarities(answers, answers))


@ranks.mistake("You return the cosine of each pair. Asked is which rank it has in its row.")
def cosines(queries, answers):
    return np.diag(similarities(queries, answers))


@ranks.mistake("You return a table of ranks. Asked is the rank of its own answer for each query, the diagonal.")
def table(queries, answers):
    similar = similarities(queries, answers)
    return (similar[:, None, :] >= similar[:, :, None] - 1e-9).sum(axis=2)


@ranks.mistake("You return a share of the others, from 0 to 1. Asked is the rank, 1 for the best.")
def share_of_others(queries, answers):
    return (rank_pairs(queries, answers) - 1) / max(len(queries) - 1, 1)


@ranks.mistake("You compare with the mean of the right cosines. Each query has its own right one.")
def against_the_mean(queries, answers):
    similar = similarities(queries, answers)
    return (similar >= np.diag(similar).mean() - 1e-9).sum(axis=1)


@ranks.mistake("You compare with the mean of the row. Count the cosines that are at least the right one's.")
def against_the_row(queries, answers):
    similar = similarities(queries, answers)
    return (similar >= similar.mean(axis=1, keepdims=True) - 1e-9).sum(axis=1)


@ranks.mistake("You rank the right cosines of all queries. Each query ranks the answers in its own row.")
def rank_of_the_right(queries, answers):
    own = np.diag(similarities(queries, answers))
    return 1 + np.argsort(np.argsort(-own))


@ranks.mistake(
    "You count the answers that are perfectly similar. Count those that are at least as similar as the right one."
)
def perfect(queries, answers):
    return (similarities(queries, answers) >= 1 - 1e-9).sum(axis=1)
