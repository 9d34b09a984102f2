"""Exercise `cross_attention.values`: cross-modal attention to which the picture adds nothing."""

import numpy as np

from mmcourse.exercises import Exercise, case
from mmcourse.exercises.numeric import softmax

values = Exercise(
    "cross_attention.values",
    kind="find the bug",
    title="Nothing of the picture comes in",
    returns="a row of k numbers for each word",
    task=(
        "`look(words, regions, Wq, Wk, Wv, real)` shall let each of `n` words look at the `m` regions of its picture: "
        "`words` `(n, d)`, `regions` `(m, c)`, `real` bool `(m,)` says which regions are real (at least one is; others "
        "get no weight). "
        "`Wq` is `(d, k)`, `Wk` and `Wv` are `(c, k)`. It was copied from a self-attention, and a test happened to "
        "have `n = m` and `d = c`, so it ran. Then someone noticed that **the output is the same for every picture.** "
        "Put it right: one modality asks, the other gives keys *and* values."
    ),
    hints=(
        "Write beside each of the three products which modality it takes. Which of the three may be `words`?",
        "Queries are `words @ Wq`; keys and values are `regions @ Wk` and `regions @ Wv`. The mask hides *keys*: it "
        "goes along the last axis of the scores, `np.where(real[None, :], scores, -1e9)`.",
    ),
    plan=(
        "Let the words give the queries, and the regions keys and values.",
        "Check the shape of the scores: a row for each word, a column for each region.",
        "Lay the mask along the axis that it speaks of.",
    ),
    minutes=8,
    difficulty=2,
    importance=3,
)


@values.solved_by
def look(words, regions, Wq, Wk, Wv, real):
    """Words (n, d), regions (m, c) and three matrices -> (n, k)."""
    q, k, v = words @ Wq, regions @ Wk, regions @ Wv
    scores = q @ k.T / np.sqrt(k.shape[-1])  # (n, m)
    scores = np.where(real[None, :], scores, -np.inf)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) @ v


@values.given
def _given(words, regions, Wq, Wk, Wv, real):
    """Words (n, d), regions (m, c) and three matrices -> (n, k)."""
    q, k, v = words @ Wq, words @ Wk, words @ Wv
    scores = q @ k.T / np.sqrt(k.shape[-1])  # (n, m)
    scores = np.where(real[:, None], scores, -1e9)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) @ v


def _sample(rng, n, m, d, c, k, real=None):
    if real is None:  # some are, some are not
        real = np.arange(m) < (1 if m < 3 else int(rng.integers(2, m)))
        real = real[rng.permutation(m)]
    Wq, Wk, Wv = (rng.normal(size=shape) for shape in ((d, k), (c, k), (c, k)))
    return rng.normal(size=(n, d)), rng.normal(size=(m, c)), Wq, Wk, Wv, np.array(real)


@values.cases
def _(rng):
    yield case(*_sample(rng, 5, 5, 4, 4, 3))  # n = m and d = c, where the code as it was given runs
    yield case(*_sample(rng, 4, 4, 3, 3, 3))  # d = c = k, where a matrix may be forgotten
    yield case(*_sample(rng, 3, 7, 6, 2, 5))
    yield case(*_sample(rng, 6, 4, 2, 5, 3))
    yield case(*_sample(rng, 3, 3, 2, 2, 2, [True] * 3), when="where all regions are real")
    yield case(*_sample(rng, 4, 4, 3, 3, 2, [False, False, True, False]), when="where one region is real")
    yield case(*_sample(rng, 1, 1, 2, 2, 3, [True]), when="with one word and one region")
    _, _, Wq, Wk, Wv, real = _sample(rng, 3, 3, 2, 2, 3, [True, False, True])
    words, regions, Wq, Wk = (rng.uniform(1, 1.5, shape) for shape in ((3, 2), (3, 2), Wq.shape, Wk.shape))
    regions *= -130 / _scores(words @ Wq, regions @ Wk).min()  # scores from -130 down to -400 or so
    yield case(words, regions, Wq, Wk, Wv, real, when="where the scores of all regions are far below 0")


@values.oracle
def _(words, regions, Wq, Wk, Wv, real):
    found = []
    for word in words:
        q = word @ Wq / np.sqrt(Wk.shape[1])
        scores = [q @ (r @ Wk) for r in regions]
        top = max(s for s, ok in zip(scores, real, strict=True) if ok)
        e = [np.exp(s - top) if ok else 0.0 for s, ok in zip(scores, real, strict=True)]
        found.append(sum(w * (r @ Wv) for w, r in zip(e, regions, strict=True)) / sum(e))
    return np.array(found)


def _masked(scores, real, value=-1e9):
    return np.where(real[None, :], scores, value)


def _scores(q, k):
    return q @ k.T / np.sqrt(k.shape[-1])


def _mix(q, k, v, real):
    return softmax(_masked(_scores(q, k), real)) @ v


def _three(words, regions, Wq, Wk, Wv):
    return words @ Wq, regions @ Wk, regions @ Wv


# ── whose are the three? ────────────────────────────────────────────────────────────────────────────


@values.mistake(
    "Queries, keys and values all come from the words, as in the code that was given: this is self-attention."
)
def words_only(words, regions, Wq, Wk, Wv, real):
    scores = np.where(real[:, None], _scores(words @ Wq, words @ Wk), -1e9)
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
    scores = np.where(real[:, None], _scores(words @ Wq, regions @ Wk), -1e9)
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
    return softmax(np.where(real[:, None], _scores(words @ Wq, words @ Wk), -1e9)) @ (regions @ Wv)


@values.mistake("You turned it round: here the regions ask and the words answer.")
def turned(words, regions, Wq, Wk, Wv, real):
    return _mix(regions @ Wq, words @ Wk, words @ Wv, real)


@values.mistake("You turned it round: here the regions ask and the words answer, and the mask hides regions that ask.")
def turned_rows(words, regions, Wq, Wk, Wv, real):
    return softmax(np.where(real[:, None], _scores(regions @ Wq, words @ Wk), -1e9)) @ (words @ Wv)


@values.mistake("The queries come from the regions, too, and the mask lies on the queries: regions look at regions.")
def regions_only_rows(words, regions, Wq, Wk, Wv, real):
    return softmax(np.where(real[:, None], _scores(regions @ Wq, regions @ Wk), -1e9)) @ (regions @ Wv)


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
    return softmax(_masked(_scores(q, k), real))


# ── the mask ────────────────────────────────────────────────────────────────────────────────────────


@values.mistake(
    "The mask lies on the words (rows). It says which *regions* are real: it hides keys, along the last axis."
)
def queries_masked(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(np.where(real[:, None], _scores(q, k), -1e9)) @ v


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
    return softmax(_masked(_scores(q, k), ~real, -np.inf)) @ v


@values.mistake("The hidden regions have the score 0. That is no absence: its exponential is 1.")
def score_zero(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(_scores(q, k), real, 0)) @ v


@values.mistake(
    "The hidden regions were set to zeros, but they still get weight: their scores are 0, whose exponential is 1."
)
def regions_zeroed(words, regions, Wq, Wk, Wv, real):
    return no_mask(words, regions * real[:, None], Wq, Wk, Wv, real)


@values.mistake(
    "The hidden regions have the score -1, and so some weight. Only a very low score, such as -1e9, leaves none."
)
def score_minus_one(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(_scores(q, k), real, -1)) @ v


@values.mistake(
    "The score of a hidden region is not low enough: where all scores are below it, the hidden one has the weight."
)
def low_score(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(_scores(q, k), real, -10)) @ v


@values.mistake(
    "The hidden regions are taken away after the softmax, so the rest no longer sums to one. Mask the scores before it."
)
def masked_later(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_scores(q, k)) * real @ v


# ── softmax and scale ───────────────────────────────────────────────────────────────────────────────


@values.mistake("Your softmax runs over the words. Each word's weights sum to one over the regions, the last axis.")
def over_words(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(_scores(q, k), real), axis=0) @ v


@values.mistake("The exponentials are not divided by their sum, so a word's weights do not sum to one.")
def not_normalised(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return np.exp(_masked(_scores(q, k), real)) @ v


@values.mistake("The exponentials are not divided by their sum, so a word's weights do not sum to one.")
def largest_is_one(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    scores = _masked(_scores(q, k), real)
    return np.exp(scores - scores.max(axis=1, keepdims=True)) @ v


@values.mistake("The exponentials are divided by their mean. Divided by their *sum*, a word's weights sum to one.")
def by_mean(words, regions, Wq, Wk, Wv, real):
    return len(regions) * look(words, regions, Wq, Wk, Wv, real)


@values.mistake("The softmax is missing: the scores themselves are the weights.")
def raw_scores(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return _masked(_scores(q, k), real, 0) @ v


@values.mistake("The weights are equal for all real regions. They are the softmax of the scores.")
def equal(words, regions, Wq, Wk, Wv, real):
    return np.tile((regions @ Wv)[real].mean(axis=0), (len(words), 1))


@values.mistake(
    "Each word found one region only, that of its largest score. The softmax gives all real ones some weight."
)
def hardest(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return v[_masked(_scores(q, k), real).argmax(axis=1)]


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
    return softmax(_masked(_scores(q, k), real, 1e9)) @ v


@values.mistake(
    "The score of a hidden region is not low enough: where all scores are below it, the hidden one has the weight."
)
def minus_twenty(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(_scores(q, k), real, -20)) @ v


@values.mistake(
    "The score of a hidden region is not low enough: where all scores are below it, the hidden one has the weight."
)
def minus_a_hundred(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_masked(_scores(q, k), real, -100)) @ v


@values.mistake("A hidden region gets the smallest of the scores. That gives it weight still: take one far below all.")
def smallest_score(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    scores = _scores(q, k)
    return softmax(_masked(scores, real, scores.min())) @ v


@values.mistake("The mask is added to the scores: a real region gets 1 more, and a hidden one keeps its weight.")
def mask_added(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions, Wq, Wk, Wv)
    return softmax(_scores(q, k) + real) @ v


@values.mistake("You take the first regions, as many as are real. The real ones may stand anywhere: `regions[real]`.")
def first_regions(words, regions, Wq, Wk, Wv, real):
    q, k, v = _three(words, regions[: real.sum()], Wq, Wk, Wv)
    return softmax(_scores(q, k)) @ v
