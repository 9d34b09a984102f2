"""Captions of a scene, a parser that turns a caption back into claims, and the check of claims against the truth.

``describe → parse → check``: a scene's captions come from a paraphrase grammar; ``parse`` inverts it; and ``check``
says exactly what share of a caption is true and what share of the scene it covers, where BLEU only guesses.

Each language is one module that writes a ``Plan`` (what to say, ``content``) and reads text into claims (``claims``).
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mmcourse.scenes.language import chinese, chinese_parser, english, english_parser
from mmcourse.scenes.language.claims import Check, Claim, Count, Exists, Relation, Unparsed, check_claims
from mmcourse.scenes.language.content import Facts, make_plan
from mmcourse.scenes.random import Stream
from mmcourse.scenes.scene import check_scene

__all__ = [
    "LANGUAGES", "Check", "Claim", "Count", "Exists", "Relation", "Unparsed", "captions", "captions_with_claims",
    "check", "parse", "parse_phrases", "truth_and_coverage", "words",
]  # fmt: skip


class _Grammar(NamedTuple):
    """A language: plan and stream to caption; caption to claims, and to claims and phrases; the words of the grammar;
    caption to its length, and the length from which on a caption is drawn anew; how often one that an earlier caption
    of the same scene has used already is drawn at most."""

    write: Callable
    parse: Callable
    phrases: Callable
    words: Callable
    length: Callable
    longest: int
    attempts: int


_GRAMMARS = {
    "en": _Grammar(
        english.write, english_parser.parse, english_parser.parse_phrases, english_parser.words,
        lambda text: text.count(" "), 36, 3,
    ),
    "zh": _Grammar(
        chinese.write, chinese_parser.parse, chinese_parser.parse_phrases, chinese_parser.words, len, 76, 10,
    ),
}  # fmt: skip
LANGUAGES = tuple(_GRAMMARS)

# The number words, and the length of captions, end here.
MOST_THINGS = 4


def _grammar(language):
    if language not in LANGUAGES:
        allowed = ", ".join(map(repr, LANGUAGES))
        raise ValueError(f"Unknown language. Received: language={language!r}. Allowed: {allowed}.")
    return _GRAMMARS[language]


def _written(scene, language, n):
    """``n`` pairs (caption, plan)."""
    grammar = _grammar(language)
    if not isinstance(n, int | np.integer) or isinstance(n, bool) or n < 0:
        raise ValueError(f"The number of captions must be a whole number. Received: n={n!r}. Allowed: 0, 1, 2, ...")
    check_scene(scene)
    if len(scene) > MOST_THINGS:
        raise ValueError(f"Too many things to tell. Received: a scene of {len(scene)}. Allowed: at most {MOST_THINGS}.")
    facts = Facts(scene)
    found, made = [], set()
    for k in range(n):
        stream = Stream("caption", language, *scene.key, k)
        for attempt in range(10):
            plan = make_plan(stream, facts)
            text = grammar.write(plan, stream)
            if grammar.length(text) < grammar.longest and (text not in made or attempt >= grammar.attempts - 1):
                break
        made.add(text)
        found.append((text, plan))
    return found


def captions_with_claims(scene, language="en", n=5):
    """As ``captions``, but pairs (caption, claims): the claims that were meant, in the order of ``parse``."""
    return tuple((text, plan.claims()) for text, plan in _written(scene, language, n))


def captions(scene, language="en", n=5):
    """Captions of a scene: a pure function of its things and its key.

    Caption ``k`` has a random stream of its own, so the first three of five are the three of three. Every caption is
    true and mentions every thing; what varies is the order, which attributes and relations are said, and the words.
    A caption that would repeat an earlier one is drawn anew, in English twice at most, in Chinese nine times: few are
    equal, and only of simple scenes.

    - ``scene``: a Scene of at most four things.
    - ``language``: "en" or "zh"; each draws from streams of its own.
    - ``n``: how many.

    Returns a tuple of ``n`` strings, written as sentences ("A small red circle is above a blue square.",
    "一个红色的小圆形在一个蓝色正方形的上方。"). Raises
    ValueError for an unknown language, a negative ``n`` or a scene of more than four things.
    """
    return tuple(text for text, _ in _written(scene, language, n))


def parse(caption, language="en"):
    """What a caption claims: a tuple of Exists, Relation, Count and Unparsed, in that order.

    Total: any string has claims, none if it is empty. Capitals and punctuation do not matter, so a model's tokens
    joined by blanks are read as a caption is. Each unbroken run of words that the grammar cannot understand becomes one
    ``Unparsed``, a claim that never holds: garbled text is never wholly true.

    - "the red circle" is the first mention so described, if there is one, else a new mention; so is, in Chinese, a
      noun phrase without a number of which a relation is told (红色的圆形在方块的左边).
    - A number word counts all of a kind: "two red circles" makes two mentions and the claim that the scene has exactly
      two red circles. "a red circle" leaves open whether there are more.

    Raises TypeError if ``caption`` is no string, ValueError for an unknown language.
    """
    _grammar(language)
    if not isinstance(caption, str):
        raise TypeError(f"A caption is a string. Received: {type(caption).__name__}. Allowed: str.")
    return _claims(caption, language)


@functools.lru_cache(maxsize=4096)  # one caption is checked against many scenes; claims cannot be changed
def _claims(caption, language):
    return _grammar(language).parse(caption)


def parse_phrases(caption, language="en"):
    """What a caption claims, and which of its words name what: (claims, phrases).

    A phrase is (first, last, mentions): the places, among the caption's tokens, of its first and of its last word, and
    the numbers of the mentions that it stands for; they are in the order of the text. A phrase is its adjectives and
    its noun ("small red circle"), without article or number; where a group is spelled out ("two stars, one red and one
    blue"), so are its parts ("red", "blue"). "the star" and the phrase that it refers to share a mention. English
    tokens are words, Chinese ones characters. Errors as in ``parse``.
    """
    read = _grammar(language).phrases
    if not isinstance(caption, str):
        raise TypeError(f"A caption is a string. Received: {type(caption).__name__}. Allowed: str.")
    return read(caption)


def check(caption, scene, language="en"):
    """Check a caption against a scene, exactly.

    Mentions are assigned to different things of the scene so that most claims hold, and then so that most things are
    covered; see ``claims.check_claims``. Hence "a red circle and a red circle" needs two.

    Returns a Check: ``truth``, the share of the claims that hold (0.0 if there are none), ``coverage``, the share of
    the scene's things that are mentioned, ``claims`` and ``holds`` (a bool for each claim). Errors as in ``parse``.
    """
    check_scene(scene)
    return check_claims(parse(caption, language), scene)


def truth_and_coverage(captions, scenes, language="en"):
    """Check ``captions`` (n strings) against ``scenes`` (n Scenes), one to one.

    Returns {"truth": float64 (n,), "coverage": float64 (n,)}. Raises ValueError if the numbers differ, and otherwise
    as ``check``.
    """
    captions, scenes = list(captions), list(scenes)
    if len(captions) != len(scenes):
        raise ValueError(
            f"One caption a scene is needed. Received: {len(captions)} captions, {len(scenes)} scenes. "
            "Allowed: equal numbers."
        )
    found = [check(caption, scene, language) for caption, scene in zip(captions, scenes, strict=True)]
    return {
        "truth": np.array([c.truth for c in found], dtype=np.float64),
        "coverage": np.array([c.coverage for c in found], dtype=np.float64),
    }


def words(language="en"):
    """Every word ("zh": every word and phrase) that the grammar of a language can use or read, lower case: a sorted
    tuple of strings."""
    return tuple(_grammar(language).words())
