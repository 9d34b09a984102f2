"""What goes wrong in `cross_attention.fuse`: planted mistakes with their messages."""

import numpy as np

from mmcourse.exercises.cross_attention.fuse import fuse, fuse_words
from mmcourse.exercises.numeric import softmax


def _weights(words, regions, axis=-1, divided=None):
    """The weights of each word over the regions; its scores are divided by the root of d, or by ``divided``."""
    return softmax(words @ regions.T / (np.sqrt(words.shape[1]) if divided is None else divided), axis)


def _found(words, regions):
    return _weights(words, regions) @ regions


def _beside(words, found, W):
    return np.concatenate([words, found], axis=-1) @ W


# ── what stands side by side ────────────────────────────────────────────────────────────────────────


@fuse.mistake("You added word and finding. Side by side, each of the two has its own half of W.")
def added(words, regions, W):
    d = words.shape[1]
    return (words + _found(words, regions)) @ (W[:d] + W[d:])


@fuse.mistake(
    "You added word and finding, and the lower half of W is not used. Side by side, each has its own half of W."
)
def added_above(words, regions, W):
    return (words + _found(words, regions)) @ W[: words.shape[1]]


@fuse.mistake("You took the mean of word and finding. Side by side, each of the two has its own half of W.")
def averaged(words, regions, W):
    return (words + _found(words, regions)) / 2 @ W[: words.shape[1]]


@fuse.mistake(
    "Word and finding were each multiplied by their half of W, and the products stand side by side. They are added."
)
def products_beside(words, regions, W):
    d = words.shape[1]
    return np.concatenate([words @ W[:d], _found(words, regions) @ W[d:]], axis=-1)


@fuse.mistake("The finding is added to the word before both stand side by side. The lower half is the finding alone.")
def residual(words, regions, W):
    return _beside(words, words + _found(words, regions), W)


@fuse.mistake(
    "You multiplied word and finding, entry by entry. They are to stand side by side, each with its half of W."
)
def multiplied(words, regions, W):
    return (words * _found(words, regions)) @ W[: words.shape[1]]


@fuse.mistake("The difference of word and finding stands beside the word. It is the finding itself.")
def difference(words, regions, W):
    return _beside(words, words - _found(words, regions), W)


@fuse.mistake("The order is turned round: the upper half of W belongs to the word, the lower half to what it found.")
def turned(words, regions, W):
    return _beside(_found(words, regions), words, W)


@fuse.mistake(
    "Word and finding are mixed number by number. All d numbers of the word come first, then all d of what it found."
)
def interleaved(words, regions, W):
    return np.stack([words, _found(words, regions)], axis=-1).reshape(len(words), -1) @ W


@fuse.mistake("The word itself is lost: what it found stands there twice.")
def found_twice(words, regions, W):
    z = _found(words, regions)
    return _beside(z, z, W)


@fuse.mistake("Nothing was found: the word stands there twice.")
def word_twice(words, regions, W):
    return _beside(words, words, W)


@fuse.mistake("The word itself is left out. It is to be kept, beside what was found.")
def not_kept(words, regions, W):
    return _found(words, regions) @ W[words.shape[1] :]


@fuse.mistake("What the word found is left out: only the word itself is multiplied by its half of W.")
def word_alone(words, regions, W):
    return words @ W[: words.shape[1]]


@fuse.mistake(
    "You put the findings below the words, along the first axis, and used half of W. Side by side is the last axis."
)
def below(words, regions, W):
    return np.concatenate([words, _found(words, regions)], axis=0) @ W[: words.shape[1]]


@fuse.mistake("The two stand side by side as they should, but W is missing: multiply by it.")
def without_matrix(words, regions, W):
    return np.concatenate([words, _found(words, regions)], axis=-1)


@fuse.mistake("You return what was found, before it is put beside the word and multiplied by W.")
def only_found(words, regions, W):
    return _found(words, regions)


@fuse.mistake("You averaged over the words. Each word keeps a row of its own.")
def pooled(words, regions, W):
    return fuse_words(words, regions, W).mean(axis=0)


# ── what was found ──────────────────────────────────────────────────────────────────────────────────


@fuse.mistake("Your softmax runs over the words. Each *word's* weights must sum to one, over the regions.")
def wrong_axis(words, regions, W):
    return _beside(words, _weights(words, regions, axis=0) @ regions, W)


@fuse.mistake("Your softmax runs over all pairs at once. Each *word's* weights must sum to one, over the regions.")
def all_pairs(words, regions, W):
    return _beside(words, _weights(words, regions, axis=(0, 1)) @ regions, W)


@fuse.mistake("Words look at words here: self-attention. Keys and values come from the regions.")
def own_words(words, regions, W):
    return _beside(words, _found(words, words), W)


@fuse.mistake("You turned it round: here the regions ask and the words answer.")
def regions_ask(words, regions, W):
    return _beside(regions, _found(regions, words), W)


@fuse.mistake("The regions look at regions here. The words ask.")
def own_regions(words, regions, W):
    return _beside(words, _found(regions, regions), W)


@fuse.mistake("Every word found the mean of all regions: the weights are equal, as if nobody had asked.")
def equal_weights(words, regions, W):
    return _beside(words, np.tile(regions.mean(0), (len(words), 1)), W)


@fuse.mistake("Every word found the sum of all regions. The weights are the softmax of the scores.")
def all_summed(words, regions, W):
    return _beside(words, np.tile(regions.sum(0), (len(words), 1)), W)


@fuse.mistake("All words found the same: you asked with the mean of the words. Each word asks for itself.")
def mean_query(words, regions, W):
    return _beside(words, np.tile(_found(words.mean(0, keepdims=True), regions), (len(words), 1)), W)


@fuse.mistake("Each word found one region only, that of its largest score. The softmax gives all of them some weight.")
def hardest(words, regions, W):
    return _beside(words, regions[(words @ regions.T).argmax(axis=1)], W)


@fuse.mistake("The softmax is missing: the scores themselves are the weights.")
def raw_scores(words, regions, W):
    return _beside(words, words @ regions.T / np.sqrt(words.shape[1]) @ regions, W)


@fuse.mistake("The scores are divided by their sum. The softmax takes exponentials first, which are never negative.")
def shares(words, regions, W):
    scores = words @ regions.T
    return _beside(words, scores / scores.sum(axis=1, keepdims=True) @ regions, W)


@fuse.mistake("The exponentials are not divided by their sum, so a word's weights do not sum to one.")
def not_normalised(words, regions, W):
    return _beside(words, np.exp(words @ regions.T / np.sqrt(words.shape[1])) @ regions, W)


@fuse.mistake("The exponentials are not divided by their sum, so a word's weights do not sum to one.")
def largest_is_one(words, regions, W):
    scores = words @ regions.T / np.sqrt(words.shape[1])
    return _beside(words, np.exp(scores - scores.max(axis=1, keepdims=True)) @ regions, W)


@fuse.mistake("The exponentials are divided by their mean. Divided by their *sum*, a word's weights sum to one.")
def by_mean(words, regions, W):
    return _beside(words, len(regions) * _found(words, regions), W)


@fuse.mistake("A sigmoid stands where the softmax belongs: each weight by itself, and a word's do not sum to one.")
def sigmoid(words, regions, W):
    return _beside(words, 1 / (1 + np.exp(-words @ regions.T / np.sqrt(words.shape[1]))) @ regions, W)


@fuse.mistake("The scores have a minus: the regions that fit worst have the largest weights.")
def minus(words, regions, W):
    return _beside(words, _found(-words, regions), W)


# ── the scale ───────────────────────────────────────────────────────────────────────────────────────


@fuse.mistake("The scores are not divided by the root of d.")
def no_scale(words, regions, W):
    return _beside(words, _weights(words, regions, divided=1) @ regions, W)


@fuse.mistake("You divided the scores by d. Divide by its root.")
def by_d(words, regions, W):
    return _beside(words, _weights(words, regions, divided=words.shape[1]) @ regions, W)


@fuse.mistake("You multiplied the scores by the root of d. Divide by it.")
def times_root(words, regions, W):
    return _beside(words, _weights(words, regions, divided=words.shape[1] ** -0.5) @ regions, W)


@fuse.mistake("You divided by the root of 2d, the rows of W. The words and regions that are compared have d numbers.")
def root_of_both(words, regions, W):
    return _beside(words, _weights(words, regions, divided=len(W) ** 0.5) @ regions, W)


@fuse.mistake(
    "You divided by the root of m, the number of regions. The root of d is meant, the length of a word's row."
)
def root_of_regions(words, regions, W):
    return _beside(words, _weights(words, regions, divided=len(regions) ** 0.5) @ regions, W)


@fuse.mistake("You divided by the root of n, the number of words. The root of d is meant, the length of a word's row.")
def root_of_words(words, regions, W):
    return _beside(words, _weights(words, regions, divided=len(words) ** 0.5) @ regions, W)


@fuse.mistake("You divided by the root of d after the softmax. It belongs to the scores, before the softmax.")
def scaled_later(words, regions, W):
    return _beside(words, _weights(words, regions, divided=1) @ regions / np.sqrt(words.shape[1]), W)


@fuse.mistake("The words were divided by the root of d, and stand so beside the finding. Only the scores are divided.")
def words_scaled(words, regions, W):
    small = words / np.sqrt(words.shape[1])
    return _beside(small, softmax(small @ regions.T) @ regions, W)


@fuse.mistake("You compared by distances. The scores are dot products, divided by the root of d.")
def distances(words, regions, W):
    apart = ((words[:, None] - regions) ** 2).sum(axis=-1)
    return _beside(words, softmax(-np.sqrt(apart)) @ regions, W)


@fuse.mistake("You compared by cosines. The scores are dot products, divided by the root of d.")
def cosines(words, regions, W):
    lengths = np.linalg.norm(words, axis=1)[:, None] * np.linalg.norm(regions, axis=1)
    return _beside(words, _weights(words, regions, divided=lengths) @ regions, W)


@fuse.mistake("You divided by the root of c, the columns of W. The root of d is meant, the length of a word's row.")
def root_of_columns(words, regions, W):
    return _beside(words, _weights(words, regions, divided=W.shape[1] ** 0.5) @ regions, W)


@fuse.mistake("You compared by cosines. The scores are dot products, divided by the root of d.")
def scaled_cosines(words, regions, W):
    lengths = np.linalg.norm(words, axis=1)[:, None] * np.linalg.norm(regions, axis=1)
    return _beside(words, _weights(words, regions, divided=lengths * np.sqrt(words.shape[1])) @ regions, W)


@fuse.mistake("The product of word and finding stands beside the word. It is the finding itself.")
def product(words, regions, W):
    return _beside(words, words * _found(words, regions), W)


@fuse.mistake("All words have the same finding, the mean over the words. Each finds something of its own.")
def one_finding(words, regions, W):
    found = _found(words, regions)
    return _beside(words, np.broadcast_to(found.mean(axis=0), found.shape), W)


@fuse.mistake("Words look at words and regions alike. Keys and values are the regions alone.")
def at_everything(words, regions, W):
    return _beside(words, _found(words, np.concatenate([words, regions])), W)


FIXED = "You divide the scores by a fixed number. It is the root of d, the length of a word's row, whatever d is."


@fuse.mistake(FIXED)
def by_root_of_eight(words, regions, W):
    return _beside(words, _weights(words, regions, divided=8**0.5) @ regions, W)


@fuse.mistake(FIXED)
def by_eight(words, regions, W):
    return _beside(words, _weights(words, regions, divided=8) @ regions, W)


@fuse.mistake(FIXED)
def by_four(words, regions, W):
    return _beside(words, _weights(words, regions, divided=4) @ regions, W)


@fuse.mistake(FIXED)
def by_two(words, regions, W):
    return _beside(words, _weights(words, regions, divided=2) @ regions, W)


DISTANCES = "You compared by distances. The scores are dot products, divided by the root of d."


@fuse.mistake(DISTANCES)
def squared_distances(words, regions, W):
    return _beside(words, softmax(-((words[:, None] - regions) ** 2).sum(axis=-1)) @ regions, W)


@fuse.mistake(DISTANCES)
def scaled_squared_distances(words, regions, W):
    apart = ((words[:, None] - regions) ** 2).sum(axis=-1) / np.sqrt(words.shape[1])
    return _beside(words, softmax(-apart) @ regions, W)


@fuse.mistake("What the word found was brought to length one. It stands beside the word as it is.")
def found_of_length_one(words, regions, W):
    found = _found(words, regions)
    return _beside(words, found / np.linalg.norm(found, axis=1, keepdims=True), W)


@fuse.mistake("A tanh stands at the end. `[h; z] W` is returned as it is.")
def squashed(words, regions, W):
    return np.tanh(fuse_words(words, regions, W))


@fuse.mistake("All words stand beside what the first one found. Each finds something of its own.")
def finding_of_first(words, regions, W):
    found = _found(words, regions)
    return _beside(words, np.broadcast_to(found[:1], found.shape), W)


@fuse.mistake("The words were brought to mean 0 and deviation 1 before they asked. They are used as they are.")
def words_standardised(words, regions, W):
    standard = (words - words.mean(axis=1, keepdims=True)) / (words.std(axis=1, keepdims=True) + 1e-6)
    return _beside(words, _found(standard, regions), W)


@fuse.mistake("Each word found the largest numbers of all regions. The weights are the softmax of the scores.")
def largest_numbers(words, regions, W):
    return _beside(words, np.tile(regions.max(axis=0), (len(words), 1)), W)


@fuse.mistake(
    "What was found is divided by the root of d, too (as when the regions are divided at once). Only the scores are."
)
def found_scaled(words, regions, W):
    return _beside(words, _found(words, regions) / np.sqrt(words.shape[1]), W)


SCALES = {
    "no_scale": (lambda d: 1, "The scores are not divided by the root of d."),
    "by_d": (lambda d: d, "The scores are divided by d, not by its root."),
    "times_root": (lambda d: d**-0.5, "The scores are multiplied by the root of d, not divided."),
    "scaled": (lambda d: d**0.5, ""),
}
AXES = {
    "over_words": (0, "The softmax runs over the words, not over the regions."),
    "over_pairs": ((0, 1), "The softmax runs over all pairs at once."),
    "over_regions": (-1, ""),
}
RETURNS = {
    "turned": (lambda h, z, W: _beside(z, h, W), "What was found stands in front of the word."),
    "added": (lambda h, z, W: (h + z) @ (W[: len(W) // 2] + W[len(W) // 2 :]), "Word and finding are added."),
    "added_above": (lambda h, z, W: (h + z) @ W[: len(W) // 2], "Word and finding are added."),
    "found_alone": (lambda h, z, W: z, "Only what was found is returned."),
    "not_kept": (lambda h, z, W: z @ W[len(W) // 2 :], "The word itself is left out."),
    "without_W": (lambda h, z, W: np.concatenate([h, z], axis=-1), "W is missing."),
    "residual": (lambda h, z, W: _beside(h, h + z, W), "The word is added to what it found."),
    "beside": (_beside, ""),
}


def _two_mistakes(scale, axis, returns):
    """Registers an answer with two mistakes of these, if it has two and nobody planted it before."""
    says = [what[1] for what in (SCALES[scale], AXES[axis], RETURNS[returns]) if what[1]]

    def answer(words, regions, W):
        a = _weights(words, regions, axis=AXES[axis][0], divided=SCALES[scale][0](words.shape[1]))
        return RETURNS[returns][0](words, a @ regions, W)

    answer.__name__ = f"{scale}_{axis}_{returns}"
    if len(says) == 2:
        fuse.mistake(f"Two mistakes. {' '.join(says)}")(answer)


for _scale in SCALES:
    for _axis in AXES:
        for _returns in RETURNS:
            _two_mistakes(_scale, _axis, _returns)


ADDED_FIRST = "Word and finding are added before they stand side by side. The two are the word and the finding alone."


@fuse.mistake(ADDED_FIRST)
def found_and_sum(words, regions, W):
    return _beside(_found(words, regions), words + _found(words, regions), W)


@fuse.mistake(ADDED_FIRST)
def sum_and_found(words, regions, W):
    return _beside(words + _found(words, regions), _found(words, regions), W)


@fuse.mistake(ADDED_FIRST)
def sum_and_word(words, regions, W):
    return _beside(words + _found(words, regions), words, W)


@fuse.mistake(
    "Word and finding were brought to length one before they stand side by side. They stand there as they are."
)
def both_of_length_one(words, regions, W):
    both = (words, _found(words, regions))
    return _beside(*(x / np.linalg.norm(x, axis=1, keepdims=True) for x in both), W)


@fuse.mistake(
    "A word sees only the regions up to its own place. There is no order between words and regions: all count."
)
def causal(words, regions, W):
    scores = words @ regions.T / np.sqrt(words.shape[1])
    return _beside(words, softmax(np.where(np.tri(*scores.shape), scores, -1e9)) @ regions, W)


@fuse.mistake("The weights are rounded. Round nothing.")
def rounded(words, regions, W):
    return _beside(words, np.round(_weights(words, regions), 2) @ regions, W)


@fuse.mistake("Your softmax runs over the words and then over the regions. It runs once, over the regions.")
def normalised_twice(words, regions, W):
    return _beside(words, softmax(_weights(words, regions, axis=0)) @ regions, W)


@fuse.mistake("The softmax is missing, and so is the root of d: the bare products are the weights.")
def bare_products(words, regions, W):
    return _beside(words, words @ regions.T @ regions, W)


@fuse.mistake("You divided by the root of all numbers in `words`, n times d. The root of d is meant.")
def root_of_all(words, regions, W):
    return _beside(words, _weights(words, regions, divided=words.size**0.5) @ regions, W)
