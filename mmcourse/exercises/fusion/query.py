"""Exercise `fusion.query`: weights that are always one half."""

import numpy as np

from mmcourse.exercises import Exercise, case
from mmcourse.exercises.numeric import softmax

asked = Exercise(
    "fusion.query",
    kind="find the bug",
    title="The weights that never move",
    returns="two weights for each item, words first",
    task=(
        "`by_similarity(words, voice, query)` weighs two modalities for each item: `words` and `voice` have the shape "
        "`(n, d)`, `query` `(d,)`. Whatever the items, all weights are one half, although one of the two is often "
        "much nearer the query. Put it right: return the weights, `(n, 2)`, words first: the softmax over the two of "
        "4 times the cosine **to the query**."
    ),
    hints=(
        "Print the two scores of a few items before the softmax. Why are they equal? What does `query` do?",
        "`cosine(a, b)` equals `cosine(b, a)`. Compare `words` with `query`, and `voice` with `query`. A query of "
        "shape `(d,)` is compared with every row.",
    ),
    plan=(
        "Look at which two vectors each cosine compares.",
        "Compare words with the query, and voice with the query.",
    ),
    minutes=5,
    difficulty=1,
    importance=2,
)


@asked.solved_by
def by_similarity(words, voice, query):
    """(n, d), (n, d), (d,) -> weights (n, 2)."""

    def cosine(a, b):
        lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
        return (a * b).sum(axis=-1) / lengths

    s = 4 * np.stack([cosine(words, query), cosine(voice, query)], axis=1)
    e = np.exp(s)
    return e / e.sum(axis=1, keepdims=True)


@asked.given
def _given(words, voice, query):
    """(n, d), (n, d), (d,) -> weights (n, 2)."""

    def cosine(a, b):
        lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
        return (a * b).sum(axis=-1) / lengths

    s = 4 * np.stack([cosine(words, voice), cosine(voice, words)], axis=1)
    e = np.exp(s)
    return e / e.sum(axis=1, keepdims=True)


def _sample(rng, n, d):
    """Vectors of lengths that differ, and a query that is not of length 1 either."""
    words, voice = rng.normal(size=(2, n, d)) * rng.uniform(0.4, 2.5, (2, n, 1))
    return words, voice, rng.normal(size=d) * rng.choice([0.3, 3])


@asked.cases
def _(rng):
    for n, d in ((9, 5), (4, 3), (3, 3), (2, 2)):  # n = d, and even n = 2: there sums over a wrong axis run
        yield case(*_sample(rng, n, d))
    yield case(*_sample(rng, 1, 4), when="with a single item")
    words, voice, query = _sample(rng, 5, 4)
    away, query = np.abs(words) * [[1], [-1], [1], [-1], [1]], np.abs(query)
    yield case(away, -np.abs(voice), query, when="where a vector points away from the query")


@asked.oracle
def _(words, voice, query):
    weights = []
    for both in zip(words.tolist(), voice.tolist(), strict=True):
        e = []
        for vector in both:
            product = sum(a * b for a, b in zip(vector, query, strict=True))
            lengths = sum(a * a for a in vector) ** 0.5 * sum(b * b for b in query) ** 0.5
            e.append(np.exp(4 * product / lengths))
        weights.append([e[0] / sum(e), e[1] / sum(e)])
    return np.array(weights)


def _length(a):
    return np.linalg.norm(a, axis=-1)


def _cosine(a, b):
    return (a * b).sum(-1) / (_length(a) * _length(b))


def _weights(compare, words, voice, query):
    return softmax(4 * np.stack([compare(words, query), compare(voice, query)], axis=1), axis=1)


def _scores(words, voice, query):
    return 4 * np.stack([_cosine(words, query), _cosine(voice, query)], axis=1)


# ── who is compared with whom ───────────────────────────────────────────────────────────────────────


@asked.mistake(
    "Every weight is still one half: the two scores of an item are equal. The similarity of words and voice to *each "
    "other* is symmetric; compare words with the query, and voice with the query."
)
def means_of_each_other(words, voice, query):
    return np.full((len(words), 2), 0.5)


@asked.mistake("The weights of words and voice are exchanged: words stand first, and the nearer one has more weight.")
def exchanged(words, voice, query):
    return by_similarity(voice, words, query)


@asked.mistake("Words are compared with the query, but voice with the words. Compare voice with the query, too.")
def voice_with_words(words, voice, query):
    return softmax(4 * np.stack([_cosine(words, query), _cosine(voice, words)], axis=1), axis=1)


@asked.mistake("Voice is compared with the query, but words with voice. Compare words with the query, too.")
def words_with_voice(words, voice, query):
    return softmax(4 * np.stack([_cosine(words, voice), _cosine(voice, query)], axis=1), axis=1)


@asked.mistake("All items have the same weights: you compared the mean of the items with the query, not each item.")
def same_for_all(words, voice, query):
    both = by_similarity(words.mean(0, keepdims=True), voice.mean(0, keepdims=True), query)
    return np.tile(both, (len(words), 1))


# ── the cosine ──────────────────────────────────────────────────────────────────────────────────────


@asked.mistake(
    "You took dot products. A longer vector then has more weight whatever its direction: divide by the lengths."
)
def dot_products(words, voice, query):
    return _weights(lambda a, b: a @ b, words, voice, query)


@asked.mistake("You took dot products, without the factor 4. Divide by the lengths, then multiply by 4.")
def plain_dot_products(words, voice, query):
    return softmax(np.stack([words @ query, voice @ query], axis=1), axis=1)


@asked.mistake(
    "You divided by the length of words or voice only. A cosine is divided by the length of the query as well."
)
def query_not_divided(words, voice, query):
    return _weights(lambda a, b: a @ b / _length(a), words, voice, query)


@asked.mistake("You divided by the length of the query only. A cosine is divided by the length of the vector as well.")
def only_query_divided(words, voice, query):
    return _weights(lambda a, b: a @ b / _length(b), words, voice, query)


@asked.mistake("You divided by the *squares* of the lengths. A cosine is divided by the lengths.")
def squared_lengths(words, voice, query):
    return _weights(lambda a, b: a @ b / (_length(a) * _length(b)) ** 2, words, voice, query)


@asked.mistake("You divided by the length of the whole array of words, or voice. Each row has a length, along axis -1.")
def whole_length(words, voice, query):
    return _weights(lambda a, b: a @ b / (np.linalg.norm(a) * _length(b)), words, voice, query)


@asked.mistake("The lengths are those of the columns. Each *row* is a vector: its length runs along the last axis.")
def column_lengths(words, voice, query):
    return _weights(lambda a, b: a @ b / (np.linalg.norm(a, axis=0) * _length(b)), words, voice, query)


@asked.mistake("The products are averaged over d. A cosine sums them up.")
def averaged(words, voice, query):
    return _weights(lambda a, b: _cosine(a, b) / len(b), words, voice, query)


@asked.mistake("You took the mean away first: that is a correlation. A cosine takes the vectors as they are.")
def correlation(words, voice, query):
    return _weights(lambda a, b: _cosine(a - a.mean(-1, keepdims=True), b - b.mean()), words, voice, query)


@asked.mistake("You took distances to the query, with a minus. Asked is the cosine.")
def distances(words, voice, query):
    return _weights(lambda a, b: -_length(a - b), words, voice, query)


@asked.mistake("You took distances to the query, with a minus, and no factor. Asked is 4 times the cosine.")
def plain_distances(words, voice, query):
    return _weights(lambda a, b: -_length(a - b) / 4, words, voice, query)


@asked.mistake("You took squared distances to the query, with a minus. Asked is the cosine.")
def squared_distances(words, voice, query):
    return _weights(lambda a, b: -(_length(a - b) ** 2), words, voice, query)


@asked.mistake(
    "You took the size of the cosine without its sign. A vector that points away from the query is not like it."
)
def absolute(words, voice, query):
    return softmax(np.abs(_scores(words, voice, query)), axis=1)


@asked.mistake("You took the square of the cosine. A vector that points away from the query is not like it.")
def squared(words, voice, query):
    return _weights(lambda a, b: _cosine(a, b) ** 2, words, voice, query)


@asked.mistake("Negative cosines became 0. A vector that points away from the query has even less weight than that.")
def cut_at_zero(words, voice, query):
    return softmax(np.maximum(_scores(words, voice, query), 0), axis=1)


# ── softmax and factor ──────────────────────────────────────────────────────────────────────────────


@asked.mistake("These are the scores. The weights are their softmax: positive, and they sum to one.")
def only_scores(words, voice, query):
    return _scores(words, voice, query)


@asked.mistake("These are the cosines. The weights are the softmax of 4 times these.")
def only_cosines(words, voice, query):
    return _scores(words, voice, query) / 4


@asked.mistake("These are the exponentials of the scores. Divide them by their sum, so that each row sums to one.")
def only_exponentials(words, voice, query):
    return np.exp(_scores(words, voice, query))


@asked.mistake("Your softmax runs over the items. It runs over the two modalities, so that each row sums to one.")
def over_the_items(words, voice, query):
    return softmax(_scores(words, voice, query), axis=0)


@asked.mistake("Your softmax runs over all items and both modalities at once. Each row is to sum to one.")
def over_everything(words, voice, query):
    return softmax(_scores(words, voice, query), axis=(0, 1))


@asked.mistake("The factor 4 is missing: the weights hardly move from one half.")
def no_scale(words, voice, query):
    return softmax(_scores(words, voice, query) / 4, axis=1)


@asked.mistake("You divided the cosines by 4: the weights hardly move from one half. Multiply by 4.")
def divided_scale(words, voice, query):
    return softmax(_scores(words, voice, query) / 16, axis=1)


@asked.mistake("The cosines are multiplied by 2 in effect (one moved to 0 … 1 has half the range). Multiply them by 4.")
def half_the_scale(words, voice, query):
    return softmax(_scores(words, voice, query) / 2, axis=1)


@asked.mistake("The factor 4 stands outside of the softmax: your rows sum to four. It belongs to the cosines.")
def scale_outside(words, voice, query):
    return 4 * softmax(_scores(words, voice, query) / 4, axis=1)


@asked.mistake(
    "You divided the cosines by their sum. Cosines may be negative, and so may your weights: use the softmax."
)
def shares(words, voice, query):
    s = _scores(words, voice, query)
    return s / s.sum(1, keepdims=True)


@asked.mistake("Each weight is a sigmoid by itself, and a row does not sum to one. Take the softmax over the two.")
def sigmoid(words, voice, query):
    return 1 / (1 + np.exp(-_scores(words, voice, query)))


@asked.mistake("The nearer one has all the weight. The softmax leaves the other some.")
def hard(words, voice, query):
    s = _scores(words, voice, query)
    return (s == s.max(1, keepdims=True)).astype(float)


@asked.mistake("These are the logarithms of the weights. Return the weights.")
def logarithms(words, voice, query):
    return np.log(by_similarity(words, voice, query))


BY_SIZE = "The factor of the cosines depends on d, the length of the vectors. It is 4, however long they are."


@asked.mistake(BY_SIZE)
def times_root(words, voice, query):
    return softmax(_scores(words, voice, query) / 4 * len(query) ** 0.5, axis=1)


@asked.mistake(BY_SIZE)
def by_root(words, voice, query):
    return softmax(_scores(words, voice, query) / len(query) ** 0.5, axis=1)


@asked.mistake(BY_SIZE)
def by_root_alone(words, voice, query):
    return softmax(_scores(words, voice, query) / 4 / len(query) ** 0.5, axis=1)


@asked.mistake(BY_SIZE)
def times_size(words, voice, query):
    return softmax(_scores(words, voice, query) / 4 * len(query), axis=1)


@asked.mistake("You took the mean of the batch away first. A cosine takes the vectors as they are.")
def centred_in_the_batch(words, voice, query):
    words, voice = words - words.mean(0), voice - voice.mean(0)
    with np.errstate(all="ignore"):
        return by_similarity(words, voice, query)


@asked.mistake("You took powers of 4. The softmax of 4 times the cosine is made of powers of e: `np.exp(4 * cosine)`.")
def powers_of_four(words, voice, query):
    return softmax(_scores(words, voice, query) / 4 * np.log(4), axis=1)


@asked.mistake("All items get the weights of the first one. Each has its own.")
def of_the_first_item(words, voice, query):
    return np.tile(by_similarity(words[:1], voice[:1], query), (len(words), 1))


@asked.mistake("The weights of words and voice are exchanged, and the factor 4 is missing.")
def exchanged_without_four(words, voice, query):
    return softmax(_scores(voice, words, query) / 4, axis=1)


@asked.mistake("Your softmax runs over the items, and the factor 4 is missing. It runs over the two modalities.")
def over_items_without_four(words, voice, query):
    return softmax(_scores(words, voice, query) / 4, axis=0)
