"""Which utterance is item ``index`` of a split: what is said, how, by whom, and what its label is.

How much of the label each modality knows is set, not found. An item is drawn by one of four *mechanisms* (after the
partial information decomposition of Williams and Beer, 2010):

- "redundant": words and voice both tell the label;
- "words", "voice": one of them tells it, and the other has nothing to do with it;
- "synergy": neither tells anything, both together do. The label is irony: friendly words in an unfriendly voice, or the
  other way round (an exclusive or).

``share`` says how many items in a hundred come from each. From it ``best`` computes, exactly, the accuracy that no
classifier of the words, of the voice, or of both can exceed.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache

from mmcourse.scenes.faults import percent, split_words
from mmcourse.scenes.random import Stream

MECHANISMS = ("redundant", "words", "voice", "synergy")
IRONY = {"synergy": 100}
SENTIMENTS = ("negative", "positive", "neutral")
TONES_OF = {"negative": ("sad", "angry"), "positive": ("calm", "happy")}

# Nobody speaks in two splits.
SPEAKERS = {"train": range(0, 24), "dev": range(24, 32), "test": range(32, 40)}
SPLITS = {"train": 4000, "dev": 1000, "test": 1000}

ADJECTIVES = {
    "en": {
        "positive": ("lovely", "wonderful", "brilliant", "beautiful", "great", "splendid"),
        "negative": ("awful", "terrible", "dreadful", "boring", "ugly", "miserable"),
        "neutral": ("ordinary", "usual", "plain", "average", "common", "typical"),
    },
    "zh": {
        "positive": ("精彩", "美妙", "出色", "迷人", "愉快", "漂亮"),
        "negative": ("糟糕", "难看", "可怕", "无聊", "讨厌", "差劲"),
        "neutral": ("普通", "平常", "一般", "常见", "寻常", "平凡"),
    },
}
TOPICS = {
    "en": ("film", "song", "evening", "picture", "story", "dance", "house", "garden"),
    "zh": ("部电影", "首歌", "个晚上", "幅画", "个故事", "支舞", "座房子", "个花园"),
}
FRAMES = {
    "en": (
        "What {a} {adjective} {topic}.", "This {topic} is {adverb} {adjective}.", "I find this {topic} {adjective}.",
        "That was {a} {adjective} {topic}.", "The {topic} looks {adverb} {adjective} to me.",
    ),
    "zh": (
        "这{topic}{adverb}{adjective}。", "我觉得这{topic}{adverb}{adjective}。",
        "那{topic}看起来{adverb}{adjective}。", "说到这{topic}，{adverb}{adjective}。",
    ),
}  # fmt: skip
ADVERBS = {"en": ("really", "quite", "rather"), "zh": ("真", "挺", "相当")}


@dataclass(frozen=True)
class Utterance:
    """All that is true of one utterance.

    ``text``: what is said; ``sentiment`` of the words: "positive", "negative" or "neutral"; ``tone`` of the voice;
    ``speaker``: a number; ``mechanism``: which of the four made it; ``label``: 0 or 1, what is to be predicted;
    ``key``: (seed, split, index); ``language``: of the text.
    """

    text: str
    sentiment: str
    tone: str
    speaker: int
    mechanism: str
    label: int
    key: tuple
    language: str

    @property
    def vowels(self):
        """What the voice says: a vowel for each syllable, blanks between words."""
        if self.language == "zh":
            return "".join("aeiou"[ord(character) % 5] for character in self.text if character.isalnum())
        words = "".join(c if c.isalpha() or c == " " else "" for c in self.text.lower().replace("y", "i")).split()
        return " ".join("".join(_syllables(word)) for word in words)


def _syllables(word):
    groups = "".join(c if c in "aeiou" else " " for c in word).split()
    return [group[0] for group in groups] or ["e"]


def utterance(split, seed=0, index=0, language="en", share=None, label_noise=0):
    """The ``Utterance`` that is item ``index`` of a split, a pure function of its arguments.

    ``share``: {mechanism: percent}, whole numbers that add up to 100 (default: all synergy, irony); ``label_noise``:
    percent of the labels that are turned round. Text and voice do not depend on the label noise, nor sentiment, tone
    and speaker on the language. Raises ValueError for values out of range.
    """
    shares = _shares(share)
    if split not in SPLITS:
        raise ValueError(f"Unknown split. Received: split={split!r}. Allowed: {', '.join(SPLITS)}.")
    if language not in ADJECTIVES:
        raise ValueError(f"Unknown language. Received: language={language!r}. Allowed: {', '.join(ADJECTIVES)}.")
    key = (seed, split, index)
    stream = Stream("utterance", *key)
    mechanism = stream.choice(tuple(shares), tuple(shares.values()))
    sentiment, sign, label = stream.choice(_cases(mechanism))
    tone = stream.choice(TONES_OF[sign])
    speaker = stream.choice(SPEAKERS[split])
    if Stream("label noise", *key).chance(percent("label_noise", label_noise)):
        label = 1 - label
    return Utterance(say(sentiment, language, key), sentiment, tone, speaker, mechanism, label, key, language)


def say(sentiment, language, key):
    """A sentence of that sentiment: frame, topic and adverb are drawn independently of it."""
    stream = Stream("words", language, *key)
    frame, topic = stream.choice(FRAMES[language]), stream.choice(TOPICS[language])
    adverb, adjective = stream.choice(ADVERBS[language]), stream.choice(ADJECTIVES[language][sentiment])
    article = "an" if adjective[0] in "aeiou" and adjective != "usual" else "a"
    return frame.format(a=article, adjective=adjective, topic=topic, adverb=adverb)


@cache
def words(language):
    """The words of all sentences ("zh": the characters), a sorted tuple."""
    tables = (*ADJECTIVES[language].values(), TOPICS[language], ADVERBS[language], FRAMES[language])
    return split_words((re.sub(r"{\w+}", " ", text) for table in tables for text in table), language)


def _cases(mechanism):
    """(sentiment of the words, sign of the voice, label): all equally likely."""
    both = ("negative", "positive")
    return {
        "redundant": tuple((sign, sign, label) for label, sign in enumerate(both)),
        "words": tuple((words, voice, label) for label, words in enumerate(both) for voice in both),
        "voice": tuple((words, voice, label) for label, voice in enumerate(both) for words in SENTIMENTS),
        "synergy": tuple((words, voice, int(words != voice)) for words in both for voice in both),
    }[mechanism]


def best(share=None, label_noise=0):
    """The highest accuracy that anything can reach from the words, from the voice's sign, and from both: a dict of
    three floats, {"words", "voice", "both"}; exact, by enumeration. (The tone itself tells no more than its sign.)"""
    table = {}
    flipped = Fraction(percent("label_noise", label_noise), 100)
    for mechanism, weight in _shares(share).items():
        cases = _cases(mechanism)
        for words, voice, label in cases:
            for said, chance in ((label, 1 - flipped), (1 - label, flipped)):
                place = (words, voice, said)
                table[place] = table.get(place, 0) + Fraction(weight, 100) / len(cases) * chance

    def reached(see):
        found = {}
        for (words, voice, label), chance in table.items():
            found.setdefault(see(words, voice), [0, 0])[label] += chance
        return float(sum(map(max, found.values())))

    return {
        "words": reached(lambda words, voice: words),
        "voice": reached(lambda words, voice: voice),
        "both": reached(lambda words, voice: (words, voice)),
    }


def _shares(share):
    share = IRONY if share is None else share
    return _checked(tuple(sorted(share.items()))) if isinstance(share, dict) else _checked(share)


@lru_cache(maxsize=64)
def _checked(pairs):
    shares = dict(pairs) if isinstance(pairs, tuple) else {}
    whole = all(hasattr(v, "__index__") and 0 <= v <= 100 for v in shares.values())
    if not whole or set(shares) - set(MECHANISMS) or sum(shares.values()) != 100:
        raise ValueError(
            f"Received: share={shares or pairs!r}. Allowed: a dict from {', '.join(MECHANISMS)} to whole percents "
            "that add up to 100."
        )
    return {name: shares[name] for name in MECHANISMS if shares.get(name)}
