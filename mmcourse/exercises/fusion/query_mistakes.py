"""What goes wrong in `fusion.query`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.fusion.query import asked, by_similarity
from mmcourse.exercises.numeric import softmax


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


@asked.mistake(
    "The weight of the words is a sigmoid of their own score, and voice gets the rest: its score is not used. Both "
    "scores compete in one softmax."
)
def sigmoid_of_words(words, voice, query):
    share = 1 / (1 + np.exp(-_scores(words, voice, query)[:, :1]))
    return np.concatenate([share, 1 - share], axis=1)


@asked.mistake("Words and voice are compared with their own mean. Compare both with `query`.")
def with_their_mean(words, voice, query):
    mean = (words + voice) / 2
    return softmax(4 * np.stack([_cosine(words, mean), _cosine(voice, mean)], axis=1), axis=1)


@asked.mistake("You took powers of 2. The softmax is made of powers of e, `np.exp`.")
def powers_of_two(words, voice, query):
    return softmax(_scores(words, voice, query) * np.log(2), axis=1)


@asked.mistake(
    "You multiplied by the query and compared words with voice all the same. Each is compared with the query alone."
)
def multiplied_by_query(words, voice, query):
    return softmax(4 * np.stack([_cosine(words * query, voice), _cosine(voice * query, words)], axis=1), axis=1)


FACTOR = "Another factor than 4 stands before the cosines."


@asked.mistake(FACTOR)
def sixteen(words, voice, query):
    return softmax(4 * _scores(words, voice, query), axis=1)


@asked.mistake(FACTOR)
def eight(words, voice, query):
    return softmax(2 * _scores(words, voice, query), axis=1)


@asked.mistake("The softmax is taken twice: the weights of an item come too near to each other.")
def softmax_twice(words, voice, query):
    return softmax(by_similarity(words, voice, query), axis=1)


@asked.mistake(
    "The query is added to words and voice before they are compared with each other. Compare with it instead."
)
def query_added(words, voice, query):
    return softmax(4 * np.stack([_cosine(words + query, voice), _cosine(voice + query, words)], axis=1), axis=1)


@asked.mistake("The similarity of words and voice to each other is multiplied in. Only that to the query counts.")
def times_each_other(words, voice, query):
    return softmax(_scores(words, voice, query) * _cosine(words, voice)[:, None], axis=1)


@asked.mistake("You took angles. Asked is the cosine of the angle, and 4 times that.")
def angles(words, voice, query):
    return softmax(-4 * np.arccos(np.clip(_scores(words, voice, query) / 4, -1, 1)), axis=1)


@asked.mistake("You took 1 / (1 + distance to the query). Asked is the cosine.")
def inverse_distances(words, voice, query):
    return _weights(lambda a, b: 1 / (1 + _length(a - b)), words, voice, query)


@asked.mistake("You divided by sums of absolute values. The length of a vector is the root of its sum of squares.")
def absolute_lengths(words, voice, query):
    return _weights(lambda a, b: a @ b / (np.abs(a).sum(-1) * np.abs(b).sum(-1)), words, voice, query)


@asked.mistake("You divided by the sum of the two lengths. A cosine is divided by their product.")
def sum_of_lengths(words, voice, query):
    return _weights(lambda a, b: a @ b / (_length(a) + _length(b)), words, voice, query)


@asked.mistake(
    "The farther one has all the weight. The nearer one is to have more, and the softmax leaves the other some."
)
def farther(words, voice, query):
    s = _scores(words, voice, query)
    return (s == s.min(1, keepdims=True)).astype(float)


@asked.mistake(BY_SIZE)
def times_size_and_four(words, voice, query):
    return softmax(_scores(words, voice, query) * len(query), axis=1)


@asked.mistake(BY_SIZE)
def times_root_and_four(words, voice, query):
    return softmax(_scores(words, voice, query) * len(query) ** 0.5, axis=1)


@asked.mistake("You took the third power of the cosine. It is used as it is, times 4.")
def cubed(words, voice, query):
    return softmax(4 * (_scores(words, voice, query) / 4) ** 3, axis=1)


@asked.mistake("Voice has one score for all items, a mean. Each item has its own.")
def mean_of_voice(words, voice, query):
    s = _scores(words, voice, query)
    return softmax(np.stack([s[:, 0], np.full(len(s), s[:, 1].mean())], axis=1), axis=1)


@asked.mistake("The scores of the batch are averaged: all items have the same weights. Each has its own.")
def mean_of_scores(words, voice, query):
    s = _scores(words, voice, query)
    return softmax(np.tile(s.mean(axis=0), (len(s), 1)), axis=1)


@asked.mistake("The similarity of words and voice to each other is added in. Only that to the query counts.")
def plus_each_other(words, voice, query):
    each = 4 * _cosine(words, voice)
    return softmax(_scores(words, voice, query) + np.stack([each, -each], axis=1), axis=1)


COMPARED = {
    "dot": (lambda a, b: a @ b, "Dot products are taken, not cosines."),
    "vector_length": (lambda a, b: a @ b / _length(a), "The length of the query is not divided out."),
    "query_length": (lambda a, b: a @ b / _length(b), "The lengths of words and voice are not divided out."),
    "distance": (lambda a, b: -_length(a - b), "Distances are taken, not cosines."),
    "absolute": (lambda a, b: np.abs(_cosine(a, b)), "The cosine has lost its sign."),
    "exchanged": (lambda a, b: -_cosine(a, b), "Words and voice are exchanged (or the scores have a minus)."),
    "cosine": (_cosine, ""),
}
FACTORS = {
    "times_1": (1, "The factor 4 is missing."),
    "times_0.25": (0.25, "You divide by 4, not multiply."),
    "times_4": (4, ""),
}
AXES = {
    "over_items": (0, "The softmax runs over the items."),
    "over_all": ((0, 1), "The softmax runs over items and modalities at once."),
    "over_modalities": (1, ""),
}
PLANTED = {(one, "times_1", "over_modalities") for one in ("dot", "distance", "exchanged")}
PLANTED |= {("cosine", "times_1", "over_items")}


def _two_mistakes(compared, factor, axis):
    """Registers an answer with two mistakes of these, if it has two and nobody planted it before."""
    says = [what[1] for what in (COMPARED[compared], FACTORS[factor], AXES[axis]) if what[1]]
    if len(says) == 2 and (compared, factor, axis) not in PLANTED:

        def answer(words, voice, query):
            scores = [COMPARED[compared][0](one, query) for one in (words, voice)]
            return softmax(FACTORS[factor][0] * np.stack(scores, axis=1), axis=AXES[axis][0])

        answer.__name__ = f"{compared}_{factor}_{axis}".replace(".", "_")
        asked.mistake(f"Two mistakes. {' '.join(says)}")(answer)


for _compared in COMPARED:
    for _factor in FACTORS:
        for _axis in AXES:
            _two_mistakes(_compared, _factor, _axis)


@asked.mistake("Voice gets what words leave over: its own score is not used. Both scores compete in one softmax.")
def shifted_cosine_of_words(words, voice, query):
    share = (1 + _scores(words, voice, query)[:, :1] / 4) / 2
    return np.concatenate([share, 1 - share], axis=1)


@asked.mistake("Voice gets what words leave over: its own score is not used. Both scores compete in one softmax.")
def sigmoid_of_words_without_four(words, voice, query):
    share = 1 / (1 + np.exp(-_scores(words, voice, query)[:, :1] / 4))
    return np.concatenate([share, 1 - share], axis=1)


@asked.mistake("The cosines were stretched from 0 to 1 first. They are used as they are, times 4.")
def stretched(words, voice, query):
    s = _scores(words, voice, query) / 4
    with np.errstate(all="ignore"):
        return softmax(4 * (s - s.min()) / (s.max() - s.min()), axis=1)


@asked.mistake("The cosines were moved to 0 … 1 and divided by their sum. Asked is the softmax of 4 times the cosine.")
def shares_of_shifted(words, voice, query):
    s = 1 + _scores(words, voice, query) / 4
    return s / s.sum(1, keepdims=True)


@asked.mistake("The exponentials are divided by their largest. Divided by their sum, each row sums to one.")
def largest_is_one(words, voice, query):
    a = by_similarity(words, voice, query)
    return a / a.max(1, keepdims=True)


@asked.mistake("One of the two has the cosine, the other 1 minus it. Both scores are 4 times the cosine.")
def voice_as_distance(words, voice, query):
    s = _scores(words, voice, query)
    return softmax(np.stack([s[:, 0], 4 - s[:, 1]], axis=1), axis=1)


@asked.mistake("One of the two has the cosine, the other 1 minus it. Both scores are 4 times the cosine.")
def words_as_distance(words, voice, query):
    s = _scores(words, voice, query)
    return softmax(np.stack([4 - s[:, 0], s[:, 1]], axis=1), axis=1)
