"""Blind baselines: what can be had without looking at the image."""

import collections

import numpy as np

from mmcourse.text import get_tokenizer, tokenize


def commonest_caption(captions, tokenizer="en"):
    """The caption that the train captions (an iterable of strings) hold most often, as its tokens joined again; of
    several the one met first. The image plays no part, so a captioner that scores no better has not looked either."""
    if isinstance(captions, str):
        raise ValueError(f"Received: captions={captions!r:.60}, one string. Allowed: several, in a list.")
    counted = collections.Counter(tuple(tokenize(caption, tokenizer)) for caption in captions)
    if not counted:
        raise ValueError("The commonest of no captions. Received: captions of length 0.")
    return get_tokenizer(tokenizer).join(list(counted.most_common(1)[0][0]))


def shuffle_images(images, seed=0):
    """Every image replaced by another one's: (n, ...) -> (n, ...), no image in its own place (n ≥ 2).

    Captions written from these are as fluent as the captioner can be, and about the wrong image.
    """
    n = len(images)
    if n < 2:
        raise ValueError(f"With fewer than two images there is no other. Received: {n} images.")
    ring = np.random.default_rng(seed).permutation(n)  # each image goes to the next place of a random ring
    others = np.empty(n, int)
    others[ring] = np.roll(ring, 1)
    return images[others]
