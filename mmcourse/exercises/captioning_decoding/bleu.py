"""Exercise `captioning_decoding.bleu`: counts of the whole corpus, and only then a score."""

import math
from collections import Counter

import numpy as np

from mmcourse.exercises import Exercise, case
from mmcourse.exercises.captioning_decoding._inputs import corpus

bleu = Exercise(
    "captioning_decoding.bleu",
    kind="find the bug",
    title="Corpus BLEU is not a mean",
    returns="one number, the BLEU-4 of the corpus",
    otherwise=(
        "This is not BLEU-4: the geometric mean of four precisions, each all clipped matches by all n-grams of the "
        "candidates, times min(1, exp(1 - closest / length)) with both lengths added up."
    ),
    minutes=12,
    difficulty=2,
    importance=2,
    plan=(
        "Find out which numbers are made anew for each caption, and which must be added up over all of them.",
        "Move these sums out of the loop: matches and totals of each n, and the two lengths.",
        "Compute precisions, geometric mean and brevity penalty once, after the loop.",
    ),
    task=(
        "`corpus_bleu(candidates, references)` should be BLEU-4 of a whole set of "
        "captions, as a fraction. `candidates` is a list of captions, each a list of words; "
        "`references` holds for each candidate a list of captions. The function below gives "
        "plausible numbers, yet they do not agree with those of any paper. Put it right. What it does "
        "for one caption is right: each n-gram counts at most as often as in any single reference; the brevity "
        "penalty, at most 1, takes the reference that is closest in length, of two equally close ones the shorter; "
        "and where no n-gram of some length is right, BLEU is 0."
    ),
    hints=(
        "Count by hand: two candidates, the first with 1 of 2 four-grams right, the second with "
        "0 of 8. How many of all four-grams are right, and what does the function compute instead?",
        "BLEU adds up matches, n-grams and lengths over all captions first, and "
        "only then divides, takes the geometric mean and the brevity penalty, once.",
    ),
)


def ngrams(words, n):
    starts = range(len(words) - n + 1)
    return Counter(tuple(words[i : i + n]) for i in starts)


@bleu.solved_by
def corpus_bleu(candidates, references):
    """Candidates, and for each a list of references -> BLEU-4.

    All are tokenised. BLEU-4 of the corpus lies between 0 and 1.
    """
    matches, totals, length, closest = np.zeros(4), np.zeros(4), 0, 0
    for candidate, captions in zip(candidates, references, strict=True):
        for n in range(1, 5):
            most = Counter()
            for caption in captions:
                # For each n-gram the largest count in any one reference.
                most |= ngrams(caption, n)
            counts = ngrams(candidate, n)
            matches[n - 1] += (counts & most).total()  # clipped
            totals[n - 1] += counts.total()
        length += len(candidate)
        lengths = [len(c) for c in captions]
        closest += min(lengths, key=lambda r: (abs(r - len(candidate)), r))
    if not matches.all():
        return 0.0
    brevity = min(1.0, np.exp(1 - closest / length))
    return float(brevity * np.exp(np.log(matches / totals).mean()))


@bleu.given
def _given_bleu(candidates, references):
    """Candidates, and for each a list of references -> BLEU-4.

    All are tokenised. BLEU-4 of the corpus lies between 0 and 1.
    """
    scores = []
    for candidate, captions in zip(candidates, references, strict=True):
        matches, totals = np.zeros(4), np.zeros(4)
        for n in range(1, 5):
            most = Counter()
            for caption in captions:
                # For each n-gram the largest count in any one reference.
                most |= ngrams(caption, n)
            counts = ngrams(candidate, n)
            matches[n - 1] = (counts & most).total()  # clipped
            totals[n - 1] = counts.total()
        lengths = [len(c) for c in captions]
        closest = min(lengths, key=lambda r: (abs(r - len(candidate)), r))
        brevity = min(1.0, np.exp(1 - closest / max(len(candidate), 1)))
        score = 0.0
        if matches.all():
            score = brevity * np.exp(np.log(matches / totals).mean())
        scores.append(score)
    return float(np.mean(scores))


@bleu.cases
def _(rng):
    yield case(*corpus(rng, [(9, (13, 10, 17)), (8, (12, 9, 4)), (5, (11,))]))
    yield case(*corpus(rng, [(10, (12, 11)), (6, (9,))]))
    yield case(*corpus(rng, [(8, (12, 9, 10)), (9, (11, 10)), (4, (6, 5, 2)), (10, (13,)), (7, (9,))]))
    longer = corpus(rng, [(10, (8, 7)), (9, (6,)), (8, (7, 5))])
    yield case(*longer, when="where the candidates are longer than their references")
    tied = corpus(rng, [(9, (11, 7)), (8, (10, 6)), (6, (12,)), (8, (6, 10))])
    yield case(*tied, when="where two references are equally close in length")
    candidates, references = corpus(rng, [(7, (9, 8)), (5, (7,)), (6, (8, 9))])
    candidates = [
        [*captions[0][:3], *(size - 3) * ["um"]] for size, captions in zip((7, 5, 6), references, strict=True)
    ]
    yield case(candidates, references, when="where no four-gram is right")
    yield case(*corpus(rng, [(3, (5, 4)), (2, (4,)), (3, (6,))]), when="where no four-gram is right")
    yield case(*corpus(rng, [(9, (12, 10)), (0, (4, 3)), (2, (5,))]), when="where a candidate is empty")
    yield case(*corpus(rng, [(10, (14, 12))]), when="with one caption")

    yield case(*corpus(rng, [(11, (9, 8)), (6, (11, 10)), (8, (10,))]))  # one is too long, the others too short
    yield case(*corpus(rng, [(9, (12, 11)), (3, (5,)), (8, (9, 10)), (2, (6, 4))]))  # two have no four-gram

    tail, other = ["the", *rng.permutation(["d", "e", "f", "g", "h"])], ["l", "k", "j", "i", "h", "e", "f"]
    alike = [["a", "bc", *tail], other[:6]], [[["ab", "c", *tail], other], [[*other, "d", "the"]]]
    yield case(*alike, when="where different words, written side by side, look alike")


@bleu.oracle
def _(candidates, references):
    precisions, written, closest = [], 0, 0
    for n in (1, 2, 3, 4):
        right = total = 0
        for words, captions in zip(candidates, references, strict=True):
            grams = [" ".join(words[i : i + n]) for i in range(len(words) - n + 1)]
            there = [[" ".join(x[i : i + n]) for i in range(len(x) - n + 1)] for x in captions]
            right += sum(min(grams.count(g), max(t.count(g) for t in there)) for g in set(grams))
            total += len(grams)
        if right == 0:
            return 0.0
        precisions.append(right / total)
    for words, captions in zip(candidates, references, strict=True):
        written += len(words)
        closest += sorted((abs(len(x) - len(words)), len(x)) for x in captions)[0][1]
    return min(1, math.exp(1 - closest / written)) * math.prod(precisions) ** 0.25
