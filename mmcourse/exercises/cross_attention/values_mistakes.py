"""What goes wrong in `cross_attention.values`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.cross_attention.values import look, scores_of, values
from mmcourse.exercises.numeric import softmax


def _masked(scores, real, value=-1e9):
    return np.where(real[None, :], scores, value)


def _mix(q, k, v, real):
    return softmax(_masked(scores_of(q, k), real)) @ v


def _three(words, regions, Wq, Wk, Wv):
    return words @ Wq, regions @ Wk, regions @ Wv


# ── whose are the three? ────────────────────────────────────────────────────────────────────────────


@values.mistake(
    "Queries, keys and values all come from the words, as in the code that was given: this is self-attention."
)
def words_only(words, regions, Wq, Wk, Wv, real):
    scores = np.where(real[:, None], scores_of(words @ Wq, words @ Wk), -1e9)
    return softmax(scores) @ (words @ Wv)


@values.mistake(
    "Queries, keys and values all come from the words: this is self-attention. Only the mask lies along the other axis "
    "now."
)
def words_only_masked(words, regions, Wq, Wk, Wv, real):
    return _mix(words @ Wq, words @ Wk, words @ Wv, real)


@values.mistake("The values still come from the words: the picture only re-weighs them, and nothing of it comes in.")
def own_values(words, regions, Wq, Wk, Wv, real):
    return _mix(words @ Wq, regions @ Wk, words @ Wv, real)


@values.mistake(
    "The values still come from the words, and the mask lies on the words, too (rows). The picture only re-weighs them."
)
def own_values_rows(words, regions, Wq, Wk, Wv, real):
    scores = np.where(real[:, None], scores_of(words @ Wq, regions @ Wk), -1e9)
    return softmax(scores) @ (words @ Wv)


@values.mistake(
    "The keys still come from the words: a word is compared with words, and the weights are then put on regions that "
    "have nothing to do with them."
)
def own_keys(words, regions, Wq, Wk, Wv, real):
    return _mix(words @ Wq, words @ Wk, regions @ Wv, real)


@values.mistake(
    "The keys still come from the words, and the mask lies along the words: a word is compared with words, and the "
    "weights are then put on regions that have nothing to do with them."
)
def own_keys_rows(words, regions, Wq, Wk, Wv, real):
    return softmax(np.where(real[:, None], scores_of(words @ Wq, words @ Wk), -1e9)) @ (regions @ Wv)


@values.mistake("You turned it round: here the regions ask and the words answer.")
def turned(words, regions, Wq, Wk, Wv, real):
    return _mix(regions @ Wq, words @ Wk, words @ Wv, real)


@values.mistake("You turned it round: here the regions ask and the words answer, and the mask hides regions that ask.")
def turned_rows(words, regions, Wq, Wk, Wv, real):
    return softmax(np.where(real[:, None], scores_of(regions @ Wq, words @ Wk), -1e9)) @ (words @ Wv)


@values.mistake("The queries come from the regions, too, and the mask lies on the queries: regions look at regions.")
def regions_only_rows(words, regions, Wq, Wk, Wv, real):
    return softmax(np.where(real[:, None], scores_of(regions @ Wq, regions @ Wk), -1e9)) @ (regions @ Wv)


@values.mistake("The queries come from the regions, too: regions look at regions.")
def regions_only(words, regions, Wq, Wk, Wv, real):
    return _mix(regions @ Wq, regions @ Wk, regions @ Wv, real)


@values.mistake("Keys and values are exchanged: `Wk` makes what is compared, `Wv` what is handed over.")
def exchanged(words, regions, Wq, Wk, Wv, real):
    return look(words, regions, Wq, Wv, Wk, real)


@values.mistake("You multiplied the words by `Wk` and the regions by `Wq`. Each matrix has its own modality.")
def other_matrices(words, regions, Wq, Wk, Wv, real):
    return _mix(words @ Wk, regions @ Wq, regions @ Wv, real)


@values.mistake("You hand over the keys: the values are `regions @ Wv`.")
def keys_as_values(words, regions, Wq, Wk, Wv, real):
    return _mix(words @ Wq, regions @ Wk, regions @ Wk, real)


@values.mistake("You hand over the regions themselves. The values are `regions @ Wv`.")
def bare_values(words, regions, Wq, Wk, Wv, real):
    return _mix(words @ Wq, regions @ Wk, regions, real)


@values.mistake("You added the words to what they found. Asked is what they found alone.")
def residual(words, regions, Wq, Wk, Wv, real):
    return words + look(words, regions, Wq, Wk, Wv, real)


@values.mistake("You added the queries to what they found. Asked is what was found alone.")
def residual_queries(words, regions, Wq, Wk, Wv, real):
    return words @ Wq + look(words, regions, Wq, Wk, Wv, real)


@values.mistake("You return the weights. They are to be applied to the values of the regions.")
def weights(words, regions, Wq, Wk, Wv, real):
    q, k, _ = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(scores_of(q, k), real))


# ── the mask ────────────────────────────────────────────────────────────────────────────────────────


@values.mistake(
    "The mask lies on the words (rows). It says which *regions* are real: it hides keys, along the last axis."
)
def queries_masked(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(np.where(real[:, None], scores_of(q, k), -1e9)) @ v


@values.mistake("The mask is gone: regions that are not real get weight.")
def no_mask(words, regions, Wq, Wk, Wv, real):
    return look(words, regions, Wq, Wk, Wv, np.ones(len(real), bool))


@values.mistake("The mask is the wrong way round: the real regions are hidden.")
def inverted(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return _mix(q, k, v, ~real)


@values.mistake(
    "The mask is the wrong way round: the real regions get -inf. `np.where(real, …)` takes the first where True."
)
def inverted_infinity(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(scores_of(q, k), ~real, -np.inf)) @ v


@values.mistake("The hidden regions have the score 0. That is no absence: its exponential is 1.")
def score_zero(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(scores_of(q, k), real, 0)) @ v


@values.mistake(
    "The hidden regions add nothing, but they take weight from the others: their scores are 0, whose exponential is 1. "
    "Hide them before the softmax."
)
def regions_zeroed(words, regions, Wq, Wk, Wv, real):
    return no_mask(words, regions * real[:, None], Wq, Wk, Wv, real)


@values.mistake(
    "The hidden regions have the score -1, and so some weight. Only a very low score, such as -1e9, leaves none."
)
def score_minus_one(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(scores_of(q, k), real, -1)) @ v


@values.mistake(
    "The score of a hidden region is not low enough: where all scores are below it, the hidden one has the weight."
)
def low_score(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(scores_of(q, k), real, -10)) @ v


@values.mistake(
    "The hidden regions are taken away after the softmax, so the rest no longer sums to one. Mask the scores before it."
)
def masked_later(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(scores_of(q, k)) * real @ v


# ── softmax and scale ───────────────────────────────────────────────────────────────────────────────


@values.mistake("Your softmax runs over the words. Each word's weights sum to one over the regions, the last axis.")
def over_words(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(scores_of(q, k), real), axis=0) @ v


@values.mistake("The exponentials are not divided by their sum, so a word's weights do not sum to one.")
def not_normalised(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return np.exp(_masked(scores_of(q, k), real)) @ v


@values.mistake("The exponentials are not divided by their sum, so a word's weights do not sum to one.")
def largest_is_one(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    scores = _masked(scores_of(q, k), real)
    return np.exp(scores - scores.max(axis=1, keepdims=True)) @ v


@values.mistake("The exponentials are divided by their mean. Divided by their *sum*, a word's weights sum to one.")
def by_mean(words, regions, Wq, Wk, Wv, real):
    return len(regions) * look(words, regions, Wq, Wk, Wv, real)


@values.mistake("The softmax is missing: the scores themselves are the weights.")
def raw_scores(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return _masked(scores_of(q, k), real, 0) @ v


@values.mistake("The weights are equal for all real regions. They are the softmax of the scores.")
def equal(words, regions, Wq, Wk, Wv, real):
    return np.tile((regions @ Wv)[real].mean(axis=0), (len(words), 1))


@values.mistake(
    "Each word found one region only, that of its largest score. The softmax gives all real ones some weight."
)
def hardest(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return v[_masked(scores_of(q, k), real).argmax(axis=1)]


@values.mistake("The scale is gone: scores are divided by the root of k, as in the code that was given.")
def no_scale(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(q @ k.T, real)) @ v


@values.mistake("You divided by the root of k after the softmax. It belongs to the scores, before the softmax.")
def scaled_later(words, regions, Wq, Wk, Wv, real):
    return no_scale(words, regions, Wq, Wk, Wv, real) / np.sqrt(Wk.shape[1])


@values.mistake("You divided the scores by k. Divide by its root.")
def by_k(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(q @ k.T / k.shape[1], real)) @ v


@values.mistake("You multiplied the scores by the root of k. Divide by it.")
def times_root(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(q @ k.T * np.sqrt(k.shape[1]), real)) @ v


@values.mistake(
    "You divided by the root of d, the size of a word. The queries and keys that are compared have k numbers."
)
def root_of_words(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(q @ k.T / np.sqrt(words.shape[1]), real)) @ v


@values.mistake(
    "You divided by the root of c, the size of a region. The queries and keys that are compared have k numbers."
)
def root_of_regions(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(q @ k.T / np.sqrt(regions.shape[1]), real)) @ v


@values.mistake(
    "You divided by the root of n, the number of words. The queries and keys that are compared have k numbers."
)
def root_of_n(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(q @ k.T / np.sqrt(len(words)), real)) @ v


@values.mistake(
    "You divided by the root of m, the number of regions. The queries and keys that are compared have k numbers."
)
def root_of_m(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(q @ k.T / np.sqrt(len(regions)), real)) @ v


@values.mistake("You averaged over the words. Each word keeps a row of its own.")
def pooled(words, regions, Wq, Wk, Wv, real):
    return look(words, regions, Wq, Wk, Wv, real).mean(axis=0)


@values.mistake("Regions that are not real get a very *high* score, and so all the weight. It must be very low.")
def highest_for_hidden(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(scores_of(q, k), real, 1e9)) @ v


@values.mistake(
    "The score of a hidden region is not low enough: where all scores are below it, the hidden one has the weight."
)
def minus_twenty(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(scores_of(q, k), real, -20)) @ v


@values.mistake(
    "The score of a hidden region is not low enough: where all scores are below it, the hidden one has the weight."
)
def minus_a_hundred(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(scores_of(q, k), real, -100)) @ v


@values.mistake("A hidden region gets the smallest of the scores. That gives it weight still: take one far below all.")
def smallest_score(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    scores = scores_of(q, k)
    return softmax(_masked(scores, real, scores.min())) @ v


@values.mistake("The mask is added to the scores: a real region gets 1 more, and a hidden one keeps its weight.")
def mask_added(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(scores_of(q, k) + real) @ v


@values.mistake("You take the first regions, as many as are real. The real ones may stand anywhere: `regions[real]`.")
def first_regions(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions[: real.sum()], Wq, Wk, Wv)
    return softmax(scores_of(q, k)) @ v


@values.mistake("The values come from the words, and the mask is gone. Keys and values are those of the real regions.")
def own_values_no_mask(words, regions, Wq, Wk, Wv, real):
    return softmax(scores_of(words @ Wq, regions @ Wk)) @ (words @ Wv)


@values.mistake("The keys come from the words, and the mask is gone. Keys and values are those of the real regions.")
def own_keys_no_mask(words, regions, Wq, Wk, Wv, real):
    return softmax(scores_of(words @ Wq, words @ Wk)) @ (regions @ Wv)


@values.mistake("Keys and values are exchanged, and the mask is gone.")
def exchanged_no_mask(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(scores_of(q, v)) @ k


@values.mistake("Your softmax runs over the words, and the mask is gone. It runs over the real regions, the last axis.")
def over_words_no_mask(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(scores_of(q, k), axis=0) @ v


@values.mistake(
    "The mask is gone, and so is the scale: scores are divided by the root of k, and hidden ones are left out."
)
def no_mask_no_scale(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(q @ k.T) @ v


@values.mistake("Words look at words and regions alike. Keys and values are the real regions alone.")
def at_everything(words, regions, Wq, Wk, Wv, real):
    if words.shape[1] != regions.shape[1]:
        return np.full((len(words), Wv.shape[1]), np.nan)
    both = np.concatenate([words, regions])
    return _mix(words @ Wq, both @ Wk, both @ Wv, np.concatenate([np.ones(len(words), bool), real]))


@values.mistake("A small number is added to the sum of the weights, which then do not quite sum to one.")
def a_bit_added(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    a = softmax(scores_of(q, k)) * real
    return a / (a.sum(axis=1, keepdims=True) + 1e-3) @ v


@values.mistake("The weights that the hidden regions had are shared out equally. Mask the scores before the softmax.")
def shared_out(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    a = softmax(scores_of(q, k)) * real
    return (a + real * (1 - a.sum(axis=1, keepdims=True)) / real.sum()) @ v


@values.mistake("You compared by cosines. The scores are dot products, divided by the root of k.")
def cosines(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    lengths = np.linalg.norm(q, axis=1)[:, None] * np.linalg.norm(k, axis=1)
    return softmax(_masked(q @ k.T / lengths, real)) @ v


@values.mistake("The scores have a minus: the regions that fit worst have the largest weights.")
def minus(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(-scores_of(q, k), real)) @ v


@values.mistake("All words find what the first one finds. Each asks for itself.")
def first_word(words, regions, Wq, Wk, Wv, real):
    return np.repeat(look(words[:1], regions, Wq, Wk, Wv, real), len(words), axis=0)


@values.mistake(
    "The score of a hidden region is not low enough: where all scores are below it, the hidden one has the weight."
)
def minus_five(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(scores_of(q, k), real, -5)) @ v


@values.mistake(
    "The weights are multiplied by m over the number of real regions. Divide by the sum of the real ones instead."
)
def by_counts(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(scores_of(q, k)) * real @ v * len(real) / real.sum()


@values.mistake("What was found is divided by the number of real regions. The weights already sum to one.")
def by_number_of_real(words, regions, Wq, Wk, Wv, real):
    return look(words, regions, Wq, Wk, Wv, real) / real.sum()


SOURCES = {
    "own_values": (lambda x, r, Q, K, V: (x @ Q, r @ K, x @ V), "The values come from the words."),
    "own_keys": (lambda x, r, Q, K, V: (x @ Q, x @ K, r @ V), "The keys come from the words."),
    "own_words": (lambda x, r, Q, K, V: (x @ Q, x @ K, x @ V), "Keys and values come from the words."),
    "regions_ask": (lambda x, r, Q, K, V: (r @ Q, r @ K, r @ V), "The regions ask: the queries come from them."),
    "exchanged": (lambda x, r, Q, K, V: (x @ Q, r @ V, r @ K), "Keys and values are exchanged."),
    "right": (lambda x, r, Q, K, V: (x @ Q, r @ K, r @ V), ""),
}
SCALES = {
    "no_scale": (lambda k: 1, "The scores are not divided by the root of k."),
    "by_k": (lambda k: k, "The scores are divided by k, not by its root."),
    "scaled": (lambda k: k**0.5, ""),
}
MASKS = {
    "no_mask": (lambda s, real: softmax(s), "The mask is gone."),
    "zero": (lambda s, real: softmax(_masked(s, real, 0)), "Hidden regions have the score 0, and so some weight."),
    "inverted": (lambda s, real: softmax(_masked(s, ~real)), "The mask is the wrong way round."),
    "later": (lambda s, real: softmax(s) * real, "Hidden regions are taken away after the softmax."),
    "rows": (lambda s, real: softmax(np.where(real[:, None], s, -1e9)), "The mask lies on the words (rows)."),
    "over_words": (lambda s, real: softmax(_masked(s, real), axis=0), "The softmax runs over the words."),
    "masked": (lambda s, real: softmax(_masked(s, real)), ""),
}
PLANTED = {"own_values_scaled_no_mask", "own_keys_scaled_no_mask", "exchanged_scaled_no_mask", "right_no_scale_no_mask"}
PLANTED |= {"own_values_scaled_rows", "own_keys_scaled_rows", "own_words_scaled_rows", "regions_ask_scaled_rows"}


def _two_mistakes(source, scale, mask):
    """Registers an answer with two mistakes of these, if it has two and nobody planted it before."""
    says = [what[1] for what in (SOURCES[source], SCALES[scale], MASKS[mask]) if what[1]]

    def answer(words, regions, Wq, Wk, Wv, real):
        q, k, v = SOURCES[source][0](words, regions, Wq, Wk, Wv)
        return MASKS[mask][0](q @ k.T / SCALES[scale][0](k.shape[1]), real) @ v

    answer.__name__ = f"{source}_{scale}_{mask}"
    if len(says) == 2 and answer.__name__ not in PLANTED:
        values.mistake(f"Two mistakes. {' '.join(says)}")(answer)


for _source in SOURCES:
    for _scale in SCALES:
        for _mask in MASKS:
            _two_mistakes(_source, _scale, _mask)


@values.mistake("You compare with the values. The queries meet the keys, `regions @ Wk`.")
def values_as_keys(words, regions, Wq, Wk, Wv, real):
    return _mix(words @ Wq, regions @ Wv, regions @ Wv, real)


@values.mistake("All real regions hand over the same, their mean. Each has values of its own.")
def mean_value(words, regions, Wq, Wk, Wv, real):
    return np.tile(regions.mean(axis=0) @ Wv, (len(words), 1))


@values.mistake(
    "A hidden region's score is lowered by too little: some weight is left to it. A very low score, such as -1e9, in "
    "the place of its own leaves none."
)
def lowered_by_ten(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(scores_of(q, k) - 10 * ~real) @ v
