"""The score of visual question answering: how many people gave the same answer, after both were written alike."""

import re

import numpy as np

from mmcourse._machinery.checks import check_one_of

# Words without their apostrophe that are no other word: "dont", but not "were" (we're), "hell" (he'll) or "well".
_NOT = (
    "are", "could", "did", "do", "does", "had", "has", "have", "is", "might", "must", "need", "should", "was", "were",
    "would",
)  # fmt: skip
_HAVE = ("could", "might", "must", "should", "would")
CONTRACTIONS = (
    {f"{verb}nt": f"{verb}n't" for verb in _NOT}
    | {f"{verb}ve": f"{verb}'ve" for verb in _HAVE}
    | {f"{verb}n'tve": f"{verb}n't've" for verb in _NOT if verb in ("could", "had", "might", "should", "would")}
    | {f"{verb}nt've": f"{verb}n't've" for verb in _NOT if verb in ("could", "had", "might", "should", "would")}
    | {f"{who}ve": f"{who}'ve" for who in ("i", "they", "we", "you", "who", "what")}
    | {f"{who}re": f"{who}'re" for who in ("they", "you", "what")}
    | {f"{who}ll": f"{who}'ll" for who in ("they", "you", "what", "that", "it", "there")}
    | {f"{what}s": f"{what}'s" for what in ("that", "there", "what", "where", "who", "how", "when", "why", "he", "she")}
    | {f"{what}d": f"{what}'d" for what in ("they", "you", "that", "there", "where", "how")}
    | {"wont": "won't", "shant": "shan't", "im": "i'm", "lets": "let's", "yall": "y'all", "oclock": "o'clock"}
    | {"maam": "ma'am", "aint": "ain't", "cant": "can't"}
)
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NUMBERS = {word: str(value) for value, word in enumerate(DIGITS)} | {"none": "0"}
ARTICLES = ("a", "an", "the")

_COMMA_IN_NUMBER = re.compile(r"(?<=\d),(?=\d)")
_PERIOD = re.compile(r"\.(?!\d)")  # no decimal point
_PUNCTUATION = re.compile(r"[^\w\s':.]|_")


def normalize_answer(text):
    """An answer as the VQA challenge compares it: lower case; no periods but decimal points; no commas within numbers,
    other punctuation a blank (apostrophes and colons stay); number words up to ten, and "none", as digits; no articles;
    contractions with their apostrophe ("dont": "don't").

    These are the rules of https://visualqa.org/evaluation.html, in an order that makes no difference to its examples.
    The script published there differs in small things: it drops a mark that stands beside a blank instead of making
    it one, drops all marks where there is a number with a comma, and of what people answered it changes the punctuation
    only, and that only where not all ten gave the same answer.

    >>> normalize_answer("The two Dogs, dont you think?")
    "2 dogs don't you think"
    >>> normalize_answer("100,978"), normalize_answer("2:50 p.m."), normalize_answer("1.5")
    ('100978', '2:50 pm', '1.5')

    Args: text: str. Returns: str, perhaps empty. Raises TypeError for anything else.
    """
    if not isinstance(text, str):
        raise TypeError(f"Received: an answer of type {type(text).__name__}, {text!r}. Allowed: str.")
    text = text.lower().replace("’", "'")
    text = _PERIOD.sub("", _COMMA_IN_NUMBER.sub("", text))
    words = _PUNCTUATION.sub(" ", text).split()
    words = [NUMBERS.get(word, word) for word in words if word not in ARTICLES]
    return " ".join(CONTRACTIONS.get(word, word) for word in words)


def vqa_accuracy(answers, votes, normalize=True):
    """The accuracy of VQA (Antol et al. 2015), question by question; their mean is the accuracy of a model.

    An answer counts min(n / 3, 1), where n people of nine gave it too. Ten people answered: so nine are taken in each
    of the ten ways, and the ten values averaged. With m of k people who agree that is

        m / k · min((m − 1) / 3, 1) + (k − m) / k · min(m / 3, 1),

    of ten people 0, 0.3, 0.6, 0.9 and from four on 1. So an answer of three people is worth 0.9, not 1.

    Args:
        answers: n str, one for each question.
        votes: n sequences of str, what people answered; ten each in VQA, two at least.
        normalize: whether all are rewritten by `normalize_answer` first.

    Returns: float64 (n,), each in [0, 1].
    Raises TypeError for what is no str, ValueError for other lengths, no question at all, or fewer than two votes.
    """
    check_one_of((True, False), normalize=normalize)
    for name, given in (("answers", answers), ("votes", votes)):
        if isinstance(given, (str, dict)):
            raise TypeError(f"Received: {name}, a {type(given).__name__}. Allowed: a list, one for each question.")
    answers, votes = list(answers), list(votes)
    if len(answers) != len(votes) or not answers:
        raise ValueError(
            f"Received: {len(answers)} answers, votes on {len(votes)} questions. Allowed: as many, at least one."
        )
    rewrite = normalize_answer if normalize else _as_it_is
    pairs = zip(answers, votes, strict=True)
    return np.array([_agreement(number, *pair, rewrite) for number, pair in enumerate(pairs)])


def _agreement(number, answer, people, rewrite):
    if isinstance(people, (str, dict)) or len(people) < 2:
        raise ValueError(f"Received: votes on question {number}: {people!r}. Allowed: a list of two str or more.")
    k, answer = len(people), rewrite(answer)
    m = sum(rewrite(person) == answer for person in people)
    return m / k * min((m - 1) / 3, 1) + (k - m) / k * min(m / 3, 1)


def _as_it_is(text):
    if not isinstance(text, str):
        raise TypeError(f"Received: an answer of type {type(text).__name__}, {text!r}. Allowed: str.")
    return text
