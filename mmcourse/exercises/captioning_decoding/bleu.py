"""Exercise `captioning_decoding.bleu`: counts of the whole corpus, and only then a score."""

import math
from collections import Counter

import numpy as np

from mmcourse.exercises import Exercise, expect

bleu = Exercise(
    "captioning_decoding.bleu",
    kind="find the bug",
    title="Corpus BLEU is not a mean",
    task=(
        "`corpus_bleu(candidates, references)` should be BLEU-4 of a whole set of "
        "captions, as a fraction. `candidates` is a list of captions, each a list of words; "
        "`references` holds for each candidate a list of captions. The function below gives "
        "plausible numbers, yet they do not agree with those of any paper. Put it right."
    ),
    hints=(
        "Count by hand: two candidates, the first with 1 of 2 four-grams right, the second with "
        "0 of 8. How many of all four-grams are right, and what does the function compute instead?",
        "BLEU adds up matches, n-grams and lengths over all captions first, and "
        "only then divides, takes the geometric mean and the brevity penalty, once.",
    ),
)


def _ngrams(words, n):
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
                most |= _ngrams(caption, n)
            counts = _ngrams(candidate, n)
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
                most |= _ngrams(caption, n)
            counts = _ngrams(candidate, n)
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


def _oracle(candidates, references, clip="each", brevity="closest"):
    """BLEU-4 by counting with plain lists, and its usual variants."""
    p, c, r = [], 0, 0
    for n in (1, 2, 3, 4):
        right = total = 0
        for words, captions in zip(candidates, references, strict=True):
            grams = [" ".join(words[i : i + n]) for i in range(len(words) - n + 1)]
            there = [[" ".join(x[i : i + n]) for i in range(len(x) - n + 1)] for x in captions]
            for g in set(grams):
                count = grams.count(g)
                most = {"each": max(t.count(g) for t in there), "sum": sum(t.count(g) for t in there)}
                most["none"] = count if most["sum"] else 0
                right += min(count, most[clip])
            total += len(grams)
        p.append(right / total)
    for words, captions in zip(candidates, references, strict=True):
        lengths = sorted(len(x) for x in captions)
        c += len(words)
        r += {"closest": min(lengths, key=lambda x: abs(x - len(words))), "longest": lengths[-1], "none": 0}[brevity]
    geometric = math.prod(p) ** 0.25
    return min(1, math.exp(1 - r / c)) * geometric, p


def _corpus(rng, short=True):
    """Candidates that share long pieces with their references, repeat a word too often, and are a little short."""
    words = [*"abcdefghijkl"]
    candidates, references = [], []
    for i in range(9):
        size = int(rng.integers(8, 14))
        truth = list(rng.choice(words, size=size))
        candidate = truth[: size - 2 * short] if i % 3 else list(rng.choice(words, size=6))
        candidate[0] = candidate[1] = candidate[2]  # one word three times: only clipping sees that this is too often
        others = [list(rng.choice(words, size=int(rng.integers(size, size + 5)))) for _ in range(2)]
        candidates.append(candidate)
        references.append([truth, *others])
    return [[str(w) for w in c] for c in candidates], [[[str(w) for w in r] for r in rs] for rs in references]


def _wrong(candidates, references):
    """What the usual mistakes compute, as (value, diagnosis)."""
    expected, p = _oracle(candidates, references)
    yield (
        np.mean([_oracle([c], [r])[0] for c, r in zip(candidates, references, strict=True)]),
        "This is the mean of the captions' own BLEU scores. A caption without a single matching "
        "four-gram scores 0 there, whatever else is right. Add up the counts of all captions first.",
    )
    for knobs, message in (
        (
            {"clip": "none"},
            "Repeated words are counted as often as they are written: "
            "clip each n-gram's count by how often a reference has it.",
        ),
        (
            {"clip": "sum"},
            "You clip by the count in all references together. It is the largest count in any single one.",
        ),
        (
            {"brevity": "none"},
            "The brevity penalty is missing: short captions that risk nothing would win.",
        ),
        (
            {"brevity": "longest"},
            "The brevity penalty takes the longest reference. It takes, for each caption, the one closest in length.",
        ),
    ):
        yield _oracle(candidates, references, **knobs)[0], message
    yield (
        expected / math.prod(p) ** 0.25 * np.mean(p),
        "You took the arithmetic mean of the precisions. It is the geometric one.",
    )


@bleu.check
def _(answer, rng):
    known = [(0, ""), (0, "")]
    while not expect.apart([value for value, _ in known]):  # each mistake has a value of its own
        candidates, references = _corpus(rng)
        expected = _oracle(candidates, references)[0]
        known = [(expected, ""), *_wrong(candidates, references)]
    got = expect.number(expect.pure(answer, candidates, references), "one number, the BLEU-4 of the corpus")
    if 1.5 < got < 101:
        expect.true(not np.isclose(got, 100 * expected, rtol=1e-3), "This is in percent. Return a fraction.")
    for value, message in known[1:]:
        expect.differs(got, value, message)
    expect.close(got, expected, "This is not the corpus's BLEU-4.")
    far = [["x", "y"]] * 2, [[["a", "b", "c", "d", "e"]]] * 2
    expect.close(answer(*far), 0, "Captions without any matching word have BLEU 0.")


def _variant(candidates, references, **knobs):
    return _oracle(candidates, references, **knobs)[0]


@bleu.mistake("clip each n-gram's count")
def not_clipped(candidates, references):
    return _variant(candidates, references, clip="none")


@bleu.mistake("all references together")
def clipped_by_sum(candidates, references):
    return _variant(candidates, references, clip="sum")


@bleu.mistake("brevity penalty is missing")
def no_brevity(candidates, references):
    return _variant(candidates, references, brevity="none")


@bleu.mistake("longest reference")
def longest_reference(candidates, references):
    return _variant(candidates, references, brevity="longest")


@bleu.mistake("in percent")
def percent(candidates, references):
    return 100 * corpus_bleu(candidates, references)


@bleu.mistake("arithmetic mean")
def arithmetic(candidates, references):
    value, p = _oracle(candidates, references)
    return value / math.prod(p) ** 0.25 * np.mean(p)


@bleu.mistake("mean of the captions' own")
def mean_of_sentences(candidates, references):
    return float(np.mean([corpus_bleu([c], [r]) for c, r in zip(candidates, references, strict=True)]))
