"""Captions for the exercise `captioning_decoding.bleu`, and what can be counted in them."""

from collections import Counter
from functools import lru_cache

import numpy as np

WORDS = [*"abcdefghijkl"]


def corpus(rng, lengths):
    """Captions of these lengths, ``(candidate, (references))`` for each.

    Every other candidate shares a piece with one reference, and says "the" three times too often: each reference has it
    once. In the others hardly a four-gram is right.
    """
    candidates, references = [], []
    for place, (size, sizes) in enumerate(lengths):
        captions = [rng.choice(WORDS, size=n).tolist() for n in sizes]
        for caption in captions:
            caption[rng.integers(len(caption))] = "the"
        source = captions[1 % len(captions)]  # with three references neither the first nor the last
        piece = (3 * ["the"] + source)[:size] if size > 6 else source[:size]
        candidates.append(rng.choice(WORDS, size=size).tolist() if place % 2 else piece)
        references.append(captions)
    return candidates, references


def _ngrams(words, n):
    return Counter(words[i : i + n] for i in range(len(words) - n + 1))


def counted(candidates, references, clip="each", distinct=False):
    """Right and all n-grams of each caption: two arrays (captions, 4). ``clip``: how often one may count at most."""
    return np.array(
        [
            _of_caption(tuple(words), tuple(map(tuple, captions)), clip, distinct)
            for words, captions in zip(candidates, references, strict=True)
        ]
    ).swapaxes(0, 1)


@lru_cache(512)  # most mistakes count the same
def _of_caption(words, captions, clip, distinct):
    right, total = np.zeros((2, 4))
    for n in range(1, 5):
        grams, *there = (_ngrams(text, n) for text in (words, *captions))
        for gram, count in grams.items():
            known = [one[gram] for one in there]
            most = {"each": max(known), "sum": sum(known), "none": count * any(known), "first": known[0]}
            most |= {"last": known[-1], "least": min(known), "once": min(1, max(known))}
            right[n - 1] += min(count, most[clip])
        total[n - 1] = len(grams) if distinct else grams.total()
    return right, total


def lengths_of(candidates, references, which="closest"):
    """Words of each candidate, and of the reference that counts."""
    picks = {
        "closest": lambda lengths, size: min(lengths, key=lambda r: (abs(r - size), r)),
        "longer": lambda lengths, size: min(lengths, key=lambda r: (abs(r - size), -r)),
        "longest": lambda lengths, _: max(lengths),
        "shortest": lambda lengths, _: min(lengths),
        "first": lambda lengths, _: lengths[0],
        "first tied": lambda lengths, size: min(lengths, key=lambda r: abs(r - size)),
        "last tied": lambda lengths, size: min(lengths[::-1], key=lambda r: abs(r - size)),
        "mean": lambda lengths, _: sum(lengths) / len(lengths),
        "sum": lambda lengths, _: sum(lengths),
    }
    pairs = zip(candidates, references, strict=True)
    sizes = [(len(words), picks[which]([len(c) for c in captions], len(words))) for words, captions in pairs]
    return np.array(sizes, dtype=float).T
