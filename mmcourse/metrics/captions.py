"""Scores of captions: BLEU, ROUGE-L and CIDEr-D, as the coco-caption tools compute them.

A candidate is the caption that a model wrote without help (not under teacher forcing); its references are what people
wrote about the same image. All three scores compare n-grams or subsequences of *tokens*, so a score means something
only together with its tokeniser. None of them looks at the image.
"""

import math
from collections import Counter
from typing import NamedTuple

import numpy as np

from mmcourse._machinery.checks import as_numbers, check_number, check_one_of, check_shapes, check_whole, generator
from mmcourse.text import TOKENIZERS, get_tokenizer

CAPTION_METRICS = ("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "ROUGE-L", "CIDEr-D")
ORDERS = (1, 2, 3, 4)  # n-grams of one to four tokens
BETA = 1.2  # ROUGE-L: how many times as much recall counts as precision
SIGMA = 6.0  # CIDEr-D: how far lengths may differ

# coco-caption's guards against dividing by zero. An order without one correct n-gram gets a tiny precision, not zero.
TINY, SMALL = 1e-15, 1e-9


class SentenceStatistics(NamedTuple):
    """What each image adds to the scores. Rows are the n images.

    ``correct``, ``guessed``: int64 (n, 4), the candidate's n-grams that a reference confirms, and all of them.
    ``length``, ``reference_length``: int64 (n,), of the candidate, and of the reference that is closest in length.
    ``rouge_l``, ``cider_d``: float64 (n,), the image's own score.
    """

    correct: np.ndarray
    guessed: np.ndarray
    length: np.ndarray
    reference_length: np.ndarray
    rouge_l: np.ndarray
    cider_d: np.ndarray

    def scores(self, images=slice(None)):
        """The scores of the whole set, or of the given ``images`` (indices, repeats allowed), as ``caption_scores``."""
        counts = (field[images].sum(axis=0) for field in self[:4])
        return dict(zip(CAPTION_METRICS, [*bleu(*counts), *(field[images].mean() for field in self[4:])], strict=True))


def caption_scores(candidates, references, tokenize="en"):
    """BLEU-1 … BLEU-4, ROUGE-L and CIDEr-D of a set of captions; as coco-caption prints them.

    **BLEU** (Papineni et al. 2002). With p_k the share of the candidates' k-grams that some reference has too (each
    counted at most as often as in one reference), c the candidates' words and r those of the references closest in
    length,

        BLEU-K = min(1, exp(1 − r/c)) · (p_1 · … · p_K)^(1/K).

    Numerators, denominators, c and r are each summed over *all images* before they are divided: BLEU is a score of a
    corpus. The mean of the BLEUs of single sentences is another and, as most sentences have no correct 4-gram, a much
    smaller number (erratum 39).

    **ROUGE-L** (Lin 2004), the mean over images of F = (1 + β²)PR / (R + β²P), β = 1.2, where the longest common
    subsequence with a reference, divided by the length of the candidate or of the reference, is P or R. As in
    coco-caption the best P and the best R are taken, *even if they come from different references*.

    **CIDEr-D** (Vedantam et al. 2015), the mean over images, k and references of

        10 · exp(−(l_c − l_r)² / (2σ²)) · Σ_w min(g_c(w), g_r(w)) · g_r(w) / (‖g_c‖ ‖g_r‖),    σ = 6,

    where g(w) is the count of the k-gram w times its idf, ln(number of images / images with w in a reference). The idf
    is taken from the references *that are being evaluated*. So the score of an image depends on the other images, and
    a set of one image scores zero whatever the caption (ln 1 = 0): fewer than two are refused. coco-caption prints
    this score as "CIDEr". Lengths are counted in bigrams, as there.

    Args:
        candidates: n str, one for each image; n is 2 or more.
        references: n lists of str.
        tokenize: how sentences are cut: "en" or "zh" (``mmcourse.text``); "spaces" for text cut already, with blanks
            between the tokens; "none" for sentences that are lists of tokens; or a function from str to a list.
    Returns:
        dict from the names above to floats. All are fractions, though CIDEr-D can exceed 1 (its largest value is 10).
        A sentence without tokens matches nothing.
    Raises:
        ValueError: fewer than two images, as many references as candidates are not there, an image without references,
            an unknown tokeniser. TypeError: one string where a list of strings is wanted, or the reverse.
    """
    return {name: float(v) for name, v in sentence_statistics(candidates, references, tokenize).scores().items()}


def bootstrap_interval(candidates, references, metric=None, tokenize="en", resamples=1000, seed=0, level=0.95):
    """How far a score could have been another if other images had been drawn: the percentile bootstrap (Efron 1979).

    Images are drawn with replacement, as many as there are, and the score is computed anew: BLEU from the re-added
    counts of n-grams, ROUGE-L and CIDEr-D as means of the images' own scores. (The idf of CIDEr-D stays that of the
    whole set: re-estimating it would make two draws of one image a reason to find its words common.) The interval
    speaks of the choice of test images only, not of how the model would vary with another seed.

    Args:
        candidates, references, tokenize: as for ``caption_scores``.
        metric: one of ``CAPTION_METRICS``; None for all of them from the same draws.
        resamples: how many draws.
        seed: of the draws.
        level: the share of draws that lies between the two ends, between 0 and 1.
    Returns:
        (low, high), or a dict from name to (low, high) with ``metric=None``.
    Raises:
        ValueError: unknown metric, resamples below 1, level outside (0, 1), and what ``caption_scores`` raises.
    """
    check_one_of((*CAPTION_METRICS, None), metric=metric)
    check_whole(resamples=resamples)
    check_number("between 0 and 1", above=0, at_most=1 - 1e-12, level=level)
    rng = generator(seed)
    statistics = sentence_statistics(candidates, references, tokenize)
    n = len(statistics.length)
    drawn = [list(statistics.scores(rng.integers(n, size=n)).values()) for _ in range(resamples)]
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    intervals = {name: (float(a), float(b)) for name, a, b in zip(CAPTION_METRICS, low, high, strict=True)}
    return intervals if metric is None else intervals[metric]


def sentence_statistics(candidates, references, tokenize="en"):
    """The ``SentenceStatistics`` of a set of captions. Arguments and errors are those of ``caption_scores``."""
    split = _splitter(tokenize)
    _check(candidates, references, "list" if tokenize == "none" else "str")
    candidates = [split(c) for c in candidates]
    references = [[split(r) for r in rs] for rs in references]
    candidate_counts = [ngram_counts(c) for c in candidates]
    reference_counts = [[ngram_counts(r) for r in rs] for rs in references]
    return SentenceStatistics(
        correct=np.array([_confirmed(c, rs) for c, rs in zip(candidate_counts, reference_counts, strict=True)]),
        guessed=np.array([[max(0, len(c) - k + 1) for k in ORDERS] for c in candidates]),
        length=np.array([len(c) for c in candidates]),
        reference_length=np.array([_closest(len(c), rs) for c, rs in zip(candidates, references, strict=True)]),
        rouge_l=np.array([_rouge_l(c, rs) for c, rs in zip(candidates, references, strict=True)]),
        cider_d=np.array(_cider_d(candidate_counts, reference_counts)),
    )


def bleu(correct, guessed, length, reference_length):
    """BLEU-1 … BLEU-4 from counts: of a corpus if they are sums over its images, of single sentences if they are rows.

    Args:
        correct, guessed: (..., 4), confirmed and all k-grams of the candidates.
        length, reference_length: (...), words of the candidates and of the closest references.
    Returns:
        float64 (..., 4).
    Raises:
        ValueError: counts of other shapes, below 0, or more confirmed than there are.
    """
    given = {"correct": correct, "guessed": guessed, "length": length, "reference_length": reference_length}
    given = {name: as_numbers(name, x, finite=True) for name, x in given.items()}
    correct, guessed, length, reference_length = given.values()
    rows = " ".join(map(str, correct.shape[:-1]))
    check_shapes(**{name: (x, f"{rows} 4" if name in ("correct", "guessed") else rows) for name, x in given.items()})
    if min(x.min() for x in given.values()) < 0 or (correct > guessed).any():
        raise ValueError(
            "Received: counts below 0, or more n-grams right than written. Allowed: 0 <= right <= written."
        )
    precision = (correct + TINY) / (guessed + SMALL)
    mean_precision = np.cumprod(precision, axis=-1) ** (1 / np.array(ORDERS))
    ratio = (length + TINY) / (reference_length + SMALL)
    brevity = np.exp(np.minimum(0, 1 - 1 / ratio))
    return mean_precision * brevity[..., None]


def ngram_counts(tokens):
    """How often each k-gram (tuple of k tokens) occurs: a list of four Counters, for k = 1 … 4."""
    return [Counter(zip(*(tokens[i:] for i in range(k)), strict=False)) for k in ORDERS]


def _confirmed(candidate, references):
    """For each order, the candidate's n-grams that a reference has too, each at most as often as in one reference."""
    return [
        sum(min(count, max(r[k].get(ngram, 0) for r in references)) for ngram, count in grams.items())
        for k, grams in enumerate(candidate)
    ]


def _closest(length, references):
    """The reference length closest to ``length``; of two equally close the shorter."""
    return min((abs(len(r) - length), len(r)) for r in references)[1]


def _rouge_l(candidate, references):
    common = [longest_common_subsequence(candidate, r) for r in references]
    precision = max(common) / max(1, len(candidate))
    recall = max(c / max(1, len(r)) for c, r in zip(common, references, strict=True))
    return (1 + BETA**2) * precision * recall / (recall + BETA**2 * precision) if max(common) else 0.0


def longest_common_subsequence(a, b):
    """The length of the longest sequence of tokens that is in both lists in this order, gaps allowed.

    The usual table of len(a) × len(b) numbers grows by 0 or 1 from one cell of a row to the next. So a row is kept as
    the bits of one integer, a zero for each growth, and computed from the row above in one addition (Hyyrö 2004).
    """
    where = {}
    for i, token in enumerate(a):
        where[token] = where.get(token, 0) | 1 << i
    full = row = (1 << len(a)) - 1
    for token in b:
        match = row & where.get(token, 0)
        row = ((row + match) | (row - match)) & full
    return len(a) - row.bit_count()


def _cider_d(candidates, references):
    """CIDEr-D of each image, from n-gram counts."""
    found = Counter()  # in the references of how many images an n-gram is
    for rs in references:
        found.update({ngram for r in rs for grams in r for ngram in grams})
    log_images = math.log(len(references))
    idf = {ngram: log_images - math.log(images) for ngram, images in found.items()}

    def vectors(counts):
        """For each order the weighted n-grams and their norm; and the length in bigrams."""
        weighted = [{ngram: c * idf.get(ngram, log_images) for ngram, c in grams.items()} for grams in counts]
        norms = [math.sqrt(sum(w * w for w in grams.values())) for grams in weighted]
        return weighted, norms, counts[1].total()

    scores = []
    for candidate, rs in zip(candidates, references, strict=True):
        c_grams, c_norms, c_length = vectors(candidate)
        total = 0.0
        for r in rs:
            r_grams, r_norms, r_length = vectors(r)
            similarity = 0.0
            for c, cn, g, gn in zip(c_grams, c_norms, r_grams, r_norms, strict=True):
                if cn and gn:
                    similarity += sum(min(w, g[ngram]) * g[ngram] for ngram, w in c.items() if ngram in g) / (cn * gn)
            total += similarity * math.exp(-((c_length - r_length) ** 2) / (2 * SIGMA**2))
        scores.append(10 * total / len(ORDERS) / len(rs))
    return scores


def _splitter(tokenize):
    if callable(tokenize):
        return tokenize
    ready = {"spaces": str.split, "none": list}
    if not isinstance(tokenize, str) or (tokenize not in ready and tokenize not in TOKENIZERS):
        allowed = ", ".join(map(repr, [*TOKENIZERS, *ready]))
        raise ValueError(f"Unknown tokeniser. Received: tokenize={tokenize!r}. Allowed: {allowed} or a function.")
    return ready.get(tokenize) or get_tokenizer(tokenize).split


def _check(candidates, references, kind):
    for one in (candidates, references):
        # A dict by picture would be read as its keys.
        if isinstance(one, (str, dict, set)) or not hasattr(one, "__len__"):
            what = "one string" if isinstance(one, str) else f"a {type(one).__name__}"
            raise TypeError(f"Candidates and references come as lists, in the same order. Received: {what}.")
    if len(candidates) != len(references):
        raise ValueError(
            f"Each candidate has its references. Received: {len(candidates)} candidates, {len(references)} references."
        )
    if len(candidates) < 2:
        raise ValueError(
            "CIDEr-D takes the idf of words from the evaluated images, so it needs several. "
            f"Received: {len(candidates)} images. Allowed: 2 or more."
        )
    for i, (candidate, rs) in enumerate(zip(candidates, references, strict=True)):
        if isinstance(rs, (str, dict)) or not hasattr(rs, "__len__"):
            raise TypeError(f"The references of an image are a list. Received: references[{i}]={rs!r}.")
        if len(rs) == 0:
            raise ValueError(f"Each image has references. Received: references[{i}]=[]. Allowed: one or more.")
        for sentence in (candidate, *rs):
            if isinstance(sentence, str) != (kind == "str"):
                raise TypeError(f"Each sentence of this tokeniser is a {kind}. Received: {sentence!r} for image {i}.")
