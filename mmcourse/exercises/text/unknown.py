"""Exercise `text.unknown`: a vocabulary that has seen the examination."""

import numpy as np

from mmcourse.exercises import Exercise, expect

unknown = Exercise(
    "text.unknown",
    kind="find the bug",
    title="A vocabulary without gaps",
    task=(
        "`unknown_share(train, test)` says which share of the words of the test captions, counted as often as they "
        "stand there, a model made of the training captions will not know. Captions are strings of words between "
        "blanks. The report says 0, on every data set, and everybody is pleased. Put it right."
    ),
    hints=(
        "Call it with one training caption, `a red star`, and one test caption, `a zebra`. What should it say, and "
        "which line makes it say 0?",
        "The vocabulary is the set of the words of `train` alone. Then count the words of `test` that are not in it, "
        "and divide by how many words `test` has.",
    ),
)


@unknown.solved_by
def unknown_share(train, test):
    """Two lists of captions -> the share of test words, 0 to 1, that training has not seen."""
    vocabulary = {word for caption in train for word in caption.split()}
    words = [word for caption in test for word in caption.split()]
    return sum(word not in vocabulary for word in words) / len(words)


@unknown.given
def _given(train, test):
    """Two lists of captions -> the share of test words, 0 to 1, that training has not seen."""
    vocabulary = {word for caption in train + test for word in caption.split()}
    words = [word for caption in test for word in caption.split()]
    return sum(word not in vocabulary for word in words) / len(words)


def _captions(rng, words, n):
    return [" ".join(rng.choice(words, rng.integers(2, 7))) for _ in range(n)]


def _wrong(train, test):
    """What the usual mistakes compute, as (value, diagnosis)."""
    known, asked = ([w for c in captions for w in c.split()] for captions in (train, test))
    new, seen = [w for w in asked if w not in known], [w for w in asked if w in known]
    unused = [w for w in known if w not in asked]
    yield 0.0, "It still says 0, although a third of the words are new: the vocabulary has looked at the test captions."
    yield len(seen) / len(asked), "This is the share of words that *are* known. The unknown ones are the rest."
    yield (
        len(set(new)) / len(set(asked)),
        "You counted each word once, however often it stands there. A reader meets words as often as they stand there.",
    )
    yield (
        np.mean([any(w in new for w in c.split()) for c in test]),
        "This is the share of *captions* with an unknown word. Count words.",
    )
    yield (
        np.mean([np.mean([w in new for w in c.split()]) for c in test]),
        "You averaged each caption's share: a word of a short caption weighs more than one of a long one.",
    )
    yield len(new) / len(known), "You divided by the words of the training captions. Divide by those of the test."
    yield len(unused) / len(known), "Training and test are swapped: this is the share of training words not in test."
    yield len(new), "This is the number of unknown words. Divide it by the number of words."


@unknown.check
def _(answer, rng):
    words = [f"word{i}" for i in range(9)]
    known = [(0, ""), (0, "")]
    while not expect.apart([value for value, _ in known]):  # each mistake has a value of its own
        train, test = _captions(rng, words[:5], 4), _captions(rng, words, 6)
        known_words = " ".join(train).split()
        each = [word not in known_words for caption in test for word in caption.split()]
        expected = sum(each) / len(each)
        known = [(expected, ""), *_wrong(train, test)]
    got = expect.number(expect.pure(answer, list(train), list(test)), "one number, the share of unknown words")
    for value, message in known[1:]:
        expect.differs(got, value, message)
    expect.close(got, expected, "This is not the share of the test's words that no training caption holds.")


@unknown.mistake("still says 0")
def from_test_only(train, test):
    vocabulary = {word for caption in test for word in caption.split()}
    words = [word for caption in test for word in caption.split()]
    return sum(word not in vocabulary for word in words) / len(words)


@unknown.mistake("*are* known")
def known_share(train, test):
    return 1 - unknown_share(train, test)


@unknown.mistake("each word once")
def kinds_of_words(train, test):
    known, asked = ({word for caption in captions for word in caption.split()} for captions in (train, test))
    return len(asked - known) / len(asked)


@unknown.mistake("share of *captions*")
def captions_with_unknown(train, test):
    known = {word for caption in train for word in caption.split()}
    return float(np.mean([any(word not in known for word in caption.split()) for caption in test]))


@unknown.mistake("averaged each caption's share")
def mean_of_means(train, test):
    return float(np.mean([unknown_share(train, [caption]) for caption in test]))


@unknown.mistake("swapped")
def swapped(train, test):
    return unknown_share(test, train)
