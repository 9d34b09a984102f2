"""What goes wrong in `captioning_decoding.beam`: planted mistakes with their messages."""

import math

import numpy as np

from mmcourse.exercises.captioning_decoding.beam import beam, expand
from mmcourse.exercises.numeric import log_softmax, softmax
from mmcourse.text import END, PAD


def _one_word(logits, ended, value=0.0, word=PAD):
    """In the rows that have ended, ``value`` for one word and minus infinity for all others."""
    only = np.where(np.arange(logits.shape[1]) == word, value, -np.inf)
    return np.where(ended[:, None], only, logits)


def _top(total, place=None):
    best = np.argsort(-total.ravel(), kind="stable")[: len(total)]
    best = best if place is None else best[place(best)]
    return *np.divmod(best, total.shape[1]), total.ravel()[best]


def _total(scores, logits, ended):
    """The scores of all continuations, as they should be."""
    return scores[:, None] + _one_word(log_softmax(logits), ended)


# First those that have the right continuations, but not in order.


@beam.mistake("The continuations are right, but not sorted: the best comes first, yours comes last.")
def worst_first(scores, logits, ended):
    return tuple(x[::-1] for x in expand(scores, logits, ended))


@beam.mistake(
    "The continuations are right, but not sorted: they stand in the order of the captions. The best comes first."
)
def unsorted(scores, logits, ended):
    return _top(_total(scores, logits, ended), place=np.argsort)


@beam.mistake(
    "Parents and tokens are exchanged. Divide the flat index by V: the quotient is the parent, the rest the token."
)
def divmod_swapped(scores, logits, ended):
    parents, tokens, new = expand(scores, logits, ended)
    return tokens, parents, new


@beam.mistake("You divided the flat index by k. Each caption has V continuations: divide by V.")
def divided_by_k(scores, logits, ended):
    parents, tokens, new = expand(scores, logits, ended)
    return *np.divmod(parents * logits.shape[1] + tokens, len(scores)), new


@beam.mistake("`parents` holds flat indices. Divide them by V: the quotient is the parent, the rest the token.")
def flat_index(scores, logits, ended):
    parents, tokens, new = expand(scores, logits, ended)
    return parents * logits.shape[1] + tokens, tokens, new


@beam.mistake("`tokens` holds flat indices. The token is the rest of their division by V.")
def flat_tokens(scores, logits, ended):
    parents, tokens, new = expand(scores, logits, ended)
    return parents, parents * logits.shape[1] + tokens, new


@beam.mistake("Ended captions get another end token. Their only continuation is padding (0).")
def end_again(scores, logits, ended):
    parents, tokens, new = expand(scores, logits, ended)
    return parents, np.where(ended[parents], END, tokens), new


@beam.mistake(
    "The continuations are right, but these are the parents' scores. Add the log-probability of the new word."
)
def old_scores(scores, logits, ended):
    parents, tokens, _ = expand(scores, logits, ended)
    return parents, tokens, scores[parents]


@beam.mistake(
    "The continuations are right, but these are the log-probabilities of the new words alone. Add the score of the "
    "caption that they continue."
)
def new_words_only(scores, logits, ended):
    parents, tokens, _ = expand(scores, logits, ended)
    return parents, tokens, _one_word(log_softmax(logits), ended)[parents, tokens]


@beam.mistake("The continuations are right, but you return probabilities. Scores are their logarithms.")
def probabilities(scores, logits, ended):
    parents, tokens, new = expand(scores, logits, ended)
    return parents, tokens, np.exp(new)


# Then those that choose others.


@beam.mistake("A caption that has ended goes on writing. Its only continuation is padding.")
def never_ended(scores, logits, ended):
    return _top(scores[:, None] + log_softmax(logits))


@beam.mistake("An ended caption fills several places of the beam. It has exactly one continuation, padding.")
def repeated(scores, logits, ended):
    return _top(scores[:, None] + np.where(ended[:, None], 0.0, log_softmax(logits)))


@beam.mistake("Ended captions have disappeared from the beam, also where their scores are among the best.")
def ended_dropped(scores, logits, ended):
    return _top(scores[:, None] + np.where(ended[:, None], -np.inf, log_softmax(logits)))


@beam.mistake("Ended captions come first, whatever their scores. They compete with all other continuations.")
def ended_in_front(scores, logits, ended):
    total = _total(scores, logits, ended)
    parents, tokens, _ = _top(np.where(ended[:, None], _one_word(total, ended, 1e6), total))
    return parents, tokens, total[parents, tokens]


@beam.mistake("The continuations are right, but ended captions come last, whatever their scores. The best comes first.")
def ended_at_the_end(scores, logits, ended):
    parents, tokens, new = expand(scores, logits, ended)
    order = np.argsort(ended[parents], kind="stable")
    return parents[order], tokens[order], new[order]


@beam.mistake("An ended caption keeps its score. Yours is 0 afterwards, which beats all others.")
def ended_at_zero(scores, logits, ended):
    return _top(_one_word(scores[:, None] + log_softmax(logits), ended))


@beam.mistake(
    "An ended caption's score has changed: you added the log-probability that the decoder gives to padding. Nothing "
    "more is written, so nothing more is added."
)
def padding_costs(scores, logits, ended):
    logp = log_softmax(logits)
    return _top(scores[:, None] + _one_word(logp, ended, logp[:, :1]))


@beam.mistake("An ended caption's row still has all words: you set only its padding to the unchanged score.")
def padding_free(scores, logits, ended):
    logp = log_softmax(logits)
    return _top(scores[:, None] + np.where(ended[:, None] & (np.arange(logits.shape[1]) == PAD), 0.0, logp))


@beam.mistake("The mask is the wrong way round: living captions get padding, and ended ones go on.")
def inverted(scores, logits, ended):
    return _top(_total(scores, logits, ~ended))


@beam.mistake("You added the logits themselves. Only log-probabilities add up: log-softmax over the words first.")
def raw_logits(scores, logits, ended):
    return _top(scores[:, None] + _one_word(logits, ended))


@beam.mistake("Your softmax runs over the captions of the beam. It must run over the words: axis 1.")
def softmax_over_captions(scores, logits, ended):
    return _top(scores[:, None] + _one_word(log_softmax(logits, axis=0), ended))


@beam.mistake("You added probabilities to log-probabilities. The logarithm of the softmax is missing.")
def without_logarithm(scores, logits, ended):
    return _top(scores[:, None] + _one_word(softmax(logits), ended))


@beam.mistake(
    "You rank the new words by themselves. Add the score of the caption that they continue, before you choose the best."
)
def scores_not_added(scores, logits, ended):
    return _top(np.where(ended[:, None], _total(scores, logits, ended), log_softmax(logits)))


@beam.mistake("The log-probabilities of the new words are in bits. Scores are natural logarithms.")
def in_bits(scores, logits, ended):
    return _top(scores[:, None] + _one_word(log_softmax(logits) / math.log(2), ended))


ONE_EACH = (
    "You took the best word of each caption. The best k of *all* continuations may come from two captions, or from one."
)


@beam.mistake(ONE_EACH)
def one_of_each(scores, logits, ended):
    total = _total(scores, logits, ended)
    order = np.argsort(-total.max(1))
    return order, total.argmax(1)[order], total.max(1)[order]


@beam.mistake(ONE_EACH)
def one_of_each_in_place(scores, logits, ended):
    total = _total(scores, logits, ended)
    return np.arange(len(scores)), total.argmax(1), total.max(1)


@beam.mistake("These are the k *worst* continuations. The best have the largest log-probabilities.")
def worst(scores, logits, ended):
    total = _total(scores, logits, ended).ravel()
    chosen = np.argsort(total, kind="stable")[: len(scores)]
    return *np.divmod(chosen, logits.shape[1]), total[chosen]


OVERFLOW = (
    "Right for small logits, but large ones overflow or underflow. Subtract each row's maximum before you take "
    "exponentials, and stay in logarithms."
)


@beam.mistake(OVERFLOW)
def sum_overflows(scores, logits, ended):
    logp = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    return _top(scores[:, None] + _one_word(logp, ended))


@beam.mistake(OVERFLOW)
def softmax_overflows(scores, logits, ended):
    e = np.exp(logits)
    return _top(scores[:, None] + _one_word(np.log(e / e.sum(1, keepdims=True)), ended))


@beam.mistake(OVERFLOW)
def log_of_softmax(scores, logits, ended):
    return _top(scores[:, None] + _one_word(np.log(softmax(logits)), ended))


BARRED = (
    "Padding is barred for captions that have not ended. All V tokens continue them; what is written in the end is the "
    "decoder's affair."
)


@beam.mistake(BARRED)
def padding_barred(scores, logits, ended):
    total = scores[:, None] + log_softmax(logits)
    total[:, PAD] = -np.inf
    return _top(_one_word(total, ended, scores[:, None]))


@beam.mistake(BARRED)
def padding_barred_first(scores, logits, ended):
    return _top(_total(scores, np.where(np.arange(logits.shape[1]) == PAD, -1e30, logits), ended))


@beam.mistake("Your softmax runs over all words of all captions. Each caption's words have a softmax of their own.")
def one_softmax(scores, logits, ended):
    logp = log_softmax(logits.reshape(1, -1)).reshape(logits.shape)
    return _top(scores[:, None] + _one_word(logp, ended))


@beam.mistake("These are the k *worst* continuations: `argsort` begins with the smallest.")
def worst_without_ends(scores, logits, ended):
    total = (scores[:, None] + log_softmax(logits)).ravel()
    worst = np.argsort(total, kind="stable")[: len(scores)]
    return *np.divmod(worst, logits.shape[1]), total[worst]


@beam.mistake("The scores so far are left out: a caption that was improbable before gets its place by one likely word.")
def new_words_alone(scores, logits, ended):
    return _top(_total(0 * scores, logits, ended))


@beam.mistake("The scores so far are left out of the choice. The best of all are chosen by the whole log-probability.")
def chosen_by_new_words(scores, logits, ended):
    parents, tokens, new = _top(_total(0 * scores, logits, ended))
    return parents, tokens, scores[parents] + new


@beam.mistake("Ended captions keep their places whatever their scores. They compete with all other continuations.")
def ends_kept(scores, logits, ended):
    total = _total(scores, logits, ended)
    places = np.argsort(-(total + np.where(ended[:, None], 1e9, 0)).ravel(), kind="stable")[: len(total)]
    best = places[np.argsort(-total.ravel()[places], kind="stable")]
    return *np.divmod(best, total.shape[1]), total.ravel()[best]


@beam.mistake("The table was flattened column by column: k rows first, then the next word. Then divide by k, not by V.")
def by_columns(scores, logits, ended):
    total = _total(scores, logits, ended).T.ravel()
    best = np.argsort(-total, kind="stable")[: len(scores)]
    return *np.divmod(best, logits.shape[1]), total[best]


@beam.mistake("The continuations are right, but sorted by their captions. The best of all comes first.")
def by_captions(scores, logits, ended):
    parents, tokens, new = _top(_total(scores, logits, ended))
    order = np.lexsort((-new, parents))
    return parents[order], tokens[order], new[order]


ONE_ENDED = "Only one of the ended captions is treated as ended. Each of them has padding alone, at its score."


@beam.mistake(ONE_ENDED)
def first_ended_alone(scores, logits, ended):
    return _top(_total(scores, logits, ended & (np.cumsum(ended) == 1)))


@beam.mistake(ONE_ENDED)
def last_ended_alone(scores, logits, ended):
    return _top(_total(scores, logits, ended & (np.cumsum(ended[::-1])[::-1] == 1)))


@beam.mistake("If one caption has ended, you treat all as ended. `ended` speaks of each row: `ended[:, None]`.")
def any_ended(scores, logits, ended):
    return _top(_total(scores, logits, np.full(len(ended), ended.any())))


@beam.mistake("You heed `ended` only once all captions have ended. Each that has goes on with padding alone.")
def all_ended(scores, logits, ended):
    return _top(_total(scores, logits, np.full(len(ended), ended.all())))


@beam.mistake("Ended captions have disappeared from the beam, also where their scores are among the best.")
def ended_far_below(scores, logits, ended):
    return _top(scores[:, None] + np.where(ended[:, None], -1e9, log_softmax(logits)))


@beam.mistake("Logits are cut off before the softmax. They may be as large as 1,000: subtract each row's maximum.")
def logits_cut(scores, logits, ended):
    return _top(_total(scores, np.clip(logits, -500, 500), ended))


INSIDE = "Right for small logits, but a small number added inside the logarithm limits it. Stay in logarithms."


@beam.mistake(INSIDE)
def bit_inside(scores, logits, ended):
    return _top(scores[:, None] + _one_word(np.log(softmax(logits) + 1e-12), ended))


@beam.mistake(INSIDE)
def more_inside(scores, logits, ended):
    return _top(scores[:, None] + _one_word(np.log(softmax(logits) + 1e-9), ended))


@beam.mistake("You subtract the maximum of all logits: a row far below it becomes log(0). Subtract each row's own.")
def one_maximum(scores, logits, ended):
    shifted = logits - logits.max()
    return _top(scores[:, None] + _one_word(shifted - np.log(np.exp(shifted).sum(1, keepdims=True)), ended))


@beam.mistake("You only subtract each row's maximum. Then subtract the logarithm of the sum of the exponentials, too.")
def without_the_sum(scores, logits, ended):
    return _top(scores[:, None] + _one_word(logits - logits.max(1, keepdims=True), ended))


@beam.mistake("You took the mean of the old score and the new word's log-probability. They are added.")
def halved(scores, logits, ended):
    return _top(np.where(ended[:, None], _total(scores, logits, ended), (scores[:, None] + log_softmax(logits)) / 2))


@beam.mistake("Only the best caption is continued. The best k of the continuations of *all* captions are asked for.")
def best_caption_alone(scores, logits, ended):
    total = _total(scores, logits, ended)
    return _top(np.where(np.arange(len(scores))[:, None] == scores.argmax(), total, -np.inf))


@beam.mistake("An ended caption's score has changed. Nothing more is written, so nothing is added.")
def uniform_for_ended(scores, logits, ended):
    return _top(scores[:, None] + _one_word(log_softmax(logits), ended, -math.log(logits.shape[1])))


@beam.mistake("You sorted the captions first: `parents` holds places in that order, not the captions' own numbers.")
def parents_after_sorting(scores, logits, ended):
    order = np.argsort(-scores)
    return _top(_total(scores, logits, ended)[order])


SOFTMAXES = {
    "raw": (lambda x: x, "The logits are added as they are, without log-softmax."),
    "over_captions": (lambda x: log_softmax(x, axis=0), "The softmax runs over the captions, not the words."),
    "probabilities": (softmax, "The logarithm of the softmax is missing."),
    "right": (log_softmax, ""),
}
ENDS = {
    "ignored": (lambda s, x, ended: s[:, None] + x, "A caption that has ended goes on writing."),
    "repeated": (lambda s, x, ended: s[:, None] + np.where(ended[:, None], 0, x), "An ended one fills several places."),
    "dropped": (
        lambda s, x, ended: s[:, None] + np.where(ended[:, None], -np.inf, x),
        "Ended captions have disappeared.",
    ),
    "end_token": (lambda s, x, ended: s[:, None] + _one_word(x, ended, word=END), "Ended ones get another end token."),
    "inverted": (lambda s, x, ended: s[:, None] + _one_word(x, ~ended), "`ended` is used the wrong way round."),
    "right": (lambda s, x, ended: s[:, None] + _one_word(x, ended), ""),
}


def _two_mistakes(kind, end):
    def answer(scores, logits, ended):
        return _top(ENDS[end][0](scores, SOFTMAXES[kind][0](logits), ended))

    answer.__name__ = f"{kind}_{end}"
    if SOFTMAXES[kind][1] and ENDS[end][1]:
        beam.mistake(f"Two mistakes. {SOFTMAXES[kind][1]} {ENDS[end][1]}")(answer)


for _kind in SOFTMAXES:
    for _end in ENDS:
        _two_mistakes(_kind, _end)


@beam.mistake("The scores so far went through a log-softmax over the beam. They are log-probabilities already.")
def scores_normalised(scores, logits, ended):
    return _top(_total(log_softmax(scores), logits, ended))


@beam.mistake("The new scores went through a log-softmax once more. They are log-probabilities already.")
def total_normalised(scores, logits, ended):
    parents, tokens, new = expand(scores, logits, ended)
    return parents, tokens, log_softmax(new)


@beam.mistake("The new token of an ended caption is not padding, 0. Its score is right.")
def start_for_ended(scores, logits, ended):
    parents, tokens, new = expand(scores, logits, ended)
    return parents, np.where(ended[parents], 1, tokens), new


@beam.mistake("The new token of an ended caption is -1. Its only continuation is padding, 0.")
def minus_one_for_ended(scores, logits, ended):
    parents, tokens, new = expand(scores, logits, ended)
    return parents, np.where(ended[parents], -1, tokens), new


@beam.mistake("You multiplied the old score by a probability. Log-probabilities are added.")
def multiplied(scores, logits, ended):
    return _top(np.where(ended[:, None], _total(scores, logits, ended), scores[:, None] * softmax(logits)))


@beam.mistake("You multiplied two log-probabilities. They are added.")
def logarithms_multiplied(scores, logits, ended):
    return _top(np.where(ended[:, None], _total(scores, logits, ended), scores[:, None] * log_softmax(logits)))
