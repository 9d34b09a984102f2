"""Sentences as counts of their words: bag of words and TF-IDF.

Both are scikit-learn's vectorisers, told to cut text as this course does. They keep sparse matrices, fit inside a
pipeline (so that nothing is learnt from test sentences), and know longer runs of words; the formulas are worked out by
hand on the page `text` and in its tests.
"""

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from mmcourse._machinery.checks import check_whole
from mmcourse.text.vocabulary import Vocabulary, get_tokenizer


def bag_of_words(words=None, tokenizer="en", longest=1, binary=False):
    """A vectoriser whose ``fit_transform(captions)`` counts words: n strings -> sparse float32 (n, V).

    Args:
        words: a ``Vocabulary``, whose tokeniser is used: column i counts the word of id i (the four special tokens have
            empty columns, and words that it does not know are not counted). None: the words of the captions given to
            ``fit``, in alphabetical order; give it train captions only.
        tokenizer: "en" or "zh", where there is no vocabulary.
        longest: runs of up to so many words are counted too ("red circle"); more than 1 needs ``words=None``.
        binary: whether to say only if a word occurs, 1 or 0.
    Returns:
        scikit-learn's CountVectorizer.
    Raises:
        ValueError: unknown tokeniser; ``longest`` below 1, or above 1 with a vocabulary.
    """
    return CountVectorizer(binary=binary, **_settings(words, tokenizer, longest))


def tf_idf(words=None, tokenizer="en", longest=1):
    """A vectoriser whose ``fit_transform(captions)`` weighs words by how rare they are: n strings -> sparse float32
    (n, V).

    1. tf[i, w] = how often word w occurs in caption i
    2. idf[w] = ln((1 + n) / (1 + df[w])) + 1, with df[w] the number of captions *given to fit* that hold w (the smooth
       form: as if one more caption held every word, so that nothing is divided by zero)
    3. row i = tf[i] · idf, divided by its Euclidean length

    The idea is Spärck Jones's (1972, "A statistical interpretation of term specificity and its application in
    retrieval"); this form is scikit-learn's. Arguments and errors are those of ``bag_of_words``.

    Returns:
        scikit-learn's TfidfVectorizer; its ``idf_`` holds step 2.
    """
    return TfidfVectorizer(smooth_idf=True, norm="l2", **_settings(words, tokenizer, longest))


def _settings(words, tokenizer, longest):
    check_whole(longest=longest)
    if longest > 1 and words is not None:
        allowed = "1, since a vocabulary holds single words"
        raise ValueError(f"Runs of how many words? Received: longest={longest}. Allowed: {allowed}.")
    if words is not None and not isinstance(words, Vocabulary):
        raise ValueError(f"Received: words={words!r}. Allowed: a Vocabulary, or None.")
    return {
        "tokenizer": get_tokenizer(tokenizer if words is None else words.tokenizer).split,
        "token_pattern": None,  # else scikit-learn warns that its own pattern is not used
        "lowercase": False,  # the tokeniser does that
        "ngram_range": (1, longest),
        "vocabulary": None if words is None else {word: i for i, word in enumerate(words.tokens)},
        "dtype": np.float32,
    }
