"""What goes wrong in `captioning_decoding.length_penalty`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.captioning_decoding.length_penalty import penalty, rerank


def _ranked(scores):
    return np.argsort(-scores), scores


# First those whose scores are right: what they say is about the order alone.


@penalty.mistake(
    "The worst caption comes first: `argsort` sorts from small to large, and the best score is the largest."
)
def ascending(log_probs, lengths, alpha):
    scores = rerank(log_probs, lengths, alpha)[1]
    return np.argsort(scores), scores


@penalty.mistake("This is the rank of each caption, not the list of captions by rank: one `argsort` is enough.")
def ranks(log_probs, lengths, alpha):
    order, scores = rerank(log_probs, lengths, alpha)
    return np.argsort(order), scores


@penalty.mistake("This is the rank of each caption, the worst being 0. Return the list of captions, the best first.")
def ranks_ascending(log_probs, lengths, alpha):
    scores = rerank(log_probs, lengths, alpha)[1]
    return np.argsort(np.argsort(scores)), scores


@penalty.mistake("This is the rank of each caption, the best being 1. Return the list of captions, the best first.")
def ranks_from_one(log_probs, lengths, alpha):
    order, scores = rerank(log_probs, lengths, alpha)
    return np.argsort(order) + 1, scores


@penalty.mistake("The order is that of the bare log-probabilities. It must be that of the scores, after the penalty.")
def order_of_log_probs(log_probs, lengths, alpha):
    return np.argsort(-log_probs), rerank(log_probs, lengths, alpha)[1]


BARE = "The order is that of the bare log-probabilities, and {}. It is that of the scores, the best first."


@penalty.mistake(BARE.format("the worst caption comes first"))
def ascending_log_probs(log_probs, lengths, alpha):
    return np.argsort(log_probs), rerank(log_probs, lengths, alpha)[1]


@penalty.mistake(BARE.format("you return ranks, not the list of captions"))
def ranks_of_log_probs(log_probs, lengths, alpha):
    return np.argsort(np.argsort(-log_probs)), rerank(log_probs, lengths, alpha)[1]


@penalty.mistake(BARE.format("you count from 1"))
def log_probs_from_one(log_probs, lengths, alpha):
    return np.argsort(-log_probs) + 1, rerank(log_probs, lengths, alpha)[1]


@penalty.mistake("The captions are ordered by their length. The order must be that of the scores.")
def order_of_lengths(log_probs, lengths, alpha):
    return np.argsort(lengths), rerank(log_probs, lengths, alpha)[1]


@penalty.mistake("`order` begins to count at 1. The first caption has the number 0.")
def counted_from_one(log_probs, lengths, alpha):
    order, scores = rerank(log_probs, lengths, alpha)
    return order + 1, scores


@penalty.mistake("You return the best caption only. `order` lists all of them, the best first.")
def best_only(log_probs, lengths, alpha):
    order, scores = rerank(log_probs, lengths, alpha)
    return order[0], scores


@penalty.mistake("`order` holds the scores. It should hold the numbers of the captions: `argsort`, not `sort`.")
def sorted_scores(log_probs, lengths, alpha):
    scores = rerank(log_probs, lengths, alpha)[1]
    return np.sort(scores)[::-1], scores


@penalty.mistake("The scores are right but sorted. Return them in the order in which the captions came.")
def scores_sorted(log_probs, lengths, alpha):
    order, scores = rerank(log_probs, lengths, alpha)
    return order, scores[order]


@penalty.mistake("You return minus the scores, as you sorted them. The scores themselves are negative.")
def scores_negated(log_probs, lengths, alpha):
    order, scores = rerank(log_probs, lengths, alpha)
    return order, -scores


@penalty.mistake("These are the penalties alone. The score is the log-probability divided by them.")
def penalties(log_probs, lengths, alpha):
    order, _ = rerank(log_probs, lengths, alpha)
    return order, ((5 + lengths) / 6) ** alpha


# Then those whose scores are wrong, in order too.


@penalty.mistake("These are the bare log-probabilities: no penalty has been applied.")
def no_penalty(log_probs, lengths, alpha):
    return np.argsort(-log_probs), log_probs.copy()


@penalty.mistake(
    "You multiplied by the penalty. Log-probabilities are negative, so this punishes long captions twice: divide."
)
def multiplied(log_probs, lengths, alpha):
    return _ranked(log_probs * ((5 + lengths) / 6) ** alpha)


@penalty.mistake("You divided by length^α. Asked for is ((5 + length) / 6)^α.")
def plain_length(log_probs, lengths, alpha):
    return _ranked(log_probs / lengths**alpha)


@penalty.mistake("You divided by (length / 6)^α: the 5 is missing.")
def without_five(log_probs, lengths, alpha):
    return _ranked(log_probs / (lengths / 6) ** alpha)


@penalty.mistake("You divided by the length. Asked for is ((5 + length) / 6)^α.")
def bare_length(log_probs, lengths, alpha):
    return _ranked(log_probs / lengths)


@penalty.mistake("The exponent α is missing: you divided by (5 + length) / 6.")
def without_alpha(log_probs, lengths, alpha):
    return _ranked(log_probs / ((5 + lengths) / 6))


FIXED = "You take a fixed exponent. α is handed in, and another one each time."


@penalty.mistake(FIXED)
def fixed_at_six_tenths(log_probs, lengths, alpha):
    return _ranked(log_probs / ((5 + lengths) / 6) ** 0.6)


@penalty.mistake(FIXED)
def fixed_at_seven_tenths(log_probs, lengths, alpha):
    return _ranked(log_probs / ((5 + lengths) / 6) ** 0.7)


@penalty.mistake("The division by 6 is missing: a caption of one token must have the penalty 1.")
def not_divided(log_probs, lengths, alpha):
    return _ranked(log_probs / (5 + lengths) ** alpha)


@penalty.mistake("Brackets: it is (5 + length) / 6, not 5 + length / 6.")
def brackets(log_probs, lengths, alpha):
    return _ranked(log_probs / (5 + lengths / 6) ** alpha)


@penalty.mistake("Brackets: α is the exponent of the whole fraction, of the 6 as well.")
def six_outside(log_probs, lengths, alpha):
    return _ranked(log_probs / ((5 + lengths) ** alpha / 6))


@penalty.mistake("Brackets: the power is taken before the division. Put the whole penalty below the fraction line.")
def power_of_all(log_probs, lengths, alpha):
    return _ranked(-((-log_probs / ((5 + lengths) / 6)) ** alpha))


@penalty.mistake("The division by 6 is rounded down. Use `/`, not `//`.")
def whole_division(log_probs, lengths, alpha):
    return _ranked(log_probs / ((5 + lengths) // 6) ** alpha)


@penalty.mistake("α is an exponent, not a factor.")
def alpha_as_factor(log_probs, lengths, alpha):
    return _ranked(log_probs / ((5 + lengths) / 6 * alpha))


@penalty.mistake("You took one from the lengths. They count the end token, and so does the formula.")
def without_end(log_probs, lengths, alpha):
    return _ranked(log_probs / ((4 + lengths) / 6) ** alpha)


@penalty.mistake("You added one to the lengths. They count the end token already.")
def end_twice(log_probs, lengths, alpha):
    return _ranked(log_probs / ((6 + lengths) / 6) ** alpha)


@penalty.mistake("You subtracted the penalty. The score is the log-probability divided by it.")
def subtracted(log_probs, lengths, alpha):
    return _ranked(log_probs - ((5 + lengths) / 6) ** alpha)


@penalty.mistake("You added the penalty. The score is the log-probability divided by it.")
def added(log_probs, lengths, alpha):
    return _ranked(log_probs + ((5 + lengths) / 6) ** alpha)


@penalty.mistake(
    "You penalised the probabilities. Penalise their logarithms, as probabilities of captions differ by powers of ten."
)
def of_probabilities(log_probs, lengths, alpha):
    return _ranked(np.exp(log_probs) / ((5 + lengths) / 6) ** alpha)


@penalty.mistake("The scores are probabilities, the exponentials of what was asked for. Leave the logarithms.")
def exponentials(log_probs, lengths, alpha):
    order, scores = rerank(log_probs, lengths, alpha)
    return order, np.exp(scores)


@penalty.mistake("The two parts are exchanged. Return `order, scores`, in this order.")
def parts_exchanged(log_probs, lengths, alpha):
    return rerank(log_probs, lengths, alpha)[::-1]


@penalty.mistake("You added α times the length to the log-probability. Divide by ((5 + length) / 6)^α.")
def reward_for_length(log_probs, lengths, alpha):
    return _ranked(log_probs + alpha * lengths)


@penalty.mistake("The fraction is another one: it is (5 + length) / 6.")
def by_five(log_probs, lengths, alpha):
    return _ranked(log_probs / ((5 + lengths) / 5) ** alpha)


@penalty.mistake("The two numbers are exchanged: it is (5 + length) / 6.")
def six_and_five(log_probs, lengths, alpha):
    return _ranked(log_probs / ((6 + lengths) / 5) ** alpha)


@penalty.mistake("Every caption is divided by the penalty of the first. Each has a length of its own.")
def first_length(log_probs, lengths, alpha):
    return _ranked(log_probs / ((5 + lengths[0]) / 6) ** alpha)


@penalty.mistake("All captions are divided by the penalty of the mean length. Each has a length of its own.")
def mean_length(log_probs, lengths, alpha):
    return _ranked(log_probs / ((5 + lengths.mean()) / 6) ** alpha)


@penalty.mistake("The logarithm of the penalty is taken away, as if you had probabilities. Divide the log-probability.")
def logarithm_taken_away(log_probs, lengths, alpha):
    return _ranked(log_probs - alpha * np.log((5 + lengths) / 6))


@penalty.mistake(FIXED)
def fixed_at_one_half(log_probs, lengths, alpha):
    return _ranked(log_probs / ((5 + lengths) / 6) ** 0.5)


@penalty.mistake(FIXED)
def fixed_at_eight_tenths(log_probs, lengths, alpha):
    return _ranked(log_probs / ((5 + lengths) / 6) ** 0.8)


@penalty.mistake("With α = 0 you take another exponent, as if none were given. Then nothing is divided.")
def zero_as_default(log_probs, lengths, alpha):
    return rerank(log_probs, lengths, alpha or 0.6)


@penalty.mistake("Your scores are positive, and the worst caption comes first. Keep the sign of the log-probabilities.")
def positive_scores(log_probs, lengths, alpha):
    return _ranked(-rerank(log_probs, lengths, alpha)[1])


@penalty.mistake("All captions are divided by the penalty of the longest. Each has a length of its own.")
def longest_length(log_probs, lengths, alpha):
    return _ranked(log_probs / ((5 + lengths.max()) / 6) ** alpha)


@penalty.mistake("You divided by the length as well. Only ((5 + length) / 6)^α divides the log-probability.")
def length_as_well(log_probs, lengths, alpha):
    return _ranked(log_probs / lengths / ((5 + lengths) / 6) ** alpha)


@penalty.mistake("You divided by α, not by a power: α is the exponent of (5 + length) / 6.")
def divided_by_alpha(log_probs, lengths, alpha):
    with np.errstate(all="ignore"):
        return _ranked(log_probs / np.float64(alpha))


@penalty.mistake("The penalty is e^(α · …) with you. α is the exponent of (5 + length) / 6.")
def exponential_penalty(log_probs, lengths, alpha):
    return _ranked(log_probs / np.exp(alpha * (5 + lengths) / 6))


@penalty.mistake("Base and exponent are exchanged: it is ((5 + length) / 6)^α.")
def base_and_exponent(log_probs, lengths, alpha):
    with np.errstate(all="ignore"):
        return _ranked(log_probs / np.float64(alpha) ** ((5 + lengths) / 6))


@penalty.mistake("You divided by a root, with 1 / α as the exponent. It is α.")
def root_of_alpha(log_probs, lengths, alpha):
    with np.errstate(all="ignore"):
        return _ranked(log_probs / ((5 + lengths) / 6) ** np.divide(1, alpha))


@penalty.mistake("`order` holds the lengths in the order of the scores. It should hold the numbers of the captions.")
def lengths_in_order(log_probs, lengths, alpha):
    order, scores = rerank(log_probs, lengths, alpha)
    return lengths[order], scores


@penalty.mistake("The penalty is rounded to whole numbers. Round nothing.")
def penalty_rounded(log_probs, lengths, alpha):
    return _ranked(log_probs / np.round(((5 + lengths) / 6) ** alpha))


@penalty.mistake("α is cut off at 1. It may be larger: it is handed in, and used as it is.")
def alpha_at_most_one(log_probs, lengths, alpha):
    return rerank(log_probs, lengths, min(alpha, 1))


SCORES = {
    "multiplied": (lambda p, n, a: p * ((5 + n) / 6) ** a, "You multiplied by the penalty."),
    "plain_length": (lambda p, n, a: p / n**a, "The penalty is length^α."),
    "bare_length": (lambda p, n, a: p / n, "You divided by the length."),
    "no_alpha": (lambda p, n, a: p / ((5 + n) / 6), "The exponent α is missing."),
    "factor": (lambda p, n, a: p / ((5 + n) / 6 * a), "α is a factor, not the exponent."),
    "six_outside": (lambda p, n, a: p / ((5 + n) ** a / 6), "The 6 stands outside of the power."),
    "not_divided": (lambda p, n, a: p / (5 + n) ** a, "The division by 6 is missing."),
    "probabilities": (lambda p, n, a: np.exp(p) / ((5 + n) / 6) ** a, "You penalised the probabilities."),
    "positive": (lambda p, n, a: -p / ((5 + n) / 6) ** a, "The scores have lost their sign."),
}
ORDERS = {
    "ascending": (np.argsort, "The worst caption comes first."),
    "from_one": (lambda s: np.argsort(-s) + 1, "`order` begins to count at 1."),
    "ranks": (lambda s: np.argsort(np.argsort(-s)), "`order` holds ranks, not captions."),
    "best": (lambda s: s.argmax(), "Only the best caption is returned as `order`."),
    "sorted": (lambda s: np.sort(s)[::-1], "`order` holds sorted scores, not captions."),
}


def _two_mistakes(score, order):
    def answer(log_probs, lengths, alpha):
        with np.errstate(all="ignore"):
            scores = SCORES[score][0](log_probs, lengths, alpha)
            return ORDERS[order][0](scores), scores

    answer.__name__ = f"{score}_{order}"
    if (score, order) != ("positive", "ascending"):  # there the order is right
        penalty.mistake(f"Two mistakes. {SCORES[score][1]} {ORDERS[order][1]}")(answer)


for _score in SCORES:
    for _order in ORDERS:
        _two_mistakes(_score, _order)


@penalty.mistake("All captions are divided by the penalty of the sum of the lengths. Each has a length of its own.")
def sum_of_lengths(log_probs, lengths, alpha):
    return _ranked(log_probs / ((5 + lengths.sum()) / 6) ** alpha)


@penalty.mistake("The scores went through a softmax. They are the penalised log-probabilities themselves.")
def softmax_of_scores(log_probs, lengths, alpha):
    order, scores = rerank(log_probs, lengths, alpha)
    e = np.exp(scores - scores.max())
    return order, e / e.sum()


@penalty.mistake(
    "You divided by the length and multiplied by the penalty. Only the penalty divides the log-probability."
)
def mean_times_penalty(log_probs, lengths, alpha):
    return _ranked(log_probs / lengths * ((5 + lengths) / 6) ** alpha)


@penalty.mistake("You divided by α times the length. Asked for is ((5 + length) / 6)^α.")
def alpha_times_length(log_probs, lengths, alpha):
    with np.errstate(all="ignore"):
        return _ranked(log_probs / (alpha * lengths))


@penalty.mistake("The lengths are divided by the longest (or the mean) first. The penalty takes them as they are.")
def relative_lengths(log_probs, lengths, alpha):
    return _ranked(log_probs / (lengths / lengths.max()) ** alpha)


ANOTHER = "The fraction below is another one: it is (5 + length) / 6, to the power of α."


@penalty.mistake(ANOTHER)
def one_and_length(log_probs, lengths, alpha):
    return _ranked(log_probs / ((1 + lengths) / 6) ** alpha)


@penalty.mistake(ANOTHER)
def one_and_length_by_two(log_probs, lengths, alpha):
    return _ranked(log_probs / ((1 + lengths) / 2) ** alpha)


@penalty.mistake(ANOTHER)
def six_and_length_by_six(log_probs, lengths, alpha):
    return _ranked(log_probs / ((6 + lengths) / 7) ** alpha)


@penalty.mistake("α is rounded to a whole number. It is used as it is.")
def whole_alpha(log_probs, lengths, alpha):
    return rerank(log_probs, lengths, int(alpha))


@penalty.mistake("The power of α is taken of the log-probability. It belongs to (5 + length) / 6.")
def power_of_log_probs(log_probs, lengths, alpha):
    return _ranked(-(np.abs(log_probs) ** alpha) / ((5 + lengths) / 6))
