"""Questions about a scene, with programs and answers, in English and Chinese: CLEVR's families in two dimensions.

>>> from mmcourse.scenes.sampling import scene
>>> for question in questions(scene("train", 0, 7), n=2):
...     print(question.text, question.answer, question.family, sep=" / ")
Is there a cross to the left of the little green star? / yes / relation exist
What shape is the object to the right of the blue object? / star / relation shape

What is asked is decided in no language (``families``), so that the questions of a scene are the same in both; each
language is one module of words. ``program`` says what the answer means, and computes it. How well a question is
understood is tested with its ``variants`` (other words, what it refers to, what it consists of), with minimal ``pairs``
of scenes, and with questions that are longer than any family's: ``chained``.
"""

import numpy as np

from mmcourse.scenes.questions.drafts import draft_of
from mmcourse.scenes.questions.families import CHAINS, FAMILIES, draft, world
from mmcourse.scenes.questions.pairs import changed, kept
from mmcourse.scenes.questions.program import evaluate, read, show, trace
from mmcourse.scenes.questions.question import ANSWERS, LANGUAGES, Question, check_language, question_of
from mmcourse.scenes.questions.variants import counts, referents, reworded, translated
from mmcourse.scenes.random import Stream
from mmcourse.scenes.scene import COLOURS, SHAPES, SIZES, check_scene

__all__ = [
    "ANSWERS", "CHAINS", "FAMILIES", "LANGUAGES", "Question", "chained", "changed", "counts", "draft_of", "evaluate",
    "kept", "questions", "read", "referents", "reworded", "show", "trace", "translated",
]  # fmt: skip

# So many rounds at most where a number of questions is asked for: a scene has only so many.
ROUNDS = 24


def questions(
    scene, language="en", n=None, families=FAMILIES, *, rounds=None, shapes=SHAPES, colours=COLOURS, sizes=SIZES
):
    """Questions about a scene: a pure function of its things and its key, the same programs in both languages.

    In a round every family is tried once, in an order that differs from scene to scene. An attempt may fail (what is
    asked is chosen so that the words do not give the answer away, see ``families``): a round finds about four questions
    about a scene of one thing, eight or nine about larger ones. No program comes twice.

    - ``scene``: a Scene.
    - ``language``: "en" or "zh".
    - ``n``: how many at most; None for all that the rounds find. The first three of five are the three of three.
    - ``families``: a sequence of names of ``FAMILIES``. Leaving out one changes no question of the others.
    - ``rounds``: how many, at most; None for one if ``n`` is None, else for as many as it takes (24 at most).
    - ``shapes``, ``colours``, ``sizes``: the knobs that the scene was drawn with (see ``sampling.scene``), so that
      nothing is asked which the whole split would answer alike.

    Answers are balanced exactly in what one round finds. ``n=5`` of all families keeps that within a point; but to ask
    every scene for one question of one family insists where an attempt should fail, and moves shares by some points
    (of compare attribute, 54 % are then "no"): for a large set of one family take ``rounds`` rather than ``n``.

    Returns a tuple of Question. Raises ValueError for an unknown language, family or word, or a negative number.
    """
    check_scene(scene)
    check_language(language)
    families = families if isinstance(families, str) else tuple(families)
    wrong = [families] if isinstance(families, str) else [family for family in families if family not in FAMILIES]
    if wrong:
        kind = "Families come as a sequence." if isinstance(families, str) else "Unknown family."
        allowed = ", ".join(map(repr, FAMILIES))
        raise ValueError(f"{kind} Received: {wrong[0]!r}. Allowed: a tuple of {allowed}.")
    _check_numbers(n=n, rounds=rounds)
    order = [f for f in Stream("questions", "order", *scene.key).shuffled(FAMILIES) if f in families]
    return _found(scene, language, n, order, rounds, (shapes, colours, sizes))


def chained(scene, language="en", n=None, *, rounds=None, shapes=SHAPES, colours=COLOURS, sizes=SIZES):
    """Questions with one relation more than any of ``FAMILIES`` has: "What colour is the thing to the left of the small
    thing above the star?" Whoever learned from families alone has never seen such a program.

    Their families are ``CHAINS``: "chain shape", "chain colour" and "chain size", each tried once in a round. They
    speak of three things, of which the last is named, and each step finds one thing. Both relations are needed: several
    things of the scene are as the one asked for is described, and several as the one in between is. As in a relation
    query, no description says the attribute that is asked for, nor does the choice of the question look at it.

    Arguments and errors as of ``questions``. Returns a tuple of Question, empty for a scene of fewer than three things
    and, now and then, for a larger one.
    """
    check_scene(scene)
    check_language(language)
    _check_numbers(n=n, rounds=rounds)
    order = Stream("questions", "order of chains", *scene.key).shuffled(CHAINS)
    return _found(scene, language, n, order, rounds, (shapes, colours, sizes))


def _check_numbers(**given):
    for name, value in given.items():
        if value is not None and (not isinstance(value, int | np.integer) or isinstance(value, bool) or value < 0):
            raise ValueError(f"Received: {name}={value!r}. Allowed: a whole number >= 0, or None.")


def _found(scene, language, n, families, rounds, words):
    """Round by round, the questions of these families in this order."""
    if rounds is None:
        rounds = 1 if n is None else ROUNDS
    # Every thing must be one that the split can draw, else twins of the scene would not be scenes of the split.
    drawn_from = world(*map(tuple, words))
    found, programs = [], set()
    for attempt in range(rounds):
        for family in families:
            if n is not None and len(found) >= n:
                return tuple(found)
            planned = draft(family, scene, drawn_from, Stream("questions", family, attempt, *scene.key))
            program = planned and planned.program()
            if program and program not in programs:
                programs.add(program)
                stream = Stream("questions", "words", family, attempt, *scene.key)
                found.append(question_of(planned, scene, language, stream))
    return tuple(found)
