"""What goes wrong in `captioning_decoding.bleu`: planted mistakes with their messages."""

import math
from collections import Counter

import numpy as np

from mmcourse.exercises.captioning_decoding._inputs import counted, lengths_of
from mmcourse.exercises.captioning_decoding.bleu import bleu, corpus_bleu, ngrams


def _penalty(length, closest):
    return np.minimum(1, np.exp(1 - closest / np.maximum(length, 1)))


def _geometric(right, total):
    return np.exp(np.log(right / total).mean()) if right.all() else 0.0


def _bleu(candidates, references, clip="each", which="closest"):
    right, total = counted(candidates, references, clip)
    return _penalty(*lengths_of(candidates, references, which).sum(1)) * _geometric(right.sum(0), total.sum(0))


def _precise(candidates, references):
    """BLEU without the brevity penalty."""
    right, total = counted(candidates, references)
    return _geometric(right.sum(0), total.sum(0))


MEAN = (
    "This is the mean of the captions' own BLEU scores. A caption without a single matching four-gram scores 0 there, "
    "whatever else is right. Add up the counts of all captions first."
)


@bleu.mistake(MEAN)
def mean_of_sentences(candidates, references):
    return float(np.mean([_bleu([c], [r]) for c, r in zip(candidates, references, strict=True)]))


@bleu.mistake(
    "This is the mean of the captions' own BLEU scores, weighted by their lengths. Add up the counts instead."
)
def weighted_mean(candidates, references):
    scores = [_bleu([c], [r]) for c, r in zip(candidates, references, strict=True)]
    return np.average(scores, weights=[len(c) for c in candidates])


@bleu.mistake("This is the sum of the captions' own BLEU scores. Add up the counts of all captions first.")
def sum_of_sentences(candidates, references):
    return sum(_bleu([c], [r]) for c, r in zip(candidates, references, strict=True))


@bleu.mistake(
    "You took a precision for each caption, and then their mean. Add up matches and n-grams first, then divide."
)
def mean_of_precisions(candidates, references):
    right, total = counted(candidates, references)
    precisions = (right / np.maximum(total, 1)).mean(0)
    return _penalty(*lengths_of(candidates, references).sum(1)) * _geometric(precisions, 1)


@bleu.mistake("The brevity penalty is still a mean over the captions. Add up both lengths first, then take it once.")
def mean_of_penalties(candidates, references):
    return _penalty(*lengths_of(candidates, references)).mean() * _precise(candidates, references)


@bleu.mistake("The brevity penalty is that of the last caption. Add up both lengths over all captions.")
def penalty_of_last(candidates, references):
    return _penalty(*lengths_of(candidates, references)[:, -1]) * _precise(candidates, references)


@bleu.mistake("Only the last caption counts: the sums begin anew in each round of the loop.")
def last_caption(candidates, references):
    return _bleu(candidates[-1:], references[-1:])


@bleu.mistake("Repeated words count as often as they are written: clip each n-gram by how often a reference has it.")
def not_clipped(candidates, references):
    return _bleu(candidates, references, clip="none")


@bleu.mistake("You clip by the count in all references together. It is the largest count in any single one.")
def clipped_by_sum(candidates, references):
    return _bleu(candidates, references, clip="sum")


@bleu.mistake("Only the first reference of each caption gives n-grams. An n-gram of any of them is right.")
def first_reference(candidates, references):
    return _bleu(candidates, references, clip="first")


@bleu.mistake("Only the last reference of each caption gives n-grams. An n-gram of any of them is right.")
def last_reference(candidates, references):
    return _bleu(candidates, references, clip="last")


@bleu.mistake("You count what all references of a caption have in common. An n-gram of any one of them is right.")
def common_to_all(candidates, references):
    return _bleu(candidates, references, clip="least")


@bleu.mistake("Each n-gram is right once at most. It may count as often as a reference has it.")
def once(candidates, references):
    return _bleu(candidates, references, clip="once")


@bleu.mistake("You collect n-grams in sets, so each counts once. Count how often it is written.")
def sets(candidates, references):
    right, total = (part.sum(0) for part in counted(candidates, references, clip="once", distinct=True))
    return _penalty(*lengths_of(candidates, references).sum(1)) * _geometric(right, total)


@bleu.mistake(
    "You divide by the n-grams of the longest references. A precision is the share of the candidates' own n-grams."
)
def recall(candidates, references):
    right = counted(candidates, references)[0].sum(0)
    total = counted([max(captions, key=len) for captions in references], references)[1].sum(0)
    return _penalty(*lengths_of(candidates, references).sum(1)) * _geometric(right, total)


@bleu.mistake("The brevity penalty is missing: short captions that risk nothing would win.")
def no_brevity(candidates, references):
    return _precise(candidates, references)


@bleu.mistake("The brevity penalty rises above 1 where candidates are longer than their references. It is at most 1.")
def rewarded(candidates, references):
    length, closest = lengths_of(candidates, references).sum(1)
    return np.exp(1 - closest / length) * _precise(candidates, references)


@bleu.mistake("The two lengths are exchanged in the brevity penalty: it must lower what is too short.")
def penalty_reversed(candidates, references):
    length, closest = lengths_of(candidates, references).sum(1)
    return min(1, np.exp(1 - length / closest)) * _precise(candidates, references)


@bleu.mistake(
    "Your brevity penalty is the ratio of the lengths. It is exp(1 - closest / length), where that is below 1."
)
def penalty_as_ratio(candidates, references):
    length, closest = lengths_of(candidates, references).sum(1)
    return min(1, length / closest) * _precise(candidates, references)


@bleu.mistake("The brevity penalty takes the longest reference. It takes, for each caption, the one closest in length.")
def longest_reference(candidates, references):
    return _bleu(candidates, references, which="longest")


@bleu.mistake(
    "The brevity penalty takes the shortest reference. It takes, for each caption, the one closest in length."
)
def shortest_reference(candidates, references):
    return _bleu(candidates, references, which="shortest")


@bleu.mistake("The brevity penalty takes the first reference. It takes, for each caption, the one closest in length.")
def length_of_first(candidates, references):
    return _bleu(candidates, references, which="first")


@bleu.mistake("The brevity penalty takes the mean length of the references. It takes the one closest in length.")
def mean_length(candidates, references):
    return _bleu(candidates, references, which="mean")


@bleu.mistake("The brevity penalty adds up the lengths of all references. For each caption it takes the closest one.")
def lengths_added(candidates, references):
    return _bleu(candidates, references, which="sum")


@bleu.mistake("Of two references that are equally close in length you take the longer one. It is the shorter.")
def longer_of_two(candidates, references):
    return _bleu(candidates, references, which="longer")


@bleu.mistake(said="in percent")
def percent(candidates, references):
    return 100 * corpus_bleu(candidates, references)


@bleu.mistake("You took the arithmetic mean of the precisions. It is the geometric one.")
def arithmetic(candidates, references):
    right, total = (part.sum(0) for part in counted(candidates, references))
    return _penalty(*lengths_of(candidates, references).sum(1)) * (right / total).mean() * right.all()


@bleu.mistake("You multiplied the four precisions, without the fourth root: take the mean of their logarithms.")
def product(candidates, references):
    return _precise(candidates, references) ** 3 * _bleu(candidates, references)


@bleu.mistake("You added up the n-grams of all four lengths before dividing. Each n has a precision of its own.")
def pooled(candidates, references):
    right, total = (part.sum(0) for part in counted(candidates, references))
    return _penalty(*lengths_of(candidates, references).sum(1)) * right.sum() / total.sum() * right.all()


@bleu.mistake("This is BLEU-3: the four-grams are missing.")
def up_to_three(candidates, references):
    right, total = (part.sum(0)[:3] for part in counted(candidates, references))
    return _penalty(*lengths_of(candidates, references).sum(1)) * _geometric(right, total)


@bleu.mistake("You count one n-gram more than there is, so no precision is ever 0. Plain BLEU is not smoothed.")
def smoothed(candidates, references):
    right, total = (part.sum(0) + 1 for part in counted(candidates, references))
    return _penalty(*lengths_of(candidates, references).sum(1)) * _geometric(right, total)


@bleu.mistake(
    "You add up by how much each caption is too short. Add up the lengths: one that is too long makes up for it."
)
def shortfalls(candidates, references):
    lengths, closest = lengths_of(candidates, references)
    return _precise(candidates, references) * np.exp(-np.maximum(closest - lengths, 0).sum() / lengths.sum())


def _own(candidates, references):
    return [_bleu([one], [captions]) for one, captions in zip(candidates, references, strict=True)]


@bleu.mistake("This is the median of the captions' own BLEU scores. Add up the counts of all captions first.")
def median(candidates, references):
    return np.median(_own(candidates, references))


@bleu.mistake(
    "This is the geometric mean of the captions' own BLEU scores: a single 0 makes it 0. Add up all counts first."
)
def geometric_mean_of_captions(candidates, references):
    return math.prod(_own(candidates, references)) ** (1 / len(candidates))


@bleu.mistake("Each candidate is compared with the references of all. Only those of its own picture say what is right.")
def all_references(candidates, references):
    every = [caption for captions in references for caption in captions]
    return _bleu(candidates, [every] * len(candidates))


@bleu.mistake("This is BLEU-1: single words alone are counted. BLEU-4 takes 1 to 4 words.")
def single_words(candidates, references):
    right, total = (part.sum(0)[:1] for part in counted(candidates, references))
    return _penalty(*lengths_of(candidates, references).sum(1)) * _geometric(right, total)


@bleu.mistake("This is BLEU-2: n goes up to 2 only. BLEU-4 takes 1 to 4 words.")
def up_to_two(candidates, references):
    right, total = (part.sum(0)[:2] for part in counted(candidates, references))
    return _penalty(*lengths_of(candidates, references).sum(1)) * _geometric(right, total)


@bleu.mistake("Only four-grams are counted. BLEU-4 takes the precisions of 1, 2, 3 and 4 words.")
def four_grams_alone(candidates, references):
    right, total = (part.sum(0)[3:] for part in counted(candidates, references))
    return _penalty(*lengths_of(candidates, references).sum(1)) * _geometric(right, total)


@bleu.mistake("Captions of fewer than four words are left out. They have no four-gram, but words and a length.")
def short_left_out(candidates, references):
    pairs = [pair for pair in zip(candidates, references, strict=True) if len(pair[0]) > 3]
    return _bleu(*zip(*pairs, strict=True)) if pairs else 0.0


@bleu.mistake("Only the first caption counts. Add up the counts of all.")
def first_alone(candidates, references):
    return _bleu(candidates[:1], references[:1])


@bleu.mistake("You divide by the number of words for every n. A caption of L words has L - n + 1 n-grams.")
def words_for_every_n(candidates, references):
    lengths, closest = lengths_of(candidates, references).sum(1)
    right = counted(candidates, references)[0].sum(0)
    return _penalty(lengths, closest) * _geometric(right, np.full(4, lengths))


@bleu.mistake("The words of an n-gram are written side by side without a gap: then other words may look the same.")
def without_gaps(candidates, references):
    right, total = np.zeros((2, 4))
    for words, captions in zip(candidates, references, strict=True):
        for n in range(1, 5):
            ours, *theirs = (
                Counter("".join(text[i : i + n]) for i in range(len(text) - n + 1)) for text in (words, *captions)
            )
            total[n - 1] += ours.total()
            right[n - 1] += sum(min(count, max(one[gram] for one in theirs)) for gram, count in ours.items())
    return _penalty(*lengths_of(candidates, references).sum(1)) * _geometric(right, total)


@bleu.mistake("The brevity penalty is in the product four times. It comes once, after the geometric mean.")
def penalty_four_times(candidates, references):
    return _precise(candidates, references) * _penalty(*lengths_of(candidates, references).sum(1)) ** 4


@bleu.mistake(
    "Of two references that are equally close in length you take the one that stands first. It is the shorter: compare "
    "by `(abs(r - len(candidate)), r)`."
)
def first_of_two(candidates, references):
    return _bleu(candidates, references, which="first tied")


@bleu.mistake("Of two references that are equally close in length you take the last. It is the shorter.")
def last_of_two(candidates, references):
    return _bleu(candidates, references, which="last tied")


@bleu.mistake("Only the first reference of each caption counts here, for n-grams and for the length. Use all.")
def first_reference_alone(candidates, references):
    return _bleu(candidates, [captions[:1] for captions in references])


@bleu.mistake("Only the last reference of each caption counts here, for n-grams and for the length. Use all.")
def last_reference_alone(candidates, references):
    return _bleu(candidates, [captions[-1:] for captions in references])


@bleu.mistake("Only the reference closest in length gives n-grams. An n-gram of any reference is right.")
def closest_reference_alone(candidates, references):
    pairs = zip(candidates, references, strict=True)
    return _bleu(candidates, [[min(r, key=lambda one: (abs(len(one) - len(c)), len(one)))] for c, r in pairs])


REFERENCE_GRAMS = (
    "You divide by n-grams of the references: a recall. A precision is the share of the candidates' own n-grams."
)


def _recall(candidates, references, join):
    """BLEU whose matches are divided by the n-grams of all references of a caption, joined by ``join``."""
    right, total = counted(candidates, references)[0].sum(0), np.zeros(4)
    for captions in references:
        for n in range(1, 5):
            every = Counter()
            for caption in captions:
                every = join(every, ngrams(caption, n))
            total[n - 1] += every.total()
    return _penalty(*lengths_of(candidates, references).sum(1)) * _geometric(right, total)


@bleu.mistake(REFERENCE_GRAMS)
def recall_of_all(candidates, references):
    return _recall(candidates, references, lambda a, b: a | b)


@bleu.mistake(REFERENCE_GRAMS)
def recall_of_sum(candidates, references):
    return _recall(candidates, references, lambda a, b: a + b)


def _with(candidates, references, right=None, total=None):
    """BLEU of other matches or totals than the right ones."""
    own = [part.sum(0) for part in counted(candidates, references)]
    right, total = (one if one is not None else other for one, other in zip((right, total), own, strict=True))
    return _penalty(*lengths_of(candidates, references).sum(1)) * _geometric(right, total)


@bleu.mistake("Each candidate is compared with the references of all. Only those of its own picture say what is right.")
def all_references_own_length(candidates, references):
    every = [caption for captions in references for caption in captions]
    return _with(candidates, references, counted(candidates, [every] * len(candidates))[0].sum(0))


@bleu.mistake(
    "You added up the n-grams of all captions before you clipped them, so that a caption may borrow from another's "
    "references. Clip each caption by its own references, then add up."
)
def clipped_after_adding(candidates, references):
    right = np.zeros(4)
    for n in range(1, 5):
        ours, theirs = Counter(), Counter()
        for words, captions in zip(candidates, references, strict=True):
            most = Counter()
            for caption in captions:
                most |= ngrams(caption, n)
            ours, theirs = ours + ngrams(words, n), theirs + most
        right[n - 1] = (ours & theirs).total()
    return _with(candidates, references, right)


def _matches(candidates, references, over):
    """The matches with each single reference, made one by ``over`` and added up over the captions."""
    pairs = zip(candidates, references, strict=True)
    return sum(over([counted([words], [[one]])[0][0] for one in captions], axis=0) for words, captions in pairs)


@bleu.mistake(
    "For each n you take the one reference with the most matches. Each n-gram may have its largest count in another "
    "reference: take the largest count of each n-gram first, then add up."
)
def best_reference(candidates, references):
    return _with(candidates, references, _matches(candidates, references, np.max))


@bleu.mistake("You took the mean over a caption's references. An n-gram counts as often as any one of them has it.")
def mean_over_references(candidates, references):
    return _with(candidates, references, _matches(candidates, references, np.mean))


@bleu.mistake("Your BLEU is 0 as soon as one caption has no right n-gram of some length. Add up all captions first.")
def zero_by_one(candidates, references):
    return _bleu(candidates, references) * bool(counted(candidates, references)[0].all())


@bleu.mistake("Captions without a right four-gram are left out. All count, with their n-grams and their lengths.")
def zeros_left_out(candidates, references):
    right = counted(candidates, references)[0].all(1)
    pairs = [pair[:2] for pair in zip(candidates, references, right, strict=True) if pair[2]]
    return _bleu(*zip(*pairs, strict=True)) if pairs else 0.0


@bleu.mistake("A caption of fewer than n words has no n-gram, and not less than none: `max(0, len(words) - n + 1)`.")
def negative_totals(candidates, references):
    totals = np.array([sum(len(words) - n for words in candidates) for n in range(4)])
    with np.errstate(all="ignore"):
        return _with(candidates, references, total=totals)


@bleu.mistake("A caption of L words has L - n + 1 n-grams, one more than you divide by.")
def one_gram_less(candidates, references):
    totals = np.array([sum(max(len(words) - n - 1, 0) for words in candidates) for n in range(4)])
    with np.errstate(all="ignore"):
        return _with(candidates, references, total=totals)


@bleu.mistake("One match and one n-gram more are counted for n above 1. Plain BLEU is not smoothed.")
def smoothed_above_one(candidates, references):
    return _with(
        candidates, references, *(part.sum(0) + np.array([0, 1, 1, 1]) for part in counted(candidates, references))
    )


@bleu.mistake("The brevity penalty is the wrong way round: it is 1 where the candidates are *not* too short.")
def penalty_where_long(candidates, references):
    length, closest = lengths_of(candidates, references).sum(1)
    return (1 if length < closest else np.exp(1 - closest / length)) * _precise(candidates, references)


@bleu.mistake("This is the mean of BLEU-1 to BLEU-4. BLEU-4 alone takes all four precisions, in one geometric mean.")
def mean_of_four(candidates, references):
    right, total = (part.sum(0) for part in counted(candidates, references))
    penalty = _penalty(*lengths_of(candidates, references).sum(1))
    return right.all() * penalty * np.mean([_geometric(right[:n], total[:n]) for n in range(1, 5)])


@bleu.mistake("You took the harmonic mean of the precisions. It is the geometric one.")
def harmonic(candidates, references):
    right, total = (part.sum(0) for part in counted(candidates, references))
    return _penalty(*lengths_of(candidates, references).sum(1)) * (4 / (total / right).sum() if right.all() else 0)


@bleu.mistake(
    "The fraction in the brevity penalty is upside down: it is exp(1 - closest / length) where that is below 1."
)
def fraction_upside_down(candidates, references):
    length, closest = lengths_of(candidates, references).sum(1)
    return (np.exp(1 - length / closest) if length <= closest else 1) * _precise(candidates, references)


@bleu.mistake(
    "The brevity penalty takes the mean length of the references, rounded. It takes the one closest in length."
)
def rounded_mean_length(candidates, references):
    closest = sum(round(np.mean([len(one) for one in captions])) for captions in references)
    return _penalty(sum(map(len, candidates)), closest) * _precise(candidates, references)


@bleu.mistake("The brevity penalty takes the median length of the references. It takes the one closest in length.")
def median_length(candidates, references):
    closest = sum(np.median([len(one) for one in captions]) for captions in references)
    return _penalty(sum(map(len, candidates)), closest) * _precise(candidates, references)


@bleu.mistake("All captions are joined to one long text, with n-grams across their ends. Count caption by caption.")
def joined(candidates, references):
    whole = [[word for words in candidates for word in words]]
    return _bleu(whole, [[[word for captions in references for word in captions[0]]]])


@bleu.mistake("Precisions and penalty are not multiplied: you took their mean.")
def mean_of_both(candidates, references):
    return (_precise(candidates, references) + _penalty(*lengths_of(candidates, references).sum(1))) / 2


CLIPS = {
    "sum": "You clip by the count in all references together.",
    "none": "Repeated words are not clipped.",
    "first": "Only the first reference gives n-grams.",
    "once": "Each n-gram is right once at most.",
}
BREVITIES = {
    "missing": (lambda n, r: 1.0, "closest", "The brevity penalty is missing."),
    "uncapped": (lambda n, r: np.exp(1 - r.sum() / n.sum()), "closest", "The brevity penalty rises above 1."),
    "mean": (lambda n, r: _penalty(n, r).mean(), "closest", "The brevity penalty is a mean over the captions."),
    "shortest": (lambda n, r: _penalty(n.sum(), r.sum()), "shortest", "It takes the shortest references' lengths."),
    "longest": (lambda n, r: _penalty(n.sum(), r.sum()), "longest", "It takes the longest references' lengths."),
    "first": (lambda n, r: _penalty(n.sum(), r.sum()), "first", "It takes the first references' lengths."),
    "mean_length": (lambda n, r: _penalty(n.sum(), r.sum()), "mean", "It takes the references' mean lengths."),
}


def _two_mistakes(clip, brevity):
    penalty, which, says = BREVITIES[brevity]

    def answer(candidates, references):
        right, total = (part.sum(0) for part in counted(candidates, references, clip))
        return penalty(*lengths_of(candidates, references, which)) * _geometric(right, total)

    answer.__name__ = f"clip_{clip}_penalty_{brevity}"
    if (clip, brevity) not in {("first", "first"), ("first", "uncapped")}:
        bleu.mistake(f"Two mistakes. {CLIPS[clip]} {says}")(answer)


for _clip in CLIPS:
    for _brevity in BREVITIES:
        _two_mistakes(_clip, _brevity)


def _still_a_mean(clip, which, says):
    def answer(candidates, references):
        return np.mean([_bleu([c], [r], clip, which) for c, r in zip(candidates, references, strict=True)])

    answer.__name__ = f"mean_of_sentences_{clip}_{which}"
    bleu.mistake(f"Two mistakes. It is still the mean of the captions' own BLEU scores. {says}")(answer)


for _clip, _says in CLIPS.items():
    _still_a_mean(_clip, "closest", _says)
for _which in ("shortest", "longest", "first"):
    _still_a_mean("each", _which, f"The brevity penalty takes the {_which} reference, not the closest in length.")


NOT_ADDED = "{} of the last caption alone are used: add them up over all captions, as the others."


@bleu.mistake(NOT_ADDED.format("The right n-grams"))
def last_matches(candidates, references):
    return _with(candidates, references, right=counted(candidates, references)[0][-1])


@bleu.mistake(NOT_ADDED.format("The numbers of n-grams"))
def last_totals(candidates, references):
    return _with(candidates, references, total=np.maximum(counted(candidates, references)[1][-1], 1))


@bleu.mistake("The closest length is that of one caption, against the words of all of them. Add up both.")
def last_closest(candidates, references):
    lengths, closest = lengths_of(candidates, references)
    return _penalty(lengths.sum(), closest[-1]) * _precise(candidates, references)


@bleu.mistake("The words are those of the last caption alone, the closest lengths are added up. Add up both.")
def last_length(candidates, references):
    lengths, closest = lengths_of(candidates, references)
    return _penalty(lengths[-1], closest.sum()) * _precise(candidates, references)


@bleu.mistake("This is the best of the captions' own BLEU scores. Add up the counts of all captions first.")
def best_caption(candidates, references):
    return max(_own(candidates, references))


@bleu.mistake("The geometric mean is taken of the counts, before you divide. Divide for each n, then take the mean.")
def geometric_first(candidates, references):
    right, total = (part.sum(0) for part in counted(candidates, references))
    share = math.prod(right) ** 0.25 / total.sum() if right.all() else 0.0
    return _penalty(*lengths_of(candidates, references).sum(1)) * share


@bleu.mistake("This is BLEU-5: n goes up to 5. BLEU-4 takes 1 to 4 words.")
def up_to_five(candidates, references):
    right, total = (part.sum(0) for part in counted(candidates, references))
    longest = np.zeros(2)
    for words, captions in zip(candidates, references, strict=True):
        most = Counter()
        for caption in captions:
            most |= ngrams(caption, 5)
        longest += (ngrams(words, 5) & most).total(), ngrams(words, 5).total()
    right, total = np.append(right, longest[0]), np.append(total, longest[1])
    return _penalty(*lengths_of(candidates, references).sum(1)) * _geometric(right, total)


@bleu.mistake(
    "This is the mean of the captions' own BLEU scores, those of 0 left out. Add up the counts of all captions."
)
def mean_without_zeros(candidates, references):
    scores = [score for score in _own(candidates, references) if score]
    return np.mean(scores) if scores else 0.0


@bleu.mistake(
    "This is the sum of the captions' own BLEU scores, divided by the number of words. Add up the counts instead."
)
def sum_by_words(candidates, references):
    return sum(_own(candidates, references)) / sum(map(len, candidates))
